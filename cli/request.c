#include "request.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void refuse(cli_request *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The first reason counts. */
static void refuse(cli_request *r, const char *format, ...)
{
    va_list args;
    char text[256];

    if (r->error != NULL)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    r->error = cli_format("%s", text);
}

/* ---- members ---- */

static gwapi_str text_of(const json_t *value)
{
    return (gwapi_str){json_string_value(value), json_string_length(value)};
}

/* A member that is text; absent when it is missing or null. */
static gwapi_str text_member(cli_request *r, const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    if (value == NULL || json_is_null(value))
        return (gwapi_str){NULL, 0};
    if (!json_is_string(value)) {
        refuse(r, "%s must be a string", name);
        return (gwapi_str){NULL, 0};
    }
    return text_of(value);
}

/* "ns/name" in its two parts. */
static void name_member(cli_request *r, const json_t *object, const char *name,
                        gwapi_str *namespace_, gwapi_str *local)
{
    gwapi_str text = text_member(r, object, name);
    const char *slash = text.len != 0 ? memchr(text.data, '/', text.len) : NULL;

    if (text.data == NULL)
        return;
    if (slash == NULL || slash == text.data || slash + 1 == text.data + text.len) {
        refuse(r, "%s must be NAMESPACE/NAME", name);
        return;
    }
    *namespace_ = (gwapi_str){text.data, (size_t)(slash - text.data)};
    *local = (gwapi_str){slash + 1, text.len - namespace_->len - 1};
}

static bool number_member(cli_request *r, const json_t *object, const char *name,
                          json_int_t least, json_int_t most, json_int_t *out)
{
    const json_t *value = json_object_get(object, name);

    if (value == NULL || json_is_null(value))
        return false;
    *out = json_integer_value(value);
    if (!json_is_integer(value) || *out < least || *out > most) {
        refuse(r, "%s must be an integer from %lld to %lld", name, (long long)least,
               (long long)most);
        return false;
    }
    return true;
}

static void read_headers(cli_request *r)
{
    const json_t *list = json_object_get(r->line, "headers"), *pair;
    size_t i;

    if (list == NULL || json_is_null(list))
        return;
    if (!json_is_array(list)) {
        refuse(r, "headers must be a list of [name, value]");
        return;
    }
    r->headers = cli_alloc(json_array_size(list), sizeof *r->headers);
    json_array_foreach(list, i, pair)
    {
        const json_t *name = json_array_get(pair, 0), *value = json_array_get(pair, 1);
        if (json_array_size(pair) != 2 || !json_is_string(name) || !json_is_string(value) ||
            json_string_length(name) == 0) {
            refuse(r, "headers[%zu] must be [name, value]", i);
            return;
        }
        r->headers[i] = (gwapi_header){text_of(name), text_of(value)};
    }
    r->request.headers = r->headers;
    r->request.header_count = json_array_size(list);
}

/* ---- the whole ---- */

static void read_protocol(cli_request *r)
{
    static const struct {
        const char *name;
        gwapi_transport transport;
        uint32_t flags;
    } protocols[] = {{"HTTP", GWAPI_TRANSPORT_HTTP, 0},
                     {"HTTPS", GWAPI_TRANSPORT_TLS, 0},
                     {"GRPC", GWAPI_TRANSPORT_AUTO, GWAPI_REQUEST_GRPC},
                     {"TLS", GWAPI_TRANSPORT_TLS, 0},
                     {"TCP", GWAPI_TRANSPORT_TCP, 0},
                     {"UDP", GWAPI_TRANSPORT_UDP, 0}};
    gwapi_str name = text_member(r, r->line, "protocol");

    r->protocol = "";
    if (name.data == NULL)
        return;
    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
        if (cli_is(name, protocols[i].name)) {
            r->protocol = protocols[i].name;
            r->arrival.transport = protocols[i].transport;
            r->request.flags = protocols[i].flags;
            return;
        }
    refuse(r, "protocol must be HTTP, HTTPS, GRPC, TLS, TCP or UDP");
}

