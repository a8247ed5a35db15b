/* What an API server finds in objects of small definitions: tests/data/schema/things.jsonl has
 * schemas, objects, those they replace, and the errors it tells of, one case in a line. */
#include <stdlib.h>
#include "support.h"

/* An object of this spec; texts in JSON tell 1 from 1.0, in YAML they are one. */
static const char *object_of(judging *g, gwapi_str spec, bool json)
{
    gwapi__text t;
    gwapi_str copy;

    gwapi__text_init(&t, &g->allocator);
    gwapi__text_addz(&t, json ? "{\"apiVersion\":\"t.example/v1\",\"kind\":\"Thing\","
                                "\"metadata\":{\"name\":\"t\"},\"spec\":"
                              : "apiVersion: t.example/v1\nkind: Thing\nmetadata: {name: t}\n"
                                "spec: ");
    gwapi__text_add(&t, spec);
    gwapi__text_char(&t, json ? '}' : '\n');
    cr_assert(gwapi__arena_copy(&g->arena, gwapi__text_str(&t), &copy));
    gwapi__text_free(&t);
    return copy.data;
}

/* What was forgiven is no error. */
static void keep_errors(gwapi_report *report)
{
    size_t kept = 0;

    for (size_t i = 0; i < report->diagnostics.count; i++) {
        const gwapi_diagnostic *d = GWAPI__AT(&report->diagnostics, gwapi_diagnostic, i);
        if (d->severity == GWAPI_SEVERITY_ERROR)
            *GWAPI__AT(&report->diagnostics, gwapi_diagnostic, kept++) = *d;
    }
    report->diagnostics.count = kept;
}

static void check_row(const gwapi__node *row)
{
    gwapi_str label = gwapi__node_get_str(row, GWAPI__STR("label"));
    gwapi_str old = gwapi__node_get_str(row, GWAPI__STR("old"));
    gwapi_str spec = gwapi__node_get_str(row, GWAPI__STR("spec"));
    bool json = gwapi__node_get(row, GWAPI__STR("json"))->as.boolean;
    judging g;

    judging_init(&g, 0);
    cr_assert_eq(judging_define(&g, gwapi__node_get_str(row, GWAPI__STR("schema")).data),
                 GWAPI_OK, "%.*s", GWAPI__FMT(label));
    const char *text = object_of(&g, spec, json);
    judging_run(&g, text, old.data != NULL ? object_of(&g, old, json) : NULL, 0);
    keep_errors(g.report);
    judging_show(&g);
    cr_expect_str_eq(g.shown.data, gwapi__node_get_str(row, GWAPI__STR("found")).data,
                     "%.*s: found %s", GWAPI__FMT(label), g.shown.data);
    if (old.data == NULL)
        cr_expect_eq(judging_count(&g, text, 0), g.errors, "%.*s: untold", GWAPI__FMT(label));
    judging_free(&g);
}

Test(schema_things, errors_are_those_of_the_server)
{
    const char *top = getenv("top_srcdir");
    char path[512], line[8192];
    size_t count = 0;

    snprintf(path, sizeof path, "%s/tests/data/schema/things.jsonl", top != NULL ? top : ".");
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    while (fgets(line, sizeof line, file) != NULL) {
        gwapi__stream *stream;
        judging g;
        judging_init(&g, 0);
        check_row(judging_read(&g, line, &stream));
        gwapi__stream_close(stream);
        judging_free(&g);
        count++;
    }
    fclose(file);
    cr_expect_gt(count, 90);
}
