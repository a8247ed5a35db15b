// Literals that are wrong wherever they are used: the server refuses the expression although
// nothing says that they are ever evaluated.
#include "base/slice.h"
#include "cel/check.h"
#include "regex/regex.h"

#define FIRST_REVIEWED 29 /* the minor since which the server looks at arguments that are literals */

typedef struct review {
    gwapi__arena *arena;
    const gwapi__cel_environment *environment;
    gwapi__cel_issues *issues;
    gwapi__cel_context context;
    bool *mixed; /* by an expression's id: lists and maps may mix types, being for format() */
    gwapi_result failed;
} review;

static void remember(review *r, bool had_memory)
{
    if (!had_memory)
        r->failed = GWAPI_ENOMEM;
}

#define COMPLAIN(r, e, ...)                                                                   \
    remember((r), gwapi__cel_issue_add((r)->arena, (r)->issues, (e)->offset, (e)->length,     \
                                       __VA_ARGS__))

static bool calls(const gwapi__cel_expr *e, const char *function)
{
    return gwapi__str_eq(e->as.call.function, gwapi__str_of(function));
}

// ---- conversions of constants ---------------------------------------------------------------

static const char *const conversions[] = {
    "bool", "bytes", "double", "duration", "dyn", "int", "string", "timestamp", "uint",
};

static bool is_conversion(const gwapi__cel_expr *e)
{
    for (size_t i = 0; i < sizeof(conversions) / sizeof(conversions[0]); i++)
        if (e->as.call.target == NULL && e->as.call.count == 1 && calls(e, conversions[i]))
            return true;
    return false;
}

// The overload that takes the value, NULL: none does.
static const gwapi__cel_overload *overload_for(const gwapi__cel_expr *e,
                                               const gwapi__cel_value *value)
{
    for (uint32_t i = 0; i < e->overload_count; i++) {
        gwapi__cel_kind kind = e->overloads[i]->params[0]->kind;
        if (kind == (gwapi__cel_kind)value->kind || kind == GWAPI__CEL_DYN ||
            kind == GWAPI__CEL_PARAM)
            return e->overloads[i];
    }
    return NULL;
}

// The value of a constant, or of conversions of one; false: it is no such thing.
static bool fold(review *r, const gwapi__cel_expr *e, gwapi__cel_value *out)
{
    gwapi__cel_value arg;

    if (e->form == GWAPI__CEL_CONST) {
        *out = e->as.constant;
        return true;
    }
    if (e->form != GWAPI__CEL_CALL || !is_conversion(e) || !fold(r, e->as.call.args[0], &arg) ||
        gwapi__cel_is_error(&arg))
        return false;
    if (calls(e, "dyn")) {
        *out = arg;
        return true;
    }
    const gwapi__cel_overload *overload = overload_for(e, &arg);
    if (overload == NULL) { // of a constant behind dyn()
        *out = GWAPI__CEL_FAIL("no such overload");
        return true;
    }
    *out = overload->call(&r->context, &arg, 1);
    return true;
}

static void check_conversion(review *r, const gwapi__cel_expr *e)
{
    gwapi__cel_value value;

    if (fold(r, e, &value) && gwapi__cel_is_error(&value))
        COMPLAIN(r, e->as.call.args[0], "no valid argument of %v: %v", e->as.call.function,
                 value.as.text);
}

// ---- patterns -------------------------------------------------------------------------------

static void check_pattern(review *r, const gwapi__cel_expr *e)
{
    gwapi__regex_error error = {.message = ""};
    gwapi__regex *regex = NULL;
    gwapi__cel_value pattern;

    if (!fold(r, e, &pattern) || pattern.kind != GWAPI__CEL_STRING)
        return;
    gwapi_result result = gwapi__regex_compile(&regex, &r->arena->allocator, pattern.as.text,
                                               GWAPI__REGEX_SYNTAX_ONLY, 0, &error);
    if (result == GWAPI_ENOMEM)
        r->failed = result;
    else if (result != GWAPI_OK)
        COMPLAIN(r, e, "no valid pattern: %s", error.message);
}

static void check_patterns(review *r, const gwapi__cel_expr *e)
{
    bool matches = calls(e, "matches");

    if (!matches && !calls(e, "find") && !calls(e, "findAll"))
        return;
    // matches(text, pattern) has it second. Since 1.29 the server takes even the text for one.
    if (e->as.call.target == NULL && matches)
        check_pattern(r, e->as.call.args[1]);
    if (e->as.call.target != NULL || (r->environment->minor >= FIRST_REVIEWED &&
                                      e->as.call.args[0]->form == GWAPI__CEL_CONST))
        check_pattern(r, e->as.call.args[0]);
}

