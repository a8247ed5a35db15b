/* Requests: listener, path policy, the best match, and what its rule means. */
#include "base/result.h"
#include "base/struct.h"
#include "match/decision.h"
#include "match/host.h"
#include "match/lookup.h"

/* Some ten headers are what browsers send. */
enum { HEADERS_ASKED_FOR = 12 };

static void none(gwapi_decision *d, gwapi_reason reason)
{
    gwapi__decision_respond(d, GWAPI_OUTCOME_NONE, reason, 404);
}

/* ---- the listener (matching.md §2, tls.md §4) ---------------------------------------------- */

/* *routes is the HOST to look at first. False: the request is answered. */
static bool choose_listener(gwapi_decision *d, const gwapi_connection *c, const gwapi__host *host,
                            uint32_t *routes)
{
    uint32_t wanted;

    gwapi__name_choose(d->snapshot, c->door, host, &wanted, routes);
    if (c->transport == GWAPI_TRANSPORT_HTTP)
        d->listener = wanted;
    if (wanted == GWAPI_NONE) {
        none(d, GWAPI_REASON_NO_LISTENER_FOR_HOST);
        return false;
    }
    if (wanted == d->listener)
        return true;
    gwapi__decision_respond(d, GWAPI_OUTCOME_RESPOND, GWAPI_REASON_MISDIRECTED, 421);
    return false;
}

/* ---- the path ------------------------------------------------------------------------------ */

/* *target becomes the canonical path, written at the start of the scratch's text. False: the
 * request is answered. */
static bool apply_path_policy(gwapi_decision *d, gwapi__lookup *lookup, gwapi_str *target)
{
    size_t length = 0;
    uint32_t flags = 0;
    gwapi_str path;

    gwapi__request_target(lookup->request, &path, &lookup->query);
    gwapi_result r = gwapi_path_check(d->path_policy, path, lookup->text, lookup->text_size,
                                      &length, &flags);
    if ((flags & GWAPI_PATH_CHECK_DIFFERS) != 0)
        d->flags |= GWAPI_DECISION_PATH_DIFFERS;
    if (r == GWAPI_EINVALID) {
        gwapi__decision_respond(d, GWAPI_OUTCOME_RESPOND, GWAPI_REASON_PATH_REFUSED, 400);
        return false;
    }
    if (r != GWAPI_OK) {
        gwapi__decision_respond(d, GWAPI_OUTCOME_RESPOND, GWAPI_REASON_MATCH_LIMIT, 500);
        return false;
    }
    *target = gwapi__str(lookup->text, length);
    lookup->text += length;
    lookup->text_size -= length;
    return true;
}

/* ---- the match ----------------------------------------------------------------------------- */

/* Hostnames from the most specific on: if none of its rules holds, the next may (§4). */
static gwapi__regex_answer find_by_host(gwapi__lookup *lookup, uint32_t routes, uint32_t *match)
{
    gwapi__regex_answer answer = GWAPI__REGEX_MISS;

    while (answer == GWAPI__REGEX_MISS && routes != GWAPI__IMAGE_NONE) {
        const gwapi__image_host *host = gwapi__image_HOST(lookup->snapshot, routes);
        answer = gwapi__candidate_find(lookup, host, match);
        routes = host->next;
    }
    return answer;
}

static void take_match(gwapi_decision *d, const gwapi_request *request, uint32_t entry)
{
    const gwapi__image_match *match = gwapi__image_MATCH(d->snapshot, entry);

    d->match_entry = entry;
    d->match = match->flags_index >> GWAPI__MATCH_INDEX_SHIFT;
    d->rule = match->rule;
    d->route = match->route;
    if ((match->flags_index & GWAPI__MATCH_OF_GRPC) != 0)
        d->flags |= GWAPI_DECISION_GRPC;
    if ((match->flags_index & GWAPI__MATCH_FORWARDS) != 0)
        d->outcome = GWAPI_OUTCOME_FORWARD;
    else
        gwapi__decision_settle(d, request);
}

