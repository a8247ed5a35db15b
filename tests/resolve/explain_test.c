/* Why an object is attached or not: heard from the resolver, told through attachment.h. */
#include "support.h"

#include <gatewayapi/attachment.h>
#include "resolve/record.h"
#include "support/oom.h"

static const char everything[] =
    "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway,\n"
    " metadata: {name: edge, namespace: infra}, spec: {gatewayClassName: edge,\n"
    " defaultScope: All, allowedListeners: {namespaces: {from: Same}}, listeners: [\n"
    " {name: web, port: 80, protocol: HTTP, hostname: '*.example',\n"
    "  allowedRoutes: {namespaces: {from: All}}},\n"
    " {name: other, port: 81, protocol: HTTP, hostname: b.test,\n"
    "  allowedRoutes: {namespaces: {from: All}}},\n"
    " {name: inner, port: 82, protocol: HTTP},\n"
    " {name: labels, port: 83, protocol: HTTP, allowedRoutes: {namespaces:\n"
    "  {from: Selector, selector: {matchLabels: {a: b}}}}},\n"
    " {name: rpc, port: 84, protocol: HTTP,\n"
    "  allowedRoutes: {namespaces: {from: All}, kinds: [{kind: GRPCRoute}]}},\n"
    " {name: raw, port: 85, protocol: TCP, allowedRoutes: {namespaces: {from: All}}},\n"
    " {name: tls, port: 443, protocol: HTTPS, allowedRoutes: {namespaces: {from: All}},\n"
    "  tls: {certificateRefs: [{name: none}]}}]}}\n"
    "---\n{apiVersion: gateway.networking.x-k8s.io/v1alpha1, kind: XListenerSet,\n"
    " metadata: {name: more, namespace: infra}, spec: {parentRef: {name: edge},\n"
    " listeners: [{name: one, port: 90, protocol: HTTP}]}}\n"
    "---\n{apiVersion: gateway.networking.x-k8s.io/v1alpha1, kind: XListenerSet,\n"
    " metadata: {name: lost, namespace: infra}, spec: {parentRef: {name: none},\n"
    " listeners: [{name: one, port: 90, protocol: HTTP}]}}\n"
    "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway,\n"
    " metadata: {name: mine, namespace: shop}, spec: {gatewayClassName: edge,\n"
    " listeners: [{name: web, port: 80, protocol: HTTP}]}}\n"
    "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: GRPCRoute,\n"
    " metadata: {name: old, namespace: shop, creationTimestamp: '2020-01-01T00:00:00Z'},\n"
    " spec: {parentRefs: [{name: mine}], hostnames: [a.example]}}\n"
    "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute,\n"
    " metadata: {name: cart, namespace: shop}, spec: {useDefaultGateways: All,\n"
    " hostnames: [a.example, c.test], parentRefs: [{name: mine}, {name: gone},\n"
    " {name: more, namespace: infra, kind: XListenerSet, group: gateway.networking.x-k8s.io,\n"
    "  sectionName: two}, {kind: Service, group: '', name: cart, port: 80},\n"
    " {kind: Thing, group: example.com, name: x}],\n"
    " rules: [{backendRefs: [{name: cart, namespace: back, port: 80},\n"
    "  {name: cart, namespace: back, port: 80}]}]}}\n"
    "---\n{apiVersion: gateway.networking.k8s.io/v1alpha2, kind: TCPRoute,\n"
    " metadata: {name: tcp, namespace: shop}, spec: {parentRefs:\n"
    " [{kind: Service, group: '', name: cart}], rules: [{backendRefs:\n"
    " [{name: cart, port: 80}]}]}}\n"
    "---\n{apiVersion: v1, kind: Service, metadata: {name: cart, namespace: shop},\n"
    " spec: {clusterIP: 10.0.0.1, ports: [{name: http, port: 80}, {name: more, port: 81},\n"
    " {name: dns, port: 53, protocol: UDP}]}}\n"
    "---\n{apiVersion: v1, kind: Service, metadata: {name: stock, namespace: shop},\n"
    " spec: {clusterIP: 10.0.0.2, ports: [{port: 80}]}}\n"
    "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: BackendTLSPolicy,\n"
    " metadata: {name: a, namespace: shop, creationTimestamp: '2020-01-01T00:00:00Z'},\n"
    " spec: {targetRefs: [{group: '', kind: Service, name: stock}],\n"
    " validation: {hostname: x.test, wellKnownCACertificates: System}}}\n"
    "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: BackendTLSPolicy,\n"
    " metadata: {name: b, namespace: shop}, spec: {targetRefs:\n"
    " [{group: '', kind: Service, name: stock}, {group: '', kind: Service, name: gone},\n"
    " {group: '', kind: Service, name: cart, sectionName: dns},\n"
    " {group: '', kind: Service, name: cart, sectionName: http}],\n"
    " validation: {hostname: x.test, wellKnownCACertificates: System}}}\n";

