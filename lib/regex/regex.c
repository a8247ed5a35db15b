#include "regex/regex.h"

#include "base/result.h"
#include "regex/simulate.h"

#include <stdalign.h>

#define DEFAULT_STATES 4096u

struct gwapi__regex {
    gwapi_allocator allocator;
    gwapi__arena arena; /* everything below */
    gwapi__regex_program program;
};

struct gwapi__regex_scratch {
    size_t size; /* of `memory` */
    alignas(max_align_t) unsigned char memory[];
};

static gwapi_result build(gwapi__regex *regex, gwapi__arena *trees, gwapi__regex_scan *scan,
                          uint32_t states)
{
    const gwapi__regex_node *root;

    GWAPI__TRY(gwapi__regex_parse(&root, trees, scan, states));
    return gwapi__program_build(&regex->program, &regex->arena, root);
}

static gwapi_result check_only(const gwapi_allocator *allocator, gwapi__regex_scan *scan)
{
    const gwapi__regex_node *root;
    gwapi__arena trees;

    gwapi__arena_init(&trees, allocator);
    gwapi_result result = gwapi__regex_parse(&root, &trees, scan, 0);
    gwapi__arena_free(&trees);
    return result;
}

static gwapi_result compile(gwapi__regex **out, const gwapi_allocator *allocator,
                            gwapi__regex_scan *scan, uint32_t states)
{
    gwapi__arena trees;
    gwapi__regex *regex = gwapi__alloc(allocator, sizeof *regex);

    if (regex == NULL)
        return GWAPI_ENOMEM;
    *regex = (gwapi__regex){.allocator = *allocator};
    gwapi__arena_init(&regex->arena, allocator);
    gwapi__arena_init(&trees, allocator);
    gwapi_result result = build(regex, &trees, scan, states);
    gwapi__arena_free(&trees);
    if (result != GWAPI_OK) {
        gwapi__regex_free(regex);
        return result;
    }
    *out = regex;
    return GWAPI_OK;
}

gwapi_result gwapi__regex_compile(gwapi__regex **out, const gwapi_allocator *allocator,
                                  gwapi_str pattern, uint32_t flags, uint32_t states,
                                  gwapi__regex_error *error)
{
    gwapi_allocator own;
    gwapi__regex_scan scan = {.pattern = pattern};

    *out = NULL;
    GWAPI__TRY(gwapi__allocator_init(&own, allocator));
    gwapi_result result = (flags & GWAPI__REGEX_SYNTAX_ONLY) != 0
                              ? check_only(&own, &scan)
                              : compile(out, &own, &scan, states != 0 ? states : DEFAULT_STATES);
    if (result == GWAPI_EREGEX && error != NULL)
        *error = scan.error;
    return result;
}

void gwapi__regex_free(gwapi__regex *regex)
{
    if (regex == NULL)
        return;
    gwapi_allocator allocator = regex->allocator;
    gwapi__arena_free(&regex->arena);
    gwapi__free(&allocator, regex, sizeof *regex);
}

size_t gwapi__regex_scratch_size(const gwapi__regex *regex)
{
    return sizeof(gwapi__regex_scratch) + gwapi__simulate_size(regex->program.count);
}

gwapi__regex_scratch *gwapi__regex_scratch_init(void *memory, size_t size)
{
    gwapi__regex_scratch *scratch = memory;

    if (size < sizeof *scratch)
        return NULL;
    scratch->size = size - sizeof *scratch;
    return scratch;
}

/* A unit for each byte and one for the call, whatever the engine does: so the answer is the same
 * everywhere. */
static bool spend(uint32_t *budget, size_t length)
{
    if (budget == NULL)
        return true;
    bool enough = length < *budget;
    *budget = enough ? *budget - (uint32_t)length - 1 : 0;
    return enough;
}

static gwapi__regex_answer answer(const gwapi__regex *regex, gwapi__regex_scratch *scratch,
                                  gwapi_str text, uint32_t *budget, bool full)
{
    if (!spend(budget, text.len))
        return GWAPI__REGEX_SPENT;
    return gwapi__simulate(&regex->program, scratch->memory, text, full) ? GWAPI__REGEX_MATCH
                                                                        : GWAPI__REGEX_MISS;
}

gwapi__regex_answer gwapi__regex_search(const gwapi__regex *regex, gwapi__regex_scratch *scratch,
                                        gwapi_str text, uint32_t *budget)
{
    return answer(regex, scratch, text, budget, false);
}

gwapi__regex_answer gwapi__regex_full(const gwapi__regex *regex, gwapi__regex_scratch *scratch,
                                      gwapi_str text, uint32_t *budget)
{
    return answer(regex, scratch, text, budget, true);
}

gwapi_str gwapi__regex_prefix(const gwapi__regex *regex, bool *whole)
{
    (void)regex;
    *whole = false;
    return GWAPI__STR("");
}
