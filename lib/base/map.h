/* Text to pointer, in order of insertion. Keys are not copied: they outlive the map. */
#ifndef GWAPI_BASE_MAP_H
#define GWAPI_BASE_MAP_H

#include "base/slots.h"
#include "base/vector.h"

typedef struct gwapi__map_entry {
    gwapi_str key;
    void *value;
} gwapi__map_entry;

typedef struct gwapi__map {
    gwapi__vector entries; /* of gwapi__map_entry, in order of insertion */
    gwapi__slots slots;    /* their places there */
    uint64_t seed;         /* of the hashes; outsiders choose keys */
} gwapi__map;

/* Allocates nothing. */
void gwapi__map_init(gwapi__map *map, const gwapi_allocator *allocator);
void gwapi__map_free(gwapi__map *map);
/* The entry of the key, NULL without one. */
gwapi__map_entry *gwapi__map_find(const gwapi__map *map, gwapi_str key);
/* The value, NULL without one. */
void *gwapi__map_get(const gwapi__map *map, gwapi_str key);
/* Adds the key or finds it; NULL: no memory. A new entry has value NULL. The pointer is good
 * until the next call that adds. */
gwapi__map_entry *gwapi__map_add(gwapi__map *map, gwapi_str key);

static inline size_t gwapi__map_count(const gwapi__map *map)
{
    return map->entries.count;
}

static inline gwapi__map_entry *gwapi__map_at(const gwapi__map *map, size_t i)
{
    return GWAPI__AT(&map->entries, gwapi__map_entry, i);
}

#endif
