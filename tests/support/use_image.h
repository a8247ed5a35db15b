/*
 * Asks an image for everything in it: its lists, at each door for each match a request made of
 * it, and for each Service of the mesh. What the answers are does not count: for images that
 * nobody compiled.
 */
#ifndef GWAPI_TESTS_USE_IMAGE_H
#define GWAPI_TESTS_USE_IMAGE_H

#include <stdlib.h>
#include <string.h>
#include <gatewayapi/tls.h>
#include "image/checksum.h"
#include "image/reader.h"
#include "support/use_decision.h"

#define USE_MOST_HEADERS 8
#define USE_MOST_ENTRIES 64 /* of a list in a list */
#define USE_CANDIDATES   8

typedef struct use {
    const gwapi_snapshot *snapshot;
    gwapi_scratch *scratch;
    size_t asked, most;
    char path[512];
    char host[280];
    gwapi_header headers[USE_MOST_HEADERS];
} use;

static inline int use_sink(void *ctx, const char *data, size_t len)
{
    (void)ctx;
    (void)data;
    (void)len;
    return 0;
}

/* ---- lists ------------------------------------------------------------------------------- */

static inline void use_text(size_t *sum, gwapi_str text)
{
    for (size_t i = 0; i < text.len; i++)
        *sum += (unsigned char)text.data[i];
}

static inline void use_named(size_t *sum, const gwapi_named_text *text)
{
    use_text(sum, text->name);
    use_text(sum, text->value);
}

static inline void use_listeners(const gwapi_snapshot *s, size_t *sum)
{
    gwapi_snapshot_gateway g = {.struct_size = sizeof g};
    gwapi_listener_info listener = {.struct_size = sizeof listener};
    gwapi_named_text option;
    gwapi_str address;
    uint32_t index;

    for (size_t i = 0; i < gwapi_snapshot_gateway_count(s); i++) {
        gwapi_snapshot_gateway_at(s, i, &g);
        use_text(sum, g.namespace_);
        for (size_t j = 0; j < g.address_count && j < USE_MOST_ENTRIES; j++)
            if (gwapi_snapshot_gateway_address_at(s, i, j, &address) == GWAPI_OK)
                use_text(sum, address);
        gwapi_snapshot_gateway_find(s, &g, &index);
    }
    for (size_t i = 0; i < gwapi_snapshot_listener_count(s); i++) {
        gwapi_snapshot_listener_at(s, i, &listener);
        use_text(sum, listener.gateway_name);
        use_text(sum, listener.listener_set_namespace);
        use_text(sum, listener.listener_set);
        use_text(sum, listener.name);
        use_text(sum, listener.hostname);
        for (size_t j = 0; j < USE_MOST_ENTRIES; j++) {
            if (gwapi_snapshot_listener_option_at(s, i, j, &option) == GWAPI_OK)
                use_named(sum, &option);
            if (gwapi_snapshot_listener_certificate_at(s, i, j, &index) != GWAPI_OK &&
                gwapi_snapshot_listener_bundle_at(s, i, j, &index) != GWAPI_OK)
                break;
        }
        gwapi_snapshot_listener_find(s, &listener, &index);
    }
}

static inline void use_certificates(const gwapi_snapshot *s, size_t *sum)
{
    gwapi_certificate_info certificate = {.struct_size = sizeof certificate};
    gwapi_bundle_info bundle = {.struct_size = sizeof bundle};
    uint32_t index;

    for (size_t i = 0; i < gwapi_snapshot_certificate_count(s); i++) {
        gwapi_snapshot_certificate_at(s, i, &certificate);
        use_text(sum, certificate.certificate);
        use_text(sum, certificate.key);
        gwapi_snapshot_certificate_find(s, &certificate, &index);
    }
    for (size_t i = 0; i < gwapi_snapshot_bundle_count(s); i++) {
        gwapi_snapshot_bundle_at(s, i, &bundle);
        use_text(sum, bundle.kind);
        use_text(sum, bundle.certificates);
        gwapi_snapshot_bundle_find(s, &bundle, &index);
    }
}

