/* Making the handle over an image. */
#ifndef GWAPI_IMAGE_SNAPSHOT_H
#define GWAPI_IMAGE_SNAPSHOT_H

#include "image/reader.h"

/* What gwapi_snapshot_open and gwapi_snapshot_compile tell the handle. */
typedef struct gwapi__handle_options {
    const gwapi_allocator *allocator; /* resolved */
    const gwapi_limits *limits;       /* resolved */
    const gwapi_snapshot *previous;
    uint32_t regex_flags; /* GWAPI__REGEX_... */
} gwapi__handle_options;

/*
 * Verifies bytes of the allocator's, in the file's order and aligned to 8, and makes a snapshot
 * that owns them. On failure they stay the caller's.
 */
gwapi_result gwapi__snapshot_adopt(gwapi_snapshot **out, unsigned char *bytes, size_t size,
                                   const gwapi__handle_options *options, gwapi_report *report);

#endif
