/* Maps and lists while they grow, in an evaluation's arena. */
#ifndef GWAPI_CEL_BUILD_H
#define GWAPI_CEL_BUILD_H

#include "base/slice.h"
#include "cel/cel.h"

/* A list that grows by appending. Zeroed: empty. */
typedef struct gwapi__cel_items {
    gwapi__cel_value *data;
    uint32_t count, capacity;
} gwapi__cel_items;

/* False: no memory, remembered in the context. */
bool gwapi__cel_items_add(gwapi__cel_context *context, gwapi__cel_items *items,
                          gwapi__cel_value item);
/* What was built; nothing may be added afterwards. */
gwapi__cel_value gwapi__cel_items_list(gwapi__cel_context *context,
                                       const gwapi__cel_items *items);

/* A map that grows; `map.entries` and `map.slots` are the builder's. Zeroed: empty. */
typedef struct gwapi__cel_entries {
    gwapi__cel_map map;
    gwapi__cel_entry *data;
    uint32_t *slots;
    uint32_t capacity;
} gwapi__cel_entries;

typedef enum gwapi__cel_added {
    GWAPI__CEL_ADDED = 0,
    GWAPI__CEL_REPEATED,  /* *at is the entry that has the key */
    GWAPI__CEL_BAD_KEY,   /* lists and the like are no keys */
    GWAPI__CEL_NO_MEMORY  /* remembered in the context */
} gwapi__cel_added;

gwapi__cel_added gwapi__cel_entries_add(gwapi__cel_context *context, gwapi__cel_entries *entries,
                                        const gwapi__cel_value *key, gwapi__cel_value value,
                                        uint32_t *at);
/* Takes the entry of the key out, if there is one. */
void gwapi__cel_entries_drop(gwapi__cel_entries *entries, const gwapi__cel_value *key);
gwapi__cel_value gwapi__cel_entries_map(gwapi__cel_context *context,
                                        const gwapi__cel_entries *entries);

/* Index of the entry whose key has the same kind and value; UINT32_MAX without one. */
uint32_t gwapi__cel_map_index(const gwapi__cel_map *map, const gwapi__cel_value *key);

/* The same, a number of another kind with that value failing all else. */
uint32_t gwapi__cel_map_lookup(const gwapi__cel_map *map, const gwapi__cel_value *key);

/* A hash of a scalar: equal values of one kind have equal ones. */
uint64_t gwapi__cel_hash(uint64_t seed, const gwapi__cel_value *value);
/* Where the hashes of an evaluation begin; not for telling, as it differs between runs. */
uint64_t gwapi__cel_seed(const gwapi__cel_context *context);

/* The number as one of another kind (INT, UINT, DOUBLE); false if it is none of that kind. To a
 * double it may lose digits. */
bool gwapi__cel_as_number(const gwapi__cel_value *v, gwapi__cel_kind kind, gwapi__cel_value *out);

/* Below this, looking at each member of a tree's map is as quick as an index. */
#define GWAPI__CEL_LARGE_TREE 32

/* The rest of gwapi__cel_member: of a large map. */
const gwapi__node *gwapi__cel_large_member(gwapi__cel_context *context, const gwapi__node *map,
                                           gwapi_str name);

/* The member of a tree's map, by an index if the map is large. NULL without one. */
static inline const gwapi__node *gwapi__cel_member(gwapi__cel_context *context,
                                                   const gwapi__node *map, gwapi_str name)
{
    uint32_t count = map->as.map.count;

    if (count > GWAPI__CEL_LARGE_TREE)
        return gwapi__cel_large_member(context, map, name);
    for (const gwapi__field *field = map->as.map.fields, *end = field + count; field < end; field++)
        if (gwapi__name_eq(field->name, name))
            return field->value;
    return NULL;
}

/* The declared field that stands under this name in a tree; NULL: none. */
const gwapi__cel_field *gwapi__cel_field_of(const gwapi__cel_type *type, gwapi_str raw);

/* The same value without the schema's reading of it: what a map or list of a tree becomes when
 * it passes through an optional. */
gwapi__cel_value gwapi__cel_untyped(gwapi__cel_value value);

/* + of two lists. */
gwapi__cel_value gwapi__cel_join(gwapi__cel_context *context, const gwapi__cel_value *a,
                                 const gwapi__cel_value *b);

/* How a list compares and adds. */
gwapi__cel_list_type gwapi__cel_list_type_of(const gwapi__cel_value *list);
/* Equality of sets and lists with keys, whose order does not matter; the first list decides.
 * The lists are of one length. */
gwapi__cel_equality gwapi__cel_equal_unordered(gwapi__cel_context *context,
                                               const gwapi__cel_value *a,
                                               const gwapi__cel_value *b);

#endif
