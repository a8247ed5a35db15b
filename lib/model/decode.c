#include "model/decode.h"

#include <limits.h>
#include "base/result.h"
#include "base/text.h"

/* ---- problems ------------------------------------------------------------------------ */

/* Paths are as deep as the shapes: a dozen steps. */
static void write_path(gwapi__text *path, gwapi__text *pointer, const gwapi__decode_step *step)
{
    if (step == NULL)
        return;
    write_path(path, pointer, step->parent);
    gwapi__text_char(pointer, '/');
    if (gwapi__str_present(step->name)) {
        if (path->len != 0)
            gwapi__text_char(path, '.');
        gwapi__text_add(path, step->name);
        gwapi__text_pointer(pointer, step->name);
        return;
    }
    gwapi__text_char(path, '[');
    gwapi__text_u64(path, step->index);
    gwapi__text_char(path, ']');
    gwapi__text_u64(pointer, step->index);
}

static gwapi_result tell(gwapi__decoder *d, gwapi__place place, gwapi_str what)
{
    gwapi__text path, pointer, message;
    gwapi_result r = GWAPI_ENOMEM;

    gwapi__text_init(&path, &d->arena->allocator);
    gwapi__text_init(&pointer, &d->arena->allocator);
    gwapi__text_init(&message, &d->arena->allocator);
    write_path(&path, &pointer, d->step);
    gwapi__text_addz(&message, "cannot be decoded: ");
    gwapi__text_add(&message, what);
    if (!path.failed && !pointer.failed && !message.failed) {
        const gwapi__decode_problem problem = {gwapi__text_str(&path),
                                               gwapi__text_str(&pointer),
                                               gwapi__text_str(&message), place};
        r = d->listener->problem(d->listener->ctx, &problem);
    }
    gwapi__text_free(&path);
    gwapi__text_free(&pointer);
    gwapi__text_free(&message);
    return r;
}

gwapi_result gwapi__decode_fail(gwapi__decoder *d, const gwapi__node *node, gwapi_str name,
                                gwapi_str what)
{
    const gwapi__decode_step step = {d->step, name, 0};
    const gwapi__decode_step *before = d->step;

    d->undecodable = true;
    if (d->listener == NULL)
        return GWAPI_OK;
    if (gwapi__str_present(name))
        d->step = &step;
    gwapi_result r = tell(d, node != NULL ? node->place : (gwapi__place){0, 0}, what);
    d->step = before;
    return r;
}

gwapi_result gwapi__decode_fail_type(gwapi__decoder *d, const gwapi__node *node, gwapi_str name,
                                     const char *wanted)
{
    gwapi__text what;

    if (d->listener == NULL)
        return gwapi__decode_fail(d, node, name, GWAPI__STR(""));
    gwapi__text_init(&what, &d->arena->allocator);
    gwapi__text_addz(&what, "it must be ");
    gwapi__text_addz(&what, wanted);
    gwapi__text_addz(&what, ", not of type ");
    gwapi__text_addz(&what, gwapi__node_type_name(node->type));
    gwapi_result r =
        what.failed ? GWAPI_ENOMEM : gwapi__decode_fail(d, node, name, gwapi__text_str(&what));
    gwapi__text_free(&what);
    return r;
}

static gwapi_result wrong_type(gwapi__decoder *d, const gwapi__node *value, const char *wanted)
{
    return gwapi__decode_fail_type(d, value, (gwapi_str){NULL, 0}, wanted);
}

/* ---- scalars ------------------------------------------------------------------------- */

static void *slot(const gwapi__row *row, void *object)
{
    return (char *)object + row->at;
}

static void set_flag(const gwapi__row *row, void *object)
{
    if (row->also != 0)
        *(bool *)((char *)object + row->also) = true;
}

gwapi_result gwapi__decode_take(gwapi__decoder *d, gwapi_str text, gwapi_str *out)
{
    if (d->copies)
        return gwapi__arena_copy(d->arena, text, out) ? GWAPI_OK : GWAPI_ENOMEM;
    *out = text;
    return GWAPI_OK;
}

gwapi_result gwapi__decode_text(gwapi__decoder *d, const gwapi__row *row,
                                const gwapi__node *value, void *object)
{
    gwapi_str *out = slot(row, object);

    *out = row->text;
    if (value == NULL)
        return GWAPI_OK;
    if (value->type != GWAPI__NODE_STRING)
        return wrong_type(d, value, "a string");
    set_flag(row, object);
    return gwapi__decode_take(d, value->as.string, out);
}

/* 2^63 as a double: the first one beyond int64_t. */
#define BEYOND_INT64 9223372036854775808.0

