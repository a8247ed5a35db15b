/* Which programs become a table, and that it answers as the simulation does. */
#include "regex/shape.h"
#include "regex/support.h"
#include "regex/table.h"

static void table_of(gwapi__regex_table *table, gwapi__arena *arena, const char *pattern)
{
    gwapi_allocator allocator;
    gwapi__regex_scan scan = {.pattern = gwapi__str_of(pattern)};
    gwapi__regex_program program = {.count = 0};
    const gwapi__regex_node *root;
    gwapi__shape shape;

    cr_assert_eq(gwapi__allocator_init(&allocator, NULL), GWAPI_OK);
    gwapi__arena_init(arena, &allocator);
    cr_assert_eq(gwapi__regex_parse(&root, arena, &scan, 4096), GWAPI_OK, "%s", pattern);
    cr_assert_eq(gwapi__program_build(&program, arena, root), GWAPI_OK);
    cr_assert_eq(gwapi__shape_init(&shape, arena, root), GWAPI_OK);
    program.anchored = shape.begins;
    cr_assert_eq(gwapi__table_init(table, arena, &program), GWAPI_OK);
}

Test(regex_table, short_patterns_become_one)
{
    static const struct {
        const char *pattern;
        bool fit;
    } rows[] = {
        {"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", true},
        {"a|b", true},
        {"", true},
        {"(?s)a.b.*", true},
        {"[^a]", true},
        {"\\Aa\\z", true},
        {"(?m)^a", false},     /* lines */
        {"a(?m)$", false},
        {"a\\b", false},       /* words */
        {"a\\B", false},
        {"a{200}", false},     /* code */
        {"(a|b)*a(a|b){9}", false}, /* states */
        {"a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q|r|s|t|u|v|w|x|y|z|0|1|2|3|4|5", true},
        {"aA|bB|cC|dD|eE|fF|gG|hH|iI|jJ|kK|lL|mM|nN|oO|pP|q", false}, /* columns */
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi__regex_table table;
        gwapi__arena arena;
        table_of(&table, &arena, rows[i].pattern);
        cr_expect_eq(table.next != NULL, rows[i].fit, "%s", rows[i].pattern);
        gwapi__arena_free(&arena);
    }
}

Test(regex_table, it_answers_for_ascii_alone)
{
    static const struct {
        const char *pattern, *text;
        gwapi__table_answer answer;
    } rows[] = {
        {"^a+$", "aaa", GWAPI__TABLE_MATCH},
        {"^a+$", "aab", GWAPI__TABLE_MISS},
        {"^a+$", "", GWAPI__TABLE_MISS},
        {"^a+$", "a\xc3\xa4", GWAPI__TABLE_UNKNOWN},
        {"^a+$", "b\xc3\xa4", GWAPI__TABLE_MISS}, /* by then it is decided */
        {"a.", "xay\xc3\xa4", GWAPI__TABLE_MATCH},
        {"a.", "xa\n", GWAPI__TABLE_MISS},
        {"(?s)a.", "xa\n", GWAPI__TABLE_MATCH},
        {"\xc3\xa4|b", "ab", GWAPI__TABLE_MATCH},
        {"$^", "", GWAPI__TABLE_MATCH},
        {"$^", "a", GWAPI__TABLE_MISS},
        {"a$|^b", "ba", GWAPI__TABLE_MATCH},
        {"a$|^b", "ab", GWAPI__TABLE_MISS},
        {"", "x", GWAPI__TABLE_MATCH},
        {"[^\\x00-\\x{10ffff}]", "x", GWAPI__TABLE_MISS},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi__regex_table table;
        gwapi__arena arena;
        table_of(&table, &arena, rows[i].pattern);
        cr_assert_not_null(table.next, "%s", rows[i].pattern);
        cr_expect_eq(gwapi__table_search(&table, gwapi__str_of(rows[i].text)), rows[i].answer,
                     "%s in %s", rows[i].pattern, rows[i].text);
        gwapi__arena_free(&arena);
    }
}

/* Every text of up to six letters of a small alphabet. */
Test(regex_table, it_answers_as_the_simulation_does)
{
    static const char *const patterns[] = {
        "^a(b|-)*a$", "ab|b-a", "(a|ab)+$", "^(a|b$)*-", "(^|-)a($|b)", "a?$^b?", "[^a]a{2,3}",
    };
    static const char letters[] = "ab-.";

    for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++) {
        test_pattern with, without;
        char text[7];
        cr_assert_eq(test_compile(&with, gwapi__str_of(patterns[p]), GWAPI__REGEX_TABLE), 0);
        cr_assert_eq(test_compile(&without, gwapi__str_of(patterns[p]), GWAPI__REGEX_SIMULATE),
                     0);
        for (uint32_t n = 0; n < 4096 * 7; n++) {
            size_t len = n / 4096;
            for (size_t i = 0; i < len; i++)
                text[i] = letters[n % 4096 >> 2 * i & 3];
            cr_assert_eq(test_search(&with, gwapi__str(text, len)),
                         test_search(&without, gwapi__str(text, len)), "%s in %.*s", patterns[p],
                         (int)len, text);
        }
        test_release(&with);
        test_release(&without);
    }
}
