/*
 * Formats of strings, as k8s.io/kube-openapi pkg/validation/strfmt takes them. Which ones count
 * depends on the Kubernetes version (apiextensions-apiserver pkg/apiserver/validation/formats.go).
 */
#include "schema/type.h"

#include "base/slice.h"
#include "base/time.h"
#include "cel/forms.h"
#include "cel/time.h"
#include "cel/uri.h"

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v');
}

static bool is_alnum(char c)
{
    return gwapi__is_digit(c) || gwapi__is_alpha(c);
}

/* ---- addresses ------------------------------------------------------------------------- */

/* `sloppy` allows zeros in front, as Go did before 1.17. */
static bool is_ipv4(gwapi_str s, bool sloppy)
{
    size_t at = 0;

    for (int part = 0; part < 4; part++) {
        unsigned value = 0;
        size_t start = part == 0 ? at : at + 1;
        if (part > 0 && (at >= s.len || s.data[at] != '.'))
            return false;
        for (at = start; at < s.len && gwapi__is_digit(s.data[at]) && value <= 255; at++)
            value = value * 10 + (unsigned)(s.data[at] - '0');
        if (at == start || value > 255)
            return false;
        if (!sloppy && at - start > 1 && s.data[start] == '0')
            return false;
    }
    return at == s.len;
}

/* One group of hexadecimal digits; its length, 0 if it is none. */
static size_t hex_group(gwapi_str s, bool sloppy)
{
    unsigned long value = 0;
    size_t n = 0;

    while (n < s.len && gwapi__hex(s.data[n]) >= 0 && value <= 0xffff)
        value = value * 16 + (unsigned)gwapi__hex(s.data[n++]);
    return value > 0xffff || (!sloppy && n > 4) ? 0 : n;
}

static bool is_ipv6(gwapi_str s, bool sloppy)
{
    int groups = 0, gap = -1;

    if (gwapi__str_starts(s, GWAPI__STR("::"))) {
        gap = 0;
        s = gwapi__str_sub(s, 2, s.len);
    }
    while (s.len != 0 && groups < 8) {
        size_t n = hex_group(s, sloppy);
        if (n == 0)
            return false;
        if (n < s.len && s.data[n] == '.') {
            if ((gap < 0 && groups != 6) || groups > 6 || !is_ipv4(s, sloppy))
                return false;
            groups += 2;
            s.len = 0;
            break;
        }
        groups++;
        s = gwapi__str_sub(s, n, s.len);
        if (s.len == 0)
            break;
        if (s.data[0] != ':' || s.len == 1)
            return false;
        s = gwapi__str_sub(s, 1, s.len);
        if (s.data[0] == ':') {
            if (gap >= 0)
                return false;
            gap = groups;
            s = gwapi__str_sub(s, 1, s.len);
        }
    }
    return s.len == 0 && (gap >= 0 ? groups < 8 : groups == 8);
}

/* What stands first decides: a dot or a colon. */
static bool is_ip(gwapi_str s, bool sloppy)
{
    size_t dot = gwapi__str_find_char(s, '.'), colon = gwapi__str_find_char(s, ':');

    if (dot == colon) /* neither */
        return false;
    return dot < colon ? is_ipv4(s, sloppy) : is_ipv6(s, sloppy);
}

static bool check_ipv4(gwapi_str s)
{
    return is_ip(s, true) && gwapi__str_find_char(s, '.') != SIZE_MAX;
}

static bool check_ipv6(gwapi_str s)
{
    return is_ip(s, false) && gwapi__str_find_char(s, ':') != SIZE_MAX;
}

static bool check_cidr(gwapi_str s)
{
    gwapi_str address, prefix;
    uint64_t bits;

    if (!gwapi__str_cut(s, '/', &address, &prefix) || !gwapi__str_to_u64(prefix, &bits))
        return false;
    return (is_ipv4(address, true) && bits <= 32) || (is_ipv6(address, true) && bits <= 128);
}

/* Groups of `digits` hexadecimal digits, `groups` of them, with one separator. */
static bool is_hex_groups(gwapi_str s, char separator, size_t digits, size_t groups)
{
    if (s.len != groups * (digits + 1) - 1)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (i % (digits + 1) == digits ? s.data[i] != separator : gwapi__hex(s.data[i]) < 0)
            return false;
    return true;
}

