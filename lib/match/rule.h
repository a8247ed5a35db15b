/* The rule of a decision, its backends and a walk over the filters in force. */
#ifndef GWAPI_MATCH_RULE_H
#define GWAPI_MATCH_RULE_H

#include <stdbool.h>
#include <gatewayapi/match.h>
#include "image/reader.h"

/* False for what no helper may be given: NULL, a foreign struct_size, no snapshot. */
bool gwapi__decision_usable(const gwapi_decision *decision);

/* NULL without a rule. */
const gwapi__image_rule *gwapi__decision_rule(const gwapi_decision *decision);
/* The backendRef at that place of the rule, NULL beyond the end. */
const gwapi__image_backend *gwapi__decision_backend(const gwapi_decision *decision, size_t place);
/* Mesh traffic that no route took: it goes to the Service port itself. */
bool gwapi__decision_unrouted(const gwapi_decision *decision);
/* The decision's listener, NULL without one. */
static inline const gwapi__image_listener *
gwapi__decision_listener(const gwapi_decision *decision)
{
    const gwapi_snapshot *s = decision->snapshot;

    return decision->listener < gwapi__image_count(s, GWAPI__SECTION_LISTENER)
               ? gwapi__image_LISTENER(s, decision->listener)
               : NULL;
}
/* The Gateway of the decision's listener, NULL without a listener. */
const gwapi__image_gateway *gwapi__decision_gateway(const gwapi_decision *decision);

/* The BackendTLSPolicy in force for a backend, NULL without: none counts behind a listener that
 * passes TLS through (tls.md §7). */
const gwapi__image_tls_policy *gwapi__backend_policy(const gwapi_decision *decision,
                                                     const gwapi__image_backend *backend);
/* The fault of a backend as a Gateway (NULL: none) sees it that ends TLS itself: its own client
 * certificate counts too. */
static inline gwapi_backend_fault gwapi__target_fault(const gwapi__image_target *target,
                                                      const gwapi__image_gateway *gateway)
{
    if (target->fault != GWAPI_BACKEND_FAULT_NONE || gateway == NULL ||
        gateway->client_certificate_invalid == 0 || target->tls_policy == GWAPI__IMAGE_NONE)
        return target->fault;
    return GWAPI_BACKEND_FAULT_INVALID_CLIENT_CERTIFICATE;
}
/* The same as this decision's Gateway sees it, passing TLS through or not. */
gwapi_backend_fault gwapi__backend_fault_here(const gwapi_decision *decision,
                                              const gwapi__image_backend *backend);
/* How to speak to it; NONE with a fault. */
gwapi_backend_protocol gwapi__backend_protocol_here(const gwapi_decision *decision,
                                                    const gwapi__image_backend *backend);

/* The rule's filters in list order, then a backendRef's own. */
typedef struct gwapi__filter_walk {
    const gwapi_snapshot *snapshot;
    gwapi__image_range lists[2]; /* of FILTER: the rule's, the backendRef's */
    uint32_t list;
    uint32_t next;
} gwapi__filter_walk;

/* `backend` GWAPI_NONE: the rule's alone. */
void gwapi__filters_begin(gwapi__filter_walk *walk, const gwapi_decision *decision,
                          uint32_t backend);
/* NULL at the end. *own is true for a filter of the backendRef. */
const gwapi__image_filter *gwapi__filters_next(gwapi__filter_walk *walk, bool *own);

/* The record of the last filter of that type in force, NULL without one. */
const gwapi__image_filter *gwapi__filters_last(const gwapi_decision *decision, uint32_t backend,
                                               uint32_t type);
/* Does the backendRef itself carry a filter of that type? */
bool gwapi__backend_has_filter(const gwapi_decision *decision, uint32_t backend, uint32_t type);

/* The caller's request in our form; NULL is a request without anything. */
gwapi_result gwapi__request_in(gwapi_request *out, const gwapi_request *given);

/* Text out: the whole length always, the bytes only when they fit. */
typedef struct gwapi__buffer {
    char *data;
    size_t capacity;
    size_t length;
} gwapi__buffer;
/* May the caller's buffer be written to, and its length be told? */
static inline bool gwapi__buffer_usable(const char *buffer, size_t capacity, const size_t *length)
{
    return length != NULL && (buffer != NULL || capacity == 0);
}
void gwapi__buffer_add(gwapi__buffer *b, gwapi_str text);
gwapi_result gwapi__buffer_end(const gwapi__buffer *b, size_t *length);

#endif
