#include <stdio.h>
#include "regex/support.h"

Test(regex, the_budget_is_spent_by_a_call_and_its_bytes_whatever_the_engine)
{
    static const char *const patterns[] = {"abc", "^a.*c$", "(a|b)+c", "(a|aa)+$"};

    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        for (size_t e = 0; e < TEST_ENGINES; e++) {
            test_pattern p;
            uint32_t budget = 8;
            gwapi__regex_span span;
            gwapi_str text = GWAPI__STR("abc");
            cr_assert_eq(test_compile(&p, gwapi__str_of(patterns[i]), test_engines[e].flags), 0);
            gwapi__regex_answer expected = i < 3 ? GWAPI__REGEX_MATCH : GWAPI__REGEX_MISS;
            cr_expect_eq(gwapi__regex_search(p.regex, p.scratch, text, &budget), expected);
            cr_expect_eq(budget, 4);
            cr_expect_eq(gwapi__regex_full(p.regex, p.scratch, text, &budget), expected);
            cr_expect_eq(budget, 0);
            cr_expect_eq(gwapi__regex_search(p.regex, p.scratch, text, &budget), GWAPI__REGEX_SPENT);
            cr_expect_eq(budget, 0);
            budget = 3;
            cr_expect_eq(gwapi__regex_full(p.regex, p.scratch, text, &budget), GWAPI__REGEX_SPENT);
            cr_expect_eq(budget, 0);
            budget = 3;
            cr_expect_eq(gwapi__regex_find(&span, p.regex, p.scratch, text, 0, &budget),
                         GWAPI__REGEX_SPENT);
            test_release(&p);
        }
    }
}

Test(regex, the_prefix_is_what_every_match_begins_with)
{
    static const struct {
        const char *pattern, *prefix;
        bool whole;
    } rows[] = {
        {"", "", true},
        {"abc", "abc", true},
        {"^abc$", "abc", true},
        {"(abc)", "abc", true},
        {"(?:a(b)c)", "abc", true},
        {"^", "", true},
        {"$", "", true},
        {"a{3}b", "aaab", true},
        {"a{3,}b", "aaa", false},
        {"a+b", "a", false},
        {"a*b", "", false},
        {"/api/v[0-9]+/", "/api/v", false},
        {"/(foo|bar)", "/", false},
        {"foo|foo", "", false},
        {"(?i)abc", "", false},
        {"(?i)123", "123", true},
        {"ab(c.)d", "abc", false},
        {"\xc3\xa9.", "\xc3\xa9", false},
        {"a\\x{fffd}", "a", false},
        {"a\\x{d800}", "a", false},
        {"a\\bb", "a", false},
        {"a$b", "a", false},
        {"(?:ab{2}){2}", "abbabb", true},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_pattern p;
        bool whole;
        cr_assert_eq(test_compile(&p, gwapi__str_of(rows[i].pattern), GWAPI__REGEX_NO_PCRE2), 0);
        gwapi_str prefix = gwapi__regex_prefix(p.regex, &whole);
        cr_expect(gwapi__str_eq(prefix, gwapi__str_of(rows[i].prefix)), "%s: %.*s",
                  rows[i].pattern, GWAPI__FMT(prefix));
        cr_expect_eq(whole, rows[i].whole, "%s", rows[i].pattern);
        test_release(&p);
    }
}

/* As FindAll walks: from the end of each match. */
Test(regex, finding_goes_on_behind_a_match_and_still_sees_what_is_before_it)
{
    static const struct {
        const char *pattern, *text, *found;
    } rows[] = {
        {"a+", "aa b aaa", "0-2 5-8 "},
        {"\\bfoo\\b", "foo foofoo foo", "0-3 11-14 "},
        {"^a", "aaa", "0-1 "},
        {"(?m)^a", "a\na\nba", "0-1 2-3 "},
        {"\\Ba", "aaba", "1-2 3-4 "},
        {"\xc3\xa9", "a\xc3\xa9\xc3\xa9", "1-3 3-5 "},
        {"\\b.", "\xc3\xa9" "a\xe6\x97" "b", "2-3 3-4 5-6 "},
        {"[^a]", "\xff" "a\xe6\x97", "0-1 2-3 3-4 "},
        {"x", "aaa", ""},
        {"a$", "aaa", "2-3 "},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_pattern p;
        char found[128] = "";
        gwapi_str text = gwapi__str_of(rows[i].text);
        gwapi__regex_span span = {0, 0};
        cr_assert_eq(test_compile(&p, gwapi__str_of(rows[i].pattern), 0), GWAPI_OK);
        while (gwapi__regex_find(&span, p.regex, p.scratch, text, span.end, NULL) ==
               GWAPI__REGEX_MATCH)
            snprintf(found + strlen(found), sizeof found - strlen(found), "%zu-%zu ", span.start,
                     span.end);
        cr_expect_str_eq(found, rows[i].found, "%s", rows[i].pattern);
        test_release(&p);
    }
}

