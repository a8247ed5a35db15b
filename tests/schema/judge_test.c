#include "support.h"

#define GATEWAY                                                                               \
    "apiVersion: gateway.networking.k8s.io/v1\n"                                              \
    "kind: Gateway\n"                                                                         \
    "metadata:\n"                                                                             \
    "  name: a\n"

Test(schema_judge, findings_have_words_and_places)
{
    static const struct {
        const char *text, *rule, *path, *pointer, *message, *hint, *excerpt;
        uint32_t line, column;
    } rows[] = {
        {GATEWAY "spec:\n  gatewayClassName: c\n  listeners:\n  - name: l\n    port: \"80\"\n"
                 "    protocol: HTTP\n",
         "structure/type", "spec.listeners[0].port", "/spec/listeners/0/port",
         "must be an integer, not the string \"80\"", "write 80 without quotes",
         "    port: \"80\"", 9, 11},
        {GATEWAY "spec:\n  gatewayClassName: c\n  listeners:\n  - name: l\n    port: 80\n",
         "structure/required", "spec.listeners[0].protocol", "/spec/listeners/0/protocol",
         "protocol is required", NULL, "  - name: l", 8, 5},
        {GATEWAY "spec:\n  gatewayClassName: c\n  listeners: []\n", "structure/min-items",
         "spec.listeners", "/spec/listeners", "has 0 items; at least 1 is needed", NULL,
         "  listeners: []", 7, 3},
        {GATEWAY "spec:\n  gatewayClassName: c\n  listeners:\n  - name: l\n    port: 80\n"
                 "    protocol: HTTP\n    allowedRoutes:\n      namespaces: {from: all}\n",
         "structure/enum", "spec.listeners[0].allowedRoutes.namespaces.from",
         "/spec/listeners/0/allowedRoutes/namespaces/from",
         "must be one of \"All\", \"Selector\", \"Same\", not \"all\"", "did you mean \"All\"?",
         "      namespaces: {from: all}", 12, 26},
        {GATEWAY "spec:\n  gatewayClassName: c\n  listeners:\n  - {name: l, port: 80, protocol: "
                 "HTTP}\n  - {name: l, port: 81, protocol: HTTP}\n",
         "structure/duplicate", "spec.listeners[1]", "/spec/listeners/1",
         "another item has the same name \"l\"", "the first is item 0 in line 8",
         "  - {name: l, port: 81, protocol: HTTP}", 9, 5},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_diagnostic d = {.struct_size = sizeof d};
        judging g;
        judging_init(&g, GWAPI_CHANNEL_STANDARD);
        judging_run(&g, rows[i].text, NULL, GWAPI__JUDGE_UNKNOWN_ERROR);
        /* Beside a name that is given twice, the rule that forbids it finds it, too. */
        for (size_t k = 0; !gwapi__str_eq(d.rule, gwapi__str_of(rows[i].rule)); k++)
            cr_assert_eq(gwapi_report_at(g.report, k, &d), GWAPI_OK, "%s", rows[i].rule);
        cr_expect(gwapi__str_eq(d.rule, gwapi__str_of(rows[i].rule)), "%.*s",
                  GWAPI__FMT(d.rule));
        cr_expect(gwapi__str_eq(d.path, gwapi__str_of(rows[i].path)), "%.*s",
                  GWAPI__FMT(d.path));
        cr_expect(gwapi__str_eq(d.pointer, gwapi__str_of(rows[i].pointer)), "%.*s",
                  GWAPI__FMT(d.pointer));
        cr_expect(gwapi__str_eq(d.message, gwapi__str_of(rows[i].message)), "%.*s",
                  GWAPI__FMT(d.message));
        cr_expect(gwapi__str_eq(d.hint, gwapi__str_of(rows[i].hint)), "%s: %.*s", rows[i].rule,
                  GWAPI__FMT(d.hint));
        cr_expect(gwapi__str_eq(d.excerpt, gwapi__str_of(rows[i].excerpt)), "%.*s",
                  GWAPI__FMT(d.excerpt));
        cr_expect_eq(d.line, rows[i].line, "%s: line %u", rows[i].rule, d.line);
        cr_expect_eq(d.column, rows[i].column, "%s: column %u", rows[i].rule, d.column);
        judging_free(&g);
    }
}

