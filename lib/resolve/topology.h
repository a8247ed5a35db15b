/*
 * The resolved view from the inside: what compile reads and statuses are written from.
 *
 * It is a few sequences of parts (resolve/part.h), which topologies share as far as they are
 * equal. Order is fixed by content (Gateways by namespace/name, their own listeners in spec order
 * before those of their ListenerSets in order of precedence, routes by kind, namespace, name), so
 * equal sets give equal topologies. No part knows its index: it changes with its neighbours.
 */
#ifndef GWAPI_RESOLVE_TOPOLOGY_H
#define GWAPI_RESOLVE_TOPOLOGY_H

#include <stdatomic.h>
#include <gatewayapi/topology.h>
#include "model/store.h"
#include "resolve/grant.h"
#include "resolve/sequence.h"

/* Why a backend takes no traffic; text and precedence in contract.md's words. */
#define GWAPI__BACKEND_FAULT_TABLE(X)                                                         \
    X(NONE, 0, "")                                                                            \
    X(INVALID_KIND, 1, "InvalidKind")                                                         \
    X(REF_NOT_PERMITTED, 2, "RefNotPermitted")                                                \
    X(NOT_FOUND, 3, "BackendNotFound")                                                        \
    X(UNSUPPORTED_PROTOCOL, 4, "UnsupportedProtocol")                                         \
    X(INVALID_TLS_POLICY, 5, "InvalidBackendTLSPolicy")                                       \
    X(INVALID_FILTER, 6, "InvalidFilter")                                                     \
    X(INVALID_CLIENT_CERTIFICATE, 7, "InvalidClientCertificateRef")

typedef enum gwapi__backend_fault {
#define GWAPI__FAULT_CONSTANT(name, value, text) GWAPI__FAULT_##name = value,
    GWAPI__BACKEND_FAULT_TABLE(GWAPI__FAULT_CONSTANT)
#undef GWAPI__FAULT_CONSTANT
    GWAPI__FAULT_COUNT
} gwapi__backend_fault;

/* How to speak to a backend; the texts of a decision's `protocol`. */
#define GWAPI__BACKEND_PROTOCOL_TABLE(X)                                                      \
    X(NONE, 0, "")                                                                            \
    X(HTTP, 1, "http")                                                                        \
    X(H2C, 2, "h2c")                                                                          \
    X(WS, 3, "ws")                                                                            \
    X(WSS, 4, "wss")                                                                          \
    X(TLS, 5, "tls")                                                                          \
    X(TCP, 6, "tcp")                                                                          \
    X(UDP, 7, "udp")

typedef enum gwapi__backend_protocol {
#define GWAPI__PROTOCOL_CONSTANT(name, value, text) GWAPI__BACKEND_##name = value,
    GWAPI__BACKEND_PROTOCOL_TABLE(GWAPI__PROTOCOL_CONSTANT)
#undef GWAPI__PROTOCOL_CONSTANT
    GWAPI__BACKEND_PROTOCOL_COUNT
} gwapi__backend_protocol;

typedef struct gwapi__resolved_filter gwapi__resolved_filter;

/* A backendRef of a rule, a mirror or an ExternalAuth filter. */
typedef struct gwapi__resolved_backend {
    const gwapi__backend_object *spec;
    gwapi_str namespace_; /* the referent's, filled in */
    int32_t weight;       /* 1 for mirrors and auth */
    gwapi__backend_fault fault;
    gwapi__backend_protocol protocol; /* NONE with a fault */
    gwapi__resource *object;          /* Service or extension object; NULL: missing or assumed */
    const gwapi__resource *tls_policy;     /* NULL: none */
    const gwapi__resource *traffic_policy; /* NULL: none */
    const gwapi__resolved_filter *filters; /* of the backendRef */
    size_t filter_count;
} gwapi__resolved_backend;

struct gwapi__resolved_filter {
    const gwapi__filter *spec;
    bool invalid; /* requests that reach it are answered 500 (an unresolved extension or auth) */
    const gwapi__resolved_backend *backend; /* of a mirror or ExternalAuth */
    gwapi__resource *extension;             /* the host's object of an ExtensionRef */
};

