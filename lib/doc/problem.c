#include "doc/problem.h"

#include "base/result.h"
#include "base/slice.h"

/* As many strict errors as the API server keeps of one object. */
#define KEPT_DUPLICATES 100
/* Paths of long keys add up; past this their text is left out. */
#define TEXT_BUDGET ((size_t)256 * 1024)

void gwapi__problems_init(gwapi__problems *problems, const gwapi_allocator *allocator)
{
    *problems = (gwapi__problems){.allocator = *allocator};
    gwapi__vector_init(&problems->list, allocator, sizeof(gwapi__doc_problem));
    gwapi__arena_init(&problems->texts, allocator);
}

void gwapi__problems_free(gwapi__problems *problems)
{
    gwapi__vector_free(&problems->list);
    gwapi__arena_free(&problems->texts);
}

static bool copy_optional(gwapi__arena *arena, gwapi_str text, gwapi_str *out)
{
    if (!gwapi__str_present(text)) {
        *out = text;
        return true;
    }
    return gwapi__arena_copy(arena, text, out);
}

static bool copy_problem(gwapi__arena *arena, const gwapi__doc_problem *from,
                         gwapi__doc_problem *to)
{
    *to = *from;
    return copy_optional(arena, from->rule, &to->rule) &&
           copy_optional(arena, from->path, &to->path) &&
           copy_optional(arena, from->pointer, &to->pointer) &&
           copy_optional(arena, from->message, &to->message) &&
           copy_optional(arena, from->hint, &to->hint);
}

gwapi_result gwapi__problems_add(gwapi__problems *problems, const gwapi__doc_problem *problem)
{
    bool fatal = problem->type != GWAPI_ERROR_DUPLICATE && problem->type != GWAPI_ERROR_NONE;
    gwapi__doc_problem given = *problem;

    if (!fatal && problems->list.count >= KEPT_DUPLICATES) {
        problems->dropped++;
        return GWAPI_OK;
    }
    if (given.path.len + given.pointer.len > TEXT_BUDGET || problems->texts.total > TEXT_BUDGET)
        given.path = given.pointer = (gwapi_str){NULL, 0};
    gwapi__doc_problem *added = gwapi__vector_push(&problems->list);
    if (added == NULL || !copy_problem(&problems->texts, &given, added))
        return GWAPI_ENOMEM;
    problems->fatal |= fatal;
    return fatal ? GWAPI_EUNREADABLE : GWAPI_OK;
}

gwapi_result gwapi__problems_limit(gwapi__problems *problems, const char *rule,
                                   gwapi__place place, const char *what, const char *name,
                                   uint64_t value)
{
    gwapi__doc_problem problem = {
        .type = GWAPI_ERROR_LIMIT, .rule = gwapi__str_of(rule), .place = place};
    gwapi__text message, hint;

    gwapi__text_init(&message, &problems->allocator);
    gwapi__text_init(&hint, &problems->allocator);
    gwapi__text_addz(&message, what);
    gwapi__text_addz(&message, " (limit ");
    gwapi__text_addz(&message, name);
    gwapi__text_addz(&message, ": ");
    gwapi__text_u64(&message, value);
    gwapi__text_char(&message, ')');
    gwapi__text_addz(&hint, "split the document, or raise the limit ");
    gwapi__text_addz(&hint, name);
    problem.message = gwapi__text_str(&message);
    problem.hint = gwapi__text_str(&hint);
    gwapi_result r =
        message.failed || hint.failed ? GWAPI_ENOMEM : gwapi__problems_add(problems, &problem);
    gwapi__text_free(&message);
    gwapi__text_free(&hint);
    return r;
}

gwapi_result gwapi__problems_take(gwapi__problems *problems, gwapi__arena *arena,
                                  gwapi__doc *doc)
{
    size_t count = problems->list.count;

    doc->problems = NULL;
    doc->problem_count = 0;
    if (count == 0)
        return GWAPI_OK;
    gwapi__doc_problem *all = gwapi__arena_array(arena, count, sizeof *all);
    if (all == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < count; i++)
        if (!copy_problem(arena, GWAPI__AT(&problems->list, gwapi__doc_problem, i), &all[i]))
            return GWAPI_ENOMEM;
    doc->problems = all;
    doc->problem_count = count;
    return GWAPI_OK;
}
