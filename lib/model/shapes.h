/* The shapes that several kinds share, and the one each kind starts from. */
#ifndef GWAPI_MODEL_SHAPES_H
#define GWAPI_MODEL_SHAPES_H

#include "model/decode.h"

/* References, by what they fall back to and whether they may name a namespace. */
extern const gwapi__shape gwapi__shape_reference;       /* nothing */
extern const gwapi__shape gwapi__shape_local_reference; /* nothing; no namespace */
extern const gwapi__shape gwapi__shape_secret_ref;      /* core Secret */
extern const gwapi__shape gwapi__shape_gateway_ref;     /* Gateway */
extern const gwapi__shape gwapi__shape_route_kind;      /* the group; group and kind only */
extern const gwapi__shape gwapi__shape_grant_from;      /* group, kind, namespace */
extern const gwapi__shape gwapi__shape_grant_to;        /* group, kind, name */
extern const gwapi__shape gwapi__shape_parent_ref;
extern const gwapi__shape gwapi__shape_backend_object; /* core Service */

extern const gwapi__shape gwapi__shape_address;
extern const gwapi__shape gwapi__shape_meta;   /* of `metadata` */
extern const gwapi__shape gwapi__shape_status; /* of `status`, for every kind */
extern const gwapi__shape gwapi__shape_session_persistence;

/* A label selector into a gwapi__selector. */
gwapi_result gwapi__decode_selector(gwapi__decoder *d, const gwapi__row *row,
                                    const gwapi__node *value, void *object);
gwapi_result gwapi__decode_duration(gwapi__decoder *d, const gwapi__row *row,
                                    const gwapi__node *value, void *object);
#define GWAPI__DURATION(json, type, member, ...)                                               \
    GWAPI__ROW(json, gwapi__decode_duration, type, member, .text = __VA_ARGS__)

/* Kinds, from the root of the object. */
extern const gwapi__shape gwapi__shape_gateway_class;
extern const gwapi__shape gwapi__shape_gateway;
extern const gwapi__shape gwapi__shape_listener_set;
extern const gwapi__shape gwapi__shape_http_route;
extern const gwapi__shape gwapi__shape_grpc_route;
extern const gwapi__shape gwapi__shape_l4_route; /* TLSRoute, TCPRoute, UDPRoute */
extern const gwapi__shape gwapi__shape_grant;
extern const gwapi__shape gwapi__shape_tls_policy;
extern const gwapi__shape gwapi__shape_traffic_policy;
extern const gwapi__shape gwapi__shape_service;
extern const gwapi__shape gwapi__shape_secret;
extern const gwapi__shape gwapi__shape_config_map;

#endif
