/* Trees read through their declared types, as k8s.io/apiserver pkg/cel/common reads them. */
#include "cel/build.h"

#include "base/slice.h"
#include "base/time.h"
#include "cel/time.h"
#include "doc/scalar.h"

#include <stddef.h>

static gwapi__cel_value tree_value(gwapi__cel_kind kind, const gwapi__node *node,
                                   const gwapi__cel_type *type)
{
    return (gwapi__cel_value){
        .kind = (uint8_t)kind, .tree = true, .as.tree = {.node = node, .type = type}};
}

static gwapi__cel_value wrong(gwapi__cel_context *context, const gwapi__node *node,
                              const gwapi__cel_type *type)
{
    return gwapi__cel_fail(context, "invalid data, expected %v, got %s",
                           gwapi__cel_type_name(type), gwapi__node_type_name(node->type));
}

/* As JSON has it. */
static gwapi__cel_value dynamic(const gwapi__node *node)
{
    switch (node->type) {
    case GWAPI__NODE_NULL:
        return gwapi__cel_of_null();
    case GWAPI__NODE_BOOL:
        return gwapi__cel_of_bool(node->as.boolean);
    case GWAPI__NODE_INT:
        return gwapi__cel_of_int(node->as.integer);
    case GWAPI__NODE_FLOAT:
        return gwapi__cel_of_double(node->as.number);
    case GWAPI__NODE_STRING:
        return gwapi__cel_of_string(node->as.string);
    case GWAPI__NODE_LIST:
        return tree_value(GWAPI__CEL_LIST, node, &gwapi__cel_list_dyn);
    default:
        return tree_value(GWAPI__CEL_MAP, node, &gwapi__cel_map_dyn);
    }
}

static gwapi__cel_value duration_of(gwapi__cel_context *context, gwapi_str text)
{
    int64_t nanoseconds;

    if (!gwapi__cel_duration_read_loose(text, &nanoseconds))
        return gwapi__cel_fail(context, "invalid duration %q", text);
    return gwapi__cel_of_duration(nanoseconds);
}

/* A date, or a time with or without a zone. */
static gwapi__cel_value timestamp_of(gwapi__cel_context *context, gwapi_str text)
{
    gwapi__instant t = {.seconds = 0};

    if (text.len != 0 && !gwapi__rfc3339_read(text, &t) && !gwapi__local_time_read(text, &t)) {
        t = (gwapi__instant){.seconds = 0};
        if (!gwapi__date_parse(text, &t.seconds))
            return gwapi__cel_fail(context, "invalid date or time %q", text);
    }
    gwapi__cel_value v = gwapi__cel_of_time(t.seconds, t.nanos);
    v.as.time.offset = t.offset;
    return v;
}

/* Base64 in the alphabet for URLs, as the server reads it. */
static gwapi__cel_value bytes_of(gwapi__cel_context *context, gwapi_str text)
{
    gwapi_str bytes;
    bool no_memory = false;
    char *plain = gwapi__arena_alloc(context->arena, text.len);

    if (plain == NULL)
        return gwapi__cel_no_memory(context);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        /* '+' and '/' belong to the other alphabet: make them something that no alphabet has */
        plain[i] = c == '-' ? '+' : c == '_' ? '/' : c == '+' || c == '/' ? '!' : c;
    }
    if (gwapi__base64_decode(context->arena, gwapi__str(plain, text.len), &bytes, &no_memory))
        return gwapi__cel_of_bytes(bytes);
    return no_memory ? gwapi__cel_no_memory(context)
                     : gwapi__cel_fail(context, "invalid base64 %q", text);
}

static gwapi__cel_value of_string(gwapi__cel_context *context, gwapi_str text,
                                  gwapi__cel_kind kind)
{
    switch (kind) {
    case GWAPI__CEL_DURATION:
        return duration_of(context, text);
    case GWAPI__CEL_TIMESTAMP:
        return timestamp_of(context, text);
    default:
        return bytes_of(context, text);
    }
}

gwapi__cel_value gwapi__cel_of_node(gwapi__cel_context *context, const gwapi__node *node,
                                    const gwapi__cel_type *type)
{
    /* What kinds of types hold, but for those that are read in their own way. */
    static const gwapi__node_type held[] = {
        [GWAPI__CEL_BOOL] = GWAPI__NODE_BOOL,
        [GWAPI__CEL_INT] = GWAPI__NODE_INT,
        [GWAPI__CEL_DOUBLE] = GWAPI__NODE_FLOAT,
        [GWAPI__CEL_STRING] = GWAPI__NODE_STRING,
        [GWAPI__CEL_BYTES] = GWAPI__NODE_STRING,
        [GWAPI__CEL_DURATION] = GWAPI__NODE_STRING,
        [GWAPI__CEL_TIMESTAMP] = GWAPI__NODE_STRING,
        [GWAPI__CEL_LIST] = GWAPI__NODE_LIST,
        [GWAPI__CEL_MAP] = GWAPI__NODE_MAP,
        [GWAPI__CEL_OBJECT] = GWAPI__NODE_MAP,
    };

    if (node == NULL)
        return GWAPI__CEL_FAIL("invalid data, got nothing");
    if (type->kind == GWAPI__CEL_STRING && node->type == GWAPI__NODE_STRING)
        return gwapi__cel_of_string(node->as.string);
    if (type->kind == GWAPI__CEL_DYN || (node->type == GWAPI__NODE_NULL && type->nullable))
        return dynamic(node);
    if (type->kind == GWAPI__CEL_DOUBLE && node->type == GWAPI__NODE_INT)
        return gwapi__cel_of_double((double)node->as.integer);
    if (type->kind >= sizeof held / sizeof *held || held[type->kind] != node->type ||
        node->type == GWAPI__NODE_NULL)
        return wrong(context, node, type);
    if (node->type == GWAPI__NODE_STRING)
        return of_string(context, node->as.string, type->kind);
    if (node->type == GWAPI__NODE_LIST || node->type == GWAPI__NODE_MAP)
        return tree_value(type->kind, node, type);
    return dynamic(node);
}

gwapi__cel_value gwapi__cel_untyped(gwapi__cel_value value)
{
    return value.tree ? dynamic(value.as.tree.node) : value;
}
