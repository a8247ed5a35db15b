/*
 * Collects records section by section and lays them out as an image. Errors stick: after one,
 * adding does nothing useful but is safe, and finish tells what it was.
 *
 * Until it is finished, records name texts by number. Which offset a text gets depends on the
 * records alone: texts stand in the order in which fields (fields.h), column by column, name them
 * first. So a builder that began with the records of an earlier image comes to the same bytes.
 */
#ifndef GWAPI_IMAGE_BUILDER_H
#define GWAPI_IMAGE_BUILDER_H

#include "base/arena.h"
#include "base/bits.h"
#include "base/map.h"
#include "image/layout.h"

/* The texts of an earlier image. They stand one behind the other. */
typedef struct gwapi__block_base {
    const unsigned char *bytes; /* borrowed; NULL: there are none */
    uint32_t *starts;           /* of each, and one more for the end */
    uint32_t count;
    uint64_t *begins;  /* a bit for each byte: does a text begin there? */
    uint32_t *ranks;   /* how many do before each word of these */
    size_t word_count;
    uint32_t *slots;   /* by text: number + 1; 0: empty */
    size_t slot_count; /* a power of two; 0: nobody has asked yet */
} gwapi__block_base;

typedef struct gwapi__block {
    gwapi_allocator allocator;
    gwapi__arena arena;                          /* the texts */
    gwapi__vector sections[GWAPI__SECTION_END];  /* of records; TEXT and LABEL stay empty */
    gwapi__map texts;                            /* those that were added; numbers follow base's */
    gwapi__block_base base;
    gwapi_result failure;
} gwapi__block;

/* Allocates nothing. `allocator` is a resolved one. */
void gwapi__block_init(gwapi__block *b, const gwapi_allocator *allocator);
void gwapi__block_free(gwapi__block *b);

/* A new, zeroed record at the end of a section. Good until the next one of that section; NULL
 * once the builder failed. *index (may be NULL) receives its place, 0 on failure. */
void *gwapi__block_add(gwapi__block *b, uint32_t section, uint32_t *index);
/* A text, stored once however often it is added; absent stays absent. Copies. */
gwapi__image_text gwapi__block_text(gwapi__block *b, gwapi_str text);
/* It again; not the absent one. Good as long as the builder. */
gwapi_str gwapi__block_text_at(const gwapi__block *b, gwapi__image_text text);
/* Takes over the texts of an image's TEXT section, which stays as long as the builder; nothing was
 * added yet. */
void gwapi__block_take_texts(gwapi__block *b, const unsigned char *bytes, uint32_t size);
/* The number of such a text. */
static inline uint32_t gwapi__block_taken(const gwapi__block *b, uint32_t offset)
{
    uint64_t word = b->base.begins[offset / 64];

    return b->base.ranks[offset / 64] +
           gwapi__bit_count(word & ((UINT64_C(1) << offset % 64) - 1));
}
/* Room for `count` records, which the caller fills: as add, many times. */
void *gwapi__block_add_many(gwapi__block *b, uint32_t section, uint32_t count);
/* A record that is a word or a string. */
void gwapi__block_word(gwapi__block *b, uint32_t section, uint32_t word);
void gwapi__block_string(gwapi__block *b, uint32_t section, gwapi_str text);
/* How many records a section has: where the next one will stand. */
uint32_t gwapi__block_count(const gwapi__block *b, uint32_t section);
/* The i-th record again. */
void *gwapi__block_at(const gwapi__block *b, uint32_t section, uint32_t i);

static inline void gwapi__block_u64(uint32_t words[2], uint64_t value)
{
    words[0] = (uint32_t)value;
    words[1] = (uint32_t)(value >> 32);
}

/*
 * Writes the image into memory of the allocator's. `label` absent: none. GWAPI_ENOMEM; GWAPI_ELIMIT
 * when it would pass 4 GiB.
 */
gwapi_result gwapi__block_finish(gwapi__block *b, gwapi_str label, unsigned char **bytes,
                                   size_t *size);

#endif
