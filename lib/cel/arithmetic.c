#include "base/slice.h"
#include "cel/build.h"
#include "cel/standard.h"
#include "cel/time.h"

#define NANOS INT64_C(1000000000)

#define OVERFLOW(what) GWAPI__CEL_FAIL(what " overflow")

/* ---- whole numbers ---------------------------------------------------------------------- */

static bool add(int64_t a, int64_t b, int64_t *out)
{
    if ((b > 0 && a > INT64_MAX - b) || (b < 0 && a < INT64_MIN - b))
        return false;
    *out = a + b;
    return true;
}

static bool subtract(int64_t a, int64_t b, int64_t *out)
{
    if ((b < 0 && a > INT64_MAX + b) || (b > 0 && a < INT64_MIN + b))
        return false;
    *out = a - b;
    return true;
}

static uint64_t magnitude(int64_t i)
{
    return i < 0 ? 0 - (uint64_t)i : (uint64_t)i;
}

static bool multiply(int64_t a, int64_t b, int64_t *out)
{
    uint64_t x = magnitude(a), y = magnitude(b);
    bool negative = (a < 0) != (b < 0);
    uint64_t most = (uint64_t)INT64_MAX + negative;

    if (y != 0 && x > most / y)
        return false;
    *out = negative ? (int64_t)(0 - x * y) : (int64_t)(x * y);
    return true;
}

#define CHECKED(name, operation, make, what)                                                  \
    gwapi__cel_value name(gwapi__cel_context *context, const gwapi__cel_value *args,          \
                          uint32_t count)                                                     \
    {                                                                                         \
        int64_t result;                                                                       \
                                                                                              \
        (void)context;                                                                        \
        (void)count;                                                                          \
        return operation(args[0].as.integer, args[1].as.integer, &result) ? make(result)      \
                                                                          : OVERFLOW(what);   \
    }

CHECKED(gwapi__cel_add_int, add, gwapi__cel_of_int, "integer")
CHECKED(gwapi__cel_subtract_int, subtract, gwapi__cel_of_int, "integer")
CHECKED(gwapi__cel_multiply_int, multiply, gwapi__cel_of_int, "integer")
CHECKED(gwapi__cel_add_durations, add, gwapi__cel_of_duration, "duration")
CHECKED(gwapi__cel_subtract_durations, subtract, gwapi__cel_of_duration, "duration")

gwapi__cel_value gwapi__cel_divide_int(gwapi__cel_context *context, const gwapi__cel_value *args,
                                       uint32_t count)
{
    int64_t a = args[0].as.integer, b = args[1].as.integer;

    (void)context;
    (void)count;
    if (b == 0)
        return GWAPI__CEL_FAIL("division by zero");
    return a == INT64_MIN && b == -1 ? OVERFLOW("integer") : gwapi__cel_of_int(a / b);
}

gwapi__cel_value gwapi__cel_modulo_int(gwapi__cel_context *context, const gwapi__cel_value *args,
                                       uint32_t count)
{
    int64_t a = args[0].as.integer, b = args[1].as.integer;

    (void)context;
    (void)count;
    if (b == 0)
        return GWAPI__CEL_FAIL("modulus by zero");
    return a == INT64_MIN && b == -1 ? OVERFLOW("integer") : gwapi__cel_of_int(a % b);
}

gwapi__cel_value gwapi__cel_negate_int(gwapi__cel_context *context, const gwapi__cel_value *args,
                                       uint32_t count)
{
    (void)context;
    (void)count;
    return args[0].as.integer == INT64_MIN ? OVERFLOW("integer")
                                           : gwapi__cel_of_int(-args[0].as.integer);
}

gwapi__cel_value gwapi__cel_negate_duration(gwapi__cel_context *context,
                                            const gwapi__cel_value *args, uint32_t count)
{
    (void)context;
    (void)count;
    return args[0].as.integer == INT64_MIN ? OVERFLOW("duration")
                                           : gwapi__cel_of_duration(-args[0].as.integer);
}

/* The sum and the like of two uints if `fits`. */
#define NATURAL(name, fits, operation, message)                                               \
    gwapi__cel_value name(gwapi__cel_context *context, const gwapi__cel_value *args,          \
                          uint32_t count)                                                     \
    {                                                                                         \
        uint64_t a = args[0].as.natural, b = args[1].as.natural;                              \
                                                                                              \
        (void)context;                                                                        \
        (void)count;                                                                          \
        return fits ? gwapi__cel_of_uint(a operation b) : GWAPI__CEL_FAIL(message);           \
    }

