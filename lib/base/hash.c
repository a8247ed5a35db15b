#include "base/hash.h"

/* Drawn at random, odd, half of the bits set. UTF-8 has no byte 0xff, so no word of a text cancels
 * FIRST: a factor of 0 would make all before it count for nothing. */
#define FIRST  UINT64_C(0x3df248584c025dff)
#define LAST   UINT64_C(0xcc492d872e027f67)
#define FACTOR UINT64_C(0xc591e49e1f21f28b)

uint64_t gwapi__hash(uint64_t seed, gwapi_str text)
{
    const char *p = text.data;
    size_t n = text.len;
    uint64_t state = seed ^ n * FACTOR, first, last;

    for (; n > 16; p += 16, n -= 16)
        state = gwapi__fold(gwapi__word_at(p) ^ FIRST, gwapi__word_at(p + 8) ^ state);
    /* Words that overlap; the length tells where. */
    first = n >= 8 ? gwapi__word_at(p) : gwapi__rest_at(p, n);
    last = n >= 8 ? gwapi__word_at(p + n - 8) : 0;
    state = gwapi__fold(first ^ FIRST, last ^ state);
    return gwapi__fold(state ^ LAST, FACTOR);
}

/* ---- SipHash ----------------------------------------------------------------------------- */

typedef struct sip_state {
    uint64_t a, b, c, d;
} sip_state;

static inline uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

static inline sip_state sip_round(sip_state v)
{
    v.a += v.b;
    v.c += v.d;
    v.b = rotate(v.b, 13) ^ v.a;
    v.d = rotate(v.d, 16) ^ v.c;
    v.a = rotate(v.a, 32) + v.d;
    v.c += v.b;
    v.d = rotate(v.d, 21) ^ v.a;
    v.b = rotate(v.b, 17) ^ v.c;
    v.c = rotate(v.c, 32);
    return v;
}

uint64_t gwapi__siphash(uint64_t k0, uint64_t k1, gwapi_str text)
{
    sip_state v = {k0 ^ UINT64_C(0x736f6d6570736575), k1 ^ UINT64_C(0x646f72616e646f6d),
                   k0 ^ UINT64_C(0x6c7967656e657261), k1 ^ UINT64_C(0x7465646279746573)};
    const char *p = text.data;
    size_t n = text.len;
    uint64_t word;

    for (; n >= 8; p += 8, n -= 8) {
        word = gwapi__word_at(p);
        v.d ^= word;
        v = sip_round(v);
        v.a ^= word;
    }
    word = gwapi__rest_at(p, n) | (uint64_t)text.len << 56;
    v.d ^= word;
    v = sip_round(v);
    v.a ^= word;
    v.c ^= 0xff;
    v = sip_round(sip_round(sip_round(v)));
    return v.a ^ v.b ^ v.c ^ v.d;
}
