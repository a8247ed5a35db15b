// Which overloads a call may mean.
#include "base/slice.h"
#include "cel/check.h"

typedef struct site {
    gwapi__cel_checker *c;
    const gwapi__cel_type **args; /* the target first */
    uint32_t count;
    bool member;
    const gwapi__cel_type *result; /* NULL: no overload matched so far */
} site;

static bool consider(void *ctx, const gwapi__cel_overload *overload)
{
    site *s = ctx;
    gwapi__cel_unifier *u = &s->c->unifier;
    gwapi__cel_signature signature;

    if (overload->member != s->member || overload->count != s->count)
        return true;
    gwapi__cel_instantiate(&signature, u, overload);
    if (!gwapi__cel_all_assignable(u, s->args, signature.params, s->count))
        return u->failed == GWAPI_OK;
    const gwapi__cel_overload **found = gwapi__vector_push(&s->c->found);
    gwapi__cel_remember(s->c, found != NULL);
    if (found != NULL)
        *found = overload;
    const gwapi__cel_type *result = gwapi__cel_substitute(u, signature.result, false);
    if (s->result == NULL)
        s->result = result;
    else if (s->result->kind != GWAPI__CEL_DYN && !gwapi__cel_exactly(u, result, s->result))
        s->result = &gwapi__cel_dyn;
    return u->failed == GWAPI_OK;
}

// ---- saying what does not fit ---------------------------------------------------------------

// Operators as they are written.
static gwapi_str as_written(gwapi_str function)
{
    if (gwapi__str_eq(function, GWAPI__STR("@in")))
        return GWAPI__STR("in");
    if (gwapi__str_eq(function, GWAPI__STR("_[_]")))
        return GWAPI__STR("[]");
    if (gwapi__str_eq(function, GWAPI__STR("_?_:_")))
        return GWAPI__STR("?:");
    if (gwapi__str_starts(function, GWAPI__STR("_")) && gwapi__str_ends(function, GWAPI__STR("_")))
        return gwapi__str_sub(function, 1, function.len - 2);
    if (gwapi__str_ends(function, GWAPI__STR("_")))
        return gwapi__str_sub(function, 0, function.len - 1);
    return function;
}

static void no_match(site *s, const gwapi__cel_expr *e)
{
    gwapi__cel_checker *c = s->c;
    gwapi_str list = {NULL, 0};
    gwapi__text t;

    gwapi__text_init(&t, &c->scratch.allocator);
    for (uint32_t i = 0; i < s->count; i++) {
        gwapi__text_addz(&t, i > (s->member ? 1u : 0u) ? ", " : i == 0 && !s->member ? "(" : "");
        gwapi__text_add(&t, gwapi__cel_spell(c, s->args[i]));
        if (i == 0 && s->member)
            gwapi__text_addz(&t, ".(");
    }
    gwapi__text_addz(&t, s->count != 0 ? ")" : "()");
    gwapi__cel_remember(c, !t.failed &&
                               gwapi__arena_copy(&c->scratch, gwapi__text_str(&t), &list));
    gwapi__text_free(&t);
    GWAPI__CEL_COMPLAIN(c, e, "%q cannot be applied to %v", as_written(e->as.call.function), list);
}

// ---- resolving ------------------------------------------------------------------------------

static bool keep_overloads(gwapi__cel_checker *c, gwapi__cel_expr *e)
{
    const gwapi__cel_overload **kept =
        gwapi__arena_array(c->arena, c->found.count, sizeof(*kept));

    if (kept == NULL)
        return false;
    memcpy((void *)kept, c->found.data, c->found.count * sizeof(*kept));
    e->overloads = kept;
    e->overload_count = (uint32_t)c->found.count;
    return true;
}

static const gwapi__cel_type **argument_types(gwapi__cel_checker *c, const gwapi__cel_expr *e)
{
    uint32_t first = e->as.call.target != NULL ? 1 : 0;
    const gwapi__cel_type **types =
        gwapi__arena_array(&c->scratch, first + e->as.call.count, sizeof(*types));

    if (types == NULL)
        return NULL;
    if (first != 0)
        types[0] = e->as.call.target->type;
    for (uint32_t i = 0; i < e->as.call.count; i++)
        types[first + i] = e->as.call.args[i]->type;
    return types;
}

static void resolve(gwapi__cel_checker *c, gwapi__cel_expr *e, gwapi_str function)
{
    bool member = e->as.call.target != NULL;
    site s = {c, argument_types(c, e), e->as.call.count + (member ? 1 : 0), member, NULL};

    gwapi__cel_remember(c, s.args != NULL);
    if (s.args == NULL)
        return;
    e->as.call.function = function;
    c->found.count = 0;
    gwapi__cel_overloads_of(function, c->environment->minor, consider, &s);
    if (c->unifier.failed != GWAPI_OK)
        return;
    if (s.result == NULL) {
        no_match(&s, e);
        return;
    }
    e->type = s.result;
    gwapi__cel_remember(c, keep_overloads(c, e));
}

// && and ||: each side by itself, so that an issue names the side.
static bool check_logic(gwapi__cel_checker *c, const gwapi__cel_expr *e)
{
    bool good = true;

    for (uint32_t i = 0; i < e->as.call.count; i++) {
        const gwapi__cel_expr *side = e->as.call.args[i];
        if (gwapi__cel_assignable(&c->unifier, side->type, &gwapi__cel_bool))
            continue;
        GWAPI__CEL_COMPLAIN(c, side, "expected bool, found %v", gwapi__cel_spell(c, side->type));
        good = false;
    }
    return good;
}

static bool is_logic(gwapi_str function)
{
    return gwapi__str_eq(function, GWAPI__STR("_&&_")) ||
           gwapi__str_eq(function, GWAPI__STR("_||_"));
}

static void check_global(gwapi__cel_checker *c, gwapi__cel_expr *e, gwapi_str function)
{
    if (!is_logic(function) || check_logic(c, e))
        resolve(c, e, function);
}

void gwapi__cel_check_call(gwapi__cel_checker *c, gwapi__cel_expr *e)
{
    gwapi_str written = e->as.call.function;
    gwapi__cel_expr *target = e->as.call.target;

    if (gwapi__str_eq(written, GWAPI__STR("_?._"))) { // the parser made it: a field's name
        gwapi__cel_expr *field = e->as.call.args[1];
        field->type = &gwapi__cel_string;
        e->type = gwapi__cel_check_select(c, e, e->as.call.args[0], field->as.constant.as.text,
                                          true);
        return;
    }
    for (uint32_t i = 0; i < e->as.call.count; i++)
        gwapi__cel_check_expr(c, e->as.call.args[i]);
    if (target != NULL) {
        gwapi_str name = gwapi__cel_qualified(c, target);
        if (gwapi__str_present(name)) {
            // a.b.c(): the function a.b.c, or c of a.b.
            gwapi__text_char(&c->qualified, '.');
            gwapi__text_add(&c->qualified, written);
            gwapi__cel_remember(c, !c->qualified.failed);
            name = gwapi__cel_function_named(c, gwapi__text_str(&c->qualified));
            if (gwapi__str_present(name)) {
                e->as.call.target = NULL;
                check_global(c, e, name);
                return;
            }
        }
        gwapi__cel_check_expr(c, target);
    }
    gwapi_str function = gwapi__cel_function_named(c, written);
    if (!gwapi__str_present(function))
        gwapi__cel_unknown_function(c, e, written);
    else
        check_global(c, e, function);
}
