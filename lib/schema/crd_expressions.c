/*
 * What rules say: they are compiled with the types of their values, and their costs are estimated
 * from the limits of the schema (pkg/apis/apiextensions/validation: cel_validation.go).
 */
#include "base/utf8.h"
#include "schema/celtype.h"
#include "schema/crd_judge.h"
#include "schema/rules.h"

#define EXPRESSION_LIMIT UINT64_C(10000000)
#define SCHEMA_LIMIT UINT64_C(100000000)
#define EXPENSIVE (SCHEMA_LIMIT / 100)

typedef struct checking {
    gwapi__judgement *j;
    const gwapi__crd_rules *rules;
    const gwapi__kind *kind;
    gwapi__crd_costs *costs;
    const gwapi__node *list;
    const gwapi__frame *list_at;
} checking;

/* ---- costs ----------------------------------------------------------------------------- */

static uint64_t times(uint64_t a, uint64_t b)
{
    return a != 0 && UINT64_MAX / a < b ? UINT64_MAX : a * b;
}

static gwapi__crd_occurrence repeated(gwapi__crd_occurrence own, const gwapi__node *limit)
{
    if (own.unbounded || limit == NULL)
        return (gwapi__crd_occurrence){0, true};
    return (gwapi__crd_occurrence){
        times(own.most, limit->as.integer > 0 ? (uint64_t)limit->as.integer : 0), false};
}

gwapi__crd_occurrence gwapi__crd_below(gwapi__crd_occurrence own, const gwapi__node *schema)
{
    gwapi_str type = gwapi__node_get_str(schema, GWAPI__STR("type"));

    if (gwapi__str_eq(type, GWAPI__STR("array")))
        return repeated(own, GWAPI__GET(schema, "maxItems"));
    if (gwapi__str_eq(type, GWAPI__STR("object")) &&
        GWAPI__GET(schema, "additionalProperties") != NULL)
        return repeated(own, GWAPI__GET(schema, "maxProperties"));
    return own;
}

/* Without a limit, as often as the smallest value and a comma fit into a request. */
static uint64_t times_of_rule(const gwapi__crd_rules *rules)
{
    return rules->occurrence.unbounded
               ? GWAPI__LARGEST_REQUEST / (rules->compiled->smallest + 1)
               : rules->occurrence.most;
}

/* A copy of the frames that lasts as long as the document. */
static const gwapi__frame *kept(gwapi__judgement *j, const gwapi__frame *frame)
{
    gwapi__frame *copy = GWAPI__ARENA_NEW(j->input->arena, gwapi__frame);

    if (copy == NULL) {
        gwapi__judge_fail(j, GWAPI_ENOMEM);
        return NULL;
    }
    *copy = *frame;
    if (frame->parent != NULL)
        copy->parent = kept(j, frame->parent);
    return copy;
}

static void observe(const checking *c, const gwapi__frame *at, uint64_t cost)
{
    gwapi__crd_costs *costs = c->costs;
    uint32_t i = costs->count;

    costs->total = UINT64_MAX - costs->total < cost ? UINT64_MAX : costs->total + cost;
    if (cost < EXPENSIVE ||
        (i == GWAPI__CRD_EXPENSES && costs->most[i - 1].cost >= cost))
        return;
    if (i == GWAPI__CRD_EXPENSES)
        i--;
    else
        costs->count++;
    for (; i > 0 && costs->most[i - 1].cost < cost; i--)
        costs->most[i] = costs->most[i - 1];
    costs->most[i] = (gwapi__crd_expense){kept(c->j, at), cost};
}

static void check_cost(const checking *c, const gwapi__frame *at, const gwapi__node *text,
                       uint64_t cost)
{
    if (cost > EXPRESSION_LIMIT) {
        c->costs->faults++;
        gwapi__crd_fault(c->j, at, text, GWAPI_ERROR_FORBIDDEN, "crd/rule-cost",
                         "may cost %u, more than the %u allowed\n"
                         "simplify it, or give the lists, maps and strings it goes through "
                         "maxItems, maxProperties and maxLength",
                         cost, EXPRESSION_LIMIT);
    }
    observe(c, at, cost);
}

