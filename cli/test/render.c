/* The outcome of tests for people, programs and CI systems. */
#include <stdlib.h>
#include <string.h>

#include "../render_decision.h"
#include "../xml.h"
#include "test.h"

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value != NULL ? value : "";
}

static size_t count_failed(const test_suite *suite)
{
    size_t failed = 0;

    for (size_t i = 0; i < suite->count; i++)
        failed += json_array_size(suite->cases[i].differences) != 0;
    return failed;
}

/* A value in few words, cleaned; "nothing" for an absent one. */
static char *shown(const json_t *value)
{
    char *dumped, *clean;

    if (value == NULL || json_is_null(value))
        return cli_format("nothing");
    dumped = json_dumps(value, JSON_ENCODE_ANY);
    clean = cli_clean(cli_str(dumped));
    free(dumped);
    return clean;
}

/* "backend: expected "shop/a:80", got nothing". To be freed. */
static char *difference_text(const json_t *difference)
{
    char *expected = shown(json_object_get(difference, "expected")),
         *got = shown(json_object_get(difference, "got")),
         *path = cli_clean(cli_str(text(difference, "path")));
    char *out = cli_format("%s: expected %s, got %s", path, expected, got);

    free(expected);
    free(got);
    free(path);
    return out;
}

static char *place_text(const test_case *c)
{
    char *file = cli_clean(cli_str(c->file)), *out = cli_format("%s:%zu", file, c->line);

    free(file);
    return out;
}

/* ---- human ----------------------------------------------------------------------------- */

static void print_failure(cli_terminal *t, const test_case *c)
{
    json_t *explained = json_copy(c->decision);
    const json_t *difference;
    char *place = place_text(c);
    size_t i;

    cli_print(t, CLI_BAD, "FAIL  ");
    cli_print_str(t, CLI_BOLD, cli_str(c->name));
    cli_print(t, CLI_DIM, "  %s\n", place);
    json_array_foreach(c->differences, i, difference)
    {
        char *expected = shown(json_object_get(difference, "expected")),
             *got = shown(json_object_get(difference, "got"));
        fputs("      ", t->file);
        cli_print_str(t, CLI_PLAIN, cli_str(text(difference, "path")));
        cli_print(t, CLI_DIM, "\n        expected ");
        cli_print_str(t, CLI_GOOD, cli_str(expected));
        cli_print(t, CLI_DIM, "\n        got      ");
        cli_print_str(t, CLI_BAD, cli_str(got));
        fputc('\n', t->file);
        free(expected);
        free(got);
    }
    cli_print(t, CLI_DIM, "      The decision:\n");
    json_object_set_new(explained, "explanation", json_incref(c->explanation));
    cli_render_decision(t, &c->asked, explained);
    json_decref(explained);
    free(place);
}

static void print_cases(cli_terminal *t, const test_suite *suite, bool quiet)
{
    for (size_t i = 0; i < suite->count; i++) {
        const test_case *c = &suite->cases[i];
        if (json_array_size(c->differences) != 0) {
            print_failure(t, c);
        } else if (!quiet) {
            cli_print(t, CLI_GOOD, "ok    ");
            cli_print_str(t, CLI_PLAIN, cli_str(c->name));
            fputc('\n', t->file);
        }
    }
}

static void print_unreached(cli_terminal *t, const test_coverage *coverage)
{
    static const char *const titles[] = {"ROUTE", "RULE", "NOT REACHED", "THE RULE TAKES"};
    json_t *list = test_coverage_unreached(coverage, true);
    const json_t *item;
    cli_table table;
    size_t i;

    if (json_array_size(list) != 0) {
        cli_print(t, CLI_DIM, "\nWhat no test reached\n");
        cli_table_init(&table, 2, 4, titles);
        json_array_foreach(list, i, item)
        {
            const json_t *route = json_object_get(item, "route");
            const char *what = text(item, "what");
            cli_table_add(&table, CLI_BOLD,
                          cli_format("%s %s/%s", text(route, "kind"), text(route, "namespace"),
                                     text(route, "name")));
            cli_table_add(&table, CLI_PLAIN,
                          cli_format("%lld", (long long)json_integer_value(
                                                 json_object_get(route, "rule"))));
            cli_table_add(&table, CLI_WARN,
                          strcmp(what, "rule") == 0
                              ? cli_format("all of it")
                              : cli_format("%s %lld", what,
                                           (long long)json_integer_value(
                                               json_object_get(item, "index"))));
            cli_table_add(&table, CLI_PLAIN, cli_format("%s", text(item, "text")));
        }
        cli_table_print(&table, t);
    }
    json_decref(list);
}

static void print_summary(cli_terminal *t, const test_suite *suite,
                          const test_coverage *coverage)
{
    static const char *const names[TEST_PARTS] = {"rules", "matches", "filters", "backends"};
    size_t failed = count_failed(suite);
    char *passed = cli_count(suite->count - failed, "test passed", "tests passed");
    test_counts counts;

    cli_print(t, failed == 0 ? CLI_GOOD : CLI_BAD, "\n%s, %zu failed", passed, failed);
    cli_print(t, CLI_PLAIN, "; reached:");
    test_coverage_count(coverage, &counts);
    for (size_t i = 0; i < TEST_PARTS; i++)
        cli_print(t, counts.reached[i] < counts.all[i] ? CLI_WARN : CLI_PLAIN,
                  "%s %zu of %zu %s", i != 0 ? "," : "", counts.reached[i], counts.all[i],
                  names[i]);
    fputc('\n', t->file);
    free(passed);
}

