#include "doc/decimal.h"

#include <math.h>
#include <string.h>

#include "base/slice.h"

/*
 * Three ways, each exact for what it accepts, from fast to slow:
 *  1. few digits and a small power of ten: one operation of the machine;
 *  2. 64 bits of the value with a bound of their error: right unless a tie is near;
 *  3. the quotient of two big numbers.
 */

/* More digits than this cannot move a double but by being not all zero (the longest exact
 * midpoint has 767); the rest is one further digit 1. */
#define MAX_DIGITS    780
#define MANTISSA_BITS 53
#define MIN_EXPONENT  (-1074) /* of the last bit of a double */
#define MAX_EXPONENT  971     /* of the last bit of the largest doubles */

typedef struct decimal {
    bool negative;
    bool inexact;    /* digits beyond `first` */
    size_t digits;   /* significant ones */
    uint64_t first;  /* the first 19 of them */
    int64_t scale;   /* value = all digits * 10^scale */
    gwapi_str whole; /* digits and point, without leading zeros */
} decimal;

/* value = bits * 2^exponent, bits with its top bit set */
typedef struct binary {
    uint64_t bits;
    int exponent;
} binary;

static void read_exponent(gwapi_str text, size_t i, int64_t *scale)
{
    bool negative = false;
    int64_t value = 0;

    if (i < text.len && (text.data[i] == '+' || text.data[i] == '-'))
        negative = text.data[i++] == '-';
    for (; i < text.len && gwapi__is_digit(text.data[i]); i++)
        if (value < 1000000000)
            value = value * 10 + (text.data[i] - '0');
    *scale += negative ? -value : value;
}

static void read_decimal(gwapi_str text, decimal *d)
{
    size_t i = 0, start;
    bool point = false;

    *d = (decimal){.negative = false};
    if (text.len != 0 && (text.data[0] == '-' || text.data[0] == '+'))
        d->negative = text.data[i++] == '-';
    for (start = i; i < text.len; i++) {
        char c = text.data[i];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (!gwapi__is_digit(c))
            break;
        if (d->digits == 0 && c == '0')
            start = i + 1;
        else if (d->digits++ < 19)
            d->first = d->first * 10 + (uint64_t)(c - '0');
        else
            d->inexact |= c != '0';
        d->scale -= point;
    }
    d->whole = gwapi__str_sub(text, start, i - start);
    if (i < text.len && (text.data[i] == 'e' || text.data[i] == 'E'))
        read_exponent(text, i + 1, &d->scale);
}

static binary normalized(uint64_t bits, int exponent)
{
    while (bits >> 63 == 0) {
        bits <<= 1;
        exponent--;
    }
    return (binary){bits, exponent};
}

/* The upper half of the product, rounded. */
static uint64_t multiply_high(uint64_t a, uint64_t b)
{
    uint64_t a0 = a & 0xffffffff, a1 = a >> 32, b0 = b & 0xffffffff, b1 = b >> 32;
    uint64_t middle = (a0 * b0 >> 32) + (a1 * b0 & 0xffffffff) + (a0 * b1 & 0xffffffff);

    middle += UINT64_C(1) << 31;
    return a1 * b1 + (a1 * b0 >> 32) + (a0 * b1 >> 32) + (middle >> 32);
}

/* Rounds bits * 2^exponent (then a rest below the last bit if `sticky`) to a double. False when
 * `error` units of the last bit could change the answer. */
static bool round_binary(binary b, bool sticky, uint64_t error, double *out)
{
    int drop = 64 - MANTISSA_BITS;

    if (b.exponent + drop < MIN_EXPONENT)
        drop = MIN_EXPONENT - b.exponent;
    if (drop > 64) { /* below half of the smallest, unless the error carries it there */
        *out = 0;
        return error == 0 || drop > 65;
    }
    uint64_t half = UINT64_C(1) << (drop - 1);
    uint64_t rest = drop == 64 ? b.bits : b.bits & ((half << 1) - 1);
    uint64_t kept = drop == 64 ? 0 : b.bits >> drop;
    uint64_t distance = rest > half ? rest - half : half - rest;
    if (error != 0 && distance <= error)
        return false;
    if (rest > half || (rest == half && (sticky || (kept & 1) != 0)))
        kept++;
    int exponent = b.exponent + drop;
    *out = exponent > MAX_EXPONENT ? HUGE_VAL : ldexp((double)kept, exponent);
    return true;
}

