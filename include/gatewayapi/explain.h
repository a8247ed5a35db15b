/*
 * What there is to know about a rule or a field: why a rule exists, with a wrong and a right
 * manifest; a field's type, default, limits, channel and enhancement proposal (GEP).
 *
 * The texts are the library's own, the same that `gatewayapi explain` and gatewayapi-rules(7)
 * show; the facts are those of the CRDs of Gateway API v1.4.1.
 */
#ifndef GATEWAYAPI_EXPLAIN_H
#define GATEWAYAPI_EXPLAIN_H

#include <gatewayapi/schema.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An explanation. Immutable; any number of threads may read it. It owns all its texts and
 * outlives the schema. */
typedef struct gwapi_explanation gwapi_explanation;

/*
 * Explains `topic`: the id of a rule, as diagnostics carry it ("httppath-absolute",
 * "structure/required"), or a field ("HTTPRoute", "HTTPRoute.spec.rules.filters"; items of lists
 * need no index). Fields of kinds that came from a CRD are known if the schema was made with
 * GWAPI_SCHEMA_KEEP_TEXT. Built-in kinds are explained in both channels, whichever was added.
 *
 * GWAPI_ENOTFOUND with a diagnostic in `report` (may be NULL) that proposes the nearest topic;
 * GWAPI_ENOMEM, GWAPI_EARGUMENT. The work grows with the schemas' texts: not for hot paths.
 * Release with gwapi_explanation_free. Any thread may call this for a sealed schema.
 */
GWAPI_API gwapi_result gwapi_schema_explain(gwapi_explanation **out, const gwapi_schema *schema,
                                            gwapi_str topic, gwapi_report *report);
/* NULL is fine. */
GWAPI_API void gwapi_explanation_free(gwapi_explanation *explanation);

/* Every rule with an explanation, in the order of the manual; absent beyond the end. The texts
 * live as long as the schema. */
GWAPI_API size_t gwapi_schema_rule_count(const gwapi_schema *schema);
GWAPI_API gwapi_str gwapi_schema_rule_at(const gwapi_schema *schema, size_t i);

typedef uint32_t gwapi_topic;
enum { GWAPI_TOPIC_RULE = 1, GWAPI_TOPIC_FIELD = 2 };
GWAPI_API gwapi_topic gwapi_explanation_topic(const gwapi_explanation *explanation);

/* A rule. Texts may be absent and live as long as the explanation. Out-struct. */
typedef struct gwapi_schema_rule_info {
    size_t struct_size;
    gwapi_str id;
    gwapi_str expression; /* CEL; absent for what is no cross-field rule */
    gwapi_str message;
    gwapi_str hint; /* what to do when it fails */
    gwapi_str why;
    gwapi_str wrong; /* a manifest that breaks it */
    gwapi_str right; /* one that keeps it */
    uint32_t update; /* 1: `wrong` is so only as an update of `right` */
    gwapi_channel channel; /* 0: both; else the only one that has it */
} gwapi_schema_rule_info;

/* GWAPI_ENOTFOUND if the topic is no rule. */
GWAPI_API gwapi_result gwapi_explanation_rule(const gwapi_explanation *explanation,
                                              gwapi_schema_rule_info *out);
/* Where the rule is attached: "HTTPRoute.spec.rules[].matches[].path". */
GWAPI_API size_t gwapi_explanation_place_count(const gwapi_explanation *explanation);
GWAPI_API gwapi_str gwapi_explanation_place_at(const gwapi_explanation *explanation, size_t i);

/* A field. Out-struct; texts as above. */
typedef struct gwapi_schema_field_info {
    size_t struct_size;
    gwapi_str path;          /* "HTTPRoute.spec.rules[].filters[]" */
    gwapi_str api_version;   /* of the kind: "gateway.networking.k8s.io/v1" */
    gwapi_str type;          /* "string", "list of object", "map of string" */
    gwapi_str description;
    gwapi_str default_value; /* JSON */
    gwapi_str feature;       /* of supportedFeatures that use of it needs */
    uint32_t gep;            /* number of the enhancement proposal, 0 if none is named */
    uint32_t required;       /* 1: its parent must have it */
    gwapi_channel channel;   /* STANDARD: both channels have it; EXPERIMENTAL: only that one */
} gwapi_schema_field_info;

/* GWAPI_ENOTFOUND if the topic is no field. */
GWAPI_API gwapi_result gwapi_explanation_field(const gwapi_explanation *explanation,
                                               gwapi_schema_field_info *out);
/* What its values must be, a sentence each: "at most 16 items". */
GWAPI_API size_t gwapi_explanation_limit_count(const gwapi_explanation *explanation);
GWAPI_API gwapi_str gwapi_explanation_limit_at(const gwapi_explanation *explanation, size_t i);
/* The ids of the rules attached to it. */
GWAPI_API size_t gwapi_explanation_rule_count(const gwapi_explanation *explanation);
GWAPI_API gwapi_str gwapi_explanation_rule_at(const gwapi_explanation *explanation, size_t i);
/* The fields inside it; `path` is then the name alone. */
GWAPI_API size_t gwapi_explanation_member_count(const gwapi_explanation *explanation);
GWAPI_API gwapi_result gwapi_explanation_member_at(const gwapi_explanation *explanation,
                                                   size_t i, gwapi_schema_field_info *out);

/* Writes it as one JSON object with a line end, as `gatewayapi explain --output json` does. */
GWAPI_API gwapi_result gwapi_explanation_write(const gwapi_explanation *explanation,
                                               const gwapi_sink *sink);

#ifdef __cplusplus
}
#endif
#endif
