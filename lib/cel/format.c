#include "cel/format.h"

#include <math.h>
#include <string.h>
#include "base/slice.h"
#include "base/utf8.h"
#include "base/vector.h"
#include "cel/text.h"

// ---- reading ---------------------------------------------------------------------------------

static gwapi__cel_piece bad(const char *reason)
{
    return (gwapi__cel_piece){.kind = GWAPI__CEL_PIECE_BAD, .reason = reason};
}

static gwapi__cel_piece read_clause(gwapi_str *rest)
{
    gwapi_str s = *rest;
    gwapi__cel_piece piece = {.kind = GWAPI__CEL_PIECE_CLAUSE, .precision = -1};
    size_t at = 1, digits;

    if (at == s.len)
        return bad("unexpected end of string");
    if (s.data[at] == '.') {
        uint64_t precision;
        for (digits = ++at; at < s.len && gwapi__is_digit(s.data[at]); at++)
            ;
        if (at == s.len)
            return bad("could not find end of precision specifier");
        if (!gwapi__str_to_u64(gwapi__str(s.data + digits, at - digits), &precision) ||
            precision > INT64_MAX)
            return bad("the precision is no number");
        piece.precision = (int64_t)precision;
    }
    piece.clause = s.data[at++];
    if (gwapi__cel_clause_shows(piece.clause) == NULL)
        return bad("unrecognized formatting clause");
    *rest = gwapi__str(s.data + at, s.len - at);
    return piece;
}

gwapi__cel_piece gwapi__cel_format_next(gwapi_str *rest)
{
    gwapi_str s = *rest;
    gwapi__cel_piece piece = {.kind = GWAPI__CEL_PIECE_TEXT};

    if (s.len == 0) {
        piece.kind = GWAPI__CEL_PIECE_END;
        return piece;
    }
    size_t percent = gwapi__str_find_char(s, '%'), end = percent;
    if (percent == 0) {
        if (s.len < 2 || s.data[1] != '%')
            return read_clause(rest);
        percent = 1; // of %% one is text
        end = 2;
    } else if (percent == SIZE_MAX) {
        percent = end = s.len;
    }
    piece.text = gwapi__str(s.data, percent);
    *rest = gwapi__str(s.data + end, s.len - end);
    return piece;
}

const char *gwapi__cel_clause_shows(char clause)
{
    switch (clause) {
    case 's':
        return "strings, bools, bytes, ints, doubles, maps, lists, types, durations, and "
               "timestamps";
    case 'd':
    case 'o':
        return "integers";
    case 'f':
    case 'e':
        return "doubles";
    case 'b':
        return "integers and bools";
    case 'x':
    case 'X':
        return "integers, byte buffers, and strings";
    default:
        return NULL;
    }
}

// ---- writing ---------------------------------------------------------------------------------

typedef struct writer {
    gwapi__cel_context *context;
    gwapi__text text;
    size_t counted; // bytes of `text` that count as made
    gwapi__cel_value error; // once a step returned false
} writer;

static bool fail(writer *w, gwapi__cel_value error)
{
    w->error = error;
    return false;
}

static bool unshowable(writer *w, char clause, const gwapi__cel_value *value)
{
    gwapi_str type = gwapi__cel_type_name(gwapi__cel_value_type(value));

    return fail(w, gwapi__cel_fail(w->context, "only %s can be formatted so, was given %v",
                                   gwapi__cel_clause_shows(clause), type));
}

// Is all that was written within the bounds? Asked behind each step that may write much.
static bool bounded(writer *w)
{
    if (w->text.failed)
        return fail(w, gwapi__cel_no_memory(w->context));
    if (!gwapi__cel_makes(w->context, w->text.len - w->counted))
        return fail(w, gwapi__cel_spent(w->context));
    w->counted = w->text.len;
    return true;
}

// Values as string(value) shows them; false for those that it refuses.
static bool write_plain(writer *w, const gwapi__cel_value *value)
{
    gwapi__text *t = &w->text;

    switch (value->kind) {
    case GWAPI__CEL_NULL:
        gwapi__text_addz(t, "null");
        return true;
    case GWAPI__CEL_BOOL:
        gwapi__text_addz(t, value->as.boolean ? "true" : "false");
        return true;
    case GWAPI__CEL_INT:
        gwapi__text_i64(t, value->as.integer);
        return true;
    case GWAPI__CEL_UINT:
        gwapi__text_u64(t, value->as.natural);
        return true;
    case GWAPI__CEL_DOUBLE:
        gwapi__cel_text_double(t, value->as.number);
        return true;
    case GWAPI__CEL_STRING:
        gwapi__text_add(t, value->as.text);
        return true;
    case GWAPI__CEL_BYTES:
        gwapi__text_add(t, value->as.text);
        return gwapi__utf8_valid(value->as.text);
    case GWAPI__CEL_DURATION:
        gwapi__cel_text_duration(t, value->as.integer);
        return true;
    case GWAPI__CEL_TIMESTAMP:
        gwapi__cel_text_time(t, value);
        return true;
    case GWAPI__CEL_TYPE:
        gwapi__text_add(t, gwapi__cel_type_name(value->as.type));
        return true;
    default:
        return false;
    }
}

