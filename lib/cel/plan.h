/* Making steps of expressions; what the parts of the planner share. */
#ifndef GWAPI_CEL_PLAN_H
#define GWAPI_CEL_PLAN_H

#include "cel/step.h"

typedef struct gwapi__cel_planner {
    gwapi__arena *arena;
    gwapi__cel_program *program;
    gwapi__cel_issues *issues;
    bool refused;                  /* there is an issue */
    gwapi_result failed;
    const gwapi__cel_step **lazies; /* by local: the initial value of an open binding, or NULL */
    gwapi__cel_context folding;    /* computes what is constant */
} gwapi__cel_planner;

/* All return NULL once memory ran out (p->failed) or an issue was found (p->refused). */

const gwapi__cel_step *gwapi__cel_plan_expr(gwapi__cel_planner *p, const gwapi__cel_expr *e);
/* The same where a chain of selections costs nothing for itself: in a branch of ?:, as index. */
const gwapi__cel_step *gwapi__cel_plan_bare(gwapi__cel_planner *p, const gwapi__cel_expr *e);
const gwapi__cel_step *gwapi__cel_plan_attribute(gwapi__cel_planner *p, const gwapi__cel_expr *e,
                                                 bool bare);
const gwapi__cel_step *gwapi__cel_plan_call(gwapi__cel_planner *p, const gwapi__cel_expr *e);
const gwapi__cel_step *gwapi__cel_plan_fold(gwapi__cel_planner *p, const gwapi__cel_expr *e);

/* Is the expression a chain of selections? */
bool gwapi__cel_is_attribute(const gwapi__cel_expr *e);
bool gwapi__cel_calls(const gwapi__cel_expr *e, const char *function);

/* A zeroed step of `size` bytes. */
void *gwapi__cel_new_step(gwapi__cel_planner *p, size_t size, gwapi__cel_run *run);
const gwapi__cel_step *gwapi__cel_new_constant(gwapi__cel_planner *p, gwapi__cel_value value);
/* The value of a step that needs no variables, as a constant. */
const gwapi__cel_step *gwapi__cel_fold_step(gwapi__cel_planner *p, const gwapi__cel_step *step);
/* Tells what is wrong with the expression; always NULL. */
const gwapi__cel_step *gwapi__cel_plan_issue(gwapi__cel_planner *p, const gwapi__cel_expr *e,
                                             gwapi_str message);

#endif
