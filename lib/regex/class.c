#include "regex/class.h"

/* An ASCII class by name; at most five ranges, those behind the last one are {1, 0}. */
typedef struct ascii_class {
    const char *name;
    unsigned char ranges[5][2];
} ascii_class;

#define NONE                                                                                  \
    {                                                                                         \
        1, 0                                                                                  \
    }
static const ascii_class perl_classes[] = {
    {"d", {{'0', '9'}, NONE, NONE, NONE, NONE}},
    {"s", {{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}, NONE, NONE}},
    {"w", {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}, NONE}},
};
static const ascii_class posix_classes[] = {
    {"alnum", {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}, NONE, NONE}},
    {"alpha", {{'A', 'Z'}, {'a', 'z'}, NONE, NONE, NONE}},
    {"ascii", {{0, 0x7f}, NONE, NONE, NONE, NONE}},
    {"blank", {{'\t', '\t'}, {' ', ' '}, NONE, NONE, NONE}},
    {"cntrl", {{0, 0x1f}, {0x7f, 0x7f}, NONE, NONE, NONE}},
    {"digit", {{'0', '9'}, NONE, NONE, NONE, NONE}},
    {"graph", {{'!', '~'}, NONE, NONE, NONE, NONE}},
    {"lower", {{'a', 'z'}, NONE, NONE, NONE, NONE}},
    {"print", {{' ', '~'}, NONE, NONE, NONE, NONE}},
    {"punct", {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}, NONE}},
    {"space", {{'\t', '\r'}, {' ', ' '}, NONE, NONE, NONE}},
    {"upper", {{'A', 'Z'}, NONE, NONE, NONE, NONE}},
    {"word", {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}, NONE}},
    {"xdigit", {{'0', '9'}, {'A', 'F'}, {'a', 'f'}, NONE, NONE}},
};
#define COUNT(table) (sizeof(table) / sizeof *(table))

void gwapi__class_init(gwapi__class_parser *c, gwapi__regex_scan *scan,
                       const gwapi_allocator *allocator)
{
    c->scan = scan;
    gwapi__runes_init(&c->set, allocator);
    gwapi__runes_init(&c->part, allocator);
}

void gwapi__class_free(gwapi__class_parser *c)
{
    gwapi__vector_free(&c->set);
    gwapi__vector_free(&c->part);
}

static const ascii_class *find_ascii(const ascii_class *table, size_t count, gwapi_str name)
{
    for (size_t i = 0; i < count; i++)
        if (gwapi__str_eq(gwapi__str_of(table[i].name), name))
            return &table[i];
    return NULL;
}

static bool add(gwapi__vector *set, uint32_t lo, uint32_t hi, bool fold)
{
    return fold ? gwapi__runes_add_folded(set, lo, hi) : gwapi__runes_add(set, lo, hi);
}

/* Adds the part, or what is not in it, to the set. */
static gwapi_result add_part(gwapi__class_parser *c, bool negated)
{
    if (!gwapi__runes_clean(&c->part))
        return GWAPI_ENOMEM;
    bool added = negated ? gwapi__runes_add_negated(&c->set, &c->part)
                         : gwapi__runes_add_all(&c->set, &c->part);
    return added ? GWAPI_OK : GWAPI_ENOMEM;
}

static gwapi_result add_ascii(gwapi__class_parser *c, const ascii_class *class, bool fold,
                              bool negated)
{
    c->part.count = 0;
    for (size_t i = 0; class->ranges[i][0] <= class->ranges[i][1]; i++)
        if (!add(&c->part, class->ranges[i][0], class->ranges[i][1], fold))
            return GWAPI_ENOMEM;
    return add_part(c, negated);
}

static gwapi_result add_unicode(gwapi__class_parser *c, gwapi_str name, bool fold, bool negated,
                                size_t from)
{
    const gwapi__unicode_set *set = gwapi__unicode_find(name);

    if (set == NULL)
        return gwapi__scan_refuse(c->scan, "there is no Unicode class of that name", from);
    c->part.count = 0;
    for (size_t i = 0; i < set->count; i++) {
        const gwapi__rune_range *range = &gwapi__unicode_ranges[set->first + i];
        if (!add(&c->part, range->lo, range->hi, fold))
            return GWAPI_ENOMEM;
    }
    return add_part(c, negated);
}

