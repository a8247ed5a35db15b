/*
 * Comprehensions. Those that macros make take a short way: the accumulator needs no variable,
 * but what naming it would have cost is counted.
 */
#include "cel/step.h"

/* What runs over a list, a map's keys, or both sides of its entries. */
typedef struct walk {
    gwapi__cel_value range;
    uint32_t at, count;
    bool pairs;
} walk;

/* False: nothing to run over; *out is an error. */
static bool walk_init(walk *w, gwapi__cel_value *out, gwapi__cel_evaluation *e,
                      const gwapi__cel_fold *fold)
{
    gwapi__cel_run_step(out, e, fold->range);
    if (out->kind == GWAPI__CEL_ERROR)
        return false;
    if (out->kind != GWAPI__CEL_LIST && out->kind != GWAPI__CEL_MAP &&
        out->kind != GWAPI__CEL_OBJECT) {
        *out = GWAPI__CEL_FAIL("only lists and maps can be iterated over");
        return false;
    }
    *w = (walk){.range = *out, .count = gwapi__cel_count(out), .pairs = fold->pairs};
    return true;
}

/* Sets the variables to the next element; false: there is none, or all is used up. */
static bool walk_next(walk *w, gwapi__cel_evaluation *e, const gwapi__cel_fold *fold)
{
    uint32_t i = w->at++;

    if (i == w->count || gwapi__cel_exhausted(e))
        return false;
    if (w->range.kind == GWAPI__CEL_LIST) {
        gwapi__cel_value item = gwapi__cel_item(e->context, &w->range, i);
        e->locals[fold->variable] = w->pairs ? gwapi__cel_of_int(i) : item;
        if (w->pairs)
            e->locals[fold->variable2] = item;
        return true;
    }
    gwapi__cel_entry entry = gwapi__cel_entry_at(e->context, &w->range, i);
    e->locals[fold->variable] = entry.key;
    if (w->pairs)
        e->locals[fold->variable2] = entry.value;
    return true;
}

/* ---- all, exists, exists_one ------------------------------------------------------------ */

/* Until one predicate is `decisive`. An error counts only if none is. `condition`: what asking
 * whether to go on costs, before each element; naming the accumulator costs a unit more. */
static void quantify(gwapi__cel_value *out, gwapi__cel_evaluation *e, const gwapi__cel_step *step,
                     bool decisive, uint32_t condition)
{
    const gwapi__cel_fold *fold = (const gwapi__cel_fold *)step;
    gwapi__cel_value result = gwapi__cel_of_bool(!decisive);
    walk w;

    if (!walk_init(&w, out, e, fold))
        return;
    while (walk_next(&w, e, fold)) {
        e->context->cost += condition;
        if (result.kind == GWAPI__CEL_BOOL && result.as.boolean == decisive)
            break;
        e->context->cost++;
        gwapi__cel_run_step(out, e, fold->predicate);
        if (out->kind == GWAPI__CEL_BOOL && out->as.boolean == decisive)
            result = *out;
        else if (out->kind != GWAPI__CEL_BOOL && result.kind == GWAPI__CEL_BOOL)
            result = out->kind == GWAPI__CEL_ERROR ? *out : GWAPI__CEL_FAIL("no such overload");
    }
    e->context->cost++;
    *out = result;
}

void gwapi__cel_run_all(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                        const gwapi__cel_step *step)
{
    quantify(out, e, step, false, 2);
}

void gwapi__cel_run_exists(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                           const gwapi__cel_step *step)
{
    quantify(out, e, step, true, 3);
}

/* Does the element count? A predicate's error becomes the result and stays. */
static bool holds(gwapi__cel_evaluation *e, const gwapi__cel_fold *fold,
                  gwapi__cel_value *result)
{
    gwapi__cel_value v;

    if (fold->predicate == NULL)
        return true;
    gwapi__cel_run_step(&v, e, fold->predicate);
    if (v.kind == GWAPI__CEL_BOOL)
        return v.as.boolean;
    *result = v.kind == GWAPI__CEL_ERROR ? v : GWAPI__CEL_FAIL("no such overload");
    return false;
}

void gwapi__cel_run_exists_one(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                               const gwapi__cel_step *step)
{
    const gwapi__cel_fold *fold = (const gwapi__cel_fold *)step;
    gwapi__cel_value result = gwapi__cel_of_null();
    uint64_t matches = 0;
    walk w;

    if (!walk_init(&w, out, e, fold))
        return;
    while (walk_next(&w, e, fold))
        if (holds(e, fold, &result)) {
            matches++;
            e->context->cost += 2;
        }
    e->context->cost += 2;
    *out = result.kind == GWAPI__CEL_ERROR ? result : gwapi__cel_of_bool(matches == 1);
}

/* ---- lists ------------------------------------------------------------------------------ */

/* Adds the value of each element that counts. `cost`: of the list of one item that is added,
 * and of adding it. */
