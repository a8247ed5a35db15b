#include "cel/expr.h"

gwapi__cel_expr *gwapi__cel_build_no_memory(gwapi__cel_builder *b)
{
    b->failed = GWAPI_ENOMEM;
    return NULL;
}

bool gwapi__cel_build_issue(gwapi__cel_builder *b, gwapi__cel_place place, const char *message)
{
    b->refused = true;
    if (gwapi__cel_issue_add(b->arena, b->issues, place.offset, place.length, "%s", message))
        return true;
    gwapi__cel_build_no_memory(b);
    return false;
}

static gwapi__cel_expr *too_many(gwapi__cel_builder *b, gwapi__cel_place place)
{
    if (gwapi__cel_build_issue(b, place, "the macros expand to too large an expression"))
        b->failed = GWAPI_EINVALID;
    return NULL;
}

gwapi__cel_expr *gwapi__cel_build(gwapi__cel_builder *b, gwapi__cel_form form,
                                  gwapi__cel_place place)
{
    if (b->failed != GWAPI_OK)
        return NULL;
    if (b->count == GWAPI__CEL_MAX_EXPRS)
        return too_many(b, place);
    gwapi__cel_expr *e = GWAPI__ARENA_NEW(b->arena, gwapi__cel_expr);
    if (e == NULL)
        return gwapi__cel_build_no_memory(b);
    e->form = form;
    e->id = ++b->count;
    e->offset = place.offset;
    e->length = place.length;
    return e;
}

gwapi__cel_expr *gwapi__cel_build_const(gwapi__cel_builder *b, gwapi__cel_place place,
                                        gwapi__cel_value value)
{
    gwapi__cel_expr *e = gwapi__cel_build(b, GWAPI__CEL_CONST, place);

    if (e != NULL)
        e->as.constant = value;
    return e;
}

gwapi__cel_expr *gwapi__cel_build_ident(gwapi__cel_builder *b, gwapi__cel_place place,
                                        gwapi_str name)
{
    gwapi__cel_expr *e = gwapi__cel_build(b, GWAPI__CEL_IDENT, place);

    if (e != NULL)
        e->as.ident.name = name;
    return e;
}

gwapi__cel_expr *gwapi__cel_build_call(gwapi__cel_builder *b, gwapi__cel_place place,
                                       gwapi_str function, gwapi__cel_expr *target,
                                       gwapi__cel_expr **args, uint32_t count)
{
    gwapi__cel_expr *e = gwapi__cel_build(b, GWAPI__CEL_CALL, place);

    if (e == NULL)
        return NULL;
    e->as.call.function = function;
    e->as.call.target = target;
    e->as.call.args = args;
    e->as.call.count = count;
    return e;
}

/* An array of the nodes, all of which must be there. */
static gwapi__cel_expr **array_of(gwapi__cel_builder *b, uint32_t count,
                                  gwapi__cel_expr *const *items)
{
    for (uint32_t i = 0; i < count; i++)
        if (items[i] == NULL)
            return NULL;
    gwapi__cel_expr **array = gwapi__arena_array(b->arena, count, sizeof(gwapi__cel_expr *));
    if (array == NULL) {
        gwapi__cel_build_no_memory(b);
        return NULL;
    }
    memcpy(array, items, count * sizeof(gwapi__cel_expr *));
    return array;
}

static gwapi__cel_expr *call_of(gwapi__cel_builder *b, gwapi__cel_place place,
                                gwapi_str function, uint32_t count,
                                gwapi__cel_expr *const *args)
{
    gwapi__cel_expr **array = array_of(b, count, args);

    return array != NULL ? gwapi__cel_build_call(b, place, function, NULL, array, count) : NULL;
}

gwapi__cel_expr *gwapi__cel_build_call1(gwapi__cel_builder *b, gwapi__cel_place place,
                                        gwapi_str function, gwapi__cel_expr *x)
{
    return call_of(b, place, function, 1, &x);
}

