/* Routes, their rules, and the backends these name. */
#include "base/hash.h"
#include "base/text.h"
#include "compile/compiler.h"

/* ---- backends --------------------------------------------------------------------------------- */

void gwapi__compile_backend(gwapi__compiler *c, uint32_t at,
                            const gwapi__resolved_backend *backend)
{
    gwapi__image_backend record = {
        .weight = backend->weight > 0 ? (uint32_t)backend->weight : 0,
        .target = gwapi__compile_target(c, backend),
        .filters = GWAPI__IMAGE_NONE,
    };

    if (c->builder.failure == GWAPI_OK)
        *(gwapi__image_backend *)gwapi__block_at(&c->builder, GWAPI__SECTION_BACKEND, at) = record;
}

static void count_extra(const gwapi__resolved_filter *filters, size_t count, uint32_t *mirrors,
                        uint32_t *auths)
{
    for (size_t i = 0; i < count; i++) {
        *mirrors += filters[i].spec->type == GWAPI__FILTER_MIRROR;
        *auths += filters[i].spec->type == GWAPI__FILTER_EXTERNAL_AUTH;
    }
}

/* Room for a rule's backendRefs, then its mirrors, then its auth backends. */
static void reserve_backends(gwapi__compiler *c, const gwapi__resolved_rule *rule,
                                 gwapi__extra_backends *next)
{
    uint32_t mirrors = 0, auths = 0, refs = (uint32_t)rule->backend_count;
    uint32_t first = gwapi__block_count(&c->builder, GWAPI__SECTION_BACKEND);

    count_extra(rule->filters, rule->filter_count, &mirrors, &auths);
    for (uint32_t i = 0; i < refs; i++)
        count_extra(rule->backends[i].filters, rule->backends[i].filter_count, &mirrors, &auths);
    next->mirror = first + refs;
    next->auth = first + refs + mirrors;
    for (uint32_t i = 0; i < refs + mirrors + auths; i++)
        gwapi__block_add(&c->builder, GWAPI__SECTION_BACKEND, NULL);
}

static uint32_t emit_own_filters(gwapi__compiler *c, const gwapi__resolved_backend *backend,
                                 gwapi__extra_backends *next)
{
    gwapi__image_range filters =
        gwapi__compile_filters(c, backend->filters, backend->filter_count, next);
    uint32_t index = GWAPI__IMAGE_NONE;

    if (filters.count == 0)
        return index;
    gwapi__image_own_filters *out =
        gwapi__block_add(&c->builder, GWAPI__SECTION_OWN_FILTERS, &index);
    if (out != NULL)
        out->filters = filters;
    return index;
}

static void emit_backends(gwapi__compiler *c, const gwapi__resolved_rule *rule, uint32_t first,
                          gwapi__extra_backends *next)
{
    for (uint32_t i = 0; i < rule->backend_count; i++) {
        const gwapi__resolved_backend *backend = &rule->backends[i];
        uint32_t filters = emit_own_filters(c, backend, next);
        gwapi__compile_backend(c, first + i, backend);
        if (c->builder.failure != GWAPI_OK)
            return;
        gwapi__image_backend *record =
            gwapi__block_at(&c->builder, GWAPI__SECTION_BACKEND, first + i);
        record->rule = next->rule;
        record->role_place = GWAPI_BACKEND_REF | i << GWAPI__BACKEND_PLACE_SHIFT;
        record->filters = filters;
    }
}

/* ---- rules -------------------------------------------------------------------------------------- */

