#include "doc/node.h"

#include <string.h>

#include "base/slice.h"

const char *gwapi__node_type_name(gwapi__node_type type)
{
    static const char *const names[] = {"null",   "boolean", "integer", "number",
                                        "string", "array",   "object"};

    return (size_t)type < sizeof names / sizeof *names ? names[type] : "unknown";
}

gwapi__node *gwapi__node_string(gwapi__arena *arena, gwapi_str text, gwapi__place place)
{
    gwapi__node *node = gwapi__node_new(arena, GWAPI__NODE_STRING, place);

    if (node == NULL || !gwapi__arena_copy(arena, text, &node->as.string))
        return NULL;
    return node;
}

static bool copy_text(gwapi__arena *arena, gwapi_str *text)
{
    return gwapi__arena_copy(arena, *text, text);
}

static bool copy_list(gwapi__arena *arena, gwapi__node *copy, const gwapi__node *node,
                      bool with_text)
{
    uint32_t count = node->as.list.count;

    copy->as.list.items = NULL;
    copy->as.list.capacity = count;
    if (count == 0)
        return true;
    copy->as.list.items = gwapi__arena_array(arena, count, sizeof *copy->as.list.items);
    if (copy->as.list.items == NULL)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        copy->as.list.items[i] = gwapi__node_copy(arena, node->as.list.items[i], with_text);
        if (copy->as.list.items[i] == NULL)
            return false;
    }
    return true;
}

static bool copy_map(gwapi__arena *arena, gwapi__node *copy, const gwapi__node *node,
                     bool with_text)
{
    uint32_t count = node->as.map.count;

    copy->as.map.fields = NULL;
    copy->as.map.capacity = count;
    if (count == 0)
        return true;
    copy->as.map.fields = gwapi__arena_array(arena, count, sizeof *copy->as.map.fields);
    if (copy->as.map.fields == NULL)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        gwapi__field *field = &copy->as.map.fields[i];
        *field = node->as.map.fields[i];
        if (with_text && !copy_text(arena, &field->name))
            return false;
        field->value = gwapi__node_copy(arena, field->value, with_text);
        if (field->value == NULL)
            return false;
    }
    return true;
}

gwapi__node *gwapi__node_copy(gwapi__arena *arena, const gwapi__node *node, bool with_text)
{
    gwapi__node *copy = gwapi__arena_alloc(arena, sizeof *copy);

    if (copy == NULL)
        return NULL;
    *copy = *node;
    switch (node->type) {
    case GWAPI__NODE_STRING:
        return !with_text || copy_text(arena, &copy->as.string) ? copy : NULL;
    case GWAPI__NODE_LIST:
        return copy_list(arena, copy, node, with_text) ? copy : NULL;
    case GWAPI__NODE_MAP:
        return copy_map(arena, copy, node, with_text) ? copy : NULL;
    default:
        return copy;
    }
}

/* Room for one element more; the elements may move. */
static bool grow(gwapi__arena *arena, void **elements, uint32_t count, uint32_t *capacity,
                 size_t size)
{
    uint32_t larger = *capacity != 0 ? *capacity * 2 : 4;

    if (count < *capacity)
        return true;
    if (*capacity > UINT32_MAX / 2)
        return false;
    void *moved = gwapi__arena_array(arena, larger, size);
    if (moved == NULL)
        return false;
    if (count != 0)
        memcpy(moved, *elements, count * size);
    *elements = moved;
    *capacity = larger;
    return true;
}

bool gwapi__node_push(gwapi__arena *arena, gwapi__node *list, gwapi__node *item)
{
    void *items = list->as.list.items;

    if (!grow(arena, &items, list->as.list.count, &list->as.list.capacity, sizeof item))
        return false;
    list->as.list.items = items;
    list->as.list.items[list->as.list.count++] = item;
    return true;
}

bool gwapi__node_set(gwapi__arena *arena, gwapi__node *map, gwapi_str name, gwapi__place place,
                     gwapi__node *value)
{
    gwapi__field *field = gwapi__node_field(map, name);

    if (field == NULL)
        return gwapi__node_add(arena, map, name, place, value);
    field->place = place;
    field->value = value;
    return true;
}

