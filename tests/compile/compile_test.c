/* What compiling refuses, and how it tells. What images answer is tested in tests/match. */
#include "compile/manifests.h"

#include "image/index.h"

static made m;
static gwapi_topology *topology;

static void set_up(void)
{
    made_init(&m, false);
    gwapi__text_addz(&m.text, infrastructure);
    gwapi__text_addz(&m.text, certificates);
    gwapi__text_addz(&m.text, everything);
    made_read(&m);
    topology = made_resolve(&m, NULL);
}

static void tear_down(void)
{
    gwapi_topology_release(topology);
    made_free(&m);
}

TestSuite(compile, .init = set_up, .fini = tear_down);

static gwapi_result compile(const gwapi_compile_options *options, gwapi_report *report)
{
    gwapi_snapshot *s = (gwapi_snapshot *)1;
    gwapi_result r = gwapi_snapshot_compile(&s, topology, options, report);

    cr_expect_eq(r == GWAPI_OK, s != NULL);
    gwapi_snapshot_release(s);
    return r;
}

Test(compile, arguments_are_checked)
{
    const gwapi_object_ref ref = GWAPI_OBJECT_REF_INIT;
    const gwapi_compile_options good = GWAPI_COMPILE_OPTIONS_INIT;
    gwapi_compile_options o = good;
    gwapi_snapshot *s = (gwapi_snapshot *)1;

    cr_expect_eq(gwapi_snapshot_compile(NULL, topology, NULL, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_snapshot_compile(&s, NULL, NULL, NULL), GWAPI_EARGUMENT);
    cr_expect_null(s);
    o.flags = 64;
    cr_expect_eq(compile(&o, NULL), GWAPI_EARGUMENT);
    o = good;
    o.reserved = 1;
    cr_expect_eq(compile(&o, NULL), GWAPI_EARGUMENT);
    o = good;
    o.gateway_count = 1;
    cr_expect_eq(compile(&o, NULL), GWAPI_EARGUMENT, "Gateways without a list");
    o.gateways = &ref;
    cr_expect_eq(compile(&o, NULL), GWAPI_ENOTFOUND, "a Gateway that is not there");
    o = good;
    o.struct_size = 1;
    cr_expect_eq(compile(&o, NULL), GWAPI_ESTRUCTSIZE);
    o = good;
    o.allocator = &(gwapi_allocator){.struct_size = 1};
    cr_expect_eq(compile(&o, NULL), GWAPI_ESTRUCTSIZE);
    o = good;
    o.limits = &(gwapi_limits){.struct_size = 1};
    cr_expect_eq(compile(&o, NULL), GWAPI_ESTRUCTSIZE);
    cr_expect_eq(compile(&good, NULL), GWAPI_OK);
}

Test(compile, an_image_of_4_GiB_is_a_limit_that_is_told)
{
    gwapi_compile_options o = GWAPI_COMPILE_OPTIONS_INIT;
    gwapi_diagnostic d = {.struct_size = sizeof d};
    gwapi_report *report;

    cr_assert_eq(gwapi_report_new(&report, NULL, NULL), GWAPI_OK);
    o.flags = GWAPI_COMPILE_KEEP;
    o.label = gwapi__str("not read", UINT32_MAX);
    cr_expect_eq(compile(&o, report), GWAPI_ELIMIT);
    cr_assert_eq(gwapi_report_at(report, 0, &d), GWAPI_OK);
    cr_expect_eq(d.type, GWAPI_ERROR_LIMIT);
    cr_expect(gwapi__str_eq(d.rule, GWAPI__STR("image/size")));
    gwapi_report_free(report);
}

Test(compile, a_pattern_with_too_many_states_is_a_limit_that_is_told)
{
    gwapi_compile_options o = GWAPI_COMPILE_OPTIONS_INIT;
    gwapi_limits limits = {.struct_size = sizeof limits, .regex_states = 1};
    gwapi_diagnostic d = {.struct_size = sizeof d};
    gwapi_report *report;

    cr_assert_eq(gwapi_report_new(&report, NULL, NULL), GWAPI_OK);
    o.flags = GWAPI_COMPILE_KEEP | GWAPI_COMPILE_NO_JIT;
    o.limits = &limits;
    cr_expect_eq(compile(&o, report), GWAPI_ELIMIT);
    cr_assert_eq(gwapi_report_at(report, 0, &d), GWAPI_OK);
    cr_expect(gwapi__str_eq(d.rule, GWAPI__STR("image/regex")));
    gwapi_report_free(report);
}

/* The rule that takes a request on port 80; GWAPI_NONE. */
static uint32_t rule_for(const gwapi_snapshot *s, const char *host, const char *path)
{
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection connection = GWAPI_CONNECTION_INIT;
    gwapi_decision decision = GWAPI_DECISION_INIT;
    gwapi_request request = GWAPI_REQUEST_INIT;
    gwapi_scratch *scratch;

    arrival.port = 80;
    request.host = gwapi__str_of(host);
    request.path = gwapi__str_of(path);
    cr_assert_eq(gwapi_scratch_new(&scratch, s, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_accept(s, scratch, &arrival, &connection), GWAPI_OK);
    cr_assert_eq(gwapi_match(s, scratch, &connection, &request, &decision), GWAPI_OK);
    gwapi_scratch_free(scratch);
    return decision.rule;
}

/* Of what was said. */
static gwapi_snapshot *snapshot_of_all(void)
{
    gwapi_snapshot *s;

    made_read(&m);
    gwapi_topology *t = made_resolve(&m, NULL);
    cr_assert_eq(gwapi_snapshot_compile(&s, t, NULL, NULL), GWAPI_OK);
    gwapi_topology_release(t);
    return s;
}

/* Lengths of more than one byte. */
Test(compile, long_texts_are_found)
{
    static char path[300], host[240], longer[301];

    memset(path, 'p', sizeof path - 1);
    path[0] = '/';
    for (size_t i = 0; i < sizeof host - 1; i++)
        host[i] = i % 60 == 59 ? '.' : 'h';
    say_more(&m, some_route, "HTTPRoute", 0u, "", host, "{matches: [{path: {value: /none}}]}");
    say_more(
        &m,
        "---\n" GATEWAY_API "kind: HTTPRoute\nmetadata: {name: long, namespace: a}\n"
        "spec: {parentRefs: [{name: g}], hostnames: [%s], rules: [{matches: [{path: {type: "
        "Exact, value: %s}}]}]}\n",
        host, path);
    gwapi_snapshot *s = snapshot_of_all();
    cr_expect_neq(rule_for(s, host, path), GWAPI_NONE);
    snprintf(longer, sizeof longer, "%sp", path);
    cr_expect_eq(rule_for(s, host, longer), GWAPI_NONE);
    gwapi_snapshot_release(s);
}

/* Anybody can make such ones: no seed of a table tells them apart. */
Test(compile, paths_that_share_a_whole_hash_are_told_apart)
{
    static const char a[] = "/aaaaaaapaaapapp", b[] = "/j4utqoa0ean0j64";
    char longer[sizeof a + 2];

    cr_assert_eq(gwapi__index_text(a, sizeof a - 1), gwapi__index_text(b, sizeof b - 1));
    say_more(&m,
             "---\n" GATEWAY_API "kind: HTTPRoute\nmetadata: {name: made, namespace: a}\n"
             "spec: {parentRefs: [{name: g}], hostnames: [made.example], rules: [\n"
             "  {matches: [{path: {type: Exact, value: %s}}]},\n"
             "  {matches: [{path: {type: Exact, value: %s}}]},\n"
             "  {matches: [{path: {value: %s}}]}, {matches: [{path: {value: %s}}]}]}\n",
             b, a, a, b);
    gwapi_snapshot *s = snapshot_of_all();
    uint32_t first = rule_for(s, "made.example", b);
    cr_expect_neq(first, GWAPI_NONE);
    cr_expect_eq(rule_for(s, "made.example", a), first + 1);
    snprintf(longer, sizeof longer, "%s/x", a);
    cr_expect_eq(rule_for(s, "made.example", longer), first + 2);
    snprintf(longer, sizeof longer, "%s/x", b);
    cr_expect_eq(rule_for(s, "made.example", longer), first + 3);
    gwapi_snapshot_release(s);
}

/* TARGET of the first backend of a rule of the route "alone". */
static uint32_t target_of(const gwapi_snapshot *s, uint32_t rule)
{
    uint32_t route = 0;

    while (!gwapi__str_eq(gwapi__image_str(s, gwapi__image_ROUTE(s, route)->name),
                          GWAPI__STR("alone")))
        route++;
    for (uint32_t i = 0; i < gwapi__image_count(s, GWAPI__SECTION_RULE); i++) {
        const gwapi__image_rule *r = gwapi__image_RULE(s, i);
        if (r->route == route && r->index == rule)
            return gwapi__image_BACKEND(s, r->backends.first)->target;
    }
    cr_assert_fail("no rule %u", (unsigned)rule);
    return GWAPI__IMAGE_NONE;
}

Test(compile, a_service_has_a_target_for_each_port_and_fault)
{
    static const struct {
        uint32_t port, fault;
        const char *backend;
    } rules[] = {
        {80, GWAPI_BACKEND_FAULT_NONE, "port: 80"},
        {81, GWAPI_BACKEND_FAULT_NONE, "port: 81"},
        {80, GWAPI_BACKEND_FAULT_INVALID_FILTER,
         "port: 80, filters: [{type: ExtensionRef, extensionRef: {group: example.com, kind: Own, "
         "name: nothing}}]"},
        {82, GWAPI_BACKEND_FAULT_UNSUPPORTED_PROTOCOL, "port: 82"},
        {83, GWAPI_BACKEND_FAULT_NOT_FOUND, "port: 83"},
    };
    enum { RULES = sizeof rules / sizeof *rules };
    uint32_t targets[RULES];

    say_more(&m,
             "---\napiVersion: v1\nkind: Service\nmetadata: {name: alone, namespace: a}\n"
             "spec: {ports: [{port: 80, name: a}, {port: 81, name: b}, {port: 82, name: c, "
             "protocol: UDP}]}\n---\n" GATEWAY_API
             "kind: HTTPRoute\nmetadata: {name: alone, namespace: a}\n"
             "spec: {parentRefs: [{name: g}], rules: [\n");
    for (size_t i = 0; i < 2 * RULES; i++) /* each twice, the others between */
        say_more(&m, "  {backendRefs: [{name: alone, %s}]},\n", rules[i % RULES].backend);
    gwapi__text_addz(&m.text, "]}\n");
    gwapi_snapshot *s = snapshot_of_all();
    for (uint32_t i = 0; i < RULES; i++) {
        targets[i] = target_of(s, i);
        const gwapi__image_target *target = gwapi__image_TARGET(s, targets[i]);
        cr_expect_eq(target->port, rules[i].port, "rule %u", (unsigned)i);
        cr_expect_eq(target->fault, rules[i].fault, "rule %u: %u", (unsigned)i,
                     (unsigned)target->fault);
        cr_expect_eq(target_of(s, i + RULES), targets[i], "rule %u", (unsigned)i);
        for (uint32_t k = 0; k < i; k++)
            cr_expect_neq(targets[k], targets[i], "rules %u and %u", (unsigned)k, (unsigned)i);
    }
    gwapi_snapshot_release(s);
}

/* "namespace/name" as one text (matching.md §7), also of what no server would take. */
Test(compile, names_are_ordered_as_they_are_written)
{
    static const struct {
        const char *namespace_a, *a, *namespace_b, *b;
        int order;
    } rows[] = {
        {"a", "x", "a", "x", 0},      {"a", "x", "a", "y", -1},   {"a", "xy", "a", "x", 1},
        {"a-b", "x", "a", "x", -1},   {"a", "x", "a-b", "a", 1},  {"a.b", "x", "a", "x", -1},
        {"a0", "x", "a", "x", 1},     {"b", "a", "a", "b", 1},    {"a/b", "c", "a", "b/c", 0},
        {"a/b", "c", "a", "b/cd", -1}, {"", "x", "a", "x", -1},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi__meta a = {.namespace_ = gwapi__str_of(rows[i].namespace_a),
                         .name = gwapi__str_of(rows[i].a)};
        gwapi__meta b = {.namespace_ = gwapi__str_of(rows[i].namespace_b),
                         .name = gwapi__str_of(rows[i].b)};
        int order = gwapi__order_joined(&a, &b), back = gwapi__order_joined(&b, &a);
        cr_expect((order > 0) - (order < 0) == rows[i].order, "row %zu: %d", i, order);
        cr_expect((back > 0) - (back < 0) == -rows[i].order, "row %zu back: %d", i, back);
    }
}

Test(compile, an_image_of_some_Gateways_has_no_others)
{
    gwapi_compile_options o = GWAPI_COMPILE_OPTIONS_INIT;
    gwapi_object_ref ref = GWAPI_OBJECT_REF_INIT;
    gwapi_snapshot *s;
    gwapi_snapshot_information info = {.struct_size = sizeof info};

    ref.namespace_ = GWAPI__STR("a");
    ref.name = GWAPI__STR("h");
    o.gateways = &ref;
    o.gateway_count = 1;
    o.flags = GWAPI_COMPILE_KEEP;
    cr_assert_eq(gwapi_snapshot_compile(&s, topology, &o, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_snapshot_info(s, &info), GWAPI_OK);
    cr_expect_eq(info.gateways, 1);
    cr_expect_eq(info.listeners, 2);
    cr_expect_eq(info.routes, 1, "the GRPCRoute and the others are of g");
    cr_expect_null(s->kept, "which knows of all Gateways");
    gwapi_snapshot_release(s);
}
