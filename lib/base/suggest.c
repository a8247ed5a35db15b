#include "base/suggest.h"
#include "base/slice.h"

#define LONGEST_NAME 48

static size_t least(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;

    return m < c ? m : c;
}

/* Insertions, deletions, replacements and swaps of neighbours that turn a into b, without regard
 * to case (optimal string alignment). */
static size_t distance(gwapi_str a, gwapi_str b)
{
    size_t rows[3][LONGEST_NAME + 1];

    for (size_t k = 0; k <= b.len; k++)
        rows[0][k] = k;
    for (size_t i = 1; i <= a.len; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t k = 1; k <= b.len; k++) {
            char x = gwapi__lower(a.data[i - 1]), y = gwapi__lower(b.data[k - 1]);
            row[k] = least(above[k] + 1, row[k - 1] + 1, above[k - 1] + (x != y));
            if (i > 1 && k > 1 && x == gwapi__lower(b.data[k - 2]) &&
                y == gwapi__lower(a.data[i - 2]) && two_above[k - 2] + 1 < row[k])
                row[k] = two_above[k - 2] + 1;
        }
    }
    return rows[a.len % 3][b.len];
}

gwapi_str gwapi__suggest(gwapi_str given, const gwapi__names *names)
{
    gwapi_str best = {NULL, 0};
    size_t nearest = given.len / 3 + 1; /* more changes than that are another name */

    if (given.len == 0 || given.len > LONGEST_NAME)
        return best;
    for (size_t i = 0; i < names->count; i++) {
        gwapi_str candidate = names->at(names->ctx, i);
        if (candidate.len > LONGEST_NAME || candidate.len == 0 ||
            gwapi__str_eq(candidate, given))
            continue;
        size_t d = distance(given, candidate);
        if (d < nearest || (d == nearest && best.data == NULL && d < candidate.len)) {
            nearest = d;
            best = candidate;
        }
    }
    return best;
}
