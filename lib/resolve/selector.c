#include "resolve/selector.h"

#include "base/slice.h"

#define NAME_LABEL GWAPI__STR("kubernetes.io/metadata.name")

/* The value of a label; absent without one. */
static gwapi_str label_of(gwapi_str key, gwapi_str name, gwapi__pairs labels)
{
    if (gwapi__str_eq(key, NAME_LABEL))
        return name;
    for (size_t i = 0; i < labels.count; i++)
        if (gwapi__str_eq(labels.items[i].key, key))
            return gwapi__str_present(labels.items[i].value) ? labels.items[i].value
                                                             : GWAPI__STR("");
    return (gwapi_str){NULL, 0};
}

static bool contains(const gwapi__strs *values, gwapi_str value)
{
    for (size_t i = 0; i < values->count; i++)
        if (gwapi__str_eq(values->items[i], value))
            return true;
    return false;
}

static bool term_matches(const gwapi__selector_term *term, gwapi_str value)
{
    bool present = gwapi__str_present(value);

    switch (term->operator_) {
    case GWAPI__SELECTOR_IN:
        return present && contains(&term->values, value);
    case GWAPI__SELECTOR_NOT_IN:
        return !present || !contains(&term->values, value);
    case GWAPI__SELECTOR_EXISTS:
        return present;
    case GWAPI__SELECTOR_DOES_NOT_EXIST:
        return !present;
    case GWAPI__SELECTOR_UNKNOWN:
        break;
    }
    return false;
}

bool gwapi__selector_matches(const gwapi__selector *selector, gwapi_str name,
                             gwapi__pairs labels)
{
    if (!selector->present)
        return false;
    for (size_t i = 0; i < selector->count; i++)
        if (!term_matches(&selector->terms[i], label_of(selector->terms[i].key, name, labels)))
            return false;
    return true;
}

static bool selects(const gwapi__selector *selector, gwapi_str name, const gwapi_resources *set)
{
    const gwapi__resource *object = gwapi__resources_lookup(
        set, GWAPI__STR(""), GWAPI__STR("Namespace"), GWAPI__STR(""), name);

    return gwapi__selector_matches(selector, name,
                                   object != NULL ? object->meta.labels : (gwapi__pairs){0});
}

bool gwapi__namespaces_admit(const gwapi__namespaces *rule, gwapi_str home, gwapi_str candidate,
                             const gwapi_resources *set)
{
    switch (rule->from) {
    case GWAPI__FROM_ALL:
        return true;
    case GWAPI__FROM_SAME:
        return gwapi__str_eq(home, candidate);
    case GWAPI__FROM_SELECTOR:
        return selects(&rule->selector, candidate, set);
    case GWAPI__FROM_NONE:
    case GWAPI__FROM_UNKNOWN:
        break;
    }
    return false;
}
