/*
 * Evaluation of rules: in the order, with the budget and with the forgiveness on update that
 * k8s.io/apiextensions-apiserver has (pkg/apiserver/schema/cel/validation.go).
 */
#include "schema/rules.h"

#include "base/slice.h"
#include "schema/rule_report.h"

enum { SELF, OLD_SELF, VARIABLES };

typedef struct evaluation {
    gwapi__judgement *j;
    gwapi__arena arena; /* of what an expression makes; emptied behind each */
    gwapi__cel_context context;
    uint64_t budget; /* cost units left for the object */
    bool ended;      /* no further rule is evaluated */
} evaluation;

/* A value and its schema beside the earlier value. */
typedef struct counterpart {
    const gwapi__schema_node *schema;
    const gwapi__node *node, *old;
    enum { NOT_COMPARED = 0, EQUAL, DIFFERENT } state;
} counterpart;

/* What decides whether a finding is forgiven: the counterpart of the value, or if it has none,
 * that of the nearest value around it that has one. */
typedef struct correlation {
    counterpart *current, *nearest;
} correlation;

/* Where a walk stands. */
typedef struct position {
    const gwapi__frame *at;
    const gwapi__node *node, *old; /* old: what oldSelf stands for; NULL without it */
    const gwapi__schema_node *schema;
    correlation correlated;
} position;

static void walk(evaluation *e, const position *p);

/* ---- forgiving ------------------------------------------------------------------------- */

static bool is_unchanged(counterpart *c)
{
    if (c->state == NOT_COMPARED)
        c->state = gwapi__unchanged(c->schema, c->node, c->old) ? EQUAL : DIFFERENT;
    return c->state == EQUAL;
}

static bool is_forgiven(const correlation *c)
{
    if (c->current != NULL)
        return is_unchanged(c->current);
    return c->nearest != NULL && is_unchanged(c->nearest);
}

/* The correlation of a part; `inner` is where its counterpart is kept. */
static correlation correlate(const correlation *outer, counterpart *inner,
                             const gwapi__node *node, const gwapi__node *old,
                             const gwapi__schema_node *schema)
{
    if (outer->current == NULL)
        return *outer;
    *inner = (counterpart){.schema = schema, .node = node, .old = old};
    return (correlation){old != NULL ? inner : NULL, outer->current};
}

/* Old and new are of one version by then: changes of it are not seen, thus not forgiven. */
static bool is_version(const position *p, gwapi_str name)
{
    return p->at->parent == NULL && (gwapi__str_eq(name, GWAPI__STR("apiVersion")) ||
                                     gwapi__str_eq(name, GWAPI__STR("kind")));
}

/* ---- one rule -------------------------------------------------------------------------- */

static bool evaluate(evaluation *e, gwapi__cel_value *out, const gwapi__cel_program *program,
                     const gwapi__cel_value *variables)
{
    gwapi_result r = e->context.failed; /* while the variables were made */

    if (r == GWAPI_OK)
        r = gwapi__cel_eval(out, program, variables, &e->context);
    if (r != GWAPI_OK) {
        gwapi__judge_fail(e->j, r);
        e->ended = true;
    }
    return r == GWAPI_OK;
}

/* Takes the cost of the last evaluation from the budget; false: there was not enough. */
static bool pay(evaluation *e)
{
    if (e->context.cost > e->budget)
        return false;
    e->budget -= e->context.cost;
    return true;
}

static bool over_limit(const evaluation *e)
{
    return e->context.cost > e->context.limit;
}

static gwapi__cel_value old_self(evaluation *e, const position *p)
{
    if (p->old == NULL)
        return GWAPI__CEL_FAIL("no such attribute(s): oldSelf");
    return gwapi__cel_of_node(&e->context, p->old, p->schema->cel_type);
}

/* As the server gives it: what it declares as an optional for a rule with optionalOldSelf, the
 * messageExpression gets as the plain value; and nothing if no rule beside it looks at it. */
static void message_variables(evaluation *e, const position *p, bool uses_old,
                              gwapi__cel_value *variables)
{
    variables[SELF] = gwapi__cel_of_node(&e->context, p->node, p->schema->cel_type);
    variables[OLD_SELF] =
        uses_old ? old_self(e, p) : GWAPI__CEL_FAIL("no such attribute(s): oldSelf");
}

static gwapi__cel_value old_variable(evaluation *e, const position *p,
                                     const gwapi__schema_rule *rule)
{
    if (!rule->optional_old_self)
        return old_self(e, p);
    return p->old == NULL ? gwapi__cel_none() : gwapi__cel_some(&e->context, old_self(e, p));
}

