/*
 * The compiled form of a topology: one immutable block of bytes (the image) and the handle that
 * a process opens it with.
 *
 * The same bytes serve on the heap, in shared memory, or mapped from a file by every worker; they
 * hold no pointer and no lock. Equal resources give equal bytes, in whatever order they came.
 * Opening checks every reference once: a damaged or hostile image is refused, never followed.
 * The bytes must not change while a snapshot is open over them.
 *
 * A gwapi_snapshot is immutable and counted (atomically): any number of threads may match with
 * it and list it. Texts that the lists return live as long as the snapshot.
 *
 * Each list has a dense index, which decisions use too, fit for a host's side arrays and
 * shared-memory counters, and a structured key to find the entry again in the next snapshot.
 */
#ifndef GATEWAYAPI_SNAPSHOT_H
#define GATEWAYAPI_SNAPSHOT_H

#include <gatewayapi/base.h>
#include <gatewayapi/resources.h>
#include <gatewayapi/topology.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gwapi_snapshot gwapi_snapshot;

/* ---- making one ---------------------------------------------------------------------- */

enum {
    /* Private keys of certificates go into the image; write such files with mode 0600. */
    GWAPI_COMPILE_WITH_KEYS = 1u,
    /* Regular expressions are interpreted: no executable memory is asked for. */
    GWAPI_COMPILE_NO_JIT = 2u,
    /* The snapshot keeps its topology, and some hundred bytes for each route, so that the next
     * compilation by `previous` is short where only some HTTPRoutes and GRPCRoutes say something
     * else and stand where they stood: it copies and moves what others say. Nothing is kept with
     * `gateways`. */
    GWAPI_COMPILE_KEEP = 4u
};

typedef struct gwapi_compile_options {
    size_t struct_size;
    const gwapi_allocator *allocator;
    const gwapi_limits *limits; /* regex_states, regex_steps, match_steps, scratch_text */
    /* The snapshot before: compiled regular expressions are taken over, and if it was made with
     * KEEP, what did not change. The bytes are the same with and without. */
    const gwapi_snapshot *previous;
    uint32_t flags; /* GWAPI_COMPILE_... */
    uint32_t reserved;
    gwapi_str label; /* a text of the caller's, told by gwapi_snapshot_info */
    /* Keep only what these Gateways need (namespace and name count); NULL: all of them. */
    const gwapi_object_ref *gateways;
    size_t gateway_count;
} gwapi_compile_options;
#define GWAPI_COMPILE_OPTIONS_INIT                                                            \
    {sizeof(gwapi_compile_options), NULL, NULL, NULL, 0, 0, {NULL, 0}, NULL, 0}

/*
 * Compiles the topology, which may be released afterwards. `options` and `report` may be NULL.
 * GWAPI_ENOTFOUND when a Gateway of `gateways` is not in the topology, GWAPI_ELIMIT when a
 * regular expression has too many states or the image would pass 4 GiB (the report tells),
 * GWAPI_EREGEX, GWAPI_ENOMEM, GWAPI_EARGUMENT.
 * Time grows as n log n with the number of matches.
 */
GWAPI_API gwapi_result gwapi_snapshot_compile(gwapi_snapshot **out,
                                              const gwapi_topology *topology,
                                              const gwapi_compile_options *options,
                                              gwapi_report *report);

enum {
    /* Copy the bytes, whatever their alignment; the caller's may go when the call returns. */
    GWAPI_OPEN_COPY = 1u,
    GWAPI_OPEN_NO_JIT = 2u
};

typedef struct gwapi_open_options {
    size_t struct_size;
    const gwapi_allocator *allocator;
    const gwapi_limits *limits; /* as for compiling */
    const gwapi_snapshot *previous; /* compiled regular expressions are taken over */
    uint32_t flags;                 /* GWAPI_OPEN_... */
    uint32_t reserved;
    /* Called once when the bytes are no longer read: with the last reference, or before the call
     * returns when they were copied. Not called when opening fails. NULL: nothing to do. */
    void *release_ctx;
    void (*release)(void *ctx, const void *bytes, size_t len);
} gwapi_open_options;
#define GWAPI_OPEN_OPTIONS_INIT                                                               \
    {sizeof(gwapi_open_options), NULL, NULL, NULL, 0, 0, NULL, NULL}

