/* What the parts that draw tables and requests share. */
#ifndef GWAPI_TESTS_MATCH_DRAWN_PARTS_H
#define GWAPI_TESTS_MATCH_DRAWN_PARTS_H

#include <stdbool.h>
#include "match/drawn.h"

#define COUNT(list)  (sizeof(list) / sizeof *(list))
#define ONE_OF(list) ((list)[below(COUNT(list))])

uint64_t drawn_next(void);

static inline uint32_t below(size_t bound)
{
    return (uint32_t)((drawn_next() >> 32) * bound >> 32);
}

/* One time in so many. */
static inline bool rarely(uint32_t many)
{
    return below(many) == 0;
}

/* Adds to the table's text. */
void drawn_put(drawn_table *t, const char *format, ...);
#define put drawn_put

/* Header modifiers of a list of filters, each one time in `many`; *any: the list has begun. */
void drawn_modifiers(drawn_table *t, const char *indent, bool *any, uint32_t many);
void drawn_backends(drawn_table *t, bool grpc);
/* All that a rule of an HTTPRoute does. `prefix`: it has one match, by prefix. */
void drawn_effects(drawn_table *t, bool prefix);
/* XBackendTrafficPolicies for the Services. */
void drawn_policies(drawn_table *t);

#endif
