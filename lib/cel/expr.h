/* Making nodes of the tree. Every function returns NULL once memory or the limit of nodes ran
 * out, or when a node given to it is NULL, so that calls can be nested. */
#ifndef GWAPI_CEL_EXPR_H
#define GWAPI_CEL_EXPR_H

#include "base/slice.h"
#include "cel/ast.h"

typedef struct gwapi__cel_place {
    uint32_t offset, length;
} gwapi__cel_place;

typedef struct gwapi__cel_builder {
    gwapi__arena *arena;
    gwapi__cel_issues *issues;
    uint32_t minor;
    uint32_t count;      /* nodes made */
    bool refused;        /* there is an issue */
    gwapi_result failed; /* why no further node is made; GWAPI_OK: they are */
} gwapi__cel_builder;

/* Remembers that memory ran out. Always NULL. */
gwapi__cel_expr *gwapi__cel_build_no_memory(gwapi__cel_builder *b);
/* Tells an issue; false: no memory. The building goes on. */
bool gwapi__cel_build_issue(gwapi__cel_builder *b, gwapi__cel_place place, const char *message);

gwapi__cel_expr *gwapi__cel_build(gwapi__cel_builder *b, gwapi__cel_form form,
                                  gwapi__cel_place place);
gwapi__cel_expr *gwapi__cel_build_const(gwapi__cel_builder *b, gwapi__cel_place place,
                                        gwapi__cel_value value);
gwapi__cel_expr *gwapi__cel_build_ident(gwapi__cel_builder *b, gwapi__cel_place place,
                                        gwapi_str name);
/* Calls of functions with one, two and three arguments; `args` is kept. */
gwapi__cel_expr *gwapi__cel_build_call(gwapi__cel_builder *b, gwapi__cel_place place,
                                       gwapi_str function, gwapi__cel_expr *target,
                                       gwapi__cel_expr **args, uint32_t count);
gwapi__cel_expr *gwapi__cel_build_call1(gwapi__cel_builder *b, gwapi__cel_place place,
                                        gwapi_str function, gwapi__cel_expr *x);
gwapi__cel_expr *gwapi__cel_build_call2(gwapi__cel_builder *b, gwapi__cel_place place,
                                        gwapi_str function, gwapi__cel_expr *x,
                                        gwapi__cel_expr *y);
gwapi__cel_expr *gwapi__cel_build_call3(gwapi__cel_builder *b, gwapi__cel_place place,
                                        gwapi_str function, gwapi__cel_expr *x,
                                        gwapi__cel_expr *y, gwapi__cel_expr *z);
/* A list of nothing, of one item. */
gwapi__cel_expr *gwapi__cel_build_list(gwapi__cel_builder *b, gwapi__cel_place place);
gwapi__cel_expr *gwapi__cel_build_list1(gwapi__cel_builder *b, gwapi__cel_place place,
                                        gwapi__cel_expr *item);
/* A deep copy with ids of its own. */
gwapi__cel_expr *gwapi__cel_build_copy(gwapi__cel_builder *b, const gwapi__cel_expr *e);

#endif
