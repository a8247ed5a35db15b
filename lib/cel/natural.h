/* Natural numbers of many digits, for quantities beyond int64. Of a fixed size: no memory. */
#ifndef GWAPI_CEL_NATURAL_H
#define GWAPI_CEL_NATURAL_H

#include <stdbool.h>
#include <gatewayapi/base.h>

#define GWAPI__NATURAL_LIMBS       512u
#define GWAPI__NATURAL_LIMB_DIGITS 9u

typedef struct gwapi__natural {
    uint32_t count;                       /* of limbs, the last one not 0; none: zero */
    uint32_t limbs[GWAPI__NATURAL_LIMBS]; /* below 10^9, the lowest first */
} gwapi__natural;

void gwapi__natural_set(gwapi__natural *n, uint64_t value);
void gwapi__natural_copy(gwapi__natural *n, const gwapi__natural *from);

/* Each gives false when the number gets too large; *n then means nothing. */

/* Of decimal digits; anything else in the text is skipped. */
bool gwapi__natural_read(gwapi__natural *n, gwapi_str digits);
/* Adds `add`, which may be 0, after multiplying. */
bool gwapi__natural_times(gwapi__natural *n, uint32_t factor, uint32_t add);
bool gwapi__natural_add(gwapi__natural *n, const gwapi__natural *m);
/* Appends zeros. Zero stays what it is. */
bool gwapi__natural_shift(gwapi__natural *n, uint64_t zeros);

/* Cuts off the last digits. True if one of them was not 0. */
bool gwapi__natural_cut(gwapi__natural *n, uint64_t digits);
/* Takes m away; m <= n. */
void gwapi__natural_subtract(gwapi__natural *n, const gwapi__natural *m);
/* Less than, equal to, greater than 0 as n compares to m. */
int gwapi__natural_compare(const gwapi__natural *n, const gwapi__natural *m);
/* The nearest double, ties to even; infinity for what is too large. */
double gwapi__natural_double(const gwapi__natural *n);

#endif
