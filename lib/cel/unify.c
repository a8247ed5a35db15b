#include "cel/unify.h"
#include "base/slice.h"

#define MOST_STEPS 10000000u
#define MOST_NODES 1000u /* of one type, written out */
#define MOST_DEPTH 1000u
#define MOST_NAMES (2 * (GWAPI__CEL_MAX_PARAMS + 1)) /* parameters of one overload */

// A parameter under way. No other PARAM is met here: those of overloads are replaced.
typedef struct variable {
    gwapi__cel_type type;
    const gwapi__cel_type *bound;
} variable;

typedef struct binding {
    variable *variable;
    const gwapi__cel_type *before;
} binding;

void gwapi__cel_unifier_init(gwapi__cel_unifier *u, gwapi__arena *arena)
{
    *u = (gwapi__cel_unifier){.arena = arena};
    gwapi__vector_init(&u->trail, &arena->allocator, sizeof(binding));
}

void gwapi__cel_unifier_free(gwapi__cel_unifier *u)
{
    gwapi__vector_free(&u->trail);
}

static bool fail(gwapi__cel_unifier *u, gwapi_result why)
{
    if (u->failed == GWAPI_OK)
        u->failed = why;
    return false;
}

// Begins a step; false: no further one is allowed. Paired with leave() if true.
static bool enter(gwapi__cel_unifier *u)
{
    if (u->failed != GWAPI_OK)
        return false;
    if (++u->steps > MOST_STEPS || u->depth >= MOST_DEPTH)
        return fail(u, GWAPI_ELIMIT);
    u->depth++;
    return true;
}

static void leave(gwapi__cel_unifier *u)
{
    u->depth--;
}

// ---- making ---------------------------------------------------------------------------------

const gwapi__cel_type *gwapi__cel_fresh(gwapi__cel_unifier *u)
{
    variable *v = u->failed == GWAPI_OK ? GWAPI__ARENA_NEW(u->arena, variable) : NULL;

    if (v == NULL) {
        fail(u, GWAPI_ENOMEM);
        return &gwapi__cel_error;
    }
    v->type.kind = GWAPI__CEL_PARAM;
    return &v->type;
}

static void count_nodes(const gwapi__cel_type *type, uint32_t *nodes)
{
    ++*nodes;
    for (uint32_t i = 0; i < type->param_count && *nodes <= MOST_NODES; i++)
        count_nodes(type->params[i], nodes);
}

const gwapi__cel_type *gwapi__cel_compose(gwapi__cel_unifier *u, gwapi__cel_kind kind,
                                          const gwapi__cel_type *first,
                                          const gwapi__cel_type *second)
{
    const gwapi__cel_type *made = NULL;
    uint32_t nodes = 0;

    if (u->failed == GWAPI_OK)
        made = gwapi__cel_type_like(u->arena, kind, first, second);
    if (made == NULL) {
        fail(u, GWAPI_ENOMEM);
        return &gwapi__cel_error;
    }
    count_nodes(made, &nodes);
    u->steps += nodes;
    if (nodes > MOST_NODES) {
        fail(u, GWAPI_ELIMIT);
        return &gwapi__cel_error;
    }
    return made;
}

// ---- bindings -------------------------------------------------------------------------------

static variable *variable_of(const gwapi__cel_type *type)
{
    // Made by gwapi__cel_fresh, hence not constant.
    union {
        const gwapi__cel_type *type;
        variable *variable;
    } same = {.type = type};

    return same.variable;
}

static const gwapi__cel_type *bound_to(const gwapi__cel_type *type)
{
    return type->kind == GWAPI__CEL_PARAM ? variable_of(type)->bound : NULL;
}

static void bind(gwapi__cel_unifier *u, const gwapi__cel_type *param, const gwapi__cel_type *to)
{
    binding *b = gwapi__vector_push(&u->trail);

    if (b == NULL) {
        fail(u, GWAPI_ENOMEM);
        return;
    }
    *b = (binding){variable_of(param), variable_of(param)->bound};
    b->variable->bound = to;
}

// Ends an attempt: what it bound is undone, unless it succeeded.
static bool settle(gwapi__cel_unifier *u, bool succeeded)
{
    while (u->trail.count != 0) {
        binding *b = GWAPI__AT(&u->trail, binding, u->trail.count - 1);
        if (!succeeded)
            b->variable->bound = b->before;
        u->trail.count--;
    }
    return succeeded;
}

