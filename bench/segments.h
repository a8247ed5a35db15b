/* What the floors of matching share: paths by their segments, hosts in lower case. */
#ifndef BENCH_SEGMENTS_H
#define BENCH_SEGMENTS_H

#include <stdint.h>
#include <gatewayapi/base.h>

enum { BENCH_DEPTH_MAX = 63, BENCH_HOST_MAX = 255 };

/* The hash of each beginning of a path that ends at a segment's end. "/" has one empty segment.
 */
typedef struct bench_segments {
    size_t count;
    uint64_t hash[BENCH_DEPTH_MAX + 1];
    size_t end[BENCH_DEPTH_MAX + 1];
} bench_segments;

void bench_split(bench_segments *segments, gwapi_str path);
/* The host without its port; how long it is. `out` has BENCH_HOST_MAX bytes. */
size_t bench_fold(char *out, gwapi_str host);
/* The least power of two from 16 on that is not below n. */
size_t bench_power_above(size_t n);

#endif
