#include "rows.h"
#include "measure.h"

#include <stdlib.h>
#include <string.h>

gwapi_str bench_member(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    return json_is_string(value)
               ? (gwapi_str){json_string_value(value), json_string_length(value)}
               : (gwapi_str){"", 0};
}

static gwapi_str member_or(const json_t *object, const char *name, const char *otherwise)
{
    gwapi_str value = bench_member(object, name);

    return value.len != 0 ? value : (gwapi_str){otherwise, strlen(otherwise)};
}

static bool text_is(gwapi_str text, const char *literal)
{
    return bench_equal(text, (gwapi_str){literal, strlen(literal)});
}

/* A text made by us, which the document owns as a member of `owner`. Made anew it is the same,
 * and the first one stays, because rows refer to it. */
static gwapi_str own(json_t *owner, const char *name, json_t *text)
{
    if (text == NULL)
        bench_die("jansson", "out of memory");
    if (json_object_get(owner, name) != NULL)
        json_decref(text);
    else if (json_object_set_new(owner, name, text) != 0)
        bench_die("jansson", "out of memory");
    return bench_member(owner, name);
}

static gwapi_str joined(json_t *owner, const char *name, gwapi_str a, gwapi_str b)
{
    return own(owner, name, json_sprintf("%.*s/%.*s", (int)a.len, a.data, (int)b.len, b.data));
}

static pcre2_code *regex(gwapi_str pattern)
{
    int error;
    PCRE2_SIZE offset;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern.data, pattern.len,
                                     PCRE2_ANCHORED | PCRE2_ENDANCHORED, &error, &offset, NULL);

    if (code == NULL)
        bench_die("a regular expression does not compile", pattern.data);
    (void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without, it is interpreted */
    return code;
}

/* ---- gateways and listeners ---------------------------------------------------------- */

static void load_listener(bench_data *data, const json_t *spec, uint32_t gateway)
{
    const json_t *kinds = json_object_get(json_object_get(spec, "allowedRoutes"), "kinds");
    bench_listener *l = &data->listeners[data->listener_count++];

    *l = (bench_listener){.gateway = gateway,
                          .port = (uint32_t)json_integer_value(json_object_get(spec, "port")),
                          .takes_http = json_array_size(kinds) == 0,
                          .takes_grpc = json_array_size(kinds) == 0,
                          .name = bench_member(spec, "name"),
                          .hostname = bench_member(spec, "hostname")};
    for (size_t i = 0; i < json_array_size(kinds); i++) {
        gwapi_str kind = bench_member(json_array_get(kinds, i), "kind");
        l->takes_http |= text_is(kind, "HTTPRoute");
        l->takes_grpc |= text_is(kind, "GRPCRoute");
    }
}

static void load_gateway(bench_data *data, json_t *object)
{
    const json_t *metadata = json_object_get(object, "metadata");
    const json_t *listeners = json_object_get(json_object_get(object, "spec"), "listeners");
    uint32_t gateway = (uint32_t)data->gateway_count++;

    data->gateways[gateway] = joined(object, "key", member_or(metadata, "namespace", "default"),
                                     bench_member(metadata, "name"));
    for (size_t i = 0; i < json_array_size(listeners); i++)
        load_listener(data, json_array_get(listeners, i), gateway);
}

uint32_t bench_gateway(const bench_data *data, gwapi_str key)
{
    for (size_t i = 0; i < data->gateway_count; i++)
        if (bench_equal(data->gateways[i], key))
            return (uint32_t)i;
    bench_die("no such Gateway", key.data);
}

/* ---- matches ------------------------------------------------------------------------- */

static bench_condition *conditions(const json_t *list, size_t *count)
{
    *count = json_array_size(list);
    if (*count == 0)
        return NULL;
    bench_condition *all = bench_alloc(*count, sizeof *all);
    for (size_t i = 0; i < *count; i++) {
        const json_t *c = json_array_get(list, i);
        all[i].name = bench_member(c, "name");
        all[i].value = bench_member(c, "value");
        if (text_is(bench_member(c, "type"), "RegularExpression"))
            all[i].regex = regex(all[i].value);
    }
    return all;
}

static void http_path(bench_row *row, const json_t *match)
{
    const json_t *path = json_object_get(match, "path");
    gwapi_str type = member_or(path, "type", "PathPrefix");

    row->path = member_or(path, "value", "/");
    row->path_type = text_is(type, "Exact")               ? BENCH_EXACT
                     : text_is(type, "RegularExpression") ? BENCH_REGEX
                                                          : BENCH_PREFIX;
    row->method = bench_member(match, "method");
}

