// Quantities of resources: k8s.io/apiserver pkg/cel/library/quantity.go.
#include "cel/library.h"
#include "cel/quantity.h"

#include <string.h>

// As gwapi__quantity, with as many limbs as it needs.
typedef struct kept {
    gwapi__cel_opaque opaque;
    int64_t value;
    int32_t exponent;
    bool long_form, negative;
    uint32_t count;
    uint32_t limbs[];
} kept;

static void load(gwapi__quantity *out, const gwapi__cel_opaque *opaque)
{
    const kept *k = (const kept *)opaque;

    out->long_form = k->long_form;
    out->negative = k->negative;
    out->exponent = k->exponent;
    out->value = k->value;
    out->magnitude.count = k->count;
    memcpy(out->magnitude.limbs, k->limbs, k->count * sizeof *k->limbs);
}

static int compare(const gwapi__cel_opaque *a, const gwapi__cel_opaque *b)
{
    gwapi__quantity x, y;

    load(&x, a);
    load(&y, b);
    return gwapi__quantity_compare(&x, &y);
}

static bool equal(const gwapi__cel_opaque *a, const gwapi__cel_opaque *b)
{
    return compare(a, b) == 0;
}

static const gwapi__cel_opaque_class class_ = {.type = &gwapi__cel_quantity, .equal = equal};
// Sums and differences. On the right of == they are an error, as on the server, whose == does not
// know the pointers that its add and sub return.
static const gwapi__cel_opaque_class computed = {
    .type = &gwapi__cel_quantity, .equal = equal, .peer = &class_};

static gwapi__cel_value keep(gwapi__cel_context *context, const gwapi__quantity *q,
                             const gwapi__cel_opaque_class *as)
{
    uint32_t count = q->long_form ? q->magnitude.count : 0;
    size_t size = sizeof(kept) + count * sizeof(uint32_t);
    kept *k;

    if (!gwapi__cel_makes(context, size))
        return gwapi__cel_spent(context);
    k = gwapi__arena_alloc(context->arena, size);
    if (k == NULL)
        return gwapi__cel_no_memory(context);
    *k = (kept){.opaque = {as},
                .value = q->value,
                .exponent = q->exponent,
                .long_form = q->long_form,
                .negative = q->negative,
                .count = count};
    memcpy(k->limbs, q->magnitude.limbs, count * sizeof *k->limbs);
    return gwapi__cel_of_opaque(&k->opaque);
}

// ---- functions ------------------------------------------------------------------------------

static const char *const why[] = {
    [GWAPI__QUANTITY_MALFORMED] = "it must be a number with a suffix as in 500m, 2Gi or 1e3",
    [GWAPI__QUANTITY_NUMBER] = "it has no digits",
    [GWAPI__QUANTITY_SUFFIX] = "its suffix is unknown",
    [GWAPI__QUANTITY_TOO_LARGE] = "it has too many digits",
};

static gwapi__cel_value parse(gwapi__cel_context *context, const gwapi__cel_value *args,
                              uint32_t count)
{
    gwapi__quantity q;
    gwapi__quantity_fault fault = gwapi__quantity_parse(&q, args[0].as.text);

    (void)count;
    if (fault != GWAPI__QUANTITY_OK)
        return gwapi__cel_fail(context, "%q is not a quantity: %s", args[0].as.text,
                               why[fault]);
    return keep(context, &q, &class_);
}

static gwapi__cel_value is_quantity(gwapi__cel_context *context, const gwapi__cel_value *args,
                                    uint32_t count)
{
    gwapi__quantity q;
    gwapi__quantity_fault fault = gwapi__quantity_parse(&q, args[0].as.text);

    (void)context;
    (void)count;
    return gwapi__cel_of_bool(fault == GWAPI__QUANTITY_OK ||
                              fault == GWAPI__QUANTITY_TOO_LARGE);
}

static gwapi__cel_value sign(gwapi__cel_context *context, const gwapi__cel_value *args,
                             uint32_t count)
{
    gwapi__quantity q;

    (void)context;
    (void)count;
    load(&q, args[0].as.opaque);
    return gwapi__cel_of_int(gwapi__quantity_sign(&q));
}

static gwapi__cel_value is_integer(gwapi__cel_context *context, const gwapi__cel_value *args,
                                   uint32_t count)
{
    gwapi__quantity q;
    int64_t value;

    (void)context;
    (void)count;
    load(&q, args[0].as.opaque);
    return gwapi__cel_of_bool(gwapi__quantity_int(&q, &value));
}

