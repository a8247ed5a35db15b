/* Routes of one listener with the same hostname and the same match: both are accepted, and one
 * gets every request. */
#include "lint/linter.h"

#include "resolve/resolver.h"

static const gwapi__lint_rule tied = {
    "lint/tied", GWAPI_SEVERITY_WARNING,
    "make their hostnames or matches differ, or let one route hold both rules"};

typedef struct claim {
    const gwapi__resource *route;
    size_t rule;
} claim;

typedef struct ties {
    gwapi__linter *l;
    gwapi__map first; /* hostname and match → the claim that wins, of one listener */
    gwapi__map told;  /* claims that lost, of all */
} ties;

/* Who wins comes first. */
static int by_precedence(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return gwapi__age_cmp(*(const gwapi__resource *const *)a,
                          *(const gwapi__resource *const *)b);
}

/* No part can hold a NUL. */
static gwapi_result key_of(ties *t, const gwapi__resource *route, gwapi_str hostname,
                           gwapi_str match, gwapi_str *out)
{
    gwapi__text text;

    gwapi__text_init(&text, &t->l->arena.allocator);
    gwapi__text_add(&text, route->kind_name);
    gwapi__text_char(&text, '\0');
    gwapi__text_add(&text, hostname);
    gwapi__text_char(&text, '\0');
    gwapi__text_add(&text, match);
    return gwapi__message_take(out, &t->l->arena, &text);
}

/* Is it told for the first time? A route may lose on several listeners and hostnames. */
static gwapi_result is_news(ties *t, const gwapi__resource *route, size_t rule, size_t match,
                            bool *news)
{
    gwapi__identity identity = gwapi__lint_identity(route);
    gwapi__map_entry *e;
    gwapi__text text;
    gwapi_str key;

    gwapi__text_init(&text, &t->l->arena.allocator);
    gwapi__text_u64(&text, gwapi__index_get(&t->l->order, &identity));
    gwapi__text_char(&text, ' ');
    gwapi__text_u64(&text, rule);
    gwapi__text_char(&text, ' ');
    gwapi__text_u64(&text, match);
    GWAPI__TRY(gwapi__message_take(&key, &t->l->arena, &text));
    e = gwapi__map_add(&t->told, key);
    if (e == NULL)
        return GWAPI_ENOMEM;
    *news = e->value == NULL;
    e->value = t;
    return GWAPI_OK;
}

static gwapi_result tell(ties *t, const gwapi__resource *route, size_t rule, size_t match,
                         gwapi_str hostname, const claim *winner)
{
    const gwapi__meta *w = &winner->route->meta, *own = &route->meta;
    gwapi__lint_path path = gwapi__lint_item(gwapi__lint_root("spec"), "rules", rule);
    bool news = false;

    GWAPI__TRY(is_news(t, route, rule, match, &news));
    if (!news)
        return GWAPI_OK;
    if (route->as.route->rules[rule].match_count > 1)
        path = gwapi__lint_item(path, "matches", match);
    GWAPI__LINT(t->l, route, &tied, path,
                "rules[%d] of %s %s/%s has the same match for %s and wins, because it is %s",
                (int64_t)winner->rule, winner->route->kind_name, w->namespace_, w->name,
                hostname.len != 0 ? hostname : GWAPI__STR("every host"),
                w->created != own->created ? GWAPI__STR("older")
                                           : GWAPI__STR("first by namespace and name"));
    return GWAPI_OK;
}

static gwapi_result claim_match(ties *t, const gwapi__resource *route, size_t rule,
                                size_t match, gwapi_str said)
{
    static const gwapi_str every = {"", 0};
    const gwapi__strs *names = &route->as.route->hostnames;

    for (size_t i = 0; i < (names->count != 0 ? names->count : 1); i++) {
        gwapi_str hostname = names->count != 0 ? names->items[i] : every, key;
        gwapi__map_entry *e;
        claim *c;
        GWAPI__TRY(key_of(t, route, hostname, said, &key));
        e = gwapi__map_add(&t->first, key);
        if (e == NULL)
            return GWAPI_ENOMEM;
        c = e->value;
        if (c != NULL && c->route != route)
            GWAPI__TRY(tell(t, route, rule, match, hostname, c));
        if (c != NULL)
            continue;
        c = gwapi__arena_alloc(&t->l->arena, sizeof *c);
        if (c == NULL)
            return GWAPI_ENOMEM;
        *c = (claim){route, rule};
        e->value = c;
    }
    return GWAPI_OK;
}

static gwapi_result claim_route(ties *t, const gwapi__resource *route)
{
    const gwapi__route *spec = route->as.route;
    gwapi_str said;

    for (size_t i = 0; i < spec->rule_count; i++) {
        const gwapi__rule *rule = &spec->rules[i];
        size_t count = rule->match_count;
        for (size_t k = 0; k < (count != 0 ? count : 1); k++) {
            GWAPI__TRY(
                gwapi__lint_match_key(t->l, count != 0 ? &rule->matches[k] : NULL, &said));
            GWAPI__TRY(claim_match(t, route, i, k, said));
        }
    }
    return GWAPI_OK;
}

/* The HTTPRoutes and GRPCRoutes that a listener takes, who wins first. */
static gwapi_result list_routes(ties *t, size_t listener, size_t count, gwapi__vector *routes)
{
    for (size_t j = 0; j < count; j++) {
        gwapi_topology_route_info info = {.struct_size = sizeof info};
        const gwapi__resource *route, **slot;
        gwapi__identity key = {.group = GWAPI__STR("gateway.networking.k8s.io")};
        uint32_t at;
        GWAPI__TRY(gwapi_topology_attachment_at(t->l->topology, listener, j, &at));
        GWAPI__TRY(gwapi_topology_route_at(t->l->topology, at, &info));
        key.kind = info.kind;
        key.namespace_ = info.namespace_;
        key.name = info.name;
        route = gwapi__lint_find(t->l, &key);
        if (route == NULL ||
            (route->kind != GWAPI__KIND_HTTP_ROUTE && route->kind != GWAPI__KIND_GRPC_ROUTE))
            continue;
        slot = gwapi__vector_push(routes);
        if (slot == NULL)
            return GWAPI_ENOMEM;
        *slot = route;
    }
    return gwapi__vector_sort(routes, by_precedence, NULL) ? GWAPI_OK : GWAPI_ENOMEM;
}

static gwapi_result check_listener(ties *t, size_t listener)
{
    gwapi_topology_listener_info info = {.struct_size = sizeof info};
    gwapi_result result = gwapi_topology_listener_at(t->l->topology, listener, &info);
    gwapi__vector routes;

    if (result != GWAPI_OK || info.attachment_count < 2)
        return result;
    gwapi__vector_init(&routes, &t->l->arena.allocator, sizeof(const gwapi__resource *));
    gwapi__map_init(&t->first, &t->l->arena.allocator);
    result = list_routes(t, listener, info.attachment_count, &routes);
    for (size_t i = 0; i < routes.count && result == GWAPI_OK; i++)
        result = claim_route(t, *GWAPI__AT(&routes, const gwapi__resource *, i));
    gwapi__map_free(&t->first);
    gwapi__vector_free(&routes);
    return result;
}

gwapi_result gwapi__lint_ties(gwapi__linter *l)
{
    size_t count = gwapi_topology_listener_count(l->topology);
    gwapi_result result = GWAPI_OK;
    ties t = {.l = l};

    gwapi__map_init(&t.told, &l->arena.allocator);
    for (size_t i = 0; i < count && result == GWAPI_OK; i++)
        result = check_listener(&t, i);
    gwapi__map_free(&t.told);
    return result;
}
