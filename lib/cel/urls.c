// URLs: k8s.io/apiserver pkg/cel/library/urls.go.
#include "base/slice.h"
#include "cel/build.h"
#include "cel/library.h"
#include "cel/uri.h"

typedef struct url {
    gwapi__cel_opaque opaque;
    gwapi_str text; // canonical
    gwapi_str scheme, host, path;
    gwapi_str query; // as written
} url;

static const url *url_of(const gwapi__cel_value *v)
{
    return (const url *)v->as.opaque;
}

static bool equal(const gwapi__cel_opaque *a, const gwapi__cel_opaque *b)
{
    return gwapi__str_eq(((const url *)a)->text, ((const url *)b)->text);
}

static const gwapi__cel_opaque_class class_ = {.type = &gwapi__cel_url, .equal = equal};

// ---- parsing --------------------------------------------------------------------------------

// The parts that functions ask for, one behind the other in one copy.
static bool fill(gwapi__cel_context *context, url *out, const gwapi__uri *uri)
{
    size_t path, whole;
    gwapi_str copy;
    gwapi__text t;

    gwapi__text_init(&t, context->allocator);
    gwapi__uri_decode(&t, uri->host, false);
    path = t.len;
    gwapi__uri_write_path(&t, uri);
    whole = t.len;
    gwapi__uri_write(&t, uri);
    bool ok = !t.failed && gwapi__arena_copy(context->arena, gwapi__text_str(&t), &copy);
    gwapi__text_free(&t);
    if (!ok)
        return false;
    *out = (url){.opaque = {&class_},
                 .text = gwapi__str_sub(copy, whole, copy.len),
                 .scheme = gwapi__str_sub(copy, whole, uri->scheme.len),
                 .host = gwapi__str_sub(copy, 0, path),
                 .path = gwapi__str_sub(copy, path, whole - path),
                 .query = uri->query};
    return true;
}

static gwapi__cel_value bad_url(gwapi__cel_context *context, gwapi_str text,
                                const gwapi__uri_fault *fault)
{
    gwapi__cel_value error;
    gwapi__text t;

    gwapi__text_init(&t, context->allocator);
    gwapi__uri_fault_write(&t, text, fault);
    error = t.failed ? gwapi__cel_no_memory(context)
                     : gwapi__cel_fail(context, "not a URL: %v", gwapi__text_str(&t));
    gwapi__text_free(&t);
    return error;
}

// The text must do for a request, but its fragment is known as such.
static gwapi__cel_value parse(gwapi__cel_context *context, const gwapi__cel_value *args,
                              uint32_t count)
{
    gwapi_str text = args[0].as.text;
    gwapi__uri_fault fault;
    gwapi__uri uri;
    url *made;

    (void)count;
    if (!gwapi__uri_parse_request(&uri, text, &fault) || !gwapi__uri_parse(&uri, text, &fault))
        return bad_url(context, text, &fault);
    made = gwapi__arena_alloc(context->arena, sizeof *made);
    if (made == NULL || !fill(context, made, &uri))
        return gwapi__cel_no_memory(context);
    return gwapi__cel_of_opaque(&made->opaque);
}

static gwapi__cel_value is_url(gwapi__cel_context *context, const gwapi__cel_value *args,
                               uint32_t count)
{
    gwapi__uri_fault fault;
    gwapi__uri uri;

    (void)context;
    (void)count;
    return gwapi__cel_of_bool(gwapi__uri_parse_request(&uri, args[0].as.text, &fault));
}

// ---- parts ----------------------------------------------------------------------------------

static gwapi__cel_value get_scheme(gwapi__cel_context *context, const gwapi__cel_value *args,
                                   uint32_t count)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_string(url_of(&args[0])->scheme);
}

static gwapi__cel_value get_host(gwapi__cel_context *context, const gwapi__cel_value *args,
                                 uint32_t count)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_string(url_of(&args[0])->host);
}

static gwapi__cel_value get_hostname(gwapi__cel_context *context, const gwapi__cel_value *args,
                                     uint32_t count)
{
    gwapi_str name, port;

    (void)context;
    (void)count;
    gwapi__uri_split_host(url_of(&args[0])->host, &name, &port);
    return gwapi__cel_of_string(name);
}

static gwapi__cel_value get_port(gwapi__cel_context *context, const gwapi__cel_value *args,
                                 uint32_t count)
{
    gwapi_str name, port;

    (void)context;
    (void)count;
    gwapi__uri_split_host(url_of(&args[0])->host, &name, &port);
    return gwapi__cel_of_string(port);
}

