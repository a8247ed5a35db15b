/*
 * What of an object is the same as before: the server forgives errors in unchanged parts
 * (validation ratcheting; k8s.io/apiserver pkg/cel/common, CorrelatedObject). Items correspond
 * only in lists of type map, by their keys.
 */
#include "base/slice.h"
#include "schema/judgement.h"

/* Equal in every respect: unlike gwapi__node_equal, 1 and 1.0 differ, as Go keeps them. */
static bool identical(const gwapi__node *a, const gwapi__node *b)
{
    if (a->type != b->type)
        return false;
    if (a->type == GWAPI__NODE_LIST) {
        if (a->as.list.count != b->as.list.count)
            return false;
        for (uint32_t i = 0; i < a->as.list.count; i++)
            if (!identical(a->as.list.items[i], b->as.list.items[i]))
                return false;
        return true;
    }
    if (a->type != GWAPI__NODE_MAP)
        return gwapi__node_equal(a, b);
    if (a->as.map.count != b->as.map.count)
        return false;
    for (uint32_t i = 0; i < a->as.map.count; i++) {
        const gwapi__node *other = gwapi__node_get(b, a->as.map.fields[i].name);
        if (other == NULL || !identical(a->as.map.fields[i].value, other))
            return false;
    }
    return true;
}

static bool is_scalar(const gwapi__node *node)
{
    return node != NULL && node->type != GWAPI__NODE_NULL && node->type != GWAPI__NODE_LIST &&
           node->type != GWAPI__NODE_MAP;
}

static bool same_keys(const gwapi__schema_node *schema, const gwapi__node *a,
                      const gwapi__node *b)
{
    for (uint32_t i = 0; i < schema->key_count; i++) {
        const gwapi__node *x = gwapi__node_get(a, schema->keys[i]);
        const gwapi__node *y = gwapi__node_get(b, schema->keys[i]);
        if (!is_scalar(x) || !is_scalar(y) || !identical(x, y))
            return false;
    }
    return true;
}

const gwapi__node *gwapi__old_item(const gwapi__schema_node *schema, const gwapi__node *list,
                                   uint32_t i, const gwapi__node *old)
{
    const gwapi__node *item = list->as.list.items[i];

    if (old == NULL || old->type != GWAPI__NODE_LIST ||
        schema->list_type != GWAPI__LIST_MAP || item->type != GWAPI__NODE_MAP)
        return NULL;
    for (uint32_t k = 0; k < old->as.list.count; k++)
        if (same_keys(schema, item, old->as.list.items[k]))
            return old->as.list.items[k];
    return NULL;
}

static bool list_unchanged(const gwapi__schema_node *schema, const gwapi__node *list,
                           const gwapi__node *old)
{
    if (list->as.list.count != old->as.list.count)
        return false;
    if (schema->list_type != GWAPI__LIST_MAP || schema->items == NULL)
        return identical(list, old);
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        const gwapi__node *before = gwapi__old_item(schema, list, i, old);
        if (before == NULL || !gwapi__unchanged(schema->items, list->as.list.items[i], before))
            return false;
    }
    return true;
}

bool gwapi__unchanged(const gwapi__schema_node *schema, const gwapi__node *node,
                      const gwapi__node *old)
{
    if (node->type != old->type)
        return false;
    if (node->type == GWAPI__NODE_LIST)
        return list_unchanged(schema, node, old);
    if (node->type != GWAPI__NODE_MAP)
        return identical(node, old);
    if (node->as.map.count != old->as.map.count)
        return false;
    for (uint32_t i = 0; i < node->as.map.count; i++) {
        const gwapi__field *field = &node->as.map.fields[i];
        const gwapi__schema_node *member = gwapi__schema_member(schema, field->name);
        const gwapi__node *before = gwapi__node_get(old, field->name);
        if (member == NULL || before == NULL || !gwapi__unchanged(member, field->value, before))
            return false;
    }
    return true;
}
