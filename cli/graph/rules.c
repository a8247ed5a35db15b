/* Rules of routes in few words: what they take, and what they do with it. */
#include <stdlib.h>
#include <string.h>

#include "../terminal.h"
#include "graph.h"

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value != NULL ? value : "";
}

/* Appends to an owned text; takes `more`. */
static void append(char **owned, const char *between, char *more)
{
    char *longer = cli_format("%s%s%s", *owned, **owned != '\0' ? between : "", more);

    free(*owned);
    free(more);
    *owned = longer;
}

static bool is_regex(const json_t *condition)
{
    return strcmp(text(condition, "type"), "RegularExpression") == 0;
}

// "/cart" and a star for a prefix, "= /cart" for the path itself, "~ /c.+" for an expression.
static char *path_text(const json_t *path)
{
    const char *value = text(path, "value");
    size_t len = strlen(value);

    if (*value == '\0')
        return cli_format("/*");
    if (is_regex(path))
        return cli_format("~ %s", value);
    if (strcmp(text(path, "type"), "Exact") == 0)
        return cli_format("= %s", value);
    return cli_format("%s%s*", value, value[len - 1] == '/' ? "" : "/");
}

static char *method_text(const json_t *method)
{
    const char *service = text(method, "service"), *name = text(method, "method");

    if (method == NULL)
        return cli_format("*/*");
    return cli_format("%s%s/%s", is_regex(method) ? "~ " : "", *service != '\0' ? service : "*",
                      *name != '\0' ? name : "*");
}

static void append_conditions(char **out, const json_t *list, const char *before,
                              const char *after)
{
    const json_t *condition;
    size_t i;

    json_array_foreach(list, i, condition)
        append(out, " ",
               cli_format("%s%s%s%s%s", before, text(condition, "name"),
                          is_regex(condition) ? " ~ " : "=", text(condition, "value"), after));
}

static char *match_text(const char *kind, const json_t *match)
{
    bool grpc = strcmp(kind, "GRPCRoute") == 0;
    const char *method = grpc ? "" : text(match, "method");
    char *out = cli_format("%s", method);

    append(&out, " ",
           grpc ? method_text(json_object_get(match, "method"))
                : path_text(json_object_get(match, "path")));
    append_conditions(&out, json_object_get(match, "queryParams"), "?", "");
    append_conditions(&out, json_object_get(match, "headers"), "[", "]");
    return out;
}

/* Cleans; takes `raw`. */
static char *cleaned(char *raw)
{
    char *out = cli_clean(cli_str(raw));

    free(raw);
    return out;
}

char *graph_rule_text(const char *kind, const json_t *rule)
{
    const json_t *matches = json_object_get(rule, "matches");
    size_t count = json_array_size(matches);
    char *out;

    if (strcmp(kind, "HTTPRoute") != 0 && strcmp(kind, "GRPCRoute") != 0)
        return cli_format("every connection");
    if (count == 0)
        return cli_format(strcmp(kind, "GRPCRoute") == 0 ? "*/*" : "/*");
    out = match_text(kind, json_array_get(matches, 0));
    if (count > 1)
        append(&out, ", ", cli_format("%zu more", count - 1));
    return cleaned(out);
}

static char *redirect_text(const json_t *filter)
{
    const json_t *redirect = json_object_get(filter, "requestRedirect");
    const json_t *code = json_object_get(redirect, "statusCode");
    const char *scheme = text(redirect, "scheme"), *host = text(redirect, "hostname");

    return cli_format("redirect %lld%s%s%s%s",
                      code != NULL ? (long long)json_integer_value(code) : 302,
                      *scheme != '\0' ? " " : "", scheme, *host != '\0' ? " to " : "", host);
}

static char *filter_text(const json_t *filter)
{
    static const struct {
        const char *type, *says;
    } words[] = {{"RequestHeaderModifier", "request headers"},
                 {"ResponseHeaderModifier", "response headers"},
                 {"URLRewrite", "rewrite"},
                 {"RequestMirror", "mirror"},
                 {"CORS", "CORS"},
                 {"ExternalAuth", "auth"}};
    const char *type = text(filter, "type");

    if (strcmp(type, "RequestRedirect") == 0)
        return redirect_text(filter);
    if (strcmp(type, "ExtensionRef") == 0)
        return cli_format("%s", text(json_object_get(filter, "extensionRef"), "kind"));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(type, words[i].type) == 0)
            return cli_format("%s", words[i].says);
    return cli_format("%s", type);
}

char *graph_rule_note(const json_t *rule)
{
    const json_t *filter, *timeouts = json_object_get(rule, "timeouts");
    const char *name = text(rule, "name");
    char *out = cli_format("%s", name);
    size_t i;

    json_array_foreach(json_object_get(rule, "filters"), i, filter)
        append(&out, " \xc2\xb7 ", filter_text(filter));
    if (*text(timeouts, "request") != '\0')
        append(&out, " \xc2\xb7 ", cli_format("timeout %s", text(timeouts, "request")));
    if (json_object_get(rule, "retry") != NULL)
        append(&out, " \xc2\xb7 ", cli_format("retry"));
    if (json_object_get(rule, "sessionPersistence") != NULL)
        append(&out, " \xc2\xb7 ", cli_format("sticky"));
    if (*out != '\0')
        return cleaned(out);
    free(out);
    return NULL;
}
