/*
 * handshake MANIFESTS [--count N]: what setting up an SSL by the helper costs, up to the handshake
 * and without it, beside the same done by hand with OpenSSL alone: as the client of a backend under
 * its policy, and as the server of a listener that validates its clients. MANIFESTS are those of
 * examples/mtls. Making and freeing the SSL counts on both sides, and is told alone too.
 *
 * Under callgrind (--instr-atstart=no) each way is counted alone: it ends with a dump named after
 * it. bench/tls.sh does this. Without callgrind, times.
 */
#include "measure.h"
#include "text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/ssl.h>
#include <gatewayapi.h>
#include <gatewayapi/openssl.h>

#ifdef BENCH_CALLGRIND
#include <valgrind/callgrind.h>
#define COUNTED         RUNNING_ON_VALGRIND
#define COUNT_FROM_HERE CALLGRIND_START_INSTRUMENTATION
#define COUNT_TO_HERE(name)                                                                    \
    do {                                                                                       \
        CALLGRIND_STOP_INSTRUMENTATION;                                                        \
        CALLGRIND_DUMP_STATS_AT(name);                                                         \
    } while (0)
#else
#define COUNTED             0
#define COUNT_FROM_HERE     (void)0
#define COUNT_TO_HERE(name) (void)0
#endif

#define SNI "orders.example.internal"

typedef struct bench {
    size_t count;
    SSL_CTX *ctx;
    gwapi_openssl *openssl;
    gwapi_snapshot *snapshot;
    gwapi_openssl_material *material;
    gwapi_decision decision;
    gwapi_connection connection;
    /* What the one who does it by hand has at hand: taken out of an SSL that the helper set up. */
    X509_STORE *servers, *clients;
    X509 *client_certificate, *server_certificate;
    EVP_PKEY *client_key, *server_key;
    STACK_OF(X509_NAME) * authorities;
} bench;

/* ---- what there is ------------------------------------------------------------------- */

static void read_file(bench_text *t, const char *path)
{
    char line[1000];
    FILE *f = fopen(path, "rb");

    if (f == NULL)
        bench_die(path, "cannot be read");
    while (fgets(line, sizeof line, f) != NULL)
        bench_say(t, "%s", line);
    fclose(f);
}

static void compile(bench *b, const char *path)
{
    gwapi_compile_options compiling = GWAPI_COMPILE_OPTIONS_INIT;
    gwapi_source source = GWAPI_SOURCE_INIT;
    bench_text t = {NULL, 0, 0};
    gwapi_str newest = {NULL, 0};
    gwapi_schema *schema;
    gwapi_resources *set;
    gwapi_topology *topology;

    read_file(&t, path);
    source.bytes = t.data;
    source.len = t.len;
    compiling.flags = GWAPI_COMPILE_WITH_KEYS;
    bench_expect(gwapi_schema_new(&schema, NULL), "schema");
    bench_expect(gwapi_schema_add_builtin(schema, newest, GWAPI_CHANNEL_EXPERIMENTAL), "schema");
    bench_expect(gwapi_schema_seal(schema, NULL, 0), "schema");
    bench_expect(gwapi_resources_new(&set, schema, NULL), "resources");
    bench_expect(gwapi_resources_read(set, &source, NULL), "manifests");
    bench_expect(gwapi_topology_resolve(&topology, set, NULL, NULL), "resolve");
    bench_expect(gwapi_snapshot_compile(&b->snapshot, topology, &compiling, NULL), "compile");
    gwapi_topology_release(topology);
    gwapi_resources_free(set);
    gwapi_schema_free(schema);
    free(t.data);
}

