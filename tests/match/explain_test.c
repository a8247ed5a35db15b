/* Why each candidate won or lost; tests/match/agree compares more of it with a plain reading.
 */
#include "match/table.h"

#define MOST 16

typedef struct told {
    gwapi_decision decision;
    gwapi_candidate candidates[MOST], nearest;
    size_t count;
} told;

static told explain(const table *t, const gwapi_request *request, size_t capacity)
{
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection connection = GWAPI_CONNECTION_INIT;
    told out = {.decision = GWAPI_DECISION_INIT};

    arrival.port = 80;
    cr_assert_eq(gwapi_accept(t->snapshot, t->scratch, &arrival, &connection), GWAPI_OK);
    cr_assert_eq(gwapi_match_explain(t->snapshot, t->scratch, &connection, request,
                                     &out.decision, out.candidates, capacity, &out.count,
                                     &out.nearest),
                 GWAPI_OK);
    return out;
}

/* "rule why expected" of one. */
static const char *line_of(const table *t, const gwapi_candidate *c)
{
    static char out[256];
    gwapi_rule_info rule = {.struct_size = sizeof rule};

    if (c->route == GWAPI_NONE)
        return "none";
    cr_assert_eq(gwapi_snapshot_rule_at(t->snapshot, c->rule, &rule), GWAPI_OK);
    snprintf(out, sizeof out, "%.*s %s %.*s%s%.*s", GWAPI__FMT(rule.name),
             gwapi_why_text(c->why), GWAPI__FMT(c->name), c->pattern != 0 ? "~" : "",
             GWAPI__FMT(c->expected));
    return out;
}

static void make_table(table *t)
{
    table_begin(t);
    put_route(t, "ns", "r", "x.test, \"*.test\"");
    put(t, "  - name: get\n    matches: [{path: {value: /a}, method: GET}]\n");
    put(t, "  - name: any\n    matches: [{path: {value: /a}}]\n");
    put(t, "  - name: exact\n    matches: [{path: {type: Exact, value: /a/b}}]\n");
    put(t,
        "  - name: pattern\n    matches: [{path: {type: RegularExpression, value: \"/(a|c)x\"},"
        " headers: [{name: X-V, value: \"1\"}], queryParams: [{name: q, type: "
        "RegularExpression, value: \"[0-9]\"}]}]\n");
    put_route(t, "ns", "s", "x.test");
    put(t, "  - name: other\n    matches: [{path: {value: /a}}]\n");
    table_end(t);
}

static void expect_told(const table *t, const gwapi_request *request, const char *const *want,
                        size_t count, const char *nearest)
{
    told answer = explain(t, request, MOST);

    cr_assert_eq(answer.count, count, "%zu, not %zu", answer.count, count);
    for (size_t i = 0; i < count; i++)
        cr_expect_str_eq(line_of(t, &answer.candidates[i]), want[i], "%zu: %s, not %s", i,
                         line_of(t, &answer.candidates[i]), want[i]);
    cr_expect_str_eq(line_of(t, &answer.nearest), nearest, "%s, not %s",
                     line_of(t, &answer.nearest), nearest);
}

Test(match_explain, candidates_stand_in_order_and_tell_why_they_lost)
{
    static const char *const want[] = {
        "exact path /a/b",  "pattern path ~/(a|c)x", "get method GET",        "any taken ",
        "other ageOrName ", "exact path /a/b",       "pattern path ~/(a|c)x", "get method GET",
        "any hostname "};
    gwapi_request request = get("x.test", "/a");
    table t;

    make_table(&t);
    request.method = GWAPI__STR("PUT");
    expect_told(&t, &request, want, sizeof want / sizeof *want, "none");
    table_free(&t);
}

