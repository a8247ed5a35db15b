#include "compile/splice.h"

#include <string.h>
#include "compile/candidates.h"
#include "image/fields.h"

/* What a record's references move by: by the segment it lies in, the records between two routes
 * that changed. Others are found by what they refer to. */
#define ANY_SEGMENT UINT32_MAX

typedef struct splice {
    gwapi__compiler *c;
    const gwapi_snapshot *before;
    const gwapi__kept *kept;
    const gwapi__route_change *changes; /* by place */
    uint32_t change_count;
    uint32_t (*moves)[GWAPI__MARKS];    /* of each segment; added, so that less is a wrap */
    uint32_t marks[GWAPI__SECTION_END]; /* of a section: + 1; 0: it is not marked */
    bool *changed;                      /* by place in ROUTE */
    uint32_t *matches;                  /* where each match stands now; NONE: it is gone */
    gwapi__vector made; /* of gwapi__compile_match: those of the changed routes, in order */
    struct {
        size_t first, end; /* of gwapi__image_fields */
    } fields[GWAPI__SECTION_END];
} splice;

static const gwapi__kept_route *kept_route(const splice *s, uint32_t place)
{
    return GWAPI__AT(&s->kept->routes, gwapi__kept_route, place);
}

static uint32_t records_before(const splice *s, uint32_t section)
{
    return s->before->image.counts[section];
}

static const void *record_before(const splice *s, uint32_t section, uint32_t i)
{
    return (const char *)s->before->image.records[section] +
           (size_t)i * s->c->builder.sections[section].size;
}

/* ---- moving references
 * ------------------------------------------------------------------------ */

/* The segment in which a record of a marked section lay. */
static uint32_t segment_of(const splice *s, uint32_t mark, uint32_t i)
{
    uint32_t segment = s->change_count;

    while (segment > 0 && i < kept_route(s, s->changes[segment - 1].place + 1)->first[mark])
        segment--;
    return segment;
}

static void move_index(const splice *s, uint32_t mark, uint32_t segment, uint32_t *word)
{
    *word += s->moves[segment != ANY_SEGMENT ? segment : segment_of(s, mark, *word)][mark];
}

/* Ranges that do not lie in a segment begin behind all routes' records. */
static void move_range(const splice *s, uint32_t mark, uint32_t segment, uint32_t *word)
{
    *word += s->moves[segment != ANY_SEGMENT ? segment : s->change_count][mark];
}

static void take_text(const splice *s, uint32_t *word)
{
    if (*word != GWAPI__IMAGE_NONE)
        *word = gwapi__block_taken(&s->c->builder, *word);
}

static void move_field(const splice *s, const gwapi__image_field *f, uint32_t segment,
                       uint32_t *record)
{
    uint32_t *word = record + f->word;

    switch ((gwapi__image_field_kind)f->kind) {
    case GWAPI__FIELD_TEXT:
    case GWAPI__FIELD_OPTIONAL_TEXT:
        take_text(s, word);
        break;
    case GWAPI__FIELD_PATH:
        if (gwapi__match_path_is_text((const void *)record))
            take_text(s, word);
        break;
    case GWAPI__FIELD_INDEX:
    case GWAPI__FIELD_OPTIONAL_INDEX:
        if (s->marks[f->target] != 0 && *word != GWAPI__IMAGE_NONE)
            move_index(s, s->marks[f->target] - 1, segment, word);
        break;
    case GWAPI__FIELD_RANGE:
        if (s->marks[f->target] != 0)
            move_range(s, s->marks[f->target] - 1, segment, word);
        break;
    case GWAPI__FIELD_BELOW:
        break;
    }
}

/* Does the field have to be looked at at all? */
static bool moves(const splice *s, const gwapi__image_field *f, uint32_t segment)
{
    bool refers = f->kind == GWAPI__FIELD_INDEX || f->kind == GWAPI__FIELD_OPTIONAL_INDEX ||
                  f->kind == GWAPI__FIELD_RANGE;

    if (f->kind == GWAPI__FIELD_BELOW || (refers && s->marks[f->target] == 0))
        return false;
    return !refers || segment == ANY_SEGMENT || s->moves[segment][s->marks[f->target] - 1] != 0;
}

