/* Evaluation over documents' trees, under want of memory and beyond the limit of costs: what the
 * tables, which have no variables, cannot hold. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "cel/ast.h"
#include "cel/render.h"
#include "cel/scarce.h"
#include "doc/stream.h"
#include "support/oom.h"

#define FIELD(name_, type_) {.name = {"" name_, sizeof name_ - 1}, .raw = {"" name_, sizeof name_ - 1}, .type = type_}
#define OF(...) ((const gwapi__cel_type *const[]){__VA_ARGS__})

static const gwapi_str item_keys[] = {{"name", 4}};
static const gwapi__cel_field item_fields[] = {FIELD("name", &gwapi__cel_string),
                                               FIELD("port", &gwapi__cel_int)};
static const gwapi__cel_type item = {
    .kind = GWAPI__CEL_OBJECT, .name = {"item", 4}, .fields = item_fields, .field_count = 2};
static const gwapi__cel_type set = {.kind = GWAPI__CEL_LIST,
                                    .list_type = GWAPI__CEL_LIST_SET,
                                    .param_count = 1,
                                    .params = OF(&gwapi__cel_string)};
static const gwapi__cel_type keyed = {.kind = GWAPI__CEL_LIST,
                                      .list_type = GWAPI__CEL_LIST_MAP,
                                      .param_count = 1,
                                      .params = OF(&item),
                                      .keys = item_keys,
                                      .key_count = 1};
static const gwapi__cel_type labels = {.kind = GWAPI__CEL_MAP,
                                       .param_count = 2,
                                       .params = OF(&gwapi__cel_string, &gwapi__cel_string)};
static const gwapi__cel_type loose = {
    .kind = GWAPI__CEL_LIST, .param_count = 1, .params = OF(&item)};
static const gwapi__cel_type mixed = {.kind = GWAPI__CEL_LIST,
                                      .list_type = GWAPI__CEL_LIST_SET,
                                      .param_count = 1,
                                      .params = OF(&gwapi__cel_dyn)};
static const gwapi__cel_type times = {.kind = GWAPI__CEL_LIST,
                                      .list_type = GWAPI__CEL_LIST_SET,
                                      .param_count = 1,
                                      .params = OF(&gwapi__cel_timestamp)};
static const gwapi__cel_field broken_fields[] = {
    FIELD("bytes", &gwapi__cel_bytes), FIELD("day", &gwapi__cel_timestamp),
    FIELD("span", &gwapi__cel_duration), FIELD("when", &gwapi__cel_timestamp)};
static const gwapi__cel_type broken = {
    .kind = GWAPI__CEL_OBJECT, .name = {"broken", 6}, .fields = broken_fields, .field_count = 4};
static const gwapi__cel_type nullable = {.kind = GWAPI__CEL_OBJECT,
                                         .name = {"item", 4},
                                         .fields = item_fields,
                                         .field_count = 2,
                                         .nullable = true};
static const gwapi__cel_type nullables = {
    .kind = GWAPI__CEL_LIST, .param_count = 1, .params = OF(&nullable)};
static const gwapi__cel_field half_fields[] = {FIELD("l", &nullables),
                                               FIELD("n", &gwapi__cel_string)};
static const gwapi__cel_type half = {
    .kind = GWAPI__CEL_OBJECT, .name = {"half", 4}, .fields = half_fields, .field_count = 2};
static const gwapi__cel_type pair = {
    .kind = GWAPI__CEL_LIST, .param_count = 1, .params = OF(&half)};
static const gwapi__cel_field wrap_fields[] = {FIELD("o", &item)};
static const gwapi__cel_type wrap = {
    .kind = GWAPI__CEL_OBJECT, .name = {"wrap", 4}, .fields = wrap_fields, .field_count = 1};
static const gwapi__cel_type wraps = {
    .kind = GWAPI__CEL_MAP, .param_count = 2, .params = OF(&gwapi__cel_string, &item)};
static const gwapi__cel_type maybe = {.kind = GWAPI__CEL_STRING, .nullable = true};
static const gwapi__cel_field self_fields[] = {
    {.name = {"__if__", 6}, .raw = {"if", 2}, .type = &gwapi__cel_bool},
    FIELD("any", &gwapi__cel_dyn),
    FIELD("bad", &broken),
    FIELD("bytes", &gwapi__cel_bytes),
    FIELD("items", &keyed),
    FIELD("labels", &labels),
    FIELD("loose", &loose),
    FIELD("many", &gwapi__cel_map_dyn),
    FIELD("maybe", &maybe),
    FIELD("mixed", &mixed),
    FIELD("more", &gwapi__cel_map_dyn),
    FIELD("name", &gwapi__cel_string),
    FIELD("none", &set),
    FIELD("objs", &loose),
    FIELD("other", &keyed),
    FIELD("pair", &pair),
    FIELD("ratio", &gwapi__cel_double),
    FIELD("reversed", &set),
    FIELD("span", &gwapi__cel_duration),
    FIELD("tags", &set),
    FIELD("times", &times),
    FIELD("when", &gwapi__cel_timestamp),
    FIELD("wrap", &wrap),
    FIELD("wraps", &wraps),
};
static const gwapi__cel_type self_type = {.kind = GWAPI__CEL_OBJECT,
                                          .name = {"self", 4},
                                          .fields = self_fields,
                                          .field_count = sizeof self_fields / sizeof *self_fields};
static const gwapi__cel_variable variables[] = {{{"self", 4}, &self_type}};
static const gwapi__cel_environment environment = {
    .minor = 34, .variables = variables, .variable_count = 1};

/* So many members that they are looked up by an index. */
#define MANY \
    "{\"k0\": 0, \"k1\": 1, \"k2\": 2, \"k3\": 3, \"k4\": 4," \
    " \"k5\": 5, \"k6\": 6, \"k7\": 7, \"k8\": 8, \"k9\": 9," \
    " \"k10\": 10, \"k11\": 11, \"k12\": 12, \"k13\": 13, \"k14\": 14," \
    " \"k15\": 15, \"k16\": 16, \"k17\": 17, \"k18\": 18, \"k19\": 19," \
    " \"k20\": 20, \"k21\": 21, \"k22\": 22, \"k23\": 23, \"k24\": 24," \
    " \"k25\": 25, \"k26\": 26, \"k27\": 27, \"k28\": 28, \"k29\": 29," \
    " \"k30\": 30, \"k31\": 31, \"k32\": 32, \"k33\": 33, \"k34\": 34," \
    " \"k35\": 35, \"k36\": 36, \"k37\": 37, \"k38\": 38, \"k39\": 39}"

