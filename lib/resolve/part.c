#include "resolve/part.h"

void *gwapi__part_new(const gwapi_allocator *allocator, size_t size)
{
    gwapi__arena arena;

    gwapi__arena_init(&arena, allocator);
    gwapi__part *part = gwapi__arena_zeroed(&arena, size);
    if (part == NULL)
        return NULL;
    atomic_init(&part->references, 1);
    part->arena = arena;
    return part;
}

void *gwapi__part_retain(const void *part)
{
    gwapi__part *p = (gwapi__part *)(uintptr_t)part;

    if (p != NULL)
        atomic_fetch_add_explicit(&p->references, 1, memory_order_relaxed);
    return p;
}

void gwapi__part_release(const void *part)
{
    gwapi__part *p = (gwapi__part *)(uintptr_t)part;

    if (p == NULL || atomic_fetch_sub_explicit(&p->references, 1, memory_order_acq_rel) != 1)
        return;
    if (p->free != NULL)
        p->free(p);
    gwapi__part_release(p->kept[0]);
    gwapi__part_release(p->kept[1]);
    gwapi__arena arena = p->arena; /* which holds the part itself */
    gwapi__arena_free(&arena);
}
