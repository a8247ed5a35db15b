#include "schema/load_rules.h"

#include "base/result.h"
#include "base/slice.h"
#include "schema/rules.h"

bool gwapi__in_channel(gwapi_channel channel, const gwapi__node *map, const char *member)
{
    gwapi_str only = gwapi__node_get_str(map, gwapi__str_of(member));

    if (channel == 0 || only.data == NULL)
        return true;
    return gwapi__str_eq(only, GWAPI__STR("experimental"))
               ? channel == GWAPI_CHANNEL_EXPERIMENTAL
               : channel == GWAPI_CHANNEL_STANDARD;
}

/* ---- reading --------------------------------------------------------------------------- */

static void refuse(const gwapi__rule_loading *l, const gwapi__frame *at, gwapi__place place,
                   const char *text)
{
    l->refuse(l->ctx, at,
              &(gwapi__load_problem){.message = gwapi__str_of(text), .place = place});
}

static gwapi_error_type reason_of(gwapi_str reason)
{
    static const struct {
        const char *name;
        gwapi_error_type type;
    } reasons[] = {{"FieldValueForbidden", GWAPI_ERROR_FORBIDDEN},
                   {"FieldValueRequired", GWAPI_ERROR_REQUIRED},
                   {"FieldValueDuplicate", GWAPI_ERROR_DUPLICATE}};

    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (gwapi__str_eq(reason, gwapi__str_of(reasons[i].name)))
            return reasons[i].type;
    return GWAPI_ERROR_INVALID;
}

/* False: no memory. */
static bool read_rule(gwapi__schema_rule *rule, const gwapi__rule_loading *l,
                      const gwapi__node *source)
{
    const struct {
        const char *member;
        gwapi_str *text;
    } texts[] = {{"id", &rule->id},
                 {"rule", &rule->rule},
                 {"message", &rule->message},
                 {"messageExpression", &rule->message_expression},
                 {"hint", &rule->hint},
                 {"fieldPath", &rule->field_path}};
    const gwapi__node *optional = gwapi__node_get(source, GWAPI__STR("optionalOldSelf"));

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        gwapi_str text = gwapi__node_get_str(source, gwapi__str_of(texts[i].member));
        if (text.data != NULL && !gwapi__arena_copy(&l->kind->arena, text, texts[i].text))
            return false;
    }
    if (rule->id.data == NULL || l->channel == 0)
        rule->id = GWAPI__STR("rule");
    rule->type = reason_of(gwapi__node_get_str(source, GWAPI__STR("reason")));
    rule->optional_old_self =
        optional != NULL && optional->type == GWAPI__NODE_BOOL && optional->as.boolean;
    return true;
}

static bool add_set(const gwapi__rule_loading *l, gwapi__schema_node *node)
{
    gwapi__rule_set *set = GWAPI__ARENA_NEW(&l->kind->arena, gwapi__rule_set);

    if (set == NULL)
        return false;
    set->rules = node->rules;
    set->count = node->rule_count;
    set->next = l->kind->rule_sets;
    set->index = set->next != NULL ? set->next->index + 1 : 0;
    atomic_init(&set->programs, NULL);
    node->rule_set = l->kind->rule_sets = set;
    node->has_rules = true;
    return true;
}

gwapi_result gwapi__rules_read(const gwapi__rule_loading *l, const gwapi__frame *at,
                               const gwapi__node *list, gwapi__schema_node *node)
{
    if (list->type != GWAPI__NODE_LIST) {
        refuse(l, at, list->place, "must be a list of rules");
        return GWAPI_OK;
    }
    gwapi__schema_rule *rules =
        gwapi__arena_array(&l->kind->arena, list->as.list.count, sizeof *rules);
    if (rules == NULL)
        return GWAPI_ENOMEM;
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        const gwapi__node *source = list->as.list.items[i];
        gwapi__frame frame = gwapi__frame_item(at, list, i);
        gwapi__schema_rule *rule = &rules[node->rule_count];
        if (!gwapi__in_channel(l->channel, source, "channel"))
            continue;
        if (!read_rule(rule, l, source))
            return GWAPI_ENOMEM;
        if (rule->rule.data == NULL && l->channel == 0)
            continue; /* judged apart, with the definition */
        if (rule->rule.data == NULL)
            refuse(l, &frame, source->place, "needs the text of a rule");
        else
            node->rule_count++;
    }
    node->rules = rules;
    return node->rule_count == 0 || add_set(l, node) ? GWAPI_OK : GWAPI_ENOMEM;
}

