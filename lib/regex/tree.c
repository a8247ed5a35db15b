#include "regex/build.h"

/* What Go's regexp refuses to go beyond. */
#define LARGEST_SIZE 3355443u /* instructions of 40 bytes in 128 MiB */
#define MOST_RANGES (1u << 24) /* two runes of 4 bytes each in 128 MiB */
#define LARGEST_HEIGHT 1000u
#define LARGEST_COPIES 1000u

void gwapi__tree_init(gwapi__regex_tree *tree, gwapi__arena *arena, gwapi__regex_scan *scan,
                      uint32_t states)
{
    *tree = (gwapi__regex_tree){.arena = arena, .scan = scan, .states = states};
    gwapi__runes_init(&tree->merged, &arena->allocator);
}

void gwapi__tree_free(gwapi__regex_tree *tree)
{
    gwapi__vector_free(&tree->merged);
}

gwapi__regex_node *gwapi__tree_node(gwapi__regex_tree *tree, gwapi__regex_kind kind)
{
    gwapi__regex_node *node = tree->unused;

    if (node != NULL)
        tree->unused = node->next;
    else
        node = gwapi__arena_alloc(tree->arena, sizeof *node);
    if (node != NULL)
        *node = (gwapi__regex_node){.kind = kind, .height = 1, .copies = 1, .size = 1,
                                    .states = kind != GWAPI__REGEX_EMPTY,
                                    .nullable = kind == GWAPI__REGEX_EMPTY ||
                                                (kind >= GWAPI__REGEX_BEGIN_TEXT &&
                                                 kind <= GWAPI__REGEX_NO_WORD)};
    return node;
}

/* Nothing looks into a tree that only checks the syntax: its nodes serve again. */
static void recycle(gwapi__regex_tree *tree, gwapi__regex_node *node)
{
    node->next = tree->unused;
    tree->unused = node;
}

static gwapi_result check(gwapi__regex_tree *tree, const gwapi__regex_node *node, size_t from)
{
    if (node->size > LARGEST_SIZE)
        return gwapi__scan_refuse(tree->scan, "the pattern is too large", from);
    if (node->height > LARGEST_HEIGHT)
        return gwapi__scan_refuse(tree->scan, "the pattern is nested too deeply", from);
    return GWAPI_OK;
}

/* RUNE, ANY and ANY_IN_LINE are quicker to compare than a set. */
static gwapi__regex_kind kind_of_set(const gwapi__vector *set)
{
    const gwapi__rune_range *r = set->data;

    if (set->count == 1 && r[0].lo == r[0].hi)
        return GWAPI__REGEX_RUNE;
    if (set->count == 1 && r[0].lo == 0 && r[0].hi == GWAPI__RUNE_MAX)
        return GWAPI__REGEX_ANY;
    if (set->count == 2 && r[0].lo == 0 && r[0].hi == '\n' - 1 && r[1].lo == '\n' + 1 &&
        r[1].hi == GWAPI__RUNE_MAX)
        return GWAPI__REGEX_ANY_IN_LINE;
    return GWAPI__REGEX_SET;
}

gwapi_result gwapi__tree_set(gwapi__regex_node **out, gwapi__regex_tree *tree,
                             const gwapi__vector *set)
{
    gwapi__regex_node *node = gwapi__tree_node(tree, kind_of_set(set));

    *out = node;
    if (node == NULL)
        return GWAPI_ENOMEM;
    tree->ranges += set->count;
    if (tree->ranges > MOST_RANGES)
        return gwapi__scan_refuse(tree->scan, "the pattern is too large", 0);
    if (tree->states == 0)
        return GWAPI_OK;
    if (tree->ranges / 256 > tree->states + UINT64_C(256))
        return GWAPI_ELIMIT;
    if (node->kind == GWAPI__REGEX_RUNE)
        node->rune = GWAPI__AT(set, gwapi__rune_range, 0)->lo;
    if (node->kind != GWAPI__REGEX_SET)
        return GWAPI_OK;
    node->set = gwapi__runes_freeze(set, tree->arena);
    return node->set != NULL ? GWAPI_OK : GWAPI_ENOMEM;
}

gwapi_result gwapi__tree_capture(gwapi__regex_node **node, gwapi__regex_tree *tree, size_t from)
{
    gwapi__regex_node *inner = *node, *outer = gwapi__tree_node(tree, GWAPI__REGEX_CAPTURE);

    if (outer == NULL)
        return GWAPI_ENOMEM;
    outer->height = (uint16_t)(inner->height + 1);
    outer->copies = inner->copies;
    outer->size = inner->size + 2;
    outer->states = inner->states;
    outer->nullable = inner->nullable;
    outer->first = outer->last = inner;
    if (tree->states == 0)
        recycle(tree, inner);
    *node = outer;
    return check(tree, outer, from);
}

/* What n repetitions, or n and more, or min to max need written out. */
static uint64_t written_out(uint64_t one, uint32_t min, uint32_t max, uint64_t star)
{
    if (max != GWAPI__REGEX_UNBOUNDED)
        return one * max + (max - min);
    return min != 0 ? one * min + 1 : one + star;
}