bool gwapi__node_add(gwapi__arena *arena, gwapi__node *map, gwapi_str name, gwapi__place place,
                     gwapi__node *value)
{
    void *fields = map->as.map.fields;

    if (!grow(arena, &fields, map->as.map.count, &map->as.map.capacity, sizeof(gwapi__field)))
        return false;
    map->as.map.fields = fields;
    map->as.map.fields[map->as.map.count++] = (gwapi__field){name, place, value};
    return true;
}

void gwapi__node_remove(gwapi__node *map, uint32_t i)
{
    gwapi__field *fields = map->as.map.fields;

    map->as.map.count--;
    memmove(fields + i, fields + i + 1, (map->as.map.count - i) * sizeof *fields);
}

gwapi__field *gwapi__node_field(const gwapi__node *map, gwapi_str name)
{
    if (map == NULL || map->type != GWAPI__NODE_MAP)
        return NULL;
    for (uint32_t i = 0; i < map->as.map.count; i++)
        if (gwapi__name_eq(map->as.map.fields[i].name, name))
            return &map->as.map.fields[i];
    return NULL;
}

gwapi__node *gwapi__node_get(const gwapi__node *map, gwapi_str name)
{
    gwapi__field *field = gwapi__node_field(map, name);

    return field != NULL ? field->value : NULL;
}

gwapi_str gwapi__node_get_str(const gwapi__node *map, gwapi_str name)
{
    const gwapi__node *value = gwapi__node_get(map, name);

    return value != NULL && value->type == GWAPI__NODE_STRING ? value->as.string
                                                              : (gwapi_str){NULL, 0};
}

static bool equal_lists(const gwapi__node *a, const gwapi__node *b)
{
    if (a->as.list.count != b->as.list.count)
        return false;
    for (uint32_t i = 0; i < a->as.list.count; i++)
        if (!gwapi__node_equal(a->as.list.items[i], b->as.list.items[i]))
            return false;
    return true;
}

/* Members mostly stand in the same order: look there first. */
static bool equal_maps(const gwapi__node *a, const gwapi__node *b)
{
    if (a->as.map.count != b->as.map.count)
        return false;
    for (uint32_t i = 0; i < a->as.map.count; i++) {
        const gwapi__field *field = &a->as.map.fields[i];
        const gwapi__field *other = &b->as.map.fields[i];
        if (!gwapi__str_eq(field->name, other->name))
            other = gwapi__node_field(b, field->name);
        if (other == NULL || !gwapi__node_equal(field->value, other->value))
            return false;
    }
    return true;
}

/* Whether a whole number and a float are the same number, exactly. */
static bool equal_mixed(int64_t integer, double number)
{
    return number >= -9223372036854775808.0 && number < 9223372036854775808.0 &&
           (int64_t)number == integer && (double)(int64_t)number == number;
}

bool gwapi__node_equal(const gwapi__node *a, const gwapi__node *b)
{
    if (a == b)
        return true;
    if (a->type == GWAPI__NODE_INT && b->type == GWAPI__NODE_FLOAT)
        return equal_mixed(a->as.integer, b->as.number);
    if (a->type == GWAPI__NODE_FLOAT && b->type == GWAPI__NODE_INT)
        return equal_mixed(b->as.integer, a->as.number);
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case GWAPI__NODE_NULL:
        return true;
    case GWAPI__NODE_BOOL:
        return a->as.boolean == b->as.boolean;
    case GWAPI__NODE_INT:
        return a->as.integer == b->as.integer;
    case GWAPI__NODE_FLOAT:
        return a->as.number == b->as.number;
    case GWAPI__NODE_STRING:
        return gwapi__str_eq(a->as.string, b->as.string);
    case GWAPI__NODE_LIST:
        return equal_lists(a, b);
    case GWAPI__NODE_MAP:
        return equal_maps(a, b);
    }
    return false;
}
