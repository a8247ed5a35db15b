/*
 * The tables of cases in tests/data/cel: a line has an expression, its type, its value as
 * render.h has it, and its actual cost, separated by tabs. Value `error`: a run-time error; type
 * `issue`: it does not compile, nothing follows. Lines that begin with '#' are comments, but for
 * `#minor N`: the Kubernetes version from there on, 34 at the start. There are no variables.
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "cel/render.h"
#include "cel/type.h"

typedef struct table {
    gwapi_allocator allocator;
    gwapi__arena arena;
    gwapi__cel_environment environment;
    const char *file;
    size_t line, cases;
} table;

/* What the columns behind the expression should be. */
static void answer(table *t, gwapi_str expression, gwapi__text *out)
{
    const gwapi__cel_program *program = NULL;
    const gwapi__cel_issue *issues;
    gwapi__cel_context context;
    gwapi__cel_value value;

    gwapi_result r =
        gwapi__cel_compile(&program, &t->arena, &t->environment, expression, &issues);
    if (r == GWAPI_EINVALID && issues != NULL) {
        gwapi__text_addz(out, "issue");
        return;
    }
    cr_assert_eq(r, GWAPI_OK, "%s:%zu", t->file, t->line);
    gwapi__cel_context_init(&context, &t->arena, &t->allocator);
    cr_assert_eq(gwapi__cel_eval(&value, program, NULL, &context), GWAPI_OK);
    gwapi__cel_type_write(out, gwapi__cel_program_type(program));
    gwapi__text_char(out, '\t');
    if (value.kind == GWAPI__CEL_ERROR) {
        gwapi__text_addz(out, "error");
        cr_expect_gt(value.as.text.len, 0, "%s:%zu: no message", t->file, t->line);
    } else {
        render(out, &context, &value);
    }
    gwapi__text_char(out, '\t');
    gwapi__text_u64(out, context.cost);
    gwapi__cel_program_release(program);
    gwapi__cel_context_free(&context);
}

static void check_line(table *t, gwapi_str line)
{
    gwapi_str expression, expected;
    gwapi__text out;

    if (gwapi__str_starts(line, GWAPI__STR("#minor ")))
        t->environment.minor = (uint32_t)strtoul(line.data + 7, NULL, 10);
    if (line.len == 0 || line.data[0] == '#')
        return;
    cr_assert(gwapi__str_cut(line, '\t', &expression, &expected), "%s:%zu: no tab", t->file,
              t->line);
    t->cases++;
    gwapi__text_init(&out, &t->allocator);
    answer(t, expression, &out);
    cr_expect(gwapi__str_eq(gwapi__text_str(&out), expected), "%s:%zu: %.*s\n  is  %.*s\n  not %.*s",
              t->file, t->line, GWAPI__FMT(expression), GWAPI__FMT(gwapi__text_str(&out)),
              GWAPI__FMT(expected));
    gwapi__text_free(&out);
    gwapi__arena_reset(&t->arena);
}

static void check_file(table *t, const char *folder)
{
    static char path[4096], line[1 << 16];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, t->file);
    f = fopen(path, "r");
    cr_assert_not_null(f, "%s", path);
    t->environment = (gwapi__cel_environment){.minor = 34};
    for (t->line = 1; fgets(line, sizeof line, f) != NULL; t->line++)
        check_line(t, gwapi__str(line, strcspn(line, "\n")));
    fclose(f);
}

Test(cel_table, all_cases_of_all_tables)
{
    static char folder[2048];
    table t = {.cases = 0};
    struct dirent *entry;

    snprintf(folder, sizeof folder, "%s/tests/data/cel", getenv("top_srcdir"));
    DIR *dir = opendir(folder);
    cr_assert_not_null(dir, "%s", folder);
    cr_assert_eq(gwapi__allocator_init(&t.allocator, NULL), GWAPI_OK);
    gwapi__arena_init(&t.arena, &t.allocator);
    while ((entry = readdir(dir)) != NULL) {
        t.file = entry->d_name;
        if (gwapi__str_ends(gwapi__str_of(t.file), GWAPI__STR(".tsv")))
            check_file(&t, folder);
    }
    closedir(dir);
    gwapi__arena_free(&t.arena);
    cr_expect_gt(t.cases, 2000, "only %zu cases", t.cases);
}
