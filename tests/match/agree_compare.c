/* Is what the image says what the plain reading says? */
#include "match/agree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/slice.h"

/* ---- an answer, and another -------------------------------------------------------------- */

/* What differs; NULL: nothing. */
static const char *compare_rule(const gwapi_decision *d, const plain_answer *a)
{
    gwapi_route_info route = {.struct_size = sizeof route};
    gwapi_rule_info rule = {.struct_size = sizeof rule};

    if ((d->route == GWAPI_NONE) != (a->route == NULL))
        return "whether there is a route";
    if (a->route == NULL)
        return NULL;
    agree_need(gwapi_snapshot_route_at(d->snapshot, d->route, &route), "route");
    agree_need(gwapi_snapshot_rule_at(d->snapshot, d->rule, &rule), "rule");
    if (!gwapi__str_eq(route.namespace_, a->route->meta.namespace_) ||
        !gwapi__str_eq(route.name, a->route->meta.name))
        return "the route";
    if (rule.route != d->route || rule.index != a->rule)
        return "the rule";
    if (d->match != a->match)
        return "the match";
    static const gwapi__timeouts none;
    const gwapi__timeouts *timeouts = a->resolved->spec->timeouts;
    if (timeouts == NULL)
        timeouts = &none;
    if (rule.has_request_timeout != (uint32_t)timeouts->request.present ||
        rule.has_backend_timeout != (uint32_t)timeouts->backend.present ||
        rule.request_timeout != timeouts->request.milliseconds ||
        rule.backend_timeout != timeouts->backend.milliseconds)
        return "a timeout";
    return NULL;
}

static const char *compare_listener(const gwapi_decision *d, const plain_answer *a)
{
    gwapi_listener_info listener = {.struct_size = sizeof listener};

    if ((d->listener == GWAPI_NONE) != (a->gateway == NULL))
        return "whether there is a listener";
    if (a->gateway == NULL)
        return NULL;
    agree_need(gwapi_snapshot_listener_at(d->snapshot, d->listener, &listener), "listener");
    return gwapi__str_eq(listener.gateway_namespace, a->gateway->meta.namespace_) &&
                   gwapi__str_eq(listener.gateway_name, a->gateway->meta.name) &&
                   gwapi__str_eq(listener.name, a->listener)
               ? NULL
               : "the listener";
}

static const char *compare_mirrors(const gwapi_decision *d, const plain_answer *a)
{
    uint64_t drawn = 0;

    for (size_t i = 0; i < gwapi_decision_mirror_count(d); i++) {
        gwapi_mirror_info mirror = {.struct_size = sizeof mirror};
        agree_need(gwapi_decision_mirror_at(d, i, &mirror), "mirror");
        drawn |= (uint64_t)(mirror.drawn != 0) << i;
    }
    return drawn == a->mirrors ? NULL : "which mirrors are drawn";
}

/* The values of each name in their order; how lines of different names stand does not count. */
static bool same_lines(const plain_headers *x, const plain_headers *y)
{
    if (x->count != y->count)
        return false;
    for (size_t i = 0; i < x->count; i++) {
        size_t nth = 0, k = 0;
        for (size_t j = 0; j < i; j++)
            nth += plain_same_name(x->lines[j].name, x->lines[i].name);
        while (k < y->count &&
               (!plain_same_name(y->lines[k].name, x->lines[i].name) || nth-- != 0))
            k++;
        if (k == y->count || !gwapi__str_eq(y->lines[k].value, x->lines[i].value))
            return false;
    }
    return true;
}

