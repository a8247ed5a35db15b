/* Why each candidate won or lost; tests/match/agree compares more of it with a plain reading.
 */
#include "match/table.h"

#include "support/oom.h"

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
    cr_expect_str_eq(gwapi_why_text(99), "");
    table_free(&t);
}

Test(match_explain, an_explanation_needs_a_decision_but_no_nearest_miss)
{
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection c = GWAPI_CONNECTION_INIT;
    gwapi_decision d = GWAPI_DECISION_INIT, small = d;
    gwapi_request request = get("x.test", "/a"), tiny = request;
    size_t count = 0;
    table t;

    make_table(&t);
    arrival.port = 80;
    small.struct_size = tiny.struct_size = 8;
    cr_assert_eq(gwapi_accept(t.snapshot, t.scratch, &arrival, &c), GWAPI_OK);
    cr_expect_eq(gwapi_match_explain(t.snapshot, t.scratch, &c, &request, NULL, NULL, 0, &count,
                                     NULL),
                 GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_match_explain(t.snapshot, t.scratch, &c, &request, &small, NULL, 0, &count,
                                     NULL),
                 GWAPI_ESTRUCTSIZE);
    cr_expect_eq(gwapi_match_explain(t.snapshot, t.scratch, &c, &tiny, &d, NULL, 0, &count, NULL),
                 GWAPI_ESTRUCTSIZE);
    cr_expect_eq(gwapi_match_explain(t.snapshot, t.scratch, &c, &request, &d, NULL, 0, &count,
                                     NULL),
                 GWAPI_OK);
    cr_expect_eq(count, 9);
    table_free(&t);
}