/* What a gRPC method means as a path: "/service/method", a prefix without one of the two. */
static void grpc_path(bench_row *row, json_t *match)
{
    const json_t *method = json_object_get(match, "method");
    gwapi_str service = bench_member(method, "service");
    gwapi_str name = bench_member(method, "method");

    row->service_len = service.len;
    row->method_len = name.len;
    if (text_is(bench_member(method, "type"), "RegularExpression") ||
        (service.len == 0 && name.len != 0)) {
        service = member_or(method, "service", "[^/]+");
        name = member_or(method, "method", ".+");
        row->path_type = BENCH_REGEX;
        row->path =
            own(match, "as path", json_sprintf("/(?:%s)/(?:%s)", service.data, name.data));
        return;
    }
    row->path_type = name.len != 0 ? BENCH_EXACT : BENCH_PREFIX;
    row->path = own(match, "as path",
                    json_sprintf(name.len != 0 ? "/%s/%s" : "/%s", service.data, name.data));
}

/* Takes what the match says into `row`, which has what its route says. */
static void load_match(bench_row *row, json_t *match)
{
    if (row->grpc)
        grpc_path(row, match);
    else
        http_path(row, match);
    if (row->path_type == BENCH_REGEX)
        row->path_regex = regex(row->path);
    row->headers = conditions(json_object_get(match, "headers"), &row->header_count);
    row->query = conditions(json_object_get(match, "queryParams"), &row->query_count);
}

static bench_row *push(bench_data *data)
{
    size_t n = data->row_count++;

    if ((n & (n - 1)) == 0) { /* full at every power of two */
        bench_row *rows = realloc(data->rows, (n != 0 ? 2 * n : 1) * sizeof *rows);
        if (rows == NULL)
            bench_die("realloc", "out of memory");
        data->rows = rows;
    }
    return &data->rows[n];
}

/* One row for a match, a parent and a hostname. */
static void load_row(bench_data *data, const bench_row *of_route, const json_t *parent,
                     const json_t *hostname, json_t *match)
{
    bench_row *row = push(data);

    *row = *of_route;
    row->section = bench_member(parent, "sectionName");
    row->host = hostname != NULL
                    ? (gwapi_str){json_string_value(hostname), json_string_length(hostname)}
                    : (gwapi_str){"", 0};
    load_match(row, match);
}

static void load_rules(bench_data *data, bench_row *of_route, const json_t *spec,
                       const json_t *parent, const json_t *hostname)
{
    const json_t *rules = json_object_get(spec, "rules");

    for (size_t i = 0; i < json_array_size(rules); i++) {
        json_t *rule = json_array_get(rules, i);
        json_t *matches = json_object_get(rule, "matches");
        of_route->rule = (uint32_t)i;
        of_route->match = 0;
        if (json_array_size(matches) == 0)
            load_row(data, of_route, parent, hostname, rule); /* has no `path`: everything */
        for (size_t j = 0; j < json_array_size(matches); j++) {
            of_route->match = (uint32_t)j;
            load_row(data, of_route, parent, hostname, json_array_get(matches, j));
        }
    }
}

static void load_route(bench_data *data, json_t *object, bool grpc)
{
    const json_t *metadata = json_object_get(object, "metadata");
    const json_t *spec = json_object_get(object, "spec");
    const json_t *parents = json_object_get(spec, "parentRefs");
    const json_t *hostnames = json_object_get(spec, "hostnames");
    gwapi_str namespace_ = member_or(metadata, "namespace", "default");
    bench_row row = {.grpc = grpc,
                     .created = bench_member(metadata, "creationTimestamp"),
                     .kind = bench_member(object, "kind"),
                     .route =
                         joined(object, "key", namespace_, bench_member(metadata, "name"))};

    data->rule_count += json_array_size(json_object_get(spec, "rules"));
    for (size_t p = 0; p < json_array_size(parents); p++) {
        json_t *parent = json_array_get(parents, p);
        gwapi_str of = member_or(parent, "namespace", namespace_.data);
        row.gateway =
            bench_gateway(data, joined(parent, "key", of, bench_member(parent, "name")));
        if (json_array_size(hostnames) == 0)
            load_rules(data, &row, spec, parent, NULL);
        for (size_t h = 0; h < json_array_size(hostnames); h++)
            load_rules(data, &row, spec, parent, json_array_get(hostnames, h));
    }
}

/* ---- precedence ---------------------------------------------------------------------- */

