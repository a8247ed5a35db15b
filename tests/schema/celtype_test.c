#include "cel/value.h"
#include "schema/type.h"
#include "support.h"

/* "list<3>(string<8>)", "{a!: int, b: string<9>}", with the bytes of the shortest value behind. */
static void show_type(gwapi__text *t, const gwapi__cel_type *type)
{
    if (type->kind == GWAPI__CEL_OBJECT) {
        for (uint32_t i = 0; i < type->field_count; i++) {
            gwapi__text_addz(t, i == 0 ? "{" : ", ");
            gwapi__text_add(t, type->fields[i].name);
            gwapi__text_addz(t, type->fields[i].required ? "!: " : ": ");
            show_type(t, type->fields[i].type);
        }
        gwapi__text_addz(t, type->field_count == 0 ? "{}" : "}");
        return;
    }
    gwapi__text_add(t, gwapi__cel_type_name(type));
    if (type->nullable)
        gwapi__text_char(t, '?');
    if (type->max_elements != 0) {
        gwapi__text_char(t, '<');
        gwapi__text_u64(t, type->max_elements);
        gwapi__text_char(t, '>');
    }
    for (uint32_t i = 0; i < type->param_count; i++) {
        gwapi__text_addz(t, i == 0 ? "(" : ", ");
        show_type(t, type->params[i]);
    }
    if (type->list_type != GWAPI__CEL_LIST_ATOMIC)
        gwapi__text_addz(t, type->list_type == GWAPI__CEL_LIST_SET ? " set" : " map");
    if (type->param_count != 0)
        gwapi__text_char(t, ')');
}

static const gwapi__schema_node *root_of(judging *g)
{
    const gwapi__kind *kind = NULL;

    cr_assert_eq(gwapi__schema_find(g->schema, GWAPI__STR("t.example/v1"), GWAPI__STR("Thing"),
                                    &kind),
                 GWAPI_OK);
    cr_assert_not_null(kind);
    return kind->root;
}

static void show_node(gwapi__text *t, const gwapi__schema_node *node)
{
    if (node->cel_type == NULL) {
        gwapi__text_addz(t, "none");
    } else {
        show_type(t, node->cel_type);
        gwapi__text_addz(t, " >= ");
        gwapi__text_u64(t, node->smallest);
    }
    gwapi__text_char(t, '\0');
}

