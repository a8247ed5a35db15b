#include "doc/scan.h"

#include <string.h>

#include "base/result.h"
#include "base/slice.h"
#include "base/utf8.h"

void gwapi__scan_init(gwapi__scan *scan, const gwapi_allocator *allocator, gwapi_str text,
                      uint32_t line, uint32_t depth)
{
    *scan = (gwapi__scan){.allocator = *allocator, .text = text, .line = line, .depth = depth};
    gwapi__vector_init(&scan->records, allocator, sizeof(gwapi__json_record));
    gwapi__vector_init(&scan->open, allocator, 1);
    gwapi__text_init(&scan->clean, allocator);
    gwapi__text_init(&scan->name, allocator);
}

void gwapi__scan_free(gwapi__scan *scan)
{
    gwapi__vector_free(&scan->records);
    gwapi__vector_free(&scan->open);
    gwapi__text_free(&scan->clean);
    gwapi__text_free(&scan->name);
}

/* ---- places and problems ------------------------------------------------------------ */

/* The place of the next byte. Counts only what came since the last question. */
static gwapi__place place_here(gwapi__scan *s)
{
    s->line_count += (uint32_t)gwapi__utf8_count(
        gwapi__str_sub(s->text, s->line_start, s->at - s->line_start));
    s->line_start = s->at;
    return (gwapi__place){s->line, s->line_count + 1};
}

/* The same, for a record: where none is kept, nobody asks. */
static gwapi__place place_of(gwapi__scan *s)
{
    return s->arena != NULL ? place_here(s) : (gwapi__place){0, 0};
}

static gwapi_result refuse(gwapi__scan *s, const char *message, const char *hint)
{
    s->message = message;
    s->hint = hint;
    s->place = place_here(s);
    return GWAPI_EUNREADABLE;
}

static int peek(const gwapi__scan *s)
{
    return s->at < s->text.len ? (unsigned char)s->text.data[s->at] : -1;
}

bool gwapi__scan_more(gwapi__scan *s)
{
    const char *start = s->text.data, *end = start + s->text.len, *p = start + s->at;

    for (; p < end; p++) {
        if (*p == ' ')
            continue;
        if (*p == '\n') {
            s->line++;
            s->line_start = (size_t)(p - start) + 1;
            s->line_count = 0;
        } else if (*p != '\t' && *p != '\r')
            break;
    }
    s->at = (size_t)(p - start);
    return p < end;
}

static gwapi_result refuse_end(gwapi__scan *s)
{
    return refuse(s, "the text ends before the value does",
                  s->open.count == 0 ? "is the file complete?"
                                     : "close every { with } and every [ with ]");
}

/* ---- records ------------------------------------------------------------------------ */

static gwapi_result record(gwapi__scan *s, gwapi__place place, gwapi_str text)
{
    if (s->arena == NULL)
        return GWAPI_OK;
    gwapi__json_record *r = gwapi__vector_add(&s->records);
    if (r == NULL)
        return GWAPI_ENOMEM;
    *r = (gwapi__json_record){place, (uint32_t)text.len, text.data};
    return GWAPI_OK;
}

static void emit(gwapi__scan *s, char c)
{
    if (s->arena != NULL)
        gwapi__text_char(&s->clean, c);
}

/* ---- strings ------------------------------------------------------------------------ */

/* Four hexadecimal digits after \u. */
static bool read_hex(const gwapi__scan *s, size_t at, uint32_t *rune)
{
    *rune = 0;
    for (size_t i = 0; i < 4; i++) {
        int digit = at + i < s->text.len ? gwapi__hex(s->text.data[at + i]) : -1;
        if (digit < 0)
            return false;
        *rune = *rune << 4 | (uint32_t)digit;
    }
    return true;
}

/* After \u; joins a pair of surrogates, and what is no pair is U+FFFD. */
static gwapi_result read_unicode(gwapi__scan *s, uint32_t *rune)
{
    uint32_t low;

    if (!read_hex(s, s->at, rune))
        return refuse(s, "\\u needs four hexadecimal digits", "write \\u00e9, for example");
    s->at += 4;
    if (*rune < 0xd800 || *rune > 0xdfff)
        return GWAPI_OK;
    bool pair = *rune <= 0xdbff &&
                gwapi__str_starts(gwapi__str_sub(s->text, s->at, 2), GWAPI__STR("\\u")) &&
                read_hex(s, s->at + 2, &low) && low >= 0xdc00 && low <= 0xdfff;
    if (!pair) {
        *rune = GWAPI__RUNE_ERROR;
        return GWAPI_OK;
    }
    *rune = 0x10000 + ((*rune & 0x3ff) << 10) + (low & 0x3ff);
    s->at += 6;
    return GWAPI_OK;
}

