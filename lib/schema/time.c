#include "schema/time.h"

#include "base/slice.h"

/* Reads `least` to `most` digits. */
static bool take_number(gwapi_str *s, size_t least, size_t most, int *out)
{
    size_t n = 0;

    *out = 0;
    while (n < most && n < s->len && gwapi__is_digit(s->data[n]))
        *out = *out * 10 + (s->data[n++] - '0');
    *s = gwapi__str_sub(*s, n, s->len);
    return n >= least;
}

static bool take_char(gwapi_str *s, char c)
{
    if (s->len == 0 || s->data[0] != c)
        return false;
    *s = gwapi__str_sub(*s, 1, s->len);
    return true;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

static bool take_date(gwapi_str *s, int *year, int *month, int *day)
{
    return take_number(s, 4, 4, year) && take_char(s, '-') && take_number(s, 2, 2, month) &&
           take_char(s, '-') && take_number(s, 2, 2, day) && *month >= 1 && *month <= 12 &&
           *day >= 1 && *day <= days_in(*year, *month);
}

bool gwapi__date_valid(gwapi_str text)
{
    int year, month, day;

    return take_date(&text, &year, &month, &day) && text.len == 0;
}

/* Days since 1970-01-01; years are counted from March, so that the leap day is the last. */
static int64_t days_since_1970(int year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void skip_fraction(gwapi_str *s)
{
    int ignored;

    if (s->len < 2 || (s->data[0] != '.' && s->data[0] != ',') || !gwapi__is_digit(s->data[1]))
        return;
    *s = gwapi__str_sub(*s, 1, s->len);
    while (s->len != 0 && gwapi__is_digit(s->data[0]))
        take_number(s, 1, 1, &ignored);
}

static bool take_offset(gwapi_str *s, int *seconds)
{
    int hours, minutes;
    bool west = s->len != 0 && s->data[0] == '-';

    *seconds = 0;
    if (take_char(s, 'Z'))
        return true;
    if (!take_char(s, west ? '-' : '+') || !take_number(s, 2, 2, &hours) ||
        !take_char(s, ':') || !take_number(s, 2, 2, &minutes) || hours > 24 || minutes > 60)
        return false;
    *seconds = (hours * 60 + minutes) * 60 * (west ? -1 : 1);
    return true;
}

bool gwapi__rfc3339_parse(gwapi_str text, int64_t *seconds)
{
    int year, month, day, hour, minute, second, offset;

    if (!take_date(&text, &year, &month, &day) || !take_char(&text, 'T') ||
        !take_number(&text, 1, 2, &hour) || !take_char(&text, ':') ||
        !take_number(&text, 2, 2, &minute) || !take_char(&text, ':') ||
        !take_number(&text, 2, 2, &second) || hour > 23 || minute > 59 || second > 59)
        return false;
    skip_fraction(&text);
    if (!take_offset(&text, &offset) || text.len != 0)
        return false;
    *seconds = days_since_1970(year, month, day) * 86400 + hour * 3600 + minute * 60 + second -
               offset;
    return true;
}

static void write_padded(gwapi__text *t, int64_t value, int width)
{
    int64_t least = 1;

    for (int i = 1; i < width; i++)
        least *= 10;
    for (; least > 1 && value < least; least /= 10)
        gwapi__text_char(t, '0');
    gwapi__text_i64(t, value);
}

void gwapi__rfc3339_write(gwapi__text *t, int64_t seconds)
{
    int64_t days = seconds / 86400, rest = seconds % 86400;

    if (rest < 0) {
        rest += 86400;
        days--;
    }
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    int64_t day = of_year - (153 * month + 2) / 5 + 1;

    month += month < 10 ? 3 : -9;
    year += era * 400 + (month <= 2);
    write_padded(t, year, 4);
    gwapi__text_char(t, '-');
    write_padded(t, month, 2);
    gwapi__text_char(t, '-');
    write_padded(t, day, 2);
    gwapi__text_char(t, 'T');
    write_padded(t, rest / 3600, 2);
    gwapi__text_char(t, ':');
    write_padded(t, rest / 60 % 60, 2);
    gwapi__text_char(t, ':');
    write_padded(t, rest % 60, 2);
    gwapi__text_char(t, 'Z');
}
