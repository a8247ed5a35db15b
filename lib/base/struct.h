/* struct_size at the door: structs of older and newer callers, converted once. */
#ifndef GWAPI_BASE_STRUCT_H
#define GWAPI_BASE_STRUCT_H

#include <stdbool.h>
#include <string.h>
#include <gatewayapi/base.h>

/*
 * Copies a caller's struct (NULL: all zero) into `out` of `size` bytes, our newest form; what
 * the caller's form lacks is zero. `smallest` is the size of the first published form. Refuses a
 * struct_size below that, and a longer one whose unknown tail is not zero.
 */
gwapi_result gwapi__struct_in(void *out, size_t size, const void *given, size_t smallest);

/* Copies our form `from` of `size` bytes to the caller's `out`, up to its struct_size, which
 * stays as it is; a longer tail is zeroed. */
gwapi_result gwapi__struct_out(void *out, const void *from, size_t size, size_t smallest);
/* Has the caller's `out` (NULL: no) exactly our form? It may be filled without a copy then. */
static inline bool gwapi__struct_is(const void *out, size_t size)
{
    size_t theirs = 0;

    if (out != NULL)
        memcpy(&theirs, out, sizeof theirs);
    return theirs == size;
}

#endif
