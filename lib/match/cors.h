/* CORS: what a filter says of a request, and the response headers it asks for (matching.md §18). */
#ifndef GWAPI_MATCH_CORS_H
#define GWAPI_MATCH_CORS_H

#include "match/request.h"

typedef struct gwapi__cors {
    const gwapi__image_cors *filter;
    bool present;   /* the request has an Origin */
    bool allowed;   /* … that the filter allows */
    bool preflight; /* OPTIONS with an Origin and Access-Control-Request-Method */
    gwapi_str origin;
    gwapi_str requested_method;  /* Access-Control-Request-Method, absent: none */
    gwapi_str requested_headers; /* Access-Control-Request-Headers */
} gwapi__cors;

void gwapi__cors_evaluate(gwapi__cors *out, const gwapi_snapshot *s,
                          const gwapi__image_cors *filter, const gwapi_request *request);

#define GWAPI__CORS_OPS 7
/* The operations on the response's headers; returns how many. None for an origin that is not
 * allowed. */
size_t gwapi__cors_ops(const gwapi__cors *cors, const gwapi_snapshot *s,
                       gwapi_header_op ops[GWAPI__CORS_OPS]);

#endif
