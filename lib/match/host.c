#include "match/host.h"

#include "image/index.h"

enum { STEP_HOST, STEP_WILDCARDS, STEP_ANY, STEP_OVER };

void gwapi__host_walk_start(gwapi__host_walk *walk, const gwapi__host *host)
{
    memcpy(walk->text, host->text, host->len);
    walk->len = host->len;
    walk->at = 1; /* a rest has something before its dot */
    walk->step = host->len != 0 ? STEP_HOST : STEP_ANY;
}

static bool next_wildcard(gwapi__host_walk *walk, gwapi_str *name)
{
    while (walk->at < walk->len) {
        uint32_t dot = walk->at++;
        if (walk->text[dot] == '.') {
            walk->text[dot - 1] = '*';
            *name = gwapi__str(walk->text + dot - 1, walk->len - dot + 1);
            return true;
        }
    }
    return false;
}

bool gwapi__host_walk_next(gwapi__host_walk *walk, gwapi_str *name)
{
    switch (walk->step) {
    case STEP_HOST:
        walk->step = STEP_WILDCARDS;
        *name = gwapi__str(walk->text, walk->len);
        return true;
    case STEP_WILDCARDS:
        if (next_wildcard(walk, name))
            return true;
        /* fall through */
    case STEP_ANY:
        walk->step = STEP_OVER;
        *name = GWAPI__STR("");
        return true;
    default:
        return false;
    }
}

static uint32_t find_listener(const gwapi_snapshot *s, gwapi__image_range listeners,
                              gwapi_str name)
{
    uint32_t low = listeners.first, high = listeners.first + listeners.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint32_t listener = *gwapi__image_LISTENER_INDEX(s, middle);
        int order = gwapi__str_cmp(
            gwapi__image_str(s, gwapi__image_LISTENER(s, listener)->hostname), name);
        if (order == 0)
            return listener;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return GWAPI_NONE;
}

uint32_t gwapi__listener_choose(const gwapi_snapshot *s, uint32_t door, const gwapi__host *host)
{
    gwapi__image_range listeners = gwapi__image_DOOR(s, door)->listeners;
    uint32_t listener = GWAPI_NONE;
    gwapi__host_walk walk;
    gwapi_str name;

    gwapi__host_walk_start(&walk, host);
    while (listener == GWAPI_NONE && gwapi__host_walk_next(&walk, &name))
        listener = find_listener(s, listeners, name);
    return listener;
}

uint32_t gwapi__stream_find(const gwapi_snapshot *s, gwapi__image_range streams, gwapi_str name)
{
    uint32_t low = streams.first, high = streams.first + streams.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const gwapi__image_stream *stream = gwapi__image_STREAM(s, middle);
        int order = gwapi__str_cmp(gwapi__image_str(s, stream->name), name);
        if (order == 0)
            return stream->rule;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return GWAPI_NONE;
}

/* ---- requests --------------------------------------------------------------------------------- */

static const gwapi__image_name *find_name(const gwapi_snapshot *s, const gwapi__image_door *door,
                                          uint64_t hash, gwapi_str text)
{
    hash = gwapi__index_seeded(hash, door->names_seed);
    uint32_t count = door->names.count, tag = gwapi__name_tag(hash);
    uint32_t at = gwapi__index_place(hash, count);
    const gwapi__image_name *names = gwapi__image_NAME(s, door->names.first);

    for (uint32_t steps = 0; steps < count; steps++) {
        const gwapi__image_name *name = &names[at];
        if ((name->tag & ~GWAPI__PLACE_MORE) == tag && name->text.offset != GWAPI__IMAGE_NONE &&
            gwapi__image_is(s, name->text, text))
            return name;
        if ((name->tag & GWAPI__PLACE_MORE) == 0)
            break;
        at = at + 1 < count ? at + 1 : 0;
    }
    return NULL;
}

/* The widest wildcards have the fewest dots, so they are counted from the end. */
static const gwapi__image_name *find_wildcard(const gwapi_snapshot *s,
                                              const gwapi__image_door *door, gwapi_str host)
{
    const gwapi__image_name *found = NULL;
    size_t dots = 0;

    if (door->wildcard_depths == 0)
        return NULL;
    for (size_t i = 1; i < host.len; i++)
        dots += host.data[i] == '.';
    for (size_t i = 1; i < host.len && found == NULL; i++)
        if (host.data[i] == '.' && (door->wildcard_depths & gwapi__index_depth(dots--)) != 0) {
            gwapi_str rest = gwapi__str(host.data + i, host.len - i);
            found = find_name(s, door, gwapi__index_text(rest.data, rest.len), rest);
        }
    return found;
}

void gwapi__name_choose(const gwapi_snapshot *s, uint32_t index, const gwapi__host *host,
                        uint32_t *listener, uint32_t *routes)
{
    const gwapi__image_door *door = gwapi__image_DOOR(s, index);
    gwapi_str text = gwapi__str(host->text, host->len);
    const gwapi__image_name *name = NULL;

    /* A host that begins with a dot would be taken for a wildcard. */
    if (text.len != 0 && door->names.count != 0) {
        if (text.data[0] != '.')
            name = find_name(s, door, host->hash, text);
        if (name == NULL)
            name = find_wildcard(s, door, text);
    }
    *listener = name != NULL ? name->listener : door->any_listener;
    *routes = name != NULL ? name->host : door->any_host;
}
