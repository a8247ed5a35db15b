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
        r = gwapi_schema_seal(schema, &(gwapi_str){"GatewayClass", 12}, 1);
    if (r == GWAPI_OK)
        r = judge_all(schema, &arena, report);
    gwapi__arena_free(&arena);
    gwapi_schema_free(schema);
    gwapi_report_free(report);
    return r;
}

Test(schema_oom, every_allocation_may_fail)
{
    size_t runs, bad;

    cr_assert_eq(test_fail_every_allocation(everything, NULL, &runs, &bad), GWAPI_OK);
    cr_expect_eq(bad, 0, "allocation %zu", bad);
    cr_expect_gt(runs, 200);
}

/* ---- judging alone ---------------------------------------------------------------------- */

typedef struct judging_case {
    const char *schema;    /* of a Thing's spec */
    const char *spec, *old; /* old: NULL without one */
    size_t filled;         /* bytes of the arena that are gone before */
} judging_case;

static gwapi_result judge_spec(const judging *g, gwapi__arena *arena, gwapi_report *report,
                               const char *spec, uint32_t flags, const gwapi__node *old,
                               gwapi__node **root)
{
    char text[4096];

    return judge_one(g->schema, arena, report, judging_thing(text, sizeof text, spec), flags, old,
                     root);
}

/* The kind has memory of its own. */
static gwapi_result judge_case(const gwapi_allocator *allocator, void *arg)
{
    const judging_case *c = arg;
    gwapi_report *report = NULL;
    gwapi__node *old = NULL, *root;
    gwapi__arena arena;
    judging g;

    judging_init(&g, 0);
    cr_assert_eq(judging_define(&g, c->schema), GWAPI_OK, "%s", c->schema);
    gwapi__arena_init(&arena, allocator);
    gwapi_result r = gwapi_report_new(&report, allocator, NULL);
    if (r == GWAPI_OK && gwapi__arena_alloc(&arena, c->filled) == NULL)
        r = GWAPI_ENOMEM;
    if (r == GWAPI_OK && c->old != NULL)
        r = judge_spec(&g, &arena, report, c->old, GWAPI__JUDGE_STORED, NULL, &old);
    if (r == GWAPI_OK)
        r = judge_spec(&g, &arena, report, c->spec, 0, old, &root);
    gwapi__arena_free(&arena);
    gwapi_report_free(report);
    judging_free(&g);
    return r;
}

#define NINE "{rule: 'true', message: a}, {rule: 'true', message: b}, {rule: 'true', message: c}, " \
             "{rule: 'true', message: d}, {rule: 'true', message: e}, {rule: 'true', message: f}, " \
             "{rule: 'true', message: g}, {rule: 'true', message: h}, {rule: 'true', message: i}, "
#define MANY NINE NINE NINE NINE NINE NINE NINE NINE

Test(schema_oom, memory_may_end_wherever_an_object_is_judged, .timeout = 240)
{
    static judging_case cases[] = {
        {"{type: object, x-kubernetes-validations: [{rule: 'false', message: m, fieldPath: .a.b}], "
         "properties: {a: {type: object, properties: {b: {type: integer}}}}}",
         "{a: {b: 1}}", NULL, 0},
        {"{type: object, x-kubernetes-validations: [{rule: 'false', messageExpression: 'self.a + "
         "self.a + self.a.replace(\"a\", \"bc\")'}], properties: {a: {type: string}}}",
         "{a: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}", NULL, 0},
        {"{type: object, x-kubernetes-validations: [" MANY "{rule: 'true'}], properties: {a: {type: "
         "integer}}}",
         "{a: b}", NULL, 0},
        {"{type: array, x-kubernetes-list-type: set, items: {type: integer}}",
         "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, "
         "25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36]",
         NULL, 0},
        {"{type: object, default: {b: [1]}, properties: {a: {type: object, default: {c: [1, 2]}, "
         "properties: {c: {type: array, items: {type: integer}}}}}}",
         "{}", NULL, 0},
        {"{type: object, properties: {a: {type: string, pattern: '^a+$', x-kubernetes-validations: "
         "[{rule: oldSelf != self, message: m}]}}}",
         "{a: aa}", "{a: aa}", 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (judging_case c = cases[i]; c.filled < 1024; c.filled += 64) {
            size_t runs, bad;
            cr_expect_eq(test_fail_every_allocation(judge_case, &c, &runs, &bad), GWAPI_OK, "%s",
                         c.schema);
            cr_expect_eq(bad, 0, "allocation %zu, %zu bytes gone: %s", bad, c.filled, c.schema);
            cr_expect_gt(runs, 5, "%s", c.schema);
        }
}

/* ---- rules take from an arena that is reset ------------------------------------------------ */

#define MAKES(name) "{rule: 'self.map(x, x + \"-" name "\").join(\",\") != \"\"', message: " name "}, "
#define MAKES_EIGHT(name)                                                                      \
    MAKES(name "a") MAKES(name "b") MAKES(name "c") MAKES(name "d") MAKES(name "e")            \
        MAKES(name "f") MAKES(name "g") MAKES(name "h")

/* How often memory is asked for to judge an object whose rules were evaluated before. */
static size_t calls_to_judge(const char *schema)
{
    test_memory m = {0};
    gwapi_allocator allocator = test_memory_allocator(&m);
    gwapi_report *report = NULL;
    gwapi__node *root;
    gwapi__arena arena;
    judging g;
    size_t before = 0;

    judging_init(&g, 0);
    cr_assert_eq(judging_define(&g, schema), GWAPI_OK, "%s", schema);
    gwapi__arena_init(&arena, &allocator);
    cr_assert_eq(gwapi_report_new(&report, &allocator, NULL), GWAPI_OK);
    cr_assert_not_null(gwapi__arena_alloc(&arena, 1 << 20));
    for (int i = 0; i < 2; i++) {
        gwapi__arena_reset(&arena);
        before = m.calls;
        cr_assert_eq(judge_spec(&g, &arena, report, "[one, two, three]", 0, NULL, &root), GWAPI_OK);
    }
    before = m.calls - before;
    gwapi__arena_free(&arena);
    gwapi_report_free(report);
    judging_free(&g);
    return before;
}

Test(schema_oom, more_rules_ask_for_no_more_memory)
{
    size_t one = calls_to_judge("{type: array, maxItems: 9, items: {type: string, maxLength: 9}, "
                                "x-kubernetes-validations: [" MAKES("a") "]}");
    size_t many = calls_to_judge("{type: array, maxItems: 9, items: {type: string, maxLength: 9}, "
                                 "x-kubernetes-validations: [" MAKES_EIGHT("a") MAKES_EIGHT("b")
                                     MAKES_EIGHT("c") MAKES_EIGHT("d") "]}");

    cr_expect_eq(many, one, "%zu and %zu", many, one);
}
