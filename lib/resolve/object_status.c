/* From findings to the status of each object: who gets one, what is kept of the old one. */
#include "resolve/resolver.h"

#define MOST_PARENTS 32

static gwapi__object_status *push(gwapi__resolver *r, gwapi__resource *resource)
{
    gwapi__object_status *s = &r->t->statuses[r->t->status_count++];

    s->resource = resource;
    return s;
}

static gwapi_result make(gwapi__resolver *r, gwapi__conditions *out,
                         const gwapi__resource *holder, const gwapi__condition_types *types,
                         const gwapi__conditions *old, const gwapi__finding *findings,
                         size_t count)
{
    gwapi__condition_input input = {findings, count, old, types, holder->meta.generation,
                                    r->now};

    return gwapi__conditions_make(out, gwapi__resolver_arena(r), &input);
}
#define MAKE(r, out, holder, types, old, ...)                                                  \
    make(r, out, holder, types, old, (const gwapi__finding[]){__VA_ARGS__},                    \
         sizeof((const gwapi__finding[]){__VA_ARGS__}) / sizeof(gwapi__finding))

/* ---- classes and meshes -------------------------------------------------------------- */

static gwapi_result class_status(gwapi__resolver *r, const gwapi__class_state *class)
{
    gwapi__object_status *s = push(r, class->resource);
    bool accepted = class->accepted.id == GWAPI__CLASS_ACCEPTED;

    s->features = r->features.gateway;
    return MAKE(r, &s->conditions, class->resource, &gwapi__class_types,
                &class->resource->status.conditions, class->accepted,
                gwapi__found(r->experimental && accepted ? GWAPI__CLASS_SUPPORTED_VERSION
                                                         : GWAPI__NO_CONDITION));
}

static gwapi_result mesh_status(gwapi__resolver *r, const gwapi__class_state *mesh)
{
    gwapi__object_status *s = push(r, mesh->resource);

    s->features = r->features.mesh;
    return MAKE(r, &s->conditions, mesh->resource, &gwapi__mesh_types,
                &mesh->resource->status.conditions, mesh->accepted);
}

static gwapi_result default_mesh_status(gwapi__resolver *r)
{
    gwapi__object_status *s = push(r, NULL);
    gwapi__finding accepted = gwapi__found(GWAPI__MESH_ACCEPTED);
    gwapi__condition_input input = {&accepted, 1, NULL, &gwapi__mesh_types, 1, r->now};

    s->features = r->features.mesh;
    GWAPI__TRY(gwapi__message(&accepted.message, gwapi__resolver_arena(r), "%s %s",
                              gwapi__condition_row_of(accepted.id)->message,
                              r->mesh_controller));
    return gwapi__conditions_make(&s->conditions, gwapi__resolver_arena(r), &input);
}

/* ---- Gateways and ListenerSets ------------------------------------------------------- */

static const gwapi__conditions *old_listener(const gwapi__resource *holder, gwapi_str name)
{
    for (size_t i = 0; i < holder->status.listener_count; i++)
        if (gwapi__str_eq(holder->status.listeners[i].name, name))
            return &holder->status.listeners[i].conditions;
    return NULL;
}

/* Entries of ListenerSets without a port have no place in a status. */
static gwapi_result listener_statuses(gwapi__resolver *r, gwapi__object_status *s,
                                      uint32_t first, uint32_t count, bool ports)
{
    gwapi__written_listener *made =
        gwapi__arena_array(gwapi__resolver_arena(r), count, sizeof *made);

    if (made == NULL)
        return GWAPI_ENOMEM;
    s->has_listeners = true;
    s->listeners = made;
    for (uint32_t i = first; i < first + count; i++) {
        const gwapi__resolved_listener *l = &r->t->listeners[i];
        const gwapi__listener_state *state = &r->listeners[i];
        gwapi__written_listener *w = &made[s->listener_count];
        if (ports && !gwapi__is_port(l->port))
            continue;
        s->listener_count++;
        *w = (gwapi__written_listener){.name = l->spec->name,
                                       .port = ports ? l->port : 0,
                                       .kinds = state->kinds,
                                       .attached_routes = l->attached_routes};
        GWAPI__TRY(MAKE(r, &w->conditions, s->resource, &gwapi__listener_types,
                        old_listener(s->resource, l->spec->name), state->accepted,
                        state->conflicted, state->resolved, state->programmed,
                        state->overlapping));
    }
    return GWAPI_OK;
}

