/* A status as the tree that the writers of `doc` print: members in the order of their names, as
 * the API server gives them. */
#include "resolve/status.h"

#include "base/slice.h"

/* The tree under construction; `failed` once memory ran out. */
typedef struct tree {
    gwapi__arena *arena;
    gwapi_str now;
    bool failed;
} tree;

static const gwapi__place nowhere = {0, 0};

static gwapi__node *node(tree *t, gwapi__node_type type)
{
    gwapi__node *n = t->failed ? NULL : gwapi__node_new(t->arena, type, nowhere);

    t->failed = t->failed || n == NULL;
    return n;
}

static void set(tree *t, gwapi__node *map, const char *name, gwapi__node *value)
{
    if (!t->failed && !gwapi__node_set(t->arena, map, gwapi__str_of(name), nowhere, value))
        t->failed = true;
}

static gwapi__node *push(tree *t, gwapi__node *list, gwapi__node *item)
{
    if (!t->failed && !gwapi__node_push(t->arena, list, item))
        t->failed = true;
    return item;
}

static gwapi__node *set_new(tree *t, gwapi__node *map, const char *name, gwapi__node_type type)
{
    gwapi__node *n = node(t, type);

    set(t, map, name, n);
    return n;
}

static void set_str(tree *t, gwapi__node *map, const char *name, gwapi_str value)
{
    gwapi__node *n = t->failed ? NULL : gwapi__node_string(t->arena, value, nowhere);

    t->failed = t->failed || n == NULL;
    set(t, map, name, n);
}

static void set_int(tree *t, gwapi__node *map, const char *name, int64_t value)
{
    gwapi__node *n = set_new(t, map, name, GWAPI__NODE_INT);

    if (!t->failed)
        n->as.integer = value;
}

/* ---- parts --------------------------------------------------------------------------- */

static void add_condition(tree *t, gwapi__node *list, const gwapi__condition *c)
{
    gwapi__node *map = push(t, list, node(t, GWAPI__NODE_MAP));

    set_str(t, map, "lastTransitionTime",
            gwapi__is_now(c->last_transition) ? t->now : c->last_transition);
    set_str(t, map, "message", c->message);
    if (c->has_observed_generation)
        set_int(t, map, "observedGeneration", c->observed_generation);
    set_str(t, map, "reason", c->reason);
    set_str(t, map, "status", gwapi__str_of(gwapi__condition_status_name(c->status)));
    set_str(t, map, "type", c->type);
}

static void set_conditions(tree *t, gwapi__node *map, const gwapi__conditions *conditions)
{
    gwapi__node *list = set_new(t, map, "conditions", GWAPI__NODE_LIST);

    for (size_t i = 0; i < conditions->count; i++)
        add_condition(t, list, &conditions->items[i]);
}

static void set_addresses(tree *t, gwapi__node *map, const gwapi__object_status *s)
{
    if (s->address_count == 0)
        return;
    gwapi__node *list = set_new(t, map, "addresses", GWAPI__NODE_LIST);
    for (size_t i = 0; i < s->address_count; i++) {
        gwapi__node *address = push(t, list, node(t, GWAPI__NODE_MAP));
        set_str(t, address, "type", s->addresses[i].type);
        set_str(t, address, "value", s->addresses[i].value);
    }
}

static void set_kinds(tree *t, gwapi__node *map, uint32_t kinds)
{
    gwapi__node *list = set_new(t, map, "supportedKinds", GWAPI__NODE_LIST);

    for (uint32_t k = 0; k < GWAPI__KIND_COUNT; k++) {
        if ((kinds & 1u << k) == 0)
            continue;
        gwapi__node *kind = push(t, list, node(t, GWAPI__NODE_MAP));
        set_str(t, kind, "group", gwapi__resource_kind_group((gwapi__resource_kind)k));
        set_str(t, kind, "kind", gwapi__resource_kind_name((gwapi__resource_kind)k));
    }
}

static void set_listeners(tree *t, gwapi__node *map, const gwapi__object_status *s)
{
    if (!s->has_listeners)
        return;
    gwapi__node *list = set_new(t, map, "listeners", GWAPI__NODE_LIST);
    for (size_t i = 0; i < s->listener_count; i++) {
        const gwapi__written_listener *l = &s->listeners[i];
        gwapi__node *listener = push(t, list, node(t, GWAPI__NODE_MAP));
        set_int(t, listener, "attachedRoutes", l->attached_routes);
        set_conditions(t, listener, &l->conditions);
        set_str(t, listener, "name", l->name);
        if (l->port != 0)
            set_int(t, listener, "port", l->port);
        set_kinds(t, listener, l->kinds);
    }
}

static void set_parent_ref(tree *t, gwapi__node *map, const char *name,
                           const gwapi__parent_ref *ref)
{
    gwapi__node *n = set_new(t, map, name, GWAPI__NODE_MAP);

    set_str(t, n, "group", ref->ref.group);
    set_str(t, n, "kind", ref->ref.kind);
    set_str(t, n, "name", ref->ref.name);
    if (gwapi__str_present(ref->ref.namespace_))
        set_str(t, n, "namespace", ref->ref.namespace_);
    if (ref->port != 0)
        set_int(t, n, "port", ref->port);
    if (ref->section_name.len != 0)
        set_str(t, n, "sectionName", ref->section_name);
}

static void set_parents(tree *t, gwapi__node *map, const gwapi__object_status *s, bool route)
{
    gwapi__node *list = set_new(t, map, route ? "parents" : "ancestors", GWAPI__NODE_LIST);

    for (size_t i = 0; i < s->parent_count; i++) {
        gwapi__node *entry = push(t, list, node(t, GWAPI__NODE_MAP));
        if (!route)
            set_parent_ref(t, entry, "ancestorRef", &s->parents[i].parent);
        set_conditions(t, entry, &s->parents[i].conditions);
        set_str(t, entry, "controllerName", s->parents[i].controller);
        if (route)
            set_parent_ref(t, entry, "parentRef", &s->parents[i].parent);
    }
}

static void set_features(tree *t, gwapi__node *map, const gwapi__strs *features)
{
    gwapi__node *list = set_new(t, map, "supportedFeatures", GWAPI__NODE_LIST);

    for (size_t i = 0; i < features->count; i++)
        set_str(t, push(t, list, node(t, GWAPI__NODE_MAP)), "name", features->items[i]);
}

gwapi__node *gwapi__status_tree(gwapi__arena *arena, const gwapi__object_status *status,
                                gwapi_str now)
{
    gwapi__resource_kind kind =
        status->resource != NULL ? status->resource->kind : GWAPI__KIND_MESH;
    tree t = {arena, now, false};
    gwapi__node *map = node(&t, GWAPI__NODE_MAP);

    if (gwapi__is_route(kind) || kind == GWAPI__KIND_BACKEND_TLS_POLICY ||
        kind == GWAPI__KIND_BACKEND_TRAFFIC_POLICY) {
        set_parents(&t, map, status, gwapi__is_route(kind));
        return t.failed ? NULL : map;
    }
    set_addresses(&t, map, status);
    set_conditions(&t, map, &status->conditions);
    set_listeners(&t, map, status);
    if (kind == GWAPI__KIND_GATEWAY_CLASS || kind == GWAPI__KIND_MESH)
        set_features(&t, map, &status->features);
    return t.failed ? NULL : map;
}
