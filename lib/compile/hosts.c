/*
 * The candidates a request is looked up among: for each hostname a table of whole paths, prefixes
 * and gRPC methods, and lists of what no table can hold, each in order of precedence.
 */
#include "base/map.h"
#include "compile/compiler.h"
#include "compile/places.h"
#include "image/index.h"

/* A match under the text it is found by. */
typedef struct keyed_match {
    uint64_t hash;
    gwapi_str text;
    uint32_t type; /* GWAPI__IMAGE_MATCH_... */
    uint32_t match;
} keyed_match;

/* The matches of one hostname, by where they go. */
typedef struct host_lists {
    gwapi__vector all;                  /* of uint32_t, ascending */
    gwapi__vector keyed;                /* of keyed_match */
    gwapi__vector patterns, deep, grpc; /* of uint32_t */
    gwapi__places places;               /* items: where a group of `keyed` begins */
    gwapi__image_host host;             /* but for `next` */
    uint32_t pattern_depths;
} host_lists;

static void lists_init(gwapi__compiler *c, host_lists *lists)
{
    gwapi__vector_init(&lists->all, &c->allocator, sizeof(uint32_t));
    gwapi__vector_init(&lists->keyed, &c->allocator, sizeof(keyed_match));
    gwapi__vector_init(&lists->patterns, &c->allocator, sizeof(uint32_t));
    gwapi__vector_init(&lists->deep, &c->allocator, sizeof(uint32_t));
    gwapi__vector_init(&lists->grpc, &c->allocator, sizeof(uint32_t));
    gwapi__places_init(&lists->places, &c->allocator);
}

static void lists_free(host_lists *lists)
{
    gwapi__vector_free(&lists->all);
    gwapi__vector_free(&lists->keyed);
    gwapi__vector_free(&lists->patterns);
    gwapi__vector_free(&lists->deep);
    gwapi__vector_free(&lists->grpc);
    gwapi__places_free(&lists->places);
}

static void lists_clear(host_lists *lists)
{
    lists->all.count = lists->keyed.count = lists->patterns.count = 0;
    lists->deep.count = lists->grpc.count = 0;
    lists->host = (gwapi__image_host){.lists = GWAPI__IMAGE_NONE, .next = GWAPI__IMAGE_NONE};
    lists->pattern_depths = 0;
    gwapi__places_clear(&lists->places);
}

/* ---- sorting matches in ------------------------------------------------------------------- */

static bool push_number(gwapi__vector *v, uint32_t number)
{
    uint32_t *slot = gwapi__vector_push(v);

    if (slot == NULL)
        return false;
    *slot = number;
    return true;
}

static bool push_keyed(host_lists *lists, uint32_t type, uint64_t hash, gwapi_str text,
                       uint32_t match)
{
    keyed_match *slot = gwapi__vector_push(&lists->keyed);

    if (slot == NULL)
        return false;
    *slot = (keyed_match){hash, text, type, match};
    return true;
}

/* "/service/method", or "/service" for every method. */
static bool grpc_text(gwapi__compiler *c, const gwapi__route_match *spec, gwapi_str *out)
{
    size_t service = spec->grpc_service.len, method = spec->grpc_method.len;
    size_t len = 1 + service + (method != 0) + method;
    char *text = gwapi__arena_alloc(&c->arena, len);

    if (text == NULL)
        return false;
    text[0] = '/';
    memcpy(text + 1, spec->grpc_service.data, service);
    if (method != 0) {
        text[1 + service] = '/';
        memcpy(text + 2 + service, spec->grpc_method.data, method);
    }
    *out = gwapi__str(text, len);
    return true;
}

/* Found by text are literal services (a '/' in one would be read as the method's). */
static bool has_grpc_text(const gwapi__route_match *spec)
{
    return spec != NULL && spec->has_grpc_method && spec->grpc_type != GWAPI__MATCH_REGEX &&
           spec->grpc_service.len != 0 &&
           gwapi__str_find_char(spec->grpc_service, '/') == SIZE_MAX;
}

