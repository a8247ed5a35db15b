/*
 * What is asked of every part of a schema, structural or not
 * (pkg/apis/apiextensions/validation, ValidateCustomResourceDefinitionOpenAPISchema).
 */
#include "schema/crd_judge.h"

#define RULE "crd/schema"
#define LISTS "crd/list-type"
#define MOST_KEYS 256 /* of a list: each is looked up */

/* A schema on the way down. */
typedef struct spot {
    const gwapi__frame *at;
    const gwapi__node *schema;
    bool root;
    gwapi__crd_scope scope;
    const gwapi__schema_node *compiled; /* NULL: its rules are not looked at */
    gwapi__crd_occurrence occurrence;
    const gwapi__kind *kind;
    gwapi__crd_costs *costs;
} spot;

static void check(gwapi__judgement *j, const spot *s);

/* A schema within. `compiled`: NULL unless it describes values of their own. */
static spot within(const spot *s, const gwapi__frame *at, const gwapi__node *schema,
                   gwapi__crd_scope scope, const gwapi__schema_node *compiled)
{
    return (spot){.at = at,
                  .schema = schema,
                  .scope = scope,
                  .compiled = compiled,
                  .occurrence = gwapi__crd_below(s->occurrence, s->schema),
                  .kind = s->kind,
                  .costs = s->costs};
}

static gwapi_str text_of(const gwapi__node *schema, const char *name)
{
    return gwapi__node_get_str(schema, gwapi__str_of(name));
}

static bool is(gwapi_str text, const char *word)
{
    return gwapi__str_eq(text, gwapi__str_of(word));
}

/* An error at a member. */
static void at_member(gwapi__judgement *j, const spot *s, const char *member,
                      gwapi_error_type type, const char *rule, const char *text)
{
    gwapi__frame frame = gwapi__crd_at(s->at, s->schema, member);

    gwapi__crd_fault(j, &frame, gwapi__node_get(s->schema, gwapi__str_of(member)), type, rule,
                     text);
}

/* ---- keywords -------------------------------------------------------------------------- */

static void check_type(gwapi__judgement *j, const spot *s)
{
    static const char *const types[] = {"string",  "number", "integer",
                                        "boolean", "array",  "object"};
    gwapi_str type = text_of(s->schema, "type");
    bool known = type.len == 0;

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        known = known || is(type, types[i]);
    if (known)
        return;
    gwapi__frame frame = gwapi__crd_at(s->at, s->schema, "type");
    const gwapi__node *value = GWAPI__GET(s->schema, "type");
    gwapi__crd_fault(j, &frame, value, GWAPI_ERROR_NOT_SUPPORTED, RULE,
                     "must be object, array, string, integer, number or boolean, not %n", value);
    if (is(type, "null"))
        gwapi__crd_fault(j, &frame, value, GWAPI_ERROR_FORBIDDEN, RULE,
                         "null is no type\nwrite nullable: true");
}

static void check_refused(gwapi__judgement *j, const spot *s)
{
    static const char *const names[] = {"patternProperties", "definitions",  "id",
                                        "additionalItems",   "dependencies", "$ref"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const gwapi__node *value = gwapi__node_get(s->schema, gwapi__str_of(names[i]));
        gwapi__frame frame = gwapi__crd_at(s->at, s->schema, names[i]);
        if (value != NULL && (i > 1 || !gwapi__crd_is_empty(value)))
            gwapi__crd_fault(j, &frame, NULL, GWAPI_ERROR_FORBIDDEN, RULE,
                             "%s is not supported", names[i]);
    }
    if (gwapi__crd_count(GWAPI__GET(s->schema, "items")) != 0)
        at_member(j, s, "items", GWAPI_ERROR_FORBIDDEN, RULE,
                  "must be one schema, not a list of them");
    if (gwapi__crd_flag(s->schema, "uniqueItems"))
        at_member(j, s, "uniqueItems", GWAPI_ERROR_FORBIDDEN, RULE,
                  "must not be true: it takes time that grows with the square of the length\n"
                  "use x-kubernetes-list-type: set");
}

static void check_default(gwapi__judgement *j, const spot *s)
{
    gwapi__frame frame = gwapi__crd_at(s->at, s->schema, "default");

    if (s->scope.no_defaults != NULL && GWAPI__GET(s->schema, "default") != NULL)
        gwapi__crd_fault(j, &frame, NULL, GWAPI_ERROR_FORBIDDEN, "crd/default",
                         "a default must not be set %s", s->scope.no_defaults);
}

