/* The tables a request is looked up in: hostnames, below them whole paths, path patterns,
 * prefixes and gRPC methods, each with its matches in order of precedence. */
#include "compile/compiler.h"

/* A match under the text it is found by. */
typedef struct keyed_match {
    gwapi_str text;
    uint32_t match;
} keyed_match;

/* The matches of one hostname, by the list they go to. */
typedef struct host_lists {
    gwapi__vector all; /* of uint32_t, ascending */
    gwapi__vector exact, prefix, grpc; /* of keyed_match */
    gwapi__vector regex, grpc_others;  /* of uint32_t */
} host_lists;

static void lists_init(gwapi__compiler *c, host_lists *lists)
{
    gwapi__vector_init(&lists->all, &c->allocator, sizeof(uint32_t));
    gwapi__vector_init(&lists->exact, &c->allocator, sizeof(keyed_match));
    gwapi__vector_init(&lists->prefix, &c->allocator, sizeof(keyed_match));
    gwapi__vector_init(&lists->grpc, &c->allocator, sizeof(keyed_match));
    gwapi__vector_init(&lists->regex, &c->allocator, sizeof(uint32_t));
    gwapi__vector_init(&lists->grpc_others, &c->allocator, sizeof(uint32_t));
}

static void lists_free(host_lists *lists)
{
    gwapi__vector_free(&lists->all);
    gwapi__vector_free(&lists->exact);
    gwapi__vector_free(&lists->prefix);
    gwapi__vector_free(&lists->grpc);
    gwapi__vector_free(&lists->regex);
    gwapi__vector_free(&lists->grpc_others);
}

static void lists_clear(host_lists *lists)
{
    lists->all.count = lists->exact.count = lists->prefix.count = 0;
    lists->grpc.count = lists->regex.count = lists->grpc_others.count = 0;
}

/* ---- sorting matches into lists ---------------------------------------------------------------- */

static bool push_number(gwapi__vector *v, uint32_t number)
{
    uint32_t *slot = gwapi__vector_push(v);

    if (slot == NULL)
        return false;
    *slot = number;
    return true;
}

static bool push_keyed(gwapi__vector *v, gwapi_str text, uint32_t match)
{
    keyed_match *slot = gwapi__vector_push(v);

    if (slot == NULL)
        return false;
    *slot = (keyed_match){text, match};
    return true;
}

