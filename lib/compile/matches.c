/*
 * All matches in order of precedence (matching.md §7, §8). Their records are made with the rules of
 * their route, while the model's memory is at hand, and put in order then.
 */
#include <string.h>
#include "compile/compiler.h"

/* ---- listing --------------------------------------------------------------------------------- */

static bool push_match(gwapi__compiler *c, gwapi__vector *v, uint32_t variant, uint32_t rule,
                       const gwapi__route_match *spec, uint32_t index)
{
    gwapi__compile_match *m = gwapi__vector_add(v);

    if (m == NULL)
        return false;
    *m = (gwapi__compile_match){
        .spec = spec, .variant = variant, .rule = rule, .index = index, .known = true};
    gwapi__compile_match_key(m, c->t.routes[variant / 2]->resource->kind);
    return true;
}

static bool push_rule(gwapi__compiler *c, gwapi__vector *v, uint32_t variant, uint32_t rule,
                      const gwapi__rule *spec)
{
    for (size_t i = 0; i < spec->match_count; i++)
        if (!push_match(c, v, variant, rule, &spec->matches[i], (uint32_t)i))
            return false;
    if (spec->match_count == 0 &&
        c->t.routes[variant / 2]->resource->kind == GWAPI__KIND_GRPC_ROUTE)
        return push_match(c, v, variant, rule, NULL, 0);
    return true;
}

bool gwapi__compile_list_matches(gwapi__compiler *c, gwapi__vector *v, uint32_t variant)
{
    const gwapi__resolved_route *route = c->t.routes[variant / 2];
    const gwapi__resolved_rule *rules = gwapi__variant_rules(c, variant / 2, variant % 2 != 0);
    uint32_t rule = c->variants[variant].first_rule;

    if (!c->variants[variant].used || (route->resource->kind != GWAPI__KIND_HTTP_ROUTE &&
                                       route->resource->kind != GWAPI__KIND_GRPC_ROUTE))
        return true;
    for (size_t i = 0; i < route->rule_count; i++)
        if (!rules[i].dropped && !push_rule(c, v, variant, rule++, rules[i].spec))
            return false;
    return true;
}

/* ---- order ----------------------------------------------------------------------------------- */

enum { MATCH_WORDS = sizeof ((gwapi__compile_match *)NULL)->key / sizeof(uint32_t) };

typedef struct listed_key {
    uint32_t key[MATCH_WORDS + 1]; /* of a match, then its route's rank, */
    uint32_t at;                   /* and where that one stands in the list */
} listed_key;

enum { KEY_WORDS = sizeof ((listed_key *)NULL)->key / sizeof(uint32_t) };

/*
 * Puts the keys in order of their n-th word without changing the order of equal ones: a counting
 * sort by eleven bits at a time, of which most words need none or one. Keys are few values, so
 * that comparing them would go wrong half of the time.
 */
enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

static void sort_by_digit(const listed_key *from, listed_key *to, size_t count, size_t n,
                          uint32_t least, uint32_t shift)
{
    uint32_t ends[DIGITS] = {0};

    for (size_t i = 0; i < count; i++)
        ends[((from[i].key[n] - least) >> shift) % DIGITS]++;
    gwapi__counts_to_places(ends, DIGITS);
    for (size_t i = 0; i < count; i++)
        to[ends[((from[i].key[n] - least) >> shift) % DIGITS]++] = from[i];
}

/* Gives where they are then: in one of the two. */
static listed_key *sort_by_word(listed_key *from, listed_key *to, size_t count, size_t n)
{
    uint32_t least = UINT32_MAX, most = 0;

    for (size_t i = 0; i < count; i++) {
        least = from[i].key[n] < least ? from[i].key[n] : least;
        most = from[i].key[n] > most ? from[i].key[n] : most;
    }
    for (uint32_t shift = 0; count != 0 && shift < 32 && (most - least) >> shift != 0;
         shift += DIGIT_BITS) {
        sort_by_digit(from, to, count, n, least, shift);
        listed_key *sorted = to;
        to = from;
        from = sorted;
    }
    return from;
}

/* From the last word to the first. `keys` has room for as many again. */
static const listed_key *sort_keys(listed_key *keys, size_t count)
{
    listed_key *sorted = keys;

    for (size_t n = KEY_WORDS; n-- > 0;)
        sorted = sort_by_word(sorted, sorted == keys ? keys + count : keys, count, n);
    return sorted;
}

/* Records as they are listed, and room for the same in order. */
typedef struct sections {
    gwapi__vector matches, conditions, methods;
} sections;

static bool sections_init(sections *to, const gwapi__block *b)
{
    gwapi__vector *const vectors[] = {&to->matches, &to->conditions, &to->methods};
    static const uint32_t ids[] = {GWAPI__SECTION_MATCH, GWAPI__SECTION_CONDITION,
                                   GWAPI__SECTION_GRPC_METHOD};
    bool good = true;

    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        gwapi__vector_init(vectors[i], &b->allocator, b->sections[ids[i]].size);
        good = good && gwapi__vector_reserve(vectors[i], b->sections[ids[i]].count);
    }
    return good;
}

static void sections_free(sections *s)
{
    gwapi__vector_free(&s->matches);
    gwapi__vector_free(&s->conditions);
    gwapi__vector_free(&s->methods);
}

