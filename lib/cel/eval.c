#include "base/slice.h"
#include "cel/standard.h"
#include "cel/step.h"

void gwapi__cel_run_constant(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                             const gwapi__cel_step *step)
{
    (void)e;
    *out = ((const gwapi__cel_constant *)step)->value;
}

/* ---- logic ------------------------------------------------------------------------------ */

/* The terms in turn, until one is `decisive`. An error counts only if none is. */
static void run_terms(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                      const gwapi__cel_terms *terms, bool decisive)
{
    gwapi__cel_value error;
    bool failed = false;

    for (uint32_t i = 0; i < terms->count; i++) {
        gwapi__cel_run_step(out, e, terms->terms[i]);
        if (out->kind == GWAPI__CEL_BOOL) {
            if (out->as.boolean == decisive)
                return;
        } else if (!failed) {
            error = out->kind == GWAPI__CEL_ERROR ? *out : GWAPI__CEL_FAIL("no such overload");
            failed = true;
        }
    }
    if (failed)
        *out = error; /* else the last term's value: not decisive */
}

void gwapi__cel_run_and(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                        const gwapi__cel_step *step)
{
    run_terms(out, e, (const gwapi__cel_terms *)step, false);
}

void gwapi__cel_run_or(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                       const gwapi__cel_step *step)
{
    run_terms(out, e, (const gwapi__cel_terms *)step, true);
}

void gwapi__cel_run_choice(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                           const gwapi__cel_step *step)
{
    const gwapi__cel_choice *c = (const gwapi__cel_choice *)step;

    gwapi__cel_run_step(out, e, c->condition);
    if (out->kind == GWAPI__CEL_BOOL)
        gwapi__cel_run_step(out, e, out->as.boolean ? c->then : c->otherwise);
    else if (out->kind != GWAPI__CEL_ERROR)
        *out = GWAPI__CEL_FAIL("no such overload");
    e->context->cost -= c->test && e->context->cost != 0;
}

/* The second is asked only if the first is none. */
void gwapi__cel_run_optional_or(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                                const gwapi__cel_step *step)
{
    const gwapi__cel_terms *t = (const gwapi__cel_terms *)step;

    gwapi__cel_run_step(out, e, t->terms[0]);
    if (out->kind == GWAPI__CEL_OPTIONAL && out->as.optional == NULL)
        gwapi__cel_run_step(out, e, t->terms[1]);
}

void gwapi__cel_run_optional_value(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                                   const gwapi__cel_step *step)
{
    const gwapi__cel_terms *t = (const gwapi__cel_terms *)step;

    gwapi__cel_run_step(out, e, t->terms[0]);
    if (out->kind != GWAPI__CEL_OPTIONAL)
        return;
    if (out->as.optional != NULL)
        *out = *out->as.optional;
    else
        gwapi__cel_run_step(out, e, t->terms[1]);
}

/* ---- equality and membership ------------------------------------------------------------ */

/* A tenth of the shorter one; up to ten bytes hold ten characters at most, and one at least. */
static uint64_t cost_of_texts(const gwapi__cel_value *sides)
{
    size_t a = sides[0].as.text.len, b = sides[1].as.text.len, least = a < b ? a : b;

    return least <= 10 ? least != 0 : gwapi__cel_cost_least(sides, 2, NULL);
}

/* Both sides; *out is the first error, if any. `flat`: what libraries made costs one unit. */
static bool compare(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                    const gwapi__cel_value *sides, bool flat, gwapi__cel_equality *equal)
{
    if (sides[0].kind == GWAPI__CEL_STRING && sides[1].kind == GWAPI__CEL_STRING) {
        e->context->cost += cost_of_texts(sides);
        *equal = gwapi__str_eq(sides[0].as.text, sides[1].as.text) ? GWAPI__CEL_EQUAL
                                                                   : GWAPI__CEL_UNEQUAL;
        return true;
    }
    e->context->cost += flat && sides[0].kind == GWAPI__CEL_OPAQUE
                            ? 1
                            : gwapi__cel_cost_least(sides, 2, NULL);
    if (sides[0].kind == GWAPI__CEL_ERROR || sides[1].kind == GWAPI__CEL_ERROR) {
        *out = sides[sides[0].kind != GWAPI__CEL_ERROR];
        return false;
    }
    *equal = gwapi__cel_equate(e->context, &sides[0], &sides[1]);
    return true;
}

