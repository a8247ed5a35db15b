/*
 * Who gives way where HTTPRoutes and GRPCRoutes meet on a listener, and where kinds of routes
 * meet on a Service port (attachment.md §9, §11).
 */
#include "resolve/resolver.h"

#include "resolve/hostname.h"

/* ---- HTTPRoute and GRPCRoute on a listener ------------------------------------------- */

static int by_age(const void *a, const void *b, void *ctx)
{
    const gwapi__attachment *entries = ctx;
    const gwapi__resource *x = entries[*(const uint32_t *)a].route->resource;
    const gwapi__resource *y = entries[*(const uint32_t *)b].route->resource;
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

static bool kinds_meet(const gwapi__attachment *entries, size_t count)
{
    bool http = false, grpc = false;

    for (size_t i = 0; i < count; i++) {
        http = http || entries[i].route->resource->kind == GWAPI__KIND_HTTP_ROUTE;
        grpc = grpc || entries[i].route->resource->kind == GWAPI__KIND_GRPC_ROUTE;
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

/* For those who ask why: to whom entries[order[i]] gives way. */
static void record(const gwapi__resolver *r, const gwapi__listener *spec,
                   const gwapi__attachment *entries, const uint32_t *order, size_t i)
{
    const gwapi__resource *route = entries[order[i]].route->resource, *winner = NULL;

    for (size_t k = 0; r->recorder != NULL && winner == NULL && k < i; k++) {
        const gwapi__attachment *other = &entries[order[k]];
        if (!other->blocked && other->route->resource->kind != route->kind &&
            share_a_hostname(other->route->resource, route, spec->hostname))
            winner = other->route->resource;
    }
    gwapi__record_conflict(r->recorder, route, spec, NULL, winner);
}

/* The oldest first; each takes the hostnames that no older route of the other kind took. */
static gwapi_result yield_to_older(gwapi__resolver *r, const gwapi__listener *spec,
                                   gwapi__attachment *entries, uint32_t *order, size_t count)
{
    gwapi__hostname_set taken[2]; /* by HTTPRoutes, by GRPCRoutes */
    gwapi_result result = GWAPI_OK;

    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    if (!gwapi__sort(&r->scratch.allocator, order, count, sizeof *order, by_age, entries))
        return GWAPI_ENOMEM;
    gwapi__hostname_set_init(&taken[0], &r->scratch.allocator);
    gwapi__hostname_set_init(&taken[1], &r->scratch.allocator);
    for (size_t i = 0; i < count && result == GWAPI_OK; i++) {
        const gwapi__resource *route = entries[order[i]].route->resource;
        size_t kind = route->kind == GWAPI__KIND_GRPC_ROUTE;
        bool blocked = visit_hostnames(route, spec->hostname, &taken[!kind], false, &result);
        entries[order[i]].blocked = blocked;
        if (blocked)
            record(r, spec, entries, order, i);
        else
            visit_hostnames(route, spec->hostname, &taken[kind], true, &result);
    }
    gwapi__hostname_set_free(&taken[0]);
    gwapi__hostname_set_free(&taken[1]);
    return result;
}

gwapi_result gwapi__block_on_listener(gwapi__resolver *r, const gwapi__listener *spec,
                                      gwapi__attachment *entries, size_t count)
{
    for (size_t i = 0; i < count; i++)
        entries[i].blocked = false;
    if (!kinds_meet(entries, count))
        return GWAPI_OK;
    gwapi__arena_mark mark = gwapi__arena_mark_get(&r->scratch);
    uint32_t *order = gwapi__arena_array(&r->scratch, count, sizeof *order);
    gwapi_result result =
        order != NULL ? yield_to_older(r, spec, entries, order, count) : GWAPI_ENOMEM;
    gwapi__arena_rewind(&r->scratch, mark);
    return result;
}

/* ---- kinds of routes on a Service port ----------------------------------------------- */

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
    const gwapi__attachment *entries = ctx;

    return gwapi__str_cmp(entries[*(const uint32_t *)a].route->resource->meta.namespace_,
                          entries[*(const uint32_t *)b].route->resource->meta.namespace_);
}

/* For those who ask why: to whom entries[items[i]] gives way. */
static void record_blocked(const gwapi__resolver *r, const gwapi__service_port *port,
                           const gwapi__attachment *entries, const uint32_t *items,
                           size_t count, size_t i, int best)
{
    const gwapi__resource *winner = NULL;

    for (size_t k = 0; r->recorder != NULL && winner == NULL && k < count; k++)
        if (rank_of(entries[items[k]].route->resource->kind) == best)
            winner = entries[items[k]].route->resource;
    gwapi__record_conflict(r->recorder, entries[items[i]].route->resource, NULL, port, winner);
}

/* Entries of one namespace. */
static void yield_to_specific(const gwapi__resolver *r, const gwapi__service_port *port,
                              gwapi__attachment *entries, const uint32_t *items, size_t count)
{
    int best = rank_of(GWAPI__KIND_TCP_ROUTE);

    for (size_t i = 0; i < count; i++)
        if (rank_of(entries[items[i]].route->resource->kind) < best)
            best = rank_of(entries[items[i]].route->resource->kind);
    for (size_t i = 0; i < count; i++) {
        entries[items[i]].blocked = rank_of(entries[items[i]].route->resource->kind) != best;
        if (entries[items[i]].blocked)
            record_blocked(r, port, entries, items, count, i, best);
    }
}

static gwapi_result yield_by_namespace(gwapi__resolver *r, const gwapi__service_port *port,
                                       gwapi__attachment *entries, uint32_t *order,
                                       size_t count)
{
    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    if (!gwapi__sort(&r->scratch.allocator, order, count, sizeof *order, by_namespace, entries))
        return GWAPI_ENOMEM;
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && by_namespace(&order[from], &order[to], entries) == 0;)
            to++;
        yield_to_specific(r, port, entries, order + from, to - from);
    }
    return GWAPI_OK;
}

gwapi_result gwapi__block_on_service(gwapi__resolver *r, const gwapi__service_port *port,
                                     gwapi__attachment *entries, size_t count)
{
    gwapi__arena_mark mark = gwapi__arena_mark_get(&r->scratch);
    uint32_t *order = gwapi__arena_array(&r->scratch, count, sizeof *order);
    gwapi_result result =
        order != NULL ? yield_by_namespace(r, port, entries, order, count) : GWAPI_ENOMEM;

    gwapi__arena_rewind(&r->scratch, mark);
    return result;
}
