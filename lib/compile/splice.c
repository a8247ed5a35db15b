#include "compile/splicing.h"

/* ---- routes ------------------------------------------------------------------------------ */

/* The compiler is to find those that are there. */
static gwapi_result copy_targets(const gwapi__splicing *s)
{
    gwapi__compiler *c = s->c;
    uint32_t count = gwapi__records_before(s, GWAPI__SECTION_TARGET);

    gwapi__splice_copy(s, GWAPI__SECTION_TARGET, 0, count, GWAPI__ANY_SEGMENT);
    GWAPI__TRY(c->builder.failure);
    if (!gwapi__slots_reserve(&c->targets.by_record, count))
        return GWAPI_ENOMEM;
    for (uint32_t i = 0; i < count; i++)
        (void)gwapi__compile_know_target(c, i); /* has room */
    return GWAPI_OK;
}

/* The records of the routes from one place up to another, a whole segment. */
static void copy_segment(const gwapi__splicing *s, uint32_t segment, uint32_t from, uint32_t to)
{
    uint32_t first[GWAPI__MARKS], end[GWAPI__MARKS];

    for (size_t m = 0; m < GWAPI__MARKS; m++) {
        uint32_t section = gwapi__marked_sections[m];
        first[m] = segment == 0 ? 0 : gwapi__kept_route_at(s, from)->first[m];
        end[m] = segment == s->change_count ? gwapi__records_before(s, section)
                                            : gwapi__kept_route_at(s, to)->first[m];
        s->moves[segment][m] = gwapi__block_count(&s->c->builder, section) - first[m];
    }
    for (size_t m = 0; m < GWAPI__MARKS; m++)
        gwapi__splice_copy(s, gwapi__marked_sections[m], first[m], end[m] - first[m], segment);
    gwapi__splice_copy(s, GWAPI__SECTION_ROUTE, from, to - from, segment);
}

static gwapi_result splice_routes(const gwapi__splicing *s)
{
    uint32_t from = 0;

    for (uint32_t i = 0; i < s->change_count; i++) {
        const gwapi__route_change *change = &s->changes[i];
        copy_segment(s, i, from, change->place);
        gwapi__compile_route(s->c, change->number);
        from = change->place + 1;
    }
    copy_segment(s, s->change_count, from, gwapi__records_before(s, GWAPI__SECTION_ROUTE));
    GWAPI__TRY(s->c->builder.failure);
    return gwapi__compile_order_targets(s->c);
}

/* ---- everything else --------------------------------------------------------------------- */

/* Sections that are made above, or by finishing. */
static bool is_made(const gwapi__splicing *s, uint32_t section)
{
    static const uint32_t made[] = {
        GWAPI__SECTION_ROUTE,       GWAPI__SECTION_MATCH,       GWAPI__SECTION_CONDITION,
        GWAPI__SECTION_GRPC_METHOD, GWAPI__SECTION_HOST,        GWAPI__SECTION_HOST_LISTS,
        GWAPI__SECTION_SLOT,        GWAPI__SECTION_MATCH_INDEX, GWAPI__SECTION_TARGET,
        GWAPI__SECTION_TEXT,        GWAPI__SECTION_LABEL,
    };

    for (size_t i = 0; i < sizeof made / sizeof *made; i++)
        if (made[i] == section)
            return true;
    return s->marks[section] != 0;
}

static gwapi_result copy_others(const gwapi__splicing *s)
{
    for (uint32_t id = GWAPI__SECTION_INFO; id < GWAPI__SECTION_END; id++)
        if (!is_made(s, id))
            gwapi__splice_copy(s, id, 0, gwapi__records_before(s, id), GWAPI__ANY_SEGMENT);
    return s->c->builder.failure;
}

/* ---- what is left for the next compilation ----------------------------------------------- */

static gwapi_result copy_vector(gwapi__vector *to, const gwapi__vector *from)
{
    if (!gwapi__vector_reserve(to, from->count))
        return GWAPI_ENOMEM;
    if (from->count != 0)
        memcpy(to->data, from->data, from->count * from->size);
    to->count = from->count;
    return GWAPI_OK;
}

static gwapi_result splice_kept(const gwapi__splicing *s)
{
    gwapi__kept *kept = s->c->kept;
    uint32_t segment = 0;

    if (kept == NULL)
        return GWAPI_OK;
    GWAPI__TRY(copy_vector(&kept->routes, &s->kept->routes));
    GWAPI__TRY(copy_vector(&kept->hosts, &s->kept->hosts));
    GWAPI__TRY(copy_vector(&kept->variants, &s->kept->variants));
    for (uint32_t i = 0; i < kept->routes.count; i++) {
        gwapi__kept_route *route = GWAPI__AT(&kept->routes, gwapi__kept_route, i);
        for (size_t m = 0; m < GWAPI__MARKS; m++)
            route->first[m] += s->moves[segment][m];
        segment += segment < s->change_count && s->changes[segment].place == i;
    }
    return GWAPI_OK;
}

/* ---- what routes look for ---------------------------------------------------------------- */

static gwapi_result name_texts(const gwapi__splicing *s, gwapi__map *map, uint32_t section)
{
    for (uint32_t i = 0; i < gwapi__records_before(s, section); i++) {
        const gwapi__image_string *record = gwapi__record_before(s, section, i);
        gwapi__map_entry *entry =
            gwapi__map_add(map, gwapi__image_str(s->before, record->text));
        if (entry == NULL)
            return GWAPI_ENOMEM;
        entry->value = (void *)(uintptr_t)i;
    }
    return GWAPI_OK;
}

