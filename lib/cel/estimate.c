/*
 * What an evaluation can cost at least and at most, from the declared sizes of what the
 * expression reads. The numbers decide whether the server takes a rule, so they are the
 * server's to the unit, its peculiarities included.
 */
#include "cel/estimate.h"
#include "base/slice.h"

#define NAME(literal) GWAPI__STR(literal)

enum {
    LIST_COST = 10,
    MAP_COST = 30
};

// A variable of a comprehension in scope.
typedef struct local {
    gwapi_str name;
    gwapi__cel_path path;
    gwapi__cel_size size;
    gwapi__cel_inside inside;
    const struct local *outer;
} local;

typedef struct estimator {
    gwapi__arena *arena;
    const gwapi__cel_environment *environment;
    gwapi__cel_facts *facts; /* by an expression's id */
    const local *locals;
    bool failed; /* no memory */
} estimator;

static gwapi__cel_range cost_of(estimator *c, const gwapi__cel_expr *e);

// ---- paths ----------------------------------------------------------------------------------

static gwapi__cel_path append(estimator *c, gwapi__cel_path path, gwapi_str name)
{
    if (path.length == path.capacity) {
        uint32_t capacity = path.capacity != 0 ? path.capacity * 2 : 1;
        gwapi_str *names = gwapi__arena_array(c->arena, capacity, sizeof(*names));
        if (names == NULL) {
            c->failed = true;
            return (gwapi__cel_path){NULL, 0, 0};
        }
        if (path.length != 0)
            memcpy(names, path.names, path.length * sizeof(*names));
        path.names = names;
        path.capacity = capacity;
    }
    path.names[path.length++] = name;
    return path;
}

// A name, be it an identifier or a chain of selections that stands for something.
static bool is_name(const gwapi__cel_expr *e)
{
    return e->form == GWAPI__CEL_IDENT ||
           (e->form == GWAPI__CEL_SELECT && e->ref != GWAPI__CEL_REF_NONE);
}

static const local *local_of(const estimator *c, const gwapi__cel_expr *e)
{
    if (!is_name(e) || e->ref != GWAPI__CEL_REF_SLOT || e->slot < c->environment->variable_count)
        return NULL;
    gwapi_str name = e->as.ident.name;
    if (gwapi__str_starts(name, NAME(".")))
        name = gwapi__str_sub(name, 1, name.len);
    const local *l = c->locals;
    while (!gwapi__str_eq(l->name, name))
        l = l->outer;
    return l;
}

static gwapi__cel_path path_of(const estimator *c, const gwapi__cel_expr *e)
{
    const local *l = local_of(c, e);

    return l != NULL ? l->path : c->facts[e->id].path;
}

// The declared type from which a path with this root is walked. What comes from no variable is
// looked for in the first one.
static const gwapi__cel_type *root_of(const estimator *c, gwapi_str root)
{
    const gwapi__cel_environment *env = c->environment;
    const gwapi__cel_type *type = NULL;

    for (uint32_t i = env->variable_count; i-- > 0;)
        if (i == 0 || gwapi__str_eq(env->variables[i].name, root)) {
            type = env->variables[i].type;
            break;
        }
    return type != NULL && type->kind == GWAPI__CEL_OPTIONAL ? type->params[0] : type;
}

static const gwapi__cel_type *step_into(const gwapi__cel_type *type, gwapi_str name)
{
    bool list = type->kind == GWAPI__CEL_LIST, map = type->kind == GWAPI__CEL_MAP;

    if (gwapi__str_eq(name, NAME("@items")) || gwapi__str_eq(name, NAME("@values")))
        return list ? type->params[0] : map ? type->params[1] : NULL;
    if (gwapi__str_eq(name, NAME("@keys")))
        return map ? type->params[0] : NULL;
    const gwapi__cel_field *field = gwapi__cel_type_field(type, name);
    return field != NULL ? field->type : NULL;
}

