/* Texts that stand for times. Durations: route.h. */
#ifndef GWAPI_MODEL_TIME_H
#define GWAPI_MODEL_TIME_H

#include <stdbool.h>
#include <gatewayapi/base.h>

/* An RFC 3339 time in seconds since 1970, fractions of a second cut off. */
bool gwapi__time_parse(gwapi_str text, int64_t *seconds);

#endif
