/*
 * Every allocation of resolving by `previous` fails in turn: GWAPI_ENOMEM, nothing is lost, and
 * the previous topology is what it was and good for another try. GWAPI_TEST_SEED chooses
 * another run, GWAPI_TEST_OOM_STEPS a longer one.
 */
#include "tell.h"

#include "support/oom.h"

#define DEFAULT_OOM_STEPS 60

/* The allocation that fails, from here on; 0: none. */
static void fail_after(test_memory *m, size_t n)
{
    m->fail_at = n != 0 ? m->calls + n : 0;
    m->failed = 0;
}

/* Resolves with the first, the second, … allocation failing, until none does. */
static gwapi_topology *resolve_at_last(world *w, test_memory *m, const gwapi_topology *previous,
                                       uint64_t step)
{
    gwapi_topology *made = NULL;
    gwapi_result result = GWAPI_ENOMEM;

    w->options.previous = previous;
    for (size_t n = 1; result != GWAPI_OK; n++) {
        size_t blocks = m->live_blocks, bytes = m->live_bytes;
        fail_after(m, n);
        result = gwapi_topology_resolve(&made, w->set, &w->options, NULL);
        if (m->failed == 0)
            break;
        cr_assert_eq(result, GWAPI_ENOMEM, "step %zu, allocation %zu: %s", (size_t)step, n,
                     gwapi_result_name(result));
        cr_assert_null(made);
        cr_assert_eq(m->live_blocks, blocks, "step %zu, allocation %zu", (size_t)step, n);
        cr_assert_eq(m->live_bytes, bytes, "step %zu, allocation %zu", (size_t)step, n);
    }
    fail_after(m, 0);
    cr_assert_eq(result, GWAPI_OK);
    return made;
}

static void run(world *w, test_memory *m, dice *d, uint64_t steps)
{
    gwapi__text manifest, before, is, should;
    gwapi_topology *at = resolve_at_last(w, m, NULL, 0);

    gwapi__text_init(&manifest, &w->allocator);
    gwapi__text_init(&before, &w->allocator);
    gwapi__text_init(&is, &w->allocator);
    gwapi__text_init(&should, &w->allocator);
    for (uint64_t i = 0; i < steps; i++) {
        tell_all(&before, at);
        step(w, d, &manifest);
        gwapi_topology *next = resolve_at_last(w, m, at, i), *anew;
        w->options.previous = NULL;
        cr_assert_eq(gwapi_topology_resolve(&anew, w->set, &w->options, NULL), GWAPI_OK);
        tell_all(&is, next);
        tell_all(&should, anew);
        expect_same(&is, &should, "after failures", i, gwapi__text_str(&manifest));
        tell_all(&is, at);
        expect_same(&is, &before, "the previous one", i, gwapi__text_str(&manifest));
        gwapi_topology_release(anew);
        gwapi_topology_release(at);
        at = next;
    }
    gwapi_topology_release(at);
    gwapi__text_free(&manifest);
    gwapi__text_free(&before);
    gwapi__text_free(&is);
    gwapi__text_free(&should);
}

Test(resolve_change_memory, no_memory_leaves_the_previous_topology_as_it_was)
{
    dice d = {setting("GWAPI_TEST_SEED", 1)};
    gwapi__text manifest;
    test_memory memory = {0};
    gwapi_allocator allocator = test_memory_allocator(&memory);
    world w;

    world_init(&w, GWAPI_CHANNEL_EXPERIMENTAL);
    w.options.controller = GWAPI__STR("example.com/ours");
    gwapi__text_init(&manifest, &w.allocator);
    for (int i = 0; i < 60; i++) /* something to begin with */
        step(&w, &d, &manifest);
    gwapi__text_free(&manifest);
    w.options.allocator = &allocator;
    run(&w, &memory, &d, setting("GWAPI_TEST_OOM_STEPS", DEFAULT_OOM_STEPS));
    cr_assert_eq(memory.live_blocks, 0);
    cr_assert_eq(memory.live_bytes, 0);
    world_free(&w);
}

#define META(name, more) "metadata: {name: " name ", namespace: infra" more "}\n"
#define API              "apiVersion: gateway.networking.k8s.io/v1\n"
#define EDGE(more)                                                                             \
    API "kind: Gateway\n" META("edge", "") "spec: {gatewayClassName: edge, " more               \
        "allowedListeners: {namespaces: {from: Same}},\n"                                      \
        "  listeners: [{name: http, port: 80, protocol: HTTP}]}\n"