/* From \p or \P to the end of the name. */
static gwapi_result unicode_class(gwapi__class_parser *c, bool fold)
{
    gwapi__regex_scan *s = c->scan;
    size_t from = s->at, start = from + 2;
    bool negated = s->pattern.data[from + 1] == 'P';
    uint32_t rune;

    s->at = start;
    if (gwapi__scan_take(s, '{')) {
        size_t len = gwapi__str_find_char(gwapi__str_sub(s->pattern, ++start, SIZE_MAX), '}');
        if (len == SIZE_MAX) {
            s->at = s->pattern.len;
            return gwapi__scan_refuse(s, "the name of a Unicode class is not closed", from);
        }
        s->at = start + len + 1;
    } else if (!gwapi__scan_end(s)) {
        GWAPI__TRY(gwapi__scan_rune(s, &rune));
    }
    size_t end = s->at - (start > from + 2);
    gwapi_str name = gwapi__str_sub(s->pattern, start, end - start);
    if (name.len != 0 && name.data[0] == '^') {
        negated = !negated;
        name = gwapi__str_sub(name, 1, SIZE_MAX);
    }
    return add_unicode(c, name, fold, negated, from);
}

gwapi_result gwapi__class_named(gwapi__class_parser *c, bool fold, bool *found)
{
    gwapi__regex_scan *s = c->scan;

    *found = false;
    if (!gwapi__scan_is(s, 0, '\\') || s->pattern.len - s->at < 2)
        return GWAPI_OK;
    char letter = s->pattern.data[s->at + 1], name = gwapi__lower(letter);
    *found = true;
    if (name == 'p')
        return unicode_class(c, fold);
    const ascii_class *class = find_ascii(perl_classes, COUNT(perl_classes),
                                          (gwapi_str){&name, 1});
    if (class == NULL) {
        *found = false;
        return GWAPI_OK;
    }
    s->at += 2;
    return add_ascii(c, class, fold, letter != name);
}

/* [:name:] inside brackets. A '[' that starts none of it is a rune like any other. */
static gwapi_result posix_class(gwapi__class_parser *c, bool fold, bool *found)
{
    gwapi__regex_scan *s = c->scan;
    size_t from = s->at;

    *found = false;
    if (!gwapi__scan_is(s, 0, '[') || !gwapi__scan_is(s, 1, ':'))
        return GWAPI_OK;
    gwapi_str name = gwapi__str_sub(s->pattern, from + 2, SIZE_MAX);
    name.len = gwapi__str_find(name, GWAPI__STR(":]"));
    if (name.len == SIZE_MAX)
        return GWAPI_OK;
    *found = true;
    s->at = from + name.len + 4;
    bool negated = name.len != 0 && name.data[0] == '^';
    const ascii_class *class = find_ascii(posix_classes, COUNT(posix_classes),
                                          gwapi__str_sub(name, negated, SIZE_MAX));
    if (class == NULL)
        return gwapi__scan_refuse(s, "there is no class of that name", from);
    return add_ascii(c, class, fold, negated);
}

static gwapi_result class_rune(gwapi__regex_scan *s, size_t bracket, uint32_t *rune)
{
    if (gwapi__scan_end(s))
        return gwapi__scan_refuse(s, "the class is not closed by ]", bracket);
    return gwapi__scan_is(s, 0, '\\') ? gwapi__class_escape(s, rune) : gwapi__scan_rune(s, rune);
}

/* One rune, or two joined by '-'. */
static gwapi_result class_range(gwapi__class_parser *c, size_t bracket, bool fold)
{
    gwapi__regex_scan *s = c->scan;
    size_t from = s->at;
    uint32_t lo, hi;

    GWAPI__TRY(class_rune(s, bracket, &lo));
    hi = lo;
    if (gwapi__scan_is(s, 0, '-') && s->pattern.len - s->at >= 2 && !gwapi__scan_is(s, 1, ']')) {
        s->at++;
        GWAPI__TRY(class_rune(s, bracket, &hi));
        if (hi < lo)
            return gwapi__scan_refuse(s, "the range ends before it starts", from);
    }
    return add(&c->set, lo, hi, fold) ? GWAPI_OK : GWAPI_ENOMEM;
}

