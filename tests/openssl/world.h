/*
 * For tests of handshakes: certificates made on the spot, manifests that hold them, a snapshot
 * and its material, and two ends joined in memory.
 */
#ifndef GWAPI_TESTS_OPENSSL_WORLD_H
#define GWAPI_TESTS_OPENSSL_WORLD_H

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <gatewayapi.h>
#include <gatewayapi/openssl.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/slice.h"
#include "base/text.h"

/* ---- certificates -------------------------------------------------------------------- */

typedef struct issued {
    EVP_PKEY *key;
    X509 *cert;
} issued;

enum {
    ISSUE_CA = 1,
    ISSUE_EXPIRED = 2,
    ISSUE_FUTURE = 4,
    ISSUE_RSA = 8,
    ISSUE_CLIENT = 16, /* for clients only */
    ISSUE_SERVER = 32  /* for servers only */
};

static inline void add_extension(X509 *x, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;

    X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
    X509_EXTENSION *e = X509V3_EXT_nconf_nid(NULL, &ctx, nid, value);
    cr_assert_not_null(e, "%s", value);
    X509_add_ext(x, e, -1);
    X509_EXTENSION_free(e);
}

/* One for all: making one takes seconds under valgrind. */
static inline EVP_PKEY *rsa_key(void)
{
    const char *top = getenv("top_srcdir");
    char path[1024];

    snprintf(path, sizeof path, "%.800s/tests/data/openssl/rsa.key", top != NULL ? top : "..");
    BIO *file = BIO_new_file(path, "rb");
    cr_assert_not_null(file, "no %s", path);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(file, NULL, NULL, NULL);
    cr_assert_not_null(key);
    BIO_free(file);
    return key;
}

/* `by` NULL: signed by itself. `names` as OpenSSL writes them ("DNS:a,URI:b"), NULL: none. */
static inline issued issue(const char *subject, const char *names, const issued *by, int flags)
{
    static long serial = 1;
    const long day = 86400;
    issued out = {(flags & ISSUE_RSA) != 0 ? rsa_key() : EVP_EC_gen("P-256"),
                  X509_new()};
    const issued *signer = by != NULL ? by : &out;

    X509_set_version(out.cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(out.cert), serial++);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(out.cert), "CN", MBSTRING_UTF8,
                               (const unsigned char *)subject, -1, -1, 0);
    X509_set_issuer_name(out.cert, X509_get_subject_name(signer->cert));
    X509_gmtime_adj(X509_getm_notBefore(out.cert),
                    (flags & ISSUE_FUTURE) != 0 ? 10 * day : -9 * day);
    X509_gmtime_adj(X509_getm_notAfter(out.cert),
                    (flags & ISSUE_EXPIRED) != 0 ? -5 * day : 99 * day);
    X509_set_pubkey(out.cert, out.key);
    add_extension(out.cert, signer->cert, NID_subject_key_identifier, "hash");
    if (by != NULL)
        add_extension(out.cert, signer->cert, NID_authority_key_identifier, "keyid");
    if ((flags & ISSUE_CA) != 0) {
        add_extension(out.cert, signer->cert, NID_basic_constraints, "critical,CA:TRUE");
        add_extension(out.cert, signer->cert, NID_key_usage, "critical,keyCertSign,cRLSign");
    }
    if ((flags & ISSUE_CLIENT) != 0)
        add_extension(out.cert, signer->cert, NID_ext_key_usage, "clientAuth");
    if ((flags & ISSUE_SERVER) != 0)
        add_extension(out.cert, signer->cert, NID_ext_key_usage, "serverAuth");
    if (names != NULL)
        add_extension(out.cert, signer->cert, NID_subject_alt_name, names);
    cr_assert_gt(X509_sign(out.cert, signer->key, EVP_sha256()), 0);
    return out;
}

static inline void drop(issued *i)
{
    EVP_PKEY_free(i->key);
    X509_free(i->cert);
    *i = (issued){NULL, NULL};
}

/* PEM, base64 of PEM: in the text. */
static inline void add_pem(gwapi__text *t, const issued *i, bool key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *data;

    if (key)
        PEM_write_bio_PrivateKey(bio, i->key, NULL, NULL, 0, NULL, NULL);
    else
        PEM_write_bio_X509(bio, i->cert);
    long len = BIO_get_mem_data(bio, &data);
    gwapi__text_add(t, gwapi__str(data, (size_t)len));
    BIO_free(bio);
}

