/*
 * Structural schemas (pkg/apiserver/schema: validation.go, complete.go): outside of allOf, anyOf,
 * oneOf and not a schema says what there is; inside, it only restricts that.
 */
#include "schema/crd_judge.h"

#define RULE "crd/structural"

typedef enum depth { LEVEL_ROOT, LEVEL_ITEM, LEVEL_FIELD } depth;

const gwapi__node *gwapi__crd_items(const gwapi__node *schema)
{
    const gwapi__node *items = GWAPI__GET(schema, "items");

    return items != NULL && items->type == GWAPI__NODE_MAP ? items : NULL;
}

const gwapi__node *gwapi__crd_additional(const gwapi__node *schema)
{
    const gwapi__node *additional = GWAPI__GET(schema, "additionalProperties");

    return additional != NULL && additional->type == GWAPI__NODE_MAP ? additional : NULL;
}

const gwapi__node *gwapi__crd_properties(const gwapi__node *schema)
{
    return GWAPI__GET(schema, "properties");
}

static uint32_t property_count(const gwapi__node *schema)
{
    const gwapi__node *properties = gwapi__crd_properties(schema);

    return properties != NULL ? properties->as.map.count : 0;
}

static gwapi_str type_of(const gwapi__node *schema)
{
    return gwapi__node_get_str(schema, GWAPI__STR("type"));
}

static bool has_type(const gwapi__node *schema, const char *type)
{
    return gwapi__str_eq(type_of(schema), gwapi__str_of(type));
}

/* ---- can it be read at all? ------------------------------------------------------------ */

static bool is_refused_keyword(const gwapi__field *field)
{
    static const char *const names[] = {"id",           "$schema",     "patternProperties",
                                        "dependencies", "definitions", "additionalItems"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (gwapi__str_eq(field->name, gwapi__str_of(names[i])))
            return !gwapi__crd_is_empty(field->value) || i == 5;
    if (gwapi__str_eq(field->name, GWAPI__STR("$ref")))
        return field->value->as.string.len != 0;
    if (gwapi__str_eq(field->name, GWAPI__STR("items")))
        return gwapi__crd_count(field->value) != 0;
    return gwapi__str_eq(field->name, GWAPI__STR("x-kubernetes-preserve-unknown-fields")) &&
           !field->value->as.boolean;
}

static bool all_convertible(const gwapi__node *list)
{
    for (uint32_t i = 0; i < gwapi__crd_count(list); i++)
        if (!gwapi__crd_is_convertible(list->as.list.items[i]))
            return false;
    return true;
}

bool gwapi__crd_is_convertible(const gwapi__node *schema)
{
    const gwapi__node *properties = gwapi__crd_properties(schema);

    if (schema == NULL)
        return true;
    for (uint32_t i = 0; i < schema->as.map.count; i++)
        if (is_refused_keyword(&schema->as.map.fields[i]))
            return false;
    for (uint32_t i = 0; properties != NULL && i < properties->as.map.count; i++)
        if (!gwapi__crd_is_convertible(properties->as.map.fields[i].value))
            return false;
    return gwapi__crd_is_convertible(gwapi__crd_items(schema)) &&
           gwapi__crd_is_convertible(gwapi__crd_additional(schema)) &&
           gwapi__crd_is_convertible(GWAPI__GET(schema, "not")) &&
           all_convertible(GWAPI__GET(schema, "allOf")) &&
           all_convertible(GWAPI__GET(schema, "anyOf")) &&
           all_convertible(GWAPI__GET(schema, "oneOf"));
}

/* ---- integers or strings --------------------------------------------------------------- */

/* Does nothing of it reach the structural form? */
static bool is_idle(const gwapi__field *field)
{
    static const char *const docs[] = {"externalDocs", "example"};
    static const char *const lists[] = {"enum",          "allOf", "anyOf", "oneOf", "definitions",
                                        "patternProperties", "dependencies"};

    for (size_t i = 0; i < sizeof docs / sizeof *docs; i++)
        if (gwapi__str_eq(field->name, gwapi__str_of(docs[i])))
            return true;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (gwapi__str_eq(field->name, gwapi__str_of(lists[i])))
            return gwapi__crd_is_empty(field->value);
    return gwapi__str_eq(field->name, GWAPI__STR("additionalProperties")) &&
           field->value->type == GWAPI__NODE_BOOL && !field->value->as.boolean;
}

/* Only `type`, not counting what has no effect. */
static bool is_type_alone(const gwapi__node *schema, const char *type)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < schema->as.map.count; i++)
        count += !is_idle(&schema->as.map.fields[i]);
    return count == 1 && has_type(schema, type);
}

