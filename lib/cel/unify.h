/*
 * Types under way: type parameters stand for types that become known while an expression is
 * checked. Work is counted, since types can be built whose size doubles with every step; what a
 * person writes stays far below the limits.
 */
#ifndef GWAPI_CEL_UNIFY_H
#define GWAPI_CEL_UNIFY_H

#include "base/vector.h"
#include "cel/library.h"

typedef struct gwapi__cel_unifier {
    gwapi__arena *arena;   /* of types under way */
    gwapi__vector trail;   /* bindings to be undone should the assignment fail */
    uint64_t steps;        /* so far */
    uint32_t depth;        /* of the recursion */
    gwapi_result failed;   /* GWAPI_ENOMEM or GWAPI_ELIMIT: no answer counts any more */
} gwapi__cel_unifier;

void gwapi__cel_unifier_init(gwapi__cel_unifier *u, gwapi__arena *arena);
void gwapi__cel_unifier_free(gwapi__cel_unifier *u);

/* Functions that give a type give the error type once the unifier failed. */

/* A parameter that nothing is known of yet. */
const gwapi__cel_type *gwapi__cel_fresh(gwapi__cel_unifier *u);
/* A list, map, optional or type of one or two (second: NULL) parameters. */
const gwapi__cel_type *gwapi__cel_compose(gwapi__cel_unifier *u, gwapi__cel_kind kind,
                                          const gwapi__cel_type *first,
                                          const gwapi__cel_type *second);

/* Can values of `from` stand where `to` is expected? Binds parameters of both if so. */
bool gwapi__cel_assignable(gwapi__cel_unifier *u, const gwapi__cel_type *from,
                           const gwapi__cel_type *to);
/* The same for all pairs at once. */
bool gwapi__cel_all_assignable(gwapi__cel_unifier *u, const gwapi__cel_type *const *from,
                               const gwapi__cel_type *const *to, uint32_t count);
/* The less specific of two types of which one is assignable to the other. */
const gwapi__cel_type *gwapi__cel_general(gwapi__cel_unifier *u, const gwapi__cel_type *a,
                                          const gwapi__cel_type *b);
/* The type with what its parameters are bound to; `close`: those unbound become dyn. */
const gwapi__cel_type *gwapi__cel_substitute(gwapi__cel_unifier *u, const gwapi__cel_type *type,
                                             bool close);
/* The same type? Parameters by identity, a wrapper is what it wraps. */
bool gwapi__cel_exactly(gwapi__cel_unifier *u, const gwapi__cel_type *a,
                        const gwapi__cel_type *b);

/* Signature of an overload with parameters of its own. */
typedef struct gwapi__cel_signature {
    const gwapi__cel_type *params[GWAPI__CEL_MAX_PARAMS];
    const gwapi__cel_type *result;
} gwapi__cel_signature;
void gwapi__cel_instantiate(gwapi__cel_signature *out, gwapi__cel_unifier *u,
                            const gwapi__cel_overload *overload);

/* The primitive that a wrapper wraps, else the type itself. */
static inline const gwapi__cel_type *gwapi__cel_unwrapped(const gwapi__cel_type *type)
{
    return type->kind == GWAPI__CEL_WRAPPER ? type->params[0] : type;
}

#endif
