#include <criterion/criterion.h>
#include "base/slice.h"
#include "base/time.h"

Test(base_time, instants_are_read_and_written_with_their_zone)
{
    static const struct {
        const char *text, *written; /* NULL: refused */
    } rows[] = {
        {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
        {"2024-02-29T23:59:59.000000001Z", "2024-02-29T23:59:59.000000001Z"},
        {"2024-02-29T23:59:59,5Z", "2024-02-29T23:59:59.5Z"},
        {"2024-02-29T23:59:59.1234567899Z", "2024-02-29T23:59:59.123456789Z"},
        {"2024-12-31T1:02:03.250+05:30", "2024-12-31T01:02:03.25+05:30"},
        {"0001-01-01T00:00:00-01:00", "0001-01-01T00:00:00-01:00"},
        {"9999-12-31T23:59:59+00:00", "9999-12-31T23:59:59Z"},
        {"2023-02-29T00:00:00Z", NULL},
        {"2024-02-29T24:00:00Z", NULL},
        {"2024-02-29T23:59:59.Z", NULL},
        {"2024-02-29T23:59:59", NULL},
        {"2024-02-29T23:59:59Zx", NULL},
        {"2024-02-29t23:59:59Z", NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char data[64];
        gwapi__text t = {.data = data, .capacity = sizeof data};
        gwapi__instant instant;
        bool right = gwapi__rfc3339_read(gwapi__str_of(rows[i].text), &instant);
        cr_expect_eq(right, rows[i].written != NULL, "%s", rows[i].text);
        if (!right || rows[i].written == NULL)
            continue;
        gwapi__rfc3339_write_nanos(&t, &instant);
        cr_expect(gwapi__str_eq(gwapi__text_str(&t), gwapi__str_of(rows[i].written)),
                  "%s: %.*s", rows[i].text, GWAPI__FMT(gwapi__text_str(&t)));
    }
}

Test(base_time, a_local_time_has_no_offset)
{
    gwapi__instant instant;

    cr_assert(gwapi__local_time_read(GWAPI__STR("1970-01-02T00:00:01.5"), &instant));
    cr_expect_eq(instant.seconds, 86401);
    cr_expect_eq(instant.nanos, 500000000);
    cr_expect_eq(instant.offset, 0);
    cr_expect_not(gwapi__local_time_read(GWAPI__STR("1970-01-02T00:00:01Z"), &instant));
    cr_expect_not(gwapi__local_time_read(GWAPI__STR("1970-01-02"), &instant));
}

Test(base_time, calendars_know_weekdays_and_days_of_the_year)
{
    static const struct {
        const char *date;
        int weekday, yearday;
    } rows[] = {
        {"1970-01-01", 4, 0},   {"1969-12-31", 3, 364}, {"2024-02-29", 4, 59},
        {"2024-03-01", 5, 60},  {"2023-03-01", 3, 59},  {"2024-12-31", 2, 365},
        {"0001-01-01", 1, 0},   {"9999-12-31", 5, 364}, {"2000-02-29", 2, 59},
        {"1900-03-01", 4, 59},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t seconds;
        cr_assert(gwapi__date_parse(gwapi__str_of(rows[i].date), &seconds), "%s", rows[i].date);
        gwapi__civil c = gwapi__civil_of(seconds);
        cr_expect_eq(c.weekday, rows[i].weekday, "%s: %d", rows[i].date, c.weekday);
        cr_expect_eq(c.yearday, rows[i].yearday, "%s: %d", rows[i].date, c.yearday);
        cr_expect_eq(c.hour + c.minute + c.second, 0);
    }
}
