/* Gives the keys of a table their places, as image/index.h has it. */
#ifndef GWAPI_COMPILE_PLACES_H
#define GWAPI_COMPILE_PLACES_H

#include "base/vector.h"
#include "image/index.h"

typedef struct gwapi__place_key {
    uint64_t hash;
    uint32_t item; /* the caller's number */
} gwapi__place_key;

typedef struct gwapi__table_place {
    uint32_t key;  /* which one has it, one more; 0: nobody */
    uint32_t more; /* flag GWAPI__PLACE_MORE of its tag */
} gwapi__table_place;

typedef struct gwapi__places {
    gwapi__vector keys; /* of gwapi__place_key, in the caller's order, which must not depend on chance */
    gwapi__vector taken; /* of gwapi__table_place */
    gwapi__vector busy;  /* of uint64_t: a bit for each place, while seeds are tried */
    uint32_t count;      /* of places, 0 before find */
    uint32_t seed;       /* below 256 */
} gwapi__places;

void gwapi__places_init(gwapi__places *p, const gwapi_allocator *allocator);
void gwapi__places_free(gwapi__places *p);
/* Keeps the memory. */
void gwapi__places_clear(gwapi__places *p);
bool gwapi__places_add(gwapi__places *p, uint64_t hash, uint32_t item);
/* Chooses number, seed and places. */
bool gwapi__places_find(gwapi__places *p);
/* Who has the i-th place; NULL: nobody. *more is what its tag tells besides. */
const gwapi__place_key *gwapi__places_at(const gwapi__places *p, uint32_t i, uint32_t *more);

#endif
