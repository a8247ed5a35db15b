/* The policy in force, from the image: an index that the backend has, nothing is searched. */
#include <gatewayapi/tls.h>

#include "base/struct.h"
#include "match/rule.h"

static void fill(gwapi_tls_policy *info, const gwapi_snapshot *s, uint32_t index,
                 const gwapi__image_gateway *gateway)
{
    const gwapi__image_tls_policy *policy = gwapi__image_TLS_POLICY(s, index);

    info->policy = index;
    info->namespace_ = gwapi__image_str(s, policy->namespace_);
    info->name = gwapi__image_str(s, policy->name);
    info->sni = gwapi__image_str(s, policy->hostname);
    info->well_known = gwapi__image_str(s, policy->well_known);
    info->name_count = policy->names.count;
    info->bundle_count = policy->bundles.count;
    info->option_count = policy->options.count;
    if (gateway != NULL)
        info->client_certificate = gateway->client_certificate;
}

#define NO_POLICY                                                                              \
    {                                                                                          \
        .struct_size = sizeof(gwapi_tls_policy), .policy = GWAPI_NONE,                         \
        .client_certificate = GWAPI_NONE                                                       \
    }

gwapi_result gwapi_tls_target(const gwapi_decision *decision, uint32_t backend,
                              gwapi_tls_policy *out)
{
    gwapi_tls_policy info = NO_POLICY;

    if (!gwapi__decision_usable(decision) ||
        backend >= gwapi__image_count(decision->snapshot, GWAPI__SECTION_BACKEND))
        return GWAPI_EARGUMENT;
    const gwapi__image_backend *b = gwapi__image_BACKEND(decision->snapshot, backend);
    if (gwapi__backend_policy(decision, b) != NULL) {
        fill(&info, decision->snapshot,
             gwapi__backend_target(decision->snapshot, b)->tls_policy,
             gwapi__decision_gateway(decision));
        info.fault = gwapi__backend_fault_here(decision, b);
    }
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

gwapi_result gwapi_tls_backend(const gwapi_decision *decision, size_t i, gwapi_tls_policy *out)
{
    const gwapi_tls_policy none = NO_POLICY;

    if (i >= gwapi_decision_backend_count(decision))
        return GWAPI_EARGUMENT;
    uint32_t backend = gwapi_decision_backend_index(decision, i);
    /* Of the mesh a Service port itself: no policy applies. */
    return backend != GWAPI_NONE ? gwapi_tls_target(decision, backend, out)
                                 : gwapi__struct_out(out, &none, sizeof none, sizeof none);
}

gwapi_result gwapi_tls_between(const gwapi_snapshot *s, uint32_t gateway, uint32_t backend,
                               gwapi_tls_policy *out)
{
    gwapi_tls_policy info = NO_POLICY;

    if (s == NULL || gateway >= gwapi__image_count(s, GWAPI__SECTION_GATEWAY) ||
        backend >= gwapi__image_count(s, GWAPI__SECTION_BACKEND))
        return GWAPI_EARGUMENT;
    const gwapi__image_gateway *g = gwapi__image_GATEWAY(s, gateway);
    const gwapi__image_target *to = gwapi__backend_target(s, gwapi__image_BACKEND(s, backend));
    if (to->tls_policy != GWAPI__IMAGE_NONE) {
        fill(&info, s, to->tls_policy, g);
        info.fault = to->fault;
        if (info.fault == GWAPI_BACKEND_FAULT_NONE && g->client_certificate_invalid != 0)
            info.fault = GWAPI_BACKEND_FAULT_INVALID_CLIENT_CERTIFICATE;
    }
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

/* ---- its lists ----------------------------------------------------------------------- */

size_t gwapi_tls_policy_count(const gwapi_snapshot *s)
{
    return s != NULL ? gwapi__image_count(s, GWAPI__SECTION_TLS_POLICY) : 0;
}

gwapi_result gwapi_tls_policy_at(const gwapi_snapshot *s, uint32_t policy, gwapi_tls_policy *out)
{
    gwapi_tls_policy info = NO_POLICY;

    if (policy >= gwapi_tls_policy_count(s))
        return GWAPI_EARGUMENT;
    fill(&info, s, policy, NULL);
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

static const gwapi__image_tls_policy *policy_of(const gwapi_snapshot *s, uint32_t policy)
{
    return policy < gwapi_tls_policy_count(s) ? gwapi__image_TLS_POLICY(s, policy) : NULL;
}

gwapi_result gwapi_tls_name_at(const gwapi_snapshot *s, uint32_t policy, size_t j,
                               gwapi_tls_name *out)
{
    const gwapi__image_tls_policy *p = policy_of(s, policy);

    if (p == NULL || j >= p->names.count)
        return GWAPI_EARGUMENT;
    const gwapi__image_subject_name *name =
        gwapi__image_SUBJECT_NAME(s, p->names.first + (uint32_t)j);
    gwapi_tls_name info = {.struct_size = sizeof info,
                           .uri = name->uri,
                           .value = gwapi__image_str(s, name->value)};
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

gwapi_result gwapi_tls_bundle_at(const gwapi_snapshot *s, uint32_t policy, size_t j,
                                 uint32_t *bundle)
{
    const gwapi__image_tls_policy *p = policy_of(s, policy);

    if (p == NULL || j >= p->bundles.count || bundle == NULL)
        return GWAPI_EARGUMENT;
    *bundle = *gwapi__image_BUNDLE_INDEX(s, p->bundles.first + (uint32_t)j);
    return GWAPI_OK;
}

gwapi_result gwapi_tls_option_at(const gwapi_snapshot *s, uint32_t policy, size_t j,
                                 gwapi_named_text *out)
{
    const gwapi__image_tls_policy *p = policy_of(s, policy);

    if (p == NULL || j >= p->options.count || out == NULL)
        return GWAPI_EARGUMENT;
    const gwapi__image_option *option = gwapi__image_OPTION(s, p->options.first + (uint32_t)j);
    *out = (gwapi_named_text){gwapi__image_str(s, option->name),
                              gwapi__image_str(s, option->value)};
    return GWAPI_OK;
}
