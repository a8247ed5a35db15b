/*
 * Statuses: every condition we write, in one table, and how a new condition follows an old one
 * (attachment.md §12, contract.md §3).
 */
#ifndef GWAPI_RESOLVE_STATUS_H
#define GWAPI_RESOLVE_STATUS_H

#include "resolve/index.h"
#include "resolve/topology.h"

/* id, type, status, reason, message. The message stands alone or begins a longer one. Order:
 * within an object conditions are written in the order of this table. */
#define GWAPI__CONDITION_TABLE(X)                                                             \
    X(NO_CONDITION, "", UNKNOWN, "", "")                                                      \
    /* GatewayClass and XMesh */                                                              \
    X(CLASS_ACCEPTED, "Accepted", TRUE, "Accepted", "The GatewayClass is accepted")           \
    X(CLASS_INVALID_PARAMETERS, "Accepted", FALSE, "InvalidParameters",                       \
      "spec.parametersRef cannot be used")                                                    \
    X(CLASS_SUPPORTED_VERSION, "SupportedVersion", TRUE, "SupportedVersion",                  \
      "The version of the Gateway API CRDs is supported")                                     \
    X(MESH_ACCEPTED, "Accepted", TRUE, "Accepted", "The mesh is accepted by")                 \
    X(MESH_INVALID_PARAMETERS, "Accepted", FALSE, "InvalidParameters",                        \
      "spec.parametersRef cannot be used")                                                    \
    /* Gateway */                                                                             \
    X(GATEWAY_ACCEPTED, "Accepted", TRUE, "Accepted", "The Gateway is accepted")              \
    X(GATEWAY_SOME_LISTENERS, "Accepted", TRUE, "ListenersNotValid",                          \
      "The Gateway is accepted, but not all of its listeners are valid")                      \
    X(GATEWAY_NO_LISTENERS, "Accepted", FALSE, "ListenersNotValid",                           \
      "None of the Gateway's listeners is valid")                                             \
    X(GATEWAY_INVALID_PARAMETERS, "Accepted", FALSE, "InvalidParameters",                     \
      "spec.infrastructure.parametersRef cannot be used")                                     \
    X(GATEWAY_UNSUPPORTED_ADDRESS, "Accepted", FALSE, "UnsupportedAddress",                   \
      "spec.addresses asks for what is not supported")                                        \
    X(GATEWAY_PROGRAMMED, "Programmed", TRUE, "Programmed", "The Gateway is programmed")      \
    X(GATEWAY_NOT_PROGRAMMED, "Programmed", FALSE, "Invalid", "The Gateway is not programmed")\
    X(GATEWAY_ADDRESS_NOT_USABLE, "Programmed", FALSE, "AddressNotUsable",                    \
      "spec.addresses asks for an address that cannot be used")                               \
    X(GATEWAY_ADDRESS_NOT_ASSIGNED, "Programmed", FALSE, "AddressNotAssigned",                \
      "spec.addresses has an entry without value, and the data plane assigns none")           \
    X(GATEWAY_REF_NOT_PERMITTED, "ResolvedRefs", FALSE, "RefNotPermitted",                    \
      "spec.tls.backend.clientCertificateRef is not permitted")                               \
    X(GATEWAY_INVALID_CLIENT_CERTIFICATE, "ResolvedRefs", FALSE,                              \
      "InvalidClientCertificateRef", "spec.tls.backend.clientCertificateRef cannot be used")  \
    X(GATEWAY_SETS_ATTACHED, "AttachedListenerSets", TRUE, "ListenerSetsAttached",            \
      "ListenerSets are attached")                                                            \
    X(GATEWAY_SETS_UNSET, "AttachedListenerSets", UNKNOWN, "NoListenerSetsAttached",          \
      "spec.allowedListeners is not set: no ListenerSet may attach")                          \
    X(GATEWAY_SETS_NONE, "AttachedListenerSets", FALSE, "NoListenerSetsAttached",             \
      "No ListenerSet is attached")                                                           \
    X(GATEWAY_SETS_NOT_ALLOWED, "AttachedListenerSets", FALSE, "ListenerSetsNotAllowed",      \
      "spec.allowedListeners allows none of the ListenerSets that refer to the Gateway")      \
    X(GATEWAY_DEFAULT, "DefaultGateway", TRUE, "DefaultGateway",                              \
      "The Gateway has default scope All")                                                    \
    X(GATEWAY_INSECURE_VALIDATION, "InsecureFrontendValidationMode", TRUE,                    \
      "ConfigurationChanged",                                                                 \
      "Clients without a valid certificate are let in: AllowInsecureFallback is in force")    \
    /* listeners of Gateways and ListenerSets */                                              \
    X(LISTENER_ACCEPTED, "Accepted", TRUE, "Accepted", "The listener is accepted")            \
    X(LISTENER_UNSUPPORTED_PROTOCOL, "Accepted", FALSE, "UnsupportedProtocol",                \
      "The protocol is not supported")                                                        \
    X(LISTENER_PORT_UNAVAILABLE, "Accepted", FALSE, "PortUnavailable",                        \
      "The port cannot be used")                                                              \
    X(LISTENER_NO_VALID_CA, "Accepted", FALSE, "NoValidCACertificate",                        \
      "No CA certificate for validating clients can be used")                                 \
    X(LISTENER_NOT_ACCEPTED_HOSTNAME, "Accepted", FALSE, "HostnameConflict",                  \
      "The listener is in conflict with another one on its port")                             \
    X(LISTENER_NOT_ACCEPTED_PROTOCOL, "Accepted", FALSE, "ProtocolConflict",                  \
      "The listener is in conflict with another one on its port")                             \
    X(LISTENER_NOT_ACCEPTED_BOTH, "Accepted", FALSE, "ListenerConflict",                      \
      "The listener is in conflict with others on its port")                                  \
    X(LISTENER_HOSTNAME_CONFLICT, "Conflicted", TRUE, "HostnameConflict",                     \
      "Another listener has the same port and hostname")                                      \
    X(LISTENER_PROTOCOL_CONFLICT, "Conflicted", TRUE, "ProtocolConflict",                     \
      "Another listener has the same port with a protocol that cannot share it")              \
    X(LISTENER_BOTH_CONFLICT, "Conflicted", TRUE, "ListenerConflict",                         \
      "Other listeners have the same port with the same hostname, and with a protocol that "  \
      "cannot share it")                                                                      \
    X(LISTENER_RESOLVED, "ResolvedRefs", TRUE, "ResolvedRefs", "All references are resolved") \
    X(LISTENER_REF_NOT_PERMITTED, "ResolvedRefs", FALSE, "RefNotPermitted",                   \
      "A reference is not permitted")                                                         \
    X(LISTENER_INVALID_CERTIFICATE, "ResolvedRefs", FALSE, "InvalidCertificateRef",           \
      "A certificate cannot be used")                                                         \
    X(LISTENER_INVALID_CA, "ResolvedRefs", FALSE, "InvalidCACertificateRef",                  \
      "A CA certificate cannot be used")                                                      \
    X(LISTENER_INVALID_CA_KIND, "ResolvedRefs", FALSE, "InvalidCACertificateKind",            \
      "A CA certificate is of a kind that is not supported")                                  \
    X(LISTENER_INVALID_KINDS, "ResolvedRefs", FALSE, "InvalidRouteKinds",                     \
      "allowedRoutes.kinds names a kind that the listener cannot take")                       \
    X(LISTENER_PROGRAMMED, "Programmed", TRUE, "Programmed", "The listener is programmed")    \
    X(LISTENER_NOT_PROGRAMMED, "Programmed", FALSE, "Invalid",                                \
      "The listener is not programmed")                                                       \
    X(LISTENER_INVALID_TLS, "Programmed", FALSE, "InvalidTLSConfig",                          \
      "The TLS configuration is not sufficient")                                              \
    X(LISTENER_NOT_PROGRAMMED_HOSTNAME, "Programmed", FALSE, "HostnameConflict",              \
      "The listener is not programmed: it is in conflict with another one")                   \
    X(LISTENER_NOT_PROGRAMMED_PROTOCOL, "Programmed", FALSE, "ProtocolConflict",              \
      "The listener is not programmed: it is in conflict with another one")                   \
    X(LISTENER_NOT_PROGRAMMED_BOTH, "Programmed", FALSE, "ListenerConflict",                  \
      "The listener is not programmed: it is in conflict with others")                        \
    X(LISTENER_OVERLAPPING, "OverlappingTLSConfig", TRUE, "OverlappingHostnames",             \
      "The hostname overlaps with that of another TLS listener on the port: requests that "   \
      "reuse a connection for the other's host are answered 421")                             \
    /* XListenerSet */                                                                        \
    X(SET_ACCEPTED, "Accepted", TRUE, "Accepted", "The ListenerSet is accepted")              \
    X(SET_SOME_LISTENERS, "Accepted", TRUE, "ListenersNotValid",                              \
      "The ListenerSet is accepted, but not all of its listeners are valid")                  \
    X(SET_NO_LISTENERS, "Accepted", FALSE, "ListenersNotValid",                               \
      "None of the ListenerSet's listeners is valid")                                         \
    X(SET_NOT_ALLOWED, "Accepted", FALSE, "NotAllowed",                                       \
      "The Gateway's spec.allowedListeners does not allow ListenerSets of this namespace")    \
    X(SET_PARENT_NOT_ACCEPTED, "Accepted", FALSE, "ParentNotAccepted",                        \
      "The Gateway is not accepted")                                                          \
    X(SET_PROGRAMMED, "Programmed", TRUE, "Programmed", "The ListenerSet is programmed")      \
    X(SET_NOT_PROGRAMMED, "Programmed", FALSE, "Invalid",                                     \
      "None of the ListenerSet's listeners is programmed")                                    \
    X(SET_NOT_PROGRAMMED_LISTENERS, "Programmed", FALSE, "ListenersNotValid",                 \
      "None of the ListenerSet's listeners is valid")                                         \
    X(SET_NOT_PROGRAMMED_ALLOWED, "Programmed", FALSE, "NotAllowed",                          \
      "The Gateway's spec.allowedListeners does not allow ListenerSets of this namespace")    \
    X(SET_NOT_PROGRAMMED_PARENT, "Programmed", FALSE, "ParentNotProgrammed",                  \
      "The Gateway is not accepted")                                                          \
    /* a route at one parent */                                                               \
    X(ROUTE_ACCEPTED, "Accepted", TRUE, "Accepted", "The route is accepted")                  \
    X(ROUTE_NO_PARENT, "Accepted", FALSE, "NoMatchingParent", "The parent has no match")      \
    X(ROUTE_NOT_ALLOWED, "Accepted", FALSE, "NotAllowedByListeners",                          \
      "No listener allows the route")                                                         \
    X(ROUTE_NO_HOSTNAME, "Accepted", FALSE, "NoMatchingListenerHostname",                     \
      "None of the route's hostnames fits a listener")                                        \
    X(ROUTE_UNSUPPORTED, "Accepted", FALSE, "UnsupportedValue",                               \
      "No rule of the route can be executed")                                                 \
    X(ROUTE_INCOMPATIBLE, "Accepted", FALSE, "IncompatibleFilters",                           \
      "No rule of the route can be executed")                                                 \
    X(ROUTE_CONFLICTED, "Accepted", FALSE, "Conflicted",                                      \
      "Routes of another kind take its place")                                                \
    X(ROUTE_RESOLVED, "ResolvedRefs", TRUE, "ResolvedRefs", "All references are resolved")    \
    X(ROUTE_INVALID_KIND, "ResolvedRefs", FALSE, "InvalidKind", "")                           \
    X(ROUTE_REF_NOT_PERMITTED, "ResolvedRefs", FALSE, "RefNotPermitted", "")                  \
    X(ROUTE_BACKEND_NOT_FOUND, "ResolvedRefs", FALSE, "BackendNotFound", "")                  \
    X(ROUTE_UNSUPPORTED_PROTOCOL, "ResolvedRefs", FALSE, "UnsupportedProtocol", "")           \
    X(ROUTE_INVALID_TLS_POLICY, "ResolvedRefs", FALSE, "InvalidBackendTLSPolicy", "")         \
    X(ROUTE_PARTIALLY_INVALID, "PartiallyInvalid", TRUE, "UnsupportedValue", "Dropped Rule")  \
    /* a policy at one ancestor */                                                            \
    X(POLICY_ACCEPTED, "Accepted", TRUE, "Accepted", "The policy is accepted")                \
    X(POLICY_TARGET_NOT_FOUND, "Accepted", FALSE, "TargetNotFound",                           \
      "Nothing the policy targets exists")                                                    \
    X(POLICY_CONFLICTED, "Accepted", FALSE, "Conflicted",                                     \
      "Older policies apply to all that the policy targets")                                  \
    X(POLICY_INVALID, "Accepted", FALSE, "Invalid", "The policy cannot be met")               \
    X(POLICY_NO_VALID_CA, "Accepted", FALSE, "NoValidCACertificate",                          \
      "No CA certificate of the policy can be used")                                          \
    X(POLICY_RESOLVED, "ResolvedRefs", TRUE, "ResolvedRefs", "All references are resolved")   \
    X(POLICY_INVALID_CA, "ResolvedRefs", FALSE, "InvalidCACertificateRef",                    \
      "A CA certificate cannot be used")                                                      \
    X(POLICY_INVALID_KIND, "ResolvedRefs", FALSE, "InvalidKind",                              \
      "A CA certificate is of a kind that is not supported")