static void move_match(const gwapi__block *b, sections *to, uint32_t at)
{
    const gwapi__image_match *from = gwapi__block_at(b, GWAPI__SECTION_MATCH, at);
    gwapi__image_match *match = gwapi__vector_add(&to->matches); /* has room, as the others */

    *match = *from;
    match->conditions.first = (uint32_t)to->conditions.count;
    for (uint32_t i = 0; i < from->conditions.count; i++) {
        gwapi__image_condition *condition = gwapi__vector_add(&to->conditions);
        *condition = *(const gwapi__image_condition *)gwapi__block_at(
            b, GWAPI__SECTION_CONDITION, from->conditions.first + i);
    }
    if ((from->flags_index & GWAPI__MATCH_TYPE) == GWAPI__IMAGE_MATCH_GRPC) {
        gwapi__image_grpc_method *method = gwapi__vector_add(&to->methods);
        match->path = (uint32_t)to->methods.count - 1;
        *method = *(const gwapi__image_grpc_method *)gwapi__block_at(
            b, GWAPI__SECTION_GRPC_METHOD, from->path);
    }
}

static gwapi_result move_matches(gwapi__compiler *c, const listed_key *order, size_t count)
{
    gwapi__block *b = &c->builder;
    sections to;
    bool good = sections_init(&to, b);

    for (size_t i = 0; good && i < count; i++)
        move_match(b, &to, order[i].at);
    if (good) {
        gwapi__vector_swap(&b->sections[GWAPI__SECTION_MATCH], &to.matches);
        gwapi__vector_swap(&b->sections[GWAPI__SECTION_CONDITION], &to.conditions);
        gwapi__vector_swap(&b->sections[GWAPI__SECTION_GRPC_METHOD], &to.methods);
    }
    sections_free(&to);
    return good ? GWAPI_OK : GWAPI_ENOMEM;
}

/* The keys of the listed matches, and room for as many. */
static listed_key *make_keys(const gwapi__compiler *c)
{
    size_t count = c->listed.count;
    listed_key *keys = gwapi__alloc_array(&c->allocator, count, 2 * sizeof *keys);

    for (size_t i = 0; keys != NULL && i < count; i++) {
        const gwapi__compile_match *m = GWAPI__AT(&c->listed, gwapi__compile_match, i);
        memcpy(keys[i].key, m->key, sizeof m->key);
        keys[i].key[MATCH_WORDS] = c->route_rank[m->variant / 2];
        keys[i].at = (uint32_t)i;
    }
    return keys;
}

static gwapi_result put_in_order(gwapi__compiler *c)
{
    size_t count = c->listed.count;
    listed_key *keys = make_keys(c);
    gwapi_result result = GWAPI_ENOMEM;

    c->matches = gwapi__arena_alloc(&c->arena, count * sizeof *c->matches);
    c->match_count = count;
    if (keys != NULL && c->matches != NULL) {
        const listed_key *order = sort_keys(keys, count);
        for (size_t i = 0; i < count; i++)
            c->matches[i] = *GWAPI__AT(&c->listed, gwapi__compile_match, order[i].at);
        result = move_matches(c, order, count);
    }
    gwapi__free(&c->allocator, keys, count * 2 * sizeof *keys);
    return result;
}

/* A counting sort. */
gwapi_result gwapi__compile_index_matches(gwapi__compiler *c)
{
    uint32_t next = 0;

    c->variant_matches = gwapi__compile_array(c, c->match_count, sizeof(uint32_t));
    GWAPI__TRY(c->builder.failure);
    for (size_t i = 0; i < c->match_count; i++)
        c->variants[c->matches[i].variant].match_count += c->matches[i].known;
    for (size_t i = 0; i < 2 * c->t.route_count; i++) {
        c->variants[i].first_match = next;
        next += c->variants[i].match_count;
        c->variants[i].match_count = 0;
    }
    for (size_t i = 0; i < c->match_count; i++) {
        gwapi__variant *v = &c->variants[c->matches[i].variant];
        if (c->matches[i].known)
            c->variant_matches[v->first_match + v->match_count++] = (uint32_t)i;
    }
    return GWAPI_OK;
}

/* ---- the way --------------------------------------------------------------------------------- */

/* The records of those from `first` on, each at the place of its match in the list. */
static gwapi_result write_matches(gwapi__compiler *c, gwapi__vector *list, size_t first)
{
    gwapi__block *b = &c->builder;

    for (size_t i = first; i < list->count && b->failure == GWAPI_OK; i++) {
        gwapi__compile_match *m = GWAPI__AT(list, gwapi__compile_match, i);
        gwapi__compile_match_record(c, m);
        GWAPI__TRY(b->failure);
        gwapi__compile_found_by(c, m, gwapi__block_at(b, GWAPI__SECTION_MATCH, (uint32_t)i));
    }
    return b->failure;
}

gwapi_result gwapi__compile_route_matches(gwapi__compiler *c, uint32_t route)
{
    size_t first = c->listed.count;

    if (!gwapi__compile_list_matches(c, &c->listed, 2 * route) ||
        !gwapi__compile_list_matches(c, &c->listed, 2 * route + 1))
        return GWAPI_ENOMEM;
    return write_matches(c, &c->listed, first);
}

gwapi_result gwapi__compile_matches(gwapi__compiler *c)
{
    GWAPI__TRY(put_in_order(c));
    gwapi__vector_free(&c->listed);
    return gwapi__compile_index_matches(c);
}
