#include "resolve/hostname.h"

bool gwapi__hostname_wildcard(gwapi_str hostname)
{
    return hostname.len > 2 && hostname.data[0] == '*' && hostname.data[1] == '.';
}

/* The S of "*.S". */
static gwapi_str suffix_of(gwapi_str wildcard)
{
    return gwapi__str_sub(wildcard, 2, wildcard.len - 2);
}

/* Is `name` below `suffix` by at least one label? */
static bool below(gwapi_str name, gwapi_str suffix)
{
    return name.len > suffix.len + 1 && gwapi__str_ends(name, suffix) &&
           name.data[name.len - suffix.len - 1] == '.';
}

bool gwapi__hostname_intersects(gwapi_str a, gwapi_str b)
{
    if (a.len == 0 || b.len == 0 || gwapi__str_eq(a, b))
        return true;
    /* A wildcard's own text, "*.S", lies below every T that S lies below or equals. */
    if (gwapi__hostname_wildcard(a) && below(b, suffix_of(a)))
        return true;
    return gwapi__hostname_wildcard(b) && below(a, suffix_of(b));
}

gwapi_str gwapi__hostname_narrower(gwapi_str a, gwapi_str b)
{
    if (a.len == 0)
        return b;
    if (b.len == 0 || !gwapi__hostname_wildcard(a))
        return a;
    if (!gwapi__hostname_wildcard(b))
        return b;
    return a.len >= b.len ? a : b;
}

/* Cuts the first label off; false at the last one. */
static bool parent_of(gwapi_str name, gwapi_str *parent)
{
    gwapi_str label;

    return gwapi__str_cut(name, '.', &label, parent);
}

void gwapi__hostname_set_init(gwapi__hostname_set *set, const gwapi_allocator *allocator)
{
    gwapi__map_init(&set->exact, allocator);
    gwapi__map_init(&set->wildcard, allocator);
    gwapi__map_init(&set->above, allocator);
    set->any = false;
}

void gwapi__hostname_set_free(gwapi__hostname_set *set)
{
    gwapi__map_free(&set->exact);
    gwapi__map_free(&set->wildcard);
    gwapi__map_free(&set->above);
}

bool gwapi__hostname_set_add(gwapi__hostname_set *set, gwapi_str hostname)
{
    bool wildcard = gwapi__hostname_wildcard(hostname);
    gwapi__map_entry *entry;

    if (hostname.len == 0) {
        set->any = true;
        return true;
    }
    entry = wildcard ? gwapi__map_add(&set->wildcard, suffix_of(hostname))
                     : gwapi__map_add(&set->exact, hostname);
    if (entry == NULL)
        return false;
    for (gwapi_str above = hostname; parent_of(above, &above);)
        if (gwapi__map_add(&set->above, above) == NULL)
            return false;
    return true;
}

bool gwapi__hostname_set_intersects(const gwapi__hostname_set *set, gwapi_str hostname)
{
    if (set->any)
        return true;
    if (hostname.len == 0)
        return gwapi__map_count(&set->exact) + gwapi__map_count(&set->wildcard) != 0;
    if (gwapi__map_find(&set->exact, hostname) != NULL)
        return true;
    if (gwapi__hostname_wildcard(hostname) &&
        gwapi__map_find(&set->above, suffix_of(hostname)) != NULL)
        return true;
    for (gwapi_str above = hostname; parent_of(above, &above);)
        if (gwapi__map_find(&set->wildcard, above) != NULL)
            return true;
    return false;
}
