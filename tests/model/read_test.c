#include "model/read_support.h"
#include "model/store.h"

#define GATEWAY(name)                                                                          \
    "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: " name "}\n"    \
    "spec: {gatewayClassName: c, listeners: [{name: l, port: 80, protocol: HTTP}]}\n---\n"
#define ROUTE(name)                                                                            \
    "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: " name "}\n"  \
    "spec: {rules: [{backendRefs: [{name: b, port: 80}]}]}\n---\n"
#define BAD                                                                                    \
    "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: bad}\n"         \
    "spec: {gatewayClassName: c}\n---\n"
#define UNKNOWN_FIELD                                                                          \
    "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: f}\n"      \
    "spec: {controllerName: a/b, colour: red}\n---\n"
#define DUPLICATE_KEY                                                                          \
    "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: f}\n"      \
    "spec: {controllerName: a/b, controllerName: c/d}\n---\n"
#define SERVICE(name)                                                                          \
    "apiVersion: v1\nkind: Service\nmetadata: {name: " name                                    \
    "}\nspec: {ports: [{port: 80}]}\n---\n"
#define DEPLOYMENT "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n---\n"
#define TLS_ROUTE                                                                              \
    "apiVersion: gateway.networking.k8s.io/v1alpha2\nkind: TLSRoute\nmetadata: {name: t}\n"    \
    "spec: {hostnames: [h], rules: [{backendRefs: [{name: b, port: 1}]}]}\n---\n"
#define BROKEN     "a: [1\n---\n"
#define BAD_SECRET "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: '%'}\n---\n"

Test(model_read, verdicts)
{
    static const struct {
        const char *text, *verdicts;
        gwapi_result result;
        size_t count;
    } rows[] = {
        {GATEWAY("a"), "v", GWAPI_OK, 1},
        {GATEWAY("a") ROUTE("b") SERVICE("c"), "vvs", GWAPI_OK, 3},
        {GATEWAY("a") BAD ROUTE("b"), "viv", GWAPI_EINVALID, 2},
        {GATEWAY("a") BROKEN ROUTE("b"), "vuv", GWAPI_EUNREADABLE, 2},
        {BROKEN BAD, "ui", GWAPI_EINVALID, 0},
        {"{apiVersion: v1, kind: Namespace, metadata: {name: a}} ignored\n", "s", GWAPI_OK, 1},
        {"", "", GWAPI_OK, 0},
        {"# nothing\n---\n", "", GWAPI_OK, 0},
        {"[1]\n", "u", GWAPI_EUNREADABLE, 0},
        {"just text\n", "u", GWAPI_EUNREADABLE, 0},
        {"{}\n", "i", GWAPI_EINVALID, 0},
        {"kind: Gateway\n", "i", GWAPI_EINVALID, 0},
        {"apiVersion: v1\n", "i", GWAPI_EINVALID, 0},
        {"apiVersion: ''\nkind: X\n", "i", GWAPI_EINVALID, 0},
        {"apiVersion: v1\nkind: null\n", "i", GWAPI_EINVALID, 0},
        {"apiVersion: v1\nkind: [X]\n", "i", GWAPI_EINVALID, 0},
        {"apiVersion: 1\nkind: X\n", "i", GWAPI_EINVALID, 0},
        {"apiVersion: a/b/c\nkind: X\n", "i", GWAPI_EINVALID, 0},
        {UNKNOWN_FIELD, "i", GWAPI_EINVALID, 0},
        {DUPLICATE_KEY, "i", GWAPI_EINVALID, 0},
        {DEPLOYMENT, "s", GWAPI_OK, 1},
        {"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, labels: {a: 5}}\n", "s",
         GWAPI_OK, 1},
        {"apiVersion: v1\nkind: Namespace\nmetadata: {name: d, labels: {a: 5}}\n", "i",
         GWAPI_EINVALID, 0},
        {"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n", "s", GWAPI_OK,
         0},
        {TLS_ROUTE, "s", GWAPI_OK, 0},
        {"apiVersion: gateway.networking.k8s.io/v1alpha2\nkind: HTTPRoute\nmetadata: {name: "
         "a}\n",
         "s", GWAPI_OK, 0},
        {"apiVersion: v2\nkind: Service\nmetadata: {name: a}\n", "s", GWAPI_OK, 0},
        {"apiVersion: v1\nkind: Service\nmetadata: {}\n", "i", GWAPI_EINVALID, 0},
        {BAD_SECRET, "i", GWAPI_EINVALID, 0},
        {"apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n", "s", GWAPI_OK, 1},
        {"apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: "
         "{name:"
         " a}}\n- {apiVersion: v1, kind: Namespace, metadata: {name: b}}\n",
         "ss", GWAPI_OK, 2},
    };
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_resources *resources = test_resources(schema, 0);
        gwapi_report *report = test_report();
        char verdicts[32];
        gwapi_result r = test_read(resources, rows[i].text, GWAPI_READ_JUDGE, 0, report);
        test_verdicts(report, verdicts);
        cr_expect_str_eq(verdicts, rows[i].verdicts, "row %zu: %s", i, verdicts);
        cr_expect_eq(r, rows[i].result, "row %zu: %s", i, gwapi_result_name(r));
        cr_expect_eq(gwapi_resources_count(resources), rows[i].count, "row %zu: %zu", i,
                     gwapi_resources_count(resources));
        size_t errors = gwapi_report_count_severity(report, GWAPI_SEVERITY_ERROR);
        cr_expect_eq(errors != 0, r != GWAPI_OK, "row %zu: %zu errors", i, errors);
        cr_expect_eq(test_read(resources, rows[i].text, GWAPI_READ_JUDGE, 0, NULL), r,
                     "row %zu without a report", i);
        gwapi_report_free(report);
        gwapi_resources_free(resources);
    }
    gwapi_schema_free(schema);
}

