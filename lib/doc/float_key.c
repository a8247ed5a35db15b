#include "doc/float_key.h"

#include <math.h>
#include <string.h>

#include "base/slice.h"
#include "doc/decimal.h"

/* whole * 10^scale */
static double scaled(uint32_t whole, int scale)
{
    char data[32];
    gwapi__text t = {.data = data, .capacity = sizeof data};
    double value;

    gwapi__text_u64(&t, whole);
    gwapi__text_char(&t, 'e');
    gwapi__text_i64(&t, scale);
    gwapi__decimal_to_double(gwapi__text_str(&t), &value);
    return value;
}

/* The shortest digits that read back as the same float, as an integer and its power of ten.
 * Nine always do. */
static uint32_t shortest_float(float value, int *scale)
{
    double exact = (double)value;
    int magnitude = -46;
    uint32_t whole = 0;

    while (scaled(1, magnitude + 1) <= exact)
        magnitude++;
    for (int digits = 1; digits <= 9; digits++) {
        *scale = magnitude + 1 - digits;
        whole = (uint32_t)(exact / scaled(1, *scale) + 0.5);
        if ((float)scaled(whole, *scale) == value)
            break;
    }
    for (; whole % 10 == 0; whole /= 10)
        ++*scale;
    return whole;
}

/* As Go writes a float32 in its shortest general form. */
static void write_float(gwapi__text *t, float value)
{
    int scale;

    if (value < 0 || (value == 0 && signbit(value))) {
        gwapi__text_char(t, '-');
        value = -value;
    }
    if (value == 0) {
        gwapi__text_char(t, '0');
        return;
    }
    size_t start = t->len;
    gwapi__text_u64(t, shortest_float(value, &scale));
    if (t->failed)
        return;
    int digits = (int)(t->len - start), exponent = digits + scale - 1;
    char kept[16] = {0};
    memcpy(kept, t->data + start, (size_t)digits);
    gwapi__text_cut(t, start);
    if (exponent < -4 || exponent >= 6) {
        gwapi__text_char(t, kept[0]);
        if (digits > 1) {
            gwapi__text_char(t, '.');
            gwapi__text_add(t, gwapi__str(kept + 1, (size_t)digits - 1));
        }
        gwapi__text_addz(t, exponent < 0 ? "e-" : "e+");
        int magnitude = exponent < 0 ? -exponent : exponent;
        if (magnitude < 10)
            gwapi__text_char(t, '0');
        gwapi__text_u64(t, (uint64_t)magnitude);
    } else if (exponent < 0) {
        gwapi__text_addz(t, "0.");
        gwapi__text_fill(t, '0', (size_t)(-exponent - 1));
        gwapi__text_addz(t, kept);
    } else if (scale >= 0) {
        gwapi__text_addz(t, kept);
        gwapi__text_fill(t, '0', (size_t)scale);
    } else {
        gwapi__text_add(t, gwapi__str(kept, (size_t)exponent + 1));
        gwapi__text_char(t, '.');
        gwapi__text_addz(t, kept + exponent + 1);
    }
}

void gwapi__float_key(gwapi__text *t, double number)
{
    float value = (float)number;

    if (isnan(value))
        gwapi__text_addz(t, ".nan");
    else if (isinf(value))
        gwapi__text_addz(t, value > 0 ? ".inf" : "-.inf");
    else
        write_float(t, value);
}
