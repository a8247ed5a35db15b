#include "support.h"
#include "support/oom.h"

/* Everything at once: a schema with a definition of its own, an update with findings of most
 * sorts, each allocation failing in turn. */
static const char crd[] =
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
    "metadata: {name: things.t.example}\n"
    "spec: {group: t.example, names: {kind: Thing, plural: things}, scope: Namespaced, versions: "
    "[{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, "
    "properties: {spec: {type: object, properties: {a: {type: string, maxLength: 9, pattern: '^a+$', default: "
    "a}, l: {type: array, x-kubernetes-list-type: set, items: {type: integer}}}, "
    "x-kubernetes-validations: [{rule: 'self.a + \"b\" == \"a\"', messageExpression: '\"not \" + "
    "self.a', fieldPath: .a}, {rule: 'self == oldSelf', message: m}, {rule: "
    "'oldSelf.orValue(self) != self', message: m, optionalOldSelf: true}, {rule: "
    "'self.a.matches(self.a) && self.l[3] == 1', message: m}]}}}}}]}";
static const char bad_crd[] =
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
    "spec: {group: t.example, names: {kind: Thing, plural: things}, scope: Namespaced, versions: "
    "[{name: v1, served: true, schema: {openAPIV3Schema: {type: thing}}}]}";
static const char bad_rule[] =
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
    "metadata: {name: things.t.example}\n"
    "spec: {group: t.example, names: {kind: Thing, plural: things}, scope: Namespaced, versions: "
    "[{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, "
    "properties: {spec: {type: object, x-kubernetes-validations: [{rule: self.b == 1, message: "
    "m}, {rule: '1', message: m, messageExpression: '2'}]}}}}}]}";

static gwapi_result judge_one(const gwapi_schema *schema, gwapi__arena *arena,
                              gwapi_report *report, const char *text, uint32_t flags,
                              const gwapi__node *old, gwapi__node **root)
{
    gwapi__stream *stream;
    gwapi__doc doc = {0};
    const gwapi__kind *kind;
    bool more;
    size_t errors;
    gwapi_result r = gwapi__stream_open(&stream, &arena->allocator, gwapi__str_of(text),
                                        GWAPI_FORMAT_AUTO, NULL);

    if (r != GWAPI_OK)
        return r;
    r = gwapi__stream_next(stream, arena, &doc, &more);
    if (r == GWAPI_OK)
        r = gwapi__schema_find(schema, gwapi__node_get_str(doc.root, GWAPI__STR("apiVersion")),
                               gwapi__node_get_str(doc.root, GWAPI__STR("kind")), &kind);
    if (r == GWAPI_OK) {
        gwapi__judge_input in = {.root = doc.root,
                                 .old_root = old,
                                 .arena = arena,
                                 .default_namespace = GWAPI__STR("default"),
                                 .flags = flags,
                                 .report = report,
                                 .document = GWAPI__NO_DOCUMENT,
                                 .stream = stream};
        r = gwapi__judge(kind, &in, &errors);
        *root = doc.root;
    }
    gwapi__stream_close(stream);
    return r;
}

static gwapi_result judge_all(const gwapi_schema *schema, gwapi__arena *arena,
                              gwapi_report *report)
{
    gwapi__node *old = NULL, *root;
    gwapi_result r = judge_one(
        schema, arena, report, "{apiVersion: t.example/v1, kind: Thing, spec: {l: [1]}}",
        GWAPI__JUDGE_STORED, NULL, &old);

    if (r == GWAPI_OK)
        r = judge_one(schema, arena, report,
                      "{apiVersion: t.example/v1, kind: Thing, metadata: {name: B, labels: {-: c}, "
                      "creationTimestamp: '2025-01-01T00:00:00Z'}, spec: {a: b, bb: c, l: [2, 2, "
                      "x]}}",
                      GWAPI__JUDGE_UNKNOWN_ERROR, old, &root);
    if (r == GWAPI_OK)
        r = judge_one(schema, arena, report,
                      "{apiVersion: t.example/v1, kind: Thing, metadata: {name: b}, spec: {l: "
                      "[1, 2]}}",
                      0, old, &root);
    if (r == GWAPI_OK)
        r = judge_one(schema, arena, report,
                      "{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: "
                      "{name: c, annotations: {A: b}, ownerReferences: [{}]}, spec: "
                      "{controllerName: x}}",
                      0, NULL, &root);
    return r;
}

static gwapi_result everything(const gwapi_allocator *allocator, void *arg)
{
    gwapi_schema_options options = GWAPI_SCHEMA_OPTIONS_INIT;
    gwapi_schema *schema = NULL;
    gwapi_report *report = NULL;
    gwapi__arena arena;
    gwapi_result r;

    (void)arg;
    options.allocator = allocator;
    gwapi__arena_init(&arena, allocator);
    r = gwapi_report_new(&report, allocator, NULL);
    if (r == GWAPI_OK)
        r = gwapi_schema_new(&schema, &options);
    if (r == GWAPI_OK)
        r = gwapi_schema_add_builtin(schema, (gwapi_str){NULL, 0}, GWAPI_CHANNEL_STANDARD);
    if (r == GWAPI_OK)
        r = gwapi_schema_add_crd(schema, GWAPI__STR("f"), gwapi__str_of(bad_crd), report);
    if (r == GWAPI_EINVALID)
        r = gwapi_schema_add_crd(schema, GWAPI__STR("f"), gwapi__str_of(bad_rule), report);
    if (r == GWAPI_EINVALID)
        r = gwapi_schema_add_crd(schema, GWAPI__STR("f"), gwapi__str_of(crd), report);
    if (r == GWAPI_OK)
        r = gwapi_schema_seal(schema, NULL, 0);
    if (r == GWAPI_OK)
        r = judge_all(schema, &arena, report);
    gwapi__arena_free(&arena);
    gwapi_schema_free(schema);
    gwapi_report_free(report);
    return r;
}

Test(schema_oom, every_allocation_may_fail, .timeout = 120)
{
    size_t runs, bad;

    cr_assert_eq(test_fail_every_allocation(everything, NULL, &runs, &bad), GWAPI_OK);
    cr_expect_eq(bad, 0, "allocation %zu", bad);
    cr_expect_gt(runs, 200);
}
