/*
 * Objects by identity, in order of first insertion. Identity is the structured key (group,
 * kind, namespace, name), hashed part by part. An object without a name (one with generateName:
 * the server has not named it yet) is like no other.
 */
#ifndef GWAPI_MODEL_SET_H
#define GWAPI_MODEL_SET_H

#include <gatewayapi/resources.h>
#include "base/vector.h"
#include "model/resource.h"

typedef struct gwapi__key {
    gwapi_str group, kind, namespace_, name;
} gwapi__key;

/* The entries lie in chunks, which views of the set share: a chunk that a view holds is copied
 * before it changes. */
#define GWAPI__SET_CHUNK 256
typedef struct gwapi__set_chunk {
    atomic_size_t references;
    gwapi__resource *items[GWAPI__SET_CHUNK]; /* NULL: a hole; each holds a reference */
    uint64_t hashes[GWAPI__SET_CHUNK];
} gwapi__set_chunk;

typedef struct gwapi__set {
    gwapi__vector chunks; /* of gwapi__set_chunk * */
    size_t end;           /* places in use, with the holes that deleted objects left */
    size_t holes;
    uint32_t *slots;   /* place + 1; 0: empty */
    size_t slot_count; /* a power of two, or 0 */
    uint64_t seed;
    size_t listed, listed_place; /* the object listed last, and where it is; 0, 0: none */
} gwapi__set;

/* The objects as they stood when the view was taken. */
typedef struct gwapi__set_view {
    gwapi_allocator allocator; /* of the array */
    gwapi_allocator owner;     /* of the chunks: the set's */
    gwapi__set_chunk **chunks;
    size_t chunk_count;
    size_t end;   /* places, with holes */
    size_t count; /* objects */
} gwapi__set_view;

/* Allocates nothing. */
void gwapi__set_init(gwapi__set *set, const gwapi_allocator *allocator);
/* Releases every object. */
void gwapi__set_free(gwapi__set *set);
/* Room for `more` objects, so that as many puts of new ones cannot fail. False: no memory. */
bool gwapi__set_reserve(gwapi__set *set, size_t more);
/* Makes what holds the key's object, if there is one, the set's alone, so that replacing or
 * taking it cannot fail. False: no memory. */
bool gwapi__set_own(gwapi__set *set, const gwapi__key *key);
/* Takes over the reference. Returns the object that was replaced, for the caller to release, or
 * NULL. The set has room (gwapi__set_reserve) and owns the key's object (gwapi__set_own). */
gwapi__resource *gwapi__set_put(gwapi__set *set, gwapi__resource *resource);
/* The object with the key taken out, with its reference; NULL without one. The set owns it
 * (gwapi__set_own). */
gwapi__resource *gwapi__set_take(gwapi__set *set, const gwapi__key *key);
gwapi__resource *gwapi__set_find(const gwapi__set *set, const gwapi__key *key);
/* … whose gwapi__set_hash is known. */
gwapi__resource *gwapi__set_find_hashed(const gwapi__set *set, const gwapi__key *key,
                                        uint64_t hash);
gwapi__key gwapi__key_of(const gwapi__resource *resource);
/* The hash by which the set finds the key: the same for all its life. */
uint64_t gwapi__set_hash(const gwapi__set *set, const gwapi__key *key);

static inline size_t gwapi__set_count(const gwapi__set *set)
{
    return set->end - set->holes;
}

/* The i-th object; i < count. O(1) in order, else after deletions O(count / chunk). */
gwapi__resource *gwapi__set_at(gwapi__set *set, size_t i);

/* Takes a view: O(count / chunk). False: no memory. */
bool gwapi__set_view_take(gwapi__set_view *view, const gwapi__set *set,
                          const gwapi_allocator *allocator);
void gwapi__set_view_free(gwapi__set_view *view);

/* What stands at a place; NULL: a hole. place < view->end. */
static inline gwapi__resource *gwapi__set_view_at(const gwapi__set_view *view, size_t place)
{
    return view->chunks[place / GWAPI__SET_CHUNK]->items[place % GWAPI__SET_CHUNK];
}

struct gwapi_resources {
    gwapi_allocator allocator;
    gwapi_limits limits;
    const gwapi_schema *schema;
    gwapi_str default_namespace; /* these texts are in `texts` */
    const gwapi_str *skip;
    size_t skip_count;
    gwapi__arena texts;
    gwapi_unknown unknown_fields;
    uint32_t flags;
    uint64_t revision;
    gwapi__set *set; /* apart, for listing a const set remembers where it was */
};

#endif
