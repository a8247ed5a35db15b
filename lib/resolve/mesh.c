/*
 * The mesh (attachment.md §11, GEP-1294, GEP-3949): whether Service parents are ours, which
 * Service ports a route binds to, and which kind of route wins there.
 */
#include "resolve/resolver.h"

static bool mesh_is_ours(const gwapi__resolver *r, const gwapi__resource *mesh)
{
    return !gwapi__str_present(r->options->controller) ||
           gwapi__str_eq(r->options->controller, mesh->as.gateway_class->controller_name);
}

static gwapi_result judge_mesh(gwapi__resolver *r, gwapi__resource *mesh)
{
    const gwapi__gateway_class *spec = mesh->as.gateway_class;
    gwapi__class_state *state = &r->meshes[r->mesh_count++];
    gwapi_str wrong = {NULL, 0};

    state->resource = mesh;
    if (spec->has_parameters)
        GWAPI__TRY(
            gwapi__parameters_check(r, &spec->parameters, spec->parameters.namespace_, &wrong));
    if (gwapi__str_present(wrong)) {
        state->accepted = (gwapi__finding){GWAPI__MESH_INVALID_PARAMETERS, wrong};
        return GWAPI_OK;
    }
    state->accepted.id = GWAPI__MESH_ACCEPTED;
    return gwapi__message(&state->accepted.message, gwapi__resolver_arena(r), "%s %s",
                          gwapi__condition_row_of(GWAPI__MESH_ACCEPTED)->message,
                          spec->controller_name);
}

/* The XMesh that a mesh makes for itself when none has its name. */
static gwapi_result make_default(gwapi__resolver *r)
{
    gwapi__identity key = {GWAPI__STR(GWAPI__GROUP_EXPERIMENTAL), GWAPI__STR("XMesh"),
                           GWAPI__STR(""), r->options->default_mesh};
    const gwapi__resource *there = gwapi__find(r, &key);
    gwapi_str message;

    if (!gwapi__str_present(r->options->default_mesh) || !r->experimental)
        return GWAPI_OK;
    if (there == NULL)
        return gwapi__arena_copy(gwapi__resolver_arena(r), r->options->default_mesh,
                                 &r->t->default_mesh)
                   ? GWAPI_OK
                   : GWAPI_ENOMEM;
    if (mesh_is_ours(r, there))
        return GWAPI_OK;
    GWAPI__TRY(gwapi__message(&message, &r->scratch,
                              "XMesh %s belongs to controller %s: it is left untouched",
                              key.name, there->as.gateway_class->controller_name));
    const gwapi_diagnostic warning = {.struct_size = sizeof warning,
                                      .severity = GWAPI_SEVERITY_WARNING,
                                      .type = GWAPI_ERROR_REFERENCE,
                                      .rule = GWAPI__STR("resolve/default-mesh"),
                                      .message = message,
                                      .document = GWAPI__NO_DOCUMENT};
    return gwapi__report_add(r->report, &warning);
}

gwapi_result gwapi__collect_mesh(gwapi__resolver *r)
{
    const gwapi__sorted *all = &r->kinds[GWAPI__KIND_MESH];
    const gwapi__resource *oldest = NULL;
    bool named = gwapi__str_present(r->options->controller);

    r->meshes = gwapi__arena_array(&r->scratch, all->count, sizeof *r->meshes);
    if (r->meshes == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < all->count; i++) {
        if (!mesh_is_ours(r, all->items[i]))
            continue;
        GWAPI__TRY(judge_mesh(r, all->items[i]));
        if (oldest == NULL || gwapi__age_cmp(all->items[i], oldest) < 0)
            oldest = all->items[i];
    }
    r->mesh_controller =
        !named && oldest != NULL ? oldest->as.gateway_class->controller_name : r->t->controller;
    r->t->mesh = r->features.has[GWAPI__FEATURE_MESH] &&
                 (oldest != NULL || gwapi__str_present(r->options->default_mesh) || !named);
    return make_default(r);
}

/* ---- from a Service parent to its ports ---------------------------------------------- */

static gwapi_result no_match(gwapi__resolver *r, gwapi__parent_state *p, const char *why)
{
    p->accepted.id = GWAPI__ROUTE_NO_PARENT;
    return gwapi__message(&p->accepted.message, gwapi__resolver_arena(r), "Service %s %s",
                          p->ref.ref.name, gwapi__str_of(why));
}

