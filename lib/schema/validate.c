/*
 * Structure: types, members, items and unions. The order of the checks, what ends them early and
 * how the best alternative of a union is chosen follow k8s.io/kube-openapi pkg/validation/validate:
 * it counts the checks that were made (`matches`) and reports the alternative with the most.
 */
#include "base/slice.h"
#include "schema/scalar.h"

static uint32_t validate(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                         const gwapi__node *old, const gwapi__schema_node *schema);

/* ---- types ----------------------------------------------------------------------------- */

static uint32_t type_of(const gwapi__node *node)
{
    static const uint32_t types[] = {
        [GWAPI__NODE_NULL] = 0,
        [GWAPI__NODE_BOOL] = GWAPI__TYPE_BOOLEAN,
        [GWAPI__NODE_INT] = GWAPI__TYPE_INTEGER,
        [GWAPI__NODE_FLOAT] = GWAPI__TYPE_NUMBER,
        [GWAPI__NODE_STRING] = GWAPI__TYPE_STRING,
        [GWAPI__NODE_LIST] = GWAPI__TYPE_ARRAY,
        [GWAPI__NODE_MAP] = GWAPI__TYPE_OBJECT,
    };

    return types[node->type];
}

static bool type_fits(const gwapi__node *node, const gwapi__schema_node *schema)
{
    const uint32_t numeric = GWAPI__TYPE_NUMBER | GWAPI__TYPE_INTEGER;

    if (node->type == GWAPI__NODE_NULL)
        return schema->types == 0 || schema->nullable;
    if ((schema->types & type_of(node)) != 0)
        return true;
    if (node->type == GWAPI__NODE_INT && (schema->types & GWAPI__TYPE_NUMBER) != 0)
        return true;
    if (node->type == GWAPI__NODE_FLOAT && (schema->types & GWAPI__TYPE_INTEGER) != 0)
        return gwapi__is_integral(node->as.number);
    /* With a format, the server takes strings and arrays for right here; only the former are
     * then held against the format. */
    return schema->format != GWAPI__FORMAT_NONE && (schema->types & numeric) == 0 &&
           (node->type == GWAPI__NODE_STRING || node->type == GWAPI__NODE_LIST);
}

static uint32_t check_type(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                           const gwapi__schema_node *schema)
{
    if (type_fits(node, schema))
        return 1;
    if (gwapi__judge_error(j, GWAPI_ERROR_TYPE_INVALID))
        gwapi__word_type(j, at, node, schema);
    return 0;
}

/* ---- unions ---------------------------------------------------------------------------- */

typedef struct attempt {
    uint32_t matches;
    bool valid;
} attempt;

static attempt attempt_branch(gwapi__judgement *j, const gwapi__frame *at,
                              const gwapi__node *node, const gwapi__schema_node *schema)
{
    bool quiet = j->quiet, blocked = j->blocked;
    size_t errors = j->errors;
    attempt a;

    j->quiet = true;
    a.matches = validate(j, at, node, NULL, schema);
    a.valid = j->errors == errors;
    j->quiet = quiet;
    j->blocked = blocked;
    j->errors = errors;
    return a;
}

static void union_error(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                        const char *rule, const char *text)
{
    gwapi__finding f = {.type = GWAPI_ERROR_INVALID,
                        .rule = rule,
                        .at = at,
                        .place = node->place,
                        .no_path = true};

    if (!gwapi__judge_error(j, f.type))
        return;
    gwapi__say(&j->message, "%s", text);
    gwapi__judge_report(j, &f);
}

typedef struct alternatives {
    const gwapi__schema_node *best; /* of those that failed, while none was valid */
    uint32_t matches;               /* of the best, or of the first valid one */
    uint32_t valid;
} alternatives;

