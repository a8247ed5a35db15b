/*
 * tls [--services N] [--seconds S] [--once]: what it costs to resolve the TLS policy of a backend
 * and the TLS terms of a listener, beside one probe of a hash table with the same key. N Services
 * with a BackendTLSPolicy each, over N / 8 Gateways, asked for in a random order.
 *
 * Exits with 1 when an answer is wrong, or allocates.
 */
#include "hash.h"
#include "measure.h"
#include "text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <gatewayapi.h>

enum { SERVICES_PER_GATEWAY = 8, PORT = 8443, NAMESPACES = 20 };

/* ---- manifests ----------------------------------------------------------------------- */

#define PEM "-----BEGIN CERTIFICATE-----\\nMA==\\n-----END CERTIFICATE-----\\n"
#define KEY "-----BEGIN PRIVATE KEY-----\\nMA==\\n-----END PRIVATE KEY-----\\n"

static void say_gateway(bench_text *t, size_t g)
{
    bench_say(t,
              "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: "
              "gateway-%zu, namespace: infra}, spec: {gatewayClassName: bench, listeners: [{name: "
              "https, port: 443, protocol: HTTPS, hostname: '*.g%zu.example.com', tls: "
              "{certificateRefs: [{name: served}]}, allowedRoutes: {namespaces: {from: All}}}], "
              "tls: {frontend: {default: {validation: {caCertificateRefs: [{group: '', kind: "
              "ConfigMap, name: ca}]}}}, backend: {clientCertificateRef: {name: served}}}}}\n",
              g, g);
}

static void say_service(bench_text *t, size_t i)
{
    size_t n = i / SERVICES_PER_GATEWAY % NAMESPACES;

    bench_say(t,
              "---\n{apiVersion: v1, kind: Service, metadata: {name: service-%zu, namespace: "
              "team-%zu}, spec: {ports: [{name: https, port: %d}]}}\n",
              i, n, PORT);
    bench_say(t,
              "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: BackendTLSPolicy, metadata: "
              "{name: policy-%zu, namespace: team-%zu}, spec: {targetRefs: [{group: '', kind: "
              "Service, name: service-%zu}], validation: {hostname: service-%zu.team-%zu.internal, "
              "caCertificateRefs: [{group: '', kind: ConfigMap, name: ca}]}}}\n",
              i, n, i, i, n);
}

static void say_route(bench_text *t, size_t g)
{
    bench_say(t,
              "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: "
              "route-%zu, namespace: team-%zu}, spec: {parentRefs: [{name: gateway-%zu, namespace: "
              "infra}], rules: [{backendRefs: [",
              g, g % NAMESPACES, g);
    for (size_t k = 0; k < SERVICES_PER_GATEWAY; k++)
        bench_say(t, "%s{name: service-%zu, port: %d}", k != 0 ? ", " : "",
                  g * SERVICES_PER_GATEWAY + k, PORT);
    bench_say(t, "]}]}}\n");
}

static void say_bundle(bench_text *t, const char *namespace_, size_t n)
{
    bench_say(t,
              "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: ca, namespace: %s%zu}, data: "
              "{ca.crt: \"" PEM "\"}}\n",
              namespace_, n);
}

static void say_all(bench_text *t, size_t gateways)
{
    for (size_t n = 0; n < NAMESPACES; n++)
        say_bundle(t, "team-", n);
    bench_say(t, "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: ca, namespace: infra}, "
                 "data: {ca.crt: \"" PEM "\"}}\n"
                 "---\n{apiVersion: v1, kind: Secret, type: kubernetes.io/tls, metadata: {name: "
                 "served, namespace: infra}, stringData: {tls.crt: \"" PEM "\", tls.key: \"" KEY
                 "\"}}\n");
    for (size_t g = 0; g < gateways; g++) {
        say_gateway(t, g);
        say_route(t, g);
    }
    for (size_t i = 0; i < gateways * SERVICES_PER_GATEWAY; i++)
        say_service(t, i);
}

/* ---- the floor ----------------------------------------------------------------------- */

/*
 * A plain table by open addressing: a power of two of slots, at most half of them taken, the next
 * slot when one is taken by another; the whole hash spares comparisons, and what counts is the
 * key: two names and a port.
 */
typedef struct entry_key {
    gwapi_str namespace_, name;
    uint32_t port;
    uint32_t value;
} entry_key;

