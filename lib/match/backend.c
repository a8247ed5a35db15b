#include "base/hash.h"
#include "base/result.h"
#include "match/decision.h"
#include "match/rule.h"

#define RANDOM_BITS 53

/* floor(a * b / 2^53) without 128-bit types: both halves of b in turn. a < 2^53, b < 2^32. */
static uint64_t scale(uint64_t a, uint64_t b)
{
    uint64_t low = (a & 0xffffffffu) * b, high = (a >> 32) * b;

    high += low >> 32;
    return high >> (RANDOM_BITS - 32);
}

bool gwapi__mirror_drawn(uint64_t random, uint64_t k, uint32_t numerator, uint32_t denominator)
{
    uint64_t m = gwapi__mix64(random + k * UINT64_C(0x9e3779b97f4a7c15)) >> 11;

    /* m * denominator < numerator * 2^53, for whole numbers: floor(m * d / 2^53) < numerator. */
    return scale(m, denominator) < numerator;
}

/* The first backendRef whose running sum of weights exceeds the share that was drawn. */
static uint32_t draw(const gwapi_decision *decision, uint64_t random)
{
    const gwapi__image_rule *rule = gwapi__decision_rule(decision);
    uint64_t total = 0, sum = 0;

    for (uint32_t i = 0; i < rule->backends.count; i++)
        total += gwapi__decision_backend(decision, i)->weight;
    if (total == 0 || total > UINT32_MAX)
        return GWAPI_NONE;
    uint64_t share = scale(random, total);
    /* share < total: some sum exceeds it. */
    for (uint32_t i = 0;; i++) {
        sum += gwapi__decision_backend(decision, i)->weight;
        if (sum > share)
            return i;
    }
}

gwapi_result gwapi_decision_pick_backend(gwapi_decision *decision, const gwapi_request *request,
                                         uint64_t random, uint32_t *index)
{
    gwapi_request r;

    if (!gwapi__decision_usable(decision) || random >> RANDOM_BITS != 0)
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__request_in(&r, request));
    if (index != NULL)
        *index = GWAPI_NONE;
    decision->random = random;
    decision->flags |= GWAPI_DECISION_RANDOM;
    bool drawn = decision->outcome == GWAPI_OUTCOME_FORWARD ||
                 decision->outcome == GWAPI_OUTCOME_REJECT ||
                 (decision->outcome == GWAPI_OUTCOME_RESPOND &&
                  decision->reason == GWAPI_REASON_INVALID_BACKEND);
    if (!drawn)
        return GWAPI_OK;
    if (gwapi__decision_unrouted(decision)) {
        decision->chosen = 0;
    } else if (gwapi__decision_rule(decision) != NULL) {
        decision->chosen = draw(decision, random);
        if (decision->chosen != GWAPI_NONE)
            gwapi__decision_settle_backend(decision, &r);
    }
    if (index != NULL)
        *index = decision->chosen;
    return GWAPI_OK;
}
