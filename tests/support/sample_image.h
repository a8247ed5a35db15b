/*
 * A small image built by hand with a record of nearly every kind: two Gateways' worth of listeners
 * (HTTP, HTTPS, TLS, TCP), an HTTPRoute with every filter, a GRPCRoute, a TLSRoute, a Service of
 * the mesh. For tests of the format and of matching that need no topology.
 */
#ifndef GWAPI_TESTS_SAMPLE_IMAGE_H
#define GWAPI_TESTS_SAMPLE_IMAGE_H

#include <string.h>
#include <gatewayapi/auth.h>
#include "base/slice.h"
#include "compile/places.h"
#include "image/builder.h"

#define SAMPLE_ADD(b, section, record, ...)                                                   \
    do {                                                                                      \
        gwapi__image_##record sample_record = __VA_ARGS__;                                    \
        gwapi__image_##record *sample_slot =                                                  \
            gwapi__block_add((b), GWAPI__SECTION_##section, NULL);                            \
        if (sample_slot != NULL)                                                              \
            *sample_slot = sample_record;                                                     \
    } while (0)
#define SAMPLE_NONE GWAPI__IMAGE_NONE

static inline gwapi__image_text sample_text(gwapi__block *b, const char *text)
{
    return gwapi__block_text(b, gwapi__str_of(text));
}

static inline void sample_backend(gwapi__block *b, uint32_t rule, uint32_t role, uint32_t place,
                                  uint32_t weight, uint32_t tls, gwapi__image_range filters)
{
    SAMPLE_ADD(b, BACKEND, backend,
               {.rule = rule,
                .role_place = role | place << GWAPI__BACKEND_PLACE_SHIFT,
                .weight = weight,
                .target = gwapi__block_count(b, GWAPI__SECTION_TARGET),
                .filters = filters.count != 0 ? gwapi__block_count(b, GWAPI__SECTION_OWN_FILTERS)
                                              : SAMPLE_NONE});
    if (filters.count != 0)
        SAMPLE_ADD(b, OWN_FILTERS, own_filters, {filters});
    SAMPLE_ADD(b, TARGET, target,
               {.port = 8080,
                .protocol = GWAPI_BACKEND_PROTOCOL_HTTP,
                .group = sample_text(b, ""),
                .kind = sample_text(b, "Service"),
                .namespace_ = sample_text(b, "shop"),
                .name = sample_text(b, "web"),
                .tls_policy = tls,
                .traffic_policy = tls});
}

static inline void sample_rule(gwapi__block *b, uint32_t route, uint32_t index,
                               gwapi__image_range filters, uint32_t backends, uint32_t all,
                               uint32_t extras)
{
    uint32_t first = gwapi__block_count(b, GWAPI__SECTION_BACKEND) - all;

    SAMPLE_ADD(b, RULE, rule,
               {.route = route,
                .index = index,
                .name = sample_text(b, index == 0 ? "first" : NULL),
                .filters = filters,
                .backends = {first, backends},
                .options = gwapi__block_count(b, GWAPI__SECTION_RULE_OPTIONS)});
    SAMPLE_ADD(b, RULE_OPTIONS, rule_options,
               {.flags = GWAPI__RULE_REQUEST_TIMEOUT,
                .retry = extras,
                .session = extras,
                .request_timeout = {500, 0}});
}

/* Filters 0..6 are the first rule's, 7 is a backendRef's, 8 the second rule's redirect. */
static inline void sample_filters(gwapi__block *b)
{
    SAMPLE_ADD(b, HEADER_OP, header_op,
               {GWAPI_HEADER_SET, sample_text(b, "X-Set"), sample_text(b, "1")});
    SAMPLE_ADD(b, HEADER_OP, header_op,
               {GWAPI_HEADER_REMOVE, sample_text(b, "x-gone"), {SAMPLE_NONE}});
    SAMPLE_ADD(b, MODIFIER, modifier, {{0, 2}});
    SAMPLE_ADD(b, MIRROR, mirror, {2, 1, 2});
    gwapi__block_string(b, GWAPI__SECTION_STRING, GWAPI__STR("https://a.example"));
    gwapi__block_string(b, GWAPI__SECTION_STRING, GWAPI__STR("x-user"));
    gwapi__block_string(b, GWAPI__SECTION_STRING, GWAPI__STR("192.0.2.1"));
    SAMPLE_ADD(b, CORS, cors,
               {.flags = GWAPI__CORS_CREDENTIALS,
                .origins = {0, 1},
                .methods = sample_text(b, "GET, PUT"),
                .headers = {SAMPLE_NONE},
                .exposed = {SAMPLE_NONE},
                .max_age = sample_text(b, "5")});
    SAMPLE_ADD(b, AUTH, auth,
               {.protocol = GWAPI_AUTH_HTTP,
                .backend = 3,
                .path = sample_text(b, "/auth"),
                .headers = {1, 1},
                .response_headers = {1, 1},
                .has_forward_body = 1,
                .max_size = {1024, 0}});
    SAMPLE_ADD(b, REWRITE, rewrite,
               {sample_text(b, "backend.example"), GWAPI__IMAGE_PATH_REPLACE_PREFIX,
                sample_text(b, "/new")});
    SAMPLE_ADD(b, REDIRECT, redirect,
               {GWAPI__SCHEME_HTTPS, 0, 301, {SAMPLE_NONE}, GWAPI__IMAGE_PATH_KEEP,
                {SAMPLE_NONE}});
    SAMPLE_ADD(b, EXTENSION, extension,
               {sample_text(b, "example.com"), sample_text(b, "Gate"), sample_text(b, "shop"),
                sample_text(b, "gate")});
    static const gwapi__image_filter filters[] = {
        {GWAPI__IMAGE_FILTER_REQUEST_HEADERS, 0, 0}, {GWAPI__IMAGE_FILTER_RESPONSE_HEADERS, 0, 0},
        {GWAPI__IMAGE_FILTER_MIRROR, 0, 0},          {GWAPI__IMAGE_FILTER_CORS, 0, 0},
        {GWAPI__IMAGE_FILTER_AUTH, 0, 0},            {GWAPI__IMAGE_FILTER_REWRITE, 0, 0},
        {GWAPI__IMAGE_FILTER_EXTENSION, 0, 0},       {GWAPI__IMAGE_FILTER_REQUEST_HEADERS, 0, 0},
        {GWAPI__IMAGE_FILTER_REDIRECT, 0, 0},
    };
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
        SAMPLE_ADD(b, FILTER, filter, filters[i]);
}

static inline void sample_policies(gwapi__block *b)
{
    gwapi__block_word(b, GWAPI__SECTION_NUMBER, 503);
    SAMPLE_ADD(b, RETRY, retry,
               {GWAPI__RETRY_ATTEMPTS | GWAPI__RETRY_BACKOFF, {0, 1}, {2, 0}, {100, 0}});
    SAMPLE_ADD(b, SESSION, session,
               {GWAPI_SESSION_COOKIE, GWAPI__SESSION_ABSOLUTE_TIMEOUT, sample_text(b, "sid"),
                {60000, 0}, {0, 0}});
    SAMPLE_ADD(b, CERTIFICATE, certificate,
               {sample_text(b, "shop"), sample_text(b, "cert"), sample_text(b, "PEM"),
                {SAMPLE_NONE}});
    gwapi__block_word(b, GWAPI__SECTION_CERTIFICATE_INDEX, 0);
    SAMPLE_ADD(b, BUNDLE, bundle,
               {sample_text(b, "ConfigMap"), sample_text(b, "shop"), sample_text(b, "ca"),
                sample_text(b, "PEM")});
    gwapi__block_word(b, GWAPI__SECTION_BUNDLE_INDEX, 0);
    SAMPLE_ADD(b, OPTION, option, {sample_text(b, "example.com/o"), sample_text(b, "v")});
    SAMPLE_ADD(b, SUBJECT_NAME, subject_name, {1, sample_text(b, "spiffe://x")});
    SAMPLE_ADD(b, TLS_POLICY, tls_policy,
               {sample_text(b, "shop"), sample_text(b, "btp"), sample_text(b, "web.example"),
                {0, 1}, {0, 1}, {SAMPLE_NONE}, {0, 1}});
    SAMPLE_ADD(b, TRAFFIC_POLICY, traffic_policy,
               {sample_text(b, "shop"), sample_text(b, "xbtp"), 1, {20, 0}, {10000, 0}, {10, 0},
                {1000, 0}, 0});
}

/* Rules: 0 (every filter), 1 (redirect), 2 (gRPC), 3 (TLS), 4 (TCP). */
static inline void sample_routes(gwapi__block *b)
{
    SAMPLE_ADD(b, ROUTE, route,
               {GWAPI_ROUTE_HTTP, sample_text(b, "shop"), sample_text(b, "web"), {0, 2}});
    SAMPLE_ADD(b, ROUTE, route,
               {GWAPI_ROUTE_GRPC, sample_text(b, "shop"), sample_text(b, "api"), {2, 1}});
    SAMPLE_ADD(b, ROUTE, route,
               {GWAPI_ROUTE_TLS, sample_text(b, "shop"), sample_text(b, "pass"), {3, 1}});
    SAMPLE_ADD(b, ROUTE, route,
               {GWAPI_ROUTE_TCP, sample_text(b, "shop"), sample_text(b, "db"), {4, 1}});
    sample_backend(b, 0, GWAPI_BACKEND_REF, 0, 9, 0, (gwapi__image_range){7, 1});
    sample_backend(b, 0, GWAPI_BACKEND_REF, 1, 1, SAMPLE_NONE, (gwapi__image_range){0, 0});
    sample_backend(b, 0, GWAPI_BACKEND_MIRROR, 0, 1, SAMPLE_NONE, (gwapi__image_range){0, 0});
    sample_backend(b, 0, GWAPI_BACKEND_AUTH, 0, 1, SAMPLE_NONE, (gwapi__image_range){0, 0});
    sample_rule(b, 0, 0, (gwapi__image_range){0, 7}, 2, 4, 0);
    sample_rule(b, 0, 1, (gwapi__image_range){8, 1}, 0, 0, SAMPLE_NONE);
    for (uint32_t rule = 2; rule < 5; rule++) {
        sample_backend(b, rule, GWAPI_BACKEND_REF, 0, 1, SAMPLE_NONE,
                       (gwapi__image_range){0, 0});
        sample_rule(b, rule - 1, 0, (gwapi__image_range){0, 0}, 1, 1, SAMPLE_NONE);
    }
}

static inline void sample_match(gwapi__block *b, uint32_t rule, uint32_t route, uint32_t index,
                                uint32_t flags, uint32_t path, gwapi__image_range conditions,
                                const char *method)
{
    SAMPLE_ADD(b, MATCH, match,
               {rule, route, flags | index << GWAPI__MATCH_INDEX_SHIFT, conditions, path, sample_text(b, method)});
}

/* What a table finds under a text. */
typedef struct sample_key {
    const char *text;
    uint32_t type;
    uint32_t matches;
} sample_key;

static inline gwapi__image_range sample_slots(gwapi__block *b, const sample_key *keys,
                                              uint32_t count, uint32_t *seed)
{
    gwapi__image_range range = {gwapi__block_count(b, GWAPI__SECTION_SLOT), 0};
    gwapi__places places;

    gwapi__places_init(&places, &b->allocator);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t hash = gwapi__index_text(keys[i].text, strlen(keys[i].text));
        if (!gwapi__places_add(&places, hash, i))
            b->failure = GWAPI_ENOMEM;
    }
    if (b->failure == GWAPI_OK && !gwapi__places_find(&places))
        b->failure = GWAPI_ENOMEM;
    for (uint32_t i = 0; b->failure == GWAPI_OK && i < places.count; i++) {
        uint32_t more;
        const gwapi__place_key *place = gwapi__places_at(&places, i, &more);
        gwapi__image_slot slot = {0, {SAMPLE_NONE}, GWAPI__SLOT_FREE};
        if (place != NULL) {
            const sample_key *key = &keys[place->item];
            slot.tag =
                gwapi__slot_tag(gwapi__index_seeded(place->hash, places.seed), key->type);
            slot.text = sample_text(b, key->text);
            slot.matches = key->matches;
        }
        slot.tag |= more;
        SAMPLE_ADD(b, SLOT, slot, slot);
    }
    *seed = places.seed;
    range.count = gwapi__block_count(b, GWAPI__SECTION_SLOT) - range.first;
    gwapi__places_free(&places);
    return range;
}

