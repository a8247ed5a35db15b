/* Gateways and their listeners. */
#include "compile/compiler.h"

/* ---- one listener ----------------------------------------------------------------------------- */

/* By gwapi__protocol; listeners of another are not served. */
static const gwapi_protocol protocols[] = {
    [GWAPI__PROTOCOL_OTHER] = 0,
    [GWAPI__PROTOCOL_HTTP] = GWAPI_PROTOCOL_HTTP,
    [GWAPI__PROTOCOL_HTTPS] = GWAPI_PROTOCOL_HTTPS,
    [GWAPI__PROTOCOL_TLS] = GWAPI_PROTOCOL_TLS,
    [GWAPI__PROTOCOL_TCP] = GWAPI_PROTOCOL_TCP,
    [GWAPI__PROTOCOL_UDP] = GWAPI_PROTOCOL_UDP,
};

static gwapi_tls_mode tls_mode_of(const gwapi__listener *spec)
{
    if (spec->protocol != GWAPI__PROTOCOL_HTTPS && spec->protocol != GWAPI__PROTOCOL_TLS)
        return GWAPI_TLS_NONE;
    return spec->tls_mode == GWAPI__TLS_PASSTHROUGH ? GWAPI_TLS_PASSTHROUGH
                                                    : GWAPI_TLS_TERMINATE;
}

static gwapi_validation_mode validation_mode_of(const gwapi__client_validation *validation)
{
    if (!validation->present)
        return GWAPI_VALIDATION_NONE;
    return validation->mode == GWAPI__VALIDATION_ALLOW_INSECURE_FALLBACK
               ? GWAPI_VALIDATION_ALLOW_INSECURE_FALLBACK
               : GWAPI_VALIDATION_ALLOW_VALID_ONLY;
}

static gwapi__image_range emit_certificates(gwapi__compiler *c,
                                            const gwapi__resolved_listener *l)
{
    gwapi__block *b = &c->builder;
    gwapi__image_range range = {gwapi__block_count(b, GWAPI__SECTION_CERTIFICATE_INDEX), 0};

    for (size_t i = 0; i < l->certificate_count; i++)
        if (l->certificates[i] != NULL)
            gwapi__block_word(b, GWAPI__SECTION_CERTIFICATE_INDEX,
                                gwapi__object_set_find(&c->certificates, l->certificates[i]));
    range.count = gwapi__block_count(b, GWAPI__SECTION_CERTIFICATE_INDEX) - range.first;
    return range;
}

static int order_streams(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return gwapi__str_cmp(((const gwapi__host_entry *)a)->hostname,
                          ((const gwapi__host_entry *)b)->hostname);
}

/* What takes the connections, by hostname. */
static gwapi__image_range emit_streams(gwapi__compiler *c, const gwapi__attached *l)
{
    gwapi__block *b = &c->builder;
    gwapi__image_range range = {gwapi__block_count(b, GWAPI__SECTION_STREAM), 0};
    size_t count;
    gwapi__host_entry *entries = gwapi__compile_host_entries(c, l, &count);

    if (entries == NULL ||
        !gwapi__sort(&c->allocator, entries, count, sizeof *entries, order_streams, NULL)) {
        b->failure = GWAPI_ENOMEM;
        return range;
    }
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && order_streams(&entries[to], &entries[from], NULL) == 0;)
            to++;
        uint32_t rule = gwapi__compile_stream_rule(c, entries + from, to - from);
        if (rule == GWAPI__IMAGE_NONE)
            continue;
        gwapi__image_text name = gwapi__block_text(b, entries[from].hostname);
        gwapi__image_stream *out = gwapi__block_add(b, GWAPI__SECTION_STREAM, NULL);
        if (out != NULL)
            *out = (gwapi__image_stream){name, rule};
    }
    range.count = gwapi__block_count(b, GWAPI__SECTION_STREAM) - range.first;
    return range;
}

