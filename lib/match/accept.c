/* Connections: which listener, which TLS, and the whole answer of TLS, TCP and UDP. */
#include "base/result.h"
#include "base/struct.h"
#include "match/decision.h"
#include "match/find.h"
#include "match/host.h"
#include "match/scratch.h"

/* ---- the decision on a whole connection ---------------------------------------------------- */

/* The rule that takes the bytes: its backends decide. */
static void take_stream(gwapi_connection *c, uint32_t rule)
{
    gwapi_decision decision;

    c->rule = rule;
    c->route = gwapi__image_RULE(c->snapshot, rule)->route;
    gwapi__connection_decision(&decision, c);
    gwapi__decision_settle(&decision, NULL);
    c->outcome = decision.outcome;
    c->reason = decision.reason;
}

static void nothing(gwapi_connection *c, gwapi_reason reason)
{
    c->outcome = GWAPI_OUTCOME_NONE;
    c->reason = reason;
}

/* ---- at a Gateway -------------------------------------------------------------------------- */

/* The most specific hostname of the listener's routes that takes the connection. */
static void route_stream(gwapi_connection *c, const gwapi__image_listener *listener,
                         const gwapi__host *sni)
{
    gwapi__host_walk walk;
    gwapi_str name;

    gwapi__host_walk_start(&walk, sni);
    while (gwapi__host_walk_next(&walk, &name)) {
        uint32_t rule = gwapi__stream_find(c->snapshot, listener->streams, name);
        if (rule != GWAPI_NONE) {
            take_stream(c, rule);
            return;
        }
    }
    nothing(c, GWAPI_REASON_NO_ROUTE);
}

static void enter(gwapi_connection *c, const gwapi_arrival *arrival)
{
    const gwapi_snapshot *s = c->snapshot;
    gwapi__host sni;

    /* HTTP: every request chooses its listener by its Host. */
    if (c->transport == GWAPI_TRANSPORT_HTTP)
        return;
    gwapi__host_set(&sni, c->transport == GWAPI_TRANSPORT_TLS ? arrival->sni
                                                              : (gwapi_str){NULL, 0});
    c->listener = gwapi__listener_choose(s, c->door, &sni);
    if (c->listener == GWAPI_NONE) {
        nothing(c, GWAPI_REASON_NO_LISTENER);
        return;
    }
    const gwapi__image_listener *listener = gwapi__image_LISTENER(s, c->listener);
    c->tls_mode = listener->tls_mode;
    if (listener->protocol != GWAPI_PROTOCOL_HTTPS)
        route_stream(c, listener, &sni);
}

/* The transports to try, in order, where the host does not know or did not look. */
static const gwapi_transport automatic[] = {GWAPI_TRANSPORT_HTTP, GWAPI_TRANSPORT_TLS,
                                            GWAPI_TRANSPORT_TCP, GWAPI_TRANSPORT_UDP};
static const gwapi_transport plain_stream[] = {GWAPI_TRANSPORT_HTTP, GWAPI_TRANSPORT_TCP};

static void accept_gateway(gwapi_connection *c, const gwapi_arrival *arrival)
{
    uint32_t scope = gwapi__scope_find(c->snapshot, arrival);
    const gwapi_transport *tried = &arrival->transport;
    size_t count = 1;

    if (arrival->transport == GWAPI_TRANSPORT_AUTO) {
        tried = automatic;
        count = sizeof automatic / sizeof *automatic;
    } else if (arrival->transport == GWAPI_TRANSPORT_STREAM) {
        tried = plain_stream;
        count = sizeof plain_stream / sizeof *plain_stream;
    }
    for (size_t i = 0; scope != GWAPI_NONE && i < count && c->door == GWAPI_NONE; i++) {
        c->door = gwapi__door_find(c->snapshot, scope, arrival->port, tried[i]);
        c->transport = tried[i];
    }
    if (c->door == GWAPI_NONE)
        nothing(c, GWAPI_REASON_NO_LISTENER);
    else
        enter(c, arrival);
}

/* ---- in the mesh --------------------------------------------------------------------------- */

/* The port of the Service, of the transport asked for: TCP before UDP where any will do. */
static uint32_t find_port(const gwapi_snapshot *s, uint32_t service, const gwapi_arrival *arrival)
{
    gwapi__image_range ports = gwapi__image_SERVICE(s, service)->ports;
    bool udp = arrival->transport == GWAPI_TRANSPORT_UDP;
    uint32_t found = GWAPI_NONE;

    for (uint32_t i = ports.first; i < ports.first + ports.count; i++) {
        const gwapi__image_service_port *port = gwapi__image_SERVICE_PORT(s, i);
        if (port->port != arrival->port)
            continue;
        if ((port->transport == GWAPI_TRANSPORT_UDP) == udp)
            return i;
        if (arrival->transport == GWAPI_TRANSPORT_AUTO)
            found = i;
    }
    return found;
}

