/* What lint finds, and where. */
#include "resolve/support.h"

#include "support/oom.h"

#define GATEWAY                                                                                \
    "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass,\n"                    \
    " metadata: {name: edge}, spec: {controllerName: example.com/edge}}\n"                     \
    "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway,\n"                         \
    " metadata: {name: web, namespace: shop}, spec: {gatewayClassName: edge,\n"                \
    " listeners: [{name: http, port: 80, protocol: HTTP, hostname: '*.test'}]}}\n"
#define SERVICE                                                                                \
    "---\n{apiVersion: v1, kind: Service, metadata: {name: cart, namespace: shop},\n"          \
    " spec: {clusterIP: 10.0.0.1, ports: [{name: http, port: 80}, {name: dns, port: 53,\n"     \
    " protocol: UDP}]}}\n"
#define ROUTE(parents, rules)                                                                  \
    "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute,\n"                       \
    " metadata: {name: r, namespace: shop}, spec: {\n"                                         \
    " parentRefs: [" parents "],\n"                                                            \
    " rules: [" rules "]}}\n"
#define OTHER(metadata, hostnames, parents, rules)                                             \
    "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute,\n"                       \
    " metadata: {namespace: shop, name: " metadata "}, spec: {" hostnames "\n"                  \
    " parentRefs: [" parents "],\n"                                                            \
    " rules: [" rules "]}}\n"
#define BACKEND "{backendRefs: [{name: cart, port: 80}]}"
#define EXTENSION(name)                                                                        \
    "{backendRefs: [{name: cart, port: 80}], filters: [{type: ExtensionRef,\n"                 \
    " extensionRef: {group: example.com, kind: Thing, name: " name "}}]}"

typedef struct lint_case {
    const char *label, *input, *rule, *path;
    uint32_t line;
    gwapi_severity severity;
} lint_case;

