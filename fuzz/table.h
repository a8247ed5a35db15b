/* A small table that has every filter, for targets that ask requests of it. */
#ifndef GWAPI_FUZZ_TABLE_H
#define GWAPI_FUZZ_TABLE_H

#include <stdio.h>
#include <stdlib.h>
#include <gatewayapi.h>
#include "base/slice.h"

static inline void require(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "does not hold: %s\n", what);
        abort();
    }
}

typedef struct fuzz_table {
    gwapi_snapshot *snapshot;
    gwapi_scratch *scratch;
} fuzz_table;

#define FUZZ_ROUTE(kind, name)                                                                \
    "---\napiVersion: gateway.networking.k8s.io/v1\nkind: " kind "\n"                         \
    "metadata: {name: " name ", namespace: ns}\nspec:\n"                                      \
    "  parentRefs: [{name: g}]\n"
#define FUZZ_BACKEND "    backendRefs: [{name: a, port: 80}]\n"
#define FUZZ_AUTH                                                                             \
    "{type: ExternalAuth, externalAuth: {backendRef: {name: a, port: 80}, protocol: "

static const char fuzz_yaml[] =
    "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
    "metadata: {name: g, namespace: ns}\nspec:\n  gatewayClassName: c\n  listeners:\n"
    "  - {name: http, port: 80, protocol: HTTP}\n"
    "  - {name: wild, port: 80, protocol: HTTP, hostname: \"*.b.test\"}\n"
    "  - {name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: c}]}}\n"
    "  - {name: a, port: 443, protocol: HTTPS, hostname: a.test,"
    " tls: {certificateRefs: [{name: c}]}}\n"
    /* conditions */
    FUZZ_ROUTE("HTTPRoute", "conditions")
    "  hostnames: [a.test, \"*.b.test\", \"*.c.b.test\"]\n  rules:\n"
    "  - matches:\n    - path: {type: Exact, value: /a}\n    - path: {value: /a/b}\n"
    "      method: PUT\n"
    "    - path: {type: RegularExpression, value: \"/(a|b)+/[0-9]{2,4}(/.*)?\"}\n"
    "    - headers: [{name: x-a, value: \"1\"}, {name: cookie, value: \"a=1; b=2\"}]\n"
    "    - headers: [{name: host, type: RegularExpression, value: \".*:8.*\"}]\n"
    "    - queryParams: [{name: q, value: \"1 2\"},"
    " {name: r, type: RegularExpression, value: \"[^&]+\"}]\n" FUZZ_BACKEND
    /* effects */
    FUZZ_ROUTE("HTTPRoute", "effects")
    "  rules:\n"
    "  - matches: [{path: {value: /move/}}]\n    filters:\n"
    "    - {type: RequestRedirect, requestRedirect: {scheme: https,"
    " path: {type: ReplacePrefixMatch, replacePrefixMatch: /to/}}}\n"
    "  - matches: [{path: {value: /full}}]\n    filters:\n"
    "    - {type: RequestRedirect, requestRedirect: {hostname: n.test, port: 8080,"
    " path: {type: ReplaceFullPath, replaceFullPath: \"\"}}}\n"
    "  - matches: [{path: {value: /strip}}]\n    filters:\n"
    "    - {type: URLRewrite, urlRewrite: {hostname: n.test,"
    " path: {type: ReplacePrefixMatch, replacePrefixMatch: \"\"}}}\n"
    "    - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X-A, value: s}],"
    " add: [{name: x-b, value: a}], remove: [cookie]}}\n"
    "    - {type: ResponseHeaderModifier, responseHeaderModifier: {"
    "add: [{name: vary, value: x}]}}\n"
    "    - {type: RequestMirror, requestMirror: {percent: 50,"
    " backendRef: {name: a, port: 80}}}\n"
    "    backendRefs:\n    - {name: a, port: 80, weight: 3}\n    - {name: a, port: 80,"
    " filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplaceFullPath,"
    " replaceFullPath: /../x}}}]}\n"
    "  - matches: [{path: {value: /cors}}]\n    filters:\n"
    "    - {type: CORS, cors: {allowOrigins: [\"https://*.a.test\", \"http://b.test:81\"],"
    " allowMethods: [\"*\"], allowHeaders: [\"*\"], exposeHeaders: [x-a],"
    " allowCredentials: true}}\n" FUZZ_BACKEND
    "  - matches: [{path: {value: /any}}]\n    filters:\n"
    "    - {type: CORS, cors: {allowOrigins: [\"*\"], allowMethods: [PUT]}}\n" FUZZ_BACKEND
    "    sessionPersistence: {sessionName: s}\n    retry: {codes: [503], attempts: 2}\n"
    "  - matches: [{path: {value: /auth}}]\n    filters:\n"
    "    - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X-A, value: s}],"
    " add: [{name: x-b, value: a}], remove: [cookie]}}\n"
    "    - " FUZZ_AUTH "HTTP, http: {path: /p/, allowedHeaders: [x-a, x-b, cookie],"
    " allowedResponseHeaders: [x-a, x-b]}}}\n    backendRefs:\n    - {name: a, port: 80,"
    " filters: [" FUZZ_AUTH "GRPC, grpc: {}, forwardBody: {maxSize: 65535}}}]}\n"
    FUZZ_ROUTE("GRPCRoute", "grpc")
    "  hostnames: [g.test]\n  rules:\n"
    "  - matches:\n    - method: {service: p.S, method: M}\n"
    "    - method: {service: \"p.[A-Z]+\", type: RegularExpression}\n"
    "    - headers: [{name: x-a, value: \"1\"}]\n" FUZZ_BACKEND;

