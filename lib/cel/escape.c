// Names of fields as expressions can write them.
#include "base/slice.h"
#include "base/text.h"
#include "cel/type.h"

// Words that are no identifiers.
static const char *const reserved[] = {
    "as",   "break",  "const",     "continue", "else", "false",  "for",  "function", "if",
    "in",   "import", "let",       "loop",     "null", "package", "namespace", "return",
    "true", "var",    "void",      "while",
};

static bool is_reserved(gwapi_str name)
{
    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
        if (gwapi__str_eq(gwapi__str_of(reserved[i]), name))
            return true;
    return false;
}

// What stands for the beginning of `rest`, which takes *used bytes; NULL: the byte itself.
static const char *replacement(gwapi_str rest, size_t *used)
{
    *used = 1;
    switch (rest.data[0]) {
    case '.':
        return "__dot__";
    case '-':
        return "__dash__";
    case '/':
        return "__slash__";
    case '_':
        if (rest.len < 2 || rest.data[1] != '_')
            return NULL;
        *used = 2;
        return "__underscores__";
    default:
        return NULL;
    }
}

static bool can_be_written(gwapi_str name)
{
    if (name.len == 0 || gwapi__is_digit(name.data[0]))
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        if (!gwapi__is_alpha(c) && !gwapi__is_digit(c) && (c == '\0' || strchr("_.-/", c) == NULL))
            return false;
    }
    return true;
}

static void write_escaped(gwapi__text *t, gwapi_str name)
{
    size_t used = 0;

    if (is_reserved(name)) {
        gwapi__text_addz(t, "__");
        gwapi__text_add(t, name);
        gwapi__text_addz(t, "__");
        return;
    }
    for (size_t i = 0; i < name.len; i += used) {
        const char *other = replacement(gwapi__str_sub(name, i, name.len), &used);
        if (other != NULL)
            gwapi__text_addz(t, other);
        else
            gwapi__text_char(t, name.data[i]);
    }
}

bool gwapi__cel_escape(gwapi__arena *arena, gwapi_str name, gwapi_str *out)
{
    gwapi__text t;

    *out = (gwapi_str){NULL, 0};
    if (!can_be_written(name))
        return false;
    gwapi__text_init(&t, &arena->allocator);
    write_escaped(&t, name);
    if (t.failed || !gwapi__arena_copy(arena, gwapi__text_str(&t), out))
        *out = (gwapi_str){NULL, 0};
    gwapi__text_free(&t);
    return true;
}

const gwapi__cel_field *gwapi__cel_field_written(const gwapi__cel_type *type, gwapi_str name,
                                                 uint32_t minor)
{
    const gwapi__cel_field *field = gwapi__cel_type_field(type, name);
    char escaped[16] = "__"; // around the longest of the words

    if (field != NULL || minor < 31 || !is_reserved(name))
        return field;
    memcpy(escaped + 2, name.data, name.len);
    memcpy(escaped + 2 + name.len, "__", 2);
    return gwapi__cel_type_field(type, gwapi__str(escaped, name.len + 4));
}
