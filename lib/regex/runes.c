#include "regex/runes.h"

#include <string.h>

void gwapi__runes_init(gwapi__vector *set, const gwapi_allocator *allocator)
{
    gwapi__vector_init(set, allocator, sizeof(gwapi__rune_range));
}

bool gwapi__runes_add(gwapi__vector *set, uint32_t lo, uint32_t hi)
{
    if (set->count != 0) {
        // Ranges mostly come in order: the last one grows instead of a new one.
        gwapi__rune_range *last = GWAPI__AT(set, gwapi__rune_range, set->count - 1);
        if (lo <= last->hi + 1 && last->lo <= hi + 1) {
            last->lo = lo < last->lo ? lo : last->lo;
            last->hi = hi > last->hi ? hi : last->hi;
            return true;
        }
    }
    gwapi__rune_range *range = gwapi__vector_push(set);
    if (range == NULL)
        return false;
    *range = (gwapi__rune_range){lo, hi};
    return true;
}

bool gwapi__runes_add_folded(gwapi__vector *set, uint32_t lo, uint32_t hi)
{
    if (!gwapi__runes_add(set, lo, hi))
        return false;
    for (size_t i = gwapi__fold_run_from(lo); i < GWAPI__FOLD_RUNS; i++) {
        const gwapi__fold_run *run = &gwapi__fold_runs[i];
        if (run->lo > hi)
            break;
        uint32_t last = run->hi < hi ? run->hi : hi;
        for (uint32_t c = run->lo > lo ? run->lo : lo; c <= last; c++)
            for (uint32_t f = gwapi__rune_fold(c); f != c; f = gwapi__rune_fold(f))
                if ((f < lo || f > hi) && !gwapi__runes_add(set, f, f))
                    return false;
    }
    return true;
}

static int range_order(const void *a, const void *b, void *ctx)
{
    const gwapi__rune_range *x = a, *y = b;

    (void)ctx;
    return (x->lo > y->lo) - (x->lo < y->lo);
}

bool gwapi__runes_clean(gwapi__vector *set)
{
    size_t kept = 0;

    if (!gwapi__vector_sort(set, range_order, NULL))
        return false;
    for (size_t i = 0; i < set->count; i++) {
        const gwapi__rune_range range = *GWAPI__AT(set, gwapi__rune_range, i);
        gwapi__rune_range *last = kept != 0 ? GWAPI__AT(set, gwapi__rune_range, kept - 1) : NULL;
        if (last == NULL || range.lo > last->hi + 1)
            *GWAPI__AT(set, gwapi__rune_range, kept++) = range;
        else if (range.hi > last->hi)
            last->hi = range.hi;
    }
    set->count = kept;
    return true;
}

bool gwapi__runes_add_negated(gwapi__vector *set, const gwapi__vector *clean)
{
    uint32_t next = 0;

    for (size_t i = 0; i < clean->count; i++) {
        const gwapi__rune_range *range = GWAPI__AT(clean, gwapi__rune_range, i);
        if (next < range->lo && !gwapi__runes_add(set, next, range->lo - 1))
            return false;
        next = range->hi + 1;
    }
    return next > GWAPI__RUNE_MAX || gwapi__runes_add(set, next, GWAPI__RUNE_MAX);
}

bool gwapi__runes_add_all(gwapi__vector *set, const gwapi__vector *other)
{
    for (size_t i = 0; i < other->count; i++) {
        const gwapi__rune_range *range = GWAPI__AT(other, gwapi__rune_range, i);
        if (!gwapi__runes_add(set, range->lo, range->hi))
            return false;
    }
    return true;
}

gwapi__rune_set *gwapi__runes_freeze(const gwapi__vector *clean, gwapi__arena *arena)
{
    gwapi__rune_set *set = GWAPI__ARENA_NEW(arena, gwapi__rune_set);
    gwapi__rune_range *ranges = gwapi__arena_array(arena, clean->count, sizeof *ranges);

    if (set == NULL || ranges == NULL)
        return NULL;
    for (size_t i = 0; i < clean->count; i++) {
        ranges[i] = *GWAPI__AT(clean, gwapi__rune_range, i);
        for (uint32_t c = ranges[i].lo; c <= ranges[i].hi && c < 128; c++)
            set->ascii[c >> 6] |= UINT64_C(1) << (c & 63);
    }
    set->ranges = ranges;
    set->count = (uint32_t)clean->count;
    return set;
}

gwapi__rune_set *gwapi__runes_copy(const gwapi__rune_set *from, gwapi__arena *arena)
{
    gwapi__rune_set *set = gwapi__arena_alloc(arena, sizeof *set);
    gwapi__rune_range *ranges = gwapi__arena_array(arena, from->count, sizeof *ranges);

    if (set == NULL || ranges == NULL)
        return NULL;
    if (from->count != 0)
        memcpy(ranges, from->ranges, from->count * sizeof *ranges);
    *set = *from;
    set->ranges = ranges;
    return set;
}

bool gwapi__runes_thaw(gwapi__vector *set, const gwapi__rune_set *frozen)
{
    for (uint32_t i = 0; i < frozen->count; i++)
        if (!gwapi__runes_add(set, frozen->ranges[i].lo, frozen->ranges[i].hi))
            return false;
    return true;
}

bool gwapi__runes_search(const gwapi__rune_set *set, uint32_t rune)
{
    size_t lo = 0, hi = set->count;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (rune > set->ranges[mid].hi)
            lo = mid + 1;
        else if (rune < set->ranges[mid].lo)
            hi = mid;
        else
            return true;
    }
    return false;
}