// ---- comparing ------------------------------------------------------------------------------

bool gwapi__cel_exactly(gwapi__cel_unifier *u, const gwapi__cel_type *a, const gwapi__cel_type *b)
{
    a = gwapi__cel_unwrapped(a);
    b = gwapi__cel_unwrapped(b);
    if (a == b)
        return true;
    if (a->kind != b->kind || a->kind == GWAPI__CEL_PARAM || a->param_count != b->param_count ||
        !gwapi__str_eq(a->name, b->name) || !enter(u))
        return false;
    bool same = true;
    for (uint32_t i = 0; i < a->param_count && same; i++)
        same = gwapi__cel_exactly(u, a->params[i], b->params[i]);
    leave(u);
    return same;
}

static bool is_open(const gwapi__cel_type *type)
{
    return type->kind == GWAPI__CEL_DYN || type->kind == GWAPI__CEL_PARAM;
}

static bool less_specific(gwapi__cel_unifier *u, const gwapi__cel_type *a,
                          const gwapi__cel_type *b)
{
    a = gwapi__cel_unwrapped(a);
    b = gwapi__cel_unwrapped(b);
    if (is_open(a))
        return true;
    if (is_open(b) || a->kind != b->kind || !gwapi__str_eq(a->name, b->name))
        return false;
    if (a->kind == GWAPI__CEL_TYPE)
        return true;
    if (!enter(u))
        return false;
    bool answer = true;
    for (uint32_t i = 0; i < a->param_count && answer; i++)
        answer = less_specific(u, a->params[i], b->params[i]);
    leave(u);
    return answer;
}

const gwapi__cel_type *gwapi__cel_general(gwapi__cel_unifier *u, const gwapi__cel_type *a,
                                          const gwapi__cel_type *b)
{
    return less_specific(u, a, b) ? a : b;
}

// Does the parameter occur in the type or in what the type's parameters are bound to?
static bool occurs_in(gwapi__cel_unifier *u, const gwapi__cel_type *param,
                      const gwapi__cel_type *type)
{
    while (type != param && bound_to(type) != NULL)
        type = bound_to(type);
    if (type == param)
        return true;
    if (!enter(u))
        return true;
    bool found = false;
    for (uint32_t i = 0; i < type->param_count && !found; i++)
        found = occurs_in(u, param, type->params[i]);
    leave(u);
    return found;
}

// ---- assigning ------------------------------------------------------------------------------

static bool assign(gwapi__cel_unifier *u, const gwapi__cel_type *from, const gwapi__cel_type *to);

// Binds the parameter to the type, or to the more general one of it and of what the parameter
// was bound to. *settled: the parameter had a binding, which decides.
static bool bind_to(gwapi__cel_unifier *u, const gwapi__cel_type *param,
                    const gwapi__cel_type *type, bool *settled)
{
    const gwapi__cel_type *before = bound_to(param);

    *settled = true;
    if (before == NULL) {
        *settled = false;
        if (occurs_in(u, param, type))
            return false;
        bind(u, param, type);
        return true;
    }
    if (gwapi__cel_exactly(u, type, before))
        return true;
    if (!assign(u, type, before))
        return false;
    const gwapi__cel_type *general = gwapi__cel_general(u, type, before);
    if (!occurs_in(u, param, general))
        bind(u, param, general);
    return true;
}

static bool takes_null(const gwapi__cel_type *type)
{
    switch (type->kind) {
    case GWAPI__CEL_NULL:
    case GWAPI__CEL_OBJECT:
    case GWAPI__CEL_OPAQUE:
    case GWAPI__CEL_OPTIONAL:
    case GWAPI__CEL_DURATION:
    case GWAPI__CEL_TIMESTAMP:
    case GWAPI__CEL_WRAPPER:
        return true;
    default:
        return false;
    }
}

static bool accepts_all(const gwapi__cel_type *type)
{
    return type->kind == GWAPI__CEL_DYN || type->kind == GWAPI__CEL_ERROR;
}

