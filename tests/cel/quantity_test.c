#include <math.h>
#include <stdlib.h>
#include <criterion/criterion.h>
#include "base/slice.h"
#include "cel/quantity.h"

static gwapi__quantity quantity(const char *text)
{
    gwapi__quantity q;

    cr_assert_eq(gwapi__quantity_parse(&q, gwapi__str_of(text)), GWAPI__QUANTITY_OK, "%s",
                 text);
    return q;
}

Test(cel_quantity, texts_are_quantities_or_it_is_told_why_not)
{
    static const struct {
        const char *text;
        gwapi__quantity_fault fault;
    } cases[] = {
        {"", GWAPI__QUANTITY_MALFORMED},
        {"1,5", GWAPI__QUANTITY_MALFORMED},
        {"1.2.3", GWAPI__QUANTITY_MALFORMED},
        {"--1", GWAPI__QUANTITY_SUFFIX},
        {" 1", GWAPI__QUANTITY_MALFORMED},
        {"1 ", GWAPI__QUANTITY_MALFORMED},
        {"1k5x", GWAPI__QUANTITY_MALFORMED},
        {"1e5.0", GWAPI__QUANTITY_MALFORMED},
        {"1K", GWAPI__QUANTITY_SUFFIX},
        {"1ki", GWAPI__QUANTITY_SUFFIX},
        {"1e", GWAPI__QUANTITY_SUFFIX},
        {"1ee5", GWAPI__QUANTITY_SUFFIX},
        {"1e+", GWAPI__QUANTITY_SUFFIX},
        {"1k5", GWAPI__QUANTITY_SUFFIX},
        {"1e9223372036854775808", GWAPI__QUANTITY_SUFFIX},
        {".e-30", GWAPI__QUANTITY_NUMBER},
        {"e-30", GWAPI__QUANTITY_NUMBER},
        {"1234567890123456789e5000", GWAPI__QUANTITY_TOO_LARGE},
        {"1234567890123456789e2147483647", GWAPI__QUANTITY_TOO_LARGE},
        // No more than that is asked for: these are all zero.
        {".", GWAPI__QUANTITY_OK},
        {"-", GWAPI__QUANTITY_OK},
        {"k", GWAPI__QUANTITY_OK},
        {"Mi", GWAPI__QUANTITY_OK},
        {"0", GWAPI__QUANTITY_OK},
        {"5.", GWAPI__QUANTITY_OK},
        {"1e4294967297", GWAPI__QUANTITY_OK}, // the exponent wraps around
        {"1e-1000000", GWAPI__QUANTITY_OK},
        {"0.0000000000000000000000000e5000", GWAPI__QUANTITY_OK},
    };
    gwapi__quantity q;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(gwapi__quantity_parse(&q, gwapi__str_of(cases[i].text)), cases[i].fault,
                     "%s", cases[i].text);
}

// `before`, n times the digit, `after`.
static gwapi__quantity_fault parse_long_text(const char *before, char digit, size_t n,
                                             const char *after)
{
    char *text = calloc(n + 64, 1);
    gwapi__quantity q;
    size_t at = strlen(before);

    memcpy(text, before, at);
    memset(text + at, digit, n);
    strcpy(text + at + n, after);
    gwapi__quantity_fault fault = gwapi__quantity_parse(&q, gwapi__str_of(text));
    free(text);
    return fault;
}

Test(cel_quantity, only_so_many_digits_are_kept)
{
    cr_expect_eq(parse_long_text("", '9', 4599, ""), GWAPI__QUANTITY_OK);
    cr_expect_eq(parse_long_text("", '9', 4600, ""), GWAPI__QUANTITY_TOO_LARGE);
    cr_expect_eq(parse_long_text("", '9', 4700, ""), GWAPI__QUANTITY_TOO_LARGE);
    cr_expect_eq(parse_long_text("0.", '0', 9000, "1"), GWAPI__QUANTITY_OK);
    // Rounding makes it one digit longer.
    cr_expect_eq(parse_long_text("", '9', 4599, ".9999999991"), GWAPI__QUANTITY_TOO_LARGE);
    // Binary ones are read to their last digit.
    cr_expect_eq(parse_long_text("0.", '1', 4600, "Ei"), GWAPI__QUANTITY_TOO_LARGE);
    cr_expect_eq(parse_long_text("0.", '1', 4700, "Ki"), GWAPI__QUANTITY_TOO_LARGE);
    cr_expect_eq(parse_long_text("", '1', 4600, "."), GWAPI__QUANTITY_TOO_LARGE);
    cr_expect_eq(parse_long_text("", '1', 4590, "Ki"), GWAPI__QUANTITY_OK);
    cr_expect_eq(parse_long_text("", '1', 4601, "Ki"), GWAPI__QUANTITY_TOO_LARGE);
}

Test(cel_quantity, sums_of_too_many_digits_are_refused)
{
    gwapi__quantity large = quantity("1e5000"), small = quantity("1"), zero = quantity("0e-30"),
                    high = quantity("1e4607"), negative, out;

    cr_expect_not(gwapi__quantity_add(&out, &large, &small));
    cr_expect_not(gwapi__quantity_subtract(&out, &small, &large));
    cr_expect_eq(gwapi__quantity_compare(&large, &small), 1);
    cr_expect_eq(gwapi__quantity_compare(&small, &large), -1);
    gwapi__quantity_of_int(&negative, 0);
    cr_expect(gwapi__quantity_subtract(&negative, &negative, &large));
    cr_expect_eq(gwapi__quantity_compare(&negative, &small), -1);
    gwapi__quantity minus = quantity("-1");
    cr_expect_eq(gwapi__quantity_compare(&negative, &minus), -1);
    cr_expect_eq(gwapi__quantity_compare(&minus, &negative), 1);
    // Zero has no digits to shift.
    cr_expect(gwapi__quantity_add(&out, &zero, &zero));
    cr_expect(gwapi__quantity_add(&out, &high, &small));
    cr_expect_eq(gwapi__quantity_compare(&out, &high), 1);
}

// Exponents that are too far apart wrap, as the server's do.
Test(cel_quantity, the_least_int_and_far_exponents_wrap)
{
    gwapi__quantity a, b = quantity("1e2147483647"), c = quantity("1n"), out;
    int64_t value;

    gwapi__quantity_of_int(&a, INT64_MIN);
    gwapi__quantity_of_int(&out, 0);
    cr_expect(gwapi__quantity_subtract(&out, &out, &a));
    cr_expect(gwapi__quantity_int(&out, &value));
    cr_expect_eq(value, INT64_MIN);
    cr_expect(gwapi__quantity_add(&out, &b, &c));
    cr_expect_eq(out.exponent, -9);
    cr_expect_eq(out.value, 2);
    cr_expect_not(gwapi__quantity_int(&b, &value));
    b = quantity("0e2147483647");
    cr_expect(gwapi__quantity_int(&b, &value));
    cr_expect_eq(value, 0);
    cr_expect(isnan(gwapi__quantity_double(&b)));
}
