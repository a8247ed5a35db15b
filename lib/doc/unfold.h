/* `kind: List`: its items one after the other. */
#ifndef GWAPI_DOC_UNFOLD_H
#define GWAPI_DOC_UNFOLD_H

#include "doc/problem.h"

typedef struct gwapi__unfold {
    gwapi__arena arena;    /* a copy of the list and its problems */
    gwapi__vector pending; /* items still to come, the next one last */
    const gwapi__doc_problem *problems;
    size_t problem_count;
    bool first; /* no item was given yet */
} gwapi__unfold;

void gwapi__unfold_init(gwapi__unfold *unfold, const gwapi_allocator *allocator);
void gwapi__unfold_free(gwapi__unfold *unfold);

/* Whether the document is a list to be unfolded. */
/* Is it a Secret, or a list with one? Its memory is to be wiped. */
bool gwapi__unfold_is_secret(const gwapi__node *root);
bool gwapi__unfold_is_list(const gwapi__node *root);
/* Takes a list over, as a copy. GWAPI_ENOMEM. */
gwapi_result gwapi__unfold_begin(gwapi__unfold *unfold, const gwapi__node *root,
                                 gwapi__problems *problems);
/* The next item into `doc` (root, line and problems) and its arena; *more false: none is left.
 */
gwapi_result gwapi__unfold_next(gwapi__unfold *unfold, gwapi__arena *arena, gwapi__doc *doc,
                                bool *more);

#endif
