/* The policy in force, from the image: an index that the backend has, nothing is searched. */
#include <gatewayapi/tls.h>

#include "base/struct.h"
#include "match/rule.h"

/* Reads all of it before it writes: `info` could be anywhere. */
static inline void fill(gwapi_tls_policy *info, const gwapi_snapshot *s, uint32_t index,
                        gwapi_backend_fault fault, uint32_t client_certificate)
{
    const gwapi__image_tls_policy policy = *gwapi__image_TLS_POLICY(s, index);
    gwapi_str namespace_ = gwapi__image_str(s, policy.namespace_);
    gwapi_str name = gwapi__image_str(s, policy.name);
    gwapi_str sni = gwapi__image_str(s, policy.hostname);
    gwapi_str well_known = gwapi__image_str(s, policy.well_known);

    *info = (gwapi_tls_policy){.struct_size = sizeof *info,
                               .policy = index,
                               .fault = fault,
                               .namespace_ = namespace_,
                               .name = name,
                               .sni = sni,
                               .well_known = well_known,
                               .name_count = policy.names.count,
                               .bundle_count = policy.bundles.count,
                               .option_count = policy.options.count,
                               .client_certificate = client_certificate};
}

/* Straight into the caller's struct when it is ours; nothing is on the way then. */
static inline gwapi_result tell(gwapi_tls_policy *out, const gwapi_snapshot *s, uint32_t index,
                                gwapi_backend_fault fault, uint32_t client_certificate)
{
    gwapi_tls_policy info;

    if (gwapi__struct_is(out, sizeof *out)) {
        fill(out, s, index, fault, client_certificate);
        return GWAPI_OK;
    }
    fill(&info, s, index, fault, client_certificate);
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

static gwapi_result tell_none(gwapi_tls_policy *out)
{
    static const gwapi_tls_policy none = {.struct_size = sizeof none,
                                          .policy = GWAPI_NONE,
                                          .client_certificate = GWAPI_NONE};

    return gwapi__struct_out(out, &none, sizeof none, sizeof none);
}

gwapi_result gwapi_tls_target(const gwapi_decision *decision, uint32_t backend,
                              gwapi_tls_policy *out)
{
    if (!gwapi__decision_usable(decision))
        return GWAPI_EARGUMENT;
    const gwapi_snapshot *s = decision->snapshot;
    if (backend >= gwapi__image_count(s, GWAPI__SECTION_BACKEND))
        return GWAPI_EARGUMENT;
    const gwapi__image_target *to = gwapi__backend_target(s, gwapi__image_BACKEND(s, backend));
    const gwapi__image_listener *listener = gwapi__decision_listener(decision);
    if (to->tls_policy == GWAPI__IMAGE_NONE ||
        (listener != NULL && listener->tls_mode == GWAPI_TLS_PASSTHROUGH))
        return tell_none(out);
    const gwapi__image_gateway *g =
        listener != NULL ? gwapi__image_GATEWAY(s, listener->gateway) : NULL;
    return tell(out, s, to->tls_policy, gwapi__target_fault(to, g),
                g != NULL ? g->client_certificate : GWAPI_NONE);
}

gwapi_result gwapi_tls_backend(const gwapi_decision *decision, size_t i, gwapi_tls_policy *out)
{
    if (i >= gwapi_decision_backend_count(decision))
        return GWAPI_EARGUMENT;
    uint32_t backend = gwapi_decision_backend_index(decision, i);
    /* Of the mesh a Service port itself: no policy applies. */
    return backend != GWAPI_NONE ? gwapi_tls_target(decision, backend, out)
                                 : tell_none(out);
}

gwapi_result gwapi_tls_between(const gwapi_snapshot *s, uint32_t gateway, uint32_t backend,
                               gwapi_tls_policy *out)
{
    if (s == NULL || gateway >= gwapi__image_count(s, GWAPI__SECTION_GATEWAY) ||
        backend >= gwapi__image_count(s, GWAPI__SECTION_BACKEND))
        return GWAPI_EARGUMENT;
    const gwapi__image_gateway *g = gwapi__image_GATEWAY(s, gateway);
    const gwapi__image_target *to = gwapi__backend_target(s, gwapi__image_BACKEND(s, backend));
    if (to->tls_policy == GWAPI__IMAGE_NONE)
        return tell_none(out);
    return tell(out, s, to->tls_policy, gwapi__target_fault(to, g), g->client_certificate);
}

/* ---- its lists ----------------------------------------------------------------------- */

size_t gwapi_tls_policy_count(const gwapi_snapshot *s)
{
    return s != NULL ? gwapi__image_count(s, GWAPI__SECTION_TLS_POLICY) : 0;
}

gwapi_result gwapi_tls_policy_at(const gwapi_snapshot *s, uint32_t policy, gwapi_tls_policy *out)
{
    if (policy >= gwapi_tls_policy_count(s))
        return GWAPI_EARGUMENT;
    return tell(out, s, policy, GWAPI_BACKEND_FAULT_NONE, GWAPI_NONE);
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
