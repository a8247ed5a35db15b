#include "base/arena.h"

#define FIRST_BLOCK   1024
#define LARGEST_BLOCK ((size_t)256 * 1024)

size_t gwapi__arena_block_size(const gwapi__arena *arena, size_t least)
{
    size_t size = gwapi__arena_last_size(arena) * 2;

    if (size == 0)
        size = FIRST_BLOCK;
    else if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
    return size < least ? least : size;
}