static bool sort_in_grpc(gwapi__compiler *c, host_lists *lists, uint32_t match)
{
    const gwapi__route_match *spec = c->matches[match].spec;
    gwapi__path_index index;
    gwapi_str text;

    if (!has_grpc_text(spec))
        return push_number(&lists->grpc, match);
    if (!grpc_text(c, spec, &text))
        return false;
    gwapi__index_path(&index, text.data, text.len);
    lists->host.flags |= spec->grpc_method.len != 0 ? GWAPI__HOST_GRPC_METHOD
                                                    : GWAPI__HOST_GRPC_SERVICE;
    return push_keyed(lists, GWAPI__IMAGE_MATCH_GRPC, index.whole, text, match);
}

static bool sort_in_exact(host_lists *lists, gwapi_str path, uint32_t match)
{
    gwapi__path_index index;

    gwapi__index_path(&index, path.data, path.len);
    lists->host.exact_depths |= gwapi__index_depth(index.depth);
    return push_keyed(lists, GWAPI__IMAGE_MATCH_EXACT, index.whole, path, match);
}

static bool sort_in_prefix(host_lists *lists, gwapi_str path, uint32_t match)
{
    gwapi__path_index index;

    if (gwapi__str_ends(path, GWAPI__STR("/")))
        path.len--;
    gwapi__index_path(&index, path.data, path.len);
    if (index.depth >= GWAPI__INDEX_DEEPEST)
        return push_number(&lists->deep, match);
    lists->host.prefix_depths |= gwapi__index_depth(index.depth);
    return push_keyed(lists, GWAPI__IMAGE_MATCH_PREFIX, index.whole, path, match);
}

static bool sort_in(gwapi__compiler *c, host_lists *lists, uint32_t match)
{
    const gwapi__compile_match *m = &c->matches[match];
    gwapi_str path;

    if (m->key[0] == 3)
        return sort_in_grpc(c, lists, match);
    path = m->spec->path.data != NULL ? m->spec->path : GWAPI__STR("/");
    switch (m->spec->path_type) {
    case GWAPI__MATCH_EXACT:
        return sort_in_exact(lists, path, match);
    case GWAPI__MATCH_REGEX:
        return push_number(&lists->patterns, match);
    case GWAPI__MATCH_PREFIX:
        return sort_in_prefix(lists, path, match);
    case GWAPI__MATCH_UNKNOWN:
        break; /* such a rule was dropped */
    }
    return true;
}

static int order_numbers(const void *a, const void *b, void *ctx)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    (void)ctx;
    return (x > y) - (x < y);
}

static bool same_key(const keyed_match *x, const keyed_match *y)
{
    return x->hash == y->hash && x->type == y->type && gwapi__str_eq(x->text, y->text);
}

static int order_keyed(const void *a, const void *b, void *ctx)
{
    const keyed_match *x = a, *y = b;

    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    if (x->type != y->type)
        return x->type < y->type ? -1 : 1;
    int order = gwapi__str_cmp(x->text, y->text);
    return order != 0 ? order : order_numbers(&x->match, &y->match, ctx);
}

/* All matches of the variants, each once, by where they go. */
static bool fill_lists(gwapi__compiler *c, const uint32_t *variants, size_t count,
                       host_lists *lists)
{
    uint32_t last = GWAPI__IMAGE_NONE;

    lists_clear(lists);
    for (size_t i = 0; i < count; i++) {
        const gwapi__variant *v = &c->variants[variants[i]];
        for (uint32_t k = 0; k < v->match_count; k++)
            if (!push_number(&lists->all, c->variant_matches[v->first_match + k]))
                return false;
    }
    if (count > 1 && !gwapi__vector_sort(&lists->all, order_numbers, NULL))
        return false;
    for (size_t i = 0; i < lists->all.count; i++) {
        uint32_t match = *GWAPI__AT(&lists->all, uint32_t, i);
        if (match != last && !sort_in(c, lists, match))
            return false;
        last = match;
    }
    return gwapi__vector_sort(&lists->keyed, order_keyed, NULL);
}

