#include <criterion/criterion.h>

#include "base/slice.h"
#include "match/canonical.h"
#include <gatewayapi/match.h>

static const struct {
    const char *path, *canonical;
} paths[] = {{"/", "/"},
             {"/a", "/a"},
             {"/a/", "/a/"},
             {"/a/b", "/a/b"},
             {"//", "/"},
             {"//a///b//", "/a/b/"},
             {"/.", "/"},
             {"/./", "/"},
             {"/..", "/"},
             {"/../", "/"},
             {"/../a", "/a"},
             {"/a/.", "/a/"},
             {"/a/./b", "/a/b"},
             {"/a/..", "/"},
             {"/a/b/..", "/a/"},
             {"/a/b/../c", "/a/c"},
             {"/a/../../b", "/b"},
             {"/a/b/../../c/./d/", "/c/d/"},
             {"/a//../b", "/b"},
             {"/...", "/..."},
             {"/.a/..b", "/.a/..b"},
             {"/%2e%2E/a", "/a"},
             {"/a/%2e", "/a/"},
             {"/a/.%2e/b", "/b"},
             {"/%41%7e%2D", "/A~-"},
             {"/a%2fb", "/a%2Fb"},
             {"/a%2Fb/..", "/"},
             {"/%c3%a4", "/%C3%A4"},
             {"/%zz%2", "/%zz%2"},
             {"/%", "/%"},
             {"/%2%65%2%65/a", "/%2%65%2%65/a"},
             {"/%%32e", "/%%32e"},
             {"/%%32%45", "/%%32E"},
             {"/%2%67%61", "/%2ga"},
             {"/%%67%2e", "/%g."},
             {"/%/%41", "/%/A"},
             {"/%2/%65", "/%2/e"},
             {"/a;x=1/..;y", "/a;x=1/..;y"},
             {"*", "*"},
             {"a/../b", "a/../b"}};

Test(match_canonical, paths_have_one_canonical_form)
{
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        gwapi_str path = gwapi__str_of(paths[i].path);
        char out[64] = {0};
        size_t length = gwapi__canonical_length(path);
        cr_assert_leq(length, path.len == 0 ? 1 : path.len, "%s", paths[i].path);
        gwapi__canonical_copy(path, 0, length, out);
        cr_expect(gwapi__str_eq(gwapi__str(out, length), gwapi__str_of(paths[i].canonical)),
                  "%s gives %s, not %s", paths[i].path, out, paths[i].canonical);
        cr_expect_eq(gwapi__canonical_is(path), gwapi__str_eq(path, gwapi__str(out, length)),
                     "%s", paths[i].path);
        cr_expect(gwapi__canonical_is(gwapi__str(out, length)), "%s twice", paths[i].path);
    }
}

Test(match_canonical, any_part_can_be_copied_alone)
{
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        gwapi_str path = gwapi__str_of(paths[i].path);
        gwapi_str whole = gwapi__str_of(paths[i].canonical);
        for (size_t from = 0; from <= whole.len; from++)
            for (size_t to = from; to <= whole.len; to++) {
                char out[64] = {0};
                gwapi__canonical_copy(path, from, to, out);
                cr_expect(gwapi__str_eq(gwapi__str_of(out), gwapi__str_sub(whole, from, to - from)),
                          "%s from %zu to %zu", paths[i].path, from, to);
            }
    }
}

/* The plain way: a stack of segments, from left to right. */
static size_t by_stack(const char *path, char *out)
{
    const char *segments[64];
    size_t lengths[64], n = 0, length = 0;
    int slash = 0;

    for (const char *p = path; *p == '/';) {
        size_t len = 0;
        p++;
        while (p[len] != '\0' && p[len] != '/')
            len++;
        int dots = len <= 2 && len > 0 && p[0] == '.' && p[len - 1] == '.' ? (int)len : 0;
        slash = len == 0 || dots != 0;
        if (dots == 2)
            n -= n > 0;
        else if (len != 0 && dots == 0) {
            segments[n] = p;
            lengths[n++] = len;
        }
        p += len;
    }
    for (size_t i = 0; i < n; i++) {
        out[length++] = '/';
        for (size_t k = 0; k < lengths[i]; k++)
            out[length++] = segments[i][k];
    }
    if (length == 0 || slash)
        out[length++] = '/';
    return length;
}