Test(regex, a_refusal_tells_why_and_where)
{
    static const struct {
        const char *pattern, *blamed;
    } rows[] = {
        {"ab(c", "(c"},          {"ab)c", ")"},           {"a[z-b]", "z-b"},
        {"a[bc", "[bc"},         {"a**", "*"},            {"*a", "*"},
        {"a{1001}", "{1001}"},   {"a{2,1}b", "{2,1}"},    {"(a{100}){11}b", "{11}"},
        {"a\\8b", "\\8"},        {"a\\1", "\\1"},         {"a\\", "\\"},
        {"\\x{110000}", "\\x{110000"}, {"\\pXb", "\\pX"}, {"\\p{Foo}b", "\\p{Foo}"},
        {"a\\p{Foo", "\\p{Foo"}, {"[[:foo:]]", "[:foo:]"}, {"(?=a)", "(?="},
        {"(?P<n-m>a)", "(?P<n"}, {"a\xff" "b", "\xff"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi__regex *regex;
        gwapi__regex_error error;
        gwapi_str pattern = gwapi__str_of(rows[i].pattern);
        cr_assert_eq(gwapi__regex_compile(&regex, NULL, pattern, 0, 0, NULL), GWAPI_EREGEX);
        cr_assert_eq(gwapi__regex_compile(&regex, NULL, pattern, 0, 0, &error), GWAPI_EREGEX);
        cr_expect_null(regex);
        cr_expect_gt(strlen(error.message), 10);
        gwapi_str blamed = gwapi__str_sub(pattern, error.offset, error.length);
        cr_expect(gwapi__str_eq(blamed, gwapi__str_of(rows[i].blamed)), "%s blames %.*s: %s",
                  rows[i].pattern, GWAPI__FMT(blamed), error.message);
    }
}

Test(regex, the_pattern_is_not_kept)
{
    char pattern[] = "^(foo|bar)/[a-z]+$";
    test_pattern p;

    cr_assert_eq(test_compile(&p, gwapi__str_of(pattern), 0), GWAPI_OK);
    memset(pattern, 'x', sizeof pattern);
    cr_expect(test_full(&p, GWAPI__STR("foo/abc")));
    cr_expect_not(test_full(&p, GWAPI__STR("foo/123")));
    test_release(&p);
}

Test(regex, a_pattern_and_a_text_may_hold_nul)
{
    test_pattern p;

    cr_assert_eq(test_compile(&p, GWAPI__STR("a\0b"), 0), GWAPI_OK);
    cr_expect(test_full(&p, GWAPI__STR("a\0b")));
    cr_expect_not(test_full(&p, GWAPI__STR("a\0c")));
    cr_expect_not(test_search(&p, (gwapi_str){NULL, 0}));
    test_release(&p);
}

Test(regex, scripts_of_two_words_are_known_as_re2_names_them)
{
    test_pattern p;

    cr_assert_eq(test_compile(&p, GWAPI__STR("^\\p{Old_Italic}+$"), 0), GWAPI_OK);
    cr_expect(test_search(&p, GWAPI__STR("\xf0\x90\x8c\x80")));
    cr_expect_not(test_search(&p, GWAPI__STR("a")));
    test_release(&p);
}

Test(regex, a_surrogate_matches_nothing)
{
    static const char *const patterns[] = {"\\x{d800}", "^\\x{d800}", "^\\x{dfff}$",
                                           "[\\x{d800}-\\x{dfff}]"};
    static const char *const texts[] = {"", "\xed\xa0\x80", "\xef\xbf\xbd", "\xff"};

    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        for (size_t e = 0; e < TEST_ENGINES; e++) {
            test_pattern p;
            cr_assert_eq(test_compile(&p, gwapi__str_of(patterns[i]), test_engines[e].flags), 0);
            for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
                cr_expect_not(test_search(&p, gwapi__str_of(texts[t])), "%s, text %zu, %s",
                              patterns[i], t, test_engines[e].name);
            test_release(&p);
        }
    }
}