#define POLICY(name)                                                                           \
    API "kind: BackendTLSPolicy\n" META(name, "")                                              \
        "spec: {targetRefs: [{group: '', kind: Service, name: web}],\n"                        \
        "  validation: {hostname: a.example, wellKnownCACertificates: System}}\n"

/* Steps that dice seldom throw: a route is blocked, sets and policies are looked at again, a
 * Gateway with all of them goes. */
Test(resolve_change_memory, whatever_a_change_touches_is_whole_or_as_it_was)
{
    static const char *const texts[] = {
        EDGE("") "---\napiVersion: gateway.networking.x-k8s.io/v1alpha1\nkind: XListenerSet\n"
            META("more", "") "spec: {parentRef: {name: edge},\n"
            "  listeners: [{name: one, port: 90, protocol: HTTP}]}\n---\n"
            "apiVersion: v1\nkind: Service\n" META("web", "") "spec: {ports: [{port: 80}]}\n---\n"
            POLICY("a") "---\n" POLICY("b") "---\n" POLICY("c"),
        API "kind: HTTPRoute\n" META("new", ", creationTimestamp: '2020-02-02T00:00:00Z'")
            "spec: {parentRefs: [{name: edge}, {name: more, kind: XListenerSet,\n"
            "  group: gateway.networking.x-k8s.io}], hostnames: [a.example],\n"
            "  rules: [{backendRefs: [{name: web, port: 80}]}]}\n",
        API "kind: GRPCRoute\n" META("old", ", creationTimestamp: '2020-01-01T00:00:00Z'")
            "spec: {parentRefs: [{name: edge}], hostnames: [a.example]}\n",
        POLICY("a") "---\n" POLICY("b"),
        EDGE("addresses: [{value: 192.0.2.1}], "),
    };
    gwapi_object_ref edge = {sizeof edge, GWAPI__STR("gateway.networking.k8s.io"),
                             GWAPI__STR("Gateway"), GWAPI__STR("infra"), GWAPI__STR("edge")};
    test_memory m = {0};
    gwapi_allocator allocator = test_memory_allocator(&m);
    gwapi_topology *at = NULL;
    world w;

    world_init(&w, GWAPI_CHANNEL_EXPERIMENTAL);
    w.options.allocator = &allocator;
    for (size_t i = 0; i <= sizeof texts / sizeof *texts; i++) {
        if (i < sizeof texts / sizeof *texts)
            world_read(&w, gwapi__str_of(texts[i]));
        else
            cr_assert_eq(gwapi_resources_delete(w.set, &edge), GWAPI_OK);
        gwapi_topology *next = resolve_at_last(&w, &m, at, i);
        gwapi_topology_release(at);
        at = next;
    }
    cr_expect_eq(gwapi_topology_gateway_count(at), 0);
    gwapi_topology_release(at);
    w.options.previous = NULL;
    world_free(&w);
    cr_expect_eq(m.live_blocks, 0);
}

/* What was found of a Gateway before is entered again, and the table of names has to grow. */
Test(resolve_change_memory, a_gateway_with_many_sets_is_taken_over_whole_or_not_at_all)
{
    static const char route[] =
        API "kind: HTTPRoute\n" META("new", "") "spec: {parentRefs: [{name: edge}]}\n";
    enum { SETS = 14 };
    test_memory m = {0};
    gwapi_allocator allocator = test_memory_allocator(&m);
    gwapi_topology *at, *next;
    world w;

    world_init(&w, GWAPI_CHANNEL_EXPERIMENTAL);
    w.options.allocator = &allocator;
    world_read(&w, GWAPI__STR(EDGE("")));
    for (int i = 0; i < SETS; i++) {
        char text[400];
        snprintf(text, sizeof text,
                 "apiVersion: gateway.networking.x-k8s.io/v1alpha1\nkind: XListenerSet\n"
                 META("more-%d", "") "spec: {parentRef: {name: edge},\n"
                 "  listeners: [{name: one, port: %d, protocol: HTTP}]}\n", i, 90 + i);
        world_read(&w, gwapi__str_of(text));
    }
    at = resolve_at_last(&w, &m, NULL, 0);
    world_read(&w, gwapi__str_of(route));
    next = resolve_at_last(&w, &m, at, 1);
    cr_expect_eq(gwapi_topology_listener_count(next), SETS + 1);
    gwapi_topology_release(at);
    gwapi_topology_release(next);
    w.options.previous = NULL;
    world_free(&w);
    cr_expect_eq(m.live_blocks, 0);
}
