#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/slice.h"
#include "cel/ast.h"
#include "cel/unify.h"
#include "support/oom.h"

// ---- what `self` is in tests/data/cel/estimate.golden, as the server declares its schema -----

#define S(x) {"" x, sizeof(x) - 1}
#define STR(n) {.kind = GWAPI__CEL_STRING, .max_elements = n}
#define REQ 3145728
static const gwapi__cel_type s40=STR(40), s20=STR(20), sbig=STR(REQ-2), s12=STR(12), s32=STR(32), s16=STR(16), s44=STR(44), s6=STR(6);
static const gwapi__cel_type by7={.kind=GWAPI__CEL_BYTES,.max_elements=7}, du={.kind=GWAPI__CEL_DURATION,.max_elements=32}, ts={.kind=GWAPI__CEL_TIMESTAMP,.max_elements=32}, ios={.kind=GWAPI__CEL_DYN,.max_elements=REQ-2};
#define LIST(n, el) {.kind=GWAPI__CEL_LIST,.param_count=1,.params=(const gwapi__cel_type*const[]){el},.max_elements=n}
#define MAP(n, el) {.kind=GWAPI__CEL_MAP,.param_count=2,.params=(const gwapi__cel_type*const[]){&gwapi__cel_string,el},.max_elements=n}
static const gwapi__cel_type list=LIST(3,&s20), un=LIST(1048575,&sbig), l6=LIST(6,&gwapi__cel_int), ll=LIST(4,&l6), m=MAP(5,&s12), mi=MAP(449389,&gwapi__cel_int), w=LIST(9,&s44);
static const gwapi__cel_field fk[]={{S("k"),S("k"),&s16,false},{S("v"),S("v"),&gwapi__cel_int,false},{S("w"),S("w"),&w,false}};
static const gwapi__cel_type item={.kind=GWAPI__CEL_OBJECT,.name=S("selfType.o.l.@idx"),.fields=fk,.field_count=3};
static const gwapi__cel_type l=LIST(2,&item);
static const gwapi__cel_field fo[]={{S("__if__"),S("if"),&gwapi__cel_bool,false},{S("l"),S("l"),&l,false},{S("s"),S("s"),&s32,false},{S("x"),S("x"),&gwapi__cel_int,false}};
static const gwapi__cel_type o={.kind=GWAPI__CEL_OBJECT,.name=S("selfType.o"),.fields=fo,.field_count=4};
static const gwapi__cel_type s24=STR(24), mm=MAP(17,&s24);
static const gwapi__cel_field fz[]={{S("k"),S("k"),&s16,false},{S("mm"),S("mm"),&mm,false},{S("v"),S("v"),&gwapi__cel_int,false},{S("w"),S("w"),&w,false}};
static const gwapi__cel_type zitem={.kind=GWAPI__CEL_OBJECT,.name=S("selfType.q.@idx.z.@idx"),.fields=fz,.field_count=4};
static const gwapi__cel_type zl=LIST(13,&zitem);
static const gwapi__cel_field fq[]={{S("k"),S("k"),&s16,false},{S("v"),S("v"),&gwapi__cel_int,false},{S("w"),S("w"),&w,false},{S("z"),S("z"),&zl,false}};
static const gwapi__cel_type qitem={.kind=GWAPI__CEL_OBJECT,.name=S("selfType.q.@idx"),.fields=fq,.field_count=4};
static const gwapi__cel_type q=LIST(7,&qitem);
static const gwapi__cel_field fp[]={{S("x"),S("x"),&gwapi__cel_int,false}};
static const gwapi__cel_type p={.kind=GWAPI__CEL_OBJECT,.name=S("selfType.p"),.fields=fp,.field_count=1};
static const gwapi__cel_field fs[]={{S("__namespace__"),S("namespace"),&sbig,false},{S("a"),S("a"),&s40,false},{S("b"),S("b"),&gwapi__cel_int,false},{S("by"),S("by"),&by7,false},{S("d"),S("d"),&gwapi__cel_double,false},{S("du"),S("du"),&du,false},{S("en"),S("en"),&s6,false},{S("ios"),S("ios"),&ios,false},{S("list"),S("list"),&list,false},{S("ll"),S("ll"),&ll,false},{S("m"),S("m"),&m,false},{S("mi"),S("mi"),&mi,false},{S("o"),S("o"),&o,false},{S("p"),S("p"),&p,false},{S("q"),S("q"),&q,false},{S("t"),S("t"),&gwapi__cel_bool,false},{S("ts"),S("ts"),&ts,false},{S("un"),S("un"),&un,false}};
static const gwapi__cel_type self={.kind=GWAPI__CEL_OBJECT,.name=S("selfType"),.fields=fs,.field_count=18};

