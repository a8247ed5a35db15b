/* gwapi_schema from the inside: a list of kinds in versions, some of them compiled. */
#ifndef GWAPI_SCHEMA_REGISTRY_H
#define GWAPI_SCHEMA_REGISTRY_H

#include <stdatomic.h>
#include "base/vector.h"
#include "schema/builtin.h"
#include "schema/judge.h"

/* A served version of a kind. */
typedef struct gwapi__entry {
    gwapi_str group, version, kind_name, plural;
    bool namespaced, storage, deprecated;
    const gwapi__builtin_release *release; /* NULL, like the next two, for a CRD's */
    const gwapi__builtin_kind *builtin;
    const gwapi__builtin_version *builtin_version;
    gwapi_channel channel;
    const gwapi__node *source; /* a CRD's schema as written, with KEEP_TEXT; in the kind's arena */
    _Atomic(gwapi__kind *) kind; /* a CRD's from the start; its arena holds the texts above */
} gwapi__entry;

struct gwapi_schema {
    gwapi_allocator allocator;
    gwapi_limits limits;
    uint32_t minor; /* of Kubernetes */
    bool sealed;
    bool keep_text; /* of CRDs, for explanations */
    gwapi_channel channel;
    gwapi_str release;
    gwapi__vector entries; /* of gwapi__entry */
};

/* Removes every version of the kind. */
void gwapi__schema_forget(gwapi_schema *schema, gwapi_str group, gwapi_str kind);

#endif