/* The message that an expression makes; absent: that of the rule stands for it. */
static gwapi_str made_message(evaluation *e, const position *p, bool uses_old,
                              const gwapi__rule_program *program, gwapi__rule_case *c)
{
    const gwapi_str none = {NULL, 0};
    gwapi__cel_value variables[VARIABLES], value;

    message_variables(e, p, uses_old, variables);
    if (!evaluate(e, &value, program->message, variables))
        return none;
    if (!pay(e) || over_limit(e)) {
        c->outcome = GWAPI__RULE_MESSAGE_COST;
        e->ended = true;
        return none;
    }
    return gwapi__rule_message_of(&value);
}

static void violated(evaluation *e, const position *p, bool uses_old,
                     const gwapi__rule_program *program, gwapi__rule_case *c)
{
    c->program = program;
    c->forgiven = !program->uses_old && is_forgiven(&p->correlated);
    if (program->message != NULL)
        c->message = made_message(e, p, uses_old, program, c);
    if (e->j->failed == GWAPI_OK)
        gwapi__rule_report(e->j, c, &e->arena);
}

/* The budget of the object does not suffice: the last thing that is said of its rules. */
static void spent(evaluation *e, gwapi__rule_case *c)
{
    c->outcome = GWAPI__RULE_BUDGET;
    e->ended = true;
    gwapi__rule_report(e->j, c, &e->arena);
}

/* What is told of a rule that is not simply true. */
static void judge_value(evaluation *e, const position *p, bool uses_old,
                        const gwapi__rule_program *program, gwapi__rule_case *c,
                        const gwapi__cel_value *value)
{
    if (over_limit(e)) {
        c->outcome = GWAPI__RULE_COST;
        e->ended = true;
    } else if (gwapi__cel_is_error(value)) {
        c->outcome = GWAPI__RULE_ERROR;
        c->message = value->as.text;
    } else {
        violated(e, p, uses_old, program, c);
        return;
    }
    gwapi__rule_report(e->j, c, &e->arena);
}

/* One in a definition that is being judged: of a default. */
static void refuse_rule(evaluation *e, const position *p, const gwapi__schema_rule *rule)
{
    const gwapi__rule_case c = {.rule = rule,
                                .at = p->at,
                                .node = p->node,
                                .outcome = GWAPI__RULE_ERROR,
                                .message = GWAPI__STR("the rule does not compile")};

    gwapi__rule_report(e->j, &c, &e->arena);
}

static bool is_true(const gwapi__cel_value *value)
{
    return value->kind == GWAPI__CEL_BOOL && value->as.boolean;
}

static void evaluate_rule(evaluation *e, const position *p, bool uses_old,
                          const gwapi__schema_rule *rule, const gwapi__rule_program *program,
                          const gwapi__cel_value *self)
{
    gwapi__cel_value variables[VARIABLES], value;

    variables[SELF] = *self;
    if (program->uses_old)
        variables[OLD_SELF] = old_variable(e, p, rule);
    if (!evaluate(e, &value, program->rule, variables))
        return;
    bool paid = pay(e);
    if (paid && !over_limit(e) && is_true(&value))
        return;
    gwapi__rule_case c = {.rule = rule, .at = p->at, .node = p->node};
    if (!paid)
        spent(e, &c);
    else
        judge_value(e, p, uses_old, program, &c, &value);
}

/* Is anything of the value in the arena that a rule leaves empty? */
static bool is_lasting(const gwapi__cel_value *self)
{
    return self->kind != GWAPI__CEL_ERROR && self->kind != GWAPI__CEL_BYTES;
}

static void evaluate_set(evaluation *e, const position *p, const gwapi__rule_set *set,
                         const gwapi__rule_programs *programs)
{
    gwapi__cel_value self;
    bool known = false;

    for (uint32_t i = 0; i < set->count && !e->ended; i++) {
        const gwapi__rule_program *program = &programs->at[i];
        const char *cursor = e->arena.cursor;
        if (program->uses_old && p->old == NULL && !set->rules[i].optional_old_self)
            continue;
        if (program->rule == NULL) {
            refuse_rule(e, p, &set->rules[i]);
        } else {
            if (!known)
                self = gwapi__cel_of_node(&e->context, p->node, p->schema->cel_type);
            known = is_lasting(&self);
            evaluate_rule(e, p, programs->uses_old, &set->rules[i], program, &self);
        }
        if (e->arena.cursor != cursor)
            gwapi__arena_reset(&e->arena);
    }
}

