#include "doc/stream.h"

#include <string.h>

#include "base/result.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "doc/json.h"
#include "doc/problem.h"
#include "doc/source.h"
#include "doc/unfold.h"
#include "doc/yaml.h"

/* jansson goes no deeper than 2048, and recursion over a tree needs an end. */
#define DEEPEST        2000
#define EXCERPT_BYTES  400
#define COLUMNS_A_MARK 4096

struct gwapi__stream {
    gwapi_allocator allocator;
    gwapi_limits limits;
    gwapi__source source;
    gwapi__scan scan; /* of a JSON stream */
    bool is_json;
    bool refused; /* as a whole; `refusal` was not given yet */
    bool ended;
    size_t at;      /* of a YAML stream: what was not read yet, … */
    uint32_t line;  /* … and its line */
    uint32_t index; /* of the next document */
    gwapi__unfold unfold;
    /* Text that looks like JSON but is none: what is wrong with it as such; NULL: it does not.
     */
    const char *json_message;
    const char *json_hint;
    gwapi__place json_place;
    gwapi__vector columns; /* of size_t: where every 4,096th column of … */
    uint32_t marked_line;  /* … this long line begins; 0: of none */
};

/* ---- opening ------------------------------------------------------------------------ */

/* A brace, then a double quote: people who write YAML leave the quote out. */
static bool looks_like_json(gwapi_str text)
{
    size_t i = 0;

    while (i < text.len && memchr(" \t\r\n{", text.data[i], 5) != NULL)
        i++;
    return i < text.len && text.data[i] == '"';
}

/* A stream is JSON if it begins with a brace (not a byte order mark, as the server's tools have
 * it) and is nothing but JSON values to its end. */
static gwapi_result sniff(gwapi__stream *s)
{
    gwapi__scan scan;
    gwapi_result r = GWAPI_OK;

    gwapi__scan_init(&scan, &s->allocator, s->source.text, 1, s->limits.depth);
    bool brace = gwapi__scan_more(&scan) && scan.text.data[scan.at] == '{';
    while (brace && r == GWAPI_OK && gwapi__scan_more(&scan))
        r = gwapi__scan_value(&scan, NULL);
    s->is_json = brace && (r == GWAPI_OK || scan.too_deep);
    if (!s->is_json && r == GWAPI_EUNREADABLE && looks_like_json(s->source.text)) {
        s->json_message = scan.message;
        s->json_hint = scan.hint;
        s->json_place = scan.place;
    }
    gwapi__scan_free(&scan);
    return r == GWAPI_ENOMEM ? r : GWAPI_OK;
}

static gwapi_result open(gwapi__stream *s, const gwapi_allocator *allocator, gwapi_str bytes,
                         gwapi_format format, const gwapi_limits *limits)
{
    gwapi_result r = gwapi__limits_init(&s->limits, limits);

    s->allocator = *allocator;
    s->line = 1;
    if (s->limits.depth > DEEPEST)
        s->limits.depth = DEEPEST;
    s->refused = bytes.len > s->limits.document_bytes;
    gwapi_result made =
        gwapi__source_init(&s->source, allocator, s->refused ? (gwapi_str){NULL, 0} : bytes);
    gwapi__scan_init(&s->scan, allocator, s->source.text, 1, s->limits.depth);
    gwapi__unfold_init(&s->unfold, allocator);
    gwapi__vector_init(&s->columns, allocator, sizeof(size_t));
    GWAPI__TRY(r);
    GWAPI__TRY(made);
    s->is_json = format == GWAPI_FORMAT_JSON;
    return format == GWAPI_FORMAT_AUTO && !s->source.marked ? sniff(s) : GWAPI_OK;
}

gwapi_result gwapi__stream_open(gwapi__stream **out, const gwapi_allocator *allocator,
                                gwapi_str bytes, gwapi_format format,
                                const gwapi_limits *limits)
{
    gwapi__stream *s = gwapi__alloc_array(allocator, 1, sizeof *s);

    *out = NULL;
    if (s == NULL)
        return GWAPI_ENOMEM;
    gwapi_result r = open(s, allocator, bytes, format, limits);
    if (r == GWAPI_OK)
        *out = s;
    else
        gwapi__stream_close(s);
    return r;
}

void gwapi__stream_close(gwapi__stream *stream)
{
    if (stream == NULL)
        return;
    gwapi_allocator allocator = stream->allocator;
    gwapi__unfold_free(&stream->unfold);
    gwapi__vector_free(&stream->columns);
    gwapi__scan_free(&stream->scan);
    gwapi__source_free(&stream->source);
    gwapi__free(&allocator, stream, sizeof *stream);
}

