/* Order, membership, and what is asked of texts. */
#include "base/slice.h"
#include "cel/build.h"
#include "cel/standard.h"

/* ---- order ------------------------------------------------------------------------------ */

/* Which relation failed: nan has no order, values of other kinds have none with each other. */
static gwapi__cel_value no_order(const gwapi__cel_value *args)
{
    bool numbers = args[0].kind >= GWAPI__CEL_INT && args[0].kind <= GWAPI__CEL_DOUBLE &&
                   args[1].kind >= GWAPI__CEL_INT && args[1].kind <= GWAPI__CEL_DOUBLE;

    return numbers ? GWAPI__CEL_FAIL("NaN values cannot be ordered")
                   : GWAPI__CEL_FAIL("no such overload");
}

#define RELATION(name, relation)                                                              \
    gwapi__cel_value name(gwapi__cel_context *context, const gwapi__cel_value *args,          \
                          uint32_t count)                                                     \
    {                                                                                         \
        int order;                                                                            \
                                                                                              \
        (void)context;                                                                        \
        (void)count;                                                                          \
        if (!gwapi__cel_compare(&args[0], &args[1], &order))                                  \
            return no_order(args);                                                            \
        return gwapi__cel_of_bool(order relation 0);                                          \
    }

RELATION(gwapi__cel_less, <)
RELATION(gwapi__cel_less_equal, <=)
RELATION(gwapi__cel_greater, >)
RELATION(gwapi__cel_greater_equal, >=)

/* ---- membership ------------------------------------------------------------------------- */

gwapi__cel_value gwapi__cel_in_list(gwapi__cel_context *context, const gwapi__cel_value *args,
                                    uint32_t count)
{
    uint32_t items = gwapi__cel_count(&args[1]);

    (void)count;
    for (uint32_t i = 0; i < items; i++) {
        gwapi__cel_value item = gwapi__cel_item(context, &args[1], i);
        if (gwapi__cel_equal(context, &args[0], &item))
            return gwapi__cel_of_bool(true);
    }
    return gwapi__cel_of_bool(false);
}

gwapi__cel_value gwapi__cel_in_map(gwapi__cel_context *context, const gwapi__cel_value *args,
                                   uint32_t count)
{
    gwapi__cel_value value;

    (void)count;
    if (!gwapi__cel_find(context, &args[1], &args[0], &value))
        return gwapi__cel_of_bool(false);
    return value.kind == GWAPI__CEL_ERROR ? value : gwapi__cel_of_bool(true);
}

gwapi__cel_value gwapi__cel_size(gwapi__cel_context *context, const gwapi__cel_value *args,
                                 uint32_t count)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_int((int64_t)gwapi__cel_cost_size(&args[0]));
}

/* ---- texts ------------------------------------------------------------------------------ */

gwapi__cel_value gwapi__cel_contains(gwapi__cel_context *context, const gwapi__cel_value *args,
                                     uint32_t count)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_bool(gwapi__str_find(args[0].as.text, args[1].as.text) != SIZE_MAX);
}

gwapi__cel_value gwapi__cel_starts_with(gwapi__cel_context *context,
                                        const gwapi__cel_value *args, uint32_t count)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_bool(gwapi__str_starts(args[0].as.text, args[1].as.text));
}

gwapi__cel_value gwapi__cel_ends_with(gwapi__cel_context *context, const gwapi__cel_value *args,
                                      uint32_t count)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_bool(gwapi__str_ends(args[0].as.text, args[1].as.text));
}

/* With a pattern that is no literal. */
gwapi__cel_value gwapi__cel_matches_pattern(gwapi__cel_context *context,
                                            const gwapi__cel_value *args, uint32_t count)
{
    const gwapi__regex *regex;
    gwapi__cel_value v = gwapi__cel_regex_of(context, args[1].as.text, &regex);

    (void)count;
    if (v.kind == GWAPI__CEL_ERROR)
        return v;
    gwapi__regex_scratch *scratch = gwapi__cel_regex_scratch(context, regex);
    if (scratch == NULL)
        return gwapi__cel_no_memory(context);
    return gwapi__cel_of_bool(gwapi__regex_search(regex, scratch, args[0].as.text, NULL) ==
                              GWAPI__REGEX_MATCH);
}
