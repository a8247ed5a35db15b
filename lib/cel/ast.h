/*
 * The syntax tree of an expression. The parser makes it with all macros expanded, the checker
 * fills in what stands under "checked", the evaluator reads it. It lives in an arena.
 */
#ifndef GWAPI_CEL_AST_H
#define GWAPI_CEL_AST_H

#include "cel/library.h"

typedef enum gwapi__cel_form {
    GWAPI__CEL_CONST = 0,
    GWAPI__CEL_IDENT,
    GWAPI__CEL_SELECT,
    GWAPI__CEL_CALL,
    GWAPI__CEL_LIST_EXPR,
    GWAPI__CEL_MAP_EXPR,
    GWAPI__CEL_STRUCT_EXPR,
    GWAPI__CEL_COMPREHENSION,
    GWAPI__CEL_BAD /* stands where parsing failed; only beside an issue */
} gwapi__cel_form;

typedef struct gwapi__cel_expr gwapi__cel_expr;

/* Which macro a comprehension came from: the evaluator may take a shorter way to the same. */
typedef enum gwapi__cel_macro {
    GWAPI__CEL_NO_MACRO = 0,
    GWAPI__CEL_ALL,
    GWAPI__CEL_EXISTS,
    GWAPI__CEL_EXISTS_ONE,
    GWAPI__CEL_MAP_MACRO,   /* map, with or without a filter */
    GWAPI__CEL_FILTER,
    GWAPI__CEL_TRANSFORM_LIST,
    GWAPI__CEL_TRANSFORM_MAP,
    GWAPI__CEL_TRANSFORM_MAP_ENTRY,
    GWAPI__CEL_BIND /* one variable, the accumulator, is `init` in `result` */
} gwapi__cel_macro;

typedef struct gwapi__cel_pair {
    gwapi__cel_expr *key, *value; /* MAP_EXPR */
    gwapi_str field;              /* STRUCT_EXPR, with `value` */
    uint32_t offset;
    bool optional;                /* ?key: value */
} gwapi__cel_pair;

struct gwapi__cel_expr {
    gwapi__cel_form form;
    uint32_t id;             /* from 1, unique in the tree */
    /* The bytes of the text that an issue about the expression names: an operator's sign, the
     * name of a field, function or macro, all of a literal, list, map or index. */
    uint32_t offset, length;
    union {
        gwapi__cel_value constant;
        struct {
            gwapi_str name; /* with a leading '.': from the root, not the container */
        } ident;
        struct {
            gwapi__cel_expr *operand;
            gwapi_str field;
            bool test_only; /* has(operand.field) */
            /* operand.?field is CALL "_?._" with the field as a string constant */
        } select;
        struct {
            gwapi_str function; /* operators as cel-go names them: "_+_", "_&&_", "!_", "_[_]",
                                   "_[?_]", "_?._", "_?_:_", "@in", "-_", "@not_strictly_false" */
            gwapi__cel_expr *target; /* NULL: a global call */
            gwapi__cel_expr **args;
            uint32_t count;
        } call;
        struct {
            gwapi__cel_expr **items;
            const bool *optional; /* [?a, b]; NULL: none is */
            uint32_t count;
        } list;
        struct {
            gwapi_str name; /* STRUCT_EXPR: of the message */
            gwapi__cel_pair *pairs;
            uint32_t count;
        } map;
        struct {
            gwapi__cel_macro macro;
            gwapi_str variable, variable2; /* the second absent in the usual form */
            gwapi__cel_expr *range;
            gwapi_str accumulator;
            gwapi__cel_expr *init, *condition, *step, *result;
            /* checked: slots of the variables in an evaluation's frame */
            uint32_t variable_slot, variable2_slot, accumulator_slot;
        } fold;
    } as;

    /* ---- checked ---- */
    const gwapi__cel_type *type;
    /* CALL: the overloads that its argument types allow, one if they are known statically */
    const gwapi__cel_overload *const *overloads;
    uint32_t overload_count;
    /* IDENT, and SELECT that turned out to be a qualified name: what it stands for */
    enum { GWAPI__CEL_REF_NONE = 0, GWAPI__CEL_REF_SLOT, GWAPI__CEL_REF_TYPE } ref;
    uint32_t slot;                     /* REF_SLOT: variables of the environment first */
    const gwapi__cel_type *denoted;    /* REF_TYPE */
    const gwapi__cel_field *field;     /* SELECT on an object type: statically known */
};

/* Everything of one parsed expression. */
typedef struct gwapi__cel_ast {
    gwapi__cel_expr *root;
    uint32_t expr_count;  /* ids are 1 to expr_count */
    uint32_t slot_count;  /* checked: variables, then those of comprehensions by depth */
    gwapi_str text;       /* a copy in the arena */
} gwapi__cel_ast;

/* Collects issues in the order found. */
typedef struct gwapi__cel_issues {
    const gwapi__cel_issue *first;
    gwapi__cel_issue *last;
    uint32_t count;
} gwapi__cel_issues;

/* Adds one; format as for gwapi__cel_fail. Beyond a hundred none is kept. False: no memory. */
bool gwapi__cel_issue_add(gwapi__arena *arena, gwapi__cel_issues *issues, uint32_t offset,
                          uint32_t length, const char *format, ...);
/* Whether one about that place would be kept and tell something new. Ask before an issue whose
 * text takes work, as macros may repeat what it is about many thousand times. */
bool gwapi__cel_issue_wanted(const gwapi__cel_issues *issues, uint32_t offset, uint32_t length);

/* Text to tree. GWAPI_ENOMEM; GWAPI_EINVALID with issues. */
gwapi_result gwapi__cel_parse(gwapi__cel_ast *out, gwapi__arena *arena,
                              const gwapi__cel_environment *environment, gwapi_str text,
                              gwapi__cel_issues *issues);
/* Resolves names and overloads, infers types. GWAPI_ENOMEM; GWAPI_EINVALID with issues. */
gwapi_result gwapi__cel_check(gwapi__cel_ast *ast, gwapi__arena *arena,
                              const gwapi__cel_environment *environment,
                              gwapi__cel_issues *issues);

/* Visits every expression of a checked tree, operands before what they belong to; not those
 * that are parts of a name. */
typedef void gwapi__cel_visit(void *ctx, gwapi__cel_expr *e);
void gwapi__cel_each(gwapi__cel_expr *e, gwapi__cel_visit *visit, void *ctx);

/* gwapi__cel_estimate_cost of a checked tree. */
gwapi_result gwapi__cel_estimate_ast(gwapi__cel_range *out, const gwapi__cel_ast *ast,
                                 const gwapi__cel_environment *environment,
                                 gwapi__arena *arena);

#endif
