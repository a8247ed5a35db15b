/* Hashes: SipHash-1-3 with a key for tables that hold outsiders' names, and a fast unkeyed
 * 64-bit hash whose value is part of the image format and so never changes. */
#ifndef GWAPI_BASE_HASH_H
#define GWAPI_BASE_HASH_H

#include <gatewayapi/base.h>

uint64_t gwapi__siphash(uint64_t k0, uint64_t k1, gwapi_str text);

/* Spreads the bits of a number; a bijection (the finalizer of splitmix64). */
static inline uint64_t gwapi__mix64(uint64_t x)
{
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

#endif
