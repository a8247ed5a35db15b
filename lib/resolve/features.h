/* Feature names (upstream's pkg/features at v1.4.1), and what the data plane lacks. */
#ifndef GWAPI_RESOLVE_FEATURES_H
#define GWAPI_RESOLVE_FEATURES_H

#include <stdbool.h>
#include <gatewayapi/topology.h>
#include "base/arena.h"
#include "model/meta.h"

/* id, name, published on (G: GatewayClass, M: XMesh, B: both), channel (STD: both, EXP: the
 * experimental one only). Names ascend. */
#define GWAPI__FEATURE_TABLE(X)                                                              \
    X(BACKEND_TLS_POLICY, "BackendTLSPolicy", G, STD)                                          \
    X(BACKEND_TLS_SAN, "BackendTLSPolicySANValidation", G, STD)                                \
    X(GRPC_ROUTE, "GRPCRoute", B, STD)                                                         \
    X(GRPC_NAMED_RULE, "GRPCRouteNamedRouteRule", B, STD)                                      \
    X(GATEWAY, "Gateway", G, STD)                                                              \
    X(GATEWAY_ADDRESS_EMPTY, "GatewayAddressEmpty", G, STD)                                    \
    X(GATEWAY_ISOLATION, "GatewayHTTPListenerIsolation", G, STD)                               \
    X(GATEWAY_INFRASTRUCTURE, "GatewayInfrastructurePropagation", G, STD)                      \
    X(GATEWAY_PORT_8080, "GatewayPort8080", G, STD)                                            \
    X(GATEWAY_STATIC_ADDRESSES, "GatewayStaticAddresses", G, STD)                              \
    X(HTTP_ROUTE, "HTTPRoute", B, STD)                                                         \
    X(HTTP_BACKEND_H2C, "HTTPRouteBackendProtocolH2C", B, STD)                                 \
    X(HTTP_BACKEND_WEBSOCKET, "HTTPRouteBackendProtocolWebSocket", B, STD)                     \
    X(HTTP_BACKEND_HEADERS, "HTTPRouteBackendRequestHeaderModification", B, STD)               \
    X(HTTP_BACKEND_TIMEOUT, "HTTPRouteBackendTimeout", B, STD)                                 \
    X(HTTP_CORS, "HTTPRouteCORS", B, EXP)                                                      \
    X(HTTP_DESTINATION_PORT, "HTTPRouteDestinationPortMatching", B, EXP)                       \
    X(HTTP_HOST_REWRITE, "HTTPRouteHostRewrite", B, STD)                                       \
    X(HTTP_METHOD, "HTTPRouteMethodMatching", B, STD)                                          \
    X(HTTP_NAMED_RULE, "HTTPRouteNamedRouteRule", B, STD)                                      \
    X(HTTP_PARENT_PORT, "HTTPRouteParentRefPort", B, STD)                                      \
    X(HTTP_PATH_REDIRECT, "HTTPRoutePathRedirect", B, STD)                                     \
    X(HTTP_PATH_REWRITE, "HTTPRoutePathRewrite", B, STD)                                       \
    X(HTTP_PORT_REDIRECT, "HTTPRoutePortRedirect", B, STD)                                     \
    X(HTTP_QUERY, "HTTPRouteQueryParamMatching", B, STD)                                       \
    X(HTTP_MIRROR, "HTTPRouteRequestMirror", B, STD)                                           \
    X(HTTP_MIRRORS, "HTTPRouteRequestMultipleMirrors", B, STD)                                 \
    X(HTTP_MIRROR_PERCENT, "HTTPRouteRequestPercentageMirror", B, STD)                         \
    X(HTTP_REQUEST_TIMEOUT, "HTTPRouteRequestTimeout", B, STD)                                 \
    X(HTTP_RESPONSE_HEADERS, "HTTPRouteResponseHeaderModification", B, STD)                    \
    X(HTTP_SCHEME_REDIRECT, "HTTPRouteSchemeRedirect", B, STD)                                 \
    X(MESH, "Mesh", M, STD)                                                                    \
    X(MESH_CLUSTER_IP, "MeshClusterIPMatching", M, STD)                                        \
    X(MESH_CONSUMER, "MeshConsumerRoute", M, STD)                                              \
    X(MESH_BACKEND_HEADERS, "MeshHTTPRouteBackendRequestHeaderModification", M, STD)           \
    X(MESH_NAMED_RULE, "MeshHTTPRouteNamedRouteRule", M, STD)                                  \
    X(MESH_QUERY, "MeshHTTPRouteQueryParamMatching", M, STD)                                   \
    X(MESH_REDIRECT_PATH, "MeshHTTPRouteRedirectPath", M, STD)                                 \
    X(MESH_REDIRECT_PORT, "MeshHTTPRouteRedirectPort", M, STD)                                 \
    X(MESH_REWRITE_PATH, "MeshHTTPRouteRewritePath", M, STD)                                   \
    X(MESH_SCHEME_REDIRECT, "MeshHTTPRouteSchemeRedirect", M, STD)                             \
    X(REFERENCE_GRANT, "ReferenceGrant", G, STD)                                               \
    X(TLS_ROUTE, "TLSRoute", B, EXP)                                                           \
    X(UDP_ROUTE, "UDPRoute", B, EXP)

typedef enum gwapi__feature {
#define GWAPI__FEATURE_CONSTANT(id, name, where, channel) GWAPI__FEATURE_##id,
    GWAPI__FEATURE_TABLE(GWAPI__FEATURE_CONSTANT)
#undef GWAPI__FEATURE_CONSTANT
    GWAPI__FEATURE_COUNT
} gwapi__feature;

typedef struct gwapi__features {
    bool limited; /* the host said what it can do */
    bool has[GWAPI__FEATURE_COUNT];
    gwapi__strs gateway; /* what a GatewayClass publishes, ascending */
    gwapi__strs mesh;    /* what an XMesh publishes */
} gwapi__features;

gwapi_str gwapi__feature_name(gwapi__feature feature);
/* Everything of the channel, or what the options name. Texts are copied. GWAPI_ENOMEM. */
gwapi_result gwapi__features_init(gwapi__features *out, gwapi__arena *arena,
                                  const gwapi_resolve_options *options, bool experimental);

#endif