/* One finding each, or with a NULL rule none. The Gateway is 7 lines, the Service 4. */
static const lint_case cases[] = {
    {"nothing is wrong", GATEWAY SERVICE ROUTE("{name: web}", BACKEND), NULL, NULL, 0, 0},
    {"parent missing", GATEWAY SERVICE ROUTE("{name: gone}", BACKEND), "lint/parent-missing",
     "spec.parentRefs[0].name", 15, GWAPI_SEVERITY_WARNING},
    {"parent kind", GATEWAY SERVICE ROUTE("{kind: Pod, group: '', name: x}", BACKEND),
     "lint/parent-kind", "spec.parentRefs[0].kind", 15, GWAPI_SEVERITY_ERROR},
    {"parent section", GATEWAY SERVICE ROUTE("{name: web, sectionName: tls}", BACKEND),
     "lint/parent-section", "spec.parentRefs[0].sectionName", 15, GWAPI_SEVERITY_ERROR},
    {"parent port", GATEWAY SERVICE ROUTE("{name: web, port: 81}", BACKEND),
     "lint/parent-port", "spec.parentRefs[0].port", 15, GWAPI_SEVERITY_ERROR},
    {"no parent", GATEWAY SERVICE ROUTE("", BACKEND), "lint/parent-none", "spec", 14,
     GWAPI_SEVERITY_WARNING},
    {"backend missing", GATEWAY ROUTE("{name: web}", BACKEND), "lint/backend-missing",
     "spec.rules[0].backendRefs[0].name", 12, GWAPI_SEVERITY_WARNING},
    {"backend port", GATEWAY SERVICE ROUTE("{name: web}", "{backendRefs: [{name: cart, port: 8}]}"),
     "lint/backend-port", "spec.rules[0].backendRefs[0].port", 16, GWAPI_SEVERITY_ERROR},
    {"backend kind",
     GATEWAY SERVICE ROUTE("{name: web}",
                           "{backendRefs: [{kind: Pod, name: cart, port: 8}]}"),
     "lint/backend-kind", "spec.rules[0].backendRefs[0].kind", 16, GWAPI_SEVERITY_ERROR},
    {"backend protocol",
     GATEWAY SERVICE ROUTE("{name: web}", "{backendRefs: [{name: cart, port: 53}]}"),
     "lint/backend-protocol", "spec.rules[0].backendRefs[0]", 16, GWAPI_SEVERITY_ERROR},
    {"grant missing",
     GATEWAY SERVICE ROUTE("{name: web}",
                           "{backendRefs: [{name: cart, namespace: back, port: 80}]}"),
     "lint/grant-missing", "spec.rules[0].backendRefs[0].namespace", 16, GWAPI_SEVERITY_ERROR},
    {"mirror missing",
     GATEWAY SERVICE ROUTE("{name: web}",
                           "{backendRefs: [{name: cart, port: 80}], filters: [{type: "
                           "RequestMirror, requestMirror: {backendRef: {name: x, port: 1}}}]}"),
     "lint/backend-missing", "spec.rules[0].filters[0].requestMirror.backendRef.name", 16,
     GWAPI_SEVERITY_WARNING},
    {"extension", GATEWAY SERVICE ROUTE("{name: web}", EXTENSION("x")), "lint/backend-kind",
     "spec.rules[0].filters[0].extensionRef.kind", 17, GWAPI_SEVERITY_ERROR},
    {"shadowed rule", GATEWAY SERVICE ROUTE("{name: web}", BACKEND ",\n" BACKEND),
     "lint/shadowed", "spec.rules[1]", 17, GWAPI_SEVERITY_WARNING},
    {"shadowed match, headers in another order",
     GATEWAY SERVICE ROUTE(
         "{name: web}",
         "{backendRefs: [{name: cart, port: 80}], matches: [{path: {value: /a}},\n"
         " {headers: [{name: A, value: x}, {name: b, value: z}]}]},\n"
         "{backendRefs: [{name: cart, port: 80}], matches: [{path: {value: /b}},\n"
         " {headers: [{name: b, value: z}, {name: a, value: x}]}]}"),
     "lint/shadowed", "spec.rules[1].matches[1]", 19, GWAPI_SEVERITY_WARNING},
    {"two routes with one match: the first by name wins",
     GATEWAY SERVICE ROUTE("{name: web}", BACKEND) OTHER("s", "", "{name: web}", BACKEND),
     "lint/tied", "spec.rules[0]", 21, GWAPI_SEVERITY_WARNING},
    {"two routes with one match: the older wins, whatever its name",
     GATEWAY SERVICE ROUTE("{name: web}", BACKEND) OTHER(
         "s, creationTimestamp: '2020-01-01T00:00:00Z'", "", "{name: web}", BACKEND),
     "lint/tied", "spec.rules[0]", 16, GWAPI_SEVERITY_WARNING},
    {"of several hostnames and matches one is told",
     GATEWAY SERVICE ROUTE("{name: web}", "{backendRefs: [{name: cart, port: 80}]}")
         OTHER("s", "hostnames: [a.test, b.test],", "{name: web}", BACKEND)
             OTHER("t", "hostnames: [b.test, a.test],", "{name: web}",
                   "{backendRefs: [{name: cart, port: 80}], matches: [{path: {value: /x}},\n"
                   " {path: {value: /}}]}"),
     "lint/tied", "spec.rules[0].matches[1]", 27, GWAPI_SEVERITY_WARNING},
    {"other hostnames are no tie",
     GATEWAY SERVICE ROUTE("{name: web}", BACKEND)
         OTHER("s", "hostnames: [a.test],", "{name: web}", BACKEND),
     NULL, NULL, 0, 0},
    {"no backend", GATEWAY SERVICE ROUTE("{name: web}", "{matches: [{path: {value: /a}}]}"),
     "lint/no-backend", "spec.rules[0]", 16, GWAPI_SEVERITY_WARNING},
    {"a redirect needs none",
     GATEWAY SERVICE ROUTE("{name: web}", "{filters: [{type: RequestRedirect,\n"
                                          " requestRedirect: {scheme: https}}]}"),
     NULL, NULL, 0, 0},
    {"class missing",
     "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: x},\n"
     " spec: {gatewayClassName: gone, listeners: [{name: a, port: 1, protocol: HTTP}]}}",
     "lint/class-missing", "spec.gatewayClassName", 2, GWAPI_SEVERITY_WARNING},
    {"class parameters",
     "{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: x},\n"
     " spec: {controllerName: example.com/x,\n"
     " parametersRef: {group: '', kind: ConfigMap, name: c, namespace: m}}}",
     "lint/parameters", "spec.parametersRef", 3, GWAPI_SEVERITY_ERROR},
    {"address",
     GATEWAY
     "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: x},\n"
     " spec: {gatewayClassName: edge, addresses: [{type: example.com/a, value: b}],\n"
     " listeners: [{name: a, port: 1, protocol: HTTP}]}}",
     "lint/gateway-not-accepted", "spec.addresses", 10, GWAPI_SEVERITY_ERROR},
    {"listener kinds",
     GATEWAY
     "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: x},\n"
     " spec: {gatewayClassName: edge, listeners: [{name: a, port: 1, protocol: HTTP,\n"
     " allowedRoutes: {kinds: [{kind: HTTPRoute}, {kind: TLSRoute}]}}]}}",
     "lint/listener-reference", "spec.listeners[0].allowedRoutes.kinds", 11,
     GWAPI_SEVERITY_ERROR},
    {"listener protocol",
     GATEWAY
     "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: x},\n"
     " spec: {gatewayClassName: edge, listeners: [\n"
     " {name: a, port: 1, protocol: example.com/x}]}}",
     "lint/listener-not-accepted", "spec.listeners[0]", 11, GWAPI_SEVERITY_ERROR},
    {"listener set without parent",
     "{apiVersion: gateway.networking.x-k8s.io/v1alpha1, kind: XListenerSet,\n"
     " metadata: {name: x}, spec: {parentRef: {name: gone},\n"
     " listeners: [{name: a, port: 1, protocol: HTTP}]}}",
     "lint/parent-missing", "spec.parentRef.name", 2, GWAPI_SEVERITY_WARNING},
    {"listener set refused",
     GATEWAY
     "---\n{apiVersion: gateway.networking.x-k8s.io/v1alpha1, kind: XListenerSet,\n"
     " metadata: {name: x, namespace: shop}, spec: {parentRef: {name: web},\n"
     " listeners: [{name: a, port: 1, protocol: HTTP}]}}",
     "lint/listener-set-not-accepted", "spec.parentRef", 10, GWAPI_SEVERITY_ERROR},
    {"target missing",
     SERVICE "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: BackendTLSPolicy,\n"
             " metadata: {name: p, namespace: shop}, spec: {validation: {hostname: x.test,\n"
             " wellKnownCACertificates: System},\n"
             " targetRefs: [{group: '', kind: Service, name: gone}]}}",
     "lint/target-missing", "spec.targetRefs[0].name", 9, GWAPI_SEVERITY_WARNING},
    {"target section",
     SERVICE "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: BackendTLSPolicy,\n"
             " metadata: {name: p, namespace: shop}, spec: {validation: {hostname: x.test,\n"
             " wellKnownCACertificates: System},\n"
             " targetRefs: [{group: '', kind: Service, name: cart, sectionName: x}]}}",
     "lint/target-missing", "spec.targetRefs[0].sectionName", 9, GWAPI_SEVERITY_WARNING},
    {"target unfit",
     SERVICE "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: BackendTLSPolicy,\n"
             " metadata: {name: p, namespace: shop}, spec: {validation: {hostname: x.test,\n"
             " wellKnownCACertificates: System},\n"
             " targetRefs: [{group: '', kind: Service, name: cart, sectionName: dns}]}}",
     "lint/target-unfit", "spec.targetRefs[0]", 9, GWAPI_SEVERITY_ERROR},
    {"grant unused",
     "{apiVersion: gateway.networking.k8s.io/v1beta1, kind: ReferenceGrant,\n"
     " metadata: {name: g}, spec: {from: [{group: '', kind: A, namespace: m}],\n"
     " to: [{group: '', kind: B}]}}",
     "lint/grant-unused", "spec", 2, GWAPI_SEVERITY_WARNING},
};

