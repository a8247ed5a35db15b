#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "base/vector.h"
#include "../support/oom.h"

typedef struct row {
    int key;
    int position;
} row;

static int by_key(const void *a, const void *b, void *ctx)
{
    int x = ((const row *)a)->key, y = ((const row *)b)->key;

    ++*(size_t *)ctx;
    return (x > y) - (x < y);
}

Test(base_vector, sorting_is_stable_for_every_length)
{
    gwapi_allocator a;
    gwapi__vector v;
    unsigned state = 1;

    gwapi__allocator_init(&a, NULL);
    for (int n = 0; n < 200; n++) {
        size_t compared = 0;
        gwapi__vector_init(&v, &a, sizeof(row));
        for (int i = 0; i < n; i++) {
            row *r = gwapi__vector_push(&v);
            state = state * 1103515245 + 12345;
            *r = (row){(int)(state >> 16) % 10, i};
        }
        cr_assert(gwapi__vector_sort(&v, by_key, &compared));
        for (size_t i = 1; i < v.count; i++) {
            row *before = GWAPI__AT(&v, row, i - 1), *r = GWAPI__AT(&v, row, i);
            cr_assert(before->key < r->key ||
                      (before->key == r->key && before->position < r->position));
        }
        gwapi__vector_free(&v);
    }
}

/* Rows that share a key may come in any order, and none is lost. */
Test(base_vector, sorting_in_place_keeps_every_element)
{
    row rows[200];
    unsigned state = 1;

    for (size_t n = 0; n < 200; n++) {
        size_t compared = 0, sum = 0;
        for (size_t i = 0; i < n; i++) {
            state = state * 1103515245 + 12345;
            rows[i] = (row){(int)(state >> 16) % 50, (int)i};
        }
        gwapi__sort_in_place(n != 0 ? rows : NULL, n, sizeof *rows, by_key, &compared);
        for (size_t i = 0; i < n; i++) {
            cr_assert(i == 0 || rows[i - 1].key <= rows[i].key);
            sum += (size_t)rows[i].position + 1;
        }
        cr_assert_eq(sum, n * (n + 1) / 2);
    }
}

Test(base_vector, counts_become_the_places_where_each_kind_begins)
{
    uint32_t counts[] = {2, 0, 3, 1};
    static const uint32_t places[] = {0, 2, 2, 5};

    gwapi__counts_to_places(counts, 4);
    cr_assert_arr_eq(counts, places, sizeof places);
}

/* By the first byte; the last one tells where the element stood. */
static int by_first_byte(const void *a, const void *b, void *ctx)
{
    ++*(size_t *)ctx;
    return *(const unsigned char *)a - *(const unsigned char *)b;
}

enum { MANY = 200, LARGEST = 33 };
static const size_t sizes[] = {2, 4, 8, 12, 16, 24, LARGEST};

static void fill(unsigned char *rows, size_t size)
{
    for (size_t i = 0; i < MANY; i++) {
        memset(rows + i * size, (int)(i * 97 % 40), size);
        rows[i * size + size - 1] = (unsigned char)i;
    }
}

/* Whole, and in order of their first bytes; if it is asked for, then as they stood. */
static void expect_sorted(const unsigned char *rows, size_t size, bool stable)
{
    for (size_t i = 0; i < MANY; i++) {
        const unsigned char *at = rows + i * size, *before = at - size;
        cr_expect_eq(at[0], at[size - 1] * 97u % 40, "%zu bytes, %zu", size, i);
        cr_expect(i == 0 || before[0] < at[0] ||
                      (before[0] == at[0] && (!stable || before[size - 1] < at[size - 1])),
                  "%zu bytes, %zu", size, i);
        for (size_t k = 1; k + 1 < size; k++)
            cr_expect_eq(at[k], at[0]);
    }
}

Test(base_vector, elements_of_every_size_are_moved_whole)
{
    unsigned char rows[MANY * LARGEST];
    size_t compared = 0;
    gwapi_allocator a;

    gwapi__allocator_init(&a, NULL);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        fill(rows, sizes[s]);
        cr_assert(gwapi__sort(&a, rows, MANY, sizes[s], by_first_byte, &compared));
        expect_sorted(rows, sizes[s], true);
        fill(rows, sizes[s]);
        gwapi__sort_in_place(rows, MANY, sizes[s], by_first_byte, &compared);
        expect_sorted(rows, sizes[s], false);
    }
}

