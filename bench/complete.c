#include "complete.h"
#include "hash.h"
#include "linear.h"
#include "measure.h"
#include "segments.h"

#include <stdlib.h>

/* ---- names --------------------------------------------------------------------------- */

static void names_init(bench_names *names, size_t most)
{
    names->mask = bench_power_above(most + most / 2) - 1;
    names->slots = bench_alloc(names->mask + 1, sizeof *names->slots);
    names->count = 0;
}

/* The slot of a text in a scope, or the free one where it belongs. */
static bench_names_slot *names_slot(const bench_names *names, uint64_t scope, uint64_t hash,
                                    gwapi_str text)
{
    hash = bench_mix(hash, scope);
    for (size_t i = hash & names->mask;; i = (i + 1) & names->mask) {
        bench_names_slot *slot = &names->slots[i];
        if (slot->id == 0 ||
            (slot->hash == hash && slot->scope == scope && bench_equal(slot->text, text)))
            return slot;
    }
}

static uint32_t names_find(const bench_names *names, uint64_t scope, uint64_t hash,
                           gwapi_str text)
{
    return names_slot(names, scope, hash, text)->id;
}

static uint32_t names_add(bench_names *names, uint64_t scope, uint64_t hash, gwapi_str text)
{
    bench_names_slot *slot = names_slot(names, scope, hash, text);

    if (slot->id == 0)
        *slot = (bench_names_slot){bench_mix(hash, scope), scope, text,
                                   (uint32_t)++names->count};
    return slot->id;
}

static uint64_t text_hash(gwapi_str text)
{
    return bench_hash(0, text.data, text.len);
}

/* "*.a" is found by ".a". */
static gwapi_str suffix_of(gwapi_str host)
{
    if (host.len == 0 || host.data[0] != '*')
        return host;
    return (gwapi_str){host.data + 1, host.len - 1};
}

/* ---- what a row is found by ------------------------------------------------------------ */

static bool is_special(char c)
{
    return memchr("\\.[](){}*+?|^$", c, 14) != NULL;
}

/* Has a pattern two ways from its beginning on? */
static bool has_ways(gwapi_str pattern)
{
    size_t depth = 0;

    for (size_t i = 0; i < pattern.len; i++) {
        if (pattern.data[i] == '\\')
            i++;
        else if (pattern.data[i] == '|' && depth == 0)
            return true;
        else
            depth += (size_t)(pattern.data[i] == '(') - (size_t)(pattern.data[i] == ')');
    }
    return false;
}

/* The whole segments that a pattern begins with. */
static gwapi_str beginning_of(gwapi_str pattern)
{
    size_t end = 0;

    if (!has_ways(pattern))
        for (size_t i = 0; i < pattern.len && !is_special(pattern.data[i]); i++)
            if (pattern.data[i] == '/' && i + 1 < pattern.len &&
                memchr("*+?{", pattern.data[i + 1], 4) == NULL)
                end = i;
    return (gwapi_str){pattern.data, end};
}

/* The text under which a row stands. */
static gwapi_str key_of(const bench_row *row)
{
    gwapi_str path = row->path;

    if (row->path_type == BENCH_REGEX)
        return row->grpc ? (gwapi_str){path.data, 0} : beginning_of(path);
    if (row->path_type == BENCH_PREFIX && path.len != 0 && path.data[path.len - 1] == '/')
        path.len--;
    return path;
}

/* ---- building -------------------------------------------------------------------------- */

/* A row in a list, before they are laid out. */
typedef struct entry {
    uint32_t list;
    uint32_t row;
} entry;