typedef struct slot {
    uint64_t hash;
    uint64_t key; /* and 1; 0: free */
} slot;

typedef struct table {
    slot *slots;
    entry_key *keys;
    size_t mask, count;
    const entry_key *asked; /* in a random order */
    uint32_t *found;
} table;

static uint64_t hash_key(const entry_key *k)
{
    uint64_t hash = bench_hash(k->port, k->namespace_.data, k->namespace_.len);

    return bench_hash(hash, k->name.data, k->name.len);
}

static bool same(gwapi_str a, gwapi_str b)
{
    return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

static slot *slot_of(const table *t, uint64_t hash, const entry_key *k)
{
    for (size_t i = hash & t->mask;; i = (i + 1) & t->mask) {
        slot *s = &t->slots[i];
        if (s->key == 0)
            return s;
        const entry_key *has = &t->keys[s->key - 1];
        if (s->hash == hash && has->port == k->port && same(has->name, k->name) &&
            same(has->namespace_, k->namespace_))
            return s;
    }
}

static void table_build(table *t, const entry_key *keys, size_t count)
{
    size_t slots = 16;

    while (slots < 2 * count)
        slots *= 2;
    t->mask = slots - 1;
    t->count = count;
    t->slots = bench_alloc(slots, sizeof *t->slots);
    t->keys = bench_alloc(count, sizeof *t->keys);
    t->found = bench_alloc(count, sizeof *t->found);
    memcpy(t->keys, keys, count * sizeof *keys);
    for (size_t i = 0; i < count; i++) {
        uint64_t hash = hash_key(&keys[i]);
        *slot_of(t, hash, &keys[i]) = (slot){hash, i + 1};
    }
}

static void table_free(table *t)
{
    free(t->slots);
    free(t->keys);
    free(t->found);
}

static void probe_all(void *ctx)
{
    const table *t = ctx;

    for (size_t i = 0; i < t->count; i++) {
        const slot *s = slot_of(t, hash_key(&t->asked[i]), &t->asked[i]);
        t->found[i] = t->keys[s->key - 1].value;
    }
}

/* ---- the library --------------------------------------------------------------------- */

/* A question, with the answer's number in the snapshot. */
typedef struct question {
    uint32_t gateway, backend, listener, policy;
} question;

typedef struct asking {
    const gwapi_snapshot *snapshot;
    gwapi_decision decision;
    const question *questions;
    size_t count;
    gwapi_tls_policy *policies;     /* the answers */
    gwapi_listener_info *listeners; /* to the same questions */
} asking;

static void ask_target(void *ctx)
{
    asking *a = ctx;

    for (size_t i = 0; i < a->count; i++)
        (void)gwapi_tls_target(&a->decision, a->questions[i].backend, &a->policies[i % 16]);
}

static void ask_between(void *ctx)
{
    asking *a = ctx;

    for (size_t i = 0; i < a->count; i++)
        (void)gwapi_tls_between(a->snapshot, a->questions[i].gateway, a->questions[i].backend,
                                &a->policies[i % 16]);
}

static void ask_listener(void *ctx)
{
    asking *a = ctx;

    for (size_t i = 0; i < a->count; i++)
        (void)gwapi_snapshot_listener_at(a->snapshot, a->questions[i].listener,
                                         &a->listeners[i % 16]);
}

/* ---- making both --------------------------------------------------------------------- */

typedef struct bench {
    size_t gateways;
    double seconds;
    bench_counter memory;
    gwapi_allocator allocator;
    gwapi_snapshot *snapshot;
    gwapi_scratch *scratch;
    asking asking;
    table services, listeners;
    entry_key *service_keys, *listener_keys;
    question *questions;
} bench;

static void compile(bench *b)
{
    static const gwapi_limits limits = {.struct_size = sizeof(gwapi_limits),
                                        .document_bytes = UINT64_C(1) << 32,
                                        .nodes = 1u << 30};
    gwapi_resources_options how = GWAPI_RESOURCES_OPTIONS_INIT;
    gwapi_compile_options compiling = GWAPI_COMPILE_OPTIONS_INIT;
    gwapi_source source = GWAPI_SOURCE_INIT;
    bench_text t = {NULL, 0, 0};
    gwapi_str newest = {NULL, 0};
    gwapi_schema *schema;
    gwapi_resources *set;
    gwapi_topology *topology;

    say_all(&t, b->gateways);
    source.bytes = t.data;
    source.len = t.len;
    how.limits = &limits;
    compiling.allocator = &b->allocator;
    bench_expect(gwapi_schema_new(&schema, NULL), "schema");
    bench_expect(gwapi_schema_add_builtin(schema, newest, GWAPI_CHANNEL_EXPERIMENTAL), "schema");
    bench_expect(gwapi_schema_seal(schema, NULL, 0), "schema");
    bench_expect(gwapi_resources_new(&set, schema, &how), "resources");
    bench_expect(gwapi_resources_read(set, &source, NULL), "manifests");
    bench_expect(gwapi_topology_resolve(&topology, set, NULL, NULL), "resolve");
    bench_expect(gwapi_snapshot_compile(&b->snapshot, topology, &compiling, NULL), "compile");
    gwapi_topology_release(topology);
    gwapi_resources_free(set);
    gwapi_schema_free(schema);
    free(t.data);
}

static void shuffle(question *q, entry_key *a, entry_key *b, size_t count)
{
    uint64_t state = 1;

    for (size_t i = count; i > 1; i--) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        size_t k = (size_t)((state >> 33) % i);
        question question_ = q[i - 1];
        entry_key first = a[i - 1], second = b[i - 1];
        q[i - 1] = q[k], a[i - 1] = a[k], b[i - 1] = b[k];
        q[k] = question_, a[k] = first, b[k] = second;
    }
}

