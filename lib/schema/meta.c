/*
 * metadata as the server decodes it into ObjectMeta and writes it back (sigs.k8s.io/json: names
 * are case-sensitive, null is absence; k8s.io/apimachinery pkg/apis/meta/v1): zero values
 * vanish, times are in UTC without fraction, integers may be written with ".0".
 */
#include "base/slice.h"
#include "base/time.h"
#include "schema/judgement.h"

typedef enum meta_type {
    META_STRING = 0,
    META_INTEGER,
    META_BOOL,
    META_TIME,
    META_TEXTS,   /* a map to strings */
    META_STRINGS, /* a list of strings */
    META_OWNERS,
    META_MANAGED,
    META_ANY
} meta_type;

typedef struct meta_field {
    const char *name;
    meta_type type;
    bool pointer; /* zero is not absence */
} meta_field;

static const meta_field object_fields[] = {
    {"name", META_STRING, false},
    {"generateName", META_STRING, false},
    {"namespace", META_STRING, false},
    {"selfLink", META_STRING, false},
    {"uid", META_STRING, false},
    {"resourceVersion", META_STRING, false},
    {"generation", META_INTEGER, false},
    {"creationTimestamp", META_TIME, false},
    {"deletionTimestamp", META_TIME, false},
    {"deletionGracePeriodSeconds", META_INTEGER, true},
    {"labels", META_TEXTS, false},
    {"annotations", META_TEXTS, false},
    {"ownerReferences", META_OWNERS, false},
    {"finalizers", META_STRINGS, false},
    {"managedFields", META_MANAGED, false},
};
static const meta_field owner_fields[] = {
    {"apiVersion", META_STRING, true},
    {"kind", META_STRING, true},
    {"name", META_STRING, true},
    {"uid", META_STRING, true},
    {"controller", META_BOOL, true},
    {"blockOwnerDeletion", META_BOOL, true},
};
static const meta_field managed_fields[] = {
    {"manager", META_STRING, false},
    {"operation", META_STRING, false},
    {"apiVersion", META_STRING, false},
    {"time", META_TIME, false},
    {"fieldsType", META_STRING, false},
    {"fieldsV1", META_ANY, false},
    {"subresource", META_STRING, false},
};
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- errors ---------------------------------------------------------------------------- */

/* Of a value that is not null. */
static bool wrong_type(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                       const char *wanted)
{
    gwapi__finding f = {.type = GWAPI_ERROR_TYPE_INVALID,
                        .rule = "meta/type",
                        .at = at,
                        .place = node->place,
                        .brackets = true};
    bool scalar = node->type != GWAPI__NODE_LIST && node->type != GWAPI__NODE_MAP;

    j->undecodable = true;
    if (!gwapi__judge_error(j, f.type))
        return false;
    gwapi__say(&j->message, "must be %s, not ", wanted);
    if (scalar)
        gwapi__say(&j->message, "the %t %n", node, node);
    else
        gwapi__say(&j->message, "%n", node);
    if (scalar && node->type != GWAPI__NODE_STRING && gwapi__str_eq(gwapi__str_of(wanted),
                                                                   GWAPI__STR("a string")))
        gwapi__say(&j->hint, "put it in quotes: \"%n\"", node);
    gwapi__judge_report(j, &f);
    return false;
}

/* ---- values: each tells whether it stays ----------------------------------------------- */

static bool decode_string(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node,
                          bool keep_empty)
{
    if (node->type == GWAPI__NODE_NULL && keep_empty) {
        node->type = GWAPI__NODE_STRING;
        node->as.string = gwapi__str("", 0);
    }
    if (node->type == GWAPI__NODE_STRING)
        return keep_empty || node->as.string.len != 0;
    if (node->type != GWAPI__NODE_NULL)
        wrong_type(j, at, node, "a string");
    return false;
}

static bool decode_integer(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node,
                           bool pointer)
{
    if (node->type == GWAPI__NODE_NULL)
        return false;
    if (node->type == GWAPI__NODE_FLOAT && node->as.number >= -9223372036854775808.0 &&
        node->as.number < 9223372036854775808.0 &&
        node->as.number == (double)(int64_t)node->as.number) {
        int64_t value = (int64_t)node->as.number;
        node->type = GWAPI__NODE_INT;
        node->as.integer = value;
    }
    if (node->type != GWAPI__NODE_INT)
        return wrong_type(j, at, node, "an integer of 64 bits");
    return pointer || node->as.integer != 0;
}