static bool check_mac(gwapi_str s)
{
    static const size_t bytes[] = {6, 8, 20};

    for (size_t i = 0; i < 3; i++)
        if (is_hex_groups(s, ' ', bytes[i] * 2, 1) || is_hex_groups(s, ':', 2, bytes[i]) || is_hex_groups(s, '-', 2, bytes[i]) ||
            is_hex_groups(s, '.', 4, bytes[i] / 2))
            return true;
    return false;
}

/* ---- times ----------------------------------------------------------------------------- */

static bool check_duration(gwapi_str s)
{
    int64_t nanoseconds;

    return gwapi__cel_duration_read_loose(s, &nanoseconds);
}

/* ---- names and numbers ----------------------------------------------------------------- */

/* Beside the pattern: octets. */
static bool check_hostname(gwapi_str s)
{
    gwapi_str label, rest = s;

    if (s.len > 255)
        return false;
    for (bool more = true; more;) {
        more = gwapi__str_cut(rest, '.', &label, &rest);
        if (label.len > 63)
            return false;
    }
    return true;
}

static bool check_short_name(gwapi_str s)
{
    return s.len <= 63;
}

static bool check_long_name(gwapi_str s)
{
    return s.len <= 253;
}

static bool check_ssn(gwapi_str s)
{
    return s.len == 11;
}

/* Digits without what `skipped` says; their count, or SIZE_MAX if there are more than `most`. */
static size_t digits_of(gwapi_str s, char *out, size_t most, bool (*skipped)(char))
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (skipped(s.data[i]))
            continue;
        if (n == most)
            return SIZE_MAX;
        out[n++] = s.data[i];
    }
    return n;
}

static bool is_space_or_minus(char c)
{
    return is_space(c) || c == '-';
}

static bool check_isbn10(gwapi_str s)
{
    char d[10];
    int sum = 0;

    if (digits_of(s, d, 10, is_space_or_minus) != 10)
        return false;
    for (int i = 0; i < 10; i++) {
        if (!gwapi__is_digit(d[i]) && (i != 9 || d[i] != 'X'))
            return false;
        sum += (i + 1) * (d[i] == 'X' ? 10 : d[i] - '0');
    }
    return sum % 11 == 0;
}

static bool check_isbn13(gwapi_str s)
{
    char d[13];
    int sum = 0;

    if (digits_of(s, d, 13, is_space_or_minus) != 13)
        return false;
    for (int i = 0; i < 13; i++) {
        if (!gwapi__is_digit(d[i]))
            return false;
        sum += (i % 2 != 0 ? 3 : 1) * (d[i] - '0');
    }
    return sum % 10 == 0;
}

static bool check_isbn(gwapi_str s)
{
    return check_isbn10(s) || check_isbn13(s);
}

static bool is_no_digit(char c)
{
    return !gwapi__is_digit(c);
}

/* Issuers by the first digits and the length. */
static bool is_card_number(gwapi_str d)
{
    static const struct {
        const char *low, *high;
        size_t length;
    } issuers[] = {{"4", "4", 13},       {"4", "4", 16},       {"51", "55", 16},
                   {"6011", "6011", 16}, {"65", "65", 16},     {"34", "34", 15},
                   {"37", "37", 15},     {"300", "305", 14},   {"36", "36", 14},
                   {"38", "38", 14},     {"2131", "2131", 15}, {"1800", "1800", 15},
                   {"35", "35", 16}};

    for (size_t i = 0; i < sizeof issuers / sizeof *issuers; i++) {
        gwapi_str low = gwapi__str_of(issuers[i].low), high = gwapi__str_of(issuers[i].high);
        gwapi_str head = gwapi__str_sub(d, 0, low.len);
        if (d.len == issuers[i].length && gwapi__str_cmp(head, low) >= 0 &&
            gwapi__str_cmp(head, high) <= 0)
            return true;
    }
    return false;
}

