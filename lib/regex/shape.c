#include "regex/shape.h"

#include "base/text.h"

/* More alternatives than this are better compared by an engine. */
#define MOST_TEXTS 32u
#define LONGEST_TEXT ((size_t)4096)

/* The items of a pattern without ^ and $ around them. */
typedef struct items {
    const gwapi__regex_node *first, *end; /* end: the one behind the last, NULL mostly */
} items;

static const gwapi__regex_node *open_captures(const gwapi__regex_node *node)
{
    while (node->kind == GWAPI__REGEX_CAPTURE)
        node = node->first;
    return node;
}

/* Does every match begin (end) at the begin (end) of the text? */
static bool is_bound(const gwapi__regex_node *node, gwapi__regex_kind bound)
{
    if (node->kind == bound)
        return true;
    switch (node->kind) {
    case GWAPI__REGEX_CAPTURE:
        return is_bound(node->first, bound);
    case GWAPI__REGEX_CONCAT:
        return is_bound(bound == GWAPI__REGEX_BEGIN_TEXT ? node->first : node->last, bound);
    case GWAPI__REGEX_REPEAT:
        return node->min != 0 && is_bound(node->first, bound);
    case GWAPI__REGEX_ALTERNATE:
        for (const gwapi__regex_node *item = node->first; item != NULL; item = item->next)
            if (!is_bound(item, bound))
                return false;
        return true;
    default:
        return false;
    }
}

/* Adds the text that `node` is, and true; else the text it begins with. */
static bool take_text(gwapi__text *out, const gwapi__regex_node *node)
{
    bool goes_on = out->len <= LONGEST_TEXT;

    switch (node->kind) {
    case GWAPI__REGEX_EMPTY:
        return true;
    case GWAPI__REGEX_RUNE:
        if (goes_on && gwapi__node_is_plain(node))
            gwapi__text_rune(out, node->rune);
        return goes_on && gwapi__node_is_plain(node);
    case GWAPI__REGEX_CAPTURE:
        return take_text(out, node->first);
    case GWAPI__REGEX_REPEAT:
        for (uint32_t i = 0; i < node->min && goes_on; i++)
            goes_on = take_text(out, node->first);
        return goes_on && node->min == node->max;
    case GWAPI__REGEX_CONCAT:
        for (node = node->first; node != NULL && goes_on; node = node->next)
            goes_on = take_text(out, node);
        return goes_on;
    default:
        return false;
    }
}

/* Adds the texts of items up to the first that is none; gives that one, and in *length how long
 * the text was before it, as it may begin with some more. */
static const gwapi__regex_node *take_texts(gwapi__text *out, items list, size_t *length)
{
    for (; list.first != list.end; list.first = list.first->next) {
        *length = out->len;
        if (!take_text(out, list.first))
            return list.first;
    }
    *length = out->len;
    return list.end;
}

/* What is left of the pattern without ^ before and $ behind. */
static items inner_items(const gwapi__regex_node *root)
{
    root = open_captures(root);
    items list = {root, NULL};

    if (root->kind == GWAPI__REGEX_CONCAT) {
        list.first = root->first;
        list.end = root->last->kind == GWAPI__REGEX_END_TEXT ? root->last : NULL;
    } else if (root->kind == GWAPI__REGEX_END_TEXT) {
        list.first = NULL;
    }
    while (list.first != list.end && list.first->kind == GWAPI__REGEX_BEGIN_TEXT)
        list.first = list.first->next;
    return list;
}

static bool keep(gwapi_str *out, gwapi__arena *arena, const gwapi__text *text)
{
    return !text->failed && gwapi__arena_copy(arena, gwapi__text_str(text), out);
}

/* Every alternative is a text. */
static gwapi_result init_alternatives(gwapi__shape *shape, gwapi__arena *arena, gwapi__text *text,
                                      const gwapi__regex_node *alternate)
{
    uint32_t count = 0;

    shape->texts = gwapi__arena_array(arena, MOST_TEXTS, sizeof *shape->texts);
    if (shape->texts == NULL)
        return GWAPI_ENOMEM;
    for (const gwapi__regex_node *item = alternate->first; item != NULL; item = item->next) {
        gwapi__text_cut(text, 0);
        if (count == MOST_TEXTS || !take_text(text, item))
            return GWAPI_OK;
        if (!keep(&shape->texts[count++], arena, text))
            return GWAPI_ENOMEM;
    }
    shape->count = count;
    shape->kind = GWAPI__SHAPE_TEXTS;
    return GWAPI_OK;
}

/* The run stands at `node`; true if it is one, its measures are then set. */
static bool init_run(gwapi__shape *shape, const gwapi__regex_node *node)
{
    node = open_captures(node);
    shape->min = shape->max = 1;
    if (node->kind == GWAPI__REGEX_REPEAT) {
        shape->min = node->min;
        shape->max = node->max;
        node = open_captures(node->first);
    }
    shape->rune_kind = node->kind;
    shape->rune = node->rune;
    return gwapi__node_is_rune(node);
}

