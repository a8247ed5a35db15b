/*
 * The Gateways that policies are told of in their statuses (tls.md §7, GEP-713): those whose
 * routes use a target. A status has room for 16; where there is none a BackendTLSPolicy cannot
 * be used, and the routes say so.
 *
 * They are counted again for a policy when a policy is another one, or a route that uses one of
 * its targets; else the policy's part stays.
 */
#include "resolve/resolver.h"

typedef struct count {
    gwapi__resolver *r;
    const gwapi__policies *p;
    int which;            /* of r->ancestors */
    bool *wanted;         /* of each target: routes that use it are looked for */
    gwapi__vector hashes; /* of those targets */
} count;

/* ---- which policies ------------------------------------------------------------------ */

static void recount_claims(count *c, uint32_t target)
{
    const gwapi__target *t = GWAPI__AT(&c->p->targets, gwapi__target, target);

    for (uint32_t i = t->first_claim; i < t->first_claim + t->claim_count; i++)
        c->r->recount[c->which][GWAPI__AT(&c->p->claims, gwapi__claim, i)->policy] = true;
}

static void recount_uses(count *c, const gwapi__resolved_route *route)
{
    for (uint32_t i = 0; i < route->state->use_count; i++) {
        const gwapi__target_use *use = &route->state->uses[i];
        if (use->policies != c->p->kind)
            continue;
        uint32_t target = gwapi__index_get(&c->p->index, &use->target);
        if (target != GWAPI_NONE)
            recount_claims(c, target);
    }
}

/* All of them, or those that use what a route that is gone, new or moved uses. */
static void choose(count *c)
{
    gwapi__resolver *r = c->r;
    bool all = r->previous == NULL || r->reviewed.count != 0 || r->extension_count != 0;

    for (size_t i = 0; all && i < c->p->count; i++)
        r->recount[c->which][i] = true;
    if (all)
        return;
    for (size_t i = 0; i < r->routes.count; i++)
        recount_uses(c, *GWAPI__AT(&r->routes, const gwapi__resolved_route *, i));
    for (size_t i = 0; i < r->gone.count; i++)
        recount_uses(c, *GWAPI__AT(&r->gone, const gwapi__resolved_route *, i));
    for (size_t i = 0; i < r->moved.count; i++)
        recount_uses(c, *GWAPI__AT(&r->moved, const gwapi__resolved_route *, i));
}

/* All targets of those policies. */
static gwapi_result choose_targets(count *c)
{
    for (size_t i = 0; i < c->p->claims.count; i++) {
        const gwapi__claim *claim = GWAPI__AT(&c->p->claims, gwapi__claim, i);
        if (!c->r->recount[c->which][claim->policy] || c->wanted[claim->target])
            continue;
        c->wanted[claim->target] = true;
        uint64_t *hash = gwapi__vector_push(&c->hashes);
        if (hash == NULL)
            return GWAPI_ENOMEM;
        *hash = gwapi__policies_hash(
            c->r, &GWAPI__AT(&c->p->targets, gwapi__target, claim->target)->key);
    }
    gwapi__hashes_sort(&c->hashes);
    return GWAPI_OK;
}

/* ---- Gateways ------------------------------------------------------------------------ */

static gwapi_result add_ancestor(count *c, uint32_t target, gwapi__resource *gateway,
                                 gwapi_str controller)
{
    const gwapi__target *t = GWAPI__AT(&c->p->targets, gwapi__target, target);

    for (uint32_t i = t->first_claim; i < t->first_claim + t->claim_count; i++) {
        const gwapi__claim *claim = GWAPI__AT(&c->p->claims, gwapi__claim, i);
        gwapi__vector *ancestors = &c->r->ancestors[c->which][claim->policy];
        gwapi__ancestor *added = gwapi__vector_push(ancestors);
        if (added == NULL)
            return GWAPI_ENOMEM;
        *added = (gwapi__ancestor){gateway, controller};
    }
    return GWAPI_OK;
}

static gwapi_result add_gateways(count *c, uint32_t target, const gwapi__route_verdict *v)
{
    const gwapi__route_state *state = v->route->state;

    for (uint32_t i = 0; i < state->parent_count; i++)
        if (state->parents[i].gateway != NULL && v->accepted_by[i])
            GWAPI__TRY(add_ancestor(c, target, state->parents[i].gateway,
                                    state->parents[i].controller));
    return GWAPI_OK;
}

