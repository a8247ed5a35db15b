/* Orders that precedence and the image's lists need. */
#include "compile/compiler.h"

static char joined_byte(const gwapi__meta *m, size_t i)
{
    if (i < m->namespace_.len)
        return m->namespace_.data[i];
    return i == m->namespace_.len ? '/' : m->name.data[i - m->namespace_.len - 1];
}

int gwapi__order_joined(const gwapi__meta *a, const gwapi__meta *b)
{
    size_t a_len = a->namespace_.len + 1 + a->name.len;
    size_t b_len = b->namespace_.len + 1 + b->name.len;

    if (gwapi__str_eq(a->namespace_, b->namespace_))
        return gwapi__str_cmp(a->name, b->name);
    for (size_t i = 0; i < a_len && i < b_len; i++) {
        int order = (unsigned char)joined_byte(a, i) - (unsigned char)joined_byte(b, i);
        if (order != 0)
            return order;
    }
    return (a_len > b_len) - (a_len < b_len);
}

int gwapi__order_parts(const gwapi__meta *a, const gwapi__meta *b)
{
    int order = gwapi__str_cmp(a->namespace_, b->namespace_);

    return order != 0 ? order : gwapi__str_cmp(a->name, b->name);
}

static int order_kinds(const gwapi__resource *a, const gwapi__resource *b)
{
    return (a->kind > b->kind) - (a->kind < b->kind);
}

static int order_created(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int gwapi__order_age(const gwapi__resource *a, const gwapi__resource *b)
{
    int order = order_created(a->meta.created, b->meta.created);

    if (order == 0)
        order = gwapi__order_joined(&a->meta, &b->meta);
    return order != 0 ? order : order_kinds(a, b);
}

static const gwapi__resource *gateway_at(const gwapi__compiler *c, uint32_t index)
{
    return c->t.gateways[index]->gateway.resource;
}

static const gwapi__resource *route_at(const gwapi__compiler *c, uint32_t index)
{
    return c->t.routes[index]->resource;
}

static int order_routes_by_key(const void *a, const void *b, void *ctx)
{
    const gwapi__resource *x = route_at(ctx, *(const uint32_t *)a);
    const gwapi__resource *y = route_at(ctx, *(const uint32_t *)b);
    int order = order_kinds(x, y);

    return order != 0 ? order : gwapi__order_parts(&x->meta, &y->meta);
}

/* They come in that order already, nearly (topology.h). */
static gwapi_result order_routes(gwapi__compiler *c)
{
    size_t count = c->t.route_count;

    c->route_order = gwapi__compile_array(c, count, sizeof *c->route_order);
    GWAPI__TRY(c->builder.failure);
    for (size_t i = 0; i < count; i++)
        c->route_order[i] = (uint32_t)i;
    return gwapi__sort(&c->allocator, c->route_order, count, sizeof *c->route_order,
                       order_routes_by_key, c)
               ? GWAPI_OK
               : GWAPI_ENOMEM;
}

/* An object by its age, which nearly always tells which is older. */
typedef struct aged {
    int64_t created;
    const gwapi__resource *resource;
    uint32_t index;
} aged;

static int order_aged(const void *a, const void *b, void *ctx)
{
    const aged *x = a, *y = b;
    int order = order_created(x->created, y->created);

    (void)ctx;
    return order != 0 ? order : gwapi__order_age(x->resource, y->resource);
}

/* The place of each index 0 .. count - 1 by age. */
static gwapi_result rank_by_age(gwapi__compiler *c, size_t count,
                                const gwapi__resource *(*at)(const gwapi__compiler *, uint32_t),
                                uint32_t **ranks)
{
    aged *all = gwapi__compile_array(c, count, sizeof *all);

    *ranks = gwapi__compile_array(c, count, sizeof **ranks);
    GWAPI__TRY(c->builder.failure);
    for (uint32_t i = 0; i < count; i++)
        all[i] = (aged){at(c, i)->meta.created, at(c, i), i};
    if (!gwapi__sort(&c->allocator, all, count, sizeof *all, order_aged, NULL))
        return GWAPI_ENOMEM;
    for (uint32_t i = 0; i < count; i++)
        (*ranks)[all[i].index] = i;
    return GWAPI_OK;
}

gwapi_result gwapi__compile_order(gwapi__compiler *c)
{
    const gwapi__numbered *t = &c->t;

    GWAPI__TRY(rank_by_age(c, t->gateway_count, gateway_at, &c->gateway_rank));
    GWAPI__TRY(rank_by_age(c, t->route_count, route_at, &c->route_rank));
    return order_routes(c);
}
