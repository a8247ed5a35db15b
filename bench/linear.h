/*
 * The answer by plain walk: every row of the gateway in order of precedence, the first that
 * fits. A second implementation of the whole matching, as far as the tables go: HTTP listeners
 * whose routes all attach, no header twice, no escapes in queries.
 */
#ifndef BENCH_LINEAR_H
#define BENCH_LINEAR_H

#include "data.h"

/* The row that takes the request; NULL: none does. */
const bench_row *bench_linear(const bench_data *data, pcre2_match_data *memory,
                              const bench_request *request);

#endif
