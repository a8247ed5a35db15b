/*
 * OpenSSL's own allocations fail one by one: nothing leaks, no error is left in the queue, and
 * what is bad never turns good. Its decoders do not always say that memory was missing, so that
 * what is good may be refused.
 *
 * Without Criterion: whoever asks OpenSSL to allocate by other functions has to come first.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <gatewayapi.h>
#include <gatewayapi/openssl.h>

static struct {
    size_t calls, fail_at;
    long live;
} memory;

static bool fails(void)
{
    return memory.fail_at != 0 && ++memory.calls == memory.fail_at;
}

static void *their_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    void *block = fails() ? NULL : malloc(size);
    memory.live += block != NULL;
    return block;
}

static void *their_realloc(void *ptr, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    void *block = fails() ? NULL : realloc(ptr, size);
    memory.live += block != NULL && ptr == NULL;
    return block;
}

static void their_free(void *ptr, const char *file, int line)
{
    (void)file;
    (void)line;
    memory.live -= ptr != NULL;
    free(ptr);
}

static gwapi_result take_certificate(void *ctx, const gwapi_certificate_facts *facts)
{
    (void)ctx;
    (void)facts;
    return GWAPI_OK;
}

static void take_reason(void *ctx, gwapi_str reason)
{
    snprintf(ctx, 600, "%.*s", (int)reason.len, reason.data);
}

static gwapi_str read_path(const char *name)
{
    const char *top = getenv("top_srcdir");
    static char texts[2][1 << 15];
    static int next;
    char path[1024];
    char *text = texts[next++ % 2];

    snprintf(path, sizeof path, "%.800s/%.100s", top != NULL ? top : ".", name);
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        perror(path);
        exit(99);
    }
    size_t len = fread(text, 1, 1 << 15, f);
    fclose(f);
    return (gwapi_str){text, len};
}

static gwapi_str read_file(const char *name)
{
    char path[200];

    snprintf(path, sizeof path, "tests/data/openssl/%s", name);
    return read_path(path);
}

static gwapi_result judge(const gwapi_certificate_callbacks *c, gwapi_str certificate,
                          gwapi_str key, char reason[600])
{
    gwapi_certificate_findings findings = {sizeof findings, reason, take_certificate,
                                           take_reason};

    reason[0] = '\0';
    return key.len != 0 ? c->check_pair(c->ctx, certificate, key, &findings)
                        : c->check_bundle(c->ctx, certificate, &findings);
}

/* How many runs went wrong. */
static int fail_each(const gwapi_certificate_callbacks *c, const char *certificate_name,
                     const char *key_name, gwapi_result expected)
{
    gwapi_str certificate = read_file(certificate_name), key = {NULL, 0};
    int wrong = 0, missing = 0, told = 0;
    char reason[600];

    if (key_name != NULL)
        key = read_file(key_name);
    judge(c, certificate, key, reason); /* what is loaded once is loaded */
    for (size_t n = 1;; n++) {
        memory.calls = 0;
        memory.fail_at = n;
        gwapi_result result = judge(c, certificate, key, reason);
        bool failed = memory.calls >= n;
        memory.fail_at = 0;
        told += result == GWAPI_ENOMEM;
        missing += result != expected;
        if (result != expected && result != GWAPI_ENOMEM && result != GWAPI_EINVALID) {
            printf("%s: allocation %zu: %s: %s\n", certificate_name, n,
                   gwapi_result_name(result), reason);
            wrong++;
        }
        if (ERR_peek_error() != 0) {
            printf("%s: allocation %zu leaves errors behind\n", certificate_name, n);
            wrong++;
        }
        if (!failed)
            break;
    }
    printf("%s: %d of OpenSSL's allocations failed the check, %d were told\n", certificate_name,
           missing, told);
    return wrong + (told < 10);
}

/* ---- handshakes ---------------------------------------------------------------------- */

typedef struct world {
    gwapi_openssl *openssl;
    gwapi_snapshot *snapshot;
    gwapi_decision decision;
    gwapi_connection connection;
    SSL_CTX *ctx;
} world;

static void need(gwapi_result result)
{
    if (result == GWAPI_OK)
        return;
    printf("%s\n", gwapi_result_name(result));
    exit(99);
}

static void arrive(world *w)
{
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection plain = GWAPI_CONNECTION_INIT;
    gwapi_request request = GWAPI_REQUEST_INIT;
    gwapi_scratch *scratch;

    need(gwapi_scratch_new(&scratch, w->snapshot, NULL));
    arrival.port = 80;
    request.host = (gwapi_str){"orders.example.com", 18};
    need(gwapi_accept(w->snapshot, scratch, &arrival, &plain));
    need(gwapi_match(w->snapshot, scratch, &plain, &request, &w->decision));
    arrival.port = 8443;
    arrival.transport = GWAPI_TRANSPORT_TLS;
    arrival.sni = (gwapi_str){"orders.example.internal", 23};
    need(gwapi_accept(w->snapshot, scratch, &arrival, &w->connection));
    gwapi_scratch_free(scratch);
}

