#include "image/index.h"

/* A bit set in each byte that ends a segment: '/' and '?' differ in one bit. No carry goes from one
 * byte to the next. */
static uint64_t mark_ends(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), low = ones * 0x7f;
    uint64_t other = (word | ones * ('/' ^ '?')) ^ ones * '?';

    return ~(((other & low) + low) | other | low);
}

static inline void end_segment(gwapi__path_index *out, uint64_t hash, size_t end)
{
    if (++out->depth < GWAPI__INDEX_DEEPEST) {
        out->hash[out->depth] = hash;
        out->end[out->depth] = (uint32_t)end;
    }
}

size_t gwapi__index_path(gwapi__path_index *out, const char *path, size_t size)
{
    uint64_t hash = GWAPI__INDEX_SEED, word, marks;
    size_t at = 0, n;

    out->depth = 0;
    out->hash[0] = gwapi__index_end(hash, 0, 0);
    out->end[0] = 0;
    for (;; at += 8) {
        size_t left = size - at;
        word = left >= 8 ? gwapi__index_load(path + at)
                         : gwapi__index_tail(path + size, left, size);
        marks = mark_ends(word);
        if (at == 0 && (word & 0xff) == '/')
            marks &= marks - 1;
        for (; marks != 0; marks &= marks - 1) {
            n = gwapi__index_marked(marks);
            if ((word >> 8 * n & 0xff) == '?')
                break;
            end_segment(out, gwapi__index_end(hash, gwapi__index_low(word, n), n), at + n);
        }
        n = marks != 0 ? gwapi__index_marked(marks) : left;
        if (n < 8)
            break;
        hash = gwapi__index_word(hash, word);
    }
    out->whole = gwapi__index_end(hash, gwapi__index_low(word, n), n);
    if (at + n != 0)
        end_segment(out, out->whole, at + n);
    return at + n;
}

/* Some five of eight are taken. */
uint32_t gwapi__index_places(size_t keys)
{
    return (uint32_t)(keys + keys / 2 + keys / 8 + 1);
}