/* False: no whole number. A number that does not fit becomes the nearest that does. */
static bool to_integer(const gwapi__node *value, int64_t *out)
{
    if (value->type == GWAPI__NODE_INT) {
        *out = value->as.integer;
        return true;
    }
    if (value->type != GWAPI__NODE_FLOAT)
        return false;
    double number = value->as.number;
    if (number >= BEYOND_INT64) {
        *out = INT64_MAX;
        return true;
    }
    if (number < -BEYOND_INT64) {
        *out = INT64_MIN;
        return true;
    }
    *out = (int64_t)number;
    return (double)*out == number;
}

gwapi_result gwapi__decode_int64(gwapi__decoder *d, const gwapi__row *row,
                                 const gwapi__node *value, void *object)
{
    int64_t *out = slot(row, object);

    *out = row->number;
    if (value == NULL)
        return GWAPI_OK;
    if (!to_integer(value, out))
        return wrong_type(d, value, "an integer");
    set_flag(row, object);
    return GWAPI_OK;
}

gwapi_result gwapi__decode_int32(gwapi__decoder *d, const gwapi__row *row,
                                 const gwapi__node *value, void *object)
{
    int32_t *out = slot(row, object);
    int64_t number;

    *out = (int32_t)row->number;
    if (value == NULL)
        return GWAPI_OK;
    if (!to_integer(value, &number))
        return wrong_type(d, value, "an integer");
    if (number < INT32_MIN || number > INT32_MAX)
        return gwapi__decode_fail(d, value, (gwapi_str){NULL, 0},
                                  GWAPI__STR("the number does not fit 32 bits"));
    *out = (int32_t)number;
    set_flag(row, object);
    return GWAPI_OK;
}

gwapi_result gwapi__decode_bool(gwapi__decoder *d, const gwapi__row *row,
                                const gwapi__node *value, void *object)
{
    if (value == NULL)
        return GWAPI_OK;
    if (value->type != GWAPI__NODE_BOOL)
        return wrong_type(d, value, "true or false");
    *(bool *)slot(row, object) = value->as.boolean;
    return GWAPI_OK;
}

gwapi_result gwapi__decode_is(gwapi__decoder *d, const gwapi__row *row,
                              const gwapi__node *value, void *object)
{
    if (value == NULL)
        return GWAPI_OK;
    if (value->type != GWAPI__NODE_STRING)
        return wrong_type(d, value, "a string");
    *(bool *)slot(row, object) = gwapi__str_eq(value->as.string, row->text);
    return GWAPI_OK;
}

gwapi_result gwapi__decode_enum(gwapi__decoder *d, const gwapi__row *row,
                                const gwapi__node *value, void *object)
{
    const gwapi__enum_names *e = row->detail;
    int result = value == NULL ? e->absent : e->unknown;

    if (value != NULL && value->type != GWAPI__NODE_STRING)
        return wrong_type(d, value, "a string");
    for (size_t i = 0; value != NULL && i < e->count; i++)
        if (gwapi__str_eq(e->names[i].text, value->as.string))
            result = e->names[i].value;
    /* Enums whose constants are not negative have the size of int, not its type. */
    memcpy(slot(row, object), &result, sizeof result);
    if (row->also == 0)
        return GWAPI_OK;
    gwapi_str *text = (gwapi_str *)(void *)((char *)object + row->also);
    *text = GWAPI__STR("");
    return value != NULL ? gwapi__decode_take(d, value->as.string, text) : GWAPI_OK;
}

/* ---- texts --------------------------------------------------------------------------- */

gwapi_result gwapi__decode_texts(gwapi__decoder *d, const gwapi__row *row,
                                 const gwapi__node *value, void *object)
{
    if (value == NULL)
        return GWAPI_OK;
    if (value->type != GWAPI__NODE_LIST)
        return wrong_type(d, value, "a list");
    gwapi__strs *out = slot(row, object);
    gwapi_str *items = gwapi__arena_array(d->arena, value->as.list.count, sizeof *items);
    if (items == NULL)
        return GWAPI_ENOMEM;
    const gwapi__decode_step *before = d->step;
    gwapi_result r = GWAPI_OK;
    for (size_t i = 0; i < value->as.list.count && r == GWAPI_OK; i++) {
        const gwapi__node *item = value->as.list.items[i];
        const gwapi__decode_step step = {before, {NULL, 0}, i};
        d->step = &step;
        r = item->type == GWAPI__NODE_STRING ? gwapi__decode_take(d, item->as.string, &items[i])
                                             : wrong_type(d, item, "a string");
    }
    d->step = before;
    *out = (gwapi__strs){items, value->as.list.count};
    return r;
}

