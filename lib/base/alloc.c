#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

static void *malloc_resize(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    (void)ctx;
    (void)old_size;
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    return realloc(ptr, new_size);
}

gwapi_result gwapi__allocator_init(gwapi_allocator *out, const gwapi_allocator *given)
{
    *out = (gwapi_allocator){sizeof *out, NULL, malloc_resize};
    if (given == NULL)
        return GWAPI_OK;
    if (given->struct_size < sizeof *given)
        return GWAPI_ESTRUCTSIZE;
    if (given->resize == NULL)
        return GWAPI_EARGUMENT;
    out->ctx = given->ctx;
    out->resize = given->resize;
    return GWAPI_OK;
}

void *gwapi__alloc(const gwapi_allocator *a, size_t size)
{
    return a->resize(a->ctx, NULL, 0, size ? size : 1);
}

void *gwapi__alloc_array(const gwapi_allocator *a, size_t count, size_t size)
{
    size_t total;

    if (!gwapi__mul(count, size, &total))
        return NULL;
    void *block = gwapi__alloc(a, total);
    if (block != NULL)
        memset(block, 0, total);
    return block;
}

void *gwapi__resize(const gwapi_allocator *a, void *ptr, size_t old_size, size_t new_size)
{
    return a->resize(a->ctx, ptr, old_size, new_size ? new_size : 1);
}

void gwapi__free(const gwapi_allocator *a, void *ptr, size_t size)
{
    if (ptr != NULL)
        a->resize(a->ctx, ptr, size ? size : 1, 0);
}

void gwapi__wipe(void *ptr, size_t size)
{
    if (size == 0)
        return;
#if defined(__GNUC__)
    memset(ptr, 0, size);
    __asm__ __volatile__("" : : "r"(ptr) : "memory");
#else
    volatile unsigned char *p = ptr;
    for (size_t i = 0; i < size; i++)
        p[i] = 0;
#endif
}
