/*
 * The names of requests: for each listener the hosts of its routes' hostnames, and for each door a
 * table of every name that its listeners or their routes have.
 *
 * A name is written as NAME has it: "a.b", ".b" for "*.b", "" for all; so the names that cover one
 * are its own rests.
 */
#include "base/map.h"
#include "compile/compiler.h"
#include "compile/places.h"

static gwapi_str name_of(gwapi_str hostname)
{
    return hostname.len > 1 && hostname.data[0] == '*' ? gwapi__str_sub(hostname, 1, hostname.len)
                                                       : hostname;
}

/* The next name that covers it; false: there is none. */
static bool widen(gwapi_str *name)
{
    if (name->len == 0)
        return false;
    size_t dot = gwapi__str_find_char(gwapi__str_sub(*name, 1, name->len), '.');
    *name = dot == SIZE_MAX ? GWAPI__STR("") : gwapi__str_sub(*name, dot + 1, name->len);
    return true;
}

static size_t dots(gwapi_str name)
{
    size_t n = 0;

    for (size_t i = 0; i < name.len; i++)
        n += name.data[i] == '.';
    return n;
}

static bool is_wildcard(gwapi_str name)
{
    return name.len != 0 && name.data[0] == '.';
}

/* ---- the hosts of a listener --------------------------------------------------------------- */

gwapi__host_entry *gwapi__compile_host_entries(gwapi__compiler *c,
                                               const gwapi__attached *l, size_t *count)
{
    size_t next = 0;

    *count = 0;
    for (size_t i = 0; i < l->attachment_count; i++)
        *count += l->attachments[i].hostname_count + (l->attachments[i].hostname_count == 0);
    gwapi__host_entry *entries = gwapi__compile_array(c, *count, sizeof *entries);
    if (entries == NULL)
        return NULL;
    for (size_t i = 0; i < l->attachment_count; i++) {
        const gwapi__attachment *a = &l->attachments[i];
        uint32_t route = gwapi__route_number(c, a->route);
        for (size_t k = 0; k < a->hostname_count; k++)
            entries[next++] = (gwapi__host_entry){a->hostnames[k], route, false};
        if (a->hostname_count == 0)
            entries[next++] = (gwapi__host_entry){GWAPI__STR(""), route, false};
    }
    return entries;
}

/* A name comes after all that cover it: "", wildcards by their dots, then the others. */
static size_t breadth(gwapi_str name)
{
    if (name.len == 0)
        return 0;
    return is_wildcard(name) ? dots(name) : SIZE_MAX;
}

static int order_entries(const void *a, const void *b, void *ctx)
{
    gwapi_str x = ((const gwapi__host_entry *)a)->hostname;
    gwapi_str y = ((const gwapi__host_entry *)b)->hostname;

    (void)ctx;
    if (breadth(x) != breadth(y))
        return breadth(x) < breadth(y) ? -1 : 1;
    return gwapi__str_cmp(x, y);
}

/* NONE without one. */
static uint32_t host_of(const gwapi__map *hosts, gwapi_str name)
{
    do {
        const gwapi__map_entry *entry = gwapi__map_find(hosts, name);
        if (entry != NULL)
            return (uint32_t)(uintptr_t)entry->value;
    } while (widen(&name));
    return GWAPI__IMAGE_NONE;
}

static bool add_host(gwapi__compiler *c, gwapi__map *hosts, const gwapi__host_entry *entries,
                     size_t count)
{
    uint32_t host =
        gwapi__compile_host(c, entries, count, host_of(hosts, entries[0].hostname));

    if (host == GWAPI__IMAGE_NONE)
        return c->builder.failure == GWAPI_OK;
    gwapi__map_entry *entry = gwapi__map_add(hosts, entries[0].hostname);
    if (entry != NULL)
        entry->value = (void *)(uintptr_t)host;
    return entry != NULL;
}

static bool takes_requests(const gwapi__resolved_listener *l)
{
    return l->spec->protocol == GWAPI__PROTOCOL_HTTP || l->spec->protocol == GWAPI__PROTOCOL_HTTPS;
}

