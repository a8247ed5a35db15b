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
    return gwapi__topology_gateways(topology)->total[GWAPI__LISTED];
}

gwapi_result gwapi_topology_gateway_at(const gwapi_topology *topology, size_t i,
                                       gwapi_gateway_info *out)
{
    uint32_t before[GWAPI__MEASURES];

    if (i >= gwapi_topology_gateway_count(topology))
        return GWAPI_EARGUMENT;
    const gwapi__gateway_part *part = gwapi__sequence_at(gwapi__topology_gateways(topology),
                                                         GWAPI__LISTED, (uint32_t)i, before);
    const gwapi__resolved_gateway *g = &part->judged->gateway;
    gwapi_gateway_info info = {
        .struct_size = sizeof info,
        .namespace_ = g->resource->meta.namespace_,
        .name = g->resource->meta.name,
        .gateway_class = g->resource->as.gateway->class_name,
        .accepted = g->accepted,
        .programmed = g->programmed,
        .default_gateway = g->default_gateway,
        .first_listener = before[GWAPI__LISTENERS],
        .listener_count = g->listener_count,
    };
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

size_t gwapi_topology_listener_count(const gwapi_topology *topology)
{
    return gwapi__topology_gateways(topology)->total[GWAPI__LISTENERS];
}

/* The Gateway that has the i-th listener, which becomes its own number there. */
static const gwapi__gateway_part *gateway_of(const gwapi_topology *topology, size_t *i,
                                             uint32_t *index)
{
    uint32_t before[GWAPI__MEASURES];

    if (*i >= gwapi_topology_listener_count(topology))
        return NULL;
    const gwapi__gateway_part *part = gwapi__sequence_at(
        gwapi__topology_gateways(topology), GWAPI__LISTENERS, (uint32_t)*i, before);
    *i -= before[GWAPI__LISTENERS];
    *index = before[GWAPI__LISTED];
    return part;
}

gwapi_result gwapi_topology_listener_at(const gwapi_topology *topology, size_t i,
                                        gwapi_topology_listener_info *out)
{
    uint32_t gateway = 0;
    const gwapi__gateway_part *part = gateway_of(topology, &i, &gateway);

    if (part == NULL)
        return GWAPI_EARGUMENT;
    const gwapi__resolved_listener *l = &part->judged->listeners[i];
    gwapi_topology_listener_info info = {
        .struct_size = sizeof info,
        .gateway = gateway,
        .name = l->spec->name,
        .hostname = l->spec->hostname,
        .protocol = l->spec->protocol_text,
        .port = (uint32_t)l->port,
        .accepted = l->accepted,
        .programmed = l->programmed,
        .attached_routes = part->bindings->places[i].attached_routes,
        .attachment_count = (uint32_t)part->bindings->places[i].attachment_count,
    };
    if (l->listener_set != NULL) {
        info.listener_set_namespace = l->listener_set->meta.namespace_;
        info.listener_set = l->listener_set->meta.name;
    }
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

/* The index of a route among the topology's. */
static uint32_t route_index(const gwapi_topology *topology, const gwapi__resolved_route *route)
{
    uint32_t before[GWAPI__MEASURES] = {0}, index = 0;
    size_t k = 0;

    for (; gwapi__route_kinds[k] != route->resource->kind; k++)
        index += topology->sequences[GWAPI__SEQUENCE_ROUTES + k].total[GWAPI__LISTED];
    gwapi__sequence_find(&topology->sequences[GWAPI__SEQUENCE_ROUTES + k], route->resource,
                         before);
    return index + before[GWAPI__LISTED];
}

gwapi_result gwapi_topology_attachment_at(const gwapi_topology *topology, size_t i, size_t j,
                                          uint32_t *route)
{
    uint32_t gateway;
    const gwapi__gateway_part *part = gateway_of(topology, &i, &gateway);

    if (part == NULL || j >= part->bindings->places[i].attachment_count || route == NULL)
        return GWAPI_EARGUMENT;
    *route = route_index(topology, part->bindings->places[i].attachments[j].route);
    return GWAPI_OK;
}

size_t gwapi_topology_route_count(const gwapi_topology *topology)
{
    size_t count = 0;

    for (size_t k = 0; k < GWAPI__ROUTE_KINDS; k++)
        count += topology->sequences[GWAPI__SEQUENCE_ROUTES + k].total[GWAPI__LISTED];
    return count;
}

gwapi_result gwapi_topology_route_at(const gwapi_topology *topology, size_t i,
                                     gwapi_topology_route_info *out)
{
    const gwapi__sequence *s = &topology->sequences[GWAPI__SEQUENCE_ROUTES];
    uint32_t before[GWAPI__MEASURES];

    if (i >= gwapi_topology_route_count(topology))
        return GWAPI_EARGUMENT;
    for (; i >= s->total[GWAPI__LISTED]; s++)
        i -= s->total[GWAPI__LISTED];
    const gwapi__route_verdict *v = gwapi__sequence_at(s, GWAPI__LISTED, (uint32_t)i, before);
    gwapi_topology_route_info info = {
        .struct_size = sizeof info,
        .kind = v->route->resource->kind_name,
        .namespace_ = v->route->resource->meta.namespace_,
        .name = v->route->resource->meta.name,
        .accepted = v->accepted,
        .rule_count = (uint32_t)v->route->rule_count,
    };
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

/* ---- statuses ------------------------------------------------------------------------ */

/* Where statuses are, in order of group and kind; the frame has two of the lists. */
enum { CLASSES = -1, MESHES = -2 };
static const int status_lists[] = {
    GWAPI__SEQUENCE_TLS_POLICIES,
    GWAPI__SEQUENCE_ROUTES, /* GRPCRoute */
    GWAPI__SEQUENCE_GATEWAYS,
    CLASSES,
    GWAPI__SEQUENCE_ROUTES + 1, /* HTTPRoute */
    GWAPI__SEQUENCE_ROUTES + 2, /* TCPRoute */
    GWAPI__SEQUENCE_ROUTES + 3, /* TLSRoute */
    GWAPI__SEQUENCE_ROUTES + 4, /* UDPRoute */
    GWAPI__SEQUENCE_TRAFFIC_POLICIES,
    GWAPI__SEQUENCE_SETS,
    MESHES,
};
#define STATUS_LISTS (sizeof status_lists / sizeof *status_lists)

static size_t list_count(const gwapi_topology *t, int list)
{
    return list == CLASSES  ? t->frame->class_count
           : list == MESHES ? t->frame->mesh_count
                            : t->sequences[list].total[GWAPI__STATUSES];
}

static const gwapi__object_status *list_at(const gwapi_topology *t, int list, size_t i)
{
    uint32_t before[GWAPI__MEASURES];

    if (list == CLASSES)
        return &t->frame->classes[i];
    if (list == MESHES)
        return &t->frame->meshes[i];
    const gwapi__part *part =
        gwapi__sequence_at(&t->sequences[list], GWAPI__STATUSES, (uint32_t)i, before);
    return part->status;
}

const gwapi__object_status *gwapi__status_at(const gwapi_topology *topology, size_t i)
{
    size_t k = 0;

    for (; i >= list_count(topology, status_lists[k]); k++)
        i -= list_count(topology, status_lists[k]);
    return list_at(topology, status_lists[k], i);
}

gwapi_str gwapi__status_name(const gwapi__frame *frame, const gwapi__object_status *status)
{
    return status->resource != NULL ? status->resource->meta.name : frame->default_mesh;
}

gwapi__identity gwapi__status_identity(const gwapi_topology *topology,
                                       const gwapi__object_status *status)
{
    const gwapi__resource *resource = status->resource;

    if (resource == NULL)
        return (gwapi__identity){GWAPI__STR(GWAPI__GROUP_EXPERIMENTAL), GWAPI__STR("XMesh"),
                                 GWAPI__STR(""), topology->frame->default_mesh};
    return (gwapi__identity){resource->group, resource->kind_name, resource->meta.namespace_,
                             resource->meta.name};
}

size_t gwapi_topology_status_count(const gwapi_topology *topology)
{
    size_t count = 0;

    for (size_t k = 0; k < STATUS_LISTS; k++)
        count += list_count(topology, status_lists[k]);
    return count;
}

gwapi_result gwapi_topology_status_at(const gwapi_topology *topology, size_t i,
                                      gwapi_object_ref *out)
{
    if (i >= gwapi_topology_status_count(topology))
        return GWAPI_EARGUMENT;
    gwapi__identity id = gwapi__status_identity(topology, gwapi__status_at(topology, i));
    gwapi_object_ref ref = {sizeof ref, id.group, id.kind, id.namespace_, id.name};
    return gwapi__struct_out(out, &ref, sizeof ref, sizeof ref);
}

uint32_t gwapi_topology_status_changed(const gwapi_topology *topology, size_t i)
{
    if (i >= gwapi_topology_status_count(topology))
        return 0;
    /* A part that came from an earlier topology is what it was there. */
    const gwapi__object_status *s = gwapi__status_at(topology, i);
    return s->serial == topology->serial && s->changed;
}

size_t gwapi_topology_condition_count(const gwapi_topology *topology, size_t i)
{
    size_t count = 0;

    if (i >= gwapi_topology_status_count(topology))
        return 0;
    const gwapi__object_status *s = gwapi__status_at(topology, i);
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
        *scope = s->listeners[k].scope;
        if (*j < s->listeners[k].conditions.count)
            return &s->listeners[k].conditions;
        *j -= s->listeners[k].conditions.count;
    }
    for (size_t k = 0; k < s->parent_count; k++) {
        *scope =
            (route ? topology->frame->scopes.parents : topology->frame->scopes.ancestors)[k];
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

    if (i >= gwapi_topology_status_count(topology))
        return GWAPI_EARGUMENT;
    const gwapi__conditions *conditions =
        place_of(topology, gwapi__status_at(topology, i), &j, &scope);
    if (conditions == NULL)
        return GWAPI_EARGUMENT;
    const gwapi__condition *c = &conditions->items[j];
    gwapi_str now = gwapi__str(topology->now, sizeof topology->now);
    gwapi_condition info = {
        .struct_size = sizeof info,
        .scope = scope,
        .type = c->type,
        .status = gwapi__str_of(gwapi__condition_status_name(c->status)),
        .reason = c->reason,
        .message = c->message,
        .last_transition_time = gwapi__is_now(c->last_transition) ? now : c->last_transition,
        .observed_generation = c->observed_generation,
    };
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}
