/*
 * From parentRefs to listeners (attachment.md §2): which routes have a parent of ours, and
 * which listeners would take them.
 */
#include "resolve/resolver.h"

#include "resolve/hostname.h"
#include "resolve/causes.h"
#include "resolve/selector.h"

/* ---- the parent object --------------------------------------------------------------- */

static void at_gateway(const gwapi__resolver *r, uint32_t i, gwapi__parent_state *out)
{
    out->at_hand = i;
    out->gateway = r->w.gateways[i].resource;
    out->controller = r->gateways[i].controller;
}

static gwapi_result find_gateway(gwapi__resolver *r, const gwapi__identity *key,
                                 gwapi__parent_state *out, bool *found)
{
    uint32_t i;

    gwapi__see(r, key);
    GWAPI__TRY(gwapi__gateway_at_hand(r, key, &i));
    *found = i != GWAPI_NONE;
    if (!*found)
        return GWAPI_OK;
    out->type = GWAPI__PARENT_GATEWAY;
    at_gateway(r, i, out);
    out->first_listener = r->w.first_listener[i];
    out->listener_count = r->gateways[i].own_count;
    return GWAPI_OK;
}

/* A ListenerSet is at hand with its Gateway. */
static gwapi_result find_set(gwapi__resolver *r, const gwapi__identity *key,
                             gwapi__parent_state *out, bool *found)
{
    const gwapi__resource *set = gwapi__find(r, key);
    gwapi__identity gateway;
    uint32_t i;

    *found = false;
    if (!r->experimental || set == NULL || !gwapi__set_parent(set, &gateway))
        return GWAPI_OK;
    gwapi__see(r, &gateway);
    GWAPI__TRY(gwapi__gateway_at_hand(r, &gateway, &i));
    if (i == GWAPI_NONE)
        return GWAPI_OK;
    const gwapi__set_state *state = &r->sets[gwapi__index_get(&r->by_name, key)];
    *found = true;
    out->type = GWAPI__PARENT_LISTENER_SET;
    at_gateway(r, i, out);
    out->first_listener = state->first_listener;
    out->listener_count = state->listener_count;
    return GWAPI_OK;
}

