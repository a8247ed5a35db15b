/* The parts of the estimate: what is known of each expression, and what a call costs. */
#ifndef GWAPI_CEL_ESTIMATE_H
#define GWAPI_CEL_ESTIMATE_H

#include "cel/ast.h"

/*
 * Where a value comes from: a variable, then names of fields and "@items", "@keys", "@values",
 * "@indices". The server keeps it as a Go slice, and two paths that grew from one may share the
 * memory behind it: the later one then changes the earlier. Its estimates depend on that, hence
 * so do ours: append as Go does.
 */
typedef struct gwapi__cel_path {
    gwapi_str *names;
    uint32_t length, capacity;
} gwapi__cel_path;

/* Sizes of what is in a list or map that an expression makes. */
typedef struct gwapi__cel_inside {
    gwapi__cel_kind container; /* LIST or MAP; ERROR: nothing is known */
    gwapi__cel_range key, value;
} gwapi__cel_inside;

typedef struct gwapi__cel_size {
    gwapi__cel_range range;
    bool known;
} gwapi__cel_size;

/* What is known of one expression. */
typedef struct gwapi__cel_facts {
    gwapi__cel_path path;
    gwapi__cel_size size;
    gwapi__cel_inside inside;
} gwapi__cel_facts;

/* One argument of a call. */
typedef struct gwapi__cel_operand {
    const gwapi__cel_expr *expr;
    gwapi__cel_path path;
    gwapi__cel_size size;
    gwapi__cel_inside inside;
    gwapi__cel_range cost;
} gwapi__cel_operand;

typedef struct gwapi__cel_call_site {
    gwapi__cel_operand args[GWAPI__CEL_MAX_PARAMS]; /* without the receiver */
    uint32_t count;
    gwapi__cel_operand target; /* expr NULL: a global call */
    gwapi__cel_sized sized[GWAPI__CEL_MAX_PARAMS]; /* the receiver first, for libraries */
    uint32_t sized_count;
} gwapi__cel_call_site;

/* Cost of one overload with its arguments (not the receiver), and what is known of the result. */
typedef struct gwapi__cel_call_guess {
    gwapi__cel_range cost;
    gwapi__cel_size size;
    gwapi__cel_inside inside;
} gwapi__cel_call_guess;

#define GWAPI__CEL_UNKNOWN ((gwapi__cel_range){0, GWAPI__CEL_UNBOUNDED})

static inline gwapi__cel_range gwapi__cel_fixed(uint64_t n)
{
    return (gwapi__cel_range){n, n};
}

static inline gwapi__cel_range gwapi__cel_size_or_unknown(gwapi__cel_size size)
{
    return size.known ? size.range : GWAPI__CEL_UNKNOWN;
}

/* NULL overload: one that costs a unit. */
void gwapi__cel_guess_call(gwapi__cel_call_guess *out, const gwapi__cel_call_site *site,
                           const gwapi__cel_overload *overload);

#endif