Test(model_read, an_atomic_call_adds_all_or_nothing)
{
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_resources *r = test_resources(schema, 0);

    cr_assert_eq(test_read(r, SERVICE("old"), GWAPI_READ_JUDGE, GWAPI_READ_ATOMIC, NULL),
                 GWAPI_OK);
    uint64_t revision = gwapi__resources_revision(r);
    cr_expect_eq(test_read(r, GATEWAY("a") BAD, GWAPI_READ_JUDGE, GWAPI_READ_ATOMIC, NULL),
                 GWAPI_EINVALID);
    cr_expect_eq(test_read(r, GATEWAY("a") BROKEN, GWAPI_READ_JUDGE, GWAPI_READ_ATOMIC, NULL),
                 GWAPI_EUNREADABLE);
    cr_expect_eq(gwapi_resources_count(r), 1);
    cr_expect_eq(gwapi__resources_revision(r), revision);
    cr_expect_eq(
        test_read(r, GATEWAY("a") DEPLOYMENT, GWAPI_READ_JUDGE, GWAPI_READ_ATOMIC, NULL),
        GWAPI_OK);
    cr_expect_eq(gwapi_resources_count(r), 3);
    cr_expect_neq(gwapi__resources_revision(r), revision);
    gwapi_resources_free(r);
    gwapi_schema_free(schema);
}

Test(model_read, a_dry_call_adds_nothing_and_finds_the_same)
{
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_resources *r = test_resources(schema, GWAPI_RESOURCES_KEEP_SOURCE);
    gwapi_report *report = test_report();
    char verdicts[32];

    cr_assert_eq(test_read(r, GATEWAY("a") BAD BAD_SECRET GATEWAY("a"), GWAPI_READ_JUDGE,
                           GWAPI_READ_DRY, report),
                 GWAPI_EINVALID);
    test_verdicts(report, verdicts);
    cr_expect_str_eq(verdicts, "viiv");
    cr_expect_eq(gwapi_resources_count(r), 0);
    cr_expect_eq(gwapi_report_count_severity(report, GWAPI_SEVERITY_WARNING), 1,
                 "two of the same identity");
    gwapi_report_free(report);
    gwapi_resources_free(r);
    gwapi_schema_free(schema);
}