static void check_extensions(gwapi__judgement *j, const spot *s)
{
    const gwapi__node *preserve = GWAPI__GET(s->schema, "x-kubernetes-preserve-unknown-fields");

    if (preserve != NULL && !preserve->as.boolean)
        at_member(j, s, "x-kubernetes-preserve-unknown-fields", GWAPI_ERROR_INVALID, RULE,
                  "must be true or left out");
    if (s->scope.inside_meta && gwapi__crd_flag(s->schema, "x-kubernetes-embedded-resource"))
        at_member(j, s, "x-kubernetes-embedded-resource", GWAPI_ERROR_FORBIDDEN, RULE,
                  "metadata holds no embedded resources");
}

/* ---- lists and maps -------------------------------------------------------------------- */

/* `keyword` is given: then the type must be the one it speaks of. True if it is. */
static bool needs_type(gwapi__judgement *j, const spot *s, const char *keyword, const char *type)
{
    gwapi__frame frame = gwapi__crd_at(s->at, s->schema, "type");
    gwapi_str given = text_of(s->schema, "type");

    if (is(given, type))
        return true;
    gwapi__crd_fault(j, &frame, GWAPI__GET(s->schema, "type"),
                     given.len == 0 ? GWAPI_ERROR_REQUIRED : GWAPI_ERROR_INVALID, LISTS,
                     "%s needs type: %s", keyword, type);
    return false;
}

static void check_map_type(gwapi__judgement *j, const spot *s)
{
    const gwapi__node *map_type = GWAPI__GET(s->schema, "x-kubernetes-map-type");

    if (map_type == NULL)
        return;
    needs_type(j, s, "x-kubernetes-map-type", "object");
    if (!is(map_type->as.string, "atomic") && !is(map_type->as.string, "granular"))
        at_member(j, s, "x-kubernetes-map-type", GWAPI_ERROR_NOT_SUPPORTED, LISTS,
                  "must be atomic or granular");
}

/* Items of a set are compared as wholes. */
static void check_set(gwapi__judgement *j, const spot *s, const gwapi__node *items)
{
    const gwapi__node *list = GWAPI__GET(items, "x-kubernetes-list-type");
    gwapi_str type = text_of(items, "type"), map = text_of(items, "x-kubernetes-map-type");
    gwapi__frame items_at = gwapi__crd_at(s->at, s->schema, "items");
    gwapi__frame list_at = gwapi__crd_at(&items_at, items, "x-kubernetes-list-type");
    gwapi__frame map_at = gwapi__crd_at(&items_at, items, "x-kubernetes-map-type");

    if (is(type, "array") && list != NULL && !is(list->as.string, "atomic"))
        gwapi__crd_fault(j, &list_at, list, GWAPI_ERROR_INVALID, LISTS,
                         "must be atomic in the items of a set");
    if (is(type, "object") && !is(map, "atomic"))
        gwapi__crd_fault(j, &map_at, GWAPI__GET(items, "x-kubernetes-map-type"),
                         GWAPI_ERROR_INVALID, LISTS, "must be atomic in the items of a set");
}

static void check_key(gwapi__judgement *j, const spot *s, const gwapi__node *items,
                      const gwapi__node *key)
{
    const gwapi__node *properties = gwapi__crd_properties(items);
    const gwapi__field *field = gwapi__node_field(properties, key->as.string);
    gwapi__frame keys_at = gwapi__crd_at(s->at, s->schema, "x-kubernetes-list-map-keys");

    if (field == NULL) {
        gwapi__crd_fault(j, &keys_at, key, GWAPI_ERROR_INVALID, LISTS,
                         "%q is no property of the items", key->as.string);
        return;
    }
    gwapi_str type = text_of(field->value, "type");
    gwapi__frame items_at = gwapi__crd_at(s->at, s->schema, "items");
    gwapi__frame properties_at = gwapi__crd_at(&items_at, items, "properties");
    gwapi__frame property = gwapi__frame_key(&properties_at, field);
    gwapi__frame type_at = gwapi__crd_at(&property, field->value, "type");
    if (is(type, "array") || is(type, "object"))
        gwapi__crd_fault(j, &type_at, GWAPI__GET(field->value, "type"), GWAPI_ERROR_INVALID,
                         LISTS, "a key must be a scalar");
}

