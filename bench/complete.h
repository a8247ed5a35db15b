/*
 * The floor of complete matching that plain hash tables reach: (gateway, port, host) gives the
 * listener, (listener, hostname) a table, (table, type, path) the rows of that path in order of
 * precedence. Looked at: hostnames from the most specific; in each the exact path, the regular
 * expressions that begin with whole segments of the path, the prefixes from the longest; in each
 * list the first row whose method, headers and query fit. Gives a row, and no decision.
 */
#ifndef BENCH_COMPLETE_H
#define BENCH_COMPLETE_H

#include "data.h"

/* A hash table from words and a text to a number from 1 on; 0 is a free slot. */
typedef struct bench_names_slot {
    uint64_t hash;
    uint64_t scope;
    gwapi_str text;
    uint32_t id;
} bench_names_slot;

typedef struct bench_names {
    bench_names_slot *slots;
    size_t mask;
    size_t count;
} bench_names;

/* Of a hostname of a listener: which depths occur, by type. */
typedef struct bench_table {
    uint64_t depths[3];
    bool grpc; /* the types do not rank among each other: the best of all is looked for */
} bench_table;

typedef struct bench_list {
    uint32_t first; /* in `rows` */
    uint32_t count;
} bench_list;

typedef struct bench_complete {
    const bench_data *data;
    pcre2_match_data *memory;
    bench_names listeners;
    bench_names hosts;
    bench_names paths;
    bench_table *tables; /* by id of `hosts` */
    bench_list *lists;   /* by id of `paths` */
    uint32_t *rows;
    size_t row_count;
} bench_complete;

/* ctx is a bench_complete with its `data` set. */
void bench_complete_build(void *ctx);
void bench_complete_free(void *ctx);
/* Answers every request. */
void bench_complete_run(void *ctx);

/* The row that takes the request; NULL: none does. */
const bench_row *bench_complete_answer(const bench_complete *complete,
                                       const bench_request *request);
size_t bench_complete_bytes(const bench_complete *complete);

#endif
