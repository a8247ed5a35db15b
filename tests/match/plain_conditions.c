/* Conditions of a match, each read by itself. */
#include "match/plain_parts.h"

/* ---- regular expressions: letters, ".", "[abc]", groups, "|", "*", "+", "?" ----------------
 */

/* Where what starts at `p` ends: at a "|" (if `alternative`) or ")" of its own depth. */
static const char *end_of(const char *p, const char *end, bool alternative)
{
    int depth = 0;

    for (; p < end; p++) {
        if (*p == '\\')
            p++;
        else if (*p == '[')
            while (*p != ']')
                p++;
        else if (*p == '(')
            depth++;
        else if (*p == ')' && depth-- == 0)
            return p;
        else if (*p == '|' && depth == 0 && alternative)
            return p;
    }
    return end;
}

static const char *atom_end(const char *p, const char *end)
{
    if (*p == '\\')
        return p + 2;
    if (*p == '(')
        return end_of(p + 1, end, false) + 1;
    if (*p == '[')
        while (*p != ']')
            p++;
    return p + 1;
}

static bool regex_any(const char *p, const char *end, gwapi_str text);

/* Does the atom take the whole text? */
static bool atom_takes(const char *p, const char *after, gwapi_str text)
{
    if (*p == '(')
        return regex_any(p + 1, after - 1, text);
    if (text.len != 1)
        return false;
    char c = text.data[0];
    if (*p == '.')
        return c != '\n';
    if (*p == '\\')
        return c == p[1];
    if (*p != '[')
        return c == *p;
    for (p++; *p != ']'; p++) {
        if (p[1] == '-' && p[2] != ']' ? c >= p[0] && c <= p[2] : c == *p)
            return true;
        p += p[1] == '-' && p[2] != ']' ? 2 : 0;
    }
    return false;
}

/* One alternative: its first atom takes some of the text in every way there is. */
static bool regex_one(const char *p, const char *end, gwapi_str text)
{
    if (p == end)
        return text.len == 0;
    const char *after = atom_end(p, end);
    char many = after < end && strchr("*+?", *after) != NULL ? *after : '\0';
    const char *on = after + (many != '\0');
    if ((many == '*' || many == '?') && regex_one(on, end, text))
        return true;
    for (size_t n = 0; n <= text.len; n++) {
        if (*p != '(' && n > 1)
            break;
        if (!atom_takes(p, after, until(text, n)))
            continue;
        if (regex_one(on, end, from(text, n)))
            return true;
        if ((many == '*' || many == '+') && n != 0 && regex_one(p, end, from(text, n)))
            return true;
    }
    return false;
}

static bool regex_any(const char *p, const char *end, gwapi_str text)
{
    for (;;) {
        const char *to = end_of(p, end, true);
        if (regex_one(p, to, text))
            return true;
        if (to == end)
            return false;
        p = to + 1;
    }
}

static bool regex(gwapi_str pattern, gwapi_str text)
{
    return regex_any(pattern.data, pattern.data + pattern.len, text);
}

/* ---- hosts ------------------------------------------------------------------------------- */

gwapi_str plain_received_host(const gwapi_request *request)
{
    if (request->host.data != NULL)
        return request->host;
    for (size_t i = 0; i < request->header_count; i++)
        if (plain_same_name(request->headers[i].name, gwapi__str_of("host")))
            return request->headers[i].value;
    return (gwapi_str){NULL, 0};
}

gwapi_str plain_without_port(gwapi_str host)
{
    if (host.len != 0 && host.data[0] == '[') {
        size_t end = place_of(host, ']');
        return end < host.len ? until(host, end + 1) : host;
    }
    return until(host, place_of(host, ':'));
}

/* ---- conditions -------------------------------------------------------------------------- */

static bool value_holds(const gwapi__value_match *m, gwapi_str value)
{
    return m->type == GWAPI__MATCH_REGEX ? regex(m->value, value) : same(m->value, value);
}

static bool header_holds(const gwapi__value_match *m, const gwapi_request *request)
{
    char joined[4096];
    size_t used = 0;
    bool found = false;
    const char *separator = plain_same_name(m->name, gwapi__str_of("cookie")) ? "; " : ",";

    if (plain_same_name(m->name, gwapi__str_of("host"))) {
        gwapi_str host = plain_received_host(request);
        return host.data != NULL && value_holds(m, trimmed(host));
    }
    for (size_t i = 0; i < request->header_count; i++) {
        if (!plain_same_name(request->headers[i].name, m->name))
            continue;
        gwapi_str value = trimmed(request->headers[i].value);
        if (found)
            for (const char *c = separator; *c != '\0'; c++)
                joined[used++] = *c;
        for (size_t k = 0; k < value.len; k++)
            joined[used++] = value.data[k];
        found = true;
    }
    return found && value_holds(m, (gwapi_str){joined, used});
}

