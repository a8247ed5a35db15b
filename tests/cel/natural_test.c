#include <math.h>
#include <stdlib.h>
#include <criterion/criterion.h>
#include "base/slice.h"
#include "cel/natural.h"

#define ALL_DIGITS (GWAPI__NATURAL_LIMBS * GWAPI__NATURAL_LIMB_DIGITS)

static gwapi__natural natural(const char *digits)
{
    gwapi__natural n;

    cr_assert(gwapi__natural_read(&n, gwapi__str_of(digits)));
    return n;
}

static bool is(const gwapi__natural *n, const char *digits)
{
    gwapi__natural m = natural(digits);

    return gwapi__natural_compare(n, &m) == 0;
}

// `count` times the digit, and room for one more character.
static char *repeat(char digit, size_t count)
{
    char *text = malloc(count + 2);

    memset(text, digit, count);
    text[count] = text[count + 1] = '\0';
    return text;
}

Test(cel_natural, digits_are_read_and_others_skipped)
{
    gwapi__natural n = natural("-00012.345678901234567890");

    cr_expect_eq(n.count, 3);
    cr_expect(is(&n, "12345678901234567890"));
    n = natural("000.000");
    cr_expect_eq(n.count, 0);
    gwapi__natural_set(&n, UINT64_MAX);
    cr_expect(is(&n, "18446744073709551615"));
    gwapi__natural_set(&n, 0);
    cr_expect(is(&n, ""));
}

Test(cel_natural, numbers_are_added_subtracted_and_multiplied)
{
    gwapi__natural n = natural("999999999999999999"), m = natural("1"), zero = natural("0");

    cr_expect(gwapi__natural_add(&n, &m));
    cr_expect(is(&n, "1000000000000000000"));
    cr_expect(gwapi__natural_add(&m, &n));
    cr_expect(is(&m, "1000000000000000001"));
    gwapi__natural_subtract(&n, &zero);
    m = natural("1");
    gwapi__natural_subtract(&n, &m);
    cr_expect(is(&n, "999999999999999999"));
    gwapi__natural_subtract(&n, &n);
    cr_expect_eq(n.count, 0);
    n = natural("123456789123456789");
    cr_expect(gwapi__natural_times(&n, 4000000000u, 7));
    cr_expect(is(&n, "493827156493827156000000007"));
}

Test(cel_natural, digits_are_appended_and_cut_off)
{
    gwapi__natural n = natural("12345"), zero = natural("0");

    cr_expect(gwapi__natural_shift(&n, 20));
    cr_expect(is(&n, "1234500000000000000000000"));
    cr_expect_not(gwapi__natural_cut(&n, 20));
    cr_expect(is(&n, "12345"));
    cr_expect(gwapi__natural_cut(&n, 3));
    cr_expect(is(&n, "12"));
    cr_expect(gwapi__natural_cut(&n, 1000000));
    cr_expect_eq(n.count, 0);
    cr_expect(gwapi__natural_shift(&zero, UINT64_MAX));
    cr_expect_eq(zero.count, 0);
    n = natural("5000000001");
    cr_expect(gwapi__natural_cut(&n, 9));
    cr_expect(is(&n, "5"));
}

Test(cel_natural, numbers_compare_by_their_highest_digits)
{
    gwapi__natural a = natural("2000000000000000000"), b = natural("1999999999999999999"),
                   c = natural("5");

    cr_expect_gt(gwapi__natural_compare(&a, &b), 0);
    cr_expect_lt(gwapi__natural_compare(&b, &a), 0);
    cr_expect_eq(gwapi__natural_compare(&a, &a), 0);
    cr_expect_lt(gwapi__natural_compare(&c, &a), 0);
    cr_expect_gt(gwapi__natural_compare(&a, &c), 0);
}

Test(cel_natural, what_is_too_large_is_told)
{
    char *nines = repeat('9', ALL_DIGITS);
    gwapi__natural n = natural(nines), m = natural("1"), full = natural(nines);

    cr_expect_not(gwapi__natural_add(&n, &m));
    n = full;
    cr_expect_not(gwapi__natural_times(&n, 2, 0));
    n = full;
    cr_expect_not(gwapi__natural_shift(&n, 1));
    n = full;
    cr_expect_not(gwapi__natural_shift(&n, UINT64_MAX));
    nines[ALL_DIGITS] = '9';
    cr_expect_not(gwapi__natural_read(&n, gwapi__str_of(nines)));
    free(nines);
}

Test(cel_natural, doubles_are_the_nearest)
{
    static const struct {
        const char *digits;
        double value;
    } cases[] = {{"0", 0},
                 {"1", 1},
                 {"9007199254740993", 9007199254740992.0}, // a tie
                 {"90071992547409930", 90071992547409930.0},
                 {"18446744073709551615", 18446744073709551616.0},
                 {"123456789012345678901234567890", 123456789012345678901234567890.0}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gwapi__natural n = natural(cases[i].digits);
        cr_expect_eq(gwapi__natural_double(&n), cases[i].value, "%s", cases[i].digits);
    }
    for (size_t digits = 309; digits < 400; digits += 45) {
        char *ones = repeat('1', digits);
        gwapi__natural n = natural(ones);
        cr_expect_eq(isinf(gwapi__natural_double(&n)) != 0, digits > 309, "%zu", digits);
        free(ones);
    }
}