gwapi__cel_expr *gwapi__cel_build_call2(gwapi__cel_builder *b, gwapi__cel_place place,
                                        gwapi_str function, gwapi__cel_expr *x,
                                        gwapi__cel_expr *y)
{
    return call_of(b, place, function, 2, (gwapi__cel_expr *[]){x, y});
}

gwapi__cel_expr *gwapi__cel_build_call3(gwapi__cel_builder *b, gwapi__cel_place place,
                                        gwapi_str function, gwapi__cel_expr *x,
                                        gwapi__cel_expr *y, gwapi__cel_expr *z)
{
    return call_of(b, place, function, 3, (gwapi__cel_expr *[]){x, y, z});
}

gwapi__cel_expr *gwapi__cel_build_list(gwapi__cel_builder *b, gwapi__cel_place place)
{
    return gwapi__cel_build(b, GWAPI__CEL_LIST_EXPR, place);
}

gwapi__cel_expr *gwapi__cel_build_list1(gwapi__cel_builder *b, gwapi__cel_place place,
                                        gwapi__cel_expr *item)
{
    gwapi__cel_expr **items = array_of(b, 1, &item);
    gwapi__cel_expr *e = items != NULL ? gwapi__cel_build_list(b, place) : NULL;

    if (e == NULL)
        return NULL;
    e->as.list.items = items;
    e->as.list.count = 1;
    return e;
}

/* ---- copies ----------------------------------------------------------------------------- */

static bool copy_to(gwapi__cel_builder *b, gwapi__cel_expr **e)
{
    *e = gwapi__cel_build_copy(b, *e);
    return *e != NULL;
}

static bool copy_items(gwapi__cel_builder *b, gwapi__cel_expr ***items, uint32_t count)
{
    if (count == 0)
        return true;
    *items = array_of(b, count, *items);
    for (uint32_t i = 0; *items != NULL && i < count; i++)
        if (!copy_to(b, &(*items)[i]))
            return false;
    return *items != NULL;
}

static bool copy_pairs(gwapi__cel_builder *b, gwapi__cel_expr *e)
{
    uint32_t count = e->as.map.count;
    gwapi__cel_pair *pairs = gwapi__arena_array(b->arena, count, sizeof *pairs);

    if (pairs == NULL)
        return gwapi__cel_build_no_memory(b) != NULL;
    for (uint32_t i = 0; i < count; i++) {
        pairs[i] = e->as.map.pairs[i];
        if (pairs[i].key != NULL && !copy_to(b, &pairs[i].key))
            return false;
        if (!copy_to(b, &pairs[i].value))
            return false;
    }
    e->as.map.pairs = pairs;
    return true;
}

static bool copy_inside(gwapi__cel_builder *b, gwapi__cel_expr *e)
{
    switch (e->form) {
    case GWAPI__CEL_SELECT:
        return copy_to(b, &e->as.select.operand);
    case GWAPI__CEL_CALL:
        if (e->as.call.target != NULL && !copy_to(b, &e->as.call.target))
            return false;
        return copy_items(b, &e->as.call.args, e->as.call.count);
    case GWAPI__CEL_LIST_EXPR:
        return copy_items(b, &e->as.list.items, e->as.list.count);
    case GWAPI__CEL_MAP_EXPR:
    case GWAPI__CEL_STRUCT_EXPR:
        return copy_pairs(b, e);
    case GWAPI__CEL_COMPREHENSION:
        return copy_to(b, &e->as.fold.range) && copy_to(b, &e->as.fold.init) &&
               copy_to(b, &e->as.fold.condition) && copy_to(b, &e->as.fold.step) &&
               copy_to(b, &e->as.fold.result);
    default:
        return true;
    }
}

gwapi__cel_expr *gwapi__cel_build_copy(gwapi__cel_builder *b, const gwapi__cel_expr *e)
{
    gwapi__cel_expr *copy =
        gwapi__cel_build(b, e->form, (gwapi__cel_place){e->offset, e->length});

    if (copy == NULL)
        return NULL;
    copy->as = e->as;
    return copy_inside(b, copy) ? copy : NULL;
}
