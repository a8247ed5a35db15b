#include "base/slice.h"
#include "cel/plan.h"

typedef const gwapi__cel_step *plan_function(gwapi__cel_planner *p, const gwapi__cel_expr *e);

/* ---- arguments, the receiver first ------------------------------------------------------ */

static uint32_t count_of(const gwapi__cel_expr *e)
{
    return e->as.call.count + (e->as.call.target != NULL);
}

static const gwapi__cel_expr *arg_of(const gwapi__cel_expr *e, uint32_t i)
{
    if (e->as.call.target == NULL)
        return e->as.call.args[i];
    return i == 0 ? e->as.call.target : e->as.call.args[i - 1];
}

static bool plan_args(gwapi__cel_planner *p, const gwapi__cel_expr *e,
                      const gwapi__cel_step **args)
{
    for (uint32_t i = 0; i < count_of(e); i++) {
        args[i] = gwapi__cel_plan_expr(p, arg_of(e, i));
        if (args[i] == NULL)
            return false;
    }
    return true;
}

/* ---- operators -------------------------------------------------------------------------- */

static gwapi__cel_terms *new_terms(gwapi__cel_planner *p, uint32_t count, gwapi__cel_run *run)
{
    gwapi__cel_terms *t = gwapi__cel_new_step(p, sizeof *t + count * sizeof *t->terms, run);

    if (t != NULL)
        t->count = count;
    return t;
}

static const gwapi__cel_step *plan_two(gwapi__cel_planner *p, const gwapi__cel_expr *e,
                                       gwapi__cel_run *run)
{
    gwapi__cel_terms *t = new_terms(p, 2, run);

    return t != NULL && plan_args(p, e, t->terms) ? &t->head : NULL;
}

static bool same_function(const gwapi__cel_expr *e, const gwapi__cel_expr *inner)
{
    return inner->form == GWAPI__CEL_CALL &&
           gwapi__str_eq(inner->as.call.function, e->as.call.function);
}

static uint32_t count_terms(const gwapi__cel_expr *e, const gwapi__cel_expr *inner)
{
    return same_function(e, inner) ? count_terms(e, inner->as.call.args[0]) +
                                         count_terms(e, inner->as.call.args[1])
                                   : 1;
}

static bool plan_terms(gwapi__cel_planner *p, const gwapi__cel_expr *e,
                       const gwapi__cel_expr *inner, gwapi__cel_terms *t)
{
    if (same_function(e, inner))
        return plan_terms(p, e, inner->as.call.args[0], t) &&
               plan_terms(p, e, inner->as.call.args[1], t);
    const gwapi__cel_step *term = gwapi__cel_plan_expr(p, inner);
    t->terms[t->count++] = term;
    return term != NULL;
}

/* A tree of && or || as one row. */
static const gwapi__cel_step *plan_logic(gwapi__cel_planner *p, const gwapi__cel_expr *e,
                                         gwapi__cel_run *run)
{
    gwapi__cel_terms *t = new_terms(p, count_terms(e, e), run);

    if (t == NULL)
        return NULL;
    t->count = 0;
    return plan_terms(p, e, e, t) ? &t->head : NULL;
}

static const gwapi__cel_step *plan_and(gwapi__cel_planner *p, const gwapi__cel_expr *e)
{
    return plan_logic(p, e, gwapi__cel_run_and);
}

static const gwapi__cel_step *plan_or(gwapi__cel_planner *p, const gwapi__cel_expr *e)
{
    return plan_logic(p, e, gwapi__cel_run_or);
}

static const gwapi__cel_value *constant_of(const gwapi__cel_step *step)
{
    return &((const gwapi__cel_constant *)step)->value;
}

static bool is_text(const gwapi__cel_step *step)
{
    return step->constant && constant_of(step)->kind == GWAPI__CEL_STRING;
}

/* Mostly, a field is compared with a word. */
static const gwapi__cel_step *plan_equality(gwapi__cel_planner *p, const gwapi__cel_expr *e,
                                            gwapi__cel_run *run, gwapi__cel_run *with_text)
{
    gwapi__cel_terms *t = new_terms(p, 2, run);

    if (t == NULL || !plan_args(p, e, t->terms))
        return NULL;
    if (is_text(t->terms[1]))
        t->head.run = with_text;
    return &t->head;
}

