#include "cel/render.h"

#include <string.h>

#include "base/slice.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/vector.h"
#include "cel/library.h"
#include "cel/text.h"

static void hex(gwapi__text *t, uint32_t value, int digits)
{
    while (digits-- > 0)
        gwapi__text_char(t, "0123456789abcdef"[value >> (4 * digits) & 15]);
}

static void quote_rune(gwapi__text *t, uint32_t rune, bool valid)
{
    static const char from[] = "\b\f\n\r\t\"\\", to[] = "bfnrt\"\\";
    const char *special = rune < 0x80 && rune != 0 ? strchr(from, (int)rune) : NULL;

    if (special != NULL) {
        gwapi__text_char(t, '\\');
        gwapi__text_char(t, to[special - from]);
    } else if (rune < 0x20 || rune == '<' || rune == '>' || rune == '&' || rune == 0x2028 ||
               rune == 0x2029 || !valid) {
        gwapi__text_addz(t, "\\u");
        hex(t, rune, 4);
    } else {
        gwapi__text_rune(t, rune);
    }
}

void render_quoted(gwapi__text *t, gwapi_str s)
{
    uint32_t rune;
    size_t step;

    gwapi__text_char(t, '"');
    for (size_t i = 0; i < s.len; i += step) {
        bool valid = gwapi__utf8_step(gwapi__str(s.data + i, s.len - i), &rune, &step);
        quote_rune(t, rune, valid);
    }
    gwapi__text_char(t, '"');
}

static void render_double(gwapi__text *t, double value)
{
    size_t start = t->len;

    gwapi__cel_text_double(t, value);
    for (size_t i = start; i < t->len; i++)
        if (strchr(".eIN", t->data[i]) != NULL)
            return;
    gwapi__text_addz(t, ".0");
}

static void render_list(gwapi__text *t, gwapi__cel_context *context, const gwapi__cel_value *v)
{
    gwapi__text_char(t, '[');
    for (uint32_t i = 0; i < gwapi__cel_count(v); i++) {
        gwapi__cel_value item = gwapi__cel_item(context, v, i);
        gwapi__text_addz(t, i != 0 ? ", " : "");
        render(t, context, &item);
    }
    gwapi__text_char(t, ']');
}

static int by_text(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return gwapi__str_cmp(*(const gwapi_str *)a, *(const gwapi_str *)b);
}

static void render_map(gwapi__text *t, gwapi__cel_context *context, const gwapi__cel_value *v)
{
    gwapi__vector entries;

    gwapi__vector_init(&entries, &t->allocator, sizeof(gwapi_str));
    for (uint32_t i = 0; i < gwapi__cel_count(v); i++) {
        gwapi__cel_entry entry = gwapi__cel_entry_at(context, v, i);
        gwapi_str *text = gwapi__vector_push(&entries);
        gwapi__text one;
        gwapi__text_init(&one, &t->allocator);
        render(&one, context, &entry.key);
        gwapi__text_addz(&one, ": ");
        render(&one, context, &entry.value);
        gwapi__arena_copy(context->arena, gwapi__text_str(&one), text);
        gwapi__text_free(&one);
    }
    gwapi__vector_sort(&entries, by_text, NULL);
    gwapi__text_char(t, '{');
    for (size_t i = 0; i < entries.count; i++) {
        gwapi__text_addz(t, i != 0 ? ", " : "");
        gwapi__text_add(t, *GWAPI__AT(&entries, gwapi_str, i));
    }
    gwapi__text_char(t, '}');
    gwapi__vector_free(&entries);
}

static void render_number(gwapi__text *t, const gwapi__cel_value *v)
{
    switch (v->kind) {
    case GWAPI__CEL_BOOL:
        gwapi__text_addz(t, v->as.boolean ? "true" : "false");
        break;
    case GWAPI__CEL_INT:
        gwapi__text_i64(t, v->as.integer);
        break;
    case GWAPI__CEL_UINT:
        gwapi__text_u64(t, v->as.natural);
        gwapi__text_char(t, 'u');
        break;
    default:
        render_double(t, v->as.number);
        break;
    }
}