static bool list_hosts(gwapi__compiler *c, const gwapi__attached *l, gwapi__map *hosts)
{
    size_t count;
    gwapi__host_entry *entries = gwapi__compile_host_entries(c, l, &count);

    for (size_t i = 0; entries != NULL && i < count; i++)
        entries[i].hostname = name_of(entries[i].hostname);
    if (entries == NULL ||
        !gwapi__sort(&c->allocator, entries, count, sizeof *entries, order_entries, NULL))
        return false;
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count; to++)
            if (!gwapi__str_eq(entries[to].hostname, entries[from].hostname))
                break;
        if (!add_host(c, hosts, entries + from, to - from))
            return false;
    }
    return true;
}

gwapi_result gwapi__compile_listener_hosts(gwapi__compiler *c)
{
    c->listener_hosts = gwapi__compile_array(c, c->listener_count, sizeof *c->listener_hosts);
    if (c->listener_hosts == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < c->listener_count; i++)
        gwapi__map_init(&c->listener_hosts[i], &c->allocator);
    for (size_t i = 0; i < c->listener_count; i++) {
        const gwapi__compile_listener *l = &c->t.listeners[c->listener_order[i]];
        if (takes_requests(l->judged) && !list_hosts(c, l->routes, &c->listener_hosts[i]))
            return c->builder.failure != GWAPI_OK ? c->builder.failure : GWAPI_ENOMEM;
    }
    return GWAPI_OK;
}

/* ---- the names of a door ---------------------------------------------------------------------- */

typedef struct door_names {
    gwapi__compiler *c;
    gwapi__map listeners; /* name to LISTENER */
    gwapi__map names;     /* every name, in the order of listeners and their hosts */
    gwapi__places places; /* items: of `names` */
} door_names;

static gwapi_str listener_name(const gwapi__compiler *c, uint32_t listener)
{
    const gwapi__resolved_listener *l = c->t.listeners[c->listener_order[listener]].judged;
    gwapi_str hostname = gwapi__compile_listener_hostname(l->spec);

    return hostname.data != NULL ? name_of(hostname) : GWAPI__STR("");
}

static bool add_listener(door_names *d, uint32_t listener)
{
    const gwapi__map *hosts = &d->c->listener_hosts[listener];
    gwapi_str name = listener_name(d->c, listener);
    gwapi__map_entry *entry = gwapi__map_add(&d->listeners, name);

    if (entry == NULL || gwapi__map_add(&d->names, name) == NULL)
        return false;
    entry->value = (void *)(uintptr_t)listener;
    for (size_t i = 0; i < gwapi__map_count(hosts); i++)
        if (gwapi__map_add(&d->names, gwapi__map_at(hosts, i)->key) == NULL)
            return false;
    return true;
}

/* What hosts get whose most specific name this is. */
static gwapi__image_name answer_for(const door_names *d, gwapi_str name)
{
    gwapi__image_name record = {0, {GWAPI__IMAGE_NONE}, GWAPI__IMAGE_NONE, GWAPI__IMAGE_NONE};

    record.listener = host_of(&d->listeners, name);
    if (record.listener != GWAPI__IMAGE_NONE)
        record.host = host_of(&d->c->listener_hosts[record.listener], name);
    return record;
}

/* Does a host get anything else than by the next wider name? */
static bool tells(const door_names *d, gwapi_str name)
{
    gwapi__image_name own = answer_for(d, name);

    if (!widen(&name))
        return false; /* "" is told by the door itself */
    gwapi__image_name wider = answer_for(d, name);
    return own.listener != wider.listener || own.host != wider.host;
}

static void emit_name(door_names *d, uint32_t i)
{
    gwapi__block *b = &d->c->builder;
    gwapi__image_name record = {0, {GWAPI__IMAGE_NONE}, GWAPI__IMAGE_NONE, GWAPI__IMAGE_NONE};
    uint32_t more;
    const gwapi__place_key *place = gwapi__places_at(&d->places, i, &more);

    if (place != NULL) {
        gwapi_str name = gwapi__map_at(&d->names, place->item)->key;
        record = answer_for(d, name);
        record.tag = gwapi__name_tag(gwapi__index_seeded(place->hash, d->places.seed));
        record.text = gwapi__block_text(b, name);
    }
    record.tag |= more;
    gwapi__image_name *out = gwapi__block_add(b, GWAPI__SECTION_NAME, NULL);
    if (out != NULL)
        *out = record;
}

