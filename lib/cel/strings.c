// Strings: cel-go's library of string functions, version 2 (0 before Kubernetes 1.29).
#include <string.h>
#include "base/slice.h"
#include "base/utf8.h"
#include "cel/format.h"
#include "cel/library.h"
#include "cel/search.h"
#include "cel/traversal.h"

static gwapi__cel_value out_of_range(gwapi__cel_context *context, int64_t index)
{
    return gwapi__cel_fail(context, "index out of range: %i", index);
}

static gwapi_str sub(gwapi_str s, size_t start, size_t end)
{
    return gwapi__str(s.data + start, end - start);
}

// The byte of an index from 0 to the number of code points; SIZE_MAX for any other.
static size_t offset_in(gwapi_str s, int64_t index)
{
    return index < 0 ? SIZE_MAX : gwapi__cel_offset_of(s, (uint64_t)index);
}

// Room for a text of that size; NULL: no memory.
static char *room(gwapi__cel_context *context, size_t size)
{
    char *data = gwapi__arena_alloc(context->arena, size);

    if (data == NULL)
        gwapi__cel_no_memory(context);
    return data;
}

// ---- parts -----------------------------------------------------------------------------------

static gwapi__cel_value char_at(gwapi__cel_context *context, const gwapi__cel_value *args,
                                uint32_t count)
{
    gwapi_str s = args[0].as.text;
    size_t at = offset_in(s, args[1].as.integer);
    uint32_t rune;
    size_t step = 0;

    (void)count;
    if (at == SIZE_MAX)
        return out_of_range(context, args[1].as.integer);
    if (at < s.len)
        gwapi__utf8_step(sub(s, at, s.len), &rune, &step);
    return gwapi__cel_of_string(sub(s, at, at + step));
}

static gwapi__cel_value substring(gwapi__cel_context *context, const gwapi__cel_value *args,
                                  uint32_t count)
{
    gwapi_str s = args[0].as.text;
    int64_t start = args[1].as.integer;

    if (count == 3 && start > args[2].as.integer)
        return gwapi__cel_fail(context, "invalid substring range. start: %i, end: %i", start,
                               args[2].as.integer);
    size_t from = offset_in(s, start);
    if (from == SIZE_MAX)
        return out_of_range(context, start);
    if (count == 2)
        return gwapi__cel_of_string(sub(s, from, s.len));
    s = sub(s, from, s.len);
    size_t length = offset_in(s, args[2].as.integer - start);
    if (length == SIZE_MAX)
        return out_of_range(context, args[2].as.integer);
    return gwapi__cel_of_string(sub(s, 0, length));
}

static gwapi__cel_value trim(gwapi__cel_context *context, const gwapi__cel_value *args,
                             uint32_t count)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_string(gwapi__utf8_trim(args[0].as.text));
}

// ---- searching -------------------------------------------------------------------------------

// Looks in the bytes of `s` from `from` to `to`; answers with the index of a code point, or -1.
static gwapi__cel_value find(gwapi__cel_context *context, gwapi_str s, size_t from, size_t to,
                             gwapi_str needle, bool backward)
{
    gwapi__cel_search search;

    if (to - from < needle.len)
        return gwapi__cel_of_int(-1);
    if (!gwapi__cel_search_init(&search, context, needle, backward))
        return gwapi__cel_no_memory(context);
    size_t at = gwapi__cel_search_find(&search, sub(s, from, to));
    if (at == SIZE_MAX)
        return gwapi__cel_of_int(-1);
    return gwapi__cel_of_int((int64_t)gwapi__utf8_count(sub(s, 0, from + at)));
}

static gwapi__cel_value index_of(gwapi__cel_context *context, const gwapi__cel_value *args,
                                 uint32_t count)
{
    gwapi_str s = args[0].as.text, needle = args[1].as.text;
    int64_t start = count == 3 ? args[2].as.integer : 0;

    if (needle.len == 0)
        return gwapi__cel_of_int(start);
    if (start < 0)
        return out_of_range(context, start);
    size_t from = offset_in(s, start);
    if (from == SIZE_MAX)
        return gwapi__cel_of_int(-1);
    return find(context, s, from, s.len, needle, false);
}

