/*
 * The format of the image, written once: what the builder writes, the verifier checks and the
 * reader reads.
 *
 * An image is a header, a table of sections and the sections, in the order of their ids, each
 * aligned to 8. A section is an array of records of one type. Every field of every record is a
 * little-endian uint32_t (a 64-bit number is two, low word first), so that records need no padding
 * and a big-endian host converts a copy word by word. References are dense indices of records in
 * a named section, ranges of such (first, count), or texts: an offset in the TEXT section.
 * Sections stand behind the table in order and never overlap.
 *
 * Nothing here is trusted: verify.c checks every reference against these tables once, when an
 * image is opened. Order and uniqueness (sorted keys) are the builder's promise; an image that
 * breaks it gets wrong answers, never a wild read.
 *
 * Changing a record changes GWAPI__IMAGE_FORMAT, and man/gatewayapi-image.5, which tells strangers
 * of all this; tests/image/manual.sh compares. A new section is added with a new id: OPTIONAL
 * if a reader that passes it over decides the same, REQUIRED otherwise.
 */
#ifndef GWAPI_IMAGE_LAYOUT_H
#define GWAPI_IMAGE_LAYOUT_H

#include <assert.h>
#include <gatewayapi/base.h>

/* As bytes: eight of them leave no room for a terminator. */
#define GWAPI__IMAGE_MAGIC_BYTES {'G', 'W', 'A', 'P', 'I', 'M', 'G', '\n'}
#define GWAPI__IMAGE_FORMAT 2u
#define GWAPI__IMAGE_NONE UINT32_MAX /* an optional index or text that is absent */

typedef struct gwapi__image_header {
    char magic[8];
    uint32_t format;
    uint32_t section_count;
    uint32_t size;     /* of the whole image in bytes */
    uint32_t reserved; /* 0 */
    uint32_t content_hash[2]; /* of every section but LABEL */
    uint32_t checksum[2];     /* of the whole image with this field as 0; against accidents only */
} gwapi__image_header;
static_assert(sizeof(gwapi__image_header) == 40, "the header has no padding");

enum {
    GWAPI__SECTION_REQUIRED = 1u /* a reader that does not know the section refuses the image */
};

typedef struct gwapi__image_section {
    uint32_t id;
    uint32_t flags;
    uint32_t offset; /* from the image's start; a multiple of 8 */
    uint32_t count;  /* of records */
    uint32_t record; /* bytes of one */
    uint32_t reserved;
} gwapi__image_section;
static_assert(sizeof(gwapi__image_section) == 24, "the table has no padding");

/*
 * Where a text stands in TEXT; NONE is absent. There its length comes first, in groups of seven
 * bits, the lowest first, each but the last with the bit 0x80 (most texts pay one byte); then its
 * bytes. Equal texts stand there once.
 */
typedef struct gwapi__image_text {
    uint32_t offset;
} gwapi__image_text;

/* Records first .. first + count - 1 of a section. */
typedef struct gwapi__image_range {
    uint32_t first;
    uint32_t count;
} gwapi__image_range;

/* ---- sections: name, id, flags, record ------------------------------------------------ */

