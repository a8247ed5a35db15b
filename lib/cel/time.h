/* Durations as text. */
#ifndef GWAPI_CEL_TIME_H
#define GWAPI_CEL_TIME_H

#include <stdbool.h>
#include <gatewayapi/base.h>

/* Go's time.ParseDuration: signed sums of decimal numbers with units, "1h2m3.5s". */
bool gwapi__cel_duration_read(gwapi_str text, int64_t *nanoseconds);
/* The same or, as the format `duration` of Kubernetes has it, whole numbers with words anywhere
 * in the text: "2 days". */
bool gwapi__cel_duration_read_loose(gwapi_str text, int64_t *nanoseconds);

/* Timestamps lie between the years 1 and 9999. */
#define GWAPI__CEL_TIME_MIN (-INT64_C(62135596800))
#define GWAPI__CEL_TIME_MAX INT64_C(253402300799)

#endif