static void lint_text(world *w, const char *text)
{
    world_init(w, GWAPI_CHANNEL_EXPERIMENTAL);
    world_read(w, gwapi__str_of(text));
    cr_assert_eq(gwapi_lint(w->set, &w->options, w->report), GWAPI_OK);
}

static gwapi_diagnostic found(const world *w, size_t i)
{
    gwapi_diagnostic d = {.struct_size = sizeof d};

    cr_assert_eq(gwapi_report_at(w->report, i, &d), GWAPI_OK);
    return d;
}

Test(lint, each_finding_has_its_rule_and_its_place)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        world w;
        lint_text(&w, cases[i].input);
        cr_expect_eq(gwapi_report_count(w.report), cases[i].rule != NULL, "%s: %.*s",
                     cases[i].label, GWAPI__FMT(text_of(w.report)));
        if (cases[i].rule != NULL && gwapi_report_count(w.report) == 1) {
            gwapi_diagnostic d = found(&w, 0);
            cr_expect(gwapi__str_eq(d.rule, gwapi__str_of(cases[i].rule)) &&
                          gwapi__str_eq(d.path, gwapi__str_of(cases[i].path)) &&
                          d.line == cases[i].line && d.column > 0 &&
                          d.severity == cases[i].severity && d.document != UINT32_MAX,
                      "%s: %.*s %.*s line %u column %u", cases[i].label, GWAPI__FMT(d.rule),
                      GWAPI__FMT(d.path), (unsigned)d.line, (unsigned)d.column);
        }
        world_free(&w);
    }
}

