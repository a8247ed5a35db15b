#include "base/slice.h"
#include "cel/plan.h"

bool gwapi__cel_calls(const gwapi__cel_expr *e, const char *function)
{
    return e->form == GWAPI__CEL_CALL &&
           gwapi__str_eq(e->as.call.function, gwapi__str_of(function));
}

static bool is_index(const gwapi__cel_expr *e)
{
    return gwapi__cel_calls(e, "_[_]") || gwapi__cel_calls(e, "_[?_]") ||
           gwapi__cel_calls(e, "_?._");
}

static bool is_choice(const gwapi__cel_expr *e)
{
    return gwapi__cel_calls(e, "_?_:_");
}

bool gwapi__cel_is_attribute(const gwapi__cel_expr *e)
{
    return e->form == GWAPI__CEL_IDENT || e->form == GWAPI__CEL_SELECT || is_index(e) ||
           is_choice(e);
}

/* What the selection selects from; NULL at the root of a chain. */
static const gwapi__cel_expr *operand_of(const gwapi__cel_expr *e)
{
    if (e->ref != GWAPI__CEL_REF_NONE)
        return NULL;
    if (e->form == GWAPI__CEL_SELECT)
        return e->as.select.operand;
    return is_index(e) ? e->as.call.args[0] : NULL;
}

/* A selection, and those that follow it. */
typedef struct link {
    gwapi__cel_qualifier qualifier;
    const struct link *after;
} link;

static bool plan_index(gwapi__cel_planner *p, const gwapi__cel_expr *e, gwapi__cel_qualifier *q)
{
    const gwapi__cel_step *index = gwapi__cel_plan_bare(p, e->as.call.args[1]);

    q->optional = !gwapi__cel_calls(e, "_[_]");
    if (index == NULL)
        return false;
    if (!index->constant) {
        q->index = index;
        return true;
    }
    q->key = ((const gwapi__cel_constant *)index)->value;
    return (q->key.kind >= GWAPI__CEL_BOOL && q->key.kind <= GWAPI__CEL_STRING) ||
           gwapi__cel_plan_issue(p, e, GWAPI__STR("nothing can be found by a value of that type")) != NULL;
}

static bool plan_qualifier(gwapi__cel_planner *p, const gwapi__cel_expr *e,
                           gwapi__cel_qualifier *q)
{
    if (e->form != GWAPI__CEL_SELECT)
        return plan_index(p, e, q);
    q->key = gwapi__cel_of_string(e->as.select.field);
    q->field = e->field;
    q->test = e->as.select.test_only;
    return true;
}

/* ---- chains ----------------------------------------------------------------------------- */

static const gwapi__cel_step *plan_chain(gwapi__cel_planner *p, const gwapi__cel_expr *e,
                                         const link *after, bool bare);

static void set_variable(gwapi__cel_planner *p, gwapi__cel_attribute *a, uint32_t slot)
{
    uint32_t variables = p->program->environment.variable_count;

    a->slot = slot < variables ? slot : slot - variables;
    a->root = slot < variables ? GWAPI__CEL_ROOT_VARIABLE : GWAPI__CEL_ROOT_LOCAL;
    if (slot >= variables && p->lazies[a->slot] != NULL) {
        a->root = GWAPI__CEL_ROOT_LAZY;
        a->step = p->lazies[a->slot];
    }
}

static bool only_fields(const gwapi__cel_attribute *a)
{
    if (a->root != GWAPI__CEL_ROOT_VARIABLE && a->root != GWAPI__CEL_ROOT_LOCAL)
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (a->qualifiers[i].field == NULL || a->qualifiers[i].optional)
            return false;
    return a->count != 0;
}

static gwapi__cel_run *run_of(const gwapi__cel_attribute *a)
{
    if (a->fields && a->count == 1)
        return a->test ? gwapi__cel_run_has_field : gwapi__cel_run_field;
    if (a->count != 0)
        return gwapi__cel_run_attribute;
    return a->root == GWAPI__CEL_ROOT_VARIABLE ? gwapi__cel_run_variable
           : a->root == GWAPI__CEL_ROOT_LOCAL  ? gwapi__cel_run_local
                                               : gwapi__cel_run_attribute;
}

