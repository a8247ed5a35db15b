#include "openssl/memory.h"

#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>

/* No published struct is larger; a wild struct_size is refused before its tail is read. */
#define LARGEST_STRUCT 4096

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

gwapi_result gwapi__openssl_allocator(gwapi_allocator *out, const gwapi_allocator *given)
{
    *out = (gwapi_allocator){sizeof *out, NULL, malloc_resize};
    if (given == NULL)
        return GWAPI_OK;
    gwapi_result result = gwapi__openssl_struct(out, sizeof *out, given);
    return result == GWAPI_OK && out->resize == NULL ? GWAPI_EARGUMENT : result;
}

gwapi_result gwapi__openssl_struct(void *out, size_t size, const void *given)
{
    size_t theirs;

    memset(out, 0, size);
    memcpy(out, &size, sizeof size);
    if (given == NULL)
        return GWAPI_OK;
    memcpy(&theirs, given, sizeof theirs);
    if (theirs < size || theirs > LARGEST_STRUCT)
        return GWAPI_ESTRUCTSIZE;
    for (size_t i = size; i < theirs; i++)
        if (((const unsigned char *)given)[i] != 0)
            return GWAPI_ESTRUCTSIZE;
    memcpy(out, given, size);
    memcpy(out, &size, sizeof size);
    return GWAPI_OK;
}

void *gwapi__openssl_alloc(const gwapi_allocator *a, size_t size)
{
    return a->resize(a->ctx, NULL, 0, size);
}

void gwapi__openssl_free(const gwapi_allocator *a, void *ptr, size_t size)
{
    if (ptr != NULL)
        a->resize(a->ctx, ptr, size, 0);
}

gwapi_result gwapi__secret_init(gwapi__secret *s, const gwapi_allocator *allocator,
                                size_t capacity)
{
    if (capacity == 0)
        capacity = 1;
    *s = (gwapi__secret){allocator, gwapi__openssl_alloc(allocator, capacity), 0, capacity};
    return s->data != NULL ? GWAPI_OK : GWAPI_ENOMEM;
}

void gwapi__secret_free(gwapi__secret *s)
{
    if (s->data != NULL)
        OPENSSL_cleanse(s->data, s->capacity);
    gwapi__openssl_free(s->allocator, s->data, s->capacity);
    *s = (gwapi__secret){0};
}
