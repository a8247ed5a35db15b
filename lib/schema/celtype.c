/*
 * Types of values in rules, as k8s.io/apiserver pkg/cel/common (SchemaDeclType) declares them:
 * what has no type of its own has none here, and cannot be named; sizes without a limit are
 * those that fit into the largest request.
 */
#include "schema/celtype.h"

#include "base/slice.h"
#include "base/vector.h"

/* Bytes of the shortest JSON of a value. */
enum {
    SMALLEST_ANY = 1,
    SMALLEST_NUMBER = 1,
    SMALLEST_STRING = 2,   /* "" */
    SMALLEST_BOOL = 4,     /* true */
    SMALLEST_DURATION = 3, /* "0" */
    SMALLEST_DATE = 12,
    SMALLEST_DATE_TIME = 21,
    SMALLEST_LIST = 2,
    SMALLEST_MAP = 2
};

/* The most characters of a string of a format. */
enum { LONGEST_DURATION = 32, LONGEST_DATE = 12, LONGEST_DATE_TIME = 32 };

#define LONGEST_STRING (GWAPI__LARGEST_REQUEST - 2)

/* ---- sizes ----------------------------------------------------------------------------- */

/* A definition may have limits below zero. */
static uint64_t natural(int64_t limit)
{
    return limit > 0 ? (uint64_t)limit : 0;
}

static uint64_t scaled(int64_t limit, uint64_t factor)
{
    if (limit <= 0)
        return 0;
    return (uint64_t)limit > UINT64_MAX / factor ? UINT64_MAX : (uint64_t)limit * factor;
}

/* Bytes: a code point may need four. */
static uint64_t length_limit(const gwapi__schema_node *node)
{
    return node->max_length != GWAPI__NO_LIMIT ? scaled(node->max_length, 4) : LONGEST_STRING;
}

static uint64_t longest_value(const gwapi__schema_node *node)
{
    uint64_t longest = 0;

    for (uint32_t i = 0; i < node->value_count; i++)
        if (node->values[i]->type == GWAPI__NODE_STRING &&
            node->values[i]->as.string.len > longest)
            longest = node->values[i]->as.string.len;
    return longest;
}

/* How often `smallest` and what stands beside it fit into a request. */
static uint64_t fitting(uint64_t smallest, uint64_t beside)
{
    return (GWAPI__LARGEST_REQUEST - 2) / (smallest + beside);
}

/* ---- scalars --------------------------------------------------------------------------- */

static void set_string(gwapi__cel_type *type, gwapi__schema_node *node)
{
    type->kind = GWAPI__CEL_STRING;
    node->smallest = SMALLEST_STRING;
    switch (node->format) {
    case GWAPI__FORMAT_BYTE:
        type->kind = GWAPI__CEL_BYTES;
        type->max_elements = node->max_length != GWAPI__NO_LIMIT ? natural(node->max_length)
                                                                 : LONGEST_STRING;
        break;
    case GWAPI__FORMAT_DURATION:
        type->kind = GWAPI__CEL_DURATION;
        type->max_elements = LONGEST_DURATION;
        node->smallest = SMALLEST_DURATION;
        break;
    case GWAPI__FORMAT_DATE:
        type->kind = GWAPI__CEL_TIMESTAMP;
        type->max_elements = LONGEST_DATE;
        node->smallest = SMALLEST_DATE;
        break;
    case GWAPI__FORMAT_DATE_TIME:
        type->kind = GWAPI__CEL_TIMESTAMP;
        type->max_elements = LONGEST_DATE_TIME;
        node->smallest = SMALLEST_DATE_TIME;
        break;
    default:
        type->max_elements = node->max_length == GWAPI__NO_LIMIT && node->value_count != 0
                                 ? longest_value(node)
                                 : length_limit(node);
        break;
    }
}

static void set_simple(gwapi__cel_type *type, gwapi__schema_node *node, gwapi__cel_kind kind,
                       uint64_t smallest)
{
    type->kind = kind;
    node->smallest = smallest;
}

/* ---- lists and maps -------------------------------------------------------------------- */

static const gwapi__cel_type *const *params(gwapi__arena *arena, const gwapi__cel_type *first,
                                            const gwapi__cel_type *second)
{
    const gwapi__cel_type **list = gwapi__arena_array(arena, 2, sizeof *list);

    if (list != NULL) {
        list[0] = first;
        list[1] = second;
    }
    return (const gwapi__cel_type *const *)list;
}

