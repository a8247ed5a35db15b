#include "model/resource.h"

#include "base/result.h"
#include "model/shapes.h"

/* The shape of each kind; none: the identity is all that counts. */
static const gwapi__shape *const shapes[GWAPI__KIND_COUNT] = {
    [GWAPI__KIND_GATEWAY_CLASS] = &gwapi__shape_gateway_class,
    [GWAPI__KIND_GATEWAY] = &gwapi__shape_gateway,
    [GWAPI__KIND_HTTP_ROUTE] = &gwapi__shape_http_route,
    [GWAPI__KIND_GRPC_ROUTE] = &gwapi__shape_grpc_route,
    [GWAPI__KIND_TLS_ROUTE] = &gwapi__shape_l4_route,
    [GWAPI__KIND_TCP_ROUTE] = &gwapi__shape_l4_route,
    [GWAPI__KIND_UDP_ROUTE] = &gwapi__shape_l4_route,
    [GWAPI__KIND_REFERENCE_GRANT] = &gwapi__shape_grant,
    [GWAPI__KIND_BACKEND_TLS_POLICY] = &gwapi__shape_tls_policy,
    [GWAPI__KIND_BACKEND_TRAFFIC_POLICY] = &gwapi__shape_traffic_policy,
    [GWAPI__KIND_LISTENER_SET] = &gwapi__shape_listener_set,
    [GWAPI__KIND_MESH] = &gwapi__shape_gateway_class,
    [GWAPI__KIND_SERVICE] = &gwapi__shape_service,
    [GWAPI__KIND_SECRET] = &gwapi__shape_secret,
    [GWAPI__KIND_CONFIG_MAP] = &gwapi__shape_config_map,
};

gwapi__resource *gwapi__resource_retain(gwapi__resource *resource)
{
    atomic_fetch_add_explicit(&resource->references, 1, memory_order_relaxed);
    return resource;
}

void gwapi__resource_release(gwapi__resource *resource)
{
    if (resource == NULL ||
        atomic_fetch_sub_explicit(&resource->references, 1, memory_order_acq_rel) != 1)
        return;
    gwapi__arena arena = resource->arena; /* which holds the resource itself */
    gwapi__arena_free(&arena);
}

static const gwapi__row meta_row =
    GWAPI__PART("metadata", gwapi__resource, meta, gwapi__shape_meta);
static const gwapi__row status_row =
    GWAPI__PART("status", gwapi__resource, status, gwapi__shape_status);

/* The names of the kind; what the schema room owns may die before the resource. */
static bool name_kind(gwapi__resource *r, gwapi__arena *arena, const gwapi__kind_info *info)
{
    r->kind = gwapi__resource_kind_of(info->group, info->kind);
    if (!gwapi__arena_copy(arena, info->version, &r->version))
        return false;
    if (r->kind == GWAPI__KIND_OTHER)
        return gwapi__arena_copy(arena, info->group, &r->group) &&
               gwapi__arena_copy(arena, info->kind, &r->kind_name);
    r->group = gwapi__resource_kind_group(r->kind);
    r->kind_name = gwapi__resource_kind_name(r->kind);
    return true;
}

static bool has_name(const gwapi__node *metadata)
{
    return gwapi__node_get_str(metadata, GWAPI__STR("name")).len != 0 ||
           gwapi__node_get_str(metadata, GWAPI__STR("generateName")).len != 0;
}

static gwapi_result decode_identity(gwapi__decoder *d, gwapi__resource *r,
                                    const gwapi__decode_input *input)
{
    const gwapi__node *metadata = gwapi__decode_member(input->root, GWAPI__STR("metadata"));

    GWAPI__TRY(gwapi__decode_row(d, &meta_row, input->root, r));
    if (!has_name(metadata))
        return GWAPI_EINVALID;
    if (!input->info->namespaced)
        r->meta.namespace_ = GWAPI__STR("");
    r->line = input->line;
    return name_kind(r, d->arena, input->info) &&
                   gwapi__arena_copy(d->arena, input->file, &r->file)
               ? GWAPI_OK
               : GWAPI_ENOMEM;
}

/* What is wrong outside of rules is wrong for all of them: hostnames that cannot be read must
 * not become any hostname. */
static gwapi_result spoil_rules(gwapi__arena *arena, gwapi__route *route)
{
    gwapi__rule *rules = gwapi__arena_array(arena, route->rule_count, sizeof *rules);

    if (rules == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < route->rule_count; i++) {
        rules[i] = route->rules[i];
        rules[i].undecodable = true;
    }
    route->rules = rules;
    return GWAPI_OK;
}

