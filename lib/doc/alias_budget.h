/* How much of a document may come from aliases: the API server's rule, and a limit of ours. */
#ifndef GWAPI_DOC_ALIAS_BUDGET_H
#define GWAPI_DOC_ALIAS_BUDGET_H

#include "doc/problem.h"

typedef struct gwapi__alias_budget {
    const gwapi_limits *limits;
    gwapi__problems *problems;
    uint64_t steps;       /* values and keys, as the server's reader counts them; … */
    uint64_t alias_steps; /* … those among them that stand where an alias was */
} gwapi__alias_budget;

/* Judges what was counted. GWAPI_EUNREADABLE after a problem was added, GWAPI_ENOMEM. */
gwapi_result gwapi__alias_budget_check(gwapi__alias_budget *budget, gwapi__place place);

/* Counts steps, of which so many come from aliases; fails as gwapi__alias_budget_check when that
 * is too much. */
static inline gwapi_result gwapi__alias_budget_spend(gwapi__alias_budget *budget,
                                                     uint64_t steps, uint64_t alias_steps,
                                                     gwapi__place place)
{
    budget->steps += steps;
    budget->alias_steps += alias_steps;
    return budget->alias_steps == 0 ? GWAPI_OK : gwapi__alias_budget_check(budget, place);
}

#endif
