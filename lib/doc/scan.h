/*
 * Walks JSON bytes before jansson does: judges them as the API server's decoder would, and
 * notes what jansson does not tell or keep (where each value is, how a number was written,
 * names that are repeated, strings that are not quite Unicode).
 */
#ifndef GWAPI_DOC_SCAN_H
#define GWAPI_DOC_SCAN_H

#include "base/text.h"
#include "base/vector.h"
#include "doc/problem.h"

/* A value, or the name of a member, in the order of the text. */
typedef struct gwapi__json_record {
    gwapi__place place;
    uint32_t len;
    const char *text; /* of a name or string: decoded, in the arena; of a number: as written */
} gwapi__json_record;

typedef struct gwapi__scan {
    gwapi_allocator allocator;
    gwapi_str text;
    size_t at; /* where the next value is looked for */
    uint32_t line;
    size_t line_start;   /* … and how many bytes of the line were counted already */
    uint32_t line_count; /* … as so many characters */
    /* What a value leaves; NULL arena: it is only judged. */
    gwapi__arena *arena;
    gwapi__vector records;
    gwapi__text clean;
    gwapi__vector open; /* of unsigned char: the open maps and lists */
    gwapi__text name;   /* of the member being read */
    uint32_t depth;     /* limit */
    /* Why it stopped. */
    const char *message;
    const char *hint;
    gwapi__place place;
    bool too_deep;
} gwapi__scan;

/* `line`: of the start of the text. */
void gwapi__scan_init(gwapi__scan *scan, const gwapi_allocator *allocator, gwapi_str text,
                      uint32_t line, uint32_t depth);
void gwapi__scan_free(gwapi__scan *scan);

/* Passes over white space; true if something is left. */
bool gwapi__scan_more(gwapi__scan *scan);
/* Reads one value. With an arena, `records` and `clean` then tell of it: `clean` is JSON of the
 * same structure whose members are named by numbers, all different, whose numbers are all 0 and
 * whose strings are empty, so that jansson has nothing to convert. GWAPI_EUNREADABLE and
 * `message`, GWAPI_ENOMEM. */
gwapi_result gwapi__scan_value(gwapi__scan *scan, gwapi__arena *arena);

#endif
