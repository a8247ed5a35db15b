/* General categories, scripts and simple case folding, for classes and (?i). */
#ifndef GWAPI_REGEX_UNICODE_H
#define GWAPI_REGEX_UNICODE_H

#include <stdbool.h>
#include <gatewayapi/base.h>

#define GWAPI__RUNE_MAX 0x10ffffu

typedef struct gwapi__rune_range {
    uint32_t lo, hi; /* both inside */
} gwapi__rune_range;

/* A named set is a slice of gwapi__unicode_ranges, not sorted if it unites categories. */
typedef struct gwapi__unicode_set {
    const char *name;
    uint16_t first, count;
} gwapi__unicode_set;

/* Runes lo, lo + stride, … hi fold to rune + delta. Stride 0: pairs that fold to each other. */
typedef struct gwapi__fold_run {
    uint32_t lo, hi;
    uint32_t stride;
    int32_t delta;
} gwapi__fold_run;

enum { GWAPI__UNICODE_SETS = 246, GWAPI__FOLD_RUNS = 384, GWAPI__PRINTABLE_SETS = 22 };
extern const gwapi__rune_range gwapi__unicode_ranges[];
extern const gwapi__unicode_set gwapi__unicode_sets[GWAPI__UNICODE_SETS];
extern const gwapi__fold_run gwapi__fold_runs[GWAPI__FOLD_RUNS];

/* The set of that name (case, '_', '-' and ' ' do not count), NULL without one. */
const gwapi__unicode_set *gwapi__unicode_find(gwapi_str name);
/* Where the sets of what can be printed are; zeroed at first, they are found when asked for. */
typedef struct gwapi__printable {
    const gwapi__unicode_set *sets[GWAPI__PRINTABLE_SETS];
} gwapi__printable;
/* Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols, and the blank of ASCII. */
bool gwapi__rune_is_printable(gwapi__printable *printable, uint32_t rune);
/* The next rune of the same letter regardless of case; itself when there is no other. */
uint32_t gwapi__rune_fold(uint32_t rune);
/* Index of the first run with hi >= rune; GWAPI__FOLD_RUNS without one. */
size_t gwapi__fold_run_from(uint32_t rune);

#endif
