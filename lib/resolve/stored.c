/* The status that an object came with, beside the one it should have. */
#include "resolve/status.h"

#include "base/result.h"
#include "base/slice.h"
#include "doc/write.h"

gwapi_result gwapi_topology_stored_status_write(const gwapi_topology *topology, size_t i,
                                                const gwapi_sink *sink)
{
    gwapi__text t;

    if (i >= gwapi_topology_status_count(topology) || sink == NULL)
        return GWAPI_EARGUMENT;
    const gwapi__resource *resource = gwapi__status_at(topology, i)->resource;
    if (resource != NULL && resource->source == NULL)
        return GWAPI_ESTATE;
    const gwapi__node *status =
        resource != NULL ? gwapi__node_get(resource->source, GWAPI__STR("status")) : NULL;
    gwapi__text_init(&t, &topology->allocator);
    /* A status that defaulting made has no place in the text: there was none. */
    if (status != NULL && status->type == GWAPI__NODE_MAP && status->place.line != 0)
        gwapi__node_write_json(&t, status);
    else
        gwapi__text_addz(&t, "{}");
    gwapi_result result = gwapi__text_flush(&t, sink);
    gwapi__text_free(&t);
    return result;
}