/* An attribute with the selections of the chain, whose root is set by the caller. */
static gwapi__cel_attribute *new_attribute(gwapi__cel_planner *p, const link *first, bool bare)
{
    uint32_t count = 0;

    for (const link *l = first; l != NULL; l = l->after)
        count++;
    gwapi__cel_attribute *a = gwapi__cel_new_step(
        p, sizeof *a + count * sizeof *a->qualifiers, gwapi__cel_run_attribute);
    if (a == NULL)
        return NULL;
    a->head.attribute = true;
    a->cost = !bare;
    for (const link *l = first; l != NULL; l = l->after) {
        a->qualifiers[a->count++] = l->qualifier;
        a->test = l->qualifier.test;
    }
    return a;
}

static const gwapi__cel_step *plan_root(gwapi__cel_planner *p, const gwapi__cel_expr *e,
                                        const link *first, bool bare)
{
    bool variable = e->form == GWAPI__CEL_IDENT || e->form == GWAPI__CEL_SELECT;

    if (!gwapi__cel_is_attribute(e) && first == NULL)
        return gwapi__cel_plan_expr(p, e);
    gwapi__cel_attribute *a = new_attribute(p, first, bare);
    if (a == NULL)
        return NULL;
    if (variable && e->ref == GWAPI__CEL_REF_SLOT) {
        set_variable(p, a, e->slot);
        a->fields = only_fields(a);
        a->head.run = run_of(a);
        return &a->head;
    }
    a->root = GWAPI__CEL_ROOT_STEP;
    a->step = gwapi__cel_plan_expr(p, e);
    return a->step != NULL ? &a->head : NULL;
}

/* What follows a choice is selected in both branches. */
static const gwapi__cel_step *plan_choice(gwapi__cel_planner *p, const gwapi__cel_expr *e,
                                          const link *first)
{
    gwapi__cel_choice *c = gwapi__cel_new_step(p, sizeof *c, gwapi__cel_run_choice);

    if (c == NULL)
        return NULL;
    c->head.attribute = true;
    c->condition = gwapi__cel_plan_expr(p, e->as.call.args[0]);
    c->then = c->condition != NULL ? plan_chain(p, e->as.call.args[1], first, true) : NULL;
    c->otherwise = c->then != NULL ? plan_chain(p, e->as.call.args[2], first, true) : NULL;
    return c->otherwise != NULL ? &c->head : NULL;
}

static const gwapi__cel_step *plan_chain(gwapi__cel_planner *p, const gwapi__cel_expr *e,
                                         const link *after, bool bare)
{
    const gwapi__cel_expr *operand = operand_of(e);

    if (operand != NULL) {
        link l = {.after = after};
        return plan_qualifier(p, e, &l.qualifier) ? plan_chain(p, operand, &l, bare) : NULL;
    }
    return is_choice(e) ? plan_choice(p, e, after) : plan_root(p, e, after, bare);
}

/* has() costs what its selections cost: that it is a chain, and not the value, cancel out. A
 * choice costs nothing, but has() takes its unit off nevertheless. */
const gwapi__cel_step *gwapi__cel_plan_attribute(gwapi__cel_planner *p, const gwapi__cel_expr *e,
                                                 bool bare)
{
    bool test = e->form == GWAPI__CEL_SELECT && e->as.select.test_only;
    const gwapi__cel_step *step = plan_chain(p, e, NULL, bare || test);

    if (step == NULL || !test || bare || step->run != gwapi__cel_run_choice)
        return step;
    gwapi__cel_choice *c = gwapi__cel_new_step(p, sizeof *c, gwapi__cel_run_choice);
    if (c == NULL)
        return NULL;
    *c = *(const gwapi__cel_choice *)step;
    c->test = true;
    return &c->head;
}
