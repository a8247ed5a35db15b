#include <stdlib.h>
#include "support.h"
#include "schema/judgement.h"
#include "support/oom.h"

#define HEAD                                                                                  \
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"                   \
    "metadata: {name: things.t.example}\n"

static gwapi_result add(judging *g, const char *text)
{
    return gwapi_schema_add_crd(g->schema, GWAPI__STR("crd.yaml"), gwapi__str_of(text),
                                g->report);
}

/* ---- judged as by the server ------------------------------------------------------------ */

/* The rest of the line that begins so; what follows it in *text. */
static gwapi_str line_of(gwapi_str *text, const char *begin)
{
    gwapi_str line, rest;

    gwapi__str_cut(*text, '\n', &line, &rest);
    cr_assert(gwapi__str_starts(line, gwapi__str_of(begin)), "no %s in: %.*s", begin,
              GWAPI__FMT(line));
    *text = rest;
    return gwapi__str_trim(gwapi__str_sub(line, strlen(begin), line.len));
}

static void check_case(const char *file, gwapi_str text)
{
    gwapi_str label = line_of(&text, "# case:"), found = line_of(&text, "# found:");
    judging g;

    judging_init(&g, 0);
    gwapi_result r =
        gwapi_schema_add_crd(g.schema, GWAPI__STR("crd.yaml"), text, g.report);
    size_t errors = gwapi_report_count_severity(g.report, GWAPI_SEVERITY_ERROR);
    cr_expect_eq(r, found.len != 0 ? GWAPI_EINVALID : GWAPI_OK, "%s, %.*s: %d", file,
                 GWAPI__FMT(label), r);
    cr_expect_eq(errors == 0, found.len == 0, "%s, %.*s", file, GWAPI__FMT(label));
    cr_expect_eq(gwapi_schema_kind_count(g.schema) == 0, found.len != 0, "%s, %.*s", file,
                 GWAPI__FMT(label));
    size_t kept = 0;
    for (size_t i = 0; i < gwapi_report_count(g.report); i++) {
        const gwapi_diagnostic *d = GWAPI__AT(&g.report->diagnostics, gwapi_diagnostic, i);
        cr_expect(d->line != 0 && d->column != 0 && d->excerpt.len != 0, "%s, %.*s: no place",
                  file, GWAPI__FMT(label));
        if (d->severity == GWAPI_SEVERITY_ERROR)
            *GWAPI__AT(&g.report->diagnostics, gwapi_diagnostic, kept++) = *d;
    }
    g.report->diagnostics.count = kept;
    judging_show(&g);
    if (!gwapi__str_eq(found, GWAPI__STR("undecodable")))
        cr_expect(gwapi__str_eq(found, gwapi__str_of(g.shown.data)), "%s, %.*s: found %s", file,
                  GWAPI__FMT(label), g.shown.data);
    judging_free(&g);
}

static gwapi_str read_data(char *buffer, size_t size, const char *name)
{
    char path[512];
    const char *top = getenv("top_srcdir");

    snprintf(path, sizeof path, "%s/tests/data/crd/%s.yaml", top != NULL ? top : ".", name);
    FILE *f = fopen(path, "rb");
    cr_assert_not_null(f, "%s", path);
    size_t n = fread(buffer, 1, size, f);
    fclose(f);
    cr_assert_lt(n, size);
    return gwapi__str(buffer, n);
}

static void each_case(void (*visit)(const char *file, gwapi_str text))
{
    static const char *const files[] = {"names",      "types",      "versions", "selectable",
                                        "conversion", "structural", "keywords", "lists",
                                        "defaults",   "rules",      "expressions"};
    static char buffer[131072];
    const gwapi_str separator = GWAPI__STR("---\n");

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        gwapi_str rest = read_data(buffer, sizeof buffer, files[i]);
        for (size_t at; (at = gwapi__str_find(rest, separator)) != SIZE_MAX;) {
            visit(files[i], gwapi__str_sub(rest, 0, at));
            rest = gwapi__str_sub(rest, at + separator.len, rest.len);
        }
    }
}

/* What the API server says of each was asked of its own code. */
Test(schema_crd, definitions_are_judged_as_the_server_does)
{
    each_case(check_case);
}

