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

/* What a status has room for. */
#define GWAPI__MOST_PARENTS   32
#define GWAPI__MOST_ANCESTORS 16

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
    uint32_t first_set, set_count; /* at hand: its ListenerSets */
    gwapi__finding accepted, programmed, resolved, sets, is_default, insecure;
} gwapi__gateway_state;

/* An XListenerSet whose parent is a Gateway of ours. */
typedef struct gwapi__set_state {
    gwapi__resource *resource;
    uint32_t gateway; /* at hand */
    bool allowed;
    uint32_t first_listener; /* at hand; in a part: among the Gateway's */
    uint32_t listener_count;
    gwapi__finding accepted, programmed;
} gwapi__set_state;

typedef struct gwapi__listener_state {
    uint32_t kinds_supported; /* of its protocol: bit 1 << gwapi__resource_kind; 0: none */
    uint32_t kinds;           /* those of them it takes */
    uint32_t gateway;         /* at hand */
    uint32_t set;             /* its ListenerSet at hand, GWAPI_NONE */
    bool hostname_conflict, protocol_conflict;
    uint32_t counted; /* the route last counted, + 1 */
    gwapi__finding accepted, conflicted, resolved, programmed, overlapping;
} gwapi__listener_state;

/*
 * The Gateways and listeners at hand, by number: in a topology resolved anew all of them, else
 * those that are judged again, and those that routes ask for, as the previous topology had
 * them.
 */
typedef struct gwapi__work {
    gwapi__resolved_gateway *gateways;    /* by namespace and name as far as they are judged */
    uint32_t *first_listener;             /* of each Gateway */
    const gwapi__gateway_part **imported; /* of each Gateway; NULL: it is judged here */
    const gwapi__judged_gateway **judged; /* of each Gateway, once it is judged */
    bool *changed; /* of each Gateway: it is new, or has other listeners, or looks elsewhere */
    size_t gateway_count, gateway_capacity;
    gwapi__resolved_listener *listeners;
    size_t listener_count, listener_capacity;
} gwapi__work;

/* In place of a number: the Gateway or ListenerSet is not ours, whatever it was before. */
#define GWAPI__NOT_OURS (GWAPI_NONE - 1)

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
    uint32_t at_hand;         /* the Gateway, while the route is resolved; GWAPI_NONE */
    gwapi__resource *gateway; /* NULL for a Service */
    uint32_t first_listener, listener_count; /* at hand */
    gwapi__resource *service;                /* NULL: missing */
    uint32_t first_candidate, candidate_count;
    gwapi__finding accepted; /* NO_CONDITION: it depends on other routes */
} gwapi__parent_state;

/* A listener (or a Service port) that would take the route. */
typedef struct gwapi__candidate {
    gwapi__resource *owner; /* Gateway or Service */
    uint32_t place;         /* among the owner's */
    bool mesh;
    bool terminates;            /* the listener's TLS mode is Terminate */
    const gwapi_str *hostnames; /* as in gwapi__attachment */
    size_t hostname_count;
} gwapi__candidate;

/* A listener that counts the route as attached, though its hostnames may not fit. */
typedef struct gwapi__count {
    gwapi__resource *gateway;
    uint32_t place;
} gwapi__count;

/* The route uses a policy's target: the Gateways it is accepted by become ancestors. */
typedef struct gwapi__target_use {
    gwapi__resource_kind policies; /* of which kind */
    gwapi__identity target;
} gwapi__target_use;

