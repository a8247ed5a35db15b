/*
 * Judging a tree by a kind's schema, in the API server's order: prune unknown fields, drop
 * nulls, default, ObjectMeta, structure (types, limits, formats, enums, oneOf), list types and
 * keys; then the cross-field rules, unless a structural error blocks them.
 */
#ifndef GWAPI_SCHEMA_JUDGE_H
#define GWAPI_SCHEMA_JUDGE_H

#include <gatewayapi/schema.h>
#include "base/report.h"
#include "doc/stream.h"

/* A kind in one version, compiled. Immutable, owned by its gwapi_schema. */
typedef struct gwapi__kind gwapi__kind;

typedef struct gwapi__kind_info {
    gwapi_str group, version, kind, plural;
    bool namespaced;
    bool status_subresource;
    bool deprecated;
    bool builtin; /* one of ours, not from a CRD */
} gwapi__kind_info;

/* Has adding ended? Then it may be shared. */
bool gwapi__schema_sealed(const gwapi_schema *schema);
/* The kind, compiled on first use and published by compare-and-swap (any thread may call).
 * NULL in *out: not known in this schema's channel. */
gwapi_result gwapi__schema_find(const gwapi_schema *schema, gwapi_str api_version, gwapi_str kind,
                                const gwapi__kind **out);
const gwapi__kind_info *gwapi__kind_info_of(const gwapi__kind *kind);

enum {
    GWAPI__JUDGE_STORED = 1u,         /* decode and default; evaluate nothing, ignore unknown */
    GWAPI__JUDGE_UNKNOWN_ERROR = 2u,  /* unknown and duplicate fields are errors */
    GWAPI__JUDGE_UNKNOWN_WARN = 4u,   /* … are warnings; neither: pruned silently */
    /* Drop from metadata what only the server writes (creationTimestamp, uid, …), as a create
     * request does: for printing objects as a cluster would store them. */
    GWAPI__JUDGE_CREATE = 8u
};

typedef struct gwapi__judge_input {
    gwapi__node *root;
    const gwapi__node *old_root;  /* the earlier object of an update, already judged; or NULL */
    gwapi__arena *arena;          /* the tree's own: defaults are added there */
    gwapi_str default_namespace;  /* filled in for namespaced kinds without one */
    uint32_t flags;
    gwapi_report *report;         /* may be NULL */
    uint32_t document;            /* its index in the report */
    gwapi_str file;
    gwapi__stream *stream;        /* for excerpts; may be NULL */
} gwapi__judge_input;

/*
 * Judges and, whatever the verdict, leaves the tree pruned and defaulted as far as it could be
 * decoded. *errors counts errors (not warnings). GWAPI_ENOMEM, GWAPI_ELIMIT.
 */
gwapi_result gwapi__judge(const gwapi__kind *kind, const gwapi__judge_input *input,
                          size_t *errors);

/* Takes out of a judged tree what defaulting would put back as it was. */
void gwapi__minimize(const gwapi__kind *kind, gwapi__node *root);

#endif
