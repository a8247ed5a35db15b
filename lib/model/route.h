/*
 * Routes of all five kinds in one form; the kind stands in the resource. What a kind does not
 * have is empty. Enum members called UNKNOWN hold values a STORED object may have and we do not
 * know; their text is kept for messages.
 */
#ifndef GWAPI_MODEL_ROUTE_H
#define GWAPI_MODEL_ROUTE_H

#include "model/meta.h"

typedef enum gwapi__match_type {
    GWAPI__MATCH_UNKNOWN = 0,
    GWAPI__MATCH_EXACT,
    GWAPI__MATCH_PREFIX, /* paths only */
    GWAPI__MATCH_REGEX
} gwapi__match_type;

typedef struct gwapi__value_match { /* a header or a query parameter */
    gwapi__match_type type;
    gwapi_str name;
    gwapi_str value;
} gwapi__value_match;

typedef struct gwapi__grpc_method {
    gwapi__match_type type;
    gwapi_str service; /* absent or empty: any */
    gwapi_str method;
} gwapi__grpc_method;

typedef struct gwapi__route_match {
    gwapi__match_type path_type; /* HTTPRoute; PREFIX of "/" where none is written */
    bool method_known;           /* false with a method: not of the enum (STORED) */
    gwapi_str path;
    gwapi_str method; /* HTTP method, absent: any */
    const gwapi__value_match *headers;
    size_t header_count;
    const gwapi__value_match *query;
    size_t query_count;
    const gwapi__grpc_method *grpc; /* GRPCRoute; NULL: none is written, any */
} gwapi__route_match;

typedef struct gwapi__header_modifier {
    gwapi__pairs set;
    gwapi__pairs add;
    gwapi__strs remove;
} gwapi__header_modifier;

typedef enum gwapi__path_modifier_type {
    GWAPI__PATH_KEEP = 0, /* no path modifier */
    GWAPI__PATH_REPLACE_FULL,
    GWAPI__PATH_REPLACE_PREFIX,
    GWAPI__PATH_MODIFIER_UNKNOWN
} gwapi__path_modifier_type;

typedef struct gwapi__path_modifier {
    gwapi__path_modifier_type type;
    gwapi_str value;
} gwapi__path_modifier;

typedef struct gwapi__redirect {
    gwapi_str scheme;   /* absent: the request's; "http" or "https", else unsupported */
    gwapi_str hostname; /* absent: the request's */
    gwapi__path_modifier path;
    int32_t port; /* 0: derived */
    int32_t status;
} gwapi__redirect;

typedef struct gwapi__rewrite {
    gwapi_str hostname;
    gwapi__path_modifier path;
} gwapi__rewrite;

typedef struct gwapi__backend_object { /* BackendObjectReference */
    gwapi__reference ref;
    int32_t port; /* 0: none */
} gwapi__backend_object;

typedef struct gwapi__mirror {
    gwapi__backend_object backend;
    int32_t numerator; /* of the fraction in force: percent p is p/100, none is 1/1 */
    int32_t denominator;
} gwapi__mirror;

typedef struct gwapi__cors {
    gwapi__strs allow_origins;
    gwapi__strs allow_methods;
    gwapi__strs allow_headers;
    gwapi__strs expose_headers;
    bool allow_credentials;
    int32_t max_age;
} gwapi__cors;

typedef enum gwapi__auth_protocol {
    GWAPI__AUTH_UNKNOWN = 0,
    GWAPI__AUTH_HTTP,
    GWAPI__AUTH_GRPC
} gwapi__auth_protocol;

typedef struct gwapi__external_auth {
    gwapi__auth_protocol protocol;
    gwapi__backend_object backend;
    gwapi_str path;
    gwapi__strs allowed_headers; /* of the protocol in force */
    gwapi__strs allowed_response_headers;
    bool has_forward_body;
    int64_t max_size; /* forwardBody.maxSize; 0: none */
} gwapi__external_auth;

typedef enum gwapi__filter_type {
    GWAPI__FILTER_UNKNOWN = 0,
    GWAPI__FILTER_REQUEST_HEADERS,
    GWAPI__FILTER_RESPONSE_HEADERS,
    GWAPI__FILTER_MIRROR,
    GWAPI__FILTER_REDIRECT,
    GWAPI__FILTER_REWRITE,
    GWAPI__FILTER_CORS,
    GWAPI__FILTER_EXTERNAL_AUTH,
    GWAPI__FILTER_EXTENSION
} gwapi__filter_type;

typedef struct gwapi__filter {
    gwapi__filter_type type;
    gwapi_str type_text;
    union {
        gwapi__header_modifier headers;
        gwapi__mirror mirror;
        gwapi__redirect redirect;
        gwapi__rewrite rewrite;
        gwapi__cors cors;
        gwapi__external_auth auth;
        gwapi__reference extension;
    } as;
} gwapi__filter;

typedef struct gwapi__backend_ref {
    gwapi__backend_object backend;
    int32_t weight;
    const gwapi__filter *filters;
    size_t filter_count;
} gwapi__backend_ref;

/* A GEP-2257 duration in milliseconds. */
typedef struct gwapi__duration {
    bool present;
    uint64_t milliseconds;
} gwapi__duration;

typedef struct gwapi__timeouts {
    gwapi__duration request;
    gwapi__duration backend;
} gwapi__timeouts;

typedef struct gwapi__retry {
    const int32_t *codes;
    size_t code_count;
    bool has_attempts;
    int64_t attempts;
    gwapi__duration backoff;
} gwapi__retry;

typedef enum gwapi__session_type {
    GWAPI__SESSION_UNKNOWN = 0,
    GWAPI__SESSION_COOKIE,
    GWAPI__SESSION_HEADER
} gwapi__session_type;

typedef enum gwapi__session_lifetime { /* of the cookie */
    GWAPI__LIFETIME_UNKNOWN = 0,
    GWAPI__LIFETIME_SESSION,
    GWAPI__LIFETIME_PERMANENT
} gwapi__session_lifetime;

typedef struct gwapi__session_persistence {
    gwapi_str name; /* absent: a stable one is made */
    gwapi__duration absolute_timeout;
    gwapi__duration idle_timeout;
    gwapi__session_type type;
    gwapi__session_lifetime lifetime;
} gwapi__session_persistence;

typedef struct gwapi__rule {
    gwapi_str name; /* absent: none */
    const gwapi__route_match *matches; /* HTTPRoute: at least one (an empty list: the default) */
    size_t match_count;
    const gwapi__filter *filters;
    size_t filter_count;
    const gwapi__backend_ref *backends;
    size_t backend_count;
    const gwapi__timeouts *timeouts; /* this and the next two: NULL where none are written */
    const gwapi__retry *retry;
    const gwapi__session_persistence *session;
    bool undecodable; /* STORED: a part could not be decoded; this rule alone is invalid */
} gwapi__rule;

typedef struct gwapi__route {
    const gwapi__parent_ref *parents;
    size_t parent_count;
    bool use_default_gateways;
    gwapi__strs hostnames;
    const gwapi__rule *rules;
    size_t rule_count;
} gwapi__route;

/* Reads a GEP-2257 duration; false when it has not that form. */
bool gwapi__duration_parse(gwapi_str text, uint64_t *milliseconds);

#endif