static bool write_container(writer *w, const gwapi__cel_value *value);

// A value inside a list or map: as an expression would write it.
static bool write_inner(writer *w, const gwapi__cel_value *value)
{
    gwapi__text *t = &w->text;
    double number = value->as.number;
    bool known = true;

    switch (value->kind) {
    case GWAPI__CEL_LIST:
    case GWAPI__CEL_MAP:
    case GWAPI__CEL_OBJECT:
        return write_container(w, value);
    case GWAPI__CEL_STRING:
        gwapi__cel_text_quoted(t, value->as.text);
        break;
    case GWAPI__CEL_BYTES:
        gwapi__text_char(t, 'b');
        gwapi__cel_text_quoted(t, value->as.text);
        known = gwapi__utf8_valid(value->as.text);
        break;
    case GWAPI__CEL_DOUBLE:
        gwapi__text_addz(t, isfinite(number) ? "" : "\"");
        gwapi__cel_text_fixed(t, number, 6);
        gwapi__text_addz(t, isfinite(number) ? "" : "\"");
        break;
    case GWAPI__CEL_DURATION:
    case GWAPI__CEL_TIMESTAMP:
        gwapi__text_addz(t, value->kind == GWAPI__CEL_DURATION ? "duration(\"" : "timestamp(\"");
        write_plain(w, value);
        gwapi__text_addz(t, "\")");
        break;
    default:
        known = write_plain(w, value);
    }
    return known ? bounded(w) : unshowable(w, 's', value);
}

static bool write_list(writer *w, const gwapi__cel_value *list)
{
    uint32_t count = gwapi__cel_count(list);

    gwapi__text_char(&w->text, '[');
    for (uint32_t i = 0; i < count; i++) {
        gwapi__cel_value item = gwapi__cel_item(w->context, list, i);
        if (i > 0)
            gwapi__text_addz(&w->text, ", ");
        if (!write_inner(w, &item))
            return false;
    }
    gwapi__text_char(&w->text, ']');
    return bounded(w);
}

typedef struct key {
    gwapi_str text;
    uint32_t index;
} key;

static int by_text(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return gwapi__str_cmp(((const key *)a)->text, ((const key *)b)->text);
}

// The entries of the map in the order of their keys' texts; NULL: an error.
static const key *sorted_keys(writer *w, const gwapi__cel_value *map, uint32_t count)
{
    gwapi__text *t = &w->text;
    size_t before = t->len;
    key *keys = NULL;

    if (!gwapi__cel_makes(w->context, (uint64_t)count * sizeof(*keys))) {
        w->error = gwapi__cel_spent(w->context);
        return NULL;
    }
    keys = gwapi__arena_array(w->context->arena, count, sizeof(*keys));
    for (uint32_t i = 0; keys != NULL && i < count; i++) {
        gwapi__cel_entry entry = gwapi__cel_entry_at(w->context, map, i);
        if (!write_inner(w, &entry.key))
            return NULL;
        keys[i].index = i;
        if (!gwapi__arena_copy(w->context->arena, gwapi__str(t->data + before, t->len - before),
                               &keys[i].text))
            keys = NULL;
        gwapi__text_cut(t, before);
        w->counted = before;
    }
    if (keys == NULL ||
        !gwapi__sort(w->context->allocator, keys, count, sizeof(*keys), by_text, NULL)) {
        w->error = gwapi__cel_no_memory(w->context);
        return NULL;
    }
    return keys;
}

static bool write_map(writer *w, const gwapi__cel_value *map)
{
    uint32_t count = gwapi__cel_count(map);
    const key *keys = sorted_keys(w, map, count);

    if (keys == NULL)
        return false;
    gwapi__text_char(&w->text, '{');
    for (uint32_t i = 0; i < count; i++) {
        gwapi__cel_value value = gwapi__cel_entry_at(w->context, map, keys[i].index).value;
        if (i > 0)
            gwapi__text_addz(&w->text, ", ");
        gwapi__text_add(&w->text, keys[i].text);
        gwapi__text_char(&w->text, ':');
        // A field that is null counts as absent.
        if (map->kind == GWAPI__CEL_OBJECT && value.kind == GWAPI__CEL_NULL)
            return fail(w, gwapi__cel_fail(w->context, "no such key: %v", keys[i].text));
        if (!write_inner(w, &value))
            return false;
    }
    gwapi__text_char(&w->text, '}');
    return bounded(w);
}

static bool write_container(writer *w, const gwapi__cel_value *value)
{
    return value->kind == GWAPI__CEL_LIST ? write_list(w, value) : write_map(w, value);
}

static bool write_string(writer *w, const gwapi__cel_value *value)
{
    if (value->kind == GWAPI__CEL_LIST || value->kind == GWAPI__CEL_MAP ||
        value->kind == GWAPI__CEL_OBJECT)
        return write_container(w, value);
    return write_plain(w, value) || unshowable(w, 's', value);
}

