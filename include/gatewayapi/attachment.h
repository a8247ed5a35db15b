/*
 * Why one object is attached or not: for a route every listener that was looked at, and what
 * turned it away; for a Gateway or ListenerSet its listeners; for a policy its targets and who
 * won them; for all of them the references that a ReferenceGrant would have to allow.
 *
 * The answers come from the decisions that make the statuses, heard while a set is resolved;
 * nothing is decided a second time. Semantics: Gateway API v1.4.1 (apis/, GEP-709, GEP-713,
 * GEP-1713, GEP-3793); `gatewayapi explain KIND/NAMESPACE/NAME` prints what is here.
 */
#ifndef GATEWAYAPI_ATTACHMENT_H
#define GATEWAYAPI_ATTACHMENT_H

#include <gatewayapi/topology.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An explanation of one object. Immutable; any number of threads may read it. It keeps the
 * topology it came from, and its texts live as long as it does. */
typedef struct gwapi_attachment gwapi_attachment;

/*
 * Resolves the set (anew: `options->previous` is not used) and explains `object`. Its group may
 * be absent: then it is that of the object with this kind, namespace and name in the set.
 * GWAPI_ENOTFOUND when the set has no such object; GWAPI_ENOMEM, GWAPI_ELIMIT, GWAPI_EARGUMENT
 * as gwapi_topology_resolve. The work is that of resolving the set. Release with
 * gwapi_attachment_free.
 */
GWAPI_API gwapi_result gwapi_attachment_explain(gwapi_attachment **out,
                                                const gwapi_resources *resources,
                                                const gwapi_resolve_options *options,
                                                const gwapi_object_ref *object,
                                                gwapi_report *report);
GWAPI_API void gwapi_attachment_free(gwapi_attachment *attachment); /* NULL is fine */

/* What was resolved; lives as long as the explanation (retain it to keep it). */
GWAPI_API const gwapi_topology *gwapi_attachment_topology(const gwapi_attachment *attachment);
/* Which of its statuses is the object's; GWAPI_NONE: it gets none, for it is not ours. */
GWAPI_API uint32_t gwapi_attachment_status(const gwapi_attachment *attachment);

/* ---- routes -------------------------------------------------------------------------- */

/* A parent that the route asks for, in order of spec.parentRefs, default Gateways behind them.
 * Out-struct; absent texts are empty or NULL. */
typedef struct gwapi_attachment_parent {
    size_t struct_size;
    gwapi_object_ref ref;
    gwapi_str section_name;
    uint32_t port;       /* 0: none */
    uint32_t is_default; /* 1: a default Gateway (GEP-3793), which no parentRef names */
    uint32_t ours;       /* 1: it gets an entry in status.parents */
    uint32_t accepted;
    gwapi_str reason;  /* of its Accepted condition; absent when it has none */
    gwapi_str message; /* the same; else why it is not ours, or has no entry all the same */
} gwapi_attachment_parent;

GWAPI_API size_t gwapi_attachment_parent_count(const gwapi_attachment *attachment);
GWAPI_API gwapi_result gwapi_attachment_parent_at(const gwapi_attachment *attachment, size_t i,
                                                  gwapi_attachment_parent *out);

/* A listener (or, in the mesh, a Service port) that was looked at. Out-struct. */
typedef struct gwapi_attachment_candidate {
    size_t struct_size;
    uint32_t parent;        /* index among the parents */
    gwapi_object_ref owner; /* the Gateway, or the Service */
    gwapi_str listener_set_namespace; /* absent: the Gateway's own listener */
    gwapi_str listener_set;
    gwapi_str listener; /* its name, or the Service port's */
    gwapi_str protocol; /* absent for a Service port */
    gwapi_str hostname; /* the listener's; absent: any */
    uint32_t port;
    uint32_t attached; /* 1: the route is attached there */
    uint32_t served;   /* 1: the listener takes part in matching; 1 for Service ports */
    gwapi_str reason;  /* as in conditions: Accepted, NotAllowedByListeners, … */
    gwapi_str by;      /* what turned it away: sectionName, port, kind, namespace, hostname,
                          protocol, rules, conflict; absent: nothing did */
    gwapi_str message; /* a sentence */
    uint32_t hostname_count; /* effective hostnames; 0 when attached: any */
} gwapi_attachment_candidate;

GWAPI_API size_t gwapi_attachment_candidate_count(const gwapi_attachment *attachment);
GWAPI_API gwapi_result gwapi_attachment_candidate_at(const gwapi_attachment *attachment,
                                                     size_t i, gwapi_attachment_candidate *out);
/* The j-th effective hostname of candidate i; absent beyond the end. */
GWAPI_API gwapi_str gwapi_attachment_hostname_at(const gwapi_attachment *attachment, size_t i,
                                                 size_t j);

/* ---- references ---------------------------------------------------------------------- */

/* A ReferenceGrant that is missing: it would have to stand in to.namespace_. Out-struct. */
typedef struct gwapi_attachment_grant {
    size_t struct_size;
    gwapi_object_ref from; /* the object that refers */
    gwapi_object_ref to;
} gwapi_attachment_grant;

GWAPI_API size_t gwapi_attachment_grant_count(const gwapi_attachment *attachment);
GWAPI_API gwapi_result gwapi_attachment_grant_at(const gwapi_attachment *attachment, size_t i,
                                                 gwapi_attachment_grant *out);
/* Writes a manifest that would grant the i-th: one YAML document. */
GWAPI_API gwapi_result gwapi_attachment_grant_write(const gwapi_attachment *attachment, size_t i,
                                                    const gwapi_sink *sink);

/* ---- policies ------------------------------------------------------------------------ */

typedef uint32_t gwapi_target_state;
enum {
    GWAPI_TARGET_APPLIES = 1,
    GWAPI_TARGET_MISSING = 2, /* the object or its section does not exist */
    GWAPI_TARGET_UNFIT = 3,   /* TLS on a UDP port */
    GWAPI_TARGET_LOST = 4     /* to an older policy */
};

/* A target of a policy. Out-struct. */
typedef struct gwapi_attachment_target {
    size_t struct_size;
    gwapi_object_ref ref;
    gwapi_str section_name;
    gwapi_target_state state;
    gwapi_str winner_namespace; /* LOST: the policy that has it */
    gwapi_str winner;
} gwapi_attachment_target;

GWAPI_API size_t gwapi_attachment_target_count(const gwapi_attachment *attachment);
GWAPI_API gwapi_result gwapi_attachment_target_at(const gwapi_attachment *attachment, size_t i,
                                                  gwapi_attachment_target *out);

/* ---- all of it ----------------------------------------------------------------------- */

/* Writes everything as one JSON object with a line end, as `gatewayapi explain --output json`
 * does: the object, its conditions, parents, candidates, listeners, targets, missing grants. */
GWAPI_API gwapi_result gwapi_attachment_write(const gwapi_attachment *attachment,
                                              const gwapi_sink *sink);

#ifdef __cplusplus
}
#endif
#endif
