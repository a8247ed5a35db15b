/*
 * change [--routes N] [--gateways M] [--changes K] [--seconds S]: what one changed HTTPRoute
 * costs in a set of N over M Gateways, beside resolving and compiling all of it anew, and what
 * memory a route takes.
 *
 * Under callgrind (--instr-atstart=no) each step is counted alone, once: it ends with a dump
 * named after it, "read" apart, which is not counted. bench/change.sh does all of this.
 */
#include "measure.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <gatewayapi.h>

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

enum { NAMESPACES = 20, SERVICES = 5 };

static const gwapi_limits limits = {.struct_size = sizeof(gwapi_limits),
                                    .document_bytes = UINT64_C(1) << 32,
                                    .nodes = 1u << 30};

/* ---- manifests ----------------------------------------------------------------------- */

/* `version` is told by the path of its second rule. */
static void say_route(bench_text *t, size_t i, size_t gateways, unsigned version)
{
    size_t gateway = i % gateways;

    bench_say(t,
        "---\n"
        "apiVersion: gateway.networking.k8s.io/v1\n"
        "kind: HTTPRoute\n"
        "metadata:\n"
        "  name: route-%zu\n"
        "  namespace: team-%zu\n"
        "  generation: %u\n"
        "  creationTimestamp: 2026-01-%02zuT00:00:00Z\n"
        "spec:\n"
        "  parentRefs:\n"
        "  - name: gw-%zu\n"
        "    namespace: infra\n"
        "  hostnames:\n"
        "  - h%zu.g%zu.example.com\n",
        i, i % NAMESPACES, version, 1 + i % 28, gateway, i, gateway);
    bench_say(t,
        "  rules:\n"
        "  - matches:\n"
        "    - path:\n"
        "        type: PathPrefix\n"
        "        value: /api/%zu\n"
        "    backendRefs:\n"
        "    - name: svc-%zu\n"
        "      port: 8080\n"
        "  - matches:\n"
        "    - path:\n"
        "        type: Exact\n"
        "        value: /v%u/status\n"
        "    backendRefs:\n"
        "    - name: svc-%zu\n"
        "      port: 8080\n",
        i % 40, i % SERVICES, version, (i + 1) % SERVICES);
}

static void say_infrastructure(bench_text *t, size_t gateways)
{
    bench_say(t, "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\n"
           "metadata:\n  name: bench\nspec:\n  controllerName: example.com/bench\n");
    for (int n = 0; n < NAMESPACES; n++) {
        bench_say(t, "---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: team-%d\n", n);
        for (int s = 0; s < SERVICES; s++)
            bench_say(t,
                "---\napiVersion: v1\nkind: Service\nmetadata:\n  name: svc-%d\n"
                "  namespace: team-%d\nspec:\n  ports:\n  - name: http\n    port: 8080\n",
                s, n);
    }
    for (size_t g = 0; g < gateways; g++)
        bench_say(t,
            "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n"
            "  name: gw-%zu\n  namespace: infra\nspec:\n  gatewayClassName: bench\n"
            "  listeners:\n  - name: http\n    port: 80\n    protocol: HTTP\n"
            "    hostname: \"*.g%zu.example.com\"\n"
            "    allowedRoutes:\n      namespaces:\n        from: All\n",
            g, g);
}

/* ---- steps --------------------------------------------------------------------------- */

typedef struct bench {
    size_t routes, gateways, changes;
    double seconds;
    bench_counter memory;
    gwapi_allocator allocator;
    gwapi_schema *schema;
    gwapi_resources *set;
    bench_text all, one;  /* manifests: of everything, of one changed route */
    size_t changed; /* routes so far */
    gwapi_topology *topology, *next;
    gwapi_snapshot *snapshot, *next_snapshot;
} bench;

static void read_manifests(bench *b, const bench_text *t)
{
    gwapi_source source = GWAPI_SOURCE_INIT;

    source.bytes = t->data;
    source.len = t->len;
    source.mode = GWAPI_READ_STORED;
    bench_expect(gwapi_resources_read(b->set, &source, NULL), "gwapi_resources_read");
}

