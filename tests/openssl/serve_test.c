/* Handshakes as a listener: which certificate for which server name, and which clients. */
#include "openssl/world.h"

typedef struct people {
    issued root, other, inter;
    issued plain, wild, deep, exact, exact_rsa, named; /* of the listener */
} people;

static void people_open(people *p)
{
    p->root = issue("Root", NULL, NULL, ISSUE_CA);
    p->other = issue("Other Root", NULL, NULL, ISSUE_CA);
    p->inter = issue("Intermediate", NULL, &p->root, ISSUE_CA);
    p->plain = issue("plain", "DNS:plain.example.org", &p->root, 0);
    p->wild = issue("wild", "DNS:*.example.com", &p->root, 0);
    p->deep = issue("deep", "DNS:*.a.example.com", &p->root, 0);
    p->exact = issue("exact", "DNS:Shop.example.com", &p->inter, 0);
    p->exact_rsa = issue("exact-rsa", "DNS:shop.example.com", &p->inter, ISSUE_RSA);
    p->named = issue("named.example.com", NULL, &p->root, 0);
}

static void people_close(people *p)
{
    issued *const all[] = {&p->root, &p->other, &p->inter,     &p->plain, &p->wild,
                           &p->deep, &p->exact, &p->exact_rsa, &p->named};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        drop(all[i]);
}

/* ---- manifests ----------------------------------------------------------------------- */

#define CA(name) "caCertificateRefs: [{group: '', kind: ConfigMap, name: " name "}]"
#define LISTENER(name, port)                                                                   \
    "{name: " name ", port: " port                                                             \
    ", protocol: HTTPS, tls: {certificateRefs: [{name: plain}, "                               \
    "{name: wild}, {name: deep}, {name: exact}, {name: exact-rsa}, {name: named}]}}"

#define PORT(port, validation) "{port: " port ", tls: {" validation "}}"
#define VALID(refs) "validation: {caCertificateRefs: [" refs "]}"
#define REF(name) "{group: '', kind: ConfigMap, name: " name "}"

static const char gateway[] =
    "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: g, namespace: "
    "ns}, spec: {gatewayClassName: c, tls: {frontend: {default: {" VALID(REF("root"))
    "}, perPort: ["
    PORT("8443", "validation: {mode: AllowInsecureFallback, " CA("root") "}") ", "
    PORT("9443", "") ", "
    PORT("1443", "") ", "
    PORT("7443", VALID(REF("other"))) ", "
    PORT("6443", VALID(REF("damaged"))) ", "
    PORT("5443", VALID(REF("other") ", " REF("root")))
    "]}}, listeners: ["
    LISTENER("a", "443") ", "
    LISTENER("b", "8443") ", "
    LISTENER("c", "9443") ", "
    LISTENER("d", "7443") ", "
    LISTENER("e", "6443") ", "
    LISTENER("f", "5443") ", "
    "{name: h, port: 4443, protocol: HTTPS, hostname: only.example.com, tls: {certificateRefs: "
    "[{name: plain}]}}, "
    "{name: p, port: 3443, protocol: TLS, tls: {mode: Passthrough}}, "
    "{name: k, port: 2443, protocol: HTTPS, tls: {certificateRefs: [{name: keyless}]}}, "
    "{name: m, port: 1443, protocol: HTTPS, tls: {certificateRefs: [{name: keyless}, {name: "
    "wild}]}}]}}\n---\n"
    "{apiVersion: gateway.networking.k8s.io/v1alpha2, kind: TLSRoute, metadata: {name: t, "
    "namespace: ns}, spec: {parentRefs: [{name: g, sectionName: p}], rules: [{backendRefs: "
    "[{name: s, port: 1}]}]}}\n---\n"
    "{apiVersion: v1, kind: Secret, type: kubernetes.io/tls, metadata: {name: keyless, "
    "namespace: ns}, stringData: {tls.crt: \"-----BEGIN CERTIFICATE-----\\nMA==\\n-----END "
    "CERTIFICATE-----\\n\", tls.key: \"-----BEGIN PRIVATE KEY-----\\nMA==\\n-----END PRIVATE "
    "KEY-----\\n\"}}\n";

