/*
 * Runs the cases of a test program one after the other in one process: what Criterion's header is
 * for `./dev valgrind`. Criterion starts the program anew for each case, and under valgrind that
 * alone takes longer than most cases. Only what our tests use of it is here; that a case cannot
 * disturb another one is seen by the runs with Criterion.
 */
#ifndef GWAPI_ONE_PROCESS_H
#define GWAPI_ONE_PROCESS_H

/* Macros with optional arguments, typeof, sections: not strict C11. */
#pragma GCC system_header

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct gwapi_test_options {
    void (*init)(void);
    void (*fini)(void);
    double timeout; /* not kept */
} gwapi_test_options;

typedef struct gwapi_test {
    const char *suite;
    const char *name; /* NULL: what holds for the suite */
    void (*run)(void);
    gwapi_test_options options;
} gwapi_test;

/* The linker gathers them. */
extern const gwapi_test *const __start_gwapi_tests[];
extern const gwapi_test *const __stop_gwapi_tests[];

/* Each file of a program has them, the linker keeps one. */
__attribute__((weak)) jmp_buf gwapi_test_end;
__attribute__((weak)) bool gwapi_test_failed;

#define GWAPI_TEST_ENTER(id)                                                                  \
    static const gwapi_test *const gwapi_test_entry_##id                                      \
        __attribute__((used, section("gwapi_tests"))) = &gwapi_test_##id