static void resolve(bench *b, const gwapi_topology *previous)
{
    gwapi_resolve_options options = GWAPI_RESOLVE_OPTIONS_INIT;

    options.allocator = &b->allocator;
    options.previous = previous;
    bench_expect(gwapi_topology_resolve(&b->next, b->set, &options, NULL),
                 "gwapi_topology_resolve");
}

static void compile(bench *b, const gwapi_topology *topology, const gwapi_snapshot *previous)
{
    gwapi_compile_options options = GWAPI_COMPILE_OPTIONS_INIT;

    options.allocator = &b->allocator;
    options.previous = previous;
    options.flags = GWAPI_COMPILE_KEEP;
    bench_expect(gwapi_snapshot_compile(&b->next_snapshot, topology, &options, NULL),
                 "gwapi_snapshot_compile");
}

/* A route, far from the one before, says something else. */
static void write_change(bench *b)
{
    size_t i = b->changed * 7919 % b->routes;

    b->one.len = 0;
    say_route(&b->one, i, b->gateways, (unsigned)(2 + b->changed++));
}

static void keep_topology(void *ctx)
{
    bench *b = ctx;

    gwapi_topology_release(b->topology);
    b->topology = b->next;
    b->next = NULL;
}

static void keep_snapshot(bench *b)
{
    gwapi_snapshot_release(b->snapshot);
    b->snapshot = b->next_snapshot;
    b->next_snapshot = NULL;
}

static void keep_both(void *ctx)
{
    keep_topology(ctx);
    keep_snapshot(ctx);
}

static void set_up(bench *b)
{
    gwapi_resources_options options = GWAPI_RESOURCES_OPTIONS_INIT;

    b->allocator = bench_counting(&b->memory);
    bench_expect(gwapi_schema_new(&b->schema, NULL), "gwapi_schema_new");
    bench_expect(
        gwapi_schema_add_builtin(b->schema, (gwapi_str){NULL, 0}, GWAPI_CHANNEL_STANDARD),
        "gwapi_schema_add_builtin");
    bench_expect(gwapi_schema_seal(b->schema, NULL, 0), "gwapi_schema_seal");
    options.allocator = &b->allocator;
    options.limits = &limits;
    bench_expect(gwapi_resources_new(&b->set, b->schema, &options), "gwapi_resources_new");
    say_infrastructure(&b->all, b->gateways);
    for (size_t i = 0; i < b->routes; i++)
        say_route(&b->all, i, b->gateways, 1);
    write_change(b); /* the text has its room */
}

static void tear_down(bench *b)
{
    gwapi_snapshot_release(b->snapshot);
    gwapi_topology_release(b->topology);
    gwapi_resources_free(b->set);
    gwapi_schema_free(b->schema);
    free(b->all.data);
    free(b->one.data);
    if (b->memory.live != 0)
        bench_die("memory", "not all was freed");
}

/* ---- the same with and without ------------------------------------------------------- */

static void compare(bench *b)
{
    size_t len, other;

    resolve(b, NULL);
    compile(b, b->next, NULL);
    const void *is = gwapi_snapshot_bytes(b->snapshot, &len);
    const void *should = gwapi_snapshot_bytes(b->next_snapshot, &other);
    if (len != other || memcmp(is, should, len) != 0)
        bench_die("image", "another one by the previous topology than anew");
    keep_both(b);
}

/* ---- memory, and instructions --------------------------------------------------------- */

static void print_memory(const bench *b, const char *what, size_t before, size_t own)
{
    double bytes = (double)(b->memory.live - before) - (double)own;

    printf("memory of %-12s %8.0f bytes a route%s\n", what, bytes / (double)b->routes,
           own != 0 ? ", the manifests' own text taken off" : "");
}

/* Everything once: read, resolved, compiled. */
static void run_anew(bench *b)
{
    size_t before = b->memory.live;

    read_manifests(b, &b->all);
    print_memory(b, "the set", before, b->all.len);
    before = b->memory.live;
    COUNT_FROM_HERE;
    resolve(b, NULL);
    COUNT_TO_HERE("resolve");
    keep_topology(b);
    print_memory(b, "the topology", before, 0);
    before = b->memory.live;
    COUNT_FROM_HERE;
    compile(b, b->topology, NULL);
    COUNT_TO_HERE("compile");
    keep_snapshot(b);
    print_memory(b, "the image", before, 0);
}

