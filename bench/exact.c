#include "exact.h"
#include "hash.h"
#include "measure.h"
#include "segments.h"

#include <stdlib.h>

/* The slot of a host, or the free one where it belongs. */
static bench_exact_host *host_slot(const bench_exact *x, uint64_t hash, gwapi_str text)
{
    for (size_t i = hash & x->host_mask;; i = (i + 1) & x->host_mask) {
        bench_exact_host *slot = &x->hosts[i];
        if (slot->id == 0 || (slot->hash == hash && bench_equal(slot->text, text)))
            return slot;
    }
}

static uint64_t path_hash(uint64_t segments_hash, bool exact, uint32_t host)
{
    return bench_mix(segments_hash + exact, host);
}

static bench_exact_path *path_slot(const bench_exact *x, uint64_t hash, uint32_t host,
                                   const char *text, size_t len)
{
    for (size_t i = hash & x->path_mask;; i = (i + 1) & x->path_mask) {
        bench_exact_path *slot = &x->paths[i];
        if (slot->row == 0 || (slot->hash == hash && slot->host == host && slot->len == len &&
                               memcmp(x->pool + slot->text, text, len) == 0))
            return slot;
    }
}

static bench_exact_host *host_for(bench_exact *x, const bench_row *row)
{
    gwapi_str text = row->host;

    if (text.len != 0 && text.data[0] == '*')
        text = (gwapi_str){text.data + 1, text.len - 1};
    uint64_t hash = bench_hash(row->gateway, text.data, text.len);
    bench_exact_host *host = host_slot(x, hash, text);
    if (host->id == 0)
        *host = (bench_exact_host){hash, text, (uint32_t)++x->host_count, 0, 0};
    return host;
}

static void add_row(bench_exact *x, uint32_t index)
{
    const bench_row *row = &x->data->rows[index];
    bool exact = row->path_type == BENCH_EXACT;
    bench_exact_host *host = host_for(x, row);
    gwapi_str path = row->path;
    bench_segments s;

    if (!exact && path.len != 0 && path.data[path.len - 1] == '/')
        path.len--;
    bench_split(&s, path);
    *(exact ? &host->exacts : &host->prefixes) |= UINT64_C(1) << s.count;
    uint64_t hash = path_hash(s.hash[s.count], exact, host->id);
    bench_exact_path *slot = path_slot(x, hash, host->id, path.data, path.len);
    if (slot->row != 0)
        return; /* rows come in order of precedence: the first stays */
    memcpy(x->pool + x->pool_len, path.data, path.len);
    *slot = (bench_exact_path){hash, (uint32_t)x->pool_len, (uint32_t)path.len, host->id,
                               index + 1};
    x->pool_len += path.len;
}

/* Hosts of a gateway stand together among the rows, but for those of its GRPCRoutes. */
static size_t host_bound(const bench_data *data)
{
    size_t hosts = 1;

    for (size_t i = 1; i < data->row_count; i++)
        hosts += !bench_equal(data->rows[i].host, data->rows[i - 1].host);
    return hosts;
}

void bench_exact_build(void *ctx)
{
    bench_exact *x = ctx;
    size_t text = 0;

    for (size_t i = 0; i < x->data->row_count; i++)
        text += x->data->rows[i].path.len;
    x->host_mask = bench_power_above(2 * host_bound(x->data)) - 1;
    x->path_mask = bench_power_above(x->data->row_count + x->data->row_count / 2) - 1;
    x->host_count = x->pool_len = 0;
    x->hosts = bench_alloc(x->host_mask + 1, sizeof *x->hosts);
    x->paths = bench_alloc(x->path_mask + 1, sizeof *x->paths);
    x->pool = bench_alloc(text, 1);
    for (size_t i = 0; i < x->data->row_count; i++)
        if (x->data->rows[i].path_type != BENCH_REGEX)
            add_row(x, (uint32_t)i);
}

void bench_exact_free(void *ctx)
{
    bench_exact *x = ctx;

    free(x->hosts);
    free(x->paths);
    free(x->pool);
}

size_t bench_exact_bytes(const bench_exact *x)
{
    return (x->host_mask + 1) * sizeof *x->hosts + (x->path_mask + 1) * sizeof *x->paths +
           x->pool_len;
}

static uint32_t find_path(const bench_exact *x, const bench_exact_host *host, gwapi_str path,
                          const bench_segments *s)
{
    uint32_t row;

    if ((host->exacts >> s->count & 1) != 0 &&
        (row = path_slot(x, path_hash(s->hash[s->count], true, host->id), host->id, path.data,
                         path.len)
                   ->row) != 0)
        return row;
    for (size_t depth = s->count + 1; depth-- != 0;)
        if ((host->prefixes >> depth & 1) != 0 &&
            (row = path_slot(x, path_hash(s->hash[depth], false, host->id), host->id, path.data,
                             s->end[depth])
                       ->row) != 0)
            return row;
    return 0;
}

/* The row of host text `text`, 0 for none. */
static uint32_t find(const bench_exact *x, const bench_request *q, gwapi_str text,
                     const bench_segments *s)
{
    const bench_exact_host *host =
        host_slot(x, bench_hash(q->gateway, text.data, text.len), text);

    return host->id != 0 ? find_path(x, host, q->path, s) : 0;
}

static uint32_t answer(const bench_exact *x, const bench_request *q)
{
    char host[BENCH_HOST_MAX];
    size_t len = bench_fold(host, q->request.host);
    bench_segments s;
    uint32_t row;

    bench_split(&s, q->path);
    if ((row = find(x, q, (gwapi_str){host, len}, &s)) != 0)
        return row;
    for (size_t i = 1; i < len; i++)
        if (host[i] == '.' && (row = find(x, q, (gwapi_str){host + i, len - i}, &s)) != 0)
            return row;
    return find(x, q, (gwapi_str){"", 0}, &s);
}

void bench_exact_run(void *ctx)
{
    const bench_exact *x = ctx;
    uint64_t sum = 0;

    for (size_t i = 0; i < x->data->request_count; i++)
        sum += answer(x, &x->data->requests[i]);
    bench_sink += sum;
}
