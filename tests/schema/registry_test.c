#include "schema/rules.h"
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

/* ---- two who compile the same ------------------------------------------------------------ */

/* An allocator that does something else in the midst of an allocation, as another thread could. */
typedef struct meanwhile {
    void (*act)(struct meanwhile *m);
    bool due;
    gwapi_schema *schema;
    const gwapi__kind *kind;
    gwapi__pattern *pattern;
    const void *found;
} meanwhile;

static void *resize_meanwhile(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    meanwhile *m = ctx;

    (void)old_size;
    if (m->due) {
        m->due = false;
        m->act(m);
    }
    if (new_size != 0)
        return realloc(ptr, new_size);
    free(ptr);
    return NULL;
}

static void find_kind(meanwhile *m)
{
    m->found = find(m->schema, "gateway.networking.k8s.io/v1", "GatewayClass");
}

static void compile_pattern(meanwhile *m)
{
    const gwapi__regex *regex;

    cr_assert_eq(gwapi__pattern_regex(m->kind, m->pattern, &regex), GWAPI_OK);
    m->found = regex;
}

static void compile_set(meanwhile *m)
{
    const gwapi__rule_programs *programs;

    cr_assert_eq(gwapi__rule_set_compile(&programs, m->kind, m->kind->rule_sets, NULL), GWAPI_OK);
    m->found = programs;
}

Test(schema_registry, of_two_who_compile_at_once_both_get_one_result)
{
    meanwhile m = {.due = false};
    const gwapi_allocator allocator = {sizeof allocator, &m, resize_meanwhile};
    gwapi_schema_options options = GWAPI_SCHEMA_OPTIONS_INIT;
    const gwapi__rule_programs *programs;
    const gwapi__regex *regex;

    options.allocator = &allocator;
    cr_assert_eq(gwapi_schema_new(&m.schema, &options), GWAPI_OK);
    cr_assert_eq(
        gwapi_schema_add_builtin(m.schema, (gwapi_str){NULL, 0}, GWAPI_CHANNEL_STANDARD),
        GWAPI_OK);

    m.act = find_kind;
    m.due = true;
    m.kind = find(m.schema, "gateway.networking.k8s.io/v1", "GatewayClass");
    cr_expect_eq(m.kind, m.found);

    m.pattern = m.kind->patterns;
    m.act = compile_pattern;
    m.due = true;
    cr_assert_eq(gwapi__pattern_regex(m.kind, m.pattern, &regex), GWAPI_OK);
    cr_expect_not_null(regex);
    cr_expect_eq(regex, m.found);

    m.act = compile_set;
    m.due = true;
    cr_assert_eq(gwapi__rule_set_compile(&programs, m.kind, m.kind->rule_sets, NULL), GWAPI_OK);
    cr_expect_not_null(programs);
    cr_expect_eq(programs, m.found);
    gwapi_schema_free(m.schema);
}

Test(schema_registry, a_pattern_that_is_too_large_matches_nothing)
{
    static const char object[] = "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\n"
                                 "metadata: {name: a}\nspec: {controllerName: example.com/a}\n";
    gwapi_schema_options options = GWAPI_SCHEMA_OPTIONS_INIT;
    gwapi_limits limits = {.struct_size = sizeof limits, .regex_states = 2};
    judging g;

    judging_init(&g, GWAPI_CHANNEL_STANDARD);
    judging_run(&g, object, NULL, 0);
    cr_expect_str_eq(g.shown.data, "");
    gwapi_schema_free(g.schema);
    options.limits = &limits;
    cr_assert_eq(gwapi_schema_new(&g.schema, &options), GWAPI_OK);
    cr_assert_eq(
        gwapi_schema_add_builtin(g.schema, (gwapi_str){NULL, 0}, GWAPI_CHANNEL_STANDARD),
        GWAPI_OK);
    judging_run(&g, object, NULL, 0);
    cr_expect_str_eq(g.shown.data, "Invalid spec.controllerName; Invalid status.conditions[0].reason; "
                                   "Invalid status.conditions[0].type");
    judging_free(&g);
}

Test(schema_registry, the_kubernetes_version_is_checked)
{
    static const struct {
        const char *version;
        gwapi_result result;
    } rows[] = {{"1.34", GWAPI_OK},        {"v1.30", GWAPI_OK},        {"1.31.4", GWAPI_OK},
                {"2.0", GWAPI_EARGUMENT},  {"1", GWAPI_EARGUMENT},     {"1.x", GWAPI_EARGUMENT},
                {"1.9", GWAPI_EARGUMENT},  {"1.34.x", GWAPI_EARGUMENT}, {"", GWAPI_EARGUMENT},
                {"1.25", GWAPI_OK},        {"1.24", GWAPI_EARGUMENT},  {"1.1000", GWAPI_OK},
                {"1.1001", GWAPI_EARGUMENT}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_schema_options o = GWAPI_SCHEMA_OPTIONS_INIT;
        gwapi_schema *schema;
        o.kubernetes_version = gwapi__str_of(rows[i].version);
        cr_expect_eq(gwapi_schema_new(&schema, &o), rows[i].result, "%s", rows[i].version);
        gwapi_schema_free(schema);
    }
}

Test(schema_registry, options_are_checked)
{
    const gwapi_allocator no_allocator = {.struct_size = sizeof no_allocator};
    const gwapi_limits short_limits = {.struct_size = 1};
    const size_t size = sizeof(gwapi_schema_options);
    const struct {
        gwapi_schema_options options;
        gwapi_result result;
    } rows[] = {{{.struct_size = 1}, GWAPI_ESTRUCTSIZE},
                {{.struct_size = size, .flags = 1u << 31}, GWAPI_EARGUMENT},
                {{.struct_size = size, .allocator = &no_allocator}, GWAPI_EARGUMENT},
                {{.struct_size = size, .limits = &short_limits}, GWAPI_ESTRUCTSIZE}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_schema *schema;
        cr_expect_eq(gwapi_schema_new(&schema, &rows[i].options), rows[i].result, "%zu", i);
        cr_expect_null(schema, "%zu", i);
    }
}

Test(schema_registry, nothing_is_asked_of_nothing)
{
    gwapi_kind_info info = {.struct_size = sizeof info};
    gwapi_schema *schema;

    cr_expect_eq(gwapi_schema_new(NULL, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_schema_add_builtin(NULL, (gwapi_str){NULL, 0}, 1), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_schema_seal(NULL, NULL, 0), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_schema_kind_count(NULL), 0);
    cr_expect_eq(gwapi_schema_channel(NULL), 0);
    cr_expect_null(gwapi_schema_release(NULL).data);
    cr_expect_eq(gwapi_schema_kind_at(NULL, 0, &info), GWAPI_EARGUMENT);
    gwapi_schema_free(NULL);
    schema = fresh();
    cr_expect_eq(gwapi_schema_seal(schema, NULL, 1), GWAPI_EARGUMENT);
    cr_expect_not(gwapi__schema_sealed(schema));
    cr_assert_eq(gwapi_schema_seal(schema, NULL, 0), GWAPI_OK);
    cr_expect(gwapi__schema_sealed(schema));
    cr_expect_eq(gwapi_schema_kind_count(schema), 0);
    cr_expect_eq(gwapi_schema_release(schema).len, 0);
    gwapi_schema_free(schema);
}