#define GWAPI__IMAGE_SECTION_TABLE(X)                                                         \
    X(INFO, 1, 1, info)                       /* one record */                                \
    X(SCOPE, 2, 1, scope)                     /* sorted by kind, namespace, name */           \
    X(DOOR, 3, 1, door)                       /* of a scope: sorted by port, transport */     \
    X(LISTENER_INDEX, 4, 1, word)             /* of a door: sorted by hostname */             \
    X(NAME, 5, 1, name)                       /* of a door: a table by hash (index.h) */      \
    X(GATEWAY, 6, 1, gateway)                 /* sorted by namespace, name */                 \
    X(LISTENER, 7, 1, listener)               /* by gateway, then in order of the topology */ \
    X(STREAM, 8, 1, stream)                   /* of a listener: sorted by hostname */         \
    X(SERVICE, 9, 1, service)                 /* sorted by namespace, name */                 \
    X(SERVICE_ADDRESS, 10, 1, service_address)/* sorted by address */                         \
    X(SERVICE_PORT, 11, 1, service_port)      /* of a Service: in spec order */               \
    X(MESH_TABLE, 12, 1, mesh_table)          /* of a port: sorted by client namespace */     \
    X(HOST, 13, 1, host)                      /* a wider one before those that fall back to it */\
    X(HOST_LISTS, 14, 1, host_lists)                                                          \
    X(SLOT, 15, 1, slot)                      /* of hosts: tables by hash (index.h) */        \
    X(MATCH_INDEX, 16, 1, word)               /* ascending, which is by precedence */         \
    X(MATCH, 17, 1, match)                    /* sorted by precedence, HTTP then gRPC */      \
    X(GRPC_METHOD, 18, 1, grpc_method)                                                        \
    X(CONDITION, 19, 1, condition)            /* of a match: headers', then the query's */    \
    X(RULE, 20, 1, rule)                      /* by route, mesh, index */                     \
    X(RULE_OPTIONS, 21, 1, rule_options)                                                      \
    X(ROUTE, 22, 1, route)                    /* sorted by kind, namespace, name */           \
    X(BACKEND, 23, 1, backend)                /* by rule, role, place */                      \
    X(OWN_FILTERS, 24, 1, own_filters)                                                        \
    X(TARGET, 25, 1, target)                  /* equal ones once */                           \
    X(FILTER, 26, 1, filter)                                                                  \
    X(MODIFIER, 27, 1, modifier)                                                              \
    X(HEADER_OP, 28, 1, header_op)                                                            \
    X(REDIRECT, 29, 1, redirect)                                                              \
    X(REWRITE, 30, 1, rewrite)                                                                \
    X(MIRROR, 31, 1, mirror)                                                                  \
    X(CORS, 32, 1, cors)                                                                      \
    X(AUTH, 33, 1, auth)                                                                      \
    X(EXTENSION, 34, 1, extension)                                                            \
    X(RETRY, 35, 1, retry)                                                                    \
    X(SESSION, 36, 1, session)                                                                \
    X(TLS_POLICY, 37, 1, tls_policy)                                                          \
    X(SUBJECT_NAME, 38, 1, subject_name)                                                      \
    X(TRAFFIC_POLICY, 39, 1, traffic_policy)                                                  \
    X(CERTIFICATE, 40, 1, certificate)        /* sorted by namespace, name */                 \
    X(CERTIFICATE_INDEX, 41, 1, word)                                                         \
    X(BUNDLE, 42, 1, bundle)                  /* sorted by kind, namespace, name */           \
    X(BUNDLE_INDEX, 43, 1, word)                                                              \
    X(OPTION, 44, 1, option)                                                                  \
    X(STRING, 45, 1, string)                                                                  \
    X(NUMBER, 46, 1, word)                                                                    \
    X(HEADER_NAME, 47, 1, string)             /* lower case, sorted */                        \
    X(REGEX, 48, 1, string)                   /* sorted by text */                            \
    X(TEXT, 49, 1, byte)                                                                      \
    X(LABEL, 50, 0, byte)                     /* the caller's; none without one */

enum {
#define GWAPI__SECTION_ID(name, id, flags, record) GWAPI__SECTION_##name = id,
    GWAPI__IMAGE_SECTION_TABLE(GWAPI__SECTION_ID)
#undef GWAPI__SECTION_ID
    GWAPI__SECTION_END /* one more than the last id */
};

typedef uint32_t gwapi__image_word;
typedef unsigned char gwapi__image_byte;

typedef struct gwapi__image_string {
    gwapi__image_text text;
} gwapi__image_string;

/* ---- records -------------------------------------------------------------------------- */

typedef struct gwapi__image_info {
    uint32_t library_version;
    uint32_t channel;
    uint32_t with_keys;
    uint32_t reserved; /* 0 */
    gwapi__image_text release;
    gwapi__image_text controller;
} gwapi__image_info;