static bool fast(const decimal *d, double *out)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

    if (d->digits > 19 || d->first > UINT64_C(1) << MANTISSA_BITS || d->scale < -22 ||
        d->scale > 22)
        return false;
    *out = d->scale < 0 ? (double)d->first / powers[-d->scale]
                        : (double)d->first * powers[d->scale];
    return true;
}

/* 10^(2^i) and 10^-(2^i), to half a unit of the last bit; the first five upward are exact. */
static const binary power_up[] = {
    {UINT64_C(0xa000000000000000), -60}, {UINT64_C(0xc800000000000000), -57},
    {UINT64_C(0x9c40000000000000), -50}, {UINT64_C(0xbebc200000000000), -37},
    {UINT64_C(0x8e1bc9bf04000000), -10}, {UINT64_C(0x9dc5ada82b70b59e), 43},
    {UINT64_C(0xc2781f49ffcfa6d5), 149}, {UINT64_C(0x93ba47c980e98ce0), 362},
    {UINT64_C(0xaa7eebfb9df9de8e), 787},
};
static const binary power_down[] = {
    {UINT64_C(0xcccccccccccccccd), -67},  {UINT64_C(0xa3d70a3d70a3d70a), -70},
    {UINT64_C(0xd1b71758e219652c), -77},  {UINT64_C(0xabcc77118461cefd), -90},
    {UINT64_C(0xe69594bec44de15b), -117}, {UINT64_C(0xcfb11ead453994ba), -170},
    {UINT64_C(0xa87fea27a539e9a5), -276}, {UINT64_C(0xddd0467c64bce4a1), -489},
    {UINT64_C(0xc0314325637a193a), -914},
};

/* Each product of two numbers in [1/2, 1) that are off by x and y units is off by less than
 * x + y + 1, and normalizing may double that; 4 a step with the start is more than enough. */
static bool approximate(const decimal *d, double *out)
{
    int64_t scale = d->scale + (d->digits > 19 ? (int64_t)(d->digits - 19) : 0);
    binary b = normalized(d->first, 0);
    uint64_t error = d->inexact ? 32 : 0; /* one unit of a 19-digit number: below 2^-59 */

    if (scale < -400 || scale > 400)
        return false;
    const binary *powers = scale < 0 ? power_down : power_up;
    uint32_t bits = (uint32_t)(scale < 0 ? -scale : scale);
    for (size_t i = 0; bits != 0; i++, bits >>= 1) {
        if ((bits & 1) == 0)
            continue;
        b = normalized(multiply_high(b.bits, powers[i].bits),
                       b.exponent + powers[i].exponent + 64);
        error = error * 2 + 4;
    }
    return round_binary(b, false, error + 1, out);
}

/* ---- big numbers: 32-bit words, least first --------------------------------------------- */

#define WORDS 160 /* 10^MAX_DIGITS * 10^310 needs 114; 10^1130 needs 118; and 65 bits more */

typedef struct big {
    uint32_t words[WORDS];
    size_t count;
} big;