/* ---- binding --------------------------------------------------------------------------- */

typedef struct binding {
    const gwapi__rule_loading *loading;
    const gwapi__frame *at;
    const gwapi__node *source;
    const gwapi__schema_node *rules; /* of the source: the node itself, or an allOf of it */
    const gwapi__schema_node *value;
} binding;

static gwapi_result bind_tree(const binding *b);

static void bind_own(const binding *b)
{
    if (b->rules->rule_set != NULL)
        b->rules->rule_set->value = b->value;
}

/* A part of a branch, which is bound to the same part of what the node describes. */
static gwapi_result bind_part(const binding *b, const gwapi__frame *at,
                              const gwapi__node *source, const gwapi__schema_node *rules,
                              const gwapi__schema_node *value)
{
    if (rules == NULL || value == NULL || !(rules->has_rules || rules->has_branch_rules))
        return GWAPI_OK;
    return bind_tree(&(binding){b->loading, at, source, rules, value});
}

static gwapi_result bind_keyword(const binding *b, const char *keyword,
                                 const gwapi__schema_node *rules,
                                 const gwapi__schema_node *value)
{
    const gwapi__field *field = gwapi__node_field(b->source, gwapi__str_of(keyword));

    if (field == NULL)
        return GWAPI_OK;
    gwapi__frame at = gwapi__frame_field(b->at, field);
    return bind_part(b, &at, field->value, rules, value);
}

static gwapi_result bind_properties(const binding *b)
{
    const gwapi__field *properties = gwapi__node_field(b->source, GWAPI__STR("properties"));

    if (properties == NULL)
        return GWAPI_OK;
    gwapi__frame at = gwapi__frame_field(b->at, properties);
    for (uint32_t i = 0; i < b->rules->property_count; i++) {
        const gwapi__property *rules = &b->rules->properties[i];
        const gwapi__property *value = gwapi__schema_property(b->value, rules->name);
        const gwapi__field *field = gwapi__node_field(properties->value, rules->name);
        if (value == NULL || field == NULL)
            continue;
        gwapi__frame frame = gwapi__frame_field(&at, field);
        GWAPI__TRY(bind_part(b, &frame, field->value, rules->node, value->node));
    }
    return GWAPI_OK;
}

static gwapi_result bind_branches(const binding *b)
{
    const gwapi__field *all_of = gwapi__node_field(b->source, GWAPI__STR("allOf"));

    if (all_of == NULL || !b->rules->has_branch_rules)
        return GWAPI_OK;
    gwapi__frame at = gwapi__frame_field(b->at, all_of);
    for (uint32_t i = 0; i < b->rules->all_of.count; i++) {
        gwapi__frame frame = gwapi__frame_item(&at, all_of->value, i);
        GWAPI__TRY(bind_part(b, &frame, all_of->value->as.list.items[i],
                             b->rules->all_of.at[i], b->value));
    }
    return GWAPI_OK;
}

static gwapi_result bind_tree(const binding *b)
{
    bind_own(b);
    GWAPI__TRY(bind_branches(b));
    GWAPI__TRY(bind_keyword(b, "items", b->rules->items, b->value->items));
    GWAPI__TRY(bind_keyword(b, "additionalProperties", b->rules->additional,
                            b->value->additional));
    return bind_properties(b);
}

gwapi_result gwapi__rules_bind(const gwapi__rule_loading *l, const gwapi__frame *at,
                               const gwapi__node *source, const gwapi__schema_node *node)
{
    const binding b = {l, at, source, node, node};

    bind_own(&b);
    return bind_branches(&b);
}
