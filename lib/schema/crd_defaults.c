/*
 * Defaults in a definition (pkg/apiserver/schema/defaulting, ValidateDefaults): each must be
 * valid as it stands, without undeclared fields. One within metadata, apiVersion or kind is
 * judged in an object made around it.
 */
#include "schema/crd_judge.h"
#include "schema/rules.h"

#define RULE "crd/default"

/* A step from an object with metadata down to a schema. */
typedef struct descent {
    const struct descent *parent; /* NULL: the object */
    gwapi_str name;               /* absent: an item of a list */
} descent;

typedef struct spot {
    const gwapi__frame *at;
    const gwapi__node *schema;
    const gwapi__schema_node *compiled;
    const gwapi__schema_node *object; /* the innermost schema of a whole object around it */
    const descent *way;               /* from there */
    bool inside_meta;
} spot;

static void check(gwapi__judgement *j, const spot *s);

/* ---- judging apart --------------------------------------------------------------------- */

static gwapi__judgement apart(const gwapi__judgement *j, const gwapi__judge_input *input)
{
    gwapi__judgement quiet = {
        .kind = j->kind, .input = input, .allocator = j->allocator, .quiet = true};

    gwapi__text_init(&quiet.message, &j->allocator);
    gwapi__text_init(&quiet.hint, &j->allocator);
    gwapi__text_init(&quiet.path, &j->allocator);
    gwapi__text_init(&quiet.pointer, &j->allocator);
    return quiet;
}

/* Ends that, and takes a failure over. */
static void rejoin(gwapi__judgement *j, gwapi__judgement *quiet)
{
    gwapi__text_free(&quiet->message);
    gwapi__text_free(&quiet->hint);
    gwapi__text_free(&quiet->path);
    gwapi__text_free(&quiet->pointer);
    if (quiet->failed != GWAPI_OK)
        gwapi__judge_fail(j, quiet->failed);
}

static gwapi__node *copied(gwapi__judgement *j, const gwapi__node *node)
{
    gwapi__node *copy = gwapi__node_copy(j->input->arena, node, false);

    if (copy == NULL)
        gwapi__judge_fail(j, GWAPI_ENOMEM);
    return copy;
}

/* ---- within metadata ------------------------------------------------------------------- */

static gwapi__node *wrap(gwapi__arena *arena, const descent *step, gwapi__node *value)
{
    bool member = step->name.data != NULL;
    gwapi__node *outer =
        gwapi__node_new(arena, member ? GWAPI__NODE_MAP : GWAPI__NODE_LIST, value->place);

    if (outer == NULL || !(member ? gwapi__node_set(arena, outer, step->name, value->place, value)
                                  : gwapi__node_push(arena, outer, value)))
        return NULL;
    return outer;
}

static bool complete(gwapi__arena *arena, gwapi__node *object)
{
    static const char *const members[][2] = {{"apiVersion", "validation/v1"},
                                             {"kind", "Validation"}};

    for (size_t i = 0; i < 2; i++) {
        gwapi_str name = gwapi__str_of(members[i][0]);
        gwapi__node *text = gwapi__node_string(arena, gwapi__str_of(members[i][1]), object->place);
        if (text == NULL || (gwapi__node_field(object, name) == NULL &&
                             !gwapi__node_set(arena, object, name, object->place, text)))
            return false;
    }
    return true;
}

/* The object around a default; NULL: no memory. */
static gwapi__node *surround(gwapi__judgement *j, const spot *s, const gwapi__node *value)
{
    gwapi__node *object = copied(j, value);

    for (const descent *step = s->way; object != NULL && step != NULL; step = step->parent)
        object = wrap(j->input->arena, step, object);
    if (object == NULL || !complete(j->input->arena, object)) {
        gwapi__judge_fail(j, GWAPI_ENOMEM);
        return NULL;
    }
    return object;
}

/* Is the metadata right with the default in it? */
static bool makes_valid_metadata(gwapi__judgement *j, const spot *s, const gwapi__frame *at,
                                 const gwapi__node *value)
{
    gwapi__judgement quiet = apart(j, j->input);
    gwapi__node *object = surround(j, s, value);

    if (object != NULL) {
        gwapi__decode_embedded(&quiet, at, object, s->object);
        if (quiet.errors == 0)
            gwapi__embedded_check(&quiet, at, object, s->object);
    }
    rejoin(j, &quiet);
    return quiet.errors == 0;
}

/* ---- elsewhere ------------------------------------------------------------------------- */

static bool is_pruned(gwapi__judgement *j, const spot *s, const gwapi__frame *at,
                      const gwapi__node *value)
{
    const gwapi__judge_input input = {.arena = j->input->arena,
                                      .flags = GWAPI__JUDGE_UNKNOWN_ERROR};
    gwapi__judgement quiet = apart(j, &input);
    gwapi__node *copy = copied(j, value);

    if (copy != NULL)
        gwapi__prune(&quiet, at, copy, s->compiled);
    rejoin(j, &quiet);
    return quiet.errors == 0;
}

/* One finding for all that keeps metadata from being read. */
static void check_readable_meta(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node)
{
    const gwapi__field *field = gwapi__node_field(node, GWAPI__STR("metadata"));
    gwapi__judgement quiet = apart(j, j->input);

    gwapi__meta_decode(&quiet, at, node);
    rejoin(j, &quiet);
    if (quiet.errors == 0)
        return;
    gwapi__frame frame = gwapi__frame_field(at, field);
    gwapi__crd_fault(j, &frame, field->value, GWAPI_ERROR_INVALID, RULE,
                     "is no metadata of an object");
}

