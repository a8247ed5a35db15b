/*
 * The Gateways that policies are told of in their statuses (tls.md §7, GEP-713): those whose
 * routes use a target. A status has room for 16; where there is none a BackendTLSPolicy cannot
 * be used, and the routes say so.
 */
#include "resolve/resolver.h"

/* ---- which ---------------------------------------------------------------------------- */

static gwapi_result add_ancestor(gwapi__policies *p, uint32_t target, uint32_t gateway)
{
    const gwapi__target *t = GWAPI__AT(&p->targets, gwapi__target, target);

    for (uint32_t i = t->first_claim; i < t->first_claim + t->claim_count; i++) {
        const gwapi__claim *claim = GWAPI__AT(&p->claims, gwapi__claim, i);
        uint32_t *added = gwapi__vector_push(&p->states[claim->policy].ancestors);
        if (added == NULL)
            return GWAPI_ENOMEM;
        *added = gateway;
    }
    return GWAPI_OK;
}

static int by_target(const void *a, const void *b, void *ctx)
{
    const gwapi__target_use *x = a, *y = b;

    (void)ctx;
    if (x->target != y->target)
        return x->target < y->target ? -1 : 1;
    return (x->route > y->route) - (x->route < y->route);
}

static int by_number(const void *a, const void *b, void *ctx)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    (void)ctx;
    return (x > y) - (x < y);
}

static bool sort_unique(gwapi__vector *numbers)
{
    size_t kept = 0;

    if (!gwapi__vector_sort(numbers, by_number, NULL))
        return false;
    for (size_t i = 0; i < numbers->count; i++) {
        uint32_t n = *GWAPI__AT(numbers, uint32_t, i);
        if (kept == 0 || *GWAPI__AT(numbers, uint32_t, kept - 1) != n)
            *GWAPI__AT(numbers, uint32_t, kept++) = n;
    }
    numbers->count = kept;
    return true;
}

/* Each Gateway once for a target: `seen[gateway]` is the target last counted, + 1. */
static gwapi_result add_gateways(gwapi__resolver *r, gwapi__policies *p,
                                 const gwapi__target_use *used, uint32_t *seen)
{
    const gwapi__route_state *route = &r->routes[used->route];

    for (uint32_t k = 0; k < route->parent_count; k++) {
        const gwapi__parent_state *parent =
            GWAPI__AT(&r->parents, gwapi__parent_state, route->first_parent + k);
        if (parent->gateway == GWAPI_NONE || parent->accepted.id != GWAPI__ROUTE_ACCEPTED ||
            seen[parent->gateway] == used->target + 1)
            continue;
        seen[parent->gateway] = used->target + 1;
        GWAPI__TRY(add_ancestor(p, used->target, parent->gateway));
    }
    return GWAPI_OK;
}

static uint32_t target_of(const gwapi__policies *p, const gwapi__resource *object)
{
    gwapi__identity key = gwapi__identity_of(object);

    return gwapi__index_get(&p->index, &key);
}

/* The host may have named routes, Gateways and ListenerSets as targets: a route is its own use,
 * and the Gateway is at hand. */
static gwapi_result use_extensions(gwapi__resolver *r, gwapi__policies *p)
{
    uint32_t target;

    for (uint32_t i = 0; i < r->t->route_count; i++) {
        target = target_of(p, r->t->routes[i].resource);
        if (target != GWAPI_NONE)
            GWAPI__TRY(gwapi__remember_use(p, i, target));
    }
    for (uint32_t i = 0; i < r->t->gateway_count; i++) {
        target = target_of(p, r->t->gateways[i].resource);
        if (target != GWAPI_NONE)
            GWAPI__TRY(add_ancestor(p, target, i));
    }
    for (size_t i = 0; i < r->set_count; i++) {
        target = target_of(p, r->sets[i].resource);
        if (target != GWAPI_NONE && r->sets[i].allowed)
            GWAPI__TRY(add_ancestor(p, target, r->sets[i].gateway));
    }
    return GWAPI_OK;
}

