#include "regex/support.h"
#include "regex/translate.h"

static bool translated(gwapi__text *out, const char *pattern, bool full, bool anchored)
{
    gwapi_allocator allocator;
    gwapi__arena arena;
    gwapi__regex_scan scan = {.pattern = gwapi__str_of(pattern)};
    const gwapi__regex_node *root;

    cr_assert_eq(gwapi__allocator_init(&allocator, NULL), GWAPI_OK);
    gwapi__arena_init(&arena, &allocator);
    gwapi__text_init(out, &allocator);
    cr_assert_eq(gwapi__regex_parse(&root, &arena, &scan, 4096), GWAPI_OK, "%s", pattern);
    bool worth = gwapi__translate(out, root, full, anchored);
    gwapi__arena_free(&arena);
    return worth;
}

Test(regex_translate, nothing_is_left_to_what_pcre2_means)
{
    static const struct {
        const char *pattern, *translated; /* inside (?:) */
    } rows[] = {
        {"abc", "abc"},
        {"a.b", "a\\Nb"},
        {"(?s)a.b", "a.b"},
        {"^a$", "\\Aa\\z"},
        {"(?m)^a$", "(?m:^)a(?m:$)"},
        {"\\ba\\B", "\\ba\\B"},
        {"(a|bc)", "(?:a|bc)"},
        {"(?P<n>a)", "(?:a)"},
        {"x(?:a|bc)y", "x(?:a|bc)y"},
        {"a*b+?c{2,3}d{4,}e{5}", "a{0,}b{1,}?c{2,3}d{4,}e{5}"},
        {"(ab)*", "(?:(?:ab)){0,}"},
        {"(?:\\b)?a", "(?:\\b){0,1}a"},
        {"a{0}b", "b"},
        {"(?i)a1", "[\\x{41}\\x{61}]1"},
        {"\\d-", "[\\x{30}-\\x{39}]\\x{2d}"},
        {"\\x{d800}", "[^\\x{0}-\\x{10ffff}]"},
        {"[\\x{d000}-\\x{dfff}]", "[\\x{d000}-\\x{d7ff}]"},
        {"[\\x{d800}-\\x{e001}]", "[\\x{e000}-\\x{e001}]"},
        {"[\\x{d801}-\\x{d805}a]", "[\\x{61}]"},
        {"[\\x{d801}-\\x{d805}]", "[^\\x{0}-\\x{10ffff}]"},
        {"[^\\x00-\\x{10ffff}]", "[^\\x{0}-\\x{10ffff}]"},
        {"[^\\n]", "\\N"},
        {"\xc3\xa9", "\\x{e9}"},
        {"\\x{10ffff}", "\\x{10ffff}"},
        {"a||b", "a||b"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi__text text;
        cr_expect(translated(&text, rows[i].pattern, false, true));
        gwapi_str inside = gwapi__str_sub(gwapi__text_str(&text), 3, text.len - 4);
        cr_expect(gwapi__str_eq(inside, gwapi__str_of(rows[i].translated)), "%s: %.*s",
                  rows[i].pattern, GWAPI__FMT(inside));
        gwapi__text_free(&text);
    }
}

Test(regex_translate, a_search_starts_at_the_begin_and_a_full_match_ends_at_the_end)
{
    gwapi__text text;

    cr_expect(translated(&text, "a", false, false));
    cr_expect(gwapi__str_eq(gwapi__text_str(&text), GWAPI__STR(".*?(?:a)")));
    gwapi__text_free(&text);
    cr_expect(translated(&text, "a", true, true));
    cr_expect(gwapi__str_eq(gwapi__text_str(&text), GWAPI__STR("(?:a)\\z")));
    gwapi__text_free(&text);
}

Test(regex_translate, a_pattern_that_gets_too_long_is_given_up)
{
    gwapi__text text;

    cr_expect_not(translated(&text, "\\pL\\pL\\pL\\pL\\pL\\pL\\pL\\pL", true, true));
    gwapi__text_free(&text);
}
