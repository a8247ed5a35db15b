/* Clock, rounds and counting: how a number of this benchmark comes about. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>
#include <gatewayapi/base.h>

enum { BENCH_ROUNDS = 40 };

/*
 * Something to be timed. Entries that are measured together are interleaved, one short
 * repetition of each in turn, so that the noise of the machine falls on all of them alike.
 */
typedef struct bench_entry {
    const char *name;
    void *ctx;
    void (*run)(void *ctx);
    void (*clean)(
        void *ctx);    /* undoes a run, outside the clock; NULL: runs may follow at once */
    size_t operations; /* in one run: times are for one of them */
    size_t loops;      /* found by the first round, which does not count */
    size_t count;
    double samples[BENCH_ROUNDS]; /* nanoseconds for an operation; in order once measured */
} bench_entry;

/* Measures every entry: until `seconds` are spent on it, yet three times at least and
 * BENCH_ROUNDS times at most. 0 seconds: once, to see that it runs. */
void bench_measure(bench_entry *entries, size_t count, double seconds);
double bench_minimum(const bench_entry *entry);
double bench_median(const bench_entry *entry);

/* What went through an allocator. */
typedef struct bench_counter {
    size_t allocations; /* and resizes to more */
    size_t live;
    size_t peak;
} bench_counter;

/* malloc, counted. */
gwapi_allocator bench_counting(bench_counter *counter);

/* Memory or the end of the program. */
void *bench_alloc(size_t count, size_t size);

/* Ends the program with a message when a call of the library failed. */
void bench_expect(gwapi_result result, const char *what);
_Noreturn void bench_die(const char *what, const char *why);

/* Results go here, so that no loop is found to be useless. */
extern volatile uint64_t bench_sink;

#endif