static void move_filters(const splice *s, uint32_t segment, gwapi__image_filter *filters,
                         uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        move_index(s, s->marks[gwapi__filter_items[filters[i].type]] - 1, segment,
                   &filters[i].item);
}

static void move_records(const splice *s, uint32_t section, uint32_t segment, void *records,
                         uint32_t count)
{
    size_t words = s->c->builder.sections[section].size / sizeof(uint32_t);

    for (size_t i = s->fields[section].first; i < s->fields[section].end; i++) {
        const gwapi__image_field *f = &gwapi__image_fields[i];
        uint32_t *record = records;
        if (!moves(s, f, segment))
            continue;
        for (uint32_t k = 0; k < count; k++, record += words)
            move_field(s, f, segment, record);
    }
    if (section == GWAPI__SECTION_FILTER)
        move_filters(s, segment, records, count);
}

/* Appends records as they were, with their references moved. Gives the first; NULL: there is
 * none, or the builder failed. */
static void *copy_records(const splice *s, uint32_t section, uint32_t first, uint32_t count,
                          uint32_t segment)
{
    void *records = gwapi__block_add_many(&s->c->builder, section, count);

    if (records == NULL)
        return NULL;
    memcpy(records, record_before(s, section, first),
           (size_t)count * s->c->builder.sections[section].size);
    move_records(s, section, segment, records, count);
    return records;
}

/* ---- routes
 * ------------------------------------------------------------------------------------- */

/* The compiler is to find those that are there. */
static gwapi_result copy_targets(const splice *s)
{
    gwapi__compiler *c = s->c;
    uint32_t count = records_before(s, GWAPI__SECTION_TARGET);
    const gwapi__image_target *records =
        copy_records(s, GWAPI__SECTION_TARGET, 0, count, ANY_SEGMENT);
    gwapi__image_target *keys = gwapi__compile_array(c, count, sizeof *keys);

    GWAPI__TRY(c->builder.failure);
    for (uint32_t i = 0; i < count; i++) {
        keys[i] = records[i];
        gwapi__map_entry *entry =
            gwapi__map_add(&c->targets, gwapi__str((const char *)&keys[i], sizeof keys[i]));
        if (entry == NULL)
            return GWAPI_ENOMEM;
        entry->value = (void *)(uintptr_t)i;
    }
    return GWAPI_OK;
}

/* The records of the routes from one place up to another, a whole segment. */
static void copy_segment(const splice *s, uint32_t segment, uint32_t from, uint32_t to)
{
    uint32_t first[GWAPI__MARKS], end[GWAPI__MARKS];

    for (size_t m = 0; m < GWAPI__MARKS; m++) {
        uint32_t section = gwapi__marked_sections[m];
        first[m] = segment == 0 ? 0 : kept_route(s, from)->first[m];
        end[m] = segment == s->change_count ? records_before(s, section)
                                            : kept_route(s, to)->first[m];
        s->moves[segment][m] = gwapi__block_count(&s->c->builder, section) - first[m];
    }
    for (size_t m = 0; m < GWAPI__MARKS; m++)
        copy_records(s, gwapi__marked_sections[m], first[m], end[m] - first[m], segment);
    copy_records(s, GWAPI__SECTION_ROUTE, from, to - from, segment);
}

static gwapi_result splice_routes(const splice *s)
{
    uint32_t from = 0;

    for (uint32_t i = 0; i < s->change_count; i++) {
        const gwapi__route_change *change = &s->changes[i];
        copy_segment(s, i, from, change->place);
        gwapi__compile_route(s->c, change->number);
        from = change->place + 1;
    }
    copy_segment(s, s->change_count, from, records_before(s, GWAPI__SECTION_ROUTE));
    GWAPI__TRY(s->c->builder.failure);
    return gwapi__compile_order_targets(s->c);
}

/* ---- matches
 * -------------------------------------------------------------------------------------- */

/* The route with that number. */
static const gwapi__resolved_route *route_at(const splice *s, uint32_t number)
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

