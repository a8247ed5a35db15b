#include <criterion/criterion.h>

#include "base/slice.h"
#include "cel/library.h"
#include "cel/value.h"
#include "support/oom.h"

static gwapi_allocator heap(void)
{
    gwapi_allocator a;

    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    return a;
}

Test(cel_type, types_are_written_as_people_know_them)
{
    const struct {
        const gwapi__cel_type *type;
        const char *text;
    } cases[] = {
        {&gwapi__cel_error, "error"},
        {&gwapi__cel_null, "null_type"},
        {&gwapi__cel_bool, "bool"},
        {&gwapi__cel_int, "int"},
        {&gwapi__cel_uint, "uint"},
        {&gwapi__cel_double, "double"},
        {&gwapi__cel_string, "string"},
        {&gwapi__cel_bytes, "bytes"},
        {&gwapi__cel_duration, "google.protobuf.Duration"},
        {&gwapi__cel_timestamp, "google.protobuf.Timestamp"},
        {&gwapi__cel_dyn, "dyn"},
        {&gwapi__cel_type_dyn, "type"},
        {&gwapi__cel_list_dyn, "list(dyn)"},
        {&gwapi__cel_list_int, "list(int)"},
        {&gwapi__cel_list_string, "list(string)"},
        {&gwapi__cel_list_list_a, "list(list(A))"},
        {&gwapi__cel_list_optional_a, "list(optional_type(A))"},
        {&gwapi__cel_map_dyn, "map(dyn, dyn)"},
        {&gwapi__cel_map_a_b, "map(A, B)"},
        {&gwapi__cel_type_a, "type(A)"},
        {&gwapi__cel_optional_b, "optional_type(B)"},
        {&gwapi__cel_url, "kubernetes.URL"},
        {&gwapi__cel_ip, "net.IP"},
        {&gwapi__cel_cidr, "net.CIDR"},
        {&gwapi__cel_quantity, "kubernetes.Quantity"},
        {&gwapi__cel_semver, "kubernetes.Semver"},
        {&gwapi__cel_format, "kubernetes.NamedFormat"},
    };
    gwapi_allocator a = heap();

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        gwapi__text t;
        gwapi__text_init(&t, &a);
        gwapi__cel_type_write(&t, cases[i].type);
        cr_expect(gwapi__str_eq(gwapi__text_str(&t), gwapi__str_of(cases[i].text)), "%s: %.*s",
                  cases[i].text, GWAPI__FMT(gwapi__text_str(&t)));
        gwapi__text_free(&t);
    }
}

Test(cel_type, made_types_equal_the_known_ones)
{
    gwapi_allocator a = heap();
    gwapi__arena arena;

    gwapi__arena_init(&arena, &a);
    const gwapi__cel_type *list = gwapi__cel_list_of(&arena, &gwapi__cel_a);
    const gwapi__cel_type *map = gwapi__cel_map_of(&arena, &gwapi__cel_a, &gwapi__cel_b);
    cr_expect(gwapi__cel_type_equal(list, &gwapi__cel_list_a));
    cr_expect(gwapi__cel_type_equal(gwapi__cel_list_of(&arena, list), &gwapi__cel_list_list_a));
    cr_expect(gwapi__cel_type_equal(map, &gwapi__cel_map_a_b));
    cr_expect(gwapi__cel_type_equal(gwapi__cel_type_of(&arena, &gwapi__cel_a), &gwapi__cel_type_a));
    cr_expect(gwapi__cel_type_equal(gwapi__cel_optional_of(&arena, &gwapi__cel_b),
                                    &gwapi__cel_optional_b));
    cr_expect_eq(list->max_elements, GWAPI__CEL_UNBOUNDED);
    cr_expect_eq(map->max_elements, GWAPI__CEL_UNBOUNDED);
    cr_expect_not(gwapi__cel_type_equal(list, &gwapi__cel_list_int));
    cr_expect_not(gwapi__cel_type_equal(&gwapi__cel_a, &gwapi__cel_b));
    cr_expect_not(gwapi__cel_type_equal(&gwapi__cel_ip, &gwapi__cel_cidr));
    cr_expect_not(gwapi__cel_type_equal(&gwapi__cel_type_a, &gwapi__cel_type_dyn));
    gwapi__arena_free(&arena);
}