/*
 * Opens an image. The bytes are used where they are; they are copied if COPY asks for it, if they
 * are not aligned to 8, or on a big-endian machine. They must stay and not change as long as the
 * snapshot is referred to.
 * GWAPI_EIMAGE when anything in it is wrong (the report says what and where), GWAPI_EIMAGEVERSION
 * for a format this library does not know, GWAPI_ELIMIT, GWAPI_ENOMEM, GWAPI_EARGUMENT.
 */
GWAPI_API gwapi_result gwapi_snapshot_open(gwapi_snapshot **out, const void *bytes, size_t len,
                                           const gwapi_open_options *options,
                                           gwapi_report *report);

/* The image, to be written to a file or to shared memory. */
GWAPI_API const void *gwapi_snapshot_bytes(const gwapi_snapshot *snapshot, size_t *len);

/* Counted atomically; release accepts NULL. */
GWAPI_API gwapi_snapshot *gwapi_snapshot_retain(const gwapi_snapshot *snapshot);
GWAPI_API void gwapi_snapshot_release(const gwapi_snapshot *snapshot);

/* ---- what it is ---------------------------------------------------------------------- */

typedef struct gwapi_snapshot_information {
    size_t struct_size;
    uint32_t format;          /* version of the image format */
    uint32_t library_version; /* GWAPI_VERSION_NUMBER of the compiler */
    gwapi_str release;        /* of the schemas: "v1.4" */
    gwapi_channel channel;
    uint32_t with_keys;       /* 1: private keys are inside */
    gwapi_str controller;
    gwapi_str label;       /* the caller's; absent: none */
    uint64_t content_hash; /* equal content, equal hash; the label does not count */
    uint64_t bytes;
    uint32_t gateways;
    uint32_t listeners;
    uint32_t certificates;
    uint32_t bundles;
    uint32_t routes;
    uint32_t rules;
    uint32_t matches;
    uint32_t backends;
    uint32_t headers;
    uint32_t regexes;
} gwapi_snapshot_information;

GWAPI_API gwapi_result gwapi_snapshot_info(const gwapi_snapshot *snapshot,
                                           gwapi_snapshot_information *out);

/* ---- lists --------------------------------------------------------------------------- */
/*
 * count: how many. at: fills the out-struct (set struct_size) with the i-th; GWAPI_EARGUMENT
 * beyond the end, GWAPI_ESTRUCTSIZE. find: the index of the entry whose key is the same, or
 * GWAPI_ENOTFOUND. The key is the members named in the comment; find reads no others. count and
 * at are O(1), find is O(log n).
 */

typedef uint32_t gwapi_protocol; /* of a listener */
enum {
    GWAPI_PROTOCOL_HTTP = 1,
    GWAPI_PROTOCOL_HTTPS = 2,
    GWAPI_PROTOCOL_TLS = 3,
    GWAPI_PROTOCOL_TCP = 4,
    GWAPI_PROTOCOL_UDP = 5
};
/* "HTTP", …; "" for any other value. Static. */
GWAPI_API const char *gwapi_protocol_text(gwapi_protocol protocol);

typedef uint32_t gwapi_tls_mode;
enum { GWAPI_TLS_NONE = 0, GWAPI_TLS_TERMINATE = 1, GWAPI_TLS_PASSTHROUGH = 2 };

typedef uint32_t gwapi_validation_mode; /* of client certificates */
enum {
    GWAPI_VALIDATION_NONE = 0,
    GWAPI_VALIDATION_ALLOW_VALID_ONLY = 1,
    GWAPI_VALIDATION_ALLOW_INSECURE_FALLBACK = 2
};

typedef uint32_t gwapi_route_kind;
enum {
    GWAPI_ROUTE_HTTP = 1,
    GWAPI_ROUTE_GRPC = 2,
    GWAPI_ROUTE_TLS = 3,
    GWAPI_ROUTE_TCP = 4,
    GWAPI_ROUTE_UDP = 5
};
/* "HTTPRoute", …; "" for any other value. Static. */
GWAPI_API const char *gwapi_route_kind_text(gwapi_route_kind kind);

/* A text with a name: an option, say. */
typedef struct gwapi_named_text {
    gwapi_str name;
    gwapi_str value;
} gwapi_named_text;

