/*
 * Defaults, as k8s.io/apiextensions-apiserver pkg/apiserver/schema/defaulting fills them: top
 * down, never below an absent object that has no default itself. A null that is not allowed
 * counts as absent where there is a default.
 */
#include "base/slice.h"
#include "schema/judgement.h"

static bool replaces_null(const gwapi__node *node, const gwapi__schema_node *schema)
{
    return node->type == GWAPI__NODE_NULL && !schema->nullable && schema->default_value != NULL;
}

/* Keeps the place of what was written. The texts are copied: objects outlive the schema. */
static gwapi__node *default_copy(gwapi__arena *arena, const gwapi__schema_node *schema,
                                 gwapi__place place)
{
    gwapi__node *copy = gwapi__node_copy(arena, schema->default_value, true);

    if (copy != NULL)
        copy->place = place;
    return copy;
}

static bool fill_value(gwapi__arena *arena, gwapi__node **value,
                       const gwapi__schema_node *schema)
{
    if (!replaces_null(*value, schema))
        return gwapi__defaults_fill(arena, *value, schema);
    *value = default_copy(arena, schema, (*value)->place);
    return *value != NULL;
}

static bool fill_map(gwapi__arena *arena, gwapi__node *map, const gwapi__schema_node *schema)
{
    uint32_t written = map->as.map.count;

    for (uint32_t i = 0; i < schema->defaulted_count; i++) {
        const gwapi__property *p = &schema->properties[schema->defaulted[i]];
        if (gwapi__node_field(map, p->name) != NULL)
            continue;
        gwapi__node *copy = default_copy(arena, p->node, (gwapi__place){0, 0});
        gwapi_str name;
        if (copy == NULL || !gwapi__arena_copy(arena, p->name, &name) ||
            !gwapi__node_add(arena, map, name, (gwapi__place){0, 0}, copy))
            return false;
    }
    for (uint32_t i = 0; i < written; i++) {
        gwapi__field *field = &map->as.map.fields[i];
        const gwapi__schema_node *member = gwapi__schema_member(schema, field->name);
        if (member != NULL && !fill_value(arena, &field->value, member))
            return false;
    }
    return true;
}

bool gwapi__defaults_fill(gwapi__arena *arena, gwapi__node *node,
                          const gwapi__schema_node *schema)
{
    if (node->type == GWAPI__NODE_MAP)
        return fill_map(arena, node, schema);
    if (node->type == GWAPI__NODE_LIST && schema->items != NULL)
        for (uint32_t i = 0; i < node->as.list.count; i++)
            if (!fill_value(arena, &node->as.list.items[i], schema->items))
                return false;
    return true;
}