static bool check_credit_card(gwapi_str s)
{
    char d[19];
    size_t n = digits_of(s, d, sizeof d, is_no_digit);
    int sum = 0;

    if (n == SIZE_MAX || !is_card_number(gwapi__str(d, n)))
        return false;
    for (size_t i = 0; i < n; i++) { /* Luhn: every second digit from the end counts double */
        int digit = d[n - 1 - i] - '0';
        if (i % 2 != 0)
            digit = digit * 2 - (digit > 4 ? 9 : 0);
        sum += digit;
    }
    return sum % 10 == 0;
}

/* ---- URIs and mail --------------------------------------------------------------------- */

static bool check_uri(gwapi_str s)
{
    gwapi__uri_fault ignored;
    gwapi__uri uri;

    return gwapi__uri_parse_request(&uri, s, &ignored);
}

/* With dots between, or in a name anywhere. */
static bool is_atom(gwapi_str s, bool any_dots)
{
    bool after_dot = true;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.data[i];
        if (c == '.' && (any_dots || !after_dot)) {
            after_dot = !any_dots;
            continue;
        }
        if (!is_alnum(c) && (unsigned char)c < 0x80 && strchr("!#$%&'*+-/=?^_`{|}~", c) == NULL)
            return false;
        after_dot = false;
    }
    return s.len != 0 && !after_dot;
}

static bool is_quoted(gwapi_str s)
{
    if (s.len < 2 || s.data[0] != '"' || s.data[s.len - 1] != '"')
        return false;
    for (size_t i = 1; i + 1 < s.len; i++) {
        if (s.data[i] == '"')
            return false;
        if (s.data[i] == '\\' && ++i + 1 >= s.len)
            return false;
    }
    return true;
}

static bool is_address_spec(gwapi_str s)
{
    size_t at = gwapi__str_rfind_char(s, '@');

    if (at == SIZE_MAX)
        return false;
    gwapi_str local = gwapi__str_sub(s, 0, at);
    gwapi_str domain = gwapi__str_sub(s, at + 1, s.len);
    bool literal = domain.len > 2 && domain.data[0] == '[' && domain.data[domain.len - 1] == ']';
    if (literal && !is_ip(gwapi__str_sub(domain, 1, domain.len - 2), false))
        return false;
    return (is_atom(local, false) || is_quoted(local)) && (literal || is_atom(domain, false));
}

/* net/mail.ParseAddress without groups, comments and folding: "a@b" or "Name <a@b>". */
static bool check_email(gwapi_str s)
{
    gwapi_str trimmed = gwapi__str_trim(s), name, rest, word;
    size_t open = gwapi__str_rfind_char(trimmed, '<');

    if (open == SIZE_MAX)
        return is_address_spec(trimmed);
    if (trimmed.data[trimmed.len - 1] != '>' ||
        !is_address_spec(gwapi__str_sub(trimmed, open + 1, trimmed.len - open - 2)))
        return false;
    name = gwapi__str_trim(gwapi__str_sub(trimmed, 0, open));
    if (name.len == 0 || is_quoted(name))
        return true;
    for (bool more = true; more; name = gwapi__str_trim(rest)) {
        more = gwapi__str_cut(name, ' ', &word, &rest);
        if (!is_atom(word, true))
            return false;
    }
    return true;
}

/* ---- the table ------------------------------------------------------------------------- */

#define LABEL "[a-z0-9]([-a-z0-9]*[a-z0-9])?"

