/* The syntax tree of a pattern. */
#ifndef GWAPI_REGEX_TREE_H
#define GWAPI_REGEX_TREE_H

#include "regex/scan.h"
#include "regex/runes.h"

typedef enum gwapi__regex_kind {
    GWAPI__REGEX_EMPTY,
    GWAPI__REGEX_RUNE,      /* exactly `rune` */
    GWAPI__REGEX_SET,       /* one of `set`; an empty set matches nothing */
    GWAPI__REGEX_ANY,       /* any rune */
    GWAPI__REGEX_ANY_IN_LINE, /* any but \n */
    GWAPI__REGEX_BEGIN_TEXT,
    GWAPI__REGEX_END_TEXT,
    GWAPI__REGEX_BEGIN_LINE,
    GWAPI__REGEX_END_LINE,
    GWAPI__REGEX_WORD,     /* \b */
    GWAPI__REGEX_NO_WORD,  /* \B */
    GWAPI__REGEX_CAPTURE,  /* of `first` */
    GWAPI__REGEX_REPEAT,   /* `first`, min to max times */
    GWAPI__REGEX_CONCAT,   /* `first` and its siblings, two or more */
    GWAPI__REGEX_ALTERNATE
} gwapi__regex_kind;

#define GWAPI__REGEX_UNBOUNDED UINT32_MAX

typedef struct gwapi__regex_node gwapi__regex_node;
struct gwapi__regex_node {
    gwapi__regex_kind kind;
    bool lazy;       /* REPEAT prefers fewer */
    bool nullable;   /* may match the empty text */
    uint16_t height; /* of the tree from here, 1 without children */
    uint16_t copies; /* of its innermost part that nested repeats make */
    uint32_t rune;
    uint32_t min, max;
    uint64_t states; /* of the program, repeats written out; saturates far above any limit */
    uint64_t size;   /* the same by the count that Go's limit on patterns refers to */
    const gwapi__rune_set *set;
    gwapi__regex_node *first;
    gwapi__regex_node *last;
    gwapi__regex_node *next; /* sibling */
};

static inline bool gwapi__node_is_rune(const gwapi__regex_node *node)
{
    return node->kind >= GWAPI__REGEX_RUNE && node->kind <= GWAPI__REGEX_ANY_IN_LINE;
}

static inline bool gwapi__node_is_assertion(const gwapi__regex_node *node)
{
    return node->kind >= GWAPI__REGEX_BEGIN_TEXT && node->kind <= GWAPI__REGEX_NO_WORD;
}

/* A rune that stands in a text as its own bytes and nothing else. U+FFFD also is any bad byte. */
static inline bool gwapi__node_is_plain(const gwapi__regex_node *node)
{
    return node->kind == GWAPI__REGEX_RUNE && node->rune != GWAPI__RUNE_ERROR &&
           (node->rune < 0xd800 || node->rune > 0xdfff);
}

/*
 * Parses a pattern into the arena. `states` bounds the program and with it the memory; 0 checks
 * the syntax only, and *root is then of no use. GWAPI_EREGEX with scan->error, GWAPI_ELIMIT,
 * GWAPI_ENOMEM.
 */
gwapi_result gwapi__regex_parse(const gwapi__regex_node **root, gwapi__arena *arena,
                                gwapi__regex_scan *scan, uint32_t states);

#endif
