#include "cel/quantity.h"

#include <math.h>
#include <string.h>
#include "base/slice.h"

#define NANO         (-9) // the finest exponent that parsing keeps
#define SHORT_DIGITS 18   // that surely fit an int64

// Exponents wrap around, as the server's int32 do.
static int32_t wrap_add(int32_t a, int64_t b)
{
    return (int32_t)(uint32_t)((uint64_t)(int64_t)a + (uint64_t)b);
}

static void set_short(gwapi__quantity *q, int64_t value, int32_t exponent)
{
    q->long_form = false;
    q->negative = false;
    q->value = value;
    q->exponent = exponent;
}

// ---- text -----------------------------------------------------------------------------------

typedef struct scan {
    bool negative;
    gwapi_str value;  // sign, digits and point
    gwapi_str whole;  // digits before the point, without zeros in front; "0" for none
    gwapi_str places; // digits behind it
    gwapi_str suffix;
} scan;

static gwapi_str take_digits(gwapi_str *rest)
{
    size_t n = 0;

    while (n < rest->len && gwapi__is_digit(rest->data[n]))
        n++;
    gwapi_str digits = gwapi__str_sub(*rest, 0, n);
    *rest = gwapi__str_sub(*rest, n, rest->len);
    return digits;
}

static bool take_sign(gwapi_str *rest, bool *negative)
{
    if (rest->len == 0 || (rest->data[0] != '-' && rest->data[0] != '+'))
        return false;
    *negative = rest->data[0] == '-';
    *rest = gwapi__str_sub(*rest, 1, rest->len);
    return true;
}

// Looser than it seems: "." and "-" are zero, "5." is 5.
static bool scan_text(scan *s, gwapi_str text)
{
    gwapi_str rest = text;
    bool ignored;

    *s = (scan){.places = gwapi__str("", 0)};
    take_sign(&rest, &s->negative);
    while (rest.len != 0 && rest.data[0] == '0')
        rest = gwapi__str_sub(rest, 1, rest.len);
    s->whole = take_digits(&rest);
    if (s->whole.len == 0)
        s->whole = GWAPI__STR("0");
    if (rest.len != 0 && rest.data[0] == '.') {
        rest = gwapi__str_sub(rest, 1, rest.len);
        s->places = take_digits(&rest);
    }
    s->value = gwapi__str_sub(text, 0, text.len - rest.len);
    s->suffix = rest;
    while (rest.len != 0 && memchr("eEinumkKMGTP", rest.data[0], 12) != NULL)
        rest = gwapi__str_sub(rest, 1, rest.len);
    take_sign(&rest, &ignored);
    take_digits(&rest);
    return rest.len == 0;
}

typedef struct unit {
    bool binary;
    int32_t exponent; // of 2 or of 10
} unit;

// "3", "+3", "-3" behind the letter e.
static bool read_exponent(gwapi_str text, int32_t *out)
{
    int64_t value;

    if (text.len != 0 && text.data[0] == '+')
        text = gwapi__str_sub(text, 1, text.len);
    if (!gwapi__str_to_i64(text, &value))
        return false;
    *out = wrap_add(0, value);
    return true;
}

static bool read_suffix(unit *u, gwapi_str suffix)
{
    static const struct {
        const char *suffix;
        unit unit;
    } units[] = {
        {"", {false, 0}},   {"n", {false, -9}}, {"u", {false, -6}}, {"m", {false, -3}},
        {"k", {false, 3}},  {"M", {false, 6}},  {"G", {false, 9}},  {"T", {false, 12}},
        {"P", {false, 15}}, {"E", {false, 18}}, {"Ki", {true, 10}}, {"Mi", {true, 20}},
        {"Gi", {true, 30}}, {"Ti", {true, 40}}, {"Pi", {true, 50}}, {"Ei", {true, 60}}};

    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (gwapi__str_eq(suffix, gwapi__str_of(units[i].suffix))) {
            *u = units[i].unit;
            return true;
        }
    }
    *u = (unit){false, 0};
    return gwapi__lower(suffix.data[0]) == 'e' &&
           read_exponent(gwapi__str_sub(suffix, 1, suffix.len), &u->exponent);
}

