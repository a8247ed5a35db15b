/*
 * How the tables of the image are hashed: written by compile, probed by match, and the same on
 * every machine, for it is part of the format.
 *
 * A table is a range of places without an order. A key's first place is gwapi__index_place of its
 * hash; if another has it the next one is looked at, after the last the first, as long as the
 * place before has the flag GWAPI__PLACE_MORE: some key went over it. The tag of a place is a part
 * of the hash that spares nearly all comparisons of texts; what counts is the text.
 *
 * A text is taken as words of eight bytes, the lowest byte first, and a rest with its length, so
 * that one walk over a path gives the hash of each prefix that ends with a segment.
 */
#ifndef GWAPI_IMAGE_INDEX_H
#define GWAPI_IMAGE_INDEX_H

#include <string.h>
#include <gatewayapi/base.h>
#include "image/checksum.h"
#include "image/layout.h"

/* Bits of the masks for depths (numbers of segments, of dots): the last stands for all above. */
enum { GWAPI__INDEX_DEEPEST = 31 };

static inline uint32_t gwapi__index_depth(size_t depth)
{
    return UINT32_C(1) << (depth < GWAPI__INDEX_DEEPEST ? depth : (size_t)GWAPI__INDEX_DEEPEST);
}

/* Odd numbers without a pattern. */
#define GWAPI__INDEX_SEED UINT64_C(0x9e3779b97f4a7c15)
#define GWAPI__INDEX_WORD UINT64_C(0xd6e8feb86659fd93)
#define GWAPI__INDEX_LAST UINT64_C(0xe7037ed1a0b428db)

/* The last n < 8 of `size` bytes that end at `end`, as the low bytes of a word. */
static inline uint64_t gwapi__index_tail(const char *end, size_t n, size_t size)
{
    if (n == 0)
        return 0;
    return size >= 8 ? gwapi__word_at(end - 8) >> (64 - 8 * n) : gwapi__rest_at(end - n, n);
}

static inline void gwapi__index_store(char *p, uint64_t word)
{
#if GWAPI__BIG_ENDIAN
    for (int i = 0; i < 8; i++)
        p[i] = (char)(word >> 8 * i);
#else
    memcpy(p, &word, sizeof word);
#endif
}

static inline uint64_t gwapi__index_word(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * GWAPI__INDEX_WORD;
    return hash ^ hash >> 32;
}

/* Ends a text with its last n < 8 bytes, the lowest of `word`; `end` is the bit above them, 8 n. */
static inline uint64_t gwapi__index_end_at(uint64_t hash, uint64_t word, uint64_t end)
{
    hash = (hash ^ ((word & (end - 1)) | end)) * GWAPI__INDEX_LAST;
    return hash ^ hash >> 29;
}

static inline uint64_t gwapi__index_end(uint64_t hash, uint64_t word, size_t n)
{
    return gwapi__index_end_at(hash, word, UINT64_C(1) << 8 * n);
}

static inline uint64_t gwapi__index_text(const char *p, size_t n)
{
    const char *end = p + n;
    uint64_t hash = GWAPI__INDEX_SEED;
    size_t left = n;

    for (; left >= 8; left -= 8, p += 8)
        hash = gwapi__index_word(hash, gwapi__word_at(p));
    return gwapi__index_end(hash, gwapi__index_tail(end, left, n), left);
}

/* As a table with that seed sees a key. */
static inline uint64_t gwapi__index_seeded(uint64_t hash, uint32_t seed)
{
    hash = (hash ^ seed * GWAPI__INDEX_LAST) * GWAPI__INDEX_WORD;
    return hash ^ hash >> 32;
}

/* By the upper half; count > 0. */
static inline uint32_t gwapi__index_place(uint64_t hash, uint32_t count)
{
    return (uint32_t)((hash >> 32) * count >> 32);
}

/* By the lower half. The same text as another type has the same place and another tag. */
static inline uint32_t gwapi__name_tag(uint64_t hash)
{
    return (uint32_t)hash & ~GWAPI__PLACE_MORE;
}

static inline uint32_t gwapi__slot_tag(uint64_t hash, uint32_t type)
{
    return ((uint32_t)hash & ~(GWAPI__SLOT_TYPE | GWAPI__PLACE_MORE)) | type;
}

/* How many places a table of so many keys has. */
uint32_t gwapi__index_places(size_t keys);

#endif
