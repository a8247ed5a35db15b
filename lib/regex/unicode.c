#include "regex/unicode.h"

#include "base/slice.h"

/* Skips what does not count in a name; false at its end. */
static bool name_step(gwapi_str name, size_t *i, char *c)
{
    while (*i < name.len) {
        *c = gwapi__lower(name.data[(*i)++]);
        if (*c != '_' && *c != '-' && *c != ' ')
            return true;
    }
    return false;
}

static int name_cmp(gwapi_str name, const char *canonical)
{
    size_t i = 0;
    char c;

    for (; name_step(name, &i, &c); canonical++)
        if (c != *canonical || c == '\0')
            return (unsigned char)c < (unsigned char)*canonical ? -1 : 1;
    return *canonical == '\0' ? 0 : -1;
}

const gwapi__unicode_set *gwapi__unicode_find(gwapi_str name)
{
    size_t lo = 0, hi = GWAPI__UNICODE_SETS;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int order = name_cmp(name, gwapi__unicode_sets[mid].name);
        if (order == 0)
            return &gwapi__unicode_sets[mid];
        if (order < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}

size_t gwapi__fold_run_from(uint32_t rune)
{
    size_t lo = 0, hi = GWAPI__FOLD_RUNS;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (gwapi__fold_runs[mid].hi < rune)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

uint32_t gwapi__rune_fold(uint32_t rune)
{
    size_t i = gwapi__fold_run_from(rune);

    if (i == GWAPI__FOLD_RUNS || gwapi__fold_runs[i].lo > rune)
        return rune;
    const gwapi__fold_run *run = &gwapi__fold_runs[i];
    uint32_t at = rune - run->lo;
    if (run->stride == 0)
        return at % 2 == 0 ? rune + 1 : rune - 1;
    return at % run->stride == 0 ? (uint32_t)((int32_t)rune + run->delta) : rune;
}
