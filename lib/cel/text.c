#include "cel/text.h"

#include <math.h>
#include "base/slice.h"
#include "base/time.h"
#include "base/utf8.h"
#include "cel/digits.h"
#include "regex/unicode.h"

// ---- doubles ---------------------------------------------------------------------------------

static bool special(gwapi__text *t, double value)
{
    if (isnan(value))
        gwapi__text_addz(t, "NaN");
    else if (isinf(value))
        gwapi__text_addz(t, value > 0 ? "+Inf" : "-Inf");
    else
        return false;
    return true;
}

// The digits from `from` to `to`, zeros where there are none.
static void digits(gwapi__text *t, const gwapi__cel_digits *d, int from, int to)
{
    for (int i = from; i < to; i++)
        gwapi__text_char(t, i >= 0 && i < d->count ? d->digits[i] : '0');
}

static void decimal(gwapi__text *t, const gwapi__cel_digits *d, int decimals)
{
    if (d->exponent > 0)
        digits(t, d, 0, d->exponent);
    else
        gwapi__text_char(t, '0');
    if (decimals > 0) {
        gwapi__text_char(t, '.');
        digits(t, d, d->exponent, d->exponent + decimals);
    }
}

static int decimals_of(const gwapi__cel_digits *d)
{
    return d->count > d->exponent ? d->count - d->exponent : 0;
}

static void scientific(gwapi__text *t, const gwapi__cel_digits *d)
{
    int power = d->exponent - 1;

    gwapi__text_char(t, d->digits[0]);
    if (d->count > 1) {
        gwapi__text_char(t, '.');
        digits(t, d, 1, d->count);
    }
    gwapi__text_addz(t, power < 0 ? "e-" : "e+");
    power = power < 0 ? -power : power;
    if (power < 10)
        gwapi__text_char(t, '0');
    gwapi__text_u64(t, (uint64_t)power);
}

void gwapi__cel_text_double(gwapi__text *t, double value)
{
    gwapi__cel_digits d;

    if (special(t, value))
        return;
    if (signbit(value))
        gwapi__text_char(t, '-');
    gwapi__cel_digits_shortest(&d, fabs(value));
    if (d.count != 0 && (d.exponent < -3 || d.exponent > 6))
        scientific(t, &d);
    else
        decimal(t, &d, decimals_of(&d));
}

void gwapi__cel_text_fixed(gwapi__text *t, double value, unsigned decimals)
{
    gwapi__cel_digits d;

    if (special(t, value))
        return;
    if (signbit(value))
        gwapi__text_char(t, '-');
    gwapi__cel_digits_exact(&d, fabs(value));
    gwapi__cel_digits_round(&d, (long)d.exponent + (long)decimals);
    decimal(t, &d, (int)decimals);
}

// ---- time ------------------------------------------------------------------------------------

void gwapi__cel_text_duration(gwapi__text *t, int64_t nanoseconds)
{
    const int64_t second = 1000000000;
    double value = (double)(nanoseconds / second) + (double)(nanoseconds % second) / 1e9;
    gwapi__cel_digits d;

    if (value < 0)
        gwapi__text_char(t, '-');
    gwapi__cel_digits_shortest(&d, fabs(value));
    decimal(t, &d, decimals_of(&d));
    gwapi__text_char(t, 's');
}

void gwapi__cel_text_time(gwapi__text *t, const gwapi__cel_value *time)
{
    gwapi__rfc3339_write_nanos(t, &(gwapi__instant){.seconds = time->as.time.seconds,
                                                    .nanos = time->as.time.nanos,
                                                    .offset = time->as.time.offset});
}

// ---- quotes ----------------------------------------------------------------------------------

static void hexadecimal(gwapi__text *t, const char *lead, uint32_t value, int digits_wanted)
{
    gwapi__text_addz(t, lead);
    for (int shift = 4 * (digits_wanted - 1); shift >= 0; shift -= 4)
        gwapi__text_char(t, "0123456789abcdef"[value >> shift & 15]);
}

static void quote_rune(gwapi__text *t, gwapi__printable *printable, uint32_t rune)
{
    static const char escaped[] = "\a\b\f\n\r\t\v\\\"", letters[] = "abfnrtv\\\"";
    const char *at = rune != 0 && rune < 0x80 ? strchr(escaped, (int)rune) : NULL;

    if (at != NULL) {
        gwapi__text_char(t, '\\');
        gwapi__text_char(t, letters[at - escaped]);
    } else if (gwapi__rune_is_printable(printable, rune)) {
        gwapi__text_rune(t, rune);
    } else if (rune < 0x80) {
        hexadecimal(t, "\\x", rune, 2);
    } else if (rune < 0x10000) {
        hexadecimal(t, "\\u", rune, 4);
    } else {
        hexadecimal(t, "\\U", rune, 8);
    }
}

void gwapi__cel_text_quoted(gwapi__text *t, gwapi_str s)
{
    gwapi__printable printable = {{NULL}};
    uint32_t rune;
    size_t step;

    gwapi__text_char(t, '"');
    for (size_t i = 0; i < s.len; i += step) {
        if (gwapi__utf8_step(gwapi__str(s.data + i, s.len - i), &rune, &step))
            quote_rune(t, &printable, rune);
        else
            hexadecimal(t, "\\x", (unsigned char)s.data[i], 2);
    }
    gwapi__text_char(t, '"');
}
