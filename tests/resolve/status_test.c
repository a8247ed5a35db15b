#include "support.h"

#include "resolve/features.h"
#include "resolve/status.h"

static const struct {
    int64_t seconds;
    const char *text;
} times[] = {
    {0, "1970-01-01T00:00:00Z"},
    {951782399, "2000-02-28T23:59:59Z"},
    {951782400, "2000-02-29T00:00:00Z"},
    {951868800, "2000-03-01T00:00:00Z"},
    {1709164800, "2024-02-29T00:00:00Z"},
    {4107542399, "2100-02-28T23:59:59Z"},
    {4107542400, "2100-03-01T00:00:00Z"},
    {-1, "1969-12-31T23:59:59Z"},
    {-62167219200, "0000-01-01T00:00:00Z"},
    {-62167219200 + 59 * 86400, "0000-02-29T00:00:00Z"},
    {-62167219200 + 60 * 86400, "0000-03-01T00:00:00Z"},
    {253402300799, "9999-12-31T23:59:59Z"},
    {INT64_MAX, "9999-12-31T23:59:59Z"},
    {INT64_MIN, "0000-01-01T00:00:00Z"},
};

Test(resolve_status, times_are_written_as_rfc_3339)
{
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        char out[GWAPI__TIME_LENGTH];
        gwapi__time_write(out, times[i].seconds);
        cr_expect(gwapi__str_eq(gwapi__str(out, sizeof out), gwapi__str_of(times[i].text)),
                  "%.20s, not %s", out, times[i].text);
    }
}

#define MANIFESTS                                                                              \
    "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"                                \
    "metadata: {name: edge, namespace: infra, generation: 2}\n"                                \
    "spec:\n  gatewayClassName: edge\n  listeners: [{name: http, port: 80, protocol: HTTP}]\n" \
    "---\n"                                                                                    \
    "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"                              \
    "metadata: {name: shop, namespace: infra}\n"                                               \
    "spec: {parentRefs: [{name: edge}], rules: [{backendRefs: [{name: web, port: 80}]}]}\n"
#define SERVICE                                                                                \
    "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: infra}\n"                 \
    "spec: {ports: [{port: 80}]}\n"

static void read_text(world *w, const char *text)
{
    world_read(w, gwapi__str_of(text));
}

static uint32_t changed(const gwapi_topology *t, const char *kind)
{
    for (size_t i = 0; i < gwapi_topology_status_count(t); i++) {
        gwapi_object_ref ref = GWAPI_OBJECT_REF_INIT;
        gwapi_topology_status_at(t, i, &ref);
        if (gwapi__str_eq(ref.kind, gwapi__str_of(kind)))
            return gwapi_topology_status_changed(t, i);
    }
    cr_assert(false, "no %s", kind);
    return 0;
}

Test(resolve_status, a_topology_tells_whose_status_changed)
{
    world w;

    world_init(&w, GWAPI_CHANNEL_STANDARD);
    read_text(&w, MANIFESTS);
    world_resolve(&w);
    cr_expect_eq(changed(w.topology, "Gateway"), 1);
    cr_expect_eq(changed(w.topology, "HTTPRoute"), 1);
    w.options.previous = w.topology;
    world_resolve(&w);
    w.options.previous = w.topology;
    cr_expect_eq(changed(w.topology, "Gateway"), 0);
    cr_expect_eq(changed(w.topology, "HTTPRoute"), 0);
    read_text(&w, SERVICE);
    world_resolve(&w);
    cr_expect_eq(changed(w.topology, "Gateway"), 0);
    cr_expect_eq(changed(w.topology, "HTTPRoute"), 1);
    cr_expect_eq(gwapi_topology_status_changed(w.topology, 99), 0);
    world_free(&w);
}

/* What was written once is read back as unchanged. */
Test(resolve_status, a_status_that_stands_in_the_object_is_unchanged)
{
    world w, again;
    gwapi__text text;

    world_init(&w, GWAPI_CHANNEL_EXPERIMENTAL);
    read_text(&w, MANIFESTS);
    world_resolve(&w);
    gwapi__text_init(&text, &w.allocator);
    gwapi_sink sink = {sizeof sink, &text, text_sink};
    cr_assert_eq(gwapi_topology_write(w.topology, GWAPI_FORMAT_YAML, &sink), GWAPI_OK);
    world_init(&again, GWAPI_CHANNEL_EXPERIMENTAL);
    world_read(&again, gwapi__text_str(&text));
    again.options.now = 77;
    world_resolve(&again);
    cr_expect_eq(changed(again.topology, "Gateway"), 0);
    cr_expect_eq(changed(again.topology, "HTTPRoute"), 0);
    gwapi__text_free(&text);
    world_free(&again);
    world_free(&w);
}

Test(resolve_status, conditions_name_their_scope)
{
    world w;

    world_init(&w, GWAPI_CHANNEL_STANDARD);
    read_text(&w, MANIFESTS);
    world_resolve(&w);
    gwapi_condition c = condition_of(w.topology, "Gateway", "edge", "", "Programmed");
    cr_expect(gwapi__str_eq(c.reason, GWAPI__STR("Programmed")));
    cr_expect_eq(c.observed_generation, 2);
    c = condition_of(w.topology, "Gateway", "edge", "listeners[0]", "Accepted");
    cr_expect(gwapi__str_eq(c.status, GWAPI__STR("True")));
    c = condition_of(w.topology, "HTTPRoute", "shop", "parents[0]", "ResolvedRefs");
    cr_expect(gwapi__str_eq(c.reason, GWAPI__STR("BackendNotFound")));
    cr_expect(gwapi__str_eq(c.last_transition_time, GWAPI__STR("1970-01-01T00:00:00Z")));
    world_free(&w);
}

Test(resolve_status, names_of_features_ascend)
{
    for (int i = 1; i < GWAPI__FEATURE_COUNT; i++)
        cr_expect_lt(gwapi__str_cmp(gwapi__feature_name((gwapi__feature)(i - 1)),
                                    gwapi__feature_name((gwapi__feature)i)),
                     0, "%.*s", GWAPI__FMT(gwapi__feature_name((gwapi__feature)i)));
}
