/*
 * The seam between choosing a rule (match.c) and what the rule then means (decision.c and its
 * neighbours: backend, redirect, rewrite, headers, cors, auth, decision_write).
 */
#ifndef GWAPI_MATCH_DECISION_H
#define GWAPI_MATCH_DECISION_H

#include "match/request.h"

/*
 * Called once a rule was chosen: snapshot, listener, route, rule, match, match_entry, port,
 * transport, mesh members and the flags GRPC and PATH_DIFFERS are set, `chosen` is GWAPI_NONE.
 * Sets outcome, reason, status, grpc_status and the flag STATUS by walking the rule's filters in
 * order (a preflight, an invalid filter, a redirect) and then its backends: FORWARD if one with a
 * weight above 0 is valid, else RESPOND 500 (REJECT for TLS, TCP and UDP). `request` is NULL for
 * a connection.
 */
void gwapi__decision_settle(gwapi_decision *decision, const gwapi_request *request);

/* The same for the backendRef that was drawn: its fault, then its own filters. */
void gwapi__decision_settle_backend(gwapi_decision *decision, const gwapi_request *request);

/* A connection that may be looked at: there, of a size we know, with a snapshot. */
static inline bool gwapi__connection_usable(const gwapi_connection *connection)
{
    return connection != NULL && connection->struct_size >= sizeof *connection &&
           connection->snapshot != NULL;
}

/* The decision on the whole connection, every member set. */
static inline void gwapi__connection_decision(gwapi_decision *out, const gwapi_connection *c)
{
    out->struct_size = sizeof *out;
    out->snapshot = c->snapshot;
    out->outcome = c->outcome;
    out->reason = c->reason;
    out->flags = 0;
    out->status = 0;
    out->grpc_status = 0;
    out->listener = c->listener;
    out->route = c->route;
    out->rule = c->rule;
    out->match = GWAPI_NONE;
    out->match_entry = GWAPI_NONE;
    out->chosen = GWAPI_NONE;
    out->port = c->port;
    out->transport = c->transport;
    out->path_policy = GWAPI_PATH_RAW;
    out->mesh = c->mesh;
    out->service_port = c->service_port;
    out->mesh_role = c->mesh_role;
    out->reserved = 0;
    out->random = 0;
}

/* Sets outcome, reason and, with its flag, status. If the flag GRPC is set, grpc_status too: 12
 * with 404, 14 with 500, none (and no flag GRPC_STATUS) with any other. */
void gwapi__decision_respond(gwapi_decision *decision, gwapi_outcome outcome,
                             gwapi_reason reason, uint32_t status);

/* Is the k-th mirror (from 1) drawn by this random number? */
bool gwapi__mirror_drawn(uint64_t random, uint64_t k, uint32_t numerator, uint32_t denominator);

#endif
