#include <criterion/criterion.h>
#include "base/slice.h"
#include "model/route.h"
#include "model/time.h"

Test(model_time, durations_are_read_as_gep_2257_says)
{
    static const struct {
        const char *text;
        int64_t milliseconds; /* -1: none */
    } rows[] = {
        {"0h", 0},
        {"0s", 0},
        {"0h0m0s", 0},
        {"1h", 3600000},
        {"150m", 9000000},
        {"7230s", 7230000},
        {"10s30m1h", 5410000},
        {"100ms200ms300ms", 600},
        {"1ms", 1},
        {"00010s", 10000},
        {"99999h99999h99999h99999h", INT64_C(4) * 99999 * 3600000},
        {"", -1},
        {"0", -1},
        {"1", -1},
        {"1m1", -1},
        {"1d", -1},
        {"1h30m10s20ms50h", -1},
        {"999999h", -1},
        {"1.5h", -1},
        {"-15m", -1},
        {"h", -1},
        {"1h ", -1},
        {"1H", -1},
        {"1us", -1},
        {"1m s", -1},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t ms = 0;
        bool ok = gwapi__duration_parse(gwapi__str_of(rows[i].text), &ms);
        cr_expect_eq(ok, rows[i].milliseconds >= 0, "\"%s\"", rows[i].text);
        if (ok)
            cr_expect_eq((int64_t)ms, rows[i].milliseconds, "\"%s\": %llu", rows[i].text,
                         (unsigned long long)ms);
    }
}

Test(model_time, times_are_read_as_rfc_3339_says)
{
    static const struct {
        const char *text;
        bool ok;
        int64_t seconds;
    } rows[] = {
        {"1970-01-01T00:00:00Z", true, 0},
        {"2025-11-23T10:20:30Z", true, 1763893230},
        {"2025-11-23T10:20:30.999Z", true, 1763893230},
        {"2025-11-23T11:50:30+01:30", true, 1763893230},
        {"2025-11-22T23:20:30-11:00", true, 1763893230},
        {"2000-02-29T00:00:00Z", true, 951782400},
        {"1969-12-31T23:59:59Z", true, -1},
        {"1600-01-01T00:00:00Z", true, -11676096000},
        {"0001-01-01T00:00:00Z", true, -62135596800},
        {"0000-12-31T00:00:00Z", true, -62135683200},
        {"9999-12-31T23:59:59Z", true, 253402300799},
        {"2025-02-29T00:00:00Z", false, 0},
        {"1900-02-29T00:00:00Z", false, 0},
        {"2025-13-01T00:00:00Z", false, 0},
        {"2025-00-01T00:00:00Z", false, 0},
        {"2025-01-00T00:00:00Z", false, 0},
        {"2025-01-01T24:00:00Z", false, 0},
        {"2025-03-04T23:59:60Z", false, 0},
        {"2025-01-01 00:00:00Z", false, 0},
        {"2025-01-01T00:00:00", false, 0},
        {"2025-01-01T00:00:00.Z", false, 0},
        {"2025-01-01T00:00:00+1:00", false, 0},
        {"2025-01-01T00:00:00+01:00x", false, 0},
        {"2025-01-01", false, 0},
        {"", false, 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t seconds = 0;
        bool ok = gwapi__time_parse(gwapi__str_of(rows[i].text), &seconds);
        cr_expect_eq(ok, rows[i].ok, "\"%s\"", rows[i].text);
        if (ok)
            cr_expect_eq(seconds, rows[i].seconds, "\"%s\": %lld", rows[i].text,
                         (long long)seconds);
    }
}