static gwapi_result add_uses(void *ctx, gwapi__part *part)
{
    const gwapi__route_verdict *v = (const gwapi__route_verdict *)part;
    const gwapi__route_state *state = v->route->state;
    count *c = ctx;

    for (uint32_t i = 0; i < state->use_count; i++) {
        if (state->uses[i].policies != c->p->kind)
            continue;
        uint32_t target = gwapi__index_get(&c->p->index, &state->uses[i].target);
        if (target != GWAPI_NONE && c->wanted[target])
            GWAPI__TRY(add_gateways(c, target, v));
    }
    return GWAPI_OK;
}

static gwapi_result add_gateway_of(count *c, uint32_t target, const gwapi__identity *gateway,
                                   const gwapi__resource *set)
{
    const gwapi__gateway_part *g = gwapi__sequence_named(
        gwapi__topology_gateways(c->r->t), gateway->namespace_, gateway->name, NULL);

    if (g == NULL)
        return GWAPI_OK;
    for (size_t i = 0; set != NULL && i < g->judged->set_count; i++)
        if (g->judged->sets[i].resource == set && !g->judged->sets[i].allowed)
            return GWAPI_OK;
    return add_ancestor(c, target, g->judged->gateway.resource, g->judged->state->controller);
}

/* The host may have named routes, Gateways and ListenerSets as targets: a route is its own use,
 * and the Gateway is at hand. */
static gwapi_result add_target_itself(count *c, uint32_t target)
{
    const gwapi__target *t = GWAPI__AT(&c->p->targets, gwapi__target, target);
    gwapi__identity gateway;

    if (t->object == NULL)
        return GWAPI_OK;
    if (gwapi__is_route(t->object->kind)) {
        const gwapi__route_verdict *v = gwapi__sequence_find(
            &c->r->t->sequences[gwapi__sequence_of(t->object->kind)], t->object, NULL);
        return v != NULL ? add_gateways(c, target, v) : GWAPI_OK;
    }
    if (t->object->kind == GWAPI__KIND_GATEWAY)
        return add_gateway_of(c, target, &t->key, NULL);
    if (t->object->kind == GWAPI__KIND_LISTENER_SET && c->r->experimental &&
        gwapi__set_parent(t->object, &gateway))
        return add_gateway_of(c, target, &gateway, t->object);
    return GWAPI_OK;
}

static int by_gateway(const void *a, const void *b, void *ctx)
{
    const gwapi__ancestor *x = a, *y = b;

    (void)ctx;
    return gwapi__resource_cmp(x->gateway, y->gateway);
}

static bool sort_unique(gwapi__vector *ancestors)
{
    size_t kept = 0;

    if (!gwapi__vector_sort(ancestors, by_gateway, NULL))
        return false;
    for (size_t i = 0; i < ancestors->count; i++) {
        gwapi__ancestor a = *GWAPI__AT(ancestors, gwapi__ancestor, i);
        if (kept == 0 || GWAPI__AT(ancestors, gwapi__ancestor, kept - 1)->gateway != a.gateway)
            *GWAPI__AT(ancestors, gwapi__ancestor, kept++) = a;
    }
    ancestors->count = kept;
    return true;
}

/* ---- which fit ----------------------------------------------------------------------- */

static size_t count_foreign(const gwapi__resolver *r, const gwapi__resource *policy)
{
    size_t foreign = 0;

    for (size_t i = 0; i < policy->status.parent_count; i++)
        foreign += !gwapi__is_our_controller(r, policy->status.parents[i].controller);
    return foreign;
}

/* Does the policy's status have this Gateway already? */
static bool is_old(const gwapi__resource *policy, const gwapi__ancestor *a)
{
    gwapi__parent_ref ref = gwapi__gateway_ref(a->gateway);

    return gwapi__old_entry(policy, &ref, a->controller) != NULL;
}