static bool port_selected(const gwapi__parent_ref *ref, const gwapi__service_port *port,
                          bool udp)
{
    return (ref->section_name.len == 0 || gwapi__str_eq(ref->section_name, port->name)) &&
           (ref->port == 0 || ref->port == port->port) &&
           port->transport == (udp ? GWAPI__TRANSPORT_UDP : GWAPI__TRANSPORT_TCP);
}

/* The mesh ports of a Service, made at first sight: they stand together. NULL: no memory. */
static const uint32_t *ports_of(gwapi__resolver *r, gwapi__resource *service)
{
    gwapi__identity key = gwapi__identity_of(service);
    uint32_t *first = gwapi__index_at(&r->mesh_index, &key);

    if (first == NULL || *first != GWAPI_NONE)
        return first;
    *first = (uint32_t)r->mesh_ports.count;
    for (uint32_t i = 0; i < service->as.service->port_count; i++) {
        gwapi__mesh_port *port = gwapi__vector_push(&r->mesh_ports);
        if (port == NULL)
            return NULL;
        port->service = service;
        port->port_index = i;
    }
    return first;
}

static gwapi__step unselected_by(const gwapi__parent_ref *ref, const gwapi__service_port *port)
{
    if (ref->section_name.len != 0 && !gwapi__str_eq(ref->section_name, port->name))
        return GWAPI__STEP_SECTION;
    return ref->port != 0 && ref->port != port->port ? GWAPI__STEP_PORT : GWAPI__STEP_TRANSPORT;
}

static void record(const gwapi__resolver *r, uint32_t route, uint32_t parent,
                   const gwapi__service_port *port, bool selected)
{
    const gwapi__parent_state *p = GWAPI__AT(&r->parents, gwapi__parent_state, parent);

    if (r->recorder == NULL)
        return;
    gwapi__record_place(r->recorder,
                        &(gwapi__place_event){.route = r->t->routes[route].resource,
                                              .parent = parent - r->routes[route].first_parent,
                                              .owner = p->service,
                                              .port = port,
                                              .step = !selected ? unselected_by(&p->ref, port)
                                                      : r->routes[route].mesh_binds
                                                          ? GWAPI__STEP_NONE
                                                          : GWAPI__STEP_RULES});
}

static gwapi_result try_ports(gwapi__resolver *r, uint32_t route, uint32_t parent)
{
    gwapi__parent_state *p = GWAPI__AT(&r->parents, gwapi__parent_state, parent);
    const gwapi__service *service = p->service->as.service;
    bool udp = r->t->routes[route].resource->kind == GWAPI__KIND_UDP_ROUTE;
    const uint32_t *first = ports_of(r, p->service);
    size_t selected = 0;

    if (first == NULL)
        return GWAPI_ENOMEM;
    for (uint32_t i = 0; i < service->port_count; i++) {
        bool fits = port_selected(&p->ref, &service->ports[i], udp);
        record(r, route, parent, &service->ports[i], fits);
        if (!fits)
            continue;
        selected++;
        if (r->routes[route].mesh_binds)
            GWAPI__TRY(gwapi__add_candidate(r, route, parent, *first + i, true));
    }
    if (selected == 0)
        return no_match(r, p, udp ? "has no such UDP port" : "has no such TCP port");
    if (!r->routes[route].mesh_binds)
        p->accepted = r->routes[route].mesh_dropped;
    return GWAPI_OK;
}

gwapi_result gwapi__try_service(gwapi__resolver *r, uint32_t route, uint32_t parent)
{
    gwapi__parent_state *p = GWAPI__AT(&r->parents, gwapi__parent_state, parent);
    const gwapi__resource *resource = r->t->routes[route].resource;

    if (p->service == NULL)
        return no_match(r, p, "does not exist");
    if (p->service->as.service->type == GWAPI__SERVICE_HEADLESS)
        return no_match(r, p, "is headless: traffic to it has no address of its own");
    if (p->service->as.service->type == GWAPI__SERVICE_EXTERNAL_NAME)
        return no_match(r, p, "is of type ExternalName");
    if (!r->features.has[GWAPI__FEATURE_MESH_CONSUMER] &&
        !gwapi__str_eq(resource->meta.namespace_, p->service->meta.namespace_)) {
        p->accepted =
            (gwapi__finding){GWAPI__ROUTE_UNSUPPORTED,
                             GWAPI__STR("parentRefs: the data plane lacks MeshConsumerRoute")};
        return GWAPI_OK;
    }
    return try_ports(r, route, parent);
}

/* ---- who wins a port ----------------------------------------------------------------- */