/* How listeners are found: all of them, those of one Gateway, those of one address. */
enum { GWAPI__SCOPE_ALL = 0, GWAPI__SCOPE_GATEWAY = 1, GWAPI__SCOPE_ADDRESS = 2, GWAPI__SCOPE_END };

typedef struct gwapi__image_scope {
    uint32_t kind;
    gwapi__image_text namespace_; /* of a Gateway */
    gwapi__image_text name;       /* of a Gateway; an address */
    gwapi__image_range doors;
} gwapi__image_scope;

/* The listeners of a scope that share port and transport, one for each hostname: of several
 * Gateways with the same, the older one's (then namespace/name). */
typedef struct gwapi__image_door {
    uint32_t port;
    uint32_t transport;           /* gwapi_transport: HTTP, TLS, TCP, UDP */
    gwapi__image_range listeners; /* of LISTENER_INDEX, sorted by hostname; "" first */
    /* For requests: every name of its HTTP and HTTPS listeners and of their routes. */
    gwapi__image_range names; /* of NAME */
    uint32_t names_seed;      /* of that table */
    uint32_t wildcard_depths; /* bit gwapi__index_depth(n): "*.x" with n dots is among the names */
    uint32_t any_listener;    /* what a host without a name of its own gets: of LISTENER, NONE */
    uint32_t any_host;        /* of HOST, NONE */
} gwapi__image_door;

/*
 * The answer for the hosts whose most specific name at a door this is: which of the listeners
 * covers them best, and which of its routes' hostnames does. Neither depends on more of the host
 * than this name, so both are worked out beforehand.
 */
typedef struct gwapi__image_name {
    uint32_t tag;           /* of the hash; flag GWAPI__PLACE_MORE */
    gwapi__image_text text; /* "a.b", or ".b" for "*.b"; absent: the place is free */
    uint32_t listener;      /* of LISTENER, NONE: no listener is for these hosts */
    uint32_t host;          /* of HOST, NONE: the listener has no route for them */
} gwapi__image_name;

typedef struct gwapi__image_gateway {
    gwapi__image_text namespace_;
    gwapi__image_text name;
    gwapi__image_range listeners; /* of LISTENER */
    gwapi__image_range addresses; /* of STRING */
    uint32_t client_certificate;  /* of CERTIFICATE, NONE */
    uint32_t client_certificate_invalid;
} gwapi__image_gateway;

typedef struct gwapi__image_listener {
    uint32_t gateway;
    uint32_t port;
    uint32_t protocol; /* gwapi_protocol */
    uint32_t tls_mode; /* gwapi_tls_mode */
    gwapi__image_text name;
    gwapi__image_text hostname; /* absent: any */
    gwapi__image_text set_namespace; /* of its ListenerSet, absent: the Gateway's own */
    gwapi__image_text set_name;
    gwapi__image_range certificates; /* of CERTIFICATE_INDEX */
    gwapi__image_range options;      /* of OPTION */
    uint32_t validation_mode;        /* gwapi_validation_mode */
    gwapi__image_range bundles;      /* of BUNDLE_INDEX */
    gwapi__image_range streams;      /* of STREAM: a TLS, TCP or UDP listener's */
} gwapi__image_listener;

/* What takes the connections of one hostname of a TLS, TCP or UDP listener's routes. */
typedef struct gwapi__image_stream {
    gwapi__image_text name; /* "a.b", "*.b"; "" for routes without hostnames, and first */
    uint32_t rule;
} gwapi__image_stream;

typedef struct gwapi__image_service {
    gwapi__image_text namespace_;
    gwapi__image_text name;
    gwapi__image_range ports; /* of SERVICE_PORT; none for a Service without a frontend */
} gwapi__image_service;

typedef struct gwapi__image_service_address {
    gwapi__image_text address;
    uint32_t service;
} gwapi__image_service_address;

typedef struct gwapi__image_service_port {
    uint32_t service;
    uint32_t port;
    uint32_t transport;        /* gwapi_transport: TCP or UDP */
    gwapi__image_text name;    /* absent: none */
    gwapi__image_range tables; /* of MESH_TABLE; the producer's ("") first */
} gwapi__image_service_port;

