/* Small worlds to compile, and what may change in them. */
#ifndef GWAPI_TESTS_COMPILE_MANIFESTS_H
#define GWAPI_TESTS_COMPILE_MANIFESTS_H

#include <stdarg.h>
#include "resolve/tell.h"

#include "compile/splice.h"

#define GATEWAY_API "apiVersion: gateway.networking.k8s.io/v1\n"

/* Two Gateways with listeners of each protocol, Services, policies. */
static const char infrastructure[] = GATEWAY_API
    "kind: GatewayClass\nmetadata: {name: ours}\n"
    "spec: {controllerName: example.com/ours}\n"
    "---\n" GATEWAY_API "kind: Gateway\nmetadata: {name: g, namespace: a}\n"
    "spec: {gatewayClassName: ours, addresses: [{value: 10.0.0.1}], listeners: [\n"
    "  {name: http, port: 80, protocol: HTTP}, {name: own, port: 80, protocol: HTTP, hostname: "
    "'*.own'},\n"
    "  {name: https, port: 443, protocol: HTTPS, hostname: s.example, tls: {certificateRefs: "
    "[{name: c}], options: {example.com/o: v}}},\n"
    "  {name: tls, port: 8443, protocol: TLS, tls: {mode: Passthrough}},\n"
    "  {name: tcp, port: 9000, protocol: TCP}, {name: udp, port: 9000, protocol: UDP}]}\n"
    "---\n" GATEWAY_API "kind: Gateway\nmetadata: {name: f, namespace: a}\n"
    "spec: {gatewayClassName: ours, listeners: [{name: l, port: 82, protocol: HTTP}]}\n"
    "---\n" GATEWAY_API "kind: Gateway\nmetadata: {name: h, namespace: a}\n"
    "spec: {gatewayClassName: ours, tls: {backend: {clientCertificateRef: {name: c}},\n"
    "    frontend: {default: {validation: {caCertificateRefs: [{group: '', kind: ConfigMap, "
    "name: ca}]}}}},\n"
    "  listeners: [{name: l, port: 81, protocol: HTTP}, {name: s, port: 444, protocol: HTTPS, "
    "tls: {certificateRefs: [{name: c}]}}]}\n"
    "---\napiVersion: gateway.networking.k8s.io/v1alpha2\nkind: TLSRoute\n"
    "metadata: {name: passed, namespace: a}\n"
    "spec: {parentRefs: [{name: g, sectionName: tls}], hostnames: [t.example, '*.t'],\n"
    "  rules: [{backendRefs: [{name: s0, port: 80}]}]}\n"
    "---\napiVersion: gateway.networking.k8s.io/v1alpha2\nkind: TCPRoute\n"
    "metadata: {name: bytes, namespace: a}\n"
    "spec: {parentRefs: [{name: g, sectionName: tcp}], rules: [{backendRefs: [{name: s0, port: "
    "80}]}]}\n"
    "---\napiVersion: gateway.networking.k8s.io/v1alpha2\nkind: UDPRoute\n"
    "metadata: {name: datagrams, namespace: a}\n"
    "spec: {parentRefs: [{name: g, sectionName: udp}], rules: [{backendRefs: [{name: s0, port: "
    "80}]}]}\n"
    "---\napiVersion: v1\nkind: Service\nmetadata: {name: s0, namespace: a}\n"
    "spec: {clusterIP: 10.1.0.1, ports: [{port: 80, name: p}, {port: 81, protocol: UDP}]}\n"
    "---\napiVersion: v1\nkind: Service\nmetadata: {name: s1, namespace: a}\n"
    "spec: {clusterIP: 10.1.0.2, ports: [{port: 80}]}\n"
    "---\napiVersion: v1\nkind: Service\nmetadata: {name: safe, namespace: a}\n"
    "spec: {clusterIP: 10.1.0.3, ports: [{port: 443}]}\n";

/* A Secret and a ConfigMap. */
static const char certificates[] =
    "---\napiVersion: v1\nkind: Secret\nmetadata: {name: c, namespace: a}\n"
    "type: kubernetes.io/tls\nstringData:\n"
    "  tls.crt: |\n    -----BEGIN CERTIFICATE-----\n    Y2VydGlmaWNhdGU=\n"
    "    -----END CERTIFICATE-----\n"
    "  tls.key: |\n    -----BEGIN PRIVATE KEY-----\n    a2V5\n    -----END PRIVATE KEY-----\n"
    "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ca, namespace: a}\n"
    "data:\n  ca.crt: |\n    -----BEGIN CERTIFICATE-----\n    Y2VydGlmaWNhdGU=\n"
    "    -----END CERTIFICATE-----\n";

static const char tls_policy[] =
    "---\n" GATEWAY_API "kind: BackendTLSPolicy\n"
    "metadata: {name: p, namespace: a}\n"
    "spec: {targetRefs: [{group: '', kind: Service, name: safe}],\n"
    "  validation: {hostname: %s, subjectAltNames: [{type: "
    "Hostname, hostname: n.example}],\n"
    "    caCertificateRefs: [{group: '', kind: ConfigMap, name: "
    "ca}]},\n  options: {example.com/o: v}}\n";

static const char traffic_policy[] =
    "---\napiVersion: gateway.networking.x-k8s.io/v1alpha1\nkind: XBackendTrafficPolicy\n"
    "metadata: {name: t, namespace: a}\n"
    "spec: {targetRefs: [{group: '', kind: Service, name: safe}], retryConstraint: {budget: "
    "{percent: %s, interval: 10s}}, sessionPersistence: {type: Header}}\n";