static const gwapi__cel_step *plan_equal(gwapi__cel_planner *p, const gwapi__cel_expr *e)
{
    return plan_equality(p, e, gwapi__cel_run_equal, gwapi__cel_run_equal_text);
}

static const gwapi__cel_step *plan_unequal(gwapi__cel_planner *p, const gwapi__cel_expr *e)
{
    return plan_equality(p, e, gwapi__cel_run_unequal, gwapi__cel_run_unequal_text);
}

static const gwapi__cel_step *plan_optional_or(gwapi__cel_planner *p, const gwapi__cel_expr *e)
{
    return plan_two(p, e, gwapi__cel_run_optional_or);
}

static const gwapi__cel_step *plan_optional_value(gwapi__cel_planner *p,
                                                  const gwapi__cel_expr *e)
{
    return plan_two(p, e, gwapi__cel_run_optional_value);
}

/* ---- any call --------------------------------------------------------------------------- */

/* Does the kind tell all there is to tell of whether a value fits? */
static bool is_simple(const gwapi__cel_type *param)
{
    if (param->kind == GWAPI__CEL_OPAQUE)
        return false;
    for (uint32_t i = 0; i < param->param_count && param->kind <= GWAPI__CEL_MAP; i++)
        if (param->params[i]->kind < GWAPI__CEL_DYN)
            return false;
    return true;
}

static void set_overload(gwapi__cel_call *c, const gwapi__cel_overload *overload)
{
    bool simple = c->count == 1 || c->count == 2;

    c->overload = overload;
    c->cost = overload->cost;
    for (uint32_t i = 0; i < c->count; i++) {
        const gwapi__cel_type *param = overload->params[i];
        bool any = gwapi__cel_is_loose(overload) || param->kind >= GWAPI__CEL_DYN;
        c->kinds[i] = any ? GWAPI__CEL_ANY : (uint8_t)param->kind;
        simple = simple && (any || is_simple(param));
    }
    if (simple)
        c->head.run = c->count == 1 ? gwapi__cel_run_unary : gwapi__cel_run_binary;
}

static bool is_standard(const gwapi__cel_overload *overload)
{
    for (size_t i = 0; i < gwapi__cel_standard.count; i++)
        if (&gwapi__cel_standard.overloads[i] == overload)
            return true;
    return false;
}

static bool same_form(const gwapi__cel_overload *a, const gwapi__cel_overload *b)
{
    return a->count == b->count && a->member == b->member &&
           gwapi__str_eq(gwapi__str_of(a->function), gwapi__str_of(b->function));
}

/* Of a standard function any overload may turn out, and what libraries add to it if the types
 * allow; the server counts one unit. */
static bool set_standard(gwapi__cel_planner *p, gwapi__cel_call *c, const gwapi__cel_expr *e)
{
    const gwapi__cel_library *all = &gwapi__cel_standard;
    uint32_t count = e->overload_count;

    for (size_t i = 0; i < all->count; i++)
        count += same_form(&all->overloads[i], e->overloads[0]);
    const gwapi__cel_overload **candidates =
        gwapi__arena_array(p->arena, count, sizeof *candidates);
    if (candidates == NULL) {
        p->failed = GWAPI_ENOMEM;
        return false;
    }
    c->candidates = candidates;
    c->candidate_count = 0;
    for (size_t i = 0; i < all->count; i++)
        if (same_form(&all->overloads[i], e->overloads[0]))
            candidates[c->candidate_count++] = &all->overloads[i];
    for (uint32_t i = 0; i < e->overload_count; i++)
        if (!is_standard(e->overloads[i]))
            candidates[c->candidate_count++] = e->overloads[i];
    return true;
}

/* Conversions and the like are held to the overload that the types gave; operators and size()
 * take whatever the values turn out to be. */
static bool is_generic(const gwapi__cel_overload *overload)
{
    return !gwapi__is_alpha(overload->function[0]) ||
           gwapi__str_eq(gwapi__str_of(overload->function), GWAPI__STR("size"));
}

