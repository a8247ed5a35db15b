/* A hash that costs little more than reading the bytes. */
#ifndef BENCH_HASH_H
#define BENCH_HASH_H

#include <stdint.h>
#include <string.h>

static inline uint64_t bench_mix(uint64_t h, uint64_t word)
{
    h = (h ^ word) * UINT64_C(0x9fb21c651e98df25);
    return h ^ h >> 32;
}

/* The bytes of a word at `p`, whole or what there is of it. */
static inline uint64_t bench_tail(const char *p, size_t n)
{
    uint32_t low;
    uint32_t high;

    if (n >= 4) {
        memcpy(&low, p, 4);
        memcpy(&high, p + n - 4, 4);
        return low | (uint64_t)high << 32;
    }
    if (n == 0)
        return 0;
    return (unsigned char)p[0] | (uint64_t)(unsigned char)p[n / 2] << 8 |
           (uint64_t)(unsigned char)p[n - 1] << 16;
}

static inline uint64_t bench_hash(uint64_t seed, const char *p, size_t n)
{
    uint64_t h = seed + n;
    uint64_t word;

    for (; n > 8; p += 8, n -= 8) {
        memcpy(&word, p, 8);
        h = bench_mix(h, word);
    }
    return bench_mix(h, bench_tail(p, n));
}

#endif
