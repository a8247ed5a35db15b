#include "match/plain_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include "model/store.h"

struct plain {
    const gwapi_topology *topology;
    struct door {
        const gwapi__resource *gateway;
        const gwapi__resolved_gateway *resolved;
        const gwapi__resolved_listener *listener;
        const gwapi__attached *attached;
    } * doors;
    size_t door_count;
};

plain *plain_new(const gwapi_topology *topology)
{
    plain *p = calloc(1, sizeof *p);
    gwapi__sequence_walk walk = {gwapi__topology_gateways(topology), 0, 0};
    const gwapi__gateway_part *part;

    if (p == NULL)
        abort();
    p->topology = topology;
    while ((part = gwapi__sequence_next(&walk)) != NULL) {
        const gwapi__judged_gateway *g = part->judged;
        for (uint32_t i = 0; i < g->gateway.listener_count; i++) {
            if (!g->listeners[i].served)
                continue;
            p->doors = realloc(p->doors, (p->door_count + 1) * sizeof *p->doors);
            if (p->doors == NULL)
                abort();
            p->doors[p->door_count++] = (struct door){
                g->gateway.resource, &g->gateway, &g->listeners[i], &part->bindings->places[i]};
        }
    }
    return p;
}

void plain_free(plain *p)
{
    free(p->doors);
    free(p);
}

/* ---- hosts ------------------------------------------------------------------------------- */

/* In lower case, without port and one dot at the end; "" for a literal in brackets. */
static gwapi_str normal_host(gwapi_str received, char *out, size_t size)
{
    size_t n = 0;

    if (received.len == 0 || received.data[0] == '[')
        return (gwapi_str){out, 0};
    received = until(received, place_of(received, ':'));
    if (received.len >= size)
        return (gwapi_str){out, 0};
    for (; n < received.len; n++)
        out[n] = lower(received.data[n]);
    if (n != 0 && out[n - 1] == '.')
        n--;
    return (gwapi_str){out, n};
}

/* A wildcard covers one or more labels; no name covers everything. */
static bool covers(gwapi_str name, gwapi_str host)
{
    if (name.len == 0)
        return true;
    if (name.data[0] != '*')
        return same(name, host);
    name = from(name, 1);
    return host.len > name.len && same(from(host, host.len - name.len), name);
}

/* Greater is more specific. */
static size_t exact_length(gwapi_str name)
{
    return name.len != 0 && name.data[0] == '*' ? 0 : name.len;
}

/* ---- who is older ------------------------------------------------------------------------ */

static int order_joined(const gwapi__meta *a, const gwapi__meta *b)
{
    char x[600], y[600];

    snprintf(x, sizeof x, "%.*s/%.*s", (int)a->namespace_.len, a->namespace_.data,
             (int)a->name.len, a->name.data);
    snprintf(y, sizeof y, "%.*s/%.*s", (int)b->namespace_.len, b->namespace_.data,
             (int)b->name.len, b->name.data);
    return strcmp(x, y);
}

static int order_age(const gwapi__resource *a, const gwapi__resource *b)
{
    if (a->meta.created != b->meta.created)
        return a->meta.created < b->meta.created ? -1 : 1;
    return order_joined(&a->meta, &b->meta);
}

/* ---- listeners --------------------------------------------------------------------------- */

static bool in_scope(const struct door *d, const gwapi_arrival *arrival)
{
    if (arrival->gateway_name.data != NULL)
        return same(d->gateway->meta.name, arrival->gateway_name) &&
               same(d->gateway->meta.namespace_, arrival->gateway_namespace);
    if (arrival->address.data == NULL)
        return true;
    for (size_t i = 0; i < d->resolved->address_count; i++)
        if (same(d->resolved->addresses[i].value, arrival->address))
            return true;
    return false;
}