NATURAL(gwapi__cel_add_uint, a <= UINT64_MAX - b, +, "unsigned integer overflow")
NATURAL(gwapi__cel_subtract_uint, a >= b, -, "unsigned integer overflow")
NATURAL(gwapi__cel_multiply_uint, b == 0 || a <= UINT64_MAX / b, *, "unsigned integer overflow")
NATURAL(gwapi__cel_divide_uint, b != 0, /, "division by zero")
NATURAL(gwapi__cel_modulo_uint, b != 0, %, "modulus by zero")

/* ---- doubles ---------------------------------------------------------------------------- */

#define DOUBLE(name, result)                                                                  \
    gwapi__cel_value name(gwapi__cel_context *context, const gwapi__cel_value *args,          \
                          uint32_t count)                                                     \
    {                                                                                         \
        (void)context;                                                                        \
        (void)count;                                                                          \
        return gwapi__cel_of_double(result);                                                  \
    }

DOUBLE(gwapi__cel_add_double, args[0].as.number + args[1].as.number)
DOUBLE(gwapi__cel_subtract_double, args[0].as.number - args[1].as.number)
DOUBLE(gwapi__cel_multiply_double, args[0].as.number *args[1].as.number)
DOUBLE(gwapi__cel_divide_double, args[0].as.number / args[1].as.number)
DOUBLE(gwapi__cel_negate_double, -args[0].as.number)

/* ---- texts and lists -------------------------------------------------------------------- */

gwapi__cel_value gwapi__cel_add_text(gwapi__cel_context *context, const gwapi__cel_value *args,
                                     uint32_t count)
{
    gwapi_str a = args[0].as.text, b = args[1].as.text;
    gwapi__cel_value result = args[0];
    size_t len;

    (void)count;
    if (a.len == 0 || b.len == 0)
        return args[a.len == 0];
    char *data = gwapi__add(a.len, b.len, &len) ? gwapi__arena_alloc(context->arena, len) : NULL;
    if (data == NULL)
        return gwapi__cel_no_memory(context);
    memcpy(data, a.data, a.len);
    memcpy(data + a.len, b.data, b.len);
    result.as.text = gwapi__str(data, len);
    return result;
}

gwapi__cel_value gwapi__cel_add_list(gwapi__cel_context *context, const gwapi__cel_value *args,
                                     uint32_t count)
{
    (void)count;
    return gwapi__cel_join(context, &args[0], &args[1]);
}

/* ---- times ------------------------------------------------------------------------------ */

static gwapi__cel_value later(const gwapi__cel_value *time, int64_t nanoseconds)
{
    int64_t seconds = time->as.time.seconds + nanoseconds / NANOS;
    int64_t nanos = time->as.time.nanos + nanoseconds % NANOS;

    seconds += nanos >= NANOS ? 1 : nanos < 0 ? -1 : 0;
    nanos += nanos >= NANOS ? -NANOS : nanos < 0 ? NANOS : 0;
    if (seconds < GWAPI__CEL_TIME_MIN || seconds > GWAPI__CEL_TIME_MAX)
        return OVERFLOW("timestamp");
    gwapi__cel_value result = gwapi__cel_of_time(seconds, (int32_t)nanos);
    result.as.time.offset = time->as.time.offset;
    return result;
}

gwapi__cel_value gwapi__cel_add_time_duration(gwapi__cel_context *context,
                                              const gwapi__cel_value *args, uint32_t count)
{
    (void)context;
    (void)count;
    return later(&args[0], args[1].as.integer);
}

gwapi__cel_value gwapi__cel_add_duration_time(gwapi__cel_context *context,
                                              const gwapi__cel_value *args, uint32_t count)
{
    (void)context;
    (void)count;
    return later(&args[1], args[0].as.integer);
}

gwapi__cel_value gwapi__cel_subtract_time_duration(gwapi__cel_context *context,
                                                   const gwapi__cel_value *args, uint32_t count)
{
    (void)context;
    (void)count;
    return args[1].as.integer == INT64_MIN ? OVERFLOW("duration")
                                           : later(&args[0], -args[1].as.integer);
}

gwapi__cel_value gwapi__cel_subtract_times(gwapi__cel_context *context,
                                           const gwapi__cel_value *args, uint32_t count)
{
    int64_t seconds, result;
    int64_t nanos = args[0].as.time.nanos - args[1].as.time.nanos;

    (void)context;
    (void)count;
    return subtract(args[0].as.time.seconds, args[1].as.time.seconds, &seconds) &&
                   multiply(seconds, NANOS, &result) && add(result, nanos, &result)
               ? gwapi__cel_of_duration(result)
               : OVERFLOW("duration");
}
