/* The working state of one gwapi_lint, and how its parts tell what they find. */
#ifndef GWAPI_LINT_LINTER_H
#define GWAPI_LINT_LINTER_H

#include <gatewayapi/lint.h>
#include "base/arena.h"
#include "base/map.h"
#include "base/result.h"
#include "base/slice.h"
#include "model/store.h"
#include "resolve/message.h"
#include "resolve/record.h"
#include "resolve/status.h"

/* A place in an object: "spec.rules[0].backendRefs[1].name". */
enum { GWAPI__LINT_STEPS = 12 };
typedef struct gwapi__lint_path {
    struct {
        const char *name; /* NULL: an index */
        size_t index;
    } steps[GWAPI__LINT_STEPS];
    size_t count;
} gwapi__lint_path;

gwapi__lint_path gwapi__lint_root(const char *name);
/* The path with a member, or an item, behind it. */
gwapi__lint_path gwapi__lint_member(gwapi__lint_path path, const char *name);
gwapi__lint_path gwapi__lint_item(gwapi__lint_path path, const char *list, size_t index);

typedef struct gwapi__lint_finding {
    uint32_t object; /* in the order of the set */
    gwapi_diagnostic diagnostic;
} gwapi__lint_finding;

typedef struct gwapi__linter {
    const gwapi_resources *set;
    const gwapi_resolve_options *options;
    gwapi_report *report;
    gwapi_topology *topology;
    gwapi__recorder recorder;
    gwapi__arena arena;
    gwapi__index order;     /* identity → place of the object in the set */
    gwapi__index documents; /* identity → its document in the report */
    gwapi__vector findings; /* of gwapi__lint_finding */
} gwapi__linter;

/* What is told beside the place and the message. */
typedef struct gwapi__lint_rule {
    const char *id;
    gwapi_severity severity;
    const char *hint; /* NULL: none */
} gwapi__lint_rule;

/* Adds a finding; `format` as of gwapi__message. GWAPI_ENOMEM. */
gwapi_result gwapi__lint_add(gwapi__linter *l, const gwapi__resource *resource,
                             const gwapi__lint_rule *rule, const gwapi__lint_path *path,
                             gwapi_str message);
#define GWAPI__LINT(l, resource, rule, path, ...)                                              \
    do {                                                                                       \
        gwapi_str gwapi__said;                                                                 \
        gwapi__lint_path gwapi__at = (path);                                                   \
        GWAPI__TRY(gwapi__message(&gwapi__said, &(l)->arena, __VA_ARGS__));                    \
        GWAPI__TRY(gwapi__lint_add((l), (resource), (rule), &gwapi__at, gwapi__said));         \
    } while (0)

gwapi__identity gwapi__lint_identity(const gwapi__resource *resource);
/* The object of the set; NULL without one. */
const gwapi__resource *gwapi__lint_find(const gwapi__linter *l, const gwapi__identity *key);

/* Equal texts for matches of one kind that take the same requests (rules.c); a match of NULL is
 * that of a rule without matches. GWAPI_ENOMEM. */
gwapi_result gwapi__lint_match_key(gwapi__linter *l, const gwapi__route_match *match,
                                   gwapi_str *out);

/* The parts. Each GWAPI_ENOMEM. */
gwapi_result gwapi__lint_parents(gwapi__linter *l);  /* parents.c */
gwapi_result gwapi__lint_backends(gwapi__linter *l); /* rules.c */
gwapi_result gwapi__lint_rules(gwapi__linter *l);
gwapi_result gwapi__lint_ties(gwapi__linter *l);     /* ties.c */
gwapi_result gwapi__lint_gateways(gwapi__linter *l); /* gateways.c */
gwapi_result gwapi__lint_targets(gwapi__linter *l);  /* policies.c */
gwapi_result gwapi__lint_grants(gwapi__linter *l);   /* grants.c */

#endif
