/* The helpers around a decision: CORS, hosts, headers and paths of a request. */
#include "match/table.h"

#include "match/request.h"

/* ---- CORS ------------------------------------------------------------------------------------ */

/* An API server may hold origins that today's schema refuses. */
Test(match_helpers, origins_are_compared_by_scheme_host_and_port)
{
    static const struct {
        const char *origin;
        uint32_t allowed;
    } cases[] = {
        {"https://a.test", 1},        {"HTTPS://A.test", 1},        {"https://a.test:443", 1},
        {"https://a.test:8443", 0},   {"http://a.test", 0},         {"http://b.test:80", 1},
        {"http://b.test", 1},         {"https://b.test", 0},        {"http://[::1]", 1},
        {"http://[::1]:80", 1},       {"http://[::1]:81", 0},       {"http://[::2]", 0},
        {"app://c.test", 1},          {"app://c.test:80", 0},       {"a.test", 0},
        {"https://", 0},              {"", 0},                      {"null", 0},
        {"nonsense", 0},
    };
    table t;

    table_begin(&t);
    t.world.mode = GWAPI_READ_STORED;
    put_route(&t, "ns", "r", "x.test");
    put(&t, "  - name: cors\n    filters: [{type: CORS, cors: {allowOrigins: [nonsense, "
            "\"https://a.test\", \"http://b.test\", \"http://[::1]\", \"app://c.test\"]}}]\n"
            "    backendRefs: [{name: a, port: 80}]\n");
    table_end(&t);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const gwapi_header header = {GWAPI__STR("Origin"), gwapi__str_of(cases[i].origin)};
        gwapi_request request = get("x.test", "/");
        gwapi_cors_answer answer = {.struct_size = sizeof answer};
        request.headers = &header;
        request.header_count = 1;
        gwapi_decision d = ask_at(&t, 80, "", &request);
        cr_assert_eq(gwapi_decision_cors(&d, &request, GWAPI_NONE, &answer), GWAPI_OK);
        cr_expect_eq(answer.present, 1);
        cr_expect_eq(answer.allowed, cases[i].allowed, "%s", cases[i].origin);
    }
    table_free(&t);
}

/* ---- hosts ----------------------------------------------------------------------------------- */

Test(match_helpers, a_host_is_told_from_its_port)
{
    static const char *const cases[][2] = {
        {"", ""},           {"a.test", "a.test"}, {"a.test:80", "a.test"}, {"[::1]", "[::1]"},
        {"[::1]:80", "[::1]"}, {"[::1", "[::1"},  {":80", ""}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gwapi_str host = gwapi__host_without_port(gwapi__str_of(cases[i][0]));
        cr_expect(gwapi__str_eq(host, gwapi__str_of(cases[i][1])), "%s: %.*s", cases[i][0],
                  GWAPI__FMT(host));
    }
}

/* 253 bytes are the longest name, 254 with a dot at the end; what is longer has no route. */
Test(match_helpers, hosts_longer_than_any_name_equal_none)
{
    static const struct {
        size_t length;
        bool dot;
        const char *rule;
    } cases[] = {{253, false, "long"}, {254, true, "long"},          {254, false, "any"},
                 {255, true, "any"},   {255, false, "any"},          {600, false, "any"},
                 {252, false, "any"}};
    char name[254], host[600];
    table t;

    for (size_t i = 0; i < sizeof name; i++)
        name[i] = i % 50 == 49 ? '.' : 'a';
    name[253] = '\0';
    table_begin(&t);
    put_route(&t, "ns", "r", name);
    put(&t, "  - name: long\n");
    put_route(&t, "ns", "s", "");
    put(&t, "  - name: any\n");
    table_end(&t);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gwapi_request request = get(NULL, "/");
        memset(host, 'a', sizeof host);
        memcpy(host, name, 253);
        if (cases[i].dot)
            host[cases[i].length - 1] = '.';
        request.host = gwapi__str(host, cases[i].length);
        expect(&t, &request, cases[i].rule);
    }
    table_free(&t);
}

/* ---- headers that the host keeps to itself --------------------------------------------------- */

