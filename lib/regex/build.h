/* Building the syntax tree: nodes that know their measures, and lists that grow at the end. */
#ifndef GWAPI_REGEX_BUILD_H
#define GWAPI_REGEX_BUILD_H

#include "regex/tree.h"

typedef struct gwapi__regex_tree {
    gwapi__arena *arena;
    gwapi__regex_scan *scan;
    uint32_t states;           /* the limit; 0: check only, keep no node that counts already */
    uint64_t ranges;           /* of all sets */
    gwapi__regex_node *unused; /* nodes to take first */
    gwapi__vector merged;      /* a set under way */
} gwapi__regex_tree;

/* Items of a concatenation or an alternation. The last one may still get a repeat. */
typedef struct gwapi__regex_list {
    gwapi__regex_kind kind;
    uint32_t count;
    gwapi__regex_node *first, *last;
    gwapi__regex_node *before; /* the item that `last` hangs on */
    gwapi__regex_node sum;     /* measures of all but the last */
    bool all_nullable, any_nullable;
    bool all_runes; /* they are one text, or one set */
} gwapi__regex_list;

#define GWAPI__LIST_EMPTY(list_kind)                                                          \
    ((gwapi__regex_list){.kind = (list_kind), .all_nullable = true, .all_runes = true})

void gwapi__tree_init(gwapi__regex_tree *tree, gwapi__arena *arena, gwapi__regex_scan *scan,
                      uint32_t states);
void gwapi__tree_free(gwapi__regex_tree *tree);

/* A leaf; NULL: no memory. */
gwapi__regex_node *gwapi__tree_node(gwapi__regex_tree *tree, gwapi__regex_kind kind);
/* A leaf for a clean set: RUNE, ANY or ANY_IN_LINE where it is one of them, else SET. */
gwapi_result gwapi__tree_set(gwapi__regex_node **out, gwapi__regex_tree *tree,
                             const gwapi__vector *set);
/* *node becomes the parent of what it was. `from` is where its text starts, for refusals. */
gwapi_result gwapi__tree_capture(gwapi__regex_node **node, gwapi__regex_tree *tree, size_t from);
gwapi_result gwapi__tree_repeat(gwapi__regex_node **node, gwapi__regex_tree *tree, uint32_t min,
                                uint32_t max, bool lazy, size_t from);

void gwapi__list_append(gwapi__regex_tree *tree, gwapi__regex_list *list,
                        gwapi__regex_node *node);
/* The last item is `node` from now on. */
void gwapi__list_replace(gwapi__regex_list *list, gwapi__regex_node *node);
/* One node for all items. The list is used up. */
gwapi_result gwapi__list_finish(gwapi__regex_node **out, gwapi__regex_tree *tree,
                                gwapi__regex_list *list, size_t from);

#endif
