#include "cel/library.h"

uint64_t gwapi__cel_cost_size(const gwapi__cel_value *v)
{
    switch (v->kind) {
    case GWAPI__CEL_STRING:
        return gwapi__cel_code_points(v->as.text);
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

uint64_t gwapi__cel_cost_walk(const gwapi__cel_value *args, uint32_t count,
                              const gwapi__cel_value *result)
{
    (void)count;
    (void)result;
    return gwapi__cel_cost_scale(gwapi__cel_cost_size(&args[0]), 0.1);
}
