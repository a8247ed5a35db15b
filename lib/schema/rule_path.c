/* fieldPath of a rule: a JSON path of fields and quoted names only
 * (k8s.io/apiextensions-apiserver pkg/apiserver/schema/cel/validation.go, ValidFieldPath). */
#include "base/slice.h"
#include "base/text.h"
#include "schema/rules.h"

static const char end_of_path[] = "the path ends too early";
static const char no_field[] = "the path leads to no field of the schema";

typedef struct path_reader {
    gwapi_str rest;
    gwapi__arena *arena;
    const gwapi__schema_node *schema;
    gwapi__rule_step *steps;
    uint32_t count;
    const char *refusal;
    bool no_memory;
} path_reader;

static bool is_delimiter(char c)
{
    return c == '.' || c == '[' || c == ']';
}

static size_t token_length(gwapi_str rest)
{
    size_t i = 1;

    if (is_delimiter(rest.data[0]))
        return 1;
    if (rest.data[0] == '\'') {
        while (i < rest.len && (rest.data[i] != '\'' || rest.data[i - 1] == '\\'))
            i++;
        return i < rest.len ? i + 1 : i;
    }
    while (i < rest.len && !is_delimiter(rest.data[i]))
        i++;
    return i;
}

/* The next token of what is not empty. */
static gwapi_str take_token(path_reader *p)
{
    size_t length = token_length(p->rest);
    gwapi_str token = gwapi__str_sub(p->rest, 0, length);

    p->rest = gwapi__str_sub(p->rest, length, p->rest.len);
    return token;
}

static bool next_token(path_reader *p, gwapi_str *out)
{
    if (p->rest.len == 0) {
        p->refusal = end_of_path;
        return false;
    }
    *out = take_token(p);
    return true;
}

/* What stands behind a backslash; '\0' for what must not. */
static char unescaped(char c)
{
    static const char from[] = "abfnrtv'\\", to[] = "\a\b\f\n\r\t\v'\\";
    const char *at = c != '\0' ? strchr(from, c) : NULL;

    return at != NULL ? to[at - from] : '\0';
}

/* The text within single quotes. */
static bool unquote(path_reader *p, gwapi_str token, gwapi_str *out)
{
    char *text;
    size_t length = 0;

    if (token.len < 2 || token.data[0] != '\'' || token.data[token.len - 1] != '\'') {
        p->refusal = "a name in brackets must stand in single quotes";
        return false;
    }
    if ((text = gwapi__arena_alloc(p->arena, token.len)) == NULL) {
        p->no_memory = true;
        return false;
    }
    for (size_t i = 1; i + 1 < token.len; i++) {
        char c = token.data[i];
        if (c == '\\' && (c = unescaped(token.data[++i])) == '\0') {
            p->refusal = "the path has an unknown escape";
            return false;
        }
        text[length++] = c;
    }
    *out = gwapi__str(text, length);
    return true;
}

/* Goes down to a member: of properties if there are some, else of additionalProperties. */
static bool step(path_reader *p, gwapi_str name)
{
    bool key = p->schema->property_count == 0;
    const gwapi__property *property = gwapi__schema_property(p->schema, name);
    const gwapi__schema_node *member = key                ? p->schema->additional
                                       : property != NULL ? property->node
                                                          : NULL;

    if (member == NULL) {
        p->refusal = no_field;
        return false;
    }
    p->steps[p->count++] = (gwapi__rule_step){name, key};
    p->schema = member;
    return true;
}

static bool bracketed(path_reader *p)
{
    gwapi_str token, name;

    if (!next_token(p, &token) || !unquote(p, token, &name) || !step(p, name) ||
        !next_token(p, &token))
        return false;
    if (!gwapi__str_eq(token, GWAPI__STR("]")))
        p->refusal = "a bracket of the path is not closed";
    return p->refusal == NULL;
}

static bool dotted(path_reader *p)
{
    gwapi_str token, name;

    if (!next_token(p, &token))
        return false;
    if (!gwapi__arena_copy(p->arena, token, &name)) {
        p->no_memory = true;
        return false;
    }
    return step(p, name);
}

static bool read_path(path_reader *p)
{
    while (p->rest.len != 0) {
        gwapi_str token = take_token(p);
        if (gwapi__str_eq(token, GWAPI__STR("["))) {
            if (!bracketed(p))
                return false;
        } else if (gwapi__str_eq(token, GWAPI__STR("."))) {
            if (!dotted(p))
                return false;
        } else {
            p->refusal = "a step of the path must begin with . or [";
            return false;
        }
    }
    return true;
}

/* No fewer than the path has. */
static size_t count_steps(gwapi_str text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += text.data[i] == '.' || text.data[i] == '[';
    return count;
}

gwapi_result gwapi__rule_path_parse(const gwapi__rule_step **steps, uint32_t *count,
                                    gwapi__arena *arena, const gwapi__schema_node *value,
                                    gwapi_str text, const char **refusal)
{
    path_reader p = {.rest = text, .arena = arena, .schema = value};

    *refusal = NULL;
    *count = 0;
    p.steps = gwapi__arena_array(arena, count_steps(text), sizeof *p.steps);
    if (p.steps == NULL)
        return GWAPI_ENOMEM;
    bool ok = read_path(&p);
    if (p.no_memory)
        return GWAPI_ENOMEM;
    *refusal = p.refusal;
    *steps = p.steps;
    *count = ok ? p.count : 0;
    return ok ? GWAPI_OK : GWAPI_EINVALID;
}