static void arrive(bench *b)
{
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection plain = GWAPI_CONNECTION_INIT;
    gwapi_request request = GWAPI_REQUEST_INIT;
    gwapi_scratch *scratch;

    b->decision = (gwapi_decision)GWAPI_DECISION_INIT;
    b->connection = (gwapi_connection)GWAPI_CONNECTION_INIT;
    bench_expect(gwapi_scratch_new(&scratch, b->snapshot, NULL), "scratch");
    arrival.port = 80;
    request.host = (gwapi_str){"orders.example.com", 18};
    bench_expect(gwapi_accept(b->snapshot, scratch, &arrival, &plain), "accept");
    bench_expect(gwapi_match(b->snapshot, scratch, &plain, &request, &b->decision), "match");
    arrival.port = 8443;
    arrival.transport = GWAPI_TRANSPORT_TLS;
    arrival.sni = (gwapi_str){SNI, sizeof SNI - 1};
    bench_expect(gwapi_accept(b->snapshot, scratch, &arrival, &b->connection), "accept");
    gwapi_scratch_free(scratch);
}

/* ---- by the helper ------------------------------------------------------------------- */

static SSL *new_ssl(const bench *b)
{
    SSL *ssl = SSL_new(b->ctx);

    if (ssl == NULL)
        bench_die("SSL_new", "out of memory");
    return ssl;
}

static void leave_alone(const bench *b, SSL *ssl)
{
    (void)b;
    (void)ssl;
}

static void connect_by_helper(const bench *b, SSL *ssl)
{
    bench_expect(gwapi_openssl_connect(b->material, &b->decision, 0, ssl), "connect");
}

static void serve_by_helper(const bench *b, SSL *ssl)
{
    bench_expect(gwapi_openssl_serve(b->material, &b->connection,
                                     (gwapi_str){SNI, sizeof SNI - 1}, ssl),
                 "serve");
}

/* ---- by hand ------------------------------------------------------------------------- */

static void need(bool good, const char *what)
{
    if (!good)
        bench_die(what, "failed");
}

static void present(SSL *ssl, X509 *certificate, EVP_PKEY *key)
{
    need(SSL_use_certificate(ssl, certificate) == 1, "SSL_use_certificate");
    need(SSL_use_PrivateKey(ssl, key) == 1, "SSL_use_PrivateKey");
}

static void connect_by_hand(const bench *b, SSL *ssl)
{
    SSL_set_verify(ssl, SSL_VERIFY_PEER, NULL);
    need(SSL_set1_verify_cert_store(ssl, b->servers) == 1, "SSL_set1_verify_cert_store");
    need(SSL_set1_host(ssl, SNI) == 1, "SSL_set1_host");
    need(SSL_set_tlsext_host_name(ssl, SNI) == 1, "SSL_set_tlsext_host_name");
    need(SSL_set_min_proto_version(ssl, TLS1_2_VERSION) == 1, "SSL_set_min_proto_version");
    present(ssl, b->client_certificate, b->client_key);
}

static void serve_by_hand(const bench *b, SSL *ssl)
{
    static const unsigned char session[32] = "orders";

    SSL_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    need(SSL_set1_verify_cert_store(ssl, b->clients) == 1, "SSL_set1_verify_cert_store");
    SSL_set_client_CA_list(ssl, SSL_dup_CA_list(b->authorities));
    need(SSL_set_min_proto_version(ssl, TLS1_2_VERSION) == 1, "SSL_set_min_proto_version");
    need(SSL_set_session_id_context(ssl, session, sizeof session) == 1,
         "SSL_set_session_id_context");
    present(ssl, b->server_certificate, b->server_key);
}

/* Shared objects, as who keeps them would have them. */
static void take_apart(bench *b)
{
    SSL *client = new_ssl(b), *server = new_ssl(b);

    connect_by_helper(b, client);
    serve_by_helper(b, server);
    SSL_get0_verify_cert_store(client, &b->servers);
    SSL_get0_verify_cert_store(server, &b->clients);
    X509_STORE_up_ref(b->servers);
    X509_STORE_up_ref(b->clients);
    b->client_certificate = SSL_get_certificate(client);
    b->server_certificate = SSL_get_certificate(server);
    X509_up_ref(b->client_certificate);
    X509_up_ref(b->server_certificate);
    b->client_key = SSL_get_privatekey(client);
    b->server_key = SSL_get_privatekey(server);
    EVP_PKEY_up_ref(b->client_key);
    EVP_PKEY_up_ref(b->server_key);
    b->authorities = SSL_dup_CA_list(SSL_get_client_CA_list(server));
    SSL_free(client);
    SSL_free(server);
}

