#include <criterion/criterion.h>
#include "base/slice.h"
#include "cel/library.h"

Test(cel_library, functions_stand_in_order)
{
    for (size_t l = 0; gwapi__cel_libraries[l] != NULL; l++) {
        const gwapi__cel_library *library = gwapi__cel_libraries[l];
        for (size_t i = 1; i < library->count; i++)
            cr_expect_leq(strcmp(library->overloads[i - 1].function, library->overloads[i].function),
                          0, "%s", library->overloads[i].function);
    }
}

Test(cel_library, overloads_have_their_parameters_and_names_of_their_own)
{
    for (size_t l = 0; gwapi__cel_libraries[l] != NULL; l++) {
        const gwapi__cel_library *library = gwapi__cel_libraries[l];
        for (size_t i = 0; i < library->count; i++) {
            const gwapi__cel_overload *o = &library->overloads[i];
            cr_expect_not_null(o->result, "%s", o->id);
            cr_expect(!o->member || o->count > 0, "%s", o->id);
            for (uint32_t p = 0; p < GWAPI__CEL_MAX_PARAMS; p++)
                cr_expect_eq(o->params[p] != NULL, p < o->count, "%s", o->id);
            for (size_t j = 0; j < i; j++)
                cr_expect_neq(strcmp(library->overloads[j].id, o->id), 0, "%s", o->id);
        }
    }
}

static bool count(void *ctx, const gwapi__cel_overload *overload)
{
    (void)overload;
    ++*(size_t *)ctx;
    return true;
}

Test(cel_library, versions_have_their_functions)
{
    static const struct {
        const char *function;
        uint32_t minor;
        size_t overloads;
    } cases[] = {
        {"charAt", 25, 1},        {"format", 28, 0},       {"format", 29, 1},
        {"strings.quote", 28, 0}, {"strings.quote", 29, 1}, {"reverse", 33, 0},
        {"reverse", 34, 1},       {"indexOf", 27, 3},      {"optional.of", 27, 0},
        {"optional.of", 28, 1},   {"sets.contains", 28, 0}, {"sets.contains", 29, 1},
        {"cel.@mapInsert", 31, 0}, {"cel.@mapInsert", 32, 2}, {"sort", 33, 0},
        {"sort", 34, 8},          {"@sortByAssociatedKeys", 34, 8}, {"isSorted", 23, 8},
        {"findAll", 23, 2},       {"nothing", 34, 0},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t n = 0;
        gwapi__cel_overloads_of(gwapi__str_of(cases[i].function), cases[i].minor, count, &n);
        cr_expect_eq(n, cases[i].overloads, "%s in 1.%u: %zu", cases[i].function,
                     cases[i].minor, n);
    }
}
