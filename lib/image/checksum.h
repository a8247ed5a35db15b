/* The two hashes of an image, and its byte order. */
#ifndef GWAPI_IMAGE_CHECKSUM_H
#define GWAPI_IMAGE_CHECKSUM_H

#include <stdbool.h>
#include "base/hash.h"
#include "image/layout.h"

/* Of all bytes but the checksum's own; guards against accidents, not against malice. */
uint64_t gwapi__image_checksum(const unsigned char *bytes, size_t size);
/* Adds a section's bytes to the content hash (0 at first). */
uint64_t gwapi__image_content_hash(uint64_t hash, uint32_t section, const void *bytes,
                                   size_t size);
/* Reverses the bytes of each word: from the file's order to a big-endian host's and back. */
void gwapi__image_swap(void *words, size_t size);

#endif
