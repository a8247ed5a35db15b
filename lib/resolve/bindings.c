/*
 * Bindings: the routes of each listener and Service port, and so the attachments and
 * attachedRoutes. Those of a Gateway or Service are made again when one of its routes is: from
 * what stood there, without the routes that are gone, and with those that were resolved.
 */
#include "resolve/resolver.h"

typedef struct addition {
    uint32_t place;
    const gwapi__resolved_route *route;
    const gwapi__candidate *candidate;
} addition;

/* A board stands for a Gateway or a Service whose bindings are made again. */
struct gwapi__board {
    gwapi__resource *owner; /* NULL: a Service that is gone */
    bool mesh;
    const gwapi__resource *key;
    const gwapi__bindings *old; /* NULL: none that still count */
    size_t place_count;
    const gwapi__resolved_listener *listeners; /* of a Gateway */
    int32_t *counts;                           /* what attachedRoutes grows by */
    gwapi__vector additions;                   /* of addition, in order of route */
    gwapi__bindings *made;
};

const size_t gwapi__board_size = sizeof(gwapi__board);

static gwapi__board *board(const gwapi__resolver *r, uint32_t i)
{
    return GWAPI__AT(&r->boards, gwapi__board, i);
}

/* ---- boards -------------------------------------------------------------------------- */

/* A Gateway's places, and what stood there if its listeners are what they were. False: it is
 * not ours (any more). */
static bool fill_gateway(gwapi__resolver *r, gwapi__board *b, const gwapi__identity *key)
{
    uint32_t i = gwapi__index_get(&r->by_name, key);
    const gwapi__judged_gateway *judged;
    const gwapi__gateway_part *part =
        r->previous != NULL ? gwapi__sequence_named(gwapi__topology_gateways(r->previous),
                                                    key->namespace_, key->name, NULL)
                            : NULL;

    if (i == GWAPI__NOT_OURS || (i == GWAPI_NONE && part == NULL))
        return false;
    judged = i != GWAPI_NONE ? r->w.judged[i] : part->judged;
    b->owner = judged->gateway.resource;
    b->place_count = judged->gateway.listener_count;
    b->listeners = judged->listeners;
    b->old = i != GWAPI_NONE && r->w.changed[i] ? NULL : part->bindings;
    return true;
}

static bool fill_service(gwapi__resolver *r, gwapi__board *b, const gwapi__identity *key)
{
    const gwapi__bindings *old =
        r->previous != NULL
            ? gwapi__sequence_named(&r->previous->sequences[GWAPI__SEQUENCE_SERVICES],
                                    key->namespace_, key->name, NULL)
            : NULL;

    b->owner = gwapi__find(r, key);
    b->old = old != NULL && old->part.resource == b->owner ? old : NULL;
    b->place_count = b->owner != NULL ? b->owner->as.service->port_count : 0;
    return true;
}

/* Nobody names a Gateway that has no name yet, but it may be a default one. */
static uint32_t find_nameless(const gwapi__resolver *r, const gwapi__resource *owner)
{
    uint32_t i = 0;

    while (i < r->boards.count && board(r, i)->owner != owner)
        i++;
    return i < r->boards.count ? i : GWAPI_NONE;
}

static uint32_t find_board(const gwapi__resolver *r, const gwapi__resource *owner)
{
    gwapi__identity key = gwapi__identity_of(owner);

    return owner->meta.name.len != 0 ? gwapi__index_get(&r->board_index, &key)
                                     : find_nameless(r, owner);
}

static gwapi_result push_board(gwapi__resolver *r, gwapi__board *made, gwapi__board **out)
{
    made->counts = gwapi__arena_array(&r->scratch, made->place_count, sizeof *made->counts);
    gwapi__board *added = made->counts != NULL ? gwapi__vector_push(&r->boards) : NULL;

    if (added == NULL)
        return GWAPI_ENOMEM;
    *added = *made;
    gwapi__vector_init(&added->additions, &r->scratch.allocator, sizeof(addition));
    *out = added;
    return GWAPI_OK;
}

