/* A snapshot's material: what is shared, what is kept elsewhere, what is wrong, who holds it.
 */
#include "openssl/world.h"
#include "support/oom.h"

static const char backend[] =
    "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: g, namespace: "
    "ns}, "
    "spec: {gatewayClassName: c, tls: {backend: {clientCertificateRef: {name: client}}}, "
    "listeners: [{name: h, port: 80, protocol: HTTP}, {name: t, port: 443, protocol: HTTPS, "
    "tls: {certificateRefs: [{name: client}]}}]}}\n---\n"
    "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: ns}, spec: {ports: [{name: "
    "a, "
    "port: 1}, {name: b, port: 2}, {name: c, port: 3}]}}\n---\n"
    "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, "
    "namespace: "
    "ns}, spec: {parentRefs: [{name: g, sectionName: h}], rules: [{backendRefs: [{name: s, "
    "port: "
    "1}, {name: s, port: 2}, {name: s, port: 3}, {name: none, port: 3}]}]}}\n---\n"
    "{apiVersion: gateway.networking.k8s.io/v1, kind: BackendTLSPolicy, metadata: {name: p, "
    "namespace: ns}, spec: {targetRefs: [{group: '', kind: Service, name: s, sectionName: a}], "
    "validation: {hostname: up.example.com, caCertificateRefs: [{group: '', kind: ConfigMap, "
    "name: "
    "ca}, {group: '', kind: ConfigMap, name: damaged}, {group: '', kind: ConfigMap, name: "
    "ca2}]}}}\n"
    "---\n"
    "{apiVersion: gateway.networking.k8s.io/v1, kind: BackendTLSPolicy, metadata: {name: q, "
    "namespace: ns}, spec: {targetRefs: [{group: '', kind: Service, name: s, sectionName: b}], "
    "validation: {hostname: up.example.com, caCertificateRefs: [{group: '', kind: ConfigMap, "
    "name: "
    "damaged}]}}}\n";

typedef struct people {
    issued root, other, leaf, client;
} people;

static void people_open(people *p)
{
    p->root = issue("Root", NULL, NULL, ISSUE_CA);
    p->other = issue("Other Root", NULL, NULL, ISSUE_CA);
    p->leaf = issue("server", "DNS:up.example.com", &p->root, 0);
    p->client = issue("gateway", NULL, &p->root, 0);
}

static void people_close(people *p)
{
    drop(&p->root);
    drop(&p->other);
    drop(&p->leaf);
    drop(&p->client);
}

static void load(world *w, const people *p, uint32_t flags)
{
    static const char damaged[] =
        "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n";
    gwapi__text t, pem;

    text_init(&t);
    text_init(&pem);
    gwapi__text_addz(&t, backend);
    add_pem(&pem, &p->root, false);
    add_config_map(&t, "ca", gwapi__text_str(&pem));
    gwapi__text_cut(&pem, 0);
    add_pem(&pem, &p->other, false);
    add_config_map(&t, "ca2", gwapi__text_str(&pem));
    add_config_map(&t, "damaged", gwapi__str_of(damaged));
    add_secret(&t, "client", &p->client, NULL);
    world_load(w, gwapi__text_str(&t), false, flags);
    gwapi__text_free(&t);
    gwapi__text_free(&pem);
}

static uint32_t bundle_named(const world *w, const char *name)
{
    gwapi_bundle_info key = {.struct_size = sizeof key};
    uint32_t i;

    key.kind = GWAPI__STR("ConfigMap");
    key.namespace_ = GWAPI__STR("ns");
    key.name = gwapi__str_of(name);
    cr_assert_eq(gwapi_snapshot_bundle_find(w->snapshot, &key, &i), GWAPI_OK);
    return i;
}

static gwapi_result set_up(const world *w, const gwapi_decision *d, size_t i)
{
    SSL_CTX *ctx = context(false);
    SSL *ssl = SSL_new(ctx);
    gwapi_result result = gwapi_openssl_connect(w->material, d, i, ssl);

    SSL_free(ssl);
    SSL_CTX_free(ctx);
    return result;
}

