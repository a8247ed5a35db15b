/* Routing tests: files with requests and what should become of them. See gatewayapi-test(5). */
#ifndef CLI_TEST_TEST_H
#define CLI_TEST_TEST_H

#include <gatewayapi/snapshot.h>
#include <jansson.h>
#include "../request.h"
#include "../terminal.h"

typedef struct test_case {
    const char *file; /* of the command line or of a directory */
    size_t line;
    char *name;
    json_t *request;  /* members of a request line; "url" besides */
    json_t *expected; /* as written */
    cli_request asked;
    json_t *decision;
    json_t *differences; /* of {"path","expected","got"}; empty: passed */
    json_t *explanation; /* of a failure: why the request was answered so */
} test_case;

typedef struct test_suite {
    test_case *cases;
    size_t count;
} test_suite;

/* Reads a file and adds its cases (read.c). False after a message with file and line. */
bool test_read(test_suite *suite, const char *file);
void test_suite_free(test_suite *suite);

/* The members that `expect` may have besides those of a decision, and those themselves. */
bool test_is_expectation(const char *name);
/* What differs from what was expected (compare.c). A new list. */
json_t *test_compare(const json_t *expected, const json_t *decision);

/* Which parts of which routes were reached (coverage.c). */
typedef struct test_coverage {
    json_t *routes;
} test_coverage;
enum { TEST_RULE, TEST_MATCH, TEST_FILTER, TEST_BACKEND, TEST_PARTS };
typedef struct test_counts {
    size_t all[TEST_PARTS], reached[TEST_PARTS];
} test_counts;

/* `list` is the topology's; it must stay. */
void test_coverage_init(test_coverage *coverage, const gwapi_topology *topology,
                        const json_t *list);
void test_coverage_mark(test_coverage *coverage, const json_t *decision);
void test_coverage_count(const test_coverage *coverage, test_counts *counts);
/* {"route":{…},"what":…,"index":…}, and with `described` "text" for people. A new list. */
json_t *test_coverage_unreached(const test_coverage *coverage, bool described);
void test_coverage_free(test_coverage *coverage);

/* ---- render.c ---- */
void test_write_human(cli_terminal *terminal, const test_suite *suite,
                      const test_coverage *coverage, bool quiet);
void test_write_json(FILE *out, const test_suite *suite, const test_coverage *coverage);
void test_write_junit(FILE *out, const test_suite *suite);

#endif
