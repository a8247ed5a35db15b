/*
 * The Common Expression Language as Kubernetes offers it: text is parsed, checked against an
 * environment of typed variables, and evaluated over values and document trees at a counted
 * cost. The room knows nothing of schemas or of Gateway API.
 *
 * Semantics: github.com/google/cel-spec, google/cel-go v0.26 (overloads, checker, costs) and
 * k8s.io/apiserver v0.34 pkg/cel (environment, libraries, values over trees, limits).
 */
#ifndef GWAPI_CEL_CEL_H
#define GWAPI_CEL_CEL_H

#include "base/arena.h"
#include "base/text.h"
#include "cel/type.h"
#include "cel/value.h"
#include "regex/regex.h"

/* A checked expression, ready to be evaluated. Immutable but for regexes compiled at first use
 * (published by compare-and-swap): any number of threads may evaluate it. It lives in the arena
 * it was compiled into; gwapi__cel_program_release gives back what does not. */
typedef struct gwapi__cel_program gwapi__cel_program;

typedef struct gwapi__cel_variable {
    gwapi_str name;
    const gwapi__cel_type *type;
} gwapi__cel_variable;

/* What an expression may use. A plain value: making one costs nothing. */
typedef struct gwapi__cel_environment {
    uint32_t minor; /* Kubernetes 1.minor: which libraries and macros exist */
    const gwapi__cel_variable *variables; /* evaluation takes their values in this order */
    uint32_t variable_count;
    gwapi_str container; /* of qualified names, as in cel-spec; absent in Kubernetes */
} gwapi__cel_environment;

/* What is wrong with an expression, in the order found. Bytes of the expression are named. */
typedef struct gwapi__cel_issue {
    gwapi_str message;
    uint32_t offset, length;
    const struct gwapi__cel_issue *next;
} gwapi__cel_issue;

/* Writes the message, the line of the expression it is about, and a caret with marks below. */
void gwapi__cel_issue_write(gwapi__text *out, gwapi_str text, const gwapi__cel_issue *issue);

/* Longest expression in code points and deepest nesting, as in cel-go. */
#define GWAPI__CEL_MAX_CODE_POINTS 100000u
#define GWAPI__CEL_MAX_DEPTH 250u
/* Nodes of a tree. No text of that length needs more, but for macros that repeat their target
 * (optMap), which cel-go lets grow without bound. */
#define GWAPI__CEL_MAX_EXPRS 200000u

/* Cost units: of one evaluation, of all rules of one object, of a static estimate. */
#define GWAPI__CEL_CALL_LIMIT UINT64_C(1000000)
#define GWAPI__CEL_OBJECT_LIMIT UINT64_C(10000000)

/*
 * Parses and checks. Everything that lives on goes into `arena`; the text is not kept.
 * GWAPI_EINVALID with *issues (in the arena, at least one), GWAPI_ENOMEM.
 */
gwapi_result gwapi__cel_compile(const gwapi__cel_program **out, gwapi__arena *arena,
                                const gwapi__cel_environment *environment, gwapi_str text,
                                const gwapi__cel_issue **issues);
/* Releases the regexes of the program; NULL is fine. The arena frees the rest. */
void gwapi__cel_program_release(const gwapi__cel_program *program);

/* The checked type of the whole expression. */
const gwapi__cel_type *gwapi__cel_program_type(const gwapi__cel_program *program);
/* Does the expression use the i-th variable of its environment? */
bool gwapi__cel_program_uses(const gwapi__cel_program *program, uint32_t variable);

/* Least and most that an evaluation can cost, from the declared sizes of the variables
 * (type.h, max_elements), as the server estimates when a CRD is created. Temporary memory
 * comes from the arena. GWAPI_ENOMEM. */
gwapi_result gwapi__cel_estimate_cost(gwapi__cel_range *out, const gwapi__cel_program *program,
                                      gwapi__arena *arena);

/* One thread's evaluation: where values go and what it may cost. */
typedef struct gwapi__cel_context {
    gwapi__arena *arena;      /* values made while evaluating; the caller rewinds it */
    const gwapi_allocator *allocator; /* of regexes whose pattern is no literal, and of scratch */
    uint64_t limit;           /* cost units that this evaluation may use */
    uint64_t cost;            /* used so far; set to 0 by gwapi__cel_eval */
    uint64_t made;            /* bytes beside the cost (library.h); set to 0 likewise */
    gwapi_result failed;      /* GWAPI_ENOMEM once memory ran out: the value means nothing */
    void *scratch;            /* of regexes; grown on demand, kept between evaluations */
    size_t scratch_size;
    void *regexes;            /* compiled for patterns that are no literals; kept, too */
    void *indexes;            /* of large maps of trees; for one evaluation */
} gwapi__cel_context;

/* Initializes with both limits at their defaults. Allocates nothing. */
void gwapi__cel_context_init(gwapi__cel_context *context, gwapi__arena *arena,
                             const gwapi_allocator *allocator);
void gwapi__cel_context_free(gwapi__cel_context *context);

/*
 * Evaluates with the values of the environment's variables. A run-time error is a value of kind
 * ERROR, a spent limit too (context->cost then exceeds context->limit). GWAPI_ENOMEM only.
 * The value may point into the arena, the program, the variables and their trees.
 */
gwapi_result gwapi__cel_eval(gwapi__cel_value *out, const gwapi__cel_program *program,
                             const gwapi__cel_value *variables, gwapi__cel_context *context);

#endif