static bool decode_bool(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node)
{
    if (node->type == GWAPI__NODE_BOOL)
        return true;
    if (node->type != GWAPI__NODE_NULL)
        wrong_type(j, at, node, "true or false");
    return false;
}

static bool wrong_time(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node)
{
    gwapi__finding f = {.type = GWAPI_ERROR_INVALID,
                        .rule = "meta/time",
                        .at = at,
                        .place = node->place,
                        .brackets = true};

    j->undecodable = true;
    if (!gwapi__judge_error(j, f.type))
        return false;
    gwapi__say(&j->message, "%q is not a time", node->as.string);
    gwapi__say(&j->hint, "write a time such as 2025-01-31T12:00:00Z");
    gwapi__judge_report(j, &f);
    return false;
}

static bool decode_time(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node)
{
    const int64_t zero = INT64_C(-62135596800); /* 0001-01-01T00:00:00Z */
    int64_t seconds;

    if (node->type == GWAPI__NODE_NULL)
        return false;
    if (node->type != GWAPI__NODE_STRING)
        return wrong_type(j, at, node, "a string");
    if (!gwapi__rfc3339_parse(node->as.string, &seconds))
        return wrong_time(j, at, node);
    gwapi__text_cut(&j->message, 0);
    gwapi__rfc3339_write(&j->message, seconds);
    if (j->message.failed || !gwapi__arena_copy(j->input->arena, gwapi__text_str(&j->message),
                                                &node->as.string))
        gwapi__judge_fail(j, GWAPI_ENOMEM);
    return seconds != zero;
}

static bool decode_texts(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node)
{
    if (node->type == GWAPI__NODE_NULL)
        return false;
    if (node->type != GWAPI__NODE_MAP)
        return wrong_type(j, at, node, "an object whose values are strings");
    for (uint32_t i = 0; i < node->as.map.count; i++) {
        gwapi__frame frame = gwapi__frame_key(at, &node->as.map.fields[i]);
        decode_string(j, &frame, node->as.map.fields[i].value, true);
    }
    return node->as.map.count != 0;
}

static bool decode_strings(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node)
{
    if (node->type == GWAPI__NODE_NULL)
        return false;
    if (node->type != GWAPI__NODE_LIST)
        return wrong_type(j, at, node, "a list of strings");
    for (uint32_t i = 0; i < node->as.list.count; i++) {
        gwapi__frame frame = gwapi__frame_item(at, node, i);
        decode_string(j, &frame, node->as.list.items[i], true);
    }
    return node->as.list.count != 0;
}

static void decode_struct(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node,
                          const meta_field *fields, size_t count);

static bool decode_structs(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node,
                           const meta_field *fields, size_t count)
{
    if (node->type == GWAPI__NODE_NULL)
        return false;
    if (node->type != GWAPI__NODE_LIST)
        return wrong_type(j, at, node, "a list of objects");
    for (uint32_t i = 0; i < node->as.list.count; i++) {
        gwapi__frame frame = gwapi__frame_item(at, node, i);
        decode_struct(j, &frame, node->as.list.items[i], fields, count);
    }
    return node->as.list.count != 0;
}

static bool decode_value(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node,
                         const meta_field *field)
{
    switch (field->type) {
    case META_STRING:
        return decode_string(j, at, node, field->pointer);
    case META_INTEGER:
        return decode_integer(j, at, node, field->pointer);
    case META_BOOL:
        return decode_bool(j, at, node);
    case META_TIME:
        return decode_time(j, at, node);
    case META_TEXTS:
        return decode_texts(j, at, node);
    case META_STRINGS:
        return decode_strings(j, at, node);
    case META_OWNERS:
        return decode_structs(j, at, node, owner_fields, COUNT(owner_fields));
    case META_MANAGED:
        return decode_structs(j, at, node, managed_fields, COUNT(managed_fields));
    default:
        return node->type != GWAPI__NODE_NULL;
    }
}

/* ---- structs --------------------------------------------------------------------------- */

static gwapi_str field_name(const void *ctx, size_t i)
{
    return gwapi__str_of(((const meta_field *)ctx)[i].name);
}

static const meta_field *find_field(const meta_field *fields, size_t count, gwapi_str name)
{
    for (size_t i = 0; i < count; i++)
        if (gwapi__str_eq(name, gwapi__str_of(fields[i].name)))
            return &fields[i];
    return NULL;
}

