#include "compare.h"

#include <stdlib.h>
#include <string.h>

#include "conditions.h"
#include "memory.h"

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value != NULL ? value : "";
}

/* ---- what entries are told apart by ---------------------------------------------------- */

/* "http" */
static char *name_key(const json_t *entry, const char *namespace_)
{
    (void)namespace_;
    return cli_format("%s", text(entry, "name"));
}

/* "Accepted" */
static char *type_key(const json_t *entry, const char *namespace_)
{
    (void)namespace_;
    return cli_format("%s", text(entry, "type"));
}

/* "Gateway infra/public, section https, port 443", and whose entry it is. */
static char *ref_key(const json_t *entry, const char *member, const char *namespace_)
{
    const json_t *ref = json_object_get(entry, member), *port = json_object_get(ref, "port");
    const char *kind = text(ref, "kind"), *space = text(ref, "namespace");
    const char *section = text(ref, "sectionName");
    char *number = port != NULL ? cli_format(", port %lld", (long long)json_integer_value(port))
                                : cli_format("%s", "");
    char *key = cli_format("%s %s/%s%s%s%s by %s", *kind != '\0' ? kind : "Gateway",
                           *space != '\0' ? space : namespace_, text(ref, "name"),
                           *section != '\0' ? ", section " : "", section, number,
                           text(entry, "controllerName"));

    free(number);
    return key;
}

static char *parent_key(const json_t *entry, const char *namespace_)
{
    return ref_key(entry, "parentRef", namespace_);
}

static char *ancestor_key(const json_t *entry, const char *namespace_)
{
    return ref_key(entry, "ancestorRef", namespace_);
}

typedef char *(*key_of)(const json_t *entry, const char *namespace_);

/* The entry of a list with the key; NULL without one. */
static const json_t *find(const json_t *list, key_of key, const char *wanted,
                          const char *namespace_)
{
    const json_t *entry, *found = NULL;
    size_t i;

    json_array_foreach(list, i, entry)
    {
        char *own = key(entry, namespace_);
        if (found == NULL && strcmp(own, wanted) == 0)
            found = entry;
        free(own);
    }
    return found;
}

/* ---- comparing ------------------------------------------------------------------------- */

typedef struct compared {
    json_t *differences;
    const char *namespace_;
} compared;

/* Adds a difference; `name` is its "type" or "field", NULL: a whole entry. */
static void add(compared *c, const char *scope, const char *kind, const char *name,
                const json_t *input, const json_t *computed)
{
    json_t *difference = json_pack("{ss}", "scope", scope);

    if (kind != NULL)
        json_object_set_new(difference, kind, json_string(name));
    if (input != NULL)
        json_object_set_new(difference, "input", json_deep_copy(input));
    if (computed != NULL)
        json_object_set_new(difference, "computed", json_deep_copy(computed));
    json_array_append_new(c->differences, difference);
}

static bool same_condition(const json_t *a, const json_t *b)
{
    return strcmp(text(a, "status"), text(b, "status")) == 0 &&
           strcmp(text(a, "reason"), text(b, "reason")) == 0 &&
           json_integer_value(json_object_get(a, "observedGeneration")) ==
               json_integer_value(json_object_get(b, "observedGeneration"));
}

/* Calls `both` for each key of either list, those of the computed one first. */
static void pair_up(compared *c, const char *scope, const json_t *input, const json_t *computed,
                    key_of key,
                    void (*both)(compared *c, const char *scope, const char *key,
                                 const json_t *input, const json_t *computed))
{
    const json_t *entry;
    size_t i;

    json_array_foreach(computed, i, entry)
    {
        char *own = key(entry, c->namespace_);
        both(c, scope, own, find(input, key, own, c->namespace_), entry);
        free(own);
    }
    json_array_foreach(input, i, entry)
    {
        char *own = key(entry, c->namespace_);
        if (find(computed, key, own, c->namespace_) == NULL)
            both(c, scope, own, entry, NULL);
        free(own);
    }
}

static void compare_condition(compared *c, const char *scope, const char *type,
                              const json_t *input, const json_t *computed)
{
    if (input == NULL || computed == NULL || !same_condition(input, computed))
        add(c, scope, "type", type, input, computed);
}

static void compare_field(compared *c, const char *scope, const char *name, const json_t *input,
                          const json_t *computed)
{
    const json_t *a = json_object_get(input, name), *b = json_object_get(computed, name);

    if ((json_is_array(a) || json_is_array(b)) && json_array_size(a) + json_array_size(b) == 0)
        return;
    if (a != b && (a == NULL || b == NULL || json_equal(a, b) == 0))
        add(c, scope, "field", name, a, b);
}

static void compare_entry(compared *c, const char *list, const char *key, const json_t *input,
                          const json_t *computed)
{
    static const char *const fields[] = {"port", "attachedRoutes", "supportedKinds"};
    char *scope = cli_format("%s[%s]", list, key);

    if (input == NULL || computed == NULL) {
        add(c, scope, NULL, NULL, input, computed);
    } else {
        pair_up(c, scope, json_object_get(input, "conditions"),
                json_object_get(computed, "conditions"), type_key, compare_condition);
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
            compare_field(c, scope, fields[i], input, computed);
    }
    free(scope);
}

