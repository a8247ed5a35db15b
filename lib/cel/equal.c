#include "cel/build.h"

#include "base/slice.h"

#include <math.h>

/* ---- order ------------------------------------------------------------------------------ */

#define ORDER(a, b) ((a) < (b) ? -1 : (a) > (b))

/* The server compares in doubles where one side is one; so large integers may equal their
 * neighbours. */
static int double_with_int(double d, int64_t i)
{
    return d < -9223372036854775808.0 ? -1 : d > 9223372036854775808.0 ? 1 : ORDER(d, (double)i);
}

static int double_with_uint(double d, uint64_t u)
{
    return d < 0 ? -1 : d > 18446744073709551616.0 ? 1 : ORDER(d, (double)u);
}

static int int_with_uint(int64_t i, uint64_t u)
{
    return i < 0 || u > INT64_MAX ? -1 : ORDER(i, (int64_t)u);
}

static bool is_number(const gwapi__cel_value *v)
{
    return v->kind >= GWAPI__CEL_INT && v->kind <= GWAPI__CEL_DOUBLE;
}

static int order_of_numbers(const gwapi__cel_value *a, const gwapi__cel_value *b)
{
    if (a->kind > b->kind)
        return -order_of_numbers(b, a);
    if (a->kind == b->kind)
        return a->kind == GWAPI__CEL_INT    ? ORDER(a->as.integer, b->as.integer)
               : a->kind == GWAPI__CEL_UINT ? ORDER(a->as.natural, b->as.natural)
                                            : ORDER(a->as.number, b->as.number);
    if (b->kind == GWAPI__CEL_UINT)
        return int_with_uint(a->as.integer, b->as.natural);
    return -(a->kind == GWAPI__CEL_INT ? double_with_int(b->as.number, a->as.integer)
                                       : double_with_uint(b->as.number, a->as.natural));
}

static bool is_nan(const gwapi__cel_value *v)
{
    return v->kind == GWAPI__CEL_DOUBLE && isnan(v->as.number);
}

bool gwapi__cel_compare(const gwapi__cel_value *a, const gwapi__cel_value *b, int *order)
{
    if (is_number(a) && is_number(b)) {
        *order = order_of_numbers(a, b);
        return !is_nan(a) && !is_nan(b);
    }
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case GWAPI__CEL_BOOL:
        *order = a->as.boolean - b->as.boolean;
        return true;
    case GWAPI__CEL_STRING:
    case GWAPI__CEL_BYTES:
        *order = gwapi__str_cmp(a->as.text, b->as.text);
        return true;
    case GWAPI__CEL_DURATION:
        *order = ORDER(a->as.integer, b->as.integer);
        return true;
    case GWAPI__CEL_TIMESTAMP:
        *order = a->as.time.seconds != b->as.time.seconds
                     ? ORDER(a->as.time.seconds, b->as.time.seconds)
                     : ORDER(a->as.time.nanos, b->as.time.nanos);
        return true;
    default:
        return false;
    }
}

/* ---- equality --------------------------------------------------------------------------- */

static gwapi__cel_equality equality(bool equal)
{
    return equal ? GWAPI__CEL_EQUAL : GWAPI__CEL_UNEQUAL;
}

/* Read through a schema, so that the server's own code compares it. */
static bool is_typed(const gwapi__cel_value *v)
{
    return v->tree && v->as.tree.type != &gwapi__cel_list_dyn &&
           v->as.tree.type != &gwapi__cel_map_dyn;
}

/* Has it no equality with values of other types? */
static bool is_particular(const gwapi__cel_value *v)
{
    return v->kind == GWAPI__CEL_OPAQUE || is_typed(v);
}

/* Within what libraries made and what a schema describes; null is no exception there. */
static gwapi__cel_equality equal_inside(gwapi__cel_context *context, const gwapi__cel_value *a,
                                        const gwapi__cel_value *b)
{
    return b->kind == GWAPI__CEL_NULL && is_particular(a) ? GWAPI__CEL_NO_EQUALITY
                                                          : gwapi__cel_equate(context, a, b);
}

