/*
 * An image from the one before (GWAPI_COMPILE_KEEP): where only some HTTPRoutes and GRPCRoutes
 * say something else, and stand where they stood, their records are made anew and all others
 * are copied and moved. Whatever else differs, the image is compiled anew.
 */
#ifndef GWAPI_COMPILE_SPLICE_H
#define GWAPI_COMPILE_SPLICE_H

#include "compile/compiler.h"
#include "image/reader.h"

/* More than these are not worth it. */
#define GWAPI__MOST_SPLICED 64

/* A route that is another one now. */
typedef struct gwapi__route_change {
    uint32_t number; /* in both topologies */
    uint32_t place;  /* in ROUTE, NONE: the image does without it */
    const gwapi__resolved_route *before, *after;
} gwapi__route_change;

/* compare.c: the routes that changed, by number; *small is false when it takes a new image.
 * GWAPI_ENOMEM. */
gwapi_result gwapi__compare_topologies(const gwapi__kept *kept, const gwapi_topology *topology,
                                       gwapi__vector *changes, bool *small);

/* splice.c: fills the compiler's builder. False beside GWAPI_OK: nothing was done, for what the
 * routes look for (header names, patterns, policies) is not what it was. */
gwapi_result gwapi__splice(gwapi__compiler *c, const gwapi_snapshot *before,
                           const gwapi__vector *changes, bool *done);

#endif
