/* Conditions on headers and query parameters (matching.md §6). */
#include "match/lookup.h"

gwapi__regex_answer gwapi__lookup_regex(gwapi__lookup *lookup, uint32_t regex, gwapi_str text)
{
    uint32_t steps = lookup->snapshot->limits.regex_steps;
    uint32_t left = steps < lookup->budget ? steps : lookup->budget, before = left;

    gwapi__regex_answer answer = gwapi__regex_full(
        gwapi__image_regex(lookup->snapshot, regex), lookup->regex, text, &left);
    lookup->budget -= before - left;
    return answer;
}

static gwapi__regex_answer equal(gwapi_str a, gwapi_str b)
{
    return gwapi__str_eq(a, b) ? GWAPI__REGEX_MATCH : GWAPI__REGEX_MISS;
}

/* ---- headers ---------------------------------------------------------------------------- */

/* Repeated values are one, joined with "," (RFC 9110 §5.3), cookies with "; ". */
static gwapi_str separator_of(gwapi_str name)
{
    return gwapi__str_eq(name, GWAPI__STR("cookie")) ? GWAPI__STR("; ") : GWAPI__STR(",");
}

/* Takes `piece` off the front of *rest; false if it does not stand there. */
static bool take(gwapi_str *rest, gwapi_str piece)
{
    if (!gwapi__str_starts(*rest, piece))
        return false;
    *rest = gwapi__str_sub(*rest, piece.len, rest->len);
    return true;
}

/* Does what is left behind the first value equal the others, `more` the next, joined? Without
 * joining them. */
static gwapi__regex_answer rest_equal(gwapi__header_walk walk, gwapi_str more, gwapi_str rest)
{
    gwapi_str separator = separator_of(walk.name);

    do {
        if (!take(&rest, separator) || !take(&rest, gwapi__str_trim(more)))
            return GWAPI__REGEX_MISS;
    } while (gwapi__header_walk_next(&walk, &more));
    return rest.len == 0 ? GWAPI__REGEX_MATCH : GWAPI__REGEX_MISS;
}

static bool append(gwapi__lookup *lookup, size_t *used, gwapi_str piece)
{
    if (piece.len > lookup->text_size - *used)
        return false;
    if (piece.len != 0)
        memcpy(lookup->text + *used, piece.data, piece.len);
    *used += piece.len;
    return true;
}

/* Joins them in the scratch. */
static gwapi__regex_answer joined_regex(gwapi__lookup *lookup, gwapi__header_walk walk,
                                        gwapi_str value, gwapi_str more, uint32_t regex)
{
    gwapi_str separator = separator_of(walk.name);
    size_t used = 0;

    if (!append(lookup, &used, value))
        return GWAPI__REGEX_SPENT;
    do {
        if (!append(lookup, &used, separator) ||
            !append(lookup, &used, gwapi__str_trim(more)))
            return GWAPI__REGEX_SPENT;
    } while (gwapi__header_walk_next(&walk, &more));
    return gwapi__lookup_regex(lookup, regex, gwapi__str(lookup->text, used));
}

/* The Host is what the request says it is, which need not be a header (HTTP/2, absolute form). */
static gwapi__regex_answer host_holds(gwapi__lookup *lookup,
                                      const gwapi__image_condition *condition)
{
    const gwapi_snapshot *s = lookup->snapshot;
    gwapi_str host = gwapi__request_host(s, lookup->request);

    if (host.data == NULL)
        return GWAPI__REGEX_MISS;
    host = gwapi__str_trim(host);
    if (condition->regex != GWAPI__IMAGE_NONE)
        return gwapi__lookup_regex(lookup, condition->regex, host);
    return equal(host, gwapi__image_str(s, condition->value));
}

