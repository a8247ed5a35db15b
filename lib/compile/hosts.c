/*
 * The candidates a request is looked up among: for each hostname a table of whole paths, prefixes
 * and gRPC methods, and lists of what no table can hold, each in order of precedence.
 */
#include "base/map.h"
#include "compile/candidates.h"
#include "image/index.h"

/* ---- writing ------------------------------------------------------------------------------ */

static gwapi__image_range emit_numbers(gwapi__compiler *c, const gwapi__vector *numbers)
{
    gwapi__block *b = &c->builder;
    gwapi__image_range range = {gwapi__block_count(b, GWAPI__SECTION_MATCH_INDEX),
                                (uint32_t)numbers->count};

    for (size_t i = 0; i < numbers->count; i++)
        gwapi__block_word(b, GWAPI__SECTION_MATCH_INDEX, *GWAPI__AT(numbers, uint32_t, i));
    return range;
}

/* One match by itself, several as a list: one less than their number, then they. */
static uint32_t emit_group(gwapi__compiler *c, const gwapi__vector *keyed, size_t from)
{
    gwapi__block *b = &c->builder;
    size_t to = gwapi__keyed_end(keyed, from);
    uint32_t at = gwapi__block_count(b, GWAPI__SECTION_MATCH_INDEX);

    if (to - from == 1)
        return GWAPI__AT(keyed, gwapi__keyed_match, from)->match;
    gwapi__block_word(b, GWAPI__SECTION_MATCH_INDEX, (uint32_t)(to - from - 1));
    for (size_t i = from; i < to; i++)
        gwapi__block_word(b, GWAPI__SECTION_MATCH_INDEX,
                          GWAPI__AT(keyed, gwapi__keyed_match, i)->match);
    return at | GWAPI__SLOT_LIST;
}

static void emit_slot(gwapi__compiler *c, const gwapi__candidates *lists,
                      uint32_t i)
{
    gwapi__image_slot record = {0, {GWAPI__IMAGE_NONE}, GWAPI__SLOT_FREE};
    uint32_t more;
    const gwapi__place_key *place = gwapi__places_at(&lists->places, i, &more);

    if (place != NULL) {
        const gwapi__keyed_match *key =
            GWAPI__AT(&lists->keyed, gwapi__keyed_match, place->item);
        uint64_t hash = gwapi__index_seeded(place->hash, lists->places.seed);
        record.tag = gwapi__slot_tag(hash, key->type);
        record.text = key->text;
        record.matches = emit_group(c, &lists->keyed, place->item);
    }
    record.tag |= more;
    gwapi__image_slot *out = gwapi__block_add(&c->builder, GWAPI__SECTION_SLOT, NULL);
    if (out != NULL)
        *out = record;
}

static bool emit_slots(gwapi__compiler *c, gwapi__candidates *lists)
{
    gwapi__image_host *host = &lists->host;

    host->slots.first = gwapi__block_count(&c->builder, GWAPI__SECTION_SLOT);
    if (!gwapi__places_find(&lists->places))
        return false;
    host->slots.count = lists->places.count;
    host->flags |= lists->places.seed;
    for (uint32_t i = 0; i < host->slots.count; i++)
        emit_slot(c, lists, i);
    return true;
}

static uint32_t emit_lists(gwapi__compiler *c, const gwapi__candidates *lists)
{
    gwapi__image_host_lists record = {.pattern_depths = lists->pattern_depths};
    uint32_t index = GWAPI__IMAGE_NONE;

    if (lists->pattern_depths == 0 &&
        lists->patterns.count + lists->deep.count + lists->grpc.count == 0)
        return index;
    record.patterns = emit_numbers(c, &lists->patterns);
    record.deep = emit_numbers(c, &lists->deep);
    record.grpc = emit_numbers(c, &lists->grpc);
    gwapi__image_host_lists *out =
        gwapi__block_add(&c->builder, GWAPI__SECTION_HOST_LISTS, &index);
    if (out != NULL)
        *out = record;
    return index;
}

/* The tables of the matches of some variants; false without memory. */
static bool emit_tables(gwapi__compiler *c, const uint32_t *variants, size_t count,
                        gwapi__candidates *lists)
{
    if (!gwapi__candidates_fill(c, variants, count, lists))
        return false;
    if (lists->keyed.count != 0 && !emit_slots(c, lists))
        return false;
    lists->host.lists = emit_lists(c, lists);
    return true;
}

/* ---- hosts ----------------------------------------------------------------------------------- */

static uint32_t add_host(gwapi__compiler *c, gwapi__image_host record, uint32_t next)
{
    uint32_t index;
    gwapi__image_host *out = gwapi__block_add(&c->builder, GWAPI__SECTION_HOST, &index);

    record.next = next;
    if (out != NULL)
        *out = record;
    return index;
}

