// What one call costs: rules of the operators and of the standard functions. Others bring theirs.
#include <string.h>

#include "base/slice.h"
#include "cel/estimate.h"

#define TRAVERSAL 0.1 /* of a unit of text */
#define PATTERN   0.25 /* of a character of a pattern */

// Without the arguments' costs, which are added to it.
typedef void rule(gwapi__cel_call_guess *out, const gwapi__cel_call_site *site);

static gwapi__cel_range size_of(const gwapi__cel_operand *operand)
{
    return gwapi__cel_size_or_unknown(operand->size);
}

static void know_size(gwapi__cel_call_guess *out, gwapi__cel_range size)
{
    out->size = (gwapi__cel_size){size, true};
}

static uint64_t quadruple(uint64_t n)
{
    return n * 4; // wraps, as the server's does
}

// ---- text and bytes -------------------------------------------------------------------------

static void string_to_bytes(gwapi__cel_call_guess *out, const gwapi__cel_call_site *site)
{
    gwapi__cel_range size = size_of(&site->args[0]);

    out->cost = gwapi__cel_range_scale(size, TRAVERSAL);
    know_size(out, (gwapi__cel_range){size.min, quadruple(size.max)});
}

static void bytes_to_string(gwapi__cel_call_guess *out, const gwapi__cel_call_site *site)
{
    gwapi__cel_range size = size_of(&site->args[0]);

    out->cost = gwapi__cel_range_scale(size, TRAVERSAL);
    know_size(out, (gwapi__cel_range){size.min / 4, size.max});
}

// startsWith and endsWith look at as much as the affix has.
static void affix(gwapi__cel_call_guess *out, const gwapi__cel_call_site *site)
{
    out->cost = gwapi__cel_range_scale(size_of(&site->args[0]), TRAVERSAL);
}

static void contains(gwapi__cel_call_guess *out, const gwapi__cel_call_site *site)
{
    out->cost = gwapi__cel_range_times(gwapi__cel_range_scale(size_of(&site->target), TRAVERSAL),
                                       gwapi__cel_range_scale(size_of(&site->args[0]), TRAVERSAL));
}

static void matches(gwapi__cel_call_guess *out, const gwapi__cel_call_site *site)
{
    gwapi__cel_range text = gwapi__cel_range_add(size_of(&site->target), gwapi__cel_fixed(1));

    out->cost = gwapi__cel_range_times(gwapi__cel_range_scale(text, TRAVERSAL),
                                       gwapi__cel_range_scale(size_of(&site->args[0]), PATTERN));
}

// ---- lists ----------------------------------------------------------------------------------

static void in_list(gwapi__cel_call_guess *out, const gwapi__cel_call_site *site)
{
    out->cost = gwapi__cel_range_scale(size_of(&site->args[1]), 1);
}

static gwapi__cel_inside inside_both(const gwapi__cel_inside *a, const gwapi__cel_inside *b)
{
    if (a->container == GWAPI__CEL_ERROR || b->container == GWAPI__CEL_ERROR)
        return (gwapi__cel_inside){.container = GWAPI__CEL_ERROR};
    return (gwapi__cel_inside){a->container, gwapi__cel_range_union(a->key, b->key),
                               gwapi__cel_range_union(a->value, b->value)};
}

static void add_list(gwapi__cel_call_guess *out, const gwapi__cel_call_site *site)
{
    know_size(out, gwapi__cel_range_add(size_of(&site->args[0]), size_of(&site->args[1])));
    out->inside = inside_both(&site->args[0].inside, &site->args[1].inside);
}

static void add_text(gwapi__cel_call_guess *out, const gwapi__cel_call_site *site)
{
    add_list(out, site);
    out->cost = gwapi__cel_range_scale(out->size.range, TRAVERSAL);
}

// ---- comparisons ----------------------------------------------------------------------------

static void compare(gwapi__cel_call_guess *out, const gwapi__cel_call_site *site)
{
    gwapi__cel_range a = size_of(&site->args[0]), b = size_of(&site->args[1]);
    uint64_t most = a.max < b.max ? a.max : b.max;

    out->cost = gwapi__cel_range_scale((gwapi__cel_range){most > 0 ? 1 : 0, most}, TRAVERSAL);
}

