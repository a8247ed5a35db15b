#include "base/map.h"

#include "base/hash.h"
#include "base/slice.h"

void gwapi__map_init(gwapi__map *map, const gwapi_allocator *allocator)
{
    *map = (gwapi__map){.seed = gwapi__seed_at(map)};
    gwapi__vector_init(&map->entries, allocator, sizeof(gwapi__map_entry));
    gwapi__slots_init(&map->slots, allocator);
}

void gwapi__map_free(gwapi__map *map)
{
    gwapi__slots_free(&map->slots);
    gwapi__vector_free(&map->entries);
}

static uint32_t hash_of(const gwapi__map *map, gwapi_str key)
{
    return (uint32_t)gwapi__hash(map->seed, key);
}

static gwapi__map_entry *find(const gwapi__map *map, gwapi_str key, uint32_t hash)
{
    uint32_t i;

    for (size_t at = hash; (i = gwapi__slots_next(&map->slots, hash, &at)) != GWAPI__SLOTS_NONE;)
        if (gwapi__str_eq(gwapi__map_at(map, i)->key, key))
            return gwapi__map_at(map, i);
    return NULL;
}

gwapi__map_entry *gwapi__map_find(const gwapi__map *map, gwapi_str key)
{
    return map->entries.count != 0 ? find(map, key, hash_of(map, key)) : NULL;
}

void *gwapi__map_get(const gwapi__map *map, gwapi_str key)
{
    const gwapi__map_entry *entry = gwapi__map_find(map, key);
    return entry != NULL ? entry->value : NULL;
}

gwapi__map_entry *gwapi__map_add(gwapi__map *map, gwapi_str key)
{
    uint32_t hash = hash_of(map, key), i = (uint32_t)map->entries.count;
    gwapi__map_entry *entry = find(map, key, hash);

    if (entry != NULL)
        return entry;
    if (map->entries.count >= GWAPI__SLOTS_NONE || !gwapi__vector_reserve(&map->entries, 1) ||
        !gwapi__slots_add(&map->slots, hash, i))
        return NULL;
    entry = gwapi__vector_add(&map->entries); /* has room */
    *entry = (gwapi__map_entry){key, NULL};
    return entry;
}