static void emit_listener(gwapi__compiler *c, const gwapi__compile_listener *listener)
{
    gwapi__block *b = &c->builder;
    const gwapi__resolved_listener *l = listener->judged;
    const gwapi__meta *set = l->listener_set != NULL ? &l->listener_set->meta : NULL;
    const gwapi_str absent = {NULL, 0};
    gwapi__image_listener record = {
        .gateway = c->gateway_index[listener->gateway],
        .port = (uint32_t)l->port,
        .protocol = protocols[l->spec->protocol],
        .tls_mode = tls_mode_of(l->spec),
        .name = gwapi__block_text(b, l->spec->name),
        .hostname = gwapi__block_text(b, gwapi__compile_listener_hostname(l->spec)),
        .set_namespace = gwapi__block_text(b, set != NULL ? set->namespace_ : absent),
        .set_name = gwapi__block_text(b, set != NULL ? set->name : absent),
        .certificates = emit_certificates(c, l),
        .options = gwapi__compile_options(c, l->spec->tls_options),
        .validation_mode = validation_mode_of(&l->validation),
        .bundles = gwapi__compile_bundle_list(c, l->validation.ca_certificates,
                                              l->validation.ca_count),
        .streams = emit_streams(c, listener->routes),
    };
    gwapi__image_listener *out = gwapi__block_add(b, GWAPI__SECTION_LISTENER, NULL);

    if (out != NULL)
        *out = record;
}

/* ---- gateways ------------------------------------------------------------------------------------ */

static gwapi__image_range emit_addresses(gwapi__compiler *c, const gwapi__resolved_gateway *g)
{
    gwapi__block *b = &c->builder;
    gwapi__image_range range = {gwapi__block_count(b, GWAPI__SECTION_STRING), 0};

    for (size_t i = 0; i < g->address_count; i++)
        if (g->addresses[i].value.data != NULL)
            gwapi__block_string(b, GWAPI__SECTION_STRING, g->addresses[i].value);
    range.count = gwapi__block_count(b, GWAPI__SECTION_STRING) - range.first;
    return range;
}

static void emit_gateway(gwapi__compiler *c, uint32_t gateway)
{
    gwapi__block *b = &c->builder;
    const gwapi__resolved_gateway *g = &c->t.gateways[gateway]->gateway;
    uint32_t first = c->t.first_listener[gateway];
    gwapi__image_gateway record = {
        .namespace_ = gwapi__block_text(b, g->resource->meta.namespace_),
        .name = gwapi__block_text(b, g->resource->meta.name),
        .listeners = {gwapi__block_count(b, GWAPI__SECTION_LISTENER), 0},
        .addresses = emit_addresses(c, g),
        .client_certificate =
            g->client_certificate != NULL
                ? gwapi__object_set_find(&c->certificates, g->client_certificate)
                : GWAPI__IMAGE_NONE,
        .client_certificate_invalid = g->client_certificate_invalid,
    };

    c->gateway_index[gateway] = gwapi__block_count(b, GWAPI__SECTION_GATEWAY);
    for (uint32_t i = 0; i < g->listener_count; i++)
        if (c->listener_kept[first + i]) {
            c->listener_order[c->listener_count++] = first + i;
            emit_listener(c, &c->t.listeners[first + i]);
        }
    record.listeners.count =
        gwapi__block_count(b, GWAPI__SECTION_LISTENER) - record.listeners.first;
    gwapi__image_gateway *out = gwapi__block_add(b, GWAPI__SECTION_GATEWAY, NULL);
    if (out != NULL)
        *out = record;
}

static int order_gateways(const void *a, const void *b, void *ctx)
{
    const gwapi__compiler *c = ctx;

    return gwapi__order_parts(&c->t.gateways[*(const uint32_t *)a]->gateway.resource->meta,
                              &c->t.gateways[*(const uint32_t *)b]->gateway.resource->meta);
}

static gwapi_result emit_gateways(gwapi__compiler *c)
{
    size_t count = c->t.gateway_count;
    uint32_t *order = gwapi__compile_array(c, count, sizeof *order);

    if (order == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    if (!gwapi__sort(&c->allocator, order, count, sizeof *order, order_gateways, c))
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < count; i++)
        if (c->gateway_kept[order[i]])
            emit_gateway(c, order[i]);
    return c->builder.failure;
}

gwapi_result gwapi__compile_listeners(gwapi__compiler *c)
{
    const gwapi__numbered *t = &c->t;

    c->gateway_index = gwapi__compile_array(c, t->gateway_count, sizeof(uint32_t));
    c->listener_order = gwapi__compile_array(c, t->listener_count, sizeof(uint32_t));
    GWAPI__TRY(c->builder.failure);
    return emit_gateways(c);
}
