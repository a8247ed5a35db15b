/* Chains of selections: variable.field[index].?field. */
#include "base/slice.h"
#include "cel/step.h"

void gwapi__cel_run_variable(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                             const gwapi__cel_step *step)
{
    const gwapi__cel_attribute *a = (const gwapi__cel_attribute *)step;

    e->context->cost += a->cost;
    *out = e->variables[a->slot];
}

/* An optional passes through a variable as its contents alone. */
static gwapi__cel_value plain_optional(gwapi__cel_context *context, const gwapi__cel_value *v)
{
    const gwapi__cel_value *inner = v->as.optional;

    return inner != NULL && inner->tree ? gwapi__cel_some(context, gwapi__cel_untyped(*inner))
                                        : *v;
}

void gwapi__cel_run_local(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                          const gwapi__cel_step *step)
{
    const gwapi__cel_attribute *a = (const gwapi__cel_attribute *)step;

    e->context->cost += a->cost;
    *out = e->locals[a->slot];
    if (out->kind == GWAPI__CEL_OPTIONAL)
        *out = plain_optional(e->context, out);
}

/* The initial value of an accumulator, computed where the other locals may be in use. */
static void compute_lazy(gwapi__cel_evaluation *e, const gwapi__cel_attribute *a)
{
    gwapi__cel_value value, *saved = e->locals;

    e->locals = gwapi__arena_array(e->context->arena, e->local_count, sizeof *saved);
    if (e->locals == NULL) {
        value = gwapi__cel_no_memory(e->context);
    } else {
        memcpy(e->locals, saved, e->local_count * sizeof *saved);
        gwapi__cel_run_step(&value, e, a->step);
    }
    e->locals = saved;
    e->locals[a->slot] = value;
}

static void read_root(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                      const gwapi__cel_attribute *a)
{
    switch (a->root) {
    case GWAPI__CEL_ROOT_VARIABLE:
        *out = e->variables[a->slot];
        return;
    case GWAPI__CEL_ROOT_LAZY:
        if (e->locals[a->slot].kind == GWAPI__CEL_UNSET)
            compute_lazy(e, a);
        *out = e->locals[a->slot];
        return;
    case GWAPI__CEL_ROOT_LOCAL:
        *out = e->locals[a->slot];
        return;
    default:
        gwapi__cel_run_step(out, e, a->step);
        return;
    }
}

/* ---- one selection ---------------------------------------------------------------------- */

typedef enum found {
    ABSENT = 0,
    FOUND,
    FAILED /* *object is the error */
} found;

static gwapi__cel_value missing(gwapi__cel_context *context, const gwapi__cel_value *key)
{
    switch (key->kind) {
    case GWAPI__CEL_STRING:
        return gwapi__cel_fail(context, "no such key: %v", key->as.text);
    case GWAPI__CEL_INT:
        return gwapi__cel_fail(context, "no such key: %i", key->as.integer);
    case GWAPI__CEL_UINT:
        return gwapi__cel_fail(context, "no such key: %u", key->as.natural);
    case GWAPI__CEL_DOUBLE:
        return gwapi__cel_fail(context, "no such key: %d", key->as.number);
    default:
        return gwapi__cel_fail(context, "no such key: %s", key->as.boolean ? "true" : "false");
    }
}

/* The index that a number means in a list; false: none at all. */
static bool to_index(const gwapi__cel_value *key, int64_t *out)
{
    switch (key->kind) {
    case GWAPI__CEL_INT:
        *out = key->as.integer;
        return true;
    case GWAPI__CEL_UINT:
        *out = (int64_t)(key->as.natural & INT64_MAX);
        return key->as.natural <= INT64_MAX;
    case GWAPI__CEL_DOUBLE:
        if (!(key->as.number > -9223372036854775808.0 && key->as.number < 9223372036854775808.0))
            return false;
        *out = (int64_t)key->as.number;
        return (double)*out == key->as.number;
    default:
        return false;
    }
}

/* Lists of a declared type take int only. */
static bool index_allowed(const gwapi__cel_value *list, const gwapi__cel_value *key)
{
    return key->kind == GWAPI__CEL_INT || !list->tree ||
           list->as.tree.type == &gwapi__cel_list_dyn;
}

