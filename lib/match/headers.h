/* Every header operation in force, in the order it is carried out. */
#ifndef GWAPI_MATCH_HEADERS_H
#define GWAPI_MATCH_HEADERS_H

#include "match/cors.h"
#include "match/rule.h"

/* What the CORS filter of a list of filters asks for; a list has one at most. */
typedef struct gwapi__cors_list {
    gwapi_header_op ops[GWAPI__CORS_OPS];
    size_t count;
} gwapi__cors_list;

/* Where operations come from: prepared once, then gone through as often as needed. */
typedef struct gwapi__header_source {
    gwapi__filter_walk filters; /* at the start */
    gwapi_header_side side;
    gwapi__cors_list cors[2]; /* the rule's, the backendRef's */
} gwapi__header_source;

typedef struct gwapi__header_cursor {
    const gwapi__header_source *source;
    gwapi__filter_walk filters;
    gwapi__image_range ops;       /* of HEADER_OP: the modifier at hand, */
    const gwapi__cors_list *cors; /* or the CORS filter at hand */
    uint32_t next;
} gwapi__header_cursor;

void gwapi__headers_prepare(gwapi__header_source *out, const gwapi_decision *decision,
                            const gwapi_request *request, uint32_t backend,
                            gwapi_header_side side);
gwapi__header_cursor gwapi__headers_begin(const gwapi__header_source *source);
bool gwapi__headers_next(gwapi__header_cursor *cursor, gwapi_header_op *op);

/* Does the line that the operation at `place`, counted from 0, writes stay to the end? */
bool gwapi__header_survives(const gwapi__header_source *source, size_t place,
                            const gwapi_header_op *op);
/* Do received lines of this name stay? */
bool gwapi__header_kept(const gwapi__header_source *source, gwapi_str name);

#endif
