#include <criterion/criterion.h>
#include <stdlib.h>
#include "image/segments.h"

/* Numbers without a pattern, the same each time. */
static uint64_t next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* Where the n-th segment of a path ends: its n-th '/', a leading one not counted, or its end. */
static size_t end_of(const char *path, size_t size, size_t n)
{
    size_t at = size != 0 && path[0] == '/';

    for (; at < size; at++)
        if (path[at] == '/' && --n == 0)
            return at;
    return size;
}

static size_t depth_of(const char *path, size_t size)
{
    size_t depth = size != 0;

    for (size_t at = 1; at < size; at++)
        depth += path[at] == '/';
    return depth;
}

/* `text` is looked at up to its first '?'. */
static void check(const char *text, size_t size)
{
    const char *query = size != 0 ? memchr(text, '?', size) : NULL;
    size_t end = query != NULL ? (size_t)(query - text) : size;
    gwapi__segments segments;

    cr_assert_eq(gwapi__segments_set(&segments, text, size), end, "%.*s", (int)size, text);
    cr_assert_eq(segments.whole, gwapi__index_text(text, end), "%.*s", (int)size, text);
    cr_assert_eq(segments.depth, depth_of(text, end), "%.*s", (int)size, text);
    cr_assert_eq(segments.end[0], 0);
    cr_assert_eq(gwapi__segments_hash(&segments, 0), gwapi__index_text(text, 0));
    for (size_t n = 1; n <= segments.depth && n < GWAPI__INDEX_DEEPEST; n++) {
        cr_assert_eq(segments.end[n], end_of(text, end, n), "%.*s: %zu", (int)size, text, n);
        cr_assert_eq(gwapi__segments_hash(&segments, n),
                     gwapi__index_text(text, segments.end[n]), "%.*s: %zu", (int)size, text, n);
    }
}

Test(image_segments, a_path_is_cut_where_its_slashes_are)
{
    static const char *const paths[] = {"",    "/",    "a",     "a/",      "//",     "/a/",
                                        "/a",  "/a/b", "a//b/", "/a?b/c",  "?",      "/?",
                                        "?/a", "//?",  "/a/?/", "/a/b/c/", "/1234567"};

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        check(paths[i], strlen(paths[i]));
    check(NULL, 0);
}

/* The text is the last of its block, so that sanitizers see a byte too many. */
Test(image_segments, each_length_and_place_is_cut_like_any_other)
{
    static const char letters[] = "/?abc/xyz\x80\xaf\xbf";
    uint64_t state = 7;

    for (int round = 0; round < 200; round++) {
        for (size_t size = 1; size < 150; size++) {
            size_t kinds = round % 2 == 0 ? sizeof letters - 1 : 4;
            char *text = malloc(size);
            cr_assert_not_null(text);
            for (size_t i = 0; i < size; i++) {
                text[i] = letters[next(&state) % kinds];
                if (text[i] == '?' && next(&state) % 64 != 0)
                    text[i] = 'q';
            }
            check(text, size);
            free(text);
        }
    }
}

Test(image_segments, bits_are_found_from_both_ends)
{
    for (uint32_t i = 0; i < 64; i++) {
        cr_assert_eq(gwapi__lowest_bit(UINT64_C(1) << i), i);
        cr_assert_eq(gwapi__lowest_bit(UINT64_MAX << i), i);
        cr_assert_eq(gwapi__bit_count(UINT64_MAX << i), 64 - i);
        if (i < 32)
            cr_assert_eq(gwapi__highest_bit(UINT32_MAX >> i), 31 - i);
    }
    cr_assert_leq(gwapi__lowest_bit(0), 63u);
    cr_assert_eq(gwapi__bit_count(0), 0);
}
