#include "support.h"

#define HEAD                                                                                  \
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"                   \
    "metadata: {name: things.t.example}\n"

static gwapi_result add(judging *g, const char *text)
{
    return gwapi_schema_add_crd(g->schema, GWAPI__STR("crd.yaml"), gwapi__str_of(text),
                                g->report);
}

Test(schema_crd, what_is_wrong_is_told_and_nothing_is_added)
{
    static const struct {
        const char *label, *text, *path;
        uint32_t line;
    } rows[] = {
        {"unreadable", "a: [", "", 0},
        {"no spec", HEAD, "spec.group", 1},
        {"no kind", HEAD "spec: {group: t.example}\n", "spec.names.kind", 1},
        {"no plural", HEAD "spec: {group: t.example, names: {kind: T}}\n", "spec.names.plural",
         1},
        {"no scope", HEAD "spec: {group: t.example, names: {kind: T, plural: ts}}\n",
         "spec.scope", 1},
        {"no versions",
         HEAD "spec: {group: t.example, names: {kind: T, plural: ts}, scope: Cluster}\n",
         "spec.versions", 1},
        {"no schema",
         HEAD "spec: {group: t.example, names: {kind: T, plural: ts}, scope: Cluster,\n"
              "  versions: [{name: v1, served: true}]}\n",
         "spec.versions", 5},
#define SCHEMA(schema)                                                                        \
    HEAD "spec: {group: t.example, names: {kind: T, plural: ts}, scope: Cluster,\n"           \
         "  versions: [{name: v1, served: true, schema: {openAPIV3Schema:\n"                  \
         "    " schema "}}]}\n"
        {"a type that is none", SCHEMA("{type: thing}"),
         "spec.versions[0].schema.openAPIV3Schema.type", 6},
        {"a pattern that is none",
         SCHEMA("{type: object, properties: {spec: {type: string, pattern: '('}}}"),
         "spec.versions[0].schema.openAPIV3Schema.properties.spec.pattern", 6},
        {"a limit below zero",
         SCHEMA("{type: object, properties: {spec: {type: string, maxLength: -1}}}"),
         "spec.versions[0].schema.openAPIV3Schema.properties.spec.maxLength", 6},
        {"no schema in items",
         SCHEMA("{type: object, properties: {spec: {type: array, items: x}}}"),
         "spec.versions[0].schema.openAPIV3Schema.properties.spec.items", 6},
        {"a map without keys",
         SCHEMA("{type: object, properties: {spec: {type: array, items: {type: string}, "
                "x-kubernetes-list-type: map}}}"),
         "spec.versions[0].schema.openAPIV3Schema.properties.spec", 6},
        {"a default of what is wrong",
         SCHEMA("{type: object, properties: {spec: {type: object, default: {a: 1}, "
                "properties: {a: {type: thing}}}}}"),
         "spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.a.type", 6},
        {"a rule without text",
         SCHEMA("{type: object, x-kubernetes-validations: [{message: a}]}"),
         "spec.versions[0].schema.openAPIV3Schema.x-kubernetes-validations[0]", 6},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_diagnostic d = {.struct_size = sizeof d};
        judging g;
        judging_init(&g, 0);
        cr_expect_eq(add(&g, rows[i].text), GWAPI_EINVALID, "%s", rows[i].label);
        cr_expect_eq(gwapi_schema_kind_count(g.schema), 0, "%s", rows[i].label);
        cr_assert_eq(gwapi_report_at(g.report, 0, &d), GWAPI_OK, "%s", rows[i].label);
        cr_expect(gwapi__str_eq(d.path, gwapi__str_of(rows[i].path)), "%s: %.*s", rows[i].label,
                  GWAPI__FMT(d.path));
        if (rows[i].line != 0)
            cr_expect_eq(d.line, rows[i].line, "%s: line %u", rows[i].label, d.line);
        cr_expect(gwapi__str_eq(d.file, GWAPI__STR("crd.yaml")));
        judging_free(&g);
    }
}

Test(schema_crd, a_definition_replaces_the_kind_it_defines)
{
    static const char text[] =
        "apiVersion: v1\nkind: Service\nmetadata: {name: passed-over}\n---\n" HEAD
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
    cr_assert_eq(judging_define(&g, "{type: string, $ref: Nowhere, x-channel: experimental, enum: "
                                    "[a], x-enum-experimental: [b]}"),
                 GWAPI_OK);
    judging_run(&g, judging_thing(text, sizeof text, "b"), NULL, 0);
    cr_expect_str_eq(g.shown.data, "NotSupported spec");
    judging_free(&g);
}
