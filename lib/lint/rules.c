/* Rules of routes: backends that cannot be used, and matches that can never be reached. */
#include "lint/linter.h"

static const gwapi__lint_rule missing = {
    "lint/backend-missing", GWAPI_SEVERITY_WARNING,
    "give the Service too, correct its name, or say --assume Service"};
static const gwapi__lint_rule port = {"lint/backend-port", GWAPI_SEVERITY_ERROR,
                                      "name a port of the Service (not a target port)"};
static const gwapi__lint_rule kind = {
    "lint/backend-kind", GWAPI_SEVERITY_ERROR,
    "only a Service, or a kind of --extension, can stand here"};
static const gwapi__lint_rule grant = {
    "lint/grant-missing", GWAPI_SEVERITY_ERROR,
    "`gatewayapi explain` prints the ReferenceGrant that would do"};
static const gwapi__lint_rule protocol = {"lint/backend-protocol", GWAPI_SEVERITY_ERROR, NULL};
static const gwapi__lint_rule policy = {
    "lint/backend-tls", GWAPI_SEVERITY_ERROR,
    "the BackendTLSPolicy of the Service says what is wrong"};
static const gwapi__lint_rule shadowed = {
    "lint/shadowed", GWAPI_SEVERITY_WARNING,
    "remove it, or make its conditions differ from the earlier ones"};
static const gwapi__lint_rule idle = {"lint/no-backend", GWAPI_SEVERITY_WARNING,
                                      "add backendRefs, or a filter that answers"};

/* ---- backends ------------------------------------------------------------------------ */

static const gwapi__filter *filter_of(const gwapi__backend_event *e)
{
    const gwapi__rule *rule = &e->route->as.route->rules[e->rule];

    if (e->filter == SIZE_MAX)
        return NULL;
    return e->backend == SIZE_MAX ? &rule->filters[e->filter]
                                  : &rule->backends[e->backend].filters[e->filter];
}

/* The reference itself. */
static gwapi__lint_path path_of(const gwapi__backend_event *e)
{
    gwapi__lint_path path = gwapi__lint_item(gwapi__lint_root("spec"), "rules", e->rule);
    const gwapi__filter *filter = filter_of(e);

    if (e->backend != SIZE_MAX)
        path = gwapi__lint_item(path, "backendRefs", e->backend);
    if (filter == NULL)
        return path;
    path = gwapi__lint_item(path, "filters", e->filter);
    switch (filter->type) {
    case GWAPI__FILTER_MIRROR:
        return gwapi__lint_member(gwapi__lint_member(path, "requestMirror"), "backendRef");
    case GWAPI__FILTER_EXTERNAL_AUTH:
        return gwapi__lint_member(gwapi__lint_member(path, "externalAuth"), "backendRef");
    default:
        return gwapi__lint_member(path, "extensionRef");
    }
}

static gwapi_result not_found(gwapi__linter *l, const gwapi__backend_event *e)
{
    const gwapi__identity *t = &e->target;

    if (e->port < 0)
        GWAPI__LINT(l, e->route, &missing, gwapi__lint_member(path_of(e), "name"),
                    "%s %s/%s is not in the input", t->kind, t->namespace_, t->name);
    else if (e->port == 0)
        GWAPI__LINT(l, e->route, &port, path_of(e), "Service %s/%s needs a port", t->namespace_,
                    t->name);
    else
        GWAPI__LINT(l, e->route, &port, gwapi__lint_member(path_of(e), "port"),
                    "Service %s/%s has no port %d", t->namespace_, t->name, (int64_t)e->port);
    return GWAPI_OK;
}