/* The rest of a gwapi__resolved_route; while it is resolved, in vectors of the resolver. */
typedef struct gwapi__route_state {
    gwapi__parent_state *parents;
    uint32_t parent_count;
    const gwapi__candidate *candidates; /* in order of parent */
    uint32_t candidate_count;
    const gwapi__count *counts;
    uint32_t count_count;
    const gwapi__target_use *uses;
    uint32_t use_count;
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
    uint32_t policy; /* into the policies of its kind */
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

typedef struct gwapi__ancestor {
    gwapi__resource *gateway;
    gwapi_str controller;
} gwapi__ancestor;

/* What became of the targets of one policy. */
typedef struct gwapi__tally {
    uint32_t missing; /* the object or the section does not exist */
    uint32_t unfit;   /* a UDP port, or only such */
    uint32_t lost;
    uint32_t won;
} gwapi__tally;

typedef struct gwapi__policy_state {
    gwapi__finding accepted, resolved;
    gwapi__tally tally;
} gwapi__policy_state;

/* All policies of a kind, and who claims what. A part: it stays as long as no policy changes.
 */
typedef struct gwapi__policies {
    gwapi__part part;
    gwapi__resource_kind kind;
    size_t count;
    const gwapi__judged_policy **judged; /* by namespace and name; each a reference */
    gwapi__index index;                  /* target → index into targets */
    gwapi__vector targets;               /* of gwapi__target */
    gwapi__vector claims;                /* of gwapi__claim */
} gwapi__policies;

/* The rest of a gwapi__frame. */
typedef struct gwapi__frame_state {
    gwapi__class_state *classes;
    size_t class_count;
    gwapi__class_state *meshes; /* XMeshes of ours */
    size_t mesh_count;
    gwapi_str mesh_controller;
    gwapi__features features;
    gwapi_str default_mesh_note; /* absent: none */
} gwapi__frame_state;

/* An object of the set that is new, gone, or another one than before. */
typedef struct gwapi__change {
    gwapi__resource *before, *after; /* NULL: none */
} gwapi__change;

/* A Gateway or Service whose bindings are made again (bindings.c). */
typedef struct gwapi__board gwapi__board;

/* What the part that is made looked up: hashes of it (change.c). */
typedef struct gwapi__seen {
    gwapi__vector hashes; /* of uint64_t */
    bool failed;          /* no memory */
} gwapi__seen;

typedef struct gwapi__resolver {
    gwapi_topology *t;
    const gwapi_topology *previous; /* what parts are taken over from; NULL: none, all is new */
    const gwapi_topology *before; /* what statuses are compared with; NULL: the objects' own */
    const gwapi_resources *set;
    const gwapi_resolve_options *options; /* converted, never NULL */
    gwapi_report *report;
    gwapi__recorder *recorder; /* NULL: nobody asks why */
    gwapi__arena scratch;
    gwapi__arena *arena; /* of the part that is made */
    gwapi__seen *seen;   /* what it looked up */
    gwapi_str asked_namespace; /* … the Namespace it asked for last; absent: none, */
    const gwapi__resource *namespace_object; /* and the object; NULL: missing */
    bool experimental;
    const gwapi_extension *extensions; /* converted */
    size_t extension_count;
    gwapi__features features;
    gwapi__vector changes; /* of gwapi__change, without `previous` none */
    bool grants_changed;
    bool gateway_gone;
    bool verdicts_again; /* where policies have no room is known */
    gwapi__vector keys;  /* of uint64_t: what changed, ascending once sorted */
    gwapi__sorted kinds[GWAPI__KIND_COUNT]; /* what is resolved: all, or what changes touch */
    gwapi__vector edits[GWAPI__SEQUENCE_COUNT]; /* of gwapi__edit; they hold a reference */
    gwapi__certificates certificates;
    gwapi__index assumed;   /* told already */
    gwapi__index by_name;   /* GatewayClass, Gateway, XListenerSet of ours → index at hand */
    gwapi__map controllers; /* of our classes: whose entries in statuses are ours */
    gwapi__class_state *classes;
    size_t class_count;
    gwapi__work w;
    gwapi__gateway_state *gateways; /* of w.gateways */
    uint32_t *default_gateways;     /* by namespace and name */
    size_t default_gateway_count;
    bool defaults_at_hand;
    gwapi__set_state *sets; /* those of a Gateway are neighbours */
    size_t set_count, set_capacity;
    gwapi__listener_state *listeners; /* of w.listeners */
    gwapi__resolved_route *route;     /* the one that is resolved */
    gwapi__route_state *route_state;
    gwapi__resolved_rule *rules, *mesh_rules; /* the route's, while they are made */
    uint32_t route_number;
    gwapi__vector parents;    /* of gwapi__parent_state: the route's */
    gwapi__vector candidates; /* of gwapi__candidate: the route's */
    gwapi__vector counts;     /* of gwapi__count: the route's */
    gwapi__vector uses;       /* of gwapi__target_use: the route's */
    gwapi__vector routes; /* of gwapi__resolved_route *: all that were made, each a reference */
    gwapi__vector gone;   /* of const gwapi__resolved_route *: whose place they take */
    gwapi__vector boards; /* of gwapi__board */
    gwapi__index board_index; /* owner → index into boards */
    const gwapi__resource *last_owner; /* whom board_index was asked for last; NULL: nobody */
    uint32_t last_board;               /* what it answers */
    gwapi__vector moved; /* of const gwapi__resolved_route *: blocked by others than before */
    gwapi__vector reviewed; /* of const gwapi__resource *: policies to be judged, by address */
    gwapi__vector *ancestors[2]; /* for TLS and traffic, of each policy: gwapi__ancestor */
    gwapi__vector *crowded[2];   /* … those of them that its status has no room for */
    bool *recount[2];            /* … its ancestors are counted again */
    gwapi__vector shut_out;     /* of const gwapi__resolved_route *: they may be told of that */
    gwapi__class_state *meshes; /* XMeshes of ours */
    size_t mesh_count;
    gwapi_str mesh_controller;
    gwapi_str default_mesh_note;
    gwapi_str written; /* the options, as a frame has them */
} gwapi__resolver;

/* ---- small questions ----------------------------------------------------------------- */

static inline gwapi__arena *gwapi__resolver_arena(gwapi__resolver *r)
{
    return r->arena;
}

static inline gwapi__identity gwapi__identity_of(const gwapi__resource *resource)
{
    return (gwapi__identity){resource->group, resource->kind_name, resource->meta.namespace_,
                             resource->meta.name};
}

/* Is the kind one of the host's own in that role? */
bool gwapi__extension_known(const gwapi__resolver *r, gwapi_extension_role role,
                            gwapi_str group, gwapi_str kind);

/* The object, NULL without one. Remembers that the part at hand looked for it. */
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

/* ---- parts (change.c) ---------------------------------------------------------------- */

/* Remember that the part at hand asked … */
void gwapi__see(const gwapi__resolver *r, const gwapi__identity *key); /* for an object */
void gwapi__see_grants(const gwapi__resolver *r, const gwapi__identity *from,
                       gwapi_str to_namespace); /* for a grant */
void gwapi__see_policies(const gwapi__resolver *r, const gwapi__identity *target);
void gwapi__see_defaults(const gwapi__resolver *r); /* which Gateways are default ones */

/* What an object that asked for a target's policies has seen. */
uint64_t gwapi__policies_hash(const gwapi__resolver *r, const gwapi__identity *target);
void gwapi__hashes_sort(gwapi__vector *hashes);
/* Is the policy new, or did what it looks at change? */
bool gwapi__is_reviewed(const gwapi__resolver *r, const gwapi__resource *policy);

/* Begins a part: what is looked up and written belongs to it. NULL: no memory. */
void *gwapi__part_begin(gwapi__resolver *r, size_t size);
/* Ends it: notes what it looked up. GWAPI_ENOMEM: the part is still the caller's. */
gwapi_result gwapi__part_end(gwapi__resolver *r, void *part);
/* The part (NULL: none) that stands for the key in a sequence; takes over the reference, also
 * when it fails. GWAPI_ENOMEM. */
gwapi_result gwapi__edit_add(gwapi__resolver *r, gwapi__sequence_id sequence,
                             const gwapi__resource *key, void *part);
/* The part that `previous` has; NULL without one. */
void *gwapi__previous_part(const gwapi__resolver *r, gwapi__sequence_id sequence,
                           const gwapi__resource *key);
gwapi__sequence_id gwapi__sequence_of(gwapi__resource_kind kind);

/* ---- the steps ----------------------------------------------------------------------- */

/* frame.c: the previous topology's, if it can be shared; r->previous is NULL else. */
gwapi_result gwapi__take_frame(gwapi__resolver *r);
/* Makes one, if there is none: resolves classes and meshes. */
gwapi_result gwapi__make_frame(gwapi__resolver *r);

/* change.c: what is to be resolved: all of the set, or what `previous` has otherwise. */
gwapi_result gwapi__find_changes(gwapi__resolver *r);
gwapi_result gwapi__choose_gateways(gwapi__resolver *r);
gwapi_result gwapi__choose_policies(gwapi__resolver *r);
gwapi_result gwapi__choose_routes(gwapi__resolver *r);
/* Is the Gateway with its ListenerSets what it was? If not, what looked it up is resolved
 * again. */
gwapi_result gwapi__gateway_changed(gwapi__resolver *r, uint32_t gateway,
                                    const gwapi__judged_gateway *judged);
/* It is not ours any more. */
gwapi_result gwapi__gateway_lost(gwapi__resolver *r, const gwapi__resource *gateway);
/* Kinds of the experimental channel only do not exist in the other one. */
bool gwapi__kind_in_channel(const gwapi__resolver *r, gwapi__resource_kind kind);

/* gatewayclass.c */
gwapi_result gwapi__resolve_classes(gwapi__resolver *r);
/* Makes them found by name, and their controllers ours. */
gwapi_result gwapi__index_classes(gwapi__resolver *r);
/* *wrong is absent, or says why parametersRef (in `namespace_`, "" for none) cannot be used. */
gwapi_result gwapi__parameters_check(gwapi__resolver *r, const gwapi__reference *ref,
                                     gwapi_str namespace_, gwapi_str *wrong);
/* Is the Gateway's class ours and accepted? *controller is what its statuses name. */
gwapi_result gwapi__gateway_is_ours(gwapi__resolver *r, const gwapi__resource *gateway,
                                    bool *ours, gwapi_str *controller);

/* gateway.c: which Gateways are ours; their parts, once the listeners are merged. */
gwapi_result gwapi__collect_gateways(gwapi__resolver *r);
gwapi_result gwapi__judge_gateways(gwapi__resolver *r);
/* The number of the Gateway, which may have to be taken from `previous`; GWAPI_NONE: not ours.
 */
gwapi_result gwapi__gateway_at_hand(gwapi__resolver *r, const gwapi__identity *key,
                                    uint32_t *out);
/* All default Gateways. */
gwapi_result gwapi__import_defaults(gwapi__resolver *r);
void gwapi__work_free(gwapi__resolver *r);
/* Room for more at hand. GWAPI_ENOMEM, GWAPI_ELIMIT. */
gwapi_result gwapi__work_reserve(gwapi__resolver *r, size_t gateways, size_t listeners,
                                 size_t sets);

/* listenerset.c: the merged list of listeners; the conditions of a Gateway's ListenerSets. */
gwapi_result gwapi__merge_listeners(gwapi__resolver *r);
gwapi_result gwapi__judge_listener_sets(gwapi__resolver *r, uint32_t gateway);
/* The Gateway that a ListenerSet refers to; false: no Gateway. */
bool gwapi__set_parent(const gwapi__resource *set, gwapi__identity *gateway);

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
/* Of the listeners of one Gateway: */
void gwapi__support_listeners(gwapi__resolver *r, uint32_t gateway); /* which kinds */
gwapi_result gwapi__judge_listeners(gwapi__resolver *r, uint32_t gateway);
void gwapi__serve_listeners(gwapi__resolver *r, uint32_t gateway); /* which match requests */

/* conflict.c */
gwapi_result gwapi__resolve_conflicts(gwapi__resolver *r, uint32_t gateway);
gwapi_result gwapi__resolve_overlaps(gwapi__resolver *r, uint32_t gateway);

/* rule.c: why a rule cannot be executed: NO_CONDITION when it can. */
gwapi_result gwapi__judge_rule(gwapi__resolver *r, const gwapi__resource *route,
                               const gwapi__rule *rule, bool mesh, gwapi__finding *out);

/* parentref.c: each route by itself: its parents, the listeners and ports that would take it,
 * its rules. */
gwapi_result gwapi__resolve_routes(gwapi__resolver *r);

/* defaultgw.c: adds the parents that useDefaultGateways asks for. */
gwapi_result gwapi__add_default_parents(gwapi__resolver *r, const gwapi__resource *route);

/* mesh.c */
gwapi_result gwapi__collect_mesh(gwapi__resolver *r);
gwapi_result gwapi__warn_of_mesh(gwapi__resolver *r);
gwapi_result gwapi__try_service(gwapi__resolver *r, gwapi__parent_state *parent);

/* attach.c: HTTPRoutes and GRPCRoutes that meet on a listener: who gives way. */
gwapi_result gwapi__block_on_listener(gwapi__resolver *r, const gwapi__listener *spec,
                                      gwapi__attachment *entries, size_t count);
/* Route kinds that meet on a Service port. */
gwapi_result gwapi__block_on_service(gwapi__resolver *r, const gwapi__service_port *port,
                                     gwapi__attachment *entries, size_t count);

extern const size_t gwapi__board_size;
/* bindings.c: what routes are on listeners and Service ports. */
gwapi_result gwapi__bind_routes(gwapi__resolver *r);
/* Once routes are bound: does it give way to routes of another kind there? */
bool gwapi__candidate_blocked(const gwapi__resolver *r, const gwapi__resolved_route *route,
                              const gwapi__candidate *candidate);
/* The new bindings of a Gateway, else those that it had; NULL: none. */
const gwapi__bindings *gwapi__bindings_of(const gwapi__resolver *r,
                                          const gwapi__resource *owner);
void gwapi__boards_free(gwapi__resolver *r);
/* The owner of the i-th bindings that were made, a Gateway or a Service; NULL: there are no
 * more. */
const gwapi__resource *gwapi__board_owner(const gwapi__resolver *r, uint32_t i);

/* policy.c: targets and conflicts; before routes. */
const gwapi__policy_target *gwapi__policy_targets(const gwapi__resource *policy, size_t *count);
gwapi_result gwapi__collect_policies(gwapi__resolver *r);
/* The policies for a port of a target that the route refers to; remembers the use. The outs may
 * be NULL. The mesh uses no BackendTLSPolicy. */
gwapi_result gwapi__use_policies(gwapi__resolver *r, const gwapi__identity *target,
                                 gwapi_str port_name, bool mesh,
                                 const gwapi__judged_policy **tls_policy,
                                 const gwapi__judged_policy **traffic_policy);
/* Once every route's verdict is known: the Gateways a policy is at work on. */
gwapi_result gwapi__resolve_ancestors(gwapi__resolver *r);
/* Once the policies' parts are known: routes that use a policy without room, or that had none
 * before. */
gwapi_result gwapi__find_shut_out(gwapi__resolver *r);
/* The BackendTLSPolicy of the route that has no room for the Gateway; NULL: each has. */
const gwapi__resource *gwapi__crowded_policy(const gwapi__resolver *r,
                                             const gwapi__resolved_route *route,
                                             const gwapi__resource *gateway);
void gwapi__ancestors_free(gwapi__resolver *r);

/* backend.c: rules, filters and backends of the route at hand; ResolvedRefs. */
gwapi_result gwapi__resolve_rules(gwapi__resolver *r);

/* Is the controller one whose entries we write, and so also take away? */
bool gwapi__is_our_controller(const gwapi__resolver *r, gwapi_str controller);
gwapi__parent_ref gwapi__gateway_ref(const gwapi__resource *gateway);
/* The entry of the status as it was, NULL without one. */
const gwapi__parent_status *gwapi__old_entry(const gwapi__resource *holder,
                                             const gwapi__parent_ref *ref,
                                             gwapi_str controller);
/* object_status.c: everything that is written, and whether it is another status than before. */
gwapi_result gwapi__frame_statuses(gwapi__resolver *r, gwapi__frame *frame);
gwapi_result gwapi__route_verdicts(gwapi__resolver *r);
gwapi_result gwapi__gateway_parts(gwapi__resolver *r);
gwapi_result gwapi__policy_parts(gwapi__resolver *r);
/* Once it is known where policies have no room: the verdicts of the routes concerned. */
gwapi_result gwapi__verdicts_again(gwapi__resolver *r);

#endif
