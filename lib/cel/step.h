/*
 * A program: the checked tree once more, laid out for evaluation. What can be known beforehand
 * is: constants are folded, names are slots, fields are found, overloads chosen.
 *
 * Costs are those of cel-go's interpreter (runtimecost.go), with what follows from its plan: a
 * chain of selections costs a unit for each and one for itself, but none for itself as a branch
 * of ?: or as an index; what is folded costs nothing; nor does `in` with a list of constants.
 */
#ifndef GWAPI_CEL_STEP_H
#define GWAPI_CEL_STEP_H

#include <stdatomic.h>
#include "cel/ast.h"
#include "cel/build.h"

typedef struct gwapi__cel_step gwapi__cel_step;

typedef struct gwapi__cel_evaluation {
    gwapi__cel_context *context;
    const gwapi__cel_value *variables;
    gwapi__cel_value *locals; /* variables of comprehensions */
    uint32_t local_count;
} gwapi__cel_evaluation;

typedef void gwapi__cel_run(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                            const gwapi__cel_step *step);

/* The head of every step. */
struct gwapi__cel_step {
    gwapi__cel_run *run;
    bool constant;  /* a gwapi__cel_constant */
    bool attribute; /* a chain of selections from a variable or any other step */
};

typedef struct gwapi__cel_constant {
    gwapi__cel_step head;
    gwapi__cel_value value;
} gwapi__cel_constant;

/* ---- selections ------------------------------------------------------------------------- */

typedef struct gwapi__cel_qualifier {
    const gwapi__cel_field *field; /* .name of an object, statically known; or NULL */
    gwapi__cel_value key;          /* .name, [constant] */
    const gwapi__cel_step *index;  /* [computed], or NULL */
    bool optional;                 /* .?name, [?index] */
    bool test;                     /* has() */
} gwapi__cel_qualifier;

typedef enum gwapi__cel_root {
    GWAPI__CEL_ROOT_VARIABLE = 0,
    GWAPI__CEL_ROOT_LOCAL,
    GWAPI__CEL_ROOT_LAZY, /* a local, computed when first asked for */
    GWAPI__CEL_ROOT_STEP
} gwapi__cel_root;

typedef struct gwapi__cel_attribute {
    gwapi__cel_step head;
    gwapi__cel_root root;
    uint32_t slot;               /* of the variable or local */
    const gwapi__cel_step *step; /* ROOT_STEP; ROOT_LAZY: the initial value */
    bool test;                   /* has(): the answer, not the value */
    bool fields;                 /* nothing but declared fields of a variable or local */
    uint8_t cost;                /* its own */
    uint32_t count;
    gwapi__cel_qualifier qualifiers[];
} gwapi__cel_attribute;

/* What a lazy local holds before it is asked for. */
#define GWAPI__CEL_UNSET UINT8_MAX

/* ---- calls ------------------------------------------------------------------------------ */

/* Any kind of argument will do. */
#define GWAPI__CEL_ANY UINT8_MAX

typedef struct gwapi__cel_call {
    gwapi__cel_step head;
    const gwapi__cel_overload *overload; /* the one that the types gave, or NULL */
    const gwapi__cel_overload *const *candidates; /* what it may be at run time */
    uint32_t candidate_count;
    gwapi__cel_cost *cost;  /* NULL: one unit */
    uint8_t kinds[GWAPI__CEL_MAX_PARAMS]; /* of the overload's parameters */
    bool early;             /* the first error ends it, at no cost */
    uint8_t count;
    const gwapi__cel_step *args[];
} gwapi__cel_call;

typedef struct gwapi__cel_matches {
    gwapi__cel_step head;
    const gwapi__cel_step *text;
    gwapi_str pattern;
    gwapi__cel_cost *cost;
    _Atomic(gwapi__regex *) regex; /* compiled at first use */
    const gwapi_allocator *allocator;
    struct gwapi__cel_matches *next; /* of the program */
} gwapi__cel_matches;

