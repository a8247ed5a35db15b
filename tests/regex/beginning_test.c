/* What matches of a pattern begin with. */
#include "regex/beginning.h"
#include "regex/support.h"

static void beginnings_text(char *out, const gwapi__beginnings *set)
{
    *out = '\0';
    for (size_t i = 0; i < set->count; i++) {
        strcat(out, i == 0 ? "" : " ");
        strncat(out, set->items[i].text, set->items[i].len);
    }
}

Test(regex_beginning, every_match_begins_with_one_of_the_texts)
{
    static const struct {
        const char *pattern, *beginnings;
    } rows[] = {
        {"", ""},
        {"/a/b", "/a/b"},
        {"^/a/b$", "/a/b"},
        {"/a/[0-9]+", "/a/"},
        {"/a/v[1-9](/.*)?", "/a/v"},
        {"/(en|de|fr)/shop/.*", "/en/shop/ /de/shop/ /fr/shop/"},
        {"(/a|/b)(/c|/d)/", "/a/c/ /a/d/ /b/c/ /b/d/"},
        {"(/a|/b.)/c", "/a/c /b"},
        {"/a(/b)?", "/a"},
        {"/a(/b){2}/c", "/a/b/b/c"},
        {"/a(/b){2,}/c", "/a/b/b"},
        {"(/a){0}/b", "/b"},
        {"(|/a)/b", "/b /a/b"},
        {".*", ""},
        {"/a|.*", "/a "},
        {"(?i)/ab/c", "/"},
        {"/x\\.y/é", "/x.y/é"},
        {"/a\\b/c", "/a"},
        {"/a^b", "/a"},
        {"(^/a|^/b)/c", "/a/c /b/c"},
        {"/a\xef\xbf\xbd", "/a"},
        {"/(1a|2b|3c)/(4a|5b|6c)/x", "/1a/ /2b/ /3c/"},
        {"/(1a|2b|3c|4d|5e|6f|7g|8h|9i)/x", "/"},
        {"/(1|2)/x", "/"},
        {"/(1a|(2b|(3c|(4d|5))))/x", "/1a/x /2b/x /3c/x /"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi__beginnings set;
        char text[GWAPI__BEGINNING_MOST * (GWAPI__BEGINNING_LONGEST + 1) + 1];
        gwapi_allocator allocator;
        cr_assert_eq(gwapi__allocator_init(&allocator, NULL), GWAPI_OK);
        cr_assert_eq(gwapi__regex_beginnings(&set, &allocator, gwapi__str_of(rows[i].pattern)),
                     GWAPI_OK);
        beginnings_text(text, &set);
        cr_expect_str_eq(text, rows[i].beginnings, "%s: [%s]", rows[i].pattern, text);
    }
}

Test(regex_beginning, a_long_one_ends_where_there_is_no_more_room)
{
    gwapi__beginnings set;
    gwapi_allocator allocator;

    cr_assert_eq(gwapi__allocator_init(&allocator, NULL), GWAPI_OK);
    cr_assert_eq(gwapi__regex_beginnings(&set, &allocator, GWAPI__STR("(/abc){100}")), GWAPI_OK);
    cr_expect_eq(set.count, 1);
    cr_expect_eq(set.items[0].len, GWAPI__BEGINNING_LONGEST);
    cr_assert_eq(gwapi__regex_beginnings(&set, &allocator, GWAPI__STR("(éé){100}")), GWAPI_OK);
    cr_expect_eq(set.items[0].len, 254, "no rune is cut");
}

Test(regex_beginning, a_pattern_that_is_none_or_too_large_is_told)
{
    gwapi__beginnings set;
    gwapi_allocator allocator;

    cr_assert_eq(gwapi__allocator_init(&allocator, NULL), GWAPI_OK);
    cr_expect_eq(gwapi__regex_beginnings(&set, &allocator, GWAPI__STR("(a")), GWAPI_EREGEX);
    cr_expect_eq(gwapi__regex_beginnings(&set, &allocator,
                                         GWAPI__STR("a{999}b{999}a{999}b{999}a{999}")),
                 GWAPI_ELIMIT);
}