/* ---- values of libraries ---------------------------------------------------------------- */

/* What functions tell of them. */
static const struct {
    const gwapi__cel_type *type;
    const char *functions[5];
} told[] = {
    {&gwapi__cel_ip, {"ip_to_string"}},
    {&gwapi__cel_cidr, {"cidr_to_string"}},
    {&gwapi__cel_url, {"url_get_scheme", "url_get_host", "url_get_escaped_path", "url_get_query"}},
    {&gwapi__cel_quantity, {"quantity_get_float", "quantity_is_integer"}},
    {&gwapi__cel_semver, {"semver_major", "semver_minor", "semver_patch"}},
};

static gwapi__cel_value call(gwapi__cel_context *context, const char *id,
                             const gwapi__cel_value *arg)
{
    for (size_t l = 0; gwapi__cel_libraries[l] != NULL; l++)
        for (size_t i = 0; i < gwapi__cel_libraries[l]->count; i++)
            if (strcmp(gwapi__cel_libraries[l]->overloads[i].id, id) == 0)
                return gwapi__cel_libraries[l]->overloads[i].call(context, arg, 1);
    return GWAPI__CEL_FAIL("no such function");
}

static void render_opaque(gwapi__text *t, gwapi__cel_context *context,
                          const gwapi__cel_value *v)
{
    const gwapi__cel_type *type = v->as.opaque->class_->type;

    gwapi__text_add(t, gwapi__cel_type_name(type));
    gwapi__text_char(t, '(');
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        for (size_t f = 0; told[i].type == type && told[i].functions[f] != NULL; f++) {
            gwapi__cel_value part = call(context, told[i].functions[f], v);
            gwapi__text_addz(t, f != 0 ? ", " : "");
            render(t, context, &part);
        }
}

/* ---- values in others ------------------------------------------------------------------- */

static void render_wrapped(gwapi__text *t, gwapi__cel_context *context, const gwapi__cel_value *v)
{
    switch (v->kind) {
    case GWAPI__CEL_DURATION:
        gwapi__text_addz(t, "duration(");
        gwapi__text_i64(t, v->as.integer);
        break;
    case GWAPI__CEL_TIMESTAMP:
        gwapi__text_addz(t, "timestamp(");
        gwapi__rfc3339_write_nanos(t, &(gwapi__instant){.seconds = v->as.time.seconds,
                                                        .nanos = v->as.time.nanos});
        break;
    case GWAPI__CEL_TYPE:
        gwapi__text_addz(t, "type(");
        gwapi__text_add(t, gwapi__cel_type_name(v->as.type));
        break;
    case GWAPI__CEL_OPTIONAL:
        gwapi__text_addz(t, "optional(");
        render(t, context, v->as.optional);
        break;
    default:
        render_opaque(t, context, v);
        break;
    }
    gwapi__text_char(t, ')');
}

void render(gwapi__text *t, gwapi__cel_context *context, const gwapi__cel_value *v)
{
    switch (v->kind) {
    case GWAPI__CEL_ERROR:
        gwapi__text_add(t, v->as.text);
        break;
    case GWAPI__CEL_NULL:
        gwapi__text_addz(t, "null");
        break;
    case GWAPI__CEL_STRING:
        render_quoted(t, v->as.text);
        break;
    case GWAPI__CEL_BYTES:
        gwapi__text_char(t, 'b');
        for (size_t i = 0; i < v->as.text.len; i++)
            hex(t, (unsigned char)v->as.text.data[i], 2);
        break;
    case GWAPI__CEL_LIST:
        render_list(t, context, v);
        break;
    case GWAPI__CEL_MAP:
    case GWAPI__CEL_OBJECT:
        render_map(t, context, v);
        break;
    case GWAPI__CEL_OPTIONAL:
        if (v->as.optional == NULL) {
            gwapi__text_addz(t, "none");
            break;
        }
        render_wrapped(t, context, v);
        break;
    default:
        if (v->kind <= GWAPI__CEL_DOUBLE)
            render_number(t, v);
        else
            render_wrapped(t, context, v);
        break;
    }
}
