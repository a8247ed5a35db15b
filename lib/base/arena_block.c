#include "base/arena.h"

#define FIRST_BLOCK   1024
#define LEAST_BLOCK   256
#define LARGEST_BLOCK ((size_t)256 * 1024)

size_t gwapi__arena_block_size(const gwapi__arena *arena, size_t least)
{
    /* A quarter of what there is: a fifth at most is in vain, and there are very many objects
     * and parts of a topology, each with an arena of its own. */
    size_t size = arena->total / 4;

    if (arena->total == 0)
        size = FIRST_BLOCK;
    else if (size < LEAST_BLOCK)
        size = LEAST_BLOCK;
    else if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
    return size < least ? least : size;
}