static const char document[] =
    "{\"if\": true, \"name\": \"web\", \"ratio\": 2, \"span\": \"90m\", \"maybe\": null,"
    " \"when\": \"2024-02-29T12:00:00+01:00\", \"bytes\": \"-_8=\","
    " \"tags\": [\"a\", \"b\"], \"reversed\": [\"b\", \"a\"],"
    " \"items\": [{\"name\": \"x\", \"port\": 1}, {\"name\": \"y\", \"port\": 2}],"
    " \"other\": [{\"name\": \"y\", \"port\": 2}, {\"name\": \"x\", \"port\": 1}],"
    " \"labels\": {\"k\": \"v\", \"a-b\": \"c\"}, \"any\": {\"n\": 1.5, \"l\": [1, null]},"
    " \"many\": " MANY ", \"more\": " MANY ", \"none\": [],"
    " \"bad\": {\"span\": \"x\", \"when\": \"2024-02-30\", \"bytes\": \"!\","
    " \"day\": \"2024-02-29\"},"
    " \"mixed\": [0.0, true, null, [\"x\"], 7, \"a\", \"b\", \"c\", \"d\"],"
    " \"times\": [\"2024-02-29T12:00:00Z\", \"2024-02-29T13:00:00Z\"],"
    " \"loose\": [{\"name\": \"x\"}, {\"port\": 1}, {\"name\": \"x\", \"more\": 1},"
    " {\"name\": \"x\", \"more\": 2}, {\"name\": \"x\", \"port\": null},"
    " {\"name\": \"x\", \"more\": 1}, null],"
    " \"pair\": [{\"l\": [{\"name\": \"x\"}], \"n\": null},"
    " {\"l\": [{\"name\": \"x\"}], \"n\": null}, {\"l\": [null], \"n\": null},"
    " {\"l\": [null], \"n\": \"a\"}],"
    " \"objs\": [{\"name\": \"x\"}, {\"name\": \"y\"}], \"wrap\": {\"o\": {\"name\": \"x\"}},"
    " \"wraps\": {\"a\": {\"name\": \"x\"}}}";