static gwapi_result read_escape(gwapi__scan *s, uint32_t *rune)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";

    s->at++;
    if (peek(s) < 0)
        return refuse_end(s);
    if (peek(s) == 'u') {
        s->at++;
        return read_unicode(s, rune);
    }
    const char *found = peek(s) != 0 ? strchr(names, peek(s)) : NULL;
    if (found == NULL)
        return refuse(s, "an unknown escape (\\) in a string", "write \\\\ for a backslash");
    *rune = (unsigned char)values[found - names];
    s->at++;
    return GWAPI_OK;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Is one of eight bytes a control character, a quote, a backslash or not ASCII? Bytes below the
 * number subtracted borrow into their highest bit, or that of the next byte: it may say yes for
 * nothing, never no. */
static bool has_special(uint64_t word)
{
    uint64_t quote = word ^ EACH('"'), backslash = word ^ EACH('\\');

    return ((word | (word - EACH(0x20)) | (quote - EACH(1)) | (backslash - EACH(1))) &
            EACH(0x80)) != 0;
}

/* The length of what stands for itself. */
static size_t plain_run(const gwapi__scan *s)
{
    size_t i = s->at;
    uint64_t word;

    for (; i + sizeof word <= s->text.len; i += sizeof word) {
        memcpy(&word, s->text.data + i, sizeof word);
        if (has_special(word))
            break;
    }
    for (; i < s->text.len; i++) {
        unsigned char c = (unsigned char)s->text.data[i];
        if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\')
            break;
    }
    return i - s->at;
}

/* One step of a string: a run of plain bytes, an escape, a character, or a bad byte. */
static gwapi_result read_piece(gwapi__scan *s, gwapi__text *out)
{
    size_t run = plain_run(s), step;
    uint32_t rune;

    if (run != 0) {
        gwapi__text_add(out, gwapi__str_sub(s->text, s->at, run));
        s->at += run;
        return GWAPI_OK;
    }
    int c = peek(s);
    if (c < 0)
        return refuse(s, "the closing quote of a string is missing", "add a \"");
    if (c < 0x20)
        return refuse(
            s, c == '\n' ? "a line end within a string" : "a control character within a string",
            "write \\n, \\t or \\u00.. instead, or close the string");
    if (c == '\\')
        GWAPI__TRY(read_escape(s, &rune));
    else {
        gwapi__utf8_step(gwapi__str_sub(s->text, s->at, s->text.len), &rune, &step);
        s->at += step;
    }
    gwapi__text_rune(out, rune);
    return GWAPI_OK;
}

/* At the opening quote; *copy is the decoded text, for a record. */
static gwapi_result read_string(gwapi__scan *s, gwapi_str *copy)
{
    gwapi_str text;

    s->at++;
    size_t run = plain_run(s);
    text = gwapi__str_sub(s->text, s->at, run);
    if (s->at + run < s->text.len && s->text.data[s->at + run] == '"')
        s->at += run;
    else {
        s->name.len = 0;
        while (peek(s) != '"')
            GWAPI__TRY(read_piece(s, &s->name));
        if (s->name.failed)
            return GWAPI_ENOMEM;
        text = gwapi__text_str(&s->name);
    }
    s->at++;
    if (s->arena == NULL || gwapi__arena_copy(s->arena, text, copy))
        return GWAPI_OK;
    return GWAPI_ENOMEM;
}

/* ---- numbers and words -------------------------------------------------------------- */

static size_t digits(const gwapi__scan *s, size_t at)
{
    size_t i = at;

    while (i < s->text.len && gwapi__is_digit(s->text.data[i]))
        i++;
    return i - at;
}

static bool at_char(const gwapi__scan *s, size_t at, char a, char b)
{
    return at < s->text.len && (s->text.data[at] == a || s->text.data[at] == b);
}

static gwapi_result read_number(gwapi__scan *s)
{
    gwapi__place place = place_of(s);
    size_t at = s->at + (peek(s) == '-'), whole = digits(s, at), more;
    bool good = whole != 0;

    if (whole > 1 && s->text.data[at] == '0') {
        good = s->open.count == 0; /* outside of all, the next number begins here */
        whole = 1;
    }
    at += whole;
    if (good && at_char(s, at, '.', '.')) {
        more = digits(s, at + 1);
        good = more != 0;
        at += 1 + more;
    }
    if (good && at_char(s, at, 'e', 'E')) {
        at++;
        at += at_char(s, at, '+', '-');
        more = digits(s, at);
        good = more != 0;
        at += more;
    }
    if (!good)
        return refuse(s, "a number that JSON does not know",
                      "no leading zeros, and digits on both sides of the point");
    GWAPI__TRY(record(s, place, gwapi__str_sub(s->text, s->at, at - s->at)));
    emit(s, '0');
    s->at = at;
    return GWAPI_OK;
}

