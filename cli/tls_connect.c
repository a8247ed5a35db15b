#include "tls_connect.h"

#include <stdlib.h>

#include "io.h"
#include "load.h"

#ifdef CLI_WITH_OPENSSL
#include <errno.h>
#include <gatewayapi/openssl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { PATIENCE = 10 /* seconds */ };

/* ---- the network ---- */

/* "HOST:PORT", "[ADDRESS]:PORT"; to be freed, NULL when it is neither. */
static char *split(const char *text, const char **port)
{
    const char *colon = strrchr(text, ':');
    bool brackets = *text == '[' && colon != NULL && colon > text && colon[-1] == ']';

    if (colon == NULL || colon == text || colon[1] == '\0')
        return NULL;
    *port = colon + 1;
    return brackets ? cli_copy((gwapi_str){text + 1, (size_t)(colon - text) - 2})
                    : cli_copy((gwapi_str){text, (size_t)(colon - text)});
}

static int reach(const struct addrinfo *a)
{
    const struct timeval patience = {.tv_sec = PATIENCE};
    int s = socket(a->ai_family, a->ai_socktype, a->ai_protocol);

    if (s < 0)
        return -1;
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(s, a->ai_addr, a->ai_addrlen) == 0)
        return s;
    int error = errno;
    close(s);
    errno = error;
    return -1;
}

/* A socket, or -1 after a message. */
static int dial(const char *address)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    const char *port = NULL;
    char *host = split(address, &port);
    int found = -1;

    if (host == NULL) {
        cli_complain("--connect takes HOST:PORT, not '%s'", address);
        return -1;
    }
    int error = getaddrinfo(host, port, &hints, &list);
    free(host);
    if (error != 0) {
        cli_complain("--connect %s: %s", address, gai_strerror(error));
        return -1;
    }
    for (const struct addrinfo *a = list; a != NULL && found < 0; a = a->ai_next)
        found = reach(a);
    if (found < 0)
        cli_complain("--connect %s: %s", address, strerror(errno));
    freeaddrinfo(list);
    return found;
}

/* ---- what is told ---- */

static void set_text(json_t *object, const char *name, char *owned)
{
    json_object_set_new(object, name, json_string(owned));
    free(owned);
}

static char *name_text(const X509_NAME *name)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *data = NULL, *out;

    X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    long len = BIO_get_mem_data(bio, &data);
    out = cli_copy((gwapi_str){len > 0 ? data : "", len > 0 ? (size_t)len : 0});
    BIO_free(bio);
    return out;
}

