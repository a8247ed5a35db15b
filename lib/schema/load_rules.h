/* The loader's part for rules. */
#ifndef GWAPI_SCHEMA_LOAD_RULES_H
#define GWAPI_SCHEMA_LOAD_RULES_H

#include "schema/load.h"
#include "schema/path.h"

typedef struct gwapi__rule_loading {
    gwapi__kind *kind;
    gwapi_channel channel; /* 0: a CRD, whose rules crd_expressions.c judges */
    gwapi__arena *scratch;
    void *ctx;
    void (*refuse)(void *ctx, const gwapi__frame *at, const gwapi__load_problem *problem);
} gwapi__rule_loading;

/* Is what says in a member to be of one channel only in this one? */
bool gwapi__in_channel(gwapi_channel channel, const gwapi__node *map, const char *member);

/* Reads a list of rules into the node. GWAPI_ENOMEM. */
gwapi_result gwapi__rules_read(const gwapi__rule_loading *l, const gwapi__frame *at,
                               const gwapi__node *list, gwapi__schema_node *node);
#endif