static bool is_int_or_string(const gwapi__node *any_of)
{
    return gwapi__crd_count(any_of) == 2 &&
           is_type_alone(any_of->as.list.items[0], "integer") &&
           is_type_alone(any_of->as.list.items[1], "string");
}

/* ---- restrictions ---------------------------------------------------------------------- */

/* Which of the two forms of an int-or-string the schema has; that part is then not looked at. */
typedef struct exceptions {
    bool any_of, first_all_of;
} exceptions;

static void check_restriction(gwapi__judgement *j, const gwapi__frame *at,
                              const gwapi__node *schema, bool skip_any_of);

static void check_pattern(gwapi__judgement *j, const gwapi__frame *at,
                          const gwapi__node *schema)
{
    const gwapi__node *pattern = GWAPI__GET(schema, "pattern");
    gwapi__regex_error error = {.message = NULL};
    gwapi__frame frame = gwapi__crd_at(at, schema, "pattern");
    gwapi__regex *none = NULL;

    if (pattern == NULL)
        return;
    gwapi_result r = gwapi__regex_compile(&none, &j->allocator, pattern->as.string,
                                          GWAPI__REGEX_SYNTAX_ONLY, 0, &error);
    if (r == GWAPI_ENOMEM)
        gwapi__judge_fail(j, r);
    else if (r != GWAPI_OK)
        gwapi__crd_fault(j, &frame, pattern, GWAPI_ERROR_INVALID, "crd/pattern",
                         "is no regular expression: %s\npatterns are in RE2's syntax",
                         error.message != NULL ? error.message : "it is too large");
}

static void check_branches(gwapi__judgement *j, const gwapi__frame *at,
                           const gwapi__node *schema, const char *junctor, bool skip_first)
{
    const gwapi__node *list = gwapi__node_get(schema, gwapi__str_of(junctor));
    gwapi__frame frame = gwapi__crd_at(at, schema, junctor);

    for (uint32_t i = 0; i < gwapi__crd_count(list); i++) {
        gwapi__frame branch = gwapi__frame_item(&frame, list, i);
        check_restriction(j, &branch, list->as.list.items[i], skip_first && i == 0);
    }
}

/* What any schema may restrict a value by. */
static void check_validations(gwapi__judgement *j, const gwapi__frame *at,
                              const gwapi__node *schema, exceptions skip)
{
    const gwapi__node *not_schema = GWAPI__GET(schema, "not");
    gwapi__frame not_at = gwapi__crd_at(at, schema, "not");

    if (!skip.any_of)
        check_branches(j, at, schema, "anyOf", false);
    check_branches(j, at, schema, "allOf", skip.first_all_of);
    check_branches(j, at, schema, "oneOf", false);
    if (not_schema != NULL)
        check_restriction(j, &not_at, not_schema, false);
    check_pattern(j, at, schema);
}

static void check_forbidden_keywords(gwapi__judgement *j, const gwapi__frame *at,
                                     const gwapi__node *schema)
{
    static const char *const names[] = {
        "type", "default", "title", "description", "nullable",
        "x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource",
        "x-kubernetes-int-or-string", "x-kubernetes-list-map-keys", "x-kubernetes-list-type",
        "x-kubernetes-map-type", "x-kubernetes-validations"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const gwapi__node *value = gwapi__node_get(schema, gwapi__str_of(names[i]));
        gwapi__frame frame = gwapi__crd_at(at, schema, names[i]);
        bool empty_list = value != NULL && value->type == GWAPI__NODE_LIST &&
                          gwapi__crd_is_empty(value) &&
                          !gwapi__str_eq(frame.name, GWAPI__STR("default"));
        if (value != NULL && !empty_list)
            gwapi__crd_fault(j, &frame, NULL, GWAPI_ERROR_FORBIDDEN, RULE,
                             "%s must not stand inside allOf, anyOf, oneOf or not\n"
                             "say it outside; inside, only restrict values",
                             names[i]);
    }
}