/* Gateways that serve at least one listener. Key: namespace_, name. */
typedef struct gwapi_snapshot_gateway {
    size_t struct_size;
    gwapi_str namespace_;
    gwapi_str name;
    uint32_t first_listener; /* its listeners, those of its ListenerSets too, stand together */
    uint32_t listener_count;
    uint32_t address_count;
    uint32_t client_certificate; /* presented to backends: index of a certificate, GWAPI_NONE */
    /* 1: a client certificate was asked for and cannot be used; TLS to backends must fail. */
    uint32_t client_certificate_invalid;
    uint32_t reserved;
} gwapi_snapshot_gateway;
GWAPI_API size_t gwapi_snapshot_gateway_count(const gwapi_snapshot *snapshot);
GWAPI_API gwapi_result gwapi_snapshot_gateway_at(const gwapi_snapshot *snapshot, size_t i,
                                                 gwapi_snapshot_gateway *out);
GWAPI_API gwapi_result gwapi_snapshot_gateway_find(const gwapi_snapshot *snapshot,
                                                   const gwapi_snapshot_gateway *key,
                                                   uint32_t *index);
/* The j-th address of Gateway i (its status.addresses): an IP address or a host name. */
GWAPI_API gwapi_result gwapi_snapshot_gateway_address_at(const gwapi_snapshot *snapshot,
                                                         size_t i, size_t j, gwapi_str *out);

/* Served listeners. Key: gateway_namespace, gateway_name, listener_set_namespace, listener_set,
 * name. */
typedef struct gwapi_listener_info {
    size_t struct_size;
    gwapi_str gateway_namespace;
    gwapi_str gateway_name;
    gwapi_str listener_set_namespace; /* absent: the Gateway's own listener */
    gwapi_str listener_set;
    gwapi_str name;
    gwapi_str hostname; /* absent: any */
    uint32_t gateway;   /* index */
    uint32_t port;
    gwapi_protocol protocol;
    gwapi_tls_mode tls_mode;
    uint32_t certificate_count; /* valid ones, in spec order */
    uint32_t option_count;      /* tls.options */
    gwapi_validation_mode validation_mode; /* of client certificates, NONE: not asked for */
    uint32_t bundle_count;                 /* CA bundles to validate them with */
} gwapi_listener_info;
GWAPI_API size_t gwapi_snapshot_listener_count(const gwapi_snapshot *snapshot);
GWAPI_API gwapi_result gwapi_snapshot_listener_at(const gwapi_snapshot *snapshot, size_t i,
                                                  gwapi_listener_info *out);
GWAPI_API gwapi_result gwapi_snapshot_listener_find(const gwapi_snapshot *snapshot,
                                                    const gwapi_listener_info *key,
                                                    uint32_t *index);
/* The j-th of listener i: index of a certificate, a TLS option, index of a CA bundle. */
GWAPI_API gwapi_result gwapi_snapshot_listener_certificate_at(const gwapi_snapshot *snapshot,
                                                              size_t i, size_t j,
                                                              uint32_t *certificate);
GWAPI_API gwapi_result gwapi_snapshot_listener_option_at(const gwapi_snapshot *snapshot,
                                                         size_t i, size_t j,
                                                         gwapi_named_text *out);
GWAPI_API gwapi_result gwapi_snapshot_listener_bundle_at(const gwapi_snapshot *snapshot,
                                                         size_t i, size_t j, uint32_t *bundle);

/* Certificates of listeners and client certificates of Gateways. Key: namespace_, name. */
typedef struct gwapi_certificate_info {
    size_t struct_size;
    gwapi_str namespace_; /* of the Secret */
    gwapi_str name;
    gwapi_str certificate; /* PEM */
    gwapi_str key;         /* PEM; absent unless compiled WITH_KEYS */
} gwapi_certificate_info;
GWAPI_API size_t gwapi_snapshot_certificate_count(const gwapi_snapshot *snapshot);
GWAPI_API gwapi_result gwapi_snapshot_certificate_at(const gwapi_snapshot *snapshot, size_t i,
                                                     gwapi_certificate_info *out);
GWAPI_API gwapi_result gwapi_snapshot_certificate_find(const gwapi_snapshot *snapshot,
                                                       const gwapi_certificate_info *key,
                                                       uint32_t *index);

/* CA bundles, of client validation and of backend policies. Key: kind, namespace_, name. */
typedef struct gwapi_bundle_info {
    size_t struct_size;
    gwapi_str kind; /* "ConfigMap" */
    gwapi_str namespace_;
    gwapi_str name;
    gwapi_str certificates; /* PEM */
} gwapi_bundle_info;
GWAPI_API size_t gwapi_snapshot_bundle_count(const gwapi_snapshot *snapshot);
GWAPI_API gwapi_result gwapi_snapshot_bundle_at(const gwapi_snapshot *snapshot, size_t i,
                                                gwapi_bundle_info *out);