void test_write_human(cli_terminal *t, const test_suite *suite, const test_coverage *coverage,
                      bool quiet)
{
    print_cases(t, suite, quiet);
    if (quiet)
        return;
    print_unreached(t, coverage);
    print_summary(t, suite, coverage);
}

/* ---- json ------------------------------------------------------------------------------ */

static json_t *case_json(const test_case *c)
{
    char *file = cli_clean(cli_str(c->file));
    bool passed = json_array_size(c->differences) == 0;
    json_t *out =
        json_pack("{sssssIsbsOsO}", "name", c->name, "file", file, "line", (json_int_t)c->line,
                  "passed", (int)passed, "expected", c->expected, "decision", c->decision);

    if (!passed) {
        json_object_set(out, "differences", c->differences);
        json_object_set(out, "explanation", c->explanation);
    }
    free(file);
    return out;
}

static json_t *coverage_json(const test_coverage *coverage)
{
    static const char *const names[TEST_PARTS] = {"rules", "matches", "filters", "backends"};
    json_t *out = json_object();
    test_counts counts;

    test_coverage_count(coverage, &counts);
    for (size_t i = 0; i < TEST_PARTS; i++)
        json_object_set_new(out, names[i],
                            json_pack("{sIsI}", "reached", (json_int_t)counts.reached[i], "all",
                                      (json_int_t)counts.all[i]));
    return out;
}

void test_write_json(FILE *out, const test_suite *suite, const test_coverage *coverage)
{
    size_t failed = count_failed(suite);
    json_t *cases = json_array(), *whole;

    for (size_t i = 0; i < suite->count; i++)
        json_array_append_new(cases, case_json(&suite->cases[i]));
    whole = json_pack("{sososos{sIsI}}", "cases", cases, "unreached",
                      test_coverage_unreached(coverage, false), "coverage",
                      coverage_json(coverage), "summary", "passed",
                      (json_int_t)(suite->count - failed), "failed", (json_int_t)failed);
    json_dumpf(whole, out, JSON_COMPACT);
    fputc('\n', out);
    json_decref(whole);
}

/* ---- junit ----------------------------------------------------------------------------- */

static size_t suite_end(const test_suite *suite, size_t first)
{
    size_t end = first + 1;

    while (end < suite->count && strcmp(suite->cases[end].file, suite->cases[first].file) == 0)
        end++;
    return end;
}

static void put_counts(FILE *out, const test_suite *suite, size_t first, size_t end)
{
    size_t failed = 0;

    for (size_t i = first; i < end; i++)
        failed += json_array_size(suite->cases[i].differences) != 0;
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\" time=\"0\"",
            end - first, failed);
}

static void put_failure(FILE *out, const test_case *c)
{
    const json_t *difference;
    char *first = difference_text(json_array_get(c->differences, 0));
    char *decision = json_dumps(c->decision, JSON_COMPACT),
         *clean = cli_clean(cli_str(decision));
    size_t i;

    fputs("      <failure", out);
    cli_xml_put_attribute(out, "message", first);
    fputs(">", out);
    json_array_foreach(c->differences, i, difference)
    {
        char *line = difference_text(difference);
        cli_xml_put(out, line, strlen(line));
        fputc('\n', out);
        free(line);
    }
    cli_xml_put(out, clean, strlen(clean));
    fputs("</failure>\n", out);
    free(first);
    free(decision);
    free(clean);
}

static void put_case(FILE *out, const test_case *c)
{
    char *file = cli_clean(cli_str(c->file));

    fputs("    <testcase", out);
    cli_xml_put_attribute(out, "name", c->name);
    cli_xml_put_attribute(out, "classname", file);
    cli_xml_put_attribute(out, "file", file);
    fprintf(out, " line=\"%zu\" time=\"0\"", c->line);
    if (json_array_size(c->differences) == 0) {
        fputs("/>\n", out);
    } else {
        fputs(">\n", out);
        put_failure(out, c);
        fputs("    </testcase>\n", out);
    }
    free(file);
}

void test_write_junit(FILE *out, const test_suite *suite)
{
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"gatewayapi\"", out);
    put_counts(out, suite, 0, suite->count);
    fputs(">\n", out);
    for (size_t first = 0, end; first < suite->count; first = end) {
        char *file = cli_clean(cli_str(suite->cases[first].file));
        end = suite_end(suite, first);
        fputs("  <testsuite", out);
        cli_xml_put_attribute(out, "name", file);
        put_counts(out, suite, first, end);
        fputs(">\n", out);
        for (size_t i = first; i < end; i++)
            put_case(out, &suite->cases[i]);
        fputs("  </testsuite>\n", out);
        free(file);
    }
    fputs("</testsuites>\n", out);
}
