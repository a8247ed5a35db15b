#include "cel/standard.h"

#include "base/utf8.h"

uint64_t gwapi__cel_cost_size(const gwapi__cel_value *v)
{
    switch (v->kind) {
    case GWAPI__CEL_STRING:
        return gwapi__utf8_count(v->as.text);
    case GWAPI__CEL_BYTES:
        return v->as.text.len;
    case GWAPI__CEL_LIST:
    case GWAPI__CEL_MAP:
    case GWAPI__CEL_OBJECT:
        return gwapi__cel_count(v);
    case GWAPI__CEL_OPTIONAL:
        return v->as.optional != NULL ? gwapi__cel_cost_size(v->as.optional) : 1;
    case GWAPI__CEL_OPAQUE:
        return v->as.opaque->class_->size != NULL ? v->as.opaque->class_->size(v->as.opaque) : 1;
    default:
        return 1;
    }
}

uint64_t gwapi__cel_cost_scale(uint64_t size, double factor)
{
    double scaled = (double)size * factor;

    if (scaled >= 18446744073709551616.0)
        return UINT64_MAX;
    uint64_t whole = (uint64_t)scaled;
    return whole + ((double)whole < scaled);
}

static uint64_t text_cost(uint64_t size)
{
    return gwapi__cel_cost_scale(size, 0.1);
}

/* Up to ten code points cost one unit: then they need not be counted. */
static bool is_short(const gwapi__cel_value *v)
{
    return v->kind == GWAPI__CEL_STRING && v->as.text.len <= 10;
}

static uint64_t units_of(const gwapi__cel_value *v)
{
    return is_short(v) ? v->as.text.len != 0 : text_cost(gwapi__cel_cost_size(v));
}

uint64_t gwapi__cel_cost_walk(const gwapi__cel_value *args, uint32_t count,
                              const gwapi__cel_value *result)
{
    (void)count;
    (void)result;
    return units_of(&args[0]);
}

bool gwapi__cel_estimate_walk(const gwapi__cel_sized *args, uint32_t count,
                              gwapi__cel_guess *out)
{
    (void)count;
    *out = (gwapi__cel_guess){.cost = gwapi__cel_range_scale(args[0].size, 0.1),
                              .size = args[0].size,
                              .sized = true};
    return true;
}

bool gwapi__cel_estimate_parse(const gwapi__cel_sized *args, uint32_t count,
                               gwapi__cel_guess *out)
{
    (void)count;
    *out = (gwapi__cel_guess){.cost = gwapi__cel_range_scale(args[0].size, 0.1)};
    return true;
}

static uint64_t add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t times(uint64_t a, uint64_t b)
{
    return b != 0 && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

gwapi__cel_range gwapi__cel_range_add(gwapi__cel_range a, gwapi__cel_range b)
{
    return (gwapi__cel_range){add(a.min, b.min), add(a.max, b.max)};
}

gwapi__cel_range gwapi__cel_range_times(gwapi__cel_range a, gwapi__cel_range b)
{
    return (gwapi__cel_range){times(a.min, b.min), times(a.max, b.max)};
}

gwapi__cel_range gwapi__cel_range_scale(gwapi__cel_range a, double factor)
{
    return (gwapi__cel_range){gwapi__cel_cost_scale(a.min, factor),
                              gwapi__cel_cost_scale(a.max, factor)};
}

gwapi__cel_range gwapi__cel_range_union(gwapi__cel_range a, gwapi__cel_range b)
{
    return (gwapi__cel_range){a.min < b.min ? a.min : b.min, a.max > b.max ? a.max : b.max};
}

/* ---- of the standard functions, as cel-go's cost tracker has them ------------------------ */

/* Comparing: a tenth of the smaller. */
uint64_t gwapi__cel_cost_least(const gwapi__cel_value *args, uint32_t count,
                               const gwapi__cel_value *result)
{
    (void)count;
    (void)result;
    if ((is_short(&args[0]) || is_short(&args[1])) && args[0].kind == args[1].kind)
        return args[0].as.text.len != 0 && args[1].as.text.len != 0;
    if (args[0].kind <= GWAPI__CEL_DOUBLE && args[1].kind <= GWAPI__CEL_DOUBLE)
        return 1;
    uint64_t a = gwapi__cel_cost_size(&args[0]), b = gwapi__cel_cost_size(&args[1]);
    return text_cost(a < b ? a : b);
}

/* Joining: a tenth of both together. */
uint64_t gwapi__cel_cost_both(const gwapi__cel_value *args, uint32_t count,
                              const gwapi__cel_value *result)
{
    (void)count;
    (void)result;
    return text_cost(gwapi__cel_cost_size(&args[0]) + gwapi__cel_cost_size(&args[1]));
}

/* Searching: a tenth of each, multiplied. */
uint64_t gwapi__cel_cost_product(const gwapi__cel_value *args, uint32_t count,
                                 const gwapi__cel_value *result)
{
    (void)count;
    (void)result;
    return units_of(&args[0]) * units_of(&args[1]);
}

/* Matching: a tenth of the text and one more, times a quarter of the pattern. */
uint64_t gwapi__cel_cost_pattern(const gwapi__cel_value *args, uint32_t count,
                                 const gwapi__cel_value *result)
{
    (void)count;
    (void)result;
    return text_cost(gwapi__cel_cost_size(&args[0]) + 1) *
           gwapi__cel_cost_scale(gwapi__cel_cost_size(&args[1]), 0.25);
}

/* Walking the second argument. */
uint64_t gwapi__cel_cost_second(const gwapi__cel_value *args, uint32_t count,
                                const gwapi__cel_value *result)
{
    (void)count;
    (void)result;
    return gwapi__cel_cost_size(&args[1]);
}
