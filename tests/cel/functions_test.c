/* Functions of libraries where a table can not tell: over trees, at bounds, without memory. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "cel/build.h"
#include "cel/library.h"
#include "cel/render.h"
#include "cel/type.h"
#include "doc/node.h"
#include "support/oom.h"

#define LIST(element)                                                                         \
    {.kind = GWAPI__CEL_LIST,                                                                 \
     .param_count = 1,                                                                        \
     .params = (const gwapi__cel_type *const[]){element},                                     \
     .max_elements = GWAPI__CEL_UNBOUNDED}

static const gwapi__cel_type strings = LIST(&gwapi__cel_string), bytes = LIST(&gwapi__cel_bytes),
                             durations = LIST(&gwapi__cel_duration), ints = LIST(&gwapi__cel_int),
                             lists = LIST(&strings);
static const gwapi__cel_type map = {
    .kind = GWAPI__CEL_MAP,
    .param_count = 2,
    .params = (const gwapi__cel_type *const[]){&gwapi__cel_string, &gwapi__cel_int},
    .max_elements = GWAPI__CEL_UNBOUNDED};
static const gwapi__cel_field fields[] = {
    {{"__if__", 6}, {"if", 2}, &gwapi__cel_string, false},
    {{"gone", 4}, {"gone", 4}, &gwapi__cel_string, false},
    {{"n", 1}, {"n", 1}, &gwapi__cel_int, false},
};
static const gwapi__cel_type object = {
    .kind = GWAPI__CEL_OBJECT, .name = {"Thing", 5}, .fields = fields, .field_count = 3};
static const gwapi__cel_type objects = LIST(&object), maps = LIST(&map);

typedef struct bench {
    gwapi_allocator allocator;
    gwapi__arena arena;
    gwapi__text out;
    uint64_t cost;
} bench;

static gwapi__node *tree(bench *b, gwapi__node_type type)
{
    return gwapi__node_new(&b->arena, type, (gwapi__place){1, 1});
}

static gwapi__node *text(bench *b, const char *s)
{
    return gwapi__node_string(&b->arena, gwapi__str_of(s), (gwapi__place){1, 1});
}

static gwapi__node *number(bench *b, int64_t i)
{
    gwapi__node *n = tree(b, GWAPI__NODE_INT);

    n->as.integer = i;
    return n;
}

static gwapi__node *list_of(bench *b, const char *const *items)
{
    gwapi__node *list = tree(b, GWAPI__NODE_LIST);

    for (; *items != NULL; items++)
        gwapi__node_push(&b->arena, list, text(b, *items));
    return list;
}

static gwapi__node *with(bench *b, gwapi__node *node, const char *name, gwapi__node *value)
{
    gwapi__node_set(&b->arena, node, gwapi__str_of(name), (gwapi__place){1, 1}, value);
    return node;
}

static gwapi__node *only(bench *b, gwapi__node *item)
{
    gwapi__node *list = tree(b, GWAPI__NODE_LIST);

    gwapi__node_push(&b->arena, list, item);
    return list;
}

/* Evaluates with `self`, if there is one; the value, "error", or "spent". */
static gwapi_result evaluate(bench *b, const char *expression, const gwapi__cel_value *self,
                             const gwapi__cel_type *type)
{
    gwapi__cel_variable variable = {GWAPI__STR("self"), type};
    gwapi__cel_environment environment = {
        .minor = 34, .variables = &variable, .variable_count = type != NULL};
    const gwapi__cel_program *program;
    const gwapi__cel_issue *issues = NULL;
    gwapi__cel_context context;
    gwapi__cel_value value;
    gwapi_result r = gwapi__cel_compile(&program, &b->arena, &environment,
                                        gwapi__str_of(expression), &issues);

    gwapi__text_cut(&b->out, 0);
    if (r != GWAPI_OK) {
        cr_assert_eq(r, GWAPI_ENOMEM, "%s: %.*s", expression, GWAPI__FMT(issues->message));
        return r;
    }
    gwapi__cel_context_init(&context, &b->arena, &b->allocator);
    r = gwapi__cel_eval(&value, program, self, &context);
    b->cost = context.cost;
    if (r == GWAPI_OK && context.cost > context.limit)
        gwapi__text_addz(&b->out, "spent");
    else if (r == GWAPI_OK && gwapi__cel_is_error(&value))
        gwapi__text_addz(&b->out, "error");
    else if (r == GWAPI_OK)
        render(&b->out, &context, &value);
    if (r == GWAPI_OK && (b->out.failed || context.failed != GWAPI_OK))
        r = GWAPI_ENOMEM;
    gwapi__cel_context_free(&context);
    gwapi__cel_program_release(program);
    return r;
}

