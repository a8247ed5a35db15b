/*
 * An image made from the one before has the bytes of one made anew: routes that stay where they
 * are say something else, a few at a time, again and again. GWAPI_TEST_STEPS and
 * GWAPI_TEST_SEED choose a longer run and another one.
 */
#include "resolve/tell.h"

#include "compile/splice.h"
#include "support/oom.h"

#define DEFAULT_STEPS 150
#define ROUTES        40 /* the first ones are GRPCRoutes */
#define GRPC_ROUTES   10

/* ---- what stays -------------------------------------------------------------------------- */

static const char infrastructure[] =
    "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: ours}\n"
    "spec: {controllerName: example.com/ours}\n"
    "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
    "metadata: {name: g0, namespace: a}\n"
    "spec: {gatewayClassName: ours, addresses: [{value: 10.0.0.1}], listeners: [\n"
    "  {name: l0, port: 80, protocol: HTTP}, {name: l1, port: 81, protocol: HTTP},\n"
    "  {name: l2, port: 80, protocol: HTTP, hostname: '*.example'},\n"
    "  {name: l3, port: 443, protocol: TLS, tls: {mode: Passthrough}}]}\n"
    "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
    "metadata: {name: g1, namespace: a}\n"
    "spec: {gatewayClassName: ours, listeners: [{name: l0, port: 80, protocol: HTTP}]}\n"
    "---\napiVersion: gateway.networking.k8s.io/v1alpha2\nkind: TLSRoute\n"
    "metadata: {name: passed, namespace: a}\n"
    "spec: {parentRefs: [{name: g0, sectionName: l3}], hostnames: [tls.example],\n"
    "  rules: [{backendRefs: [{name: s0, port: 80}]}]}\n"
    "---\napiVersion: gateway.networking.k8s.io/v1\nkind: BackendTLSPolicy\n"
    "metadata: {name: p, namespace: a}\n"
    "spec: {targetRefs: [{group: '', kind: Service, name: s3}],\n"
    "  validation: {hostname: s3.example, wellKnownCACertificates: System}}\n";

static const char service[] = "---\napiVersion: v1\nkind: Service\n"
                              "metadata: {name: s%u, namespace: a}\n"
                              "spec: {clusterIP: 10.1.0.%u, ports: [{port: 80, name: p}]}\n";

static const char mesh_route[] =
    "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
    "metadata: {name: of-mesh, namespace: a}\n"
    "spec: {parentRefs: [{name: s1, group: '', kind: Service}],\n"
    "  rules: [{matches: [{path: {value: /m}}], backendRefs: [{name: s2, port: 80}]}]}\n";

/* ---- what changes ------------------------------------------------------------------------ */

static void say_match(gwapi__text *t, dice *d, bool grpc)
{
    say(t, "{");
    say(t, grpc ? PICK(d, "method: {service: a.B}", "method: {service: a.B, method: C}",
                       "method: {service: d.E, method: F}", "method: {method: C}")
                : PICK(d, "path: {value: /a}", "path: {value: /a/b}",
                       "path: {type: Exact, value: /a}", "path: {type: Exact, value: /c/d}",
                       "path: {type: RegularExpression, value: '/a/[0-9]+'}",
                       "path: {type: RegularExpression, value: '[a-z]+'}", "path: {value: /}"));
    say(t, PICK(d, "", "", ", headers: [{name: X-A, value: b}]",
                ", headers: [{name: x-b, value: c}, {name: x-a, value: b}]",
                ", headers: [{name: x-b, value: 'v[0-9]', type: RegularExpression}]"));
    if (!grpc)
        say(t, PICK(d, "", "", ", method: GET", ", queryParams: [{name: q, value: w}]"));
    say(t, "}");
}

/* Of a rule or a backendRef; each list has one. */
static void say_filters(gwapi__text *t, dice *d, bool grpc, bool own)
{
    say(t, ", filters: [");
    say(t,
        own || grpc || roll(d, 3) == 0
            ? PICK(d,
                   "{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x-s, "
                   "value: t}], remove: [x-r]}}",
                   "{type: RequestMirror, requestMirror: {backendRef: {name: s2, port: 80}}}",
                   "{type: ResponseHeaderModifier, responseHeaderModifier: {add: [{name: x-s, "
                   "value: u}]}}, {type: RequestMirror, requestMirror: {backendRef: {name: s0, "
                   "port: 80}}}")
            : PICK(d, "{type: URLRewrite, urlRewrite: {hostname: r.example}}",
                   "{type: CORS, cors: {allowOrigins: ['https://o.example']}}",
                   "{type: ExternalAuth, externalAuth: {protocol: HTTP, backendRef: {name: s1, "
                   "port: 80}, http: {allowedHeaders: [x-a]}}}",
                   "{type: RequestRedirect, requestRedirect: {hostname: q.example}}"));
    say(t, "]");
}

