#include "base/arena.h"

#include <string.h>

#define ALIGNMENT alignof(max_align_t)

struct gwapi__arena_block {
    gwapi__arena_block *previous;
    size_t size; /* of the whole allocation */
    alignas(max_align_t) char data[];
};

void gwapi__arena_init(gwapi__arena *arena, const gwapi_allocator *allocator)
{
    *arena = (gwapi__arena){.allocator = *allocator};
}

static void give_back(gwapi__arena *arena, gwapi__arena_block *block)
{
    size_t size = block->size;

    if (arena->secret)
        gwapi__wipe(block, size);
    arena->total -= size;
    gwapi__free(&arena->allocator, block, size);
}

static void drop_last(gwapi__arena *arena)
{
    gwapi__arena_block *block = arena->last;

    arena->last = block->previous;
    give_back(arena, block);
}

void gwapi__arena_free(gwapi__arena *arena)
{
    while (arena->last != NULL)
        drop_last(arena);
    arena->cursor = arena->end = NULL;
}

void gwapi__arena_reset(gwapi__arena *arena)
{
    gwapi__arena_block *keep = arena->last;

    if (keep == NULL)
        return;
    for (gwapi__arena_block *b = keep->previous; b != NULL; b = b->previous)
        if (b->size > keep->size)
            keep = b;
    gwapi__arena_block *b = arena->last;
    arena->last = keep;
    while (b != NULL) {
        gwapi__arena_block *previous = b->previous;
        if (b != keep)
            give_back(arena, b);
        b = previous;
    }
    if (arena->secret)
        gwapi__wipe(keep->data, keep->size - offsetof(gwapi__arena_block, data));
    arena->secret = false;
    keep->previous = NULL;
    arena->cursor = keep->data;
    arena->end = (char *)keep + keep->size;
}

gwapi__arena_mark gwapi__arena_mark_get(const gwapi__arena *arena)
{
    return (gwapi__arena_mark){arena->last, arena->cursor};
}

void gwapi__arena_rewind(gwapi__arena *arena, gwapi__arena_mark mark)
{
    while (arena->last != mark.last)
        drop_last(arena);
    arena->cursor = mark.cursor;
    arena->end = mark.last != NULL ? (char *)mark.last + mark.last->size : NULL;
}

static bool add_block(gwapi__arena *arena, size_t need)
{
    if (!gwapi__add(need, sizeof(gwapi__arena_block), &need))
        return false;
    size_t size = gwapi__arena_block_size(arena, need);
    gwapi__arena_block *block = gwapi__alloc(&arena->allocator, size);
    if (block == NULL)
        return false;
    block->previous = arena->last;
    block->size = size;
    arena->last = block;
    arena->total += size;
    arena->cursor = block->data;
    arena->end = (char *)block + size;
    return true;
}

void *gwapi__arena_alloc_block(gwapi__arena *arena, size_t size)
{
    if (!gwapi__add(size, ALIGNMENT - 1, &size))
        return NULL;
    size &= ~(ALIGNMENT - 1);
    if (!add_block(arena, size))
        return NULL;
    void *result = arena->cursor;
    arena->cursor += size;
    return result;
}

void *gwapi__arena_array(gwapi__arena *arena, size_t count, size_t size)
{
    size_t total;

    if (!gwapi__mul(count, size, &total))
        return NULL;
    void *result = gwapi__arena_alloc(arena, total);
    if (result != NULL)
        memset(result, 0, total);
    return result;
}

bool gwapi__arena_copy(gwapi__arena *arena, gwapi_str text, gwapi_str *out)
{
    char *copy = gwapi__arena_alloc(arena, text.len + 1);

    if (copy == NULL)
        return false;
    if (text.len != 0)
        memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    *out = (gwapi_str){copy, text.len};
    return true;
}