static gwapi__cel_value get_path(gwapi__cel_context *context, const gwapi__cel_value *args,
                                 uint32_t count)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_string(url_of(&args[0])->path);
}

// ---- query ----------------------------------------------------------------------------------

static bool decode(gwapi__cel_context *context, gwapi_str raw, gwapi__cel_value *out)
{
    gwapi_str copy = raw;
    gwapi__text t;
    bool ok = true;

    if (gwapi__str_find_char(raw, '%') != SIZE_MAX ||
        gwapi__str_find_char(raw, '+') != SIZE_MAX) {
        gwapi__text_init(&t, context->allocator);
        gwapi__uri_decode(&t, raw, true);
        ok = !t.failed && gwapi__arena_copy(context->arena, gwapi__text_str(&t), &copy);
        gwapi__text_free(&t);
    }
    *out = gwapi__cel_of_string(copy);
    return ok;
}

static size_t count_parameters(gwapi_str query)
{
    size_t n = 1;

    for (size_t i = 0; i < query.len; i++)
        n += query.data[i] == '&';
    return n;
}

// A value into the list of its key.
static bool add_parameter(gwapi__cel_context *context, gwapi__cel_entries *entries,
                          gwapi__cel_items *lists, gwapi_str raw_key, gwapi_str raw_value)
{
    gwapi__cel_value key, value;
    uint32_t at = entries->map.count;

    return decode(context, raw_key, &key) && decode(context, raw_value, &value) &&
           gwapi__cel_entries_add(context, entries, &key, gwapi__cel_of_null(), &at) !=
               GWAPI__CEL_NO_MEMORY &&
           gwapi__cel_items_add(context, &lists[at], value);
}

static gwapi__cel_value get_query(gwapi__cel_context *context, const gwapi__cel_value *args,
                                  uint32_t count)
{
    gwapi_str rest = url_of(&args[0])->query, key, value;
    size_t most = count_parameters(rest);
    gwapi__cel_entries entries = {.capacity = 0};
    gwapi__cel_items *lists;

    (void)count;
    if (most > GWAPI__URI_MAX_PARAMETERS)
        rest = gwapi__str("", 0);
    if (!gwapi__cel_makes(context, rest.len + most * sizeof *lists))
        return gwapi__cel_spent(context);
    lists = gwapi__arena_array(context->arena, most, sizeof *lists);
    if (lists == NULL)
        return gwapi__cel_no_memory(context);
    while (gwapi__uri_next_parameter(&rest, &key, &value))
        if (!add_parameter(context, &entries, lists, key, value))
            return gwapi__cel_no_memory(context);
    for (uint32_t i = 0; i < entries.map.count; i++)
        entries.data[i].value = gwapi__cel_items_list(context, &lists[i]);
    return gwapi__cel_entries_map(context, &entries);
}

// ---- the table ------------------------------------------------------------------------------

// map(string, list(string))
static const gwapi__cel_type query_type = {
    .kind = GWAPI__CEL_MAP,
    .param_count = 2,
    .params =
        (const gwapi__cel_type *const[]){&gwapi__cel_string, &gwapi__cel_list_string},
    .max_elements = GWAPI__CEL_UNBOUNDED};

#define MEMBER(function, id, result, call)                                                     \
    {function, id, result, {&gwapi__cel_url}, 1, true, 0, 0, call, NULL, NULL}

static const gwapi__cel_overload overloads[] = {
    MEMBER("getEscapedPath", "url_get_escaped_path", &gwapi__cel_string, get_path),
    MEMBER("getHost", "url_get_host", &gwapi__cel_string, get_host),
    MEMBER("getHostname", "url_get_hostname", &gwapi__cel_string, get_hostname),
    MEMBER("getPort", "url_get_port", &gwapi__cel_string, get_port),
    MEMBER("getQuery", "url_get_query", &query_type, get_query),
    MEMBER("getScheme", "url_get_scheme", &gwapi__cel_string, get_scheme),
    // The server forgot isURL when it made costs up: one unit.
    {"isURL", "is_url_string", &gwapi__cel_bool, {&gwapi__cel_string}, 1, false, 0, 0, is_url,
     NULL, NULL},
    {"url", "string_to_url", &gwapi__cel_url, {&gwapi__cel_string}, 1, false, 0, 0, parse,
     gwapi__cel_cost_walk, gwapi__cel_estimate_walk},
};

const gwapi__cel_library gwapi__cel_urls = {overloads, sizeof overloads / sizeof *overloads};
