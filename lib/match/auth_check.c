/*
 * The Check request of Envoy's ext_authz (envoy/service/auth/v3/external_auth.proto,
 * attribute_context.proto, envoy/config/core/v3/address.proto). Only fields that say something
 * are written, in the order of their numbers.
 */
#include "match/auth.h"

#include "base/result.h"
#include "base/struct.h"
#include "base/utf8.h"
#include "match/redirect.h"
#include "match/request.h"

enum { CHECK_ATTRIBUTES = 1 };
enum {
    ATTRIBUTES_SOURCE = 1,
    ATTRIBUTES_DESTINATION = 2,
    ATTRIBUTES_REQUEST = 4,
    ATTRIBUTES_TLS = 12
};
enum { PEER_ADDRESS = 1, PEER_PRINCIPAL = 4 };
enum { ADDRESS_SOCKET = 1 };
enum { SOCKET_ADDRESS = 2, SOCKET_PORT = 4 };
enum { REQUEST_TIME = 1, REQUEST_HTTP = 2 };
enum { TIME_SECONDS = 1, TIME_NANOS = 2 };
enum { TLS_SNI = 1 };
enum { ENTRY_KEY = 1, ENTRY_VALUE = 2 };
enum {
    HTTP_ID = 1,
    HTTP_METHOD = 2,
    HTTP_HEADERS = 3,
    HTTP_PATH = 4,
    HTTP_HOST = 5,
    HTTP_SCHEME = 6,
    HTTP_SIZE = 9,
    HTTP_PROTOCOL = 10,
    HTTP_BODY = 11,
    HTTP_RAW_BODY = 12
};

typedef struct asked {
    const gwapi_decision *decision;
    const gwapi_request *request;
    const gwapi_auth_facts *facts;
} asked;

/* ---- texts ---- */

/* Bytes that are no UTF-8 become '!': a text of protobuf must not hold them. */
static void make_utf8(char *text, size_t length)
{
    for (size_t i = 0, step; i < length; i += step) {
        uint32_t rune;
        if (!gwapi__utf8_step(gwapi__str(text + i, length - i), &rune, &step))
            text[i] = '!';
    }
}

static bool fits(const gwapi__buffer *out)
{
    return out->data != NULL && out->length <= out->capacity;
}

static void add_text(gwapi__buffer *out, gwapi_str text)
{
    gwapi__buffer_add(out, text);
    if (fits(out) && text.len != 0)
        make_utf8(out->data + out->length - text.len, text.len);
}

static void put_text(gwapi__buffer *out, uint32_t number, gwapi_str text)
{
    if (text.len == 0)
        return;
    gwapi__wire_length(out, number, text.len);
    add_text(out, text);
}

static void put_number(gwapi__buffer *out, uint32_t number, uint64_t value)
{
    if (value != 0)
        gwapi__wire_varint(out, number, value);
}

/* ---- headers ---- */

typedef struct entry {
    const gwapi_auth_facts *facts;
    size_t first; /* of its lines */
} entry;

static void put_joined(gwapi__buffer *out, const void *arg)
{
    const entry *e = arg;
    const gwapi_header *all = e->facts->headers;
    gwapi_str name = all[e->first].name;
    bool cookie = gwapi__str_eq_nocase(name, GWAPI__STR("cookie"));

    for (size_t i = e->first; i < e->facts->header_count; i++) {
        if (!gwapi__str_eq_nocase(all[i].name, name))
            continue;
        if (i != e->first)
            gwapi__buffer_add(out, cookie ? GWAPI__STR("; ") : GWAPI__STR(","));
        add_text(out, gwapi__str_trim(all[i].value));
    }
}

static void put_entry(gwapi__buffer *out, const void *arg)
{
    const entry *e = arg;
    gwapi_str name = e->facts->headers[e->first].name;

    gwapi__wire_length(out, ENTRY_KEY, name.len);
    add_text(out, name);
    for (size_t i = 0; fits(out) && i < name.len; i++) {
        char *c = out->data + out->length - name.len + i;
        *c = gwapi__lower(*c);
    }
    gwapi__wire_message(out, ENTRY_VALUE, put_joined, e);
}

static bool is_first_line(const gwapi_header *all, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (gwapi__str_eq_nocase(all[k].name, all[i].name))
            return false;
    return true;
}

static void put_headers(gwapi__buffer *out, const gwapi_auth_facts *facts)
{
    for (size_t i = 0; i < facts->header_count; i++)
        if (is_first_line(facts->headers, i))
            gwapi__wire_message(out, HTTP_HEADERS, put_entry, &(entry){facts, i});
}

/* ---- the request ---- */

static void put_path(gwapi__buffer *out, const asked *a)
{
    gwapi__buffer nowhere = {NULL, 0, 0};

    (void)gwapi__target_write(a->decision, a->request, GWAPI__IMAGE_PATH_KEEP, GWAPI__STR(""),
                              false, &nowhere);
    gwapi__wire_length(out, HTTP_PATH, nowhere.length);
    (void)gwapi__target_write(a->decision, a->request, GWAPI__IMAGE_PATH_KEEP, GWAPI__STR(""),
                              false, out);
    if (fits(out))
        make_utf8(out->data + out->length - nowhere.length, nowhere.length);
}

