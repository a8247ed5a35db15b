#include "cel/step.h"

/* The regex, compiled by whoever needs it first. NULL: *error says why. */
static const gwapi__regex *regex_of(const gwapi__cel_matches *m, gwapi__cel_context *context,
                                    gwapi__cel_value *error)
{
    gwapi__cel_matches *shared = (gwapi__cel_matches *)(uintptr_t)m;
    gwapi__regex *regex = atomic_load_explicit(&shared->regex, memory_order_acquire);
    gwapi__regex *mine;

    if (regex != NULL)
        return regex;
    gwapi_result r = gwapi__regex_compile(&mine, m->allocator, m->pattern,
                                          GWAPI__REGEX_NO_PCRE2 | GWAPI__REGEX_FOR_SEARCH |
                                              GWAPI__REGEX_TABLE,
                                          0, NULL);
    if (r != GWAPI_OK) {
        *error = r == GWAPI_ENOMEM ? gwapi__cel_no_memory(context)
                                   : GWAPI__CEL_FAIL("regular expression too large");
        return NULL;
    }
    if (atomic_compare_exchange_strong_explicit(&shared->regex, &regex, mine,
                                                memory_order_acq_rel, memory_order_acquire))
        return mine;
    gwapi__regex_free(mine);
    return regex;
}

static gwapi__cel_value match(const gwapi__cel_matches *m, gwapi__cel_context *context,
                              gwapi_str text)
{
    gwapi__cel_value error = gwapi__cel_of_null();
    const gwapi__regex *regex = regex_of(m, context, &error);

    if (regex == NULL)
        return error;
    gwapi__regex_scratch *scratch = gwapi__cel_regex_scratch(context, regex);
    if (scratch == NULL)
        return gwapi__cel_no_memory(context);
    return gwapi__cel_of_bool(gwapi__regex_search(regex, scratch, text, NULL) ==
                              GWAPI__REGEX_MATCH);
}

/* `matches` with a literal pattern. An error as text ends it at no cost. */
void gwapi__cel_run_matches(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                            const gwapi__cel_step *step)
{
    const gwapi__cel_matches *m = (const gwapi__cel_matches *)step;
    gwapi__cel_value args[2];

    gwapi__cel_run_step(&args[0], e, m->text);
    *out = args[0];
    if (args[0].kind == GWAPI__CEL_ERROR)
        return;
    args[1] = gwapi__cel_of_string(m->pattern);
    *out = args[0].kind == GWAPI__CEL_STRING ? match(m, e->context, args[0].as.text)
                                             : GWAPI__CEL_FAIL("no such overload: matches");
    e->context->cost += m->cost != NULL ? m->cost(args, 2, out) : 1;
}