/* The routes that clients of a namespace meet at a Service port. */
typedef struct gwapi__image_mesh_table {
    gwapi__image_text client; /* "": the producer's, for all others */
    uint32_t host;            /* of HOST, NONE: no route takes requests */
    uint32_t stream_rule;     /* of RULE: what takes TLS, TCP or UDP; NONE */
} gwapi__image_mesh_table;

enum {
    GWAPI__HOST_SEED = 0xffu,         /* mask: the seed of its table of slots */
    GWAPI__HOST_GRPC_SERVICE = 0x100u, /* slots for "/service" */
    GWAPI__HOST_GRPC_METHOD = 0x200u   /* slots for "/service/method" */
};

/* The candidates of one hostname of the routes on a listener. Listeners with the same routes for
 * it share slots and lists. */
typedef struct gwapi__image_host {
    gwapi__image_range slots; /* of SLOT: paths, prefixes, beginnings of patterns, gRPC methods */
    uint32_t flags;
    uint32_t exact_depths;  /* bit gwapi__index_depth(n): a whole path of n segments is there */
    uint32_t prefix_depths; /* the same for prefixes */
    uint32_t lists;         /* of HOST_LISTS, NONE: no patterns and no such gRPC matches */
    uint32_t next; /* of HOST: the listener's next wider name that covers this one, NONE; an
                      earlier record */
} gwapi__image_host;

typedef struct gwapi__image_host_lists {
    uint32_t pattern_depths;     /* as the host's, for what patterns begin with */
    gwapi__image_range patterns; /* of MATCH_INDEX: those of no known beginning */
    gwapi__image_range deep;     /* of MATCH_INDEX: prefixes too deep for the masks */
    gwapi__image_range grpc;     /* of MATCH_INDEX: gRPC matches without a whole service */
} gwapi__image_host_lists;

#define GWAPI__PLACE_MORE 4u         /* flag of a tag: look at the next place too (index.h) */
#define GWAPI__SLOT_TYPE 3u          /* mask of a tag: the match type the slot is for */
#define GWAPI__SLOT_LIST 0x80000000u /* flag of `matches`: there are several */
#define GWAPI__SLOT_FREE UINT32_MAX  /* `matches` of a place that nobody has */

/* What is found under a text. */
typedef struct gwapi__image_slot {
    uint32_t tag;           /* of the hash, and the type: EXACT, PREFIX, REGEX, GRPC; MORE */
    gwapi__image_text text; /* a whole path; a prefix without its trailing '/'; the whole segments
                               that a pattern begins with; "/service", "/service/method" */
    uint32_t matches; /* the place in MATCH; with the flag LIST a place in MATCH_INDEX, where their
                         number stands, then they */
} gwapi__image_slot;

enum {
    GWAPI__IMAGE_MATCH_EXACT = 0,
    GWAPI__IMAGE_MATCH_PREFIX = 1, /* by segment */
    GWAPI__IMAGE_MATCH_REGEX = 2,  /* the whole path */
    GWAPI__IMAGE_MATCH_GRPC = 3,
    GWAPI__IMAGE_MATCH_END
};

enum {
    GWAPI__MATCH_INDEX_SHIFT = 8, /* of flags_index */
    GWAPI__MATCH_TYPE = 3u,       /* mask: GWAPI__IMAGE_MATCH_... */
    GWAPI__MATCH_OF_GRPC = 4u,    /* of a GRPCRoute */
    GWAPI__MATCH_FORWARDS = 8u    /* whatever the request, the rule forwards to some backend: no
                                     filter answers by itself or refuses, and a backend with a
                                     weight is good for every listener */
};

/* One entry of spec.rules[].matches. */
typedef struct gwapi__image_match {
    uint32_t rule;
    uint32_t route; /* the rule's */
    uint32_t flags_index; /* flags; the place in the rule above, 0 for a rule without matches */
    gwapi__image_range conditions; /* of CONDITION: on headers, then on the query */
    uint32_t path; /* EXACT, PREFIX: the text as written; REGEX: of REGEX; GRPC: of GRPC_METHOD */
    gwapi__image_text method; /* the HTTP method, absent: any */
} gwapi__image_match;

