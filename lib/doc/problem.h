/* The problems of one document while it is read. */
#ifndef GWAPI_DOC_PROBLEM_H
#define GWAPI_DOC_PROBLEM_H

#include "base/text.h"
#include "base/vector.h"
#include "doc/stream.h"

typedef struct gwapi__problems {
    gwapi_allocator allocator;
    gwapi__vector list; /* of gwapi__doc_problem */
    gwapi__arena texts;
    size_t dropped; /* duplicates beyond what is kept */
    bool fatal;     /* one that makes the document unreadable is in the list */
} gwapi__problems;

void gwapi__problems_init(gwapi__problems *problems, const gwapi_allocator *allocator);
void gwapi__problems_free(gwapi__problems *problems);

/* Adds a copy. GWAPI_ENOMEM; else GWAPI_OK for DUPLICATE and NONE, GWAPI_EUNREADABLE for what
 * ends the document. */
gwapi_result gwapi__problems_add(gwapi__problems *problems, const gwapi__doc_problem *problem);
/* A limit was hit: "… (limit `name`: value)". */
gwapi_result gwapi__problems_limit(gwapi__problems *problems, const char *rule,
                                   gwapi__place place, const char *what, const char *name,
                                   uint64_t value);
/* Copies all into the arena of the document. */
gwapi_result gwapi__problems_take(gwapi__problems *problems, gwapi__arena *arena,
                                  gwapi__doc *doc);

#endif