GWAPI_API gwapi_result gwapi_snapshot_bundle_find(const gwapi_snapshot *snapshot,
                                                  const gwapi_bundle_info *key,
                                                  uint32_t *index);

/* Routes that something in the image uses. Key: kind, namespace_, name. */
typedef struct gwapi_route_info {
    size_t struct_size;
    gwapi_route_kind kind;
    uint32_t first_rule; /* its rules stand together */
    uint32_t rule_count;
    uint32_t reserved;
    gwapi_str namespace_;
    gwapi_str name;
} gwapi_route_info;
GWAPI_API size_t gwapi_snapshot_route_count(const gwapi_snapshot *snapshot);
GWAPI_API gwapi_result gwapi_snapshot_route_at(const gwapi_snapshot *snapshot, size_t i,
                                               gwapi_route_info *out);
GWAPI_API gwapi_result gwapi_snapshot_route_find(const gwapi_snapshot *snapshot,
                                                 const gwapi_route_info *key, uint32_t *index);

/* Rules that are executed; one that the resolver dropped is not in the list. A route bound to a
 * Gateway and to a Service has its rules twice, because a reference may be good for one only.
 * Key: route, index, mesh. */
typedef struct gwapi_rule_info {
    size_t struct_size;
    uint32_t route; /* index of the route */
    uint32_t index; /* in spec.rules */
    uint32_t mesh;  /* 1: as the mesh executes it, 0: as a Gateway does */
    uint32_t first_backend; /* its backendRefs, in order; mirrors and auth backends follow */
    uint32_t backend_count;
    uint32_t has_request_timeout;
    uint32_t has_backend_timeout;
    uint32_t reserved;
    uint64_t request_timeout; /* milliseconds; 0: switched off */
    uint64_t backend_timeout;
    gwapi_str name; /* absent: none */
} gwapi_rule_info;
GWAPI_API size_t gwapi_snapshot_rule_count(const gwapi_snapshot *snapshot);
GWAPI_API gwapi_result gwapi_snapshot_rule_at(const gwapi_snapshot *snapshot, size_t i,
                                              gwapi_rule_info *out);
GWAPI_API gwapi_result gwapi_snapshot_rule_find(const gwapi_snapshot *snapshot,
                                                const gwapi_rule_info *key, uint32_t *index);

typedef uint32_t gwapi_backend_role;
enum {
    GWAPI_BACKEND_REF = 0,   /* of spec.rules[].backendRefs */
    GWAPI_BACKEND_MIRROR = 1,
    GWAPI_BACKEND_AUTH = 2
};

typedef uint32_t gwapi_backend_protocol;
#define GWAPI_BACKEND_PROTOCOL_TABLE(X)                                                       \
    X(NONE, 0, "")                                                                            \
    X(HTTP, 1, "http")                                                                        \
    X(H2C, 2, "h2c")                                                                          \
    X(WS, 3, "ws")                                                                            \
    X(WSS, 4, "wss")                                                                          \
    X(TLS, 5, "tls")                                                                          \
    X(TCP, 6, "tcp")                                                                          \
    X(UDP, 7, "udp")
#define GWAPI_BACKEND_PROTOCOL_CONSTANT(name, value, text) GWAPI_BACKEND_PROTOCOL_##name = value,
enum {
    GWAPI_BACKEND_PROTOCOL_TABLE(GWAPI_BACKEND_PROTOCOL_CONSTANT)
    GWAPI_BACKEND_PROTOCOL_RESERVED = 0x7fffffff
};
#undef GWAPI_BACKEND_PROTOCOL_CONSTANT
GWAPI_API const char *gwapi_backend_protocol_text(gwapi_backend_protocol protocol);

/* Why a backend takes no traffic. */
typedef uint32_t gwapi_backend_fault;
#define GWAPI_BACKEND_FAULT_TABLE(X)                                                          \
    X(NONE, 0, "")                                                                            \
    X(INVALID_KIND, 1, "InvalidKind")                                                         \
    X(REF_NOT_PERMITTED, 2, "RefNotPermitted")                                                \
    X(NOT_FOUND, 3, "BackendNotFound")                                                        \
    X(UNSUPPORTED_PROTOCOL, 4, "UnsupportedProtocol")                                         \
    X(INVALID_TLS_POLICY, 5, "InvalidBackendTLSPolicy")                                       \
    X(INVALID_FILTER, 6, "InvalidFilter")                                                     \
    X(INVALID_CLIENT_CERTIFICATE, 7, "InvalidClientCertificateRef")