typedef struct asked {
    const char *expression;
    uint64_t limit; /* 0: the usual */
    char shown[512];
    uint64_t cost;
} asked;

/* With memory of its own, which does not fail. */
static void show(asked *a, const gwapi__cel_value *value)
{
    gwapi_allocator heap;
    gwapi__arena arena;
    gwapi__cel_context context;
    gwapi__text text;

    cr_assert_eq(gwapi__allocator_init(&heap, NULL), GWAPI_OK);
    gwapi__arena_init(&arena, &heap);
    gwapi__cel_context_init(&context, &arena, &heap);
    gwapi__text_init(&text, &heap);
    render(&text, &context, value);
    snprintf(a->shown, sizeof a->shown, "%.*s", GWAPI__FMT(gwapi__text_str(&text)));
    gwapi__text_free(&text);
    gwapi__arena_free(&arena);
}

static gwapi_result evaluate(const gwapi_allocator *allocator, gwapi__arena *arena, asked *a,
                             const gwapi__cel_value *self)
{
    const gwapi__cel_program *program = NULL;
    const gwapi__cel_issue *issues;
    gwapi__cel_context context;
    gwapi__cel_value value;

    gwapi_result r = gwapi__cel_compile(&program, arena, &environment,
                                        gwapi__str_of(a->expression), &issues);
    if (r != GWAPI_OK)
        return r;
    gwapi__cel_context_init(&context, arena, allocator);
    context.limit = a->limit != 0 ? a->limit : context.limit;
    r = gwapi__cel_eval(&value, program, self, &context);
    if (r == GWAPI_OK)
        show(a, &value);
    a->cost = context.cost;
    gwapi__cel_context_free(&context);
    gwapi__cel_program_release(program);
    return r;
}

static gwapi_result ask(const gwapi_allocator *allocator, void *arg)
{
    gwapi__stream *stream = NULL;
    gwapi__arena arena;
    gwapi__doc doc = {0};
    bool more;

    gwapi__arena_init(&arena, allocator);
    gwapi_result r = gwapi__stream_open(&stream, allocator, gwapi__str_of(document),
                                        GWAPI_FORMAT_JSON, NULL);
    if (r == GWAPI_OK)
        r = gwapi__stream_next(stream, &arena, &doc, &more);
    if (r == GWAPI_OK) {
        gwapi__cel_value self = {.kind = GWAPI__CEL_OBJECT,
                                 .tree = true,
                                 .as.tree = {.node = doc.root, .type = &self_type}};
        r = evaluate(allocator, &arena, arg, &self);
    }
    if (stream != NULL)
        gwapi__stream_close(stream);
    gwapi__arena_free(&arena);
    return r;
}

