/* Parents of routes: do they exist, and does a listener take the route? */
#include "lint/linter.h"

static const gwapi__lint_rule missing = {
    "lint/parent-missing", GWAPI_SEVERITY_WARNING,
    "give the parent too, or correct kind, namespace and name"};
static const gwapi__lint_rule kind = {"lint/parent-kind", GWAPI_SEVERITY_ERROR,
                                      "a parent is a Gateway, an XListenerSet or a Service"};
static const gwapi__lint_rule section = {"lint/parent-section", GWAPI_SEVERITY_ERROR, NULL};
static const gwapi__lint_rule port = {"lint/parent-port", GWAPI_SEVERITY_ERROR, NULL};
static const gwapi__lint_rule refused = {
    "lint/route-not-accepted", GWAPI_SEVERITY_ERROR,
    "`gatewayapi explain` tells why, listener by listener"};
static const gwapi__lint_rule none = {
    "lint/parent-none", GWAPI_SEVERITY_WARNING,
    "name a Gateway in spec.parentRefs; without one the route serves nothing"};

static gwapi__lint_path path_of(const gwapi__parent_event *e)
{
    gwapi__lint_path spec = gwapi__lint_root("spec");

    return e->index == GWAPI_NONE ? gwapi__lint_member(spec, "useDefaultGateways")
                                  : gwapi__lint_item(spec, "parentRefs", e->index);
}

static gwapi_str namespace_of(const gwapi__parent_event *e)
{
    return gwapi__str_present(e->ref.ref.namespace_) ? e->ref.ref.namespace_
                                                     : e->route->meta.namespace_;
}

/* A parent that gets no entry in the status. One that is there but not ours is fine. */
static gwapi_result not_found(gwapi__linter *l, const gwapi__parent_event *e)
{
    const gwapi__reference *ref = &e->ref.ref;
    gwapi__identity key = {ref->group, ref->kind, namespace_of(e), ref->name};

    if (ref->known != GWAPI__KIND_GATEWAY && ref->known != GWAPI__KIND_LISTENER_SET &&
        ref->known != GWAPI__KIND_SERVICE) {
        GWAPI__LINT(l, e->route, &kind, gwapi__lint_member(path_of(e), "kind"),
                    "%s of group \"%s\" is no kind of parent that is known", ref->kind,
                    ref->group);
        return GWAPI_OK;
    }
    if (ref->known != GWAPI__KIND_SERVICE && gwapi__lint_find(l, &key) == NULL)
        GWAPI__LINT(l, e->route, &missing, gwapi__lint_member(path_of(e), "name"),
                    "%s %s/%s is not in the input", ref->kind, key.namespace_, ref->name);
    return GWAPI_OK;
}

/* A parent whose Accepted is False. */
static gwapi_result refuse(gwapi__linter *l, const gwapi__parent_event *e,
                           const gwapi__condition *c)
{
    bool named = e->ref.section_name.len != 0;
    gwapi__lint_path path = path_of(e);

    if (gwapi__str_eq(c->reason, GWAPI__STR("NoMatchingParent")) &&
        (named || e->ref.port != 0)) {
        path = gwapi__lint_member(path, named ? "sectionName" : "port");
        return gwapi__lint_add(l, e->route, named ? &section : &port, &path, c->message);
    }
    GWAPI__LINT(l, e->route, &refused, path, "%s: %s", c->reason, c->message);
    return GWAPI_OK;
}

static const gwapi__condition *condition_of(const gwapi__conditions *conditions,
                                            const char *type)
{
    for (size_t i = 0; i < conditions->count; i++)
        if (gwapi__str_eq(conditions->items[i].type, gwapi__str_of(type)))
            return &conditions->items[i];
    return NULL;
}

/* The parents of one route, of which `found` have the last entries of its status. */
static gwapi_result check_route(gwapi__linter *l, const gwapi__parent_event *events,
                                size_t count, const gwapi__object_status *s, size_t found)
{
    size_t entry = s != NULL && s->parent_count >= found ? s->parent_count - found : 0;

    for (size_t i = 0; i < count; i++) {
        if (!events[i].found) {
            GWAPI__TRY(not_found(l, &events[i]));
            continue;
        }
        const gwapi__condition *accepted =
            s != NULL && entry < s->parent_count
                ? condition_of(&s->parents[entry++].conditions, "Accepted")
                : NULL;
        if (accepted != NULL && accepted->status == GWAPI__STATUS_FALSE)
            GWAPI__TRY(refuse(l, &events[i], accepted));
    }
    return GWAPI_OK;
}

static gwapi_result without_parent(gwapi__linter *l)
{
    for (size_t i = 0; i < gwapi__resources_count(l->set); i++) {
        const gwapi__resource *r = gwapi__resources_get(l->set, i);
        if (gwapi__is_route(r->kind) && r->as.route->parent_count == 0 &&
            !r->as.route->use_default_gateways)
            GWAPI__LINT(l, r, &none, gwapi__lint_root("spec"), "the %s has no parent",
                        r->kind_name);
    }
    return GWAPI_OK;
}

/* Which status an object has: the events of a route stand together, and so are looked up once.
 */
static gwapi_result index_statuses(gwapi__linter *l, gwapi__index *statuses)
{
    for (size_t i = 0; i < gwapi_topology_status_count(l->topology); i++) {
        gwapi__identity key =
            gwapi__status_identity(l->topology, gwapi__status_at(l->topology, i));
        uint32_t *at = gwapi__index_at(statuses, &key);
        if (at == NULL)
            return GWAPI_ENOMEM;
        *at = (uint32_t)i;
    }
    return GWAPI_OK;
}

static gwapi_result check_routes(gwapi__linter *l, const gwapi__index *statuses)
{
    const gwapi__parent_event *events = l->recorder.parents.data;
    size_t count = l->recorder.parents.count;

    for (size_t i = 0, end; i < count; i = end) {
        size_t found = 0;
        for (end = i; end < count && events[end].route == events[i].route; end++)
            found += events[end].found;
        gwapi__identity key = gwapi__lint_identity(events[i].route);
        uint32_t at = gwapi__index_get(statuses, &key);
        const gwapi__object_status *status =
            at != GWAPI_NONE ? gwapi__status_at(l->topology, at) : NULL;
        GWAPI__TRY(check_route(l, events + i, end - i, status, found));
    }
    return GWAPI_OK;
}

gwapi_result gwapi__lint_parents(gwapi__linter *l)
{
    gwapi__index statuses;

    gwapi__index_init(&statuses, &l->arena.allocator);
    gwapi_result result = index_statuses(l, &statuses);
    if (result == GWAPI_OK)
        result = check_routes(l, &statuses);
    gwapi__index_free(&statuses);
    return result == GWAPI_OK ? without_parent(l) : result;
}
