#include "openssl/handshake.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include "openssl/words.h"

/* ---- what hangs on an SSL ------------------------------------------------------------ */

static void forget(void *parent, void *ptr, CRYPTO_EX_DATA *ad, int index, long argl,
                   void *argp)
{
    gwapi__handshake *h = ptr;

    (void)parent;
    (void)ad;
    (void)index;
    (void)argl;
    (void)argp;
    if (h == NULL)
        return;
    gwapi_allocator allocator = h->allocator;
    gwapi_openssl_material_release(h->material);
    gwapi__openssl_free(&allocator, h, sizeof *h);
}

/* A copy of an SSL is not set up. */
static int copy_nothing(CRYPTO_EX_DATA *to, const CRYPTO_EX_DATA *from, void **data, int index,
                        long argl, void *argp)
{
    (void)to;
    (void)from;
    (void)index;
    (void)argl;
    (void)argp;
    *data = NULL;
    return 1;
}

int gwapi__handshake_index(void)
{
    return SSL_get_ex_new_index(0, NULL, NULL, copy_nothing, forget);
}

gwapi_result gwapi__handshake_begin(SSL *ssl, const gwapi_openssl_material *material,
                                    const gwapi__terms *terms, bool lenient)
{
    const gwapi_openssl *o = material->openssl;
    gwapi__handshake *old = SSL_get_ex_data(ssl, o->index);
    gwapi__handshake *h = gwapi__openssl_alloc(&o->allocator, sizeof *h);

    if (h == NULL)
        return GWAPI_ENOMEM;
    *h = (gwapi__handshake){.allocator = o->allocator, .terms = terms, .lenient = lenient};
    if (SSL_set_ex_data(ssl, o->index, h) != 1) {
        gwapi__openssl_free(&o->allocator, h, sizeof *h);
        return GWAPI_ENOMEM;
    }
    h->material = gwapi_openssl_material_retain(material);
    forget(NULL, old, NULL, 0, 0, NULL);
    return GWAPI_OK;
}

/* ---- verifying ----------------------------------------------------------------------- */

/* A callback knows no more than the store; the store knows the handle, which knows where on the
 * SSL the rest hangs. A store of ours has no other user of its place 0. */
enum { STORE_INDEX = 0 };

bool gwapi__handshake_prepare(X509_STORE *store, const gwapi_openssl *openssl)
{
    /* Whatever a bundle holds is an anchor, an intermediate too. */
    return X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN) == 1 &&
           X509_STORE_set_ex_data(store, STORE_INDEX, (void *)(uintptr_t)openssl) == 1;
}

static gwapi__handshake *handshake_of(X509_STORE_CTX *ctx)
{
    const gwapi_openssl *o =
        X509_STORE_get_ex_data(X509_STORE_CTX_get0_store(ctx), STORE_INDEX);
    const SSL *ssl = X509_STORE_CTX_get_ex_data(ctx, SSL_get_ex_data_X509_STORE_CTX_idx());

    return o != NULL && ssl != NULL ? SSL_get_ex_data(ssl, o->index) : NULL;
}

static bool has_name(const gwapi__terms *terms, X509 *leaf)
{
    GENERAL_NAMES *all = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);
    bool found = gwapi__names_match(terms->names, terms->name_count, all);

    GENERAL_NAMES_free(all);
    return found;
}

int gwapi__handshake_refuse(int ok, X509_STORE_CTX *ctx)
{
    (void)ok;
    (void)ctx;
    return 0;
}

int gwapi__handshake_verify(int ok, X509_STORE_CTX *ctx)
{
    gwapi__handshake *h = handshake_of(ctx);

    if (h == NULL)
        return 0;
    if (ok == 1 && X509_STORE_CTX_get_error_depth(ctx) == 0 && h->terms->name_count != 0 &&
        !has_name(h->terms, X509_STORE_CTX_get0_cert(ctx))) {
        X509_STORE_CTX_set_error(ctx, X509_V_ERR_HOSTNAME_MISMATCH);
        ok = 0;
    }
    if (ok != 1 && h->failure[0] == '\0')
        gwapi__say_failure(h->failure, sizeof h->failure, ctx, h->terms);
    return ok == 1 || h->lenient;
}

/* ---- presenting ---------------------------------------------------------------------- */

gwapi_result gwapi__handshake_present(SSL *ssl, const gwapi__pair *pair)
{
    STACK_OF(X509) *rest = sk_X509_dup(pair->chain);

    if (rest == NULL)
        return GWAPI_ENOMEM;
    X509 *leaf = sk_X509_shift(rest);
    bool good = SSL_use_certificate(ssl, leaf) == 1 && SSL_set1_chain(ssl, rest) == 1 &&
                SSL_use_PrivateKey(ssl, pair->key) == 1;
    sk_X509_free(rest);
    if (good)
        return GWAPI_OK;
    return ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE ? GWAPI_ENOMEM
                                                                         : GWAPI_EINVALID;
}

/* A method of one version takes no limits, and does not say so. */
static bool is_old(const SSL *ssl)
{
    int version = SSL_version(ssl);

    return SSL_is_dtls(ssl) || (version >= SSL3_VERSION && version < TLS1_2_VERSION);
}

bool gwapi__handshake_versions(SSL *ssl)
{
    long least = SSL_get_min_proto_version(ssl);

    if (is_old(ssl))
        return false;
    return (least != 0 && least >= TLS1_2_VERSION) ||
           SSL_set_min_proto_version(ssl, TLS1_2_VERSION) == 1;
}