Test(schema_judge, a_kind_written_otherwise_is_told)
{
    static const struct {
        const char *type, *found;
    } types[] = {
        {"apiVersion: gateway.networking.k8s.io/v1beta1, kind: Gateway", "Invalid apiVersion"},
        {"apiVersion: example.com/v1, kind: Gateway", "Invalid apiVersion"},
        {"apiVersion: v1, kind: Gateway", "Invalid apiVersion"},
        {"apiVersion: v1, kind: Pod", "Invalid apiVersion; Invalid kind"},
    };
    gwapi__stream *stream;
    const gwapi__kind *kind;
    size_t errors;
    judging g;

    judging_init(&g, GWAPI_CHANNEL_STANDARD);
    cr_assert_eq(gwapi__schema_find(g.schema, GWAPI__STR("gateway.networking.k8s.io/v1"),
                                    GWAPI__STR("Gateway"), &kind),
                 GWAPI_OK);
    gwapi__judge_input in = {
        .root = judging_read(&g, "{Kind: Gateway, apiVersion: gateway.networking.k8s.io/v1}",
                             &stream),
        .arena = &g.arena,
        .report = g.report};
    cr_assert_eq(gwapi__judge(kind, &in, &errors), GWAPI_OK);
    gwapi__stream_close(stream);
    judging_show(&g);
    cr_expect_str_eq(g.shown.data, "Invalid kind");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        char text[128];
        snprintf(text, sizeof text, "{%s}", types[i].type);
        gwapi_report_clear(g.report);
        in.root = judging_read(&g, text, &stream);
        cr_assert_eq(gwapi__judge(kind, &in, &errors), GWAPI_OK);
        gwapi__stream_close(stream);
        judging_show(&g);
        cr_expect_str_eq(g.shown.data, types[i].found, "%s: %s", text, g.shown.data);
    }
    gwapi_report_clear(g.report);
    in.root = judging_read(&g, "[1]", &stream);
    cr_assert_eq(gwapi__judge(kind, &in, &errors), GWAPI_OK);
    gwapi__stream_close(stream);
    judging_show(&g);
    cr_expect_str_eq(g.shown.data, "TypeInvalid");
    cr_expect_eq(errors, 1);
    judging_free(&g);
}

/* Judges with nobody to tell: the number of errors is the same. */
static void check_untold(const char *kind_name, const char *api_version, const char *text)
{
    size_t told = 0, untold = 0;
    const gwapi__kind *kind;
    gwapi__stream *stream;
    judging g;

    judging_init(&g, GWAPI_CHANNEL_EXPERIMENTAL);
    cr_assert_eq(judging_define(&g, "{type: object, x-kubernetes-preserve-unknown-fields: true, "
                                    "properties: {e: {type: object, "
                                    "x-kubernetes-embedded-resource: true}, l: {type: array, "
                                    "x-kubernetes-list-type: set, items: {type: string}}, n: "
                                    "{type: array, items: {type: integer}}}}"),
                 GWAPI_OK);
    cr_assert_eq(gwapi__schema_find(g.schema, gwapi__str_of(api_version),
                                    gwapi__str_of(kind_name), &kind),
                 GWAPI_OK);
    gwapi__judge_input in = {.arena = &g.arena,
                             .flags = GWAPI__JUDGE_UNKNOWN_ERROR,
                             .document = GWAPI__NO_DOCUMENT};
    in.root = judging_read(&g, text, &stream);
    cr_assert_eq(gwapi__judge(kind, &in, &untold), GWAPI_OK);
    gwapi__stream_close(stream);
    in.root = judging_read(&g, text, &stream);
    in.report = g.report;
    cr_assert_eq(gwapi__judge(kind, &in, &told), GWAPI_OK);
    gwapi__stream_close(stream);
    cr_expect_gt(told, 0, "%s", text);
    cr_expect_eq(told, untold, "%s: %zu, untold %zu", text, told, untold);
    judging_free(&g);
}

Test(schema_judge, without_a_report_errors_are_counted_all_the_same)
{
#define THING "apiVersion: t.example/v1\nkind: Thing\nmetadata: {name: t}\n"
    static const char *const things[] = {
        "7",
        THING "spec: {e: {}}",
        THING "spec: {e: {apiVersion: 1, kind: Pod}}",
        THING "spec: {e: {apiVersion: a/b/c, kind: '', metadata: {name: a/b}}}",
        THING "spec: {l: [a, a], n: [a]}",
        THING "spec: []",
        "apiVersion: t.example/v1\nkind: Thing\nmetadata: {name: 7, creationTimestamp: no}\n",
        "apiVersion: t.example/v1\nkind: Thing\nmetadata: {labels: {-: -}, annotations: {-: a}, "
        "finalizers: [-, foregroundDeletion, orphan], ownerReferences: [{}], managedFields: [{}], "
        "name: A}\n",
        "apiVersion: t.example/v1\nmetadata: {generateName: '-'}\n",
        "kind: Other\nmetadata: {name: a, foo: 1}\n",
    };

    for (size_t i = 0; i < sizeof things / sizeof *things; i++)
        check_untold("Thing", "t.example/v1", things[i]);
    check_untold("Gateway", "gateway.networking.k8s.io/v1",
                 GATEWAY "spec: {gatewayClassName: '', addresses: [{value: x}, {type: IPAddress, "
                         "value: y}], listeners: [{name: A_, port: 0, protocol: HTTP, foo: 1}, "
                         "{name: a, port: 70000, protocol: 7}]}\n");
}

