/*
 * Tree to struct by description. A kind is a shape: a table of rows, a row a field. Later rooms
 * never look a field up by name, and this one writes no code for a field, only a row.
 *
 * What a tree may lack (everything: objects are stored under other schemas too) becomes the
 * row's fallback. What cannot be decoded is told as a problem and spoils the smallest part that
 * can stand alone: a rule, a listener, an item of a list, or else the object.
 */
#ifndef GWAPI_MODEL_DECODE_H
#define GWAPI_MODEL_DECODE_H

#include <stddef.h>
#include "base/slice.h"
#include "doc/node.h"
#include "model/meta.h"

/* A value that has not the form its field needs. Texts live for the call only. */
typedef struct gwapi__decode_problem {
    gwapi_str path;    /* as the API server writes it: spec.rules[0].name */
    gwapi_str pointer; /* the same as a JSON Pointer */
    gwapi_str message;
    gwapi__place place;
} gwapi__decode_problem;

/* Hears of problems. GWAPI_OK goes on; anything else ends decoding with it. */
typedef struct gwapi__decode_listener {
    void *ctx;
    gwapi_result (*problem)(void *ctx, const gwapi__decode_problem *problem);
} gwapi__decode_listener;

/* The way from the root to a value, kept on the stack. */
typedef struct gwapi__decode_step {
    const struct gwapi__decode_step *parent;
    gwapi_str name; /* of a member; absent: an item */
    size_t index;   /* of an item */
} gwapi__decode_step;

typedef struct gwapi__decoder {
    gwapi__arena *arena;                    /* where the struct and its parts go */
    bool copies;                            /* texts are copied; else they are the tree's */
    bool undecodable;                       /* something of the part at hand was no good */
    const gwapi__decode_listener *listener; /* NULL: nobody hears */
    const gwapi__decode_step *step;
} gwapi__decoder;

typedef struct gwapi__row gwapi__row;

/* Decodes `value` (NULL: absent) into `object`, a zeroed struct, as the row says. */
typedef gwapi_result (*gwapi__decode_fn)(gwapi__decoder *d, const gwapi__row *row,
                                         const gwapi__node *value, void *object);

struct gwapi__row {
    gwapi_str name; /* of the member; absent: the node that has the members */
    gwapi__decode_fn decode;
    size_t at;          /* offset of the value in the struct */
    size_t also;        /* offset of its presence flag, count or text; 0: none */
    const void *detail; /* a shape or the names of an enum */
    int64_t number;     /* fallback of numbers */
    gwapi_str text;     /* fallback of texts */
};

/* Whom an undecodable value spoils. */
typedef enum gwapi__fault {
    GWAPI__FAULT_RISES = 0, /* the part around this one */
    GWAPI__FAULT_MARKS,     /* this part: its flag at `mark` is set */
    GWAPI__FAULT_DROPS      /* this item: it is left out of its list */
} gwapi__fault;

typedef struct gwapi__shape {
    const gwapi__row *rows;
    size_t row_count;
    size_t size; /* of the struct */
    gwapi__fault fault;
    size_t mark;
} gwapi__shape;

#define GWAPI__SHAPE(rows_, type)                                                              \
    {                                                                                          \
        (rows_), sizeof(rows_) / sizeof *(rows_), sizeof(type), GWAPI__FAULT_RISES, 0          \
    }
#define GWAPI__SHAPE_MARKING(rows_, type)                                                      \
    {                                                                                          \
        (rows_), sizeof(rows_) / sizeof *(rows_), sizeof(type), GWAPI__FAULT_MARKS,            \
            offsetof(type, undecodable)                                                        \
    }
#define GWAPI__SHAPE_DROPPING(rows_, type)                                                     \
    {                                                                                          \
        (rows_), sizeof(rows_) / sizeof *(rows_), sizeof(type), GWAPI__FAULT_DROPS, 0          \
    }

typedef struct gwapi__enum_name {
    gwapi_str text;
    int value;
} gwapi__enum_name;