static bool emit_names(door_names *d, gwapi__image_door *door)
{
    for (size_t i = 0; i < gwapi__map_count(&d->names); i++) {
        gwapi_str name = gwapi__map_at(&d->names, i)->key;
        if (!tells(d, name))
            continue;
        if (is_wildcard(name))
            door->wildcard_depths |= gwapi__index_depth(dots(name));
        if (!gwapi__places_add(&d->places, gwapi__index_text(name.data, name.len), (uint32_t)i))
            return false;
    }
    if (d->places.keys.count == 0)
        return true;
    if (!gwapi__places_find(&d->places))
        return false;
    door->names.count = d->places.count;
    door->names_seed = d->places.seed;
    for (uint32_t i = 0; i < door->names.count; i++)
        emit_name(d, i);
    return true;
}

static bool fill_names(door_names *d, const uint32_t *listeners, size_t count,
                       gwapi__image_door *door)
{
    for (size_t i = 0; i < count; i++)
        if (!add_listener(d, listeners[i]))
            return false;
    if (!emit_names(d, door))
        return false;
    gwapi__image_name any = answer_for(d, GWAPI__STR(""));
    door->any_listener = any.listener;
    door->any_host = any.host;
    return true;
}

/* Those of a door's listeners that take requests, as a key too. */
static uint32_t *list_listeners(gwapi__compiler *c, const gwapi__image_door *door, size_t *count)
{
    uint32_t *listeners = gwapi__compile_array(c, door->listeners.count, sizeof *listeners);

    *count = 0;
    for (uint32_t i = 0; listeners != NULL && i < door->listeners.count; i++) {
        uint32_t listener = *(const uint32_t *)gwapi__block_at(
            &c->builder, GWAPI__SECTION_LISTENER_INDEX, door->listeners.first + i);
        if (takes_requests(c->t.listeners[c->listener_order[listener]].judged))
            listeners[(*count)++] = listener;
    }
    return listeners;
}

static void copy_names(gwapi__image_door *door, const gwapi__image_door *from)
{
    door->names = from->names;
    door->names_seed = from->names_seed;
    door->wildcard_depths = from->wildcard_depths;
    door->any_listener = from->any_listener;
    door->any_host = from->any_host;
}

static bool make_names(gwapi__compiler *c, const uint32_t *listeners, size_t count,
                       gwapi__image_door *door)
{
    door_names d = {.c = c};

    gwapi__map_init(&d.listeners, &c->allocator);
    gwapi__map_init(&d.names, &c->allocator);
    gwapi__places_init(&d.places, &c->allocator);
    door->names.first = gwapi__block_count(&c->builder, GWAPI__SECTION_NAME);
    bool good = fill_names(&d, listeners, count, door);
    gwapi__places_free(&d.places);
    gwapi__map_free(&d.names);
    gwapi__map_free(&d.listeners);
    return good;
}

void gwapi__compile_door_names(gwapi__compiler *c, uint32_t index, gwapi__image_door *door)
{
    size_t count = 0;
    const uint32_t *listeners =
        c->builder.failure == GWAPI_OK ? list_listeners(c, door, &count) : NULL;

    door->any_listener = door->any_host = GWAPI__IMAGE_NONE;
    if (listeners == NULL || count == 0)
        return;
    gwapi_str key = gwapi__str((const char *)listeners, count * sizeof *listeners);
    const gwapi__map_entry *same = gwapi__map_find(&c->door_tables, key);
    if (same != NULL) {
        copy_names(door, gwapi__block_at(&c->builder, GWAPI__SECTION_DOOR,
                                         (uint32_t)(uintptr_t)same->value));
        return;
    }
    gwapi__map_entry *entry = gwapi__map_add(&c->door_tables, key);
    if (entry == NULL || !make_names(c, listeners, count, door)) {
        c->builder.failure = GWAPI_ENOMEM;
        return;
    }
    entry->value = (void *)(uintptr_t)index;
}
