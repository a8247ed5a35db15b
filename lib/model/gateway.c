#include "model/gateway.h"

#include "base/result.h"
#include "model/shapes.h"

/* ---- GatewayClass and XMesh ---------------------------------------------------------- */

static const gwapi__row class_spec_rows[] = {
    GWAPI__TEXT("controllerName", gwapi__gateway_class, controller_name, GWAPI__ABSENT),
    GWAPI__PART_IF("parametersRef", gwapi__gateway_class, parameters, has_parameters,
                   gwapi__shape_reference),
};
static const gwapi__shape class_spec = GWAPI__SHAPE(class_spec_rows, gwapi__gateway_class);
static const gwapi__row class_rows[] = {GWAPI__WITHIN("spec", class_spec)};
const gwapi__shape gwapi__shape_gateway_class = GWAPI__SHAPE(class_rows, gwapi__gateway_class);

/* ---- listeners ----------------------------------------------------------------------- */

#define FROM_ALL                                                                               \
    {                                                                                          \
        GWAPI_STR_INIT("All"), GWAPI__FROM_ALL                                                 \
    }
#define FROM_SAME                                                                              \
    {                                                                                          \
        GWAPI_STR_INIT("Same"), GWAPI__FROM_SAME                                               \
    }
#define FROM_SELECTOR                                                                          \
    {                                                                                          \
        GWAPI_STR_INIT("Selector"), GWAPI__FROM_SELECTOR                                       \
    }
#define FROM_NONE                                                                              \
    {                                                                                          \
        GWAPI_STR_INIT("None"), GWAPI__FROM_NONE                                               \
    }

static const gwapi__enum_name route_from_names[] = {FROM_ALL, FROM_SAME, FROM_SELECTOR};
static const gwapi__enum_name listener_from_names[] = {FROM_ALL, FROM_SAME, FROM_SELECTOR,
                                                       FROM_NONE};
static const gwapi__enum_names route_from =
    GWAPI__ENUM_NAMES(route_from_names, GWAPI__FROM_SAME, GWAPI__FROM_UNKNOWN);
static const gwapi__enum_names listener_from =
    GWAPI__ENUM_NAMES(listener_from_names, GWAPI__FROM_NONE, GWAPI__FROM_UNKNOWN);

#define NAMESPACES(from_names)                                                                 \
    GWAPI__ENUM("from", gwapi__namespaces, from, from_names),                                  \
        GWAPI__ROW("selector", gwapi__decode_selector, gwapi__namespaces, selector,            \
                   .number = 0)

static const gwapi__row route_namespaces_rows[] = {NAMESPACES(route_from)};
static const gwapi__shape route_namespaces =
    GWAPI__SHAPE(route_namespaces_rows, gwapi__namespaces);
static const gwapi__row listener_namespaces_rows[] = {NAMESPACES(listener_from)};
static const gwapi__shape listener_namespaces =
    GWAPI__SHAPE(listener_namespaces_rows, gwapi__namespaces);

static const gwapi__row allowed_routes_rows[] = {
    GWAPI__PART("namespaces", gwapi__listener, namespaces, route_namespaces),
    GWAPI__LIST("kinds", gwapi__listener, kinds, kind_count, gwapi__shape_route_kind),
};
static const gwapi__shape allowed_routes = GWAPI__SHAPE(allowed_routes_rows, gwapi__listener);

static const gwapi__enum_name mode_names[] = {
    {GWAPI_STR_INIT("Terminate"), GWAPI__TLS_TERMINATE},
    {GWAPI_STR_INIT("Passthrough"), GWAPI__TLS_PASSTHROUGH},
};
static const gwapi__enum_names modes =
    GWAPI__ENUM_NAMES(mode_names, GWAPI__TLS_TERMINATE, GWAPI__TLS_UNKNOWN);
static const gwapi__row tls_rows[] = {
    GWAPI__ENUM("mode", gwapi__listener, tls_mode, modes),
    GWAPI__LIST("certificateRefs", gwapi__listener, certificates.items, certificates.count,
                gwapi__shape_secret_ref),
    GWAPI__PAIRS("options", gwapi__listener, tls_options),
};
static const gwapi__shape tls = GWAPI__SHAPE(tls_rows, gwapi__listener);