static gwapi__cel_size declared_size(const estimator *c, gwapi__cel_path path)
{
    const gwapi__cel_type *type = path.length != 0 ? root_of(c, path.names[0]) : NULL;

    for (uint32_t i = 1; i < path.length && type != NULL; i++)
        type = step_into(type, path.names[i]);
    if (type == NULL)
        return (gwapi__cel_size){.known = false};
    return (gwapi__cel_size){{0, type->max_elements}, true};
}

// ---- sizes ----------------------------------------------------------------------------------

static gwapi__cel_size known(uint64_t n)
{
    return (gwapi__cel_size){gwapi__cel_fixed(n), true};
}

static gwapi__cel_size size_as_written(const gwapi__cel_expr *e)
{
    switch (e->form) {
    case GWAPI__CEL_CONST:
        return known(gwapi__cel_cost_size(&e->as.constant));
    case GWAPI__CEL_LIST_EXPR:
        return known(e->as.list.count);
    case GWAPI__CEL_MAP_EXPR:
        return known(e->as.map.count);
    default:
        return (gwapi__cel_size){.known = false};
    }
}

static bool is_scalar(const gwapi__cel_type *type)
{
    while (type->kind == GWAPI__CEL_OPTIONAL && type->param_count != 0)
        type = type->params[0];
    switch (type->kind == GWAPI__CEL_WRAPPER ? type->params[0]->kind : type->kind) {
    case GWAPI__CEL_BOOL:
    case GWAPI__CEL_INT:
    case GWAPI__CEL_UINT:
    case GWAPI__CEL_DOUBLE:
    case GWAPI__CEL_DURATION:
    case GWAPI__CEL_TIMESTAMP:
        return true;
    default:
        return false;
    }
}

static gwapi__cel_size size_of(const estimator *c, const gwapi__cel_expr *e)
{
    gwapi__cel_size *kept = &c->facts[e->id].size;
    gwapi__cel_size size = *kept;

    if (size.known)
        return size;
    size = size_as_written(e);
    if (size.known)
        return size;
    size = declared_size(c, path_of(c, e));
    if (size.known) {
        *kept = size; // of the path as it is now; it may yet change
        return size;
    }
    if (is_scalar(e->type))
        return known(1);
    const local *l = local_of(c, e);
    return l != NULL ? l->size : size;
}

static gwapi__cel_range size_or_unknown(const estimator *c, const gwapi__cel_expr *e)
{
    return gwapi__cel_size_or_unknown(size_of(c, e));
}

static gwapi__cel_inside inside_of(const estimator *c, const gwapi__cel_expr *e)
{
    const gwapi__cel_inside *kept = &c->facts[e->id].inside;
    const local *l = kept->container == GWAPI__CEL_ERROR ? local_of(c, e) : NULL;

    return l != NULL ? l->inside : *kept;
}

static void set_size(estimator *c, const gwapi__cel_expr *e, gwapi__cel_size size)
{
    if (size.known)
        c->facts[e->id].size = size;
}

static void set_inside(estimator *c, const gwapi__cel_expr *e, gwapi__cel_inside inside)
{
    if (inside.container != GWAPI__CEL_ERROR)
        c->facts[e->id].inside = inside;
}

// ---- names and fields -----------------------------------------------------------------------

static gwapi__cel_range cost_name(estimator *c, const gwapi__cel_expr *e)
{
    const local *l = local_of(c, e);
    gwapi_str root = e->ref == GWAPI__CEL_REF_SLOT && l == NULL
                         ? c->environment->variables[e->slot].name
                         : NAME("");

    c->facts[e->id].path = l != NULL ? l->path : append(c, (gwapi__cel_path){NULL, 0, 0}, root);
    return gwapi__cel_fixed(1);
}

static gwapi__cel_range cost_select(estimator *c, const gwapi__cel_expr *e)
{
    const gwapi__cel_expr *operand = e->as.select.operand;
    gwapi__cel_range sum = cost_of(c, operand);

    if (e->as.select.test_only) // has() is free
        return sum;
    if (operand->type->kind == GWAPI__CEL_MAP || operand->type->kind == GWAPI__CEL_OBJECT)
        sum = gwapi__cel_range_add(sum, gwapi__cel_fixed(1));
    c->facts[e->id].path = append(c, path_of(c, operand), e->as.select.field);
    return sum;
}

