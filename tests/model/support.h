/* Reading one document and decoding it as a kind, without a schema. */
#ifndef GWAPI_TESTS_MODEL_SUPPORT_H
#define GWAPI_TESTS_MODEL_SUPPORT_H

#include <criterion/criterion.h>
#include <stdio.h>
#include "base/limits.h"
#include "base/slice.h"
#include "base/text.h"
#include "doc/stream.h"
#include "model/resource.h"

#define ASSERT_STR(actual, expected)                                                           \
    cr_assert(gwapi__str_eq((actual), gwapi__str_of(expected)), "%s: \"%.*s\", not \"%s\"",    \
              #actual, GWAPI__FMT(actual), (expected))
#define ASSERT_ABSENT(actual) cr_assert_null((actual).data, "%s is there", #actual)

/* Collects problems as lines "path: message". */
typedef struct test_problems {
    gwapi__text text;
    size_t count;
} test_problems;

static inline gwapi_result test_hear(void *ctx, const gwapi__decode_problem *problem)
{
    test_problems *p = ctx;

    p->count++;
    gwapi__text_add(&p->text, problem->path);
    gwapi__text_addz(&p->text, ": ");
    gwapi__text_add(&p->text, problem->message);
    gwapi__text_char(&p->text, '\n');
    return GWAPI_OK;
}

static inline void test_problems_init(test_problems *p)
{
    gwapi_allocator a;

    (void)gwapi__allocator_init(&a, NULL);
    gwapi__text_init(&p->text, &a);
    p->count = 0;
}

static inline gwapi_result test_decode_with(const gwapi_allocator *allocator, const char *text,
                                            gwapi_str group, gwapi_str kind, bool keep,
                                            test_problems *problems, gwapi__resource **out)
{
    const gwapi__kind_info info = {
        .group = group, .version = GWAPI__STR("v1"), .kind = kind, .namespaced = true};
    gwapi_allocator a;
    gwapi_limits limits;
    gwapi__stream *stream;
    gwapi__arena arena;
    gwapi__doc doc;
    bool more = false;

    (void)gwapi__allocator_init(&a, allocator);
    (void)gwapi__limits_init(&limits, NULL);
    gwapi__arena_init(&arena, &a);
    *out = NULL;
    gwapi_result r =
        gwapi__stream_open(&stream, &a, gwapi__str_of(text), GWAPI_FORMAT_YAML, &limits);
    if (r != GWAPI_OK)
        return r;
    r = gwapi__stream_next(stream, &arena, &doc, &more);
    if (r == GWAPI_OK) {
        cr_assert(more && doc.root != NULL, "the text cannot be read:\n%s", text);
        const gwapi__decode_listener listener = {problems, test_hear};
        const gwapi__decode_input input = {.root = doc.root,
                                           .info = &info,
                                           .arena = &arena,
                                           .keep_source = keep,
                                           .file = GWAPI__STR("test.yaml"),
                                           .line = doc.line,
                                           .listener = problems != NULL ? &listener : NULL};
        r = gwapi__resource_decode(out, &input);
    }
    gwapi__stream_close(stream);
    gwapi__arena_free(&arena);
    return r;
}

/* Decodes, tells problems, or ends the test. */
static inline gwapi__resource *test_decode(const char *text, gwapi__resource_kind kind,
                                           test_problems *problems)
{
    gwapi__resource *resource;
    gwapi_result r =
        test_decode_with(NULL, text, gwapi__resource_kind_group(kind),
                         gwapi__resource_kind_name(kind), false, problems, &resource);

    cr_assert_eq(r, GWAPI_OK, "%s", gwapi_result_name(r));
    return resource;
}

#endif
