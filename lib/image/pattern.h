/* The compiled patterns of a snapshot, taken over from the one before where the text is the same. */
#ifndef GWAPI_IMAGE_PATTERN_H
#define GWAPI_IMAGE_PATTERN_H

#include "image/snapshot.h"

/* Compiles REGEX into s->patterns, whose array is made here. GWAPI_ENOMEM, GWAPI_ELIMIT,
 * GWAPI_EREGEX with *failed the index of the pattern. What was made is released by
 * gwapi__patterns_free, also after a failure. */
gwapi_result gwapi__patterns_compile(gwapi_snapshot *s, const gwapi__handle_options *options,
                                     uint32_t *failed, gwapi__regex_error *error);
void gwapi__patterns_free(gwapi_snapshot *s);

#endif