static gwapi_object_ref object(const char *kind, const char *namespace_, const char *name)
{
    return (gwapi_object_ref){sizeof(gwapi_object_ref), {NULL, 0}, gwapi__str_of(kind),
                              gwapi__str_of(namespace_), gwapi__str_of(name)};
}

static void open_world(world *w)
{
    world_init(w, GWAPI_CHANNEL_EXPERIMENTAL);
    world_read(w, gwapi__str_of(everything));
}

static gwapi_attachment *explained(world *w, const char *kind, const char *namespace_,
                                   const char *name)
{
    gwapi_object_ref ref = object(kind, namespace_, name);
    gwapi_attachment *a;

    cr_assert_eq(gwapi_attachment_explain(&a, w->set, &w->options, &ref, NULL), GWAPI_OK,
                 "%s %s/%s", kind, namespace_, name);
    return a;
}

static bool is(gwapi_str s, const char *text)
{
    return gwapi__str_eq(s, gwapi__str_of(text));
}

Test(resolve_explain, each_listener_is_attached_or_rejected_by_something)
{
    static const struct {
        uint32_t parent;
        const char *listener, *by, *reason;
    } expected[] = {
        {0, "web", "conflict", "Conflicted"},
        {2, "one", "sectionName", "NoMatchingParent"},
        {3, "http", "", "Accepted"},
        {3, "more", "port", "NoMatchingParent"},
        {3, "dns", "port", "NoMatchingParent"},
        {5, "web", "", "Accepted"},
        {5, "other", "hostname", "NoMatchingListenerHostname"},
        {5, "inner", "namespace", "NotAllowedByListeners"},
        {5, "labels", "namespace", "NotAllowedByListeners"},
        {5, "rpc", "kind", "NotAllowedByListeners"},
        {5, "raw", "kind", "NotAllowedByListeners"},
        {5, "tls", "", "Accepted"},
    };
    enum { EXPECTED = sizeof expected / sizeof *expected };
    gwapi_attachment_candidate c = {.struct_size = sizeof c};
    world w;

    open_world(&w);
    gwapi_attachment *a = explained(&w, "HTTPRoute", "shop", "cart");
    cr_expect_eq(gwapi_attachment_candidate_count(a), EXPECTED);
    for (size_t i = 0; i < EXPECTED; i++) {
        cr_assert_eq(gwapi_attachment_candidate_at(a, i, &c), GWAPI_OK);
        cr_expect(c.parent == expected[i].parent && is(c.listener, expected[i].listener) &&
                      is(c.by, expected[i].by) && is(c.reason, expected[i].reason) &&
                      c.attached == (expected[i].by[0] == '\0') && c.message.len != 0,
                  "%zu: %u %.*s %.*s %.*s", i, (unsigned)c.parent, (int)c.listener.len,
                  c.listener.data, (int)c.by.len, c.by.data, (int)c.reason.len, c.reason.data);
    }
    cr_expect_eq(gwapi_attachment_candidate_at(a, EXPECTED, &c), GWAPI_EARGUMENT);
    cr_assert_eq(gwapi_attachment_candidate_at(a, 5, &c), GWAPI_OK);
    cr_expect_eq(c.hostname_count, 1);
    cr_expect(is(gwapi_attachment_hostname_at(a, 5, 0), "a.example"));
    cr_expect_null(gwapi_attachment_hostname_at(a, 5, 1).data);
    cr_assert_eq(gwapi_attachment_candidate_at(a, 11, &c), GWAPI_OK);
    cr_expect_eq(c.served, 0);
    cr_expect_eq(c.hostname_count, 2);
    gwapi_attachment_free(a);
    world_free(&w);
}

