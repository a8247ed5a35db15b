// What names stand for, and what to say of those that stand for nothing.
#include "base/slice.h"
#include "base/suggest.h"
#include "cel/check.h"

// ---- containers -----------------------------------------------------------------------------

typedef bool attempt(gwapi__cel_checker *c, gwapi_str name, void *out);

static gwapi_str within(gwapi__cel_checker *c, gwapi_str container, gwapi_str name)
{
    gwapi__text_cut(&c->candidate, 0);
    gwapi__text_add(&c->candidate, container);
    gwapi__text_char(&c->candidate, '.');
    gwapi__text_add(&c->candidate, name);
    gwapi__cel_remember(c, !c->candidate.failed);
    return gwapi__text_str(&c->candidate);
}

// In a container a.b: a.b.NAME, a.NAME, NAME. A leading dot skips the containers.
static bool try_names(gwapi__cel_checker *c, gwapi_str name, attempt *found, void *out)
{
    gwapi_str container = c->environment->container;

    if (gwapi__str_starts(name, GWAPI__STR(".")))
        return found(c, gwapi__str_sub(name, 1, name.len), out);
    while (container.len != 0) {
        if (found(c, within(c, container, name), out))
            return true;
        size_t dot = gwapi__str_rfind_char(container, '.');
        container = gwapi__str_sub(container, 0, dot != SIZE_MAX ? dot : 0);
    }
    return found(c, name, out);
}

// ---- variables and types --------------------------------------------------------------------

static bool as_variable(gwapi__cel_checker *c, gwapi_str name, gwapi__cel_meaning *out)
{
    const gwapi__cel_environment *e = c->environment;

    for (const gwapi__cel_local *l = c->locals; l != NULL; l = l->outer)
        if (gwapi__str_eq(l->name, name)) {
            *out = (gwapi__cel_meaning){.type = l->type, .slot = l->slot};
            return true;
        }
    for (uint32_t i = 0; i < e->variable_count; i++)
        if (gwapi__str_eq(e->variables[i].name, name)) {
            *out = (gwapi__cel_meaning){.type = e->variables[i].type, .slot = i};
            return true;
        }
    return false;
}

static bool find_meaning(gwapi__cel_checker *c, gwapi_str name, void *ctx)
{
    gwapi__cel_meaning *out = ctx;

    if (as_variable(c, name, out))
        return true;
    const gwapi__cel_type *type = gwapi__cel_type_named(name, c->environment->minor);
    if (type == NULL)
        return false;
    *out = (gwapi__cel_meaning){
        .type = gwapi__cel_compose(&c->unifier, GWAPI__CEL_TYPE, type, NULL), .denoted = type};
    return true;
}

bool gwapi__cel_meaning_of(gwapi__cel_meaning *out, gwapi__cel_checker *c, gwapi_str name)
{
    return try_names(c, name, find_meaning, out);
}

// ---- functions ------------------------------------------------------------------------------

static bool take_first(void *ctx, const gwapi__cel_overload *overload)
{
    *(const gwapi__cel_overload **)ctx = overload;
    return false;
}

static bool find_function(gwapi__cel_checker *c, gwapi_str name, void *ctx)
{
    const gwapi__cel_overload *first = NULL;

    gwapi__cel_overloads_of(name, c->environment->minor, take_first, (void *)&first);
    if (first == NULL)
        return false;
    *(gwapi_str *)ctx = gwapi__str_of(first->function);
    return true;
}

gwapi_str gwapi__cel_function_named(gwapi__cel_checker *c, gwapi_str name)
{
    gwapi_str out = {NULL, 0};

    return try_names(c, name, find_function, &out) ? out : (gwapi_str){NULL, 0};
}

// ---- chains of selections -------------------------------------------------------------------

static bool write_chain(gwapi__text *t, const gwapi__cel_expr *e)
{
    if (e->form == GWAPI__CEL_IDENT) {
        gwapi__text_add(t, e->as.ident.name);
        return true;
    }
    if (e->form != GWAPI__CEL_SELECT || e->as.select.test_only ||
        !write_chain(t, e->as.select.operand))
        return false;
    gwapi__text_char(t, '.');
    gwapi__text_add(t, e->as.select.field);
    return true;
}