/* When not all fit, those that stand there already come first, then by namespace/name. */
static gwapi_result fit(const count *c, size_t policy)
{
    const gwapi__resource *resource = c->p->judged[policy]->part.resource;
    gwapi__vector *ancestors = &c->r->ancestors[c->which][policy];
    size_t foreign = count_foreign(c->r, resource), kept = 0, old = 0;
    size_t places = foreign < GWAPI__MOST_ANCESTORS ? GWAPI__MOST_ANCESTORS - foreign : 0;

    if (ancestors->count <= places)
        return GWAPI_OK;
    for (size_t i = 0; i < ancestors->count; i++)
        old += is_old(resource, GWAPI__AT(ancestors, gwapi__ancestor, i));
    size_t old_places = old < places ? old : places, new_places = places - old_places;
    for (size_t i = 0; i < ancestors->count; i++) {
        gwapi__ancestor a = *GWAPI__AT(ancestors, gwapi__ancestor, i);
        size_t *left = is_old(resource, &a) ? &old_places : &new_places;
        if (*left != 0) {
            --*left;
            *GWAPI__AT(ancestors, gwapi__ancestor, kept++) = a;
            continue;
        }
        gwapi__ancestor *crowded = gwapi__vector_push(&c->r->crowded[c->which][policy]);
        if (crowded == NULL)
            return GWAPI_ENOMEM;
        *crowded = a;
    }
    ancestors->count = kept;
    return GWAPI_OK;
}

/* ---- counting ------------------------------------------------------------------------ */

static gwapi_result find_uses(count *c)
{
    choose(c);
    GWAPI__TRY(choose_targets(c));
    for (size_t k = 0; k < GWAPI__ROUTE_KINDS && c->hashes.count != 0; k++)
        GWAPI__TRY(gwapi__sequence_seen(&c->r->t->sequences[GWAPI__SEQUENCE_ROUTES + k],
                                        c->hashes.data, c->hashes.count, add_uses, c));
    for (uint32_t i = 0; c->r->extension_count != 0 && i < c->p->targets.count; i++)
        if (c->wanted[i])
            GWAPI__TRY(add_target_itself(c, i));
    for (size_t i = 0; i < c->p->count; i++) {
        if (!sort_unique(&c->r->ancestors[c->which][i]))
            return GWAPI_ENOMEM;
        GWAPI__TRY(fit(c, i));
    }
    return GWAPI_OK;
}

static gwapi__vector *new_vectors(gwapi__resolver *r, size_t many)
{
    gwapi__vector *made = gwapi__arena_array(&r->scratch, many, sizeof *made);

    for (size_t i = 0; made != NULL && i < many; i++)
        gwapi__vector_init(&made[i], &r->scratch.allocator, sizeof(gwapi__ancestor));
    return made;
}

static gwapi_result resolve(gwapi__resolver *r, int which)
{
    const gwapi__policies *p = r->t->policies[which];
    count c = {.r = r, .p = p, .which = which};

    if (p->count == 0)
        return GWAPI_OK;
    r->recount[which] = gwapi__arena_array(&r->scratch, p->count, sizeof(bool));
    r->ancestors[which] = new_vectors(r, p->count);
    r->crowded[which] = new_vectors(r, p->count);
    c.wanted = gwapi__arena_array(&r->scratch, p->targets.count, sizeof *c.wanted);
    if (r->recount[which] == NULL || r->ancestors[which] == NULL || r->crowded[which] == NULL ||
        c.wanted == NULL)
        return GWAPI_ENOMEM;
    gwapi__vector_init(&c.hashes, &r->scratch.allocator, sizeof(uint64_t));
    gwapi_result result = find_uses(&c);
    gwapi__vector_free(&c.hashes);
    return result;
}

gwapi_result gwapi__resolve_ancestors(gwapi__resolver *r)
{
    GWAPI__TRY(resolve(r, 0));
    return resolve(r, 1);
}

void gwapi__ancestors_free(gwapi__resolver *r)
{
    for (int which = 0; which < 2; which++)
        for (size_t i = 0; r->ancestors[which] != NULL && r->crowded[which] != NULL &&
                           i < r->t->policies[which]->count;
             i++) {
            gwapi__vector_free(&r->ancestors[which][i]);
            gwapi__vector_free(&r->crowded[which][i]);
        }
}

/* ---- routes that are told of it ------------------------------------------------------ */

/* Had or has the policy no room for a Gateway? */
static bool is_crowded(const gwapi__resolver *r, size_t policy)
{
    const gwapi__policy_part *before = gwapi__previous_part(
        r, GWAPI__SEQUENCE_TLS_POLICIES, r->t->policies[0]->judged[policy]->part.resource);

    return r->recount[0][policy] &&
           (r->crowded[0][policy].count != 0 || (before != NULL && before->crowded_count != 0));
}