static gwapi_result add_to_new(const gwapi_allocator *allocator, void *arg)
{
    gwapi_schema_options options = GWAPI_SCHEMA_OPTIONS_INIT;
    gwapi_schema *schema = NULL;
    gwapi_report *report = NULL;

    options.allocator = allocator;
    gwapi_result r = gwapi_schema_new(&schema, &options);
    if (r == GWAPI_OK)
        r = gwapi_report_new(&report, allocator, NULL);
    if (r == GWAPI_OK)
        r = gwapi_schema_add_crd(schema, GWAPI__STR("crd"), *(gwapi_str *)arg, report);
    if (r != GWAPI_OK && schema != NULL)
        cr_expect_eq(gwapi_schema_kind_count(schema), 0, "all or nothing");
    gwapi_report_free(report);
    gwapi_schema_free(schema);
    return r;
}

static void check_memory(const char *file, gwapi_str text)
{
    size_t runs, bad;
    gwapi_result r = test_fail_every_allocation(add_to_new, &text, &runs, &bad);

    cr_expect_eq(bad, 0, "%s, %.*s: allocation %zu", file, 40, text.data, bad);
    cr_expect(r == GWAPI_OK || r == GWAPI_EINVALID, "%s: %d", file, r);
    cr_expect_gt(runs, 5);
}

Test(schema_crd, want_of_memory_is_told_wherever_it_comes)
{
    each_case(check_memory);
}

Test(schema_crd, what_is_wrong_is_told_with_its_place)
{
    static const char text[] =
        HEAD "spec: {group: t.example, names: {kind: Thing, plural: things}, scope: Cluster,\n"
             "  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema:\n"
             "    {type: object, properties: {spec: {type: thing, format: 5}}}}}]}\n";
    gwapi_diagnostic d = {.struct_size = sizeof d};
    judging g;

    judging_init(&g, 0);
    cr_assert_eq(add(&g, text), GWAPI_EINVALID);
    cr_assert_eq(gwapi_report_count(g.report), 1);
    cr_assert_eq(gwapi_report_at(g.report, 0, &d), GWAPI_OK);
    cr_expect(gwapi__str_eq(d.rule, GWAPI__STR("crd/type")));
    cr_expect(gwapi__str_eq(d.message, GWAPI__STR("must be a string, not the integer 5")));
    cr_expect(gwapi__str_eq(d.hint, GWAPI__STR("put it in quotes: \"5\"")));
    cr_expect(gwapi__str_eq(
        d.pointer,
        GWAPI__STR("/spec/versions/0/schema/openAPIV3Schema/properties/spec/format")));
    cr_expect_eq(d.line, 6);
    cr_expect_eq(d.column, 61);
    cr_expect(gwapi__str_eq(d.file, GWAPI__STR("crd.yaml")));
    judging_free(&g);
}

/* The server keeps the schema that all versions share in another place than the text has it. */
Test(schema_crd, the_servers_path_and_the_place_in_the_text_may_differ)
{
    static const char text[] =
        HEAD "spec: {group: t.example, names: {kind: Thing, plural: things}, scope: Cluster,\n"
             "  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema:\n"
             "    {type: object, properties: {a/b: {type: array}}}}}]}\n";
    gwapi_diagnostic d = {.struct_size = sizeof d};
    judging g;

    judging_init(&g, 0);
    cr_assert_eq(add(&g, text), GWAPI_EINVALID);
    cr_assert_eq(gwapi_report_at(g.report, 0, &d), GWAPI_OK);
    cr_expect(gwapi__str_eq(
        d.path, GWAPI__STR("spec.validation.openAPIV3Schema.properties[a/b].items")));
    cr_expect(gwapi__str_eq(
        d.pointer,
        GWAPI__STR("/spec/versions/0/schema/openAPIV3Schema/properties/a~1b/items")));
    judging_free(&g);
}

Test(schema_crd, an_unreadable_file_adds_nothing)
{
    gwapi_diagnostic d = {.struct_size = sizeof d};
    judging g;

    judging_init(&g, 0);
    cr_assert_eq(add(&g, HEAD "--- \na: [\n"), GWAPI_EINVALID);
    cr_assert_geq(gwapi_report_count(g.report), 1);
    for (size_t i = 0; i < gwapi_report_count(g.report); i++) {
        gwapi_report_at(g.report, i, &d);
        if (gwapi__str_eq(d.rule, GWAPI__STR("crd/unreadable")))
            break;
    }
    cr_expect(gwapi__str_eq(d.rule, GWAPI__STR("crd/unreadable")));
    judging_free(&g);
}