/* A match of a route that did not change, as the compiler had it before. */
static void read_match(const splice *s, uint32_t i, gwapi__compile_match *out)
{
    const gwapi__image_match *record = record_before(s, GWAPI__SECTION_MATCH, i);
    const gwapi__image_rule *rule = record_before(s, GWAPI__SECTION_RULE, record->rule);
    uint32_t number = kept_route(s, record->route)->number;
    bool mesh = (rule->flags & GWAPI__RULE_MESH) != 0;
    const gwapi__resolved_route *route = route_at(s, number);
    const gwapi__rule *spec = (mesh ? route->mesh_rules : route->rules)[rule->index].spec;
    uint32_t index = record->flags_index >> GWAPI__MATCH_INDEX_SHIFT;

    *out = (gwapi__compile_match){.spec = spec->match_count != 0 ? &spec->matches[index] : NULL,
                                  .variant = 2 * number + mesh,
                                  .rule = record->rule,
                                  .index = index,
                                  .known = true};
    move_index(s, s->marks[GWAPI__SECTION_RULE] - 1, ANY_SEGMENT, &out->rule);
    gwapi__compile_match_key(out, route->resource->kind);
}

/* As by the ranks of all routes, which nobody worked out. */
static int order_matches(const void *a, const void *b, void *ctx)
{
    const gwapi__compile_match *x = a, *y = b;
    const splice *s = ctx;

    for (size_t i = 0; i < 5; i++)
        if (x->key[i] != y->key[i])
            return x->key[i] < y->key[i] ? -1 : 1;
    int order = x->variant / 2 == y->variant / 2
                    ? 0
                    : gwapi__order_age(route_at(s, x->variant / 2)->resource,
                                       route_at(s, y->variant / 2)->resource);
    for (size_t i = 6; i < 8 && order == 0; i++)
        order = (x->key[i] > y->key[i]) - (x->key[i] < y->key[i]);
    return order;
}

static gwapi_result list_made(splice *s)
{
    for (uint32_t i = 0; i < s->change_count; i++)
        if (!gwapi__compile_list_matches(s->c, &s->made, 2 * s->changes[i].number))
            return GWAPI_ENOMEM;
    return gwapi__vector_sort(&s->made, order_matches, s) ? GWAPI_OK : GWAPI_ENOMEM;
}