static void say_rule(gwapi__text *t, dice *d, bool grpc)
{
    uint32_t matches = roll(d, 4), backends = roll(d, 3);

    say(t, "{matches: [");
    for (uint32_t i = 0; i < matches; i++) {
        say(t, i == 0 ? "" : ", ");
        say_match(t, d, grpc);
    }
    say(t, "], backendRefs: [");
    for (uint32_t i = 0; i < backends; i++) {
        say(t, i == 0 ? "{name: " : ", {name: ");
        say(t, PICK(d, "s0", "s0", "s1", "s2", "s4", "s9", roll(d, 8) == 0 ? "s3" : "s2"));
        say(t, PICK(d, ", port: 80", ", port: 80, weight: 3", ", port: 99"));
        if (roll(d, 4) == 0)
            say_filters(t, d, grpc, true);
        say(t, "}");
    }
    say(t, "]");
    if (roll(d, 3) == 0)
        say_filters(t, d, grpc, false);
    say(t, PICK(d, "", "", ", name: r", grpc ? "" : ", timeouts: {request: 3s}"));
    if (!grpc)
        say(t, PICK(d, "", "", ", retry: {attempts: 2, codes: [500, 503]}",
                    ", sessionPersistence: {sessionName: n}"));
    say(t, "}");
}

/* Where it stands is told by its number, what it says by the dice. */
static void say_route(gwapi__text *t, dice *d, uint32_t number)
{
    static const char *const hostnames[] = {
        "", ", hostnames: [x.example]", ", hostnames: [x.example, y.example, z.test]",
        ", hostnames: ['*.example']", ", hostnames: [w.example]"};
    static const char *const parents[] = {"{name: g0}", "{name: g0}, {name: g1}", "{name: g1}",
                                          "{name: g0, sectionName: l2}"};
    bool grpc = number < GRPC_ROUTES;
    uint32_t rules = 1 + roll(d, 3);
    char name[32];

    snprintf(name, sizeof name, "r%02u, namespace: a", number);
    say(t, "---\napiVersion: gateway.networking.k8s.io/v1\nkind: ");
    say(t, grpc ? "GRPCRoute" : "HTTPRoute");
    say(t, "\nmetadata: {name: ");
    say(t, name);
    say(t, PICK(d, "", "", ", creationTimestamp: '2020-01-01T00:00:00Z'",
                ", creationTimestamp: '2021-01-01T00:00:00Z'"));
    say(t, "}\nspec: {parentRefs: [");
    say(t, parents[number % 4]);
    say(t, "]");
    say(t, hostnames[number % 5]);
    say(t, ", rules: [");
    for (uint32_t i = 0; i < rules; i++) {
        say(t, i == 0 ? "" : ", ");
        say_rule(t, d, grpc);
    }
    say(t, "]}\n");
}

/* ---- steps --------------------------------------------------------------------------------
 */

static void begin(world *w, dice *d, gwapi__text *t, bool mesh)
{
    char text[256];

    t->len = 0;
    say(t, infrastructure);
    for (unsigned i = 0; i < 5; i++) {
        snprintf(text, sizeof text, service, i, i + 1);
        say(t, text);
    }
    if (mesh)
        say(t, mesh_route);
    for (uint32_t i = 0; i < ROUTES; i++)
        say_route(t, d, i);
    apply(w, t);
}

static gwapi_topology *resolve(world *w, const gwapi_topology *previous)
{
    gwapi_topology *made;

    w->options.previous = previous;
    cr_assert_eq(gwapi_topology_resolve(&made, w->set, &w->options, NULL), GWAPI_OK);
    return made;
}

static bool is_small(const gwapi_snapshot *before, const gwapi_topology *topology,
                     const gwapi_allocator *allocator)
{
    gwapi__vector changes;
    bool small;

    gwapi__vector_init(&changes, allocator, sizeof(gwapi__route_change));
    cr_assert_eq(gwapi__compare_topologies(before->kept, topology, &changes, &small), GWAPI_OK);
    gwapi__vector_free(&changes);
    return small;
}

