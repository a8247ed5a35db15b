/* Bump memory, freed at once: the owner of every parsed tree and every decoded resource. */
#ifndef GWAPI_BASE_ARENA_H
#define GWAPI_BASE_ARENA_H

#include "base/alloc.h"

typedef struct gwapi__arena_block gwapi__arena_block;

typedef struct gwapi__arena {
    gwapi_allocator allocator;
    gwapi__arena_block *last;
    char *cursor;
    char *end;
    size_t total; /* bytes taken from the allocator */
} gwapi__arena;

/* Where the arena stood; what was allocated since can be given back at once. */
typedef struct gwapi__arena_mark {
    gwapi__arena_block *last;
    char *cursor;
} gwapi__arena_mark;

/* Allocates nothing. `allocator` is a resolved one (gwapi__allocator_init). */
void gwapi__arena_init(gwapi__arena *arena, const gwapi_allocator *allocator);
void gwapi__arena_free(gwapi__arena *arena);
/* Empties the arena and keeps its largest block. */
void gwapi__arena_reset(gwapi__arena *arena);

gwapi__arena_mark gwapi__arena_mark_get(const gwapi__arena *arena);
/* Gives back everything allocated since the mark. */
void gwapi__arena_rewind(gwapi__arena *arena, gwapi__arena_mark mark);

/* Aligned for every type, not zeroed. NULL when there is no memory. */
void *gwapi__arena_alloc(gwapi__arena *arena, size_t size);
/* Zeroed; NULL also on overflow. A count of 0 gives a pointer that must not be read. */
void *gwapi__arena_array(gwapi__arena *arena, size_t count, size_t size);
#define GWAPI__ARENA_NEW(arena, type) ((type *)gwapi__arena_array((arena), 1, sizeof(type)))
/* A copy of the text, with a NUL behind it that is not counted. False: no memory. */
bool gwapi__arena_copy(gwapi__arena *arena, gwapi_str text, gwapi_str *out);

#endif
