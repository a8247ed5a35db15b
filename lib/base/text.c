#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "base/utf8.h"

void gwapi__text_init(gwapi__text *t, const gwapi_allocator *allocator)
{
    *t = (gwapi__text){.allocator = *allocator};
}

void gwapi__text_free(gwapi__text *t)
{
    gwapi__free(&t->allocator, t->data, t->capacity);
    *t = (gwapi__text){.allocator = t->allocator};
}

static bool reserve(gwapi__text *t, size_t more)
{
    size_t need;

    if (t->failed)
        return false;
    if (!gwapi__add(t->len, more, &need)) {
        t->failed = true;
        return false;
    }
    if (need <= t->capacity)
        return true;
    size_t capacity = t->capacity != 0 ? t->capacity * 2 : 256;
    if (capacity < need)
        capacity = need;
    char *data = gwapi__resize(&t->allocator, t->data, t->capacity, capacity);
    if (data == NULL) {
        t->failed = true;
        return false;
    }
    t->data = data;
    t->capacity = capacity;
    return true;
}

void gwapi__text_add(gwapi__text *t, gwapi_str s)
{
    if (s.len == 0 || !reserve(t, s.len))
        return;
    memcpy(t->data + t->len, s.data, s.len);
    t->len += s.len;
}

void gwapi__text_addz(gwapi__text *t, const char *terminated)
{
    gwapi__text_add(t, gwapi__str_of(terminated));
}

void gwapi__text_char_grow(gwapi__text *t, char c)
{
    if (reserve(t, 1))
        t->data[t->len++] = c;
}

void gwapi__text_fill(gwapi__text *t, char c, size_t count)
{
    if (count == 0 || !reserve(t, count))
        return;
    memset(t->data + t->len, c, count);
    t->len += count;
}

