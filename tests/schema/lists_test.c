#include "support.h"

Test(schema_lists, sets_hold_each_value_once)
{
    static const judging_row rows[] = {
        {"distinct", "{type: array, x-kubernetes-list-type: set, items: {type: string}}",
         "[a, b]", "", NULL},
        {"twice", "{type: array, x-kubernetes-list-type: set, items: {type: string}}",
         "[a, b, a]", "Duplicate spec[2]", NULL},
        {"only the second is told",
         "{type: array, x-kubernetes-list-type: set, items: {type: string}}", "[a, a, a]",
         "Duplicate spec[1]", NULL},
        {"an integer and a fraction",
         "{type: array, x-kubernetes-list-type: set, items: {type: number}}", "[1, 1.5, 1.5]",
         "Duplicate spec[2]", NULL},
        {"objects by their members",
         "{type: array, x-kubernetes-list-type: set, items: {type: object, "
         "additionalProperties: {type: integer}}}",
         "[{a: 1, b: 2}, {b: 2, a: 1}]", "Duplicate spec[1]", NULL},
        {"nulls",
         "{type: array, x-kubernetes-list-type: set, items: {type: string, nullable: true}}",
         "[null, null]", "Duplicate spec[1]", NULL},
        {"in a default",
         "{type: object, properties: {l: {type: array, x-kubernetes-list-type: set, items: {type: "
         "integer}, default: [1, 1]}}}",
         "{}", "Duplicate spec.l[1]", NULL},
        {"an atomic list may repeat",
         "{type: array, x-kubernetes-list-type: atomic, items: {type: string}}", "[a, a]", "",
         NULL},
    };
    JUDGING_CHECK(rows, 0);
}

#define MAP_OF(keys)                                                                          \
    "{type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: " keys            \
    ", items: {type: object, properties: {a: {type: string}, b: {type: integer, default: 0}, " \
    "c: {type: string}}}}"

Test(schema_lists, maps_hold_each_key_once)
{
    static const judging_row rows[] = {
        {"distinct", MAP_OF("[a]"), "[{a: x}, {a: z}]", "", NULL},
        {"twice", MAP_OF("[a]"), "[{a: x}, {a: x, c: z}]", "Duplicate spec[1]", NULL},
        {"two keys", MAP_OF("[a, b]"), "[{a: x, b: 1}, {a: x, b: 2}]", "", NULL},
        {"two keys, twice", MAP_OF("[a, b]"), "[{a: x, b: 1}, {a: x, b: 1}]",
         "Duplicate spec[1]", NULL},
        {"a default is a key too", MAP_OF("[a, b]"), "[{a: x}, {a: x, b: 0}]",
         "Duplicate spec[1]", NULL},
        {"left out twice", MAP_OF("[a]"), "[{}, {}]", "Duplicate spec[1]", NULL},
        {"left out and empty", MAP_OF("[a]"), "[{}, {a: ''}]", "", NULL},
        {"no object", MAP_OF("[a]"), "[{a: x}, z, {a: x}]",
         "Invalid spec[1]; TypeInvalid spec[1]", NULL},
        {"lists in maps",
         "{type: object, additionalProperties: {type: array, x-kubernetes-list-type: set, items: "
         "{type: string}}}",
         "{k: [a, a]}", "Duplicate spec[k][1]", NULL},
        {"lists in lists",
         "{type: array, items: {type: object, properties: {l: {type: array, "
         "x-kubernetes-list-type: set, items: {type: string}}}}}",
         "[{l: [a, a]}]", "Duplicate spec[0].l[1]", NULL},
    };
    JUDGING_CHECK(rows, 0);
}

Test(schema_lists, long_lists_are_no_matter)
{
    enum { ITEMS = 20000 };
    gwapi__text text;
    judging g;

    judging_init(&g, 0);
    gwapi__text_init(&text, &g.allocator);
    cr_assert_eq(judging_define(
                     &g, "{type: array, x-kubernetes-list-type: set, items: {type: integer}}"),
                 GWAPI_OK);
    gwapi__text_addz(&text, "apiVersion: t.example/v1\nkind: Thing\nmetadata: {name: t}\nspec: [");
    for (uint64_t i = 0; i < ITEMS; i++) {
        gwapi__text_u64(&text, i);
        gwapi__text_addz(&text, ", ");
    }
    gwapi__text_addz(&text, "17]\n");
    gwapi__text_char(&text, '\0');
    judging_run(&g, text.data, NULL, 0);
    cr_expect_str_eq(g.shown.data, "Duplicate spec[20000]");
    gwapi__text_free(&text);
    judging_free(&g);
}
