/* Decimal text to the nearest double, exactly, without the locale. */
#ifndef GWAPI_DOC_DECIMAL_H
#define GWAPI_DOC_DECIMAL_H

#include <stdbool.h>
#include <gatewayapi/base.h>

/* The double nearest to `text`, ties to even. `text` is [+-] digits [. digits] [e [+-] digits]
 * with at least one digit before the exponent. False: too large for a double; *out is then an
 * infinity. Too small gives a zero. Time is bounded by the length. */
bool gwapi__decimal_to_double(gwapi_str text, double *out);

#endif
