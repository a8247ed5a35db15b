/*
 * Rules that cannot be executed (attachment.md §9): values we do not know (of STORED objects),
 * filters that contradict each other, and what the data plane lacks. Such a rule is dropped.
 */
#include "resolve/resolver.h"

#include "regex/regex.h"

/* One rule under judgement; the first fault found is kept. */
typedef struct trial {
    gwapi__resolver *r;
    const gwapi__rule *rule;
    bool http;
    bool mesh;
    gwapi__finding fault;
    gwapi_result result;
} trial;

static bool done(const trial *t)
{
    return t->fault.id != GWAPI__NO_CONDITION || t->result != GWAPI_OK;
}

#define FAULT(t, condition, ...)                                                               \
    do {                                                                                       \
        (t)->fault.id = (condition);                                                           \
        (t)->result =                                                                          \
            gwapi__message(&(t)->fault.message, gwapi__resolver_arena((t)->r), __VA_ARGS__);   \
    } while (0)

/* In the mesh a feature may go by a name of its own. */
static void need(trial *t, gwapi__feature feature, gwapi__feature in_mesh)
{
    const bool *has = t->r->features.has;

    if (!done(t) && t->http && !has[feature] && !(t->mesh && has[in_mesh]))
        FAULT(t, GWAPI__ROUTE_UNSUPPORTED, "the data plane lacks %s",
              gwapi__feature_name(feature));
}

/* ---- matches ------------------------------------------------------------------------- */

static void check_pattern(trial *t, gwapi__match_type type, gwapi_str pattern,
                          const char *where)
{
    gwapi__regex *none = NULL;
    gwapi__regex_error error = {.message = ""};

    if (done(t) || type != GWAPI__MATCH_REGEX)
        return;
    gwapi_result r =
        gwapi__regex_compile(&none, &t->r->scratch.allocator, pattern, GWAPI__REGEX_SYNTAX_ONLY,
                             t->r->t->limits.regex_states, &error);
    if (r == GWAPI_EREGEX)
        FAULT(t, GWAPI__ROUTE_UNSUPPORTED, "%s: regular expression \"%s\" is not valid: %s",
              gwapi__str_of(where), pattern, gwapi__str_of(error.message));
    else if (r == GWAPI_ELIMIT)
        FAULT(t, GWAPI__ROUTE_UNSUPPORTED, "%s: regular expression \"%s\" is too large",
              gwapi__str_of(where), pattern);
    else
        t->result = r;
}

static void check_values(trial *t, const gwapi__value_match *values, size_t count,
                         const char *where)
{
    for (size_t i = 0; i < count && !done(t); i++) {
        if (values[i].type != GWAPI__MATCH_EXACT && values[i].type != GWAPI__MATCH_REGEX)
            FAULT(t, GWAPI__ROUTE_UNSUPPORTED,
                  "%s: the type of the match on %s is not supported", gwapi__str_of(where),
                  values[i].name);
        else
            check_pattern(t, values[i].type, values[i].value, where);
    }
}

static void check_http_match(trial *t, const gwapi__route_match *m)
{
    if (m->path_type == GWAPI__MATCH_UNKNOWN)
        FAULT(t, GWAPI__ROUTE_UNSUPPORTED, "matches: the type of path match is not supported");
    else if (m->method.len != 0 && !m->method_known)
        FAULT(t, GWAPI__ROUTE_UNSUPPORTED, "matches: method %s is not supported", m->method);
    check_pattern(t, m->path_type, m->path, "matches.path");
    if (m->method.len != 0)
        need(t, GWAPI__FEATURE_HTTP_METHOD, GWAPI__FEATURE_HTTP_METHOD);
    if (m->query_count != 0)
        need(t, GWAPI__FEATURE_HTTP_QUERY, GWAPI__FEATURE_MESH_QUERY);
}

static void check_grpc_match(trial *t, const gwapi__route_match *m)
{
    const gwapi__grpc_method *grpc = m->grpc;

    if (grpc == NULL)
        return;
    if (grpc->type != GWAPI__MATCH_EXACT && grpc->type != GWAPI__MATCH_REGEX)
        FAULT(t, GWAPI__ROUTE_UNSUPPORTED,
              "matches: the type of method match is not supported");
    check_pattern(t, grpc->type, grpc->service, "matches.method.service");
    check_pattern(t, grpc->type, grpc->method, "matches.method.method");
}

static void check_matches(trial *t)
{
    for (size_t i = 0; i < t->rule->match_count && !done(t); i++) {
        const gwapi__route_match *m = &t->rule->matches[i];
        if (t->http)
            check_http_match(t, m);
        else
            check_grpc_match(t, m);
        check_values(t, m->headers, m->header_count, "matches.headers");
        check_values(t, m->query, m->query_count, "matches.queryParams");
    }
}

/* ---- filters ------------------------------------------------------------------------- */