/* ---- reading ------------------------------------------------------------------------ */

static gwapi_result refuse(gwapi__problems *problems, gwapi__place place, const char *rule,
                           const char *message, const char *hint)
{
    return gwapi__problems_add(problems,
                               &(gwapi__doc_problem){.type = GWAPI_ERROR_SYNTAX,
                                                     .rule = gwapi__str_of(rule),
                                                     .place = place,
                                                     .message = gwapi__str_of(message),
                                                     .hint = gwapi__str_of(hint)});
}

/* The whole stream is one document that can't be read. */
static gwapi_result refuse_stream(gwapi__stream *s, gwapi__problems *problems)
{
    gwapi__place start = {1, 1};

    s->ended = true;
    if (s->refused)
        return gwapi__problems_limit(problems, "doc/bytes", start, "the input is too long",
                                     "document_bytes", s->limits.document_bytes);
    return refuse(problems, start, "doc/encoding",
                  "the byte order mark says UTF-16, but the text is not UTF-16",
                  "save the file as UTF-8");
}

static gwapi_result read_json(gwapi__stream *s, gwapi__arena *arena, gwapi__problems *problems,
                              gwapi__doc *doc)
{
    doc->line = s->scan.line;
    gwapi_result r = gwapi__json_read(&doc->root, arena, &s->scan, &s->limits, problems);
    s->ended = s->scan.message != NULL; /* where the next value begins is not known */
    return r;
}

/* Neither YAML nor JSON, but more like JSON: then that is what to mend. */
static void explain_as_json(const gwapi__stream *s, gwapi__problems *problems)
{
    gwapi__doc_problem *problem =
        GWAPI__AT(&problems->list, gwapi__doc_problem, problems->list.count - 1);

    if (problem->type != GWAPI_ERROR_SYNTAX)
        return;
    problem->rule = GWAPI__STR("json/syntax");
    problem->message = gwapi__str_of(s->json_message);
    problem->hint = gwapi__str_of(s->json_hint);
    problem->place = s->json_place;
}

static gwapi_result read_yaml(gwapi__stream *s, gwapi__arena *arena, gwapi__problems *problems,
                              gwapi__doc *doc, const gwapi__chunk *chunk)
{
    doc->line = chunk->line;
    if (chunk->bad_separator)
        return refuse(problems, chunk->separator, "yaml/separator",
                      "text on a line that begins with `---`, which the API server refuses",
                      "only a comment may follow `---`; put the text on the next line");
    gwapi_result r =
        gwapi__yaml_read(&doc->root, arena, &s->allocator, chunk, &s->limits, problems);
    if (r == GWAPI_EUNREADABLE && s->json_message != NULL &&
        s->json_place.line >= chunk->line && s->json_place.line <= s->line)
        explain_as_json(s, problems);
    return r;
}

static gwapi_result read_next_yaml(gwapi__stream *s, gwapi__arena *arena,
                                   gwapi__problems *problems, gwapi__doc *doc, bool *more)
{
    gwapi__chunk chunk;
    gwapi_result r = GWAPI_OK;

    do { /* past what turns out to be only comments */
        *more = gwapi__source_split(&s->source, &s->at, &s->line, &chunk);
        if (*more)
            r = read_yaml(s, arena, problems, doc, &chunk);
    } while (*more && r == GWAPI_OK && doc->root == NULL);
    return r;
}

/* Reads what comes next in the stream; *more false at its end. */
static gwapi_result read_next(gwapi__stream *s, gwapi__arena *arena, gwapi__problems *problems,
                              gwapi__doc *doc, bool *more)
{
    *more = !s->ended;
    if (s->ended)
        return GWAPI_OK;
    *doc = (gwapi__doc){.root = NULL, .line = 1};
    if (s->refused || s->source.bad_encoding)
        return refuse_stream(s, problems);
    if (!s->is_json)
        return read_next_yaml(s, arena, problems, doc, more);
    *more = gwapi__scan_more(&s->scan);
    return *more ? read_json(s, arena, problems, doc) : GWAPI_OK;
}

