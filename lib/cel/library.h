/*
 * Functions that expressions may call: tables of overloads, one table per library. A table is
 * constant data; a library's file declares its table here and nothing else.
 */
#ifndef GWAPI_CEL_LIBRARY_H
#define GWAPI_CEL_LIBRARY_H

#include "cel/cel.h"

/* Takes evaluated arguments (the receiver first), none of them an error. */
typedef gwapi__cel_value gwapi__cel_function(gwapi__cel_context *context,
                                             const gwapi__cel_value *args, uint32_t count);
/* What the call cost, once its result is known. */
typedef uint64_t gwapi__cel_cost(const gwapi__cel_value *args, uint32_t count,
                                 const gwapi__cel_value *result);

/* What the estimate knows of an argument. */
typedef struct gwapi__cel_sized {
    gwapi__cel_range size;        /* 0 to UNBOUNDED if nothing is known */
    const gwapi__cel_type *type;
    bool known;                   /* the size was computed or declared */
    gwapi__cel_range element;     /* of its elements if declared; else as `size` */
    bool literal;                 /* a constant: */
    gwapi_str text;               /* its value if a string */
    int64_t integer;              /* … if an int */
} gwapi__cel_sized;

typedef struct gwapi__cel_guess {
    gwapi__cel_range cost;
    gwapi__cel_range size; /* of the result */
    bool sized;
} gwapi__cel_guess;

/* Foresees a call's cost; false: one unit, as for every call without an estimate. */
typedef bool gwapi__cel_estimate(const gwapi__cel_sized *args, uint32_t count,
                                 gwapi__cel_guess *out);

#define GWAPI__CEL_MAX_PARAMS 4

typedef struct gwapi__cel_overload {
    const char *function; /* "_+_", "size", "ip.isCanonical" */
    const char *id;       /* as cel-go and Kubernetes name the overload */
    const gwapi__cel_type *result;
    const gwapi__cel_type *params[GWAPI__CEL_MAX_PARAMS]; /* the receiver first */
    uint8_t count;
    bool member;   /* written receiver.function(…) */
    uint8_t since; /* Kubernetes minor that has it first; 0: always */
    uint8_t until; /* … and the first without it; 0: none */
    gwapi__cel_function *call; /* NULL: the evaluator's own */
    gwapi__cel_cost *cost;     /* NULL: one unit */
    gwapi__cel_estimate *estimate;
} gwapi__cel_overload;

/* Overloads of one function stand together, the functions in byte order of their names. */
typedef struct gwapi__cel_library {
    const gwapi__cel_overload *overloads;
    size_t count;
} gwapi__cel_library;

extern const gwapi__cel_library gwapi__cel_standard, gwapi__cel_time, gwapi__cel_optionals,
    gwapi__cel_strings, gwapi__cel_lists, gwapi__cel_maps, gwapi__cel_sets,
    gwapi__cel_regexes, gwapi__cel_urls, gwapi__cel_ips, gwapi__cel_cidrs,
    gwapi__cel_quantities, gwapi__cel_semvers, gwapi__cel_formats;

/* All of them; NULL-terminated. */
extern const gwapi__cel_library *const gwapi__cel_libraries[];

/* The opaque types, for signatures. */
extern const gwapi__cel_type gwapi__cel_url, gwapi__cel_ip, gwapi__cel_cidr,
    gwapi__cel_quantity, gwapi__cel_semver, gwapi__cel_format;

/* Calls visit(ctx, overload) for each overload of the function (member or not) that Kubernetes
 * 1.minor has, in order; stops when it returns false. */
void gwapi__cel_overloads_of(gwapi_str function, uint32_t minor,
                             bool (*visit)(void *ctx, const gwapi__cel_overload *overload),
                             void *ctx);

/* Does Kubernetes 1.minor have it? */
bool gwapi__cel_overload_exists(const gwapi__cel_overload *overload, uint32_t minor);

/* The type that is a value under this name ("int", "google.protobuf.Duration"); NULL: none. */
const gwapi__cel_type *gwapi__cel_type_named(gwapi_str name, uint32_t minor);

/* Does the function itself tell what it does not take (sort, flatten)? Then values need not fit
 * the parameters, and a call that the checker left several overloads costs one unit. */
bool gwapi__cel_is_loose(const gwapi__cel_overload *overload);

/* Compiles a pattern (RE2), or finds it among those kept; an error value says why not. For
 * library functions that take one. The regex is released with the context. */
gwapi__cel_value gwapi__cel_regex_of(gwapi__cel_context *context, gwapi_str pattern,
                                     const gwapi__regex **out);
/* Room for matching with the regex; NULL: no memory (remembered in the context). */
gwapi__regex_scratch *gwapi__cel_regex_scratch(gwapi__cel_context *context,
                                               const gwapi__regex *regex);

/* ---- bounds ----------------------------------------------------------------------------- */

/* What one evaluation may make that no cost stands for, in bytes. The server has no such bound;
 * it would need more memory than it has. */
#define GWAPI__CEL_MAX_MADE (UINT64_C(256) << 20)

/* May a call that costs as much still be paid? A function whose work grows faster than its
 * arguments asks first, and returns gwapi__cel_spent if not: the cost would end the evaluation
 * behind the call anyway. */
bool gwapi__cel_affords(const gwapi__cel_context *context, uint64_t cost);
/* Counts bytes about to be made; false: above GWAPI__CEL_MAX_MADE, return gwapi__cel_spent. */
bool gwapi__cel_makes(gwapi__cel_context *context, uint64_t bytes);
/* An error; the cost is above the limit from now on. */
gwapi__cel_value gwapi__cel_spent(gwapi__cel_context *context);

/* ---- costs that several libraries share ------------------------------------------------ */

/* Walking the first argument once: a tenth of its size. The result is as large. */
gwapi__cel_cost gwapi__cel_cost_walk;
gwapi__cel_estimate gwapi__cel_estimate_walk;
/* The same; of the result nothing is known. */
gwapi__cel_estimate gwapi__cel_estimate_parse;

gwapi__cel_range gwapi__cel_range_add(gwapi__cel_range a, gwapi__cel_range b);
gwapi__cel_range gwapi__cel_range_times(gwapi__cel_range a, gwapi__cel_range b);
/* From the lesser minimum to the greater maximum. */
gwapi__cel_range gwapi__cel_range_union(gwapi__cel_range a, gwapi__cel_range b);
/* By a factor; rounded up, saturating. */
gwapi__cel_range gwapi__cel_range_scale(gwapi__cel_range a, double factor);

#endif