static int smaller_first(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int longer_first(size_t a, size_t b)
{
    return smaller_first(b, a);
}

static int text_order(gwapi_str a, gwapi_str b)
{
    int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);

    return order != 0 ? order : smaller_first(a.len, b.len);
}

/* Hostnames: an exact one before a wildcard before none, longer before shorter. */
static int host_order(gwapi_str a, gwapi_str b)
{
    bool a_exact = a.len != 0 && a.data[0] != '*';
    bool b_exact = b.len != 0 && b.data[0] != '*';
    int order = longer_first(a_exact ? a.len : 0, b_exact ? b.len : 0);

    return order != 0 ? order : longer_first(a.len, b.len);
}

/* What the match asks for; rows of different kinds never meet on a listener. */
static int match_order(const bench_row *a, const bench_row *b)
{
    int order;

    if (a->grpc || b->grpc) {
        if ((order = longer_first(a->service_len, b->service_len)) == 0)
            order = longer_first(a->method_len, b->method_len);
    } else if ((order = smaller_first(a->path_type, b->path_type)) == 0 &&
               (order = longer_first(a->path.len, b->path.len)) == 0) {
        order = longer_first(a->method.len != 0, b->method.len != 0);
    }
    if (order == 0 && (order = longer_first(a->header_count, b->header_count)) == 0)
        order = longer_first(a->query_count, b->query_count);
    return order;
}

static int by_precedence(const void *left, const void *right)
{
    const bench_row *a = left;
    const bench_row *b = right;
    int order;

    if ((order = smaller_first(a->gateway, b->gateway)) != 0 ||
        (order = smaller_first(a->grpc, b->grpc)) != 0 ||
        (order = host_order(a->host, b->host)) != 0 || (order = match_order(a, b)) != 0 ||
        (order = text_order(a->created, b->created)) != 0 ||
        (order = text_order(a->route, b->route)) != 0 ||
        (order = smaller_first(a->rule, b->rule)) != 0)
        return order;
    return smaller_first(a->match, b->match);
}

/* ---- all of it ----------------------------------------------------------------------- */

static void count_listeners(bench_data *data, const json_t *items)
{
    size_t gateways = 0;
    size_t listeners = 0;

    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *o = json_array_get(items, i);
        if (text_is(bench_member(o, "kind"), "Gateway")) {
            gateways++;
            listeners +=
                json_array_size(json_object_get(json_object_get(o, "spec"), "listeners"));
        }
    }
    data->gateways = bench_alloc(gateways, sizeof *data->gateways);
    data->listeners = bench_alloc(listeners, sizeof *data->listeners);
    data->first_row = bench_alloc(gateways + 1, sizeof *data->first_row);
}

void bench_rows_load(bench_data *data)
{
    const json_t *items = json_object_get(data->document, "items");

    data->object_count = json_array_size(items);
    count_listeners(data, items);
    for (size_t i = 0; i < data->object_count; i++)
        if (text_is(bench_member(json_array_get(items, i), "kind"), "Gateway"))
            load_gateway(data, json_array_get(items, i));
    for (size_t i = 0; i < data->object_count; i++) {
        json_t *object = json_array_get(items, i);
        gwapi_str kind = bench_member(object, "kind");
        if (text_is(kind, "HTTPRoute") || text_is(kind, "GRPCRoute"))
            load_route(data, object, text_is(kind, "GRPCRoute"));
    }
    if (data->row_count == 0)
        bench_die("manifests.json", "no routes in it");
    qsort(data->rows, data->row_count, sizeof *data->rows, by_precedence);
    for (size_t i = 0; i < data->row_count; i++)
        data->first_row[data->rows[i].gateway + 1] = i + 1;
    for (size_t g = 0; g < data->gateway_count; g++) /* gateways without rows */
        if (data->first_row[g + 1] < data->first_row[g])
            data->first_row[g + 1] = data->first_row[g];
}

static void free_conditions(bench_condition *conditions_, size_t count)
{
    for (size_t i = 0; i < count; i++)
        pcre2_code_free(conditions_[i].regex);
    free(conditions_);
}

void bench_rows_free(bench_data *data)
{
    for (size_t i = 0; i < data->row_count; i++) {
        pcre2_code_free(data->rows[i].path_regex);
        free_conditions(data->rows[i].headers, data->rows[i].header_count);
        free_conditions(data->rows[i].query, data->rows[i].query_count);
    }
    free(data->rows);
    free(data->listeners);
    free(data->gateways);
    free(data->first_row);
}
