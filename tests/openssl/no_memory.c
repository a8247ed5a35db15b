/*
 * OpenSSL's own allocations fail one by one: nothing leaks, no error is left in the queue, and
 * what is bad never turns good. Its decoders do not always say that memory was missing, so that
 * what is good may be refused.
 *
 * Without Criterion: whoever asks OpenSSL to allocate by other functions has to come first.
 */
/* setenv */
#define _POSIX_C_SOURCE 200809L

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <gatewayapi.h>
#include <gatewayapi/openssl.h>

/*
 * A place is where OpenSSL asks for memory. Decoding a key passes some of them thousands of times,
 * in a loop over all decoders there are; the first times that each is passed are enough.
 */
typedef struct place {
    const char *file;
    int line;
    size_t times;
} place;

enum { MOST_PLACES = 2048 };

typedef enum mode { WORKS, RECORDS, FAILS } mode;

static struct {
    mode mode;
    place fails_at; /* the times-th time there */
    size_t passed;
    bool failed;
    long live;
} memory;

static place places[MOST_PLACES];
static size_t place_count;

static void record(const char *file, int line)
{
    size_t i = 0;

    while (i < place_count && (places[i].line != line || places[i].file != file))
        i++;
    if (i == MOST_PLACES) {
        puts("too many places");
        exit(99);
    }
    if (i == place_count)
        places[place_count++] = (place){file, line, 0};
    places[i].times++;
}

static bool fails(const char *file, int line)
{
    if (memory.mode == RECORDS)
        record(file, line);
    if (memory.mode != FAILS || line != memory.fails_at.line || file != memory.fails_at.file)
        return false;
    bool now = ++memory.passed == memory.fails_at.times;
    memory.failed = memory.failed || now;
    return now;
}

static void record_places(void)
{
    place_count = 0;
    memory.mode = RECORDS;
}

static void fail_at(size_t i, size_t time)
{
    memory.fails_at = places[i];
    memory.fails_at.times = time;
    memory.passed = 0;
    memory.failed = false;
    memory.mode = FAILS;
}

static void fail_no_more(void)
{
    memory.mode = WORKS;
}

static void *their_malloc(size_t size, const char *file, int line)
{
    void *block = fails(file, line) ? NULL : malloc(size);
    memory.live += block != NULL;
    return block;
}