typedef struct gwapi__image_grpc_method {
    gwapi__image_text service; /* absent: any */
    gwapi__image_text method;
    uint32_t service_regex; /* of REGEX: the text is a pattern; NONE */
    uint32_t method_regex;
} gwapi__image_grpc_method;

typedef struct gwapi__image_condition {
    uint32_t header;        /* of HEADER_NAME; NONE for a query parameter */
    gwapi__image_text name; /* of a query parameter, as written */
    gwapi__image_text value;
    uint32_t regex; /* of REGEX; NONE: the value is compared whole */
} gwapi__image_condition;

enum {
    GWAPI__RULE_MESH = 1u /* as the mesh executes it */
};

typedef struct gwapi__image_rule {
    uint32_t route;
    uint32_t index; /* in spec.rules */
    uint32_t flags;
    gwapi__image_text name;     /* absent: none */
    gwapi__image_range filters; /* of FILTER */
    gwapi__image_range backends; /* of BACKEND: the backendRefs; its mirrors and auth follow */
    uint32_t options;            /* of RULE_OPTIONS; NONE: most have none of them */
} gwapi__image_rule;

enum {
    GWAPI__RULE_REQUEST_TIMEOUT = 1u,
    GWAPI__RULE_BACKEND_TIMEOUT = 2u
};

typedef struct gwapi__image_rule_options {
    uint32_t flags;   /* which timeouts were written */
    uint32_t retry;   /* of RETRY, NONE */
    uint32_t session; /* of SESSION, NONE */
    uint32_t request_timeout[2]; /* milliseconds */
    uint32_t backend_timeout[2];
} gwapi__image_rule_options;

typedef struct gwapi__image_route {
    uint32_t kind; /* gwapi_route_kind */
    gwapi__image_text namespace_;
    gwapi__image_text name;
    gwapi__image_range rules; /* of RULE */
} gwapi__image_route;

typedef struct gwapi__image_backend {
    uint32_t rule;
    uint32_t role_place; /* gwapi_backend_role in the two low bits, the place above */
    uint32_t weight;
    uint32_t target;  /* of TARGET */
    uint32_t filters; /* of OWN_FILTERS: a backendRef's; NONE, as for mirrors and auth */
} gwapi__image_backend;
#define GWAPI__BACKEND_ROLE 3u
#define GWAPI__BACKEND_PLACE_SHIFT 2

typedef struct gwapi__image_own_filters {
    gwapi__image_range filters; /* of FILTER */
} gwapi__image_own_filters;

/* What a backend is, whoever names it. */
typedef struct gwapi__image_target {
    uint32_t port;     /* 0: none */
    uint32_t fault;    /* gwapi_backend_fault */
    uint32_t protocol; /* gwapi_backend_protocol */
    gwapi__image_text group;
    gwapi__image_text kind;
    gwapi__image_text namespace_;
    gwapi__image_text name;
    uint32_t tls_policy;     /* of TLS_POLICY, NONE */
    uint32_t traffic_policy; /* of TRAFFIC_POLICY, NONE */
} gwapi__image_target;

enum {
    GWAPI__IMAGE_FILTER_REQUEST_HEADERS = 1, /* item: of MODIFIER */
    GWAPI__IMAGE_FILTER_RESPONSE_HEADERS = 2, /* of MODIFIER */
    GWAPI__IMAGE_FILTER_MIRROR = 3,
    GWAPI__IMAGE_FILTER_REDIRECT = 4,
    GWAPI__IMAGE_FILTER_REWRITE = 5,
    GWAPI__IMAGE_FILTER_CORS = 6,
    GWAPI__IMAGE_FILTER_AUTH = 7,
    GWAPI__IMAGE_FILTER_EXTENSION = 8,
    GWAPI__IMAGE_FILTER_END
};

typedef struct gwapi__image_filter {
    uint32_t type;
    uint32_t invalid; /* 1: a request that reaches it is answered 500 */
    uint32_t item;    /* in the section of its type */
} gwapi__image_filter;

