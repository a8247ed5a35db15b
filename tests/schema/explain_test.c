#include <gatewayapi/explain.h>
#include "support.h"
#include "support/oom.h"

/* ---- asking ---------------------------------------------------------------------------- */

static gwapi_schema *new_schema(gwapi_channel channel)
{
    gwapi_schema_options options = GWAPI_SCHEMA_OPTIONS_INIT;
    gwapi_schema *schema;

    options.flags = GWAPI_SCHEMA_KEEP_TEXT;
    cr_assert_eq(gwapi_schema_new(&schema, &options), GWAPI_OK);
    if (channel != 0)
        cr_assert_eq(gwapi_schema_add_builtin(schema, (gwapi_str){NULL, 0}, channel), GWAPI_OK);
    return schema;
}

static int append(void *ctx, const char *data, size_t len)
{
    gwapi__text *t = ctx;

    gwapi__text_add(t, gwapi__str(data, len));
    return t->failed;
}

/* The explanation as JSON, or the diagnostic's hint behind "? ". */
static void shown(gwapi__text *out, const gwapi_schema *schema, const char *topic)
{
    gwapi_sink sink = {sizeof sink, out, append};
    gwapi_explanation *e;
    gwapi_report *report;
    gwapi_allocator allocator;

    cr_assert_eq(gwapi__allocator_init(&allocator, NULL), GWAPI_OK);
    gwapi__text_init(out, &allocator);
    cr_assert_eq(gwapi_report_new(&report, NULL, NULL), GWAPI_OK);
    gwapi_result r = gwapi_schema_explain(&e, schema, gwapi__str_of(topic), report);
    if (r == GWAPI_OK) {
        cr_assert_eq(gwapi_explanation_write(e, &sink), GWAPI_OK);
        gwapi__text_cut(out, out->len - 1);
    } else {
        gwapi_diagnostic d = {.struct_size = sizeof d};
        cr_assert_eq(r, GWAPI_ENOTFOUND);
        cr_assert_null(e);
        cr_assert_eq(gwapi_report_at(report, 0, &d), GWAPI_OK);
        gwapi__text_addz(out, "? ");
        gwapi__text_add(out, d.hint_value);
    }
    gwapi__text_char(out, '\0');
    gwapi_explanation_free(e);
    gwapi_report_free(report);
}

typedef struct explained_row {
    const char *topic;
    const char *parts[6]; /* of the JSON */
} explained_row;

static void check_rows(const explained_row *rows, size_t count)
{
    gwapi_schema *schema = new_schema(GWAPI_CHANNEL_STANDARD);

    for (size_t i = 0; i < count; i++) {
        gwapi__text t;
        shown(&t, schema, rows[i].topic);
        for (size_t k = 0; k < 6 && rows[i].parts[k] != NULL; k++)
            cr_expect_not_null(strstr(t.data, rows[i].parts[k]), "%s: %s is not in %s",
                               rows[i].topic, rows[i].parts[k], t.data);
        gwapi__text_free(&t);
    }
    gwapi_schema_free(schema);
}

/* ---- fields ---------------------------------------------------------------------------- */

Test(schema_explain, fields_are_told_with_type_default_limits_channel_and_proposal)
{
    static const explained_row rows[] = {
        {"HTTPRoute.spec.rules.filters",
         {"\"field\":\"HTTPRoute.spec.rules[].filters\"", "\"type\":\"list of object\"",
          "\"limits\":[\"at most 16 items\"]", "\"filters-redirect-once\"",
          "{\"name\":\"cors\",\"type\":\"object\",\"required\":false,\"channel\":\"experimental\""}},
        {"httproutes.spec.rules[0].filters[].type",
         {"\"field\":\"HTTPRoute.spec.rules[].filters[].type\"", "\"required\":true",
          "in the experimental channel also \\\"CORS\\\""}},
        {"HTTPRoute.spec.rules.matches.path", {"\"default\":{\"type\":\"PathPrefix\",\"value\":\"/\"}"}},
        {"Gateway.spec.listeners", {"\"no two items with the same name\""}},
        {"Gateway.spec.listeners.port", {"\"limits\":[\"1 to 65535\"", "\"type\":\"integer\""}},
        {"Gateway.spec.infrastructure.labels", {"\"type\":\"map of string\"", "each value: "}},
        {"Gateway.spec.infrastructure.labels.team", {"\"type\":\"string\""}},
        {"HTTPRoute.spec.hostnames", {"each item: 1 to 253 characters", "each item: matches ^"}},
        {"BackendTLSPolicy", {"\"gep\":1897", "\"apiVersion\":\"gateway.networking.k8s.io/v1\""}},
        {"BackendTLSPolicy.spec.validation.subjectAltNames", {"\"gep\":1897"}},
        {"TCPRoute.spec.rules", {"\"channel\":\"experimental\""}},
        {"TLSRoute", {"\"apiVersion\":\"gateway.networking.k8s.io/v1alpha"}},
        {"HTTPRoute.spec.rules.filters.cors.allowOrigins", {"\"channel\":\"experimental\"", "\"gep\":1767"}},
    };

    check_rows(rows, sizeof rows / sizeof *rows);
}

