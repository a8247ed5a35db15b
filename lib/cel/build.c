#include "cel/build.h"

#include "base/hash.h"
#include "base/slice.h"

/* Below this, looking at each entry is as quick as an index. */
#define SMALL_MAP 8

/* ---- growing in the arena --------------------------------------------------------------- */

/* Moves `count` elements to a block of twice the capacity; NULL: no memory. */
static void *grown(gwapi__cel_context *context, const void *data, uint32_t count,
                   uint32_t *capacity, size_t size)
{
    size_t bytes, more = *capacity != 0 ? (size_t)*capacity * 2 : 4;
    void *bigger = more <= UINT32_MAX / 2 && gwapi__mul(more, size, &bytes)
                       ? gwapi__arena_alloc(context->arena, bytes)
                       : NULL;

    if (bigger == NULL) {
        gwapi__cel_no_memory(context);
        return NULL;
    }
    if (count != 0)
        memcpy(bigger, data, count * size);
    *capacity = (uint32_t)more;
    return bigger;
}

bool gwapi__cel_items_add(gwapi__cel_context *context, gwapi__cel_items *items,
                          gwapi__cel_value item)
{
    if (items->count == items->capacity) {
        gwapi__cel_value *data =
            grown(context, items->data, items->count, &items->capacity, sizeof *data);
        if (data == NULL)
            return false;
        items->data = data;
    }
    items->data[items->count++] = item;
    return true;
}

gwapi__cel_value gwapi__cel_items_list(gwapi__cel_context *context,
                                       const gwapi__cel_items *items)
{
    return gwapi__cel_of_items(context, items->data, items->count);
}

static gwapi__cel_value list_value(const gwapi__cel_list *list)
{
    return (gwapi__cel_value){.kind = GWAPI__CEL_LIST, .as.list = list};
}

gwapi__cel_value gwapi__cel_of_items(gwapi__cel_context *context, const gwapi__cel_value *items,
                                     uint32_t count)
{
    static const gwapi__cel_value nothing;
    static const gwapi__cel_list empty = {.items = &nothing};

    if (count == 0)
        return list_value(&empty);
    gwapi__cel_list *list = gwapi__arena_alloc(context->arena, sizeof *list);
    if (list == NULL)
        return gwapi__cel_no_memory(context);
    *list = (gwapi__cel_list){.items = items, .count = count};
    return list_value(list);
}

/* ---- maps ------------------------------------------------------------------------------- */

uint64_t gwapi__cel_seed(const gwapi__cel_context *context)
{
    return gwapi__seed_at(context);
}

uint64_t gwapi__cel_hash(uint64_t seed, const gwapi__cel_value *value)
{
    uint64_t bits;

    switch (value->kind) {
    case GWAPI__CEL_STRING:
    case GWAPI__CEL_BYTES:
        return gwapi__siphash(seed, value->kind, value->as.text);
    case GWAPI__CEL_BOOL:
        bits = value->as.boolean;
        break;
    case GWAPI__CEL_INT:
    case GWAPI__CEL_DURATION:
        bits = (uint64_t)value->as.integer;
        break;
    case GWAPI__CEL_UINT:
        bits = value->as.natural;
        break;
    case GWAPI__CEL_DOUBLE:
        if (value->as.number == 0)
            bits = 0; /* of either sign */
        else
            memcpy(&bits, &value->as.number, sizeof bits);
        break;
    case GWAPI__CEL_TIMESTAMP:
        bits = (uint64_t)value->as.time.seconds * 1000000000u + (uint64_t)value->as.time.nanos;
        break;
    default:
        bits = 0;
        break;
    }
    return gwapi__mix64(bits ^ seed ^ (uint64_t)value->kind << 56);
}

/* Same kind, same value; of kinds that may be keys. */
static bool same_key(const gwapi__cel_value *a, const gwapi__cel_value *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case GWAPI__CEL_STRING:
        return gwapi__str_eq(a->as.text, b->as.text);
    case GWAPI__CEL_BOOL:
        return a->as.boolean == b->as.boolean;
    case GWAPI__CEL_DOUBLE:
        return a->as.number == b->as.number;
    default:
        return a->as.natural == b->as.natural; /* INT or UINT: the same bits */
    }
}