static int by_list(const void *left, const void *right)
{
    const entry *a = left, *b = right;

    if (a->list != b->list)
        return a->list < b->list ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

static uint64_t path_scope(uint32_t table, bench_path_type type)
{
    return (uint64_t)table << 2 | type;
}

static entry enter(bench_complete *x, uint32_t listener, uint32_t index)
{
    const bench_row *row = &x->data->rows[index];
    gwapi_str host = suffix_of(row->host), key = key_of(row);
    uint32_t id = names_add(&x->hosts, listener, text_hash(host), host);
    bench_table *table = &x->tables[id];
    bench_segments s;

    bench_split(&s, key);
    table->depths[row->path_type] |= UINT64_C(1) << s.count;
    table->grpc |= row->grpc;
    return (entry){names_add(&x->paths, path_scope(id, row->path_type), s.hash[s.count], key),
                   index};
}

/* Is there a host that both cover? */
static bool meet(gwapi_str a, gwapi_str b)
{
    gwapi_str a_end = suffix_of(a), b_end = suffix_of(b);

    if (a.len == 0 || b.len == 0 || bench_equal(a, b))
        return true;
    if (a.data[0] != '*')
        return bench_host_covers(b, a);
    if (b.data[0] != '*')
        return bench_host_covers(a, b);
    gwapi_str longer = a_end.len > b_end.len ? a_end : b_end;
    gwapi_str shorter = a_end.len > b_end.len ? b_end : a_end;
    return memcmp(longer.data + longer.len - shorter.len, shorter.data, shorter.len) == 0;
}

/* The rows that a listener may give, from *row on. */
static bool next_row(const bench_data *data, uint32_t l, size_t *row)
{
    const bench_listener *listener = &data->listeners[l];

    for (; *row < data->first_row[listener->gateway + 1]; ++*row)
        if (bench_admits(listener, &data->rows[*row]) &&
            meet(listener->hostname, data->rows[*row].host))
            return true;
    return false;
}

static size_t count_entries(const bench_data *data)
{
    size_t count = 0;

    for (uint32_t l = 0; l < data->listener_count; l++)
        for (size_t row = data->first_row[data->listeners[l].gateway]; next_row(data, l, &row);
             row++)
            count++;
    return count;
}

static void lay_out(bench_complete *x, entry *entries, size_t count)
{
    qsort(entries, count, sizeof *entries, by_list);
    x->lists = bench_alloc(x->paths.count + 1, sizeof *x->lists);
    x->rows = bench_alloc(count + 1, sizeof *x->rows);
    x->row_count = count;
    for (size_t i = 0; i < count; i++) {
        bench_list *list = &x->lists[entries[i].list];
        if (list->count++ == 0)
            list->first = (uint32_t)i;
        x->rows[i] = entries[i].row;
    }
}

void bench_complete_build(void *ctx)
{
    bench_complete *x = ctx;
    const bench_data *data = x->data;
    size_t most = count_entries(data), count = 0;
    entry *entries = bench_alloc(most + 1, sizeof *entries);

    x->memory = pcre2_match_data_create(1, NULL);
    if (x->memory == NULL)
        bench_die("pcre2_match_data_create", "out of memory");
    names_init(&x->listeners, data->listener_count);
    names_init(&x->hosts, most);
    names_init(&x->paths, most);
    x->tables = bench_alloc(most + 1, sizeof *x->tables);
    for (uint32_t l = 0; l < data->listener_count; l++) {
        const bench_listener *listener = &data->listeners[l];
        gwapi_str host = suffix_of(listener->hostname);
        /* Ids follow the order of listeners: one less is the index. */
        (void)names_add(&x->listeners, (uint64_t)listener->gateway << 16 | listener->port,
                        text_hash(host), host);
        for (size_t row = data->first_row[listener->gateway]; next_row(data, l, &row); row++)
            entries[count++] = enter(x, l, (uint32_t)row);
    }
    lay_out(x, entries, count);
    free(entries);
}

void bench_complete_free(void *ctx)
{
    bench_complete *x = ctx;

    pcre2_match_data_free(x->memory);
    free(x->listeners.slots);
    free(x->hosts.slots);
    free(x->paths.slots);
    free(x->tables);
    free(x->lists);
    free(x->rows);
}

static size_t names_bytes(const bench_names *names)
{
    return (names->mask + 1) * sizeof *names->slots;
}

size_t bench_complete_bytes(const bench_complete *x)
{
    return names_bytes(&x->listeners) + names_bytes(&x->hosts) + names_bytes(&x->paths) +
           (x->hosts.count + 1) * sizeof *x->tables + (x->paths.count + 1) * sizeof *x->lists +
           x->row_count * sizeof *x->rows;
}

/* ---- answering --------------------------------------------------------------------------- */

/* The host in lower case, and what is looked up one after the other: it, its wildcards from the
 * longest, and the empty name. */
typedef struct walk {
    gwapi_str rest;
    bool first;
    bool over;
} walk;

static bool next_name(walk *w, gwapi_str *name)
{
    if (w->over)
        return false;
    size_t i = 1;
    if (w->first)
        i = 0;
    else
        while (i < w->rest.len && w->rest.data[i] != '.')
            i++;
    w->first = false;
    w->over = i >= w->rest.len;
    w->rest = w->over ? (gwapi_str){"", 0}
                      : (gwapi_str){w->rest.data + i, w->rest.len - i};
    *name = w->rest;
    return true;
}

/* The first row of a list that fits and stands before `best`; else `best`. */
static uint32_t first_of(const bench_complete *x, const bench_list *list, const bench_request *q,
                         uint32_t best)
{
    for (uint32_t i = 0; i < list->count; i++) {
        uint32_t index = x->rows[list->first + i];
        const bench_row *row = &x->data->rows[index];
        if (index >= best)
            break;
        if (row->path_type == BENCH_REGEX && !bench_regex_fits(row->path_regex, x->memory, q->path))
            continue;
        if ((!row->grpc || bench_is_grpc_call(q)) && bench_conditions_fit(row, x->memory, q))
            return index;
    }
    return best;
}

static uint32_t of_type(const bench_complete *x, uint32_t id, bench_path_type type,
                        const bench_request *q, const bench_segments *s, uint32_t best)
{
    const bench_table *table = &x->tables[id];
    size_t depth = s->count;

    for (;; depth--) {
        if ((table->depths[type] >> depth & 1) != 0) {
            gwapi_str text = {q->path.data, s->end[depth]};
            uint32_t list = names_find(&x->paths, path_scope(id, type), s->hash[depth], text);
            if (list != 0)
                best = first_of(x, &x->lists[list], q, best);
            if (best != UINT32_MAX && type == BENCH_PREFIX && !table->grpc)
                return best;
        }
        if (depth == 0 || type == BENCH_EXACT)
            return best;
    }
}

static uint32_t in_table(const bench_complete *x, uint32_t id, const bench_request *q,
                         const bench_segments *s)
{
    static const bench_path_type types[] = {BENCH_EXACT, BENCH_REGEX, BENCH_PREFIX};
    uint32_t best = UINT32_MAX;

    for (size_t i = 0; i < 3 && (best == UINT32_MAX || x->tables[id].grpc); i++)
        best = of_type(x, id, types[i], q, s, best);
    return best;
}

const bench_row *bench_complete_answer(const bench_complete *x, const bench_request *q)
{
    char host[BENCH_HOST_MAX];
    gwapi_str folded = {host, bench_fold(host, q->request.host)}, name;
    uint64_t scope = (uint64_t)q->gateway << 16 | q->arrival.port;
    uint32_t listener = 0, id;
    bench_segments s;

    for (walk w = {folded, true, false}; listener == 0 && next_name(&w, &name);)
        listener = names_find(&x->listeners, scope, text_hash(name), name);
    if (listener == 0)
        return NULL;
    bench_split(&s, q->path);
    for (walk w = {folded, true, false}; next_name(&w, &name);)
        if ((id = names_find(&x->hosts, listener - 1, text_hash(name), name)) != 0) {
            uint32_t row = in_table(x, id, q, &s);
            if (row != UINT32_MAX)
                return &x->data->rows[row];
        }
    return NULL;
}

void bench_complete_run(void *ctx)
{
    const bench_complete *x = ctx;
    uint64_t sum = 0;

    for (size_t i = 0; i < x->data->request_count; i++) {
        const bench_row *row = bench_complete_answer(x, &x->data->requests[i]);
        sum += row != NULL ? row->rule : 0;
    }
    bench_sink += sum;
}
