/* Every allocation of compiling fails in turn, those from an arena too (exact_blocks.c):
 * GWAPI_ENOMEM, and nothing is lost. */
#include "compile/manifests.h"

#include "support/oom.h"

typedef struct job {
    const gwapi_topology *topology;
    const gwapi_snapshot *previous;
    uint32_t flags;
} job;

static gwapi_result compile(const gwapi_allocator *allocator, void *arg)
{
    gwapi_compile_options options = GWAPI_COMPILE_OPTIONS_INIT;
    const job *j = arg;
    gwapi_snapshot *s;

    options.allocator = allocator;
    options.previous = j->previous;
    options.flags = j->flags;
    gwapi_result r = gwapi_snapshot_compile(&s, j->topology, &options, NULL);
    cr_assert_eq(r == GWAPI_OK, s != NULL);
    gwapi_snapshot_release(s);
    return r;
}

static void fail_everything(const char *what, job *j)
{
    size_t runs, bad;

    cr_expect_eq(test_fail_every_allocation(compile, j, &runs, &bad), GWAPI_OK, "%s", what);
    cr_expect_eq(bad, 0, "%s, allocation %zu", what, bad);
    cr_expect_gt(runs, 50, "%s", what);
}

static void begin(made *m, bool mesh)
{
    made_init(m, mesh);
    gwapi__text_addz(&m->text, infrastructure);
    gwapi__text_addz(&m->text, certificates);
    gwapi__text_addz(&m->text, everything);
    say_more(m, tls_policy, "n.example");
    say_more(m, traffic_policy, "20");
    if (mesh) {
        say_more(m, mesh_route, "a", "/m");
        say_more(m, mesh_route, "b", "/n");
    }
}

Test(compile_memory, without_memory_nothing_is_left)
{
    static const uint32_t flags[] = {GWAPI_COMPILE_WITH_KEYS, GWAPI_COMPILE_KEEP};

    for (size_t i = 0; i < 2; i++) {
        made m;
        begin(&m, i != 0);
        made_read(&m);
        job j = {.topology = made_resolve(&m, NULL), .flags = flags[i]};
        fail_everything(i == 0 ? "Gateways" : "a mesh", &j);
        gwapi_topology_release((gwapi_topology *)(uintptr_t)j.topology);
        made_free(&m);
    }
}

/* No listener has a certificate or asks clients for theirs. */
Test(compile_memory, without_memory_nothing_is_left_of_certificates_for_backends)
{
    static const char gateway[] = GATEWAY_API
        "kind: GatewayClass\nmetadata: {name: ours}\n"
        "spec: {controllerName: example.com/ours}\n"
        "---\n" GATEWAY_API "kind: Gateway\nmetadata: {name: g, namespace: a}\n"
        "spec: {gatewayClassName: ours, tls: {backend: {clientCertificateRef: {name: c}}},\n"
        "  listeners: [{name: l, port: 81, protocol: HTTP}]}\n"
        "---\napiVersion: v1\nkind: Service\nmetadata: {name: safe, namespace: a}\n"
        "spec: {clusterIP: 10.1.0.3, ports: [{port: 443}]}\n";
    made m;

    made_init(&m, false);
    gwapi__text_addz(&m.text, gateway);
    gwapi__text_addz(&m.text, certificates);
    say_more(&m, tls_policy, "n.example");
    say_more(&m, some_route, "HTTPRoute", 0u, "", "x.example",
             "{backendRefs: [{name: safe, port: 443}]}");
    made_read(&m);
    job j = {.topology = made_resolve(&m, NULL)};
    fail_everything("certificates", &j);
    gwapi_topology_release((gwapi_topology *)(uintptr_t)j.topology);
    made_free(&m);
}

