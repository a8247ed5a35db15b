/* A compiled pattern with its scratch, and one call for each question. */
#ifndef GWAPI_TESTS_REGEX_SUPPORT_H
#define GWAPI_TESTS_REGEX_SUPPORT_H

#include <criterion/criterion.h>
#include <stdlib.h>
#include "base/slice.h"
#include "regex/regex.h"

typedef struct test_pattern {
    gwapi__regex *regex;
    gwapi__regex_scratch *scratch;
    void *memory;
} test_pattern;

/* The ways to an answer; all must give the same. */
static const struct {
    const char *name;
    uint32_t flags;
} test_engines[] = {
    {"JIT", 0},
    {"interpreter", GWAPI__REGEX_NO_JIT},
    {"no PCRE2", GWAPI__REGEX_NO_PCRE2},
    {"simulation", GWAPI__REGEX_SIMULATE},
    {"table", GWAPI__REGEX_TABLE},
    {"search only", GWAPI__REGEX_FOR_SEARCH},
    {"full only", GWAPI__REGEX_FOR_FULL | GWAPI__REGEX_NO_JIT},
};
enum { TEST_ENGINES = sizeof test_engines / sizeof *test_engines };

static inline gwapi_result test_compile(test_pattern *p, gwapi_str pattern, uint32_t flags)
{
    gwapi_result result = gwapi__regex_compile(&p->regex, NULL, pattern, flags, 0, NULL);

    p->memory = NULL;
    if (result != GWAPI_OK)
        return result;
    size_t size = gwapi__regex_scratch_size(p->regex);
    p->memory = malloc(size);
    cr_assert_not_null(p->memory);
    cr_assert_null(gwapi__regex_scratch_init(p->memory, sizeof(size_t) - 1));
    p->scratch = gwapi__regex_scratch_init(p->memory, size);
    cr_assert_not_null(p->scratch);
    return GWAPI_OK;
}

static inline void test_release(test_pattern *p)
{
    gwapi__regex_free(p->regex);
    free(p->memory);
}

static inline bool test_search(const test_pattern *p, gwapi_str text)
{
    return gwapi__regex_search(p->regex, p->scratch, text, NULL) == GWAPI__REGEX_MATCH;
}

static inline bool test_full(const test_pattern *p, gwapi_str text)
{
    return gwapi__regex_full(p->regex, p->scratch, text, NULL) == GWAPI__REGEX_MATCH;
}

#endif