static void check_keys(gwapi__judgement *j, const spot *s, const gwapi__node *keys,
                       const gwapi__node *items)
{
    const gwapi_str *texts = gwapi__crd_texts(j, keys, NULL);
    const bool *repeats = gwapi__crd_repeats(j, texts, gwapi__crd_count(keys));
    gwapi__frame keys_at = gwapi__crd_at(s->at, s->schema, "x-kubernetes-list-map-keys");

    for (uint32_t i = 0; repeats != NULL && i < gwapi__crd_count(keys); i++) {
        check_key(j, s, items, keys->as.list.items[i]);
        if (repeats[i])
            gwapi__crd_fault(j, &keys_at, keys->as.list.items[i], GWAPI_ERROR_INVALID, LISTS,
                             "%q is listed twice", texts[i]);
    }
}

static void check_map_list(gwapi__judgement *j, const spot *s)
{
    const gwapi__node *keys = GWAPI__GET(s->schema, "x-kubernetes-list-map-keys");
    const gwapi__node *items = gwapi__crd_items(s->schema);
    gwapi__frame items_at = gwapi__crd_at(s->at, s->schema, "items");

    if (gwapi__crd_count(keys) == 0)
        at_member(j, s, "x-kubernetes-list-map-keys", GWAPI_ERROR_REQUIRED, LISTS,
                  "a list of type map needs keys");
    if (GWAPI__GET(s->schema, "items") == NULL)
        at_member(j, s, "items", GWAPI_ERROR_REQUIRED, LISTS,
                  "a list of type map needs a schema of its items");
    else if (items == NULL)
        at_member(j, s, "items", GWAPI_ERROR_INVALID, LISTS,
                  "a list of type map needs one schema of its items");
    if (items == NULL)
        return;
    if (is(text_of(items, "type"), "object")) {
        check_keys(j, s, keys, items);
        return;
    }
    gwapi__frame type_at = gwapi__crd_at(&items_at, items, "type");
    gwapi__crd_fault(j, &type_at, GWAPI__GET(items, "type"), GWAPI_ERROR_INVALID, LISTS,
                     "items of a list of type map must be objects");
}

static bool is_required(const gwapi__node *schema, gwapi_str name)
{
    const gwapi__node *required = GWAPI__GET(schema, "required");

    for (uint32_t i = 0; i < gwapi__crd_count(required); i++)
        if (gwapi__str_eq(required->as.list.items[i]->as.string, name))
            return true;
    return false;
}

static void check_key_presence(gwapi__judgement *j, const gwapi__frame *items_at,
                               const gwapi__node *items, gwapi_str key)
{
    const gwapi__node *properties = gwapi__crd_properties(items);
    const gwapi__field *field = gwapi__node_field(properties, key);
    gwapi__frame properties_at = gwapi__crd_at(items_at, items, "properties");

    if (field == NULL)
        return; /* told already */
    gwapi__frame property = gwapi__frame_key(&properties_at, field);
    gwapi__frame default_at = gwapi__crd_at(&property, field->value, "default");
    gwapi__frame nullable_at = gwapi__crd_at(&property, field->value, "nullable");
    if (GWAPI__GET(field->value, "default") == NULL && !is_required(items, key))
        gwapi__crd_fault(j, &default_at, NULL, GWAPI_ERROR_REQUIRED, LISTS,
                         "%q is a key: it must be required or have a default", key);
    if (gwapi__crd_flag(field->value, "nullable"))
        gwapi__crd_fault(j, &nullable_at, NULL, GWAPI_ERROR_FORBIDDEN, LISTS,
                         "%q is a key: it must not be nullable", key);
}