static alternatives try_alternatives(gwapi__judgement *j, const gwapi__frame *at,
                                     const gwapi__node *node, const gwapi__node_list *branches,
                                     bool first_wins)
{
    alternatives out = {NULL, 0, 0};

    for (uint32_t i = 0; i < branches->count; i++) {
        attempt a = attempt_branch(j, at, node, branches->at[i]);
        if (a.valid) {
            if (out.valid++ == 0)
                out.matches = a.matches;
            out.best = NULL;
            if (first_wins)
                break;
        } else if (out.valid == 0 && (out.best == NULL || a.matches > out.matches)) {
            out.best = branches->at[i];
            out.matches = a.matches;
        }
    }
    return out;
}

static uint32_t check_any_of(gwapi__judgement *j, const gwapi__frame *at,
                             const gwapi__node *node, const gwapi__schema_node *schema)
{
    alternatives a = try_alternatives(j, at, node, &schema->any_of, true);

    if (a.valid == 0)
        union_error(j, at, node, "structure/any-of",
                    "the value fits none of the forms it may have");
    if (a.best != NULL)
        validate(j, at, node, NULL, a.best);
    return a.matches;
}

static uint32_t check_one_of(gwapi__judgement *j, const gwapi__frame *at,
                             const gwapi__node *node, const gwapi__schema_node *schema)
{
    alternatives a = try_alternatives(j, at, node, &schema->one_of, false);

    if (a.valid == 1)
        return a.matches;
    union_error(j, at, node, "structure/one-of",
                a.valid == 0 ? "the value fits none of the forms of which it must have one"
                             : "the value fits more than one of the forms it may have");
    if (a.best == NULL)
        return 0;
    validate(j, at, node, NULL, a.best);
    return a.matches;
}

static uint32_t check_all_of(gwapi__judgement *j, const gwapi__frame *at,
                             const gwapi__node *node, const gwapi__schema_node *schema)
{
    uint32_t matches = 0;
    size_t errors = j->errors;

    for (uint32_t i = 0; i < schema->all_of.count; i++)
        matches += validate(j, at, node, NULL, schema->all_of.at[i]);
    if (j->errors != errors)
        union_error(j, at, node, "structure/all-of",
                    "the value does not fit all the forms it must have");
    return matches;
}

static uint32_t check_unions(gwapi__judgement *j, const gwapi__frame *at,
                             const gwapi__node *node, const gwapi__schema_node *schema)
{
    uint32_t matches = 1;

    if (schema->any_of.count != 0)
        matches += check_any_of(j, at, node, schema);
    if (schema->one_of.count != 0)
        matches += check_one_of(j, at, node, schema);
    if (schema->all_of.count != 0)
        matches += check_all_of(j, at, node, schema);
    if (schema->not_schema != NULL && attempt_branch(j, at, node, schema->not_schema).valid)
        union_error(j, at, node, "structure/not", "the value has a form it must not have");
    return matches;
}

/* ---- arrays ---------------------------------------------------------------------------- */

static uint32_t check_items(gwapi__judgement *j, const gwapi__frame *at,
                            const gwapi__node *list, const gwapi__node *old,
                            const gwapi__schema_node *schema)
{
    uint32_t matches = 1;

    for (uint32_t i = 0; schema->items != NULL && i < list->as.list.count; i++) {
        gwapi__frame frame = gwapi__frame_item(at, list, i);
        matches += validate(j, &frame, list->as.list.items[i],
                            gwapi__old_item(schema, list, i, old), schema->items);
    }
    if (list->as.list.count < schema->min_items)
        gwapi__size_error(j, at, list, GWAPI_ERROR_INVALID, "structure/min-items",
                          schema->min_items);
    if (list->as.list.count > schema->max_items)
        gwapi__size_error(j, at, list, GWAPI_ERROR_TOO_MANY, "structure/max-items",
                          schema->max_items);
    if (schema->unique_items)
        gwapi__check_unique(j, at, list);
    return matches;
}

/* ---- objects --------------------------------------------------------------------------- */

static void check_required(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *map,
                           const gwapi__schema_node *schema)
{
    for (uint32_t i = 0; i < schema->required_count; i++) {
        if (gwapi__node_field(map, schema->required[i]) != NULL ||
            !gwapi__judge_error(j, GWAPI_ERROR_REQUIRED))
            continue;
        gwapi__frame missing = gwapi__frame_missing(at, schema->required[i]);
        gwapi__finding f = {
            .type = GWAPI_ERROR_REQUIRED, .rule = "structure/required", .at = &missing};
        gwapi__say(&j->message, "%v is required", schema->required[i]);
        gwapi__judge_report(j, &f);
    }
}

