/* What the chosen rule and backend make of a request, filter after filter. */
#include "match/plain_parts.h"

#include <stdio.h>

static gwapi_str str(const char *text)
{
    return (gwapi_str){text, strlen(text)};
}

/* ---- the filters in force ---------------------------------------------------------------- */

/* The i-th filter of the rule, then of the chosen backendRef; NULL at the end. */
static const gwapi__filter *filter_at(const plain_answer *a, size_t i)
{
    const gwapi__resolved_rule *rule = a->resolved;

    if (rule == NULL)
        return NULL;
    if (i < rule->filter_count)
        return rule->filters[i].spec;
    i -= rule->filter_count;
    if (a->chosen == GWAPI_NONE || i >= rule->backends[a->chosen].filter_count)
        return NULL;
    return rule->backends[a->chosen].filters[i].spec;
}

/* ---- paths ------------------------------------------------------------------------------- */

typedef struct writer {
    char *out;
    size_t size, length;
} writer;

static void put(writer *w, gwapi_str text)
{
    for (size_t i = 0; i < text.len && w->length < w->size; i++)
        w->out[w->length++] = text.data[i];
}

static void put_target(writer *w, const plain_answer *a, const gwapi_request *request,
                       const gwapi__path_modifier *modifier)
{
    gwapi_str path = request->path, query = {NULL, 0}, to = modifier->value;
    size_t start = w->length;

    for (size_t i = 0; i < path.len && query.data == NULL; i++)
        if (path.data[i] == '?')
            query = (gwapi_str){path.data + i, path.len - i};
    path.len -= query.len;
    if (path.len == 0)
        path = str("/");
    if (modifier->type == GWAPI__PATH_REPLACE_FULL) {
        path = to;
    } else if (modifier->type == GWAPI__PATH_REPLACE_PREFIX && a->taken != NULL &&
               a->taken->path_type == GWAPI__MATCH_PREFIX) {
        gwapi_str prefix = a->taken->path;
        if (prefix.len != 0 && prefix.data[prefix.len - 1] == '/')
            prefix.len--;
        if (to.len != 0 && to.data[to.len - 1] == '/')
            to.len--;
        if (to.len != 0 && to.data[0] != '/')
            put(w, str("/"));
        put(w, to);
        path = (gwapi_str){path.data + prefix.len, path.len - prefix.len};
    }
    if (w->length == start && path.len != 0 && path.data[0] != '/' &&
        modifier->type == GWAPI__PATH_REPLACE_FULL)
        put(w, str("/"));
    put(w, path);
    if (w->length == start)
        put(w, str("/"));
    put(w, query);
}

size_t plain_path(const plain_answer *a, const gwapi_request *request, char *out, size_t size)
{
    gwapi__path_modifier last = {.type = GWAPI__PATH_KEEP};
    writer w = {out, size, 0};
    const gwapi__filter *f;

    for (size_t i = 0; (f = filter_at(a, i)) != NULL; i++)
        if (f->type == GWAPI__FILTER_REWRITE && f->as.rewrite.path.type != GWAPI__PATH_KEEP)
            last = f->as.rewrite.path;
    put_target(&w, a, request, &last);
    return w.length;
}

/* ---- hosts ------------------------------------------------------------------------------- */

size_t plain_host(const plain_answer *a, const gwapi_request *request, char *out, size_t size)
{
    gwapi_str host = plain_received_host(request);
    writer w = {out, size, 0};
    const gwapi__filter *f;

    for (size_t i = 0; (f = filter_at(a, i)) != NULL; i++)
        if (f->type == GWAPI__FILTER_REWRITE && f->as.rewrite.hostname.len != 0)
            host = f->as.rewrite.hostname;
    put(&w, host);
    return w.length;
}

/* ---- redirects --------------------------------------------------------------------------- */

size_t plain_location(const plain_answer *a, const gwapi_request *request, char *out,
                      size_t size)
{
    const gwapi__redirect *redirect = NULL;
    writer w = {out, size, 0};
    const gwapi__filter *f;
    char port_text[16];

    for (size_t i = 0; (f = filter_at(a, i)) != NULL && redirect == NULL; i++)
        if (f->type == GWAPI__FILTER_REDIRECT)
            redirect = &f->as.redirect;
    if (redirect == NULL)
        return 0;
    bool named = redirect->scheme.len != 0;
    bool https = named ? redirect->scheme.len == 5 : a->secure;
    gwapi_str host = redirect->hostname;
    if (host.len == 0)
        host = plain_without_port(plain_received_host(request));
    uint32_t usual = https ? 443 : 80;
    uint32_t port = redirect->port != 0 ? (uint32_t)redirect->port : named ? usual : a->port;
    put(&w, str(https ? "https://" : "http://"));
    put(&w, host);
    if (port != usual) {
        snprintf(port_text, sizeof port_text, ":%u", (unsigned)port);
        put(&w, str(port_text));
    }
    put_target(&w, a, request, &redirect->path);
    return w.length;
}

/* ---- header lines ------------------------------------------------------------------------ */

void plain_header_remove(plain_headers *headers, gwapi_str name)
{
    size_t kept = 0;

    for (size_t i = 0; i < headers->count; i++)
        if (!plain_same_name(headers->lines[i].name, name))
            headers->lines[kept++] = headers->lines[i];
    headers->count = kept;
}

void plain_header_add(plain_headers *headers, gwapi_str name, gwapi_str value)
{
    headers->lines[headers->count++] = (gwapi_header){name, value};
}

void plain_header_set(plain_headers *headers, gwapi_str name, gwapi_str value)
{
    plain_header_remove(headers, name);
    plain_header_add(headers, name, value);
}

void plain_modify(plain_headers *headers, const plain_answer *a, bool response)
{
    gwapi__filter_type type =
        response ? GWAPI__FILTER_RESPONSE_HEADERS : GWAPI__FILTER_REQUEST_HEADERS;
    const gwapi__filter *f;

    for (size_t i = 0; (f = filter_at(a, i)) != NULL; i++) {
        if (f->type != type)
            continue;
        const gwapi__header_modifier *m = &f->as.headers;
        for (size_t k = 0; k < m->set.count; k++)
            plain_header_set(headers, m->set.items[k].key, m->set.items[k].value);
        for (size_t k = 0; k < m->add.count; k++)
            plain_header_add(headers, m->add.items[k].key, m->add.items[k].value);
        for (size_t k = 0; k < m->remove.count; k++)
            plain_header_remove(headers, m->remove.items[k]);
    }
}