/* How many of those that stay come before the match. */
static uint32_t rank_of(const splice *s, const gwapi__compile_match *m, const uint32_t *staying,
                        uint32_t count)
{
    gwapi__compile_match other;
    uint32_t low = 0, high = count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        read_match(s, staying[middle], &other);
        if (order_matches(&other, m, (void *)(uintptr_t)s) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void copy_match(const splice *s, uint32_t i)
{
    gwapi__block *b = &s->c->builder;
    uint32_t first = gwapi__block_count(b, GWAPI__SECTION_CONDITION);
    gwapi__image_match *record = copy_records(s, GWAPI__SECTION_MATCH, i, 1, ANY_SEGMENT);

    if (record == NULL)
        return;
    s->matches[i] = gwapi__block_count(b, GWAPI__SECTION_MATCH) - 1;
    copy_records(s, GWAPI__SECTION_CONDITION, record->conditions.first,
                 record->conditions.count, ANY_SEGMENT);
    record->conditions.first = first;
    if ((record->flags_index & GWAPI__MATCH_TYPE) != GWAPI__IMAGE_MATCH_GRPC)
        return;
    copy_records(s, GWAPI__SECTION_GRPC_METHOD, record->path, 1, ANY_SEGMENT);
    record->path = gwapi__block_count(b, GWAPI__SECTION_GRPC_METHOD) - 1;
}

static void add_match(const splice *s, const gwapi__compile_match *m)
{
    uint32_t at = gwapi__block_count(&s->c->builder, GWAPI__SECTION_MATCH);

    gwapi__compile_match_record(s->c, m);
    if (at < s->c->match_count)
        s->c->matches[at] = *m;
}

static gwapi_result merge_matches(splice *s, const uint32_t *staying, uint32_t count)
{
    uint32_t next = 0;

    s->c->match_count = count + s->made.count;
    s->c->matches = gwapi__compile_array(s->c, s->c->match_count, sizeof(gwapi__compile_match));
    GWAPI__TRY(s->c->builder.failure);
    for (size_t i = 0; i < s->made.count; i++) {
        const gwapi__compile_match *m = GWAPI__AT(&s->made, gwapi__compile_match, i);
        for (uint32_t end = rank_of(s, m, staying, count); next < end; next++)
            copy_match(s, staying[next]);
        add_match(s, m);
    }
    for (; next < count; next++)
        copy_match(s, staying[next]);
    return s->c->builder.failure;
}

static gwapi_result splice_matches(splice *s)
{
    uint32_t count = records_before(s, GWAPI__SECTION_MATCH), stay = 0;
    uint32_t *staying = gwapi__compile_array(s->c, count, sizeof *staying);

    s->matches = gwapi__compile_array(s->c, count, sizeof *s->matches);
    GWAPI__TRY(s->c->builder.failure);
    for (uint32_t i = 0; i < count; i++) {
        const gwapi__image_match *m = record_before(s, GWAPI__SECTION_MATCH, i);
        s->matches[i] = GWAPI__IMAGE_NONE;
        if (!s->changed[m->route])
            staying[stay++] = i;
    }
    return merge_matches(s, staying, stay);
}

/* ---- hosts
 * ------------------------------------------------------------------------------------------ */

static const uint32_t *variants_of(const splice *s, const gwapi__kept_host *host)
{
    return host->count != 0 ? GWAPI__AT(&s->kept->variants, uint32_t, host->first) : NULL;
}

static bool is_changed(const splice *s, uint32_t variant)
{
    for (uint32_t i = 0; i < s->change_count; i++)
        if (variant == 2 * s->changes[i].number)
            return true;
    return false;
}

static bool has_changed(const splice *s, const gwapi__kept_host *host)
{
    const uint32_t *variants = variants_of(s, host);

    for (uint32_t i = 0; i < host->count; i++)
        if (is_changed(s, variants[i]))
            return true;
    return false;
}

/* The variants of hosts whose tables are made anew are `used`: their matches are needed. */
static void choose_variants(const splice *s, bool *anew)
{
    for (uint32_t i = 0; i < s->kept->hosts.count; i++) {
        const gwapi__kept_host *host = GWAPI__AT(&s->kept->hosts, gwapi__kept_host, i);
        anew[i] = has_changed(s, host);
        for (uint32_t k = 0; anew[i] && k < host->count; k++)
            s->c->variants[variants_of(s, host)[k]].used = true;
    }
}

/* The compiler's own view of those matches, as far as they did not change. */
static void read_matches(const splice *s)
{
    for (uint32_t i = 0; i < records_before(s, GWAPI__SECTION_MATCH); i++) {
        const gwapi__image_match *m = record_before(s, GWAPI__SECTION_MATCH, i);
        uint32_t variant = 2 * kept_route(s, m->route)->number;
        if (s->matches[i] != GWAPI__IMAGE_NONE &&
            (s->c->variants[variant].used || s->c->variants[variant + 1].used))
            read_match(s, i, &s->c->matches[s->matches[i]]);
    }
}

/* In MATCH's order for each variant. */
static gwapi_result index_matches(const splice *s)
{
    gwapi__compiler *c = s->c;
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

/* A list of places in MATCH. */
static uint32_t copy_numbers(const splice *s, uint32_t first, uint32_t count)
{
    gwapi__block *b = &s->c->builder;
    uint32_t at = gwapi__block_count(b, GWAPI__SECTION_MATCH_INDEX);
    const uint32_t *from = record_before(s, GWAPI__SECTION_MATCH_INDEX, first);
    uint32_t *to = gwapi__block_add_many(b, GWAPI__SECTION_MATCH_INDEX, count);

    for (uint32_t i = 0; to != NULL && i < count; i++)
        to[i] = s->matches[from[i]];
    return at;
}

static void copy_slots(const splice *s, gwapi__image_range *slots)
{
    gwapi__block *b = &s->c->builder;
    uint32_t at = gwapi__block_count(b, GWAPI__SECTION_SLOT);
    gwapi__image_slot *slot =
        copy_records(s, GWAPI__SECTION_SLOT, slots->first, slots->count, ANY_SEGMENT);

    slots->first = at;
    for (uint32_t i = 0; slot != NULL && i < slots->count; i++, slot++) {
        if (slot->matches == GWAPI__SLOT_FREE)
            continue;
        if ((slot->matches & GWAPI__SLOT_LIST) == 0) {
            slot->matches = s->matches[slot->matches];
            continue;
        }
        uint32_t list = slot->matches & ~GWAPI__SLOT_LIST;
        uint32_t more = *(const uint32_t *)record_before(s, GWAPI__SECTION_MATCH_INDEX, list);
        uint32_t to = gwapi__block_count(b, GWAPI__SECTION_MATCH_INDEX);
        gwapi__block_word(b, GWAPI__SECTION_MATCH_INDEX, more);
        copy_numbers(s, list + 1, more + 1);
        slot->matches = to | GWAPI__SLOT_LIST;
    }
}

static void copy_lists(const splice *s, uint32_t *lists)
{
    if (*lists == GWAPI__IMAGE_NONE)
        return;
    gwapi__image_host_lists record =
        *(const gwapi__image_host_lists *)record_before(s, GWAPI__SECTION_HOST_LISTS, *lists);
    gwapi__image_range *const ranges[] = {&record.patterns, &record.deep, &record.grpc};

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        ranges[i]->first = copy_numbers(s, ranges[i]->first, ranges[i]->count);
    gwapi__image_host_lists *out =
        gwapi__block_add(&s->c->builder, GWAPI__SECTION_HOST_LISTS, lists);
    if (out != NULL)
        *out = record;
}

static void copy_host(const splice *s, const gwapi__kept_host *kept, uint32_t i)
{
    gwapi__block *b = &s->c->builder;
    gwapi__image_host record =
        *(const gwapi__image_host *)record_before(s, GWAPI__SECTION_HOST, i);
    uint32_t next = record.next;

    if (kept->own != i) {
        record = *(const gwapi__image_host *)gwapi__block_at(b, GWAPI__SECTION_HOST, kept->own);
        record.next = next;
    } else {
        if (record.slots.count != 0)
            copy_slots(s, &record.slots);
        copy_lists(s, &record.lists);
    }
    gwapi__image_host *out = gwapi__block_add(b, GWAPI__SECTION_HOST, NULL);
    if (out != NULL)
        *out = record;
}

static gwapi_result splice_hosts(const splice *s)
{
    bool *anew = gwapi__compile_array(s->c, s->kept->hosts.count, sizeof *anew);
    uint32_t host;

    GWAPI__TRY(s->c->builder.failure);
    choose_variants(s, anew);
    read_matches(s);
    GWAPI__TRY(index_matches(s));
    for (uint32_t i = 0; i < s->kept->hosts.count && s->c->builder.failure == GWAPI_OK; i++) {
        const gwapi__kept_host *kept = GWAPI__AT(&s->kept->hosts, gwapi__kept_host, i);
        const gwapi__image_host *record = record_before(s, GWAPI__SECTION_HOST, i);
        if (anew[i])
            GWAPI__TRY(gwapi__compile_host_tables(s->c, variants_of(s, kept), kept->count,
                                                  record->next, &host));
        else
            copy_host(s, kept, i);
    }
    return s->c->builder.failure;
}

/* ---- everything else
 * ----------------------------------------------------------------------------------- */

/* Sections that are made above, or by finishing. */
static bool is_made(const splice *s, uint32_t section)
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

static gwapi_result copy_others(const splice *s)
{
    for (uint32_t id = GWAPI__SECTION_INFO; id < GWAPI__SECTION_END; id++)
        if (!is_made(s, id))
            copy_records(s, id, 0, records_before(s, id), ANY_SEGMENT);
    return s->c->builder.failure;
}

/* ---- what is left for the next compilation
 * ---------------------------------------------------------------- */

static gwapi_result copy_vector(gwapi__vector *to, const gwapi__vector *from)
{
    if (!gwapi__vector_reserve(to, from->count))
        return GWAPI_ENOMEM;
    if (from->count != 0)
        memcpy(to->data, from->data, from->count * from->size);
    to->count = from->count;
    return GWAPI_OK;
}

static gwapi_result splice_kept(const splice *s)
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

/* ---- what routes look for
 * --------------------------------------------------------------------------------- */

static gwapi_result name_texts(const splice *s, gwapi__map *map, uint32_t section)
{
    for (uint32_t i = 0; i < records_before(s, section); i++) {
        const gwapi__image_string *record = record_before(s, section, i);
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

static gwapi_result take_needs(needs *n, const splice *s, const gwapi__resolved_route *route)
{
    memset(n, 0, sizeof *n);
    n->c.allocator = s->c->allocator;
    gwapi__arena_init(&n->c.arena, &s->c->allocator);
    gwapi__map_init(&n->c.header_names, &s->c->allocator, 0);
    gwapi__map_init(&n->c.regexes, &s->c->allocator, 0);
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
static gwapi_result check_change(const splice *s, const gwapi__route_change *change, bool *good)
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

static gwapi_result check_changes(splice *s, bool *good)
{
    *good = true;
    GWAPI__TRY(name_texts(s, &s->c->header_names, GWAPI__SECTION_HEADER_NAME));
    GWAPI__TRY(name_texts(s, &s->c->regexes, GWAPI__SECTION_REGEX));
    for (uint32_t i = 0; i < s->change_count && *good; i++)
        GWAPI__TRY(check_change(s, &s->changes[i], good));
    return GWAPI_OK;
}

/* Rules that match nothing would take hosts away. */
static bool all_match(const splice *s)
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

/* ---- the way
 * --------------------------------------------------------------------------------------------------
 */

static gwapi_result prepare(splice *s)
{
    gwapi__compiler *c = s->c;

    for (size_t i = 0; i < GWAPI__MARKS; i++)
        s->marks[gwapi__marked_sections[i]] = (uint32_t)i + 1;
    for (size_t i = 0; i < gwapi__image_field_count; i++) {
        uint32_t section = gwapi__image_fields[i].section;
        if (s->fields[section].end == 0)
            s->fields[section].first = i;
        s->fields[section].end = i + 1;
    }
    c->t.route_count = gwapi_topology_route_count(c->topology);
    c->t.routes = gwapi__compile_array(c, c->t.route_count, sizeof *c->t.routes);
    c->variants = gwapi__compile_array(c, c->t.route_count, 2 * sizeof *c->variants);
    s->moves = gwapi__compile_array(c, (size_t)s->change_count + 1, sizeof *s->moves);
    s->changed =
        gwapi__compile_array(c, records_before(s, GWAPI__SECTION_ROUTE), sizeof *s->changed);
    GWAPI__TRY(c->builder.failure);
    for (uint32_t i = 0; i < s->change_count; i++) {
        s->changed[s->changes[i].place] = true;
        c->t.routes[s->changes[i].number] = s->changes[i].after;
        c->variants[2 * (size_t)s->changes[i].number].used = true;
    }
    return GWAPI_OK;
}

static gwapi_result run(splice *s, bool *done)
{
    gwapi__compiler *c = s->c;

    gwapi__block_take_texts(&c->builder, s->before->image.records[GWAPI__SECTION_TEXT],
                            records_before(s, GWAPI__SECTION_TEXT));
    GWAPI__TRY(c->builder.failure);
    GWAPI__TRY(copy_targets(s));
    GWAPI__TRY(splice_routes(s));
    GWAPI__TRY(list_made(s));
    *done = all_match(s);
    if (!*done)
        return GWAPI_OK;
    GWAPI__TRY(splice_matches(s));
    GWAPI__TRY(splice_hosts(s));
    GWAPI__TRY(copy_others(s));
    return splice_kept(s);
}

gwapi_result gwapi__splice(gwapi__compiler *c, const gwapi_snapshot *before,
                           const gwapi__vector *changes, bool *done)
{
    splice s = {.c = c,
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