/* Every kind of match and filter. */
static const char everything[] =
    "---\n" GATEWAY_API "kind: HTTPRoute\nmetadata: {name: all, namespace: a}\n"
    "spec: {parentRefs: [{name: g}, {name: h}], hostnames: [x.example, '*.own'], rules: [\n"
    "  {name: first, matches: [{path: {type: Exact, value: /e}}, {path: {value: /p/q}},\n"
    "      {path: {type: RegularExpression, value: '/r/(a|b)/[0-9]+'}},\n"
    "      {path: {type: RegularExpression, value: '.*x'}, method: GET, headers: [{name: X-A, "
    "value: b}, {name: x-a, value: c}, {name: x-b, value: 'v[0-9]', type: "
    "RegularExpression}],\n"
    "        queryParams: [{name: q, value: w}, {name: r, value: 'z+', type: "
    "RegularExpression}]}],\n"
    "    backendRefs: [{name: s0, port: 80, filters: [{type: RequestHeaderModifier, "
    "requestHeaderModifier: {set: [{name: s, value: t}]}}, {type: RequestMirror, "
    "requestMirror: "
    "{backendRef: {name: s1, port: 80}, fraction: {numerator: 1, denominator: 3}}}]},\n"
    "      {name: safe, port: 443, weight: 0}],\n"
    "    timeouts: {request: 3s, backendRequest: 1s}, retry: {codes: [500, 503], attempts: 2, "
    "backoff: 10ms}, sessionPersistence: {absoluteTimeout: 1h, idleTimeout: 1m}},\n"
    "  {matches: [{path: {value: /c}}], filters: [{type: CORS, cors: {allowOrigins: "
    "['https://o.example', '*'], allowMethods: [GET, PUT], allowHeaders: ['*'], exposeHeaders: "
    "[x-e]}},\n"
    "      {type: ExternalAuth, externalAuth: {protocol: HTTP, backendRef: {name: s1, port: "
    "80}, "
    "http: {path: /ask, allowedHeaders: [x-a], allowedResponseHeaders: [x-r]}, forwardBody: "
    "{maxSize: 7}}},\n"
    "      {type: URLRewrite, urlRewrite: {hostname: r.example, path: {type: "
    "ReplacePrefixMatch, replacePrefixMatch: /n}}}, {type: ResponseHeaderModifier, "
    "responseHeaderModifier: {add: [{name: a, value: b}], remove: [c]}}],\n"
    "    backendRefs: [{name: s0, port: 80}]},\n"
    "  {matches: [{path: {value: /d}}], filters: [{type: RequestRedirect, requestRedirect: "
    "{scheme: https, hostname: q.example, port: 8443, statusCode: 301, path: {type: "
    "ReplaceFullPath, replaceFullPath: /f}}}]},\n"
    "  {matches: [{path: {value: /x}}], filters: [{type: ExtensionRef, extensionRef: {group: "
    "example.com, kind: Own, name: o}}]},\n"
    "  {backendRefs: [{name: s9, port: 80}]}]}\n"
    "---\n" GATEWAY_API "kind: GRPCRoute\nmetadata: {name: calls, namespace: a}\n"
    "spec: {parentRefs: [{name: g}], hostnames: [y.example], rules: [{matches: [{method: "
    "{service: a.B, method: C}}, {method: {service: a.B}}, {method: {method: D}},\n"
    "  {method: {type: RegularExpression, service: 'a.*', method: 'D|E'}, headers: [{name: "
    "x-g, "
    "value: '1'}]}], backendRefs: [{name: s1, port: 80}]}, {backendRefs: [{name: s0, port: "
    "80}]}]}\n";

/* %s: its path; a route that is on a Service too. */
static const char mesh_route[] =
    "---\n" GATEWAY_API "kind: HTTPRoute\nmetadata: {name: meshed, namespace: %s}\n"
    "spec: {parentRefs: [{name: s1, namespace: a, group: '', kind: Service}, {name: others, "
    "namespace: a}], rules: [{matches: "
    "[{path: {value: %s}}], backendRefs: [{name: s0, namespace: a, port: 80}]}]}\n";

/* A route that is often changed: its number, its hostnames, its rules. */
static const char some_route[] =
    "---\n" GATEWAY_API "kind: %s\nmetadata: {name: r%02u, namespace: a%s}\n"
    "spec: {parentRefs: [{name: g}], hostnames: [%s], rules: [%s]}\n";

typedef struct made {
    world world;
    gwapi__text text; /* what was read last */
} made;

static inline void say_more(made *m, const char *format, ...)
{
    char text[4096];
    va_list args;

    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    cr_assert_lt((size_t)n, sizeof text);
    gwapi__text_add(&m->text, gwapi__str(text, (size_t)n));
}

static inline void made_init(made *m, bool mesh)
{
    world_init(&m->world, GWAPI_CHANNEL_EXPERIMENTAL);
    m->world.options.controller = GWAPI__STR("example.com/ours");
    if (mesh)
        m->world.options.default_mesh = GWAPI__STR("mesh");
    gwapi__text_init(&m->text, &m->world.allocator);
}

static inline void made_free(made *m)
{
    gwapi__text_free(&m->text);
    world_free(&m->world);
}

/* Takes over what was said. */
static inline void made_read(made *m)
{
    cr_assert(!m->text.failed);
    apply(&m->world, &m->text);
    m->text.len = 0;
}

static inline gwapi_topology *made_resolve(made *m, const gwapi_topology *previous)
{
    gwapi_topology *topology;

    m->world.options.previous = previous;
    cr_assert_eq(gwapi_topology_resolve(&topology, m->world.set, &m->world.options, NULL),
                 GWAPI_OK);
    return topology;
}

#endif