static void add_question(bench *b, size_t i)
{
    gwapi_backend_info backend = {.struct_size = sizeof backend};
    gwapi_rule_info rule = {.struct_size = sizeof rule};
    gwapi_tls_policy policy = {.struct_size = sizeof policy};
    gwapi_listener_info listener = {.struct_size = sizeof listener};
    question *q = &b->questions[i];

    q->backend = (uint32_t)i;
    bench_expect(gwapi_snapshot_backend_at(b->snapshot, i, &backend), "backend");
    bench_expect(gwapi_snapshot_rule_at(b->snapshot, backend.rule, &rule), "rule");
    q->gateway = q->listener = (uint32_t)(i / SERVICES_PER_GATEWAY);
    bench_expect(gwapi_tls_between(b->snapshot, q->gateway, q->backend, &policy), "policy");
    bench_expect(gwapi_snapshot_listener_at(b->snapshot, q->listener, &listener), "listener");
    q->policy = policy.policy;
    b->service_keys[i] =
        (entry_key){backend.namespace_, backend.name, backend.port, policy.policy};
    b->listener_keys[i] =
        (entry_key){listener.gateway_namespace, listener.gateway_name, listener.port, q->listener};
}

static void prepare(bench *b)
{
    size_t count = b->gateways * SERVICES_PER_GATEWAY;
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection connection = GWAPI_CONNECTION_INIT;
    gwapi_request request = GWAPI_REQUEST_INIT;

    if (gwapi_snapshot_backend_count(b->snapshot) != count)
        bench_die("image", "not every backend is in it");
    b->questions = bench_alloc(count, sizeof *b->questions);
    b->service_keys = bench_alloc(count, sizeof *b->service_keys);
    b->listener_keys = bench_alloc(count, sizeof *b->listener_keys);
    for (size_t i = 0; i < count; i++)
        add_question(b, i);
    table_build(&b->services, b->service_keys, count);
    table_build(&b->listeners, b->listener_keys, count);
    shuffle(b->questions, b->service_keys, b->listener_keys, count);
    b->services.asked = b->service_keys;
    b->listeners.asked = b->listener_keys;
    b->asking = (asking){.snapshot = b->snapshot,
                         .decision = GWAPI_DECISION_INIT,
                         .questions = b->questions,
                         .count = count,
                         .policies = bench_alloc(16, sizeof(gwapi_tls_policy)),
                         .listeners = bench_alloc(16, sizeof(gwapi_listener_info))};
    for (size_t i = 0; i < 16; i++) {
        b->asking.policies[i].struct_size = sizeof(gwapi_tls_policy);
        b->asking.listeners[i].struct_size = sizeof(gwapi_listener_info);
    }
    bench_expect(gwapi_scratch_new(&b->scratch, b->snapshot, NULL), "scratch");
    arrival.port = 443;
    arrival.transport = GWAPI_TRANSPORT_TLS;
    arrival.sni = (gwapi_str){"a.g0.example.com", 16};
    request.host = arrival.sni;
    bench_expect(gwapi_accept(b->snapshot, b->scratch, &arrival, &connection), "accept");
    bench_expect(gwapi_match(b->snapshot, b->scratch, &connection, &request, &b->asking.decision),
                 "match");
}