static inline void use_routes(const gwapi_snapshot *s, size_t *sum)
{
    gwapi_route_info route = {.struct_size = sizeof route};
    gwapi_rule_info rule = {.struct_size = sizeof rule};
    gwapi_backend_info backend = {.struct_size = sizeof backend};
    gwapi_str name;
    uint32_t index;

    for (size_t i = 0; i < gwapi_snapshot_route_count(s); i++) {
        gwapi_snapshot_route_at(s, i, &route);
        use_text(sum, route.namespace_);
        use_text(sum, route.name);
        gwapi_snapshot_route_find(s, &route, &index);
    }
    for (size_t i = 0; i < gwapi_snapshot_rule_count(s); i++) {
        gwapi_snapshot_rule_at(s, i, &rule);
        use_text(sum, rule.name);
        gwapi_snapshot_rule_find(s, &rule, &index);
    }
    for (size_t i = 0; i < gwapi_snapshot_backend_count(s); i++) {
        gwapi_snapshot_backend_at(s, i, &backend);
        use_text(sum, backend.group);
        use_text(sum, backend.kind);
        use_text(sum, backend.namespace_);
        use_text(sum, backend.name);
        gwapi_snapshot_backend_find(s, &backend, &index);
    }
    for (size_t i = 0; i < gwapi_snapshot_header_count(s); i++) {
        gwapi_snapshot_header_at(s, i, &name);
        use_text(sum, name);
        gwapi_snapshot_header_find(s, name, &index);
    }
}

static inline void use_policies(const gwapi_snapshot *s, size_t *sum)
{
    gwapi_tls_policy policy = {.struct_size = sizeof policy};
    gwapi_tls_name name = {.struct_size = sizeof name};
    gwapi_named_text option;
    uint32_t index;

    for (uint32_t i = 0; i < gwapi_tls_policy_count(s); i++) {
        gwapi_tls_policy_at(s, i, &policy);
        use_text(sum, policy.name);
        use_text(sum, policy.sni);
        use_text(sum, policy.well_known);
        for (size_t j = 0; j < USE_MOST_ENTRIES; j++) {
            if (gwapi_tls_name_at(s, i, j, &name) == GWAPI_OK)
                use_text(sum, name.value);
            if (gwapi_tls_option_at(s, i, j, &option) == GWAPI_OK)
                use_named(sum, &option);
            else if (gwapi_tls_bundle_at(s, i, j, &index) != GWAPI_OK)
                break;
        }
    }
    for (uint32_t i = 0; i < gwapi_snapshot_backend_count(s); i++)
        if (gwapi_tls_between(s, i % 3, i, &policy) == GWAPI_OK)
            use_text(sum, policy.namespace_);
}

static inline void use_lists(const gwapi_snapshot *s)
{
    gwapi_snapshot_information info = {.struct_size = sizeof info};
    size_t sum = 0;

    gwapi_snapshot_info(s, &info);
    use_text(&sum, info.release);
    use_text(&sum, info.controller);
    use_text(&sum, info.label);
    use_listeners(s, &sum);
    use_certificates(s, &sum);
    use_routes(s, &sum);
    use_policies(s, &sum);
}

/* ---- requests ---------------------------------------------------------------------------- */

static inline void use_explain(const gwapi_snapshot *s, gwapi_scratch *scratch,
                               const gwapi_connection *connection, const gwapi_request *request)
{
    gwapi_candidate candidates[USE_CANDIDATES], nearest;
    gwapi_decision decision = GWAPI_DECISION_INIT;
    const gwapi_sink sink = {sizeof sink, NULL, use_sink};
    size_t count;

    if (gwapi_match_explain(s, scratch, connection, request, &decision, candidates,
                            USE_CANDIDATES, &count, &nearest) == GWAPI_OK)
        gwapi_candidates_write(s, candidates, count < USE_CANDIDATES ? count : USE_CANDIDATES,
                               count, &nearest, &sink);
}

static inline void use_tls(const gwapi_decision *d)
{
    gwapi_tls_policy policy = {.struct_size = sizeof policy};
    size_t backends = gwapi_decision_backend_count(d);

    for (size_t i = 0; i < backends && i < USE_MOST_ENTRIES; i++)
        gwapi_tls_backend(d, i, &policy);
    gwapi_tls_target(d, 0, &policy);
}

typedef enum use_result {
    USE_REFUSED,  /* by accept or match */
    USE_ANSWERED, /* no rule was found */
    USE_TAKEN     /* by a rule */
} use_result;

