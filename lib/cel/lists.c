// Lists: Kubernetes' functions in every version, cel-go's from 1.34 on (its version 3).
#include "cel/build.h"
#include "cel/library.h"
#include "cel/sort.h"
#include "cel/traversal.h"

// ---- order -----------------------------------------------------------------------------------

static bool is_ordered(const gwapi__cel_value *v)
{
    return (v->kind >= GWAPI__CEL_BOOL && v->kind <= GWAPI__CEL_TIMESTAMP);
}

static gwapi__cel_value no_overload(void)
{
    return GWAPI__CEL_FAIL("no such overload");
}

// -1, 0, 1; 0 also for what has no order.
static int order_of(const gwapi__cel_value *a, const gwapi__cel_value *b)
{
    int order;

    if (!gwapi__cel_compare(a, b, &order))
        return 0;
    return (order > 0) - (order < 0);
}

static gwapi__cel_value is_sorted(gwapi__cel_context *context, const gwapi__cel_value *args,
                                  uint32_t count)
{
    uint32_t n = gwapi__cel_count(&args[0]);
    gwapi__cel_value previous = gwapi__cel_of_null();

    (void)count;
    for (uint32_t i = 0; i < n; i++) {
        gwapi__cel_value item = gwapi__cel_item(context, &args[0], i);
        if (!is_ordered(&item))
            return no_overload();
        if (i > 0 && order_of(&previous, &item) > 0)
            return gwapi__cel_of_bool(false);
        previous = item;
    }
    return gwapi__cel_of_bool(true);
}

// The first element before which (wanted -1) or behind which (1) no other comes.
static gwapi__cel_value extreme(gwapi__cel_context *context, const gwapi__cel_value *list,
                                int wanted)
{
    uint32_t n = gwapi__cel_count(list);
    gwapi__cel_value best = gwapi__cel_of_null();

    for (uint32_t i = 0; i < n; i++) {
        gwapi__cel_value item = gwapi__cel_item(context, list, i);
        if (!is_ordered(&item))
            return no_overload();
        if (i == 0 || order_of(&item, &best) == wanted)
            best = item;
    }
    return best;
}

static gwapi__cel_value min(gwapi__cel_context *context, const gwapi__cel_value *args,
                            uint32_t count)
{
    (void)count;
    if (gwapi__cel_count(&args[0]) == 0)
        return GWAPI__CEL_FAIL("min called on empty list");
    return extreme(context, &args[0], -1);
}

static gwapi__cel_value max(gwapi__cel_context *context, const gwapi__cel_value *args,
                            uint32_t count)
{
    (void)count;
    if (gwapi__cel_count(&args[0]) == 0)
        return GWAPI__CEL_FAIL("max called on empty list");
    return extreme(context, &args[0], 1);
}

// ---- sums ------------------------------------------------------------------------------------

static bool add_integer(gwapi__cel_value *sum, const gwapi__cel_value *v)
{
    int64_t a = sum->as.integer, b = v->as.integer;

    if (b > 0 ? a > INT64_MAX - b : a < INT64_MIN - b)
        return false;
    sum->as.integer = a + b;
    return true;
}

static bool add_natural(gwapi__cel_value *sum, const gwapi__cel_value *v)
{
    sum->as.natural += v->as.natural;
    return sum->as.natural >= v->as.natural;
}

static bool add_double(gwapi__cel_value *sum, const gwapi__cel_value *v)
{
    sum->as.number += v->as.number;
    return true;
}

// From `sum` on; all elements are of its kind.
static gwapi__cel_value sum_of(gwapi__cel_context *context, const gwapi__cel_value *list,
                               gwapi__cel_value sum,
                               bool (*add)(gwapi__cel_value *sum, const gwapi__cel_value *v))
{
    uint32_t n = gwapi__cel_count(list);

    for (uint32_t i = 0; i < n; i++) {
        gwapi__cel_value item = gwapi__cel_item(context, list, i);
        if (item.kind != sum.kind)
            return no_overload();
        if (!add(&sum, &item))
            return GWAPI__CEL_FAIL("integer overflow");
    }
    return sum;
}

