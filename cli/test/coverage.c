/* What the tests reached: rules, their matches, filters and backends. */
#include <stdlib.h>
#include <string.h>

#include "../graph/graph.h"
#include "test.h"

/* "kind, namespace, name" to {"route": {…}, "rules": [{"spec": …, "rule": [false],
 * "match": [false, …], "filter": […], "backend": […]}]}. Filters of backendRefs are counted
 * behind the rule's own. A backendRef without weight is null: nothing can reach it. */
static const char *const parts[TEST_PARTS] = {"rule", "match", "filter", "backend"};

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value != NULL ? value : "";
}

static char *key_of(const char *kind, const char *namespace_, const char *name)
{
    return cli_format("%s\x1f%s\x1f%s", kind, namespace_, name);
}

static void add(json_t *list, size_t count)
{
    while (count-- > 0)
        json_array_append_new(list, json_false());
}

static json_t *rule_of(const char *kind, json_t *spec)
{
    json_t *lists[TEST_PARTS], *out = json_object();
    const json_t *ref, *weight;
    size_t i, matches = json_array_size(json_object_get(spec, "matches"));
    bool matched = strcmp(kind, "HTTPRoute") == 0 || strcmp(kind, "GRPCRoute") == 0;

    json_object_set(out, "spec", spec);
    for (i = 0; i < TEST_PARTS; i++) {
        lists[i] = json_array();
        json_object_set_new(out, parts[i], lists[i]);
    }
    add(lists[TEST_RULE], 1);
    add(lists[TEST_MATCH], matched ? matches : 0);
    add(lists[TEST_FILTER], json_array_size(json_object_get(spec, "filters")));
    json_array_foreach(json_object_get(spec, "backendRefs"), i, ref)
    {
        weight = json_object_get(ref, "weight");
        add(lists[TEST_FILTER], json_array_size(json_object_get(ref, "filters")));
        json_array_append_new(lists[TEST_BACKEND],
                              weight != NULL && json_integer_value(weight) == 0 ? json_null()
                                                                                : json_false());
    }
    return out;
}

/* The objects of the list by their keys; borrowed. */
static json_t *index_of(const json_t *list)
{
    json_t *index = json_object(), *item;
    size_t i;

    json_array_foreach(json_object_get(list, "items"), i, item)
    {
        const json_t *metadata = json_object_get(item, "metadata");
        char *key =
            key_of(text(item, "kind"), text(metadata, "namespace"), text(metadata, "name"));
        json_object_set(index, key, item);
        free(key);
    }
    return index;
}

static void add_route(test_coverage *c, const json_t *index,
                      const gwapi_topology_route_info *info)
{
    char *kind = cli_copy(info->kind), *namespace_ = cli_copy(info->namespace_),
         *name = cli_copy(info->name), *key = key_of(kind, namespace_, name);
    json_t *rules = json_array(), *rule;
    size_t i;

    json_array_foreach(
        json_object_get(json_object_get(json_object_get(index, key), "spec"), "rules"), i, rule)
        json_array_append_new(rules, rule_of(kind, rule));
    json_object_set_new(c->routes, key,
                        json_pack("{s{ssssss}so}", "route", "kind", kind, "namespace",
                                  namespace_, "name", name, "rules", rules));
    free(kind);
    free(namespace_);
    free(name);
    free(key);
}

void test_coverage_init(test_coverage *c, const gwapi_topology *topology, const json_t *list)
{
    size_t count = gwapi_topology_route_count(topology);
    json_t *index = index_of(list);

    c->routes = json_object();
    for (size_t i = 0; i < count; i++) {
        gwapi_topology_route_info info = {.struct_size = sizeof info};
        if (gwapi_topology_route_at(topology, i, &info) == GWAPI_OK)
            add_route(c, index, &info);
    }
    json_decref(index);
}

void test_coverage_free(test_coverage *c)
{
    json_decref(c->routes);
}

/* ---- reaching -------------------------------------------------------------------------- */

