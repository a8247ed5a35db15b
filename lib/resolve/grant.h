/* ReferenceGrants (attachment.md §5): who may refer to what in another namespace. */
#ifndef GWAPI_RESOLVE_GRANT_H
#define GWAPI_RESOLVE_GRANT_H

#include "base/vector.h"
#include "model/resource.h"
#include "resolve/index.h"

/* One `from` of one grant. Those with equal group, kind and namespace towards one namespace
 * form a chain, which the index finds. */
typedef struct gwapi__grant_from {
    const gwapi__grant *grant;
    uint32_t next; /* GWAPI_NONE at the end */
} gwapi__grant_from;

typedef struct gwapi__grants {
    gwapi__index index;  /* (from group, from kind, from namespace, grant's namespace) */
    gwapi__vector froms; /* of gwapi__grant_from */
} gwapi__grants;

void gwapi__grants_init(gwapi__grants *grants, const gwapi_allocator *allocator);
void gwapi__grants_free(gwapi__grants *grants);
/* Adds a ReferenceGrant; it must outlive the table. False: no memory. */
bool gwapi__grants_add(gwapi__grants *grants, const gwapi__resource *grant);

/* May an object of `from` (group, kind, namespace) refer to `to`? Asked for other namespaces
 * only; references within a namespace need no grant. */
bool gwapi__grants_permit(const gwapi__grants *grants, const gwapi__identity *from,
                          const gwapi__identity *to);

#endif
