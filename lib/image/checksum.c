#include "image/checksum.h"

#include <string.h>

uint64_t gwapi__image_checksum(const unsigned char *bytes, size_t size)
{
    size_t at = offsetof(gwapi__image_header, checksum);
    size_t after = sizeof(gwapi__image_header);
    uint64_t head = gwapi__siphash(0, 0, (gwapi_str){(const char *)bytes, at});

    return gwapi__siphash(head, 1, (gwapi_str){(const char *)bytes + after, size - after});
}

uint64_t gwapi__image_content_hash(uint64_t hash, uint32_t section, const void *bytes,
                                   size_t size)
{
    return gwapi__siphash(hash, section, (gwapi_str){bytes, size});
}

void gwapi__image_swap(void *words, size_t size)
{
    unsigned char *p = words;

    for (size_t i = 0; i + 4 <= size; i += 4) {
        unsigned char a = p[i], b = p[i + 1];
        p[i] = p[i + 3];
        p[i + 1] = p[i + 2];
        p[i + 2] = b;
        p[i + 3] = a;
    }
}