/* Within lists and maps that were written no equality is as good as equality. */
static gwapi__cel_equality equal_written(gwapi__cel_context *context, const gwapi__cel_value *a,
                                         const gwapi__cel_value *b)
{
    return equality(gwapi__cel_equate(context, a, b) != GWAPI__CEL_UNEQUAL);
}

static gwapi__cel_equality equal_lists(gwapi__cel_context *context, const gwapi__cel_value *a,
                                       const gwapi__cel_value *b)
{
    uint32_t count = gwapi__cel_count(a);
    gwapi__cel_equality (*equal)(gwapi__cel_context *, const gwapi__cel_value *,
                                 const gwapi__cel_value *) =
        is_typed(a)                             ? equal_inside
        : !a->tree && a->as.list->parts != NULL ? gwapi__cel_equate
                                                : equal_written;
    gwapi__cel_equality all = GWAPI__CEL_EQUAL;

    if (count != gwapi__cel_count(b))
        return GWAPI__CEL_UNEQUAL;
    if (gwapi__cel_list_type_of(a) != GWAPI__CEL_LIST_ATOMIC)
        return gwapi__cel_equal_unordered(context, a, b);
    for (uint32_t i = 0; i < count; i++) {
        gwapi__cel_value x = gwapi__cel_item(context, a, i), y = gwapi__cel_item(context, b, i);
        gwapi__cel_equality one = equal(context, &x, &y);
        if (one == GWAPI__CEL_UNEQUAL || (one == GWAPI__CEL_NO_EQUALITY && is_typed(a)))
            return one;
        if (one == GWAPI__CEL_NO_EQUALITY)
            all = one;
    }
    return all;
}

/* The i-th entry of a map or object. One field that is not declared is too many. */
static gwapi__cel_equality equal_entry(gwapi__cel_context *context, const gwapi__cel_value *a,
                                       const gwapi__cel_value *b, uint32_t i)
{
    gwapi__cel_value x, y;
    gwapi__cel_entry entry = gwapi__cel_entry_at(context, a, i);
    bool has_x = gwapi__cel_find(context, a, &entry.key, &x);

    if (a->kind == GWAPI__CEL_OBJECT &&
        gwapi__cel_type_field(a->as.tree.type, entry.key.as.text) == NULL)
        return GWAPI__CEL_NO_EQUALITY;
    if (has_x != gwapi__cel_find(context, b, &entry.key, &y))
        return GWAPI__CEL_UNEQUAL;
    if (!has_x)
        return GWAPI__CEL_EQUAL;
    return is_typed(a) ? equal_inside(context, &x, &y) : equal_written(context, &x, &y);
}

/* Maps, and objects, whose fields that are null count as absent. */
static gwapi__cel_equality equal_maps(gwapi__cel_context *context, const gwapi__cel_value *a,
                                      const gwapi__cel_value *b)
{
    uint32_t count = gwapi__cel_count(a);
    gwapi__cel_equality all = GWAPI__CEL_EQUAL;

    if (count != gwapi__cel_count(b))
        return GWAPI__CEL_UNEQUAL;
    for (uint32_t i = 0; i < count; i++) {
        gwapi__cel_equality one = equal_entry(context, a, b, i);
        if (one == GWAPI__CEL_UNEQUAL)
            return one;
        if (one == GWAPI__CEL_NO_EQUALITY)
            all = one;
    }
    return all;
}

/* A declared field of two objects; `theirs` may be NULL. */
static gwapi__cel_equality equal_fields(gwapi__cel_context *context,
                                        const gwapi__cel_field *field, const gwapi__node *ours,
                                        const gwapi__node *theirs)
{
    bool has = ours->type != GWAPI__NODE_NULL;

    if (has != (theirs != NULL && theirs->type != GWAPI__NODE_NULL))
        return GWAPI__CEL_UNEQUAL;
    if (!has)
        return GWAPI__CEL_EQUAL;
    gwapi__cel_value x = gwapi__cel_of_node(context, ours, field->type),
                     y = gwapi__cel_of_node(context, theirs, field->type);
    return equal_inside(context, &x, &y);
}

/* Two objects in trees, field by declared field; what is not declared is compared as JSON, and
 * may be missing. */
