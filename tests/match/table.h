/* Small tables of HTTPRoutes, written in the test, and what they answer. */
#ifndef GWAPI_TESTS_MATCH_TABLE_H
#define GWAPI_TESTS_MATCH_TABLE_H

#include "match/served.h"

#include <stdarg.h>

typedef struct table {
    gwapi__text yaml;
    world world;
    gwapi_snapshot *snapshot;
    gwapi_scratch *scratch;
} table;

/* HTTP on port 80 and HTTPS on port 443, without hostname. */
static const char gateway[] =
    "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
    "metadata: {name: g, namespace: infra}\nspec:\n  gatewayClassName: c\n  listeners:\n"
    "  - {name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}\n"
    "  - {name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: c}]},"
    " allowedRoutes: {namespaces: {from: All}}}\n";

static inline void put(table *t, const char *format, ...)
{
    char text[1024];
    va_list args;

    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    cr_assert_lt((size_t)n, sizeof text);
    gwapi__text_add(&t->yaml, gwapi__str(text, (size_t)n));
}

static inline void table_begin(table *t)
{
    *t = (table){0};
    world_init(&t->world, GWAPI_CHANNEL_EXPERIMENTAL);
    t->world.options.assume = GWAPI_ASSUME_SERVICE | GWAPI_ASSUME_SECRET;
    gwapi__text_init(&t->yaml, &t->world.allocator);
    put(t, "%s", gateway);
}

/* Its rules follow: put(t, "  - matches: …"). */
static inline void put_route(table *t, const char *namespace_, const char *name,
                             const char *hosts)
{
    put(t,
        "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
        "metadata: {name: \"%s\", namespace: \"%s\"}\nspec:\n"
        "  parentRefs: [{name: g, namespace: infra}]\n  hostnames: [%s]\n  rules:\n",
        name, namespace_, hosts);
}

/* With limits of its own, NULL: the default ones. */
static inline void table_end_within(table *t, const gwapi_limits *limits)
{
    gwapi_compile_options options = GWAPI_COMPILE_OPTIONS_INIT;

    cr_assert(!t->yaml.failed);
    world_read(&t->world, gwapi__text_str(&t->yaml));
    world_resolve(&t->world);
    options.limits = limits;
    cr_assert_eq(gwapi_snapshot_compile(&t->snapshot, t->world.topology, &options, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_scratch_new(&t->scratch, t->snapshot, NULL), GWAPI_OK);
}

static inline void table_end(table *t)
{
    table_end_within(t, NULL);
}

static inline void table_free(table *t)
{
    gwapi_scratch_free(t->scratch);
    gwapi_snapshot_release(t->snapshot);
    gwapi__text_free(&t->yaml);
    world_free(&t->world);
}

static inline gwapi_decision ask_at(const table *t, uint32_t port, const char *sni,
                                    const gwapi_request *request)
{
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection connection = GWAPI_CONNECTION_INIT;
    gwapi_decision decision = GWAPI_DECISION_INIT;

    arrival.port = port;
    arrival.sni = gwapi__str_of(sni);
    cr_assert_eq(gwapi_accept(t->snapshot, t->scratch, &arrival, &connection), GWAPI_OK);
    cr_assert_eq(gwapi_match(t->snapshot, t->scratch, &connection, request, &decision),
                 GWAPI_OK);
    return decision;
}

/* The name of the rule that takes a request, else the status or outcome. */
static inline const char *rule_of(const gwapi_decision *d)
{
    static char out[256];
    gwapi_rule_info rule = {.struct_size = sizeof rule};

    if (d->rule == GWAPI_NONE) {
        snprintf(out, sizeof out, "%u%s", (unsigned)d->status, gwapi_reason_text(d->reason));
        return out;
    }
    cr_assert_eq(gwapi_snapshot_rule_at(d->snapshot, d->rule, &rule), GWAPI_OK);
    snprintf(out, sizeof out, "%.*s", GWAPI__FMT(rule.name));
    return out;
}

static inline gwapi_request get(const char *host, const char *path)
{
    gwapi_request request = GWAPI_REQUEST_INIT;

    request.host = gwapi__str_of(host);
    request.path = gwapi__str_of(path);
    return request;
}

static inline void expect(const table *t, const gwapi_request *request, const char *rule)
{
    gwapi_decision d = ask_at(t, 80, "", request);

    cr_expect_str_eq(rule_of(&d), rule, "%.*s %.*s%.*s: %s, not %s",
                     GWAPI__FMT(request->method), GWAPI__FMT(request->host),
                     GWAPI__FMT(request->path), rule_of(&d), rule);
}

#endif