static gwapi__candidate *candidate(const gwapi__resolver *r, uint32_t i)
{
    return GWAPI__AT(&r->candidates, gwapi__candidate, i);
}

static const gwapi__resource *route_of(const gwapi__resolver *r, uint32_t i)
{
    return r->t->routes[candidate(r, i)->route].resource;
}

/* The more specific kind first. A UDPRoute never meets the others: its ports are other ones. */
static int rank_of(gwapi__resource_kind kind)
{
    return kind == GWAPI__KIND_GRPC_ROUTE   ? 0
           : kind == GWAPI__KIND_HTTP_ROUTE ? 1
           : kind == GWAPI__KIND_TLS_ROUTE  ? 2
                                            : 3;
}

static int by_namespace(const void *a, const void *b, void *ctx)
{
    const gwapi__resolver *r = ctx;

    return gwapi__str_cmp(route_of(r, *(const uint32_t *)a)->meta.namespace_,
                          route_of(r, *(const uint32_t *)b)->meta.namespace_);
}

/* For those who ask why: to whom items[i] gives way. */
static void record_blocked(const gwapi__resolver *r, const uint32_t *items, size_t count,
                           size_t i, int best)
{
    const gwapi__mesh_port *port =
        GWAPI__AT(&r->mesh_ports, gwapi__mesh_port, candidate(r, items[i])->listener);
    const gwapi__resource *winner = NULL;

    for (size_t k = 0; r->recorder != NULL && winner == NULL && k < count; k++)
        if (rank_of(route_of(r, items[k])->kind) == best)
            winner = route_of(r, items[k]);
    gwapi__record_conflict(r->recorder, route_of(r, items[i]), NULL,
                           &port->service->as.service->ports[port->port_index], winner);
}

/* Candidates of one port and one route namespace. */
static void block(gwapi__resolver *r, const uint32_t *items, size_t count)
{
    int best = rank_of(GWAPI__KIND_TCP_ROUTE);

    for (size_t i = 0; i < count; i++)
        if (rank_of(route_of(r, items[i])->kind) < best)
            best = rank_of(route_of(r, items[i])->kind);
    for (size_t i = 0; i < count; i++)
        if (rank_of(route_of(r, items[i])->kind) != best) {
            candidate(r, items[i])->blocked = true;
            record_blocked(r, items, count, i, best);
        }
}

static void bind(gwapi__resolver *r, gwapi__mesh_port *port, gwapi__attachment *made,
                 const uint32_t *items, size_t count, bool producer)
{
    size_t *bound = producer ? &port->producer_count : &port->consumer_count;

    *(producer ? &port->producer : &port->consumer) = made;
    for (size_t i = 0; i < count; i++) {
        const gwapi__candidate *c = candidate(r, items[i]);
        bool same = gwapi__str_eq(route_of(r, items[i])->meta.namespace_,
                                  port->service->meta.namespace_);
        if (!c->blocked && same == producer &&
            (*bound == 0 || made[*bound - 1].route != c->route))
            made[(*bound)++].route = c->route;
    }
}

static gwapi_result attach_port(gwapi__resolver *r, gwapi__mesh_port *port, uint32_t *items,
                                size_t count)
{
    gwapi__attachment *made =
        gwapi__arena_array(gwapi__resolver_arena(r), 2 * count, sizeof *made);

    if (made == NULL ||
        !gwapi__sort(&r->scratch.allocator, items, count, sizeof *items, by_namespace, r))
        return GWAPI_ENOMEM;
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && by_namespace(&items[i], &items[end], r) == 0;)
            end++;
        block(r, items + i, end - i);
    }
    bind(r, port, made, items, count, true);
    bind(r, port, made + count, items, count, false);
    return GWAPI_OK;
}

gwapi_result gwapi__attach_mesh(gwapi__resolver *r, const uint32_t *start, uint32_t *items)
{
    size_t count = r->mesh_ports.count;

    r->t->mesh_ports =
        gwapi__arena_array(gwapi__resolver_arena(r), count, sizeof *r->t->mesh_ports);
    if (r->t->mesh_ports == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        gwapi__mesh_port *port = GWAPI__AT(&r->mesh_ports, gwapi__mesh_port, i);
        GWAPI__TRY(attach_port(r, port, items + start[i], start[i + 1] - start[i]));
        if (port->producer_count + port->consumer_count != 0)
            r->t->mesh_ports[r->t->mesh_port_count++] = *port;
    }
    return GWAPI_OK;
}
