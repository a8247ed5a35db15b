#include "base/map.h"

#include "base/hash.h"
#include "base/slice.h"

void gwapi__map_init(gwapi__map *map, const gwapi_allocator *allocator, uint64_t seed)
{
    *map = (gwapi__map){.seed = seed};
    gwapi__vector_init(&map->entries, allocator, sizeof(gwapi__map_entry));
}

void gwapi__map_free(gwapi__map *map)
{
    gwapi__free(&map->entries.allocator, map->slots, map->slot_count * sizeof *map->slots);
    gwapi__vector_free(&map->entries);
    map->slots = NULL;
    map->slot_count = 0;
}

static uint64_t hash_of(const gwapi__map *map, gwapi_str key)
{
    return gwapi__siphash(map->seed, ~map->seed, key);
}

/* What a slot holds: the half of the hash spares looking at most other entries. */
static uint64_t slot_of(uint64_t hash, size_t index)
{
    return (hash & UINT64_C(0xffffffff00000000)) | ((uint32_t)index + 1);
}

static gwapi__map_entry *probe(const gwapi__map *map, gwapi_str key, uint64_t hash, size_t *slot)
{
    size_t mask = map->slot_count - 1;

    for (*slot = hash & mask; map->slots[*slot] != 0; *slot = (*slot + 1) & mask) {
        if ((map->slots[*slot] ^ hash) >> 32 != 0)
            continue;
        gwapi__map_entry *entry = gwapi__map_at(map, (uint32_t)map->slots[*slot] - 1);
        if (entry->hash == hash && gwapi__str_eq(entry->key, key))
            return entry;
    }
    return NULL;
}

gwapi__map_entry *gwapi__map_find(const gwapi__map *map, gwapi_str key)
{
    size_t slot;

    return map->slot_count != 0 ? probe(map, key, hash_of(map, key), &slot) : NULL;
}

void *gwapi__map_get(const gwapi__map *map, gwapi_str key)
{
    gwapi__map_entry *entry = gwapi__map_find(map, key);

    return entry != NULL ? entry->value : NULL;
}

static bool grow(gwapi__map *map)
{
    size_t count = map->slot_count != 0 ? map->slot_count * 2 : 16;
    uint64_t *slots = gwapi__alloc_array(&map->entries.allocator, count, sizeof *slots);

    if (slots == NULL)
        return false;
    gwapi__free(&map->entries.allocator, map->slots, map->slot_count * sizeof *slots);
    map->slots = slots;
    map->slot_count = count;
    for (size_t i = 0; i < map->entries.count; i++) {
        uint64_t hash = gwapi__map_at(map, i)->hash;
        size_t slot = hash & (count - 1);
        while (slots[slot] != 0)
            slot = (slot + 1) & (count - 1);
        slots[slot] = slot_of(hash, i);
    }
    return true;
}

gwapi__map_entry *gwapi__map_add(gwapi__map *map, gwapi_str key)
{
    uint64_t hash = hash_of(map, key);
    size_t slot = 0;

    if (map->slot_count != 0) {
        gwapi__map_entry *found = probe(map, key, hash, &slot);
        if (found != NULL)
            return found;
    }
    if (map->entries.count >= UINT32_MAX - 1)
        return NULL;
    if ((map->entries.count + 1) * 4 > map->slot_count * 3) {
        if (!grow(map))
            return NULL;
        (void)probe(map, key, hash, &slot); /* finds the free slot */
    }
    gwapi__map_entry *entry = gwapi__vector_add(&map->entries);
    if (entry == NULL)
        return NULL;
    *entry = (gwapi__map_entry){key, NULL, hash};
    map->slots[slot] = slot_of(hash, map->entries.count - 1);
    return entry;
}
