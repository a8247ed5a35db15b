/*
 * The working state of one gwapi_topology_resolve, and the steps in the order they run. Private
 * to this room. What the topology keeps lies in its arena, everything else in `scratch`.
 */
#ifndef GWAPI_RESOLVE_RESOLVER_H
#define GWAPI_RESOLVE_RESOLVER_H

#include "base/map.h"
#include "base/result.h"
#include "base/slice.h"
#include "resolve/certificate.h"
#include "resolve/features.h"
#include "resolve/grant.h"
#include "resolve/message.h"
#include "resolve/record.h"
#include "resolve/status.h"

/* Objects of one kind, ordered by namespace and name. */
typedef struct gwapi__sorted {
    gwapi__resource **items;
    size_t count;
} gwapi__sorted;

typedef struct gwapi__class_state {
    gwapi__resource *resource;
    gwapi__finding accepted;
} gwapi__class_state;

typedef struct gwapi__gateway_state {
    gwapi_str controller; /* as statuses name it */
    uint32_t own_count;   /* listeners of its own: the first ones */
    uint32_t sets_allowed, sets_refused;
    gwapi__finding accepted, programmed, resolved, sets, is_default, insecure;
} gwapi__gateway_state;

/* An XListenerSet whose parent is a Gateway of ours. */
typedef struct gwapi__set_state {
    gwapi__resource *resource;
    uint32_t gateway;
    bool allowed;
    uint32_t first_listener;
    uint32_t listener_count;
    gwapi__finding accepted, programmed;
} gwapi__set_state;

typedef struct gwapi__listener_state {
    uint32_t kinds_supported; /* of its protocol: bit 1 << gwapi__resource_kind; 0: none */
    uint32_t kinds;           /* those of them it takes */
    uint32_t set;             /* index of its ListenerSet, GWAPI_NONE */
    bool hostname_conflict, protocol_conflict;
    uint32_t counted; /* the route last counted, + 1 */
    gwapi__finding accepted, conflicted, resolved, programmed, overlapping;
} gwapi__listener_state;

typedef enum gwapi__parent_type {
    GWAPI__PARENT_GATEWAY = 1,
    GWAPI__PARENT_LISTENER_SET,
    GWAPI__PARENT_SERVICE
} gwapi__parent_type;

/* One entry of status.parents of ours. */
typedef struct gwapi__parent_state {
    gwapi__parent_type type;
    gwapi__parent_ref ref;
    gwapi_str controller;
    uint32_t gateway; /* GWAPI_NONE for a Service */
    uint32_t first_listener, listener_count;
    gwapi__resource *service; /* NULL: missing */
    uint32_t first_candidate, candidate_count;
    const gwapi__resource *crowded; /* a BackendTLSPolicy whose status has no room for it */
    gwapi__finding accepted;
} gwapi__parent_state;

/* A listener (or a Service port) that would take the route. */
typedef struct gwapi__candidate {
    uint32_t route;
    uint32_t parent;   /* into parents */
    uint32_t listener; /* or the index of the mesh port */
    bool mesh;
    bool blocked; /* by routes of another kind */
} gwapi__candidate;

typedef struct gwapi__route_state {
    uint32_t first_parent, parent_count;
    gwapi__resolved_rule *rules, *mesh_rules; /* the topology's, while they are made */
    bool binds;                 /* has a rule that can be executed, or no rule at all */
    bool mesh_binds;            /* the same in the mesh */
    bool partial, mesh_partial; /* some rules were dropped */
    gwapi__finding dropped;     /* why all or some rules were dropped at a Gateway */
    gwapi__finding mesh_dropped;
    gwapi__finding resolved;     /* ResolvedRefs at a Gateway */
    gwapi__finding resolved_tls; /* … of a TLSRoute on a listener that terminates */
    gwapi__finding resolved_mesh;
} gwapi__route_state;

/* A BackendTLSPolicy or XBackendTrafficPolicy as one of those that claim a target. */
typedef enum gwapi__claim_state {
    GWAPI__CLAIM_STANDS = 0,
    GWAPI__CLAIM_MISSING, /* the target or its section does not exist */
    GWAPI__CLAIM_UNFIT,   /* TLS on a UDP port */
    GWAPI__CLAIM_LOST     /* to an older policy */
} gwapi__claim_state;

typedef struct gwapi__claim {
    uint32_t policy; /* into tls_policies or traffic_policies */
    uint32_t target; /* into targets */
    gwapi_str section_name;
    gwapi__claim_state state;
} gwapi__claim;

typedef struct gwapi__target {
    gwapi__identity key;
    gwapi__resource *object; /* NULL: missing or assumed */
    bool exists;
    uint32_t first_claim, claim_count; /* in order of precedence */
} gwapi__target;

