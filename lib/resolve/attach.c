/*
 * Who attaches in the end: HTTPRoutes and GRPCRoutes that meet on a listener, and route kinds
 * that meet on a Service port, cannot all have it (attachment.md §9, §11). Then the attachments
 * of each listener and Service port, and Accepted of each parent.
 */
#include "resolve/resolver.h"

#include "resolve/hostname.h"

/* Candidates by place (listener or mesh port): the indices of place p are
 * items[start[p]] … items[start[p + 1] - 1], in order of route. */
typedef struct grouping {
    uint32_t *start;
    uint32_t *items;
} grouping;

static gwapi__candidate *candidate(const gwapi__resolver *r, uint32_t i)
{
    return GWAPI__AT(&r->candidates, gwapi__candidate, i);
}

static const gwapi__resource *route_of(const gwapi__resolver *r, uint32_t i)
{
    return r->t->routes[candidate(r, i)->route].resource;
}

static gwapi_result group(gwapi__resolver *r, bool mesh, size_t places, grouping *out)
{
    size_t count = r->candidates.count;

    out->start = gwapi__arena_array(&r->scratch, places + 2, sizeof *out->start);
    out->items = gwapi__arena_array(&r->scratch, count, sizeof *out->items);
    if (out->start == NULL || out->items == NULL)
        return GWAPI_ENOMEM;
    for (uint32_t i = 0; i < count; i++)
        if (candidate(r, i)->mesh == mesh)
            out->start[candidate(r, i)->listener + 2]++;
    for (size_t p = 2; p < places + 2; p++)
        out->start[p] += out->start[p - 1];
    /* start[p + 1] is where the next item of place p goes, and ends as the end of p. */
    for (uint32_t i = 0; i < count; i++)
        if (candidate(r, i)->mesh == mesh)
            out->items[out->start[candidate(r, i)->listener + 1]++] = i;
    return GWAPI_OK;
}

/* ---- HTTPRoute and GRPCRoute on a listener ------------------------------------------- */

static int by_age(const void *a, const void *b, void *ctx)
{
    const gwapi__resolver *r = ctx;
    const gwapi__resource *x = route_of(r, *(const uint32_t *)a);
    const gwapi__resource *y = route_of(r, *(const uint32_t *)b);
    int order = gwapi__age_cmp(x, y);

    /* HTTPRoute wins a tie: it comes first in the table of kinds. */
    return order != 0 ? order : (x->kind > y->kind) - (x->kind < y->kind);
}

/* Does a hostname of the route, as the listener serves it, meet one of the set? With `add` the
 * hostnames are put into the set. */
static bool visit_hostnames(const gwapi__resource *route, gwapi_str listener,
                            gwapi__hostname_set *set, bool add, gwapi_result *result)
{
    gwapi__strs own = route->as.route->hostnames;
    const gwapi_str any = GWAPI__STR("");
    bool meets = false;

    if (own.count == 0)
        own = (gwapi__strs){&any, 1};
    for (size_t i = 0; i < own.count; i++) {
        if (!gwapi__hostname_intersects(own.items[i], listener))
            continue;
        gwapi_str effective = gwapi__hostname_narrower(own.items[i], listener);
        if (add && !gwapi__hostname_set_add(set, effective))
            *result = GWAPI_ENOMEM;
        if (!add && gwapi__hostname_set_intersects(set, effective))
            meets = true;
    }
    return meets;
}

static bool kinds_meet(const gwapi__resolver *r, const uint32_t *items, size_t count)
{
    bool http = false, grpc = false;

    for (size_t i = 0; i < count; i++) {
        http = http || route_of(r, items[i])->kind == GWAPI__KIND_HTTP_ROUTE;
        grpc = grpc || route_of(r, items[i])->kind == GWAPI__KIND_GRPC_ROUTE;
    }
    return http && grpc;
}