static uint32_t emit_retry(gwapi__compiler *c, const gwapi__retry *retry)
{
    gwapi__block *b = &c->builder;
    uint32_t index = GWAPI__IMAGE_NONE;

    if (retry == NULL)
        return index;
    gwapi__image_retry record = {
        .flags = (retry->has_attempts ? GWAPI__RETRY_ATTEMPTS : 0u) |
                 (retry->backoff.present ? GWAPI__RETRY_BACKOFF : 0u),
        .codes = {gwapi__block_count(b, GWAPI__SECTION_NUMBER), (uint32_t)retry->code_count},
    };
    for (size_t i = 0; i < retry->code_count; i++)
        gwapi__block_word(b, GWAPI__SECTION_NUMBER, (uint32_t)retry->codes[i]);
    gwapi__block_u64(record.attempts, (uint64_t)retry->attempts);
    gwapi__block_u64(record.backoff, retry->backoff.milliseconds);
    gwapi__image_retry *out = gwapi__block_add(b, GWAPI__SECTION_RETRY, &index);
    if (out != NULL)
        *out = record;
    return index;
}

/* A session name that stays the same as long as the route and the rule's place do, and that no
 * other rule has (GEP-1619: sessions are not shared between route rules). */
static uint32_t emit_session(gwapi__compiler *c, const gwapi__resource *route,
                             const gwapi__resolved_rule *rule)
{
    static const char digits[] = "0123456789abcdef";
    gwapi__text name;
    uint32_t index = GWAPI__IMAGE_NONE;

    if (rule->spec->session == NULL)
        return index;
    uint64_t hash = gwapi__siphash(route->kind, rule->index, route->meta.namespace_);
    hash = gwapi__siphash(hash, 0, route->meta.name);
    gwapi__text_init(&name, &c->allocator);
    gwapi__text_addz(&name, "gwapi-");
    for (int shift = 60; shift >= 0; shift -= 4)
        gwapi__text_char(&name, digits[hash >> shift & 15]);
    if (name.failed)
        c->builder.failure = GWAPI_ENOMEM;
    else
        index = gwapi__compile_session(c, rule->spec->session, gwapi__text_str(&name));
    gwapi__text_free(&name);
    return index;
}

static uint32_t emit_options(gwapi__compiler *c, const gwapi__resource *route,
                             const gwapi__resolved_rule *rule)
{
    static const gwapi__timeouts none;
    const gwapi__timeouts *timeouts =
        rule->spec->timeouts != NULL ? rule->spec->timeouts : &none;
    gwapi__image_rule_options record = {
        .flags = (timeouts->request.present ? GWAPI__RULE_REQUEST_TIMEOUT : 0u) |
                 (timeouts->backend.present ? GWAPI__RULE_BACKEND_TIMEOUT : 0u),
        .retry = emit_retry(c, rule->spec->retry),
        .session = emit_session(c, route, rule),
    };
    uint32_t index;

    if (record.flags == 0 && record.retry == GWAPI__IMAGE_NONE &&
        record.session == GWAPI__IMAGE_NONE)
        return GWAPI__IMAGE_NONE;
    gwapi__block_u64(record.request_timeout, timeouts->request.milliseconds);
    gwapi__block_u64(record.backend_timeout, timeouts->backend.milliseconds);
    gwapi__image_rule_options *out =
        gwapi__block_add(&c->builder, GWAPI__SECTION_RULE_OPTIONS, &index);
    if (out != NULL)
        *out = record;
    return index;
}

static void emit_rule(gwapi__compiler *c, uint32_t image_route, const gwapi__resource *route,
                      const gwapi__resolved_rule *rule, bool mesh)
{
    gwapi__block *b = &c->builder;
    gwapi__extra_backends next = {.rule = gwapi__block_count(b, GWAPI__SECTION_RULE)};
    uint32_t first = gwapi__block_count(b, GWAPI__SECTION_BACKEND);
    gwapi__image_rule record = {
        .route = image_route,
        .index = rule->index,
        .flags = mesh ? GWAPI__RULE_MESH : 0u,
        .name = gwapi__block_text(b, rule->spec->name),
        .backends = {first, (uint32_t)rule->backend_count},
        .options = emit_options(c, route, rule),
    };

    reserve_backends(c, rule, &next);
    record.filters = gwapi__compile_filters(c, rule->filters, rule->filter_count, &next);
    emit_backends(c, rule, first, &next);
    gwapi__image_rule *out = gwapi__block_add(b, GWAPI__SECTION_RULE, NULL);
    if (out != NULL)
        *out = record;
}

