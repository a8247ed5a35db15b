/*
 * Changes of an image that leave much of it as the format wants it, so that many get past the
 * verifier: an index becomes another index, a text another text, a number any number. Others do
 * not look at what they hit. What a change did can be taken back; equal seeds change alike.
 */
#ifndef GWAPI_TESTS_MATCH_MUTATION_H
#define GWAPI_TESTS_MATCH_MUTATION_H

#include <stddef.h>
#include <stdint.h>
#include "image/layout.h"

#define MUTATION_MOST_SPANS  48
#define MUTATION_MOST_FIELDS 256

/* The order is that of the table in mutation.c. */
typedef enum mutation_kind {
    MUTATION_REFERENCE, /* an index, range, text or small number: another good one */
    MUTATION_WORD,      /* a word of a record: that of another record of the section */
    MUTATION_RECORD,    /* a whole record: another one */
    MUTATION_NUMBER,    /* a word that refers to nothing: any number */
    MUTATION_TEXT,      /* a byte of the texts */
    MUTATION_EXTREME,   /* any word of a record: any number */
    MUTATION_BYTE,      /* any byte of the image */
    MUTATION_BLOCK,     /* some words: others of the image */
    MUTATION_TABLE,     /* a word of the header or of the table of sections */
    MUTATION_CUT,       /* the length */
    MUTATION_KINDS
} mutation_kind;

const char *mutation_kind_text(mutation_kind kind);

typedef struct mutation {
    const unsigned char *good; /* borrowed */
    unsigned char *bytes;      /* the copy that is changed, exactly as long */
    size_t size;
    size_t length; /* how much of it counts; less after a cut */
    gwapi__image_section sections[GWAPI__SECTION_END]; /* of the good one; count 0: empty */
    uint32_t filled[GWAPI__SECTION_END];               /* ids of records of words */
    size_t filled_count;
    uint16_t fields[MUTATION_MOST_FIELDS]; /* those of filled sections */
    size_t field_count;
    struct {
        size_t at, size;
    } spans[MUTATION_MOST_SPANS]; /* what was changed */
    size_t span_count;
    uint32_t kinds; /* bit 1 << kind: such a change was made */
} mutation;

/* Of an image that can be opened; both of `size` bytes. */
void mutation_init(mutation *m, const unsigned char *good, unsigned char *bytes, size_t size);
/* Makes some changes, then length and checksum right. */
void mutation_make(mutation *m, uint64_t seed);
/* The good image again. */
void mutation_undo(mutation *m);

#endif