/* How much is asked about an answer. */
typedef enum use_depth {
    USE_OUTCOME,  /* nothing but the backend */
    USE_DECISION, /* all that a decision tells */
    USE_LINES     /* that, and what is written of it and of its explanation */
} use_depth;

/* What a request is answered, and what can be asked about it. */
static inline use_result use_answer(const gwapi_snapshot *s, gwapi_scratch *scratch,
                                    const gwapi_arrival *arrival, const gwapi_request *request,
                                    use_depth depth)
{
    gwapi_connection connection = GWAPI_CONNECTION_INIT;
    gwapi_decision decision = GWAPI_DECISION_INIT;
    const gwapi_sink sink = {sizeof sink, NULL, use_sink};

    if (gwapi_accept(s, scratch, arrival, &connection) != GWAPI_OK ||
        gwapi_match(s, scratch, &connection, request, &decision) != GWAPI_OK)
        return USE_REFUSED;
    if (depth == USE_LINES)
        gwapi_decision_write(&decision, request, (gwapi_str){NULL, 0}, &sink);
    if (depth == USE_OUTCOME)
        gwapi_decision_pick_backend(&decision, request, 1234567890123, NULL);
    else
        use_decision(&connection, &decision, request);
    use_tls(&decision);
    if (depth == USE_LINES) {
        gwapi_decision_write(&decision, request, (gwapi_str){NULL, 0}, &sink);
        use_explain(s, scratch, &connection, request);
    }
    return decision.rule != GWAPI_NONE ? USE_TAKEN : USE_ANSWERED;
}

static inline void use_ask(use *u, const gwapi_arrival *arrival, const gwapi_request *request)
{
    if (u->asked++ < u->most)
        (void)use_answer(u->snapshot, u->scratch, arrival, request, USE_LINES);
}

static inline void use_add(use *u, size_t *len, gwapi_str text)
{
    if (text.len > sizeof u->path - *len)
        text.len = sizeof u->path - *len;
    if (text.len != 0)
        memcpy(u->path + *len, text.data, text.len);
    *len += text.len;
}

/* The path of a match; "/service/method" of a gRPC one. Patterns are taken for their own text.
 */
static inline void use_path(use *u, const gwapi__image_match *m, size_t *len)
{
    const gwapi_snapshot *s = u->snapshot;

    switch (m->flags_index & GWAPI__MATCH_TYPE) {
    case GWAPI__IMAGE_MATCH_GRPC:
        use_add(u, len, GWAPI__STR("/"));
        use_add(u, len, gwapi__image_str(s, gwapi__image_GRPC_METHOD(s, m->path)->service));
        use_add(u, len, GWAPI__STR("/"));
        use_add(u, len, gwapi__image_str(s, gwapi__image_GRPC_METHOD(s, m->path)->method));
        break;
    case GWAPI__IMAGE_MATCH_REGEX:
        use_add(u, len, gwapi__image_str(s, gwapi__image_REGEX(s, m->path)->text));
        break;
    default:
        use_add(u, len, gwapi__image_str(s, (gwapi__image_text){m->path}));
    }
}

/* A request with all that a match asks for. */
static inline gwapi_request use_request(use *u, const gwapi__image_match *m)
{
    const gwapi_snapshot *s = u->snapshot;
    gwapi_request r = GWAPI_REQUEST_INIT;
    size_t len = 0, parameters = 0;

    use_path(u, m, &len);
    r.method = (m->flags_index & GWAPI__MATCH_TYPE) == GWAPI__IMAGE_MATCH_GRPC
                   ? GWAPI__STR("POST")
                   : gwapi__image_str(s, m->method);
    for (uint32_t i = 0; i < m->conditions.count && i < 16; i++) {
        const gwapi__image_condition *c = gwapi__image_CONDITION(s, m->conditions.first + i);
        if (c->header == GWAPI__IMAGE_NONE) {
            use_add(u, &len, parameters++ == 0 ? GWAPI__STR("?") : GWAPI__STR("&"));
            use_add(u, &len, gwapi__image_str(s, c->name));
            use_add(u, &len, GWAPI__STR("="));
            use_add(u, &len, gwapi__image_str(s, c->value));
        } else if (r.header_count < USE_MOST_HEADERS) {
            u->headers[r.header_count++] = (gwapi_header){
                gwapi__image_str(s, gwapi__image_HEADER_NAME(s, c->header)->text),
                gwapi__image_str(s, c->value)};
        }
    }
    r.headers = u->headers;
    r.path = gwapi__str(u->path, len);
    r.path_policy = (gwapi_path_policy)(u->asked % 3);
    return r;
}