Test(schema_judge, stored_objects_are_decoded_and_no_more)
{
    judging g;

    judging_init(&g, GWAPI_CHANNEL_STANDARD);
    judging_run(&g,
                GATEWAY "  creationTimestamp: 2025-01-01T00:00:00Z\nspec:\n  listeners:\n"
                        "  - protocol: 7\n    future: 1\n",
                NULL, GWAPI__JUDGE_STORED);
    cr_expect_str_eq(g.shown.data, "");
    cr_expect(strstr(g.object.data, "\"creationTimestamp\":\"2025-01-01T00:00:00Z\"") != NULL);
    cr_expect(strstr(g.object.data,
                     "{\"protocol\":7,\"allowedRoutes\":{\"namespaces\":{\"from\":\"Same\"}}}") !=
                  NULL,
              "%s", g.object.data);
    judging_free(&g);
}

Test(schema_judge, a_full_report_still_counts)
{
    gwapi_limits limits = {.struct_size = sizeof limits, .diagnostics = 2};
    judging g;

    judging_init(&g, GWAPI_CHANNEL_STANDARD);
    gwapi_report_free(g.report);
    cr_assert_eq(gwapi_report_new(&g.report, NULL, &limits), GWAPI_OK);
    judging_run(&g, GATEWAY "spec: {a: 1, b: 2, c: 3, d: 4}\n", NULL,
                GWAPI__JUDGE_UNKNOWN_ERROR);
    cr_expect_eq(g.errors, 6);
    cr_expect_eq(gwapi_report_count(g.report), 2);
    cr_expect_eq(gwapi_report_dropped(g.report), 4);
    judging_free(&g);
}

/* ---- the sample of the oracle ---------------------------------------------------------- */

static gwapi_str member(const gwapi__node *row, const char *name)
{
    return gwapi__node_get_str(row, gwapi__str_of(name));
}

static bool is_true(const gwapi__node *row, const char *name)
{
    const gwapi__node *value = gwapi__node_get(row, gwapi__str_of(name));

    return value != NULL && value->type == GWAPI__NODE_BOOL && value->as.boolean;
}

typedef struct outcome {
    bool decoded; /* read, of a known kind, and no more than that */
    size_t errors, duplicates;
    gwapi__node *root;
} outcome;

static outcome judge_text(judging *g, gwapi_str text, uint32_t flags)
{
    gwapi__doc doc = {0};
    gwapi__stream *stream;
    const gwapi__kind *kind = NULL;
    outcome out = {0};
    bool more;

    gwapi_report_clear(g->report);
    cr_assert_eq(gwapi__stream_open(&stream, &g->allocator, text, GWAPI_FORMAT_AUTO, NULL),
                 GWAPI_OK);
    cr_assert_eq(gwapi__stream_next(stream, &g->arena, &doc, &more), GWAPI_OK);
    if (doc.root != NULL)
        cr_assert_eq(gwapi__schema_find(g->schema, member(doc.root, "apiVersion"),
                                        member(doc.root, "kind"), &kind),
                     GWAPI_OK);
    if (kind != NULL) {
        gwapi__judge_input in = {.root = doc.root,
                                 .arena = &g->arena,
                                 .default_namespace = GWAPI__STR("default"),
                                 .flags = flags,
                                 .report = g->report,
                                 .document = GWAPI__NO_DOCUMENT,
                                 .stream = stream};
        out.decoded = true;
        cr_assert_eq(gwapi__judge(kind, &in, &out.errors), GWAPI_OK);
        out.root = doc.root;
        for (size_t i = 0; i < doc.problem_count; i++)
            out.duplicates += doc.problems[i].type == GWAPI_ERROR_DUPLICATE;
    }
    gwapi__stream_close(stream);
    return out;
}