static bool share_a_hostname(const gwapi__resource *a, const gwapi__resource *b,
                             gwapi_str listener)
{
    const gwapi__strs *x = &a->as.route->hostnames, *y = &b->as.route->hostnames;
    const gwapi_str any = GWAPI__STR("");

    for (size_t i = 0; i < x->count + (x->count == 0); i++)
        for (size_t k = 0; k < y->count + (y->count == 0); k++) {
            gwapi_str p = x->count != 0 ? x->items[i] : any;
            gwapi_str q = y->count != 0 ? y->items[k] : any;
            if (gwapi__hostname_intersects(p, listener) &&
                gwapi__hostname_intersects(q, listener) &&
                gwapi__hostname_intersects(gwapi__hostname_narrower(p, listener),
                                           gwapi__hostname_narrower(q, listener)))
                return true;
        }
    return false;
}

/* For those who ask why: to whom items[i] gives way. */
static void record(const gwapi__resolver *r, const uint32_t *items, size_t i)
{
    const gwapi__listener *spec = r->t->listeners[candidate(r, items[i])->listener].spec;
    const gwapi__resource *route = route_of(r, items[i]), *winner = NULL;

    for (size_t k = 0; r->recorder != NULL && winner == NULL && k < i; k++)
        if (!candidate(r, items[k])->blocked && route_of(r, items[k])->kind != route->kind &&
            share_a_hostname(route_of(r, items[k]), route, spec->hostname))
            winner = route_of(r, items[k]);
    gwapi__record_conflict(r->recorder, route, spec, NULL, winner);
}

/* The oldest first; each takes the hostnames that no older route of the other kind took. */
static gwapi_result yield_to_older(gwapi__resolver *r, gwapi_str hostname, uint32_t *items,
                                   size_t count)
{
    gwapi__hostname_set taken[2]; /* by HTTPRoutes, by GRPCRoutes */
    gwapi_result result = GWAPI_OK;

    if (!gwapi__sort(&r->scratch.allocator, items, count, sizeof *items, by_age, r))
        return GWAPI_ENOMEM;
    gwapi__hostname_set_init(&taken[0], &r->scratch.allocator);
    gwapi__hostname_set_init(&taken[1], &r->scratch.allocator);
    for (size_t i = 0; i < count && result == GWAPI_OK; i++) {
        const gwapi__resource *route = route_of(r, items[i]);
        size_t kind = route->kind == GWAPI__KIND_GRPC_ROUTE;
        bool blocked = visit_hostnames(route, hostname, &taken[!kind], false, &result);
        candidate(r, items[i])->blocked = blocked;
        if (blocked)
            record(r, items, i);
        if (!blocked)
            visit_hostnames(route, hostname, &taken[kind], true, &result);
    }
    gwapi__hostname_set_free(&taken[0]);
    gwapi__hostname_set_free(&taken[1]);
    return result;
}

static gwapi_result block_on_listeners(gwapi__resolver *r, const grouping *g)
{
    for (size_t i = 0; i < r->t->listener_count; i++) {
        const uint32_t *items = g->items + g->start[i];
        size_t count = g->start[i + 1] - g->start[i];
        if (!kinds_meet(r, items, count))
            continue;
        gwapi__arena_mark mark = gwapi__arena_mark_get(&r->scratch);
        uint32_t *sorted = gwapi__arena_array(&r->scratch, count, sizeof *sorted);
        gwapi_result result = GWAPI_ENOMEM;
        if (sorted != NULL) {
            memcpy(sorted, items, count * sizeof *sorted);
            result = yield_to_older(r, r->t->listeners[i].spec->hostname, sorted, count);
        }
        gwapi__arena_rewind(&r->scratch, mark);
        GWAPI__TRY(result);
    }
    return GWAPI_OK;
}

/* ---- attachments --------------------------------------------------------------------- */