typedef struct gwapi__resolved_rule {
    const gwapi__rule *spec;
    uint32_t index; /* in spec.rules */
    bool dropped;   /* never executed: unsupported or contradictory (attachment.md §9) */
    const gwapi__resolved_filter *filters;
    size_t filter_count;
    const gwapi__resolved_backend *backends;
    size_t backend_count;
} gwapi__resolved_rule;

/* A route by itself: what depends on no other route. */
typedef struct gwapi__resolved_route {
    gwapi__part part;
    gwapi__resource *resource;
    const gwapi__resolved_rule *rules;      /* as a Gateway executes them */
    const gwapi__resolved_rule *mesh_rules; /* as the mesh does; NULL without a Service parent */
    size_t rule_count;
    const struct gwapi__route_state *state; /* resolve/resolver.h */
} gwapi__resolved_route;

/* … and among the others. In the sequences of routes; those without parents of ours too. */
typedef struct gwapi__route_verdict {
    gwapi__part part; /* keeps `route` */
    const gwapi__resolved_route *route;
    bool accepted;           /* by one parent at least */
    const bool *accepted_by; /* each parent of ours */
} gwapi__route_verdict;

/* A route that would attach. `hostnames` are the route's own (not the intersections) that
 * intersect the listener's; none: the route has no hostnames. */
typedef struct gwapi__attachment {
    const gwapi__resolved_route *route;
    const gwapi_str *hostnames;
    size_t hostname_count;
    bool blocked; /* by routes of another kind: it does not attach */
} gwapi__attachment;

/* The routes of a listener or a Service port, each list in the order of the topology's routes. */
typedef struct gwapi__attached {
    uint32_t attached_routes; /* status.listeners[].attachedRoutes */
    bool any_blocked;
    const gwapi__attachment *entries; /* all that would attach */
    size_t entry_count;
    const gwapi__attachment *attachments; /* those that do: whose requests it takes */
    size_t attachment_count;
} gwapi__attached;

/* The places of a Gateway (its listeners) or of a Service that routes have as parent (its
 * ports). */
typedef struct gwapi__bindings {
    gwapi__part part;
    const gwapi__attached *places;
    size_t place_count;
} gwapi__bindings;

/* Client-certificate validation in force on a listener (tls.md §5). */
typedef struct gwapi__client_validation {
    bool present;
    gwapi__validation_mode mode;
    gwapi__resource *const *ca_certificates; /* the valid ones, ConfigMaps */
    size_t ca_count;
} gwapi__client_validation;

typedef struct gwapi__resolved_listener {
    gwapi__resource *listener_set; /* NULL: the Gateway's own */
    const gwapi__listener *spec;
    int32_t port;
    bool accepted;
    bool programmed; /* serves traffic, if its Gateway (and ListenerSet) is accepted too */
    bool served;     /* takes part in matching */
    gwapi__resource *const *certificates; /* the valid ones in spec order, Secrets */
    size_t certificate_count;
    gwapi__client_validation validation;
} gwapi__resolved_listener;

typedef struct gwapi__resolved_gateway {
    gwapi__resource *resource;
    bool accepted;
    bool programmed;
    bool default_gateway;
    uint32_t listener_count; /* its own and those of ListenerSets */
    const gwapi__address *addresses; /* status.addresses */
    size_t address_count;
    gwapi__resource *client_certificate; /* a valid Secret, or NULL */
    bool client_certificate_invalid;     /* one was asked for and cannot be used: fail closed */
} gwapi__resolved_gateway;

/* A Gateway by itself, with its ListenerSets. */
typedef struct gwapi__judged_gateway {
    gwapi__part part;
    gwapi__resolved_gateway gateway;
    const gwapi__resolved_listener *listeners; /* gateway.listener_count */
    /* resolve/resolver.h: the states of the Gateway, of each listener, and of each set */
    const struct gwapi__gateway_state *state;
    const struct gwapi__listener_state *listener_states;
    const struct gwapi__set_state *sets;
    size_t set_count;
} gwapi__judged_gateway;

/* … and with its routes. In the sequence of Gateways. */
typedef struct gwapi__gateway_part {
    gwapi__part part; /* keeps both */
    const gwapi__judged_gateway *judged;
    const gwapi__bindings *bindings;
} gwapi__gateway_part;