/* The sizes are those that the server's estimates start from. */
Test(schema_celtype, schemas_have_the_types_of_the_server)
{
    static const struct {
        const char *schema, *type;
    } rows[] = {
        {"{type: boolean}", "bool >= 4"},
        {"{type: integer, nullable: true}", "int? >= 1"},
        {"{type: number}", "double >= 1"},
        {"{type: string}", "string<3145726> >= 2"},
        {"{type: string, maxLength: 10}", "string<40> >= 2"},
        {"{type: string, enum: [a, abc, ab]}", "string<3> >= 2"},
        {"{type: string, enum: [a, abc], maxLength: 3}", "string<12> >= 2"},
        {"{type: string, enum: [a, 7777, ab]}", "string<2> >= 2"},
        {"{type: string, maxLength: 9223372036854775806}", "string<18446744073709551615> >= 2"},
        {"{type: string, maxLength: -1}", "string >= 2"},
        {"{type: string, format: uuid}", "string<3145726> >= 2"},
        {"{type: string, format: byte}", "bytes<3145726> >= 2"},
        {"{type: string, format: byte, maxLength: 7}", "bytes<7> >= 2"},
        {"{type: string, format: duration}", "google.protobuf.Duration<32> >= 3"},
        {"{type: string, format: date}", "google.protobuf.Timestamp<12> >= 12"},
        {"{type: string, format: date-time}", "google.protobuf.Timestamp<32> >= 21"},
        {"{x-kubernetes-int-or-string: true}", "dyn<3145726> >= 1"},
        {"{x-kubernetes-int-or-string: true, maxLength: 5}", "dyn<20> >= 1"},
        {"{x-kubernetes-preserve-unknown-fields: true}", "none"},
        {"{type: object, x-kubernetes-preserve-unknown-fields: true}", "{} >= 2"},
        {"{type: object, additionalProperties: true}", "{} >= 2"},
        {"{type: array, items: {type: string}}", "list<1048575>(string<3145726>) >= 2"},
        {"{type: array, maxItems: 3, items: {type: integer}}", "list<3>(int) >= 2"},
        {"{type: array, x-kubernetes-list-type: set, maxItems: 3, items: {type: integer}}",
         "list<3>(int set) >= 2"},
        {"{type: array, items: {x-kubernetes-preserve-unknown-fields: true}}", "none"},
        {"{type: object, additionalProperties: {type: boolean}}",
         "map<314572>(string, bool) >= 2"},
        {"{type: object, maxProperties: 4, additionalProperties: {type: boolean}}",
         "map<4>(string, bool) >= 2"},
        {"{type: object, additionalProperties: {x-kubernetes-preserve-unknown-fields: true}}",
         "none"},
        {"{type: object, required: [a, d], properties: {a: {type: integer}, b: {type: boolean}, "
         "c: {x-kubernetes-preserve-unknown-fields: true}, d: {type: integer, default: 1}}}",
         "{a!: int, b: bool, d!: int} >= 8"},
        {"{type: object, properties: {namespace: {type: integer}, a-b: {type: integer}, '1': "
         "{type: integer}}}",
         "{__namespace__: int, a__dash__b: int} >= 2"},
        {"{type: object, x-kubernetes-embedded-resource: true, "
         "x-kubernetes-preserve-unknown-fields: true, properties: {a: {type: integer}}}",
         "{a: int, apiVersion: string<3145726>, kind: string<3145726>, metadata: {generateName: "
         "string<3145726>, name: string<3145726>}} >= 2"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi__text t;
        judging g;
        judging_init(&g, 0);
        cr_assert_eq(judging_define(&g, rows[i].schema), GWAPI_OK, "%s", rows[i].schema);
        gwapi__text_init(&t, &g.allocator);
        show_node(&t, gwapi__schema_property(root_of(&g), GWAPI__STR("spec"))->node);
        cr_assert(!t.failed);
        cr_expect_str_eq(t.data, rows[i].type, "%s: %s", rows[i].schema, t.data);
        gwapi__text_free(&t);
        judging_free(&g);
    }
}

#define EMBEDDED(properties)                                                                  \
    "{type: object, x-kubernetes-embedded-resource: true, properties: {" properties "}}"
#define OWN "apiVersion: {type: string, maxLength: 1}, kind: {type: string, maxLength: 2}"
#define META(fields) "metadata: {type: object, properties: {" fields "}}"
#define TEXT "string<3145726>"
#define IMPLIED                                                                               \
    "{apiVersion: " TEXT ", kind: " TEXT ", metadata: {generateName: " TEXT ", name: " TEXT    \
    "}} >= 2"

/* A schema that declares all that rules may name keeps it, any other gets what is implied. */
Test(schema_celtype, whole_objects_may_declare_their_names)
{
    static const struct {
        const char *schema, *type;
    } rows[] = {
        {EMBEDDED(OWN ", " META("name: {type: string, maxLength: 3}, generateName: {type: string, "
                                "maxLength: 4}, labels: {type: object}")),
         "{apiVersion: string<4>, kind: string<8>, metadata: {generateName: string<16>, labels: "
         "{}, name: string<12>}} >= 2"},
        {EMBEDDED(OWN ", " META("name: {type: string, maxLength: 3}")), IMPLIED},
        {EMBEDDED(OWN ", " META("generateName: {type: string, maxLength: 3}")), IMPLIED},
        {EMBEDDED(OWN ", " META("name: {type: integer}, generateName: {type: string}")), IMPLIED},
        {EMBEDDED(OWN ", metadata: {type: string}"), IMPLIED},
        {EMBEDDED(OWN), IMPLIED},
        {EMBEDDED("apiVersion: {type: string}, kind: {type: integer}, " META("name: {type: string}")),
         IMPLIED},
        {EMBEDDED("apiVersion: {type: string}"), IMPLIED},
        {EMBEDDED("apiVersion: {type: integer}"), IMPLIED},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi__text t;
        judging g;
        judging_init(&g, 0);
        cr_assert_eq(judging_define(&g, rows[i].schema), GWAPI_OK, "%s", rows[i].schema);
        gwapi__text_init(&t, &g.allocator);
        show_node(&t, gwapi__schema_property(root_of(&g), GWAPI__STR("spec"))->node);
        cr_expect_str_eq(t.data, rows[i].type, "%s: %s", rows[i].schema, t.data);
        gwapi__text_free(&t);
        judging_free(&g);
    }
}

static void expect_name(const gwapi__schema_node *node, const char *name)
{
    cr_assert_not_null(node->cel_type);
    cr_expect_str_eq(node->cel_type->name.data, name, "%s", node->cel_type->name.data);
}

Test(schema_celtype, objects_are_named_by_their_places)
{
    judging g;

    judging_init(&g, 0);
    cr_assert_eq(judging_define(&g, "{type: object, properties: {items: {type: array, items: {type: "
                                    "object}}, m: {type: object, additionalProperties: {type: "
                                    "object}}}, not: {type: object}}"),
                 GWAPI_OK);
    const gwapi__schema_node *spec =
        gwapi__schema_property(root_of(&g), GWAPI__STR("spec"))->node;
    expect_name(root_of(&g), "object");
    expect_name(spec, "object.spec");
    expect_name(spec->not_schema, "object.spec");
    expect_name(gwapi__schema_property(spec, GWAPI__STR("items"))->node->items,
                "object.spec.items[]");
    expect_name(gwapi__schema_property(spec, GWAPI__STR("m"))->node->additional,
                "object.spec.m[]");
    judging_free(&g);
    judging_init(&g, 0);
    cr_assert_eq(judging_define_whole(&g, "{type: object, additionalProperties: {type: object}}"),
                 GWAPI_OK);
    expect_name(root_of(&g)->additional, "object[]");
    judging_free(&g);
}

Test(schema_celtype, a_whole_object_has_its_names)
{
    gwapi__text t;
    judging g;

    judging_init(&g, 0);
    cr_assert_eq(judging_define(&g, "{type: integer}"), GWAPI_OK);
    gwapi__text_init(&t, &g.allocator);
    show_node(&t, root_of(&g));
    cr_expect_str_eq(t.data,
                     "{apiVersion: string<3145726>, kind: string<3145726>, metadata: "
                     "{generateName: string<3145726>, name: string<3145726>}, spec: int} >= 2",
                     "%s", t.data);
    gwapi__text_free(&t);
    judging_free(&g);
}
