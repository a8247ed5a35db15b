/* The texts of which every match of a pattern begins with one, for tables of patterns. */
#ifndef GWAPI_REGEX_BEGINNING_H
#define GWAPI_REGEX_BEGINNING_H

#include "regex/tree.h"

enum {
    GWAPI__BEGINNING_MOST = 8,     /* alternatives */
    GWAPI__BEGINNING_LONGEST = 255 /* bytes */
};

typedef struct gwapi__beginning {
    bool open; /* while they are looked for: all that was passed is in the text */
    uint16_t len;
    char text[GWAPI__BEGINNING_LONGEST];
} gwapi__beginning;

typedef struct gwapi__beginnings {
    size_t count; /* at least 1 */
    gwapi__beginning items[GWAPI__BEGINNING_MOST];
} gwapi__beginnings;

/* Of the matches of gwapi__regex_full. A pattern of which nothing is known has one empty beginning;
 * two may be equal, or one the beginning of another. GWAPI_EREGEX, GWAPI_ELIMIT (4096 states),
 * GWAPI_ENOMEM. */
gwapi_result gwapi__regex_beginnings(gwapi__beginnings *out, const gwapi_allocator *allocator,
                                     gwapi_str pattern);

#endif
