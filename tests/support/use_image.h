/*
 * Asks an image for everything in it: at each door, for each match a request made of it, and
 * for each Service of the mesh. What the answers are does not count: for images that nobody
 * compiled.
 */
#ifndef GWAPI_TESTS_USE_IMAGE_H
#define GWAPI_TESTS_USE_IMAGE_H

#include <stdlib.h>
#include <string.h>
#include "image/checksum.h"
#include "image/reader.h"
#include "support/use_decision.h"

#define USE_MOST_HEADERS 8

typedef struct use {
    const gwapi_snapshot *snapshot;
    gwapi_scratch *scratch;
    size_t asked, most;
    char path[512];
    gwapi_header headers[USE_MOST_HEADERS];
} use;

static inline int use_sink(void *ctx, const char *data, size_t len)
{
    (void)ctx;
    (void)data;
    (void)len;
    return 0;
}

static inline void use_ask(use *u, const gwapi_arrival *arrival, const gwapi_request *request)
{
    gwapi_connection connection = GWAPI_CONNECTION_INIT;
    gwapi_decision decision = GWAPI_DECISION_INIT;
    const gwapi_sink sink = {sizeof sink, NULL, use_sink};

    if (u->asked++ >= u->most ||
        gwapi_accept(u->snapshot, u->scratch, arrival, &connection) != GWAPI_OK ||
        gwapi_match(u->snapshot, u->scratch, &connection, request, &decision) != GWAPI_OK)
        return;
    gwapi_decision_write(&decision, request, (gwapi_str){NULL, 0}, &sink);
    use_decision(&connection, &decision, request);
    gwapi_decision_write(&decision, request, (gwapi_str){NULL, 0}, &sink);
}

static inline void use_add(use *u, size_t *len, gwapi_str text)
{
    if (text.len > sizeof u->path - *len)
        text.len = sizeof u->path - *len;
    if (text.len != 0)
        memcpy(u->path + *len, text.data, text.len);
    *len += text.len;
}

/* The path of a match; "/service/method" of a gRPC one. Patterns are taken for their own text. */
static inline void use_path(use *u, const gwapi__image_match *m, size_t *len)
{
    const gwapi_snapshot *s = u->snapshot;

    switch (m->flags_index & GWAPI__MATCH_TYPE) {
    case GWAPI__IMAGE_MATCH_GRPC:
        use_add(u, len, GWAPI__STR("/"));
        use_add(u, len, gwapi__image_str(s, gwapi__image_GRPC_METHOD(s, m->path)->service));
        use_add(u, len, GWAPI__STR("/"));
        use_add(u, len, gwapi__image_str(s, gwapi__image_GRPC_METHOD(s, m->path)->method));
        break;
    case GWAPI__IMAGE_MATCH_REGEX:
        use_add(u, len, gwapi__image_str(s, gwapi__image_REGEX(s, m->path)->text));
        break;
    default:
        use_add(u, len, gwapi__image_str(s, (gwapi__image_text){m->path}));
    }
}

/* A request with all that a match asks for. */
static inline gwapi_request use_request(use *u, const gwapi__image_match *m)
{
    const gwapi_snapshot *s = u->snapshot;
    gwapi_request r = GWAPI_REQUEST_INIT;
    size_t len = 0, parameters = 0;

    use_path(u, m, &len);
    r.method = (m->flags_index & GWAPI__MATCH_TYPE) == GWAPI__IMAGE_MATCH_GRPC
                   ? GWAPI__STR("POST")
                   : gwapi__image_str(s, m->method);
    for (uint32_t i = 0; i < m->conditions.count && i < 16; i++) {
        const gwapi__image_condition *c = gwapi__image_CONDITION(s, m->conditions.first + i);
        if (c->header == GWAPI__IMAGE_NONE) {
            use_add(u, &len, parameters++ == 0 ? GWAPI__STR("?") : GWAPI__STR("&"));
            use_add(u, &len, gwapi__image_str(s, c->name));
            use_add(u, &len, GWAPI__STR("="));
            use_add(u, &len, gwapi__image_str(s, c->value));
        } else if (r.header_count < USE_MOST_HEADERS) {
            u->headers[r.header_count++] = (gwapi_header){
                gwapi__image_str(s, gwapi__image_HEADER_NAME(s, c->header)->text),
                gwapi__image_str(s, c->value)};
        }
    }
    r.headers = u->headers;
    r.path = gwapi__str(u->path, len);
    r.path_policy = (gwapi_path_policy)(u->asked % 3);
    return r;
}

