/*
 * The TLS policy in force, from the image: how the Gateway, as a client, speaks TLS to a backend.
 * Why it is that one, and which policies lost, tells gwapi_topology_backend_tls_write (topology.h).
 *
 * What a Gateway's listeners need as servers (mode, certificates, options, validation of client
 * certificates and its CA bundles) stands in the lists of snapshot.h.
 *
 * A look-up in the image allocates nothing, takes no lock and does not fail for want of memory;
 * texts live as long as the snapshot; any thread may call. A look-up never falls back to a weaker policy: a backend whose
 * policy cannot be met has a fault and is never spoken to in plain text.
 *
 * Semantics: GEP-1897 and apis/v1/backendtlspolicy_types.go of Gateway API v1.4.1.
 */
#ifndef GATEWAYAPI_TLS_H
#define GATEWAYAPI_TLS_H

#include <gatewayapi/base.h>
#include <gatewayapi/match.h>
#include <gatewayapi/snapshot.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How to speak to a backend. `policy` NONE: no policy applies, and nothing else is set. */
typedef struct gwapi_tls_policy {
    size_t struct_size;
    uint32_t policy; /* index, for the lists below and for a host's side arrays */
    /* Not NONE: the policy, or the Gateway's own client certificate, cannot be used. The backend
     * takes no traffic; nothing below may be used to reach it all the same. */
    gwapi_backend_fault fault;
    gwapi_str namespace_; /* of the BackendTLSPolicy */
    gwapi_str name;
    gwapi_str sni; /* send it; verify it too, unless there are names */
    gwapi_str well_known; /* "System": trust the system's CAs; absent: the bundles */
    uint32_t name_count;   /* the certificate must have one of them; the SNI is then not verified */
    uint32_t bundle_count; /* CA bundles: their union is trusted */
    uint32_t option_count;
    uint32_t client_certificate; /* to present: index of a certificate, GWAPI_NONE */
} gwapi_tls_policy;

/*
 * The policy for the i-th backendRef of a decision, as its Gateway sees it. Out-struct: set
 * struct_size. GWAPI_EARGUMENT beyond the end. O(1).
 */
GWAPI_API gwapi_result gwapi_tls_backend(const gwapi_decision *decision, size_t i,
                                         gwapi_tls_policy *out);
/* The same for any backend of the decision's snapshot, by its index there: a mirror's
 * (gwapi_mirror_info.backend), an external authorization's (gwapi_auth_call.backend). */
GWAPI_API gwapi_result gwapi_tls_target(const gwapi_decision *decision, uint32_t backend,
                                        gwapi_tls_policy *out);
/* The same without a decision: as Gateway `gateway` of the snapshot speaks to `backend`, on a
 * listener that does not pass TLS through. */
GWAPI_API gwapi_result gwapi_tls_between(const gwapi_snapshot *snapshot, uint32_t gateway,
                                         uint32_t backend, gwapi_tls_policy *out);

/* A name the certificate may have: a DNS name, or a URI compared byte by byte. */
typedef struct gwapi_tls_name {
    size_t struct_size;
    uint32_t uri; /* 1: a URI, 0: a DNS name */
    uint32_t reserved;
    gwapi_str value;
} gwapi_tls_name;

/* How many policies the snapshot has. The j-th of one of them: a name, the index of a CA bundle,
 * an option. GWAPI_EARGUMENT beyond the end. O(1). */
GWAPI_API size_t gwapi_tls_policy_count(const gwapi_snapshot *snapshot);
/* One of them, whoever uses it: without client certificate. */
GWAPI_API gwapi_result gwapi_tls_policy_at(const gwapi_snapshot *snapshot, uint32_t policy,
                                           gwapi_tls_policy *out);
GWAPI_API gwapi_result gwapi_tls_name_at(const gwapi_snapshot *snapshot, uint32_t policy,
                                         size_t j, gwapi_tls_name *out);
GWAPI_API gwapi_result gwapi_tls_bundle_at(const gwapi_snapshot *snapshot, uint32_t policy,
                                           size_t j, uint32_t *bundle);
GWAPI_API gwapi_result gwapi_tls_option_at(const gwapi_snapshot *snapshot, uint32_t policy,
                                           size_t j, gwapi_named_text *out);

#ifdef __cplusplus
}
#endif
#endif
