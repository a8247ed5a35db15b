/* What is asked of timestamps and durations. */
#include "base/slice.h"
#include "base/time.h"
#include "cel/library.h"

#define NANOS INT64_C(1000000000)

/* ---- zones ------------------------------------------------------------------------------ */

static bool read_number(gwapi_str s, int64_t *out)
{
    bool sign = s.len != 0 && (s.data[0] == '+' || s.data[0] == '-');
    gwapi_str digits = gwapi__str_sub(s, sign, s.len);
    uint64_t value;

    if (!gwapi__str_to_u64(digits, &value) || value > 1000000)
        return false;
    *out = sign && s.data[0] == '-' ? -(int64_t)value : (int64_t)value;
    return true;
}

/* Seconds east of UTC of "+01:30", "-8:00", "UTC". Names of places need data that a library
 * without I/O does not have. */
static bool read_zone(gwapi_str zone, int64_t *offset)
{
    gwapi_str hours, minutes;
    int64_t h, m;

    *offset = 0;
    if (zone.len == 0 || gwapi__str_eq(zone, GWAPI__STR("UTC")))
        return true;
    if (!gwapi__str_cut(zone, ':', &hours, &minutes) || !read_number(hours, &h) ||
        !read_number(minutes, &m))
        return false;
    *offset = (h * 60 + (zone.data[0] == '-' ? -m : m)) * 60;
    return true;
}

/* ---- timestamps ------------------------------------------------------------------------- */

typedef int64_t part_of(const gwapi__cel_value *time, const gwapi__civil *civil);

static gwapi__cel_value ask(gwapi__cel_context *context, const gwapi__cel_value *args,
                            uint32_t count, part_of *part)
{
    int64_t offset = 0;

    if (count == 2 && !read_zone(args[1].as.text, &offset))
        return gwapi__cel_fail(context,
                               "unknown time zone %q: only UTC and offsets are supported",
                               args[1].as.text);
    gwapi__civil civil = gwapi__civil_of(args[0].as.time.seconds + offset);
    return gwapi__cel_of_int(part(&args[0], &civil));
}

/* What `name` asks: `part_` of what a clock shows. */
#define ASK(name, part_)                                                                      \
    static int64_t name##_of(const gwapi__cel_value *time, const gwapi__civil *civil)         \
    {                                                                                         \
        (void)time;                                                                           \
        (void)civil;                                                                          \
        return part_;                                                                         \
    }                                                                                         \
                                                                                              \
    static gwapi__cel_value ask_##name(gwapi__cel_context *context,                           \
                                       const gwapi__cel_value *args, uint32_t count)          \
    {                                                                                         \
        return ask(context, args, count, name##_of);                                          \
    }

ASK(year, civil->year)
ASK(month, civil->month - 1)
ASK(day_of_year, civil->yearday)
ASK(day_of_month, civil->day - 1)
ASK(date, civil->day)
ASK(day_of_week, civil->weekday)
ASK(hours, civil->hour)
ASK(minutes, civil->minute)
ASK(seconds, civil->second)
ASK(milliseconds, time->as.time.nanos / 1000000)

/* ---- durations -------------------------------------------------------------------------- */

/* In whole units, computed in doubles as the server does: just below a large number of hours it
 * may be the next hour already. */
static gwapi__cel_value in_units(int64_t nanoseconds, int64_t unit)
{
    double units = (double)(nanoseconds / unit) + (double)(nanoseconds % unit) / (double)unit;

    return gwapi__cel_of_int((int64_t)units);
}

#define MEASURE(name, unit)                                                                   \
    static gwapi__cel_value measure_##name(gwapi__cel_context *context,                       \
                                           const gwapi__cel_value *args, uint32_t count)      \
    {                                                                                         \
        (void)context;                                                                        \
        (void)count;                                                                          \
        return in_units(args[0].as.integer, unit);                                            \
    }

MEASURE(hours, 3600 * NANOS)
MEASURE(minutes, 60 * NANOS)
MEASURE(seconds, NANOS)

static gwapi__cel_value measure_milliseconds(gwapi__cel_context *context,
                                             const gwapi__cel_value *args, uint32_t count)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_int(args[0].as.integer / 1000000);
}

/* ---- the table -------------------------------------------------------------------------- */

#define UTC(function_, id_, call_)                                                            \
    {.function = function_, .id = id_, .result = &gwapi__cel_int,                             \
     .params = {&gwapi__cel_timestamp}, .count = 1, .member = true, .call = call_}
#define ZONE(function_, id_, call_)                                                           \
    {.function = function_, .id = id_, .result = &gwapi__cel_int,                             \
     .params = {&gwapi__cel_timestamp, &gwapi__cel_string}, .count = 2, .member = true,       \
     .call = call_}
#define DURATION(function_, id_, call_)                                                       \
    {.function = function_, .id = id_, .result = &gwapi__cel_int,                             \
     .params = {&gwapi__cel_duration}, .count = 1, .member = true, .call = call_}

static const gwapi__cel_overload overloads[] = {
    UTC("getDate", "timestamp_to_day_of_month_1_based", ask_date),
    ZONE("getDate", "timestamp_to_day_of_month_1_based_with_tz", ask_date),
    UTC("getDayOfMonth", "timestamp_to_day_of_month", ask_day_of_month),
    ZONE("getDayOfMonth", "timestamp_to_day_of_month_with_tz", ask_day_of_month),
    UTC("getDayOfWeek", "timestamp_to_day_of_week", ask_day_of_week),
    ZONE("getDayOfWeek", "timestamp_to_day_of_week_with_tz", ask_day_of_week),
    UTC("getDayOfYear", "timestamp_to_day_of_year", ask_day_of_year),
    ZONE("getDayOfYear", "timestamp_to_day_of_year_with_tz", ask_day_of_year),
    UTC("getFullYear", "timestamp_to_year", ask_year),
    ZONE("getFullYear", "timestamp_to_year_with_tz", ask_year),
    UTC("getHours", "timestamp_to_hours", ask_hours),
    ZONE("getHours", "timestamp_to_hours_with_tz", ask_hours),
    DURATION("getHours", "duration_to_hours", measure_hours),
    UTC("getMilliseconds", "timestamp_to_milliseconds", ask_milliseconds),
    ZONE("getMilliseconds", "timestamp_to_milliseconds_with_tz", ask_milliseconds),
    DURATION("getMilliseconds", "duration_to_milliseconds", measure_milliseconds),
    UTC("getMinutes", "timestamp_to_minutes", ask_minutes),
    ZONE("getMinutes", "timestamp_to_minutes_with_tz", ask_minutes),
    DURATION("getMinutes", "duration_to_minutes", measure_minutes),
    UTC("getMonth", "timestamp_to_month", ask_month),
    ZONE("getMonth", "timestamp_to_month_with_tz", ask_month),
    UTC("getSeconds", "timestamp_to_seconds", ask_seconds),
    ZONE("getSeconds", "timestamp_to_seconds_tz", ask_seconds),
    DURATION("getSeconds", "duration_to_seconds", measure_seconds),
};

const gwapi__cel_library gwapi__cel_time = {overloads, sizeof overloads / sizeof *overloads};
