#include "doc/alias_budget.h"

#include "base/slice.h"

/* The server refuses a document when aliases have more than this share of its steps: all but
 * one in a hundred up to 400,000 steps, a tenth from 4,000,000 on, and evenly in between. */
#define FEW_STEPS  400000
#define MANY_STEPS 4000000
#define FEW_SHARE  0.99
#define MANY_SHARE 0.10

static bool is_excessive(uint64_t steps, uint64_t alias_steps)
{
    double share = FEW_SHARE;

    if (alias_steps <= 100 || steps <= 1000)
        return false;
    if (steps >= MANY_STEPS)
        share = MANY_SHARE;
    else if (steps > FEW_STEPS)
        share -=
            (FEW_SHARE - MANY_SHARE) * (double)(steps - FEW_STEPS) / (MANY_STEPS - FEW_STEPS);
    return (double)alias_steps / (double)steps > share;
}

gwapi_result gwapi__alias_budget_check(gwapi__alias_budget *budget, gwapi__place place)
{
    uint32_t limit = budget->limits->alias_nodes;

    if (budget->alias_steps > limit)
        return gwapi__problems_limit(budget->problems, "doc/aliases", place,
                                     "aliases (*) repeat too many values", "alias_nodes",
                                     limit);
    if (!is_excessive(budget->steps, budget->alias_steps))
        return GWAPI_OK;
    return gwapi__problems_add(
        budget->problems,
        &(gwapi__doc_problem){
            .type = GWAPI_ERROR_LIMIT,
            .rule = GWAPI__STR("doc/aliases"),
            .place = place,
            .message = GWAPI__STR("nearly all of the document comes from aliases (*); the API "
                                  "server refuses that"),
            .hint = GWAPI__STR("write the values out")});
}
