/* Durations as GEP-2257 of the Gateway API writes them. */
#include "base/slice.h"
#include "model/route.h"

static uint64_t unit_at(gwapi_str text, size_t *at)
{
    gwapi_str rest = gwapi__str_sub(text, *at, SIZE_MAX);

    if (gwapi__str_starts(rest, GWAPI__STR("ms"))) {
        *at += 2;
        return 1;
    }
    if (rest.len == 0)
        return 0;
    ++*at;
    switch (rest.data[0]) {
    case 's':
        return 1000;
    case 'm':
        return UINT64_C(60) * 1000;
    case 'h':
        return UINT64_C(3600) * 1000;
    default:
        return 0;
    }
}

bool gwapi__duration_parse(gwapi_str text, uint64_t *milliseconds)
{
    uint64_t sum = 0;
    size_t at = 0, parts = 0;

    while (at < text.len) {
        uint64_t number = 0;
        size_t digits = 0;
        for (; at < text.len && gwapi__is_digit(text.data[at]); at++, digits++)
            if (digits < 5)
                number = number * 10 + (uint64_t)(text.data[at] - '0');
        uint64_t unit = unit_at(text, &at);
        if (digits < 1 || digits > 5 || unit == 0 || ++parts > 4)
            return false;
        sum += number * unit;
    }
    if (parts == 0)
        return false;
    *milliseconds = sum;
    return true;
}
