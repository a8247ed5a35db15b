/* UTF-8: validation, stepping, counting, display width for carets. */
#ifndef GWAPI_BASE_UTF8_H
#define GWAPI_BASE_UTF8_H

#include <stdbool.h>
#include <gatewayapi/base.h>

#define GWAPI__RUNE_ERROR 0xfffdu

/* Reads the first code point of `s` (not empty). False when the bytes are no UTF-8 (overlong,
 * surrogate, beyond U+10FFFF, cut off): *rune is then U+FFFD and *step 1, as in Go. */
bool gwapi__utf8_step(gwapi_str s, uint32_t *rune, size_t *step);
/* Writes the code point, returns its length; surrogates and too large ones as U+FFFD. */
size_t gwapi__utf8_encode(uint32_t rune, char out[4]);
/* The length of what `s` begins with that is ASCII. */
size_t gwapi__utf8_ascii(gwapi_str s);
bool gwapi__utf8_valid(gwapi_str s);
/* Code points; an invalid byte counts as one. */
size_t gwapi__utf8_count(gwapi_str s);
/* Without what Unicode calls white space at both ends, as Go's strings.TrimSpace. */
gwapi_str gwapi__utf8_trim(gwapi_str s);
/* Columns on a terminal: 0 for combining marks, 2 for wide East Asian and emoji, else 1. */
size_t gwapi__utf8_width(gwapi_str s);

#endif
