#include "doc/scalar.h"

#include <math.h>
#include <string.h>

#include "base/slice.h"
#include "base/text.h"
#include "doc/decimal.h"
#include "doc/float_key.h"
#include "doc/timestamp.h"

#define YAML_TAG       "tag:yaml.org,2002:"
#define LONGEST_NUMBER 4096 /* with underscores; what is longer stays text */

typedef enum tag_kind {
    TAG_NONE,
    TAG_STR,
    TAG_BOOL,
    TAG_INT,
    TAG_FLOAT,
    TAG_NULL,
    TAG_TIMESTAMP,
    TAG_BINARY,
    TAG_OTHER
} tag_kind;

static const struct tag_row {
    const char *tag;
    const char *name;
    tag_kind kind;
} tags[] = {
    {YAML_TAG "str", "!!str", TAG_STR},
    {YAML_TAG "bool", "!!bool", TAG_BOOL},
    {YAML_TAG "int", "!!int", TAG_INT},
    {YAML_TAG "float", "!!float", TAG_FLOAT},
    {YAML_TAG "null", "!!null", TAG_NULL},
    {YAML_TAG "timestamp", "!!timestamp", TAG_TIMESTAMP},
    {YAML_TAG "binary", "!!binary", TAG_BINARY},
};

static const struct tag_row *find_tag(gwapi_str tag)
{
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (gwapi__str_eq(tag, gwapi__str_of(tags[i].tag)))
            return &tags[i];
    return NULL;
}

const char *gwapi__scalar_tag_name(gwapi_str tag)
{
    const struct tag_row *row = find_tag(tag);

    return row != NULL ? row->name : NULL;
}

/* ---- words -------------------------------------------------------------------------- */

typedef struct word {
    char text[6];
    signed char value; /* of a boolean; sign of an infinity; 0: NaN */
    gwapi__scalar_type type;
} word;

/* By what they begin with. */
static const word f_words[] = {
    {"false", 0, GWAPI__SCALAR_BOOL},
    {"False", 0, GWAPI__SCALAR_BOOL},
    {"FALSE", 0, GWAPI__SCALAR_BOOL},
};
static const word n_words[] = {
    {"n", 0, GWAPI__SCALAR_BOOL},
    {"N", 0, GWAPI__SCALAR_BOOL},
    {"no", 0, GWAPI__SCALAR_BOOL},
    {"No", 0, GWAPI__SCALAR_BOOL},
    {"NO", 0, GWAPI__SCALAR_BOOL},
    {"null", 0, GWAPI__SCALAR_NULL},
    {"Null", 0, GWAPI__SCALAR_NULL},
    {"NULL", 0, GWAPI__SCALAR_NULL},
};
static const word o_words[] = {
    {"on", 1, GWAPI__SCALAR_BOOL},
    {"On", 1, GWAPI__SCALAR_BOOL},
    {"ON", 1, GWAPI__SCALAR_BOOL},
    {"off", 0, GWAPI__SCALAR_BOOL},
    {"Off", 0, GWAPI__SCALAR_BOOL},
    {"OFF", 0, GWAPI__SCALAR_BOOL},
};
static const word t_words[] = {
    {"true", 1, GWAPI__SCALAR_BOOL},
    {"True", 1, GWAPI__SCALAR_BOOL},
    {"TRUE", 1, GWAPI__SCALAR_BOOL},
};
static const word y_words[] = {
    {"y", 1, GWAPI__SCALAR_BOOL},
    {"Y", 1, GWAPI__SCALAR_BOOL},
    {"yes", 1, GWAPI__SCALAR_BOOL},
    {"Yes", 1, GWAPI__SCALAR_BOOL},
    {"YES", 1, GWAPI__SCALAR_BOOL},
};
static const word null_words[] = {
    {"", 0, GWAPI__SCALAR_NULL},
    {"~", 0, GWAPI__SCALAR_NULL},
};
static const word point_words[] = {
    {".nan", 0, GWAPI__SCALAR_FLOAT},
    {".NaN", 0, GWAPI__SCALAR_FLOAT},
    {".NAN", 0, GWAPI__SCALAR_FLOAT},
    {".inf", 1, GWAPI__SCALAR_FLOAT},
    {".Inf", 1, GWAPI__SCALAR_FLOAT},
    {".INF", 1, GWAPI__SCALAR_FLOAT},
};
static const word sign_words[] = {
    {"+.inf", 1, GWAPI__SCALAR_FLOAT},
    {"+.Inf", 1, GWAPI__SCALAR_FLOAT},
    {"+.INF", 1, GWAPI__SCALAR_FLOAT},
    {"-.inf", -1, GWAPI__SCALAR_FLOAT},
    {"-.Inf", -1, GWAPI__SCALAR_FLOAT},
    {"-.INF", -1, GWAPI__SCALAR_FLOAT},
};
#define COUNT(words) (sizeof(words) / sizeof *(words))

