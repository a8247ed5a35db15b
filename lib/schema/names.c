#include "schema/names.h"

#include "base/slice.h"

static bool is_lower_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || gwapi__is_digit(c);
}

static bool is_alnum(char c)
{
    return is_lower_alnum(c) || (c >= 'A' && c <= 'Z');
}

static bool label_form(gwapi_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_lower_alnum(s.data[i]) && s.data[i] != '-')
            return false;
    return s.len != 0 && s.data[0] != '-' && s.data[s.len - 1] != '-';
}

static bool subdomain_form(gwapi_str s)
{
    gwapi_str label, rest = s;

    for (bool more = true; more;) {
        more = gwapi__str_cut(rest, '.', &label, &rest);
        if (!label_form(label))
            return false;
    }
    return true;
}

/* Letters, digits, and '-', '_', '.' inside. */
static bool name_form(gwapi_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_alnum(s.data[i]) && s.data[i] != '-' && s.data[i] != '_' && s.data[i] != '.')
            return false;
    return s.len != 0 && is_alnum(s.data[0]) && is_alnum(s.data[s.len - 1]);
}

const char *gwapi__name_dns_label(gwapi_str name)
{
    if (name.len > 63)
        return "have at most 63 characters";
    if (label_form(name))
        return NULL;
    return subdomain_form(name) ? "not contain dots"
                                : "consist of lower-case letters, digits and '-', and begin "
                                  "and end with a letter or digit";
}

const char *gwapi__name_dns_subdomain(gwapi_str name)
{
    if (name.len > 253)
        return "have at most 253 characters";
    return subdomain_form(name) ? NULL
                                : "consist of lower-case letters, digits, '-' and '.', and "
                                  "begin and end with a letter or digit";
}

const char *gwapi__name_dns_1035_label(gwapi_str name)
{
    if (name.len > 63)
        return "have at most 63 characters";
    return label_form(name) && gwapi__is_alpha(name.data[0])
               ? NULL
               : "consist of letters, digits and '-', and begin with a letter";
}

const char *gwapi__name_qualified(gwapi_str name)
{
    gwapi_str prefix, rest;

    if (gwapi__str_cut(name, '/', &prefix, &rest)) {
        if (gwapi__str_find_char(rest, '/') != SIZE_MAX)
            return "have at most one '/'";
        if (gwapi__name_dns_subdomain(prefix) != NULL)
            return "have a DNS name in lower case before the '/'";
        name = rest;
    }
    if (name.len == 0)
        return "not be empty, nor end with '/'";
    if (name.len > 63)
        return "have at most 63 characters, not counting what is before a '/'";
    return name_form(name) ? NULL
                           : "consist of letters, digits, '-', '_' and '.', and begin and end "
                             "with a letter or digit";
}

const char *gwapi__name_label_value(gwapi_str name)
{
    if (name.len > 63)
        return "have at most 63 characters";
    return name.len == 0 || name_form(name)
               ? NULL
               : "be empty, or consist of letters, digits, '-', '_' and '.', and begin and end "
                 "with a letter or digit";
}

const char *gwapi__name_path_segment(gwapi_str name, bool prefix)
{
    if (!prefix && (gwapi__str_eq(name, GWAPI__STR(".")) || gwapi__str_eq(name, GWAPI__STR(".."))))
        return "not be '.' or '..'";
    if (gwapi__str_find_char(name, '/') != SIZE_MAX)
        return "not contain '/'";
    return gwapi__str_find_char(name, '%') != SIZE_MAX ? "not contain '%'" : NULL;
}
