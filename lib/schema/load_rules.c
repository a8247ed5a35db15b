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
    set->value = node;
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
