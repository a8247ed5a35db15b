#include "schema/names.h"

#include "base/slice.h"
#include "base/utf8.h"
#include "cel/forms.h"
#include "regex/unicode.h"

const char *gwapi__name_dns_label(gwapi_str name)
{
    if (name.len > 63)
        return "have at most 63 characters";
    if (gwapi__name_is_label(name))
        return NULL;
    return gwapi__name_is_subdomain(name)
               ? "not contain dots"
               : "consist of lower-case letters, digits and '-', and begin "
                 "and end with a letter or digit";
}

const char *gwapi__name_dns_subdomain(gwapi_str name)
{
    if (name.len > 253)
        return "have at most 253 characters";
    return gwapi__name_is_subdomain(name)
               ? NULL
               : "consist of lower-case letters, digits, '-' and '.', and "
                 "begin and end with a letter or digit";
}

const char *gwapi__name_dns_1035_label(gwapi_str name)
{
    if (name.len > 63)
        return "have at most 63 characters";
    return gwapi__name_is_1035_label(name)
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
    return gwapi__name_is_plain(name)
               ? NULL
               : "consist of letters, digits, '-', '_' and '.', and begin and end "
                 "with a letter or digit";
}

const char *gwapi__name_label_value(gwapi_str name)
{
    if (name.len > 63)
        return "have at most 63 characters";
    return name.len == 0 || gwapi__name_is_plain(name)
               ? NULL
               : "be empty, or consist of letters, digits, '-', '_' and '.', and begin and end "
                 "with a letter or digit";
}

const char *gwapi__name_path_segment(gwapi_str name, bool prefix)
{
    if (!prefix &&
        (gwapi__str_eq(name, GWAPI__STR(".")) || gwapi__str_eq(name, GWAPI__STR(".."))))
        return "not be '.' or '..'";
    if (gwapi__str_find_char(name, '/') != SIZE_MAX)
        return "not contain '/'";
    return gwapi__str_find_char(name, '%') != SIZE_MAX ? "not contain '%'" : NULL;
}

bool gwapi__all_printable(gwapi_str text)
{
    gwapi__printable printable = {{NULL}};
    uint32_t rune;
    size_t step;

    for (size_t i = 0; i < text.len; i += step) {
        gwapi__utf8_step(gwapi__str_sub(text, i, text.len), &rune, &step);
        if (!gwapi__rune_is_printable(&printable, rune))
            return false;
    }
    return true;
}