static void write_manifests(gwapi__text *t, const people *p)
{
    static const char damaged[] =
        "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n";
    gwapi__text pem;

    text_init(t);
    text_init(&pem);
    gwapi__text_addz(t, gateway);
    add_pem(&pem, &p->root, false);
    add_config_map(t, "root", gwapi__text_str(&pem));
    gwapi__text_cut(&pem, 0);
    add_pem(&pem, &p->other, false);
    add_config_map(t, "other", gwapi__text_str(&pem));
    add_config_map(t, "damaged", gwapi__str_of(damaged));
    add_secret(t, "plain", &p->plain, NULL);
    add_secret(t, "wild", &p->wild, NULL);
    add_secret(t, "deep", &p->deep, NULL);
    add_secret(t, "exact", &p->exact, &p->inter);
    add_secret(t, "exact-rsa", &p->exact_rsa, &p->inter);
    add_secret(t, "named", &p->named, NULL);
    cr_assert(!t->failed && !pem.failed);
    gwapi__text_free(&pem);
}

static void load(world *w, const people *p)
{
    gwapi__text t;

    write_manifests(&t, p);
    world_load(w, gwapi__text_str(&t), false, GWAPI_COMPILE_WITH_KEYS);
    gwapi__text_free(&t);
    world_read(w, NULL);
}

/* ---- a host -------------------------------------------------------------------------- */

typedef struct host {
    world *w;
    uint32_t port;
    gwapi_result result; /* of setting up */
} host;

static int greet(SSL *ssl, int *alert, void *arg)
{
    host *h = arg;
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection connection = GWAPI_CONNECTION_INIT;

    arrival.port = h->port;
    arrival.transport = GWAPI_TRANSPORT_TLS;
    h->result = gwapi_openssl_client_hello_sni(ssl, &arrival.sni);
    if (h->result == GWAPI_OK)
        h->result = gwapi_accept(h->w->snapshot, h->w->scratch, &arrival, &connection);
    if (h->result == GWAPI_OK)
        h->result = gwapi_openssl_serve(h->w->material, &connection, arrival.sni, ssl);
    *alert = SSL_AD_HANDSHAKE_FAILURE;
    return h->result == GWAPI_OK ? SSL_CLIENT_HELLO_SUCCESS : SSL_CLIENT_HELLO_ERROR;
}

static SSL_CTX *host_context(host *h)
{
    SSL_CTX *ctx = context(true);

    SSL_CTX_set_client_hello_cb(ctx, greet, h);
    return ctx;
}

static void name_peer(const SSL *client, char out[256])
{
    X509 *x = SSL_get0_peer_certificate(client);

    out[0] = '\0';
    if (x != NULL)
        X509_NAME_get_text_by_NID(X509_get_subject_name(x), NID_commonName, out, 256);
}

/* ---- certificates by server name ----------------------------------------------------- */

static const struct {
    const char *sni; /* NULL: none */
    bool rsa;        /* the client takes nothing else */
    const char *served;
} names[] = {
    {"shop.example.com", false, "exact"},
    {"SHOP.EXAMPLE.COM", false, "exact"},
    {"shop.example.com", true, "exact-rsa"},
    {"other.example.com", false, "wild"},
    {"x.a.example.com", false, "deep"},
    {"a.example.com", false, "wild"},
    {"y.x.a.example.com", false, "plain"},
    {"plain.example.org", false, "plain"},
    {"named.example.com", false, "named.example.com"},
    {"unknown.example.net", false, "plain"},
    {NULL, false, "plain"},
};

