/* The standard library of cel-spec, as cel-go's common/stdlib declares it. The overloads of a
 * function stand in its order: at run time the first that fits is taken. */
#include "cel/standard.h"

#define BOOL &gwapi__cel_bool
#define INT &gwapi__cel_int
#define UINT &gwapi__cel_uint
#define DOUBLE &gwapi__cel_double
#define STRING &gwapi__cel_string
#define BYTES &gwapi__cel_bytes
#define DURATION &gwapi__cel_duration
#define TIME &gwapi__cel_timestamp
#define A &gwapi__cel_a
#define B &gwapi__cel_b
#define LIST &gwapi__cel_list_a
#define MAP &gwapi__cel_map_a_b

#define ONE(function_, id_, x, result_, call_)                                                \
    {.function = function_, .id = id_, .result = result_, .params = {x}, .count = 1,          \
     .call = call_}
#define MEMBER(function_, id_, x, result_, call_)                                             \
    {.function = function_, .id = id_, .result = result_, .params = {x}, .count = 1,          \
     .member = true, .call = call_}
#define TWO(function_, id_, x, y, result_, call_)                                             \
    {.function = function_, .id = id_, .result = result_, .params = {x, y}, .count = 2,       \
     .call = call_}
#define PRICED(function_, id_, x, y, result_, call_, cost_)                                   \
    {.function = function_, .id = id_, .result = result_, .params = {x, y}, .count = 2,       \
     .call = call_, .cost = cost_}
/* Kinds of numbers with each other. */
#define MIXED(function_, id_, x, y, call_)                                                    \
    {.function = function_, .id = id_, .result = BOOL, .params = {x, y}, .count = 2,          \
     .since = 28, .call = call_}

/* One of < <= > >= in all its forms. */
#define RELATION(sign, name, call)                                                            \
    TWO(sign, name "_bool", BOOL, BOOL, BOOL, call),                                          \
        TWO(sign, name "_int64", INT, INT, BOOL, call),                                       \
        MIXED(sign, name "_int64_double", INT, DOUBLE, call),                                 \
        MIXED(sign, name "_int64_uint64", INT, UINT, call),                                   \
        TWO(sign, name "_uint64", UINT, UINT, BOOL, call),                                    \
        MIXED(sign, name "_uint64_double", UINT, DOUBLE, call),                               \
        MIXED(sign, name "_uint64_int64", UINT, INT, call),                                   \
        TWO(sign, name "_double", DOUBLE, DOUBLE, BOOL, call),                                \
        MIXED(sign, name "_double_int64", DOUBLE, INT, call),                                 \
        MIXED(sign, name "_double_uint64", DOUBLE, UINT, call),                               \
        PRICED(sign, name "_string", STRING, STRING, BOOL, call, gwapi__cel_cost_least),      \
        PRICED(sign, name "_bytes", BYTES, BYTES, BOOL, call, gwapi__cel_cost_least),         \
        TWO(sign, name "_timestamp", TIME, TIME, BOOL, call),                                 \
        TWO(sign, name "_duration", DURATION, DURATION, BOOL, call)