static void big_multiply_add(big *b, uint32_t factor, uint32_t add)
{
    uint64_t carry = add;

    for (size_t i = 0; i < b->count; i++) {
        carry += (uint64_t)b->words[i] * factor;
        b->words[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0)
        b->words[b->count++] = (uint32_t)carry;
}

static void big_power_ten(big *b, int64_t power)
{
    for (; power >= 9; power -= 9)
        big_multiply_add(b, 1000000000, 0);
    for (; power > 0; power--)
        big_multiply_add(b, 10, 0);
}

static size_t big_bits(const big *b)
{
    size_t bits = b->count * 32;

    if (b->count == 0)
        return 0;
    for (uint32_t top = b->words[b->count - 1]; top >> 31 == 0; top <<= 1)
        bits--;
    return bits;
}

static void big_shift(big *b, size_t by)
{
    size_t words = by / 32, bits = by % 32;

    if (b->count == 0)
        return;
    for (size_t i = b->count; i-- > 0;) {
        uint64_t wide = (uint64_t)b->words[i] << bits;
        b->words[i + words] = (uint32_t)wide;
        if (i + 1 < b->count)
            b->words[i + words + 1] |= (uint32_t)(wide >> 32);
        else
            b->words[i + words + 1] = (uint32_t)(wide >> 32);
    }
    if (words != 0)
        memset(b->words, 0, words * sizeof *b->words);
    b->count += words;
    b->count += b->words[b->count] != 0;
}

static int big_compare(const big *a, const big *b)
{
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    for (size_t i = a->count; i-- > 0;)
        if (a->words[i] != b->words[i])
            return a->words[i] < b->words[i] ? -1 : 1;
    return 0;
}

/* a >= b */
static void big_subtract(big *a, const big *b)
{
    int64_t borrow = 0;

    for (size_t i = 0; i < a->count; i++) {
        borrow += (int64_t)a->words[i] - (i < b->count ? (int64_t)b->words[i] : 0);
        a->words[i] = (uint32_t)borrow;
        borrow >>= 32;
    }
    while (a->count != 0 && a->words[a->count - 1] == 0)
        a->count--;
}

/* All digits up to the limit; returns how many were taken. */
static size_t big_read(big *b, const decimal *d)
{
    size_t taken = 0;

    b->count = 0;
    for (size_t i = 0; i < d->whole.len && taken < MAX_DIGITS; i++) {
        char c = d->whole.data[i];
        if (c == '.' || (taken == 0 && c == '0'))
            continue;
        big_multiply_add(b, 10, (uint32_t)(c - '0'));
        taken++;
    }
    if (taken < d->digits) { /* not all read: the value is a little larger */
        big_multiply_add(b, 10, 1);
        taken++;
    }
    return taken;
}

static void exact(const decimal *d, double *out)
{
    big above = {.count = 0}, below = {.words = {1}, .count = 1};
    size_t taken = big_read(&above, d);
    int64_t scale = d->scale + (int64_t)d->digits - (int64_t)taken;

    big_power_ten(scale < 0 ? &below : &above, scale < 0 ? -scale : scale);
    /* Shift so that the quotient has 64 bits or 65. */
    int shift = (int)big_bits(&below) + 64 - (int)big_bits(&above);
    big_shift(shift < 0 ? &below : &above, (size_t)(shift < 0 ? -shift : shift));
    big_shift(&below, 64);
    int exponent = -shift;
    if (big_compare(&above, &below) >= 0) {
        big_shift(&below, 1);
        exponent++;
    }
    uint64_t bits = 0;
    for (int i = 0; i < 64; i++) {
        big_shift(&above, 1);
        bits <<= 1;
        if (big_compare(&above, &below) >= 0) {
            big_subtract(&above, &below);
            bits |= 1;
        }
    }
    round_binary(normalized(bits, exponent), above.count != 0, 0, out);
}

bool gwapi__decimal_to_double(gwapi_str text, double *out)
{
    decimal d;

    read_decimal(text, &d);
    int64_t magnitude = d.scale + (int64_t)d.digits; /* value < 10^magnitude */
    if (d.digits == 0 || magnitude < -330)
        *out = 0;
    else if (magnitude > 310)
        *out = HUGE_VAL;
    else if (!fast(&d, out) && !approximate(&d, out))
        exact(&d, out);
    bool fits = *out != HUGE_VAL;
    if (d.negative)
        *out = -*out;
    return fits;
}
