/* Matches of changed routes among those that stay, by precedence. */
#include "compile/splicing.h"

/* The route with that number. */
static const gwapi__resolved_route *route_at(const gwapi__splicing *s, uint32_t number)
{
    const gwapi__resolved_route **route = &s->c->t.routes[number];
    const gwapi__sequence *routes = &s->c->topology->sequences[GWAPI__SEQUENCE_ROUTES];
    uint32_t before[GWAPI__MEASURES];

    if (*route != NULL)
        return *route;
    for (; number >= routes->total[GWAPI__LISTED]; routes++)
        number -= routes->total[GWAPI__LISTED];
    const gwapi__route_verdict *v = gwapi__sequence_at(routes, GWAPI__LISTED, number, before);
    *route = v->route;
    return *route;
}

void gwapi__splice_read_match(const gwapi__splicing *s, uint32_t i, gwapi__compile_match *out)
{
    const gwapi__image_match *record = gwapi__record_before(s, GWAPI__SECTION_MATCH, i);
    const gwapi__image_rule *rule = gwapi__record_before(s, GWAPI__SECTION_RULE, record->rule);
    uint32_t number = gwapi__kept_route_at(s, record->route)->number;
    bool mesh = (rule->flags & GWAPI__RULE_MESH) != 0;
    const gwapi__resolved_route *route = route_at(s, number);
    const gwapi__rule *spec = (mesh ? route->mesh_rules : route->rules)[rule->index].spec;
    uint32_t index = record->flags_index >> GWAPI__MATCH_INDEX_SHIFT;

    *out = (gwapi__compile_match){.spec = spec->match_count != 0 ? &spec->matches[index] : NULL,
                                  .variant = 2 * number + mesh,
                                  .rule = record->rule,
                                  .index = index,
                                  .known = true};
    gwapi__splice_move_index(s, s->marks[GWAPI__SECTION_RULE] - 1, GWAPI__ANY_SEGMENT,
                             &out->rule);
    gwapi__compile_match_key(out, route->resource->kind);
}