static const gwapi__cel_overload overloads[] = {
    ONE("!_", "logical_not", BOOL, BOOL, NULL),

    ONE("-_", "negate_double", DOUBLE, DOUBLE, gwapi__cel_negate_double),
    ONE("-_", "negate_int64", INT, INT, gwapi__cel_negate_int),
    /* Not declared, but the server negates a duration whose type was not known. */
    {.function = "-_",
     .id = "negate_duration",
     .result = DURATION,
     .params = {DURATION},
     .count = 1,
     .until = 1,
     .call = gwapi__cel_negate_duration},

    PRICED("@in", "in_list", A, LIST, BOOL, gwapi__cel_in_list, gwapi__cel_cost_second),
    TWO("@in", "in_map", A, MAP, BOOL, gwapi__cel_in_map),

    ONE("@not_strictly_false", "not_strictly_false", BOOL, BOOL, NULL),

    TWO("_!=_", "not_equals", A, A, BOOL, NULL),

    TWO("_%_", "modulo_int64", INT, INT, INT, gwapi__cel_modulo_int),
    TWO("_%_", "modulo_uint64", UINT, UINT, UINT, gwapi__cel_modulo_uint),

    TWO("_&&_", "logical_and", BOOL, BOOL, BOOL, NULL),

    TWO("_*_", "multiply_double", DOUBLE, DOUBLE, DOUBLE, gwapi__cel_multiply_double),
    TWO("_*_", "multiply_int64", INT, INT, INT, gwapi__cel_multiply_int),
    TWO("_*_", "multiply_uint64", UINT, UINT, UINT, gwapi__cel_multiply_uint),

    PRICED("_+_", "add_bytes", BYTES, BYTES, BYTES, gwapi__cel_add_text, gwapi__cel_cost_both),
    TWO("_+_", "add_double", DOUBLE, DOUBLE, DOUBLE, gwapi__cel_add_double),
    TWO("_+_", "add_duration_duration", DURATION, DURATION, DURATION, gwapi__cel_add_durations),
    TWO("_+_", "add_duration_timestamp", DURATION, TIME, TIME, gwapi__cel_add_duration_time),
    TWO("_+_", "add_timestamp_duration", TIME, DURATION, TIME, gwapi__cel_add_time_duration),
    TWO("_+_", "add_int64", INT, INT, INT, gwapi__cel_add_int),
    TWO("_+_", "add_list", LIST, LIST, LIST, gwapi__cel_add_list),
    PRICED("_+_", "add_string", STRING, STRING, STRING, gwapi__cel_add_text,
           gwapi__cel_cost_both),
    TWO("_+_", "add_uint64", UINT, UINT, UINT, gwapi__cel_add_uint),

    TWO("_-_", "subtract_double", DOUBLE, DOUBLE, DOUBLE, gwapi__cel_subtract_double),
    TWO("_-_", "subtract_duration_duration", DURATION, DURATION, DURATION,
        gwapi__cel_subtract_durations),
    TWO("_-_", "subtract_int64", INT, INT, INT, gwapi__cel_subtract_int),
    TWO("_-_", "subtract_timestamp_duration", TIME, DURATION, TIME,
        gwapi__cel_subtract_time_duration),
    TWO("_-_", "subtract_timestamp_timestamp", TIME, TIME, DURATION, gwapi__cel_subtract_times),
    TWO("_-_", "subtract_uint64", UINT, UINT, UINT, gwapi__cel_subtract_uint),

    TWO("_/_", "divide_double", DOUBLE, DOUBLE, DOUBLE, gwapi__cel_divide_double),
    TWO("_/_", "divide_int64", INT, INT, INT, gwapi__cel_divide_int),
    TWO("_/_", "divide_uint64", UINT, UINT, UINT, gwapi__cel_divide_uint),

    RELATION("_<=_", "less_equals", gwapi__cel_less_equal),
    RELATION("_<_", "less", gwapi__cel_less),

    TWO("_==_", "equals", A, A, BOOL, NULL),

    RELATION("_>=_", "greater_equals", gwapi__cel_greater_equal),
    RELATION("_>_", "greater", gwapi__cel_greater),

    {.function = "_?_:_",
     .id = "conditional",
     .result = A,
     .params = {BOOL, A, A},
     .count = 3},

    TWO("_[_]", "index_list", LIST, INT, A, NULL),
    TWO("_[_]", "index_map", MAP, A, B, NULL),

    TWO("_||_", "logical_or", BOOL, BOOL, BOOL, NULL),

    ONE("bool", "bool_to_bool", BOOL, BOOL, gwapi__cel_same),
    ONE("bool", "string_to_bool", STRING, BOOL, gwapi__cel_string_to_bool),

    ONE("bytes", "bytes_to_bytes", BYTES, BYTES, gwapi__cel_same),
    {.function = "bytes",
     .id = "string_to_bytes",
     .result = BYTES,
     .params = {STRING},
     .count = 1,
     .call = gwapi__cel_string_to_bytes,
     .cost = gwapi__cel_cost_walk},

    {.function = "contains",
     .id = "contains_string",
     .result = BOOL,
     .params = {STRING, STRING},
     .count = 2,
     .member = true,
     .call = gwapi__cel_contains,
     .cost = gwapi__cel_cost_product},

    ONE("double", "double_to_double", DOUBLE, DOUBLE, gwapi__cel_same),
    ONE("double", "int64_to_double", INT, DOUBLE, gwapi__cel_int_to_double),
    ONE("double", "string_to_double", STRING, DOUBLE, gwapi__cel_string_to_double),
    ONE("double", "uint64_to_double", UINT, DOUBLE, gwapi__cel_uint_to_double),

    ONE("duration", "duration_to_duration", DURATION, DURATION, gwapi__cel_same),
    ONE("duration", "int64_to_duration", INT, DURATION, gwapi__cel_int_to_duration),
    ONE("duration", "string_to_duration", STRING, DURATION, gwapi__cel_string_to_duration),

    ONE("dyn", "to_dyn", A, &gwapi__cel_dyn, gwapi__cel_same),

    {.function = "endsWith",
     .id = "ends_with_string",
     .result = BOOL,
     .params = {STRING, STRING},
     .count = 2,
     .member = true,
     .call = gwapi__cel_ends_with,
     .cost = gwapi__cel_cost_walk},

    ONE("int", "int64_to_int64", INT, INT, gwapi__cel_same),
    ONE("int", "double_to_int64", DOUBLE, INT, gwapi__cel_double_to_int),
    ONE("int", "duration_to_int64", DURATION, INT, gwapi__cel_duration_to_int),
    ONE("int", "string_to_int64", STRING, INT, gwapi__cel_string_to_int),
    ONE("int", "timestamp_to_int64", TIME, INT, gwapi__cel_timestamp_to_int),
    ONE("int", "uint64_to_int64", UINT, INT, gwapi__cel_uint_to_int),

    TWO("matches", "matches", STRING, STRING, BOOL, gwapi__cel_matches_pattern),
    {.function = "matches",
     .id = "matches_string",
     .result = BOOL,
     .params = {STRING, STRING},
     .count = 2,
     .member = true,
     .call = gwapi__cel_matches_pattern,
     .cost = gwapi__cel_cost_pattern},

    ONE("size", "size_bytes", BYTES, INT, gwapi__cel_size),
    MEMBER("size", "bytes_size", BYTES, INT, gwapi__cel_size),
    ONE("size", "size_list", LIST, INT, gwapi__cel_size),
    MEMBER("size", "list_size", LIST, INT, gwapi__cel_size),
    ONE("size", "size_map", MAP, INT, gwapi__cel_size),
    MEMBER("size", "map_size", MAP, INT, gwapi__cel_size),
    ONE("size", "size_string", STRING, INT, gwapi__cel_size),
    MEMBER("size", "string_size", STRING, INT, gwapi__cel_size),

    {.function = "startsWith",
     .id = "starts_with_string",
     .result = BOOL,
     .params = {STRING, STRING},
     .count = 2,
     .member = true,
     .call = gwapi__cel_starts_with,
     .cost = gwapi__cel_cost_walk},

    ONE("string", "string_to_string", STRING, STRING, gwapi__cel_same),
    ONE("string", "bool_to_string", BOOL, STRING, gwapi__cel_to_string),
    {.function = "string",
     .id = "bytes_to_string",
     .result = STRING,
     .params = {BYTES},
     .count = 1,
     .call = gwapi__cel_bytes_to_string,
     .cost = gwapi__cel_cost_walk},
    ONE("string", "double_to_string", DOUBLE, STRING, gwapi__cel_to_string),
    ONE("string", "duration_to_string", DURATION, STRING, gwapi__cel_to_string),
    ONE("string", "int64_to_string", INT, STRING, gwapi__cel_to_string),
    ONE("string", "timestamp_to_string", TIME, STRING, gwapi__cel_to_string),
    ONE("string", "uint64_to_string", UINT, STRING, gwapi__cel_to_string),

    ONE("timestamp", "timestamp_to_timestamp", TIME, TIME, gwapi__cel_same),
    ONE("timestamp", "int64_to_timestamp", INT, TIME, gwapi__cel_int_to_timestamp),
    ONE("timestamp", "string_to_timestamp", STRING, TIME, gwapi__cel_string_to_timestamp),

    ONE("type", "type", A, &gwapi__cel_type_a, gwapi__cel_type_of_value),

    ONE("uint", "uint64_to_uint64", UINT, UINT, gwapi__cel_same),
    ONE("uint", "double_to_uint64", DOUBLE, UINT, gwapi__cel_double_to_uint),
    ONE("uint", "int64_to_uint64", INT, UINT, gwapi__cel_int_to_uint),
    ONE("uint", "string_to_uint64", STRING, UINT, gwapi__cel_string_to_uint),
};

const gwapi__cel_library gwapi__cel_standard = {overloads, sizeof overloads / sizeof *overloads};
