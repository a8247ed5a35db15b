/*
 * libgatewayapi-openssl: what libgatewayapi leaves to a TLS library, by OpenSSL 3.
 *
 * Judges certificates while a set is resolved. libgatewayapi itself never links OpenSSL and
 * gatewayapi.h does not include this header: the types of OpenSSL stand here alone. Link with
 * `pkg-config --libs libgatewayapi-openssl`.
 *
 * Nothing is global and nothing of OpenSSL's process-wide state is set. The thread's error queue
 * is left as it was found. Memory of ours comes from the allocator; OpenSSL's own from OpenSSL,
 * whose decoders do not always say that it was missing: a good certificate may then be refused as
 * damaged, a bad one is never taken for good.
 *
 * Private keys: every copy that this library makes (the decoded PEM) is wiped before its memory
 * is given back. What OpenSSL's decoders copy on their way is theirs; the key object they make
 * is cleared by OpenSSL when it is freed, which is before a check returns. Encrypted keys are
 * refused, and no passphrase is ever asked for.
 */
#ifndef GATEWAYAPI_OPENSSL_H
#define GATEWAYAPI_OPENSSL_H

#include <openssl/types.h>
#include <gatewayapi/base.h>
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

/* The version of the OpenSSL in use ("3.0.15"). Static storage. */
GWAPI_API const char *gwapi_openssl_version(void);

#ifdef __cplusplus
}
#endif
#endif
