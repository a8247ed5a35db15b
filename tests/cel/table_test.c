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
#include "cel/scarce.h"
#include "cel/type.h"

typedef struct table table;

struct table {
    gwapi_allocator allocator;
    gwapi__arena arena;
    gwapi__cel_environment environment;
    const char *file;
    size_t line, cases;
    void (*visit)(table *t, gwapi_str expression, gwapi_str expected);
};

/* ---- answers ---------------------------------------------------------------------------- */

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

static void check_answer(table *t, gwapi_str expression, gwapi_str expected)
{
    gwapi__text out;

    gwapi__text_init(&out, &t->allocator);
    answer(t, expression, &out);
    cr_expect(gwapi__str_eq(gwapi__text_str(&out), expected), "%s:%zu: %.*s\n  is  %.*s\n  not %.*s",
              t->file, t->line, GWAPI__FMT(expression), GWAPI__FMT(gwapi__text_str(&out)),
              GWAPI__FMT(expected));
    gwapi__text_free(&out);
}

/* ---- want of memory --------------------------------------------------------------------- */

static gwapi_result compile_within(size_t room, table *t, gwapi_str expression)
{
    const gwapi__cel_program *program = NULL;
    const gwapi__cel_issue *issues;
    gwapi__cel_range cost;
    gwapi__arena arena;

    scarce_leave(&arena, room);
    gwapi_result r = gwapi__cel_compile(&program, &arena, &t->environment, expression, &issues);
    if (r == GWAPI_OK)
        r = gwapi__cel_estimate_cost(&cost, program, &arena);
    gwapi__cel_program_release(program);
    gwapi__arena_free(&arena);
    return r;
}

/* Each allocation in the arena is once the first that finds no room. */
static void starve_compiler(table *t, gwapi_str expression, gwapi_str expected)
{
    gwapi_result whole = gwapi__str_eq(expected, GWAPI__STR("issue")) ? GWAPI_EINVALID : GWAPI_OK;
    gwapi_result r = GWAPI_ENOMEM;

    // a sample: all take seconds
    if (t->cases % 5 != 0 && whole == GWAPI_OK && strcmp(t->file, "edges.tsv") != 0)
        return;
    for (size_t room = 0; r == GWAPI_ENOMEM && room < SCARCE_BLOCK; room += 16)
        r = compile_within(room, t, expression);
    cr_expect_eq(r, whole, "%s:%zu: %.*s", t->file, t->line, GWAPI__FMT(expression));
}

static void starve_evaluation(table *t, gwapi_str expression, gwapi_str expected)
{
    const gwapi__cel_program *program = NULL;
    const gwapi__cel_issue *issues;
    gwapi_result r =
        gwapi__cel_compile(&program, &t->arena, &t->environment, expression, &issues);

    (void)expected;
    if (r != GWAPI_OK)
        return;
    cr_expect(scarce_evaluate(program, NULL), "%s:%zu: %.*s", t->file, t->line,
              GWAPI__FMT(expression));
    gwapi__cel_program_release(program);
}

/* ---- the files -------------------------------------------------------------------------- */

static void visit_line(table *t, gwapi_str line)
{
    gwapi_str expression, expected;

    if (gwapi__str_starts(line, GWAPI__STR("#minor ")))
        t->environment.minor = (uint32_t)strtoul(line.data + 7, NULL, 10);
    if (line.len == 0 || line.data[0] == '#')
        return;
    cr_assert(gwapi__str_cut(line, '\t', &expression, &expected), "%s:%zu: no tab", t->file,
              t->line);
    t->cases++;
    t->visit(t, expression, expected);
    gwapi__arena_reset(&t->arena);
}

static void visit_file(table *t, const char *folder)
{
    static char path[4096], line[1 << 16];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, t->file);
    f = fopen(path, "r");
    cr_assert_not_null(f, "%s", path);
    t->environment = (gwapi__cel_environment){.minor = 34};
    for (t->line = 1; fgets(line, sizeof line, f) != NULL; t->line++)
        visit_line(t, gwapi__str(line, strcspn(line, "\n")));
    fclose(f);
}

static void visit_all(table *t)
{
    static char folder[2048];
    struct dirent *entry;

    snprintf(folder, sizeof folder, "%s/tests/data/cel", getenv("top_srcdir"));
    DIR *dir = opendir(folder);
    cr_assert_not_null(dir, "%s", folder);
    cr_assert_eq(gwapi__allocator_init(&t->allocator, NULL), GWAPI_OK);
    gwapi__arena_init(&t->arena, &t->allocator);
    while ((entry = readdir(dir)) != NULL) {
        t->file = entry->d_name;
        if (gwapi__str_ends(gwapi__str_of(t->file), GWAPI__STR(".tsv")))
            visit_file(t, folder);
    }
    closedir(dir);
    gwapi__arena_free(&t->arena);
}

Test(cel_table, all_cases_of_all_tables)
{
    table t = {.visit = check_answer};

    visit_all(&t);
    cr_expect_gt(t.cases, 2000, "only %zu cases", t.cases);
}

Test(cel_table, compiling_may_find_no_memory_at_any_step)
{
    visit_all(&(table){.visit = starve_compiler});
}

Test(cel_table, evaluating_may_find_no_memory_at_any_step)
{
    visit_all(&(table){.visit = starve_evaluation});
}