/* Every answer is the table's. */
static int check(bench *b)
{
    gwapi_tls_policy target = {.struct_size = sizeof target}, between = target;
    gwapi_listener_info listener = {.struct_size = sizeof listener};
    size_t before = b->memory.allocations, wrong = 0;

    probe_all(&b->services);
    probe_all(&b->listeners);
    for (size_t i = 0; i < b->asking.count; i++) {
        const question *q = &b->questions[i];
        bench_expect(gwapi_tls_target(&b->asking.decision, q->backend, &target), "target");
        bench_expect(gwapi_tls_between(b->snapshot, q->gateway, q->backend, &between), "between");
        bench_expect(gwapi_snapshot_listener_at(b->snapshot, q->listener, &listener), "listener");
        wrong += target.policy != b->services.found[i] || between.policy != target.policy ||
                 target.policy == GWAPI_NONE || target.fault != GWAPI_BACKEND_FAULT_NONE ||
                 q->listener != b->listeners.found[i] || listener.bundle_count != 1 ||
                 !same(listener.gateway_name, b->listener_keys[i].name);
    }
    if (wrong != 0)
        printf("%zu answers are wrong\n", wrong);
    if (b->memory.allocations != before)
        printf("%zu allocations while answering\n", b->memory.allocations - before);
    return wrong != 0 || b->memory.allocations != before;
}

static void print(const bench_entry *e, const bench_entry *floor_)
{
    printf("%-28s min %8.2f  median %8.2f ns", e->name, bench_minimum(e), bench_median(e));
    if (floor_ != NULL)
        printf("  %5.2f x %s", bench_minimum(e) / bench_minimum(floor_), floor_->name);
    printf("\n");
}

static void measure(bench *b)
{
    size_t n = b->asking.count;
    bench_entry e[] = {
        {.name = "probe (Service, port)", .ctx = &b->services, .run = probe_all, .operations = n},
        {.name = "gwapi_tls_target", .ctx = &b->asking, .run = ask_target, .operations = n},
        {.name = "gwapi_tls_between", .ctx = &b->asking, .run = ask_between, .operations = n},
        {.name = "probe (Gateway, port)", .ctx = &b->listeners, .run = probe_all, .operations = n},
        {.name = "gwapi_snapshot_listener_at", .ctx = &b->asking, .run = ask_listener,
         .operations = n},
    };

    bench_measure(e, sizeof e / sizeof *e, b->seconds);
    printf("%zu Services with a policy each, %zu Gateways\n", n, b->gateways);
    print(&e[0], NULL);
    print(&e[1], &e[0]);
    print(&e[2], &e[0]);
    print(&e[3], NULL);
    print(&e[4], &e[3]);
}

static void finish(bench *b)
{
    table_free(&b->services);
    table_free(&b->listeners);
    free(b->questions);
    free(b->service_keys);
    free(b->listener_keys);
    free(b->asking.policies);
    free(b->asking.listeners);
    gwapi_scratch_free(b->scratch);
    gwapi_snapshot_release(b->snapshot);
}

static void read_options(bench *b, int argc, char **argv)
{
    size_t services = 1000;

    b->seconds = 1;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--once") == 0)
            b->seconds = 0;
        else if (strcmp(argv[i], "--services") == 0 && i + 1 < argc)
            services = strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--seconds") == 0 && i + 1 < argc)
            b->seconds = strtod(argv[++i], NULL);
        else
            bench_die("usage", "tls [--services N] [--seconds S] [--once]");
    }
    b->gateways = (services + SERVICES_PER_GATEWAY - 1) / SERVICES_PER_GATEWAY;
    if (b->gateways == 0)
        b->gateways = 1;
}

int main(int argc, char **argv)
{
    bench b = {.seconds = 1};

    read_options(&b, argc, argv);
    b.allocator = bench_counting(&b.memory);
    compile(&b);
    prepare(&b);
    int status = check(&b);
    if (status == 0)
        measure(&b);
    finish(&b);
    return status;
}
