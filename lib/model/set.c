#include "model/set.h"

#include <string.h>
#include "base/hash.h"

/* Places fit 32 bits, and so do slots, of which there are up to 8/3 as many. */
#define MOST (UINT32_MAX / 4)

/* ---- chunks -------------------------------------------------------------------------- */

static const gwapi_allocator *allocator_of(const gwapi__set *set)
{
    return &set->chunks.allocator;
}

static gwapi__set_chunk *chunk_at(const gwapi__set *set, size_t place)
{
    return *GWAPI__AT(&set->chunks, gwapi__set_chunk *, place / GWAPI__SET_CHUNK);
}

static gwapi__resource *resource_at(const gwapi__set *set, size_t place)
{
    return chunk_at(set, place)->items[place % GWAPI__SET_CHUNK];
}

static uint64_t hash_at(const gwapi__set *set, size_t place)
{
    return chunk_at(set, place)->hashes[place % GWAPI__SET_CHUNK];
}

static gwapi__set_chunk *chunk_new(const gwapi_allocator *a)
{
    gwapi__set_chunk *chunk = gwapi__alloc_array(a, 1, sizeof *chunk);

    if (chunk != NULL)
        atomic_init(&chunk->references, 1);
    return chunk;
}

static void chunk_release(const gwapi_allocator *a, gwapi__set_chunk *chunk)
{
    if (atomic_fetch_sub_explicit(&chunk->references, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = 0; i < GWAPI__SET_CHUNK; i++)
        gwapi__resource_release(chunk->items[i]);
    gwapi__free(a, chunk, sizeof *chunk);
}

/* Only the set gives a chunk away, so one that it holds alone stays so. */
static bool own_chunk(gwapi__set *set, size_t place)
{
    gwapi__set_chunk *shared = chunk_at(set, place);

    if (atomic_load_explicit(&shared->references, memory_order_acquire) == 1)
        return true;
    gwapi__set_chunk *copy = chunk_new(allocator_of(set));
    if (copy == NULL)
        return false;
    memcpy(copy->hashes, shared->hashes, sizeof copy->hashes);
    for (size_t i = 0; i < GWAPI__SET_CHUNK; i++)
        if (shared->items[i] != NULL)
            copy->items[i] = gwapi__resource_retain(shared->items[i]);
    *GWAPI__AT(&set->chunks, gwapi__set_chunk *, place / GWAPI__SET_CHUNK) = copy;
    chunk_release(allocator_of(set), shared);
    return true;
}

static void release_chunks(gwapi__vector *chunks)
{
    for (size_t i = 0; i < chunks->count; i++)
        chunk_release(&chunks->allocator, *GWAPI__AT(chunks, gwapi__set_chunk *, i));
    gwapi__vector_free(chunks);
}

/* Chunks for places up to `end`. */
static bool add_chunks(gwapi__vector *chunks, size_t end)
{
    while (chunks->count * GWAPI__SET_CHUNK < end) {
        gwapi__set_chunk *chunk = chunk_new(&chunks->allocator);
        gwapi__set_chunk **slot = chunk != NULL ? gwapi__vector_push(chunks) : NULL;
        if (slot == NULL) {
            gwapi__free(&chunks->allocator, chunk, sizeof *chunk);
            return false;
        }
        *slot = chunk;
    }
    return true;
}

/* ---- the table ----------------------------------------------------------------------- */

void gwapi__set_init(gwapi__set *set, const gwapi_allocator *allocator)
{
    *set = (gwapi__set){.slots = NULL};
    gwapi__vector_init(&set->chunks, allocator, sizeof(gwapi__set_chunk *));
    set->seed = gwapi__seed_at(set);
}

void gwapi__set_free(gwapi__set *set)
{
    gwapi__free(allocator_of(set), set->slots, set->slot_count * sizeof *set->slots);
    release_chunks(&set->chunks);
    set->slots = NULL;
    set->slot_count = set->holes = set->end = 0;
}

gwapi__key gwapi__key_of(const gwapi__resource *resource)
{
    return (gwapi__key){resource->group, resource->kind_name, resource->meta.namespace_,
                        resource->meta.name};
}

uint64_t gwapi__set_hash(const gwapi__set *set, const gwapi__key *key)
{
    /* Kinds are few: those that share a name are told apart by comparing. */
    return gwapi__hash_two(set->seed + key->kind.len, key->name, key->namespace_);
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
        size_t place = set->slots[slot] - 1;
        if (hash_at(set, place) == hash && has_key(resource_at(set, place), key))
            break;
    }
    return slot;
}