/* What a getter reads; it notes what it was asked for. */
typedef struct kept {
    const gwapi_snapshot *snapshot;
    const gwapi_header *headers;
    size_t count, asked, wrong;
} kept;

static uint32_t get_header(void *ctx, uint32_t index, gwapi_str name, uint32_t nth,
                           gwapi_str *value)
{
    kept *k = ctx;
    uint32_t place;

    if (gwapi_snapshot_header_find(k->snapshot, name, &place) != GWAPI_OK)
        place = GWAPI_NONE;
    k->wrong += place != index;
    k->asked++;
    for (size_t i = 0; i < k->count; i++)
        if (gwapi__str_eq_nocase(k->headers[i].name, name) && nth-- == 0) {
            *value = k->headers[i].value;
            return 1;
        }
    return 0;
}

Test(match_helpers, a_getter_is_as_good_as_a_list_of_headers)
{
    static const gwapi_header headers[] = {{GWAPI_STR_INIT("Host"), GWAPI_STR_INIT("x.test:80")},
                                           {GWAPI_STR_INIT("X-A"), GWAPI_STR_INIT("1")},
                                           {GWAPI_STR_INIT("x-b"), GWAPI_STR_INIT("5")},
                                           {GWAPI_STR_INIT("x-a"), GWAPI_STR_INIT("2")},
                                           {GWAPI_STR_INIT("origin"), GWAPI_STR_INIT("https://o")}};
    static const struct {
        const char *path;
        size_t count;
        const char *rule;
    } cases[] = {{"/joined", 5, "joined"}, {"/joined", 2, "weak"},  {"/pattern", 5, "pattern"},
                 {"/pattern", 1, "weak"},  {"/host", 5, "host"},    {"/host", 0, "404NoListener"},
                 {"/", 1, "weak"}};
    gwapi_header_getter getter = {sizeof getter, NULL, get_header};
    table t;

    table_begin(&t);
    put_route(&t, "ns", "r", "x.test");
    put(&t, "  - {name: joined, matches: [{path: {value: /joined}, headers: [{name: x-a, value: "
            "\"1,2\"}]}]}\n"
            "  - {name: pattern, matches: [{path: {value: /pattern}, headers: [{type: "
            "RegularExpression, name: x-b, value: \"[0-9]\"}]}]}\n");
    put(&t, "  - {name: host, matches: [{path: {value: /host}, headers: [{name: HOST, value: "
            "\"x.test:80\"}]}]}\n"
            "  - name: weak\n    filters: [{type: CORS, cors: {allowOrigins: [\"https://o\"]}}]\n"
            "    backendRefs: [{name: a, port: 80}]\n");
    table_end(&t);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kept k = {t.snapshot, headers, cases[i].count, 0, 0};
        gwapi_request listed = GWAPI_REQUEST_INIT, got = listed;
        gwapi_cors_answer answer = {.struct_size = sizeof answer};
        getter.ctx = &k;
        listed.path = got.path = gwapi__str_of(cases[i].path);
        listed.headers = headers;
        listed.header_count = cases[i].count;
        got.getter = &getter;
        gwapi_decision a = ask_at(&t, 80, "", &listed), b = ask_at(&t, 80, "", &got);
        cr_expect_eq(memcmp(&a, &b, sizeof a), 0, "%s: %s", cases[i].path, rule_of(&b));
        if (cases[i].count != 0)
            cr_expect_str_eq(rule_of(&b), cases[i].rule, "%s: %s", cases[i].path, rule_of(&b));
        cr_expect_eq(gwapi_decision_cors(&b, &got, GWAPI_NONE, &answer), GWAPI_OK);
        cr_expect_gt(k.asked, 0);
        cr_expect_eq(k.wrong, 0, "%s: the index is not the name's", cases[i].path);
    }
    table_free(&t);
}

