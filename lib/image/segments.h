/*
 * A path cut into its segments for the tables of the image: how many they are, where each ends,
 * and the hash of the path up to there (index.h).
 */
#ifndef GWAPI_IMAGE_SEGMENTS_H
#define GWAPI_IMAGE_SEGMENTS_H

#include <stdbool.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif
#include "base/bits.h"
#include "image/index.h"

/*
 * A path by its segments. Hashes are those of gwapi__index_text. Of a path of up to 64 bytes they
 * are made when they are asked for, from the words and the hashes before these; a longer one has
 * them all.
 */
enum { GWAPI__SEGMENTS_WORDS = 8 };
typedef struct gwapi__segments {
    size_t depth;                       /* how many segments; 0 for the empty path */
    uint64_t whole;                     /* hash of the path */
    uint32_t end[GWAPI__INDEX_DEEPEST]; /* where the n-th segment ends; of as many */
    bool hashed;                        /* `hash` is filled, not `word` and `before` */
    uint64_t word[GWAPI__SEGMENTS_WORDS + 1];
    uint64_t before[GWAPI__SEGMENTS_WORDS + 1];
    uint64_t hash[GWAPI__INDEX_DEEPEST]; /* of the path up to `end` */
} gwapi__segments;

/* Where the first 64 bytes of a text are '/' and where '?': a bit for each, the first the lowest. */
typedef struct gwapi__path_marks {
    uint64_t slashes;
    uint64_t queries;
} gwapi__path_marks;

#if defined(__SSE2__)

static inline void gwapi__mark(gwapi__path_marks *marks, __m128i bytes, size_t at)
{
    marks->slashes |=
        (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('/'))) << at;
    marks->queries |=
        (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('?'))) << at;
}

static inline __m128i gwapi__sixteen_at(const char *p)
{
    __m128i bytes;

    memcpy(&bytes, p, sizeof bytes);
    return bytes;
}

static inline gwapi__path_marks gwapi__mark_path(const char *p, size_t size)
{
    gwapi__path_marks marks = {0, 0};
    size_t at = 0;

    if (size < 16) {
        uint64_t first = size >= 8 ? gwapi__word_at(p) : gwapi__rest_at(p, size);
        uint64_t last = size >= 8 ? gwapi__index_tail(p + size, size - 8, size) : 0;
        gwapi__mark(&marks, _mm_set_epi64x((long long)last, (long long)first), 0);
        return marks;
    }
    if (size > 64)
        size = 64;
    for (; at + 16 <= size; at += 16)
        gwapi__mark(&marks, gwapi__sixteen_at(p + at), at);
    if (at < size)
        gwapi__mark(&marks, gwapi__sixteen_at(p + size - 16), size - 16);
    return marks;
}

#else

/* The highest bit of each byte that equals c, gathered. No carry goes from one to the next. */
static inline uint64_t gwapi__mark_word(uint64_t word, char c)
{
    const uint64_t ones = UINT64_MAX / 255, low = ones * 0x7f;

    word ^= ones * (unsigned char)c;
    word = ~(((word & low) + low) | word | low);
    return (word >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

static inline gwapi__path_marks gwapi__mark_path(const char *p, size_t size)
{
    gwapi__path_marks marks = {0, 0};

    for (size_t at = 0; at < size && at < 64; at += 8) {
        uint64_t word = size - at >= 8 ? gwapi__word_at(p + at)
                                       : gwapi__index_tail(p + size, size - at, size);
        marks.slashes |= gwapi__mark_word(word, '/') << at;
        marks.queries |= gwapi__mark_word(word, '?') << at;
    }
    return marks;
}

#endif

/* The same for a path of any length: every hash at once. */
size_t gwapi__segments_set_long(gwapi__segments *out, const char *path, size_t size);

/* Where segments end, from a bit for each byte that ends one, and with the path. */
static inline void gwapi__segments_end(gwapi__segments *out, uint64_t ends, size_t size)
{
    size_t depth = gwapi__bit_count(ends);

    out->end[0] = 0;
    /* Few paths have more: no branch depends on how many there are. */
    out->end[1] = gwapi__lowest_bit(ends);
    ends &= ends - 1;
    out->end[2] = gwapi__lowest_bit(ends);
    ends &= ends - 1;
    out->end[3] = gwapi__lowest_bit(ends);
    ends &= ends - 1;
    out->end[4] = gwapi__lowest_bit(ends);
    ends &= ends - 1;
    for (size_t i = 5; ends != 0 && i < GWAPI__INDEX_DEEPEST; i++) {
        out->end[i] = gwapi__lowest_bit(ends);
        ends &= ends - 1;
    }
    if (size != 0 && ++depth < GWAPI__INDEX_DEEPEST)
        out->end[depth] = (uint32_t)size;
    out->depth = depth;
}

/* Up to the first '?', whose place is given (size without one). The first segment begins behind a
 * leading '/', each other one behind the '/' that ends the one before. O(size). */
static inline size_t gwapi__segments_set(gwapi__segments *out, const char *path, size_t size)
{
    uint64_t hash = GWAPI__INDEX_SEED, word;
    size_t at = 0, i = 0;
    gwapi__path_marks marks = gwapi__mark_path(path, size);

    if (marks.queries != 0) {
        size = gwapi__lowest_bit(marks.queries);
        marks.slashes &= (UINT64_C(1) << size) - 1;
    } else if (size > 8 * GWAPI__SEGMENTS_WORDS) {
        return gwapi__segments_set_long(out, path, size);
    }
    for (; size - at >= 8; i++, at += 8) {
        word = gwapi__word_at(path + at);
        out->word[i] = word;
        out->before[i] = hash;
        hash = gwapi__index_word(hash, word);
    }
    word = gwapi__index_tail(path + size, size - at, size);
    out->word[i] = word;
    out->before[i] = hash;
    out->whole = gwapi__index_end(hash, word, size - at);
    out->hashed = false;
    gwapi__segments_end(out, marks.slashes & ~(uint64_t)(size != 0 && path[0] == '/'), size);
    return size;
}

/* The hash of a path up to where its n-th segment ends; n <= depth, n < GWAPI__INDEX_DEEPEST. */
static inline uint64_t gwapi__segments_hash(const gwapi__segments *index, size_t n)
{
    uint32_t end = index->end[n];

    return index->hashed ? index->hash[n]
                         : gwapi__index_end(index->before[end / 8], index->word[end / 8], end % 8);
}

#endif
