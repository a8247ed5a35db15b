#include <criterion/criterion.h>

#include "base/slice.h"

Test(base_slice, order_is_by_bytes_and_a_prefix_comes_first)
{
    static const struct {
        const char *a, *b;
        int sign;
    } rows[] = {{"", "", 0},     {"", "a", -1},      {"a", "ab", -1},       {"b", "ab", 1},
                {"a-b/x", "a/x", -1}, {"\xff", "a", 1}, {"same", "same", 0}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int c = gwapi__str_cmp(gwapi__str_of(rows[i].a), gwapi__str_of(rows[i].b));
        cr_expect_eq((c > 0) - (c < 0), rows[i].sign, "%s and %s", rows[i].a, rows[i].b);
    }
}

Test(base_slice, finding_and_cutting)
{
    gwapi_str s = GWAPI__STR("a.b.c"), head, tail;

    cr_expect_eq(gwapi__str_find(s, GWAPI__STR("b.")), 2);
    cr_expect_eq(gwapi__str_find(s, GWAPI__STR("x")), SIZE_MAX);
    cr_expect_eq(gwapi__str_find(s, GWAPI__STR("c.")), SIZE_MAX);
    cr_expect_eq(gwapi__str_find(s, GWAPI__STR("")), 0);
    cr_expect_eq(gwapi__str_find(GWAPI__STR("aab"), GWAPI__STR("ab")), 1);
    cr_expect_eq(gwapi__str_find_char(s, '.'), 1);
    cr_expect_eq(gwapi__str_rfind_char(s, '.'), 3);
    cr_expect_eq(gwapi__str_rfind_char(s, '/'), SIZE_MAX);
    cr_expect(gwapi__str_cut(s, '.', &head, &tail));
    cr_expect(gwapi__str_eq(head, GWAPI__STR("a")) && gwapi__str_eq(tail, GWAPI__STR("b.c")));
    cr_expect(!gwapi__str_cut(s, '/', &head, &tail));
    cr_expect(gwapi__str_eq(head, s) && !gwapi__str_present(tail));
    cr_expect(gwapi__str_eq(gwapi__str_sub(s, 4, 10), GWAPI__STR("c")));
    cr_expect_eq(gwapi__str_sub(s, 9, 1).len, 0);
    cr_expect(gwapi__str_starts(s, GWAPI__STR("a.")) && !gwapi__str_starts(s, GWAPI__STR("b")));
    cr_expect(gwapi__str_ends(s, GWAPI__STR(".c")) && gwapi__str_ends(s, GWAPI__STR("")));
    cr_expect(!gwapi__str_ends(s, GWAPI__STR("longer than it")));
    cr_expect(gwapi__str_eq(gwapi__str_trim(GWAPI__STR(" \tx y\t ")), GWAPI__STR("x y")));
    cr_expect_eq(gwapi__str_trim(GWAPI__STR(" \t ")).len, 0);
    cr_expect_null(gwapi__str_of(NULL).data);
}

Test(base_slice, case_folds_ascii_only)
{
    cr_expect(gwapi__str_eq_nocase(GWAPI__STR("X-Forwarded"), GWAPI__STR("x-fORWARDED")));
    cr_expect(!gwapi__str_eq_nocase(GWAPI__STR("a_b"), GWAPI__STR("a-b")));
    cr_expect(!gwapi__str_eq_nocase(GWAPI__STR("\xc3\x84"), GWAPI__STR("\xc3\xa4")));
    cr_expect(!gwapi__str_eq_nocase(GWAPI__STR("ab"), GWAPI__STR("abc")));
    cr_expect_eq(gwapi__hex('7'), 7);
    cr_expect_eq(gwapi__hex('F'), 15);
    cr_expect_eq(gwapi__hex('g'), -1);
}

Test(base_slice, numbers_fit_or_are_refused)
{
    static const struct {
        const char *text;
        int fits;
        int64_t value;
    } rows[] = {{"0", 1, 0},
                {"-1", 1, -1},
                {"9223372036854775807", 1, INT64_MAX},
                {"-9223372036854775808", 1, INT64_MIN},
                {"9223372036854775808", 0, 0},
                {"-9223372036854775809", 0, 0},
                {"18446744073709551616", 0, 0},
                {"", 0, 0},
                {"-", 0, 0},
                {"1 ", 0, 0},
                {"+1", 0, 0}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t value = 0;
        bool fits = gwapi__str_to_i64(gwapi__str_of(rows[i].text), &value);
        cr_expect_eq(fits, rows[i].fits != 0, "'%s'", rows[i].text);
        cr_expect_eq(value, rows[i].value, "'%s'", rows[i].text);
    }
}