static void check_restricted_members(gwapi__judgement *j, const gwapi__frame *at,
                                     const gwapi__node *schema)
{
    const gwapi__node *additional = GWAPI__GET(schema, "additionalProperties");
    const gwapi__node *properties = gwapi__crd_properties(schema);
    gwapi__frame additional_at = gwapi__crd_at(at, schema, "additionalProperties");
    gwapi__frame properties_at = gwapi__crd_at(at, schema, "properties");

    if (additional != NULL &&
        (additional->type == GWAPI__NODE_MAP || additional->as.boolean))
        gwapi__crd_fault(j, &additional_at, NULL, GWAPI_ERROR_FORBIDDEN, RULE,
                         "additionalProperties must not stand inside allOf, anyOf, oneOf or not");
    for (uint32_t i = 0; properties != NULL && i < properties->as.map.count; i++) {
        const gwapi__field *field = &properties->as.map.fields[i];
        gwapi__frame frame = gwapi__frame_key(&properties_at, field);
        check_restriction(j, &frame, field->value, false);
        if (gwapi__str_eq(field->name, GWAPI__STR("metadata")))
            gwapi__crd_fault(j, &frame, NULL, GWAPI_ERROR_FORBIDDEN, RULE,
                             "metadata must not be restricted inside allOf, anyOf, oneOf or not");
    }
}

static void check_restriction(gwapi__judgement *j, const gwapi__frame *at,
                              const gwapi__node *schema, bool skip_any_of)
{
    const gwapi__node *items = gwapi__crd_items(schema);
    gwapi__frame items_at = gwapi__crd_at(at, schema, "items");

    check_validations(j, at, schema, (exceptions){skip_any_of, false});
    if (items != NULL)
        check_restriction(j, &items_at, items, false);
    check_restricted_members(j, at, schema);
    check_forbidden_keywords(j, at, schema);
}

/* ---- what there is --------------------------------------------------------------------- */

static void must_be_type(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *schema,
                         const char *type, const char *why)
{
    gwapi__frame frame = gwapi__crd_at(at, schema, "type");
    const gwapi__node *value = GWAPI__GET(schema, "type");

    gwapi__crd_fault(j, &frame, value, GWAPI_ERROR_INVALID, RULE, "must be %s %s", type, why);
}

static void check_type(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *schema,
                       depth level)
{
    static const char *const where[] = {"at the root", "of items", "of a field"};
    bool embedded = gwapi__crd_flag(schema, "x-kubernetes-embedded-resource");
    bool none = type_of(schema).len == 0;
    bool free_type = gwapi__crd_flag(schema, "x-kubernetes-int-or-string") ||
                     gwapi__crd_flag(schema, "x-kubernetes-preserve-unknown-fields");
    gwapi__frame frame = gwapi__crd_at(at, schema, "type");

    if (embedded && none)
        gwapi__crd_fault(j, &frame, NULL, GWAPI_ERROR_REQUIRED, RULE,
                         "an embedded resource needs type: object");
    else if (embedded && !has_type(schema, "object"))
        must_be_type(j, at, schema, "object", "for an embedded resource");
    else if (none && !free_type)
        gwapi__crd_fault(j, &frame, NULL, GWAPI_ERROR_REQUIRED, RULE, "a type is required %s",
                         where[level]);
    if (level == LEVEL_ROOT && !none && !has_type(schema, "object"))
        must_be_type(j, at, schema, "object", "at the root");
    if (has_type(schema, "array") && gwapi__crd_items(schema) == NULL) {
        gwapi__frame items = gwapi__crd_at(at, schema, "items");
        gwapi__crd_fault(j, &items, NULL, GWAPI_ERROR_REQUIRED, RULE,
                         "an array needs items, with the schema of its items");
    }
}

static void check_extensions(gwapi__judgement *j, const gwapi__frame *at,
                             const gwapi__node *schema, depth level)
{
    static const char *const apart[] = {"x-kubernetes-preserve-unknown-fields",
                                        "x-kubernetes-embedded-resource"};
    bool embedded = gwapi__crd_flag(schema, "x-kubernetes-embedded-resource");
    bool additional = GWAPI__GET(schema, "additionalProperties") != NULL;
    gwapi__frame additional_at = gwapi__crd_at(at, schema, "additionalProperties");
    gwapi__frame properties_at = gwapi__crd_at(at, schema, "properties");

    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++) {
        gwapi__frame frame = gwapi__crd_at(at, schema, apart[i]);
        if (gwapi__crd_flag(schema, "x-kubernetes-int-or-string") &&
            gwapi__crd_flag(schema, apart[i]))
            gwapi__crd_fault(j, &frame, NULL, GWAPI_ERROR_INVALID, RULE,
                             "must not be true beside x-kubernetes-int-or-string");
    }
    if (additional && level == LEVEL_ROOT)
        gwapi__crd_fault(j, &additional_at, NULL, GWAPI_ERROR_FORBIDDEN, RULE,
                         "additionalProperties must not stand at the root");
    if (additional && embedded)
        gwapi__crd_fault(j, &additional_at, NULL, GWAPI_ERROR_FORBIDDEN, RULE,
                         "an embedded resource has no additionalProperties");
    if (embedded && property_count(schema) == 0 &&
        !gwapi__crd_flag(schema, "x-kubernetes-preserve-unknown-fields"))
        gwapi__crd_fault(j, &properties_at, NULL, GWAPI_ERROR_REQUIRED, RULE,
                         "an embedded resource needs properties, or "
                         "x-kubernetes-preserve-unknown-fields: true");
}