// How many digits the short form still has room for; negative: it has not.
static int64_t room(const scan *s, const unit *u)
{
    int64_t digits = (int64_t)s->whole.len + (int64_t)s->places.len;

    if (!u->binary)
        return SHORT_DIGITS - digits;
    return s->places.len == 0 ? 14 - u->exponent * 3 / 10 - digits : -1;
}

static bool parse_short(gwapi__quantity *out, const scan *s, const unit *u)
{
    int32_t exponent = wrap_add(u->binary ? 0 : u->exponent, -(int64_t)s->places.len);
    int64_t value = 0;

    if (room(s, u) < 0 || exponent < NANO)
        return false;
    for (size_t i = 0; i < s->whole.len; i++)
        value = value * 10 + (s->whole.data[i] - '0');
    for (size_t i = 0; i < s->places.len; i++)
        value = value * 10 + (s->places.data[i] - '0');
    if (u->binary)
        value *= INT64_C(1) << u->exponent; // fits: room() saw to it
    set_short(out, s->negative ? -value : value, exponent);
    return true;
}

// Digits alone, without the last `cut`; *lost tells whether one of those was not 0.
static bool read_digits(gwapi__natural *n, gwapi_str value, uint64_t cut, bool *lost)
{
    *lost = false;
    while (cut > 0 && value.len != 0) {
        char last = value.data[--value.len];
        *lost = *lost || (last >= '1' && last <= '9');
        cut -= last != '.';
    }
    return gwapi__natural_read(n, value);
}

// To nanos, away from zero.
static bool round_up(gwapi__natural *n, bool lost)
{
    gwapi__natural one;

    gwapi__natural_set(&one, 1);
    return !lost || gwapi__natural_add(n, &one);
}

// A digit that is not lower?
static bool has_digit(gwapi_str value, char least)
{
    for (size_t i = 0; i < value.len; i++)
        if (value.data[i] >= least && value.data[i] <= '9')
            return true;
    return false;
}

static bool parse_decimal(gwapi__quantity *out, const scan *s, int32_t exponent)
{
    bool lost;
    uint64_t cut = exponent < NANO ? (uint64_t)((int64_t)NANO - exponent) : 0;

    return read_digits(&out->magnitude, s->value, cut, &lost) &&
           gwapi__natural_shift(&out->magnitude,
                                exponent > NANO ? (uint64_t)((int64_t)exponent - NANO) : 0) &&
           round_up(&out->magnitude, lost);
}

// No binary quantity is larger than an int64, which it then is to the last digit.
static bool parse_binary(gwapi__quantity *out, const scan *s, int32_t exponent, int32_t twos)
{
    gwapi__natural most;
    bool lost;

    if (!read_digits(&out->magnitude, s->value, 0, &lost))
        return false;
    for (int32_t i = 0; i < twos; i += 10)
        if (!gwapi__natural_times(&out->magnitude, 1024, 0))
            return false;
    if (exponent < NANO) {
        lost = gwapi__natural_cut(&out->magnitude, (uint64_t)(NANO - exponent));
        round_up(&out->magnitude, lost);
    } else if (!gwapi__natural_shift(&out->magnitude, (uint64_t)(exponent - NANO))) {
        return false;
    }
    gwapi__natural_set(&most, INT64_MAX);
    gwapi__natural_shift(&most, -NANO);
    if (gwapi__natural_compare(&out->magnitude, &most) > 0) {
        gwapi__natural_set(&out->magnitude, INT64_MAX);
        out->exponent = 0;
    }
    return true;
}

