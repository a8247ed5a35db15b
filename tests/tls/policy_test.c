#include <criterion/criterion.h>

#include <string.h>
#include <gatewayapi.h>

#include "base/slice.h"
#include "support/oom.h"

#define BUNDLE "-----BEGIN CERTIFICATE-----\\nMA==\\n-----END CERTIFICATE-----\\n"

static const char manifests[] =
    "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: g, namespace: ns}, "
    "spec: {gatewayClassName: c, listeners: [{name: h, port: 80, protocol: HTTP}]}}\n---\n"
    "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: ns}, spec: {ports: [{name: a, "
    "port: 1}, {name: b, port: 2}, {name: c, port: 3}]}}\n---\n"
    "{apiVersion: v1, kind: ConfigMap, metadata: {name: ca, namespace: ns}, data: {ca.crt: \"" BUNDLE
    "\"}}\n---\n"
    "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: ns}, "
    "spec: {parentRefs: [{name: g}], rules: [{backendRefs: [{name: s, port: 1}, {name: s, port: 2}, "
    "{name: s, port: 3}]}]}}\n---\n"
    "{apiVersion: gateway.networking.k8s.io/v1, kind: BackendTLSPolicy, metadata: {name: p, "
    "namespace: ns}, spec: {targetRefs: [{group: '', kind: Service, name: s, sectionName: a}], "
    "validation: {hostname: up.example.com, subjectAltNames: [{type: Hostname, hostname: "
    "x.example.com}, {type: URI, uri: 'spiffe://a/b'}], caCertificateRefs: [{group: '', kind: "
    "ConfigMap, name: ca}]}, options: {example.com/o: v}}}\n---\n"
    "{apiVersion: gateway.networking.k8s.io/v1, kind: BackendTLSPolicy, metadata: {name: q, "
    "namespace: ns}, spec: {targetRefs: [{group: '', kind: Service, name: s, sectionName: b}], "
    "validation: {hostname: up.example.com, caCertificateRefs: [{group: '', kind: ConfigMap, name: "
    "gone}]}}}\n---\n"
    /* one whose own certificate is missing, and traffic inside the cluster */
    "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: h, namespace: ns}, "
    "spec: {gatewayClassName: c, tls: {backend: {clientCertificateRef: {name: gone}}}, listeners: "
    "[{name: h, port: 81, protocol: HTTP}]}}\n---\n"
    "{apiVersion: v1, kind: Service, metadata: {name: inner, namespace: ns}, spec: {clusterIP: "
    "10.0.0.1, ports: [{name: a, port: 1}]}}\n---\n"
    "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: i, namespace: ns}, "
    "spec: {parentRefs: [{name: h}], rules: [{backendRefs: [{name: inner, port: 1}]}]}}\n";

typedef struct routed {
    gwapi_snapshot *snapshot;
    gwapi_decision decision;
    gwapi_decision inside; /* of a Service without routes, in the mesh */
} routed;

