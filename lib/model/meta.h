/* Parts that many kinds share: metadata, references, conditions. */
#ifndef GWAPI_MODEL_META_H
#define GWAPI_MODEL_META_H

#include <stdbool.h>
#include <gatewayapi/base.h>

/* Groups of the kinds we know. */
#define GWAPI__GROUP_GATEWAY "gateway.networking.k8s.io"
#define GWAPI__GROUP_EXPERIMENTAL "gateway.networking.x-k8s.io"

/* The kinds that are decoded; OTHER objects are kept for references and extensions. */
#define GWAPI__RESOURCE_KIND_TABLE(X)                                                         \
    X(OTHER, "", "")                                                                          \
    X(GATEWAY_CLASS, GWAPI__GROUP_GATEWAY, "GatewayClass")                                    \
    X(GATEWAY, GWAPI__GROUP_GATEWAY, "Gateway")                                               \
    X(HTTP_ROUTE, GWAPI__GROUP_GATEWAY, "HTTPRoute")                                          \
    X(GRPC_ROUTE, GWAPI__GROUP_GATEWAY, "GRPCRoute")                                          \
    X(TLS_ROUTE, GWAPI__GROUP_GATEWAY, "TLSRoute")                                            \
    X(TCP_ROUTE, GWAPI__GROUP_GATEWAY, "TCPRoute")                                            \
    X(UDP_ROUTE, GWAPI__GROUP_GATEWAY, "UDPRoute")                                            \
    X(REFERENCE_GRANT, GWAPI__GROUP_GATEWAY, "ReferenceGrant")                                \
    X(BACKEND_TLS_POLICY, GWAPI__GROUP_GATEWAY, "BackendTLSPolicy")                           \
    X(BACKEND_TRAFFIC_POLICY, GWAPI__GROUP_EXPERIMENTAL, "XBackendTrafficPolicy")             \
    X(LISTENER_SET, GWAPI__GROUP_EXPERIMENTAL, "XListenerSet")                                \
    X(MESH, GWAPI__GROUP_EXPERIMENTAL, "XMesh")                                               \
    X(NAMESPACE, "", "Namespace")                                                             \
    X(SERVICE, "", "Service")                                                                 \
    X(SECRET, "", "Secret")                                                                   \
    X(CONFIG_MAP, "", "ConfigMap")

typedef enum gwapi__resource_kind {
#define GWAPI__KIND_CONSTANT(name, group, kind) GWAPI__KIND_##name,
    GWAPI__RESOURCE_KIND_TABLE(GWAPI__KIND_CONSTANT)
#undef GWAPI__KIND_CONSTANT
    GWAPI__KIND_COUNT
} gwapi__resource_kind;

/* OTHER when it is none of the table. */
gwapi__resource_kind gwapi__resource_kind_of(gwapi_str group, gwapi_str kind);
gwapi_str gwapi__resource_kind_group(gwapi__resource_kind kind);
gwapi_str gwapi__resource_kind_name(gwapi__resource_kind kind);
static inline bool gwapi__is_route(gwapi__resource_kind kind)
{
    return kind >= GWAPI__KIND_HTTP_ROUTE && kind <= GWAPI__KIND_UDP_ROUTE;
}

/* A text with a key: labels, annotations, options, data. */
typedef struct gwapi__pair {
    gwapi_str key;
    gwapi_str value;
} gwapi__pair;

typedef struct gwapi__pairs {
    const gwapi__pair *items;
    size_t count;
} gwapi__pairs;

typedef struct gwapi__strs {
    const gwapi_str *items;
    size_t count;
} gwapi__strs;

#define GWAPI__CREATED_UNKNOWN INT64_MAX /* counts as the newest */

typedef struct gwapi__meta {
    gwapi_str namespace_; /* "" for cluster-scoped kinds */
    gwapi_str name;
    gwapi_str uid;
    int64_t generation; /* 1 where none was written */
    int64_t created;    /* seconds since 1970; GWAPI__CREATED_UNKNOWN */
    gwapi__pairs labels;
} gwapi__meta;

/* A reference as written after defaulting. `known` is its kind in our table. */
typedef struct gwapi__reference {
    gwapi_str group; /* "" is core */
    gwapi_str kind;
    gwapi_str namespace_; /* absent: the referrer's */
    gwapi_str name;
    gwapi__resource_kind known;
} gwapi__reference;

typedef struct gwapi__references {
    const gwapi__reference *items;
    size_t count;
} gwapi__references;

/* metav1.LabelSelector. Absent selects nothing, an empty one everything (attachment.md §3). */
typedef enum gwapi__selector_operator {
    GWAPI__SELECTOR_UNKNOWN = 0,
    GWAPI__SELECTOR_IN,
    GWAPI__SELECTOR_NOT_IN,
    GWAPI__SELECTOR_EXISTS,
    GWAPI__SELECTOR_DOES_NOT_EXIST
} gwapi__selector_operator;

typedef struct gwapi__selector_term {
    gwapi_str key;
    gwapi__selector_operator operator_;
    gwapi__strs values;
} gwapi__selector_term;

typedef struct gwapi__selector {
    bool present;
    const gwapi__selector_term *terms; /* matchLabels as IN terms of one value */
    size_t count;
} gwapi__selector;

/* ---- status as it was read ----------------------------------------------------------- */

typedef enum gwapi__condition_status {
    GWAPI__STATUS_UNKNOWN = 0,
    GWAPI__STATUS_TRUE,
    GWAPI__STATUS_FALSE
} gwapi__condition_status;

typedef struct gwapi__condition {
    gwapi_str type;
    gwapi__condition_status status;
    gwapi_str reason;
    gwapi_str message;
    gwapi_str last_transition; /* RFC 3339 as written */
    int64_t observed_generation;
    bool has_observed_generation;
} gwapi__condition;

typedef struct gwapi__conditions {
    const gwapi__condition *items;
    size_t count;
} gwapi__conditions;

static inline bool gwapi__is_port(int32_t number)
{
    return number >= 1 && number <= 65535;
}

typedef struct gwapi__parent_ref {
    gwapi__reference ref;
    gwapi_str section_name; /* absent or empty: none */
    int32_t port;           /* 0: none */
} gwapi__parent_ref;

/* status.parents[] of a route or status.ancestors[] of a policy. */
typedef struct gwapi__parent_status {
    gwapi__parent_ref parent;
    gwapi_str controller;
    gwapi__conditions conditions;
} gwapi__parent_status;

typedef struct gwapi__listener_status {
    gwapi_str name;
    int32_t port;            /* of an XListenerSet's entry; 0: none */
    uint32_t kinds;          /* supportedKinds: bit 1 << gwapi__resource_kind, OTHER for others */
    int64_t attached_routes;
    gwapi__conditions conditions;
} gwapi__listener_status;

typedef struct gwapi__address {
    gwapi_str type;
    gwapi_str value; /* absent: the implementation assigns one */
} gwapi__address;

typedef struct gwapi__stored_status {
    gwapi__conditions conditions;
    const gwapi__listener_status *listeners;
    size_t listener_count;
    const gwapi__address *addresses;
    size_t address_count;
    const gwapi__parent_status *parents;
    size_t parent_count;
    gwapi__strs features; /* names of supportedFeatures[] */
} gwapi__stored_status;

#endif
