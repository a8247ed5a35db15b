#include "support.h"

#define WARN GWAPI__JUDGE_UNKNOWN_WARN

Test(schema_prune, unknown_fields_are_told_and_dropped)
{
    static const judging_row rows[] = {
        {"an unknown field", "{type: object, properties: {a: {type: string}}}", "{a: b, c: d}",
         "Unknown spec.c", "{\"a\":\"b\"}"},
        {"in a list", "{type: array, items: {type: object}}", "[{}, {c: d}]", "Unknown spec[1].c",
         "[{},{}]"},
        {"in a value of additionalProperties",
         "{type: object, additionalProperties: {type: object}}", "{x: {c: d}}",
         "Unknown spec.x.c", "{\"x\":{}}"},
        {"below additionalProperties: true", "{type: object, additionalProperties: true}",
         "{x: {c: d}, z: 1}", "Unknown spec.x.c", "{\"x\":{},\"z\":1}"},
        {"in a list below additionalProperties: true",
         "{type: object, additionalProperties: true}", "{x: [{c: d}, e, [{}]]}",
         "Unknown spec.x[0].c", "{\"x\":[{},\"e\",[{}]]}"},
        {"preserved", "{type: object, x-kubernetes-preserve-unknown-fields: true}",
         "{x: {c: d}}", "", "{\"x\":{\"c\":\"d\"}}"},
        {"preserved, but not in what is declared",
         "{type: object, x-kubernetes-preserve-unknown-fields: true, properties: {x: {type: "
         "object}}}",
         "{x: {c: d}, z: {e: f}}", "Unknown spec.x.c", "{\"x\":{},\"z\":{\"e\":\"f\"}}"},
        {"a list that preserves",
         "{type: array, x-kubernetes-preserve-unknown-fields: true, items: {type: object}}",
         "[{a: b}]", "", "[{\"a\":\"b\"}]"},
        {"kind inside is a field like any other", "{type: object}", "{kind: a}",
         "Unknown spec.kind", "{}"},
    };
    JUDGING_CHECK(rows, WARN);
}

Test(schema_prune, nulls_vanish_where_they_are_not_allowed)
{
    static const judging_row rows[] = {
        {"not allowed", "{type: object, properties: {a: {type: string}}}", "{a: null}", "", "{}"},
        {"allowed", "{type: object, properties: {a: {type: string, nullable: true}}}",
         "{a: null}", "", "{\"a\":null}"},
        {"a default stands in", "{type: object, properties: {a: {type: string, default: x}}}",
         "{a: null}", "", "{\"a\":\"x\"}"},
        {"a nullable field keeps it against a default",
         "{type: object, properties: {a: {type: string, nullable: true, default: x}}}",
         "{a: null}", "", "{\"a\":null}"},
        {"in a map", "{type: object, additionalProperties: {type: string}}", "{a: null, b: c}",
         "", "{\"b\":\"c\"}"},
        {"where anything is allowed", "{type: object, x-kubernetes-preserve-unknown-fields: true}",
         "{a: null}", "", "{\"a\":null}"},
        {"in a list of anything",
         "{type: object, properties: {n: {type: string}, l: {type: array, "
         "x-kubernetes-preserve-unknown-fields: true}}}",
         "{n: null, l: [null, {a: null}]}", "", "{\"l\":[null,{\"a\":null}]}"},
        {"a list item stays", "{type: array, items: {type: string}}", "[null]",
         "TypeInvalid spec[0]", "[null]"},
        {"a list item with a default", "{type: array, items: {type: string, default: x}}",
         "[null]", "", "[\"x\"]"},
    };
    JUDGING_CHECK(rows, 0);
}

Test(schema_prune, flags_say_what_unknown_fields_are)
{
    const char *text = "apiVersion: t.example/v1\nkind: Thing\nmetadata: {name: t, nam: x}\n"
                       "spec: {cc: d}\ntop: 1\n";
    static const struct {
        uint32_t flags;
        size_t errors;
        const char *found;
    } rows[] = {
        {0, 0, ""},
        {GWAPI__JUDGE_UNKNOWN_WARN, 0, "Unknown metadata.nam; Unknown spec.cc; Unknown top"},
        {GWAPI__JUDGE_UNKNOWN_ERROR, 3, "Unknown metadata.nam; Unknown spec.cc; Unknown top"},
        {GWAPI__JUDGE_STORED, 0, ""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        judging g;
        judging_init(&g, 0);
        cr_assert_eq(judging_define(&g, "{type: object, properties: {cd: {type: string}}}"),
                     GWAPI_OK);
        judging_run(&g, text, NULL, rows[i].flags);
        cr_expect_str_eq(g.shown.data, rows[i].found, "%zu: %s", i, g.shown.data);
        cr_expect_eq(g.errors, rows[i].errors, "%zu", i);
        judging_free(&g);
    }
}

Test(schema_prune, a_near_name_is_suggested)
{
    judging g;
    gwapi_diagnostic d = {.struct_size = sizeof d};

    judging_init(&g, GWAPI_CHANNEL_STANDARD);
    judging_run(&g,
                "apiVersion: gateway.networking.k8s.io/v1\n"
                "kind: HTTPRoute\n"
                "metadata:\n"
                "  name: a\n"
                "spec:\n"
                "  hostname:\n"
                "  - a.example\n",
                NULL, GWAPI__JUDGE_UNKNOWN_ERROR);
    cr_assert_eq(gwapi_report_at(g.report, 0, &d), GWAPI_OK);
    cr_expect(gwapi__str_eq(d.path, GWAPI__STR("spec.hostname")));
    cr_expect(gwapi__str_eq(d.pointer, GWAPI__STR("/spec/hostname")));
    cr_expect(gwapi__str_eq(d.rule, GWAPI__STR("structure/unknown-field")));
    cr_expect(gwapi__str_eq(d.hint_value, GWAPI__STR("hostnames")));
    cr_expect(gwapi__str_eq(d.excerpt, GWAPI__STR("  hostname:")));
    cr_expect_eq(d.line, 6);
    cr_expect_eq(d.column, 3);
    judging_free(&g);
}