static inline void fuzz_table_make(fuzz_table *t)
{
    gwapi_resolve_options options = GWAPI_RESOLVE_OPTIONS_INIT;
    gwapi_source source = GWAPI_SOURCE_INIT;
    gwapi_topology *topology;
    gwapi_resources *set;
    gwapi_schema *schema;

    source.bytes = fuzz_yaml;
    source.len = sizeof fuzz_yaml - 1;
    options.assume = GWAPI_ASSUME_SECRET | GWAPI_ASSUME_SERVICE;
    require(gwapi_schema_new(&schema, NULL) == GWAPI_OK, "a schema");
    require(gwapi_schema_add_builtin(schema, (gwapi_str){NULL, 0},
                                     GWAPI_CHANNEL_EXPERIMENTAL) == GWAPI_OK,
            "the kinds");
    require(gwapi_schema_seal(schema, NULL, 0) == GWAPI_OK, "sealed");
    require(gwapi_resources_new(&set, schema, NULL) == GWAPI_OK, "a set");
    require(gwapi_resources_read(set, &source, NULL) == GWAPI_OK, "the table is valid");
    require(gwapi_topology_resolve(&topology, set, &options, NULL) == GWAPI_OK, "resolved");
    require(gwapi_snapshot_compile(&t->snapshot, topology, NULL, NULL) == GWAPI_OK, "compiled");
    require(gwapi_scratch_new(&t->scratch, t->snapshot, NULL) == GWAPI_OK, "a scratch");
    gwapi_topology_release(topology);
    gwapi_resources_free(set);
    gwapi_schema_free(schema);
}

/* The bytes up to the next `end`, taken off with it. */
static inline gwapi_str fuzz_take(gwapi_str *rest, char end)
{
    gwapi_str head, tail;

    if (!gwapi__str_cut(*rest, end, &head, &tail))
        tail = gwapi__str(rest->data + rest->len, 0);
    *rest = tail;
    return head;
}

enum { FUZZ_HEADERS = 64 };

/* "Name: value" lines up to an empty one; how many there are. */
static inline size_t fuzz_take_headers(gwapi_str *rest, gwapi_header headers[FUZZ_HEADERS])
{
    size_t count = 0;

    while (rest->len != 0 && count < FUZZ_HEADERS) {
        gwapi_str line = fuzz_take(rest, '\n');
        if (line.len == 0)
            break;
        headers[count].name = fuzz_take(&line, ':');
        headers[count++].value = line;
    }
    return count;
}

static inline gwapi_decision fuzz_ask(const fuzz_table *t, uint32_t port,
                                      const gwapi_request *request,
                                      gwapi_connection *connection)
{
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_decision decision = GWAPI_DECISION_INIT;

    *connection = (gwapi_connection)GWAPI_CONNECTION_INIT;
    arrival.port = port;
    arrival.sni = request->host;
    require(gwapi_accept(t->snapshot, t->scratch, &arrival, connection) == GWAPI_OK, "accepted");
    require(gwapi_match(t->snapshot, t->scratch, connection, request, &decision) == GWAPI_OK,
            "matched");
    return decision;
}

#endif
