#include "cel/check.h"
#include "base/result.h"
#include "base/slice.h"

void gwapi__cel_remember(gwapi__cel_checker *c, bool had_memory)
{
    if (!had_memory && c->unifier.failed == GWAPI_OK)
        c->unifier.failed = GWAPI_ENOMEM;
}

gwapi_str gwapi__cel_spell(gwapi__cel_checker *c, const gwapi__cel_type *type)
{
    gwapi_str out = {NULL, 0};
    gwapi__text t;

    gwapi__text_init(&t, &c->scratch.allocator);
    gwapi__cel_type_write(&t, gwapi__cel_substitute(&c->unifier, type, true));
    gwapi__cel_remember(c, !t.failed &&
                               gwapi__arena_copy(&c->scratch, gwapi__text_str(&t), &out));
    gwapi__text_free(&t);
    return out;
}

static void mismatch(gwapi__cel_checker *c, const gwapi__cel_expr *e,
                     const gwapi__cel_type *expected, const gwapi__cel_type *found)
{
    GWAPI__CEL_COMPLAIN(c, e, "expected %v, found %v", gwapi__cel_spell(c, expected),
                        gwapi__cel_spell(c, found));
}

// ---- names and fields -----------------------------------------------------------------------

static void stand_for(gwapi__cel_expr *e, const gwapi__cel_meaning *meaning)
{
    e->type = meaning->type;
    e->denoted = meaning->denoted;
    e->slot = meaning->slot;
    e->ref = meaning->denoted != NULL ? GWAPI__CEL_REF_TYPE : GWAPI__CEL_REF_SLOT;
}

static void check_ident(gwapi__cel_checker *c, gwapi__cel_expr *e)
{
    gwapi__cel_meaning meaning;

    if (gwapi__cel_meaning_of(&meaning, c, e->as.ident.name))
        stand_for(e, &meaning);
    else
        gwapi__cel_unknown_name(c, e, e->as.ident.name);
}

static const gwapi__cel_type *field_of(gwapi__cel_checker *c, gwapi__cel_expr *e,
                                       const gwapi__cel_type *object, gwapi_str name,
                                       bool known_operand)
{
    const gwapi__cel_field *field =
        gwapi__cel_field_written(object, name, c->environment->minor);

    if (field == NULL) {
        gwapi__cel_unknown_field(c, e, object, name);
        return NULL;
    }
    if (known_operand)
        e->field = field;
    return field->type;
}

const gwapi__cel_type *gwapi__cel_check_select(gwapi__cel_checker *c, gwapi__cel_expr *e,
                                               gwapi__cel_expr *operand, gwapi_str field,
                                               bool optional)
{
    gwapi__cel_check_expr(c, operand);
    const gwapi__cel_type *type = gwapi__cel_substitute(&c->unifier, operand->type, false);
    const gwapi__cel_type *result = &gwapi__cel_dyn;
    bool wrapped = type->kind == GWAPI__CEL_OPTIONAL;

    if (wrapped)
        type = type->params[0];
    switch (type->kind) {
    case GWAPI__CEL_MAP:
        result = type->params[1];
        break;
    case GWAPI__CEL_OBJECT:
        result = field_of(c, e, type, field, !wrapped && !optional);
        break;
    case GWAPI__CEL_PARAM:
        // Nothing but dyn may come of it later.
        gwapi__cel_assignable(&c->unifier, &gwapi__cel_dyn, type);
        break;
    case GWAPI__CEL_DYN:
    case GWAPI__CEL_ERROR:
        break;
    default:
        GWAPI__CEL_COMPLAIN(c, e, "%v has no fields", gwapi__cel_spell(c, type));
        break;
    }
    if (result == NULL)
        result = &gwapi__cel_error;
    if (wrapped || optional)
        result = gwapi__cel_compose(&c->unifier, GWAPI__CEL_OPTIONAL, result, NULL);
    return gwapi__cel_substitute(&c->unifier, result, false);
}

static void check_select(gwapi__cel_checker *c, gwapi__cel_expr *e)
{
    gwapi_str name = gwapi__cel_qualified(c, e);
    gwapi__cel_meaning meaning;

    if (gwapi__str_present(name) && gwapi__cel_meaning_of(&meaning, c, name)) {
        stand_for(e, &meaning);
        return;
    }
    const gwapi__cel_type *type =
        gwapi__cel_check_select(c, e, e->as.select.operand, e->as.select.field, false);
    e->type = e->as.select.test_only ? &gwapi__cel_bool : type;
}

// ---- lists and maps -------------------------------------------------------------------------

// The common type of a literal's items: `so_far` (NULL: the first) and one more. Items that
// differ are refused with the other literals, where it is known whether they may.
static const gwapi__cel_type *join(gwapi__cel_checker *c, const gwapi__cel_type *so_far,
                                   const gwapi__cel_type *more)
{
    if (so_far == NULL)
        return more;
    if (gwapi__cel_assignable(&c->unifier, so_far, more))
        return gwapi__cel_general(&c->unifier, so_far, more);
    return &gwapi__cel_dyn;
}

