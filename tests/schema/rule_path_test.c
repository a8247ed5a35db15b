/* Paths that a rule's finding may name. Which are taken is what an API server takes. */
#include "schema/rules.h"
#include "support.h"
#include "support/oom.h"

static const char schema[] =
    "{type: object, properties: {a: {type: object, additionalProperties: {type: object, "
    "properties: {b: {type: integer}}}}, c: {type: integer}, d.e: {type: integer}, \"q'q\": {type: "
    "integer}, \"s\\\\s\": {type: integer}, \"\\a\\b\\f\\n\\r\\t\\v\": {type: integer}, \"'c'\": "
    "{type: integer}, l: {type: array, items: {type: object, properties: {x: {type: integer}}}}, "
    "u: {type: object, x-kubernetes-preserve-unknown-fields: true}}}";

static const gwapi__schema_node *spec_node(judging *g)
{
    const gwapi__kind *kind = NULL;

    cr_assert_eq(judging_define(g, schema), GWAPI_OK);
    cr_assert_eq(gwapi__schema_find(g->schema, GWAPI__STR("t.example/v1"), GWAPI__STR("Thing"),
                                    &kind),
                 GWAPI_OK);
    return gwapi__schema_property(kind->root, GWAPI__STR("spec"))->node;
}

/* "a [k] b": the steps, keys in brackets. */
static void show_steps(gwapi__text *t, const gwapi__rule_step *steps, uint32_t count)
{
    gwapi__text_cut(t, 0);
    for (uint32_t i = 0; i < count; i++) {
        gwapi__text_addz(t, i != 0 ? " " : "");
        gwapi__text_addz(t, steps[i].key ? "[" : "");
        gwapi__text_add(t, steps[i].name);
        gwapi__text_addz(t, steps[i].key ? "]" : "");
    }
    gwapi__text_char(t, '\0');
}

#define NO_FIELD "the path leads to no field of the schema"
#define EARLY "the path ends too early"
#define QUOTES "a name in brackets must stand in single quotes"
#define OPEN "a bracket of the path is not closed"
#define BEGIN "a step of the path must begin with . or ["
#define ESCAPE "the path has an unknown escape"

static const struct {
    const char *path, *steps, *refusal;
} paths[] = {
    {".a", "a", NULL},
    {".a.k", "a [k]", NULL},
    {".a['k']", "a [k]", NULL},
    {".a['k.l'].b", "a [k.l] b", NULL},
    {".a.k.b", "a [k] b", NULL},
    {".a['k']['b']", "a [k] b", NULL},
    {".a['']", "a []", NULL},
    {".c", "c", NULL},
    {".l", "l", NULL},
    {"['c']", "c", NULL},
    {"['d.e']", "d.e", NULL},
    {"['q\\'q']", "q'q", NULL},
    {"['s\\\\s']", "s\\s", NULL},
    {"['\\a\\b\\f\\n\\r\\t\\v']", "\a\b\f\n\r\t\v", NULL},
    {".'c'", "'c'", NULL},
    {".c.x", NULL, NO_FIELD},
    {".x", NULL, NO_FIELD},
    {"['x']", NULL, NO_FIELD},
    {".d.e", NULL, NO_FIELD},
    {"..", NULL, NO_FIELD},
    {".\\c", NULL, NO_FIELD},
    {"['c']['x']", NULL, NO_FIELD},
    {".l['x']", NULL, NO_FIELD},
    {".l.x", NULL, NO_FIELD},
    {".u.x", NULL, NO_FIELD},
    {".a.k.b.z", NULL, NO_FIELD},
    {".", NULL, EARLY},
    {".a.", NULL, EARLY},
    {".a[", NULL, EARLY},
    {"[", NULL, EARLY},
    {"['c'", NULL, EARLY},
    {"[c]", NULL, QUOTES},
    {"[cd]", NULL, QUOTES},
    {".a[k]", NULL, QUOTES},
    {".l[0]", NULL, QUOTES},
    {"['", NULL, QUOTES},
    {"[']", NULL, QUOTES},
    {"['\\", NULL, QUOTES},
    {"['c]x", NULL, QUOTES},
    {"['\\x']", NULL, ESCAPE},
    {"['c'x", NULL, OPEN},
    {"['c'.a", NULL, OPEN},
    {"['c' ]", NULL, OPEN},
    {"a", NULL, BEGIN},
    {"]", NULL, BEGIN},
    {"''", NULL, BEGIN},
    {"['c']]", NULL, BEGIN},
    {"['c']a", NULL, BEGIN},
};

Test(schema_rule_path, paths_lead_to_fields_of_the_schema)
{
    gwapi__text shown;
    judging g;

    judging_init(&g, 0);
    gwapi__text_init(&shown, &g.allocator);
    const gwapi__schema_node *value = spec_node(&g);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const gwapi__rule_step *steps = NULL;
        const char *refusal = NULL;
        uint32_t count = 0;
        gwapi_result r = gwapi__rule_path_parse(&steps, &count, &g.arena, value,
                                                gwapi__str_of(paths[i].path), &refusal);
        cr_expect_eq(r, paths[i].steps != NULL ? GWAPI_OK : GWAPI_EINVALID, "%s", paths[i].path);
        show_steps(&shown, steps, count);
        cr_expect_str_eq(shown.data, paths[i].steps != NULL ? paths[i].steps : "", "%s: %s",
                         paths[i].path, shown.data);
        cr_expect_eq(refusal == NULL, paths[i].refusal == NULL, "%s", paths[i].path);
        if (refusal != NULL && paths[i].refusal != NULL)
            cr_expect_str_eq(refusal, paths[i].refusal, "%s: %s", paths[i].path, refusal);
    }
    gwapi__text_free(&shown);
    judging_free(&g);
}

Test(schema_rule_path, a_zero_byte_is_no_escape)
{
    const gwapi__rule_step *steps = NULL;
    const char *refusal = NULL;
    uint32_t count = 0;
    judging g;

    judging_init(&g, 0);
    cr_expect_eq(gwapi__rule_path_parse(&steps, &count, &g.arena, spec_node(&g),
                                        gwapi__str("['\\\0']", 6), &refusal),
                 GWAPI_EINVALID);
    cr_expect_str_eq(refusal, ESCAPE);
    judging_free(&g);
}

/* Each in an arena that has so many bytes and gets no more. */
Test(schema_rule_path, memory_may_end_at_each_step)
{
    static const gwapi_str path = {".a['k.l'].b", 11};
    static _Alignas(max_align_t) char room[256];
    test_memory m = {.fail_at = 1};
    size_t failed = 0;
    judging g;

    judging_init(&g, 0);
    const gwapi__schema_node *value = spec_node(&g);
    for (size_t bytes = 0;; bytes += 16) {
        gwapi__arena arena = {.allocator = test_memory_allocator(&m),
                              .cursor = room,
                              .end = room + bytes};
        const gwapi__rule_step *steps = NULL;
        const char *refusal = NULL;
        uint32_t count = 0;
        cr_assert_leq(bytes, sizeof room);
        m.calls = 0;
        gwapi_result r =
            gwapi__rule_path_parse(&steps, &count, &arena, value, path, &refusal);
        cr_expect_null(refusal);
        if (r == GWAPI_OK) {
            cr_expect_eq(count, 3);
            break;
        }
        cr_expect_eq(r, GWAPI_ENOMEM);
        cr_expect_eq(count, 0);
        failed++;
    }
    cr_expect_gt(failed, 3);
    judging_free(&g);
}
