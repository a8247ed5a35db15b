/* An explanation as JSON, and the manifests of missing grants. */
#include "resolve/explain.h"

#include "base/result.h"
#include "base/slice.h"
#include "base/text.h"
#include "doc/write.h"
#include "resolve/message.h"

static gwapi_result finish(gwapi__text *t, const gwapi_sink *sink)
{
    gwapi_result result = gwapi__text_flush(t, sink);

    gwapi__text_free(t);
    return result;
}

/* ---- grants -------------------------------------------------------------------------- */

static const gwapi__place nowhere = {0, 0};

/* Builds a tree; `failed` when memory ran out, from then on nothing is added. */
typedef struct tree {
    gwapi__arena *arena;
    bool failed;
} tree;

static gwapi__node *made(tree *t, gwapi__node *node)
{
    t->failed = t->failed || node == NULL;
    return t->failed ? NULL : node;
}

static void set(tree *t, gwapi__node *map, const char *name, gwapi__node *value)
{
    if (!t->failed && !gwapi__node_set(t->arena, map, gwapi__str_of(name), nowhere, value))
        t->failed = true;
}

static void set_str(tree *t, gwapi__node *map, const char *name, gwapi_str value)
{
    set(t, map, name, made(t, gwapi__node_string(t->arena, value, nowhere)));
}

static gwapi__node *set_map(tree *t, gwapi__node *map, const char *name)
{
    gwapi__node *value = made(t, gwapi__node_new(t->arena, GWAPI__NODE_MAP, nowhere));

    set(t, map, name, value);
    return value;
}

/* A list of one map. */
static gwapi__node *set_list(tree *t, gwapi__node *map, const char *name)
{
    gwapi__node *list = made(t, gwapi__node_new(t->arena, GWAPI__NODE_LIST, nowhere));
    gwapi__node *item = made(t, gwapi__node_new(t->arena, GWAPI__NODE_MAP, nowhere));

    set(t, map, name, list);
    if (!t->failed && !gwapi__node_push(t->arena, list, item))
        t->failed = true;
    return item;
}

static void fill_grant(tree *t, gwapi__node *root, const gwapi__reference_event *e)
{
    gwapi_str name = {"", 0};

    if (gwapi__message(&name, t->arena, "allow-%s-to-%s", e->from.namespace_, e->to.name) !=
        GWAPI_OK)
        t->failed = true;
    set_str(t, root, "apiVersion", GWAPI__STR(GWAPI__GROUP_GATEWAY "/v1beta1"));
    set_str(t, root, "kind", GWAPI__STR("ReferenceGrant"));
    gwapi__node *meta = set_map(t, root, "metadata");
    set_str(t, meta, "name", name);
    set_str(t, meta, "namespace", e->to.namespace_);
    gwapi__node *spec = set_map(t, root, "spec");
    gwapi__node *from = set_list(t, spec, "from");
    set_str(t, from, "group", e->from.group);
    set_str(t, from, "kind", e->from.kind);
    set_str(t, from, "namespace", e->from.namespace_);
    gwapi__node *to = set_list(t, spec, "to");
    set_str(t, to, "group", e->to.group);
    set_str(t, to, "kind", e->to.kind);
    set_str(t, to, "name", e->to.name);
}

/* A manifest that would permit the reference. */
static void write_grant(gwapi__text *t, const gwapi__reference_event *e)
{
    gwapi__arena arena;
    tree grant = {&arena, false};

    gwapi__arena_init(&arena, &t->allocator);
    gwapi__node *root = made(&grant, gwapi__node_new(&arena, GWAPI__NODE_MAP, nowhere));
    fill_grant(&grant, root, e);
    if (!grant.failed)
        gwapi__node_write_yaml(t, root);
    t->failed = t->failed || grant.failed;
    gwapi__arena_free(&arena);
}