typedef struct gwapi__image_modifier {
    gwapi__image_range ops; /* of HEADER_OP: sets, adds, removes, each in spec order */
} gwapi__image_modifier;

typedef struct gwapi__image_header_op {
    uint32_t action; /* gwapi_header_action */
    gwapi__image_text name; /* as written */
    gwapi__image_text value;
} gwapi__image_header_op;

enum {
    GWAPI__IMAGE_PATH_KEEP = 0,
    GWAPI__IMAGE_PATH_REPLACE_FULL = 1,
    GWAPI__IMAGE_PATH_REPLACE_PREFIX = 2,
    GWAPI__IMAGE_PATH_END
};

enum { GWAPI__SCHEME_REQUEST = 0, GWAPI__SCHEME_HTTP = 1, GWAPI__SCHEME_HTTPS = 2, GWAPI__SCHEME_END };

typedef struct gwapi__image_redirect {
    uint32_t scheme;
    uint32_t port; /* 0: derived */
    uint32_t status;
    gwapi__image_text hostname; /* absent: the request's */
    uint32_t path_type;
    gwapi__image_text path;
} gwapi__image_redirect;

typedef struct gwapi__image_rewrite {
    gwapi__image_text hostname; /* absent: kept */
    uint32_t path_type;
    gwapi__image_text path;
} gwapi__image_rewrite;

typedef struct gwapi__image_mirror {
    uint32_t backend; /* of BACKEND */
    uint32_t numerator;
    uint32_t denominator; /* above 0 */
} gwapi__image_mirror;

enum {
    GWAPI__CORS_CREDENTIALS = 1u,
    GWAPI__CORS_ANY_ORIGIN = 2u,  /* "*" is among allowOrigins */
    GWAPI__CORS_ANY_METHOD = 4u,  /* allowMethods is ["*"] */
    GWAPI__CORS_ANY_HEADER = 8u,  /* "*" is among allowHeaders */
    GWAPI__CORS_ANY_EXPOSED = 16u /* "*" is among exposeHeaders */
};

/* Lists joined with ", ", without "*"; absent when nothing is left. */
typedef struct gwapi__image_cors {
    uint32_t flags;
    gwapi__image_range origins; /* of STRING, "*" too */
    gwapi__image_text methods;
    gwapi__image_text headers;
    gwapi__image_text exposed;
    gwapi__image_text max_age; /* decimal */
} gwapi__image_cors;

typedef struct gwapi__image_auth {
    uint32_t protocol; /* gwapi_auth_protocol: HTTP or GRPC */
    uint32_t backend;  /* of BACKEND */
    gwapi__image_text path;              /* absent: none */
    gwapi__image_range headers;          /* of STRING: allowedHeaders */
    gwapi__image_range response_headers; /* of STRING: allowedResponseHeaders */
    uint32_t has_forward_body;
    uint32_t max_size[2];
} gwapi__image_auth;

typedef struct gwapi__image_extension {
    gwapi__image_text group;
    gwapi__image_text kind;
    gwapi__image_text namespace_;
    gwapi__image_text name;
} gwapi__image_extension;

enum { GWAPI__RETRY_ATTEMPTS = 1u, GWAPI__RETRY_BACKOFF = 2u };

typedef struct gwapi__image_retry {
    uint32_t flags;
    gwapi__image_range codes; /* of NUMBER */
    uint32_t attempts[2];     /* two's complement */
    uint32_t backoff[2];      /* milliseconds */
} gwapi__image_retry;

enum {
    GWAPI__SESSION_PERMANENT = 1u,
    GWAPI__SESSION_ABSOLUTE_TIMEOUT = 2u,
    GWAPI__SESSION_IDLE_TIMEOUT = 4u
};

typedef struct gwapi__image_session {
    uint32_t type; /* gwapi_session_type */
    uint32_t flags;
    gwapi__image_text name; /* made up where none was written */
    uint32_t absolute_timeout[2];
    uint32_t idle_timeout[2];
} gwapi__image_session;

