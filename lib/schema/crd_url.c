/* URLs as Go's net/url takes them apart, as far as definitions ask. */
#include "schema/crd_judge.h"

static bool has_control(gwapi_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7f)
            return true;
    return false;
}

static bool escapes_valid(gwapi_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.data[i] == '%' &&
            (i + 2 >= s.len || gwapi__hex(s.data[i + 1]) < 0 || gwapi__hex(s.data[i + 2]) < 0))
            return false;
    return true;
}

/* A path without scheme: no colon in its first segment. */
static bool is_relative(gwapi_str text)
{
    gwapi_str first, rest;

    gwapi__str_cut(text, '?', &text, &rest);
    gwapi__str_cut(text, '/', &first, &rest);
    return gwapi__str_find_char(first, ':') == SIZE_MAX && escapes_valid(text);
}

static gwapi_str scheme_of(gwapi_str text)
{
    size_t colon = gwapi__str_find_char(text, ':');

    for (size_t i = 0; i < text.len && i < colon; i++) {
        char c = text.data[i];
        if (!gwapi__is_alpha(c) &&
            (i == 0 || (!gwapi__is_digit(c) && c != '+' && c != '-' && c != '.')))
            return gwapi__str("", 0);
    }
    return colon != SIZE_MAX ? gwapi__str_sub(text, 0, colon) : gwapi__str("", 0);
}

bool gwapi__crd_url_split(gwapi_str text, gwapi__crd_url *out)
{
    gwapi_str rest, query, fragment;

    *out = (gwapi__crd_url){.host = {"", 0}};
    gwapi__str_cut(text, '#', &text, &fragment);
    if (has_control(text) || !escapes_valid(fragment) ||
        !(is_relative(text) || gwapi__format_matches(GWAPI__FORMAT_URI, text)))
        return false;
    out->has_fragment = fragment.len != 0;
    out->scheme = scheme_of(text);
    rest = out->scheme.len != 0 ? gwapi__str_sub(text, out->scheme.len + 1, text.len) : text;
    gwapi__str_cut(rest, '?', &rest, &query);
    out->has_query = query.len != 0;
    if (!gwapi__str_starts(rest, GWAPI__STR("//")))
        return true;
    gwapi__str_cut(gwapi__str_sub(rest, 2, rest.len), '/', &out->host, &rest);
    size_t at = gwapi__str_rfind_char(out->host, '@');
    out->has_user = at != SIZE_MAX;
    if (at != SIZE_MAX)
        out->host = gwapi__str_sub(out->host, at + 1, out->host.len);
    return true;
}