/* A host's own headers have no order to be told in. */
Test(match_helpers, a_decision_line_has_the_headers_that_are_listed)
{
    gwapi_header header = {GWAPI_STR_INIT("x-a"), GWAPI_STR_INIT("1")};
    gwapi_header_getter getter = {sizeof getter, NULL, get_header};
    gwapi_request request = get("x.test", "/");
    char line[2048];
    size_t length;
    table t;

    table_begin(&t);
    put_route(&t, "ns", "r", "x.test");
    put(&t, "  - backendRefs: [{name: a, port: 80}]\n");
    table_end(&t);
    gwapi_decision d = ask_at(&t, 80, "", &request);
    kept k = {t.snapshot, &header, 1, 0, 0};
    getter.ctx = &k;
    request.headers = &header;
    request.header_count = 1;
    cr_assert_eq(gwapi_decision_write_buffer(&d, &request, GWAPI__STR(""), line, sizeof line,
                                             &length),
                 GWAPI_OK);
    cr_expect_neq(gwapi__str_find(gwapi__str(line, length),
                                  GWAPI__STR("\"headers\":[[\"x-a\",\"1\"]]")),
                  SIZE_MAX);
    request.getter = &getter;
    cr_assert_eq(gwapi_decision_write_buffer(&d, &request, GWAPI__STR(""), line, sizeof line,
                                             &length),
                 GWAPI_OK);
    cr_expect_eq(gwapi__str_find(gwapi__str(line, length), GWAPI__STR("\"headers\"")), SIZE_MAX);
    table_free(&t);
}

/* An API server may hold more operations than today's schema lets through. */
Test(match_helpers, a_decision_line_has_every_operation_on_headers)
{
    gwapi_request request = get("x.test", "/");
    static char line[32768];
    size_t length, count;
    table t;

    table_begin(&t);
    t.world.mode = GWAPI_READ_STORED;
    put_route(&t, "ns", "r", "x.test");
    put(&t, "  - name: many\n    backendRefs: [{name: a, port: 80}]\n    filters:\n"
            "    - type: ResponseHeaderModifier\n      responseHeaderModifier:\n        add:\n");
    for (unsigned i = 0; i < 300; i++)
        put(&t, "        - {name: x-%u, value: \"%u\"}\n", i, i);
    table_end(&t);
    gwapi_decision d = ask_at(&t, 80, "", &request);
    cr_expect_eq(gwapi_decision_header_ops(&d, &request, GWAPI_NONE, GWAPI_HEADERS_RESPONSE, NULL,
                                           0, &count),
                 GWAPI_EBUFFER);
    cr_expect_eq(count, 300);
    cr_assert_eq(gwapi_decision_write_buffer(&d, &request, GWAPI__STR(""), line, sizeof line,
                                             &length),
                 GWAPI_OK);
    cr_expect_neq(gwapi__str_find(gwapi__str(line, length), GWAPI__STR("[\"x-299\",\"299\"]]}")),
                  SIZE_MAX);
    table_free(&t);
}

/* ---- what a backendRef's own filters change -------------------------------------------------- */

/* A path that the policy refuses is an answer if that backend is drawn, and no part of the line. */
Test(match_helpers, a_decision_line_leaves_out_a_path_that_cannot_be)
{
    static const struct {
        uint64_t random;
        gwapi_outcome outcome;
        uint32_t status;
    } cases[] = {{0, GWAPI_OUTCOME_RESPOND, 400}, {UINT64_C(1) << 52, GWAPI_OUTCOME_FORWARD, 0}};
    gwapi_request request = get("x.test", "/");
    static char line[4096];
    size_t length;
    table t;

    table_begin(&t);
    put_route(&t, "ns", "r", "x.test");
    put(&t, "  - name: r\n    backendRefs:\n    - {name: bad, port: 80, filters: [{type: "
            "URLRewrite, urlRewrite: {path: {type: ReplaceFullPath, replaceFullPath: "
            "\"/b//c\"}}}]}\n    - {name: good, port: 80, filters: [{type: URLRewrite, "
            "urlRewrite: {path: {type: ReplaceFullPath, replaceFullPath: \"/good\"}}}]}\n");
    table_end(&t);
    request.path_policy = GWAPI_PATH_REJECT;
    gwapi_decision undrawn = ask_at(&t, 80, "", &request);
    for (size_t i = 0; i < 3; i++) {
        gwapi_decision d = undrawn;
        if (i < 2) {
            cr_assert_eq(gwapi_decision_pick_backend(&d, &request, cases[i].random, NULL),
                         GWAPI_OK);
            cr_expect_eq(d.outcome, cases[i].outcome);
            cr_expect_eq(d.status, cases[i].status);
        }
        gwapi_result result = gwapi_decision_write_buffer(&d, &request, GWAPI__STR(""), line,
                                                          sizeof line, &length);
        cr_assert_eq(result, GWAPI_OK, "%zu: %s", i, gwapi_result_name(result));
        cr_expect_neq(gwapi__str_find(gwapi__str(line, length), GWAPI__STR("\"path\":\"/good\"")),
                      SIZE_MAX);
        cr_expect_eq(gwapi__str_find(gwapi__str(line, length), GWAPI__STR("/b//c")), SIZE_MAX);
    }
    table_free(&t);
}

