/* The cost of walking through a whole value, as Kubernetes counts it for functions of lists. */
#ifndef GWAPI_CEL_TRAVERSAL_H
#define GWAPI_CEL_TRAVERSAL_H

#include "cel/library.h"

/* Of the first argument, with all lists and maps inside it. */
gwapi__cel_cost gwapi__cel_cost_traversal;

/* Is it a list whose first element is a string or bytes? */
bool gwapi__cel_holds_text(const gwapi__cel_value *list);

#endif
