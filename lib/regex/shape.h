/* Patterns that need no engine: a few texts, or runes of one kind between two texts. */
#ifndef GWAPI_REGEX_SHAPE_H
#define GWAPI_REGEX_SHAPE_H

#include "regex/tree.h"

typedef enum gwapi__shape_kind {
    GWAPI__SHAPE_NONE,
    GWAPI__SHAPE_TEXTS, /* one of `texts` */
    GWAPI__SHAPE_RUN    /* texts[0], min to max runes of a kind, texts[1]; from begin to end */
} gwapi__shape_kind;

typedef struct gwapi__shape {
    gwapi__shape_kind kind;
    bool begins, ends; /* every match begins with the text, ends with it */
    uint32_t count;
    gwapi_str *texts;
    uint32_t min, max;
    gwapi__regex_kind rune_kind; /* of the run */
    uint32_t rune;
    const gwapi__rune_set *set;
    gwapi_str prefix; /* what every match begins with */
    bool whole;       /* and all of it, but for ^ before and $ behind */
} gwapi__shape;

/* Looks for the shape; texts and sets are copied into the arena. GWAPI_ENOMEM. */
gwapi_result gwapi__shape_init(gwapi__shape *shape, gwapi__arena *arena,
                               const gwapi__regex_node *root);

/* Does the shape answer such a question? */
static inline bool gwapi__shape_answers(const gwapi__shape *shape, bool full)
{
    return shape->kind == GWAPI__SHAPE_TEXTS ||
           (shape->kind == GWAPI__SHAPE_RUN && (full || (shape->begins && shape->ends)));
}
bool gwapi__shape_match(const gwapi__shape *shape, gwapi_str text, bool full);

#endif
