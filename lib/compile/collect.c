/*
 * What the rules in use refer to: policies, certificates, CA bundles, header names and patterns.
 * These lists are sorted before the first record that names one of their entries is written.
 */
#include "compile/compiler.h"

/* ---- texts -------------------------------------------------------------------------------- */

static gwapi_result add_text(gwapi__compiler *c, gwapi__map *map, gwapi_str text)
{
    gwapi_str copy;

    if (gwapi__map_find(map, text) != NULL)
        return GWAPI_OK;
    if (!gwapi__arena_copy(&c->arena, text, &copy) || gwapi__map_add(map, copy) == NULL)
        return GWAPI_ENOMEM;
    return GWAPI_OK;
}

static gwapi_result add_header(gwapi__compiler *c, gwapi_str name)
{
    gwapi_str lower;

    if (!gwapi__arena_copy(&c->arena, name, &lower))
        return GWAPI_ENOMEM;
    char *bytes = (char *)(uintptr_t)lower.data;
    for (size_t i = 0; i < lower.len; i++)
        bytes[i] = gwapi__lower(bytes[i]);
    return add_text(c, &c->header_names, lower);
}

static gwapi_result add_regex(gwapi__compiler *c, gwapi__match_type type, gwapi_str pattern)
{
    return type == GWAPI__MATCH_REGEX ? add_text(c, &c->regexes, pattern) : GWAPI_OK;
}

static int order_keys(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return gwapi__str_cmp((*(gwapi__map_entry *const *)a)->key,
                          (*(gwapi__map_entry *const *)b)->key);
}

/* Writes the texts in order of bytes and notes each one's place in the map. */
static gwapi_result emit_sorted(gwapi__compiler *c, gwapi__map *map, uint32_t section)
{
    size_t count = gwapi__map_count(map);
    gwapi__map_entry **entries = gwapi__compile_array(c, count, sizeof *entries);

    if (entries == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < count; i++)
        entries[i] = gwapi__map_at(map, i);
    if (!gwapi__sort(&c->allocator, entries, count, sizeof *entries, order_keys, NULL))
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        entries[i]->value = (void *)(uintptr_t)i;
        gwapi__block_string(&c->builder, section, entries[i]->key);
    }
    return c->builder.failure;
}

/* ---- rules -------------------------------------------------------------------------------- */

static gwapi_result collect_match(gwapi__compiler *c, const gwapi__route_match *match)
{
    GWAPI__TRY(add_regex(c, match->path_type, match->path));
    if (match->grpc != NULL) {
        if (match->grpc->service.len != 0)
            GWAPI__TRY(add_regex(c, match->grpc->type, match->grpc->service));
        if (match->grpc->method.len != 0)
            GWAPI__TRY(add_regex(c, match->grpc->type, match->grpc->method));
    }
    for (size_t i = 0; i < match->header_count; i++) {
        GWAPI__TRY(add_header(c, match->headers[i].name));
        GWAPI__TRY(add_regex(c, match->headers[i].type, match->headers[i].value));
    }
    for (size_t i = 0; i < match->query_count; i++)
        GWAPI__TRY(add_regex(c, match->query[i].type, match->query[i].value));
    return GWAPI_OK;
}

static void collect_backend(gwapi__compiler *c, const gwapi__resolved_backend *backend)
{
    if (backend->tls_policy != NULL)
        c->tls_policy_used[gwapi__policy_number(c->t.tls_policies, c->t.tls_policy_count,
                                                backend->tls_policy)] = true;
    if (backend->traffic_policy != NULL)
        c->traffic_policy_used[gwapi__policy_number(
            c->t.traffic_policies, c->t.traffic_policy_count, backend->traffic_policy)] = true;
}

/* Names that the helpers for CORS and ExternalAuth ask a request for. */
static gwapi_result collect_filter_headers(gwapi__compiler *c, const gwapi__filter *filter)
{
    static const gwapi_str cors[] = {
        GWAPI_STR_INIT("origin"),
        GWAPI_STR_INIT("access-control-request-method"),
        GWAPI_STR_INIT("access-control-request-headers"),
    };

    if (filter->type == GWAPI__FILTER_CORS)
        for (size_t i = 0; i < sizeof cors / sizeof *cors; i++)
            GWAPI__TRY(add_header(c, cors[i]));
    if (filter->type == GWAPI__FILTER_EXTERNAL_AUTH) {
        const gwapi__strs allowed = filter->as.auth.allowed_headers;
        GWAPI__TRY(add_header(c, GWAPI__STR("authorization")));
        for (size_t i = 0; i < allowed.count; i++)
            GWAPI__TRY(add_header(c, allowed.items[i]));
    }
    return GWAPI_OK;
}

static gwapi_result collect_filters(gwapi__compiler *c, const gwapi__resolved_filter *filters,
                                    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (filters[i].backend != NULL)
            collect_backend(c, filters[i].backend);
        GWAPI__TRY(collect_filter_headers(c, filters[i].spec));
    }
    return GWAPI_OK;
}

static gwapi_result collect_rule(gwapi__compiler *c, const gwapi__resolved_rule *rule)
{
    for (size_t i = 0; i < rule->spec->match_count; i++)
        GWAPI__TRY(collect_match(c, &rule->spec->matches[i]));
    GWAPI__TRY(collect_filters(c, rule->filters, rule->filter_count));
    for (size_t i = 0; i < rule->backend_count; i++) {
        collect_backend(c, &rule->backends[i]);
        GWAPI__TRY(collect_filters(c, rule->backends[i].filters, rule->backends[i].filter_count));
    }
    return GWAPI_OK;
}

