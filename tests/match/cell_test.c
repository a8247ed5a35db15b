/* The current snapshot and its readers, one thread; tests/threads/cell_swap has many. */
#include "match/sampled.h"

#include "support/oom.h"

static sampled s;
static gwapi_snapshot *other;

static void set_up(void)
{
    sampled_open(&s);
    cr_assert_eq(gwapi_snapshot_open(&other, s.bytes, s.size, NULL, NULL), GWAPI_OK);
}

static void tear_down(void)
{
    gwapi_snapshot_release(other);
    sampled_close(&s);
}

TestSuite(match_cell, .init = set_up, .fini = tear_down);

Test(match_cell, a_reader_sees_what_is_in_force)
{
    gwapi_cell *cell;
    gwapi_reader *reader;

    cr_assert_eq(gwapi_cell_new(&cell, s.snapshot, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_reader_new(&reader, cell), GWAPI_OK);
    cr_expect_eq(gwapi_reader_get(reader), s.snapshot);
    cr_expect_eq(gwapi_reader_get(reader), s.snapshot);
    gwapi_cell_swap(cell, other);
    cr_expect_eq(gwapi_reader_get(reader), other);
    gwapi_cell_swap(cell, other);
    cr_expect_eq(gwapi_reader_get(reader), other, "the same again");
    gwapi_cell_swap(cell, NULL);
    cr_expect_null(gwapi_reader_get(reader), "nothing is in force");
    gwapi_cell_swap(cell, s.snapshot);
    cr_expect_eq(gwapi_reader_get(reader), s.snapshot);
    gwapi_reader_free(reader);
    gwapi_cell_free(cell);
}

static void note_release(void *ctx, const void *bytes, size_t len)
{
    (void)bytes;
    (void)len;
    ++*(int *)ctx;
}

Test(match_cell, what_a_reader_holds_stays_until_it_looks_again_or_goes)
{
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;
    gwapi_snapshot *held;
    gwapi_cell *cell;
    gwapi_reader *first, *second;
    int released = 0;

    options.release = note_release;
    options.release_ctx = &released;
    cr_assert_eq(gwapi_snapshot_open(&held, s.bytes, s.size, &options, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_cell_new(&cell, held, NULL), GWAPI_OK);
    gwapi_snapshot_release(held);
    cr_assert_eq(gwapi_reader_new(&first, cell), GWAPI_OK);
    cr_assert_eq(gwapi_reader_new(&second, cell), GWAPI_OK);
    cr_expect_eq(gwapi_reader_get(first), held);
    cr_expect_eq(gwapi_reader_get(second), held);
    gwapi_cell_swap(cell, other);
    cr_expect_eq(released, 0);
    cr_expect_eq(gwapi_reader_get(first), other);
    cr_expect_eq(released, 0, "the second holds it");
    gwapi_reader_free(second);
    cr_expect_eq(released, 1);
    gwapi_reader_free(first);
    gwapi_cell_free(cell);
}

Test(match_cell, a_reader_that_was_freed_is_used_again)
{
    gwapi_cell *cell;
    gwapi_reader *first, *second, *third;

    cr_assert_eq(gwapi_cell_new(&cell, s.snapshot, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_reader_new(&first, cell), GWAPI_OK);
    cr_assert_eq(gwapi_reader_new(&second, cell), GWAPI_OK);
    cr_expect_neq(first, second);
    cr_expect_eq(gwapi_reader_get(first), s.snapshot);
    gwapi_reader_free(first);
    cr_assert_eq(gwapi_reader_new(&third, cell), GWAPI_OK);
    cr_expect_eq(third, first);
    gwapi_cell_swap(cell, other);
    cr_expect_eq(gwapi_reader_get(third), other);
    gwapi_reader_free(second);
    gwapi_reader_free(third);
    gwapi_cell_free(cell);
}

static gwapi_result make_both(const gwapi_allocator *allocator, void *arg)
{
    gwapi_cell *cell = arg;
    gwapi_reader *reader = arg;
    gwapi_result result = gwapi_cell_new(&cell, s.snapshot, allocator);

    if (result == GWAPI_OK) {
        result = gwapi_reader_new(&reader, cell);
        cr_assert_eq(result == GWAPI_OK, reader != NULL);
        gwapi_reader_free(reader);
    } else {
        cr_assert_null(cell);
    }
    gwapi_cell_free(cell);
    return result;
}

Test(match_cell, no_memory_leaves_nothing_behind)
{
    size_t runs, bad;

    cr_expect_eq(test_fail_every_allocation(make_both, &s, &runs, &bad), GWAPI_OK);
    cr_expect_eq(runs, 2);
    cr_expect_eq(bad, 0);
}

Test(match_cell, wrong_arguments_are_refused)
{
    gwapi_allocator partial = {8, NULL, NULL};
    gwapi_cell *cell = (void *)&s;
    gwapi_reader *reader = (void *)&s;

    cr_expect_eq(gwapi_cell_new(NULL, s.snapshot, NULL), GWAPI_EARGUMENT);
    cr_expect_neq(gwapi_cell_new(&cell, s.snapshot, &partial), GWAPI_OK);
    cr_expect_null(cell);
    cr_expect_eq(gwapi_reader_new(&reader, NULL), GWAPI_EARGUMENT);
    cr_expect_null(reader);
    cr_assert_eq(gwapi_cell_new(&cell, NULL, NULL), GWAPI_OK);
    cr_expect_eq(gwapi_reader_new(NULL, cell), GWAPI_EARGUMENT);
    gwapi_cell_free(cell);
    gwapi_cell_free(NULL);
    gwapi_reader_free(NULL);
}