static gwapi__cel_equality equal_objects(gwapi__cel_context *context, const gwapi__cel_value *a,
                                         const gwapi__cel_value *b)
{
    const gwapi__node *x = a->as.tree.node, *y = b->as.tree.node;
    gwapi__cel_equality one, all = GWAPI__CEL_EQUAL;

    if (x == y && a->as.tree.type == b->as.tree.type)
        return GWAPI__CEL_EQUAL;
    if (x->as.map.count != y->as.map.count)
        return GWAPI__CEL_UNEQUAL;
    for (uint32_t i = 0; i < x->as.map.count; i++) {
        const gwapi__field *member = &x->as.map.fields[i];
        const gwapi__node *other = gwapi__cel_member(context, y, member->name);
        const gwapi__cel_field *field = gwapi__cel_field_of(a->as.tree.type, member->name);
        one = field != NULL ? equal_fields(context, field, member->value, other)
                            : equality(other == NULL || gwapi__node_equal(member->value, other));
        if (one == GWAPI__CEL_UNEQUAL)
            return one;
        if (one == GWAPI__CEL_NO_EQUALITY)
            all = one;
    }
    return all;
}

static gwapi__cel_equality equal_opaques(const gwapi__cel_opaque *a, const gwapi__cel_opaque *b)
{
    const gwapi__cel_opaque_class *peer = a->class_->peer != NULL ? a->class_->peer : a->class_;

    return b->class_ == peer ? equality(peer->equal(a, b)) : GWAPI__CEL_NO_EQUALITY;
}

static gwapi__cel_equality equal_optionals(gwapi__cel_context *context,
                                           const gwapi__cel_value *a, const gwapi__cel_value *b)
{
    if (a == NULL || b == NULL)
        return equality(a == b);
    return equal_inside(context, a, b);
}

static bool equal_types(const gwapi__cel_type *a, const gwapi__cel_type *b)
{
    return gwapi__str_eq(gwapi__cel_type_name(a), gwapi__cel_type_name(b));
}

static bool is_mapping(const gwapi__cel_value *v)
{
    return v->kind == GWAPI__CEL_MAP || v->kind == GWAPI__CEL_OBJECT;
}

/* Of two kinds, neither of which has an order with the other. */
static gwapi__cel_equality equal_kinds(const gwapi__cel_value *a, const gwapi__cel_value *b)
{
    return is_particular(a) && b->kind != GWAPI__CEL_NULL ? GWAPI__CEL_NO_EQUALITY
                                                         : GWAPI__CEL_UNEQUAL;
}

gwapi__cel_equality gwapi__cel_equate(gwapi__cel_context *context, const gwapi__cel_value *a,
                                      const gwapi__cel_value *b)
{
    int order;

    if (gwapi__cel_compare(a, b, &order))
        return equality(order == 0);
    if (is_mapping(a) && is_mapping(b))
        return a->kind == GWAPI__CEL_OBJECT && b->kind == GWAPI__CEL_OBJECT
                   ? equal_objects(context, a, b)
                   : equal_maps(context, a, b);
    if (a->kind != b->kind)
        return equal_kinds(a, b);
    switch (a->kind) {
    case GWAPI__CEL_NULL:
        return GWAPI__CEL_EQUAL;
    case GWAPI__CEL_LIST:
        return equal_lists(context, a, b);
    case GWAPI__CEL_TYPE:
        return equality(equal_types(a->as.type, b->as.type));
    case GWAPI__CEL_OPTIONAL:
        return equal_optionals(context, a->as.optional, b->as.optional);
    case GWAPI__CEL_OPAQUE:
        return equal_opaques(a->as.opaque, b->as.opaque);
    default:
        return GWAPI__CEL_UNEQUAL; /* nan; errors */
    }
}

bool gwapi__cel_equal(gwapi__cel_context *context, const gwapi__cel_value *a,
                      const gwapi__cel_value *b)
{
    if (a->kind == GWAPI__CEL_STRING && b->kind == GWAPI__CEL_STRING)
        return gwapi__str_eq(a->as.text, b->as.text);
    return gwapi__cel_equate(context, a, b) == GWAPI__CEL_EQUAL;
}