static gwapi_result gateway_status(gwapi__resolver *r, uint32_t i)
{
    const gwapi__resolved_gateway *g = &r->t->gateways[i];
    const gwapi__gateway_state *state = &r->gateways[i];
    gwapi__object_status *s = push(r, g->resource);

    s->addresses = g->addresses;
    s->address_count = g->address_count;
    GWAPI__TRY(MAKE(r, &s->conditions, g->resource, &gwapi__gateway_types,
                    &g->resource->status.conditions, state->accepted, state->programmed,
                    state->resolved, state->sets, state->is_default, state->insecure));
    return listener_statuses(r, s, g->first_listener, state->own_count, false);
}

static gwapi_result set_status(gwapi__resolver *r, uint32_t i)
{
    const gwapi__set_state *set = &r->sets[i];
    gwapi__object_status *s = push(r, set->resource);

    GWAPI__TRY(MAKE(r, &s->conditions, set->resource, &gwapi__listener_set_types,
                    &set->resource->status.conditions, set->accepted, set->programmed));
    if (!set->allowed) /* its entries are in no merged list */
        return GWAPI_OK;
    return listener_statuses(r, s, set->first_listener, set->listener_count, true);
}

/* ---- routes -------------------------------------------------------------------------- */

bool gwapi__is_our_controller(const gwapi__resolver *r, gwapi_str controller)
{
    if (gwapi__str_eq(controller, r->t->controller) ||
        gwapi__str_eq(controller, r->mesh_controller))
        return true;
    return gwapi__map_find(&r->controllers, controller) != NULL;
}

const gwapi__parent_status *
gwapi__old_entry(const gwapi__resource *holder, const gwapi__parent_ref *ref, gwapi_str controller)
{
    for (size_t i = 0; i < holder->status.parent_count; i++) {
        const gwapi__parent_status *old = &holder->status.parents[i];
        if (gwapi__str_eq(old->controller, controller) &&
            gwapi__parent_ref_equal(&old->parent, ref))
            return old;
    }
    return NULL;
}

static bool terminates_somewhere(const gwapi__resolver *r, const gwapi__parent_state *p)
{
    for (uint32_t i = 0; i < p->candidate_count; i++) {
        const gwapi__candidate *c =
            GWAPI__AT(&r->candidates, gwapi__candidate, p->first_candidate + i);
        if (!c->blocked && r->t->listeners[c->listener].spec->tls_mode == GWAPI__TLS_TERMINATE)
            return true;
    }
    return false;
}

static gwapi_result resolved_at(gwapi__resolver *r, const gwapi__route_state *route,
                                const gwapi__parent_state *p, const gwapi__resource *resource,
                                gwapi__finding *out)
{
    bool passes = resource->kind == GWAPI__KIND_TLS_ROUTE && !terminates_somewhere(r, p);

    *out = p->type == GWAPI__PARENT_SERVICE                   ? route->resolved_mesh
           : resource->kind != GWAPI__KIND_TLS_ROUTE || passes ? route->resolved
                                                               : route->resolved_tls;
    if (p->crowded == NULL || passes || out->id != GWAPI__ROUTE_RESOLVED)
        return GWAPI_OK;
    out->id = GWAPI__ROUTE_INVALID_TLS_POLICY;
    return gwapi__message(&out->message, gwapi__resolver_arena(r),
                          "BackendTLSPolicy %s/%s applies at %d Gateways already and cannot be "
                          "used at one more",
                          p->crowded->meta.namespace_, p->crowded->meta.name,
                          (int64_t)GWAPI__MOST_ANCESTORS);
}

static gwapi_result partial_at(gwapi__resolver *r, const gwapi__route_state *route,
                               const gwapi__parent_state *p, gwapi__finding *out)
{
    bool mesh = p->type == GWAPI__PARENT_SERVICE;
    const gwapi__finding *dropped = mesh ? &route->mesh_dropped : &route->dropped;

    *out = gwapi__found(GWAPI__NO_CONDITION);
    if (p->accepted.id != GWAPI__ROUTE_ACCEPTED ||
        !(mesh ? route->mesh_partial : route->partial))
        return GWAPI_OK;
    out->id = GWAPI__ROUTE_PARTIALLY_INVALID;
    return gwapi__message(&out->message, gwapi__resolver_arena(r), "%s: %s",
                          gwapi__condition_row_of(out->id)->message, dropped->message);
}

