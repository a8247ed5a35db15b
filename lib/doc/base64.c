#include "base/slice.h"
#include "doc/scalar.h"

static int sextet(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (gwapi__is_digit(c))
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Decodes into `out`, which has room; returns the length, SIZE_MAX if it is not base64. */
static size_t decode(gwapi_str text, char *out)
{
    uint32_t group = 0;
    size_t filled = 0, padding = 0, n = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c == '\n' || c == '\r')
            continue;
        int value = sextet(c);
        if (c == '=' && filled + padding >= 2 && filled + padding < 4)
            padding++;
        else if (value < 0 || padding != 0)
            return SIZE_MAX;
        else {
            group = group << 6 | (uint32_t)value;
            filled++;
        }
        if (filled + padding < 4)
            continue;
        group <<= 6 * padding;
        for (size_t k = 0; k < 3 - padding; k++)
            out[n++] = (char)(group >> (16 - 8 * k));
        group = 0;
        filled = padding == 0 ? 0 : 4; /* nothing may follow a padded group */
    }
    return filled == 0 || (filled == 4 && padding != 0) ? n : SIZE_MAX;
}

bool gwapi__base64_decode(gwapi__arena *arena, gwapi_str text, gwapi_str *out, bool *no_memory)
{
    char *data = gwapi__arena_alloc(arena, text.len + 1);

    *no_memory = data == NULL;
    if (data == NULL)
        return false;
    size_t len = decode(text, data);
    if (len == SIZE_MAX)
        return false;
    data[len] = '\0';
    *out = gwapi__str(data, len);
    return true;
}
