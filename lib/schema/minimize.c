/* Defaulting backwards. */
#include "schema/type.h"

static bool is_default(const gwapi__schema_node *schema, gwapi_str name,
                       const gwapi__node *value)
{
    const gwapi__property *p = gwapi__schema_property(schema, name);

    return p != NULL && p->node->default_value != NULL &&
           gwapi__node_equal(value, p->node->default_value);
}

/* From the top: a default is complete, so what equals it goes as a whole, and what stays is
 * present when defaulting looks into it. */
static void minimize(gwapi__node *node, const gwapi__schema_node *schema)
{
    if (node->type == GWAPI__NODE_LIST && schema->items != NULL)
        for (uint32_t i = 0; i < node->as.list.count; i++)
            minimize(node->as.list.items[i], schema->items);
    if (node->type != GWAPI__NODE_MAP)
        return;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < node->as.map.count; i++) {
        const gwapi__field field = node->as.map.fields[i];
        const gwapi__schema_node *member = gwapi__schema_member(schema, field.name);
        if (is_default(schema, field.name, field.value))
            continue;
        if (member != NULL)
            minimize(field.value, member);
        node->as.map.fields[kept++] = field;
    }
    node->as.map.count = kept;
}

void gwapi__minimize(const gwapi__kind *kind, gwapi__node *root)
{
    minimize(root, kind->root);
}
