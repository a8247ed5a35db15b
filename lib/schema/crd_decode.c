/*
 * The types of apiextensions.k8s.io/v1, and a tree read by them as the server's JSON decoder does
 * (sigs.k8s.io/json: names are case-sensitive, null is absence, in a list or map a zero value).
 * Empty lists and maps stay: in a few places the server tells them from none.
 */
#include "base/time.h"
#include "doc/scalar.h"
#include "schema/crd_judge.h"

typedef enum value_type {
    VALUE_STRING,
    VALUE_BOOL,
    VALUE_INT64,
    VALUE_INT32,
    VALUE_NUMBER,
    VALUE_BYTES,
    VALUE_TIME,
    VALUE_ANY,
    VALUE_STRUCT,
    VALUE_SCHEMA_OR_LIST,   /* anything else is an empty one of these */
    VALUE_SCHEMA_OR_BOOL,
    VALUE_SCHEMA_OR_STRINGS /* anything else is an empty one of these */
} value_type;

typedef enum shape { ONE, LIST, MAP } shape;

typedef struct struct_type struct_type;

typedef struct member {
    const char *name;
    value_type type;
    shape shape;
    bool pointer; /* a zero value is not absence */
    const struct_type *of;
} member;

struct struct_type {
    const member *members;
    size_t count;
};

#define STRUCT(name) static const struct_type name = {name##_members, sizeof name##_members / sizeof(member)}

static const struct_type schema_type;

static const member rule_members[] = {
    {"rule", VALUE_STRING, ONE, false, NULL},
    {"message", VALUE_STRING, ONE, false, NULL},
    {"messageExpression", VALUE_STRING, ONE, false, NULL},
    {"reason", VALUE_STRING, ONE, true, NULL},
    {"fieldPath", VALUE_STRING, ONE, false, NULL},
    {"optionalOldSelf", VALUE_BOOL, ONE, true, NULL},
};
STRUCT(rule);

static const member docs_members[] = {
    {"description", VALUE_STRING, ONE, false, NULL},
    {"url", VALUE_STRING, ONE, false, NULL},
};
STRUCT(docs);

/* Frequent ones first. */
static const member schema_type_members[] = {
    {"type", VALUE_STRING, ONE, false, NULL},
    {"description", VALUE_STRING, ONE, false, NULL},
    {"properties", VALUE_STRUCT, MAP, true, &schema_type},
    {"items", VALUE_SCHEMA_OR_LIST, ONE, true, &schema_type},
    {"required", VALUE_STRING, LIST, false, NULL},
    {"format", VALUE_STRING, ONE, false, NULL},
    {"default", VALUE_ANY, ONE, true, NULL},
    {"enum", VALUE_ANY, LIST, false, NULL},
    {"pattern", VALUE_STRING, ONE, false, NULL},
    {"minLength", VALUE_INT64, ONE, true, NULL},
    {"maxLength", VALUE_INT64, ONE, true, NULL},
    {"minItems", VALUE_INT64, ONE, true, NULL},
    {"maxItems", VALUE_INT64, ONE, true, NULL},
    {"minimum", VALUE_NUMBER, ONE, true, NULL},
    {"maximum", VALUE_NUMBER, ONE, true, NULL},
    {"nullable", VALUE_BOOL, ONE, false, NULL},
    {"additionalProperties", VALUE_SCHEMA_OR_BOOL, ONE, true, &schema_type},
    {"allOf", VALUE_STRUCT, LIST, false, &schema_type},
    {"anyOf", VALUE_STRUCT, LIST, false, &schema_type},
    {"oneOf", VALUE_STRUCT, LIST, false, &schema_type},
    {"not", VALUE_STRUCT, ONE, true, &schema_type},
    {"x-kubernetes-list-type", VALUE_STRING, ONE, true, NULL},
    {"x-kubernetes-list-map-keys", VALUE_STRING, LIST, false, NULL},
    {"x-kubernetes-map-type", VALUE_STRING, ONE, true, NULL},
    {"x-kubernetes-validations", VALUE_STRUCT, LIST, false, &rule},
    {"x-kubernetes-preserve-unknown-fields", VALUE_BOOL, ONE, true, NULL},
    {"x-kubernetes-int-or-string", VALUE_BOOL, ONE, false, NULL},
    {"x-kubernetes-embedded-resource", VALUE_BOOL, ONE, false, NULL},
    {"minProperties", VALUE_INT64, ONE, true, NULL},
    {"maxProperties", VALUE_INT64, ONE, true, NULL},
    {"exclusiveMinimum", VALUE_BOOL, ONE, false, NULL},
    {"exclusiveMaximum", VALUE_BOOL, ONE, false, NULL},
    {"multipleOf", VALUE_NUMBER, ONE, true, NULL},
    {"uniqueItems", VALUE_BOOL, ONE, false, NULL},
    {"title", VALUE_STRING, ONE, false, NULL},
    {"externalDocs", VALUE_STRUCT, ONE, true, &docs},
    {"example", VALUE_ANY, ONE, true, NULL},
    {"id", VALUE_STRING, ONE, false, NULL},
    {"$schema", VALUE_STRING, ONE, false, NULL},
    {"$ref", VALUE_STRING, ONE, true, NULL},
    {"patternProperties", VALUE_STRUCT, MAP, false, &schema_type},
    {"dependencies", VALUE_SCHEMA_OR_STRINGS, MAP, true, &schema_type},
    {"additionalItems", VALUE_SCHEMA_OR_BOOL, ONE, true, &schema_type},
    {"definitions", VALUE_STRUCT, MAP, false, &schema_type},
};
static const struct_type schema_type = {schema_type_members,
                                        sizeof schema_type_members / sizeof(member)};

