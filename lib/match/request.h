/* A view over the host's request: its parts, and its headers from a list or a getter. */
#ifndef GWAPI_MATCH_REQUEST_H
#define GWAPI_MATCH_REQUEST_H

#include <stdbool.h>
#include <gatewayapi/match.h>
#include "base/bits.h"
#include "base/hash.h"
#include "base/slice.h"
#include "image/reader.h"

/* The values of one header, one after the other, as received. */
typedef struct gwapi__header_walk {
    const gwapi_request *request;
    gwapi_str name; /* in lower case */
    uint32_t index; /* its place in HEADER_NAME, GWAPI_NONE */
    uint32_t nth;   /* of the next value: a getter's */
    size_t at;      /* a list's: where the headers begin that `alike` is about */
    size_t next;    /* and where those that were not looked at yet */
    uint64_t alike; /* a bit for each that may have the name */
} gwapi__header_walk;

static inline gwapi__header_walk gwapi__header_walk_start(const gwapi_request *request,
                                                          uint32_t index, gwapi_str name)
{
    return (gwapi__header_walk){request, name, index, 0, 0, 0, 0};
}

/* From the request's getter. */
bool gwapi__header_walk_get(gwapi__header_walk *walk, gwapi_str *value);

/* Is it that name, in any case? Both have the same length. */
static inline bool gwapi__header_is_named(const char *received, gwapi_str name)
{
    size_t at = 0;

    if (name.len < 8)
        return name.len != 0 && gwapi__lower_word(gwapi__rest_at(received, name.len)) ==
                                    gwapi__rest_at(name.data, name.len);
    for (; at + 8 < name.len; at += 8)
        if (gwapi__lower_word(gwapi__word_at(received + at)) != gwapi__word_at(name.data + at))
            return false;
    at = name.len - 8;
    return gwapi__lower_word(gwapi__word_at(received + at)) == gwapi__word_at(name.data + at);
}

/* Most names differ in length: a bit for each of the first 64 that does not, without a branch. */
static inline uint64_t gwapi__headers_of_length(const gwapi_header *headers, size_t count,
                                                size_t len)
{
    uint64_t bits = 0;

    for (size_t i = count < 64 ? count : 64; i-- > 0;)
        bits = 2 * bits + (headers[i].name.len == len);
    return bits;
}

static inline bool gwapi__header_walk_next(gwapi__header_walk *walk, gwapi_str *value)
{
    const gwapi_request *request = walk->request;

    if (request->getter != NULL)
        return gwapi__header_walk_get(walk, value);
    for (;;) {
        while (walk->alike != 0) {
            const gwapi_header *header =
                &request->headers[walk->at + gwapi__lowest_bit(walk->alike)];
            walk->alike &= walk->alike - 1;
            if (gwapi__header_is_named(header->name.data, walk->name)) {
                *value = header->value;
                return true;
            }
        }
        if (walk->next >= request->header_count)
            return false;
        walk->at = walk->next;
        walk->next += 64;
        walk->alike = gwapi__headers_of_length(request->headers + walk->at,
                                               request->header_count - walk->at,
                                               walk->name.len);
    }
}

/* The first value of a header; `name` is in lower case. Looks the index up where a getter wants
 * it. */
bool gwapi__request_header_named(const gwapi_snapshot *s, const gwapi_request *request,
                                 gwapi_str name, gwapi_str *value);

/* GET where none is given. */
static inline gwapi_str gwapi__request_method(const gwapi_request *request)
{
    return request->method.len != 0 ? request->method : GWAPI__STR("GET");
}

gwapi_str gwapi__request_host_header(const gwapi_snapshot *s, const gwapi_request *request);
/* The host as received: the request's own, else the Host header, else absent. */
static inline gwapi_str gwapi__request_host(const gwapi_snapshot *s, const gwapi_request *request)
{
    return request->host.data != NULL ? request->host : gwapi__request_host_header(s, request);
}

/* The target cut at its first '?': *path is "/" when empty; *query without '?', absent without. */
void gwapi__request_target(const gwapi_request *request, gwapi_str *path, gwapi_str *query);

/* A host name in lower case, without port and trailing dot, fit for look-ups. */
#define GWAPI__HOST_LONGEST 253
typedef struct gwapi__host {
    uint64_t hash; /* gwapi__index_text; not set without a name */
    uint32_t len;  /* 0: none, or nothing that a host name of the image can equal */
    char text[GWAPI__HOST_LONGEST + 11]; /* a multiple of eight, so that whole words are stored */
} gwapi__host;

void gwapi__host_set(gwapi__host *out, gwapi_str received);
/* The received host without its port: "a.b:80" is "a.b", "[::1]:80" is "[::1]". */
gwapi_str gwapi__host_without_port(gwapi_str received);

#endif
