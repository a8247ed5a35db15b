/* Values as one line of text that tells them apart: what tables of cases and celrun print. */
#ifndef GWAPI_TESTS_CEL_RENDER_H
#define GWAPI_TESTS_CEL_RENDER_H

#include "base/text.h"
#include "cel/library.h"

/*
 * null true 1 1u 1.0 +Inf "text" b68656c6c6f duration(NANOSECONDS) timestamp(RFC 3339 in UTC)
 * type(NAME) optional(VALUE) none [a, b] {k: v} Quantity("1k") IP("::1") …; the entries of a map
 * are in order of their text. An error is its message.
 */
void render(gwapi__text *t, gwapi__cel_context *context, const gwapi__cel_value *v);

/* As Go's encoding/json quotes. */
void render_quoted(gwapi__text *t, gwapi_str s);

#endif
