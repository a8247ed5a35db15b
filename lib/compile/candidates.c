#include "compile/candidates.h"

#include <string.h>
#include "image/segments.h"
#include "regex/beginning.h"

void gwapi__candidates_init(gwapi__candidates *lists, const gwapi_allocator *allocator)
{
    gwapi__vector_init(&lists->keyed, allocator, sizeof(gwapi__keyed_match));
    gwapi__vector_init(&lists->spread, allocator, sizeof(gwapi__keyed_match));
    gwapi__vector_init(&lists->ends, allocator, sizeof(uint32_t));
    gwapi__vector_init(&lists->patterns, allocator, sizeof(uint32_t));
    gwapi__vector_init(&lists->deep, allocator, sizeof(uint32_t));
    gwapi__vector_init(&lists->grpc, allocator, sizeof(uint32_t));
    gwapi__places_init(&lists->places, allocator);
}

void gwapi__candidates_free(gwapi__candidates *lists)
{
    gwapi__vector_free(&lists->keyed);
    gwapi__vector_free(&lists->spread);
    gwapi__vector_free(&lists->ends);
    gwapi__vector_free(&lists->patterns);
    gwapi__vector_free(&lists->deep);
    gwapi__vector_free(&lists->grpc);
    gwapi__places_free(&lists->places);
}

static void lists_clear(gwapi__candidates *lists)
{
    lists->keyed.count = lists->patterns.count = lists->deep.count = lists->grpc.count = 0;
    lists->host = (gwapi__image_host){.lists = GWAPI__IMAGE_NONE, .next = GWAPI__IMAGE_NONE};
    lists->pattern_depths = 0;
    gwapi__places_clear(&lists->places);
}

/* ---- sorting matches in ------------------------------------------------------------------- */

static bool push_number(gwapi__vector *v, uint32_t number)
{
    uint32_t *slot = gwapi__vector_add(v);

    if (slot == NULL)
        return false;
    *slot = number;
    return true;
}

static bool push_keyed(gwapi__candidates *lists, uint32_t type, uint64_t hash,
                       gwapi__image_text text, uint32_t match)
{
    gwapi__keyed_match *slot = gwapi__vector_add(&lists->keyed);

    if (slot == NULL)
        return false;
    *slot = (gwapi__keyed_match){hash, text, type, match};
    return true;
}

/* The whole segments that a text begins with; empty without one. */
static gwapi_str whole_segments(const gwapi__beginning *beginning)
{
    gwapi_str text = gwapi__str(beginning->text, beginning->len);
    size_t slash = gwapi__str_rfind_char(text, '/');

    return gwapi__str_sub(text, 0, slash != SIZE_MAX ? slash : 0);
}

/* Does the match stand there already, from `first` on? */
static bool stands(const gwapi__vector *keyed, size_t first, gwapi__image_text text)
{
    for (size_t i = first; i < keyed->count; i++)
        if (GWAPI__AT(keyed, gwapi__keyed_match, i)->text.offset == text.offset)
            return true;
    return false;
}

/* Under the segments of each way it may begin; if one has none, or more than the index counts, only
 * the list of all patterns can hold it. */
static bool sort_in_pattern(gwapi__compiler *c, gwapi__candidates *lists, gwapi_str pattern,
                            uint32_t match)
{
    size_t first = lists->keyed.count;
    gwapi__beginnings ways;
    gwapi__segments segments;
    uint32_t depths = 0;
    gwapi_result result = gwapi__regex_beginnings(&ways, &c->allocator, pattern);
    bool known = result == GWAPI_OK;

    if (result == GWAPI_ENOMEM)
        return false;
    for (size_t i = 0; known && i < ways.count; i++) {
        gwapi_str begin = whole_segments(&ways.items[i]);
        (void)gwapi__segments_set(&segments, begin.data, begin.len);
        known = segments.depth != 0 && segments.depth < GWAPI__INDEX_DEEPEST;
        if (!known)
            continue;
        gwapi__image_text text = gwapi__block_text(&c->builder, begin);
        depths |= gwapi__index_depth(segments.depth);
        if (c->builder.failure != GWAPI_OK)
            return false;
        if (!stands(&lists->keyed, first, text) &&
            !push_keyed(lists, GWAPI__IMAGE_MATCH_REGEX, segments.whole, text, match))
            return false;
    }
    if (!known) {
        lists->keyed.count = first;
        return push_number(&lists->patterns, match);
    }
    lists->pattern_depths |= depths;
    return true;
}

static bool sort_in_text(gwapi__candidates *lists, const gwapi__compile_match *m, uint32_t match)
{
    if (m->type == GWAPI__IMAGE_MATCH_EXACT)
        lists->host.exact_depths |= m->depths;
    else if (m->type == GWAPI__IMAGE_MATCH_PREFIX)
        lists->host.prefix_depths |= m->depths;
    else
        lists->host.flags |= m->any_method ? GWAPI__HOST_GRPC_SERVICE : GWAPI__HOST_GRPC_METHOD;
    return push_keyed(lists, m->type, m->hash, m->text, match);
}