/* Which overloads may be meant at run time. For what Kubernetes adds the server goes by the
 * function's name to count the cost, and evaluates no argument behind an error. */
static bool set_candidates(gwapi__cel_planner *p, gwapi__cel_call *c, const gwapi__cel_expr *e)
{
    bool one = e->overload_count == 1;

    c->candidates = e->overloads;
    c->candidate_count = e->overload_count;
    if (is_standard(e->overloads[0]))
        return (one && !is_generic(e->overloads[0])) || set_standard(p, c, e);
    c->cost = one || !gwapi__cel_is_loose(e->overloads[0]) ? e->overloads[0]->cost : NULL;
    c->early = c->early || (!one && c->count > 1);
    return true;
}

static gwapi__cel_call *plan_any(gwapi__cel_planner *p, const gwapi__cel_expr *e)
{
    uint32_t count = count_of(e);
    gwapi__cel_call *c = gwapi__cel_new_step(p, sizeof *c + count * sizeof *c->args,
                                             gwapi__cel_run_call);

    if (c == NULL || !plan_args(p, e, c->args))
        return NULL;
    c->count = (uint8_t)count;
    c->early = count > 2;
    if (!set_candidates(p, c, e))
        return NULL;
    if (e->overload_count == 1)
        set_overload(c, e->overloads[0]);
    return c;
}

static const gwapi__cel_step *plan_not(gwapi__cel_planner *p, const gwapi__cel_expr *e)
{
    gwapi__cel_call *c = plan_any(p, e);

    if (c == NULL)
        return NULL;
    c->head.run = gwapi__cel_run_not;
    return &c->head;
}

/* A constant is converted now, or never: then the expression is refused. */
static const gwapi__cel_step *plan_conversion(gwapi__cel_planner *p, const gwapi__cel_expr *e)
{
    gwapi__cel_call *c = plan_any(p, e);

    if (c == NULL || c->count != 1 || !c->args[0]->constant)
        return c != NULL ? &c->head : NULL;
    const gwapi__cel_step *folded = gwapi__cel_fold_step(p, &c->head);
    if (folded == NULL)
        return NULL;
    const gwapi__cel_value *value = &((const gwapi__cel_constant *)folded)->value;
    return value->kind == GWAPI__CEL_ERROR ? gwapi__cel_plan_issue(p, e, value->as.text) : folded;
}

/* ---- in a list of constants ------------------------------------------------------------- */

/* Adds the item, and equal numbers of other kinds. */
static bool add_member(gwapi__cel_planner *p, gwapi__cel_entries *set,
                       const gwapi__cel_value *item)
{
    static const gwapi__cel_kind numbers[] = {GWAPI__CEL_INT, GWAPI__CEL_UINT, GWAPI__CEL_DOUBLE};
    gwapi__cel_value null = gwapi__cel_of_null(), other;
    uint32_t at;

    if (gwapi__cel_entries_add(&p->folding, set, item, null, &at) == GWAPI__CEL_NO_MEMORY)
        return false;
    for (uint32_t i = 0; i < 3; i++)
        if (gwapi__cel_as_number(item, numbers[i], &other) &&
            gwapi__cel_entries_add(&p->folding, set, &other, null, &at) == GWAPI__CEL_NO_MEMORY)
            return false;
    return true;
}

/* Are all items of kinds that such a set takes? */
static bool all_scalars(gwapi__cel_planner *p, const gwapi__cel_value *list)
{
    for (uint32_t i = 0; i < gwapi__cel_count(list); i++) {
        gwapi__cel_value item = gwapi__cel_item(&p->folding, list, i);
        if (item.kind < GWAPI__CEL_BOOL || item.kind > GWAPI__CEL_STRING)
            return false;
    }
    return true;
}

