/* tests/data/regex/cases.tsv: what Go's regexp answers, by every engine. */
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "regex/support.h"

/* Reads a column up to a tab or the end of the line; %xx is a byte. */
static char *column(char **line, size_t *len)
{
    char *out = *line, *to = *line, *from = *line;

    for (; *from != '\t' && *from != '\n' && *from != '\0'; from++) {
        if (*from == '%') {
            *to++ = (char)(gwapi__hex(from[1]) * 16 + gwapi__hex(from[2]));
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    *len = (size_t)(to - out);
    *line = *from == '\t' ? from + 1 : NULL;
    return out;
}

typedef struct row {
    gwapi_str pattern, text, span, whole;
    bool refused;
} row;

static row read_row(char *line)
{
    row r = {.refused = true};

    r.pattern.data = column(&line, &r.pattern.len);
    if (line == NULL)
        return r;
    r.refused = false;
    r.text.data = column(&line, &r.text.len);
    r.span.data = column(&line, &r.span.len);
    r.whole.data = column(&line, &r.whole.len);
    return r;
}

static void judge(const row *r, const test_pattern *p, const char *engine, size_t line)
{
    gwapi__regex_span span;
    bool found = gwapi__regex_find(&span, p->regex, p->scratch, r->text, 0, NULL) ==
                 GWAPI__REGEX_MATCH;
    char text[64] = "-";

    if (found)
        snprintf(text, sizeof text, "%zu,%zu", span.start, span.end);
    cr_expect(gwapi__str_eq(gwapi__str_of(text), r->span), "line %zu, %s: found %s", line, engine,
              text);
    cr_expect_eq(test_search(p, r->text), r->span.data[0] != '-', "line %zu, %s: search", line,
                 engine);
    cr_expect_eq(test_full(p, r->text), r->whole.data[0] == '1', "line %zu, %s: full", line, engine);
}

static FILE *open_cases(void)
{
    const char *top = getenv("top_srcdir");
    char path[4096];

    snprintf(path, sizeof path, "%s/tests/data/regex/cases.tsv", top != NULL ? top : "..");
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    return file;
}

/* Rows of one pattern follow each other: it is compiled once. */
static size_t run(size_t engine, size_t *refused)
{
    FILE *file = open_cases();
    char line[4096], before[4096] = "\t";
    size_t number = 0, cases = 0;
    test_pattern p = {NULL, NULL, NULL};

    *refused = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        char raw[4096];
        number++;
        if (line[0] == '#' && line[1] == ' ')
            continue;
        strcpy(raw, line);
        raw[strcspn(raw, "\t\n")] = '\0';
        row r = read_row(line);
        if (strcmp(raw, before) != 0) {
            test_release(&p);
            strcpy(before, raw);
            gwapi_result result = test_compile(&p, r.pattern, test_engines[engine].flags);
            cr_assert_eq(result, r.refused ? GWAPI_EREGEX : GWAPI_OK, "line %zu: %d", number, result);
        }
        *refused += r.refused;
        if (!r.refused) {
            cases++;
            judge(&r, &p, test_engines[engine].name, number);
        }
    }
    test_release(&p);
    fclose(file);
    return cases;
}

Test(regex_cases, every_engine_answers_as_go_does)
{
    for (size_t i = 0; i < TEST_ENGINES; i++) {
        size_t refused;
        size_t cases = run(i, &refused);
        cr_assert_geq(cases, 7000);
        cr_assert_geq(refused, 100);
    }
}

Test(regex_cases, a_check_of_the_syntax_accepts_the_same)
{
    FILE *file = open_cases();
    char line[4096];

    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] == '#' && line[1] == ' ')
            continue;
        row r = read_row(line);
        gwapi__regex *regex;
        gwapi__regex_error error = {0};
        gwapi_result result = gwapi__regex_compile(&regex, NULL, r.pattern,
                                                   GWAPI__REGEX_SYNTAX_ONLY, 1, &error);
        cr_expect_eq(result, r.refused ? GWAPI_EREGEX : GWAPI_OK, "%.*s", GWAPI__FMT(r.pattern));
        cr_expect_null(regex);
        cr_expect_eq(error.message != NULL, r.refused);
        cr_expect_leq(error.offset + error.length, r.pattern.len);
    }
    fclose(file);
}