static const struct {
    const char *expression, *shown;
} rows[] = {
    {"self.name", "\"web\""},
    {"self.__if__", "true"},
    {"self.ratio", "2.0"},
    {"self.span == duration('1h30m')", "true"},
    {"string(self.when)", "\"2024-02-29T12:00:00+01:00\""},
    {"self.bytes", "bfbff"},
    {"has(self.maybe)", "false"},
    {"self.maybe", "no such key: maybe"},
    {"self.tags == self.reversed", "true"},
    {"self.tags + self.reversed", "[\"a\", \"b\"]"},
    {"self.tags + ['c', 'a', 'c']", "[\"a\", \"b\", \"c\"]"},
    {"self.tags + ['c'] == ['c', 'b', 'a']", "true"},
    {"['b', 'a'] == self.tags", "false"},
    {"self.items == self.other", "true"},
    {"(self.items + self.other).map(i, i.name)", "[\"x\", \"y\"]"},
    {"self.items.exists(i, i.name == 'y' && i.port == 2)", "true"},
    {"self.items[?5].hasValue()", "false"},
    {"self.labels['a-b']", "\"c\""},
    {"self.labels.all(k, v, size(v) == 1)", "true"},
    {"self.labels.transformMap(k, v, v + k)", "{\"a-b\": \"ca-b\", \"k\": \"vk\"}"},
    {"self.labels == {'k': 'v', 'a-b': 'c'}", "true"},
    {"self.any.n + 1.0", "2.5"},
    {"self.any.l[1]", "null"},
    {"self.any == dyn({'n': dyn(1.5), 'l': dyn([dyn(1), dyn(null)])})", "true"},
    {"optional.of(self).?name.orValue('none')", "\"web\""},
    {"self.?name.optMap(n, n + self.tags[0])", "optional(\"weba\")"},
    {"type(self) == map", "true"},
    {"self == self", "true"},
    {"self.name.matches('^w.b$') && self.name.matches(self.name)", "true"},
    {"[1, 2, 3].map(x, [x, x + 1]).map(l, size(l))", "[2, 2, 2]"},
    {"[0,1,2,3,4,5,6,7,8,9].transformMap(i, v, string(v)).size()", "10"},
    {"self.any == self.any", "true"},
    {"self.many.k7 + self.many['k39']", "46"},
    {"has(self.many.k40) || 'k41' in self.many", "false"},
    {"self.many.all(k, self.many[k] < 40)", "true"},
    {"{'x': self.items} == {'x': self.other}", "true"},
    {"self.items == self.items + dyn([{'name': 'z'}])", "false"},
    {"self.items + dyn([{'name': dyn('x'), 'port': dyn(3)}]) == self.items", "false"},
    {"(self.items + dyn([{'name': dyn('y'), 'port': dyn(3)}, {'name': dyn('z')}])).size()", "3"},
    {"self.tags == ['a']", "false"},
    {"self.tags == ['a', 'c']", "false"},
    {"self.tags in [self.reversed]", "true"},
    {"dyn(self.tags)[dyn(1u)]", "unsupported index of a list"},
    {"self.any.l[dyn(1u)]", "null"},
    {"self.any.l[dyn(5)]", "index out of bounds: 5"},
    {"dyn(self.labels)[1]", "no such overload"},
    {"self.any[dyn(1)]", "no such key: 1"},
    {"has(self.any.n) && !has(self.any.m)", "true"},
    {"self.labels.exists(k, self.labels[k] == 'c')", "true"},
    {"self.any.exists(k, k == 'l')", "true"},
    {"dyn(self).name", "\"web\""},
    {"dyn(self).exists(k, k == 'name')", "true"},
    {"self.items[0] == self.other[1] && self.items[0] != self.other[0]", "true"},
    {"dyn(self.items[0]) == dyn({'name': dyn('x'), 'port': dyn(1)})", "true"},
    {"self.bad.span", "invalid duration \"x\""},
    {"self.bad.when", "invalid date or time \"2024-02-30\""},
    {"self.bad.bytes", "invalid base64 \"!\""},
    {"self.bad.day", "timestamp(2024-02-29T00:00:00Z)"},
    {"self.mixed + self.mixed == self.mixed", "true"},
    {"(self.mixed + dyn([dyn(-0.0), dyn(true), dyn(null), dyn(['x']), dyn(['y'])])).size()", "10"},
    {"self.times + self.times == self.times", "true"},
    {"self.none + self.none", "[]"},
    {"self.many == self.more", "true"},
    {"self.pair[0] == self.pair[1]", "true"},
    {"self.pair[0].l == self.pair[1].l", "true"},
    {"self.pair[0] == self.pair[2]", "no such overload"},
    {"self.pair[0] == self.pair[3]", "false"},
    {"self.loose[0] == self.loose[1]", "false"},
    {"self.loose[0] == self.loose[2]", "false"},
    {"self.loose[2] == self.loose[3]", "false"},
    {"self.loose[2] == self.loose[5]", "true"},
    {"self.loose[4] == self.loose[2]", "true"},
    {"self.loose[2] == self.loose[4]", "true"},
    {"self.loose.map(l, l.name)", "no such key: name"},
    {"dyn(self.loose[2]).exists(k, k == 'name')", "true"},
    {"dyn(self.loose[2]) == dyn({'name': 'x'})", "false"},
    {"dyn(self.loose[2]) == dyn({'name': dyn('x'), 'port': dyn(1)})", "no such overload"},
    {"dyn(self.items) == dyn('a')", "no such overload"},
    {"dyn('a') == dyn(self.items)", "false"},
    {"dyn(self.items) != dyn('a')", "true"},
    {"dyn(self.items) == null", "false"},
    {"dyn(self.items[0]) == dyn(1)", "no such overload"},
    {"dyn(self.loose) == dyn({'a': 1})", "no such overload"},
    {"dyn(self.labels) == dyn('a')", "no such overload"},
    {"dyn(self.tags) == dyn('a')", "no such overload"},
    {"dyn(self.labels) == dyn({'k': dyn(1), 'a-b': dyn('c')})", "false"},
    {"dyn(self.loose) == dyn([dyn(1), dyn(2), dyn(3), dyn(4), dyn(5), dyn(6), dyn(7)])", "no such overload"},
    {"[dyn(self.items)] == [dyn('a')]", "true"},
    {"dyn(self.objs) == dyn([dyn(1), dyn({'name': 'y'})])", "no such overload"},
    {"dyn(self.objs) == dyn([dyn({'name': 'z'}), dyn(1)])", "false"},
    {"dyn(self.objs) == dyn([dyn(null), dyn({'name': 'y'})])", "no such overload"},
    {"dyn(self.wrap) == dyn({'o': dyn(1)})", "no such overload"},
    {"dyn(self.wrap) == dyn({'o': dyn({'name': 'x'})})", "true"},
    {"dyn(self.wraps) == dyn({'a': dyn(1)})", "no such overload"},
    {"dyn(self.wraps) == dyn({'a': dyn(null)})", "no such overload"},
    {"'maybe' in dyn(self)", "false"},
    {"(self.items + dyn([1])).size()", "3"},
    {"(self.items + dyn(self.many.map(k, {'name': k}))).size()", "42"},
    {"[?dyn(1)]", "an optional entry needs an optional value"},
    {"{?'a': dyn(1)}", "an optional entry needs an optional value"},
    {"'a'.find('a{1000}a{1000}a{1000}a{1000}' + 'a{1000}')", "regular expression too large"},
    {"'a'.matches('a{1000}a{1000}a{1000}a{1000}a{1000}')", "regular expression too large"},
    {"self.items.sortBy(i, -i.port).map(i, i.name)", "[\"y\", \"x\"]"},
};

