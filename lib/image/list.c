/* The lists of a snapshot: count, at, find. */
#include <string.h>
#include "base/slice.h"
#include "base/struct.h"
#include "image/reader.h"

static const gwapi__image_header *header_of(const gwapi_snapshot *s)
{
    return (const void *)(s->converted != NULL ? s->converted : s->bytes);
}

gwapi_result gwapi_snapshot_info(const gwapi_snapshot *s, gwapi_snapshot_information *out)
{
    const gwapi__image_info *info = gwapi__image_INFO(s, 0);
    const char *label = s->image.records[GWAPI__SECTION_LABEL];
    gwapi_snapshot_information result = {
        .format = GWAPI__IMAGE_FORMAT,
        .library_version = info->library_version,
        .release = gwapi__image_str(s, info->release),
        .channel = info->channel,
        .with_keys = info->with_keys,
        .controller = gwapi__image_str(s, info->controller),
        .label = {label, label != NULL ? gwapi__image_count(s, GWAPI__SECTION_LABEL) : 0},
        .content_hash = gwapi__image_u64(header_of(s)->content_hash),
        .bytes = s->size,
        .gateways = gwapi__image_count(s, GWAPI__SECTION_GATEWAY),
        .listeners = gwapi__image_count(s, GWAPI__SECTION_LISTENER),
        .certificates = gwapi__image_count(s, GWAPI__SECTION_CERTIFICATE),
        .bundles = gwapi__image_count(s, GWAPI__SECTION_BUNDLE),
        .routes = gwapi__image_count(s, GWAPI__SECTION_ROUTE),
        .rules = gwapi__image_count(s, GWAPI__SECTION_RULE),
        .matches = gwapi__image_count(s, GWAPI__SECTION_MATCH),
        .backends = gwapi__image_count(s, GWAPI__SECTION_BACKEND),
        .headers = gwapi__image_count(s, GWAPI__SECTION_HEADER_NAME),
        .regexes = gwapi__image_count(s, GWAPI__SECTION_REGEX),
    };
    return gwapi__struct_out(out, &result, sizeof result, sizeof result);
}

/* ---- texts of the enums ----------------------------------------------------------------- */

const char *gwapi_protocol_text(gwapi_protocol protocol)
{
    switch (protocol) {
    case GWAPI_PROTOCOL_HTTP:
        return "HTTP";
    case GWAPI_PROTOCOL_HTTPS:
        return "HTTPS";
    case GWAPI_PROTOCOL_TLS:
        return "TLS";
    case GWAPI_PROTOCOL_TCP:
        return "TCP";
    case GWAPI_PROTOCOL_UDP:
        return "UDP";
    default:
        return "";
    }
}

const char *gwapi_route_kind_text(gwapi_route_kind kind)
{
    switch (kind) {
    case GWAPI_ROUTE_HTTP:
        return "HTTPRoute";
    case GWAPI_ROUTE_GRPC:
        return "GRPCRoute";
    case GWAPI_ROUTE_TLS:
        return "TLSRoute";
    case GWAPI_ROUTE_TCP:
        return "TCPRoute";
    case GWAPI_ROUTE_UDP:
        return "UDPRoute";
    default:
        return "";
    }
}

#define TEXT_CASE(name, value, text)                                                          \
    case value:                                                                               \
        return text;

const char *gwapi_backend_protocol_text(gwapi_backend_protocol protocol)
{
    switch (protocol) {
        GWAPI_BACKEND_PROTOCOL_TABLE(TEXT_CASE)
    default:
        return "";
    }
}

const char *gwapi_backend_fault_text(gwapi_backend_fault fault)
{
    switch (fault) {
        GWAPI_BACKEND_FAULT_TABLE(TEXT_CASE)
    default:
        return "";
    }
}

/* ---- searching sorted sections ---------------------------------------------------------- */

/* Orders the i-th record of a section against a key, as a comparison of bytes does. */
typedef int (*order_fn)(const gwapi_snapshot *s, uint32_t i, const void *key);

