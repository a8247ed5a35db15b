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

/* Joins with one '/' where each part has it, or none. */
bool plain_modified_path(const gwapi__route_match *taken, const gwapi_request *request,
                         const gwapi__path_modifier *modifier, char *out, size_t *length)
{
    char canonical[2048], joined[2048];
    gwapi_str query, path = plain_path_of(request, &query), to = modifier->value;
    writer w = {joined, sizeof joined, 0};
    gwapi_str made;

    if (request->path_policy == GWAPI_PATH_NORMALIZE)
        path = plain_canonical(path, canonical);
    if (modifier->type == GWAPI__PATH_REPLACE_FULL) {
        put(&w, str(to.len == 0 || to.data[0] != '/' ? "/" : ""));
        put(&w, to);
    } else if (modifier->type == GWAPI__PATH_REPLACE_PREFIX && taken != NULL &&
               taken->path_type == GWAPI__MATCH_PREFIX) {
        gwapi_str prefix = taken->path;
        if (prefix.len != 0 && prefix.data[prefix.len - 1] == '/')
            prefix.len--;
        if (to.len != 0 && to.data[to.len - 1] == '/')
            to.len--;
        put(&w, str(to.len != 0 && to.data[0] != '/' ? "/" : ""));
        put(&w, to);
        put(&w, str(path.data[0] != '/' ? "/" : ""));
        put(&w, from(path, prefix.len));
        put(&w, str(w.length == 0 ? "/" : ""));
    } else {
        put(&w, path);
    }
    made = (gwapi_str){joined, w.length};
    bool refused = plain_refuses(request->path_policy, made);
    if (request->path_policy == GWAPI_PATH_NORMALIZE)
        made = plain_canonical(made, canonical);
    memcpy(out, made.data, made.len);
    *length = made.len;
    return !refused;
}

/* Behind a host it begins with a '/'. */
static void put_target(writer *w, const plain_answer *a, const gwapi_request *request,
                       const gwapi__path_modifier *modifier, bool behind_host)
{
    gwapi_str query;
    char path[2048];
    size_t length;

    (void)plain_path_of(request, &query);
    (void)plain_modified_path(a->taken, request, modifier, path, &length);
    put(w, str(behind_host && path[0] != '/' ? "/" : ""));
    put(w, (gwapi_str){path, length});
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
    put_target(&w, a, request, &last, false);
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
    put_target(&w, a, request, &redirect->path, true);
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

void plain_modify_by(plain_headers *headers, const gwapi__filter *f, gwapi__filter_type type)
{
    if (f->type != type)
        return;
    const gwapi__header_modifier *m = &f->as.headers;
    for (size_t k = 0; k < m->set.count; k++)
        plain_header_set(headers, m->set.items[k].key, m->set.items[k].value);
    for (size_t k = 0; k < m->add.count; k++)
        plain_header_add(headers, m->add.items[k].key, m->add.items[k].value);
    for (size_t k = 0; k < m->remove.count; k++)
        plain_header_remove(headers, m->remove.items[k]);
}

void plain_modify(plain_headers *headers, const plain_answer *a, const gwapi_request *request,
                  bool response, plain_texts texts[2])
{
    const gwapi__filter *f;
    size_t cors = 0;

    for (size_t i = 0; (f = filter_at(a, i)) != NULL; i++) {
        plain_modify_by(headers, f,
                        response ? GWAPI__FILTER_RESPONSE_HEADERS
                                 : GWAPI__FILTER_REQUEST_HEADERS);
        if (f->type == GWAPI__FILTER_CORS && response)
            plain_apply_cors(headers, &f->as.cors, request, &texts[cors++]);
    }
}

plain_cors plain_cors_of(const plain_answer *a, const gwapi_request *request)
{
    plain_cors last = {0};
    const gwapi__filter *f;

    for (size_t i = 0; (f = filter_at(a, i)) != NULL; i++)
        if (f->type == GWAPI__FILTER_CORS)
            last = plain_read_cors(&f->as.cors, request);
    return last;
}
