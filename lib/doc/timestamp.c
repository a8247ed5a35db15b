#include "doc/timestamp.h"

#include "base/slice.h"

/* YYYY-M-D, then nothing, or [Tt]H:M:S[.fraction](Z|[+-]HH:MM), or a blank and
 * H:M:S[.fraction]. */

typedef struct cursor {
    gwapi_str text;
    size_t at;
} cursor;

static bool take(cursor *c, char expected)
{
    if (c->at == c->text.len || c->text.data[c->at] != expected)
        return false;
    c->at++;
    return true;
}

/* A number of `least` to `most` digits, from `low` to `high`. */
static bool number(cursor *c, size_t least, size_t most, unsigned low, unsigned high,
                   unsigned *value)
{
    size_t digits = 0;

    *value = 0;
    while (digits < most && c->at < c->text.len && gwapi__is_digit(c->text.data[c->at])) {
        *value = *value * 10 + (unsigned)(c->text.data[c->at++] - '0');
        digits++;
    }
    return digits >= least && *value >= low && *value <= high;
}

static unsigned days_in(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static bool date(cursor *c)
{
    unsigned year, month, day;

    return number(c, 4, 4, 0, 9999, &year) && take(c, '-') && number(c, 1, 2, 1, 12, &month) &&
           take(c, '-') && number(c, 1, 2, 1, 31, &day) && day <= days_in(year, month);
}

static bool time_of_day(cursor *c)
{
    unsigned value;

    if (!number(c, 1, 2, 0, 23, &value) || !take(c, ':') || !number(c, 1, 2, 0, 59, &value) ||
        !take(c, ':') || !number(c, 1, 2, 0, 59, &value))
        return false;
    size_t point = c->at;
    if (!take(c, '.') && !take(c, ','))
        return true;
    while (c->at < c->text.len && gwapi__is_digit(c->text.data[c->at]))
        c->at++;
    return c->at > point + 1;
}

static bool zone(cursor *c)
{
    unsigned value;

    if (take(c, 'Z'))
        return true;
    return (take(c, '+') || take(c, '-')) && number(c, 2, 2, 0, 24, &value) && take(c, ':') &&
           number(c, 2, 2, 0, 60, &value);
}

bool gwapi__timestamp_valid(gwapi_str text)
{
    cursor c = {text, 0};

    if (!date(&c))
        return false;
    if (c.at == text.len)
        return true;
    if (take(&c, 'T') || take(&c, 't'))
        return time_of_day(&c) && zone(&c) && c.at == text.len;
    return take(&c, ' ') && time_of_day(&c) && c.at == text.len;
}