static bool has_name(gwapi__pairs pairs, gwapi_str name)
{
    for (size_t i = 0; i < pairs.count; i++)
        if (gwapi__str_eq_nocase(pairs.items[i].key, name))
            return true;
    return false;
}

/* One name may stand in one action only. */
static void check_headers(trial *t, const gwapi__header_modifier *m)
{
    gwapi_str twice = {NULL, 0};

    for (size_t i = 0; i < m->add.count; i++)
        if (has_name(m->set, m->add.items[i].key))
            twice = m->add.items[i].key;
    for (size_t i = 0; i < m->remove.count; i++)
        if (has_name(m->set, m->remove.items[i]) || has_name(m->add, m->remove.items[i]))
            twice = m->remove.items[i];
    if (gwapi__str_present(twice))
        FAULT(t, GWAPI__ROUTE_UNSUPPORTED,
              "filters: header %s stands in more than one of set, add and remove", twice);
}

static bool all_prefixes(const gwapi__rule *rule)
{
    for (size_t i = 0; i < rule->match_count; i++)
        if (rule->matches[i].path_type != GWAPI__MATCH_PREFIX)
            return false;
    return true;
}

static void check_path(trial *t, const gwapi__path_modifier *path)
{
    if (path->type == GWAPI__PATH_MODIFIER_UNKNOWN)
        FAULT(t, GWAPI__ROUTE_UNSUPPORTED,
              "filters: the type of path modifier is not supported");
    else if (path->type == GWAPI__PATH_REPLACE_PREFIX && !all_prefixes(t->rule))
        FAULT(t, GWAPI__ROUTE_UNSUPPORTED,
              "filters: ReplacePrefixMatch needs matches of type PathPrefix");
}

static void check_redirect(trial *t, const gwapi__redirect *redirect)
{
    bool scheme = gwapi__str_present(redirect->scheme);

    if (scheme && !gwapi__str_eq(redirect->scheme, GWAPI__STR("http")) &&
        !gwapi__str_eq(redirect->scheme, GWAPI__STR("https")))
        FAULT(t, GWAPI__ROUTE_UNSUPPORTED, "filters: redirect scheme %s is not supported",
              redirect->scheme);
    else if (redirect->status != 301 && redirect->status != 302)
        FAULT(t, GWAPI__ROUTE_UNSUPPORTED, "filters: redirect status %d is not supported",
              (int64_t)redirect->status);
    else if (redirect->port != 0 && !gwapi__is_port(redirect->port))
        FAULT(t, GWAPI__ROUTE_UNSUPPORTED, "filters: redirect port %d is none",
              (int64_t)redirect->port);
    else
        check_path(t, &redirect->path);
    if (scheme)
        need(t, GWAPI__FEATURE_HTTP_SCHEME_REDIRECT, GWAPI__FEATURE_MESH_SCHEME_REDIRECT);
    if (redirect->port != 0)
        need(t, GWAPI__FEATURE_HTTP_PORT_REDIRECT, GWAPI__FEATURE_MESH_REDIRECT_PORT);
    if (redirect->path.type != GWAPI__PATH_KEEP)
        need(t, GWAPI__FEATURE_HTTP_PATH_REDIRECT, GWAPI__FEATURE_MESH_REDIRECT_PATH);
}

static void check_rewrite(trial *t, const gwapi__rewrite *rewrite)
{
    check_path(t, &rewrite->path);
    if (gwapi__str_present(rewrite->hostname))
        need(t, GWAPI__FEATURE_HTTP_HOST_REWRITE, GWAPI__FEATURE_HTTP_HOST_REWRITE);
    if (rewrite->path.type != GWAPI__PATH_KEEP)
        need(t, GWAPI__FEATURE_HTTP_PATH_REWRITE, GWAPI__FEATURE_MESH_REWRITE_PATH);
}

static void check_mirror(trial *t, const gwapi__mirror *mirror, bool again)
{
    need(t, GWAPI__FEATURE_HTTP_MIRROR, GWAPI__FEATURE_HTTP_MIRROR);
    if (again)
        need(t, GWAPI__FEATURE_HTTP_MIRRORS, GWAPI__FEATURE_HTTP_MIRRORS);
    if (mirror->numerator != mirror->denominator)
        need(t, GWAPI__FEATURE_HTTP_MIRROR_PERCENT, GWAPI__FEATURE_HTTP_MIRROR_PERCENT);
}

static bool grpc_knows(gwapi__filter_type type)
{
    return type == GWAPI__FILTER_REQUEST_HEADERS || type == GWAPI__FILTER_RESPONSE_HEADERS ||
           type == GWAPI__FILTER_MIRROR || type == GWAPI__FILTER_EXTENSION;
}