#define TestSuite(suite_, ...)                                                                \
    static const gwapi_test gwapi_test_whole_##suite_ = {#suite_, NULL, NULL, {__VA_ARGS__}}; \
    GWAPI_TEST_ENTER(whole_##suite_)

#define Test(suite_, name_, ...)                                                              \
    static void gwapi_run_##suite_##_##name_(void);                                           \
    static const gwapi_test gwapi_test_##suite_##_##name_ = {                                 \
        #suite_, #name_, gwapi_run_##suite_##_##name_, {__VA_ARGS__}};                        \
    GWAPI_TEST_ENTER(suite_##_##name_);                                                       \
    static void gwapi_run_##suite_##_##name_(void)

__attribute__((weak)) const gwapi_test *gwapi_test_suite(const char *suite)
{
    for (const gwapi_test *const *t = __start_gwapi_tests; t < __stop_gwapi_tests; t++)
        if ((*t)->name == NULL && strcmp((*t)->suite, suite) == 0)
            return *t;
    return NULL;
}

__attribute__((weak)) void gwapi_test_run(const gwapi_test *test)
{
    static const gwapi_test none;
    const gwapi_test *suite = gwapi_test_suite(test->suite);
    void (*init)(void), (*fini)(void);

    if (suite == NULL)
        suite = &none;
    init = test->options.init != NULL ? test->options.init : suite->options.init;
    fini = test->options.fini != NULL ? test->options.fini : suite->options.fini;
    gwapi_test_failed = false;
    if (setjmp(gwapi_test_end) == 0) {
        if (init != NULL)
            init();
        test->run();
        if (fini != NULL)
            fini();
    }
    if (gwapi_test_failed)
        fprintf(stderr, "[FAIL] %s::%s\n", test->suite, test->name);
}

/* With an argument only cases whose suite or name holds it. */
__attribute__((weak)) int main(int argc, char **argv)
{
    unsigned tested = 0, failed = 0;

    for (const gwapi_test *const *t = __start_gwapi_tests; t < __stop_gwapi_tests; t++) {
        if ((*t)->name == NULL || (argc > 1 && strstr((*t)->name, argv[1]) == NULL &&
                                   strstr((*t)->suite, argv[1]) == NULL))
            continue;
        gwapi_test_run(*t);
        tested++;
        failed += gwapi_test_failed;
    }
    printf("[====] Synthesis: Tested: %u | Passing: %u | Failing: %u | Crashing: 0\n", tested,
           tested - failed, failed);
    return failed != 0;
}

/* ---- checks -------------------------------------------------------------------------- */

#define GWAPI_CHECK(fatal, holds, what, ...)                                                  \
    do {                                                                                      \
        if (!(holds)) {                                                                       \
            gwapi_test_failed = true;                                                         \
            fprintf(stderr, "%s:%d: %s ", __FILE__, __LINE__, what);                          \
            fprintf(stderr, "" __VA_ARGS__);                                                  \
            fputc('\n', stderr);                                                              \
            if (fatal)                                                                        \
                longjmp(gwapi_test_end, 1);                                                   \
        }                                                                                     \
    } while (0)

#define GWAPI_COMPARE(fatal, a, op, b, ...)                                                   \
    GWAPI_CHECK(fatal, (a)op(b), #a " " #op " " #b, ##__VA_ARGS__)

#define cr_assert(x, ...)         GWAPI_CHECK(1, x, #x, ##__VA_ARGS__)
#define cr_expect(x, ...)         GWAPI_CHECK(0, x, #x, ##__VA_ARGS__)
#define cr_assert_not(x, ...)     GWAPI_CHECK(1, !(x), "not " #x, ##__VA_ARGS__)
#define cr_expect_not(x, ...)     GWAPI_CHECK(0, !(x), "not " #x, ##__VA_ARGS__)
#define cr_assert_fail(...)       GWAPI_CHECK(1, false, "", ##__VA_ARGS__)
#define cr_expect_fail(...)       GWAPI_CHECK(0, false, "", ##__VA_ARGS__)
#define cr_assert_null(x, ...)    GWAPI_COMPARE(1, x, ==, NULL, ##__VA_ARGS__)
#define cr_expect_null(x, ...)    GWAPI_COMPARE(0, x, ==, NULL, ##__VA_ARGS__)
#define cr_assert_not_null(x, ...) GWAPI_COMPARE(1, x, !=, NULL, ##__VA_ARGS__)
#define cr_expect_not_null(x, ...) GWAPI_COMPARE(0, x, !=, NULL, ##__VA_ARGS__)
#define cr_assert_eq(a, b, ...)   GWAPI_COMPARE(1, a, ==, b, ##__VA_ARGS__)
#define cr_expect_eq(a, b, ...)   GWAPI_COMPARE(0, a, ==, b, ##__VA_ARGS__)
#define cr_assert_neq(a, b, ...)  GWAPI_COMPARE(1, a, !=, b, ##__VA_ARGS__)
#define cr_expect_neq(a, b, ...)  GWAPI_COMPARE(0, a, !=, b, ##__VA_ARGS__)
#define cr_assert_lt(a, b, ...)   GWAPI_COMPARE(1, a, <, b, ##__VA_ARGS__)
#define cr_expect_lt(a, b, ...)   GWAPI_COMPARE(0, a, <, b, ##__VA_ARGS__)
#define cr_assert_leq(a, b, ...)  GWAPI_COMPARE(1, a, <=, b, ##__VA_ARGS__)
#define cr_expect_leq(a, b, ...)  GWAPI_COMPARE(0, a, <=, b, ##__VA_ARGS__)
#define cr_assert_gt(a, b, ...)   GWAPI_COMPARE(1, a, >, b, ##__VA_ARGS__)
#define cr_expect_gt(a, b, ...)   GWAPI_COMPARE(0, a, >, b, ##__VA_ARGS__)
#define cr_assert_geq(a, b, ...)  GWAPI_COMPARE(1, a, >=, b, ##__VA_ARGS__)
#define cr_expect_geq(a, b, ...)  GWAPI_COMPARE(0, a, >=, b, ##__VA_ARGS__)
#define cr_assert_str_eq(a, b, ...) GWAPI_CHECK(1, strcmp(a, b) == 0, #a " is " #b, ##__VA_ARGS__)
#define cr_expect_str_eq(a, b, ...) GWAPI_CHECK(0, strcmp(a, b) == 0, #a " is " #b, ##__VA_ARGS__)
#define cr_assert_str_empty(a, ...) GWAPI_CHECK(1, *(a) == '\0', #a " is empty", ##__VA_ARGS__)
#define cr_expect_str_empty(a, ...) GWAPI_CHECK(0, *(a) == '\0', #a " is empty", ##__VA_ARGS__)
#define cr_assert_arr_eq(a, b, size, ...)                                                     \
    GWAPI_CHECK(1, memcmp(a, b, size) == 0, #a " is " #b, ##__VA_ARGS__)
#define cr_expect_arr_eq(a, b, size, ...)                                                     \
    GWAPI_CHECK(0, memcmp(a, b, size) == 0, #a " is " #b, ##__VA_ARGS__)

#define cr_skip_test(...)                                                                     \
    do {                                                                                      \
        printf("skipped: " __VA_ARGS__);                                                      \
        putchar('\n');                                                                        \
        longjmp(gwapi_test_end, 2);                                                           \
    } while (0)

#endif
