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

    if (!gwapi__str_present(r->options->default_mesh) || !r->experimental)
        return GWAPI_OK;
    if (there == NULL)
        return gwapi__arena_copy(gwapi__resolver_arena(r), r->options->default_mesh,
                                 &r->t->frame->default_mesh)
                   ? GWAPI_OK
                   : GWAPI_ENOMEM;
    if (mesh_is_ours(r, there))
        return GWAPI_OK;
    return gwapi__message(&r->default_mesh_note, gwapi__resolver_arena(r),
                          "XMesh %s belongs to controller %s: it is left untouched", key.name,
                          there->as.gateway_class->controller_name);
}

/* The frame may be the previous topology's; the report is a new one. */
gwapi_result gwapi__warn_of_mesh(gwapi__resolver *r)
{
    const gwapi_diagnostic warning = {.struct_size = sizeof warning,
                                      .severity = GWAPI_SEVERITY_WARNING,
                                      .type = GWAPI_ERROR_REFERENCE,
                                      .rule = GWAPI__STR("resolve/default-mesh"),
                                      .message = r->default_mesh_note,
                                      .document = GWAPI__NO_DOCUMENT};

    return gwapi__str_present(r->default_mesh_note) ? gwapi__report_add(r->report, &warning)
                                                    : GWAPI_OK;
}

gwapi_result gwapi__collect_mesh(gwapi__resolver *r)
{
    const gwapi__sorted *all = &r->kinds[GWAPI__KIND_MESH];
    const gwapi__resource *oldest = NULL;
    bool named = gwapi__str_present(r->options->controller);

    r->meshes = gwapi__arena_array(r->arena, all->count, sizeof *r->meshes);
    if (r->meshes == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < all->count; i++) {
        if (!mesh_is_ours(r, all->items[i]))
            continue;
        GWAPI__TRY(judge_mesh(r, all->items[i]));
        if (oldest == NULL || gwapi__age_cmp(all->items[i], oldest) < 0)
            oldest = all->items[i];
    }
    r->mesh_controller = !named && oldest != NULL ? oldest->as.gateway_class->controller_name
                                                  : r->t->frame->controller;
    r->t->frame->mesh =
        r->features.has[GWAPI__FEATURE_MESH] &&
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

static gwapi_result add_candidate(gwapi__resolver *r, gwapi__resource *service, uint32_t port)
{
    gwapi__candidate *c = gwapi__vector_push(&r->candidates);

    if (c == NULL)
        return GWAPI_ENOMEM;
    c->owner = service;
    c->place = port;
    c->mesh = true;
    return GWAPI_OK;
}

static gwapi__step unselected_by(const gwapi__parent_ref *ref, const gwapi__service_port *port)
{
    if (ref->section_name.len != 0 && !gwapi__str_eq(ref->section_name, port->name))
        return GWAPI__STEP_SECTION;
    return ref->port != 0 && ref->port != port->port ? GWAPI__STEP_PORT : GWAPI__STEP_TRANSPORT;
}

static void record(const gwapi__resolver *r, const gwapi__parent_state *p,
                   const gwapi__service_port *port, bool selected)
{
    const gwapi__parent_state *first = r->parents.data;

    if (r->recorder == NULL)
        return;
    gwapi__record_place(r->recorder,
                        &(gwapi__place_event){.route = r->route->resource,
                                              .parent = (uint32_t)(p - first),
                                              .owner = p->service,
                                              .port = port,
                                              .step = !selected ? unselected_by(&p->ref, port)
                                                      : r->route_state->mesh_binds
                                                          ? GWAPI__STEP_NONE
                                                          : GWAPI__STEP_RULES});
}

static gwapi_result try_ports(gwapi__resolver *r, gwapi__parent_state *p)
{
    const gwapi__service *service = p->service->as.service;
    bool udp = r->route->resource->kind == GWAPI__KIND_UDP_ROUTE;
    size_t selected = 0;

    for (uint32_t i = 0; i < service->port_count; i++) {
        bool fits = port_selected(&p->ref, &service->ports[i], udp);
        record(r, p, &service->ports[i], fits);
        if (!fits)
            continue;
        selected++;
        if (r->route_state->mesh_binds)
            GWAPI__TRY(add_candidate(r, p->service, i));
    }
    if (selected == 0)
        return no_match(r, p, udp ? "has no such UDP port" : "has no such TCP port");
    if (!r->route_state->mesh_binds)
        p->accepted = r->route_state->mesh_dropped;
    return GWAPI_OK;
}

gwapi_result gwapi__try_service(gwapi__resolver *r, gwapi__parent_state *p)
{
    const gwapi__resource *resource = r->route->resource;

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
    return try_ports(r, p);
}
