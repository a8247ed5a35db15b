/* The rows of tests/data/validate through the public interface: for each document the server's
 * verdict, its strict verdict, the types and paths of its errors, the rules that do not hold, and
 * the object as it would be stored. With GATEWAY_API_CRDS, a folder that has the official
 * definitions in standard and experimental, the same by those. */
#include <glob.h>
#include <stdlib.h>
#include "base/text.h"
#include "base/vector.h"
#include "doc/stream.h"
#include "model/read_support.h"

typedef struct sample {
    gwapi_allocator allocator;
    gwapi_schema *schema;
    gwapi_report *report;
    gwapi__arena arena; /* of the row at work and of the object that was written */
    bool by_crds;
} sample;

typedef struct finding {
    gwapi_str type, path;
} finding;

static void sample_init(sample *s, gwapi_channel channel)
{
    *s = (sample){.schema = test_schema(channel)};
    cr_assert_eq(gwapi__allocator_init(&s->allocator, NULL), GWAPI_OK);
    s->report = test_report();
    gwapi__arena_init(&s->arena, &s->allocator);
}

static void sample_free(sample *s)
{
    gwapi__arena_free(&s->arena);
    gwapi_report_free(s->report);
    gwapi_schema_free(s->schema);
}

/* ---- the rows -------------------------------------------------------------------------- */

static gwapi_str member(const gwapi__node *row, const char *name)
{
    return gwapi__node_get_str(row, gwapi__str_of(name));
}

static bool is_true(const gwapi__node *row, const char *name)
{
    const gwapi__node *value = gwapi__node_get(row, gwapi__str_of(name));

    cr_assert(value != NULL && value->type == GWAPI__NODE_BOOL, "%s is missing", name);
    return value->as.boolean;
}

/* The one object of a JSON text. */
static gwapi__node *read_json(sample *s, gwapi_str text)
{
    gwapi__stream *stream;
    gwapi__doc doc = {0};
    bool more;

    cr_assert_eq(gwapi__stream_open(&stream, &s->allocator, text, GWAPI_FORMAT_JSON, NULL),
                 GWAPI_OK);
    cr_assert_eq(gwapi__stream_next(stream, &s->arena, &doc, &more), GWAPI_OK);
    gwapi__stream_close(stream);
    return doc.root;
}

/* ---- the errors as a set --------------------------------------------------------------- */

static int order(const void *a, const void *b, void *ctx)
{
    const finding *x = a, *y = b;
    int c = gwapi__str_cmp(x->path, y->path);

    (void)ctx;
    return c != 0 ? c : gwapi__str_cmp(x->type, y->type);
}

static void add_finding(gwapi__vector *set, gwapi_str type, gwapi_str path)
{
    finding *f = gwapi__vector_push(set);

    cr_assert_not_null(f);
    *f = (finding){type, path};
}

/* "Type path" in order, one a line, each once. */
static void show_set(gwapi__text *out, gwapi__vector *set)
{
    cr_assert(gwapi__vector_sort(set, order, NULL));
    for (size_t i = 0; i < set->count; i++) {
        const finding *f = GWAPI__AT(set, finding, i);
        if (i != 0 && order(f, f - 1, NULL) == 0)
            continue;
        gwapi__text_add(out, f->type);
        gwapi__text_char(out, ' ');
        gwapi__text_add(out, f->path);
        gwapi__text_char(out, '\n');
    }
}

static void show_expected(gwapi__text *out, const sample *s, const gwapi__node *paths)
{
    gwapi__vector set;

    gwapi__vector_init(&set, &s->allocator, sizeof(finding));
    for (uint32_t i = 0; paths != NULL && i < paths->as.list.count; i++) {
        gwapi__node *const *pair = paths->as.list.items[i]->as.list.items;
        add_finding(&set, pair[0]->as.string, pair[1]->as.string);
    }
    show_set(out, &set);
    gwapi__vector_free(&set);
}

static void show_found(gwapi__text *out, const sample *s)
{
    gwapi__vector set;

    gwapi__vector_init(&set, &s->allocator, sizeof(finding));
    for (size_t i = 0; i < gwapi_report_count(s->report); i++) {
        gwapi_diagnostic d = test_diagnostic(s->report, i);
        if (d.severity == GWAPI_SEVERITY_ERROR)
            add_finding(&set, gwapi__str_of(gwapi_error_type_text(d.type)), d.path);
    }
    show_set(out, &set);
    gwapi__vector_free(&set);
}