Test(openssl_material, what_cannot_be_met_fails_closed)
{
    people p;
    world w;

    people_open(&p);
    world_open(&w);
    load(&w, &p, GWAPI_COMPILE_WITH_KEYS);
    world_read(&w, NULL);
    gwapi_decision d = world_decide(&w);
    cr_expect_eq(set_up(&w, &d, 0), GWAPI_OK, "what is left of its bundles is trusted");
    cr_expect_eq(set_up(&w, &d, 1), GWAPI_EINVALID, "nothing is left");
    cr_expect_eq(set_up(&w, &d, 2), GWAPI_ENOTFOUND, "no policy");
    cr_expect_eq(set_up(&w, &d, 4), GWAPI_EARGUMENT);
    gwapi_str reason =
        gwapi_openssl_material_bundle_reason(w.material, bundle_named(&w, "damaged"));
    cr_expect(gwapi__str_eq(reason, GWAPI__STR("the certificate in line 1 is damaged")));
    reason = gwapi_openssl_material_bundle_reason(w.material, bundle_named(&w, "ca"));
    cr_expect_null(reason.data);
    cr_expect_null(gwapi_openssl_material_bundle_reason(w.material, 99).data);
    cr_expect_null(gwapi_openssl_material_bundle_reason(NULL, 0).data);
    cr_expect_null(gwapi_openssl_material_certificate_reason(w.material, 0).data);
    cr_expect_null(gwapi_openssl_material_certificate_reason(NULL, 0).data);
    cr_expect_null(gwapi_openssl_material_certificate_reason(w.material, 99).data);
    world_close(&w);
    people_close(&p);
}

