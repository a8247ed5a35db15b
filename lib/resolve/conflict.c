/*
 * Listeners that cannot stand beside each other on one port (attachment.md §7, §8), and TLS
 * listeners whose hostnames overlap (tls.md §4).
 *
 * Within one resource there is no winner: every listener of a conflict loses. Between a Gateway
 * and its ListenerSets the earlier source wins; what lost there takes no further part.
 */
#include "resolve/resolver.h"

#include "base/map.h"
#include "resolve/hostname.h"

/* Protocols that can share a port, told apart by hostname. UDP ports are others than TCP's. */
typedef enum family { FAMILY_HTTP = 1, FAMILY_TLS = 2, FAMILY_TCP = 4, FAMILY_UDP = 8 } family;

static family family_of(gwapi__protocol protocol)
{
    static const family families[] = {
        [GWAPI__PROTOCOL_OTHER] = FAMILY_TCP, /* takes no part */
        [GWAPI__PROTOCOL_HTTP] = FAMILY_HTTP, [GWAPI__PROTOCOL_HTTPS] = FAMILY_TLS,
        [GWAPI__PROTOCOL_TLS] = FAMILY_TLS,   [GWAPI__PROTOCOL_TCP] = FAMILY_TCP,
        [GWAPI__PROTOCOL_UDP] = FAMILY_UDP,
    };

    return families[protocol];
}

/* What stands on a port (families), or under a port, family and hostname (a count). Own numbers
 * are those of the source at hand and are reset when the next one looks at the slot. */
typedef struct slot {
    uint32_t won; /* by earlier sources */
    uint32_t source;
    uint32_t own;
} slot;

typedef struct in_use {
    gwapi__map slots;
    gwapi__arena *scratch;
    gwapi_result result;
} in_use;

/* The slot of (port, transport) or of (port, family, hostname). NULL: no memory. */
static slot *slot_of(in_use *board, int32_t port, uint32_t kind, gwapi_str hostname,
                     uint32_t source)
{
    char *key = gwapi__arena_alloc(board->scratch, 8 + hostname.len);
    gwapi__map_entry *entry = NULL;

    if (key != NULL) {
        uint32_t number = (uint32_t)port;
        memcpy(key, &number, 4);
        memcpy(key + 4, &kind, 4);
        if (hostname.len != 0)
            memcpy(key + 8, hostname.data, hostname.len);
        entry = gwapi__map_add(&board->slots, gwapi__str(key, 8 + hostname.len));
    }
    if (entry != NULL && entry->value == NULL)
        entry->value = GWAPI__ARENA_NEW(board->scratch, slot);
    if (entry == NULL || entry->value == NULL) {
        board->result = GWAPI_ENOMEM;
        return NULL;
    }
    slot *s = entry->value;
    if (s->source != source)
        *s = (slot){s->won, source, 0};
    return s;
}

static slot *port_slot(in_use *board, const gwapi__resolved_listener *l, uint32_t source)
{
    uint32_t transport = family_of(l->spec->protocol) == FAMILY_UDP ? 16 + FAMILY_UDP : 16;

    return slot_of(board, l->port, transport, GWAPI__STR(""), source);
}

static slot *hostname_slot(in_use *board, const gwapi__resolved_listener *l, uint32_t source)
{
    family f = family_of(l->spec->protocol);
    /* TCP and UDP know no hostnames, whatever a STORED listener says. */
    bool named = f == FAMILY_HTTP || f == FAMILY_TLS;

    return slot_of(board, l->port, f, named ? l->spec->hostname : GWAPI__STR(""), source);
}

/* Listeners that cannot be there at all are in nobody's way. */
static bool takes_part(const gwapi__resolver *r, uint32_t i)
{
    const gwapi__listener_state *state = &r->listeners[i];

    return state->kinds_supported != 0 && gwapi__is_port(r->w.listeners[i].port) &&
           (state->set == GWAPI_NONE || r->sets[state->set].allowed);
}

