#include "cel/address.h"

#include "base/slice.h"

#define GROUPS 16 // bytes of an IPv6 address

static bool fail(gwapi__address_fault *fault, const char *message, gwapi_str at)
{
    *fault = (gwapi__address_fault){message, at};
    return false;
}

static bool fail_whole(gwapi__address_fault *fault, const char *message)
{
    return fail(fault, message, gwapi__str_of(NULL));
}

// ---- reading --------------------------------------------------------------------------------

static bool take_octet(gwapi_str *rest, uint8_t *out, gwapi__address_fault *fault)
{
    unsigned value = 0;
    size_t n = 0;

    for (; n < rest->len && gwapi__is_digit(rest->data[n]); n++) {
        if (n == 1 && value == 0)
            return fail_whole(fault, "IPv4 field has octet with leading zero");
        value = value * 10 + (unsigned)(rest->data[n] - '0');
        if (value > 255)
            return fail_whole(fault, "IPv4 field has value >255");
    }
    *out = (uint8_t)value;
    *rest = gwapi__str_sub(*rest, n, rest->len);
    return true;
}

static bool read_dotted(uint8_t out[4], gwapi_str text, gwapi__address_fault *fault)
{
    gwapi_str rest = text;

    for (int i = 0;; i++) {
        gwapi_str start = rest;
        if (!take_octet(&rest, &out[i], fault))
            return false;
        bool empty = rest.len == start.len;
        if (rest.len == 0) // a point at the end was seen before
            return i == 3 || fail_whole(fault, "IPv4 address too short");
        if (rest.data[0] != '.')
            return fail(fault, "unexpected character", rest);
        if (empty || rest.len == 1)
            return fail(fault, "IPv4 field must have at least one digit", rest);
        if (i == 3)
            return fail_whole(fault, "IPv4 address too long");
        rest = gwapi__str_sub(rest, 1, rest.len);
    }
}

// Reads what stands between colons. *at is the byte of the address.
static bool take_group(gwapi_str *rest, uint8_t out[GROUPS], int *at,
                       gwapi__address_fault *fault)
{
    unsigned value = 0;
    size_t n = 0;

    for (; n < rest->len && gwapi__hex(rest->data[n]) >= 0; n++) {
        if (n == 4)
            return fail(fault, "each group must have 4 or less digits", *rest);
        value = value * 16 + (unsigned)gwapi__hex(rest->data[n]);
    }
    if (n == 0)
        return fail(fault, "each colon-separated field must have at least one digit", *rest);
    if (n < rest->len && rest->data[n] == '.')
        return true; // the rest is IPv4
    out[(*at)++] = (uint8_t)(value >> 8);
    out[(*at)++] = (uint8_t)value;
    *rest = gwapi__str_sub(*rest, n, rest->len);
    return true;
}

// The last four bytes in dotted form.
static bool take_dotted(gwapi_str *rest, uint8_t out[GROUPS], int *at, bool gap,
                        gwapi__address_fault *fault)
{
    if (!gap && *at != 12)
        return fail(fault,
                    "embedded IPv4 address must replace the final 2 fields of the address",
                    *rest);
    if (*at > 12)
        return fail(fault,
                    "too many hex fields to fit an embedded IPv4 at the end of the address",
                    *rest);
    if (!read_dotted(out + *at, *rest, fault))
        return false;
    *at += 4;
    *rest = gwapi__str("", 0);
    return true;
}

// The colon behind a group, or two of them.
static bool take_colons(gwapi_str *rest, int at, int *gap, gwapi__address_fault *fault)
{
    if (rest->data[0] != ':')
        return fail(fault, "unexpected character, want colon", *rest);
    if (rest->len == 1)
        return fail(fault, "colon must be followed by more characters", *rest);
    *rest = gwapi__str_sub(*rest, 1, rest->len);
    if (rest->data[0] != ':')
        return true;
    if (*gap >= 0)
        return fail(fault, "multiple :: in address", *rest);
    *gap = at;
    *rest = gwapi__str_sub(*rest, 1, rest->len);
    return true;
}

// Moves what stands behind the gap to the end.
static bool fill_gap(uint8_t out[GROUPS], int at, int gap, gwapi__address_fault *fault)
{
    if (at == GROUPS)
        return gap < 0 ||
               fail_whole(fault, "the :: must expand to at least one field of zeros");
    if (gap < 0)
        return fail_whole(fault, "address string too short");
    for (int i = GROUPS; i-- > gap;) {
        int from = i - (GROUPS - at);
        out[i] = from >= gap ? out[from] : 0;
    }
    return true;
}

static bool read_groups(uint8_t out[GROUPS], gwapi_str rest, gwapi__address_fault *fault)
{
    int at = 0, gap = -1;

    if (gwapi__str_starts(rest, GWAPI__STR("::"))) {
        gap = 0;
        rest = gwapi__str_sub(rest, 2, rest.len);
    }
    // An address that ends with a gap has nothing left; else the last group stands there.
    for (bool more = gap < 0 || rest.len != 0; more && at < GROUPS;) {
        gwapi_str group = rest;
        if (!take_group(&rest, out, &at, fault))
            return false;
        if (rest.len == group.len && !take_dotted(&rest, out, &at, gap >= 0, fault))
            return false;
        if (rest.len != 0 && !take_colons(&rest, at, &gap, fault))
            return false;
        more = rest.len != 0;
    }
    if (rest.len != 0)
        return fail(fault, "trailing garbage after address", rest);
    return fill_gap(out, at, gap, fault);
}