/* At first sight of its owner. */
static gwapi_result make_board(gwapi__resolver *r, const gwapi__resource *owner, uint32_t *i)
{
    gwapi__board *b, made = {.key = owner, .mesh = owner->kind == GWAPI__KIND_SERVICE};
    gwapi__identity key = gwapi__identity_of(owner);
    uint32_t *at = gwapi__index_at(&r->board_index, &key);

    if (at == NULL)
        return GWAPI_ENOMEM;
    *i = *at = GWAPI__NOT_OURS;
    if (!(made.mesh ? fill_service(r, &made, &key) : fill_gateway(r, &made, &key)))
        return GWAPI_OK;
    *i = *at = (uint32_t)r->boards.count;
    return push_board(r, &made, &b);
}

/* The board of a Gateway or Service; NULL beside GWAPI_OK: it is of no more use. Most of what a
 * route asks for in turn is the same one's. */
static gwapi_result board_of(gwapi__resolver *r, const gwapi__resource *owner,
                             gwapi__board **out)
{
    if (owner != r->last_owner) {
        uint32_t i = find_board(r, owner);
        if (i == GWAPI_NONE)
            GWAPI__TRY(make_board(r, owner, &i));
        r->last_owner = owner;
        r->last_board = i;
    }
    *out = r->last_board < GWAPI__NOT_OURS ? board(r, r->last_board) : NULL;
    return GWAPI_OK;
}

/* Of a Gateway that is new, or another one than before. */
static gwapi_result open_board(gwapi__resolver *r, uint32_t gateway)
{
    const gwapi__judged_gateway *judged = r->w.judged[gateway];
    gwapi__resource *resource = judged->gateway.resource;
    gwapi__board *b, made = {.owner = resource,
                             .key = resource,
                             .place_count = judged->gateway.listener_count,
                             .listeners = judged->listeners};

    return resource->meta.name.len != 0 ? board_of(r, resource, &b) : push_board(r, &made, &b);
}

/* A route that was, or is now, counts; `by` is 1 or -1. */
static gwapi_result count_route(gwapi__resolver *r, const gwapi__resolved_route *route,
                                int32_t by)
{
    gwapi__board *b;

    for (uint32_t i = 0; i < route->state->count_count; i++) {
        const gwapi__count *count = &route->state->counts[i];
        GWAPI__TRY(board_of(r, count->gateway, &b));
        /* Of a Gateway that became another one nothing is left to take away. */
        if (b != NULL && (by > 0 || b->old != NULL))
            b->counts[count->place] += by;
    }
    return GWAPI_OK;
}

static gwapi_result add_route(gwapi__resolver *r, const gwapi__resolved_route *route)
{
    gwapi__board *b;

    for (uint32_t i = 0; i < route->state->candidate_count; i++) {
        const gwapi__candidate *c = &route->state->candidates[i];
        GWAPI__TRY(board_of(r, c->owner, &b));
        addition *added = gwapi__vector_push(&b->additions);
        if (added == NULL)
            return GWAPI_ENOMEM;
        *added = (addition){c->place, route, c};
    }
    return count_route(r, route, 1);
}

/* Its entries go because it is in r->gone; here what holds them is made again. */
static gwapi_result drop_route(gwapi__resolver *r, const gwapi__resolved_route *route)
{
    gwapi__board *b;

    for (uint32_t i = 0; i < route->state->candidate_count; i++)
        GWAPI__TRY(board_of(r, route->state->candidates[i].owner, &b));
    return count_route(r, route, -1);
}

/* ---- one place ----------------------------------------------------------------------- */

static int by_place(const void *a, const void *b, void *ctx)
{
    const addition *x = a, *y = b;

    (void)ctx;
    return (x->place > y->place) - (x->place < y->place);
}

static int route_cmp(const gwapi__resolved_route *a, const gwapi__resolved_route *b)
{
    int x = (int)gwapi__sequence_of(a->resource->kind);
    int y = (int)gwapi__sequence_of(b->resource->kind);

    return x != y ? x - y : gwapi__resource_cmp(a->resource, b->resource);
}

/* How an entry stood: what is new has not stood at all. */
typedef enum standing { FREE = 0, BLOCKED, NEW } standing;

typedef struct gathering {
    gwapi__attachment *entries;
    unsigned char *was; /* standing of each */
    size_t count;
    bool changed;
} gathering;

static void take_old(gathering *g, const gwapi__attachment *entry)
{
    g->was[g->count] = entry->blocked ? BLOCKED : FREE;
    g->entries[g->count++] = *entry;
}