#define GWAPI_BACKEND_FAULT_CONSTANT(name, value, text) GWAPI_BACKEND_FAULT_##name = value,
enum {
    GWAPI_BACKEND_FAULT_TABLE(GWAPI_BACKEND_FAULT_CONSTANT)
    GWAPI_BACKEND_FAULT_RESERVED = 0x7fffffff
};
#undef GWAPI_BACKEND_FAULT_CONSTANT
GWAPI_API const char *gwapi_backend_fault_text(gwapi_backend_fault fault);

/* Every place of a rule that names a backend. Key: rule, role, place. */
typedef struct gwapi_backend_info {
    size_t struct_size;
    uint32_t rule;  /* index of the rule */
    gwapi_backend_role role;
    uint32_t place; /* backendRefs: their index; mirrors and auth: counted over the rule's filters,
                       then those of each backendRef */
    uint32_t port;  /* 0: none */
    uint32_t weight;
    gwapi_backend_fault fault; /* NONE: valid. In a decision the Gateway's client certificate
                                  counts too */
    gwapi_backend_protocol protocol; /* NONE with a fault */
    uint32_t tls; /* 1: a BackendTLSPolicy applies; see tls.h */
    gwapi_str group;
    gwapi_str kind;
    gwapi_str namespace_;
    gwapi_str name;
} gwapi_backend_info;
GWAPI_API size_t gwapi_snapshot_backend_count(const gwapi_snapshot *snapshot);
GWAPI_API gwapi_result gwapi_snapshot_backend_at(const gwapi_snapshot *snapshot, size_t i,
                                                 gwapi_backend_info *out);
GWAPI_API gwapi_result gwapi_snapshot_backend_find(const gwapi_snapshot *snapshot,
                                                   const gwapi_backend_info *key,
                                                   uint32_t *index);

/* Names of request headers that matching or a helper may ask for, in lower case, sorted. A host
 * with a header getter resolves them once per snapshot. Key: the name, in any case. */
GWAPI_API size_t gwapi_snapshot_header_count(const gwapi_snapshot *snapshot);
GWAPI_API gwapi_result gwapi_snapshot_header_at(const gwapi_snapshot *snapshot, size_t i,
                                                gwapi_str *out);
GWAPI_API gwapi_result gwapi_snapshot_header_find(const gwapi_snapshot *snapshot,
                                                  gwapi_str name, uint32_t *index);

/* ---- the current snapshot, for many threads ------------------------------------------ */
/*
 * A cell holds the snapshot in force. One thread at a time swaps; any number of others read, each
 * by a reader of its own. A swap never waits for a reader and never frees what one still uses.
 */
typedef struct gwapi_cell gwapi_cell;
typedef struct gwapi_reader gwapi_reader;

/* Makes a cell that holds `snapshot` (may be NULL), which it retains. GWAPI_ENOMEM. */
GWAPI_API gwapi_result gwapi_cell_new(gwapi_cell **out, const gwapi_snapshot *snapshot,
                                      const gwapi_allocator *allocator);
/* Releases the snapshot; every reader must have been freed. NULL is fine. */
GWAPI_API void gwapi_cell_free(gwapi_cell *cell);
/* Puts `snapshot` (may be NULL), which it retains, in force. The one before is released here or,
 * while readers hold it, by the last of them. Cannot fail. */
GWAPI_API void gwapi_cell_swap(gwapi_cell *cell, const gwapi_snapshot *snapshot);

/* A thread's view. Reader, cell and thread: made and freed in any thread, used by one. */
GWAPI_API gwapi_result gwapi_reader_new(gwapi_reader **out, gwapi_cell *cell);
/* Lets go of what the last get returned. NULL is fine. */
GWAPI_API void gwapi_reader_free(gwapi_reader *reader);
/* The snapshot in force, pinned until this reader's next get; NULL when the cell holds none. One
 * acquire load while nothing changed; no lock, no allocation. */
GWAPI_API const gwapi_snapshot *gwapi_reader_get(gwapi_reader *reader);

#ifdef __cplusplus
}
#endif
#endif