static gwapi_result read_word(gwapi__scan *s)
{
    static const char *const words[] = {"true", "false", "null"};
    gwapi__place place = place_of(s);

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        gwapi_str word = gwapi__str_of(words[i]);
        if (!gwapi__str_eq(gwapi__str_sub(s->text, s->at, word.len), word))
            continue;
        s->at += word.len;
        if (s->arena != NULL)
            gwapi__text_add(&s->clean, word);
        return record(s, place, (gwapi_str){NULL, 0});
    }
    return refuse(s, "no JSON value begins here", "text needs double quotes");
}

/* ---- structure ---------------------------------------------------------------------- */

static bool in_map(const gwapi__scan *s)
{
    return s->open.count != 0 && *GWAPI__AT(&s->open, unsigned char, s->open.count - 1) == '{';
}

static gwapi_result open_container(gwapi__scan *s)
{
    unsigned char c = (unsigned char)peek(s);

    GWAPI__TRY(record(s, place_of(s), (gwapi_str){NULL, 0}));
    if (s->open.count >= s->depth) {
        s->too_deep = true;
        return refuse(s, "maps and lists are nested too deeply", NULL);
    }
    unsigned char *top = gwapi__vector_push(&s->open);
    if (top == NULL)
        return GWAPI_ENOMEM;
    *top = c;
    emit(s, (char)c);
    s->at++;
    return GWAPI_OK;
}

/* The name of a member and its colon; jansson is given a number in its place. */
static gwapi_result read_name(gwapi__scan *s)
{
    gwapi__place place = place_of(s);
    gwapi_str copy = {NULL, 0};

    if (peek(s) != '"')
        return refuse(s, "the name of a member was expected here",
                      peek(s) == '}' ? "remove the comma before it"
                                     : "names need double quotes");
    GWAPI__TRY(read_string(s, &copy));
    if (s->arena != NULL) {
        gwapi__text_char(&s->clean, '"');
        gwapi__text_u64(&s->clean, s->records.count);
        gwapi__text_char(&s->clean, '"');
        gwapi__text_char(&s->clean, ':');
    }
    GWAPI__TRY(record(s, place, copy));
    if (!gwapi__scan_more(s))
        return refuse_end(s);
    if (peek(s) != ':')
        return refuse(s, "a `:` was expected after the name of a member", NULL);
    s->at++;
    return GWAPI_OK;
}

static gwapi_result read_scalar(gwapi__scan *s)
{
    int c = peek(s);

    if (c == '-' || (c >= '0' && c <= '9'))
        return read_number(s);
    if (c != '"')
        return read_word(s);
    gwapi__place place = place_of(s);
    gwapi_str copy = {NULL, 0};
    GWAPI__TRY(read_string(s, &copy));
    emit(s, '"');
    emit(s, '"');
    return record(s, place, copy);
}

/* After a value: closes what ends here. *done: the outermost value is complete. */
static gwapi_result after_value(gwapi__scan *s, bool *done)
{
    while (s->open.count != 0) {
        if (!gwapi__scan_more(s))
            return refuse_end(s);
        int c = peek(s);
        if (c == ',') {
            emit(s, ',');
            s->at++;
            return GWAPI_OK;
        }
        if (c != (in_map(s) ? '}' : ']'))
            return refuse(s,
                          in_map(s) ? "a `,` or `}` was expected here"
                                    : "a `,` or `]` was expected here",
                          "put a comma between two values");
        emit(s, (char)c);
        s->at++;
        s->open.count--;
    }
    *done = true;
    return GWAPI_OK;
}

/* A value or, of a map or list, its beginning. *ended: a value is complete. */
static gwapi_result before_value(gwapi__scan *s, bool *ended)
{
    int c = peek(s);

    *ended = true;
    if (c != '{' && c != '[')
        return read_scalar(s);
    GWAPI__TRY(open_container(s));
    if (!gwapi__scan_more(s))
        return refuse_end(s);
    if (peek(s) != (c == '{' ? '}' : ']')) {
        *ended = false;
        return GWAPI_OK;
    }
    emit(s, c == '{' ? '}' : ']');
    s->at++;
    s->open.count--;
    return GWAPI_OK;
}

gwapi_result gwapi__scan_value(gwapi__scan *s, gwapi__arena *arena)
{
    bool ended, done = false;

    s->arena = arena;
    s->records.count = s->open.count = 0;
    s->clean.len = 0;
    do {
        if (!gwapi__scan_more(s))
            return refuse_end(s);
        if (in_map(s)) {
            GWAPI__TRY(read_name(s));
            if (!gwapi__scan_more(s))
                return refuse_end(s);
        }
        GWAPI__TRY(before_value(s, &ended));
        if (ended)
            GWAPI__TRY(after_value(s, &done));
    } while (!done);
    return s->clean.failed ? GWAPI_ENOMEM : GWAPI_OK;
}