static void set_up(bench *b, const gwapi_allocator *allocator)
{
    cr_assert_eq(gwapi__allocator_init(&b->allocator, allocator), GWAPI_OK);
    gwapi__arena_init(&b->arena, &b->allocator);
    gwapi__text_init(&b->out, &b->allocator);
}

static void tear_down(bench *b)
{
    gwapi__arena_free(&b->arena);
    gwapi__text_free(&b->out);
}

static void expect_of(bench *b, gwapi__node *node, const gwapi__cel_type *type,
                      const char *expression, const char *expected, uint64_t cost)
{
    gwapi__cel_context context;

    gwapi__cel_context_init(&context, &b->arena, &b->allocator);
    gwapi__cel_value self = gwapi__cel_of_node(&context, node, type);
    cr_assert_eq(evaluate(b, expression, &self, type), GWAPI_OK, "%s", expression);
    cr_expect(gwapi__str_eq(gwapi__text_str(&b->out), gwapi__str_of(expected)), "%s: %.*s",
              expression, GWAPI__FMT(gwapi__text_str(&b->out)));
    cr_expect_eq(b->cost, cost, "%s costs %llu", expression, (unsigned long long)b->cost);
}

Test(cel_functions, lists_of_trees_are_walked_by_their_types)
{
    static const char *const names[] = {"twenty characters 20", "b", NULL};
    static const char *const encoded[] = {"YWJjZGVmZ2hpamtsbW5vcHFyc3R1dg==", "Yg==", NULL};
    static const char *const times[] = {"1h", "2h", NULL};
    bench b;

    set_up(&b, NULL);
    expect_of(&b, list_of(&b, names), &strings, "self.isSorted()", "false", 3);
    expect_of(&b, list_of(&b, names), &strings, "self.max()", "\"twenty characters 20\"", 3);
    expect_of(&b, list_of(&b, encoded), &bytes, "self.indexOf(b'b')", "1", 3);
    expect_of(&b, list_of(&b, times), &durations, "self.sum()", "duration(10800000000000)", 3);
    expect_of(&b, only(&b, list_of(&b, names)), &lists, "self.indexOf([])", "-1", 3);
    expect_of(&b, only(&b, number(&b, 7)), &ints, "self.min()", "7", 2);
    expect_of(&b,
              only(&b, with(&b, tree(&b, GWAPI__NODE_MAP), "eleven char", number(&b, 1))), &maps,
              "self.lastIndexOf({})", "-1", 3);
    expect_of(&b,
              only(&b, with(&b, with(&b, tree(&b, GWAPI__NODE_MAP), "if", text(&b, "x")), "z",
                            number(&b, 1))),
              &objects, "self.lastIndexOf(self[0]) + self.size()", "1", 7);
    expect_of(&b, list_of(&b, names), &strings, "self.sort()", "[\"b\", \"twenty characters 20\"]",
              20);
    expect_of(&b, list_of(&b, encoded), &bytes, "self.distinct().size()", "2", 21);
    expect_of(&b, list_of(&b, times), &durations, "self.sort().size()", "2", 21);
    expect_of(&b, list_of(&b, names), &gwapi__cel_dyn, "self.distinct().size()", "2", 21);
    tear_down(&b);
}

