/* Which Gateways, listeners and rules the image needs. */
#include "compile/compiler.h"

static bool names_gateway(const gwapi_object_ref *ref, const gwapi__resource *gateway)
{
    return gwapi__str_eq(ref->namespace_, gateway->meta.namespace_) &&
           gwapi__str_eq(ref->name, gateway->meta.name);
}

static gwapi_result keep_named(gwapi__compiler *c, const gwapi_object_ref *ref)
{
    bool found = false;

    for (size_t i = 0; i < c->t.gateway_count; i++)
        if (names_gateway(ref, c->t.gateways[i]->gateway.resource))
            found = c->gateway_kept[i] = true;
    return found ? GWAPI_OK : GWAPI_ENOTFOUND;
}

static void use_route(gwapi__compiler *c, uint32_t route, bool mesh)
{
    gwapi__variant_of(c, route, mesh)->used = gwapi__variant_rules(c, route, mesh) != NULL;
}

static void keep_listeners(gwapi__compiler *c)
{
    for (size_t i = 0; i < c->t.listener_count; i++) {
        const gwapi__compile_listener *l = &c->t.listeners[i];
        c->listener_kept[i] = l->judged->served && c->gateway_kept[l->gateway];
        for (size_t k = 0; c->listener_kept[i] && k < l->routes->attachment_count; k++)
            use_route(c, gwapi__route_number(c, l->routes->attachments[k].route), false);
    }
}

/* Only Gateways with a listener that serves are of use. */
static void drop_idle_gateways(gwapi__compiler *c)
{
    for (size_t i = 0; i < c->t.gateway_count; i++)
        c->gateway_kept[i] = false;
    for (size_t i = 0; i < c->t.listener_count; i++)
        if (c->listener_kept[i])
            c->gateway_kept[c->t.listeners[i].gateway] = true;
}

static void use_mesh_routes(gwapi__compiler *c)
{
    gwapi__sequence_walk walk = {&c->topology->sequences[GWAPI__SEQUENCE_SERVICES], 0, 0};
    const gwapi__bindings *service;

    while ((service = gwapi__sequence_next(&walk)) != NULL)
        for (size_t i = 0; i < service->place_count; i++)
            for (size_t k = 0; k < service->places[i].attachment_count; k++)
                use_route(c, gwapi__route_number(c, service->places[i].attachments[k].route),
                          true);
}

gwapi_result gwapi__compile_select(gwapi__compiler *c, const gwapi_object_ref *gateways,
                                   size_t gateway_count)
{
    const gwapi__numbered *t = &c->t;

    c->gateway_kept = gwapi__compile_array(c, t->gateway_count, sizeof(bool));
    c->listener_kept = gwapi__compile_array(c, t->listener_count, sizeof(bool));
    c->variants = gwapi__compile_array(c, t->route_count, 2 * sizeof(gwapi__variant));
    GWAPI__TRY(c->builder.failure);
    for (size_t i = 0; gateways == NULL && i < t->gateway_count; i++)
        c->gateway_kept[i] = true;
    for (size_t i = 0; i < gateway_count; i++)
        GWAPI__TRY(keep_named(c, &gateways[i]));
    keep_listeners(c);
    drop_idle_gateways(c);
    if (gateways == NULL && c->topology->frame->mesh)
        use_mesh_routes(c);
    return GWAPI_OK;
}
