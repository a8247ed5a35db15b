#include <float.h>
#include <math.h>
#include <criterion/criterion.h>
#include "base/slice.h"
#include "cel/text.h"
#include "support/oom.h"

#define BYTES(literal) {"" literal, sizeof(literal) - 1}

static gwapi_allocator allocator(void)
{
    static test_memory memory;
    return test_memory_allocator(&memory);
}

static void expect(gwapi__text *t, const char *expected, const char *label)
{
    cr_expect(gwapi__str_eq(gwapi__text_str(t), gwapi__str_of(expected)), "%s: got %.*s, want %s",
              label, GWAPI__FMT(gwapi__text_str(t)), expected);
    gwapi__text_cut(t, 0);
}

Test(cel_text, doubles_are_written_as_go_writes_them)
{
    static const struct {
        double value;
        const char *shortest, *fixed;
    } cases[] = {
        {0, "0", "0.000000"},
        {-0.0, "-0", "-0.000000"},
        {1, "1", "1.000000"},
        {-1.5, "-1.5", "-1.500000"},
        {100000, "100000", "100000.000000"},
        {123456.789, "123456.789", "123456.789000"},
        {999999, "999999", "999999.000000"},
        {1e6, "1e+06", "1000000.000000"},
        {1234567, "1.234567e+06", "1234567.000000"},
        {1e21, "1e+21", "1000000000000000000000.000000"},
        {0.0001, "0.0001", "0.000100"},
        {0.00001, "1e-05", "0.000010"},
        {1.25e-7, "1.25e-07", "0.000000"},
        {5e-324, "5e-324", "0.000000"},
        {0.1, "0.1", "0.100000"},
        {2.0 / 3, "0.6666666666666666", "0.666667"},
        {0.0000005, "5e-07", "0.000000"}, /* below the half */
        {0.00000049999999999, "4.9999999999e-07", "0.000000"},
        {0.9999995, "0.9999995", "1.000000"},
        {99.9999999, "99.9999999", "100.000000"},
        {0.0000015, "1.5e-06", "0.000002"}, /* above the half */
        {1.0 / 128, "0.0078125", "0.007812"}, /* a tie */
        {3.0 / 128, "0.0234375", "0.023438"},
        {INFINITY, "+Inf", "+Inf"},
        {-INFINITY, "-Inf", "-Inf"},
        {NAN, "NaN", "NaN"},
    };
    gwapi_allocator a = allocator();
    gwapi__text t;

    gwapi__text_init(&t, &a);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        gwapi__cel_text_double(&t, cases[i].value);
        expect(&t, cases[i].shortest, "shortest");
        gwapi__cel_text_fixed(&t, cases[i].value, 6);
        expect(&t, cases[i].fixed, "fixed");
    }
    gwapi__cel_text_fixed(&t, 2.5, 0);
    expect(&t, "2", "no decimals");
    gwapi__text_free(&t);
}

Test(cel_text, the_largest_double_has_309_digits)
{
    gwapi_allocator a = allocator();
    gwapi__text t;

    gwapi__text_init(&t, &a);
    gwapi__cel_text_fixed(&t, DBL_MAX, 1);
    cr_expect_eq(gwapi__text_str(&t).len, 311);
    cr_expect(gwapi__str_starts(gwapi__text_str(&t), GWAPI__STR("179769313486231570814527423731")));
    gwapi__text_cut(&t, 0);
    /* The most significant digits that a double can have. */
    gwapi__cel_text_fixed(&t, 0x0.fffffffffffffp-1022, 1074);
    cr_expect(gwapi__str_ends(gwapi__text_str(&t), GWAPI__STR("281734466552734375")));
    cr_expect_eq(gwapi__text_str(&t).len, 1076);
    gwapi__text_free(&t);
}

Test(cel_text, durations_are_seconds)
{
    static const struct {
        int64_t nanoseconds;
        const char *text;
    } cases[] = {
        {0, "0s"},
        {1, "0.000000001s"},
        {-1, "-0.000000001s"},
        {1500000000, "1.5s"},
        {3600000000000, "3600s"},
        {-90000000000, "-90s"},
        {INT64_MAX, "9223372036.854776s"},
        {INT64_MIN, "-9223372036.854776s"},
    };
    gwapi_allocator a = allocator();
    gwapi__text t;

    gwapi__text_init(&t, &a);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        gwapi__cel_text_duration(&t, cases[i].nanoseconds);
        expect(&t, cases[i].text, "duration");
    }
    gwapi__text_free(&t);
}

Test(cel_text, times_are_rfc_3339)
{
    static const struct {
        int64_t seconds;
        int32_t nanos;
        const char *text;
    } cases[] = {
        {0, 0, "1970-01-01T00:00:00Z"},
        {-1, 0, "1969-12-31T23:59:59Z"},
        {951782400, 0, "2000-02-29T00:00:00Z"},
        {951868800, 0, "2000-03-01T00:00:00Z"},
        {4107542399, 0, "2100-02-28T23:59:59Z"},
        {4107542400, 0, "2100-03-01T00:00:00Z"},
        {1735689599, 999999999, "2024-12-31T23:59:59.999999999Z"},
        {1735689599, 500000000, "2024-12-31T23:59:59.5Z"},
        {1735689599, 1000, "2024-12-31T23:59:59.000001Z"},
        {-62135596800, 0, "0001-01-01T00:00:00Z"},
        {253402300799, 0, "9999-12-31T23:59:59Z"},
    };
    gwapi_allocator a = allocator();
    gwapi__text t;

    gwapi__text_init(&t, &a);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        gwapi__cel_value time = gwapi__cel_of_time(cases[i].seconds, cases[i].nanos);
        gwapi__cel_text_time(&t, &time);
        expect(&t, cases[i].text, "time");
    }
    gwapi__cel_value zoned = gwapi__cel_of_time(0, 0);
    zoned.as.time.offset = -(5 * 60 + 30) * 60;
    gwapi__cel_text_time(&t, &zoned);
    expect(&t, "1969-12-31T18:30:00-05:30", "in a zone");
    gwapi__text_free(&t);
}

Test(cel_text, quotes_escape_what_cannot_be_printed)
{
    static const struct {
        gwapi_str text;
        const char *quoted;
    } cases[] = {
        {BYTES(""), "\"\""},
        {BYTES("abc"), "\"abc\""},
        {BYTES("\a\b\f\n\r\t\v\\\""), "\"\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\""},
        {BYTES("\0\x01\x1f\x7f ~"), "\"\\x00\\x01\\x1f\\x7f ~\""},
        {BYTES("gr\u00fc\u00df \u4e16\u754c \U0001f600 a\u0301 \u20ac"),
         "\"gr\u00fc\u00df \u4e16\u754c \U0001f600 a\u0301 \u20ac\""},
        {BYTES("\xc2\x80\xc2\xa0\xc2\xad\xe2\x80\xa8"), "\"\\u0080\\u00a0\\u00ad\\u2028\""},
        {BYTES("\xf3\xa0\x80\x81\xee\x80\x80"), "\"\\U000e0001\\ue000\""},
        {BYTES("\xff\xc3"), "\"\\xff\\xc3\""},
        {BYTES("\xef\xbf\xbd"), "\"\xef\xbf\xbd\""},
    };
    gwapi_allocator a = allocator();
    gwapi__text t;

    gwapi__text_init(&t, &a);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        gwapi__cel_text_quoted(&t, cases[i].text);
        expect(&t, cases[i].quoted, "quoted");
    }
    gwapi__text_free(&t);
}
