/* ExternalAuth: whom to ask and what to send (matching.md §19). */
#include "match/auth.h"

#include "base/result.h"
#include "base/struct.h"
#include "match/canonical.h"
#include "match/headers.h"
#include "match/redirect.h"
#include "match/request.h"

bool gwapi__auth_reached(const gwapi_decision *decision, uint32_t backend,
                         gwapi__auth_place *out)
{
    const gwapi__image_filter *f;
    gwapi__filter_walk walk;
    bool own, wanted = backend != GWAPI_NONE;

    if (!gwapi__decision_usable(decision))
        return false;
    gwapi__filters_begin(&walk, decision, backend);
    *out = (gwapi__auth_place){.before = walk};
    while ((f = gwapi__filters_next(&walk, &own)) != NULL) {
        if (f->type == GWAPI__IMAGE_FILTER_AUTH && own == wanted) {
            out->auth = gwapi__image_AUTH(decision->snapshot, f->item);
            out->invalid = f->invalid != 0;
            out->before.lists[walk.list].count = walk.next - 1;
            out->before.lists[1].count = own ? out->before.lists[1].count : 0;
            return true;
        }
        if (f->invalid != 0 || f->type == GWAPI__IMAGE_FILTER_REDIRECT ||
            (f->type == GWAPI__IMAGE_FILTER_CORS && decision->reason == GWAPI_REASON_PREFLIGHT))
            return false;
    }
    return false;
}

bool gwapi__auth_asked(const gwapi_decision *decision, uint32_t backend, gwapi__auth_place *out)
{
    if (!gwapi__auth_reached(decision, backend, out) || out->invalid)
        return false;
    const gwapi__image_backend *own =
        backend != GWAPI_NONE ? gwapi__decision_backend(decision, backend) : NULL;
    return own == NULL ||
           gwapi__backend_fault_here(decision, own) == GWAPI_BACKEND_FAULT_NONE;
}

gwapi_result gwapi_auth_request(const gwapi_decision *decision, const gwapi_request *request,
                                uint32_t backend, gwapi_auth_call *out)
{
    gwapi_auth_call call = {.struct_size = sizeof call, .backend = GWAPI_NONE};
    gwapi__auth_place place;
    gwapi_request r;

    if (!gwapi__decision_usable(decision))
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__request_in(&r, request));
    if (gwapi__auth_asked(decision, backend, &place)) {
        bool http = place.auth->protocol == GWAPI_AUTH_HTTP;
        call.protocol = place.auth->protocol;
        call.backend = place.auth->backend;
        if (place.auth->has_forward_body != 0)
            call.body_bytes = gwapi__image_u64(place.auth->max_size);
        call.method = http ? gwapi__request_method(&r) : GWAPI__STR("POST");
        if (http)
            call.host = gwapi__request_host(decision->snapshot, &r);
    }
    return gwapi__struct_out(out, &call, sizeof call, sizeof call);
}

/* ---- the path ---- */

#define LONGEST_PREFIX 1024 /* as the schema has it */

/* The prefix as a path: one '/' in front, none at the end, without "//" and "..". */
static bool add_prefix(gwapi__buffer *out, gwapi_str prefix)
{
    char rooted[LONGEST_PREFIX + 1], canonical[LONGEST_PREFIX + 1];
    gwapi__buffer path = {rooted, sizeof rooted, 0};

    if (prefix.len > LONGEST_PREFIX || gwapi__path_has_bad_bytes(prefix) ||
        gwapi__str_find_char(prefix, '?') != SIZE_MAX)
        return false;
    gwapi__buffer_add(&path, GWAPI__STR("/"));
    gwapi__buffer_add(&path, prefix);
    gwapi_str whole = gwapi__str(rooted, path.length);
    size_t length = gwapi__canonical_length(whole);
    gwapi__canonical_copy(whole, 0, length, canonical);
    length -= canonical[length - 1] == '/';
    gwapi__buffer_add(out, gwapi__str(canonical, length));
    return true;
}

gwapi_result gwapi_auth_path(const gwapi_decision *decision, const gwapi_request *request,
                             uint32_t backend, char *buffer, size_t capacity, size_t *length)
{
    gwapi__buffer out = {buffer, capacity, 0};
    gwapi__auth_place place;
    gwapi_request r;

    if (!gwapi__decision_usable(decision) || length == NULL ||
        (buffer == NULL && capacity != 0))
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__request_in(&r, request));
    if (!gwapi__auth_asked(decision, backend, &place))
        return GWAPI_ESTATE;
    if (place.auth->protocol == GWAPI_AUTH_GRPC) {
        gwapi__buffer_add(&out, GWAPI__STR("/envoy.service.auth.v3.Authorization/Check"));
        return gwapi__buffer_end(&out, length);
    }
    if (!add_prefix(&out, gwapi__image_str(decision->snapshot, place.auth->path)))
        return GWAPI_EINVALID;
    (void)gwapi__target_write(decision, &r, GWAPI__IMAGE_PATH_KEEP, GWAPI__STR(""),
                              out.length != 0, &out);
    return gwapi__buffer_end(&out, length);
}