/* A BackendTLSPolicy; backends of an invalid one have the fault INVALID_TLS_POLICY. */
typedef struct gwapi__image_tls_policy {
    gwapi__image_text namespace_;
    gwapi__image_text name;
    gwapi__image_text hostname; /* SNI; verified unless there are names */
    gwapi__image_range names;   /* of SUBJECT_NAME */
    gwapi__image_range bundles; /* of BUNDLE_INDEX: the valid ones */
    gwapi__image_text well_known; /* "System"; absent: the bundles */
    gwapi__image_range options;   /* of OPTION */
} gwapi__image_tls_policy;

typedef struct gwapi__image_subject_name {
    uint32_t uri; /* 1: a URI, 0: a host name */
    gwapi__image_text value;
} gwapi__image_subject_name;

typedef struct gwapi__image_traffic_policy {
    gwapi__image_text namespace_;
    gwapi__image_text name;
    uint32_t has_retry_constraint;
    uint32_t budget_percent[2];
    uint32_t budget_interval[2]; /* milliseconds */
    uint32_t min_retry_count[2];
    uint32_t min_retry_interval[2];
    uint32_t session; /* of SESSION, NONE */
} gwapi__image_traffic_policy;

typedef struct gwapi__image_certificate {
    gwapi__image_text namespace_;
    gwapi__image_text name;
    gwapi__image_text certificate;
    gwapi__image_text key; /* absent without keys */
} gwapi__image_certificate;

typedef struct gwapi__image_bundle {
    gwapi__image_text kind;
    gwapi__image_text namespace_;
    gwapi__image_text name;
    gwapi__image_text certificates;
} gwapi__image_bundle;

typedef struct gwapi__image_option {
    gwapi__image_text name;
    gwapi__image_text value;
} gwapi__image_option;

/* Records are words and nothing else: no padding, the same on every machine. */
#define GWAPI__WORDS(record, words)                                                           \
    static_assert(sizeof(gwapi__image_##record) == (words) * sizeof(uint32_t),                \
                  "the format of " #record " has changed")
GWAPI__WORDS(string, 1);
GWAPI__WORDS(info, 6);
GWAPI__WORDS(scope, 5);
GWAPI__WORDS(door, 10);
GWAPI__WORDS(gateway, 8);
GWAPI__WORDS(listener, 17);
GWAPI__WORDS(service, 4);
GWAPI__WORDS(service_address, 2);
GWAPI__WORDS(service_port, 6);
GWAPI__WORDS(mesh_table, 3);
GWAPI__WORDS(host, 7);
GWAPI__WORDS(name, 4);
GWAPI__WORDS(stream, 2);
GWAPI__WORDS(host_lists, 7);
GWAPI__WORDS(slot, 3);
GWAPI__WORDS(grpc_method, 4);
GWAPI__WORDS(match, 7);
GWAPI__WORDS(condition, 4);
GWAPI__WORDS(rule, 9);
GWAPI__WORDS(rule_options, 7);
GWAPI__WORDS(route, 5);
GWAPI__WORDS(backend, 5);
GWAPI__WORDS(own_filters, 2);
GWAPI__WORDS(target, 9);
GWAPI__WORDS(filter, 3);
GWAPI__WORDS(modifier, 2);
GWAPI__WORDS(header_op, 3);
GWAPI__WORDS(redirect, 6);
GWAPI__WORDS(rewrite, 3);
GWAPI__WORDS(mirror, 3);
GWAPI__WORDS(cors, 7);
GWAPI__WORDS(auth, 10);
GWAPI__WORDS(extension, 4);
GWAPI__WORDS(retry, 7);
GWAPI__WORDS(session, 7);
GWAPI__WORDS(tls_policy, 10);
GWAPI__WORDS(subject_name, 2);
GWAPI__WORDS(traffic_policy, 12);
GWAPI__WORDS(certificate, 4);
GWAPI__WORDS(bundle, 4);
GWAPI__WORDS(option, 2);
#undef GWAPI__WORDS

#endif
