/*
 * What a YAML scalar is. The rules are YAML 1.1 as the API server's reader has them: yes and on
 * are booleans, 0777 is octal, 1_000 a number, but 1:30 and 2001-01-01 are strings.
 */
#ifndef GWAPI_DOC_SCALAR_H
#define GWAPI_DOC_SCALAR_H

#include "base/arena.h"
#include "base/slice.h"
#include "doc/node.h"

typedef enum gwapi__scalar_type {
    GWAPI__SCALAR_NULL,
    GWAPI__SCALAR_BOOL,
    GWAPI__SCALAR_INT,
    GWAPI__SCALAR_UINT, /* beyond int64_t */
    GWAPI__SCALAR_FLOAT,
    GWAPI__SCALAR_STRING,
    GWAPI__SCALAR_BINARY /* !!binary: base64, not decoded here */
} gwapi__scalar_type;

typedef struct gwapi__scalar {
    gwapi__scalar_type type;
    union {
        bool boolean;
        int64_t integer;
        uint64_t natural;
        double number;
    } as;
    gwapi_str text; /* as given */
} gwapi__scalar;

/* The value of a scalar that is plain or has a tag (`tag` empty: none; long form, as libyaml
 * gives it). False: the text is no value of the tag's type. */
bool gwapi__scalar_resolve(gwapi__scalar *out, gwapi_str tag, gwapi_str text);
/* Is a plain text without a tag a string at first sight? False: gwapi__scalar_resolve tells. */
static inline bool gwapi__scalar_is_text(gwapi_str text)
{
    const size_t longest_word = 5; /* "false" */

    if (text.len == 0)
        return false;
    switch (text.data[0]) {
    case 'f': case 'F':
    case 'n': case 'N':
    case 'o': case 'O':
    case 't': case 'T':
    case 'y': case 'Y':
        return text.len > longest_word;
    case '~': case '+': case '-': case '.':
        return false;
    default:
        return !gwapi__is_digit(text.data[0]);
    }
}

/* "!!int" for a message; NULL for a tag that says nothing about scalars. */
const char *gwapi__scalar_tag_name(gwapi_str tag);

/* The number as the JSON between YAML and the tree says it: a float that JSON writes without
 * point and exponent is an integer. False: a NaN, an infinity, or no memory (*no_memory). */
bool gwapi__scalar_number(const gwapi_allocator *allocator, const gwapi__scalar *scalar,
                          gwapi__node *node, bool *no_memory);

/* The text of a scalar as a key of a map: true, 12, 1e+06. False: it can't be one (null, a
 * number beyond int64_t) or no memory (*no_memory). */
bool gwapi__scalar_key(gwapi__arena *arena, const gwapi__scalar *scalar, gwapi_str *out,
                       bool *no_memory);

/* Standard base64 with padding; line ends are passed over. False: not base64, or no memory. */
bool gwapi__base64_decode(gwapi__arena *arena, gwapi_str text, gwapi_str *out, bool *no_memory);

#endif
