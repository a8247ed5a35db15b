/* The doors by which listeners are found: of all Gateways, of each, of each address. */
#include "compile/compiler.h"

/* By gwapi__protocol; listeners of another are not served. */
static const gwapi_transport transports[] = {
    [GWAPI__PROTOCOL_OTHER] = GWAPI_TRANSPORT_AUTO, [GWAPI__PROTOCOL_HTTP] = GWAPI_TRANSPORT_HTTP,
    [GWAPI__PROTOCOL_HTTPS] = GWAPI_TRANSPORT_TLS,  [GWAPI__PROTOCOL_TLS] = GWAPI_TRANSPORT_TLS,
    [GWAPI__PROTOCOL_TCP] = GWAPI_TRANSPORT_TCP,    [GWAPI__PROTOCOL_UDP] = GWAPI_TRANSPORT_UDP,
};

/* Names play no part for TCP and UDP. */
gwapi_str gwapi__compile_listener_hostname(const gwapi__listener *spec)
{
    if (spec->protocol == GWAPI__PROTOCOL_TCP || spec->protocol == GWAPI__PROTOCOL_UDP ||
        spec->hostname.len == 0)
        return (gwapi_str){NULL, 0};
    return spec->hostname;
}

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
        const gwapi__compile_listener *listener = &c->t.listeners[c->listener_order[i]];
        const gwapi__resolved_listener *l = listener->judged;
        const gwapi__resolved_gateway *g = &c->t.gateways[listener->gateway]->gateway;
        const gwapi__meta *meta = &g->resource->meta;
        door_entry template = {
            .port = (uint32_t)l->port,
            .transport = transports[l->spec->protocol],
            .hostname = gwapi__compile_listener_hostname(l->spec),
            .gateway_rank = c->gateway_rank[listener->gateway],
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

/* Entries that share scope, port and transport; of equal hostnames the first is taken. */
static void emit_door(gwapi__compiler *c, const door_entry *entries, size_t count)
{
    gwapi__block *b = &c->builder;
    gwapi__image_door record = {
        .port = entries[0].port,
        .transport = entries[0].transport,
        .listeners = {gwapi__block_count(b, GWAPI__SECTION_LISTENER_INDEX), 0},
    };

    for (size_t i = 0; i < count; i++)
        if (i == 0 || !gwapi__str_eq(entries[i].hostname, entries[i - 1].hostname))
            gwapi__block_word(b, GWAPI__SECTION_LISTENER_INDEX, entries[i].listener);
    record.listeners.count =
        gwapi__block_count(b, GWAPI__SECTION_LISTENER_INDEX) - record.listeners.first;
    gwapi__compile_door_names(c, gwapi__block_count(b, GWAPI__SECTION_DOOR), &record);
    gwapi__image_door *out = gwapi__block_add(b, GWAPI__SECTION_DOOR, NULL);
    if (out != NULL)
        *out = record;
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

gwapi_result gwapi__compile_doors(gwapi__compiler *c)
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