static gwapi__cel_value last_index_of(gwapi__cel_context *context, const gwapi__cel_value *args,
                                      uint32_t count)
{
    gwapi_str s = args[0].as.text, needle = args[1].as.text;
    size_t to = s.len;

    if (count == 3) {
        int64_t start = args[2].as.integer;
        if (needle.len == 0)
            return args[2];
        if (start < 0)
            return out_of_range(context, start);
        size_t from = offset_in(s, start);
        if (from == SIZE_MAX || from == s.len)
            return gwapi__cel_of_int(-1);
        to = s.len - from < needle.len ? s.len : from + needle.len;
    } else if (needle.len == 0) {
        return gwapi__cel_of_int((int64_t)gwapi__utf8_count(s));
    }
    return find(context, s, 0, to, needle, true);
}

// ---- case ------------------------------------------------------------------------------------

// Adds `shift` to the ASCII letters from `first` on.
static gwapi__cel_value shift_letters(gwapi__cel_context *context, gwapi_str s, char first,
                                      int shift)
{
    char *data = room(context, s.len);

    if (data == NULL)
        return gwapi__cel_no_memory(context);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.data[i];
        data[i] = c >= first && c < first + 26 ? (char)(c + shift) : c;
    }
    return gwapi__cel_of_string(gwapi__str(data, s.len));
}

static gwapi__cel_value lower_ascii(gwapi__cel_context *context, const gwapi__cel_value *args,
                                    uint32_t count)
{
    (void)count;
    return shift_letters(context, args[0].as.text, 'A', 'a' - 'A');
}

static gwapi__cel_value upper_ascii(gwapi__cel_context *context, const gwapi__cel_value *args,
                                    uint32_t count)
{
    (void)count;
    return shift_letters(context, args[0].as.text, 'a', 'A' - 'a');
}

// ---- replacing and splitting -----------------------------------------------------------------

/* Goes through the places where something stands in a text, from left to right and without
 * overlap. What is empty stands before each code point, and behind the last. */
typedef struct places {
    const gwapi__cel_search *search;
    gwapi_str text;
    size_t cursor;
    bool started;
} places;

// Prepares the search unless the needle is empty or too long to be found. False: no memory.
static bool prepare(gwapi__cel_search *search, gwapi__cel_context *context, gwapi_str text,
                    gwapi_str needle)
{
    search->needle = needle;
    return needle.len == 0 || needle.len > text.len ||
           gwapi__cel_search_init(search, context, needle, false);
}

// Where it stands next, SIZE_MAX for nowhere. The search goes on behind it.
static size_t next_place(places *p)
{
    size_t length = p->search->needle.len;
    gwapi_str rest = sub(p->text, p->cursor, p->text.len);
    uint32_t rune;
    size_t at = 0;

    if (length == 0 && p->started) {
        if (rest.len == 0)
            return SIZE_MAX;
        gwapi__utf8_step(rest, &rune, &at);
    } else if (length != 0) {
        at = length > rest.len ? SIZE_MAX : gwapi__cel_search_find(p->search, rest);
        if (at == SIZE_MAX)
            return SIZE_MAX;
    }
    p->started = true;
    at += p->cursor;
    p->cursor = at + length;
    return at;
}

static uint64_t count_places(places p, uint64_t most)
{
    uint64_t n = 0;

    while (n < most && next_place(&p) != SIZE_MAX)
        n++;
    return n;
}

static char *append(char *to, gwapi_str s)
{
    if (s.len != 0)
        memcpy(to, s.data, s.len);
    return to + s.len;
}

static gwapi__cel_value replaced(gwapi__cel_context *context, places p, uint64_t n,
                                 gwapi_str with)
{
    size_t old = p.search->needle.len, copied = 0;
    size_t size = p.text.len - (size_t)n * old + (size_t)n * with.len;
    char *data = room(context, size), *end = data;

    if (data == NULL)
        return gwapi__cel_no_memory(context);
    for (uint64_t i = 0; i < n; i++) {
        size_t at = next_place(&p);
        end = append(end, sub(p.text, copied, at));
        end = append(end, with);
        copied = at + old;
    }
    append(end, sub(p.text, copied, p.text.len));
    return gwapi__cel_of_string(gwapi__str(data, size));
}

static gwapi__cel_value replace(gwapi__cel_context *context, const gwapi__cel_value *args,
                                uint32_t count)
{
    gwapi_str old = args[1].as.text, with = args[2].as.text;
    uint64_t most = count == 4 && args[3].as.integer >= 0 ? (uint64_t)args[3].as.integer
                                                          : UINT64_MAX;
    gwapi__cel_search search;
    places p = {.search = &search, .text = args[0].as.text};

    if (gwapi__str_eq(old, with))
        return args[0];
    if (!prepare(&search, context, p.text, old))
        return gwapi__cel_no_memory(context);
    uint64_t n = count_places(p, most);
    if (n == 0)
        return args[0];
    if (with.len > GWAPI__CEL_MAX_MADE / n || !gwapi__cel_makes(context, n * with.len))
        return gwapi__cel_spent(context);
    return replaced(context, p, n, with);
}

