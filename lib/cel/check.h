/* The checker's parts: names, expressions, calls; what it makes of types stands in unify.h. */
#ifndef GWAPI_CEL_CHECK_H
#define GWAPI_CEL_CHECK_H

#include "base/text.h"
#include "cel/ast.h"
#include "cel/unify.h"

/* A variable of a comprehension in scope. */
typedef struct gwapi__cel_local {
    gwapi_str name;
    const gwapi__cel_type *type;
    uint32_t slot;
    const struct gwapi__cel_local *outer;
} gwapi__cel_local;

typedef struct gwapi__cel_checker {
    gwapi__arena *arena;  /* of what stays */
    gwapi__arena scratch; /* of types under way and texts for issues */
    const gwapi__cel_environment *environment;
    gwapi__cel_issues *issues;
    gwapi__cel_unifier unifier;
    const gwapi__cel_local *locals; /* innermost first */
    uint32_t slots;                 /* used at this place */
    uint32_t slot_count;            /* most that were used at once */
    gwapi__text qualified;          /* a.b.c of a chain of selections */
    gwapi__text candidate;          /* container.a.b.c */
    gwapi__vector found;            /* const gwapi__cel_overload *: matches of a call */
} gwapi__cel_checker;

/* What a name stands for. */
typedef struct gwapi__cel_meaning {
    const gwapi__cel_type *type;    /* of the expression */
    const gwapi__cel_type *denoted; /* the name is a type's; else NULL */
    uint32_t slot;
} gwapi__cel_meaning;

/* ---- names.c ---------------------------------------------------------------------------- */

/* Finds a variable or type, from the innermost scope and container outwards. */
bool gwapi__cel_meaning_of(gwapi__cel_meaning *out, gwapi__cel_checker *c, gwapi_str name);
/* The function's name as the libraries spell it; absent: there is none. */
gwapi_str gwapi__cel_function_named(gwapi__cel_checker *c, gwapi_str name);
/* A chain of selections as one name, until the next call; absent if it is none. */
gwapi_str gwapi__cel_qualified(gwapi__cel_checker *c, const gwapi__cel_expr *e);

void gwapi__cel_unknown_name(gwapi__cel_checker *c, const gwapi__cel_expr *e, gwapi_str name);
void gwapi__cel_unknown_function(gwapi__cel_checker *c, const gwapi__cel_expr *e,
                                 gwapi_str name);
void gwapi__cel_unknown_field(gwapi__cel_checker *c, const gwapi__cel_expr *e,
                              const gwapi__cel_type *type, gwapi_str name);

/* ---- check_call.c ----------------------------------------------------------------------- */

/* Arguments and target are checked already (not a target that is part of the name). */
void gwapi__cel_check_call(gwapi__cel_checker *c, gwapi__cel_expr *e);

/* ---- check.c ---------------------------------------------------------------------------- */

void gwapi__cel_check_expr(gwapi__cel_checker *c, gwapi__cel_expr *e);
/* The type of operand.field, which is checked here; NULL: an issue was told. */
const gwapi__cel_type *gwapi__cel_check_select(gwapi__cel_checker *c, gwapi__cel_expr *e,
                                               gwapi__cel_expr *operand, gwapi_str field,
                                               bool optional);

/* Adds an issue about an expression; want of memory is remembered. */
#define GWAPI__CEL_COMPLAIN(c, e, ...)                                                        \
    gwapi__cel_remember((c), gwapi__cel_issue_add((c)->arena, (c)->issues, (e)->offset,       \
                                                  (e)->length, __VA_ARGS__))
void gwapi__cel_remember(gwapi__cel_checker *c, bool had_memory);
/* The type for a person; lives in the scratch. */
gwapi_str gwapi__cel_spell(gwapi__cel_checker *c, const gwapi__cel_type *type);

/* ---- check_format.c --------------------------------------------------------------------- */

/* Checks a call of format() if text and arguments are literals. False: no memory. */
bool gwapi__cel_check_format(gwapi__arena *arena, gwapi__cel_issues *issues,
                             const gwapi__cel_expr *e);

/* ---- check_literals.c ------------------------------------------------------------------------- */

/* Refuses literals that are wrong wherever they are used. The tree has its types. */
gwapi_result gwapi__cel_check_literals(const gwapi__cel_ast *ast, gwapi__arena *arena,
                                       const gwapi__cel_environment *environment,
                                       gwapi__cel_issues *issues);

#endif
