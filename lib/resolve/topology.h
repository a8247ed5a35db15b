/*
 * The resolved view from the inside: what compile reads and statuses are written from.
 *
 * Everything lies in the topology's arena; indices are into the topology's arrays. Resources are
 * retained by the topology. Order is fixed by content (Gateways by namespace/name, their own
 * listeners in spec order before those of their ListenerSets in order of precedence, routes by
 * kind, namespace, name), so equal sets give equal topologies.
 */
#ifndef GWAPI_RESOLVE_TOPOLOGY_H
#define GWAPI_RESOLVE_TOPOLOGY_H

#include <stdatomic.h>
#include <gatewayapi/topology.h>
#include "base/vector.h"
#include "model/store.h"

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
    uint32_t tls_policy;              /* into tls_policies, GWAPI_NONE */
    uint32_t traffic_policy;          /* into traffic_policies, GWAPI_NONE */
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

typedef struct gwapi__resolved_route {
    gwapi__resource *resource;
    bool accepted; /* by one parent at least */
    const gwapi__resolved_rule *rules;      /* as a Gateway executes them */
    const gwapi__resolved_rule *mesh_rules; /* as the mesh does; NULL without a Service parent */
    size_t rule_count;
} gwapi__resolved_route;

/* A route whose requests a listener takes. `hostnames` are the route's own (not the
 * intersections) that intersect the listener's; none: the route has no hostnames. */
typedef struct gwapi__attachment {
    uint32_t route;
    const gwapi_str *hostnames;
    size_t hostname_count;
} gwapi__attachment;

/* Client-certificate validation in force on a listener (tls.md §5). */
typedef struct gwapi__client_validation {
    bool present;
    gwapi__validation_mode mode;
    gwapi__resource *const *ca_certificates; /* the valid ones, ConfigMaps */
    size_t ca_count;
} gwapi__client_validation;

typedef struct gwapi__resolved_listener {
    uint32_t gateway;
    gwapi__resource *listener_set; /* NULL: the Gateway's own */
    const gwapi__listener *spec;
    int32_t port;
    bool accepted;
    bool programmed; /* serves traffic, if its Gateway (and ListenerSet) is accepted too */
    bool served;     /* takes part in matching */
    gwapi__resource *const *certificates; /* the valid ones in spec order, Secrets */
    size_t certificate_count;
    gwapi__client_validation validation;
    uint32_t attached_routes; /* status.listeners[].attachedRoutes */
    const gwapi__attachment *attachments; /* Accepted routes, in order of route index */
    size_t attachment_count;
} gwapi__resolved_listener;

typedef struct gwapi__resolved_gateway {
    gwapi__resource *resource;
    bool accepted;
    bool programmed;
    bool default_gateway;
    uint32_t first_listener; /* own listeners and those of ListenerSets are neighbours */
    uint32_t listener_count;
    const gwapi__address *addresses; /* status.addresses */
    size_t address_count;
    gwapi__resource *client_certificate; /* a valid Secret, or NULL */
    bool client_certificate_invalid;     /* one was asked for and cannot be used: fail closed */
} gwapi__resolved_gateway;

typedef struct gwapi__resolved_tls_policy {
    gwapi__resource *resource;
    bool valid; /* false: its backends are invalid, never plain text */
    gwapi__resource *const *ca_certificates; /* the valid ones, ConfigMaps */
    size_t ca_count;
} gwapi__resolved_tls_policy;

typedef struct gwapi__resolved_traffic_policy {
    gwapi__resource *resource;
} gwapi__resolved_traffic_policy;

/* A Service port with routes bound to it (attachment.md §11). */
typedef struct gwapi__mesh_port {
    gwapi__resource *service;
    uint32_t port_index; /* in the Service's ports */
    const gwapi__attachment *producer; /* routes in the Service's namespace; no hostnames */
    size_t producer_count;
    const gwapi__attachment *consumer; /* routes in other namespaces, grouped by namespace */
    size_t consumer_count;
} gwapi__mesh_port;

/* "listeners[0]", "parents[0]", "ancestors[0]" and on, as far as the statuses need them. */
typedef struct gwapi__scopes {
    const gwapi_str *listeners;
    const gwapi_str *parents;
    const gwapi_str *ancestors;
} gwapi__scopes;

/* A status we write, typed as the resource holds it when read. */
typedef struct gwapi__object_status gwapi__object_status; /* resolve/status.h */

struct gwapi_topology {
    atomic_size_t references;
    gwapi_allocator allocator;
    gwapi__arena arena;
    gwapi_limits limits;
    gwapi_channel channel;
    gwapi_str release;    /* of the schema: "v1.4" */
    gwapi_str controller; /* as statuses name it; never absent */
    gwapi__resource **resources; /* all of the set, retained, in input order */
    size_t resource_count;
    gwapi__resolved_gateway *gateways;
    size_t gateway_count;
    gwapi__resolved_listener *listeners;
    size_t listener_count;
    gwapi__resolved_route *routes;
    size_t route_count;
    gwapi__resolved_tls_policy *tls_policies;
    size_t tls_policy_count;
    gwapi__resolved_traffic_policy *traffic_policies;
    size_t traffic_policy_count;
    gwapi__mesh_port *mesh_ports;
    size_t mesh_port_count;
    bool mesh; /* mesh traffic is ours */
    gwapi_str default_mesh; /* the XMesh to be made, which no input has; absent: none */
    gwapi__object_status *statuses;
    size_t status_count;
    gwapi__scopes scopes;
};

#endif