Test(cel_functions, trees_have_no_zero_value_but_what_has_no_schema)
{
    bench b;

    set_up(&b, NULL);
    expect_of(&b, tree(&b, GWAPI__NODE_LIST), &strings,
              "optional.ofNonZeroValue(self).hasValue()", "true", 3);
    expect_of(&b, tree(&b, GWAPI__NODE_MAP), &map, "optional.ofNonZeroValue(self).hasValue()",
              "true", 3);
    expect_of(&b, tree(&b, GWAPI__NODE_MAP), &object, "optional.ofNonZeroValue(self).hasValue()",
              "true", 3);
    expect_of(&b, tree(&b, GWAPI__NODE_LIST), &gwapi__cel_dyn,
              "optional.ofNonZeroValue(self).hasValue()", "false", 3);
    expect_of(&b, tree(&b, GWAPI__NODE_MAP), &gwapi__cel_dyn,
              "optional.ofNonZeroValue(self).hasValue()", "false", 3);
    tear_down(&b);
}

Test(cel_functions, format_shows_objects_by_the_names_of_expressions)
{
    bench b;

    set_up(&b, NULL);
    gwapi__node *node = with(&b, with(&b, tree(&b, GWAPI__NODE_MAP), "n", number(&b, 1)), "if",
                             text(&b, "x"));
    expect_of(&b, only(&b, node), &objects, "'%s'.format([self])",
              "\"[{\\\"__if__\\\":\\\"x\\\", \\\"n\\\":1}]\"", 12);
    with(&b, node, "gone", tree(&b, GWAPI__NODE_NULL));
    expect_of(&b, only(&b, node), &objects, "'%s'.format([self])", "error", 12);
    tear_down(&b);
}

Test(cel_functions, what_costs_too_much_is_not_made)
{
    static const char *const cases[] = {
        "lists.range(9223372036854775807).size() > 0",
        "lists.range(9223372036854775807).size() > 0 || true",
        "lists.range(1000000).size() > 0",
        "lists.range(900000).reverse().size() > 0",
        "lists.range(900000).slice(0, 900000).size() > 0",
        "lists.range(710).distinct().size() > 0",
        "sets.contains(lists.range(2000), lists.range(1000))",
        "sets.equivalent(lists.range(1000), lists.range(1000))",
        "sets.intersects(lists.range(1001), lists.range(1000).map(x, x + 5000))",
        /* more than 10^8 characters */
        "[lists.range(1000).map(x, 'xxxxxxxxxx').join()].exists(a,"
        " [a.replace('', a)].exists(b, b.replace('', a).size() > 0))",
        "[lists.range(1000).map(x, 'xxxxxxxxxx').join()].exists(a,"
        " [1, 2, 3].map(x, a.replace('', a)).size() > 0)",
        "[lists.range(1000).map(x, 'xxxxxxxxxx').join()].exists(a,"
        " lists.range(1000).map(x, a).join(a).size() > 0)",
        /* 20^6 items and more */
        "[[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]].exists(a,"
        " [[a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a]].exists(b,"
        " [[b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b]].exists(c,"
        " [[c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c]].exists(d,"
        " [[d,d,d,d,d,d,d,d,d,d,d,d,d,d,d,d,d,d,d,d]].exists(e,"
        " [[e,e,e,e,e,e,e,e,e,e,e,e,e,e,e,e,e,e,e,e]].exists(f,"
        " f.flatten(10).size() > 0))))))",
        "[[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]].exists(a,"
        " [[a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a]].exists(b,"
        " [[b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b]].exists(c,"
        " [[c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c]].exists(d,"
        " [[d,d,d,d,d,d,d,d,d,d,d,d,d,d,d,d,d,d,d,d]].exists(e,"
        " [[e,e,e,e,e,e,e,e,e,e,e,e,e,e,e,e,e,e,e,e]].exists(f,"
        " [[f,f,f,f,f,f,f,f,f,f,f,f,f,f,f,f,f,f,f,f]].exists(g,"
        " '%s'.format([g]).size() > 0)))))))",
        "[[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]].exists(a,"
        " [[a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a]].exists(b,"
        " [[b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b]].exists(c,"
        " [[c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c]].exists(d,"
        " [[d,d,d,d,d,d,d,d,d,d,d,d,d,d,d,d,d,d,d,d]].exists(e,"
        " [[e,e,e,e,e,e,e,e,e,e,e,e,e,e,e,e,e,e,e,e]].exists(f,"
        " [[f,f,f,f,f,f,f,f,f,f,f,f,f,f,f,f,f,f,f,f]].exists(g,"
        " g.indexOf([]) > 0)))))))",
        "[[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]].exists(a,"
        " [[a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a]].exists(b,"
        " [[b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b]].exists(c,"
        " [[c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c,c]].exists(d,"
        " [[d,d,d,d,d,d,d,d,d,d,d,d,d,d,d,d,d,d,d,d]].exists(e,"
        " [[e,e,e,e,e,e,e,e,e,e,e,e,e,e,e,e,e,e,e,e]].exists(f,"
        " [[f,f,f,f,f,f,f,f,f,f,f,f,f,f,f,f,f,f,f,f]].exists(g,"
        " [g].indexOf([]) > 0 || true)))))))",
    };
    if (getenv("GWAPI_TEST_SMALL") != NULL)
        cr_skip_test("only sizes count here");
    bench b;

    set_up(&b, NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_assert_eq(evaluate(&b, cases[i], NULL, NULL), GWAPI_OK, "%s", cases[i]);
        cr_expect(gwapi__str_eq(gwapi__text_str(&b.out), GWAPI__STR("spent")), "%s: %.*s", cases[i],
                  GWAPI__FMT(gwapi__text_str(&b.out)));
        gwapi__arena_reset(&b.arena);
    }
    tear_down(&b);
}

