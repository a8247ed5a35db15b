#include "cel/plan.h"

#include "base/slice.h"

void *gwapi__cel_new_step(gwapi__cel_planner *p, size_t size, gwapi__cel_run *run)
{
    gwapi__cel_step *step = gwapi__arena_array(p->arena, 1, size);

    if (step == NULL)
        p->failed = GWAPI_ENOMEM;
    else
        step->run = run;
    return step;
}

const gwapi__cel_step *gwapi__cel_new_constant(gwapi__cel_planner *p, gwapi__cel_value value)
{
    gwapi__cel_constant *c = gwapi__cel_new_step(p, sizeof *c, gwapi__cel_run_constant);

    if (c == NULL)
        return NULL;
    c->head.constant = true;
    c->value = value;
    return &c->head;
}

const gwapi__cel_step *gwapi__cel_fold_step(gwapi__cel_planner *p, const gwapi__cel_step *step)
{
    gwapi__cel_evaluation e = {.context = &p->folding};
    gwapi__cel_value value;

    gwapi__cel_run_step(&value, &e, step);
    if (p->folding.failed != GWAPI_OK) {
        p->failed = p->folding.failed;
        return NULL;
    }
    return gwapi__cel_new_constant(p, value);
}

const gwapi__cel_step *gwapi__cel_plan_issue(gwapi__cel_planner *p, const gwapi__cel_expr *e,
                                             gwapi_str message)
{
    p->refused = true;
    if (!gwapi__cel_issue_add(p->arena, p->issues, e->offset, e->length, "%v", message))
        p->failed = GWAPI_ENOMEM;
    return NULL;
}

/* ---- lists and maps --------------------------------------------------------------------- */

static bool any_optional(const gwapi__cel_pair *pairs, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (pairs[i].optional)
            return true;
    return false;
}

/* Plans the i-th part; *constant: all so far are. */
static bool plan_part(gwapi__cel_planner *p, gwapi__cel_make *m, uint32_t i,
                      const gwapi__cel_expr *e, bool *constant)
{
    m->parts[i] = gwapi__cel_plan_expr(p, e);
    *constant = *constant && m->parts[i] != NULL && m->parts[i]->constant;
    return m->parts[i] != NULL;
}

static const gwapi__cel_step *plan_list(gwapi__cel_planner *p, const gwapi__cel_expr *e)
{
    uint32_t count = e->as.list.count;
    gwapi__cel_make *m = gwapi__cel_new_step(p, sizeof *m + count * sizeof *m->parts,
                                             gwapi__cel_run_list);
    bool constant = true;

    if (m == NULL)
        return NULL;
    m->count = count;
    m->optional = e->as.list.optional;
    for (uint32_t i = 0; i < count; i++)
        if (!plan_part(p, m, i, e->as.list.items[i], &constant))
            return NULL;
    return constant ? gwapi__cel_fold_step(p, &m->head) : &m->head;
}

static bool *optionals_of(gwapi__cel_planner *p, const gwapi__cel_pair *pairs, uint32_t count)
{
    bool *optional = gwapi__arena_array(p->arena, count, sizeof *optional);

    for (uint32_t i = 0; optional != NULL && i < count; i++)
        optional[i] = pairs[i].optional;
    return optional;
}

static const gwapi__cel_step *plan_map(gwapi__cel_planner *p, const gwapi__cel_expr *e)
{
    uint32_t count = e->as.map.count;
    const gwapi__cel_pair *pairs = e->as.map.pairs;
    gwapi__cel_make *m = gwapi__cel_new_step(
        p, sizeof *m + 2 * (size_t)count * sizeof *m->parts, gwapi__cel_run_map);
    bool constant = true;

    if (m == NULL)
        return NULL;
    m->count = count;
    if (any_optional(pairs, count) && (m->optional = optionals_of(p, pairs, count)) == NULL) {
        p->failed = GWAPI_ENOMEM;
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++)
        if (!plan_part(p, m, 2 * i, pairs[i].key, &constant) ||
            !plan_part(p, m, 2 * i + 1, pairs[i].value, &constant))
            return NULL;
    return constant ? gwapi__cel_fold_step(p, &m->head) : &m->head;
}

/* ---- expressions ------------------------------------------------------------------------ */

static const gwapi__cel_step *plan(gwapi__cel_planner *p, const gwapi__cel_expr *e, bool bare)
{
    if (e->ref == GWAPI__CEL_REF_TYPE)
        return gwapi__cel_new_constant(
            p, (gwapi__cel_value){.kind = GWAPI__CEL_TYPE, .as.type = e->denoted});
    if (gwapi__cel_is_attribute(e))
        return gwapi__cel_plan_attribute(p, e, bare);
    switch (e->form) {
    case GWAPI__CEL_CONST:
        return gwapi__cel_new_constant(p, e->as.constant);
    case GWAPI__CEL_LIST_EXPR:
        return plan_list(p, e);
    case GWAPI__CEL_MAP_EXPR:
        return plan_map(p, e);
    case GWAPI__CEL_COMPREHENSION:
        return gwapi__cel_plan_fold(p, e);
    default:
        return gwapi__cel_plan_call(p, e);
    }
}

const gwapi__cel_step *gwapi__cel_plan_expr(gwapi__cel_planner *p, const gwapi__cel_expr *e)
{
    return plan(p, e, false);
}

const gwapi__cel_step *gwapi__cel_plan_bare(gwapi__cel_planner *p, const gwapi__cel_expr *e)
{
    return plan(p, e, true);
}

gwapi_result gwapi__cel_plan(gwapi__cel_program *program, gwapi__arena *arena,
                             gwapi__cel_issues *issues)
{
    gwapi__cel_planner p = {.arena = arena, .program = program, .issues = issues};

    program->local_count = program->ast.slot_count - program->environment.variable_count;
    p.lazies = gwapi__arena_array(arena, program->local_count, sizeof *p.lazies);
    if (p.lazies == NULL)
        return GWAPI_ENOMEM;
    gwapi__cel_context_init(&p.folding, arena, &program->allocator);
    p.folding.limit = UINT64_MAX;
    program->root = gwapi__cel_plan_expr(&p, program->ast.root);
    gwapi__cel_context_free(&p.folding);
    if (p.failed != GWAPI_OK)
        return p.failed;
    return p.refused ? GWAPI_EINVALID : GWAPI_OK;
}
