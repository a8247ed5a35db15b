/* Manifests that are written in memory. */
#ifndef BENCH_TEXT_H
#define BENCH_TEXT_H

#include <stddef.h>

typedef struct bench_text {
    char *data;
    size_t len, capacity;
} bench_text;

/* Adds at most a kilobyte. */
void bench_say(bench_text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
