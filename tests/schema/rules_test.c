/* Rules of small definitions: what they find, in an object and in one that replaces another. */
#include "schema/rules.h"
#include "support.h"

#define RULES(rule) "x-kubernetes-validations: [{rule: \"" rule "\", message: m}]"

typedef struct rule_row {
    const char *label;
    const char *schema; /* of spec */
    const char *old;    /* NULL: nothing is replaced */
    const char *spec;
    const char *found;
} rule_row;

static void check_rows(const rule_row *rows, size_t count)
{
    char text[8192], old[8192];

    for (size_t i = 0; i < count; i++) {
        judging g;
        judging_init(&g, 0);
        gwapi_result r = judging_define(&g, rows[i].schema);
        if (r != GWAPI_OK)
            judging_show(&g);
        cr_assert_eq(r, GWAPI_OK, "%s: %s", rows[i].label, g.shown.data);
        judging_run(&g, judging_thing(text, sizeof text, rows[i].spec),
                    rows[i].old != NULL ? judging_thing(old, sizeof old, rows[i].old) : NULL, 0);
        cr_expect_str_eq(g.shown.data, rows[i].found, "%s: found %s", rows[i].label,
                         g.shown.data);
        judging_free(&g);
    }
}
#define CHECK(rows) check_rows(rows, sizeof(rows) / sizeof *(rows))

Test(schema_rules, rules_find_what_does_not_hold)
{
    static const rule_row rows[] = {
        {"holds", "{type: integer, " RULES("self > 1") "}", NULL, "2", ""},
        {"does not hold", "{type: integer, " RULES("self > 1") "}", NULL, "1", "Invalid spec"},
        {"an absent value has no rules", "{type: object, properties: {a: {type: integer, "
         RULES("false") "}}}", NULL, "{}", ""},
        {"nor has a null", "{type: object, properties: {a: {type: integer, nullable: true, "
         RULES("false") "}}}", NULL, "{a: null}", ""},
        {"items", "{type: array, items: {type: integer, " RULES("self > 1") "}}", NULL,
         "[1, 2, 0]", "Invalid spec[0]; Invalid spec[2]"},
        {"values of a map", "{type: object, additionalProperties: {type: integer, "
         RULES("self > 1") "}}", NULL, "{a: 1, b.c: 0, d: 2}", "Invalid spec[a]; Invalid spec[b.c]"},
        {"nested and outer", "{type: object, " RULES("has(self.b)") ", properties: {a: {type: "
         "integer, " RULES("self > 1") "}}}", NULL, "{a: 1}", "Invalid spec; Invalid spec.a"},
        {"a rule that errs", "{type: object, properties: {a: {type: integer}}, "
         RULES("self.a > 1") "}", NULL, "{}", "Invalid spec"},
        {"an error is absorbed", "{type: object, properties: {a: {type: integer}}, "
         RULES("self.a > 1 || true") "}", NULL, "{}", ""},
        {"names that must be escaped", "{type: object, properties: {a-b: {type: integer}, "
         "namespace: {type: integer}}, " RULES("self.a__dash__b < self.__namespace__") "}", NULL,
         "{a-b: 2, namespace: 1}", "Invalid spec"},
        {"a field without a name", "{type: object, properties: {'1': {type: integer, "
         RULES("self > 1") "}}}", NULL, "{'1': 1}", "Invalid spec.1"},
        {"integer or string", "{x-kubernetes-int-or-string: true, "
         RULES("type(self) == int ? self > 1 : self == 'a'") "}", NULL, "b", "Invalid spec"},
        {"a type that blocks", "{type: object, properties: {a: {type: integer}}, "
         RULES("false") "}", NULL, "{a: x}", "TypeInvalid spec.a"},
        {"a pattern does not", "{type: object, properties: {a: {type: string, pattern: x}}, "
         RULES("false") "}", NULL, "{a: z}", "Invalid spec; Invalid spec.a"},
        {"reasons", "{type: object, x-kubernetes-validations: [{rule: 'false', message: m, reason: "
         "FieldValueForbidden}, {rule: 'false', message: m, reason: FieldValueRequired}, {rule: "
         "'false', message: m, reason: FieldValueDuplicate}, {rule: 'false', message: m, reason: "
         "FieldValueInvalid}]}", NULL, "{}",
         "Required spec; Invalid spec; Duplicate spec; Forbidden spec"},
        {"a path", "{type: object, properties: {a: {type: object, additionalProperties: {type: "
         "integer}}}, x-kubernetes-validations: [{rule: 'false', message: m, fieldPath: "
         "\".a['b.c']\"}, {rule: 'false', message: m, fieldPath: .a}]}", NULL, "{}",
         "Invalid spec.a; Invalid spec.a[b.c]"},
        {"the object itself", "{type: object, x-kubernetes-embedded-resource: true, "
         "x-kubernetes-preserve-unknown-fields: true, " RULES("self.metadata.name == 'a'") "}", NULL,
         "{apiVersion: v1, kind: A, metadata: {name: b}}", "Invalid spec"},
    };

    CHECK(rows);
}