static void check_errors(const sample *s, gwapi_str id, const gwapi__node *paths)
{
    gwapi__text expected, found;

    gwapi__text_init(&expected, &s->allocator);
    gwapi__text_init(&found, &s->allocator);
    show_expected(&expected, s, paths);
    show_found(&found, s);
    cr_expect(gwapi__str_eq(gwapi__text_str(&expected), gwapi__text_str(&found)),
              "%.*s: found\n%.*snot\n%.*s", GWAPI__FMT(id), GWAPI__FMT(gwapi__text_str(&found)),
              GWAPI__FMT(gwapi__text_str(&expected)));
    gwapi__text_free(&expected);
    gwapi__text_free(&found);
}

/* ---- the rules ------------------------------------------------------------------------- */

/* Violations as pairs of rule and path; what is judged by a CRD has no ids of ours. */
static void check_rules(const sample *s, gwapi_str id, const gwapi__node *rules)
{
    for (uint32_t i = 0; rules != NULL && !s->by_crds && i < rules->as.list.count; i++) {
        gwapi__node *const *pair = rules->as.list.items[i]->as.list.items;
        bool found = false;
        for (size_t k = 0; !found && k < gwapi_report_count(s->report); k++) {
            gwapi_diagnostic d = test_diagnostic(s->report, k);
            found = gwapi__str_eq(d.rule, pair[0]->as.string) &&
                    gwapi__str_eq(d.path, pair[1]->as.string);
        }
        cr_expect(found, "%.*s: %.*s is not violated at %.*s", GWAPI__FMT(id),
                  GWAPI__FMT(pair[0]->as.string), GWAPI__FMT(pair[1]->as.string));
    }
}

/* ---- the object ------------------------------------------------------------------------ */

static int append(void *ctx, const char *data, size_t len)
{
    gwapi__text_add(ctx, gwapi__str(data, len));
    return 0;
}

static void check_object(sample *s, gwapi_str id, const gwapi_resources *resources,
                         const gwapi__node *expected)
{
    gwapi__text text;

    gwapi__text_init(&text, &s->allocator);
    const gwapi_sink sink = {sizeof sink, &text, append};
    cr_assert_eq(gwapi_resources_write(resources, GWAPI_FORMAT_JSON, 0, &sink), GWAPI_OK);
    const gwapi__node *written = read_json(s, gwapi__text_str(&text));
    cr_assert_not_null(expected, "%.*s", GWAPI__FMT(id));
    cr_expect(written != NULL && gwapi__node_equal(written, expected), "%.*s: %.*s",
              GWAPI__FMT(id), GWAPI__FMT(gwapi__text_str(&text)));
    gwapi__text_free(&text);
}

/* ---- the comparison -------------------------------------------------------------------- */

static gwapi_resources *read_document(const sample *s, gwapi_str text, gwapi_unknown unknown)
{
    gwapi_resources_options options = GWAPI_RESOURCES_OPTIONS_INIT;
    gwapi_source source = GWAPI_SOURCE_INIT;
    gwapi_resources *resources;

    options.unknown_fields = unknown;
    options.flags = GWAPI_RESOURCES_KEEP_SOURCE;
    cr_assert_eq(gwapi_resources_new(&resources, s->schema, &options), GWAPI_OK);
    source.bytes = text.data;
    source.len = text.len;
    source.flags = GWAPI_READ_CREATE;
    gwapi_report_clear(s->report);
    gwapi_result result = gwapi_resources_read(resources, &source, s->report);
    cr_assert(result == GWAPI_OK || result == GWAPI_EINVALID || result == GWAPI_EUNREADABLE);
    return resources;
}

/* Every document, and there is one. A kind that nobody knows is skipped, thus not valid. */
static bool all_valid(const gwapi_report *report)
{
    size_t count = gwapi_report_document_count(report), valid = 0;

    for (size_t i = 0; i < count; i++) {
        gwapi_document d = {.struct_size = sizeof d};
        cr_assert_eq(gwapi_report_document_at(report, i, &d), GWAPI_OK);
        valid += d.verdict == GWAPI_VERDICT_VALID;
    }
    return count != 0 && valid == count;
}

static void check_row(sample *s, const gwapi__node *row)
{
    gwapi_str id = member(row, "id"), text = member(row, "yaml");
    bool decoded = member(row, "class").data == NULL, valid = is_true(row, "valid");

    gwapi_resources *resources = read_document(s, text, GWAPI_UNKNOWN_WARN);
    cr_expect_eq(all_valid(s->report), valid, "%.*s: verdict", GWAPI__FMT(id));
    if (decoded)
        check_errors(s, id, gwapi__node_get(row, GWAPI__STR("paths")));
    check_rules(s, id, gwapi__node_get(row, GWAPI__STR("rules")));
    if (valid)
        check_object(s, id, resources, gwapi__node_get(row, GWAPI__STR("defaulted")));
    gwapi_resources_free(resources);
    gwapi_resources_free(read_document(s, text, GWAPI_UNKNOWN_ERROR));
    cr_expect_eq(all_valid(s->report), is_true(row, "strict"), "%.*s: strict", GWAPI__FMT(id));
}

