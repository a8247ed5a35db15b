/*
 * Values. Small ones are held in place; lists, maps and objects either stand in a document's
 * tree, read through the type that its schema declares, or were made by an expression.
 */
#ifndef GWAPI_CEL_VALUE_H
#define GWAPI_CEL_VALUE_H

#include "cel/type.h"
#include "doc/node.h"

typedef struct gwapi__cel_context gwapi__cel_context;
typedef struct gwapi__cel_value gwapi__cel_value;
typedef struct gwapi__cel_list gwapi__cel_list;
typedef struct gwapi__cel_map gwapi__cel_map;
typedef struct gwapi__cel_opaque gwapi__cel_opaque;

struct gwapi__cel_value {
    uint8_t kind;   /* a gwapi__cel_kind */
    bool tree;      /* LIST, MAP: `as.tree`, not `as.list`, `as.map`. OBJECT: always */
    union {
        bool boolean;
        int64_t integer;  /* INT; DURATION in nanoseconds */
        uint64_t natural; /* UINT */
        double number;
        gwapi_str text;   /* STRING, BYTES; ERROR: its message */
        struct {
            int64_t seconds; /* since 1970, UTC */
            int32_t nanos;   /* 0 to 999,999,999 */
            int32_t offset;  /* of the zone it was written in, seconds east: only string() shows it */
        } time;
        struct {
            const gwapi__node *node;
            const gwapi__cel_type *type; /* how to read what is inside */
        } tree;
        const gwapi__cel_list *list;
        const gwapi__cel_map *map;
        const gwapi__cel_type *type;
        const gwapi__cel_value *optional; /* NULL: none */
        const gwapi__cel_opaque *opaque;
    } as;
};

/* Made by an expression. Read it by gwapi__cel_count and gwapi__cel_item only. */
struct gwapi__cel_list {
    const gwapi__cel_value *items; /* NULL: `parts`, two lists one behind the other */
    const gwapi__cel_value *parts;
    uint32_t count;
    const gwapi__cel_type *type; /* of a set or a list with keys, made by +; NULL: any list */
};

typedef struct gwapi__cel_entry {
    gwapi__cel_value key, value;
} gwapi__cel_entry;

/* Entries in order of insertion; keys are bool, int, uint or string and differ. */
struct gwapi__cel_map {
    const gwapi__cel_entry *entries;
    uint32_t count;
    const uint32_t *slots; /* index + 1 by hash of the key, or NULL for a small map */
    uint32_t slot_mask;
    uint64_t seed;
};

/* A value of a library's own; its data follows in a larger struct. */
typedef struct gwapi__cel_opaque_class gwapi__cel_opaque_class;

struct gwapi__cel_opaque_class {
    const gwapi__cel_type *type; /* OPAQUE */
    bool (*equal)(const gwapi__cel_opaque *a, const gwapi__cel_opaque *b);
    uint64_t (*size)(const gwapi__cel_opaque *a); /* for costs; NULL: 1 */
    const gwapi__cel_opaque_class *peer; /* of values it may equal; NULL: this class */
};

struct gwapi__cel_opaque {
    const gwapi__cel_opaque_class *class_;
};

/* ---- making ---------------------------------------------------------------------------- */

static inline gwapi__cel_value gwapi__cel_of_bool(bool b)
{
    return (gwapi__cel_value){.kind = GWAPI__CEL_BOOL, .as.boolean = b};
}

static inline gwapi__cel_value gwapi__cel_of_int(int64_t i)
{
    return (gwapi__cel_value){.kind = GWAPI__CEL_INT, .as.integer = i};
}

static inline gwapi__cel_value gwapi__cel_of_uint(uint64_t u)
{
    return (gwapi__cel_value){.kind = GWAPI__CEL_UINT, .as.natural = u};
}

static inline gwapi__cel_value gwapi__cel_of_double(double d)
{
    return (gwapi__cel_value){.kind = GWAPI__CEL_DOUBLE, .as.number = d};
}

static inline gwapi__cel_value gwapi__cel_of_string(gwapi_str s)
{
    return (gwapi__cel_value){.kind = GWAPI__CEL_STRING, .as.text = s};
}

static inline gwapi__cel_value gwapi__cel_of_bytes(gwapi_str s)
{
    return (gwapi__cel_value){.kind = GWAPI__CEL_BYTES, .as.text = s};
}

static inline gwapi__cel_value gwapi__cel_of_duration(int64_t nanoseconds)
{
    return (gwapi__cel_value){.kind = GWAPI__CEL_DURATION, .as.integer = nanoseconds};
}

