#include <criterion/criterion.h>
#include <stdio.h>
#include "base/hash.h"
#include "base/slice.h"

#define LONGEST 70 /* words of 16 bytes, a whole one, and every rest */

Test(base_hash, siphash_depends_on_the_key_and_on_every_byte)
{
    /* SipHash-1-3 of "" to 7 bytes and one longer text must all differ, by key too. */
    gwapi_str texts[] = {GWAPI__STR(""), GWAPI__STR("a"), GWAPI__STR("b"), GWAPI__STR("ab"),
                         GWAPI__STR("abcdefg"), GWAPI__STR("abcdefgh"), GWAPI__STR("abcdefghi")};
    for (size_t i = 0; i < 7; i++) {
        cr_assert_neq(gwapi__siphash(1, 2, texts[i]), gwapi__siphash(2, 1, texts[i]));
        for (size_t j = 0; j < i; j++)
            cr_assert_neq(gwapi__siphash(1, 2, texts[i]), gwapi__siphash(1, 2, texts[j]));
    }
}

Test(base_hash, the_quick_hash_depends_on_the_seed_the_length_and_every_bit)
{
    char text[LONGEST] = {0};

    for (size_t n = 0; n < LONGEST; n++) {
        uint64_t hash = gwapi__hash(1, gwapi__str(text, n));
        cr_assert_eq(hash, gwapi__hash(1, gwapi__str(text, n)));
        cr_assert_neq(hash, gwapi__hash(2, gwapi__str(text, n)), "length %zu", n);
        cr_assert_neq(hash, gwapi__hash(1, gwapi__str(text, n + 1)), "length %zu", n);
        for (size_t bit = 0; bit < n * 8; bit++) {
            text[bit / 8] = (char)(1 << bit % 8);
            cr_assert_neq(hash, gwapi__hash(1, gwapi__str(text, n)), "length %zu, bit %zu", n, bit);
            text[bit / 8] = 0;
        }
    }
    cr_assert_eq(gwapi__hash(1, gwapi__str(NULL, 0)), gwapi__hash(1, gwapi__str(text, 0)));
}

/* Names that differ in few digits, as those of Services do: every part of the hash is as good as
 * drawn at random. With 64 names a bucket no bucket is off by more than six deviations. */
Test(base_hash, names_spread_over_the_buckets_of_every_part_of_the_quick_hash)
{
    enum { NAMES = 1 << 14, BUCKETS = 1 << 8 };

    for (unsigned shift = 0; shift <= 56; shift += 8) {
        uint32_t buckets[BUCKETS] = {0};
        char name[32];
        for (int i = 0; i < NAMES; i++) {
            int n = snprintf(name, sizeof name, "service-%d", i);
            buckets[gwapi__hash(0, gwapi__str(name, (size_t)n)) >> shift & (BUCKETS - 1)]++;
        }
        for (size_t b = 0; b < BUCKETS; b++)
            cr_assert(buckets[b] > 64 - 48 && buckets[b] < 64 + 48, "shift %u, bucket %zu: %u", shift,
                      b, (unsigned)buckets[b]);
    }
}

Test(base_hash, a_product_is_folded_alike_with_and_without_wide_numbers)
{
    static const uint64_t factors[] = {0,
                                       1,
                                       2,
                                       UINT32_MAX,
                                       UINT64_C(1) << 32,
                                       UINT64_C(0xc591e49e1f21f28b),
                                       UINT64_C(0xffffffff00000001),
                                       UINT64_MAX};
    const size_t count = sizeof factors / sizeof *factors;

    for (size_t i = 0; i < count * count; i++)
        cr_assert_eq(gwapi__fold(factors[i / count], factors[i % count]),
                     gwapi__fold_parts(factors[i / count], factors[i % count]), "%zu", i);
    /* (2^64 - 1)^2 is 2^128 - 2^65 + 1. */
    cr_assert_eq(gwapi__fold_parts(UINT64_MAX, UINT64_MAX), (UINT64_MAX - 1) ^ 1);
}

Test(base_hash, two_texts_do_not_run_together)
{
    gwapi_str whole = GWAPI__STR("namespace-name");
    uint64_t seen[15];

    for (size_t at = 0; at <= whole.len; at++) {
        seen[at] = gwapi__hash_two(1, gwapi__str(whole.data, at),
                                   gwapi__str(whole.data + at, whole.len - at));
        for (size_t i = 0; i < at; i++)
            cr_assert_neq(seen[i], seen[at], "cut at %zu and %zu", i, at);
    }
    cr_assert_neq(gwapi__hash_two(1, whole, GWAPI__STR("x")),
                  gwapi__hash_two(1, GWAPI__STR("x"), whole));
}