typedef enum gwapi__condition_id {
#define GWAPI__CONDITION_CONSTANT(id, type, status, reason, message) GWAPI__##id,
    GWAPI__CONDITION_TABLE(GWAPI__CONDITION_CONSTANT)
#undef GWAPI__CONDITION_CONSTANT
    GWAPI__CONDITION_COUNT
} gwapi__condition_id;

typedef struct gwapi__condition_row {
    gwapi_str type;
    gwapi__condition_status status;
    gwapi_str reason;
    gwapi_str message;
} gwapi__condition_row;

const gwapi__condition_row *gwapi__condition_row_of(gwapi__condition_id id);
const char *gwapi__condition_status_name(gwapi__condition_status status);

/* What was found: a row, and what to say in place of its message (absent: that). */
typedef struct gwapi__finding {
    gwapi__condition_id id; /* NO_CONDITION: nothing is written */
    gwapi_str message;
} gwapi__finding;

static inline gwapi__finding gwapi__found(gwapi__condition_id id)
{
    return (gwapi__finding){id, {NULL, 0}};
}

/* ---- what is written ----------------------------------------------------------------- */

/* status.listeners[] of a Gateway or a ListenerSet. */
typedef struct gwapi__written_listener {
    gwapi_str scope; /* "listeners[0]" */
    gwapi_str name;
    int32_t port; /* 0: not written */
    uint32_t kinds; /* bit 1 << gwapi__resource_kind */
    uint32_t attached_routes;
    gwapi__conditions conditions;
} gwapi__written_listener;

