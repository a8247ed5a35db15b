#include "cel/ast.h"
#include "cel/step.h"

#include "base/result.h"
#include "base/slice.h"

/* Locals of most expressions; more come from the arena. */
#define FEW_LOCALS 12

/* ---- compiling -------------------------------------------------------------------------- */

static void note_use(void *ctx, gwapi__cel_expr *e)
{
    gwapi__cel_program *program = ctx;

    if (e->ref == GWAPI__CEL_REF_SLOT && e->slot < program->environment.variable_count)
        program->uses[e->slot] = true;
}

static gwapi_result build(gwapi__cel_program *program, gwapi__arena *arena, gwapi_str text,
                          gwapi__cel_issues *issues)
{
    const gwapi__cel_environment *environment = &program->environment;

    GWAPI__TRY(gwapi__cel_parse(&program->ast, arena, environment, text, issues));
    GWAPI__TRY(gwapi__cel_check(&program->ast, arena, environment, issues));
    GWAPI__TRY(gwapi__cel_plan(program, arena, issues));
    gwapi__cel_each(program->ast.root, note_use, program);
    return GWAPI_OK;
}

gwapi_result gwapi__cel_compile(const gwapi__cel_program **out, gwapi__arena *arena,
                                const gwapi__cel_environment *environment, gwapi_str text,
                                const gwapi__cel_issue **issues)
{
    gwapi__cel_program *program = GWAPI__ARENA_NEW(arena, gwapi__cel_program);
    gwapi__cel_issues found = {.count = 0};
    uint32_t count = environment->variable_count;

    *issues = NULL;
    if (program == NULL)
        return GWAPI_ENOMEM;
    gwapi__cel_variable *variables = gwapi__arena_array(arena, count, sizeof *variables);
    program->uses = gwapi__arena_array(arena, count, sizeof *program->uses);
    if (variables == NULL || program->uses == NULL)
        return GWAPI_ENOMEM;
    if (count != 0)
        memcpy(variables, environment->variables, count * sizeof *variables);
    program->environment = *environment;
    program->environment.variables = variables;
    program->allocator = arena->allocator;
    gwapi_result r = build(program, arena, text, &found);
    *issues = found.first;
    if (r == GWAPI_OK)
        *out = program;
    return r;
}

void gwapi__cel_program_release(const gwapi__cel_program *program)
{
    if (program == NULL)
        return;
    for (gwapi__cel_matches *m = program->matches; m != NULL; m = m->next)
        gwapi__regex_free(atomic_exchange_explicit(&m->regex, NULL, memory_order_acq_rel));
}

const gwapi__cel_type *gwapi__cel_program_type(const gwapi__cel_program *program)
{
    return program->ast.root->type;
}

bool gwapi__cel_program_uses(const gwapi__cel_program *program, uint32_t variable)
{
    return program->uses[variable];
}

gwapi_result gwapi__cel_estimate_cost(gwapi__cel_range *out, const gwapi__cel_program *program,
                                      gwapi__arena *arena)
{
    return gwapi__cel_estimate_ast(out, &program->ast, &program->environment, arena);
}

/* ---- evaluating ------------------------------------------------------------------------- */

gwapi_result gwapi__cel_eval(gwapi__cel_value *out, const gwapi__cel_program *program,
                             const gwapi__cel_value *variables, gwapi__cel_context *context)
{
    gwapi__cel_value few[FEW_LOCALS];
    gwapi__cel_evaluation e = {.context = context,
                               .variables = variables,
                               .locals = few,
                               .local_count = program->local_count};

    context->cost = context->made = 0;
    context->failed = GWAPI_OK;
    context->indexes = NULL;
    if (program->local_count > FEW_LOCALS)
        e.locals = gwapi__arena_array(context->arena, program->local_count, sizeof *e.locals);
    if (e.locals == NULL)
        return GWAPI_ENOMEM;
    gwapi__cel_run_step(out, &e, program->root);
    if (context->cost > context->limit)
        *out = GWAPI__CEL_FAIL("the cost limit is exceeded");
    return context->failed;
}
