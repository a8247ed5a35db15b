#include "cel/number.h"

#include "base/slice.h"
#include "doc/decimal.h"

#include <math.h>

/* Of a number with underscores; what is longer is cut: no double depends on more digits. */
#define MOST_DIGITS 1200

typedef struct number {
    gwapi_str text; /* without a sign */
    bool hex;
} number;

/* ---- syntax ----------------------------------------------------------------------------- */

static bool is_digit(char c, bool hex)
{
    return gwapi__is_digit(c) || (hex && gwapi__hex(c) >= 0);
}

/* Underscores stand between digits, or behind 0x. */
static bool underscores_fit(const number *n)
{
    char last = '!';

    for (size_t i = n->hex ? 2 : 0; i < n->text.len; i++) {
        char c = n->text.data[i];
        if (c == '_' && last != '0' && !(n->hex && i == 2))
            return false;
        if (last == '_' && !is_digit(c, n->hex))
            return false;
        last = is_digit(c, n->hex) ? '0' : c;
    }
    return last != '_';
}

/* Passes digits and underscores; how many digits? */
static size_t skip_digits(gwapi_str s, size_t *at, bool hex)
{
    size_t digits = 0;

    for (; *at < s.len && (s.data[*at] == '_' || is_digit(s.data[*at], hex)); ++*at)
        digits += s.data[*at] != '_';
    return digits;
}

static bool is_well_formed(const number *n)
{
    gwapi_str s = n->text;
    size_t at = n->hex ? 2 : 0;
    size_t digits = skip_digits(s, &at, n->hex);
    char mark = n->hex ? 'p' : 'e';

    if (at < s.len && s.data[at] == '.') {
        at++;
        digits += skip_digits(s, &at, n->hex);
    }
    if (digits == 0)
        return false;
    if (at == s.len)
        return !n->hex; /* the exponent is a must there */
    if (gwapi__lower(s.data[at++]) != mark)
        return false;
    at += at < s.len && (s.data[at] == '+' || s.data[at] == '-');
    if (at == s.len || !gwapi__is_digit(s.data[at]))
        return false;
    skip_digits(s, &at, false);
    return at == s.len;
}

/* ---- hexadecimal ------------------------------------------------------------------------ */

/* bits * 2^exponent rounded to the nearest, ties to even; a rest below if `more`. */
static double round_binary(uint64_t bits, bool more, int64_t exponent)
{
    if (bits == 0)
        return 0;
    for (; bits >> 63 == 0; exponent--)
        bits <<= 1;
    /* 53 bits of a normal double, of a subnormal those from 2^-1074 on */
    int64_t drop = exponent + 11 >= -1074 ? 11 : -1074 - exponent;
    if (drop > 64)
        return 0;
    uint64_t half = UINT64_C(1) << (drop - 1);
    uint64_t rest = drop == 64 ? bits : bits & (half * 2 - 1);
    uint64_t kept = drop == 64 ? 0 : bits >> drop;
    kept += rest > half || (rest == half && (more || (kept & 1) != 0));
    return exponent + drop > 971 ? HUGE_VAL : ldexp((double)kept, (int)(exponent + drop));
}

static int64_t read_exponent(gwapi_str s)
{
    int64_t value = 0;

    for (size_t i = 0; i < s.len; i++)
        if (gwapi__is_digit(s.data[i]) && value < 1000000)
            value = value * 10 + (s.data[i] - '0');
    return s.data[0] == '-' ? -value : value;
}

static double read_hex(gwapi_str s)
{
    uint64_t bits = 0;
    bool more = false, point = false;
    int64_t exponent = 0;
    size_t i = 2;

    for (; gwapi__lower(s.data[i]) != 'p'; i++) {
        if (s.data[i] == '.')
            point = true;
        if (s.data[i] == '.' || s.data[i] == '_')
            continue;
        uint64_t digit = (uint64_t)gwapi__hex(s.data[i]);
        if (bits >> 60 != 0)
            more = more || digit != 0;
        exponent += (bits >> 60 != 0 ? 4 : 0) - (point ? 4 : 0);
        if (bits >> 60 == 0)
            bits = bits << 4 | digit;
    }
    return round_binary(bits, more,
                        exponent + read_exponent(gwapi__str_sub(s, i + 1, s.len)));
}

/* ---- decimal, and words ----------------------------------------------------------------- */

static double read_decimal(gwapi_str s)
{
    char data[MOST_DIGITS];
    size_t n = 0;
    double value;

    if (gwapi__str_find_char(s, '_') != SIZE_MAX) {
        for (size_t i = 0; i < s.len && n < sizeof data; i++)
            if (s.data[i] != '_')
                data[n++] = s.data[i];
        s = gwapi__str(data, n);
    }
    gwapi__decimal_to_double(s, &value);
    return value;
}

static bool read_word(gwapi_str s, double *out)
{
    if (gwapi__str_eq_nocase(s, GWAPI__STR("nan")))
        *out = NAN;
    else if (gwapi__str_eq_nocase(s, GWAPI__STR("inf")) ||
             gwapi__str_eq_nocase(s, GWAPI__STR("infinity")))
        *out = HUGE_VAL;
    else
        return false;
    return true;
}

bool gwapi__cel_parse_double(gwapi_str text, double *out)
{
    bool sign = text.len != 0 && (text.data[0] == '-' || text.data[0] == '+');
    bool negative = sign && text.data[0] == '-';
    number n = {.text = gwapi__str_sub(text, sign, text.len)};

    n.hex = n.text.len > 2 && n.text.data[0] == '0' && gwapi__lower(n.text.data[1]) == 'x';
    if (read_word(n.text, out)) {
        if (negative)
            *out = -*out;
        return !sign || !isnan(*out);
    }
    if (!is_well_formed(&n) || !underscores_fit(&n))
        return false;
    *out = n.hex ? read_hex(n.text) : read_decimal(n.text);
    bool fits = *out != HUGE_VAL;
    if (negative)
        *out = -*out;
    return fits;
}