static gwapi_result resolve_ancestors(gwapi__resolver *r, gwapi__policies *p)
{
    uint32_t *seen = gwapi__arena_array(&r->scratch, r->t->gateway_count, sizeof *seen);

    if (r->extension_count != 0)
        GWAPI__TRY(use_extensions(r, p));
    if (seen == NULL || !gwapi__vector_sort(&p->uses, by_target, NULL))
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < p->uses.count; i++)
        GWAPI__TRY(add_gateways(r, p, GWAPI__AT(&p->uses, gwapi__target_use, i), seen));
    for (size_t i = 0; i < p->count; i++)
        if (!sort_unique(&p->states[i].ancestors))
            return GWAPI_ENOMEM;
    return GWAPI_OK;
}

/* ---- which fit ----------------------------------------------------------------------- */

static size_t count_foreign(const gwapi__resolver *r, const gwapi__resource *policy)
{
    size_t count = 0;

    for (size_t i = 0; i < policy->status.parent_count; i++)
        count += !gwapi__is_our_controller(r, policy->status.parents[i].controller);
    return count;
}

/* Does the policy's status have this Gateway already? */
static bool is_old(const gwapi__resolver *r, const gwapi__resource *policy, uint32_t gateway)
{
    gwapi__parent_ref ref = gwapi__gateway_ref(r->t->gateways[gateway].resource);

    return gwapi__old_entry(policy, &ref, r->gateways[gateway].controller) != NULL;
}

/* At every parent of routes that use the target: there is no room for its Gateway. */
static void shut_out(gwapi__resolver *r, const gwapi__target_use *used, uint32_t gateway,
                     const gwapi__resource *policy)
{
    const gwapi__route_state *route = &r->routes[used->route];

    for (uint32_t k = 0; k < route->parent_count; k++) {
        gwapi__parent_state *parent =
            GWAPI__AT(&r->parents, gwapi__parent_state, route->first_parent + k);
        if (parent->gateway == gateway)
            parent->crowded = policy;
    }
}

static void tell_routes(gwapi__resolver *r, uint32_t policy, uint32_t gateway)
{
    const gwapi__policies *p = &r->tls_policies;

    for (size_t i = 0; i < p->claims.count; i++) {
        const gwapi__claim *claim = GWAPI__AT(&p->claims, gwapi__claim, i);
        if (claim->policy != policy || claim->state != GWAPI__CLAIM_STANDS)
            continue;
        for (size_t k = 0; k < p->uses.count; k++) {
            const gwapi__target_use *used = GWAPI__AT(&p->uses, gwapi__target_use, k);
            if (used->target == claim->target)
                shut_out(r, used, gateway, r->t->tls_policies[policy].resource);
        }
    }
}

/* When not all fit, those that stand there already come first, then by namespace/name. */
static void choose(gwapi__resolver *r, gwapi__policies *p, uint32_t policy)
{
    const gwapi__resource *resource = r->kinds[p->kind].items[policy];
    gwapi__vector *ancestors = &p->states[policy].ancestors;
    size_t foreign = count_foreign(r, resource), kept = 0, old = 0;
    size_t places = foreign < GWAPI__MOST_ANCESTORS ? GWAPI__MOST_ANCESTORS - foreign : 0;

    if (ancestors->count <= places)
        return;
    for (size_t i = 0; i < ancestors->count; i++)
        old += is_old(r, resource, *GWAPI__AT(ancestors, uint32_t, i));
    size_t old_places = old < places ? old : places, new_places = places - old_places;
    for (size_t i = 0; i < ancestors->count; i++) {
        uint32_t gateway = *GWAPI__AT(ancestors, uint32_t, i);
        size_t *left = is_old(r, resource, gateway) ? &old_places : &new_places;
        if (*left != 0) {
            --*left;
            *GWAPI__AT(ancestors, uint32_t, kept++) = gateway;
        } else if (p->kind == GWAPI__KIND_BACKEND_TLS_POLICY) {
            tell_routes(r, policy, gateway);
        }
    }
    ancestors->count = kept;
}

gwapi_result gwapi__resolve_ancestors(gwapi__resolver *r)
{
    GWAPI__TRY(resolve_ancestors(r, &r->tls_policies));
    GWAPI__TRY(resolve_ancestors(r, &r->traffic_policies));
    for (uint32_t i = 0; i < r->tls_policies.count; i++)
        choose(r, &r->tls_policies, i);
    for (uint32_t i = 0; i < r->traffic_policies.count; i++)
        choose(r, &r->traffic_policies, i);
    return GWAPI_OK;
}