// ---- lists and maps of one type -------------------------------------------------------------

static const gwapi__cel_type *item_type(const gwapi__cel_expr *e, bool optional)
{
    return optional && e->type->param_count != 0 ? e->type->params[0] : e->type;
}

static bool differ(review *r, const gwapi__cel_expr *e, const gwapi__cel_type *first,
                   const gwapi__cel_type *type)
{
    gwapi__text a, b;

    if (gwapi__cel_type_equal(first, type))
        return false;
    gwapi__text_init(&a, &r->arena->allocator);
    gwapi__text_init(&b, &r->arena->allocator);
    gwapi__cel_type_write(&a, first);
    gwapi__cel_type_write(&b, type);
    if (a.failed || b.failed)
        r->failed = GWAPI_ENOMEM;
    else
        COMPLAIN(r, e, "expected %v as the first, found %v", gwapi__text_str(&a),
                 gwapi__text_str(&b));
    gwapi__text_free(&a);
    gwapi__text_free(&b);
    return true;
}

static void check_items(review *r, const gwapi__cel_expr *e)
{
    const gwapi__cel_type *first = NULL;

    for (uint32_t i = 0; i < e->as.list.count; i++) {
        const gwapi__cel_type *type =
            item_type(e->as.list.items[i], e->as.list.optional != NULL && e->as.list.optional[i]);
        if (first == NULL)
            first = type;
        else if (differ(r, e->as.list.items[i], first, type))
            return;
    }
}

static void check_entries(review *r, const gwapi__cel_expr *e)
{
    const gwapi__cel_pair *pairs = e->as.map.pairs;

    for (uint32_t i = 1; i < e->as.map.count; i++) {
        differ(r, pairs[i].key, pairs[0].key->type, pairs[i].key->type);
        differ(r, pairs[i].value, item_type(pairs[0].value, pairs[0].optional),
               item_type(pairs[i].value, pairs[i].optional));
    }
}

static void let_mix(void *ctx, gwapi__cel_expr *e)
{
    review *r = ctx;

    r->mixed[e->id] = true;
}

static void find_format(void *ctx, gwapi__cel_expr *e)
{
    if (e->form == GWAPI__CEL_CALL && calls(e, "format"))
        gwapi__cel_each(e, let_mix, ctx);
}

// ---- all of them ----------------------------------------------------------------------------

static void check_call(review *r, const gwapi__cel_expr *e)
{
    check_patterns(r, e);
    if (is_conversion(e))
        check_conversion(r, e);
    if (r->environment->minor >= FIRST_REVIEWED && calls(e, "format"))
        remember(r, gwapi__cel_check_format(r->arena, r->issues, e));
}

static void check_one(void *ctx, gwapi__cel_expr *e)
{
    review *r = ctx;

    if (r->failed != GWAPI_OK)
        return;
    bool alike = !r->mixed[e->id];
    if (e->form == GWAPI__CEL_CALL)
        check_call(r, e);
    else if (e->form == GWAPI__CEL_LIST_EXPR && alike)
        check_items(r, e);
    else if (e->form == GWAPI__CEL_MAP_EXPR && alike)
        check_entries(r, e);
}

gwapi_result gwapi__cel_check_literals(const gwapi__cel_ast *ast, gwapi__arena *arena,
                                       const gwapi__cel_environment *environment,
                                       gwapi__cel_issues *issues)
{
    review r = {.arena = arena, .environment = environment, .issues = issues};
    gwapi__arena values;

    gwapi__arena_init(&values, &arena->allocator);
    gwapi__cel_context_init(&r.context, &values, &arena->allocator);
    r.mixed = gwapi__arena_array(&values, (size_t)ast->expr_count + 1, sizeof(*r.mixed));
    remember(&r, r.mixed != NULL);
    if (r.mixed != NULL) {
        gwapi__cel_each(ast->root, find_format, &r);
        gwapi__cel_each(ast->root, check_one, &r);
    }
    gwapi_result failed = r.context.failed != GWAPI_OK ? r.context.failed : r.failed;
    gwapi__cel_context_free(&r.context);
    gwapi__arena_free(&values);
    if (failed != GWAPI_OK)
        return failed;
    return issues->count == 0 ? GWAPI_OK : GWAPI_EINVALID;
}
