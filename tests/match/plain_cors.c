/* CORS, as the specification's table has it. */
#include "match/plain_parts.h"

#include <stdio.h>

static gwapi_str str(const char *text)
{
    return (gwapi_str){text, strlen(text)};
}

static bool header(const gwapi_request *request, const char *name, gwapi_str *value)
{
    *value = (gwapi_str){NULL, 0};
    for (size_t i = 0; i < request->header_count && value->data == NULL; i++)
        if (plain_same_name(request->headers[i].name, str(name)))
            *value = request->headers[i].value;
    return value->data != NULL;
}

static bool has_star(gwapi__strs list)
{
    for (size_t i = 0; i < list.count; i++)
        if (is(list.items[i], "*"))
            return true;
    return false;
}

/* ---- origins ----------------------------------------------------------------------------- */

typedef struct origin {
    gwapi_str scheme, host;
    int port; /* -1: none */
} origin;

static bool read_origin(gwapi_str text, origin *out)
{
    size_t end = place_of(text, ':');

    if (end + 3 > text.len || text.data[end + 1] != '/' || text.data[end + 2] != '/')
        return false;
    out->scheme = until(text, end);
    out->host = from(text, end + 3);
    out->port = -1;
    if (plain_same_name(out->scheme, str("http")))
        out->port = 80;
    if (plain_same_name(out->scheme, str("https")))
        out->port = 443;
    size_t colon = out->host.len;
    for (size_t i = 0; i < out->host.len; i++)
        colon = out->host.data[i] == ':' ? i : out->host.data[i] == ']' ? out->host.len : colon;
    if (colon < out->host.len) {
        out->port = 0;
        for (size_t i = colon + 1; i < out->host.len; i++) {
            if (out->host.data[i] < '0' || out->host.data[i] > '9')
                return false;
            out->port = out->port * 10 + (out->host.data[i] - '0');
        }
        if (colon + 1 == out->host.len)
            return false;
        out->host = until(out->host, colon);
    }
    return out->host.len != 0;
}

/* A '*' stands for one byte and more. */
static bool covers(gwapi_str pattern, gwapi_str host)
{
    if (pattern.len == 0)
        return host.len == 0;
    if (host.len == 0)
        return false;
    if (pattern.data[0] != '*')
        return lower(pattern.data[0]) == lower(host.data[0]) &&
               covers(from(pattern, 1), from(host, 1));
    for (size_t n = 1; n <= host.len; n++)
        if (covers(from(pattern, 1), from(host, n)))
            return true;
    return false;
}

static bool allows(const gwapi__cors *cors, gwapi_str given)
{
    origin x, y;

    if (has_star(cors->allow_origins))
        return true;
    if (!read_origin(given, &x))
        return false;
    for (size_t i = 0; i < cors->allow_origins.count; i++)
        if (read_origin(cors->allow_origins.items[i], &y) &&
            plain_same_name(x.scheme, y.scheme) && x.port == y.port && covers(y.host, x.host))
            return true;
    return false;
}

/* ---- the answer -------------------------------------------------------------------------- */

plain_cors plain_read_cors(const gwapi__cors *cors, const gwapi_request *request)
{
    plain_cors a = {0};
    gwapi_str method = request->method.data != NULL ? request->method : str("GET"), ignored;

    a.present = header(request, "origin", &a.origin);
    if (!a.present)
        return a;
    a.allowed = allows(cors, a.origin);
    a.preflight =
        is(method, "OPTIONS") && header(request, "access-control-request-method", &ignored);
    return a;
}

static gwapi_str joined(gwapi__strs list, char *out, size_t size)
{
    size_t n = 0;

    for (size_t i = 0; i < list.count; i++)
        if (!is(list.items[i], "*"))
            n += (size_t)snprintf(out + n, size - n, "%s%.*s", n != 0 ? ", " : "",
                                  (int)list.items[i].len, list.items[i].data);
    return (gwapi_str){out, n};
}

static void set(plain_headers *headers, const char *name, gwapi_str value)
{
    if (value.len != 0)
        plain_header_set(headers, str(name), value);
}

void plain_apply_cors(plain_headers *headers, const gwapi__cors *cors,
                      const gwapi_request *request, plain_texts *texts)
{
    plain_cors a = plain_read_cors(cors, request);
    gwapi_str asked;

    if (!a.present || !a.allowed)
        return;
    bool named = cors->allow_credentials || !has_star(cors->allow_origins);
    set(headers, "access-control-allow-origin", named ? a.origin : str("*"));
    if (cors->allow_credentials)
        set(headers, "access-control-allow-credentials", str("true"));
    if (a.preflight) {
        header(request, "access-control-request-method", &asked);
        set(headers, "access-control-allow-methods",
            !has_star(cors->allow_methods) ? joined(cors->allow_methods, texts->methods, 256)
            : cors->allow_credentials      ? asked
                                           : str("*"));
        header(request, "access-control-request-headers", &asked);
        set(headers, "access-control-allow-headers",
            !has_star(cors->allow_headers) ? joined(cors->allow_headers, texts->headers, 256)
            : cors->allow_credentials      ? asked
                                           : str("*"));
        snprintf(texts->age, sizeof texts->age, "%d", (int)cors->max_age);
        set(headers, "access-control-max-age", str(texts->age));
    }
    set(headers, "access-control-expose-headers",
        has_star(cors->expose_headers) && !cors->allow_credentials
            ? str("*")
            : joined(cors->expose_headers, texts->exposed, 256));
    if (named)
        plain_header_add(headers, str("vary"), str("Origin"));
}
