#include "support.h"

typedef struct fixture {
    gwapi_allocator allocator;
    gwapi__arena arena;
} fixture;

static void start(fixture *f)
{
    gwapi__allocator_init(&f->allocator, NULL);
    gwapi__arena_init(&f->arena, &f->allocator);
}

Test(doc_node, members_are_set_found_and_removed)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    const gwapi__place none = {0, 0};
    fixture f;

    start(&f);
    gwapi__node *map = gwapi__node_new(&f.arena, GWAPI__NODE_MAP, none);
    for (size_t i = 0; i < 6; i++)
        cr_assert(gwapi__node_set(&f.arena, map, gwapi__str_of(names[i]), none,
                                  gwapi__node_string(&f.arena, gwapi__str_of(names[i]), none)));
    cr_expect_eq(map->as.map.count, 6);
    cr_assert(gwapi__node_set(&f.arena, map, GWAPI__STR("b"), none,
                              gwapi__node_new(&f.arena, GWAPI__NODE_NULL, none)));
    cr_expect_eq(map->as.map.count, 6);
    cr_expect_eq(gwapi__node_get(map, GWAPI__STR("b"))->type, GWAPI__NODE_NULL);
    cr_expect_null(gwapi__node_get_str(map, GWAPI__STR("b")).data);
    gwapi__node_remove(map, 2);
    cr_expect_null(gwapi__node_field(map, GWAPI__STR("c")));
    cr_expect(gwapi__str_eq(gwapi__node_get_str(map, GWAPI__STR("d")), GWAPI__STR("d")));
    cr_expect(gwapi__str_eq(map->as.map.fields[2].name, GWAPI__STR("d")));
    cr_expect_null(gwapi__node_get(NULL, GWAPI__STR("a")));
    cr_expect_null(gwapi__node_get(gwapi__node_get(map, GWAPI__STR("a")), GWAPI__STR("a")));
    gwapi__arena_free(&f.arena);
}

Test(doc_node, a_deep_copy_shares_nothing)
{
    reading r;
    fixture f;

    start(&f);
    read_text(&r, "a: [1, {b: text}, 2.5, null, yes]\nc: {}\nd: []");
    gwapi__node *copy = gwapi__node_copy(&f.arena, r.doc.root, true);
    cr_assert_not_null(copy);
    cr_assert(gwapi__node_equal(copy, r.doc.root));
    read_done(&r); /* the copy must not refer to it */
    cr_expect(gwapi__str_eq(
        gwapi__node_get_str(gwapi__node_get(copy, GWAPI__STR("a"))->as.list.items[1],
                            GWAPI__STR("b")),
        GWAPI__STR("text")));
    gwapi__arena_free(&f.arena);
}

Test(doc_node, equality_is_that_of_json)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } rows[] = {
        {"{a: 1, b: 2}", "{b: 2, a: 1}", true},
        {"{a: 1}", "{a: 1, b: 2}", false},
        {"[1, 2]", "[2, 1]", false},
        {"[1]", "[1, 2]", false},
        {"[null]", "[null]", true},
        {"[1]", "['1']", false},
        {"[yes]", "[true]", true},
        {"[1.5]", "[1.5]", true},
        {"{a: 1}", "{b: 1}", false},
        {"[a]", "[b]", false},
    };
    gwapi__node one = {.type = GWAPI__NODE_INT, .as = {.integer = 1}};
    gwapi__node one_float = {.type = GWAPI__NODE_FLOAT, .as = {.number = 1}};
    gwapi__node big = {.type = GWAPI__NODE_INT, .as = {.integer = INT64_MAX}};
    gwapi__node big_float = {.type = GWAPI__NODE_FLOAT,
                             .as = {.number = 9223372036854775808.0}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        reading a, b;
        read_text(&a, rows[i].a);
        read_text(&b, rows[i].b);
        cr_expect_eq(gwapi__node_equal(a.doc.root, b.doc.root), rows[i].equal, "%s %s",
                     rows[i].a, rows[i].b);
        read_done(&a);
        read_done(&b);
    }
    cr_expect(gwapi__node_equal(&one, &one_float));
    cr_expect(gwapi__node_equal(&one_float, &one));
    cr_expect_not(gwapi__node_equal(&big, &big_float));
}

Test(doc_node, types_have_the_names_of_json)
{
    cr_expect_str_eq(gwapi__node_type_name(GWAPI__NODE_MAP), "object");
    cr_expect_str_eq(gwapi__node_type_name(GWAPI__NODE_LIST), "array");
    cr_expect_str_eq(gwapi__node_type_name(GWAPI__NODE_INT), "integer");
    cr_expect_str_eq(gwapi__node_type_name(GWAPI__NODE_FLOAT), "number");
    cr_expect_str_eq(gwapi__node_type_name(GWAPI__NODE_BOOL), "boolean");
}
