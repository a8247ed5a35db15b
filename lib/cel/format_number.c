/*
 * The clauses %f and %e as golang.org/x/text/message shows them in English. It keeps the least
 * number of decimals in 8 bits and the most in 16 signed ones, whatever was asked for; a
 * negative most means no rounding, and a precision that its reader takes for too long shows as
 * a mistake in the text, not as an error. The precision of %e ends up as its width (cel-go hands
 * on "%2e" for "%.2e"), kept in 16 bits.
 */
#include <math.h>
#include <string.h>
#include "base/slice.h"
#include "base/utf8.h"
#include "cel/digits.h"
#include "cel/format.h"

// The reader gives up when there are more digits behind a number as large.
#define MOST 1000000

typedef struct precision {
    int least, most;
} precision;

static precision kept(int64_t wanted)
{
    int most = (int)(wanted & 0xffff);

    return (precision){.least = (int)(wanted & 0xff), .most = most < 0x8000 ? most : most - 0x10000};
}

// What needs no digits; else the sign is written.
static bool special(gwapi__text *t, double value, int64_t wanted)
{
    if (wanted / 10 > MOST)
        gwapi__text_addz(t, "%!(NOVERB)");
    else if (isnan(value))
        gwapi__text_addz(t, "NaN");
    else if (isinf(value))
        gwapi__text_addz(t, value > 0 ? "\u221e" : "-\u221e");
    else {
        if (value < 0)
            gwapi__text_char(t, '-');
        return false;
    }
    return true;
}

static char digit(const gwapi__cel_digits *d, int i)
{
    return i >= 0 && i < d->count ? d->digits[i] : '0';
}

static void fraction(gwapi__text *t, const gwapi__cel_digits *d, int from, int count)
{
    if (count > 0)
        gwapi__text_char(t, '.');
    for (int i = 0; i < count; i++)
        gwapi__text_char(t, digit(d, from + i));
}

void gwapi__cel_format_fixed(gwapi__text *t, double value, int64_t wanted)
{
    precision p = kept(wanted);
    gwapi__cel_digits d;

    if (special(t, value, wanted))
        return;
    if (p.most >= 0) {
        gwapi__cel_digits_exact(&d, fabs(value));
        gwapi__cel_digits_round(&d, (long)d.exponent + p.most);
    } else {
        gwapi__cel_digits_shortest(&d, fabs(value));
    }
    if (d.exponent <= 0)
        gwapi__text_char(t, '0');
    for (int i = 0; i < d.exponent; i++) {
        gwapi__text_char(t, digit(&d, i));
        if (i + 1 < d.exponent && (d.exponent - i - 1) % 3 == 0)
            gwapi__text_char(t, ',');
    }
    int decimals = d.count - d.exponent;
    fraction(t, &d, d.exponent, decimals > p.least ? decimals : p.least);
}

static void superscript(gwapi__text *t, int value)
{
    static const char *const raised[] = {"\u2070", "\u00b9", "\u00b2", "\u00b3", "\u2074",
                                         "\u2075", "\u2076", "\u2077", "\u2078", "\u2079"};

    if (value < 0) {
        gwapi__text_addz(t, "\u207b");
        value = -value;
    }
    if (value >= 100)
        gwapi__text_addz(t, raised[value / 100]);
    gwapi__text_addz(t, raised[value / 10 % 10]);
    gwapi__text_addz(t, raised[value % 10]);
}

static void scientific(gwapi__text *t, double value, int64_t wanted)
{
    const int decimals = 6;
    gwapi__cel_digits d;

    if (special(t, value, wanted))
        return;
    gwapi__cel_digits_exact(&d, fabs(value));
    gwapi__cel_digits_round(&d, decimals + 1);
    if (d.count == 0)
        d.exponent = 1;
    gwapi__text_char(t, digit(&d, 0));
    fraction(t, &d, 1, decimals);
    gwapi__text_addz(t, "\u00d710");
    superscript(t, d.exponent - 1);
}

void gwapi__cel_format_scientific(gwapi__text *t, double value, int64_t wanted)
{
    char plain[64];
    size_t start = t->len, width = (size_t)(wanted & 0xffff);

    scientific(t, value, wanted);
    gwapi_str number = gwapi__str(gwapi__text_str(t).data + start, t->len - start);
    size_t columns = gwapi__utf8_count(number);
    if (t->failed || columns >= width || wanted / 10 > MOST)
        return;
    memcpy(plain, number.data, number.len);
    gwapi__text_cut(t, start);
    gwapi__text_fill(t, ' ', width - columns);
    gwapi__text_add(t, gwapi__str(plain, number.len));
}
