/* Handshakes with backends: what a policy says of the certificate, and what is said when it is
 * not so. */
#include <openssl/err.h>
#include "openssl/world.h"

/* ---- who is there -------------------------------------------------------------------- */

typedef struct people {
    issued root, other, inter, weak; /* `weak` is no authority and signs all the same */
    issued client;
} people;

static void people_open(people *p)
{
    p->root = issue("Root", NULL, NULL, ISSUE_CA);
    p->other = issue("Other Root", NULL, NULL, ISSUE_CA);
    p->inter = issue("Intermediate", NULL, &p->root, ISSUE_CA);
    p->weak = issue("Weak", NULL, &p->root, 0);
    p->client = issue("gateway", "URI:spiffe://gateway", &p->root, ISSUE_CLIENT);
}

static void people_close(people *p)
{
    drop(&p->root);
    drop(&p->other);
    drop(&p->inter);
    drop(&p->weak);
    drop(&p->client);
}

typedef enum signer { BY_ROOT, BY_OTHER, BY_INTER, BY_WEAK, BY_ITSELF } signer;
typedef enum bundle { NO_BUNDLE, ROOT, OTHER, BOTH, INTER, LEAF, TWO_REFS } bundle;

static const issued *signer_of(const people *p, signer by)
{
    const issued *const all[] = {&p->root, &p->other, &p->inter, &p->weak, NULL};

    return all[by];
}

/* ---- manifests ----------------------------------------------------------------------- */

static const char frame[] =
    "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: g, namespace: "
    "ns}, "
    "spec: {gatewayClassName: c, tls: {backend: {clientCertificateRef: {name: client}}}, "
    "listeners: [{name: h, port: 80, protocol: HTTP}]}}\n---\n"
    "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: ns}, spec: {ports: [{name: "
    "a, "
    "port: 1}]}}\n---\n"
    "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, "
    "namespace: "
    "ns}, spec: {parentRefs: [{name: g}], rules: [{backendRefs: [{name: s, port: 1}]}]}}\n---\n"
    "{apiVersion: gateway.networking.k8s.io/v1, kind: BackendTLSPolicy, metadata: {name: p, "
    "namespace: ns}, spec: {targetRefs: [{group: '', kind: Service, name: s}], validation: {";

static void add_bundle(gwapi__text *t, const char *name, const issued *const *list)
{
    gwapi__text pem;

    text_init(&pem);
    for (; *list != NULL; list++)
        add_pem(&pem, *list, false);
    add_config_map(t, name, gwapi__text_str(&pem));
    gwapi__text_free(&pem);
}

static void add_bundles(gwapi__text *t, const people *p, const issued *leaf, bundle trusted)
{
    const issued *first[3] = {NULL, NULL, NULL}, *second[2] = {&p->other, NULL};

    first[0] = trusted == OTHER   ? &p->other
               : trusted == INTER ? &p->inter
               : trusted == LEAF  ? leaf
                                  : &p->root;
    if (trusted == BOTH)
        first[1] = &p->other;
    add_bundle(t, "ca", first);
    add_bundle(t, "ca2", second);
}

static void load(world *w, const people *p, const char *validation, const issued *leaf,
                 bundle trusted)
{
    gwapi__text t;

    text_init(&t);
    gwapi__text_addz(&t, frame);
    gwapi__text_addz(&t, validation);
    if (trusted == NO_BUNDLE)
        gwapi__text_addz(&t, ", wellKnownCACertificates: System");
    else
        gwapi__text_addz(&t, ", caCertificateRefs: [{group: '', kind: ConfigMap, name: ca}");
    if (trusted == TWO_REFS)
        gwapi__text_addz(&t, ", {group: '', kind: ConfigMap, name: ca2}");
    gwapi__text_addz(&t, trusted == NO_BUNDLE ? "}}}\n" : "]}}}\n");
    if (trusted != NO_BUNDLE)
        add_bundles(&t, p, leaf, trusted);
    add_secret(&t, "client", &p->client, NULL);
    cr_assert(!t.failed);
    world_load(w, gwapi__text_str(&t), true, GWAPI_COMPILE_WITH_KEYS);
    gwapi__text_free(&t);
    world_read(w, NULL);
}

/* ---- the table ----------------------------------------------------------------------- */

#define HOST           "hostname: up.example.com"
#define SANS(list)     HOST ", subjectAltNames: [" list "]"
#define DNS_NAME(name) "{type: Hostname, hostname: '" name "'}"
#define URI_NAME(name) "{type: URI, uri: '" name "'}"

