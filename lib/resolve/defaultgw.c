/* Default Gateways (attachment.md §10, GEP-3793): as if each were listed in parentRefs. */
#include "resolve/resolver.h"

/* Does a parentRef of the route name the Gateway as a whole already? */
static bool named(const gwapi__resolver *r, size_t end, uint32_t gateway)
{
    for (size_t i = 0; i < end; i++) {
        const gwapi__parent_state *p = GWAPI__AT(&r->parents, gwapi__parent_state, i);
        if (p->type == GWAPI__PARENT_GATEWAY && p->at_hand == gateway &&
            p->ref.section_name.len == 0 && p->ref.port == 0)
            return true;
    }
    return false;
}

static gwapi__parent_state default_parent(const gwapi__resolver *r, uint32_t gateway)
{
    gwapi__resource *resource = r->w.gateways[gateway].resource;

    return (gwapi__parent_state){
        .type = GWAPI__PARENT_GATEWAY,
        .ref.ref = {GWAPI__STR(GWAPI__GROUP_GATEWAY), GWAPI__STR("Gateway"),
                    resource->meta.namespace_, resource->meta.name, GWAPI__KIND_GATEWAY},
        .controller = r->gateways[gateway].controller,
        .at_hand = gateway,
        .gateway = resource,
        .first_listener = r->w.first_listener[gateway],
        .listener_count = r->gateways[gateway].own_count,
    };
}

gwapi_result gwapi__add_default_parents(gwapi__resolver *r, const gwapi__resource *route)
{
    size_t end = r->parents.count;

    if (!r->experimental || !route->as.route->use_default_gateways)
        return GWAPI_OK;
    gwapi__see_defaults(r);
    GWAPI__TRY(gwapi__import_defaults(r));
    for (size_t i = 0; i < r->default_gateway_count; i++) {
        if (named(r, end, r->default_gateways[i]))
            continue;
        gwapi__parent_state *added = gwapi__vector_push(&r->parents);
        if (added == NULL)
            return GWAPI_ENOMEM;
        *added = default_parent(r, r->default_gateways[i]);
        gwapi__record_parent(r->recorder, route, &added->ref, GWAPI_NONE, true);
    }
    return GWAPI_OK;
}