Test(cel_type, fields_are_found_by_the_name_that_expressions_use)
{
    const gwapi__cel_field fields[] = {
        {GWAPI__STR("__if__"), GWAPI__STR("if"), &gwapi__cel_int, false},
        {GWAPI__STR("kind"), GWAPI__STR("kind"), &gwapi__cel_string, true},
        {GWAPI__STR("name"), GWAPI__STR("name"), &gwapi__cel_string, false},
    };
    const gwapi__cel_type object = {.kind = GWAPI__CEL_OBJECT, .fields = fields, .field_count = 3};

    for (size_t i = 0; i < 3; i++)
        cr_expect_eq(gwapi__cel_type_field(&object, fields[i].name), &fields[i], "%zu", i);
    cr_expect_null(gwapi__cel_type_field(&object, GWAPI__STR("if")));
    cr_expect_null(gwapi__cel_type_field(&object, GWAPI__STR("zone")));
    cr_expect_null(gwapi__cel_type_field(&gwapi__cel_int, GWAPI__STR("name")));
}

// Names and how they are written; NULL: not at all.
static const char *const escapes[][2] = {
    {"a", "a"},
    {"_", "_"},
    {"aZ_09", "aZ_09"},
    {"a.b", "a__dot__b"},
    {"a-b", "a__dash__b"},
    {"a/b", "a__slash__b"},
    {"a__b", "a__underscores__b"},
    {"a___b", "a__underscores___b"},
    {"____", "__underscores____underscores__"},
    {"-", "__dash__"},
    {"if", "__if__"},
    {"namespace", "__namespace__"},
    {"while", "__while__"},
    {"true", "__true__"},
    {"in", "__in__"},
    {"int", "int"},
    {"in.a", "in__dot__a"},
    {"", NULL},
    {"1a", NULL},
    {"a b", NULL},
    {"a-\xc3\xa9", NULL},
    {"$ref", NULL},
};

Test(cel_type, names_are_escaped_as_the_server_does)
{
    gwapi_allocator a = heap();
    gwapi__arena arena;

    gwapi__arena_init(&arena, &a);
    for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++) {
        gwapi_str out;
        bool can = gwapi__cel_escape(&arena, gwapi__str_of(escapes[i][0]), &out);
        cr_expect_eq(can, escapes[i][1] != NULL, "%s", escapes[i][0]);
        cr_expect(gwapi__str_eq(out, gwapi__str_of(escapes[i][1])), "%s: %.*s", escapes[i][0],
                  GWAPI__FMT(out));
    }
    gwapi_str out;
    cr_expect_not(gwapi__cel_escape(&arena, gwapi__str("a\0b", 3), &out));
    gwapi__arena_free(&arena);
}

static gwapi_result make_them(const gwapi_allocator *a, void *arg)
{
    gwapi__arena arena;
    gwapi_str name;

    (void)arg;
    gwapi__arena_init(&arena, a);
    const gwapi__cel_type *list = gwapi__cel_list_of(&arena, &gwapi__cel_int);
    bool can = gwapi__cel_escape(&arena, GWAPI__STR("a.b-c"), &name);
    gwapi__arena_free(&arena);
    return can && gwapi__str_present(name) && list != NULL ? GWAPI_OK : GWAPI_ENOMEM;
}

Test(cel_type, want_of_memory_is_told)
{
    size_t runs, bad;

    cr_assert_eq(test_fail_every_allocation(make_them, NULL, &runs, &bad), GWAPI_OK);
    cr_assert_eq(bad, 0);
    cr_assert_geq(runs, 2);
}
