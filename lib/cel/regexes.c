// Regular expressions: Kubernetes' find and findAll.
#include "base/slice.h"
#include "base/utf8.h"
#include "cel/build.h"
#include "cel/library.h"

/* Goes through the matches in a text as Go's FindAll does. */
typedef struct matches {
    const gwapi__regex *regex;
    gwapi__regex_scratch *scratch;
    gwapi_str text;
    size_t cursor;
    bool over;
    size_t previous; // the end of the last one
    bool any;        // there was one
} matches;

// A null value, or the error.
static gwapi__cel_value prepare(matches *m, gwapi__cel_context *context,
                                const gwapi__cel_value *args)
{
    *m = (matches){.text = args[0].as.text};
    gwapi__cel_value result = gwapi__cel_regex_of(context, args[1].as.text, &m->regex);

    if (gwapi__cel_is_error(&result))
        return result;
    m->scratch = gwapi__cel_regex_scratch(context, m->regex);
    return m->scratch != NULL ? result : gwapi__cel_no_memory(context);
}

static bool next_match(matches *m, gwapi_str *out)
{
    gwapi__regex_span span;
    uint32_t rune;
    size_t step;

    while (!m->over) {
        if (gwapi__regex_find(&span, m->regex, m->scratch, m->text, m->cursor, NULL) !=
            GWAPI__REGEX_MATCH)
            break;
        // An empty match right behind the last one does not count.
        bool counts = span.end != m->cursor || !m->any || span.start != m->previous;
        if (span.end != m->cursor) {
            m->cursor = span.end;
        } else if (m->cursor == m->text.len) {
            m->over = true;
        } else {
            gwapi__utf8_step(gwapi__str_sub(m->text, m->cursor, SIZE_MAX), &rune, &step);
            m->cursor += step;
        }
        m->previous = span.end;
        m->any = true;
        *out = gwapi__str_sub(m->text, span.start, span.end - span.start);
        if (counts)
            return true;
    }
    m->over = true;
    return false;
}

static gwapi__cel_cost cost_search;

static gwapi__cel_value find(gwapi__cel_context *context, const gwapi__cel_value *args,
                             uint32_t count)
{
    matches m;
    gwapi_str match;

    if (!gwapi__cel_affords(context, cost_search(args, count, NULL)))
        return gwapi__cel_spent(context);
    gwapi__cel_value result = prepare(&m, context, args);
    if (gwapi__cel_is_error(&result))
        return result;
    return gwapi__cel_of_string(next_match(&m, &match) ? match : GWAPI__STR(""));
}

static gwapi__cel_value find_all(gwapi__cel_context *context, const gwapi__cel_value *args,
                                 uint32_t count)
{
    int64_t most = count == 3 ? args[2].as.integer : -1;
    gwapi__cel_items items = {.count = 0};
    matches m;
    gwapi_str match;

    if (!gwapi__cel_affords(context, cost_search(args, count, NULL)))
        return gwapi__cel_spent(context);
    gwapi__cel_value result = prepare(&m, context, args);
    if (gwapi__cel_is_error(&result))
        return result;
    while ((most < 0 || items.count < most) && next_match(&m, &match))
        if (!gwapi__cel_items_add(context, &items, gwapi__cel_of_string(match)))
            return gwapi__cel_no_memory(context);
    return gwapi__cel_items_list(context, &items);
}

// A tenth of the text (which counts as not empty) times a quarter of the pattern.
static uint64_t cost_search(const gwapi__cel_value *args, uint32_t count,
                            const gwapi__cel_value *result)
{
    (void)count;
    (void)result;
    return gwapi__cel_cost_scale(1 + gwapi__cel_cost_size(&args[0]), 0.1) *
           gwapi__cel_cost_scale(gwapi__cel_cost_size(&args[1]), 0.25);
}

static bool estimate_search(const gwapi__cel_sized *args, uint32_t count, gwapi__cel_guess *out)
{
    gwapi__cel_range text = gwapi__cel_range_add(args[0].size, (gwapi__cel_range){1, 1});

    (void)count;
    *out = (gwapi__cel_guess){
        .cost = gwapi__cel_range_times(gwapi__cel_range_scale(text, 0.1),
                                       gwapi__cel_range_scale(args[1].size, 0.25)),
        .size = {0, args[0].size.max},
        .sized = true};
    return true;
}

#define STRING &gwapi__cel_string

static const gwapi__cel_overload overloads[] = {
    {.function = "find", .id = "string_find_string", .result = STRING,
     .params = {STRING, STRING}, .count = 2, .member = true, .call = find, .cost = cost_search,
     .estimate = estimate_search},
    {.function = "findAll", .id = "string_find_all_string", .result = &gwapi__cel_list_string,
     .params = {STRING, STRING}, .count = 2, .member = true, .call = find_all,
     .cost = cost_search, .estimate = estimate_search},
    {.function = "findAll", .id = "string_find_all_string_int",
     .result = &gwapi__cel_list_string, .params = {STRING, STRING, &gwapi__cel_int}, .count = 3,
     .member = true, .call = find_all, .cost = cost_search, .estimate = estimate_search},
};

const gwapi__cel_library gwapi__cel_regexes = {overloads,
                                               sizeof(overloads) / sizeof(overloads[0])};