/* Not found: not of a kind we handle, missing, or not ours. No entry is written then. */
static gwapi_result find_parent(gwapi__resolver *r, const gwapi__resource *route,
                                const gwapi__parent_ref *ref, gwapi__parent_state *out,
                                bool *found)
{
    gwapi__identity key = {ref->ref.group, ref->ref.kind,
                           gwapi__str_present(ref->ref.namespace_) ? ref->ref.namespace_
                                                                   : route->meta.namespace_,
                           ref->ref.name};

    *found = false;
    *out = (gwapi__parent_state){.ref = *ref, .at_hand = GWAPI_NONE};
    switch (ref->ref.known) {
    case GWAPI__KIND_GATEWAY:
        return find_gateway(r, &key, out, found);
    case GWAPI__KIND_LISTENER_SET:
        return find_set(r, &key, out, found);
    case GWAPI__KIND_SERVICE:
        if (!r->t->frame->mesh)
            return GWAPI_OK;
        *found = true;
        out->type = GWAPI__PARENT_SERVICE;
        out->controller = r->mesh_controller;
        out->service = gwapi__find(r, &key);
        return GWAPI_OK;
    default:
        return GWAPI_OK;
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
    const gwapi__resource *resource;
    gwapi__parent_state *parent;
    size_t selected, allowed, fitting; /* listeners left after each step */
    gwapi__causes refused;
} search;

static gwapi_str home_of(const search *s, const gwapi__resolved_listener *l)
{
    return l->listener_set != NULL ? l->listener_set->meta.namespace_
                                   : s->parent->gateway->meta.namespace_;
}

static void record(const search *s, const gwapi__resolved_listener *l, gwapi__step step)
{
    const gwapi__parent_state *first = s->r->parents.data;

    if (s->r->recorder == NULL)
        return;
    gwapi__record_place(s->r->recorder,
                        &(gwapi__place_event){.route = s->resource,
                                              .parent = (uint32_t)(s->parent - first),
                                              .owner = s->parent->gateway,
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
    const gwapi__resolved_listener *l = &s->r->w.listeners[i];
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

/* A listener's number among its Gateway's. */
static uint32_t place_of(const search *s, uint32_t listener)
{
    return listener - s->r->w.first_listener[s->parent->at_hand];
}

/* Once, however many parentRefs lead there. */
static gwapi_result count_attached(search *s, uint32_t i)
{
    gwapi__listener_state *state = &s->r->listeners[i];

    if (state->counted == s->r->route_number)
        return GWAPI_OK;
    state->counted = s->r->route_number;
    gwapi__count *count = gwapi__vector_push(&s->r->counts);
    if (count == NULL)
        return GWAPI_ENOMEM;
    *count = (gwapi__count){s->parent->gateway, place_of(s, i)};
    return GWAPI_OK;
}

static gwapi_result fitting_hostnames(gwapi__resolver *r, const gwapi__resource *route,
                                      gwapi_str listener, gwapi__candidate *out)
{
    gwapi__strs own = route->as.route->hostnames;
    size_t count = 0;

    for (size_t i = 0; i < own.count; i++)
        count += gwapi__hostname_intersects(own.items[i], listener);
    out->hostnames = own.items;
    out->hostname_count = count;
    if (count == own.count)
        return GWAPI_OK;
    gwapi_str *fitting = gwapi__arena_array(gwapi__resolver_arena(r), count, sizeof *fitting);
    if (fitting == NULL)
        return GWAPI_ENOMEM;
    out->hostnames = fitting;
    for (size_t i = 0; i < own.count; i++)
        if (gwapi__hostname_intersects(own.items[i], listener))
            *fitting++ = own.items[i];
    return GWAPI_OK;
}

static gwapi_result add_candidate(search *s, uint32_t listener)
{
    const gwapi__resolved_listener *l = &s->r->w.listeners[listener];
    gwapi__candidate *c = gwapi__vector_push(&s->r->candidates);

    if (c == NULL)
        return GWAPI_ENOMEM;
    c->owner = s->parent->gateway;
    c->place = place_of(s, listener);
    c->terminates = l->spec->tls_mode == GWAPI__TLS_TERMINATE;
    return fitting_hostnames(s->r, s->resource, l->spec->hostname, c);
}

static gwapi_result try_listener(search *s, uint32_t i)
{
    const gwapi__resolved_listener *l = &s->r->w.listeners[i];
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
    GWAPI__TRY(count_attached(s, i));
    if (!hostnames_fit(s->resource, l->spec->hostname)) {
        record(s, l, GWAPI__STEP_HOSTNAME);
        return GWAPI_OK;
    }
    s->fitting++;
    record(s, l, s->r->route_state->binds ? GWAPI__STEP_NONE : GWAPI__STEP_RULES);
    return s->r->route_state->binds ? add_candidate(s, i) : GWAPI_OK;
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
    else if (!s->r->route_state->binds)
        s->parent->accepted = s->r->route_state->dropped;
    return GWAPI_OK;
}

static gwapi_result try_listeners(search *s)
{
    for (uint32_t i = 0; i < s->parent->listener_count; i++)
        GWAPI__TRY(try_listener(s, s->parent->first_listener + i));
    return conclude(s);
}

static gwapi_result try_parent(gwapi__resolver *r, gwapi__parent_state *state)
{
    gwapi_result result;

    state->first_candidate = (uint32_t)r->candidates.count;
    if (state->type == GWAPI__PARENT_SERVICE) {
        result = gwapi__try_service(r, state);
    } else {
        search s = {.r = r, .resource = r->route->resource, .parent = state};
        gwapi__causes_init(&s.refused, &r->scratch.allocator);
        result = try_listeners(&s);
        if (result == GWAPI_OK && s.refused.text.failed)
            result = GWAPI_ENOMEM; /* of causes that were not needed after all */
        gwapi__causes_free(&s.refused);
    }
    state->candidate_count = (uint32_t)r->candidates.count - state->first_candidate;
    return result;
}

/* ---- a route by itself --------------------------------------------------------------- */

static gwapi_result find_parents(gwapi__resolver *r, const gwapi__resource *resource,
                                 bool *mesh)
{
    const gwapi__route *spec = resource->as.route;
    gwapi__parent_state state;
    bool found;

    *mesh = false;
    for (size_t i = 0; i < spec->parent_count; i++) {
        GWAPI__TRY(find_parent(r, resource, &spec->parents[i], &state, &found));
        gwapi__record_parent(r->recorder, resource, &spec->parents[i], (uint32_t)i, found);
        if (!found)
            continue;
        gwapi__parent_state *added = gwapi__vector_push(&r->parents);
        if (added == NULL)
            return GWAPI_ENOMEM;
        *added = state;
        *mesh = *mesh || state.type == GWAPI__PARENT_SERVICE;
    }
    return gwapi__add_default_parents(r, resource);
}

static gwapi_result make_rules(gwapi__resolver *r, bool mesh)
{
    gwapi__resolved_route *route = r->route;
    gwapi__route_state *state = r->route_state;
    gwapi__arena *arena = gwapi__resolver_arena(r);

    route->rules = r->rules = gwapi__arena_array(arena, route->rule_count, sizeof *r->rules);
    if (r->rules == NULL)
        return GWAPI_ENOMEM;
    GWAPI__TRY(judge_rules(r, route, r->rules, false, &state->dropped, &state->binds,
                           &state->partial));
    r->mesh_rules = NULL;
    if (!mesh)
        return GWAPI_OK;
    route->mesh_rules = r->mesh_rules =
        gwapi__arena_array(arena, route->rule_count, sizeof *r->rules);
    if (r->mesh_rules == NULL)
        return GWAPI_ENOMEM;
    return judge_rules(r, route, r->mesh_rules, true, &state->mesh_dropped, &state->mesh_binds,
                       &state->mesh_partial);
}

/* The vector's elements in the part. NULL: no memory. */
static void *kept(gwapi__resolver *r, const gwapi__vector *v, uint32_t *count)
{
    void *made = gwapi__arena_array(gwapi__resolver_arena(r), v->count, v->size);

    if (made != NULL && v->count != 0)
        memcpy(made, v->data, v->count * v->size);
    *count = (uint32_t)v->count;
    return made;
}

static gwapi_result keep(gwapi__resolver *r)
{
    gwapi__route_state *state = r->route_state;

    state->parents = kept(r, &r->parents, &state->parent_count);
    state->candidates = kept(r, &r->candidates, &state->candidate_count);
    state->counts = kept(r, &r->counts, &state->count_count);
    state->uses = kept(r, &r->uses, &state->use_count);
    return state->parents != NULL && state->candidates != NULL && state->counts != NULL &&
                   state->uses != NULL
               ? GWAPI_OK
               : GWAPI_ENOMEM;
}

static gwapi_result fill(gwapi__resolver *r)
{
    gwapi__route_state *state = GWAPI__ARENA_NEW(gwapi__resolver_arena(r), gwapi__route_state);
    bool mesh;

    if (state == NULL)
        return GWAPI_ENOMEM;
    r->route_state = state;
    r->route->state = state;
    r->parents.count = r->candidates.count = r->counts.count = r->uses.count = 0;
    GWAPI__TRY(find_parents(r, r->route->resource, &mesh));
    if (r->parents.count == 0)
        return keep(r);
    r->route->rule_count = r->route->resource->as.route->rule_count;
    GWAPI__TRY(make_rules(r, mesh));
    for (size_t i = 0; i < r->parents.count; i++)
        GWAPI__TRY(try_parent(r, GWAPI__AT(&r->parents, gwapi__parent_state, i)));
    GWAPI__TRY(gwapi__resolve_rules(r));
    return keep(r);
}

static gwapi_result resolve_route(gwapi__resolver *r, gwapi__resource *resource)
{
    gwapi__resolved_route *route = gwapi__part_begin(r, sizeof *route);
    gwapi__resolved_route **slot = NULL;

    if (route == NULL)
        return GWAPI_ENOMEM;
    route->part.resource = route->resource = resource;
    r->route = route;
    r->route_number++;
    gwapi_result result = fill(r);
    if (result == GWAPI_OK)
        result = gwapi__part_end(r, route);
    if (result == GWAPI_OK && (slot = gwapi__vector_push(&r->routes)) == NULL)
        result = GWAPI_ENOMEM;
    if (result == GWAPI_OK)
        *slot = route;
    else
        gwapi__part_release(route);
    return result;
}

const gwapi__resource_kind gwapi__route_kinds[GWAPI__ROUTE_KINDS] = {
    GWAPI__KIND_GRPC_ROUTE, GWAPI__KIND_HTTP_ROUTE, GWAPI__KIND_TCP_ROUTE,
    GWAPI__KIND_TLS_ROUTE, GWAPI__KIND_UDP_ROUTE};

gwapi_result gwapi__resolve_routes(gwapi__resolver *r)
{
    for (size_t k = 0; k < GWAPI__ROUTE_KINDS; k++) {
        const gwapi__sorted *all = &r->kinds[gwapi__route_kinds[k]];
        for (size_t i = 0; i < all->count; i++)
            GWAPI__TRY(resolve_route(r, all->items[i]));
    }
    return GWAPI_OK;
}