/* /exact → 0; GET /r[0-9]+ → 1; /p with x-a: v[0-9] → 0; / with q=1 → 1; gRPC s/m → 2. */
static inline void sample_matches(gwapi__block *b)
{
    static const sample_key keys[] = {
        {"/exact", GWAPI__IMAGE_MATCH_EXACT, 0},
        {"/r", GWAPI__IMAGE_MATCH_REGEX, 1},
        {"/p", GWAPI__IMAGE_MATCH_PREFIX, 2},
        {"", GWAPI__IMAGE_MATCH_PREFIX, GWAPI__SLOT_LIST | 1},
        {"/s/m", GWAPI__IMAGE_MATCH_GRPC, 4},
    };
    uint32_t seed = 0;

    gwapi__block_string(b, GWAPI__SECTION_HEADER_NAME, GWAPI__STR("host"));
    gwapi__block_string(b, GWAPI__SECTION_HEADER_NAME, GWAPI__STR("x-a"));
    gwapi__block_string(b, GWAPI__SECTION_REGEX, GWAPI__STR("/r[0-9]+"));
    gwapi__block_string(b, GWAPI__SECTION_REGEX, GWAPI__STR("v[0-9]"));
    SAMPLE_ADD(b, CONDITION, condition, {1, {SAMPLE_NONE}, sample_text(b, "v[0-9]"), 1});
    SAMPLE_ADD(b, CONDITION, condition,
               {SAMPLE_NONE, sample_text(b, "q"), sample_text(b, "1"), SAMPLE_NONE});
    SAMPLE_ADD(b, GRPC_METHOD, grpc_method,
               {sample_text(b, "s"), sample_text(b, "m"), SAMPLE_NONE, SAMPLE_NONE});
    sample_match(b, 0, 0, 0, GWAPI__IMAGE_MATCH_EXACT, sample_text(b, "/exact").offset,
                 (gwapi__image_range){0, 0}, NULL);
    sample_match(b, 1, 0, 0, GWAPI__IMAGE_MATCH_REGEX, 0, (gwapi__image_range){0, 0}, "GET");
    sample_match(b, 0, 0, 1, GWAPI__IMAGE_MATCH_PREFIX, sample_text(b, "/p/").offset,
                 (gwapi__image_range){0, 1}, NULL);
    sample_match(b, 1, 0, 1, GWAPI__IMAGE_MATCH_PREFIX, sample_text(b, "/").offset,
                 (gwapi__image_range){1, 1}, NULL);
    sample_match(b, 2, 1, 0, GWAPI__IMAGE_MATCH_GRPC | GWAPI__MATCH_OF_GRPC, 0,
                 (gwapi__image_range){0, 0}, NULL);
    /* The host's list of patterns is match 1; the list under "" is match 3, twice. */
    static const uint32_t lists[] = {1, 1, 3, 3};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        gwapi__block_word(b, GWAPI__SECTION_MATCH_INDEX, lists[i]);
    SAMPLE_ADD(b, HOST_LISTS, host_lists, {0, {0, 1}, {0, 0}, {0, 0}});
    gwapi__image_range slots = sample_slots(b, keys, sizeof keys / sizeof *keys, &seed);
    SAMPLE_ADD(b, HOST, host,
               {.slots = slots,
                .flags = seed | GWAPI__HOST_GRPC_METHOD,
                .exact_depths = 2,
                .prefix_depths = 3,
                .lists = 0,
                .next = SAMPLE_NONE});
    SAMPLE_ADD(b, HOST, host, {.slots = {0, 0}, .lists = SAMPLE_NONE, .next = 0});
    SAMPLE_ADD(b, STREAM, stream, {sample_text(b, "*.tls.example"), 3});
    SAMPLE_ADD(b, STREAM, stream, {sample_text(b, ""), 4});
}

