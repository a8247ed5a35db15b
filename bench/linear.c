#define _POSIX_C_SOURCE 200809L
#include "linear.h"

#include <string.h>
#include <strings.h>

static bool is_wild(gwapi_str host)
{
    return host.len == 0 || host.data[0] == '*';
}

/* Does listener `a` stand before `b` for a host that both cover? */
static bool more_specific(gwapi_str a, gwapi_str b)
{
    if (is_wild(a) != is_wild(b))
        return is_wild(b);
    return a.len > b.len;
}

static const bench_listener *listener_of(const bench_data *data, const bench_request *q)
{
    const bench_listener *best = NULL;

    for (size_t i = 0; i < data->listener_count; i++) {
        const bench_listener *l = &data->listeners[i];
        if (l->gateway == q->gateway && l->port == q->arrival.port &&
            bench_host_covers(l->hostname, q->key) &&
            (best == NULL || more_specific(l->hostname, best->hostname)))
            best = l;
    }
    return best;
}

bool bench_regex_fits(const pcre2_code *regex, pcre2_match_data *memory, gwapi_str text)
{
    return pcre2_match(regex, (PCRE2_SPTR)text.data, text.len, 0, 0, memory, NULL) >= 0;
}

static bool value_fits(const bench_condition *c, pcre2_match_data *memory, gwapi_str value)
{
    return c->regex != NULL ? bench_regex_fits(c->regex, memory, value)
                            : bench_equal(c->value, value);
}

static bool header_fits(const bench_condition *c, pcre2_match_data *memory,
                        const gwapi_request *request)
{
    for (size_t i = 0; i < request->header_count; i++) {
        const gwapi_header *h = &request->headers[i];
        if (h->name.len == c->name.len &&
            strncasecmp(h->name.data, c->name.data, c->name.len) == 0)
            return value_fits(c, memory, h->value);
    }
    return false;
}

/* The first piece of `text` up to `separator`; *text goes on behind it. */
static gwapi_str cut(gwapi_str *text, char separator)
{
    const char *found = text->len != 0 ? memchr(text->data, separator, text->len) : NULL;
    gwapi_str piece = {text->data, found != NULL ? (size_t)(found - text->data) : text->len};
    size_t used = piece.len + (found != NULL);

    *text = (gwapi_str){text->data + used, text->len - used};
    return piece;
}

static bool query_fits(const bench_condition *c, pcre2_match_data *memory, gwapi_str query)
{
    while (query.len != 0) {
        gwapi_str value = cut(&query, '&');
        gwapi_str name = cut(&value, '=');
        if (bench_equal(name, c->name))
            return value_fits(c, memory, value);
    }
    return false;
}

static bool prefix_fits(gwapi_str prefix, gwapi_str path)
{
    if (prefix.len != 0 && prefix.data[prefix.len - 1] == '/')
        prefix.len--;
    return path.len >= prefix.len && memcmp(path.data, prefix.data, prefix.len) == 0 &&
           (path.len == prefix.len || path.data[prefix.len] == '/');
}

static bool path_fits(const bench_row *row, pcre2_match_data *memory, gwapi_str path)
{
    switch (row->path_type) {
    case BENCH_EXACT:
        return bench_equal(row->path, path);
    case BENCH_REGEX:
        return bench_regex_fits(row->path_regex, memory, path);
    case BENCH_PREFIX:
        break;
    }
    return prefix_fits(row->path, path);
}

/* A POST to "/service/method". */
bool bench_is_grpc_call(const bench_request *q)
{
    gwapi_str rest = q->path;

    if (!bench_equal(q->request.method, (gwapi_str)GWAPI_STR_INIT("POST")) ||
        cut(&rest, '/').len != 0)
        return false;
    return cut(&rest, '/').len != 0 && rest.len != 0;
}

bool bench_conditions_fit(const bench_row *row, pcre2_match_data *memory,
                          const bench_request *q)
{
    if (row->method.len != 0 && !bench_equal(row->method, q->request.method))
        return false;
    for (size_t i = 0; i < row->header_count; i++)
        if (!header_fits(&row->headers[i], memory, &q->request))
            return false;
    for (size_t i = 0; i < row->query_count; i++)
        if (!query_fits(&row->query[i], memory, q->query))
            return false;
    return true;
}

static bool fits(const bench_row *row, pcre2_match_data *memory, const bench_request *q)
{
    return bench_host_covers(row->host, q->key) && (!row->grpc || bench_is_grpc_call(q)) &&
           path_fits(row, memory, q->path) && bench_conditions_fit(row, memory, q);
}

bool bench_admits(const bench_listener *listener, const bench_row *row)
{
    return (row->grpc ? listener->takes_grpc : listener->takes_http) &&
           (row->section.len == 0 || bench_equal(row->section, listener->name));
}

const bench_row *bench_linear(const bench_data *data, pcre2_match_data *memory,
                              const bench_request *request)
{
    const bench_listener *listener = listener_of(data, request);

    if (listener == NULL)
        return NULL;
    for (size_t i = data->first_row[request->gateway];
         i < data->first_row[request->gateway + 1]; i++) {
        const bench_row *row = &data->rows[i];
        if (bench_admits(listener, row) && fits(row, memory, request))
            return row;
    }
    return NULL;
}