#define KEYED                                                                                     \
    "{type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: "  \
    "object, required: [k], properties: {k: {type: string}, v: {type: integer"
#define OBJECT "{type: object, properties: {a: {type: integer"
#define OPTIONAL(rule)                                                                            \
    "x-kubernetes-validations: [{rule: \"" rule "\", message: m, optionalOldSelf: true}]"

Test(schema_rules, transitions_compare_with_the_earlier_value)
{
    static const rule_row rows[] = {
        {"a new object", "{type: integer, " RULES("self == oldSelf") "}", NULL, "1", ""},
        {"the same", "{type: integer, " RULES("self == oldSelf") "}", "1", "1", ""},
        {"another", "{type: integer, " RULES("self == oldSelf") "}", "1", "2", "Invalid spec"},
        {"a field that was not there", OBJECT ", " RULES("self == oldSelf") "}}}", "{}", "{a: 1}",
         ""},
        {"an item of the same key", KEYED ", " RULES("self >= oldSelf") "}}}}",
         "[{k: a, v: 5}, {k: b, v: 1}]", "[{k: b, v: 2}, {k: a, v: 3}, {k: c, v: 0}]",
         "Invalid spec[1].v"},
        {"values of a map", "{type: object, additionalProperties: {type: integer, "
         RULES("self >= oldSelf") "}}", "{a: 5}", "{a: 3, b: 1}", "Invalid spec[a]"},
        {"an optional that is none", "{type: integer, " OPTIONAL("oldSelf.hasValue()") "}", NULL,
         "1", "Invalid spec"},
        {"an optional", "{type: integer, " OPTIONAL("oldSelf.value() < self") "}", "2", "1",
         "Invalid spec"},
        {"an optional of a new field", OBJECT ", " OPTIONAL("oldSelf.hasValue()") "}}}", "{}",
         "{a: 1}", "Invalid spec.a"},
        {"transitions are not forgiven", "{type: integer, " RULES("self > oldSelf") "}", "1", "1",
         "Invalid spec"},
    };

    CHECK(rows);
}