static void read_mesh(cli_request *r)
{
    const json_t *mesh = json_object_get(r->line, "mesh");

    if (mesh == NULL || json_is_null(mesh))
        return;
    if (!json_is_object(mesh)) {
        refuse(r, "mesh must be an object");
        return;
    }
    r->arrival.client_namespace = text_member(r, mesh, "namespace");
    if (r->arrival.client_namespace.len == 0)
        refuse(r, "mesh.namespace is missing");
    name_member(r, mesh, "service", &r->arrival.service_namespace, &r->arrival.service_name);
}

/* The name a client would send at its ClientHello: the host without a port. */
static gwapi_str default_sni(const cli_request *r)
{
    gwapi_str host = r->request.host;
    size_t len;

    for (size_t i = 0; host.data == NULL && i < r->request.header_count; i++)
        if (r->headers[i].name.len == 4 && strncasecmp(r->headers[i].name.data, "host", 4) == 0)
            host = r->headers[i].value;
    if (host.data == NULL || (host.len != 0 && host.data[0] == '['))
        return host;
    for (len = host.len; len != 0 && host.data[len - 1] >= '0' && host.data[len - 1] <= '9';)
        len--;
    if (len != 0 && host.data[len - 1] == ':')
        host.len = len - 1;
    return host;
}

static void read_members(cli_request *r)
{
    json_int_t number = 0;

    name_member(r, r->line, "gateway", &r->arrival.gateway_namespace, &r->arrival.gateway_name);
    r->arrival.address = text_member(r, r->line, "address");
    if (number_member(r, r->line, "port", 1, 65535, &number))
        r->arrival.port = (uint32_t)number;
    else
        refuse(r, "port is missing");
    read_protocol(r);
    read_mesh(r);
    r->request.host = text_member(r, r->line, "host");
    r->request.method = text_member(r, r->line, "method");
    if (r->request.method.data == NULL && (r->request.flags & GWAPI_REQUEST_GRPC) != 0)
        r->request.method = cli_str("POST");
    r->request.path = text_member(r, r->line, "path");
    read_headers(r);
    r->arrival.sni = text_member(r, r->line, "sni");
    if (r->arrival.sni.data == NULL)
        r->arrival.sni = default_sni(r);
    r->random_given =
        number_member(r, r->line, "random", 0, ((json_int_t)1 << 53) - 1, &number);
    r->random = r->random_given ? (uint64_t)number : 0;
}

static void start(cli_request *r, gwapi_path_policy policy)
{
    *r = (cli_request){.arrival = GWAPI_ARRIVAL_INIT, .request = GWAPI_REQUEST_INIT};
    r->protocol = "";
    r->request.path_policy = policy;
}

static void read_line(cli_request *r)
{
    const json_t *id = json_object_get(r->line, "id");

    if (id != NULL)
        r->id = json_dumps(id, JSON_ENCODE_ANY | JSON_COMPACT);
    read_members(r);
}

