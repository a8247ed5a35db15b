/* Memory of this library: the caller's allocator, blocks that are wiped. */
#ifndef GWAPI_OPENSSL_MEMORY_H
#define GWAPI_OPENSSL_MEMORY_H

#include <stdbool.h>
#include <gatewayapi/base.h>

/* A copy of what the caller gave; NULL: malloc. GWAPI_ESTRUCTSIZE, GWAPI_EARGUMENT. */
gwapi_result gwapi__openssl_allocator(gwapi_allocator *out, const gwapi_allocator *given);

/* Copies a caller's struct (NULL: all zero) into `out` of `size` bytes, its newest and its
 * smallest form at once. GWAPI_ESTRUCTSIZE: it is shorter, or its unknown tail is not zero. */
gwapi_result gwapi__openssl_struct(void *out, size_t size, const void *given);

/* What of OpenSSL's can fail for want of memory only. */
static inline gwapi_result gwapi__openssl_done(bool done)
{
    return done ? GWAPI_OK : GWAPI_ENOMEM;
}

void *gwapi__openssl_alloc(const gwapi_allocator *a, size_t size);
/* NULL is fine. */
void gwapi__openssl_free(const gwapi_allocator *a, void *ptr, size_t size);

/* Bytes that may be secret: they are wiped before they are given back. */
typedef struct gwapi__secret {
    const gwapi_allocator *allocator;
    unsigned char *data;
    size_t len;
    size_t capacity;
} gwapi__secret;

/* Empty, with room for `capacity` bytes, at least one. GWAPI_ENOMEM. */
gwapi_result gwapi__secret_init(gwapi__secret *s, const gwapi_allocator *allocator,
                                size_t capacity);
void gwapi__secret_free(gwapi__secret *s);

#endif
