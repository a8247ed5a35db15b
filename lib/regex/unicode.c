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

static bool has(const gwapi__unicode_set *set, uint32_t rune)
{
    const gwapi__rune_range *ranges = &gwapi__unicode_ranges[set->first];
    size_t low = 0, high = set->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (ranges[middle].hi < rune)
            low = middle + 1;
        else
            high = middle;
    }
    return low < set->count && ranges[low].lo <= rune;
}

bool gwapi__rune_is_printable(gwapi__printable *printable, uint32_t rune)
{
    /* the largest first */
    static const char *const visible[GWAPI__PRINTABLE_SETS] = {
        "Lo", "Ll", "Lu", "So", "Mn", "Sm", "Nd", "Po", "Mc", "No", "Lm",
        "Nl", "Sk", "Ps", "Pe", "Pd", "Sc", "Lt", "Pi", "Pf", "Me", "Pc"};

    if (rune < 0x80)
        return rune >= ' ' && rune < 0x7f;
    for (size_t i = 0; i < GWAPI__PRINTABLE_SETS; i++) {
        if (printable->sets[i] == NULL)
            printable->sets[i] = gwapi__unicode_find(gwapi__str_of(visible[i]));
        if (has(printable->sets[i], rune))
            return true;
    }
    return false;
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
