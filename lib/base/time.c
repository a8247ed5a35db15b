#include "base/time.h"

#include "base/slice.h"

#define SECONDS_OF_DAY 86400

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

static bool leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && leap(year));
}

static bool take_date(gwapi_str *s, int *year, int *month, int *day)
{
    return take_number(s, 4, 4, year) && take_char(s, '-') && take_number(s, 2, 2, month) &&
           take_char(s, '-') && take_number(s, 2, 2, day) && *month >= 1 && *month <= 12 &&
           *day >= 1 && *day <= days_in(*year, *month);
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

bool gwapi__date_parse(gwapi_str text, int64_t *seconds)
{
    int year, month, day;

    if (!take_date(&text, &year, &month, &day) || text.len != 0)
        return false;
    *seconds = days_since_1970(year, month, day) * SECONDS_OF_DAY;
    return true;
}

bool gwapi__date_valid(gwapi_str text)
{
    int64_t seconds;

    return gwapi__date_parse(text, &seconds);
}

/* Nine digits count, further ones are passed over. */
static void take_fraction(gwapi_str *s, int32_t *nanos)
{
    int digit;

    *nanos = 0;
    if (s->len < 2 || (s->data[0] != '.' && s->data[0] != ',') || !gwapi__is_digit(s->data[1]))
        return;
    *s = gwapi__str_sub(*s, 1, s->len);
    for (int32_t unit = 100000000; s->len != 0 && gwapi__is_digit(s->data[0]); unit /= 10) {
        take_number(s, 1, 1, &digit);
        *nanos += digit * unit;
    }
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

static bool take_time(gwapi_str *s, gwapi__instant *out)
{
    int year, month, day, hour, minute, second;

    if (!take_date(s, &year, &month, &day) || !take_char(s, 'T') ||
        !take_number(s, 1, 2, &hour) || !take_char(s, ':') || !take_number(s, 2, 2, &minute) ||
        !take_char(s, ':') || !take_number(s, 2, 2, &second) || hour > 23 || minute > 59 ||
        second > 59)
        return false;
    take_fraction(s, &out->nanos);
    out->seconds =
        days_since_1970(year, month, day) * SECONDS_OF_DAY + hour * 3600 + minute * 60 + second;
    return true;
}

bool gwapi__rfc3339_read(gwapi_str text, gwapi__instant *out)
{
    int offset;

    if (!take_time(&text, out) || !take_offset(&text, &offset) || text.len != 0)
        return false;
    out->seconds -= offset;
    out->offset = offset;
    return true;
}

bool gwapi__local_time_read(gwapi_str text, gwapi__instant *out)
{
    out->offset = 0;
    return take_time(&text, out) && text.len == 0;
}

bool gwapi__rfc3339_parse(gwapi_str text, int64_t *seconds)
{
    gwapi__instant instant;

    if (!gwapi__rfc3339_read(text, &instant))
        return false;
    *seconds = instant.seconds;
    return true;
}

gwapi__civil gwapi__civil_of(int64_t seconds)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int64_t days = seconds / SECONDS_OF_DAY, rest = seconds % SECONDS_OF_DAY;

    if (rest < 0) {
        rest += SECONDS_OF_DAY;
        days--;
    }
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int month = (int)((5 * of_year + 2) / 153);
    int day = (int)(of_year - (153 * month + 2) / 5 + 1);

    month += month < 10 ? 3 : -9;
    year += era * 400 + (month <= 2);
    return (gwapi__civil){.year = year,
                          .month = month,
                          .day = day,
                          .hour = (int)(rest / 3600),
                          .minute = (int)(rest / 60 % 60),
                          .second = (int)(rest % 60),
                          .weekday = (int)((days % 7 + 11) % 7),
                          .yearday = before[month - 1] + day - 1 + (month > 2 && leap(year))};
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

static void write_fraction(gwapi__text *t, int32_t nanos)
{
    int width = 9;

    if (nanos == 0)
        return;
    for (; nanos % 10 == 0; nanos /= 10)
        width--;
    gwapi__text_char(t, '.');
    write_padded(t, nanos, width);
}

static void write_offset(gwapi__text *t, int32_t offset)
{
    int32_t minutes = offset / 60;

    if (minutes == 0) {
        gwapi__text_char(t, 'Z');
        return;
    }
    gwapi__text_char(t, minutes < 0 ? '-' : '+');
    minutes = minutes < 0 ? -minutes : minutes;
    write_padded(t, minutes / 60, 2);
    gwapi__text_char(t, ':');
    write_padded(t, minutes % 60, 2);
}

void gwapi__rfc3339_write_nanos(gwapi__text *t, const gwapi__instant *instant)
{
    gwapi__civil c = gwapi__civil_of(instant->seconds + instant->offset);

    write_padded(t, c.year, 4);
    gwapi__text_char(t, '-');
    write_padded(t, c.month, 2);
    gwapi__text_char(t, '-');
    write_padded(t, c.day, 2);
    gwapi__text_char(t, 'T');
    write_padded(t, c.hour, 2);
    gwapi__text_char(t, ':');
    write_padded(t, c.minute, 2);
    gwapi__text_char(t, ':');
    write_padded(t, c.second, 2);
    write_fraction(t, instant->nanos);
    write_offset(t, instant->offset);
}

void gwapi__rfc3339_write(gwapi__text *t, int64_t seconds)
{
    gwapi__rfc3339_write_nanos(t, &(gwapi__instant){.seconds = seconds});
}