Test(openssl_material, wrong_arguments_are_refused)
{
    gwapi_openssl_material *m;
    people p;
    world w, other;

    people_open(&p);
    world_open(&w);
    world_open(&other);
    load(&w, &p, GWAPI_COMPILE_WITH_KEYS);
    load(&other, &p, GWAPI_COMPILE_WITH_KEYS);
    world_read(&w, NULL);
    world_read(&other, NULL);
    gwapi_openssl_material_options options = GWAPI_OPENSSL_MATERIAL_OPTIONS_INIT;
    gwapi_decision d = world_decide(&other);
    gwapi_connection c = GWAPI_CONNECTION_INIT;
    SSL_CTX *ctx = context(false);
    SSL *ssl = SSL_new(ctx);
    size_t len;
    cr_expect_eq(gwapi_openssl_material_new(NULL, w.openssl, w.snapshot, NULL),
                 GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_openssl_material_new(&m, NULL, w.snapshot, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_openssl_material_new(&m, w.openssl, NULL, NULL), GWAPI_EARGUMENT);
    options.previous = other.material;
    cr_expect_eq(gwapi_openssl_material_new(&m, w.openssl, w.snapshot, &options),
                 GWAPI_EARGUMENT);
    options.struct_size = 1;
    cr_expect_eq(gwapi_openssl_material_new(&m, w.openssl, w.snapshot, &options),
                 GWAPI_ESTRUCTSIZE);
    cr_expect_eq(gwapi_openssl_connect(NULL, &d, 0, ssl), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_openssl_connect(w.material, NULL, 0, ssl), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_openssl_connect(w.material, &d, 0, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_openssl_connect(w.material, &d, 0, ssl), GWAPI_ESTATE);
    cr_expect_eq(gwapi_openssl_connect_target(NULL, 0, 0, ssl), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_openssl_connect_target(w.material, 0, 0, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_openssl_connect_target(w.material, 9, 0, ssl), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_openssl_connect_target(w.material, 0, 0, ssl), GWAPI_OK);
    cr_expect_eq(gwapi_openssl_serve(NULL, &c, GWAPI__STR(""), ssl), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_openssl_serve(w.material, NULL, GWAPI__STR(""), ssl), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_openssl_serve(w.material, &c, GWAPI__STR(""), NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_openssl_serve(w.material, &c, GWAPI__STR(""), ssl), GWAPI_ESTATE);
    cr_expect_eq(gwapi_openssl_client_hello_sni(NULL, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_openssl_failure(NULL, ssl, NULL, 0, &len), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_openssl_failure(w.openssl, NULL, NULL, 0, &len), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_openssl_failure(w.openssl, ssl, NULL, 1, &len), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_openssl_failure(w.openssl, ssl, NULL, 0, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_openssl_failure(w.openssl, ssl, NULL, 0, &len), GWAPI_OK);
    SSL_free(ssl);
    SSL_CTX_free(ctx);
    world_close(&other);
    world_close(&w);
    people_close(&p);
}

/* ---- who holds what ------------------------------------------------------------------ */

Test(openssl_material, an_ssl_holds_what_it_was_set_up_from)
{
    people p;
    world w;

    people_open(&p);
    world_open(&w);
    load(&w, &p, GWAPI_COMPILE_WITH_KEYS);
    world_read(&w, NULL);
    gwapi_decision d = world_decide(&w);
    SSL_CTX *here = context(false), *there = context(true);
    use(there, &p.leaf, NULL);
    SSL *client = SSL_new(here), *server = SSL_new(there);
    /* Twice: the second takes the place of the first. */
    cr_assert_eq(gwapi_openssl_connect(w.material, &d, 0, client), GWAPI_OK);
    cr_assert_eq(gwapi_openssl_connect(w.material, &d, 0, client), GWAPI_OK);
    SSL *copy = SSL_dup(client);
    SSL_free(copy);
    world_drop(&w);
    join(client, server);
    cr_expect(shake(client, server));
    SSL_free(client);
    SSL_free(server);
    SSL_CTX_free(here);
    SSL_CTX_free(there);
    world_close(&w);
    people_close(&p);
}

Test(openssl_material, what_did_not_change_is_shared)
{
    gwapi_openssl_material_options options = GWAPI_OPENSSL_MATERIAL_OPTIONS_INIT;
    people p;
    world w;

    people_open(&p);
    world_open(&w);
    load(&w, &p, GWAPI_COMPILE_WITH_KEYS);
    world_read(&w, NULL);
    gwapi_openssl_material *before = w.material;
    options.previous = before;
    w.material = NULL;
    load(&w, &p, GWAPI_COMPILE_WITH_KEYS);
    world_read(&w, &options);
    gwapi_openssl_material_release(before);
    gwapi_decision d = world_decide(&w);
    SSL_CTX *here = context(false), *there = context(true);
    use(there, &p.leaf, NULL);
    SSL *client = SSL_new(here), *server = SSL_new(there);
    cr_assert_eq(gwapi_openssl_connect(w.material, &d, 0, client), GWAPI_OK);
    join(client, server);
    cr_expect(shake(client, server));
    cr_expect_eq(set_up(&w, &d, 1), GWAPI_EINVALID);
    SSL_free(client);
    SSL_free(server);
    SSL_CTX_free(here);
    SSL_CTX_free(there);
    world_close(&w);
    people_close(&p);
}

/* ---- keys ---------------------------------------------------------------------------- */

typedef struct safe {
    EVP_PKEY *key;
    gwapi_result result;
    size_t asked;
} safe;

static gwapi_result open_safe(void *ctx, const gwapi_certificate_info *info, EVP_PKEY **key)
{
    safe *s = ctx;

    cr_expect(gwapi__str_eq(info->name, GWAPI__STR("client")));
    s->asked++;
    if (s->result == GWAPI_OK) {
        EVP_PKEY_up_ref(s->key);
        *key = s->key;
    }
    return s->result;
}

Test(openssl_material, keys_can_be_kept_elsewhere)
{
    people p;
    world w;

    people_open(&p);
    world_open(&w);
    load(&w, &p, 0);
    gwapi_openssl_material_options options = GWAPI_OPENSSL_MATERIAL_OPTIONS_INIT;
    const struct {
        safe safe;
        const char *reason;
    } cases[] = {
        {{p.client.key, GWAPI_OK, 0}, ""},
        {{p.leaf.key, GWAPI_OK, 0}, "the private key belongs to another certificate"},
        {{NULL, GWAPI_ENOTFOUND, 0}, "there is no private key: the image holds none"},
        {{NULL, GWAPI_EINVALID, 0}, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        safe s = cases[i].safe;
        options.key = open_safe;
        options.key_ctx = &s;
        world_read(&w, &options);
        gwapi_decision d = world_decide(&w);
        gwapi_str reason = gwapi_openssl_material_certificate_reason(w.material, 0);
        cr_expect(gwapi__str_eq(gwapi__str(reason.data, reason.len),
                                gwapi__str_of(cases[i].reason)) ||
                      reason.data == NULL,
                  "%zu: %.*s", i, (int)reason.len, reason.data);
        cr_expect_eq(set_up(&w, &d, 0), i == 0 ? GWAPI_OK : GWAPI_EINVALID, "%zu", i);
        cr_expect_eq(s.asked, 1);
        gwapi_openssl_material_release(w.material);
        w.material = NULL;
    }
    safe broken = {NULL, GWAPI_ECALLBACK, 0};
    options.key_ctx = &broken;
    cr_expect_eq(gwapi_openssl_material_new(&w.material, w.openssl, w.snapshot, &options),
                 GWAPI_ECALLBACK);
    world_close(&w);
    people_close(&p);
}

/* ---- memory -------------------------------------------------------------------------- */

Test(openssl_material, every_failing_allocation_is_told)
{
    test_memory memory = {0};
    gwapi_openssl_options how = GWAPI_OPENSSL_OPTIONS_INIT;
    gwapi_openssl_material *m = NULL;
    gwapi_openssl *o;
    gwapi_result result;
    people p;
    world w;
    size_t n = 0;

    people_open(&p);
    world_open(&w);
    load(&w, &p, GWAPI_COMPILE_WITH_KEYS);
    gwapi_allocator allocator = test_memory_allocator(&memory);
    how.allocator = &allocator;
    cr_assert_eq(gwapi_openssl_new(&o, &how), GWAPI_OK);
    size_t live = memory.live_bytes;
    gwapi_decision d = world_decide(&w);
    SSL_CTX *ctx = context(false);
    do {
        SSL *ssl = SSL_new(ctx);
        memory.calls = 0;
        memory.fail_at = ++n;
        result = gwapi_openssl_material_new(&m, o, w.snapshot, NULL);
        if (result == GWAPI_OK)
            result = gwapi_openssl_connect(m, &d, 0, ssl);
        cr_assert(result == GWAPI_OK || result == GWAPI_ENOMEM, "%zu: %d", n, (int)result);
        gwapi_openssl_material_release(m);
        SSL_free(ssl);
        cr_assert_eq(memory.live_bytes, live, "%zu", n);
    } while (result != GWAPI_OK);
    cr_assert_gt(n, 8);
    SSL_CTX_free(ctx);
    gwapi_openssl_free(o);
    cr_assert_eq(memory.live_blocks, 0);
    world_close(&w);
    people_close(&p);
}

/* ---- what changed -------------------------------------------------------------------- */

typedef struct served {
    const char *secret; /* its name */
    const issued *leaf;
    EVP_PKEY *key;
    bool traditional; /* the key in the form before PKCS #8 */
    const issued *root;
    const char *bundle; /* its name */
} served;

static void add_key(gwapi__text *t, EVP_PKEY *key, bool traditional)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *data;

    if (traditional)
        PEM_write_bio_PrivateKey_traditional(bio, key, NULL, NULL, 0, NULL, NULL);
    else
        PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
    long len = BIO_get_mem_data(bio, &data);
    add_base64(t, gwapi__str(data, (size_t)len));
    BIO_free(bio);
}

static void load_served(world *w, const served *s, uint32_t flags)
{
    gwapi__text t, pem;

    text_init(&t);
    text_init(&pem);
    gwapi__text_addz(&t,
                     "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: "
                     "g, namespace: ns}, spec: {gatewayClassName: c, tls: {frontend: {default: "
                     "{validation: {caCertificateRefs: [{group: '', kind: ConfigMap, name: ");
    gwapi__text_addz(&t, s->bundle);
    gwapi__text_addz(&t, "}]}}}}, listeners: [{name: t, port: 443, protocol: HTTPS, tls: "
                         "{certificateRefs: [{name: ");
    gwapi__text_addz(&t, s->secret);
    gwapi__text_addz(&t, "}]}}]}}\n---\n{apiVersion: v1, kind: Secret, type: kubernetes.io/tls, "
                         "metadata: {namespace: ns, name: ");
    gwapi__text_addz(&t, s->secret);
    gwapi__text_addz(&t, "}, data: {tls.crt: ");
    add_pem(&pem, s->leaf, false);
    add_base64(&t, gwapi__text_str(&pem));
    gwapi__text_addz(&t, ", tls.key: ");
    add_key(&t, s->key, s->traditional);
    gwapi__text_addz(&t, "}}\n");
    gwapi__text_cut(&pem, 0);
    add_pem(&pem, s->root, false);
    add_config_map(&t, s->bundle, gwapi__text_str(&pem));
    world_load(w, gwapi__text_str(&t), false, flags);
    gwapi__text_free(&t);
    gwapi__text_free(&pem);
}

/* Who is served on port 443 and whose client is let in. */
static bool meets(world *w, const issued *visitor, char served_name[256])
{
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection connection = GWAPI_CONNECTION_INIT;
    SSL_CTX *here = context(false), *there = context(true);
    SSL *client, *server;
    bool done = false;

    arrival.port = 443;
    arrival.transport = GWAPI_TRANSPORT_TLS;
    use(here, visitor, NULL);
    client = SSL_new(here);
    server = SSL_new(there);
    cr_assert_eq(gwapi_accept(w->snapshot, w->scratch, &arrival, &connection), GWAPI_OK);
    served_name[0] = '\0';
    if (gwapi_openssl_serve(w->material, &connection, GWAPI__STR(""), server) == GWAPI_OK) {
        join(client, server);
        done = shake(client, server);
        if (SSL_get0_peer_certificate(client) != NULL)
            X509_NAME_get_text_by_NID(
                X509_get_subject_name(SSL_get0_peer_certificate(client)), NID_commonName,
                served_name, 256);
    }
    SSL_free(client);
    SSL_free(server);
    SSL_CTX_free(here);
    SSL_CTX_free(there);
    return done;
}

Test(openssl_material, what_changed_is_read_again)
{
    issued root = issue("Root", NULL, NULL, ISSUE_CA), other = issue("Other", NULL, NULL, ISSUE_CA);
    issued old = issue("old", NULL, &root, 0), new = issue("new", NULL, &root, 0);
    issued by_root = issue("client", NULL, &root, ISSUE_CLIENT);
    issued by_other = issue("client", NULL, &other, ISSUE_CLIENT);
    const served first = {"s", &old, old.key, false, &root, "ca"};
    const struct {
        const char *label;
        served before, after;
        uint32_t flags_before, flags_after;
        const issued *visitor;
        const char *served; /* NULL: nobody is let in */
    } cases[] = {
        {"nothing", first, first, 1, 1, &by_root, "old"},
        {"the certificate", first, {"s", &new, new.key, false, &root, "ca"}, 1, 1, &by_root, "new"},
        {"the form of the key", first, {"s", &old, old.key, true, &root, "ca"}, 1, 1, &by_root,
         "old"},
        {"the key, to a strange one", first, {"s", &old, new.key, false, &root, "ca"}, 1, 1,
         &by_root, NULL},
        {"the key, from a strange one", {"s", &old, new.key, false, &root, "ca"}, first, 1, 1,
         &by_root, "old"},
        {"a strange key stays", {"s", &old, new.key, false, &root, "ca"},
         {"s", &old, new.key, false, &root, "ca"}, 1, 1, &by_root, NULL},
        {"the Secret's name", first, {"t", &old, old.key, false, &root, "ca"}, 1, 1, &by_root,
         "old"},
        {"keys are no longer there", first, first, 1, 0, &by_root, NULL},
        {"keys are there now", first, first, 0, 1, &by_root, "old"},
        {"the bundle", first, {"s", &old, old.key, false, &other, "ca"}, 1, 1, &by_other, "old"},
        {"the bundle, with the client of the old", first,
         {"s", &old, old.key, false, &other, "ca"}, 1, 1, &by_root, NULL},
        {"the bundle's name", first, {"s", &old, old.key, false, &root, "ca2"}, 1, 1, &by_root,
         "old"},
    };
    world w;

    world_open(&w);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gwapi_openssl_material_options options = GWAPI_OPENSSL_MATERIAL_OPTIONS_INIT;
        char name[256];
        load_served(&w, &cases[i].before, cases[i].flags_before * GWAPI_COMPILE_WITH_KEYS);
        world_read(&w, NULL);
        gwapi_openssl_material *before = w.material;
        options.previous = before;
        w.material = NULL;
        load_served(&w, &cases[i].after, cases[i].flags_after * GWAPI_COMPILE_WITH_KEYS);
        world_read(&w, &options);
        gwapi_openssl_material_release(before);
        bool done = meets(&w, cases[i].visitor, name);
        cr_expect_eq(done, cases[i].served != NULL, "%s", cases[i].label);
        if (done && cases[i].served != NULL)
            cr_expect_str_eq(name, cases[i].served, "%s", cases[i].label);
    }
    world_close(&w);
    issued *const all[] = {&root, &other, &old, &new, &by_root, &by_other};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        drop(all[i]);
}