static const gwapi__cel_variable variables[] = {{S("self"), &self}};
static const gwapi__cel_environment environment = {
    .minor = 34, .variables = variables, .variable_count = 1};

typedef struct checked {
    gwapi__arena arena;
    gwapi__cel_issues issues;
    gwapi__cel_ast ast;
    gwapi__cel_range cost;
    gwapi_result result;
} checked;

static void check_text(checked *c, const gwapi_allocator *a, gwapi_str text)
{
    *c = (checked){.result = GWAPI_OK};
    gwapi__arena_init(&c->arena, a);
    c->result = gwapi__cel_parse(&c->ast, &c->arena, &environment, text, &c->issues);
    if (c->result == GWAPI_OK)
        c->result = gwapi__cel_check(&c->ast, &c->arena, &environment, &c->issues);
    if (c->result == GWAPI_OK)
        c->result = gwapi__cel_estimate_ast(&c->cost, &c->ast, &environment, &c->arena);
}

static gwapi_allocator heap(void)
{
    gwapi_allocator a;

    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    return a;
}

static void expect_line(const gwapi_allocator *a, gwapi_str line)
{
    gwapi_str expression, expected;
    gwapi__text t;
    checked c;

    cr_assert(gwapi__str_cut(line, '\t', &expression, &expected));
    check_text(&c, a, expression);
    gwapi__text_init(&t, a);
    if (c.result == GWAPI_EINVALID) {
        gwapi__text_addz(&t, "issue");
        cr_expect_gt(c.issues.count, 0);
    } else {
        cr_assert_eq(c.result, GWAPI_OK);
        gwapi__cel_type_write(&t, c.ast.root->type);
        gwapi__text_char(&t, '\t');
        gwapi__text_u64(&t, c.cost.min);
        gwapi__text_char(&t, '\t');
        gwapi__text_u64(&t, c.cost.max);
    }
    cr_expect(gwapi__str_eq(gwapi__text_str(&t), expected), "%.*s: %.*s, expected %.*s",
              GWAPI__FMT(expression), GWAPI__FMT(gwapi__text_str(&t)), GWAPI__FMT(expected));
    gwapi__text_free(&t);
    gwapi__arena_free(&c.arena);
}

Test(cel_check, types_and_estimates_are_the_servers)
{
    gwapi_allocator a = heap();
    char path[512], line[4096];
    size_t count = 0;

    snprintf(path, sizeof(path), "%s/tests/data/cel/estimate.golden", getenv("top_srcdir"));
    FILE *f = fopen(path, "r");
    cr_assert_not_null(f, "%s", path);
    for (; fgets(line, sizeof(line), f) != NULL; count++) {
        gwapi_str text = gwapi__str_of(line);
        text.len -= gwapi__str_ends(text, GWAPI__STR("\n"));
        expect_line(&a, text);
    }
    fclose(f);
    cr_expect_gt(count, 400);
}

// What is said of expressions that are wrong.
static const char *const messages[][2] = {
    {"selv.a", "unknown name \"selv\", did you mean \"self\"?"},
    {"self.lst", "no field \"lst\", did you mean \"list\"?"},
    {"self.a.sizes()", "unknown function \"sizes\", did you mean \"size\"?"},
    {"self.a + 1", "\"+\" cannot be applied to (string, int)"},
    {"1 && true", "expected bool, found int"},
    {"!self.a", "\"!\" cannot be applied to (string)"},
    {"self.a.size(1)", "\"size\" cannot be applied to string.(int)"},
    {"1 in 2", "\"in\" cannot be applied to (int, int)"},
    {"self.b.x", "int has no fields"},
    {"self.b.all(x, true)", "cannot run over int: it is no list and no map"},
    {"[1, 'a']", "expected int as the first, found string"},
    {"self.a.matches('(')", "no valid pattern: a group is not closed by )"},
    {"'%d'.format(['a'])", "%d shows only integers, this is string"},
    {"'%d'.format([])", "there are more clauses in the format than arguments"},
    {"'%'.format([1])", "no valid format: unexpected end of string"},
    {"'%d'.format([1, 2])", "the format has 1 clauses, there are 2 arguments"},
};

