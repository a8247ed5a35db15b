/*
 * The macros of cel-spec, of two variables (cel-go's ext/comprehensions.go), of optionals
 * (cel/library.go) and of sorting (ext/lists.go), as far as Kubernetes has them.
 */
#include "cel/macro.h"

/* Built by every macro alike: the place of all nodes is the macro's name. */
typedef gwapi__cel_expr *expander(gwapi__cel_builder *b, const gwapi__cel_written *call);

#define ACCUMULATOR GWAPI__STR("@result")
#define NO_VARIABLE GWAPI__STR("#unused")

static gwapi__cel_expr *bad(gwapi__cel_builder *b, const gwapi__cel_expr *at,
                            const char *message)
{
    gwapi__cel_place place = {at->offset, at->length};

    if (at->form != GWAPI__CEL_BAD && !gwapi__cel_build_issue(b, place, message))
        return NULL;
    return gwapi__cel_build(b, GWAPI__CEL_BAD, place);
}

static gwapi__cel_expr *accumulator(gwapi__cel_builder *b, const gwapi__cel_written *call)
{
    return gwapi__cel_build_ident(b, call->place, ACCUMULATOR);
}

static gwapi__cel_expr *constant(gwapi__cel_builder *b, const gwapi__cel_written *call,
                                 gwapi__cel_value value)
{
    return gwapi__cel_build_const(b, call->place, value);
}

/* ---- variables -------------------------------------------------------------------------- */

/* What a macro makes a comprehension of. */
typedef struct fold {
    gwapi__cel_macro macro;
    gwapi_str variable, variable2;
    gwapi__cel_expr *init, *condition, *step, *result;
} fold;

static gwapi__cel_expr *build_fold(gwapi__cel_builder *b, const gwapi__cel_written *call,
                                   gwapi__cel_expr *range, gwapi_str accumulated, const fold *f)
{
    gwapi__cel_expr *e = gwapi__cel_build(b, GWAPI__CEL_COMPREHENSION, call->place);

    if (e == NULL || range == NULL || f->init == NULL || f->condition == NULL ||
        f->step == NULL || f->result == NULL)
        return NULL;
    e->as.fold.macro = f->macro;
    e->as.fold.variable = f->variable;
    e->as.fold.variable2 = f->variable2;
    e->as.fold.range = range;
    e->as.fold.accumulator = accumulated;
    e->as.fold.init = f->init;
    e->as.fold.condition = f->condition;
    e->as.fold.step = f->step;
    e->as.fold.result = f->result;
    return e;
}

/* Why the argument cannot be a variable of a comprehension; NULL: it can. */
static const char *why_no_variable(const gwapi__cel_expr *e)
{
    if (e->form != GWAPI__CEL_IDENT)
        return "the variable of a macro must be a simple name";
    if (gwapi__str_eq(e->as.ident.name, GWAPI__STR("__result__")))
        return "the name __result__ is reserved for what a macro accumulates";
    return NULL;
}

/* Takes the variables from the first one or two arguments. NULL: fine, else what the macro
 * gives. */
static bool take_variables(gwapi__cel_builder *b, const gwapi__cel_written *call, bool two,
                           fold *f, gwapi__cel_expr **refused)
{
    for (uint32_t i = 0; i <= two; i++) {
        const char *why = why_no_variable(call->args[i]);
        if (why != NULL) {
            *refused = bad(b, call->args[i], why);
            return false;
        }
    }
    f->variable = call->args[0]->as.ident.name;
    if (!two)
        return true;
    f->variable2 = call->args[1]->as.ident.name;
    if (!gwapi__str_eq(f->variable, f->variable2))
        return true;
    *refused = bad(b, call->args[1], "the two variables of a macro must differ");
    return false;
}

/* ---- quantifiers ------------------------------------------------------------------------ */

static void fold_all(gwapi__cel_builder *b, const gwapi__cel_written *call,
                     gwapi__cel_expr *predicate, fold *f)
{
    f->macro = GWAPI__CEL_ALL;
    f->init = constant(b, call, gwapi__cel_of_bool(true));
    f->condition = gwapi__cel_build_call1(b, call->place, GWAPI__STR("@not_strictly_false"),
                                          accumulator(b, call));
    f->step = gwapi__cel_build_call2(b, call->place, GWAPI__STR("_&&_"), accumulator(b, call),
                                     predicate);
    f->result = accumulator(b, call);
}

