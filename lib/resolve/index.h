/* Identity to index: a table over structured keys, never joined text. */
#ifndef GWAPI_RESOLVE_INDEX_H
#define GWAPI_RESOLVE_INDEX_H

#include <gatewayapi/topology.h>
#include "base/alloc.h"

typedef struct gwapi__identity {
    gwapi_str group;
    gwapi_str kind;
    gwapi_str namespace_;
    gwapi_str name;
} gwapi__identity;

typedef struct gwapi__index_entry {
    gwapi__identity key; /* borrowed */
    uint64_t hash;
    uint32_t value;
    bool used;
} gwapi__index_entry;

typedef struct gwapi__index {
    gwapi_allocator allocator;
    gwapi__index_entry *entries;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
    uint64_t seed; /* of the hashes; outsiders choose names */
} gwapi__index;

void gwapi__index_init(gwapi__index *index, const gwapi_allocator *allocator);
void gwapi__index_free(gwapi__index *index);
/* GWAPI_NONE without an entry. */
uint32_t gwapi__index_get(const gwapi__index *index, const gwapi__identity *key);
/* The value of the key, GWAPI_NONE in a new entry; NULL: no memory. Good until the next
 * call. */
uint32_t *gwapi__index_at(gwapi__index *index, const gwapi__identity *key);

bool gwapi__identity_eq(const gwapi__identity *a, const gwapi__identity *b);
/* Order of group, kind, namespace, name by bytes. */
int gwapi__identity_cmp(const gwapi__identity *a, const gwapi__identity *b);

#endif
