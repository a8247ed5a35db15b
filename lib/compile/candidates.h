/*
 * The matches of one hostname by what finds them: a text (a whole path, a prefix, a gRPC method,
 * what a pattern begins with), or nothing but a list.
 */
#ifndef GWAPI_COMPILE_CANDIDATES_H
#define GWAPI_COMPILE_CANDIDATES_H

#include "compile/compiler.h"
#include "compile/places.h"

/* A match under the text it is found by. */
typedef struct gwapi__keyed_match {
    uint64_t hash;
    gwapi__image_text text; /* as the builder numbers it */
    uint32_t type;          /* GWAPI__IMAGE_MATCH_... */
    uint32_t match;
} gwapi__keyed_match;

/* The matches of one hostname, by where they go. */
typedef struct gwapi__candidates {
    gwapi__vector keyed;                /* of gwapi__keyed_match */
    gwapi__vector spread, ends;         /* of the same and of uint32_t, while they are sorted */
    gwapi__vector patterns, deep, grpc; /* of uint32_t, ascending */
    gwapi__places places;               /* items: where a group of `keyed` begins */
    gwapi__image_host host;             /* but for `next` */
    uint32_t pattern_depths;
} gwapi__candidates;

void gwapi__candidates_init(gwapi__candidates *lists, const gwapi_allocator *allocator);
void gwapi__candidates_free(gwapi__candidates *lists);

/* All matches of the variants, of which none comes twice; what was there before is gone. `places`
 * has the keys of the table. False without memory. */
bool gwapi__candidates_fill(gwapi__compiler *c, const uint32_t *variants, size_t count,
                            gwapi__candidates *lists);

/* gwapi__order of uint32_t. */
int gwapi__order_numbers(const void *a, const void *b, void *ctx);

/* The end of the group of `keyed` that begins at `from`: those that share type and text. */
size_t gwapi__keyed_end(const gwapi__vector *keyed, size_t from);

#endif