static gwapi_result parent_status(gwapi__resolver *r, const gwapi__resource *resource,
                                  const gwapi__route_state *route, const gwapi__parent_state *p,
                                  gwapi__parent_status *out)
{
    const gwapi__parent_status *old = gwapi__old_entry(resource, &p->ref, p->controller);
    gwapi__finding resolved, partial;

    out->parent = p->ref;
    out->controller = p->controller;
    GWAPI__TRY(resolved_at(r, route, p, resource, &resolved));
    GWAPI__TRY(partial_at(r, route, p, &partial));
    return MAKE(r, &out->conditions, resource, &gwapi__route_types,
                old != NULL ? &old->conditions : NULL, p->accepted,
                resolved, partial);
}

/* Entries of other controllers first, as they stand; *kept counts them. NULL: no memory. */
static gwapi__parent_status *foreign_entries(gwapi__resolver *r,
                                             const gwapi__resource *resource, size_t more,
                                             size_t *kept, size_t most)
{
    size_t old_count = resource->status.parent_count;
    gwapi__parent_status *made =
        gwapi__arena_array(gwapi__resolver_arena(r), old_count + more, sizeof *made);

    *kept = 0;
    for (size_t i = 0; made != NULL && i < old_count && *kept < most; i++)
        if (!gwapi__is_our_controller(r, resource->status.parents[i].controller))
            made[(*kept)++] = resource->status.parents[i];
    return made;
}

static gwapi_result route_status(gwapi__resolver *r, gwapi__resource *resource, uint32_t i)
{
    static const gwapi__route_state none = {0};
    const gwapi__route_state *route = i != GWAPI_NONE ? &r->routes[i] : &none;
    size_t count;
    gwapi__parent_status *made =
        foreign_entries(r, resource, route->parent_count, &count, MOST_PARENTS);

    if (made == NULL)
        return GWAPI_ENOMEM;
    if (route->parent_count == 0 && count == resource->status.parent_count)
        return GWAPI_OK; /* nothing of it is or was ours */
    gwapi__object_status *s = push(r, resource);
    for (uint32_t k = 0; k < route->parent_count && count < MOST_PARENTS; k++)
        GWAPI__TRY(
            parent_status(r, resource, route,
                          GWAPI__AT(&r->parents, gwapi__parent_state, route->first_parent + k),
                          &made[count++]));
    s->parents = made;
    s->parent_count = count;
    return GWAPI_OK;
}

/* Routes of one kind; those with parents of ours stand in the same order among t->routes. */
static gwapi_result route_statuses(gwapi__resolver *r, gwapi__resource_kind kind)
{
    const gwapi__sorted *all = &r->kinds[kind];

    for (size_t i = 0; i < all->count; i++) {
        bool ours = r->next_route < r->t->route_count &&
                    r->t->routes[r->next_route].resource == all->items[i];
        GWAPI__TRY(route_status(r, all->items[i], ours ? r->next_route : GWAPI_NONE));
        r->next_route += ours;
    }
    return GWAPI_OK;
}

/* ---- policies ------------------------------------------------------------------------ */

gwapi__parent_ref gwapi__gateway_ref(const gwapi__resource *gateway)
{
    return (gwapi__parent_ref){.ref = {GWAPI__STR(GWAPI__GROUP_GATEWAY), GWAPI__STR("Gateway"),
                                       gateway->meta.namespace_, gateway->meta.name,
                                       GWAPI__KIND_GATEWAY}};
}

static gwapi_result ancestor_status(gwapi__resolver *r, const gwapi__resource *policy,
                                    const gwapi__policy_state *state, uint32_t gateway,
                                    gwapi__parent_status *out)
{
    out->parent = gwapi__gateway_ref(r->t->gateways[gateway].resource);
    out->controller = r->gateways[gateway].controller;
    const gwapi__parent_status *old = gwapi__old_entry(policy, &out->parent, out->controller);
    return MAKE(r, &out->conditions, policy, &gwapi__policy_types,
                old != NULL ? &old->conditions : NULL, state->accepted, state->resolved);
}

static gwapi_result policy_status(gwapi__resolver *r, gwapi__resource *policy,
                                  const gwapi__policy_state *state)
{
    const gwapi__vector *ancestors = &state->ancestors;
    size_t count;
    gwapi__parent_status *made =
        foreign_entries(r, policy, ancestors->count, &count, GWAPI__MOST_ANCESTORS);

    if (made == NULL)
        return GWAPI_ENOMEM;
    if (ancestors->count == 0 && count == policy->status.parent_count)
        return GWAPI_OK;
    gwapi__object_status *s = push(r, policy);
    for (size_t k = 0; k < ancestors->count; k++)
        GWAPI__TRY(ancestor_status(r, policy, state, *GWAPI__AT(ancestors, uint32_t, k),
                                   &made[count++]));
    s->parents = made;
    s->parent_count = count;
    return GWAPI_OK;
}

