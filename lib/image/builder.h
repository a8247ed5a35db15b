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

#include "image/layout.h"
#include "image/texts.h"

typedef struct gwapi__block {
    gwapi_allocator allocator;
    gwapi__vector sections[GWAPI__SECTION_END]; /* of records; TEXT and LABEL stay empty */
    gwapi__texts texts;
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
