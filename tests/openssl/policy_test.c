/* What a policy in an image can say, good and odd, and how an SSL is left by each. */
#include "openssl/world.h"

typedef struct people {
    issued root, other, third, leaf, client;
} people;

static void people_open(people *p)
{
    p->root = issue("Root", NULL, NULL, ISSUE_CA);
    p->other = issue("Other Root", NULL, NULL, ISSUE_CA);
    p->third = issue("Third Root", NULL, NULL, ISSUE_CA);
    p->leaf = issue("server", "DNS:up.example.com", &p->root, 0);
    p->client = issue("gateway", NULL, &p->root, 0);
}

static void people_close(people *p)
{
    issued *const all[] = {&p->root, &p->other, &p->third, &p->leaf, &p->client};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        drop(all[i]);
}

/* ---- manifests ----------------------------------------------------------------------- */

#define GATEWAY                                                                                \
    "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: g, "           \
    "namespace: ns}, spec: {gatewayClassName: c, listeners: [{name: h, port: 80, protocol: "   \
    "HTTP}]}}\n---\n" SERVICE
#define SERVICE                                                                                \
    "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: ns}, spec: {ports: "       \
    "[{name: a, port: 1}, {name: b, port: 2}]}}\n---\n"                                        \
    "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, "         \
    "namespace: ns}, spec: {parentRefs: [{name: g}], rules: [{backendRefs: [{name: s, port: "  \
    "1}, {name: s, port: 2}]}]}}\n---\n"
#define POLICY(name, port, validation)                                                         \
    "{apiVersion: gateway.networking.k8s.io/v1, kind: BackendTLSPolicy, metadata: {name: "     \
    name ", namespace: ns}, spec: {targetRefs: [{group: '', kind: Service, name: s, "          \
    "sectionName: " port "}], validation: {" validation "}}}\n---\n"
#define REF(name) "{group: '', kind: ConfigMap, name: " name "}"
#define HOSTNAME "hostname: up.example.com, "
#define ONE_CA "caCertificateRefs: [" REF("ca") "]"

static void add_bundle(gwapi__text *t, const char *name, const issued *ca)
{
    gwapi__text pem;

    text_init(&pem);
    add_pem(&pem, ca, false);
    add_config_map(t, name, gwapi__text_str(&pem));
    gwapi__text_free(&pem);
}

static void load(world *w, const people *p, const char *policies, gwapi_read_mode mode)
{
    gwapi__text t;

    text_init(&t);
    gwapi__text_addz(&t, GATEWAY);
    gwapi__text_addz(&t, policies);
    add_bundle(&t, "ca", &p->root);
    add_bundle(&t, "ca2", &p->other);
    add_bundle(&t, "ca3", &p->third);
    cr_assert(!t.failed);
    world_load_as(w, gwapi__text_str(&t), mode, false, GWAPI_COMPILE_WITH_KEYS);
    gwapi__text_free(&t);
    world_read(w, NULL);
}

/* ---- two ends ------------------------------------------------------------------------ */

typedef struct ends {
    SSL_CTX *here, *there;
    SSL *client, *server;
} ends;

static void ends_open(ends *e, const issued *leaf)
{
    e->here = context(false);
    e->there = context(true);
    use(e->there, leaf, NULL);
    e->client = SSL_new(e->here);
    e->server = SSL_new(e->there);
}

static bool ends_meet(ends *e)
{
    join(e->client, e->server);
    return shake(e->client, e->server);
}

static void ends_close(ends *e)
{
    SSL_free(e->client);
    SSL_free(e->server);
    SSL_CTX_free(e->here);
    SSL_CTX_free(e->there);
}

static gwapi_result set_up(world *w, size_t backend, SSL *ssl)
{
    gwapi_decision decision = world_decide(w);

    return gwapi_openssl_connect(w->material, &decision, backend, ssl);
}

/* ---- server names -------------------------------------------------------------------- */

#define LABEL_63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"
#define NAME_253                                                                               \
    LABEL_63 "." LABEL_63 "." LABEL_63 ".abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxy"  \
             "zabcdefghi"