typedef struct gwapi__enum_names {
    const gwapi__enum_name *names;
    size_t count;
    int absent;
    int unknown; /* another text: a newer schema's */
} gwapi__enum_names;

#define GWAPI__ENUM_NAMES(names_, absent_, unknown_)                                           \
    {                                                                                          \
        (names_), sizeof(names_) / sizeof *(names_), (absent_), (unknown_)                     \
    }

/* ---- rows ---------------------------------------------------------------------------- */

/* The offset of a flag or a count, which cannot be the first member: 0 says there is none. A
 * division by zero is the compiler's way to refuse it. */
#define GWAPI__ALSO(type, member) (offsetof(type, member) / (offsetof(type, member) != 0))
#define GWAPI__ROW(json, fn, type, member, ...)                                                \
    {                                                                                          \
        .name = GWAPI_STR_INIT(json), .decode = (fn), .at = offsetof(type, member),            \
        __VA_ARGS__                                                                            \
    }
/* The last argument of texts is an initializer, whose commas the macro must not see. */
#define GWAPI__TEXT(json, type, member, ...)                                                   \
    GWAPI__ROW(json, gwapi__decode_text, type, member, .text = __VA_ARGS__)
#define GWAPI__INT32(json, type, member, fallback)                                             \
    GWAPI__ROW(json, gwapi__decode_int32, type, member, .number = (fallback))
#define GWAPI__INT64(json, type, member, fallback)                                             \
    GWAPI__ROW(json, gwapi__decode_int64, type, member, .number = (fallback))
#define GWAPI__INT64_IF(json, type, member, flag)                                              \
    GWAPI__ROW(json, gwapi__decode_int64, type, member, .also = GWAPI__ALSO(type, flag))
#define GWAPI__BOOL(json, type, member)                                                        \
    GWAPI__ROW(json, gwapi__decode_bool, type, member, .number = 0)
/* True when the member is this text. */
#define GWAPI__IS(json, type, member, literal)                                                 \
    GWAPI__ROW(json, gwapi__decode_is, type, member, .text = GWAPI_STR_INIT(literal))
/* The member must be an int-sized enum; with a text, what was written is kept there. */
#define GWAPI__ENUM(json, type, member, names)                                                 \
    GWAPI__ROW(json, gwapi__decode_enum, type, member, .detail = &(names))
#define GWAPI__ENUM_TEXT(json, type, member, written, names)                                   \
    GWAPI__ROW(json, gwapi__decode_enum, type, member, .also = GWAPI__ALSO(type, written),      \
               .detail = &(names))
#define GWAPI__TEXTS(json, type, member)                                                       \
    GWAPI__ROW(json, gwapi__decode_texts, type, member, .number = 0)
#define GWAPI__PAIRS(json, type, member)                                                       \
    GWAPI__ROW(json, gwapi__decode_pairs, type, member, .number = 0)
/* A struct of its own, filled with fallbacks when absent; with a flag, left alone when absent.
 */
#define GWAPI__PART(json, type, member, shape)                                                 \
    GWAPI__ROW(json, gwapi__decode_part, type, member, .detail = &(shape))
#define GWAPI__PART_IF(json, type, member, flag, shape)                                        \
    GWAPI__ROW(json, gwapi__decode_part, type, member, .also = GWAPI__ALSO(type, flag),        \
               .detail = &(shape))
/* A struct with memory of its own, which the member points to: NULL when absent. For what few
 * objects write. */
#define GWAPI__OWN(json, type, member, shape)                                                  \
    GWAPI__ROW(json, gwapi__decode_own, type, member, .detail = &(shape))
/* An object whose members are of the same struct. */
#define GWAPI__WITHIN(json, shape)                                                             \
    {                                                                                          \
        .name = GWAPI_STR_INIT(json), .decode = gwapi__decode_part, .detail = &(shape)         \
    }