/* Two or more terms of && or || in a row; both sides of == and !=, of or and orValue. */
typedef struct gwapi__cel_terms {
    gwapi__cel_step head;
    uint32_t count;
    const gwapi__cel_step *terms[];
} gwapi__cel_terms;

typedef struct gwapi__cel_choice {
    gwapi__cel_step head;
    const gwapi__cel_step *condition, *then, *otherwise;
    bool test; /* of has() */
} gwapi__cel_choice;

/* `in` a list of constants. */
typedef struct gwapi__cel_member_step {
    gwapi__cel_step head;
    const gwapi__cel_step *arg;
    const gwapi__cel_map *set;
} gwapi__cel_member_step;

/* ---- making ----------------------------------------------------------------------------- */

/* Items; or keys and values in turn. */
typedef struct gwapi__cel_make {
    gwapi__cel_step head;
    const bool *optional; /* by item or entry; NULL: none is */
    uint32_t count;       /* of items or entries */
    const gwapi__cel_step *parts[];
} gwapi__cel_make;

/* ---- comprehensions --------------------------------------------------------------------- */

typedef struct gwapi__cel_fold {
    gwapi__cel_step head;
    const gwapi__cel_step *range;
    uint32_t variable, variable2, accumulator; /* locals */
    bool pairs;                        /* two variables */
    const gwapi__cel_step *predicate;  /* of a macro; NULL: map without a filter */
    const gwapi__cel_step *value;      /* what map and the like make of an item */
    bool value_constant;
    const gwapi__cel_step *result;     /* of a binding */
} gwapi__cel_fold;

/* ---- running ---------------------------------------------------------------------------- */

gwapi__cel_run gwapi__cel_run_constant, gwapi__cel_run_variable, gwapi__cel_run_local,
    gwapi__cel_run_attribute, gwapi__cel_run_field, gwapi__cel_run_has_field,
    gwapi__cel_run_call, gwapi__cel_run_unary, gwapi__cel_run_binary, gwapi__cel_run_not,
    gwapi__cel_run_matches, gwapi__cel_run_and, gwapi__cel_run_or, gwapi__cel_run_choice,
    gwapi__cel_run_equal, gwapi__cel_run_unequal, gwapi__cel_run_equal_text,
    gwapi__cel_run_unequal_text, gwapi__cel_run_member, gwapi__cel_run_list,
    gwapi__cel_run_map, gwapi__cel_run_optional_or, gwapi__cel_run_optional_value;
gwapi__cel_run gwapi__cel_run_all, gwapi__cel_run_exists, gwapi__cel_run_exists_one,
    gwapi__cel_run_map_macro, gwapi__cel_run_filter, gwapi__cel_run_transform_map,
    gwapi__cel_run_transform_entry, gwapi__cel_run_bind;

static inline void gwapi__cel_run_step(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                                       const gwapi__cel_step *step)
{
    step->run(out, e, step);
}

/* Was all that may be used up? */
static inline bool gwapi__cel_exhausted(const gwapi__cel_evaluation *e)
{
    return e->context->cost > e->context->limit || e->context->failed != GWAPI_OK;
}

/* Does the value fit the parameter, as far as it can be told at run time? */
bool gwapi__cel_fits(gwapi__cel_context *context, const gwapi__cel_type *param,
                     const gwapi__cel_value *value);

/* ---- programs --------------------------------------------------------------------------- */

struct gwapi__cel_program {
    gwapi__cel_ast ast;
    gwapi__cel_environment environment;
    const gwapi__cel_step *root;
    uint32_t local_count;
    bool *uses; /* by variable */
    gwapi__cel_matches *matches; /* with a regex each */
    gwapi_allocator allocator;
};

/* Lays the checked tree out. GWAPI_ENOMEM; GWAPI_EINVALID with issues: constants that can not be
 * converted, patterns that are no regular expressions. */
gwapi_result gwapi__cel_plan(gwapi__cel_program *program, gwapi__arena *arena,
                             gwapi__cel_issues *issues);

#endif