gwapi_result gwapi_attachment_grant_write(const gwapi_attachment *attachment, size_t i,
                                          const gwapi_sink *sink)
{
    gwapi__text t;

    if (i >= attachment->grant_count || sink == NULL)
        return GWAPI_EARGUMENT;
    gwapi__text_init(&t, &attachment->allocator);
    write_grant(&t, attachment->grants[i]);
    return finish(&t, sink);
}

/* ---- JSON ---------------------------------------------------------------------------- */

static void open(gwapi__text *t, bool *first, const char *key, char bracket)
{
    gwapi__json_key(t, first, key);
    gwapi__text_char(t, bracket);
    *first = true;
}

static void close(gwapi__text *t, bool *first, char bracket)
{
    gwapi__text_char(t, bracket);
    *first = false;
}

static void item(gwapi__text *t, bool *first)
{
    gwapi__json_comma(t, first);
    gwapi__text_char(t, '{');
    *first = true;
}

static void say_ref(gwapi__text *t, bool *first, const gwapi_object_ref *ref)
{
    gwapi__json_str_opt(t, first, "group", ref->group);
    gwapi__json_str(t, first, "kind", ref->kind);
    gwapi__json_str_opt(t, first, "namespace", ref->namespace_);
    gwapi__json_str(t, first, "name", ref->name);
}

static void say_conditions(gwapi__text *t, bool *first, const gwapi__conditions *conditions)
{
    open(t, first, "conditions", '[');
    for (size_t i = 0; i < conditions->count; i++) {
        const gwapi__condition *c = &conditions->items[i];
        item(t, first);
        gwapi__json_str(t, first, "type", c->type);
        gwapi__json_str(t, first, "status",
                        gwapi__str_of(gwapi__condition_status_name(c->status)));
        gwapi__json_str(t, first, "reason", c->reason);
        gwapi__json_str(t, first, "message", c->message);
        close(t, first, '}');
    }
    close(t, first, ']');
}

static void say_parents(gwapi__text *t, bool *first, const gwapi_attachment *a)
{
    gwapi_attachment_parent p = {.struct_size = sizeof p};

    open(t, first, "parents", '[');
    for (size_t i = 0; gwapi_attachment_parent_at(a, i, &p) == GWAPI_OK; i++) {
        item(t, first);
        open(t, first, "parentRef", '{');
        say_ref(t, first, &p.ref);
        gwapi__json_str_opt(t, first, "sectionName", p.section_name);
        if (p.port != 0)
            gwapi__json_u64(t, first, "port", p.port);
        close(t, first, '}');
        if (p.is_default)
            gwapi__json_bool(t, first, "default", true);
        gwapi__json_str(t, first, "verdict",
                        gwapi__str_of(!p.ours      ? "notOurs"
                                      : p.accepted ? "accepted"
                                                   : "rejected"));
        gwapi__json_str_opt(t, first, "reason", p.reason);
        gwapi__json_str_opt(t, first, "message", p.message);
        if (a->parents[i].conditions != NULL)
            say_conditions(t, first, a->parents[i].conditions);
        close(t, first, '}');
    }
    close(t, first, ']');
}

static void say_place(gwapi__text *t, bool *first, const gwapi_attachment_candidate *c)
{
    bool listener = gwapi__str_eq(c->owner.kind, GWAPI__STR("Gateway"));

    open(t, first, listener ? "listener" : "servicePort", '{');
    gwapi__json_joined(t, first, listener ? "gateway" : "service", c->owner.namespace_,
                       c->owner.name);
    if (gwapi__str_present(c->listener_set))
        gwapi__json_joined(t, first, "listenerSet", c->listener_set_namespace, c->listener_set);
    gwapi__json_str_opt(t, first, "name", c->listener);
    gwapi__json_u64(t, first, "port", c->port);
    gwapi__json_str_opt(t, first, "protocol", c->protocol);
    gwapi__json_str_opt(t, first, "hostname", c->hostname);
    close(t, first, '}');
}