static gwapi__quantity_fault parse_long(gwapi__quantity *out, const scan *s, const unit *u)
{
    int32_t exponent = wrap_add(u->binary ? 0 : u->exponent, -(int64_t)s->places.len);
    bool fits;

    if (!has_digit(s->value, '0'))
        return GWAPI__QUANTITY_NUMBER;
    set_short(out, 0, NANO);
    out->long_form = true;
    out->negative = s->negative;
    if (!has_digit(s->value, '1')) {
        out->negative = false;
        out->exponent = exponent;
        out->magnitude.count = 0;
        return GWAPI__QUANTITY_OK;
    }
    fits = u->binary ? parse_binary(out, s, exponent, u->exponent)
                     : parse_decimal(out, s, exponent);
    return fits ? GWAPI__QUANTITY_OK : GWAPI__QUANTITY_TOO_LARGE;
}

gwapi__quantity_fault gwapi__quantity_parse(gwapi__quantity *out, gwapi_str text)
{
    scan s;
    unit u;

    if (text.len == 0 || !scan_text(&s, text))
        return GWAPI__QUANTITY_MALFORMED;
    if (!read_suffix(&u, s.suffix))
        return GWAPI__QUANTITY_SUFFIX;
    return parse_short(out, &s, &u) ? GWAPI__QUANTITY_OK : parse_long(out, &s, &u);
}

// ---- arithmetic -----------------------------------------------------------------------------

void gwapi__quantity_of_int(gwapi__quantity *out, int64_t value)
{
    set_short(out, value, 0);
}

static void copy(gwapi__quantity *out, const gwapi__quantity *q)
{
    set_short(out, q->value, q->exponent);
    if (!q->long_form)
        return;
    out->long_form = true;
    out->negative = q->negative;
    gwapi__natural_copy(&out->magnitude, &q->magnitude);
}

static void make_long(gwapi__quantity *q)
{
    if (q->long_form)
        return;
    q->long_form = true;
    q->negative = q->value < 0;
    gwapi__natural_set(&q->magnitude,
                       q->negative ? 0 - (uint64_t)q->value : (uint64_t)q->value);
    q->value = 0;
}

// value * 10^zeros. Not a number of zeros, as it is when exponents wrapped: none.
static bool scale_up(int64_t value, int32_t zeros, int64_t *out)
{
    *out = value;
    for (int32_t i = 0; i < zeros; i++) {
        if (*out > INT64_MAX / 10 || *out < INT64_MIN / 10)
            return false;
        *out *= 10;
    }
    return true;
}

static bool add_short(gwapi__quantity *out, int64_t a, int32_t a_exponent, int64_t b,
                      int32_t b_exponent)
{
    int32_t difference = wrap_add(a_exponent, -(int64_t)b_exponent);

    if (b == 0 || a == 0) {
        set_short(out, b == 0 ? a : b, b == 0 ? a_exponent : b_exponent);
        return true;
    }
    if (a_exponent > b_exponent ? !scale_up(a, difference, &a)
                                : !scale_up(b, wrap_add(0, -(int64_t)difference), &b))
        return false;
    if (b > 0 ? a > INT64_MAX - b : a < INT64_MIN - b)
        return false;
    set_short(out, a + b, a_exponent < b_exponent ? a_exponent : b_exponent);
    return true;
}

// Gives both the lower exponent of the two.
static bool align(gwapi__quantity *a, gwapi__quantity *b)
{
    gwapi__quantity *high = a->exponent > b->exponent ? a : b;
    int32_t low = a->exponent < b->exponent ? a->exponent : b->exponent;
    uint64_t zeros = (uint64_t)((int64_t)high->exponent - low);

    high->exponent = low;
    return gwapi__natural_shift(&high->magnitude, zeros);
}

// out += b, both long.
static bool add_long(gwapi__quantity *out, gwapi__quantity *b)
{
    if (!align(out, b))
        return false;
    if (out->negative == b->negative)
        return gwapi__natural_add(&out->magnitude, &b->magnitude);
    if (gwapi__natural_compare(&out->magnitude, &b->magnitude) >= 0) {
        gwapi__natural_subtract(&out->magnitude, &b->magnitude);
    } else {
        gwapi__natural_subtract(&b->magnitude, &out->magnitude);
        gwapi__natural_copy(&out->magnitude, &b->magnitude);
        out->negative = b->negative;
    }
    out->negative = out->negative && out->magnitude.count != 0;
    return true;
}