void gwapi__text_u64(gwapi__text *t, uint64_t value)
{
    char digits[20];
    size_t n = sizeof digits;

    do {
        digits[--n] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    gwapi__text_add(t, gwapi__str(digits + n, sizeof digits - n));
}

void gwapi__text_i64(gwapi__text *t, int64_t value)
{
    if (value < 0)
        gwapi__text_char(t, '-');
    gwapi__text_u64(t, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

/* The decimal separator of the locale never matters: %e has exactly one byte sequence between
 * the first digit and the others, which is skipped. */
size_t gwapi__shortest_digits(double value, char digits[20], int *exponent)
{
    char text[64];

    for (int precision = 0; precision <= 17; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, value);
        if (strtod(text, NULL) == value)
            break;
    }
    size_t n = 0;
    const char *p = text;
    for (; *p != 'e'; p++)
        if (gwapi__is_digit(*p))
            digits[n++] = *p;
    *exponent = (int)strtol(p + 1, NULL, 10) + 1;
    while (n > 1 && digits[n - 1] == '0')
        n--;
    return n;
}

void gwapi__text_double(gwapi__text *t, double value)
{
    char digits[20];
    int exponent;

    if (value == 0) {
        gwapi__text_addz(t, signbit(value) ? "-0" : "0");
        return;
    }
    if (value < 0) {
        gwapi__text_char(t, '-');
        value = -value;
    }
    size_t n = gwapi__shortest_digits(value, digits, &exponent);
    if (value < 1e-6 || value >= 1e21) {
        gwapi__text_char(t, digits[0]);
        if (n > 1) {
            gwapi__text_char(t, '.');
            gwapi__text_add(t, gwapi__str(digits + 1, n - 1));
        }
        gwapi__text_char(t, 'e');
        gwapi__text_char(t, exponent - 1 < 0 ? '-' : '+');
        int magnitude = exponent - 1 < 0 ? 1 - exponent : exponent - 1;
        if (magnitude < 10 && exponent - 1 > 0)
            gwapi__text_char(t, '0');
        gwapi__text_u64(t, (uint64_t)magnitude);
        return;
    }
    if (exponent <= 0) {
        gwapi__text_addz(t, "0.");
        gwapi__text_fill(t, '0', (size_t)-exponent);
        gwapi__text_add(t, gwapi__str(digits, n));
        return;
    }
    size_t whole = (size_t)exponent;
    gwapi__text_add(t, gwapi__str(digits, n < whole ? n : whole));
    if (n < whole)
        gwapi__text_fill(t, '0', whole - n);
    else if (n > whole) {
        gwapi__text_char(t, '.');
        gwapi__text_add(t, gwapi__str(digits + whole, n - whole));
    }
}

void gwapi__text_rune(gwapi__text *t, uint32_t rune)
{
    char bytes[4];

    gwapi__text_add(t, gwapi__str(bytes, gwapi__utf8_encode(rune, bytes)));
}

static void json_escape(gwapi__text *t, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};

    switch (c) {
    case '"':
    case '\\':
        escape[1] = (char)c;
        break;
    case '\n':
        escape[1] = 'n';
        break;
    case '\r':
        escape[1] = 'r';
        break;
    case '\t':
        escape[1] = 't';
        break;
    default:
        gwapi__text_add(t, gwapi__str(escape, 6));
        return;
    }
    gwapi__text_add(t, gwapi__str(escape, 2));
}

void gwapi__text_json(gwapi__text *t, gwapi_str s)
{
    size_t plain = 0;

    gwapi__text_char(t, '"');
    for (size_t i = 0; i < s.len;) {
        unsigned char c = (unsigned char)s.data[i];
        size_t step = 1;
        uint32_t rune = c;
        bool valid = c < 0x80 || gwapi__utf8_step(gwapi__str_sub(s, i, s.len), &rune, &step);
        if (valid && c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) {
            i += step;
            continue;
        }
        gwapi__text_add(t, gwapi__str(s.data + plain, i - plain));
        if (valid)
            json_escape(t, c);
        else
            gwapi__text_addz(t, "\xef\xbf\xbd");
        i += step;
        plain = i;
    }
    gwapi__text_add(t, gwapi__str_sub(s, plain, s.len));
    gwapi__text_char(t, '"');
}

void gwapi__text_pointer(gwapi__text *t, gwapi_str segment)
{
    for (size_t i = 0; i < segment.len; i++) {
        if (segment.data[i] == '~')
            gwapi__text_addz(t, "~0");
        else if (segment.data[i] == '/')
            gwapi__text_addz(t, "~1");
        else
            gwapi__text_char(t, segment.data[i]);
    }
}

void gwapi__text_cut(gwapi__text *t, size_t len)
{
    if (len < t->len)
        t->len = len;
}

gwapi_result gwapi__text_flush(gwapi__text *t, const gwapi_sink *sink)
{
    if (t->failed)
        return GWAPI_ENOMEM;
    if (t->len != 0 && sink->write(sink->ctx, t->data, t->len) != 0)
        return GWAPI_ECALLBACK;
    t->len = 0;
    return GWAPI_OK;
}

void gwapi__json_comma(gwapi__text *t, bool *first)
{
    if (!*first)
        gwapi__text_char(t, ',');
    *first = false;
}

void gwapi__json_key(gwapi__text *t, bool *first, const char *key)
{
    gwapi__json_comma(t, first);
    gwapi__text_json(t, gwapi__str_of(key));
    gwapi__text_char(t, ':');
}

void gwapi__json_str(gwapi__text *t, bool *first, const char *key, gwapi_str value)
{
    gwapi__json_key(t, first, key);
    gwapi__text_json(t, value);
}

void gwapi__json_str_opt(gwapi__text *t, bool *first, const char *key, gwapi_str value)
{
    if (value.len != 0)
        gwapi__json_str(t, first, key, value);
}

void gwapi__json_u64(gwapi__text *t, bool *first, const char *key, uint64_t value)
{
    gwapi__json_key(t, first, key);
    gwapi__text_u64(t, value);
}

void gwapi__json_bool(gwapi__text *t, bool *first, const char *key, bool value)
{
    gwapi__json_key(t, first, key);
    gwapi__text_addz(t, value ? "true" : "false");
}

void gwapi__json_joined(gwapi__text *t, bool *first, const char *key, gwapi_str namespace_,
                        gwapi_str name)
{
    /* Neither part needs escaping inside the other's quotes: both are escaped on their own. */
    gwapi__json_key(t, first, key);
    gwapi__text_json(t, namespace_);
    gwapi__text_cut(t, t->len - 1);
    gwapi__text_char(t, '/');
    size_t quote = t->len;
    gwapi__text_json(t, name);
    if (t->failed)
        return;
    memmove(t->data + quote, t->data + quote + 1, t->len - quote - 1);
    gwapi__text_cut(t, t->len - 1);
}

void gwapi__json_item(gwapi__text *t, bool *first, bool *none, const char *key)
{
    if (*none) {
        gwapi__json_key(t, first, key);
        gwapi__text_char(t, '[');
    } else {
        gwapi__text_char(t, ',');
    }
    *none = false;
}

void gwapi__json_end(gwapi__text *t, bool none)
{
    if (!none)
        gwapi__text_char(t, ']');
}
