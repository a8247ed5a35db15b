#include "image/segments.h"

size_t gwapi__segments_set_long(gwapi__segments *out, const char *path, size_t size)
{
    const char *query = memchr(path, '?', size);
    uint64_t hash = GWAPI__INDEX_SEED, word;
    size_t at, left, depth = 0;

    if (query != NULL)
        size = (size_t)(query - path);
    out->hashed = true;
    out->hash[0] = gwapi__index_end(hash, 0, 0);
    out->end[0] = 0;
    for (at = 0;; at += 8) {
        left = size - at < 8 ? size - at : 8;
        word = left == 8 ? gwapi__word_at(path + at)
                         : gwapi__index_tail(path + size, left, size);
        for (size_t i = at == 0; i < left; i++)
            if (path[at + i] == '/' && ++depth < GWAPI__INDEX_DEEPEST) {
                out->hash[depth] = gwapi__index_end(hash, word, i);
                out->end[depth] = (uint32_t)(at + i);
            }
        if (left < 8)
            break;
        hash = gwapi__index_word(hash, word);
    }
    out->whole = gwapi__index_end(hash, word, left);
    if (++depth < GWAPI__INDEX_DEEPEST) {
        out->hash[depth] = out->whole;
        out->end[depth] = (uint32_t)size;
    }
    out->depth = depth;
    return size;
}