// In single code points; the last of `n` pieces is the rest.
static void split_runes(gwapi__cel_value *pieces, uint64_t n, gwapi_str s)
{
    uint32_t rune;
    size_t step;

    for (uint64_t i = 0; i < n; i++) {
        gwapi__utf8_step(s, &rune, &step);
        size_t end = i + 1 < n ? step : s.len;
        pieces[i] = gwapi__cel_of_string(sub(s, 0, end));
        s = sub(s, end, s.len);
    }
}

static void split_at(gwapi__cel_value *pieces, uint64_t n, places p)
{
    size_t from = 0;

    for (uint64_t i = 0; i + 1 < n; i++) {
        size_t at = next_place(&p);
        pieces[i] = gwapi__cel_of_string(sub(p.text, from, at));
        from = p.cursor;
    }
    pieces[n - 1] = gwapi__cel_of_string(sub(p.text, from, p.text.len));
}

static gwapi__cel_cost cost_twice;

static gwapi__cel_value split(gwapi__cel_context *context, const gwapi__cel_value *args,
                              uint32_t count)
{
    gwapi_str separator = args[1].as.text;
    uint64_t most = count == 3 && args[2].as.integer >= 0 ? (uint64_t)args[2].as.integer
                                                          : UINT64_MAX;
    gwapi__cel_search search;
    places p = {.search = &search, .text = args[0].as.text};
    uint64_t n = 0;

    if (!gwapi__cel_affords(context, cost_twice(args, count, NULL)))
        return gwapi__cel_spent(context);
    if (!prepare(&search, context, p.text, separator))
        return gwapi__cel_no_memory(context);
    if (separator.len == 0)
        n = gwapi__utf8_count(p.text);
    else if (most != 0)
        n = count_places(p, most - 1) + 1;
    if (n > most)
        n = most;
    gwapi__cel_value *pieces = gwapi__arena_array(context->arena, (size_t)n, sizeof(*pieces));
    if (pieces == NULL)
        return gwapi__cel_no_memory(context);
    if (separator.len == 0)
        split_runes(pieces, n, p.text);
    else if (n != 0)
        split_at(pieces, n, p);
    return gwapi__cel_of_items(context, pieces, (uint32_t)n);
}

// ---- joining and quoting ---------------------------------------------------------------------

static gwapi__cel_value join(gwapi__cel_context *context, const gwapi__cel_value *args,
                             uint32_t count)
{
    gwapi_str between = count == 2 ? args[1].as.text : GWAPI__STR("");
    uint32_t n = gwapi__cel_count(&args[0]);
    uint64_t size = 0, points = 0;

    for (uint32_t i = 0; i < n; i++) {
        gwapi__cel_value item = gwapi__cel_item(context, &args[0], i);
        if (item.kind != GWAPI__CEL_STRING)
            return GWAPI__CEL_FAIL("join: an element is not a string");
        size += item.as.text.len;
        points += gwapi__utf8_count(item.as.text);
    }
    if (n > 1) {
        size += (n - 1) * (uint64_t)between.len;
        points += (n - 1) * gwapi__utf8_count(between);
    }
    if (!gwapi__cel_affords(context, gwapi__cel_cost_scale(2 * points, 0.1)))
        return gwapi__cel_spent(context);
    char *data = room(context, (size_t)size), *end = data;
    if (data == NULL)
        return gwapi__cel_no_memory(context);
    for (uint32_t i = 0; i < n; i++) {
        end = append(end, i > 0 ? between : GWAPI__STR(""));
        end = append(end, gwapi__cel_item(context, &args[0], i).as.text);
    }
    return gwapi__cel_of_string(gwapi__str(data, (size_t)size));
}

static gwapi__cel_value quote(gwapi__cel_context *context, const gwapi__cel_value *args,
                              uint32_t count)
{
    static const char escaped[] = "\a\b\f\n\r\t\v\\\"", letters[] = "abfnrtv\\\"";
    gwapi_str s = args[0].as.text;
    size_t n = 0;

    (void)count;
    for (size_t i = 0; i < s.len; i++)
        n += memchr(escaped, s.data[i], sizeof(letters) - 1) != NULL;
    char *data = room(context, s.len + n + 2), *end = data;
    if (data == NULL)
        return gwapi__cel_no_memory(context);
    *end++ = '"';
    for (size_t i = 0; i < s.len; i++) {
        const char *at = memchr(escaped, s.data[i], sizeof(letters) - 1);
        if (at != NULL)
            *end++ = '\\';
        *end++ = at != NULL ? letters[at - escaped] : s.data[i];
    }
    *end = '"';
    return gwapi__cel_of_string(gwapi__str(data, s.len + n + 2));
}