void cli_request_read(cli_request *r, gwapi_str line, gwapi_path_policy policy)
{
    json_error_t error;

    start(r, policy);
    if (line.data == NULL) {
        refuse(r, "the line is too long");
        return;
    }
    r->line = json_loadb(line.data, line.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (r->line == NULL)
        refuse(r, "no JSON object: %s (column %d)", error.text, error.column);
    else if (!json_is_object(r->line))
        refuse(r, "a request is a JSON object");
    else
        read_line(r);
}

void cli_request_free(cli_request *r)
{
    json_decref(r->line);
    free(r->headers);
    free(r->id);
    free(r->error);
}

/* ---- of the command line ---- */

bool cli_is_url(const char *argument)
{
    size_t len = strspn(argument, "abcdefghijklmnopqrstuvwxyz");

    return len != 0 && strncmp(argument + len, "://", 3) == 0;
}

static void set_text(cli_request *r, json_t *object, const char *name, gwapi_str text)
{
    json_t *value;

    if (text.data == NULL)
        return;
    value = json_stringn(text.data, text.len);
    if (value == NULL)
        refuse(r, "%s is not UTF-8", name);
    else
        json_object_set_new(object, name, value);
}

/* The scheme: what the client speaks, and the port that goes without saying. */
static bool set_scheme(cli_request *r, gwapi_str scheme)
{
    static const struct {
        const char *name;
        const char *protocol;
        json_int_t port; /* 0: none */
    } schemes[] = {{"http", "HTTP", 80},   {"https", "HTTPS", 443}, {"grpc", "GRPC", 80},
                   {"grpcs", "GRPC", 443}, {"tls", "TLS", 443},     {"tcp", "TCP", 0},
                   {"udp", "UDP", 0}};

    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (cli_is(scheme, schemes[i].name)) {
            json_object_set_new(r->line, "protocol", json_string(schemes[i].protocol));
            if (schemes[i].port != 0)
                json_object_set_new(r->line, "port", json_integer(schemes[i].port));
            return true;
        }
    refuse(r, "the URL's scheme must be http, https, grpc, grpcs, tls, tcp or udp");
    return false;
}

/* As a client reads it: who may log in is not sent to a server, a fragment neither. */
static void set_url(cli_request *r, const char *url)
{
    const char *authority = strstr(url, "://") + 3, *at, *colon;
    gwapi_str host = {authority, strcspn(authority, "/?#")};
    const char *path = authority + host.len;
    char *whole;

    if (!set_scheme(r, (gwapi_str){url, (size_t)(authority - 3 - url)}))
        return;
    at = host.len != 0 ? memchr(host.data, '@', host.len) : NULL;
    if (at != NULL)
        host = (gwapi_str){at + 1, (size_t)(host.data + host.len - at - 1)};
    colon = host.data + host.len;
    while (colon != host.data && colon[-1] >= '0' && colon[-1] <= '9')
        colon--;
    if (colon != host.data && colon[-1] == ':' && colon != host.data + host.len)
        json_object_set_new(r->line, "port", json_integer(strtol(colon, NULL, 10)));
    set_text(r, r->line, "host", host);
    whole = cli_format("%s%.*s", *path == '/' ? "" : "/", (int)strcspn(path, "#"), path);
    set_text(r, r->line, "path", cli_str(whole));
    free(whole);
}

static void set_headers(cli_request *r, const cli_list *headers)
{
    json_t *list = json_array();

    for (size_t i = 0; i < headers->count; i++) {
        const char *colon = strchr(headers->items[i], ':'), *value;
        json_t *pair;
        if (colon == NULL || colon == headers->items[i]) {
            refuse(r, "-H takes 'NAME: VALUE', not '%s'", headers->items[i]);
            continue;
        }
        value = colon + 1 + strspn(colon + 1, " \t");
        pair = json_pack("[s#s]", headers->items[i], (int)(colon - headers->items[i]), value);
        if (pair == NULL)
            refuse(r, "a header is not UTF-8");
        else
            json_array_append_new(list, pair);
    }
    json_object_set_new(r->line, "headers", list);
}

void cli_request_of(cli_request *r, const cli_options *options, const char *url)
{
    start(r, options->path_policy);
    r->line = json_object();
    if (url != NULL)
        set_url(r, url);
    set_text(r, r->line, "host", cli_str(options->host));
    set_text(r, r->line, "method", cli_str(options->method));
    set_text(r, r->line, "sni", cli_str(options->sni));
    set_text(r, r->line, "address", cli_str(options->address));
    if (options->gateways.count != 0)
        set_text(r, r->line, "gateway",
                 cli_str(options->gateways.items[options->gateways.count - 1]));
    set_headers(r, &options->headers);
    if (options->port_given)
        json_object_set_new(r->line, "port", json_integer(options->port));
    if (options->random_given)
        json_object_set_new(r->line, "random", json_integer((json_int_t)options->random));
    if (r->error == NULL)
        read_line(r);
}

void cli_request_from(cli_request *r, const json_t *members, const char *url,
                      gwapi_path_policy policy)
{
    start(r, policy);
    r->line = json_object();
    if (url != NULL && !cli_is_url(url))
        refuse(r, "url must begin with a scheme");
    else if (url != NULL)
        set_url(r, url);
    json_object_update(r->line, (json_t *)(uintptr_t)members);
    if (r->error == NULL)
        read_line(r);
}
