/*
 * The compiled form of a kind's schema: what judging walks. A schema is a tree of nodes in the
 * kind's arena; equal parts (a definition used in two places) are one node, so the tree is
 * really a graph without cycles. Everything but the lazily compiled patterns is immutable.
 */
#ifndef GWAPI_SCHEMA_TYPE_H
#define GWAPI_SCHEMA_TYPE_H

#include <stdatomic.h>
#include "base/arena.h"
#include "base/slice.h"
#include "cel/type.h"
#include "doc/node.h"
#include "regex/regex.h"
#include "schema/judge.h"

/* JSON types as a set: an int-or-string has two. */
enum {
    GWAPI__TYPE_OBJECT = 1u,
    GWAPI__TYPE_ARRAY = 2u,
    GWAPI__TYPE_STRING = 4u,
    GWAPI__TYPE_INTEGER = 8u,
    GWAPI__TYPE_NUMBER = 16u,
    GWAPI__TYPE_BOOLEAN = 32u
};

/* Formats of strings that the server checks; it ignores every other one, int32 and int64 too. */
typedef enum gwapi__format {
    GWAPI__FORMAT_NONE = 0,
    GWAPI__FORMAT_BSON_OBJECT_ID,
    GWAPI__FORMAT_BYTE,
    GWAPI__FORMAT_CIDR,
    GWAPI__FORMAT_CREDIT_CARD,
    GWAPI__FORMAT_DATE,
    GWAPI__FORMAT_DATE_TIME,
    GWAPI__FORMAT_DURATION,
    GWAPI__FORMAT_EMAIL,
    GWAPI__FORMAT_HEX_COLOR,
    GWAPI__FORMAT_HOSTNAME,
    GWAPI__FORMAT_IPV4,
    GWAPI__FORMAT_IPV6,
    GWAPI__FORMAT_ISBN,
    GWAPI__FORMAT_ISBN10,
    GWAPI__FORMAT_ISBN13,
    GWAPI__FORMAT_LONG_NAME,
    GWAPI__FORMAT_MAC,
    GWAPI__FORMAT_PASSWORD,
    GWAPI__FORMAT_RGB_COLOR,
    GWAPI__FORMAT_SHORT_NAME,
    GWAPI__FORMAT_SSN,
    GWAPI__FORMAT_URI,
    GWAPI__FORMAT_UUID,
    GWAPI__FORMAT_UUID3,
    GWAPI__FORMAT_UUID4,
    GWAPI__FORMAT_UUID5
} gwapi__format;

typedef enum gwapi__list_type {
    GWAPI__LIST_ATOMIC = 0,
    GWAPI__LIST_SET,
    GWAPI__LIST_MAP
} gwapi__list_type;

/* A pattern and its regex, compiled at the first use and published by compare-and-swap. */
typedef struct gwapi__pattern {
    gwapi_str text;
    _Atomic(gwapi__regex *) regex;
    uint32_t number; /* among the kind's */
    struct gwapi__pattern *next; /* in the kind's list */
} gwapi__pattern;

/* A cross-field rule as text. */
typedef struct gwapi__schema_rule {
    gwapi_str id;      /* "rule" for a CRD's, which has no ids */
    gwapi_str rule;    /* CEL */
    gwapi_str message; /* absent: "failed rule: " and the rule */
    gwapi_str message_expression;
    gwapi_str hint;
    gwapi_str field_path;
    gwapi_error_type type; /* INVALID unless a CRD gives a reason */
    bool optional_old_self;
} gwapi__schema_rule;

typedef struct gwapi__schema_node gwapi__schema_node;
typedef struct gwapi__rule_set gwapi__rule_set; /* rules.h */

typedef struct gwapi__property {
    gwapi_str name;
    const gwapi__schema_node *node;
} gwapi__property;

typedef struct gwapi__node_list {
    const gwapi__schema_node **at;
    uint32_t count;
} gwapi__node_list;

#define GWAPI__NO_LIMIT INT64_MAX

struct gwapi__schema_node {
    uint32_t types; /* 0: any */
    gwapi__format format;
    gwapi__list_type list_type;
    bool nullable;
    bool preserve_unknown;
    bool embedded;          /* a whole object with apiVersion, kind and metadata inside */
    bool unique_items;
    bool exclusive_minimum, exclusive_maximum;
    bool has_minimum, has_maximum, has_multiple_of;
    bool additional_any;    /* additionalProperties: true or {} */
    bool forbids_additional; /* additionalProperties: false */
    bool has_lists;         /* here or below: list types map or set */
    bool has_embedded;      /* here or below */
    bool has_rules;         /* here or below */

