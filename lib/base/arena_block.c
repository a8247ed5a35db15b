#include "base/arena.h"

#define FIRST_BLOCK   1024
#define LARGEST_BLOCK ((size_t)256 * 1024)

size_t gwapi__arena_block_size(const gwapi__arena *arena, size_t least)
{
    /* Half of what there is: a third at most is in vain. Most objects and parts of a topology
     * need two or three blocks, and there are very many of them. */
    size_t size = arena->total / 2;

    if (arena->total == 0)
        size = FIRST_BLOCK;
    else if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
    return size < least ? least : size;
}
