#include <criterion/criterion.h>

#include "base/slots.h"
#include "../support/oom.h"

/* The numbers under a hash are told, each once. */
static void check_hash(const gwapi__slots *s, uint32_t hash, uint32_t first, uint32_t step,
                       uint32_t count)
{
    size_t at = hash;
    uint64_t sum = 0, should = 0;
    uint32_t number, found = 0;

    for (; (number = gwapi__slots_next(s, hash, &at)) != GWAPI__SLOTS_NONE; found++)
        sum += number;
    for (uint32_t i = 0; i < count; i++)
        should += first + (uint64_t)i * step;
    cr_expect(found == count && sum == should, "%x: %u found", (unsigned)hash, (unsigned)found);
}

Test(base_slots, all_numbers_under_a_hash_are_found_and_no_others)
{
    gwapi_allocator a;
    gwapi__slots s;

    gwapi__allocator_init(&a, NULL);
    gwapi__slots_init(&s, &a);
    check_hash(&s, 7, 0, 0, 0);
    /* Seven hashes, neighbours and such as end alike, with more numbers than slots at first. */
    static const uint32_t hashes[] = {0, 1, 2, UINT32_MAX, UINT32_MAX - 1, 0x10000, 0x20000};
    for (uint32_t i = 0; i < 700; i++)
        cr_assert(gwapi__slots_add(&s, hashes[i % 7], i));
    for (uint32_t i = 0; i < 7; i++)
        check_hash(&s, hashes[i], i, 7, 100);
    check_hash(&s, 3, 0, 0, 0);
    check_hash(&s, 0x30000, 0, 0, 0);
    cr_expect_eq(s.count, 700);
    gwapi__slots_free(&s);
}

Test(base_slots, what_is_reserved_needs_no_more_memory)
{
    gwapi_allocator a;
    gwapi__slots s;

    gwapi__allocator_init(&a, NULL);
    gwapi__slots_init(&s, &a);
    cr_assert(gwapi__slots_reserve(&s, 1000));
    const uint64_t *slots = s.slots;
    for (uint32_t i = 0; i < 1000; i++)
        cr_assert(gwapi__slots_add(&s, i * 2654435761u, i));
    cr_expect_eq(s.slots, slots);
    cr_expect_not(gwapi__slots_reserve(&s, SIZE_MAX));
    gwapi__slots_free(&s);
}

static gwapi_result add_many(const gwapi_allocator *a, void *arg)
{
    gwapi__slots s;
    gwapi_result result = GWAPI_OK;

    (void)arg;
    gwapi__slots_init(&s, a);
    for (uint32_t i = 0; i < 200 && result == GWAPI_OK; i++) {
        if (!gwapi__slots_add(&s, i, i)) {
            cr_expect_eq(s.count, i, "a failed add changes nothing");
            for (uint32_t k = 0; k < i; k++)
                check_hash(&s, k, k, 0, 1);
            result = GWAPI_ENOMEM;
        }
    }
    gwapi__slots_free(&s);
    return result;
}

Test(base_slots, every_failing_allocation_leaves_them_as_they_were)
{
    size_t runs, bad;

    cr_assert_eq(test_fail_every_allocation(add_many, NULL, &runs, &bad), GWAPI_OK);
    cr_assert_eq(bad, 0);
    cr_assert_gt(runs, 3);
}
