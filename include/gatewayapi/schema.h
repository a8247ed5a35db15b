/*
 * The kinds known: Gateway API v1.4 built in, in the standard or the experimental channel, and
 * any CustomResourceDefinition at run time.
 *
 * Make a schema, add to it, seal it; from then on it is immutable and any number of threads may
 * share it. It must outlive every gwapi_resources made with it, but no topology or snapshot.
 * Semantics: config/crd of kubernetes-sigs/gateway-api v1.4.1, judged as
 * k8s.io/apiextensions-apiserver v0.34 does.
 */
#ifndef GATEWAYAPI_SCHEMA_H
#define GATEWAYAPI_SCHEMA_H

#include <gatewayapi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gwapi_schema gwapi_schema;

typedef uint32_t gwapi_channel;
enum { GWAPI_CHANNEL_STANDARD = 1, GWAPI_CHANNEL_EXPERIMENTAL = 2 };

typedef struct gwapi_schema_options {
    size_t struct_size;
    const gwapi_allocator *allocator;
    const gwapi_limits *limits;
    /* Kubernetes minor version ("1.34") whose CEL libraries and formats exist; absent: 1.34. */
    gwapi_str kubernetes_version;
    uint32_t flags; /* GWAPI_SCHEMA_... */
    uint32_t reserved;
} gwapi_schema_options;
#define GWAPI_SCHEMA_OPTIONS_INIT {sizeof(gwapi_schema_options), NULL, NULL, {NULL, 0}, 0, 0}

/* Flags. KEEP_TEXT: CRDs keep what only readers need, so that gwapi_schema_explain knows their
 * fields. */
enum { GWAPI_SCHEMA_KEEP_TEXT = 1 };

/* options may be NULL. GWAPI_ENOMEM, GWAPI_ESTRUCTSIZE, GWAPI_EARGUMENT (version text). */
GWAPI_API gwapi_result gwapi_schema_new(gwapi_schema **out, const gwapi_schema_options *options);

/* Adds the built-in kinds of `release` ("v1.4"; absent: the newest) in a channel.
 * GWAPI_ENOTFOUND for an unknown release, GWAPI_ESTATE when sealed. */
GWAPI_API gwapi_result gwapi_schema_add_builtin(gwapi_schema *schema, gwapi_str release,
                                                gwapi_channel channel);

/* Adds the CustomResourceDefinitions (apiextensions.k8s.io/v1) among the documents of `bytes`
 * (YAML or JSON); other objects are passed over. A kind that was known is replaced. What is wrong
 * goes to `report` (may be NULL); then GWAPI_EINVALID, and nothing of `bytes` was added. */
GWAPI_API gwapi_result gwapi_schema_add_crd(gwapi_schema *schema, gwapi_str file, gwapi_str bytes,
                                            gwapi_report *report);

/* Ends adding. The kinds named ("HTTPRoute", or "HTTPRoute.gateway.networking.k8s.io") are
 * compiled now, others at first use. */
GWAPI_API gwapi_result gwapi_schema_seal(gwapi_schema *schema, const gwapi_str *kinds,
                                         size_t count);
GWAPI_API void gwapi_schema_free(gwapi_schema *schema);

/* One kind in one served version. Out-struct; texts live as long as the schema. */
typedef struct gwapi_kind_info {
    size_t struct_size;
    gwapi_str group;
    gwapi_str version;
    gwapi_str kind;
    gwapi_str plural;
    uint32_t namespaced; /* 0 or 1 */
    uint32_t storage;    /* 1: the version the server stores */
    uint32_t deprecated;
    uint32_t builtin;    /* 0: from a CRD */
} gwapi_kind_info;

GWAPI_API size_t gwapi_schema_kind_count(const gwapi_schema *schema);
GWAPI_API gwapi_result gwapi_schema_kind_at(const gwapi_schema *schema, size_t i,
                                            gwapi_kind_info *out);

/* The channel added last, 0 before; the release ("v1.4"). */
GWAPI_API gwapi_channel gwapi_schema_channel(const gwapi_schema *schema);
GWAPI_API gwapi_str gwapi_schema_release(const gwapi_schema *schema);

#ifdef __cplusplus
}
#endif
#endif
