/* TARGET: each Service, port and kind of treatment that backends name, once. */
#ifndef GWAPI_COMPILE_TARGETS_H
#define GWAPI_COMPILE_TARGETS_H

#include "base/slots.h"
#include "base/vector.h"
#include "image/layout.h"
#include "model/resource.h"

/* A text of the topology's and its number in the builder. */
typedef struct gwapi__known_text {
    gwapi_str text;
    gwapi__image_text stored;
} gwapi__known_text;

typedef struct gwapi__targets {
    gwapi__slots by_record; /* places in TARGET */
    gwapi__slots by_object; /* places in `objects`, by object and port */
    gwapi__vector objects;  /* of gwapi__object_target */
    gwapi__known_text group, kind, namespace_; /* the last ones */
} gwapi__targets;

/* A target that was made for a backend with an object, which has the texts. */
typedef struct gwapi__object_target {
    const gwapi__resource *object;
    uint32_t target;
} gwapi__object_target;

/* Allocates nothing. */
void gwapi__targets_init(gwapi__targets *targets, const gwapi_allocator *allocator);
void gwapi__targets_free(gwapi__targets *targets);

#endif