static bool set_list(gwapi__arena *arena, gwapi__cel_type *type, gwapi__schema_node *node)
{
    static const gwapi__cel_list_type list_types[] = {
        [GWAPI__LIST_ATOMIC] = GWAPI__CEL_LIST_ATOMIC,
        [GWAPI__LIST_SET] = GWAPI__CEL_LIST_SET,
        [GWAPI__LIST_MAP] = GWAPI__CEL_LIST_MAP};

    type->kind = GWAPI__CEL_LIST;
    type->list_type = list_types[node->list_type];
    type->keys = node->keys;
    type->key_count = node->key_count;
    type->max_elements = node->max_items != GWAPI__NO_LIMIT
                             ? natural(node->max_items)
                             : fitting(node->items->smallest, 1); /* and a comma */
    type->param_count = 1;
    type->params = params(arena, node->items->cel_type, NULL);
    node->smallest = SMALLEST_LIST;
    return type->params != NULL;
}

static bool set_map(gwapi__arena *arena, gwapi__cel_type *type, gwapi__schema_node *node)
{
    type->kind = GWAPI__CEL_MAP;
    type->max_elements = node->max_properties != GWAPI__NO_LIMIT
                             ? natural(node->max_properties)
                             : fitting(node->additional->smallest, 6); /* and "k":, */
    type->param_count = 2;
    type->params = params(arena, &gwapi__cel_string, node->additional->cel_type);
    node->smallest = SMALLEST_MAP;
    return type->params != NULL;
}

/* ---- objects --------------------------------------------------------------------------- */

/* What every whole object has, whatever its schema says. */
static const gwapi__cel_type meta_string = {.kind = GWAPI__CEL_STRING,
                                            .max_elements = LONGEST_STRING};
static const gwapi__cel_field meta_fields[] = {
    {GWAPI_STR_INIT("generateName"), GWAPI_STR_INIT("generateName"), &meta_string, false},
    {GWAPI_STR_INIT("name"), GWAPI_STR_INIT("name"), &meta_string, false}};
static const gwapi__cel_type meta_type = {.kind = GWAPI__CEL_OBJECT,
                                          .name = GWAPI_STR_INIT("object.metadata"),
                                          .fields = meta_fields,
                                          .field_count = 2};
static const struct {
    gwapi_str name;
    const gwapi__cel_type *type;
} implied[] = {{GWAPI_STR_INIT("apiVersion"), &meta_string},
               {GWAPI_STR_INIT("kind"), &meta_string},
               {GWAPI_STR_INIT("metadata"), &meta_type}};
#define IMPLIED (sizeof implied / sizeof *implied)

static bool declares(const gwapi__schema_node *node, const char *name, uint32_t types)
{
    const gwapi__property *p = gwapi__schema_property(node, gwapi__str_of(name));

    return p != NULL && p->node->types == types;
}

/* A schema that declares all of it keeps what it declares. */
static bool declares_meta(const gwapi__schema_node *node)
{
    if (!declares(node, "apiVersion", GWAPI__TYPE_STRING) ||
        !declares(node, "kind", GWAPI__TYPE_STRING) ||
        !declares(node, "metadata", GWAPI__TYPE_OBJECT))
        return false;
    const gwapi__schema_node *meta =
        gwapi__schema_property(node, GWAPI__STR("metadata"))->node;
    return declares(meta, "name", GWAPI__TYPE_STRING) &&
           declares(meta, "generateName", GWAPI__TYPE_STRING);
}

static bool is_implied(gwapi_str name)
{
    for (size_t i = 0; i < IMPLIED; i++)
        if (gwapi__str_eq(implied[i].name, name))
            return true;
    return false;
}

static bool is_required(const gwapi__schema_node *node, gwapi_str name)
{
    for (uint32_t i = 0; i < node->required_count; i++)
        if (gwapi__str_eq(node->required[i], name))
            return true;
    return false;
}

/* Adds a field if its name can be written, and what a required one takes at least. */
static bool add_field(gwapi__arena *arena, gwapi__cel_type *type, gwapi__cel_field *fields,
                      gwapi__schema_node *node, const gwapi__cel_field *field,
                      uint64_t smallest)
{
    gwapi__cel_field *slot = &fields[type->field_count];

    *slot = *field;
    slot->required = is_required(node, field->raw);
    if (gwapi__cel_escape(arena, field->raw, &slot->name)) {
        if (slot->name.data == NULL)
            return false;
        type->field_count++;
    }
    if (slot->required && smallest != 0)
        node->smallest += field->raw.len + smallest + 4;
    return true;
}

static int by_name(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return gwapi__str_cmp(((const gwapi__cel_field *)a)->name,
                          ((const gwapi__cel_field *)b)->name);
}