/* Each wildcard covers the next, all have the same routes: hosts share tables. */
Test(compile_memory, without_memory_nothing_is_left_of_many_hosts)
{
    gwapi__text hosts;
    made m;

    begin(&m, false);
    gwapi__text_init(&hosts, &m.world.allocator);
    for (unsigned i = 0; i < 20; i++) {
        gwapi__text_addz(&hosts, i == 0 ? "'*." : ", '*.");
        for (unsigned k = 0; k < i; k++)
            gwapi__text_addz(&hosts, "a.");
        gwapi__text_addz(&hosts, "b'");
    }
    gwapi__text_char(&hosts, '\0');
    say_more(&m, some_route, "HTTPRoute", 0u, "", hosts.data, "{name: wide}");
    made_read(&m);
    job j = {.topology = made_resolve(&m, NULL), .flags = GWAPI_COMPILE_KEEP};
    fail_everything("many hosts", &j);
    gwapi_topology_release((gwapi_topology *)(uintptr_t)j.topology);
    gwapi__text_free(&hosts);
    made_free(&m);
}

/* ---- from the image before --------------------------------------------------------------- */

static const struct {
    const char *what, *kind, *rules;
} changes[] = {
    {"a path", "HTTPRoute",
     "{matches: [{path: {value: /n}}, {path: {type: Exact, value: /o}}]}"},
    {"a pattern and headers that are there", "HTTPRoute",
     "{matches: [{path: {type: RegularExpression, value: '.*x'}, headers: [{name: x-b, value: "
     "w}]}]}"},
    {"filters", "HTTPRoute",
     "{matches: [{path: {value: /a}}], filters: [{type: RequestHeaderModifier, "
     "requestHeaderModifier: {set: [{name: a, value: n}]}}, {type: RequestMirror, "
     "requestMirror: "
     "{backendRef: {name: s1, port: 80}}}], backendRefs: [{name: s9, port: 9, filters: [{type: "
     "RequestMirror, requestMirror: {backendRef: {name: s1, port: 80}}}]}], retry: {attempts: "
     "1, "
     "codes: [500]}, sessionPersistence: {sessionName: n}}"},
    {"a header that is new", "HTTPRoute", "{matches: [{headers: [{name: x-n, value: a}]}]}"},
    {"a method", "GRPCRoute",
     "{matches: [{method: {service: n.B, method: C}, headers: [{name: x-g, value: '2'}]}]}"},
    {"a method by pattern", "GRPCRoute",
     "{matches: [{method: {type: RegularExpression, service: 'a.*', method: 'D|E'}}, {method: "
     "{method: C}}]}"},
    {"nothing that matches", "GRPCRoute", ""},
};

static void say_routes(made *m, const char *rules, const char *grpc_rules)
{
    say_more(m, some_route, "HTTPRoute", 0u, "", "x.example, w.own", rules);
    say_more(m, some_route, "HTTPRoute", 1u, ", creationTimestamp: '2020-01-01T00:00:00Z'",
             "x.example", "{matches: [{path: {value: /a}}]}");
    say_more(m, some_route, "GRPCRoute", 0u, "", "y.example", grpc_rules);
}

Test(compile_memory, splicing_without_memory_leaves_the_snapshot_before_as_it_was)
{
    static const char http[] =
        "{matches: [{path: {value: /a}}], backendRefs: [{name: s0, port: "
        "80}]}";
    static const char grpc[] = "{matches: [{method: {service: a.B, method: C}}]}";

    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        bool of_grpc = changes[i].kind[0] == 'G';
        made m;
        gwapi__text before, after;
        gwapi_snapshot *image;
        begin(&m, i % 2 != 0);
        say_routes(&m, http, grpc);
        made_read(&m);
        gwapi__text_init(&before, &m.world.allocator);
        gwapi__text_init(&after, &m.world.allocator);
        gwapi_topology *first = made_resolve(&m, NULL);
        tell_image(&before, first, NULL, &image);
        say_routes(&m, of_grpc ? http : changes[i].rules, of_grpc ? changes[i].rules : grpc);
        made_read(&m);
        gwapi_topology *second = made_resolve(&m, first);
        job j = {.topology = second, .previous = image, .flags = GWAPI_COMPILE_KEEP};
        fail_everything(changes[i].what, &j);
        size_t len;
        const char *bytes = gwapi_snapshot_bytes(image, &len);
        cr_expect(gwapi__str_eq(gwapi__text_str(&before), gwapi__str(bytes, len)));
        gwapi_snapshot_release(image);
        gwapi_topology_release(first);
        gwapi_topology_release(second);
        gwapi__text_free(&before);
        gwapi__text_free(&after);
        made_free(&m);
    }
}
