// Optional values: cel-go's library in its newest version, from Kubernetes 1.28 on.
#include "cel/build.h"
#include "cel/library.h"

static gwapi__cel_value of(gwapi__cel_context *context, const gwapi__cel_value *args,
                           uint32_t count)
{
    (void)count;
    return gwapi__cel_some(context, args[0]);
}

// Read through a schema: for such lists and maps the server knows no zero value.
static bool is_typed(const gwapi__cel_value *v)
{
    return v->tree && v->as.tree.type != &gwapi__cel_list_dyn &&
           v->as.tree.type != &gwapi__cel_map_dyn;
}

static bool is_zero(const gwapi__cel_value *v)
{
    switch (v->kind) {
    case GWAPI__CEL_NULL:
        return true;
    case GWAPI__CEL_BOOL:
        return !v->as.boolean;
    case GWAPI__CEL_INT:
    case GWAPI__CEL_DURATION:
        return v->as.integer == 0;
    case GWAPI__CEL_UINT:
        return v->as.natural == 0;
    case GWAPI__CEL_DOUBLE:
        return v->as.number == 0;
    case GWAPI__CEL_STRING:
    case GWAPI__CEL_BYTES:
        return v->as.text.len == 0;
    case GWAPI__CEL_TIMESTAMP: // the beginning of the year 1
        return v->as.time.seconds == INT64_C(-62135596800) && v->as.time.nanos == 0;
    case GWAPI__CEL_LIST:
    case GWAPI__CEL_MAP:
        return !is_typed(v) && gwapi__cel_count(v) == 0;
    default:
        return false;
    }
}

static gwapi__cel_value of_non_zero(gwapi__cel_context *context, const gwapi__cel_value *args,
                                    uint32_t count)
{
    (void)count;
    return is_zero(&args[0]) ? gwapi__cel_none() : gwapi__cel_some(context, args[0]);
}

static gwapi__cel_value none(gwapi__cel_context *context, const gwapi__cel_value *args,
                             uint32_t count)
{
    (void)context;
    (void)args;
    (void)count;
    return gwapi__cel_none();
}

static gwapi__cel_value value(gwapi__cel_context *context, const gwapi__cel_value *args,
                              uint32_t count)
{
    (void)context;
    (void)count;
    if (args[0].as.optional == NULL)
        return GWAPI__CEL_FAIL("optional.none() dereference");
    return *args[0].as.optional;
}

static gwapi__cel_value has_value(gwapi__cel_context *context, const gwapi__cel_value *args,
                                  uint32_t count)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_bool(args[0].as.optional != NULL);
}

static gwapi__cel_value first(gwapi__cel_context *context, const gwapi__cel_value *args,
                              uint32_t count)
{
    (void)count;
    if (gwapi__cel_count(&args[0]) == 0)
        return gwapi__cel_none();
    return gwapi__cel_some(context, gwapi__cel_item(context, &args[0], 0));
}

static gwapi__cel_value last(gwapi__cel_context *context, const gwapi__cel_value *args,
                             uint32_t count)
{
    uint32_t n = gwapi__cel_count(&args[0]);

    (void)count;
    if (n == 0)
        return gwapi__cel_none();
    return gwapi__cel_some(context, gwapi__cel_item(context, &args[0], n - 1));
}

static gwapi__cel_value unwrap(gwapi__cel_context *context, const gwapi__cel_value *args,
                               uint32_t count)
{
    uint32_t n = gwapi__cel_count(&args[0]);
    gwapi__cel_items items = {.count = 0};

    (void)count;
    for (uint32_t i = 0; i < n; i++) {
        gwapi__cel_value item = gwapi__cel_item(context, &args[0], i);
        if (item.kind != GWAPI__CEL_OPTIONAL)
            return GWAPI__CEL_FAIL("a value is not optional");
        if (item.as.optional == NULL)
            continue;
        // One unit is all that a call costs, however long the list.
        if (!gwapi__cel_makes(context, sizeof(item)))
            return gwapi__cel_spent(context);
        if (!gwapi__cel_items_add(context, &items, *item.as.optional))
            return gwapi__cel_no_memory(context);
    }
    return gwapi__cel_items_list(context, &items);
}

