/* Numbers for what the topology has, in its order. */
#include "base/hash.h"
#include "compile/compiler.h"

static gwapi_result number_gateways(gwapi__compiler *c)
{
    const gwapi__sequence *s = gwapi__topology_gateways(c->topology);
    gwapi__sequence_walk walk = {s, 0, 0};
    const gwapi__gateway_part *part;
    gwapi__numbered *t = &c->t;

    t->gateways = gwapi__compile_array(c, s->count, sizeof *t->gateways);
    t->first_listener = gwapi__compile_array(c, s->count, sizeof *t->first_listener);
    t->listeners = gwapi__compile_array(c, s->total[GWAPI__LISTENERS], sizeof *t->listeners);
    GWAPI__TRY(c->builder.failure);
    while ((part = gwapi__sequence_next(&walk)) != NULL) {
        uint32_t gateway = (uint32_t)t->gateway_count++;
        t->gateways[gateway] = part->judged;
        t->first_listener[gateway] = (uint32_t)t->listener_count;
        for (uint32_t i = 0; i < part->judged->gateway.listener_count; i++)
            t->listeners[t->listener_count++] = (gwapi__compile_listener){
                gateway, &part->judged->listeners[i], &part->bindings->places[i]};
    }
    return GWAPI_OK;
}

static gwapi_result number_policies(gwapi__compiler *c, gwapi__sequence_id id,
                                    const gwapi__judged_policy ***out, size_t *count)
{
    const gwapi__sequence *s = &c->topology->sequences[id];
    gwapi__sequence_walk walk = {s, 0, 0};
    const gwapi__policy_part *part;
    const gwapi__judged_policy **made = gwapi__compile_array(c, s->count, sizeof *made);

    *out = made;
    if (made == NULL)
        return GWAPI_ENOMEM;
    while ((part = gwapi__sequence_next(&walk)) != NULL)
        made[(*count)++] = part->judged;
    return GWAPI_OK;
}

uint32_t gwapi__policy_number(const gwapi__judged_policy *const *policies, size_t count,
                              const gwapi__resource *policy)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (gwapi__resource_cmp(policies[middle]->part.resource, policy) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint32_t)low;
}

/* ---- routes --------------------------------------------------------------------------- */

/* The slot of the route, or the empty one where it would be. */
static uint32_t *slot_of(const gwapi__compiler *c, const gwapi__resolved_route *route)
{
    const gwapi__numbered *t = &c->t;
    size_t i = gwapi__mix64((uint64_t)(uintptr_t)route) & (t->route_slot_count - 1);

    while (t->route_slots[i] != 0 && t->routes[t->route_slots[i] - 1] != route)
        i = (i + 1) & (t->route_slot_count - 1);
    return &t->route_slots[i];
}

uint32_t gwapi__route_number(const gwapi__compiler *c, const gwapi__resolved_route *route)
{
    return *slot_of(c, route) - 1;
}

static gwapi_result number_routes(gwapi__compiler *c)
{
    const gwapi__route_verdict *v;
    gwapi__numbered *t = &c->t;
    size_t count = gwapi_topology_route_count(c->topology);

    for (t->route_slot_count = 2; t->route_slot_count < 2 * count;)
        t->route_slot_count *= 2;
    t->routes = gwapi__compile_array(c, count, sizeof *t->routes);
    t->route_slots = gwapi__compile_array(c, t->route_slot_count, sizeof *t->route_slots);
    GWAPI__TRY(c->builder.failure);
    for (size_t k = 0; k < GWAPI__ROUTE_KINDS; k++) {
        gwapi__sequence_walk walk = {&c->topology->sequences[GWAPI__SEQUENCE_ROUTES + k], 0, 0};
        while ((v = gwapi__sequence_next(&walk)) != NULL) {
            if (v->part.measures[GWAPI__LISTED] == 0)
                continue;
            t->routes[t->route_count] = v->route;
            *slot_of(c, v->route) = (uint32_t)++t->route_count;
        }
    }
    return GWAPI_OK;
}

gwapi_result gwapi__compile_number(gwapi__compiler *c)
{
    GWAPI__TRY(number_gateways(c));
    GWAPI__TRY(number_policies(c, GWAPI__SEQUENCE_TLS_POLICIES, &c->t.tls_policies,
                               &c->t.tls_policy_count));
    GWAPI__TRY(number_policies(c, GWAPI__SEQUENCE_TRAFFIC_POLICIES, &c->t.traffic_policies,
                               &c->t.traffic_policy_count));
    return number_routes(c);
}