static inline void add_base64(gwapi__text *t, gwapi_str s)
{
    unsigned char out[16384];
    int len = EVP_EncodeBlock(out, (const unsigned char *)s.data, (int)s.len);

    gwapi__text_add(t, gwapi__str((const char *)out, (size_t)len));
}

/* ---- manifests ----------------------------------------------------------------------- */

static inline void text_init(gwapi__text *t)
{
    static const gwapi_allocator *const usual = NULL;
    gwapi_allocator a;

    cr_assert_eq(gwapi__allocator_init(&a, usual), GWAPI_OK);
    gwapi__text_init(t, &a);
}

static inline void add_config_map(gwapi__text *t, const char *name, gwapi_str pem)
{
    gwapi__text_addz(t,
                     "---\n{apiVersion: v1, kind: ConfigMap, metadata: {namespace: ns, name: ");
    gwapi__text_addz(t, name);
    gwapi__text_addz(t, "}, data: {ca.crt: ");
    gwapi__text_json(t, pem);
    gwapi__text_addz(t, "}}\n");
}

/* A Secret with the certificate, those of its chain, and the key. */
static inline void add_secret(gwapi__text *t, const char *name, const issued *leaf,
                              const issued *chain)
{
    gwapi__text pem;

    text_init(&pem);
    gwapi__text_addz(t,
                     "---\n{apiVersion: v1, kind: Secret, type: kubernetes.io/tls, metadata: "
                     "{namespace: ns, name: ");
    gwapi__text_addz(t, name);
    gwapi__text_addz(t, "}, data: {tls.crt: ");
    add_pem(&pem, leaf, false);
    if (chain != NULL)
        add_pem(&pem, chain, false);
    add_base64(t, gwapi__text_str(&pem));
    gwapi__text_cut(&pem, 0);
    gwapi__text_addz(t, ", tls.key: ");
    add_pem(&pem, leaf, true);
    add_base64(t, gwapi__text_str(&pem));
    gwapi__text_addz(t, "}}\n");
    gwapi__text_free(&pem);
}

/* ---- a snapshot ---------------------------------------------------------------------- */

typedef struct world {
    gwapi_schema *schema;
    gwapi_openssl *openssl;
    gwapi_snapshot *snapshot;
    gwapi_scratch *scratch;
    gwapi_openssl_material *material;
} world;