static const char many[] = GATEWAY SERVICE ROUTE(
    "{name: web, sectionName: http}, {name: gone}",
    "{backendRefs: [{name: cart, namespace: back, port: 80}, {name: none, port: 1}]},\n"
    "{backendRefs: [{name: store, namespace: back, port: 80}]}")
    "---\n{apiVersion: gateway.networking.k8s.io/v1beta1, kind: ReferenceGrant,\n"
    " metadata: {name: g, namespace: back}, spec: {\n"
    " from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop},\n"
    " {group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: else}],\n"
    " to: [{group: '', kind: Service, name: cart}, {group: '', kind: Secret}]}}\n"
    "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway,\n"
    " metadata: {name: two, namespace: shop}, spec: {gatewayClassName: edge, listeners: [\n"
    " {name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: TCP},\n"
    " {name: c, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: x}]}},\n"
    " {name: d, port: 444, protocol: HTTPS, tls: {certificateRefs: [{name: x,\n"
    " namespace: back}]}}, {name: e, port: 445, protocol: TLS}]}}\n";

Test(lint, findings_stand_in_the_order_of_the_objects_and_their_lines)
{
    static const char *const expected[] = {
        "lint/parent-missing",     "lint/backend-missing", "lint/backend-missing",
        "lint/grant-missing",      "lint/shadowed",        "lint/grant-unused",
        "lint/grant-unused",       "lint/listener-conflict", "lint/listener-conflict",
        "lint/listener-reference", "lint/grant-missing",   "lint/listener-tls"};
    enum { EXPECTED = sizeof expected / sizeof *expected };
    world w;

    lint_text(&w, many);
    cr_expect_eq(gwapi_report_count(w.report), EXPECTED, "%.*s", GWAPI__FMT(text_of(w.report)));
    for (size_t i = 0; i < EXPECTED && i < gwapi_report_count(w.report); i++) {
        size_t matches = 0;
        for (size_t k = 0; k < EXPECTED; k++)
            matches += gwapi__str_eq(found(&w, i).rule, gwapi__str_of(expected[k]));
        cr_expect_neq(matches, 0, "%.*s", GWAPI__FMT(found(&w, i).rule));
        if (i != 0 && found(&w, i).document == found(&w, i - 1).document)
            cr_expect(found(&w, i).line >= found(&w, i - 1).line);
        if (i != 0)
            cr_expect(found(&w, i).document >= found(&w, i - 1).document);
    }
    world_free(&w);
}

