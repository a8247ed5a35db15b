/* The library's way from bytes to an open image, step by step, each with the one before done.
 */
#ifndef BENCH_PHASES_H
#define BENCH_PHASES_H

#include "data.h"

/* One step, repeatable: `run` makes the result, `clean` lets it go. */
typedef struct bench_phase {
    const bench_data *data;
    const gwapi_allocator *allocator; /* NULL: malloc */
    const gwapi_schema *schema;
    gwapi_format format; /* reading: which of the two files */
    gwapi_read_mode mode;
    /* What the step starts from. */
    const gwapi_resources *resources;
    const gwapi_topology *topology;
    const gwapi_snapshot *image;
    /* What it makes: one of these. */
    gwapi_resources *made_resources;
    gwapi_topology *made_topology;
    gwapi_snapshot *made_snapshot;
} bench_phase;

gwapi_schema *bench_schema(void);

/* ctx: bench_phase */
void bench_read_run(void *ctx);
void bench_read_clean(void *ctx);
void bench_resolve_run(void *ctx);
void bench_resolve_clean(void *ctx);
void bench_compile_run(void *ctx);
void bench_open_run(void *ctx);
void bench_snapshot_clean(void *ctx);

#endif