/* Links every entry again, in a table that is there; names are told apart already. */
static void link_all(gwapi__set *set)
{
    size_t mask = set->slot_count - 1;

    memset(set->slots, 0, set->slot_count * sizeof *set->slots);
    for (size_t i = 0; i < set->end; i++) {
        const gwapi__resource *resource = resource_at(set, i);
        size_t slot = hash_at(set, i) & mask;
        if (resource == NULL || resource->meta.name.len == 0)
            continue;
        while (set->slots[slot] != 0)
            slot = (slot + 1) & mask;
        set->slots[slot] = (uint32_t)i + 1;
    }
}

/* New chunks without holes; views keep the old ones. False: no memory. */
static bool close_holes(gwapi__set *set)
{
    gwapi__vector chunks;
    size_t kept = 0;

    gwapi__vector_init(&chunks, allocator_of(set), sizeof(gwapi__set_chunk *));
    if (!add_chunks(&chunks, gwapi__set_count(set))) {
        release_chunks(&chunks);
        return false;
    }
    for (size_t i = 0; i < set->end; i++) {
        gwapi__resource *resource = resource_at(set, i);
        if (resource == NULL)
            continue;
        gwapi__set_chunk *to = *GWAPI__AT(&chunks, gwapi__set_chunk *, kept / GWAPI__SET_CHUNK);
        to->items[kept % GWAPI__SET_CHUNK] = gwapi__resource_retain(resource);
        to->hashes[kept++ % GWAPI__SET_CHUNK] = hash_at(set, i);
    }
    release_chunks(&set->chunks);
    set->chunks = chunks;
    set->end = kept;
    set->holes = set->listed = set->listed_place = 0;
    link_all(set);
    return true;
}

/* A table at most three quarters full of `count` entries, MOST at most. */
static bool reserve_slots(gwapi__set *set, size_t count)
{
    size_t wanted = set->slot_count != 0 ? set->slot_count : 16;

    while (wanted / 4 * 3 < count)
        wanted *= 2;
    if (wanted == set->slot_count)
        return true;
    uint32_t *slots = gwapi__alloc_array(allocator_of(set), wanted, sizeof *slots);
    if (slots == NULL)
        return false;
    gwapi__free(allocator_of(set), set->slots, set->slot_count * sizeof *slots);
    set->slots = slots;
    set->slot_count = wanted;
    link_all(set);
    return true;
}

bool gwapi__set_reserve(gwapi__set *set, size_t more)
{
    /* Holes are not reused one by one: a set that changes for ever must not grow for ever. */
    if (set->holes > set->end / 2 && !close_holes(set))
        return false;
    if (more > MOST - set->end)
        return false;
    if (more != 0 && set->end % GWAPI__SET_CHUNK != 0 && !own_chunk(set, set->end))
        return false;
    return add_chunks(&set->chunks, set->end + more) && reserve_slots(set, set->end + more);
}

bool gwapi__set_own(gwapi__set *set, const gwapi__key *key)
{
    if (set->slot_count == 0 || key->name.len == 0)
        return true;
    uint32_t found = set->slots[probe(set, key, gwapi__set_hash(set, key))];
    return found == 0 || own_chunk(set, found - 1);
}