Test(openssl_serve, the_certificate_that_fits_best_is_served)
{
    people p;
    world w;

    people_open(&p);
    world_open(&w);
    load(&w, &p);
    host h = {&w, 9443, GWAPI_OK};
    SSL_CTX *there = host_context(&h), *here = context(false);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        SSL *client = SSL_new(here), *server = SSL_new(there);
        char served[256];
        SSL_set_tlsext_host_name(client, names[i].sni);
        if (names[i].rsa)
            SSL_set1_sigalgs_list(client, "rsa_pss_rsae_sha256:RSA+SHA256");
        join(client, server);
        cr_expect(shake(client, server), "%zu", i);
        name_peer(client, served);
        cr_expect_str_eq(served, names[i].served, "%zu", i);
        SSL_free(client);
        SSL_free(server);
    }
    SSL_CTX_free(there);
    SSL_CTX_free(here);
    world_close(&w);
    people_close(&p);
}

/* ---- clients ------------------------------------------------------------------------- */

typedef enum visitor {
    NOBODY,
    GOOD,
    BY_OTHER,
    EXPIRED,
    FUTURE,
    BY_ITSELF,
    BY_INTER,
    BY_INTER_BARE,
    NOT_A_CLIENT
} visitor;

static issued visit(const people *p, visitor v)
{
    const issued *by = v == BY_OTHER                         ? &p->other
                       : v == BY_ITSELF                      ? NULL
                       : v == BY_INTER || v == BY_INTER_BARE ? &p->inter
                                                             : &p->root;
    int flags = v == EXPIRED ? ISSUE_EXPIRED : v == FUTURE ? ISSUE_FUTURE : 0;

    return issue("client", NULL, by, flags | (v == NOT_A_CLIENT ? ISSUE_SERVER : ISSUE_CLIENT));
}

static const struct {
    const char *label;
    uint32_t port;
    visitor visitor;
    bool done;
    bool valid; /* what the host learns of a client that is let in */
    const char *failure;
} visits[] = {
    {"valid only, without", 443, NOBODY, false, false, ""},
    {"valid only, good", 443, GOOD, true, true, ""},
    {"valid only, of another root", 443, BY_OTHER, false, false,
     "the issuer of CN=client, which is CN=Other Root, was not sent and is not trusted"},
    {"valid only, expired", 443, EXPIRED, false, false, "CN=client has expired"},
    {"valid only, not yet valid", 443, FUTURE, false, false, "CN=client is not valid yet"},
    {"valid only, signed by itself", 443, BY_ITSELF, false, false, "signed by itself"},
    {"valid only, an intermediate", 443, BY_INTER, true, true, ""},
    {"valid only, the intermediate missing", 443, BY_INTER_BARE, false, false,
     "which is CN=Intermediate, was not sent"},
    {"valid only, for servers", 443, NOT_A_CLIENT, false, false, "purpose"},
    {"fallback, without", 8443, NOBODY, true, false, ""},
    {"fallback, good", 8443, GOOD, true, true, ""},
    {"fallback, of another root", 8443, BY_OTHER, true, false,
     "was not sent and is not trusted"},
    {"fallback, expired", 8443, EXPIRED, true, false, "has expired"},
    {"fallback, signed by itself", 8443, BY_ITSELF, true, false, "signed by itself"},
    {"fallback, an intermediate", 8443, BY_INTER, true, true, ""},
    {"fallback, for servers", 8443, NOT_A_CLIENT, true, false, "purpose"},
    {"switched off, without", 9443, NOBODY, true, false, ""},
    {"switched off, any", 9443, BY_ITSELF, true, false, ""},
    {"another CA for the port, good", 7443, BY_OTHER, true, true, ""},
    {"another CA for the port, of the default's", 7443, GOOD, false, false, "is not trusted"},
    {"another CA for the port, without", 7443, NOBODY, false, false, ""},
    {"two bundles, the first", 5443, BY_OTHER, true, true, ""},
    {"two bundles, the second", 5443, GOOD, true, true, ""},
    {"two bundles, neither", 5443, BY_ITSELF, false, false, "signed by itself"},
    {"a damaged bundle, good", 6443, GOOD, false, false, ""},
    {"a damaged bundle, without", 6443, NOBODY, false, false, ""},
};