static void open_world(world *w, gwapi_openssl *openssl)
{
    gwapi_compile_options compile = GWAPI_COMPILE_OPTIONS_INIT;
    gwapi_source source = GWAPI_SOURCE_INIT;
    gwapi_str manifests = read_path("examples/mtls/manifests.yaml"), newest = {NULL, 0};
    gwapi_schema *schema;
    gwapi_resources *resources;
    gwapi_topology *topology;

    *w = (world){.openssl = openssl,
                 .decision = GWAPI_DECISION_INIT,
                 .connection = GWAPI_CONNECTION_INIT};
    source.bytes = manifests.data;
    source.len = manifests.len;
    compile.flags = GWAPI_COMPILE_WITH_KEYS;
    need(gwapi_schema_new(&schema, NULL));
    need(gwapi_schema_add_builtin(schema, newest, GWAPI_CHANNEL_EXPERIMENTAL));
    need(gwapi_schema_seal(schema, NULL, 0));
    need(gwapi_resources_new(&resources, schema, NULL));
    need(gwapi_resources_read(resources, &source, NULL));
    need(gwapi_topology_resolve(&topology, resources, NULL, NULL));
    need(gwapi_snapshot_compile(&w->snapshot, topology, &compile, NULL));
    gwapi_topology_release(topology);
    gwapi_resources_free(resources);
    gwapi_schema_free(schema);
    arrive(w);
    w->ctx = SSL_CTX_new(TLS_method());
}

static void close_world(world *w)
{
    SSL_CTX_free(w->ctx);
    gwapi_snapshot_release(w->snapshot);
}

/* Both ends from one material, or from one that shares all of another's. */
static gwapi_result set_up(const world *w, const gwapi_openssl_material *previous, SSL *client,
                           SSL *server)
{
    gwapi_openssl_material_options options = GWAPI_OPENSSL_MATERIAL_OPTIONS_INIT;
    gwapi_openssl_material *material;

    options.previous = previous;
    gwapi_result result =
        gwapi_openssl_material_new(&material, w->openssl, w->snapshot, &options);
    if (result == GWAPI_OK)
        result = gwapi_openssl_connect(material, &w->decision, 0, client);
    if (result == GWAPI_OK)
        result = gwapi_openssl_serve(material, &w->connection,
                                     (gwapi_str){"orders.example.internal", 23}, server);
    gwapi_openssl_material_release(material);
    return result;
}

/* What was not set up, or only in part, believes nobody. */
static bool is_closed(const SSL *client)
{
    return (SSL_get_verify_mode(client) & SSL_VERIFY_PEER) != 0;
}

static int fail_each_set_up(const world *w, const gwapi_openssl_material *previous, size_t step)
{
    int wrong = 0, missing = 0;

    for (size_t n = 1;; n += step) {
        SSL *client = SSL_new(w->ctx), *server = SSL_new(w->ctx);
        memory.calls = 0;
        memory.fail_at = n;
        gwapi_result result = set_up(w, previous, client, server);
        bool failed = memory.calls >= n;
        memory.fail_at = 0;
        missing += result != GWAPI_OK;
        if ((result != GWAPI_OK && result != GWAPI_ENOMEM && result != GWAPI_EINVALID &&
             result != GWAPI_ENOTFOUND) ||
            (result == GWAPI_OK && !is_closed(client)) || ERR_peek_error() != 0) {
            printf("handshake: allocation %zu: %s\n", n, gwapi_result_name(result));
            wrong++;
        }
        SSL_free(client);
        SSL_free(server);
        if (!failed)
            break;
    }
    printf("handshake: %d of OpenSSL's allocations failed the set-up\n", missing);
    return wrong + (missing < 10);
}

static int fail_handshakes(gwapi_openssl *openssl)
{
    gwapi_openssl_material *material;
    world w;

    open_world(&w, openssl);
    need(gwapi_openssl_material_new(&material, openssl, w.snapshot, NULL));
    /* Some of them: all would take half a minute. */
    int wrong = fail_each_set_up(&w, NULL, 13) + fail_each_set_up(&w, material, 3);
    gwapi_openssl_material_release(material);
    close_world(&w);
    return wrong;
}

int main(void)
{
    gwapi_certificate_callbacks c = {.struct_size = sizeof c};
    gwapi_openssl *openssl;
    int wrong = 0;

    if (CRYPTO_set_mem_functions(their_malloc, their_realloc, their_free) != 1) {
        puts("skipped: somebody came first");
        return 77;
    }
    if (gwapi_openssl_new(&openssl, NULL) != GWAPI_OK ||
        gwapi_openssl_certificates(openssl, &c) != GWAPI_OK)
        return 99;
    wrong += fail_each(&c, "names.crt", NULL, GWAPI_OK);
    wrong += fail_each(&c, "names.crt", "names.key", GWAPI_OK);
    wrong += fail_each(&c, "rsa.crt", "rsa.key", GWAPI_OK);
    wrong += fail_each(&c, "ec.crt", "stranger.key", GWAPI_EINVALID);
    wrong += fail_handshakes(openssl);
    gwapi_openssl_free(openssl);
    OPENSSL_cleanup();
    if (memory.live != 0) {
        printf("%ld blocks are lost\n", memory.live);
        wrong++;
    }
    return wrong != 0;
}
