/* In which routes two topologies differ, if they differ in nothing else that an image shows. */
#include "compile/splice.h"

typedef struct comparison {
    const gwapi_topology *topology;
    gwapi__vector *changes;
    uint32_t first; /* number of the first route of the kind at hand */
    const gwapi__sequence *routes;
    gwapi_result result;
} comparison;

/* ---- routes -------------------------------------------------------------------------------- */

static bool takes_requests(const gwapi__resolved_route *route)
{
    return route->resource->kind == GWAPI__KIND_HTTP_ROUTE ||
           route->resource->kind == GWAPI__KIND_GRPC_ROUTE;
}

static bool take_change(comparison *c, const gwapi__route_verdict *before,
                        const gwapi__route_verdict *after)
{
    uint32_t sums[GWAPI__MEASURES];

    if (!takes_requests(after->route) || before->route->mesh_rules != NULL ||
        after->route->mesh_rules != NULL || c->changes->count == GWAPI__MOST_SPLICED)
        return false;
    gwapi__route_change *change = gwapi__vector_push(c->changes);
    if (change == NULL) {
        c->result = GWAPI_ENOMEM;
        return false;
    }
    gwapi__sequence_find(c->routes, after->part.resource, sums);
    *change = (gwapi__route_change){c->first + sums[GWAPI__LISTED], GWAPI__IMAGE_NONE,
                                    before->route, after->route};
    return true;
}

static bool compare_routes(void *ctx, const void *a, const void *b)
{
    const gwapi__route_verdict *before = a, *after = b;

    if (gwapi__resource_cmp(before->part.resource, after->part.resource) != 0 ||
        before->part.measures[GWAPI__LISTED] != after->part.measures[GWAPI__LISTED])
        return false;
    return before->route == after->route || after->part.measures[GWAPI__LISTED] == 0 ||
           take_change(ctx, before, after);
}

/* ---- what must be the same ----------------------------------------------------------------- */

static bool differ(void *ctx, const void *a, const void *b)
{
    (void)ctx;
    (void)a;
    (void)b;
    return false;
}

static bool same_policy(void *ctx, const void *a, const void *b)
{
    (void)ctx;
    return ((const gwapi__policy_part *)a)->judged == ((const gwapi__policy_part *)b)->judged;
}

static bool replaces(const comparison *c, const gwapi__resolved_route *before,
                     const gwapi__resolved_route *after)
{
    for (size_t i = 0; i < c->changes->count; i++) {
        const gwapi__route_change *change = GWAPI__AT(c->changes, gwapi__route_change, i);
        if (change->before == before)
            return change->after == after;
    }
    return false;
}

static bool same_attachment(const comparison *c, const gwapi__attachment *a,
                            const gwapi__attachment *b)
{
    if (a->route == b->route)
        return true;
    if (!replaces(c, a->route, b->route) || a->hostname_count != b->hostname_count)
        return false;
    for (size_t i = 0; i < a->hostname_count; i++)
        if (!gwapi__str_eq(a->hostnames[i], b->hostnames[i]))
            return false;
    return true;
}

static bool same_place(const comparison *c, const gwapi__attached *a, const gwapi__attached *b)
{
    if (a->attachment_count != b->attachment_count)
        return false;
    for (size_t i = 0; i < a->attachment_count; i++)
        if (!same_attachment(c, &a->attachments[i], &b->attachments[i]))
            return false;
    return true;
}

static bool same_gateway(void *ctx, const void *a, const void *b)
{
    const gwapi__gateway_part *before = a, *after = b;

    if (before->judged != after->judged)
        return false;
    for (size_t i = 0; before->bindings != after->bindings && i < after->bindings->place_count;
         i++)
        if (!same_place(ctx, &before->bindings->places[i], &after->bindings->places[i]))
            return false;
    return true;
}

static const gwapi__resource *service_at(const gwapi__set_view *set, size_t place)
{
    const gwapi__resource *resource = place < set->end ? gwapi__set_view_at(set, place) : NULL;

    return resource != NULL && resource->kind == GWAPI__KIND_SERVICE ? resource : NULL;
}

/* The mesh shows every Service of the set. Chunks that both sets have are passed over. */
static bool same_services(const gwapi__set_view *a, const gwapi__set_view *b)
{
    size_t end = a->end > b->end ? a->end : b->end;

    for (size_t i = 0; i < end; i++) {
        size_t chunk = i / GWAPI__SET_CHUNK;
        if (i % GWAPI__SET_CHUNK == 0 && a->end == b->end &&
            a->chunks[chunk] == b->chunks[chunk])
            i += GWAPI__SET_CHUNK - 1;
        else if (service_at(a, i) != service_at(b, i))
            return false;
    }
    return true;
}

/* ---- all of it --------------------------------------------------------------------------- */

static bool compare(comparison *c, const gwapi_topology *before)
{
    const gwapi_topology *t = c->topology;
    const struct {
        gwapi__sequence_id id;
        bool (*same)(void *ctx, const void *a, const void *b);
    } others[] = {
        {GWAPI__SEQUENCE_TLS_POLICIES, same_policy},
        {GWAPI__SEQUENCE_TRAFFIC_POLICIES, same_policy},
        {GWAPI__SEQUENCE_GATEWAYS, same_gateway},
        {GWAPI__SEQUENCE_SERVICES, differ},
    };

    if (before->frame != t->frame || (t->frame->mesh && !same_services(&before->set, &t->set)))
        return false;
    for (int k = 0; k < GWAPI__ROUTE_KINDS; k++) {
        c->routes = &t->sequences[GWAPI__SEQUENCE_ROUTES + k];
        if (!gwapi__sequence_differences(&before->sequences[GWAPI__SEQUENCE_ROUTES + k],
                                         c->routes, compare_routes, c))
            return false;
        c->first += c->routes->total[GWAPI__LISTED];
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (!gwapi__sequence_differences(&before->sequences[others[i].id],
                                         &t->sequences[others[i].id], others[i].same, c))
            return false;
    return true;
}

static void find_places(const gwapi__kept *kept, gwapi__vector *changes)
{
    for (uint32_t i = 0; i + 1 < kept->routes.count; i++) {
        uint32_t number = GWAPI__AT(&kept->routes, gwapi__kept_route, i)->number;
        for (size_t k = 0; k < changes->count; k++) {
            gwapi__route_change *change = GWAPI__AT(changes, gwapi__route_change, k);
            if (change->number == number)
                change->place = i;
        }
    }
}

static int by_place(const void *a, const void *b, void *ctx)
{
    uint32_t x = ((const gwapi__route_change *)a)->place;
    uint32_t y = ((const gwapi__route_change *)b)->place;

    (void)ctx;
    return (x > y) - (x < y);
}

gwapi_result gwapi__compare_topologies(const gwapi__kept *kept, const gwapi_topology *topology,
                                       gwapi__vector *changes, bool *small)
{
    comparison c = {.topology = topology, .changes = changes};

    *small = compare(&c, kept->topology);
    GWAPI__TRY(c.result);
    if (!*small)
        return GWAPI_OK;
    find_places(kept, changes);
    if (!gwapi__vector_sort(changes, by_place, NULL))
        return GWAPI_ENOMEM;
    while (changes->count != 0 &&
           GWAPI__AT(changes, gwapi__route_change, changes->count - 1)->place ==
               GWAPI__IMAGE_NONE)
        changes->count--;
    return GWAPI_OK;
}
