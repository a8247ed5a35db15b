#include "cel/library.h"

bool gwapi__cel_affords(const gwapi__cel_context *context, uint64_t cost)
{
    return context->cost <= context->limit && cost <= context->limit - context->cost;
}

bool gwapi__cel_makes(gwapi__cel_context *context, uint64_t bytes)
{
    if (bytes > GWAPI__CEL_MAX_MADE - context->made)
        return false;
    context->made += bytes;
    return true;
}

gwapi__cel_value gwapi__cel_spent(gwapi__cel_context *context)
{
    if (context->limit == UINT64_MAX)
        context->limit--;
    context->cost = context->limit + 1;
    return GWAPI__CEL_FAIL("the cost limit is exceeded");
}