/* Nulls have no identity in sets and maps. */
static void check_identity(gwapi__judgement *j, const spot *s, gwapi_str list_type)
{
    const gwapi__node *keys = GWAPI__GET(s->schema, "x-kubernetes-list-map-keys");
    const gwapi__node *items = gwapi__crd_items(s->schema);
    gwapi__frame items_at = gwapi__crd_at(s->at, s->schema, "items");
    gwapi__frame nullable_at = gwapi__crd_at(&items_at, items, "nullable");

    if (items == NULL || !(is(list_type, "set") || is(list_type, "map")))
        return;
    if (gwapi__crd_flag(items, "nullable"))
        gwapi__crd_fault(j, &nullable_at, NULL, GWAPI_ERROR_FORBIDDEN, LISTS,
                         "items of a list of type %v must not be nullable", list_type);
    for (uint32_t i = 0; is(list_type, "map") && i < gwapi__crd_count(keys); i++)
        check_key_presence(j, &items_at, items, keys->as.list.items[i]->as.string);
}

static void check_list_type(gwapi__judgement *j, const spot *s)
{
    const gwapi__node *list_type = GWAPI__GET(s->schema, "x-kubernetes-list-type");
    const gwapi__node *items = gwapi__crd_items(s->schema);
    bool keys = gwapi__crd_count(GWAPI__GET(s->schema, "x-kubernetes-list-map-keys")) != 0;

    if (list_type == NULL) {
        if (keys)
            at_member(j, s, "x-kubernetes-list-type", GWAPI_ERROR_REQUIRED, LISTS,
                      "keys need x-kubernetes-list-type: map");
        return;
    }
    gwapi_str type = list_type->as.string;
    if (needs_type(j, s, "x-kubernetes-list-type", "array") && is(type, "set") && items != NULL)
        check_set(j, s, items);
    if (!is(type, "atomic") && !is(type, "set") && !is(type, "map"))
        at_member(j, s, "x-kubernetes-list-type", GWAPI_ERROR_NOT_SUPPORTED, LISTS,
                  "must be atomic, set or map");
    if (keys && !is(type, "map"))
        at_member(j, s, "x-kubernetes-list-type", GWAPI_ERROR_INVALID, LISTS,
                  "keys need x-kubernetes-list-type: map");
    if (gwapi__crd_count(GWAPI__GET(s->schema, "x-kubernetes-list-map-keys")) > MOST_KEYS) {
        at_member(j, s, "x-kubernetes-list-map-keys", GWAPI_ERROR_LIMIT, LISTS,
                  "has more than 256 keys");
        return;
    }
    if (is(type, "map"))
        check_map_list(j, s);
    check_identity(j, s, type);
}

/* ---- the schemas within ---------------------------------------------------------------- */

static void check_one(gwapi__judgement *j, const spot *s, const char *member,
                      const gwapi__node *schema, gwapi__crd_scope scope,
                      const gwapi__schema_node *compiled)
{
    gwapi__frame frame = gwapi__crd_at(s->at, s->schema, member);
    const spot inner = within(s, &frame, schema, scope, compiled);

    if (schema != NULL)
        check(j, &inner);
}

static void check_each(gwapi__judgement *j, const spot *s, const char *member,
                       gwapi__crd_scope scope)
{
    const gwapi__node *list = gwapi__node_get(s->schema, gwapi__str_of(member));
    gwapi__frame list_at = gwapi__crd_at(s->at, s->schema, member);

    for (uint32_t i = 0; i < gwapi__crd_count(list); i++) {
        gwapi__frame frame = gwapi__frame_item(&list_at, list, i);
        const spot inner = within(s, &frame, list->as.list.items[i], scope, NULL);
        check(j, &inner);
    }
}

/* Definitions and dependencies, which are refused, but looked into. */
static void check_named(gwapi__judgement *j, const spot *s, const char *member)
{
    const gwapi__node *map = gwapi__node_get(s->schema, gwapi__str_of(member));
    gwapi__frame map_at = gwapi__crd_at(s->at, s->schema, member);

    for (uint32_t i = 0; map != NULL && i < map->as.map.count; i++) {
        gwapi__frame frame = gwapi__frame_key(&map_at, &map->as.map.fields[i]);
        const spot inner = within(s, &frame, map->as.map.fields[i].value, s->scope, NULL);
        if (inner.schema->type == GWAPI__NODE_MAP)
            check(j, &inner);
    }
}

