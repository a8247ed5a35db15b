#include "support.h"

static gwapi_schema *fresh(void)
{
    gwapi_schema *schema;

    cr_assert_eq(gwapi_schema_new(&schema, NULL), GWAPI_OK);
    return schema;
}

static const gwapi__kind *find(const gwapi_schema *schema, const char *version, const char *kind)
{
    const gwapi__kind *out;

    cr_assert_eq(
        gwapi__schema_find(schema, gwapi__str_of(version), gwapi__str_of(kind), &out), GWAPI_OK);
    return out;
}

Test(schema_registry, each_channel_has_its_kinds)
{
    static const struct {
        const char *version, *kind;
        bool standard, experimental;
    } rows[] = {
        {"gateway.networking.k8s.io/v1", "Gateway", true, true},
        {"gateway.networking.k8s.io/v1beta1", "Gateway", true, true},
        {"gateway.networking.k8s.io/v1", "GatewayClass", true, true},
        {"gateway.networking.k8s.io/v1beta1", "GatewayClass", true, true},
        {"gateway.networking.k8s.io/v1", "HTTPRoute", true, true},
        {"gateway.networking.k8s.io/v1beta1", "HTTPRoute", true, true},
        {"gateway.networking.k8s.io/v1", "GRPCRoute", true, true},
        {"gateway.networking.k8s.io/v1beta1", "ReferenceGrant", true, true},
        {"gateway.networking.k8s.io/v1", "BackendTLSPolicy", true, true},
        {"gateway.networking.k8s.io/v1alpha3", "BackendTLSPolicy", false, true},
        {"gateway.networking.k8s.io/v1alpha2", "TLSRoute", false, true},
        {"gateway.networking.k8s.io/v1alpha3", "TLSRoute", false, true},
        {"gateway.networking.k8s.io/v1alpha2", "TCPRoute", false, true},
        {"gateway.networking.k8s.io/v1alpha2", "UDPRoute", false, true},
        {"gateway.networking.x-k8s.io/v1alpha1", "XListenerSet", false, true},
        {"gateway.networking.x-k8s.io/v1alpha1", "XBackendTrafficPolicy", false, true},
        {"gateway.networking.x-k8s.io/v1alpha1", "XMesh", false, true},
        {"gateway.networking.k8s.io/v1", "XMesh", false, false},
        {"gateway.networking.k8s.io/v2", "Gateway", false, false},
        {"gateway.networking.k8s.io/", "Gateway", false, false},
        {"gateway.networking.k8s.io", "Gateway", false, false},
        {"v1", "Service", false, false},
        {"", "", false, false},
    };
    size_t counts[3] = {0, 0, 0};

    for (gwapi_channel c = GWAPI_CHANNEL_STANDARD; c <= GWAPI_CHANNEL_EXPERIMENTAL; c++) {
        gwapi_schema *schema = fresh();
        cr_assert_eq(gwapi_schema_add_builtin(schema, GWAPI__STR("v1.4"), c), GWAPI_OK);
        cr_assert_eq(gwapi_schema_seal(schema, NULL, 0), GWAPI_OK);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            bool known = c == GWAPI_CHANNEL_STANDARD ? rows[i].standard : rows[i].experimental;
            const gwapi__kind *kind = find(schema, rows[i].version, rows[i].kind);
            counts[c] += known;
            cr_expect_eq(kind != NULL, known, "%s %s", rows[i].version, rows[i].kind);
            cr_expect_eq(kind, find(schema, rows[i].version, rows[i].kind), "compiled twice");
        }
        cr_expect_eq(gwapi_schema_kind_count(schema), counts[c]);
        cr_expect_eq(gwapi_schema_channel(schema), c);
        cr_expect(gwapi__str_eq(gwapi_schema_release(schema), GWAPI__STR("v1.4")));
        gwapi_schema_free(schema);
    }
}

