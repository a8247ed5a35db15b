#include "cel/natural.h"

#include <string.h>
#include "base/slice.h"
#include "doc/decimal.h"

#define BASE UINT32_C(1000000000)

void gwapi__natural_set(gwapi__natural *n, uint64_t value)
{
    for (n->count = 0; value != 0; value /= BASE)
        n->limbs[n->count++] = (uint32_t)(value % BASE);
}

void gwapi__natural_copy(gwapi__natural *n, const gwapi__natural *from)
{
    n->count = from->count;
    memcpy(n->limbs, from->limbs, from->count * sizeof *n->limbs);
}

bool gwapi__natural_times(gwapi__natural *n, uint32_t factor, uint32_t add)
{
    uint64_t carry = add;

    for (uint32_t i = 0; i < n->count; i++) {
        carry += (uint64_t)n->limbs[i] * factor;
        n->limbs[i] = (uint32_t)(carry % BASE);
        carry /= BASE;
    }
    for (; carry != 0; carry /= BASE) {
        if (n->count == GWAPI__NATURAL_LIMBS)
            return false;
        n->limbs[n->count++] = (uint32_t)(carry % BASE);
    }
    return true;
}

// Zeros in front are left out. What is left is laid into limbs from its end.
bool gwapi__natural_read(gwapi__natural *n, gwapi_str digits)
{
    uint32_t weight = 1, digit;

    n->count = 0;
    while (digits.len != 0 && (digits.data[0] < '1' || digits.data[0] > '9'))
        digits = gwapi__str_sub(digits, 1, digits.len);
    for (size_t i = digits.len; i-- > 0;) {
        if (!gwapi__is_digit(digits.data[i]))
            continue;
        digit = (uint32_t)(digits.data[i] - '0');
        if (weight == 1) {
            if (n->count == GWAPI__NATURAL_LIMBS)
                return false;
            n->limbs[n->count++] = 0;
        }
        n->limbs[n->count - 1] += digit * weight;
        weight = weight == BASE / 10 ? 1 : weight * 10;
    }
    return true;
}

bool gwapi__natural_add(gwapi__natural *n, const gwapi__natural *m)
{
    uint32_t carry = 0;

    for (uint32_t i = 0; i < m->count || carry != 0; i++) {
        if (i == GWAPI__NATURAL_LIMBS)
            return false;
        if (i == n->count)
            n->limbs[n->count++] = 0;
        uint32_t sum = n->limbs[i] + carry + (i < m->count ? m->limbs[i] : 0);
        carry = sum >= BASE;
        n->limbs[i] = sum - carry * BASE;
    }
    return true;
}

static void drop_zero_limbs(gwapi__natural *n)
{
    while (n->count != 0 && n->limbs[n->count - 1] == 0)
        n->count--;
}

void gwapi__natural_subtract(gwapi__natural *n, const gwapi__natural *m)
{
    uint32_t borrow = 0;

    for (uint32_t i = 0; i < m->count || borrow != 0; i++) {
        uint32_t taken = borrow + (i < m->count ? m->limbs[i] : 0);
        borrow = n->limbs[i] < taken;
        n->limbs[i] += borrow * BASE - taken;
    }
    drop_zero_limbs(n);
}

static uint32_t power_of_ten(uint64_t exponent)
{
    uint32_t power = 1;

    while (exponent-- > 0)
        power *= 10;
    return power;
}

bool gwapi__natural_shift(gwapi__natural *n, uint64_t zeros)
{
    uint64_t limbs = zeros / GWAPI__NATURAL_LIMB_DIGITS;

    if (n->count == 0)
        return true;
    if (limbs > GWAPI__NATURAL_LIMBS - n->count)
        return false;
    memmove(n->limbs + limbs, n->limbs, n->count * sizeof *n->limbs);
    memset(n->limbs, 0, (size_t)limbs * sizeof *n->limbs);
    n->count += (uint32_t)limbs;
    return gwapi__natural_times(n, power_of_ten(zeros % GWAPI__NATURAL_LIMB_DIGITS), 0);
}

// Divides by a number below the base; gives the remainder.
static uint32_t divide(gwapi__natural *n, uint32_t divisor)
{
    uint64_t rest = 0;

    for (uint32_t i = n->count; i-- > 0;) {
        rest = rest * BASE + n->limbs[i];
        n->limbs[i] = (uint32_t)(rest / divisor);
        rest %= divisor;
    }
    drop_zero_limbs(n);
    return (uint32_t)rest;
}

bool gwapi__natural_cut(gwapi__natural *n, uint64_t digits)
{
    uint64_t whole = digits / GWAPI__NATURAL_LIMB_DIGITS;
    uint32_t limbs = whole < n->count ? (uint32_t)whole : n->count;
    bool lost = false;

    for (uint32_t i = 0; i < limbs; i++)
        lost = lost || n->limbs[i] != 0;
    n->count -= limbs;
    memmove(n->limbs, n->limbs + limbs, n->count * sizeof *n->limbs);
    return divide(n, power_of_ten(digits % GWAPI__NATURAL_LIMB_DIGITS)) != 0 || lost;
}

int gwapi__natural_compare(const gwapi__natural *n, const gwapi__natural *m)
{
    if (n->count != m->count)
        return n->count < m->count ? -1 : 1;
    for (uint32_t i = n->count; i-- > 0;)
        if (n->limbs[i] != m->limbs[i])
            return n->limbs[i] < m->limbs[i] ? -1 : 1;
    return 0;
}

// More digits than a double can need: 309 before the point.
#define DOUBLE_LIMBS 36u

double gwapi__natural_double(const gwapi__natural *n)
{
    char text[DOUBLE_LIMBS * GWAPI__NATURAL_LIMB_DIGITS + 1] = "0";
    size_t len = 1;
    double out;

    // One limb more than fits is beyond every double as well.
    for (uint32_t i = n->count; i-- > 0 && len < sizeof text;)
        for (uint32_t weight = BASE / 10; weight != 0; weight /= 10)
            text[len++] = (char)('0' + n->limbs[i] / weight % 10);
    gwapi__decimal_to_double(gwapi__str(text, len), &out);
    return out;
}