gwapi_str gwapi__cel_qualified(gwapi__cel_checker *c, const gwapi__cel_expr *e)
{
    gwapi__text_cut(&c->qualified, 0);
    if (!write_chain(&c->qualified, e))
        return (gwapi_str){NULL, 0};
    gwapi__cel_remember(c, !c->qualified.failed);
    return gwapi__text_str(&c->qualified);
}

// ---- what stands for nothing ----------------------------------------------------------------

static void complain(gwapi__cel_checker *c, const gwapi__cel_expr *e, const char *what,
                     gwapi_str name, const gwapi__names *names)
{
    if (!gwapi__cel_issue_wanted(c->issues, e->offset, e->length))
        return;
    gwapi_str near = gwapi__suggest(name, names);
    if (gwapi__str_present(near))
        GWAPI__CEL_COMPLAIN(c, e, "%s %q, did you mean %q?", what, name, near);
    else
        GWAPI__CEL_COMPLAIN(c, e, "%s %q", what, name);
}

static gwapi_str field_at(const void *ctx, size_t i)
{
    return ((const gwapi__cel_type *)ctx)->fields[i].name;
}

void gwapi__cel_unknown_field(gwapi__cel_checker *c, const gwapi__cel_expr *e,
                              const gwapi__cel_type *type, gwapi_str name)
{
    gwapi__names names = {field_at, type, type->field_count};

    complain(c, e, "no field", name, &names);
}

// Variables of comprehensions from within, then those of the environment.
static gwapi_str variable_at(const void *ctx, size_t i)
{
    const gwapi__cel_checker *c = ctx;

    for (const gwapi__cel_local *l = c->locals; l != NULL; l = l->outer)
        if (i-- == 0) // the names of accumulators are the parser's own
            return l->name.data[0] != '@' ? l->name : (gwapi_str){NULL, 0};
    return c->environment->variables[i].name;
}

void gwapi__cel_unknown_name(gwapi__cel_checker *c, const gwapi__cel_expr *e, gwapi_str name)
{
    gwapi__names names = {variable_at, c, c->environment->variable_count};

    for (const gwapi__cel_local *l = c->locals; l != NULL; l = l->outer)
        names.count++;
    complain(c, e, "unknown name", name, &names);
}

// The names of all functions, one after the other; operators are left out.
static gwapi_str function_at(const void *ctx, size_t i)
{
    const gwapi__cel_checker *c = ctx;

    size_t l = 0;

    while (i >= gwapi__cel_libraries[l]->count)
        i -= gwapi__cel_libraries[l++]->count;
    const gwapi__cel_overload *o = &gwapi__cel_libraries[l]->overloads[i];
    bool named = gwapi__is_alpha(o->function[0]) && strchr(o->function, '@') == NULL;
    return named && gwapi__cel_overload_exists(o, c->environment->minor)
               ? gwapi__str_of(o->function)
               : (gwapi_str){NULL, 0};
}

static bool take_earliest(void *ctx, const gwapi__cel_overload *overload)
{
    uint32_t *since = ctx;

    if (overload->since < *since)
        *since = overload->since;
    return true;
}

void gwapi__cel_unknown_function(gwapi__cel_checker *c, const gwapi__cel_expr *e, gwapi_str name)
{
    gwapi__names names = {function_at, c, 0};
    uint32_t since = UINT32_MAX;

    // Of any version: `until` is the only bound that such a minor can meet.
    gwapi__cel_overloads_of(name, UINT8_MAX, take_earliest, &since);
    if (since != UINT32_MAX && since > c->environment->minor) {
        GWAPI__CEL_COMPLAIN(c, e, "function %q exists since Kubernetes 1.%u", name,
                            (uint64_t)since);
        return;
    }
    for (size_t l = 0; gwapi__cel_libraries[l] != NULL; l++)
        names.count += gwapi__cel_libraries[l]->count;
    complain(c, e, "unknown function", name, &names);
}