/* Route uses a target: their Gateways become ancestors. */
typedef struct gwapi__target_use {
    uint32_t route;
    uint32_t target;
} gwapi__target_use;

typedef struct gwapi__policy_state {
    gwapi__finding accepted, resolved;
    gwapi__vector ancestors; /* of uint32_t, gateways, ascending once collected */
} gwapi__policy_state;

typedef struct gwapi__policies {
    gwapi__resource_kind kind;
    size_t count;
    gwapi__policy_state *states;
    gwapi__index index;    /* target → index into targets */
    gwapi__vector targets; /* of gwapi__target */
    gwapi__vector claims;  /* of gwapi__claim */
    gwapi__vector uses;    /* of gwapi__target_use */
} gwapi__policies;

typedef struct gwapi__resolver {
    gwapi_topology *t;
    const gwapi_resources *set;
    const gwapi_resolve_options *options; /* converted, never NULL */
    gwapi_report *report;
    gwapi__recorder *recorder; /* NULL: nobody asks why */
    gwapi__arena scratch;
    bool experimental;
    const gwapi_extension *extensions; /* converted */
    size_t extension_count;
    gwapi_str now;
    gwapi__features features;
    gwapi__sorted kinds[GWAPI__KIND_COUNT];
    gwapi__grants grants;
    gwapi__certificates certificates;
    gwapi__index assumed;   /* told already */
    gwapi__index by_name;   /* GatewayClass, Gateway, XListenerSet of ours → index */
    gwapi__map controllers; /* of our classes: whose entries in statuses are ours */
    gwapi__class_state *classes;
    size_t class_count;
    gwapi__gateway_state *gateways;
    uint32_t *default_gateways; /* by namespace and name */
    size_t default_gateway_count;
    gwapi__set_state *sets;
    size_t set_count;
    gwapi__listener_state *listeners;
    gwapi__route_state *routes;
    uint32_t next_route;      /* whose status comes next */
    gwapi__vector parents;    /* of gwapi__parent_state, in order of route */
    gwapi__vector candidates; /* of gwapi__candidate, in order of route and parent */
    gwapi__policies tls_policies;
    gwapi__policies traffic_policies;
    gwapi__class_state *meshes; /* XMeshes of ours */
    size_t mesh_count;
    gwapi_str mesh_controller;
    gwapi__index mesh_index;  /* Service → its first entry in mesh_ports */
    gwapi__vector mesh_ports; /* of gwapi__mesh_port: all ports of Services that are parents */
} gwapi__resolver;

/* ---- small questions ----------------------------------------------------------------- */

static inline gwapi__arena *gwapi__resolver_arena(gwapi__resolver *r)
{
    return &r->t->arena;
}

static inline gwapi__identity gwapi__identity_of(const gwapi__resource *resource)
{
    return (gwapi__identity){resource->group, resource->kind_name, resource->meta.namespace_,
                             resource->meta.name};
}

/* Is the kind one of the host's own in that role? */
bool gwapi__extension_known(const gwapi__resolver *r, gwapi_extension_role role,
                            gwapi_str group, gwapi_str kind);

/* The object, NULL without one. */
gwapi__resource *gwapi__find(const gwapi__resolver *r, const gwapi__identity *key);
/* Does a missing object of this identity count as present? Told in the report, once. */
gwapi_result gwapi__assume(gwapi__resolver *r, uint32_t kind, const gwapi__identity *key,
                           bool *assumed);

/* May `from` refer to `to`? True within a namespace. */
bool gwapi__permitted(const gwapi__resolver *r, const gwapi__identity *from,
                      const gwapi__identity *to);

/* Older first, then namespace, then name, then kind. */
int gwapi__age_cmp(const gwapi__resource *a, const gwapi__resource *b);

/* A note without a place. */
gwapi_result gwapi__note(gwapi__resolver *r, const char *rule, gwapi_str message);

/* ---- the steps ----------------------------------------------------------------------- */

/* gatewayclass.c */
gwapi_result gwapi__resolve_classes(gwapi__resolver *r);
/* *wrong is absent, or says why parametersRef (in `namespace_`, "" for none) cannot be used. */
gwapi_result gwapi__parameters_check(gwapi__resolver *r, const gwapi__reference *ref,
                                     gwapi_str namespace_, gwapi_str *wrong);
/* Is the Gateway's class ours and accepted? *controller is what its statuses name. */
gwapi_result gwapi__gateway_is_ours(gwapi__resolver *r, const gwapi__resource *gateway,
                                    bool *ours, gwapi_str *controller);

/* gateway.c: which Gateways are ours; once the listeners are judged, their conditions. */
gwapi_result gwapi__collect_gateways(gwapi__resolver *r);
gwapi_result gwapi__judge_gateways(gwapi__resolver *r);

