#include "cel/traversal.h"

#include "base/slice.h"

/* A value made of shared parts can be much larger than what it is made of; what costs nothing
 * (short strings) still takes time. Beyond so many parts the cost is beyond every limit. */
#define MOST_PARTS (UINT64_C(1) << 26)

typedef struct walk {
    uint64_t cost, parts;
} walk;

// False: enough.
static bool step(walk *w, uint64_t cost)
{
    w->parts++;
    w->cost = w->parts > MOST_PARTS ? UINT64_MAX / 2 : w->cost + cost;
    return w->parts <= MOST_PARTS;
}

// A tenth of the bytes, rounded down.
static uint64_t text_cost(size_t length)
{
    return (uint64_t)((double)length * 0.1);
}

static bool walk_node(walk *w, const gwapi__node *node, const gwapi__cel_type *type);

static uint64_t string_cost(gwapi_str text, gwapi__cel_kind kind)
{
    if (kind == GWAPI__CEL_STRING || kind == GWAPI__CEL_DYN)
        return text_cost(text.len);
    if (kind != GWAPI__CEL_BYTES)
        return 1;
    while (text.len > 0 && text.data[text.len - 1] == '=')
        text.len--;
    return text_cost(text.len / 4 * 3 + text.len % 4 * 3 / 4);
}

static bool walk_member(walk *w, const gwapi__field *member, const gwapi__cel_type *type)
{
    const gwapi__cel_type *value = &gwapi__cel_dyn;
    gwapi_str key = member->name;

    if (type->kind == GWAPI__CEL_MAP)
        value = type->params[1];
    for (uint32_t i = 0; i < type->field_count; i++)
        if (gwapi__str_eq(type->fields[i].raw, member->name)) {
            key = type->fields[i].name;
            value = type->fields[i].type;
        }
    return step(w, text_cost(key.len)) && walk_node(w, member->value, value);
}

static bool walk_node(walk *w, const gwapi__node *node, const gwapi__cel_type *type)
{
    bool going = step(w, 0);

    if (node->type == GWAPI__NODE_STRING)
        return step(w, string_cost(node->as.string, type->kind));
    if (node->type == GWAPI__NODE_LIST) {
        const gwapi__cel_type *item =
            type->kind == GWAPI__CEL_LIST ? type->params[0] : &gwapi__cel_dyn;
        for (uint32_t i = 0; going && i < node->as.list.count; i++)
            going = walk_node(w, node->as.list.items[i], item);
        return going;
    }
    if (node->type == GWAPI__NODE_MAP) {
        for (uint32_t i = 0; going && i < node->as.map.count; i++)
            going = walk_member(w, &node->as.map.fields[i], type);
        return going;
    }
    return step(w, 1);
}

static bool walk_value(walk *w, const gwapi__cel_value *v);

static bool walk_list(walk *w, const gwapi__cel_list *list)
{
    bool going = step(w, 0);

    if (list->count == 0 || !going)
        return going;
    if (list->items == NULL)
        return walk_value(w, &list->parts[0]) && walk_value(w, &list->parts[1]);
    for (uint32_t i = 0; going && i < list->count; i++)
        going = walk_value(w, &list->items[i]);
    return going;
}

static bool walk_map(walk *w, const gwapi__cel_map *map)
{
    bool going = step(w, 0);

    for (uint32_t i = 0; going && i < map->count; i++)
        going = walk_value(w, &map->entries[i].key) && walk_value(w, &map->entries[i].value);
    return going;
}

static bool walk_value(walk *w, const gwapi__cel_value *v)
{
    if (v->tree)
        return walk_node(w, v->as.tree.node, v->as.tree.type);
    switch (v->kind) {
    case GWAPI__CEL_STRING:
    case GWAPI__CEL_BYTES:
        return step(w, text_cost(v->as.text.len));
    case GWAPI__CEL_LIST:
        return walk_list(w, v->as.list);
    case GWAPI__CEL_MAP:
        return walk_map(w, v->as.map);
    default:
        return step(w, 1);
    }
}

uint64_t gwapi__cel_cost_traversal(const gwapi__cel_value *args, uint32_t count,
                                   const gwapi__cel_value *result)
{
    walk w = {.cost = 0};

    (void)count;
    (void)result;
    walk_value(&w, &args[0]);
    return w.cost;
}

bool gwapi__cel_holds_text(const gwapi__cel_value *list)
{
    if (list->kind != GWAPI__CEL_LIST || gwapi__cel_count(list) == 0)
        return false;
    while (!list->tree && list->as.list->items == NULL)
        list = &list->as.list->parts[0]; // which is not empty, see gwapi__cel_join
    if (!list->tree) {
        uint8_t kind = list->as.list->items[0].kind;
        return kind == GWAPI__CEL_STRING || kind == GWAPI__CEL_BYTES;
    }
    gwapi__cel_kind kind = list->as.tree.type->params[0]->kind;
    return list->as.tree.node->as.list.items[0]->type == GWAPI__NODE_STRING &&
           (kind == GWAPI__CEL_STRING || kind == GWAPI__CEL_BYTES || kind == GWAPI__CEL_DYN);
}
