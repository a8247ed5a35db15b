#include "support.h"

#include "../support/oom.h"

/* Reads every document of the text, and writes it. */
static gwapi_result read_and_write(const gwapi_allocator *given, void *arg)
{
    gwapi_str text = *(const gwapi_str *)arg;
    gwapi_allocator allocator;
    gwapi__stream *stream;
    gwapi__arena arena;
    gwapi__text out;
    gwapi__doc doc;
    bool more = true;

    gwapi__allocator_init(&allocator, given);
    gwapi__arena_init(&arena, &allocator);
    gwapi__text_init(&out, &allocator);
    gwapi_result r = gwapi__stream_open(&stream, &allocator, text, GWAPI_FORMAT_AUTO, NULL);
    while (r == GWAPI_OK && more) {
        r = gwapi__stream_next(stream, &arena, &doc, &more);
        if (r != GWAPI_OK || !more || doc.root == NULL)
            continue;
        gwapi__node_write_json(&out, doc.root);
        gwapi__node_write_yaml(&out, doc.root);
        if (out.failed)
            r = GWAPI_ENOMEM;
    }
    gwapi__stream_close(stream);
    gwapi__text_free(&out);
    gwapi__arena_free(&arena);
    return r;
}

static void fail_each(gwapi_str text)
{
    size_t runs, bad;

    cr_expect_eq(test_fail_every_allocation(read_and_write, &text, &runs, &bad), GWAPI_OK);
    cr_expect_eq(bad, 0, "%.*s: allocation %zu", GWAPI__FMT(text), bad);
    cr_expect_gt(runs, 5);
}

Test(doc_memory, every_allocation_can_fail)
{
    fail_each(GWAPI__STR(
        "a: &x [1, \"two\", 1e18, 4611686018427387904.0, {b: !!binary aGk=, c: !!binary "
        "/w==}]\n"
        "1.5: *x\nm: {<<: {k: 1}, k: 2}\ntext: |\n  lines\n---\n- [\n---\nx: .inf\n---\n"
        "a: 1\na: 2\n...\nmore\n--- no\n---\n{a: *b}\n---\n!!int x\n"));
    fail_each(GWAPI__STR(
        "kind: List\nitems:\n- {a: 1, a: 2}\n- kind: BList\n  items: [{b: 1, b: 2}]\n"
        "metadata: {a: 1, a: 2}\n"));
    fail_each(
        GWAPI__STR("{\"a\":[1,\"\\u00e9\",{\"b\":2.5,\"b\":1e20}],\"c\":1e999}\n{\"d\":{}}"));
    fail_each(GWAPI__STR("{\"a\":[1 2]}"));
    fail_each(GWAPI__STR("\xff\xfe"
                         "a\0:\0 \0b\0"));
    fail_each(GWAPI__STR("{a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, j: 10, k: 11,"
                         " l: 12, m: 13, n: 14, o: 15, p: 16, q: 17, a: 18}"));
}
