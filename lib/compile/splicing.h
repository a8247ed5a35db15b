/* Making an image from the one before: what the steps share. Private to splice*.c. */
#ifndef GWAPI_COMPILE_SPLICING_H
#define GWAPI_COMPILE_SPLICING_H

#include <string.h>
#include "compile/splice.h"
#include "image/fields.h"

/* What a record's references move by: by the segment it lies in, the records between two routes
 * that changed. Others are found by what they refer to. */
#define GWAPI__ANY_SEGMENT UINT32_MAX

typedef struct gwapi__splicing {
    gwapi__compiler *c;
    const gwapi_snapshot *before;
    const gwapi__kept *kept;
    const gwapi__route_change *changes; /* by place */
    uint32_t change_count;
    uint32_t (*moves)[GWAPI__MARKS];    /* of each segment; added, so that less is a wrap */
    uint32_t marks[GWAPI__SECTION_END]; /* of a section: + 1; 0: it is not marked */
    bool *changed;                      /* by place in ROUTE */
    uint32_t *matches;                  /* where each match stands now; NONE: it is gone */
    gwapi__vector made; /* of gwapi__compile_match: those of the changed routes, in order */
    struct {
        size_t first, end; /* of gwapi__image_fields */
    } fields[GWAPI__SECTION_END];
} gwapi__splicing;

static inline const gwapi__kept_route *gwapi__kept_route_at(const gwapi__splicing *s,
                                                            uint32_t place)
{
    return GWAPI__AT(&s->kept->routes, gwapi__kept_route, place);
}

static inline uint32_t gwapi__records_before(const gwapi__splicing *s, uint32_t section)
{
    return s->before->image.counts[section];
}

static inline const void *gwapi__record_before(const gwapi__splicing *s, uint32_t section,
                                               uint32_t i)
{
    return (const char *)s->before->image.records[section] +
           (size_t)i * s->c->builder.sections[section].size;
}

/* ---- records (splice_records.c) ------------------------------------------------------- */

/* Which fields a section's records have. */
void gwapi__splice_find_fields(gwapi__splicing *s);
/* Moves a reference into a marked section. */
void gwapi__splice_move_index(const gwapi__splicing *s, uint32_t mark, uint32_t segment,
                              uint32_t *word);
/* Appends records as they were, with their references moved. Gives the first; NULL: there is
 * none, or the builder failed. */
void *gwapi__splice_copy(const gwapi__splicing *s, uint32_t section, uint32_t first,
                         uint32_t count, uint32_t segment);

/* ---- matches (splice_matches.c) --------------------------------------------------------- */

/* Those of the routes that changed, once their rules are written; in order. */
gwapi_result gwapi__splice_list_matches(gwapi__splicing *s);
/* MATCH, CONDITION, GRPC_METHOD. */
gwapi_result gwapi__splice_matches(gwapi__splicing *s);
/* A match of a route that did not change, as the compiler had it before. */
void gwapi__splice_read_match(const gwapi__splicing *s, uint32_t i, gwapi__compile_match *out);
/* Makes one known whose record stands there in MATCH, with what leads to it. */
void gwapi__splice_know_match(const gwapi__splicing *s, uint32_t at,
                              const gwapi__compile_match *match);

/* ---- hosts (splice_hosts.c) ------------------------------------------------------------ */

/* HOST, HOST_LISTS, SLOT, MATCH_INDEX. */
gwapi_result gwapi__splice_hosts(const gwapi__splicing *s);

#endif