/* An API server would refuse most of them, but may hold them from an older version. */
static const struct {
    const char *label, *hostname, *sent; /* NULL: the policy cannot be met */
} hostnames[] = {
    {"plain", "up.example.com", "up.example.com"},
    {"with a dot behind", "up.example.com.", "up.example.com"},
    {"as long as can be", NAME_253, NAME_253},
    {"too long", "x" NAME_253, NULL},
    {"a dot", ".", NULL},
    {"empty", "", NULL},
    {"with a zero byte", "up\\0.example.com", NULL},
};

Test(openssl_policy, server_names_are_sent_or_refused_whole)
{
    people p;
    world w;

    people_open(&p);
    world_open(&w);
    for (size_t i = 0; i < sizeof hostnames / sizeof *hostnames; i++) {
        char policy[2048];
        ends e;
        snprintf(policy, sizeof policy,
                 POLICY("p", "a", "hostname: \"%s\", caCertificateRefs: [" REF("ca") "]"),
                 hostnames[i].hostname);
        load(&w, &p, policy, GWAPI_READ_STORED);
        ends_open(&e, &p.leaf);
        gwapi_result result = set_up(&w, 0, e.client);
        const char *sent = SSL_get_servername(e.client, TLSEXT_NAMETYPE_host_name);
        if (hostnames[i].sent == NULL) {
            cr_expect_eq(result, GWAPI_EINVALID, "%s: %d", hostnames[i].label, (int)result);
        } else {
            cr_expect_eq(result, GWAPI_OK, "%s: %d", hostnames[i].label, (int)result);
            cr_expect(sent != NULL && strcmp(sent, hostnames[i].sent) == 0, "%s: %s",
                      hostnames[i].label, sent != NULL ? sent : "nothing");
        }
        ends_close(&e);
    }
    world_close(&w);
    people_close(&p);
}

/* ---- trust --------------------------------------------------------------------------- */

Test(openssl_policy, every_bundle_of_several_is_trusted)
{
    people p;
    world w;

    people_open(&p);
    world_open(&w);
    load(&w, &p,
         POLICY("p", "a",
                HOSTNAME "caCertificateRefs: [" REF("ca2") ", " REF("ca3") ", " REF("ca") "]"),
         GWAPI_READ_JUDGE);
    const issued *const roots[] = {&p.root, &p.other, &p.third};
    for (size_t i = 0; i < 3; i++) {
        issued leaf = issue("server", "DNS:up.example.com", roots[i], 0);
        ends e;
        ends_open(&e, &leaf);
        cr_assert_eq(set_up(&w, 0, e.client), GWAPI_OK);
        cr_expect(ends_meet(&e), "%zu", i);
        ends_close(&e);
        drop(&leaf);
    }
    world_close(&w);
    people_close(&p);
}

Test(openssl_policy, policies_with_the_trust_of_the_system_share_it)
{
    people p;
    world w;

    people_open(&p);
    world_open(&w);
    load(&w, &p,
         POLICY("p", "a", HOSTNAME "wellKnownCACertificates: System")
             POLICY("q", "b", HOSTNAME "wellKnownCACertificates: System"),
         GWAPI_READ_JUDGE);
    for (size_t i = 0; i < 2; i++) {
        ends e;
        ends_open(&e, &p.leaf);
        cr_expect_eq(set_up(&w, i, e.client), GWAPI_OK);
        cr_expect_not(ends_meet(&e), "the system knows no root of ours");
        ends_close(&e);
    }
    world_close(&w);
    people_close(&p);
}

/* ---- closed -------------------------------------------------------------------------- */

static const struct {
    const char *label, *policy;
} unmet[] = {
    {"its only bundle is missing",
     POLICY("p", "a", HOSTNAME "caCertificateRefs: [" REF("gone") "]")},
    {"an unknown set of CAs", POLICY("p", "a", HOSTNAME "wellKnownCACertificates: Mars")},
    {"no CAs at all", POLICY("p", "a", "hostname: up.example.com")},
};

