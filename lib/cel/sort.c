/*
 * Pattern-defeating quicksort (Orson Peters): quicksort that tells sorted and reversed input,
 * shuffles a little when partitions come out uneven, and gives up for heapsort when they often
 * do. The constants and the order of comparisons are those of Go.
 */
#include "cel/sort.h"

#include <stddef.h>

enum { INSERTION = 12, NINTHER = 50, STEPS = 5, MOST_SWAPS = 12 };

typedef struct sorter {
    uint32_t *data;
    gwapi__cel_less *less;
    void *ctx;
} sorter;

// Positions are signed: some scans end before the first.
static bool less(const sorter *s, int64_t a, int64_t b)
{
    return s->less(s->ctx, s->data[a], s->data[b]);
}

static void swap(const sorter *s, int64_t a, int64_t b)
{
    uint32_t kept = s->data[a];

    s->data[a] = s->data[b];
    s->data[b] = kept;
}

static void insertion_sort(const sorter *s, int64_t from, int64_t to)
{
    for (int64_t i = from + 1; i < to; i++)
        for (int64_t j = i; j > from && less(s, j, j - 1); j--)
            swap(s, j, j - 1);
}

// ---- heapsort --------------------------------------------------------------------------------

static void sift_down(const sorter *s, int64_t root, int64_t count, int64_t from)
{
    for (int64_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && less(s, from + child, from + child + 1))
            child++;
        if (!less(s, from + root, from + child))
            return;
        swap(s, from + root, from + child);
    }
}

static void heap_sort(const sorter *s, int64_t from, int64_t to)
{
    int64_t count = to - from;

    for (int64_t i = (count - 1) / 2; i >= 0; i--)
        sift_down(s, i, count, from);
    for (int64_t i = count - 1; i >= 0; i--) {
        swap(s, from, from + i);
        sift_down(s, 0, i, from);
    }
}

// ---- partitions ------------------------------------------------------------------------------

// Puts what is less than the pivot before it; returns where it stands. *before: it did already.
static int64_t partition(const sorter *s, int64_t from, int64_t to, int64_t pivot, bool *before)
{
    int64_t i = from + 1, j = to - 1;

    swap(s, from, pivot);
    *before = true;
    for (;; *before = false) {
        while (i <= j && less(s, i, from))
            i++;
        while (i <= j && !less(s, j, from))
            j--;
        if (i > j)
            break;
        swap(s, i++, j--);
    }
    swap(s, j, from);
    return j;
}

// Nothing is less than the pivot: puts what equals it first; returns where the others begin.
static int64_t partition_equal(const sorter *s, int64_t from, int64_t to, int64_t pivot)
{
    int64_t i = from + 1, j = to - 1;

    swap(s, from, pivot);
    for (;;) {
        while (i <= j && !less(s, from, i))
            i++;
        while (i <= j && less(s, from, j))
            j--;
        if (i > j)
            return i;
        swap(s, i++, j--);
    }
}

// Moves up to five elements to their places; true: then all are in order.
static bool nearly_sorted(const sorter *s, int64_t from, int64_t to)
{
    int64_t i = from + 1;

    for (int step = 0; step < STEPS; step++) {
        while (i < to && !less(s, i, i - 1))
            i++;
        if (i == to)
            return true;
        if (to - from < NINTHER)
            return false;
        swap(s, i, i - 1);
        if (i - from >= 2)
            for (int64_t j = i - 1; j >= 1 && less(s, j, j - 1); j--)
                swap(s, j, j - 1);
        if (to - i >= 2)
            for (int64_t j = i + 1; j < to && less(s, j, j - 1); j++)
                swap(s, j, j - 1);
    }
    return false;
}

// ---- pivots ----------------------------------------------------------------------------------

static void order(const sorter *s, int64_t *a, int64_t *b, int *swaps)
{
    if (less(s, *b, *a)) {
        int64_t kept = *a;
        *a = *b;
        *b = kept;
        (*swaps)++;
    }
}

static int64_t median(const sorter *s, int64_t a, int64_t b, int64_t c, int *swaps)
{
    order(s, &a, &b, swaps);
    order(s, &b, &c, swaps);
    order(s, &a, &b, swaps);
    return b;
}

// *swaps tells how far from sorted the looked-at elements were.
static int64_t choose_pivot(const sorter *s, int64_t from, int64_t to, int *swaps)
{
    int64_t quarter = (to - from) / 4;
    int64_t i = from + quarter, j = from + quarter * 2, k = from + quarter * 3;

    *swaps = 0;
    if (to - from >= NINTHER) {
        i = median(s, i - 1, i, i + 1, swaps);
        j = median(s, j - 1, j, j + 1, swaps);
        k = median(s, k - 1, k, k + 1, swaps);
    }
    return median(s, i, j, k, swaps);
}

static int bit_length(uint64_t n)
{
    int bits = 0;

    for (; n != 0; n >>= 1)
        bits++;
    return bits;
}

// Exchanges three elements in the middle with ones from anywhere.
static void shuffle(const sorter *s, int64_t from, int64_t to)
{
    int64_t count = to - from, middle = from + count / 4 * 2;
    uint64_t random = (uint64_t)count, mask = (UINT64_C(1) << bit_length((uint64_t)count)) - 1;

    for (int64_t i = middle - 1; i <= middle + 1; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        int64_t other = (int64_t)(random & mask);
        swap(s, i, from + (other >= count ? other - count : other));
    }
}

static void reverse(const sorter *s, int64_t from, int64_t to)
{
    for (to--; from < to; from++, to--)
        swap(s, from, to);
}

// `shuffles` is how often partitions may come out uneven.
static void quick_sort(const sorter *s, int64_t from, int64_t to, int shuffles)
{
    bool even = true, in_order = true;
    int swaps;

    while (to - from > INSERTION) {
        int64_t count = to - from;
        if (shuffles == 0) {
            heap_sort(s, from, to);
            return;
        }
        if (!even) {
            shuffle(s, from, to);
            shuffles--;
        }
        int64_t pivot = choose_pivot(s, from, to, &swaps);
        if (swaps == MOST_SWAPS) {
            reverse(s, from, to);
            pivot = to - 1 - (pivot - from);
            swaps = 0;
        }
        if (even && in_order && swaps == 0 && nearly_sorted(s, from, to))
            return;
        if (from > 0 && !less(s, from - 1, pivot)) {
            from = partition_equal(s, from, to, pivot);
            continue;
        }
        int64_t middle = partition(s, from, to, pivot, &in_order);
        int64_t left = middle - from, right = to - middle;
        even = (left < right ? left : right) >= count / 8;
        if (left < right) {
            quick_sort(s, from, middle, shuffles);
            from = middle + 1;
        } else {
            quick_sort(s, middle + 1, to, shuffles);
            to = middle;
        }
    }
    insertion_sort(s, from, to);
}

void gwapi__cel_sort(uint32_t *indices, uint32_t count, gwapi__cel_less *less_, void *ctx)
{
    sorter s = {.data = indices, .less = less_, .ctx = ctx};

    quick_sort(&s, 0, count, bit_length(count));
}
