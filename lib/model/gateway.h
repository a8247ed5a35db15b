/* GatewayClass, Gateway, XListenerSet, XMesh. */
#ifndef GWAPI_MODEL_GATEWAY_H
#define GWAPI_MODEL_GATEWAY_H

#include "model/meta.h"

typedef struct gwapi__gateway_class { /* XMesh has the same fields */
    gwapi_str controller_name;
    bool has_parameters;
    gwapi__reference parameters;
} gwapi__gateway_class;

typedef enum gwapi__from { /* namespaces.from */
    GWAPI__FROM_UNKNOWN = 0, /* a value we do not know (STORED) */
    GWAPI__FROM_ALL,
    GWAPI__FROM_SAME,
    GWAPI__FROM_SELECTOR,
    GWAPI__FROM_NONE
} gwapi__from;

typedef struct gwapi__namespaces {
    gwapi__from from;
    gwapi__selector selector;
} gwapi__namespaces;

typedef enum gwapi__protocol {
    GWAPI__PROTOCOL_OTHER = 0,
    GWAPI__PROTOCOL_HTTP,
    GWAPI__PROTOCOL_HTTPS,
    GWAPI__PROTOCOL_TLS,
    GWAPI__PROTOCOL_TCP,
    GWAPI__PROTOCOL_UDP
} gwapi__protocol;

typedef enum gwapi__tls_mode {
    GWAPI__TLS_UNKNOWN = 0,
    GWAPI__TLS_TERMINATE,
    GWAPI__TLS_PASSTHROUGH
} gwapi__tls_mode;

typedef struct gwapi__listener {
    gwapi_str name;
    gwapi_str hostname; /* absent: any; lower case by the schema */
    int32_t port;       /* 0 in an XListenerSet: none was given */
    gwapi__protocol protocol;
    gwapi_str protocol_text;
    bool has_tls;
    gwapi__tls_mode tls_mode;
    gwapi__references certificates;
    gwapi__pairs tls_options;
    gwapi__namespaces namespaces;
    const gwapi__reference *kinds; /* group and kind only; requested allowedRoutes.kinds */
    size_t kind_count;
    bool undecodable; /* STORED: a part could not be decoded; this listener alone is invalid */
} gwapi__listener;

typedef enum gwapi__validation_mode {
    GWAPI__VALIDATION_UNKNOWN = 0,
    GWAPI__VALIDATION_ALLOW_VALID_ONLY,
    GWAPI__VALIDATION_ALLOW_INSECURE_FALLBACK
} gwapi__validation_mode;

typedef struct gwapi__frontend_tls { /* spec.tls.frontend.default or perPort[] */
    int32_t port;                    /* 0: the default */
    bool has_validation;
    gwapi__validation_mode mode;
    gwapi__references ca_certificates;
} gwapi__frontend_tls;

typedef struct gwapi__gateway {
    gwapi_str class_name;
    const gwapi__listener *listeners;
    size_t listener_count;
    const gwapi__address *addresses;
    size_t address_count;
    bool has_parameters; /* infrastructure.parametersRef */
    gwapi__reference parameters;
    gwapi__pairs infrastructure_labels;
    gwapi__pairs infrastructure_annotations;
    bool has_allowed_listeners;
    gwapi__namespaces allowed_listeners;
    bool has_client_certificate; /* spec.tls.backend.clientCertificateRef */
    gwapi__reference client_certificate;
    const gwapi__frontend_tls *frontend; /* the default first, then per port */
    size_t frontend_count;
    bool default_scope_all;
} gwapi__gateway;

typedef struct gwapi__listener_set {
    gwapi__reference parent;
    const gwapi__listener *listeners;
    size_t listener_count;
} gwapi__listener_set;

#endif
