/* Values of literals. Their texts come from the scanner, which saw to their form. */
#ifndef GWAPI_CEL_LITERAL_H
#define GWAPI_CEL_LITERAL_H

#include "base/arena.h"
#include "base/slice.h"

/* Digits, or 0x and hexadecimal ones. False: too large. */
bool gwapi__cel_read_uint(uint64_t *out, gwapi_str text);
bool gwapi__cel_read_int(int64_t *out, gwapi_str text, bool negative);
/* Decimal digits with a point, an exponent, both or neither; rounded to nearest even. Neither
 * the locale nor the length matters. False: too large. */
bool gwapi__cel_read_double(double *out, gwapi_str text, bool negative);

typedef struct gwapi__cel_bad_escape {
    const char *reason;
    size_t offset, length; /* in the literal's text */
} gwapi__cel_bad_escape;

/* What a string or bytes literal stands for, prefixes and quotes included in `text`. It lies in
 * the text where nothing is escaped. GWAPI_ENOMEM; GWAPI_EINVALID with *bad. */
gwapi_result gwapi__cel_read_string(gwapi_str *out, gwapi__arena *arena, gwapi_str text,
                                    gwapi__cel_bad_escape *bad);

#endif
