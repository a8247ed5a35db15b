#include "cel/search.h"

#include <string.h>
#include "base/utf8.h"

// The i-th byte in the direction of the search.
static char byte(gwapi_str s, size_t i, bool backward)
{
    return s.data[backward ? s.len - 1 - i : i];
}

bool gwapi__cel_search_init(gwapi__cel_search *search, gwapi__cel_context *context,
                            gwapi_str needle, bool backward)
{
    uint32_t *borders = search->few;

    if (needle.len > sizeof(search->few) / sizeof(search->few[0])) {
        borders = gwapi__arena_array(context->arena, needle.len, sizeof(*borders));
        if (borders == NULL) {
            gwapi__cel_no_memory(context);
            return false;
        }
    }
    borders[0] = 0;
    uint32_t border = 0;
    for (size_t i = 1; i < needle.len; i++) {
        char c = byte(needle, i, backward);
        while (border > 0 && byte(needle, border, backward) != c)
            border = borders[border - 1];
        border += byte(needle, border, backward) == c;
        borders[i] = border;
    }
    search->needle = needle;
    search->backward = backward;
    search->borders = borders;
    return true;
}

size_t gwapi__cel_search_find(const gwapi__cel_search *search, gwapi_str text)
{
    gwapi_str needle = search->needle;
    bool backward = search->backward;
    size_t matched = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = byte(text, i, backward);
        while (matched > 0 && byte(needle, matched, backward) != c)
            matched = search->borders[matched - 1];
        matched += byte(needle, matched, backward) == c;
        if (matched == needle.len)
            return backward ? text.len - 1 - i : i + 1 - needle.len;
    }
    return SIZE_MAX;
}

// Is no top bit set?
static bool all_ascii(const char *eight)
{
    uint64_t word;

    memcpy(&word, eight, sizeof word);
    return (word & UINT64_C(0x8080808080808080)) == 0;
}

size_t gwapi__cel_offset_of(gwapi_str text, uint64_t index)
{
    size_t i = 0;
    uint32_t rune;
    size_t step;

    while (index > 0) {
        if (index >= 8 && text.len - i >= 8 && all_ascii(text.data + i)) {
            i += 8;
            index -= 8;
            continue;
        }
        if (i == text.len)
            return SIZE_MAX;
        gwapi__utf8_step((gwapi_str){text.data + i, text.len - i}, &rune, &step);
        i += step;
        index--;
    }
    return i;
}
