/* Services as destinations of mesh traffic, and the routes bound to their ports. */
#include "compile/compiler.h"

static int order_services(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return gwapi__order_parts(&(*(gwapi__resource *const *)a)->meta,
                              &(*(gwapi__resource *const *)b)->meta);
}

/* ---- the routes of a port -------------------------------------------------------------------------- */

/* One table: hostnames of the routes do not count. `client` "": the producer's. */
static void emit_table(gwapi__compiler *c, const gwapi__attachment *const *attachments,
                       size_t count, gwapi_str client)
{
    gwapi__host_entry *entries = gwapi__compile_array(c, count, sizeof *entries);
    gwapi__block *b = &c->builder;

    if (entries == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        entries[i] = (gwapi__host_entry){GWAPI__STR(""),
                                         gwapi__route_number(c, attachments[i]->route), true};
    gwapi__image_mesh_table record = {
        .client = gwapi__block_text(b, client),
        .host = gwapi__compile_host(c, entries, count, GWAPI__IMAGE_NONE),
        .stream_rule = gwapi__compile_stream_rule(c, entries, count),
    };
    gwapi__image_mesh_table *out = gwapi__block_add(b, GWAPI__SECTION_MESH_TABLE, NULL);
    if (out != NULL)
        *out = record;
}

static gwapi_str namespace_of(const gwapi__attachment *attachment)
{
    return attachment->route->resource->meta.namespace_;
}

/* The producer's, of the Service's own namespace, before the consumers' by namespace. */
static int order_clients(const void *a, const void *b, void *ctx)
{
    const gwapi__meta *service = ctx;
    gwapi_str x = namespace_of(*(const gwapi__attachment *const *)a);
    gwapi_str y = namespace_of(*(const gwapi__attachment *const *)b);
    bool x_produces = gwapi__str_eq(x, service->namespace_);
    bool y_produces = gwapi__str_eq(y, service->namespace_);

    if (x_produces != y_produces)
        return x_produces ? -1 : 1;
    return gwapi__str_cmp(x, y);
}

/* One table for each client namespace. */
static void emit_tables(gwapi__compiler *c, const gwapi__resource *service,
                        const gwapi__attached *port)
{
    size_t count = port->attachment_count;
    const gwapi__attachment **sorted = gwapi__compile_array(c, count, sizeof *sorted);
    gwapi__meta meta = service->meta;

    if (sorted == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        sorted[i] = &port->attachments[i];
    if (!gwapi__sort(&c->allocator, sorted, count, sizeof *sorted, order_clients, &meta)) {
        c->builder.failure = GWAPI_ENOMEM;
        return;
    }
    for (size_t from = 0, to; from < count; from = to) {
        gwapi_str client = namespace_of(sorted[from]);
        for (to = from + 1; to < count && gwapi__str_eq(namespace_of(sorted[to]), client); to++)
            ;
        emit_table(c, sorted + from, to - from,
                   gwapi__str_eq(client, meta.namespace_) ? GWAPI__STR("") : client);
    }
}

/* The routes of a port; NULL: none. */
static const gwapi__attached *bound_port(const gwapi__compiler *c,
                                         const gwapi__resource *service, size_t port_index)
{
    const gwapi__bindings *bindings = gwapi__sequence_find(
        &c->topology->sequences[GWAPI__SEQUENCE_SERVICES], service, NULL);

    return bindings != NULL && bindings->places[port_index].attachment_count != 0
               ? &bindings->places[port_index]
               : NULL;
}

/* ---- services ---------------------------------------------------------------------------------------- */

static void emit_port(gwapi__compiler *c, uint32_t service, const gwapi__resource *resource,
                      size_t i)
{
    gwapi__block *b = &c->builder;
    const gwapi__service_port *port = &resource->as.service->ports[i];
    const gwapi__attached *bound = bound_port(c, resource, i);
    gwapi_str name = port->name.len != 0 ? port->name : (gwapi_str){NULL, 0};
    gwapi__image_service_port record = {
        .service = service,
        .port = (uint32_t)port->port,
        .transport = port->transport == GWAPI__TRANSPORT_UDP ? GWAPI_TRANSPORT_UDP
                                                             : GWAPI_TRANSPORT_TCP,
        .name = gwapi__block_text(b, name),
        .tables = {gwapi__block_count(b, GWAPI__SECTION_MESH_TABLE), 0},
    };

    if (bound != NULL)
        emit_tables(c, resource, bound);
    record.tables.count = gwapi__block_count(b, GWAPI__SECTION_MESH_TABLE) - record.tables.first;
    gwapi__image_service_port *out = gwapi__block_add(b, GWAPI__SECTION_SERVICE_PORT, NULL);
    if (out != NULL)
        *out = record;
}

/* Only a Service with an address of its own is a frontend (headless and ExternalName are not). */
static void emit_service(gwapi__compiler *c, const gwapi__resource *resource)
{
    gwapi__block *b = &c->builder;
    const gwapi__service *spec = resource->as.service;
    bool frontend = spec->type == GWAPI__SERVICE_CLUSTER_IP;
    uint32_t service = gwapi__block_count(b, GWAPI__SECTION_SERVICE);
    gwapi__image_service record = {
        .namespace_ = gwapi__block_text(b, resource->meta.namespace_),
        .name = gwapi__block_text(b, resource->meta.name),
        .ports = {gwapi__block_count(b, GWAPI__SECTION_SERVICE_PORT), 0},
    };

    for (size_t i = 0; frontend && i < spec->port_count; i++)
        if (spec->ports[i].transport != GWAPI__TRANSPORT_OTHER)
            emit_port(c, service, resource, i);
    record.ports.count = gwapi__block_count(b, GWAPI__SECTION_SERVICE_PORT) - record.ports.first;
    gwapi__image_service *out = gwapi__block_add(b, GWAPI__SECTION_SERVICE, NULL);
    if (out != NULL)
        *out = record;
}

/* ---- addresses ------------------------------------------------------------------------------------------ */

typedef struct address {
    gwapi_str text;
    uint32_t service;
} address;

static int order_addresses(const void *a, const void *b, void *ctx)
{
    const address *x = a, *y = b;
    int order = gwapi__str_cmp(x->text, y->text);

    (void)ctx;
    return order != 0 ? order : (x->service > y->service) - (x->service < y->service);
}

static bool push_addresses(gwapi__vector *v, const gwapi__resource *service, uint32_t index)
{
    const gwapi__strs ips = service->as.service->cluster_ips;

    for (size_t i = 0; i < ips.count; i++) {
        address *entry = gwapi__vector_push(v);
        if (entry == NULL)
            return false;
        *entry = (address){ips.items[i], index};
    }
    return true;
}

static gwapi_result emit_addresses(gwapi__compiler *c, gwapi__resource *const *services,
                                   size_t count)
{
    gwapi__block *b = &c->builder;
    gwapi__vector v;
    bool good = true;

    gwapi__vector_init(&v, &c->allocator, sizeof(address));
    for (size_t i = 0; good && i < count; i++)
        if (services[i]->as.service->type == GWAPI__SERVICE_CLUSTER_IP)
            good = push_addresses(&v, services[i], (uint32_t)i);
    good = good && gwapi__vector_sort(&v, order_addresses, NULL);
    for (size_t i = 0; good && i < v.count; i++) {
        const address *entry = GWAPI__AT(&v, address, i);
        gwapi__image_service_address *out =
            gwapi__block_add(b, GWAPI__SECTION_SERVICE_ADDRESS, NULL);
        if (out != NULL)
            *out = (gwapi__image_service_address){gwapi__block_text(b, entry->text),
                                                  entry->service};
    }
    gwapi__vector_free(&v);
    return good ? b->failure : GWAPI_ENOMEM;
}

gwapi_result gwapi__compile_mesh(gwapi__compiler *c)
{
    const gwapi__set_view *set = &c->topology->set;
    size_t count = 0;
    gwapi__resource **services = gwapi__compile_array(c, set->count, sizeof *services);

    if (services == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < set->end; i++) {
        gwapi__resource *resource = gwapi__set_view_at(set, i);
        if (resource != NULL && resource->kind == GWAPI__KIND_SERVICE)
            services[count++] = resource;
    }
    if (!gwapi__sort(&c->allocator, services, count, sizeof *services, order_services, NULL))
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < count; i++)
        emit_service(c, services[i]);
    return emit_addresses(c, services, count);
}