Test(resolve_explain, each_parent_is_ours_or_it_is_told_why_not)
{
    static const struct {
        const char *name;
        bool ours, accepted, is_default;
    } expected[] = {{"mine", true, false, false}, {"gone", false, false, false},
                    {"more", true, false, false}, {"cart", true, true, false},
                    {"x", false, false, false},   {"edge", true, true, true}};
    enum { EXPECTED = sizeof expected / sizeof *expected };
    gwapi_attachment_parent p = {.struct_size = sizeof p};
    world w;

    open_world(&w);
    gwapi_attachment *a = explained(&w, "HTTPRoute", "shop", "cart");
    cr_assert_eq(gwapi_attachment_parent_count(a), EXPECTED);
    for (size_t i = 0; i < EXPECTED; i++) {
        cr_assert_eq(gwapi_attachment_parent_at(a, i, &p), GWAPI_OK);
        cr_expect(is(p.ref.name, expected[i].name) && p.ours == expected[i].ours &&
                      p.accepted == expected[i].accepted &&
                      p.is_default == expected[i].is_default && p.message.len != 0,
                  "%s", expected[i].name);
    }
    cr_expect_eq(gwapi_attachment_parent_at(a, EXPECTED, &p), GWAPI_EARGUMENT);
    cr_expect_neq(gwapi_attachment_status(a), GWAPI_NONE);
    cr_expect_not_null(gwapi_attachment_topology(a));
    gwapi_attachment_free(a);
    world_free(&w);
}

Test(resolve_explain, a_missing_grant_is_told_once_with_a_manifest_that_helps)
{
    gwapi_attachment_grant g = {.struct_size = sizeof g};
    gwapi__text t;
    world w;

    open_world(&w);
    gwapi_attachment *a = explained(&w, "HTTPRoute", "shop", "cart");
    cr_assert_eq(gwapi_attachment_grant_count(a), 1);
    cr_assert_eq(gwapi_attachment_grant_at(a, 0, &g), GWAPI_OK);
    cr_expect(is(g.to.namespace_, "back") && is(g.to.kind, "Service") &&
              is(g.from.kind, "HTTPRoute"));
    cr_expect_eq(gwapi_attachment_grant_at(a, 1, &g), GWAPI_EARGUMENT);
    gwapi__text_init(&t, &w.allocator);
    gwapi_sink sink = {sizeof sink, &t, text_sink};
    cr_expect_eq(gwapi_attachment_grant_write(a, 1, &sink), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_attachment_grant_write(a, 0, NULL), GWAPI_EARGUMENT);
    cr_assert_eq(gwapi_attachment_grant_write(a, 0, &sink), GWAPI_OK);
    gwapi_attachment_free(a);
    gwapi_source source = GWAPI_SOURCE_INIT;
    source.bytes = t.data;
    source.len = t.len;
    cr_assert_eq(gwapi_resources_read(w.set, &source, w.report), GWAPI_OK, "%.*s", (int)t.len,
                 t.data);
    gwapi__text_free(&t);
    a = explained(&w, "HTTPRoute", "shop", "cart");
    cr_expect_eq(gwapi_attachment_grant_count(a), 0);
    gwapi_attachment_free(a);
    world_free(&w);
}

Test(resolve_explain, the_targets_of_a_policy_tell_who_has_them)
{
    static const struct {
        const char *name, *section;
        gwapi_target_state state;
        const char *winner;
    } expected[] = {{"stock", "", GWAPI_TARGET_LOST, "a"},
                    {"gone", "", GWAPI_TARGET_MISSING, ""},
                    {"cart", "dns", GWAPI_TARGET_UNFIT, ""},
                    {"cart", "http", GWAPI_TARGET_APPLIES, ""}};
    enum { EXPECTED = sizeof expected / sizeof *expected };
    gwapi_attachment_target g = {.struct_size = sizeof g};
    world w;

    open_world(&w);
    gwapi_attachment *a = explained(&w, "BackendTLSPolicy", "shop", "b");
    cr_assert_eq(gwapi_attachment_target_count(a), EXPECTED);
    for (size_t i = 0; i < EXPECTED; i++) {
        cr_assert_eq(gwapi_attachment_target_at(a, i, &g), GWAPI_OK);
        cr_expect(is(g.ref.name, expected[i].name) && is(g.section_name, expected[i].section) &&
                      g.state == expected[i].state && is(g.winner, expected[i].winner),
                  "%zu", i);
    }
    cr_expect_eq(gwapi_attachment_target_at(a, EXPECTED, &g), GWAPI_EARGUMENT);
    gwapi_attachment_free(a);
    world_free(&w);
}