static gwapi__cel_value sum_int(gwapi__cel_context *context, const gwapi__cel_value *args,
                                uint32_t count)
{
    (void)count;
    return sum_of(context, &args[0], gwapi__cel_of_int(0), add_integer);
}

static gwapi__cel_value sum_uint(gwapi__cel_context *context, const gwapi__cel_value *args,
                                 uint32_t count)
{
    (void)count;
    return sum_of(context, &args[0], gwapi__cel_of_uint(0), add_natural);
}

static gwapi__cel_value sum_double(gwapi__cel_context *context, const gwapi__cel_value *args,
                                   uint32_t count)
{
    (void)count;
    return sum_of(context, &args[0], gwapi__cel_of_double(0), add_double);
}

static gwapi__cel_value sum_duration(gwapi__cel_context *context, const gwapi__cel_value *args,
                                     uint32_t count)
{
    (void)count;
    return sum_of(context, &args[0], gwapi__cel_of_duration(0), add_integer);
}

// ---- places ----------------------------------------------------------------------------------

static gwapi__cel_value index_of(gwapi__cel_context *context, const gwapi__cel_value *args,
                                 uint32_t count)
{
    uint32_t n = gwapi__cel_count(&args[0]);

    (void)count;
    for (uint32_t i = 0; i < n; i++) {
        gwapi__cel_value item = gwapi__cel_item(context, &args[0], i);
        if (gwapi__cel_equal(context, &item, &args[1]))
            return gwapi__cel_of_int(i);
    }
    return gwapi__cel_of_int(-1);
}

static gwapi__cel_value last_index_of(gwapi__cel_context *context, const gwapi__cel_value *args,
                                      uint32_t count)
{
    (void)count;
    for (uint32_t i = gwapi__cel_count(&args[0]); i-- > 0;) {
        gwapi__cel_value item = gwapi__cel_item(context, &args[0], i);
        if (gwapi__cel_equal(context, &item, &args[1]))
            return gwapi__cel_of_int(i);
    }
    return gwapi__cel_of_int(-1);
}

// ---- parts -----------------------------------------------------------------------------------

// Calling and making a list cost 11, each element the factor. A negative one wraps around, as on
// the server.
static uint64_t cost_making(uint64_t size, double factor)
{
    double cost = (double)size * factor;

    return (cost < 9e18 && cost > -9e18 ? (uint64_t)(int64_t)cost : UINT64_MAX / 2) + 11;
}

// Room for a new list; NULL: *error says why.
static gwapi__cel_value *room(gwapi__cel_context *context, uint64_t count,
                              gwapi__cel_value *error)
{
    gwapi__cel_value *items = NULL;

    if (!gwapi__cel_affords(context, cost_making(count, 1)) || count > UINT32_MAX) {
        *error = gwapi__cel_spent(context);
        return NULL;
    }
    items = gwapi__arena_array(context->arena, (size_t)count, sizeof(*items));
    if (items == NULL)
        *error = gwapi__cel_no_memory(context);
    return items;
}

static gwapi__cel_value slice(gwapi__cel_context *context, const gwapi__cel_value *args,
                              uint32_t count)
{
    int64_t start = args[1].as.integer, end = args[2].as.integer;
    gwapi__cel_value error;

    (void)count;
    if (start < 0 || end < 0)
        return gwapi__cel_fail(context, "cannot slice(%i, %i), negative indexes not supported",
                               start, end);
    if (start > end)
        return gwapi__cel_fail(context, "cannot slice(%i, %i), the start is behind the end",
                               start, end);
    if (end > gwapi__cel_count(&args[0]))
        return gwapi__cel_fail(context, "cannot slice(%i, %i), list is length %u", start, end,
                               (uint64_t)gwapi__cel_count(&args[0]));
    uint32_t n = (uint32_t)(end - start);
    gwapi__cel_value *items = room(context, n, &error);
    if (items == NULL)
        return error;
    for (uint32_t i = 0; i < n; i++)
        items[i] = gwapi__cel_item(context, &args[0], (uint32_t)start + i);
    return gwapi__cel_of_items(context, items, n);
}

