#include <criterion/criterion.h>

#include "base/slice.h"
#include "base/utf8.h"

Test(base_utf8, sequences_are_read_as_go_reads_them)
{
    static const struct {
        const char *bytes;
        int valid;
        uint32_t rune;
        size_t step;
    } rows[] = {{"a", 1, 'a', 1},
                {"\xc3\xa4", 1, 0xe4, 2},
                {"\xe2\x82\xac", 1, 0x20ac, 3},
                {"\xf0\x9f\x98\x80", 1, 0x1f600, 4},
                {"\xf4\x8f\xbf\xbf", 1, 0x10ffff, 4},
                {"\xc0\x80", 0, 0xfffd, 1},
                {"\xc1\xbf", 0, 0xfffd, 1},
                {"\xe0\x80\x80", 0, 0xfffd, 1},
                {"\xed\xa0\x80", 0, 0xfffd, 1},
                {"\xf0\x80\x80\x80", 0, 0xfffd, 1},
                {"\xf4\x90\x80\x80", 0, 0xfffd, 1},
                {"\xf5\x80\x80\x80", 0, 0xfffd, 1},
                {"\x80", 0, 0xfffd, 1},
                {"\xe2\x82", 0, 0xfffd, 1},
                {"\xe2(\xa1", 0, 0xfffd, 1}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t rune;
        size_t step;
        bool valid = gwapi__utf8_step(gwapi__str_of(rows[i].bytes), &rune, &step);
        cr_expect(valid == (rows[i].valid != 0) && rune == rows[i].rune && step == rows[i].step,
                  "row %zu: %d %x %zu", i, valid, rune, step);
    }
}

Test(base_utf8, encoding_is_the_inverse)
{
    for (uint32_t rune = 0; rune <= 0x10ffff; rune += 7) {
        char bytes[4];
        uint32_t back;
        size_t step, n = gwapi__utf8_encode(rune, bytes);
        cr_assert(gwapi__utf8_step(gwapi__str(bytes, n), &back, &step));
        cr_assert_eq(step, n);
        cr_assert_eq(back, rune >= 0xd800 && rune <= 0xdfff ? GWAPI__RUNE_ERROR : rune);
    }
}

Test(base_utf8, counts_and_widths)
{
    cr_expect_eq(gwapi__utf8_count(GWAPI__STR("a\xc3\xa4\xff")), 3);
    cr_expect(gwapi__utf8_valid(GWAPI__STR("a\xc3\xa4")));
    cr_expect(!gwapi__utf8_valid(GWAPI__STR("a\xff")));
    cr_expect_eq(gwapi__utf8_width(GWAPI__STR("ab")), 2);
    cr_expect_eq(gwapi__utf8_width(GWAPI__STR("e\xcc\x81")), 1, "a combining accent");
    cr_expect_eq(gwapi__utf8_width(GWAPI__STR("\xe6\xbc\xa2")), 2, "a wide character");
    cr_expect_eq(gwapi__utf8_width(GWAPI__STR("\xf0\x9f\x98\x80")), 2, "an emoji");
}

Test(base_utf8, white_space_of_unicode_is_cut_off_at_both_ends)
{
    static const char *const rows[][2] = {
        {"", ""},
        {" \t\n\v\f\r", ""},
        {"a", "a"},
        {" a b ", "a b"},
        {"\xc2\xa0"
         "a\xe2\x80\x83\xe3\x80\x80",
         "a"},
        {"\xc2\x85\xe1\x9a\x80\xe2\x80\xa8\xe2\x80\xaf\xe2\x81\x9f", ""},
        {"\xe2\x80\x8b"
         "a",
         "\xe2\x80\x8b"
         "a"}, /* a joiner is no white space */
        {" \xff ", "\xff"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect(gwapi__str_eq(gwapi__utf8_trim(gwapi__str_of(rows[i][0])),
                                gwapi__str_of(rows[i][1])),
                  "%zu", i);
}