/* Gives how many steps changed nothing but what routes say. */
static uint64_t run(world *w, const char *label, uint64_t seed, uint64_t steps, bool mesh)
{
    gwapi__text manifest, is, should;
    dice d = {seed};
    gwapi_snapshot *image, *next_image;
    uint64_t small = 0;

    gwapi__text_init(&manifest, &w->allocator);
    gwapi__text_init(&is, &w->allocator);
    gwapi__text_init(&should, &w->allocator);
    begin(w, &d, &manifest, mesh);
    gwapi_topology *at = resolve(w, NULL);
    tell_image(&is, at, NULL, &image);
    for (uint64_t i = 0; i < steps; i++) {
        uint32_t count = roll(&d, 4) == 0 ? roll(&d, 5) : 1;
        manifest.len = 0;
        for (uint32_t k = 0; k < count; k++)
            say_route(&manifest, &d, roll(&d, ROUTES));
        apply(w, &manifest);
        gwapi_topology *next = resolve(w, at);
        small += is_small(image, next, &w->allocator);
        is.len = should.len = 0;
        tell_image(&is, next, image, &next_image);
        tell_image(&should, next, NULL, NULL);
        expect_same(&is, &should, label, i, gwapi__text_str(&manifest));
        gwapi_topology_release(at);
        gwapi_snapshot_release(image);
        at = next;
        image = next_image;
    }
    gwapi_topology_release(at);
    gwapi_snapshot_release(image);
    gwapi__text_free(&manifest);
    gwapi__text_free(&is);
    gwapi__text_free(&should);
    return small;
}

static void run_world(const char *label, uint64_t add, bool mesh)
{
    uint64_t steps = setting("GWAPI_TEST_STEPS", DEFAULT_STEPS);
    world w;

    world_init(&w, GWAPI_CHANNEL_EXPERIMENTAL);
    w.options.controller = GWAPI__STR("example.com/ours");
    if (mesh)
        w.options.default_mesh = GWAPI__STR("mesh");
    uint64_t small = run(&w, label, setting("GWAPI_TEST_SEED", 1) + add, steps, mesh);
    cr_assert_geq(small, steps / 2, "%s: only %zu of %zu steps", label, (size_t)small,
                  (size_t)steps);
    world_free(&w);
}

Test(match_splice, an_image_from_the_one_before_has_the_bytes_of_one_made_anew)
{
    run_world("Gateways", 0, false);
}

Test(match_splice, the_same_beside_a_mesh)
{
    run_world("a mesh", 1, true);
}

/* ---- without memory -----------------------------------------------------------------------
 */

typedef struct job {
    const gwapi_topology *topology;
    const gwapi_snapshot *previous;
} job;

static gwapi_result compile(const gwapi_allocator *allocator, void *arg)
{
    job *j = arg;
    gwapi_compile_options options = GWAPI_COMPILE_OPTIONS_INIT;
    gwapi_snapshot *made;

    options.allocator = allocator;
    options.previous = j->previous;
    options.flags = GWAPI_COMPILE_KEEP;
    gwapi_result result = gwapi_snapshot_compile(&made, j->topology, &options, NULL);
    gwapi_snapshot_release(made);
    return result;
}

Test(match_splice, no_memory_leaves_the_snapshot_before_as_it_was)
{
    gwapi__text manifest, before;
    gwapi_snapshot *image;
    dice d = {3};
    world w;
    size_t len, runs, bad;

    world_init(&w, GWAPI_CHANNEL_EXPERIMENTAL);
    w.options.controller = GWAPI__STR("example.com/ours");
    gwapi__text_init(&manifest, &w.allocator);
    gwapi__text_init(&before, &w.allocator);
    begin(&w, &d, &manifest, false);
    gwapi_topology *at = resolve(&w, NULL);
    tell_image(&before, at, NULL, &image);
    for (uint32_t i = 0; i < 6; i++) {
        manifest.len = 0;
        say_route(&manifest, &d, 7 * i);
        apply(&w, &manifest);
        gwapi_topology *next = resolve(&w, at);
        job j = {next, image};
        gwapi_result result = test_fail_every_allocation(compile, &j, &runs, &bad);
        cr_assert_eq(result, GWAPI_OK, "route %u: %s", i, gwapi_result_name(result));
        cr_assert_eq(bad, 0, "route %u, allocation %zu", i, bad);
        cr_assert_gt(runs, 20);
        gwapi_topology_release(next);
    }
    const void *bytes = gwapi_snapshot_bytes(image, &len);
    cr_assert(gwapi__str_eq(gwapi__text_str(&before), gwapi__str(bytes, len)));
    gwapi_snapshot_release(image);
    gwapi_topology_release(at);
    gwapi__text_free(&manifest);
    gwapi__text_free(&before);
    world_free(&w);
}
