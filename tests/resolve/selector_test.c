#include <criterion/criterion.h>

#include "base/slice.h"
#include "resolve/selector.h"

static const gwapi__pair gold_labels[] = {
    {GWAPI_STR_INIT("tier"), GWAPI_STR_INIT("gold")},
    {GWAPI_STR_INIT("empty"), GWAPI_STR_INIT("")},
};

#define IN     GWAPI__SELECTOR_IN
#define NOT_IN GWAPI__SELECTOR_NOT_IN
#define EXISTS GWAPI__SELECTOR_EXISTS
#define ABSENT GWAPI__SELECTOR_DOES_NOT_EXIST

static const struct {
    const char *key;
    gwapi__selector_operator operator_;
    const char *values[2];
    bool matches;
} terms[] = {
    {"tier", IN, {"gold"}, true},
    {"tier", IN, {"silver", "gold"}, true},
    {"tier", IN, {"silver"}, false},
    {"tier", IN, {NULL}, false},
    {"none", IN, {"gold"}, false},
    {"empty", IN, {""}, true},
    {"tier", NOT_IN, {"silver"}, true},
    {"tier", NOT_IN, {"gold"}, false},
    {"none", NOT_IN, {"gold"}, true},
    {"tier", EXISTS, {NULL}, true},
    {"empty", EXISTS, {NULL}, true},
    {"none", EXISTS, {NULL}, false},
    {"tier", ABSENT, {NULL}, false},
    {"none", ABSENT, {NULL}, true},
    {"tier", GWAPI__SELECTOR_UNKNOWN, {"gold"}, false},
    {"kubernetes.io/metadata.name", IN, {"shop"}, true},
    {"kubernetes.io/metadata.name", IN, {"other"}, false},
    {"kubernetes.io/metadata.name", ABSENT, {NULL}, false},
};

Test(resolve_selector, terms_match_as_kubernetes_reads_them)
{
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        gwapi_str values[2];
        size_t count = 0;
        for (; count < 2 && terms[i].values[count] != NULL; count++)
            values[count] = gwapi__str_of(terms[i].values[count]);
        gwapi__selector_term term = {
            gwapi__str_of(terms[i].key), terms[i].operator_, {values, count}};
        gwapi__selector selector = {true, &term, 1};
        cr_expect_eq(gwapi__selector_matches(&selector, GWAPI__STR("shop"),
                                             (gwapi__pairs){gold_labels, 2}),
                     terms[i].matches, "row %zu: %s", i, terms[i].key);
    }
}

Test(resolve_selector, all_terms_must_match)
{
    gwapi_str gold = GWAPI__STR("gold");
    const gwapi__selector_term both[] = {{GWAPI__STR("tier"), IN, {&gold, 1}},
                                         {GWAPI__STR("empty"), ABSENT, {NULL, 0}}};
    gwapi__selector selector = {true, both, 2};

    cr_expect_not(
        gwapi__selector_matches(&selector, GWAPI__STR("shop"), (gwapi__pairs){gold_labels, 2}));
    cr_expect(
        gwapi__selector_matches(&selector, GWAPI__STR("shop"), (gwapi__pairs){gold_labels, 1}));
}

/* A value that could not be read is one all the same. */
Test(resolve_selector, a_label_without_a_value_is_there)
{
    const gwapi__selector_term there[] = {{GWAPI__STR("odd"), EXISTS, {NULL, 0}}};
    const gwapi__pair odd[] = {{GWAPI__STR("odd"), {NULL, 0}}};
    gwapi__selector selector = {true, there, 1};

    cr_expect(gwapi__selector_matches(&selector, GWAPI__STR("shop"), (gwapi__pairs){odd, 1}));
}

Test(resolve_selector, absent_selects_nothing_and_empty_everything)
{
    const gwapi__selector absent = {false, NULL, 0}, empty = {true, NULL, 0};

    cr_expect_not(
        gwapi__selector_matches(&absent, GWAPI__STR("shop"), (gwapi__pairs){NULL, 0}));
    cr_expect(gwapi__selector_matches(&empty, GWAPI__STR("shop"), (gwapi__pairs){NULL, 0}));
}