/* Names of the TLS door: secure.example, with a chain of two hosts. */
static inline uint32_t sample_names(gwapi__block *b, uint32_t *count)
{
    gwapi_str text = GWAPI__STR("secure.example");
    gwapi__image_name free_place = {0, {SAMPLE_NONE}, SAMPLE_NONE, SAMPLE_NONE};
    uint64_t hash = gwapi__index_seeded(gwapi__index_text(text.data, text.len), 0);

    *count = 2;
    for (uint32_t i = 0; i < *count; i++) {
        gwapi__image_name name = {gwapi__name_tag(hash), gwapi__block_text(b, text), 1, 1};
        SAMPLE_ADD(b, NAME, name, i == gwapi__index_place(hash, *count) ? name : free_place);
    }
    return 0;
}

static inline void sample_listener(gwapi__block *b, uint32_t port, uint32_t protocol,
                                   uint32_t tls_mode, const char *hostname,
                                   gwapi__image_range streams)
{
    SAMPLE_ADD(b, LISTENER, listener,
               {.gateway = 0,
                .port = port,
                .protocol = protocol,
                .tls_mode = tls_mode,
                .name = sample_text(b, gwapi_protocol_text(protocol)),
                .hostname = sample_text(b, hostname),
                .set_namespace = {SAMPLE_NONE},
                .set_name = {SAMPLE_NONE},
                .certificates = {0, protocol == GWAPI_PROTOCOL_HTTPS},
                .options = {0, protocol == GWAPI_PROTOCOL_HTTPS},
                .validation_mode =
                    protocol == GWAPI_PROTOCOL_HTTPS ? GWAPI_VALIDATION_ALLOW_VALID_ONLY : 0,
                .bundles = {0, protocol == GWAPI_PROTOCOL_HTTPS},
                .streams = streams});
}

