#include "exact.h"
#include "hash.h"
#include "measure.h"

#include <stdlib.h>

enum { DEPTH_MAX = 63, HOST_MAX = 255 };

/* The hash of each beginning of a path that ends at a segment's end. "/" has one empty segment.
 */
typedef struct segments {
    size_t count;
    uint64_t hash[DEPTH_MAX + 1];
    size_t end[DEPTH_MAX + 1];
} segments;

static void split(segments *s, gwapi_str path)
{
    size_t at = 1;

    s->count = 0;
    s->hash[0] = 0;
    s->end[0] = 0;
    while (at <= path.len && s->count < DEPTH_MAX) {
        const char *slash = memchr(path.data + at, '/', path.len - at);
        size_t end = slash != NULL ? (size_t)(slash - path.data) : path.len;
        s->hash[s->count + 1] = bench_hash(s->hash[s->count], path.data + at, end - at);
        s->end[++s->count] = end;
        at = end + 1;
    }
}

static size_t power_above(size_t n)
{
    size_t power = 16;

    while (power < n)
        power *= 2;
    return power;
}

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
    segments s;

    if (!exact && path.len != 0 && path.data[path.len - 1] == '/')
        path.len--;
    split(&s, path);
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
    x->host_mask = power_above(2 * host_bound(x->data)) - 1;
    x->path_mask = power_above(x->data->row_count + x->data->row_count / 2) - 1;
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
                          const segments *s)
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
                     const segments *s)
{
    const bench_exact_host *host =
        host_slot(x, bench_hash(q->gateway, text.data, text.len), text);

    return host->id != 0 ? find_path(x, host, q->path, s) : 0;
}

static size_t fold(char *out, gwapi_str host)
{
    size_t n = 0;

    for (; n < host.len && n < HOST_MAX && host.data[n] != ':'; n++) {
        unsigned char c = (unsigned char)host.data[n];
        out[n] = (char)((unsigned)(c - 'A') < 26 ? c | 0x20 : c);
    }
    return n;
}

static uint32_t answer(const bench_exact *x, const bench_request *q)
{
    char host[HOST_MAX];
    size_t len = fold(host, q->request.host);
    segments s;
    uint32_t row;

    split(&s, q->path);
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