Test(openssl_policy, a_policy_that_cannot_be_met_believes_nobody)
{
    people p;
    world w;

    people_open(&p);
    world_open(&w);
    for (size_t i = 0; i < sizeof unmet / sizeof *unmet; i++) {
        ends e;
        load(&w, &p, unmet[i].policy, GWAPI_READ_STORED);
        ends_open(&e, &p.leaf);
        /* Even where the host trusts the root, and goes on after the failure. */
        X509_STORE_add_cert(SSL_CTX_get_cert_store(e.here), p.root.cert);
        cr_expect_eq(set_up(&w, 0, e.client), GWAPI_EINVALID, "%s", unmet[i].label);
        cr_expect_not(ends_meet(&e), "%s", unmet[i].label);
        cr_expect_str_empty(failure_of(&w, e.client), "%s", unmet[i].label);
        ends_close(&e);
    }
    world_close(&w);
    people_close(&p);
}

Test(openssl_policy, a_store_that_the_host_puts_in_its_place_believes_nobody)
{
    people p;
    world w;
    ends e;

    people_open(&p);
    world_open(&w);
    load(&w, &p, POLICY("p", "a", HOSTNAME ONE_CA), GWAPI_READ_JUDGE);
    ends_open(&e, &p.leaf);
    X509_STORE *store = X509_STORE_new();
    X509_STORE_add_cert(store, p.root.cert);
    cr_assert_eq(set_up(&w, 0, e.client), GWAPI_OK);
    cr_assert_eq(SSL_set1_verify_cert_store(e.client, store), 1);
    cr_expect_not(ends_meet(&e));
    X509_STORE_free(store);
    ends_close(&e);
    world_close(&w);
    people_close(&p);
}

Test(openssl_policy, what_speaks_no_tls_1_2_is_refused)
{
    people p;
    world w;

    people_open(&p);
    world_open(&w);
    load(&w, &p, POLICY("p", "a", HOSTNAME ONE_CA), GWAPI_READ_JUDGE);
    SSL_CTX *datagrams = SSL_CTX_new(DTLS_method()), *late = SSL_CTX_new(TLS_method());
    SSL *ssl = SSL_new(datagrams);
    cr_expect_eq(set_up(&w, 0, ssl), GWAPI_EINVALID);
    SSL_free(ssl);
    for (int i = 0; i < 2; i++) {
        SSL_CTX_set_min_proto_version(late, i == 0 ? TLS1_1_VERSION : TLS1_3_VERSION);
        ssl = SSL_new(late);
        cr_expect_eq(set_up(&w, 0, ssl), GWAPI_OK);
        cr_expect_eq(SSL_get_min_proto_version(ssl), i == 0 ? TLS1_2_VERSION : TLS1_3_VERSION);
        SSL_free(ssl);
    }
    SSL_CTX_free(datagrams);
    SSL_CTX_free(late);
    world_close(&w);
    people_close(&p);
}

/* ---- the client's certificate -------------------------------------------------------- */

static int take_anyone(int ok, X509_STORE_CTX *ctx)
{
    (void)ok;
    (void)ctx;
    return 1;
}

Test(openssl_policy, a_gateway_without_a_client_certificate_presents_none)
{
    people p;
    world w;
    ends e;

    people_open(&p);
    world_open(&w);
    load(&w, &p, POLICY("p", "a", HOSTNAME ONE_CA), GWAPI_READ_JUDGE);
    ends_open(&e, &p.leaf);
    SSL_use_certificate(e.client, p.client.cert);
    SSL_use_PrivateKey(e.client, p.client.key);
    SSL_set_verify(e.server, SSL_VERIFY_PEER, take_anyone);
    cr_assert_eq(set_up(&w, 0, e.client), GWAPI_OK);
    cr_expect(ends_meet(&e));
    cr_expect_null(SSL_get0_peer_certificate(e.server), "the host's own is not the Gateway's");
    ends_close(&e);
    world_close(&w);
    people_close(&p);
}

