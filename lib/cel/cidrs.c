// Networks in CIDR notation: k8s.io/apiserver pkg/cel/library/cidr.go.
#include "cel/net.h"

#include "base/slice.h"

typedef struct network {
    gwapi__cel_opaque opaque;
    gwapi__address address;
    uint32_t bits;
} network;

static const network *network_of(const gwapi__cel_value *v)
{
    return (const network *)v->as.opaque;
}

// Networks differ if one has bits behind its prefix that the other has not.
static bool equal(const gwapi__cel_opaque *a, const gwapi__cel_opaque *b)
{
    const network *x = (const network *)a, *y = (const network *)b;

    return x->bits == y->bits && gwapi__address_equal(&x->address, &y->address);
}

static uint64_t size(const gwapi__cel_opaque *a)
{
    return (((const network *)a)->bits + 7) / 8;
}

static const gwapi__cel_opaque_class class_ = {
    .type = &gwapi__cel_cidr, .equal = equal, .size = size};

static gwapi__cel_value make(gwapi__cel_context *context, const network *n)
{
    network *made = gwapi__arena_alloc(context->arena, sizeof *made);

    if (made == NULL)
        return gwapi__cel_no_memory(context);
    *made = *n;
    return gwapi__cel_of_opaque(&made->opaque);
}

// The prefix length: no sign, no zeros in front.
static bool read_bits(gwapi_str text, uint32_t most, uint32_t *out)
{
    uint64_t bits;

    if ((text.len > 1 && text.data[0] == '0') || !gwapi__str_to_u64(text, &bits) || bits > most)
        return false;
    *out = (uint32_t)bits;
    return true;
}

// NULL: read; else why not.
static const char *read_network(network *out, gwapi_str text)
{
    size_t slash = gwapi__str_rfind_char(text, '/');
    const char *why;

    *out = (network){.opaque = {&class_}};
    if (slash == SIZE_MAX)
        return "no '/'";
    why = gwapi__cel_read_address(&out->address, gwapi__str_sub(text, 0, slash));
    if (why != NULL)
        return why;
    return read_bits(gwapi__str_sub(text, slash + 1, text.len), out->address.size * 8u,
                     &out->bits)
               ? NULL
               : "no valid prefix length behind the '/'";
}

// ---- functions ------------------------------------------------------------------------------

static gwapi__cel_value bad_network(gwapi__cel_context *context, gwapi_str text,
                                    const char *why)
{
    return gwapi__cel_fail(context, "%q is not a network in CIDR notation: %s", text, why);
}

static gwapi__cel_value parse(gwapi__cel_context *context, const gwapi__cel_value *args,
                              uint32_t count)
{
    network n;
    const char *why = read_network(&n, args[0].as.text);

    (void)count;
    return why != NULL ? bad_network(context, args[0].as.text, why) : make(context, &n);
}

static gwapi__cel_value is_cidr(gwapi__cel_context *context, const gwapi__cel_value *args,
                                uint32_t count)
{
    network n;

    (void)context;
    (void)count;
    return gwapi__cel_of_bool(read_network(&n, args[0].as.text) == NULL);
}

static gwapi__cel_value to_ip(gwapi__cel_context *context, const gwapi__cel_value *args,
                              uint32_t count)
{
    (void)count;
    return gwapi__cel_of_address(context, &network_of(&args[0])->address);
}

static gwapi__cel_value masked(gwapi__cel_context *context, const gwapi__cel_value *args,
                               uint32_t count)
{
    network n = *network_of(&args[0]);

    (void)count;
    gwapi__address_mask(&n.address, n.bits);
    return make(context, &n);
}

static gwapi__cel_value prefix_length(gwapi__cel_context *context, const gwapi__cel_value *args,
                                      uint32_t count)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_int(network_of(&args[0])->bits);
}

static gwapi__cel_value to_string(gwapi__cel_context *context, const gwapi__cel_value *args,
                                  uint32_t count)
{
    const network *n = network_of(&args[0]);
    char text[GWAPI__ADDRESS_TEXT + 4];
    size_t len = gwapi__address_write(&n->address, text);
    gwapi_str copy;

    (void)count;
    text[len++] = '/';
    if (n->bits >= 100)
        text[len++] = '1';
    if (n->bits >= 10)
        text[len++] = (char)('0' + n->bits / 10 % 10);
    text[len++] = (char)('0' + n->bits % 10);
    return gwapi__arena_copy(context->arena, gwapi__str(text, len), &copy)
               ? gwapi__cel_of_string(copy)
               : gwapi__cel_no_memory(context);
}

static bool contains(const network *n, const gwapi__address *address)
{
    return gwapi__address_same_prefix(&n->address, address, n->bits);
}

static gwapi__cel_value contains_ip(gwapi__cel_context *context, const gwapi__cel_value *args,
                                    uint32_t count)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_bool(contains(network_of(&args[0]), gwapi__cel_address(&args[1])));
}

static gwapi__cel_value contains_ip_text(gwapi__cel_context *context,
                                         const gwapi__cel_value *args, uint32_t count)
{
    gwapi__address address;
    const char *why = gwapi__cel_read_address(&address, args[1].as.text);

    (void)count;
    if (why != NULL)
        return gwapi__cel_fail(context, "%q is not an IP address: %s", args[1].as.text, why);
    return gwapi__cel_of_bool(contains(network_of(&args[0]), &address));
}