static bool run_equality(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                         const gwapi__cel_step *step, bool flat, gwapi__cel_equality *equal)
{
    const gwapi__cel_terms *t = (const gwapi__cel_terms *)step;
    gwapi__cel_value sides[2];

    gwapi__cel_run_step(&sides[0], e, t->terms[0]);
    gwapi__cel_run_step(&sides[1], e, t->terms[1]);
    return compare(out, e, sides, flat, equal);
}

/* The same with a text as the second term. */
static bool run_text_equality(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                              const gwapi__cel_step *step, bool flat,
                              gwapi__cel_equality *equal)
{
    const gwapi__cel_terms *t = (const gwapi__cel_terms *)step;
    const gwapi__cel_value *text = &((const gwapi__cel_constant *)t->terms[1])->value;

    gwapi__cel_run_step(out, e, t->terms[0]);
    if (out->kind == GWAPI__CEL_STRING && text->as.text.len != 0 && text->as.text.len <= 10) {
        e->context->cost += out->as.text.len != 0;
        *equal = gwapi__name_eq(out->as.text, text->as.text) ? GWAPI__CEL_EQUAL
                                                             : GWAPI__CEL_UNEQUAL;
        return true;
    }
    const gwapi__cel_value sides[2] = {*out, *text};
    return compare(out, e, sides, flat, equal);
}

static void set_equal(gwapi__cel_value *out, gwapi__cel_equality equal)
{
    *out = equal == GWAPI__CEL_NO_EQUALITY ? GWAPI__CEL_FAIL("no such overload")
                                           : gwapi__cel_of_bool(equal == GWAPI__CEL_EQUAL);
}

static void set_unequal(gwapi__cel_value *out, gwapi__cel_equality equal)
{
    *out = gwapi__cel_of_bool(equal != GWAPI__CEL_EQUAL);
}

void gwapi__cel_run_equal(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                          const gwapi__cel_step *step)
{
    gwapi__cel_equality equal;

    if (run_equality(out, e, step, true, &equal))
        set_equal(out, equal);
}

void gwapi__cel_run_unequal(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                            const gwapi__cel_step *step)
{
    gwapi__cel_equality equal;

    if (run_equality(out, e, step, false, &equal))
        set_unequal(out, equal);
}

void gwapi__cel_run_equal_text(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                               const gwapi__cel_step *step)
{
    gwapi__cel_equality equal;

    if (run_text_equality(out, e, step, true, &equal))
        set_equal(out, equal);
}

void gwapi__cel_run_unequal_text(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                                 const gwapi__cel_step *step)
{
    gwapi__cel_equality equal;

    if (run_text_equality(out, e, step, false, &equal))
        set_unequal(out, equal);
}

void gwapi__cel_run_member(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                           const gwapi__cel_step *step)
{
    const gwapi__cel_member_step *m = (const gwapi__cel_member_step *)step;

    gwapi__cel_run_step(out, e, m->arg);
    if (out->kind != GWAPI__CEL_ERROR)
        *out = gwapi__cel_of_bool(gwapi__cel_map_index(m->set, out) != UINT32_MAX);
}

/* ---- calls ------------------------------------------------------------------------------ */

static bool fits_kind(uint8_t kind, const gwapi__cel_value *v)
{
    return kind == v->kind || kind == GWAPI__CEL_ANY ||
           (kind == GWAPI__CEL_MAP && v->kind == GWAPI__CEL_OBJECT);
}