Test(cel_eval, trees_are_read_through_their_types)
{
    gwapi_allocator heap;

    cr_assert_eq(gwapi__allocator_init(&heap, NULL), GWAPI_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        asked a = {.expression = rows[i].expression};
        cr_assert_eq(ask(&heap, &a), GWAPI_OK, "%s", a.expression);
        cr_expect_str_eq(a.shown, rows[i].shown, "%s: %s", a.expression, a.shown);
    }
}

Test(cel_eval, every_allocation_may_fail)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        asked a = {.expression = rows[i].expression};
        size_t runs, bad;
        gwapi_result r = test_fail_every_allocation(ask, &a, &runs, &bad);
        cr_expect_eq(bad, 0, "%s: allocation %zu", a.expression, bad);
        cr_expect_eq(r, GWAPI_OK, "%s", a.expression);
    }
}

Test(cel_eval, a_spent_limit_is_an_error_that_nothing_absorbs)
{
    gwapi_allocator heap;
    asked a = {.expression = "[1, 2, 3].map(x, [1, 2, 3].map(y, x * y)).size() > 99 || true",
               .limit = 50};

    cr_assert_eq(gwapi__allocator_init(&heap, NULL), GWAPI_OK);
    cr_assert_eq(ask(&heap, &a), GWAPI_OK);
    cr_expect_str_eq(a.shown, "the cost limit is exceeded");
    cr_expect_gt(a.cost, 50);
}

/* ---- an arena that ends anywhere -------------------------------------------------------- */

typedef struct attempt {
    gwapi_str expression;
    const gwapi__cel_value *self;
    size_t filled; /* bytes of the arena that are gone before */
} attempt;