void gwapi__crd_check_total(gwapi__judgement *j, const gwapi__frame *at,
                            const gwapi__crd_costs *costs)
{
    if (costs->total <= SCHEMA_LIMIT || j->failed != GWAPI_OK)
        return;
    for (uint32_t i = 0; i < costs->count; i++)
        gwapi__crd_fault(j, costs->most[i].at, NULL, GWAPI_ERROR_FORBIDDEN, "crd/rule-cost",
                         "may cost %u of the %u that all rules may cost together",
                         costs->most[i].cost, SCHEMA_LIMIT);
    gwapi__crd_fault(j, at, NULL, GWAPI_ERROR_FORBIDDEN, "crd/rule-cost",
                     "all rules together may cost %u, more than the %u allowed\n"
                     "simplify them, or give lists, maps and strings maxItems, maxProperties "
                     "and maxLength",
                     costs->total, SCHEMA_LIMIT);
}

/* ---- issues ---------------------------------------------------------------------------- */

static size_t byte_of_column(gwapi_str line, uint32_t column)
{
    uint32_t rune;
    size_t at = 0, step;

    for (uint32_t i = 1; i < column && at < line.len; i++, at += step)
        gwapi__utf8_step(gwapi__str_sub(line, at, line.len), &rune, &step);
    return at;
}

/* Does the document show the text as it is, on one line, perhaps in quotes? Then the place within
 * it is known too. */
static bool find_place(gwapi__judgement *j, gwapi__place *place, gwapi_str text, uint32_t offset)
{
    uint32_t column;
    gwapi_str line = gwapi__stream_excerpt(j->input->stream, *place, &column);
    gwapi_str rest = gwapi__str_sub(line, byte_of_column(line, column), line.len);
    bool quoted =
        gwapi__str_starts(rest, GWAPI__STR("\"")) || gwapi__str_starts(rest, GWAPI__STR("'"));

    if (!gwapi__str_starts(gwapi__str_sub(rest, quoted, rest.len), text))
        return false;
    place->column += quoted + (uint32_t)gwapi__utf8_count(gwapi__str_sub(text, 0, offset));
    return true;
}

/* The line of the expression around the place, else. */
static void show(gwapi__finding *f, gwapi_str text, uint32_t offset)
{
    size_t start = gwapi__str_rfind_char(gwapi__str_sub(text, 0, offset), '\n');
    gwapi_str line;

    start = start != SIZE_MAX ? start + 1 : 0;
    gwapi__str_cut(gwapi__str_sub(text, start, text.len), '\n', &line, &(gwapi_str){NULL, 0});
    f->excerpt = line;
    f->excerpt_column = 1 + (uint32_t)gwapi__utf8_count(gwapi__str_sub(text, start, offset - start));
}

static void hear(void *ctx, const gwapi__rule_problem *p)
{
    const checking *c = ctx;
    const gwapi__node *rule = c->list->as.list.items[p->rule];
    const gwapi__node *text = gwapi__node_get(rule, gwapi__str_of(p->member));
    gwapi__frame rule_at = gwapi__frame_item(c->list_at, c->list, p->rule);
    gwapi__frame at = gwapi__crd_at(&rule_at, rule, p->member);
    gwapi__finding f = {
        .type = GWAPI_ERROR_INVALID, .rule = "crd/rule-compile", .at = &at, .brackets = true};

    c->costs->faults++;
    if (!gwapi__judge_error(c->j, f.type))
        return;
    f.place = text->place;
    if (p->length != 0 && !find_place(c->j, &f.place, text->as.string, p->offset))
        show(&f, text->as.string, p->offset);
    gwapi__say(&c->j->message, "%v", p->message);
    gwapi__judge_report(c->j, &f);
}

/* ---- one rule -------------------------------------------------------------------------- */

static uint64_t estimated(const checking *c, const gwapi__cel_program *program)
{
    gwapi__cel_range cost = {0, 0};

    if (program != NULL &&
        gwapi__cel_estimate_cost(&cost, program, c->j->input->arena) != GWAPI_OK)
        gwapi__judge_fail(c->j, GWAPI_ENOMEM);
    return cost.max;
}

