#include "compile/places.h"

enum {
    SEEDS = 256,
    FURTHEST = 24, /* places that a look-up may have to pass, if any seed can do it */
    WORK = 256,    /* keys that are placed to find a good seed for a small table, */
    TRIES = 4      /* and seeds that are tried for a larger one */
};

void gwapi__places_init(gwapi__places *p, const gwapi_allocator *allocator)
{
    gwapi__vector_init(&p->keys, allocator, sizeof(gwapi__place_key));
    gwapi__vector_init(&p->taken, allocator, sizeof(gwapi__table_place));
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

/* Takes the places by that seed. Gives how many others all keys together had to pass; *furthest is
 * the most that one did. Stops when it is more than `most`. */
static uint64_t take(gwapi__places *p, uint32_t seed, uint64_t most, uint32_t *furthest)
{
    gwapi__table_place *places = p->taken.data;
    uint64_t passed = 0;

    *furthest = 0;
    memset(places, 0, p->count * sizeof *places);
    for (uint32_t i = 0; i < p->keys.count && passed <= most; i++) {
        uint64_t hash = GWAPI__AT(&p->keys, gwapi__place_key, i)->hash;
        uint32_t at = gwapi__index_place(gwapi__index_seeded(hash, seed), p->count), steps = 0;
        for (; places[at].key != 0; steps++) {
            places[at].more = GWAPI__PLACE_MORE;
            at = at + 1 < p->count ? at + 1 : 0;
        }
        places[at].key = i + 1;
        passed += steps;
        *furthest = steps > *furthest ? steps : *furthest;
    }
    return passed;
}

static uint32_t best_seed(gwapi__places *p)
{
    uint32_t best = 0, furthest, tries = (uint32_t)(WORK / p->keys.count);
    uint64_t least = UINT64_MAX;

    for (uint32_t seed = 0; seed < SEEDS && least != 0; seed++) {
        if (seed >= tries && seed >= TRIES && least != UINT64_MAX)
            break;
        uint64_t passed = take(p, seed, least, &furthest);
        if (passed < least && furthest <= FURTHEST) {
            least = passed;
            best = seed;
        }
    }
    return best;
}

/* No seed spreads keys that share a whole hash, which takes texts made for the purpose: then
 * look-ups pass them all. */
bool gwapi__places_find(gwapi__places *p)
{
    size_t count = gwapi__index_places(p->keys.count);
    uint32_t furthest;

    p->taken.count = 0;
    if (count >= GWAPI__IMAGE_NONE || !gwapi__vector_reserve(&p->taken, count))
        return false;
    p->count = (uint32_t)count;
    p->seed = p->keys.count != 0 ? best_seed(p) : 0;
    (void)take(p, p->seed, UINT64_MAX, &furthest);
    return true;
}

const gwapi__place_key *gwapi__places_at(const gwapi__places *p, uint32_t i, uint32_t *more)
{
    const gwapi__table_place *place = (const gwapi__table_place *)p->taken.data + i;

    *more = place->more;
    return place->key == 0 ? NULL : GWAPI__AT(&p->keys, gwapi__place_key, place->key - 1);
}