static gwapi_result tell_backend(gwapi__linter *l, const gwapi__backend_event *e)
{
    const gwapi__identity *t = &e->target;

    switch (e->fault) {
    case GWAPI__FAULT_NOT_FOUND:
        return not_found(l, e);
    case GWAPI__FAULT_REF_NOT_PERMITTED:
        GWAPI__LINT(l, e->route, &grant, gwapi__lint_member(path_of(e), "namespace"),
                    "no ReferenceGrant in namespace %s permits %s of namespace %s to refer to "
                    "%s %s",
                    t->namespace_, e->route->kind_name, e->route->meta.namespace_, t->kind,
                    t->name);
        return GWAPI_OK;
    case GWAPI__FAULT_UNSUPPORTED_PROTOCOL:
        GWAPI__LINT(l, e->route, &protocol, path_of(e),
                    "Service %s/%s cannot take the traffic of kind %s on this port",
                    t->namespace_, t->name, e->route->kind_name);
        return GWAPI_OK;
    case GWAPI__FAULT_INVALID_TLS_POLICY:
        GWAPI__LINT(l, e->route, &policy, path_of(e),
                    "the BackendTLSPolicy of Service %s/%s cannot be met", t->namespace_,
                    t->name);
        return GWAPI_OK;
    default:
        GWAPI__LINT(l, e->route, &kind, gwapi__lint_member(path_of(e), "kind"),
                    "%s of group \"%s\" is not supported here", t->kind, t->group);
        return GWAPI_OK;
    }
}

static bool same_place(const gwapi__backend_event *a, const gwapi__backend_event *b)
{
    return a->route == b->route && a->rule == b->rule && a->backend == b->backend &&
           a->filter == b->filter;
}

static int by_place(const void *a, const void *b, void *ctx)
{
    const gwapi__backend_event *x = a, *y = b;
    const gwapi__linter *l = ctx;
    gwapi__identity p = gwapi__lint_identity(x->route), q = gwapi__lint_identity(y->route);
    uint32_t i = gwapi__index_get(&l->order, &p), k = gwapi__index_get(&l->order, &q);

    if (i != k)
        return i < k ? -1 : 1;
    if (x->rule != y->rule)
        return x->rule < y->rule ? -1 : 1;
    if (x->backend != y->backend)
        return x->backend < y->backend ? -1 : 1;
    return (x->filter > y->filter) - (x->filter < y->filter);
}

/* A route with Gateways and Services as parents is looked at twice: once is told. */
gwapi_result gwapi__lint_backends(gwapi__linter *l)
{
    gwapi__vector *events = &l->recorder.backends;

    if (!gwapi__vector_sort(events, by_place, l))
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < events->count; i++) {
        const gwapi__backend_event *e = GWAPI__AT(events, gwapi__backend_event, i);
        if (i == 0 || !same_place(e, e - 1))
            GWAPI__TRY(tell_backend(l, e));
    }
    return GWAPI_OK;
}

/* ---- matches ------------------------------------------------------------------------- */

static void say_values(gwapi__text *t, const gwapi__value_match *items, size_t count,
                       bool fold_case)
{
    /* Their order means nothing: the smallest that was not said yet comes next. */
    const gwapi__value_match *last = NULL;

    for (size_t said = 0; said < count; said++) {
        const gwapi__value_match *next = NULL;
        for (size_t i = 0; i < count; i++) {
            int after = last != NULL ? gwapi__str_cmp(items[i].name, last->name) : 1;
            if (after < 0 || (after == 0 && &items[i] <= last))
                continue;
            if (next == NULL || gwapi__str_cmp(items[i].name, next->name) < 0)
                next = &items[i];
        }
        if (next == NULL)
            break;
        for (size_t i = 0; i < next->name.len; i++)
            gwapi__text_char(t,
                             fold_case ? gwapi__lower(next->name.data[i]) : next->name.data[i]);
        gwapi__text_char(t, '\0');
        gwapi__text_u64(t, next->type);
        gwapi__text_add(t, next->value);
        gwapi__text_char(t, '\0');
        last = next;
    }
    gwapi__text_char(t, '\1');
}

/* No part can hold a NUL. */
gwapi_result gwapi__lint_match_key(gwapi__linter *l, const gwapi__route_match *m,
                                   gwapi_str *out)
{
    static const gwapi__route_match everything = {0};
    static const gwapi__grpc_method every_method = {0};
    const gwapi__grpc_method *grpc;
    gwapi__text t;

    m = m != NULL ? m : &everything;
    grpc = m->grpc != NULL ? m->grpc : &every_method;
    gwapi__text_init(&t, &l->arena.allocator);
    gwapi__text_u64(&t, m->path_type);
    gwapi__text_add(&t, m->path);
    gwapi__text_char(&t, '\0');
    gwapi__text_add(&t, m->method);
    gwapi__text_char(&t, '\0');
    gwapi__text_u64(&t, grpc->type);
    gwapi__text_add(&t, grpc->service);
    gwapi__text_char(&t, '\0');
    gwapi__text_add(&t, grpc->method);
    gwapi__text_char(&t, '\0');
    say_values(&t, m->headers, m->header_count, true);
    say_values(&t, m->query, m->query_count, false);
    return gwapi__message_take(out, &l->arena, &t);
}

