/*
 * Header modifiers, composed: the rule's filters in list order, then the backendRef's, CORS at its
 * place. Each modifier is carried out set, add, remove; for every name the last set or removal
 * counts, and what is added after it. All of it is read from the image each time: there is no
 * memory to keep it in, and a rule has few operations.
 */
#include "match/headers.h"

#include "base/result.h"

void gwapi__headers_prepare(gwapi__header_source *out, const gwapi_decision *decision,
                            const gwapi_request *request, uint32_t backend,
                            gwapi_header_side side)
{
    const gwapi_snapshot *s = decision->snapshot;
    const gwapi__image_filter *f;
    bool own;

    out->side = side;
    out->cors[0].count = out->cors[1].count = 0;
    gwapi__filters_begin(&out->filters, decision, backend);
    if (side == GWAPI_HEADERS_REQUEST)
        return;
    gwapi__filter_walk walk = out->filters;
    while ((f = gwapi__filters_next(&walk, &own)) != NULL) {
        if (f->type != GWAPI__IMAGE_FILTER_CORS)
            continue;
        gwapi__cors cors;
        gwapi__cors_evaluate(&cors, s, gwapi__image_CORS(s, f->item), request);
        out->cors[own].count = gwapi__cors_ops(&cors, s, out->cors[own].ops);
    }
}

gwapi__header_cursor gwapi__headers_begin(const gwapi__header_source *source)
{
    return (gwapi__header_cursor){.source = source, .filters = source->filters};
}

/* Moves to the next filter that changes headers on this side. */
static bool next_filter(gwapi__header_cursor *c)
{
    const gwapi_snapshot *s = c->filters.snapshot;
    bool request = c->source->side == GWAPI_HEADERS_REQUEST;
    uint32_t modifier = request ? GWAPI__IMAGE_FILTER_REQUEST_HEADERS
                                : GWAPI__IMAGE_FILTER_RESPONSE_HEADERS;
    const gwapi__image_filter *f;
    bool own;

    c->next = 0;
    while ((f = gwapi__filters_next(&c->filters, &own)) != NULL) {
        if (f->type == modifier) {
            c->ops = gwapi__image_MODIFIER(s, f->item)->ops;
            c->cors = NULL;
            return true;
        }
        if (f->type == GWAPI__IMAGE_FILTER_CORS && !request) {
            c->cors = &c->source->cors[own];
            return true;
        }
    }
    return false;
}

bool gwapi__headers_next(gwapi__header_cursor *c, gwapi_header_op *op)
{
    while (c->next >= (c->cors != NULL ? c->cors->count : c->ops.count))
        if (!next_filter(c))
            return false;
    if (c->cors != NULL) {
        *op = c->cors->ops[c->next++];
        return true;
    }
    const gwapi_snapshot *s = c->filters.snapshot;
    const gwapi__image_header_op *o = gwapi__image_HEADER_OP(s, c->ops.first + c->next++);
    *op = (gwapi_header_op){o->action, 0, gwapi__image_str(s, o->name),
                            gwapi__image_str(s, o->value)};
    return true;
}

/* What becomes of a name, seen from one operation on it. */
typedef struct fate {
    gwapi_str spelling;  /* as first written */
    bool removed_before; /* the last operation before this one is a removal */
    bool reset_later;    /* a set or removal comes after it */
    bool named_later;    /* any operation does */
} fate;

static fate fate_of(const gwapi__header_source *source, size_t place, gwapi_str name)
{
    gwapi__header_cursor cursor = gwapi__headers_begin(source);
    fate f = {.spelling = {NULL, 0}};
    gwapi_header_op op;

    for (size_t i = 0; gwapi__headers_next(&cursor, &op); i++) {
        if (!gwapi__str_eq_nocase(op.name, name))
            continue;
        if (f.spelling.data == NULL)
            f.spelling = op.name;
        if (i < place) {
            f.removed_before = op.action == GWAPI_HEADER_REMOVE;
        } else if (i > place) {
            f.named_later = true;
            f.reset_later = f.reset_later || op.action != GWAPI_HEADER_ADD;
        }
    }
    return f;
}

/* What the operation at a place comes to in the end; false if a later one says it all. */
static bool compose(gwapi_header_op *op, const gwapi__header_source *source, size_t place)
{
    fate f = fate_of(source, place, op->name);

    if (f.reset_later || (f.named_later && op->action == GWAPI_HEADER_REMOVE))
        return false;
    /* The first line added after a removal takes the place of all there were. */
    if (op->action == GWAPI_HEADER_ADD && f.removed_before)
        op->action = GWAPI_HEADER_SET;
    op->name = f.spelling;
    return true;
}

gwapi_result gwapi_decision_header_ops(const gwapi_decision *decision,
                                       const gwapi_request *request, uint32_t backend,
                                       gwapi_header_side side, gwapi_header_op *ops,
                                       size_t capacity, size_t *count)
{
    gwapi__header_source source;
    gwapi_request r;
    gwapi_header_op op;

    if (!gwapi__decision_usable(decision) || count == NULL || side > GWAPI_HEADERS_RESPONSE ||
        (ops == NULL && capacity != 0))
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__request_in(&r, request));
    gwapi__headers_prepare(&source, decision, &r, backend, side);
    *count = 0;
    for (gwapi_header_action action = GWAPI_HEADER_SET; action <= GWAPI_HEADER_REMOVE; action++) {
        gwapi__header_cursor cursor = gwapi__headers_begin(&source);
        for (size_t i = 0; gwapi__headers_next(&cursor, &op); i++) {
            if (!compose(&op, &source, i) || op.action != action)
                continue;
            if (*count < capacity)
                ops[*count] = op;
            ++*count;
        }
    }
    return *count <= capacity ? GWAPI_OK : GWAPI_EBUFFER;
}

bool gwapi__header_survives(const gwapi__header_source *source, size_t place,
                            const gwapi_header_op *op)
{
    return op->action != GWAPI_HEADER_REMOVE && !fate_of(source, place, op->name).reset_later;
}

bool gwapi__header_kept(const gwapi__header_source *source, gwapi_str name)
{
    gwapi__header_cursor cursor = gwapi__headers_begin(source);
    gwapi_header_op op;

    while (gwapi__headers_next(&cursor, &op))
        if (op.action != GWAPI_HEADER_ADD && gwapi__str_eq_nocase(op.name, name))
            return false;
    return true;
}
