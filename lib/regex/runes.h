/* Sets of runes: built in a vector of ranges, then frozen with a bitmap for ASCII. */
#ifndef GWAPI_REGEX_RUNES_H
#define GWAPI_REGEX_RUNES_H

#include "base/arena.h"
#include "base/vector.h"
#include "regex/unicode.h"

/* Sorted ranges that neither overlap nor touch. */
typedef struct gwapi__rune_set {
    uint64_t ascii[2];
    const gwapi__rune_range *ranges;
    uint32_t count;
} gwapi__rune_set;

/* The builder: a vector of gwapi__rune_range in any order. All return false without memory. */
void gwapi__runes_init(gwapi__vector *set, const gwapi_allocator *allocator);
bool gwapi__runes_add(gwapi__vector *set, uint32_t lo, uint32_t hi);
/* With every rune that is the same letter regardless of case. */
bool gwapi__runes_add_folded(gwapi__vector *set, uint32_t lo, uint32_t hi);
/* Sorts and joins. */
bool gwapi__runes_clean(gwapi__vector *set);
/* Adds the runes that are not in `clean`. */
bool gwapi__runes_add_negated(gwapi__vector *set, const gwapi__vector *clean);
bool gwapi__runes_add_all(gwapi__vector *set, const gwapi__vector *other);

/* A copy of a clean builder in the arena. */
gwapi__rune_set *gwapi__runes_freeze(const gwapi__vector *clean, gwapi__arena *arena);
/* A copy in another arena; NULL: no memory. */
gwapi__rune_set *gwapi__runes_copy(const gwapi__rune_set *set, gwapi__arena *arena);
/* False: no memory. */
bool gwapi__runes_thaw(gwapi__vector *set, const gwapi__rune_set *frozen);

bool gwapi__runes_search(const gwapi__rune_set *set, uint32_t rune);

static inline bool gwapi__runes_has(const gwapi__rune_set *set, uint32_t rune)
{
    if (rune < 128)
        return (set->ascii[rune >> 6] >> (rune & 63) & 1) != 0;
    return gwapi__runes_search(set, rune);
}

#endif