/* The first rule of the route with each match: a later equal one is never reached. */
static gwapi_result check_match(gwapi__linter *l, const gwapi__resource *route,
                                gwapi__map *seen, const gwapi__route_match *m, size_t rule,
                                size_t match)
{
    const gwapi__rule *rules = route->as.route->rules;
    gwapi__lint_path path = gwapi__lint_item(gwapi__lint_root("spec"), "rules", rule);
    gwapi_str key;

    GWAPI__TRY(gwapi__lint_match_key(l, m, &key));
    gwapi__map_entry *e = gwapi__map_add(seen, key);
    if (e == NULL)
        return GWAPI_ENOMEM;
    const gwapi__rule *first = e->value;
    if (first == NULL)
        e->value = (void *)(uintptr_t)&rules[rule];
    if (first == NULL || first == &rules[rule])
        return GWAPI_OK;
    if (m != NULL && rules[rule].match_count > 1)
        path = gwapi__lint_item(path, "matches", match);
    GWAPI__LINT(l, route, &shadowed, path,
                "it can never be reached: rules[%d] has the same match and comes first",
                (int64_t)(first - rules));
    return GWAPI_OK;
}

static gwapi_result check_matches(gwapi__linter *l, const gwapi__resource *route)
{
    const gwapi__route *spec = route->as.route;
    gwapi_result result = GWAPI_OK;
    gwapi__map seen;

    gwapi__map_init(&seen, &l->arena.allocator);
    for (size_t i = 0; i < spec->rule_count && result == GWAPI_OK; i++) {
        const gwapi__rule *rule = &spec->rules[i];
        for (size_t k = 0; k < rule->match_count && result == GWAPI_OK; k++)
            result = check_match(l, route, &seen, &rule->matches[k], i, k);
        if (rule->match_count == 0 && result == GWAPI_OK)
            result = check_match(l, route, &seen, NULL, i, 0);
    }
    gwapi__map_free(&seen);
    return result;
}

/* ---- rules without a backend --------------------------------------------------------- */

/* Does a filter answer in the backend's place? What the host's own does is not known. */
static bool answers(const gwapi__rule *rule)
{
    for (size_t i = 0; i < rule->filter_count; i++)
        if (rule->filters[i].type == GWAPI__FILTER_REDIRECT ||
            rule->filters[i].type == GWAPI__FILTER_EXTENSION)
            return true;
    return false;
}

static gwapi_result check_idle(gwapi__linter *l, const gwapi__resource *route, size_t i)
{
    const gwapi__rule *rule = &route->as.route->rules[i];
    gwapi__lint_path path = gwapi__lint_item(gwapi__lint_root("spec"), "rules", i);
    bool weighs = false;

    for (size_t k = 0; k < rule->backend_count; k++)
        weighs = weighs || rule->backends[k].weight != 0;
    if (weighs || answers(rule))
        return GWAPI_OK;
    GWAPI__LINT(l, route, &idle, path,
                rule->backend_count == 0
                    ? "the rule has no backend: its requests are answered with an error"
                    : "all weights are 0: the rule's requests are answered with an error");
    return GWAPI_OK;
}

gwapi_result gwapi__lint_rules(gwapi__linter *l)
{
    for (size_t i = 0; i < gwapi__resources_count(l->set); i++) {
        const gwapi__resource *r = gwapi__resources_get(l->set, i);
        if (!gwapi__is_route(r->kind))
            continue;
        if (r->kind == GWAPI__KIND_HTTP_ROUTE || r->kind == GWAPI__KIND_GRPC_ROUTE)
            GWAPI__TRY(check_matches(l, r));
        for (size_t k = 0; k < r->as.route->rule_count; k++)
            GWAPI__TRY(check_idle(l, r, k));
    }
    return GWAPI_OK;
}
