#include "doc/builder.h"

#include <string.h>

#include "base/result.h"
#include "base/slice.h"

/* Up to here every pair of keys is compared; beyond, they are sorted. */
#define FEW 16
/* Of a key in a message. */
#define SHOWN 80

void gwapi__builder_init(gwapi__builder *b, gwapi__arena *arena,
                         const gwapi_allocator *allocator, const gwapi_limits *limits,
                         gwapi__problems *problems)
{
    *b = (gwapi__builder){
        .allocator = *allocator, .arena = arena, .limits = limits, .problems = problems};
    gwapi__vector_init(&b->frames, allocator, sizeof(gwapi__frame));
    gwapi__vector_init(&b->slots, allocator, sizeof(gwapi__slot));
}

void gwapi__builder_free(gwapi__builder *b)
{
    gwapi__vector_free(&b->frames);
    gwapi__vector_free(&b->slots);
}

gwapi_result gwapi__builder_refuse_count(gwapi__builder *b, gwapi__place place)
{
    return gwapi__problems_limit(b->problems, "doc/nodes", place,
                                 "the document holds too many values", "nodes",
                                 b->limits->nodes);
}

gwapi_result gwapi__builder_open(gwapi__builder *b, gwapi__node_type type, gwapi__place place)
{
    GWAPI__TRY(gwapi__builder_count(b, 1, place));
    if (b->frames.count >= b->limits->depth)
        return gwapi__problems_limit(b->problems, "doc/depth", place,
                                     "maps and lists are nested too deeply", "depth",
                                     b->limits->depth);
    gwapi__frame *frame = gwapi__vector_add(&b->frames);
    if (frame == NULL)
        return GWAPI_ENOMEM;
    *frame = (gwapi__frame){type, place, b->slots.count};
    return GWAPI_OK;
}

gwapi_result gwapi__builder_key(gwapi__builder *b, gwapi_str name, gwapi__place place,
                                bool merge)
{
    gwapi__slot *slot = gwapi__vector_add(&b->slots);

    if (slot == NULL)
        return GWAPI_ENOMEM;
    *slot = (gwapi__slot){{name, place, NULL}, merge};
    return GWAPI_OK;
}

gwapi_result gwapi__builder_value(gwapi__builder *b, gwapi__node *value)
{
    gwapi__frame *frame = gwapi__builder_top(b);

    if (frame == NULL) {
        b->root = value;
        return GWAPI_OK;
    }
    if (frame->type == GWAPI__NODE_MAP) {
        GWAPI__AT(&b->slots, gwapi__slot, b->slots.count - 1)->field.value = value;
        return GWAPI_OK;
    }
    gwapi__slot *slot = gwapi__vector_add(&b->slots);
    if (slot == NULL)
        return GWAPI_ENOMEM;
    *slot = (gwapi__slot){.field.value = value};
    return GWAPI_OK;
}

void gwapi__builder_path(const gwapi__builder *b, gwapi__text *path, gwapi__text *pointer)
{
    for (size_t i = 0; i + 1 < b->frames.count; i++) {
        const gwapi__frame *frame = GWAPI__AT(&b->frames, gwapi__frame, i);
        size_t end = frame[1].start;
        gwapi__text_char(pointer, '/');
        if (frame->type == GWAPI__NODE_MAP) {
            gwapi_str name = GWAPI__AT(&b->slots, gwapi__slot, end - 1)->field.name;
            if (path->len != 0)
                gwapi__text_char(path, '.');
            gwapi__text_add(path, name);
            gwapi__text_pointer(pointer, name);
        } else {
            gwapi__text_char(path, '[');
            gwapi__text_u64(path, end - frame->start);
            gwapi__text_char(path, ']');
            gwapi__text_u64(pointer, end - frame->start);
        }
    }
}

/* ---- repeated keys ------------------------------------------------------------------ */

