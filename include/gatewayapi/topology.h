/*
 * What attaches to what, and every status condition: the resolved view of a set of resources.
 *
 * A topology is immutable and counted; any thread may read it. It keeps the objects it uses, so
 * the set it came from may change or go. Results are deterministic: the same objects in any
 * order give the same answer.
 * Semantics: Gateway API v1.4.1 (apis/, geps/); where upstream is silent, see
 * libgatewayapi(3), CHOICES.
 */
#ifndef GATEWAYAPI_TOPOLOGY_H
#define GATEWAYAPI_TOPOLOGY_H

#include <gatewayapi/base.h>
#include <gatewayapi/resources.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gwapi_topology gwapi_topology;

/* ---- options ------------------------------------------------------------------------- */

/* A kind of the host's own and where it may stand. */
typedef uint32_t gwapi_extension_role;
enum {
    GWAPI_EXTENSION_BACKEND = 1,
    GWAPI_EXTENSION_FILTER = 2,
    GWAPI_EXTENSION_PARAMETERS = 3,
    GWAPI_EXTENSION_TARGET = 4
};

typedef struct gwapi_extension {
    size_t struct_size;
    gwapi_extension_role role;
    gwapi_str group;
    gwapi_str kind;
} gwapi_extension;

/* What a certificate says. The texts live until the call that hands it over returns. Who fills
 * it sets struct_size and zeroes the rest. */
typedef struct gwapi_certificate_facts {
    size_t struct_size;
    int64_t not_before; /* seconds since 1970: valid from this second */
    int64_t not_after;  /* to this one, included */
    uint32_t line;      /* where its PEM block starts, from 1 */
    uint32_t authority; /* 1: it may sign others */
    gwapi_str subject;  /* as RFC 2253 writes names */
    gwapi_str issuer;
    gwapi_str key_type; /* "RSA", "EC", "ED25519" */
    uint32_t key_bits;
    uint32_t dns_name_count;
    const gwapi_str *dns_names; /* of subjectAltName, as they stand there */
    const gwapi_str *uris;
    const gwapi_str *addresses; /* IPv4 and IPv6, as text */
    uint32_t uri_count;
    uint32_t address_count;
    gwapi_str common_name; /* a name only for those without dns_names */
} gwapi_certificate_facts;

/* Where a certificate callback says what it found; the library fills it. */
typedef struct gwapi_certificate_findings {
    size_t struct_size;
    void *ctx;
    /* Takes what one certificate says; those of a chain in their order, so that the first is the
     * one that is served. Returns GWAPI_OK, or what the callback has to return. */
    gwapi_result (*certificate)(void *ctx, const gwapi_certificate_facts *facts);
    /* Takes the reason of a refusal, for people, as part of a sentence: "the key belongs to
     * another certificate". It is copied; of more than 512 bytes the rest is left out. */
    void (*refuse)(void *ctx, gwapi_str reason);
} gwapi_certificate_findings;

/*
 * Judges certificates; libgatewayapi-openssl supplies one (openssl.h). Each callback gets PEM and
 * returns GWAPI_OK when it is good and GWAPI_EINVALID when it is not; facts may have been handed
 * over before a refusal. GWAPI_ENOMEM ends the resolving, and so does every other result, as
 * GWAPI_ECALLBACK. Dates, types and sizes of keys are not the callback's to judge: the library
 * warns about them, about dates by comparing them with `now`.
 * Called from the thread that resolves, once for each object.
 */
typedef struct gwapi_certificate_callbacks {
    size_t struct_size;
    void *ctx;
    /* A certificate (chain) and its private key: do they parse and belong together? */
    gwapi_result (*check_pair)(void *ctx, gwapi_str certificate, gwapi_str key,
                               const gwapi_certificate_findings *findings);
    /* A CA bundle: does it hold at least one certificate, and nothing broken? */
    gwapi_result (*check_bundle)(void *ctx, gwapi_str bundle,
                                 const gwapi_certificate_findings *findings);
} gwapi_certificate_callbacks;

enum {
    /* A missing object of these kinds counts as present (--assume): a Secret or ConfigMap can be
     * used, a Namespace has the labels that selectors ask for. */
    GWAPI_ASSUME_SERVICE = 1u,
    GWAPI_ASSUME_SECRET = 2u,
    GWAPI_ASSUME_CONFIG_MAP = 4u,
    GWAPI_ASSUME_NAMESPACE = 8u,
    GWAPI_ASSUME_GATEWAY_CLASS = 16u,
    GWAPI_ASSUME_REFERENCE_GRANT = 32u
};