static bool carries(gwapi__protocol protocol, gwapi_transport transport)
{
    switch (transport) {
    case GWAPI_TRANSPORT_HTTP:
        return protocol == GWAPI__PROTOCOL_HTTP;
    case GWAPI_TRANSPORT_TLS:
        return protocol == GWAPI__PROTOCOL_HTTPS || protocol == GWAPI__PROTOCOL_TLS;
    case GWAPI_TRANSPORT_TCP:
        return protocol == GWAPI__PROTOCOL_TCP;
    default:
        return protocol == GWAPI__PROTOCOL_UDP;
    }
}

static bool is_candidate(const struct door *d, const gwapi_arrival *arrival,
                         gwapi_transport transport)
{
    return in_scope(d, arrival) && d->listener->port == (int32_t)arrival->port &&
           carries(d->listener->spec->protocol, transport);
}

static bool any_listener(const plain *p, const gwapi_arrival *arrival,
                         gwapi_transport transport)
{
    for (size_t i = 0; i < p->door_count; i++)
        if (is_candidate(&p->doors[i], arrival, transport))
            return true;
    return false;
}

static bool is_better_listener(const struct door *a, const struct door *b)
{
    gwapi_str x = a->listener->spec->hostname, y = b->listener->spec->hostname;

    if (exact_length(x) != exact_length(y))
        return exact_length(x) > exact_length(y);
    if (x.len != y.len)
        return x.len > y.len;
    return order_age(a->gateway, b->gateway) < 0;
}

/* Gateways taken as one have a hostname once: the older one's listener is there. */
static bool is_hidden(const plain *p, const gwapi_arrival *arrival, gwapi_transport transport,
                      const struct door *d)
{
    for (size_t i = 0; i < p->door_count; i++)
        if (is_candidate(&p->doors[i], arrival, transport) &&
            same(p->doors[i].listener->spec->hostname, d->listener->spec->hostname) &&
            is_better_listener(&p->doors[i], d))
            return true;
    return false;
}

/* `requests`: among those that take requests only, of one protocol (tls.md §4). */
static const struct door *choose_listener(const plain *p, const gwapi_arrival *arrival,
                                          gwapi_transport transport, gwapi_str name,
                                          bool requests)
{
    bool named = transport == GWAPI_TRANSPORT_HTTP || transport == GWAPI_TRANSPORT_TLS;
    const struct door *best = NULL;

    for (size_t i = 0; i < p->door_count; i++) {
        const struct door *d = &p->doors[i];
        if (!is_candidate(d, arrival, transport) ||
            (named && !covers(d->listener->spec->hostname, name)) ||
            (requests && (d->listener->spec->protocol == GWAPI__PROTOCOL_TLS ||
                          is_hidden(p, arrival, transport, d))))
            continue;
        if (best == NULL || is_better_listener(d, best))
            best = d;
    }
    return best;
}

/* ---- precedence -------------------------------------------------------------------------- */

typedef struct found {
    const gwapi__resolved_route *route;
    const gwapi__resolved_rule *rule;
    const gwapi__route_match *match;
    uint32_t match_index;
    size_t rank[7]; /* greater is better, the first difference decides */
} found;

static void rank_match(found *f, const gwapi__route_match *m, bool grpc)
{
    size_t headers = plain_count_different(m->headers, m->header_count, false);

    if (grpc) {
        f->rank[2] = m->grpc != NULL ? m->grpc->service.len : 0;
        f->rank[3] = m->grpc != NULL ? m->grpc->method.len : 0;
        f->rank[4] = headers;
        f->rank[5] = f->rank[6] = 0;
        return;
    }
    f->rank[2] = m->path_type == GWAPI__MATCH_EXACT   ? 3
                 : m->path_type == GWAPI__MATCH_REGEX ? 2
                                                      : 1;
    f->rank[3] = m->path_type == GWAPI__MATCH_EXACT ? 0 : m->path.len;
    f->rank[4] = m->method.data != NULL;
    f->rank[5] = headers;
    f->rank[6] = plain_count_different(m->query, m->query_count, true);
}

static bool is_better(const found *a, const found *b)
{
    for (int i = 0; i < 7; i++)
        if (a->rank[i] != b->rank[i])
            return a->rank[i] > b->rank[i];
    if (a->route != b->route)
        return order_age(a->route->resource, b->route->resource) < 0;
    if (a->rule->index != b->rule->index)
        return a->rule->index < b->rule->index;
    return a->match_index < b->match_index;
}