static const struct {
    const char *name;
    uint32_t since;             /* Kubernetes 1.x, one after that which added it */
    const char *pattern;        /* or NULL */
    bool (*check)(gwapi_str s); /* or NULL */
} formats[] = {
    [GWAPI__FORMAT_NONE] = {"", 0, NULL, NULL},
    [GWAPI__FORMAT_BSON_OBJECT_ID] = {"bsonobjectid", 0, "^[0-9a-fA-F]{24}$", NULL},
    [GWAPI__FORMAT_BYTE] = {"byte", 0, NULL, gwapi__is_base64},
    [GWAPI__FORMAT_CIDR] = {"cidr", 0, NULL, check_cidr},
    [GWAPI__FORMAT_CREDIT_CARD] = {"creditcard", 0, NULL, check_credit_card},
    [GWAPI__FORMAT_DATE] = {"date", 0, NULL, gwapi__date_valid},
    [GWAPI__FORMAT_DATE_TIME] = {"date-time", 0, NULL, gwapi__is_date_time},
    [GWAPI__FORMAT_DURATION] = {"duration", 0, NULL, check_duration},
    [GWAPI__FORMAT_EMAIL] = {"email", 0, NULL, check_email},
    [GWAPI__FORMAT_HEX_COLOR] = {"hexcolor", 0, "^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$", NULL},
    [GWAPI__FORMAT_HOSTNAME] = {"hostname", 0,
                                "^([a-zA-Z0-9\\p{S}\\p{L}]((-?[a-zA-Z0-9\\p{S}\\p{L}]{0,62})?)|"
                                "([a-zA-Z0-9\\p{S}\\p{L}](([a-zA-Z0-9-\\p{S}\\p{L}]{0,61}"
                                "[a-zA-Z0-9\\p{S}\\p{L}])?)(\\.)){1,}([a-zA-Z\\p{L}]){2,63})$",
                                check_hostname},
    [GWAPI__FORMAT_IPV4] = {"ipv4", 0, NULL, check_ipv4},
    [GWAPI__FORMAT_IPV6] = {"ipv6", 0, NULL, check_ipv6},
    [GWAPI__FORMAT_ISBN] = {"isbn", 0, NULL, check_isbn},
    [GWAPI__FORMAT_ISBN10] = {"isbn10", 0, NULL, check_isbn10},
    [GWAPI__FORMAT_ISBN13] = {"isbn13", 0, NULL, check_isbn13},
    [GWAPI__FORMAT_LONG_NAME] = {"k8s-long-name", 35, "^" LABEL "(\\." LABEL ")*$",
                                 check_long_name},
    [GWAPI__FORMAT_MAC] = {"mac", 0, NULL, check_mac},
    [GWAPI__FORMAT_PASSWORD] = {"password", 0, NULL, NULL},
    [GWAPI__FORMAT_RGB_COLOR] = {"rgbcolor", 0,
                                 "^rgb\\(\\s*(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*,"
                                 "\\s*(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*,"
                                 "\\s*(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*\\)$",
                                 NULL},
    [GWAPI__FORMAT_SHORT_NAME] = {"k8s-short-name", 35, "^" LABEL "$", check_short_name},
    [GWAPI__FORMAT_SSN] = {"ssn", 0, "^\\d{3}[- ]?\\d{2}[- ]?\\d{4}$", check_ssn},
    [GWAPI__FORMAT_URI] = {"uri", 0, NULL, check_uri},
    [GWAPI__FORMAT_UUID] = {"uuid", 0, NULL, gwapi__is_uuid},
    [GWAPI__FORMAT_UUID3] = {"uuid3", 0,
                             "(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?"
                             "[0-9a-f]{12}$",
                             NULL},
    [GWAPI__FORMAT_UUID4] = {"uuid4", 0,
                             "(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?"
                             "[0-9a-f]{12}$",
                             NULL},
    [GWAPI__FORMAT_UUID5] = {"uuid5", 0,
                             "(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?"
                             "[0-9a-f]{12}$",
                             NULL},
};

/* Dashes in the names of formats do not count. */
static bool same_format(gwapi_str a, gwapi_str b)
{
    size_t i = 0, k = 0;

    for (;;) {
        while (i < a.len && a.data[i] == '-')
            i++;
        while (k < b.len && b.data[k] == '-')
            k++;
        if (i == a.len || k == b.len)
            return i == a.len && k == b.len;
        if (a.data[i++] != b.data[k++])
            return false;
    }
}

gwapi__format gwapi__format_of(gwapi_str name, uint32_t minor)
{
    for (size_t i = 1; i < sizeof formats / sizeof *formats; i++)
        if (formats[i].since <= minor && same_format(name, gwapi__str_of(formats[i].name)))
            return (gwapi__format)i;
    return GWAPI__FORMAT_NONE;
}

const char *gwapi__format_name(gwapi__format format)
{
    return formats[format].name;
}

const char *gwapi__format_pattern(gwapi__format format)
{
    return formats[format].pattern;
}

bool gwapi__format_matches(gwapi__format format, gwapi_str text)
{
    return formats[format].check == NULL || formats[format].check(text);
}