Test(openssl_policy, a_client_certificate_below_the_security_level_is_refused)
{
    people p;
    world w;
    ends e;
    gwapi__text t;

    people_open(&p);
    world_open(&w);
    text_init(&t);
    gwapi__text_addz(&t,
                     "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: g, "
                     "namespace: ns}, spec: {gatewayClassName: c, tls: {backend: "
                     "{clientCertificateRef: {name: client}}}, listeners: [{name: h, port: 80, "
                     "protocol: HTTP}]}}\n---\n" SERVICE POLICY("p", "a", HOSTNAME ONE_CA));
    add_bundle(&t, "ca", &p.root);
    add_secret(&t, "client", &p.client, NULL);
    world_load(&w, gwapi__text_str(&t), true, GWAPI_COMPILE_WITH_KEYS);
    world_read(&w, NULL);
    gwapi__text_free(&t);
    ends_open(&e, &p.leaf);
    SSL_set_security_level(e.client, 4); /* P-256 is of level 3 */
    cr_expect_eq(set_up(&w, 0, e.client), GWAPI_EINVALID);
    cr_expect_eq(ERR_peek_error(), 0);
    SSL_set_security_level(e.client, 3);
    cr_expect_eq(set_up(&w, 0, e.client), GWAPI_OK);
    ends_close(&e);
    world_close(&w);
    people_close(&p);
}

/* ---- what is said -------------------------------------------------------------------- */

static const struct {
    const char *label, *names, *said;
} presented[] = {
    {"several names", "DNS:a.example.com,URI:spiffe://t/a,DNS:b.example.com",
     "has DNS a.example.com, URI spiffe://t/a, DNS b.example.com; accepted: DNS "
     "up.example.com"},
    {"what a terminal would obey", "DNS:a\x1b[2J\x7f.example.com,URI:caf\xc3\xa9 x",
     "has DNS a?[2J?.example.com, URI caf???x; accepted"},
};

Test(openssl_policy, a_failure_is_told_in_words_that_can_be_printed)
{
    people p;
    world w;

    people_open(&p);
    world_open(&w);
    load(&w, &p, POLICY("p", "a", HOSTNAME ONE_CA), GWAPI_READ_JUDGE);
    for (size_t i = 0; i < sizeof presented / sizeof *presented; i++) {
        issued leaf = issue("server", presented[i].names, &p.root, 0);
        ends e;
        ends_open(&e, &leaf);
        cr_assert_eq(set_up(&w, 0, e.client), GWAPI_OK);
        cr_expect_not(ends_meet(&e), "%s", presented[i].label);
        const char *said = failure_of(&w, e.client);
        cr_expect_not_null(strstr(said, presented[i].said), "%s: %s", presented[i].label, said);
        ends_close(&e);
        drop(&leaf);
    }
    world_close(&w);
    people_close(&p);
}

Test(openssl_policy, a_long_failure_is_cut_and_fits_a_buffer_or_not)
{
    char names[4096] = "DNS:first.example.com", text[1024];
    people p;
    world w;
    ends e;
    size_t len = 0;

    for (size_t i = 0; i < 60; i++)
        snprintf(names + strlen(names), sizeof names - strlen(names), ",DNS:n%zu.example.com", i);
    people_open(&p);
    world_open(&w);
    load(&w, &p, POLICY("p", "a", HOSTNAME ONE_CA), GWAPI_READ_JUDGE);
    issued leaf = issue("server", names, &p.root, 0);
    ends_open(&e, &leaf);
    cr_assert_eq(set_up(&w, 0, e.client), GWAPI_OK);
    cr_expect_not(ends_meet(&e));
    cr_expect_eq(gwapi_openssl_failure(w.openssl, e.client, NULL, 0, &len), GWAPI_EBUFFER);
    cr_expect(len > 400 && len < 512, "%zu", len);
    cr_expect_eq(gwapi_openssl_failure(w.openssl, e.client, text, len - 1, &len), GWAPI_EBUFFER);
    cr_expect_eq(gwapi_openssl_failure(w.openssl, e.client, text, len, &len), GWAPI_OK);
    cr_expect(memcmp(text, "the certificate CN=server has DNS first.example.com, DNS n0.", 60) ==
              0);
    ends_close(&e);
    drop(&leaf);
    world_close(&w);
    people_close(&p);
}