static gwapi_result spoil_listeners(gwapi__arena *arena, const gwapi__listener **listeners,
                                    size_t count)
{
    gwapi__listener *spoilt = gwapi__arena_array(arena, count, sizeof *spoilt);

    if (spoilt == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        spoilt[i] = (*listeners)[i];
        spoilt[i].undecodable = true;
    }
    *listeners = spoilt;
    return GWAPI_OK;
}

static gwapi_result spoil(gwapi__arena *arena, gwapi__resource_kind kind, void *body)
{
    gwapi__gateway *gateway = body;
    gwapi__listener_set *set = body;

    if (gwapi__is_route(kind))
        return spoil_rules(arena, body);
    if (kind == GWAPI__KIND_GATEWAY)
        return spoil_listeners(arena, &gateway->listeners, gateway->listener_count);
    if (kind == GWAPI__KIND_LISTENER_SET)
        return spoil_listeners(arena, &set->listeners, set->listener_count);
    return GWAPI_OK;
}

static gwapi_result decode_body(gwapi__decoder *d, gwapi__resource *r, const gwapi__node *root)
{
    const gwapi__shape *shape = shapes[r->kind];
    void *body = NULL;

    r->undecodable = d->undecodable;
    if (shape == NULL)
        return GWAPI_OK;
    GWAPI__TRY(gwapi__decode_new(d, shape, root, &body));
    r->as.any = body;
    r->undecodable = d->undecodable;
    if (d->undecodable)
        GWAPI__TRY(spoil(d->arena, r->kind, body));
    /* A status that cannot be read is written anew: no one needs to hear of it. */
    d->listener = NULL;
    return gwapi__decode_row(d, &status_row, root, r);
}

static gwapi_result decode_into(gwapi__arena *arena, gwapi__resource **out,
                                const gwapi__decode_input *input)
{
    gwapi__decoder d = {
        .arena = arena, .copies = !input->keep_source, .listener = input->listener};
    gwapi__resource *r = GWAPI__ARENA_NEW(arena, gwapi__resource);

    if (r == NULL)
        return GWAPI_ENOMEM;
    atomic_init(&r->references, 1);
    GWAPI__TRY(decode_identity(&d, r, input));
    GWAPI__TRY(decode_body(&d, r, input->root));
    *out = r;
    return GWAPI_OK;
}

/* Of an object that a schema found valid, so it has a name. */
static gwapi_result copy_identity(gwapi__resource **out, const gwapi__decode_input *input)
{
    const gwapi__node *metadata = gwapi__node_get(input->root, GWAPI__STR("metadata"));
    const gwapi__kind_info *info = input->info;
    gwapi_str ns = info->namespaced ? gwapi__node_get_str(metadata, GWAPI__STR("namespace"))
                                    : GWAPI__STR("");
    gwapi__resource *r = GWAPI__ARENA_NEW(input->identities, gwapi__resource);

    if (r == NULL ||
        !gwapi__arena_copy(input->identities,
                           gwapi__node_get_str(metadata, GWAPI__STR("name")),
                           &r->meta.name) ||
        !gwapi__arena_copy(input->identities, ns, &r->meta.namespace_))
        return GWAPI_ENOMEM;
    atomic_init(&r->references, 1);
    gwapi__arena_init(&r->arena, &input->arena->allocator); /* with nothing in it */
    r->kind = gwapi__resource_kind_of(info->group, info->kind);
    r->group = info->group;
    r->version = info->version;
    r->kind_name = info->kind;
    r->file = input->file;
    r->line = input->line;
    *out = r;
    return GWAPI_OK;
}

gwapi_result gwapi__resource_decode(gwapi__resource **out, const gwapi__decode_input *input)
{
    gwapi__arena own;
    gwapi__arena *arena = input->keep_source ? input->arena : &own;
    gwapi__resource *resource = NULL;

    *out = NULL;
    if (input->identities != NULL)
        return copy_identity(out, input);
    gwapi__arena_init(&own, &input->arena->allocator);
    own.secret = input->arena->secret;
    gwapi_result r = decode_into(arena, &resource, input);
    if (r != GWAPI_OK) {
        gwapi__arena_free(&own);
        return r;
    }
    if (input->keep_source)
        resource->source = input->root;
    resource->arena = *arena;
    if (input->keep_source)
        gwapi__arena_init(input->arena, &resource->arena.allocator);
    *out = resource;
    return GWAPI_OK;
}
