/*
 * What a compilation leaves for the next one (GWAPI_COMPILE_KEEP): the topology, to see what
 * changed, and where in the image each route's records are.
 */
#ifndef GWAPI_COMPILE_KEPT_H
#define GWAPI_COMPILE_KEPT_H

#include "base/vector.h"
#include "image/layout.h"
#include "resolve/topology.h"

/* Sections in which the records of a route stand together, in the order of ROUTE. */
#define GWAPI__MARKS 17
extern const uint32_t gwapi__marked_sections[GWAPI__MARKS];

/* By place in ROUTE, and one more for the end. */
typedef struct gwapi__kept_route {
    uint32_t number;              /* in the topology */
    uint32_t first[GWAPI__MARKS]; /* of its records */
} gwapi__kept_route;

/* By place in HOST. */
typedef struct gwapi__kept_host {
    uint32_t own;          /* the host whose tables it has: itself, or an earlier one */
    uint32_t first, count; /* the variants in its own tables: of `variants` */
} gwapi__kept_host;

typedef struct gwapi__kept {
    gwapi_allocator allocator;
    gwapi_topology *topology; /* a reference */
    bool with_keys;
    gwapi__vector routes;   /* of gwapi__kept_route */
    gwapi__vector hosts;    /* of gwapi__kept_host */
    gwapi__vector variants; /* of uint32_t: 2 * route + mesh */
} gwapi__kept;

/* NULL: no memory. */
gwapi__kept *gwapi__kept_new(const gwapi_allocator *allocator, const gwapi_topology *topology,
                             bool with_keys);
void gwapi__kept_free(void *kept); /* NULL is fine */

#endif