// ---- calls ----------------------------------------------------------------------------------

static gwapi__cel_operand operand_of(estimator *c, const gwapi__cel_expr *e)
{
    gwapi__cel_operand out = {.expr = e};

    out.cost = cost_of(c, e);
    out.path = path_of(c, e);
    out.size = size_of(c, e);
    out.inside = inside_of(c, e);
    return out;
}

// Elements of a declared list; the path is copied here, nothing else changes.
static gwapi__cel_range element_size(const estimator *c, const gwapi__cel_operand *operand)
{
    const gwapi__cel_type *type =
        operand->path.length != 0 ? root_of(c, operand->path.names[0]) : NULL;

    for (uint32_t i = 1; i < operand->path.length && type != NULL; i++)
        type = step_into(type, operand->path.names[i]);
    if (type != NULL)
        type = step_into(type, NAME("@items"));
    return type != NULL ? (gwapi__cel_range){0, type->max_elements} : GWAPI__CEL_UNKNOWN;
}

static gwapi__cel_sized sized(const estimator *c, const gwapi__cel_operand *operand)
{
    const gwapi__cel_expr *e = operand->expr;
    gwapi__cel_sized out = {.size = gwapi__cel_size_or_unknown(operand->size),
                            .type = e->type,
                            .known = operand->size.known,
                            .element = element_size(c, operand),
                            .literal = e->form == GWAPI__CEL_CONST};

    if (out.literal && e->as.constant.kind == GWAPI__CEL_STRING)
        out.text = e->as.constant.as.text;
    if (out.literal && e->as.constant.kind == GWAPI__CEL_INT)
        out.integer = e->as.constant.as.integer;
    return out;
}

static gwapi__cel_range read_site(gwapi__cel_call_site *site, estimator *c,
                                  const gwapi__cel_expr *e)
{
    gwapi__cel_range target = {0, 0};

    *site = (gwapi__cel_call_site){.count = e->as.call.count};
    for (uint32_t i = 0; i < site->count; i++)
        site->args[i] = operand_of(c, e->as.call.args[i]);
    if (e->as.call.target != NULL) {
        site->target = operand_of(c, e->as.call.target);
        target = site->target.cost;
        site->sized[site->sized_count++] = sized(c, &site->target);
    }
    for (uint32_t i = 0; i < site->count; i++)
        site->sized[site->sized_count++] = sized(c, &site->args[i]);
    return target;
}

// list[i] and map[k] lead into what the operand was declared to hold.
static bool index_step(const gwapi__cel_overload *overload, gwapi_str *step)
{
    if (overload == NULL)
        return false;
    if (strcmp(overload->id, "index_list") == 0)
        *step = NAME("@items");
    else if (strcmp(overload->id, "index_map") == 0)
        *step = NAME("@values");
    else
        return false;
    return true;
}

static void add_overload(estimator *c, const gwapi__cel_expr *e, const gwapi__cel_call_site *site,
                         const gwapi__cel_overload *overload, gwapi__cel_range *cost,
                         gwapi__cel_size *size)
{
    gwapi__cel_call_guess guess;
    gwapi_str step;

    gwapi__cel_guess_call(&guess, site, overload);
    *cost = gwapi__cel_range_union(*cost, guess.cost);
    set_inside(c, e, guess.inside);
    if (guess.size.known)
        *size = size->known ? (gwapi__cel_size){gwapi__cel_range_union(size->range,
                                                                      guess.size.range), true}
                            : guess.size;
    if (index_step(overload, &step)) {
        const gwapi__cel_expr *operand = site->args[0].expr;
        gwapi__cel_inside inside = inside_of(c, operand);
        *size = (gwapi__cel_size){inside.value, inside.container != GWAPI__CEL_ERROR};
        c->facts[e->id].path = append(c, path_of(c, operand), step);
    }
    if (!size->known)
        *size = size_of(c, e);
}

static gwapi__cel_range cost_dyn(estimator *c, const gwapi__cel_expr *e)
{
    const gwapi__cel_expr *arg = e->as.call.args[0];
    gwapi__cel_range cost = gwapi__cel_range_add(cost_of(c, arg), gwapi__cel_fixed(1));

    set_size(c, e, size_of(c, arg));
    set_inside(c, e, inside_of(c, arg));
    return cost;
}