static gwapi_result class_item(gwapi__class_parser *c, size_t bracket, bool fold)
{
    bool found;

    GWAPI__TRY(posix_class(c, fold, &found));
    if (!found)
        GWAPI__TRY(gwapi__class_named(c, fold, &found));
    return found ? GWAPI_OK : class_range(c, bracket, fold);
}

gwapi_result gwapi__class_bracket(gwapi__class_parser *c, bool fold)
{
    gwapi__regex_scan *s = c->scan;
    size_t bracket = s->at++;
    bool negated = gwapi__scan_take(s, '^');

    c->set.count = 0;
    // A ']' that comes first is a rune.
    do
        GWAPI__TRY(class_item(c, bracket, fold));
    while (!gwapi__scan_is(s, 0, ']'));
    s->at++;
    if (!gwapi__runes_clean(&c->set))
        return GWAPI_ENOMEM;
    if (!negated)
        return GWAPI_OK;
    c->part.count = 0;
    if (!gwapi__runes_add_negated(&c->part, &c->set))
        return GWAPI_ENOMEM;
    gwapi__vector swap = c->set;
    c->set = c->part;
    c->part = swap;
    return GWAPI_OK;
}

/* Up to two more octal digits. */
static uint32_t octal(gwapi__regex_scan *s, uint32_t value)
{
    for (int i = 0; i < 2 && !gwapi__scan_end(s); i++) {
        char c = s->pattern.data[s->at];
        if (c < '0' || c > '7')
            break;
        value = value * 8 + (uint32_t)(c - '0');
        s->at++;
    }
    return value;
}

/* A hexadecimal digit; -1, the place behind it, for any other byte. */
static int hex_digit(gwapi__regex_scan *s)
{
    return gwapi__scan_end(s) ? -1 : gwapi__hex(s->pattern.data[s->at++]);
}

/* Behind \x: two digits, or any number of them in braces. */
static bool hexadecimal(gwapi__regex_scan *s, uint32_t *rune)
{
    if (!gwapi__scan_take(s, '{')) {
        int high = hex_digit(s), low = high < 0 ? -1 : hex_digit(s);
        *rune = (uint32_t)(high * 16 + low);
        return low >= 0;
    }
    size_t from = s->at;
    for (*rune = 0; !gwapi__scan_is(s, 0, '}') && *rune <= GWAPI__RUNE_MAX;) {
        int digit = hex_digit(s);
        if (digit < 0)
            return false;
        *rune = *rune * 16 + (uint32_t)digit;
    }
    return s->at > from && *rune <= GWAPI__RUNE_MAX && gwapi__scan_take(s, '}');
}

gwapi_result gwapi__class_escape(gwapi__regex_scan *s, uint32_t *rune)
{
    static const char letters[] = "afnrtv", controls[] = "\a\f\n\r\t\v";
    size_t from = s->at++;

    if (gwapi__scan_end(s))
        return gwapi__scan_refuse(s, "a backslash ends the pattern", from);
    GWAPI__TRY(gwapi__scan_rune(s, rune));
    char c = *rune < 0x80 ? (char)*rune : 'q'; // no escape for runes beyond ASCII
    if (c >= '0' && c <= '7') {
        char next = gwapi__scan_end(s) ? '\0' : s->pattern.data[s->at];
        if (c == '0' || (next >= '0' && next <= '7')) {
            *rune = octal(s, (uint32_t)(c - '0'));
            return GWAPI_OK;
        }
        return gwapi__scan_refuse(s, "back-references are not supported", from);
    }
    if (c == 'x' && hexadecimal(s, rune))
        return GWAPI_OK;
    const char *letter = c != '\0' ? strchr(letters, c) : NULL;
    if (letter != NULL) {
        *rune = (unsigned char)controls[letter - letters];
        return GWAPI_OK;
    }
    if (gwapi__is_alpha(c) || gwapi__is_digit(c))
        return gwapi__scan_refuse(s, "there is no such escape", from);
    return GWAPI_OK;
}
