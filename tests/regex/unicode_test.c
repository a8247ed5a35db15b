#include <criterion/criterion.h>
#include "base/slice.h"
#include "regex/runes.h"

Test(regex_unicode, names_are_found_whatever_their_case_and_separators)
{
    static const struct {
        const char *name, *found;
    } rows[] = {{"Lu", "lu"},       {"lu", "lu"},           {"Old_Italic", "olditalic"},
                {"old italic", "olditalic"}, {"greek", "greek"}, {"Uppercase-Letter", "uppercaseletter"},
                {"any", "any"},     {"Zyyy", NULL},         {"", NULL},
                {"_", NULL},        {"lux", NULL},          {"l\xc3\xa9", NULL}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const gwapi__unicode_set *set = gwapi__unicode_find(gwapi__str_of(rows[i].name));
        if (rows[i].found == NULL)
            cr_expect_null(set, "%s", rows[i].name);
        else
            cr_expect(set != NULL && strcmp(set->name, rows[i].found) == 0, "%s", rows[i].name);
    }
    cr_expect_null(gwapi__unicode_find(GWAPI__STR("lu\0")));
}

Test(regex_unicode, tables_are_in_order)
{
    for (size_t i = 1; i < GWAPI__UNICODE_SETS; i++)
        cr_assert_lt(strcmp(gwapi__unicode_sets[i - 1].name, gwapi__unicode_sets[i].name), 0);
    for (size_t i = 1; i < GWAPI__FOLD_RUNS; i++)
        cr_assert_lt(gwapi__fold_runs[i - 1].hi, gwapi__fold_runs[i].lo);
}

/* Following the folds from any rune leads back to it, through four runes at most. */
Test(regex_unicode, folds_are_circles)
{
    size_t folding = 0;

    for (uint32_t rune = 0; rune <= GWAPI__RUNE_MAX; rune++) {
        uint32_t at = gwapi__rune_fold(rune), steps = 1;
        for (; at != rune && steps < 5; steps++)
            at = gwapi__rune_fold(at);
        cr_assert_leq(steps, 4, "U+%04X", rune);
        folding += steps > 1;
    }
    cr_assert_eq(folding, 2878);
}

static bool has(const gwapi__vector *set, uint32_t rune)
{
    for (size_t i = 0; i < set->count; i++) {
        const gwapi__rune_range *range = GWAPI__AT(set, gwapi__rune_range, i);
        if (range->lo <= rune && rune <= range->hi)
            return true;
    }
    return false;
}

Test(regex_unicode, a_folded_range_has_every_partner_and_a_negation_the_rest)
{
    gwapi_allocator allocator;
    gwapi__vector set, rest;

    cr_assert_eq(gwapi__allocator_init(&allocator, NULL), GWAPI_OK);
    gwapi__runes_init(&set, &allocator);
    gwapi__runes_init(&rest, &allocator);
    cr_assert(gwapi__runes_add_folded(&set, 'j', 's'));
    cr_assert(gwapi__runes_clean(&set));
    cr_assert(gwapi__runes_add_negated(&rest, &set));
    for (uint32_t rune = 0; rune <= GWAPI__RUNE_MAX; rune++) {
        bool in = (rune >= 'j' && rune <= 's') || (rune >= 'J' && rune <= 'S') || rune == 0x212a ||
                  rune == 0x17f;
        cr_assert_eq(has(&set, rune), in, "U+%04X", rune);
        cr_assert_eq(has(&rest, rune), !in, "U+%04X", rune);
    }
    gwapi__vector_free(&set);
    gwapi__vector_free(&rest);
}

Test(regex_unicode, what_can_be_printed_is_what_go_prints)
{
    static const struct {
        uint32_t rune;
        bool printable;
    } rows[] = {{0, false},      {0x1f, false},   {' ', true},     {'~', true},
                {0x7f, false},   {0xa0, false},   {0xad, false},   {0xe4, true},
                {0x301, true},   {0x378, false},  {0x2028, false}, {0x20ac, true},
                {0x3000, false}, {0xd800, false}, {0xe000, false}, {0xfffd, true},
                {0x1f600, true}, {0x10ffff, false}};
    gwapi__printable printable = {{NULL}};
    size_t count = 0;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(gwapi__rune_is_printable(&printable, rows[i].rune), rows[i].printable,
                     "U+%04X", rows[i].rune);
    for (uint32_t rune = 0; rune <= GWAPI__RUNE_MAX; rune++)
        count += gwapi__rune_is_printable(&printable, rune);
    cr_expect_eq(count, 148998); /* as Go counts them */
}