bool gwapi__quantity_add(gwapi__quantity *out, const gwapi__quantity *a,
                         const gwapi__quantity *b)
{
    gwapi__quantity other;

    if (!a->long_form && !b->long_form &&
        add_short(out, a->value, a->exponent, b->value, b->exponent))
        return true;
    copy(out, a);
    make_long(out);
    copy(&other, b);
    make_long(&other);
    return add_long(out, &other);
}

// The least int64 is its own negative in the short form, as it is for the server.
bool gwapi__quantity_subtract(gwapi__quantity *out, const gwapi__quantity *a,
                              const gwapi__quantity *b)
{
    gwapi__quantity other;

    if (!a->long_form && !b->long_form &&
        add_short(out, a->value, a->exponent, b->value == INT64_MIN ? b->value : -b->value,
                  b->exponent))
        return true;
    copy(out, a);
    make_long(out);
    copy(&other, b);
    make_long(&other);
    other.negative = !other.negative && other.magnitude.count != 0;
    return add_long(out, &other);
}

int gwapi__quantity_sign(const gwapi__quantity *q)
{
    if (!q->long_form)
        return (q->value > 0) - (q->value < 0);
    return q->negative ? -1 : q->magnitude.count != 0;
}

// Of equal signs; what cannot be aligned has more digits than the other.
static int compare_magnitudes(const gwapi__quantity *a, const gwapi__quantity *b)
{
    gwapi__quantity x, y;

    copy(&x, a);
    make_long(&x);
    copy(&y, b);
    make_long(&y);
    if (!align(&x, &y))
        return a->exponent > b->exponent ? 1 : -1;
    return gwapi__natural_compare(&x.magnitude, &y.magnitude);
}

int gwapi__quantity_compare(const gwapi__quantity *a, const gwapi__quantity *b)
{
    int a_sign = gwapi__quantity_sign(a), b_sign = gwapi__quantity_sign(b);

    if (a_sign != b_sign)
        return a_sign < b_sign ? -1 : 1;
    if (!a->long_form && !b->long_form && a->exponent == b->exponent)
        return (a->value > b->value) - (a->value < b->value);
    return a_sign * compare_magnitudes(a, b);
}

bool gwapi__quantity_int(const gwapi__quantity *q, int64_t *out)
{
    if (q->long_form || q->exponent < 0)
        return false;
    *out = 0;
    return q->value == 0 || scale_up(q->value, q->exponent, out);
}

// A power of ten as Go's math.Pow10 gives it; 0 and infinity beyond the doubles.
static double power_of_ten(int32_t exponent)
{
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22, 1e23,
                                  1e24, 1e25, 1e26, 1e27, 1e28, 1e29, 1e30, 1e31};
    static const double up[] = {1e0,   1e32,  1e64,  1e96,  1e128,
                                1e160, 1e192, 1e224, 1e256, 1e288};
    static const double down[] = {1e-0,   1e-32,  1e-64,  1e-96,  1e-128, 1e-160,
                                  1e-192, 1e-224, 1e-256, 1e-288, 1e-320};

    if (exponent < -323)
        return 0;
    if (exponent > 308)
        return INFINITY;
    return exponent < 0 ? down[-exponent / 32] / tens[-exponent % 32]
                        : up[exponent / 32] * tens[exponent % 32];
}

double gwapi__quantity_double(const gwapi__quantity *q)
{
    double base = (double)q->value;

    if (q->long_form)
        base = gwapi__natural_double(&q->magnitude) * (q->negative ? -1 : 1);
    return q->exponent == 0 ? base : base * power_of_ten(q->exponent);
}
