#include "base/slice.h"
#include "cel/plan.h"

/* Of a macro's step: condition ? step : accumulator, the condition only with a filter. */
static const gwapi__cel_expr *filter_of(const gwapi__cel_expr *step)
{
    return gwapi__cel_calls(step, "_?_:_") ? step->as.call.args[0] : NULL;
}

static const gwapi__cel_expr *inner_of(const gwapi__cel_expr *step)
{
    return gwapi__cel_calls(step, "_?_:_") ? step->as.call.args[1] : step;
}

/* accumulator + [item] */
static const gwapi__cel_expr *appended(const gwapi__cel_expr *step)
{
    return step->as.call.args[1]->as.list.items[0];
}

/* The last argument of cel.@mapInsert. */
static const gwapi__cel_expr *inserted(const gwapi__cel_expr *step)
{
    return step->as.call.args[step->as.call.count - 1];
}

static bool plan_predicate(gwapi__cel_planner *p, gwapi__cel_fold *fold,
                           const gwapi__cel_expr *predicate)
{
    if (predicate == NULL)
        return true;
    fold->predicate = gwapi__cel_plan_expr(p, predicate);
    return fold->predicate != NULL;
}

static bool plan_value(gwapi__cel_planner *p, gwapi__cel_fold *fold, const gwapi__cel_expr *value)
{
    fold->value = gwapi__cel_plan_expr(p, value);
    fold->value_constant = fold->value != NULL && fold->value->constant;
    return fold->value != NULL;
}

static bool plan_binding(gwapi__cel_planner *p, gwapi__cel_fold *fold, const gwapi__cel_expr *e)
{
    const gwapi__cel_step **lazy = &p->lazies[fold->accumulator], *outer = *lazy;
    const gwapi__cel_step *init = gwapi__cel_plan_expr(p, e->as.fold.init);

    if (init == NULL)
        return false;
    *lazy = init;
    fold->result = gwapi__cel_plan_expr(p, e->as.fold.result);
    *lazy = outer;
    return fold->result != NULL;
}

static bool plan_body(gwapi__cel_planner *p, gwapi__cel_fold *fold, const gwapi__cel_expr *e)
{
    const gwapi__cel_expr *step = e->as.fold.step;

    switch (e->as.fold.macro) {
    case GWAPI__CEL_ALL:
    case GWAPI__CEL_EXISTS:
        return plan_predicate(p, fold, step->as.call.args[1]);
    case GWAPI__CEL_EXISTS_ONE:
        return plan_predicate(p, fold, filter_of(step));
    case GWAPI__CEL_MAP_MACRO:
    case GWAPI__CEL_FILTER:
    case GWAPI__CEL_TRANSFORM_LIST:
        return plan_predicate(p, fold, filter_of(step)) &&
               plan_value(p, fold, appended(inner_of(step)));
    case GWAPI__CEL_TRANSFORM_MAP:
    case GWAPI__CEL_TRANSFORM_MAP_ENTRY:
        return plan_predicate(p, fold, filter_of(step)) &&
               plan_value(p, fold, inserted(inner_of(step)));
    default: // GWAPI__CEL_BIND: every comprehension comes from a macro
        return plan_binding(p, fold, e);
    }
}

const gwapi__cel_step *gwapi__cel_plan_fold(gwapi__cel_planner *p, const gwapi__cel_expr *e)
{
    static gwapi__cel_run *const runs[] = {
        [GWAPI__CEL_ALL] = gwapi__cel_run_all,
        [GWAPI__CEL_EXISTS] = gwapi__cel_run_exists,
        [GWAPI__CEL_EXISTS_ONE] = gwapi__cel_run_exists_one,
        [GWAPI__CEL_MAP_MACRO] = gwapi__cel_run_map_macro,
        [GWAPI__CEL_FILTER] = gwapi__cel_run_filter,
        [GWAPI__CEL_TRANSFORM_LIST] = gwapi__cel_run_map_macro,
        [GWAPI__CEL_TRANSFORM_MAP] = gwapi__cel_run_transform_map,
        [GWAPI__CEL_TRANSFORM_MAP_ENTRY] = gwapi__cel_run_transform_entry,
        [GWAPI__CEL_BIND] = gwapi__cel_run_bind,
    };
    uint32_t variables = p->program->environment.variable_count;
    gwapi__cel_fold *fold = gwapi__cel_new_step(p, sizeof *fold, runs[e->as.fold.macro]);

    if (fold == NULL)
        return NULL;
    fold->variable = e->as.fold.variable_slot - variables;
    fold->variable2 = e->as.fold.variable2_slot - variables;
    fold->accumulator = e->as.fold.accumulator_slot - variables;
    fold->pairs = gwapi__str_present(e->as.fold.variable2);
    fold->range = gwapi__cel_plan_expr(p, e->as.fold.range);
    return fold->range != NULL && plan_body(p, fold, e) ? &fold->head : NULL;
}
