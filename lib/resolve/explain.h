/* An explanation from the inside. */
#ifndef GWAPI_RESOLVE_EXPLAIN_H
#define GWAPI_RESOLVE_EXPLAIN_H

#include <gatewayapi/attachment.h>
#include "resolve/record.h"
#include "resolve/status.h"

typedef struct gwapi__explained_parent {
    const gwapi__parent_event *event;
    gwapi_str namespace_;                /* filled in */
    const gwapi__conditions *conditions; /* of its entry; NULL: not ours */
    gwapi_str message;
} gwapi__explained_parent;

typedef struct gwapi__explained_candidate {
    const gwapi__place_event *event;
    uint32_t parent;
    const gwapi__resolved_listener *listener; /* NULL: a Service port */
    bool attached;
    gwapi_str reason, message;
    const gwapi_str *hostnames;
    size_t hostname_count;
} gwapi__explained_candidate;

struct gwapi_attachment {
    gwapi_allocator allocator;
    gwapi__arena arena;
    gwapi_topology *topology;
    gwapi__recorder recorder;
    gwapi__identity subject;
    const gwapi__resource *resource;
    uint32_t status;
    gwapi_str verdict; /* in a sentence: why it gets no status; absent when it gets one */
    gwapi__explained_parent *parents;
    size_t parent_count;
    gwapi__explained_candidate *candidates;
    size_t candidate_count;
    const gwapi__reference_event **grants; /* those that are missing, each once */
    size_t grant_count;
};

/* The condition of a type, NULL without one. */
const gwapi__condition *gwapi__condition_of(const gwapi__conditions *conditions,
                                            const char *type);
/* In the status of its Gateway or ListenerSet; NULL: it has none there. */
const gwapi__conditions *
gwapi__conditions_of_listener(const gwapi_topology *topology,
                              const gwapi__resolved_listener *listener);
gwapi_object_ref gwapi__object_ref_of(const gwapi__identity *identity);

#endif