static gwapi__cel_range cost_call(estimator *c, const gwapi__cel_expr *e)
{
    gwapi__cel_range cost = {UINT64_MAX, 0};
    gwapi__cel_size size = {.known = false};
    gwapi__cel_call_site site;

    if (gwapi__str_eq(e->as.call.function, NAME("dyn")))
        return cost_dyn(c, e);
    gwapi__cel_range target = read_site(&site, c, e);
    if (e->overload_count == 0) // a?.b, which has no overload in any library
        add_overload(c, e, &site, NULL, &cost, &size);
    for (uint32_t i = 0; i < e->overload_count; i++)
        add_overload(c, e, &site, e->overloads[i], &cost, &size);
    set_size(c, e, size);
    return gwapi__cel_range_add(target, cost);
}

// ---- lists, maps, messages ------------------------------------------------------------------

// Of no element: nothing; else to be widened by each.
static gwapi__cel_range no_size_yet(uint32_t count)
{
    return (gwapi__cel_range){count == 0 ? 0 : UINT64_MAX, 0};
}

static gwapi__cel_range cost_list(estimator *c, const gwapi__cel_expr *e)
{
    gwapi__cel_range sum = {0, 0}, items = no_size_yet(e->as.list.count);

    for (uint32_t i = 0; i < e->as.list.count; i++) {
        sum = gwapi__cel_range_add(sum, cost_of(c, e->as.list.items[i]));
        items = gwapi__cel_range_union(items, size_or_unknown(c, e->as.list.items[i]));
    }
    set_inside(c, e, (gwapi__cel_inside){GWAPI__CEL_LIST, gwapi__cel_fixed(1), items});
    return gwapi__cel_range_add(sum, gwapi__cel_fixed(LIST_COST));
}

static gwapi__cel_range cost_map(estimator *c, const gwapi__cel_expr *e)
{
    gwapi__cel_range sum = {0, 0}, keys = no_size_yet(e->as.map.count), values = keys;

    for (uint32_t i = 0; i < e->as.map.count; i++) {
        const gwapi__cel_pair *pair = &e->as.map.pairs[i];
        sum = gwapi__cel_range_add(sum, cost_of(c, pair->key));
        sum = gwapi__cel_range_add(sum, cost_of(c, pair->value));
        keys = gwapi__cel_range_union(keys, size_or_unknown(c, pair->key));
        values = gwapi__cel_range_union(values, size_or_unknown(c, pair->value));
    }
    set_inside(c, e, (gwapi__cel_inside){GWAPI__CEL_MAP, keys, values});
    return gwapi__cel_range_add(sum, gwapi__cel_fixed(MAP_COST));
}

// ---- comprehensions -------------------------------------------------------------------------

// A variable that runs over the keys (or indices) or over the values of a range.
static local running(estimator *c, gwapi_str name, const gwapi__cel_expr *range, bool values)
{
    gwapi__cel_inside inside = inside_of(c, range);
    bool made = inside.container != GWAPI__CEL_ERROR;
    bool list = (made ? inside.container : range->type->kind) == GWAPI__CEL_LIST;
    gwapi_str step = values ? (list ? NAME("@items") : NAME("@values"))
                            : (list ? NAME("@indices") : NAME("@keys"));

    return (local){.name = name,
                   .path = append(c, path_of(c, range), step),
                   .size = {values ? inside.value : inside.key, made},
                   .outer = c->locals};
}

// The only variable of a comprehension: items of a list, keys of a map.
static local running_alone(estimator *c, gwapi_str name, const gwapi__cel_expr *range)
{
    gwapi__cel_inside inside = inside_of(c, range);
    gwapi__cel_kind kind =
        inside.container != GWAPI__CEL_ERROR ? inside.container : range->type->kind;

    return running(c, name, range, kind == GWAPI__CEL_LIST);
}

