/*
 * Bytes to documents: sniffs the format, splits a stream, unfolds `kind: List`.
 *
 * A document means what the API server's reader makes of it (sigs.k8s.io/yaml, then the JSON
 * decoder of unstructured objects). Documents that are empty or only comments are passed over
 * and not counted. The items of a List (apiVersion v1, kind List, or any kind ending in "List"
 * with `items`) are documents of their own.
 */
#ifndef GWAPI_DOC_STREAM_H
#define GWAPI_DOC_STREAM_H

#include "base/limits.h"
#include "doc/node.h"

typedef struct gwapi__stream gwapi__stream;

/* What is wrong with a document as text. */
typedef struct gwapi__doc_problem {
    gwapi_error_type type; /* SYNTAX, LIMIT, DUPLICATE; NONE: a warning */
    gwapi_str rule;    /* "yaml/syntax", "json/syntax", "doc/duplicate-key", "doc/depth", … */
    gwapi_str path;    /* of a duplicate: the API server's path to the field, else absent */
    gwapi_str pointer; /* the same as a JSON Pointer */
    gwapi_str message;
    gwapi_str hint;
    gwapi__place place;
} gwapi__doc_problem;

typedef struct gwapi__doc {
    gwapi__node *root;                  /* NULL: unreadable, `problems` says why */
    uint32_t index;                     /* in the stream, from 0 */
    uint32_t line;                      /* where it starts */
    const gwapi__doc_problem *problems; /* DUPLICATE and NONE do not make it unreadable */
    size_t problem_count;
} gwapi__doc;

/* `bytes` must live as long as the stream. Refuses more than limits->document_bytes: that
 * becomes the one, unreadable document. GWAPI_ENOMEM. */
gwapi_result gwapi__stream_open(gwapi__stream **out, const gwapi_allocator *allocator,
                                gwapi_str bytes, gwapi_format format,
                                const gwapi_limits *limits);
void gwapi__stream_close(gwapi__stream *stream);

/*
 * Reads the next document into `arena` (tree, texts, problems: nothing in it refers to
 * `bytes`). *more is false at the end, and *doc is then untouched. An unreadable document does
 * not end a stream whose later documents can still be told apart (a `---` line). GWAPI_ENOMEM.
 */
gwapi_result gwapi__stream_next(gwapi__stream *stream, gwapi__arena *arena, gwapi__doc *doc,
                                bool *more);

/* The line that holds `place` in the stream's bytes, without its end, at most 400 bytes around
 * the column; for excerpts. *column is the place's column within the excerpt. Borrowed from
 * `bytes` (UTF-16 input: from the stream's converted copy). */
gwapi_str gwapi__stream_excerpt(gwapi__stream *stream, gwapi__place place, uint32_t *column);

#endif
