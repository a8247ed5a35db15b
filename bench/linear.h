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

/* Its parts, for the floor that finds rows by hash (complete.h): does the listener admit the row's
 * route; do the method, headers and query of a row fit; a POST to "/service/method". */
bool bench_admits(const bench_listener *listener, const bench_row *row);
bool bench_conditions_fit(const bench_row *row, pcre2_match_data *memory,
                          const bench_request *request);
bool bench_regex_fits(const pcre2_code *regex, pcre2_match_data *memory, gwapi_str text);
bool bench_is_grpc_call(const bench_request *request);

#endif
