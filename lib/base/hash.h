/* Hashes: a quick one with a seed for tables of outsiders' names, SipHash-1-3 with a key, and what
 * unkeyed ones are made of. The same on every machine. */
#ifndef GWAPI_BASE_HASH_H
#define GWAPI_BASE_HASH_H

#include <string.h>
#include <gatewayapi/base.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define GWAPI__BIG_ENDIAN 1
#else
#define GWAPI__BIG_ENDIAN 0
#endif

/* Eight bytes from p on, the lowest first. */
static inline uint64_t gwapi__word_at(const char *p)
{
    uint64_t word;

    memcpy(&word, p, sizeof word);
#if GWAPI__BIG_ENDIAN
    word = (word & UINT64_C(0x00000000ffffffff)) << 32 | word >> 32;
    word = (word & UINT64_C(0x0000ffff0000ffff)) << 16 | (word >> 16 & UINT64_C(0x0000ffff0000ffff));
    word = (word & UINT64_C(0x00ff00ff00ff00ff)) << 8 | (word >> 8 & UINT64_C(0x00ff00ff00ff00ff));
#endif
    return word;
}

/* Four of them. */
static inline uint64_t gwapi__half_at(const char *p)
{
    uint32_t half;

    memcpy(&half, p, sizeof half);
#if GWAPI__BIG_ENDIAN
    half = half >> 24 | (half >> 8 & 0xff00u) | (half & 0xff00u) << 8 | half << 24;
#endif
    return half;
}

/* The n < 8 bytes from p on, the lowest first. */
static inline uint64_t gwapi__rest_at(const char *p, size_t n)
{
    const unsigned char *bytes = (const unsigned char *)p;

    if (n >= 4)
        return gwapi__half_at(p) | gwapi__half_at(p + n - 4) << 8 * (n - 4);
    return n == 0 ? 0
                  : bytes[0] | (uint64_t)bytes[n / 2] << 8 * (n / 2) |
                        (uint64_t)bytes[n - 1] << 8 * (n - 1);
}

/* Spreads the bits of a number; a bijection (the finalizer of splitmix64). */
static inline uint64_t gwapi__mix64(uint64_t x)
{
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* For tables in memory, where it decides nothing but how long a look-up takes: two multiplications
 * for a name, where SipHash has five rounds. Who does not know the seed cannot choose texts (UTF-8)
 * that collide. */
uint64_t gwapi__hash(uint64_t seed, gwapi_str text);

/* Of two texts, which cannot run together: the hash of one is the seed of the other. */
static inline uint64_t gwapi__hash_two(uint64_t seed, gwapi_str first, gwapi_str second)
{
    return gwapi__hash(gwapi__hash(seed, first), second);
}

/* A seed for a table at that place. Nothing depends on it but the time that look-ups take; an
 * address is better than a constant against texts that were chosen to collide. */
static inline uint64_t gwapi__seed_at(const void *place)
{
    return gwapi__mix64((uint64_t)(uintptr_t)place);
}

/* For what is kept, and where hashes may be seen from outside. */
uint64_t gwapi__siphash(uint64_t k0, uint64_t k1, gwapi_str text);

/* The halves of the product of 128 bits, one upon the other; by parts of 32 bits. */
static inline uint64_t gwapi__fold_parts(uint64_t a, uint64_t b)
{
    uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX), high = (a >> 32) * (b >> 32);
    uint64_t cross = (a >> 32) * (b & UINT32_MAX) + (low >> 32);
    uint64_t other = (a & UINT32_MAX) * (b >> 32) + (cross & UINT32_MAX);

    high += (cross >> 32) + (other >> 32);
    return high ^ (other << 32 | (low & UINT32_MAX));
}

static inline uint64_t gwapi__fold(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;

    return (uint64_t)(product >> 64) ^ (uint64_t)product;
#else
    return gwapi__fold_parts(a, b);
#endif
}

#endif