static void check_visit(world *w, const people *p, size_t i, int version)
{
    host h = {w, visits[i].port, GWAPI_OK};
    SSL_CTX *there = host_context(&h), *here = context(false);
    issued who =
        visits[i].visitor != NOBODY ? visit(p, visits[i].visitor) : (issued){NULL, NULL};

    SSL_CTX_set_max_proto_version(here, version);
    if (who.cert != NULL)
        use(here, &who, visits[i].visitor == BY_INTER ? &p->inter : NULL);
    SSL *client = SSL_new(here), *server = SSL_new(there);
    join(client, server);
    bool done = shake(client, server);
    const char *failure = failure_of(w, server);
    cr_expect_eq(done, visits[i].done, "%s, %x: %s", visits[i].label, (unsigned)version,
                 failure);
    cr_expect_not_null(strstr(failure, visits[i].failure), "%s: %s", visits[i].label, failure);
    if (*visits[i].failure == '\0')
        cr_expect_str_empty(failure, "%s", visits[i].label);
    if (done)
        cr_expect_eq(visits[i].valid,
                     SSL_get0_peer_certificate(server) != NULL &&
                         SSL_get_verify_result(server) == X509_V_OK,
                     "%s", visits[i].label);
    cr_expect_eq(h.result, visits[i].port == 6443 ? GWAPI_EINVALID : GWAPI_OK, "%s",
                 visits[i].label);
    SSL_free(client);
    SSL_free(server);
    SSL_CTX_free(there);
    SSL_CTX_free(here);
    drop(&who);
}

Test(openssl_serve, clients_are_validated_as_the_port_says, .timeout = 120)
{
    people p;
    world w;

    people_open(&p);
    world_open(&w);
    load(&w, &p);
    for (size_t i = 0; i < sizeof visits / sizeof *visits; i++) {
        check_visit(&w, &p, i, TLS1_2_VERSION);
        check_visit(&w, &p, i, TLS1_3_VERSION);
    }
    world_close(&w);
    people_close(&p);
}

/* ---- what is refused ----------------------------------------------------------------- */

static const struct {
    const char *label;
    uint32_t port;
    const char *sni;
    gwapi_result result;
} refusals[] = {
    {"an unknown server name", 4443, "x.example.com", GWAPI_ESTATE},
    {"no server name where one is asked for", 4443, NULL, GWAPI_ESTATE},
    {"nothing is terminated", 3443, "x.example.com", GWAPI_ESTATE},
    {"no such port", 1, "x.example.com", GWAPI_ESTATE},
    {"no certificate that can be used", 2443, "x.example.com", GWAPI_ENOTFOUND},
    {"one of its certificates can be used", 1443, "x.example.com", GWAPI_OK},
};

Test(openssl_serve, what_cannot_be_served_is_refused)
{
    people p;
    world w;

    people_open(&p);
    world_open(&w);
    load(&w, &p);
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        host h = {&w, refusals[i].port, GWAPI_OK};
        SSL_CTX *there = host_context(&h), *here = context(false);
        SSL *client = SSL_new(here), *server = SSL_new(there);
        SSL_set_tlsext_host_name(client, refusals[i].sni);
        join(client, server);
        cr_expect_eq(shake(client, server), refusals[i].result == GWAPI_OK, "%s",
                     refusals[i].label);
        cr_expect_eq(h.result, refusals[i].result, "%s: %d", refusals[i].label, (int)h.result);
        SSL_free(client);
        SSL_free(server);
        SSL_CTX_free(there);
        SSL_CTX_free(here);
    }
    world_close(&w);
    people_close(&p);
}

Test(openssl_serve, what_speaks_no_tls_1_2_is_refused)
{
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection connection = GWAPI_CONNECTION_INIT;
    people p;
    world w;

    people_open(&p);
    world_open(&w);
    load(&w, &p);
    arrival.port = 443;
    arrival.transport = GWAPI_TRANSPORT_TLS;
    cr_assert_eq(gwapi_accept(w.snapshot, w.scratch, &arrival, &connection), GWAPI_OK);
    SSL_CTX *datagrams = SSL_CTX_new(DTLS_method());
    SSL *ssl = SSL_new(datagrams);
    cr_expect_eq(gwapi_openssl_serve(w.material, &connection, GWAPI__STR("x"), ssl),
                 GWAPI_EINVALID);
    connection.listener = GWAPI_NONE;
    cr_expect_eq(gwapi_openssl_serve(w.material, &connection, GWAPI__STR("x"), ssl),
                 GWAPI_ESTATE);
    SSL_free(ssl);
    SSL_CTX_free(datagrams);
    world_close(&w);
    people_close(&p);
}

