/* Counting in the bits of a word. */
#ifndef GWAPI_BASE_BITS_H
#define GWAPI_BASE_BITS_H

#include <stdint.h>

/* The number of the lowest bit that is set; anything up to 63 without one. */
static inline uint32_t gwapi__lowest_bit(uint64_t bits)
{
#if defined(__GNUC__)
    return (uint32_t)__builtin_ctzll(bits | UINT64_C(1) << 63);
#else
    uint32_t n = 0;
    for (; n < 63 && (bits & 1) == 0; bits >>= 1)
        n++;
    return n;
#endif
}

/* The number of the highest; there is one. */
static inline uint32_t gwapi__highest_bit(uint32_t bits)
{
#if defined(__GNUC__)
    return 31 - (uint32_t)__builtin_clz(bits);
#else
    uint32_t n = 0;
    while ((bits >>= 1) != 0)
        n++;
    return n;
#endif
}

/* How many bits are set. */
static inline uint32_t gwapi__bit_count(uint64_t bits)
{
    const uint64_t ones = UINT64_MAX / 255;

    bits -= bits >> 1 & ones * 0x55;
    bits = (bits & ones * 0x33) + (bits >> 2 & ones * 0x33);
    return (uint32_t)(((bits + (bits >> 4)) & ones * 0x0f) * ones >> 56);
}

#endif
