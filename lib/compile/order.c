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

int gwapi__order_age(const gwapi__resource *a, const gwapi__resource *b)
{
    if (a->meta.created != b->meta.created)
        return a->meta.created < b->meta.created ? -1 : 1;
    int order = gwapi__order_joined(&a->meta, &b->meta);
    return order != 0 ? order : order_kinds(a, b);
}

static const gwapi__resource *gateway_at(const void *index, void *ctx)
{
    const gwapi__compiler *c = ctx;
    return c->t.gateways[*(const uint32_t *)index]->gateway.resource;
}

static const gwapi__resource *route_at(const void *index, void *ctx)
{
    const gwapi__compiler *c = ctx;
    return c->t.routes[*(const uint32_t *)index]->resource;
}

static int order_gateways_by_age(const void *a, const void *b, void *ctx)
{
    return gwapi__order_age(gateway_at(a, ctx), gateway_at(b, ctx));
}

static int order_routes_by_age(const void *a, const void *b, void *ctx)
{
    return gwapi__order_age(route_at(a, ctx), route_at(b, ctx));
}

static int order_routes_by_key(const void *a, const void *b, void *ctx)
{
    const gwapi__resource *x = route_at(a, ctx), *y = route_at(b, ctx);
    int order = order_kinds(x, y);

    return order != 0 ? order : gwapi__order_parts(&x->meta, &y->meta);
}

/* The indices 0 .. count - 1 in an order. */
static gwapi_result sorted_indices(gwapi__compiler *c, size_t count, gwapi__order order,
                                   uint32_t **out)
{
    uint32_t *indices = gwapi__compile_array(c, count, sizeof *indices);

    if (indices == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < count; i++)
        indices[i] = (uint32_t)i;
    if (!gwapi__sort(&c->allocator, indices, count, sizeof *indices, order, c))
        return GWAPI_ENOMEM;
    *out = indices;
    return GWAPI_OK;
}

/* The place of each index in an order. */
static gwapi_result ranks(gwapi__compiler *c, size_t count, gwapi__order order,
                          uint32_t **indices, uint32_t **out)
{
    uint32_t *rank = gwapi__compile_array(c, count, sizeof *rank);

    if (rank == NULL)
        return GWAPI_ENOMEM;
    GWAPI__TRY(sorted_indices(c, count, order, indices));
    for (size_t i = 0; i < count; i++)
        rank[(*indices)[i]] = (uint32_t)i;
    *out = rank;
    return GWAPI_OK;
}

gwapi_result gwapi__compile_order(gwapi__compiler *c)
{
    const gwapi__numbered *t = &c->t;
    uint32_t *gateways;

    GWAPI__TRY(ranks(c, t->gateway_count, order_gateways_by_age, &gateways, &c->gateway_rank));
    GWAPI__TRY(
        ranks(c, t->route_count, order_routes_by_age, &c->routes_by_age, &c->route_rank));
    return sorted_indices(c, t->route_count, order_routes_by_key, &c->route_order);
}
