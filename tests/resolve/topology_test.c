#include "support.h"

#include <stdlib.h>
#include "resolve/resolver.h"

#define GATEWAY(namespace_, name, extra)                                                       \
    "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"                           \
    "metadata: {name: " name ", namespace: " namespace_ "}\n"                                  \
    "spec:\n  gatewayClassName: edge\n" extra                                                  \
    "  listeners:\n  - {name: http, port: 80, protocol: HTTP}\n"                               \
    "  - {name: named, port: 80, protocol: HTTP, hostname: a.example}\n"
#define ROUTE(kind, name, spec)                                                                \
    "---\napiVersion: gateway.networking.k8s.io/v1\nkind: " kind "\n"                          \
    "metadata: {name: " name ", namespace: infra}\n"                                           \
    "spec: {parentRefs: [{name: edge}], " spec "}\n"

static void resolve_text(world *w, const char *text)
{
    world_read(w, gwapi__str_of(text));
    world_resolve(w);
}

Test(resolve_topology, gateways_listeners_and_routes_are_listed_in_order)
{
    gwapi_gateway_info g = {.struct_size = sizeof g};
    gwapi_topology_listener_info l = {.struct_size = sizeof l};
    gwapi_topology_route_info r = {.struct_size = sizeof r};
    uint32_t route;
    world w;

    world_init(&w, GWAPI_CHANNEL_STANDARD);
    resolve_text(&w, GATEWAY("zoo", "a", "") GATEWAY("infra", "edge", "")
                         ROUTE("HTTPRoute", "b", "hostnames: [b.example]")
                             ROUTE("HTTPRoute", "a", "hostnames: [a.example, c.example]")
                                 ROUTE("GRPCRoute", "z", "hostnames: [z.example]"));
    cr_assert_eq(gwapi_topology_gateway_count(w.topology), 2);
    cr_assert_eq(gwapi_topology_gateway_at(w.topology, 0, &g), GWAPI_OK);
    cr_expect(gwapi__str_eq(g.name, GWAPI__STR("edge")));
    cr_expect(gwapi__str_eq(g.gateway_class, GWAPI__STR("edge")));
    cr_expect_eq(g.listener_count, 2);
    cr_expect_eq(g.accepted + g.programmed, 2);
    cr_expect_eq(gwapi_topology_gateway_at(w.topology, 2, &g), GWAPI_EARGUMENT);
    cr_assert_eq(gwapi_topology_listener_count(w.topology), 4);
    cr_assert_eq(gwapi_topology_listener_at(w.topology, 1, &l), GWAPI_OK);
    cr_expect(gwapi__str_eq(l.name, GWAPI__STR("named")));
    cr_expect_eq(l.attached_routes, 3);
    cr_expect_eq(l.attachment_count, 1);
    cr_expect_null(l.listener_set.data);
    cr_expect_eq(gwapi_topology_listener_at(w.topology, 4, &l), GWAPI_EARGUMENT);
    cr_assert_eq(gwapi_topology_route_count(w.topology), 3);
    cr_assert_eq(gwapi_topology_attachment_at(w.topology, 1, 0, &route), GWAPI_OK);
    cr_expect_eq(gwapi_topology_attachment_at(w.topology, 1, 1, &route), GWAPI_EARGUMENT);
    cr_assert_eq(gwapi_topology_route_at(w.topology, route, &r), GWAPI_OK);
    cr_expect(gwapi__str_eq(r.name, GWAPI__STR("a")));
    cr_expect_eq(r.accepted, 1);
    cr_assert_eq(gwapi_topology_route_at(w.topology, 0, &r), GWAPI_OK);
    cr_expect(gwapi__str_eq(r.kind, GWAPI__STR("GRPCRoute")));
    cr_expect_eq(gwapi_topology_route_at(w.topology, 3, &r), GWAPI_EARGUMENT);
    world_free(&w);
}

Test(resolve_topology, listeners_of_a_set_stand_behind_those_of_its_gateway)
{
    gwapi_topology_listener_info l = {.struct_size = sizeof l};
    world w;

    world_init(&w, GWAPI_CHANNEL_EXPERIMENTAL);
    resolve_text(&w, "apiVersion: gateway.networking.x-k8s.io/v1alpha1\nkind: XListenerSet\n"
                     "metadata: {name: team, namespace: infra}\n"
                     "spec: {parentRef: {name: edge}, listeners: [{name: x1, port: 81, "
                     "protocol: HTTP}]}\n" GATEWAY(
                         "infra", "edge", "  allowedListeners: {namespaces: {from: Same}}\n"));
    cr_assert_eq(gwapi_topology_listener_count(w.topology), 3);
    cr_assert_eq(gwapi_topology_listener_at(w.topology, 2, &l), GWAPI_OK);
    cr_expect(gwapi__str_eq(l.listener_set, GWAPI__STR("team")));
    cr_expect_eq(l.port, 81);
    world_free(&w);
}

