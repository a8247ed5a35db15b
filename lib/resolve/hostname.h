/*
 * Hostnames of listeners and routes (attachment.md §4). "*.S" stands for every name that ends
 * in ".S" with at least one label before it, at any depth; never for S. The absent or empty
 * slice stands for any name. Names are lower case by the schema and compared as bytes.
 */
#ifndef GWAPI_RESOLVE_HOSTNAME_H
#define GWAPI_RESOLVE_HOSTNAME_H

#include "base/arena.h"
#include "base/map.h"
#include "base/slice.h"
#include "model/meta.h"

bool gwapi__hostname_wildcard(gwapi_str hostname);
/* Is there a name that both stand for? */
bool gwapi__hostname_intersects(gwapi_str a, gwapi_str b);
/* The narrower of two that intersect. */
gwapi_str gwapi__hostname_narrower(gwapi_str a, gwapi_str b);

/*
 * A set of hostnames that answers whether a name intersects one of its members, in time that
 * depends on the labels of the name only.
 */
typedef struct gwapi__hostname_set {
    gwapi__map exact;    /* names */
    gwapi__map wildcard; /* S of "*.S" */
    gwapi__map above;    /* every S with a member below it, wildcard members included */
    bool any;            /* the member "any name" */
} gwapi__hostname_set;

void gwapi__hostname_set_init(gwapi__hostname_set *set, const gwapi_allocator *allocator);
void gwapi__hostname_set_free(gwapi__hostname_set *set);
/* False: no memory. */
bool gwapi__hostname_set_add(gwapi__hostname_set *set, gwapi_str hostname);
bool gwapi__hostname_set_intersects(const gwapi__hostname_set *set, gwapi_str hostname);

#endif