static void *their_realloc(void *ptr, size_t size, const char *file, int line)
{
    void *block = fails(file, line) ? NULL : realloc(ptr, size);
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

/* ---- one by one ---------------------------------------------------------------------- */

/* One run, good or not: `*wrong` where it is not as it has to be without memory. */
typedef gwapi_result run_once(void *ctx, bool *wrong);

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

typedef struct scenario {
    const char *label;
    run_once *run;
    void *ctx;
    size_t most; /* each place fails the first so many times that it is passed */
    gwapi_result expected;
    int least; /* so many runs have another outcome */
} scenario;

/* How many runs went wrong. */
static int fail_each(const scenario *s)
{
    int wrong = 0, runs = 0, missing = 0;
    bool is_wrong = false;

    s->run(s->ctx, &is_wrong); /* what is loaded once is loaded */
    record_places();
    s->run(s->ctx, &is_wrong);
    fail_no_more();
    for (size_t i = 0; i < place_count; i++) {
        for (size_t n = 1; n <= least(places[i].times, s->most); n++) {
            is_wrong = false;
            fail_at(i, n);
            gwapi_result result = s->run(s->ctx, &is_wrong);
            fail_no_more();
            runs++;
            missing += result != s->expected;
            if (is_wrong || ERR_peek_error() != 0) {
                printf("%s: %s:%d, time %zu: %s, errors are %sleft\n", s->label,
                       places[i].file, places[i].line, n, gwapi_result_name(result),
                       ERR_peek_error() != 0 ? "" : "not ");
                ERR_clear_error();
                wrong++;
            }
        }
    }
    printf("%s: %zu places, %d runs, %d with another outcome\n", s->label, place_count, runs,
           missing);
    return wrong + (missing < s->least);
}

/* ---- the handle ---------------------------------------------------------------------- */

static gwapi_result make_handle(void *ctx, bool *wrong)
{
    gwapi_openssl *o = NULL;
    gwapi_result result = gwapi_openssl_new(&o, NULL);

    (void)ctx;
    *wrong = result != GWAPI_OK && (result != GWAPI_ENOMEM || o != NULL);
    gwapi_openssl_free(o);
    return result;
}

/* ---- judging ------------------------------------------------------------------------- */

typedef struct pair {
    const gwapi_certificate_callbacks *callbacks;
    gwapi_str certificate, key;
    gwapi_result expected;
} pair;

static gwapi_result judge_once(void *ctx, bool *wrong)
{
    const pair *p = ctx;
    char reason[600];
    gwapi_result result = judge(p->callbacks, p->certificate, p->key, reason);

    *wrong = result != p->expected && result != GWAPI_ENOMEM && result != GWAPI_EINVALID;
    return result;
}

static int fail_judging(const gwapi_certificate_callbacks *c, const char *certificate,
                        const char *key, size_t most, gwapi_result expected)
{
    pair p = {c, read_file(certificate), {NULL, 0}, expected};

    if (key != NULL)
        p.key = read_file(key);
    return fail_each(&(scenario){certificate, judge_once, &p, most, expected, 10});
}

/* ---- handshakes ---------------------------------------------------------------------- */

typedef struct world {
    gwapi_openssl *openssl;
    gwapi_snapshot *snapshot;
    gwapi_openssl_material *previous; /* NULL: nothing */
    EVP_PKEY *keys[8];                /* by certificate; NULL: those in the image */
    bool kept;                        /* they are kept elsewhere */
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

/* Beside those of the example: several bundles, and what the system trusts. */
static const char more[] =
    "---\n{apiVersion: v1, kind: Service, metadata: {name: more, namespace: shop}, spec: {ports: "
    "[{name: a, port: 1}, {name: b, port: 2}]}}\n---\n"
    "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: more, "
    "namespace: shop}, spec: {parentRefs: [{name: edge}], hostnames: [more.example.com], rules: "
    "[{backendRefs: [{name: more, port: 1}, {name: more, port: 2}]}]}}\n---\n"
    "{apiVersion: gateway.networking.k8s.io/v1, kind: BackendTLSPolicy, metadata: {name: a, "
    "namespace: shop}, spec: {targetRefs: [{group: '', kind: Service, name: more, sectionName: "
    "a}], validation: {hostname: more.example.com, caCertificateRefs: [{group: '', kind: "
    "ConfigMap, name: ca-b}, {group: '', kind: ConfigMap, name: ca}, {group: '', kind: "
    "ConfigMap, name: ca-c}]}}}\n---\n"
    "{apiVersion: gateway.networking.k8s.io/v1, kind: BackendTLSPolicy, metadata: {name: b, "
    "namespace: shop}, spec: {targetRefs: [{group: '', kind: Service, name: more, sectionName: "
    "b}], validation: {hostname: more.example.com, wellKnownCACertificates: System}}}\n";

static void add_text(char *out, size_t size, const char *text)
{
    snprintf(out + strlen(out), size - strlen(out), "%s", text);
}

static void add_bundle(char *out, size_t size, const char *name, const char *file)
{
    gwapi_str pem = read_file(file);

    add_text(out, size, "---\n{apiVersion: v1, kind: ConfigMap, metadata: {namespace: shop, name: ");
    add_text(out, size, name);
    add_text(out, size, "}, data: {ca.crt: \"");
    for (size_t i = 0; i < pem.len; i++)
        add_text(out, size, pem.data[i] == '\n' ? "\\n" : (const char[]){pem.data[i], '\0'});
    add_text(out, size, "\"}}\n");
}

/* The certificate of the listener a second time: both fit, so both are presented. */
static void add_twin(char *out, size_t size)
{
    static const char kind[] = "kind: Secret", name[] = "name: inner", one[] = "[{name: inner}]",
                      two[] = "[{name: inner}, {name: twin}]";
    char whole[1 << 15];
    const char *refs = strstr(out, one), *secret = strstr(out, kind);

    snprintf(whole, sizeof whole, "%.*s%s%s", (int)(refs - out), out, two,
             refs + sizeof one - 1);
    secret = strstr(secret, name);
    add_text(whole, sizeof whole, "---\napiVersion: v1\nkind: Secret\ntype: kubernetes.io/tls\n"
                                  "metadata: {name: twin");
    const char *from = secret + sizeof name - 1, *end = strstr(from, "\n---");
    size_t used = strlen(whole);
    snprintf(whole + used, sizeof whole - used, "%.*s\n", (int)(end - from), from);
    snprintf(out, size, "%s", whole);
}

static gwapi_str read_manifests(void)
{
    static char text[1 << 15];
    gwapi_str example = read_path("examples/mtls/manifests.yaml");

    snprintf(text, sizeof text, "%.*s", (int)example.len, example.data);
    add_twin(text, sizeof text);
    add_text(text, sizeof text, more);
    add_bundle(text, sizeof text, "ca-b", "ca.crt");
    add_bundle(text, sizeof text, "ca-c", "ca2.crt");
    return (gwapi_str){text, strlen(text)};
}

static void open_world(world *w, gwapi_openssl *openssl)
{
    gwapi_compile_options compile = GWAPI_COMPILE_OPTIONS_INIT;
    gwapi_source source = GWAPI_SOURCE_INIT;
    gwapi_str manifests = read_manifests(), newest = {NULL, 0};
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
    gwapi_openssl_material_release(w->previous);
    gwapi_snapshot_release(w->snapshot);
}

static gwapi_result give_key(void *ctx, const gwapi_certificate_info *certificate,
                             EVP_PKEY **key)
{
    const world *w = ctx;
    uint32_t i;

    need(gwapi_snapshot_certificate_find(w->snapshot, certificate, &i));
    EVP_PKEY_up_ref(w->keys[i]);
    *key = w->keys[i];
    return GWAPI_OK;
}

/* Both ends from one material, or from one that shares all of another's. */
static gwapi_result set_up(const world *w, SSL *client, SSL *server)
{
    gwapi_openssl_material_options options = GWAPI_OPENSSL_MATERIAL_OPTIONS_INIT;
    gwapi_openssl_material *material;

    options.previous = w->previous;
    options.key = w->kept ? give_key : NULL;
    options.key_ctx = (void *)(uintptr_t)w;
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

static SSL *new_ssl(const world *w)
{
    mode before = memory.mode;

    memory.mode = WORKS; /* it is the host who makes one */
    SSL *ssl = SSL_new(w->ctx);
    memory.mode = before;
    return ssl;
}

static gwapi_result set_up_once(void *ctx, bool *wrong)
{
    const world *w = ctx;
    SSL *client = new_ssl(w), *server = new_ssl(w);
    gwapi_result result = set_up(w, client, server);

    *wrong = (result != GWAPI_OK && result != GWAPI_ENOMEM && result != GWAPI_EINVALID &&
              result != GWAPI_ENOTFOUND) ||
             (result == GWAPI_OK && !is_closed(client));
    SSL_free(client);
    SSL_free(server);
    return result;
}

/* Once there is a key, none has to be decoded, which is what takes long. */
static void keep_keys(world *w)
{
    gwapi_certificate_info info = {.struct_size = sizeof info};

    for (uint32_t i = 0; i < gwapi_snapshot_certificate_count(w->snapshot); i++) {
        need(gwapi_snapshot_certificate_at(w->snapshot, i, &info));
        BIO *bio = BIO_new_mem_buf(info.key.data, (int)info.key.len);
        w->keys[i] = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
        BIO_free(bio);
    }
    w->kept = true;
}

static void drop_keys(world *w)
{
    for (size_t i = 0; i < sizeof w->keys / sizeof *w->keys; i++)
        EVP_PKEY_free(w->keys[i]);
}

/* ---- verifying ----------------------------------------------------------------------- */

typedef struct visit {
    SSL *client;
    X509 *leaf;
    bool good;
} visit;

/* As OpenSSL does in a handshake. */
static gwapi_result verify_once(void *ctx, bool *wrong)
{
    const visit *v = ctx;
    mode before = memory.mode;
    X509_STORE *store;

    memory.mode = WORKS;
    SSL_get0_verify_cert_store(v->client, &store);
    X509_STORE_CTX *verifying = X509_STORE_CTX_new();
    X509_STORE_CTX_init(verifying, store, v->leaf, NULL);
    X509_STORE_CTX_set_ex_data(verifying, SSL_get_ex_data_X509_STORE_CTX_idx(), v->client);
    X509_STORE_CTX_set_verify_cb(verifying, SSL_get_verify_callback(v->client));
    memory.mode = before;
    bool believed = X509_verify_cert(verifying) == 1;
    memory.mode = WORKS;
    *wrong = believed && !v->good;
    X509_STORE_CTX_free(verifying);
    ERR_clear_error(); /* which it is that tells */
    memory.mode = before;
    return believed ? GWAPI_OK : GWAPI_EINVALID;
}

static int fail_verifying(const world *w, const char *label, const char *file, bool good)
{
    gwapi_openssl_material *material;
    visit v = {SSL_new(w->ctx), NULL, good};
    SSL *server = SSL_new(w->ctx);

    need(gwapi_openssl_material_new(&material, w->openssl, w->snapshot, NULL));
    need(gwapi_openssl_connect(material, &w->decision, 0, v.client));
    need(gwapi_openssl_serve(material, &w->connection,
                             (gwapi_str){"orders.example.internal", 23}, server));
    if (file != NULL) {
        gwapi_str text = read_file(file);
        BIO *bio = BIO_new_mem_buf(text.data, (int)text.len);
        v.leaf = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        BIO_free(bio);
    } else {
        v.leaf = good ? SSL_get_certificate(server) : SSL_get_certificate(v.client);
        X509_up_ref(v.leaf);
    }
    int wrong = fail_each(&(scenario){label, verify_once, &v, SIZE_MAX,
                                      good ? GWAPI_OK : GWAPI_EINVALID, good ? 1 : 0});
    X509_free(v.leaf);
    SSL_free(server);
    SSL_free(v.client);
    gwapi_openssl_material_release(material);
    return wrong;
}

static int fail_handshakes(gwapi_openssl *openssl, size_t most)
{
    world w;

    open_world(&w, openssl);
    int wrong = fail_each(&(scenario){"set up", set_up_once, &w, most, GWAPI_OK, 10});
    keep_keys(&w);
    wrong += fail_each(
        &(scenario){"set up, keys elsewhere", set_up_once, &w, most * 8, GWAPI_OK, 10});
    w.kept = false;
    need(gwapi_openssl_material_new(&w.previous, openssl, w.snapshot, NULL));
    wrong += fail_each(&(scenario){"set up, shared", set_up_once, &w, SIZE_MAX, GWAPI_OK, 10});
    wrong += fail_verifying(&w, "believed", NULL, true);
    wrong += fail_verifying(&w, "another name", NULL, false);
    wrong += fail_verifying(&w, "another issuer", "names.crt", false);
    wrong += fail_verifying(&w, "expired", "expired.crt", false);
    drop_keys(&w);
    close_world(&w);
    return wrong;
}

int main(void)
{
    gwapi_certificate_callbacks c = {.struct_size = sizeof c};
    gwapi_openssl *openssl;
    int wrong = 0;

    /* The system's certificates are many, and are read anew each time. */
    setenv("SSL_CERT_FILE", "/dev/null", 1);
    setenv("SSL_CERT_DIR", "/dev/null", 1);
    if (CRYPTO_set_mem_functions(their_malloc, their_realloc, their_free) != 1) {
        puts("skipped: somebody came first");
        return 77;
    }
    if (gwapi_openssl_new(&openssl, NULL) != GWAPI_OK ||
        gwapi_openssl_certificates(openssl, &c) != GWAPI_OK)
        return 99;
    bool small = getenv("GWAPI_TEST_SMALL") != NULL;
    size_t most = small ? 1 : 8;
    wrong += fail_each(&(scenario){"handle", make_handle, NULL, SIZE_MAX, GWAPI_OK, 1});
    wrong += fail_judging(&c, "names.crt", NULL, small ? 4 : SIZE_MAX, GWAPI_OK);
    wrong += fail_judging(&c, "names.crt", "names.key", most, GWAPI_OK);
    wrong += fail_judging(&c, "rsa.crt", "rsa.key", 1, GWAPI_OK);
    wrong += fail_judging(&c, "ec.crt", "stranger.key", 1, GWAPI_EINVALID);
    wrong += fail_handshakes(openssl, most);
    gwapi_openssl_free(openssl);
    OPENSSL_cleanup();
    if (memory.live != 0) {
        printf("%ld blocks are lost\n", memory.live);
        wrong++;
    }
    return wrong != 0;
}