static const gwapi__cel_step *plan_member(gwapi__cel_planner *p, const gwapi__cel_step *arg,
                                          const gwapi__cel_value *list)
{
    gwapi__cel_member_step *m = gwapi__cel_new_step(p, sizeof *m, gwapi__cel_run_member);
    gwapi__cel_entries *set = gwapi__arena_array(p->arena, 1, sizeof *set);
    bool ok = m != NULL && set != NULL;

    for (uint32_t i = 0; ok && i < gwapi__cel_count(list); i++) {
        gwapi__cel_value item = gwapi__cel_item(&p->folding, list, i);
        ok = add_member(p, set, &item);
    }
    if (!ok) {
        p->failed = GWAPI_ENOMEM;
        return NULL;
    }
    m->arg = arg;
    m->set = &set->map;
    return &m->head;
}

static const gwapi__cel_step *plan_in(gwapi__cel_planner *p, const gwapi__cel_expr *e)
{
    gwapi__cel_call *c = plan_any(p, e);

    if (c == NULL || c->overload == NULL || !c->args[1]->constant)
        return c != NULL ? &c->head : NULL;
    const gwapi__cel_value *list = &((const gwapi__cel_constant *)c->args[1])->value;
    if (list->kind != GWAPI__CEL_LIST || !all_scalars(p, list))
        return &c->head;
    if (gwapi__cel_count(list) == 0)
        return gwapi__cel_new_constant(p, gwapi__cel_of_bool(false));
    return plan_member(p, c->args[0], list);
}

/* ---- matches ---------------------------------------------------------------------------- */

/* That the pattern is one, the check saw to. */
static const gwapi__cel_step *plan_pattern(gwapi__cel_planner *p, const gwapi__cel_call *c,
                                           gwapi_str pattern)
{
    gwapi__cel_matches *m = gwapi__cel_new_step(p, sizeof *m, gwapi__cel_run_matches);

    if (m == NULL)
        return NULL;
    m->text = c->args[0];
    m->pattern = pattern;
    m->cost = c->cost;
    atomic_init(&m->regex, NULL);
    m->allocator = &p->program->allocator;
    m->next = p->program->matches;
    p->program->matches = m;
    return &m->head;
}

static const gwapi__cel_step *plan_matches(gwapi__cel_planner *p, const gwapi__cel_expr *e)
{
    gwapi__cel_call *c = plan_any(p, e);

    if (c == NULL)
        return NULL;
    return is_text(c->args[1]) ? plan_pattern(p, c, constant_of(c->args[1])->as.text)
                               : &c->head;
}

/* find() and findAll(): with a literal pattern the server's own step for them ends with an error
 * of the text at no cost, as a call of more than two arguments does. */
static const gwapi__cel_step *plan_find(gwapi__cel_planner *p, const gwapi__cel_expr *e)
{
    gwapi__cel_call *c = plan_any(p, e);

    if (c == NULL)
        return NULL;
    if (is_text(c->args[1])) {
        c->early = true;
        c->head.run = gwapi__cel_run_call;
    }
    return &c->head;
}

/* ---- which ------------------------------------------------------------------------------ */

static const struct {
    gwapi_str function;
    plan_function *plan;
} functions[] = {
    {{"_&&_", 4}, plan_and},
    {{"_||_", 4}, plan_or},
    {{"_==_", 4}, plan_equal},
    {{"_!=_", 4}, plan_unequal},
    {{"!_", 2}, plan_not},
    {{"@in", 3}, plan_in},
    {{"or", 2}, plan_optional_or},
    {{"orValue", 7}, plan_optional_value},
    {{"matches", 7}, plan_matches},
    {{"find", 4}, plan_find},
    {{"findAll", 7}, plan_find},
    {{"bool", 4}, plan_conversion},
    {{"bytes", 5}, plan_conversion},
    {{"double", 6}, plan_conversion},
    {{"duration", 8}, plan_conversion},
    {{"dyn", 3}, plan_conversion},
    {{"int", 3}, plan_conversion},
    {{"string", 6}, plan_conversion},
    {{"timestamp", 9}, plan_conversion},
    {{"type", 4}, plan_conversion},
    {{"uint", 4}, plan_conversion},
};

const gwapi__cel_step *gwapi__cel_plan_call(gwapi__cel_planner *p, const gwapi__cel_expr *e)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (gwapi__str_eq(e->as.call.function, functions[i].function))
            return functions[i].plan(p, e);
    gwapi__cel_call *c = plan_any(p, e);
    return c != NULL ? &c->head : NULL;
}