static bool resolve_word(gwapi__scalar *out, const word *words, size_t count)
{
    char text[sizeof words->text] = "";

    if (out->text.len >= sizeof text)
        return false;
    if (out->text.len != 0)
        memcpy(text, out->text.data, out->text.len);
    for (size_t i = 0; i < count; i++) {
        if (memcmp(text, words[i].text, sizeof text) != 0 ||
            strlen(words[i].text) != out->text.len)
            continue;
        out->type = words[i].type;
        if (out->type == GWAPI__SCALAR_BOOL)
            out->as.boolean = words[i].value != 0;
        else if (out->type == GWAPI__SCALAR_FLOAT)
            out->as.number = words[i].value != 0 ? words[i].value * HUGE_VAL : NAN;
        return true;
    }
    return false;
}

/* ---- numbers ------------------------------------------------------------------------ */

/* The next digit of a number, with underscores passed over; the end is -1. */
static int next_digit(gwapi_str text, size_t *i)
{
    while (*i < text.len && text.data[*i] == '_')
        ++*i;
    if (*i == text.len)
        return -1;
    int digit = gwapi__hex(text.data[*i]);
    ++*i;
    return digit >= 0 ? digit : 99;
}

/* All of `text` as digits of the base; false without one, or beyond 64 bits. */
static bool read_digits(gwapi_str text, unsigned base, uint64_t *value)
{
    size_t i = 0;
    bool any = false;

    *value = 0;
    for (int digit; (digit = next_digit(text, &i)) >= 0; any = true) {
        if ((unsigned)digit >= base || *value > (UINT64_MAX - (unsigned)digit) / base)
            return false;
        *value = *value * base + (unsigned)digit;
    }
    return any;
}

/* The prefix of a base is cut off; an octal number keeps nothing of its 0. */
static unsigned cut_base(gwapi_str *digits)
{
    char second = digits->len > 1 ? gwapi__lower(digits->data[1]) : '\0';
    unsigned base = second == 'x' ? 16 : second == 'b' ? 2 : second == 'o' ? 8 : 0;

    if (digits->len < 2 || digits->data[0] != '0')
        return 10;
    *digits = gwapi__str_sub(*digits, base != 0 ? 2 : 1, digits->len);
    return base != 0 ? base : 8;
}

static bool set_integer(gwapi__scalar *out, bool signed_, bool negative, uint64_t value)
{
    if (negative ? value > (uint64_t)INT64_MAX + 1 : value > INT64_MAX) {
        if (signed_)
            return false;
        out->type = GWAPI__SCALAR_UINT;
        out->as.natural = value;
        return true;
    }
    out->type = GWAPI__SCALAR_INT;
    out->as.integer = !negative ? (int64_t)value : value == 0 ? 0 : -(int64_t)(value - 1) - 1;
    return true;
}

/* 0b may be followed by a sign of its own when there was none before: a quirk of the reader. */
static bool resolve_binary_sign(gwapi__scalar *out, gwapi_str digits)
{
    uint64_t value;

    if (digits.len < 3 || memcmp(digits.data, "0b", 2) != 0 ||
        (digits.data[2] != '+' && digits.data[2] != '-'))
        return false;
    return read_digits(gwapi__str_sub(digits, 3, digits.len), 2, &value) &&
           set_integer(out, true, digits.data[2] == '-', value);
}

