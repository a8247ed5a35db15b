#include "model/policy.h"

#include "base/result.h"
#include "model/shapes.h"

/* ---- ReferenceGrant ------------------------------------------------------------------ */

static const gwapi__row grant_spec_rows[] = {
    GWAPI__LIST("from", gwapi__grant, from, from_count, gwapi__shape_grant_from),
    GWAPI__LIST("to", gwapi__grant, to, to_count, gwapi__shape_grant_to),
};
static const gwapi__shape grant_spec = GWAPI__SHAPE(grant_spec_rows, gwapi__grant);
static const gwapi__row grant_rows[] = {GWAPI__WITHIN("spec", grant_spec)};
const gwapi__shape gwapi__shape_grant = GWAPI__SHAPE(grant_rows, gwapi__grant);

/* ---- BackendTLSPolicy ---------------------------------------------------------------- */

static const gwapi__row target_rows[] = {
    GWAPI__INLINE(gwapi__policy_target, ref, gwapi__shape_local_reference),
    GWAPI__TEXT("sectionName", gwapi__policy_target, section_name, GWAPI__ABSENT),
};
static const gwapi__shape target = GWAPI__SHAPE_DROPPING(target_rows, gwapi__policy_target);

static const gwapi__row hostname_row =
    GWAPI__TEXT("hostname", gwapi__subject_alt_name, value, GWAPI__ABSENT);
static const gwapi__row uri_row =
    GWAPI__TEXT("uri", gwapi__subject_alt_name, value, GWAPI__ABSENT);

/* The member that the type names; an unknown type names none, and no certificate could match.
 */
static gwapi_result decode_name_value(gwapi__decoder *d, const gwapi__row *row,
                                      const gwapi__node *value, void *object)
{
    const gwapi__subject_alt_name *name = object;
    gwapi_str type = gwapi__node_get_str(value, GWAPI__STR("type"));

    (void)row;
    if (!name->uri && !gwapi__str_eq(type, GWAPI__STR("Hostname")))
        return gwapi__decode_fail(d, value, GWAPI__STR("type"), GWAPI__STR("it is not known"));
    const gwapi__row *member = name->uri ? &uri_row : &hostname_row;
    if (gwapi__decode_member(value, member->name) == NULL)
        return gwapi__decode_fail(d, value, member->name, GWAPI__STR("the type asks for it"));
    return gwapi__decode_row(d, member, value, object);
}

static const gwapi__row name_rows[] = {
    GWAPI__IS("type", gwapi__subject_alt_name, uri, "URI"),
    GWAPI__BY(decode_name_value),
};
static const gwapi__shape name_shape = GWAPI__SHAPE(name_rows, gwapi__subject_alt_name);

static const gwapi__row validation_rows[] = {
    GWAPI__LIST("caCertificateRefs", gwapi__backend_tls_policy, ca_certificates.items,
                ca_certificates.count, gwapi__shape_local_reference),
    GWAPI__TEXT("wellKnownCACertificates", gwapi__backend_tls_policy, well_known,
                GWAPI__ABSENT),
    GWAPI__TEXT("hostname", gwapi__backend_tls_policy, hostname, GWAPI_STR_INIT("")),
    GWAPI__LIST("subjectAltNames", gwapi__backend_tls_policy, names, name_count, name_shape),
};
static const gwapi__shape validation = GWAPI__SHAPE(validation_rows, gwapi__backend_tls_policy);
static const gwapi__row tls_spec_rows[] = {
    GWAPI__LIST("targetRefs", gwapi__backend_tls_policy, targets, target_count, target),
    GWAPI__WITHIN("validation", validation),
    GWAPI__PAIRS("options", gwapi__backend_tls_policy, options),
};
static const gwapi__shape tls_spec = GWAPI__SHAPE(tls_spec_rows, gwapi__backend_tls_policy);
static const gwapi__row tls_rows[] = {GWAPI__WITHIN("spec", tls_spec)};
const gwapi__shape gwapi__shape_tls_policy = GWAPI__SHAPE(tls_rows, gwapi__backend_tls_policy);

/* ---- XBackendTrafficPolicy ----------------------------------------------------------- */

static const gwapi__row budget_rows[] = {
    GWAPI__INT64("percent", gwapi__backend_traffic_policy, budget_percent, 20),
    GWAPI__DURATION("interval", gwapi__backend_traffic_policy, budget_interval,
                    GWAPI_STR_INIT("10s")),
};
static const gwapi__shape budget = GWAPI__SHAPE(budget_rows, gwapi__backend_traffic_policy);
/* The schema has a default for the rate as a whole, and none for its members: what is left out of
 * one that is written is the same (matching.md §22). */
static const gwapi__row rate_rows[] = {
    GWAPI__INT64("count", gwapi__backend_traffic_policy, min_retry_count, 10),
    GWAPI__DURATION("interval", gwapi__backend_traffic_policy, min_retry_interval,
                    GWAPI_STR_INIT("1s")),
};
static const gwapi__shape rate = GWAPI__SHAPE(rate_rows, gwapi__backend_traffic_policy);

static const gwapi__row constraint_rows[] = {
    GWAPI__WITHIN("budget", budget),
    GWAPI__WITHIN("minRetryRate", rate),
};
static const gwapi__shape constraint =
    GWAPI__SHAPE(constraint_rows, gwapi__backend_traffic_policy);
static const gwapi__row traffic_spec_rows[] = {
    GWAPI__LIST("targetRefs", gwapi__backend_traffic_policy, targets, target_count, target),
    GWAPI__WITHIN_IF("retryConstraint", gwapi__backend_traffic_policy, has_retry_constraint,
                     constraint),
    GWAPI__OWN("sessionPersistence", gwapi__backend_traffic_policy, session,
               gwapi__shape_session_persistence),
};
static const gwapi__shape traffic_spec =
    GWAPI__SHAPE(traffic_spec_rows, gwapi__backend_traffic_policy);
static const gwapi__row traffic_rows[] = {GWAPI__WITHIN("spec", traffic_spec)};
const gwapi__shape gwapi__shape_traffic_policy =
    GWAPI__SHAPE(traffic_rows, gwapi__backend_traffic_policy);