static int digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static gwapi_str decoded(gwapi_str s, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '+') {
            out[n++] = ' ';
        } else if (s.data[i] == '%' && i + 2 < s.len && digit(s.data[i + 1]) >= 0 &&
                   digit(s.data[i + 2]) >= 0) {
            out[n++] = (char)(digit(s.data[i + 1]) * 16 + digit(s.data[i + 2]));
            i += 2;
        } else {
            out[n++] = s.data[i];
        }
    }
    return (gwapi_str){out, n};
}

/* The first parameter of a name counts. */
static bool query_holds(const gwapi__value_match *m, gwapi_str query)
{
    char name[1024], value[1024];

    while (query.len != 0) {
        size_t end = place_of(query, '&');
        gwapi_str pair = until(query, end);
        size_t equals = place_of(pair, '=');
        gwapi_str given = equals < pair.len ? from(pair, equals + 1) : from(pair, pair.len);
        if (same(decoded(until(pair, equals), name), m->name))
            return value_holds(m, decoded(given, value));
        query = end < query.len ? from(query, end + 1) : from(query, query.len);
    }
    return false;
}

/* Of equivalent names in one match the first counts, later ones are ignored. */
static bool is_repeated(const gwapi__value_match *all, size_t i, bool exactly)
{
    for (size_t k = 0; k < i; k++)
        if (exactly ? same(all[k].name, all[i].name)
                    : plain_same_name(all[k].name, all[i].name))
            return true;
    return false;
}

size_t plain_count_different(const gwapi__value_match *all, size_t count, bool exactly)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++)
        n += !is_repeated(all, i, exactly);
    return n;
}

static bool path_holds(gwapi__match_type type, gwapi_str value, gwapi_str path)
{
    if (type == GWAPI__MATCH_EXACT)
        return same(value, path);
    if (type == GWAPI__MATCH_REGEX)
        return regex(value, path);
    if (value.len != 0 && value.data[value.len - 1] == '/')
        value.len--;
    if (value.len == 0)
        return true;
    return path.len >= value.len && same(until(path, value.len), value) &&
           (path.len == value.len || path.data[value.len] == '/');
}

plain_asked plain_read_request(const gwapi_request *request, char *canonical)
{
    plain_asked a = {.request = request, .method = request->method, .path = request->path};

    if (a.method.data == NULL)
        a.method = gwapi__str_of("GET");
    a.path = plain_path_of(request, &a.query);
    if (a.query.len != 0)
        a.query = from(a.query, 1);
    if (request->path_policy == GWAPI_PATH_NORMALIZE)
        a.path = plain_canonical(a.path, canonical);
    if (is(a.method, "POST") && a.path.data[0] == '/') {
        gwapi_str both = from(a.path, 1);
        size_t slash = place_of(both, '/');
        a.service = until(both, slash);
        a.grpc_method = slash < both.len ? from(both, slash + 1) : from(both, both.len);
        a.grpc = a.service.len != 0 && a.grpc_method.len != 0;
    }
    return a;
}

static bool part_holds(gwapi__match_type type, gwapi_str value, gwapi_str given)
{
    if (value.len == 0)
        return true;
    return type == GWAPI__MATCH_REGEX ? regex(value, given) : same(value, given);
}

bool plain_holds(const gwapi__route_match *m, bool grpc, const plain_asked *a)
{
    if (grpc) {
        if (!a->grpc)
            return false;
        const gwapi__grpc_method *both = m->grpc;
        if (both != NULL && (!part_holds(both->type, both->service, a->service) ||
                             !part_holds(both->type, both->method, a->grpc_method)))
            return false;
    } else {
        if (!path_holds(m->path_type, m->path, a->path))
            return false;
        if (m->method.data != NULL && !same(m->method, a->method))
            return false;
    }
    for (size_t i = 0; i < m->header_count; i++)
        if (!is_repeated(m->headers, i, false) && !header_holds(&m->headers[i], a->request))
            return false;
    for (size_t i = 0; i < m->query_count; i++)
        if (!is_repeated(m->query, i, true) && !query_holds(&m->query[i], a->query))
            return false;
    return true;
}
