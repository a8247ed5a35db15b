/* GatewayClasses of ours, and which Gateways they make ours (attachment.md §1). */
#include "resolve/resolver.h"

static gwapi__identity class_identity(gwapi_str name)
{
    return (gwapi__identity){GWAPI__STR(GWAPI__GROUP_GATEWAY), GWAPI__STR("GatewayClass"),
                             GWAPI__STR(""), name};
}

/* ConfigMaps, Secrets and the host's own kinds are judged; other kinds are the business of
 * whoever defines them. */
static bool judged_kind(const gwapi__resolver *r, const gwapi__reference *ref, uint32_t *assume)
{
    *assume = ref->known == GWAPI__KIND_CONFIG_MAP ? GWAPI_ASSUME_CONFIG_MAP
              : ref->known == GWAPI__KIND_SECRET   ? GWAPI_ASSUME_SECRET
                                                   : 0;
    return *assume != 0 ||
           gwapi__extension_known(r, GWAPI_EXTENSION_PARAMETERS, ref->group, ref->kind);
}

gwapi_result gwapi__parameters_check(gwapi__resolver *r, const gwapi__reference *ref,
                                     gwapi_str namespace_, gwapi_str *wrong)
{
    gwapi__identity key = {ref->group, ref->kind, namespace_, ref->name};
    bool assumed = false;
    uint32_t assume;

    *wrong = (gwapi_str){NULL, 0};
    if (!judged_kind(r, ref, &assume))
        return GWAPI_OK;
    if (assume != 0 && namespace_.len == 0)
        return gwapi__message(wrong, gwapi__resolver_arena(r),
                              "parametersRef names %s %s without a namespace", ref->kind,
                              ref->name);
    if (gwapi__find(r, &key) != NULL)
        return GWAPI_OK;
    GWAPI__TRY(gwapi__assume(r, assume, &key, &assumed));
    if (assumed)
        return GWAPI_OK;
    return gwapi__message(wrong, gwapi__resolver_arena(r),
                          "parametersRef names %s %s%s%s, which does not exist", ref->kind,
                          namespace_, gwapi__str_of(namespace_.len != 0 ? "/" : ""), ref->name);
}

static gwapi_result judge_class(gwapi__resolver *r, gwapi__class_state *state)
{
    const gwapi__gateway_class *class = state->resource->as.gateway_class;
    gwapi_str wrong = {NULL, 0};

    state->accepted = gwapi__found(GWAPI__CLASS_ACCEPTED);
    if (!class->has_parameters)
        return GWAPI_OK;
    GWAPI__TRY(
        gwapi__parameters_check(r, &class->parameters, class->parameters.namespace_, &wrong));
    if (gwapi__str_present(wrong))
        state->accepted = (gwapi__finding){GWAPI__CLASS_INVALID_PARAMETERS, wrong};
    return GWAPI_OK;
}

gwapi_result gwapi__resolve_classes(gwapi__resolver *r)
{
    const gwapi__sorted *all = &r->kinds[GWAPI__KIND_GATEWAY_CLASS];

    r->classes = gwapi__arena_array(r->arena, all->count, sizeof *r->classes);
    if (r->classes == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < all->count; i++) {
        gwapi__resource *resource = all->items[i];
        if (gwapi__str_present(r->options->controller) &&
            !gwapi__str_eq(r->options->controller, resource->as.gateway_class->controller_name))
            continue;
        r->classes[r->class_count].resource = resource;
        GWAPI__TRY(judge_class(r, &r->classes[r->class_count++]));
    }
    return GWAPI_OK;
}

gwapi_result gwapi__index_classes(gwapi__resolver *r)
{
    for (size_t i = 0; i < r->class_count; i++) {
        const gwapi__resource *resource = r->classes[i].resource;
        gwapi__identity key = class_identity(resource->meta.name);
        uint32_t *at = gwapi__index_at(&r->by_name, &key);
        if (at == NULL || gwapi__map_add(&r->controllers,
                                         resource->as.gateway_class->controller_name) == NULL)
            return GWAPI_ENOMEM;
        *at = (uint32_t)i;
    }
    return GWAPI_OK;
}

/* A class that does not exist is ours when no controller is named, or when it is assumed. */
static gwapi_result missing_class(gwapi__resolver *r, const gwapi__identity *key, bool *ours)
{
    if (gwapi__find(r, key) != NULL)
        return GWAPI_OK; /* another controller's */
    if (gwapi__str_present(r->options->controller))
        return gwapi__assume(r, GWAPI_ASSUME_GATEWAY_CLASS, key, ours);
    *ours = true;
    return GWAPI_OK;
}

gwapi_result gwapi__gateway_is_ours(gwapi__resolver *r, const gwapi__resource *gateway,
                                    bool *ours, gwapi_str *controller)
{
    gwapi__identity key = class_identity(gateway->as.gateway->class_name);
    uint32_t i = gwapi__index_get(&r->by_name, &key);

    *ours = false;
    *controller = r->t->frame->controller;
    if (i == GWAPI_NONE)
        return missing_class(r, &key, ours);
    *controller = r->classes[i].resource->as.gateway_class->controller_name;
    *ours = r->classes[i].accepted.id == GWAPI__CLASS_ACCEPTED;
    return GWAPI_OK;
}
