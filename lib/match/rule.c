#include "match/rule.h"

#include "base/slice.h"
#include "base/struct.h"

bool gwapi__decision_usable(const gwapi_decision *decision)
{
    return decision != NULL && decision->struct_size >= sizeof *decision &&
           decision->snapshot != NULL;
}

const gwapi__image_rule *gwapi__decision_rule(const gwapi_decision *decision)
{
    const gwapi_snapshot *s = decision->snapshot;

    if (decision->rule >= gwapi__image_count(s, GWAPI__SECTION_RULE))
        return NULL;
    return gwapi__image_RULE(s, decision->rule);
}

const gwapi__image_backend *gwapi__decision_backend(const gwapi_decision *decision, size_t place)
{
    const gwapi__image_rule *rule = gwapi__decision_rule(decision);

    if (rule == NULL || place >= rule->backends.count)
        return NULL;
    return gwapi__image_BACKEND(decision->snapshot, rule->backends.first + (uint32_t)place);
}

bool gwapi__decision_unrouted(const gwapi_decision *decision)
{
    return decision->mesh != 0 && decision->outcome == GWAPI_OUTCOME_FORWARD &&
           decision->rule == GWAPI_NONE;
}

const gwapi__image_gateway *gwapi__decision_gateway(const gwapi_decision *decision)
{
    const gwapi__image_listener *listener = gwapi__decision_listener(decision);

    return listener != NULL ? gwapi__image_GATEWAY(decision->snapshot, listener->gateway) : NULL;
}

static bool passed_through(const gwapi_decision *decision)
{
    const gwapi__image_listener *listener = gwapi__decision_listener(decision);

    return listener != NULL && listener->tls_mode == GWAPI_TLS_PASSTHROUGH;
}

const gwapi__image_tls_policy *gwapi__backend_policy(const gwapi_decision *decision,
                                                     const gwapi__image_backend *backend)
{
    uint32_t policy = gwapi__backend_target(decision->snapshot, backend)->tls_policy;

    if (policy == GWAPI__IMAGE_NONE || passed_through(decision))
        return NULL;
    return gwapi__image_TLS_POLICY(decision->snapshot, policy);
}

gwapi_backend_fault gwapi__backend_fault_here(const gwapi_decision *decision,
                                              const gwapi__image_backend *backend)
{
    const gwapi__image_target *target = gwapi__backend_target(decision->snapshot, backend);

    if (!passed_through(decision))
        return gwapi__target_fault(target, gwapi__decision_gateway(decision));
    return target->fault != GWAPI_BACKEND_FAULT_INVALID_TLS_POLICY ? target->fault
                                                                   : GWAPI_BACKEND_FAULT_NONE;
}

gwapi_backend_protocol gwapi__backend_protocol_here(const gwapi_decision *decision,
                                                    const gwapi__image_backend *backend)
{
    const gwapi__image_target *target = gwapi__backend_target(decision->snapshot, backend);

    if (gwapi__backend_fault_here(decision, backend) != GWAPI_BACKEND_FAULT_NONE)
        return GWAPI_BACKEND_PROTOCOL_NONE;
    /* Its policy's fault does not count here, so it is a TLSRoute's backend after all. */
    if (target->fault != GWAPI_BACKEND_FAULT_NONE)
        return GWAPI_BACKEND_PROTOCOL_TLS;
    return target->protocol;
}

void gwapi__filters_begin(gwapi__filter_walk *walk, const gwapi_decision *decision,
                          uint32_t backend)
{
    const gwapi__image_rule *rule = gwapi__decision_rule(decision);

    *walk = (gwapi__filter_walk){.snapshot = decision->snapshot};
    if (rule == NULL)
        return;
    walk->lists[0] = rule->filters;
    const gwapi__image_backend *b =
        backend != GWAPI_NONE ? gwapi__decision_backend(decision, backend) : NULL;
    if (b != NULL)
        walk->lists[1] = gwapi__backend_filters(decision->snapshot, b);
}

const gwapi__image_filter *gwapi__filters_next(gwapi__filter_walk *walk, bool *own)
{
    while (walk->list < 2 && walk->next >= walk->lists[walk->list].count) {
        walk->list++;
        walk->next = 0;
    }
    if (walk->list == 2)
        return NULL;
    *own = walk->list == 1;
    return gwapi__image_FILTER(walk->snapshot, walk->lists[walk->list].first + walk->next++);
}

const gwapi__image_filter *gwapi__filters_last(const gwapi_decision *decision, uint32_t backend,
                                               uint32_t type)
{
    const gwapi__image_filter *filter, *last = NULL;
    gwapi__filter_walk walk;
    bool own;

    gwapi__filters_begin(&walk, decision, backend);
    while ((filter = gwapi__filters_next(&walk, &own)) != NULL)
        if (filter->type == type)
            last = filter;
    return last;
}

bool gwapi__backend_has_filter(const gwapi_decision *decision, uint32_t backend, uint32_t type)
{
    const gwapi__image_filter *filter;
    gwapi__filter_walk walk;
    bool own;

    gwapi__filters_begin(&walk, decision, backend);
    while ((filter = gwapi__filters_next(&walk, &own)) != NULL)
        if (own && filter->type == type)
            return true;
    return false;
}

gwapi_result gwapi__request_in(gwapi_request *out, const gwapi_request *given)
{
    return gwapi__struct_in(out, sizeof *out, given, sizeof *out);
}

void gwapi__buffer_add(gwapi__buffer *b, gwapi_str text)
{
    if (text.len != 0 && b->length <= b->capacity && text.len <= b->capacity - b->length)
        memcpy(b->data + b->length, text.data, text.len);
    b->length += text.len;
}

gwapi_result gwapi__buffer_end(const gwapi__buffer *b, size_t *length)
{
    *length = b->length;
    return b->length <= b->capacity ? GWAPI_OK : GWAPI_EBUFFER;
}