static gwapi_result collect_rules(gwapi__compiler *c)
{
    for (uint32_t v = 0; v < 2 * c->t.route_count; v++) {
        const gwapi__resolved_rule *rules = gwapi__variant_rules(c, v / 2, v % 2 != 0);
        for (size_t i = 0; c->variants[v].used && i < c->t.routes[v / 2]->rule_count; i++)
            if (!rules[i].dropped)
                GWAPI__TRY(collect_rule(c, &rules[i]));
    }
    return GWAPI_OK;
}

static bool any_policy(const gwapi__resolved_backend *backend)
{
    return backend != NULL && (backend->tls_policy != NULL || backend->traffic_policy != NULL);
}

static bool filters_have_policy(const gwapi__resolved_filter *filters, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (any_policy(filters[i].backend))
            return true;
    return false;
}

static bool has_policy(const gwapi__resolved_rule *rule)
{
    for (size_t i = 0; i < rule->backend_count; i++)
        if (any_policy(&rule->backends[i]) ||
            filters_have_policy(rule->backends[i].filters, rule->backends[i].filter_count))
            return true;
    return filters_have_policy(rule->filters, rule->filter_count);
}

gwapi_result gwapi__compile_needs(gwapi__compiler *c, const gwapi__resolved_route *route,
                                  bool *policies)
{
    for (size_t i = 0; i < route->rule_count && !*policies; i++) {
        if (route->rules[i].dropped)
            continue;
        *policies = has_policy(&route->rules[i]);
        if (!*policies)
            GWAPI__TRY(collect_rule(c, &route->rules[i]));
    }
    return GWAPI_OK;
}

/* ---- objects ------------------------------------------------------------------------------ */

static int order_objects(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return gwapi__order_parts(&(*(gwapi__resource *const *)a)->meta,
                              &(*(gwapi__resource *const *)b)->meta);
}

static bool push_objects(gwapi__vector *v, gwapi__resource *const *objects, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        gwapi__resource **slot = objects[i] != NULL ? gwapi__vector_push(v) : NULL;
        if (objects[i] != NULL && slot == NULL)
            return false;
        if (slot != NULL)
            *slot = objects[i];
    }
    return true;
}

/* Sorted, each once, in the arena. */
static gwapi_result make_set(gwapi__compiler *c, gwapi__vector *v, gwapi__object_set *set)
{
    if (!gwapi__vector_sort(v, order_objects, NULL))
        return GWAPI_ENOMEM;
    set->items = gwapi__compile_array(c, v->count, sizeof *set->items);
    if (set->items == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < v->count; i++) {
        gwapi__resource *object = *GWAPI__AT(v, gwapi__resource *, i);
        if (set->count == 0 || order_objects(&set->items[set->count - 1], &object, NULL) != 0)
            set->items[set->count++] = object;
    }
    return GWAPI_OK;
}

uint32_t gwapi__object_set_find(const gwapi__object_set *set, const gwapi__resource *object)
{
    gwapi__resource *const *found = gwapi__search(set->items, set->count, sizeof *set->items,
                                                  &object, order_objects, NULL);

    return found != NULL ? (uint32_t)(found - set->items) : GWAPI__IMAGE_NONE;
}

static bool push_certificates(gwapi__compiler *c, gwapi__vector *v)
{
    const gwapi__numbered *t = &c->t;

    for (size_t i = 0; i < t->listener_count; i++)
        if (c->listener_kept[i] &&
            !push_objects(v, t->listeners[i].judged->certificates,
                          t->listeners[i].judged->certificate_count))
            return false;
    for (size_t i = 0; i < t->gateway_count; i++)
        if (c->gateway_kept[i] && !push_objects(v, &t->gateways[i]->gateway.client_certificate, 1))
            return false;
    return true;
}

static bool push_bundles(gwapi__compiler *c, gwapi__vector *v)
{
    const gwapi__numbered *t = &c->t;

    for (size_t i = 0; i < t->listener_count; i++) {
        const gwapi__client_validation *validation = &t->listeners[i].judged->validation;
        if (c->listener_kept[i] &&
            !push_objects(v, validation->ca_certificates, validation->ca_count))
            return false;
    }
    for (size_t i = 0; i < t->tls_policy_count; i++)
        if (c->tls_policy_used[i] &&
            !push_objects(v, t->tls_policies[i]->tls.ca_certificates,
                          t->tls_policies[i]->tls.ca_count))
            return false;
    return true;
}

static gwapi_result collect_objects(gwapi__compiler *c, gwapi__object_set *set,
                                    bool (*push)(gwapi__compiler *, gwapi__vector *))
{
    gwapi__vector v;

    gwapi__vector_init(&v, &c->allocator, sizeof(gwapi__resource *));
    gwapi_result r = push(c, &v) ? make_set(c, &v, set) : GWAPI_ENOMEM;
    gwapi__vector_free(&v);
    return r;
}

gwapi_result gwapi__compile_collect(gwapi__compiler *c)
{
    c->tls_policy_used = gwapi__compile_array(c, c->t.tls_policy_count, sizeof(bool));
    c->traffic_policy_used =
        gwapi__compile_array(c, c->t.traffic_policy_count, sizeof(bool));
    GWAPI__TRY(c->builder.failure);
    GWAPI__TRY(add_header(c, GWAPI__STR("host")));
    GWAPI__TRY(collect_rules(c));
    GWAPI__TRY(emit_sorted(c, &c->header_names, GWAPI__SECTION_HEADER_NAME));
    GWAPI__TRY(emit_sorted(c, &c->regexes, GWAPI__SECTION_REGEX));
    GWAPI__TRY(collect_objects(c, &c->certificates, push_certificates));
    return collect_objects(c, &c->bundles, push_bundles);
}