gwapi_result gwapi__tree_repeat(gwapi__regex_node **node, gwapi__regex_tree *tree, uint32_t min,
                                uint32_t max, bool lazy, size_t from)
{
    gwapi__regex_node *inner = *node, *outer = gwapi__tree_node(tree, GWAPI__REGEX_REPEAT);
    bool unbounded = max == GWAPI__REGEX_UNBOUNDED;

    if (outer == NULL)
        return GWAPI_ENOMEM;
    uint32_t copies = unbounded ? min : max;
    copies = max == 0 ? 1 : (copies != 0 ? copies : 1) * inner->copies;
    outer->lazy = lazy;
    outer->min = min;
    outer->max = max;
    outer->height = (uint16_t)(inner->height + 1);
    outer->size = written_out(inner->size, min, max, 2);
    outer->size += outer->size == 0;
    outer->states = inner->states == 0 ? 0 : written_out(inner->states, min, max, 1 + inner->nullable);
    outer->nullable = inner->nullable || min == 0;
    outer->first = outer->last = inner;
    GWAPI__TRY(check(tree, outer, from));
    if ((min >= 2 || (max >= 2 && !unbounded)) && copies > LARGEST_COPIES)
        return gwapi__scan_refuse(tree->scan, "nested repeats make more than 1000 copies", from);
    outer->copies = (uint16_t)copies;
    if (tree->states == 0)
        recycle(tree, inner);
    *node = outer;
    return GWAPI_OK;
}

/* The last item can change no more: it counts, and lists of the same kind join. */
static void settle(gwapi__regex_tree *tree, gwapi__regex_list *list)
{
    gwapi__regex_node *node = list->last;
    bool same = node->kind == list->kind && node->height > 1;
    uint16_t height = (uint16_t)(node->height - same);

    list->sum.states += node->states;
    list->sum.size += node->size;
    if (height > list->sum.height)
        list->sum.height = height;
    if (node->copies > list->sum.copies)
        list->sum.copies = node->copies;
    list->all_nullable = list->all_nullable && node->nullable;
    list->any_nullable = list->any_nullable || node->nullable;
    list->all_runes = list->all_runes && (list->kind == GWAPI__REGEX_ALTERNATE
                                              ? gwapi__node_is_rune(node)
                                              : node->kind == GWAPI__REGEX_RUNE);
    if (tree->states == 0) {
        recycle(tree, node);
        list->first = list->before = NULL;
    } else if (node->kind == list->kind) {
        *(list->before != NULL ? &list->before->next : &list->first) = node->first;
        list->before = node->last;
    } else {
        list->before = node;
    }
    list->last = NULL;
}

void gwapi__list_append(gwapi__regex_tree *tree, gwapi__regex_list *list,
                        gwapi__regex_node *node)
{
    if (list->last != NULL)
        settle(tree, list);
    list->count++;
    list->last = node;
    *(list->before != NULL ? &list->before->next : &list->first) = node;
}

void gwapi__list_replace(gwapi__regex_list *list, gwapi__regex_node *node)
{
    list->last = node;
    *(list->before != NULL ? &list->before->next : &list->first) = node;
}

static bool thaw_node(gwapi__vector *set, const gwapi__regex_node *node)
{
    switch (node->kind) {
    case GWAPI__REGEX_RUNE:
        return gwapi__runes_add(set, node->rune, node->rune);
    case GWAPI__REGEX_SET:
        return gwapi__runes_thaw(set, node->set);
    case GWAPI__REGEX_ANY_IN_LINE:
        return gwapi__runes_add(set, 0, '\n' - 1) && gwapi__runes_add(set, '\n' + 1, GWAPI__RUNE_MAX);
    default:
        return gwapi__runes_add(set, 0, GWAPI__RUNE_MAX);
    }
}

/* Joins the alternatives from `first` on that are one rune each: a|[bc]|d is [a-d]. */
static gwapi_result merge_from(gwapi__regex_tree *tree, gwapi__regex_node *alternate,
                               gwapi__regex_node **first)
{
    gwapi__regex_node *node = *first, *end = node, *merged;

    tree->merged.count = 0;
    for (; end != NULL && gwapi__node_is_rune(end); end = end->next)
        if (!thaw_node(&tree->merged, end))
            return GWAPI_ENOMEM;
    if (end == node || end == node->next)
        return GWAPI_OK;
    if (!gwapi__runes_clean(&tree->merged))
        return GWAPI_ENOMEM;
    GWAPI__TRY(gwapi__tree_set(&merged, tree, &tree->merged));
    for (node = node->next; node != end; node = node->next)
        alternate->states -= 2; // a rune and the choice before it
    merged->next = end;
    *first = merged;
    return GWAPI_OK;
}

static gwapi_result merge_runes(gwapi__regex_tree *tree, gwapi__regex_node **out)
{
    gwapi__regex_node *alternate = *out, **link = &alternate->first;

    for (; *link != NULL; link = &(*link)->next) {
        GWAPI__TRY(merge_from(tree, alternate, link));
        alternate->last = *link;
    }
    if (alternate->first->next == NULL)
        *out = alternate->first;
    return GWAPI_OK;
}

gwapi_result gwapi__list_finish(gwapi__regex_node **out, gwapi__regex_tree *tree,
                                gwapi__regex_list *list, size_t from)
{
    bool alternate = list->kind == GWAPI__REGEX_ALTERNATE;

    *out = list->last;
    if (list->count == 1)
        return GWAPI_OK;
    if (list->count != 0)
        settle(tree, list);
    gwapi__regex_node *node =
        gwapi__tree_node(tree, list->count != 0 ? list->kind : GWAPI__REGEX_EMPTY);
    if (node == NULL)
        return GWAPI_ENOMEM;
    *out = node;
    if (list->count == 0)
        return GWAPI_OK;
    uint64_t choices = alternate ? list->count - 1 : 0;
    node->states = list->sum.states + choices;
    node->size = list->sum.size + choices;
    node->height = (uint16_t)(list->all_runes ? 1 : list->sum.height + 1);
    node->copies = list->sum.copies;
    node->nullable = alternate ? list->any_nullable : list->all_nullable;
    node->first = list->first;
    node->last = list->before;
    GWAPI__TRY(check(tree, node, from));
    return alternate && tree->states != 0 ? merge_runes(tree, out) : GWAPI_OK;
}