/* A route that reaches the place by two parentRefs stands there once. */
static void take_new(gathering *g, const addition *a)
{
    if (g->count != 0 && g->entries[g->count - 1].route == a->route)
        return;
    g->was[g->count] = NEW;
    g->entries[g->count++] = (gwapi__attachment){a->route, a->candidate->hostnames,
                                                 a->candidate->hostname_count, false};
    g->changed = true;
}

/* Old and new in the order of routes. */
static gwapi_result gather(gwapi__resolver *r, gathering *g, const gwapi__attached *old,
                           const addition *added, size_t count, gwapi__arena *arena)
{
    size_t old_count = old != NULL ? old->entry_count : 0, next = 0;

    g->entries = gwapi__arena_array(arena, old_count + count, sizeof *g->entries);
    g->was = gwapi__arena_array(&r->scratch, old_count + count, sizeof *g->was);
    if (g->entries == NULL || g->was == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < old_count; i++) {
        const gwapi__attachment *entry = &old->entries[i];
        if (gwapi__vector_has_address(&r->gone, entry->route)) {
            g->changed = true;
            continue;
        }
        for (; next < count && route_cmp(added[next].route, entry->route) < 0; next++)
            take_new(g, &added[next]);
        take_old(g, entry);
    }
    for (; next < count; next++)
        take_new(g, &added[next]);
    return GWAPI_OK;
}

/* Routes that stay and are blocked now or no longer: their statuses change. */
static gwapi_result tell_moved(gwapi__resolver *r, const gathering *g)
{
    for (size_t i = 0; i < g->count; i++) {
        if (g->was[i] == NEW || g->was[i] == (g->entries[i].blocked ? BLOCKED : FREE))
            continue;
        const gwapi__resolved_route **moved = gwapi__vector_push(&r->moved);
        if (moved == NULL)
            return GWAPI_ENOMEM;
        *moved = g->entries[i].route;
    }
    return GWAPI_OK;
}

static gwapi_result settle(gwapi__resolver *r, const gwapi__board *b, uint32_t place,
                           gathering *g)
{
    if (!g->changed)
        return GWAPI_OK;
    GWAPI__TRY(
        b->mesh ? gwapi__block_on_service(r, &b->owner->as.service->ports[place], g->entries,
                                          g->count)
                : gwapi__block_on_listener(r, b->listeners[place].spec, g->entries, g->count));
    return tell_moved(r, g);
}

static gwapi_result list_attachments(const gathering *g, gwapi__attached *out,
                                     gwapi__arena *arena)
{
    size_t count = 0;

    for (size_t i = 0; i < g->count; i++)
        count += !g->entries[i].blocked;
    out->entries = out->attachments = g->entries;
    out->entry_count = out->attachment_count = g->count;
    out->any_blocked = count != g->count;
    if (!out->any_blocked)
        return GWAPI_OK;
    gwapi__attachment *made = gwapi__arena_array(arena, count, sizeof *made);
    if (made == NULL)
        return GWAPI_ENOMEM;
    out->attachments = made;
    out->attachment_count = count;
    for (size_t i = 0; i < g->count; i++)
        if (!g->entries[i].blocked)
            *made++ = g->entries[i];
    return GWAPI_OK;
}

/* ---- all places of a board ----------------------------------------------------------- */

static gwapi_result bind_place(gwapi__resolver *r, const gwapi__board *b, uint32_t place,
                               const addition *added, size_t count, gwapi__attached *out)
{
    const gwapi__attached *old = b->old != NULL ? &b->old->places[place] : NULL;
    gwapi__arena_mark mark = gwapi__arena_mark_get(&r->scratch);
    gathering g = {.count = 0};
    gwapi_result result = gather(r, &g, old, added, count, r->arena);

    if (result == GWAPI_OK)
        result = settle(r, b, place, &g);
    if (result == GWAPI_OK)
        result = list_attachments(&g, out, r->arena);
    gwapi__arena_rewind(&r->scratch, mark);
    out->attached_routes =
        (uint32_t)((old != NULL ? (int64_t)old->attached_routes : 0) + b->counts[place]);
    return result;
}

static gwapi_result bind_places(gwapi__resolver *r, gwapi__board *b, gwapi__bindings *out)
{
    gwapi__attached *places = gwapi__arena_array(r->arena, b->place_count, sizeof *places);
    const addition *added = b->additions.data;
    size_t next = 0;

    if (places == NULL || !gwapi__vector_sort(&b->additions, by_place, NULL))
        return GWAPI_ENOMEM;
    out->part.resource = b->owner;
    out->places = places;
    out->place_count = b->place_count;
    for (uint32_t i = 0; i < b->place_count; i++) {
        size_t first = next;
        while (next < b->additions.count && added[next].place == i)
            next++;
        GWAPI__TRY(bind_place(r, b, i, next != first ? added + first : NULL, next - first,
                              &places[i]));
    }
    return GWAPI_OK;
}

