/* Gateways, listeners with their routes, and the doors by which listeners are found. */
#include "compile/compiler.h"

/* ---- one listener ----------------------------------------------------------------------------- */

static gwapi_protocol protocol_of(gwapi__protocol protocol)
{
    switch (protocol) {
    case GWAPI__PROTOCOL_HTTP:
        return GWAPI_PROTOCOL_HTTP;
    case GWAPI__PROTOCOL_HTTPS:
        return GWAPI_PROTOCOL_HTTPS;
    case GWAPI__PROTOCOL_TLS:
        return GWAPI_PROTOCOL_TLS;
    case GWAPI__PROTOCOL_TCP:
        return GWAPI_PROTOCOL_TCP;
    case GWAPI__PROTOCOL_UDP:
        return GWAPI_PROTOCOL_UDP;
    case GWAPI__PROTOCOL_OTHER:
        break;
    }
    return 0;
}

static gwapi_transport transport_of(gwapi__protocol protocol)
{
    switch (protocol) {
    case GWAPI__PROTOCOL_HTTP:
        return GWAPI_TRANSPORT_HTTP;
    case GWAPI__PROTOCOL_HTTPS:
    case GWAPI__PROTOCOL_TLS:
        return GWAPI_TRANSPORT_TLS;
    case GWAPI__PROTOCOL_TCP:
        return GWAPI_TRANSPORT_TCP;
    case GWAPI__PROTOCOL_UDP:
        return GWAPI_TRANSPORT_UDP;
    case GWAPI__PROTOCOL_OTHER:
        break;
    }
    return 0;
}

static gwapi_tls_mode tls_mode_of(const gwapi__listener *spec)
{
    if (spec->protocol != GWAPI__PROTOCOL_HTTPS && spec->protocol != GWAPI__PROTOCOL_TLS)
        return GWAPI_TLS_NONE;
    return spec->tls_mode == GWAPI__TLS_PASSTHROUGH ? GWAPI_TLS_PASSTHROUGH
                                                    : GWAPI_TLS_TERMINATE;
}