Test(openssl_serve, certificates_below_the_security_level_are_left_out_or_refused)
{
    /* RSA of 2,048 bits is of level 2, P-256 of level 3. The one that fits best is of P-256. */
    static const struct {
        int level;
        gwapi_result result;
        bool rsa; /* the other one is there as well */
    } levels[] = {{2, GWAPI_OK, true}, {3, GWAPI_OK, false}, {4, GWAPI_EINVALID, false}};
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection connection = GWAPI_CONNECTION_INIT;
    people p;
    world w;

    people_open(&p);
    world_open(&w);
    load(&w, &p);
    arrival.port = 443;
    arrival.transport = GWAPI_TRANSPORT_TLS;
    cr_assert_eq(gwapi_accept(w.snapshot, w.scratch, &arrival, &connection), GWAPI_OK);
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        SSL_CTX *ctx = context(true);
        SSL *ssl = SSL_new(ctx);
        bool rsa = false;
        SSL_set_security_level(ssl, levels[i].level);
        cr_expect_eq(gwapi_openssl_serve(w.material, &connection, GWAPI__STR("shop.example.com"),
                                         ssl),
                     levels[i].result, "level %d", levels[i].level);
        cr_expect_eq(ERR_peek_error(), 0);
        for (int set = SSL_set_current_cert(ssl, SSL_CERT_SET_FIRST); set == 1;
             set = SSL_set_current_cert(ssl, SSL_CERT_SET_NEXT))
            rsa = rsa || EVP_PKEY_is_a(SSL_get_privatekey(ssl), "RSA");
        cr_expect_eq(rsa, levels[i].rsa, "level %d", levels[i].level);
        SSL_free(ssl);
        SSL_CTX_free(ctx);
    }
    world_close(&w);
    people_close(&p);
}

/* ---- server names on the wire -------------------------------------------------------- */

#define HELLO(name) name, sizeof name - 1

static const struct {
    const char *label;
    const char *body; /* of the extension */
    size_t len;
    gwapi_result result;
    const char *sni;
} bodies[] = {
    {"a name", HELLO("\0\x06\0\0\x03" "a.b"), GWAPI_OK, "a.b"},
    {"empty", HELLO(""), GWAPI_EINVALID, ""},
    {"an empty name", HELLO("\0\x03\0\0\0"), GWAPI_EINVALID, ""},
    {"a list that is longer", HELLO("\0\x07\0\0\x03" "a.b"), GWAPI_EINVALID, ""},
    {"another type", HELLO("\0\x06\x01\0\x03" "a.b"), GWAPI_EINVALID, ""},
    {"a name that is shorter", HELLO("\0\x06\0\0\x02" "a.b"), GWAPI_EINVALID, ""},
    {"a zero byte", HELLO("\0\x06\0\0\x03" "a\0b"), GWAPI_EINVALID, ""},
    {"two names", HELLO("\0\x0c\0\0\x03" "a.b" "\0\0\x03" "c.d"), GWAPI_EINVALID, ""},
};

typedef struct greeting {
    gwapi_result result;
    char sni[64];
} greeting;

static int note_greeting(SSL *ssl, int *alert, void *arg)
{
    greeting *g = arg;
    gwapi_str sni;

    cr_expect_eq(gwapi_openssl_client_hello_sni(ssl, NULL), GWAPI_EARGUMENT);
    g->result = gwapi_openssl_client_hello_sni(ssl, &sni);
    snprintf(g->sni, sizeof g->sni, "%.*s", (int)sni.len, sni.data != NULL ? sni.data : "");
    *alert = SSL_AD_HANDSHAKE_FAILURE;
    return SSL_CLIENT_HELLO_ERROR;
}

