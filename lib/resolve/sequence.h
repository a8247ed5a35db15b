/*
 * Parts of one kind, ordered by namespace and name, in immutable counted chunks: changing a few
 * shares all other chunks. A chunk counts what its parts measure, and knows what they looked
 * up.
 */
#ifndef GWAPI_RESOLVE_SEQUENCE_H
#define GWAPI_RESOLVE_SEQUENCE_H

#include "base/vector.h"
#include "resolve/part.h"

#define GWAPI__CHUNK 128

typedef struct gwapi__chunk gwapi__chunk;

typedef struct gwapi__sequence {
    gwapi_allocator allocator;
    gwapi__chunk **chunks;
    size_t chunk_count;
    uint32_t (*start)[GWAPI__MEASURES]; /* of each chunk: the sums of those before it */
    uint32_t total[GWAPI__MEASURES];
    size_t count; /* parts */
} gwapi__sequence;

/* One change: the part that stands for the key from now on, NULL: none. */
typedef struct gwapi__edit {
    const gwapi__resource *key; /* only namespace and name count */
    gwapi__part *part;          /* borrowed */
} gwapi__edit;

/* By namespace, then name. */
int gwapi__resource_cmp(const gwapi__resource *a, const gwapi__resource *b);
/* The same of pointers to them: a gwapi__order. */
int gwapi__order_resources(const void *a, const void *b, void *ctx);

/* Allocates nothing. */
void gwapi__sequence_init(gwapi__sequence *s, const gwapi_allocator *allocator);
void gwapi__sequence_free(gwapi__sequence *s);
/* `out` (empty) becomes `old` with the changes, which ascend by key, each key once. False: no
 * memory; `out` is to be freed. O(chunks + changes). */
bool gwapi__sequence_edit(gwapi__sequence *out, const gwapi__sequence *old,
                          const gwapi__edit *edits, size_t count);

/* The part of that namespace and name, NULL without one; `before` (may be NULL) gets the sums
 * of the parts before it. */
void *gwapi__sequence_find(const gwapi__sequence *s, const gwapi__resource *key,
                           uint32_t before[GWAPI__MEASURES]);
void *gwapi__sequence_named(const gwapi__sequence *s, gwapi_str namespace_, gwapi_str name,
                            uint32_t before[GWAPI__MEASURES]);
/* The part in which the i-th of a measure lies, i < total[m], and the sums before it. */
void *gwapi__sequence_at(const gwapi__sequence *s, gwapi__measure m, uint32_t i,
                         uint32_t before[GWAPI__MEASURES]);

/* Walks all parts in order: `for (walk w = {s}; (p = next(&w)) != NULL;)`. */
typedef struct gwapi__sequence_walk {
    const gwapi__sequence *sequence;
    size_t chunk, item;
} gwapi__sequence_walk;
void *gwapi__sequence_next(gwapi__sequence_walk *walk);

/* Calls `found` for each pair of parts in which the sequences differ; chunks that both have are
 * passed over. False when they are not of the same length, or as soon as `found` says so. */
bool gwapi__sequence_differences(const gwapi__sequence *a, const gwapi__sequence *b,
                                 bool (*found)(void *ctx, const void *a, const void *b),
                                 void *ctx);

/* Did the part look up one of the ascending hashes? */
bool gwapi__part_saw(const gwapi__part *part, const uint64_t *hashes, size_t count);
/* Calls `found` for each part that looked up one of the ascending hashes. The result is its
 * first that is not GWAPI_OK. */
gwapi_result gwapi__sequence_seen(const gwapi__sequence *s, const uint64_t *hashes,
                                  size_t count,
                                  gwapi_result (*found)(void *ctx, gwapi__part *part),
                                  void *ctx);

#endif