Test(base_vector, what_is_in_order_is_compared_about_once)
{
    gwapi_allocator a;
    static row rows[4096];
    size_t compared = 0;

    gwapi__allocator_init(&a, NULL);
    for (int i = 0; i < 4096; i++)
        rows[i] = (row){i / 3, i};
    cr_assert(gwapi__sort(&a, rows, 4096, sizeof *rows, by_key, &compared));
    for (int i = 0; i < 4096; i++)
        cr_assert(rows[i].position == i && rows[i].key == i / 3);
    cr_expect_lt(compared, 4096 * 5 / 4);
}

static gwapi_result push_many(const gwapi_allocator *a, void *arg)
{
    gwapi__vector v;
    gwapi_result result = GWAPI_OK;
    size_t compared = 0;

    (void)arg;
    gwapi__vector_init(&v, a, sizeof(row));
    for (int i = 0; i < 500 && result == GWAPI_OK; i++) {
        row *r = gwapi__vector_push(&v);
        if (r == NULL)
            result = GWAPI_ENOMEM;
        else
            r->key = -i;
    }
    if (result == GWAPI_OK && !gwapi__vector_sort(&v, by_key, &compared)) {
        cr_assert_eq(GWAPI__AT(&v, row, 0)->key, 0, "a sort that fails changes nothing");
        result = GWAPI_ENOMEM;
    }
    gwapi__vector_free(&v);
    return result;
}

Test(base_vector, every_failing_allocation_is_told)
{
    size_t runs, bad;

    cr_assert_eq(test_fail_every_allocation(push_many, NULL, &runs, &bad), GWAPI_OK);
    cr_assert_eq(bad, 0);
    cr_assert_gt(runs, 5);
}

Test(base_vector, sizes_that_overflow_are_refused)
{
    gwapi_allocator a;
    gwapi__vector v;

    gwapi__allocator_init(&a, NULL);
    gwapi__vector_init(&v, &a, sizeof(row));
    cr_assert(!gwapi__vector_reserve(&v, SIZE_MAX));
    cr_assert(!gwapi__vector_reserve(&v, SIZE_MAX / sizeof(row) + 1));
    cr_assert_not_null(gwapi__vector_push(&v));
    gwapi__vector_free(&v);
}

Test(base_vector, what_is_sorted_is_found_and_nothing_else)
{
    row rows[9];
    size_t calls = 0;

    for (size_t count = 0; count <= 9; count++) {
        for (size_t i = 0; i < count; i++)
            rows[i] = (row){.key = 2 * (int)i, .position = (int)i};
        for (int key = -1; key <= 18; key++) {
            const row wanted = {.key = key};
            const row *found = gwapi__search(rows, count, sizeof *rows, &wanted, by_key, &calls);
            bool there = key >= 0 && key % 2 == 0 && (size_t)key / 2 < count;
            cr_expect_eq(found != NULL, there, "%d of %zu", key, count);
            cr_expect(found == NULL || found == &rows[key / 2], "%d of %zu", key, count);
        }
    }
}

Test(base_vector, addresses_are_a_set)
{
    gwapi_allocator a;
    gwapi__vector v;
    char objects[5];

    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    gwapi__vector_init(&v, &a, sizeof(char *));
    cr_expect_not(gwapi__vector_has_address(&v, objects));
    for (size_t i = 0; i < 5; i += 2) {
        char **slot = gwapi__vector_push(&v);
        cr_assert_not_null(slot);
        *slot = &objects[(i + 4) % 6];
    }
    cr_assert(gwapi__vector_sort(&v, gwapi__order_addresses, NULL));
    for (size_t i = 0; i < 5; i++)
        cr_expect_eq(gwapi__vector_has_address(&v, &objects[i]), i % 2 == 0, "%zu", i);
    gwapi__vector_free(&v);
}