/* "/service/method", or "/service/" for every method. */
static bool grpc_text(gwapi__compiler *c, const gwapi__route_match *spec, gwapi_str *out)
{
    size_t len = spec->grpc_service.len + spec->grpc_method.len + 2;
    char *text = gwapi__arena_alloc(&c->arena, len);

    if (text == NULL)
        return false;
    text[0] = '/';
    memcpy(text + 1, spec->grpc_service.data, spec->grpc_service.len);
    text[1 + spec->grpc_service.len] = '/';
    if (spec->grpc_method.len != 0)
        memcpy(text + 2 + spec->grpc_service.len, spec->grpc_method.data, spec->grpc_method.len);
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
    gwapi_str text;

    if (!has_grpc_text(spec))
        return push_number(&lists->grpc_others, match);
    return grpc_text(c, spec, &text) && push_keyed(&lists->grpc, text, match);
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
        return push_keyed(&lists->exact, path, match);
    case GWAPI__MATCH_REGEX:
        return push_number(&lists->regex, match);
    case GWAPI__MATCH_PREFIX:
        if (gwapi__str_ends(path, GWAPI__STR("/")))
            path.len--;
        return push_keyed(&lists->prefix, path, match);
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

static int order_keyed(const void *a, const void *b, void *ctx)
{
    const keyed_match *x = a, *y = b;
    int order = gwapi__str_cmp(x->text, y->text);

    return order != 0 ? order : order_numbers(&x->match, &y->match, ctx);
}

/* All matches of the entries, each once, into the lists. */
static bool fill_lists(gwapi__compiler *c, const gwapi__host_entry *entries, size_t count,
                       host_lists *lists)
{
    uint32_t last = GWAPI__IMAGE_NONE;

    lists_clear(lists);
    for (size_t i = 0; i < count; i++) {
        const gwapi__variant *v = gwapi__variant_of(c, entries[i].route, entries[i].mesh);
        for (uint32_t k = 0; k < v->match_count; k++)
            if (!push_number(&lists->all, c->variant_matches[v->first_match + k]))
                return false;
    }
    if (!gwapi__vector_sort(&lists->all, order_numbers, NULL))
        return false;
    for (size_t i = 0; i < lists->all.count; i++) {
        uint32_t match = *GWAPI__AT(&lists->all, uint32_t, i);
        if (match != last && !sort_in(c, lists, match))
            return false;
        last = match;
    }
    return gwapi__vector_sort(&lists->exact, order_keyed, NULL) &&
           gwapi__vector_sort(&lists->prefix, order_keyed, NULL) &&
           gwapi__vector_sort(&lists->grpc, order_keyed, NULL);
}

/* ---- writing ------------------------------------------------------------------------------------ */

static gwapi__image_range emit_numbers(gwapi__compiler *c, const gwapi__vector *numbers)
{
    gwapi__block *b = &c->builder;
    gwapi__image_range range = {gwapi__block_count(b, GWAPI__SECTION_MATCH_INDEX),
                                (uint32_t)numbers->count};

    for (size_t i = 0; i < numbers->count; i++)
        gwapi__block_word(b, GWAPI__SECTION_MATCH_INDEX, *GWAPI__AT(numbers, uint32_t, i));
    return range;
}

static void emit_path(gwapi__compiler *c, const gwapi__vector *keyed, size_t from, size_t to)
{
    gwapi__block *b = &c->builder;
    gwapi__image_path record = {
        .text = gwapi__block_text(b, GWAPI__AT(keyed, keyed_match, from)->text),
        .matches = {gwapi__block_count(b, GWAPI__SECTION_MATCH_INDEX), (uint32_t)(to - from)},
    };

    for (size_t i = from; i < to; i++)
        gwapi__block_word(b, GWAPI__SECTION_MATCH_INDEX,
                            GWAPI__AT(keyed, keyed_match, i)->match);
    gwapi__image_path *out = gwapi__block_add(b, GWAPI__SECTION_PATH, NULL);
    if (out != NULL)
        *out = record;
}

/* One PATH for each text; *longest (may be NULL) receives the length of the longest. */
static gwapi__image_range emit_paths(gwapi__compiler *c, const gwapi__vector *keyed,
                                     uint32_t *longest)
{
    gwapi__block *b = &c->builder;
    gwapi__image_range range = {gwapi__block_count(b, GWAPI__SECTION_PATH), 0};

    for (size_t from = 0, to; from < keyed->count; from = to) {
        gwapi_str text = GWAPI__AT(keyed, keyed_match, from)->text;
        for (to = from + 1; to < keyed->count; to++)
            if (!gwapi__str_eq(GWAPI__AT(keyed, keyed_match, to)->text, text))
                break;
        emit_path(c, keyed, from, to);
        if (longest != NULL && text.len > *longest)
            *longest = (uint32_t)text.len;
    }
    range.count = gwapi__block_count(b, GWAPI__SECTION_PATH) - range.first;
    return range;
}

/* TLSRoutes before TCPRoutes, then the older (matching.md §9); its first rule takes all. */
static uint32_t choose_stream_rule(gwapi__compiler *c, const gwapi__host_entry *entries,
                                   size_t count)
{
    uint32_t rule = GWAPI__IMAGE_NONE;
    gwapi__resource_kind best_kind = GWAPI__KIND_COUNT;
    uint32_t best_rank = UINT32_MAX;

    for (size_t i = 0; i < count; i++) {
        uint32_t route = entries[i].route, rank = c->route_rank[route];
        gwapi__resource_kind kind = c->topology->routes[route].resource->kind;
        const gwapi__variant *v = gwapi__variant_of(c, route, entries[i].mesh);
        if (v->rule_count == 0 || kind < GWAPI__KIND_TLS_ROUTE || kind > best_kind ||
            (kind == best_kind && rank >= best_rank))
            continue;
        best_kind = kind;
        best_rank = rank;
        rule = v->first_rule;
    }
    return rule;
}

static gwapi_result emit_host(gwapi__compiler *c, const gwapi__host_entry *entries, size_t count,
                              host_lists *lists)
{
    if (!fill_lists(c, entries, count, lists))
        return GWAPI_ENOMEM;
    gwapi__image_host record = {
        .name = gwapi__block_text(&c->builder, entries[0].hostname),
        .stream_rule = choose_stream_rule(c, entries, count),
    };
    record.exact = emit_paths(c, &lists->exact, NULL);
    record.regex = emit_numbers(c, &lists->regex);
    record.prefix = emit_paths(c, &lists->prefix, &record.prefix_longest);
    record.grpc = emit_paths(c, &lists->grpc, NULL);
    record.grpc_others = emit_numbers(c, &lists->grpc_others);
    gwapi__image_host *out = gwapi__block_add(&c->builder, GWAPI__SECTION_HOST, NULL);
    if (out != NULL)
        *out = record;
    return c->builder.failure;
}

static int order_entries(const void *a, const void *b, void *ctx)
{
    const gwapi__host_entry *x = a, *y = b;

    (void)ctx;
    return gwapi__str_cmp(x->hostname, y->hostname);
}

gwapi__image_range gwapi__compile_hosts(gwapi__compiler *c, gwapi__host_entry *entries,
                                        size_t count)
{
    gwapi__image_range range = {gwapi__block_count(&c->builder, GWAPI__SECTION_HOST), 0};
    gwapi_result r = GWAPI_OK;
    host_lists lists;

    lists_init(c, &lists);
    if (!gwapi__sort(&c->allocator, entries, count, sizeof *entries, order_entries, NULL))
        r = GWAPI_ENOMEM;
    for (size_t from = 0, to; r == GWAPI_OK && from < count; from = to) {
        for (to = from + 1; to < count; to++)
            if (!gwapi__str_eq(entries[to].hostname, entries[from].hostname))
                break;
        r = emit_host(c, entries + from, to - from, &lists);
    }
    lists_free(&lists);
    if (r != GWAPI_OK)
        c->builder.failure = r;
    range.count = gwapi__block_count(&c->builder, GWAPI__SECTION_HOST) - range.first;
    return range;
}