/* Objects that a dry call need not decode, and those that it must. */
Test(model_read, a_dry_call_finds_numbers_that_do_not_fit)
{
    static const struct {
        const char *label, *metadata, *status;
        gwapi_result result;
    } cases[] = {
        {"small numbers", "generation: 7", "observedGeneration: 7", GWAPI_OK},
        {"a large one", "generation: 5000000000", "observedGeneration: 7", GWAPI_OK},
        {"a small one", "generation: -5000000000", "observedGeneration: 7", GWAPI_OK},
        {"in a list", "generation: 7", "observedGeneration: 5000000000", GWAPI_OK},
        {"with a point", "generation: 7", "observedGeneration: 7.0", GWAPI_OK},
        {"a large one with a point", "generation: 7", "observedGeneration: 5e9", GWAPI_OK},
        {"a small one with a point", "generation: 7", "observedGeneration: -5e9",
         GWAPI_EINVALID},
        {"as large as can be", "generation: 7", "observedGeneration: 9e18", GWAPI_OK},
        {"beyond 64 bits", "generation: 7", "observedGeneration: 1e19", GWAPI_EINVALID},
        {"far beyond", "generation: 7", "observedGeneration: 1e300", GWAPI_EINVALID},
        {"between two", "generation: 7.5", "observedGeneration: 7", GWAPI_EINVALID},
        {"metadata beyond 64 bits", "generation: 1e19", "observedGeneration: 7", GWAPI_EINVALID},
        {"no name", "name: ''", "observedGeneration: 7", GWAPI_EINVALID},
    };
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_resources *r = test_resources(schema, 0);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gwapi_report *real = test_report(), *dry = test_report();
        char text[512];
        snprintf(text, sizeof text,
                 "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\n"
                 "metadata: {%s%s}\nspec: {controllerName: a.b/c}\nstatus: {conditions: [\n"
                 " {type: A, status: 'True', reason: R, message: m, %s,\n"
                 "  lastTransitionTime: '2020-01-01T00:00:00Z'}]}\n",
                 strstr(cases[i].metadata, "name") != NULL ? "" : "name: a, ",
                 cases[i].metadata, cases[i].status);
        cr_expect_eq(test_read(r, text, GWAPI_READ_JUDGE, GWAPI_READ_DRY, dry), cases[i].result,
                     "%s", cases[i].label);
        cr_expect_eq(test_read(r, text, GWAPI_READ_JUDGE, 0, real), cases[i].result, "%s",
                     cases[i].label);
        cr_expect_eq(gwapi_report_count(dry), gwapi_report_count(real), "%s", cases[i].label);
        gwapi_report_free(real);
        gwapi_report_free(dry);
    }
    gwapi_resources_free(r);
    gwapi_schema_free(schema);
}

Test(model_read, policies_for_fields_and_kinds_nobody_knows)
{
    static const struct {
        const char *text;
        gwapi_unknown fields;
        uint32_t flags;
        char verdict;
        size_t errors, warnings, notes;
    } rows[] = {
        {UNKNOWN_FIELD, GWAPI_UNKNOWN_ERROR, 0, 'i', 1, 0, 0},
        {UNKNOWN_FIELD, GWAPI_UNKNOWN_WARN, 0, 'v', 0, 1, 0},
        {UNKNOWN_FIELD, GWAPI_UNKNOWN_IGNORE, 0, 'v', 0, 0, 0},
        {DUPLICATE_KEY, GWAPI_UNKNOWN_ERROR, 0, 'i', 1, 0, 0},
        {DUPLICATE_KEY, GWAPI_UNKNOWN_WARN, 0, 'v', 0, 1, 0},
        {DUPLICATE_KEY, GWAPI_UNKNOWN_IGNORE, 0, 'v', 0, 0, 0},
        {DEPLOYMENT, 0, 0, 's', 0, 0, 0},
        {DEPLOYMENT, 0, GWAPI_RESOURCES_UNKNOWN_KINDS_ERROR, 'i', 1, 0, 0},
        {SERVICE("a"), 0, GWAPI_RESOURCES_UNKNOWN_KINDS_ERROR, 's', 0, 0, 0},
        {TLS_ROUTE, 0, 0, 's', 0, 0, 1},
        {TLS_ROUTE, 0, GWAPI_RESOURCES_UNKNOWN_KINDS_ERROR, 'i', 1, 0, 0},
        {"apiVersion: gateway.networking.k8s.io/v1\nkind: HttpRoute\n", 0, 0, 's', 0, 1, 0},
        {"apiVersion: gateway.networking.k8s.io/v9\nkind: HTTPRoute\n", 0, 0, 's', 0, 1, 0},
    };
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_resources_options o = GWAPI_RESOURCES_OPTIONS_INIT;
        gwapi_resources *r;
        gwapi_report *report = test_report();
        char verdicts[32];
        o.unknown_fields = rows[i].fields;
        o.flags = rows[i].flags;
        cr_assert_eq(gwapi_resources_new(&r, schema, &o), GWAPI_OK);
        (void)test_read(r, rows[i].text, GWAPI_READ_JUDGE, 0, report);
        test_verdicts(report, verdicts);
        cr_expect_eq(verdicts[0], rows[i].verdict, "row %zu: %s", i, verdicts);
        cr_expect_eq(gwapi_report_count_severity(report, GWAPI_SEVERITY_ERROR), rows[i].errors,
                     "row %zu", i);
        cr_expect_eq(gwapi_report_count_severity(report, GWAPI_SEVERITY_WARNING),
                     rows[i].warnings, "row %zu", i);
        cr_expect_eq(gwapi_report_count_severity(report, GWAPI_SEVERITY_NOTE), rows[i].notes,
                     "row %zu", i);
        gwapi_report_free(report);
        gwapi_resources_free(r);
    }
    gwapi_schema_free(schema);
}

