/* Types of expressions and of the values that variables hold. */
#ifndef GWAPI_CEL_TYPE_H
#define GWAPI_CEL_TYPE_H

#include <stdbool.h>
#include <gatewayapi/base.h>
#include "base/arena.h"
#include "base/text.h"

/* Kinds of types and, but for the last four, of values. */
typedef enum gwapi__cel_kind {
    GWAPI__CEL_ERROR = 0,
    GWAPI__CEL_NULL,
    GWAPI__CEL_BOOL,
    GWAPI__CEL_INT,
    GWAPI__CEL_UINT,
    GWAPI__CEL_DOUBLE,
    GWAPI__CEL_STRING,
    GWAPI__CEL_BYTES,
    GWAPI__CEL_DURATION,
    GWAPI__CEL_TIMESTAMP,
    GWAPI__CEL_LIST,
    GWAPI__CEL_MAP,
    GWAPI__CEL_OBJECT,
    GWAPI__CEL_TYPE,
    GWAPI__CEL_OPTIONAL,
    GWAPI__CEL_OPAQUE, /* of a library: IP, URL, Quantity, … told apart by name */
    GWAPI__CEL_DYN,
    GWAPI__CEL_PARAM,    /* a type parameter of an overload */
    GWAPI__CEL_WRAPPER   /* a primitive or null (params[0]); cel-spec only */
} gwapi__cel_kind;

typedef struct gwapi__cel_type gwapi__cel_type;

/* A field of an object type. */
typedef struct gwapi__cel_field {
    gwapi_str name;    /* as expressions write it: escaped (__if__, a__dot__b) */
    gwapi_str raw;     /* as the tree has it */
    const gwapi__cel_type *type;
    bool required;
} gwapi__cel_field;

/* How lists compare and add (x-kubernetes-list-type). */
typedef enum gwapi__cel_list_type {
    GWAPI__CEL_LIST_ATOMIC = 0,
    GWAPI__CEL_LIST_SET,  /* equal in any order; + is a union */
    GWAPI__CEL_LIST_MAP   /* items correlated by keys; + replaces and appends */
} gwapi__cel_list_type;

/* The size of what has no declared limit. */
#define GWAPI__CEL_UNBOUNDED UINT64_MAX

struct gwapi__cel_type {
    gwapi__cel_kind kind;
    gwapi__cel_list_type list_type;
    bool nullable;          /* the tree may hold null, which is then a value */
    uint32_t param_count;
    const gwapi__cel_type *const *params; /* LIST: element. MAP: key, value. TYPE, OPTIONAL: of what */
    gwapi_str name;         /* OBJECT, OPAQUE, PARAM: its name */
    const gwapi__cel_field *fields; /* OBJECT, in order of `name` */
    uint32_t field_count;
    const gwapi_str *keys;  /* raw names, of LIST_MAP */
    uint32_t key_count;
    /* Most elements of a list or map, characters of a string, bytes of bytes: for estimates. */
    uint64_t max_elements;
};

typedef struct gwapi__cel_range {
    uint64_t min, max;
} gwapi__cel_range;

/* Types without further description. LIST_DYN and MAP_DYN: of dyn. TYPE_DYN: a type of which
 * nothing is known. A and B: parameters. Scalars, strings among them, have max_elements 0, as
 * those of the server that no schema declares (the keys of a map); lists and maps are unbounded. */
extern const gwapi__cel_type gwapi__cel_error, gwapi__cel_null, gwapi__cel_bool, gwapi__cel_int,
    gwapi__cel_uint, gwapi__cel_double, gwapi__cel_string, gwapi__cel_bytes,
    gwapi__cel_duration, gwapi__cel_timestamp, gwapi__cel_dyn, gwapi__cel_list_dyn,
    gwapi__cel_map_dyn, gwapi__cel_type_dyn, gwapi__cel_a, gwapi__cel_b, gwapi__cel_list_a,
    gwapi__cel_list_string, gwapi__cel_list_list_a, gwapi__cel_list_int, gwapi__cel_map_a_b,
    gwapi__cel_type_a, gwapi__cel_optional_a, gwapi__cel_optional_b, gwapi__cel_list_optional_a,
    gwapi__cel_optional_plain; /* the name optional_type by itself */

/* NULL: no memory. */
const gwapi__cel_type *gwapi__cel_list_of(gwapi__arena *arena, const gwapi__cel_type *element);
const gwapi__cel_type *gwapi__cel_map_of(gwapi__arena *arena, const gwapi__cel_type *key,
                                         const gwapi__cel_type *value);
const gwapi__cel_type *gwapi__cel_optional_of(gwapi__arena *arena, const gwapi__cel_type *type);
const gwapi__cel_type *gwapi__cel_type_of(gwapi__arena *arena, const gwapi__cel_type *type);

/* LIST, MAP, OPTIONAL or TYPE by kind; `second` is the value of a map, else NULL. */
const gwapi__cel_type *gwapi__cel_type_like(gwapi__arena *arena, gwapi__cel_kind kind,
                                            const gwapi__cel_type *first,
                                            const gwapi__cel_type *second);

/* Same shape and names; sizes and nullability do not count. */
bool gwapi__cel_type_equal(const gwapi__cel_type *a, const gwapi__cel_type *b);
/* The field with that name as expressions write it; NULL without one. */
const gwapi__cel_field *gwapi__cel_type_field(const gwapi__cel_type *type, gwapi_str name);

/* The same, but a word that is no name (`if`) may be written as it is since Kubernetes 1.31. */
const gwapi__cel_field *gwapi__cel_field_written(const gwapi__cel_type *type, gwapi_str name,
                                                 uint32_t minor);

/* As a person reads it: "list(map(string, int))". */
void gwapi__cel_type_write(gwapi__text *out, const gwapi__cel_type *type);

/* Can the name be used in an expression, and how is it then written? `a-b` as `a__dash__b`,
 * `if` as `__if__`. False if it can not be; true and *out absent: no memory. */
bool gwapi__cel_escape(gwapi__arena *arena, gwapi_str name, gwapi_str *out);

#endif