// ---- costs -----------------------------------------------------------------------------------

// Twice a tenth: the walk and the making of the result.
static uint64_t cost_twice(const gwapi__cel_value *args, uint32_t count,
                           const gwapi__cel_value *result)
{
    (void)count;
    (void)result;
    return gwapi__cel_cost_scale(2 * gwapi__cel_cost_size(&args[0]), 0.1);
}

static uint64_t cost_join(const gwapi__cel_value *args, uint32_t count,
                          const gwapi__cel_value *result)
{
    (void)args;
    (void)count;
    return gwapi__cel_cost_scale(2 * gwapi__cel_cost_size(result), 0.1);
}

static bool estimate_split(const gwapi__cel_sized *args, uint32_t count, gwapi__cel_guess *out)
{
    uint64_t most = args[0].size.max;

    if (count == 3 && args[2].literal && args[2].type->kind == GWAPI__CEL_INT)
        most = (uint64_t)args[2].integer;
    *out = (gwapi__cel_guess){.cost = gwapi__cel_range_scale(args[0].size, 0.2),
                              .size = {0, most},
                              .sized = true};
    return true;
}

// ceil(a / b) as an amd64 server computes it: what does not fit has the top bit only.
static uint64_t ratio(uint64_t a, uint64_t b)
{
    double quotient = (double)a / (double)b;

    return quotient < 18446744073709551616.0 ? gwapi__cel_cost_scale(1, quotient)
                                             : UINT64_C(1) << 63;
}

static uint64_t one_more(uint64_t n)
{
    return n < UINT64_MAX ? n + 1 : n;
}

// The sizes of the result: how often something is replaced, and what is kept beside.
static gwapi__cel_range replaced_size(gwapi__cel_range text, gwapi__cel_range old,
                                      gwapi__cel_range with)
{
    gwapi__cel_range times = {0, 0}, kept = {0, 0};

    if (old.min == 0) {
        times.max = one_more(text.max);
        kept.max = text.max;
    } else if (with.max <= old.min) {
        kept.max = text.max;
    } else {
        times.max = ratio(text.max, old.min);
    }
    if (old.max == 0) {
        times.min = one_more(text.min);
        kept.min = text.min;
    } else if (old.max <= with.min) {
        kept.min = text.min;
    } else {
        times.min = ratio(text.min, old.max);
    }
    return gwapi__cel_range_add(gwapi__cel_range_times(times, with), kept);
}

static bool estimate_replace(const gwapi__cel_sized *args, uint32_t count, gwapi__cel_guess *out)
{
    (void)count;
    *out = (gwapi__cel_guess){
        .cost = gwapi__cel_range_scale(args[0].size, 0.2),
        .size = replaced_size(args[0].size, args[1].size, args[2].size),
        .sized = true};
    return true;
}

static bool estimate_join(const gwapi__cel_sized *args, uint32_t count, gwapi__cel_guess *out)
{
    gwapi__cel_range list = args[0].size, size = {0, 0};

    if (args[0].type->kind == GWAPI__CEL_LIST)
        size = gwapi__cel_range_times(list, args[0].element);
    if (count == 2) {
        gwapi__cel_range between = {list.min - (list.min > 0), list.max - (list.max > 0)};
        size = gwapi__cel_range_add(size, gwapi__cel_range_times(args[1].size, between));
    }
    *out = (gwapi__cel_guess){
        .cost = gwapi__cel_range_scale(size, 0.1), .size = size, .sized = true};
    return true;
}

// As for a walk, but nothing is known of the result.
static bool estimate_walk(const gwapi__cel_sized *args, uint32_t count, gwapi__cel_guess *out)
{
    (void)count;
    *out = (gwapi__cel_guess){.cost = gwapi__cel_range_scale(args[0].size, 0.1)};
    return true;
}

// Each character may be escaped. (The server's sum wraps around, too.)
static bool estimate_quote(const gwapi__cel_sized *args, uint32_t count, gwapi__cel_guess *out)
{
    (void)count;
    *out = (gwapi__cel_guess){.cost = gwapi__cel_range_scale(args[0].size, 0.1),
                              .size = {args[0].size.min + 2, args[0].size.max * 2 + 2},
                              .sized = true};
    return true;
}

