/* Every allocation fails in turn where definitions are judged and explained, kinds compiled and
 * objects judged. Each allocation from an arena is one of them: this program has exact_blocks.c. */
#include <gatewayapi/explain.h>
#include "support.h"
#include "support/oom.h"

static void starve(test_call *call, void *arg, gwapi_result result, size_t least, const char *what)
{
    size_t runs, bad;
    gwapi_result r = test_fail_every_allocation(call, arg, &runs, &bad);

    cr_expect_eq(r, result, "%s: allocation %zu: %d", what, bad, r);
    cr_expect_eq(bad, 0, "%s: allocation %zu", what, bad);
    cr_expect_gt(runs, least, "%s: %zu", what, runs);
}

/* ---- definitions ------------------------------------------------------------------------ */

#define HEAD                                                                                  \
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"                   \
    "metadata: {name: things.t.example}\n"                                                    \
    "spec:\n  group: t.example\n  names: {kind: Thing, plural: things}\n  scope: Namespaced\n"
#define HOOK(reviews)                                                                         \
    "  conversion: {strategy: Webhook, webhook: {conversionReviewVersions: " reviews           \
    ", clientConfig: {url: 'https://a', caBundle: YWJj}}}\n"
#define V1 "  versions:\n  - name: v1\n    served: true\n    storage: true\n"
#define V2 "    schema: {openAPIV3Schema: {type: object}}\n  - name: v2\n    served: true\n"
/* What all the steps make something of. */
#define RICH                                                                                  \
    "    subresources: {status: {}, scale: {specReplicasPath: .spec.n,\n" \
    "      statusReplicasPath: .status.n, labelSelectorPath: .status.s}}\n" \
    "    selectableFields: [{jsonPath: .spec.a}, {jsonPath: .spec.b}]\n" \
    "    additionalPrinterColumns: [{name: A, type: string, jsonPath: .spec.a}]\n" \
    "    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {\n" \
    "      a: {type: string, default: x, pattern: '^x'}, b: {type: string}, n: {type: integer},\n" \
    "      l: {type: array, maxItems: 500, x-kubernetes-list-type: map,\n" \
    "        x-kubernetes-list-map-keys: [k], items: {type: object, required: [k], properties: {\n" \
    "          k: {type: string, maxLength: 9000,\n" \
    "            x-kubernetes-validations: [{rule: \"self.contains('a')\"}]}}}},\n" \
    "      e: {type: object, x-kubernetes-embedded-resource: true, properties: {\n" \
    "        apiVersion: {type: string, default: v1}, kind: {type: string, default: Pod},\n" \
    "        metadata: {type: object, properties: {name: {type: string, default: p},\n" \
    "          finalizers: {type: array, items: {type: string, default: a/b}},\n" \
    "          creationTimestamp: {type: string, default: '2025-01-01T00:00:00Z'},\n" \
    "          labels: {type: object, additionalProperties: {type: string}, default: {a: b}}}}}},\n" \
    "      p: {type: object, x-kubernetes-embedded-resource: true,\n" \
    "        x-kubernetes-preserve-unknown-fields: true, default: {apiVersion: v1, kind: Pod,\n" \
    "          metadata: {name: p, annotations: {a: b}}}}}}}}}\n"

