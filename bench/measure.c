#define _POSIX_C_SOURCE 200809L
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const double REPETITION = 0.008; /* seconds that short runs are repeated for */
static const size_t ROUNDS_AT_LEAST = 3;

volatile uint64_t bench_sink;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* One repetition; returns its seconds. */
static double repeat(const bench_entry *e)
{
    double start = now();

    for (size_t i = 0; i < e->loops; i++)
        e->run(e->ctx);
    double seconds = now() - start;
    if (e->clean != NULL)
        e->clean(e->ctx);
    return seconds;
}

static void warm_up(bench_entry *e)
{
    e->count = 0;
    e->loops = 1;
    double seconds = repeat(e);
    if (e->clean == NULL && seconds < REPETITION)
        e->loops = (size_t)(REPETITION / (seconds + 1e-9)) + 1;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

void bench_measure(bench_entry *entries, size_t count, double seconds)
{
    size_t least = seconds > 0 ? ROUNDS_AT_LEAST : 1;
    double *spent = bench_alloc(count, sizeof *spent);

    for (size_t i = 0; i < count; i++)
        warm_up(&entries[i]);
    for (size_t round = 0; round < BENCH_ROUNDS; round++)
        for (size_t i = 0; i < count; i++) {
            bench_entry *e = &entries[i];
            if (round >= least && spent[i] >= seconds)
                continue;
            double took = repeat(e);
            spent[i] += took;
            e->samples[e->count++] = took * 1e9 / ((double)e->loops * (double)e->operations);
        }
    for (size_t i = 0; i < count; i++)
        qsort(entries[i].samples, entries[i].count, sizeof(double), by_value);
    free(spent);
}

double bench_minimum(const bench_entry *entry)
{
    return entry->samples[0];
}

double bench_median(const bench_entry *entry)
{
    return entry->samples[entry->count / 2];
}

static void *counted_resize(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    bench_counter *c = ctx;

    if (new_size == 0) {
        free(ptr);
        c->live -= old_size;
        return NULL;
    }
    void *block = realloc(ptr, new_size);
    if (block == NULL)
        return NULL;
    c->allocations += ptr == NULL || new_size > old_size;
    c->live = c->live - (ptr != NULL ? old_size : 0) + new_size;
    if (c->live > c->peak)
        c->peak = c->live;
    return block;
}

gwapi_allocator bench_counting(bench_counter *counter)
{
    return (gwapi_allocator){sizeof(gwapi_allocator), counter, counted_resize};
}

void *bench_alloc(size_t count, size_t size)
{
    void *block = calloc(count != 0 ? count : 1, size);

    if (block == NULL)
        bench_die("calloc", "out of memory");
    return block;
}

void bench_expect(gwapi_result result, const char *what)
{
    if (result != GWAPI_OK)
        bench_die(what, gwapi_result_name(result));
}

_Noreturn void bench_die(const char *what, const char *why)
{
    fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(2);
}
