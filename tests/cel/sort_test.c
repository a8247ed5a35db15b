/* Orders that Go's sort.Slice gives, by their hash (FNV-1a over the indices). */
#include <math.h>
#include <stdlib.h>
#include <criterion/criterion.h>
#include "cel/sort.h"

static double key_of(uint32_t mode, uint32_t n, uint32_t i)
{
    uint32_t spread = i * 2654435761u;

    switch (mode) {
    case 0:
        return i * 7919 % n;
    case 1:
        return i;
    case 2:
        return n - i;
    case 3:
        return i * i % 7;
    case 4:
        return (spread >> 7) % n;
    case 5:
        return (spread >> 7) % 5;
    case 6:
        return i % 5 == 0 ? NAN : i * 7919 % n;
    case 7:
        return i / 3 % 4;
    case 8:
        return i < n / 2 ? i : n - i;
    case 9:
        return i ^ 1;
    case 10:
        return i == n / 2 ? 0 : i;
    default:
        return i % 2 == 0 ? NAN : (spread >> 5) % n;
    }
}

static bool less(void *ctx, uint32_t a, uint32_t b)
{
    const double *keys = ctx;

    return keys[a] < keys[b];
}

Test(cel_sort, orders_are_those_of_go)
{
    static const struct {
        uint32_t count, mode, hash;
    } cases[] = {
        {0, 0, 0x811c9dc5}, {1, 0, 0x050c5d1f}, {1, 1, 0x050c5d1f}, {1, 2, 0x050c5d1f},
        {1, 3, 0x050c5d1f}, {1, 4, 0x050c5d1f}, {1, 5, 0x050c5d1f}, {1, 6, 0x050c5d1f},
        {1, 7, 0x050c5d1f}, {1, 8, 0x050c5d1f}, {1, 9, 0x050c5d1f}, {1, 10, 0x050c5d1f},
        {1, 11, 0x050c5d1f}, {2, 0, 0x1076963a}, {2, 1, 0x1076963a}, {2, 2, 0xeb741d64},
        {2, 3, 0x1076963a}, {2, 4, 0x1076963a}, {2, 5, 0x1076963a}, {2, 6, 0x1076963a},
        {2, 7, 0x1076963a}, {2, 8, 0x1076963a}, {2, 9, 0xeb741d64}, {2, 10, 0x1076963a},
        {2, 11, 0x1076963a}, {5, 0, 0xc54193d7}, {5, 1, 0xba1e9fef}, {5, 2, 0xaabed4cf},
        {5, 3, 0x1d07ca7d}, {5, 4, 0x1dfa4ffb}, {5, 5, 0x1dfa4ffb}, {5, 6, 0xc54193d7},
        {5, 7, 0xba1e9fef}, {5, 8, 0x957ce09b}, {5, 9, 0xd02290b3}, {5, 10, 0x10cf2a85},
        {5, 11, 0xba1e9fef}, {12, 0, 0x34c2b941}, {12, 1, 0x4a509959}, {12, 2, 0xbb50ae99},
        {12, 3, 0xe76a0977}, {12, 4, 0xbb7b0bcf}, {12, 5, 0x6106631f}, {12, 6, 0x360aa411},
        {12, 7, 0x4a509959}, {12, 8, 0xee93ce8f}, {12, 9, 0xc9638bc5}, {12, 10, 0x98c98963},
        {12, 11, 0x4a509959}, {13, 0, 0xce3a9419}, {13, 1, 0x51e160cf}, {13, 2, 0x7384b87f},
        {13, 3, 0xb9a4e025}, {13, 4, 0x60dc4a19}, {13, 5, 0xa3d7f8b1}, {13, 6, 0x9d5dfbd7},
        {13, 7, 0xbb7ebc7f}, {13, 8, 0x2bf3a64b}, {13, 9, 0xd0b50d6b}, {13, 10, 0x7b64c09d},
        {13, 11, 0x51e160cf}, {20, 0, 0x4bf19309}, {20, 1, 0x783b3501}, {20, 2, 0xc09912d9},
        {20, 3, 0xf05d6ccb}, {20, 4, 0xf2141b5b}, {20, 5, 0x0595205d}, {20, 6, 0xe612224d},
        {20, 7, 0x37677cab}, {20, 8, 0x9fedabd7}, {20, 9, 0xd02dfea5}, {20, 10, 0xf6df2c83},
        {20, 11, 0x783b3501}, {49, 0, 0x4d19946f}, {49, 1, 0x1f6c285f}, {49, 2, 0x0fe1143f},
        {49, 3, 0xca8bd747}, {49, 4, 0x06eb5c9b}, {49, 5, 0xd4541fc7}, {49, 6, 0x076ff7ad},
        {49, 7, 0x3748f071}, {49, 8, 0x0e993a35}, {49, 9, 0xe1b5782f}, {49, 10, 0x23d97c97},
        {49, 11, 0x1f6c285f}, {50, 0, 0xea8969fa}, {50, 1, 0xe543a52a}, {50, 2, 0xdaed4e64},
        {50, 3, 0x3b86d4e6}, {50, 4, 0x35890c30}, {50, 5, 0xf1ed6000}, {50, 6, 0x3434d818},
        {50, 7, 0xc1c95b2c}, {50, 8, 0xdf199bd2}, {50, 9, 0x69a9d0c4}, {50, 10, 0x9d3e8614},
        {50, 11, 0xe543a52a}, {51, 0, 0xb285b948}, {51, 1, 0x017ce4c8}, {51, 2, 0x2dbc7074},
        {51, 3, 0x5e338b5c}, {51, 4, 0xe374d4ba}, {51, 5, 0x0aae6eb6}, {51, 6, 0xa7d27eac},
        {51, 7, 0x58ca4dd2}, {51, 8, 0x2717b4a0}, {51, 9, 0x4c53f342}, {51, 10, 0xaf6d2dd2},
        {51, 11, 0x017ce4c8}, {64, 0, 0x07a51105}, {64, 1, 0x6d3a0905}, {64, 2, 0xfb1881c5},
        {64, 3, 0xf6ed81d1}, {64, 4, 0x1e666999}, {64, 5, 0xd5d4d845}, {64, 6, 0xa0cf4599},
        {64, 7, 0xb2d4562d}, {64, 8, 0x462aac0d}, {64, 9, 0x4a9fb945}, {64, 10, 0x6849f4e5},
        {64, 11, 0x6d3a0905}, {100, 0, 0xccc2cce9}, {100, 1, 0xde239011}, {100, 2, 0x146cf8b9},
        {100, 3, 0xb6bb6af5}, {100, 4, 0x56bc86e3}, {100, 5, 0xd1ffd351}, {100, 6, 0x67afe0e9},
        {100, 7, 0xc52d4c0b}, {100, 8, 0x0dc6bc3f}, {100, 9, 0x483d49a5},
        {100, 10, 0x1f4046eb}, {100, 11, 0xde239011}, {255, 0, 0x563e8160},
        {255, 1, 0x1c2213b8}, {255, 2, 0xa18730b8}, {255, 3, 0x7750936e}, {255, 4, 0x4cbc7418},
        {255, 5, 0x73910e20}, {255, 6, 0x17d24bd4}, {255, 7, 0x0b992bdc}, {255, 8, 0xca45e690},
        {255, 9, 0x1e270526}, {255, 10, 0x09fd2938}, {255, 11, 0x1c2213b8},
        {300, 0, 0x24d99141}, {300, 1, 0xbee701f9}, {300, 2, 0x17483859}, {300, 3, 0x6e51ff33},
        {300, 4, 0x0b2d82b3}, {300, 5, 0xb0ff0303}, {300, 6, 0x704fe413}, {300, 7, 0x6de92ab9},
        {300, 8, 0x21f8a793}, {300, 9, 0x8235e485}, {300, 10, 0x1f8d4df3},
        {300, 11, 0xbee701f9}, {707, 0, 0x31c4dde2}, {707, 1, 0xd4ba7428},
        {707, 2, 0xc1f9e324}, {707, 3, 0x0d8f5528}, {707, 4, 0x08b5b104}, {707, 5, 0x8e0c3e94},
        {707, 6, 0x4a4b1bfc}, {707, 7, 0x29ff3c5e}, {707, 8, 0xb9545f12}, {707, 9, 0xd5a556d2},
        {707, 10, 0x98157912}, {707, 11, 0xd4ba7428}, {1500, 0, 0xbb6cf111},
        {1500, 1, 0x156b2b69}, {1500, 2, 0x95505419}, {1500, 3, 0xa5bfd15d},
        {1500, 4, 0xc6566b6d}, {1500, 5, 0xc17a40c9}, {1500, 6, 0x8ce31017},
        {1500, 7, 0xa83e73dd}, {1500, 8, 0x8c70d7e7}, {1500, 9, 0xc447bb05},
        {1500, 10, 0x92e7329b}, {1500, 11, 0x156b2b69}, {5000, 0, 0x51545cad},
        {5000, 1, 0x8c7ca59d}, {5000, 2, 0x0eef6cd5}, {5000, 3, 0x8720bdfd},
        {5000, 4, 0x2100aeed}, {5000, 5, 0x638054af}, {5000, 6, 0x082d57b3},
        {5000, 7, 0xb49f82bd}, {5000, 8, 0x064000b1}, {5000, 9, 0x09b98295},
        {5000, 10, 0xa00c5e35}, {5000, 11, 0x8c7ca59d},
    };

    for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
        uint32_t n = cases[c].count, hash = 2166136261u;
        uint32_t *indices = malloc((n + 1) * sizeof(*indices));
        double *keys = malloc((n + 1) * sizeof(*keys));
        for (uint32_t i = 0; i < n; i++) {
            indices[i] = i;
            keys[i] = key_of(cases[c].mode, n, i);
        }
        gwapi__cel_sort(indices, n, less, keys);
        for (uint32_t i = 0; i < n; i++)
            hash = (hash ^ indices[i]) * 16777619u;
        cr_expect_eq(hash, cases[c].hash, "%u elements, keys %u: 0x%08x", n, cases[c].mode, hash);
        free(indices);
        free(keys);
    }
}