static char *read_path(const char *path, size_t *len)
{
    FILE *f = fopen(path, "rb");
    cr_assert_not_null(f, "%s", path);
    cr_assert_eq(fseek(f, 0, SEEK_END), 0);
    *len = (size_t)ftell(f);
    rewind(f);
    char *bytes = malloc(*len + 1);
    cr_assert_not_null(bytes);
    cr_assert_eq(fread(bytes, 1, *len, f), *len);
    fclose(f);
    return bytes;
}

static char *read_file(const char *name, size_t *len)
{
    const char *top = getenv("top_srcdir");
    char path[1024];

    snprintf(path, sizeof path, "%s/tests/data/validate/%s", top != NULL ? top : ".", name);
    return read_path(path, len);
}

/* The definitions that a cluster would have in place of what is built in. */
static gwapi_schema *schema_of_crds(const char *folder)
{
    gwapi_schema *schema;
    glob_t files;
    char pattern[1024];

    snprintf(pattern, sizeof pattern, "%s/*.yaml", folder);
    cr_assert_eq(glob(pattern, 0, NULL, &files), 0, "no definitions in %s", folder);
    cr_assert_eq(gwapi_schema_new(&schema, NULL), GWAPI_OK);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        size_t len;
        char *bytes = read_path(files.gl_pathv[i], &len);
        cr_assert_eq(gwapi_schema_add_crd(schema, gwapi__str_of(files.gl_pathv[i]),
                                          gwapi__str(bytes, len), NULL),
                     GWAPI_OK, "%s", files.gl_pathv[i]);
        free(bytes);
    }
    globfree(&files);
    cr_assert_eq(gwapi_schema_seal(schema, NULL, 0), GWAPI_OK);
    return schema;
}

static void check_rows(sample *s, const char *name, size_t least)
{
    size_t len, count = 0;
    char *bytes = read_file(name, &len);
    gwapi_str rest = gwapi__str(bytes, len), line;

    for (bool more = true; more;) {
        more = gwapi__str_cut(rest, '\n', &line, &rest);
        if (line.len == 0)
            continue;
        const gwapi__node *row = read_json(s, line);
        cr_assert_not_null(row, "%s: row %zu", name, count);
        check_row(s, row);
        gwapi__arena_reset(&s->arena);
        count++;
    }
    cr_expect_geq(count, least);
    free(bytes);
}

static void check_channel(const char *structural, const char *rules, gwapi_channel channel,
                          size_t least_structural, size_t least_rules)
{
    sample s;

    sample_init(&s, channel);
    check_rows(&s, structural, least_structural);
    check_rows(&s, rules, least_rules);
    sample_free(&s);
}

Test(model_sample, documents_are_judged_as_the_server_does_in_the_standard_channel)
{
    check_channel("structural-standard.jsonl", "rules-standard.jsonl", GWAPI_CHANNEL_STANDARD,
                  177, 80);
}

Test(model_sample, documents_are_judged_as_the_server_does_in_the_experimental_channel)
{
    check_channel("structural-experimental.jsonl", "rules-experimental.jsonl",
                  GWAPI_CHANNEL_EXPERIMENTAL, 425, 210);
}

Test(model_sample, the_official_definitions_give_the_same_verdicts_when_they_are_at_hand)
{
    static const struct {
        const char *channel, *structural, *rules;
    } rows[] = {{"standard", "structural-standard.jsonl", "rules-standard.jsonl"},
                {"experimental", "structural-experimental.jsonl", "rules-experimental.jsonl"}};
    const char *crds = getenv("GATEWAY_API_CRDS");
    char folder[1000];

    if (crds == NULL)
        cr_skip_test("GATEWAY_API_CRDS is not set");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sample s;
        sample_init(&s, GWAPI_CHANNEL_STANDARD);
        gwapi_schema_free(s.schema);
        snprintf(folder, sizeof folder, "%s/%s", crds, rows[i].channel);
        s.schema = schema_of_crds(folder);
        s.by_crds = true;
        check_rows(&s, rows[i].structural, 1);
        check_rows(&s, rows[i].rules, 1);
        sample_free(&s);
    }
}