// Neither is a parameter.
static bool assign_concrete(gwapi__cel_unifier *u, const gwapi__cel_type *from,
                            const gwapi__cel_type *to)
{
    if (accepts_all(from) || accepts_all(to))
        return true;
    if (from->kind == GWAPI__CEL_NULL)
        return takes_null(to);
    if (to->kind == GWAPI__CEL_NULL)
        return takes_null(from);
    from = gwapi__cel_unwrapped(from);
    to = gwapi__cel_unwrapped(to);
    if (from->kind != to->kind || !gwapi__str_eq(from->name, to->name))
        return false;
    if (from->kind == GWAPI__CEL_TYPE)
        return true;
    for (uint32_t i = 0; i < from->param_count; i++)
        if (!assign(u, from->params[i], to->params[i]))
            return false;
    return true;
}

static bool assign(gwapi__cel_unifier *u, const gwapi__cel_type *from, const gwapi__cel_type *to)
{
    bool answer = false, settled = false;

    if (from == to)
        return true;
    if (!enter(u))
        return false;
    if (to->kind == GWAPI__CEL_PARAM)
        answer = bind_to(u, to, from, &settled);
    if (!answer && !settled) {
        if (from->kind == GWAPI__CEL_PARAM)
            answer = bind_to(u, from, to, &settled);
        else if (to->kind != GWAPI__CEL_PARAM)
            answer = assign_concrete(u, from, to);
    }
    leave(u);
    return answer && u->failed == GWAPI_OK;
}

bool gwapi__cel_assignable(gwapi__cel_unifier *u, const gwapi__cel_type *from,
                           const gwapi__cel_type *to)
{
    return settle(u, assign(u, from, to));
}

bool gwapi__cel_all_assignable(gwapi__cel_unifier *u, const gwapi__cel_type *const *from,
                               const gwapi__cel_type *const *to, uint32_t count)
{
    uint32_t i = 0;

    while (i < count && assign(u, from[i], to[i]))
        i++;
    return settle(u, i == count);
}

// ---- replacing ------------------------------------------------------------------------------

// What a parameter stands for: by its binding, or by a list of pairs.
typedef struct replacing {
    gwapi__cel_unifier *u;
    const gwapi__cel_type *names[MOST_NAMES], *fresh[MOST_NAMES];
    uint32_t count;
    bool close;
    const gwapi__cel_type *(*param)(struct replacing *r, const gwapi__cel_type *param);
} replacing;

static const gwapi__cel_type *replace(replacing *r, const gwapi__cel_type *type)
{
    const gwapi__cel_type *params[2] = {NULL, NULL};
    bool changed = false;

    if (type->kind == GWAPI__CEL_PARAM)
        return r->param(r, type);
    if (type->param_count == 0 || type->kind == GWAPI__CEL_WRAPPER || !enter(r->u))
        return type;
    for (uint32_t i = 0; i < type->param_count; i++) {
        params[i] = replace(r, type->params[i]);
        changed |= params[i] != type->params[i];
    }
    leave(r->u);
    return changed ? gwapi__cel_compose(r->u, type->kind, params[0], params[1]) : type;
}

static const gwapi__cel_type *by_binding(replacing *r, const gwapi__cel_type *param)
{
    while (bound_to(param) != NULL)
        param = bound_to(param);
    if (param->kind != GWAPI__CEL_PARAM) {
        if (!enter(r->u))
            return param;
        param = replace(r, param);
        leave(r->u);
        return param;
    }
    return r->close ? &gwapi__cel_dyn : param;
}

const gwapi__cel_type *gwapi__cel_substitute(gwapi__cel_unifier *u, const gwapi__cel_type *type,
                                             bool close)
{
    replacing r = {.u = u, .close = close, .param = by_binding};

    return replace(&r, type);
}

// Parameters of one overload are told apart by name.
static const gwapi__cel_type *by_name(replacing *r, const gwapi__cel_type *param)
{
    uint32_t i = 0;

    while (i < r->count && !gwapi__str_eq(r->names[i]->name, param->name))
        i++;
    if (i == r->count) {
        r->names[i] = param;
        r->fresh[i] = gwapi__cel_fresh(r->u);
        r->count++;
    }
    return r->fresh[i];
}

void gwapi__cel_instantiate(gwapi__cel_signature *out, gwapi__cel_unifier *u,
                            const gwapi__cel_overload *overload)
{
    replacing r = {.u = u, .param = by_name};

    for (uint32_t i = 0; i < overload->count; i++)
        out->params[i] = replace(&r, overload->params[i]);
    out->result = replace(&r, overload->result);
}
