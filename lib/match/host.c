#include "match/host.h"

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

uint32_t gwapi__listener_choose(const gwapi_snapshot *s, uint32_t door, const gwapi__host *host,
                                gwapi_protocol protocol)
{
    gwapi__image_range listeners = gwapi__image_DOOR(s, door)->listeners;
    gwapi__host_walk walk;
    gwapi_str name;

    gwapi__host_walk_start(&walk, host);
    while (gwapi__host_walk_next(&walk, &name)) {
        uint32_t listener = find_listener(s, listeners, name);
        if (listener != GWAPI_NONE &&
            (protocol == 0 || gwapi__image_LISTENER(s, listener)->protocol == protocol))
            return listener;
    }
    return GWAPI_NONE;
}

const gwapi__image_host *gwapi__host_find(const gwapi_snapshot *s, gwapi__image_range hosts,
                                          gwapi_str name)
{
    uint32_t low = hosts.first, high = hosts.first + hosts.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const gwapi__image_host *host = gwapi__image_HOST(s, middle);
        int order = gwapi__str_cmp(gwapi__image_str(s, host->name), name);
        if (order == 0)
            return host;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
