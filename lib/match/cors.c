#include "match/cors.h"

#include "base/result.h"
#include "base/struct.h"
#include "match/rule.h"

#define NO_PORT UINT64_MAX /* none written, and the scheme has none */

/* An origin in its parts. A host keeps its brackets; the port is the scheme's where none is
 * written. */
typedef struct origin {
    gwapi_str scheme;
    gwapi_str host;
    uint64_t port;
} origin;

static bool origin_parse(gwapi_str text, origin *out)
{
    size_t colon = gwapi__str_find(text, GWAPI__STR("://"));

    if (colon == SIZE_MAX)
        return false;
    out->scheme = gwapi__str_sub(text, 0, colon);
    gwapi_str authority = gwapi__str_sub(text, colon + 3, text.len);
    size_t bracket = gwapi__str_rfind_char(authority, ']');
    size_t port = gwapi__str_rfind_char(authority, ':');
    out->host = authority;
    out->port = gwapi__str_eq_nocase(out->scheme, GWAPI__STR("http"))    ? 80
                : gwapi__str_eq_nocase(out->scheme, GWAPI__STR("https")) ? 443
                                                                         : NO_PORT;
    if (port != SIZE_MAX && (bracket == SIZE_MAX || port > bracket)) {
        out->host = gwapi__str_sub(authority, 0, port);
        if (!gwapi__str_to_u64(gwapi__str_sub(authority, port + 1, authority.len), &out->port))
            return false;
    }
    return out->host.len != 0;
}

/* Each '*' stands for one or more bytes. The classic walk: on a mismatch the last '*' takes one
 * byte more, so the time is bounded by the product of both lengths. */
static bool host_matches(gwapi_str pattern, gwapi_str host)
{
    size_t p = 0, h = 0, star = SIZE_MAX, taken = 0;

    while (h < host.len) {
        if (p < pattern.len && pattern.data[p] == '*') {
            star = p++;
            taken = ++h;
        } else if (p < pattern.len &&
                   gwapi__lower(pattern.data[p]) == gwapi__lower(host.data[h])) {
            p++;
            h++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            h = ++taken;
        } else {
            return false;
        }
    }
    return p == pattern.len;
}

static bool origin_allowed(const gwapi_snapshot *s, const gwapi__image_cors *filter,
                           gwapi_str received)
{
    origin theirs, ours;

    if ((filter->flags & GWAPI__CORS_ANY_ORIGIN) != 0)
        return true;
    if (!origin_parse(received, &theirs))
        return false;
    for (uint32_t i = 0; i < filter->origins.count; i++) {
        gwapi_str allowed = gwapi__image_string_at(s, filter->origins.first + i);
        if (origin_parse(allowed, &ours) && gwapi__str_eq_nocase(ours.scheme, theirs.scheme) &&
            ours.port == theirs.port && host_matches(ours.host, theirs.host))
            return true;
    }
    return false;
}

void gwapi__cors_evaluate(gwapi__cors *out, const gwapi_snapshot *s,
                          const gwapi__image_cors *filter, const gwapi_request *request)
{
    *out = (gwapi__cors){.filter = filter};
    out->present =
        gwapi__request_header_named(s, request, GWAPI__STR("origin"), &out->origin);
    if (!out->present)
        return;
    out->allowed = origin_allowed(s, filter, out->origin);
    gwapi__request_header_named(s, request, GWAPI__STR("access-control-request-headers"),
                                &out->requested_headers);
    out->preflight = gwapi__str_eq(gwapi__request_method(request), GWAPI__STR("OPTIONS")) &&
                     gwapi__request_header_named(
                         s, request, GWAPI__STR("access-control-request-method"),
                         &out->requested_method);
}

/* A list in a response: "*" where any is allowed and no credentials go along, else what the
 * request asked for, else the list; absent when that is empty. */
static gwapi_str list_value(bool any, bool credentials, gwapi_str asked, gwapi_str list)
{
    if (!any)
        return list;
    return credentials ? asked : GWAPI__STR("*");
}

static void put(gwapi_header_op *ops, size_t *count, gwapi_header_action action, gwapi_str name,
                gwapi_str value)
{
    if (value.len != 0)
        ops[(*count)++] = (gwapi_header_op){action, 0, name, value};
}

size_t gwapi__cors_ops(const gwapi__cors *cors, const gwapi_snapshot *s,
                       gwapi_header_op ops[GWAPI__CORS_OPS])
{
    const gwapi__image_cors *f = cors->filter;
    size_t n = 0;

    if (!cors->present || !cors->allowed)
        return 0;
    bool credentials = (f->flags & GWAPI__CORS_CREDENTIALS) != 0;
    bool echo = credentials || (f->flags & GWAPI__CORS_ANY_ORIGIN) == 0;
    put(ops, &n, GWAPI_HEADER_SET, GWAPI__STR("Access-Control-Allow-Origin"),
        echo ? cors->origin : GWAPI__STR("*"));
    if (credentials)
        put(ops, &n, GWAPI_HEADER_SET, GWAPI__STR("Access-Control-Allow-Credentials"),
            GWAPI__STR("true"));
    if (cors->preflight) {
        put(ops, &n, GWAPI_HEADER_SET, GWAPI__STR("Access-Control-Allow-Methods"),
            list_value((f->flags & GWAPI__CORS_ANY_METHOD) != 0, credentials,
                       cors->requested_method, gwapi__image_str(s, f->methods)));
        put(ops, &n, GWAPI_HEADER_SET, GWAPI__STR("Access-Control-Allow-Headers"),
            list_value((f->flags & GWAPI__CORS_ANY_HEADER) != 0, credentials,
                       cors->requested_headers, gwapi__image_str(s, f->headers)));
    }
    /* With credentials "*" must not be sent: what else is listed remains. */
    put(ops, &n, GWAPI_HEADER_SET, GWAPI__STR("Access-Control-Expose-Headers"),
        list_value((f->flags & GWAPI__CORS_ANY_EXPOSED) != 0, credentials,
                   gwapi__image_str(s, f->exposed), gwapi__image_str(s, f->exposed)));
    if (cors->preflight)
        put(ops, &n, GWAPI_HEADER_SET, GWAPI__STR("Access-Control-Max-Age"),
            gwapi__image_str(s, f->max_age));
    if (echo)
        put(ops, &n, GWAPI_HEADER_ADD, GWAPI__STR("Vary"), GWAPI__STR("Origin"));
    return n;
}

gwapi_result gwapi_decision_cors(const gwapi_decision *decision, const gwapi_request *request,
                                 uint32_t backend, gwapi_cors_answer *out)
{
    gwapi_cors_answer answer = {.struct_size = sizeof answer};
    gwapi_request r;

    if (!gwapi__decision_usable(decision))
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__request_in(&r, request));
    const gwapi__image_filter *filter =
        gwapi__filters_last(decision, backend, GWAPI__IMAGE_FILTER_CORS);
    if (filter != NULL) {
        gwapi__cors cors;
        gwapi__cors_evaluate(&cors, decision->snapshot,
                             gwapi__image_CORS(decision->snapshot, filter->item), &r);
        answer.present = cors.present;
        answer.allowed = cors.allowed;
        answer.preflight = cors.preflight;
    }
    return gwapi__struct_out(out, &answer, sizeof answer, sizeof answer);
}