Test(schema_registry, a_kind_knows_what_it_is)
{
    gwapi_kind_info info = {.struct_size = sizeof info};
    gwapi_schema *schema = fresh();

    cr_assert_eq(gwapi_schema_add_builtin(schema, (gwapi_str){NULL, 0}, GWAPI_CHANNEL_STANDARD),
                 GWAPI_OK);
    const gwapi__kind_info *route =
        gwapi__kind_info_of(find(schema, "gateway.networking.k8s.io/v1beta1", "HTTPRoute"));
    cr_expect(gwapi__str_eq(route->plural, GWAPI__STR("httproutes")));
    cr_expect(gwapi__str_eq(route->version, GWAPI__STR("v1beta1")));
    cr_expect(route->namespaced && route->status_subresource && !route->deprecated);
    cr_expect_not(gwapi__kind_info_of(find(schema, "gateway.networking.k8s.io/v1",
                                           "GatewayClass"))->namespaced);
    cr_expect_not(gwapi__kind_info_of(find(schema, "gateway.networking.k8s.io/v1beta1",
                                           "ReferenceGrant"))->status_subresource);
    for (size_t i = 0; i < gwapi_schema_kind_count(schema); i++) {
        cr_assert_eq(gwapi_schema_kind_at(schema, i, &info), GWAPI_OK);
        cr_expect_eq(info.builtin, 1);
        if (gwapi__str_eq(info.kind, GWAPI__STR("Gateway")))
            cr_expect_eq(info.storage, gwapi__str_eq(info.version, GWAPI__STR("v1")));
    }
    cr_expect_eq(gwapi_schema_kind_at(schema, gwapi_schema_kind_count(schema), &info),
                 GWAPI_EARGUMENT);
    gwapi_schema_free(schema);
}

Test(schema_registry, sealing_ends_adding)
{
    const gwapi_str known[] = {GWAPI__STR("HTTPRoute"),
                               GWAPI__STR("Gateway.gateway.networking.k8s.io")};
    const gwapi_str unknown[] = {GWAPI__STR("Gateway.example.com")};
    gwapi_schema *schema = fresh();

    cr_expect_eq(gwapi_schema_add_builtin(schema, GWAPI__STR("v0.1"), GWAPI_CHANNEL_STANDARD),
                 GWAPI_ENOTFOUND);
    cr_expect_eq(gwapi_schema_add_builtin(schema, (gwapi_str){NULL, 0}, 7), GWAPI_EARGUMENT);
    cr_assert_eq(gwapi_schema_add_builtin(schema, (gwapi_str){NULL, 0}, GWAPI_CHANNEL_STANDARD),
                 GWAPI_OK);
    cr_expect_eq(gwapi_schema_seal(schema, unknown, 1), GWAPI_ENOTFOUND);
    cr_assert_eq(gwapi_schema_seal(schema, known, 2), GWAPI_OK);
    cr_expect_eq(gwapi_schema_seal(schema, NULL, 0), GWAPI_ESTATE);
    cr_expect_eq(
        gwapi_schema_add_builtin(schema, (gwapi_str){NULL, 0}, GWAPI_CHANNEL_STANDARD),
        GWAPI_ESTATE);
    cr_expect_eq(gwapi_schema_add_crd(schema, GWAPI__STR("f"), GWAPI__STR("{}"), NULL),
                 GWAPI_ESTATE);
    gwapi_schema_free(schema);
}

Test(schema_registry, the_kubernetes_version_is_checked)
{
    static const struct {
        const char *version;
        gwapi_result result;
    } rows[] = {{"1.34", GWAPI_OK},        {"v1.30", GWAPI_OK},        {"1.31.4", GWAPI_OK},
                {"2.0", GWAPI_EARGUMENT},  {"1", GWAPI_EARGUMENT},     {"1.x", GWAPI_EARGUMENT},
                {"1.9", GWAPI_EARGUMENT},  {"1.34.x", GWAPI_EARGUMENT}, {"", GWAPI_EARGUMENT}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_schema_options o = GWAPI_SCHEMA_OPTIONS_INIT;
        gwapi_schema *schema;
        o.kubernetes_version = gwapi__str_of(rows[i].version);
        cr_expect_eq(gwapi_schema_new(&schema, &o), rows[i].result, "%s", rows[i].version);
        gwapi_schema_free(schema);
    }
}

Test(schema_registry, nothing_is_asked_of_nothing)
{
    gwapi_schema *schema;

    cr_expect_eq(gwapi_schema_new(NULL, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_schema_add_builtin(NULL, (gwapi_str){NULL, 0}, 1), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_schema_seal(NULL, NULL, 0), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_schema_kind_count(NULL), 0);
    cr_expect_eq(gwapi_schema_channel(NULL), 0);
    gwapi_schema_free(NULL);
    schema = fresh();
    cr_expect_eq(gwapi_schema_kind_count(schema), 0);
    cr_expect_eq(gwapi_schema_release(schema).len, 0);
    gwapi_schema_free(schema);
}
