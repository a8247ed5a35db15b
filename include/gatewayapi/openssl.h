/*
 * libgatewayapi-openssl: what libgatewayapi leaves to a TLS library, by OpenSSL 3.
 *
 * Judges certificates while a set is resolved, and sets up handshakes as a snapshot says: to
 * backends, under their BackendTLSPolicy, and on listeners. libgatewayapi itself never links OpenSSL and
 * gatewayapi.h does not include this header: the types of OpenSSL stand here alone. Link with
 * `pkg-config --libs libgatewayapi-openssl`.
 *
 * Nothing is global and nothing of OpenSSL's process-wide state is set. The thread's error queue
 * is left as it was found, but that reading the system's CAs empties it. Memory of ours comes from the allocator; OpenSSL's own from OpenSSL,
 * whose decoders do not always say that it was missing: a good certificate may then be refused as
 * damaged, a bad one is never taken for good.
 *
 * Private keys: every copy that this library makes (the decoded PEM) is wiped before its memory
 * is given back. What OpenSSL's decoders copy on their way is theirs; the key object they make
 * is cleared by OpenSSL when it is freed, which is before a check returns. Encrypted keys are
 * refused, and no passphrase is ever asked for. Keys of a material are OpenSSL's objects.
 */
#ifndef GATEWAYAPI_OPENSSL_H
#define GATEWAYAPI_OPENSSL_H

#include <openssl/types.h>
#include <gatewayapi/base.h>
#include <gatewayapi/match.h>
#include <gatewayapi/snapshot.h>
#include <gatewayapi/topology.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Immutable once made: any number of threads may use one at a time. */
typedef struct gwapi_openssl gwapi_openssl;

typedef struct gwapi_openssl_options {
    size_t struct_size;
    const gwapi_allocator *allocator; /* NULL: malloc */
    OSSL_LIB_CTX *library_context;    /* NULL: OpenSSL's default; must outlive the handle */
    const char *property_query;       /* which implementations, "fips=yes"; copied; NULL: any */
} gwapi_openssl_options;
#define GWAPI_OPENSSL_OPTIONS_INIT                                                            \
    {                                                                                         \
        sizeof(gwapi_openssl_options), NULL, NULL, NULL                                       \
    }

/* `options` may be NULL. GWAPI_ENOMEM, GWAPI_EARGUMENT, GWAPI_ESTRUCTSIZE. */
GWAPI_API gwapi_result gwapi_openssl_new(gwapi_openssl **out,
                                         const gwapi_openssl_options *options);
GWAPI_API void gwapi_openssl_free(gwapi_openssl *openssl); /* NULL is fine */

/*
 * Fills the callbacks of gwapi_resolve_options.certificates (set struct_size), which may be called
 * by hand too. They use the handle, which must outlive them.
 *
 * check_pair is content with: PEM blocks CERTIFICATE, the first of which is served, and the first
 * private key of the other text (PRIVATE KEY, RSA PRIVATE KEY, EC PRIVATE KEY; blocks of other
 * labels are passed over) that signs what that certificate verifies. check_bundle: PEM blocks
 * CERTIFICATE, at least one. Text around blocks does not matter; a block that is damaged, in its
 * frame or in what it holds, is a refusal, whatever else is there. Dates, names, key sizes, the
 * order of a chain and who signed what are told as facts and judged by nobody here. Time grows
 * with the text, beside one signature for a pair; RSA keys beyond 16,384 bits are refused.
 *
 * GWAPI_EARGUMENT, GWAPI_ESTRUCTSIZE.
 */
GWAPI_API gwapi_result gwapi_openssl_certificates(gwapi_openssl *openssl,
                                                  gwapi_certificate_callbacks *out);

/* ---- handshakes ---------------------------------------------------------------------- */

/*
 * A snapshot's certificates, keys and CA bundles as OpenSSL's objects, read once. Immutable and
 * counted: any number of threads may set up SSLs from one at a time, and each SSL that was set up
 * holds a reference until it is freed. It retains the snapshot; the handle must outlive both.
 */
typedef struct gwapi_openssl_material gwapi_openssl_material;

typedef struct gwapi_openssl_material_options {
    size_t struct_size;
    /* What has the same bytes as in this one, of the same handle, is shared and not read again;
     * the system's CAs are always read again. NULL: nothing. */
    const gwapi_openssl_material *previous;
    /* Private keys that are kept elsewhere. GWAPI_OK with a key, whose reference is handed over;
     * GWAPI_ENOTFOUND: the one in the image, if it was compiled WITH_KEYS; GWAPI_EINVALID: that
     * certificate cannot be used. Any other result ends the call with it. NULL: the image's. */
    void *key_ctx;
    gwapi_result (*key)(void *ctx, const gwapi_certificate_info *certificate, EVP_PKEY **key);
} gwapi_openssl_material_options;
#define GWAPI_OPENSSL_MATERIAL_OPTIONS_INIT                                                   \
    {                                                                                         \
        sizeof(gwapi_openssl_material_options), NULL, NULL, NULL                              \
    }