static void check_old_self(const checking *c, const gwapi__frame *at, const gwapi__node *rule,
                           bool uses_old)
{
    const gwapi__node *optional = GWAPI__GET(rule, "optionalOldSelf");
    const gwapi__node *text = GWAPI__GET(rule, "rule");
    gwapi__frame rule_at = gwapi__crd_at(at, rule, "rule");
    gwapi__frame optional_at = gwapi__crd_at(at, rule, "optionalOldSelf");
    gwapi__finding f = {.type = GWAPI_ERROR_INVALID,
                        .rule = "crd/rule-old-self",
                        .at = &rule_at,
                        .place = text->place,
                        .brackets = true};

    if (!uses_old && optional != NULL) {
        c->costs->faults++;
        gwapi__crd_fault(c->j, &optional_at, optional, GWAPI_ERROR_INVALID, f.rule,
                         "the rule does not use oldSelf\nleave optionalOldSelf out");
    }
    if (!uses_old || c->rules->uncorrelatable == NULL)
        return;
    c->costs->faults++;
    if (!gwapi__judge_error(c->j, f.type))
        return;
    gwapi__say(&c->j->message, "values here have no old selves, as nothing identifies parts of ");
    gwapi__path_write(&c->j->message, c->rules->uncorrelatable, true);
    gwapi__judge_report(c->j, &f);
}

static void check_rule(const checking *c, uint32_t i, const gwapi__rule_program *program)
{
    const gwapi__node *rule = c->list->as.list.items[i];
    gwapi__frame at = gwapi__frame_item(c->list_at, c->list, i);
    gwapi__frame rule_at = gwapi__crd_at(&at, rule, "rule");
    gwapi__frame message_at = gwapi__crd_at(&at, rule, "messageExpression");

    check_cost(c, &rule_at, GWAPI__GET(rule, "rule"),
               times(estimated(c, program->rule), times_of_rule(c->rules)));
    if (program->message != NULL)
        check_cost(c, &message_at, GWAPI__GET(rule, "messageExpression"),
                   estimated(c, program->message));
    check_old_self(c, &at, rule, program->uses_old);
}

static void check_rules(const checking *c, gwapi__rule_set *set)
{
    const gwapi__rule_listener listener = {(void *)(uintptr_t)c, hear};
    const gwapi__rule_programs *programs;

    if (gwapi__rule_set_compile(&programs, c->kind, set, &listener) != GWAPI_OK) {
        gwapi__judge_fail(c->j, GWAPI_ENOMEM);
        return;
    }
    for (uint32_t i = 0; i < programs->count && c->j->failed == GWAPI_OK; i++)
        check_rule(c, i, &programs->at[i]);
}

void gwapi__crd_check_expressions(gwapi__judgement *j, const gwapi__crd_rules *rules,
                                  const gwapi__kind *kind, gwapi__crd_costs *costs)
{
    const gwapi__node *list = GWAPI__GET(rules->schema, "x-kubernetes-validations");
    gwapi__frame list_at = gwapi__crd_at(rules->at, rules->schema, "x-kubernetes-validations");
    const checking c = {j, rules, kind, costs, list, &list_at};
    const gwapi__rule_set *set = rules->compiled->rule_set;

    if (gwapi__crd_count(list) == 0 || j->failed != GWAPI_OK)
        return;
    if (rules->compiled->cel_type == NULL) {
        costs->faults++;
        gwapi__crd_fault(j, &list_at, list, GWAPI_ERROR_INVALID, "crd/rule-compile",
                         "rules cannot see the values here, as they have no one type");
        return;
    }
    /* A set of our own: those of the kind may have been compiled for a default. */
    gwapi__rule_set own = {.value = set->value, .rules = set->rules, .count = set->count};
    atomic_init(&own.programs, NULL);
    check_rules(&c, &own);
    gwapi__rule_set_free(&kind->arena.allocator, &own);
}
