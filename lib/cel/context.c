#include "cel/library.h"

#include "base/slice.h"

/* Patterns that are no literals are few in one expression; more are compiled again. */
#define KEPT 16

typedef struct kept {
    gwapi_str pattern;
    gwapi__regex *regex;
} kept;

/* The regexes of a context: `next` is the one to give way. */
typedef struct shelf {
    kept regexes[KEPT];
    uint32_t next;
} shelf;

void gwapi__cel_context_init(gwapi__cel_context *context, gwapi__arena *arena,
                             const gwapi_allocator *allocator)
{
    *context = (gwapi__cel_context){
        .arena = arena, .allocator = allocator, .limit = GWAPI__CEL_CALL_LIMIT};
}

static void drop(const gwapi_allocator *allocator, kept *k)
{
    gwapi__regex_free(k->regex);
    if (k->pattern.data != NULL)
        gwapi__free(allocator, (void *)(uintptr_t)k->pattern.data, k->pattern.len + 1);
    *k = (kept){.regex = NULL};
}

void gwapi__cel_context_free(gwapi__cel_context *context)
{
    shelf *s = context->regexes;

    for (uint32_t i = 0; s != NULL && i < KEPT; i++)
        drop(context->allocator, &s->regexes[i]);
    if (s != NULL)
        gwapi__free(context->allocator, s, sizeof *s);
    if (context->scratch != NULL)
        gwapi__free(context->allocator, context->scratch, context->scratch_size);
    context->regexes = context->scratch = NULL;
    context->scratch_size = 0;
}

static shelf *shelf_of(gwapi__cel_context *context)
{
    if (context->regexes == NULL)
        context->regexes = gwapi__alloc_array(context->allocator, 1, sizeof(shelf));
    return context->regexes;
}

static gwapi__cel_value compile(gwapi__cel_context *context, gwapi_str pattern, kept *k)
{
    gwapi__regex_error error;
    char *copy = gwapi__alloc(context->allocator, pattern.len + 1);

    if (copy == NULL)
        return gwapi__cel_no_memory(context);
    if (pattern.len != 0)
        memcpy(copy, pattern.data, pattern.len);
    gwapi_result r = gwapi__regex_compile(&k->regex, context->allocator, pattern,
                                          GWAPI__REGEX_NO_PCRE2, 0, &error);
    if (r == GWAPI_OK) {
        k->pattern = gwapi__str(copy, pattern.len);
        return gwapi__cel_of_null();
    }
    gwapi__free(context->allocator, copy, pattern.len + 1);
    k->regex = NULL;
    if (r == GWAPI_ENOMEM)
        return gwapi__cel_no_memory(context);
    if (r == GWAPI_ELIMIT)
        return GWAPI__CEL_FAIL("regular expression too large");
    return gwapi__cel_fail(context, "invalid regular expression: %s", error.message);
}

gwapi__cel_value gwapi__cel_regex_of(gwapi__cel_context *context, gwapi_str pattern,
                                     const gwapi__regex **out)
{
    shelf *s = shelf_of(context);

    if (s == NULL)
        return gwapi__cel_no_memory(context);
    for (uint32_t i = 0; i < KEPT; i++)
        if (s->regexes[i].regex != NULL && gwapi__str_eq(s->regexes[i].pattern, pattern)) {
            *out = s->regexes[i].regex;
            return gwapi__cel_of_null();
        }
    kept *k = &s->regexes[s->next];
    s->next = (s->next + 1) % KEPT;
    drop(context->allocator, k);
    gwapi__cel_value v = compile(context, pattern, k);
    *out = k->regex;
    return v;
}

gwapi__regex_scratch *gwapi__cel_regex_scratch(gwapi__cel_context *context,
                                               const gwapi__regex *regex)
{
    size_t need = gwapi__regex_scratch_size(regex);

    if (need > context->scratch_size) {
        void *bigger = gwapi__alloc(context->allocator, need);
        if (bigger == NULL) {
            gwapi__cel_no_memory(context);
            return NULL;
        }
        if (context->scratch != NULL)
            gwapi__free(context->allocator, context->scratch, context->scratch_size);
        context->scratch = bigger;
        context->scratch_size = need;
    }
    return gwapi__regex_scratch_init(context->scratch, context->scratch_size);
}