static bool has_all(const gwapi__map *map, const gwapi__map *of)
{
    for (size_t i = 0; i < gwapi__map_count(of); i++)
        if (gwapi__map_find(map, gwapi__map_at(of, i)->key) == NULL)
            return false;
    return true;
}

/* What a route asks requests for. */
typedef struct needs {
    gwapi__compiler c; /* only what collecting takes */
    bool policies;
} needs;

static gwapi_result take_needs(needs *n, const gwapi__splicing *s,
                               const gwapi__resolved_route *route)
{
    memset(n, 0, sizeof *n);
    n->c.allocator = s->c->allocator;
    gwapi__arena_init(&n->c.arena, &s->c->allocator);
    gwapi__map_init(&n->c.header_names, &s->c->allocator);
    gwapi__map_init(&n->c.regexes, &s->c->allocator);
    return gwapi__compile_needs(&n->c, route, &n->policies);
}

static void drop_needs(needs *n)
{
    gwapi__map_free(&n->c.header_names);
    gwapi__map_free(&n->c.regexes);
    gwapi__arena_free(&n->c.arena);
}

/* The lists of the image stay what they are: all that the route needs now is there, and it
 * needs all that it did. */
static gwapi_result check_change(const gwapi__splicing *s, const gwapi__route_change *change,
                                 bool *good)
{
    needs before, after;
    gwapi_result result = take_needs(&before, s, change->before);

    if (result == GWAPI_OK) {
        result = take_needs(&after, s, change->after);
        *good = result == GWAPI_OK && !before.policies && !after.policies &&
                has_all(&s->c->header_names, &after.c.header_names) &&
                has_all(&s->c->regexes, &after.c.regexes) &&
                has_all(&after.c.header_names, &before.c.header_names) &&
                has_all(&after.c.regexes, &before.c.regexes);
        drop_needs(&after);
    }
    drop_needs(&before);
    return result;
}

static gwapi_result check_changes(gwapi__splicing *s, bool *good)
{
    *good = true;
    GWAPI__TRY(name_texts(s, &s->c->header_names, GWAPI__SECTION_HEADER_NAME));
    GWAPI__TRY(name_texts(s, &s->c->regexes, GWAPI__SECTION_REGEX));
    for (uint32_t i = 0; i < s->change_count && *good; i++)
        GWAPI__TRY(check_change(s, &s->changes[i], good));
    return GWAPI_OK;
}

/* Rules that match nothing would take hosts away. */
static bool all_match(const gwapi__splicing *s)
{
    for (uint32_t i = 0; i < s->change_count; i++) {
        bool before = false, after = false;
        for (size_t k = 0; k < s->made.count && !after; k++)
            after = GWAPI__AT(&s->made, gwapi__compile_match, k)->variant ==
                    2 * s->changes[i].number;
        for (uint32_t k = 0; k < s->kept->variants.count && !before; k++)
            before = *GWAPI__AT(&s->kept->variants, uint32_t, k) == 2 * s->changes[i].number;
        if (!before || !after)
            return false;
    }
    return true;
}

/* ---- the way ----------------------------------------------------------------------------- */

static gwapi_result prepare(gwapi__splicing *s)
{
    gwapi__compiler *c = s->c;

    for (size_t i = 0; i < GWAPI__MARKS; i++)
        s->marks[gwapi__marked_sections[i]] = (uint32_t)i + 1;
    gwapi__splice_find_fields(s);
    c->t.route_count = gwapi_topology_route_count(c->topology);
    c->t.routes = gwapi__compile_array(c, c->t.route_count, sizeof *c->t.routes);
    c->variants = gwapi__compile_array(c, c->t.route_count, 2 * sizeof *c->variants);
    s->moves = gwapi__compile_array(c, (size_t)s->change_count + 1, sizeof *s->moves);
    s->changed = gwapi__compile_array(c, gwapi__records_before(s, GWAPI__SECTION_ROUTE),
                                      sizeof *s->changed);
    GWAPI__TRY(c->builder.failure);
    for (uint32_t i = 0; i < s->change_count; i++) {
        s->changed[s->changes[i].place] = true;
        c->t.routes[s->changes[i].number] = s->changes[i].after;
        c->variants[2 * (size_t)s->changes[i].number].used = true;
    }
    return GWAPI_OK;
}

static gwapi_result run(gwapi__splicing *s, bool *done)
{
    gwapi__compiler *c = s->c;

    gwapi__block_take_texts(&c->builder, s->before->image.records[GWAPI__SECTION_TEXT],
                            gwapi__records_before(s, GWAPI__SECTION_TEXT));
    GWAPI__TRY(c->builder.failure);
    GWAPI__TRY(copy_targets(s));
    GWAPI__TRY(splice_routes(s));
    GWAPI__TRY(gwapi__splice_list_matches(s));
    *done = all_match(s);
    if (!*done)
        return GWAPI_OK;
    GWAPI__TRY(gwapi__splice_matches(s));
    GWAPI__TRY(gwapi__splice_hosts(s));
    GWAPI__TRY(copy_others(s));
    return splice_kept(s);
}

gwapi_result gwapi__splice(gwapi__compiler *c, const gwapi_snapshot *before,
                           const gwapi__vector *changes, bool *done)
{
    gwapi__splicing s = {.c = c,
                         .before = before,
                         .kept = before->kept,
                         .changes = changes->data,
                         .change_count = (uint32_t)changes->count};

    GWAPI__TRY(prepare(&s));
    GWAPI__TRY(check_changes(&s, done));
    if (!*done)
        return GWAPI_OK;
    gwapi__vector_init(&s.made, &c->allocator, sizeof(gwapi__compile_match));
    gwapi_result result = run(&s, done);
    gwapi__vector_free(&s.made);
    return result;
}