/* How many of a route's names cover the host, and the best of them; one without any names. */
static size_t rank_host(const gwapi__route *route, gwapi_str host, found *f)
{
    size_t names = route->hostnames.count == 0;

    f->rank[0] = f->rank[1] = 0;
    for (size_t i = 0; i < route->hostnames.count; i++) {
        gwapi_str name = route->hostnames.items[i];
        if (!covers(name, host))
            continue;
        names++;
        if (exact_length(name) > f->rank[0] ||
            (exact_length(name) == f->rank[0] && name.len > f->rank[1])) {
            f->rank[0] = exact_length(name);
            f->rank[1] = name.len;
        }
    }
    return names;
}

static bool is_http(gwapi__resource_kind kind)
{
    return kind == GWAPI__KIND_HTTP_ROUTE || kind == GWAPI__KIND_GRPC_ROUTE;
}

/* What a rule without matches has. */
static const gwapi__route_match every = {.path_type = GWAPI__MATCH_PREFIX, .path = {"/", 1}};

/* `rules`: the route's, as a Gateway or as the mesh executes them; f has the rank of its host,
 * `names` of the route's hostnames take it. */
static void consider(plain_answer *out, found *best, found f, size_t names,
                     const gwapi__resolved_rule *rules, const plain_asked *a)
{
    bool grpc = f.route->resource->kind == GWAPI__KIND_GRPC_ROUTE;

    for (size_t i = 0; i < f.route->rule_count; i++) {
        f.rule = &rules[i];
        if (f.rule->dropped)
            continue;
        const gwapi__rule *spec = f.rule->spec;
        for (f.match_index = 0; f.match_index == 0 || f.match_index < spec->match_count;
             f.match_index++) {
            f.match = spec->match_count != 0 ? &spec->matches[f.match_index] : &every;
            out->candidates += names;
            if (!plain_holds(f.match, grpc, a))
                continue;
            rank_match(&f, f.match, grpc);
            if (best->route == NULL || is_better(&f, best))
                *best = f;
        }
    }
}

static found find_route(plain_answer *out, const gwapi__attached *attached, gwapi_str host,
                        const plain_asked *a)
{
    found best = {0};

    for (size_t i = 0; i < attached->attachment_count; i++) {
        found f = {.route = attached->attachments[i].route};
        size_t names = rank_host(f.route->resource->as.route, host, &f);
        if (is_http(f.route->resource->kind) && names != 0)
            consider(out, &best, f, names, f.route->rules, a);
    }
    return best;
}

static void take(plain_answer *a, const found *f, uint64_t random, const gwapi_request *request)
{
    bool grpc = f->route->resource->kind == GWAPI__KIND_GRPC_ROUTE ||
                (request->flags & GWAPI_REQUEST_GRPC) != 0;

    a->route = f->route->resource;
    a->rule = f->rule->index;
    a->match = f->match_index;
    a->taken = f->match;
    plain_execute(a, f->rule, random, request, false, grpc);
}

/* ---- TLS, TCP, UDP ----------------------------------------------------------------------- */

static const gwapi__resolved_rule *first_rule(const gwapi__resolved_rule *rules, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!rules[i].dropped)
            return &rules[i];
    return NULL;
}

static void consider_stream(found *best, found f, const gwapi__resolved_rule *rules)
{
    f.rule = first_rule(rules, f.route->rule_count);
    if (f.rule == NULL)
        return;
    if (best->route == NULL || f.rank[0] > best->rank[0] ||
        (f.rank[0] == best->rank[0] && f.rank[1] > best->rank[1]) ||
        (f.rank[0] == best->rank[0] && f.rank[1] == best->rank[1] &&
         order_age(f.route->resource, best->route->resource) < 0))
        *best = f;
}