/* `plain` has no underscores. */
static bool resolve_integer(gwapi__scalar *out, gwapi_str plain)
{
    bool sign = plain.data[0] == '-' || plain.data[0] == '+';
    gwapi_str digits = gwapi__str_sub(plain, sign ? 1 : 0, plain.len);
    gwapi_str number = digits;
    uint64_t value;

    if (digits.len == 1 && digits.data[0] == '0')
        return set_integer(out, sign, false, 0);
    unsigned base = cut_base(&number);
    if (read_digits(number, base, &value))
        return set_integer(out, sign, plain.data[0] == '-', value);
    return !sign && resolve_binary_sign(out, digits);
}

/* [-+]? ( .digits | digits [. digits*] ) ( [eE] [-+]? digits )? */
static bool is_float(gwapi_str s)
{
    size_t i = s.len != 0 && (s.data[0] == '-' || s.data[0] == '+'), before = i;

    while (i < s.len && gwapi__is_digit(s.data[i]))
        i++;
    bool whole = i > before;
    if (i < s.len && s.data[i] == '.') {
        size_t point = ++i;
        while (i < s.len && gwapi__is_digit(s.data[i]))
            i++;
        if (!whole && i == point)
            return false;
    } else if (!whole)
        return false;
    if (i == s.len)
        return true;
    if (s.data[i] != 'e' && s.data[i] != 'E')
        return false;
    i++;
    i += i < s.len && (s.data[i] == '-' || s.data[i] == '+');
    size_t exponent = i;
    while (i < s.len && gwapi__is_digit(s.data[i]))
        i++;
    return i > exponent && i == s.len;
}

static bool resolve_float(gwapi__scalar *out, gwapi_str plain)
{
    double number;

    if (!is_float(plain) || !gwapi__decimal_to_double(plain, &number))
        return false;
    out->type = GWAPI__SCALAR_FLOAT;
    out->as.number = number;
    return true;
}

/* The text without underscores, in `buffer` if there are any. False: it does not fit. */
static bool strip(gwapi_str text, char *buffer, size_t size, gwapi_str *plain)
{
    size_t n = 0;

    *plain = text;
    if (gwapi__str_find_char(text, '_') == SIZE_MAX)
        return true;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '_')
            continue;
        if (n == size)
            return false;
        buffer[n++] = text.data[i];
    }
    *plain = gwapi__str(buffer, n);
    return true;
}

static bool resolve_number(gwapi__scalar *out)
{
    char buffer[LONGEST_NUMBER];
    gwapi_str plain;

    if (!strip(out->text, buffer, sizeof buffer, &plain))
        return false;
    return resolve_integer(out, plain) || resolve_float(out, plain);
}

/* After a point underscores count only between digits. */
static bool resolve_fraction(gwapi__scalar *out)
{
    char buffer[LONGEST_NUMBER];
    gwapi_str plain, text = out->text;

    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] == '_' &&
            (i == 0 || i + 1 == text.len || !gwapi__is_digit(text.data[i - 1]) ||
             !(gwapi__is_digit(text.data[i + 1]) || text.data[i + 1] == '_')))
            return false;
    return strip(text, buffer, sizeof buffer, &plain) && resolve_float(out, plain);
}

static bool resolve_known(gwapi__scalar *out, char first)
{
    switch (gwapi__lower(first)) {
    case 'f':
        return resolve_word(out, f_words, COUNT(f_words));
    case 'n':
        return resolve_word(out, n_words, COUNT(n_words));
    case 'o':
        return resolve_word(out, o_words, COUNT(o_words));
    case 't':
        return resolve_word(out, t_words, COUNT(t_words));
    case 'y':
        return resolve_word(out, y_words, COUNT(y_words));
    case '~':
        return resolve_word(out, null_words, COUNT(null_words));
    case '+':
    case '-':
        return resolve_word(out, sign_words, COUNT(sign_words)) || resolve_number(out);
    case '.':
        return resolve_word(out, point_words, COUNT(point_words)) || resolve_fraction(out);
    default:
        return gwapi__is_digit(first) && resolve_number(out);
    }
}

static void resolve_plain(gwapi__scalar *out)
{
    out->type = GWAPI__SCALAR_STRING;
    (void)resolve_known(out, out->text.len != 0 ? out->text.data[0] : '~');
}