static void forbid_member(gwapi__judgement *j, const gwapi__frame *at,
                          const gwapi__field *field)
{
    gwapi__finding f = {.type = GWAPI_ERROR_INVALID,
                        .rule = "structure/additional-properties",
                        .at = at,
                        .place = field->place};

    if (!gwapi__judge_error(j, f.type))
        return;
    gwapi__say(&j->message, "the field %q is not allowed", field->name);
    gwapi__judge_report(j, &f);
}

static uint32_t check_member(gwapi__judgement *j, const gwapi__frame *at,
                             const gwapi__field *field, const gwapi__node *old,
                             const gwapi__schema_node *schema)
{
    const gwapi__property *p = gwapi__schema_property(schema, field->name);
    const gwapi__schema_node *member = p != NULL ? p->node : schema->additional;

    if (member == NULL) {
        if (schema->forbids_additional)
            forbid_member(j, at, field);
        return 0;
    }
    gwapi__frame frame =
        p != NULL ? gwapi__frame_field(at, field) : gwapi__frame_key(at, field);
    if (old != NULL)
        old = gwapi__node_get(old, field->name);
    return validate(j, &frame, field->value, old, member);
}

static uint32_t check_members(gwapi__judgement *j, const gwapi__frame *at,
                              const gwapi__node *map, const gwapi__node *old,
                              const gwapi__schema_node *schema)
{
    uint32_t matches = 0;

    if (map->as.map.count < schema->min_properties)
        gwapi__size_error(j, at, map, GWAPI_ERROR_INVALID, "structure/min-properties",
                          schema->min_properties);
    if (map->as.map.count > schema->max_properties)
        gwapi__size_error(j, at, map, GWAPI_ERROR_TOO_MANY, "structure/max-properties",
                          schema->max_properties);
    for (uint32_t i = 0; i < map->as.map.count; i++)
        matches += check_member(j, at, &map->as.map.fields[i], old, schema);
    check_required(j, at, map, schema);
    return matches;
}

/* ---- a value --------------------------------------------------------------------------- */

static bool has_unions(const gwapi__schema_node *schema)
{
    return schema->any_of.count != 0 || schema->one_of.count != 0 ||
           schema->all_of.count != 0 || schema->not_schema != NULL;
}

static uint32_t validate(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                         const gwapi__node *old, const gwapi__schema_node *schema)
{
    bool typed = schema->types != 0 || schema->format != GWAPI__FORMAT_NONE;
    uint32_t matches = 0;

    if (j->failed != GWAPI_OK || (old != NULL && gwapi__unchanged(schema, node, old)))
        return 0;
    if (typed)
        matches += check_type(j, at, node, schema);
    if (node->type == GWAPI__NODE_NULL) {
        gwapi__check_enum(j, at, node, schema);
        return matches;
    }
    matches += typed;
    matches += 1 + (has_unions(schema) ? check_unions(j, at, node, schema) : 1);
    switch (node->type) {
    case GWAPI__NODE_STRING:
        gwapi__check_string(j, at, node, schema);
        matches += 1 + (schema->format != GWAPI__FORMAT_NONE);
        break;
    case GWAPI__NODE_INT:
    case GWAPI__NODE_FLOAT:
        gwapi__check_number(j, at, node, schema);
        matches += 2;
        break;
    case GWAPI__NODE_LIST:
        matches += 1 + check_items(j, at, node, old, schema);
        break;
    case GWAPI__NODE_MAP:
        matches += 1 + check_members(j, at, node, old, schema);
        break;
    default:
        break;
    }
    if (schema->value_count != 0)
        gwapi__check_enum(j, at, node, schema);
    return matches + 2;
}

void gwapi__validate(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                     const gwapi__node *old, const gwapi__schema_node *schema)
{
    validate(j, at, node, old, schema);
}