/* `given`: the request as the image sees it, `request` with its headers in a list. */
static bool headers_agree(const gwapi_decision *d, const plain_answer *a,
                          const gwapi_request *given, const gwapi_request *request,
                          bool response)
{
    static const gwapi_header answered[] = {{GWAPI_STR_INIT("X-A"), GWAPI_STR_INIT("0")},
                                            {GWAPI_STR_INIT("x-b"), GWAPI_STR_INIT("0")}};
    plain_texts texts[2];
    const gwapi_header *lines = response ? answered : request->headers;
    plain_headers image = {.count = response ? 2 : request->header_count}, own;
    gwapi_header_op ops[64];
    size_t count;

    for (size_t i = 0; i < image.count; i++)
        image.lines[i] = lines[i];
    own = image;
    agree_need(gwapi_decision_header_ops(
                   d, given, d->chosen,
                   response ? GWAPI_HEADERS_RESPONSE : GWAPI_HEADERS_REQUEST, ops, 64, &count),
               "header operations");
    for (size_t i = 0; i < count; i++) {
        if (ops[i].action == GWAPI_HEADER_SET)
            plain_header_set(&image, ops[i].name, ops[i].value);
        else if (ops[i].action == GWAPI_HEADER_ADD)
            plain_header_add(&image, ops[i].name, ops[i].value);
        else
            plain_header_remove(&image, ops[i].name);
    }
    plain_modify(&own, a, request, response, texts);
    return same_lines(&image, &own);
}

/* ---- options of a rule ------------------------------------------------------------------- */

static const char *compare_options(const gwapi_decision *d, const plain_answer *a,
                                   const gwapi_request *request)
{
    const gwapi__rule *spec = a->resolved->spec;
    gwapi_session_info session = {.struct_size = sizeof session};
    char path[512];
    size_t length;

    if (!plain_same_retry(spec->retry, d))
        return "the retry";
    agree_need(gwapi_decision_session(d, &session), "session");
    if (!plain_same_session(spec->session, &session))
        return "the session persistence";
    for (size_t i = 0; i < a->resolved->backend_count; i++)
        if (!plain_same_traffic(&a->resolved->backends[i], d, i))
            return "a backend's traffic policy";
    if (a->match == GWAPI_NONE)
        return NULL;
    agree_need(gwapi_decision_cookie_path(d, path, sizeof path, &length), "cookie path");
    return plain_is_cookie_path(a, request, gwapi__str(path, length)) ? NULL
                                                                      : "the cookie's path";
}

/* ---- external authorization -------------------------------------------------------------- */

static const char *compare_call(const gwapi_decision *d, const gwapi_auth_call *call,
                                const gwapi__resolved_filter *filter)
{
    const gwapi__external_auth *spec = &filter->spec->as.auth;
    gwapi_backend_info backend = {.struct_size = sizeof backend};
    bool http = spec->protocol == GWAPI__AUTH_HTTP;

    if (call->protocol != (http ? GWAPI_AUTH_HTTP : GWAPI_AUTH_GRPC))
        return "the auth backend's protocol";
    if (call->body_bytes != (spec->has_forward_body ? (uint64_t)spec->max_size : 0))
        return "how much of the body is forwarded";
    agree_need(gwapi_snapshot_backend_at(d->snapshot, call->backend, &backend), "auth backend");
    if (!gwapi__str_eq(backend.name, spec->backend.ref.name) ||
        !gwapi__str_eq(backend.namespace_, filter->backend->namespace_) ||
        backend.port != (uint32_t)spec->backend.port)
        return "the auth backend";
    return NULL;
}

static const char *compare_auth(const gwapi_decision *d, const plain_answer *a,
                                const gwapi_request *given, const gwapi_request *request,
                                uint32_t backend)
{
    const gwapi__resolved_filter *filter = plain_auth(a, backend, request);
    gwapi_auth_call call = {.struct_size = sizeof call};
    plain_headers own = {.count = request->header_count}, image;
    char x[2048], y[2048];
    size_t n;

    agree_need(gwapi_auth_request(d, given, backend, &call), "auth request");
    if ((call.protocol == GWAPI_AUTH_NONE) != (filter == NULL))
        return "whether an auth backend is asked";
    if (filter == NULL)
        return NULL;
    const char *difference = compare_call(d, &call, filter);
    if (difference != NULL)
        return difference;
    if (call.protocol == GWAPI_AUTH_HTTP) {
        agree_need(gwapi_auth_path(d, given, backend, x, sizeof x, &n), "auth path");
        if (n != plain_auth_path(&filter->spec->as.auth, request, y) || memcmp(x, y, n) != 0)
            return "the auth backend's path";
    }
    for (size_t i = 0; i < own.count; i++)
        own.lines[i] = request->headers[i];
    plain_auth_headers(a, backend, filter, &own);
    gwapi_result result = gwapi_auth_headers(d, given, backend, image.lines, 64, &image.count);
    if (given->getter != NULL && result == GWAPI_ESTATE)
        return filter->spec->as.auth.allowed_headers.count != 0 ? "what a getter tells" : NULL;
    agree_need(result, "auth headers");
    return same_lines(&image, &own) ? NULL : "the auth backend's headers";
}

