#include "match/auth.h"

/* ---- reading ---- */

/* At most ten bytes, of which the last has one bit. */
static bool take_varint(gwapi_str *s, uint64_t *out)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < s->len && i < 10; i++) {
        unsigned char byte = (unsigned char)s->data[i];
        if (i == 9 && byte > 1)
            return false;
        value |= (uint64_t)(byte & 0x7f) << 7 * i;
        if (byte < 0x80) {
            *s = gwapi__str_sub(*s, i + 1, s->len);
            *out = value;
            return true;
        }
    }
    return false;
}

static bool take_bytes(gwapi_str *s, uint64_t length, gwapi_str *out)
{
    if (length > s->len)
        return false;
    *out = gwapi__str_sub(*s, 0, (size_t)length);
    *s = gwapi__str_sub(*s, (size_t)length, s->len);
    return true;
}

bool gwapi__wire_next(gwapi_str *message, gwapi__wire_field *out)
{
    uint64_t tag, length;

    *out = (gwapi__wire_field){0};
    if (!take_varint(message, &tag) || tag > UINT32_MAX || tag >> 3 == 0)
        return false;
    out->number = (uint32_t)(tag >> 3);
    out->type = tag & 7;
    switch (out->type) {
    case GWAPI__WIRE_VARINT:
        return take_varint(message, &out->value);
    case GWAPI__WIRE_FIXED64:
        return take_bytes(message, 8, &out->bytes);
    case GWAPI__WIRE_BYTES:
        return take_varint(message, &length) && take_bytes(message, length, &out->bytes);
    case GWAPI__WIRE_FIXED32:
        return take_bytes(message, 4, &out->bytes);
    default: /* groups have been gone since proto3 */
        return false;
    }
}

/* ---- writing ---- */

static void put_varint(gwapi__buffer *out, uint64_t value)
{
    char bytes[10];
    size_t n = 0;

    for (; value >= 0x80; value >>= 7)
        bytes[n++] = (char)(unsigned char)(value | 0x80);
    bytes[n++] = (char)(unsigned char)value;
    gwapi__buffer_add(out, gwapi__str(bytes, n));
}

void gwapi__wire_varint(gwapi__buffer *out, uint32_t number, uint64_t value)
{
    put_varint(out, (uint64_t)number << 3 | GWAPI__WIRE_VARINT);
    put_varint(out, value);
}

void gwapi__wire_length(gwapi__buffer *out, uint32_t number, size_t length)
{
    put_varint(out, (uint64_t)number << 3 | GWAPI__WIRE_BYTES);
    put_varint(out, length);
}

void gwapi__wire_bytes(gwapi__buffer *out, uint32_t number, gwapi_str bytes)
{
    gwapi__wire_length(out, number, bytes.len);
    gwapi__buffer_add(out, bytes);
}

/* The length stands before what has it: counted by writing to nowhere. There nothing has to be
 * known before it is counted, so each level of messages is gone through once for each above it.
 */
void gwapi__wire_message(gwapi__buffer *out, uint32_t number, gwapi__wire_fields *fields,
                         const void *arg)
{
    gwapi__buffer nowhere = {NULL, 0, 0};

    fields(&nowhere, arg);
    gwapi__wire_length(out, number, nowhere.length);
    if (out->data == NULL)
        out->length += nowhere.length;
    else
        fields(out, arg);
}