static const struct {
    const char *label;
    const char *validation;
    bundle trusted;
    const char *names; /* of the server's certificate */
    signer by;
    int flags;
    bool bare;           /* the intermediate is not sent */
    const char *failure; /* a part of the reason; NULL: the handshake is done */
} cases[] = {
    /* chains */
    {"the root is trusted", HOST, ROOT, "DNS:up.example.com", BY_ROOT, 0, false, NULL},
    {"another root is", HOST, OTHER, "DNS:up.example.com", BY_ROOT, 0, false,
     "the issuer of CN=server, which is CN=Root, was not sent and is not trusted"},
    {"two in a bundle", HOST, BOTH, "DNS:up.example.com", BY_OTHER, 0, false, NULL},
    {"two in a bundle, the first", HOST, BOTH, "DNS:up.example.com", BY_ROOT, 0, false, NULL},
    {"two bundles, the first", HOST, TWO_REFS, "DNS:up.example.com", BY_ROOT, 0, false, NULL},
    {"two bundles, the second", HOST, TWO_REFS, "DNS:up.example.com", BY_OTHER, 0, false, NULL},
    {"an intermediate is sent", HOST, ROOT, "DNS:up.example.com", BY_INTER, 0, false, NULL},
    {"an intermediate is missing", HOST, ROOT, "DNS:up.example.com", BY_INTER, 0, true,
     "the issuer of CN=server, which is CN=Intermediate, was not sent"},
    {"an intermediate is the anchor", HOST, INTER, "DNS:up.example.com", BY_INTER, 0, true,
     NULL},
    {"an intermediate is the anchor and sent", HOST, INTER, "DNS:up.example.com", BY_INTER, 0,
     false, NULL},
    {"who signs is no authority", HOST, ROOT, "DNS:up.example.com", BY_WEAK, 0, false,
     "invalid CA certificate"},
    {"signed by itself", HOST, ROOT, "DNS:up.example.com", BY_ITSELF, 0, false,
     "the certificate CN=server is signed by itself and not trusted"},
    {"signed by itself and trusted", HOST, LEAF, "DNS:up.example.com", BY_ITSELF, 0, false,
     NULL},
    {"signed by itself, trusted, of another name", HOST, LEAF, "DNS:x.example.com", BY_ITSELF,
     0, false, "has DNS x.example.com; accepted: DNS up.example.com"},
    {"the leaf is trusted", HOST, LEAF, "DNS:up.example.com", BY_ROOT, 0, false, NULL},
    {"the system trusts nobody of ours", HOST, NO_BUNDLE, "DNS:up.example.com", BY_ROOT, 0,
     false, "was not sent and is not trusted"},
    /* dates */
    {"expired", HOST, ROOT, "DNS:up.example.com", BY_ROOT, ISSUE_EXPIRED, false,
     "the certificate CN=server has expired: it was valid until 20"},
    {"not yet valid", HOST, ROOT, "DNS:up.example.com", BY_ROOT, ISSUE_FUTURE, false,
     "the certificate CN=server is not valid yet: it will be from 20"},
    {"expired and trusted itself", HOST, LEAF, "DNS:up.example.com", BY_ITSELF, ISSUE_EXPIRED,
     false, "has expired"},
    {"purpose: for clients only", HOST, ROOT, "DNS:up.example.com", BY_ROOT, ISSUE_CLIENT,
     false, "the certificate CN=server: "},
    /* the hostname */
    {"another name", HOST, ROOT, "DNS:other.example.com", BY_ROOT, 0, false,
     "the certificate CN=server has DNS other.example.com; accepted: DNS up.example.com"},
    {"one of several names", HOST, ROOT, "DNS:a.example.com,DNS:up.example.com", BY_ROOT, 0,
     false, NULL},
    {"in capitals", HOST, ROOT, "DNS:UP.Example.COM", BY_ROOT, 0, false, NULL},
    {"a wildcard", HOST, ROOT, "DNS:*.example.com", BY_ROOT, 0, false, NULL},
    {"a wildcard in capitals", HOST, ROOT, "DNS:*.EXAMPLE.com", BY_ROOT, 0, false, NULL},
    {"a wildcard one label lower", HOST, ROOT, "DNS:*.up.example.com", BY_ROOT, 0, false,
     "has DNS *.up.example.com"},
    {"a wildcard of a top-level domain", "hostname: example.com", ROOT, "DNS:*.com", BY_ROOT, 0,
     false, "has DNS *.com; accepted: DNS example.com"},
    {"a wildcard for two labels", "hostname: a.b.example.com", ROOT, "DNS:*.example.com",
     BY_ROOT, 0, false, "has DNS *.example.com; accepted: DNS a.b.example.com"},
    {"a wildcard for none", "hostname: example.com", ROOT, "DNS:*.example.com", BY_ROOT, 0,
     false, "has DNS *.example.com"},
    {"a part of a label", HOST, ROOT, "DNS:u*.example.com", BY_ROOT, 0, false,
     "has DNS u*.example.com"},
    {"a wildcard inside", HOST, ROOT, "DNS:up.*.com", BY_ROOT, 0, false, "has DNS up.*.com"},
    {"an ending", HOST, ROOT, "DNS:up.example.com.evil.org", BY_ROOT, 0, false,
     "has DNS up.example.com.evil.org"},
    {"a beginning", HOST, ROOT, "DNS:evilup.example.com", BY_ROOT, 0, false, "evilup"},
    {"no name but the subject's", "hostname: server", ROOT, NULL, BY_ROOT, 0, false,
     "has no DNS name and no URI in subjectAltName; accepted: DNS server"},
    {"an address and no name", HOST, ROOT, "IP:192.0.2.1", BY_ROOT, 0, false,
     "has no DNS name"},
    {"an address for a hostname that looks so", "hostname: 192.0.2.1", ROOT, "IP:192.0.2.1",
     BY_ROOT, 0, false, "has no DNS name and no URI"},
    {"a wildcard for an address", "hostname: 192.0.2.1", ROOT, "DNS:*.0.2.1", BY_ROOT, 0, false,
     "has DNS *.0.2.1; accepted: DNS 192.0.2.1"},
    {"a URI for a hostname", HOST, ROOT, "URI:up.example.com", BY_ROOT, 0, false,
     "has URI up.example.com"},
    {"an e-mail address", HOST, ROOT, "email:a@up.example.com", BY_ROOT, 0, false,
     "has no DNS name"},
    /* subjectAltNames take its place */
    {"a name of the list", SANS(DNS_NAME("a.example.com")), ROOT, "DNS:a.example.com", BY_ROOT,
     0, false, NULL},
    {"the hostname is not in the list", SANS(DNS_NAME("a.example.com")), ROOT,
     "DNS:up.example.com", BY_ROOT, 0, false,
     "has DNS up.example.com; accepted: DNS a.example.com"},
    {"the second of the list", SANS(DNS_NAME("a.example.com") ", " DNS_NAME("b.example.com")),
     ROOT, "DNS:b.example.com", BY_ROOT, 0, false, NULL},
    {"none of the list", SANS(DNS_NAME("a.example.com") ", " DNS_NAME("b.example.com")), ROOT,
     "DNS:c.example.com", BY_ROOT, 0, false, "accepted: DNS a.example.com, DNS b.example.com"},
    {"a wildcard for one of the list", SANS(DNS_NAME("a.example.com")), ROOT,
     "DNS:*.example.com", BY_ROOT, 0, false, NULL},
    {"a wildcard of the list is that name", SANS(DNS_NAME("*.example.com")), ROOT,
     "DNS:*.example.com", BY_ROOT, 0, false, NULL},
    {"a wildcard of the list is no pattern", SANS(DNS_NAME("*.example.com")), ROOT,
     "DNS:a.example.com", BY_ROOT, 0, false, "accepted: DNS *.example.com"},
    {"a URI of the list", SANS(URI_NAME("spiffe://t/a")), ROOT, "URI:spiffe://t/a", BY_ROOT, 0,
     false, NULL},
    {"another URI", SANS(URI_NAME("spiffe://t/a")), ROOT, "URI:spiffe://t/b", BY_ROOT, 0, false,
     "has URI spiffe://t/b; accepted: URI spiffe://t/a"},
    {"a URI in capitals", SANS(URI_NAME("spiffe://t/a")), ROOT, "URI:spiffe://T/a", BY_ROOT, 0,
     false, "has URI spiffe://T/a"},
    {"a longer URI", SANS(URI_NAME("spiffe://t/a")), ROOT, "URI:spiffe://t/a/", BY_ROOT, 0,
     false, "has URI spiffe://t/a/"},
    {"a URI or a name: the URI", SANS(URI_NAME("spiffe://t/a") ", " DNS_NAME("a.example.com")),
     ROOT, "DNS:x.example.com,URI:spiffe://t/a", BY_ROOT, 0, false, NULL},
    {"a URI or a name: the name", SANS(URI_NAME("spiffe://t/a") ", " DNS_NAME("a.example.com")),
     ROOT, "DNS:a.example.com,URI:spiffe://t/b", BY_ROOT, 0, false, NULL},
    {"a name where a URI is asked for", SANS(URI_NAME("spiffe://up.example.com/")), ROOT,
     "DNS:up.example.com", BY_ROOT, 0, false, "accepted: URI spiffe://up.example.com/"},
    {"a good name under a wrong root", SANS(URI_NAME("spiffe://t/a")), OTHER,
     "URI:spiffe://t/a", BY_ROOT, 0, false, "was not sent and is not trusted"},
    {"a good name, expired", SANS(URI_NAME("spiffe://t/a")), ROOT, "URI:spiffe://t/a", BY_ROOT,
     ISSUE_EXPIRED, false, "has expired"},
    {"an RSA key", HOST, ROOT, "DNS:up.example.com", BY_ROOT, ISSUE_RSA, false, NULL},
};

