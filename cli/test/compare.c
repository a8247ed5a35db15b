/* Is a decision what was expected? What is not mentioned does not matter. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "test.h"

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value != NULL ? value : "";
}

static void differ(json_t *differences, const char *path, const json_t *expected,
                   const json_t *got)
{
    json_t *difference = json_pack("{ss}", "path", path);

    json_object_set(difference, "expected", (json_t *)(uintptr_t)expected);
    if (got != NULL)
        json_object_set(difference, "got", (json_t *)(uintptr_t)got);
    json_array_append_new(differences, difference);
}

/* ---- member by member ------------------------------------------------------------------ */

static void compare(json_t *differences, const char *path, const json_t *expected,
                    const json_t *got);

static bool are_pairs(const json_t *list)
{
    const json_t *pair;
    size_t i;

    json_array_foreach(list, i, pair) if (json_array_size(pair) != 2) return false;
    return json_is_array(list);
}

/* The values of a header: null, the only one, or a list. A new reference. */
static json_t *values_of(const json_t *pairs, const char *name)
{
    json_t *values = json_array(), *only;
    const json_t *pair;
    size_t i;

    json_array_foreach(
        pairs, i, pair) if (strcasecmp(json_string_value(json_array_get(pair, 0)), name) == 0)
        json_array_append(values, json_array_get(pair, 1));
    if (json_array_size(values) > 1)
        return values;
    only = json_array_size(values) == 1 ? json_incref(json_array_get(values, 0)) : json_null();
    json_decref(values);
    return only;
}

static bool means_absent(const json_t *expected)
{
    return json_is_null(expected) ||
           (json_is_array(expected) && json_array_size(expected) == 0);
}

static void compare_headers(json_t *differences, const char *path, const json_t *expected,
                            const json_t *pairs)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)expected, name, value)
    {
        json_t *got = values_of(pairs, name);
        char *inner = cli_format("%s.%s", path, name);
        bool one = json_array_size(value) == 1 && json_equal(json_array_get(value, 0), got);
        if (!one && !json_equal(value, got) && !(means_absent(value) && json_is_null(got)))
            differ(differences, inner, value, json_is_null(got) ? NULL : got);
        free(inner);
        json_decref(got);
    }
}

static void compare_objects(json_t *differences, const char *path, const json_t *expected,
                            const json_t *got)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)expected, name, value)
    {
        char *inner = cli_format("%s%s%s", path, *path != '\0' ? "." : "", name);
        compare(differences, inner, value, json_object_get(got, name));
        free(inner);
    }
}

static void compare_lists(json_t *differences, const char *path, const json_t *expected,
                          const json_t *got)
{
    const json_t *value;
    size_t i;

    if (json_array_size(expected) != json_array_size(got)) {
        differ(differences, path, expected, got);
        return;
    }
    json_array_foreach(expected, i, value)
    {
        char *inner = cli_format("%s[%zu]", path, i);
        compare(differences, inner, value, json_array_get(got, i));
        free(inner);
    }
}

static void compare(json_t *differences, const char *path, const json_t *expected,
                    const json_t *got)
{
    const char *last = strrchr(path, '.') != NULL ? strrchr(path, '.') + 1 : path;
    bool headers =
        strcmp(last, "headers") == 0 || strcmp(last, "set") == 0 || strcmp(last, "add") == 0;

    if (json_is_object(expected) && headers && (got == NULL || are_pairs(got)))
        compare_headers(differences, path, expected, got);
    else if (json_is_object(expected) && json_is_object(got))
        compare_objects(differences, path, expected, got);
    else if (json_is_array(expected) && json_is_array(got))
        compare_lists(differences, path, expected, got);
    else if (!(means_absent(expected) && got == NULL) && !json_equal(expected, got))
        differ(differences, path, expected, got);
}

/* ---- short forms ----------------------------------------------------------------------- */

/* "ns/name:port" of every backend that takes the traffic, in order. A new reference; NULL:
 * none. */