static void put_body(gwapi__buffer *out, gwapi_str body)
{
    if (body.len != 0)
        gwapi__wire_bytes(out, gwapi__utf8_valid(body) ? HTTP_BODY : HTTP_RAW_BODY, body);
}

static void put_http(gwapi__buffer *out, const void *arg)
{
    const asked *a = arg;
    const gwapi_auth_facts *f = a->facts;
    bool tls = a->decision->transport == GWAPI_TRANSPORT_TLS;

    put_text(out, HTTP_ID, f->id);
    put_text(out, HTTP_METHOD, gwapi__request_method(a->request));
    put_headers(out, f);
    put_path(out, a);
    put_text(out, HTTP_HOST, gwapi__request_host(a->decision->snapshot, a->request));
    put_text(out, HTTP_SCHEME, tls ? GWAPI__STR("https") : GWAPI__STR("http"));
    put_number(out, HTTP_SIZE, (uint64_t)f->size);
    put_text(out, HTTP_PROTOCOL, f->protocol);
    put_body(out, f->body);
}

static void put_time(gwapi__buffer *out, const void *arg)
{
    const gwapi_auth_facts *f = arg;

    put_number(out, TIME_SECONDS, (uint64_t)f->seconds);
    put_number(out, TIME_NANOS, f->nanoseconds);
}

static void put_request(gwapi__buffer *out, const void *arg)
{
    const asked *a = arg;

    if (a->facts->seconds != 0 || a->facts->nanoseconds != 0)
        gwapi__wire_message(out, REQUEST_TIME, put_time, a->facts);
    gwapi__wire_message(out, REQUEST_HTTP, put_http, a);
}

/* ---- who talks to whom ---- */

typedef struct peer {
    gwapi_str address;
    uint32_t port;
    gwapi_str principal;
} peer;

static void put_socket(gwapi__buffer *out, const void *arg)
{
    const peer *p = arg;

    put_text(out, SOCKET_ADDRESS, p->address);
    put_number(out, SOCKET_PORT, p->port);
}

static void put_address(gwapi__buffer *out, const void *arg)
{
    gwapi__wire_message(out, ADDRESS_SOCKET, put_socket, arg);
}

static void put_peer(gwapi__buffer *out, const void *arg)
{
    const peer *p = arg;

    if (p->address.len != 0)
        gwapi__wire_message(out, PEER_ADDRESS, put_address, p);
    put_text(out, PEER_PRINCIPAL, p->principal);
}

static void put_tls(gwapi__buffer *out, const void *arg)
{
    const gwapi_auth_facts *f = arg;

    put_text(out, TLS_SNI, f->sni);
}

static void put_attributes(gwapi__buffer *out, const void *arg)
{
    const asked *a = arg;
    const gwapi_auth_facts *f = a->facts;
    peer source = {f->source_address, f->source_port, f->source_principal};
    peer destination = {f->destination_address, f->destination_port, {NULL, 0}};

    if (source.address.len != 0 || source.principal.len != 0)
        gwapi__wire_message(out, ATTRIBUTES_SOURCE, put_peer, &source);
    if (destination.address.len != 0)
        gwapi__wire_message(out, ATTRIBUTES_DESTINATION, put_peer, &destination);
    gwapi__wire_message(out, ATTRIBUTES_REQUEST, put_request, a);
    if (f->sni.len != 0)
        gwapi__wire_message(out, ATTRIBUTES_TLS, put_tls, f);
}

gwapi_result gwapi_auth_check(const gwapi_decision *decision, const gwapi_request *request,
                              uint32_t backend, const gwapi_auth_facts *facts, char *buffer,
                              size_t capacity, size_t *length)
{
    gwapi__buffer out = {buffer, capacity, 0};
    gwapi__auth_place place;
    gwapi_auth_facts f;
    gwapi_request r;

    if (!gwapi__decision_usable(decision) || facts == NULL || length == NULL ||
        (buffer == NULL && capacity != 0))
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__request_in(&r, request));
    GWAPI__TRY(gwapi__struct_in(&f, sizeof f, facts, sizeof f));
    if (!gwapi__auth_asked(decision, backend, &place) ||
        place.auth->protocol != GWAPI_AUTH_GRPC)
        return GWAPI_ESTATE;
    uint64_t most =
        place.auth->has_forward_body != 0 ? gwapi__image_u64(place.auth->max_size) : 0;
    if (f.body.len > most)
        return GWAPI_EINVALID;
    asked a = {decision, &r, &f};
    gwapi__wire_message(&out, CHECK_ATTRIBUTES, put_attributes, &a);
    return gwapi__buffer_end(&out, length);
}