static inline void world_open(world *w)
{
    gwapi_str newest = {NULL, 0};

    *w = (world){NULL, NULL, NULL, NULL, NULL};
    cr_assert_eq(gwapi_schema_new(&w->schema, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_schema_add_builtin(w->schema, newest, GWAPI_CHANNEL_EXPERIMENTAL),
                 GWAPI_OK);
    cr_assert_eq(gwapi_schema_seal(w->schema, NULL, 0), GWAPI_OK);
    cr_assert_eq(gwapi_openssl_new(&w->openssl, NULL), GWAPI_OK);
}

static inline void world_drop(world *w)
{
    gwapi_openssl_material_release(w->material);
    gwapi_scratch_free(w->scratch);
    gwapi_snapshot_release(w->snapshot);
    w->material = NULL;
    w->scratch = NULL;
    w->snapshot = NULL;
}

static inline void world_close(world *w)
{
    world_drop(w);
    gwapi_openssl_free(w->openssl);
    gwapi_schema_free(w->schema);
}

/* `judged`: certificates are judged while resolving. */
static inline void world_load_as(world *w, gwapi_str manifests, gwapi_read_mode mode,
                                 bool judged, uint32_t compile_flags)
{
    gwapi_certificate_callbacks callbacks = {.struct_size = sizeof callbacks};
    gwapi_resolve_options resolve = GWAPI_RESOLVE_OPTIONS_INIT;
    gwapi_compile_options compile = GWAPI_COMPILE_OPTIONS_INIT;
    gwapi_source source = GWAPI_SOURCE_INIT;
    gwapi_resources *resources;
    gwapi_topology *topology;

    world_drop(w);
    source.bytes = manifests.data;
    source.len = manifests.len;
    source.mode = mode;
    compile.flags = compile_flags;
    cr_assert_eq(gwapi_openssl_certificates(w->openssl, &callbacks), GWAPI_OK);
    resolve.certificates = judged ? &callbacks : NULL;
    cr_assert_eq(gwapi_resources_new(&resources, w->schema, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_resources_read(resources, &source, NULL), GWAPI_OK, "%.*s",
                 (int)manifests.len, manifests.data);
    cr_assert_eq(gwapi_topology_resolve(&topology, resources, &resolve, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_snapshot_compile(&w->snapshot, topology, &compile, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_scratch_new(&w->scratch, w->snapshot, NULL), GWAPI_OK);
    gwapi_topology_release(topology);
    gwapi_resources_free(resources);
}

static inline void world_load(world *w, gwapi_str manifests, bool judged,
                              uint32_t compile_flags)
{
    world_load_as(w, manifests, GWAPI_READ_JUDGE, judged, compile_flags);
}

static inline void world_read(world *w, const gwapi_openssl_material_options *options)
{
    cr_assert_eq(gwapi_openssl_material_new(&w->material, w->openssl, w->snapshot, options),
                 GWAPI_OK);
}

/* The decision on GET / at port 80. */
static inline gwapi_decision world_decide(world *w)
{
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection connection = GWAPI_CONNECTION_INIT;
    gwapi_decision decision = GWAPI_DECISION_INIT;

    arrival.port = 80;
    cr_assert_eq(gwapi_accept(w->snapshot, w->scratch, &arrival, &connection), GWAPI_OK);
    cr_assert_eq(gwapi_match(w->snapshot, w->scratch, &connection, NULL, &decision), GWAPI_OK);
    return decision;
}

/* ---- two ends ------------------------------------------------------------------------ */

static inline SSL_CTX *context(bool server)
{
    SSL_CTX *ctx = SSL_CTX_new(server ? TLS_server_method() : TLS_client_method());

    cr_assert_not_null(ctx);
    return ctx;
}

static inline void use(SSL_CTX *ctx, const issued *leaf, const issued *chain)
{
    if (leaf == NULL)
        return;
    cr_assert_eq(SSL_CTX_use_certificate(ctx, leaf->cert), 1);
    cr_assert_eq(SSL_CTX_use_PrivateKey(ctx, leaf->key), 1);
    if (chain != NULL)
        cr_assert_eq(SSL_CTX_add1_chain_cert(ctx, chain->cert), 1);
}

static inline void join(SSL *client, SSL *server)
{
    BIO *a, *b;

    cr_assert_eq(BIO_new_bio_pair(&a, 0, &b, 0), 1);
    SSL_set_bio(client, a, a);
    SSL_set_bio(server, b, b);
    SSL_set_connect_state(client);
    SSL_set_accept_state(server);
}

/* 1: done; 0: it waits; -1: it failed. */
static inline int step(SSL *ssl)
{
    int result = SSL_do_handshake(ssl);
    int error = SSL_get_error(ssl, result);

    return result == 1                                                     ? 1
           : error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? 0
                                                                           : -1;
}

/* A byte each way, so that in TLS 1.3 the client learns what the server says of it. */
static inline bool talk(SSL *client, SSL *server)
{
    char c = 0;

    return SSL_write(server, "s", 1) == 1 && SSL_read(client, &c, 1) == 1 && c == 's' &&
           SSL_write(client, "c", 1) == 1 && SSL_read(server, &c, 1) == 1 && c == 'c';
}

static inline bool shake(SSL *client, SSL *server)
{
    int c = 0, s = 0;

    for (int i = 0; i < 20 && (c != 1 || s != 1); i++) {
        c = c == 1 ? 1 : step(client);
        s = s == 1 ? 1 : step(server);
        if (c < 0 || s < 0)
            break;
    }
    bool good = c == 1 && s == 1 && talk(client, server);
    ERR_clear_error();
    return good;
}

static inline const char *failure_of(const world *w, const SSL *ssl)
{
    static char text[1024];
    size_t len = 0;

    cr_assert_eq(gwapi_openssl_failure(w->openssl, ssl, text, sizeof text - 1, &len), GWAPI_OK);
    text[len] = '\0';
    return text;
}

#endif
