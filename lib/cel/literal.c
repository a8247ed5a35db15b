#include "cel/literal.h"

#include <math.h>
#include <stdlib.h>

#include "base/result.h"
#include "base/utf8.h"

/* ---- numbers ---------------------------------------------------------------------------- */

static bool read_hex(uint64_t *out, gwapi_str digits)
{
    uint64_t value = 0;

    for (size_t i = 0; i < digits.len; i++) {
        if (value >> 60 != 0)
            return false;
        value = value << 4 | (uint64_t)gwapi__hex(digits.data[i]);
    }
    *out = value;
    return true;
}

bool gwapi__cel_read_uint(uint64_t *out, gwapi_str text)
{
    if (gwapi__str_starts(text, GWAPI__STR("0x")))
        return read_hex(out, gwapi__str_sub(text, 2, text.len));
    return gwapi__str_to_u64(text, out);
}

bool gwapi__cel_read_int(int64_t *out, gwapi_str text, bool negative)
{
    const uint64_t most = INT64_MAX;
    uint64_t value;

    if (!gwapi__cel_read_uint(&value, text) || value > most + negative)
        return false;
    *out = !negative ? (int64_t)value : value > most ? INT64_MIN : -(int64_t)value;
    return true;
}

/* No double depends on more than 767 significant digits, but for whether any follows. */
enum { MOST_DIGITS = 800 };

/* A decimal number as an integer of bounded length and a power of ten. */
typedef struct decimal {
    char digits[MOST_DIGITS + 32]; /* … and the exponent, for strtod */
    size_t count;
    int64_t exponent;
} decimal;

static void add_digit(decimal *d, char digit)
{
    if (d->count == 0 && digit == '0')
        return;
    if (d->count < MOST_DIGITS) {
        d->digits[d->count++] = digit;
        return;
    }
    if (digit != '0')
        d->digits[MOST_DIGITS - 1] = '1'; /* stands for all that is not kept */
    d->exponent++;
}

/* No exponent beyond this is told from any other by digits that fit into memory. */
#define FAR_EXPONENT (INT64_C(1) << 40)

static int64_t read_exponent(gwapi_str text)
{
    bool negative = text.data[0] == '-';
    int64_t value = 0;

    for (size_t i = negative || text.data[0] == '+'; i < text.len; i++)
        if (value < FAR_EXPONENT)
            value = value * 10 + (text.data[i] - '0');
    return negative ? -value : value;
}

static void read_decimal(decimal *d, gwapi_str text)
{
    bool fraction = false;

    d->count = 0;
    d->exponent = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c == '.') {
            fraction = true;
        } else if (gwapi__is_digit(c)) {
            add_digit(d, c);
            d->exponent -= fraction;
        } else {
            d->exponent += read_exponent(gwapi__str_sub(text, i + 1, text.len));
            return;
        }
    }
}

/* Behind the digits; beyond ±9,999 nothing changes, for there are at most 800 of them. */
static void write_exponent(decimal *d)
{
    int64_t e = d->exponent > 9999 ? 9999 : d->exponent < -9999 ? -9999 : d->exponent;
    unsigned power = (unsigned)(e < 0 ? -e : e);
    char *to = d->digits + d->count;

    *to++ = 'e';
    *to++ = e < 0 ? '-' : '+';
    for (unsigned unit = 1000; unit > 0; unit /= 10)
        *to++ = (char)('0' + power / unit % 10);
    *to = '\0';
}

bool gwapi__cel_read_double(double *out, gwapi_str text, bool negative)
{
    decimal d;
    double value = 0;

    read_decimal(&d, text);
    if (d.count > 0) {
        write_exponent(&d);
        value = strtod(d.digits, NULL); /* no decimal point: the locale cannot matter */
    }
    *out = negative ? -value : value;
    return isfinite(value);
}

/* ---- strings ---------------------------------------------------------------------------- */

typedef struct reader {
    gwapi_str text; /* between the quotes */
    size_t at;
    char *out;
    size_t len;
    bool bytes;
    gwapi__cel_bad_escape *bad;
} reader;

static gwapi_result refuse(reader *r, size_t from, size_t length, const char *reason)
{
    size_t left = r->text.len - from;

    *r->bad = (gwapi__cel_bad_escape){reason, from, length < left ? length : left};
    return GWAPI_EINVALID;
}

static void add_rune(reader *r, uint32_t rune)
{
    char encoded[4];
    size_t n = gwapi__utf8_encode(rune, encoded);

    memcpy(r->out + r->len, encoded, n);
    r->len += n;
}

