/* Checks an image once, wholly, so that nobody has to check again. */
#ifndef GWAPI_IMAGE_VERIFY_H
#define GWAPI_IMAGE_VERIFY_H

#include <gatewayapi/base.h>
#include "image/reader.h"

/* What is wrong: a static sentence, and where. */
typedef struct gwapi__image_fault {
    const char *message;
    uint32_t section; /* id, 0: the header or the table */
    uint32_t record;
} gwapi__image_fault;

/* The name of a section ("RULE"), "" for an unknown id. */
const char *gwapi__image_section_name(uint32_t id);

/* Reads the header: does it look like an image of a format we know, whole and by its checksum
 * undamaged? How long is it? `bytes` may have any alignment and are in the file's order. */
gwapi_result gwapi__image_measure(const void *bytes, size_t len, size_t *size,
                                  gwapi__image_fault *fault);

/* A big-endian host's copy, word by word, to its own order; TEXT and LABEL stay. Only the table
 * is trusted for this, as far as it was checked here. Nothing to do on a little-endian host. */
gwapi_result gwapi__image_to_host(unsigned char *bytes, size_t size, gwapi__image_fault *fault);

/* Fills *image after checking the table and every reference of every record.
 * `bytes` are aligned to 8, in the host's order and of the measured size. Allocates nothing. */
gwapi_result gwapi__image_verify(gwapi__image *image, const unsigned char *bytes, size_t size,
                                 gwapi__image_fault *fault);

#endif