static const member validation_members[] = {
    {"openAPIV3Schema", VALUE_STRUCT, ONE, true, &schema_type},
};
STRUCT(validation);

static const struct_type empty = {NULL, 0};

static const member scale_members[] = {
    {"specReplicasPath", VALUE_STRING, ONE, false, NULL},
    {"statusReplicasPath", VALUE_STRING, ONE, false, NULL},
    {"labelSelectorPath", VALUE_STRING, ONE, true, NULL},
};
STRUCT(scale);

static const member subresources_members[] = {
    {"status", VALUE_STRUCT, ONE, true, &empty},
    {"scale", VALUE_STRUCT, ONE, true, &scale},
};
STRUCT(subresources);

static const member column_members[] = {
    {"name", VALUE_STRING, ONE, false, NULL},     {"type", VALUE_STRING, ONE, false, NULL},
    {"format", VALUE_STRING, ONE, false, NULL},   {"description", VALUE_STRING, ONE, false, NULL},
    {"priority", VALUE_INT32, ONE, false, NULL}, {"jsonPath", VALUE_STRING, ONE, false, NULL},
};
STRUCT(column);

static const member selectable_members[] = {
    {"jsonPath", VALUE_STRING, ONE, false, NULL},
};
STRUCT(selectable);

static const member version_members[] = {
    {"name", VALUE_STRING, ONE, false, NULL},
    {"served", VALUE_BOOL, ONE, false, NULL},
    {"storage", VALUE_BOOL, ONE, false, NULL},
    {"deprecated", VALUE_BOOL, ONE, false, NULL},
    {"deprecationWarning", VALUE_STRING, ONE, true, NULL},
    {"schema", VALUE_STRUCT, ONE, true, &validation},
    {"subresources", VALUE_STRUCT, ONE, true, &subresources},
    {"additionalPrinterColumns", VALUE_STRUCT, LIST, false, &column},
    {"selectableFields", VALUE_STRUCT, LIST, false, &selectable},
};
STRUCT(version);

static const member names_members[] = {
    {"plural", VALUE_STRING, ONE, false, NULL},    {"singular", VALUE_STRING, ONE, false, NULL},
    {"shortNames", VALUE_STRING, LIST, false, NULL}, {"kind", VALUE_STRING, ONE, false, NULL},
    {"listKind", VALUE_STRING, ONE, false, NULL},  {"categories", VALUE_STRING, LIST, false, NULL},
};
STRUCT(names);

static const member service_members[] = {
    {"namespace", VALUE_STRING, ONE, false, NULL},
    {"name", VALUE_STRING, ONE, false, NULL},
    {"path", VALUE_STRING, ONE, true, NULL},
    {"port", VALUE_INT32, ONE, true, NULL},
};
STRUCT(service);

static const member client_members[] = {
    {"url", VALUE_STRING, ONE, true, NULL},
    {"service", VALUE_STRUCT, ONE, true, &service},
    {"caBundle", VALUE_BYTES, ONE, false, NULL},
};
STRUCT(client);

static const member webhook_members[] = {
    {"clientConfig", VALUE_STRUCT, ONE, true, &client},
    {"conversionReviewVersions", VALUE_STRING, LIST, false, NULL},
};
STRUCT(webhook);

static const member conversion_members[] = {
    {"strategy", VALUE_STRING, ONE, false, NULL},
    {"webhook", VALUE_STRUCT, ONE, true, &webhook},
};
STRUCT(conversion);