typedef struct seen {
    char sni[256];
    char client[256];
} seen;

static int see_sni(SSL *ssl, int *alert, void *arg)
{
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);

    (void)alert;
    snprintf(((seen *)arg)->sni, 256, "%s", name != NULL ? name : "");
    return SSL_TLSEXT_ERR_OK;
}

static int take_anyone(int ok, X509_STORE_CTX *ctx)
{
    (void)ok;
    (void)ctx;
    return 1;
}

static void see_client(const SSL *server, seen *s)
{
    X509 *x = SSL_get0_peer_certificate(server);

    s->client[0] = '\0';
    if (x != NULL)
        X509_NAME_get_text_by_NID(X509_get_subject_name(x), NID_commonName, s->client, 256);
}

/* True: the handshake was done. */
static bool connect_to(world *w, const issued *leaf, const issued *chain, seen *s, SSL **client,
                       int version)
{
    gwapi_decision decision = world_decide(w);
    SSL_CTX *there = context(true), *here = context(false);
    SSL *server;

    use(there, leaf, chain);
    SSL_CTX_set_tlsext_servername_callback(there, see_sni);
    SSL_CTX_set_tlsext_servername_arg(there, s);
    SSL_CTX_set_verify(there, SSL_VERIFY_PEER, take_anyone);
    SSL_CTX_set_max_proto_version(there, version);
    server = SSL_new(there);
    *client = SSL_new(here);
    cr_assert_eq(gwapi_openssl_connect(w->material, &decision, 0, *client), GWAPI_OK);
    join(*client, server);
    bool done = shake(*client, server);
    see_client(server, s);
    SSL_free(server);
    SSL_CTX_free(there);
    SSL_CTX_free(here);
    return done;
}

