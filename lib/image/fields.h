/* Which words of the records refer to something: what the verifier checks, what the builder
 * gives its final place, and what moves when an image is made from the one before. */
#ifndef GWAPI_IMAGE_FIELDS_H
#define GWAPI_IMAGE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include "image/layout.h"

typedef enum gwapi__image_field_kind {
    GWAPI__FIELD_TEXT,           /* present */
    GWAPI__FIELD_OPTIONAL_TEXT,  /* or NONE */
    GWAPI__FIELD_INDEX,          /* of a record of `target` */
    GWAPI__FIELD_OPTIONAL_INDEX, /* or NONE */
    GWAPI__FIELD_RANGE,          /* of records of `target` */
    GWAPI__FIELD_BELOW,          /* a number below `target` */
    GWAPI__FIELD_PATH            /* of a match: what it is depends on the type */
} gwapi__image_field_kind;

typedef struct gwapi__image_field {
    uint16_t section;
    uint16_t word; /* its place in the record */
    uint16_t kind;
    uint16_t target;
} gwapi__image_field;

/* Grouped by section, in the order of ids. */
extern const gwapi__image_field gwapi__image_fields[];
extern const size_t gwapi__image_field_count;

/* The section of a filter's `item`, by type; 0: there is no such type. */
extern const uint32_t gwapi__filter_items[GWAPI__IMAGE_FILTER_END];

/* Is the `path` of a match a text? */
static inline bool gwapi__match_path_is_text(const gwapi__image_match *match)
{
    return (match->flags_index & GWAPI__MATCH_TYPE) <= GWAPI__IMAGE_MATCH_PREFIX;
}

#endif
