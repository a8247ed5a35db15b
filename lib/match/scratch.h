/* Working memory of one thread: the regex engine's, and room for joined and decoded text. */
#ifndef GWAPI_MATCH_SCRATCH_H
#define GWAPI_MATCH_SCRATCH_H

#include <stdbool.h>
#include <gatewayapi/match.h>
#include "base/alloc.h"
#include "image/reader.h"

struct gwapi_scratch {
    gwapi_allocator allocator;
    void *block; /* of gwapi_scratch_new; NULL: the memory is the caller's */
    size_t block_size;
    gwapi__regex_scratch *regex; /* NULL: no pattern can be matched with it */
    size_t regex_size;
    char *text;
    size_t text_size;
};

static inline bool gwapi__scratch_fits(const gwapi_scratch *scratch, const gwapi_snapshot *s)
{
    return scratch->regex_size >= s->regex_scratch && scratch->text_size >= s->limits.scratch_text;
}

#endif