/* Compiles, estimates and evaluates. */
static gwapi_result try_all(const gwapi_allocator *allocator, void *arg)
{
    const attempt *t = arg;
    const gwapi__cel_program *program = NULL;
    const gwapi__cel_issue *issues;
    gwapi__arena arena;
    gwapi__cel_context context;
    gwapi__cel_range cost;
    gwapi__cel_value value;

    gwapi__arena_init(&arena, allocator);
    gwapi__cel_context_init(&context, &arena, allocator);
    gwapi_result r = gwapi__arena_alloc(&arena, t->filled) != NULL ? GWAPI_OK : GWAPI_ENOMEM;
    if (r == GWAPI_OK)
        r = gwapi__cel_compile(&program, &arena, &environment, t->expression, &issues);
    if (r == GWAPI_OK)
        r = gwapi__cel_estimate_cost(&cost, program, &arena);
    if (r == GWAPI_OK)
        r = gwapi__cel_eval(&value, program, t->self, &context);
    gwapi__cel_program_release(program);
    gwapi__cel_context_free(&context);
    gwapi__arena_free(&arena);
    return r;
}

/* Each allocation fails once, the more so as the arena is fuller at first: its blocks then end
 * in other places, and an allocation that would have fitted asks for the next one. */
static void starve(gwapi_str expression, const gwapi__cel_value *self)
{
    size_t runs, bad;
    attempt t = {expression, self, 1};
    gwapi_result whole = try_all(&(gwapi_allocator){sizeof(gwapi_allocator), &(test_memory){0},
                                                    test_memory_resize},
                                 &t);

    cr_expect_neq(whole, GWAPI_ENOMEM, "%.*s", GWAPI__FMT(expression));
    for (; t.filled < 1024; t.filled += 32) {
        cr_expect_eq(test_fail_every_allocation(try_all, &t, &runs, &bad), whole, "%.*s",
                     GWAPI__FMT(expression));
        cr_expect_eq(bad, 0, "%.*s, %zu bytes filled: allocation %zu", GWAPI__FMT(expression),
                     t.filled, bad);
        cr_expect_gt(runs, 0);
    }
}

Test(cel_eval, memory_may_end_anywhere_on_the_way_through_trees)
{
    gwapi_allocator heap;
    gwapi__stream *stream = NULL;
    gwapi__arena arena;
    gwapi__doc doc = {0};
    bool more;

    cr_assert_eq(gwapi__allocator_init(&heap, NULL), GWAPI_OK);
    gwapi__arena_init(&arena, &heap);
    cr_assert_eq(gwapi__stream_open(&stream, &heap, gwapi__str_of(document), GWAPI_FORMAT_JSON,
                                    NULL), GWAPI_OK);
    cr_assert_eq(gwapi__stream_next(stream, &arena, &doc, &more), GWAPI_OK);
    gwapi__cel_value self = {.kind = GWAPI__CEL_OBJECT,
                             .tree = true,
                             .as.tree = {.node = doc.root, .type = &self_type}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const gwapi__cel_program *program = NULL;
        const gwapi__cel_issue *issues;
        gwapi_str expression = gwapi__str_of(rows[i].expression);
        starve(expression, &self);
        cr_assert_eq(gwapi__cel_compile(&program, &arena, &environment, expression, &issues),
                     GWAPI_OK);
        cr_expect(scarce_evaluate(program, &self), "%s", rows[i].expression);
        gwapi__cel_program_release(program);
    }
    gwapi__stream_close(stream);
    gwapi__arena_free(&arena);
}

/* Some of the tables' expressions, which are many. */
Test(cel_eval, memory_may_end_anywhere_in_expressions_of_the_tables)
{
    static const char *const files[] = {
        "access",  "cidr",      "comparison", "conversions", "edges",   "format",
        "ip",      "lists",     "macros",     "operators",   "optionals", "quantity",
        "regex",   "semver",    "sets",       "strings",     "time",    "twovar", "url"};
    static const gwapi__cel_value none = {.kind = GWAPI__CEL_NULL};
    static char line[1 << 16];

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(line, sizeof line, "%s/tests/data/cel/%s.tsv", getenv("top_srcdir"), files[i]);
        FILE *f = fopen(line, "r");
        cr_assert_not_null(f, "%s", line);
        for (size_t n = 0; fgets(line, sizeof line, f) != NULL; n++)
            if (line[0] != '#' && (n % 24 == 0 || strcmp(files[i], "edges") == 0))
                starve(gwapi__str(line, strcspn(line, "\t")), &none);
        fclose(f);
    }
}
