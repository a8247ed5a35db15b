/* gwapi_explanation from the inside, and the reading of schemas as their authors wrote them. */
#ifndef GWAPI_SCHEMA_EXPLAIN_H
#define GWAPI_SCHEMA_EXPLAIN_H

#include <gatewayapi/explain.h>
#include "base/text.h"
#include "base/vector.h"
#include "schema/documents.h"
#include "schema/kind.h"
#include "schema/resolve_ref.h"

struct gwapi_explanation {
    gwapi_allocator allocator;
    gwapi__arena arena; /* of all texts */
    gwapi_topic topic;
    gwapi_schema_rule_info rule;
    gwapi_schema_field_info field;
    gwapi__vector places;  /* of gwapi_str: where the rule is attached */
    gwapi__vector limits;  /* of gwapi_str */
    gwapi__vector rules;   /* of gwapi_str */
    gwapi__vector members; /* of gwapi_schema_field_info */
};

/* A kind's source: a file of the release, or what a CRD said. */
typedef struct gwapi__source {
    gwapi_str kind, plural, api_version;
    const gwapi__node *root; /* the schema of the whole object */
    gwapi_channel channel;   /* of the kind */
    gwapi__load_input input; /* for references */
} gwapi__source;

/* A place in a schema, with what its ancestors hand down. */
typedef struct gwapi__spot {
    const gwapi__node *schema; /* without references */
    gwapi_str description, feature;
    uint32_t gep;
    gwapi_channel channel;
} gwapi__spot;

typedef struct gwapi__explainer {
    const gwapi_schema *schema;
    const gwapi__documents *documents;
    gwapi_explanation *explanation;
    gwapi__arena *arena;          /* the explanation's */
    const gwapi__node *shared;    /* the definitions, once read */
    gwapi__text text;             /* for building texts */
} gwapi__explainer;

/* The i-th kind that is known: kinds of CRDs, then built-in ones. *more is false at the end. */
gwapi_result gwapi__source_at(gwapi__source *out, gwapi__explainer *x, size_t i, bool *more);
/* Resolves what stands at `raw`; `above` is NULL at the root. */
gwapi_result gwapi__spot_at(gwapi__spot *out, gwapi__explainer *x, const gwapi__source *source,
                            const gwapi__node *raw, const gwapi__spot *above);
/* A copy of the builder's text, which it empties; absent: no memory. */
gwapi_str gwapi__explainer_take(gwapi__explainer *x);

/* Fill in the explanation. GWAPI_ENOTFOUND, GWAPI_ENOMEM. `nearest` is a topic that may have
 * been meant, absent if there is none. */
gwapi_result gwapi__explain_rule(gwapi__explainer *x, gwapi_str id);
gwapi_result gwapi__explain_field(gwapi__explainer *x, gwapi_str path, gwapi_str *nearest);

#endif