static void duplicate_texts(const gwapi__builder *b, const gwapi__field *first,
                            const gwapi__field *again, gwapi__text *path, gwapi__text *pointer,
                            gwapi__text *message)
{
    gwapi__builder_path(b, path, pointer);
    if (path->len != 0)
        gwapi__text_char(path, '.');
    gwapi__text_add(path, again->name);
    gwapi__text_char(pointer, '/');
    gwapi__text_pointer(pointer, again->name);
    gwapi__text_addz(message, "the key ");
    gwapi__text_json(message, gwapi__str_sub(again->name, 0, SHOWN));
    gwapi__text_addz(message, " was already set");
    if (first->place.line != 0) {
        gwapi__text_addz(message, " at line ");
        gwapi__text_u64(message, first->place.line);
    }
    gwapi__text_addz(message, "; the last value counts");
}

static gwapi_result report_duplicate(gwapi__builder *b, const gwapi__field *first,
                                     const gwapi__field *again)
{
    gwapi__text path, pointer, message;
    gwapi_result r = GWAPI_ENOMEM;

    gwapi__text_init(&path, &b->allocator);
    gwapi__text_init(&pointer, &b->allocator);
    gwapi__text_init(&message, &b->allocator);
    duplicate_texts(b, first, again, &path, &pointer, &message);
    if (!path.failed && !pointer.failed && !message.failed)
        r = gwapi__problems_add(
            b->problems, &(gwapi__doc_problem){.type = GWAPI_ERROR_DUPLICATE,
                                               .rule = GWAPI__STR("doc/duplicate-key"),
                                               .path = gwapi__text_str(&path),
                                               .pointer = gwapi__text_str(&pointer),
                                               .message = gwapi__text_str(&message),
                                               .hint = GWAPI__STR("remove one of the two"),
                                               .place = again->place});
    gwapi__text_free(&path);
    gwapi__text_free(&pointer);
    gwapi__text_free(&message);
    return r;
}

static int by_name(const void *a, const void *b, void *ctx)
{
    const gwapi__field *fields = ctx;

    return gwapi__str_cmp(fields[*(const uint32_t *)a].name, fields[*(const uint32_t *)b].name);
}

/* first[i] becomes the index of the first field with the name of the i-th. */
static gwapi_result find_first(gwapi__builder *b, gwapi__field *fields, uint32_t count,
                               uint32_t *first)
{
    if (count <= FEW) {
        for (uint32_t i = 0; i < count; i++)
            for (first[i] = 0; first[i] < i; first[i]++)
                if (gwapi__str_eq(fields[first[i]].name, fields[i].name))
                    break;
        return GWAPI_OK;
    }
    uint32_t *order = gwapi__alloc_array(&b->allocator, count, sizeof *order);
    if (order == NULL)
        return GWAPI_ENOMEM;
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    bool sorted = gwapi__sort(&b->allocator, order, count, sizeof *order, by_name, fields);
    for (uint32_t i = 0; i < count && sorted; i++) {
        bool same = i != 0 && gwapi__str_eq(fields[order[i]].name, fields[order[i - 1]].name);
        first[order[i]] = same ? first[order[i - 1]] : order[i];
    }
    gwapi__free(&b->allocator, order, count * sizeof *order);
    return sorted ? GWAPI_OK : GWAPI_ENOMEM;
}

/* The last value of a name takes the place of its first. */
static gwapi_result drop_repeated(gwapi__builder *b, gwapi__node *map, const uint32_t *first)
{
    gwapi__field *fields = map->as.map.fields;
    uint32_t count = map->as.map.count, kept = 0;
    bool any = false;

    for (uint32_t i = 0; i < count; i++)
        any |= first[i] != i;
    if (!any)
        return GWAPI_OK;
    for (uint32_t i = 0; i < count; i++) {
        if (first[i] == i)
            continue;
        GWAPI__TRY(report_duplicate(b, &fields[first[i]], &fields[i]));
        fields[first[i]] = fields[i];
        fields[i].value = NULL;
    }
    for (uint32_t i = 0; i < count; i++)
        if (fields[i].value != NULL)
            fields[kept++] = fields[i];
    map->as.map.count = kept;
    return GWAPI_OK;
}