static bool conflicts(const gwapi__listener_state *state)
{
    return state->hostname_conflict || state->protocol_conflict;
}

/* Against what earlier sources hold. */
static void against_earlier(gwapi__resolver *r, in_use *board, uint32_t i, uint32_t source)
{
    const gwapi__resolved_listener *l = &r->w.listeners[i];
    slot *port = port_slot(board, l, source);
    slot *name = port != NULL ? hostname_slot(board, l, source) : NULL;

    if (name == NULL)
        return;
    r->listeners[i].protocol_conflict =
        (port->won & ~(uint32_t)family_of(l->spec->protocol)) != 0;
    r->listeners[i].hostname_conflict = name->won != 0;
    if (conflicts(&r->listeners[i]))
        return;
    port->own |= family_of(l->spec->protocol);
    name->own++;
}

/* Against the others of the same source that did not lose already. */
static void against_own(gwapi__resolver *r, in_use *board, uint32_t i, uint32_t source)
{
    const gwapi__resolved_listener *l = &r->w.listeners[i];
    const slot *port = port_slot(board, l, source);
    const slot *name = port != NULL ? hostname_slot(board, l, source) : NULL;

    if (name == NULL)
        return;
    r->listeners[i].protocol_conflict =
        (port->own & ~(uint32_t)family_of(l->spec->protocol)) != 0;
    r->listeners[i].hostname_conflict = name->own > 1;
}

static void win(gwapi__resolver *r, in_use *board, uint32_t i, uint32_t source)
{
    const gwapi__resolved_listener *l = &r->w.listeners[i];
    slot *port = port_slot(board, l, source);
    slot *name = port != NULL ? hostname_slot(board, l, source) : NULL;

    if (name == NULL)
        return;
    port->won |= family_of(l->spec->protocol);
    name->won = 1;
}

/* The listeners first … first + count - 1 of one Gateway or ListenerSet. */
static gwapi_result judge_source(gwapi__resolver *r, in_use *board, uint32_t first,
                                 uint32_t count, uint32_t source)
{
    bool *lost = gwapi__arena_array(&r->scratch, count, sizeof *lost);

    if (lost == NULL)
        return GWAPI_ENOMEM;
    for (uint32_t i = 0; i < count; i++)
        if (takes_part(r, first + i)) {
            against_earlier(r, board, first + i, source);
            lost[i] = conflicts(&r->listeners[first + i]);
        }
    for (uint32_t i = 0; i < count; i++)
        if (takes_part(r, first + i) && !lost[i])
            against_own(r, board, first + i, source);
    for (uint32_t i = 0; i < count; i++)
        if (takes_part(r, first + i) && !conflicts(&r->listeners[first + i]))
            win(r, board, first + i, source);
    return board->result;
}

/* Sources are neighbours: the Gateway's own listeners, then set by set. */
static uint32_t source_end(const gwapi__resolver *r, uint32_t first, uint32_t end)
{
    uint32_t i = first;

    while (i < end && r->listeners[i].set == r->listeners[first].set)
        i++;
    return i;
}

gwapi_result gwapi__resolve_conflicts(gwapi__resolver *r, uint32_t gateway)
{
    uint32_t first = r->w.first_listener[gateway], source = 0;
    uint32_t end = first + r->w.gateways[gateway].listener_count;
    gwapi__arena_mark mark = gwapi__arena_mark_get(&r->scratch);
    in_use board = {.scratch = &r->scratch};
    gwapi_result result = GWAPI_OK;

    gwapi__map_init(&board.slots, &r->scratch.allocator);
    for (uint32_t i = first; i < end && result == GWAPI_OK;) {
        uint32_t next = source_end(r, i, end);
        result = judge_source(r, &board, i, next - i, ++source);
        i = next;
    }
    gwapi__map_free(&board.slots);
    gwapi__arena_rewind(&r->scratch, mark);
    return result;
}

