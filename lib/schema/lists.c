/*
 * Lists of type set and map: nothing occurs twice. As k8s.io/apiextensions-apiserver
 * pkg/apiserver/schema/listtype: only the second occurrence is told, an absent key and a null one
 * differ, and alone standing numbers are only equal if both are integers or neither is.
 */
#include "base/hash.h"
#include "base/slice.h"
#include "schema/scalar.h"

#define FEW_SLOTS 8
#define ON_STACK 64 /* slots of a table that needs no memory */

/* ---- what is compared ------------------------------------------------------------------ */

static uint64_t mix(uint64_t hash, uint64_t more)
{
    return gwapi__mix64(hash * 31 + more + UINT64_C(0x9e3779b97f4a7c15));
}

static uint64_t node_hash(const gwapi__node *node, uint64_t seed)
{
    uint64_t hash = seed, members = 0;
    double number;
    uint64_t bits;

    switch (node->type) {
    case GWAPI__NODE_BOOL:
        return mix(hash, 1 + (uint64_t)node->as.boolean);
    case GWAPI__NODE_INT:
    case GWAPI__NODE_FLOAT:
        number = node->type == GWAPI__NODE_INT ? (double)node->as.integer : node->as.number;
        number = number == 0 ? 0 : number; /* -0 */
        memcpy(&bits, &number, sizeof bits);
        return mix(hash, bits);
    case GWAPI__NODE_STRING:
        return mix(hash, gwapi__siphash(seed, 4, node->as.string));
    case GWAPI__NODE_LIST:
        for (uint32_t i = 0; i < node->as.list.count; i++)
            hash = mix(hash, node_hash(node->as.list.items[i], seed));
        return mix(hash, 5);
    case GWAPI__NODE_MAP:
        for (uint32_t i = 0; i < node->as.map.count; i++)
            members += mix(gwapi__siphash(seed, 6, node->as.map.fields[i].name),
                           node_hash(node->as.map.fields[i].value, seed));
        return mix(hash, members);
    default:
        return mix(hash, 7);
    }
}

static bool is_number(const gwapi__node *node)
{
    return node->type == GWAPI__NODE_INT || node->type == GWAPI__NODE_FLOAT;
}

static bool value_equal(const gwapi__node *a, const gwapi__node *b, bool strict)
{
    if (a == NULL || b == NULL)
        return a == b;
    if (strict && is_number(a) && a->type != b->type)
        return false;
    return gwapi__node_equal(a, b);
}

/* How items are compared: as a whole, or by the values of keys. */
typedef struct identity {
    const gwapi_str *keys;
    uint32_t key_count; /* 0: as a whole */
    uint64_t seed;
} identity;

static uint64_t item_hash(const identity *id, const gwapi__node *item)
{
    uint64_t hash = id->seed;

    if (id->key_count == 0)
        return node_hash(item, id->seed);
    for (uint32_t i = 0; i < id->key_count; i++) {
        const gwapi__node *value = gwapi__node_get(item, id->keys[i]);
        hash = mix(hash, value != NULL ? node_hash(value, id->seed) : 0);
    }
    return hash;
}

static bool item_equal(const identity *id, const gwapi__node *a, const gwapi__node *b)
{
    if (id->key_count == 0)
        return value_equal(a, b, true);
    for (uint32_t i = 0; i < id->key_count; i++)
        if (!value_equal(gwapi__node_get(a, id->keys[i]), gwapi__node_get(b, id->keys[i]),
                         id->key_count == 1))
            return false;
    return true;
}

/* ---- finding them ---------------------------------------------------------------------- */

typedef struct seen {
    uint64_t hash;
    uint32_t item; /* index + 1; 0: empty */
    uint32_t times;
} seen;

typedef void (*on_duplicate)(gwapi__judgement *j, const gwapi__frame *at,
                             const gwapi__node *list, uint32_t first, uint32_t second,
                             const identity *id);

static seen *slot_of(seen *table, size_t mask, const identity *id, const gwapi__node *list,
                     uint32_t i)
{
    uint64_t hash = item_hash(id, list->as.list.items[i]);
    size_t at = (size_t)hash;

    while (table[at & mask].item != 0 &&
           (table[at & mask].hash != hash ||
            !item_equal(id, list->as.list.items[table[at & mask].item - 1],
                        list->as.list.items[i])))
        at++;
    if (table[at & mask].item == 0)
        table[at & mask] = (seen){hash, i + 1, 0};
    return &table[at & mask];
}

static void find_duplicates(gwapi__judgement *j, const gwapi__frame *at,
                            const gwapi__node *list, const identity *id, on_duplicate tell)
{
    seen few[ON_STACK], *table = few;
    size_t slots = FEW_SLOTS;

    if (list->as.list.count < 2)
        return;
    while (slots < (size_t)list->as.list.count * 2)
        slots *= 2;
    if (slots <= ON_STACK)
        memset(few, 0, slots * sizeof *few);
    else if ((table = gwapi__alloc_array(&j->allocator, slots, sizeof *table)) == NULL) {
        gwapi__judge_fail(j, GWAPI_ENOMEM);
        return;
    }
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        seen *s = slot_of(table, slots - 1, id, list, i);
        if (s->times++ == 1)
            tell(j, at, list, s->item - 1, i, id);
    }
    if (table != few)
        gwapi__free(&j->allocator, table, slots * sizeof *table);
}

