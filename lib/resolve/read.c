/* Reading a topology through the public interface, and writing it. */
#include "resolve/status.h"

#include "base/result.h"
#include "base/slice.h"
#include "base/struct.h"
#include "doc/write.h"
#include "resolve/index.h"
#include "resolve/message.h"

/* ---- Gateways, listeners, routes ----------------------------------------------------- */

size_t gwapi_topology_gateway_count(const gwapi_topology *topology)
{
    return topology->gateway_count;
}

gwapi_result gwapi_topology_gateway_at(const gwapi_topology *topology, size_t i,
                                       gwapi_gateway_info *out)
{
    if (i >= topology->gateway_count)
        return GWAPI_EARGUMENT;
    const gwapi__resolved_gateway *g = &topology->gateways[i];
    gwapi_gateway_info info = {
        .struct_size = sizeof info,
        .namespace_ = g->resource->meta.namespace_,
        .name = g->resource->meta.name,
        .gateway_class = g->resource->as.gateway->class_name,
        .accepted = g->accepted,
        .programmed = g->programmed,
        .default_gateway = g->default_gateway,
        .first_listener = g->first_listener,
        .listener_count = g->listener_count,
    };
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

size_t gwapi_topology_listener_count(const gwapi_topology *topology)
{
    return topology->listener_count;
}

gwapi_result gwapi_topology_listener_at(const gwapi_topology *topology, size_t i,
                                        gwapi_topology_listener_info *out)
{
    if (i >= topology->listener_count)
        return GWAPI_EARGUMENT;
    const gwapi__resolved_listener *l = &topology->listeners[i];
    gwapi_topology_listener_info info = {
        .struct_size = sizeof info,
        .gateway = l->gateway,
        .name = l->spec->name,
        .hostname = l->spec->hostname,
        .protocol = l->spec->protocol_text,
        .port = (uint32_t)l->port,
        .accepted = l->accepted,
        .programmed = l->programmed,
        .attached_routes = l->attached_routes,
        .attachment_count = (uint32_t)l->attachment_count,
    };
    if (l->listener_set != NULL) {
        info.listener_set_namespace = l->listener_set->meta.namespace_;
        info.listener_set = l->listener_set->meta.name;
    }
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

gwapi_result gwapi_topology_attachment_at(const gwapi_topology *topology, size_t i, size_t j,
                                          uint32_t *route)
{
    if (i >= topology->listener_count || j >= topology->listeners[i].attachment_count ||
        route == NULL)
        return GWAPI_EARGUMENT;
    *route = topology->listeners[i].attachments[j].route;
    return GWAPI_OK;
}

size_t gwapi_topology_route_count(const gwapi_topology *topology)
{
    return topology->route_count;
}

gwapi_result gwapi_topology_route_at(const gwapi_topology *topology, size_t i,
                                     gwapi_topology_route_info *out)
{
    if (i >= topology->route_count)
        return GWAPI_EARGUMENT;
    const gwapi__resolved_route *route = &topology->routes[i];
    gwapi_topology_route_info info = {
        .struct_size = sizeof info,
        .kind = route->resource->kind_name,
        .namespace_ = route->resource->meta.namespace_,
        .name = route->resource->meta.name,
        .accepted = route->accepted,
        .rule_count = (uint32_t)route->rule_count,
    };
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

/* ---- statuses ------------------------------------------------------------------------ */

gwapi__identity gwapi__status_identity(const gwapi_topology *topology, size_t i)
{
    const gwapi__resource *resource = topology->statuses[i].resource;

    if (resource == NULL)
        return (gwapi__identity){GWAPI__STR(GWAPI__GROUP_EXPERIMENTAL), GWAPI__STR("XMesh"),
                                 GWAPI__STR(""), topology->default_mesh};
    return (gwapi__identity){resource->group, resource->kind_name, resource->meta.namespace_,
                             resource->meta.name};
}

size_t gwapi_topology_status_count(const gwapi_topology *topology)
{
    return topology->status_count;
}

gwapi_result gwapi_topology_status_at(const gwapi_topology *topology, size_t i,
                                      gwapi_object_ref *out)
{
    if (i >= topology->status_count)
        return GWAPI_EARGUMENT;
    gwapi__identity id = gwapi__status_identity(topology, i);
    gwapi_object_ref ref = {sizeof ref, id.group, id.kind, id.namespace_, id.name};
    return gwapi__struct_out(out, &ref, sizeof ref, sizeof ref);
}

uint32_t gwapi_topology_status_changed(const gwapi_topology *topology, size_t i)
{
    return i < topology->status_count && topology->statuses[i].changed;
}

size_t gwapi_topology_condition_count(const gwapi_topology *topology, size_t i)
{
    size_t count = 0;

    if (i >= topology->status_count)
        return 0;
    const gwapi__object_status *s = &topology->statuses[i];
    count = s->conditions.count;
    for (size_t k = 0; k < s->listener_count; k++)
        count += s->listeners[k].conditions.count;
    for (size_t k = 0; k < s->parent_count; k++)
        count += s->parents[k].conditions.count;
    return count;
}

/* The conditions that hold the j-th one, and their scope; *j becomes its index among them. */
static const gwapi__conditions *place_of(const gwapi_topology *topology,
                                         const gwapi__object_status *s, size_t *j,
                                         gwapi_str *scope)
{
    bool route = s->resource != NULL && gwapi__is_route(s->resource->kind);

    *scope = GWAPI__STR("");
    if (*j < s->conditions.count)
        return &s->conditions;
    *j -= s->conditions.count;
    for (size_t k = 0; k < s->listener_count; k++) {
        *scope = topology->scopes.listeners[k];
        if (*j < s->listeners[k].conditions.count)
            return &s->listeners[k].conditions;
        *j -= s->listeners[k].conditions.count;
    }
    for (size_t k = 0; k < s->parent_count; k++) {
        *scope = (route ? topology->scopes.parents : topology->scopes.ancestors)[k];
        if (*j < s->parents[k].conditions.count)
            return &s->parents[k].conditions;
        *j -= s->parents[k].conditions.count;
    }
    return NULL;
}

gwapi_result gwapi_topology_condition_at(const gwapi_topology *topology, size_t i, size_t j,
                                         gwapi_condition *out)
{
    gwapi_str scope;

    if (i >= topology->status_count)
        return GWAPI_EARGUMENT;
    const gwapi__conditions *conditions =
        place_of(topology, &topology->statuses[i], &j, &scope);
    if (conditions == NULL)
        return GWAPI_EARGUMENT;
    const gwapi__condition *c = &conditions->items[j];
    gwapi_condition info = {
        .struct_size = sizeof info,
        .scope = scope,
        .type = c->type,
        .status = gwapi__str_of(gwapi__condition_status_name(c->status)),
        .reason = c->reason,
        .message = c->message,
        .last_transition_time = c->last_transition,
        .observed_generation = c->observed_generation,
    };
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}
