/*
 * Answering connections and requests from a snapshot.
 *
 *     gwapi_arrival --gwapi_accept--> gwapi_connection
 *     gwapi_connection + gwapi_request --gwapi_match--> gwapi_decision --helpers--> what to do
 *
 * gwapi_accept and gwapi_match allocate nothing, take no lock and make no system call; their work
 * is bounded by the request, the candidates that share its host and path, and the budget of
 * gwapi_limits for regular expressions. A spent budget is an answer of its own (RESPOND 500,
 * MatchLimit), never a weaker rule.
 *
 * Threads: a scratch belongs to one thread; a snapshot may be shared. A connection and a decision
 * are plain values, copied at will. They borrow the snapshot: keep a reference (or the reader's
 * pin) as long as one of them is used. A decision never refers to the scratch, nor to the
 * request; helpers that need the request take it again, and it must be the one that was matched.
 *
 * Every struct starts with struct_size; fields are of fixed width, indices are uint32_t with
 * GWAPI_NONE for "none", so that ctypes, cffi and LuaJIT declare them as they stand. No callback
 * is required anywhere.
 *
 * Semantics: Gateway API v1.4.1 (apis/v1/{gateway,httproute,grpcroute,shared}_types.go, GEP-3567
 * for misdirected requests, GEP-1324 for the mesh); where upstream is silent, libgatewayapi(3),
 * CHOICES.
 */
#ifndef GATEWAYAPI_MATCH_H
#define GATEWAYAPI_MATCH_H

#include <gatewayapi/base.h>
#include <gatewayapi/snapshot.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- working memory ------------------------------------------------------------------ */

typedef struct gwapi_scratch gwapi_scratch;

/* Bytes that a scratch for this snapshot takes. O(1). */
GWAPI_API size_t gwapi_scratch_size(const gwapi_snapshot *snapshot);
/*
 * Builds a scratch in the caller's memory of `size` bytes, any alignment; there is nothing to
 * release but that memory. It serves every snapshot that needs no more. GWAPI_EBUFFER when the
 * memory is too small for `snapshot`.
 */
GWAPI_API gwapi_result gwapi_scratch_init(gwapi_scratch **out, void *memory, size_t size,
                                          const gwapi_snapshot *snapshot);
/* The same with memory of the allocator's. GWAPI_ENOMEM. */
GWAPI_API gwapi_result gwapi_scratch_new(gwapi_scratch **out, const gwapi_snapshot *snapshot,
                                         const gwapi_allocator *allocator);
/* Of gwapi_scratch_new; NULL is fine. */
GWAPI_API void gwapi_scratch_free(gwapi_scratch *scratch);
/* 1 if the scratch serves this snapshot; accept and match answer GWAPI_EBUFFER if not. */
GWAPI_API uint32_t gwapi_scratch_fits(const gwapi_scratch *scratch,
                                      const gwapi_snapshot *snapshot);

/* ---- outcomes ------------------------------------------------------------------------ */

/* What to do; the texts are those of the decision line. */
typedef uint32_t gwapi_outcome;
#define GWAPI_OUTCOME_TABLE(X)                                                                \
    X(PENDING, 0, "")          /* of a connection: each request decides */                    \
    X(FORWARD, 1, "forward")   /* to a backend */                                             \
    X(REDIRECT, 2, "redirect") /* answer with a redirect */                                   \
    X(RESPOND, 3, "respond")   /* answer with `status` */                                     \
    X(REJECT, 4, "reject")     /* a TLS, TCP or UDP route was chosen, its backend is invalid */ \
    X(NONE, 5, "none")         /* nothing took it */                                          \
    X(PASS, 6, "pass")         /* mesh: not a Service's traffic; leave it alone */
#define GWAPI_OUTCOME_CONSTANT(name, value, text) GWAPI_OUTCOME_##name = value,
enum { GWAPI_OUTCOME_TABLE(GWAPI_OUTCOME_CONSTANT) GWAPI_OUTCOME_RESERVED = 0x7fffffff };
#undef GWAPI_OUTCOME_CONSTANT
/* "" for PENDING and unknown values. Static. */
GWAPI_API const char *gwapi_outcome_text(gwapi_outcome outcome);

