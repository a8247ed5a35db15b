/* As a server: the certificates of a listener by server name, and validation of clients. */
#include <string.h>
#include "openssl/handshake.h"

/* ---- the server name ----------------------------------------------------------------- */

static size_t number(const unsigned char *p)
{
    return (size_t)p[0] << 8 | p[1];
}

/* RFC 6066: a list with one host name. */
gwapi_result gwapi_openssl_client_hello_sni(SSL *ssl, gwapi_str *out)
{
    enum { LIST = 2, TYPE = 1, NAME = 2, HEAD = LIST + TYPE + NAME, HOST_NAME = 0 };
    const unsigned char *data;
    size_t len;

    if (ssl == NULL || out == NULL)
        return GWAPI_EARGUMENT;
    *out = (gwapi_str){NULL, 0};
    if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &data, &len) != 1)
        return GWAPI_OK;
    if (len <= HEAD || number(data) != len - LIST || data[LIST] != HOST_NAME ||
        number(data + LIST + TYPE) != len - HEAD ||
        memchr(data + HEAD, '\0', len - HEAD) != NULL)
        return GWAPI_EINVALID;
    *out = (gwapi_str){(const char *)data + HEAD, len - HEAD};
    return GWAPI_OK;
}

/* ---- certificates -------------------------------------------------------------------- */

/* A common name counts only without a DNS name (RFC 2818). */
static size_t rank_common_name(const gwapi__pair *pair, gwapi_str sni)
{
    char text[256];
    int len = X509_NAME_get_text_by_NID(X509_get_subject_name(sk_X509_value(pair->chain, 0)),
                                        NID_commonName, text, sizeof text);

    return len > 0 ? gwapi__dns_rank((gwapi_str){text, (size_t)len}, sni) : 0;
}

/* How well it fits the server name: 0 not at all. */
static size_t rank(const gwapi__pair *pair, gwapi_str sni)
{
    int count = pair->names != NULL ? sk_GENERAL_NAME_num(pair->names) : 0;
    size_t best = 0;
    bool any = false;

    for (int i = 0; i < count; i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(pair->names, i);
        if (name->type != GEN_DNS)
            continue;
        size_t r = gwapi__dns_rank(gwapi__asn1_text(name->d.dNSName), sni);
        best = r > best ? r : best;
        any = true;
    }
    return any || sni.len == 0 ? best : rank_common_name(pair, sni);
}

static const gwapi__pair *pair_at(const gwapi_openssl_material *m, uint32_t listener, size_t j)
{
    uint32_t i;

    if (gwapi_snapshot_listener_certificate_at(m->snapshot, listener, j, &i) != GWAPI_OK ||
        i >= m->pair_count || m->pairs[i].key == NULL)
        return NULL;
    return &m->pairs[i];
}

/* The first that fits best, and after it those of other key types that fit as well: of each
 * type the first. Without one that fits: the first. From the last to the first, since OpenSSL
 * keeps of each type what it was given last. Of the others those do not count that it refuses. */
static gwapi_result present(SSL *ssl, const gwapi_openssl_material *m, uint32_t listener,
                            size_t count, gwapi_str sni)
{
    gwapi_result result = GWAPI_OK;
    const gwapi__pair *first = NULL;
    size_t best = 0;

    for (size_t j = 0; j < count; j++) {
        const gwapi__pair *pair = pair_at(m, listener, j);
        size_t r = pair != NULL ? rank(pair, sni) : 0;
        if (pair != NULL && (first == NULL || r > best)) {
            first = pair;
            best = r;
        }
    }
    if (first == NULL)
        return GWAPI_ENOTFOUND;
    SSL_certs_clear(ssl);
    for (size_t j = count; best != 0 && j-- > 0 && result == GWAPI_OK;) {
        const gwapi__pair *pair = pair_at(m, listener, j);
        if (pair != NULL && pair != first && rank(pair, sni) == best &&
            gwapi__handshake_present(ssl, pair) == GWAPI_ENOMEM)
            result = GWAPI_ENOMEM;
    }
    return result == GWAPI_OK ? gwapi__handshake_present(ssl, first) : result;
}

