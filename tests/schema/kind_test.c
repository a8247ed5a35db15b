/* From texts that the build put in to compiled kinds: what is right, what is not, and memory. */
#include "schema/rules.h"
#include "support.h"
#include "support/oom.h"

/* A kind as the build would put it in. */
static gwapi_result compile(const gwapi_allocator *allocator, void *arg)
{
    static const gwapi__builtin_release release = {.name = GWAPI_STR_INIT("v0")};
    static const gwapi__builtin_version version = {.name = GWAPI_STR_INIT("v1")};
    const char *text = arg;
    gwapi_schema_options options = GWAPI_SCHEMA_OPTIONS_INIT;
    gwapi_schema *schema = NULL;
    gwapi__kind *kind = NULL;
    const gwapi__builtin_kind source = {
        .text = {.bytes = (const unsigned char *)text, .size = strlen(text)}};
    const gwapi__entry entry = {.group = GWAPI__STR("t.example"),
                                .version = version.name,
                                .kind_name = GWAPI__STR("Thing"),
                                .plural = GWAPI__STR("things"),
                                .release = &release,
                                .builtin = &source,
                                .builtin_version = &version,
                                .channel = GWAPI_CHANNEL_STANDARD};
    options.allocator = allocator;
    gwapi_result r = gwapi_schema_new(&schema, &options);
    if (r == GWAPI_OK)
        r = gwapi__kind_compile_builtin(&kind, schema, &entry);
    cr_expect_eq(kind != NULL, r == GWAPI_OK);
    if (kind != NULL && kind->root->property_count != 0)
        cr_expect_not_null(gwapi__schema_property(kind->root, GWAPI__STR("metadata")));
    if (schema != NULL)
        gwapi__kind_free(&schema->allocator, kind);
    gwapi_schema_free(schema);
    return r;
}

#define RULES(list)                                                                           \
    "schema: {type: object, properties: {spec: {type: string, x-kubernetes-validations: " list \
    "}}}"

Test(schema_kind, built_in_texts_are_compiled_or_refused)
{
    static const struct {
        const char *label, *text;
        gwapi_result result;
    } rows[] = {
        {"a schema", "schema: {type: object, properties: {spec: {type: string}}}", GWAPI_OK},
        {"a schema of nothing", "schema: {type: object}", GWAPI_OK},
        {"a reference to nothing",
         "schema: {type: object, properties: {spec: {$ref: Nothing}}}", GWAPI_EINVALID},
        {"no schema", "kind: Thing", GWAPI_EINVALID},
        {"a schema that is none", "schema: {type: thing}", GWAPI_EINVALID},
        {"a rule", RULES("[{id: a, rule: 'true'}]"), GWAPI_OK},
        {"a rule of the other channel", RULES("[{channel: experimental}]"), GWAPI_OK},
        {"a rule without a text", RULES("[{id: a}]"), GWAPI_EINVALID},
        {"rules that are no list", RULES("{rule: 'true'}"), GWAPI_EINVALID},
        {"an old self that is optional", RULES("[{id: a, rule: 'true', optionalOldSelf: true}]"),
         GWAPI_OK},
        {"one that is not", RULES("[{id: a, rule: 'true', optionalOldSelf: false}]"), GWAPI_OK},
        {"one that is nothing of it", RULES("[{id: a, rule: 'true', optionalOldSelf: text}]"),
         GWAPI_OK},
        {"no rules", RULES("[]"), GWAPI_OK},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t runs, bad;
        cr_expect_eq(test_fail_every_allocation(compile, (void *)(uintptr_t)rows[i].text, &runs,
                                                &bad),
                     rows[i].result, "%s", rows[i].label);
        cr_expect_eq(bad, 0, "%s: allocation %zu", rows[i].label, bad);
        cr_expect_gt(runs, 5, "%s", rows[i].label);
    }
}

/* Names that fill a block each. */
static gwapi_result name_kind(const gwapi_allocator *allocator, void *arg)
{
    static char name[16384];
    const gwapi__kind_info info = {.group = {name, 1500},
                                   .version = {name, 3500},
                                   .kind = {name, 7500},
                                   .plural = {name, 15500},
                                   .namespaced = true};
    gwapi_schema_options options = GWAPI_SCHEMA_OPTIONS_INIT;
    gwapi_schema *schema = NULL;

    (void)arg;
    memset(name, 'n', sizeof name);
    options.allocator = allocator;
    gwapi_result r = gwapi_schema_new(&schema, &options);
    if (r != GWAPI_OK)
        return r;
    gwapi__kind *kind = gwapi__kind_new(schema, &info);
    if (kind == NULL)
        r = GWAPI_ENOMEM;
    else
        cr_expect(gwapi__str_eq(kind->info.plural, info.plural) &&
                  kind->info.plural.data != name);
    gwapi__kind_free(&schema->allocator, kind);
    gwapi_schema_free(schema);
    return r;
}

Test(schema_kind, the_names_of_a_kind_are_its_own)
{
    size_t runs, bad;

    cr_expect_eq(test_fail_every_allocation(name_kind, NULL, &runs, &bad), GWAPI_OK);
    cr_expect_eq(bad, 0, "allocation %zu", bad);
    cr_expect_eq(runs, 6);
}

/* ---- rules as the loader reads them ------------------------------------------------------ */

Test(schema_kind, of_rules_only_those_with_a_text_are_kept)
{
    static const struct {
        const char *rules;
        uint32_t count;
        bool optional;
    } rows[] = {
        {"[{rule: 'true'}, {message: m}, {rule: 'false', optionalOldSelf: true}]", 2, false},
        {"[{message: m}]", 0, false},
        {"[{rule: 'true', optionalOldSelf: true}]", 1, true},
        {"[{rule: 'true', optionalOldSelf: text}]", 1, false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const gwapi__kind *kind;
        char schema[512];
        judging g;
        judging_init(&g, 0);
        snprintf(schema, sizeof schema, "{type: string, x-kubernetes-validations: %s}",
                 rows[i].rules);
        cr_assert_eq(judging_define(&g, schema), GWAPI_OK);
        cr_assert_eq(gwapi__schema_find(g.schema, GWAPI__STR("t.example/v1"), GWAPI__STR("Thing"),
                                        &kind),
                     GWAPI_OK);
        const gwapi__schema_node *spec =
            gwapi__schema_property(kind->root, GWAPI__STR("spec"))->node;
        cr_expect_eq(spec->rule_count, rows[i].count, "%s", rows[i].rules);
        cr_expect_eq(spec->has_rules, rows[i].count != 0, "%s", rows[i].rules);
        if (rows[i].count != 0)
            cr_expect_eq(spec->rules[0].optional_old_self, rows[i].optional, "%s", rows[i].rules);
        judging_free(&g);
    }
}