/* A ClientHello of TLS 1.2 with one suite and one extension. */
static size_t write_hello(unsigned char *out, const char *body, size_t len)
{
    static const unsigned char suites[] = {0, 2, 0xc0, 0x2b, 1, 0};
    enum { VERSION = 2, RANDOM = 32, SESSION = 1, LENGTHS = 2, EXTENSION = 4 };
    size_t hello = VERSION + RANDOM + SESSION + sizeof suites + LENGTHS + EXTENSION + len;
    const unsigned char head[] = {22,
                                  3,
                                  1,
                                  0,
                                  (unsigned char)(hello + 4),
                                  1,
                                  0,
                                  0,
                                  (unsigned char)hello,
                                  3,
                                  3};
    const unsigned char tail[] = {0, (unsigned char)(EXTENSION + len), 0, 0, 0,
                                  (unsigned char)len};
    unsigned char *at = out;

    memcpy(at, head, sizeof head);
    at += sizeof head;
    memset(at, 'r', RANDOM);
    at += RANDOM;
    *at++ = 0;
    memcpy(at, suites, sizeof suites);
    at += sizeof suites;
    memcpy(at, tail, sizeof tail);
    at += sizeof tail;
    memcpy(at, body, len);
    return (size_t)(at - out) + len;
}

Test(openssl_serve, a_server_name_is_read_whole_or_refused)
{
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        greeting g = {GWAPI_ESTATE, ""};
        unsigned char hello[256];
        SSL_CTX *there = context(true);
        SSL *server = SSL_new(there);
        BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
        SSL_CTX_set_client_hello_cb(there, note_greeting, &g);
        BIO_write(in, hello, (int)write_hello(hello, bodies[i].body, bodies[i].len));
        SSL_set_bio(server, in, out);
        cr_expect_leq(SSL_accept(server), 0);
        cr_expect_eq(g.result, bodies[i].result, "%s: %d", bodies[i].label, (int)g.result);
        cr_expect_str_eq(g.sni, bodies[i].sni, "%s", bodies[i].label);
        SSL_free(server);
        SSL_CTX_free(there);
    }
    ERR_clear_error();
}

/* ---- sessions ------------------------------------------------------------------------ */

static SSL_SESSION *visit_again(SSL_CTX *here, SSL_CTX *there, SSL_SESSION *session, bool *done,
                                bool *resumed)
{
    SSL *client = SSL_new(here), *server = SSL_new(there);

    if (session != NULL)
        SSL_set_session(client, session);
    join(client, server);
    *done = shake(client, server);
    *resumed = *done && SSL_session_reused(server) == 1;
    SSL_SESSION *next = *done ? SSL_get1_session(client) : NULL;
    SSL_shutdown(client);
    SSL_free(client);
    SSL_free(server);
    return next;
}

/* Traefik's CVE-2026-53622 and its like: a session of a weaker listener opens a stronger one.
 */
Test(openssl_serve, a_session_is_resumed_on_its_own_listener_only)
{
    static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};
    people p;
    world w;

    people_open(&p);
    world_open(&w);
    load(&w, &p);
    for (size_t i = 0; i < 2; i++) {
        host h = {&w, 8443, GWAPI_OK};
        SSL_CTX *there = host_context(&h), *here = context(false);
        bool done, resumed;
        SSL_CTX_set_max_proto_version(here, versions[i]);
        SSL_SESSION *session = visit_again(here, there, NULL, &done, &resumed);
        cr_assert(done && !resumed);
        SSL_SESSION *next = visit_again(here, there, session, &done, &resumed);
        cr_expect(done && resumed, "%zu", i);
        h.port = 443;
        cr_expect_null(visit_again(here, there, next, &done, &resumed));
        cr_expect_not(done, "%zu", i);
        SSL_SESSION_free(session);
        SSL_SESSION_free(next);
        SSL_CTX_free(there);
        SSL_CTX_free(here);
    }
    world_close(&w);
    people_close(&p);
}