// ---- numbers ---------------------------------------------------------------------------------

static void write_base(gwapi__text *t, uint64_t value, unsigned base, const char *alphabet)
{
    char digits[64];
    size_t n = 0;

    do {
        digits[n++] = alphabet[value % base];
        value /= base;
    } while (value != 0);
    while (n > 0)
        gwapi__text_char(t, digits[--n]);
}

static bool write_integer(writer *w, char clause, const gwapi__cel_value *value)
{
    static const char lower[] = "0123456789abcdef", upper[] = "0123456789ABCDEF";
    unsigned base = clause == 'b' ? 2 : clause == 'o' ? 8 : clause == 'd' ? 10 : 16;
    uint64_t magnitude = value->as.natural;

    if (value->kind == GWAPI__CEL_INT && value->as.integer < 0) {
        gwapi__text_char(&w->text, '-');
        magnitude = 0 - magnitude;
    }
    write_base(&w->text, magnitude, base, clause == 'X' ? upper : lower);
    return true;
}

static bool write_bytes(writer *w, char clause, gwapi_str bytes)
{
    const char *alphabet = clause == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";

    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.data[i];
        gwapi__text_char(&w->text, alphabet[byte >> 4]);
        gwapi__text_char(&w->text, alphabet[byte & 15]);
    }
    return true;
}

static bool write_double(writer *w, const gwapi__cel_piece *piece, const gwapi__cel_value *value)
{
    int64_t precision = piece->precision >= 0 ? piece->precision : 6;
    double number = value->as.number;

    if (value->kind == GWAPI__CEL_STRING && gwapi__str_eq(value->as.text, GWAPI__STR("NaN")))
        number = NAN;
    else if (value->kind == GWAPI__CEL_STRING &&
             gwapi__str_eq(value->as.text, GWAPI__STR("Infinity")))
        number = INFINITY;
    else if (value->kind == GWAPI__CEL_STRING &&
             gwapi__str_eq(value->as.text, GWAPI__STR("-Infinity")))
        number = -INFINITY;
    else if (value->kind != GWAPI__CEL_DOUBLE)
        return unshowable(w, piece->clause, value);
    if (piece->clause == 'f')
        gwapi__cel_format_fixed(&w->text, number, precision);
    else
        gwapi__cel_format_scientific(&w->text, number, precision);
    return true;
}

static bool write_clause(writer *w, const gwapi__cel_piece *piece, const gwapi__cel_value *value)
{
    bool integer = value->kind == GWAPI__CEL_INT || value->kind == GWAPI__CEL_UINT;
    bool hex = piece->clause == 'x' || piece->clause == 'X';

    if (piece->clause == 's')
        return write_string(w, value);
    if (piece->clause == 'f' || piece->clause == 'e')
        return write_double(w, piece, value);
    if (integer)
        return write_integer(w, piece->clause, value);
    if (piece->clause == 'b' && value->kind == GWAPI__CEL_BOOL) {
        gwapi__text_char(&w->text, value->as.boolean ? '1' : '0');
        return true;
    }
    if (hex && (value->kind == GWAPI__CEL_STRING || value->kind == GWAPI__CEL_BYTES))
        return write_bytes(w, piece->clause, value->as.text);
    return unshowable(w, piece->clause, value);
}

static bool write_format(writer *w, gwapi_str rest, const gwapi__cel_value *list)
{
    uint32_t next = 0, count = gwapi__cel_count(list);

    for (;;) {
        gwapi__cel_piece piece = gwapi__cel_format_next(&rest);
        if (piece.kind == GWAPI__CEL_PIECE_END)
            return bounded(w);
        if (piece.kind == GWAPI__CEL_PIECE_BAD)
            return fail(w, gwapi__cel_fail(w->context, "%s", piece.reason));
        if (piece.kind == GWAPI__CEL_PIECE_TEXT) {
            gwapi__text_add(&w->text, piece.text);
            continue;
        }
        if (next == count)
            return fail(w, gwapi__cel_fail(w->context, "index %u out of range", (uint64_t)next));
        gwapi__cel_value value = gwapi__cel_item(w->context, list, next++);
        if (!write_clause(w, &piece, &value) || !bounded(w))
            return false;
    }
}

gwapi__cel_value gwapi__cel_format_call(gwapi__cel_context *context, const gwapi__cel_value *args,
                                        uint32_t count)
{
    writer w = {.context = context};
    gwapi__cel_value result;
    gwapi_str text;

    (void)count;
    gwapi__text_init(&w.text, context->allocator);
    if (!write_format(&w, args[0].as.text, &args[1]))
        result = w.error;
    else if (gwapi__arena_copy(context->arena, gwapi__text_str(&w.text), &text))
        result = gwapi__cel_of_string(text);
    else
        result = gwapi__cel_no_memory(context);
    gwapi__text_free(&w.text);
    return result;
}
