/* How values are written as text, as Go writes them: for string(), format(), messages. */
#ifndef GWAPI_CEL_TEXT_H
#define GWAPI_CEL_TEXT_H

#include "base/text.h"
#include "cel/value.h"

/* The shortest text that reads back the same: "1.5", "1e+06", "-0", "NaN", "+Inf". */
void gwapi__cel_text_double(gwapi__text *t, double value);
/* With that many digits behind the point, ties to even: "1.500000"; "NaN", "+Inf", "-Inf". */
void gwapi__cel_text_fixed(gwapi__text *t, double value, unsigned decimals);
/* A duration in seconds: "1.5s". */
void gwapi__cel_text_duration(gwapi__text *t, int64_t nanoseconds);
/* RFC 3339 in the time's own zone, with as many decimals as needed: "1970-01-01T00:00:00Z". */
void gwapi__cel_text_time(gwapi__text *t, const gwapi__cel_value *time);
/* In double quotes, with escapes for what can not be printed and for bytes that are no UTF-8. */
void gwapi__cel_text_quoted(gwapi__text *t, gwapi_str s);

#endif