/* ---- overlapping TLS hostnames ------------------------------------------------------- */

/* Only listeners that hold TLS configuration of their own: Passthrough has none. */
static bool may_overlap(const gwapi__resolver *r, uint32_t i)
{
    const gwapi__resolved_listener *l = &r->w.listeners[i];

    return takes_part(r, i) && !conflicts(&r->listeners[i]) && l->spec->has_tls &&
           l->spec->tls_mode == GWAPI__TLS_TERMINATE &&
           family_of(l->spec->protocol) == FAMILY_TLS;
}

static int by_port(const void *a, const void *b, void *ctx)
{
    const gwapi__resolver *r = ctx;
    int32_t x = r->w.listeners[*(const uint32_t *)a].port;
    int32_t y = r->w.listeners[*(const uint32_t *)b].port;

    return (x > y) - (x < y);
}

static void mark(gwapi__resolver *r, uint32_t i)
{
    r->listeners[i].overlapping = gwapi__found(GWAPI__LISTENER_OVERLAPPING);
}

/* The listeners of one port: each hostname is looked up by its own wildcards, so the work is
 * listeners times labels. */
static gwapi_result overlaps_of_port(gwapi__resolver *r, const uint32_t *items, size_t count)
{
    gwapi__map wildcards; /* S of "*.S" → listener + 1 */
    gwapi_result result = GWAPI_OK;
    bool any = false;

    gwapi__map_init(&wildcards, &r->scratch.allocator);
    for (size_t i = 0; i < count && result == GWAPI_OK; i++) {
        gwapi_str name = r->w.listeners[items[i]].spec->hostname;
        any = any || name.len == 0;
        if (!gwapi__hostname_wildcard(name))
            continue;
        gwapi__map_entry *e = gwapi__map_add(&wildcards, gwapi__str_sub(name, 2, name.len - 2));
        if (e == NULL)
            result = GWAPI_ENOMEM;
        else
            e->value = &r->listeners[items[i]];
    }
    for (size_t i = 0; i < count && result == GWAPI_OK; i++) {
        gwapi_str name = r->w.listeners[items[i]].spec->hostname, label;
        if (any)
            mark(r, items[i]);
        if (gwapi__hostname_wildcard(name)) /* its own suffix is itself */
            name = gwapi__str_sub(name, 2, name.len - 2);
        while (gwapi__str_cut(name, '.', &label, &name)) {
            gwapi__listener_state *other = gwapi__map_get(&wildcards, name);
            if (other == NULL)
                continue;
            other->overlapping = gwapi__found(GWAPI__LISTENER_OVERLAPPING);
            mark(r, items[i]);
        }
    }
    gwapi__map_free(&wildcards);
    return result;
}

static gwapi_result overlaps_of_gateway(gwapi__resolver *r, uint32_t gateway)
{
    uint32_t first = r->w.first_listener[gateway];
    uint32_t end = first + r->w.gateways[gateway].listener_count;
    uint32_t *items = gwapi__arena_array(&r->scratch, end - first, sizeof *items);
    size_t count = 0;

    if (items == NULL)
        return GWAPI_ENOMEM;
    for (uint32_t i = first; i < end; i++)
        if (may_overlap(r, i))
            items[count++] = i;
    if (!gwapi__sort(&r->scratch.allocator, items, count, sizeof *items, by_port, r))
        return GWAPI_ENOMEM;
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && by_port(&items[from], &items[to], r) == 0;)
            to++;
        if (to - from > 1)
            GWAPI__TRY(overlaps_of_port(r, items + from, to - from));
    }
    return GWAPI_OK;
}

gwapi_result gwapi__resolve_overlaps(gwapi__resolver *r, uint32_t gateway)
{
    gwapi__arena_mark mark = gwapi__arena_mark_get(&r->scratch);
    gwapi_result result = overlaps_of_gateway(r, gateway);

    gwapi__arena_rewind(&r->scratch, mark);
    return result;
}
