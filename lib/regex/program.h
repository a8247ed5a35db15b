/* A tree written out as the instructions that the simulation runs. */
#ifndef GWAPI_REGEX_PROGRAM_H
#define GWAPI_REGEX_PROGRAM_H

#include "regex/tree.h"

typedef enum gwapi__regex_op {
    GWAPI__OP_MATCH,
    GWAPI__OP_SPLIT, /* to x, to be preferred, and to y */
    GWAPI__OP_RUNE,  /* these four take a rune and go to x */
    GWAPI__OP_SET,
    GWAPI__OP_ANY,
    GWAPI__OP_ANY_IN_LINE,
    GWAPI__OP_BEGIN_TEXT, /* these six look at the place and go to x */
    GWAPI__OP_END_TEXT,
    GWAPI__OP_BEGIN_LINE,
    GWAPI__OP_END_LINE,
    GWAPI__OP_WORD,
    GWAPI__OP_NO_WORD
} gwapi__regex_op;

typedef struct gwapi__regex_insn {
    uint32_t op;
    uint32_t x;
    union {
        uint32_t y;
        uint32_t rune;
        const gwapi__rune_set *set;
    } u;
} gwapi__regex_insn;

typedef struct gwapi__regex_program {
    gwapi__regex_insn *code;
    uint32_t count;
    bool anchored; /* matches from the begin of the text only */
} gwapi__regex_program;

/* Writes the tree out into the arena; its sets are copied. GWAPI_ENOMEM. */
gwapi_result gwapi__program_build(gwapi__regex_program *program, gwapi__arena *arena,
                                  const gwapi__regex_node *root);

#endif