// ---- the table -------------------------------------------------------------------------------

#define STRING &gwapi__cel_string
#define INT &gwapi__cel_int
#define LIST &gwapi__cel_list_string

static const gwapi__cel_overload overloads[] = {
    {.function = "charAt", .id = "string_char_at_int", .result = STRING, .params = {STRING, INT},
     .count = 2, .member = true, .call = char_at},
    {.function = "format", .id = "string_format", .result = STRING,
     .params = {STRING, &gwapi__cel_list_dyn}, .count = 2, .member = true, .since = 29,
     .call = gwapi__cel_format_call, .cost = gwapi__cel_cost_walk, .estimate = estimate_walk},
    {.function = "indexOf", .id = "string_index_of_string", .result = INT,
     .params = {STRING, STRING}, .count = 2, .member = true, .call = index_of,
     .cost = gwapi__cel_cost_traversal, .estimate = estimate_walk},
    {.function = "indexOf", .id = "string_index_of_string_int", .result = INT,
     .params = {STRING, STRING, INT}, .count = 3, .member = true, .call = index_of,
     .cost = gwapi__cel_cost_traversal, .estimate = estimate_walk},
    {.function = "join", .id = "list_join", .result = STRING, .params = {LIST}, .count = 1,
     .member = true, .call = join, .cost = cost_join, .estimate = estimate_join},
    {.function = "join", .id = "list_join_string", .result = STRING, .params = {LIST, STRING},
     .count = 2, .member = true, .call = join, .cost = cost_join, .estimate = estimate_join},
    {.function = "lastIndexOf", .id = "string_last_index_of_string", .result = INT,
     .params = {STRING, STRING}, .count = 2, .member = true, .call = last_index_of,
     .cost = gwapi__cel_cost_traversal, .estimate = estimate_walk},
    {.function = "lastIndexOf", .id = "string_last_index_of_string_int", .result = INT,
     .params = {STRING, STRING, INT}, .count = 3, .member = true, .call = last_index_of,
     .cost = gwapi__cel_cost_traversal, .estimate = estimate_walk},
    {.function = "lowerAscii", .id = "string_lower_ascii", .result = STRING, .params = {STRING},
     .count = 1, .member = true, .call = lower_ascii, .cost = gwapi__cel_cost_walk,
     .estimate = gwapi__cel_estimate_walk},
    {.function = "replace", .id = "string_replace_string_string", .result = STRING,
     .params = {STRING, STRING, STRING}, .count = 3, .member = true, .call = replace,
     .cost = cost_twice, .estimate = estimate_replace},
    {.function = "replace", .id = "string_replace_string_string_int", .result = STRING,
     .params = {STRING, STRING, STRING, INT}, .count = 4, .member = true, .call = replace,
     .cost = cost_twice, .estimate = estimate_replace},
    {.function = "split", .id = "string_split_string", .result = LIST, .params = {STRING, STRING},
     .count = 2, .member = true, .call = split, .cost = cost_twice, .estimate = estimate_split},
    {.function = "split", .id = "string_split_string_int", .result = LIST,
     .params = {STRING, STRING, INT}, .count = 3, .member = true, .call = split,
     .cost = cost_twice, .estimate = estimate_split},
    {.function = "strings.quote", .id = "strings_quote", .result = STRING, .params = {STRING},
     .count = 1, .since = 29, .call = quote, .cost = gwapi__cel_cost_walk,
     .estimate = estimate_quote},
    {.function = "substring", .id = "string_substring_int", .result = STRING,
     .params = {STRING, INT}, .count = 2, .member = true, .call = substring,
     .cost = gwapi__cel_cost_walk, .estimate = gwapi__cel_estimate_walk},
    {.function = "substring", .id = "string_substring_int_int", .result = STRING,
     .params = {STRING, INT, INT}, .count = 3, .member = true, .call = substring,
     .cost = gwapi__cel_cost_walk, .estimate = gwapi__cel_estimate_walk},
    {.function = "trim", .id = "string_trim", .result = STRING, .params = {STRING}, .count = 1,
     .member = true, .call = trim, .cost = gwapi__cel_cost_walk,
     .estimate = gwapi__cel_estimate_walk},
    {.function = "upperAscii", .id = "string_upper_ascii", .result = STRING, .params = {STRING},
     .count = 1, .member = true, .call = upper_ascii, .cost = gwapi__cel_cost_walk,
     .estimate = gwapi__cel_estimate_walk},
};

const gwapi__cel_library gwapi__cel_strings = {overloads,
                                               sizeof(overloads) / sizeof(overloads[0])};