/* At the root, metadata may restrict name and generateName and nothing else. */
static bool is_plain_metadata(const gwapi__node *metadata)
{
    const gwapi__node *properties = gwapi__crd_properties(metadata);
    static const char *const allowed[] = {"type", "default", "properties"};

    for (uint32_t i = 0; i < metadata->as.map.count; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof allowed / sizeof *allowed; k++)
            known = known || gwapi__str_eq(metadata->as.map.fields[i].name,
                                           gwapi__str_of(allowed[k]));
        if (!known && metadata->as.map.fields[i].value->type != GWAPI__NODE_BOOL)
            known = is_idle(&metadata->as.map.fields[i]);
        if (!known)
            return false;
    }
    for (uint32_t i = 0; properties != NULL && i < properties->as.map.count; i++) {
        gwapi_str name = properties->as.map.fields[i].name;
        if (!gwapi__str_eq(name, GWAPI__STR("name")) &&
            !gwapi__str_eq(name, GWAPI__STR("generateName")))
            return false;
    }
    return true;
}

static void check_metadata(gwapi__judgement *j, const gwapi__frame *at,
                           const gwapi__node *schema, depth level)
{
    static const char *const texts[] = {"kind", "apiVersion"};
    const gwapi__node *properties = gwapi__crd_properties(schema);
    const gwapi__node *metadata = GWAPI__GET(properties, "metadata");
    bool whole = level == LEVEL_ROOT || gwapi__crd_flag(schema, "x-kubernetes-embedded-resource");
    gwapi__frame properties_at = gwapi__crd_at(at, schema, "properties");

    for (size_t i = 0; whole && i < sizeof texts / sizeof *texts; i++) {
        const gwapi__field *field = gwapi__node_field(properties, gwapi__str_of(texts[i]));
        if (field == NULL || has_type(field->value, "string"))
            continue;
        gwapi__frame frame = gwapi__frame_key(&properties_at, field);
        must_be_type(j, &frame, field->value, "string", "");
    }
    gwapi__frame frame = gwapi__crd_at(&properties_at, properties, "metadata");
    frame.step = GWAPI__STEP_KEY;
    if (metadata != NULL && whole && !has_type(metadata, "object"))
        must_be_type(j, &frame, metadata, "object", "");
    if (metadata != NULL && level == LEVEL_ROOT && !is_plain_metadata(metadata))
        gwapi__crd_fault(j, &frame, NULL, GWAPI_ERROR_FORBIDDEN, RULE,
                         "metadata is known: only name and generateName may be restricted");
}

static void check_structure(gwapi__judgement *j, const gwapi__frame *at,
                            const gwapi__node *schema, depth level)
{
    const gwapi__node *items = gwapi__crd_items(schema);
    const gwapi__node *properties = gwapi__crd_properties(schema);
    const gwapi__node *additional = gwapi__crd_additional(schema);
    const gwapi__node *all_of = GWAPI__GET(schema, "allOf");
    const exceptions skip = {
        is_int_or_string(GWAPI__GET(schema, "anyOf")),
        gwapi__crd_count(all_of) != 0 &&
            is_int_or_string(GWAPI__GET(all_of->as.list.items[0], "anyOf"))};
    gwapi__frame items_at = gwapi__crd_at(at, schema, "items");
    gwapi__frame properties_at = gwapi__crd_at(at, schema, "properties");
    gwapi__frame additional_at = gwapi__crd_at(at, schema, "additionalProperties");

    check_type(j, at, schema, level);
    check_extensions(j, at, schema, level);
    check_metadata(j, at, schema, level);
    check_validations(j, at, schema, skip);
    if (items != NULL)
        check_structure(j, &items_at, items, LEVEL_ITEM);
    for (uint32_t i = 0; properties != NULL && i < properties->as.map.count; i++) {
        gwapi__frame frame = gwapi__frame_key(&properties_at, &properties->as.map.fields[i]);
        check_structure(j, &frame, properties->as.map.fields[i].value, LEVEL_FIELD);
    }
    if (additional != NULL)
        check_structure(j, &additional_at, additional, LEVEL_FIELD);
}

