#include "cel/value.h"

#include "base/slice.h"
#include "cel/build.h"
#include "cel/message.h"

#include <stddef.h>

/* ---- errors ----------------------------------------------------------------------------- */

gwapi__cel_value gwapi__cel_no_memory(gwapi__cel_context *context)
{
    context->failed = GWAPI_ENOMEM;
    return GWAPI__CEL_FAIL("out of memory");
}

/* Memory that is given back with the arena only. */
static void *resize_in_arena(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    void *block = new_size != 0 ? gwapi__arena_alloc(ctx, new_size) : NULL;

    if (block != NULL && old_size != 0)
        memcpy(block, ptr, old_size < new_size ? old_size : new_size);
    return block;
}

gwapi__cel_value gwapi__cel_fail(gwapi__cel_context *context, const char *format, ...)
{
    char data[128];
    gwapi__text t = {.allocator = {.resize = resize_in_arena, .ctx = context->arena},
                     .data = data,
                     .capacity = sizeof data};
    gwapi__cel_value error = {.kind = GWAPI__CEL_ERROR};
    va_list args;

    va_start(args, format);
    gwapi__cel_message(&t, format, args);
    va_end(args);
    return !t.failed && gwapi__arena_copy(context->arena, gwapi__text_str(&t), &error.as.text)
               ? error
               : gwapi__cel_no_memory(context);
}

/* ---- optional values -------------------------------------------------------------------- */

gwapi__cel_value gwapi__cel_none(void)
{
    return (gwapi__cel_value){.kind = GWAPI__CEL_OPTIONAL};
}

gwapi__cel_value gwapi__cel_some(gwapi__cel_context *context, gwapi__cel_value value)
{
    gwapi__cel_value *inner = gwapi__arena_alloc(context->arena, sizeof *inner);

    if (inner == NULL)
        return gwapi__cel_no_memory(context);
    *inner = value;
    return (gwapi__cel_value){.kind = GWAPI__CEL_OPTIONAL, .as.optional = inner};
}

/* ---- contents --------------------------------------------------------------------------- */

uint32_t gwapi__cel_count(const gwapi__cel_value *v)
{
    if (v->tree)
        return v->kind == GWAPI__CEL_LIST ? v->as.tree.node->as.list.count
                                          : v->as.tree.node->as.map.count;
    return v->kind == GWAPI__CEL_LIST ? v->as.list->count : v->as.map->count;
}

gwapi__cel_value gwapi__cel_item(gwapi__cel_context *context, const gwapi__cel_value *list,
                                 uint32_t i)
{
    while (!list->tree && list->as.list->items == NULL) {
        const gwapi__cel_value *parts = list->as.list->parts;
        uint32_t first = gwapi__cel_count(&parts[0]);
        list = i < first ? &parts[0] : &parts[1];
        i -= i < first ? 0 : first;
    }
    if (!list->tree)
        return list->as.list->items[i];
    return gwapi__cel_of_node(context, list->as.tree.node->as.list.items[i],
                              list->as.tree.type->params[0]);
}

/* Objects are listed and compared rarely. */
const gwapi__cel_field *gwapi__cel_field_of(const gwapi__cel_type *type, gwapi_str raw)
{
    for (uint32_t i = 0; i < type->field_count; i++)
        if (gwapi__str_eq(type->fields[i].raw, raw))
            return &type->fields[i];
    return NULL;
}

gwapi__cel_entry gwapi__cel_entry_at(gwapi__cel_context *context, const gwapi__cel_value *map,
                                     uint32_t i)
{
    if (!map->tree)
        return map->as.map->entries[i];

    const gwapi__field *member = &map->as.tree.node->as.map.fields[i];
    const gwapi__cel_type *type = map->as.tree.type;
    if (map->kind == GWAPI__CEL_MAP)
        return (gwapi__cel_entry){
            gwapi__cel_of_string(member->name),
            gwapi__cel_of_node(context, member->value, type->params[1])};

    const gwapi__cel_field *field = gwapi__cel_field_of(type, member->name);
    return (gwapi__cel_entry){
        gwapi__cel_of_string(field != NULL ? field->name : member->name),
        gwapi__cel_of_node(context, member->value, field != NULL ? field->type : &gwapi__cel_dyn)};
}

static bool find_in_tree(gwapi__cel_context *context, const gwapi__cel_value *map,
                         const gwapi__cel_value *key, gwapi__cel_value *out)
{
    const gwapi__cel_type *type = map->as.tree.type;

    if (key->kind != GWAPI__CEL_STRING) {
        if (type == &gwapi__cel_map_dyn)
            return false;
        *out = GWAPI__CEL_FAIL("no such overload");
        return true;
    }
    if (map->kind == GWAPI__CEL_OBJECT) {
        const gwapi__cel_field *field = gwapi__cel_type_field(type, key->as.text);
        return field != NULL && gwapi__cel_get(context, map, field, out);
    }
    const gwapi__node *node = gwapi__cel_member(context, map->as.tree.node, key->as.text);
    if (node == NULL)
        return false;
    *out = gwapi__cel_of_node(context, node, type->params[1]);
    return true;
}

bool gwapi__cel_find(gwapi__cel_context *context, const gwapi__cel_value *map,
                     const gwapi__cel_value *key, gwapi__cel_value *out)
{
    if (map->tree)
        return find_in_tree(context, map, key, out);
    uint32_t i = gwapi__cel_map_lookup(map->as.map, key);
    if (i == UINT32_MAX)
        return false;
    *out = map->as.map->entries[i].value;
    return true;
}

bool gwapi__cel_get(gwapi__cel_context *context, const gwapi__cel_value *object,
                    const gwapi__cel_field *field, gwapi__cel_value *out)
{
    const gwapi__node *node = gwapi__cel_member(context, object->as.tree.node, field->raw);

    if (node == NULL || node->type == GWAPI__NODE_NULL)
        return false;
    *out = gwapi__cel_of_node(context, node, field->type);
    return true;
}

/* ---- types ------------------------------------------------------------------------------ */

const gwapi__cel_type *gwapi__cel_value_type(const gwapi__cel_value *v)
{
    static const gwapi__cel_type optional = {.kind = GWAPI__CEL_OPTIONAL};
    static const gwapi__cel_type *const types[] = {
        [GWAPI__CEL_ERROR] = &gwapi__cel_error,
        [GWAPI__CEL_NULL] = &gwapi__cel_null,
        [GWAPI__CEL_BOOL] = &gwapi__cel_bool,
        [GWAPI__CEL_INT] = &gwapi__cel_int,
        [GWAPI__CEL_UINT] = &gwapi__cel_uint,
        [GWAPI__CEL_DOUBLE] = &gwapi__cel_double,
        [GWAPI__CEL_STRING] = &gwapi__cel_string,
        [GWAPI__CEL_BYTES] = &gwapi__cel_bytes,
        [GWAPI__CEL_DURATION] = &gwapi__cel_duration,
        [GWAPI__CEL_TIMESTAMP] = &gwapi__cel_timestamp,
        [GWAPI__CEL_LIST] = &gwapi__cel_list_dyn,
        [GWAPI__CEL_MAP] = &gwapi__cel_map_dyn,
        [GWAPI__CEL_OBJECT] = &gwapi__cel_map_dyn, /* as Kubernetes has it */
        [GWAPI__CEL_TYPE] = &gwapi__cel_type_dyn,
        [GWAPI__CEL_OPTIONAL] = &optional,
    };

    return v->kind == GWAPI__CEL_OPAQUE ? v->as.opaque->class_->type : types[v->kind];
}
