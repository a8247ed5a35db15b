/* Several causes of one condition: collected in order, told in one message. */
#ifndef GWAPI_RESOLVE_CAUSES_H
#define GWAPI_RESOLVE_CAUSES_H

#include "resolve/message.h"
#include "resolve/status.h"

typedef struct gwapi__causes {
    gwapi__text text;
    size_t count;
    gwapi__condition_id first;  /* of the first cause */
    gwapi__condition_id lowest; /* the one that stands first in the table */
} gwapi__causes;

void gwapi__causes_init(gwapi__causes *p, const gwapi_allocator *allocator);
void gwapi__causes_free(gwapi__causes *p);
/* Begins a cause; what is added to the returned builder tells it. NULL when there were so many
 * already that the others are only counted. */
gwapi__text *gwapi__causes_add(gwapi__causes *p, gwapi__condition_id id);
#define GWAPI__CAUSE(causes, id, ...)                                                         \
    do {                                                                                      \
        gwapi__text *gwapi__t = gwapi__causes_add((causes), (id));                            \
        if (gwapi__t != NULL)                                                                 \
            gwapi__message_add(gwapi__t, __VA_ARGS__);                                        \
    } while (0)

/* One finding of all, with `id`; releases the collection. Without a cause: `none`.
 * GWAPI_ENOMEM. */
gwapi_result gwapi__causes_take(gwapi__finding *out, gwapi__arena *arena, gwapi__causes *p,
                                  gwapi__condition_id id, gwapi__condition_id none);

#endif