static void emit_variant(gwapi__compiler *c, uint32_t route, uint32_t image_route, bool mesh)
{
    const gwapi__resolved_route *r = c->t.routes[route];
    const gwapi__resolved_rule *rules = gwapi__variant_rules(c, route, mesh);
    gwapi__variant *variant = gwapi__variant_of(c, route, mesh);

    variant->first_rule = gwapi__block_count(&c->builder, GWAPI__SECTION_RULE);
    for (size_t i = 0; variant->used && i < r->rule_count; i++)
        if (!rules[i].dropped)
            emit_rule(c, image_route, r->resource, &rules[i], mesh);
    variant->rule_count =
        gwapi__block_count(&c->builder, GWAPI__SECTION_RULE) - variant->first_rule;
}

/* ---- routes ------------------------------------------------------------------------------------- */

static uint32_t route_kind(gwapi__resource_kind kind)
{
    switch (kind) {
    case GWAPI__KIND_HTTP_ROUTE:
        return GWAPI_ROUTE_HTTP;
    case GWAPI__KIND_GRPC_ROUTE:
        return GWAPI_ROUTE_GRPC;
    case GWAPI__KIND_TLS_ROUTE:
        return GWAPI_ROUTE_TLS;
    case GWAPI__KIND_TCP_ROUTE:
        return GWAPI_ROUTE_TCP;
    default:
        return GWAPI_ROUTE_UDP;
    }
}

void gwapi__compile_route(gwapi__compiler *c, uint32_t route)
{
    gwapi__block *b = &c->builder;
    const gwapi__resource *resource = c->t.routes[route]->resource;
    uint32_t image_route, first = gwapi__block_count(b, GWAPI__SECTION_RULE);
    gwapi__image_route *record = gwapi__block_add(b, GWAPI__SECTION_ROUTE, &image_route);

    if (record == NULL)
        return;
    *record = (gwapi__image_route){
        .kind = route_kind(resource->kind),
        .namespace_ = gwapi__block_text(b, resource->meta.namespace_),
        .name = gwapi__block_text(b, resource->meta.name),
    };
    emit_variant(c, route, image_route, false);
    emit_variant(c, route, image_route, true);
    record->rules = (gwapi__image_range){first, gwapi__block_count(b, GWAPI__SECTION_RULE) - first};
}

/* ---- all of them -------------------------------------------------------------------------------- */

/* Where the records of the next route will stand. */
static void keep_route(gwapi__compiler *c, uint32_t route)
{
    if (c->kept == NULL)
        return;
    gwapi__kept_route *kept = gwapi__vector_push(&c->kept->routes);
    if (kept == NULL) {
        c->builder.failure = GWAPI_ENOMEM;
        return;
    }
    kept->number = route;
    for (size_t i = 0; i < GWAPI__MARKS; i++)
        kept->first[i] = gwapi__block_count(&c->builder, gwapi__marked_sections[i]);
}

/* Its matches at once: what they are made from is at hand then, and far away later. */
static gwapi_result emit_route(gwapi__compiler *c, uint32_t route)
{
    keep_route(c, route);
    gwapi__compile_route(c, route);
    GWAPI__TRY(c->builder.failure);
    return gwapi__compile_route_matches(c, route);
}

gwapi_result gwapi__compile_rules(gwapi__compiler *c)
{
    for (size_t i = 0; i < c->t.route_count; i++) {
        uint32_t route = c->route_order[i];
        if (gwapi__variant_of(c, route, false)->used || gwapi__variant_of(c, route, true)->used)
            GWAPI__TRY(emit_route(c, route));
    }
    keep_route(c, GWAPI__IMAGE_NONE);
    GWAPI__TRY(c->builder.failure);
    return gwapi__compile_order_targets(c);
}