typedef uint32_t gwapi_reason;
#define GWAPI_REASON_TABLE(X)                                                                 \
    X(NONE, 0, "")                                                                            \
    X(NO_LISTENER, 1, "NoListener")                                                           \
    X(NO_LISTENER_FOR_HOST, 2, "NoListenerForHost")                                           \
    X(NO_ROUTE, 3, "NoRoute")                                                                 \
    X(NO_SERVICE, 4, "NoService")                                                             \
    X(INVALID_BACKEND, 10, "InvalidBackend")                                                  \
    X(NO_BACKEND, 11, "NoBackend")                                                            \
    X(INVALID_FILTER, 12, "InvalidFilter")                                                    \
    X(MISDIRECTED, 13, "Misdirected")                                                         \
    X(PREFLIGHT, 14, "Preflight")                                                             \
    X(PATH_REFUSED, 15, "PathRefused")                                                        \
    X(MATCH_LIMIT, 16, "MatchLimit")                                                          \
    X(NO_HOST, 17, "NoHost")
#define GWAPI_REASON_CONSTANT(name, value, text) GWAPI_REASON_##name = value,
enum { GWAPI_REASON_TABLE(GWAPI_REASON_CONSTANT) GWAPI_REASON_RESERVED = 0x7fffffff };
#undef GWAPI_REASON_CONSTANT
/* "NoRoute", …; "" for NONE and unknown values. Static. */
GWAPI_API const char *gwapi_reason_text(gwapi_reason reason);

/* ---- connections --------------------------------------------------------------------- */

/* What the client speaks on the connection. */
typedef uint32_t gwapi_transport;
enum {
    /* HTTP if an HTTP listener is served on the port, else TLS, else TCP, else UDP. */
    GWAPI_TRANSPORT_AUTO = 0,
    GWAPI_TRANSPORT_HTTP = 1, /* in clear text: HTTP listeners */
    GWAPI_TRANSPORT_TLS = 2,  /* a ClientHello came: HTTPS and TLS listeners */
    GWAPI_TRANSPORT_TCP = 3,  /* bytes: TCP listeners */
    GWAPI_TRANSPORT_UDP = 4,
    GWAPI_TRANSPORT_STREAM = 5 /* no ClientHello came: HTTP if served on the port, else TCP */
};

/*
 * A connection (or UDP flow) as it arrives. Texts are read during the call only.
 * Of a Gateway: `gateway_name` chooses it; else `address` chooses those that have it as a status
 * address; with neither, all Gateways are taken as one set of listeners.
 * Of the mesh: a present `client_namespace` makes it a connection from inside the cluster, and no
 * Gateway takes part; `service_name` names the destination, else `address` is looked up among the
 * cluster IPs; `port` is the Service's.
 */