/* The path that a filter makes is refused once the rule was found: that can be explained. */
Test(match_explain, a_path_that_a_filter_makes_is_refused_by_a_rule_that_was_taken)
{
    static const char *const want[] = {"bad taken ", "good pathLength "};
    gwapi_request request = get("x.test", "/a");
    table t;

    table_begin(&t);
    put_route(&t, "ns", "r", "x.test");
    put(&t, "  - name: bad\n    matches: [{path: {value: /a}}]\n    filters: [{type: URLRewrite, "
            "urlRewrite: {path: {type: ReplaceFullPath, replaceFullPath: \"/b//c\"}}}]\n"
            "  - name: good\n");
    table_end(&t);
    request.path_policy = GWAPI_PATH_REJECT;
    told answer = explain(&t, &request, MOST);
    cr_expect_eq(answer.decision.reason, GWAPI_REASON_PATH_REFUSED);
    expect_told(&t, &request, want, 2, "none");
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

/* What is written of the candidates at `first`, one of them. */
static void expect_written(const table *t, const gwapi_candidate *first, size_t count,
                           const char *expected)
{
    gwapi_sink sink = {sizeof sink, NULL, text_sink};
    gwapi__text text;

    gwapi__text_init(&text, &t->world.allocator);
    sink.ctx = &text;
    cr_assert_eq(gwapi_candidates_write(t->snapshot, first, count, count, NULL, &sink), GWAPI_OK);
    cr_expect(gwapi__str_eq(gwapi__text_str(&text), gwapi__str_of(expected)), "%.*s",
              GWAPI__FMT(gwapi__text_str(&text)));
    gwapi__text_free(&text);
}

#define OF_ROUTE "{\"candidates\":[{\"route\":{\"kind\":\"HTTPRoute\",\"namespace\":\"ns\",\"name\":"

Test(match_explain, what_became_of_each_candidate_is_written)
{
    gwapi_request request = get("x.test", "/a");
    table t;

    make_table(&t);
    request.method = GWAPI__STR("PUT");
    told answer = explain(&t, &request, MOST);
    gwapi_candidate *c = answer.candidates;
    expect_written(&t, c, 0, "{}");
    expect_written(&t, &c[1], 1,
                   OF_ROUTE "\"r\",\"rule\":3,\"ruleName\":\"pattern\",\"match\":0},"
                            "\"verdict\":\"failed\",\"condition\":\"path\",\"expected\":"
                            "\"/(a|c)x\",\"regularExpression\":true,\"held\":0,\"failed\":3}]}");
    expect_written(&t, &c[3], 1,
                   OF_ROUTE "\"r\",\"rule\":1,\"ruleName\":\"any\",\"match\":0},"
                            "\"verdict\":\"taken\",\"held\":1,\"failed\":0}]}");
    expect_written(&t, &c[4], 1,
                   OF_ROUTE "\"s\",\"rule\":0,\"ruleName\":\"other\",\"match\":0},"
                            "\"verdict\":\"outranked\",\"by\":\"ageOrName\",\"held\":1,"
                            "\"failed\":0}]}");
    c[0].route = 99;
    expect_written(&t, &c[0], 1, "{\"candidates\":[{}]}");
    c[1].rule = 99;
    expect_written(&t, &c[1], 1, "{\"candidates\":[{}]}");
    table_free(&t);
}

static int refusing_sink(void *ctx, const char *data, size_t len)
{
    (void)ctx;
    (void)data;
    (void)len;
    return 1;
}

Test(match_explain, an_explanation_is_written_from_candidates_into_a_sink)
{
    gwapi_request request = get("x.test", "/a");
    gwapi_sink sink = {sizeof sink, NULL, refusing_sink}, without = {sizeof sink, NULL, NULL};
    table t;

    make_table(&t);
    told answer = explain(&t, &request, MOST);
    const gwapi_candidate *c = answer.candidates;
    cr_expect_eq(gwapi_candidates_write(NULL, c, 1, 1, NULL, &sink), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_candidates_write(t.snapshot, NULL, 1, 1, NULL, &sink), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_candidates_write(t.snapshot, c, 1, 1, NULL, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_candidates_write(t.snapshot, c, 1, 1, NULL, &without), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_candidates_write(t.snapshot, c, 1, 1, NULL, &sink), GWAPI_ECALLBACK);
    table_free(&t);
}

typedef struct writing {
    const table *table;
    const told *answer;
} writing;

/* Writing takes memory of the snapshot's allocator, so the image is opened with the failing one. */
static gwapi_result write_again(const gwapi_allocator *allocator, void *arg)
{
    const writing *w = arg;
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;
    gwapi_snapshot *s;
    size_t len;
    gwapi__text text;
    gwapi_sink sink = {sizeof sink, &text, text_sink};
    const void *bytes = gwapi_snapshot_bytes(w->table->snapshot, &len);

    options.allocator = allocator;
    options.previous = w->table->snapshot;
    gwapi_result result = gwapi_snapshot_open(&s, bytes, len, &options, NULL);
    if (result != GWAPI_OK)
        return result;
    gwapi__text_init(&text, &w->table->world.allocator);
    result = gwapi_candidates_write(s, w->answer->candidates, w->answer->count,
                                    w->answer->count + 1, &w->answer->nearest, &sink);
    cr_assert(result == GWAPI_OK || text.len == 0, "half of it was written");
    gwapi__text_free(&text);
    gwapi_snapshot_release(s);
    return result;
}

Test(match_explain, writing_without_memory_leaves_nothing_behind)
{
    gwapi_request request = get("y.test", "/b");
    size_t runs = 0, bad = 0;
    table t;

    make_table(&t);
    told answer = explain(&t, &request, MOST);
    writing w = {&t, &answer};
    cr_expect_eq(test_fail_every_allocation(write_again, &w, &runs, &bad), GWAPI_OK);
    cr_expect_eq(bad, 0, "allocation %zu", bad);
    cr_expect_gt(runs, 3);
    table_free(&t);
}

/* Explaining itself takes no memory: like a match, it works in the scratch. */
Test(match_explain, explaining_allocates_nothing)
{
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;
    test_memory memory = {0};
    gwapi_allocator allocator = test_memory_allocator(&memory);
    gwapi_request request = get("x.test", "/a");
    table t, counted;
    size_t len;

    make_table(&t);
    counted = t;
    const void *bytes = gwapi_snapshot_bytes(t.snapshot, &len);
    options.allocator = &allocator;
    cr_assert_eq(gwapi_snapshot_open(&counted.snapshot, bytes, len, &options, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_scratch_new(&counted.scratch, counted.snapshot, &allocator), GWAPI_OK);
    size_t before = memory.calls;
    cr_expect_eq(explain(&counted, &request, MOST).count, 9);
    cr_expect_eq(memory.calls, before);
    gwapi_scratch_free(counted.scratch);
    gwapi_snapshot_release(counted.snapshot);
    cr_expect_eq(memory.live_blocks, 0);
    table_free(&t);
}
