/* The bytes of a stream as UTF-8, and where their lines and documents are. */
#ifndef GWAPI_DOC_SOURCE_H
#define GWAPI_DOC_SOURCE_H

#include "base/text.h"
#include "doc/node.h"

typedef struct gwapi__line_mark {
    size_t at;
    uint32_t line; /* 0: there is none */
} gwapi__line_mark;

#define GWAPI__LINE_MARKS 256

typedef struct gwapi__source {
    gwapi_allocator allocator;
    gwapi_str text;        /* UTF-8, or what claims to be; without a byte order mark */
    gwapi__text converted; /* what `text` points to when the input was UTF-16 */
    gwapi__line_mark marks[GWAPI__LINE_MARKS]; /* once someone asked for a line */
    bool marked_lines;
    bool marked;           /* began with a byte order mark */
    bool bad_encoding;     /* UTF-16 that is none; `text` ends before it */
} gwapi__source;

/* A piece of the source and the line it starts at. */
typedef struct gwapi__chunk {
    gwapi_str text;
    uint32_t line;
    bool bad_separator; /* begins a line `--- something`, which the API server refuses */
    gwapi__place separator;
} gwapi__chunk;

gwapi_result gwapi__source_init(gwapi__source *source, const gwapi_allocator *allocator,
                                gwapi_str bytes);
void gwapi__source_free(gwapi__source *source);

/* The offset of a line (from 1) in the text; the end for a line beyond it. */
size_t gwapi__source_line(gwapi__source *source, uint32_t line);

/* The next YAML document as the API server splits a stream, from *at, which moves on. False at
 * the end. Comments and blank lines alone are no document. */
bool gwapi__source_split(const gwapi__source *source, size_t *at, uint32_t *line,
                         gwapi__chunk *chunk);

#endif