/* ---- completeness: what is restricted must exist --------------------------------------- */

/* A restriction and the schema of what it restricts. */
typedef struct counterpart {
    const gwapi__node *schema; /* NULL: there is none */
    const gwapi__frame *at;
} counterpart;

static void check_complete(gwapi__judgement *j, const counterpart *c, const gwapi__frame *at,
                           const gwapi__node *restriction);

static void missing(gwapi__judgement *j, const counterpart *c, const gwapi__frame *at)
{
    gwapi__finding f = {
        .type = GWAPI_ERROR_REQUIRED, .rule = RULE, .at = c->at, .brackets = true};

    if (!gwapi__judge_error(j, f.type))
        return;
    f.place = gwapi__frame_place(at);
    gwapi__say(&j->message, "must be defined, since it is restricted at ");
    gwapi__path_write(&j->message, at, true);
    gwapi__judge_report(j, &f);
}

static void check_complete_branches(gwapi__judgement *j, const counterpart *c,
                                    const gwapi__frame *at, const gwapi__node *schema)
{
    static const char *const junctors[] = {"allOf", "anyOf", "oneOf"};
    const gwapi__node *not_schema = GWAPI__GET(schema, "not");
    gwapi__frame not_at = gwapi__crd_at(at, schema, "not");

    if (not_schema != NULL)
        check_complete(j, c, &not_at, not_schema);
    for (size_t k = 0; k < sizeof junctors / sizeof *junctors; k++) {
        const gwapi__node *list = gwapi__node_get(schema, gwapi__str_of(junctors[k]));
        gwapi__frame list_at = gwapi__crd_at(at, schema, junctors[k]);
        for (uint32_t i = 0; i < gwapi__crd_count(list); i++) {
            gwapi__frame frame = gwapi__frame_item(&list_at, list, i);
            check_complete(j, c, &frame, list->as.list.items[i]);
        }
    }
}

static void check_complete_properties(gwapi__judgement *j, const counterpart *c,
                                      const gwapi__frame *at, const gwapi__node *restriction)
{
    const gwapi__node *properties = gwapi__crd_properties(restriction);
    const gwapi__node *declared = gwapi__crd_properties(c->schema);
    gwapi__frame properties_at = gwapi__crd_at(at, restriction, "properties");
    gwapi__frame declared_at = gwapi__crd_at(c->at, c->schema, "properties");

    for (uint32_t i = 0; properties != NULL && i < properties->as.map.count; i++) {
        const gwapi__field *field = &properties->as.map.fields[i];
        const gwapi__field *own = gwapi__node_field(declared, field->name);
        gwapi__frame frame = gwapi__frame_key(&properties_at, field);
        gwapi__frame own_at = own != NULL ? gwapi__frame_key(&declared_at, own)
                                          : gwapi__frame_missing(&declared_at, field->name);
        own_at.step = GWAPI__STEP_KEY;
        counterpart inner = {own != NULL ? own->value : NULL, &own_at};
        check_complete(j, &inner, &frame, field->value);
    }
}

static void check_complete(gwapi__judgement *j, const counterpart *c, const gwapi__frame *at,
                           const gwapi__node *restriction)
{
    const gwapi__node *items = gwapi__crd_items(restriction);
    gwapi__frame items_at = gwapi__crd_at(at, restriction, "items");
    gwapi__frame own_at = gwapi__crd_at(c->at, c->schema, "items");
    counterpart inner = {gwapi__crd_items(c->schema), &own_at};

    if (c->schema == NULL) {
        missing(j, c, at);
        return;
    }
    check_complete_branches(j, c, at, restriction);
    if (items != NULL)
        check_complete(j, &inner, &items_at, items);
    check_complete_properties(j, c, at, restriction);
}

void gwapi__crd_check_structural(gwapi__judgement *j, const gwapi__frame *at,
                                 const gwapi__node *schema)
{
    const counterpart root = {schema, at};

    check_structure(j, at, schema, LEVEL_ROOT);
    check_complete_branches(j, &root, at, schema);
}
