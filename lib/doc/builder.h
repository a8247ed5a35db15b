/* Builds a tree from what a reader finds in order: opens, keys, values, closes. Counts, keeps
 * the limits, and finds repeated keys. */
#ifndef GWAPI_DOC_BUILDER_H
#define GWAPI_DOC_BUILDER_H

#include "doc/problem.h"

typedef struct gwapi__builder {
    gwapi_allocator allocator;
    gwapi__arena *arena; /* of the tree */
    const gwapi_limits *limits;
    gwapi__problems *problems;
    gwapi__vector frames; /* of gwapi__frame: the open maps and lists */
    gwapi__vector slots;  /* of gwapi__slot: their members so far */
    uint64_t nodes;
    gwapi__node *root;
} gwapi__builder;

typedef struct gwapi__frame {
    gwapi__node_type type;
    gwapi__place place;
    size_t start; /* of its members in slots */
} gwapi__frame;

typedef struct gwapi__slot {
    gwapi__field field; /* value NULL: the key waits for it */
    bool merge;         /* a YAML merge key: the members of the value (maps) belong here */
} gwapi__slot;

void gwapi__builder_init(gwapi__builder *b, gwapi__arena *arena,
                         const gwapi_allocator *allocator, const gwapi_limits *limits,
                         gwapi__problems *problems);
void gwapi__builder_free(gwapi__builder *b);

/* All: GWAPI_ENOMEM, or GWAPI_EUNREADABLE after a problem was added. */
gwapi_result gwapi__builder_open(gwapi__builder *b, gwapi__node_type type, gwapi__place place);
/* The name is kept, not copied. */
gwapi_result gwapi__builder_key(gwapi__builder *b, gwapi_str name, gwapi__place place,
                                bool merge);
gwapi_result gwapi__builder_value(gwapi__builder *b, gwapi__node *value);
/* Ends the innermost map or list. It is not yet a value of what is around it. */
gwapi_result gwapi__builder_close(gwapi__builder *b, gwapi__node **closed);
gwapi_result gwapi__builder_refuse_count(gwapi__builder *b, gwapi__place place);

/* Counts `count` values that come at once (an alias). */
static inline gwapi_result gwapi__builder_count(gwapi__builder *b, uint64_t count,
                                                gwapi__place place)
{
    b->nodes += count;
    return b->nodes <= b->limits->nodes ? GWAPI_OK : gwapi__builder_refuse_count(b, place);
}

/* The innermost open map or list; NULL outside of all. */
static inline gwapi__frame *gwapi__builder_top(const gwapi__builder *b)
{
    return b->frames.count != 0 ? GWAPI__AT(&b->frames, gwapi__frame, b->frames.count - 1)
                                : NULL;
}

/* Appends the path of the innermost open map or list, as the API server writes it, and as a
 * JSON Pointer. */
void gwapi__builder_path(const gwapi__builder *b, gwapi__text *path, gwapi__text *pointer);

#endif