/* ---- measuring ----------------------------------------------------------------------- */

typedef struct way {
    const char *name;
    const bench *bench;
    void (*set_up)(const bench *b, SSL *ssl);
} way;

static void go(void *ctx)
{
    const way *w = ctx;
    SSL *ssl = new_ssl(w->bench);

    w->set_up(w->bench, ssl);
    SSL_free(ssl);
}

static void count(const way *w, size_t times)
{
    go((void *)(uintptr_t)w); /* what is done once is done */
    COUNT_FROM_HERE;
    for (size_t i = 0; i < times; i++)
        go((void *)(uintptr_t)w);
    COUNT_TO_HERE(w->name);
}

static void print(const bench_entry *e, const bench_entry *floor_)
{
    printf("%-24s min %8.0f  median %8.0f ns", e->name, bench_minimum(e), bench_median(e));
    if (floor_ != NULL)
        printf("  %5.2f x %s", bench_minimum(e) / bench_minimum(floor_), floor_->name);
    printf("\n");
}

static void measure(way *ways, size_t ways_count, double seconds)
{
    bench_entry e[5];

    for (size_t i = 0; i < ways_count; i++)
        e[i] = (bench_entry){
            .name = ways[i].name, .ctx = &ways[i], .run = go, .operations = 1};
    bench_measure(e, ways_count, seconds);
    for (size_t i = 0; i < ways_count; i++)
        print(&e[i], i % 2 != 0 ? &e[i - 1] : NULL);
}

static void finish(bench *b)
{
    sk_X509_NAME_pop_free(b->authorities, X509_NAME_free);
    EVP_PKEY_free(b->client_key);
    EVP_PKEY_free(b->server_key);
    X509_free(b->client_certificate);
    X509_free(b->server_certificate);
    X509_STORE_free(b->servers);
    X509_STORE_free(b->clients);
    gwapi_openssl_material_release(b->material);
    gwapi_snapshot_release(b->snapshot);
    gwapi_openssl_free(b->openssl);
    SSL_CTX_free(b->ctx);
}

int main(int argc, char **argv)
{
    bench b = {.count = 100};
    way ways[] = {{"connect-by-hand", &b, connect_by_hand},
                  {"connect-by-helper", &b, connect_by_helper},
                  {"serve-by-hand", &b, serve_by_hand},
                  {"serve-by-helper", &b, serve_by_helper},
                  {"SSL_new-and-free", &b, leave_alone}};
    enum { WAYS = sizeof ways / sizeof *ways };
    double seconds = 1;

    if (argc < 2)
        bench_die("usage", "handshake MANIFESTS [--count N] [--once]");
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--once") == 0)
            seconds = 0;
        else if (strcmp(argv[i], "--count") == 0 && i + 1 < argc)
            b.count = strtoul(argv[++i], NULL, 10);
        else
            bench_die("usage", "handshake MANIFESTS [--count N] [--once]");
    }
    b.ctx = SSL_CTX_new(TLS_method());
    compile(&b, argv[1]);
    arrive(&b);
    bench_expect(gwapi_openssl_new(&b.openssl, NULL), "handle");
    bench_expect(gwapi_openssl_material_new(&b.material, b.openssl, b.snapshot, NULL), "material");
    take_apart(&b);
    for (size_t i = 0; COUNTED != 0 && i < WAYS; i++)
        count(&ways[i], b.count);
    if (COUNTED == 0)
        measure(ways, WAYS, seconds);
    finish(&b);
    return 0;
}
