#include "image/checksum.h"

#include <string.h>

/* Four words at a time, side by side. */
static uint64_t sum(uint64_t seed, const char *p, size_t n)
{
    const uint64_t factor = UINT64_C(0xd6e8feb86659fd93);
    uint64_t lanes[4] = {seed, seed + factor, seed + 2 * factor, seed + 3 * factor};
    uint64_t hash = seed ^ n;

    for (; n >= sizeof lanes; p += sizeof lanes, n -= sizeof lanes)
        for (size_t i = 0; i < 4; i++) {
            lanes[i] = (lanes[i] ^ gwapi__word_at(p + 8 * i)) * factor;
            lanes[i] ^= lanes[i] >> 32;
        }
    for (size_t i = 0; i < 4; i++)
        hash = gwapi__mix64(hash ^ lanes[i]);
    for (; n >= 8; p += 8, n -= 8)
        hash = gwapi__mix64(hash ^ gwapi__word_at(p));
    return gwapi__mix64(hash ^ gwapi__rest_at(p, n));
}

uint64_t gwapi__image_checksum(const unsigned char *bytes, size_t size)
{
    const char *p = (const char *)bytes;
    size_t at = offsetof(gwapi__image_header, checksum);
    size_t after = sizeof(gwapi__image_header);

    return sum(sum(0, p, at), p + after, size - after);
}

uint64_t gwapi__image_content_hash(uint64_t hash, uint32_t section, const void *bytes,
                                   size_t size)
{
    return sum(gwapi__mix64(hash ^ section), bytes, size);
}

void gwapi__image_swap(void *words, size_t size)
{
    unsigned char *p = words;

    for (size_t i = 0; i + 4 <= size; i += 4) {
        unsigned char a = p[i], b = p[i + 1];
        p[i] = p[i + 3];
        p[i + 1] = p[i + 2];
        p[i + 2] = b;
        p[i + 3] = a;
    }
}