/* One document of the stream, or the beginning of a list (*list). */
static gwapi_result next_document(gwapi__stream *s, gwapi__arena *arena, gwapi__doc *doc,
                                  bool *more, bool *list)
{
    gwapi__arena_mark mark = gwapi__arena_mark_get(arena);
    gwapi__problems problems;

    gwapi__problems_init(&problems, &s->allocator);
    gwapi_result r = read_next(s, arena, &problems, doc, more);
    /* What could not be read may be anything. */
    if (*more && (r != GWAPI_OK || gwapi__unfold_is_secret(doc->root)))
        arena->secret = true;
    *list = r == GWAPI_OK && *more && gwapi__unfold_is_list(doc->root);
    if (*list)
        r = gwapi__unfold_begin(&s->unfold, doc->root, &problems);
    if (r != GWAPI_OK || *list) {
        doc->root = NULL;
        gwapi__arena_rewind(arena, mark);
    }
    if ((r == GWAPI_OK || r == GWAPI_EUNREADABLE) && *more && !*list) {
        if (doc->root != NULL)
            doc->line = doc->root->place.line;
        r = gwapi__problems_take(&problems, arena, doc);
    }
    gwapi__problems_free(&problems);
    return r;
}

gwapi_result gwapi__stream_next(gwapi__stream *stream, gwapi__arena *arena, gwapi__doc *doc,
                                bool *more)
{
    gwapi__doc next;
    bool list = true;

    *more = false;
    while (list) {
        GWAPI__TRY(gwapi__unfold_next(&stream->unfold, arena, &next, more));
        if (*more) {
            arena->secret = arena->secret || stream->unfold.arena.secret;
            break;
        }
        GWAPI__TRY(next_document(stream, arena, &next, more, &list));
    }
    if (!*more)
        return GWAPI_OK;
    next.index = stream->index++;
    *doc = next;
    return GWAPI_OK;
}

/* ---- excerpts ----------------------------------------------------------------------- */

/* Moves `at` off the middle of a character. */
static size_t to_character(gwapi_str line, size_t at)
{
    while (at < line.len && ((unsigned char)line.data[at] & 0xc0) == 0x80)
        at++;
    return at;
}

/* Notes where every so many columns of a long line begin. Without memory there are fewer of
 * them, and finding a column takes longer. */
static void mark_columns(gwapi__stream *stream, gwapi_str line, uint32_t number)
{
    size_t step;
    uint32_t rune, column = 0;

    stream->columns.count = 0;
    stream->marked_line = number;
    for (size_t at = 0; at < line.len; at += step, column++) {
        if (column % COLUMNS_A_MARK == 0) {
            size_t *mark = gwapi__vector_push(&stream->columns);
            if (mark == NULL)
                return;
            *mark = at;
        }
        gwapi__utf8_step(gwapi__str_sub(line, at, line.len), &rune, &step);
    }
}

/* Where a column of a long line begins. A file may be one line with thousands of findings. */
static size_t column_offset(gwapi__stream *stream, gwapi_str line, gwapi__place place)
{
    size_t step, at = 0, mark = place.column != 0 ? (place.column - 1) / COLUMNS_A_MARK : 0;
    uint32_t rune;

    if (stream->marked_line != place.line)
        mark_columns(stream, line, place.line);
    if (mark >= stream->columns.count)
        mark = stream->columns.count != 0 ? stream->columns.count - 1 : 0;
    if (mark < stream->columns.count)
        at = *GWAPI__AT(&stream->columns, size_t, mark);
    for (size_t i = mark * COLUMNS_A_MARK + 1; i < place.column && at < line.len;
         i++, at += step)
        gwapi__utf8_step(gwapi__str_sub(line, at, line.len), &rune, &step);
    return at;
}

gwapi_str gwapi__stream_excerpt(gwapi__stream *stream, gwapi__place place, uint32_t *column)
{
    gwapi_str text = stream->source.text, line, rest;
    size_t target;

    *column = place.column;
    if (place.line == 0)
        return (gwapi_str){NULL, 0};
    size_t start = gwapi__source_line(&stream->source, place.line);
    line = gwapi__str_sub(text, start, text.len);
    gwapi__str_cut(line, '\n', &line, &rest);
    if (line.len != 0 && line.data[line.len - 1] == '\r')
        line.len--;
    if (line.len <= EXCERPT_BYTES)
        return line;
    target = column_offset(stream, line, place);
    size_t from = target > EXCERPT_BYTES / 2 ? target - EXCERPT_BYTES / 2 : 0;
    if (from > line.len - EXCERPT_BYTES)
        from = line.len - EXCERPT_BYTES;
    from = to_character(line, from);
    size_t to = from + EXCERPT_BYTES < line.len ? from + EXCERPT_BYTES : line.len;
    while (to > from && to < line.len && ((unsigned char)line.data[to] & 0xc0) == 0x80)
        to--;
    *column = (uint32_t)gwapi__utf8_count(gwapi__str_sub(line, from, target - from)) + 1;
    return gwapi__str_sub(line, from, to - from);
}
