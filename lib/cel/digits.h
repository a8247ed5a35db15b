/* Doubles as decimal digits, exactly, and rounded as IEEE 754 rounds. */
#ifndef GWAPI_CEL_DIGITS_H
#define GWAPI_CEL_DIGITS_H

#include <stdbool.h>
#include <stddef.h>

/* No double has more significant digits. */
#define GWAPI__CEL_MAX_DIGITS 768

/* The value 0.DIGITS * 10^exponent; neither the first nor the last digit is 0. Zero has none. */
typedef struct gwapi__cel_digits {
    char digits[GWAPI__CEL_MAX_DIGITS]; /* '0' to '9' */
    int count;
    int exponent;
} gwapi__cel_digits;

/* All digits of a finite value >= 0. */
void gwapi__cel_digits_exact(gwapi__cel_digits *out, double value);
/* The fewest that read back as the same finite value >= 0. */
void gwapi__cel_digits_shortest(gwapi__cel_digits *out, double value);
/* Rounds to the first `keep` digits (negative: to none), ties to even. */
void gwapi__cel_digits_round(gwapi__cel_digits *d, long keep);

#endif
