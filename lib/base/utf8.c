#include "base/utf8.h"

#include "base/slice.h"

bool gwapi__utf8_step(gwapi_str s, uint32_t *rune, size_t *step)
{
    const unsigned char *p = (const unsigned char *)s.data;
    size_t n = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
    static const unsigned char first_mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};

    *rune = GWAPI__RUNE_ERROR;
    *step = 1;
    if (n == 0 || n > s.len)
        return false;
    uint32_t value = p[0] & first_mask[n];
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return false;
        value = value << 6 | (p[i] & 0x3f);
    }
    if (value < smallest[n] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return false;
    *rune = value;
    *step = n;
    return true;
}

size_t gwapi__utf8_encode(uint32_t rune, char out[4])
{
    if (rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff))
        rune = GWAPI__RUNE_ERROR;
    if (rune < 0x80) {
        out[0] = (char)rune;
        return 1;
    }
    size_t n = rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (rune & 0x3f));
        rune >>= 6;
    }
    out[0] = (char)(lead[n] | rune);
    return n;
}

size_t gwapi__utf8_ascii(gwapi_str s)
{
    uint64_t word;
    size_t i = 0;

    for (; i + sizeof word <= s.len; i += sizeof word) {
        memcpy(&word, s.data + i, sizeof word);
        if ((word & UINT64_C(0x8080808080808080)) != 0)
            break;
    }
    if (i + sizeof word > s.len && s.len >= sizeof word) { /* the rest with what is before it */
        memcpy(&word, s.data + s.len - sizeof word, sizeof word);
        if ((word & UINT64_C(0x8080808080808080)) == 0)
            return s.len;
    }
    while (i < s.len && (unsigned char)s.data[i] < 0x80)
        i++;
    return i;
}

bool gwapi__utf8_valid(gwapi_str s)
{
    uint32_t rune;
    size_t step;

    for (size_t i = gwapi__utf8_ascii(s); i < s.len; i += step)
        if (!gwapi__utf8_step(gwapi__str_sub(s, i, s.len), &rune, &step))
            return false;
    return true;
}

size_t gwapi__utf8_count(gwapi_str s)
{
    uint32_t rune;
    size_t step, i = gwapi__utf8_ascii(s), count = i;

    for (; i < s.len; i += step, count++)
        gwapi__utf8_step(gwapi__str_sub(s, i, s.len), &rune, &step);
    return count;
}

static bool is_space(uint32_t rune)
{
    if (rune < 0x100)
        return (rune >= '\t' && rune <= '\r') || rune == ' ' || rune == 0x85 || rune == 0xa0;
    return (rune >= 0x2000 && rune <= 0x200a) || rune == 0x1680 || rune == 0x2028 ||
           rune == 0x2029 || rune == 0x202f || rune == 0x205f || rune == 0x3000;
}

gwapi_str gwapi__utf8_trim(gwapi_str s)
{
    size_t start = 0, end = 0, step;
    uint32_t rune;

    for (size_t i = 0; i < s.len; i += step) {
        gwapi__utf8_step(gwapi__str_sub(s, i, s.len), &rune, &step);
        if (!is_space(rune))
            end = i + step;
        else if (end == 0)
            start = i + step;
    }
    return gwapi__str_sub(s, start, end > start ? end - start : 0);
}

static size_t rune_width(uint32_t r)
{
    if (r < 0x20 || r == 0x7f || (r >= 0x300 && r <= 0x36f) || (r >= 0x200b && r <= 0x200f) ||
        (r >= 0xfe00 && r <= 0xfe0f) || (r >= 0x20d0 && r <= 0x20ff) || r == 0xfeff)
        return 0;
    if ((r >= 0x1100 && r <= 0x115f) || (r >= 0x2e80 && r <= 0xa4cf && r != 0x303f) ||
        (r >= 0xac00 && r <= 0xd7a3) || (r >= 0xf900 && r <= 0xfaff) ||
        (r >= 0xfe30 && r <= 0xfe6f) || (r >= 0xff00 && r <= 0xff60) ||
        (r >= 0xffe0 && r <= 0xffe6) || (r >= 0x1f300 && r <= 0x1f64f) ||
        (r >= 0x1f900 && r <= 0x1f9ff) || (r >= 0x20000 && r <= 0x3fffd))
        return 2;
    return 1;
}

size_t gwapi__utf8_width(gwapi_str s)
{
    uint32_t rune;
    size_t step, width = 0;

    for (size_t i = 0; i < s.len; i += step) {
        gwapi__utf8_step(gwapi__str_sub(s, i, s.len), &rune, &step);
        width += rune_width(rune);
    }
    return width;
}