static bool is_key(const gwapi__cel_value *v)
{
    return v->kind == GWAPI__CEL_STRING || v->kind == GWAPI__CEL_BOOL ||
           v->kind == GWAPI__CEL_INT || v->kind == GWAPI__CEL_UINT ||
           v->kind == GWAPI__CEL_DOUBLE;
}

uint32_t gwapi__cel_map_index(const gwapi__cel_map *map, const gwapi__cel_value *key)
{
    if (!is_key(key))
        return UINT32_MAX;
    if (map->slots == NULL) {
        for (uint32_t i = 0; i < map->count; i++)
            if (same_key(&map->entries[i].key, key))
                return i;
        return UINT32_MAX;
    }
    uint32_t at = (uint32_t)gwapi__cel_hash(map->seed, key) & map->slot_mask;
    for (; map->slots[at] != 0; at = (at + 1) & map->slot_mask)
        if (same_key(&map->entries[map->slots[at] - 1].key, key))
            return map->slots[at] - 1;
    return UINT32_MAX;
}

static bool as_uint(const gwapi__cel_value *v, gwapi__cel_value *out)
{
    if (v->kind == GWAPI__CEL_INT) {
        *out = gwapi__cel_of_uint((uint64_t)v->as.integer);
        return v->as.integer >= 0;
    }
    double d = v->as.number;
    if (v->kind != GWAPI__CEL_DOUBLE || !(d >= 0 && d < 18446744073709551616.0))
        return false;
    *out = gwapi__cel_of_uint((uint64_t)d);
    return (double)out->as.natural == d;
}

static bool as_int(const gwapi__cel_value *v, gwapi__cel_value *out)
{
    if (v->kind == GWAPI__CEL_UINT) {
        *out = gwapi__cel_of_int((int64_t)(v->as.natural & INT64_MAX));
        return v->as.natural <= INT64_MAX;
    }
    double d = v->as.number;
    if (v->kind != GWAPI__CEL_DOUBLE || !(d > -9223372036854775808.0 && d < 9223372036854775808.0))
        return false;
    *out = gwapi__cel_of_int((int64_t)d);
    return (double)out->as.integer == d;
}

bool gwapi__cel_as_number(const gwapi__cel_value *v, gwapi__cel_kind kind, gwapi__cel_value *out)
{
    switch (kind) {
    case GWAPI__CEL_INT:
        return as_int(v, out);
    case GWAPI__CEL_UINT:
        return as_uint(v, out);
    default:
        *out = gwapi__cel_of_double(v->kind == GWAPI__CEL_INT ? (double)v->as.integer
                                                              : (double)v->as.natural);
        return v->kind == GWAPI__CEL_INT || v->kind == GWAPI__CEL_UINT;
    }
}

uint32_t gwapi__cel_map_lookup(const gwapi__cel_map *map, const gwapi__cel_value *key)
{
    gwapi__cel_value other;
    uint32_t i = gwapi__cel_map_index(map, key);

    if (i == UINT32_MAX && as_int(key, &other))
        i = gwapi__cel_map_index(map, &other);
    if (i == UINT32_MAX && as_uint(key, &other))
        i = gwapi__cel_map_index(map, &other);
    return i;
}

static void set_slot(gwapi__cel_entries *e, uint32_t i)
{
    uint32_t at = (uint32_t)gwapi__cel_hash(e->map.seed, &e->data[i].key) & e->map.slot_mask;

    while (e->slots[at] != 0)
        at = (at + 1) & e->map.slot_mask;
    e->slots[at] = i + 1;
}

/* An index that is at most half full for the capacity. */
static bool index_entries(gwapi__cel_context *context, gwapi__cel_entries *e)
{
    uint32_t *slots = gwapi__arena_array(context->arena, (size_t)e->capacity * 2, sizeof *slots);

    if (slots == NULL) {
        gwapi__cel_no_memory(context);
        return false;
    }
    e->map.slots = e->slots = slots;
    e->map.slot_mask = e->capacity * 2 - 1;
    e->map.seed = gwapi__cel_seed(context);
    for (uint32_t i = 0; i < e->map.count; i++)
        set_slot(e, i);
    return true;
}

