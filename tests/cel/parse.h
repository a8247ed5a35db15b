/* Parses for a test, and says what came of it. */
#ifndef GWAPI_TESTS_CEL_PARSE_H
#define GWAPI_TESTS_CEL_PARSE_H

#include <criterion/criterion.h>
#include "cel/dump.h"
#include "support/oom.h"

/* The tree of a text (dump.h), or all of its issues, each behind "! ". */
static inline gwapi_result test_parse(gwapi__text *out, const gwapi_allocator *a, gwapi_str text,
                                      uint32_t minor)
{
    gwapi__cel_environment environment = {.minor = minor};
    gwapi__cel_issues issues = {NULL, NULL, 0};
    gwapi__cel_ast ast;
    gwapi__arena arena;

    gwapi__text_init(out, a);
    gwapi__arena_init(&arena, a);
    gwapi_result result = gwapi__cel_parse(&ast, &arena, &environment, text, &issues);
    if (result == GWAPI_OK)
        test_dump(out, ast.root);
    for (const gwapi__cel_issue *i = issues.first; result == GWAPI_EINVALID && i != NULL;
         i = i->next) {
        gwapi__text_addz(out, i == issues.first ? "! " : " ! ");
        gwapi__text_add(out, i->message);
    }
    gwapi__arena_free(&arena);
    return result;
}

static inline gwapi_allocator test_heap(void)
{
    gwapi_allocator a;

    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    return a;
}

typedef struct test_example {
    gwapi_str text;
    const char *tree;
} test_example;

/* A text that may hold NUL, and its tree or issues. */
#define EXAMPLE(text, tree)                                                                        \
    {                                                                                              \
        {"" text, sizeof(text) - 1}, tree                                                          \
    }

static inline void test_examples(const test_example *examples, size_t count, uint32_t minor)
{
    gwapi_allocator a = test_heap();
    gwapi__text tree;

    for (size_t i = 0; i < count; i++) {
        test_parse(&tree, &a, examples[i].text, minor);
        cr_expect(gwapi__str_eq(gwapi__text_str(&tree), gwapi__str_of(examples[i].tree)),
                  "%.*s\n  gives  %.*s\n  and not %s", GWAPI__FMT(examples[i].text),
                  GWAPI__FMT(gwapi__text_str(&tree)), examples[i].tree);
        gwapi__text_free(&tree);
    }
}

#define CHECK(examples, minor)                                                                     \
    test_examples(examples, sizeof(examples) / sizeof *(examples), minor)

#endif
