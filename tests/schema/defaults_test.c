#include "support.h"

Test(schema_defaults, values_come_where_there_are_none)
{
    static const judging_row rows[] = {
        {"a scalar", "{type: object, properties: {a: {type: integer, default: 5}}}", "{}", "",
         "{\"a\":5}"},
        {"a written value stays", "{type: object, properties: {a: {type: integer, default: 5}}}",
         "{a: 6}", "", "{\"a\":6}"},
        {"an empty value stays", "{type: object, properties: {a: {type: string, default: x}}}",
         "{a: ''}", "", "{\"a\":\"\"}"},
        {"not below an absent object",
         "{type: object, properties: {a: {type: object, properties: {b: {type: string, default: "
         "x}}}}}",
         "{}", "", "{}"},
        {"below a written object",
         "{type: object, properties: {a: {type: object, properties: {b: {type: string, default: "
         "x}}}}}",
         "{a: {}}", "", "{\"a\":{\"b\":\"x\"}}"},
        {"within a default",
         "{type: object, properties: {a: {type: object, default: {c: z}, properties: {b: {type: "
         "string, default: x}, c: {type: string}}}}}",
         "{}", "", "{\"a\":{\"c\":\"z\",\"b\":\"x\"}}"},
        {"in items",
         "{type: array, items: {type: object, properties: {b: {type: string, default: x}}}}",
         "[{}, {b: z}]", "", "[{\"b\":\"x\"},{\"b\":\"z\"}]"},
        {"in values of a map",
         "{type: object, additionalProperties: {type: object, properties: {b: {type: string, "
         "default: x}}}}",
         "{k: {}}", "", "{\"k\":{\"b\":\"x\"}}"},
        {"a default is validated with the rest",
         "{type: object, required: [a], properties: {a: {type: string, default: x}}}", "{}", "",
         "{\"a\":\"x\"}"},
    };
    JUDGING_CHECK(rows, 0);
}

Test(schema_defaults, a_default_has_no_place_but_its_parent_has)
{
    judging g;
    gwapi_diagnostic d = {.struct_size = sizeof d};
    char text[512];

    judging_init(&g, 0);
    cr_assert_eq(judging_define(&g, "{type: object, properties: {a: {type: integer, minimum: 9, "
                                    "default: 5}}}"),
                 GWAPI_OK);
    judging_run(&g, judging_thing(text, sizeof text, "{}"), NULL, 0);
    cr_assert_eq(gwapi_report_at(g.report, 0, &d), GWAPI_OK);
    cr_expect(gwapi__str_eq(d.path, GWAPI__STR("spec.a")));
    cr_expect_eq(d.line, 4);
    judging_free(&g);
}

Test(schema_defaults, minimizing_takes_out_what_defaulting_puts_in)
{
    static const struct {
        const char *label, *schema, *spec, *after;
    } rows[] = {
        {"what equals a default",
         "{type: object, properties: {a: {type: integer, default: 5}, b: {type: integer}}}",
         "{a: 5, b: 5}", "{\"b\":5}"},
        {"what differs", "{type: object, properties: {a: {type: integer, default: 5}}}", "{a: 6}",
         "{\"a\":6}"},
        {"in items",
         "{type: array, items: {type: object, properties: {a: {type: integer, default: 5}}}}",
         "[{a: 5}, {a: 6}]", "[{},{\"a\":6}]"},
        {"but nothing of what nobody describes",
         "{type: object, properties: {l: {type: array, x-kubernetes-preserve-unknown-fields: "
         "true}}}",
         "{l: [{a: 5}]}", "{\"l\":[{\"a\":5}]}"},
    };
    char text[512];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const gwapi__kind *kind;
        gwapi__stream *stream;
        judging g;
        judging_init(&g, 0);
        cr_assert_eq(judging_define(&g, rows[i].schema), GWAPI_OK, "%s", rows[i].label);
        cr_assert_eq(gwapi__schema_find(g.schema, GWAPI__STR("t.example/v1"), GWAPI__STR("Thing"),
                                        &kind),
                     GWAPI_OK);
        gwapi__node *root =
            judging_read(&g, judging_thing(text, sizeof text, rows[i].spec), &stream);
        gwapi__minimize(kind, root);
        gwapi__node_write_json(&g.object, gwapi__node_get(root, GWAPI__STR("spec")));
        cr_expect(gwapi__str_eq(gwapi__text_str(&g.object), gwapi__str_of(rows[i].after)),
                  "%s: now %.*s", rows[i].label, GWAPI__FMT(gwapi__text_str(&g.object)));
        gwapi__stream_close(stream);
        judging_free(&g);
    }
}
