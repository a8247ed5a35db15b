#include <string.h>

#include "base/slice.h"
#include "base/utf8.h"
#include "doc/scalar.h"
#include "doc/write.h"

/* Readers take a key of up to 1024 characters for one without `?`; an escape has six of them.
 */
#define LONGEST_KEY (1024 / 6 - 2)

/* ---- which style ----------------------------------------------------------------------- */

/* What no YAML reader takes as it stands, in quotes or without. */
static bool is_special(uint32_t rune)
{
    return (rune < 0x20 && rune != '\t' && rune != '\n') || (rune >= 0x7f && rune < 0xa0) ||
           rune == 0x2028 || rune == 0x2029 || rune == 0xfeff || rune == 0xfffe ||
           rune == 0xffff;
}

static bool has_special(gwapi_str text)
{
    uint32_t rune;
    size_t step;

    for (size_t i = 0; i < text.len; i += step)
        if (!gwapi__utf8_step(gwapi__str_sub(text, i, text.len), &rune, &step) ||
            is_special(rune))
            return true;
    return false;
}

static bool all_of(gwapi_str text, const char *set)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] == '\0' || strchr(set, text.data[i]) == NULL)
            return false;
    return true;
}

/* Something other than a string to this reader or to another of YAML 1.1 or 1.2: numbers with
 * underscores or colons (base 60), dates, the merge key, the value key. */
static bool may_be_other(gwapi_str text)
{
    gwapi__scalar scalar;
    char c = text.data[0];

    if (!gwapi__scalar_resolve(&scalar, GWAPI__STR(""), text) ||
        scalar.type != GWAPI__SCALAR_STRING)
        return true;
    if (c == '=' || gwapi__str_eq(text, GWAPI__STR("<<")))
        return true;
    if (!gwapi__is_digit(c) && c != '+' && c != '-' && c != '.')
        return false;
    return all_of(text, "0123456789_.:+-eE") ||
           (text.len > 5 && all_of(gwapi__str_sub(text, 0, 4), "0123456789") &&
            text.data[4] == '-' && gwapi__is_digit(text.data[5]));
}

static bool is_plain(gwapi_str text)
{
    static const char indicators[] = ",[]{}#&*!|>'\"%@`";

    if (text.len == 0 || strchr(indicators, text.data[0]) != NULL || text.data[0] == ' ' ||
        text.data[text.len - 1] == ' ' || text.data[text.len - 1] == ':')
        return false;
    if (strchr("-?:", text.data[0]) != NULL && (text.len == 1 || text.data[1] == ' '))
        return false;
    if (gwapi__str_find(text, GWAPI__STR(": ")) != SIZE_MAX ||
        gwapi__str_find(text, GWAPI__STR(" #")) != SIZE_MAX ||
        gwapi__str_find_char(text, '\n') != SIZE_MAX ||
        gwapi__str_find_char(text, '\t') != SIZE_MAX)
        return false;
    if (gwapi__str_starts(text, GWAPI__STR("---")) ||
        gwapi__str_starts(text, GWAPI__STR("...")))
        return false;
    return !has_special(text) && !may_be_other(text);
}

/* Several lines, of which the first shows the indentation. A last line of blanks would be taken
 * for the end, and so would only line ends. */
static bool is_block(gwapi_str text)
{
    size_t end = text.len;

    if (gwapi__str_find_char(text, '\n') == SIZE_MAX || has_special(text))
        return false;
    while (end > 0 && text.data[end - 1] == '\n')
        end--;
    return end != 0 && text.data[end - 1] != ' ' && text.data[end - 1] != '\t' &&
           strchr(" \t\n", text.data[0]) == NULL;
}

/* ---- scalars -------------------------------------------------------------------------- */

static void write_escape(gwapi__text *t, uint32_t rune)
{
    static const char hex[] = "0123456789abcdef";

    if (rune == '\n' || rune == '\t' || rune == '\r') {
        gwapi__text_addz(t, rune == '\n' ? "\\n" : rune == '\t' ? "\\t" : "\\r");
        return;
    }
    gwapi__text_addz(t, "\\u");
    for (int shift = 12; shift >= 0; shift -= 4)
        gwapi__text_char(t, hex[rune >> shift & 15]);
}

static void write_quoted(gwapi__text *t, gwapi_str text)
{
    uint32_t rune;
    size_t step;

    gwapi__text_char(t, '"');
    for (size_t i = 0; i < text.len; i += step) {
        gwapi__utf8_step(gwapi__str_sub(text, i, text.len), &rune, &step);
        if (rune == '"' || rune == '\\') {
            gwapi__text_char(t, '\\');
            gwapi__text_char(t, (char)rune);
        } else if (is_special(rune) || rune == '\n' || rune == '\t')
            write_escape(t, rune);
        else
            gwapi__text_rune(t, rune);
    }
    gwapi__text_char(t, '"');
}