json_t *cli_compare_statuses(const json_t *input, const json_t *computed,
                             const char *namespace_)
{
    static const struct {
        const char *name;
        key_of key;
    } lists[] = {{"listeners", name_key}, {"parents", parent_key}, {"ancestors", ancestor_key}};
    compared c = {json_array(), namespace_};

    pair_up(&c, "", json_object_get(input, "conditions"),
            json_object_get(computed, "conditions"), type_key, compare_condition);
    compare_field(&c, "", "addresses", input, computed);
    compare_field(&c, "", "supportedFeatures", input, computed);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        pair_up(&c, lists[i].name, json_object_get(input, lists[i].name),
                json_object_get(computed, lists[i].name), lists[i].key, compare_entry);
    return c.differences;
}

/* ---- for people ------------------------------------------------------------------------ */

/* "Accepted False NotAllowedByListeners, generation 2" */
static char *condition_text(const json_t *condition, bool generation)
{
    const json_t *seen = json_object_get(condition, "observedGeneration");
    char *number =
        generation && seen != NULL
            ? cli_format(", observed generation %lld", (long long)json_integer_value(seen))
            : cli_format("%s", generation ? ", no observed generation" : "");
    char *out = cli_format("%s %s %s%s", text(condition, "type"), text(condition, "status"),
                           text(condition, "reason"), number);

    free(number);
    return out;
}

static void print_line(cli_terminal *t, bool computed, const char *line)
{
    cli_print(t, computed ? CLI_GOOD : CLI_BAD, computed ? "    + " : "    - ");
    cli_print_str(t, CLI_PLAIN, cli_str(line));
    fputc('\n', t->file);
}

static void print_condition(cli_terminal *t, bool computed, const json_t *condition,
                            bool generation)
{
    char *line;

    if (condition == NULL)
        return;
    line = condition_text(condition, generation);
    print_line(t, computed, line);
    free(line);
    if (computed)
        cli_print_wrapped(t, CLI_DIM, 8, cli_str(text(condition, "message")));
}

static void print_conditions(cli_terminal *t, const json_t *difference)
{
    const json_t *input = json_object_get(difference, "input");
    const json_t *computed = json_object_get(difference, "computed");
    bool generation = input != NULL && computed != NULL &&
                      json_integer_value(json_object_get(input, "observedGeneration")) !=
                          json_integer_value(json_object_get(computed, "observedGeneration"));

    print_condition(t, false, input, generation);
    print_condition(t, true, computed, generation);
}

/* An item of a list on one line: its name, kind or value, or else its JSON. */
static char *item_text(const json_t *item)
{
    static const char *const members[] = {"name", "kind", "value", "type"};

    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (*text(item, members[i]) != '\0')
            return cli_format("%s", text(item, members[i]));
    char *json = json_dumps(item, JSON_COMPACT | JSON_ENCODE_ANY);
    char *out = cli_format("%s", json != NULL ? json : "");
    free(json);
    return out;
}

static bool holds(const json_t *list, const json_t *item)
{
    const json_t *other;
    size_t i;

    json_array_foreach(list, i, other) if (json_equal(other, item)) return true;
    return false;
}

/* The items of a list that the other one lacks. */
static void print_items(cli_terminal *t, bool computed, const char *name, const json_t *list,
                        const json_t *other)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        char *shown = item_text(item), *line = cli_format("%s %s", name, shown);
        if (!holds(other, item))
            print_line(t, computed, line);
        free(shown);
        free(line);
    }
}

static void print_value(cli_terminal *t, bool computed, const char *name, const json_t *value)
{
    char *shown = item_text(value), *line = cli_format("%s %s", name, shown);

    print_line(t, computed, line);
    free(shown);
    free(line);
}

static void print_field(cli_terminal *t, const json_t *difference)
{
    const json_t *input = json_object_get(difference, "input");
    const json_t *computed = json_object_get(difference, "computed");
    const char *name = text(difference, "field");

    if (json_is_array(input) || json_is_array(computed)) {
        print_items(t, false, name, input, computed);
        print_items(t, true, name, computed, input);
        return;
    }
    if (input != NULL)
        print_value(t, false, name, input);
    if (computed != NULL)
        print_value(t, true, name, computed);
}

/* An entry that one side does not have. */
static void print_entry(cli_terminal *t, const json_t *difference)
{
    bool computed = json_object_get(difference, "computed") != NULL;
    const json_t *entry = json_object_get(difference, computed ? "computed" : "input");
    const json_t *condition;
    size_t i;

    cli_print(t, CLI_DIM, "    %s\n",
              computed ? "not in the input" : "only in the input: it would be taken away");
    json_array_foreach(json_object_get(entry, "conditions"), i, condition)
        print_condition(t, computed, condition, false);
}

void cli_print_differences(cli_terminal *t, const json_t *differences)
{
    const json_t *difference;
    const char *last = "";
    size_t i;

    json_array_foreach(differences, i, difference)
    {
        const char *scope = text(difference, "scope");
        if (strcmp(scope, last) != 0) {
            cli_print(t, CLI_PLAIN, "  ");
            cli_print_str(t, CLI_ACCENT, cli_str(scope));
            fputc('\n', t->file);
        }
        last = scope;
        if (json_object_get(difference, "type") != NULL)
            print_conditions(t, difference);
        else if (json_object_get(difference, "field") != NULL)
            print_field(t, difference);
        else
            print_entry(t, difference);
    }
}
