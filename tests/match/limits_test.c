/*
 * A request may take so much work of regular expressions and so much room for joined and decoded
 * texts. What is beyond is answered by 500, MatchLimit; no weaker rule takes the request.
 */
#include "match/table.h"

static void put_grpc_route(table *t)
{
    put(t, "---\napiVersion: gateway.networking.k8s.io/v1\nkind: GRPCRoute\n"
           "metadata: {name: g, namespace: ns}\nspec:\n"
           "  parentRefs: [{name: g, namespace: infra}]\n  hostnames: [g.test]\n  rules:\n"
           "  - {name: pattern, matches: [{method: {type: RegularExpression, service: \"p[a-z]*\", "
           "method: \"m[0-9]*\"}}]}\n");
    put(t, "  - {name: method, matches: [{method: {service: s.S, method: M}, headers: [{type: "
           "RegularExpression, name: x-a, value: \"[0-9]+\"}]}]}\n"
           "  - {name: service, matches: [{method: {service: t.T}, headers: [{type: "
           "RegularExpression, name: x-a, value: \"[0-9]+\"}]}]}\n"
           "  - {name: any, matches: [{headers: [{name: x-a, value: none}]}]}\n");
}

static void make_table(table *t, const gwapi_limits *limits)
{
    table_begin(t);
    put_route(t, "ns", "r", "x.test");
    put(t, "  - {name: loose, matches: [{path: {type: RegularExpression, value: \"/(a|b)+\"}}]}\n"
           "  - {name: begun, matches: [{path: {type: RegularExpression, value: "
           "\"/begun/[0-9]+\"}}]}\n"
           "  - {name: header, matches: [{path: {value: /h}, headers: [{type: RegularExpression, "
           "name: X-A, value: \"[0-9, ]+\"}]}]}\n");
    put(t, "  - {name: host, matches: [{path: {value: /host}, headers: [{type: RegularExpression, "
           "name: Host, value: \"[a-z]\\\\.test\"}]}]}\n"
           "  - {name: query, matches: [{path: {value: /q}, queryParams: [{type: "
           "RegularExpression, name: q, value: \"[0-9]+\"}]}]}\n"
           "  - {name: weak}\n");
    put_grpc_route(t);
    table_end_within(t, limits);
}

static const struct {
    const char *host, *path, *rule;
} spending[] = {
    {"x.test", "/a", "loose"},        {"x.test", "/begun/1", "begun"},
    {"x.test", "/h", "header"},       {"x.test", "/host", "host"},
    {"x.test", "/q?q=1", "query"},    {"g.test", "/pa/m1", "pattern"},
    {"g.test", "/s.S/M", "method"},   {"g.test", "/t.T/x", "service"},
};

static gwapi_request spending_request(size_t i)
{
    static const gwapi_header headers[] = {{GWAPI_STR_INIT("x-a"), GWAPI_STR_INIT("1")}};
    gwapi_request request = get(spending[i].host, spending[i].path);

    request.method = GWAPI__STR("POST");
    request.headers = headers;
    request.header_count = 1;
    return request;
}

Test(match_limits, every_pattern_takes_from_the_budget)
{
    gwapi_limits one = {.struct_size = sizeof one, .match_steps = 1};
    table spent, enough;

    make_table(&spent, &one);
    make_table(&enough, NULL);
    for (size_t i = 0; i < sizeof spending / sizeof *spending; i++) {
        gwapi_request request = spending_request(i);
        expect(&enough, &request, spending[i].rule);
        expect(&spent, &request, "500MatchLimit");
    }
    gwapi_request request = get("x.test", "/h");
    expect(&spent, &request, "500MatchLimit");
    table_free(&enough);
    table_free(&spent);
}

Test(match_limits, the_budget_is_for_all_patterns_of_a_request)
{
    gwapi_limits few = {.struct_size = sizeof few};
    gwapi_request request = get("x.test", "/begun/x");
    table t;

    /* Two patterns look at eight bytes each, and begin. */
    for (uint32_t steps = 1; steps < 18; steps += 4) {
        few.match_steps = steps;
        make_table(&t, &few);
        expect(&t, &request, "500MatchLimit");
        table_free(&t);
    }
    few.match_steps = 18;
    make_table(&t, &few);
    expect(&t, &request, "weak");
    table_free(&t);
}