static bool read_v6(gwapi__address *out, gwapi_str text, gwapi__address_fault *fault)
{
    gwapi_str zone;

    out->size = 16;
    if (gwapi__str_cut(text, '%', &text, &zone)) {
        if (zone.len == 0)
            return fail_whole(fault, "zone must be a non-empty string");
        out->zone = zone;
    }
    return read_groups(out->bytes, text, fault);
}

bool gwapi__address_parse(gwapi__address *out, gwapi_str text, gwapi__address_fault *fault)
{
    *out = (gwapi__address){.size = 4, .zone = gwapi__str("", 0)};
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '.')
            return read_dotted(out->bytes, text, fault);
        if (text.data[i] == ':')
            return read_v6(out, text, fault);
        if (text.data[i] == '%')
            return fail_whole(fault, "missing IPv6 address");
    }
    return fail_whole(fault, "unable to parse IP");
}

// ---- writing --------------------------------------------------------------------------------

static size_t write_octet(unsigned value, char *out)
{
    size_t n = 0;

    if (value >= 100)
        out[n++] = (char)('0' + value / 100);
    if (value >= 10)
        out[n++] = (char)('0' + value / 10 % 10);
    out[n++] = (char)('0' + value % 10);
    return n;
}

static unsigned group_at(const gwapi__address *a, int group)
{
    return (unsigned)a->bytes[2 * group] << 8 | a->bytes[2 * group + 1];
}

static size_t write_group(unsigned value, char *out)
{
    size_t n = 0;

    for (int shift = 12; shift >= 0; shift -= 4)
        if (value >> shift != 0 || shift == 0)
            out[n++] = "0123456789abcdef"[value >> shift & 15];
    return n;
}

// The first of the longest runs of zero groups, of two at least; 8 without one.
static int longest_gap(const gwapi__address *a, int *length)
{
    int start = 8, run = 0;

    *length = 1;
    for (int i = 0; i < 8; i++) {
        run = group_at(a, i) == 0 ? run + 1 : 0;
        if (run > *length) {
            *length = run;
            start = i + 1 - run;
        }
    }
    return start;
}

size_t gwapi__address_write(const gwapi__address *a, char out[GWAPI__ADDRESS_TEXT])
{
    int length, gap;
    size_t n = 0;

    if (a->size == 4) {
        for (int i = 0; i < 4; i++) {
            if (i > 0)
                out[n++] = '.';
            n += write_octet(a->bytes[i], out + n);
        }
        return n;
    }
    gap = longest_gap(a, &length);
    for (int i = 0; i < 8; i++) {
        if (i == gap) {
            out[n++] = ':';
            out[n++] = ':';
            i += length - 1;
            continue;
        }
        if (i > 0 && i != gap + length)
            out[n++] = ':';
        n += write_group(group_at(a, i), out + n);
    }
    return n;
}

// ---- kinds ----------------------------------------------------------------------------------

static bool all_are(const uint8_t *bytes, size_t count, uint8_t value)
{
    for (size_t i = 0; i < count; i++)
        if (bytes[i] != value)
            return false;
    return true;
}

bool gwapi__address_is_mapped(const gwapi__address *a)
{
    return a->size == 16 && all_are(a->bytes, 10, 0) && all_are(a->bytes + 10, 2, 0xff);
}

bool gwapi__address_equal(const gwapi__address *a, const gwapi__address *b)
{
    return gwapi__address_same_prefix(a, b, a->size * 8u);
}

bool gwapi__address_is_unspecified(const gwapi__address *a)
{
    return all_are(a->bytes, a->size, 0);
}

bool gwapi__address_is_loopback(const gwapi__address *a)
{
    if (a->size == 4)
        return a->bytes[0] == 127;
    return all_are(a->bytes, 15, 0) && a->bytes[15] == 1;
}

bool gwapi__address_is_link_local_multicast(const gwapi__address *a)
{
    if (a->size == 4)
        return a->bytes[0] == 224 && a->bytes[1] == 0 && a->bytes[2] == 0;
    return a->bytes[0] == 0xff && (a->bytes[1] & 0x0f) == 0x02;
}

bool gwapi__address_is_link_local_unicast(const gwapi__address *a)
{
    if (a->size == 4)
        return a->bytes[0] == 169 && a->bytes[1] == 254;
    return a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80;
}

static bool is_multicast(const gwapi__address *a)
{
    return a->size == 4 ? (a->bytes[0] & 0xf0) == 0xe0 : a->bytes[0] == 0xff;
}

bool gwapi__address_is_global_unicast(const gwapi__address *a)
{
    bool broadcast = a->size == 4 && all_are(a->bytes, 4, 0xff);

    return !broadcast && !gwapi__address_is_unspecified(a) && !gwapi__address_is_loopback(a) &&
           !is_multicast(a) && !gwapi__address_is_link_local_unicast(a);
}

// ---- networks -------------------------------------------------------------------------------

bool gwapi__address_same_prefix(const gwapi__address *a, const gwapi__address *b, uint32_t bits)
{
    gwapi__address x = *a, y = *b;

    gwapi__address_mask(&x, bits);
    gwapi__address_mask(&y, bits);
    return a->size == b->size && memcmp(x.bytes, y.bytes, a->size) == 0;
}

void gwapi__address_mask(gwapi__address *a, uint32_t bits)
{
    for (uint32_t i = 0; i < a->size; i++) {
        uint32_t kept = bits <= 8 * i ? 0 : bits - 8 * i;
        if (kept < 8)
            a->bytes[i] &= (uint8_t)(0xff00u >> kept);
    }
}
