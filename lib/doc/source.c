#include "doc/source.h"

#include <string.h>

#include "base/slice.h"
#include "base/utf8.h"

/* ---- encodings ---------------------------------------------------------------------- */

typedef struct units {
    gwapi_str bytes;
    bool big;
} units;

static uint32_t unit_at(const units *u, size_t i)
{
    const unsigned char *p = (const unsigned char *)u->bytes.data + i;

    return u->big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

/* Converts up to the first thing that is not UTF-16; false if there is one. */
static bool convert(gwapi__text *out, const units *u)
{
    size_t i = 0;

    for (; i + 1 < u->bytes.len; i += 2) {
        uint32_t rune = unit_at(u, i);
        if (rune >= 0xdc00 && rune <= 0xdfff)
            return false;
        if (rune >= 0xd800 && rune <= 0xdbff) {
            uint32_t low = i + 3 < u->bytes.len ? unit_at(u, i + 2) : 0;
            if (low < 0xdc00 || low > 0xdfff)
                return false;
            rune = 0x10000 + ((rune & 0x3ff) << 10) + (low & 0x3ff);
            i += 2;
        }
        gwapi__text_rune(out, rune);
    }
    return i == u->bytes.len;
}

static bool decode(gwapi__source *source, gwapi_str bytes)
{
    bool little = gwapi__str_starts(bytes, GWAPI__STR("\xff\xfe"));
    units u = {gwapi__str_sub(bytes, 2, bytes.len), !little};

    source->text = bytes;
    source->marked = gwapi__str_starts(bytes, GWAPI__STR("\xef\xbb\xbf"));
    if (source->marked)
        source->text = gwapi__str_sub(bytes, 3, bytes.len);
    if (!little && !gwapi__str_starts(bytes, GWAPI__STR("\xfe\xff")))
        return true;
    source->marked = true;
    source->bad_encoding = !convert(&source->converted, &u);
    source->text = gwapi__text_str(&source->converted);
    return !source->converted.failed;
}

/* ---- lines -------------------------------------------------------------------------- */

static size_t after_line(gwapi_str text, size_t at)
{
    const char *end = memchr(text.data + at, '\n', text.len - at);

    return end != NULL ? (size_t)(end - text.data) + 1 : text.len;
}

/* Where a line starts, the first to do so in each slice of the text. */
static void mark_lines(gwapi__source *source)
{
    size_t slice = source->text.len / GWAPI__LINE_MARKS + 1, at = 0;

    source->marked_lines = true;
    for (uint32_t line = 1; at < source->text.len; line++) {
        gwapi__line_mark *mark = &source->marks[at / slice];
        if (mark->line == 0)
            *mark = (gwapi__line_mark){at, line};
        at = after_line(source->text, at);
    }
}

size_t gwapi__source_line(gwapi__source *source, uint32_t line)
{
    gwapi__line_mark from = {0, 1};

    if (!source->marked_lines)
        mark_lines(source);
    for (size_t i = 0; i < GWAPI__LINE_MARKS; i++)
        if (source->marks[i].line > from.line && source->marks[i].line <= line)
            from = source->marks[i];
    for (; from.line < line && from.at < source->text.len; from.line++)
        from.at = after_line(source->text, from.at);
    return from.at;
}

gwapi_result gwapi__source_init(gwapi__source *source, const gwapi_allocator *allocator,
                                gwapi_str bytes)
{
    *source = (gwapi__source){.allocator = *allocator};
    gwapi__text_init(&source->converted, allocator);
    if (bytes.data == NULL)
        bytes = GWAPI__STR("");
    return decode(source, bytes) ? GWAPI_OK : GWAPI_ENOMEM;
}

void gwapi__source_free(gwapi__source *source)
{
    gwapi__text_free(&source->converted);
}

/* ---- documents ---------------------------------------------------------------------- */

/* White space of Unicode, one character of it: its length, else 0. */
static size_t space_at(gwapi_str s)
{
    uint32_t rune;
    size_t step;

    if (s.len == 0)
        return 0;
    gwapi__utf8_step(s, &rune, &step);
    bool space = (rune >= 0x09 && rune <= 0x0d) || rune == 0x20 || rune == 0x85 ||
                 rune == 0xa0 || rune == 0x1680 || (rune >= 0x2000 && rune <= 0x200a) ||
                 rune == 0x2028 || rune == 0x2029 || rune == 0x202f || rune == 0x205f ||
                 rune == 0x3000;
    return space ? step : 0;
}

static gwapi_str skip_spaces(gwapi_str s)
{
    for (size_t step; (step = space_at(s)) != 0;)
        s = gwapi__str_sub(s, step, s.len);
    return s;
}

/* A line that begins with `---` divides documents; text behind it is an error. */
static bool is_separator(gwapi_str line, bool *bad)
{
    if (!gwapi__str_starts(line, GWAPI__STR("---")))
        return false;
    gwapi_str rest = skip_spaces(gwapi__str_sub(line, 3, line.len));
    *bad = rest.len != 0 && rest.data[0] != '#';
    return true;
}

/* Whether YAML sees a line end where we see none: a carriage return alone, U+0085, U+2028. */
static bool has_other_line_ends(gwapi_str line)
{
    while (line.len != 0 &&
           (line.data[line.len - 1] == '\n' || line.data[line.len - 1] == '\r'))
        line.len--;
    return gwapi__str_find_char(line, '\r') != SIZE_MAX ||
           gwapi__str_find(line, GWAPI__STR("\xc2\x85")) != SIZE_MAX ||
           gwapi__str_find(line, GWAPI__STR("\xe2\x80\xa8")) != SIZE_MAX ||
           gwapi__str_find(line, GWAPI__STR("\xe2\x80\xa9")) != SIZE_MAX;
}

/* Blank, or a comment, perhaps behind `---`. */
static bool says_nothing(gwapi_str line)
{
    if (gwapi__str_starts(line, GWAPI__STR("---"))) {
        line = gwapi__str_sub(line, 3, line.len);
        if (space_at(line) == 0 && line.len != 0)
            return false;
    }
    line = skip_spaces(line);
    return line.len == 0 || (line.data[0] == '#' && !has_other_line_ends(line));
}

/* Takes the lines up to the next separator, and that too; a separator in front stays, as the
 * server's reader has it. False at the end of the text. */
static bool take_lines(const gwapi__source *source, size_t *at, uint32_t *line,
                       gwapi__chunk *chunk, bool *empty)
{
    gwapi_str text = source->text;
    size_t start = *at, end = *at;
    bool ends = false, bad = false;

    *empty = true;
    *chunk = (gwapi__chunk){.line = *line};
    for (; *at < text.len && !ends; ++*line) {
        size_t next = after_line(text, *at);
        gwapi_str l = gwapi__str_sub(text, *at, next - *at);
        bool separator = is_separator(l, &bad);
        ends = separator && !bad && *at != start;
        if (separator && bad && !chunk->bad_separator) {
            chunk->bad_separator = true;
            chunk->separator = (gwapi__place){*line, 1};
        }
        *empty = *empty && (ends || says_nothing(l));
        *at = next;
        end = ends ? end : next;
    }
    chunk->text = gwapi__str_sub(text, start, end - start);
    return start < text.len;
}

bool gwapi__source_split(const gwapi__source *source, size_t *at, uint32_t *line,
                         gwapi__chunk *chunk)
{
    bool empty;

    while (take_lines(source, at, line, chunk, &empty))
        if (!empty)
            return true;
    return false;
}