static gwapi_result add_shut_out(void *ctx, gwapi__part *part)
{
    count *c = ctx;
    const gwapi__resolved_route *route = ((const gwapi__route_verdict *)part)->route;
    const gwapi__resolved_route **added = gwapi__vector_push(&c->r->shut_out);

    if (added == NULL)
        return GWAPI_ENOMEM;
    *added = route;
    return GWAPI_OK;
}

static gwapi_result find_concerned(count *c)
{
    bool any = false;

    for (size_t i = 0; i < c->p->count; i++)
        any = (c->r->recount[0][i] = is_crowded(c->r, i)) || any;
    if (!any)
        return GWAPI_OK;
    GWAPI__TRY(choose_targets(c));
    for (size_t k = 0; k < GWAPI__ROUTE_KINDS; k++)
        GWAPI__TRY(gwapi__sequence_seen(&c->r->t->sequences[GWAPI__SEQUENCE_ROUTES + k],
                                        c->hashes.data, c->hashes.count, add_shut_out, c));
    for (uint32_t i = 0; c->r->extension_count != 0 && i < c->p->targets.count; i++) {
        const gwapi__resource *object = GWAPI__AT(&c->p->targets, gwapi__target, i)->object;
        gwapi__part *route =
            c->wanted[i] && object != NULL && gwapi__is_route(object->kind)
                ? gwapi__sequence_find(&c->r->t->sequences[gwapi__sequence_of(object->kind)],
                                       object, NULL)
                : NULL;
        if (route != NULL)
            GWAPI__TRY(add_shut_out(c, route));
    }
    return GWAPI_OK;
}

gwapi_result gwapi__find_shut_out(gwapi__resolver *r)
{
    count c = {.r = r, .p = r->t->policies[0], .which = 0};

    if (c.p->count == 0)
        return GWAPI_OK;
    c.wanted = gwapi__arena_array(&r->scratch, c.p->targets.count, sizeof *c.wanted);
    if (c.wanted == NULL)
        return GWAPI_ENOMEM;
    gwapi__vector_init(&c.hashes, &r->scratch.allocator, sizeof(uint64_t));
    gwapi_result result = find_concerned(&c);
    gwapi__vector_free(&c.hashes);
    return result;
}

static bool has_no_room(const gwapi__resolver *r, const gwapi__resource *policy,
                        const gwapi__resource *gateway)
{
    const gwapi__policy_part *part =
        gwapi__sequence_find(&r->t->sequences[GWAPI__SEQUENCE_TLS_POLICIES], policy, NULL);

    for (size_t i = 0; part != NULL && i < part->crowded_count; i++)
        if (part->crowded[i].gateway == gateway)
            return true;
    return false;
}

/* The last by name of those that apply to the target and have no room; `last` if there is none
 * behind it. */
static uint32_t last_crowded(const gwapi__resolver *r, const gwapi__identity *key,
                             const gwapi__resource *gateway, uint32_t last)
{
    const gwapi__policies *p = r->t->policies[0];
    uint32_t target = gwapi__index_get(&p->index, key);

    if (target == GWAPI_NONE)
        return last;
    const gwapi__target *t = GWAPI__AT(&p->targets, gwapi__target, target);
    for (uint32_t i = t->first_claim; i < t->first_claim + t->claim_count; i++) {
        const gwapi__claim *claim = GWAPI__AT(&p->claims, gwapi__claim, i);
        if (claim->state == GWAPI__CLAIM_STANDS &&
            (last == GWAPI_NONE || claim->policy > last) &&
            has_no_room(r, p->judged[claim->policy]->part.resource, gateway))
            last = claim->policy;
    }
    return last;
}

const gwapi__resource *gwapi__crowded_policy(const gwapi__resolver *r,
                                             const gwapi__resolved_route *route,
                                             const gwapi__resource *gateway)
{
    const gwapi__policies *p = r->t->policies[0];
    gwapi__identity own = gwapi__identity_of(route->resource);
    uint32_t last = GWAPI_NONE;

    for (uint32_t i = 0; i < route->state->use_count; i++)
        if (route->state->uses[i].policies == p->kind)
            last = last_crowded(r, &route->state->uses[i].target, gateway, last);
    if (r->extension_count != 0)
        last = last_crowded(r, &own, gateway, last);
    return last != GWAPI_NONE ? p->judged[last]->part.resource : NULL;
}
