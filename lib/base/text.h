/* A text builder: grows, remembers that memory ran out, writes numbers and JSON without the
 * locale. All functions do nothing once it failed; ask once at the end. */
#ifndef GWAPI_BASE_TEXT_H
#define GWAPI_BASE_TEXT_H

#include "base/alloc.h"

typedef struct gwapi__text {
    gwapi_allocator allocator;
    char *data;
    size_t len;
    size_t capacity;
    bool failed; /* no memory, from here on nothing is added */
} gwapi__text;

void gwapi__text_init(gwapi__text *t, const gwapi_allocator *allocator);
void gwapi__text_free(gwapi__text *t);
void gwapi__text_add(gwapi__text *t, gwapi_str s);
void gwapi__text_addz(gwapi__text *t, const char *terminated);
/* The rest of gwapi__text_char: when there is no room. */
void gwapi__text_char_grow(gwapi__text *t, char c);

static inline void gwapi__text_char(gwapi__text *t, char c)
{
    if (t->failed || t->len == t->capacity)
        gwapi__text_char_grow(t, c);
    else
        t->data[t->len++] = c;
}

void gwapi__text_fill(gwapi__text *t, char c, size_t count);
void gwapi__text_u64(gwapi__text *t, uint64_t value);
void gwapi__text_i64(gwapi__text *t, int64_t value);
/* As Go's encoding/json writes a float64: shortest text that reads back the same. */
void gwapi__text_double(gwapi__text *t, double value);
/* Digits and decimal exponent of the shortest text that reads back as `value` (> 0, finite):
 * value = 0.DIGITS * 10^exponent. Returns how many digits. */
size_t gwapi__shortest_digits(double value, char digits[20], int *exponent);
/* A JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD. */
void gwapi__text_json(gwapi__text *t, gwapi_str s);
/* A JSON Pointer segment: ~ and / escaped. */
void gwapi__text_pointer(gwapi__text *t, gwapi_str segment);
/* One Unicode code point as UTF-8. */
void gwapi__text_rune(gwapi__text *t, uint32_t rune);
/* Shortens to `len`, which was the length before. */
void gwapi__text_cut(gwapi__text *t, size_t len);

static inline gwapi_str gwapi__text_str(const gwapi__text *t)
{
    return (gwapi_str){t->data != NULL ? t->data : "", t->len};
}

/* Hands the text to the sink and empties the builder. */
gwapi_result gwapi__text_flush(gwapi__text *t, const gwapi_sink *sink);

/* Writes members and items of JSON with their commas: first = true before the first. */
void gwapi__json_comma(gwapi__text *t, bool *first);
void gwapi__json_key(gwapi__text *t, bool *first, const char *key);
void gwapi__json_str(gwapi__text *t, bool *first, const char *key, gwapi_str value);
/* The same, but nothing when the value is absent or empty. */
void gwapi__json_str_opt(gwapi__text *t, bool *first, const char *key, gwapi_str value);
void gwapi__json_u64(gwapi__text *t, bool *first, const char *key, uint64_t value);
void gwapi__json_bool(gwapi__text *t, bool *first, const char *key, bool value);
/* "key":"namespace/name" */
void gwapi__json_joined(gwapi__text *t, bool *first, const char *key, gwapi_str namespace_,
                        gwapi_str name);
/* A list that is absent when it is empty: item before each, end behind the last; *none is true at
 * first. */
void gwapi__json_item(gwapi__text *t, bool *first, bool *none, const char *key);
void gwapi__json_end(gwapi__text *t, bool none);

#endif
