/* Answering the requests: by the library for the clock, and against the plain walk. */
#ifndef BENCH_MATCHING_H
#define BENCH_MATCHING_H

#include "data.h"

typedef struct bench_matching {
    const bench_data *data;
    const gwapi_snapshot *snapshot;
    gwapi_scratch *scratch;
    gwapi_connection *connections; /* one for each request, accepted before the clock */
    pcre2_match_data *memory;      /* of the plain walk */
    size_t walked;                 /* requests that the plain walk answers in a run */
} bench_matching;

void bench_matching_init(bench_matching *matching, const bench_data *data,
                         const gwapi_snapshot *snapshot, const gwapi_allocator *allocator);
void bench_matching_free(bench_matching *matching);

/* ctx: bench_matching. All requests, but for the walk. */
void bench_accept_run(void *ctx);
void bench_match_run(void *ctx);
/* And the backend drawn and filled in. */
void bench_forward_run(void *ctx);
void bench_walk_run(void *ctx);

/* How many answers of the library differ from the plain walk's; tells of the first few. *taken
 * receives how many requests a rule took. */
size_t bench_matching_compare(bench_matching *matching, size_t *taken);

#endif
