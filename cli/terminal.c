#include "terminal.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

enum { WIDTH_ELSEWHERE = 120, WIDTH_LEAST = 40 };

static const char *const escapes[CLI_STYLES] = {
    [CLI_PLAIN] = "",          [CLI_BOLD] = "\033[1m",   [CLI_DIM] = "\033[2m",
    [CLI_GOOD] = "\033[32m",   [CLI_BAD] = "\033[1;31m", [CLI_WARN] = "\033[33m",
    [CLI_ACCENT] = "\033[36m",
};

static size_t terminal_width(FILE *file)
{
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    unsigned long width = columns != NULL ? strtoul(columns, NULL, 10) : 0;

    if (width == 0 && ioctl(fileno(file), TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    if (width == 0 || width > 10000)
        width = WIDTH_ELSEWHERE;
    return width < WIDTH_LEAST ? WIDTH_LEAST : (size_t)width;
}

void cli_terminal_init(cli_terminal *terminal, FILE *file, cli_colour colour)
{
    bool is_terminal = isatty(fileno(file)) == 1;
    const char *kind = getenv("TERM");
    const char *refused = getenv("NO_COLOR");

    terminal->file = file;
    terminal->width = is_terminal ? terminal_width(file) : WIDTH_ELSEWHERE;
    terminal->colour =
        colour == CLI_COLOUR_ALWAYS ||
        (colour == CLI_COLOUR_AUTO && is_terminal && (refused == NULL || *refused == '\0') &&
         kind != NULL && strcmp(kind, "dumb") != 0);
}

/* ---- cleaning ---- */

/* One code point, strictly; U+FFFD and one byte for what is none. */
static uint32_t decode(const unsigned char *s, size_t len, size_t *step)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t need = s[0] < 0x80 ? 1 : s[0] < 0xc0 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    uint32_t rune = need == 1 ? s[0] : s[0] & (0xffu >> (need + 1));

    *step = 1;
    if (need == 0 || s[0] > 0xf4 || need > len)
        return 0xfffd;
    for (size_t i = 1; i < need; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0xfffd;
        rune = rune << 6 | (s[i] & 0x3f);
    }
    if (rune < least[need] || rune > 0x10ffff || (rune >= 0xd800 && rune < 0xe000))
        return 0xfffd;
    *step = need;
    return rune;
}

static bool is_obeyed(uint32_t rune)
{
    return rune < 0x20 || (rune >= 0x7f && rune < 0xa0) || (rune >= 0x200e && rune <= 0x200f) ||
           (rune >= 0x2028 && rune <= 0x202e) || (rune >= 0x2066 && rune <= 0x2069);
}

/* Writes at most six bytes for one code point, four blanks for a tab. */
static size_t clean_rune(char *out, uint32_t rune, const char *bytes, size_t step)
{
    if (rune == '\t')
        return (size_t)sprintf(out, "    ");
    if (is_obeyed(rune))
        return (size_t)sprintf(out, "\\u%04x", (unsigned)rune);
    if (rune == 0xfffd && step == 1)
        return (size_t)sprintf(out, "\xef\xbf\xbd");
    memcpy(out, bytes, step);
    return step;
}

static char *clean(gwapi_str s, bool lines)
{
    char *out = cli_alloc(s.len + 1, 6), *end = out;
    size_t step;

    for (size_t i = 0; i < s.len; i += step) {
        uint32_t rune = decode((const unsigned char *)s.data + i, s.len - i, &step);
        if (rune == '\n' && lines)
            *end++ = '\n';
        else
            end += clean_rune(end, rune, s.data + i, step);
    }
    *end = '\0';
    return out;
}

char *cli_clean(gwapi_str s)
{
    return clean(s, false);
}

size_t cli_width(const char *text)
{
    size_t len = strlen(text), width = 0, step;

    for (size_t i = 0; i < len; i += step) {
        int columns = wcwidth((wchar_t)decode((const unsigned char *)text + i, len - i, &step));
        width += columns >= 0 ? (size_t)columns : 1;
    }
    return width;
}

size_t cli_prefix(gwapi_str s, size_t count)
{
    size_t at = 0, step;

    for (; count != 0 && at < s.len; count--, at += step)
        decode((const unsigned char *)s.data + at, s.len - at, &step);
    return at < s.len ? at : s.len;
}

/* ---- printing ---- */

static void print_clean(cli_terminal *terminal, cli_style style, const char *text)
{
    size_t len = strlen(text), lines = 0;

    while (lines < len && text[len - lines - 1] == '\n')
        lines++;
    if (!terminal->colour || style == CLI_PLAIN || lines == len)
        fputs(text, terminal->file);
    else
        fprintf(terminal->file, "%s%.*s\033[0m%s", escapes[style], (int)(len - lines), text,
                text + len - lines);
}

void cli_print(cli_terminal *terminal, cli_style style, const char *format, ...)
{
    va_list args, again;
    char *raw, *text;
    int len;

    va_start(args, format);
    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    raw = cli_alloc(len > 0 ? (size_t)len + 1 : 1, 1);
    if (len > 0)
        vsnprintf(raw, (size_t)len + 1, format, again);
    va_end(again);
    text = clean(cli_str(raw), true);
    print_clean(terminal, style, text);
    free(text);
    free(raw);
}

void cli_print_str(cli_terminal *terminal, cli_style style, gwapi_str s)
{
    char *text = cli_clean(s);

    print_clean(terminal, style, text);
    free(text);
}

/* How many bytes of `text` a line of `room` columns takes: whole words, one at least. */
static size_t line_len(const char *text, size_t room)
{
    size_t best = 0, width = 0;

    for (size_t at = 0; text[at] != '\0';) {
        size_t word = strcspn(text + at, " ");
        char *piece = cli_format("%.*s", (int)word, text + at);
        width += cli_width(piece) + (at != 0);
        free(piece);
        if (best != 0 && width > room)
            break;
        best = at + word;
        at = best + (text[best] == ' ');
    }
    return best;
}

void cli_print_wrapped(cli_terminal *terminal, cli_style style, size_t indent, gwapi_str s)
{
    char *text = cli_clean(s);
    const char *rest = text;

    while (*rest != '\0') {
        size_t len = line_len(rest, terminal->width - indent);
        char *line = cli_format("%.*s\n", (int)len, rest);
        fprintf(terminal->file, "%*s", (int)indent, "");
        print_clean(terminal, style, line);
        free(line);
        rest += len + strspn(rest + len, " ");
    }
    free(text);
}

char *cli_count(size_t count, const char *one, const char *many)
{
    return cli_format("%zu %s", count, count == 1 ? one : many);
}

/* ---- tables ---- */

void cli_table_init(cli_table *table, size_t indent, size_t columns, const char *const *titles)
{
    *table = (cli_table){columns, indent, NULL, 0, 0};
    for (size_t i = 0; titles != NULL && i < columns; i++)
        cli_table_add(table, CLI_DIM, cli_format("%s", titles[i]));
}

void cli_table_add(cli_table *table, cli_style style, char *text)
{
    if (table->count == table->capacity) {
        table->capacity = table->capacity != 0 ? table->capacity * 2 : 64;
        table->cells = cli_grow(table->cells, table->capacity, sizeof *table->cells);
    }
    table->cells[table->count++] = (cli_cell){cli_clean(cli_str(text)), style};
    free(text);
}

static void print_row(const cli_table *table, const cli_cell *row, const size_t *widths,
                      cli_terminal *terminal)
{
    size_t last = table->columns;

    while (last != 0 && row[last - 1].text[0] == '\0')
        last--;
    fprintf(terminal->file, "%*s", last != 0 ? (int)table->indent : 0, "");
    for (size_t i = 0; i < last; i++) {
        size_t width = cli_width(row[i].text);
        print_clean(terminal, row[i].style, row[i].text);
        if (i + 1 < last)
            fprintf(terminal->file, "%*s", (int)(widths[i] - width + 2), "");
    }
    fputc('\n', terminal->file);
}

void cli_table_print(cli_table *table, cli_terminal *terminal)
{
    size_t widths[CLI_COLUMNS] = {0};

    while (table->count % table->columns != 0)
        cli_table_add(table, CLI_PLAIN, cli_format("%s", ""));
    for (size_t i = 0; i < table->count; i++) {
        size_t width = cli_width(table->cells[i].text), *column = &widths[i % table->columns];
        if (width > *column)
            *column = width;
    }
    for (size_t i = 0; i < table->count; i += table->columns)
        print_row(table, table->cells + i, widths, terminal);
    for (size_t i = 0; i < table->count; i++)
        free(table->cells[i].text);
    free(table->cells);
    table->cells = NULL;
    table->count = table->capacity = 0;
}