static const gwapi__rune_set *set_of_run(const gwapi__regex_node *node)
{
    node = open_captures(node);
    return node->kind == GWAPI__REGEX_REPEAT ? open_captures(node->first)->set : node->set;
}

/* texts[0] is known; `node` follows it, then a text to the end. */
static gwapi_result init_around(gwapi__shape *shape, gwapi__arena *arena, gwapi__text *text,
                                const gwapi__regex_node *node, const gwapi__regex_node *end,
                                size_t length)
{
    size_t unused;

    gwapi__text_cut(text, 0);
    if (!init_run(shape, node) || take_texts(text, (items){node->next, end}, &unused) != end)
        return GWAPI_OK;
    shape->texts = gwapi__arena_array(arena, 2, sizeof *shape->texts);
    if (shape->texts == NULL || !keep(&shape->texts[1], arena, text))
        return GWAPI_ENOMEM;
    shape->texts[0] = gwapi__str_sub(shape->prefix, 0, length);
    if (shape->rune_kind == GWAPI__REGEX_SET) {
        shape->set = gwapi__runes_copy(set_of_run(node), arena);
        if (shape->set == NULL)
            return GWAPI_ENOMEM;
    }
    shape->count = 2;
    shape->kind = GWAPI__SHAPE_RUN;
    return GWAPI_OK;
}

static gwapi_result init(gwapi__shape *shape, gwapi__arena *arena, gwapi__text *text, items list)
{
    size_t length;
    const gwapi__regex_node *behind = take_texts(text, list, &length);

    if (!keep(&shape->prefix, arena, text))
        return GWAPI_ENOMEM;
    if (behind == list.end) {
        shape->texts = &shape->prefix;
        shape->count = 1;
        shape->whole = true;
        shape->kind = GWAPI__SHAPE_TEXTS;
        return GWAPI_OK;
    }
    const gwapi__regex_node *alternate = open_captures(behind);
    if (behind == list.first && behind->next == list.end &&
        alternate->kind == GWAPI__REGEX_ALTERNATE)
        return init_alternatives(shape, arena, text, alternate);
    return init_around(shape, arena, text, behind, list.end, length);
}

gwapi_result gwapi__shape_init(gwapi__shape *shape, gwapi__arena *arena,
                               const gwapi__regex_node *root)
{
    gwapi__text text;

    *shape = (gwapi__shape){.begins = is_bound(root, GWAPI__REGEX_BEGIN_TEXT),
                            .ends = is_bound(root, GWAPI__REGEX_END_TEXT)};
    gwapi__text_init(&text, &arena->allocator);
    gwapi_result result = init(shape, arena, &text, inner_items(root));
    if (text.failed) /* a shape may have been passed over for want of memory */
        result = GWAPI_ENOMEM;
    gwapi__text_free(&text);
    return result;
}

static bool takes(const gwapi__shape *shape, uint32_t rune)
{
    switch (shape->rune_kind) {
    case GWAPI__REGEX_RUNE:
        return rune == shape->rune;
    case GWAPI__REGEX_SET:
        return gwapi__runes_has(shape->set, rune);
    case GWAPI__REGEX_ANY_IN_LINE:
        return rune != '\n';
    default:
        return true;
    }
}

/* Both texts stand whole in UTF-8, so what is between them reads as it does in the whole text. */
static bool match_run(const gwapi__shape *shape, gwapi_str text)
{
    uint32_t count = 0, rune;
    size_t step;

    if (text.len < shape->texts[0].len + shape->texts[1].len ||
        !gwapi__str_starts(text, shape->texts[0]) || !gwapi__str_ends(text, shape->texts[1]))
        return false;
    text = gwapi__str_sub(text, shape->texts[0].len, text.len - shape->texts[0].len - shape->texts[1].len);
    for (size_t i = 0; i < text.len; i += step, count++) {
        gwapi__utf8_step(gwapi__str(text.data + i, text.len - i), &rune, &step);
        if (count == shape->max || !takes(shape, rune))
            return false;
    }
    return count >= shape->min;
}

static bool match_text(gwapi_str wanted, gwapi_str text, bool begins, bool ends)
{
    if (begins && ends)
        return gwapi__str_eq(text, wanted);
    if (begins)
        return gwapi__str_starts(text, wanted);
    return ends ? gwapi__str_ends(text, wanted) : gwapi__str_find(text, wanted) != SIZE_MAX;
}

bool gwapi__shape_match(const gwapi__shape *shape, gwapi_str text, bool full)
{
    if (shape->kind == GWAPI__SHAPE_RUN)
        return match_run(shape, text);
    for (uint32_t i = 0; i < shape->count; i++)
        if (match_text(shape->texts[i], text, full || shape->begins, full || shape->ends))
            return true;
    return false;
}