    /* objects: properties in order of their names, and a table from name to index + 1 */
    const gwapi__property *properties;
    const uint16_t *slots;
    uint32_t property_count;
    uint32_t slot_mask;
    const gwapi_str *required;
    uint32_t required_count;
    const uint16_t *defaulted; /* indexes of the properties that have a default */
    uint32_t defaulted_count;
    const gwapi__schema_node *additional; /* of the values of undeclared members, or NULL */
    int64_t min_properties, max_properties;

    /* arrays */
    const gwapi__schema_node *items;
    int64_t min_items, max_items;
    const gwapi_str *keys; /* of list type map */
    uint32_t key_count;

    /* strings, counted in code points */
    int64_t min_length, max_length;
    gwapi__pattern *pattern;
    gwapi__pattern *format_pattern;

    /* numbers */
    double minimum, maximum, multiple_of;

    const gwapi__node *const *values; /* enum */
    uint32_t value_count;

    gwapi__node_list all_of, any_of, one_of;
    const gwapi__schema_node *not_schema;

    const gwapi__node *default_value; /* complete: its own members are defaulted */

    const gwapi__schema_rule *rules;
    uint32_t rule_count;
    gwapi__rule_set *rule_set; /* what becomes of them; NULL without any */

    const gwapi__cel_type *cel_type; /* NULL: rules cannot see such values */
    uint64_t smallest;               /* bytes of the shortest JSON of a value, with cel_type */
};

struct gwapi__kind {
    gwapi__kind_info info;
    gwapi__arena arena; /* of all of it */
    const gwapi__schema_node *root;
    gwapi__pattern *patterns;
    gwapi__rule_set *rule_sets;
    uint32_t minor; /* of the Kubernetes version */
    gwapi_limits limits;
};

/* Spreads names of fields over a small table. Names of a schema are trusted, those looked up
 * need no defence: the table does not grow. */
static inline uint32_t gwapi__name_hash(gwapi_str name)
{
    uint32_t h = (uint32_t)name.len * 0x9e3779b1u;

    if (name.len != 0) {
        h ^= (uint32_t)(unsigned char)name.data[0] * 0x85ebca6bu;
        h ^= (uint32_t)(unsigned char)name.data[name.len - 1] * 0xc2b2ae35u;
        h ^= (uint32_t)(unsigned char)name.data[name.len / 2] * 0x27d4eb2fu;
    }
    return h ^ h >> 15;
}

/* The declared property, NULL without one. */
static inline const gwapi__property *gwapi__schema_property(const gwapi__schema_node *node,
                                                            gwapi_str name)
{
    uint32_t slot;

    if (node->property_count == 0)
        return NULL;
    for (uint32_t i = gwapi__name_hash(name); (slot = node->slots[i & node->slot_mask]) != 0; i++)
        if (gwapi__name_eq(node->properties[slot - 1].name, name))
            return &node->properties[slot - 1];
    return NULL;
}

/* The schema of a member's value: the property's, else that of additionalProperties, else NULL. */
static inline const gwapi__schema_node *gwapi__schema_member(const gwapi__schema_node *node,
                                                             gwapi_str name)
{
    const gwapi__property *p = gwapi__schema_property(node, name);

    return p != NULL ? p->node : node->additional;
}

/* "string", "integer or string"; static storage. */
const char *gwapi__types_text(uint32_t types);

/* The format of that name as far as Kubernetes 1.`minor` checks it, else NONE. */
gwapi__format gwapi__format_of(gwapi_str name, uint32_t minor);
/* The name as people write it ("date-time"); static storage. */
const char *gwapi__format_name(gwapi__format format);
/* The pattern that a format asks for, beside what gwapi__format_matches looks at; or NULL. */
const char *gwapi__format_pattern(gwapi__format format);
bool gwapi__format_matches(gwapi__format format, gwapi_str text);

/* Finds or makes the compiled regex; *out is NULL if the pattern is none (which matches
 * nothing, as at the server). GWAPI_ENOMEM. */
gwapi_result gwapi__pattern_regex(const gwapi__kind *kind, gwapi__pattern *pattern,
                                  const gwapi__regex **out);

/* Releases the kind, its arena and its regexes. */
void gwapi__kind_free(const gwapi_allocator *allocator, gwapi__kind *kind);

#endif