static void say_keys(gwapi__text *t, const gwapi__node *item, const identity *id)
{
    for (uint32_t i = 0; i < id->key_count; i++) {
        const gwapi__node *value = gwapi__node_get(item, id->keys[i]);
        gwapi__say(t, "%s%v ", i != 0 ? " and " : "", id->keys[i]);
        if (value != NULL)
            gwapi__say(t, "%n", value);
        else
            gwapi__say(t, "left out");
    }
}

static void duplicate_error(gwapi__judgement *j, const gwapi__frame *at,
                            const gwapi__node *list, uint32_t first, uint32_t second,
                            const identity *id)
{
    gwapi__frame frame = gwapi__frame_item(at, list, second);
    gwapi__place there = list->as.list.items[first]->place;
    gwapi__finding f = {.type = GWAPI_ERROR_DUPLICATE,
                        .rule = "structure/duplicate",
                        .at = &frame,
                        .brackets = true};

    if (!gwapi__judge_error(j, f.type))
        return;
    if (id->key_count != 0) {
        gwapi__say(&j->message, "another item has the same ");
        say_keys(&j->message, list->as.list.items[second], id);
    } else {
        gwapi__say(&j->message, "%n is in the list twice", list->as.list.items[second]);
    }
    gwapi__say(&j->hint, "the first is item %u", (uint64_t)first);
    if (there.line != 0)
        gwapi__say(&j->hint, " in line %u", (uint64_t)there.line);
    gwapi__judge_report(j, &f);
}

/* ---- list types ------------------------------------------------------------------------ */

/* Tells the first item that is neither object nor null. */
static bool only_objects(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *list)
{
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        const gwapi__node *item = list->as.list.items[i];
        gwapi__frame frame = gwapi__frame_item(at, list, i);
        gwapi__finding f = {.type = GWAPI_ERROR_INVALID,
                            .rule = "structure/list-map",
                            .at = &frame,
                            .brackets = true};
        if (item->type == GWAPI__NODE_MAP || item->type == GWAPI__NODE_NULL)
            continue;
        if (gwapi__judge_error(j, f.type)) {
            gwapi__say(&j->message, "items of this list must be objects, with keys that differ");
            gwapi__judge_report(j, &f);
        }
        return false;
    }
    return true;
}

static void check_list(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *list,
                       const gwapi__schema_node *schema)
{
    identity id = {schema->keys, schema->key_count, (uint64_t)(uintptr_t)j};

    if (schema->list_type == GWAPI__LIST_SET)
        id.key_count = 0;
    if (schema->list_type == GWAPI__LIST_SET ||
        (schema->list_type == GWAPI__LIST_MAP && only_objects(j, at, list)))
        find_duplicates(j, at, list, &id, duplicate_error);
    if (schema->items == NULL || !schema->items->has_lists)
        return;
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        gwapi__frame frame = gwapi__frame_item(at, list, i);
        gwapi__check_lists(j, &frame, list->as.list.items[i], schema->items);
    }
}

static void check_map(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *map,
                      const gwapi__schema_node *schema)
{
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        const gwapi__field *field = &map->as.map.fields[i];
        const gwapi__property *p = gwapi__schema_property(schema, field->name);
        const gwapi__schema_node *member = p != NULL ? p->node : schema->additional;
        if (member == NULL || !member->has_lists)
            continue;
        gwapi__frame frame =
            p != NULL ? gwapi__frame_field(at, field) : gwapi__frame_key(at, field);
        gwapi__check_lists(j, &frame, field->value, member);
    }
}

void gwapi__check_lists(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                        const gwapi__schema_node *schema)
{
    if (!schema->has_lists || j->failed != GWAPI_OK)
        return;
    if (node->type == GWAPI__NODE_LIST)
        check_list(j, at, node, schema);
    else if (node->type == GWAPI__NODE_MAP)
        check_map(j, at, node, schema);
}

/* ---- uniqueItems ----------------------------------------------------------------------- */

static void unique_error(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *list,
                         uint32_t first, uint32_t second, const identity *id)
{
    gwapi__finding f = {.type = GWAPI_ERROR_INVALID,
                        .rule = "structure/unique-items",
                        .at = at,
                        .place = list->as.list.items[second]->place};

    (void)id;
    if (!gwapi__judge_error(j, f.type))
        return;
    gwapi__say(&j->message, "items %u and %u are equal", (uint64_t)first, (uint64_t)second);
    gwapi__judge_report(j, &f);
}

void gwapi__check_unique(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *list)
{
    identity id = {NULL, 0, (uint64_t)(uintptr_t)j};

    find_duplicates(j, at, list, &id, unique_error);
}
