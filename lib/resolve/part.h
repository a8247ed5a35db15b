/*
 * Parts of a topology: what is known of one object, immutable and counted, so that the next
 * topology takes over what did not change. A part's memory is its own arena. It borrows texts
 * and objects of the set: each topology that has the part keeps them, for a part is made anew
 * as soon as an object it looked at changes.
 */
#ifndef GWAPI_RESOLVE_PART_H
#define GWAPI_RESOLVE_PART_H

#include <stdatomic.h>
#include "base/arena.h"
#include "model/resource.h"

typedef struct gwapi__object_status gwapi__object_status; /* resolve/status.h */

/* What a sequence of parts counts. */
typedef enum gwapi__measure {
    GWAPI__LISTED = 0, /* parts that the topology's lists have */
    GWAPI__STATUSES,   /* statuses that are written */
    GWAPI__LISTENERS,  /* of Gateways */
    GWAPI__MEASURES
} gwapi__measure;

typedef struct gwapi__part {
    atomic_size_t references;
    gwapi__arena arena;                 /* holds the part itself */
    struct gwapi__part *kept[2];        /* parts that it is made of, or NULL */
    gwapi__resource *resource;          /* whose it is; borrowed */
    const gwapi__object_status *status; /* NULL: none is written */
    uint32_t measures[GWAPI__MEASURES];
    /* Hashes of what was looked up, found or not, ascending (resolve/change.h). A foreign hash
     * that happens to be the same costs work, never truth. */
    const uint64_t *seen;
    size_t seen_count;
    void (*free)(void *part); /* what it has outside of the arena; NULL: nothing */
} gwapi__part;

/* A part of `size` bytes, zeroed but for its head. NULL: no memory. */
void *gwapi__part_new(const gwapi_allocator *allocator, size_t size);
/* Holders see parts as constant: only the count changes. NULL is fine. */
void *gwapi__part_retain(const void *part);
void gwapi__part_release(const void *part);

#endif
