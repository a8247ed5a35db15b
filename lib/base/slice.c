#include "base/slice.h"

bool gwapi__bytes_eq(const char *a, const char *b, size_t len)
{
    if (len > 32)
        return memcmp(a, b, len) == 0;
    if (len >= 8)
        return gwapi__long_eq(a, b, len);
    if (len >= 4)
        return gwapi__halves_eq(a, b, len);
    return a[0] == b[0] && a[len / 2] == b[len / 2] && a[len - 1] == b[len - 1];
}

int gwapi__str_cmp(gwapi_str a, gwapi_str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n != 0 ? memcmp(a.data, b.data, n) : 0;

    if (order != 0)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

static uint64_t lower_at(const char *p)
{
    uint64_t word;

    memcpy(&word, p, sizeof word);
    return gwapi__lower_word(word);
}

bool gwapi__str_eq_nocase(gwapi_str a, gwapi_str b)
{
    if (a.len != b.len)
        return false;
    if (a.len >= 8) {
        for (size_t i = 0; i + 8 < a.len; i += 8)
            if (lower_at(a.data + i) != lower_at(b.data + i))
                return false;
        return lower_at(a.data + a.len - 8) == lower_at(b.data + b.len - 8);
    }
    for (size_t i = 0; i < a.len; i++)
        if (gwapi__lower(a.data[i]) != gwapi__lower(b.data[i]))
            return false;
    return true;
}

bool gwapi__str_ends(gwapi_str s, gwapi_str suffix)
{
    if (s.len < suffix.len || suffix.len == 0)
        return suffix.len == 0;
    return memcmp(s.data + (s.len - suffix.len), suffix.data, suffix.len) == 0;
}

size_t gwapi__str_find(gwapi_str s, gwapi_str needle)
{
    if (needle.len == 0)
        return 0;
    for (size_t i = 0; s.len - i >= needle.len && i < s.len; i++) {
        const char *hit = memchr(s.data + i, needle.data[0], s.len - i);
        if (hit == NULL)
            return SIZE_MAX;
        i = (size_t)(hit - s.data);
        if (s.len - i >= needle.len && memcmp(hit, needle.data, needle.len) == 0)
            return i;
    }
    return SIZE_MAX;
}

size_t gwapi__str_rfind_char(gwapi_str s, char c)
{
    for (size_t i = s.len; i > 0; i--)
        if (s.data[i - 1] == c)
            return i - 1;
    return SIZE_MAX;
}

bool gwapi__str_cut(gwapi_str s, char c, gwapi_str *head, gwapi_str *tail)
{
    size_t at = gwapi__str_find_char(s, c);

    if (at == SIZE_MAX) {
        *head = s;
        *tail = (gwapi_str){NULL, 0};
        return false;
    }
    *head = (gwapi_str){s.data, at};
    *tail = (gwapi_str){s.data + at + 1, s.len - at - 1};
    return true;
}

gwapi_str gwapi__str_trim(gwapi_str s)
{
    while (s.len != 0 && (s.data[0] == ' ' || s.data[0] == '\t'))
        s = (gwapi_str){s.data + 1, s.len - 1};
    while (s.len != 0 && (s.data[s.len - 1] == ' ' || s.data[s.len - 1] == '\t'))
        s.len--;
    return s;
}

int gwapi__hex(char c)
{
    if (gwapi__is_digit(c))
        return c - '0';
    c = gwapi__lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool gwapi__str_to_u64(gwapi_str s, uint64_t *out)
{
    uint64_t value = 0;

    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!gwapi__is_digit(s.data[i]))
            return false;
        unsigned digit = (unsigned)(s.data[i] - '0');
        if (value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

bool gwapi__str_to_i64(gwapi_str s, int64_t *out)
{
    bool negative = s.len != 0 && s.data[0] == '-';
    uint64_t magnitude;

    if (!gwapi__str_to_u64(gwapi__str_sub(s, negative, s.len), &magnitude))
        return false;
    if (magnitude > (uint64_t)INT64_MAX + negative)
        return false;
    *out = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    return true;
}