Test(match_canonical, reading_backwards_equals_a_stack_read_forwards)
{
    static const char alphabet[] = {'/', '/', '.', '.', 'a', 'b'};
    unsigned state = 7;

    for (int round = 0; round < 200000; round++) {
        char path[16] = "/", expected[64], actual[64];
        size_t n = 1;
        for (; n < 3 + (state >> 8) % 12; n++) {
            state = state * 1103515245 + 12345;
            path[n] = alphabet[(state >> 16) % sizeof alphabet];
        }
        path[n] = '\0';
        size_t length = by_stack(path, expected);
        cr_assert_eq(gwapi__canonical_length(gwapi__str(path, n)), length, "%s", path);
        gwapi__canonical_copy(gwapi__str(path, n), 0, length, actual);
        cr_assert(memcmp(actual, expected, length) == 0, "%s", path);
        state = state * 1103515245 + 12345;
    }
}

Test(match_path, policies_refuse_change_or_keep_a_path)
{
    static const struct {
        const char *path;
        gwapi_path_policy policy;
        gwapi_result result;
        const char *out;
        uint32_t flags;
    } rows[] = {
        {"/a/../b?x=/../y", GWAPI_PATH_RAW, GWAPI_OK, "/a/../b?x=/../y", 3},
        {"/a/../b?x=/../y", GWAPI_PATH_NORMALIZE, GWAPI_OK, "/b?x=/../y", 3},
        {"/a/../b", GWAPI_PATH_REJECT, GWAPI_EINVALID, NULL, 3},
        {"/a%2fb", GWAPI_PATH_REJECT, GWAPI_EINVALID, NULL, 3},
        {"/a%2Fb", GWAPI_PATH_REJECT, GWAPI_OK, "/a%2Fb", 0},
        {"/a%zz", GWAPI_PATH_REJECT, GWAPI_EINVALID, NULL, 1},
        {"/a%zz", GWAPI_PATH_NORMALIZE, GWAPI_OK, "/a%zz", 1},
        {"/a#b", GWAPI_PATH_REJECT, GWAPI_EINVALID, NULL, 1},
        {"/a b", GWAPI_PATH_REJECT, GWAPI_EINVALID, NULL, 1},
        {"/\xc3\xa4", GWAPI_PATH_REJECT, GWAPI_EINVALID, NULL, 1},
        {"/a?b c#", GWAPI_PATH_REJECT, GWAPI_OK, "/a?b c#", 0},
        {"", GWAPI_PATH_REJECT, GWAPI_OK, "/", 0},
        {"?q", GWAPI_PATH_NORMALIZE, GWAPI_OK, "/?q", 0},
        {"*", GWAPI_PATH_REJECT, GWAPI_OK, "*", 0},
        {"*", GWAPI_PATH_NORMALIZE, GWAPI_OK, "*", 0},
        {"a/../b", GWAPI_PATH_RAW, GWAPI_OK, "a/../b", 1},
        {"a/../b", GWAPI_PATH_NORMALIZE, GWAPI_EINVALID, NULL, 1},
        {"a", GWAPI_PATH_REJECT, GWAPI_EINVALID, NULL, 1},
        {"*/a", GWAPI_PATH_NORMALIZE, GWAPI_EINVALID, NULL, 1},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[64] = {0};
        size_t length = 0;
        uint32_t flags = 99;
        gwapi_str path = gwapi__str_of(rows[i].path);
        gwapi_result r = gwapi_path_check(rows[i].policy, path, out, sizeof out - 1, &length, &flags);
        cr_expect_eq(r, rows[i].result, "row %zu %s", i, rows[i].path);
        cr_expect_eq(flags, rows[i].flags, "row %zu %s: %u", i, rows[i].path, flags);
        if (rows[i].out == NULL)
            continue;
        cr_expect_str_eq(out, rows[i].out);
        cr_expect_eq(length, strlen(rows[i].out));
        size_t needed = 0;
        r = gwapi_path_check(rows[i].policy, path, NULL, 0, &needed, NULL);
        cr_expect_eq(r, GWAPI_EBUFFER);
        cr_expect_eq(needed, length);
    }
}

Test(match_path, a_nul_byte_is_a_bad_byte)
{
    char out[8];
    size_t length;

    cr_expect_eq(gwapi_path_check(GWAPI_PATH_REJECT, gwapi__str("/a\0b", 4), out, 8, &length, NULL),
                 GWAPI_EINVALID);
    cr_expect_eq(gwapi_path_check(3, GWAPI__STR("/"), out, 8, &length, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_path_check(0, GWAPI__STR("/"), NULL, 8, &length, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_path_check(0, GWAPI__STR("/"), out, 8, NULL, NULL), GWAPI_EARGUMENT);
}