// The type that an item adds: what is in the optional, if it is marked as one.
static const gwapi__cel_type *item_type(gwapi__cel_checker *c, const gwapi__cel_expr *e,
                                        bool optional)
{
    if (!optional)
        return e->type;
    if (e->type->kind == GWAPI__CEL_OPTIONAL)
        return e->type->params[0];
    if (e->type->kind != GWAPI__CEL_DYN)
        mismatch(c, e, gwapi__cel_compose(&c->unifier, GWAPI__CEL_OPTIONAL, e->type, NULL),
                 e->type);
    return e->type;
}

static const gwapi__cel_type *or_fresh(gwapi__cel_checker *c, const gwapi__cel_type *type)
{
    return type != NULL ? type : gwapi__cel_fresh(&c->unifier);
}

static void check_list(gwapi__cel_checker *c, gwapi__cel_expr *e)
{
    const gwapi__cel_type *items = NULL;

    for (uint32_t i = 0; i < e->as.list.count; i++) {
        gwapi__cel_expr *item = e->as.list.items[i];
        bool optional = e->as.list.optional != NULL && e->as.list.optional[i];
        gwapi__cel_check_expr(c, item);
        items = join(c, items, item_type(c, item, optional));
    }
    e->type = gwapi__cel_compose(&c->unifier, GWAPI__CEL_LIST, or_fresh(c, items), NULL);
}

static void check_map(gwapi__cel_checker *c, gwapi__cel_expr *e)
{
    const gwapi__cel_type *keys = NULL, *values = NULL;

    for (uint32_t i = 0; i < e->as.map.count; i++) {
        const gwapi__cel_pair *pair = &e->as.map.pairs[i];
        gwapi__cel_check_expr(c, pair->key);
        keys = join(c, keys, pair->key->type);
        gwapi__cel_check_expr(c, pair->value);
        values = join(c, values, item_type(c, pair->value, pair->optional));
    }
    keys = or_fresh(c, keys);
    e->type = gwapi__cel_compose(&c->unifier, GWAPI__CEL_MAP, keys, or_fresh(c, values));
}

// No schema declares messages that expressions may make.
static void check_struct(gwapi__cel_checker *c, gwapi__cel_expr *e)
{
    GWAPI__CEL_COMPLAIN(c, e, "%q is no type that an expression can make", e->as.map.name);
    for (uint32_t i = 0; i < e->as.map.count; i++)
        gwapi__cel_check_expr(c, e->as.map.pairs[i].value);
}

// ---- comprehensions -------------------------------------------------------------------------

// Types of the variables that run over a range.
static void variables_of(gwapi__cel_checker *c, const gwapi__cel_expr *range, bool two,
                         const gwapi__cel_type *types[2])
{
    const gwapi__cel_type *type = gwapi__cel_substitute(&c->unifier, range->type, false);

    types[0] = types[1] = &gwapi__cel_dyn;
    switch (type->kind) {
    case GWAPI__CEL_LIST:
        types[0] = two ? &gwapi__cel_int : type->params[0];
        types[1] = type->params[0];
        break;
    case GWAPI__CEL_MAP:
        types[0] = type->params[0];
        types[1] = type->params[1];
        break;
    case GWAPI__CEL_PARAM:
        gwapi__cel_assignable(&c->unifier, &gwapi__cel_dyn, type);
        break;
    case GWAPI__CEL_DYN:
    case GWAPI__CEL_ERROR:
        break;
    default:
        GWAPI__CEL_COMPLAIN(c, range, "cannot run over %v: it is no list and no map",
                            gwapi__cel_spell(c, type));
        types[0] = types[1] = &gwapi__cel_error;
        break;
    }
}

static void must_be(gwapi__cel_checker *c, const gwapi__cel_expr *e, const gwapi__cel_type *type)
{
    if (!gwapi__cel_assignable(&c->unifier, type, e->type))
        mismatch(c, e, type, e->type);
}

static void check_fold(gwapi__cel_checker *c, gwapi__cel_expr *e)
{
    bool two = gwapi__str_present(e->as.fold.variable2);
    const gwapi__cel_local *outer = c->locals;
    const gwapi__cel_type *types[2];
    uint32_t slot = c->slots;

    gwapi__cel_check_expr(c, e->as.fold.range);
    gwapi__cel_check_expr(c, e->as.fold.init);
    variables_of(c, e->as.fold.range, two, types);
    e->as.fold.accumulator_slot = slot;
    e->as.fold.variable_slot = slot + 1;
    e->as.fold.variable2_slot = two ? slot + 2 : 0;
    c->slots = slot + (two ? 3 : 2);
    if (c->slots > c->slot_count)
        c->slot_count = c->slots;

    const gwapi__cel_type *sum = e->as.fold.init->type;
    gwapi__cel_local accumulator = {e->as.fold.accumulator, sum, slot, outer};
    gwapi__cel_local first = {e->as.fold.variable, types[0], slot + 1, &accumulator};
    gwapi__cel_local second = {e->as.fold.variable2, types[1], slot + 2, &first};
    c->locals = two ? &second : &first;
    gwapi__cel_check_expr(c, e->as.fold.condition);
    must_be(c, e->as.fold.condition, &gwapi__cel_bool);
    gwapi__cel_check_expr(c, e->as.fold.step);
    must_be(c, e->as.fold.step, sum);
    c->locals = &accumulator;
    gwapi__cel_check_expr(c, e->as.fold.result);
    c->locals = outer;
    c->slots = slot;
    e->type = gwapi__cel_substitute(&c->unifier, e->as.fold.result->type, false);
}