enum {
    /* `features` holds what the data plane can do, even if it is empty. */
    GWAPI_RESOLVE_FEATURES = 1u,
    /* `usable_addresses` holds every address a Gateway may ask for, even if it is empty. */
    GWAPI_RESOLVE_USABLE_ADDRESSES = 2u
};

typedef struct gwapi_resolve_options {
    size_t struct_size;
    const gwapi_allocator *allocator;
    const gwapi_limits *limits;
    gwapi_channel channel; /* 0: the schema's */
    /* Ours are the GatewayClasses with this controllerName. Absent: every class is ours and a
     * missing one counts as accepted. */
    gwapi_str controller;
    gwapi_str default_mesh; /* our XMesh's name (needs controller), absent: no mesh of ours */
    /* Seconds since 1970, for lastTransitionTime (0 is 1970) and, unless it is 0, for the dates of
     * certificates: those out of date are used, and warned about in the report. */
    int64_t now;
    uint32_t flags;         /* GWAPI_RESOLVE_... */
    uint32_t assume;        /* GWAPI_ASSUME_... */
    const gwapi_str *features;
    size_t feature_count;
    const gwapi_str *usable_addresses;
    size_t usable_address_count;
    const gwapi_extension *extensions;
    size_t extension_count;
    const gwapi_certificate_callbacks *certificates; /* NULL: only PEM framing is judged */
    /* The result of an earlier resolve of the same set: what did not change is taken over. The
     * result is the same with and without; but what is taken over is not reported on again, so that
     * a warning is of the call that judged its object. */
    const gwapi_topology *previous;
} gwapi_resolve_options;
#define GWAPI_RESOLVE_OPTIONS_INIT                                                            \
    {sizeof(gwapi_resolve_options), NULL, NULL, 0, {NULL, 0}, {NULL, 0}, 0, 0, 0, NULL, 0,    \
     NULL, 0, NULL, 0, NULL, NULL}

/*
 * Resolves the set. `report` (may be NULL) receives notes: what was assumed, what is not ours; and
 * warnings: certificates out of date, with a key that is weak or of a type that TLS 1.3 has no use
 * for (with `previous` only those that are judged again).
 * GWAPI_ENOMEM, GWAPI_ELIMIT, GWAPI_EARGUMENT, GWAPI_ECALLBACK. The options' texts are copied.
 */
GWAPI_API gwapi_result gwapi_topology_resolve(gwapi_topology **out,
                                              const gwapi_resources *resources,
                                              const gwapi_resolve_options *options,
                                              gwapi_report *report);
GWAPI_API gwapi_topology *gwapi_topology_retain(gwapi_topology *topology);
GWAPI_API void gwapi_topology_release(gwapi_topology *topology); /* NULL is fine */

/* ---- reading it ---------------------------------------------------------------------- */

#define GWAPI_NONE UINT32_MAX /* in place of an index: there is none */

/* Gateways of ours, ordered by namespace/name. Out-structs; texts live as long as the topology. */
typedef struct gwapi_gateway_info {
    size_t struct_size;
    gwapi_str namespace_;
    gwapi_str name;
    gwapi_str gateway_class;
    uint32_t accepted;   /* 0 or 1 */
    uint32_t programmed;
    uint32_t default_gateway; /* claims routes that ask for default Gateways */
    uint32_t first_listener; /* its listeners, those of its ListenerSets too, stand together */
    uint32_t listener_count;
} gwapi_gateway_info;

typedef struct gwapi_topology_listener_info {
    size_t struct_size;
    uint32_t gateway; /* index */
    gwapi_str listener_set_namespace; /* absent: the Gateway's own listener */
    gwapi_str listener_set;
    gwapi_str name;
    gwapi_str hostname; /* absent: any */
    gwapi_str protocol;
    uint32_t port;
    uint32_t accepted;
    uint32_t programmed;
    uint32_t attached_routes; /* as in status.listeners[] */
    uint32_t attachment_count; /* routes whose requests it takes */
} gwapi_topology_listener_info;

/* Routes with a parent of ours, ordered by kind, namespace, name. */
typedef struct gwapi_topology_route_info {
    size_t struct_size;
    gwapi_str kind;
    gwapi_str namespace_;
    gwapi_str name;
    uint32_t accepted; /* by one parent at least */
    uint32_t rule_count;
} gwapi_topology_route_info;