Test(model_read, messages_about_kinds_say_what_is_known)
{
    static const struct {
        const char *text, *path, *message, *hint_value;
        uint32_t line;
    } rows[] = {
        {"kind: TLSRoute\napiVersion: gateway.networking.k8s.io/v1alpha2\n", "kind",
         "the kind TLSRoute of gateway.networking.k8s.io/v1alpha2 is not known in the standard "
         "channel",
         "", 1},
        {"kind: HttpRoutes\napiVersion: gateway.networking.k8s.io/v1\n", "kind",
         "the kind HttpRoutes of gateway.networking.k8s.io/v1 is not known", "HTTPRoute", 1},
        {"kind: HTTPRoute\napiVersion: gateway.networking.k8s.io/v9\n", "apiVersion",
         "the kind HTTPRoute of gateway.networking.k8s.io/v9 is not known; it is known as v1, "
         "v1beta1",
         "", 2},
    };
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_resources *r = test_resources(schema, 0);
        gwapi_report *report = test_report();
        (void)test_read(r, rows[i].text, GWAPI_READ_JUDGE, 0, report);
        gwapi_diagnostic d = test_diagnostic(report, 0);
        cr_expect(gwapi__str_eq(d.path, gwapi__str_of(rows[i].path)), "row %zu", i);
        cr_expect(gwapi__str_eq(d.message, gwapi__str_of(rows[i].message)), "row %zu: %.*s", i,
                  GWAPI__FMT(d.message));
        cr_expect(gwapi__str_eq(d.hint_value, gwapi__str_of(rows[i].hint_value)), "row %zu", i);
        cr_expect_eq(d.line, rows[i].line, "row %zu", i);
        cr_expect(gwapi__str_eq(d.file, GWAPI__STR("in.yaml")), "row %zu", i);
        cr_expect_neq(d.excerpt.len, 0, "row %zu", i);
        gwapi_report_free(report);
        gwapi_resources_free(r);
    }
    gwapi_schema_free(schema);
}

Test(model_read, a_deprecated_version_is_a_warning)
{
    static const char text[] =
        "apiVersion: gateway.networking.k8s.io/v1alpha3\nkind: BackendTLSPolicy\n"
        "metadata: {name: a}\nspec: {targetRefs: [{group: '', kind: Service, name: s}],"
        " validation: {hostname: h, wellKnownCACertificates: System}}\n";
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_EXPERIMENTAL);
    gwapi_resources *r = test_resources(schema, 0);
    gwapi_report *report = test_report();

    cr_assert_eq(test_read(r, text, GWAPI_READ_JUDGE, 0, report), GWAPI_OK);
    cr_assert_eq(gwapi_report_count(report), 1);
    gwapi_diagnostic d = test_diagnostic(report, 0);
    cr_expect_eq(d.severity, GWAPI_SEVERITY_WARNING);
    cr_expect(gwapi__str_eq(d.hint, GWAPI__STR("use v1")), "%.*s", GWAPI__FMT(d.hint));
    cr_assert_eq(test_read(r, text, GWAPI_READ_STORED, 0, report), GWAPI_OK);
    cr_expect_eq(gwapi_report_count(report), 1);
    gwapi_report_free(report);
    gwapi_resources_free(r);
    gwapi_schema_free(schema);
}

Test(model_read, a_create_request_drops_what_the_server_writes)
{
    static const char text[] =
        "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nspec: {controllerName: "
        "a/b}\n"
        "metadata: {name: a, uid: u, creationTimestamp: 2025-11-23T10:20:30Z}\n";
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_resources *r = test_resources(schema, 0);

    cr_assert_eq(test_read(r, text, GWAPI_READ_JUDGE, 0, NULL), GWAPI_OK);
    cr_expect_eq(gwapi__resources_get(r, 0)->meta.created, 1763893230);
    cr_assert_eq(test_read(r, text, GWAPI_READ_JUDGE, GWAPI_READ_CREATE, NULL), GWAPI_OK);
    cr_expect_eq(gwapi__resources_get(r, 0)->meta.created, GWAPI__CREATED_UNKNOWN);
    cr_expect_null(gwapi__resources_get(r, 0)->meta.uid.data);
    gwapi_resources_free(r);
    gwapi_schema_free(schema);
}

