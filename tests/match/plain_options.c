/* What else follows from a rule: the auth backend's call, retries, sessions, policies. */
#include "match/plain_parts.h"

static gwapi_str str(const char *text)
{
    return (gwapi_str){text, strlen(text)};
}

/* ---- external authorization -------------------------------------------------------------- */

/* The filters of the rule, or of one of its backendRefs, that stand before a request is
 * answered; *count of them. */
static const gwapi__resolved_filter *list_of(const plain_answer *a, uint32_t backend,
                                             size_t *count)
{
    if (backend == GWAPI_NONE) {
        *count = a->resolved->filter_count;
        return a->resolved->filters;
    }
    *count = a->resolved->backends[backend].filter_count;
    return a->resolved->backends[backend].filters;
}

/* Does a request get behind the filter? */
static bool passes(const gwapi__resolved_filter *f, const gwapi_request *request)
{
    if (f->invalid || f->spec->type == GWAPI__FILTER_REDIRECT)
        return false;
    return f->spec->type != GWAPI__FILTER_CORS ||
           !plain_read_cors(&f->spec->as.cors, request).preflight;
}

const gwapi__resolved_filter *plain_auth(const plain_answer *a, uint32_t backend,
                                         const gwapi_request *request)
{
    size_t count;
    const gwapi__resolved_filter *list = list_of(a, GWAPI_NONE, &count);

    for (size_t i = 0; i < count; i++) {
        if (backend == GWAPI_NONE && list[i].spec->type == GWAPI__FILTER_EXTERNAL_AUTH)
            return list[i].invalid ? NULL : &list[i];
        if (!passes(&list[i], request))
            return NULL;
    }
    if (backend == GWAPI_NONE || a->resolved->backends[backend].fault != GWAPI__FAULT_NONE)
        return NULL;
    list = list_of(a, backend, &count);
    for (size_t i = 0; i < count; i++) {
        if (list[i].spec->type == GWAPI__FILTER_EXTERNAL_AUTH)
            return list[i].invalid ? NULL : &list[i];
        if (!passes(&list[i], request))
            return NULL;
    }
    return NULL;
}

static bool is_sent(const gwapi__external_auth *auth, gwapi_str name)
{
    bool http = auth->protocol == GWAPI__AUTH_HTTP;

    if (http &&
        (plain_same_name(name, str("host")) || plain_same_name(name, str("content-length"))))
        return false;
    if (http && plain_same_name(name, str("authorization")))
        return true;
    for (size_t i = 0; i < auth->allowed_headers.count; i++)
        if (plain_same_name(auth->allowed_headers.items[i], name))
            return true;
    return !http && auth->allowed_headers.count == 0;
}

void plain_auth_headers(const plain_answer *a, uint32_t backend,
                        const gwapi__resolved_filter *filter, plain_headers *headers)
{
    size_t kept = 0, count;
    const gwapi__resolved_filter *list = list_of(a, GWAPI_NONE, &count);

    for (size_t i = 0; i < count && &list[i] != filter; i++)
        plain_modify_by(headers, list[i].spec, GWAPI__FILTER_REQUEST_HEADERS);
    if (backend != GWAPI_NONE) {
        list = list_of(a, backend, &count);
        for (size_t i = 0; i < count && &list[i] != filter; i++)
            plain_modify_by(headers, list[i].spec, GWAPI__FILTER_REQUEST_HEADERS);
    }
    for (size_t i = 0; i < headers->count; i++)
        if (is_sent(&filter->spec->as.auth, headers->lines[i].name))
            headers->lines[kept++] = headers->lines[i];
    headers->count = kept;
}

size_t plain_auth_path(const gwapi__external_auth *auth, const gwapi_request *request,
                       char *out)
{
    char prefix[2048], canonical[2048];
    gwapi_str query, path = plain_path_of(request, &query);
    size_t n = 0;

    if (request->path_policy == GWAPI_PATH_NORMALIZE)
        path = plain_canonical(path, canonical);
    if (auth->path.len != 0) {
        prefix[0] = '/';
        memcpy(prefix + 1, auth->path.data, auth->path.len);
        n = plain_canonical((gwapi_str){prefix, auth->path.len + 1}, out).len;
        if (out[n - 1] == '/')
            n--;
        if (n != 0 && path.data[0] != '/')
            out[n++] = '/';
    }
    memcpy(out + n, path.data, path.len);
    n += path.len;
    memcpy(out + n, query.data, query.len);
    return n + query.len;
}

/* ---- sessions ---------------------------------------------------------------------------- */