Test(cel_check, issues_say_what_is_wrong)
{
    gwapi_allocator a = heap();

    for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
        checked c;
        check_text(&c, &a, gwapi__str_of(messages[i][0]));
        cr_assert_eq(c.result, GWAPI_EINVALID, "%s", messages[i][0]);
        cr_expect(gwapi__str_eq(c.issues.first->message, gwapi__str_of(messages[i][1])),
                  "%s: %.*s", messages[i][0], GWAPI__FMT(c.issues.first->message));
        gwapi__arena_free(&c.arena);
    }
}

/* Macros repeat their target, and with it what is wrong there. A search for names alike each
 * time took seconds for a line of text. */
Test(cel_check, what_macros_repeat_is_told_once)
{
    static const struct {
        const char *first, *again;
        size_t times;
        uint32_t count;
    } rows[] = {
        {"selv", ".optMap(x, x)", 1, 1},
        {"selv", ".optMap(x, x)", 12, 1},
        {"self.lst", ".optFlatMap(x, x)", 12, 1},
        {"self.a.sizes()", ".optMap(x, x)", 12, 1},
        {"[selv", ", selv", 1, 2}, // written twice
        {"[selv", ", selv", 150, 100},
    };
    gwapi_allocator a = heap();

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        gwapi__text t;
        checked c;
        gwapi__text_init(&t, &a);
        gwapi__text_addz(&t, rows[i].first);
        for (size_t n = 0; n < rows[i].times; n++)
            gwapi__text_addz(&t, rows[i].again);
        gwapi__text_addz(&t, rows[i].first[0] == '[' ? "]" : "");
        check_text(&c, &a, gwapi__text_str(&t));
        cr_expect_eq(c.result, GWAPI_EINVALID, "%s", rows[i].first);
        cr_expect_eq(c.issues.count, rows[i].count, "%s%s x %zu: %u", rows[i].first,
                     rows[i].again, rows[i].times, (unsigned)c.issues.count);
        gwapi__arena_free(&c.arena);
        gwapi__text_free(&t);
    }
}

Test(cel_check, types_that_double_with_each_step_are_refused_soon)
{
    gwapi_allocator a = heap();
    gwapi__text t;
    checked c;

    gwapi__text_init(&t, &a);
    gwapi__text_addz(&t, "[1]");
    for (int i = 0; i < 100; i++)
        gwapi__text_addz(&t, ".map(x, {1: x, 2: x}).map(x, {x: x})");
    check_text(&c, &a, gwapi__text_str(&t));
    cr_expect_eq(c.result, GWAPI_EINVALID);
    gwapi__arena_free(&c.arena);
    gwapi__text_free(&t);
}

static gwapi_result check_all(const gwapi_allocator *a, void *arg)
{
    checked c;

    check_text(&c, a, gwapi__str_of(arg));
    gwapi__arena_free(&c.arena);
    return c.result;
}

Test(cel_check, want_of_memory_is_told)
{
    char good[] = "self.o.l.map(x, {x.k: [[], [x.v]]}).all(m, 'k' in m && m.size() < int('5')) && "
                  "self.a.matches('a+') && '%s'.format([[1, 'a']]) != '' && [].size() == 0 && "
                  "self.?o.?s.orValue('a') in ['a'] && type(self.a) == string";
    char wrong[] = "self.oo + selv + self.a.sizes() + (1 + 'a') + [1, 'a'].all(x, y)";
    size_t runs, bad;

    cr_expect_eq(test_fail_every_allocation(check_all, good, &runs, &bad), GWAPI_OK);
    cr_expect_eq(bad, 0, "allocation %zu", bad);
    cr_expect_eq(test_fail_every_allocation(check_all, wrong, &runs, &bad), GWAPI_EINVALID);
    cr_expect_eq(bad, 0, "allocation %zu", bad);
}

// ---- names, and the end of patience ----------------------------------------------------------

