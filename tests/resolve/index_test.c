#include <criterion/criterion.h>

#include "base/slice.h"
#include "resolve/index.h"
#include "resolve/topology.h"

/* Every way to put a few short words into the four parts; parts must not run together. */
static const gwapi_str words[] = {GWAPI_STR_INIT(""), GWAPI_STR_INIT("a"), GWAPI_STR_INIT("b"),
                                  GWAPI_STR_INIT("aa"), GWAPI_STR_INIT("ab")};
#define WORDS 5
#define KEYS  (WORDS * WORDS * WORDS * WORDS)

static gwapi__identity key_of(size_t i)
{
    return (gwapi__identity){words[i % WORDS], words[i / WORDS % WORDS],
                             words[i / WORDS / WORDS % WORDS],
                             words[i / WORDS / WORDS / WORDS % WORDS]};
}

static void index_open(gwapi__index *index)
{
    gwapi_allocator allocator;

    cr_assert_eq(gwapi__allocator_init(&allocator, NULL), GWAPI_OK);
    gwapi__index_init(index, &allocator);
}

Test(resolve_index, identities_that_differ_anywhere_are_told_apart)
{
    gwapi__index index;

    index_open(&index);
    for (size_t i = 0; i < KEYS; i++) {
        gwapi__identity key = key_of(i);
        cr_expect_eq(gwapi__index_get(&index, &key), GWAPI_NONE);
        uint32_t *at = gwapi__index_at(&index, &key);
        cr_assert_not_null(at);
        cr_assert_eq(*at, GWAPI_NONE, "key %zu", i);
        *at = (uint32_t)i;
    }
    for (size_t i = 0; i < KEYS; i++) {
        gwapi__identity key = key_of(i);
        cr_expect_eq(gwapi__index_get(&index, &key), i);
        cr_expect_eq(*gwapi__index_at(&index, &key), i);
    }
    gwapi__index_free(&index);
}

Test(resolve_index, identities_are_ordered_part_by_part)
{
    for (size_t i = 0; i < KEYS; i++)
        for (size_t k = 0; k < KEYS; k += 7) {
            gwapi__identity a = key_of(i), b = key_of(k);
            int order = gwapi__identity_cmp(&a, &b), back = gwapi__identity_cmp(&b, &a);
            cr_expect_eq(order == 0, gwapi__identity_eq(&a, &b));
            cr_expect_eq(order < 0, back > 0);
        }
}