/* Can a route of that kind speak what the client does? TCP carries everything but datagrams. */
static bool speaks(uint32_t kind, gwapi_transport transport)
{
    switch (kind) {
    case GWAPI_ROUTE_TLS:
        return transport == GWAPI_TRANSPORT_TLS;
    case GWAPI_ROUTE_TCP:
        return transport != GWAPI_TRANSPORT_UDP;
    default:
        return transport == GWAPI_TRANSPORT_UDP;
    }
}

static uint32_t stream_kind(const gwapi_snapshot *s, const gwapi__image_mesh_table *table)
{
    if (table == NULL || table->stream_rule == GWAPI__IMAGE_NONE)
        return 0;
    return gwapi__image_ROUTE(s, gwapi__image_RULE(s, table->stream_rule)->route)->kind;
}

/* What the client speaks where the host did not say: what the routes of the port do. */
static gwapi_transport guess(const gwapi_snapshot *s, const gwapi__image_mesh_table *table,
                             uint32_t port_transport)
{
    if (port_transport == GWAPI_TRANSPORT_UDP)
        return GWAPI_TRANSPORT_UDP;
    uint32_t kind = stream_kind(s, table);
    return kind == GWAPI_ROUTE_TLS   ? GWAPI_TRANSPORT_TLS
           : kind == GWAPI_ROUTE_TCP ? GWAPI_TRANSPORT_TCP
                                     : GWAPI_TRANSPORT_HTTP;
}

static void accept_mesh(gwapi_connection *c, const gwapi_arrival *arrival)
{
    const gwapi_snapshot *s = c->snapshot;
    uint32_t service = gwapi__service_find(s, arrival);
    const gwapi__image_mesh_table *table = NULL;

    c->mesh = 1;
    c->transport = arrival->transport == GWAPI_TRANSPORT_STREAM ? GWAPI_TRANSPORT_AUTO
                                                                : arrival->transport;
    c->service_port = service != GWAPI_NONE ? find_port(s, service, arrival) : GWAPI_NONE;
    if (c->service_port == GWAPI_NONE) {
        c->outcome = GWAPI_OUTCOME_PASS;
        c->reason = GWAPI_REASON_NO_SERVICE;
        return;
    }
    c->table = gwapi__mesh_table_find(s, c->service_port, arrival->client_namespace, &c->mesh_role);
    if (c->table != GWAPI_NONE)
        table = gwapi__image_MESH_TABLE(s, c->table);
    if (c->transport == GWAPI_TRANSPORT_AUTO)
        c->transport = guess(s, table, gwapi__image_SERVICE_PORT(s, c->service_port)->transport);
    if (table != NULL && c->transport == GWAPI_TRANSPORT_HTTP && table->host != GWAPI__IMAGE_NONE)
        return;
    uint32_t kind = stream_kind(s, table);
    if (kind != 0 && speaks(kind, c->transport)) {
        take_stream(c, table->stream_rule);
        return;
    }
    /* No route can speak this: it goes where it would go without a mesh. */
    c->outcome = GWAPI_OUTCOME_FORWARD;
    c->mesh_role = GWAPI_MESH_NO_ROLE;
}

/* ---- the interface ------------------------------------------------------------------------- */

gwapi_result gwapi_accept(const gwapi_snapshot *snapshot, gwapi_scratch *scratch,
                          const gwapi_arrival *arrival, gwapi_connection *connection)
{
    gwapi_arrival a;

    if (snapshot == NULL || scratch == NULL || arrival == NULL || connection == NULL ||
        arrival->transport > GWAPI_TRANSPORT_STREAM)
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__struct_in(&a, sizeof a, arrival, sizeof a));
    if (gwapi_scratch_fits(scratch, snapshot) == 0)
        return GWAPI_EBUFFER;
    gwapi_connection c = {.struct_size = sizeof c,
                          .snapshot = snapshot,
                          .transport = a.transport,
                          .listener = GWAPI_NONE,
                          .route = GWAPI_NONE,
                          .rule = GWAPI_NONE,
                          .port = a.port,
                          .service_port = GWAPI_NONE,
                          .door = GWAPI_NONE,
                          .table = GWAPI_NONE};
    if (a.client_namespace.data != NULL)
        accept_mesh(&c, &a);
    else
        accept_gateway(&c, &a);
    return gwapi__struct_out(connection, &c, sizeof c, sizeof c);
}

gwapi_result gwapi_connection_decide(const gwapi_connection *connection, gwapi_decision *decision)
{
    gwapi_decision d;

    if (!gwapi__connection_usable(connection))
        return GWAPI_EARGUMENT;
    gwapi__connection_decision(&d, connection);
    return gwapi__struct_out(decision, &d, sizeof d, sizeof d);
}