static void say_candidates(gwapi__text *t, bool *first, const gwapi_attachment *a)
{
    gwapi_attachment_candidate c = {.struct_size = sizeof c};

    open(t, first, "candidates", '[');
    for (size_t i = 0; gwapi_attachment_candidate_at(a, i, &c) == GWAPI_OK; i++) {
        item(t, first);
        gwapi__json_u64(t, first, "parent", c.parent);
        say_place(t, first, &c);
        gwapi__json_str(t, first, "verdict",
                        gwapi__str_of(c.attached ? "attached" : "rejected"));
        gwapi__json_str(t, first, "reason", c.reason);
        gwapi__json_str_opt(t, first, "by", c.by);
        gwapi__json_str(t, first, "message", c.message);
        if (c.attached)
            gwapi__json_bool(t, first, "served", c.served);
        if (c.hostname_count != 0)
            open(t, first, "hostnames", '[');
        for (size_t j = 0; j < c.hostname_count; j++) {
            gwapi__json_comma(t, first);
            gwapi__text_json(t, gwapi_attachment_hostname_at(a, i, j));
        }
        if (c.hostname_count != 0)
            close(t, first, ']');
        close(t, first, '}');
    }
    close(t, first, ']');
}

static void say_routes(gwapi__text *t, bool *first, const gwapi__attached *l)
{
    open(t, first, "routes", '[');
    for (size_t i = 0; i < l->attachment_count; i++) {
        const gwapi__resource *r = l->attachments[i].route->resource;
        gwapi_object_ref ref = {sizeof ref, r->group, r->kind_name, r->meta.namespace_,
                                r->meta.name};
        item(t, first);
        say_ref(t, first, &ref);
        close(t, first, '}');
    }
    close(t, first, ']');
}

static void say_listener(gwapi__text *t, bool *first, const gwapi_topology *topology,
                         const gwapi__resolved_listener *l, const gwapi__attached *routes)
{
    const gwapi__conditions *conditions = gwapi__conditions_of_listener(topology, l);

    item(t, first);
    gwapi__json_str(t, first, "name", l->spec->name);
    gwapi__json_u64(t, first, "port", (uint64_t)l->port);
    gwapi__json_str(t, first, "protocol", l->spec->protocol_text);
    gwapi__json_str_opt(t, first, "hostname", l->spec->hostname);
    if (l->listener_set != NULL)
        gwapi__json_joined(t, first, "listenerSet", l->listener_set->meta.namespace_,
                   l->listener_set->meta.name);
    gwapi__json_bool(t, first, "accepted", l->accepted);
    gwapi__json_bool(t, first, "programmed", l->programmed);
    gwapi__json_bool(t, first, "served", l->served);
    if (conditions != NULL)
        say_conditions(t, first, conditions);
    say_routes(t, first, routes);
    close(t, first, '}');
}

/* Of a Gateway its own and those of its ListenerSets, of a ListenerSet its own. */
static void say_listeners(gwapi__text *t, bool *first, const gwapi_attachment *a)
{
    gwapi__sequence_walk walk = {gwapi__topology_gateways(a->topology), 0, 0};
    const gwapi__gateway_part *g;

    open(t, first, "listeners", '[');
    while ((g = gwapi__sequence_next(&walk)) != NULL)
        for (size_t i = 0; i < g->judged->gateway.listener_count; i++) {
            const gwapi__resolved_listener *l = &g->judged->listeners[i];
            if (l->listener_set == a->resource || g->part.resource == a->resource)
                say_listener(t, first, a->topology, l, &g->bindings->places[i]);
        }
    close(t, first, ']');
}

