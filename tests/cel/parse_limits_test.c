#include "cel/parse.h"

static const char too_deep[] = "! the expression is nested deeper than 250 levels";

/* A text of `before` n times, a middle and `after` n times. */
static void nest(gwapi__text *out, const gwapi_allocator *a, const char *before, size_t n,
                 const char *middle, const char *after)
{
    gwapi__text_init(out, a);
    for (size_t i = 0; i < n; i++)
        gwapi__text_addz(out, before);
    gwapi__text_addz(out, middle);
    for (size_t i = 0; i < n; i++)
        gwapi__text_addz(out, after);
}

static bool is_taken(const char *before, size_t n, const char *middle, const char *after)
{
    gwapi_allocator a = test_heap();
    gwapi__text text, tree;

    nest(&text, &a, before, n, middle, after);
    gwapi_result result = test_parse(&tree, &a, gwapi__text_str(&text), 34);
    if (result != GWAPI_OK)
        cr_expect(gwapi__str_eq(gwapi__text_str(&tree), gwapi__str_of(too_deep)), "%.*s",
                  GWAPI__FMT(gwapi__text_str(&tree)));
    gwapi__text_free(&text);
    gwapi__text_free(&tree);
    return result == GWAPI_OK;
}

/* The deepest that cel-go takes. */
Test(cel_parse_limits, nesting_ends_where_it_does_in_cel_go)
{
    static const struct {
        const char *before, *middle, *after;
        size_t most;
    } cases[] = {
        {"(", "1", ")", 249},          {"[", "1", "]", 249},     {"{1:", "1", "}", 249},
        {"f(", "a", ")", 249},         {"a?b:", "c", "", 249},   {"a?(", "b", "):c", 249},
        {"!(", "a", ")", 249},         {"T{x:", "1", "}", 249},  {"a[", "0", "]", 249},
        {"a.f(", "0", ")", 249},       {"a<(", "b", ")", 124},   {"a+(", "b", ")", 124},
        {"a+b*(", "c", ")", 83},       {"a<b+c*(", "d", ")", 83}, {"", "a", ".b", 250},
        {"", "a", "[0]", 250},         {"", "a", ".f()", 250},   {"", "a", ".?b", 250},
        {"", "a", "+1", 250},          {"", "a", "<1", 250},     {"", "a", "*2+1", 249},
        {"a.all(x,", "b", ")", 249},  {"(", "1<1", ")", 248},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n = cases[i].most;
        cr_expect(is_taken(cases[i].before, n, cases[i].middle, cases[i].after), "%s%s %zu",
                  cases[i].before, cases[i].after, n);
        cr_expect_not(is_taken(cases[i].before, n + 1, cases[i].middle, cases[i].after),
                      "%s%s %zu", cases[i].before, cases[i].after, n + 1);
    }
}

Test(cel_parse_limits, chains_and_signs_are_no_nesting)
{
    cr_expect(is_taken("a&&", 10000, "b", ""));
    cr_expect(is_taken("a||", 10000, "b", "&&c"));
    cr_expect(is_taken("-", 50000, "a", ""));
    cr_expect(is_taken("!", 50001, "a", ""));
}

Test(cel_parse_limits, the_length_counts_code_points)
{
    gwapi_allocator a = test_heap();
    gwapi__text text, tree;

    for (int more = 0; more < 2; more++) {
        gwapi__text_init(&text, &a);
        gwapi__text_char(&text, '\'');
        for (size_t i = 0; i < 99998 + (size_t)more; i++)
            gwapi__text_addz(&text, "é");
        gwapi__text_char(&text, '\'');
        gwapi_result result = test_parse(&tree, &a, gwapi__text_str(&text), 34);
        cr_expect_eq(result, more ? GWAPI_EINVALID : GWAPI_OK);
        gwapi__text_free(&text);
        gwapi__text_free(&tree);
    }
    nest(&text, &a, "a", 400001, "", "");
    test_parse(&tree, &a, gwapi__text_str(&text), 34);
    cr_expect(gwapi__str_eq(gwapi__text_str(&tree),
                            GWAPI__STR("! the expression is longer than 100,000 characters")));
    gwapi__text_free(&text);
    gwapi__text_free(&tree);
}

/* Each optMap repeats its target: twenty of them would make millions of nodes. */
Test(cel_parse_limits, macros_cannot_grow_without_bound)
{
    static const char message[] = "! the macros expand to too large an expression";
    gwapi_allocator a = test_heap();
    gwapi__text text, tree;

    for (size_t n = 10; n <= 200; n += 190) {
        nest(&text, &a, "", n, "a", ".optMap(x,x)");
        gwapi_result result = test_parse(&tree, &a, gwapi__text_str(&text), 34);
        cr_expect_eq(result, n == 10 ? GWAPI_OK : GWAPI_EINVALID);
        if (n > 10)
            cr_expect(gwapi__str_eq(gwapi__text_str(&tree), gwapi__str_of(message)));
        gwapi__text_free(&text);
        gwapi__text_free(&tree);
    }
}