/* The keys of the table: the groups of `keyed` that share type and text. */
static size_t group_end(const gwapi__vector *keyed, size_t from)
{
    size_t to = from + 1;

    while (to < keyed->count &&
           same_key(GWAPI__AT(keyed, keyed_match, to), GWAPI__AT(keyed, keyed_match, from)))
        to++;
    return to;
}

static bool list_keys(host_lists *lists)
{
    for (size_t from = 0; from < lists->keyed.count; from = group_end(&lists->keyed, from)) {
        const keyed_match *first = GWAPI__AT(&lists->keyed, keyed_match, from);
        if (!gwapi__places_add(&lists->places, first->hash, (uint32_t)from))
            return false;
    }
    return true;
}

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
    size_t to = group_end(keyed, from);
    uint32_t at = gwapi__block_count(b, GWAPI__SECTION_MATCH_INDEX);

    if (to - from == 1)
        return GWAPI__AT(keyed, keyed_match, from)->match;
    gwapi__block_word(b, GWAPI__SECTION_MATCH_INDEX, (uint32_t)(to - from - 1));
    for (size_t i = from; i < to; i++)
        gwapi__block_word(b, GWAPI__SECTION_MATCH_INDEX, GWAPI__AT(keyed, keyed_match, i)->match);
    return at | GWAPI__SLOT_LIST;
}

static void emit_slot(gwapi__compiler *c, const host_lists *lists, const gwapi__place_key *place)
{
    gwapi__image_slot record = {0, {GWAPI__IMAGE_NONE}, GWAPI__SLOT_FREE};

    if (place != NULL) {
        const keyed_match *key = GWAPI__AT(&lists->keyed, keyed_match, place->item);
        record.tag = gwapi__slot_tag(gwapi__index_seeded(place->hash, lists->places.seed), key->type);
        record.text = gwapi__block_text(&c->builder, key->text);
        record.matches = emit_group(c, &lists->keyed, place->item);
    }
    gwapi__image_slot *out = gwapi__block_add(&c->builder, GWAPI__SECTION_SLOT, NULL);
    if (out != NULL)
        *out = record;
}

static bool emit_slots(gwapi__compiler *c, host_lists *lists)
{
    gwapi__image_host *host = &lists->host;

    host->slots.first = gwapi__block_count(&c->builder, GWAPI__SECTION_SLOT);
    if (!list_keys(lists) || !gwapi__places_find(&lists->places))
        return false;
    host->slots.count = lists->places.count;
    host->flags |= lists->places.seed;
    for (uint32_t i = 0; i < host->slots.count; i++)
        emit_slot(c, lists, gwapi__places_at(&lists->places, i));
    return true;
}

static uint32_t emit_lists(gwapi__compiler *c, const host_lists *lists)
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
                        host_lists *lists)
{
    if (!fill_lists(c, variants, count, lists))
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
        !gwapi__sort(&c->allocator, variants, n, sizeof *variants, order_numbers, NULL))
        return NULL;
    *count = 0;
    for (size_t i = 0; i < n; i++)
        if (*count == 0 || variants[*count - 1] != variants[i])
            variants[(*count)++] = variants[i];
    return variants;
}

static bool emit_new_host(gwapi__compiler *c, const uint32_t *variants, size_t count,
                          gwapi_str key, uint32_t next, uint32_t *host)
{
    host_lists lists;

    lists_init(c, &lists);
    bool good = emit_tables(c, variants, count, &lists);
    if (good) {
        *host = add_host(c, lists.host, next);
        gwapi__map_entry *entry = gwapi__map_add(&c->host_tables, key);
        good = entry != NULL;
        if (good)
            entry->value = (void *)(uintptr_t)*host;
    }
    lists_free(&lists);
    return good;
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
    if (same != NULL) {
        const gwapi__image_host *record =
            gwapi__block_at(&c->builder, GWAPI__SECTION_HOST, (uint32_t)(uintptr_t)same->value);
        return record->next == next ? (uint32_t)(uintptr_t)same->value
                                    : add_host(c, *record, next);
    }
    if (!emit_new_host(c, variants, count, key, next, &host))
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
        gwapi__resource_kind kind = c->topology->routes[route].resource->kind;
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