static bool reserve_entry(gwapi__cel_context *context, gwapi__cel_entries *e)
{
    if (e->map.count < e->capacity)
        return true;
    gwapi__cel_entry *data =
        grown(context, e->data, e->map.count, &e->capacity, sizeof *data);
    if (data == NULL)
        return false;
    e->map.entries = e->data = data;
    return e->capacity <= SMALL_MAP || index_entries(context, e);
}

gwapi__cel_added gwapi__cel_entries_add(gwapi__cel_context *context, gwapi__cel_entries *entries,
                                        const gwapi__cel_value *key, gwapi__cel_value value,
                                        uint32_t *at)
{
    if (!is_key(key))
        return GWAPI__CEL_BAD_KEY;
    *at = gwapi__cel_map_index(&entries->map, key);
    if (*at != UINT32_MAX)
        return GWAPI__CEL_REPEATED;
    if (!reserve_entry(context, entries))
        return GWAPI__CEL_NO_MEMORY;
    *at = entries->map.count++;
    entries->data[*at] = (gwapi__cel_entry){*key, value};
    if (entries->slots != NULL)
        set_slot(entries, *at);
    return GWAPI__CEL_ADDED;
}

void gwapi__cel_entries_drop(gwapi__cel_entries *entries, const gwapi__cel_value *key)
{
    uint32_t at = gwapi__cel_map_index(&entries->map, key);

    if (at == UINT32_MAX)
        return;
    entries->map.count--;
    memmove(&entries->data[at], &entries->data[at + 1],
            (entries->map.count - at) * sizeof *entries->data);
    if (entries->slots == NULL)
        return;
    memset(entries->slots, 0, (entries->map.slot_mask + (size_t)1) * sizeof *entries->slots);
    for (uint32_t i = 0; i < entries->map.count; i++)
        set_slot(entries, i);
}

gwapi__cel_value gwapi__cel_entries_map(gwapi__cel_context *context,
                                        const gwapi__cel_entries *entries)
{
    gwapi__cel_map *map = gwapi__arena_alloc(context->arena, sizeof *map);

    if (map == NULL)
        return gwapi__cel_no_memory(context);
    *map = entries->map;
    return (gwapi__cel_value){.kind = GWAPI__CEL_MAP, .as.map = map};
}

/* ---- members of large trees ------------------------------------------------------------- */

/* An evaluation looks a large map through once, and then by hash. */
typedef struct tree_index {
    const gwapi__node *map;
    const struct tree_index *next;
    uint32_t mask;
    uint32_t slots[]; /* index + 1 */
} tree_index;

static const tree_index *index_tree(gwapi__cel_context *context, const gwapi__node *map)
{
    size_t size = 1;

    while (size < (size_t)map->as.map.count * 2)
        size *= 2;
    tree_index *index =
        gwapi__arena_array(context->arena, 1, sizeof *index + size * sizeof *index->slots);
    if (index == NULL)
        return NULL;
    index->map = map;
    index->mask = (uint32_t)size - 1;
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        uint64_t hash = gwapi__siphash(gwapi__cel_seed(context), 0, map->as.map.fields[i].name);
        uint32_t at = (uint32_t)hash & index->mask;
        while (index->slots[at] != 0)
            at = (at + 1) & index->mask;
        index->slots[at] = i + 1;
    }
    index->next = context->indexes;
    context->indexes = index;
    return index;
}

const gwapi__node *gwapi__cel_large_member(gwapi__cel_context *context, const gwapi__node *map,
                                           gwapi_str name)
{
    const tree_index *index = context->indexes;

    while (index != NULL && index->map != map)
        index = index->next;
    if (index == NULL && (index = index_tree(context, map)) == NULL) {
        gwapi__cel_no_memory(context);
        return NULL;
    }
    uint32_t at = (uint32_t)gwapi__siphash(gwapi__cel_seed(context), 0, name) & index->mask;
    for (; index->slots[at] != 0; at = (at + 1) & index->mask) {
        const gwapi__field *field = &map->as.map.fields[index->slots[at] - 1];
        if (gwapi__str_eq(field->name, name))
            return field->value;
    }
    return NULL;
}
