/*
 * From parentRefs to listeners (attachment.md §2): which routes have a parent of ours, and
 * which listeners would take them.
 */
#include "resolve/resolver.h"

#include "resolve/hostname.h"
#include "resolve/causes.h"
#include "resolve/selector.h"

/* ---- the parent object --------------------------------------------------------------- */

static bool find_gateway(const gwapi__resolver *r, const gwapi__identity *key,
                         gwapi__parent_state *out)
{
    uint32_t i = gwapi__index_get(&r->by_name, key);

    if (i == GWAPI_NONE)
        return false;
    out->type = GWAPI__PARENT_GATEWAY;
    out->gateway = i;
    out->controller = r->gateways[i].controller;
    out->first_listener = r->t->gateways[i].first_listener;
    out->listener_count = r->gateways[i].own_count;
    return true;
}

static bool find_set(const gwapi__resolver *r, const gwapi__identity *key,
                     gwapi__parent_state *out)
{
    uint32_t i = gwapi__index_get(&r->by_name, key);

    if (i == GWAPI_NONE)
        return false;
    out->type = GWAPI__PARENT_LISTENER_SET;
    out->gateway = r->sets[i].gateway;
    out->controller = r->gateways[r->sets[i].gateway].controller;
    out->first_listener = r->sets[i].first_listener;
    out->listener_count = r->sets[i].listener_count;
    return true;
}

/* False: not of a kind we handle, missing, or not ours. No entry is written then. */
static bool find_parent(const gwapi__resolver *r, const gwapi__resource *route,
                        const gwapi__parent_ref *ref, gwapi__parent_state *out)
{
    gwapi__identity key = {ref->ref.group, ref->ref.kind,
                           gwapi__str_present(ref->ref.namespace_) ? ref->ref.namespace_
                                                                   : route->meta.namespace_,
                           ref->ref.name};

    *out = (gwapi__parent_state){.ref = *ref, .gateway = GWAPI_NONE};
    switch (ref->ref.known) {
    case GWAPI__KIND_GATEWAY:
        return find_gateway(r, &key, out);
    case GWAPI__KIND_LISTENER_SET:
        return find_set(r, &key, out);
    case GWAPI__KIND_SERVICE:
        if (!r->t->mesh)
            return false;
        out->type = GWAPI__PARENT_SERVICE;
        out->controller = r->mesh_controller;
        out->service = gwapi__find(r, &key);
        return true;
    default:
        return false;
    }
}

/* ---- rules that remain --------------------------------------------------------------- */

static gwapi_result judge_rules(gwapi__resolver *r, gwapi__resolved_route *route,
                                gwapi__resolved_rule *rules, bool mesh, gwapi__finding *why,
                                bool *binds, bool *partial)
{
    gwapi__causes p;
    gwapi_result result = GWAPI_OK;
    gwapi__finding fault;

    gwapi__causes_init(&p, &r->scratch.allocator);
    for (uint32_t i = 0; i < route->rule_count && result == GWAPI_OK; i++) {
        rules[i].spec = &route->resource->as.route->rules[i];
        rules[i].index = i;
        result = gwapi__judge_rule(r, route->resource, rules[i].spec, mesh, &fault);
        rules[i].dropped = fault.id != GWAPI__NO_CONDITION;
        if (result == GWAPI_OK && rules[i].dropped)
            GWAPI__CAUSE(&p, fault.id, "rules[%d]: %s", (int64_t)i, fault.message);
    }
    *binds = p.count == 0 || p.count < route->rule_count;
    *partial = p.count != 0 && *binds;
    if (result == GWAPI_OK)
        result =
            gwapi__causes_take(why, gwapi__resolver_arena(r), &p, p.first, GWAPI__NO_CONDITION);
    gwapi__causes_free(&p);
    return result;
}

/* ---- listeners ----------------------------------------------------------------------- */

typedef struct search {
    gwapi__resolver *r;
    uint32_t route;
    const gwapi__resource *resource;
    const gwapi__route_state *state;
    uint32_t parent_index;
    gwapi__parent_state *parent;
    size_t selected, allowed, fitting; /* listeners left after each step */
    gwapi__causes refused;
} search;

