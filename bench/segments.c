#include "segments.h"
#include "hash.h"

void bench_split(bench_segments *s, gwapi_str path)
{
    size_t at = 1;

    s->count = 0;
    s->hash[0] = 0;
    s->end[0] = 0;
    while (at <= path.len && s->count < BENCH_DEPTH_MAX) {
        const char *slash = memchr(path.data + at, '/', path.len - at);
        size_t end = slash != NULL ? (size_t)(slash - path.data) : path.len;
        s->hash[s->count + 1] = bench_hash(s->hash[s->count], path.data + at, end - at);
        s->end[++s->count] = end;
        at = end + 1;
    }
}

size_t bench_fold(char *out, gwapi_str host)
{
    size_t n = 0;

    for (; n < host.len && n < BENCH_HOST_MAX && host.data[n] != ':'; n++) {
        unsigned char c = (unsigned char)host.data[n];
        out[n] = (char)((unsigned)(c - 'A') < 26 ? c | 0x20 : c);
    }
    return n;
}

size_t bench_power_above(size_t n)
{
    size_t power = 16;

    while (power < n)
        power *= 2;
    return power;
}
