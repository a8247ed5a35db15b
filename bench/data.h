/*
 * A table of routes and requests for it, in memory before any clock is read:
 * DIR/manifests.yaml, DIR/manifests.json, DIR/requests.jsonl. The JSON is also taken apart
 * here, without the library, into the flat rows that the floors and the plain walk (linear.h)
 * work on.
 */
#ifndef BENCH_DATA_H
#define BENCH_DATA_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <stdbool.h>
#include <jansson.h>
#include <pcre2.h>
#include <gatewayapi/match.h>

/* A header or query parameter that is asked for. */
typedef struct bench_condition {
    gwapi_str name;
    gwapi_str value;
    pcre2_code *regex; /* NULL: the value itself */
} bench_condition;

typedef struct bench_listener {
    uint32_t gateway;
    uint32_t port;
    bool takes_http; /* HTTPRoutes */
    bool takes_grpc;
    gwapi_str name;
    gwapi_str hostname; /* empty: any */
} bench_listener;

typedef enum bench_path_type { BENCH_EXACT, BENCH_REGEX, BENCH_PREFIX } bench_path_type;

/* One match of one rule, for one hostname and one parent of its route. */
typedef struct bench_row {
    uint32_t gateway;
    gwapi_str section; /* of the parentRef; empty: every listener */
    gwapi_str host;    /* empty: any */
    bool grpc;
    bench_path_type path_type;
    gwapi_str path; /* of a GRPCRoute: what its method means as a path */
    pcre2_code *path_regex;
    gwapi_str method;
    bench_condition *headers;
    bench_condition *query;
    size_t header_count;
    size_t query_count;
    size_t service_len; /* GRPCRoute: of the texts its precedence counts */
    size_t method_len;
    gwapi_str created;
    gwapi_str kind;
    gwapi_str route; /* namespace/name */
    uint32_t rule;
    uint32_t match;
} bench_row;

typedef struct bench_request {
    gwapi_arrival arrival;
    gwapi_request request;
    uint64_t random;
    uint32_t gateway;
    gwapi_str key;   /* the host in lower case, without port */
    gwapi_str path;  /* without the query */
    gwapi_str query; /* without the question mark */
} bench_request;

typedef struct bench_data {
    gwapi_str yaml;
    gwapi_str json;
    json_t *document;    /* owns the texts of the rows */
    json_t *lines;       /* owns those of the requests */
    gwapi_str *gateways; /* namespace/name */
    size_t gateway_count;
    bench_listener *listeners;
    size_t listener_count;
    bench_row *rows; /* of a gateway together, in order of precedence */
    size_t row_count;
    size_t *first_row; /* by gateway, and one more for the end */
    size_t rule_count;
    size_t object_count;
    bench_request *requests;
    size_t request_count;
} bench_data;

void bench_data_load(bench_data *data, const char *directory);
void bench_data_free(bench_data *data);

bool bench_equal(gwapi_str a, gwapi_str b);
/* `pattern` is empty (any), a name, or "*." and a suffix. */
bool bench_host_covers(gwapi_str pattern, gwapi_str host);

#endif
