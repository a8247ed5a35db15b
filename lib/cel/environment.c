// What an environment offers: functions and types by name.
#include "base/slice.h"
#include "cel/library.h"

// In this order overloads of one function are tried. A library adds itself here.
const gwapi__cel_library *const gwapi__cel_libraries[] = {
    &gwapi__cel_standard,
    &gwapi__cel_time,
    &gwapi__cel_lists,
    &gwapi__cel_regexes,
    &gwapi__cel_optionals,
    &gwapi__cel_strings,
    &gwapi__cel_sets,
    &gwapi__cel_maps,
    &gwapi__cel_urls,
    &gwapi__cel_quantities,
    &gwapi__cel_ips,
    &gwapi__cel_cidrs,
    &gwapi__cel_formats,
    &gwapi__cel_semvers,
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

bool gwapi__cel_overload_exists(const gwapi__cel_overload *overload, uint32_t minor)
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
            if (gwapi__cel_overload_exists(&library->overloads[i], minor) && !visit(ctx, &library->overloads[i]))
                return;
    }
}

// ---- types by name --------------------------------------------------------------------------

// The names that are values, too. Those of other types (kubernetes.Quantity, duration) the
// server knows only where a function returns them.
static const struct {
    const char *name;
    const gwapi__cel_type *type;
    uint32_t since;
} named[] = {
    {"bool", &gwapi__cel_bool, 0},
    {"bytes", &gwapi__cel_bytes, 0},
    {"double", &gwapi__cel_double, 0},
    {"google.protobuf.Duration", &gwapi__cel_duration, 0},
    {"google.protobuf.Timestamp", &gwapi__cel_timestamp, 0},
    {"int", &gwapi__cel_int, 0},
    {"list", &gwapi__cel_list_dyn, 0},
    {"map", &gwapi__cel_map_dyn, 0},
    {"net.CIDR", &gwapi__cel_cidr, 30},
    {"net.IP", &gwapi__cel_ip, 30},
    {"null_type", &gwapi__cel_null, 0},
    {"optional_type", &gwapi__cel_optional_plain, 28},
    {"string", &gwapi__cel_string, 0},
    {"type", &gwapi__cel_type_dyn, 0},
    {"uint", &gwapi__cel_uint, 0},
};

const gwapi__cel_type *gwapi__cel_type_named(gwapi_str name, uint32_t minor)
{
    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
        if (gwapi__str_eq(name, gwapi__str_of(named[i].name)))
            return named[i].since <= minor ? named[i].type : NULL;
    return NULL;
}
