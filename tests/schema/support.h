/* Judges a text by the built-in schemas, or a value by a schema given as YAML, and shows what was
 * found in one line. */
#ifndef GWAPI_TESTS_SCHEMA_SUPPORT_H
#define GWAPI_TESTS_SCHEMA_SUPPORT_H

#include <criterion/criterion.h>
#include <stdio.h>
#include "base/report.h"
#include "base/slice.h"
#include "base/text.h"
#include "doc/write.h"
#include "schema/judge.h"
#include "schema/kind.h"

typedef struct judging {
    gwapi_allocator allocator;
    gwapi_schema *schema;
    gwapi_report *report;
    gwapi__arena arena;
    gwapi__text shown;  /* "Type path; …" of errors and warnings, sorted */
    gwapi__text object; /* the tree as JSON */
    size_t errors;
} judging;

static inline void judging_init(judging *g, gwapi_channel channel)
{
    *g = (judging){.errors = 0};
    cr_assert_eq(gwapi__allocator_init(&g->allocator, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_schema_new(&g->schema, NULL), GWAPI_OK);
    if (channel != 0)
        cr_assert_eq(
            gwapi_schema_add_builtin(g->schema, (gwapi_str){NULL, 0}, channel), GWAPI_OK);
    cr_assert_eq(gwapi_report_new(&g->report, NULL, NULL), GWAPI_OK);
    gwapi__arena_init(&g->arena, &g->allocator);
    gwapi__text_init(&g->shown, &g->allocator);
    gwapi__text_init(&g->object, &g->allocator);
}

static inline void judging_free(judging *g)
{
    gwapi__text_free(&g->shown);
    gwapi__text_free(&g->object);
    gwapi__arena_free(&g->arena);
    gwapi_report_free(g->report);
    gwapi_schema_free(g->schema);
}

static inline gwapi__node *judging_read(judging *g, const char *text, gwapi__stream **stream)
{
    gwapi__doc doc = {0};
    bool more;

    cr_assert_eq(gwapi__stream_open(stream, &g->allocator, gwapi__str_of(text),
                                    GWAPI_FORMAT_AUTO, NULL),
                 GWAPI_OK);
    cr_assert_eq(gwapi__stream_next(*stream, &g->arena, &doc, &more), GWAPI_OK);
    cr_assert(more && doc.root != NULL, "unreadable: %s", text);
    return doc.root;
}

static inline int judging_order(const void *a, const void *b, void *ctx)
{
    const gwapi_diagnostic *x = a, *y = b;
    int c = gwapi__str_cmp(x->path, y->path);

    (void)ctx;
    return c != 0 ? c : (int)x->type - (int)y->type;
}

/* A path that occurs in the diagnostics with one type several times is shown once. */
static inline void judging_show(judging *g)
{
    gwapi_diagnostic last = {.type = 0};

    gwapi__text_cut(&g->shown, 0);
    gwapi__vector_sort(&g->report->diagnostics, judging_order, NULL);
    for (size_t i = 0; i < g->report->diagnostics.count; i++) {
        const gwapi_diagnostic *d = GWAPI__AT(&g->report->diagnostics, gwapi_diagnostic, i);
        cr_expect_gt(d->message.len, 0, "a finding without words");
        cr_expect_gt(d->rule.len, 0, "a finding without a rule");
        if (d->type == last.type && gwapi__str_eq(d->path, last.path))
            continue;
        last = *d;
        if (g->shown.len != 0)
            gwapi__text_addz(&g->shown, "; ");
        gwapi__text_addz(&g->shown, gwapi_error_type_text(d->type));
        if (d->path.len != 0)
            gwapi__text_char(&g->shown, ' ');
        gwapi__text_add(&g->shown, d->path);
    }
    gwapi__text_char(&g->shown, '\0');
}

/* Without a report, as many errors are counted. */
static inline void judging_again(judging *g, const gwapi__kind *kind, const char *text,
                                 gwapi__judge_input in)
{
    gwapi__stream *stream;
    size_t errors;

    in.root = judging_read(g, text, &stream);
    in.report = NULL;
    in.stream = NULL;
    cr_assert_eq(gwapi__judge(kind, &in, &errors), GWAPI_OK);
    cr_expect_eq(errors, g->errors, "%s", text);
    gwapi__stream_close(stream);
}

static inline void judging_run(judging *g, const char *text, const char *old, uint32_t flags)
{
    const gwapi__kind *kind = NULL, *old_kind = NULL;
    gwapi__stream *stream, *old_stream;
    gwapi__judge_input in = {.arena = &g->arena,
                             .default_namespace = GWAPI__STR("default"),
                             .flags = flags,
                             .document = GWAPI__NO_DOCUMENT};
    size_t ignored;

    gwapi_report_clear(g->report);
    if (old != NULL) {
        gwapi__node *root = judging_read(g, old, &old_stream);
        cr_assert_eq(gwapi__schema_find(g->schema, gwapi__node_get_str(root, GWAPI__STR("apiVersion")),
                                        gwapi__node_get_str(root, GWAPI__STR("kind")), &old_kind),
                     GWAPI_OK);
        cr_assert_not_null(old_kind);
        in.root = root;
        in.flags = GWAPI__JUDGE_STORED;
        cr_assert_eq(gwapi__judge(old_kind, &in, &ignored), GWAPI_OK);
        gwapi__stream_close(old_stream);
        in.old_root = root;
        in.flags = flags;
    }
    in.root = judging_read(g, text, &stream);
    in.report = g->report;
    in.stream = stream;
    cr_assert_eq(gwapi__schema_find(g->schema, gwapi__node_get_str(in.root, GWAPI__STR("apiVersion")),
                                    gwapi__node_get_str(in.root, GWAPI__STR("kind")), &kind),
                 GWAPI_OK);
    cr_assert_not_null(kind, "%s", text);
    cr_assert_eq(gwapi__judge(kind, &in, &g->errors), GWAPI_OK);
    gwapi__stream_close(stream);
    cr_expect_eq(g->errors, gwapi_report_count_severity(g->report, GWAPI_SEVERITY_ERROR), "%s",
                 text);
    judging_again(g, kind, text, in);
    judging_show(g);
    gwapi__text_cut(&g->object, 0);
    gwapi__node_write_json(&g->object, in.root);
    gwapi__text_char(&g->object, '\0');
    cr_assert(!g->object.failed && !g->shown.failed);
}

/* The same with nobody to tell: the number of errors. */
static inline size_t judging_count(judging *g, const char *text, uint32_t flags)
{
    const gwapi__kind *kind = NULL;
    gwapi__stream *stream;
    gwapi__judge_input in = {.root = judging_read(g, text, &stream),
                             .arena = &g->arena,
                             .default_namespace = GWAPI__STR("default"),
                             .flags = flags,
                             .document = GWAPI__NO_DOCUMENT};
    size_t errors = SIZE_MAX;

    cr_assert_eq(gwapi__schema_find(g->schema, gwapi__node_get_str(in.root, GWAPI__STR("apiVersion")),
                                    gwapi__node_get_str(in.root, GWAPI__STR("kind")), &kind),
                 GWAPI_OK);
    cr_assert_not_null(kind, "%s", text);
    cr_assert_eq(gwapi__judge(kind, &in, &errors), GWAPI_OK);
    gwapi__stream_close(stream);
    return errors;
}

/* ---- schemas in tests ------------------------------------------------------------------ */

/* Makes kind Thing of group t.example, version v1, known, which has this schema: by the loader
 * alone, so that a schema may say what a definition could not. */
static inline gwapi_result judging_define_whole(judging *g, const char *schema)
{
    const gwapi__kind_info info = {.group = GWAPI__STR("t.example"),
                                   .version = GWAPI__STR("v1"),
                                   .kind = GWAPI__STR("Thing"),
                                   .plural = GWAPI__STR("things"),
                                   .namespaced = true};
    const gwapi__load_problem *problems;
    gwapi__stream *stream;
    gwapi__arena scratch;
    gwapi__doc doc = {0};
    bool more;

    gwapi__arena_init(&scratch, &g->allocator);
    gwapi_result r = gwapi__stream_open(&stream, &g->allocator, gwapi__str_of(schema),
                                        GWAPI_FORMAT_YAML, NULL);
    cr_assert_eq(r, GWAPI_OK);
    cr_assert_eq(gwapi__stream_next(stream, &scratch, &doc, &more), GWAPI_OK);
    cr_assert_not_null(doc.root, "%s", schema);
    gwapi__kind *kind = gwapi__kind_new(g->schema, &info);
    gwapi__load_input in = {
        .schema = doc.root, .minor = g->schema->minor, .scratch = &scratch};
    r = gwapi__load(kind, &in, &problems);
    gwapi__entry *e = r == GWAPI_OK ? gwapi__vector_push(&g->schema->entries) : NULL;
    if (e == NULL) {
        gwapi__kind_free(&g->allocator, kind);
    } else {
        *e = (gwapi__entry){.group = kind->info.group,
                            .version = kind->info.version,
                            .kind_name = kind->info.kind,
                            .plural = kind->info.plural,
                            .namespaced = true,
                            .storage = true};
        atomic_init(&e->kind, kind);
    }
    gwapi__stream_close(stream);
    gwapi__arena_free(&scratch);
    return r;
}

/* The same, by the schema of the spec. */
static inline gwapi_result judging_define(judging *g, const char *spec_schema)
{
    char text[8192];
    int n = snprintf(text, sizeof text, "type: object\nproperties:\n  spec: %s\n", spec_schema);

    cr_assert(n > 0 && (size_t)n < sizeof text);
    return judging_define_whole(g, text);
}

/* The text of a Thing with this spec. */
static inline const char *judging_thing(char *out, size_t size, const char *spec)
{
    int n = snprintf(out, size,
                     "apiVersion: t.example/v1\nkind: Thing\nmetadata: {name: t}\nspec: %s\n",
                     spec);

    cr_assert(n > 0 && (size_t)n < size);
    return out;
}

/* The spec within the object shown. */
static inline const char *judging_spec(judging *g)
{
    char *spec = strstr(g->object.data, ",\"spec\":");

    if (spec == NULL)
        return "";
    char *end = g->object.data + strlen(g->object.data) - 1;
    *end = '\0';
    return spec + strlen(",\"spec\":");
}

typedef struct judging_row {
    const char *label;
    const char *schema; /* of spec, flow style */
    const char *spec;   /* NULL: that of the row before */
    const char *found;
    const char *after; /* the spec as judged, or NULL: not looked at */
} judging_row;

static inline void judging_check(const judging_row *rows, size_t count, uint32_t flags)
{
    const char *spec = "";
    char text[8192];

    for (size_t i = 0; i < count; i++) {
        judging g;
        judging_init(&g, 0);
        spec = rows[i].spec != NULL ? rows[i].spec : spec;
        cr_assert_eq(judging_define(&g, rows[i].schema), GWAPI_OK, "%s", rows[i].label);
        judging_run(&g, judging_thing(text, sizeof text, spec), NULL, flags);
        cr_expect_str_eq(g.shown.data, rows[i].found, "%s: found %s", rows[i].label,
                         g.shown.data);
        if (rows[i].after != NULL) {
            const char *after = judging_spec(&g);
            cr_expect_str_eq(after, rows[i].after, "%s: now %s", rows[i].label, after);
        }
        size_t errors = g.errors;
        cr_expect_eq(judging_count(&g, judging_thing(text, sizeof text, spec), flags), errors,
                     "%s: untold", rows[i].label);
        judging_free(&g);
    }
}
#define JUDGING_CHECK(rows, flags) judging_check(rows, sizeof(rows) / sizeof *(rows), flags)

#endif