static gwapi_result fitting_hostnames(gwapi__resolver *r, const gwapi__resource *route,
                                      gwapi_str listener, gwapi__attachment *out)
{
    gwapi__strs own = route->as.route->hostnames;
    size_t count = 0;

    for (size_t i = 0; i < own.count; i++)
        count += gwapi__hostname_intersects(own.items[i], listener);
    out->hostnames = own.items;
    out->hostname_count = count;
    if (count == own.count)
        return GWAPI_OK;
    gwapi_str *fitting = gwapi__arena_array(gwapi__resolver_arena(r), count, sizeof *fitting);
    if (fitting == NULL)
        return GWAPI_ENOMEM;
    out->hostnames = fitting;
    for (size_t i = 0; i < own.count; i++)
        if (gwapi__hostname_intersects(own.items[i], listener))
            *fitting++ = own.items[i];
    return GWAPI_OK;
}

/* A route that reaches the listener by two parentRefs attaches once. */
static gwapi_result attach(gwapi__resolver *r, uint32_t listener, const uint32_t *items,
                           size_t count)
{
    gwapi__resolved_listener *l = &r->t->listeners[listener];
    gwapi__attachment *made = gwapi__arena_array(gwapi__resolver_arena(r), count, sizeof *made);

    if (made == NULL)
        return GWAPI_ENOMEM;
    l->attachments = made;
    for (size_t i = 0; i < count; i++) {
        const gwapi__candidate *c = candidate(r, items[i]);
        if (c->blocked ||
            (l->attachment_count != 0 && made[l->attachment_count - 1].route == c->route))
            continue;
        gwapi__attachment *a = &made[l->attachment_count++];
        a->route = c->route;
        GWAPI__TRY(fitting_hostnames(r, r->t->routes[c->route].resource, l->spec->hostname, a));
    }
    return GWAPI_OK;
}

gwapi_result gwapi__attach_routes(gwapi__resolver *r)
{
    grouping listeners, ports;

    GWAPI__TRY(group(r, false, r->t->listener_count, &listeners));
    GWAPI__TRY(block_on_listeners(r, &listeners));
    for (uint32_t i = 0; i < r->t->listener_count; i++)
        if (listeners.start[i + 1] != listeners.start[i])
            GWAPI__TRY(attach(r, i, listeners.items + listeners.start[i],
                              listeners.start[i + 1] - listeners.start[i]));
    if (r->mesh_ports.count == 0)
        return GWAPI_OK;
    GWAPI__TRY(group(r, true, r->mesh_ports.count, &ports));
    return gwapi__attach_mesh(r, ports.start, ports.items);
}

/* ---- Accepted ------------------------------------------------------------------------ */

static bool is_blocked(const gwapi__resolver *r, const gwapi__parent_state *parent)
{
    for (uint32_t i = 0; i < parent->candidate_count; i++)
        if (!candidate(r, parent->first_candidate + i)->blocked)
            return false;
    return true;
}

static gwapi_str why_blocked(const gwapi__parent_state *parent)
{
    if (parent->type == GWAPI__PARENT_SERVICE)
        return GWAPI__STR("Routes of a more specific kind are bound to every Service port that "
                          "the route asks for");
    return GWAPI__STR(
        "HTTPRoutes and GRPCRoutes cannot share hostnames on a listener: an older "
        "route of the other kind has the hostnames on every listener");
}

void gwapi__resolve_accepted(gwapi__resolver *r)
{
    for (size_t i = 0; i < r->t->route_count; i++) {
        const gwapi__route_state *route = &r->routes[i];
        for (uint32_t k = 0; k < route->parent_count; k++) {
            gwapi__parent_state *p =
                GWAPI__AT(&r->parents, gwapi__parent_state, route->first_parent + k);
            if (p->accepted.id != GWAPI__NO_CONDITION)
                continue;
            p->accepted = gwapi__found(GWAPI__ROUTE_ACCEPTED);
            if (is_blocked(r, p))
                p->accepted = (gwapi__finding){GWAPI__ROUTE_CONFLICTED, why_blocked(p)};
            r->t->routes[i].accepted |= p->accepted.id == GWAPI__ROUTE_ACCEPTED;
        }
    }
}