static gwapi_result run(const gwapi_allocator *allocator, void *arg)
{
    bench b;

    set_up(&b, allocator);
    gwapi_result r = evaluate(&b, arg, NULL, NULL);
    tear_down(&b);
    return r;
}

Test(cel_functions, every_function_does_without_memory)
{
    static const char *const cases[] = {
        "'abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnop'"
        ".indexOf('bcdefghijklmnopqrstuvwxyz0123456789abcde')",
        "'abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnop'"
        ".replace('bcdefghijklmnopqrstuvwxyz0123456789abcde', 'x')",
        "'abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnop'"
        ".split('bcdefghijklmnopqrstuvwxyz0123456789abcde')",
        "'aXb'.lowerAscii() + 'c'.upperAscii() + strings.quote('\"')",
        "'a b'.split('') + 'a b'.split(' ')",
        "'a'.replace('', 'bcd') + ['a', 'b'].join('-')",
        "'%s %s %.2f'.format([{'b': 1, 'a': 2}, [1, 'x'], 2.5])",
        "'%s'.format([{'k1': 1, 'k2': 2, 'k3': 3, 'k4': 4}])",
        "'%d'.format([dyn('x')])",
        "'abc'.charAt(7)",
        "[1, 2, 3].slice(0, 9)",
        "[1, 2, 2].distinct() + [[1], [2]].flatten() + [2, 1].reverse() + [3].slice(0, 1)",
        "lists.range(20).sort() + [3, 1].sortBy(e, -e)",
        "[optional.of(1), optional.ofNonZeroValue(2)].unwrapOpt() + [[1].first().value()]",
        "'a1b22'.findAll('[0-9]+') + ['x1'.find('[0-9]')]",
        "'a1b22'.findAll('[0-' + '9]+')",
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t runs, bad;
        gwapi_result r =
            test_fail_every_allocation(run, (void *)(uintptr_t)cases[i], &runs, &bad);
        cr_expect_eq(r, GWAPI_OK, "%s: %d", cases[i], (int)r);
        cr_expect_eq(bad, 0, "%s: allocation %zu", cases[i], bad);
    }
}