static gwapi__cel_value reverse(gwapi__cel_context *context, const gwapi__cel_value *args,
                                uint32_t count)
{
    uint32_t n = gwapi__cel_count(&args[0]);
    gwapi__cel_value error, *items = room(context, n, &error);

    (void)count;
    if (items == NULL)
        return error;
    for (uint32_t i = 0; i < n; i++)
        items[i] = gwapi__cel_item(context, &args[0], n - 1 - i);
    return gwapi__cel_of_items(context, items, n);
}

static gwapi__cel_value range(gwapi__cel_context *context, const gwapi__cel_value *args,
                              uint32_t count)
{
    uint64_t n = args[0].as.integer > 0 ? args[0].as.natural : 0;
    gwapi__cel_value error, *items = room(context, n, &error);

    (void)count;
    if (items == NULL)
        return error;
    for (uint32_t i = 0; i < n; i++)
        items[i] = gwapi__cel_of_int(i);
    return gwapi__cel_of_items(context, items, (uint32_t)n);
}

// Adds the elements, those of lists inside down to that depth in their place.
static bool add_flat(gwapi__cel_context *context, gwapi__cel_items *items,
                     const gwapi__cel_value *list, int64_t depth)
{
    uint32_t n = gwapi__cel_count(list);

    for (uint32_t i = 0; i < n; i++) {
        gwapi__cel_value item = gwapi__cel_item(context, list, i);
        if (!gwapi__cel_makes(context, sizeof(item))) {
            gwapi__cel_spent(context);
            return false;
        }
        if (item.kind == GWAPI__CEL_LIST && depth > 0
                ? !add_flat(context, items, &item, depth - 1)
                : !gwapi__cel_items_add(context, items, item))
            return false;
    }
    return true;
}

static gwapi__cel_value flatten(gwapi__cel_context *context, const gwapi__cel_value *args,
                                uint32_t count)
{
    int64_t depth = count == 2 ? args[1].as.integer : 1;
    gwapi__cel_items items = {.count = 0};

    if (args[0].kind != GWAPI__CEL_LIST || (count == 2 && args[1].kind != GWAPI__CEL_INT))
        return no_overload();
    if (depth < 0)
        return GWAPI__CEL_FAIL("level must be non-negative");
    if (!add_flat(context, &items, &args[0], depth))
        return GWAPI__CEL_FAIL("the flat list is too large");
    return gwapi__cel_items_list(context, &items);
}

static gwapi__cel_cost cost_self;

static bool is_among(gwapi__cel_context *context, const gwapi__cel_value *items, uint32_t n,
                     const gwapi__cel_value *item)
{
    for (uint32_t i = 0; i < n; i++)
        if (gwapi__cel_equal(context, item, &items[i]))
            return true;
    return false;
}

static gwapi__cel_value distinct(gwapi__cel_context *context, const gwapi__cel_value *args,
                                 uint32_t count)
{
    uint32_t n = gwapi__cel_count(&args[0]), kept = 0;

    if (!gwapi__cel_affords(context, cost_self(args, count, NULL)))
        return gwapi__cel_spent(context);
    gwapi__cel_value *items = gwapi__arena_array(context->arena, n, sizeof(*items));
    if (items == NULL)
        return gwapi__cel_no_memory(context);
    for (uint32_t i = 0; i < n; i++) {
        gwapi__cel_value item = gwapi__cel_item(context, &args[0], i);
        if (!is_among(context, items, kept, &item))
            items[kept++] = item;
    }
    return gwapi__cel_of_items(context, items, kept);
}

// ---- sorting ---------------------------------------------------------------------------------

static bool comes_before(void *ctx, uint32_t a, uint32_t b)
{
    const gwapi__cel_value *keys = ctx;

    return order_of(&keys[a], &keys[b]) < 0;
}

