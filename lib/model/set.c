#include "model/set.h"

#include "base/hash.h"

typedef struct entry {
    gwapi__resource *resource; /* NULL: a hole */
    uint64_t hash;
} entry;

void gwapi__set_init(gwapi__set *set, const gwapi_allocator *allocator)
{
    *set = (gwapi__set){.slots = NULL};
    gwapi__vector_init(&set->entries, allocator, sizeof(entry));
    /* Nothing depends on the seed but the time that look-ups take; an address is better than a
     * constant against keys that were chosen to collide. */
    set->seed = gwapi__mix64((uint64_t)(uintptr_t)set);
}

void gwapi__set_free(gwapi__set *set)
{
    for (size_t i = 0; i < set->entries.count; i++)
        gwapi__resource_release(GWAPI__AT(&set->entries, entry, i)->resource);
    gwapi__free(&set->entries.allocator, set->slots, set->slot_count * sizeof *set->slots);
    gwapi__vector_free(&set->entries);
    set->slots = NULL;
    set->slot_count = set->holes = 0;
}

gwapi__key gwapi__key_of(const gwapi__resource *resource)
{
    return (gwapi__key){resource->group, resource->kind_name, resource->meta.namespace_,
                        resource->meta.name};
}

static uint64_t hash_of(const gwapi__set *set, const gwapi__key *key)
{
    const gwapi_str parts[] = {key->group, key->kind, key->namespace_, key->name};
    uint64_t hash = set->seed;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        hash = gwapi__mix64(hash ^ gwapi__siphash(set->seed, i, parts[i]));
    return hash;
}

static bool has_key(const gwapi__resource *r, const gwapi__key *key)
{
    return gwapi__str_eq(r->meta.name, key->name) &&
           gwapi__str_eq(r->meta.namespace_, key->namespace_) &&
           gwapi__str_eq(r->kind_name, key->kind) && gwapi__str_eq(r->group, key->group);
}

/* The slot of the key, or the empty one where it would be; the table has an empty slot. */
static size_t probe(const gwapi__set *set, const gwapi__key *key, uint64_t hash)
{
    size_t mask = set->slot_count - 1, slot = hash & mask;

    for (; set->slots[slot] != 0; slot = (slot + 1) & mask) {
        const entry *e = GWAPI__AT(&set->entries, entry, set->slots[slot] - 1);
        if (e->hash == hash && has_key(e->resource, key))
            break;
    }
    return slot;
}

/* Links every entry again; names are told apart already. */
static void link_all(gwapi__set *set)
{
    size_t mask = set->slot_count - 1;

    if (set->slot_count == 0)
        return;
    memset(set->slots, 0, set->slot_count * sizeof *set->slots);
    for (size_t i = 0; i < set->entries.count; i++) {
        const entry *e = GWAPI__AT(&set->entries, entry, i);
        size_t slot = e->hash & mask;
        if (e->resource == NULL || e->resource->meta.name.len == 0)
            continue;
        while (set->slots[slot] != 0)
            slot = (slot + 1) & mask;
        set->slots[slot] = (uint32_t)i + 1;
    }
}

static void close_holes(gwapi__set *set)
{
    size_t kept = 0;

    if (set->holes == 0)
        return;
    for (size_t i = 0; i < set->entries.count; i++) {
        entry e = *GWAPI__AT(&set->entries, entry, i);
        if (e.resource != NULL)
            *GWAPI__AT(&set->entries, entry, kept++) = e;
    }
    set->entries.count = kept;
    set->holes = 0;
    link_all(set);
}

/* A table at most three quarters full of `count` entries. */
static bool reserve_slots(gwapi__set *set, size_t count)
{
    size_t wanted = set->slot_count != 0 ? set->slot_count : 16;

    while (wanted / 4 * 3 < count)
        if (!gwapi__mul(wanted, 2, &wanted))
            return false;
    if (wanted == set->slot_count)
        return true;
    uint32_t *slots = gwapi__alloc_array(&set->entries.allocator, wanted, sizeof *slots);
    if (slots == NULL)
        return false;
    gwapi__free(&set->entries.allocator, set->slots, set->slot_count * sizeof *slots);
    set->slots = slots;
    set->slot_count = wanted;
    link_all(set);
    return true;
}

bool gwapi__set_reserve(gwapi__set *set, size_t more)
{
    /* Holes are not reused one by one: a set that changes for ever must not grow for ever. */
    if (set->holes > set->entries.count / 2)
        close_holes(set);
    if (more >= UINT32_MAX - set->entries.count || !gwapi__vector_reserve(&set->entries, more))
        return false;
    return reserve_slots(set, set->entries.count + more);
}

gwapi__resource *gwapi__set_put(gwapi__set *set, gwapi__resource *resource)
{
    const gwapi__key key = gwapi__key_of(resource);
    uint64_t hash = hash_of(set, &key);
    size_t slot = SIZE_MAX;

    if (key.name.len != 0) {
        slot = probe(set, &key, hash);
        if (set->slots[slot] != 0) {
            entry *e = GWAPI__AT(&set->entries, entry, set->slots[slot] - 1);
            gwapi__resource *replaced = e->resource;
            e->resource = resource;
            return replaced;
        }
    }
    entry *e = gwapi__vector_push(&set->entries); /* has room */
    *e = (entry){resource, hash};
    if (slot != SIZE_MAX)
        set->slots[slot] = (uint32_t)set->entries.count;
    return NULL;
}

gwapi__resource *gwapi__set_find(const gwapi__set *set, const gwapi__key *key)
{
    if (set->slot_count == 0 || key->name.len == 0)
        return NULL;
    uint32_t found = set->slots[probe(set, key, hash_of(set, key))];
    return found != 0 ? GWAPI__AT(&set->entries, entry, found - 1)->resource : NULL;
}

/* Empties a slot and moves those behind it that would no longer be found. */
static void unlink_slot(gwapi__set *set, size_t slot)
{
    size_t mask = set->slot_count - 1;

    for (size_t next = (slot + 1) & mask; set->slots[next] != 0; next = (next + 1) & mask) {
        size_t home = GWAPI__AT(&set->entries, entry, set->slots[next] - 1)->hash & mask;
        if (((next - home) & mask) < ((next - slot) & mask))
            continue; /* its home lies behind the gap */
        set->slots[slot] = set->slots[next];
        slot = next;
    }
    set->slots[slot] = 0;
}

gwapi__resource *gwapi__set_take(gwapi__set *set, const gwapi__key *key)
{
    if (set->slot_count == 0 || key->name.len == 0)
        return NULL;
    size_t slot = probe(set, key, hash_of(set, key));
    if (set->slots[slot] == 0)
        return NULL;
    entry *e = GWAPI__AT(&set->entries, entry, set->slots[slot] - 1);
    gwapi__resource *taken = e->resource;
    unlink_slot(set, slot);
    e->resource = NULL;
    set->holes++;
    return taken;
}

gwapi__resource *gwapi__set_at(gwapi__set *set, size_t i)
{
    close_holes(set);
    return GWAPI__AT(&set->entries, entry, i)->resource;
}