static json_t *serving(const json_t *decision)
{
    const json_t *backend, *chosen = json_object_get(decision, "chosen");
    char *out = NULL;
    json_t *value;
    size_t i;

    if (strcmp(text(decision, "outcome"), "forward") != 0)
        return NULL;
    json_array_foreach(json_object_get(decision, "backends"), i, backend)
    {
        const json_t *port = json_object_get(backend, "port");
        char *longer;
        if (chosen != NULL ? json_integer_value(chosen) != (json_int_t)i
                           : json_integer_value(json_object_get(backend, "weight")) == 0)
            continue;
        longer =
            cli_format("%s%s%s%s%s", out != NULL ? out : "", out != NULL ? ", " : "",
                       text(backend, "namespace"),
                       *text(backend, "namespace") != '\0' ? "/" : "", text(backend, "name"));
        free(out);
        out = port != NULL ? cli_format("%s:%lld", longer, (long long)json_integer_value(port))
                           : cli_format("%s", longer);
        free(longer);
    }
    value = out != NULL ? json_string(out) : NULL;
    free(out);
    return value;
}

/* Without a port every port will do. */
static bool is_backend(const json_t *expected, const json_t *got)
{
    const char *wanted = json_string_value(expected), *has = json_string_value(got);
    size_t len;

    if (has == NULL || wanted == NULL)
        return has == NULL && json_is_null(expected);
    len = strlen(wanted);
    return strcmp(wanted, has) == 0 ||
           (strchr(wanted, ':') == NULL && strncmp(wanted, has, len) == 0 && has[len] == ':' &&
            strchr(has, ',') == NULL);
}

static void compare_backend(json_t *differences, const json_t *expected, const json_t *decision)
{
    json_t *got = serving(decision);

    if (!is_backend(expected, got))
        differ(differences, "backend", expected, got);
    json_decref(got);
}

static void compare_route(json_t *differences, const json_t *expected, const json_t *decision)
{
    const json_t *route = json_object_get(decision, "route");
    char *name;
    json_t *got;

    if (!json_is_string(expected)) {
        compare(differences, "route", expected, route);
        return;
    }
    name = cli_format("%s/%s/%s", text(route, "kind"), text(route, "namespace"),
                      text(route, "name"));
    got = route != NULL ? json_string(name) : NULL;
    if (!json_equal(expected, got))
        differ(differences, "route", expected, got);
    json_decref(got);
    free(name);
}

/* Members that stand deeper in a decision. */
static const struct {
    const char *name, *outer, *inner;
} shorts[] = {{"rule", "route", "rule"},
              {"match", "route", "match"},
              {"location", "redirect", "location"},
              {"path", "request", "path"},
              {"host", "request", "host"}};

static void compare_member(json_t *differences, const char *name, const json_t *expected,
                           const json_t *decision)
{
    for (size_t i = 0; i < sizeof shorts / sizeof *shorts; i++)
        if (strcmp(shorts[i].name, name) == 0) {
            bool named = strcmp(name, "rule") == 0 && json_is_string(expected);
            compare(differences, name, expected,
                    json_object_get(json_object_get(decision, shorts[i].outer),
                                    named ? "ruleName" : shorts[i].inner));
            return;
        }
    if (strcmp(name, "backend") == 0)
        compare_backend(differences, expected, decision);
    else if (strcmp(name, "route") == 0)
        compare_route(differences, expected, decision);
    else
        compare(differences, name, expected, json_object_get(decision, name));
}

bool test_is_expectation(const char *name)
{
    static const char *const members[] = {
        "outcome",  "status",       "grpcStatus",      "reason",
        "listener", "mesh",         "route",           "chosen",
        "backends", "request",      "responseHeaders", "redirect",
        "mirrors",  "timeouts",     "retry",           "sessionPersistence",
        "cors",     "externalAuth", "extensions",      "backend"};

    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (strcmp(members[i], name) == 0)
            return true;
    for (size_t i = 0; i < sizeof shorts / sizeof *shorts; i++)
        if (strcmp(shorts[i].name, name) == 0)
            return true;
    return false;
}

json_t *test_compare(const json_t *expected, const json_t *decision)
{
    json_t *differences = json_array(), *value;
    const char *name;

    json_object_foreach((json_t *)(uintptr_t)expected, name, value)
        compare_member(differences, name, value, decision);
    return differences;
}