/* The oracle's set of [type, path] as judging_show writes it. */
static void show_expected(gwapi__text *t, const gwapi__node *paths)
{
    gwapi__text_cut(t, 0);
    for (uint32_t i = 0; paths != NULL && i < paths->as.list.count; i++) {
        const gwapi__node *pair = paths->as.list.items[i];
        gwapi_str path = pair->as.list.items[1]->as.string;
        if (t->len != 0)
            gwapi__text_addz(t, "; ");
        gwapi__text_add(t, pair->as.list.items[0]->as.string);
        if (path.len != 0)
            gwapi__text_char(t, ' ');
        gwapi__text_add(t, path);
    }
    gwapi__text_char(t, '\0');
}

/* The same members in whatever order the two list them. */
static bool same_findings(const char *a, const char *b)
{
    gwapi_str rest = gwapi__str_of(a), found = gwapi__str_of(b), item;

    if (rest.len != found.len)
        return false;
    for (bool more = rest.len != 0; more;) {
        size_t end = gwapi__str_find(rest, GWAPI__STR("; "));
        more = end != SIZE_MAX;
        item = gwapi__str_sub(rest, 0, end);
        rest = more ? gwapi__str_sub(rest, end + 2, rest.len) : rest;
        if (gwapi__str_find(found, item) == SIZE_MAX)
            return false;
    }
    return true;
}

static void check_row(judging *g, const gwapi__node *row, gwapi__text *expected)
{
    gwapi_str id = member(row, "id"), text = member(row, "yaml");
    bool valid = is_true(row, "valid");
    outcome o = judge_text(g, text, GWAPI__JUDGE_CREATE);

    cr_expect_eq(o.decoded && o.errors == 0, valid, "%.*s", GWAPI__FMT(id));
    if (o.decoded && member(row, "class").data == NULL && !valid) {
        judging_show(g);
        show_expected(expected, gwapi__node_get(row, GWAPI__STR("paths")));
        cr_expect(same_findings(g->shown.data, expected->data), "%.*s: found %s, not %s",
                  GWAPI__FMT(id), g->shown.data, expected->data);
    }
    if (o.decoded && valid)
        cr_expect(gwapi__node_equal(o.root, gwapi__node_get(row, GWAPI__STR("defaulted"))),
                  "%.*s: another object", GWAPI__FMT(id));
    o = judge_text(g, text, GWAPI__JUDGE_CREATE | GWAPI__JUDGE_UNKNOWN_ERROR);
    cr_expect_eq(o.decoded && o.errors + o.duplicates == 0, is_true(row, "strict"),
                 "%.*s: strict", GWAPI__FMT(id));
}

static char *read_file(const char *name, size_t *len)
{
    const char *top = getenv("top_srcdir");
    char path[1024];

    snprintf(path, sizeof path, "%s/tests/data/validate/%s", top != NULL ? top : ".", name);
    FILE *f = fopen(path, "rb");
    cr_assert_not_null(f, "%s", path);
    fseek(f, 0, SEEK_END);
    *len = (size_t)ftell(f);
    rewind(f);
    char *bytes = malloc(*len + 1);
    cr_assert_eq(fread(bytes, 1, *len, f), *len);
    fclose(f);
    return bytes;
}

static void check_sample(const char *name, gwapi_channel channel)
{
    size_t len, count = 0;
    char *bytes = read_file(name, &len);
    gwapi_str rest = gwapi__str(bytes, len), line;
    gwapi__text expected;
    judging g;

    judging_init(&g, channel);
    gwapi__text_init(&expected, &g.allocator);
    for (bool more = true; more;) {
        gwapi__stream *stream;
        gwapi__doc doc = {0};
        bool some;
        more = gwapi__str_cut(rest, '\n', &line, &rest);
        if (line.len == 0)
            continue;
        cr_assert_eq(
            gwapi__stream_open(&stream, &g.allocator, line, GWAPI_FORMAT_JSON, NULL), GWAPI_OK);
        cr_assert_eq(gwapi__stream_next(stream, &g.arena, &doc, &some), GWAPI_OK);
        cr_assert_not_null(doc.root, "row %zu", count);
        check_row(&g, doc.root, &expected);
        gwapi__stream_close(stream);
        gwapi__arena_reset(&g.arena);
        count++;
    }
    cr_expect_gt(count, 100);
    gwapi__text_free(&expected);
    judging_free(&g);
    free(bytes);
}

Test(schema_judge, the_sample_gets_the_servers_verdicts_in_the_standard_channel)
{
    check_sample("structural-standard.jsonl", GWAPI_CHANNEL_STANDARD);
}

Test(schema_judge, the_sample_gets_the_servers_verdicts_in_the_experimental_channel)
{
    check_sample("structural-experimental.jsonl", GWAPI_CHANNEL_EXPERIMENTAL);
}
