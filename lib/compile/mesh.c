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
static void emit_table(gwapi__compiler *c, const gwapi__attachment *attachments, size_t count,
                       gwapi_str client)
{
    gwapi__host_entry *entries = gwapi__compile_array(c, count, sizeof *entries);
    gwapi__block *b = &c->builder;

    if (entries == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        entries[i] = (gwapi__host_entry){GWAPI__STR(""), attachments[i].route, true};
    gwapi__image_mesh_table record = {
        .client = gwapi__block_text(b, client),
        .host = gwapi__compile_host(c, entries, count, GWAPI__IMAGE_NONE),
        .stream_rule = gwapi__compile_stream_rule(c, entries, count),
    };
    gwapi__image_mesh_table *out = gwapi__block_add(b, GWAPI__SECTION_MESH_TABLE, NULL);
    if (out != NULL)
        *out = record;
}

static gwapi_str namespace_of(gwapi__compiler *c, const gwapi__attachment *attachment)
{
    return c->topology->routes[attachment->route].resource->meta.namespace_;
}

static int order_consumers(const void *a, const void *b, void *ctx)
{
    gwapi__compiler *c = ctx;

    return gwapi__str_cmp(namespace_of(c, a), namespace_of(c, b));
}

/* One table for each client namespace, sorted. */
static void emit_consumer_tables(gwapi__compiler *c, const gwapi__mesh_port *port)
{
    size_t count = port->consumer_count;
    gwapi__attachment *sorted = gwapi__compile_array(c, count, sizeof *sorted);

    if (sorted == NULL)
        return;
    if (count != 0)
        memcpy(sorted, port->consumer, count * sizeof *sorted);
    if (!gwapi__sort(&c->allocator, sorted, count, sizeof *sorted, order_consumers, c)) {
        c->builder.failure = GWAPI_ENOMEM;
        return;
    }
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && order_consumers(&sorted[to], &sorted[from], c) == 0; to++)
            ;
        emit_table(c, sorted + from, to - from, namespace_of(c, &sorted[from]));
    }
}

/* ---- ports with routes, by Service and place --------------------------------------------------------- */

static int order_port(const gwapi__mesh_port *port, const gwapi__resource *service,
                      size_t port_index)
{
    int order = gwapi__order_parts(&port->service->meta, &service->meta);

    return order != 0 ? order : (port->port_index > port_index) - (port->port_index < port_index);
}

static int order_ports(const void *a, const void *b, void *ctx)
{
    const gwapi__mesh_port *other = *(const gwapi__mesh_port *const *)b;

    (void)ctx;
    return order_port(*(const gwapi__mesh_port *const *)a, other->service, other->port_index);
}

static gwapi_result sort_ports(gwapi__compiler *c)
{
    size_t count = c->topology->mesh_port_count;

    c->mesh_ports = gwapi__compile_array(c, count, sizeof *c->mesh_ports);
    if (c->mesh_ports == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < count; i++)
        c->mesh_ports[i] = &c->topology->mesh_ports[i];
    return gwapi__sort(&c->allocator, c->mesh_ports, count, sizeof *c->mesh_ports, order_ports,
                       NULL)
               ? GWAPI_OK
               : GWAPI_ENOMEM;
}

static const gwapi__mesh_port *bound_port(const gwapi__compiler *c,
                                          const gwapi__resource *service, size_t port_index)
{
    size_t low = 0, high = c->topology->mesh_port_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = order_port(c->mesh_ports[middle], service, port_index);
        if (order == 0)
            return c->mesh_ports[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* ---- services ---------------------------------------------------------------------------------------- */

static void emit_port(gwapi__compiler *c, uint32_t service, const gwapi__resource *resource,
                      size_t i)
{
    gwapi__block *b = &c->builder;
    const gwapi__service_port *port = &resource->as.service->ports[i];
    const gwapi__mesh_port *bound = bound_port(c, resource, i);
    gwapi_str name = port->name.len != 0 ? port->name : (gwapi_str){NULL, 0};
    gwapi__image_service_port record = {
        .service = service,
        .port = (uint32_t)port->port,
        .transport = port->transport == GWAPI__TRANSPORT_UDP ? GWAPI_TRANSPORT_UDP
                                                             : GWAPI_TRANSPORT_TCP,
        .name = gwapi__block_text(b, name),
        .tables = {gwapi__block_count(b, GWAPI__SECTION_MESH_TABLE), 0},
    };

    if (bound != NULL && bound->producer_count != 0)
        emit_table(c, bound->producer, bound->producer_count, GWAPI__STR(""));
    if (bound != NULL)
        emit_consumer_tables(c, bound);
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
    const gwapi_topology *t = c->topology;
    size_t count = 0;
    gwapi__resource **services = gwapi__compile_array(c, t->resource_count, sizeof *services);

    if (services == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < t->resource_count; i++)
        if (t->resources[i]->kind == GWAPI__KIND_SERVICE)
            services[count++] = t->resources[i];
    if (!gwapi__sort(&c->allocator, services, count, sizeof *services, order_services, NULL))
        return GWAPI_ENOMEM;
    GWAPI__TRY(sort_ports(c));
    for (size_t i = 0; i < count; i++)
        emit_service(c, services[i]);
    return emit_addresses(c, services, count);
}
