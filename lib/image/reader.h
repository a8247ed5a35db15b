/*
 * A snapshot from the inside, and typed access to the records of its image.
 *
 * Everything was verified at open (verify.h): an index or text found in a record is good and is
 * followed without a check. Only numbers that come from outside (a caller's index) are compared
 * with gwapi__image_count first.
 */
#ifndef GWAPI_IMAGE_READER_H
#define GWAPI_IMAGE_READER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <gatewayapi/snapshot.h>
#include "base/alloc.h"
#include "base/slice.h"
#include "image/layout.h"
#include "regex/regex.h"

/* A compiled pattern, shared by the snapshots that hold the same text. */
typedef struct gwapi__pattern {
    atomic_size_t references;
    gwapi_allocator allocator;
    gwapi__regex *regex;
    uint32_t flags;  /* it was compiled with these, */
    uint32_t states; /* and this limit */
} gwapi__pattern;

/* Where the sections are. */
typedef struct gwapi__image {
    const void *records[GWAPI__SECTION_END];
    uint32_t counts[GWAPI__SECTION_END];
} gwapi__image;

struct gwapi_snapshot {
    atomic_size_t references;
    gwapi_allocator allocator;
    const unsigned char *bytes;
    size_t size;
    bool owned;               /* the bytes are the allocator's */
    unsigned char *converted; /* a big-endian host's copy in its own order; NULL elsewhere */
    size_t released_size; /* as the caller gave it */
    void *release_ctx;
    void (*release)(void *ctx, const void *bytes, size_t len);
    gwapi__image image;
    gwapi__pattern **patterns; /* by index in REGEX */
    size_t regex_scratch;      /* the most that one of them needs */
    gwapi_limits limits;
    void *kept; /* what its compiler left for the next one; NULL: nothing */
    void (*free_kept)(void *kept);
};

static inline uint32_t gwapi__image_count(const gwapi_snapshot *s, uint32_t section)
{
    return s->image.counts[section];
}

/* gwapi__image_RULE(snapshot, i): the i-th record of that section; i < its count. */
#define GWAPI__IMAGE_ACCESSOR(name, id, flags, record)                                        \
    static inline const gwapi__image_##record *gwapi__image_##name(const gwapi_snapshot *s,   \
                                                                   uint32_t i)                \
    {                                                                                         \
        return (const gwapi__image_##record *)s->image.records[id] + i;                       \
    }
GWAPI__IMAGE_SECTION_TABLE(GWAPI__IMAGE_ACCESSOR)
#undef GWAPI__IMAGE_ACCESSOR

/* {NULL, 0} when absent. */
static inline gwapi_str gwapi__image_str(const gwapi_snapshot *s, gwapi__image_text text)
{
    const unsigned char *p = s->image.records[GWAPI__SECTION_TEXT];
    size_t len;

    if (text.offset == GWAPI__IMAGE_NONE)
        return (gwapi_str){NULL, 0};
    p += text.offset;
    len = *p++;
    if (len >= 0x80) {
        len &= 0x7f;
        for (unsigned shift = 7;; shift += 7) {
            len |= (size_t)(*p & 0x7fu) << shift;
            if (*p++ < 0x80)
                break;
        }
    }
    return (gwapi_str){(const char *)p, len};
}

/* Is it that text? For texts that are there. */
static inline bool gwapi__image_is(const gwapi_snapshot *s, gwapi__image_text text, gwapi_str given)
{
    const unsigned char *p = s->image.records[GWAPI__SECTION_TEXT];

    p += text.offset;
    if (*p >= 0x80)
        return gwapi__str_eq(gwapi__image_str(s, text), given);
    if (*p++ != given.len)
        return false;
    return given.len >= 8 ? gwapi__long_eq((const char *)p, given.data, given.len)
                          : given.len == 0 || gwapi__bytes_eq((const char *)p, given.data, given.len);
}

static inline gwapi_str gwapi__image_string_at(const gwapi_snapshot *s, uint32_t i)
{
    return gwapi__image_str(s, gwapi__image_STRING(s, i)->text);
}

static inline uint64_t gwapi__image_u64(const uint32_t words[2])
{
    return (uint64_t)words[1] << 32 | words[0];
}

static inline const gwapi__regex *gwapi__image_regex(const gwapi_snapshot *s, uint32_t i)
{
    return s->patterns[i]->regex;
}

static inline const gwapi__image_target *gwapi__backend_target(const gwapi_snapshot *s,
                                                               const gwapi__image_backend *b)
{
    return gwapi__image_TARGET(s, b->target);
}

static inline uint32_t gwapi__backend_role(const gwapi__image_backend *b)
{
    return b->role_place & GWAPI__BACKEND_ROLE;
}

static inline uint32_t gwapi__backend_place(const gwapi__image_backend *b)
{
    return b->role_place >> GWAPI__BACKEND_PLACE_SHIFT;
}

/* A backendRef's own. */
static inline gwapi__image_range gwapi__backend_filters(const gwapi_snapshot *s,
                                                        const gwapi__image_backend *b)
{
    if (b->filters == GWAPI__IMAGE_NONE)
        return (gwapi__image_range){0, 0};
    return gwapi__image_OWN_FILTERS(s, b->filters)->filters;
}

/* NULL: the rule has none. */
static inline const gwapi__image_rule_options *
gwapi__rule_options(const gwapi_snapshot *s, const gwapi__image_rule *rule)
{
    return rule->options != GWAPI__IMAGE_NONE ? gwapi__image_RULE_OPTIONS(s, rule->options)
                                              : NULL;
}

/* Place of a name (in any case) in HEADER_NAME, GWAPI_NONE without one. O(log n). */
uint32_t gwapi__image_header_index(const gwapi_snapshot *s, gwapi_str name);
/* How a backend of the image is described to a caller. i < count of BACKEND. */
void gwapi__image_backend_info(const gwapi_snapshot *s, uint32_t i, gwapi_backend_info *out);

#endif
