#include "doc/yaml_input.h"

#include <string.h>

#include "base/slice.h"
#include "base/utf8.h"

/* U+10FFFF and U+10FFFE, which no text should have. */
#define COLON           "\xf4\x8f\xbf\xbf"
#define MARK            "\xf4\x8f\xbf\xbe"
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* A carriage return that belongs to the line feed behind it. */
static bool is_crlf(gwapi_str text, size_t i)
{
    return text.data[i] == '\r' && i + 1 < text.len && text.data[i + 1] == '\n';
}

static bool is_punctuation(char c)
{
    return c == ',' || c == '?' || c == '[' || c == ']' || c == '{' || c == '}';
}

/* A colon at the end of a plain text, before a bracket or a comma. */
static bool is_text_colon(gwapi_str text, size_t i)
{
    return text.data[i] == ':' && i + 1 < text.len && is_punctuation(text.data[i + 1]) &&
           i > 0 && strchr(" \t\r\n\"',?[]{}", text.data[i - 1]) == NULL;
}

static bool has_text_colon(gwapi_str text)
{
    static const char punctuation[] = ",?[]{}";
    bool any = false;

    for (size_t i = 0; i + 1 < sizeof punctuation && !any; i++)
        any = gwapi__str_find_char(text, punctuation[i]) != SIZE_MAX;
    if (!any)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        size_t next = gwapi__str_find_char(gwapi__str_sub(text, i, text.len), ':');
        if (next == SIZE_MAX)
            return false;
        i += next;
        if (is_text_colon(text, i))
            return true;
    }
    return false;
}

static bool has(gwapi_str text, const char *part)
{
    return gwapi__str_find(text, gwapi__str_of(part)) != SIZE_MAX;
}

/* Does libyaml see a line end where we see none? */
static bool has_other_line_ends(gwapi_str text, bool ascii)
{
    return gwapi__str_find_char(text, '\r') != SIZE_MAX ||
           (!ascii && (has(text, "\xc2\x85") || has(text, "\xe2\x80\xa8") ||
                       has(text, "\xe2\x80\xa9")));
}

static bool needs_stand_ins(gwapi_str text, bool ascii)
{
    bool any = has_text_colon(text) ||
               (!ascii && has(gwapi__str_sub(text, 1, text.len), BYTE_ORDER_MARK));

    return any && gwapi__str_find(text, gwapi__str(COLON, 3)) == SIZE_MAX;
}

void gwapi__yaml_input_init(gwapi__yaml_input *input, const gwapi__chunk *chunk)
{
    bool ascii = gwapi__utf8_ascii(chunk->text) == chunk->text.len;

    *input = (gwapi__yaml_input){.text = chunk->text,
                                 .first_line = chunk->line,
                                 .same = !has_other_line_ends(chunk->text, ascii),
                                 .stand_ins = needs_stand_ins(chunk->text, ascii),
                                 .line = chunk->line,
                                 .column = 1};
}

/* What stands in for the character at i, NULL: nothing does. *len bytes of the text are meant.
 */
static const char *stand_in(const gwapi__yaml_input *input, size_t i, size_t *len)
{
    if (!input->stand_ins)
        return NULL;
    if (is_text_colon(input->text, i)) {
        *len = 1;
        return COLON;
    }
    if (i != 0 && input->text.data[i] == BYTE_ORDER_MARK[0] &&
        gwapi__str_starts(gwapi__str_sub(input->text, i, 3), GWAPI__STR(BYTE_ORDER_MARK))) {
        *len = 3;
        return MARK;
    }
    return NULL;
}

/* Nothing has to be changed. */
static size_t feed_same(gwapi__yaml_input *input, unsigned char *buffer, size_t size)
{
    gwapi_str rest = gwapi__str_sub(input->text, input->fed, size);

    if (rest.len != 0)
        memcpy(buffer, rest.data, rest.len);
    input->fed += rest.len;
    return rest.len;
}

