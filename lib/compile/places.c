#include "compile/places.h"

#include "base/bits.h"

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
    gwapi__vector_init(&p->busy, allocator, sizeof(uint64_t));
    p->count = p->seed = 0;
}

void gwapi__places_free(gwapi__places *p)
{
    gwapi__vector_free(&p->keys);
    gwapi__vector_free(&p->taken);
    gwapi__vector_free(&p->busy);
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

static uint32_t first_place(const gwapi__places *p, uint32_t key, uint32_t seed)
{
    uint64_t hash = GWAPI__AT(&p->keys, gwapi__place_key, key)->hash;

    return gwapi__index_place(gwapi__index_seeded(hash, seed), p->count);
}

/* ---- trying a seed: which places are taken, a bit for each ---------------------------------- */

static void make_free(gwapi__places *p)
{
    uint64_t *busy = p->busy.data;

    memset(busy, 0, p->busy.count * sizeof *busy);
    if (p->count % 64 != 0) /* there are no places behind the last */
        busy[p->busy.count - 1] = UINT64_MAX << p->count % 64;
}

/* Takes the first free place from `at` on; there is one. */
static uint32_t take_free(gwapi__places *p, uint32_t at)
{
    uint64_t *busy = p->busy.data;
    size_t word = at / 64;
    uint64_t free = ~busy[word] & UINT64_MAX << at % 64;

    while (free == 0) {
        word = word + 1 < p->busy.count ? word + 1 : 0;
        free = ~busy[word];
    }
    busy[word] |= free & (~free + 1);
    return (uint32_t)(word * 64) + gwapi__lowest_bit(free);
}

/* How many others all keys together have to pass by that seed; *furthest is the most that one
 * does. Stops when it is more than `most`. */
static uint64_t try_seed(gwapi__places *p, uint32_t seed, uint64_t most, uint32_t *furthest)
{
    uint64_t passed = 0;

    *furthest = 0;
    make_free(p);
    for (uint32_t i = 0; i < p->keys.count && passed <= most; i++) {
        uint32_t at = first_place(p, i, seed), to = take_free(p, at);
        uint32_t steps = to >= at ? to - at : to + p->count - at;
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
        uint64_t passed = try_seed(p, seed, least, &furthest);
        if (passed < least && furthest <= FURTHEST) {
            least = passed;
            best = seed;
        }
    }
    return best;
}

/* ---- taking them ----------------------------------------------------------------------------- */

static void take(gwapi__places *p)
{
    gwapi__table_place *places = p->taken.data;

    memset(places, 0, p->count * sizeof *places);
    for (uint32_t i = 0; i < p->keys.count; i++) {
        uint32_t at = first_place(p, i, p->seed);
        for (; places[at].key != 0; at = at + 1 < p->count ? at + 1 : 0)
            places[at].more = GWAPI__PLACE_MORE;
        places[at].key = i + 1;
    }
}

/* No seed spreads keys that share a whole hash, which takes texts made for the purpose: then
 * look-ups pass them all. */
bool gwapi__places_find(gwapi__places *p)
{
    size_t count = gwapi__index_places(p->keys.count);

    p->taken.count = p->busy.count = 0;
    if (count >= GWAPI__IMAGE_NONE || !gwapi__vector_reserve(&p->taken, count) ||
        !gwapi__vector_reserve(&p->busy, (count + 63) / 64))
        return false;
    p->count = (uint32_t)count;
    p->busy.count = (count + 63) / 64;
    p->seed = p->keys.count != 0 ? best_seed(p) : 0;
    take(p);
    return true;
}

const gwapi__place_key *gwapi__places_at(const gwapi__places *p, uint32_t i, uint32_t *more)
{
    const gwapi__table_place *place = (const gwapi__table_place *)p->taken.data + i;

    *more = place->more;
    return place->key == 0 ? NULL : GWAPI__AT(&p->keys, gwapi__place_key, place->key - 1);
}
