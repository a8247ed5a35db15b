/* "Did you mean": the nearest of the names that would have been right. */
#ifndef GWAPI_BASE_SUGGEST_H
#define GWAPI_BASE_SUGGEST_H

#include <stddef.h>
#include <gatewayapi/base.h>

/* Names that would have been right. */
typedef struct gwapi__names {
    gwapi_str (*at)(const void *ctx, size_t i);
    const void *ctx;
    size_t count;
} gwapi__names;

/* The one that a person most likely meant instead of `given`, absent if none is near. */
gwapi_str gwapi__suggest(gwapi_str given, const gwapi__names *names);

#endif
