/* ReferenceGrant, BackendTLSPolicy, XBackendTrafficPolicy. */
#ifndef GWAPI_MODEL_POLICY_H
#define GWAPI_MODEL_POLICY_H

#include "model/route.h"

typedef struct gwapi__grant {
    const gwapi__reference *from; /* group, kind, namespace */
    size_t from_count;
    const gwapi__reference *to; /* group, kind, name (absent or empty: any) */
    size_t to_count;
} gwapi__grant;

typedef struct gwapi__policy_target {
    gwapi__reference ref; /* local: no namespace */
    gwapi_str section_name; /* absent: none */
} gwapi__policy_target;

typedef struct gwapi__subject_alt_name {
    bool uri; /* else a hostname */
    gwapi_str value;
} gwapi__subject_alt_name;

typedef struct gwapi__backend_tls_policy {
    const gwapi__policy_target *targets;
    size_t target_count;
    gwapi__references ca_certificates; /* local */
    gwapi_str well_known;              /* "System", absent, or a value we do not know */
    gwapi_str hostname;
    const gwapi__subject_alt_name *names;
    size_t name_count;
    gwapi__pairs options;
} gwapi__backend_tls_policy;

typedef struct gwapi__backend_traffic_policy {
    const gwapi__policy_target *targets;
    size_t target_count;
    bool has_retry_constraint;
    int64_t budget_percent;
    gwapi__duration budget_interval;
    int64_t min_retry_count;
    gwapi__duration min_retry_interval;
    const gwapi__session_persistence *session; /* NULL: none */
} gwapi__backend_traffic_policy;

#endif
