#include "cel/digits.h"

#include <math.h>
#include <stdint.h>
#include <string.h>
#include "base/text.h"

// ---- a natural number in limbs of nine decimal digits ----------------------------------------

#define LIMB UINT32_C(1000000000)
#define LIMB_DIGITS 9
// The largest is 2^53 * 5^1074 < 10^767.
#define LIMBS 87

typedef struct natural {
    uint32_t limbs[LIMBS]; // the lowest first
    int count;
} natural;

static void multiply(natural *n, uint32_t factor)
{
    uint64_t carry = 0;

    for (int i = 0; i < n->count; i++) {
        carry += (uint64_t)n->limbs[i] * factor;
        n->limbs[i] = (uint32_t)(carry % LIMB);
        carry /= LIMB;
    }
    while (carry != 0) {
        n->limbs[n->count++] = (uint32_t)(carry % LIMB);
        carry /= LIMB;
    }
}

// By base^power, in steps of base^step that fit a limb.
static void multiply_power(natural *n, uint32_t base, int power, int step)
{
    uint32_t big = 1;

    for (int i = 0; i < step; i++)
        big *= base;
    for (; power >= step; power -= step)
        multiply(n, big);
    for (; power > 0; power--)
        multiply(n, base);
}

static void set(natural *n, uint64_t value)
{
    n->count = 0;
    for (; value != 0; value /= LIMB)
        n->limbs[n->count++] = (uint32_t)(value % LIMB);
}

// ---- digits ----------------------------------------------------------------------------------

static void trim(gwapi__cel_digits *d)
{
    while (d->count > 0 && d->digits[d->count - 1] == '0')
        d->count--;
}

// Writes the digits of n and returns how many n has; trailing zeros beyond the room are left out.
static int write(gwapi__cel_digits *d, const natural *n)
{
    int total = 0;

    d->count = 0;
    for (int i = n->count - 1; i >= 0; i--) {
        char nine[LIMB_DIGITS];
        uint32_t limb = n->limbs[i];
        for (int k = LIMB_DIGITS - 1; k >= 0; k--, limb /= 10)
            nine[k] = (char)('0' + limb % 10);
        for (int k = 0; k < LIMB_DIGITS; k++) {
            if (total == 0 && nine[k] == '0')
                continue;
            total++;
            if (d->count < GWAPI__CEL_MAX_DIGITS)
                d->digits[d->count++] = nine[k];
        }
    }
    return total;
}

void gwapi__cel_digits_exact(gwapi__cel_digits *out, double value)
{
    int power;
    natural n;
    uint64_t mantissa = (uint64_t)ldexp(frexp(value, &power), 53);

    power -= 53;
    for (; mantissa != 0 && mantissa % 2 == 0; mantissa /= 2)
        power++;
    set(&n, mantissa);
    if (power >= 0) {
        multiply_power(&n, 2, power, 29);
        out->exponent = write(out, &n);
    } else {
        multiply_power(&n, 5, -power, 13);
        out->exponent = write(out, &n) + power;
    }
    trim(out);
    if (out->count == 0)
        out->exponent = 0;
}

void gwapi__cel_digits_shortest(gwapi__cel_digits *out, double value)
{
    out->count = 0;
    out->exponent = 0;
    if (value != 0)
        out->count = (int)gwapi__shortest_digits(value, out->digits, &out->exponent);
}

// Is what follows the first `keep` digits more than half, or half behind an odd digit?
static bool rounds_up(const gwapi__cel_digits *d, int keep)
{
    if (d->digits[keep] != '5' || keep + 1 < d->count)
        return d->digits[keep] >= '5';
    return keep > 0 && (d->digits[keep - 1] - '0') % 2 != 0;
}

void gwapi__cel_digits_round(gwapi__cel_digits *d, long keep)
{
    if (keep >= d->count)
        return;
    bool up = keep >= 0 && rounds_up(d, (int)keep);

    d->count = keep > 0 ? (int)keep : 0;
    if (up) {
        while (d->count > 0 && d->digits[d->count - 1] == '9')
            d->count--;
        if (d->count > 0) {
            d->digits[d->count - 1]++;
        } else {
            d->digits[d->count++] = '1';
            d->exponent++;
        }
    }
    trim(d);
    if (d->count == 0)
        d->exponent = 0;
}
