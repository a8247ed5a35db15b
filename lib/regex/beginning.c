#include "regex/beginning.h"

/* Alternatives within alternatives are followed so far. */
enum { DEEPEST = 3, STATES = 4096 };

static void close_all(gwapi__beginnings *set)
{
    for (size_t i = 0; i < set->count; i++)
        set->items[i].open = false;
}

static bool is_open(const gwapi__beginnings *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].open)
            return true;
    return false;
}

static void append(gwapi__beginning *item, uint32_t rune)
{
    char bytes[4];
    size_t len = gwapi__utf8_encode(rune, bytes);

    item->open = item->open && item->len + len <= sizeof item->text;
    if (!item->open)
        return;
    memcpy(item->text + item->len, bytes, len);
    item->len += (uint16_t)len;
}

/* ^ holds where nothing was passed yet. */
static void pass_begin(gwapi__beginnings *set)
{
    for (size_t i = 0; i < set->count; i++)
        set->items[i].open = set->items[i].open && set->items[i].len == 0;
}

static void extend(gwapi__beginnings *set, const gwapi__regex_node *node, unsigned depth);

/* Every open one goes on in as many ways as there are alternatives. False: they are too many. */
static bool branch(gwapi__beginnings *out, const gwapi__beginnings *set,
                   const gwapi__regex_node *alternate, unsigned depth)
{
    gwapi__beginnings way;

    out->count = 0;
    for (size_t i = 0; i < set->count; i++) {
        const gwapi__regex_node *node = set->items[i].open ? alternate->first : NULL;
        do {
            way.count = 1;
            way.items[0] = set->items[i];
            if (node != NULL) {
                extend(&way, node, depth + 1);
                node = node->next;
            }
            if (out->count + way.count > GWAPI__BEGINNING_MOST)
                return false;
            memcpy(&out->items[out->count], way.items, way.count * sizeof *way.items);
            out->count += way.count;
        } while (node != NULL);
    }
    return true;
}

static void extend_ways(gwapi__beginnings *set, const gwapi__regex_node *alternate,
                        unsigned depth)
{
    gwapi__beginnings out;

    if (depth < DEEPEST && branch(&out, set, alternate, depth))
        *set = out;
    else
        close_all(set);
}

static void extend(gwapi__beginnings *set, const gwapi__regex_node *node, unsigned depth)
{
    switch (node->kind) {
    case GWAPI__REGEX_EMPTY:
        return;
    case GWAPI__REGEX_RUNE:
        if (!gwapi__node_is_plain(node))
            break;
        for (size_t i = 0; i < set->count; i++)
            append(&set->items[i], node->rune);
        return;
    case GWAPI__REGEX_BEGIN_TEXT:
        pass_begin(set);
        return;
    case GWAPI__REGEX_CAPTURE:
        extend(set, node->first, depth);
        return;
    case GWAPI__REGEX_CONCAT:
        for (node = node->first; node != NULL && is_open(set); node = node->next)
            extend(set, node, depth);
        return;
    case GWAPI__REGEX_REPEAT:
        for (uint32_t i = 0; i < node->min && is_open(set); i++)
            extend(set, node->first, depth);
        if (node->min != node->max)
            close_all(set);
        return;
    case GWAPI__REGEX_ALTERNATE:
        extend_ways(set, node, depth);
        return;
    default:
        break;
    }
    close_all(set);
}

gwapi_result gwapi__regex_beginnings(gwapi__beginnings *out, const gwapi_allocator *allocator,
                                     gwapi_str pattern)
{
    gwapi__regex_scan scan = {.pattern = pattern};
    const gwapi__regex_node *root;
    gwapi__arena arena;

    gwapi__arena_init(&arena, allocator);
    gwapi_result result = gwapi__regex_parse(&root, &arena, &scan, STATES);
    if (result == GWAPI_OK) {
        out->count = 1;
        out->items[0].open = true;
        out->items[0].len = 0;
        extend(out, root, 0);
    }
    gwapi__arena_free(&arena);
    return result;
}