Test(lint, a_grant_for_all_of_a_kind_is_wide_when_one_is_needed)
{
    world w;

    lint_text(&w, GATEWAY SERVICE ROUTE(
                      "{name: web}", "{backendRefs: [{name: cart, namespace: back, port: 80}]}")
                      "---\n{apiVersion: gateway.networking.k8s.io/v1beta1,\n"
                      " kind: ReferenceGrant, metadata: {name: g, namespace: back},\n"
                      " spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute,\n"
                      " namespace: shop}], to: [{group: '', kind: Service}]}}\n"
                      "---\n{apiVersion: v1, kind: Service, metadata: {name: cart,\n"
                      " namespace: back}, spec: {ports: [{port: 80}]}}\n");
    cr_assert_eq(gwapi_report_count(w.report), 1, "%.*s", GWAPI__FMT(text_of(w.report)));
    cr_expect(gwapi__str_eq(found(&w, 0).rule, GWAPI__STR("lint/grant-wide")));
    cr_expect_eq(found(&w, 0).severity, GWAPI_SEVERITY_NOTE);
    world_free(&w);
}

Test(lint, what_may_be_assumed_is_not_missed)
{
    world w;

    world_init(&w, GWAPI_CHANNEL_EXPERIMENTAL);
    world_read(&w, GWAPI__STR(ROUTE("{name: web}", BACKEND)
                              "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway,\n"
                              " metadata: {name: web, namespace: shop}, spec: {\n"
                              " gatewayClassName: edge,\n"
                              " listeners: [{name: http, port: 80, protocol: HTTP}]}}\n"));
    w.options.assume = GWAPI_ASSUME_SERVICE | GWAPI_ASSUME_GATEWAY_CLASS;
    cr_expect_eq(gwapi_lint(w.set, &w.options, w.report), GWAPI_OK);
    cr_expect_eq(gwapi_report_count(w.report), 0, "%.*s", GWAPI__FMT(text_of(w.report)));
    cr_expect_eq(gwapi_lint(NULL, NULL, w.report), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_lint(w.set, NULL, NULL), GWAPI_OK);
    world_free(&w);
}

static gwapi_result lint_all(const gwapi_allocator *allocator, void *arg)
{
    world *w = arg;
    gwapi_resolve_options options = w->options;
    gwapi_report *report;

    options.allocator = allocator;
    gwapi_result result = gwapi_report_new(&report, allocator, NULL);
    if (result != GWAPI_OK)
        return result;
    result = gwapi_lint(w->set, &options, report);
    gwapi_report_free(report);
    return result;
}

Test(lint, every_failing_allocation_leaves_nothing_behind)
{
    const char *inputs[] = {many, cases[6].input, cases[11].input,
                            GATEWAY SERVICE ROUTE("{name: web}", BACKEND)
                                OTHER("s", "", "{name: web}", BACKEND)};
    size_t runs, bad;

    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        world w;
        world_init(&w, GWAPI_CHANNEL_EXPERIMENTAL);
        world_read(&w, gwapi__str_of(inputs[i]));
        cr_expect_eq(test_fail_every_allocation(lint_all, &w, &runs, &bad), GWAPI_OK);
        cr_expect_eq(bad, 0, "%zu: allocation %zu", i, bad);
        cr_expect_gt(runs, 20);
        world_free(&w);
    }
}