static void take_stream(plain_answer *a, const found *f, uint64_t random)
{
    gwapi_request nothing = GWAPI_REQUEST_INIT;

    if (f->route == NULL) {
        a->outcome = GWAPI_OUTCOME_NONE;
        a->reason = GWAPI_REASON_NO_ROUTE;
        return;
    }
    a->route = f->route->resource;
    a->rule = f->rule->index;
    plain_execute(a, f->rule, random, &nothing, true, false);
}

static void stream_at(plain_answer *a, const struct door *d, gwapi_str sni, uint64_t random)
{
    found best = {0};

    for (size_t i = 0; i < d->attached->attachment_count; i++) {
        found f = {.route = d->attached->attachments[i].route};
        if (rank_host(f.route->resource->as.route, sni, &f))
            consider_stream(&best, f, f.route->rules);
    }
    take_stream(a, &best, random);
}

/* ---- at a Gateway ------------------------------------------------------------------------ */

static void show(plain_answer *a, const struct door *d)
{
    a->gateway = d->gateway;
    a->listener = d->listener->spec->name;
}

static gwapi_transport speaks(const plain *p, const gwapi_arrival *arrival)
{
    static const gwapi_transport order[] = {GWAPI_TRANSPORT_HTTP, GWAPI_TRANSPORT_TLS,
                                            GWAPI_TRANSPORT_TCP, GWAPI_TRANSPORT_UDP};

    if (arrival->transport == GWAPI_TRANSPORT_STREAM)
        return any_listener(p, arrival, GWAPI_TRANSPORT_HTTP) ? GWAPI_TRANSPORT_HTTP
                                                              : GWAPI_TRANSPORT_TCP;
    if (arrival->transport != GWAPI_TRANSPORT_AUTO)
        return arrival->transport;
    for (size_t i = 0; i < 4; i++)
        if (any_listener(p, arrival, order[i]))
            return order[i];
    return GWAPI_TRANSPORT_HTTP;
}

/* By the path policy, before anything is compared. */
static bool refuses(plain_answer *a, const gwapi_request *request)
{
    char canonical[2048];
    gwapi_str query, path = plain_path_of(request, &query);

    a->path_differs = request->path_policy != GWAPI_PATH_RAW &&
                      !same(path, plain_canonical(path, canonical));
    if (!plain_refuses(request->path_policy, path))
        return false;
    plain_respond(a, GWAPI_OUTCOME_RESPOND, GWAPI_REASON_PATH_REFUSED, 400, false);
    return true;
}

static void ask_gateway(plain_answer *a, const plain *p, const gwapi_arrival *arrival,
                        const gwapi_request *request, uint64_t random)
{
    char sni_text[512], host_text[512], path[2048];
    gwapi_transport transport = speaks(p, arrival);
    gwapi_str sni = normal_host(arrival->sni, sni_text, sizeof sni_text);
    gwapi_str host = normal_host(plain_received_host(request), host_text, sizeof host_text);
    bool grpc = (request->flags & GWAPI_REQUEST_GRPC) != 0;
    const struct door *door = NULL;

    a->secure = transport == GWAPI_TRANSPORT_TLS;
    if (transport != GWAPI_TRANSPORT_HTTP)
        door = choose_listener(p, arrival, transport, sni, false);
    if (transport == GWAPI_TRANSPORT_HTTP ? !any_listener(p, arrival, transport)
                                          : door == NULL) {
        a->outcome = GWAPI_OUTCOME_NONE;
        a->reason = GWAPI_REASON_NO_LISTENER;
        return;
    }
    if (door != NULL) {
        show(a, door);
        if (door->listener->spec->protocol != GWAPI__PROTOCOL_HTTPS) {
            stream_at(a, door, transport == GWAPI_TRANSPORT_TLS ? sni : (gwapi_str){NULL, 0},
                      random);
            return;
        }
    }
    const struct door *wanted = choose_listener(p, arrival, transport, host, true);
    if (wanted == NULL) {
        plain_respond(a, GWAPI_OUTCOME_NONE, GWAPI_REASON_NO_LISTENER_FOR_HOST, 404, grpc);
        return;
    }
    if (door != NULL && wanted != door) {
        plain_respond(a, GWAPI_OUTCOME_RESPOND, GWAPI_REASON_MISDIRECTED, 421, grpc);
        return;
    }
    show(a, wanted);
    if (refuses(a, request))
        return;
    plain_asked given = plain_read_request(request, path);
    found best = find_route(a, wanted->attached, host, &given);
    if (best.route != NULL)
        take(a, &best, random, request);
    else
        plain_respond(a, GWAPI_OUTCOME_NONE, GWAPI_REASON_NO_ROUTE, 404, grpc);
}