/* As by the ranks of all routes, which nobody worked out. */
static int order_matches(const void *a, const void *b, void *ctx)
{
    const gwapi__compile_match *x = a, *y = b;
    const gwapi__splicing *s = ctx;

    for (size_t i = 0; i < 5; i++)
        if (x->key[i] != y->key[i])
            return x->key[i] < y->key[i] ? -1 : 1;
    int order = x->variant / 2 == y->variant / 2
                    ? 0
                    : gwapi__order_age(route_at(s, x->variant / 2)->resource,
                                       route_at(s, y->variant / 2)->resource);
    if (order == 0)
        order = (x->rule > y->rule) - (x->rule < y->rule);
    return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

gwapi_result gwapi__splice_list_matches(gwapi__splicing *s)
{
    for (uint32_t i = 0; i < s->change_count; i++)
        if (!gwapi__compile_list_matches(s->c, &s->made, 2 * s->changes[i].number))
            return GWAPI_ENOMEM;
    return gwapi__vector_sort(&s->made, order_matches, s) ? GWAPI_OK : GWAPI_ENOMEM;
}

/* How many of those that stay come before the match. */
static uint32_t rank_of(const gwapi__splicing *s, const gwapi__compile_match *m,
                        const uint32_t *staying, uint32_t count)
{
    gwapi__compile_match other;
    uint32_t low = 0, high = count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        gwapi__splice_read_match(s, staying[middle], &other);
        if (order_matches(&other, m, (void *)(uintptr_t)s) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Matches that stood one behind the other, as did their conditions and gRPC methods. */
static void copy_matches(const gwapi__splicing *s, uint32_t first, uint32_t count)
{
    gwapi__block *b = &s->c->builder;
    const gwapi__image_match *before = gwapi__record_before(s, GWAPI__SECTION_MATCH, first);
    const gwapi__image_match *last = before + count - 1;
    uint32_t at = gwapi__block_count(b, GWAPI__SECTION_MATCH);
    uint32_t conditions = before->conditions.first, methods = 0, method = GWAPI__IMAGE_NONE;
    uint32_t condition_at = gwapi__block_count(b, GWAPI__SECTION_CONDITION);
    uint32_t method_at = gwapi__block_count(b, GWAPI__SECTION_GRPC_METHOD);
    gwapi__image_match *record =
        gwapi__splice_copy(s, GWAPI__SECTION_MATCH, first, count, GWAPI__ANY_SEGMENT);

    if (record == NULL)
        return;
    gwapi__splice_copy(s, GWAPI__SECTION_CONDITION, conditions,
                       last->conditions.first + last->conditions.count - conditions,
                       GWAPI__ANY_SEGMENT);
    for (uint32_t i = 0; i < count; i++, record++) {
        s->matches[first + i] = at + i;
        record->conditions.first += condition_at - conditions;
        if ((record->flags_index & GWAPI__MATCH_TYPE) != GWAPI__IMAGE_MATCH_GRPC)
            continue;
        method = methods == 0 ? record->path : method;
        record->path = method_at + methods++;
    }
    if (methods != 0)
        gwapi__splice_copy(s, GWAPI__SECTION_GRPC_METHOD, method, methods, GWAPI__ANY_SEGMENT);
}

/* Those of the list from *next on, up to `end`. */
static void copy_staying(const gwapi__splicing *s, const uint32_t *staying, uint32_t *next,
                         uint32_t end)
{
    while (*next < end) {
        uint32_t first = staying[*next], count = 1;
        while (*next + count < end && staying[*next + count] == first + count)
            count++;
        copy_matches(s, first, count);
        *next += count;
    }
}

void gwapi__splice_know_match(const gwapi__splicing *s, uint32_t at,
                              const gwapi__compile_match *match)
{
    s->c->matches[at] = *match;
    gwapi__compile_found_by(s->c, &s->c->matches[at],
                            gwapi__block_at(&s->c->builder, GWAPI__SECTION_MATCH, at));
}

static void add_match(const gwapi__splicing *s, const gwapi__compile_match *m)
{
    uint32_t at = gwapi__block_count(&s->c->builder, GWAPI__SECTION_MATCH);

    gwapi__compile_match_record(s->c, m);
    if (s->c->builder.failure == GWAPI_OK)
        gwapi__splice_know_match(s, at, m);
}

static gwapi_result merge_matches(gwapi__splicing *s, const uint32_t *staying, uint32_t count)
{
    uint32_t next = 0;

    s->c->match_count = count + s->made.count;
    s->c->matches = gwapi__compile_array(s->c, s->c->match_count, sizeof(gwapi__compile_match));
    GWAPI__TRY(s->c->builder.failure);
    for (size_t i = 0; i < s->made.count; i++) {
        const gwapi__compile_match *m = GWAPI__AT(&s->made, gwapi__compile_match, i);
        copy_staying(s, staying, &next, rank_of(s, m, staying, count));
        add_match(s, m);
    }
    copy_staying(s, staying, &next, count);
    return s->c->builder.failure;
}

gwapi_result gwapi__splice_matches(gwapi__splicing *s)
{
    uint32_t count = gwapi__records_before(s, GWAPI__SECTION_MATCH), stay = 0;
    uint32_t *staying = gwapi__compile_array(s->c, count, sizeof *staying);

    s->matches = gwapi__compile_array(s->c, count, sizeof *s->matches);
    GWAPI__TRY(s->c->builder.failure);
    for (uint32_t i = 0; i < count; i++) {
        const gwapi__image_match *m = gwapi__record_before(s, GWAPI__SECTION_MATCH, i);
        s->matches[i] = GWAPI__IMAGE_NONE;
        if (!s->changed[m->route])
            staying[stay++] = i;
    }
    return merge_matches(s, staying, stay);
}
