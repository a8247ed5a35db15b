/*
 * The tree a document is read into: values with their places. A tree lives in an arena and is
 * changed only by the schema room (pruning, defaulting); look-ups by name end with the model.
 */
#ifndef GWAPI_DOC_NODE_H
#define GWAPI_DOC_NODE_H

#include <stdbool.h>
#include <gatewayapi/base.h>
#include "base/arena.h"

typedef enum gwapi__node_type {
    GWAPI__NODE_NULL = 0,
    GWAPI__NODE_BOOL,
    GWAPI__NODE_INT,   /* fits int64_t, as the API server keeps it */
    GWAPI__NODE_FLOAT, /* every other number */
    GWAPI__NODE_STRING,
    GWAPI__NODE_LIST,
    GWAPI__NODE_MAP
} gwapi__node_type;

/* Line and column from 1, in characters; line 0 for what was not in the text (a default). */
typedef struct gwapi__place {
    uint32_t line;
    uint32_t column;
} gwapi__place;

typedef struct gwapi__node gwapi__node;

/* A member of a map. Names are unique in it (a repeated key: the last value, as the server
 * reads; the reader reports it). Order as written. */
typedef struct gwapi__field {
    gwapi_str name;
    gwapi__place place; /* of the key */
    gwapi__node *value; /* never NULL */
} gwapi__field;

struct gwapi__node {
    gwapi__node_type type;
    gwapi__place place;
    union {
        bool boolean;
        int64_t integer;
        double number;
        gwapi_str string;
        struct {
            gwapi__node **items;
            uint32_t count, capacity;
        } list;
        struct {
            gwapi__field *fields;
            uint32_t count, capacity;
        } map;
    } as;
};

/* The name of a type as JSON and the API server call it: "object", "array", "integer", … */
const char *gwapi__node_type_name(gwapi__node_type type);

/* Empty: false, 0, "", without items or members. NULL: no memory. */
static inline gwapi__node *gwapi__node_new(gwapi__arena *arena, gwapi__node_type type,
                                           gwapi__place place)
{
    gwapi__node *node = gwapi__arena_alloc(arena, sizeof *node);

    if (node != NULL) {
        *node = (gwapi__node){.type = type, .place = place};
        if (type == GWAPI__NODE_STRING)
            node->as.string = (gwapi_str){"", 0};
    }
    return node;
}

/* The others: NULL: no memory. */
gwapi__node *gwapi__node_string(gwapi__arena *arena, gwapi_str text, gwapi__place place);
/* A deep copy in the arena; the strings are copied too when `with_text`. NULL: no memory. */
gwapi__node *gwapi__node_copy(gwapi__arena *arena, const gwapi__node *node, bool with_text);

/* Appends to a list; sets (adds or replaces) a member of a map. False: no memory. */
bool gwapi__node_push(gwapi__arena *arena, gwapi__node *list, gwapi__node *item);
bool gwapi__node_set(gwapi__arena *arena, gwapi__node *map, gwapi_str name, gwapi__place place,
                     gwapi__node *value);
/* The same for a member that the map does not have yet. */
bool gwapi__node_add(gwapi__arena *arena, gwapi__node *map, gwapi_str name, gwapi__place place,
                     gwapi__node *value);
/* Removes the i-th member, keeps the order of the others. */
void gwapi__node_remove(gwapi__node *map, uint32_t i);

/* The member, NULL without one or when the node is NULL or no map. */
gwapi__field *gwapi__node_field(const gwapi__node *map, gwapi_str name);
gwapi__node *gwapi__node_get(const gwapi__node *map, gwapi_str name);
/* The text of a member that is a string, else the absent slice. */
gwapi_str gwapi__node_get_str(const gwapi__node *map, gwapi_str name);

/* Deep equality as JSON: 1 and 1.0 are equal, the order of members does not matter. */
bool gwapi__node_equal(const gwapi__node *a, const gwapi__node *b);

#endif
