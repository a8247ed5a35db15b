#include <criterion/criterion.h>

#include <stdalign.h>
#include <string.h>

#include "base/arena.h"
#include "base/slice.h"
#include "../support/oom.h"

static gwapi_allocator heap(void)
{
    gwapi_allocator a;

    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    return a;
}

Test(base_arena, every_block_is_aligned_and_apart)
{
    gwapi_allocator a = heap();
    gwapi__arena arena;
    char *last = NULL;

    gwapi__arena_init(&arena, &a);
    for (size_t size = 1; size < 3000; size += 7) {
        char *p = gwapi__arena_alloc(&arena, size);
        cr_assert_not_null(p);
        cr_assert_eq((uintptr_t)p % alignof(max_align_t), 0);
        cr_assert_neq(p, last);
        memset(p, 0xa5, size);
        last = p;
    }
    gwapi__arena_free(&arena);
    cr_assert_eq(arena.total, 0);
}

Test(base_arena, a_rewound_arena_gives_the_same_memory_again)
{
    test_memory m = {0};
    gwapi_allocator a = test_memory_allocator(&m);
    gwapi__arena arena;

    gwapi__arena_init(&arena, &a);
    cr_assert_not_null(gwapi__arena_alloc(&arena, 100));
    gwapi__arena_mark mark = gwapi__arena_mark_get(&arena);
    char *first = gwapi__arena_alloc(&arena, 16);
    for (int i = 0; i < 100; i++)
        cr_assert_not_null(gwapi__arena_alloc(&arena, 1000));
    gwapi__arena_rewind(&arena, mark);
    cr_assert_eq((char *)gwapi__arena_alloc(&arena, 16), first);
    gwapi__arena_free(&arena);
    cr_assert_eq(m.live_blocks, 0);
}

Test(base_arena, rewinding_to_an_empty_arena_frees_every_block)
{
    test_memory m = {0};
    gwapi_allocator a = test_memory_allocator(&m);
    gwapi__arena arena;

    gwapi__arena_init(&arena, &a);
    gwapi__arena_mark empty = gwapi__arena_mark_get(&arena);
    cr_assert_not_null(gwapi__arena_alloc(&arena, 10));
    gwapi__arena_rewind(&arena, empty);
    cr_assert_eq(m.live_blocks, 0);
    cr_assert_not_null(gwapi__arena_alloc(&arena, 10));
    gwapi__arena_free(&arena);
}

Test(base_arena, a_reset_arena_keeps_its_largest_block_only)
{
    test_memory m = {0};
    gwapi_allocator a = test_memory_allocator(&m);
    gwapi__arena arena;

    gwapi__arena_init(&arena, &a);
    gwapi__arena_reset(&arena);
    cr_assert_eq(m.live_blocks, 0);
    cr_assert_not_null(gwapi__arena_alloc(&arena, 10));
    cr_assert_not_null(gwapi__arena_alloc(&arena, 500000));
    cr_assert_not_null(gwapi__arena_alloc(&arena, 2000));
    size_t calls;
    gwapi__arena_reset(&arena);
    calls = m.calls;
    cr_assert_eq(m.live_blocks, 1);
    cr_assert_not_null(gwapi__arena_alloc(&arena, 400000));
    cr_assert_eq(m.calls, calls, "the kept block serves again");
    gwapi__arena_free(&arena);
    cr_assert_eq(m.live_bytes, 0);
}

Test(base_arena, sizes_that_overflow_are_refused)
{
    test_memory m = {0};
    gwapi_allocator a = test_memory_allocator(&m);
    gwapi__arena arena;

    gwapi__arena_init(&arena, &a);
    cr_assert_null(gwapi__arena_alloc(&arena, SIZE_MAX));
    cr_assert_null(gwapi__arena_alloc(&arena, SIZE_MAX - 64));
    cr_assert_null(gwapi__arena_array(&arena, SIZE_MAX / 2, 3));
    gwapi__arena_free(&arena);
}

Test(base_arena, a_copied_text_is_terminated)
{
    gwapi_allocator a = heap();
    gwapi__arena arena;
    gwapi_str copy;

    gwapi__arena_init(&arena, &a);
    cr_assert(gwapi__arena_copy(&arena, GWAPI__STR("gateway"), &copy));
    cr_assert_str_eq(copy.data, "gateway");
    cr_assert_eq(copy.len, 7);
    cr_assert(gwapi__arena_copy(&arena, (gwapi_str){NULL, 0}, &copy));
    cr_assert_not_null(copy.data);
    cr_assert_eq(copy.len, 0);
    gwapi__arena_free(&arena);
}

static gwapi_result fill(const gwapi_allocator *a, void *arg)
{
    gwapi__arena arena;
    gwapi_result result = GWAPI_OK;

    (void)arg;
    gwapi__arena_init(&arena, a);
    for (int i = 0; i < 50 && result == GWAPI_OK; i++)
        if (gwapi__arena_array(&arena, 40, 17) == NULL)
            result = GWAPI_ENOMEM;
    gwapi__arena_free(&arena);
    return result;
}

Test(base_arena, every_failing_allocation_is_told)
{
    size_t runs, bad;

    cr_assert_eq(test_fail_every_allocation(fill, NULL, &runs, &bad), GWAPI_OK);
    cr_assert_eq(bad, 0);
    cr_assert_gt(runs, 3);
}

Test(base_arena, an_allocator_without_a_function_or_of_an_unknown_size_is_refused)
{
    gwapi_allocator out, none = {sizeof none, NULL, NULL}, small = {4, NULL, NULL};

    cr_assert_eq(gwapi__allocator_init(&out, &none), GWAPI_EARGUMENT);
    cr_assert_eq(gwapi__allocator_init(&out, &small), GWAPI_ESTRUCTSIZE);
}