/* ---- in the mesh ------------------------------------------------------------------------- */

static const gwapi__resource *find_service(const plain *p, const gwapi_arrival *arrival)
{
    const gwapi__set_view *set = &p->topology->set;

    for (size_t i = 0; i < set->end; i++) {
        const gwapi__resource *r = gwapi__set_view_at(set, i);
        if (r == NULL || r->kind != GWAPI__KIND_SERVICE ||
            r->as.service->type != GWAPI__SERVICE_CLUSTER_IP)
            continue;
        if (arrival->service_name.data != NULL) {
            if (same(r->meta.name, arrival->service_name) &&
                same(r->meta.namespace_, arrival->service_namespace))
                return r;
            continue;
        }
        for (size_t k = 0; k < r->as.service->cluster_ips.count; k++)
            if (same(r->as.service->cluster_ips.items[k], arrival->address))
                return r;
    }
    return NULL;
}

/* TCP before UDP where any will do. */
static size_t find_port(const gwapi__service *service, const gwapi_arrival *arrival)
{
    size_t any = SIZE_MAX;

    for (size_t i = 0; i < service->port_count; i++) {
        const gwapi__service_port *port = &service->ports[i];
        bool udp = port->transport == GWAPI__TRANSPORT_UDP;
        if (port->port != (int32_t)arrival->port || port->transport == GWAPI__TRANSPORT_OTHER)
            continue;
        if (udp == (arrival->transport == GWAPI_TRANSPORT_UDP))
            return i;
        if (arrival->transport == GWAPI_TRANSPORT_AUTO)
            any = i;
    }
    return any;
}

static bool from_namespace(const gwapi__attached *place, gwapi_str namespace_)
{
    for (size_t i = 0; i < place->attachment_count; i++)
        if (same(place->attachments[i].route->resource->meta.namespace_, namespace_))
            return true;
    return false;
}

static bool can_speak(gwapi__resource_kind kind, gwapi_transport transport)
{
    switch (kind) {
    case GWAPI__KIND_HTTP_ROUTE:
    case GWAPI__KIND_GRPC_ROUTE:
        return transport == GWAPI_TRANSPORT_HTTP;
    case GWAPI__KIND_TLS_ROUTE:
        return transport == GWAPI_TRANSPORT_TLS;
    case GWAPI__KIND_TCP_ROUTE:
        return transport != GWAPI_TRANSPORT_UDP;
    default:
        return transport == GWAPI_TRANSPORT_UDP;
    }
}

/* The client's protocol where the host did not say. */
static gwapi_transport mesh_speaks(const gwapi__attached *place, gwapi_str namespace_,
                                   const gwapi__service_port *port)
{
    if (port->transport == GWAPI__TRANSPORT_UDP)
        return GWAPI_TRANSPORT_UDP;
    for (size_t i = 0; place != NULL && i < place->attachment_count; i++) {
        const gwapi__resource *r = place->attachments[i].route->resource;
        if (!same(r->meta.namespace_, namespace_))
            continue;
        if (r->kind == GWAPI__KIND_TLS_ROUTE)
            return GWAPI_TRANSPORT_TLS;
        if (r->kind == GWAPI__KIND_TCP_ROUTE)
            return GWAPI_TRANSPORT_TCP;
    }
    return GWAPI_TRANSPORT_HTTP;
}