Test(schema_crd, want_of_memory_is_told_where_nothing_can_be_read)
{
    static const char *const texts[] = {"a: [", "a: {b: c\n--- \na: b\n", HEAD "a: *b\n"};
    size_t runs, bad;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        gwapi_str text = gwapi__str_of(texts[i]);
        cr_expect_eq(test_fail_every_allocation(add_to_new, &text, &runs, &bad), GWAPI_EINVALID,
                     "%s", texts[i]);
        cr_expect_eq(bad, 0, "%s: allocation %zu", texts[i], bad);
    }
}

Test(schema_crd, unknown_fields_are_warned_of)
{
    static const char text[] =
        HEAD "spec: {group: t.example, names: {kind: Thing, plural: things}, scope: Cluster,\n"
             "  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema:\n"
             "    {type: object, propertys: {}}}}]}\n";
    gwapi_diagnostic d = {.struct_size = sizeof d};
    judging g;

    judging_init(&g, 0);
    cr_assert_eq(add(&g, text), GWAPI_OK);
    cr_assert_eq(gwapi_report_count(g.report), 1);
    gwapi_report_at(g.report, 0, &d);
    cr_expect_eq(d.severity, GWAPI_SEVERITY_WARNING);
    cr_expect(gwapi__str_eq(d.hint_value, GWAPI__STR("properties")));
    judging_free(&g);
}

/* ---- what becomes of it ----------------------------------------------------------------- */

Test(schema_crd, a_definition_replaces_the_kind_it_defines)
{
    static const char text[] =
        "apiVersion: v1\nkind: Service\nmetadata: {name: passed-over}\n---\n"
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
        "metadata: {name: gateways.gateway.networking.k8s.io,\n"
        "  annotations: {api-approved.kubernetes.io: unapproved}}\n"
        "spec:\n"
        "  group: gateway.networking.k8s.io\n"
        "  names: {kind: Gateway, plural: gateways}\n"
        "  scope: Cluster\n"
        "  versions:\n"
        "  - {name: v9, served: true, storage: true, deprecated: true, subresources: {status: {}},\n"
        "     schema: {openAPIV3Schema: {type: object}}}\n"
        "  - {name: v8, served: false, storage: false, schema: {openAPIV3Schema: {type: object}}}\n";
    judging g;
    const gwapi__kind *kind;

    judging_init(&g, GWAPI_CHANNEL_STANDARD);
    size_t before = gwapi_schema_kind_count(g.schema);
    cr_assert_eq(add(&g, text), GWAPI_OK);
    cr_expect_eq(gwapi_schema_kind_count(g.schema), before - 1, "two versions out, one in");
    cr_assert_eq(gwapi__schema_find(g.schema, GWAPI__STR("gateway.networking.k8s.io/v1"),
                                    GWAPI__STR("Gateway"), &kind),
                 GWAPI_OK);
    cr_expect_null(kind);
    cr_assert_eq(gwapi__schema_find(g.schema, GWAPI__STR("gateway.networking.k8s.io/v9"),
                                    GWAPI__STR("Gateway"), &kind),
                 GWAPI_OK);
    cr_assert_not_null(kind);
    cr_expect(gwapi__kind_info_of(kind)->deprecated);
    cr_expect(gwapi__kind_info_of(kind)->status_subresource);
    cr_expect_not(gwapi__kind_info_of(kind)->namespaced);
    judging_free(&g);
}

Test(schema_crd, our_own_keywords_mean_nothing_in_it)
{
    judging g;
    char text[512];

    judging_init(&g, 0);
    cr_assert_eq(judging_define(&g, "{type: string, x-channel: experimental, enum: "
                                    "[a], x-enum-experimental: [b]}"),
                 GWAPI_OK);
    judging_run(&g, judging_thing(text, sizeof text, "b"), NULL, 0);
    cr_expect_str_eq(g.shown.data, "NotSupported spec");
    judging_free(&g);
}

/* ---- what the call takes ---------------------------------------------------------------- */