Test(openssl_connect, a_backend_is_believed_as_its_policy_says, .timeout = 120)
{
    people p;
    world w;

    people_open(&p);
    world_open(&w);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        issued leaf =
            issue("server", cases[i].names, signer_of(&p, cases[i].by), cases[i].flags);
        const issued *chain = cases[i].by == BY_INTER && !cases[i].bare ? &p.inter
                              : cases[i].by == BY_WEAK                  ? &p.weak
                                                                        : NULL;
        seen s = {"", ""};
        SSL *client;
        load(&w, &p, cases[i].validation, &leaf, cases[i].trusted);
        bool done = connect_to(&w, &leaf, chain, &s, &client,
                               i % 2 == 0 ? TLS1_3_VERSION : TLS1_2_VERSION);
        const char *failure = failure_of(&w, client);
        cr_expect_eq(done, cases[i].failure == NULL, "%s: %s", cases[i].label, failure);
        if (cases[i].failure != NULL)
            cr_expect_not_null(strstr(failure, cases[i].failure), "%s: %s", cases[i].label,
                               failure);
        else
            cr_expect_str_empty(failure, "%s", cases[i].label);
        cr_expect_str_eq(s.client, done ? "gateway" : "", "%s", cases[i].label);
        if (strncmp(cases[i].validation, HOST, strlen(HOST)) == 0)
            cr_expect_str_eq(s.sni, "up.example.com", "%s", cases[i].label);
        SSL_free(client);
        drop(&leaf);
    }
    world_close(&w);
    people_close(&p);
}

Test(openssl_connect, a_server_of_an_old_version_is_refused)
{
    people p;
    world w;
    SSL *client;
    seen s = {"", ""};

    people_open(&p);
    world_open(&w);
    issued leaf = issue("server", "DNS:up.example.com", &p.root, 0);
    load(&w, &p, HOST, &leaf, ROOT);
    cr_expect_not(connect_to(&w, &leaf, NULL, &s, &client, TLS1_1_VERSION));
    SSL_free(client);
    drop(&leaf);
    world_close(&w);
    people_close(&p);
}