static gwapi__cel_value contains_network(const network *n, const network *inner)
{
    return gwapi__cel_of_bool(n->bits <= inner->bits && contains(n, &inner->address));
}

static gwapi__cel_value contains_cidr(gwapi__cel_context *context, const gwapi__cel_value *args,
                                      uint32_t count)
{
    (void)context;
    (void)count;
    return contains_network(network_of(&args[0]), network_of(&args[1]));
}

static gwapi__cel_value contains_cidr_text(gwapi__cel_context *context,
                                           const gwapi__cel_value *args, uint32_t count)
{
    network inner;
    const char *why = read_network(&inner, args[1].as.text);

    (void)count;
    return why != NULL ? bad_network(context, args[1].as.text, why)
                       : contains_network(network_of(&args[0]), &inner);
}

// ---- costs ----------------------------------------------------------------------------------

// Bytes of the prefix are compared with as many.
static uint64_t contains_ip_cost(const gwapi__cel_value *args, uint32_t count,
                                 const gwapi__cel_value *result)
{
    (void)count;
    (void)result;
    return gwapi__cel_cost_scale(2 * gwapi__cel_cost_size(&args[0]), 0.1);
}

// A network is masked before.
static uint64_t contains_cidr_cost(const gwapi__cel_value *args, uint32_t count,
                                   const gwapi__cel_value *result)
{
    return contains_ip_cost(args, count, result) +
           gwapi__cel_cost_scale(gwapi__cel_cost_size(&args[0]), 0.1) + 1;
}

static bool contains_ip_estimate(const gwapi__cel_sized *args, uint32_t count,
                                 gwapi__cel_guess *out)
{
    static const gwapi__cel_range bytes = {2 * 4, 2 * 16};

    (void)args;
    (void)count;
    *out = (gwapi__cel_guess){.cost = gwapi__cel_range_scale(bytes, 0.1)};
    return true;
}

static bool contains_cidr_estimate(const gwapi__cel_sized *args, uint32_t count,
                                   gwapi__cel_guess *out)
{
    static const gwapi__cel_range bytes = {4, 16}, one = {1, 1};

    contains_ip_estimate(args, count, out);
    out->cost = gwapi__cel_range_add(out->cost, gwapi__cel_range_scale(bytes, 0.1));
    out->cost = gwapi__cel_range_add(out->cost, one);
    return true;
}

// An argument that is a text is read, too.
#define WITH_TEXT(name)                                                                        \
    static uint64_t name##_text_cost(const gwapi__cel_value *args, uint32_t count,             \
                                     const gwapi__cel_value *result)                           \
    {                                                                                          \
        return name##_cost(args, count, result) +                                              \
               gwapi__cel_cost_walk(args + 1, count - 1, result);                              \
    }                                                                                          \
                                                                                               \
    static bool name##_text_estimate(const gwapi__cel_sized *args, uint32_t count,             \
                                     gwapi__cel_guess *out)                                    \
    {                                                                                          \
        name##_estimate(args, count, out);                                                     \
        out->cost =                                                                            \
            gwapi__cel_range_add(out->cost, gwapi__cel_range_scale(args[1].size, 0.1));        \
        return true;                                                                           \
    }

WITH_TEXT(contains_cidr)
WITH_TEXT(contains_ip)

// ---- the table ------------------------------------------------------------------------------

#define SINCE 30
#define MEMBER(function, id, result, call)                                                     \
    {function, id, result, {&gwapi__cel_cidr}, 1, true, SINCE, 0, call, NULL, NULL}
#define PARSER(function, id, result, call)                                                     \
    {function, id, result, {&gwapi__cel_string}, 1, false, SINCE, 0, call,                     \
     gwapi__cel_cost_walk, gwapi__cel_estimate_parse}
#define CONTAINS(function, id, what, call)                                                     \
    {function, id, &gwapi__cel_bool, {&gwapi__cel_cidr, what}, 2, true, SINCE, 0, call,        \
     call##_cost, call##_estimate}

// Which overload is taken shows only when the argument is dyn; the server then counts no text.
static const gwapi__cel_overload overloads[] = {
    PARSER("cidr", "string_to_cidr", &gwapi__cel_cidr, parse),
    CONTAINS("containsCIDR", "cidr_contains_cidr", &gwapi__cel_cidr, contains_cidr),
    CONTAINS("containsCIDR", "cidr_contains_cidr_string", &gwapi__cel_string,
             contains_cidr_text),
    CONTAINS("containsIP", "cidr_contains_ip_ip", &gwapi__cel_ip, contains_ip),
    CONTAINS("containsIP", "cidr_contains_ip_string", &gwapi__cel_string, contains_ip_text),
    MEMBER("ip", "cidr_ip", &gwapi__cel_ip, to_ip),
    PARSER("isCIDR", "is_cidr", &gwapi__cel_bool, is_cidr),
    MEMBER("masked", "cidr_masked", &gwapi__cel_cidr, masked),
    MEMBER("prefixLength", "cidr_prefix_length", &gwapi__cel_int, prefix_length),
    {"string", "cidr_to_string", &gwapi__cel_string, {&gwapi__cel_cidr}, 1, false, SINCE, 0,
     to_string, NULL, NULL},
};

const gwapi__cel_library gwapi__cel_cidrs = {overloads, sizeof overloads / sizeof *overloads};