static void write_block(gwapi__text *t, gwapi_str text, size_t indent)
{
    size_t ends = 0;
    gwapi_str line;

    while (text.data[text.len - 1 - ends] == '\n')
        ends++;
    gwapi__text_addz(t, ends == 0 ? "|-" : ends == 1 ? "|" : "|+");
    text.len -= ends != 0; /* the line that is written last ends anyway */
    do {
        bool more = gwapi__str_cut(text, '\n', &line, &text);
        gwapi__text_char(t, '\n');
        if (line.len != 0)
            gwapi__text_fill(t, ' ', indent);
        gwapi__text_add(t, line);
        if (!more)
            break;
    } while (true);
}

/* Readers of YAML 1.1 know a float by its point. */
static void write_number(gwapi__text *t, double number)
{
    size_t start = t->len;

    gwapi__text_double(t, number);
    if (t->failed)
        return;
    gwapi_str text = gwapi__str(t->data + start, t->len - start);
    size_t e = gwapi__str_find_char(text, 'e');
    if (e == SIZE_MAX || gwapi__str_find_char(text, '.') != SIZE_MAX)
        return;
    char exponent[32];
    size_t len = text.len - e;
    memcpy(exponent, text.data + e, len);
    gwapi__text_cut(t, start + e);
    gwapi__text_addz(t, ".0");
    gwapi__text_add(t, gwapi__str(exponent, len));
}

static void write_scalar(gwapi__text *t, const gwapi__node *node, size_t indent)
{
    if (node->type == GWAPI__NODE_FLOAT)
        write_number(t, node->as.number);
    else if (node->type != GWAPI__NODE_STRING)
        gwapi__node_write_json(t, node);
    else if (is_plain(node->as.string))
        gwapi__text_add(t, node->as.string);
    else if (is_block(node->as.string))
        write_block(t, node->as.string, indent != 0 ? indent : 2);
    else
        write_quoted(t, node->as.string);
}

/* ---- maps and lists ------------------------------------------------------------------ */

static void write_node(gwapi__text *t, const gwapi__node *node, size_t indent);

static bool is_nested(const gwapi__node *node)
{
    return (node->type == GWAPI__NODE_MAP && node->as.map.count != 0) ||
           (node->type == GWAPI__NODE_LIST && node->as.list.count != 0);
}

/* Returns whether it was written as an explicit key, on a line of its own. */
static bool write_key(gwapi__text *t, gwapi_str name)
{
    bool explicit_ = name.len > LONGEST_KEY;

    if (explicit_)
        gwapi__text_addz(t, "? ");
    if (is_plain(name))
        gwapi__text_add(t, name);
    else
        write_quoted(t, name);
    return explicit_;
}

static void write_fields(gwapi__text *t, const gwapi__node *map, size_t indent)
{
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        const gwapi__field *field = &map->as.map.fields[i];
        if (i != 0)
            gwapi__text_fill(t, ' ', indent);
        if (write_key(t, field->name)) {
            gwapi__text_char(t, '\n');
            gwapi__text_fill(t, ' ', indent);
        }
        gwapi__text_char(t, ':');
        if (is_nested(field->value)) {
            size_t inner = indent + (field->value->type == GWAPI__NODE_MAP ? 2 : 0);
            gwapi__text_char(t, '\n');
            gwapi__text_fill(t, ' ', inner);
            write_node(t, field->value, inner);
        } else {
            gwapi__text_char(t, ' ');
            write_node(t, field->value, indent + 2);
        }
    }
}

static void write_items(gwapi__text *t, const gwapi__node *list, size_t indent)
{
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        if (i != 0)
            gwapi__text_fill(t, ' ', indent);
        gwapi__text_addz(t, "- ");
        write_node(t, list->as.list.items[i], indent + 2);
    }
}

/* The cursor stands at the column `indent`, or behind a key whose scalars go there. Ends the
 * line. */
static void write_node(gwapi__text *t, const gwapi__node *node, size_t indent)
{
    if (is_nested(node)) {
        if (node->type == GWAPI__NODE_MAP)
            write_fields(t, node, indent);
        else
            write_items(t, node, indent);
        return;
    }
    if (node->type == GWAPI__NODE_MAP)
        gwapi__text_addz(t, "{}");
    else if (node->type == GWAPI__NODE_LIST)
        gwapi__text_addz(t, "[]");
    else
        write_scalar(t, node, indent);
    gwapi__text_char(t, '\n');
}

void gwapi__node_write_yaml(gwapi__text *t, const gwapi__node *node)
{
    write_node(t, node, 0);
}
