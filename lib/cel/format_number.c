/*
 * The clauses %f and %e as golang.org/x/text/message shows them in English. It keeps the least
 * number of decimals in 8 bits and the most in 16 signed ones, whatever was asked for; a
 * negative most means no rounding, and a precision that its reader takes for too long shows as
 * a mistake in the text, not as an error.
 */
#include <math.h>
#include <string.h>
#include "cel/digits.h"
#include "cel/format.h"

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
    if (wanted / 10 > 1000000)
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

void gwapi__cel_format_scientific(gwapi__text *t, double value, int64_t wanted)
{
    precision p = kept(wanted);
    gwapi__cel_digits d;

    if (special(t, value, wanted))
        return;
    if (p.most >= -1) {
        gwapi__cel_digits_exact(&d, fabs(value));
        gwapi__cel_digits_round(&d, p.most < 1 ? 1 : p.most + 1);
    } else {
        gwapi__cel_digits_shortest(&d, fabs(value));
    }
    if (d.count == 0)
        d.exponent = 1;
    gwapi__text_char(t, digit(&d, 0));
    fraction(t, &d, 1, d.count - 1 > p.least ? d.count - 1 : p.least);
    gwapi__text_addz(t, "\u00d710");
    superscript(t, d.exponent - 1);
}