/* ---- what no table can hold ------------------------------------------------------------- */

Test(cel_functions, a_list_of_more_elements_than_are_counted_is_refused)
{
    static const char sixteen[] = "[a+a+a+a+a+a+a+a+a+a+a+a+a+a+a+a].all(a, ";
    char expression[1024] = "[[1]].all(a, ";
    bench b;

    for (int i = 0; i < 8; i++)
        strcat(expression, sixteen);
    strcat(expression, "a.size() == 0)))))))))");
    set_up(&b, NULL);
    cr_assert_eq(evaluate(&b, expression, NULL, NULL), GWAPI_OK);
    cr_expect(gwapi__str_eq(gwapi__text_str(&b.out), GWAPI__STR("error")), "%.*s",
              GWAPI__FMT(gwapi__text_str(&b.out)));
    tear_down(&b);
}

static gwapi__cel_value call(gwapi__cel_context *context, const char *id,
                             const gwapi__cel_value *args, uint32_t count)
{
    for (size_t l = 0; gwapi__cel_libraries[l] != NULL; l++)
        for (size_t i = 0; i < gwapi__cel_libraries[l]->count; i++)
            if (strcmp(gwapi__cel_libraries[l]->overloads[i].id, id) == 0)
                return gwapi__cel_libraries[l]->overloads[i].call(context, args, count);
    cr_expect_fail("%s", id);
    return gwapi__cel_of_null();
}

/* Functions ask before they make what no cost stands for, or what the limit does not allow. */
Test(cel_functions, what_can_not_be_afforded_is_not_done)
{
    gwapi__cel_context context;
    gwapi__cel_entries entries = {.capacity = 0};
    uint32_t at;
    bench b;

    set_up(&b, NULL);
    gwapi__cel_context_init(&context, &b.arena, &b.allocator);
    gwapi__cel_value one = gwapi__cel_of_string(GWAPI__STR("1"));
    gwapi__cel_value address = gwapi__cel_of_string(GWAPI__STR("http://a/?x=1"));
    gwapi__cel_value format = gwapi__cel_of_string(GWAPI__STR("%s"));
    gwapi__cel_value q = call(&context, "string_to_quantity", &one, 1);
    gwapi__cel_value url = call(&context, "string_to_url", &address, 1);
    gwapi__cel_value some = gwapi__cel_some(&context, one);
    gwapi__cel_value somes = gwapi__cel_of_items(&context, &some, 1);
    gwapi__cel_entries_add(&context, &entries, &one, one, &at);
    gwapi__cel_value a_map = gwapi__cel_entries_map(&context, &entries);
    gwapi__cel_value mapped = gwapi__cel_of_items(&context, &a_map, 1);
    const struct {
        const char *id;
        gwapi__cel_value args[2];
        uint32_t count;
        uint64_t made, limit;
    } cases[] = {
        {"quantity_add", {q, q}, 2, GWAPI__CEL_MAX_MADE, UINT64_MAX},
        {"string_to_quantity", {one}, 1, GWAPI__CEL_MAX_MADE, 5},
        {"url_get_query", {url}, 1, GWAPI__CEL_MAX_MADE, 5},
        {"optional_unwrapOpt", {somes}, 1, GWAPI__CEL_MAX_MADE, 5},
        {"string_format", {format, mapped}, 2, GWAPI__CEL_MAX_MADE, 5},
        {"string_find_string", {one, one}, 2, 0, 0},
        {"string_find_all_string", {one, one}, 2, 0, 0},
        {"string_split_string", {one, one}, 2, 0, 0},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        context.made = cases[i].made;
        context.limit = cases[i].limit;
        context.cost = 0;
        gwapi__cel_value v = call(&context, cases[i].id, cases[i].args, cases[i].count);
        cr_expect_eq(v.kind, GWAPI__CEL_ERROR, "%s", cases[i].id);
        cr_expect_gt(context.cost, context.limit, "%s", cases[i].id);
    }
    gwapi__cel_context_free(&context);
    tear_down(&b);
}