/* ---- clients ------------------------------------------------------------------------- */

static STACK_OF(X509_NAME) * copy_names(const STACK_OF(X509_NAME) * names)
{
    return sk_X509_NAME_deep_copy(names, X509_NAME_dup, X509_NAME_free);
}

static gwapi_result validate(SSL *ssl, const gwapi_openssl_material *m,
                             const gwapi__terms *terms, gwapi_validation_mode mode)
{
    bool lenient = mode == GWAPI_VALIDATION_ALLOW_INSECURE_FALLBACK;
    int how = SSL_VERIFY_PEER | (lenient ? 0 : SSL_VERIFY_FAIL_IF_NO_PEER_CERT);

    if (mode == GWAPI_VALIDATION_NONE) {
        SSL_set_verify(ssl, SSL_VERIFY_NONE, NULL);
        return GWAPI_OK;
    }
    SSL_set_verify(ssl, how, gwapi__handshake_refuse);
    if (terms->store == NULL)
        return GWAPI_EINVALID;
    gwapi_result result = gwapi__handshake_begin(ssl, m, terms, lenient);
    STACK_OF(X509_NAME) *names = result == GWAPI_OK ? copy_names(terms->authorities) : NULL;
    if (names == NULL || SSL_set1_verify_cert_store(ssl, terms->store) != 1) {
        sk_X509_NAME_pop_free(names, X509_NAME_free);
        return GWAPI_ENOMEM;
    }
    SSL_set_client_CA_list(ssl, names);
    SSL_set_verify(ssl, how, gwapi__handshake_verify);
    return GWAPI_OK;
}

static gwapi_result mark_session(SSL *ssl, const gwapi__terms *terms)
{
    return gwapi__openssl_done(
        SSL_set_session_id_context(ssl, terms->session, sizeof terms->session) == 1);
}

static gwapi_result set_up(SSL *ssl, const gwapi_openssl_material *m, uint32_t listener,
                           gwapi_str sni)
{
    gwapi_listener_info info = {.struct_size = sizeof info};
    const gwapi__terms *terms = &m->listeners[listener];
    gwapi_result result = gwapi_snapshot_listener_at(m->snapshot, listener, &info);

    if (result == GWAPI_OK)
        result = validate(ssl, m, terms, info.validation_mode);
    if (result == GWAPI_OK)
        result = present(ssl, m, listener, info.certificate_count, sni);
    if (result == GWAPI_OK && !gwapi__handshake_versions(ssl))
        result = GWAPI_EINVALID;
    return result == GWAPI_OK ? mark_session(ssl, terms) : result;
}

gwapi_result gwapi_openssl_serve(const gwapi_openssl_material *material,
                                 const gwapi_connection *connection, gwapi_str sni, SSL *ssl)
{
    gwapi__errors errors;

    if (material == NULL || connection == NULL || ssl == NULL)
        return GWAPI_EARGUMENT;
    if (connection->snapshot != material->snapshot)
        return GWAPI_ESTATE;
    if (connection->listener >= material->listener_count ||
        connection->tls_mode != GWAPI_TLS_TERMINATE)
        return GWAPI_ESTATE;
    gwapi__errors_open(&errors);
    gwapi_result result = set_up(ssl, material, connection->listener, sni);
    gwapi__errors_close(&errors);
    return result;
}

/* ---- what went wrong ----------------------------------------------------------------- */

gwapi_result gwapi_openssl_failure(const gwapi_openssl *openssl, const SSL *ssl, char *buffer,
                                   size_t capacity, size_t *length)
{
    if (openssl == NULL || ssl == NULL || length == NULL || (buffer == NULL && capacity != 0))
        return GWAPI_EARGUMENT;
    const gwapi__handshake *h = SSL_get_ex_data(ssl, openssl->index);
    const char *text = h != NULL ? h->failure : "";
    *length = strlen(text);
    if (*length > capacity)
        return GWAPI_EBUFFER;
    if (*length != 0)
        memcpy(buffer, text, *length);
    return GWAPI_OK;
}