static found select_item(gwapi__cel_context *context, const gwapi__cel_value *key,
                         gwapi__cel_value *object, bool presence)
{
    int64_t index;

    if (!to_index(key, &index)) {
        *object = GWAPI__CEL_FAIL("unsupported index of a list");
        return FAILED;
    }
    if (index >= 0 && index < (int64_t)gwapi__cel_count(object)) {
        *object = index_allowed(object, key)
                      ? gwapi__cel_item(context, object, (uint32_t)index)
                      : GWAPI__CEL_FAIL("unsupported index of a list");
        return object->kind == GWAPI__CEL_ERROR ? FAILED : FOUND;
    }
    if (presence)
        return ABSENT;
    *object = gwapi__cel_fail(context, "index out of bounds: %i", index);
    return FAILED;
}

static found select_key(gwapi__cel_context *context, const gwapi__cel_value *key,
                        gwapi__cel_value *object, bool presence)
{
    gwapi__cel_value value;

    switch (object->kind) {
    case GWAPI__CEL_MAP:
    case GWAPI__CEL_OBJECT:
        if (gwapi__cel_find(context, object, key, &value)) {
            *object = value;
            return value.kind == GWAPI__CEL_ERROR ? FAILED : FOUND;
        }
        break;
    case GWAPI__CEL_LIST:
        return select_item(context, key, object, presence);
    default:
        break;
    }
    if (presence)
        return ABSENT;
    *object = missing(context, key);
    return FAILED;
}

static found select_field(gwapi__cel_context *context, const gwapi__cel_qualifier *q,
                          gwapi__cel_value *object, bool presence)
{
    const gwapi__node *node = gwapi__cel_member(context, object->as.tree.node, q->field->raw);

    if (node != NULL && node->type != GWAPI__NODE_NULL) {
        /* Asked for by has(), too: a tree may hold what its type does not allow. */
        *object = gwapi__cel_of_node(context, node, q->field->type);
        return object->kind == GWAPI__CEL_ERROR ? FAILED : FOUND;
    }
    if (presence)
        return ABSENT;
    *object = missing(context, &q->key);
    return FAILED;
}

/* What may stand in brackets. */
static bool is_index(const gwapi__cel_value *v)
{
    return (v->kind >= GWAPI__CEL_BOOL && v->kind <= GWAPI__CEL_STRING);
}

static found select_computed(gwapi__cel_evaluation *e, const gwapi__cel_qualifier *q,
                             gwapi__cel_value *object, bool presence)
{
    gwapi__cel_value key;

    gwapi__cel_run_step(&key, e, q->index);
    if (key.kind == GWAPI__CEL_ERROR) {
        *object = key;
        return FAILED;
    }
    if (!is_index(&key)) {
        *object = GWAPI__CEL_FAIL("unsupported index type");
        return FAILED;
    }
    return select_key(e->context, &key, object, presence);
}

static found select_one(gwapi__cel_evaluation *e, const gwapi__cel_qualifier *q,
                        gwapi__cel_value *object, bool optional)
{
    bool presence = optional || q->test;
    found f;

    if (q->field != NULL && object->kind == GWAPI__CEL_OBJECT)
        f = select_field(e->context, q, object, presence);
    else if (q->index != NULL)
        f = select_computed(e, q, object, presence);
    else
        f = select_key(e->context, &q->key, object, presence);
    e->context->cost += !optional || f == FOUND;
    return f;
}

/* ---- the chain -------------------------------------------------------------------------- */

/* Selects along the chain. After an optional step, absence makes none of it all. */
static found walk(gwapi__cel_value *object, gwapi__cel_evaluation *e,
                  const gwapi__cel_attribute *a, bool *optional)
{
    for (uint32_t i = 0; i < a->count; i++) {
        *optional = *optional || a->qualifiers[i].optional;
        found f = select_one(e, &a->qualifiers[i], object, *optional);
        if (f != FOUND)
            return f;
    }
    return FOUND;
}

/* Does the node hold what the type says, in a form that needs no reading? */
static inline bool is_plainly(const gwapi__node *node, const gwapi__cel_type *type)
{
    static const uint8_t plain[] = {
        [GWAPI__CEL_BOOL] = GWAPI__NODE_BOOL,     [GWAPI__CEL_INT] = GWAPI__NODE_INT,
        [GWAPI__CEL_STRING] = GWAPI__NODE_STRING, [GWAPI__CEL_LIST] = GWAPI__NODE_LIST,
        [GWAPI__CEL_MAP] = GWAPI__NODE_MAP,       [GWAPI__CEL_OBJECT] = GWAPI__NODE_MAP,
    };

    return node->type != GWAPI__NODE_NULL && type->kind < sizeof plain &&
           plain[type->kind] == node->type;
}

