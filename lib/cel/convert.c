/* Conversions between kinds. Texts are read as Go's strconv reads them. */
#include "base/slice.h"
#include "base/time.h"
#include "base/utf8.h"
#include "cel/build.h"
#include "cel/number.h"
#include "cel/standard.h"
#include "cel/text.h"
#include "cel/time.h"

#include <math.h>

#define CONVERT(name)                                                                         \
    gwapi__cel_value name(gwapi__cel_context *context, const gwapi__cel_value *args,          \
                          uint32_t count)

static gwapi__cel_value unreadable(gwapi__cel_context *context, gwapi_str text, const char *kind)
{
    return gwapi__cel_fail(context, "type conversion error: %q is no %s", text, kind);
}

CONVERT(gwapi__cel_same)
{
    (void)context;
    (void)count;
    return args[0];
}

CONVERT(gwapi__cel_type_of_value)
{
    (void)context;
    (void)count;
    return (gwapi__cel_value){.kind = GWAPI__CEL_TYPE, .as.type = gwapi__cel_value_type(args)};
}

/* ---- bool and bytes --------------------------------------------------------------------- */

CONVERT(gwapi__cel_string_to_bool)
{
    static const gwapi_str words[][2] = {{{"true", 4}, {"false", 5}}, {{"TRUE", 4}, {"FALSE", 5}},
                                         {{"True", 4}, {"False", 5}}, {{"1", 1}, {"0", 1}},
                                         {{"t", 1}, {"f", 1}},        {{"T", 1}, {"F", 1}}};

    (void)count;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (size_t k = 0; k < 2; k++)
            if (gwapi__str_eq(args[0].as.text, words[i][k]))
                return gwapi__cel_of_bool(k == 0);
    return unreadable(context, args[0].as.text, "bool");
}

CONVERT(gwapi__cel_string_to_bytes)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_bytes(args[0].as.text);
}

/* ---- numbers ---------------------------------------------------------------------------- */

CONVERT(gwapi__cel_int_to_double)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_double((double)args[0].as.integer);
}

CONVERT(gwapi__cel_uint_to_double)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_double((double)args[0].as.natural);
}

CONVERT(gwapi__cel_string_to_double)
{
    double value;

    (void)count;
    return gwapi__cel_parse_double(args[0].as.text, &value)
               ? gwapi__cel_of_double(value)
               : unreadable(context, args[0].as.text, "double");
}

CONVERT(gwapi__cel_double_to_int)
{
    double d = args[0].as.number;

    (void)context;
    (void)count;
    return d > -9223372036854775808.0 && d < 9223372036854775808.0
               ? gwapi__cel_of_int((int64_t)d)
               : GWAPI__CEL_FAIL("integer overflow");
}

CONVERT(gwapi__cel_duration_to_int)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_int(args[0].as.integer);
}

CONVERT(gwapi__cel_string_to_int)
{
    gwapi_str text = args[0].as.text;
    int64_t value;

    (void)count;
    if (text.len > 1 && text.data[0] == '+' && text.data[1] != '-')
        text = gwapi__str_sub(text, 1, text.len);
    return gwapi__str_to_i64(text, &value) ? gwapi__cel_of_int(value)
                                           : unreadable(context, args[0].as.text, "int");
}

CONVERT(gwapi__cel_timestamp_to_int)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_int(args[0].as.time.seconds);
}

CONVERT(gwapi__cel_uint_to_int)
{
    gwapi__cel_value result;

    (void)context;
    (void)count;
    return gwapi__cel_as_number(args, GWAPI__CEL_INT, &result)
               ? result
               : GWAPI__CEL_FAIL("integer overflow");
}

CONVERT(gwapi__cel_double_to_uint)
{
    double d = args[0].as.number;

    (void)context;
    (void)count;
    return d >= 0 && d < 18446744073709551616.0 ? gwapi__cel_of_uint((uint64_t)d)
                                                : GWAPI__CEL_FAIL("unsigned integer overflow");
}

CONVERT(gwapi__cel_int_to_uint)
{
    gwapi__cel_value result;

    (void)context;
    (void)count;
    return gwapi__cel_as_number(args, GWAPI__CEL_UINT, &result)
               ? result
               : GWAPI__CEL_FAIL("unsigned integer overflow");
}

CONVERT(gwapi__cel_string_to_uint)
{
    uint64_t value;

    (void)count;
    return gwapi__str_to_u64(args[0].as.text, &value)
               ? gwapi__cel_of_uint(value)
               : unreadable(context, args[0].as.text, "uint");
}

/* ---- string ----------------------------------------------------------------------------- */

CONVERT(gwapi__cel_bytes_to_string)
{
    (void)context;
    (void)count;
    return gwapi__utf8_valid(args[0].as.text)
               ? gwapi__cel_of_string(args[0].as.text)
               : GWAPI__CEL_FAIL("invalid UTF-8 in bytes, cannot convert to string");
}

static void write(gwapi__text *t, const gwapi__cel_value *v)
{
    switch (v->kind) {
    case GWAPI__CEL_BOOL:
        gwapi__text_addz(t, v->as.boolean ? "true" : "false");
        break;
    case GWAPI__CEL_INT:
        gwapi__text_i64(t, v->as.integer);
        break;
    case GWAPI__CEL_UINT:
        gwapi__text_u64(t, v->as.natural);
        break;
    case GWAPI__CEL_DOUBLE:
        gwapi__cel_text_double(t, v->as.number);
        break;
    case GWAPI__CEL_DURATION:
        gwapi__cel_text_duration(t, v->as.integer);
        break;
    default:
        gwapi__cel_text_time(t, v);
        break;
    }
}

/* All but strings and bytes: they need little room. */
CONVERT(gwapi__cel_to_string)
{
    char data[64];
    gwapi__text t = {.data = data, .capacity = sizeof data};
    gwapi_str copy;

    (void)count;
    write(&t, &args[0]);
    return gwapi__arena_copy(context->arena, gwapi__text_str(&t), &copy)
               ? gwapi__cel_of_string(copy)
               : gwapi__cel_no_memory(context);
}

/* ---- durations and timestamps ----------------------------------------------------------- */

CONVERT(gwapi__cel_string_to_duration)
{
    int64_t nanoseconds;

    (void)count;
    return gwapi__cel_duration_read(args[0].as.text, &nanoseconds)
               ? gwapi__cel_of_duration(nanoseconds)
               : unreadable(context, args[0].as.text, "duration");
}

/* Declared, but never possible. */
CONVERT(gwapi__cel_int_to_duration)
{
    (void)context;
    (void)args;
    (void)count;
    return GWAPI__CEL_FAIL("type conversion error: an int is no duration");
}

static bool in_range(int64_t seconds)
{
    return seconds >= GWAPI__CEL_TIME_MIN && seconds <= GWAPI__CEL_TIME_MAX;
}

CONVERT(gwapi__cel_string_to_timestamp)
{
    gwapi__instant t;

    (void)count;
    if (!gwapi__rfc3339_read(args[0].as.text, &t))
        return unreadable(context, args[0].as.text, "timestamp");
    if (!in_range(t.seconds))
        return GWAPI__CEL_FAIL("timestamp overflow");
    gwapi__cel_value v = gwapi__cel_of_time(t.seconds, t.nanos);
    v.as.time.offset = t.offset;
    return v;
}

CONVERT(gwapi__cel_int_to_timestamp)
{
    (void)context;
    (void)count;
    return in_range(args[0].as.integer) ? gwapi__cel_of_time(args[0].as.integer, 0)
                                        : GWAPI__CEL_FAIL("timestamp overflow");
}