static const member spec_members[] = {
    {"group", VALUE_STRING, ONE, false, NULL},
    {"names", VALUE_STRUCT, ONE, false, &names},
    {"scope", VALUE_STRING, ONE, false, NULL},
    {"versions", VALUE_STRUCT, LIST, false, &version},
    {"conversion", VALUE_STRUCT, ONE, true, &conversion},
    {"preserveUnknownFields", VALUE_BOOL, ONE, false, NULL},
};
STRUCT(spec);

static const member condition_members[] = {
    {"type", VALUE_STRING, ONE, false, NULL},
    {"status", VALUE_STRING, ONE, false, NULL},
    {"lastTransitionTime", VALUE_TIME, ONE, false, NULL},
    {"reason", VALUE_STRING, ONE, false, NULL},
    {"message", VALUE_STRING, ONE, false, NULL},
};
STRUCT(condition);

static const member status_members[] = {
    {"conditions", VALUE_STRUCT, LIST, false, &condition},
    {"acceptedNames", VALUE_STRUCT, ONE, false, &names},
    {"storedVersions", VALUE_STRING, LIST, false, NULL},
};
STRUCT(status);

static const member definition_members[] = {
    {"apiVersion", VALUE_STRING, ONE, false, NULL},
    {"kind", VALUE_STRING, ONE, false, NULL},
    {"metadata", VALUE_ANY, ONE, true, NULL}, /* decoded apart */
    {"spec", VALUE_STRUCT, ONE, false, &spec},
    {"status", VALUE_STRUCT, ONE, false, &status},
};
STRUCT(definition);

/* ---- errors ---------------------------------------------------------------------------- */

static void wrong_type(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                       const char *wanted)
{
    bool quotable = node->type == GWAPI__NODE_BOOL || node->type == GWAPI__NODE_INT ||
                    node->type == GWAPI__NODE_FLOAT;

    j->undecodable = true;
    if (quotable && gwapi__str_eq(gwapi__str_of(wanted), GWAPI__STR("a string")))
        gwapi__crd_fault(j, at, node, GWAPI_ERROR_TYPE_INVALID, "crd/type",
                         "must be a string, not the %t %n\nput it in quotes: \"%n\"", node, node,
                         node);
    else
        gwapi__crd_fault(j, at, node, GWAPI_ERROR_TYPE_INVALID, "crd/type",
                         "must be %s, not the %t %n", wanted, node, node);
}

/* Reports a value that is not what is wanted. */
static bool expect(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                   bool right, const char *wanted)
{
    if (!right)
        wrong_type(j, at, node, wanted);
    return right;
}

/* ---- values: each tells whether it stays ----------------------------------------------- */

static void decode_struct(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node,
                          const struct_type *type);

static bool decode_bytes(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node)
{
    bool no_memory = false;
    gwapi_str decoded;

    if (!expect(j, at, node, node->type == GWAPI__NODE_STRING, "bytes in base64"))
        return false;
    if (gwapi__base64_decode(j->input->arena, node->as.string, &decoded, &no_memory))
        return node->as.string.len != 0;
    if (no_memory)
        gwapi__judge_fail(j, GWAPI_ENOMEM);
    else
        wrong_type(j, at, node, "bytes in base64");
    return false;
}

static bool decode_time(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node)
{
    int64_t seconds;

    return expect(j, at, node,
                  node->type == GWAPI__NODE_STRING &&
                      gwapi__rfc3339_parse(node->as.string, &seconds),
                  "a time such as 2025-01-31T12:00:00Z");
}

/* A null among others is a zero value. */
static void replace_null(gwapi__node *node, const member *m)
{
    if (node->type != GWAPI__NODE_NULL || m->type == VALUE_ANY)
        return;
    memset(&node->as, 0, sizeof node->as);
    node->type = m->type == VALUE_STRING ? GWAPI__NODE_STRING : GWAPI__NODE_MAP;
    if (m->type == VALUE_STRING)
        node->as.string = gwapi__str("", 0);
}

static bool decode_strings(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *list);

/* A schema or something else, as a type of its own reads it. */
static void decode_choice(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node,
                          const member *m)
{
    if (node->type == GWAPI__NODE_MAP) {
        decode_struct(j, at, node, m->of);
    } else if (m->type == VALUE_SCHEMA_OR_BOOL) {
        expect(j, at, node, node->type == GWAPI__NODE_BOOL, "true, false or a schema");
    } else if (node->type == GWAPI__NODE_LIST && m->type == VALUE_SCHEMA_OR_LIST) {
        for (uint32_t i = 0; i < node->as.list.count; i++) {
            gwapi__frame frame = gwapi__frame_item(at, node, i);
            replace_null(node->as.list.items[i], m);
            decode_struct(j, &frame, node->as.list.items[i], m->of);
        }
    } else if (node->type == GWAPI__NODE_LIST) {
        decode_strings(j, at, node);
    }
}