/* HTTP 80 (any host), HTTPS 443 (secure.example), TLS 443 (*.tls.example), TCP 9000. */
static inline void sample_listeners(gwapi__block *b)
{
    uint32_t names, first = sample_names(b, &names);
    const gwapi__image_door doors[] = {
        {80, GWAPI_TRANSPORT_HTTP, {0, 1}, {0, 0}, 0, 0, 0, 0},
        {443, GWAPI_TRANSPORT_TLS, {1, 2}, {first, names}, 0, 0, SAMPLE_NONE, SAMPLE_NONE},
        {9000, GWAPI_TRANSPORT_TCP, {3, 1}, {0, 0}, 0, 0, SAMPLE_NONE, SAMPLE_NONE},
    };
    static const uint32_t order[] = {0, 2, 1, 3};

    SAMPLE_ADD(b, GATEWAY, gateway,
               {sample_text(b, "infra"), sample_text(b, "edge"), {0, 4}, {2, 1}, 0, 0});
    const gwapi__image_range none = {0, 0};
    sample_listener(b, 80, GWAPI_PROTOCOL_HTTP, GWAPI_TLS_NONE, NULL, none);
    sample_listener(b, 443, GWAPI_PROTOCOL_HTTPS, GWAPI_TLS_TERMINATE, "secure.example", none);
    sample_listener(b, 443, GWAPI_PROTOCOL_TLS, GWAPI_TLS_PASSTHROUGH, "*.tls.example",
                    (gwapi__image_range){0, 1});
    sample_listener(b, 9000, GWAPI_PROTOCOL_TCP, GWAPI_TLS_NONE, NULL,
                    (gwapi__image_range){1, 1});
    for (size_t i = 0; i < 4; i++)
        gwapi__block_word(b, GWAPI__SECTION_LISTENER_INDEX, order[i]);
    for (size_t i = 0; i < 3; i++)
        SAMPLE_ADD(b, DOOR, door, doors[i]);
    SAMPLE_ADD(b, SCOPE, scope,
               {GWAPI__SCOPE_ALL, {SAMPLE_NONE}, {SAMPLE_NONE}, {0, 3}});
    SAMPLE_ADD(b, SCOPE, scope,
               {GWAPI__SCOPE_GATEWAY, sample_text(b, "infra"), sample_text(b, "edge"), {0, 3}});
    SAMPLE_ADD(b, SCOPE, scope,
               {GWAPI__SCOPE_ADDRESS, {SAMPLE_NONE}, sample_text(b, "192.0.2.1"), {0, 3}});
}