/* What stands at a place becomes `resource`. Returns what stood there. */
static gwapi__resource *exchange(gwapi__set *set, size_t place, gwapi__resource *resource)
{
    gwapi__resource **at = &chunk_at(set, place)->items[place % GWAPI__SET_CHUNK];
    gwapi__resource *old = *at;

    *at = resource;
    return old;
}

gwapi__resource *gwapi__set_put(gwapi__set *set, gwapi__resource *resource)
{
    const gwapi__key key = gwapi__key_of(resource);
    uint64_t hash = gwapi__set_hash(set, &key);
    size_t slot = SIZE_MAX;

    if (key.name.len != 0) {
        slot = probe(set, &key, hash);
        if (set->slots[slot] != 0)
            return exchange(set, set->slots[slot] - 1, resource);
    }
    exchange(set, set->end, resource);
    chunk_at(set, set->end)->hashes[set->end % GWAPI__SET_CHUNK] = hash;
    set->end++;
    if (slot != SIZE_MAX)
        set->slots[slot] = (uint32_t)set->end;
    return NULL;
}

gwapi__resource *gwapi__set_find_hashed(const gwapi__set *set, const gwapi__key *key,
                                        uint64_t hash)
{
    if (set->slot_count == 0 || key->name.len == 0)
        return NULL;
    uint32_t found = set->slots[probe(set, key, hash)];
    return found != 0 ? resource_at(set, found - 1) : NULL;
}

gwapi__resource *gwapi__set_find(const gwapi__set *set, const gwapi__key *key)
{
    return gwapi__set_find_hashed(set, key, gwapi__set_hash(set, key));
}

/* Empties a slot and moves those behind it that would no longer be found. */
static void unlink_slot(gwapi__set *set, size_t slot)
{
    size_t mask = set->slot_count - 1;

    for (size_t next = (slot + 1) & mask; set->slots[next] != 0; next = (next + 1) & mask) {
        size_t home = hash_at(set, set->slots[next] - 1) & mask;
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
    size_t slot = probe(set, key, gwapi__set_hash(set, key));
    if (set->slots[slot] == 0)
        return NULL;
    size_t place = set->slots[slot] - 1;
    unlink_slot(set, slot);
    set->holes++;
    set->listed = set->listed_place = 0;
    return exchange(set, place, NULL);
}

/* ---- listing ------------------------------------------------------------------------- */

gwapi__resource *gwapi__set_at(gwapi__set *set, size_t i)
{
    size_t rank = set->listed, place = set->listed_place;

    if (set->holes == 0)
        return resource_at(set, i);
    if (i < rank)
        rank = place = 0;
    while (resource_at(set, place) == NULL)
        place++;
    for (; rank < i; rank++)
        do
            place++;
        while (resource_at(set, place) == NULL);
    set->listed = rank;
    set->listed_place = place;
    return resource_at(set, place);
}

bool gwapi__set_view_take(gwapi__set_view *view, const gwapi__set *set,
                          const gwapi_allocator *allocator)
{
    size_t count = (set->end + GWAPI__SET_CHUNK - 1) / GWAPI__SET_CHUNK;

    *view = (gwapi__set_view){.allocator = *allocator};
    view->chunks = gwapi__alloc_array(allocator, count, sizeof *view->chunks);
    if (view->chunks == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        view->chunks[i] = chunk_at(set, i * GWAPI__SET_CHUNK);
        atomic_fetch_add_explicit(&view->chunks[i]->references, 1, memory_order_relaxed);
    }
    view->chunk_count = count;
    view->end = set->end;
    view->count = gwapi__set_count(set);
    view->owner = *allocator_of(set);
    return true;
}

void gwapi__set_view_free(gwapi__set_view *view)
{
    for (size_t i = 0; i < view->chunk_count; i++)
        chunk_release(&view->owner, view->chunks[i]);
    gwapi__free(&view->allocator, view->chunks, view->chunk_count * sizeof *view->chunks);
    *view = (gwapi__set_view){.allocator = view->allocator};
}
