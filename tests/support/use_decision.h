/*
 * Asks a decision everything that can be asked: for tests that look for what must never happen,
 * whatever the answers are.
 */
#ifndef GWAPI_TESTS_USE_DECISION_H
#define GWAPI_TESTS_USE_DECISION_H

#include <gatewayapi/auth.h>
#include "base/slice.h"

#define USE_OPS 128

static inline void use_parts(const gwapi_decision *d)
{
    gwapi_mirror_info mirror = {.struct_size = sizeof mirror};
    gwapi_extension_info extension = {.struct_size = sizeof extension};
    gwapi_backend_info backend = {.struct_size = sizeof backend};
    gwapi_traffic_info traffic = {.struct_size = sizeof traffic};
    gwapi_session_info session = {.struct_size = sizeof session};

    for (size_t i = 0; i < gwapi_decision_backend_count(d); i++) {
        gwapi_decision_backend_at(d, i, &backend);
        gwapi_decision_backend_index(d, i);
        gwapi_decision_traffic(d, i, &traffic);
        gwapi_decision_traffic_session(d, i, &session);
    }
    for (size_t i = 0; i < gwapi_decision_mirror_count(d); i++)
        gwapi_decision_mirror_at(d, i, &mirror);
    for (size_t i = 0; i < gwapi_decision_extension_count(d); i++)
        gwapi_decision_extension_at(d, i, &extension);
}

static inline void use_rule(const gwapi_decision *d)
{
    gwapi_retry_info retry = {.struct_size = sizeof retry};
    gwapi_session_info session = {.struct_size = sizeof session};
    gwapi_mesh_info mesh = {.struct_size = sizeof mesh};
    char text[512];
    size_t length;

    gwapi_decision_retry(d, &retry);
    gwapi_decision_retry_code_at(d, 0);
    gwapi_decision_session(d, &session);
    gwapi_decision_cookie_path(d, text, sizeof text, &length);
    gwapi_mesh_destination(d, &mesh);
}

static inline void use_effects(const gwapi_decision *d, const gwapi_request *request,
                               uint32_t backend)
{
    gwapi_header_op ops[USE_OPS];
    gwapi_cors_answer cors = {.struct_size = sizeof cors};
    char text[512];
    size_t length, count;
    gwapi_str host;

    gwapi_decision_redirect(d, request, backend, text, sizeof text, &length, NULL);
    gwapi_decision_path(d, request, backend, text, sizeof text, &length);
    gwapi_decision_host(d, request, backend, &host);
    gwapi_decision_header_ops(d, request, backend, GWAPI_HEADERS_REQUEST, ops, USE_OPS, &count);
    gwapi_decision_header_ops(d, request, backend, GWAPI_HEADERS_RESPONSE, ops, USE_OPS,
                              &count);
    gwapi_decision_cors(d, request, backend, &cors);
}

/* With an answer of each protocol; the gRPC one allows, sets a header and removes another. */
static inline void use_auth(const gwapi_decision *d, const gwapi_request *request,
                            uint32_t backend)
{
    static const gwapi_header given[] = {{GWAPI_STR_INIT("x-user"), GWAPI_STR_INIT("a")},
                                         {GWAPI_STR_INIT("x-user"), GWAPI_STR_INIT("b")}};
    gwapi_auth_call call = {.struct_size = sizeof call};
    gwapi_auth_answer answer = {.struct_size = sizeof answer};
    gwapi_auth_response response = GWAPI_AUTH_RESPONSE_INIT;
    gwapi_auth_facts facts = GWAPI_AUTH_FACTS_INIT;
    gwapi_header headers[USE_OPS];
    gwapi_header_op ops[USE_OPS];
    size_t length, count = 0;
    char text[512];

    gwapi_auth_request(d, request, backend, &call);
    gwapi_auth_path(d, request, backend, text, sizeof text, &length);
    gwapi_auth_sends_header(d, backend, GWAPI__STR("x-user"));
    if (gwapi_auth_headers(d, request, backend, headers, USE_OPS, &count) != GWAPI_OK)
        count = 0;
    facts.headers = headers;
    facts.header_count = count;
    gwapi_auth_check(d, request, backend, &facts, text, sizeof text, &length);
    response.status = 200;
    response.headers = given;
    response.header_count = 2;
    response.body = GWAPI__STR("\x0a\x00\x1a\x0f\x12\x0a\x0a\x08\x0a\x06x-user\x2a\x01q");
    gwapi_auth_result(d, backend, &response, &answer);
    for (gwapi_auth_side side = 0; side <= GWAPI_AUTH_REQUEST_QUERY; side++)
        gwapi_auth_changes(d, backend, &response, side, ops, USE_OPS, &count);
    for (gwapi_header_side side = 0; side <= GWAPI_HEADERS_RESPONSE; side++)
        gwapi_auth_header_ops(d, request, backend, side, &response, &response, ops, USE_OPS,
                              &count);
    gwapi_auth_takes_header(d, backend, GWAPI__STR("x-user"));
}

/* Asks everything that can be asked of a decision, for each of its backends. */
static inline void use_decision(const gwapi_connection *connection, gwapi_decision *d,
                                const gwapi_request *request)
{
    gwapi_decision whole = GWAPI_DECISION_INIT;
    size_t backends = gwapi_decision_backend_count(d);
    uint32_t chosen;

    gwapi_connection_decide(connection, &whole);
    for (size_t i = 0; i <= backends; i++) {
        uint32_t backend = i < backends ? (uint32_t)i : GWAPI_NONE;
        use_effects(d, request, backend);
        use_auth(d, request, backend);
    }
    use_parts(d);
    use_rule(d);
    gwapi_decision_pick_backend(d, request, 1234567890123, &chosen);
    use_parts(d);
    use_effects(d, request, d->chosen);
}

#endif