/* ---- conditions ------------------------------------------------------------------------------ */

Test(match_helpers, a_condition_on_the_host_needs_one)
{
    static const char *const types[] = {"Exact", "RegularExpression"};
    gwapi_request without = GWAPI_REQUEST_INIT, with = get("x.test", "/");

    for (size_t i = 0; i < 2; i++) {
        table t;
        table_begin(&t);
        put_route(&t, "ns", "r", "");
        put(&t, "  - {name: host, matches: [{headers: [{type: %s, name: host, value: "
                "x.test}]}]}\n  - name: weak\n", types[i]);
        table_end(&t);
        expect(&t, &with, "host");
        expect(&t, &without, "weak");
        table_free(&t);
    }
}

/* Prefixes too deep for the masks of the index are compared one by one. */
Test(match_helpers, prefixes_of_any_depth_end_with_a_segment)
{
    static const struct {
        size_t segments;
        const char *end, *rule;
    } cases[] = {{30, "", "thirty"}, {39, "", "thirty"},  {40, "", "forty"},  {40, "/", "forty"},
                 {41, "", "forty"},  {40, "a", "thirty"}, {49, "", "forty"},  {50, "", "fifty"},
                 {50, "/x", "fifty"}, {50, "x", "forty"}, {29, "", "404NoRoute"}};
    char path[160];
    table t;

    for (size_t i = 0; i < sizeof path / 2; i++)
        memcpy(path + 2 * i, "/a", 2);
    table_begin(&t);
    put_route(&t, "ns", "r", "x.test");
    put(&t, "  - {name: thirty, matches: [{path: {value: \"%.60s\"}}]}\n", path);
    put(&t, "  - {name: forty, matches: [{path: {value: \"%.80s/\"}}]}\n", path);
    put(&t, "  - {name: fifty, matches: [{path: {value: \"%.100s\"}}]}\n", path);
    table_end(&t);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char asked[sizeof path];
        snprintf(asked, sizeof asked, "%.*s%s", (int)(2 * cases[i].segments), path, cases[i].end);
        gwapi_request request = get("x.test", asked);
        expect(&t, &request, cases[i].rule);
    }
    table_free(&t);
}

/* Ways of a pattern that begin with the same segments lead to it once, others each. */
Test(match_helpers, a_pattern_is_found_by_each_way_it_begins)
{
    static const struct {
        const char *path, *rule;
    } cases[] = {{"/a/bx", "pattern"}, {"/a/cx", "pattern"}, {"/d/ex", "pattern"},
                 {"/a/dx", "weak"},    {"/d/bx", "weak"},    {"/a", "weak"}};
    table t;

    table_begin(&t);
    put_route(&t, "ns", "r", "x.test");
    put(&t, "  - {name: pattern, matches: [{path: {type: RegularExpression, value: "
            "\"/a/b.*|/a/c.*|/d/e.*\"}}]}\n  - name: weak\n");
    table_end(&t);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gwapi_request request = get("x.test", cases[i].path);
        expect(&t, &request, cases[i].rule);
    }
    table_free(&t);
}