static void check_filter(trial *t, const gwapi__filter *filter, bool again)
{
    if (filter->type == GWAPI__FILTER_UNKNOWN || (!t->http && !grpc_knows(filter->type))) {
        FAULT(t, GWAPI__ROUTE_UNSUPPORTED, "filters: type %s is not supported",
              filter->type_text);
        return;
    }
    switch (filter->type) {
    case GWAPI__FILTER_RESPONSE_HEADERS:
        check_headers(t, &filter->as.headers);
        need(t, GWAPI__FEATURE_HTTP_RESPONSE_HEADERS, GWAPI__FEATURE_HTTP_RESPONSE_HEADERS);
        break;
    case GWAPI__FILTER_REQUEST_HEADERS:
        check_headers(t, &filter->as.headers);
        break;
    case GWAPI__FILTER_MIRROR:
        check_mirror(t, &filter->as.mirror, again);
        break;
    case GWAPI__FILTER_REDIRECT:
        check_redirect(t, &filter->as.redirect);
        break;
    case GWAPI__FILTER_REWRITE:
        check_rewrite(t, &filter->as.rewrite);
        break;
    case GWAPI__FILTER_CORS:
        need(t, GWAPI__FEATURE_HTTP_CORS, GWAPI__FEATURE_HTTP_CORS);
        break;
    case GWAPI__FILTER_EXTERNAL_AUTH:
        if (filter->as.auth.protocol == GWAPI__AUTH_UNKNOWN)
            FAULT(t, GWAPI__ROUTE_UNSUPPORTED,
                  "filters: the protocol of ExternalAuth is not supported");
        break;
    case GWAPI__FILTER_UNKNOWN:
    case GWAPI__FILTER_EXTENSION:
        break;
    }
}

/* Filters that may not stand twice in a list, or beside each other. */
static void check_combination(trial *t, const uint32_t *seen, const gwapi__filter *filter)
{
    bool repeats =
        filter->type == GWAPI__FILTER_MIRROR || filter->type == GWAPI__FILTER_EXTENSION;

    if (done(t))
        return;
    if (seen[filter->type] > 1 && !repeats)
        FAULT(t, GWAPI__ROUTE_INCOMPATIBLE, "filters: %s stands twice in a list",
              filter->type_text);
    else if (seen[GWAPI__FILTER_REDIRECT] != 0 && seen[GWAPI__FILTER_REWRITE] != 0)
        FAULT(t, GWAPI__ROUTE_INCOMPATIBLE,
              "filters: RequestRedirect and URLRewrite cannot be combined");
}

static void check_filters(trial *t, const gwapi__filter *filters, size_t count)
{
    uint32_t seen[GWAPI__FILTER_EXTENSION + 1] = {0};

    for (size_t i = 0; i < count && !done(t); i++) {
        seen[filters[i].type]++;
        check_filter(t, &filters[i], seen[filters[i].type] > 1);
        check_combination(t, seen, &filters[i]);
    }
}

static void check_backends(trial *t)
{
    for (size_t i = 0; i < t->rule->backend_count && !done(t); i++) {
        const gwapi__backend_ref *b = &t->rule->backends[i];
        check_filters(t, b->filters, b->filter_count);
        for (size_t k = 0; k < b->filter_count; k++)
            if (b->filters[k].type == GWAPI__FILTER_REQUEST_HEADERS)
                need(t, GWAPI__FEATURE_HTTP_BACKEND_HEADERS,
                     GWAPI__FEATURE_MESH_BACKEND_HEADERS);
    }
}

/* ---- the rest ------------------------------------------------------------------------ */

static void check_session(trial *t, const gwapi__session_persistence *session)
{
    if (done(t) || session == NULL)
        return;
    if (session->type == GWAPI__SESSION_UNKNOWN)
        FAULT(t, GWAPI__ROUTE_UNSUPPORTED, "sessionPersistence: the type is not supported");
    else if (session->lifetime == GWAPI__LIFETIME_UNKNOWN)
        FAULT(t, GWAPI__ROUTE_UNSUPPORTED,
              "sessionPersistence: the lifetimeType of the cookie is not supported");
}

gwapi_result gwapi__judge_rule(gwapi__resolver *r, const gwapi__resource *route,
                               const gwapi__rule *rule, bool mesh, gwapi__finding *out)
{
    trial t = {
        .r = r, .rule = rule, .mesh = mesh, .http = route->kind == GWAPI__KIND_HTTP_ROUTE};

    if (rule->undecodable)
        FAULT(&t, GWAPI__ROUTE_UNSUPPORTED, "a part of the rule cannot be read");
    check_matches(&t);
    check_filters(&t, rule->filters, rule->filter_count);
    check_backends(&t);
    check_session(&t, rule->session);
    if (rule->timeouts != NULL && rule->timeouts->request.present)
        need(&t, GWAPI__FEATURE_HTTP_REQUEST_TIMEOUT, GWAPI__FEATURE_HTTP_REQUEST_TIMEOUT);
    if (rule->timeouts != NULL && rule->timeouts->backend.present)
        need(&t, GWAPI__FEATURE_HTTP_BACKEND_TIMEOUT, GWAPI__FEATURE_HTTP_BACKEND_TIMEOUT);
    *out = t.fault;
    return t.result;
}
