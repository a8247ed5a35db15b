#include "data.h"
#include "measure.h"
#include "rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool bench_equal(gwapi_str a, gwapi_str b)
{
    return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

bool bench_host_covers(gwapi_str pattern, gwapi_str host)
{
    if (pattern.len == 0)
        return true;
    if (pattern.data[0] != '*')
        return bench_equal(pattern, host);
    size_t suffix = pattern.len - 1;
    return host.len > suffix &&
           memcmp(host.data + host.len - suffix, pattern.data + 1, suffix) == 0;
}

static gwapi_str slurp(const char *directory, const char *name)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = length > 0 && (size_t)length < sizeof path ? fopen(path, "rb") : NULL;

    if (file == NULL)
        bench_die(name, "cannot be opened in the folder given");
    if (fseek(file, 0, SEEK_END) != 0)
        bench_die(path, "cannot be read");
    long size = ftell(file);
    char *bytes = bench_alloc((size_t)size + 1, 1);
    rewind(file);
    if (fread(bytes, 1, (size_t)size, file) != (size_t)size)
        bench_die(path, "cannot be read");
    fclose(file);
    return (gwapi_str){bytes, (size_t)size};
}

static json_t *parse(gwapi_str bytes, const char *what)
{
    json_error_t error;
    json_t *value = json_loadb(bytes.data, bytes.len, 0, &error);

    if (value == NULL)
        bench_die(what, error.text);
    return value;
}

/* The host as it is compared: lower case, without port. The tables have no IPv6 hosts. */
static gwapi_str host_key(gwapi_str host)
{
    const char *colon = memchr(host.data, ':', host.len);
    size_t length = colon != NULL ? (size_t)(colon - host.data) : host.len;
    char *key = bench_alloc(length, 1);

    for (size_t i = 0; i < length; i++)
        key[i] = host.data[i] >= 'A' && host.data[i] <= 'Z' ? (char)(host.data[i] + 32)
                                                            : host.data[i];
    return (gwapi_str){key, length};
}

static const gwapi_header *headers_of(const json_t *list)
{
    size_t count = json_array_size(list);
    gwapi_header *headers = bench_alloc(count, sizeof *headers);

    for (size_t i = 0; i < count; i++) {
        const json_t *name = json_array_get(json_array_get(list, i), 0);
        const json_t *value = json_array_get(json_array_get(list, i), 1);
        if (!json_is_string(name) || !json_is_string(value))
            bench_die("requests.jsonl", "a header is no pair of texts");
        headers[i].name = (gwapi_str){json_string_value(name), json_string_length(name)};
        headers[i].value = (gwapi_str){json_string_value(value), json_string_length(value)};
    }
    return headers;
}

static void load_request(const bench_data *data, bench_request *q, const json_t *line)
{
    gwapi_str gateway = bench_member(line, "gateway");
    bool grpc = bench_equal(bench_member(line, "protocol"), (gwapi_str)GWAPI_STR_INIT("GRPC"));

    q->gateway = bench_gateway(data, gateway);
    const char *slash = memchr(gateway.data, '/', gateway.len);
    size_t namespace_len = (size_t)(slash - gateway.data);
    q->arrival = (gwapi_arrival)GWAPI_ARRIVAL_INIT;
    q->arrival.gateway_namespace = (gwapi_str){gateway.data, namespace_len};
    q->arrival.gateway_name = (gwapi_str){slash + 1, gateway.len - namespace_len - 1};
    q->arrival.port = (uint32_t)json_integer_value(json_object_get(line, "port"));
    q->request = (gwapi_request)GWAPI_REQUEST_INIT;
    q->request.method = bench_member(line, "method");
    q->request.host = bench_member(line, "host");
    q->request.path = bench_member(line, "path");
    q->request.header_count = json_array_size(json_object_get(line, "headers"));
    q->request.headers = headers_of(json_object_get(line, "headers"));
    q->request.flags = grpc ? GWAPI_REQUEST_GRPC : 0;
    q->random = (uint64_t)json_integer_value(json_object_get(line, "random"));
    q->key = host_key(q->request.host);
    q->path = q->request.path;
    const char *mark = memchr(q->path.data, '?', q->path.len);
    if (mark != NULL) {
        q->path.len = (size_t)(mark - q->path.data);
        q->query = (gwapi_str){mark + 1, q->request.path.len - q->path.len - 1};
    }
}

static void load_requests(bench_data *data, gwapi_str text)
{
    data->lines = json_array();
    while (text.len != 0) {
        const char *end = memchr(text.data, '\n', text.len);
        size_t length = end != NULL ? (size_t)(end - text.data) : text.len;
        size_t used = length + (end != NULL);
        if (length != 0)
            json_array_append_new(data->lines,
                                  parse((gwapi_str){text.data, length}, "requests.jsonl"));
        text = (gwapi_str){text.data + used, text.len - used};
    }
    data->request_count = json_array_size(data->lines);
    if (data->request_count == 0)
        bench_die("requests.jsonl", "no requests in it");
    data->requests = bench_alloc(data->request_count, sizeof *data->requests);
    for (size_t i = 0; i < data->request_count; i++)
        load_request(data, &data->requests[i], json_array_get(data->lines, i));
}

static void free_text(gwapi_str text)
{
    union {
        const char *in;
        char *out;
    } bytes = {text.data};

    free(bytes.out);
}

void bench_data_load(bench_data *data, const char *directory)
{
    *data = (bench_data){0};
    data->yaml = slurp(directory, "manifests.yaml");
    data->json = slurp(directory, "manifests.json");
    data->document = parse(data->json, "manifests.json");
    bench_rows_load(data);
    gwapi_str lines = slurp(directory, "requests.jsonl");
    load_requests(data, lines);
    free_text(lines);
}

static void free_headers(const gwapi_header *headers)
{
    union {
        const gwapi_header *in;
        gwapi_header *out;
    } list = {headers};

    free(list.out);
}

void bench_data_free(bench_data *data)
{
    for (size_t i = 0; i < data->request_count; i++) {
        free_headers(data->requests[i].request.headers);
        free_text(data->requests[i].key);
    }
    free(data->requests);
    bench_rows_free(data);
    json_decref(data->document);
    json_decref(data->lines);
    free_text(data->yaml);
    free_text(data->json);
}