static gwapi__cel_value as_integer(gwapi__cel_context *context, const gwapi__cel_value *args,
                                   uint32_t count)
{
    gwapi__quantity q;
    int64_t value;

    (void)context;
    (void)count;
    load(&q, args[0].as.opaque);
    return gwapi__quantity_int(&q, &value) ? gwapi__cel_of_int(value)
                                           : GWAPI__CEL_FAIL("cannot convert value to integer");
}

static gwapi__cel_value as_float(gwapi__cel_context *context, const gwapi__cel_value *args,
                                 uint32_t count)
{
    gwapi__quantity q;

    (void)context;
    (void)count;
    load(&q, args[0].as.opaque);
    return gwapi__cel_of_double(gwapi__quantity_double(&q));
}

typedef bool operation(gwapi__quantity *out, const gwapi__quantity *a,
                       const gwapi__quantity *b);

// The second operand may be an int.
static gwapi__cel_value operate(gwapi__cel_context *context, const gwapi__cel_value *args,
                                operation *run)
{
    gwapi__quantity a, b, out;

    load(&a, args[0].as.opaque);
    if (args[1].kind == GWAPI__CEL_INT)
        gwapi__quantity_of_int(&b, args[1].as.integer);
    else
        load(&b, args[1].as.opaque);
    return run(&out, &a, &b) ? keep(context, &out, &computed)
                             : GWAPI__CEL_FAIL("quantity has too many digits");
}

static gwapi__cel_value add(gwapi__cel_context *context, const gwapi__cel_value *args,
                            uint32_t count)
{
    (void)count;
    return operate(context, args, gwapi__quantity_add);
}

static gwapi__cel_value sub(gwapi__cel_context *context, const gwapi__cel_value *args,
                            uint32_t count)
{
    (void)count;
    return operate(context, args, gwapi__quantity_subtract);
}

static gwapi__cel_value compare_to(gwapi__cel_context *context, const gwapi__cel_value *args,
                                   uint32_t count)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_int(compare(args[0].as.opaque, args[1].as.opaque));
}

static gwapi__cel_value is_greater(gwapi__cel_context *context, const gwapi__cel_value *args,
                                   uint32_t count)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_bool(compare(args[0].as.opaque, args[1].as.opaque) > 0);
}

static gwapi__cel_value is_less(gwapi__cel_context *context, const gwapi__cel_value *args,
                                uint32_t count)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_bool(compare(args[0].as.opaque, args[1].as.opaque) < 0);
}

// ---- the table ------------------------------------------------------------------------------

#define SINCE 28
#define ONE(function, id, member, result, call)                                                \
    {function, id, result, {&gwapi__cel_quantity}, 1, member, SINCE, 0, call, NULL, NULL}
#define TWO(function, id, other, result, call)                                                 \
    {function, id, result, {&gwapi__cel_quantity, other}, 2, true, SINCE, 0, call, NULL, NULL}
#define PARSER(function, id, result, call)                                                     \
    {function, id, result, {&gwapi__cel_string}, 1, false, SINCE, 0, call,                     \
     gwapi__cel_cost_walk, gwapi__cel_estimate_parse}

static const gwapi__cel_overload overloads[] = {
    TWO("add", "quantity_add", &gwapi__cel_quantity, &gwapi__cel_quantity, add),
    TWO("add", "quantity_add_int", &gwapi__cel_int, &gwapi__cel_quantity, add),
    ONE("asApproximateFloat", "quantity_get_float", true, &gwapi__cel_double, as_float),
    ONE("asInteger", "quantity_get_int", true, &gwapi__cel_int, as_integer),
    TWO("compareTo", "quantity_compare_to", &gwapi__cel_quantity, &gwapi__cel_int, compare_to),
    TWO("isGreaterThan", "quantity_is_greater_than", &gwapi__cel_quantity, &gwapi__cel_bool,
        is_greater),
    ONE("isInteger", "quantity_is_integer", true, &gwapi__cel_bool, is_integer),
    TWO("isLessThan", "quantity_is_less_than", &gwapi__cel_quantity, &gwapi__cel_bool, is_less),
    PARSER("isQuantity", "is_quantity_string", &gwapi__cel_bool, is_quantity),
    PARSER("quantity", "string_to_quantity", &gwapi__cel_quantity, parse),
    ONE("sign", "quantity_sign", false, &gwapi__cel_int, sign),
    TWO("sub", "quantity_sub", &gwapi__cel_quantity, &gwapi__cel_quantity, sub),
    TWO("sub", "quantity_sub_int", &gwapi__cel_int, &gwapi__cel_quantity, sub),
};

const gwapi__cel_library gwapi__cel_quantities = {overloads,
                                                  sizeof overloads / sizeof *overloads};
