#include "schema/names.h"

#include "base/slice.h"
#include "cel/forms.h"

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

bool gwapi__is_printable(uint32_t rune)
{
    static const uint32_t hidden[][2] = {
        {0, 0x1f},          {0x7f, 0xa0},       {0xad, 0xad},       {0x600, 0x605},
        {0x61c, 0x61c},     {0x6dd, 0x6dd},     {0x70f, 0x70f},     {0x890, 0x891},
        {0x8e2, 0x8e2},     {0x1680, 0x1680},   {0x180e, 0x180e},   {0x2000, 0x200f},
        {0x2028, 0x202f},   {0x205f, 0x206f},   {0x3000, 0x3000},   {0xd800, 0xf8ff},
        {0xfdd0, 0xfdef},   {0xfeff, 0xfeff},   {0xfff9, 0xfffb},   {0xfffe, 0xffff},
        {0x110bd, 0x110bd}, {0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3},
        {0x1d173, 0x1d17a}, {0xe0000, 0xe007f}, {0xf0000, 0x10ffff}};

    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (rune >= hidden[i][0] && rune <= hidden[i][1])
            return false;
    return true;
}
