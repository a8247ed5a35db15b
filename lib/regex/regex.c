#include "regex/regex.h"

#include "base/result.h"
#include "regex/engine.h"
#include "regex/shape.h"
#include "regex/simulate.h"
#include "regex/table.h"

#include <stdalign.h>

#define DEFAULT_STATES 4096u

struct gwapi__regex {
    gwapi_allocator allocator;
    gwapi__arena arena; /* of the program and the shape */
    gwapi__regex_program program;
    gwapi__shape shape;
    gwapi__regex_table table;
    gwapi__engine engine;
    bool simulate; /* the shape is not to answer */
};

struct gwapi__regex_scratch {
    size_t size; /* of `memory` */
    alignas(max_align_t) unsigned char memory[];
};

static gwapi_result build(gwapi__regex *regex, gwapi__arena *trees, gwapi__regex_scan *scan,
                          uint32_t flags, uint32_t states)
{
    const uint32_t both = GWAPI__REGEX_FOR_SEARCH | GWAPI__REGEX_FOR_FULL;
    const gwapi__regex_node *root;

    GWAPI__TRY(gwapi__regex_parse(&root, trees, scan, states));
    GWAPI__TRY(gwapi__program_build(&regex->program, &regex->arena, root));
    GWAPI__TRY(gwapi__shape_init(&regex->shape, &regex->arena, root));
    regex->program.anchored = regex->shape.begins;
    regex->simulate = (flags & GWAPI__REGEX_SIMULATE) != 0;
    if ((flags & GWAPI__REGEX_TABLE) != 0 && !gwapi__shape_answers(&regex->shape, false)) {
        GWAPI__TRY(gwapi__table_init(&regex->table, &regex->arena, &regex->program));
        if (regex->table.next != NULL)
            return GWAPI_OK;
    }
    if ((flags & (GWAPI__REGEX_SIMULATE | GWAPI__REGEX_NO_PCRE2)) != 0)
        return GWAPI_OK;
    if ((flags & both) == 0)
        flags |= both;
    const gwapi__engine_options options = {
        .search = (flags & GWAPI__REGEX_FOR_SEARCH) != 0 &&
                  !gwapi__shape_answers(&regex->shape, false),
        .full = (flags & GWAPI__REGEX_FOR_FULL) != 0 && !gwapi__shape_answers(&regex->shape, true),
        .begins = regex->shape.begins,
        .ends = regex->shape.ends,
        .jit = (flags & GWAPI__REGEX_NO_JIT) == 0,
    };
    return gwapi__engine_init(&regex->engine, &regex->allocator, root, &options);
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
                            gwapi__regex_scan *scan, uint32_t flags, uint32_t states)
{
    gwapi__arena trees;
    gwapi__regex *regex = gwapi__alloc(allocator, sizeof *regex);

    if (regex == NULL)
        return GWAPI_ENOMEM;
    *regex = (gwapi__regex){.allocator = *allocator};
    gwapi__arena_init(&regex->arena, allocator);
    gwapi__arena_init(&trees, allocator);
    gwapi_result result = build(regex, &trees, scan, flags, states);
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
                              : compile(out, &own, &scan, flags, states != 0 ? states : DEFAULT_STATES);
    if (result == GWAPI_EREGEX && error != NULL)
        *error = scan.error;
    return result;
}

void gwapi__regex_free(gwapi__regex *regex)
{
    if (regex == NULL)
        return;
    gwapi_allocator allocator = regex->allocator;
    gwapi__engine_free(&regex->engine);
    gwapi__arena_free(&regex->arena);
    gwapi__free(&allocator, regex, sizeof *regex);
}

size_t gwapi__regex_scratch_size(const gwapi__regex *regex)
{
    size_t simulation = gwapi__simulate_size(regex->program.count);
    size_t engine = gwapi__engine_size(&regex->engine);

    return sizeof(gwapi__regex_scratch) + (engine > simulation ? engine : simulation);
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
    if (!regex->simulate && gwapi__shape_answers(&regex->shape, full))
        return gwapi__shape_match(&regex->shape, text, full) ? GWAPI__REGEX_MATCH
                                                             : GWAPI__REGEX_MISS;
    /* Most of the patterns of a host begin with a text that the path does not begin with. */
    if (!regex->simulate && (full || regex->shape.begins) &&
        !gwapi__str_starts(text, regex->shape.prefix))
        return GWAPI__REGEX_MISS;
    if (!full && regex->table.next != NULL) {
        gwapi__table_answer found = gwapi__table_search(&regex->table, text);
        if (found != GWAPI__TABLE_UNKNOWN)
            return found == GWAPI__TABLE_MATCH ? GWAPI__REGEX_MATCH : GWAPI__REGEX_MISS;
    }
    const void *code = full ? regex->engine.full : regex->engine.search;
    if (code != NULL && gwapi__utf8_valid(text)) {
        gwapi__engine_answer found =
            gwapi__engine_run(&regex->engine, code, scratch->memory, scratch->size, text);
        if (found != GWAPI__ENGINE_GAVE_UP)
            return found == GWAPI__ENGINE_MATCH ? GWAPI__REGEX_MATCH : GWAPI__REGEX_MISS;
    }
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

gwapi__regex_answer gwapi__regex_find(gwapi__regex_span *span, const gwapi__regex *regex,
                                      gwapi__regex_scratch *scratch, gwapi_str text, size_t from,
                                      uint32_t *budget)
{
    if (!spend(budget, text.len - from))
        return GWAPI__REGEX_SPENT;
    return gwapi__simulate_find(span, &regex->program, scratch->memory, text, from)
               ? GWAPI__REGEX_MATCH
               : GWAPI__REGEX_MISS;
}

gwapi_str gwapi__regex_prefix(const gwapi__regex *regex, bool *whole)
{
    *whole = regex->shape.whole;
    return regex->shape.prefix;
}