static void say_ancestors(gwapi__text *t, bool *first, const gwapi__object_status *s)
{
    open(t, first, "ancestors", '[');
    for (size_t i = 0; i < s->parent_count; i++) {
        const gwapi__reference *ref = &s->parents[i].parent.ref;
        gwapi_object_ref ancestor = {sizeof ancestor, ref->group, ref->kind, ref->namespace_,
                                     ref->name};
        item(t, first);
        open(t, first, "ancestorRef", '{');
        say_ref(t, first, &ancestor);
        close(t, first, '}');
        gwapi__json_str(t, first, "controllerName", s->parents[i].controller);
        say_conditions(t, first, &s->parents[i].conditions);
        close(t, first, '}');
    }
    close(t, first, ']');
}

static void say_targets(gwapi__text *t, bool *first, const gwapi_attachment *a)
{
    static const char *const states[] = {"", "applies", "missing", "unfit", "lost"};
    gwapi_attachment_target g = {.struct_size = sizeof g};

    open(t, first, "targets", '[');
    for (size_t i = 0; gwapi_attachment_target_at(a, i, &g) == GWAPI_OK; i++) {
        item(t, first);
        open(t, first, "targetRef", '{');
        say_ref(t, first, &g.ref);
        gwapi__json_str_opt(t, first, "sectionName", g.section_name);
        close(t, first, '}');
        gwapi__json_str(t, first, "state", gwapi__str_of(states[g.state]));
        if (gwapi__str_present(g.winner))
            gwapi__json_joined(t, first, "winner", g.winner_namespace, g.winner);
        close(t, first, '}');
    }
    close(t, first, ']');
}

static void say_grants(gwapi__text *t, bool *first, const gwapi_attachment *a)
{
    gwapi_attachment_grant g = {.struct_size = sizeof g};

    open(t, first, "missingGrants", '[');
    for (size_t i = 0; gwapi_attachment_grant_at(a, i, &g) == GWAPI_OK; i++) {
        gwapi__text manifest;
        item(t, first);
        open(t, first, "from", '{');
        say_ref(t, first, &g.from);
        close(t, first, '}');
        open(t, first, "to", '{');
        say_ref(t, first, &g.to);
        close(t, first, '}');
        gwapi__text_init(&manifest, &a->allocator);
        write_grant(&manifest, a->grants[i]);
        t->failed = t->failed || manifest.failed;
        gwapi__json_str(t, first, "manifest", gwapi__text_str(&manifest));
        gwapi__text_free(&manifest);
        close(t, first, '}');
    }
    close(t, first, ']');
}

static void say_object(gwapi__text *t, bool *first, const gwapi_attachment *a)
{
    gwapi_object_ref ref = gwapi__object_ref_of(&a->subject);
    gwapi__resource_kind kind = a->resource->kind;
    const gwapi__object_status *s =
        a->status != GWAPI_NONE ? gwapi__status_at(a->topology, a->status) : NULL;

    say_ref(t, first, &ref);
    if (s == NULL)
        gwapi__json_str(t, first, "noStatus", a->verdict);
    else if (s->conditions.count != 0)
        say_conditions(t, first, &s->conditions);
    if (gwapi__is_route(kind))
        say_parents(t, first, a);
    say_candidates(t, first, a);
    if (kind == GWAPI__KIND_GATEWAY || kind == GWAPI__KIND_LISTENER_SET)
        say_listeners(t, first, a);
    if (kind == GWAPI__KIND_BACKEND_TLS_POLICY || kind == GWAPI__KIND_BACKEND_TRAFFIC_POLICY) {
        say_targets(t, first, a);
        if (s != NULL)
            say_ancestors(t, first, s);
    }
    say_grants(t, first, a);
}

gwapi_result gwapi_attachment_write(const gwapi_attachment *attachment, const gwapi_sink *sink)
{
    bool first = true;
    gwapi__text t;

    if (sink == NULL)
        return GWAPI_EARGUMENT;
    gwapi__text_init(&t, &attachment->allocator);
    gwapi__text_char(&t, '{');
    say_object(&t, &first, attachment);
    gwapi__text_addz(&t, "}\n");
    return finish(&t, sink);
}
