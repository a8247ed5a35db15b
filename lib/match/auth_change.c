/*
 * Changes that a CheckResponse asks for, one by one (envoy/config/core/v3/base.proto:
 * HeaderValueOption; envoy/service/auth/v3/external_auth.proto: QueryParameter).
 */
#include "match/auth.h"

enum { OPTION_HEADER = 1, OPTION_APPEND = 2, OPTION_APPEND_ACTION = 3 };
enum { HEADER_KEY = 1, HEADER_VALUE = 2, HEADER_RAW_VALUE = 3 };
enum { APPEND_OR_ADD = 0, ADD_IF_ABSENT = 1, OVERWRITE_OR_ADD = 2, OVERWRITE_IF_EXISTS = 3 };
enum { NUMBER = 1 }; /* in google.rpc.Status, HttpStatus and BoolValue */

/* ---- what a header may hold ---- */

bool gwapi__auth_token(gwapi_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        if (!gwapi__is_alpha(c) && !gwapi__is_digit(c) &&
            (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL))
            return false;
    }
    return name.len != 0 && name.len <= GWAPI_AUTH_FIELD_MAX;
}

bool gwapi__auth_value(gwapi_str value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.data[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return value.len <= GWAPI_AUTH_FIELD_MAX;
}

/* ---- reading messages ---- */

static bool is_number(const gwapi__wire_field *f)
{
    return f->type == GWAPI__WIRE_VARINT;
}

bool gwapi__auth_once(uint32_t *seen, uint32_t number)
{
    uint32_t bit = UINT32_C(1) << number;

    if ((*seen & bit) != 0)
        return false;
    *seen |= bit;
    return true;
}

bool gwapi__auth_number(gwapi_str message, uint64_t *out)
{
    gwapi__wire_field f;
    uint32_t seen = 0;

    *out = 0;
    while (message.len != 0) {
        if (!gwapi__wire_next(&message, &f))
            return false;
        if (f.number != NUMBER)
            continue;
        if (!is_number(&f) || !gwapi__auth_once(&seen, f.number))
            return false;
        *out = f.value;
    }
    return true;
}

/* A HeaderValue or a QueryParameter. */
static bool read_pair(gwapi_str message, gwapi_header_op *out)
{
    gwapi_str raw = {NULL, 0};
    gwapi__wire_field f;
    uint32_t seen = 0;

    while (message.len != 0) {
        if (!gwapi__wire_next(&message, &f))
            return false;
        if (f.number > HEADER_RAW_VALUE)
            continue;
        if (!gwapi__wire_is_bytes(&f) || !gwapi__auth_once(&seen, f.number))
            return false;
        *(f.number == HEADER_KEY     ? &out->name
          : f.number == HEADER_VALUE ? &out->value
                                     : &raw) = f.bytes;
    }
    if (out->value.len == 0)
        out->value = raw;
    return true;
}

/* What a HeaderValueOption does. Where it says nothing it sets: that is what the messages of
 * ext_authz say of `append`, and of append_action 0 is not told apart from nothing. */
static bool read_action(bool has_append, uint64_t append, uint64_t action,
                        gwapi_header_action *out)
{
    static const gwapi_header_action actions[] = {
        [APPEND_OR_ADD] = GWAPI_HEADER_SET,
        [ADD_IF_ABSENT] = GWAPI_HEADER_ADD_IF_ABSENT,
        [OVERWRITE_OR_ADD] = GWAPI_HEADER_SET,
        [OVERWRITE_IF_EXISTS] = GWAPI_HEADER_SET_IF_PRESENT,
    };

    if (action >= sizeof actions / sizeof *actions || (has_append && action != APPEND_OR_ADD))
        return false;
    *out = has_append && append != 0 ? GWAPI_HEADER_ADD : actions[action];
    return true;
}

static bool read_option(gwapi_str message, gwapi_header_op *out)
{
    uint64_t append = 0, action = APPEND_OR_ADD;
    gwapi__wire_field f;
    uint32_t seen = 0;

    while (message.len != 0) {
        if (!gwapi__wire_next(&message, &f))
            return false;
        if (f.number > OPTION_APPEND_ACTION)
            continue;
        if (!gwapi__auth_once(&seen, f.number) ||
            gwapi__wire_is_bytes(&f) == (f.number == OPTION_APPEND_ACTION))
            return false;
        if (f.number == OPTION_APPEND_ACTION) {
            if (!is_number(&f))
                return false;
            action = f.value;
        } else if (f.number == OPTION_HEADER ? !read_pair(f.bytes, out)
                                             : !gwapi__auth_number(f.bytes, &append)) {
            return false;
        }
    }
    return (seen & 1u << OPTION_HEADER) != 0 &&
           read_action((seen & 1u << OPTION_APPEND) != 0, append, action, &out->action);
}

bool gwapi__auth_change(const gwapi__wire_field *f, gwapi_header_op *out)
{
    *out = (gwapi_header_op){0};
    if (!gwapi__wire_is_bytes(f))
        return false;
    switch (f->number) {
    case GWAPI__OK_HEADERS_TO_REMOVE:
        *out = (gwapi_header_op){GWAPI_HEADER_REMOVE, 0, f->bytes, {NULL, 0}};
        return gwapi__auth_token(f->bytes) || (f->bytes.len != 0 && f->bytes.data[0] == ':');
    case GWAPI__OK_QUERY_TO_REMOVE:
        *out = (gwapi_header_op){GWAPI_HEADER_REMOVE, 0, f->bytes, {NULL, 0}};
        return f->bytes.len != 0 && gwapi__auth_value(f->bytes);
    case GWAPI__OK_QUERY_TO_SET:
        out->action = GWAPI_HEADER_SET;
        return read_pair(f->bytes, out) && out->name.len != 0 && gwapi__auth_value(out->name) &&
               gwapi__auth_value(out->value);
    default:
        return read_option(f->bytes, out) && gwapi__auth_token(out->name) &&
               gwapi__auth_value(out->value);
    }
}