struct gwapi__object_status {
    gwapi__resource *resource; /* NULL: the default XMesh, which no input has */
    uint64_t serial;           /* of the topology that it was made for … */
    bool changed;              /* … and whether it differed from the one before */
    bool has_listeners;
    gwapi__conditions conditions;
    const gwapi__written_listener *listeners;
    size_t listener_count;
    const gwapi__address *addresses;
    size_t address_count;
    const gwapi__parent_status *parents; /* routes: parents; policies: ancestors */
    size_t parent_count;
    gwapi__strs features;
};

/* Which conditions of an old status are ours: those of these types. */
typedef struct gwapi__condition_types {
    const gwapi_str *items;
    size_t count;
} gwapi__condition_types;

extern const gwapi__condition_types gwapi__class_types;
extern const gwapi__condition_types gwapi__mesh_types;
extern const gwapi__condition_types gwapi__gateway_types;
extern const gwapi__condition_types gwapi__listener_types;
extern const gwapi__condition_types gwapi__listener_set_types;
extern const gwapi__condition_types gwapi__route_types;
extern const gwapi__condition_types gwapi__policy_types;

/* How conditions of one object are made. */
typedef struct gwapi__condition_input {
    const gwapi__finding *findings; /* those with NO_CONDITION are passed over */
    size_t count;
    const gwapi__conditions *old; /* of the same place; NULL: none */
    const gwapi__condition_types *types;
    int64_t generation;
} gwapi__condition_input;

