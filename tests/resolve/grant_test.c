#include <criterion/criterion.h>

#include "base/slice.h"
#include "resolve/grant.h"

#define GATEWAY GWAPI_STR_INIT("gateway.networking.k8s.io")
#define NO_NAME                                                                                \
    {                                                                                          \
        NULL, 0                                                                                \
    }

/* from HTTPRoutes of `apps`, to Services and to Secret `pair`; stands in `shop`. */
static const gwapi__reference froms[] = {
    {GATEWAY, GWAPI_STR_INIT("HTTPRoute"), GWAPI_STR_INIT("apps"), NO_NAME, 0},
    {GATEWAY, GWAPI_STR_INIT("GRPCRoute"), GWAPI_STR_INIT("apps"), NO_NAME, 0},
};
static const gwapi__reference tos[] = {
    {GWAPI_STR_INIT(""), GWAPI_STR_INIT("Service"), NO_NAME, NO_NAME, 0},
    {GWAPI_STR_INIT(""), GWAPI_STR_INIT("Secret"), NO_NAME, GWAPI_STR_INIT("pair"), 0},
};
/* A second one: Gateways of `infra` to ConfigMaps with the empty name, which is any. */
static const gwapi__reference more_froms[] = {
    {GATEWAY, GWAPI_STR_INIT("Gateway"), GWAPI_STR_INIT("infra"), NO_NAME, 0}};
static const gwapi__reference more_tos[] = {
    {GWAPI_STR_INIT(""), GWAPI_STR_INIT("ConfigMap"), NO_NAME, GWAPI_STR_INIT(""), 0}};

static const struct {
    const char *label;
    const char *from_group, *from_kind, *from_namespace;
    const char *group, *kind, *namespace_, *name;
    bool permitted;
} rows[] = {
#define G "gateway.networking.k8s.io"
    {"as written", G, "HTTPRoute", "apps", "", "Service", "shop", "web", true},
    {"any name", G, "HTTPRoute", "apps", "", "Service", "shop", "other", true},
    {"second from", G, "GRPCRoute", "apps", "", "Service", "shop", "web", true},
    {"named", G, "HTTPRoute", "apps", "", "Secret", "shop", "pair", true},
    {"another name", G, "HTTPRoute", "apps", "", "Secret", "shop", "other", false},
    {"another kind of referrer", G, "TCPRoute", "apps", "", "Service", "shop", "web", false},
    {"another group of referrer", "", "HTTPRoute", "apps", "", "Service", "shop", "web", false},
    {"another namespace of referrer", G, "HTTPRoute", "app", "", "Service", "shop", "web",
     false},
    {"another group of referent", G, "HTTPRoute", "apps", "x", "Service", "shop", "web", false},
    {"another kind of referent", G, "HTTPRoute", "apps", "", "ConfigMap", "shop", "web", false},
    {"another namespace of referent", G, "HTTPRoute", "apps", "", "Service", "sho", "web",
     false},
    {"from of one grant, to of another", G, "Gateway", "infra", "", "Service", "shop", "x",
     false},
    {"empty name is any", G, "Gateway", "infra", "", "ConfigMap", "shop", "ca", true},
    {"no ConfigMap for routes", G, "HTTPRoute", "apps", "", "ConfigMap", "shop", "ca", false},
#undef G
};

Test(resolve_grant, every_field_counts_and_grants_do_not_mix)
{
    const gwapi__grant first = {froms, 2, tos, 2}, second = {more_froms, 1, more_tos, 1};
    gwapi__resource a = {.as.grant = &first}, b = {.as.grant = &second};
    gwapi_allocator allocator;
    gwapi__grants grants;

    a.meta.namespace_ = b.meta.namespace_ = GWAPI__STR("shop");
    cr_assert_eq(gwapi__allocator_init(&allocator, NULL), GWAPI_OK);
    gwapi__grants_init(&grants, &allocator);
    cr_assert(gwapi__grants_add(&grants, &a));
    cr_assert(gwapi__grants_add(&grants, &b));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi__identity from = {gwapi__str_of(rows[i].from_group),
                                gwapi__str_of(rows[i].from_kind),
                                gwapi__str_of(rows[i].from_namespace),
                                {NULL, 0}};
        gwapi__identity to = {gwapi__str_of(rows[i].group), gwapi__str_of(rows[i].kind),
                              gwapi__str_of(rows[i].namespace_), gwapi__str_of(rows[i].name)};
        cr_expect_eq(gwapi__grants_permit(&grants, &from, &to), rows[i].permitted, "%s",
                     rows[i].label);
    }
    gwapi__grants_free(&grants);
}