static void fold_exists(gwapi__cel_builder *b, const gwapi__cel_written *call,
                        gwapi__cel_expr *predicate, fold *f)
{
    gwapi__cel_expr *none =
        gwapi__cel_build_call1(b, call->place, GWAPI__STR("!_"), accumulator(b, call));

    f->macro = GWAPI__CEL_EXISTS;
    f->init = constant(b, call, gwapi__cel_of_bool(false));
    f->condition =
        gwapi__cel_build_call1(b, call->place, GWAPI__STR("@not_strictly_false"), none);
    f->step = gwapi__cel_build_call2(b, call->place, GWAPI__STR("_||_"), accumulator(b, call),
                                     predicate);
    f->result = accumulator(b, call);
}

static void fold_exists_one(gwapi__cel_builder *b, const gwapi__cel_written *call,
                            gwapi__cel_expr *predicate, fold *f)
{
    gwapi__cel_expr *more =
        gwapi__cel_build_call2(b, call->place, GWAPI__STR("_+_"), accumulator(b, call),
                               constant(b, call, gwapi__cel_of_int(1)));

    f->macro = GWAPI__CEL_EXISTS_ONE;
    f->init = constant(b, call, gwapi__cel_of_int(0));
    f->condition = constant(b, call, gwapi__cel_of_bool(true));
    f->step = gwapi__cel_build_call3(b, call->place, GWAPI__STR("_?_:_"), predicate, more,
                                     accumulator(b, call));
    f->result = gwapi__cel_build_call2(b, call->place, GWAPI__STR("_==_"), accumulator(b, call),
                                       constant(b, call, gwapi__cel_of_int(1)));
}

typedef void folder(gwapi__cel_builder *b, const gwapi__cel_written *call,
                    gwapi__cel_expr *predicate, fold *f);

static gwapi__cel_expr *expand_quantifier(gwapi__cel_builder *b, const gwapi__cel_written *call,
                                          folder *quantify)
{
    bool two = call->count == 3;
    gwapi__cel_expr *refused;
    fold f = {.variable2 = {NULL, 0}};

    if (!take_variables(b, call, two, &f, &refused))
        return refused;
    quantify(b, call, call->args[1 + two], &f);
    return build_fold(b, call, call->target, ACCUMULATOR, &f);
}

static gwapi__cel_expr *expand_all(gwapi__cel_builder *b, const gwapi__cel_written *call)
{
    return expand_quantifier(b, call, fold_all);
}

static gwapi__cel_expr *expand_exists(gwapi__cel_builder *b, const gwapi__cel_written *call)
{
    return expand_quantifier(b, call, fold_exists);
}

static gwapi__cel_expr *expand_exists_one(gwapi__cel_builder *b, const gwapi__cel_written *call)
{
    return expand_quantifier(b, call, fold_exists_one);
}

/* ---- collections ------------------------------------------------------------------------ */

/* The step only if the filter holds. */
static gwapi__cel_expr *step_if(gwapi__cel_builder *b, const gwapi__cel_written *call,
                                gwapi__cel_expr *filter, gwapi__cel_expr *step)
{
    return gwapi__cel_build_call3(b, call->place, GWAPI__STR("_?_:_"), filter, step,
                                  accumulator(b, call));
}

/* The accumulator with one more item. */
static gwapi__cel_expr *append(gwapi__cel_builder *b, const gwapi__cel_written *call,
                               gwapi__cel_expr *item)
{
    return gwapi__cel_build_call2(b, call->place, GWAPI__STR("_+_"), accumulator(b, call),
                                  gwapi__cel_build_list1(b, call->place, item));
}

/* Ends a macro that collects into `init` whatever its step adds. */
static gwapi__cel_expr *collect(gwapi__cel_builder *b, const gwapi__cel_written *call,
                                gwapi__cel_expr *range, fold *f)
{
    f->condition = constant(b, call, gwapi__cel_of_bool(true));
    f->result = accumulator(b, call);
    return build_fold(b, call, range, ACCUMULATOR, f);
}

static gwapi__cel_expr *collect_list(gwapi__cel_builder *b, const gwapi__cel_written *call,
                                     gwapi__cel_expr *range, fold *f)
{
    f->init = gwapi__cel_build_list(b, call->place);
    return collect(b, call, range, f);
}

/* range.map(x, f) and range.map(x, filter, f). */
static gwapi__cel_expr *map_of(gwapi__cel_builder *b, const gwapi__cel_written *call,
                               gwapi__cel_expr *range)
{
    fold f = {.macro = GWAPI__CEL_MAP_MACRO};
    gwapi__cel_expr *refused;

    if (!take_variables(b, call, false, &f, &refused))
        return refused;
    f.step = append(b, call, call->args[call->count - 1]);
    if (call->count == 3)
        f.step = step_if(b, call, call->args[1], f.step);
    return collect_list(b, call, range, &f);
}

static gwapi__cel_expr *expand_map(gwapi__cel_builder *b, const gwapi__cel_written *call)
{
    return map_of(b, call, call->target);
}

