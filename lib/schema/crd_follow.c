/*
 * Paths within a schema, such as .spec.a['b-c'] (pkg/apiserver/schema/cel, ValidFieldPath): the
 * tokens are '.', '[', ']', a name in single quotes, and whatever stands between.
 */
#include "schema/crd_judge.h"

/* ---- tokens ---------------------------------------------------------------------------- */

static bool is_delimiter(char c)
{
    return c == '.' || c == '[' || c == ']';
}

/* Absent at the end. A quoted name keeps its quotes; one that is not closed is all the rest. */
static gwapi_str next_token(gwapi_str *rest)
{
    gwapi_str text = *rest;
    size_t i = 1;

    if (text.len == 0)
        return (gwapi_str){NULL, 0};
    if (text.data[0] == '\'') {
        while (i < text.len && (text.data[i] != '\'' || text.data[i - 1] == '\\'))
            i++;
        i += i < text.len;
    } else if (!is_delimiter(text.data[0])) {
        while (i < text.len && !is_delimiter(text.data[i]))
            i++;
    }
    *rest = gwapi__str_sub(text, i, text.len);
    return gwapi__str_sub(text, 0, i);
}

/* Takes the quotes and escapes off; what is too long for the buffer is no name of a field. */
static bool unquote(gwapi_str token, char *buffer, size_t size, gwapi_str *out)
{
    static const char from[] = "abfnrtv'\\", to[] = "\a\b\f\n\r\t\v'\\";
    size_t len = 0;

    if (token.len < 2 || token.data[0] != '\'' || token.data[token.len - 1] != '\'' ||
        token.len > size)
        return false;
    for (size_t i = 1; i + 1 < token.len; i++) {
        char c = token.data[i];
        if (c == '\\' && i + 2 < token.len && token.data[i + 1] != '\n') {
            const char *escape = strchr(from, token.data[++i]);
            if (escape == NULL || *escape == '\0')
                return false;
            c = to[escape - from];
        }
        buffer[len++] = c;
    }
    *out = gwapi__str(buffer, len);
    return true;
}

/* ---- steps ----------------------------------------------------------------------------- */

typedef struct follow {
    const gwapi__node *schema; /* NULL: nothing is known of it */
    gwapi__text *canonical;    /* or NULL */
} follow;

static void spell(follow *f, gwapi_str name, bool named)
{
    if (f->canonical == NULL)
        return;
    gwapi__text_char(f->canonical, named ? '.' : '[');
    gwapi__text_add(f->canonical, name);
    if (!named)
        gwapi__text_char(f->canonical, ']');
}

static bool step(follow *f, gwapi_str name)
{
    const gwapi__node *properties = gwapi__crd_properties(f->schema);
    bool named = properties != NULL && properties->as.map.count != 0;

    if (!named && GWAPI__GET(f->schema, "additionalProperties") == NULL)
        return false;
    spell(f, name, named);
    const gwapi__node *next =
        named ? gwapi__node_get(properties, name) : gwapi__crd_additional(f->schema);
    f->schema = next;
    return next != NULL || !named;
}

static const char *follow_path(follow *f, gwapi_str path, bool brackets)
{
    char buffer[1024];
    gwapi_str token, name;

    while ((token = next_token(&path)).data != NULL) {
        if (gwapi__str_eq(token, GWAPI__STR("."))) {
            if ((name = next_token(&path)).data == NULL)
                return "it ends with a dot";
            if (!step(f, name))
                return "it leads to no field of the schema";
            continue;
        }
        if (!gwapi__str_eq(token, GWAPI__STR("[")))
            return "a name must stand behind a dot, or quoted in brackets";
        if (!brackets)
            return "brackets are not allowed";
        if (!unquote(next_token(&path), buffer, sizeof buffer, &name))
            return "in brackets stands a name in single quotes";
        if (!step(f, name))
            return "it leads to no field of the schema";
        if (!gwapi__str_eq(next_token(&path), GWAPI__STR("]")))
            return "a bracket is not closed";
    }
    return NULL;
}

const gwapi__node *gwapi__crd_follow(const gwapi__node *schema, gwapi_str path, bool brackets,
                                     gwapi__text *canonical, const char **complaint)
{
    follow f = {schema, canonical};

    *complaint = follow_path(&f, path, brackets);
    return *complaint == NULL ? f.schema : NULL;
}