static void evaluate_rules(evaluation *e, const position *p)
{
    const gwapi__rule_programs *programs;
    gwapi__rule_set *set = p->schema->rule_set;

    if (set == NULL)
        return;
    gwapi_result r = gwapi__rule_set_compile(&programs, e->j->kind, set, NULL);
    if (r != GWAPI_OK) {
        gwapi__judge_fail(e->j, r);
        e->ended = true;
        return;
    }
    if (e->budget == 0)
        spent(e, &(gwapi__rule_case){.rule = set->rules, .at = p->at, .node = p->node});
    else
        evaluate_set(e, p, set, programs);
}

/* ---- the walk -------------------------------------------------------------------------- */

/* A null is seen by the rules around it only. */
static const gwapi__node *present(const gwapi__node *node)
{
    return node != NULL && node->type != GWAPI__NODE_NULL ? node : NULL;
}

/* A part of the value, whose earlier value is `old`. */
static void walk_part(evaluation *e, const position *p, position *q, const gwapi__node *old)
{
    counterpart inner;

    if (p->correlated.current == NULL && old == NULL) { /* a new object, as mostly */
        q->correlated = p->correlated;
        walk(e, q);
        return;
    }
    q->old = present(old);
    q->correlated = correlate(&p->correlated, &inner, q->node, old, q->schema);
    walk(e, q);
}

static void walk_items(evaluation *e, const position *p)
{
    const gwapi__schema_node *items = p->schema->items;

    if (items == NULL || !items->has_rules)
        return;
    for (uint32_t i = 0; i < p->node->as.list.count && !e->ended; i++) {
        gwapi__frame frame = gwapi__frame_item(p->at, p->node, i);
        position q = {.at = &frame, .node = p->node->as.list.items[i], .schema = items};
        walk_part(e, p, &q, gwapi__old_item(p->schema, p->node, i, p->old));
    }
}

/* Fields that expressions cannot name are judged by their own rules all the same. */
static bool is_nameable(evaluation *e, gwapi_str name)
{
    gwapi_str escaped;

    return gwapi__cel_escape(&e->arena, name, &escaped);
}

/* Where the server has no type, it evaluates nothing. */
static bool is_seen(evaluation *e, const position *p, gwapi_str name,
                    const gwapi__schema_node *member)
{
    return member->cel_type != NULL && (p->schema->cel_type != NULL || !is_nameable(e, name));
}

static void walk_member(evaluation *e, const position *p, const gwapi__field *field)
{
    const gwapi__property *property = gwapi__schema_property(p->schema, field->name);
    const gwapi__schema_node *schema =
        property != NULL ? property->node : p->schema->additional;

    if (schema == NULL || !schema->has_rules || !is_seen(e, p, field->name, schema))
        return;
    gwapi__frame frame = property != NULL ? gwapi__frame_field(p->at, field)
                                          : gwapi__frame_key(p->at, field);
    const gwapi__node *old = p->old != NULL ? gwapi__node_get(p->old, field->name) : NULL;
    position q = {.at = &frame, .node = field->value, .old = present(old), .schema = schema};
    if (is_version(p, field->name))
        walk(e, &q);
    else
        walk_part(e, p, &q, old);
}

static void walk_members(evaluation *e, const position *p)
{
    for (uint32_t i = 0; i < p->node->as.map.count && !e->ended; i++)
        walk_member(e, p, &p->node->as.map.fields[i]);
}

static void walk(evaluation *e, const position *p)
{
    if (p->node->type == GWAPI__NODE_NULL)
        return;
    evaluate_rules(e, p);
    if (p->node->type == GWAPI__NODE_LIST)
        walk_items(e, p);
    else if (p->node->type == GWAPI__NODE_MAP)
        walk_members(e, p);
}

static void check(gwapi__judgement *j, const position *p)
{
    evaluation e = {.j = j, .budget = GWAPI__CEL_OBJECT_LIMIT};

    if (!p->schema->has_rules || j->failed != GWAPI_OK)
        return;
    gwapi__arena_init(&e.arena, &j->allocator);
    gwapi__cel_context_init(&e.context, &e.arena, &j->allocator);
    walk(&e, p);
    gwapi__cel_context_free(&e.context);
    gwapi__arena_free(&e.arena);
}

void gwapi__rules_check(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *root,
                        const gwapi__node *old)
{
    const gwapi__schema_node *schema = j->kind->root;
    counterpart whole = {.schema = schema, .node = root, .old = old};

    check(j, &(position){.at = at,
                         .node = root,
                         .old = old,
                         .schema = schema,
                         .correlated = {old != NULL ? &whole : NULL, NULL}});
}

void gwapi__rules_check_value(gwapi__judgement *j, const gwapi__frame *at,
                              const gwapi__node *value, const gwapi__node *old,
                              const gwapi__schema_node *schema)
{
    check(j, &(position){.at = at, .node = value, .old = old, .schema = schema});
}