Test(schema_rules, what_did_not_change_is_only_warned_of)
{
    static const rule_row rows[] = {
        {"the same", "{type: integer, " RULES("self > 1") "}", "1", "1", ""},
        {"changed, and still wrong", "{type: integer, " RULES("self > 1") "}", "0", "1",
         "Invalid spec"},
        {"a part that is as before", OBJECT ", " RULES("self > 1") "}, b: {type: integer}}}",
         "{a: 1, b: 1}", "{a: 1, b: 2}", ""},
        {"the whole changed", "{type: object, " RULES("false") ", properties: {a: {type: integer}}}",
         "{a: 1}", "{a: 2}", "Invalid spec"},
        {"an item of an unchanged list", "{type: array, items: {type: integer, "
         RULES("self > 1") "}}", "[1, 2]", "[1, 2]", ""},
        {"an item of a changed list", "{type: array, items: {type: integer, "
         RULES("self > 1") "}}", "[1, 2]", "[1, 2, 3]", "Invalid spec[0]"},
        {"an item found by its key", KEYED ", " RULES("self > 1") "}}}}", "[{k: a, v: 1}]",
         "[{k: b, v: 0}, {k: a, v: 1}]", "Invalid spec[0].v; Invalid spec[1].v" /* a warning */},
        {"errors are not forgiven", OBJECT "}}, " RULES("self.a > 1") "}", "{}", "{}",
         "Invalid spec"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[8192], old[8192];
        judging g;
        judging_init(&g, 0);
        cr_assert_eq(judging_define(&g, rows[i].schema), GWAPI_OK, "%s", rows[i].label);
        judging_run(&g, judging_thing(text, sizeof text, rows[i].spec),
                    judging_thing(old, sizeof old, rows[i].old), 0);
        cr_expect_eq(g.errors == 0, rows[i].found[0] == '\0', "%s: %s", rows[i].label,
                     g.shown.data);
        if (g.errors == 0)
            cr_expect(gwapi_report_count_severity(g.report, GWAPI_SEVERITY_WARNING) != 0 ||
                          rows[i].old == NULL,
                      "%s: no warning", rows[i].label);
        else
            cr_expect_str_eq(g.shown.data, rows[i].found, "%s: %s", rows[i].label, g.shown.data);
        judging_free(&g);
    }
}

/* ---- words ----------------------------------------------------------------------------- */

Test(schema_rules, findings_say_what_the_rule_says)
{
    static const struct {
        const char *rule, *message;
    } rows[] = {
        {"{rule: \"false\", message: \" a b \"}", "a b"},
        {"{rule: \" 1 == 2 \"}", "failed rule: 1 == 2"},
        {"{rule: \"self[1] == 'a'\", message: m}",
         "index out of bounds: 1, while the rule was evaluated: m"},
        {"{rule: \"false\", message: m, messageExpression: \"' got ' + self[0]\"}", "got x"},
        {"{rule: \"false\", message: m, messageExpression: \"self[1]\"}", "m"},
        {"{rule: \"false\", message: m, messageExpression: \"' '\"}", "m"},
        {"{rule: \"false\", message: m, messageExpression: \"'a' + '\\\\n' + 'b'\"}", "m"},
        {"{rule: \"false\", messageExpression: \"'a' + oldSelf[0]\"}", "failed rule: false"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_diagnostic d = {.struct_size = sizeof d};
        char schema[1024], text[1024];
        judging g;
        judging_init(&g, 0);
        snprintf(schema, sizeof schema,
                 "{type: array, maxItems: 5, items: {type: string, maxLength: 5}, "
                 "x-kubernetes-validations: [%s]}",
                 rows[i].rule);
        gwapi_result r = judging_define(&g, schema);
        if (r != GWAPI_OK)
            gwapi_report_at(g.report, 0, &d);
        cr_assert_eq(r, GWAPI_OK, "%s: %.*s", rows[i].rule, GWAPI__FMT(d.message));
        judging_run(&g, judging_thing(text, sizeof text, "[x]"), NULL, 0);
        cr_assert_eq(gwapi_report_at(g.report, 0, &d), GWAPI_OK, "%s", rows[i].rule);
        cr_expect(gwapi__str_eq(d.message, gwapi__str_of(rows[i].message)), "%s: %.*s",
                  rows[i].rule, GWAPI__FMT(d.message));
        judging_free(&g);
    }
}

static gwapi_str last_rule(judging *g, gwapi_diagnostic *d)
{
    cr_assert_eq(gwapi_report_at(g->report, gwapi_report_count(g->report) - 1, d), GWAPI_OK);
    return d->rule;
}

/* A rule of an item that costs 50 units, of 10,000,000 that an object has, and one for nothing. */
#define FIFTY                                                                                  \
    "{rule: '[1, 2, 3, 4, 5, 6, 7, 8, 9].all(x, x > 0) && self >= 0 && self < 9', message: m, " \
    "messageExpression: 'string(self)'}, {rule: 'true', message: m}"

Test(schema_rules, rules_of_an_object_have_a_budget)
{
    static const struct {
        unsigned zeros; /* items before the last */
        const char *last, *path, *rule, *message;
    } rows[] = {
        {199999, "0", NULL, NULL, NULL},
        {200000, "0", "spec[200000]", "rules/budget", "the rules of the object cost more than "
         "10000000 units, no further rule is evaluated"},
        {199998, "9", "spec[199998]", "rule", "9"},
        {199999, "9", "spec[199999]", "rule", "the messageExpression costs more than is left, no "
         "further rule is evaluated; the rule is violated: m"},
    };

    if (getenv("GWAPI_TEST_SMALL") != NULL)
        cr_skip_test("only sizes count here");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_diagnostic d = {.struct_size = sizeof d};
        gwapi__text text;
        judging g;
        judging_init(&g, 0);
        cr_assert_eq(judging_define(&g, "{type: array, items: {type: integer, "
                                        "x-kubernetes-validations: [" FIFTY "]}}"),
                     GWAPI_OK);
        gwapi__text_init(&text, &g.allocator);
        gwapi__text_addz(&text,
                         "apiVersion: t.example/v1\nkind: Thing\nmetadata: {name: t}\nspec: [");
        for (unsigned k = 0; k < rows[i].zeros; k++)
            gwapi__text_addz(&text, "0,");
        gwapi__text_addz(&text, rows[i].last);
        gwapi__text_addz(&text, "]\n");
        gwapi__text_char(&text, '\0');
        judging_run(&g, text.data, NULL, 0);
        cr_expect_eq(g.errors, rows[i].rule != NULL ? 1 : 0, "%u: %zu", rows[i].zeros, g.errors);
        if (rows[i].rule != NULL && g.errors == 1) {
            cr_expect(gwapi__str_eq(last_rule(&g, &d), gwapi__str_of(rows[i].rule)), "%.*s",
                      GWAPI__FMT(d.rule));
            cr_expect(gwapi__str_eq(d.path, gwapi__str_of(rows[i].path)), "%.*s",
                      GWAPI__FMT(d.path));
            cr_expect(gwapi__str_eq(d.message, gwapi__str_of(rows[i].message)), "%.*s",
                      GWAPI__FMT(d.message));
        }
        gwapi__text_free(&text);
        judging_free(&g);
    }
}

/* What is left is more than nothing, but less than the next rule costs. */
Test(schema_rules, a_rule_that_costs_more_than_is_left_is_the_last)
{
    static const char schema[] =
        "{type: object, properties: {a: {type: array, items: {type: integer, "
        "x-kubernetes-validations: [" FIFTY "]}}, b: {type: integer, x-kubernetes-validations: ["
        "{rule: '[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16].all(x, x > 0)', message: "
        "n}, {rule: 'false', message: m}]}}}";
    static const struct {
        unsigned zeros;
        const char *found;
    } rows[] = {{199998, "rule"}, {199999, "rules/budget"}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_diagnostic d = {.struct_size = sizeof d};
        gwapi__text text;
        judging g;
        judging_init(&g, 0);
        cr_assert_eq(judging_define(&g, schema), GWAPI_OK);
        gwapi__text_init(&text, &g.allocator);
        gwapi__text_addz(&text,
                         "apiVersion: t.example/v1\nkind: Thing\nmetadata: {name: t}\nspec: {a: [");
        for (unsigned k = 0; k < rows[i].zeros; k++)
            gwapi__text_addz(&text, "0,");
        gwapi__text_addz(&text, "], b: 1}\n");
        gwapi__text_char(&text, '\0');
        judging_run(&g, text.data, NULL, 0);
        cr_expect_eq(g.errors, 1, "%u: %zu", rows[i].zeros, g.errors);
        cr_expect(gwapi__str_eq(last_rule(&g, &d), gwapi__str_of(rows[i].found)), "%u: %.*s",
                  rows[i].zeros, GWAPI__FMT(d.rule));
        cr_expect(gwapi__str_eq(d.path, GWAPI__STR("spec.b")), "%.*s", GWAPI__FMT(d.path));
        gwapi__text_free(&text);
        judging_free(&g);
    }
}

/* One evaluation may cost 1,000,000 units. */
Test(schema_rules, a_rule_that_costs_too_much_is_the_last)
{
#define COSTLY "self.all(x, self.all(y, x == y))"
    static const struct {
        const char *rules, *message;
    } rows[] = {
        {"{rule: '" COSTLY "', message: m}",
         "the rule costs more than 1000000 units here, no further rule is evaluated: m"},
        {"{rule: 'false', message: m, reason: FieldValueRequired, messageExpression: \"" COSTLY
         " ? 'a' : 'b'\"}",
         "the messageExpression costs more than is left, no further rule is evaluated; the rule is "
         "violated: m"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_diagnostic d = {.struct_size = sizeof d};
        char schema[1024], spec[2048] = "[1", text[4096];
        judging g;
        judging_init(&g, 0);
        snprintf(schema, sizeof schema,
                 "{type: array, items: {type: integer}, x-kubernetes-validations: [%s, {rule: "
                 "'false', message: n}]}",
                 rows[i].rules);
        for (size_t k = 2; k < 1300; k += 2)
            memcpy(spec + k, k + 2 < 1300 ? ",1" : "]", k + 2 < 1300 ? 3 : 2);
        cr_assert_eq(judging_define(&g, schema), GWAPI_OK);
        judging_run(&g, judging_thing(text, sizeof text, spec), NULL, 0);
        cr_expect_str_eq(g.shown.data, "Invalid spec");
        cr_expect_eq(g.errors, 1);
        last_rule(&g, &d);
        cr_expect(gwapi__str_eq(d.message, gwapi__str_of(rows[i].message)), "%.*s",
                  GWAPI__FMT(d.message));
        judging_free(&g);
    }
}

Test(schema_rules, a_message_of_more_than_5_kib_is_none)
{
    for (size_t len = 5120; len < 5122; len++) {
        gwapi_diagnostic d = {.struct_size = sizeof d};
        char spec[5200], text[6000];
        judging g;
        judging_init(&g, 0);
        cr_assert_eq(judging_define(&g, "{type: string, x-kubernetes-validations: [{rule: 'false', "
                                        "message: m, messageExpression: self}]}"),
                     GWAPI_OK);
        memset(spec, 'a', len);
        spec[len] = '\0';
        judging_run(&g, judging_thing(text, sizeof text, spec), NULL, 0);
        last_rule(&g, &d);
        cr_expect_eq(d.message.len, len == 5120 ? 5120 : 1, "%zu: %zu", len, d.message.len);
        judging_free(&g);
    }
}

/* The server compares versions of one object only after it made them the same. */
Test(schema_rules, rules_of_the_version_compare_and_forgive_nothing)
{
#define TYPED "apiVersion: {type: string, " RULES("self != oldSelf")                            \
              "}, kind: {type: string, " RULES("self != oldSelf") "}"
    static const struct {
        const char *root, *found;
        bool replaces;
    } rows[] = {
        {"{type: object, properties: {" TYPED "}}", "", false},
        {"{type: object, properties: {" TYPED "}}", "Invalid apiVersion; Invalid kind", true},
        {"{type: object, properties: {kind: {type: string, " RULES("false") "}, spec: {type: object, "
         "properties: {kind: {type: string, " RULES("false") "}}}}}",
         "Invalid kind; Invalid spec.kind", false},
    };
    static const char thing[] =
        "apiVersion: t.example/v1\nkind: Thing\nmetadata: {name: t}\nspec: {kind: a}\n";

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        judging g;
        judging_init(&g, 0);
        cr_assert_eq(judging_define_whole(&g, rows[i].root), GWAPI_OK, "%s", rows[i].root);
        judging_run(&g, thing, rows[i].replaces ? thing : NULL, 0);
        cr_expect_str_eq(g.shown.data, rows[i].found, "%s: %s", rows[i].root, g.shown.data);
        judging_free(&g);
    }
}

Test(schema_rules, rules_of_the_version_are_not_forgiven_with_the_rest)
{
    static const char thing[] =
        "apiVersion: t.example/v1\nkind: Thing\nmetadata: {name: t}\nspec: {kind: a}\n";
    judging g;

    judging_init(&g, 0);
    cr_assert_eq(judging_define_whole(&g, "{type: object, properties: {kind: {type: string, " RULES(
                                              "false") "}, spec: {type: object, properties: {kind: {type: string, "
                                          RULES("false") "}}}}}"),
                 GWAPI_OK);
    judging_run(&g, thing, thing, 0);
    cr_expect_eq(g.errors, 1, "%s", g.shown.data);
    cr_expect_str_eq(g.shown.data, "Invalid kind; Invalid spec.kind"); /* … a warning */
    judging_free(&g);
}

/* A default is judged apart; only names that expressions cannot say lead on from a value that
 * has no type. */
Test(schema_rules, a_default_without_a_type_has_the_rules_of_what_has_no_name)
{
    static const char crd[] =
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
        "metadata: {name: things.t.example}\n"
        "spec: {group: t.example, names: {kind: Thing, plural: things}, scope: Namespaced, versions: "
        "[{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, "
        "properties: {spec: {type: object, properties: {p: {x-kubernetes-preserve-unknown-fields: "
        "true, default: {'1': 1, a: 1, '2': 2}, properties: {'1': {type: integer, " RULES("false")
        "}, a: {type: integer, " RULES("false") "}, '2': {x-kubernetes-preserve-unknown-fields: true, "
        "properties: {b: {type: integer, " RULES("false") "}}}}}}}}}}}]}";
    judging g;

    judging_init(&g, 0);
    cr_expect_eq(gwapi_schema_add_crd(g.schema, GWAPI__STR("f"), gwapi__str_of(crd), g.report),
                 GWAPI_EINVALID);
    judging_show(&g);
    cr_expect_str_eq(g.shown.data, "Invalid spec.validation.openAPIV3Schema.properties[spec]."
                                   "properties[p].default.1",
                     "%s", g.shown.data);
    judging_free(&g);
}

/* ---- the built-in kinds ----------------------------------------------------------------- */

static void fail_on(void *ctx, const gwapi__rule_problem *problem)
{
    const gwapi__rule_set *set = ctx;

    cr_expect(false, "%.*s: %.*s", GWAPI__FMT(set->rules[problem->rule].id),
              GWAPI__FMT(problem->message));
}

Test(schema_rules, all_built_in_rules_compile)
{
    static const gwapi_channel channels[] = {GWAPI_CHANNEL_STANDARD, GWAPI_CHANNEL_EXPERIMENTAL};
    size_t rules = 0;

    for (size_t c = 0; c < 2; c++) {
        judging g;
        judging_init(&g, channels[c]);
        for (size_t i = 0; i < gwapi_schema_kind_count(g.schema); i++) {
            gwapi_kind_info info = {.struct_size = sizeof info};
            const gwapi__kind *kind = NULL;
            char version[128];
            cr_assert_eq(gwapi_schema_kind_at(g.schema, i, &info), GWAPI_OK);
            int n = snprintf(version, sizeof version, "%.*s/%.*s", GWAPI__FMT(info.group),
                             GWAPI__FMT(info.version));
            cr_assert_eq(gwapi__schema_find(g.schema, gwapi__str(version, (size_t)n), info.kind,
                                            &kind),
                         GWAPI_OK);
            for (gwapi__rule_set *set = kind->rule_sets; set != NULL; set = set->next) {
                const gwapi__rule_listener listener = {set, fail_on};
                const gwapi__rule_programs *programs;
                cr_assert_eq(gwapi__rule_set_compile(&programs, kind, set, &listener), GWAPI_OK);
                for (uint32_t r = 0; r < programs->count; r++)
                    cr_expect_not_null(programs->at[r].rule);
                rules += programs->count;
            }
        }
        judging_free(&g);
    }
    cr_expect_gt(rules, 300, "%zu rules", rules);
}