/* What a written owner always has. */
static void add_zeros(gwapi__judgement *j, gwapi__node *node, const meta_field *fields,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        gwapi_str name = gwapi__str_of(fields[i].name);
        if (fields[i].type != META_STRING || !fields[i].pointer ||
            gwapi__node_field(node, name) != NULL)
            continue;
        gwapi__node *zero =
            gwapi__node_string(j->input->arena, gwapi__str("", 0), (gwapi__place){0, 0});
        if (zero == NULL ||
            !gwapi__node_set(j->input->arena, node, name, (gwapi__place){0, 0}, zero))
            gwapi__judge_fail(j, GWAPI_ENOMEM);
    }
}

static void decode_struct(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node,
                          const meta_field *fields, size_t count)
{
    gwapi__names known = {field_name, fields, count};
    uint32_t kept = 0;

    if (node->type == GWAPI__NODE_NULL) {
        node->type = GWAPI__NODE_MAP;
        memset(&node->as, 0, sizeof node->as);
    }
    if (node->type != GWAPI__NODE_MAP) {
        wrong_type(j, at, node, "an object");
        return;
    }
    for (uint32_t i = 0; i < node->as.map.count; i++) {
        gwapi__field *field = &node->as.map.fields[i];
        gwapi__frame frame = gwapi__frame_field(at, field);
        const meta_field *f = find_field(fields, count, field->name);
        if (f == NULL)
            gwapi__judge_unknown(j, at, field, &known);
        else if (decode_value(j, &frame, field->value, f))
            node->as.map.fields[kept++] = *field;
    }
    node->as.map.count = kept;
    add_zeros(j, node, fields, count);
}

void gwapi__meta_decode(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *object)
{
    gwapi__field *field = gwapi__node_field(object, GWAPI__STR("metadata"));

    if (field == NULL)
        return;
    gwapi__frame frame = gwapi__frame_field(at, field);
    decode_struct(j, &frame, field->value, object_fields, COUNT(object_fields));
}

/* ---- what a request completes ---------------------------------------------------------- */

static void drop(gwapi__node *map, gwapi_str name)
{
    for (uint32_t i = 0; map != NULL && i < map->as.map.count; i++)
        if (gwapi__str_eq(map->as.map.fields[i].name, name)) {
            gwapi__node_remove(map, i);
            return;
        }
}

static void set_namespace(gwapi__judgement *j, gwapi__node *root)
{
    const gwapi__place nowhere = {0, 0};
    gwapi__arena *arena = j->input->arena;
    gwapi__node *meta = gwapi__node_get(root, GWAPI__STR("metadata"));
    gwapi_str name = {NULL, 0};

    if (!gwapi__arena_copy(arena, j->input->default_namespace, &name)) {
        gwapi__judge_fail(j, GWAPI_ENOMEM);
        return;
    }
    if (meta == NULL) {
        meta = gwapi__node_new(arena, GWAPI__NODE_MAP, nowhere);
        if (meta == NULL ||
            !gwapi__node_set(arena, root, GWAPI__STR("metadata"), nowhere, meta)) {
            gwapi__judge_fail(j, GWAPI_ENOMEM);
            return;
        }
    }
    gwapi__node *text = gwapi__node_string(arena, name, nowhere);
    if (text == NULL || !gwapi__node_set(arena, meta, GWAPI__STR("namespace"), nowhere, text))
        gwapi__judge_fail(j, GWAPI_ENOMEM);
}

void gwapi__meta_complete(gwapi__judgement *j, gwapi__node *root)
{
    static const char *const wiped[] = {"creationTimestamp", "deletionTimestamp",
                                        "deletionGracePeriodSeconds", "selfLink", "uid"};
    gwapi__node *meta = gwapi__node_get(root, GWAPI__STR("metadata"));

    if (meta != NULL && meta->type != GWAPI__NODE_MAP)
        return;
    if ((j->input->flags & GWAPI__JUDGE_CREATE) != 0)
        for (size_t i = 0; i < COUNT(wiped); i++)
            drop(meta, gwapi__str_of(wiped[i]));
    if (!j->kind->info.namespaced)
        drop(meta, GWAPI__STR("namespace"));
    else if (gwapi__node_get_str(meta, GWAPI__STR("namespace")).len == 0 &&
             j->input->default_namespace.len != 0)
        set_namespace(j, root);
}
