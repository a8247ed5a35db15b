/* How rules see values: the type that a schema gives them in expressions. */
#ifndef GWAPI_SCHEMA_CELTYPE_H
#define GWAPI_SCHEMA_CELTYPE_H

#include "schema/path.h"
#include "schema/type.h"

/* The largest request that the server takes: what a size without a limit is taken for. */
#define GWAPI__LARGEST_REQUEST (UINT64_C(3) * 1024 * 1024)

/*
 * Sets node->cel_type and node->smallest from what else the node has; its children have theirs.
 * cel_type stays NULL for what expressions cannot see. `at` names the type; `resource`: the node
 * describes a whole object, with apiVersion, kind and metadata. False: no memory.
 */
bool gwapi__celtype_set(gwapi__arena *arena, gwapi__schema_node *node, const gwapi__frame *at,
                        bool resource);

#endif