static gwapi_str home_of(const search *s, const gwapi__resolved_listener *l)
{
    return l->listener_set != NULL ? l->listener_set->meta.namespace_
                                   : s->r->t->gateways[l->gateway].resource->meta.namespace_;
}

static void record(const search *s, const gwapi__resolved_listener *l, gwapi__step step)
{
    if (s->r->recorder == NULL)
        return;
    gwapi__record_place(s->r->recorder, &(gwapi__place_event){
                                            .route = s->resource,
                                            .parent = s->parent_index - s->state->first_parent,
                                            .owner = s->r->t->gateways[l->gateway].resource,
                                            .set = l->listener_set,
                                            .listener = l->spec,
                                            .step = step});
}

static const char *parent_kind(const search *s)
{
    return s->parent->type == GWAPI__PARENT_GATEWAY ? "Gateway" : "XListenerSet";
}

static bool is_selected(const gwapi__parent_ref *ref, const gwapi__resolved_listener *l)
{
    return (ref->section_name.len == 0 || gwapi__str_eq(ref->section_name, l->spec->name)) &&
           (ref->port == 0 || ref->port == l->port);
}

/* Of a listener that is not selected: what kept it from being so. */
static gwapi__step unselected_by(const gwapi__parent_ref *ref,
                                 const gwapi__resolved_listener *l)
{
    gwapi__parent_ref section = {.section_name = ref->section_name};

    return is_selected(&section, l) ? GWAPI__STEP_PORT : GWAPI__STEP_SECTION;
}

/* What the listener's allowedRoutes.namespaces says to a route it does not admit. */
static const char *namespace_rule(const gwapi__namespaces *rule)
{
    return rule->from == GWAPI__FROM_SAME ? "takes routes of its own namespace only"
           : rule->from == GWAPI__FROM_SELECTOR
               ? "takes routes of the namespaces that its selector matches"
               : "takes routes of no namespace";
}

static gwapi_result is_allowed(search *s, uint32_t i, bool *allowed)
{
    const gwapi__resolved_listener *l = &s->r->t->listeners[i];
    const gwapi__resource *route = s->resource;

    *allowed = false;
    if ((s->r->listeners[i].kinds & 1u << route->kind) == 0) {
        GWAPI__CAUSE(&s->refused, GWAPI__ROUTE_NOT_ALLOWED, "listener %s does not take kind %s",
                     l->spec->name, route->kind_name);
        record(s, l, GWAPI__STEP_KIND);
        return GWAPI_OK;
    }
    GWAPI__TRY(gwapi__namespaces_admit(s->r, &l->spec->namespaces, home_of(s, l),
                                       route->meta.namespace_, allowed));
    if (*allowed)
        return GWAPI_OK;
    GWAPI__CAUSE(&s->refused, GWAPI__ROUTE_NOT_ALLOWED,
                 "listener %s %s (allowedRoutes.namespaces), not of %s", l->spec->name,
                 gwapi__str_of(namespace_rule(&l->spec->namespaces)), route->meta.namespace_);
    record(s, l, GWAPI__STEP_NAMESPACE);
    return GWAPI_OK;
}

static bool hostnames_fit(const gwapi__resource *route, gwapi_str hostname)
{
    const gwapi__strs *own = &route->as.route->hostnames;

    for (size_t i = 0; i < own->count; i++)
        if (gwapi__hostname_intersects(own->items[i], hostname))
            return true;
    return own->count == 0;
}

static void count_attached(search *s, uint32_t i)
{
    gwapi__listener_state *state = &s->r->listeners[i];

    if (state->counted == s->route + 1)
        return;
    state->counted = s->route + 1;
    s->r->t->listeners[i].attached_routes++;
}

static gwapi_result try_listener(search *s, uint32_t i)
{
    const gwapi__resolved_listener *l = &s->r->t->listeners[i];
    bool allowed;

    if (!is_selected(&s->parent->ref, l)) {
        record(s, l, unselected_by(&s->parent->ref, l));
        return GWAPI_OK;
    }
    s->selected++;
    GWAPI__TRY(is_allowed(s, i, &allowed));
    if (!allowed)
        return GWAPI_OK;
    s->allowed++;
    count_attached(s, i);
    if (!hostnames_fit(s->resource, l->spec->hostname)) {
        record(s, l, GWAPI__STEP_HOSTNAME);
        return GWAPI_OK;
    }
    s->fitting++;
    record(s, l, s->state->binds ? GWAPI__STEP_NONE : GWAPI__STEP_RULES);
    return s->state->binds ? gwapi__add_candidate(s->r, s->route, s->parent_index, i, false)
                           : GWAPI_OK;
}

