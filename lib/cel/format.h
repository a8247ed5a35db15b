/* The format texts of string.format: read piece by piece, written with their arguments. */
#ifndef GWAPI_CEL_FORMAT_H
#define GWAPI_CEL_FORMAT_H

#include "base/text.h"
#include "cel/library.h"

typedef enum gwapi__cel_piece_kind {
    GWAPI__CEL_PIECE_END = 0,
    GWAPI__CEL_PIECE_TEXT,
    GWAPI__CEL_PIECE_CLAUSE, /* stands for the next argument */
    GWAPI__CEL_PIECE_BAD
} gwapi__cel_piece_kind;

typedef struct gwapi__cel_piece {
    gwapi__cel_piece_kind kind;
    gwapi_str text;     /* TEXT: to be copied */
    char clause;        /* CLAUSE: one of s d f e b x X o */
    int64_t precision;  /* CLAUSE: -1 without one */
    const char *reason; /* BAD: what is wrong */
} gwapi__cel_piece;

/* The next piece of the format text; *rest is what follows. */
gwapi__cel_piece gwapi__cel_format_next(gwapi_str *rest);

/* What a clause can show: "integers and bools". */
const char *gwapi__cel_clause_shows(char clause);

/* receiver.format(list) */
gwapi__cel_function gwapi__cel_format_call;

/* Numbers as the server shows them in English: "1,234.50" with so many decimals, and
 * "1.500000×10⁰³", always with six, in so many columns. Infinity is "∞". Large numbers of
 * decimals or columns have the server's overflows. */
void gwapi__cel_format_fixed(gwapi__text *t, double value, int64_t precision);
void gwapi__cel_format_scientific(gwapi__text *t, double value, int64_t width);

#endif