/* Every kind of object, and what its JSON must have. */
static const struct {
    const char *kind, *namespace_, *name, *holds;
} subjects[] = {
    {"HTTPRoute", "shop", "cart", "\"verdict\":\"notOurs\""},
    {"TCPRoute", "shop", "tcp", "\"by\":\"conflict\""},
    {"GRPCRoute", "shop", "old", "\"hostnames\":[\"a.example\"]"},
    {"Gateway", "infra", "edge", "\"routes\":[{"},
    {"XListenerSet", "infra", "more", "\"listenerSet\":\"infra/more\""},
    {"XListenerSet", "infra", "lost", "\"noStatus\":"},
    {"BackendTLSPolicy", "shop", "b", "\"state\":\"lost\",\"winner\":\"shop/a\""},
    {"Service", "shop", "cart", "\"noStatus\":"},
};

Test(resolve_explain, everything_is_written_as_json)
{
    world w;

    open_world(&w);
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        gwapi_attachment *a =
            explained(&w, subjects[i].kind, subjects[i].namespace_, subjects[i].name);
        gwapi__text t;
        gwapi__text_init(&t, &w.allocator);
        gwapi_sink sink = {sizeof sink, &t, text_sink};
        cr_expect_eq(gwapi_attachment_write(a, NULL), GWAPI_EARGUMENT);
        cr_expect_eq(gwapi_attachment_write(a, &sink), GWAPI_OK);
        cr_expect_neq(
            gwapi__str_find(gwapi__text_str(&t), gwapi__str_of(subjects[i].holds)), SIZE_MAX,
            "%s %s: %.*s", subjects[i].kind, subjects[i].name, (int)t.len, t.data);
        gwapi__text_free(&t);
        gwapi_attachment_free(a);
    }
    world_free(&w);
}

Test(resolve_explain, what_is_not_there_cannot_be_explained)
{
    gwapi_object_ref ref = object("HTTPRoute", "shop", "none");
    gwapi_attachment *a;
    world w;

    open_world(&w);
    cr_expect_eq(gwapi_attachment_explain(&a, w.set, &w.options, &ref, NULL), GWAPI_ENOTFOUND);
    cr_expect_null(a);
    cr_expect_eq(gwapi_attachment_explain(&a, w.set, &w.options, NULL, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_attachment_explain(&a, NULL, NULL, &ref, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_attachment_explain(NULL, w.set, NULL, &ref, NULL), GWAPI_EARGUMENT);
    ref = object("HTTPRoute", "shop", "cart");
    ref.group = gwapi__str_of("example.com");
    cr_expect_eq(gwapi_attachment_explain(&a, w.set, &w.options, &ref, NULL), GWAPI_ENOTFOUND);
    gwapi_attachment_free(NULL);
    world_free(&w);
}

typedef struct job {
    world *w;
    size_t subject;
} job;

static int drop(void *ctx, const char *data, size_t len)
{
    (void)ctx;
    (void)data;
    (void)len;
    return 0;
}

static gwapi_result explain_and_write(const gwapi_allocator *allocator, void *arg)
{
    job *j = arg;
    gwapi_object_ref ref = object(subjects[j->subject].kind, subjects[j->subject].namespace_,
                                  subjects[j->subject].name);
    gwapi_resolve_options options = j->w->options;
    gwapi_sink sink = {sizeof sink, NULL, drop};
    gwapi_attachment *a;

    options.allocator = allocator;
    gwapi_result result = gwapi_attachment_explain(&a, j->w->set, &options, &ref, NULL);
    if (result == GWAPI_OK)
        result = gwapi_attachment_write(a, &sink);
    for (size_t i = 0; result == GWAPI_OK && i < gwapi_attachment_grant_count(a); i++)
        result = gwapi_attachment_grant_write(a, i, &sink);
    gwapi_attachment_free(a);
    return result;
}

Test(resolve_explain, every_failing_allocation_leaves_nothing_behind)
{
    world w;

    open_world(&w);
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        job j = {&w, i};
        size_t runs, bad;
        cr_expect_eq(test_fail_every_allocation(explain_and_write, &j, &runs, &bad), GWAPI_OK);
        cr_expect_eq(bad, 0, "%s: allocation %zu", subjects[i].kind, bad);
        cr_expect_gt(runs, 20);
    }
    world_free(&w);
}
