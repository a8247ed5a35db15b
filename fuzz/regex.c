/* Patterns: the input is a pattern and texts, each behind a line "%%%". Whatever the pattern
 * is, it is taken or refused with a place in it, by the check of the syntax too; and PCRE2 by
 * either engine, the shapes and the simulation give the same answers, within the same budget.
 */
#include <stdio.h>
#include <stdlib.h>
#include "base/slice.h"
#include "regex/regex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_STATES = 2000 }; /* so that an input takes milliseconds */

static const uint32_t engines[] = {
    0,
    GWAPI__REGEX_NO_JIT,
    GWAPI__REGEX_NO_PCRE2,
    GWAPI__REGEX_SIMULATE,
    GWAPI__REGEX_TABLE,
    GWAPI__REGEX_FOR_SEARCH,
    GWAPI__REGEX_FOR_FULL | GWAPI__REGEX_NO_JIT,
};
enum { ENGINES = sizeof engines / sizeof *engines };

typedef struct compiled {
    gwapi__regex *regex;
    gwapi__regex_scratch *scratch;
    void *memory;
} compiled;

/* What one engine says of one text. */
typedef struct answers {
    gwapi__regex_answer search, full, find;
    gwapi__regex_span span;
} answers;

static void require(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "does not hold: %s\n", what);
        abort();
    }
}

/* The text up to the next separator. */
static gwapi_str next_part(gwapi_str *rest)
{
    const gwapi_str separator = GWAPI__STR("\n%%%\n");
    size_t at = gwapi__str_find(*rest, separator);
    gwapi_str part = gwapi__str_sub(*rest, 0, at);

    *rest = at == SIZE_MAX ? (gwapi_str){NULL, 0}
                           : gwapi__str_sub(*rest, at + separator.len, rest->len);
    return part;
}

static gwapi_result check_syntax(gwapi_str pattern)
{
    gwapi__regex_error error = {0};
    gwapi__regex *none;
    gwapi_result result =
        gwapi__regex_compile(&none, NULL, pattern, GWAPI__REGEX_SYNTAX_ONLY, 0, &error);

    require(none == NULL, "a check keeps nothing");
    require((result == GWAPI_EREGEX) == (error.message != NULL), "a refusal has a reason");
    require(error.offset <= pattern.len && error.length <= pattern.len - error.offset,
            "… and a place in the pattern");
    return result;
}

static gwapi_result compile(compiled *c, gwapi_str pattern, uint32_t flags)
{
    *c = (compiled){NULL, NULL, NULL};
    gwapi_result result =
        gwapi__regex_compile(&c->regex, NULL, pattern, flags, MOST_STATES, NULL);

    require((result == GWAPI_OK) == (c->regex != NULL),
            "a regex, or a reason why there is none");
    if (result != GWAPI_OK)
        return result;
    size_t size = gwapi__regex_scratch_size(c->regex);
    c->memory = malloc(size);
    require(c->memory != NULL, "there is memory");
    c->scratch = gwapi__regex_scratch_init(c->memory, size);
    require(c->scratch != NULL, "the scratch is as large as was said");
    return GWAPI_OK;
}

static void release(compiled *c)
{
    gwapi__regex_free(c->regex);
    free(c->memory);
}

static answers ask(const compiled *c, gwapi_str text)
{
    uint32_t budget = (uint32_t)(2 * (text.len + 1));
    answers a = {.span = {0, 0}};

    a.search = gwapi__regex_search(c->regex, c->scratch, text, &budget);
    a.full = gwapi__regex_full(c->regex, c->scratch, text, &budget);
    require(budget == 0, "a call and a byte take a unit each");
    require(a.search != GWAPI__REGEX_SPENT && a.full != GWAPI__REGEX_SPENT,
            "what the budget is enough for is answered");
    require(gwapi__regex_search(c->regex, c->scratch, text, &budget) == GWAPI__REGEX_SPENT,
            "a spent budget is told");
    a.find = gwapi__regex_find(&a.span, c->regex, c->scratch, text, 0, NULL);
    return a;
}

static void check_answers(const answers *a, const compiled *c, gwapi_str text)
{
    bool whole;
    gwapi_str prefix = gwapi__regex_prefix(c->regex, &whole);

    require(a->find == a->search, "what is found has a place");
    require(a->full == GWAPI__REGEX_MISS || a->search == GWAPI__REGEX_MATCH,
            "a match of the whole text is one");
    if (a->find == GWAPI__REGEX_MATCH) {
        require(a->span.start <= a->span.end && a->span.end <= text.len, "it is in the text");
        require(gwapi__str_starts(gwapi__str_sub(text, a->span.start, text.len), prefix),
                "it begins with the prefix");
    }
    if (whole)
        require((a->full == GWAPI__REGEX_MATCH) == gwapi__str_eq(text, prefix),
                "a prefix that is the whole pattern decides");
}

static void compare(const compiled all[ENGINES], gwapi_str text)
{
    const answers first = ask(&all[0], text);

    check_answers(&first, &all[0], text);
    for (size_t i = 1; i < ENGINES; i++) {
        answers other = ask(&all[i], text);
        require(other.search == first.search, "all search alike");
        require(other.full == first.full, "all match whole texts alike");
        require(other.find == first.find && other.span.start == first.span.start &&
                    other.span.end == first.span.end,
                "all find the same place");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gwapi_str rest = {size != 0 ? (const char *)data : "", size};
    gwapi_str pattern = next_part(&rest);
    gwapi_result syntax = check_syntax(pattern);
    compiled all[ENGINES];

    gwapi_result result = compile(&all[0], pattern, engines[0]);
    if (syntax == GWAPI_OK)
        require(result == GWAPI_OK || result == GWAPI_ELIMIT,
                "what the check takes is compiled");
    else
        require(result == syntax || result == GWAPI_ELIMIT, "what it refuses is refused");
    for (size_t i = 1; i < ENGINES; i++)
        require(compile(&all[i], pattern, engines[i]) == result, "by every engine");
    while (result == GWAPI_OK && rest.data != NULL)
        compare(all, next_part(&rest));
    for (size_t i = 0; i < ENGINES; i++)
        release(&all[i]);
    return 0;
}