// The keys as an array; NULL: *error says why.
static gwapi__cel_value *keys_of(gwapi__cel_context *context, const gwapi__cel_value *list,
                                 gwapi__cel_value *error)
{
    uint32_t n = gwapi__cel_count(list);
    gwapi__cel_value *keys = gwapi__arena_array(context->arena, n, sizeof(*keys));

    if (keys == NULL) {
        *error = gwapi__cel_no_memory(context);
        return NULL;
    }
    for (uint32_t i = 0; i < n; i++) {
        keys[i] = gwapi__cel_item(context, list, i);
        *error = i == 0 ? GWAPI__CEL_FAIL("list elements must be comparable")
                        : GWAPI__CEL_FAIL("list elements must have the same type");
        if (!is_ordered(&keys[i]) || keys[i].kind != keys[0].kind)
            return NULL;
    }
    return keys;
}

// The elements of the list (the first argument) by the order of the keys (the last).
static gwapi__cel_value sort(gwapi__cel_context *context, const gwapi__cel_value *args,
                             uint32_t count)
{
    gwapi__cel_value error;

    if (args[0].kind != GWAPI__CEL_LIST || args[count - 1].kind != GWAPI__CEL_LIST)
        return no_overload();
    uint32_t n = gwapi__cel_count(&args[0]);
    if (gwapi__cel_count(&args[count - 1]) != n)
        return GWAPI__CEL_FAIL("the list and its keys differ in size");
    gwapi__cel_value *keys = keys_of(context, &args[count - 1], &error);
    if (keys == NULL)
        return error;
    uint32_t *indices = gwapi__arena_array(context->arena, n, sizeof(*indices));
    gwapi__cel_value *items = gwapi__arena_array(context->arena, n, sizeof(*items));
    if (indices == NULL || items == NULL)
        return gwapi__cel_no_memory(context);
    for (uint32_t i = 0; i < n; i++)
        indices[i] = i;
    gwapi__cel_sort(indices, n, comes_before, keys);
    for (uint32_t i = 0; i < n; i++)
        items[i] = gwapi__cel_item(context, &args[0], indices[i]);
    return gwapi__cel_of_items(context, items, n);
}

bool gwapi__cel_is_loose(const gwapi__cel_overload *overload)
{
    return overload->call == sort || overload->call == flatten;
}

// ---- costs -----------------------------------------------------------------------------------

static uint64_t cost_result(const gwapi__cel_value *args, uint32_t count,
                            const gwapi__cel_value *result)
{
    (void)args;
    (void)count;
    return cost_making(gwapi__cel_cost_size(result), 1);
}

static uint64_t cost_flatten(const gwapi__cel_value *args, uint32_t count,
                             const gwapi__cel_value *result)
{
    double depth = count == 2 && args[1].kind == GWAPI__CEL_INT ? (double)args[1].as.integer : 1;

    (void)result;
    return cost_making(gwapi__cel_cost_size(&args[0]), depth);
}

// Each element of the last argument with each, the way distinct and sort are counted.
static uint64_t cost_self(const gwapi__cel_value *args, uint32_t count,
                          const gwapi__cel_value *result)
{
    uint64_t n = gwapi__cel_cost_size(&args[count - 1]);

    (void)result;
    return cost_making(n * n, gwapi__cel_holds_text(&args[count - 1]) ? 2.1 : 2);
}

static bool estimate_making(gwapi__cel_guess *out, gwapi__cel_range size, double factor)
{
    *out = (gwapi__cel_guess){.cost = gwapi__cel_range_add(gwapi__cel_range_scale(size, factor),
                                                           (gwapi__cel_range){11, 11}),
                              .size = size,
                              .sized = true};
    return true;
}

// The value of an argument that is a constant.
static uint64_t constant(const gwapi__cel_sized *arg, uint64_t otherwise)
{
    if (!arg->literal || arg->type->kind != GWAPI__CEL_INT)
        return otherwise;
    return arg->integer > 0 ? (uint64_t)arg->integer : 0;
}

static bool estimate_slice(const gwapi__cel_sized *args, uint32_t count, gwapi__cel_guess *out)
{
    uint64_t start = constant(&args[1], 0), end = constant(&args[2], args[0].size.max);

    (void)count;
    return estimate_making(out, (gwapi__cel_range){end - start, end - start}, 1);
}

