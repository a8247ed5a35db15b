/*
 * The program of a short pattern as a table, for searching in ASCII texts: a byte of the text is
 * one look-up, and making the table is quicker than compiling for an engine.
 */
#ifndef GWAPI_REGEX_TABLE_H
#define GWAPI_REGEX_TABLE_H

#include "regex/program.h"

typedef enum gwapi__table_answer {
    GWAPI__TABLE_MISS = 0,
    GWAPI__TABLE_MATCH = 1,
    GWAPI__TABLE_UNKNOWN = 2 /* the text is not ASCII */
} gwapi__table_answer;

typedef struct gwapi__regex_table {
    const uint8_t *columns; /* of each ASCII character */
    const uint8_t *next;    /* by state and column; the first two states are the answers */
    const uint8_t *ends;    /* by state: the answer at the end of the text */
    uint8_t width;          /* columns of a state */
    uint8_t start;
} gwapi__regex_table;

/* `next` stays NULL for a program with too many states, or with assertions other than the begin
 * and the end of the text. GWAPI_ENOMEM. */
gwapi_result gwapi__table_init(gwapi__regex_table *table, gwapi__arena *arena,
                               const gwapi__regex_program *program);

/* Does the pattern occur in the text? `next` is not NULL. */
static inline gwapi__table_answer gwapi__table_search(const gwapi__regex_table *table,
                                                      gwapi_str text)
{
    uint8_t state = table->start;

    for (size_t i = 0; i < text.len && state > GWAPI__TABLE_MATCH; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c >= 0x80)
            return GWAPI__TABLE_UNKNOWN;
        state = table->next[state * table->width + table->columns[c]];
    }
    return (gwapi__table_answer)table->ends[state];
}

#endif
