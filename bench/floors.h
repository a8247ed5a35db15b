/*
 * What anyone must at least pay: the numbers that the library's are held against, measured in
 * the same rounds on the same bytes.
 */
#ifndef BENCH_FLOORS_H
#define BENCH_FLOORS_H

#include "data.h"

/* Reading: libyaml's events of the YAML, nothing kept; jansson's tree of the JSON. ctx: data.
 */
void bench_libyaml_events(void *ctx);
void bench_jansson_tree(void *ctx);

/*
 * Matching. touch: the host and the path are hashed, then two reads that depend on it in a
 * table with a cache line for each row. exact: see exact.h.
 */
typedef struct bench_touch {
    const bench_data *data;
    uint64_t *lines;
    size_t mask;
} bench_touch;

void bench_touch_build(bench_touch *touch, const bench_data *data);
void bench_touch_free(bench_touch *touch);
void bench_touch_run(void *ctx);

#endif