#define A &gwapi__cel_a
#define B &gwapi__cel_b
#define INT &gwapi__cel_int
#define LIST &gwapi__cel_list_a
#define MAP &gwapi__cel_map_a_b
#define OPTIONAL_A &gwapi__cel_optional_a
#define OPTIONAL_B &gwapi__cel_optional_b
#define OPTIONALS &gwapi__cel_list_optional_a

static const gwapi__cel_type optional_list = {
    .kind = GWAPI__CEL_OPTIONAL,
    .param_count = 1,
    .params = (const gwapi__cel_type *const[]){LIST}};
static const gwapi__cel_type optional_map = {
    .kind = GWAPI__CEL_OPTIONAL,
    .param_count = 1,
    .params = (const gwapi__cel_type *const[]){MAP}};

static const gwapi__cel_overload overloads[] = {
    {.function = "_[?_]", .id = "list_optindex_optional_int", .result = OPTIONAL_A,
     .params = {LIST, INT}, .count = 2, .since = 28},
    {.function = "_[?_]", .id = "optional_list_optindex_optional_int", .result = OPTIONAL_A,
     .params = {&optional_list, INT}, .count = 2, .since = 28},
    {.function = "_[?_]", .id = "map_optindex_optional_value", .result = OPTIONAL_B,
     .params = {MAP, A}, .count = 2, .since = 28},
    {.function = "_[?_]", .id = "optional_map_optindex_optional_value", .result = OPTIONAL_B,
     .params = {&optional_map, A}, .count = 2, .since = 28},
    {.function = "_[_]", .id = "optional_list_index_int", .result = OPTIONAL_A,
     .params = {&optional_list, INT}, .count = 2, .since = 28},
    {.function = "_[_]", .id = "optional_map_index_value", .result = OPTIONAL_B,
     .params = {&optional_map, A}, .count = 2, .since = 28},
    {.function = "first", .id = "list_first", .result = OPTIONAL_A, .params = {LIST}, .count = 1,
     .member = true, .since = 28, .call = first},
    {.function = "hasValue", .id = "optional_hasValue", .result = &gwapi__cel_bool,
     .params = {OPTIONAL_A}, .count = 1, .member = true, .since = 28, .call = has_value},
    {.function = "last", .id = "list_last", .result = OPTIONAL_A, .params = {LIST}, .count = 1,
     .member = true, .since = 28, .call = last},
    {.function = "optional.none", .id = "optional_none", .result = OPTIONAL_A, .count = 0,
     .since = 28, .call = none},
    {.function = "optional.of", .id = "optional_of", .result = OPTIONAL_A, .params = {A},
     .count = 1, .since = 28, .call = of},
    {.function = "optional.ofNonZeroValue", .id = "optional_ofNonZeroValue",
     .result = OPTIONAL_A, .params = {A}, .count = 1, .since = 28, .call = of_non_zero},
    {.function = "optional.unwrap", .id = "optional_unwrap", .result = LIST,
     .params = {OPTIONALS}, .count = 1, .since = 28, .call = unwrap},
    {.function = "or", .id = "optional_or_optional", .result = OPTIONAL_A,
     .params = {OPTIONAL_A, OPTIONAL_A}, .count = 2, .member = true, .since = 28},
    {.function = "orValue", .id = "optional_orValue_value", .result = A,
     .params = {OPTIONAL_A, A}, .count = 2, .member = true, .since = 28},
    {.function = "unwrapOpt", .id = "optional_unwrapOpt", .result = LIST, .params = {OPTIONALS},
     .count = 1, .member = true, .since = 28, .call = unwrap},
    {.function = "value", .id = "optional_value", .result = A, .params = {OPTIONAL_A},
     .count = 1, .member = true, .since = 28, .call = value},
};

const gwapi__cel_library gwapi__cel_optionals = {overloads,
                                                 sizeof(overloads) / sizeof(overloads[0])};
