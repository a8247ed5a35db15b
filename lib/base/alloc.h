/* The caller's allocator, and sizes that cannot overflow. */
#ifndef GWAPI_BASE_ALLOC_H
#define GWAPI_BASE_ALLOC_H

#include <stdbool.h>
#include <gatewayapi/base.h>

/* Resolves what a caller gave (NULL: malloc) into a copy that every object keeps. */
gwapi_result gwapi__allocator_init(gwapi_allocator *out, const gwapi_allocator *given);

/* NULL when there is no memory. Size 0 is taken as 1. */
void *gwapi__alloc(const gwapi_allocator *a, size_t size);
/* Zeroed; NULL also when count * size overflows. */
void *gwapi__alloc_array(const gwapi_allocator *a, size_t count, size_t size);
/* Keeps the old block when it returns NULL. */
void *gwapi__resize(const gwapi_allocator *a, void *ptr, size_t old_size, size_t new_size);
/* NULL is fine. `size` as given to the allocation. */
void gwapi__free(const gwapi_allocator *a, void *ptr, size_t size);

/* Overwrites what was secret, also where nobody reads it again. NULL of size 0 is fine. */
void gwapi__wipe(void *ptr, size_t size);

/* False when the result does not fit; *out is then unchanged. */
static inline bool gwapi__mul(size_t a, size_t b, size_t *out)
{
    if (b != 0 && a > SIZE_MAX / b)
        return false;
    *out = a * b;
    return true;
}

static inline bool gwapi__add(size_t a, size_t b, size_t *out)
{
    if (a > SIZE_MAX - b)
        return false;
    *out = a + b;
    return true;
}

#endif