/* The lastTransitionTime of a condition that is new or has another status: whichever time a
 * topology has. Told from others by its address. */
extern const gwapi_str gwapi__now;
static inline bool gwapi__is_now(gwapi_str time)
{
    return time.data == gwapi__now.data;
}

/*
 * Findings to conditions: an old one whose observedGeneration is greater than the generation is
 * kept unchanged, even when nothing was found for its type; lastTransitionTime is kept while the
 * status stays the same; old ones of foreign types follow. At most 8, foreign ones yielding.
 */
gwapi_result gwapi__conditions_make(gwapi__conditions *out, gwapi__arena *arena,
                                    const gwapi__condition_input *input);
bool gwapi__conditions_equal(const gwapi__conditions *a, const gwapi__conditions *b);
bool gwapi__parent_ref_equal(const gwapi__parent_ref *a, const gwapi__parent_ref *b);

/* Does the status equal the one that stands in its object? */
bool gwapi__status_equals_stored(const gwapi__object_status *status);
/* … another one? A lastTransitionTime alone is no difference: that of a new condition moves with
 * the clock until the object has it. */
bool gwapi__status_equal(const gwapi__object_status *a, const gwapi__object_status *b);

/* Seconds since 1970 as RFC 3339 ("2026-01-02T03:04:05Z"), clamped to years 0 to 9999. */
#define GWAPI__TIME_LENGTH 20
void gwapi__time_write(char out[GWAPI__TIME_LENGTH], int64_t seconds);

/* The i-th status (read.c); i < gwapi_topology_status_count. */
const gwapi__object_status *gwapi__status_at(const gwapi_topology *topology, size_t i);
/* The name of a class or mesh of the frame whose status it is. */
gwapi_str gwapi__status_name(const gwapi__frame *frame, const gwapi__object_status *status);
/* Whose status it is. */
gwapi__identity gwapi__status_identity(const gwapi_topology *topology,
                                       const gwapi__object_status *status);
/* The `status` member as a tree in the arena, with `now` for the time of new conditions
 * (status_tree.c). NULL: no memory. */
gwapi__node *gwapi__status_tree(gwapi__arena *arena, const gwapi__object_status *status,
                                gwapi_str now);

#endif