static inline void answer_request(gwapi_decision *d, const gwapi_connection *c,
                           const gwapi_request *request, gwapi_scratch *scratch)
{
    const gwapi_snapshot *s = d->snapshot;
    gwapi_str target = request->path;
    gwapi__regex_answer answer;
    uint32_t match = GWAPI_NONE, routes = GWAPI__IMAGE_NONE;
    gwapi__lookup lookup;
    gwapi__host host;

    gwapi__lookup_init(&lookup, s, request, scratch);
    if (c->mesh != 0) {
        routes = gwapi__image_MESH_TABLE(s, c->table)->host;
    } else {
        gwapi__host_set(&host, gwapi__request_host(s, request));
        if (!choose_listener(d, c, &host, &routes))
            return;
    }
    if (routes != GWAPI__IMAGE_NONE)
        GWAPI__ASK_FOR(gwapi__image_HOST(s, routes));
    if (d->path_policy != GWAPI_PATH_RAW && !apply_path_policy(d, &lookup, &target))
        return;
    gwapi__lookup_set_path(&lookup, target);
    answer = find_by_host(&lookup, routes, &match);
    if (answer == GWAPI__REGEX_MATCH)
        take_match(d, request, match);
    else if (answer == GWAPI__REGEX_SPENT)
        gwapi__decision_respond(d, GWAPI_OUTCOME_RESPOND, GWAPI_REASON_MATCH_LIMIT, 500);
    else
        none(d, GWAPI_REASON_NO_ROUTE);
}

/* ---- the interface ------------------------------------------------------------------------- */

/* The numbers of a connection are the caller's memory: they are compared before they are used. */
static bool intact(const gwapi_snapshot *s, const gwapi_connection *c)
{
    if (c->mesh != 0)
        return c->table < gwapi__image_count(s, GWAPI__SECTION_MESH_TABLE);
    return c->door < gwapi__image_count(s, GWAPI__SECTION_DOOR) &&
           (c->transport == GWAPI_TRANSPORT_HTTP ||
            c->listener < gwapi__image_count(s, GWAPI__SECTION_LISTENER));
}

/* The decision in our form, the connection pending or not. */
static inline gwapi_result decide(const gwapi_snapshot *snapshot, gwapi_scratch *scratch,
                           const gwapi_connection *connection, const gwapi_request *request,
                           gwapi_decision *d)
{
    if (request->path_policy > GWAPI_PATH_NORMALIZE ||
        (connection->outcome == GWAPI_OUTCOME_PENDING && !intact(snapshot, connection)))
        return GWAPI_EARGUMENT;
    gwapi__connection_decision(d, connection);
    d->path_policy = request->path_policy;
    if ((request->flags & GWAPI_REQUEST_GRPC) != 0)
        d->flags |= GWAPI_DECISION_GRPC;
    if (connection->outcome == GWAPI_OUTCOME_PENDING)
        answer_request(d, connection, request, scratch);
    return GWAPI_OK;
}

gwapi_result gwapi_match(const gwapi_snapshot *snapshot, gwapi_scratch *scratch,
                         const gwapi_connection *connection, const gwapi_request *request,
                         gwapi_decision *decision)
{
    gwapi_decision own, *d;
    gwapi_request r;

    if (snapshot == NULL || scratch == NULL || decision == NULL ||
        !gwapi__connection_usable(connection))
        return GWAPI_EARGUMENT;
    if (connection->snapshot != snapshot)
        return GWAPI_ESTATE;
    if (!gwapi__scratch_fits(scratch, snapshot))
        return GWAPI_EBUFFER;
    /* Callers of this version are answered in their own structs, older ones by way of ours. */
    if (request == NULL || request->struct_size != sizeof *request) {
        GWAPI__TRY(gwapi__struct_in(&r, sizeof r, request, sizeof r));
        request = &r;
    }
    /* Read later; a proxy may not have touched it for a while. */
    GWAPI__ASK_FOR(request->path.data);
    if (gwapi__image_count(snapshot, GWAPI__SECTION_HEADER_NAME) != 0)
        for (size_t i = 0; i < request->header_count && i < HEADERS_ASKED_FOR; i++)
            GWAPI__ASK_FOR(request->headers[i].name.data);
    d = decision->struct_size == sizeof own ? decision : &own;
    GWAPI__TRY(decide(snapshot, scratch, connection, request, d));
    return d == decision ? GWAPI_OK : gwapi__struct_out(decision, d, sizeof own, sizeof own);
}
