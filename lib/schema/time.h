/* Dates and times as Go's time package reads them, oddities included. */
#ifndef GWAPI_SCHEMA_TIME_H
#define GWAPI_SCHEMA_TIME_H

#include "base/text.h"

/* "2006-01-02", a day that exists. */
bool gwapi__date_valid(gwapi_str text);

/*
 * time.Parse(time.RFC3339, text): capital T and Z, an hour may have one digit, a fraction of any
 * length behind '.' or ',', an offset up to 24:60. *seconds since 1970, the fraction cut off.
 */
bool gwapi__rfc3339_parse(gwapi_str text, int64_t *seconds);

/* In UTC, to the second. */
void gwapi__rfc3339_write(gwapi__text *t, int64_t seconds);

#endif
