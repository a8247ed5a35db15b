/*
 * A plain reading of the rules by which requests are answered: every listener, route and match
 * of a topology is tried, those that hold are compared criterion by criterion. It is written
 * from the specification, knows neither images nor indices, and has nothing in common with
 * lib/match and lib/compile but the types of questions and answers.
 */
#ifndef GWAPI_TESTS_MATCH_PLAIN_H
#define GWAPI_TESTS_MATCH_PLAIN_H

#include <gatewayapi.h>
#include "resolve/topology.h"

typedef struct plain plain;

/* Borrows the topology. Ends the process without memory. */
plain *plain_new(const gwapi_topology *topology);
void plain_free(plain *p);

typedef struct plain_answer {
    gwapi_outcome outcome;
    gwapi_reason reason;
    uint32_t status;                /* 0: none */
    uint32_t grpc_status;           /* 0: none */
    const gwapi__resource *gateway; /* of the listener; NULL: none was chosen */
    gwapi_str listener;
    const gwapi__resource *route; /* NULL: none */
    uint32_t rule;                /* in the route */
    uint32_t match;               /* in the rule; GWAPI_NONE for TLS, TCP, UDP */
    uint32_t chosen;
    gwapi_mesh_role role;
    uint64_t mirrors; /* bit k: the k-th mirror is drawn */
    size_t candidates; /* pairs of a hostname that takes the host, or none, and a match */
    /* to tell what else follows */
    const gwapi__resolved_rule *resolved;
    const gwapi__route_match *taken;
    uint32_t port;
    bool secure;
    bool path_differs; /* the canonical path is another, where a policy asks for it */
} plain_answer;

/* `random` PLAIN_NO_RANDOM: no backend is drawn. Headers are read from the list. */
#define PLAIN_NO_RANDOM UINT64_MAX
plain_answer plain_ask(const plain *p, const gwapi_arrival *arrival,
                       const gwapi_request *request, uint64_t random);

/* Do all conditions of that match hold but its route's hostnames? False: there is none such. */
bool plain_match_holds(const plain *p, const gwapi_route_info *route, uint32_t rule,
                       uint32_t match, const gwapi_request *request, bool *holds);

/* ---- what the chosen rule and backend do ------------------------------------------------- */

/* What a forwarded request has for path and host, a redirect for Location; in the buffer. */
size_t plain_path(const plain_answer *a, const gwapi_request *request, char *out, size_t size);
size_t plain_host(const plain_answer *a, const gwapi_request *request, char *out, size_t size);
size_t plain_location(const plain_answer *a, const gwapi_request *request, char *out,
                      size_t size);

/* What CORS filters say; the last one in force. */
typedef struct plain_cors {
    bool present, allowed, preflight;
    gwapi_str origin;
} plain_cors;
plain_cors plain_cors_of(const plain_answer *a, const gwapi_request *request);
typedef struct plain_texts {
    char methods[256], headers[256], exposed[256], age[16];
} plain_texts;

/* A list of header lines, changed in place by every modifier in force, one after the other. */
typedef struct plain_headers {
    gwapi_header lines[64];
    size_t count;
} plain_headers;
/* `texts`: two, for CORS of the rule and of the backendRef. */
void plain_modify(plain_headers *headers, const plain_answer *a, const gwapi_request *request,
                  bool response, plain_texts texts[2]);
void plain_header_set(plain_headers *headers, gwapi_str name, gwapi_str value);
void plain_header_add(plain_headers *headers, gwapi_str name, gwapi_str value);
void plain_header_remove(plain_headers *headers, gwapi_str name);

/* ---- what else follows from a rule (plain_options.c) ------------------------------------- */

/* The filter that asks about the request: the rule's (GWAPI_NONE) or a backendRef's own; NULL:
 * none. */
const gwapi__resolved_filter *plain_auth(const plain_answer *a, uint32_t backend,
                                         const gwapi_request *request);
/* What it is sent, out of the request's lines. */
void plain_auth_headers(const plain_answer *a, uint32_t backend,
                        const gwapi__resolved_filter *filter, plain_headers *headers);
/* Into 2,048 bytes: the length. */
size_t plain_auth_path(const gwapi__external_auth *auth, const gwapi_request *request, char *out);

bool plain_same_session(const gwapi__session_persistence *spec, const gwapi_session_info *is_);
bool plain_is_cookie_path(const plain_answer *a, const gwapi_request *request, gwapi_str given);
bool plain_same_retry(const gwapi__retry *spec, const gwapi_decision *d);
bool plain_same_traffic(const gwapi__resolved_backend *backend, const gwapi_decision *d, size_t i);

#endif
