/* Every allocation fails once, and matching makes none. */
#include <stdio.h>
#include "regex/beginning.h"
#include "regex/support.h"
#include "support/oom.h"

typedef struct compile_call {
    gwapi_str pattern;
    uint32_t flags;
    gwapi_result result;
} compile_call;

static gwapi_result compile(const gwapi_allocator *allocator, void *arg)
{
    const compile_call *call = arg;
    gwapi__regex *regex;
    gwapi_result result =
        gwapi__regex_compile(&regex, allocator, call->pattern, call->flags, 0, NULL);

    cr_assert_eq(regex != NULL,
                 result == GWAPI_OK && (call->flags & GWAPI__REGEX_SYNTAX_ONLY) == 0);
    gwapi__regex_free(regex);
    return result;
}

enum { VALID = 11 }; /* of these, first */
static const char *const patterns[] = {
    "",
    "abc",
    "^(?:foo|bar|baz)$",
    "^/users/[^/]+/x$",
    "(?i)content-[a-z]+(?:x|y|[0-9]|\\pL)*?\\b$",
    "[[:^alpha:]\\d\\P{Greek}-]{2,5}(?P<n>a|bc|)",
    "(?i)[^a-k\\W](?m)^x$(?s).",
    "((((((((((a*)+)?){2})))))))|\\Qa.b\\E",
    "\\pL\\pN\\pM\\pP\\pS\\pZ\\pC(?i)\\pL\\p{Lu}",
    "^(?:(?:a|bc|[^d]){2,9}?x{3}|.|\\x{d800}|(?s:.)|[e-g]*){1,40}$",
    "^prefix[a-z]*suffix$",
    "(a",
    "[z-a]",
    "\\p{Nope}",
};

Test(regex_memory, every_failed_allocation_is_reported_and_nothing_leaks)
{
    static const uint32_t flags[] = {0, GWAPI__REGEX_NO_JIT, GWAPI__REGEX_SIMULATE, GWAPI__REGEX_TABLE,
                                     GWAPI__REGEX_SYNTAX_ONLY};
    size_t failed = 0;

    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        for (size_t f = 0; f < sizeof flags / sizeof *flags; f++) {
            compile_call call = {gwapi__str_of(patterns[i]), flags[f], GWAPI_OK};
            size_t runs, bad;
            gwapi_result result = test_fail_every_allocation(compile, &call, &runs, &bad);
            cr_expect_eq(bad, 0, "%s with %u: allocation %zu", patterns[i], flags[f], bad);
            cr_expect(result == GWAPI_OK || result == GWAPI_EREGEX, "%s: %d", patterns[i],
                      result);
            failed += runs;
        }
    }
    cr_expect_gt(failed, 300);
}

/* Memory comes in blocks: texts of every length move their ends to every place. */
Test(regex_memory, a_block_that_cannot_be_had_is_reported_wherever_it_begins)
{
    static const char *const rows[][2] = {
        {"^(?:", "|cd)$"},
        {"^", "[a-z]*suffix$"},
        {"", "(?:[a-c]d|[e-g]|x[h-j]){2,4}(?:[k-m]*n)*"},
        {"", "(?:[a-c]d|e.){2}(?:[f-g]h){3,}"},
        {"", "(?:a?b*|c+?){2,3}"},
    };
    char pattern[160];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t n = 0; n < 100; n++) {
            snprintf(pattern, sizeof pattern, "%s%.*s%s", rows[i][0], (int)n,
                     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                     rows[i][1]);
            compile_call call = {gwapi__str_of(pattern), GWAPI__REGEX_NO_PCRE2, GWAPI_OK};
            size_t runs, bad;
            cr_expect_eq(test_fail_every_allocation(compile, &call, &runs, &bad), GWAPI_OK);
            cr_expect_eq(bad, 0, "%s: allocation %zu", pattern, bad);
        }
    }
}

Test(regex_memory, matching_allocates_nothing)
{
    static const char *const texts[] = {"",
                                        "abc",
                                        "content-x1",
                                        "/users/7/x",
                                        "\xff",
                                        "aaaaaaaaaaaa",
                                        "a b c d e f g h i j k l m n o p q r s t\x01"};
    static const char *const hard[] = {"^[!-~]+([\t ]?[!-~]+)*$", "(a|aa)+$", "(.*a){4}",
                                       "a+b"};

    for (size_t i = 0; i < VALID + sizeof hard / sizeof *hard; i++) {
        for (size_t e = 0; e < TEST_ENGINES; e++) {
            test_memory memory = {0};
            gwapi_allocator allocator = test_memory_allocator(&memory);
            gwapi__regex *regex;
            gwapi_str pattern = gwapi__str_of(i < VALID ? patterns[i] : hard[i - VALID]);
            cr_assert_eq(gwapi__regex_compile(&regex, &allocator, pattern,
                                              test_engines[e].flags, 0, NULL),
                         GWAPI_OK);
            size_t calls = memory.calls, live = memory.live_bytes;
            size_t size = gwapi__regex_scratch_size(regex);
            void *block = malloc(size);
            gwapi__regex_scratch *scratch = gwapi__regex_scratch_init(block, size);
            for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
                gwapi_str text = gwapi__str_of(texts[t]);
                gwapi__regex_span span;
                gwapi__regex_search(regex, scratch, text, NULL);
                gwapi__regex_full(regex, scratch, text, NULL);
                gwapi__regex_find(&span, regex, scratch, text, 0, NULL);
            }
            cr_expect_eq(memory.calls, calls);
            cr_expect_eq(memory.live_bytes, live);
            free(block);
            gwapi__regex_free(regex);
            cr_expect_eq(memory.live_blocks, 0);
        }
    }
}

Test(regex_memory, a_bad_allocator_is_refused)
{
    gwapi_allocator allocator = {sizeof allocator, NULL, NULL};
    gwapi__regex *regex;

    cr_expect_eq(gwapi__regex_compile(&regex, &allocator, GWAPI__STR("a"), 0, 0, NULL),
                 GWAPI_EARGUMENT);
    cr_expect_null(regex);
    gwapi__regex_free(NULL);
}

static gwapi_result look_for_beginnings(const gwapi_allocator *allocator, void *arg)
{
    gwapi__beginnings set;

    return gwapi__regex_beginnings(&set, allocator, *(const gwapi_str *)arg);
}

Test(regex_memory, beginnings_need_memory_only_while_they_are_looked_for)
{
    size_t runs, bad;
    gwapi_str pattern = GWAPI__STR("/(en|de)/[a-z]+(/.*)?");

    cr_expect_eq(test_fail_every_allocation(look_for_beginnings, &pattern, &runs, &bad), GWAPI_OK);
    cr_expect_eq(bad, 0, "allocation %zu", bad);
    cr_expect_gt(runs, 0);
}
