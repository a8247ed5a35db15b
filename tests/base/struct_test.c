#include <criterion/criterion.h>

#include <string.h>

#include "base/limits.h"
#include "base/struct.h"

typedef struct form { /* the newest */
    size_t struct_size;
    uint32_t a, b, c, d;
} form;

typedef struct longer {
    form known;
    uint64_t future;
} longer;

#define FIRST_FORM (sizeof(size_t) + 2 * sizeof(uint32_t))

Test(base_struct, an_older_form_is_completed_with_zeros)
{
    form given = {FIRST_FORM, 1, 2, 3, 4}, mine;

    cr_assert_eq(gwapi__struct_in(&mine, sizeof mine, &given, FIRST_FORM), GWAPI_OK);
    cr_assert_eq(mine.struct_size, sizeof mine);
    cr_assert(mine.a == 1 && mine.b == 2 && mine.c == 0 && mine.d == 0);
}

Test(base_struct, a_newer_form_is_taken_only_if_its_tail_is_zero)
{
    longer given = {{sizeof given, 1, 2, 3, 4}, 0};
    form mine;

    cr_assert_eq(gwapi__struct_in(&mine, sizeof mine, &given, FIRST_FORM), GWAPI_OK);
    cr_assert_eq(mine.d, 4);
    given.future = 1;
    cr_assert_eq(gwapi__struct_in(&mine, sizeof mine, &given, FIRST_FORM), GWAPI_ESTRUCTSIZE);
}

Test(base_struct, sizes_nobody_published_are_refused)
{
    form given = {FIRST_FORM - 1, 0, 0, 0, 0}, mine;

    cr_assert_eq(gwapi__struct_in(&mine, sizeof mine, &given, FIRST_FORM), GWAPI_ESTRUCTSIZE);
    given.struct_size = SIZE_MAX; /* read before the tail is */
    cr_assert_eq(gwapi__struct_in(&mine, sizeof mine, &given, FIRST_FORM), GWAPI_ESTRUCTSIZE);
    cr_assert_eq(gwapi__struct_in(&mine, sizeof mine, NULL, FIRST_FORM), GWAPI_OK);
    cr_assert_eq(mine.a, 0);
}

Test(base_struct, an_out_struct_is_written_only_up_to_the_callers_size)
{
    form from = {sizeof from, 1, 2, 3, 4}, to = {FIRST_FORM, 9, 9, 9, 9};
    longer tail;

    cr_assert_eq(gwapi__struct_out(&to, &from, sizeof from, FIRST_FORM), GWAPI_OK);
    cr_assert(to.struct_size == FIRST_FORM && to.a == 1 && to.b == 2 && to.c == 9 && to.d == 9);
    memset(&tail, 0xff, sizeof tail);
    tail.known.struct_size = sizeof tail;
    cr_assert_eq(gwapi__struct_out(&tail, &from, sizeof from, FIRST_FORM), GWAPI_OK);
    cr_assert(tail.known.d == 4 && tail.future == 0);
    cr_assert_eq(gwapi__struct_out(NULL, &from, sizeof from, FIRST_FORM), GWAPI_EARGUMENT);
    to.struct_size = 0;
    cr_assert_eq(gwapi__struct_out(&to, &from, sizeof from, FIRST_FORM), GWAPI_ESTRUCTSIZE);
}

Test(base_limits, zero_means_the_default_and_a_number_stays)
{
    gwapi_limits given = {.struct_size = sizeof given, .depth = 7}, l;

    cr_assert_eq(gwapi__limits_init(&l, &given), GWAPI_OK);
    cr_assert_eq(l.depth, 7);
    cr_assert_eq(l.regex_states, 4096);
    cr_assert_eq(gwapi__limits_init(&l, NULL), GWAPI_OK);
    cr_assert_eq(l.depth, 512);
}
