/*
 * Random objects of a small world in which everything meets: few names, so that references find
 * their objects, conflict, break and heal. The same seed gives the same objects.
 */
#ifndef GWAPI_TESTS_RESOLVE_GENERATE_H
#define GWAPI_TESTS_RESOLVE_GENERATE_H

#include <stdint.h>
#include "base/hash.h"
#include "base/slice.h"
#include "base/text.h"

typedef struct dice {
    uint64_t state;
} dice;

static inline uint32_t roll(dice *d, uint32_t sides)
{
    d->state = gwapi__mix64(d->state + UINT64_C(0x9e3779b97f4a7c15));
    return (uint32_t)(d->state >> 20) % sides;
}

/* One of the texts, which NULL ends. */
#define PICK(d, ...)                                                                           \
    pick((d), (const char *const[]){__VA_ARGS__},                                              \
         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static inline const char *pick(dice *d, const char *const *texts, size_t count)
{
    return texts[roll(d, (uint32_t)count)];
}

static inline void say(gwapi__text *t, const char *text)
{
    gwapi__text_addz(t, text);
}

/* "namespace" or nothing. */
static inline void say_namespace(gwapi__text *t, dice *d)
{
    say(t, PICK(d, "", "", "", ", namespace: a", ", namespace: b"));
}

/* ---- Gateways ------------------------------------------------------------------------ */

static inline void say_allowed(gwapi__text *t, dice *d)
{
    say(t, PICK(d, "", "", ", allowedRoutes: {namespaces: {from: All}}",
                ", allowedRoutes: {namespaces: {from: All}}",
                ", allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: "
                "x}}}}",
                ", allowedRoutes: {namespaces: {from: Same}, kinds: [{kind: GRPCRoute}]}"));
}

static inline void say_listener(gwapi__text *t, dice *d, const char *name)
{
    say(t, "{name: ");
    say(t, name);
    say(t,
        PICK(
            d, ", port: 80, protocol: HTTP", ", port: 80, protocol: HTTP",
            ", port: 8080, protocol: HTTP", ", port: 80, protocol: HTTP, hostname: x.example",
            ", port: 80, protocol: HTTP, hostname: '*.example'",
            ", port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: s0}]}",
            ", port: 443, protocol: HTTPS, hostname: y.example, tls: {certificateRefs: [{name: "
            "s1, namespace: b}]}",
            ", port: 443, protocol: TLS, tls: {mode: Passthrough}",
            ", port: 444, protocol: TLS, tls: {certificateRefs: [{name: s0}]}",
            ", port: 53, protocol: UDP", ", port: 53, protocol: TCP"));
    say_allowed(t, d);
    say(t, "}");
}

static inline void say_listeners(gwapi__text *t, dice *d)
{
    static const char *const names[] = {"l0", "l1", "l2", "l3"};
    uint32_t count = 1 + roll(d, 4);

    say(t, "listeners: [");
    for (uint32_t i = 0; i < count; i++) {
        say(t, i == 0 ? "" : ", ");
        say_listener(t, d, names[i]);
    }
    say(t, "]");
}

static inline void gateway_body(gwapi__text *t, dice *d)
{
    say(t, "spec: {gatewayClassName: ");
    say(t, PICK(d, "ours", "ours", "ours", "ours", "theirs", "none"));
    say(t, PICK(d, ", ", ", ", ", defaultScope: All, "));
    say(t, PICK(d, "", "", "allowedListeners: {namespaces: {from: All}}, ",
                "allowedListeners: {namespaces: {from: Same}}, ",
                "allowedListeners: {namespaces: {from: Selector, selector: {matchLabels: "
                "{team: x}}}}, "));
    say(t, PICK(d, "", "", "", "addresses: [{value: 10.0.0.1}], ",
                "infrastructure: {parametersRef: {group: '', kind: ConfigMap, name: c0}}, ",
                "tls: {frontend: {default: {validation: {caCertificateRefs: [{group: '', kind: "
                "ConfigMap, name: c0}]}}}}, ",
                "tls: {backend: {clientCertificateRef: {name: s1, namespace: b}}}, "));
    say_listeners(t, d);
    say(t, "}");
}

static inline void set_body(gwapi__text *t, dice *d)
{
    say(t, "spec: {parentRef: {name: ");
    say(t, PICK(d, "g0", "g0", "g1", "g2"));
    say_namespace(t, d);
    say(t, "}, ");
    say_listeners(t, d);
    say(t, "}");
}

static inline void class_body(gwapi__text *t, dice *d)
{
    say(t, PICK(d, "spec: {controllerName: example.com/ours}",
                "spec: {controllerName: example.com/ours}",
                "spec: {controllerName: example.com/theirs}",
                "spec: {controllerName: example.com/ours, parametersRef: {group: '', kind: "
                "ConfigMap, name: c0, namespace: a}}"));
}

static inline void mesh_body(gwapi__text *t, dice *d)
{
    say(t, PICK(d, "spec: {controllerName: example.com/ours}",
                "spec: {controllerName: example.com/theirs}"));
}

/* ---- routes -------------------------------------------------------------------------- */

static inline void say_parent(gwapi__text *t, dice *d)
{
    say(t, PICK(d, "{name: g0", "{name: g0", "{name: g1", "{name: g2", "{name: g3",
                "{name: ls0, group: gateway.networking.x-k8s.io, kind: XListenerSet",
                "{name: ls1, group: gateway.networking.x-k8s.io, kind: XListenerSet",
                "{name: w0, group: '', kind: Service",
                "{name: w1, group: '', kind: Service, port: 80"));
    say_namespace(t, d);
    say(t, PICK(d, "}", "}", "}", ", sectionName: l0}", ", sectionName: l1}"));
}

static inline void say_parents(gwapi__text *t, dice *d)
{
    uint32_t count = roll(d, 4);

    say(t, PICK(d, "", "", "", "useDefaultGateways: All, "));
    say(t, "parentRefs: [");
    for (uint32_t i = 0; i < count; i++) {
        say(t, i == 0 ? "" : ", ");
        say_parent(t, d);
    }
    say(t, "]");
}

static inline void say_hostnames(gwapi__text *t, dice *d)
{
    say(t, PICK(d, "", "", ", hostnames: [x.example]", ", hostnames: [x.example, y.example]",
                ", hostnames: ['*.example']", ", hostnames: [z.test, y.example]"));
}

static inline void say_backends(gwapi__text *t, dice *d, bool weights)
{
    uint32_t count = 1 + roll(d, 2);

    say(t, "backendRefs: [");
    for (uint32_t i = 0; i < count; i++) {
        say(t, i == 0 ? "{name: " : ", {name: ");
        say(t,
            PICK(d, "w0", "w0", "w1", "w2", "w3", "w1", "t0, group: e.example, kind: Thing"));
        say_namespace(t, d);
        say(t, PICK(d, ", port: 80", ", port: 80", ", port: 81", ", port: 80"));
        say(t, weights ? PICK(d, "", ", weight: 3", ", weight: 0") : "");
        say(t, "}");
    }
    say(t, "]");
}

static inline void http_body(gwapi__text *t, dice *d)
{
    say(t, "spec: {");
    say_parents(t, d);
    say_hostnames(t, d);
    say(t, ", rules: [{");
    say(t, PICK(d, "", "matches: [{path: {value: /a}}], ",
                "matches: [{path: {type: Exact, value: /b}}], ",
                "matches: [{path: {type: RegularExpression, value: '/[a-z]+'}}], "));
    say(t,
        PICK(
            d, "", "", "",
            "filters: [{type: RequestMirror, requestMirror: {backendRef: {name: w1, port: "
            "80}}}], ",
            "filters: [{type: ExtensionRef, extensionRef: {group: e.example, kind: Thing, "
            "name: t0}}], ",
            "filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x-a, "
            "value: b}]}}], "));
    say_backends(t, d, true);
    say(t, "}]}");
}

static inline void grpc_body(gwapi__text *t, dice *d)
{
    say(t, "spec: {");
    say_parents(t, d);
    say_hostnames(t, d);
    say(t, ", rules: [{");
    say(t, PICK(d, "", "matches: [{method: {service: a.B}}], "));
    say_backends(t, d, true);
    say(t, "}]}");
}

static inline void tls_body(gwapi__text *t, dice *d)
{
    say(t, "spec: {");
    say_parents(t, d);
    say(t, PICK(d, ", hostnames: [x.example]", ", hostnames: ['*.example']"));
    say(t, ", rules: [{");
    say_backends(t, d, false);
    say(t, "}]}");
}

static inline void l4_body(gwapi__text *t, dice *d)
{
    say(t, "spec: {");
    say_parents(t, d);
    say(t, ", rules: [{");
    say_backends(t, d, false);
    say(t, "}]}");
}

/* ---- what they refer to -------------------------------------------------------------- */

static inline void service_body(gwapi__text *t, dice *d)
{
    say(t, "spec: {");
    say(t, PICK(d, "clusterIP: 10.1.0.1, ", "", "", "clusterIP: None, ",
                "type: ExternalName, externalName: x.example, "));
    say(t, "ports: [");
    say(t, PICK(d, "{port: 80, name: p}", "{port: 80, name: p}, {port: 81, name: q}",
                "{port: 80, name: p, appProtocol: kubernetes.io/h2c}",
                "{port: 80, name: p, appProtocol: kubernetes.io/wss}",
                "{port: 80, name: p, protocol: UDP}", "{port: 82, name: p}"));
    say(t, "]}");
}

static inline void namespace_body(gwapi__text *t, dice *d)
{
    (void)d;
    say(t, "spec: {}");
}

static inline void grant_body(gwapi__text *t, dice *d)
{
    say(t, "spec: {from: [{group: gateway.networking.k8s.io, kind: ");
    say(t, PICK(d, "HTTPRoute", "HTTPRoute", "GRPCRoute", "TLSRoute", "Gateway"));
    say(t, ", namespace: ");
    say(t, PICK(d, "a", "b", "c"));
    say(t, "}], to: [{group: '', kind: ");
    say(t, PICK(d, "Service}]}", "Service, name: w0}]}", "Secret}]}", "ConfigMap}]}"));
}

#define PEM "-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\\n"

static inline void secret_body(gwapi__text *t, dice *d)
{
    say(t, PICK(d,
                "type: kubernetes.io/tls\nstringData: {tls.crt: \"" PEM
                "\", tls.key: \"-----BEGIN PRIVATE KEY-----\\nMIIB\\n-----END PRIVATE "
                "KEY-----\\n\"}",
                "type: kubernetes.io/tls\nstringData: {tls.crt: \"" PEM
                "\", tls.key: \"-----BEGIN PRIVATE KEY-----\\nMIIC\\n-----END PRIVATE "
                "KEY-----\\n\"}",
                "type: kubernetes.io/tls\nstringData: {tls.crt: x}"));
}

static inline void config_map_body(gwapi__text *t, dice *d)
{
    say(t, PICK(d, "data: {ca.crt: \"" PEM "\"}", "data: {ca.crt: nothing}", "data: {}"));
}

static inline void say_targets(gwapi__text *t, dice *d)
{
    uint32_t count = 1 + roll(d, 2);

    say(t, "targetRefs: [");
    for (uint32_t i = 0; i < count; i++) {
        say(t, i == 0 ? "{group: '', kind: Service, name: "
                      : ", {group: '', kind: Service, name: ");
        say(t, i == 0 ? PICK(d, "w0", "w1") : PICK(d, "w2", "w3"));
        say(t, "}");
    }
    say(t, "]");
}

static inline void tls_policy_body(gwapi__text *t, dice *d)
{
    say(t, "spec: {");
    say_targets(t, d);
    say(t, ", validation: {hostname: x.example, ");
    say(t, PICK(d, "wellKnownCACertificates: System}}",
                "caCertificateRefs: [{group: '', kind: ConfigMap, name: c0}]}}",
                "caCertificateRefs: [{group: '', kind: ConfigMap, name: c1}]}}"));
}

static inline void traffic_policy_body(gwapi__text *t, dice *d)
{
    say(t, "spec: {");
    say_targets(t, d);
    say(t, PICK(d, "}", ", sessionPersistence: {sessionName: n}}",
                ", retryConstraint: {budget: {percent: 10}}}"));
}

/* ---- statuses that were written before ------------------------------------------------ */

#define CONDITION(type, status)                                                                \
    "{type: " type ", status: '" status "', reason: Before, message: before, "                 \
    "lastTransitionTime: '2022-02-02T02:02:02Z', observedGeneration: 1}"

static inline void say_conditions(gwapi__text *t, dice *d)
{
    say(t, "conditions: [");
    say(t, PICK(d, CONDITION("Accepted", "True"), CONDITION("Accepted", "False"),
                CONDITION("Accepted", "True") ", " CONDITION("ResolvedRefs", "True"),
                CONDITION("Programmed", "False") ", " CONDITION("Accepted", "True"),
                CONDITION("example.com/Foreign", "True")));
    say(t, "]");
}

static inline void say_entry(gwapi__text *t, dice *d, const char *ref)
{
    say(t, "{");
    say(t, ref);
    say(t, ": {name: ");
    say(t, PICK(d, "g0", "g0", "g1", "g9"));
    say(t, PICK(d, "}", "}", ", namespace: a}", ", sectionName: l0}"));
    say(t, ", controllerName: ");
    say(t, PICK(d, "example.com/ours", "example.com/ours", "example.com/theirs"));
    say(t, ", ");
    say_conditions(t, d);
    say(t, "}");
}

static inline void say_entries(gwapi__text *t, dice *d, const char *list, const char *ref)
{
    uint32_t count = 1 + roll(d, 2);

    say(t, "\nstatus: {");
    say(t, list);
    say(t, ": [");
    for (uint32_t i = 0; i < count; i++) {
        say(t, i == 0 ? "" : ", ");
        say_entry(t, d, ref);
    }
    say(t, "]}");
}

static inline void say_own_status(gwapi__text *t, dice *d)
{
    say(t, "\nstatus: {");
    say_conditions(t, d);
    say(t, ", listeners: [{name: l0, attachedRoutes: 1, ");
    say_conditions(t, d);
    say(t, "}]}");
}

/* What a kind's status is made of. */
typedef enum status_form { NO_STATUS, OWN_STATUS, PARENTS, ANCESTORS } status_form;

static inline void say_status(gwapi__text *t, dice *d, status_form form)
{
    if (form == NO_STATUS || roll(d, 3) != 0)
        return;
    if (form == OWN_STATUS)
        say_own_status(t, d);
    else
        say_entries(t, d, form == PARENTS ? "parents" : "ancestors",
                    form == PARENTS ? "parentRef" : "ancestorRef");
}

/* ---- objects ------------------------------------------------------------------------- */

typedef struct kind_row {
    const char *group, *version, *kind;
    uint32_t names; /* how many */
    uint32_t weight;
    bool cluster_scoped;
    void (*body)(gwapi__text *t, dice *d);
    status_form status;
} kind_row;

#define V1       "gateway.networking.k8s.io", "v1"
#define V1ALPHA2 "gateway.networking.k8s.io", "v1alpha2"
#define X        "gateway.networking.x-k8s.io", "v1alpha1"
static const kind_row kind_rows[] = {
    {V1, "GatewayClass", 2, 1, true, class_body, NO_STATUS},
    {X, "XMesh", 1, 1, true, mesh_body, NO_STATUS},
    {V1, "Gateway", 4, 8, false, gateway_body, OWN_STATUS},
    {X, "XListenerSet", 2, 8, false, set_body, OWN_STATUS},
    {V1, "HTTPRoute", 6, 30, false, http_body, PARENTS},
    {V1, "GRPCRoute", 3, 12, false, grpc_body, PARENTS},
    {V1ALPHA2, "TLSRoute", 2, 5, false, tls_body, PARENTS},
    {V1ALPHA2, "TCPRoute", 2, 5, false, l4_body, PARENTS},
    {V1ALPHA2, "UDPRoute", 2, 4, false, l4_body, PARENTS},
    {"", "v1", "Service", 4, 12, false, service_body, NO_STATUS},
    {"", "v1", "Namespace", 3, 4, true, namespace_body, NO_STATUS},
    {"gateway.networking.k8s.io", "v1beta1", "ReferenceGrant", 2, 6, false, grant_body,
     NO_STATUS},
    {"", "v1", "Secret", 2, 4, false, secret_body, NO_STATUS},
    {"", "v1", "ConfigMap", 2, 4, false, config_map_body, NO_STATUS},
    {V1, "BackendTLSPolicy", 3, 5, false, tls_policy_body, ANCESTORS},
    {X, "XBackendTrafficPolicy", 3, 5, false, traffic_policy_body, ANCESTORS},
    {"e.example", "v1", "Thing", 2, 3, false, namespace_body, NO_STATUS},
};
#undef X
#define KIND_ROWS (sizeof kind_rows / sizeof *kind_rows)

static inline const char *name_prefix(const char *kind)
{
    return strcmp(kind, "Gateway") == 0        ? "g"
           : strcmp(kind, "XListenerSet") == 0 ? "ls"
           : strcmp(kind, "Service") == 0      ? "w"
           : strcmp(kind, "Secret") == 0       ? "s"
           : strcmp(kind, "ConfigMap") == 0    ? "c"
           : strcmp(kind, "Thing") == 0        ? "t"
                                               : "n";
}

/* Which object: a kind, a namespace and a name. */
typedef struct subject {
    const kind_row *row;
    char namespace_[4];
    char name[16];
} subject;

static inline subject random_subject(dice *d)
{
    static const char *const namespaces[] = {"a", "a", "b", "c"};
    uint32_t total = 0, at;
    subject s = {.row = kind_rows};

    for (size_t i = 0; i < KIND_ROWS; i++)
        total += kind_rows[i].weight;
    for (at = roll(d, total); at >= s.row->weight; s.row++)
        at -= s.row->weight;
    uint32_t number = roll(d, s.row->names);
    if (!s.row->cluster_scoped)
        snprintf(s.namespace_, sizeof s.namespace_, "%s", namespaces[roll(d, 4)]);
    if (strcmp(s.row->kind, "Namespace") == 0)
        snprintf(s.name, sizeof s.name, "%c", (char)('a' + number));
    else if (strcmp(s.row->kind, "GatewayClass") == 0)
        snprintf(s.name, sizeof s.name, "%s", number == 0 ? "ours" : "theirs");
    else
        snprintf(s.name, sizeof s.name, "%s%u", name_prefix(s.row->kind), number);
    return s;
}

/* A manifest of it, one document. */
static inline void say_subject(gwapi__text *t, dice *d, const subject *s)
{
    say(t, "---\napiVersion: ");
    say(t, s->row->group);
    say(t, s->row->group[0] != '\0' ? "/" : "");
    say(t, s->row->version);
    say(t, "\nkind: ");
    say(t, s->row->kind);
    say(t, "\nmetadata: {name: ");
    say(t, s->name);
    if (!s->row->cluster_scoped) {
        say(t, ", namespace: ");
        say(t, s->namespace_);
    }
    say(t, PICK(d, ", creationTimestamp: '2020-01-01T00:00:00Z'",
                ", creationTimestamp: '2021-01-01T00:00:00Z'", ""));
    say(t, PICK(d, ", generation: 1", ", generation: 2"));
    say(t, PICK(d, "", ", labels: {team: x}"));
    say(t, "}\n");
    s->row->body(t, d);
    say_status(t, d, s->row->status);
    say(t, "\n");
}

#endif