/* The texts of at most 100,000 characters that need most nodes stay below the limit. */
Test(cel_parse_limits, no_text_without_optmap_has_too_many_nodes)
{
    static const char *const items[] = {"a,", "a.b,", "[],", "a?a:a,", "a.all(a,a),",
                                        "a.map(a,a,a),", "a.exists_one(a,a),",
                                        "a.sortBy(a,a),", "a.transformMap(a,b,a,a),"};
    gwapi_allocator a = test_heap();
    gwapi__text text, tree;

    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        gwapi__text_init(&text, &a);
        gwapi__text_char(&text, '[');
        while (text.len + strlen(items[i]) < 100000)
            gwapi__text_addz(&text, items[i]);
        gwapi__text_char(&text, ']');
        cr_expect_eq(test_parse(&tree, &a, gwapi__text_str(&text), 34), GWAPI_OK, "%s", items[i]);
        gwapi__text_free(&text);
        gwapi__text_free(&tree);
    }
}

Test(cel_parse_limits, a_hundred_issues_are_kept)
{
    gwapi_allocator a = test_heap();
    gwapi__cel_environment environment = {.minor = 34};
    gwapi__cel_issues issues = {NULL, NULL, 0};
    gwapi__cel_ast ast;
    gwapi__arena arena;
    gwapi__text text;

    nest(&text, &a, "", 1000, "[", "if,");
    gwapi__text_char(&text, ']');
    gwapi__arena_init(&arena, &a);
    cr_expect_eq(gwapi__cel_parse(&ast, &arena, &environment, gwapi__text_str(&text), &issues),
                 GWAPI_EINVALID);
    cr_expect_eq(issues.count, 100);
    cr_expect_eq(gwapi__cel_parse(&ast, &arena, &environment, GWAPI__STR("if"), &issues),
                 GWAPI_EINVALID);
    cr_expect_eq(issues.count, 100);
    cr_expect_eq(gwapi__cel_parse(&ast, &arena, &environment, GWAPI__STR("a"), &issues),
                 GWAPI_OK);
    gwapi__arena_free(&arena);
    gwapi__text_free(&text);
}

/* ---- memory ----------------------------------------------------------------------------- */

static gwapi_result parse_with(const gwapi_allocator *a, void *arg)
{
    gwapi__cel_environment environment = {.minor = 34};
    gwapi__cel_issues issues = {NULL, NULL, 0};
    gwapi__cel_ast ast;
    gwapi__arena arena;

    gwapi__arena_init(&arena, a);
    gwapi_result result = gwapi__cel_parse(&ast, &arena, &environment,
                                           gwapi__str_of((const char *)arg), &issues);
    gwapi__arena_free(&arena);
    return result;
}

/* Blanks first, so that the arena's block is almost full when a text's first node is made, and
 * each allocation behind it meets a new block in one of the runs. */
static void starve(const char *text)
{
    gwapi_allocator a = test_heap();
    size_t runs, bad;

    for (size_t blanks = 0; blanks < 4096; blanks += 8) {
        gwapi__text padded;
        gwapi__text_init(&padded, &a);
        gwapi__text_fill(&padded, ' ', blanks);
        gwapi__text_addz(&padded, text);
        gwapi__text_char(&padded, '\0');
        test_fail_every_allocation(parse_with, padded.data, &runs, &bad);
        cr_expect_eq(bad, 0, "%s, %zu blanks: allocation %zu", text, blanks, bad);
        cr_expect_gt(runs, 0);
        gwapi__text_free(&padded);
    }
}

Test(cel_parse_limits, lack_of_memory_is_told)
{
    static const char *const texts[] = {
        "a.b + f(c, 1) ? [1, ?x] : {'k': v, 'l': '\\n'} && T{x: .y} || a . B{} == !a[?0]",
        "has(a.b) && a.all(x, x) || a.exists_one(i, v, p)",
        "a.exists(x, x) && a.map(x, p, x) == a.filter(x, x)",
        "a.transformMap(i, v, p, f) == a.transformMapEntry(i, v, f)",
        "[a.b, f(c), {1: d}, T{x: y}, a.map(x, x), g.h(i, 2)].optMap(x, x)",
        "a.sortBy(x, x) + a.transformList(i, v, v)",
        "if + has(a) + '\\q' + 1e999",
        "a.all(1, x) + a.optMap(1, x) + 1.sortBy(x, x) + a.`b`",
        "a + + b",
        "a &",
        "a b",
        "",
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        starve(texts[i]);
}
