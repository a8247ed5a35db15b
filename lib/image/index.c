#include "image/index.h"

/* The number of the lowest byte of a word that is c; 8 without one. */
static size_t find_byte(uint64_t word, unsigned char c)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t x = word ^ ones * c, hit = (x - ones) & ~x & ones << 7;

    if (hit == 0)
        return 8;
#if defined(__GNUC__)
    return (size_t)__builtin_ctzll(hit) / 8;
#else
    size_t n = 0;
    for (; (hit & 0xff) == 0; hit >>= 8)
        n++;
    return n;
#endif
}

static uint64_t low_bytes(uint64_t word, size_t n)
{
    return word & ((UINT64_C(1) << 8 * n) - 1); /* n < 8 */
}

/* Hashes the segment that begins at `at`; gives where it ends. */
static size_t hash_segment(uint64_t *hash, const char *path, size_t at, size_t size)
{
    uint64_t word;
    size_t n;

    for (; size - at >= 8; at += 8) {
        word = gwapi__index_load(path + at);
        n = find_byte(word, '/');
        if (n < 8) {
            *hash = gwapi__index_end(*hash, low_bytes(word, n), n);
            return at + n;
        }
        *hash = gwapi__index_word(*hash, word);
    }
    word = gwapi__index_tail(path + size, size - at, size);
    n = find_byte(word, '/');
    if (n > size - at)
        n = size - at;
    *hash = gwapi__index_end(*hash, low_bytes(word, n), n);
    return at + n;
}

void gwapi__index_path(gwapi__path_index *out, const char *path, size_t size)
{
    uint64_t hash = GWAPI__INDEX_SEED;
    size_t at = size != 0 && path[0] == '/', depth = 0;

    out->hash[0] = hash;
    out->end[0] = 0;
    while (size != 0) {
        at = hash_segment(&hash, path, at, size);
        if (++depth < GWAPI__INDEX_DEEPEST) {
            out->hash[depth] = hash;
            out->end[depth] = (uint32_t)at;
        }
        if (at == size)
            break;
        at++;
    }
    out->depth = depth;
    out->whole = hash;
}

/* Three quarters are taken. */
uint32_t gwapi__index_places(size_t keys)
{
    return (uint32_t)(keys + keys / 3 + 1);
}