/* The variants that take requests, each once, ascending; *count of them. */
static uint32_t *list_variants(gwapi__compiler *c, const gwapi__host_entry *entries, size_t *count)
{
    uint32_t *variants = gwapi__compile_array(c, *count, sizeof *variants);
    size_t n = 0;

    for (size_t i = 0; variants != NULL && i < *count; i++) {
        uint32_t variant = 2 * entries[i].route + entries[i].mesh;
        if (c->variants[variant].match_count != 0)
            variants[n++] = variant;
    }
    if (variants == NULL ||
        !gwapi__sort(&c->allocator, variants, n, sizeof *variants, gwapi__order_numbers, NULL))
        return NULL;
    *count = 0;
    for (size_t i = 0; i < n; i++)
        if (*count == 0 || variants[*count - 1] != variants[i])
            variants[(*count)++] = variants[i];
    return variants;
}

static gwapi_result keep_host(gwapi__compiler *c, uint32_t own, const uint32_t *variants,
                              size_t count)
{
    if (c->kept == NULL)
        return GWAPI_OK;
    gwapi__vector *all = &c->kept->variants;
    gwapi__kept_host *host = gwapi__vector_push(&c->kept->hosts);
    if (host == NULL || !gwapi__vector_reserve(all, count))
        return GWAPI_ENOMEM;
    *host = (gwapi__kept_host){own, (uint32_t)all->count, (uint32_t)count};
    for (size_t i = 0; i < count; i++)
        *(uint32_t *)gwapi__vector_push(all) = variants[i]; /* has room */
    return GWAPI_OK;
}

gwapi_result gwapi__compile_host_tables(gwapi__compiler *c, const uint32_t *variants,
                                        size_t count, uint32_t next, uint32_t *host)
{
    if (c->candidates == NULL) {
        c->candidates = GWAPI__ARENA_NEW(&c->arena, gwapi__candidates);
        if (c->candidates == NULL)
            return GWAPI_ENOMEM;
        gwapi__candidates_init(c->candidates, &c->allocator);
    }
    bool good = emit_tables(c, variants, count, c->candidates);
    if (good)
        *host = add_host(c, c->candidates->host, next);
    return good || c->builder.failure != GWAPI_OK ? c->builder.failure : GWAPI_ENOMEM;
}

static bool emit_new_host(gwapi__compiler *c, const uint32_t *variants, size_t count,
                          gwapi_str key, uint32_t next, uint32_t *host)
{
    if (gwapi__compile_host_tables(c, variants, count, next, host) != GWAPI_OK ||
        keep_host(c, *host, variants, count) != GWAPI_OK)
        return false;
    gwapi__map_entry *entry = gwapi__map_add(&c->host_tables, key);
    if (entry != NULL)
        entry->value = (void *)(uintptr_t)*host;
    return entry != NULL;
}

/* With the tables of an earlier one. */
static uint32_t share_host(gwapi__compiler *c, uint32_t own, uint32_t next)
{
    const gwapi__image_host *record = gwapi__block_at(&c->builder, GWAPI__SECTION_HOST, own);

    if (record->next == next)
        return own;
    if (keep_host(c, own, NULL, 0) != GWAPI_OK)
        c->builder.failure = GWAPI_ENOMEM;
    return add_host(c, *record, next);
}

uint32_t gwapi__compile_host(gwapi__compiler *c, const gwapi__host_entry *entries, size_t count,
                             uint32_t next)
{
    uint32_t *variants = list_variants(c, entries, &count), host = GWAPI__IMAGE_NONE;

    if (variants == NULL) {
        c->builder.failure = GWAPI_ENOMEM;
        return host;
    }
    if (count == 0 || c->builder.failure != GWAPI_OK)
        return host;
    gwapi_str key = gwapi__str((const char *)variants, count * sizeof *variants);
    const gwapi__map_entry *same = gwapi__map_find(&c->host_tables, key);
    if (same != NULL)
        return share_host(c, (uint32_t)(uintptr_t)same->value, next);
    if (!emit_new_host(c, variants, count, key, next, &host) &&
        c->builder.failure == GWAPI_OK)
        c->builder.failure = GWAPI_ENOMEM;
    return host;
}

/* TLSRoutes before TCPRoutes, then the older (matching.md §9); its first rule takes all. */
uint32_t gwapi__compile_stream_rule(const gwapi__compiler *c, const gwapi__host_entry *entries,
                                    size_t count)
{
    uint32_t rule = GWAPI__IMAGE_NONE;
    gwapi__resource_kind best_kind = GWAPI__KIND_COUNT;
    uint32_t best_rank = UINT32_MAX;

    for (size_t i = 0; i < count; i++) {
        uint32_t route = entries[i].route, rank = c->route_rank[route];
        gwapi__resource_kind kind = c->t.routes[route]->resource->kind;
        const gwapi__variant *v = &c->variants[2 * (size_t)route + entries[i].mesh];
        if (v->rule_count == 0 || kind < GWAPI__KIND_TLS_ROUTE || kind > best_kind ||
            (kind == best_kind && rank >= best_rank))
            continue;
        best_kind = kind;
        best_rank = rank;
        rule = v->first_rule;
    }
    return rule;
}