static gwapi_result no_parent(search *s)
{
    const gwapi__parent_ref *ref = &s->parent->ref;
    gwapi_str of = gwapi__str_of(parent_kind(s));
    gwapi__arena *arena = gwapi__resolver_arena(s->r);
    gwapi_str *message = &s->parent->accepted.message;

    s->parent->accepted.id = GWAPI__ROUTE_NO_PARENT;
    if (ref->section_name.len != 0 && ref->port != 0)
        return gwapi__message(message, arena, "%s %s has no listener %s on port %d", of,
                              ref->ref.name, ref->section_name, (int64_t)ref->port);
    if (ref->section_name.len != 0)
        return gwapi__message(message, arena, "%s %s has no listener %s", of, ref->ref.name,
                              ref->section_name);
    return gwapi__message(message, arena, "%s %s has no listener on port %d", of, ref->ref.name,
                          (int64_t)ref->port);
}

static gwapi_result no_hostname(search *s)
{
    s->parent->accepted.id = GWAPI__ROUTE_NO_HOSTNAME;
    return gwapi__message(
        &s->parent->accepted.message, gwapi__resolver_arena(s->r),
        "No hostname of the route fits the hostnames of the listeners of %s %s "
        "that would take it",
        gwapi__str_of(parent_kind(s)), s->parent->ref.ref.name);
}

/* The outcome, as far as it does not depend on other routes. */
static gwapi_result conclude(search *s)
{
    bool has_port_feature = s->r->features.has[GWAPI__FEATURE_HTTP_PARENT_PORT] ||
                            s->resource->kind != GWAPI__KIND_HTTP_ROUTE;

    if (s->selected == 0)
        return no_parent(s);
    if (s->allowed == 0)
        return gwapi__causes_take(&s->parent->accepted, gwapi__resolver_arena(s->r),
                                  &s->refused, GWAPI__ROUTE_NOT_ALLOWED,
                                  GWAPI__ROUTE_NOT_ALLOWED);
    if (s->fitting == 0)
        return no_hostname(s);
    if (s->parent->ref.port != 0 && !has_port_feature)
        s->parent->accepted = (gwapi__finding){
            GWAPI__ROUTE_UNSUPPORTED,
            GWAPI__STR("parentRefs: the data plane lacks HTTPRouteParentRefPort")};
    else if (!s->state->binds)
        s->parent->accepted = s->state->dropped;
    return GWAPI_OK;
}

static gwapi_result try_listeners(search *s)
{
    for (uint32_t i = 0; i < s->parent->listener_count; i++)
        GWAPI__TRY(try_listener(s, s->parent->first_listener + i));
    return conclude(s);
}

gwapi_result gwapi__add_candidate(gwapi__resolver *r, uint32_t route, uint32_t parent,
                                  uint32_t place, bool mesh)
{
    gwapi__candidate *c =
        r->candidates.count < GWAPI_NONE - 1 ? gwapi__vector_push(&r->candidates) : NULL;

    if (c == NULL)
        return r->candidates.count < GWAPI_NONE - 1 ? GWAPI_ENOMEM : GWAPI_ELIMIT;
    *c = (gwapi__candidate){route, parent, place, mesh, false};
    return GWAPI_OK;
}

static gwapi_result try_parent(gwapi__resolver *r, uint32_t route, uint32_t parent)
{
    gwapi__parent_state *state = GWAPI__AT(&r->parents, gwapi__parent_state, parent);
    gwapi_result result;

    state->first_candidate = (uint32_t)r->candidates.count;
    if (state->type == GWAPI__PARENT_SERVICE) {
        result = gwapi__try_service(r, route, parent);
    } else {
        search s = {.r = r,
                    .route = route,
                    .resource = r->t->routes[route].resource,
                    .state = &r->routes[route],
                    .parent_index = parent,
                    .parent = state};
        gwapi__causes_init(&s.refused, &r->scratch.allocator);
        result = try_listeners(&s);
        if (result == GWAPI_OK && s.refused.text.failed)
            result = GWAPI_ENOMEM; /* of causes that were not needed after all */
        gwapi__causes_free(&s.refused);
    }
    state->candidate_count = (uint32_t)r->candidates.count - state->first_candidate;
    return result;
}

