/* What the table of the standard library calls. */
#ifndef GWAPI_CEL_STANDARD_H
#define GWAPI_CEL_STANDARD_H

#include "cel/library.h"

/* arithmetic.c */
gwapi__cel_function gwapi__cel_add_int, gwapi__cel_add_uint, gwapi__cel_add_double,
    gwapi__cel_add_text, gwapi__cel_add_list, gwapi__cel_add_durations,
    gwapi__cel_add_duration_time, gwapi__cel_add_time_duration, gwapi__cel_subtract_int,
    gwapi__cel_subtract_uint, gwapi__cel_subtract_double, gwapi__cel_subtract_durations,
    gwapi__cel_subtract_time_duration, gwapi__cel_subtract_times, gwapi__cel_multiply_int,
    gwapi__cel_multiply_uint, gwapi__cel_multiply_double, gwapi__cel_divide_int,
    gwapi__cel_divide_uint, gwapi__cel_divide_double, gwapi__cel_modulo_int,
    gwapi__cel_modulo_uint, gwapi__cel_negate_int, gwapi__cel_negate_double,
    gwapi__cel_negate_duration;

/* relation.c */
gwapi__cel_function gwapi__cel_less, gwapi__cel_less_equal, gwapi__cel_greater,
    gwapi__cel_greater_equal, gwapi__cel_in_list, gwapi__cel_in_map,
    gwapi__cel_size, gwapi__cel_contains, gwapi__cel_starts_with, gwapi__cel_ends_with,
    gwapi__cel_matches_pattern;

/* convert.c */
gwapi__cel_function gwapi__cel_same, gwapi__cel_type_of_value, gwapi__cel_string_to_bool,
    gwapi__cel_string_to_bytes, gwapi__cel_int_to_double, gwapi__cel_uint_to_double,
    gwapi__cel_string_to_double, gwapi__cel_double_to_int, gwapi__cel_duration_to_int,
    gwapi__cel_string_to_int, gwapi__cel_timestamp_to_int, gwapi__cel_uint_to_int,
    gwapi__cel_double_to_uint, gwapi__cel_int_to_uint, gwapi__cel_string_to_uint,
    gwapi__cel_bytes_to_string, gwapi__cel_to_string, gwapi__cel_string_to_duration,
    gwapi__cel_int_to_duration, gwapi__cel_string_to_timestamp, gwapi__cel_int_to_timestamp;

/* cost.c */
gwapi__cel_cost gwapi__cel_cost_least, gwapi__cel_cost_both, gwapi__cel_cost_product,
    gwapi__cel_cost_pattern, gwapi__cel_cost_second;

#endif