/* A host that a name of the image is for, if that place of its table has one. */
static inline gwapi_str use_host(use *u, uint32_t i)
{
    uint32_t count = gwapi__image_count(u->snapshot, GWAPI__SECTION_NAME);
    gwapi_str name = {NULL, 0};

    if (count != 0)
        name = gwapi__image_str(u->snapshot, gwapi__image_NAME(u->snapshot, i % count)->text);
    if (name.data == NULL || name.len >= sizeof u->host)
        return GWAPI__STR("x.example");
    if (name.len == 0 || name.data[0] != '.')
        return name;
    u->host[0] = 'x';
    memcpy(u->host + 1, name.data, name.len);
    return gwapi__str(u->host, name.len + 1);
}

static inline void use_matches(use *u, gwapi_arrival *arrival)
{
    uint32_t count = gwapi__image_count(u->snapshot, GWAPI__SECTION_MATCH);
    gwapi_request plain = GWAPI_REQUEST_INIT;

    use_ask(u, arrival, &plain);
    for (uint32_t i = 0; i < count && u->asked < u->most; i++) {
        gwapi_request r = use_request(u, gwapi__image_MATCH(u->snapshot, i));
        r.host = use_host(u, i);
        arrival->sni = r.host;
        use_ask(u, arrival, &r);
    }
}

static inline void use_doors(use *u)
{
    uint32_t count = gwapi__image_count(u->snapshot, GWAPI__SECTION_DOOR);

    for (uint32_t i = 0; i < count && u->asked < u->most; i++) {
        gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
        arrival.port = gwapi__image_DOOR(u->snapshot, i)->port;
        arrival.transport = gwapi__image_DOOR(u->snapshot, i)->transport;
        use_matches(u, &arrival);
    }
}

static inline void use_mesh(use *u)
{
    const gwapi_snapshot *s = u->snapshot;
    uint32_t count = gwapi__image_count(s, GWAPI__SECTION_SERVICE_PORT);

    for (uint32_t i = 0; i < count && u->asked < u->most; i++) {
        const gwapi__image_service_port *port = gwapi__image_SERVICE_PORT(s, i);
        const gwapi__image_service *service = gwapi__image_SERVICE(s, port->service);
        gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
        arrival.client_namespace = GWAPI__STR("client");
        arrival.service_namespace = gwapi__image_str(s, service->namespace_);
        arrival.service_name = gwapi__image_str(s, service->name);
        arrival.port = port->port;
        use_matches(u, &arrival);
    }
}

/* The lists, and `most` requests at most, half of them from the mesh. */
static inline void use_image(const gwapi_snapshot *s, size_t most)
{
    use u = {.snapshot = s, .most = most - most / 2};

    use_lists(s);
    if (gwapi_scratch_new(&u.scratch, s, NULL) != GWAPI_OK)
        return;
    use_doors(&u);
    u.asked = 0;
    u.most = most / 2;
    use_mesh(&u);
    gwapi_scratch_free(u.scratch);
}

/* Makes the checksum right again, and the length told, so that nothing but the verifier stands
 * between the bytes and the reader. */
static inline void use_mend(unsigned char *bytes, size_t len)
{
    uint32_t words[2], told = (uint32_t)len;

    if (len < sizeof(gwapi__image_header))
        return;
    if (GWAPI__BIG_ENDIAN)
        gwapi__image_swap(&told, sizeof told);
    memcpy(bytes + offsetof(gwapi__image_header, size), &told, sizeof told);
    uint64_t sum = gwapi__image_checksum(bytes, len);
    words[0] = (uint32_t)sum;
    words[1] = (uint32_t)(sum >> 32);
    if (GWAPI__BIG_ENDIAN)
        gwapi__image_swap(words, sizeof words);
    memcpy(bytes + offsetof(gwapi__image_header, checksum), words, sizeof words);
}

#endif