/* ---- headers ---- */

static bool listed(const gwapi_snapshot *s, gwapi__image_range names, gwapi_str name)
{
    for (uint32_t i = 0; i < names.count; i++)
        if (gwapi__str_eq_nocase(gwapi__image_string_at(s, names.first + i), name))
            return true;
    return false;
}

static bool sends(const gwapi_snapshot *s, const gwapi__image_auth *auth, gwapi_str name)
{
    if (name.len == 0 || name.data[0] == ':')
        return false;
    if (auth->protocol == GWAPI_AUTH_GRPC)
        return auth->headers.count == 0 || listed(s, auth->headers, name);
    if (gwapi__str_eq_nocase(name, GWAPI__STR("host")) ||
        gwapi__str_eq_nocase(name, GWAPI__STR("content-length")))
        return false;
    return gwapi__str_eq_nocase(name, GWAPI__STR("authorization")) ||
           listed(s, auth->headers, name);
}

uint32_t gwapi_auth_sends_header(const gwapi_decision *decision, uint32_t backend,
                                 gwapi_str name)
{
    gwapi__auth_place place;

    return gwapi__auth_asked(decision, backend, &place) &&
           sends(decision->snapshot, place.auth, name);
}

typedef struct lines {
    const gwapi_snapshot *snapshot;
    const gwapi__image_auth *auth;
    gwapi__header_source source; /* the modifiers in front of the filter */
    gwapi_header *out;
    size_t capacity, count;
} lines;

static void add_line(lines *l, gwapi_str name, gwapi_str value)
{
    if (!sends(l->snapshot, l->auth, name))
        return;
    if (l->count < l->capacity)
        l->out[l->count] = (gwapi_header){name, value};
    l->count++;
}

static void add_received(lines *l, gwapi_str name, gwapi_str value)
{
    if (sends(l->snapshot, l->auth, name) && gwapi__header_kept(&l->source, name))
        add_line(l, name, value);
}

/* All lines of a name that a getter has, of those names that are sent. */
static void add_by_name(lines *l, const gwapi_request *request, gwapi_str name)
{
    uint32_t index = gwapi__image_header_index(l->snapshot, name);
    gwapi__header_walk walk = gwapi__header_walk_start(request, index, name);
    gwapi_str value;

    if (index != GWAPI_NONE)
        walk.name =
            gwapi__image_str(l->snapshot, gwapi__image_HEADER_NAME(l->snapshot, index)->text);
    while (gwapi__header_walk_next(&walk, &value))
        add_received(l, walk.name, value);
}

static bool add_of_getter(lines *l, const gwapi_request *request)
{
    gwapi__image_range names = l->auth->headers;
    bool http = l->auth->protocol == GWAPI_AUTH_HTTP;

    if (!http && names.count == 0)
        return false;
    if (http)
        add_by_name(l, request, GWAPI__STR("authorization"));
    for (uint32_t i = 0; i < names.count; i++) {
        gwapi_str name = gwapi__image_string_at(l->snapshot, names.first + i);
        gwapi__image_range before = {names.first, i};
        if (!listed(l->snapshot, before, name) &&
            !(http && gwapi__str_eq_nocase(name, GWAPI__STR("authorization"))))
            add_by_name(l, request, name);
    }
    return true;
}

gwapi_result gwapi_auth_headers(const gwapi_decision *decision, const gwapi_request *request,
                                uint32_t backend, gwapi_header *headers, size_t capacity,
                                size_t *count)
{
    lines l = {.out = headers, .capacity = capacity};
    gwapi__auth_place place;
    gwapi_header_op op;
    gwapi_request r;

    if (!gwapi__decision_usable(decision) || count == NULL ||
        (headers == NULL && capacity != 0))
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__request_in(&r, request));
    if (!gwapi__auth_asked(decision, backend, &place))
        return GWAPI_ESTATE;
    l.snapshot = decision->snapshot;
    l.auth = place.auth;
    l.source = (gwapi__header_source){.filters = place.before, .side = GWAPI_HEADERS_REQUEST};
    if (r.getter == NULL)
        for (size_t i = 0; i < r.header_count; i++)
            add_received(&l, r.headers[i].name, r.headers[i].value);
    else if (!add_of_getter(&l, &r))
        return GWAPI_ESTATE;
    gwapi__header_cursor cursor = gwapi__headers_begin(&l.source);
    for (size_t i = 0; gwapi__headers_next(&cursor, &op); i++)
        if (gwapi__header_survives(&l.source, i, &op))
            add_line(&l, op.name, op.value);
    *count = l.count;
    return l.count <= capacity ? GWAPI_OK : GWAPI_EBUFFER;
}
