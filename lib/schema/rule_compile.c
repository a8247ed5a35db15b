/* From the texts of rules to programs, in the environment that the server gives them
 * (k8s.io/apiextensions-apiserver pkg/apiserver/schema/cel/compilation.go). */
#include "base/result.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "schema/rules.h"

enum { SELF, OLD_SELF, VARIABLES };

typedef struct compilation {
    const gwapi__rule_set *set;
    const gwapi__rule_listener *listener;
    gwapi__rule_programs *programs;
    gwapi__cel_environment environment, optional; /* oldSelf is an optional in the latter */
    uint32_t rule;
} compilation;

/* ---- the environment ------------------------------------------------------------------- */

static bool set_environment(gwapi__cel_environment *out, gwapi__arena *arena, uint32_t minor,
                            const gwapi__cel_type *self, const gwapi__cel_type *old)
{
    gwapi__cel_variable *variables = gwapi__arena_array(arena, VARIABLES, sizeof *variables);

    if (variables == NULL || old == NULL)
        return false;
    variables[SELF] = (gwapi__cel_variable){GWAPI__STR("self"), self};
    variables[OLD_SELF] = (gwapi__cel_variable){GWAPI__STR("oldSelf"), old};
    *out = (gwapi__cel_environment){
        .minor = minor, .variables = variables, .variable_count = VARIABLES};
    return true;
}

/* New expressions may use what the version before knows, so that a server can be rolled back. */
static bool set_environments(compilation *c, uint32_t minor)
{
    const gwapi__cel_type *self = c->set->value->cel_type;
    gwapi__arena *arena = &c->programs->arena;

    return set_environment(&c->environment, arena, minor - 1, self, self) &&
           set_environment(&c->optional, arena, minor - 1, self,
                           gwapi__cel_optional_of(arena, self));
}

/* ---- one rule -------------------------------------------------------------------------- */

static void tell(const compilation *c, const char *member, gwapi_str message, uint32_t offset,
                 uint32_t length)
{
    const gwapi__rule_problem problem = {c->rule, member, message, offset, length};

    if (c->listener != NULL)
        c->listener->hear(c->listener->ctx, &problem);
}

/* *out stays NULL if the text does not compile. */
static gwapi_result compile_text(const gwapi__cel_program **out, const compilation *c,
                                 const gwapi__cel_environment *environment, gwapi_str text,
                                 const char *member, gwapi__cel_kind kind)
{
    const gwapi__cel_issue *issue = NULL;
    const gwapi__cel_program *program = NULL;
    gwapi_result r =
        gwapi__cel_compile(&program, &c->programs->arena, environment, text, &issue);

    *out = NULL;
    if (r == GWAPI_EINVALID) {
        for (; issue != NULL; issue = issue->next)
            tell(c, member, issue->message, issue->offset, issue->length);
        return GWAPI_OK;
    }
    if (r != GWAPI_OK)
        return r;
    if (gwapi__cel_program_type(program)->kind == kind) {
        *out = program;
        return GWAPI_OK;
    }
    gwapi__cel_program_release(program);
    tell(c, member,
         kind == GWAPI__CEL_BOOL ? GWAPI__STR("a rule must give a bool")
                                 : GWAPI__STR("a messageExpression must give a string"),
         0, (uint32_t)text.len);
    return GWAPI_OK;
}

static gwapi_result compile_path(const compilation *c, gwapi__rule_program *out, gwapi_str text)
{
    const char *refusal;
    gwapi_result r = gwapi__rule_path_parse(&out->path, &out->path_length, &c->programs->arena,
                                            c->set->value, text, &refusal);

    if (r != GWAPI_EINVALID)
        return r;
    tell(c, "fieldPath", gwapi__str_of(refusal), 0, (uint32_t)text.len);
    return GWAPI_OK;
}

static gwapi_result compile_rule(compilation *c, gwapi__rule_program *out,
                                 const gwapi__schema_rule *rule)
{
    const gwapi__cel_environment *environment =
        rule->optional_old_self ? &c->optional : &c->environment;

    if (gwapi__utf8_trim(rule->rule).len == 0)
        return GWAPI_OK;
    GWAPI__TRY(
        compile_text(&out->rule, c, environment, rule->rule, "rule", GWAPI__CEL_BOOL));
    if (out->rule == NULL)
        return GWAPI_OK;
    out->uses_old = gwapi__cel_program_uses(out->rule, OLD_SELF);
    c->programs->uses_old |= out->uses_old;
    if (rule->message_expression.len != 0)
        GWAPI__TRY(compile_text(&out->message, c, environment, rule->message_expression,
                                "messageExpression", GWAPI__CEL_STRING));
    if (rule->field_path.len != 0)
        return compile_path(c, out, rule->field_path);
    return GWAPI_OK;
}

/* ---- the set --------------------------------------------------------------------------- */

static void free_programs(const gwapi_allocator *allocator, gwapi__rule_programs *programs)
{
    for (uint32_t i = 0; i < programs->count; i++) {
        gwapi__cel_program_release(programs->at[i].rule);
        gwapi__cel_program_release(programs->at[i].message);
    }
    gwapi__arena_free(&programs->arena);
    gwapi__free(allocator, programs, sizeof *programs);
}

static gwapi_result compile_all(compilation *c, uint32_t minor)
{
    gwapi__rule_programs *programs = c->programs;

    programs->at = gwapi__arena_array(&programs->arena, c->set->count, sizeof *programs->at);
    if (programs->at == NULL)
        return GWAPI_ENOMEM;
    programs->count = c->set->count;
    if (c->set->value->cel_type == NULL) {
        tell(c, "rule", GWAPI__STR("rules cannot see values of this schema: it has no type"),
             0, 0);
        return GWAPI_OK;
    }
    if (!set_environments(c, minor))
        return GWAPI_ENOMEM;
    for (c->rule = 0; c->rule < c->set->count; c->rule++)
        GWAPI__TRY(compile_rule(c, &programs->at[c->rule], &c->set->rules[c->rule]));
    return GWAPI_OK;
}

gwapi_result gwapi__rule_set_compile(const gwapi__rule_programs **out, const gwapi__kind *kind,
                                     gwapi__rule_set *set,
                                     const gwapi__rule_listener *listener)
{
    const gwapi_allocator *allocator = &kind->arena.allocator;
    gwapi__rule_programs *programs =
        atomic_load_explicit(&set->programs, memory_order_acquire);
    gwapi__rule_programs *expected = NULL;

    *out = programs;
    if (programs != NULL)
        return GWAPI_OK;
    if ((programs = gwapi__alloc_array(allocator, 1, sizeof *programs)) == NULL)
        return GWAPI_ENOMEM;
    gwapi__arena_init(&programs->arena, allocator);
    compilation c = {.set = set, .listener = listener, .programs = programs};
    gwapi_result r = compile_all(&c, kind->minor);
    if (r != GWAPI_OK) {
        free_programs(allocator, programs);
        return r;
    }
    if (!atomic_compare_exchange_strong_explicit(&set->programs, &expected, programs,
                                                 memory_order_acq_rel, memory_order_acquire)) {
        free_programs(allocator, programs);
        programs = expected;
    }
    *out = programs;
    return GWAPI_OK;
}

void gwapi__rule_set_free(const gwapi_allocator *allocator, gwapi__rule_set *set)
{
    gwapi__rule_programs *programs =
        atomic_load_explicit(&set->programs, memory_order_relaxed);

    if (programs != NULL)
        free_programs(allocator, programs);
}
