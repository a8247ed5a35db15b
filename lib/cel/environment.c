// What an environment offers: functions by name.
#include "base/slice.h"
#include "cel/library.h"

// In this order overloads of one function are tried. A library adds itself here.
const gwapi__cel_library *const gwapi__cel_libraries[] = {
    &gwapi__cel_lists,
    &gwapi__cel_regexes,
    &gwapi__cel_optionals,
    &gwapi__cel_strings,
    &gwapi__cel_sets,
    &gwapi__cel_maps,
    NULL,
};

static gwapi_str function_at(const gwapi__cel_library *library, size_t i)
{
    return gwapi__str_of(library->overloads[i].function);
}

// Index of the first overload whose function is not before the name.
static size_t lower_bound(const gwapi__cel_library *library, gwapi_str name)
{
    size_t low = 0, high = library->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (gwapi__str_cmp(function_at(library, middle), name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool exists_in(const gwapi__cel_overload *overload, uint32_t minor)
{
    return overload->since <= minor && (overload->until == 0 || minor < overload->until);
}

void gwapi__cel_overloads_of(gwapi_str function, uint32_t minor,
                             bool (*visit)(void *ctx, const gwapi__cel_overload *overload),
                             void *ctx)
{
    for (size_t l = 0; gwapi__cel_libraries[l] != NULL; l++) {
        const gwapi__cel_library *library = gwapi__cel_libraries[l];
        for (size_t i = lower_bound(library, function);
             i < library->count && gwapi__str_eq(function_at(library, i), function); i++)
            if (exists_in(&library->overloads[i], minor) && !visit(ctx, &library->overloads[i]))
                return;
    }
}
