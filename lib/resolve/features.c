#include "resolve/features.h"

#include "base/slice.h"
#include "base/vector.h"

/* status.supportedFeatures takes 64 names. */
#define MOST_NAMES 64

enum { ON_G = 1, ON_M = 2, ON_B = 3 };

static const struct row {
    gwapi_str name;
    uint8_t published;
    bool experimental;
} rows[] = {
#define CHANNEL_STD                   false
#define CHANNEL_EXP                   true
#define ROW(id, name, where, channel) {{name, sizeof(name) - 1}, ON_##where, CHANNEL_##channel},
    GWAPI__FEATURE_TABLE(ROW)
#undef ROW
#undef CHANNEL_STD
#undef CHANNEL_EXP
};

gwapi_str gwapi__feature_name(gwapi__feature feature)
{
    return rows[feature].name;
}

static gwapi__feature feature_of(gwapi_str name)
{
    size_t i = 0;

    while (i < GWAPI__FEATURE_COUNT && !gwapi__str_eq(rows[i].name, name))
        i++;
    return (gwapi__feature)i;
}

/* A name that is not in the table is the host's own; it goes to the classes. */
static uint8_t published_on(gwapi_str name)
{
    gwapi__feature f = feature_of(name);

    return f < GWAPI__FEATURE_COUNT ? rows[f].published : ON_G;
}

static int by_name(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return gwapi__str_cmp(*(const gwapi_str *)a, *(const gwapi_str *)b);
}

static void publish(gwapi__strs *out, gwapi_str *items, const gwapi_str *names, size_t count,
                    uint8_t where)
{
    size_t kept = 0;

    for (size_t i = 0; i < count && kept < MOST_NAMES; i++)
        if ((published_on(names[i]) & where) != 0 &&
            (kept == 0 || !gwapi__str_eq(items[kept - 1], names[i])))
            items[kept++] = names[i];
    *out = (gwapi__strs){items, kept};
}

static size_t all_names(gwapi_str *names, bool experimental)
{
    size_t count = 0;

    for (size_t i = 0; i < GWAPI__FEATURE_COUNT; i++)
        if (experimental || !rows[i].experimental)
            names[count++] = rows[i].name;
    return count;
}

static bool copy_names(gwapi_str *names, gwapi__arena *arena,
                       const gwapi_resolve_options *options)
{
    for (size_t i = 0; i < options->feature_count; i++)
        if (!gwapi__arena_copy(arena, options->features[i], &names[i]))
            return false;
    return gwapi__sort(&arena->allocator, names, options->feature_count, sizeof *names, by_name,
                       NULL);
}

gwapi_result gwapi__features_init(gwapi__features *out, gwapi__arena *arena,
                                  const gwapi_resolve_options *options, bool experimental)
{
    bool limited = (options->flags & GWAPI_RESOLVE_FEATURES) != 0;
    size_t count = limited ? options->feature_count : GWAPI__FEATURE_COUNT;
    gwapi_str *names = gwapi__arena_array(arena, count, 3 * sizeof *names);

    *out = (gwapi__features){.limited = limited};
    if (names == NULL)
        return GWAPI_ENOMEM;
    if (limited && !copy_names(names, arena, options))
        return GWAPI_ENOMEM;
    if (!limited)
        count = all_names(names, experimental);
    for (size_t i = 0; i < count; i++)
        if (feature_of(names[i]) < GWAPI__FEATURE_COUNT)
            out->has[feature_of(names[i])] = true;
    for (size_t i = 0; i < GWAPI__FEATURE_COUNT && !limited; i++)
        out->has[i] = true;
    publish(&out->gateway, names + count, names, count, ON_G);
    publish(&out->mesh, names + 2 * count, names, count, ON_M);
    return GWAPI_OK;
}