static const gwapi__enum_name protocol_names[] = {
    {GWAPI_STR_INIT("HTTP"), GWAPI__PROTOCOL_HTTP},
    {GWAPI_STR_INIT("HTTPS"), GWAPI__PROTOCOL_HTTPS},
    {GWAPI_STR_INIT("TLS"), GWAPI__PROTOCOL_TLS},
    {GWAPI_STR_INIT("TCP"), GWAPI__PROTOCOL_TCP},
    {GWAPI_STR_INIT("UDP"), GWAPI__PROTOCOL_UDP},
};
static const gwapi__enum_names protocols =
    GWAPI__ENUM_NAMES(protocol_names, GWAPI__PROTOCOL_OTHER, GWAPI__PROTOCOL_OTHER);

static const gwapi__row listener_rows[] = {
    GWAPI__TEXT("name", gwapi__listener, name, GWAPI_STR_INIT("")),
    GWAPI__TEXT("hostname", gwapi__listener, hostname, GWAPI__ABSENT),
    GWAPI__INT32("port", gwapi__listener, port, 0),
    GWAPI__ENUM_TEXT("protocol", gwapi__listener, protocol, protocol_text, protocols),
    GWAPI__WITHIN_IF("tls", gwapi__listener, has_tls, tls),
    GWAPI__WITHIN("allowedRoutes", allowed_routes),
};
static const gwapi__shape listener_shape = GWAPI__SHAPE_MARKING(listener_rows, gwapi__listener);

/* ---- Gateway: TLS towards clients ---------------------------------------------------- */

static const gwapi__enum_name validation_names[] = {
    {GWAPI_STR_INIT("AllowValidOnly"), GWAPI__VALIDATION_ALLOW_VALID_ONLY},
    {GWAPI_STR_INIT("AllowInsecureFallback"), GWAPI__VALIDATION_ALLOW_INSECURE_FALLBACK},
};
static const gwapi__enum_names validation_modes = GWAPI__ENUM_NAMES(
    validation_names, GWAPI__VALIDATION_ALLOW_VALID_ONLY, GWAPI__VALIDATION_UNKNOWN);
static const gwapi__row validation_rows[] = {
    GWAPI__ENUM("mode", gwapi__frontend_tls, mode, validation_modes),
    GWAPI__LIST("caCertificateRefs", gwapi__frontend_tls, ca_certificates.items,
                ca_certificates.count, gwapi__shape_reference),
};
static const gwapi__shape validation = GWAPI__SHAPE(validation_rows, gwapi__frontend_tls);
static const gwapi__row frontend_rows[] = {
    GWAPI__WITHIN_IF("validation", gwapi__frontend_tls, has_validation, validation),
};
static const gwapi__shape frontend = GWAPI__SHAPE(frontend_rows, gwapi__frontend_tls);
static const gwapi__row per_port_rows[] = {
    GWAPI__INT32("port", gwapi__frontend_tls, port, 0),
    GWAPI__WITHIN("tls", frontend),
};
static const gwapi__shape per_port = GWAPI__SHAPE(per_port_rows, gwapi__frontend_tls);

typedef struct frontend_parts {
    gwapi__frontend_tls fallback;
    bool has_default;
    const gwapi__frontend_tls *ports;
    size_t port_count;
} frontend_parts;

static const gwapi__row frontend_parts_rows[] = {
    GWAPI__PART_IF("default", frontend_parts, fallback, has_default, frontend),
    GWAPI__LIST("perPort", frontend_parts, ports, port_count, per_port),
};
static const gwapi__shape frontend_parts_shape =
    GWAPI__SHAPE(frontend_parts_rows, frontend_parts);