static size_t feed_changed(gwapi__yaml_input *input, unsigned char *buffer, size_t size)
{
    gwapi_str text = input->text;
    size_t n = 0, len;

    for (; n + 4 <= size && input->fed < text.len; input->fed++) {
        size_t i = input->fed;
        const char *other = stand_in(input, i, &len);
        if (other != NULL) {
            memcpy(buffer + n, other, 4);
            n += 4;
            input->fed += len - 1;
            input->replaced = true;
        } else if (!is_crlf(text, i))
            buffer[n++] = (unsigned char)text.data[i];
    }
    return n;
}

size_t gwapi__yaml_feed(gwapi__yaml_input *input, unsigned char *buffer, size_t size)
{
    gwapi_str text = input->text;
    size_t n = input->same && !input->stand_ins ? feed_same(input, buffer, size)
                                                : feed_changed(input, buffer, size);

    if (n < size && input->fed == text.len && !input->ended) {
        input->ended = true;
        if (text.len == 0 || text.data[text.len - 1] != '\n')
            buffer[n++] = '\n';
    }
    return n;
}

void gwapi__yaml_restore(char *data, size_t *len)
{
    gwapi_str given = {data, *len};
    size_t n = 0;

    if (gwapi__str_find(given, gwapi__str(COLON, 3)) == SIZE_MAX)
        return;
    for (size_t i = 0; i < given.len;) {
        gwapi_str rest = gwapi__str_sub(given, i, 4);
        if (gwapi__str_eq(rest, GWAPI__STR(COLON))) {
            data[n++] = ':';
            i += 4;
        } else if (gwapi__str_eq(rest, GWAPI__STR(MARK))) {
            memcpy(data + n, BYTE_ORDER_MARK, 3);
            n += 3;
            i += 4;
        } else
            data[n++] = data[i++];
    }
    *len = n;
    data[n] = '\0';
}

static void step_forward(gwapi__yaml_input *input)
{
    gwapi_str rest = {input->text.data + input->at, input->text.len - input->at};
    uint32_t rune;
    size_t step = 1;

    if (is_crlf(input->text, input->at)) {
        input->at++;
        input->column++;
        return;
    }
    if (rest.data[0] == '\n') {
        input->line++;
        input->column = 1;
    } else {
        gwapi__utf8_step(rest, &rune, &step);
        input->column++;
    }
    input->at += step;
    input->index++;
}

/* Marks hardly ever go back, and then by little: to the start of the line, and on from there.
 */
static void step_back(gwapi__yaml_input *input, size_t index)
{
    gwapi_str text = input->text;

    while (input->at > 0 && (input->index > index || text.data[input->at - 1] != '\n')) {
        unsigned char c = (unsigned char)text.data[--input->at];
        if (c == '\n')
            input->line--;
        if ((c & 0xc0) != 0x80 && !is_crlf(text, input->at))
            input->index--;
    }
    input->column = 1;
}

gwapi__place gwapi__yaml_locate(gwapi__yaml_input *input, size_t index)
{
    if (index < input->index)
        step_back(input, index);
    while (input->index < index && input->at < input->text.len)
        step_forward(input);
    return (gwapi__place){input->line, input->column};
}

bool gwapi__yaml_escapes_slash(gwapi__yaml_input *input, size_t index)
{
    gwapi_str text = input->text;

    (void)gwapi__yaml_locate(input, index);
    size_t i = input->at;
    while (i < text.len && text.data[i] != '"') /* past an anchor and a tag */
        i++;
    for (i++; i + 1 < text.len && text.data[i] != '"'; i++)
        if (text.data[i] == '\\' && text.data[++i] == '/')
            return true;
    return false;
}

bool gwapi__yaml_tag_touches(gwapi__yaml_input *input, size_t index)
{
    gwapi_str text = input->text;

    (void)gwapi__yaml_locate(input, index);
    size_t i = input->at;
    while (i < text.len && text.data[i] != '!') /* past an anchor */
        i++;
    if (gwapi__str_starts(gwapi__str_sub(text, i, 2), GWAPI__STR("!<")))
        while (i < text.len && text.data[i] != '>')
            i++;
    while (i < text.len && memchr(" \t\r\n,[]{}", text.data[i], 9) == NULL)
        i++;
    return i < text.len && memchr(",[]{}", text.data[i], 5) != NULL;
}
