#include <criterion/criterion.h>
#include "image/reader.h"
#include "support/sample_image.h"

static unsigned char *bytes;
static gwapi_snapshot *s;

static void set_up(void)
{
    gwapi_allocator a;
    size_t size;

    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    cr_assert_eq(sample_image(&a, NULL, &bytes, &size), GWAPI_OK);
    cr_assert_eq(gwapi_snapshot_open(&s, bytes, size, NULL, NULL), GWAPI_OK);
}

static void tear_down(void)
{
    gwapi_snapshot_release(s);
    free(bytes);
}

TestSuite(image_list, .init = set_up, .fini = tear_down);

/* Each entry of a list is found again by its own key, and one beyond the end is refused. */
#define FOUND_AGAIN(list, type)                                                               \
    do {                                                                                      \
        type entry = {.struct_size = sizeof entry};                                           \
        uint32_t index;                                                                       \
        size_t count = gwapi_snapshot_##list##_count(s);                                      \
        cr_assert_gt(count, 0, #list);                                                        \
        for (size_t i = 0; i < count; i++) {                                                  \
            cr_assert_eq(gwapi_snapshot_##list##_at(s, i, &entry), GWAPI_OK, #list);          \
            cr_assert_eq(gwapi_snapshot_##list##_find(s, &entry, &index), GWAPI_OK,           \
                         #list " %zu", i);                                                    \
            cr_assert_eq(index, i, #list);                                                    \
        }                                                                                     \
        cr_assert_eq(gwapi_snapshot_##list##_at(s, count, &entry), GWAPI_EARGUMENT, #list);   \
        entry.struct_size = 1;                                                                \
        cr_assert_eq(gwapi_snapshot_##list##_at(s, 0, &entry), GWAPI_ESTRUCTSIZE, #list);     \
        cr_assert_eq(gwapi_snapshot_##list##_find(s, NULL, &index), GWAPI_EARGUMENT, #list);  \
    } while (0)

Test(image_list, every_entry_is_found_again_by_its_key)
{
    FOUND_AGAIN(gateway, gwapi_snapshot_gateway);
    FOUND_AGAIN(listener, gwapi_listener_info);
    FOUND_AGAIN(certificate, gwapi_certificate_info);
    FOUND_AGAIN(bundle, gwapi_bundle_info);
    FOUND_AGAIN(rule, gwapi_rule_info);
    FOUND_AGAIN(backend, gwapi_backend_info);
}

Test(image_list, routes_are_found_by_kind_namespace_and_name)
{
    gwapi_route_info key = {.kind = GWAPI_ROUTE_GRPC,
                            .namespace_ = GWAPI_STR_INIT("shop"),
                            .name = GWAPI_STR_INIT("api")};
    uint32_t index;

    cr_assert_eq(gwapi_snapshot_route_find(s, &key, &index), GWAPI_OK);
    cr_assert_eq(index, 1);
    key.kind = GWAPI_ROUTE_UDP;
    cr_assert_eq(gwapi_snapshot_route_find(s, &key, &index), GWAPI_ENOTFOUND);
    cr_assert_eq(index, GWAPI_NONE);
}

Test(image_list, nothing_is_beyond_the_end_or_without_a_key)
{
    gwapi_route_info route = {.struct_size = sizeof route};
    gwapi_listener_info listener = {.struct_size = sizeof listener};
    gwapi_str name;
    uint32_t index = 9;

    cr_expect_eq(gwapi_snapshot_route_at(s, gwapi_snapshot_route_count(s), &route),
                 GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_snapshot_header_at(s, gwapi_snapshot_header_count(s), &name),
                 GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_snapshot_route_find(s, &route, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_snapshot_listener_find(s, NULL, &index), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_snapshot_listener_find(s, &listener, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_snapshot_listener_find(s, &listener, &index), GWAPI_ENOTFOUND);
    cr_expect_eq(index, GWAPI_NONE, "of no such Gateway");
    cr_assert_eq(gwapi_snapshot_listener_at(s, 0, &listener), GWAPI_OK);
    listener.name = GWAPI__STR("another");
    cr_expect_eq(gwapi_snapshot_listener_find(s, &listener, &index), GWAPI_ENOTFOUND);
    cr_assert_eq(gwapi_snapshot_listener_at(s, 0, &listener), GWAPI_OK);
    listener.listener_set = GWAPI__STR("of a set");
    cr_expect_eq(gwapi_snapshot_listener_find(s, &listener, &index), GWAPI_ENOTFOUND);
    cr_expect_eq(gwapi__image_header_index(s, GWAPI__STR("x-nobody")), GWAPI_NONE);
    cr_expect_eq(gwapi__image_header_index(s, GWAPI__STR("X-a")), 1);
}

Test(image_list, header_names_are_found_in_any_case)
{
    uint32_t index;

    cr_assert_eq(gwapi_snapshot_header_find(s, GWAPI__STR("X-A"), &index), GWAPI_OK);
    cr_assert_eq(index, 1);
    cr_assert_eq(gwapi_snapshot_header_find(s, GWAPI__STR("x"), &index), GWAPI_ENOTFOUND);
    cr_assert_eq(gwapi_snapshot_header_find(s, GWAPI__STR("x-ab"), &index), GWAPI_ENOTFOUND);
}

Test(image_list, a_listener_tells_its_certificates_options_and_bundles)
{
    uint32_t index = 9;
    gwapi_named_text option;
    gwapi_str address;

    cr_assert_eq(gwapi_snapshot_listener_certificate_at(s, 1, 0, &index), GWAPI_OK);
    cr_assert_eq(index, 0);
    cr_assert_eq(gwapi_snapshot_listener_bundle_at(s, 1, 0, &index), GWAPI_OK);
    cr_assert_eq(gwapi_snapshot_listener_option_at(s, 1, 0, &option), GWAPI_OK);
    cr_assert(gwapi__str_eq(option.value, GWAPI__STR("v")));
    cr_assert_eq(gwapi_snapshot_listener_certificate_at(s, 0, 0, &index), GWAPI_EARGUMENT);
    cr_assert_eq(gwapi_snapshot_listener_option_at(s, 99, 0, &option), GWAPI_EARGUMENT);
    cr_assert_eq(gwapi_snapshot_listener_bundle_at(s, 0, 0, &index), GWAPI_EARGUMENT);
    cr_assert_eq(gwapi_snapshot_gateway_address_at(s, 0, 0, &address), GWAPI_OK);
    cr_assert(gwapi__str_eq(address, GWAPI__STR("192.0.2.1")));
    cr_assert_eq(gwapi_snapshot_gateway_address_at(s, 0, 1, &address), GWAPI_EARGUMENT);
    cr_assert_eq(gwapi_snapshot_gateway_address_at(s, 1, 0, &address), GWAPI_EARGUMENT);
}

Test(image_list, enums_have_texts)
{
    static const char *const protocols[] = {"", "HTTP", "HTTPS", "TLS", "TCP", "UDP", ""};
    static const char *const kinds[] = {"", "HTTPRoute", "GRPCRoute", "TLSRoute",
                                        "TCPRoute", "UDPRoute", ""};

    for (uint32_t i = 0; i < 7; i++) {
        cr_expect_str_eq(gwapi_protocol_text(i), protocols[i]);
        cr_expect_str_eq(gwapi_route_kind_text(i), kinds[i]);
    }
#define HAS_TEXT(name, value, text)                                                           \
    cr_expect_str_eq(gwapi_backend_protocol_text(GWAPI_BACKEND_PROTOCOL_##name), text);
    GWAPI_BACKEND_PROTOCOL_TABLE(HAS_TEXT)
#undef HAS_TEXT
#define HAS_TEXT(name, value, text)                                                           \
    cr_expect_str_eq(gwapi_backend_fault_text(GWAPI_BACKEND_FAULT_##name), text);
    GWAPI_BACKEND_FAULT_TABLE(HAS_TEXT)
#undef HAS_TEXT
    cr_assert_str_eq(gwapi_backend_protocol_text(99), "");
    cr_assert_str_eq(gwapi_backend_fault_text(99), "");
}