/* A name of the image, if that place of its table has one. */
static inline gwapi_str use_host(const gwapi_snapshot *s, uint32_t i)
{
    uint32_t count = gwapi__image_count(s, GWAPI__SECTION_NAME);
    gwapi_str name = {NULL, 0};

    if (count != 0)
        name = gwapi__image_str(s, gwapi__image_NAME(s, i % count)->text);
    return name.data != NULL ? name : GWAPI__STR("x.example");
}

static inline void use_matches(use *u, gwapi_arrival *arrival)
{
    uint32_t count = gwapi__image_count(u->snapshot, GWAPI__SECTION_MATCH);
    gwapi_request plain = GWAPI_REQUEST_INIT;

    use_ask(u, arrival, &plain);
    for (uint32_t i = 0; i < count && u->asked < u->most; i++) {
        gwapi_request r = use_request(u, gwapi__image_MATCH(u->snapshot, i));
        r.host = use_host(u->snapshot, i);
        arrival->sni = r.host;
        use_ask(u, arrival, &r);
    }
}

static inline void use_doors(use *u)
{
    uint32_t count = gwapi__image_count(u->snapshot, GWAPI__SECTION_DOOR);

    for (uint32_t i = 0; i < count && u->asked < u->most; i++) {
        gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
        arrival.port = gwapi__image_DOOR(u->snapshot, i)->port;
        arrival.transport = gwapi__image_DOOR(u->snapshot, i)->transport;
        use_matches(u, &arrival);
    }
}

static inline void use_mesh(use *u)
{
    const gwapi_snapshot *s = u->snapshot;
    uint32_t count = gwapi__image_count(s, GWAPI__SECTION_SERVICE_PORT);

    for (uint32_t i = 0; i < count && u->asked < u->most; i++) {
        const gwapi__image_service_port *port = gwapi__image_SERVICE_PORT(s, i);
        const gwapi__image_service *service = gwapi__image_SERVICE(s, port->service);
        gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
        arrival.client_namespace = GWAPI__STR("client");
        arrival.service_namespace = gwapi__image_str(s, service->namespace_);
        arrival.service_name = gwapi__image_str(s, service->name);
        arrival.port = port->port;
        use_matches(u, &arrival);
    }
}

/* `most` requests at most, half of them from the mesh. */
static inline void use_image(const gwapi_snapshot *s, size_t most)
{
    use u = {.snapshot = s, .most = most - most / 2};

    if (gwapi_scratch_new(&u.scratch, s, NULL) != GWAPI_OK)
        return;
    use_doors(&u);
    u.asked = 0;
    u.most = most / 2;
    use_mesh(&u);
    gwapi_scratch_free(u.scratch);
}

/* Makes the checksum right again, and the length told, so that nothing but the verifier stands
 * between the bytes and the reader. */
static inline void use_mend(unsigned char *bytes, size_t len)
{
    uint32_t words[2], told = (uint32_t)len;

    if (len < sizeof(gwapi__image_header))
        return;
    if (GWAPI__BIG_ENDIAN)
        gwapi__image_swap(&told, sizeof told);
    memcpy(bytes + offsetof(gwapi__image_header, size), &told, sizeof told);
    uint64_t sum = gwapi__image_checksum(bytes, len);
    words[0] = (uint32_t)sum;
    words[1] = (uint32_t)(sum >> 32);
    if (GWAPI__BIG_ENDIAN)
        gwapi__image_swap(words, sizeof words);
    memcpy(bytes + offsetof(gwapi__image_header, checksum), words, sizeof words);
}

#endif