static void ask_mesh(plain_answer *a, const plain *p, const gwapi_arrival *arrival,
                     const gwapi_request *request, uint64_t random)
{
    const gwapi__resource *service = find_service(p, arrival);
    size_t port = service != NULL ? find_port(service->as.service, arrival) : SIZE_MAX;
    const gwapi__attached *place = NULL;
    bool grpc = (request->flags & GWAPI_REQUEST_GRPC) != 0, spoken = false;

    if (port == SIZE_MAX) {
        a->outcome = GWAPI_OUTCOME_PASS;
        a->reason = GWAPI_REASON_NO_SERVICE;
        return;
    }
    const gwapi__bindings *bindings =
        gwapi__sequence_named(&p->topology->sequences[GWAPI__SEQUENCE_SERVICES],
                              service->meta.namespace_, service->meta.name, NULL);
    if (bindings != NULL)
        place = &bindings->places[port];
    gwapi_str whose = service->meta.namespace_;
    gwapi_mesh_role role = GWAPI_MESH_PRODUCER;
    if (place != NULL && !same(arrival->client_namespace, whose) &&
        from_namespace(place, arrival->client_namespace)) {
        whose = arrival->client_namespace;
        role = GWAPI_MESH_CONSUMER;
    }
    gwapi_transport transport = arrival->transport;
    if (transport == GWAPI_TRANSPORT_AUTO || transport == GWAPI_TRANSPORT_STREAM)
        transport = mesh_speaks(place, whose, &service->as.service->ports[port]);
    char path[2048];
    plain_asked given = plain_read_request(request, path);
    found best = {0}, stream = {0};
    bool http = false, refused = false;
    for (size_t i = 0; place != NULL && i < place->attachment_count; i++) {
        found f = {.route = place->attachments[i].route};
        gwapi__resource_kind kind = f.route->resource->kind;
        if (!same(f.route->resource->meta.namespace_, whose) || !can_speak(kind, transport))
            continue;
        spoken = true;
        if (is_http(kind) && !http)
            refused = refuses(a, request);
        http = http || is_http(kind);
        if (is_http(kind) && !refused)
            consider(a, &best, f, 1, f.route->mesh_rules, &given);
        else if (!is_http(kind))
            consider_stream(&stream, f, f.route->mesh_rules);
    }
    if (!spoken) {
        a->outcome = GWAPI_OUTCOME_FORWARD;
        a->chosen = random != PLAIN_NO_RANDOM ? 0 : GWAPI_NONE;
        return;
    }
    a->role = role;
    if (refused)
        return;
    if (best.route != NULL)
        take(a, &best, random, request);
    else if (stream.route != NULL)
        take_stream(a, &stream, random);
    else
        plain_respond(a, GWAPI_OUTCOME_NONE, GWAPI_REASON_NO_ROUTE, 404, grpc);
}

plain_answer plain_ask(const plain *p, const gwapi_arrival *arrival,
                       const gwapi_request *request, uint64_t random)
{
    plain_answer a = {
        .rule = GWAPI_NONE, .match = GWAPI_NONE, .chosen = GWAPI_NONE, .port = arrival->port};

    if (arrival->client_namespace.data != NULL)
        ask_mesh(&a, p, arrival, request, random);
    else
        ask_gateway(&a, p, arrival, request, random);
    return a;
}

bool plain_match_holds(const plain *p, const gwapi_route_info *route, uint32_t rule,
                       uint32_t match, const gwapi_request *request, bool *holds)
{
    for (size_t k = 0; k < GWAPI__ROUTE_KINDS; k++) {
        const gwapi__route_verdict *verdict = gwapi__sequence_named(
            &p->topology->sequences[k], route->namespace_, route->name, NULL);
        const gwapi__resource *r = verdict != NULL ? verdict->route->resource : NULL;
        if (r == NULL || !is(r->kind_name, gwapi_route_kind_text(route->kind)) ||
            rule >= r->as.route->rule_count)
            continue;
        const gwapi__rule *spec = &r->as.route->rules[rule];
        if (match >= spec->match_count && match != 0)
            return false;
        char path[2048];
        plain_asked given = plain_read_request(request, path);
        *holds = plain_holds(spec->match_count != 0 ? &spec->matches[match] : &every,
                             r->kind == GWAPI__KIND_GRPC_ROUTE, &given);
        return true;
    }
    return false;
}