/* "object.spec.rules[]" for schema.properties.spec.properties.rules.items. */
static void write_name(gwapi__text *t, const gwapi__frame *at)
{
    if (at->parent == NULL) {
        gwapi__text_addz(t, "object");
        return;
    }
    if (at->parent->parent != NULL &&
        gwapi__str_eq(at->parent->name, GWAPI__STR("properties"))) {
        write_name(t, at->parent->parent);
        gwapi__text_char(t, '.');
        gwapi__text_add(t, at->name);
        return;
    }
    write_name(t, at->parent);
    if (gwapi__str_eq(at->name, GWAPI__STR("items")) ||
        gwapi__str_eq(at->name, GWAPI__STR("additionalProperties")))
        gwapi__text_addz(t, "[]");
}

static bool set_name(gwapi__arena *arena, gwapi__cel_type *type, const gwapi__frame *at)
{
    gwapi__text t;

    gwapi__text_init(&t, &arena->allocator);
    write_name(&t, at);
    bool ok = !t.failed && gwapi__arena_copy(arena, gwapi__text_str(&t), &type->name);
    gwapi__text_free(&t);
    return ok;
}

static bool set_object(gwapi__arena *arena, gwapi__cel_type *type, gwapi__schema_node *node,
                       const gwapi__frame *at, bool resource)
{
    bool imply = resource && !declares_meta(node);
    gwapi__cel_field *fields = gwapi__arena_array(
        arena, (size_t)node->property_count + IMPLIED, sizeof *fields);

    type->kind = GWAPI__CEL_OBJECT;
    type->fields = fields;
    node->smallest = SMALLEST_MAP;
    if (fields == NULL || !set_name(arena, type, at))
        return false;
    for (uint32_t i = 0; i < node->property_count; i++) {
        const gwapi__property *p = &node->properties[i];
        if (p->node->cel_type == NULL || (imply && is_implied(p->name)))
            continue;
        uint64_t smallest = p->node->default_value == NULL ? p->node->smallest : 0;
        if (!add_field(arena, type, fields, node,
                       &(gwapi__cel_field){.raw = p->name, .type = p->node->cel_type},
                       smallest))
            return false;
    }
    for (size_t i = 0; imply && i < IMPLIED; i++)
        if (!add_field(arena, type, fields, node,
                       &(gwapi__cel_field){.raw = implied[i].name, .type = implied[i].type},
                       SMALLEST_STRING)) /* which is that of metadata, too */
            return false;
    return gwapi__sort(&arena->allocator, fields, type->field_count, sizeof *fields, by_name,
                       NULL);
}

/* ---- the type -------------------------------------------------------------------------- */

static bool is_visible(const gwapi__schema_node *node)
{
    switch (node->types) {
    case 0:
        return false;
    case GWAPI__TYPE_ARRAY:
        return node->items != NULL && node->items->cel_type != NULL;
    case GWAPI__TYPE_OBJECT:
        return node->additional == NULL || node->additional->cel_type != NULL;
    default:
        return true;
    }
}

static bool set_type(gwapi__arena *arena, gwapi__cel_type *type, gwapi__schema_node *node,
                     const gwapi__frame *at, bool resource)
{
    switch (node->types) {
    case GWAPI__TYPE_ARRAY:
        return set_list(arena, type, node);
    case GWAPI__TYPE_OBJECT:
        return node->additional != NULL ? set_map(arena, type, node)
                                        : set_object(arena, type, node, at, resource);
    case GWAPI__TYPE_STRING:
        set_string(type, node);
        return true;
    case GWAPI__TYPE_BOOLEAN:
        set_simple(type, node, GWAPI__CEL_BOOL, SMALLEST_BOOL);
        return true;
    case GWAPI__TYPE_INTEGER:
        set_simple(type, node, GWAPI__CEL_INT, SMALLEST_NUMBER);
        return true;
    case GWAPI__TYPE_NUMBER:
        set_simple(type, node, GWAPI__CEL_DOUBLE, SMALLEST_NUMBER);
        return true;
    default: /* integer or string */
        set_simple(type, node, GWAPI__CEL_DYN, SMALLEST_ANY);
        type->max_elements = length_limit(node);
        return true;
    }
}

bool gwapi__celtype_set(gwapi__arena *arena, gwapi__schema_node *node, const gwapi__frame *at,
                        bool resource)
{
    gwapi__cel_type *type;

    if (!is_visible(node))
        return true;
    if ((type = GWAPI__ARENA_NEW(arena, gwapi__cel_type)) == NULL)
        return false;
    type->nullable = node->nullable;
    node->cel_type = type;
    return set_type(arena, type, node, at, resource);
}
