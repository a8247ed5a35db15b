/*
 * The texts of an image that is being made: each is stored once, under a number. Those of an
 * earlier image, if it was taken over, have the first numbers.
 */
#ifndef GWAPI_IMAGE_TEXTS_H
#define GWAPI_IMAGE_TEXTS_H

#include "base/arena.h"
#include "base/bits.h"
#include "base/slice.h"
#include "base/slots.h"
#include "base/vector.h"

/* The texts of an earlier image. They stand one behind the other. */
typedef struct gwapi__texts_base {
    const unsigned char *bytes; /* borrowed; NULL: there are none */
    uint32_t *starts;           /* of each, and one more for the end */
    uint32_t count;
    uint64_t *begins; /* a bit for each byte: does a text begin there? */
    uint32_t *ranks;  /* how many do before each word of these */
    size_t word_count;
} gwapi__texts_base;

typedef struct gwapi__texts {
    gwapi__arena arena;  /* those that were added, each with its length in front */
    gwapi__vector added; /* of const gwapi__stored_text *; numbers follow base's */
    gwapi__slots slots;  /* numbers by hash; base's from the first that is added on */
    gwapi__texts_base base;
    uint64_t seed; /* of the hashes; outsiders choose the texts */
} gwapi__texts;

typedef struct gwapi__stored_text {
    uint32_t len;
    char bytes[];
} gwapi__stored_text;

/* Allocates nothing. `allocator` is a resolved one. */
void gwapi__texts_init(gwapi__texts *t, const gwapi_allocator *allocator);
void gwapi__texts_free(gwapi__texts *t);

/* Takes over a TEXT section, which stays as long as these; nothing was added yet. GWAPI_ENOMEM. */
gwapi_result gwapi__texts_take(gwapi__texts *t, const unsigned char *bytes, uint32_t size);
/* Copies a text, or finds it. GWAPI_ENOMEM, GWAPI_ELIMIT. */
gwapi_result gwapi__texts_add(gwapi__texts *t, gwapi_str text, uint32_t *number);

/* The number of the text that began there in the earlier image. */
static inline uint32_t gwapi__texts_taken(const gwapi__texts *t, uint32_t offset)
{
    uint64_t word = t->base.begins[offset / 64];

    return t->base.ranks[offset / 64] +
           gwapi__bit_count(word & ((UINT64_C(1) << offset % 64) - 1));
}

/* How many there are: numbers are below. */
static inline uint32_t gwapi__texts_count(const gwapi__texts *t)
{
    return t->base.count + (uint32_t)t->added.count;
}

/* It again. Good as long as these. */
gwapi_str gwapi__texts_at(const gwapi__texts *t, uint32_t number);
/* The bytes that a text takes in TEXT, its length included. */
uint64_t gwapi__texts_size(const gwapi__texts *t, uint32_t number);
/* Writes the first of some texts, and those behind it that can be copied with it. Gives how many
 * that were, one at least. */
uint32_t gwapi__texts_write(const gwapi__texts *t, const uint32_t *numbers, uint32_t count,
                            unsigned char *out);

#endif