Test(match_limits, joined_and_decoded_texts_need_room)
{
    static const gwapi_header twice[] = {{GWAPI_STR_INIT("x-a"), GWAPI_STR_INIT("1234567")},
                                         {GWAPI_STR_INIT("X-A"), GWAPI_STR_INIT("12345678")},
                                         {GWAPI_STR_INIT("x-a"), GWAPI_STR_INIT("1")},
                                         {GWAPI_STR_INIT("x-a"), GWAPI_STR_INIT("")}};
    static const gwapi_header longer[] = {{GWAPI_STR_INIT("x-a"), GWAPI_STR_INIT("12345678901234567")},
                                          {GWAPI_STR_INIT("x-a"), GWAPI_STR_INIT("1")}};
    static const struct {
        const char *path;
        const gwapi_header *headers;
        size_t count;
        const char *rule;
    } cases[] = {
        {"/h", twice, 1, "header"},
        {"/h", twice, 2, "header"}, /* sixteen bytes */
        {"/h", twice + 1, 2, "header"},
        {"/h", twice, 3, "500MatchLimit"},
        {"/h", longer, 1, "header"}, /* alone it is matched where it is */
        {"/h", longer, 2, "500MatchLimit"},
        {"/q?q=1234567890123456", NULL, 0, "query"},
        {"/q?q=12345678901234567", NULL, 0, "500MatchLimit"},
    };
    gwapi_limits small = {.struct_size = sizeof small, .scratch_text = 16};
    table t;

    make_table(&t, &small);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gwapi_request request = get("x.test", cases[i].path);
        request.headers = cases[i].headers;
        request.header_count = cases[i].count;
        expect(&t, &request, cases[i].rule);
    }
    table_free(&t);
}

Test(match_limits, a_path_that_the_policy_changes_needs_room)
{
    static const struct {
        gwapi_path_policy policy;
        const char *path, *rule;
    } cases[] = {
        {GWAPI_PATH_RAW, "/a23456789012345678", "weak"},
        {GWAPI_PATH_NORMALIZE, "/a//4567890123456", "weak"},
        {GWAPI_PATH_NORMALIZE, "/a//3456789012345678", "500MatchLimit"},
        {GWAPI_PATH_REJECT, "/a2345678901234567", "500MatchLimit"},
    };
    gwapi_limits small = {.struct_size = sizeof small, .scratch_text = 16};
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection c = GWAPI_CONNECTION_INIT;
    table t;

    make_table(&t, &small);
    arrival.port = 80;
    cr_assert_eq(gwapi_accept(t.snapshot, t.scratch, &arrival, &c), GWAPI_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gwapi_request request = get("x.test", cases[i].path);
        gwapi_decision d = GWAPI_DECISION_INIT;
        size_t count;
        request.path_policy = cases[i].policy;
        expect(&t, &request, cases[i].rule);
        cr_expect_eq(gwapi_match_explain(t.snapshot, t.scratch, &c, &request, &d, NULL, 0, &count,
                                         NULL),
                     GWAPI_OK);
        cr_expect_str_eq(rule_of(&d), cases[i].rule);
    }
    table_free(&t);
}

/* Each candidate has the whole budget when it is explained. */
Test(match_limits, a_spent_budget_is_explained)
{
    gwapi_limits one = {.struct_size = sizeof one, .match_steps = 1}, few = one;
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    const gwapi_limits *limits[] = {&one, &few};

    few.match_steps = 10;
    arrival.port = 80;
    for (size_t k = 0; k < 2; k++) {
        gwapi_request request = get("x.test", "/begun/x");
        gwapi_connection c = GWAPI_CONNECTION_INIT;
        gwapi_decision d = GWAPI_DECISION_INIT;
        gwapi_candidate told[8];
        size_t count, limit = 0;
        table t;
        make_table(&t, limits[k]);
        cr_assert_eq(gwapi_accept(t.snapshot, t.scratch, &arrival, &c), GWAPI_OK);
        cr_assert_eq(gwapi_match_explain(t.snapshot, t.scratch, &c, &request, &d, told, 8, &count,
                                         NULL),
                     GWAPI_OK);
        cr_expect_eq(d.reason, GWAPI_REASON_MATCH_LIMIT);
        cr_assert_eq(count, 6);
        for (size_t i = 0; i < count; i++)
            limit += told[i].why == GWAPI_WHY_LIMIT;
        /* The rule that would take it, and the patterns that cannot be looked at. */
        cr_expect_eq(limit, k == 0 ? 3 : 1, "%zu", limit);
        table_free(&t);
    }
}