/* ---- routes -------------------------------------------------------------------------- */

static gwapi_result find_parents(gwapi__resolver *r, const gwapi__resource *resource,
                                 size_t *first, bool *mesh)
{
    const gwapi__route *spec = resource->as.route;
    gwapi__parent_state state;

    *first = r->parents.count;
    *mesh = false;
    for (size_t i = 0; i < spec->parent_count; i++) {
        bool found = find_parent(r, resource, &spec->parents[i], &state);
        gwapi__record_parent(r->recorder, resource, &spec->parents[i], (uint32_t)i, found);
        if (!found)
            continue;
        gwapi__parent_state *added = gwapi__vector_push(&r->parents);
        if (added == NULL)
            return GWAPI_ENOMEM;
        *added = state;
        *mesh = *mesh || state.type == GWAPI__PARENT_SERVICE;
    }
    return gwapi__add_default_parents(r, resource, *first);
}

static gwapi_result make_rules(gwapi__resolver *r, uint32_t i, bool mesh)
{
    gwapi__resolved_route *route = &r->t->routes[i];
    gwapi__route_state *state = &r->routes[i];
    gwapi__arena *arena = gwapi__resolver_arena(r);
    gwapi__resolved_rule *rules;

    rules = gwapi__arena_array(arena, route->rule_count, sizeof *rules);
    if (rules == NULL)
        return GWAPI_ENOMEM;
    route->rules = state->rules = rules;
    GWAPI__TRY(
        judge_rules(r, route, rules, false, &state->dropped, &state->binds, &state->partial));
    if (!mesh)
        return GWAPI_OK;
    rules = gwapi__arena_array(arena, route->rule_count, sizeof *rules);
    if (rules == NULL)
        return GWAPI_ENOMEM;
    route->mesh_rules = state->mesh_rules = rules;
    return judge_rules(r, route, rules, true, &state->mesh_dropped, &state->mesh_binds,
                       &state->mesh_partial);
}

static gwapi_result collect_route(gwapi__resolver *r, gwapi__resource *resource)
{
    uint32_t i = (uint32_t)r->t->route_count;
    size_t first;
    bool mesh;

    GWAPI__TRY(find_parents(r, resource, &first, &mesh));
    if (r->parents.count == first)
        return GWAPI_OK;
    r->t->route_count++;
    r->t->routes[i].resource = resource;
    r->t->routes[i].rule_count = resource->as.route->rule_count;
    r->routes[i].first_parent = (uint32_t)first;
    r->routes[i].parent_count = (uint32_t)(r->parents.count - first);
    GWAPI__TRY(make_rules(r, i, mesh));
    for (size_t k = first; k < r->parents.count; k++)
        GWAPI__TRY(try_parent(r, i, (uint32_t)k));
    return GWAPI_OK;
}

gwapi_result gwapi__collect_routes(gwapi__resolver *r)
{
    /* In the order of the kinds' names. */
    static const gwapi__resource_kind order[] = {GWAPI__KIND_GRPC_ROUTE, GWAPI__KIND_HTTP_ROUTE,
                                                 GWAPI__KIND_TCP_ROUTE, GWAPI__KIND_TLS_ROUTE,
                                                 GWAPI__KIND_UDP_ROUTE};
    size_t count = 0;

    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        count += r->kinds[order[k]].count;
    r->t->routes = gwapi__arena_array(gwapi__resolver_arena(r), count, sizeof *r->t->routes);
    r->routes = gwapi__arena_array(&r->scratch, count, sizeof *r->routes);
    if (r->t->routes == NULL || r->routes == NULL)
        return GWAPI_ENOMEM;
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (size_t i = 0; i < r->kinds[order[k]].count; i++)
            GWAPI__TRY(collect_route(r, r->kinds[order[k]].items[i]));
    return GWAPI_OK;
}