/* ---- all of it --------------------------------------------------------------------------- */

static const char *compare_cors(const gwapi_decision *d, const plain_answer *a,
                                const gwapi_request *given, const gwapi_request *request)
{
    plain_cors own = plain_cors_of(a, request);
    gwapi_cors_answer cors = {.struct_size = sizeof cors};

    agree_need(gwapi_decision_cors(d, given, d->chosen, &cors), "CORS");
    return cors.present == own.present && cors.allowed == own.allowed &&
                   cors.preflight == own.preflight
               ? NULL
               : "what CORS says";
}

static const char *compare_forward(const gwapi_decision *d, const plain_answer *a,
                                   const gwapi_request *given, const gwapi_request *request)
{
    char x[2048], y[2048];
    gwapi_str host;
    size_t n = 0;

    agree_need(gwapi_decision_path(d, given, d->chosen, x, sizeof x, &n), "path");
    if (n != plain_path(a, request, y, sizeof y) || memcmp(x, y, n) != 0)
        return "the path";
    agree_need(gwapi_decision_host(d, given, d->chosen, &host), "host");
    n = plain_host(a, request, y, sizeof y);
    if (!gwapi__str_eq(host, gwapi__str(y, n)))
        return "the host";
    return headers_agree(d, a, given, request, false) ? NULL : "the request's headers";
}

static const char *compare_redirect(const gwapi_decision *d, const plain_answer *a,
                                    const gwapi_request *given, const gwapi_request *request)
{
    char x[2048], y[2048];
    uint32_t status;
    size_t n;

    agree_need(gwapi_decision_redirect(d, given, d->chosen, x, sizeof x, &n, &status),
               "redirect");
    return n == plain_location(a, request, y, sizeof y) && memcmp(x, y, n) == 0 &&
                   status == a->status
               ? NULL
               : "the redirect";
}

static const char *compare_effects(const gwapi_decision *d, const plain_answer *a,
                                   const gwapi_request *given, const gwapi_request *request)
{
    const char *difference = NULL;

    if (a->resolved == NULL)
        return NULL;
    difference = compare_options(d, a, request);
    if (difference != NULL || a->match == GWAPI_NONE)
        return difference;
    difference = compare_mirrors(d, a);
    if (difference == NULL)
        difference = compare_cors(d, a, given, request);
    if (difference == NULL)
        difference = compare_auth(d, a, given, request, GWAPI_NONE);
    if (difference == NULL && a->chosen != GWAPI_NONE)
        difference = compare_auth(d, a, given, request, a->chosen);
    if (difference == NULL && d->outcome == GWAPI_OUTCOME_REDIRECT)
        difference = compare_redirect(d, a, given, request);
    if (difference == NULL && d->outcome == GWAPI_OUTCOME_FORWARD)
        difference = compare_forward(d, a, given, request);
    if (difference != NULL)
        return difference;
    return headers_agree(d, a, given, request, true) ? NULL : "the response's headers";
}

const char *agree_compare(const gwapi_decision *d, const plain_answer *a,
                          const gwapi_request *given, const gwapi_request *request)
{
    uint32_t status = (d->flags & GWAPI_DECISION_STATUS) != 0 ? d->status : 0;
    uint32_t grpc = (d->flags & GWAPI_DECISION_GRPC_STATUS) != 0 ? d->grpc_status : 0;
    const char *difference = compare_listener(d, a);

    if (difference == NULL)
        difference = compare_rule(d, a);
    if (difference != NULL)
        return difference;
    if (d->outcome != a->outcome || d->reason != a->reason)
        return "the outcome";
    if (status != a->status)
        return "the status";
    if (grpc != a->grpc_status)
        return "the gRPC status";
    if (d->chosen != a->chosen)
        return "the backend";
    if (d->mesh_role != a->role)
        return "the role in the mesh";
    if (((d->flags & GWAPI_DECISION_PATH_DIFFERS) != 0) != a->path_differs)
        return "whether the canonical path is another";
    return compare_effects(d, a, given, request);
}