/* listenerset.c: the merged list of listeners; the conditions of ListenerSets. */
gwapi_result gwapi__merge_listeners(gwapi__resolver *r);
gwapi_result gwapi__judge_listener_sets(gwapi__resolver *r);

/* listener.c */
typedef struct gwapi__data_found {
    gwapi__resource *object; /* NULL: missing */
    bool assumed;            /* it has a name and no data, and is not to be judged */
} gwapi__data_found;
/* A Secret or ConfigMap, or what stands for one that is assumed. */
gwapi_result gwapi__find_data(gwapi__resolver *r, const gwapi__reference *ref,
                              const gwapi__identity *key, gwapi__data_found *out);
typedef struct gwapi__certificate_check {
    gwapi__resource *secret; /* the usable one (it may be assumed), else NULL */
    bool forbidden;          /* a grant is missing */
    gwapi_str wrong;         /* why it cannot be used; absent: it can */
} gwapi__certificate_check;
/* A reference to a Secret: permission, kind, existence, content. */
gwapi_result gwapi__check_certificate(gwapi__resolver *r, const gwapi__identity *referrer,
                                      const gwapi__reference *ref,
                                      gwapi__certificate_check *out);
void gwapi__support_listeners(gwapi__resolver *r); /* fills kinds_supported and kinds */
gwapi_result gwapi__judge_listeners(gwapi__resolver *r);
void gwapi__serve_listeners(gwapi__resolver *r); /* which take part in matching */

/* conflict.c */
gwapi_result gwapi__resolve_conflicts(gwapi__resolver *r);
gwapi_result gwapi__resolve_overlaps(gwapi__resolver *r);

/* rule.c: why a rule cannot be executed: NO_CONDITION when it can. */
gwapi_result gwapi__judge_rule(gwapi__resolver *r, const gwapi__resource *route,
                               const gwapi__rule *rule, bool mesh, gwapi__finding *out);

/* parentref.c: routes with a parent of ours and the listeners each would attach to. */
gwapi_result gwapi__collect_routes(gwapi__resolver *r);
/* `place` is a listener, or with `mesh` a mesh port. */
gwapi_result gwapi__add_candidate(gwapi__resolver *r, uint32_t route, uint32_t parent,
                                  uint32_t place, bool mesh);

/* defaultgw.c: adds the parents that useDefaultGateways asks for. */
gwapi_result gwapi__add_default_parents(gwapi__resolver *r, const gwapi__resource *route,
                                        size_t first_parent);

/* mesh.c */
gwapi_result gwapi__collect_mesh(gwapi__resolver *r);
gwapi_result gwapi__try_service(gwapi__resolver *r, uint32_t route, uint32_t parent);
/* Candidates of mesh port p: items[start[p]] … items[start[p + 1] - 1]. */
gwapi_result gwapi__attach_mesh(gwapi__resolver *r, const uint32_t *start, uint32_t *items);

/* attach.c: who gives way to routes of another kind; attachments; Accepted of each parent. */
gwapi_result gwapi__attach_routes(gwapi__resolver *r);
void gwapi__resolve_accepted(gwapi__resolver *r);

void gwapi__policies_init(gwapi__policies *p, gwapi__resource_kind kind,
                          const gwapi_allocator *allocator);
void gwapi__policies_free(gwapi__policies *p);
/* policy.c: targets and conflicts, before the backends. */
gwapi_result gwapi__collect_policies(gwapi__resolver *r);
gwapi_result gwapi__remember_use(gwapi__policies *p, uint32_t route, uint32_t target);
/* The policies for a port of a target that a route refers to; remembers the use. The outs may
 * be NULL. The mesh uses no BackendTLSPolicy. */
gwapi_result gwapi__use_policies(gwapi__resolver *r, uint32_t route,
                                 const gwapi__identity *target, gwapi_str port_name, bool mesh,
                                 uint32_t *tls_policy, uint32_t *traffic_policy);

/* ancestor.c: the Gateways of each policy, after the backends. */
#define GWAPI__MOST_ANCESTORS 16
gwapi_result gwapi__resolve_ancestors(gwapi__resolver *r);

/* backend.c: rules, filters and backends of every route; ResolvedRefs. */
gwapi_result gwapi__resolve_rules(gwapi__resolver *r);

/* object_status.c: everything that is written. */
/* Is the controller one whose entries we write, and so also take away? */
bool gwapi__is_our_controller(const gwapi__resolver *r, gwapi_str controller);
gwapi__parent_ref gwapi__gateway_ref(const gwapi__resource *gateway);
/* The entry of the status as it was, NULL without one. */
const gwapi__parent_status *gwapi__old_entry(const gwapi__resource *holder,
                                             const gwapi__parent_ref *ref,
                                             gwapi_str controller);
gwapi_result gwapi__collect_statuses(gwapi__resolver *r);

#endif