static void check_readable(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node,
                           const gwapi__schema_node *schema)
{
    static const char *const texts[] = {"apiVersion", "kind"};

    if (!schema->has_embedded)
        return;
    for (uint32_t i = 0; schema->items != NULL && i < gwapi__crd_count(node); i++) {
        gwapi__frame frame = gwapi__frame_item(at, node, i);
        check_readable(j, &frame, node->as.list.items[i], schema->items);
    }
    if (node->type != GWAPI__NODE_MAP)
        return;
    for (size_t i = 0; schema->embedded && i < sizeof texts / sizeof *texts; i++) {
        const gwapi__node *value = gwapi__node_get(node, gwapi__str_of(texts[i]));
        gwapi__frame frame = gwapi__crd_at(at, node, texts[i]);
        if (value != NULL && value->type != GWAPI__NODE_STRING)
            gwapi__crd_fault(j, &frame, value, GWAPI_ERROR_INVALID, RULE, "must be a string");
    }
    if (schema->embedded)
        check_readable_meta(j, at, node);
    for (uint32_t i = 0; i < node->as.map.count; i++) {
        const gwapi__field *field = &node->as.map.fields[i];
        const gwapi__schema_node *member = gwapi__schema_member(schema, field->name);
        gwapi__frame frame = gwapi__frame_field(at, field);
        if (member != NULL)
            check_readable(j, &frame, field->value, member);
    }
}

/* Metadata of objects embedded in the default. */
static bool check_embedded(gwapi__judgement *j, const spot *s, const gwapi__frame *at,
                           const gwapi__node *value)
{
    size_t before = j->errors;
    gwapi__node *copy = copied(j, value);

    if (copy == NULL)
        return false;
    check_readable(j, at, copy, s->compiled);
    if (j->errors == before)
        gwapi__embedded_check(j, at, copy, s->compiled);
    return j->errors == before;
}

/* As a value that was there before, and as a new one. */
static void check_valid(gwapi__judgement *j, const spot *s, const gwapi__frame *at,
                        const gwapi__node *value)
{
    size_t before = j->errors;

    gwapi__validate(j, at, value, NULL, s->compiled);
    if (j->errors == before)
        gwapi__rules_check_value(j, at, value, value, s->compiled);
    if (j->errors == before)
        gwapi__rules_check_value(j, at, value, NULL, s->compiled);
}

static void check_default(gwapi__judgement *j, const spot *s, const gwapi__node *value)
{
    gwapi__frame real = gwapi__crd_at(s->at, s->schema, "default");
    gwapi__frame at = gwapi__crd_renamed(j, &real, s->at, "default");

    if (s->inside_meta) {
        if (!makes_valid_metadata(j, s, &at, value))
            gwapi__crd_fault(j, &at, value, GWAPI_ERROR_INVALID, RULE,
                             "the default makes metadata that is not valid");
        else
            check_valid(j, s, &at, value);
        return;
    }
    if (!is_pruned(j, s, &at, value))
        gwapi__crd_fault(j, &at, value, GWAPI_ERROR_INVALID, RULE,
                         "the default has fields that the schema does not declare");
    if (check_embedded(j, s, &at, value))
        check_valid(j, s, &at, value);
}

/* ---- the walk -------------------------------------------------------------------------- */

static bool is_meta(gwapi_str name)
{
    return gwapi__str_eq(name, GWAPI__STR("metadata")) ||
           gwapi__str_eq(name, GWAPI__STR("apiVersion")) || gwapi__str_eq(name, GWAPI__STR("kind"));
}

static void check_within(gwapi__judgement *j, const spot *outer, const gwapi__frame *at,
                         const gwapi__node *schema, const gwapi__schema_node *compiled,
                         gwapi_str name)
{
    bool whole = outer->compiled->embedded;
    const descent step = {whole ? NULL : outer->way, name};
    const spot inner = {.at = at,
                        .schema = schema,
                        .compiled = compiled,
                        .object = whole ? outer->compiled : outer->object,
                        .way = &step,
                        .inside_meta = (outer->inside_meta && !whole) ||
                                       (whole && name.data != NULL && is_meta(name))};

    check(j, &inner);
}

/* Below additionalProperties there are no defaults that count. */
static void check(gwapi__judgement *j, const spot *s)
{
    const gwapi__node *value = GWAPI__GET(s->schema, "default");
    const gwapi__node *items = gwapi__crd_items(s->schema);
    const gwapi__node *properties = gwapi__crd_properties(s->schema);
    gwapi__frame items_at = gwapi__crd_at(s->at, s->schema, "items");
    gwapi__frame properties_at = gwapi__crd_at(s->at, s->schema, "properties");
    spot own = *s;

    own.inside_meta = s->inside_meta && !s->compiled->embedded;
    if (value != NULL)
        check_default(j, &own, value);
    if (items != NULL)
        check_within(j, s, &items_at, items, s->compiled->items, (gwapi_str){NULL, 0});
    for (uint32_t i = 0; properties != NULL && i < properties->as.map.count; i++) {
        const gwapi__field *field = &properties->as.map.fields[i];
        gwapi__frame frame = gwapi__frame_key(&properties_at, field);
        check_within(j, s, &frame, field->value,
                     gwapi__schema_property(s->compiled, field->name)->node, field->name);
    }
}

void gwapi__crd_check_defaults(gwapi__judgement *j, const gwapi__frame *at,
                               const gwapi__node *schema, const gwapi__schema_node *compiled)
{
    gwapi__schema_node object = *compiled;
    const spot root = {.at = at, .schema = schema, .compiled = &object, .object = &object};

    object.embedded = object.has_embedded = true;
    check(j, &root);
}
