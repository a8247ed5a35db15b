/* Which patterns need no engine, and that they answer as one would. */
#include "regex/shape.h"
#include "regex/support.h"

static void shape_of(gwapi__shape *shape, gwapi__arena *arena, const char *pattern)
{
    gwapi_allocator allocator;
    gwapi__regex_scan scan = {.pattern = gwapi__str_of(pattern)};
    const gwapi__regex_node *root;

    cr_assert_eq(gwapi__allocator_init(&allocator, NULL), GWAPI_OK);
    gwapi__arena_init(arena, &allocator);
    cr_assert_eq(gwapi__regex_parse(&root, arena, &scan, 4096), GWAPI_OK, "%s", pattern);
    cr_assert_eq(gwapi__shape_init(shape, arena, root), GWAPI_OK);
}

Test(regex_shape, common_patterns_have_a_shape)
{
    static const struct {
        const char *pattern;
        gwapi__shape_kind kind;
        bool begins, ends;
    } rows[] = {
        {"", GWAPI__SHAPE_TEXTS, false, false},
        {"abc", GWAPI__SHAPE_TEXTS, false, false},
        {"^abc", GWAPI__SHAPE_TEXTS, true, false},
        {"abc$", GWAPI__SHAPE_TEXTS, false, true},
        {"^abc$", GWAPI__SHAPE_TEXTS, true, true},
        {"(^abc$)", GWAPI__SHAPE_TEXTS, true, true},
        {"^$", GWAPI__SHAPE_TEXTS, true, true},
        {"$", GWAPI__SHAPE_TEXTS, false, true},
        {"^^a", GWAPI__SHAPE_TEXTS, true, false},
        {"foo|bar|", GWAPI__SHAPE_TEXTS, false, false},
        {"^(foo|(bar))$", GWAPI__SHAPE_TEXTS, true, true},
        {"^foo|bar$", GWAPI__SHAPE_NONE, false, false},
        {"^foo|^bar", GWAPI__SHAPE_NONE, true, false},
        {"(^foo|^b.r$)+", GWAPI__SHAPE_NONE, true, false},
        {"(^foo)*", GWAPI__SHAPE_NONE, false, false},
        {"/[^/]+", GWAPI__SHAPE_RUN, false, false},
        {"^/users/[^/]+/x$", GWAPI__SHAPE_RUN, true, true},
        {"^(\\w*)$", GWAPI__SHAPE_RUN, true, true},
        {"a+", GWAPI__SHAPE_RUN, false, false},
        {"x(a)+", GWAPI__SHAPE_RUN, false, false},
        {".*\\.html", GWAPI__SHAPE_RUN, false, false},
        {"(?s).*\\.html", GWAPI__SHAPE_RUN, false, false},
        {"v[12]", GWAPI__SHAPE_RUN, false, false},
        {"[0-9]{1,3}x", GWAPI__SHAPE_RUN, false, false},
        {"a.*b.*c", GWAPI__SHAPE_NONE, false, false},
        {"a(b.)+c", GWAPI__SHAPE_NONE, false, false},
        {"a\\bc", GWAPI__SHAPE_NONE, false, false},
        {"foo|b.r", GWAPI__SHAPE_NONE, false, false},
        {"x(foo|bar)", GWAPI__SHAPE_NONE, false, false},
        {"ab|cd|ef|gh|ij|kl|mn|op|qr|st|uv|wx|yz|01|23|45|67|89|AB|CD|EF|GH|IJ|KL|MN|OP|QR|ST|UV|WX|YZ|"
         "aa|bb", GWAPI__SHAPE_NONE, false, false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi__shape shape;
        gwapi__arena arena;
        shape_of(&shape, &arena, rows[i].pattern);
        cr_expect_eq(shape.kind, rows[i].kind, "%s: %d", rows[i].pattern, (int)shape.kind);
        cr_expect_eq(shape.begins, rows[i].begins, "%s begins", rows[i].pattern);
        cr_expect_eq(shape.ends, rows[i].ends, "%s ends", rows[i].pattern);
        gwapi__arena_free(&arena);
    }
}

Test(regex_shape, a_shape_answers_as_the_simulation_does)
{
    static const char *const patterns[] = {
        "", "abc", "^abc", "abc$", "^abc$", "foo|bar|", "^(?:foo|bar)$", "(?:foo|bar)$", "/[^/]+",
        "^/a/[^/]+/b$", "^\\w*$", "a+", ".*c", "(?s)a.*c", "[0-9]{1,3}c", "a[\\x{fffd}b]*c", "a.{2}c",
        "a[^b]{0,2}c", "\xc3\xa9.\xc3\xa9",
    };
    static const char *const texts[] = {
        "", "abc", "xabc", "abcx", "foo", "bar", "xfoo", "foobar", "/", "/a", "//", "/a/b", "/a//b",
        "/a/x/b", "/a/x/y/b", "a", "aaa", "ab", "ac", "a\nc", "\nc", "1c", "123c", "1234c", "a\xff" "c",
        "a\xe6\x97" "c", "a\xef\xbf\xbd" "c", "axyc", "axyzc", "\xc3\xa9\xc3\xa9", "\xc3\xa9x\xc3\xa9",
        "\xc3\xa9\xc3\xc3\xa9",
    };

    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        test_pattern shape, reference;
        gwapi_str pattern = gwapi__str_of(patterns[i]);
        cr_assert_eq(test_compile(&shape, pattern, GWAPI__REGEX_NO_PCRE2), GWAPI_OK);
        cr_assert_eq(test_compile(&reference, pattern, GWAPI__REGEX_SIMULATE), GWAPI_OK);
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
            gwapi_str text = gwapi__str_of(texts[t]);
            cr_expect_eq(test_search(&shape, text), test_search(&reference, text), "%s: search %s",
                         patterns[i], texts[t]);
            cr_expect_eq(test_full(&shape, text), test_full(&reference, text), "%s: full %s",
                         patterns[i], texts[t]);
        }
        test_release(&shape);
        test_release(&reference);
    }
}
