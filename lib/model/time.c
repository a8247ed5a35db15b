#include "model/time.h"

#include "base/slice.h"
#include "model/route.h"

/* ---- durations: GEP-2257 ------------------------------------------------------------- */

static uint64_t unit_at(gwapi_str text, size_t *at)
{
    gwapi_str rest = gwapi__str_sub(text, *at, SIZE_MAX);

    if (gwapi__str_starts(rest, GWAPI__STR("ms"))) {
        *at += 2;
        return 1;
    }
    if (rest.len == 0)
        return 0;
    ++*at;
    switch (rest.data[0]) {
    case 's':
        return 1000;
    case 'm':
        return UINT64_C(60) * 1000;
    case 'h':
        return UINT64_C(3600) * 1000;
    default:
        return 0;
    }
}

bool gwapi__duration_parse(gwapi_str text, uint64_t *milliseconds)
{
    uint64_t sum = 0;
    size_t at = 0, parts = 0;

    while (at < text.len) {
        uint64_t number = 0;
        size_t digits = 0;
        for (; at < text.len && gwapi__is_digit(text.data[at]); at++, digits++)
            if (digits < 5)
                number = number * 10 + (uint64_t)(text.data[at] - '0');
        uint64_t unit = unit_at(text, &at);
        if (digits < 1 || digits > 5 || unit == 0 || ++parts > 4)
            return false;
        sum += number * unit;
    }
    if (parts == 0)
        return false;
    *milliseconds = sum;
    return true;
}

/* ---- times: RFC 3339 ----------------------------------------------------------------- */

/* `count` digits at `at` as a number, -1 when they are none. */
static int digits_at(gwapi_str text, size_t at, size_t count)
{
    int number = 0;

    if (at + count > text.len)
        return -1;
    for (size_t i = at; i < at + count; i++) {
        if (!gwapi__is_digit(text.data[i]))
            return -1;
        number = number * 10 + (text.data[i] - '0');
    }
    return number;
}

static bool char_at(gwapi_str text, size_t at, char c)
{
    return at < text.len && text.data[at] == c;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days since 1970-01-01 of a date in the Gregorian calendar, year >= 0. */
static int64_t days_of(int year, int month, int day)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int64_t y = year - 1; /* whole years since 0001-01-01; year 0 is a leap year */
    int64_t days = year == 0 ? -366 : y * 365 + y / 4 - y / 100 + y / 400;

    return days - 719162 + before[month - 1] + (month > 2 && is_leap(year)) + day - 1;
}

/* The part behind the seconds: a fraction, then Z or an offset in *seconds. */
static bool zone(gwapi_str text, size_t at, int64_t *seconds)
{
    if (char_at(text, at, '.')) {
        size_t first = ++at;
        while (at < text.len && gwapi__is_digit(text.data[at]))
            at++;
        if (at == first)
            return false;
    }
    *seconds = 0;
    if (at + 1 == text.len)
        return char_at(text, at, 'Z');
    int hours = digits_at(text, at + 1, 2), minutes = digits_at(text, at + 4, 2);
    bool minus = char_at(text, at, '-');
    if (at + 6 != text.len || (!minus && !char_at(text, at, '+')) ||
        !char_at(text, at + 3, ':') || hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return false;
    *seconds = (int64_t)(hours * 60 + minutes) * 60 * (minus ? -1 : 1);
    return true;
}

bool gwapi__time_parse(gwapi_str text, int64_t *seconds)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = digits_at(text, 0, 4), month = digits_at(text, 5, 2),
        day = digits_at(text, 8, 2);
    int hour = digits_at(text, 11, 2), minute = digits_at(text, 14, 2);
    int second = digits_at(text, 17, 2);
    int64_t offset;

    if (year < 0 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 59)
        return false;
    if (!char_at(text, 4, '-') || !char_at(text, 7, '-') || !char_at(text, 10, 'T') ||
        !char_at(text, 13, ':') || !char_at(text, 16, ':') || !zone(text, 19, &offset))
        return false;
    if (day > lengths[month - 1] + (month == 2 && is_leap(year)))
        return false;
    *seconds = ((days_of(year, month, day) * 24 + hour) * 60 + minute) * 60 + second - offset;
    return true;
}
