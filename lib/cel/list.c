/* Joining lists, and those whose items are told apart by value or by keys
 * (x-kubernetes-list-type set and map). */
#include "cel/build.h"

#include "base/hash.h"
#include "base/slice.h"

/* Finds the items of a growing row by what tells them apart. */
typedef struct keyed {
    gwapi__cel_context *context;
    const gwapi__cel_type *type; /* of the list: a set or one with keys */
    gwapi__cel_items items;
    uint32_t *slots; /* index + 1 */
    uint32_t mask;
} keyed;

static const gwapi__cel_type *special_type(const gwapi__cel_value *list)
{
    const gwapi__cel_type *type = list->tree ? list->as.tree.type : list->as.list->type;

    return type != NULL && type->list_type != GWAPI__CEL_LIST_ATOMIC ? type : NULL;
}

gwapi__cel_list_type gwapi__cel_list_type_of(const gwapi__cel_value *list)
{
    const gwapi__cel_type *type = special_type(list);

    return type != NULL ? type->list_type : GWAPI__CEL_LIST_ATOMIC;
}

/* The k-th key of an item as JSON has it; null if it has none, as the server takes it. */
static gwapi__cel_value key_of(const keyed *k, const gwapi__cel_value *item, uint32_t i)
{
    gwapi__cel_value name = gwapi__cel_of_string(k->type->keys[i]), out;

    if (item->tree && item->kind != GWAPI__CEL_LIST) {
        const gwapi__node *node =
            gwapi__cel_member(k->context, item->as.tree.node, name.as.text);
        return node != NULL ? gwapi__cel_of_node(k->context, node, &gwapi__cel_dyn)
                            : gwapi__cel_of_null();
    }
    if (item->kind == GWAPI__CEL_MAP && gwapi__cel_find(k->context, item, &name, &out))
        return out;
    return gwapi__cel_of_null();
}

static uint64_t hash_of(const keyed *k, const gwapi__cel_value *item)
{
    uint64_t hash = gwapi__cel_seed(k->context);

    if (k->type->list_type == GWAPI__CEL_LIST_SET)
        return gwapi__cel_hash(hash, item);
    for (uint32_t i = 0; i < k->type->key_count; i++) {
        gwapi__cel_value key = key_of(k, item, i);
        hash = gwapi__cel_hash(gwapi__mix64(hash + i), &key);
    }
    return hash;
}

/* Values of one kind only: 1 and 1.0 are two items of a set. */
static bool same_value(const keyed *k, const gwapi__cel_value *a, const gwapi__cel_value *b)
{
    return a->kind == b->kind && gwapi__cel_equal(k->context, a, b);
}

static bool same_item(const keyed *k, const gwapi__cel_value *a, const gwapi__cel_value *b)
{
    if (k->type->list_type == GWAPI__CEL_LIST_SET)
        return same_value(k, a, b);
    for (uint32_t i = 0; i < k->type->key_count; i++) {
        gwapi__cel_value x = key_of(k, a, i), y = key_of(k, b, i);
        if (!same_value(k, &x, &y))
            return false;
    }
    return true;
}

/* The place of the item, or a free one. */
static uint32_t *slot_of(const keyed *k, const gwapi__cel_value *item)
{
    uint32_t at = (uint32_t)hash_of(k, item) & k->mask;

    while (k->slots[at] != 0 && !same_item(k, &k->items.data[k->slots[at] - 1], item))
        at = (at + 1) & k->mask;
    return &k->slots[at];
}

/* Adds the items of a list: each but once, a later one in the place of an earlier or not. */
static bool add_all(keyed *k, const gwapi__cel_value *list, bool keep_all, bool replace)
{
    uint32_t count = gwapi__cel_count(list);

    for (uint32_t i = 0; i < count; i++) {
        gwapi__cel_value item = gwapi__cel_item(k->context, list, i);
        uint32_t *slot = slot_of(k, &item);
        if (*slot != 0 && !keep_all) {
            if (replace)
                k->items.data[*slot - 1] = item;
            continue;
        }
        if (!gwapi__cel_items_add(k->context, &k->items, item))
            return false;
        *slot = k->items.count;
    }
    return true;
}

/* Room for the items of both lists, with those of the first in it. */
static bool keyed_init(keyed *k, gwapi__cel_context *context, const gwapi__cel_value *a,
                       uint32_t more, bool replace)
{
    size_t size = 4;

    while (size < ((size_t)gwapi__cel_count(a) + more) * 2)
        size *= 2;
    *k = (keyed){.context = context, .type = special_type(a)};
    k->slots = gwapi__arena_array(context->arena, size, sizeof *k->slots);
    if (k->slots == NULL) {
        gwapi__cel_no_memory(context);
        return false;
    }
    k->mask = (uint32_t)size - 1;
    return add_all(k, a, true, replace);
}

gwapi__cel_equality gwapi__cel_equal_unordered(gwapi__cel_context *context,
                                               const gwapi__cel_value *a,
                                               const gwapi__cel_value *b)
{
    uint32_t count = gwapi__cel_count(b);
    keyed k;

    if (!keyed_init(&k, context, a, 0, false))
        return GWAPI__CEL_UNEQUAL;
    for (uint32_t i = 0; i < count; i++) {
        gwapi__cel_value item = gwapi__cel_item(context, b, i);
        uint32_t slot = *slot_of(&k, &item);
        if (slot == 0)
            return GWAPI__CEL_UNEQUAL;
        if (k.type->list_type != GWAPI__CEL_LIST_MAP)
            continue;
        gwapi__cel_equality one = gwapi__cel_equate(context, &k.items.data[slot - 1], &item);
        if (one != GWAPI__CEL_EQUAL)
            return one;
    }
    return GWAPI__CEL_EQUAL;
}

static gwapi__cel_value join_keyed(gwapi__cel_context *context, const gwapi__cel_value *a,
                                   const gwapi__cel_value *b)
{
    keyed k;
    bool replace = gwapi__cel_list_type_of(a) == GWAPI__CEL_LIST_MAP;
    gwapi__cel_list *list = gwapi__arena_alloc(context->arena, sizeof *list);

    if (list == NULL || !keyed_init(&k, context, a, gwapi__cel_count(b), replace) ||
        !add_all(&k, b, false, replace))
        return gwapi__cel_no_memory(context);
    if (k.items.count == 0)
        return *a;
    *list = (gwapi__cel_list){
        .items = k.items.data, .count = k.items.count, .type = special_type(a)};
    return (gwapi__cel_value){.kind = GWAPI__CEL_LIST, .as.list = list};
}

gwapi__cel_value gwapi__cel_join(gwapi__cel_context *context, const gwapi__cel_value *a,
                                 const gwapi__cel_value *b)
{
    uint32_t first = gwapi__cel_count(a), second = gwapi__cel_count(b);

    if (special_type(a) != NULL)
        return join_keyed(context, a, b);
    if (first == 0)
        return *b;
    if (second == 0)
        return *a;
    if (first > UINT32_MAX - second)
        return GWAPI__CEL_FAIL("list too long");
    gwapi__cel_list *list =
        gwapi__arena_alloc(context->arena, sizeof *list + 2 * sizeof *list->parts);
    if (list == NULL)
        return gwapi__cel_no_memory(context);
    gwapi__cel_value *parts = (gwapi__cel_value *)(list + 1);
    parts[0] = *a;
    parts[1] = *b;
    *list = (gwapi__cel_list){.parts = parts, .count = first + second};
    return (gwapi__cel_value){.kind = GWAPI__CEL_LIST, .as.list = list};
}