Test(schema_crd, wrong_arguments_are_refused)
{
    judging g;

    judging_init(&g, 0);
    cr_expect_eq(gwapi_schema_add_crd(NULL, GWAPI__STR("f"), GWAPI__STR("a: b"), NULL),
                 GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_schema_add_crd(g.schema, GWAPI__STR("f"), (gwapi_str){NULL, 1}, NULL),
                 GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_schema_add_crd(g.schema, GWAPI__STR("f"), (gwapi_str){NULL, 0}, NULL),
                 GWAPI_OK);
    cr_expect_eq(gwapi_schema_seal(g.schema, NULL, 0), GWAPI_OK);
    cr_expect_eq(add(&g, "a: b"), GWAPI_ESTATE);
    judging_free(&g);
}

#define VERSIONS(schema)                                                                      \
    "  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema:\n    " schema \
    "}}]}\n"
#define THING(schema)                                                                         \
    HEAD "spec: {group: t.example, names: {kind: Thing, plural: things}, scope: Cluster,\n"   \
         VERSIONS(schema)

Test(schema_crd, one_wrong_definition_among_others_refuses_all)
{
    static const char *const texts[] = {
        THING("{type: thing}") "---\n" THING("{type: object}"),
        THING("{type: object}") "---\n" THING("{type: thing}"),
    };

    for (size_t i = 0; i < 2; i++) {
        judging g;
        judging_init(&g, 0);
        cr_expect_eq(add(&g, texts[i]), GWAPI_EINVALID, "%zu", i);
        cr_expect_eq(gwapi_schema_kind_count(g.schema), 0, "%zu", i);
        judging_show(&g);
        cr_expect_not_null(strstr(g.shown.data, "NotSupported"), "%zu: %s", i, g.shown.data);
        judging_free(&g);
    }
}

Test(schema_crd, definitions_of_another_version_are_passed_over)
{
    judging g;

    judging_init(&g, 0);
    cr_expect_eq(add(&g, "apiVersion: apiextensions.k8s.io/v1beta1\n"
                         "kind: CustomResourceDefinition\nspec: 5\n"),
                 GWAPI_OK);
    cr_expect_eq(gwapi_schema_kind_count(g.schema), 0);
    cr_expect_eq(gwapi_report_count(g.report), 0);
    judging_free(&g);
}

/* ---- limits of our own ------------------------------------------------------------------ */

/* Adds a definition whose schema has a part of so many pieces. */
static void check_large(const char *before, const char *piece, size_t count, const char *after,
                        const char *found)
{
    gwapi__text text;
    judging g;

    judging_init(&g, 0);
    gwapi__text_init(&text, &g.allocator);
    gwapi__text_addz(&text, HEAD "spec: {group: t.example, names: {kind: Thing, plural: things},\n"
                                 "  scope: Cluster, versions: [{name: v1, served: true,\n"
                                 "  storage: true, schema: {openAPIV3Schema: {type: object,\n"
                                 "  properties: {spec: ");
    gwapi__text_addz(&text, before);
    for (size_t i = 0; i < count; i++)
        gwapi__say(&text, piece, (uint64_t)i);
    gwapi__text_addz(&text, after);
    gwapi__text_addz(&text, "}}}}]}\n");
    gwapi__text_char(&text, '\0');
    cr_expect_eq(add(&g, text.data), found[0] != '\0' ? GWAPI_EINVALID : GWAPI_OK, "%zu × %s",
                 count, piece);
    judging_show(&g);
    cr_expect_str_eq(g.shown.data, found, "%zu × %s: found %s", count, piece, g.shown.data);
    gwapi__text_free(&text);
    judging_free(&g);
}

Test(schema_crd, what_is_too_large_is_refused)
{
#define SPEC "spec.validation.openAPIV3Schema.properties[spec]"
    check_large("{type: object, properties: {", "a%u: {type: string},\n", 32767, "}}", "");
    check_large("{type: object, properties: {", "a%u: {type: string},\n", 32768, "}}",
                "Invalid spec.validation.openAPIV3Schema.properties.spec.properties");
    check_large("{type: string, pattern: '", "(", 100002, "'}", "Invalid " SPEC ".pattern");
    check_large("{type: array, items: {type: object, required: [a], properties: {a: {type: string}}},\n"
                "   x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [",
                "a,", 256, "]}", "Invalid " SPEC ".x-kubernetes-list-map-keys");
    check_large("{type: array, items: {type: object, required: [a], properties: {a: {type: string}}},\n"
                "   x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [",
                "a,", 257, "]}", "Limit " SPEC ".x-kubernetes-list-map-keys");
#undef SPEC
}