GWAPI_API size_t gwapi_topology_gateway_count(const gwapi_topology *topology);
GWAPI_API gwapi_result gwapi_topology_gateway_at(const gwapi_topology *topology, size_t i,
                                                 gwapi_gateway_info *out);
GWAPI_API size_t gwapi_topology_listener_count(const gwapi_topology *topology);
GWAPI_API gwapi_result gwapi_topology_listener_at(const gwapi_topology *topology, size_t i,
                                                  gwapi_topology_listener_info *out);
/* The j-th route attached to listener i: its index among the routes. */
GWAPI_API gwapi_result gwapi_topology_attachment_at(const gwapi_topology *topology, size_t i,
                                                    size_t j, uint32_t *route);
GWAPI_API size_t gwapi_topology_route_count(const gwapi_topology *topology);
GWAPI_API gwapi_result gwapi_topology_route_at(const gwapi_topology *topology, size_t i,
                                               gwapi_topology_route_info *out);

/* ---- statuses ------------------------------------------------------------------------ */

/* One condition, wherever it stands. Out-struct. */
typedef struct gwapi_condition {
    size_t struct_size;
    gwapi_str scope; /* "" the object's own; "listeners[0]", "parents[1]", "ancestors[0]" */
    gwapi_str type;
    gwapi_str status; /* True, False, Unknown */
    gwapi_str reason;
    gwapi_str message;
    gwapi_str last_transition_time;
    int64_t observed_generation;
} gwapi_condition;

/* Objects whose status we write, ordered by group, kind, namespace, name. */
GWAPI_API size_t gwapi_topology_status_count(const gwapi_topology *topology);
GWAPI_API gwapi_result gwapi_topology_status_at(const gwapi_topology *topology, size_t i,
                                                gwapi_object_ref *out);
/* 1 when it differs from what `previous` had (without previous: from the object's own). */
GWAPI_API uint32_t gwapi_topology_status_changed(const gwapi_topology *topology, size_t i);
GWAPI_API size_t gwapi_topology_condition_count(const gwapi_topology *topology, size_t i);
GWAPI_API gwapi_result gwapi_topology_condition_at(const gwapi_topology *topology, size_t i,
                                                   size_t j, gwapi_condition *out);
/* Writes the `status` member of the i-th as compact JSON, without a line end. */
GWAPI_API gwapi_result gwapi_topology_status_write(const gwapi_topology *topology, size_t i,
                                                   const gwapi_sink *sink);

/* The same for the status that the object had in the input, defaults filled in; "{}" when none
 * was written. GWAPI_ESTATE when the objects were read without KEEP_SOURCE. */
GWAPI_API gwapi_result gwapi_topology_stored_status_write(const gwapi_topology *topology,
                                                          size_t i, const gwapi_sink *sink);

/*
 * Writes every Gateway API object of the set it was resolved from, in input order, unchanged but
 * for `status`: JSON: one v1 List; YAML: documents. GWAPI_ESTATE when the objects were read
 * without KEEP_SOURCE.
 */
GWAPI_API gwapi_result gwapi_topology_write(const gwapi_topology *topology, gwapi_format format,
                                            const gwapi_sink *sink);

/* ---- TLS: which policy is in force, and why ------------------------------------------ */
/*
 * Each writes one line of JSON for each port or listener: what `gatewayapi tls` prints. They
 * allocate by the topology's allocator: GWAPI_ENOMEM; GWAPI_ENOTFOUND when there is none;
 * GWAPI_EARGUMENT, GWAPI_ECALLBACK. O(objects) for the look-up.
 */

/* TLS to the TCP ports of a Service, or to the one with that number (0: all): `tls` of a decision,
 * the policies that claim the port too and lost, the reason, the Gateways. `gateway` (may be NULL)
 * chooses the Gateway whose client certificate counts. Only namespace and name are read of both. */
GWAPI_API gwapi_result gwapi_topology_backend_tls_write(const gwapi_topology *topology,
                                                        const gwapi_object_ref *service,
                                                        uint32_t port,
                                                        const gwapi_object_ref *gateway,
                                                        const gwapi_sink *sink);
/* TLS on the HTTPS and TLS listeners of a Gateway, those of its ListenerSets too, or of those on a
 * port (0: all): mode, certificates, options, validation of clients and where it was written. */
GWAPI_API gwapi_result gwapi_topology_listener_tls_write(const gwapi_topology *topology,
                                                         const gwapi_object_ref *gateway,
                                                         uint32_t port, const gwapi_sink *sink);

#ifdef __cplusplus
}
#endif
#endif
