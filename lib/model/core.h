/* Core kinds, as far as routing needs them: Service, Secret, ConfigMap. */
#ifndef GWAPI_MODEL_CORE_H
#define GWAPI_MODEL_CORE_H

#include "model/meta.h"

typedef enum gwapi__transport {
    GWAPI__TRANSPORT_TCP = 0,
    GWAPI__TRANSPORT_UDP,
    GWAPI__TRANSPORT_OTHER /* SCTP */
} gwapi__transport;

typedef struct gwapi__service_port {
    gwapi_str name;
    int32_t port;
    gwapi__transport transport;
    gwapi_str app_protocol;
} gwapi__service_port;

typedef enum gwapi__service_type {
    GWAPI__SERVICE_CLUSTER_IP = 0, /* NodePort and LoadBalancer too */
    GWAPI__SERVICE_HEADLESS,       /* clusterIP: None */
    GWAPI__SERVICE_EXTERNAL_NAME
} gwapi__service_type;

typedef struct gwapi__service {
    gwapi__service_type type;
    const gwapi__service_port *ports;
    size_t port_count;
    gwapi__strs cluster_ips;
} gwapi__service;

/* Secret: `data` base64-decoded, `stringData` over it. ConfigMap: `data`, `binaryData` decoded. */
typedef struct gwapi__data {
    gwapi_str type; /* of a Secret */
    gwapi__pairs data;
} gwapi__data;

#endif