static void check_properties(gwapi__judgement *j, const spot *s)
{
    const gwapi__node *properties = gwapi__crd_properties(s->schema);
    gwapi__frame properties_at = gwapi__crd_at(s->at, s->schema, "properties");
    bool whole = s->root || gwapi__crd_flag(s->schema, "x-kubernetes-embedded-resource");
    const gwapi__node *map_type = GWAPI__GET(s->schema, "x-kubernetes-map-type");
    gwapi__crd_scope scope = s->scope;

    /* Of a map type that is none nobody knows what identifies its parts. */
    if (map_type != NULL && !is(map_type->as.string, "granular") &&
        !is(map_type->as.string, "atomic") && scope.uncorrelatable == NULL)
        scope.uncorrelatable = s->at;
    for (uint32_t i = 0; properties != NULL && i < properties->as.map.count; i++) {
        const gwapi__field *field = &properties->as.map.fields[i];
        gwapi__frame frame = gwapi__frame_key(&properties_at, field);
        const gwapi__property *p =
            s->compiled != NULL ? gwapi__schema_property(s->compiled, field->name) : NULL;
        spot inner = within(s, &frame, field->value, scope, p != NULL ? p->node : NULL);
        if (whole && (is(field->name, "metadata") || is(field->name, "kind") ||
                      is(field->name, "apiVersion"))) {
            inner.scope.inside_meta = true;
            if (s->root)
                inner.scope.no_defaults = "in metadata, kind and apiVersion of the object";
        }
        check(j, &inner);
    }
}

static void check_additional(gwapi__judgement *j, const spot *s)
{
    const gwapi__node *additional = GWAPI__GET(s->schema, "additionalProperties");
    const gwapi__node *properties = gwapi__crd_properties(s->schema);
    gwapi__crd_scope scope = s->scope;

    if (additional == NULL)
        return;
    if (properties != NULL && properties->as.map.count != 0 &&
        (additional->type == GWAPI__NODE_MAP || !additional->as.boolean))
        at_member(j, s, "additionalProperties", GWAPI_ERROR_FORBIDDEN, RULE,
                  "additionalProperties and properties exclude each other");
    if (scope.inside_meta)
        scope.no_defaults = "below additionalProperties in metadata";
    check_one(j, s, "additionalProperties", gwapi__crd_additional(s->schema), scope,
              s->compiled != NULL ? s->compiled->additional : NULL);
}

static void check_items(gwapi__judgement *j, const spot *s)
{
    gwapi__crd_scope scope = s->scope;

    if (!is(text_of(s->schema, "x-kubernetes-list-type"), "map") && scope.uncorrelatable == NULL)
        scope.uncorrelatable = s->at;
    check_one(j, s, "items", gwapi__crd_items(s->schema), scope,
              s->compiled != NULL ? s->compiled->items : NULL);
    check_each(j, s, "items", scope);
}

/* Rules are looked at if nothing else is wrong with their schema and all below it. */
static void check_expressions(gwapi__judgement *j, const spot *s, size_t before)
{
    const gwapi__crd_rules rules = {
        s->at, s->schema, s->compiled, s->occurrence, s->scope.uncorrelatable};

    if (s->compiled != NULL && j->errors - s->costs->faults == before)
        gwapi__crd_check_expressions(j, &rules, s->kind, s->costs);
}

static void check(gwapi__judgement *j, const spot *s)
{
    size_t before = j->errors - s->costs->faults;

    check_type(j, s);
    check_refused(j, s);
    check_default(j, s);
    check_extensions(j, s);
    check_map_type(j, s);
    check_list_type(j, s);
    check_additional(j, s);
    check_properties(j, s);
    check_one(j, s, "not", GWAPI__GET(s->schema, "not"), s->scope, NULL);
    check_each(j, s, "allOf", s->scope);
    check_each(j, s, "oneOf", s->scope);
    check_each(j, s, "anyOf", s->scope);
    check_named(j, s, "definitions");
    check_items(j, s);
    check_named(j, s, "dependencies");
    gwapi__crd_check_rules(j, s->at, s->schema);
    check_expressions(j, s, before);
}

void gwapi__crd_check_schema(gwapi__judgement *j, const gwapi__frame *at,
                             const gwapi__node *schema, const gwapi__kind *kind)
{
    gwapi__crd_costs costs = {.total = 0};
    const spot root = {.at = at,
                       .schema = schema,
                       .root = true,
                       .compiled = kind != NULL ? kind->root : NULL,
                       .occurrence = {1, false},
                       .kind = kind,
                       .costs = &costs};

    check(j, &root);
    gwapi__crd_check_total(j, at, &costs);
}