static bool sort_in(gwapi__compiler *c, gwapi__candidates *lists, uint32_t match)
{
    const gwapi__compile_match *m = &c->matches[match];

    switch ((gwapi__found_by)m->found_by) {
    case GWAPI__FOUND_BY_PATTERN:
        return sort_in_pattern(c, lists, m->spec->path, match);
    case GWAPI__FOUND_BY_DEPTH:
        return push_number(&lists->deep, match);
    case GWAPI__FOUND_BY_GRPC:
        return push_number(&lists->grpc, match);
    default:
        return sort_in_text(lists, m, match);
    }
}

int gwapi__order_numbers(const void *a, const void *b, void *ctx)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    (void)ctx;
    return (x > y) - (x < y);
}

static bool same_key(const gwapi__keyed_match *x, const gwapi__keyed_match *y)
{
    return x->hash == y->hash && x->type == y->type && x->text.offset == y->text.offset;
}

/* Numbers of texts tell only whether they are equal: an image made from an earlier one has others.
 */
static int order_keyed(const void *a, const void *b, void *ctx)
{
    const gwapi__keyed_match *x = a, *y = b;
    const gwapi__block *texts = ctx;

    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    if (x->type != y->type)
        return x->type < y->type ? -1 : 1;
    if (x->text.offset != y->text.offset)
        return gwapi__str_cmp(gwapi__block_text_at(texts, x->text),
                              gwapi__block_text_at(texts, y->text));
    return gwapi__order_numbers(&x->match, &y->match, NULL);
}

/* As many buckets as keys, by the first bits of their hashes, so that most have one key or none. */
static unsigned bucket_bits(size_t count)
{
    unsigned bits = 1;

    while (bits < 16 && (size_t)1 << bits < count)
        bits++;
    return bits;
}

/* Puts the keys of each bucket together, in the order they stand in; the ends are where each one's
 * are then. */
static bool spread_keys(gwapi__candidates *lists, unsigned bits)
{
    const gwapi__keyed_match *keys = lists->keyed.data;
    size_t count = lists->keyed.count, buckets = (size_t)1 << bits;

    lists->ends.count = lists->spread.count = 0;
    if (!gwapi__vector_reserve(&lists->ends, buckets) ||
        !gwapi__vector_reserve(&lists->spread, count))
        return false;
    lists->ends.count = buckets;
    lists->spread.count = count;
    gwapi__keyed_match *spread = lists->spread.data;
    uint32_t *ends = memset(lists->ends.data, 0, buckets * sizeof *ends);
    for (size_t i = 0; i < count; i++)
        ends[keys[i].hash >> (64 - bits)]++;
    gwapi__counts_to_places(ends, buckets);
    for (size_t i = 0; i < count; i++)
        spread[ends[keys[i].hash >> (64 - bits)]++] = keys[i];
    return true;
}

static bool sort_keyed(gwapi__candidates *lists, gwapi__block *texts)
{
    uint32_t from = 0;

    if (lists->keyed.count < 2)
        return true;
    if (!spread_keys(lists, bucket_bits(lists->keyed.count)))
        return false;
    gwapi__vector_swap(&lists->keyed, &lists->spread);
    for (size_t b = 0; b < lists->ends.count; b++) {
        uint32_t to = *GWAPI__AT(&lists->ends, uint32_t, b);
        gwapi__sort_in_place(GWAPI__AT(&lists->keyed, gwapi__keyed_match, from), to - from,
                             lists->keyed.size, order_keyed, texts);
        from = to;
    }
    return true;
}

size_t gwapi__keyed_end(const gwapi__vector *keyed, size_t from)
{
    size_t to = from + 1;

    while (to < keyed->count &&
           same_key(GWAPI__AT(keyed, gwapi__keyed_match, to),
                    GWAPI__AT(keyed, gwapi__keyed_match, from)))
        to++;
    return to;
}

static bool list_keys(gwapi__candidates *lists)
{
    for (size_t from = 0; from < lists->keyed.count; from = gwapi__keyed_end(&lists->keyed, from)) {
        const gwapi__keyed_match *first = GWAPI__AT(&lists->keyed, gwapi__keyed_match, from);
        if (!gwapi__places_add(&lists->places, first->hash, (uint32_t)from))
            return false;
    }
    return true;
}

bool gwapi__candidates_fill(gwapi__compiler *c, const uint32_t *variants, size_t count,
                       gwapi__candidates *lists)
{
    gwapi__vector *const plain[] = {&lists->patterns, &lists->deep, &lists->grpc};

    lists_clear(lists);
    for (size_t i = 0; i < count; i++) {
        const gwapi__variant *v = &c->variants[variants[i]];
        for (uint32_t k = 0; k < v->match_count; k++)
            if (!sort_in(c, lists, c->variant_matches[v->first_match + k]))
                return false;
    }
    for (size_t i = 0; count > 1 && i < sizeof plain / sizeof *plain; i++)
        if (!gwapi__vector_sort(plain[i], gwapi__order_numbers, NULL))
            return false;
    return sort_keyed(lists, &c->builder) && list_keys(lists);
}
