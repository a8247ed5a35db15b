/* Doubles from text. */
#ifndef GWAPI_CEL_NUMBER_H
#define GWAPI_CEL_NUMBER_H

#include <stdbool.h>
#include <gatewayapi/base.h>

/* Go's strconv.ParseFloat: decimal or hexadecimal with a binary exponent, underscores between
 * digits, inf, infinity, nan in any case. False: none, or too large. */
bool gwapi__cel_parse_double(gwapi_str text, double *out);

#endif
