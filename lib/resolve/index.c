#include "resolve/index.h"

#include "base/hash.h"
#include "base/slice.h"

#define FIRST_CAPACITY 16

void gwapi__index_init(gwapi__index *index, const gwapi_allocator *allocator)
{
    *index = (gwapi__index){.allocator = *allocator};
    index->seed = gwapi__seed_at(index);
}

void gwapi__index_free(gwapi__index *index)
{
    gwapi__free(&index->allocator, index->entries, index->capacity * sizeof *index->entries);
    index->entries = NULL;
    index->capacity = index->count = 0;
}

bool gwapi__identity_eq(const gwapi__identity *a, const gwapi__identity *b)
{
    return gwapi__str_eq(a->name, b->name) && gwapi__str_eq(a->namespace_, b->namespace_) &&
           gwapi__str_eq(a->kind, b->kind) && gwapi__str_eq(a->group, b->group);
}

int gwapi__identity_cmp(const gwapi__identity *a, const gwapi__identity *b)
{
    int order = gwapi__str_cmp(a->group, b->group);

    if (order == 0)
        order = gwapi__str_cmp(a->kind, b->kind);
    if (order == 0)
        order = gwapi__str_cmp(a->namespace_, b->namespace_);
    return order != 0 ? order : gwapi__str_cmp(a->name, b->name);
}

/* Of the parts outsiders choose. Kinds are few: those that share a name are told apart by
 * comparing. */
static uint64_t hash_of(const gwapi__index *index, const gwapi__identity *key)
{
    return gwapi__hash_two(index->seed + key->kind.len, key->name, key->namespace_);
}

static gwapi__index_entry *probe(gwapi__index_entry *entries, size_t capacity,
                                 const gwapi__identity *key, uint64_t hash)
{
    size_t i = hash & (capacity - 1);

    while (entries[i].used && !gwapi__identity_eq(&entries[i].key, key))
        i = (i + 1) & (capacity - 1);
    return &entries[i];
}

uint32_t gwapi__index_get(const gwapi__index *index, const gwapi__identity *key)
{
    if (index->count == 0)
        return GWAPI_NONE;
    const gwapi__index_entry *e = probe(index->entries, index->capacity, key, hash_of(index, key));
    return e->used ? e->value : GWAPI_NONE;
}

static bool grow(gwapi__index *index)
{
    size_t capacity = index->capacity != 0 ? index->capacity * 2 : FIRST_CAPACITY;
    gwapi__index_entry *entries =
        gwapi__alloc_array(&index->allocator, capacity, sizeof *entries);

    if (entries == NULL)
        return false;
    for (size_t i = 0; i < index->capacity; i++) {
        const gwapi__index_entry *e = &index->entries[i];
        if (e->used)
            *probe(entries, capacity, &e->key, e->hash) = *e;
    }
    gwapi__free(&index->allocator, index->entries, index->capacity * sizeof *entries);
    index->entries = entries;
    index->capacity = capacity;
    return true;
}

uint32_t *gwapi__index_at(gwapi__index *index, const gwapi__identity *key)
{
    uint64_t hash = hash_of(index, key);

    if ((index->count + 1) * 4 > index->capacity * 3 && !grow(index))
        return NULL;
    gwapi__index_entry *e = probe(index->entries, index->capacity, key, hash);
    if (!e->used) {
        *e = (gwapi__index_entry){*key, hash, GWAPI_NONE, true};
        index->count++;
    }
    return &e->value;
}
