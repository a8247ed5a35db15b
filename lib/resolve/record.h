/*
 * What the resolver tells while it decides, for those who explain or lint. The calls stand at
 * the very places that make the statuses; without a recorder they keep nothing.
 *
 * Texts and resources are borrowed: the topology that comes of the same resolve retains them.
 * What memory a recorder lacks it remembers (`failed`), and the resolve ends with ENOMEM.
 */
#ifndef GWAPI_RESOLVE_RECORD_H
#define GWAPI_RESOLVE_RECORD_H

#include "base/vector.h"
#include "resolve/index.h"
#include "resolve/topology.h"

/* Which question about a listener (or a Service port) turned a route away (attachment.md §2). */
#define GWAPI__STEP_TABLE(X)                                                                  \
    X(NONE, "") /* none: it is attached, or would be */                                       \
    X(SECTION, "sectionName")                                                                 \
    X(PORT, "port")                                                                           \
    X(KIND, "kind")                                                                           \
    X(NAMESPACE, "namespace")                                                                 \
    X(HOSTNAME, "hostname")                                                                   \
    X(RULES, "rules")                                                                         \
    X(CONFLICT, "conflict")                                                                   \
    X(TRANSPORT, "protocol")                                                                  \
    X(FEATURE, "feature")

typedef enum gwapi__step {
#define GWAPI__STEP_CONSTANT(name, text) GWAPI__STEP_##name,
    GWAPI__STEP_TABLE(GWAPI__STEP_CONSTANT)
#undef GWAPI__STEP_CONSTANT
    GWAPI__STEP_COUNT
} gwapi__step;

/* A parentRef of a route, or a default Gateway. */
typedef struct gwapi__parent_event {
    const gwapi__resource *route;
    gwapi__parent_ref ref;
    uint32_t index; /* in spec.parentRefs; GWAPI_NONE: a default Gateway */
    bool found;     /* it gets an entry in status.parents */
} gwapi__parent_event;

/* A listener or a Service port that was looked at for a route. */
typedef struct gwapi__place_event {
    const gwapi__resource *route;
    uint32_t parent;                  /* which of those found, from 0 */
    const gwapi__resource *owner;     /* Gateway or Service */
    const gwapi__resource *set;       /* of a listener: its ListenerSet, or NULL */
    const gwapi__listener *listener;  /* NULL: a Service port */
    const gwapi__service_port *port;
    gwapi__step step;
    const gwapi__resource *winner; /* of a conflict; NULL: not known */
} gwapi__place_event;

/* A reference into another namespace. */
typedef struct gwapi__reference_event {
    gwapi__identity from, to;
    bool permitted;
} gwapi__reference_event;

/* A backend or a filter of a route that cannot be used. */
typedef struct gwapi__backend_event {
    const gwapi__resource *route;
    uint32_t rule;
    size_t backend; /* in backendRefs; SIZE_MAX: of the rule's own filters */
    size_t filter;  /* in filters; SIZE_MAX: the backendRef itself */
    gwapi__identity target;
    gwapi__backend_fault fault;
    int32_t port; /* of the target that is missing; -1: the target itself */
} gwapi__backend_event;

typedef enum gwapi__claim_fate {
    GWAPI__FATE_APPLIES = 1,
    GWAPI__FATE_MISSING,
    GWAPI__FATE_UNFIT,
    GWAPI__FATE_LOST
} gwapi__claim_fate;

/* A target of a policy. */
typedef struct gwapi__target_event {
    const gwapi__resource *policy;
    gwapi__identity target;
    gwapi_str section_name;
    gwapi__claim_fate fate;
    const gwapi__resource *winner; /* LOST: to whom */
} gwapi__target_event;

typedef struct gwapi__recorder {
    const gwapi__identity *subject; /* whose events; NULL: everyone's, but no places */
    gwapi__vector parents;          /* of gwapi__parent_event */
    gwapi__vector places;           /* of gwapi__place_event */
    gwapi__vector references;       /* of gwapi__reference_event */
    gwapi__vector targets;          /* of gwapi__target_event */
    gwapi__vector backends;         /* of gwapi__backend_event */
    bool failed;
} gwapi__recorder;

/* Allocates nothing. */
void gwapi__recorder_init(gwapi__recorder *recorder, const gwapi_allocator *allocator,
                          const gwapi__identity *subject);
void gwapi__recorder_free(gwapi__recorder *recorder);
const char *gwapi__step_text(gwapi__step step);

/* gwapi_topology_resolve with a recorder, which may be NULL, that outlives the call. */
gwapi_result gwapi__topology_resolve(gwapi_topology **out, const gwapi_resources *resources,
                                     const gwapi_resolve_options *options,
                                     gwapi__recorder *recorder, gwapi_report *report);

/* The calls; each may be made with a NULL recorder. */
void gwapi__record_parent(gwapi__recorder *recorder, const gwapi__resource *route,
                          const gwapi__parent_ref *ref, uint32_t index, bool found);
void gwapi__record_place(gwapi__recorder *recorder, const gwapi__place_event *event);
/* The route had passed at the listener, but `winner` has its hostnames there; of a Service port
 * `listener` is NULL. */
void gwapi__record_conflict(gwapi__recorder *recorder, const gwapi__resource *route,
                            const gwapi__listener *listener, const gwapi__service_port *port,
                            const gwapi__resource *winner);
void gwapi__record_reference(gwapi__recorder *recorder, const gwapi__identity *from,
                             const gwapi__identity *to, bool permitted);
void gwapi__record_backend(gwapi__recorder *recorder, const gwapi__backend_event *event);
void gwapi__record_target(gwapi__recorder *recorder, const gwapi__target_event *event);

#endif