gwapi_result gwapi__decode_pairs(gwapi__decoder *d, const gwapi__row *row,
                                 const gwapi__node *value, void *object)
{
    if (value == NULL)
        return GWAPI_OK;
    if (value->type != GWAPI__NODE_MAP)
        return wrong_type(d, value, "an object");
    gwapi__pairs *out = slot(row, object);
    gwapi__pair *items = gwapi__arena_array(d->arena, value->as.map.count, sizeof *items);
    if (items == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < value->as.map.count; i++) {
        const gwapi__field *field = &value->as.map.fields[i];
        GWAPI__TRY(gwapi__decode_take(d, field->name, &items[i].key));
        if (field->value->type == GWAPI__NODE_STRING)
            GWAPI__TRY(gwapi__decode_take(d, field->value->as.string, &items[i].value));
        else
            GWAPI__TRY(gwapi__decode_fail_type(d, field->value, field->name, "a string"));
    }
    *out = (gwapi__pairs){items, value->as.map.count};
    return GWAPI_OK;
}

/* ---- structs and lists --------------------------------------------------------------- */

const gwapi__node *gwapi__decode_member(const gwapi__node *node, gwapi_str name)
{
    const gwapi__node *member = gwapi__node_get(node, name);

    return member != NULL && member->type != GWAPI__NODE_NULL ? member : NULL;
}

gwapi_result gwapi__decode_row(gwapi__decoder *d, const gwapi__row *row,
                               const gwapi__node *node, void *object)
{
    if (!gwapi__str_present(row->name))
        return row->decode(d, row, node, object);
    const gwapi__decode_step step = {d->step, row->name, 0};
    const gwapi__decode_step *before = d->step;
    d->step = &step;
    gwapi_result r = row->decode(d, row, gwapi__decode_member(node, row->name), object);
    d->step = before;
    return r;
}

gwapi_result gwapi__decode_shape(gwapi__decoder *d, const gwapi__shape *shape,
                                 const gwapi__node *node, void *object)
{
    bool outer = d->undecodable;

    if (shape->fault == GWAPI__FAULT_MARKS)
        d->undecodable = false;
    if (node != NULL && node->type != GWAPI__NODE_MAP) {
        GWAPI__TRY(wrong_type(d, node, "an object"));
        node = NULL;
    }
    for (size_t i = 0; i < shape->row_count; i++)
        GWAPI__TRY(gwapi__decode_row(d, &shape->rows[i], node, object));
    if (shape->fault == GWAPI__FAULT_MARKS) {
        *(bool *)((char *)object + shape->mark) = d->undecodable;
        d->undecodable = outer;
    }
    return GWAPI_OK;
}

gwapi_result gwapi__decode_new(gwapi__decoder *d, const gwapi__shape *shape,
                               const gwapi__node *node, void **out)
{
    void *object = gwapi__arena_array(d->arena, 1, shape->size);

    if (object == NULL)
        return GWAPI_ENOMEM;
    GWAPI__TRY(gwapi__decode_shape(d, shape, node, object));
    *out = object;
    return GWAPI_OK;
}

gwapi_result gwapi__decode_part(gwapi__decoder *d, const gwapi__row *row,
                                const gwapi__node *value, void *object)
{
    if (row->also != 0 && value == NULL)
        return GWAPI_OK;
    set_flag(row, object);
    return gwapi__decode_shape(d, row->detail, value, slot(row, object));
}

gwapi_result gwapi__decode_own(gwapi__decoder *d, const gwapi__row *row,
                               const gwapi__node *value, void *object)
{
    void *made;

    if (value == NULL)
        return GWAPI_OK;
    GWAPI__TRY(gwapi__decode_new(d, row->detail, value, &made));
    memcpy(slot(row, object), &made, sizeof made);
    return GWAPI_OK;
}

gwapi_result gwapi__decode_list(gwapi__decoder *d, const gwapi__row *row,
                                const gwapi__node *value, void *object)
{
    const gwapi__shape *shape = row->detail;
    const gwapi__decode_step *before = d->step;
    bool outer = d->undecodable;
    size_t kept = 0;

    if (value == NULL)
        return GWAPI_OK;
    if (value->type != GWAPI__NODE_LIST)
        return wrong_type(d, value, "a list");
    char *items = gwapi__arena_array(d->arena, value->as.list.count, shape->size);
    if (items == NULL)
        return GWAPI_ENOMEM;
    gwapi_result r = GWAPI_OK;
    for (size_t i = 0; i < value->as.list.count && r == GWAPI_OK; i++) {
        const gwapi__decode_step step = {before, {NULL, 0}, i};
        char *item = items + kept * shape->size;
        d->step = &step;
        if (shape->fault == GWAPI__FAULT_DROPS)
            d->undecodable = false;
        r = gwapi__decode_shape(d, shape, value->as.list.items[i], item);
        if (shape->fault == GWAPI__FAULT_DROPS && d->undecodable)
            memset(item, 0, shape->size);
        else
            kept++;
    }
    d->step = before;
    if (shape->fault == GWAPI__FAULT_DROPS)
        d->undecodable = outer;
    memcpy(slot(row, object), &items, sizeof items);
    memcpy((char *)object + row->also, &kept, sizeof kept);
    return r;
}