static bool is_bound(const gwapi__bindings *bindings)
{
    for (size_t i = 0; i < bindings->place_count; i++)
        if (bindings->places[i].entry_count != 0)
            return true;
    return false;
}

/* A Gateway's bindings go into its part, a Service's are the part. */
static gwapi_result bind_board(gwapi__resolver *r, gwapi__board *b)
{
    if (b->owner == NULL)
        return gwapi__edit_add(r, GWAPI__SEQUENCE_SERVICES, b->key, NULL);
    b->made = gwapi__part_begin(r, sizeof *b->made);
    if (b->made == NULL)
        return GWAPI_ENOMEM;
    GWAPI__TRY(bind_places(r, b, b->made));
    GWAPI__TRY(gwapi__part_end(r, b->made));
    if (!b->mesh)
        return GWAPI_OK;
    return gwapi__edit_add(r, GWAPI__SEQUENCE_SERVICES, b->owner,
                           is_bound(b->made) ? gwapi__part_retain(b->made) : NULL);
}

gwapi_result gwapi__bind_routes(gwapi__resolver *r)
{
    if (!gwapi__vector_sort(&r->gone, gwapi__order_addresses, NULL))
        return GWAPI_ENOMEM;
    for (uint32_t i = 0; i < r->w.gateway_count; i++)
        if (r->w.imported[i] == NULL && r->w.changed[i])
            GWAPI__TRY(open_board(r, i));
    for (size_t i = 0; i < r->gone.count; i++)
        GWAPI__TRY(drop_route(r, *GWAPI__AT(&r->gone, const gwapi__resolved_route *, i)));
    for (size_t i = 0; i < r->routes.count; i++)
        GWAPI__TRY(add_route(r, *GWAPI__AT(&r->routes, const gwapi__resolved_route *, i)));
    for (uint32_t i = 0; i < r->boards.count; i++)
        GWAPI__TRY(bind_board(r, board(r, i)));
    return gwapi__vector_sort(&r->moved, gwapi__order_addresses, NULL) ? GWAPI_OK : GWAPI_ENOMEM;
}

void gwapi__boards_free(gwapi__resolver *r)
{
    for (uint32_t i = 0; i < r->boards.count; i++) {
        gwapi__vector_free(&board(r, i)->additions);
        gwapi__part_release(board(r, i)->made);
    }
    gwapi__vector_free(&r->boards);
}

/* ---- asking -------------------------------------------------------------------------- */

const gwapi__bindings *gwapi__bindings_of(const gwapi__resolver *r,
                                          const gwapi__resource *owner)
{
    uint32_t at = find_board(r, owner);

    if (at < GWAPI__NOT_OURS || r->previous == NULL)
        return at < GWAPI__NOT_OURS ? board(r, at)->made : NULL;
    if (owner->kind == GWAPI__KIND_SERVICE)
        return gwapi__sequence_find(&r->previous->sequences[GWAPI__SEQUENCE_SERVICES], owner,
                                    NULL);
    const gwapi__gateway_part *part =
        gwapi__sequence_find(gwapi__topology_gateways(r->previous), owner, NULL);
    return part != NULL ? part->bindings : NULL;
}

static bool is_blocked_at(const gwapi__attached *at, const gwapi__resolved_route *route)
{
    size_t low = 0, high = at->any_blocked ? at->entry_count : 0;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = route_cmp(at->entries[middle].route, route);
        if (order == 0)
            return at->entries[middle].blocked;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

bool gwapi__candidate_blocked(const gwapi__resolver *r, const gwapi__resolved_route *route,
                              const gwapi__candidate *candidate)
{
    const gwapi__bindings *bindings = gwapi__bindings_of(r, candidate->owner);

    return is_blocked_at(&bindings->places[candidate->place], route);
}

const gwapi__resource *gwapi__board_owner(const gwapi__resolver *r, uint32_t i)
{
    if (i >= r->boards.count)
        return NULL;
    return board(r, i)->owner != NULL ? board(r, i)->owner : board(r, i)->key;
}
