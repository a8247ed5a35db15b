#include <criterion/criterion.h>

#include <float.h>
#include <locale.h>
#include <string.h>

#include "base/slice.h"
#include "base/text.h"
#include "../support/oom.h"

static void check_double(double value, const char *expected)
{
    gwapi_allocator a;
    gwapi__text t;

    gwapi__allocator_init(&a, NULL);
    gwapi__text_init(&t, &a);
    gwapi__text_double(&t, value);
    gwapi__text_char(&t, '\0');
    cr_expect_str_eq(t.data, expected);
    gwapi__text_free(&t);
}

/* The expected texts are what Go's encoding/json writes. */
static const struct {
    double value;
    const char *text;
} doubles[] = {{0, "0"},
               {-0.0, "-0"},
               {1, "1"},
               {-1.5, "-1.5"},
               {0.1, "0.1"},
               {1e21, "1e+21"},
               {1e20, "100000000000000000000"},
               {123456789.125, "123456789.125"},
               {1e-6, "0.000001"},
               {1e-7, "1e-7"},
               {1.5e-9, "1.5e-9"},
               {5e-324, "5e-324"},
               {DBL_MAX, "1.7976931348623157e+308"},
               {9007199254740993.0, "9007199254740992"},
               {2.2250738585072014e-308, "2.2250738585072014e-308"},
               {1e22, "1e+22"}};

Test(base_text, doubles_are_written_as_go_writes_them)
{
    for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++)
        check_double(doubles[i].value, doubles[i].text);
}

Test(base_text, the_locale_changes_nothing)
{
    /* Without the locale installed this repeats the plain case. */
    setlocale(LC_ALL, "de_DE.UTF-8");
    for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++)
        check_double(doubles[i].value, doubles[i].text);
}

Test(base_text, json_strings_escape_what_they_must)
{
    static const struct {
        const char *in;
        size_t len;
        const char *out;
    } rows[] = {{"plain", 5, "\"plain\""},
                {"a\"b\\c", 5, "\"a\\\"b\\\\c\""},
                {"\n\r\t\x01", 4, "\"\\n\\r\\t\\u0001\""},
                {"nul\0in", 6, "\"nul\\u0000in\""},
                {"\xc3\xa4\xf0\x9f\x98\x80", 6, "\"\xc3\xa4\xf0\x9f\x98\x80\""},
                {"\xff|\xed\xa0\x80", 5, "\"\xef\xbf\xbd|\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
                {"", 0, "\"\""}};
    gwapi_allocator a;
    gwapi__text t;

    gwapi__allocator_init(&a, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi__text_init(&t, &a);
        gwapi__text_json(&t, gwapi__str(rows[i].in, rows[i].len));
        gwapi__text_char(&t, '\0');
        cr_expect_str_eq(t.data, rows[i].out);
        gwapi__text_free(&t);
    }
}

Test(base_text, numbers_pointers_and_fills)
{
    gwapi_allocator a;
    gwapi__text t;

    gwapi__allocator_init(&a, NULL);
    gwapi__text_init(&t, &a);
    gwapi__text_u64(&t, UINT64_MAX);
    gwapi__text_char(&t, ' ');
    gwapi__text_i64(&t, INT64_MIN);
    gwapi__text_char(&t, ' ');
    gwapi__text_pointer(&t, GWAPI__STR("a/b~c"));
    gwapi__text_fill(&t, '.', 3);
    gwapi__text_rune(&t, 0xe4);
    gwapi__text_rune(&t, 0xd800);
    size_t len = t.len;
    gwapi__text_addz(&t, "cut");
    gwapi__text_cut(&t, len);
    gwapi__text_char(&t, '\0');
    cr_expect_str_eq(t.data, "18446744073709551615 -9223372036854775808 a~1b~0c...\xc3\xa4"
                             "\xef\xbf\xbd");
    gwapi__text_free(&t);
}

static int refuse(void *ctx, const char *data, size_t len)
{
    (void)ctx;
    (void)data;
    (void)len;
    return 1;
}

Test(base_text, a_sink_that_fails_ends_the_call)
{
    gwapi_allocator a;
    gwapi__text t;
    gwapi_sink sink = {sizeof sink, NULL, refuse};

    gwapi__allocator_init(&a, NULL);
    gwapi__text_init(&t, &a);
    cr_expect_eq(gwapi__text_flush(&t, &sink), GWAPI_OK, "nothing to write");
    gwapi__text_addz(&t, "x");
    cr_expect_eq(gwapi__text_flush(&t, &sink), GWAPI_ECALLBACK);
    gwapi__text_free(&t);
}

static gwapi_result build(const gwapi_allocator *a, void *arg)
{
    gwapi__text t;

    (void)arg;
    gwapi__text_init(&t, a);
    for (int i = 0; i < 1000; i++)
        gwapi__text_addz(&t, "some text");
    gwapi_result result = t.failed ? GWAPI_ENOMEM : GWAPI_OK;
    gwapi__text_free(&t);
    return result;
}

Test(base_text, running_out_of_memory_is_remembered)
{
    size_t runs, bad;

    cr_assert_eq(test_fail_every_allocation(build, NULL, &runs, &bad), GWAPI_OK);
    cr_assert_eq(bad, 0);
    cr_assert_gt(runs, 3);
}
