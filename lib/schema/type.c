#include "schema/type.h"

#include "base/slice.h"
#include "schema/rules.h"

const char *gwapi__types_text(uint32_t types)
{
    switch (types) {
    case GWAPI__TYPE_OBJECT:
        return "object";
    case GWAPI__TYPE_ARRAY:
        return "array";
    case GWAPI__TYPE_STRING:
        return "string";
    case GWAPI__TYPE_INTEGER:
        return "integer";
    case GWAPI__TYPE_NUMBER:
        return "number";
    case GWAPI__TYPE_BOOLEAN:
        return "boolean";
    case GWAPI__TYPE_INTEGER | GWAPI__TYPE_STRING:
        return "integer or string";
    default:
        return "any";
    }
}

gwapi_result gwapi__pattern_regex(const gwapi__kind *kind, gwapi__pattern *pattern,
                                  const gwapi__regex **out)
{
    gwapi__regex *regex = atomic_load_explicit(&pattern->regex, memory_order_acquire);

    if (regex == NULL) {
        gwapi__regex *expected = NULL;
        gwapi_result r = gwapi__regex_compile(&regex, &kind->arena.allocator, pattern->text,
                                              GWAPI__REGEX_FOR_SEARCH | GWAPI__REGEX_TABLE,
                                              kind->limits.regex_states, NULL);
        if (r != GWAPI_OK) {
            *out = NULL;
            return r == GWAPI_ENOMEM ? r : GWAPI_OK;
        }
        if (!atomic_compare_exchange_strong_explicit(&pattern->regex, &expected, regex,
                                                     memory_order_acq_rel,
                                                     memory_order_acquire)) {
            gwapi__regex_free(regex);
            regex = expected;
        }
    }
    *out = regex;
    return GWAPI_OK;
}

void gwapi__kind_free(const gwapi_allocator *allocator, gwapi__kind *kind)
{
    if (kind == NULL)
        return;
    for (gwapi__pattern *p = kind->patterns; p != NULL; p = p->next)
        gwapi__regex_free(atomic_load_explicit(&p->regex, memory_order_relaxed));
    for (gwapi__rule_set *set = kind->rule_sets; set != NULL; set = set->next)
        gwapi__rule_set_free(allocator, set);
    gwapi__arena_free(&kind->arena);
    gwapi__free(allocator, kind, sizeof *kind);
}