Test(model_read, an_object_needs_a_name_or_the_beginning_of_one)
{
    static const struct {
        const char *metadata;
        gwapi_result result;
    } cases[] = {{"metadata: {generateName: a-}", GWAPI_OK},
                 {"metadata: {}", GWAPI_EINVALID},
                 {"metadata: null", GWAPI_EINVALID},
                 {"metadata: 3", GWAPI_EINVALID},
                 {"x: 1", GWAPI_EINVALID}};
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_resources *r = test_resources(schema, 0);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[256];
        snprintf(text, sizeof text,
                 "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\n%s\n"
                 "spec: {controllerName: a.b/c}\n",
                 cases[i].metadata);
        for (uint32_t dry = 0; dry < 2; dry++)
            cr_expect_eq(test_read(r, text, GWAPI_READ_JUDGE,
                                   GWAPI_READ_CREATE | (dry != 0 ? GWAPI_READ_DRY : 0), NULL),
                         cases[i].result, "%s", cases[i].metadata);
    }
    gwapi_resources_free(r);
    gwapi_schema_free(schema);
}

Test(model_read, a_deprecated_version_that_is_stored_has_no_better_one)
{
    static const char crd[] =
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
        "metadata: {name: olds.example.com}\nspec:\n  group: example.com\n"
        "  names: {kind: Old, listKind: OldList, plural: olds, singular: old}\n"
        "  scope: Namespaced\n  versions:\n  - name: v1\n    served: true\n"
        "    storage: true\n    deprecated: true\n"
        "    schema: {openAPIV3Schema: {type: object}}\n";
    gwapi_report *report = test_report();
    gwapi_schema *schema;

    cr_assert_eq(gwapi_schema_new(&schema, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_schema_add_crd(schema, GWAPI__STR("crd.yaml"), gwapi__str_of(crd), NULL),
                 GWAPI_OK);
    cr_assert_eq(gwapi_schema_seal(schema, NULL, 0), GWAPI_OK);
    gwapi_resources *r = test_resources(schema, 0);
    cr_assert_eq(test_read(r, "apiVersion: example.com/v1\nkind: Old\nmetadata: {name: a}\n",
                           GWAPI_READ_JUDGE, 0, report),
                 GWAPI_OK);
    gwapi_diagnostic d = test_diagnostic(report, 0);
    cr_expect(gwapi__str_eq(d.message,
                            GWAPI__STR("example.com/v1 is a deprecated version of Old")),
              "%.*s", GWAPI__FMT(d.message));
    cr_expect_eq(d.hint.len, 0);
    gwapi_resources_free(r);
    gwapi_report_free(report);
    gwapi_schema_free(schema);
}

Test(model_read, kinds_to_skip_are_not_even_judged)
{
    static const gwapi_str skip[] = {GWAPI_STR_INIT("Gateway.gateway.networking.k8s.io"),
                                     GWAPI_STR_INIT("Service"),
                                     GWAPI_STR_INIT("HTTPRoute.other")};
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_resources_options o = GWAPI_RESOURCES_OPTIONS_INIT;
    gwapi_resources *r;
    gwapi_report *report = test_report();
    char verdicts[32];

    o.skip = skip;
    o.skip_count = 3;
    o.flags = GWAPI_RESOURCES_UNKNOWN_KINDS_ERROR;
    cr_assert_eq(gwapi_resources_new(&r, schema, &o), GWAPI_OK);
    cr_expect_eq(
        test_read(r, GATEWAY("a") BAD SERVICE("b") ROUTE("c"), GWAPI_READ_JUDGE, 0, report),
        GWAPI_OK);
    test_verdicts(report, verdicts);
    cr_expect_str_eq(verdicts, "sssv");
    cr_expect_eq(gwapi_resources_count(r), 1);
    gwapi_report_free(report);
    gwapi_resources_free(r);
    gwapi_schema_free(schema);
}

Test(model_read, namespaces_are_filled_in)
{
    static const struct {
        const char *text, *ns;
    } rows[] = {
        {GATEWAY("a"), "team"},
        {SERVICE("a"), "team"},
        {DEPLOYMENT, "team"},
        {"apiVersion: v1\nkind: Namespace\nmetadata: {name: a, namespace: b}\n", ""},
        {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: own}\n", "own"},
        {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: null}\n", "team"},
        {"apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: a}\n"
         "spec: {controllerName: a/b}\n",
         ""},
    };
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_resources_options o = GWAPI_RESOURCES_OPTIONS_INIT;
        gwapi_resources *r;
        gwapi_object_info info = {.struct_size = sizeof info};
        o.default_namespace = GWAPI__STR("team");
        cr_assert_eq(gwapi_resources_new(&r, schema, &o), GWAPI_OK);
        cr_expect_eq(test_read(r, rows[i].text, GWAPI_READ_JUDGE, 0, NULL), GWAPI_OK, "row %zu",
                     i);
        cr_assert_eq(gwapi_resources_at(r, 0, &info), GWAPI_OK, "row %zu", i);
        cr_expect(gwapi__str_eq(info.ref.namespace_, gwapi__str_of(rows[i].ns)),
                  "row %zu: %.*s", i, GWAPI__FMT(info.ref.namespace_));
        gwapi_resources_free(r);
    }
    gwapi_schema_free(schema);
}

