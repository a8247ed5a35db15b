/*
 * libyaml and jansson take their memory without asking us. This program takes their place at
 * the allocator, so that each of their allocations fails in turn. libyaml has no hook: its
 * functions are interposed, which works because the program exports its own (-export-dynamic)
 * and links the shared library.
 */
#include "support.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

void *yaml_malloc(size_t size);
void *yaml_realloc(void *ptr, size_t size);
void yaml_free(void *ptr);

static size_t calls, fail_at;

static bool fails(void)
{
    return ++calls == fail_at;
}

void *yaml_malloc(size_t size)
{
    return fails() ? NULL : malloc(size != 0 ? size : 1);
}

void *yaml_realloc(void *ptr, size_t size)
{
    return fails() ? NULL : realloc(ptr, size != 0 ? size : 1);
}

void yaml_free(void *ptr)
{
    free(ptr);
}

static void *json_malloc(size_t size)
{
    return fails() ? NULL : malloc(size);
}

/* Reads all; what a document is or is not does not matter. */
static gwapi_result read_all(const char *text)
{
    gwapi_allocator allocator;
    gwapi__stream *stream;
    gwapi__arena arena;
    gwapi__doc doc;
    bool more = true;

    gwapi__allocator_init(&allocator, NULL);
    gwapi__arena_init(&arena, &allocator);
    gwapi_result r =
        gwapi__stream_open(&stream, &allocator, gwapi__str_of(text), GWAPI_FORMAT_AUTO, NULL);
    while (r == GWAPI_OK && more)
        r = gwapi__stream_next(stream, &arena, &doc, &more);
    gwapi__stream_close(stream);
    gwapi__arena_free(&arena);
    return r;
}

static void fail_each(const char *text, size_t at_least)
{
    for (fail_at = 1;; fail_at++) {
        calls = 0;
        gwapi_result r = read_all(text);
        if (calls < fail_at) {
            cr_expect_eq(r, GWAPI_OK);
            break;
        }
        cr_expect_eq(r, GWAPI_ENOMEM, "%s: allocation %zu gives %d", text, fail_at, (int)r);
    }
    cr_expect_geq(fail_at, at_least, "%s: only %zu allocations", text, fail_at);
    fail_at = 0;
}

Test(doc_foreign_memory, every_allocation_of_libyaml_can_fail)
{
    fail_each("a: &x [1, \"two\", {b: !!str c}]\nd:\n  <<: {e: |\n    text\n}\nf: *x\n", 1);
    fail_each("a: &x [1, \"two\", {b: !!str c}]\nd:\n  e: |\n    text\n  f: *x\n", 20);
    fail_each("- [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n", 20);
    fail_each("a: [\n", 5);
}

Test(doc_foreign_memory, every_allocation_of_jansson_can_fail)
{
    json_set_alloc_funcs(json_malloc, free);
    fail_each(
        "{\"a\":[1,2.5,\"a string that is longer than a few bytes\",true,null,{\"b\":{}}],"
        "\"c\":{\"d\":1,\"e\":2,\"f\":3,\"g\":4,\"h\":5,\"i\":6,\"j\":7,\"k\":8,\"l\":9}}",
        20);
}
