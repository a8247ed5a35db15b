/* What compiling refuses, and how it tells. What images answer is tested in tests/match. */
#include "compile/manifests.h"

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

/* Lengths of more than one byte. */
Test(compile, long_texts_are_found)
{
    static char path[300], host[240], longer[301];
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection connection = GWAPI_CONNECTION_INIT;
    gwapi_decision decision = GWAPI_DECISION_INIT;
    gwapi_request request = GWAPI_REQUEST_INIT;
    gwapi_scratch *scratch;
    gwapi_snapshot *s;

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
    made_read(&m);
    gwapi_topology *t = made_resolve(&m, NULL);
    cr_assert_eq(gwapi_snapshot_compile(&s, t, NULL, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_scratch_new(&scratch, s, NULL), GWAPI_OK);
    arrival.port = 80;
    request.host = gwapi__str_of(host);
    cr_assert_eq(gwapi_accept(s, scratch, &arrival, &connection), GWAPI_OK);
    request.path = gwapi__str_of(path);
    cr_assert_eq(gwapi_match(s, scratch, &connection, &request, &decision), GWAPI_OK);
    cr_expect_neq(decision.rule, GWAPI_NONE);
    snprintf(longer, sizeof longer, "%sp", path);
    request.path = gwapi__str_of(longer);
    cr_assert_eq(gwapi_match(s, scratch, &connection, &request, &decision), GWAPI_OK);
    cr_expect_eq(decision.rule, GWAPI_NONE);
    gwapi_scratch_free(scratch);
    gwapi_snapshot_release(s);
    gwapi_topology_release(t);
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