bool gwapi__scalar_resolve(gwapi__scalar *out, gwapi_str tag, gwapi_str text)
{
    const struct tag_row *row = tag.len != 0 ? find_tag(tag) : NULL;
    tag_kind kind = row != NULL ? row->kind : tag.len != 0 ? TAG_OTHER : TAG_NONE;

    *out = (gwapi__scalar){.type = GWAPI__SCALAR_STRING, .text = text};
    if (kind == TAG_STR || kind == TAG_OTHER)
        return true;
    if (kind == TAG_BINARY) {
        out->type = GWAPI__SCALAR_BINARY;
        return true;
    }
    if (kind == TAG_TIMESTAMP)
        return gwapi__timestamp_valid(text);
    resolve_plain(out);
    switch (kind) {
    case TAG_BOOL:
        return out->type == GWAPI__SCALAR_BOOL;
    case TAG_INT:
        return out->type == GWAPI__SCALAR_INT || out->type == GWAPI__SCALAR_UINT;
    case TAG_NULL:
        return out->type == GWAPI__SCALAR_NULL;
    case TAG_FLOAT:
        if (out->type == GWAPI__SCALAR_INT) {
            out->type = GWAPI__SCALAR_FLOAT;
            out->as.number = (double)out->as.integer;
        }
        return out->type == GWAPI__SCALAR_FLOAT;
    default:
        return true;
    }
}

/* ---- after resolving ---------------------------------------------------------------- */

/* Up to here every whole double is written with all its digits. */
#define PLAIN_DOUBLE 9007199254740992.0
/* More than any int64_t. */
#define BEYOND_INT 9.3e18

static bool number_from_text(const gwapi_allocator *allocator, double number, gwapi__node *node,
                             bool *no_memory)
{
    gwapi__text text;

    gwapi__text_init(&text, allocator);
    gwapi__text_double(&text, number);
    *no_memory = text.failed;
    if (!text.failed && gwapi__str_to_i64(gwapi__text_str(&text), &node->as.integer))
        node->type = GWAPI__NODE_INT;
    gwapi__text_free(&text);
    return !*no_memory;
}

bool gwapi__scalar_number(const gwapi_allocator *allocator, const gwapi__scalar *scalar,
                          gwapi__node *node, bool *no_memory)
{
    double number =
        scalar->type == GWAPI__SCALAR_UINT ? (double)scalar->as.natural : scalar->as.number;

    *no_memory = false;
    if (scalar->type == GWAPI__SCALAR_INT) {
        node->type = GWAPI__NODE_INT;
        node->as.integer = scalar->as.integer;
        return true;
    }
    if (!isfinite(number))
        return false;
    node->type = GWAPI__NODE_FLOAT;
    node->as.number = number;
    if (scalar->type == GWAPI__SCALAR_UINT || number < -BEYOND_INT || number > BEYOND_INT)
        return true;
    if (number < -PLAIN_DOUBLE || number > PLAIN_DOUBLE)
        return number_from_text(allocator, number, node, no_memory);
    if ((double)(int64_t)number == number) {
        node->type = GWAPI__NODE_INT;
        node->as.integer = (int64_t)number;
    }
    return true;
}

bool gwapi__scalar_key(gwapi__arena *arena, const gwapi__scalar *scalar, gwapi_str *out,
                       bool *no_memory)
{
    gwapi__text text;
    bool ok = true;

    *no_memory = false;
    gwapi__text_init(&text, &arena->allocator);
    switch (scalar->type) {
    case GWAPI__SCALAR_NULL:
    case GWAPI__SCALAR_UINT:
        return false;
    case GWAPI__SCALAR_BOOL:
        gwapi__text_addz(&text, scalar->as.boolean ? "true" : "false");
        break;
    case GWAPI__SCALAR_INT:
        gwapi__text_i64(&text, scalar->as.integer);
        break;
    case GWAPI__SCALAR_FLOAT:
        gwapi__float_key(&text, scalar->as.number);
        break;
    case GWAPI__SCALAR_STRING:
        ok = gwapi__arena_copy(arena, scalar->text, out);
        *no_memory = !ok;
        return ok;
    case GWAPI__SCALAR_BINARY:
        return gwapi__base64_decode(arena, scalar->text, out, no_memory);
    }
    ok = !text.failed && gwapi__arena_copy(arena, gwapi__text_str(&text), out);
    *no_memory = !ok;
    gwapi__text_free(&text);
    return ok;
}
