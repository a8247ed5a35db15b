#include "cel/forms.h"

#include "base/slice.h"
#include "base/time.h"
#include "base/utf8.h"

static bool is_lower_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || gwapi__is_digit(c);
}

static bool is_alnum(char c)
{
    return is_lower_alnum(c) || (c >= 'A' && c <= 'Z');
}

bool gwapi__name_is_label(gwapi_str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!is_lower_alnum(name.data[i]) && name.data[i] != '-')
            return false;
    return name.len != 0 && name.data[0] != '-' && name.data[name.len - 1] != '-';
}

bool gwapi__name_is_subdomain(gwapi_str name)
{
    gwapi_str label, rest = name;

    for (bool more = true; more;) {
        more = gwapi__str_cut(rest, '.', &label, &rest);
        if (!gwapi__name_is_label(label))
            return false;
    }
    return true;
}

bool gwapi__name_is_1035_label(gwapi_str name)
{
    return gwapi__name_is_label(name) && gwapi__is_alpha(name.data[0]);
}

bool gwapi__name_is_plain(gwapi_str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!is_alnum(name.data[i]) && name.data[i] != '-' && name.data[i] != '_' &&
            name.data[i] != '.')
            return false;
    return name.len != 0 && is_alnum(name.data[0]) && is_alnum(name.data[name.len - 1]);
}

bool gwapi__is_base64(gwapi_str s)
{
    size_t padding = s.len != 0 && s.data[s.len - 1] == '=';

    padding += padding != 0 && s.len > 1 && s.data[s.len - 2] == '=';
    for (size_t i = 0; i < s.len - padding; i++)
        if (!is_alnum(s.data[i]) && s.data[i] != '+' && s.data[i] != '/')
            return false;
    return s.len != 0 && s.len % 4 == 0;
}

bool gwapi__is_uuid(gwapi_str s)
{
    static const size_t groups[] = {8, 4, 4, 4, 12};
    size_t at = 0;

    for (size_t g = 0; g < 5; g++) {
        at += g != 0 && at < s.len && s.data[at] == '-';
        for (size_t end = at + groups[g]; at < end; at++)
            if (at >= s.len || gwapi__hex(s.data[at]) < 0)
                return false;
    }
    return at == s.len;
}

static bool two_digits(gwapi_str s, size_t at, int most)
{
    return at + 2 <= s.len && gwapi__is_digit(s.data[at]) && gwapi__is_digit(s.data[at + 1]) &&
           (s.data[at] - '0') * 10 + (s.data[at + 1] - '0') <= most;
}

static bool is_offset(gwapi_str s)
{
    if (s.len == 1)
        return gwapi__lower(s.data[0]) == 'z';
    return s.len == 6 && (s.data[0] == '+' || s.data[0] == '-') && two_digits(s, 1, 99) &&
           s.data[3] == ':' && two_digits(s, 4, 99);
}

// Behind the seconds: maybe any character and digits, then the offset.
static bool is_fraction_and_offset(gwapi_str s)
{
    uint32_t rune;
    size_t step, end;

    if (is_offset(s))
        return true;
    if (s.len == 0 || s.data[0] == '\n')
        return false;
    gwapi__utf8_step(s, &rune, &step);
    for (end = step; end < s.len && gwapi__is_digit(s.data[end]);)
        end++;
    return end > step && is_offset(gwapi__str_sub(s, end, s.len));
}

// What stands behind a second letter T is not looked at.
bool gwapi__is_date_time(gwapi_str s)
{
    size_t t = 0, end;

    while (t < s.len && gwapi__lower(s.data[t]) != 't')
        t++;
    if (t == s.len || !gwapi__date_valid(gwapi__str_sub(s, 0, t)))
        return false;
    for (end = t + 1; end < s.len && gwapi__lower(s.data[end]) != 't';)
        end++;
    gwapi_str time = gwapi__str_sub(s, t + 1, end - t - 1);
    return two_digits(time, 0, 23) && time.len > 8 && time.data[2] == ':' &&
           two_digits(time, 3, 59) && time.data[5] == ':' && two_digits(time, 6, 59) &&
           is_fraction_and_offset(gwapi__str_sub(time, 8, time.len));
}