// Values of a library's own; of a URL's size the server looks at the right side alone.
static bool compare_opaque(gwapi__cel_call_guess *out, const gwapi__cel_call_site *site)
{
    const gwapi__cel_type *type = site->args[0].expr->type;
    const gwapi__cel_size *right = &site->args[1].size;
    uint64_t most = 1;

    if (type->kind != GWAPI__CEL_OPAQUE || !gwapi__cel_type_equal(type, site->args[1].expr->type))
        return false;
    if (gwapi__cel_type_equal(type, &gwapi__cel_format))
        most = gwapi__cel_cost_scale(64, TRAVERSAL);
    else if (gwapi__cel_type_equal(type, &gwapi__cel_url) && right->known)
        most = gwapi__cel_cost_scale(right->range.max, TRAVERSAL);
    out->cost = (gwapi__cel_range){1, most};
    return true;
}

static void equals(gwapi__cel_call_guess *out, const gwapi__cel_call_site *site)
{
    if (!compare_opaque(out, site))
        compare(out, site);
}

// ---- the rules by overload ------------------------------------------------------------------

static const struct {
    const char *id;
    rule *rule;
} rules[] = {
    {"add_bytes", add_text},
    {"add_list", add_list},
    {"add_string", add_text},
    {"bytes_to_string", bytes_to_string},
    {"contains_string", contains},
    {"ends_with_string", affix},
    {"equals", equals},
    {"greater_bytes", compare},
    {"greater_equals_bytes", compare},
    {"greater_equals_string", compare},
    {"greater_string", compare},
    {"in_list", in_list},
    {"less_bytes", compare},
    {"less_equals_bytes", compare},
    {"less_equals_string", compare},
    {"less_string", compare},
    {"matches_string", matches},
    {"not_equals", compare},
    {"starts_with_string", affix},
    {"string_to_bytes", string_to_bytes},
};

static rule *rule_of(const char *id)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
        if (strcmp(rules[i].id, id) == 0)
            return rules[i].rule;
    return NULL;
}

// ---- what may stay undone -------------------------------------------------------------------

static void logic(gwapi__cel_call_guess *out, const gwapi__cel_call_site *site)
{
    gwapi__cel_range left = site->args[0].cost;

    out->cost = (gwapi__cel_range){left.min,
                                   gwapi__cel_range_add(left, site->args[1].cost).max};
}

static void conditional(gwapi__cel_call_guess *out, const gwapi__cel_call_site *site)
{
    const gwapi__cel_operand *yes = &site->args[1], *no = &site->args[2];

    out->cost = gwapi__cel_range_add(site->args[0].cost,
                                     gwapi__cel_range_union(yes->cost, no->cost));
    know_size(out, gwapi__cel_range_union(size_of(yes), size_of(no)));
    out->inside = inside_both(&yes->inside, &no->inside);
}

static bool by_library(gwapi__cel_call_guess *out, const gwapi__cel_call_site *site,
                       const gwapi__cel_overload *overload)
{
    gwapi__cel_guess guess = {.sized = false};

    if (overload->estimate == NULL || !overload->estimate(site->sized, site->sized_count, &guess))
        return false;
    out->cost = guess.cost;
    out->size = (gwapi__cel_size){guess.size, guess.sized};
    return true;
}

void gwapi__cel_guess_call(gwapi__cel_call_guess *out, const gwapi__cel_call_site *site,
                           const gwapi__cel_overload *overload)
{
    *out = (gwapi__cel_call_guess){.cost = gwapi__cel_fixed(1)};
    if (overload != NULL && !by_library(out, site, overload)) {
        if (strcmp(overload->function, "_&&_") == 0 || strcmp(overload->function, "_||_") == 0) {
            logic(out, site);
            return;
        }
        if (strcmp(overload->function, "_?_:_") == 0) {
            conditional(out, site);
            return;
        }
        rule *known = rule_of(overload->id);
        if (known != NULL)
            known(out, site);
    }
    for (uint32_t i = 0; i < site->count; i++)
        out->cost = gwapi__cel_range_add(out->cost, site->args[i].cost);
}
