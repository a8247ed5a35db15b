#include "support.h"

#include <stdlib.h>
#include <string.h>

static void expect_limit(const char *label, gwapi_str text, const gwapi_limits *limits,
                         const char *name)
{
    reading r;

    read_str(&r, text, GWAPI_FORMAT_AUTO, limits);
    cr_assert_eq(r.count, 1, "%s", label);
    cr_assert_null(r.doc.root, "%s", label);
    const gwapi__doc_problem *p = &r.doc.problems[r.doc.problem_count - 1];
    cr_expect_eq(p->type, GWAPI_ERROR_LIMIT, "%s", label);
    cr_expect_neq(gwapi__str_find(p->message, gwapi__str_of(name)), SIZE_MAX, "%s: %.*s", label,
                  GWAPI__FMT(p->message));
    read_done(&r);
}

Test(doc_limit, a_limit_that_is_hit_is_named)
{
    gwapi_limits limits = {.struct_size = sizeof limits,
                           .document_bytes = 100,
                           .depth = 3,
                           .nodes = 10,
                           .alias_nodes = 5};
    char text[200];

    memset(text, '#', sizeof text);
    expect_limit("bytes", gwapi__str(text, sizeof text), &limits, "limit document_bytes: 100");
    expect_limit("depth", GWAPI__STR("a: [[[x]]]"), &limits, "limit depth: 3");
    expect_limit("depth of JSON", GWAPI__STR("{\"a\":[[[1]]]}"), &limits, "limit depth: 3");
    expect_limit("nodes", GWAPI__STR("[1,2,3,4,5,6,7,8,9,10,11]"), &limits, "limit nodes: 10");
    expect_limit("nodes of JSON", GWAPI__STR("{\"a\":[1,2,3,4,5,6,7,8,9,10]}"), &limits,
                 "limit nodes: 10");
    expect_limit("aliases", GWAPI__STR("a: &x [1,2]\nb: [*x, *x]"), &limits,
                 "limit alias_nodes: 5");
}

Test(doc_limit, what_is_just_within_is_read)
{
    gwapi_limits limits = {
        .struct_size = sizeof limits, .depth = 3, .nodes = 7, .alias_nodes = 3};
    reading r;

    read_str(&r, GWAPI__STR("a: [[x]]"), GWAPI_FORMAT_AUTO, &limits);
    cr_expect_not_null(r.doc.root);
    read_done(&r);
    read_str(&r, GWAPI__STR("{\"a\":[[1,2,3,4]]}"), GWAPI_FORMAT_AUTO, &limits);
    cr_expect_not_null(r.doc.root);
    read_done(&r);
}

/* Few bytes that would be many values. */
Test(doc_limit, alias_bombs_are_refused)
{
    gwapi__text bomb;
    gwapi_allocator allocator;

    gwapi__allocator_init(&allocator, NULL);
    gwapi__text_init(&bomb, &allocator);
    gwapi__text_addz(&bomb, "a: &a [x,x,x,x,x,x,x,x,x]\n");
    for (char c = 'b'; c < 'k'; c++) {
        char line[80];
        snprintf(line, sizeof line, "%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", c, c,
                 c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1);
        gwapi__text_addz(&bomb, line);
    }
    expect_limit("bomb", gwapi__text_str(&bomb), NULL, "aliases");
    gwapi__text_free(&bomb);
}

typedef struct meter {
    size_t live, peak;
} meter;

static void *metered(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    meter *m = ctx;

    m->live += new_size - (ptr != NULL ? old_size : 0);
    if (m->live > m->peak)
        m->peak = m->live;
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    return realloc(ptr, new_size);
}

/* What an API server takes at most: 3 MiB. Under valgrind, which needs minutes for that, less:
 * there it is about every read, not about the amount. */
static size_t hostile_size(void)
{
    return getenv("GWAPI_TEST_SMALL") != NULL ? (size_t)96 << 10 : (size_t)3 << 20;
}

/* `head`, then `unit` again and again, then `tail`: a hostile size in all. */
static void read_hostile(const char *head, const char *unit, const char *tail)
{
    meter m = {0, 0};
    gwapi_allocator allocator = {sizeof allocator, &m, metered};
    gwapi__stream *stream;
    gwapi__arena arena;
    gwapi__doc doc;
    bool more = true;
    size_t n = strlen(head), step = strlen(unit), end = strlen(tail);
    size_t size = hostile_size();
    char *text = malloc(size);

    memcpy(text, head, n);
    for (; n + step + end <= size; n += step)
        memcpy(text + n, unit, step);
    memcpy(text + n, tail, end);
    gwapi__arena_init(&arena, &allocator);
    cr_assert_eq(gwapi__stream_open(&stream, &allocator, gwapi__str(text, n + end), 0, NULL),
                 GWAPI_OK);
    while (more) {
        cr_assert_eq(gwapi__stream_next(stream, &arena, &doc, &more), GWAPI_OK);
        gwapi__arena_reset(&arena);
    }
    gwapi__stream_close(stream);
    gwapi__arena_free(&arena);
    cr_expect_lt(m.peak, 100 * size, "%s%s: %zu bytes", head, unit, m.peak);
    cr_expect_eq(m.live, 0, "%s%s", head, unit);
    free(text);
}

/* Work that grows with the square of the text would meet the timeout. */
Test(doc_limit, hostile_text_costs_little, .timeout = 600)
{
    static const char *const rows[][3] = {
        {"[", "1,", "1]"},
        {"{\"a\":[", "{},", "1]}"},
        {"{\"a\":[", "1e-300,", "1]}"},
        {"{\"a\":[", "9007199254740993.00000000000000000e-250,", "1]}"},
        {"{", "\"a\":1,", "\"a\":1}"},
        {"", "a: 1\n", ""},
        {"", "-\n", ""},
        {"", "[", ""},
        {"", "[\n", ""},
        {"", "{\"a\":", ""},
        {"", "? ", ""},
        {"", "- ", ""},
        {"a: &a 1\nb: [", "*a,", "1]"},
        {"[", "&a 1,", "1]"},
        {"a: \"", "\n", "\""},
        {"a: |\n  x", "\n", ""},
        {"a: x", "\n\n y", ""},
        {"", "a: 1\n---\n", ""},
        {"", "%TAG !a! b\n", ""},
        {"", "#\n", "a: 1"},
        {"kind: List\nitems:\n", "- {a: 1, a: 2}\n", ""},
        {"a: 1", "_", "0"},
        {"a: 0.", "1", "0"},
    };
    char deep[600];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        read_hostile(rows[i][0], rows[i][1], rows[i][2]);
    memset(deep, '[', 510);
    deep[510] = '\0';
    read_hostile(deep, "1,", ""); /* libyaml looks at every open bracket for each value */
}