Test(model_read, an_object_of_unknown_scope_is_found_either_way)
{
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_resources *r = test_resources(schema, 0);

    cr_assert_eq(test_read(r,
                           "apiVersion: x.io/v1\nkind: Params\nmetadata: {name: p}\n---\n"
                           "apiVersion: x.io/v1\nkind: Params\nmetadata: {name: q, namespace:"
                           " default}\n",
                           GWAPI_READ_JUDGE, 0, NULL),
                 GWAPI_OK);
    const gwapi_str group = GWAPI__STR("x.io"), kind = GWAPI__STR("Params");
    const gwapi_str none = GWAPI__STR(""), ns = GWAPI__STR("default");
    const gwapi__resource *p = gwapi__resources_lookup(r, group, kind, none, GWAPI__STR("p"));
    cr_assert_not_null(p);
    cr_assert_eq(p->kind, GWAPI__KIND_OTHER);
    cr_assert_eq(gwapi__resources_lookup(r, group, kind, ns, GWAPI__STR("p")), p);
    cr_assert_null(
        gwapi__resources_lookup(r, group, kind, GWAPI__STR("else"), GWAPI__STR("p")));
    cr_assert_not_null(gwapi__resources_lookup(r, group, kind, ns, GWAPI__STR("q")));
    cr_assert_null(gwapi__resources_lookup(r, group, kind, none, GWAPI__STR("q")));
    gwapi_resources_free(r);
    gwapi_schema_free(schema);
}

Test(model_read, the_later_of_two_replaces_the_earlier_with_a_warning)
{
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_resources *r = test_resources(schema, 0);
    gwapi_report *report = test_report();

    cr_assert_eq(test_read(r,
                           SERVICE("a") SERVICE("b") "apiVersion: v1\nkind: Service\n"
                                                     "metadata: {name: a, generation: 9}\n",
                           GWAPI_READ_JUDGE, 0, report),
                 GWAPI_OK);
    cr_assert_eq(gwapi_resources_count(r), 2);
    gwapi_object_info info = {.struct_size = sizeof info};
    cr_assert_eq(gwapi_resources_at(r, 0, &info), GWAPI_OK);
    cr_expect_eq(info.generation, 9);
    cr_expect_eq(info.line, 11);
    cr_assert_eq(gwapi_report_count(report), 1);
    gwapi_diagnostic d = test_diagnostic(report, 0);
    cr_expect_eq(d.severity, GWAPI_SEVERITY_WARNING);
    cr_expect_eq(d.document, 2);
    cr_expect_eq(d.line, 13);
    cr_expect(gwapi__str_eq(d.message, GWAPI__STR("it replaces Service default/a, read before "
                                                  "from in.yaml, line 1")),
              "%.*s", GWAPI__FMT(d.message));

    gwapi_report_clear(report);
    cr_assert_eq(test_read(r, SERVICE("a"), GWAPI_READ_JUDGE, 0, report), GWAPI_OK);
    cr_expect_eq(gwapi_report_count(report), 0, "between calls that is an update");
    cr_assert_eq(test_read(r, SERVICE("a"), GWAPI_READ_JUDGE, GWAPI_READ_WARN_REPLACED, report),
                 GWAPI_OK);
    cr_expect_eq(gwapi_report_count(report), 1);
    gwapi_report_free(report);
    gwapi_resources_free(r);
    gwapi_schema_free(schema);
}

