/* ExternalAuth: which filter a request reaches, and the wire format of its gRPC messages. */
#ifndef GWAPI_MATCH_AUTH_H
#define GWAPI_MATCH_AUTH_H

#include <gatewayapi/auth.h>
#include "match/rule.h"

typedef struct gwapi__auth_place {
    const gwapi__image_auth *auth;
    bool invalid;              /* the decision is 500 where it stands */
    gwapi__filter_walk before; /* the filters in front of it */
} gwapi__auth_place;

/* The filter of a list (GWAPI_NONE: the rule's; else that backendRef's own) that the request
 * reaches: nothing before it is the answer. False without one. */
bool gwapi__auth_reached(const gwapi_decision *decision, uint32_t backend,
                         gwapi__auth_place *out);

/* One that can be asked; what an invalid backendRef has is not. */
bool gwapi__auth_asked(const gwapi_decision *decision, uint32_t backend,
                       gwapi__auth_place *out);

/* ---- protobuf's wire format (lib/match/auth_wire.c) ---- */

enum {
    GWAPI__WIRE_VARINT = 0,
    GWAPI__WIRE_FIXED64 = 1,
    GWAPI__WIRE_BYTES = 2,
    GWAPI__WIRE_FIXED32 = 5
};

typedef struct gwapi__wire_field {
    uint32_t number;
    uint32_t type;
    uint64_t value;  /* of VARINT; of others not read */
    gwapi_str bytes; /* of BYTES */
} gwapi__wire_field;

/* Takes the first field off a message that is not empty. False when it is cut off or damaged.
 * */
bool gwapi__wire_next(gwapi_str *message, gwapi__wire_field *out);

static inline bool gwapi__wire_is_bytes(const gwapi__wire_field *f)
{
    return f->type == GWAPI__WIRE_BYTES;
}

typedef void gwapi__wire_fields(gwapi__buffer *out, const void *arg);

void gwapi__wire_varint(gwapi__buffer *out, uint32_t number, uint64_t value);
void gwapi__wire_bytes(gwapi__buffer *out, uint32_t number, gwapi_str bytes);
/* What comes before so many bytes of a field. */
void gwapi__wire_length(gwapi__buffer *out, uint32_t number, size_t length);
/* A message that `fields` writes. */
void gwapi__wire_message(gwapi__buffer *out, uint32_t number, gwapi__wire_fields *fields,
                         const void *arg);

/* ---- what an answer may hold (lib/match/auth_change.c) ---- */

/* A header's name: RFC 9110 §5.6.2. */
bool gwapi__auth_token(gwapi_str name);
/* A header's value: no control character but tabs, so nothing that ends a line. */
bool gwapi__auth_value(gwapi_str value);

/* Notes that a field came; false when it did before. Numbers below 32. */
bool gwapi__auth_once(uint32_t *seen, uint32_t number);
/* A message of which one number counts: google.rpc.Status, HttpStatus, BoolValue. */
bool gwapi__auth_number(gwapi_str message, uint64_t *out);

/* Fields of an OkHttpResponse; `headers` has this number in a DeniedHttpResponse too. */
enum {
    GWAPI__OK_HEADERS = 2,
    GWAPI__OK_HEADERS_TO_REMOVE = 5,
    GWAPI__OK_RESPONSE_HEADERS = 6,
    GWAPI__OK_QUERY_TO_SET = 7,
    GWAPI__OK_QUERY_TO_REMOVE = 8
};
/* The change that one of these asks for; false when it is none that may be carried out. */
bool gwapi__auth_change(const gwapi__wire_field *field, gwapi_header_op *out);

#endif
