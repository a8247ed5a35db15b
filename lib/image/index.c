#include "image/index.h"

/* Some five of eight are taken. */
uint32_t gwapi__index_places(size_t keys)
{
    return (uint32_t)(keys + keys / 2 + keys / 8 + 1);
}