static bool estimate_range(const gwapi__cel_sized *args, uint32_t count, gwapi__cel_guess *out)
{
    uint64_t n = constant(&args[0], UINT64_MAX);

    (void)count;
    return estimate_making(out, (gwapi__cel_range){n, n}, 1);
}

static bool estimate_reverse(const gwapi__cel_sized *args, uint32_t count, gwapi__cel_guess *out)
{
    (void)count;
    return estimate_making(out, args[0].size, 1);
}

static bool estimate_flatten(const gwapi__cel_sized *args, uint32_t count, gwapi__cel_guess *out)
{
    double depth = count == 2 ? (double)constant(&args[1], UINT64_MAX) : 1;

    return estimate_making(out, args[0].size, depth);
}

static gwapi__cel_range square(const gwapi__cel_sized *arg)
{
    return gwapi__cel_range_times(arg->size, arg->size);
}

static bool estimate_self(const gwapi__cel_sized *args, uint32_t count, gwapi__cel_guess *out)
{
    return estimate_making(out, square(&args[count - 1]), 2);
}

// Strings and bytes.
static bool estimate_self_text(const gwapi__cel_sized *args, uint32_t count,
                               gwapi__cel_guess *out)
{
    return estimate_making(out, square(&args[count - 1]), 2.1);
}

static bool estimate_elements(const gwapi__cel_sized *args, uint32_t count,
                              gwapi__cel_guess *out)
{
    const gwapi__cel_type *type = args[0].type;
    gwapi__cel_range each = {1, 1};

    (void)count;
    *out = (gwapi__cel_guess){.cost = gwapi__cel_range_scale(args[0].size, 0.1)};
    if (type->kind != GWAPI__CEL_LIST)
        return true;
    if (type->params[0]->kind == GWAPI__CEL_STRING || type->params[0]->kind == GWAPI__CEL_BYTES)
        each = gwapi__cel_range_add(each, gwapi__cel_range_scale(args[0].element, 0.1));
    out->cost = gwapi__cel_range_times(args[0].size, each);
    return true;
}

// ---- the table -------------------------------------------------------------------------------

#define INT &gwapi__cel_int
#define LIST_A &gwapi__cel_list_a

#define LIST_OF(name)                                                                         \
    static const gwapi__cel_type list_##name = {                                              \
        .kind = GWAPI__CEL_LIST,                                                              \
        .param_count = 1,                                                                     \
        .params = (const gwapi__cel_type *const[]){&gwapi__cel_##name},                       \
        .max_elements = GWAPI__CEL_UNBOUNDED};
LIST_OF(int)
LIST_OF(uint)
LIST_OF(double)
LIST_OF(bool)
LIST_OF(duration)
LIST_OF(timestamp)
LIST_OF(string)
LIST_OF(bytes)