static void collect(gwapi__cel_value *out, gwapi__cel_evaluation *e, const gwapi__cel_fold *fold,
                    uint32_t cost)
{
    gwapi__cel_value result = gwapi__cel_of_null(), v;
    gwapi__cel_items items = {.count = 0};
    walk w;

    if (!walk_init(&w, out, e, fold))
        return;
    while (walk_next(&w, e, fold)) {
        if (!holds(e, fold, &result))
            continue;
        e->context->cost += cost;
        gwapi__cel_run_step(&v, e, fold->value);
        if (v.kind == GWAPI__CEL_ERROR && result.kind != GWAPI__CEL_ERROR)
            result = v;
        if (result.kind != GWAPI__CEL_ERROR)
            gwapi__cel_items_add(e->context, &items, v);
    }
    e->context->cost++;
    *out = result.kind == GWAPI__CEL_ERROR ? result : gwapi__cel_items_list(e->context, &items);
}

void gwapi__cel_run_map_macro(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                              const gwapi__cel_step *step)
{
    const gwapi__cel_fold *fold = (const gwapi__cel_fold *)step;

    collect(out, e, fold, fold->value_constant ? 2 : 12);
}

void gwapi__cel_run_filter(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                           const gwapi__cel_step *step)
{
    collect(out, e, (const gwapi__cel_fold *)step, 12);
}

/* ---- maps ------------------------------------------------------------------------------- */

/* Null, or why the entry can not be inserted. */
static gwapi__cel_value insert(gwapi__cel_context *context, gwapi__cel_entries *entries,
                               const gwapi__cel_value *key, gwapi__cel_value value)
{
    uint32_t at;

    if (gwapi__cel_map_lookup(&entries->map, key) != UINT32_MAX)
        return GWAPI__CEL_FAIL("insert failed: the key exists already");
    return gwapi__cel_entries_add(context, entries, key, value, &at) != GWAPI__CEL_NO_MEMORY
               ? gwapi__cel_of_null()
               : gwapi__cel_no_memory(context);
}

/* Naming the accumulator costs a unit; if it is an error, no more happens. */
void gwapi__cel_run_transform_map(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                                  const gwapi__cel_step *step)
{
    const gwapi__cel_fold *fold = (const gwapi__cel_fold *)step;
    gwapi__cel_value result = gwapi__cel_of_null(), v;
    gwapi__cel_entries entries = {.capacity = 0};
    walk w;

    if (!walk_init(&w, out, e, fold))
        return;
    while (walk_next(&w, e, fold)) {
        if (!holds(e, fold, &result))
            continue;
        e->context->cost++;
        if (result.kind == GWAPI__CEL_ERROR)
            continue;
        gwapi__cel_value key = e->locals[fold->variable];
        e->context->cost += 2;
        gwapi__cel_run_step(&v, e, fold->value);
        result = v.kind == GWAPI__CEL_ERROR ? v : insert(e->context, &entries, &key, v);
    }
    e->context->cost++;
    *out = result.kind == GWAPI__CEL_ERROR ? result : gwapi__cel_entries_map(e->context, &entries);
}

static gwapi__cel_value insert_all(gwapi__cel_context *context, gwapi__cel_entries *entries,
                                   const gwapi__cel_value *map)
{
    gwapi__cel_value error = gwapi__cel_of_null();

    if (map->kind != GWAPI__CEL_MAP && map->kind != GWAPI__CEL_OBJECT)
        return map->kind == GWAPI__CEL_ERROR ? *map : GWAPI__CEL_FAIL("no such overload");
    for (uint32_t i = 0; i < gwapi__cel_count(map) && error.kind != GWAPI__CEL_ERROR; i++) {
        gwapi__cel_entry entry = gwapi__cel_entry_at(context, map, i);
        error = insert(context, entries, &entry.key, entry.value);
    }
    return error;
}

void gwapi__cel_run_transform_entry(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                                    const gwapi__cel_step *step)
{
    const gwapi__cel_fold *fold = (const gwapi__cel_fold *)step;
    gwapi__cel_value result = gwapi__cel_of_null(), v;
    gwapi__cel_entries entries = {.capacity = 0};
    walk w;

    if (!walk_init(&w, out, e, fold))
        return;
    while (walk_next(&w, e, fold)) {
        if (!holds(e, fold, &result))
            continue;
        e->context->cost += 2;
        gwapi__cel_run_step(&v, e, fold->value);
        if (result.kind != GWAPI__CEL_ERROR)
            result = insert_all(e->context, &entries, &v);
    }
    e->context->cost++;
    *out = result.kind == GWAPI__CEL_ERROR ? result : gwapi__cel_entries_map(e->context, &entries);
}

/* ---- bindings ---------------------------------------------------------------------------- */

/* The range is empty: only the result is computed, and the accumulator when it is named. */
void gwapi__cel_run_bind(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                         const gwapi__cel_step *step)
{
    const gwapi__cel_fold *fold = (const gwapi__cel_fold *)step;

    e->locals[fold->accumulator].kind = GWAPI__CEL_UNSET;
    gwapi__cel_run_step(out, e, fold->result);
}
