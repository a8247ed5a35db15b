/* Checks of single values, and the words for what they find. */
#ifndef GWAPI_SCHEMA_SCALAR_H
#define GWAPI_SCHEMA_SCALAR_H

#include "schema/judgement.h"

/* Is the number an integer to the server? It forgives a relative error of 1e-9. */
bool gwapi__is_integral(double number);

/* Length and pattern, of which the first failure counts, and the format. */
void gwapi__check_string(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                         const gwapi__schema_node *schema);
void gwapi__check_number(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                         const gwapi__schema_node *schema);
void gwapi__check_enum(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                       const gwapi__schema_node *schema);
/* uniqueItems. */
void gwapi__check_unique(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *list);

/* Words a counted error of type TYPE_INVALID. */
void gwapi__word_type(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                      const gwapi__schema_node *schema);
/* A list or map with too few or too many members. */
void gwapi__size_error(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                       gwapi_error_type type, const char *rule, int64_t limit);

#endif
