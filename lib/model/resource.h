/*
 * One decoded object: immutable, counted (atomically: topologies on other threads share it), in
 * an arena of its own.
 */
#ifndef GWAPI_MODEL_RESOURCE_H
#define GWAPI_MODEL_RESOURCE_H

#include <stdatomic.h>
#include "base/arena.h"
#include "doc/node.h"
#include "model/core.h"
#include "model/decode.h"
#include "model/gateway.h"
#include "model/policy.h"
#include "model/route.h"
#include "schema/judge.h"

typedef struct gwapi__resource {
    atomic_size_t references;
    gwapi__arena arena; /* holds this struct's texts, the decoded form and the tree */
    gwapi__resource_kind kind;
    gwapi_str group, version, kind_name;
    gwapi__meta meta;
    gwapi_str file;
    uint32_t line;
    /* No schema knows the kind, and no namespace was written: the namespace is the default one,
     * but the kind may be cluster-scoped. */
    bool scope_unknown;
    /* Something outside of rules, listeners and list items that stand alone could not be
     * decoded: the object counts as invalid, and so do all its rules or listeners. */
    bool undecodable;
    union {
        const void *any;
        const gwapi__gateway_class *gateway_class; /* GatewayClass and XMesh */
        const gwapi__gateway *gateway;
        const gwapi__listener_set *listener_set;
        const gwapi__route *route;
        const gwapi__grant *grant;
        const gwapi__backend_tls_policy *tls_policy;
        const gwapi__backend_traffic_policy *traffic_policy;
        const gwapi__service *service;
        const gwapi__data *data; /* Secret and ConfigMap */
    } as;
    gwapi__stored_status status; /* as it was read */
    gwapi__node *source;         /* the judged tree; NULL without KEEP_SOURCE */
} gwapi__resource;

gwapi__resource *gwapi__resource_retain(gwapi__resource *resource);
void gwapi__resource_release(gwapi__resource *resource); /* NULL is fine */

/*
 * Decodes a judged tree. A part that cannot be decoded (only STORED objects and core kinds have
 * such) becomes invalid alone, and `listener`, which may be NULL, hears of it; an object without
 * a readable identity is GWAPI_EINVALID. Kinds of no use to routing become OTHER.
 * With `keep_source` the tree and its arena become the resource's, and *arena is left empty.
 * Without it everything needed is copied, and the caller keeps both.
 * `identities`: only what tells objects apart is asked for, and nothing is told; the resource
 * stands in that arena, must be released before it, and borrows the file's name and what the
 * schema owns.
 * `file` and `line` tell where it was read. The caller gets the one reference. GWAPI_ENOMEM.
 */
typedef struct gwapi__decode_input {
    gwapi__node *root;
    const gwapi__kind_info *info;
    gwapi__arena *arena;
    bool keep_source;
    gwapi__arena *identities; /* or NULL */
    gwapi_str file;
    uint32_t line;
    const gwapi__decode_listener *listener;
} gwapi__decode_input;

gwapi_result gwapi__resource_decode(gwapi__resource **out, const gwapi__decode_input *input);

#endif