#define IS_SORTED(name)                                                                       \
    {.function = "isSorted", .id = "list_" #name "_is_sorted_bool",                           \
     .result = &gwapi__cel_bool, .params = {&list_##name}, .count = 1, .member = true,        \
     .call = is_sorted, .cost = gwapi__cel_cost_traversal, .estimate = estimate_elements}
#define FOLD(function_, name, call_)                                                          \
    {.function = #function_, .id = "list_" #name "_" #function_ "_" #name,                    \
     .result = &gwapi__cel_##name, .params = {&list_##name}, .count = 1, .member = true,      \
     .call = call_, .cost = gwapi__cel_cost_traversal, .estimate = estimate_elements}
#define SORT(name, id_, estimate_)                                                            \
    {.function = "sort", .id = "list_" id_ "_sort", .result = &list_##name,                   \
     .params = {&list_##name}, .count = 1, .member = true, .since = 34, .call = sort,         \
     .cost = cost_self, .estimate = estimate_}
#define SORT_BY(name, id_, estimate_)                                                         \
    {.function = "@sortByAssociatedKeys", .id = "list_" id_ "_sortByAssociatedKeys",          \
     .result = LIST_A, .params = {LIST_A, &list_##name}, .count = 2, .member = true,          \
     .since = 34, .call = sort, .cost = cost_self, .estimate = estimate_}

static const gwapi__cel_overload overloads[] = {
    SORT_BY(int, "int", estimate_self),
    SORT_BY(uint, "uint", estimate_self),
    SORT_BY(double, "double", estimate_self),
    SORT_BY(bool, "bool", estimate_self),
    SORT_BY(duration, "google.protobuf.Duration", estimate_self),
    SORT_BY(timestamp, "google.protobuf.Timestamp", estimate_self),
    SORT_BY(string, "string", estimate_self_text),
    SORT_BY(bytes, "bytes", estimate_self_text),
    {.function = "distinct", .id = "list_distinct", .result = LIST_A, .params = {LIST_A},
     .count = 1, .member = true, .since = 34, .call = distinct, .cost = cost_self,
     .estimate = estimate_self},
    {.function = "flatten", .id = "list_flatten", .result = LIST_A,
     .params = {&gwapi__cel_list_list_a}, .count = 1, .member = true, .since = 34,
     .call = flatten, .cost = cost_flatten, .estimate = estimate_flatten},
    {.function = "flatten", .id = "list_flatten_int", .result = &gwapi__cel_list_dyn,
     .params = {&gwapi__cel_list_dyn, INT}, .count = 2, .member = true, .since = 34,
     .call = flatten, .cost = cost_flatten, .estimate = estimate_flatten},
    {.function = "indexOf", .id = "list_a_index_of_int", .result = INT,
     .params = {LIST_A, &gwapi__cel_a}, .count = 2, .member = true, .call = index_of,
     .cost = gwapi__cel_cost_traversal, .estimate = estimate_elements},
    IS_SORTED(int),
    IS_SORTED(uint),
    IS_SORTED(double),
    IS_SORTED(bool),
    IS_SORTED(duration),
    IS_SORTED(timestamp),
    IS_SORTED(string),
    IS_SORTED(bytes),
    {.function = "lastIndexOf", .id = "list_a_last_index_of_int", .result = INT,
     .params = {LIST_A, &gwapi__cel_a}, .count = 2, .member = true, .call = last_index_of,
     .cost = gwapi__cel_cost_traversal, .estimate = estimate_elements},
    {.function = "lists.range", .id = "lists_range", .result = &gwapi__cel_list_int,
     .params = {INT}, .count = 1, .since = 34, .call = range, .cost = cost_result,
     .estimate = estimate_range},
    FOLD(max, int, max),
    FOLD(max, uint, max),
    FOLD(max, double, max),
    FOLD(max, bool, max),
    FOLD(max, duration, max),
    FOLD(max, timestamp, max),
    FOLD(max, string, max),
    FOLD(max, bytes, max),
    FOLD(min, int, min),
    FOLD(min, uint, min),
    FOLD(min, double, min),
    FOLD(min, bool, min),
    FOLD(min, duration, min),
    FOLD(min, timestamp, min),
    FOLD(min, string, min),
    FOLD(min, bytes, min),
    {.function = "reverse", .id = "list_reverse", .result = LIST_A, .params = {LIST_A},
     .count = 1, .member = true, .since = 34, .call = reverse, .cost = cost_result,
     .estimate = estimate_reverse},
    {.function = "slice", .id = "list_slice", .result = LIST_A, .params = {LIST_A, INT, INT},
     .count = 3, .member = true, .since = 34, .call = slice, .cost = cost_result,
     .estimate = estimate_slice},
    SORT(int, "int", estimate_self),
    SORT(uint, "uint", estimate_self),
    SORT(double, "double", estimate_self),
    SORT(bool, "bool", estimate_self),
    SORT(duration, "google.protobuf.Duration", estimate_self),
    SORT(timestamp, "google.protobuf.Timestamp", estimate_self),
    SORT(string, "string", estimate_self_text),
    SORT(bytes, "bytes", estimate_self_text),
    FOLD(sum, int, sum_int),
    FOLD(sum, uint, sum_uint),
    FOLD(sum, double, sum_double),
    FOLD(sum, duration, sum_duration),
};

const gwapi__cel_library gwapi__cel_lists = {overloads, sizeof(overloads) / sizeof(overloads[0])};
