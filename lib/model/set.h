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

typedef struct gwapi__set {
    gwapi__vector entries; /* of entry; deleted ones are holes until the set is listed */
    uint32_t *slots;       /* index + 1 into entries; 0: empty */
    size_t slot_count;     /* a power of two, or 0 */
    size_t holes;
    uint64_t seed;
} gwapi__set;

/* Allocates nothing. */
void gwapi__set_init(gwapi__set *set, const gwapi_allocator *allocator);
/* Releases every object. */
void gwapi__set_free(gwapi__set *set);
/* Room for `more` objects, so that as many puts cannot fail. False: no memory. */
bool gwapi__set_reserve(gwapi__set *set, size_t more);
/* Takes over the reference. Returns the object that was replaced, for the caller to release, or
 * NULL. The set has room (gwapi__set_reserve). */
gwapi__resource *gwapi__set_put(gwapi__set *set, gwapi__resource *resource);
/* The object with the key taken out, with its reference; NULL without one. */
gwapi__resource *gwapi__set_take(gwapi__set *set, const gwapi__key *key);
gwapi__resource *gwapi__set_find(const gwapi__set *set, const gwapi__key *key);
gwapi__key gwapi__key_of(const gwapi__resource *resource);

static inline size_t gwapi__set_count(const gwapi__set *set)
{
    return set->entries.count - set->holes;
}

/* The i-th object; i < count. Closes holes first: O(1) but after deletions. */
gwapi__resource *gwapi__set_at(gwapi__set *set, size_t i);

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
    gwapi__set *set; /* apart, for listing a const set may close its holes */
};

#endif
