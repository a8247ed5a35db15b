/* A growable array of equal elements over an allocator. */
#ifndef GWAPI_BASE_VECTOR_H
#define GWAPI_BASE_VECTOR_H

#include "base/alloc.h"

typedef struct gwapi__vector {
    gwapi_allocator allocator;
    void *data;
    size_t count;
    size_t capacity;
    size_t size; /* of an element */
} gwapi__vector;

/* Allocates nothing. */
void gwapi__vector_init(gwapi__vector *v, const gwapi_allocator *allocator, size_t element_size);
void gwapi__vector_free(gwapi__vector *v);

static inline void gwapi__vector_swap(gwapi__vector *a, gwapi__vector *b)
{
    gwapi__vector was = *a;

    *a = *b;
    *b = was;
}

/* Room for `more` further elements. */
bool gwapi__vector_reserve(gwapi__vector *v, size_t more);
/* A new, zeroed last element; NULL when there is no memory. Moves the elements. */
void *gwapi__vector_push(gwapi__vector *v);

/* The same, not zeroed: for what is written as a whole at once. */
static inline void *gwapi__vector_add(gwapi__vector *v)
{
    if (v->count == v->capacity && !gwapi__vector_reserve(v, 1))
        return NULL;
    return (char *)v->data + v->count++ * v->size;
}

/* The i-th element; i < count. */
static inline void *gwapi__vector_at(const gwapi__vector *v, size_t i)
{
    return (char *)v->data + i * v->size;
}
#define GWAPI__AT(vector, type, i) ((type *)gwapi__vector_at((vector), (i)))

/* Orders elements as qsort does, but stable and with a context. `tmp` memory comes from the
 * vector's allocator; false when there is none, the order is then unchanged. */
typedef int (*gwapi__order)(const void *a, const void *b, void *ctx);
bool gwapi__vector_sort(gwapi__vector *v, gwapi__order order, void *ctx);
bool gwapi__sort(const gwapi_allocator *allocator, void *data, size_t count, size_t size,
                 gwapi__order order, void *ctx);
/* Not stable, slower, and without memory of its own, so that it cannot fail. */
void gwapi__sort_in_place(void *data, size_t count, size_t size, gwapi__order order, void *ctx);

/* How many there are of each kind becomes where each kind begins: the places of a counting sort. */
void gwapi__counts_to_places(uint32_t *counts, size_t kinds);

/* Of elements sorted by that order one that equals the key, which looks as they do; NULL without
 * one. O(log count). */
const void *gwapi__search(const void *data, size_t count, size_t size, const void *key,
                          gwapi__order order, void *ctx);

/* An order of pointers by where they point: for sets of objects. */
int gwapi__order_addresses(const void *a, const void *b, void *ctx);
/* Does a vector of pointers that is sorted so have that one? */
bool gwapi__vector_has_address(const gwapi__vector *v, const void *address);

#endif
