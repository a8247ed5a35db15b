/* Finding text in text in time that grows with their sum, whatever they are. */
#ifndef GWAPI_CEL_SEARCH_H
#define GWAPI_CEL_SEARCH_H

#include "cel/cel.h"

/* What is looked for, prepared once (Knuth, Morris, Pratt). Not to be moved. */
typedef struct gwapi__cel_search {
    gwapi_str needle;
    bool backward;
    const uint32_t *borders; /* of each prefix: how long a proper prefix is also its end */
    uint32_t few[32];
} gwapi__cel_search;

/* The needle is not empty. False: no memory, remembered in the context. */
bool gwapi__cel_search_init(gwapi__cel_search *search, gwapi__cel_context *context,
                            gwapi_str needle, bool backward);
/* Where the needle stands first in the text (last if backward); SIZE_MAX: nowhere. */
size_t gwapi__cel_search_find(const gwapi__cel_search *search, gwapi_str text);

/* The byte where the code point of that index begins; the length if there are just as many,
 * SIZE_MAX if fewer. */
size_t gwapi__cel_offset_of(gwapi_str text, uint64_t index);

#endif