/* Names play no part for TCP and UDP. */
static gwapi_str hostname_of(const gwapi__listener *spec)
{
    if (spec->protocol == GWAPI__PROTOCOL_TCP || spec->protocol == GWAPI__PROTOCOL_UDP ||
        spec->hostname.len == 0)
        return (gwapi_str){NULL, 0};
    return spec->hostname;
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

/* A route's rules stand under each of its hostnames, or under "" without any. */
static gwapi__image_range emit_hosts(gwapi__compiler *c, const gwapi__resolved_listener *l)
{
    gwapi__image_range none = {0, 0};
    size_t count = 0, next = 0;

    for (size_t i = 0; i < l->attachment_count; i++)
        count += l->attachments[i].hostname_count + (l->attachments[i].hostname_count == 0);
    gwapi__host_entry *entries = gwapi__compile_array(c, count, sizeof *entries);
    if (entries == NULL)
        return none;
    for (size_t i = 0; i < l->attachment_count; i++) {
        const gwapi__attachment *a = &l->attachments[i];
        for (size_t k = 0; k < a->hostname_count; k++)
            entries[next++] = (gwapi__host_entry){a->hostnames[k], a->route, false};
        if (a->hostname_count == 0)
            entries[next++] = (gwapi__host_entry){GWAPI__STR(""), a->route, false};
    }
    return gwapi__compile_hosts(c, entries, count);
}

static void emit_listener(gwapi__compiler *c, const gwapi__resolved_listener *l)
{
    gwapi__block *b = &c->builder;
    const gwapi__meta *set = l->listener_set != NULL ? &l->listener_set->meta : NULL;
    const gwapi_str absent = {NULL, 0};
    gwapi__image_listener record = {
        .gateway = c->gateway_index[l->gateway],
        .port = (uint32_t)l->port,
        .protocol = protocol_of(l->spec->protocol),
        .tls_mode = tls_mode_of(l->spec),
        .name = gwapi__block_text(b, l->spec->name),
        .hostname = gwapi__block_text(b, hostname_of(l->spec)),
        .set_namespace = gwapi__block_text(b, set != NULL ? set->namespace_ : absent),
        .set_name = gwapi__block_text(b, set != NULL ? set->name : absent),
        .certificates = emit_certificates(c, l),
        .options = gwapi__compile_options(c, l->spec->tls_options),
        .validation_mode = validation_mode_of(&l->validation),
        .bundles = gwapi__compile_bundle_list(c, l->validation.ca_certificates,
                                              l->validation.ca_count),
        .hosts = emit_hosts(c, l),
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
    const gwapi__resolved_gateway *g = &c->topology->gateways[gateway];
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
        if (c->listener_kept[g->first_listener + i]) {
            c->listener_order[c->listener_count++] = g->first_listener + i;
            emit_listener(c, &c->topology->listeners[g->first_listener + i]);
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

    return gwapi__order_parts(&c->topology->gateways[*(const uint32_t *)a].resource->meta,
                              &c->topology->gateways[*(const uint32_t *)b].resource->meta);
}

static gwapi_result emit_gateways(gwapi__compiler *c)
{
    size_t count = c->topology->gateway_count;
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

/* ---- scopes and doors ------------------------------------------------------------------------------ */

/* A listener as one scope finds it. */
typedef struct door_entry {
    uint32_t scope_kind;
    gwapi_str scope_namespace;
    gwapi_str scope_name;
    uint32_t port;
    gwapi_transport transport;
    gwapi_str hostname;
    uint32_t gateway_rank; /* of two with the same hostname the older Gateway's is taken */
    uint32_t listener;     /* in LISTENER */
} door_entry;

static int order_numbers(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int order_scopes(const door_entry *x, const door_entry *y)
{
    int order = order_numbers(x->scope_kind, y->scope_kind);

    if (order == 0)
        order = gwapi__str_cmp(x->scope_namespace, y->scope_namespace);
    return order != 0 ? order : gwapi__str_cmp(x->scope_name, y->scope_name);
}

static int order_doors(const door_entry *x, const door_entry *y)
{
    int order = order_scopes(x, y);

    if (order == 0)
        order = order_numbers(x->port, y->port);
    return order != 0 ? order : order_numbers(x->transport, y->transport);
}

static int order_door_entries(const void *a, const void *b, void *ctx)
{
    const door_entry *x = a, *y = b;
    int order = order_doors(x, y);

    (void)ctx;
    if (order == 0)
        order = gwapi__str_cmp(x->hostname, y->hostname);
    if (order == 0)
        order = order_numbers(x->gateway_rank, y->gateway_rank);
    return order != 0 ? order : order_numbers(x->listener, y->listener);
}

static bool push_entry(gwapi__vector *v, const door_entry *template, uint32_t kind,
                       gwapi_str namespace_, gwapi_str name)
{
    door_entry *entry = gwapi__vector_push(v);

    if (entry == NULL)
        return false;
    *entry = *template;
    entry->scope_kind = kind;
    entry->scope_namespace = namespace_;
    entry->scope_name = name;
    return true;
}

static bool push_entries(gwapi__compiler *c, gwapi__vector *v)
{
    const gwapi_str none = {NULL, 0};

    for (uint32_t i = 0; i < c->listener_count; i++) {
        const gwapi__resolved_listener *l = &c->topology->listeners[c->listener_order[i]];
        const gwapi__resolved_gateway *g = &c->topology->gateways[l->gateway];
        const gwapi__meta *meta = &g->resource->meta;
        door_entry template = {
            .port = (uint32_t)l->port,
            .transport = transport_of(l->spec->protocol),
            .hostname = hostname_of(l->spec),
            .gateway_rank = c->gateway_rank[l->gateway],
            .listener = i,
        };
        if (!push_entry(v, &template, GWAPI__SCOPE_ALL, none, none) ||
            !push_entry(v, &template, GWAPI__SCOPE_GATEWAY, meta->namespace_, meta->name))
            return false;
        for (size_t k = 0; k < g->address_count; k++)
            if (g->addresses[k].value.data != NULL &&
                !push_entry(v, &template, GWAPI__SCOPE_ADDRESS, none, g->addresses[k].value))
                return false;
    }
    return true;
}

/* Entries from .. to - 1 share scope, port and transport; equal hostnames: the first is taken. */
static void emit_door(gwapi__compiler *c, const door_entry *entries, size_t count)
{
    gwapi__block *b = &c->builder;
    gwapi__image_door *record = gwapi__block_add(b, GWAPI__SECTION_DOOR, NULL);
    uint32_t first = gwapi__block_count(b, GWAPI__SECTION_LISTENER_INDEX);

    for (size_t i = 0; i < count; i++)
        if (i == 0 || !gwapi__str_eq(entries[i].hostname, entries[i - 1].hostname))
            gwapi__block_word(b, GWAPI__SECTION_LISTENER_INDEX, entries[i].listener);
    if (record != NULL)
        *record = (gwapi__image_door){
            .port = entries[0].port,
            .transport = entries[0].transport,
            .listeners = {first, gwapi__block_count(b, GWAPI__SECTION_LISTENER_INDEX) - first},
        };
}

static void emit_scope(gwapi__compiler *c, const door_entry *entries, size_t count)
{
    gwapi__block *b = &c->builder;
    gwapi__image_scope record = {
        .kind = entries[0].scope_kind,
        .namespace_ = gwapi__block_text(b, entries[0].scope_namespace),
        .name = gwapi__block_text(b, entries[0].scope_name),
        .doors = {gwapi__block_count(b, GWAPI__SECTION_DOOR), 0},
    };

    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && order_doors(&entries[to], &entries[from]) == 0; to++)
            ;
        emit_door(c, entries + from, to - from);
    }
    record.doors.count = gwapi__block_count(b, GWAPI__SECTION_DOOR) - record.doors.first;
    gwapi__image_scope *out = gwapi__block_add(b, GWAPI__SECTION_SCOPE, NULL);
    if (out != NULL)
        *out = record;
}

static gwapi_result emit_scopes(gwapi__compiler *c)
{
    gwapi__vector v;

    gwapi__vector_init(&v, &c->allocator, sizeof(door_entry));
    bool good = push_entries(c, &v) && gwapi__vector_sort(&v, order_door_entries, NULL);
    const door_entry *entries = v.data;
    for (size_t from = 0, to; good && from < v.count; from = to) {
        for (to = from + 1; to < v.count && order_scopes(&entries[to], &entries[from]) == 0; to++)
            ;
        emit_scope(c, entries + from, to - from);
    }
    gwapi__vector_free(&v);
    return good ? c->builder.failure : GWAPI_ENOMEM;
}

gwapi_result gwapi__compile_listeners(gwapi__compiler *c)
{
    const gwapi_topology *t = c->topology;

    c->gateway_index = gwapi__compile_array(c, t->gateway_count, sizeof(uint32_t));
    c->listener_order = gwapi__compile_array(c, t->listener_count, sizeof(uint32_t));
    GWAPI__TRY(c->builder.failure);
    GWAPI__TRY(emit_gateways(c));
    return emit_scopes(c);
}