static gwapi__cel_expr *expand_filter(gwapi__cel_builder *b, const gwapi__cel_written *call)
{
    fold f = {.macro = GWAPI__CEL_FILTER};
    gwapi__cel_expr *refused;

    if (!take_variables(b, call, false, &f, &refused))
        return refused;
    f.step = step_if(b, call, call->args[1], append(b, call, call->args[0]));
    return collect_list(b, call, call->target, &f);
}

/* range.transformX(i, v, f) and range.transformX(i, v, filter, f): the step for f. */
typedef gwapi__cel_expr *stepper(gwapi__cel_builder *b, const gwapi__cel_written *call,
                                 gwapi__cel_expr *transformed);

static gwapi__cel_expr *insert_key(gwapi__cel_builder *b, const gwapi__cel_written *call,
                                   gwapi__cel_expr *value)
{
    gwapi__cel_expr *key = gwapi__cel_build_ident(b, call->place, call->args[0]->as.ident.name);

    return gwapi__cel_build_call3(b, call->place, GWAPI__STR("cel.@mapInsert"),
                                  accumulator(b, call), key, value);
}

static gwapi__cel_expr *insert_entry(gwapi__cel_builder *b, const gwapi__cel_written *call,
                                     gwapi__cel_expr *entry)
{
    return gwapi__cel_build_call2(b, call->place, GWAPI__STR("cel.@mapInsert"),
                                  accumulator(b, call), entry);
}

static gwapi__cel_expr *expand_transform(gwapi__cel_builder *b, const gwapi__cel_written *call,
                                         gwapi__cel_macro macro, stepper *step)
{
    fold f = {.macro = macro};
    gwapi__cel_expr *refused;

    if (!take_variables(b, call, true, &f, &refused))
        return refused;
    f.step = step(b, call, call->args[call->count - 1]);
    if (call->count == 4)
        f.step = step_if(b, call, call->args[2], f.step);
    f.init = gwapi__cel_build(
        b, macro == GWAPI__CEL_TRANSFORM_LIST ? GWAPI__CEL_LIST_EXPR : GWAPI__CEL_MAP_EXPR,
        call->place);
    return collect(b, call, call->target, &f);
}

static gwapi__cel_expr *expand_transform_list(gwapi__cel_builder *b,
                                              const gwapi__cel_written *call)
{
    return expand_transform(b, call, GWAPI__CEL_TRANSFORM_LIST, append);
}

static gwapi__cel_expr *expand_transform_map(gwapi__cel_builder *b,
                                             const gwapi__cel_written *call)
{
    return expand_transform(b, call, GWAPI__CEL_TRANSFORM_MAP, insert_key);
}

static gwapi__cel_expr *expand_transform_map_entry(gwapi__cel_builder *b,
                                                   const gwapi__cel_written *call)
{
    return expand_transform(b, call, GWAPI__CEL_TRANSFORM_MAP_ENTRY, insert_entry);
}

/* ---- bindings --------------------------------------------------------------------------- */

/* `result` where `name` stands for `value`: a comprehension over nothing. */
static gwapi__cel_expr *bind(gwapi__cel_builder *b, const gwapi__cel_written *call,
                             gwapi_str name, gwapi__cel_expr *value, gwapi__cel_expr *result)
{
    fold f = {
        .macro = GWAPI__CEL_BIND, .variable = NO_VARIABLE, .init = value, .result = result};

    f.condition = constant(b, call, gwapi__cel_of_bool(false));
    f.step = gwapi__cel_build_ident(b, call->place, name);
    return build_fold(b, call, gwapi__cel_build_list(b, call->place), name, &f);
}

/* target.optMap(x, f): target.hasValue() ? optional.of(f where x is target.value())
 *                                        : optional.none(); optFlatMap without optional.of. */
static gwapi__cel_expr *expand_optional(gwapi__cel_builder *b, const gwapi__cel_written *call,
                                        bool wrap)
{
    if (call->args[0]->form != GWAPI__CEL_IDENT)
        return bad(b, call->args[0], "the variable of a macro must be a simple name");
    gwapi__cel_expr *copy = gwapi__cel_build_copy(b, call->target);
    gwapi__cel_expr *has =
        gwapi__cel_build_call(b, call->place, GWAPI__STR("hasValue"), call->target, NULL, 0);
    gwapi__cel_expr *value =
        copy != NULL ? gwapi__cel_build_call(b, call->place, GWAPI__STR("value"), copy, NULL, 0)
                     : NULL;
    gwapi__cel_expr *mapped = bind(b, call, call->args[0]->as.ident.name, value, call->args[1]);
    gwapi__cel_expr *none =
        gwapi__cel_build_call(b, call->place, GWAPI__STR("optional.none"), NULL, NULL, 0);

    if (wrap)
        mapped = gwapi__cel_build_call1(b, call->place, GWAPI__STR("optional.of"), mapped);
    return gwapi__cel_build_call3(b, call->place, GWAPI__STR("_?_:_"), has, mapped, none);
}