Test(model_read, stored_objects_are_taken_as_they_are)
{
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_resources *r = test_resources(schema, 0);
    gwapi_report *report = test_report();

    cr_assert_eq(
        test_read(
            r,
            "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
            "metadata: {name: a, namespace: b}\n"
            "spec:\n  colour: red\n  rules:\n"
            "  - {matches: [{path: {type: Glob, value: '*'}}]}\n"
            "  - {matches: [{path: 5}]}\n"
            "  - {backendRefs: [{name: b}]}\n---\n" BAD UNKNOWN_FIELD DUPLICATE_KEY BAD_SECRET,
            GWAPI_READ_STORED, 0, report),
        GWAPI_OK);
    cr_assert_eq(gwapi_resources_count(r), 4);
    const gwapi__route *route = gwapi__resources_get(r, 0)->as.route;
    cr_expect_eq(route->rules[0].matches[0].path_type, GWAPI__MATCH_UNKNOWN);
    cr_expect(route->rules[1].undecodable);
    cr_expect_not(route->rules[2].undecodable);
    cr_expect_eq(route->rules[2].backends[0].weight, 1);
    cr_expect_eq(route->rules[2].backends[0].backend.ref.known, GWAPI__KIND_SERVICE);
    cr_expect_eq(gwapi_report_count_severity(report, GWAPI_SEVERITY_ERROR), 0);
    gwapi_diagnostic d = test_diagnostic(report, 0);
    cr_expect(gwapi__str_eq(d.path, GWAPI__STR("spec.rules[1].matches[0].path")));
    cr_expect_eq(d.line, 8);
    cr_expect(gwapi__resources_get(r, 3)->undecodable);
    gwapi_report_free(report);
    gwapi_resources_free(r);
    gwapi_schema_free(schema);
}

Test(model_read, update_rules_see_the_earlier_object)
{
    static const char new_class[] =
        "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\n"
        "metadata: {name: a, uid: other}\nspec: {controllerName: a/b}\n";
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_resources *old = test_resources(schema, GWAPI_RESOURCES_KEEP_SOURCE);
    gwapi_resources *bare = test_resources(schema, 0);
    gwapi_source source = test_source(new_class);

    cr_assert_eq(test_read(old,
                           "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\n"
                           "metadata: {name: a, uid: one}\nspec: {controllerName: a/b}\n",
                           GWAPI_READ_JUDGE, 0, NULL),
                 GWAPI_OK);
    cr_expect_eq(gwapi_resources_read(bare, &source, NULL), GWAPI_OK);
    source.old = old;
    cr_expect_eq(gwapi_resources_read(bare, &source, NULL), GWAPI_EINVALID,
                 "a uid is for ever");
    source.old = bare;
    cr_expect_eq(gwapi_resources_read(old, &source, NULL), GWAPI_ESTATE, "there is no source");
    source.old = old;
    cr_expect_eq(gwapi_resources_read(old, &source, NULL), GWAPI_EINVALID, "the set itself");
    gwapi_resources_free(bare);
    gwapi_resources_free(old);
    gwapi_schema_free(schema);
}

Test(model_read, a_pair_is_an_update_even_under_another_name)
{
    static const struct {
        const char *text;
        uint32_t flags;
        gwapi_result result;
    } rows[] = {
        {GATEWAY("one"), 0, GWAPI_OK},
        {GATEWAY("two"), 0, GWAPI_OK},
        {GATEWAY("one"), GWAPI_READ_PAIR, GWAPI_OK},
        {GATEWAY("two"), GWAPI_READ_PAIR, GWAPI_EINVALID},
        {GATEWAY("one") GATEWAY("two"), GWAPI_READ_PAIR, GWAPI_OK},
        {ROUTE("two"), GWAPI_READ_PAIR, GWAPI_OK},
        {SERVICE("two"), GWAPI_READ_PAIR, GWAPI_OK},
        {"", GWAPI_READ_PAIR, GWAPI_OK},
    };
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_resources *old = test_resources(schema, GWAPI_RESOURCES_KEEP_SOURCE);

    cr_assert_eq(test_read(old, GATEWAY("one"), GWAPI_READ_JUDGE, 0, NULL), GWAPI_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_resources *r = test_resources(schema, 0);
        gwapi_source source = test_source(rows[i].text);
        source.old = old;
        source.flags = rows[i].flags;
        gwapi_result result = gwapi_resources_read(r, &source, NULL);
        cr_expect_eq(result, rows[i].result, "row %zu: %s", i, gwapi_result_name(result));
        gwapi_resources_free(r);
    }
    gwapi_resources_free(old);
    gwapi_schema_free(schema);
}