static inline void sample_mesh(gwapi__block *b)
{
    SAMPLE_ADD(b, SERVICE, service, {sample_text(b, "shop"), sample_text(b, "web"), {0, 2}});
    SAMPLE_ADD(b, SERVICE_ADDRESS, service_address, {sample_text(b, "10.0.0.1"), 0});
    SAMPLE_ADD(b, SERVICE_PORT, service_port,
               {0, 80, GWAPI_TRANSPORT_TCP, sample_text(b, "http"), {0, 2}});
    SAMPLE_ADD(b, SERVICE_PORT, service_port,
               {0, 53, GWAPI_TRANSPORT_UDP, {SAMPLE_NONE}, {0, 0}});
    SAMPLE_ADD(b, MESH_TABLE, mesh_table, {sample_text(b, ""), 0, SAMPLE_NONE});
    SAMPLE_ADD(b, MESH_TABLE, mesh_table, {sample_text(b, "client"), SAMPLE_NONE, 4});
}

/* GWAPI_ENOMEM is the only failure. */
static inline gwapi_result sample_image(const gwapi_allocator *allocator, const char *label,
                                        unsigned char **bytes, size_t *size)
{
    gwapi__block b;

    gwapi__block_init(&b, allocator);
    SAMPLE_ADD(&b, INFO, info,
               {.library_version = GWAPI_VERSION_NUMBER,
                .channel = 1,
                .release = sample_text(&b, "v1.4"),
                .controller = sample_text(&b, "example.com/c")});
    sample_filters(&b);
    sample_policies(&b);
    sample_routes(&b);
    sample_matches(&b);
    sample_listeners(&b);
    sample_mesh(&b);
    gwapi_result r = gwapi__block_finish(&b, gwapi__str_of(label), bytes, size);
    gwapi__block_free(&b);
    return r;
}

#endif
