/*
 * Undeclared fields and nulls, as k8s.io/apiextensions-apiserver drops them
 * (pkg/apiserver/schema/{pruning,defaulting}). Oddities kept: below additionalProperties: true
 * every member of a map is undeclared; a list that preserves unknown fields preserves those of
 * its items too.
 */
#include "base/slice.h"
#include "schema/judgement.h"

static bool is_meta(gwapi_str name)
{
    return gwapi__str_eq(name, GWAPI__STR("apiVersion")) ||
           gwapi__str_eq(name, GWAPI__STR("kind")) || gwapi__str_eq(name, GWAPI__STR("metadata"));
}

static gwapi_str property_name(const void *ctx, size_t i)
{
    return ((const gwapi__schema_node *)ctx)->properties[i].name;
}

static gwapi__names names_of(const gwapi__schema_node *schema)
{
    return (gwapi__names){property_name, schema, schema != NULL ? schema->property_count : 0};
}

static void word_unknown(gwapi__judgement *j, const gwapi__frame *at, const gwapi__field *field,
                         const gwapi__names *known)
{
    gwapi__frame frame = gwapi__frame_field(at, field);
    gwapi__finding f = {.type = GWAPI_ERROR_UNKNOWN,
                        .rule = "structure/unknown-field",
                        .at = &frame,
                        .hint_value = gwapi__suggest(field->name, known),
                        .warning = (j->input->flags & GWAPI__JUDGE_UNKNOWN_ERROR) == 0};

    gwapi__say(&j->message, "unknown field %q", field->name);
    if (f.hint_value.data != NULL)
        gwapi__say(&j->hint, "did you mean %q?", f.hint_value);
    gwapi__judge_report(j, &f);
}

void gwapi__judge_unknown(gwapi__judgement *j, const gwapi__frame *at,
                          const gwapi__field *field, const gwapi__names *known)
{
    bool told = false;

    if ((j->input->flags & GWAPI__JUDGE_STORED) != 0)
        return;
    if ((j->input->flags & GWAPI__JUDGE_UNKNOWN_ERROR) != 0)
        told = gwapi__judge_error(j, GWAPI_ERROR_UNKNOWN);
    else if ((j->input->flags & GWAPI__JUDGE_UNKNOWN_WARN) != 0)
        told = gwapi__judge_warning(j);
    if (told)
        word_unknown(j, at, field, known);
}

static void prune(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node,
                  const gwapi__schema_node *schema, bool keep);

/* Prunes below a member; false if the member itself has to go. */
static bool prune_member(gwapi__judgement *j, const gwapi__frame *at, const gwapi__field *field,
                         const gwapi__schema_node *schema)
{
    const gwapi__property *p =
        schema != NULL ? gwapi__schema_property(schema, field->name) : NULL;

    if (schema != NULL && (schema->embedded || at->parent == NULL) && is_meta(field->name)) {
        j->nulls |= field->value->type == GWAPI__NODE_NULL ||
                    (p != NULL && p->node->property_count != 0);
        return true; /* decoded apart */
    }
    if (p != NULL) {
        gwapi__frame frame = gwapi__frame_field(at, field);
        prune(j, &frame, field->value, p->node, false);
        return true;
    }
    if (schema != NULL && (schema->additional != NULL || schema->additional_any)) {
        gwapi__frame frame = gwapi__frame_key(at, field);
        prune(j, &frame, field->value, schema->additional, false);
        return true;
    }
    return false;
}

static void prune_map(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *map,
                      const gwapi__schema_node *schema, bool keep)
{
    gwapi__field *fields = map->as.map.fields;
    gwapi__names known = names_of(schema);
    uint32_t kept = 0;

    for (uint32_t i = 0; i < map->as.map.count; i++) {
        if (prune_member(j, at, &fields[i], schema) || keep)
            fields[kept++] = fields[i];
        else
            gwapi__judge_unknown(j, at, &fields[i], &known);
    }
    map->as.map.count = kept;
}

static void prune(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node,
                  const gwapi__schema_node *schema, bool keep)
{
    keep = keep || (schema != NULL && schema->preserve_unknown);
    j->nulls |= node->type == GWAPI__NODE_NULL;
    if (node->type == GWAPI__NODE_MAP) {
        prune_map(j, at, node, schema, keep);
    } else if (node->type == GWAPI__NODE_LIST) {
        const gwapi__schema_node *items = schema != NULL ? schema->items : NULL;
        if (keep && items == NULL)
            return;
        for (uint32_t i = 0; i < node->as.list.count; i++) {
            gwapi__frame frame = gwapi__frame_item(at, node, i);
            prune(j, &frame, node->as.list.items[i], items, keep);
        }
    }
}

void gwapi__prune(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node,
                  const gwapi__schema_node *schema)
{
    prune(j, at, node, schema, false);
}

static bool is_dropped(const gwapi__node *value, const gwapi__schema_node *schema)
{
    return value->type == GWAPI__NODE_NULL && !schema->nullable && schema->default_value == NULL;
}

static void prune_nulls_map(gwapi__node *map, const gwapi__schema_node *schema)
{
    gwapi__field *fields = map->as.map.fields;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < map->as.map.count; i++) {
        const gwapi__schema_node *member = gwapi__schema_member(schema, fields[i].name);
        if (member != NULL && is_dropped(fields[i].value, member))
            continue;
        if (member != NULL)
            gwapi__prune_nulls(fields[i].value, member);
        fields[kept++] = fields[i];
    }
    map->as.map.count = kept;
}

void gwapi__prune_nulls(gwapi__node *node, const gwapi__schema_node *schema)
{
    if (node->type == GWAPI__NODE_LIST && schema->items != NULL)
        for (uint32_t i = 0; i < node->as.list.count; i++)
            gwapi__prune_nulls(node->as.list.items[i], schema->items);
    if (node->type == GWAPI__NODE_MAP)
        prune_nulls_map(node, schema);
}