static gwapi__cel_expr *expand_opt_map(gwapi__cel_builder *b, const gwapi__cel_written *call)
{
    return expand_optional(b, call, true);
}

static gwapi__cel_expr *expand_opt_flat_map(gwapi__cel_builder *b,
                                            const gwapi__cel_written *call)
{
    return expand_optional(b, call, false);
}

/* target.sortBy(x, key): input.@sortByAssociatedKeys(input.map(x, key)), input bound to target.
 */
static gwapi__cel_expr *expand_sort_by(gwapi__cel_builder *b, const gwapi__cel_written *call)
{
    const gwapi_str input = GWAPI__STR("@__sortBy_input__");
    gwapi__cel_form form = call->target->form;

    if (form == GWAPI__CEL_CONST || form == GWAPI__CEL_MAP_EXPR ||
        form == GWAPI__CEL_STRUCT_EXPR || form == GWAPI__CEL_BAD)
        return bad(b, call->target, "sortBy() needs an expression that gives a list");
    gwapi__cel_expr *keys = map_of(b, call, gwapi__cel_build_ident(b, call->place, input));
    gwapi__cel_expr *list = gwapi__cel_build_ident(b, call->place, input);

    if (keys == NULL || list == NULL || keys->form == GWAPI__CEL_BAD)
        return keys;
    gwapi__cel_expr **args = gwapi__arena_array(b->arena, 1, sizeof *args);
    if (args == NULL)
        return gwapi__cel_build_no_memory(b);
    args[0] = keys;
    return bind(b, call, input, call->target,
                gwapi__cel_build_call(b, call->place, GWAPI__STR("@sortByAssociatedKeys"), list,
                                      args, 1));
}

/* ---- has -------------------------------------------------------------------------------- */

static gwapi__cel_expr *expand_has(gwapi__cel_builder *b, const gwapi__cel_written *call)
{
    gwapi__cel_expr *argument = call->args[0];

    if (argument->form != GWAPI__CEL_SELECT)
        return bad(b, argument, "has() takes the selection of a field: has(a.b)");
    argument->as.select.test_only = true;
    return argument;
}

/* ---- which ------------------------------------------------------------------------------ */

static const struct {
    gwapi_str name;
    bool member;
    uint8_t count, or_count; /* arguments */
    uint8_t since;           /* Kubernetes 1.since */
    expander *expand;
} macros[] = {
    {{"has", 3}, false, 1, 1, 0, expand_has},
    {{"all", 3}, true, 2, 2, 0, expand_all},
    {{"exists", 6}, true, 2, 2, 0, expand_exists},
    {{"exists_one", 10}, true, 2, 2, 0, expand_exists_one},
    {{"map", 3}, true, 2, 3, 0, expand_map},
    {{"filter", 6}, true, 2, 2, 0, expand_filter},
    {{"optMap", 6}, true, 2, 2, 28, expand_opt_map},
    {{"optFlatMap", 10}, true, 2, 2, 28, expand_opt_flat_map},
    {{"all", 3}, true, 3, 3, 32, expand_all},
    {{"exists", 6}, true, 3, 3, 32, expand_exists},
    {{"exists_one", 10}, true, 3, 3, 32, expand_exists_one},
    {{"existsOne", 9}, true, 3, 3, 32, expand_exists_one},
    {{"transformList", 13}, true, 3, 4, 32, expand_transform_list},
    {{"transformMap", 12}, true, 3, 4, 32, expand_transform_map},
    {{"transformMapEntry", 17}, true, 3, 4, 32, expand_transform_map_entry},
    {{"sortBy", 6}, true, 2, 2, 34, expand_sort_by},
};

static expander *find(const gwapi__cel_written *call, uint32_t minor)
{
    for (size_t i = 0; i < sizeof macros / sizeof *macros; i++)
        if ((call->count == macros[i].count || call->count == macros[i].or_count) &&
            macros[i].member == (call->target != NULL) && minor >= macros[i].since &&
            gwapi__str_eq(call->name, macros[i].name))
            return macros[i].expand;
    return NULL;
}

gwapi__cel_expr *gwapi__cel_expand(gwapi__cel_builder *b, const gwapi__cel_written *call)
{
    expander *expand = find(call, b->minor);

    if (expand != NULL)
        return expand(b, call);
    return gwapi__cel_build_call(b, call->place, call->name, call->target, call->args,
                                 call->count);
}