static void mark(const json_t *rule, size_t part, size_t first, size_t count)
{
    json_t *list = json_object_get(rule, parts[part]);

    for (size_t i = first; i < first + count && i < json_array_size(list); i++)
        if (!json_is_null(json_array_get(list, i)))
            json_array_set_new(list, i, json_true());
}

/* Without a random number every backend that takes a share counts, and its filters. */
static void mark_backends(const json_t *rule, const json_t *decision)
{
    const json_t *chosen = json_object_get(decision, "chosen"), *backend, *ref,
                 *spec = json_object_get(rule, "spec");
    size_t i, filter = json_array_size(json_object_get(spec, "filters"));

    json_array_foreach(json_object_get(decision, "backends"), i, backend)
    {
        size_t own;
        bool taken = chosen != NULL
                         ? json_integer_value(chosen) == (json_int_t)i
                         : json_integer_value(json_object_get(backend, "weight")) != 0;
        ref = json_array_get(json_object_get(spec, "backendRefs"), i);
        own = json_array_size(json_object_get(ref, "filters"));
        if (taken) {
            mark(rule, TEST_BACKEND, i, 1);
            mark(rule, TEST_FILTER, filter, own);
        }
        filter += own;
    }
}

void test_coverage_mark(test_coverage *c, const json_t *decision)
{
    const json_t *route = json_object_get(decision, "route"),
                 *match = json_object_get(route, "match"), *rule;
    char *key = key_of(text(route, "kind"), text(route, "namespace"), text(route, "name"));

    rule = json_array_get(json_object_get(json_object_get(c->routes, key), "rules"),
                          (size_t)json_integer_value(json_object_get(route, "rule")));
    free(key);
    if (rule == NULL)
        return;
    mark(rule, TEST_RULE, 0, 1);
    if (match != NULL)
        mark(rule, TEST_MATCH, (size_t)json_integer_value(match), 1);
    mark(rule, TEST_FILTER, 0,
         json_array_size(json_object_get(json_object_get(rule, "spec"), "filters")));
    mark_backends(rule, decision);
}

/* ---- telling --------------------------------------------------------------------------- */

void test_coverage_count(const test_coverage *c, test_counts *counts)
{
    json_t *route, *rule, *each;
    const char *key;
    size_t i, k;

    *counts = (test_counts){{0}, {0}};
    json_object_foreach(c->routes, key, route)
    {
        json_array_foreach(json_object_get(route, "rules"), i, rule)
        {
            for (size_t part = 0; part < TEST_PARTS; part++)
                json_array_foreach(json_object_get(rule, parts[part]), k, each)
                {
                    counts->all[part] += !json_is_null(each);
                    counts->reached[part] += json_is_true(each);
                }
        }
    }
}

static void add_unreached(json_t *out, const json_t *route, const json_t *rule, size_t number,
                          size_t part, bool described)
{
    const json_t *ref = json_object_get(route, "route"), *each;
    size_t i;

    json_array_foreach(json_object_get(rule, parts[part]), i, each)
    {
        json_t *item, *copy;
        if (!json_is_false(each))
            continue;
        copy = json_deep_copy(ref);
        json_object_set_new(copy, "rule", json_integer((json_int_t)number));
        item = json_pack("{sosssI}", "route", copy, "what", parts[part], "index",
                         (json_int_t)(part == TEST_RULE ? number : i));
        if (described) {
            char *says = graph_rule_text(text(ref, "kind"), json_object_get(rule, "spec"));
            json_object_set_new(item, "text", json_string(says));
            free(says);
        }
        json_array_append_new(out, item);
    }
}

/* Of a rule that was not reached only that is told. */
json_t *test_coverage_unreached(const test_coverage *c, bool described)
{
    json_t *out = json_array(), *route, *rule;
    const char *key;
    size_t i;

    json_object_foreach(c->routes, key, route)
    {
        json_array_foreach(json_object_get(route, "rules"), i, rule)
        {
            bool reached = json_is_true(json_array_get(json_object_get(rule, "rule"), 0));
            for (size_t part = TEST_RULE; part < (reached ? TEST_PARTS : TEST_MATCH); part++)
                add_unreached(out, route, rule, i, part, described);
        }
    }
    return out;
}
