#include "image/pattern.h"

#include "base/slice.h"

static gwapi__pattern *retain(gwapi__pattern *pattern)
{
    atomic_fetch_add_explicit(&pattern->references, 1, memory_order_relaxed);
    return pattern;
}

static void release(gwapi__pattern *pattern)
{
    if (atomic_fetch_sub_explicit(&pattern->references, 1, memory_order_acq_rel) != 1)
        return;
    gwapi_allocator allocator = pattern->allocator;
    gwapi__regex_free(pattern->regex);
    gwapi__free(&allocator, pattern, sizeof *pattern);
}

/* REGEX is sorted in both snapshots: *at only moves forward. */
static gwapi__pattern *take_over(const gwapi_snapshot *previous, uint32_t *at, gwapi_str text,
                                 const gwapi__handle_options *options)
{
    if (previous == NULL)
        return NULL;
    uint32_t count = gwapi__image_count(previous, GWAPI__SECTION_REGEX);
    while (*at < count) {
        int order = gwapi__str_cmp(
            gwapi__image_str(previous, gwapi__image_REGEX(previous, *at)->text), text);
        if (order > 0)
            return NULL;
        if (order == 0) {
            gwapi__pattern *pattern = previous->patterns[*at];
            return pattern->flags == options->regex_flags &&
                           pattern->states == options->limits->regex_states
                       ? retain(pattern)
                       : NULL;
        }
        ++*at;
    }
    return NULL;
}

static gwapi_result compile(gwapi__pattern **out, gwapi_str text,
                            const gwapi__handle_options *options, gwapi__regex_error *error)
{
    gwapi__pattern *pattern = gwapi__alloc_array(options->allocator, 1, sizeof *pattern);

    if (pattern == NULL)
        return GWAPI_ENOMEM;
    atomic_init(&pattern->references, 1);
    pattern->allocator = *options->allocator;
    pattern->flags = options->regex_flags;
    pattern->states = options->limits->regex_states;
    gwapi_result r = gwapi__regex_compile(&pattern->regex, &pattern->allocator, text,
                                          pattern->flags | GWAPI__REGEX_FOR_FULL,
                                          pattern->states, error);
    if (r != GWAPI_OK) {
        gwapi__free(options->allocator, pattern, sizeof *pattern);
        return r;
    }
    *out = pattern;
    return GWAPI_OK;
}

gwapi_result gwapi__patterns_compile(gwapi_snapshot *s, const gwapi__handle_options *options,
                                     uint32_t *failed, gwapi__regex_error *error)
{
    uint32_t count = gwapi__image_count(s, GWAPI__SECTION_REGEX), at = 0;

    if (count == 0)
        return GWAPI_OK;
    s->patterns = gwapi__alloc_array(options->allocator, count, sizeof(gwapi__pattern *));
    if (s->patterns == NULL)
        return GWAPI_ENOMEM;
    for (uint32_t i = 0; i < count; i++) {
        gwapi_str text = gwapi__image_str(s, gwapi__image_REGEX(s, i)->text);
        s->patterns[i] = take_over(options->previous, &at, text, options);
        if (s->patterns[i] == NULL) {
            gwapi_result r = compile(&s->patterns[i], text, options, error);
            if (r != GWAPI_OK) {
                *failed = i;
                return r;
            }
        }
        size_t need = gwapi__regex_scratch_size(s->patterns[i]->regex);
        if (need > s->regex_scratch)
            s->regex_scratch = need;
    }
    return GWAPI_OK;
}

void gwapi__patterns_free(gwapi_snapshot *s)
{
    uint32_t count = gwapi__image_count(s, GWAPI__SECTION_REGEX);

    if (s->patterns == NULL)
        return;
    for (uint32_t i = 0; i < count; i++)
        if (s->patterns[i] != NULL)
            release(s->patterns[i]);
    gwapi__free(&s->allocator, s->patterns, count * sizeof *s->patterns);
    s->patterns = NULL;
}