typedef struct gwapi__resolved_tls_policy {
    gwapi__resource *resource;
    bool valid; /* false: its backends are invalid, never plain text */
    gwapi__resource *const *ca_certificates; /* the valid ones, ConfigMaps */
    size_t ca_count;
} gwapi__resolved_tls_policy;

/* A policy among the others. */
typedef struct gwapi__judged_policy {
    gwapi__part part;
    gwapi__resolved_tls_policy tls; /* of a BackendTLSPolicy */
    const struct gwapi__policy_state *state; /* resolve/resolver.h */
} gwapi__judged_policy;

/* … and with the Gateways it is at work on. In the sequences of policies. */
typedef struct gwapi__policy_part {
    gwapi__part part; /* keeps `judged` */
    const gwapi__judged_policy *judged;
    const struct gwapi__ancestor *ancestors; /* by namespace and name */
    size_t ancestor_count;
    const struct gwapi__ancestor *crowded; /* those that its status has no room for */
    size_t crowded_count;
} gwapi__policy_part;

/* The kinds of routes in the order of their names, as their sequences stand. */
#define GWAPI__ROUTE_KINDS 5
extern const gwapi__resource_kind gwapi__route_kinds[GWAPI__ROUTE_KINDS];

/* "parents[0]", "ancestors[0]" and on, as far as a status may have such. */
typedef struct gwapi__scopes {
    const gwapi_str *parents;
    const gwapi_str *ancestors;
} gwapi__scopes;

/* What depends on options and classes alone. The next topology shares all of it or is resolved
 * anew. */
typedef struct gwapi__frame {
    gwapi__part part;
    gwapi_str options;    /* everything that decides, written one after the other */
    gwapi_str release;    /* of the schema: "v1.4" */
    gwapi_str controller; /* as statuses name it; never absent */
    bool mesh; /* mesh traffic is ours */
    gwapi_str default_mesh; /* the XMesh to be made, which no input has; absent: none */
    gwapi__scopes scopes;
    const gwapi__object_status *classes; /* by name */
    size_t class_count;
    const gwapi__object_status *meshes;
    size_t mesh_count;
    const struct gwapi__frame_state *state; /* resolve/resolver.h */
} gwapi__frame;

/* All ReferenceGrants. */
typedef struct gwapi__grants_part {
    gwapi__part part;
    gwapi__grants grants;
} gwapi__grants_part;

typedef enum gwapi__sequence_id {
    GWAPI__SEQUENCE_ROUTES = 0, /* and the next four, as gwapi__route_kinds: route_verdict */
    GWAPI__SEQUENCE_GATEWAYS = GWAPI__ROUTE_KINDS, /* gateway_part */
    GWAPI__SEQUENCE_SETS,                          /* part: XListenerSets, ours or not */
    GWAPI__SEQUENCE_TLS_POLICIES,                  /* policy_part */
    GWAPI__SEQUENCE_TRAFFIC_POLICIES,              /* policy_part */
    GWAPI__SEQUENCE_SERVICES,                      /* bindings: those with routes bound to them */
    GWAPI__SEQUENCE_COUNT
} gwapi__sequence_id;

struct gwapi_topology {
    atomic_size_t references;
    gwapi_allocator allocator;
    gwapi_limits limits;
    gwapi_channel channel;
    uint64_t serial; /* greater than the previous one's: parts with it were made for this one */
    char now[20];    /* what lastTransitionTime says where a condition is new */
    size_t secret_count;
    bool nameless; /* an object has no name yet: parts cannot be found by it */
    gwapi__set_view set; /* what it was resolved from: keeps every object that parts borrow */
    gwapi__frame *frame;
    gwapi__grants_part *grants;
    struct gwapi__policies *policies[2]; /* for TLS and traffic: who claims what */
    gwapi__sequence sequences[GWAPI__SEQUENCE_COUNT];
};

static inline const gwapi__sequence *gwapi__topology_gateways(const gwapi_topology *t)
{
    return &t->sequences[GWAPI__SEQUENCE_GATEWAYS];
}

#endif
