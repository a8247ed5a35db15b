#include "compile/places.h"

/* So many taken places in a row are the most a look-up shall meet; before it may meet more,
 * another seed is tried. */
enum { FURTHEST = 24, SEEDS = 256 };

void gwapi__places_init(gwapi__places *p, const gwapi_allocator *allocator)
{
    gwapi__vector_init(&p->keys, allocator, sizeof(gwapi__place_key));
    gwapi__vector_init(&p->taken, allocator, sizeof(uint32_t));
    p->count = p->seed = 0;
}

void gwapi__places_free(gwapi__places *p)
{
    gwapi__vector_free(&p->keys);
    gwapi__vector_free(&p->taken);
}

void gwapi__places_clear(gwapi__places *p)
{
    p->keys.count = 0;
    p->count = p->seed = 0;
}

bool gwapi__places_add(gwapi__places *p, uint64_t hash, uint32_t item)
{
    gwapi__place_key *key = gwapi__vector_add(&p->keys);

    if (key == NULL)
        return false;
    *key = (gwapi__place_key){hash, item};
    return true;
}

/* False if a key had to go further than that from its first place. */
static bool take(gwapi__places *p, uint32_t furthest)
{
    uint32_t *taken = p->taken.data;

    memset(taken, 0, p->count * sizeof *taken);
    for (uint32_t i = 0; i < p->keys.count; i++) {
        uint64_t hash =
            gwapi__index_seeded(GWAPI__AT(&p->keys, gwapi__place_key, i)->hash, p->seed);
        uint32_t at = gwapi__index_place(hash, p->count), steps = 0;
        while (taken[at] != 0) {
            at = at + 1 < p->count ? at + 1 : 0;
            if (++steps > furthest)
                return false;
        }
        taken[at] = i + 1;
    }
    return true;
}

/* No seed spreads keys that share a whole hash, which takes texts made for the purpose: then the
 * last one stays, and look-ups pass them all. */
bool gwapi__places_find(gwapi__places *p)
{
    size_t count = gwapi__index_places(p->keys.count);

    p->taken.count = 0;
    if (count >= GWAPI__IMAGE_NONE || !gwapi__vector_reserve(&p->taken, count))
        return false;
    p->count = (uint32_t)count;
    for (p->seed = 0; p->seed < SEEDS; p->seed++)
        if (take(p, FURTHEST))
            return true;
    p->seed = SEEDS - 1;
    return take(p, UINT32_MAX);
}

const gwapi__place_key *gwapi__places_at(const gwapi__places *p, uint32_t i)
{
    uint32_t key = ((const uint32_t *)p->taken.data)[i];

    return key == 0 ? NULL : GWAPI__AT(&p->keys, gwapi__place_key, key - 1);
}