/* Of a list or map the first element is looked at, too. */
bool gwapi__cel_fits(gwapi__cel_context *context, const gwapi__cel_type *param,
                     const gwapi__cel_value *value)
{
    if (param->kind >= GWAPI__CEL_DYN)
        return true;
    if (!fits_kind((uint8_t)param->kind, value))
        return false;
    if (param->kind == GWAPI__CEL_OPAQUE)
        return gwapi__str_eq(param->name, value->as.opaque->class_->type->name);
    if ((param->kind != GWAPI__CEL_LIST && param->kind != GWAPI__CEL_MAP) ||
        gwapi__cel_count(value) == 0)
        return true;
    if (param->kind == GWAPI__CEL_LIST) {
        gwapi__cel_value first = gwapi__cel_item(context, value, 0);
        return gwapi__cel_fits(context, param->params[0], &first);
    }
    gwapi__cel_entry first = gwapi__cel_entry_at(context, value, 0);
    return gwapi__cel_fits(context, param->params[0], &first.key) &&
           gwapi__cel_fits(context, param->params[1], &first.value);
}

static bool fits_all(gwapi__cel_context *context, const gwapi__cel_overload *overload,
                     const gwapi__cel_value *args)
{
    if (gwapi__cel_is_loose(overload))
        return true;
    for (uint32_t i = 0; i < overload->count; i++)
        if (!gwapi__cel_fits(context, overload->params[i], &args[i]))
            return false;
    return true;
}

static gwapi__cel_value no_overload(gwapi__cel_evaluation *e, const gwapi__cel_call *call)
{
    return gwapi__cel_fail(e->context, "no such overload: %s", call->candidates[0]->function);
}

static gwapi__cel_value dispatch(gwapi__cel_evaluation *e, const gwapi__cel_call *call,
                                 const gwapi__cel_value *args)
{
    for (uint32_t i = 0; i < call->candidate_count; i++)
        if (fits_all(e->context, call->candidates[i], args))
            return call->candidates[i]->call(e->context, args, call->count);
    return no_overload(e, call);
}

static inline void charge(gwapi__cel_evaluation *e, const gwapi__cel_call *call,
                          const gwapi__cel_value *args, const gwapi__cel_value *result)
{
    e->context->cost += call->cost != NULL ? call->cost(args, call->count, result) : 1;
}

/* Any call. All arguments are evaluated even if one fails, but for an `early` one. */
void gwapi__cel_run_call(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                         const gwapi__cel_step *step)
{
    const gwapi__cel_call *call = (const gwapi__cel_call *)step;
    gwapi__cel_value args[GWAPI__CEL_MAX_PARAMS];
    const gwapi__cel_value *error = NULL;

    for (uint32_t i = 0; i < call->count; i++) {
        gwapi__cel_run_step(&args[i], e, call->args[i]);
        if (args[i].kind != GWAPI__CEL_ERROR || error != NULL)
            continue;
        error = &args[i];
        if (call->early && i + 1u < call->count) {
            *out = *error;
            return;
        }
    }
    *out = error != NULL ? *error : dispatch(e, call, args);
    charge(e, call, args, out);
}

/* ! of what nearly always is a bool. */
void gwapi__cel_run_not(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                        const gwapi__cel_step *step)
{
    const gwapi__cel_call *call = (const gwapi__cel_call *)step;

    gwapi__cel_run_step(out, e, call->args[0]);
    e->context->cost++;
    if (out->kind == GWAPI__CEL_BOOL)
        out->as.boolean = !out->as.boolean;
    else if (out->kind != GWAPI__CEL_ERROR)
        *out = no_overload(e, call);
}

/* One overload, simple parameters: the kinds are all there is to look at. */
void gwapi__cel_run_unary(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                          const gwapi__cel_step *step)
{
    const gwapi__cel_call *call = (const gwapi__cel_call *)step;
    gwapi__cel_value arg;

    gwapi__cel_run_step(&arg, e, call->args[0]);
    if (arg.kind == GWAPI__CEL_ERROR)
        *out = arg;
    else
        *out = fits_kind(call->kinds[0], &arg) ? call->overload->call(e->context, &arg, 1)
                                               : dispatch(e, call, &arg);
    charge(e, call, &arg, out);
}

void gwapi__cel_run_binary(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                           const gwapi__cel_step *step)
{
    const gwapi__cel_call *call = (const gwapi__cel_call *)step;
    gwapi__cel_value args[2];

    gwapi__cel_run_step(&args[0], e, call->args[0]);
    gwapi__cel_run_step(&args[1], e, call->args[1]);
    if (args[0].kind == GWAPI__CEL_ERROR || args[1].kind == GWAPI__CEL_ERROR)
        *out = args[args[0].kind != GWAPI__CEL_ERROR];
    else
        *out = fits_kind(call->kinds[0], &args[0]) && fits_kind(call->kinds[1], &args[1])
                   ? call->overload->call(e->context, args, 2)
                   : dispatch(e, call, args);
    charge(e, call, args, out);
}