Test(cel_functions, a_query_of_too_many_parameters_is_read_as_none)
{
    gwapi__cel_context context;
    gwapi__text address;
    bench b;

    set_up(&b, NULL);
    gwapi__cel_context_init(&context, &b.arena, &b.allocator);
    gwapi__text_init(&address, &b.allocator);
    gwapi__text_addz(&address, "http://a/?");
    for (int i = 0; i < 10000; i++)
        gwapi__text_addz(&address, "a&");
    gwapi__cel_value v = gwapi__cel_of_string(gwapi__text_str(&address));
    v = call(&context, "string_to_url", &v, 1);
    cr_assert_eq(v.kind, GWAPI__CEL_OPAQUE);
    v = call(&context, "url_get_query", &v, 1);
    cr_expect_eq(v.kind, GWAPI__CEL_MAP);
    cr_expect_eq(gwapi__cel_count(&v), 0);
    gwapi__text_free(&address);
    gwapi__cel_context_free(&context);
    tear_down(&b);
}

Test(cel_functions, a_tree_without_a_node_is_an_error)
{
    gwapi__cel_context context;
    bench b;

    set_up(&b, NULL);
    gwapi__cel_context_init(&context, &b.arena, &b.allocator);
    cr_expect_eq(gwapi__cel_of_node(&context, NULL, &gwapi__cel_dyn).kind, GWAPI__CEL_ERROR);
    gwapi__cel_context_free(&context);
    tear_down(&b);
}

/* ---- two that compile a pattern at once ------------------------------------------------- */

/* The allocator of a program: once armed, it evaluates the program before it allocates. */
typedef struct intruder {
    gwapi_allocator heap;
    const gwapi__cel_program *program;
    bool armed;
} intruder;

static bool is_true(const gwapi__cel_program *program, const gwapi_allocator *allocator)
{
    gwapi__cel_context context;
    gwapi__cel_value value;
    gwapi__arena arena;

    gwapi__arena_init(&arena, allocator);
    gwapi__cel_context_init(&context, &arena, allocator);
    gwapi_result r = gwapi__cel_eval(&value, program, NULL, &context);
    gwapi__cel_context_free(&context);
    gwapi__arena_free(&arena);
    return r == GWAPI_OK && value.kind == GWAPI__CEL_BOOL && value.as.boolean;
}

static void *intrude(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    intruder *x = ctx;

    if (x->armed) {
        x->armed = false;
        cr_expect(is_true(x->program, &x->heap));
    }
    return x->heap.resize(x->heap.ctx, ptr, old_size, new_size);
}

Test(cel_functions, who_compiles_a_pattern_second_takes_that_of_the_first)
{
    const gwapi__cel_environment environment = {.minor = 34};
    const gwapi__cel_issue *issues;
    intruder x = {.armed = false};
    gwapi__arena arena;

    cr_assert_eq(gwapi__allocator_init(&x.heap, NULL), GWAPI_OK);
    gwapi__arena_init(&arena, &(gwapi_allocator){sizeof(gwapi_allocator), &x, intrude});
    cr_assert_eq(gwapi__cel_compile(&x.program, &arena, &environment,
                                    GWAPI__STR("string(dyn('aab')).matches('a+b')"), &issues),
                 GWAPI_OK);
    x.armed = true;
    cr_expect(is_true(x.program, &x.heap));
    cr_expect_not(x.armed);
    cr_expect(is_true(x.program, &x.heap));
    gwapi__cel_program_release(x.program);
    gwapi__arena_free(&arena);
}
