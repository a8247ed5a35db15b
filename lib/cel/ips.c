// IP addresses: k8s.io/apiserver pkg/cel/library/ip.go.
#include "cel/net.h"

#include "base/slice.h"

static bool equal(const gwapi__cel_opaque *a, const gwapi__cel_opaque *b)
{
    return gwapi__address_equal(&((const gwapi__cel_ip_value *)a)->address,
                                &((const gwapi__cel_ip_value *)b)->address);
}

static uint64_t size(const gwapi__cel_opaque *a)
{
    return ((const gwapi__cel_ip_value *)a)->address.size;
}

static const gwapi__cel_opaque_class class_ = {
    .type = &gwapi__cel_ip, .equal = equal, .size = size};

gwapi__cel_value gwapi__cel_of_address(gwapi__cel_context *context,
                                       const gwapi__address *address)
{
    gwapi__cel_ip_value *ip = gwapi__arena_alloc(context->arena, sizeof *ip);

    if (ip == NULL)
        return gwapi__cel_no_memory(context);
    *ip = (gwapi__cel_ip_value){{&class_}, *address};
    return gwapi__cel_of_opaque(&ip->opaque);
}

const gwapi__address *gwapi__cel_address(const gwapi__cel_value *ip)
{
    return &((const gwapi__cel_ip_value *)ip->as.opaque)->address;
}

const char *gwapi__cel_read_address(gwapi__address *out, gwapi_str text)
{
    gwapi__address_fault fault;

    if (!gwapi__address_parse(out, text, &fault))
        return fault.message;
    if (out->zone.len != 0)
        return "a zone is not allowed";
    return gwapi__address_is_mapped(out) ? "an IPv4 address within an IPv6 one is not allowed"
                                         : NULL;
}

// ---- functions ------------------------------------------------------------------------------

static gwapi__cel_value bad_address(gwapi__cel_context *context, gwapi_str text,
                                    const char *why)
{
    return gwapi__cel_fail(context, "%q is not an IP address: %s", text, why);
}

static gwapi__cel_value parse(gwapi__cel_context *context, const gwapi__cel_value *args,
                              uint32_t count)
{
    gwapi__address address;
    const char *why = gwapi__cel_read_address(&address, args[0].as.text);

    (void)count;
    return why != NULL ? bad_address(context, args[0].as.text, why)
                       : gwapi__cel_of_address(context, &address);
}

static gwapi__cel_value is_ip(gwapi__cel_context *context, const gwapi__cel_value *args,
                              uint32_t count)
{
    gwapi__address address;

    (void)context;
    (void)count;
    return gwapi__cel_of_bool(gwapi__cel_read_address(&address, args[0].as.text) == NULL);
}

static gwapi__cel_value is_canonical(gwapi__cel_context *context, const gwapi__cel_value *args,
                                     uint32_t count)
{
    gwapi__address address;
    const char *why = gwapi__cel_read_address(&address, args[0].as.text);
    char text[GWAPI__ADDRESS_TEXT];

    (void)count;
    if (why != NULL)
        return bad_address(context, args[0].as.text, why);
    gwapi_str canonical = gwapi__str(text, gwapi__address_write(&address, text));
    return gwapi__cel_of_bool(gwapi__str_eq(canonical, args[0].as.text));
}

static gwapi__cel_value to_string(gwapi__cel_context *context, const gwapi__cel_value *args,
                                  uint32_t count)
{
    char text[GWAPI__ADDRESS_TEXT];
    gwapi_str copy;
    size_t len = gwapi__address_write(gwapi__cel_address(&args[0]), text);

    (void)count;
    return gwapi__arena_copy(context->arena, gwapi__str(text, len), &copy)
               ? gwapi__cel_of_string(copy)
               : gwapi__cel_no_memory(context);
}

static gwapi__cel_value family(gwapi__cel_context *context, const gwapi__cel_value *args,
                               uint32_t count)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_int(gwapi__cel_address(&args[0])->size == 4 ? 4 : 6);
}

// Questions that are answered yes or no.
#define QUESTION(name, ask)                                                                    \
    static gwapi__cel_value name(gwapi__cel_context *context, const gwapi__cel_value *args,    \
                                 uint32_t count)                                               \
    {                                                                                          \
        (void)context;                                                                         \
        (void)count;                                                                           \
        return gwapi__cel_of_bool(ask(gwapi__cel_address(&args[0])));                          \
    }

QUESTION(is_global_unicast, gwapi__address_is_global_unicast)
QUESTION(is_link_local_multicast, gwapi__address_is_link_local_multicast)
QUESTION(is_link_local_unicast, gwapi__address_is_link_local_unicast)
QUESTION(is_loopback, gwapi__address_is_loopback)
QUESTION(is_unspecified, gwapi__address_is_unspecified)

// ---- costs ----------------------------------------------------------------------------------

// The text is read, and then compared.
static uint64_t canonical_cost(const gwapi__cel_value *args, uint32_t count,
                               const gwapi__cel_value *result)
{
    (void)count;
    (void)result;
    return gwapi__cel_cost_scale(gwapi__cel_cost_size(&args[0]), 0.2);
}

static bool canonical_estimate(const gwapi__cel_sized *args, uint32_t count,
                               gwapi__cel_guess *out)
{
    (void)count;
    *out = (gwapi__cel_guess){.cost = gwapi__cel_range_scale(args[0].size, 0.2)};
    return true;
}

// ---- the table ------------------------------------------------------------------------------

#define SINCE 30
#define MEMBER(function, id, result, call)                                                     \
    {function, id, result, {&gwapi__cel_ip}, 1, true, SINCE, 0, call, NULL, NULL}
#define PARSER(function, id, result, call)                                                     \
    {function, id, result, {&gwapi__cel_string}, 1, false, SINCE, 0, call,                     \
     gwapi__cel_cost_walk, gwapi__cel_estimate_parse}

static const gwapi__cel_overload overloads[] = {
    MEMBER("family", "ip_family", &gwapi__cel_int, family),
    PARSER("ip", "string_to_ip", &gwapi__cel_ip, parse),
    {"ip.isCanonical", "ip_is_canonical", &gwapi__cel_bool, {&gwapi__cel_string}, 1, false,
     SINCE, 0, is_canonical, canonical_cost, canonical_estimate},
    MEMBER("isGlobalUnicast", "ip_is_global_unicast", &gwapi__cel_bool, is_global_unicast),
    PARSER("isIP", "is_ip", &gwapi__cel_bool, is_ip),
    MEMBER("isLinkLocalMulticast", "ip_is_link_local_multicast", &gwapi__cel_bool,
           is_link_local_multicast),
    MEMBER("isLinkLocalUnicast", "ip_is_link_local_unicast", &gwapi__cel_bool,
           is_link_local_unicast),
    MEMBER("isLoopback", "ip_is_loopback", &gwapi__cel_bool, is_loopback),
    MEMBER("isUnspecified", "ip_is_unspecified", &gwapi__cel_bool, is_unspecified),
    {"string", "ip_to_string", &gwapi__cel_string, {&gwapi__cel_ip}, 1, false, SINCE, 0,
     to_string, NULL, NULL},
};

const gwapi__cel_library gwapi__cel_ips = {overloads, sizeof overloads / sizeof *overloads};
