/* Bump memory, freed at once: the owner of every parsed tree and every decoded resource. */
#ifndef GWAPI_BASE_ARENA_H
#define GWAPI_BASE_ARENA_H

#include <stdalign.h>
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"

typedef struct gwapi__arena_block gwapi__arena_block;

typedef struct gwapi__arena {
    gwapi_allocator allocator;
    gwapi__arena_block *last;
    char *cursor;
    char *end;
    size_t total; /* bytes taken from the allocator */
    bool secret;  /* blocks are wiped before they are given back, or used again after a reset */
} gwapi__arena;

/* Where the arena stood; what was allocated since can be given back at once. */
typedef struct gwapi__arena_mark {
    gwapi__arena_block *last;
    char *cursor;
} gwapi__arena_mark;

/* Allocates nothing. `allocator` is a resolved one (gwapi__allocator_init). */
void gwapi__arena_init(gwapi__arena *arena, const gwapi_allocator *allocator);
void gwapi__arena_free(gwapi__arena *arena);
/* Empties the arena and keeps its largest block; it is not secret any more. */
void gwapi__arena_reset(gwapi__arena *arena);

gwapi__arena_mark gwapi__arena_mark_get(const gwapi__arena *arena);
/* Gives back everything allocated since the mark. */
void gwapi__arena_rewind(gwapi__arena *arena, gwapi__arena_mark mark);

/* The rest of gwapi__arena_alloc: when the last block has no room. */
void *gwapi__arena_alloc_block(gwapi__arena *arena, size_t size);

/* The size of a new block, `least` or more. In a file of its own: tests put another in its place,
 * so that each allocation asks for memory and can fail. */
size_t gwapi__arena_block_size(const gwapi__arena *arena, size_t least);

/* Aligned for every type, not zeroed. NULL when there is no memory. */
static inline void *gwapi__arena_alloc(gwapi__arena *arena, size_t size)
{
    const size_t mask = alignof(max_align_t) - 1;
    char *result = arena->cursor;

    if (result == NULL || size > (size_t)(arena->end - result) ||
        ((size + mask) & ~mask) > (size_t)(arena->end - result))
        return gwapi__arena_alloc_block(arena, size);
    arena->cursor = result + ((size + mask) & ~mask);
    return result;
}

/* Zeroed. */
static inline void *gwapi__arena_zeroed(gwapi__arena *arena, size_t size)
{
    void *result = gwapi__arena_alloc(arena, size);

    return result != NULL ? memset(result, 0, size) : NULL;
}

/* Zeroed; NULL also on overflow. A count of 0 gives a pointer that must not be read. */
void *gwapi__arena_array(gwapi__arena *arena, size_t count, size_t size);
#define GWAPI__ARENA_NEW(arena, type) ((type *)gwapi__arena_zeroed((arena), sizeof(type)))
/* A copy of the text, with a NUL behind it that is not counted. False: no memory. */
bool gwapi__arena_copy(gwapi__arena *arena, gwapi_str text, gwapi_str *out);

#endif
