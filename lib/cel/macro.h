/* Calls that stand for a larger tree: has, all, map, … */
#ifndef GWAPI_CEL_MACRO_H
#define GWAPI_CEL_MACRO_H

#include "cel/expr.h"

/* A call as it was written; `target` is NULL for a global one. */
typedef struct gwapi__cel_written {
    gwapi_str name;
    gwapi__cel_place place; /* of the name */
    gwapi__cel_expr *target;
    gwapi__cel_expr **args;
    uint32_t count;
} gwapi__cel_written;

/* What the call stands for: a call of a function, unless Kubernetes 1.minor has a macro of that
 * name, kind and number of arguments. A macro that cannot be expanded is an issue, and a BAD
 * node. NULL: no memory or too many nodes. */
gwapi__cel_expr *gwapi__cel_expand(gwapi__cel_builder *b, const gwapi__cel_written *call);

#endif