static gwapi_result find(const gwapi_snapshot *s, uint32_t section, order_fn order,
                         const void *key, uint32_t *index)
{
    uint32_t low = 0, high = gwapi__image_count(s, section);

    if (key == NULL || index == NULL)
        return GWAPI_EARGUMENT;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int r = order(s, middle, key);
        if (r == 0) {
            *index = middle;
            return GWAPI_OK;
        }
        if (r < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *index = GWAPI_NONE;
    return GWAPI_ENOTFOUND;
}

static int order_names(const gwapi_snapshot *s, gwapi__image_text namespace_,
                       gwapi__image_text name, gwapi_str key_namespace, gwapi_str key_name)
{
    int r = gwapi__str_cmp(gwapi__image_str(s, namespace_), key_namespace);

    return r != 0 ? r : gwapi__str_cmp(gwapi__image_str(s, name), key_name);
}

static int order_numbers(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

/* Every list counts alike. */
#define COUNT(list, section)                                                                  \
    size_t gwapi_snapshot_##list##_count(const gwapi_snapshot *s)                             \
    {                                                                                         \
        return gwapi__image_count(s, GWAPI__SECTION_##section);                               \
    }
COUNT(gateway, GATEWAY)
COUNT(listener, LISTENER)
COUNT(certificate, CERTIFICATE)
COUNT(bundle, BUNDLE)
COUNT(route, ROUTE)
COUNT(rule, RULE)
COUNT(backend, BACKEND)
COUNT(header, HEADER_NAME)

static bool beyond(const gwapi_snapshot *s, uint32_t section, size_t i)
{
    return i >= gwapi__image_count(s, section);
}

/* ---- gateways --------------------------------------------------------------------------- */

gwapi_result gwapi_snapshot_gateway_at(const gwapi_snapshot *s, size_t i,
                                       gwapi_snapshot_gateway *out)
{
    if (beyond(s, GWAPI__SECTION_GATEWAY, i))
        return GWAPI_EARGUMENT;
    const gwapi__image_gateway *g = gwapi__image_GATEWAY(s, (uint32_t)i);
    gwapi_snapshot_gateway result = {
        .namespace_ = gwapi__image_str(s, g->namespace_),
        .name = gwapi__image_str(s, g->name),
        .first_listener = g->listeners.first,
        .listener_count = g->listeners.count,
        .address_count = g->addresses.count,
        .client_certificate = g->client_certificate,
        .client_certificate_invalid = g->client_certificate_invalid,
    };
    return gwapi__struct_out(out, &result, sizeof result, sizeof result);
}

static int order_gateway(const gwapi_snapshot *s, uint32_t i, const void *key)
{
    const gwapi__image_gateway *g = gwapi__image_GATEWAY(s, i);
    const gwapi_snapshot_gateway *k = key;

    return order_names(s, g->namespace_, g->name, k->namespace_, k->name);
}

gwapi_result gwapi_snapshot_gateway_find(const gwapi_snapshot *s,
                                         const gwapi_snapshot_gateway *key, uint32_t *index)
{
    return find(s, GWAPI__SECTION_GATEWAY, order_gateway, key, index);
}

gwapi_result gwapi_snapshot_gateway_address_at(const gwapi_snapshot *s, size_t i, size_t j,
                                               gwapi_str *out)
{
    if (beyond(s, GWAPI__SECTION_GATEWAY, i))
        return GWAPI_EARGUMENT;
    const gwapi__image_gateway *g = gwapi__image_GATEWAY(s, (uint32_t)i);
    if (j >= g->addresses.count)
        return GWAPI_EARGUMENT;
    *out = gwapi__image_string_at(s, g->addresses.first + (uint32_t)j);
    return GWAPI_OK;
}

/* ---- listeners -------------------------------------------------------------------------- */

/* Reads all of it before it writes: `out` could be anywhere. */
static inline void fill_listener(gwapi_listener_info *out, const gwapi_snapshot *s, uint32_t i)
{
    const gwapi__image_listener l = *gwapi__image_LISTENER(s, i);
    const gwapi__image_gateway *g = gwapi__image_GATEWAY(s, l.gateway);
    gwapi_str gateway_namespace = gwapi__image_str(s, g->namespace_);
    gwapi_str gateway_name = gwapi__image_str(s, g->name);
    gwapi_str set_namespace = gwapi__image_str(s, l.set_namespace);
    gwapi_str set_name = gwapi__image_str(s, l.set_name);
    gwapi_str name = gwapi__image_str(s, l.name), hostname = gwapi__image_str(s, l.hostname);

    *out = (gwapi_listener_info){.struct_size = sizeof *out,
                                 .gateway_namespace = gateway_namespace,
                                 .gateway_name = gateway_name,
                                 .listener_set_namespace = set_namespace,
                                 .listener_set = set_name,
                                 .name = name,
                                 .hostname = hostname,
                                 .gateway = l.gateway,
                                 .port = l.port,
                                 .protocol = l.protocol,
                                 .tls_mode = l.tls_mode,
                                 .certificate_count = l.certificates.count,
                                 .option_count = l.options.count,
                                 .validation_mode = l.validation_mode,
                                 .bundle_count = l.bundles.count};
}

gwapi_result gwapi_snapshot_listener_at(const gwapi_snapshot *s, size_t i,
                                        gwapi_listener_info *out)
{
    gwapi_listener_info result;

    if (beyond(s, GWAPI__SECTION_LISTENER, i))
        return GWAPI_EARGUMENT;
    if (gwapi__struct_is(out, sizeof *out)) {
        fill_listener(out, s, (uint32_t)i);
        return GWAPI_OK;
    }
    fill_listener(&result, s, (uint32_t)i);
    return gwapi__struct_out(out, &result, sizeof result, sizeof result);
}

/* Listeners of a Gateway stand in the topology's order: a walk over that Gateway's. */
gwapi_result gwapi_snapshot_listener_find(const gwapi_snapshot *s,
                                          const gwapi_listener_info *key, uint32_t *index)
{
    uint32_t gateway;

    if (key == NULL || index == NULL)
        return GWAPI_EARGUMENT;
    *index = GWAPI_NONE;
    gwapi_snapshot_gateway of = {.namespace_ = key->gateway_namespace,
                                 .name = key->gateway_name};
    if (gwapi_snapshot_gateway_find(s, &of, &gateway) != GWAPI_OK)
        return GWAPI_ENOTFOUND;
    const gwapi__image_range listeners = gwapi__image_GATEWAY(s, gateway)->listeners;
    for (uint32_t i = listeners.first; i - listeners.first < listeners.count; i++) {
        const gwapi__image_listener *l = gwapi__image_LISTENER(s, i);
        if (order_names(s, l->set_namespace, l->set_name, key->listener_set_namespace,
                        key->listener_set) == 0 &&
            gwapi__str_eq(gwapi__image_str(s, l->name), key->name)) {
            *index = i;
            return GWAPI_OK;
        }
    }
    return GWAPI_ENOTFOUND;
}

/* The j-th record of a listener's range; false beyond the end. */
static bool of_listener(const gwapi_snapshot *s, size_t i, size_t range_offset, size_t j,
                        uint32_t *record)
{
    gwapi__image_range range;

    if (beyond(s, GWAPI__SECTION_LISTENER, i))
        return false;
    memcpy(&range, (const char *)gwapi__image_LISTENER(s, (uint32_t)i) + range_offset,
           sizeof range);
    if (j >= range.count)
        return false;
    *record = range.first + (uint32_t)j;
    return true;
}

gwapi_result gwapi_snapshot_listener_certificate_at(const gwapi_snapshot *s, size_t i, size_t j,
                                                    uint32_t *certificate)
{
    uint32_t at;

    if (!of_listener(s, i, offsetof(gwapi__image_listener, certificates), j, &at))
        return GWAPI_EARGUMENT;
    *certificate = *gwapi__image_CERTIFICATE_INDEX(s, at);
    return GWAPI_OK;
}

gwapi_result gwapi_snapshot_listener_option_at(const gwapi_snapshot *s, size_t i, size_t j,
                                               gwapi_named_text *out)
{
    uint32_t at;

    if (!of_listener(s, i, offsetof(gwapi__image_listener, options), j, &at))
        return GWAPI_EARGUMENT;
    out->name = gwapi__image_str(s, gwapi__image_OPTION(s, at)->name);
    out->value = gwapi__image_str(s, gwapi__image_OPTION(s, at)->value);
    return GWAPI_OK;
}

gwapi_result gwapi_snapshot_listener_bundle_at(const gwapi_snapshot *s, size_t i, size_t j,
                                               uint32_t *bundle)
{
    uint32_t at;

    if (!of_listener(s, i, offsetof(gwapi__image_listener, bundles), j, &at))
        return GWAPI_EARGUMENT;
    *bundle = *gwapi__image_BUNDLE_INDEX(s, at);
    return GWAPI_OK;
}

/* ---- certificates and bundles ----------------------------------------------------------- */

gwapi_result gwapi_snapshot_certificate_at(const gwapi_snapshot *s, size_t i,
                                           gwapi_certificate_info *out)
{
    if (beyond(s, GWAPI__SECTION_CERTIFICATE, i))
        return GWAPI_EARGUMENT;
    const gwapi__image_certificate *c = gwapi__image_CERTIFICATE(s, (uint32_t)i);
    gwapi_certificate_info result = {
        .namespace_ = gwapi__image_str(s, c->namespace_),
        .name = gwapi__image_str(s, c->name),
        .certificate = gwapi__image_str(s, c->certificate),
        .key = gwapi__image_str(s, c->key),
    };
    return gwapi__struct_out(out, &result, sizeof result, sizeof result);
}

static int order_certificate(const gwapi_snapshot *s, uint32_t i, const void *key)
{
    const gwapi__image_certificate *c = gwapi__image_CERTIFICATE(s, i);
    const gwapi_certificate_info *k = key;

    return order_names(s, c->namespace_, c->name, k->namespace_, k->name);
}

gwapi_result gwapi_snapshot_certificate_find(const gwapi_snapshot *s,
                                             const gwapi_certificate_info *key,
                                             uint32_t *index)
{
    return find(s, GWAPI__SECTION_CERTIFICATE, order_certificate, key, index);
}

gwapi_result gwapi_snapshot_bundle_at(const gwapi_snapshot *s, size_t i, gwapi_bundle_info *out)
{
    if (beyond(s, GWAPI__SECTION_BUNDLE, i))
        return GWAPI_EARGUMENT;
    const gwapi__image_bundle *b = gwapi__image_BUNDLE(s, (uint32_t)i);
    gwapi_bundle_info result = {
        .kind = gwapi__image_str(s, b->kind),
        .namespace_ = gwapi__image_str(s, b->namespace_),
        .name = gwapi__image_str(s, b->name),
        .certificates = gwapi__image_str(s, b->certificates),
    };
    return gwapi__struct_out(out, &result, sizeof result, sizeof result);
}

static int order_bundle(const gwapi_snapshot *s, uint32_t i, const void *key)
{
    const gwapi__image_bundle *b = gwapi__image_BUNDLE(s, i);
    const gwapi_bundle_info *k = key;
    int r = gwapi__str_cmp(gwapi__image_str(s, b->kind), k->kind);

    return r != 0 ? r : order_names(s, b->namespace_, b->name, k->namespace_, k->name);
}

gwapi_result gwapi_snapshot_bundle_find(const gwapi_snapshot *s, const gwapi_bundle_info *key,
                                        uint32_t *index)
{
    return find(s, GWAPI__SECTION_BUNDLE, order_bundle, key, index);
}

/* ---- routes, rules, backends ------------------------------------------------------------ */

gwapi_result gwapi_snapshot_route_at(const gwapi_snapshot *s, size_t i, gwapi_route_info *out)
{
    if (beyond(s, GWAPI__SECTION_ROUTE, i))
        return GWAPI_EARGUMENT;
    const gwapi__image_route *r = gwapi__image_ROUTE(s, (uint32_t)i);
    gwapi_route_info result = {
        .kind = r->kind,
        .first_rule = r->rules.first,
        .rule_count = r->rules.count,
        .namespace_ = gwapi__image_str(s, r->namespace_),
        .name = gwapi__image_str(s, r->name),
    };
    return gwapi__struct_out(out, &result, sizeof result, sizeof result);
}

static int order_route(const gwapi_snapshot *s, uint32_t i, const void *key)
{
    const gwapi__image_route *r = gwapi__image_ROUTE(s, i);
    const gwapi_route_info *k = key;
    int order = order_numbers(r->kind, k->kind);

    return order != 0 ? order : order_names(s, r->namespace_, r->name, k->namespace_, k->name);
}

gwapi_result gwapi_snapshot_route_find(const gwapi_snapshot *s, const gwapi_route_info *key,
                                       uint32_t *index)
{
    return find(s, GWAPI__SECTION_ROUTE, order_route, key, index);
}

static uint32_t rule_mesh(const gwapi__image_rule *rule)
{
    return (rule->flags & GWAPI__RULE_MESH) != 0;
}

gwapi_result gwapi_snapshot_rule_at(const gwapi_snapshot *s, size_t i, gwapi_rule_info *out)
{
    if (beyond(s, GWAPI__SECTION_RULE, i))
        return GWAPI_EARGUMENT;
    const gwapi__image_rule *r = gwapi__image_RULE(s, (uint32_t)i);
    const gwapi__image_rule_options *options = gwapi__rule_options(s, r);
    gwapi_rule_info result = {
        .route = r->route,
        .index = r->index,
        .mesh = rule_mesh(r),
        .first_backend = r->backends.first,
        .backend_count = r->backends.count,
        .name = gwapi__image_str(s, r->name),
    };
    if (options != NULL) {
        result.has_request_timeout = (options->flags & GWAPI__RULE_REQUEST_TIMEOUT) != 0;
        result.has_backend_timeout = (options->flags & GWAPI__RULE_BACKEND_TIMEOUT) != 0;
        result.request_timeout = gwapi__image_u64(options->request_timeout);
        result.backend_timeout = gwapi__image_u64(options->backend_timeout);
    }
    return gwapi__struct_out(out, &result, sizeof result, sizeof result);
}

static int order_rule(const gwapi_snapshot *s, uint32_t i, const void *key)
{
    const gwapi__image_rule *r = gwapi__image_RULE(s, i);
    const gwapi_rule_info *k = key;
    int order = order_numbers(r->route, k->route);

    if (order == 0)
        order = order_numbers(rule_mesh(r), k->mesh);
    return order != 0 ? order : order_numbers(r->index, k->index);
}

gwapi_result gwapi_snapshot_rule_find(const gwapi_snapshot *s, const gwapi_rule_info *key,
                                      uint32_t *index)
{
    return find(s, GWAPI__SECTION_RULE, order_rule, key, index);
}

void gwapi__image_backend_info(const gwapi_snapshot *s, uint32_t i, gwapi_backend_info *out)
{
    const gwapi__image_backend *b = gwapi__image_BACKEND(s, i);
    const gwapi__image_target *target = gwapi__backend_target(s, b);

    *out = (gwapi_backend_info){
        .struct_size = sizeof *out,
        .rule = b->rule,
        .role = gwapi__backend_role(b),
        .place = gwapi__backend_place(b),
        .port = target->port,
        .weight = b->weight,
        .fault = target->fault,
        .protocol = target->protocol,
        .tls = target->tls_policy != GWAPI__IMAGE_NONE,
        .group = gwapi__image_str(s, target->group),
        .kind = gwapi__image_str(s, target->kind),
        .namespace_ = gwapi__image_str(s, target->namespace_),
        .name = gwapi__image_str(s, target->name),
    };
}

gwapi_result gwapi_snapshot_backend_at(const gwapi_snapshot *s, size_t i,
                                       gwapi_backend_info *out)
{
    gwapi_backend_info result;

    if (beyond(s, GWAPI__SECTION_BACKEND, i))
        return GWAPI_EARGUMENT;
    gwapi__image_backend_info(s, (uint32_t)i, &result);
    return gwapi__struct_out(out, &result, sizeof result, sizeof result);
}

static int order_backend(const gwapi_snapshot *s, uint32_t i, const void *key)
{
    const gwapi__image_backend *b = gwapi__image_BACKEND(s, i);
    const gwapi_backend_info *k = key;
    int order = order_numbers(b->rule, k->rule);

    if (order == 0)
        order = order_numbers(gwapi__backend_role(b), k->role);
    return order != 0 ? order : order_numbers(gwapi__backend_place(b), k->place);
}

gwapi_result gwapi_snapshot_backend_find(const gwapi_snapshot *s, const gwapi_backend_info *key,
                                         uint32_t *index)
{
    return find(s, GWAPI__SECTION_BACKEND, order_backend, key, index);
}

/* ---- header names ----------------------------------------------------------------------- */

gwapi_result gwapi_snapshot_header_at(const gwapi_snapshot *s, size_t i, gwapi_str *out)
{
    if (beyond(s, GWAPI__SECTION_HEADER_NAME, i))
        return GWAPI_EARGUMENT;
    *out = gwapi__image_str(s, gwapi__image_HEADER_NAME(s, (uint32_t)i)->text);
    return GWAPI_OK;
}

/* The image's name is in lower case, the key in any. */
static int order_header(const gwapi_snapshot *s, uint32_t i, const void *key)
{
    gwapi_str a = gwapi__image_str(s, gwapi__image_HEADER_NAME(s, i)->text);
    const gwapi_str *b = key;

    for (size_t k = 0; k < a.len && k < b->len; k++) {
        int order = (unsigned char)a.data[k] - (unsigned char)gwapi__lower(b->data[k]);
        if (order != 0)
            return order;
    }
    return (a.len > b->len) - (a.len < b->len);
}

gwapi_result gwapi_snapshot_header_find(const gwapi_snapshot *s, gwapi_str name,
                                        uint32_t *index)
{
    return find(s, GWAPI__SECTION_HEADER_NAME, order_header, &name, index);
}

uint32_t gwapi__image_header_index(const gwapi_snapshot *s, gwapi_str name)
{
    uint32_t index;

    return gwapi_snapshot_header_find(s, name, &index) == GWAPI_OK ? index : GWAPI_NONE;
}
