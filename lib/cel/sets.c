// Lists taken as sets: cel-go's library, from Kubernetes 1.29 on.
#include "cel/library.h"

static bool is_in(gwapi__cel_context *context, const gwapi__cel_value *list,
                  const gwapi__cel_value *item)
{
    uint32_t n = gwapi__cel_count(list);

    for (uint32_t i = 0; i < n; i++) {
        gwapi__cel_value other = gwapi__cel_item(context, list, i);
        if (gwapi__cel_equal(context, &other, item))
            return true;
    }
    return false;
}

// Is there an element of `from` that is in `list` (wanted), or one that is not (else)?
static bool some(gwapi__cel_context *context, const gwapi__cel_value *from,
                 const gwapi__cel_value *list, bool wanted)
{
    uint32_t n = gwapi__cel_count(from);

    for (uint32_t i = 0; i < n; i++) {
        gwapi__cel_value item = gwapi__cel_item(context, from, i);
        if (is_in(context, list, &item) == wanted)
            return true;
    }
    return false;
}

static uint64_t cost_times(const gwapi__cel_value *args, uint64_t times)
{
    return 1 + times * gwapi__cel_cost_size(&args[0]) * gwapi__cel_cost_size(&args[1]);
}

static uint64_t cost_once(const gwapi__cel_value *args, uint32_t count,
                          const gwapi__cel_value *result)
{
    (void)count;
    (void)result;
    return cost_times(args, 1);
}

static uint64_t cost_twice(const gwapi__cel_value *args, uint32_t count,
                           const gwapi__cel_value *result)
{
    (void)count;
    (void)result;
    return cost_times(args, 2);
}

static gwapi__cel_value contains(gwapi__cel_context *context, const gwapi__cel_value *args,
                                 uint32_t count)
{
    (void)count;
    if (!gwapi__cel_affords(context, cost_times(args, 1)))
        return gwapi__cel_spent(context);
    return gwapi__cel_of_bool(!some(context, &args[1], &args[0], false));
}

static gwapi__cel_value equivalent(gwapi__cel_context *context, const gwapi__cel_value *args,
                                   uint32_t count)
{
    (void)count;
    if (!gwapi__cel_affords(context, cost_times(args, 2)))
        return gwapi__cel_spent(context);
    return gwapi__cel_of_bool(!some(context, &args[1], &args[0], false) &&
                              !some(context, &args[0], &args[1], false));
}

static gwapi__cel_value intersects(gwapi__cel_context *context, const gwapi__cel_value *args,
                                   uint32_t count)
{
    (void)count;
    if (!gwapi__cel_affords(context, cost_times(args, 1)))
        return gwapi__cel_spent(context);
    return gwapi__cel_of_bool(some(context, &args[0], &args[1], true));
}

static bool estimate(const gwapi__cel_sized *args, double factor, gwapi__cel_guess *out)
{
    gwapi__cel_range pairs = gwapi__cel_range_times(args[0].size, args[1].size);

    *out = (gwapi__cel_guess){.cost = gwapi__cel_range_add(gwapi__cel_range_scale(pairs, factor),
                                                           (gwapi__cel_range){1, 1})};
    return true;
}

static bool estimate_once(const gwapi__cel_sized *args, uint32_t count, gwapi__cel_guess *out)
{
    (void)count;
    return estimate(args, 1, out);
}

static bool estimate_twice(const gwapi__cel_sized *args, uint32_t count, gwapi__cel_guess *out)
{
    (void)count;
    return estimate(args, 2, out);
}

#define SET(name, cost_, estimate_)                                                           \
    {.function = "sets." #name, .id = "list_sets_" #name "_list", .result = &gwapi__cel_bool, \
     .params = {&gwapi__cel_list_a, &gwapi__cel_list_a}, .count = 2, .since = 29,             \
     .call = name, .cost = cost_, .estimate = estimate_}

static const gwapi__cel_overload overloads[] = {
    SET(contains, cost_once, estimate_once),
    SET(equivalent, cost_twice, estimate_twice),
    SET(intersects, cost_once, estimate_once),
};

const gwapi__cel_library gwapi__cel_sets = {overloads, sizeof(overloads) / sizeof(overloads[0])};
