#include "base/vector.h"

#include <string.h>

void gwapi__vector_init(gwapi__vector *v, const gwapi_allocator *allocator, size_t element_size)
{
    *v = (gwapi__vector){.allocator = *allocator, .size = element_size};
}

void gwapi__vector_free(gwapi__vector *v)
{
    gwapi__free(&v->allocator, v->data, v->capacity * v->size);
    v->data = NULL;
    v->count = v->capacity = 0;
}

bool gwapi__vector_reserve(gwapi__vector *v, size_t more)
{
    size_t need, bytes;

    if (!gwapi__add(v->count, more, &need))
        return false;
    if (need <= v->capacity)
        return true;
    size_t capacity = v->capacity != 0 ? v->capacity + v->capacity / 2 + 1 : 16;
    if (capacity < need)
        capacity = need;
    if (!gwapi__mul(capacity, v->size, &bytes))
        return false;
    void *data = gwapi__resize(&v->allocator, v->data, v->capacity * v->size, bytes);
    if (data == NULL)
        return false;
    v->data = data;
    v->capacity = capacity;
    return true;
}

void *gwapi__vector_push(gwapi__vector *v)
{
    if (!gwapi__vector_reserve(v, 1))
        return NULL;
    void *slot = gwapi__vector_at(v, v->count++);
    return memset(slot, 0, v->size);
}

/* Insertion sort of runs, then merges through a buffer: stable, n log n, no recursion. Runs that
 * follow each other already are not compared further. */
#define RUN 8

/* Moves of a known size need no call. */
static inline void copy_element(char *to, const char *from, size_t size)
{
    switch (size) {
    case 4:
        memcpy(to, from, 4);
        break;
    case 8:
        memcpy(to, from, 8);
        break;
    case 24:
        memcpy(to, from, 24);
        break;
    default:
        memcpy(to, from, size);
    }
}

static void sort_run(char *data, size_t count, size_t size, gwapi__order order, void *ctx,
                     char *tmp)
{
    for (size_t i = 1; i < count; i++) {
        size_t j = i;
        while (j > 0 && order(data + (j - 1) * size, data + i * size, ctx) > 0)
            j--;
        if (j == i)
            continue;
        copy_element(tmp, data + i * size, size);
        memmove(data + (j + 1) * size, data + j * size, (i - j) * size);
        copy_element(data + j * size, tmp, size);
    }
}

static void merge(const char *a, size_t na, const char *b, size_t nb, size_t size, char *out,
                  gwapi__order order, void *ctx)
{
    if (na != 0 && nb != 0 && order(a + (na - 1) * size, b, ctx) <= 0) {
        memcpy(out, a, na * size);
        memcpy(out + na * size, b, nb * size);
        return;
    }
    while (na != 0 && nb != 0) {
        bool first = order(a, b, ctx) <= 0;
        copy_element(out, first ? a : b, size);
        out += size;
        if (first) {
            a += size;
            na--;
        } else {
            b += size;
            nb--;
        }
    }
    memcpy(out, na != 0 ? a : b, (na + nb) * size);
}

bool gwapi__sort(const gwapi_allocator *allocator, void *data, size_t count, size_t size,
                 gwapi__order order, void *ctx)
{
    if (count < 2)
        return true;
    char *buffer = gwapi__alloc(allocator, count * size);
    if (buffer == NULL)
        return false;
    char *from = data, *to = buffer;
    for (size_t i = 0; i < count; i += RUN)
        sort_run(from + i * size, count - i < RUN ? count - i : RUN, size, order, ctx, to);
    for (size_t width = RUN; width < count; width *= 2) {
        for (size_t i = 0; i < count; i += 2 * width) {
            size_t left = count - i < width ? count - i : width;
            size_t right = count - i - left < width ? count - i - left : width;
            merge(from + i * size, left, from + (i + left) * size, right, size, to + i * size,
                  order, ctx);
        }
        char *swap = from;
        from = to;
        to = swap;
    }
    if (from != (char *)data)
        memcpy(data, from, count * size);
    gwapi__free(allocator, buffer, count * size);
    return true;
}

bool gwapi__vector_sort(gwapi__vector *v, gwapi__order order, void *ctx)
{
    return gwapi__sort(&v->allocator, v->data, v->count, v->size, order, ctx);
}

static inline void exchange(char *a, char *b, size_t size)
{
    uint64_t x, y;

    for (; size >= sizeof x; a += sizeof x, b += sizeof x, size -= sizeof x) {
        memcpy(&x, a, sizeof x);
        memcpy(&y, b, sizeof y);
        memcpy(a, &y, sizeof y);
        memcpy(b, &x, sizeof x);
    }
    for (size_t i = 0; i < size; i++) {
        char was = a[i];
        a[i] = b[i];
        b[i] = was;
    }
}

/* Moves an element of the heap down to where none below it comes later. */
static void sift(char *data, size_t at, size_t count, size_t size, gwapi__order order, void *ctx)
{
    for (size_t below; (below = 2 * at + 1) < count; at = below) {
        if (below + 1 < count && order(data + below * size, data + (below + 1) * size, ctx) < 0)
            below++;
        if (order(data + at * size, data + below * size, ctx) >= 0)
            return;
        exchange(data + at * size, data + below * size, size);
    }
}

void gwapi__sort_in_place(void *data, size_t count, size_t size, gwapi__order order, void *ctx)
{
    for (size_t at = count / 2; at-- > 0;)
        sift(data, at, count, size, order, ctx);
    for (size_t left = count; left-- > 1;) {
        exchange(data, (char *)data + left * size, size);
        sift(data, 0, left, size, order, ctx);
    }
}

void gwapi__counts_to_places(uint32_t *counts, size_t kinds)
{
    uint32_t before = 0;

    for (size_t i = 0; i < kinds; i++) {
        uint32_t own = counts[i];
        counts[i] = before;
        before += own;
    }
}

const void *gwapi__search(const void *data, size_t count, size_t size, const void *key,
                          gwapi__order order, void *ctx)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *element = (const char *)data + middle * size;
        int compared = order(element, key, ctx);
        if (compared == 0)
            return element;
        if (compared < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

int gwapi__order_addresses(const void *a, const void *b, void *ctx)
{
    uintptr_t x = (uintptr_t) * (const void *const *)a, y = (uintptr_t) * (const void *const *)b;

    (void)ctx;
    return (x > y) - (x < y);
}

bool gwapi__vector_has_address(const gwapi__vector *v, const void *address)
{
    return gwapi__search(v->data, v->count, sizeof(void *), &address, gwapi__order_addresses,
                         NULL) != NULL;
}