Test(resolve_topology, a_topology_outlives_the_set_it_came_from)
{
    gwapi_topology *kept;
    world w;

    world_init(&w, GWAPI_CHANNEL_STANDARD);
    resolve_text(&w, GATEWAY("infra", "edge", ""));
    kept = gwapi_topology_retain(w.topology);
    world_free(&w);
    gwapi_condition c = condition_of(kept, "Gateway", "edge", "", "Accepted");
    cr_expect(gwapi__str_eq(c.reason, GWAPI__STR("Accepted")));
    gwapi_topology_release(kept);
    gwapi_topology_release(NULL);
}

Test(resolve_topology, options_that_contradict_are_refused)
{
    gwapi_resolve_options o = GWAPI_RESOLVE_OPTIONS_INIT;
    gwapi_extension extension = {sizeof extension, 9, GWAPI_STR_INIT("x"), GWAPI_STR_INIT("K")};
    gwapi_topology *t;
    world w;

    world_init(&w, GWAPI_CHANNEL_STANDARD);
    cr_expect_eq(gwapi_topology_resolve(NULL, w.set, &o, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_topology_resolve(&t, NULL, &o, NULL), GWAPI_EARGUMENT);
    o.default_mesh = GWAPI__STR("mesh");
    cr_expect_eq(gwapi_topology_resolve(&t, w.set, &o, NULL), GWAPI_EARGUMENT);
    o.default_mesh = (gwapi_str){NULL, 0};
    o.feature_count = 1;
    cr_expect_eq(gwapi_topology_resolve(&t, w.set, &o, NULL), GWAPI_EARGUMENT);
    o.feature_count = 0;
    o.channel = 3;
    cr_expect_eq(gwapi_topology_resolve(&t, w.set, &o, NULL), GWAPI_EARGUMENT);
    o.channel = 0;
    o.extensions = &extension;
    o.extension_count = 1;
    cr_expect_eq(gwapi_topology_resolve(&t, w.set, &o, NULL), GWAPI_EARGUMENT);
    extension.role = 0;
    cr_expect_eq(gwapi_topology_resolve(&t, w.set, &o, NULL), GWAPI_EARGUMENT);
    o.extensions = NULL;
    cr_expect_eq(gwapi_topology_resolve(&t, w.set, &o, NULL), GWAPI_EARGUMENT);
    o.extension_count = 0;
    o.struct_size = 4;
    cr_expect_eq(gwapi_topology_resolve(&t, w.set, &o, NULL), GWAPI_ESTRUCTSIZE);
    cr_expect_eq(gwapi_topology_resolve(&t, w.set, NULL, NULL), GWAPI_OK);
    gwapi_topology_release(t);
    world_free(&w);
}

Test(resolve_topology, writing_gives_the_objects_with_their_statuses)
{
    gwapi__text yaml, json;
    world w;

    world_init(&w, GWAPI_CHANNEL_STANDARD);
    resolve_text(
        &w, "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: []}\n" GATEWAY(
                "infra", "edge", ""));
    gwapi__text_init(&yaml, &w.allocator);
    gwapi__text_init(&json, &w.allocator);
    gwapi_sink to_yaml = {sizeof to_yaml, &yaml, text_sink};
    gwapi_sink to_json = {sizeof to_json, &json, text_sink};
    cr_assert_eq(gwapi_topology_write(w.topology, GWAPI_FORMAT_YAML, &to_yaml), GWAPI_OK);
    cr_assert_eq(gwapi_topology_write(w.topology, GWAPI_FORMAT_JSON, &to_json), GWAPI_OK);
    cr_expect_eq(gwapi_topology_write(w.topology, GWAPI_FORMAT_AUTO, &to_json),
                 GWAPI_EARGUMENT);
    cr_expect_eq(gwapi__str_find(gwapi__text_str(&yaml), GWAPI__STR("kind: Service")),
                 SIZE_MAX);
    cr_expect_neq(gwapi__str_find(gwapi__text_str(&yaml), GWAPI__STR("reason: Programmed")),
                  SIZE_MAX);
    cr_expect(
        gwapi__str_starts(gwapi__text_str(&json),
                          GWAPI__STR("{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[")));
    cr_expect(gwapi__str_ends(gwapi__text_str(&json), GWAPI__STR("]}\n")));
    gwapi__text_free(&yaml);
    gwapi__text_free(&json);
    world_free(&w);
}

Test(resolve_topology, what_was_assumed_is_told_once)
{
    size_t told = 0;
    world w;

    world_init(&w, GWAPI_CHANNEL_STANDARD);
    w.options.assume = GWAPI_ASSUME_SERVICE;
    resolve_text(&w, GATEWAY("infra", "edge", "")
                         ROUTE("HTTPRoute", "a",
                               "rules: [{backendRefs: [{name: web, port: 80}, "
                               "{name: web, port: 81}]}]"));
    for (size_t i = 0; i < gwapi_report_count(w.report); i++) {
        gwapi_diagnostic d = {.struct_size = sizeof d};
        gwapi_report_at(w.report, i, &d);
        told += gwapi__str_eq(d.rule, GWAPI__STR("resolve/assumed"));
    }
    cr_expect_eq(told, 1);
    world_free(&w);
}

Test(resolve_topology, the_status_of_the_input_can_be_asked_for)
{
    static const char with_status[] =
        GATEWAY("infra", "edge", "") "status:\n  addresses: [{value: 192.0.2.1}]\n";
    const struct {
        const char *label, *input, *expected;
    } cases[] = {
        {"none", GATEWAY("infra", "edge", ""), "{}"},
        {"written", with_status,
         "{\"addresses\":[{\"value\":\"192.0.2.1\",\"type\":\"IPAddress\"}],\"conditions\":"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gwapi__text t;
        world w;
        world_init(&w, GWAPI_CHANNEL_STANDARD);
        resolve_text(&w, cases[i].input);
        gwapi__text_init(&t, &w.allocator);
        gwapi_sink sink = {sizeof sink, &t, text_sink};
        cr_expect_eq(gwapi_topology_stored_status_write(w.topology, 0, &sink), GWAPI_OK);
        cr_expect(gwapi__str_starts(gwapi__text_str(&t), gwapi__str_of(cases[i].expected)),
                  "%s: %.*s", cases[i].label, (int)t.len, t.data);
        cr_expect_eq(gwapi_topology_stored_status_write(w.topology, 0, NULL), GWAPI_EARGUMENT);
        cr_expect_eq(gwapi_topology_stored_status_write(w.topology, 1, &sink),
                     GWAPI_EARGUMENT);
        gwapi__text_free(&t);
        world_free(&w);
    }
}

/* ---- what is not there --------------------------------------------------------------- */

static int keep_nothing(void *ctx, const char *data, size_t len)
{
    (void)ctx, (void)data, (void)len;
    return 0;
}

Test(resolve_topology, what_is_not_there_is_refused)
{
    const gwapi_sink sink = {sizeof sink, NULL, keep_nothing};
    gwapi_topology_listener_info l = {.struct_size = sizeof l};
    gwapi_object_ref ref = GWAPI_OBJECT_REF_INIT;
    gwapi_condition c = {.struct_size = sizeof c};
    uint32_t route;
    world w;

    world_init(&w, GWAPI_CHANNEL_STANDARD);
    resolve_text(&w, GATEWAY("infra", "edge", ""));
    cr_expect_eq(gwapi_topology_attachment_at(w.topology, 9, 0, &route), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_topology_attachment_at(w.topology, 0, 9, &route), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_topology_attachment_at(w.topology, 0, 0, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_topology_listener_at(w.topology, 9, &l), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_topology_status_at(w.topology, 9, &ref), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_topology_condition_count(w.topology, 9), 0);
    cr_expect_eq(gwapi_topology_condition_at(w.topology, 9, 0, &c), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_topology_condition_at(w.topology, 0, 99, &c), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_topology_status_write(w.topology, 9, &sink), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_topology_status_write(w.topology, 0, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_topology_stored_status_write(w.topology, 9, &sink), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_topology_stored_status_write(w.topology, 0, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_topology_write(w.topology, GWAPI_FORMAT_YAML, NULL), GWAPI_EARGUMENT);
    world_free(&w);
}

/* Statuses can be had without the objects they belong to, lists of objects cannot. */
Test(resolve_topology, objects_without_their_source_are_not_written)
{
    const gwapi_sink sink = {sizeof sink, NULL, keep_nothing};
    world w;

    world_init(&w, GWAPI_CHANNEL_STANDARD);
    gwapi_resources_free(w.set);
    cr_assert_eq(gwapi_resources_new(&w.set, w.schema, NULL), GWAPI_OK);
    resolve_text(&w, GATEWAY("infra", "edge", ""));
    cr_expect_eq(gwapi_topology_stored_status_write(w.topology, 0, &sink), GWAPI_ESTATE);
    cr_expect_eq(gwapi_topology_status_write(w.topology, 0, &sink), GWAPI_OK);
    cr_expect_eq(gwapi_topology_write(w.topology, GWAPI_FORMAT_YAML, &sink), GWAPI_ESTATE);
    world_free(&w);
}

/* Listeners, parents, ancestors; and the mesh that no input has. */
Test(resolve_topology, every_condition_is_listed_with_its_scope)
{
    static const char *const scopes[] = {"", "listeners[1]", "parents[0]", "parents[1]",
                                         "ancestors[0]"};
    size_t seen[5] = {0};
    world w;

    world_init(&w, GWAPI_CHANNEL_EXPERIMENTAL);
    w.options.controller = GWAPI__STR("example.com/us");
    w.options.default_mesh = GWAPI__STR("us");
    w.options.assume = GWAPI_ASSUME_GATEWAY_CLASS | GWAPI_ASSUME_SERVICE;
    resolve_text(&w, GATEWAY("infra", "edge", "")
                         "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
                         "metadata: {name: a, namespace: infra}\n"
                         "spec: {parentRefs: [{name: edge, sectionName: http},\n"
                         "  {name: edge, sectionName: named}],\n"
                         "  rules: [{backendRefs: [{name: web, port: 80}]}]}\n"
                         "---\napiVersion: gateway.networking.k8s.io/v1\n"
                         "kind: BackendTLSPolicy\nmetadata: {name: a, namespace: infra}\n"
                         "spec: {targetRefs: [{group: '', kind: Service, name: web}],\n"
                         "  validation: {hostname: h, wellKnownCACertificates: System}}\n");
    for (size_t i = 0; i < gwapi_topology_status_count(w.topology); i++)
        for (size_t j = 0; j < gwapi_topology_condition_count(w.topology, i); j++) {
            gwapi_condition c = {.struct_size = sizeof c};
            cr_assert_eq(gwapi_topology_condition_at(w.topology, i, j, &c), GWAPI_OK);
            for (size_t k = 0; k < 5; k++)
                seen[k] += gwapi__str_eq(c.scope, gwapi__str_of(scopes[k]));
        }
    for (size_t k = 0; k < 5; k++)
        cr_expect_gt(seen[k], 0, "no condition of \"%s\"", scopes[k]);
    world_free(&w);
}

/* By `previous` as well as anew. */
static void expect_the_same_anew(world *w, const char *label)
{
    gwapi_topology *anew;
    gwapi__text is, should;

    w->options.previous = w->topology;
    world_resolve(w);
    w->options.previous = NULL;
    cr_assert_eq(gwapi_topology_resolve(&anew, w->set, &w->options, NULL), GWAPI_OK);
    gwapi__text_init(&is, &w->allocator);
    gwapi__text_init(&should, &w->allocator);
    write_statuses(&is, w->topology);
    write_statuses(&should, anew);
    cr_expect(gwapi__str_eq(gwapi__text_str(&is), gwapi__text_str(&should)), "%s:\n%.*s\n%.*s",
              label, GWAPI__FMT(gwapi__text_str(&is)), GWAPI__FMT(gwapi__text_str(&should)));
    gwapi__text_free(&is);
    gwapi__text_free(&should);
    gwapi_topology_release(anew);
}

static void read_routes(world *w, int from, int to, const char *hostname)
{
    for (int i = from; i < to; i++) {
        char text[512];
        int len = snprintf(text, sizeof text,
                           "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
                           "metadata: {name: r%d, namespace: infra}\n"
                           "spec: {parentRefs: [{name: edge}], hostnames: [%s]}\n",
                           i, hostname);
        world_read(w, gwapi__str(text, (size_t)len));
    }
}

/* More objects than stand in one chunk of a set, and changes of each size. */
Test(resolve_topology, any_number_of_changes_gives_what_resolving_anew_gives)
{
    gwapi_object_ref route = {sizeof route, GWAPI__STR("gateway.networking.k8s.io"),
                              GWAPI__STR("HTTPRoute"), GWAPI__STR("infra"), GWAPI__STR("r7")};
    world w;

    world_init(&w, GWAPI_CHANNEL_EXPERIMENTAL);
    resolve_text(&w, GATEWAY("infra", "edge", ""));
    read_routes(&w, 0, 300, "a.example");
    expect_the_same_anew(&w, "most is new");
    read_routes(&w, 300, 301, "a.example");
    expect_the_same_anew(&w, "one more at the end");
    read_routes(&w, 20, 21, "b.example");
    expect_the_same_anew(&w, "one is another");
    read_routes(&w, 0, 40, "c.example");
    expect_the_same_anew(&w, "some are others");
    read_routes(&w, 0, 200, "d.example");
    expect_the_same_anew(&w, "most are others");
    cr_assert_eq(gwapi_resources_delete(w.set, &route), GWAPI_OK);
    expect_the_same_anew(&w, "one goes");
    read_routes(&w, 7, 8, "e.example");
    expect_the_same_anew(&w, "it comes back");
    cr_assert_eq(gwapi_resources_delete(w.set, &route), GWAPI_OK);
    read_routes(&w, 7, 8, "f.example");
    expect_the_same_anew(&w, "it goes and comes back at once");
    cr_assert_eq(gwapi_resources_delete(w.set, &route), GWAPI_OK);
    read_routes(&w, 400, 401, "f.example");
    expect_the_same_anew(&w, "one goes and another comes");
    w.options.controller = GWAPI__STR("example.com/another");
    expect_the_same_anew(&w, "someone else asks");
    world_free(&w);
}

/* Names that the server makes are not there yet: nothing tells such objects apart. */
Test(resolve_topology, gateways_without_a_name_are_changed_and_resolved_like_others)
{
    static const char nameless[] =
        "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
        "metadata: {generateName: edge-, namespace: infra}\n"
        "spec: {gatewayClassName: edge, defaultScope: All,\n"
        "  listeners: [{name: http, port: 80, protocol: HTTP}]}\n";
    static const char route[] =
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
        "metadata: {name: a, namespace: infra}\nspec: {useDefaultGateways: All}\n";
    world w;

    world_init(&w, GWAPI_CHANNEL_EXPERIMENTAL);
    resolve_text(&w, nameless);
    expect_the_same_anew(&w, "nothing changes");
    world_read(&w, gwapi__str_of(route));
    expect_the_same_anew(&w, "a route comes");
    world_read(&w, gwapi__str_of(nameless));
    expect_the_same_anew(&w, "another without a name comes");
    world_read(&w, gwapi__str_of(route));
    expect_the_same_anew(&w, "the route is read again");
    world_free(&w);
}

Test(resolve_topology, more_listeners_than_indices_is_a_limit)
{
    static gwapi__resolver r;

    cr_expect_eq(gwapi__work_reserve(&r, 0, UINT32_MAX, 0), GWAPI_ELIMIT);
}

/* A stored object may hold what no schema would let in. */
Test(resolve_topology, an_expression_nested_too_deeply_drops_its_rule)
{
    const size_t depth = 200000;
    char *pattern = calloc(1, depth + 1), *text = malloc(depth + 1024);
    world w;

    cr_assert(pattern != NULL && text != NULL);
    memset(pattern, '(', depth);
    snprintf(text, depth + 1024,
             ROUTE("HTTPRoute", "a",
                   "rules: [{}, {matches: [{path: {type: RegularExpression, value: '%s'}}]}]"),
             pattern);
    world_init(&w, GWAPI_CHANNEL_EXPERIMENTAL);
    w.mode = GWAPI_READ_STORED;
    world_read(&w, gwapi__str_of(GATEWAY("infra", "edge", "")));
    resolve_text(&w, text);
    gwapi_condition c =
        condition_of(w.topology, "HTTPRoute", "a", "parents[0]", "PartiallyInvalid");
    cr_expect(gwapi__str_eq(c.reason, GWAPI__STR("UnsupportedValue")));
    cr_expect(gwapi__str_ends(c.message, GWAPI__STR("is too large")));
    world_free(&w);
    free(pattern);
    free(text);
}