static gwapi_result policy_statuses(gwapi__resolver *r, const gwapi__policies *p)
{
    for (size_t i = 0; i < p->count; i++)
        GWAPI__TRY(policy_status(r, r->kinds[p->kind].items[i], &p->states[i]));
    return GWAPI_OK;
}

/* ---- all, in order of group, kind, namespace, name ----------------------------------- */

static size_t most_statuses(const gwapi__resolver *r)
{
    size_t count = r->class_count + r->t->gateway_count + r->set_count + r->mesh_count + 1;

    for (int kind = GWAPI__KIND_HTTP_ROUTE; kind <= GWAPI__KIND_UDP_ROUTE; kind++)
        count += r->kinds[kind].count;
    return count + r->tls_policies.count + r->traffic_policies.count;
}

static gwapi_result mesh_statuses(gwapi__resolver *r)
{
    bool pending = gwapi__str_present(r->t->default_mesh);

    for (size_t i = 0; i < r->mesh_count; i++) {
        if (pending &&
            gwapi__str_cmp(r->t->default_mesh, r->meshes[i].resource->meta.name) < 0) {
            pending = false;
            GWAPI__TRY(default_mesh_status(r));
        }
        GWAPI__TRY(mesh_status(r, &r->meshes[i]));
    }
    return pending ? default_mesh_status(r) : GWAPI_OK;
}

/* ListenerSets stand in order of precedence; their statuses by name. */
static gwapi_result set_statuses(gwapi__resolver *r)
{
    for (size_t i = 0; i < r->kinds[GWAPI__KIND_LISTENER_SET].count; i++) {
        gwapi__identity key = gwapi__identity_of(r->kinds[GWAPI__KIND_LISTENER_SET].items[i]);
        uint32_t set = gwapi__index_get(&r->by_name, &key);
        if (set != GWAPI_NONE)
            GWAPI__TRY(set_status(r, set));
    }
    return GWAPI_OK;
}

static gwapi_result name_scopes(gwapi__resolver *r, const char *list, size_t count,
                                const gwapi_str **out)
{
    gwapi__arena *arena = gwapi__resolver_arena(r);
    gwapi_str *made = gwapi__arena_array(arena, count, sizeof *made);

    if (made == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < count; i++)
        GWAPI__TRY(gwapi__message(&made[i], arena, "%s[%d]", gwapi__str_of(list), (int64_t)i));
    *out = made;
    return GWAPI_OK;
}

static gwapi_result make_scopes(gwapi__resolver *r)
{
    gwapi__scopes *scopes = &r->t->scopes;
    size_t most = 0;

    for (size_t i = 0; i < r->t->status_count; i++)
        if (r->t->statuses[i].listener_count > most)
            most = r->t->statuses[i].listener_count;
    GWAPI__TRY(name_scopes(r, "listeners", most, &scopes->listeners));
    GWAPI__TRY(name_scopes(r, "parents", MOST_PARENTS, &scopes->parents));
    return name_scopes(r, "ancestors", GWAPI__MOST_ANCESTORS, &scopes->ancestors);
}

gwapi_result gwapi__collect_statuses(gwapi__resolver *r)
{
    r->t->statuses =
        gwapi__arena_array(gwapi__resolver_arena(r), most_statuses(r), sizeof *r->t->statuses);
    if (r->t->statuses == NULL)
        return GWAPI_ENOMEM;
    GWAPI__TRY(policy_statuses(r, &r->tls_policies));
    GWAPI__TRY(route_statuses(r, GWAPI__KIND_GRPC_ROUTE));
    for (uint32_t i = 0; i < r->t->gateway_count; i++)
        GWAPI__TRY(gateway_status(r, i));
    for (size_t i = 0; i < r->class_count; i++)
        GWAPI__TRY(class_status(r, &r->classes[i]));
    GWAPI__TRY(route_statuses(r, GWAPI__KIND_HTTP_ROUTE));
    GWAPI__TRY(route_statuses(r, GWAPI__KIND_TCP_ROUTE));
    GWAPI__TRY(route_statuses(r, GWAPI__KIND_TLS_ROUTE));
    GWAPI__TRY(route_statuses(r, GWAPI__KIND_UDP_ROUTE));
    GWAPI__TRY(policy_statuses(r, &r->traffic_policies));
    GWAPI__TRY(set_statuses(r));
    GWAPI__TRY(mesh_statuses(r));
    return make_scopes(r);
}