/* ---- lists and maps --------------------------------------------------------------------- */

/* Makes the contents of `v` of an optional item; false: there are none, or it is an error. */
static bool open_optional(gwapi__cel_value *v, gwapi__cel_value *error)
{
    if (v->kind != GWAPI__CEL_OPTIONAL) {
        *error = GWAPI__CEL_FAIL("an optional entry needs an optional value");
        return false;
    }
    if (v->as.optional == NULL)
        return false;
    *v = *v->as.optional;
    return true;
}

void gwapi__cel_run_list(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                         const gwapi__cel_step *step)
{
    const gwapi__cel_make *m = (const gwapi__cel_make *)step;
    gwapi__cel_value *items =
        gwapi__arena_alloc(e->context->arena, m->count * sizeof(gwapi__cel_value));
    gwapi__cel_value error = gwapi__cel_of_null();
    uint32_t count = 0;

    e->context->cost += 10;
    if (items == NULL) {
        *out = gwapi__cel_no_memory(e->context);
        return;
    }
    for (uint32_t i = 0; i < m->count && error.kind != GWAPI__CEL_ERROR; i++) {
        gwapi__cel_run_step(&items[count], e, m->parts[i]);
        if (items[count].kind == GWAPI__CEL_ERROR)
            error = items[count];
        else if (m->optional == NULL || !m->optional[i] || open_optional(&items[count], &error))
            count++;
    }
    *out = error.kind == GWAPI__CEL_ERROR ? error
                                          : gwapi__cel_of_items(e->context, items, count);
}

/* Sets the entry, later ones replace earlier ones. Null if all is well. */
static gwapi__cel_value set_entry(gwapi__cel_context *context, gwapi__cel_entries *entries,
                                  const gwapi__cel_value *key, gwapi__cel_value value)
{
    uint32_t at;

    switch (gwapi__cel_entries_add(context, entries, key, value, &at)) {
    case GWAPI__CEL_REPEATED:
        entries->data[at].value = value;
        return gwapi__cel_of_null();
    case GWAPI__CEL_BAD_KEY:
        return GWAPI__CEL_FAIL("unsupported key type");
    case GWAPI__CEL_NO_MEMORY:
        return gwapi__cel_no_memory(context);
    default:
        return gwapi__cel_of_null();
    }
}

static gwapi__cel_value run_entry(gwapi__cel_evaluation *e, const gwapi__cel_make *m, uint32_t i,
                                  gwapi__cel_entries *entries)
{
    gwapi__cel_value key, value, error = gwapi__cel_of_null();

    gwapi__cel_run_step(&key, e, m->parts[2 * i]);
    if (key.kind == GWAPI__CEL_ERROR)
        return key;
    gwapi__cel_run_step(&value, e, m->parts[2 * i + 1]);
    if (value.kind == GWAPI__CEL_ERROR)
        return value;
    if (m->optional != NULL && m->optional[i] && !open_optional(&value, &error)) {
        if (error.kind != GWAPI__CEL_ERROR)
            gwapi__cel_entries_drop(entries, &key);
        return error;
    }
    return set_entry(e->context, entries, &key, value);
}

void gwapi__cel_run_map(gwapi__cel_value *out, gwapi__cel_evaluation *e,
                        const gwapi__cel_step *step)
{
    const gwapi__cel_make *m = (const gwapi__cel_make *)step;
    gwapi__cel_entries entries = {.capacity = 0};
    gwapi__cel_value error = gwapi__cel_of_null();

    e->context->cost += 30;
    for (uint32_t i = 0; i < m->count && error.kind != GWAPI__CEL_ERROR; i++)
        error = run_entry(e, m, i, &entries);
    *out = error.kind == GWAPI__CEL_ERROR ? error : gwapi__cel_entries_map(e->context, &entries);
}