/* The value of a node that plainly is what its type says. */
static inline void set_plain(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                             const gwapi__node *node, const gwapi__cel_type *type)
{
    if (node->type == GWAPI__NODE_STRING)
        *out = gwapi__cel_of_string(node->as.string);
    else
        *out = gwapi__cel_of_node(e->context, node, type);
}

static inline const gwapi__cel_value *named_root(const gwapi__cel_evaluation *e,
                                                 const gwapi__cel_attribute *a)
{
    return a->root == GWAPI__CEL_ROOT_VARIABLE ? &e->variables[a->slot] : &e->locals[a->slot];
}

/* The short way down the tree for declared fields that are there, of the types declared, as
 * nearly always: no value is made on the way. False: nothing was done. */
static bool walk_fields(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                        const gwapi__cel_attribute *a)
{
    const gwapi__cel_value *root = named_root(e, a);
    const gwapi__node *node = root->as.tree.node;
    const gwapi__cel_type *type = NULL;

    if (root->kind != GWAPI__CEL_OBJECT)
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        type = a->qualifiers[i].field->type;
        node = gwapi__cel_member(e->context, node, a->qualifiers[i].field->raw);
        if (node == NULL && a->test && i + 1 == a->count)
            break;
        if (node == NULL || !is_plainly(node, type))
            return false;
    }
    e->context->cost += a->cost + a->count;
    if (a->test)
        *out = gwapi__cel_of_bool(node != NULL);
    else
        set_plain(out, e, node, type);
    return true;
}

/* The one field of an attribute that has no more, if the root has it, as walk_fields; NULL: not
 * there, or not as declared. *seen: whether it can be told at all. */
static inline const gwapi__node *plain_field(gwapi__cel_evaluation *e,
                                             const gwapi__cel_attribute *a, bool *seen)
{
    const gwapi__cel_value *root = named_root(e, a);
    const gwapi__cel_field *field = a->qualifiers[0].field;

    *seen = root->kind == GWAPI__CEL_OBJECT;
    if (!*seen)
        return NULL;
    const gwapi__node *node = gwapi__cel_member(e->context, root->as.tree.node, field->raw);
    if (node != NULL && !is_plainly(node, field->type)) {
        *seen = false;
        return NULL;
    }
    return node;
}

/* variable.field, the most frequent of all. */
void gwapi__cel_run_field(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                          const gwapi__cel_step *step)
{
    const gwapi__cel_attribute *a = (const gwapi__cel_attribute *)step;
    bool seen;
    const gwapi__node *node = plain_field(e, a, &seen);

    if (node == NULL) {
        gwapi__cel_run_attribute(out, e, step);
        return;
    }
    e->context->cost += a->cost + 1;
    set_plain(out, e, node, a->qualifiers[0].field->type);
}

/* has(variable.field) */
void gwapi__cel_run_has_field(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                              const gwapi__cel_step *step)
{
    const gwapi__cel_attribute *a = (const gwapi__cel_attribute *)step;
    bool seen;
    const gwapi__node *node = plain_field(e, a, &seen);

    if (!seen) {
        gwapi__cel_run_attribute(out, e, step);
        return;
    }
    e->context->cost += a->cost + 1;
    *out = gwapi__cel_of_bool(node != NULL);
}

void gwapi__cel_run_attribute(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                              const gwapi__cel_step *step)
{
    const gwapi__cel_attribute *a = (const gwapi__cel_attribute *)step;
    bool optional = false;
    found f = FOUND;

    if (a->fields && walk_fields(out, e, a))
        return;
    e->context->cost += a->cost;
    read_root(out, e, a);
    if (out->kind == GWAPI__CEL_ERROR)
        return;
    if (out->kind == GWAPI__CEL_OPTIONAL) {
        optional = true;
        f = out->as.optional != NULL ? FOUND : ABSENT;
        if (f == FOUND)
            *out = gwapi__cel_untyped(*out->as.optional);
    }
    if (f == FOUND)
        f = walk(out, e, a, &optional);
    if (f == FAILED)
        return;
    if (a->test)
        *out = gwapi__cel_of_bool(f == FOUND);
    else if (f == ABSENT)
        *out = gwapi__cel_none();
    else if (optional)
        *out = gwapi__cel_some(e->context, *out);
}
