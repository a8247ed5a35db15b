/*
 * Random tables and requests, drawn from small alphabets so that names, paths and values often
 * meet: two Gateways with HTTP, HTTPS, TLS, TCP and UDP listeners, routes of every kind,
 * Services with mesh routes. Equal seeds draw equal tables and requests.
 */
#ifndef GWAPI_TESTS_MATCH_DRAWN_H
#define GWAPI_TESTS_MATCH_DRAWN_H

#include <gatewayapi.h>
#include "base/text.h"

/* Something that a request can be made to hit. */
typedef struct drawn_hint {
    char path[96];
    char host[64];
    const char *method;
    uint32_t port;
    const char *service; /* namespace of the Service that is parent; NULL: a Gateway is */
    const char *client;  /* namespace of the route */
    const char *gateway;
    const char *headers[2][2]; /* NULL: none */
    char query[48];            /* with its '?', or empty */
} drawn_hint;

typedef struct drawn_table {
    gwapi__text yaml;
    drawn_hint *hints;
    size_t hint_count;
    uint32_t rules;
    bool narrow;     /* few paths, so that other conditions decide */
    uint32_t spread; /* how many more segments and hosts than the smallest alphabet has */
} drawn_table;

/* `routes`: how many HTTPRoutes; others are a few. */
void drawn_table_make(drawn_table *t, uint64_t seed, uint32_t routes, uint32_t spread,
                      const gwapi_allocator *allocator);
void drawn_table_free(drawn_table *t);

typedef struct drawn_request {
    gwapi_arrival arrival;
    gwapi_request request;
    gwapi_header headers[16];
    char path[256];
    char host[80];
    char sni[80];
    uint64_t random; /* UINT64_MAX: none */
} drawn_request;

/* Draws on from where the last call ended; drawn_seed starts anew. */
void drawn_seed(uint64_t seed);
void drawn_request_make(drawn_request *r, const drawn_table *t);

#endif
