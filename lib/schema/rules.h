/*
 * Rules between fields (x-kubernetes-validations): texts of the schema, compiled with the type
 * of the values they judge, and evaluated once the structure is sound.
 */
#ifndef GWAPI_SCHEMA_RULES_H
#define GWAPI_SCHEMA_RULES_H

#include "cel/cel.h"
#include "schema/judgement.h"

/* A part of a fieldPath. */
typedef struct gwapi__rule_step {
    gwapi_str name;
    bool key; /* a member that only additionalProperties covers */
} gwapi__rule_step;

typedef struct gwapi__rule_program {
    const gwapi__cel_program *rule;    /* NULL: its text is blank or does not compile */
    const gwapi__cel_program *message; /* of messageExpression; NULL without one */
    const gwapi__rule_step *path;      /* from the value to what the finding names */
    uint32_t path_length;
    bool uses_old; /* compares with the earlier value */
} gwapi__rule_program;

typedef struct gwapi__rule_programs {
    gwapi__arena arena;
    gwapi__rule_program *at; /* one for each rule of the set */
    uint32_t count;
    bool uses_old; /* one of them does */
} gwapi__rule_programs;

/* The rules of one schema node, in the kind's arena. */
struct gwapi__rule_set {
    const gwapi__schema_node *value; /* describes what they judge */
    const gwapi__schema_rule *rules;
    uint32_t count;
    uint32_t index; /* among the kind's sets */
    _Atomic(gwapi__rule_programs *) programs;
    struct gwapi__rule_set *next;
};

/* What is wrong with a rule: of its member `member`, at bytes of that text. */
typedef struct gwapi__rule_problem {
    uint32_t rule;
    const char *member;
    gwapi_str message;
    uint32_t offset, length;
} gwapi__rule_problem;

typedef struct gwapi__rule_listener {
    void *ctx;
    void (*hear)(void *ctx, const gwapi__rule_problem *problem);
} gwapi__rule_listener;

/* The compiled form, made at the first use and published by compare-and-swap. What does not
 * compile is told to the listener (may be NULL) by who compiles, and never holds. GWAPI_ENOMEM. */
gwapi_result gwapi__rule_set_compile(const gwapi__rule_programs **out, const gwapi__kind *kind,
                                     gwapi__rule_set *set,
                                     const gwapi__rule_listener *listener);
void gwapi__rule_set_free(const gwapi_allocator *allocator, gwapi__rule_set *set);

/* A fieldPath (".spec.ports['web']") within values of `value`; steps go into the arena.
 * GWAPI_EINVALID: *refusal says why. GWAPI_ENOMEM. */
gwapi_result gwapi__rule_path_parse(const gwapi__rule_step **steps, uint32_t *count,
                                    gwapi__arena *arena, const gwapi__schema_node *value,
                                    gwapi_str text, const char **refusal);

/* Evaluates the rules of the object and all that is in it. */
void gwapi__rules_check(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *root,
                        const gwapi__node *old);
/* The same for a value that stands apart, such as a default, by its schema. With `old` transition
 * rules are evaluated too; nothing is forgiven. */
void gwapi__rules_check_value(gwapi__judgement *j, const gwapi__frame *at,
                              const gwapi__node *value, const gwapi__node *old,
                              const gwapi__schema_node *schema);
/* Tells the report which rules other errors kept from being evaluated. */
void gwapi__rules_not_reached(gwapi__judgement *j, const gwapi__node *root);

#endif