typedef struct gwapi_arrival {
    size_t struct_size;
    gwapi_str gateway_namespace;
    gwapi_str gateway_name; /* absent: not chosen by name */
    gwapi_str address;      /* absent: not chosen by address */
    gwapi_str sni;          /* absent or empty: none was sent */
    gwapi_str client_namespace; /* absent: not of the mesh */
    gwapi_str service_namespace;
    gwapi_str service_name;
    uint32_t port; /* the listener's, as in the Gateway */
    gwapi_transport transport;
} gwapi_arrival;
#define GWAPI_ARRIVAL_INIT                                                                    \
    {sizeof(gwapi_arrival), {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, \
     {NULL, 0}, 0, 0}

typedef uint32_t gwapi_mesh_role;
enum { GWAPI_MESH_NO_ROLE = 0, GWAPI_MESH_PRODUCER = 1, GWAPI_MESH_CONSUMER = 2 };

/*
 * What is known of a connection before its first request. A value; borrows the snapshot.
 * outcome PENDING: requests decide (gwapi_match). Anything else is the decision on the whole
 * connection (TLS, TCP, UDP; NONE without a listener); gwapi_connection_decide gives it in full.
 */
typedef struct gwapi_connection {
    size_t struct_size;
    const gwapi_snapshot *snapshot;
    gwapi_outcome outcome;
    gwapi_reason reason;
    gwapi_transport transport; /* never AUTO or STREAM once a listener was found */
    gwapi_tls_mode tls_mode;   /* how to go on after the ClientHello; certificates: the listener's */
    uint32_t listener; /* GWAPI_NONE: HTTP (the Host chooses for each request), mesh, or none */
    uint32_t route;    /* of a decision on the connection, else GWAPI_NONE */
    uint32_t rule;
    uint32_t port;     /* as it arrived */
    uint32_t mesh;     /* 1: of the mesh */
    uint32_t service_port; /* mesh: index for gwapi_mesh_destination, GWAPI_NONE: no Service */
    gwapi_mesh_role mesh_role;
    uint32_t door;  /* private: where listeners are chosen */
    uint32_t table; /* private: where mesh routes are chosen */
    uint32_t reserved;
} gwapi_connection;
#define GWAPI_CONNECTION_INIT                                                                 \
    {sizeof(gwapi_connection), NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

/*
 * Chooses the listener of a connection. *connection is an out-struct: set struct_size.
 * GWAPI_OK whatever the outcome; GWAPI_EARGUMENT, GWAPI_ESTRUCTSIZE, GWAPI_EBUFFER (the scratch
 * is too small for this snapshot).
 */
GWAPI_API gwapi_result gwapi_accept(const gwapi_snapshot *snapshot, gwapi_scratch *scratch,
                                    const gwapi_arrival *arrival,
                                    gwapi_connection *connection);

/* ---- requests ------------------------------------------------------------------------ */

typedef struct gwapi_header {
    gwapi_str name;
    gwapi_str value;
} gwapi_header;

/*
 * Reads a host's own headers in place of a list. `get` returns 1 and sets *value to the nth value
 * (from 0) of the header `name` (in lower case; compare without regard to case), 0 when there are
 * not so many. `name_index` is the name's place in the snapshot's list of header names, or
 * GWAPI_NONE. The value must stay as long as the request. Called from within gwapi_match and the
 * helpers, in the same thread.
 */
typedef struct gwapi_header_getter {
    size_t struct_size;
    void *ctx;
    uint32_t (*get)(void *ctx, uint32_t name_index, gwapi_str name, uint32_t nth,
                    gwapi_str *value);
} gwapi_header_getter;

typedef uint32_t gwapi_path_policy;
enum {
    GWAPI_PATH_RAW = 0,       /* compare paths as received */
    GWAPI_PATH_REJECT = 1,    /* refuse (400) what NORMALIZE would change, and bad bytes */
    GWAPI_PATH_NORMALIZE = 2  /* compare and forward the canonical path */
};

enum {
    /* The client speaks gRPC: decisions carry grpc_status. */
    GWAPI_REQUEST_GRPC = 1u
};

/* A request. All bytes are borrowed and must stay until the last helper was called. */
typedef struct gwapi_request {
    size_t struct_size;
    gwapi_str method; /* absent: GET */
    gwapi_str host;   /* Host or :authority as received, with its port; absent: the Host header */
    gwapi_str path;   /* with the query: "/p?q=1"; absent or empty: "/" */
    const gwapi_header *headers; /* in order, as received */
    size_t header_count;
    const gwapi_header_getter *getter; /* not NULL: used in place of `headers` */
    gwapi_path_policy path_policy;
    uint32_t flags; /* GWAPI_REQUEST_... */
} gwapi_request;
#define GWAPI_REQUEST_INIT                                                                    \
    {sizeof(gwapi_request), {NULL, 0}, {NULL, 0}, {NULL, 0}, NULL, 0, NULL, 0, 0}

enum {
    GWAPI_DECISION_GRPC = 1u,         /* the request says gRPC, or a GRPCRoute was chosen */
    GWAPI_DECISION_STATUS = 2u,       /* status counts */
    GWAPI_DECISION_GRPC_STATUS = 4u,  /* grpc_status counts */
    GWAPI_DECISION_RANDOM = 8u,       /* `random` was given: backend and mirrors are drawn */
    GWAPI_DECISION_PATH_DIFFERS = 16u /* the canonical path is another than the one received;
                                         told for path policies other than RAW */
};

/*
 * The answer to a request (or to a connection). A value of numbers; borrows the snapshot.
 *
 * As gwapi_match leaves it no backend is chosen: FORWARD says that some backend with a weight
 * above 0 is valid. gwapi_decision_pick_backend draws one and may turn the outcome into RESPOND,
 * REDIRECT or REJECT, as that backend asks for.
 */
typedef struct gwapi_decision {
    size_t struct_size;
    const gwapi_snapshot *snapshot;
    gwapi_outcome outcome;
    gwapi_reason reason;
    uint32_t flags;       /* GWAPI_DECISION_... */
    uint32_t status;      /* HTTP status of RESPOND, REDIRECT and NONE, with flag STATUS */
    uint32_t grpc_status; /* with flag GRPC_STATUS */
    uint32_t listener;    /* GWAPI_NONE: none was chosen */
    uint32_t route;       /* GWAPI_NONE: no route */
    uint32_t rule;        /* index in the snapshot's rules */
    uint32_t match;       /* which of the rule's matches, as in the route; 0 for a rule without;
                             GWAPI_NONE for TLS, TCP and UDP */
    uint32_t match_entry; /* private: the match in the image */
    uint32_t chosen;      /* which of the rule's backendRefs, GWAPI_NONE: not drawn or none */
    uint32_t port;        /* the listener's or Service's */
    gwapi_transport transport;
    gwapi_path_policy path_policy; /* of the request */
    uint32_t mesh;                 /* as in the connection */
    uint32_t service_port;
    gwapi_mesh_role mesh_role;
    uint32_t reserved;
    uint64_t random; /* with flag RANDOM */
} gwapi_decision;
#define GWAPI_DECISION_INIT                                                                   \
    {sizeof(gwapi_decision), NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

/*
 * Answers a request on a connection whose outcome is PENDING, 421 included; on any other
 * connection it gives that connection's decision. `snapshot` is the connection's (GWAPI_ESTATE if
 * not). *decision is an out-struct: set struct_size. GWAPI_OK whatever the outcome;
 * GWAPI_EARGUMENT, GWAPI_ESTRUCTSIZE, GWAPI_EBUFFER (the scratch is too small).
 */
GWAPI_API gwapi_result gwapi_match(const gwapi_snapshot *snapshot, gwapi_scratch *scratch,
                                   const gwapi_connection *connection,
                                   const gwapi_request *request, gwapi_decision *decision);

/* The decision on the whole connection: its outcome, listener, route and rule, so that the
 * accessors below tell its backends. PENDING gives a decision that says so. */
GWAPI_API gwapi_result gwapi_connection_decide(const gwapi_connection *connection,
                                               gwapi_decision *decision);

/* ---- what a decision holds (lib/match/decision.c) ------------------------------------ */
/*
 * count and at allocate nothing; texts live as long as the snapshot. Out-structs. A count is 0 and
 * an `at` GWAPI_EARGUMENT where there is no rule.
 */

/* The rule's backendRefs in order, weight 0 and invalid ones too, with faults as this decision's
 * Gateway sees them. Mesh traffic without a route has one: the Service port itself, whose `rule`
 * is GWAPI_NONE. */
GWAPI_API size_t gwapi_decision_backend_count(const gwapi_decision *decision);
GWAPI_API gwapi_result gwapi_decision_backend_at(const gwapi_decision *decision, size_t i,
                                                 gwapi_backend_info *out);
/* Index in the snapshot's backends of the i-th backendRef; GWAPI_NONE beyond the end and for the
 * Service port itself. */
GWAPI_API uint32_t gwapi_decision_backend_index(const gwapi_decision *decision, size_t i);

/* One RequestMirror: the k-th of the decision is the k-th of the rule's filters, then of each
 * backendRef's in order; invalid and undrawn ones count. */
typedef struct gwapi_mirror_info {
    size_t struct_size;
    uint32_t of_backend; /* which backendRef's filter it is, GWAPI_NONE: the rule's */
    uint32_t backend;    /* index in the snapshot's backends; a fault there: never mirrored */
    uint32_t numerator;
    uint32_t denominator;
    uint32_t drawn; /* 1: send a copy. Without a random number: 1 if valid */
    uint32_t reserved;
} gwapi_mirror_info;
GWAPI_API size_t gwapi_decision_mirror_count(const gwapi_decision *decision);
GWAPI_API gwapi_result gwapi_decision_mirror_at(const gwapi_decision *decision, size_t i,
                                                gwapi_mirror_info *out);

/* ExtensionRef filters of the host's own kinds, in order: the rule's, then the chosen backend's. */
typedef struct gwapi_extension_info {
    size_t struct_size;
    uint32_t of_backend; /* GWAPI_NONE: the rule's */
    uint32_t index;      /* among the snapshot's extension references */
    gwapi_str group;
    gwapi_str kind;
    gwapi_str namespace_;
    gwapi_str name;
} gwapi_extension_info;
GWAPI_API size_t gwapi_decision_extension_count(const gwapi_decision *decision);
GWAPI_API gwapi_result gwapi_decision_extension_at(const gwapi_decision *decision, size_t i,
                                                   gwapi_extension_info *out);

/* rules[].retry. `present` 0: none. Durations in milliseconds. */
typedef struct gwapi_retry_info {
    size_t struct_size;
    uint32_t present;
    uint32_t code_count;
    uint32_t has_attempts;
    uint32_t has_backoff;
    int64_t attempts; /* after the first; 0 and less: none */
    uint64_t backoff;
} gwapi_retry_info;
GWAPI_API gwapi_result gwapi_decision_retry(const gwapi_decision *decision,
                                            gwapi_retry_info *out);
/* The j-th status that is retried; 0 beyond the end. */
GWAPI_API uint32_t gwapi_decision_retry_code_at(const gwapi_decision *decision, size_t j);

typedef uint32_t gwapi_session_type;
enum { GWAPI_SESSION_NONE = 0, GWAPI_SESSION_COOKIE = 1, GWAPI_SESSION_HEADER = 2 };

/* Session persistence in force for the rule. `type` NONE: none. */
typedef struct gwapi_session_info {
    size_t struct_size;
    gwapi_session_type type;
    uint32_t permanent;
    uint32_t has_absolute_timeout;
    uint32_t has_idle_timeout;
    uint64_t absolute_timeout; /* milliseconds */
    uint64_t idle_timeout;
    gwapi_str name; /* of the cookie or header; a stable one where none was written */
} gwapi_session_info;
GWAPI_API gwapi_result gwapi_decision_session(const gwapi_decision *decision,
                                              gwapi_session_info *out);
/* The Path of the rule's cookie: what the match covers (GEP-1619): a prefix or whole path as
 * written, "/service/method" for gRPC, what every path of a regular expression begins with.
 * Buffer as for the helpers below; a policy's cookie has no Path. */
GWAPI_API gwapi_result gwapi_decision_cookie_path(const gwapi_decision *decision, char *buffer,
                                                  size_t capacity, size_t *length);

/* The XBackendTrafficPolicy of a backendRef. `present` 0: none. Durations in milliseconds. */
typedef struct gwapi_traffic_info {
    size_t struct_size;
    uint32_t present;
    uint32_t has_retry_constraint;
    int64_t budget_percent;
    uint64_t budget_interval;
    int64_t min_retry_count;
    uint64_t min_retry_interval;
    gwapi_str namespace_; /* of the policy */
    gwapi_str name;
} gwapi_traffic_info;
GWAPI_API gwapi_result gwapi_decision_traffic(const gwapi_decision *decision, size_t backend,
                                              gwapi_traffic_info *out);
/* Its session persistence; type NONE: none. The rule's own, if it has one, takes its place. */
GWAPI_API gwapi_result gwapi_decision_traffic_session(const gwapi_decision *decision,
                                                      size_t backend, gwapi_session_info *out);

/* The destination of a mesh connection: texts of the Service and its port. */
typedef struct gwapi_mesh_info {
    size_t struct_size;
    gwapi_str namespace_;
    gwapi_str service;
    gwapi_str port_name; /* absent: none */
    uint32_t port;
    gwapi_mesh_role role; /* NO_ROLE: no routes took part */
} gwapi_mesh_info;
GWAPI_API gwapi_result gwapi_mesh_destination(const gwapi_decision *decision,
                                              gwapi_mesh_info *out);

/* ---- helpers: choosing the backend (lib/match/backend.c) ----------------------------- */

/*
 * Draws the backend by a random number of the host's, 0 <= random < 2^53 (GWAPI_EARGUMENT):
 * x = floor(random * total / 2^53), computed in 128 bits; the first backend whose running sum of
 * weights exceeds x. *index (may be NULL) receives its place among the backendRefs, GWAPI_NONE
 * without one. Sets `chosen` and `random` of the decision and, where the backend asks for it, its
 * outcome, status and reason. Mirrors are drawn from the same number:
 * m = splitmix64(random + k * 0x9E3779B97F4A7C15) >> 11, drawn if m * denominator < numerator * 2^53,
 * where splitmix64 is the generator's last step, its mix: the k-th mirror takes the k-th number of
 * a generator started with `random`.
 * `request` may be NULL for a decision on a connection. Only FORWARD decisions, and RESPOND ones
 * of a matched rule's backends, are drawn; any other stays as it is.
 */
GWAPI_API gwapi_result gwapi_decision_pick_backend(gwapi_decision *decision,
                                                   const gwapi_request *request,
                                                   uint64_t random, uint32_t *index);

/* ---- helpers: what the backend and the client get ------------------------------------ */
/*
 * Text goes to a buffer of `capacity` bytes; *length receives the whole length, also with
 * GWAPI_EBUFFER: what the buffer holds then is of no use. A NULL buffer with capacity 0 asks for
 * the length; with any other it is GWAPI_EARGUMENT.
 * Nothing is terminated. `backend` is the place of a backendRef, whose own filters then count
 * after the rule's, or GWAPI_NONE for the rule's alone; usually the decision's `chosen`.
 */

/* The Location of a redirect (lib/match/redirect.c); its status is the decision's, or for a
 * backendRef's own redirect *status (may be NULL). GWAPI_ESTATE when there is no redirect. */
GWAPI_API gwapi_result gwapi_decision_redirect(const gwapi_decision *decision,
                                               const gwapi_request *request, uint32_t backend,
                                               char *buffer, size_t capacity, size_t *length,
                                               uint32_t *status);

/* The path with its query as the backend gets it (lib/match/rewrite.c). With a path policy other
 * than RAW the result is checked again: GWAPI_EINVALID when it is refused (answer 400). */
GWAPI_API gwapi_result gwapi_decision_path(const gwapi_decision *decision,
                                           const gwapi_request *request, uint32_t backend,
                                           char *buffer, size_t capacity, size_t *length);

/* The host as the backend gets it: the request's own, with its port, or a rewrite's. A slice of
 * the request or the snapshot; absent when there is none. */
GWAPI_API gwapi_result gwapi_decision_host(const gwapi_decision *decision,
                                           const gwapi_request *request, uint32_t backend,
                                           gwapi_str *out);

typedef uint32_t gwapi_header_action;
enum {
    GWAPI_HEADER_SET = 1,   /* remove all of that name, then append one */
    GWAPI_HEADER_ADD = 2,   /* append a line */
    GWAPI_HEADER_REMOVE = 3 /* remove all of that name */
};

/* One change of headers. Slices of the snapshot or the request. */
typedef struct gwapi_header_op {
    gwapi_header_action action;
    uint32_t reserved;
    gwapi_str name; /* as first written; compare without regard to case */
    gwapi_str value;
} gwapi_header_op;

typedef uint32_t gwapi_header_side;
enum { GWAPI_HEADERS_REQUEST = 0, GWAPI_HEADERS_RESPONSE = 1 };

/*
 * The composition of all header modifiers in force, and of CORS for responses, as operations to be
 * carried out in order: all SETs, then ADDs, then REMOVEs; no name is removed and set or added
 * (lib/match/headers.c). *count receives how many there are, also with GWAPI_EBUFFER. For a
 * request with the GWAPI_HEADERS_REQUEST side the Host is told by gwapi_decision_host too.
 */
GWAPI_API gwapi_result gwapi_decision_header_ops(const gwapi_decision *decision,
                                                 const gwapi_request *request,
                                                 uint32_t backend, gwapi_header_side side,
                                                 gwapi_header_op *ops, size_t capacity,
                                                 size_t *count);

/* What a CORS filter says of the request (lib/match/cors.c). Its headers are in the response's
 * operations, ready to use. */
typedef struct gwapi_cors_answer {
    size_t struct_size;
    uint32_t present;   /* 1: a CORS filter met an Origin */
    uint32_t allowed;   /* the origin is allowed */
    uint32_t preflight; /* answer it: 204, no body */
    uint32_t reserved;
} gwapi_cors_answer;
GWAPI_API gwapi_result gwapi_decision_cors(const gwapi_decision *decision,
                                           const gwapi_request *request, uint32_t backend,
                                           gwapi_cors_answer *out);

/* ---- helpers: paths (lib/match/path.c) ----------------------------------------------- */

enum {
    GWAPI_PATH_CHECK_REFUSED = 1u, /* REJECT refuses it */
    GWAPI_PATH_CHECK_DIFFERS = 2u  /* the canonical path is another */
};

/*
 * Applies a policy to a path with or without query; only the part before '?' is looked at. REJECT
 * refuses what NORMALIZE would change, and a path with a NUL, a byte below 0x21 or above 0x7e, a
 * '#' or a broken '%'. NORMALIZE decodes escaped unreserved characters, writes other escapes in
 * upper case, removes "." and ".." segments and merges slashes; it never decodes "%2F", nor what
 * would make an escape of a broken '%' before it ("%2%65" stays). Both refuse what neither begins
 * with '/' nor is "*". The buffer receives the path to use, with its query: never longer than the
 * path given, "/" for an empty one. *flags (may be NULL) receives GWAPI_PATH_CHECK_... under every
 * policy. GWAPI_EBUFFER with the length needed; GWAPI_EINVALID when the policy refuses the path.
 */
GWAPI_API gwapi_result gwapi_path_check(gwapi_path_policy policy, gwapi_str path, char *buffer,
                                        size_t capacity, size_t *length, uint32_t *flags);

/* ---- why (lib/match/explain.c) ------------------------------------------------------- */

/* What became of a match that a request was compared with; the texts are those of the
 * explanation. Up to LIMIT: the first of its conditions that does not hold. From HOSTNAME on: all
 * hold, and the criterion that another match is better by. */
typedef uint32_t gwapi_why;
#define GWAPI_WHY_TABLE(X)                                                                    \
    X(TAKEN, 0, "taken")             /* it takes the request */                               \
    X(PATH, 1, "path")                                                                        \
    X(METHOD, 2, "method")                                                                    \
    X(HEADER, 3, "header")                                                                    \
    X(QUERY, 4, "queryParam")                                                                 \
    X(NOT_GRPC, 5, "grpc")           /* a GRPCRoute, and no POST of "/service/method" */      \
    X(GRPC_SERVICE, 6, "grpcService")                                                         \
    X(GRPC_METHOD, 7, "grpcMethod")                                                           \
    X(LIMIT, 8, "limit")             /* the budget for regular expressions was spent */       \
    X(HOSTNAME, 16, "hostname")      /* a more specific hostname */                           \
    X(PATH_TYPE, 17, "pathType")                                                              \
    X(PATH_LENGTH, 18, "pathLength")                                                          \
    X(HAS_METHOD, 19, "hasMethod")                                                            \
    X(HEADER_COUNT, 20, "headerCount")                                                        \
    X(QUERY_COUNT, 21, "queryParamCount")                                                     \
    X(SERVICE_LENGTH, 22, "serviceLength")                                                    \
    X(METHOD_LENGTH, 23, "methodLength")                                                      \
    X(ROUTE, 24, "ageOrName")        /* an older route, or the first by namespace/name */     \
    X(ORDER, 25, "order")            /* the rule or match stands first in its route */
#define GWAPI_WHY_CONSTANT(name, value, text) GWAPI_WHY_##name = value,
enum { GWAPI_WHY_TABLE(GWAPI_WHY_CONSTANT) GWAPI_WHY_RESERVED = 0x7fffffff };
#undef GWAPI_WHY_CONSTANT
/* "" for unknown values. Static. */
GWAPI_API const char *gwapi_why_text(gwapi_why why);

/* A match of a rule that the request was compared with. Slices of the snapshot. */
typedef struct gwapi_candidate {
    uint32_t route; /* index, as in decisions */
    uint32_t rule;  /* index */
    uint32_t match; /* in the rule */
    gwapi_why why;
    uint32_t held;   /* how many of its conditions hold */
    uint32_t failed; /* how many do not */
    uint32_t step;   /* which of the hostnames that take the request's host, 0: the most specific */
    uint32_t entry;  /* private: the match in the image */
    uint32_t pattern;  /* 1: `expected` is a regular expression */
    uint32_t reserved;
    gwapi_str name;     /* of the header or parameter that `why` is about; else absent */
    gwapi_str expected; /* what the condition that fails asks for; absent: none fails */
} gwapi_candidate;

/*
 * Decides like gwapi_match and tells how: the candidates are the matches of the chosen listener's
 * (or Service port's) routes whose hostnames take the request's host, in order of precedence; a
 * route that several of its hostnames bring in is told once for each. `candidates` receives the
 * best `capacity` of them, *count how many there are. *nearest (may be NULL) receives, if
 * nothing took the request, the nearest miss: one whose path holds, or agrees longest with what is
 * asked for; then the one with the fewest conditions that fail and the most that hold. Its `route`
 * is GWAPI_NONE if there is none. There are no candidates on connections that are decided as a
 * whole, without a listener, after 421 and for refused paths. It takes time for each candidate,
 * and for each that is told: O(candidates * capacity) at worst; no memory. Results as of
 * gwapi_match.
 */
GWAPI_API gwapi_result gwapi_match_explain(const gwapi_snapshot *snapshot,
                                           gwapi_scratch *scratch,
                                           const gwapi_connection *connection,
                                           const gwapi_request *request,
                                           gwapi_decision *decision,
                                           gwapi_candidate *candidates, size_t capacity,
                                           size_t *count, gwapi_candidate *nearest);
/*
 * Writes candidates (`told` of them, of `count`) and the nearest miss as one JSON object, the
 * member "explanation" of `gatewayapi match --explain --output json`. `nearest` may be NULL.
 * Allocates from the snapshot's allocator: GWAPI_ENOMEM; GWAPI_ECALLBACK.
 */
GWAPI_API gwapi_result gwapi_candidates_write(const gwapi_snapshot *snapshot,
                                              const gwapi_candidate *candidates, size_t told,
                                              size_t count, const gwapi_candidate *nearest,
                                              const gwapi_sink *sink);

/* ---- the decision line (lib/match/decision_write.c) ---------------------------------- */

/*
 * Writes the decision as one JSON object without a line end, member by member as `gatewayapi match
 * --output json` prints it. `request` may be NULL for a decision on a connection; a request with a
 * getter has no complete list of headers, and `request.headers` is left out. `id` is the JSON
 * text of the member `id`, absent: none. Allocates from the snapshot's allocator: GWAPI_ENOMEM;
 * GWAPI_ECALLBACK.
 */
GWAPI_API gwapi_result gwapi_decision_write(const gwapi_decision *decision,
                                            const gwapi_request *request, gwapi_str id,
                                            const gwapi_sink *sink);
/* The same into a buffer. */
GWAPI_API gwapi_result gwapi_decision_write_buffer(const gwapi_decision *decision,
                                                   const gwapi_request *request, gwapi_str id,
                                                   char *buffer, size_t capacity,
                                                   size_t *length);

#ifdef __cplusplus
}
#endif
#endif
