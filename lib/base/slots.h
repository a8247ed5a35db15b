/*
 * Numbers by hash: the part of a hash table that finds. What has the numbers, texts or records,
 * stands elsewhere, and the caller compares it.
 */
#ifndef GWAPI_BASE_SLOTS_H
#define GWAPI_BASE_SLOTS_H

#include <stdint.h>
#include "base/alloc.h"

#define GWAPI__SLOTS_NONE UINT32_MAX

typedef struct gwapi__slots {
    gwapi_allocator allocator;
    uint64_t *slots;   /* number + 1, above it the hash, which spares most comparisons; 0: empty */
    size_t slot_count; /* a power of two, or 0 */
    size_t count;
} gwapi__slots;

/* Allocates nothing. */
void gwapi__slots_init(gwapi__slots *s, const gwapi_allocator *allocator);
void gwapi__slots_free(gwapi__slots *s);
/* Room for `count` numbers in all. */
bool gwapi__slots_reserve(gwapi__slots *s, size_t count);
/* Puts one in, below UINT32_MAX; false without memory. */
bool gwapi__slots_add(gwapi__slots *s, uint32_t hash, uint32_t number);

/* The next number under a hash, GWAPI__SLOTS_NONE behind the last. *at is the hash at first. */
static inline uint32_t gwapi__slots_next(const gwapi__slots *s, uint32_t hash, size_t *at)
{
    uint64_t slot;

    if (s->slot_count == 0)
        return GWAPI__SLOTS_NONE;
    while ((slot = s->slots[*at & (s->slot_count - 1)]) != 0) {
        ++*at;
        if (slot >> 32 == hash)
            return (uint32_t)slot - 1;
    }
    return GWAPI__SLOTS_NONE;
}

#endif
