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

    if (term->operator_ == GWAPI__SELECTOR_IN)
        return present && contains(&term->values, value);
    if (term->operator_ == GWAPI__SELECTOR_NOT_IN)
        return !present || !contains(&term->values, value);
    if (term->operator_ == GWAPI__SELECTOR_EXISTS)
        return present;
    return term->operator_ == GWAPI__SELECTOR_DOES_NOT_EXIST && !present;
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

bool gwapi__selector_may_match(const gwapi__selector *selector, gwapi_str name)
{
    if (!selector->present)
        return false;
    for (size_t i = 0; i < selector->count; i++) {
        const gwapi__selector_term *term = &selector->terms[i];
        bool fits = gwapi__str_eq(term->key, NAME_LABEL)
                        ? term_matches(term, name)
                        : term->operator_ != GWAPI__SELECTOR_UNKNOWN;
        if (!fits)
            return false;
    }
    return true;
}

/* Each listener that a part meets asks for the same one. */
static const gwapi__resource *find_namespace(gwapi__resolver *r, const gwapi__identity *key)
{
    if (!gwapi__str_present(r->asked_namespace) ||
        !gwapi__str_eq(r->asked_namespace, key->name)) {
        r->namespace_object = gwapi__find(r, key);
        r->asked_namespace = key->name;
    }
    return r->namespace_object;
}

static gwapi_result select_namespace(gwapi__resolver *r, const gwapi__selector *selector,
                                     gwapi_str name, bool *selected)
{
    gwapi__identity key = {GWAPI__STR(""), GWAPI__STR("Namespace"), GWAPI__STR(""), name};
    const gwapi__resource *object = find_namespace(r, &key);

    *selected = gwapi__selector_matches(selector, name,
                                        object != NULL ? object->meta.labels
                                                       : (gwapi__pairs){NULL, 0});
    if (*selected || object != NULL || !gwapi__selector_may_match(selector, name))
        return GWAPI_OK;
    return gwapi__assume(r, GWAPI_ASSUME_NAMESPACE, &key, selected);
}

gwapi_result gwapi__namespaces_admit(gwapi__resolver *r, const gwapi__namespaces *rule,
                                     gwapi_str home, gwapi_str candidate, bool *admitted)
{
    if (rule->from == GWAPI__FROM_SELECTOR)
        return select_namespace(r, &rule->selector, candidate, admitted);
    *admitted = rule->from == GWAPI__FROM_ALL ||
                (rule->from == GWAPI__FROM_SAME && gwapi__str_eq(home, candidate));
    return GWAPI_OK;
}