static void route_with(routed *out, const gwapi_allocator *allocator)
{
    gwapi_compile_options compile = GWAPI_COMPILE_OPTIONS_INIT;
    gwapi_schema *schema;
    gwapi_resources *resources;
    gwapi_topology *topology;
    gwapi_scratch *scratch;
    gwapi_source source = GWAPI_SOURCE_INIT;
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection connection = GWAPI_CONNECTION_INIT;
    gwapi_str newest = {NULL, 0};

    out->decision = (gwapi_decision){.struct_size = sizeof out->decision};
    cr_assert_eq(gwapi_schema_new(&schema, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_schema_add_builtin(schema, newest, GWAPI_CHANNEL_EXPERIMENTAL), GWAPI_OK);
    cr_assert_eq(gwapi_schema_seal(schema, NULL, 0), GWAPI_OK);
    cr_assert_eq(gwapi_resources_new(&resources, schema, NULL), GWAPI_OK);
    source.bytes = manifests;
    source.len = strlen(manifests);
    cr_assert_eq(gwapi_resources_read(resources, &source, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_topology_resolve(&topology, resources, NULL, NULL), GWAPI_OK);
    compile.allocator = allocator;
    cr_assert_eq(gwapi_snapshot_compile(&out->snapshot, topology, &compile, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_scratch_new(&scratch, out->snapshot, NULL), GWAPI_OK);
    arrival.port = 80;
    cr_assert_eq(gwapi_accept(out->snapshot, scratch, &arrival, &connection), GWAPI_OK);
    cr_assert_eq(gwapi_match(out->snapshot, scratch, &connection, NULL, &out->decision), GWAPI_OK);
    arrival.client_namespace = GWAPI__STR("ns");
    arrival.address = GWAPI__STR("10.0.0.1");
    arrival.port = 1;
    out->inside = (gwapi_decision){.struct_size = sizeof out->inside};
    cr_assert_eq(gwapi_accept(out->snapshot, scratch, &arrival, &connection), GWAPI_OK);
    cr_assert_eq(gwapi_match(out->snapshot, scratch, &connection, NULL, &out->inside), GWAPI_OK);
    gwapi_scratch_free(scratch);
    gwapi_topology_release(topology);
    gwapi_resources_free(resources);
    gwapi_schema_free(schema);
}

static void route(routed *out)
{
    route_with(out, NULL);
}

Test(tls_policy, a_backend_gets_the_policy_of_its_port)
{
    routed r;
    gwapi_tls_policy policy = {.struct_size = sizeof policy};
    gwapi_tls_name name = {.struct_size = sizeof name};
    gwapi_bundle_info info = {.struct_size = sizeof info};
    gwapi_named_text option;
    uint32_t bundle;

    route(&r);
    cr_assert_eq(gwapi_tls_backend(&r.decision, 0, &policy), GWAPI_OK);
    cr_assert(policy.policy != GWAPI_NONE && policy.fault == GWAPI_BACKEND_FAULT_NONE);
    cr_assert(gwapi__str_eq(policy.name, GWAPI__STR("p")));
    cr_assert(gwapi__str_eq(policy.sni, GWAPI__STR("up.example.com")));
    cr_assert_null(policy.well_known.data);
    cr_assert_eq(policy.client_certificate, GWAPI_NONE);
    cr_assert_eq(policy.name_count, 2);
    cr_assert_eq(gwapi_tls_name_at(r.snapshot, policy.policy, 1, &name), GWAPI_OK);
    cr_assert(name.uri == 1 && gwapi__str_eq(name.value, GWAPI__STR("spiffe://a/b")));
    cr_assert_eq(gwapi_tls_name_at(r.snapshot, policy.policy, 2, &name), GWAPI_EARGUMENT);
    cr_assert_eq(policy.bundle_count, 1);
    cr_assert_eq(gwapi_tls_bundle_at(r.snapshot, policy.policy, 0, &bundle), GWAPI_OK);
    cr_assert_eq(gwapi_snapshot_bundle_at(r.snapshot, bundle, &info), GWAPI_OK);
    cr_assert(gwapi__str_eq(info.name, GWAPI__STR("ca")));
    cr_assert_eq(gwapi_tls_bundle_at(r.snapshot, policy.policy, 1, &bundle), GWAPI_EARGUMENT);
    cr_assert_eq(policy.option_count, 1);
    cr_assert_eq(gwapi_tls_option_at(r.snapshot, policy.policy, 0, &option), GWAPI_OK);
    cr_assert(gwapi__str_eq(option.value, GWAPI__STR("v")));
    gwapi_snapshot_release(r.snapshot);
}

Test(tls_policy, a_policy_that_cannot_be_met_is_a_fault_and_not_plain_text)
{
    routed r;
    gwapi_tls_policy policy = {.struct_size = sizeof policy};

    route(&r);
    cr_assert_eq(gwapi_tls_backend(&r.decision, 1, &policy), GWAPI_OK);
    cr_assert_neq(policy.policy, GWAPI_NONE);
    cr_assert_eq(policy.fault, GWAPI_BACKEND_FAULT_INVALID_TLS_POLICY);
    cr_assert_eq(policy.bundle_count, 0);
    gwapi_snapshot_release(r.snapshot);
}

Test(tls_policy, a_port_without_a_policy_has_none)
{
    routed r;
    gwapi_tls_policy policy = {.struct_size = sizeof policy};
    gwapi_tls_name name = {.struct_size = sizeof name};

    route(&r);
    cr_assert_eq(gwapi_tls_backend(&r.decision, 2, &policy), GWAPI_OK);
    cr_assert_eq(policy.policy, GWAPI_NONE);
    cr_assert_eq(gwapi_tls_name_at(r.snapshot, GWAPI_NONE, 0, &name), GWAPI_EARGUMENT);
    cr_assert_eq(gwapi_tls_backend(&r.decision, 3, &policy), GWAPI_EARGUMENT);
    cr_assert_eq(gwapi_tls_backend(NULL, 0, &policy), GWAPI_EARGUMENT);
    gwapi_snapshot_release(r.snapshot);
}

Test(tls_policy, any_backend_is_answered_as_its_gateway_sees_it)
{
    routed r;
    gwapi_tls_policy by_decision = {.struct_size = sizeof by_decision}, by_index = by_decision;

    route(&r);
    for (size_t i = 0; i < 3; i++) {
        uint32_t backend = gwapi_decision_backend_index(&r.decision, i);
        cr_assert_eq(gwapi_tls_backend(&r.decision, i, &by_decision), GWAPI_OK);
        cr_assert_eq(gwapi_tls_target(&r.decision, backend, &by_index), GWAPI_OK);
        cr_expect(memcmp(&by_decision, &by_index, sizeof by_index) == 0, "target %zu", i);
        cr_assert_eq(gwapi_tls_between(r.snapshot, 0, backend, &by_index), GWAPI_OK);
        cr_expect(memcmp(&by_decision, &by_index, sizeof by_index) == 0, "between %zu", i);
    }
    cr_expect_eq(gwapi_tls_policy_count(r.snapshot), 2);
    cr_expect_eq(gwapi_tls_policy_count(NULL), 0);
    cr_expect_eq(gwapi_tls_target(&r.decision, GWAPI_NONE, &by_index), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_tls_target(NULL, 0, &by_index), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_tls_between(r.snapshot, 2, 0, &by_index), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_tls_between(r.snapshot, 0, GWAPI_NONE, &by_index), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_tls_between(NULL, 0, 0, &by_index), GWAPI_EARGUMENT);
    gwapi_snapshot_release(r.snapshot);
}

Test(tls_policy, a_service_port_of_the_mesh_itself_has_none)
{
    routed r;
    gwapi_tls_policy policy = {.struct_size = sizeof policy};

    route(&r);
    cr_assert_eq(gwapi_decision_backend_count(&r.inside), 1);
    cr_assert_eq(gwapi_decision_backend_index(&r.inside, 0), GWAPI_NONE);
    cr_expect_eq(gwapi_tls_backend(&r.inside, 0, &policy), GWAPI_OK);
    cr_expect_eq(policy.policy, GWAPI_NONE);
    cr_expect_eq(policy.client_certificate, GWAPI_NONE);
    gwapi_snapshot_release(r.snapshot);
}

/* spec/tls.md §6: connections to backends with TLS fail, those without do not. */
Test(tls_policy, a_gateway_whose_own_certificate_is_invalid_speaks_no_tls_to_backends)
{
    routed r;
    gwapi_tls_policy policy = {.struct_size = sizeof policy};

    route(&r);
    static const gwapi_backend_fault faults[] = {GWAPI_BACKEND_FAULT_INVALID_CLIENT_CERTIFICATE,
                                                 GWAPI_BACKEND_FAULT_INVALID_TLS_POLICY,
                                                 GWAPI_BACKEND_FAULT_NONE};
    for (size_t i = 0; i < 3; i++) {
        uint32_t backend = gwapi_decision_backend_index(&r.decision, i);
        cr_assert_eq(gwapi_tls_between(r.snapshot, 1, backend, &policy), GWAPI_OK);
        cr_expect_eq(policy.fault, faults[i], "%zu: %u", i, (unsigned)policy.fault);
        cr_expect_eq(policy.client_certificate, GWAPI_NONE, "%zu", i);
    }
    gwapi_snapshot_release(r.snapshot);
}

Test(tls_policy, what_lies_beyond_the_lists_is_no_argument)
{
    routed r;
    gwapi_tls_policy policy = {.struct_size = sizeof policy};
    gwapi_named_text option;
    uint32_t bundle;

    route(&r);
    cr_assert_eq(gwapi_tls_backend(&r.decision, 0, &policy), GWAPI_OK);
    uint32_t p = policy.policy;
    cr_expect_eq(gwapi_tls_policy_at(r.snapshot, p, &policy), GWAPI_OK);
    cr_expect(gwapi__str_eq(policy.name, GWAPI__STR("p")));
    cr_expect_eq(gwapi_tls_policy_at(r.snapshot, 2, &policy), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_tls_policy_at(NULL, 0, &policy), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_tls_bundle_at(r.snapshot, GWAPI_NONE, 0, &bundle), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_tls_bundle_at(r.snapshot, p, 0, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_tls_option_at(r.snapshot, GWAPI_NONE, 0, &option), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_tls_option_at(r.snapshot, p, 1, &option), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_tls_option_at(r.snapshot, p, 0, NULL), GWAPI_EARGUMENT);
    gwapi_snapshot_release(r.snapshot);
}

/* ---- cost ---------------------------------------------------------------------------- */

Test(tls_policy, no_look_up_allocates)
{
    test_memory memory = {0};
    gwapi_allocator allocator = test_memory_allocator(&memory);
    gwapi_tls_policy policy = {.struct_size = sizeof policy};
    gwapi_listener_info listener = {.struct_size = sizeof listener};
    gwapi_tls_name name = {.struct_size = sizeof name};
    gwapi_named_text option;
    uint32_t bundle;
    routed r;

    route_with(&r, &allocator);
    cr_assert_gt(memory.calls, 0);
    memory.calls = 0;
    for (size_t i = 0; i < 3; i++) {
        uint32_t backend = gwapi_decision_backend_index(&r.decision, i);
        cr_expect_eq(gwapi_tls_backend(&r.decision, i, &policy), GWAPI_OK);
        cr_expect_eq(gwapi_tls_target(&r.decision, backend, &policy), GWAPI_OK);
        cr_expect_eq(gwapi_tls_between(r.snapshot, 1, backend, &policy), GWAPI_OK);
    }
    cr_expect_eq(gwapi_tls_policy_at(r.snapshot, 0, &policy), GWAPI_OK);
    cr_expect_eq(gwapi_tls_name_at(r.snapshot, 0, 0, &name), GWAPI_OK);
    cr_expect_eq(gwapi_tls_bundle_at(r.snapshot, 0, 0, &bundle), GWAPI_OK);
    cr_expect_eq(gwapi_tls_option_at(r.snapshot, 0, 0, &option), GWAPI_OK);
    cr_expect_eq(gwapi_snapshot_listener_at(r.snapshot, 0, &listener), GWAPI_OK);
    cr_expect_eq(memory.calls, 0);
    gwapi_snapshot_release(r.snapshot);
    cr_expect_eq(memory.live_blocks, 0);
}

/* The same by the short way, into a struct of ours, and into one of a newer caller's. */
Test(tls_policy, a_longer_struct_gets_the_same_and_zeros)
{
    struct {
        gwapi_tls_policy known;
        char more[32];
    } newer;
    struct {
        gwapi_listener_info known;
        char more[32];
    } newer_listener;
    gwapi_tls_policy policy = {.struct_size = sizeof policy};
    gwapi_listener_info listener = {.struct_size = sizeof listener};
    static const char zeros[32];
    routed r;

    route(&r);
    for (size_t i = 0; i < 3; i++) {
        memset(&newer, 'x', sizeof newer);
        newer.known.struct_size = sizeof newer;
        cr_assert_eq(gwapi_tls_backend(&r.decision, i, &policy), GWAPI_OK);
        cr_assert_eq(gwapi_tls_backend(&r.decision, i, &newer.known), GWAPI_OK);
        cr_expect_eq(newer.known.struct_size, sizeof newer);
        newer.known.struct_size = policy.struct_size;
        cr_expect_eq(memcmp(&newer.known, &policy, sizeof policy), 0, "%zu", i);
        cr_expect_eq(memcmp(newer.more, zeros, sizeof zeros), 0, "%zu", i);
        policy.struct_size = 8;
        cr_expect_eq(gwapi_tls_backend(&r.decision, i, &policy), GWAPI_ESTRUCTSIZE);
        cr_expect_eq(gwapi_tls_backend(&r.decision, i, NULL), GWAPI_EARGUMENT);
        policy.struct_size = sizeof policy;
    }
    memset(&newer_listener, 'x', sizeof newer_listener);
    newer_listener.known.struct_size = sizeof newer_listener;
    cr_assert_eq(gwapi_snapshot_listener_at(r.snapshot, 0, &listener), GWAPI_OK);
    cr_assert_eq(gwapi_snapshot_listener_at(r.snapshot, 0, &newer_listener.known), GWAPI_OK);
    newer_listener.known.struct_size = listener.struct_size;
    cr_expect_eq(memcmp(&newer_listener.known, &listener, sizeof listener), 0);
    cr_expect_eq(memcmp(newer_listener.more, zeros, sizeof zeros), 0);
    cr_expect_eq(gwapi_snapshot_listener_at(r.snapshot, 0, NULL), GWAPI_EARGUMENT);
    gwapi_snapshot_release(r.snapshot);
}
