/* Reads text and shows the tree as JSON. */
#ifndef GWAPI_TESTS_DOC_SUPPORT_H
#define GWAPI_TESTS_DOC_SUPPORT_H

#include <criterion/criterion.h>
#include <stdio.h>
#include "base/slice.h"
#include "base/text.h"
#include "doc/stream.h"
#include "doc/write.h"

typedef struct reading {
    gwapi_allocator allocator;
    gwapi__stream *stream;
    gwapi__arena arena;
    gwapi__text shown; /* a line for each document: its JSON, or "unreadable"; ended by NUL */
    gwapi__doc doc;    /* the last one */
    size_t count;
} reading;

static inline void read_str(reading *r, gwapi_str text, gwapi_format format,
                            const gwapi_limits *limits)
{
    bool more = true;

    *r = (reading){.count = 0};
    cr_assert_eq(gwapi__allocator_init(&r->allocator, NULL), GWAPI_OK);
    gwapi__arena_init(&r->arena, &r->allocator);
    gwapi__text_init(&r->shown, &r->allocator);
    cr_assert_eq(gwapi__stream_open(&r->stream, &r->allocator, text, format, limits), GWAPI_OK);
    for (;;) {
        cr_assert_eq(gwapi__stream_next(r->stream, &r->arena, &r->doc, &more), GWAPI_OK);
        if (!more)
            break;
        cr_assert_eq(r->doc.index, r->count);
        r->count++;
        if (r->doc.root == NULL) {
            gwapi__text_addz(&r->shown, "unreadable");
            cr_assert_gt(r->doc.problem_count, 0);
        } else
            gwapi__node_write_json(&r->shown, r->doc.root);
        gwapi__text_char(&r->shown, '\n');
    }
    gwapi__text_char(&r->shown, '\0');
    cr_assert(!r->shown.failed);
}

static inline void read_text(reading *r, const char *text)
{
    read_str(r, gwapi__str_of(text), GWAPI_FORMAT_AUTO, NULL);
}

static inline void read_done(reading *r)
{
    gwapi__stream_close(r->stream);
    gwapi__text_free(&r->shown);
    gwapi__arena_free(&r->arena);
}

#endif
