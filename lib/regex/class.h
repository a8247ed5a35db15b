/* What stands for one rune: classes in brackets, \d \pL [:alpha:] and escapes. */
#ifndef GWAPI_REGEX_CLASS_H
#define GWAPI_REGEX_CLASS_H

#include "regex/scan.h"
#include "regex/runes.h"

typedef struct gwapi__class_parser {
    gwapi__regex_scan *scan;
    gwapi__vector set;  /* the class under way */
    gwapi__vector part; /* one named class of it */
} gwapi__class_parser;

void gwapi__class_init(gwapi__class_parser *c, gwapi__regex_scan *scan,
                       const gwapi_allocator *allocator);
void gwapi__class_free(gwapi__class_parser *c);

/* \d, \W, \pN, \P{Greek} and the like are added to the set; *found is false, and the place
 * unchanged, at anything else. */
gwapi_result gwapi__class_named(gwapi__class_parser *c, bool fold, bool *found);
/* From '[' to ']'. The set is then clean. */
gwapi_result gwapi__class_bracket(gwapi__class_parser *c, bool fold);
/* From '\' to the end of an escape that is one rune. */
gwapi_result gwapi__class_escape(gwapi__regex_scan *scan, uint32_t *rune);

#endif