Test(cel_check, names_are_looked_up_in_the_container_and_around_it)
{
    static const gwapi__cel_variable known[] = {
        {S("a.b.x"), &gwapi__cel_int}, {S("a.y"), &gwapi__cel_string}, {S("z"), &gwapi__cel_bool},
        {S("x"), &gwapi__cel_double}};
    static const gwapi__cel_environment inside = {
        .minor = 34, .variables = known, .variable_count = 4, .container = S("a.b")};
    static const struct {
        const char *name;
        const gwapi__cel_type *type; // NULL: stands for nothing
    } cases[] = {{"x", &gwapi__cel_int},    {"y", &gwapi__cel_string}, {"z", &gwapi__cel_bool},
                 {".x", &gwapi__cel_double}, {".y", NULL},              {"b.x", &gwapi__cel_int},
                 {"size('a')", &gwapi__cel_int}, {"none", NULL}};
    gwapi_allocator a = heap();

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const gwapi__cel_program *program = NULL;
        const gwapi__cel_issue *issues;
        gwapi__arena arena;
        gwapi__arena_init(&arena, &a);
        gwapi_result r = gwapi__cel_compile(&program, &arena, &inside,
                                            gwapi__str_of(cases[i].name), &issues);
        cr_expect_eq(r, cases[i].type != NULL ? GWAPI_OK : GWAPI_EINVALID, "%s", cases[i].name);
        cr_expect(r != GWAPI_OK ||
                      gwapi__cel_type_equal(gwapi__cel_program_type(program), cases[i].type),
                  "%s", cases[i].name);
        gwapi__cel_program_release(program);
        gwapi__arena_free(&arena);
    }
}

static const gwapi__cel_type ints = LIST(1, &gwapi__cel_int), nested = LIST(1, &ints);
static const gwapi__cel_type texts = LIST(1, &gwapi__cel_string);

// Wherever on the way into two types it is, the deepest step fails, and all with it.
Test(cel_check, types_that_are_too_deep_are_neither_taken_nor_refused)
{
    gwapi_allocator a = heap();
    size_t failures = 0;

    for (uint32_t depth = 990; depth <= 1000; depth++) {
        gwapi__cel_unifier u;
        gwapi__arena arena;
        gwapi__arena_init(&arena, &a);
        gwapi__cel_unifier_init(&u, &arena);
        const gwapi__cel_type *fresh = gwapi__cel_fresh(&u);
        u.depth = depth;
        cr_expect(gwapi__cel_assignable(&u, fresh, fresh) || u.failed != GWAPI_OK, "%u", depth);
        bool taken = gwapi__cel_assignable(&u, &nested, fresh);
        cr_expect_eq(taken, u.failed == GWAPI_OK, "%u", depth);
        cr_expect(taken || u.failed == GWAPI_ELIMIT, "%u", depth);
        failures += !taken;
        gwapi__cel_unifier_free(&u);
        gwapi__arena_free(&arena);
    }
    cr_expect(failures > 1 && failures < 10, "%zu", failures);
}

Test(cel_check, after_a_failure_no_answer_counts)
{
    static const gwapi_result failures[] = {GWAPI_ENOMEM, GWAPI_ELIMIT};
    gwapi_allocator a = heap();

    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        gwapi__cel_unifier u;
        gwapi__arena arena;
        gwapi__arena_init(&arena, &a);
        gwapi__cel_unifier_init(&u, &arena);
        u.failed = failures[i];
        cr_expect_eq(gwapi__cel_fresh(&u), &gwapi__cel_error);
        cr_expect_eq(gwapi__cel_compose(&u, GWAPI__CEL_LIST, &gwapi__cel_int, NULL),
                     &gwapi__cel_error);
        cr_expect_not(gwapi__cel_assignable(&u, &ints, &texts));
        cr_expect_not(gwapi__cel_exactly(&u, &ints, &texts));
        cr_expect(u.failed == failures[i] && u.depth == 0 && u.steps == 0);
        gwapi__cel_unifier_free(&u);
        gwapi__arena_free(&arena);
    }
}

/* Each type is a map from the one before to itself: written out it doubles. */
Test(cel_check, a_type_of_too_many_nodes_is_refused)
{
    gwapi_allocator a = heap();
    gwapi__cel_unifier u;
    gwapi__arena arena;
    const gwapi__cel_type *type = &gwapi__cel_int;

    gwapi__arena_init(&arena, &a);
    gwapi__cel_unifier_init(&u, &arena);
    for (unsigned nodes = 3; nodes < 1000; nodes = 2 * nodes + 1) {
        type = gwapi__cel_compose(&u, GWAPI__CEL_MAP, type, type);
        cr_expect(type != &gwapi__cel_error && u.failed == GWAPI_OK, "%u", nodes);
    }
    cr_expect_eq(gwapi__cel_compose(&u, GWAPI__CEL_MAP, type, type), &gwapi__cel_error);
    cr_expect_eq(u.failed, GWAPI_ELIMIT);
    cr_expect_not(gwapi__cel_assignable(&u, &gwapi__cel_int, &gwapi__cel_dyn),
                  "nothing is, once a step failed");
    gwapi__cel_unifier_free(&u);
    gwapi__arena_free(&arena);
}