static gwapi_result unify(gwapi__builder *b, gwapi__node *map)
{
    uint32_t few[FEW], *first = few, count = map->as.map.count;

    if (count > FEW) {
        first = gwapi__alloc_array(&b->allocator, count, sizeof *first);
        if (first == NULL)
            return GWAPI_ENOMEM;
    }
    gwapi_result r = find_first(b, map->as.map.fields, count, first);
    if (r == GWAPI_OK)
        r = drop_repeated(b, map, first);
    if (first != few)
        gwapi__free(&b->allocator, first, count * sizeof *first);
    return r;
}

/* ---- closing ------------------------------------------------------------------------ */

/* How many fields a slot gives. */
static uint32_t fields_of(const gwapi__slot *slot)
{
    const gwapi__node *value = slot->field.value;
    uint32_t count = 0;

    if (!slot->merge)
        return 1;
    if (value->type == GWAPI__NODE_MAP)
        return value->as.map.count;
    for (uint32_t i = 0; i < value->as.list.count; i++)
        count += value->as.list.items[i]->as.map.count;
    return count;
}

static gwapi__field *put_merged(gwapi__field *to, const gwapi__node *map)
{
    for (uint32_t i = 0; i < map->as.map.count; i++)
        *to++ = map->as.map.fields[i];
    return to;
}

/* Of several merged maps the earlier one wins, so it comes last. */
static gwapi__field *put_slot(gwapi__field *to, const gwapi__slot *slot)
{
    const gwapi__node *value = slot->field.value;

    if (!slot->merge) {
        *to = slot->field;
        return to + 1;
    }
    if (value->type == GWAPI__NODE_MAP)
        return put_merged(to, value);
    for (uint32_t i = value->as.list.count; i-- > 0;)
        to = put_merged(to, value->as.list.items[i]);
    return to;
}

static bool has_repeated(const gwapi__field *fields, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        for (uint32_t k = 0; k < i; k++)
            if (gwapi__str_eq(fields[k].name, fields[i].name))
                return true;
    return false;
}

static gwapi_result close_map(gwapi__builder *b, gwapi__node *map, const gwapi__slot *slots,
                              size_t count)
{
    uint64_t total = 0;
    size_t bytes;

    for (size_t i = 0; i < count; i++)
        total += fields_of(&slots[i]);
    if (total == 0)
        return GWAPI_OK;
    if (total > UINT32_MAX || !gwapi__mul((size_t)total, sizeof(gwapi__field), &bytes))
        return GWAPI_ENOMEM;
    gwapi__field *to = gwapi__arena_alloc(b->arena, bytes);
    if (to == NULL)
        return GWAPI_ENOMEM;
    map->as.map.fields = to;
    map->as.map.count = map->as.map.capacity = (uint32_t)total;
    for (size_t i = 0; i < count; i++)
        to = put_slot(to, &slots[i]);
    if (total <= FEW && !has_repeated(map->as.map.fields, map->as.map.count))
        return GWAPI_OK;
    return unify(b, map);
}

static gwapi_result close_list(gwapi__builder *b, gwapi__node *list, const gwapi__slot *slots,
                               size_t count)
{
    if (count == 0)
        return GWAPI_OK;
    list->as.list.items = gwapi__arena_array(b->arena, count, sizeof *list->as.list.items);
    if (list->as.list.items == NULL)
        return GWAPI_ENOMEM;
    list->as.list.count = list->as.list.capacity = (uint32_t)count;
    for (size_t i = 0; i < count; i++)
        list->as.list.items[i] = slots[i].field.value;
    return GWAPI_OK;
}

gwapi_result gwapi__builder_close(gwapi__builder *b, gwapi__node **closed)
{
    gwapi__frame frame = *gwapi__builder_top(b);
    size_t count = b->slots.count - frame.start;
    const gwapi__slot *slots =
        count != 0 ? GWAPI__AT(&b->slots, gwapi__slot, frame.start) : NULL;

    *closed = gwapi__node_new(b->arena, frame.type, frame.place);
    if (*closed == NULL)
        return GWAPI_ENOMEM;
    GWAPI__TRY(frame.type == GWAPI__NODE_MAP ? close_map(b, *closed, slots, count)
                                             : close_list(b, *closed, slots, count));
    b->slots.count = frame.start;
    b->frames.count--;
    return GWAPI_OK;
}