/* The default and the ports in one list. */
static gwapi_result decode_frontend(gwapi__decoder *d, const gwapi__row *row,
                                    const gwapi__node *value, void *object)
{
    gwapi__gateway *gateway = object;
    frontend_parts parts = {.has_default = false};

    (void)row;
    if (value == NULL)
        return GWAPI_OK;
    GWAPI__TRY(gwapi__decode_shape(d, &frontend_parts_shape, value, &parts));
    gwapi__frontend_tls *list =
        gwapi__arena_array(d->arena, parts.port_count + 1, sizeof *list);
    if (list == NULL)
        return GWAPI_ENOMEM;
    size_t count = 0;
    if (parts.has_default)
        list[count++] = parts.fallback;
    for (size_t i = 0; i < parts.port_count; i++)
        list[count++] = parts.ports[i];
    gateway->frontend = list;
    gateway->frontend_count = count;
    return GWAPI_OK;
}

static const gwapi__row backend_tls_rows[] = {
    GWAPI__PART_IF("clientCertificateRef", gwapi__gateway, client_certificate,
                   has_client_certificate, gwapi__shape_secret_ref),
};
static const gwapi__shape backend_tls = GWAPI__SHAPE(backend_tls_rows, gwapi__gateway);
static const gwapi__row gateway_tls_rows[] = {
    GWAPI__WITHIN("backend", backend_tls),
    GWAPI__ROW("frontend", decode_frontend, gwapi__gateway, frontend, .number = 0),
};
static const gwapi__shape gateway_tls = GWAPI__SHAPE(gateway_tls_rows, gwapi__gateway);

/* ---- Gateway ------------------------------------------------------------------------- */

static const gwapi__row infrastructure_rows[] = {
    GWAPI__PAIRS("labels", gwapi__gateway, infrastructure_labels),
    GWAPI__PAIRS("annotations", gwapi__gateway, infrastructure_annotations),
    GWAPI__PART_IF("parametersRef", gwapi__gateway, parameters, has_parameters,
                   gwapi__shape_local_reference),
};
static const gwapi__shape infrastructure = GWAPI__SHAPE(infrastructure_rows, gwapi__gateway);
static const gwapi__row allowed_listeners_rows[] = {
    GWAPI__PART("namespaces", gwapi__gateway, allowed_listeners, listener_namespaces),
};
static const gwapi__shape allowed_listeners =
    GWAPI__SHAPE(allowed_listeners_rows, gwapi__gateway);

static const gwapi__row gateway_spec_rows[] = {
    GWAPI__TEXT("gatewayClassName", gwapi__gateway, class_name, GWAPI_STR_INIT("")),
    GWAPI__LIST("listeners", gwapi__gateway, listeners, listener_count, listener_shape),
    GWAPI__LIST("addresses", gwapi__gateway, addresses, address_count, gwapi__shape_address),
    GWAPI__WITHIN("infrastructure", infrastructure),
    GWAPI__WITHIN_IF("allowedListeners", gwapi__gateway, has_allowed_listeners,
                     allowed_listeners),
    GWAPI__WITHIN("tls", gateway_tls),
    GWAPI__IS("defaultScope", gwapi__gateway, default_scope_all, "All"),
};
static const gwapi__shape gateway_spec = GWAPI__SHAPE(gateway_spec_rows, gwapi__gateway);
static const gwapi__row gateway_rows[] = {GWAPI__WITHIN("spec", gateway_spec)};
const gwapi__shape gwapi__shape_gateway = GWAPI__SHAPE(gateway_rows, gwapi__gateway);

/* ---- XListenerSet -------------------------------------------------------------------- */

static const gwapi__row listener_set_spec_rows[] = {
    GWAPI__PART("parentRef", gwapi__listener_set, parent, gwapi__shape_gateway_ref),
    GWAPI__LIST("listeners", gwapi__listener_set, listeners, listener_count, listener_shape),
};
static const gwapi__shape listener_set_spec =
    GWAPI__SHAPE(listener_set_spec_rows, gwapi__listener_set);
static const gwapi__row listener_set_rows[] = {GWAPI__WITHIN("spec", listener_set_spec)};
const gwapi__shape gwapi__shape_listener_set =
    GWAPI__SHAPE(listener_set_rows, gwapi__listener_set);