Test(match_explain, a_404_has_a_nearest_miss)
{
    static const char *const want[] = {"exact path /a/b", "pattern header x-v1", "get path /a",
                                       "any path /a"};
    static const gwapi_header header[] = {{GWAPI_STR_INIT("x-V"), GWAPI_STR_INIT("2")}};
    gwapi_request request = get("y.test", "/cx?q=1");
    table t;

    make_table(&t);
    request.headers = header;
    request.header_count = 1;
    expect_told(&t, &request, want, sizeof want / sizeof *want, "pattern header x-v1");
    request.host = GWAPI__STR("y.org");
    expect_told(&t, &request, NULL, 0, "none");
    table_free(&t);
}

Test(match_explain, the_best_are_told_when_there_is_no_room_for_all)
{
    gwapi_request request = get("x.test", "/a");
    table t;

    make_table(&t);
    told all = explain(&t, &request, MOST);
    for (size_t room = 0; room < all.count; room++) {
        told some = explain(&t, &request, room);
        cr_expect_eq(some.count, all.count);
        for (size_t i = 0; i < room; i++)
            cr_expect_eq(some.candidates[i].entry, all.candidates[i].entry, "%zu of %zu", i,
                         room);
    }
    table_free(&t);
}

Test(match_explain, there_are_no_candidates_where_no_rule_was_looked_for)
{
    gwapi_request request = get("x.test", "/a/../b");
    table t;

    make_table(&t);
    request.path_policy = GWAPI_PATH_REJECT;
    cr_expect_eq(explain(&t, &request, MOST).count, 0);
    request.path_policy = GWAPI_PATH_NORMALIZE;
    cr_expect_eq(explain(&t, &request, MOST).count, 9);
    table_free(&t);
}

Test(match_explain, wrong_arguments_are_refused)
{
    gwapi_connection connection = GWAPI_CONNECTION_INIT;
    gwapi_decision d = GWAPI_DECISION_INIT;
    gwapi_request request = get("x.test", "/a");
    size_t count;
    table t;

    make_table(&t);
    cr_expect_eq(gwapi_match_explain(t.snapshot, t.scratch, &connection, &request, &d, NULL, 0,
                                     NULL, NULL),
                 GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_match_explain(t.snapshot, t.scratch, &connection, &request, &d, NULL, 1,
                                     &count, NULL),
                 GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_match_explain(t.snapshot, t.scratch, &connection, &request, &d, NULL, 0,
                                     &count, NULL),
                 GWAPI_EARGUMENT, "a connection without a snapshot");
    cr_expect_eq(gwapi_candidates_write(NULL, NULL, 0, 0, NULL, NULL), GWAPI_EARGUMENT);
    cr_expect_str_eq(gwapi_why_text(99), "");
    table_free(&t);
}

Test(match_explain, the_explanation_is_written)
{
    gwapi_request request = get("y.test", "/b");
    gwapi_sink sink = {sizeof sink, NULL, text_sink};
    gwapi__text text;
    table t;

    make_table(&t);
    gwapi__text_init(&text, &t.world.allocator);
    sink.ctx = &text;
    told answer = explain(&t, &request, 1);
    cr_assert_eq(gwapi_candidates_write(t.snapshot, answer.candidates, 1, answer.count,
                                        &answer.nearest, &sink),
                 GWAPI_OK);
    cr_expect(
        gwapi__str_eq(
            gwapi__text_str(&text),
            GWAPI__STR(
                "{\"candidates\":[{\"route\":{\"kind\":\"HTTPRoute\",\"namespace\":\"ns\","
                "\"name\":\"r\",\"rule\":2,\"ruleName\":\"exact\",\"match\":0},"
                "\"verdict\":\"failed\",\"condition\":\"path\",\"expected\":\"/a/b\","
                "\"held\":0,\"failed\":1}],\"more\":3,\"nearest\":{\"route\":{\"kind\":"
                "\"HTTPRoute\",\"namespace\":\"ns\",\"name\":\"r\",\"rule\":0,"
                "\"ruleName\":\"get\",\"match\":0},\"verdict\":\"failed\","
                "\"condition\":\"path\",\"expected\":\"/a\",\"held\":1,\"failed\":1}}")),
        "%.*s", GWAPI__FMT(gwapi__text_str(&text)));
    gwapi__text_free(&text);
    table_free(&t);
}