static bool in_int32(const gwapi__node *node)
{
    return node->as.integer >= INT32_MIN && node->as.integer <= INT32_MAX;
}

/* A value that is not null. */
static bool decode_value(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node,
                         const member *m)
{
    switch (m->type) {
    case VALUE_STRING:
        if (!expect(j, at, node, node->type == GWAPI__NODE_STRING, "a string"))
            return false;
        return m->pointer || node->as.string.len != 0;
    case VALUE_BOOL:
        if (!expect(j, at, node, node->type == GWAPI__NODE_BOOL, "true or false"))
            return false;
        return m->pointer || node->as.boolean;
    case VALUE_INT64:
        return expect(j, at, node, node->type == GWAPI__NODE_INT, "an integer of 64 bits");
    case VALUE_INT32:
        return expect(j, at, node, node->type == GWAPI__NODE_INT && in_int32(node),
                      "an integer of 32 bits");
    case VALUE_NUMBER:
        return expect(j, at, node,
                      node->type == GWAPI__NODE_INT || node->type == GWAPI__NODE_FLOAT,
                      "a number");
    case VALUE_BYTES:
        return decode_bytes(j, at, node);
    case VALUE_TIME:
        return decode_time(j, at, node);
    case VALUE_ANY:
        return true;
    case VALUE_STRUCT:
        decode_struct(j, at, node, m->of);
        return true;
    default:
        decode_choice(j, at, node, m);
        return true;
    }
}

/* ---- lists and maps -------------------------------------------------------------------- */

static bool decode_list(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *list,
                        const member *m)
{
    if (!expect(j, at, list, list->type == GWAPI__NODE_LIST, "a list"))
        return false;
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        gwapi__frame frame = gwapi__frame_item(at, list, i);
        replace_null(list->as.list.items[i], m);
        decode_value(j, &frame, list->as.list.items[i], m);
    }
    return true;
}

static bool decode_strings(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *list)
{
    static const member strings = {"", VALUE_STRING, LIST, true, NULL};

    return decode_list(j, at, list, &strings);
}

static bool decode_map(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *map,
                       const member *m)
{
    if (!expect(j, at, map, map->type == GWAPI__NODE_MAP, "an object"))
        return false;
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        gwapi__frame frame = gwapi__frame_key(at, &map->as.map.fields[i]);
        replace_null(map->as.map.fields[i].value, m);
        decode_value(j, &frame, map->as.map.fields[i].value, m);
    }
    return true;
}

static bool decode_member(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node,
                          const member *m)
{
    if (node->type == GWAPI__NODE_NULL)
        return false;
    return m->shape == ONE    ? decode_value(j, at, node, m)
           : m->shape == LIST ? decode_list(j, at, node, m)
                              : decode_map(j, at, node, m);
}

/* ---- structs --------------------------------------------------------------------------- */

static gwapi_str member_name(const void *ctx, size_t i)
{
    return gwapi__str_of(((const struct_type *)ctx)->members[i].name);
}

static const member *find_member(const struct_type *type, gwapi_str name)
{
    for (size_t i = 0; i < type->count; i++)
        if (gwapi__str_eq(name, gwapi__str_of(type->members[i].name)))
            return &type->members[i];
    return NULL;
}

static void decode_struct(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node,
                          const struct_type *type)
{
    gwapi__names known = {member_name, type, type->count};
    uint32_t kept = 0;

    if (!expect(j, at, node, node->type == GWAPI__NODE_MAP, "an object"))
        return;
    for (uint32_t i = 0; i < node->as.map.count; i++) {
        gwapi__field *field = &node->as.map.fields[i];
        const member *m = find_member(type, field->name);
        if (m == NULL) {
            gwapi__judge_unknown(j, at, field, &known);
            continue;
        }
        gwapi__frame frame = gwapi__frame_field(at, field);
        if (decode_member(j, &frame, field->value, m))
            node->as.map.fields[kept++] = *field;
    }
    node->as.map.count = kept;
}

void gwapi__crd_decode(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *root)
{
    decode_struct(j, at, root, &definition);
    gwapi__meta_decode(j, at, root);
}