static inline gwapi__cel_value gwapi__cel_of_time(int64_t seconds, int32_t nanos)
{
    return (gwapi__cel_value){.kind = GWAPI__CEL_TIMESTAMP,
                              .as.time = {.seconds = seconds, .nanos = nanos}};
}

static inline gwapi__cel_value gwapi__cel_of_null(void)
{
    return (gwapi__cel_value){.kind = GWAPI__CEL_NULL};
}

static inline gwapi__cel_value gwapi__cel_of_opaque(const gwapi__cel_opaque *opaque)
{
    return (gwapi__cel_value){.kind = GWAPI__CEL_OPAQUE, .as.opaque = opaque};
}

/* An error whose message is a literal. */
#define GWAPI__CEL_FAIL(literal)                                                                   \
    ((gwapi__cel_value){.kind = GWAPI__CEL_ERROR, .as.text = {"" literal, sizeof(literal) - 1}})

/* An error with a message built by a format: %v gwapi_str, %s const char *, %i int64_t,
 * %u uint64_t, %d double, %q a quoted gwapi_str as Go's %q. */
gwapi__cel_value gwapi__cel_fail(gwapi__cel_context *context, const char *format, ...);

/* Memory ran out: remembered in the context, an error returned. */
gwapi__cel_value gwapi__cel_no_memory(gwapi__cel_context *context);

/* A tree read through its declared type (DYN: as JSON has it). NULL node: an error. */
gwapi__cel_value gwapi__cel_of_node(gwapi__cel_context *context, const gwapi__node *node,
                                    const gwapi__cel_type *type);

/* A list of `count` items, which live as long as the arena. */
gwapi__cel_value gwapi__cel_of_items(gwapi__cel_context *context, const gwapi__cel_value *items,
                                     uint32_t count);
gwapi__cel_value gwapi__cel_some(gwapi__cel_context *context, gwapi__cel_value value);
gwapi__cel_value gwapi__cel_none(void);

/* ---- asking ---------------------------------------------------------------------------- */

static inline bool gwapi__cel_is_error(const gwapi__cel_value *v)
{
    return v->kind == GWAPI__CEL_ERROR;
}

/* Items of a list, entries of a map or object. */
uint32_t gwapi__cel_count(const gwapi__cel_value *v);
/* The i-th item; i < count. */
gwapi__cel_value gwapi__cel_item(gwapi__cel_context *context, const gwapi__cel_value *list,
                                 uint32_t i);
/* The i-th entry of a map; i < count. */
gwapi__cel_entry gwapi__cel_entry_at(gwapi__cel_context *context, const gwapi__cel_value *map,
                                     uint32_t i);
/* The value of a key (numbers compare across kinds). False: the map has none. */
bool gwapi__cel_find(gwapi__cel_context *context, const gwapi__cel_value *map,
                     const gwapi__cel_value *key, gwapi__cel_value *out);
/* A field of an object. False: not set. */
bool gwapi__cel_get(gwapi__cel_context *context, const gwapi__cel_value *object,
                    const gwapi__cel_field *field, gwapi__cel_value *out);

/* Values of different types are unequal, but for two sorts on the left: a value of a library's
 * own and what a schema describes have no equality with another type, as on the server. Within a
 * list or map that an expression wrote that is taken for equality, unless + made the list. */
typedef enum gwapi__cel_equality {
    GWAPI__CEL_UNEQUAL,
    GWAPI__CEL_EQUAL,
    GWAPI__CEL_NO_EQUALITY /* an error to ==; != and searches take it for unequal */
} gwapi__cel_equality;

/* The == of the language. */
gwapi__cel_equality gwapi__cel_equate(gwapi__cel_context *context, const gwapi__cel_value *a,
                                      const gwapi__cel_value *b);
/* Are they EQUAL? */
bool gwapi__cel_equal(gwapi__cel_context *context, const gwapi__cel_value *a,
                      const gwapi__cel_value *b);
/* Orders two values; false if they have no order (nan, different kinds other than numbers). */
bool gwapi__cel_compare(const gwapi__cel_value *a, const gwapi__cel_value *b, int *order);

/* The type of the value, as type() gives it. */
const gwapi__cel_type *gwapi__cel_value_type(const gwapi__cel_value *v);
/* The name of that type: "int", "google.protobuf.Duration", "kubernetes.Quantity". */
gwapi_str gwapi__cel_type_name(const gwapi__cel_type *type);

/* How large a value counts for costs: code points of a string, bytes, elements, else 1. */
uint64_t gwapi__cel_cost_size(const gwapi__cel_value *v);
/* ceil(size * factor) in doubles, as the server counts: 30 * 0.1 costs 4. Saturates. */
uint64_t gwapi__cel_cost_scale(uint64_t size, double factor);

#endif