/*
 * Reads it. What cannot be used does not make this fail: a handshake that needs it does.
 * `options` may be NULL. GWAPI_ENOMEM, GWAPI_EARGUMENT, GWAPI_ESTRUCTSIZE, or what `key` returned.
 */
GWAPI_API gwapi_result gwapi_openssl_material_new(gwapi_openssl_material **out,
                                                  const gwapi_openssl *openssl,
                                                  const gwapi_snapshot *snapshot,
                                                  const gwapi_openssl_material_options *options);
GWAPI_API gwapi_openssl_material *
gwapi_openssl_material_retain(const gwapi_openssl_material *material);
GWAPI_API void gwapi_openssl_material_release(const gwapi_openssl_material *material);

/* Why the i-th CA bundle or certificate of the snapshot cannot be used; absent when it can, and
 * beyond the end. Lives as long as the material. */
GWAPI_API gwapi_str gwapi_openssl_material_bundle_reason(const gwapi_openssl_material *material,
                                                         size_t i);
GWAPI_API gwapi_str
gwapi_openssl_material_certificate_reason(const gwapi_openssl_material *material, size_t i);

/*
 * Sets up an SSL, before its handshake, as a client of the i-th backendRef of a decision: server
 * name, trusted CAs, accepted names, the Gateway's client certificate (and no other), TLS 1.2 or
 * later. The chain must end at a certificate of the bundles, or of the system's store; an
 * intermediate one there is an anchor too. The certificate must have one of the names: of the
 * policy's subjectAltNames, else its hostname; DNS names by RFC 9525, URIs byte by byte, the common
 * name never. A session of another policy must not be resumed on it: it would not be verified.
 *
 * GWAPI_ENOTFOUND: no policy applies, and nothing was set: speak without TLS. GWAPI_EINVALID: the
 * policy cannot be met, or not by this SSL: it is one of DTLS or of older versions only, or its
 * security level refuses the client certificate; do not connect. After any failure but ENOTFOUND no peer is believed.
 * GWAPI_ESTATE: the decision is of another snapshot. GWAPI_ENOMEM, GWAPI_EARGUMENT.
 */
GWAPI_API gwapi_result gwapi_openssl_connect(const gwapi_openssl_material *material,
                                             const gwapi_decision *decision, size_t i, SSL *ssl);
/* The same for a backend by its index in the snapshot, as that Gateway (index) speaks to it:
 * mirrors, external authorization. */
GWAPI_API gwapi_result gwapi_openssl_connect_target(const gwapi_openssl_material *material,
                                                    uint32_t gateway, uint32_t backend,
                                                    SSL *ssl);

/* The server name of a ClientHello, to be called in the callback of SSL_CTX_set_client_hello_cb;
 * absent: none was sent. A slice of OpenSSL's. GWAPI_EINVALID: it is malformed; refuse. */
GWAPI_API gwapi_result gwapi_openssl_client_hello_sni(SSL *ssl, gwapi_str *sni);

/*
 * Sets up an SSL as the server of a connection (gwapi_accept) whose tls_mode is TERMINATE, in that
 * callback: the certificate that fits the server name best (an exact name, else the longest
 * wildcard, else the listener's first), with those of other key types that fit as well; validation
 * of clients as the listener has it; a session id context, so that a session is resumed only where
 * its client was validated the same way; TLS 1.2 or later. With AllowInsecureFallback every client
 * is let in, and SSL_get_verify_result and SSL_get0_peer_certificate tell which ones were valid.
 *
 * After any failure refuse the handshake. GWAPI_ENOTFOUND: no certificate can be used;
 * GWAPI_EINVALID: clients cannot be validated, the SSL is one of DTLS or of older versions only, or
 * its security level refuses the certificate that fits best;
 * GWAPI_ESTATE: the connection is of another snapshot,
 * or nothing is terminated on it; GWAPI_ENOMEM, GWAPI_EARGUMENT.
 */
GWAPI_API gwapi_result gwapi_openssl_serve(const gwapi_openssl_material *material,
                                           const gwapi_connection *connection, gwapi_str sni,
                                           SSL *ssl);

/*
 * Why the peer of an SSL that was set up here was not believed, for people: which names it has and
 * which are accepted, whose issuer is missing, what has expired. Empty: it was believed, or not
 * asked, or something else went wrong (see OpenSSL's error queue). Buffer: the length is always
 * told; GWAPI_EBUFFER when it does not fit; nothing is terminated. GWAPI_EARGUMENT.
 */
GWAPI_API gwapi_result gwapi_openssl_failure(const gwapi_openssl *openssl, const SSL *ssl,
                                             char *buffer, size_t capacity, size_t *length);

/* The version of the OpenSSL in use ("3.0.15"). Static storage. */
GWAPI_API const char *gwapi_openssl_version(void);

#ifdef __cplusplus
}
#endif
#endif
