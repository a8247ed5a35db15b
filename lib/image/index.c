#include "image/index.h"

/* The number of the first byte that ends a segment; 8 without one. */
static size_t find_end(uint64_t word)
{
    return gwapi__index_marked(gwapi__index_mark(word, '/') | gwapi__index_mark(word, '?'));
}

/* Hashes the segment that begins at `at`; gives where it ends. */
static size_t hash_segment(uint64_t *hash, const char *path, size_t at, size_t size)
{
    uint64_t word;
    size_t n;

    for (; size - at >= 8; at += 8) {
        word = gwapi__index_load(path + at);
        n = find_end(word);
        if (n < 8) {
            *hash = gwapi__index_end(*hash, gwapi__index_low(word, n), n);
            return at + n;
        }
        *hash = gwapi__index_word(*hash, word);
    }
    word = gwapi__index_tail(path + size, size - at, size);
    n = find_end(word);
    if (n > size - at)
        n = size - at;
    *hash = gwapi__index_end(*hash, gwapi__index_low(word, n), n);
    return at + n;
}

size_t gwapi__index_path(gwapi__path_index *out, const char *path, size_t size)
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
        if (at == size || path[at] == '?')
            break;
        at++;
    }
    out->depth = depth;
    out->whole = hash;
    return at;
}

/* Three quarters are taken. */
uint32_t gwapi__index_places(size_t keys)
{
    return (uint32_t)(keys + keys / 3 + 1);
}