/* A number that an escape gives: a byte of bytes, else a code point. */
static gwapi_result add_number(reader *r, size_t from, uint32_t value)
{
    if (r->bytes) {
        r->out[r->len++] = (char)(unsigned char)value;
        return GWAPI_OK;
    }
    if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return refuse(r, from, r->at - from, "the escape is no Unicode code point");
    add_rune(r, value);
    return GWAPI_OK;
}

/* `count` digits of a base that is a power of two, `bits` each. */
static gwapi_result read_digits(reader *r, size_t from, unsigned count, unsigned bits)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < count; i++, r->at++) {
        int digit = r->at < r->text.len ? gwapi__hex(r->text.data[r->at]) : -1;
        if (digit < 0 || digit >> bits != 0)
            return refuse(r, from, r->at - from + 1,
                          bits == 3 ? "an octal escape takes three digits, 000 to 377"
                                    : "the escape takes more hexadecimal digits");
        value = value << bits | (uint32_t)digit;
    }
    return add_number(r, from, value);
}

static gwapi_result read_escape(reader *r)
{
    static const char letters[] = "abfnrtv\\'\"`?";
    static const char meanings[] = "\a\b\f\n\r\t\v\\'\"`?";
    size_t from = r->at++;
    char c = r->text.data[r->at]; /* the last character is no backslash: it escaped the quote */
    const char *letter = memchr(letters, c, sizeof letters - 1);

    if (letter != NULL) {
        r->out[r->len++] = meanings[letter - letters];
        r->at++;
        return GWAPI_OK;
    }
    if (c >= '0' && c <= '3')
        return read_digits(r, from, 3, 3);
    r->at++;
    if (c == 'x' || c == 'X')
        return read_digits(r, from, 2, 4);
    if (c != 'u' && c != 'U')
        return refuse(r, from, 2, "there is no such escape");
    if (r->bytes)
        return refuse(r, from, 2, "bytes have no Unicode escapes");
    return read_digits(r, from, c == 'u' ? 4 : 8, 4);
}

/* Line ends become \n, bytes that are no UTF-8 become U+FFFD. */
static void read_plain(reader *r)
{
    gwapi_str rest = gwapi__str_sub(r->text, r->at, r->text.len);
    uint32_t rune;
    size_t step;

    gwapi__utf8_step(rest, &rune, &step);
    r->at += step;
    if (rune == '\r') {
        rune = '\n';
        r->at += step < rest.len && rest.data[step] == '\n';
    }
    add_rune(r, rune);
}

static gwapi_result read_all(reader *r, bool raw)
{
    while (r->at < r->text.len) {
        if (r->text.data[r->at] == '\\' && !raw)
            GWAPI__TRY(read_escape(r));
        else
            read_plain(r);
    }
    return GWAPI_OK;
}

/* What is between the quotes; *prefix: what stands before it. */
static gwapi_str inside(gwapi_str text, size_t *prefix)
{
    size_t start = 0, quotes = 1;

    while (text.data[start] != '"' && text.data[start] != '\'')
        start++;
    if (text.len - start >= 6 && text.data[start + 1] == text.data[start] &&
        text.data[start + 2] == text.data[start])
        quotes = 3;
    *prefix = start + quotes;
    return gwapi__str_sub(text, *prefix, text.len - *prefix - quotes);
}

gwapi_result gwapi__cel_read_string(gwapi_str *out, gwapi__arena *arena, gwapi_str text,
                                    gwapi__cel_bad_escape *bad)
{
    size_t prefix;
    gwapi_str body = inside(text, &prefix);
    bool bytes = gwapi__lower(text.data[0]) == 'b';
    bool raw = gwapi__lower(text.data[bytes]) == 'r';
    bool valid = gwapi__utf8_valid(body);

    *out = body;
    if (valid && gwapi__str_find_char(body, '\r') == SIZE_MAX &&
        (raw || gwapi__str_find_char(body, '\\') == SIZE_MAX))
        return GWAPI_OK;
    /* Only a byte that is no UTF-8 grows. */
    reader r = {.text = body, .bytes = bytes, .bad = bad};
    r.out = gwapi__arena_alloc(arena, (valid ? 1 : 3) * body.len);
    if (r.out == NULL)
        return GWAPI_ENOMEM;
    gwapi_result result = read_all(&r, raw);
    if (result != GWAPI_OK)
        bad->offset += prefix;
    *out = gwapi__str(r.out, r.len);
    return result;
}