// ---- all expressions ------------------------------------------------------------------------

static const gwapi__cel_type *type_of_constant(const gwapi__cel_value *value)
{
    switch (value->kind) {
    case GWAPI__CEL_BOOL:
        return &gwapi__cel_bool;
    case GWAPI__CEL_INT:
        return &gwapi__cel_int;
    case GWAPI__CEL_UINT:
        return &gwapi__cel_uint;
    case GWAPI__CEL_DOUBLE:
        return &gwapi__cel_double;
    case GWAPI__CEL_STRING:
        return &gwapi__cel_string;
    case GWAPI__CEL_BYTES:
        return &gwapi__cel_bytes;
    default:
        return &gwapi__cel_null;
    }
}

void gwapi__cel_check_expr(gwapi__cel_checker *c, gwapi__cel_expr *e)
{
    e->type = &gwapi__cel_error;
    if (c->unifier.failed != GWAPI_OK)
        return;
    switch (e->form) {
    case GWAPI__CEL_CONST:
        e->type = type_of_constant(&e->as.constant);
        break;
    case GWAPI__CEL_IDENT:
        check_ident(c, e);
        break;
    case GWAPI__CEL_SELECT:
        check_select(c, e);
        break;
    case GWAPI__CEL_CALL:
        gwapi__cel_check_call(c, e);
        break;
    case GWAPI__CEL_LIST_EXPR:
        check_list(c, e);
        break;
    case GWAPI__CEL_MAP_EXPR:
        check_map(c, e);
        break;
    case GWAPI__CEL_STRUCT_EXPR:
        check_struct(c, e);
        break;
    default:
        check_fold(c, e);
        break;
    }
}

// ---- the whole ------------------------------------------------------------------------------

// A type without parameters, to outlive the scratch. Types made here have no measures.
static const gwapi__cel_type *keep(gwapi__cel_checker *c, const gwapi__cel_type *type)
{
    const gwapi__cel_type *params[2] = {NULL, NULL}, *made;

    if (type->param_count == 0 || type->kind == GWAPI__CEL_WRAPPER ||
        ((type->kind == GWAPI__CEL_LIST || type->kind == GWAPI__CEL_MAP) &&
         type->max_elements != GWAPI__CEL_UNBOUNDED))
        return type;
    for (uint32_t i = 0; i < type->param_count; i++)
        params[i] = keep(c, type->params[i]);
    made = gwapi__cel_type_like(c->arena, type->kind, params[0], params[1]);
    gwapi__cel_remember(c, made != NULL);
    return made != NULL ? made : &gwapi__cel_error;
}

static void settle_type(void *ctx, gwapi__cel_expr *e)
{
    gwapi__cel_checker *c = ctx;

    if (e->type != NULL)
        e->type = keep(c, gwapi__cel_substitute(&c->unifier, e->type, true));
}

static gwapi_result verdict(gwapi__cel_checker *c, const gwapi__cel_ast *ast)
{
    if (c->unifier.failed == GWAPI_ELIMIT) {
        c->unifier.failed = GWAPI_OK;
        GWAPI__CEL_COMPLAIN(c, ast->root, "the types in this expression are too large");
    }
    if (c->unifier.failed != GWAPI_OK)
        return c->unifier.failed;
    return c->issues->count == 0 ? GWAPI_OK : GWAPI_EINVALID;
}

gwapi_result gwapi__cel_check(gwapi__cel_ast *ast, gwapi__arena *arena,
                              const gwapi__cel_environment *environment,
                              gwapi__cel_issues *issues)
{
    gwapi__cel_checker c = {.arena = arena,
                            .environment = environment,
                            .issues = issues,
                            .slots = environment->variable_count,
                            .slot_count = environment->variable_count};

    gwapi__arena_init(&c.scratch, &arena->allocator);
    gwapi__cel_unifier_init(&c.unifier, &c.scratch);
    gwapi__text_init(&c.qualified, &arena->allocator);
    gwapi__text_init(&c.candidate, &arena->allocator);
    gwapi__vector_init(&c.found, &arena->allocator, sizeof(const gwapi__cel_overload *));
    gwapi__cel_check_expr(&c, ast->root);
    if (c.unifier.failed == GWAPI_OK && issues->count == 0)
        gwapi__cel_each(ast->root, settle_type, &c);
    ast->slot_count = c.slot_count;
    gwapi_result result = verdict(&c, ast);
    gwapi__vector_free(&c.found);
    gwapi__text_free(&c.candidate);
    gwapi__text_free(&c.qualified);
    gwapi__cel_unifier_free(&c.unifier);
    gwapi__arena_free(&c.scratch);
    GWAPI__TRY(result);
    return gwapi__cel_check_literals(ast, arena, environment, issues);
}