Test(model_read, limits_are_named_and_leave_the_set_as_it_was)
{
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_resources_options o = GWAPI_RESOURCES_OPTIONS_INIT;
    gwapi_limits limits = {.struct_size = sizeof limits, .objects = 3, .depth = 8};
    gwapi_resources *r;
    gwapi_report *report = test_report();

    o.limits = &limits;
    cr_assert_eq(gwapi_resources_new(&r, schema, &o), GWAPI_OK);
    cr_assert_eq(test_read(r, SERVICE("a") SERVICE("b"), GWAPI_READ_JUDGE, 0, NULL), GWAPI_OK);
    cr_expect_eq(test_read(r, SERVICE("c") SERVICE("d"), GWAPI_READ_JUDGE, 0, report),
                 GWAPI_ELIMIT);
    cr_expect_eq(gwapi_resources_count(r), 2);
    cr_expect_eq(test_diagnostic(report, 0).type, GWAPI_ERROR_LIMIT);
    gwapi_report_clear(report);
    cr_expect_eq(
        test_read(r, SERVICE("c") "a: [[[[[[[[[[[[]]]]]]]]]]]]\n", GWAPI_READ_JUDGE, 0, report),
        GWAPI_ELIMIT);
    cr_expect_eq(gwapi_resources_count(r), 2);
    cr_expect_eq(test_diagnostic(report, 0).type, GWAPI_ERROR_LIMIT);
    cr_expect_eq(test_read(r, SERVICE("a") SERVICE("b"), GWAPI_READ_JUDGE, 0, NULL), GWAPI_OK,
                 "replacing needs no room");
    gwapi_report_free(report);
    gwapi_resources_free(r);
    gwapi_schema_free(schema);
}

Test(model_read, arguments_are_checked)
{
    gwapi_schema *open;
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_resources *r = test_resources(schema, 0), *none;
    gwapi_resources_options o = GWAPI_RESOURCES_OPTIONS_INIT;
    gwapi_source good = test_source(""), s;

    cr_assert_eq(gwapi_schema_new(&open, NULL), GWAPI_OK);
    cr_expect_eq(gwapi_resources_new(&none, open, NULL), GWAPI_ESTATE);
    cr_expect_null(none);
    cr_expect_eq(gwapi_resources_new(&none, NULL, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_resources_new(NULL, schema, NULL), GWAPI_EARGUMENT);
    o.flags = 64;
    cr_expect_eq(gwapi_resources_new(&none, schema, &o), GWAPI_EARGUMENT);
    o = (gwapi_resources_options)GWAPI_RESOURCES_OPTIONS_INIT;
    o.unknown_fields = 3;
    cr_expect_eq(gwapi_resources_new(&none, schema, &o), GWAPI_EARGUMENT);
    o = (gwapi_resources_options)GWAPI_RESOURCES_OPTIONS_INIT;
    o.skip_count = 1;
    cr_expect_eq(gwapi_resources_new(&none, schema, &o), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_resources_read(NULL, &good, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_resources_read(r, NULL, NULL), GWAPI_EARGUMENT);
    s = good;
    s.struct_size = 8;
    cr_expect_eq(gwapi_resources_read(r, &s, NULL), GWAPI_ESTRUCTSIZE);
    s = good;
    s.flags = 64;
    cr_expect_eq(gwapi_resources_read(r, &s, NULL), GWAPI_EARGUMENT);
    s = good;
    s.format = 7;
    cr_expect_eq(gwapi_resources_read(r, &s, NULL), GWAPI_EARGUMENT);
    s = good;
    s.mode = 2;
    cr_expect_eq(gwapi_resources_read(r, &s, NULL), GWAPI_EARGUMENT);
    s = good;
    s.bytes = NULL;
    s.len = 1;
    cr_expect_eq(gwapi_resources_read(r, &s, NULL), GWAPI_EARGUMENT);
    gwapi_resources_free(r);
    gwapi_resources_free(NULL);
    gwapi_schema_free(schema);
    gwapi_schema_free(open);
}