typedef struct killer {
    uint32_t keys[600];
    uint32_t solid, candidate;
    uint64_t comparisons;
} killer;

#define GAS 1000000u

/* Answers so that the pivot is always among the smallest (McIlroy's antiqsort). */
static bool hostile(void *ctx, uint32_t a, uint32_t b)
{
    killer *k = ctx;

    k->comparisons++;
    if (k->keys[a] == GAS && k->keys[b] == GAS)
        k->keys[a == k->candidate ? a : b] = k->solid++;
    if (k->keys[a] == GAS)
        k->candidate = a;
    else if (k->keys[b] == GAS)
        k->candidate = b;
    return k->keys[a] < k->keys[b];
}

Test(cel_sort, hostile_elements_are_sorted_in_n_log_n)
{
    static killer k;
    uint32_t indices[600];

    for (uint32_t i = 0; i < 600; i++) {
        indices[i] = i;
        k.keys[i] = GAS;
    }
    gwapi__cel_sort(indices, 600, hostile, &k);
    for (uint32_t i = 1; i < 600; i++)
        cr_assert_leq(k.keys[indices[i - 1]], k.keys[indices[i]]);
    cr_expect_lt(k.comparisons, 600 * 60);
}

/* After M. D. McIlroy, A killer adversary for quicksort (1999): values are settled as they are
 * asked for, so that each pivot turns out to be among the least; now one side, now the other, so
 * that nothing looks sorted. */
typedef struct adversary {
    uint32_t values[2000];
    uint32_t settled;
} adversary;

static bool answer(void *ctx, uint32_t a, uint32_t b)
{
    adversary *x = ctx;

    if (x->values[a] == UINT32_MAX && x->values[b] == UINT32_MAX)
        x->values[x->settled % 2 != 0 ? a : b] = x->settled;
    x->settled += x->values[a] == x->settled || x->values[b] == x->settled;
    return x->values[a] < x->values[b];
}

Test(cel_sort, the_worst_orders_are_sorted_too)
{
    static adversary x;
    static uint32_t indices[2000], again[2000];
    enum { COUNT = 2000 };

    for (uint32_t i = 0; i < COUNT; i++) {
        indices[i] = again[i] = i;
        x.values[i] = UINT32_MAX;
    }
    gwapi__cel_sort(indices, COUNT, answer, &x);
    gwapi__cel_sort(again, COUNT, answer, &x);
    for (uint32_t i = 1; i < COUNT; i++) {
        cr_assert_leq(x.values[indices[i - 1]], x.values[indices[i]], "%u", i);
        cr_assert_leq(x.values[again[i - 1]], x.values[again[i]], "%u", i);
    }
}
