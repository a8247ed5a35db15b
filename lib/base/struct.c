#include "base/struct.h"

#include <string.h>

/* No published struct is larger; a wild struct_size is refused before its tail is read. */
#define LARGEST_STRUCT 4096

gwapi_result gwapi__struct_in(void *out, size_t size, const void *given, size_t smallest)
{
    memset(out, 0, size);
    memcpy(out, &size, sizeof size);
    if (given == NULL)
        return GWAPI_OK;
    size_t theirs;
    memcpy(&theirs, given, sizeof theirs);
    if (theirs < smallest || theirs > LARGEST_STRUCT)
        return GWAPI_ESTRUCTSIZE;
    for (size_t i = size; i < theirs; i++)
        if (((const unsigned char *)given)[i] != 0)
            return GWAPI_ESTRUCTSIZE;
    memcpy(out, given, theirs < size ? theirs : size);
    memcpy(out, &size, sizeof size);
    return GWAPI_OK;
}

gwapi_result gwapi__struct_out(void *out, const void *from, size_t size, size_t smallest)
{
    size_t theirs;

    if (out == NULL)
        return GWAPI_EARGUMENT;
    memcpy(&theirs, out, sizeof theirs);
    if (theirs < smallest || theirs > LARGEST_STRUCT)
        return GWAPI_ESTRUCTSIZE;
    memcpy((char *)out + sizeof theirs, (const char *)from + sizeof theirs,
           (theirs < size ? theirs : size) - sizeof theirs);
    if (theirs > size)
        memset((char *)out + size, 0, theirs - size);
    return GWAPI_OK;
}
