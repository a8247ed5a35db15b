/* Dates and times as Go's time package reads and writes them, oddities included. */
#ifndef GWAPI_BASE_TIME_H
#define GWAPI_BASE_TIME_H

#include "base/text.h"

/* A point in time, and the zone it was written in. */
typedef struct gwapi__instant {
    int64_t seconds; /* since 1970, UTC */
    int32_t nanos;   /* 0 to 999,999,999 */
    int32_t offset;  /* seconds east of UTC */
} gwapi__instant;

/* What a clock and a calendar show. */
typedef struct gwapi__civil {
    int64_t year;
    int month, day;                /* from 1 */
    int hour, minute, second;
    int weekday;                   /* 0: Sunday */
    int yearday;                   /* from 0 */
} gwapi__civil;

/* "2006-01-02", a day that exists. */
bool gwapi__date_valid(gwapi_str text);
/* The same; *seconds: its midnight in UTC. */
bool gwapi__date_parse(gwapi_str text, int64_t *seconds);

/*
 * time.Parse(time.RFC3339, text): capital T and Z, an hour may have one digit, a fraction of any
 * length behind '.' or ',' (nine digits count), an offset up to 24:60.
 */
bool gwapi__rfc3339_read(gwapi_str text, gwapi__instant *out);
/* The same without the offset, which must be absent. */
bool gwapi__local_time_read(gwapi_str text, gwapi__instant *out);
/* Only *seconds, the fraction cut off. */
bool gwapi__rfc3339_parse(gwapi_str text, int64_t *seconds);

/* `seconds` since 1970, on a clock that stands where the seconds say. */
gwapi__civil gwapi__civil_of(int64_t seconds);

/* In UTC, to the second. */
void gwapi__rfc3339_write(gwapi__text *t, int64_t seconds);
/* In the instant's zone, with as many digits of the fraction as it needs. */
void gwapi__rfc3339_write_nanos(gwapi__text *t, const gwapi__instant *instant);

#endif
