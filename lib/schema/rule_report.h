/* What is said of rules that do not hold. */
#ifndef GWAPI_SCHEMA_RULE_REPORT_H
#define GWAPI_SCHEMA_RULE_REPORT_H

#include "schema/rules.h"

typedef enum gwapi__rule_outcome {
    GWAPI__RULE_VIOLATED = 0,
    GWAPI__RULE_ERROR,        /* `message` says what failed */
    GWAPI__RULE_COST,         /* the rule costs more than one may */
    GWAPI__RULE_MESSAGE_COST, /* … its messageExpression does */
    GWAPI__RULE_BUDGET        /* the rules of the object do, with this one */
} gwapi__rule_outcome;

typedef struct gwapi__rule_case {
    const gwapi__schema_rule *rule;
    const gwapi__rule_program *program; /* whose fieldPath counts; NULL: none does */
    const gwapi__frame *at;
    const gwapi__node *node;
    gwapi__rule_outcome outcome;
    gwapi_str message; /* absent: the rule's own */
    bool forgiven;     /* what is wrong was wrong before: a warning */
} gwapi__rule_case;

/* Reports it; memory for the moment comes from the arena. */
void gwapi__rule_report(gwapi__judgement *j, const gwapi__rule_case *c, gwapi__arena *arena);

/* The message in the value of a messageExpression; absent if it is no fit one. */
gwapi_str gwapi__rule_message_of(const gwapi__cel_value *value);

/* The rule in a few words, without blanks around them: its message, else its text. */
gwapi_str gwapi__rule_words(const gwapi__schema_rule *rule);

#endif