Test(schema_explain, topics_that_are_not_known_lead_to_the_nearest)
{
    static const char *const rows[][2] = {
        {"HTTPRoute.spec.rulez", "? HTTPRoute.spec.rules"},
        {"HTTPRoute.spec.rules.filters.corz", "? HTTPRoute.spec.rules[].filters[].cors"},
        {"httppath-absolut", "? httppath-absolute"},
        {"HTTPRoute.spec.rules.xxxxxxxxxxxxx", "? "},
        {"HTTPRoute.spec.hostnames.a", "? "},
        {"", "? "},
    };
    gwapi_schema *schema = new_schema(GWAPI_CHANNEL_EXPERIMENTAL);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi__text t;
        shown(&t, schema, rows[i][0]);
        cr_expect_str_eq(t.data, rows[i][1], "%s: %s", rows[i][0], t.data);
        gwapi__text_free(&t);
    }
    gwapi_schema_free(schema);
}

static const char crd[] =
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
    "metadata: {name: things.t.example}\n"
    "spec: {group: t.example, names: {kind: Thing, plural: things}, scope: Namespaced, versions: "
    "[{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, "
    "properties: {spec: {type: object, description: What the thing is., properties: {"
    "a: {type: string, nullable: true, format: date, minLength: 3, maxLength: 3, enum: [abc]}, "
    "b: {x-kubernetes-int-or-string: true}, "
    "c: {type: array, x-kubernetes-list-type: set, minItems: 1, items: {type: string}}, "
    "d: {x-kubernetes-preserve-unknown-fields: true}}, "
    "x-kubernetes-validations: [{rule: has(self.a)}]}}}}}]}";

