/* Which rules other errors kept from being evaluated: the server only says that some were. */
#include "base/report.h"
#include "base/slice.h"
#include "schema/rule_report.h"

typedef struct search {
    const gwapi__rule_set **met; /* by index */
} search;

static void meet(search *s, const gwapi__node *node, const gwapi__schema_node *schema)
{
    if (node->type == GWAPI__NODE_NULL || !schema->has_rules)
        return;
    if (schema->rule_set != NULL)
        s->met[schema->rule_set->index] = schema->rule_set;
    if (node->type == GWAPI__NODE_LIST && schema->items != NULL)
        for (uint32_t i = 0; i < node->as.list.count; i++)
            meet(s, node->as.list.items[i], schema->items);
    if (node->type == GWAPI__NODE_MAP)
        for (uint32_t i = 0; i < node->as.map.count; i++) {
            const gwapi__schema_node *member =
                gwapi__schema_member(schema, node->as.map.fields[i].name);
            if (member != NULL)
                meet(s, node->as.map.fields[i].value, member);
        }
}

/* A rule of a CRD has no id: its words stand for it. */
static gwapi_str name_of(const gwapi__schema_rule *rule)
{
    return gwapi__str_eq(rule->id, GWAPI__STR("rule")) ? gwapi__rule_words(rule) : rule->id;
}

static bool is_listed(const gwapi_str *names, uint32_t count, gwapi_str name)
{
    for (uint32_t i = 0; i < count; i++)
        if (gwapi__str_eq(names[i], name))
            return true;
    return false;
}

static uint32_t list_names(gwapi_str *names, const search *s, uint32_t set_count)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < set_count; i++)
        for (uint32_t k = 0; s->met[i] != NULL && k < s->met[i]->count; k++) {
            gwapi_str name = name_of(&s->met[i]->rules[k]);
            if (!is_listed(names, count, name))
                names[count++] = name;
        }
    return count;
}

void gwapi__rules_not_reached(gwapi__judgement *j, const gwapi__node *root)
{
    const gwapi__rule_set *last = j->kind->rule_sets;
    gwapi__arena arena;
    uint32_t rules = 0;

    if (!j->kind->root->has_rules || j->input->report == NULL || j->failed != GWAPI_OK)
        return;
    gwapi__arena_init(&arena, &j->allocator);
    for (const gwapi__rule_set *set = last; set != NULL; set = set->next)
        rules += set->count;
    search s = {.met = gwapi__arena_array(&arena, last->index + 1, sizeof *s.met)};
    gwapi_str *names = gwapi__arena_array(&arena, rules, sizeof *names);
    if (s.met == NULL || names == NULL) {
        gwapi__judge_fail(j, GWAPI_ENOMEM);
    } else {
        meet(&s, root, j->kind->root);
        gwapi__judge_fail(j, gwapi__report_not_reached(j->input->report, j->input->document,
                                                       names,
                                                       list_names(names, &s, last->index + 1)));
    }
    gwapi__arena_free(&arena);
}