static char *date_text(const ASN1_TIME *time)
{
    struct tm tm = {0};

    ASN1_TIME_to_tm(time, &tm);
    return cli_format("%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1,
                      tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static json_t *tell_chain(SSL *ssl)
{
    const STACK_OF(X509) *chain = SSL_get_peer_cert_chain(ssl);
    json_t *list = json_array();

    for (int i = 0; chain != NULL && i < sk_X509_num(chain); i++) {
        const X509 *x = sk_X509_value(chain, i);
        json_t *item = json_object();
        set_text(item, "subject", name_text(X509_get_subject_name(x)));
        set_text(item, "issuer", name_text(X509_get_issuer_name(x)));
        set_text(item, "notBefore", date_text(X509_get0_notBefore(x)));
        set_text(item, "notAfter", date_text(X509_get0_notAfter(x)));
        json_array_append_new(list, item);
    }
    return list;
}

/* Why the peer was not believed; else what OpenSSL says, or the network. */
static char *failure_text(const gwapi_openssl *openssl, const SSL *ssl)
{
    char text[1024];
    size_t len = 0;
    unsigned long error = ERR_peek_last_error();
    const char *reason = ERR_reason_error_string(error);

    if (gwapi_openssl_failure(openssl, ssl, text, sizeof text, &len) == GWAPI_OK && len != 0)
        return cli_copy((gwapi_str){text, len});
    if (reason != NULL)
        return cli_format("%s", reason);
    return cli_format("%s", errno != 0 ? strerror(errno) : "the server closed the connection");
}

/* ---- handshakes ---- */

/* Who is there, believed or not: of a handshake that fails OpenSSL keeps no chain. Nothing is
 * sent over it. */
static json_t *look(SSL_CTX *ctx, const char *address, const SSL *refused)
{
    int s = dial(address);
    SSL *ssl = s >= 0 ? SSL_new(ctx) : NULL;
    json_t *chain = NULL;

    if (ssl != NULL && SSL_set_fd(ssl, s) == 1) {
        SSL_set_verify(ssl, SSL_VERIFY_NONE, NULL);
        SSL_set_tlsext_host_name(ssl, SSL_get_servername(refused, TLSEXT_NAMETYPE_host_name));
        SSL_connect(ssl);
        chain = tell_chain(ssl);
    }
    SSL_free(ssl);
    if (s >= 0)
        close(s);
    return chain != NULL ? chain : json_array();
}

/* Says farewell. In TLS 1.3 a client is done before the server has judged its certificate: what is
 * answered to the farewell tells whether it was let in. */
static bool is_let_in(SSL *ssl)
{
    char c;

    SSL_shutdown(ssl);
    if (SSL_version(ssl) < TLS1_3_VERSION || SSL_read(ssl, &c, 1) > 0)
        return true;
    return ERR_GET_REASON(ERR_peek_last_error()) < SSL_AD_REASON_OFFSET;
}

static int shake(json_t *told, SSL_CTX *ctx, SSL *ssl, const gwapi_openssl *openssl,
                 const char *address)
{
    int s = dial(address);

    if (s < 0)
        return CLI_USAGE;
    errno = 0;
    bool done = SSL_set_fd(ssl, s) == 1 && SSL_connect(ssl) == 1 && is_let_in(ssl);
    /* A server that serves one after the other waits for this. */
    close(s);
    json_object_set_new(told, "done", json_boolean(done));
    if (done) {
        set_text(told, "version", cli_format("%s", SSL_get_version(ssl)));
        set_text(told, "cipher", cli_format("%s", SSL_get_cipher_name(ssl)));
        json_object_set_new(told, "chain", tell_chain(ssl));
    } else {
        set_text(told, "failure", failure_text(openssl, ssl));
        json_object_set_new(told, "chain", look(ctx, address, ssl));
    }
    ERR_clear_error();
    return done ? CLI_FINE : CLI_FINDINGS;
}

static int set_up(json_t *told, const gwapi_openssl_material *material,
                  const gwapi_openssl *openssl, const cli_options *options, uint32_t gateway,
                  uint32_t backend)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    SSL *ssl = ctx != NULL ? SSL_new(ctx) : NULL;
    gwapi_result result = ssl != NULL
                              ? gwapi_openssl_connect_target(material, gateway, backend, ssl)
                              : GWAPI_ENOMEM;
    int status;

    if (result == GWAPI_OK) {
        status = shake(told, ctx, ssl, openssl, options->connect);
    } else if (result == GWAPI_EINVALID || result == GWAPI_ENOTFOUND) {
        json_object_set_new(told, "done", json_false());
        set_text(told, "failure",
                 cli_format("%s", result == GWAPI_EINVALID
                                      ? "the policy cannot be met: no connection is made"
                                      : "no policy applies: TLS is not spoken"));
        status = CLI_FINDINGS;
    } else {
        status = cli_failed("tls", result);
    }
    SSL_free(ssl);
    SSL_CTX_free(ctx);
    return status;
}

int cli_tls_connect(json_t **out, const cli_options *options, const gwapi_snapshot *snapshot,
                    uint32_t gateway, uint32_t backend)
{
    gwapi_openssl_material *material = NULL;
    gwapi_openssl *openssl = NULL;
    int status = cli_failed("tls", gwapi_openssl_new(&openssl, NULL));

    *out = json_object();
    set_text(*out, "address", cli_format("%s", options->connect));
    if (status == CLI_FINE)
        status =
            cli_failed("tls", gwapi_openssl_material_new(&material, openssl, snapshot, NULL));
    if (status == CLI_FINE)
        status = set_up(*out, material, openssl, options, gateway, backend);
    gwapi_openssl_material_release(material);
    gwapi_openssl_free(openssl);
    return status;
}

#else

int cli_tls_connect(json_t **out, const cli_options *options, const gwapi_snapshot *snapshot,
                    uint32_t gateway, uint32_t backend)
{
    (void)options;
    (void)snapshot;
    (void)gateway;
    (void)backend;
    *out = NULL;
    cli_complain("--connect: this command was built without OpenSSL");
    return CLI_USAGE;
}

#endif
