/* What the parts of the plain reading share. */
#ifndef GWAPI_TESTS_MATCH_PLAIN_PARTS_H
#define GWAPI_TESTS_MATCH_PLAIN_PARTS_H

#include <string.h>
#include "match/plain.h"

/* ---- texts ------------------------------------------------------------------------------- */

static inline bool same(gwapi_str a, gwapi_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool is(gwapi_str a, const char *b)
{
    return a.len == strlen(b) && (a.len == 0 || memcmp(a.data, b, a.len) == 0);
}

static inline gwapi_str from(gwapi_str s, size_t at)
{
    return (gwapi_str){s.data + at, s.len - at};
}

static inline gwapi_str until(gwapi_str s, size_t at)
{
    return (gwapi_str){s.data, at};
}

static inline char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static inline bool plain_same_name(gwapi_str a, gwapi_str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.data[i]) != lower(b.data[i]))
            return false;
    return true;
}

static inline gwapi_str trimmed(gwapi_str s)
{
    while (s.len != 0 && (s.data[0] == ' ' || s.data[0] == '\t'))
        s = from(s, 1);
    while (s.len != 0 && (s.data[s.len - 1] == ' ' || s.data[s.len - 1] == '\t'))
        s.len--;
    return s;
}

/* Where `c` stands, or the length. */
static inline size_t place_of(gwapi_str s, char c)
{
    size_t i = 0;

    while (i < s.len && s.data[i] != c)
        i++;
    return i;
}

/* ---- conditions (plain_conditions.c) ----------------------------------------------------- */

/* The request as the conditions see it. */
typedef struct plain_asked {
    const gwapi_request *request;
    gwapi_str method, path, query;
    bool grpc;
    gwapi_str service, grpc_method;
} plain_asked;

/* `canonical` of 2,048 bytes is where a normalized path stands. */
plain_asked plain_read_request(const gwapi_request *request, char *canonical);

/* Does the whole match hold? `grpc`: it is a GRPCRoute's. */
bool plain_holds(const gwapi__route_match *m, bool grpc, const plain_asked *a);

/* Conditions on different names; `exactly`: upper and lower case are different. */
size_t plain_count_different(const gwapi__value_match *all, size_t count, bool exactly);

/* Host or :authority, else the header; absent: none. */
gwapi_str plain_received_host(const gwapi_request *request);
gwapi_str plain_without_port(gwapi_str host);

/* ---- path policies (plain_path.c) -------------------------------------------------------- */

/* The canonical form of a path of less than 1,024 bytes, in `out`, which has 2,048. */
gwapi_str plain_canonical(gwapi_str path, char *out);
/* Of a path without its query. */
bool plain_refuses(gwapi_path_policy policy, gwapi_str path);
/* "/" where there is none; *query begins with its '?', or is empty. */
gwapi_str plain_path_of(const gwapi_request *request, gwapi_str *query);

/* ---- what a rule means (plain_rule.c) ---------------------------------------------------- */

/* `grpc`: the gRPC status counts too. */
void plain_respond(plain_answer *a, gwapi_outcome outcome, gwapi_reason reason, uint32_t status,
                   bool grpc);
/* Filters, then backends. `stream`: of a TLSRoute, TCPRoute or UDPRoute. */
void plain_execute(plain_answer *a, const gwapi__resolved_rule *rule, uint64_t random,
                   const gwapi_request *request, bool stream, bool grpc);
/* A modifier, if the filter is one of that type. */
void plain_modify_by(plain_headers *headers, const gwapi__filter *f, gwapi__filter_type type);
/* The path that a modifier makes of the request's, without query, in `out` of 2,048 bytes; false:
 * the path policy refuses it. */
bool plain_modified_path(const gwapi__route_match *taken, const gwapi_request *request,
                         const gwapi__path_modifier *modifier, char *out, size_t *length);

/* ---- CORS (plain_cors.c) ----------------------------------------------------------------- */

plain_cors plain_read_cors(const gwapi__cors *cors, const gwapi_request *request);
/* `texts` is where values are that stand in no list. */
void plain_apply_cors(plain_headers *headers, const gwapi__cors *cors,
                      const gwapi_request *request, plain_texts *texts);

#endif
