/*
 * The floor of matching that a plain index by hash reaches: the host is put in lower case and
 * hashed, wildcards are tried from the longest; the path is hashed segment by segment, exact
 * and then prefixes are probed from the longest; what is found is verified. No method, header,
 * query, regular expression or listener, so a row found here need not be the answer.
 */
#ifndef BENCH_EXACT_H
#define BENCH_EXACT_H

#include "data.h"

typedef struct bench_exact_host {
    uint64_t hash;
    gwapi_str text;  /* of a wildcard without its star */
    uint32_t id;     /* from 1; 0: a free slot */
    uint64_t exacts; /* bit n: a path of n segments occurs */
    uint64_t prefixes;
} bench_exact_host;

typedef struct bench_exact_path {
    uint64_t hash;
    uint32_t text; /* in the pool */
    uint32_t len;
    uint32_t host;
    uint32_t row; /* and 1; 0: a free slot */
} bench_exact_path;

typedef struct bench_exact {
    const bench_data *data;
    bench_exact_host *hosts;
    bench_exact_path *paths;
    char *pool;
    size_t host_mask;
    size_t path_mask;
    size_t pool_len;
    size_t host_count;
} bench_exact;

/* ctx is a bench_exact with its `data` set. */
void bench_exact_build(void *ctx);
void bench_exact_free(void *ctx);
/* Answers every request. */
void bench_exact_run(void *ctx);

size_t bench_exact_bytes(const bench_exact *exact);

#endif
