/*
 * Judging a CustomResourceDefinition itself, as the API server does when one is created
 * (k8s.io/apiextensions-apiserver v0.34, pkg/apis/apiextensions/{v1,validation} and
 * pkg/apiserver/schema): decoded by the types of v1, then its names, its versions, and the schema
 * of each.
 *
 * The server moves what all versions have in common to fields of an older form: the schema of a
 * definition with one version is spec.validation to it. Findings carry those paths.
 */
#ifndef GWAPI_SCHEMA_CRD_JUDGE_H
#define GWAPI_SCHEMA_CRD_JUDGE_H

#include "base/slice.h"
#include "schema/judgement.h"
#include "schema/registry.h"

/* Steps of the judgement share gwapi__judgement: its input->arena is the document's. */

#define GWAPI__GET(map, name) gwapi__node_get(map, GWAPI__STR(name))

/*
 * An error, with words by gwapi__say; what stands behind a line end in the format is the hint.
 * `value` is what is wrong, its place is shown; NULL: the field.
 */
void gwapi__crd_fault(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *value,
                      gwapi_error_type type, const char *rule, const char *format, ...);

/* "X must …": a complaint about a member's text, unless it is NULL. */
void gwapi__crd_must(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *value,
                     const char *rule, const char *complaint);

/* The frame of a member, which may be missing. */
gwapi__frame gwapi__crd_at(const gwapi__frame *at, const gwapi__node *map, const char *name);
/* The same under the path of `at` and another name. */
gwapi__frame gwapi__crd_renamed(gwapi__judgement *j, const gwapi__frame *real,
                                const gwapi__frame *at, const char *name);
/* Is the member true? It is a bool or missing. */
bool gwapi__crd_flag(const gwapi__node *map, const char *name);
/* Items of a list; 0 of NULL and of anything else. */
uint32_t gwapi__crd_count(const gwapi__node *list);
/* Is it a list or map without members? */
bool gwapi__crd_is_empty(const gwapi__node *node);

/* Which of the texts equals an earlier one? NULL: no memory, or no texts. */
const bool *gwapi__crd_repeats(gwapi__judgement *j, const gwapi_str *texts, uint32_t count);
/* The strings of a list, or those that a member of its items is. NULL: no memory. */
const gwapi_str *gwapi__crd_texts(gwapi__judgement *j, const gwapi__node *list,
                                  const char *member);

/* ---- decoding -------------------------------------------------------------------------- */

/*
 * Reads the tree as Go reads the types of v1: reports values of the wrong type (which end the
 * judgement: j->undecodable) and warns of unknown fields. Leaves what the server keeps: no
 * nulls, no unknown fields, no false and no "" that mean absence.
 */
void gwapi__crd_decode(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *root);

/* ---- all but the schemas --------------------------------------------------------------- */

/* Name, names, group, scope, versions, conversion. */
void gwapi__crd_check(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *root);
/* spec.conversion: the strategy and its webhook. */
void gwapi__crd_check_conversion(gwapi__judgement *j, const gwapi__frame *at,
                                 const gwapi__node *spec);
/* Subresources, columns and selectable fields of the versions, each as one of its own or as what
 * all have in common; whether their schemas are common is told. */
void gwapi__crd_check_versions(gwapi__judgement *j, const gwapi__frame *at,
                               const gwapi__node *spec, bool common_schema);
/* Do all versions have the same? */
bool gwapi__crd_common(gwapi__judgement *j, const gwapi__node *versions, const char *member);

/* ---- a schema -------------------------------------------------------------------------- */

/* The parts of a decoded schema that hold schemas, NULL without one. */
const gwapi__node *gwapi__crd_items(const gwapi__node *schema);
const gwapi__node *gwapi__crd_additional(const gwapi__node *schema);
const gwapi__node *gwapi__crd_properties(const gwapi__node *schema);

/* Has it, at any depth, nothing that keeps the server from reading it as a structural one? */
bool gwapi__crd_is_convertible(const gwapi__node *schema);
/* The rules of structural schemas. */
void gwapi__crd_check_structural(gwapi__judgement *j, const gwapi__frame *at,
                                 const gwapi__node *schema);
/* Defaults: complete, pruned and valid. `compiled` is the schema, loaded. */
void gwapi__crd_check_defaults(gwapi__judgement *j, const gwapi__frame *at,
                               const gwapi__node *schema, const gwapi__schema_node *compiled);

/* What is known of the schemas around one. */
typedef struct gwapi__crd_scope {
    const char *no_defaults; /* why defaults are forbidden, or NULL */
    bool inside_meta;        /* within metadata, apiVersion or kind */
    const gwapi__frame *uncorrelatable; /* the outermost schema whose parts have no old selves */
} gwapi__crd_scope;

/* A rule that costs much of what all may. */
typedef struct gwapi__crd_expense {
    const gwapi__frame *at; /* kept in the arena */
    uint64_t cost;
} gwapi__crd_expense;

#define GWAPI__CRD_EXPENSES 4

/* What the rules of a schema may cost together, as estimated. */
typedef struct gwapi__crd_costs {
    uint64_t total;
    gwapi__crd_expense most[GWAPI__CRD_EXPENSES]; /* the greatest first */
    uint32_t count;
    size_t faults; /* errors found in expressions, which do not count as the schema's */
} gwapi__crd_costs;

/* Everything else that is asked of a schema, and then what its rules say unless `kind` is NULL:
 * the schema, loaded. */
void gwapi__crd_check_schema(gwapi__judgement *j, const gwapi__frame *at,
                             const gwapi__node *schema, const gwapi__kind *kind);

/* Where the values of a schema stand: how often they occur at most. */
typedef struct gwapi__crd_occurrence {
    uint64_t most;
    bool unbounded;
} gwapi__crd_occurrence;

typedef struct gwapi__crd_rules {
    const gwapi__frame *at; /* of the schema */
    const gwapi__node *schema;
    const gwapi__schema_node *compiled;
    gwapi__crd_occurrence occurrence;
    const gwapi__frame *uncorrelatable; /* or NULL */
} gwapi__crd_rules;

/* Compiles the rules of one schema: types, costs, use of oldSelf. */
void gwapi__crd_check_expressions(gwapi__judgement *j, const gwapi__crd_rules *rules,
                                  const gwapi__kind *kind, gwapi__crd_costs *costs);
/* What all of them cost together. */
void gwapi__crd_check_total(gwapi__judgement *j, const gwapi__frame *at,
                            const gwapi__crd_costs *costs);
/* How often values below one of the schema occur. */
gwapi__crd_occurrence gwapi__crd_below(gwapi__crd_occurrence own, const gwapi__node *schema);

/* The form of x-kubernetes-validations. */
void gwapi__crd_check_rules(gwapi__judgement *j, const gwapi__frame *at,
                            const gwapi__node *schema);

/* Follows a path such as .spec.a['b-c'] through a structural schema: the schema it leads to, or
 * NULL with *complaint. `canonical` (may be NULL) receives the path in one spelling; `brackets`
 * tells whether ['name'] is allowed. */
const gwapi__node *gwapi__crd_follow(const gwapi__node *schema, gwapi_str path, bool brackets,
                                     gwapi__text *canonical, const char **complaint);

#endif
