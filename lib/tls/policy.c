#include <gatewayapi/tls.h>

#include "base/struct.h"
#include "match/rule.h"

/* The policy of a backendRef, NULL without one or beyond the end. */
static const gwapi__image_tls_policy *policy_of(const gwapi_decision *decision, size_t i)
{
    const gwapi__image_backend *backend =
        gwapi__decision_usable(decision) ? gwapi__decision_backend(decision, i) : NULL;

    return backend != NULL ? gwapi__backend_policy(decision, backend) : NULL;
}

gwapi_result gwapi_tls_backend(const gwapi_decision *decision, size_t i, gwapi_tls_policy *out)
{
    gwapi_tls_policy info = {.struct_size = sizeof info, .client_certificate = GWAPI_NONE};

    if (i >= gwapi_decision_backend_count(decision))
        return GWAPI_EARGUMENT;
    const gwapi__image_tls_policy *policy = policy_of(decision, i);
    if (policy != NULL) {
        const gwapi_snapshot *s = decision->snapshot;
        const gwapi__image_gateway *gateway = gwapi__decision_gateway(decision);
        info.present = 1;
        info.fault = gwapi__backend_fault_here(decision, gwapi__decision_backend(decision, i));
        info.namespace_ = gwapi__image_str(s, policy->namespace_);
        info.name = gwapi__image_str(s, policy->name);
        info.sni = gwapi__image_str(s, policy->hostname);
        info.well_known = gwapi__image_str(s, policy->well_known);
        info.name_count = policy->names.count;
        info.bundle_count = policy->bundles.count;
        info.option_count = policy->options.count;
        if (gateway != NULL)
            info.client_certificate = gateway->client_certificate;
    }
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

gwapi_result gwapi_tls_name_at(const gwapi_decision *decision, size_t i, size_t j,
                               gwapi_tls_name *out)
{
    const gwapi__image_tls_policy *policy = policy_of(decision, i);

    if (policy == NULL || j >= policy->names.count)
        return GWAPI_EARGUMENT;
    const gwapi__image_subject_name *name =
        gwapi__image_SUBJECT_NAME(decision->snapshot, policy->names.first + (uint32_t)j);
    gwapi_tls_name info = {.struct_size = sizeof info,
                           .uri = name->uri,
                           .value = gwapi__image_str(decision->snapshot, name->value)};
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

gwapi_result gwapi_tls_bundle_at(const gwapi_decision *decision, size_t i, size_t j,
                                 uint32_t *bundle)
{
    const gwapi__image_tls_policy *policy = policy_of(decision, i);

    if (policy == NULL || j >= policy->bundles.count || bundle == NULL)
        return GWAPI_EARGUMENT;
    *bundle = *gwapi__image_BUNDLE_INDEX(decision->snapshot, policy->bundles.first + (uint32_t)j);
    return GWAPI_OK;
}

gwapi_result gwapi_tls_option_at(const gwapi_decision *decision, size_t i, size_t j,
                                 gwapi_named_text *out)
{
    const gwapi__image_tls_policy *policy = policy_of(decision, i);

    if (policy == NULL || j >= policy->options.count || out == NULL)
        return GWAPI_EARGUMENT;
    const gwapi__image_option *option =
        gwapi__image_OPTION(decision->snapshot, policy->options.first + (uint32_t)j);
    *out = (gwapi_named_text){gwapi__image_str(decision->snapshot, option->name),
                              gwapi__image_str(decision->snapshot, option->value)};
    return GWAPI_OK;
}