static void run_changes(bench *b)
{
    for (size_t i = 0; i < b->changes; i++) {
        write_change(b);
        COUNT_FROM_HERE;
        read_manifests(b, &b->one);
        COUNT_TO_HERE("change-read");
        COUNT_FROM_HERE;
        resolve(b, b->topology);
        COUNT_TO_HERE("change-resolve");
        COUNT_FROM_HERE;
        keep_topology(b);
        COUNT_TO_HERE("change-release");
        COUNT_FROM_HERE;
        compile(b, b->topology, b->snapshot);
        COUNT_TO_HERE("change-compile");
        keep_snapshot(b);
    }
}

/* ---- times --------------------------------------------------------------------------- */

static void resolve_anew(void *ctx)
{
    resolve(ctx, NULL);
}

static void compile_anew(void *ctx)
{
    bench *b = ctx;

    compile(b, b->topology, NULL);
}

static void both_anew(void *ctx)
{
    bench *b = ctx;

    resolve(b, NULL);
    compile(b, b->next, NULL);
}

static void change_resolve(void *ctx)
{
    bench *b = ctx;

    write_change(b);
    read_manifests(b, &b->one);
    resolve(b, b->topology);
}

static void change_both(void *ctx)
{
    bench *b = ctx;

    change_resolve(b);
    compile(b, b->next, b->snapshot);
}

static void clean_snapshot(void *ctx)
{
    keep_snapshot(ctx);
}

enum { RESOLVE, COMPILE, BOTH, CHANGE_RESOLVE, CHANGE_BOTH, ENTRIES };

static void measure(bench *b)
{
    bench_entry entries[ENTRIES] = {
        [RESOLVE] = {"resolve anew", b, resolve_anew, keep_topology, 1, 0, 0, {0}},
        [COMPILE] = {"compile anew", b, compile_anew, clean_snapshot, 1, 0, 0, {0}},
        [BOTH] = {"resolve and compile anew", b, both_anew, keep_both, 1, 0, 0, {0}},
        [CHANGE_RESOLVE] =
            {"one route: read, resolve", b, change_resolve, keep_topology, 1, 0, 0, {0}},
        [CHANGE_BOTH] = {"… and compile", b, change_both, keep_both, 1, 0, 0, {0}},
    };

    bench_measure(entries, ENTRIES, b->seconds);
    for (int i = 0; i < ENTRIES; i++) {
        int floor_ = i == CHANGE_RESOLVE ? RESOLVE : i == CHANGE_BOTH ? BOTH : i;
        printf("%-26s min %10.3f  median %10.3f ms", entries[i].name,
               bench_minimum(&entries[i]) / 1e6, bench_median(&entries[i]) / 1e6);
        if (floor_ != i)
            printf("  1/%.1f of %s",
                   bench_minimum(&entries[floor_]) / bench_minimum(&entries[i]),
                   entries[floor_].name);
        printf("\n");
    }
}

/* ---- the command ---------------------------------------------------------------------- */

static size_t number(const char *value, const char *option)
{
    char *end;
    unsigned long long n = strtoull(value, &end, 10);

    if (*value == '\0' || *end != '\0' || n == 0 || n > UINT32_MAX)
        bench_die(option, "not a number above 0");
    return (size_t)n;
}

static void take_arguments(bench *b, int argc, char **argv)
{
    for (int i = 1; i < argc; i += 2) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--routes") == 0)
            b->routes = number(value, argv[i]);
        else if (strcmp(argv[i], "--gateways") == 0)
            b->gateways = number(value, argv[i]);
        else if (strcmp(argv[i], "--changes") == 0)
            b->changes = number(value, argv[i]);
        else if (strcmp(argv[i], "--seconds") == 0)
            b->seconds = strtod(value, NULL);
        else
            bench_die(argv[i], "no such option");
    }
}

int main(int argc, char **argv)
{
    bench b = {.routes = 10000, .gateways = 100, .changes = 10, .seconds = 1};

    take_arguments(&b, argc, argv);
    set_up(&b);
    printf("%zu HTTPRoutes, %zu Gateways, %zu bytes of YAML\n", b.routes, b.gateways,
           b.all.len);
    run_anew(&b);
    run_changes(&b);
    compare(&b);
    if (!COUNTED)
        measure(&b);
    tear_down(&b);
    return 0;
}
