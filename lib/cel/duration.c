#include "cel/time.h"

#include "base/slice.h"

/* The largest magnitude: of the least duration. */
#define LIMIT (UINT64_C(1) << 63)

#define MICRO  "\xc2\xb5s" /* U+00B5 */
#define MU     "\xce\xbcs" /* U+03BC */
#define SECOND UINT64_C(1000000000)

/* ---- Go's form -------------------------------------------------------------------------- */

static gwapi_str rest_of(gwapi_str s, size_t from)
{
    return gwapi__str(s.data + from, s.len - from);
}

static bool take_whole(gwapi_str *s, uint64_t *out)
{
    size_t i = 0;

    for (*out = 0; i < s->len && gwapi__is_digit(s->data[i]); i++) {
        if (*out > LIMIT / 10)
            return false;
        *out = *out * 10 + (uint64_t)(s->data[i] - '0');
        if (*out > LIMIT)
            return false;
    }
    *s = rest_of(*s, i);
    return true;
}

/* The digits behind the point as digits / scale; those that do not fit count for nothing. */
static void take_fraction(gwapi_str *s, uint64_t *digits, double *scale)
{
    size_t i = 0;
    bool full = false;

    *digits = 0;
    *scale = 1;
    for (; i < s->len && gwapi__is_digit(s->data[i]); i++) {
        full = full || *digits > (LIMIT - 1) / 10;
        if (full)
            continue;
        *digits = *digits * 10 + (uint64_t)(s->data[i] - '0');
        *scale *= 10;
    }
    *s = rest_of(*s, i);
}

/* Nanoseconds of the unit that `s` begins with; 0 without one. */
static uint64_t take_unit(gwapi_str *s)
{
    static const struct {
        gwapi_str name;
        uint64_t nanoseconds;
    } units[] = {{{"ns", 2}, 1},           {{"us", 2}, 1000},
                 {{MICRO, 3}, 1000},       {{MU, 3}, 1000},
                 {{"ms", 2}, 1000000},     {{"s", 1}, SECOND},
                 {{"m", 1}, SECOND * 60},  {{"h", 1}, SECOND * 3600}};
    size_t n = 0;

    while (n < s->len && s->data[n] != '.' && !gwapi__is_digit(s->data[n]))
        n++;
    gwapi_str name = gwapi__str(s->data, n);
    *s = rest_of(*s, n);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (gwapi__str_eq(name, units[i].name))
            return units[i].nanoseconds;
    return 0;
}

/* One number with its unit. */
static bool take_part(gwapi_str *s, uint64_t *out)
{
    uint64_t whole, digits = 0;
    double scale = 1;
    size_t before = s->len;

    if (!take_whole(s, &whole))
        return false;
    bool any = s->len != before;
    if (s->len != 0 && s->data[0] == '.') {
        *s = rest_of(*s, 1);
        before = s->len;
        take_fraction(s, &digits, &scale);
        any = any || s->len != before;
    }
    uint64_t unit = any ? take_unit(s) : 0;
    if (unit == 0 || whole > LIMIT / unit)
        return false;
    *out = whole * unit;
    if (digits != 0)
        *out += (uint64_t)((double)digits * ((double)unit / scale));
    return *out <= LIMIT;
}

bool gwapi__cel_duration_read(gwapi_str text, int64_t *nanoseconds)
{
    uint64_t sum = 0, part;
    bool negative = text.len != 0 && text.data[0] == '-';

    if (negative || (text.len != 0 && text.data[0] == '+'))
        text = rest_of(text, 1);
    *nanoseconds = 0;
    if (text.len == 1 && text.data[0] == '0')
        return true;
    if (text.len == 0)
        return false;
    while (text.len != 0) {
        if (!take_part(&text, &part))
            return false;
        sum += part;
        if (sum > LIMIT)
            return false;
    }
    if (sum == LIMIT && !negative)
        return false;
    *nanoseconds = negative ? (int64_t)(0 - sum) : (int64_t)sum;
    return true;
}

/* ---- the format `duration` --------------------------------------------------------------- */

/* White space of RE2: no vertical tab. */
static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

/* Bytes of the letter of a unit at the beginning, ASCII or the micro sign; 0: something else. */
static size_t unit_letter(gwapi_str s)
{
    if (s.len != 0 && gwapi__is_alpha(s.data[0]))
        return 1;
    return gwapi__str_starts(s, GWAPI__STR("\xc2\xb5")) ? 2 : 0;
}

/* Nanoseconds of a unit's abbreviation, or of a word that begins like its long name. */
static uint64_t loose_unit(gwapi_str name)
{
    static const struct {
        gwapi_str names[2], prefix;
        uint64_t nanoseconds;
    } units[] = {
        {{{"ns", 2}, {"ns", 2}}, {"nano", 4}, 1},
        {{{"us", 2}, {MICRO, 3}}, {"micro", 5}, 1000},
        {{{"ms", 2}, {"ms", 2}}, {"milli", 5}, 1000000},
        {{{"s", 1}, {"s", 1}}, {"sec", 3}, SECOND},
        {{{"m", 1}, {"m", 1}}, {"min", 3}, SECOND * 60},
        {{{"h", 1}, {"hr", 2}}, {"hour", 4}, SECOND * 3600},
        {{{"d", 1}, {"d", 1}}, {"day", 3}, SECOND * 86400},
        {{{"w", 1}, {"wk", 2}}, {"week", 4}, SECOND * 604800},
    };

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (gwapi__str_eq_nocase(name, units[i].names[0]) ||
            gwapi__str_eq_nocase(name, units[i].names[1]) ||
            gwapi__str_eq_nocase(gwapi__str_sub(name, 0, units[i].prefix.len), units[i].prefix))
            return units[i].nanoseconds;
    return 0;
}

/* The next number that a word follows; *more is false when there is none. */
static bool take_loose(gwapi_str *s, bool *more, uint64_t *factor, gwapi_str *unit)
{
    for (size_t i = 0; i < s->len; i++) {
        if (!gwapi__is_digit(s->data[i]))
            continue;
        gwapi_str number = rest_of(*s, i);
        bool fits = take_whole(&number, factor) && *factor < LIMIT;
        size_t k = i, n = 0, step;
        while (k < s->len && gwapi__is_digit(s->data[k]))
            k++;
        i = k - 1;
        while (k < s->len && is_space(s->data[k]))
            k++;
        while ((step = unit_letter(rest_of(*s, k + n))) != 0)
            n += step;
        if (n == 0)
            continue;
        *unit = gwapi__str(s->data + k, n);
        *s = rest_of(*s, k + n);
        return fits;
    }
    *more = false;
    return true;
}

bool gwapi__cel_duration_read_loose(gwapi_str text, int64_t *nanoseconds)
{
    uint64_t sum = 0, factor;
    gwapi_str unit;
    bool found = false;

    if (gwapi__cel_duration_read(text, nanoseconds))
        return true;
    for (bool more = true; more;) {
        if (!take_loose(&text, &more, &factor, &unit))
            return false;
        uint64_t size = more ? loose_unit(unit) : 0;
        found = found || size != 0;
        sum += factor * size;
    }
    *nanoseconds = (int64_t)sum;
    return found;
}