/* A single value is compared where it is. */
static gwapi__regex_answer header_holds(gwapi__lookup *lookup,
                                        const gwapi__image_condition *condition)
{
    const gwapi_snapshot *s = lookup->snapshot;
    gwapi_str name = gwapi__image_str(s, gwapi__image_HEADER_NAME(s, condition->header)->text);
    gwapi_str value, more;

    if (gwapi__str_eq(name, GWAPI__STR("host")))
        return host_holds(lookup, condition);
    gwapi__header_walk walk = gwapi__header_walk_start(lookup->request, condition->header, name);
    if (!gwapi__header_walk_next(&walk, &value))
        return GWAPI__REGEX_MISS;
    value = gwapi__str_trim(value);
    if (condition->regex != GWAPI__IMAGE_NONE)
        return gwapi__header_walk_next(&walk, &more)
                   ? joined_regex(lookup, walk, value, more, condition->regex)
                   : gwapi__lookup_regex(lookup, condition->regex, value);
    /* The others are looked for only where the first does not decide. */
    gwapi_str expected = gwapi__image_str(s, condition->value);
    if (!take(&expected, value))
        return GWAPI__REGEX_MISS;
    if (gwapi__header_walk_next(&walk, &more))
        return rest_equal(walk, more, expected);
    return expected.len == 0 ? GWAPI__REGEX_MATCH : GWAPI__REGEX_MISS;
}

/* ---- query ------------------------------------------------------------------------------ */

/* Takes one byte off an encoded text (not empty): '+' is a blank, "%XX" a byte, a broken escape
 * itself. */
static char decode(gwapi_str *rest)
{
    const char *p = rest->data;
    size_t step = 1;
    char c = p[0];

    if (c == '+') {
        c = ' ';
    } else if (c == '%' && rest->len >= 3 && gwapi__hex(p[1]) >= 0 && gwapi__hex(p[2]) >= 0) {
        c = (char)(gwapi__hex(p[1]) * 16 + gwapi__hex(p[2]));
        step = 3;
    }
    *rest = gwapi__str(p + step, rest->len - step);
    return c;
}

static bool decoded_equal(gwapi_str encoded, gwapi_str expected)
{
    for (size_t i = 0; i < expected.len; i++)
        if (encoded.len == 0 || decode(&encoded) != expected.data[i])
            return false;
    return encoded.len == 0;
}

/* The first parameter of that name, still encoded. */
static bool find_parameter(gwapi_str query, gwapi_str name, gwapi_str *value)
{
    gwapi_str pair, key;

    while (query.data != NULL) {
        gwapi__str_cut(query, '&', &pair, &query);
        if (!gwapi__str_cut(pair, '=', &key, value))
            *value = GWAPI__STR("");
        if (decoded_equal(key, name))
            return true;
    }
    return false;
}

static gwapi__regex_answer query_holds(gwapi__lookup *lookup,
                                       const gwapi__image_condition *condition)
{
    const gwapi_snapshot *s = lookup->snapshot;
    gwapi_str value;
    size_t used = 0;

    if (!find_parameter(lookup->query, gwapi__image_str(s, condition->name), &value))
        return GWAPI__REGEX_MISS;
    if (condition->regex == GWAPI__IMAGE_NONE)
        return decoded_equal(value, gwapi__image_str(s, condition->value)) ? GWAPI__REGEX_MATCH
                                                                           : GWAPI__REGEX_MISS;
    while (value.len != 0) {
        char c = decode(&value);
        if (!append(lookup, &used, gwapi__str(&c, 1)))
            return GWAPI__REGEX_SPENT;
    }
    return gwapi__lookup_regex(lookup, condition->regex, gwapi__str(lookup->text, used));
}

/* ---- all of them ------------------------------------------------------------------------ */

gwapi__regex_answer gwapi__condition_holds(gwapi__lookup *lookup,
                                           const gwapi__image_condition *condition)
{
    return condition->header != GWAPI__IMAGE_NONE ? header_holds(lookup, condition)
                                                  : query_holds(lookup, condition);
}

gwapi__regex_answer gwapi__predicates_hold(gwapi__lookup *lookup,
                                           const gwapi__image_match *match)
{
    const gwapi_snapshot *s = lookup->snapshot;
    gwapi__regex_answer answer = GWAPI__REGEX_MATCH;

    if (match->method.offset != GWAPI__IMAGE_NONE)
        answer = equal(lookup->method, gwapi__image_str(s, match->method));
    for (uint32_t i = 0; answer == GWAPI__REGEX_MATCH && i < match->conditions.count; i++) {
        answer = gwapi__condition_holds(
            lookup, gwapi__image_CONDITION(s, match->conditions.first + i));
    }
    return answer;
}