static gwapi_result define(const gwapi_allocator *allocator, void *arg)
{
    gwapi_schema_options options = GWAPI_SCHEMA_OPTIONS_INIT;
    gwapi_schema *schema = NULL;
    gwapi_report *report = NULL;

    options.flags = GWAPI_SCHEMA_KEEP_TEXT;
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

Test(schema_memory, definitions_are_taken_whole_or_not_at_all)
{
    static const struct {
        const char *label, *text;
        gwapi_result result;
    } rows[] = {
        {"one version", HEAD HOOK("[v1, v1beta1]") V1 RICH, GWAPI_OK},
        {"two versions, and a mistake", HEAD HOOK("[v1, v1]") V1 V2 RICH, GWAPI_EINVALID},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_str text = gwapi__str_of(rows[i].text);
        starve(define, &text, rows[i].result, 500, rows[i].label);
    }
}

/* ---- explanations ----------------------------------------------------------------------- */

static const char explained[] = HEAD V1
    "    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {\n"
    "      one: {type: string, default: a, description: d},\n"
    "      two: {type: array, minItems: 1, items: {type: string, minLength: 1, maxLength: 9}},\n"
    "      six: {type: object, additionalProperties: {type: array, maxItems: 3,\n"
    "        items: {type: integer, minimum: 1}}},\n"
    "      all: {type: array, x-kubernetes-list-type: set, minItems: 1, maxItems: 2,\n"
    "        items: {type: string, pattern: '^a+$', format: date, minLength: 1, maxLength: 2,\n"
    "          enum: [a, b], x-kubernetes-validations: [{rule: 'true'}]}},\n"
    "      num: {type: integer, nullable: true, minimum: 0, maximum: 5, enum: [1, null],\n"
    "        x-kubernetes-validations: [{rule: 'true', message: m}]},\n"
    "      map: {type: object, minProperties: 2, additionalProperties: {type: string}}}}}}}\n";

static int swallow(void *ctx, const char *data, size_t len)
{
    (void)ctx;
    (void)data;
    (void)len;
    return 0;
}

/* The definition's own memory does not end. */
static void explain(const char *topic, gwapi_result result)
{
    test_memory m = {.fail_at = 0};
    gwapi_allocator allocator = test_memory_allocator(&m);
    gwapi_schema_options options = GWAPI_SCHEMA_OPTIONS_INIT;
    gwapi_sink sink = {sizeof sink, NULL, swallow};
    gwapi_schema *schema;
    gwapi_report *report;

    options.flags = GWAPI_SCHEMA_KEEP_TEXT;
    options.allocator = &allocator;
    cr_assert_eq(gwapi_schema_new(&schema, &options), GWAPI_OK);
    cr_assert_eq(gwapi_report_new(&report, NULL, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_schema_add_crd(schema, GWAPI__STR("crd"), gwapi__str_of(explained), report),
                 GWAPI_OK);
    size_t before = m.live_bytes;
    do {
        gwapi_explanation *e;
        m.fail_at++;
        m.calls = m.failed = 0;
        gwapi_result r = gwapi_schema_explain(&e, schema, gwapi__str_of(topic), report);
        if (r == GWAPI_OK)
            r = gwapi_explanation_write(e, &sink);
        gwapi_explanation_free(e);
        cr_expect_eq(r, m.failed != 0 ? GWAPI_ENOMEM : result, "%s: allocation %zu: %d", topic,
                     m.fail_at, r);
        cr_expect_eq(m.live_bytes, before, "%s: allocation %zu", topic, m.fail_at);
    } while (m.failed != 0);
    cr_expect_gt(m.fail_at, 5, "%s", topic);
    gwapi_report_free(report);
    gwapi_schema_free(schema);
}

Test(schema_memory, fields_are_explained_whole_or_not_at_all)
{
    explain("Thing.spec", GWAPI_OK);
    explain("Thing.spec.one", GWAPI_OK);
    explain("Thing.spec.all", GWAPI_OK);
    explain("Thing.spec.num", GWAPI_OK);
    explain("Thing.spec.six", GWAPI_OK);
    explain("Thing.spec.map", GWAPI_OK);
    explain("Thing.spec.ones", GWAPI_ENOTFOUND);
}

/* ---- kinds and objects ------------------------------------------------------------------ */

/* A kind as the build would put it in. */
static gwapi_result compile(const gwapi_allocator *allocator, void *arg)
{
    static const gwapi__builtin_release release = {.name = GWAPI_STR_INIT("v0")};
    static const gwapi__builtin_version version = {.name = GWAPI_STR_INIT("v1")};
    const char *text = arg;
    const gwapi__builtin_kind source = {
        .text = {.bytes = (const unsigned char *)text, .size = strlen(text)}};
    const gwapi__entry entry = {.group = GWAPI__STR("t.example"),
                                .version = version.name,
                                .kind_name = GWAPI__STR("Thing"),
                                .plural = GWAPI__STR("things"),
                                .release = &release,
                                .builtin = &source,
                                .builtin_version = &version,
                                .channel = GWAPI_CHANNEL_STANDARD};
    gwapi_schema_options options = GWAPI_SCHEMA_OPTIONS_INIT;
    gwapi_schema *schema = NULL;
    gwapi__kind *kind = NULL;

    options.allocator = allocator;
    gwapi_result r = gwapi_schema_new(&schema, &options);
    if (r == GWAPI_OK)
        r = gwapi__kind_compile_builtin(&kind, schema, &entry);
    cr_expect_eq(kind != NULL, r == GWAPI_OK);
    if (schema != NULL)
        gwapi__kind_free(&schema->allocator, kind);
    gwapi_schema_free(schema);
    return r;
}

Test(schema_memory, kinds_are_compiled_whole_or_not_at_all)
{
    static char text[] =
        "definitions: {a: {type: string, maxLength: 3}}\n"
        "schema: {type: object, properties: {spec: {type: object, properties: {\n"
        "  a: {$ref: a, minLength: 1, enum: [b, c]}, l: {type: array, x-kubernetes-list-type: map,\n"
        "    x-kubernetes-list-map-keys: [k], items: {type: object, required: [k],\n"
        "    properties: {k: {type: string, default: x, pattern: '^x'}}}}},\n"
        "  x-kubernetes-validations: [{id: r, rule: 'self != oldSelf', hint: h}]}}}\n";

    starve(compile, text, GWAPI_OK, 100, "a kind");
}

typedef struct judged {
    const gwapi_schema *schema;
    const char *text;
} judged;

static gwapi_result judge(const gwapi_allocator *allocator, void *arg)
{
    const judged *o = arg;
    gwapi_report *report = NULL;
    gwapi__stream *stream = NULL;
    gwapi__arena arena;
    gwapi__doc doc = {0};
    const gwapi__kind *kind;
    bool more;
    size_t errors;

    gwapi__arena_init(&arena, allocator);
    gwapi_result r = gwapi_report_new(&report, allocator, NULL);
    if (r == GWAPI_OK)
        r = gwapi__stream_open(&stream, allocator, gwapi__str_of(o->text), GWAPI_FORMAT_AUTO, NULL);
    if (r == GWAPI_OK)
        r = gwapi__stream_next(stream, &arena, &doc, &more);
    if (r == GWAPI_OK)
        r = gwapi__schema_find(o->schema, GWAPI__STR("t.example/v1"), GWAPI__STR("Thing"), &kind);
    if (r == GWAPI_OK) {
        gwapi__judge_input in = {.root = doc.root,
                                 .arena = &arena,
                                 .default_namespace = GWAPI__STR("n"),
                                 .report = report,
                                 .document = GWAPI__NO_DOCUMENT,
                                 .stream = stream};
        r = gwapi__judge(kind, &in, &errors);
    }
    if (r == GWAPI_OK)
        cr_expect(gwapi__str_eq(gwapi__node_get_str(gwapi__node_get(doc.root, GWAPI__STR("metadata")),
                                                    GWAPI__STR("namespace")),
                                GWAPI__STR("n")));
    gwapi__stream_close(stream);
    gwapi__arena_free(&arena);
    gwapi_report_free(report);
    return r;
}

Test(schema_memory, objects_are_completed_whole_or_not_at_all)
{
    static const char definition[] = HEAD V1
        "    schema: {openAPIV3Schema: {type: object, properties: {x: {type: string, nullable: true},\n"
        "      spec: {type: object, default: {a: a}, properties: {a: {type: string, default: a},\n"
        "      b: {type: string, default: b}, c: {type: string, default: c},\n"
        "      d: {type: string, default: d}, e: {type: string, default: e},\n"
        "      l: {type: array, items: {type: object, properties: {f: {type: string,\n"
        "        default: f}}}}}}}}}\n";
    static const char *const texts[] = {
        "{apiVersion: t.example/v1, kind: Thing}",
        "{apiVersion: t.example/v1, kind: Thing, x: y, z: 1}",
        "{apiVersion: t.example/v1, kind: Thing, metadata: {name: t, ownerReferences: [{}, {}], "
        "creationTimestamp: '2025-01-01T00:00:00+01:00', labels: {a: b}}, spec: {l: [{}, {f: g}]}}",
        "{apiVersion: t.example/v1, kind: Thing, metadata: {name: t, uid: u, resourceVersion: '1', "
        "generation: 1}, spec: null}",
    };
    judged o = {NULL, NULL};
    gwapi_schema *schema;

    cr_assert_eq(gwapi_schema_new(&schema, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_schema_add_crd(schema, GWAPI__STR("f"), gwapi__str_of(definition), NULL), GWAPI_OK);
    o.schema = schema;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        o.text = texts[i];
        starve(judge, &o, GWAPI_OK, 10, o.text);
    }
    gwapi_schema_free(schema);
}
