#include "doc/json.h"

#include <jansson.h>

#include "base/result.h"
#include "base/slice.h"
#include "doc/builder.h"
#include "doc/decimal.h"

typedef struct reader {
    gwapi__arena *arena;
    gwapi__scan *scan;
    gwapi__builder builder;
    gwapi__problems *problems;
    size_t next; /* record */
} reader;

static const gwapi__json_record *take_record(reader *j)
{
    return GWAPI__AT(&j->scan->records, gwapi__json_record, j->next++);
}

static gwapi_result refuse(gwapi__problems *problems, gwapi__place place, const char *rule,
                           const char *message, const char *hint)
{
    return gwapi__problems_add(problems,
                               &(gwapi__doc_problem){.type = GWAPI_ERROR_SYNTAX,
                                                     .rule = gwapi__str_of(rule),
                                                     .place = place,
                                                     .message = gwapi__str_of(message),
                                                     .hint = gwapi__str_of(hint)});
}

/* An integer if the literal is one and fits, as the server's decoder does it. */
static gwapi_result set_number(reader *j, gwapi__node *node, const gwapi__json_record *r)
{
    gwapi_str literal = gwapi__str(r->text, r->len);

    if (gwapi__str_to_i64(literal, &node->as.integer)) {
        node->type = GWAPI__NODE_INT;
        return GWAPI_OK;
    }
    node->type = GWAPI__NODE_FLOAT;
    if (gwapi__decimal_to_double(literal, &node->as.number))
        return GWAPI_OK;
    return refuse(j->problems, r->place, "json/number", "a number that is too large",
                  "quote it if it is meant as text");
}

static gwapi_result add_scalar(reader *j, const json_t *value, const gwapi__json_record *r)
{
    gwapi__node *node = gwapi__node_new(j->arena, GWAPI__NODE_NULL, r->place);

    if (node == NULL)
        return GWAPI_ENOMEM;
    GWAPI__TRY(gwapi__builder_count(&j->builder, 1, r->place));
    if (json_is_string(value)) {
        node->type = GWAPI__NODE_STRING;
        node->as.string = gwapi__str(r->text, r->len);
    } else if (json_is_boolean(value)) {
        node->type = GWAPI__NODE_BOOL;
        node->as.boolean = json_is_true(value);
    } else if (json_is_number(value))
        GWAPI__TRY(set_number(j, node, r));
    return gwapi__builder_value(&j->builder, node);
}

static gwapi_result add_value(reader *j, json_t *value);

/* jansson keeps members as they were given, so the records line up. */
static gwapi_result add_members(reader *j, json_t *object)
{
    for (void *i = json_object_iter(object); i != NULL; i = json_object_iter_next(object, i)) {
        const gwapi__json_record *r = take_record(j);
        gwapi_str name = {r->text, r->len};
        GWAPI__TRY(gwapi__builder_key(&j->builder, name, r->place, false));
        GWAPI__TRY(add_value(j, json_object_iter_value(i)));
    }
    return GWAPI_OK;
}

/* Each item is let go once it was read: an empty object takes jansson some 240 bytes, and two
 * whole trees of a long list would be too much at once. */
static gwapi_result add_items(reader *j, json_t *array)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        GWAPI__TRY(add_value(j, json_array_get(array, i)));
        json_array_set_new(array, i, json_null());
    }
    return GWAPI_OK;
}

/* Recursive; the scanner saw to the depth. */
static gwapi_result add_value(reader *j, json_t *value)
{
    const gwapi__json_record *r = take_record(j);
    gwapi__node *closed;

    if (!json_is_object(value) && !json_is_array(value))
        return add_scalar(j, value, r);
    bool map = json_is_object(value);
    GWAPI__TRY(
        gwapi__builder_open(&j->builder, map ? GWAPI__NODE_MAP : GWAPI__NODE_LIST, r->place));
    GWAPI__TRY(map ? add_members(j, value) : add_items(j, value));
    GWAPI__TRY(gwapi__builder_close(&j->builder, &closed));
    return gwapi__builder_value(&j->builder, closed);
}

static gwapi_result refuse_scan(gwapi__scan *scan, const gwapi_limits *limits,
                                gwapi__problems *problems)
{
    if (scan->too_deep)
        return gwapi__problems_limit(problems, "doc/depth", scan->place, scan->message, "depth",
                                     limits->depth);
    return refuse(problems, scan->place, "json/syntax", scan->message, scan->hint);
}

static gwapi_result build(gwapi__node **root, gwapi__arena *arena, gwapi__scan *scan,
                          const gwapi_limits *limits, gwapi__problems *problems)
{
    reader j = {.arena = arena, .scan = scan, .problems = problems};
    json_t *value = json_loadb(scan->clean.data, scan->clean.len,
                               JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);

    if (value == NULL)
        return GWAPI_ENOMEM; /* the scanner vouches for the text */
    gwapi__builder_init(&j.builder, arena, &scan->allocator, limits, problems);
    gwapi_result r = add_value(&j, value);
    *root = j.builder.root;
    gwapi__builder_free(&j.builder);
    json_decref(value);
    return r;
}

gwapi_result gwapi__json_read(gwapi__node **root, gwapi__arena *arena, gwapi__scan *scan,
                              const gwapi_limits *limits, gwapi__problems *problems)
{
    gwapi_result r = gwapi__scan_value(scan, arena);

    if (r == GWAPI_EUNREADABLE)
        return refuse_scan(scan, limits, problems);
    GWAPI__TRY(r);
    return build(root, arena, scan, limits, problems);
}