Test(schema_explain, kinds_of_crds_are_told_if_their_text_is_kept)
{
    static const struct {
        const char *topic, *part;
    } rows[] = {
        {"Thing.spec", "What the thing is."},
        {"Thing.spec", "\"rules\":[\"has(self.a)\"]"},
        {"Thing.spec.a", "\"exactly 3 characters\",\"format date\",\"may be null\""},
        {"Thing.spec.b", "integer or string"},
        {"Thing.spec.c", "\"at least 1 items\",\"no item twice\""},
        {"things.spec.d", "\"type\":\"any\""},
    };
    gwapi_schema *schema = new_schema(0);
    gwapi_schema *plain;
    gwapi__text t;

    cr_assert_eq(gwapi_schema_add_crd(schema, GWAPI__STR("crd"), gwapi__str_of(crd), NULL), GWAPI_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        shown(&t, schema, rows[i].topic);
        cr_expect_not_null(strstr(t.data, rows[i].part), "%s: %s", rows[i].topic, t.data);
        gwapi__text_free(&t);
    }
    gwapi_schema_free(schema);
    cr_assert_eq(gwapi_schema_new(&plain, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_schema_add_crd(plain, GWAPI__STR("crd"), gwapi__str_of(crd), NULL), GWAPI_OK);
    shown(&t, plain, "Thing.spec");
    cr_expect_str_eq(t.data, "? ");
    gwapi__text_free(&t);
    gwapi_schema_free(plain);
}

/* What is not in a built-in schema, and of several versions the stored one. */
Test(schema_explain, a_crd_may_say_what_no_schema_of_ours_does)
{
    static const char text[] =
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
        "metadata: {name: odds.t.example}\n"
        "spec: {group: t.example, names: {kind: Odd, plural: odds}, scope: Namespaced, versions: [\n"
        "  {name: v1, served: true, storage: false, schema: {openAPIV3Schema: {type: object}}},\n"
        "  {name: v2, served: true, storage: true, schema: {openAPIV3Schema: {type: object,\n"
        "    properties: {spec: {type: object, properties: {\n"
        "      any: {type: object, additionalProperties: true},\n"
        "      text: {type: string, items: none},\n"
        "      map: {type: array, x-kubernetes-list-type: map, items: {type: object,\n"
        "        required: [a, b, c], properties: {a: {type: string}, b: {type: string},\n"
        "        c: {type: string}}}, x-kubernetes-list-map-keys: [a, b, c]},\n"
        "      atoms: {type: array, x-kubernetes-list-type: atomic, items: {type: integer,\n"
        "        minimum: 1, maximum: 1}},\n"
        "      least: {type: object, minProperties: 1, additionalProperties: {type: string,\n"
        "        enum: [v, w]}}}}}}}}]}\n";
    static const struct {
        const char *topic, *part;
    } rows[] = {
        {"Odd", "\"apiVersion\":\"t.example/v2\""},
        {"Odd.spec.any", "\"field\":\"Odd.spec.any\",\"type\":\"object\""},
        {"Odd.spec.any.x", "? "},
        {"Odd.spec.text", "\"type\":\"string\""},
        {"Odd.spec.text.x", "? "},
        {"Odd.spec.map", "\"no two items with the same a, b and c\""},
        {"Odd.spec.map.a", "\"field\":\"Odd.spec.map[].a\",\"type\":\"string\",\"required\":true"},
        {"Odd.spec.atoms", "\"limits\":[\"each item: exactly 1\"]"},
        {"Odd.spec.least", "\"at least 1 members\",\"each value: one of \\\"v\\\", \\\"w\\\"\""},
        {"httppath-absolute", "\"rule\":\"httppath-absolute\""},
    };
    gwapi_schema *schema = new_schema(0);
    gwapi__text t;

    cr_assert_eq(gwapi_schema_add_crd(schema, GWAPI__STR("crd"), gwapi__str_of(text), NULL), GWAPI_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        shown(&t, schema, rows[i].topic);
        cr_expect_not_null(strstr(t.data, rows[i].part), "%s: %s", rows[i].topic, t.data);
        gwapi__text_free(&t);
    }
    gwapi_schema_free(schema);
}

/* ---- rules ----------------------------------------------------------------------------- */

Test(schema_explain, rules_are_told_with_text_place_and_manifests)
{
    static const explained_row rows[] = {
        {"httppath-absolute",
         {"\"rule\":\"httppath-absolute\"", "\"places\":[\"HTTPRoute.spec.rules[].matches[].path\"]",
          "\"expression\":\"self.type", "\"wrong\":\"apiVersion: ", "\"right\":\"apiVersion: "}},
        {"session-permanent-needs-absolute",
         {"\"channel\":\"experimental\"", "\"HTTPRoute.spec.rules[].sessionPersistence\"",
          "\"GRPCRoute.spec.rules[].sessionPersistence\"",
          "\"XBackendTrafficPolicy.spec.sessionPersistence\""}},
        {"parentrefs-section-unique", {"\"channel\":\"standard\""}},
        {"controllername-immutable", {"\"update\":true", "\"GatewayClass.spec.controllerName\""}},
        {"structure/required", {"\"why\":\"", "\"wrong\":\""}},
    };

    check_rows(rows, sizeof rows / sizeof *rows);
}

Test(schema_explain, every_rule_of_every_kind_has_a_reason_a_hint_and_manifests)
{
    gwapi_schema *schema = new_schema(GWAPI_CHANNEL_EXPERIMENTAL);
    size_t cel = 0;

    for (size_t i = 0; i < gwapi_schema_rule_count(schema); i++) {
        gwapi_schema_rule_info rule = {.struct_size = sizeof rule};
        gwapi_explanation *e;
        gwapi_str id = gwapi_schema_rule_at(schema, i);
        cr_assert_eq(gwapi_schema_explain(&e, schema, id, NULL), GWAPI_OK);
        cr_assert_eq(gwapi_explanation_rule(e, &rule), GWAPI_OK);
        cr_expect(gwapi__str_eq(rule.id, id) && rule.why.len != 0);
        if (gwapi_explanation_place_count(e) != 0) {
            cel++;
            cr_expect(rule.expression.len != 0 && rule.message.len != 0 && rule.hint.len != 0 &&
                          rule.wrong.len != 0 && rule.right.len != 0,
                      "%.*s", GWAPI__FMT(id));
        }
        gwapi_explanation_free(e);
    }
    cr_expect_gt(cel, 80);
    cr_expect_eq(gwapi_schema_rule_at(schema, SIZE_MAX).data, NULL);
    gwapi_schema_free(schema);
}

/* The rules that fields name are explained: none is written in a schema alone. */
static void check_rules_of(const gwapi_schema *schema, const char *path)
{
    gwapi_explanation *e, *rule;
    char inner[512];

    cr_assert_eq(gwapi_schema_explain(&e, schema, gwapi__str_of(path), NULL), GWAPI_OK, "%s", path);
    for (size_t i = 0; i < gwapi_explanation_rule_count(e); i++) {
        gwapi_str id = gwapi_explanation_rule_at(e, i);
        cr_expect_eq(gwapi_schema_explain(&rule, schema, id, NULL), GWAPI_OK, "%.*s of %s",
                     GWAPI__FMT(id), path);
        gwapi_explanation_free(rule);
    }
    for (size_t i = 0; i < gwapi_explanation_member_count(e); i++) {
        gwapi_schema_field_info f = {.struct_size = sizeof f};
        cr_assert_eq(gwapi_explanation_member_at(e, i, &f), GWAPI_OK);
        snprintf(inner, sizeof inner, "%s.%.*s", path, GWAPI__FMT(f.path));
        check_rules_of(schema, inner);
    }
    gwapi_explanation_free(e);
}

Test(schema_explain, every_field_can_be_asked_for_and_its_rules_too)
{
    gwapi_schema *schema = new_schema(GWAPI_CHANNEL_EXPERIMENTAL);

    check_rules_of(schema, "GatewayClass");
    check_rules_of(schema, "BackendTLSPolicy.spec");
    check_rules_of(schema, "HTTPRoute.spec.rules.matches");
    check_rules_of(schema, "XBackendTrafficPolicy.spec");
    gwapi_schema_free(schema);
}

/* ---- mistakes of callers, memory -------------------------------------------------------- */

Test(schema_explain, wrong_arguments_are_refused)
{
    gwapi_schema_options options = GWAPI_SCHEMA_OPTIONS_INIT;
    gwapi_schema *schema = new_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_schema_field_info field = {.struct_size = sizeof field};
    gwapi_schema_rule_info rule = {.struct_size = sizeof rule};
    gwapi_explanation *e;
    gwapi_schema *none;

    options.flags = 8;
    cr_expect_eq(gwapi_schema_new(&none, &options), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_schema_explain(NULL, schema, GWAPI__STR("Gateway"), NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_schema_explain(&e, NULL, GWAPI__STR("Gateway"), NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_schema_explain(&e, schema, (gwapi_str){NULL, 0}, NULL), GWAPI_EARGUMENT);
    cr_assert_eq(gwapi_schema_explain(&e, schema, GWAPI__STR("Gateway"), NULL), GWAPI_OK);
    cr_expect_eq(gwapi_explanation_topic(e), GWAPI_TOPIC_FIELD);
    cr_expect_eq(gwapi_explanation_rule(e, &rule), GWAPI_ENOTFOUND);
    cr_expect_eq(gwapi_explanation_member_at(e, 1000, &field), GWAPI_EARGUMENT);
    cr_expect_null(gwapi_explanation_place_at(e, 0).data);
    cr_expect_null(gwapi_explanation_limit_at(e, 1000).data);
    cr_expect_null(gwapi_explanation_rule_at(e, 1000).data);
    cr_expect_eq(gwapi_explanation_write(e, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_explanation_write(NULL, &(gwapi_sink){sizeof(gwapi_sink), NULL, NULL}),
                 GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_explanation_field(e, &field), GWAPI_OK);
    cr_expect(gwapi__str_eq(field.path, GWAPI__STR("Gateway")));
    cr_expect_eq(gwapi_explanation_limit_count(e), 0);
    gwapi_explanation_free(e);
    cr_assert_eq(gwapi_schema_explain(&e, schema, GWAPI__STR("Gateway.spec.listeners.port"), NULL),
                 GWAPI_OK);
    cr_expect_gt(gwapi_explanation_limit_count(e), 0);
    cr_expect_not_null(gwapi_explanation_limit_at(e, 0).data);
    gwapi_explanation_free(e);
    cr_assert_eq(gwapi_schema_explain(&e, schema, GWAPI__STR("structure/type"), NULL), GWAPI_OK);
    cr_expect_eq(gwapi_explanation_topic(e), GWAPI_TOPIC_RULE);
    cr_expect_eq(gwapi_explanation_field(e, &field), GWAPI_ENOTFOUND);
    gwapi_explanation_free(e);
    cr_expect_eq(gwapi_explanation_topic(NULL), 0);
    cr_expect_eq(gwapi_explanation_rule(NULL, &rule), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_explanation_field(NULL, &field), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_explanation_place_count(NULL), 0);
    cr_expect_eq(gwapi_explanation_limit_count(NULL), 0);
    cr_expect_eq(gwapi_explanation_rule_count(NULL), 0);
    cr_expect_eq(gwapi_explanation_member_count(NULL), 0);
    cr_expect_null(gwapi_explanation_place_at(NULL, 0).data);
    cr_expect_null(gwapi_explanation_limit_at(NULL, 0).data);
    cr_expect_null(gwapi_explanation_rule_at(NULL, 0).data);
    cr_expect_eq(gwapi_schema_rule_count(NULL), 0);
    gwapi_explanation_free(NULL);
    gwapi_schema_free(schema);
}

static int swallow(void *ctx, const char *data, size_t len)
{
    (void)ctx;
    (void)data;
    (void)len;
    return 0;
}

static gwapi_result explain_one(const gwapi_allocator *allocator, void *topic)
{
    gwapi_schema_options options = GWAPI_SCHEMA_OPTIONS_INIT;
    gwapi_sink sink = {sizeof sink, NULL, swallow};
    gwapi_schema *schema = NULL;
    gwapi_report *report = NULL;
    gwapi_explanation *e = NULL;

    options.flags = GWAPI_SCHEMA_KEEP_TEXT;
    options.allocator = allocator;
    gwapi_result r = gwapi_schema_new(&schema, &options);
    if (r == GWAPI_OK)
        r = gwapi_report_new(&report, allocator, NULL);
    if (r == GWAPI_OK)
        r = gwapi_schema_add_crd(schema, GWAPI__STR("crd"), gwapi__str_of(crd), report);
    if (r == GWAPI_OK)
        r = gwapi_schema_explain(&e, schema, gwapi__str_of(topic), report);
    if (r == GWAPI_OK)
        r = gwapi_explanation_write(e, &sink);
    gwapi_explanation_free(e);
    gwapi_report_free(report);
    gwapi_schema_free(schema);
    return r;
}

Test(schema_explain, every_failed_allocation_is_told, .timeout = 300)
{
    static const struct {
        char topic[32];
        gwapi_result result;
    } rows[] = {{"Thing.spec", GWAPI_OK},
                {"Thing.spec.c", GWAPI_OK},
                {"Thing.spek", GWAPI_ENOTFOUND},
                {"XMesh.spec", GWAPI_OK},
                {"structure/type", GWAPI_OK},
                {"httppath-absolute", GWAPI_OK}};
    size_t runs, bad;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char topic[32];
        memcpy(topic, rows[i].topic, sizeof topic);
        cr_expect_eq(test_fail_every_allocation(explain_one, topic, &runs, &bad), rows[i].result,
                     "%s", topic);
        cr_expect_eq(bad, 0, "%s: allocation %zu", topic, bad);
    }
}