bool plain_same_session(const gwapi__session_persistence *spec, const gwapi_session_info *is_)
{
    if (spec == NULL)
        return is_->type == GWAPI_SESSION_NONE;
    bool header = spec->type == GWAPI__SESSION_HEADER;
    return is_->type == (header ? GWAPI_SESSION_HEADER : GWAPI_SESSION_COOKIE) &&
           is_->permanent == (spec->lifetime == GWAPI__LIFETIME_PERMANENT) &&
           is_->has_absolute_timeout == spec->absolute_timeout.present &&
           is_->absolute_timeout == spec->absolute_timeout.milliseconds &&
           is_->has_idle_timeout == spec->idle_timeout.present &&
           is_->idle_timeout == spec->idle_timeout.milliseconds &&
           (spec->name.len != 0 ? same(spec->name, is_->name) : is_->name.len != 0);
}

/* What a pattern says in so many letters before anything that could be another. */
static size_t literal_length(gwapi_str pattern)
{
    size_t n = 0;

    for (size_t i = 0; i < pattern.len; i++) /* an alternative may be any other */
        if (pattern.data[i] == '|')
            return 0;
    while (n < pattern.len && strchr("\\.[](){}*+?^$|", pattern.data[n]) == NULL)
        n++;
    return n != 0 && n < pattern.len && strchr("*?{", pattern.data[n]) != NULL ? n - 1 : n;
}

static bool covers_path(gwapi_str value, gwapi_str path)
{
    return value.len <= path.len && same(until(path, value.len), value);
}

bool plain_is_cookie_path(const plain_answer *a, const gwapi_request *request, gwapi_str given)
{
    const gwapi__route_match *m = a->taken;
    char canonical[2048], text[512];
    gwapi_str query, path = plain_path_of(request, &query);

    if (request->path_policy == GWAPI_PATH_NORMALIZE)
        path = plain_canonical(path, canonical);
    if (a->route->kind == GWAPI__KIND_GRPC_ROUTE) {
        size_t n = 0;
        text[n++] = '/';
        if (m->grpc != NULL && m->grpc->type == GWAPI__MATCH_EXACT &&
            m->grpc->service.len != 0) {
            memcpy(text + n, m->grpc->service.data, m->grpc->service.len);
            n += m->grpc->service.len;
            if (m->grpc->method.len != 0) {
                text[n++] = '/';
                memcpy(text + n, m->grpc->method.data, m->grpc->method.len);
                n += m->grpc->method.len;
            }
        }
        return same(given, (gwapi_str){text, n});
    }
    if (m->path_type != GWAPI__MATCH_REGEX)
        return same(given, m->path);
    /* A pattern: what its paths all begin with, this one too; no less than it says in letters.
     */
    return given.len != 0 && given.data[0] == '/' &&
           (given.len == 1 || covers_path(given, path)) && given.len >= literal_length(m->path);
}

/* ---- retries and policies ---------------------------------------------------------------- */

bool plain_same_retry(const gwapi__retry *spec, const gwapi_decision *d)
{
    gwapi_retry_info info = {.struct_size = sizeof info};

    if (gwapi_decision_retry(d, &info) != GWAPI_OK || info.present != (spec != NULL))
        return false;
    if (spec == NULL)
        return true;
    for (size_t i = 0; i < spec->code_count; i++)
        if (gwapi_decision_retry_code_at(d, i) != (uint32_t)spec->codes[i])
            return false;
    return info.code_count == spec->code_count && info.has_attempts == spec->has_attempts &&
           info.attempts == spec->attempts && info.has_backoff == spec->backoff.present &&
           info.backoff == spec->backoff.milliseconds;
}

bool plain_same_traffic(const gwapi__resolved_backend *backend, const gwapi_decision *d,
                        size_t i)
{
    gwapi_traffic_info info = {.struct_size = sizeof info};
    gwapi_session_info session = {.struct_size = sizeof session};
    const gwapi__resource *policy = backend->traffic_policy;

    if (gwapi_decision_traffic(d, i, &info) != GWAPI_OK ||
        gwapi_decision_traffic_session(d, i, &session) != GWAPI_OK ||
        info.present != (policy != NULL))
        return false;
    if (policy == NULL)
        return session.type == GWAPI_SESSION_NONE;
    const gwapi__backend_traffic_policy *spec = policy->as.traffic_policy;
    return same(info.namespace_, policy->meta.namespace_) &&
           same(info.name, policy->meta.name) &&
           info.has_retry_constraint == spec->has_retry_constraint &&
           info.budget_percent == spec->budget_percent &&
           info.budget_interval == spec->budget_interval.milliseconds &&
           info.min_retry_count == spec->min_retry_count &&
           info.min_retry_interval == spec->min_retry_interval.milliseconds &&
           plain_same_session(spec->session, &session);
}
