/* The reader and the writers: every byte sequence is read or refused, what is read can be
 * written and read again as the same, and every problem has a place that can be shown. */
#include <stdio.h>
#include <stdlib.h>

#include "base/slice.h"
#include "base/text.h"
#include "doc/stream.h"
#include "doc/write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "does not hold: %s\n", what);
        abort();
    }
}

static double number_of(const gwapi__node *n)
{
    return n->type == GWAPI__NODE_INT ? (double)n->as.integer : n->as.number;
}

static bool is_number(const gwapi__node *n)
{
    return n->type == GWAPI__NODE_INT || n->type == GWAPI__NODE_FLOAT;
}

/* Equal as the server reads back what it wrote: of a float beyond 2^53 it writes the shortest
 * digits, which read as another integer of the same double. */
static bool same(const gwapi__node *a, const gwapi__node *b)
{
    if (is_number(a) && is_number(b))
        return gwapi__node_equal(a, b) || number_of(a) == number_of(b);
    if (a->type == GWAPI__NODE_LIST && b->type == GWAPI__NODE_LIST) {
        for (uint32_t i = 0; a->as.list.count == b->as.list.count; i++)
            if (i == a->as.list.count)
                return true;
            else if (!same(a->as.list.items[i], b->as.list.items[i]))
                return false;
        return false;
    }
    if (a->type == GWAPI__NODE_MAP && b->type == GWAPI__NODE_MAP) {
        for (uint32_t i = 0; a->as.map.count == b->as.map.count; i++) {
            if (i == a->as.map.count)
                return true;
            const gwapi__field *f = &a->as.map.fields[i];
            const gwapi__node *other = gwapi__node_get(b, f->name);
            if (other == NULL || !same(f->value, other))
                return false;
        }
        return false;
    }
    return gwapi__node_equal(a, b);
}

static void read_back(const gwapi_allocator *allocator, const gwapi__node *root,
                      gwapi_format format)
{
    gwapi__text text;
    gwapi__stream *stream;
    gwapi__arena arena;
    gwapi__doc doc;
    bool more;

    gwapi__text_init(&text, allocator);
    gwapi__arena_init(&arena, allocator);
    if (format == GWAPI_FORMAT_JSON)
        gwapi__node_write_json(&text, root);
    else
        gwapi__node_write_yaml(&text, root);
    require(gwapi__stream_open(&stream, allocator, gwapi__text_str(&text), format, NULL) ==
                GWAPI_OK,
            "open what was written");
    require(gwapi__stream_next(stream, &arena, &doc, &more) == GWAPI_OK && more,
            "what was written is a document");
    require(doc.root != NULL && doc.problem_count == 0, "it is readable");
    require(same(doc.root, root), "it is the same");
    gwapi__stream_close(stream);
    gwapi__arena_free(&arena);
    gwapi__text_free(&text);
}

/* A list would be unfolded when it is read back. */
static bool is_list(const gwapi__node *root)
{
    return gwapi__str_ends(gwapi__node_get_str(root, GWAPI__STR("kind")), GWAPI__STR("List")) &&
           gwapi__node_get(root, GWAPI__STR("items")) != NULL;
}

static void check_problems(gwapi__stream *stream, const gwapi__doc *doc)
{
    uint32_t column;

    require(doc->root != NULL || doc->problem_count != 0, "a refusal has a reason");
    for (size_t i = 0; i < doc->problem_count; i++) {
        const gwapi__doc_problem *problem = &doc->problems[i];
        require(problem->place.line != 0 && problem->place.column != 0,
                "problems have a place");
        require(problem->message.len != 0 && problem->rule.len != 0, "… and a text");
        gwapi_str line = gwapi__stream_excerpt(stream, problem->place, &column);
        require(line.len <= 400 && column != 0, "… and an excerpt");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* small enough to find what happens at a limit */
    gwapi_limits limits = {
        .struct_size = sizeof limits, .depth = 64, .nodes = 20000, .alias_nodes = 2000};
    gwapi_allocator allocator;
    gwapi__stream *stream;
    gwapi__arena arena;
    gwapi__doc doc;
    bool more = true;

    gwapi__allocator_init(&allocator, NULL);
    gwapi__arena_init(&arena, &allocator);
    gwapi_str bytes = gwapi__str((const char *)data, size);
    require(gwapi__stream_open(&stream, &allocator, bytes, GWAPI_FORMAT_AUTO, &limits) ==
                GWAPI_OK,
            "open");
    for (;;) {
        require(gwapi__stream_next(stream, &arena, &doc, &more) == GWAPI_OK, "next");
        if (!more)
            break;
        check_problems(stream, &doc);
        if (doc.root != NULL && !is_list(doc.root)) {
            read_back(&allocator, doc.root, GWAPI_FORMAT_YAML);
            read_back(&allocator, doc.root, GWAPI_FORMAT_JSON);
        }
        gwapi__arena_reset(&arena);
    }
    gwapi__stream_close(stream);
    gwapi__arena_free(&arena);
    return 0;
}