static local accumulating(estimator *c, const gwapi__cel_expr *e)
{
    const gwapi__cel_expr *init = e->as.fold.init;

    return (local){.name = e->as.fold.accumulator,
                   .path = path_of(c, init),
                   .size = size_of(c, init),
                   .inside = inside_of(c, init),
                   .outer = c->locals};
}

static gwapi__cel_range cost_loop(estimator *c, const gwapi__cel_expr *e)
{
    const gwapi__cel_expr *range = e->as.fold.range;
    bool two = gwapi__str_present(e->as.fold.variable2);
    const local *outer = c->locals;
    local second;

    local first = two ? running(c, e->as.fold.variable, range, false)
                      : running_alone(c, e->as.fold.variable, range);
    c->locals = &first;
    if (two) {
        second = running(c, e->as.fold.variable2, range, true);
        c->locals = &second;
    }
    gwapi__cel_range condition = cost_of(c, e->as.fold.condition);
    gwapi__cel_range cost = gwapi__cel_range_add(cost_of(c, e->as.fold.step), condition);
    c->locals = outer;
    return cost;
}

static void know_result(estimator *c, const gwapi__cel_expr *e, gwapi__cel_range count)
{
    const gwapi__cel_expr *init = e->as.fold.init;

    if (init->form == GWAPI__CEL_CONST) {
        set_size(c, e, size_of(c, init));
    } else if (init->form == GWAPI__CEL_LIST_EXPR || init->form == GWAPI__CEL_MAP_EXPR) {
        set_size(c, e, (gwapi__cel_size){count, true});
        set_inside(c, e, inside_of(c, e->as.fold.step));
    }
}

static gwapi__cel_range cost_fold(estimator *c, const gwapi__cel_expr *e)
{
    const local *outer = c->locals;
    gwapi__cel_range sum = cost_of(c, e->as.fold.range);

    sum = gwapi__cel_range_add(sum, cost_of(c, e->as.fold.init));
    local accumulator = accumulating(c, e);
    c->locals = &accumulator;
    if (e->as.fold.macro == GWAPI__CEL_BIND) { // no loop: the result with a name for a value
        sum = gwapi__cel_range_add(sum, cost_of(c, e->as.fold.result));
        set_size(c, e, size_of(c, e->as.fold.result));
        set_inside(c, e, inside_of(c, e->as.fold.result));
        c->locals = outer;
        return sum;
    }
    gwapi__cel_range each = cost_loop(c, e);
    sum = gwapi__cel_range_add(sum, cost_of(c, e->as.fold.result));
    c->locals = outer;
    gwapi__cel_range count = size_or_unknown(c, e->as.fold.range);
    know_result(c, e, count);
    return gwapi__cel_range_add(sum, gwapi__cel_range_times(count, each));
}

// ---- all expressions ------------------------------------------------------------------------

static gwapi__cel_range cost_of(estimator *c, const gwapi__cel_expr *e)
{
    if (is_name(e))
        return cost_name(c, e);
    switch (e->form) {
    case GWAPI__CEL_SELECT:
        return cost_select(c, e);
    case GWAPI__CEL_CALL:
        return cost_call(c, e);
    case GWAPI__CEL_LIST_EXPR:
        return cost_list(c, e);
    case GWAPI__CEL_MAP_EXPR:
        return cost_map(c, e);
    case GWAPI__CEL_COMPREHENSION:
        return cost_fold(c, e);
    default:
        return gwapi__cel_fixed(0);
    }
}

gwapi_result gwapi__cel_estimate_ast(gwapi__cel_range *out, const gwapi__cel_ast *ast,
                                 const gwapi__cel_environment *environment, gwapi__arena *arena)
{
    gwapi__arena_mark mark = gwapi__arena_mark_get(arena);
    estimator c = {.arena = arena, .environment = environment};

    c.facts = gwapi__arena_array(arena, (size_t)ast->expr_count + 1, sizeof(*c.facts));
    if (c.facts == NULL)
        return GWAPI_ENOMEM;
    *out = cost_of(&c, ast->root);
    gwapi__arena_rewind(arena, mark);
    return c.failed ? GWAPI_ENOMEM : GWAPI_OK;
}
