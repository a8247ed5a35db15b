#include <criterion/criterion.h>
#include "base/slice.h"
#include "model/route.h"

Test(model_duration, durations_are_read_as_gep_2257_says)
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