#define GWAPI__WITHIN_IF(json, type, flag, shape)                                              \
    {                                                                                          \
        .name = GWAPI_STR_INIT(json), .decode = gwapi__decode_part,                            \
        .also = GWAPI__ALSO(type, flag), .detail = &(shape)                                    \
    }
/* A struct of its own whose members stand beside the others. */
#define GWAPI__INLINE(type, member, shape)                                                     \
    {                                                                                          \
        .decode = gwapi__decode_part, .at = offsetof(type, member), .detail = &(shape)         \
    }
#define GWAPI__LIST(json, type, items, count, shape)                                           \
    GWAPI__ROW(json, gwapi__decode_list, type, items, .also = GWAPI__ALSO(type, count),        \
               .detail = &(shape))
/* A function that sees the node with the members itself. */
#define GWAPI__BY(fn)                                                                          \
    {                                                                                          \
        .decode = (fn)                                                                         \
    }

#define GWAPI__ABSENT                                                                          \
    {                                                                                          \
        NULL, 0                                                                                \
    }

gwapi_result gwapi__decode_text(gwapi__decoder *, const gwapi__row *, const gwapi__node *,
                                void *);
gwapi_result gwapi__decode_int32(gwapi__decoder *, const gwapi__row *, const gwapi__node *,
                                 void *);
/* What does not fit becomes the nearest number that does. */
gwapi_result gwapi__decode_int64(gwapi__decoder *, const gwapi__row *, const gwapi__node *,
                                 void *);
gwapi_result gwapi__decode_bool(gwapi__decoder *, const gwapi__row *, const gwapi__node *,
                                void *);
gwapi_result gwapi__decode_is(gwapi__decoder *, const gwapi__row *, const gwapi__node *,
                              void *);
gwapi_result gwapi__decode_enum(gwapi__decoder *, const gwapi__row *, const gwapi__node *,
                                void *);
gwapi_result gwapi__decode_texts(gwapi__decoder *, const gwapi__row *, const gwapi__node *,
                                 void *);
gwapi_result gwapi__decode_pairs(gwapi__decoder *, const gwapi__row *, const gwapi__node *,
                                 void *);
gwapi_result gwapi__decode_part(gwapi__decoder *, const gwapi__row *, const gwapi__node *,
                                void *);
gwapi_result gwapi__decode_own(gwapi__decoder *, const gwapi__row *, const gwapi__node *,
                               void *);
gwapi_result gwapi__decode_list(gwapi__decoder *, const gwapi__row *, const gwapi__node *,
                                void *);

/* ---- what functions of rows need ----------------------------------------------------- */

/* Decodes a node (NULL: absent) into a zeroed struct. */
gwapi_result gwapi__decode_shape(gwapi__decoder *d, const gwapi__shape *shape,
                                 const gwapi__node *node, void *object);
/* The same into new memory; *out is untouched on failure. */
gwapi_result gwapi__decode_new(gwapi__decoder *d, const gwapi__shape *shape,
                               const gwapi__node *node, void **out);
/* Decodes one row of a node, with its step. */
gwapi_result gwapi__decode_row(gwapi__decoder *d, const gwapi__row *row,
                               const gwapi__node *node, void *object);
/* A member that is not null, NULL without one. */
const gwapi__node *gwapi__decode_member(const gwapi__node *node, gwapi_str name);
/* Reads a text that must live as long as the struct. */
gwapi_result gwapi__decode_take(gwapi__decoder *d, gwapi_str text, gwapi_str *out);
/* Tells that the value at hand (or its member `name`, if that is not absent) is no good; `what`
 * continues "cannot be decoded: ". */
gwapi_result gwapi__decode_fail(gwapi__decoder *d, const gwapi__node *node, gwapi_str name,
                                gwapi_str what);
/* The same for a node of the wrong type; `wanted` is "a string", "an object", … */
gwapi_result gwapi__decode_fail_type(gwapi__decoder *d, const gwapi__node *node, gwapi_str name,
                                     const char *wanted);

#endif
