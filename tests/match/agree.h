/* The parts of agree. */
#ifndef GWAPI_TESTS_MATCH_AGREE_H
#define GWAPI_TESTS_MATCH_AGREE_H

#include "match/drawn.h"
#include "match/plain_parts.h"

/* Ends the program when a call that cannot fail does. */
void agree_need(gwapi_result result, const char *what);

/* What differs between the image's answer to `given` and the plain one to `request`, which is the
 * same with its headers in a list; NULL: nothing. */
const char *agree_compare(const gwapi_decision *d, const plain_answer *a,
                          const gwapi_request *given, const gwapi_request *request);

#endif
