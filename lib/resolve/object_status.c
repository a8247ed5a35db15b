/* From findings to the status of each object: who gets one, what is kept of the old one. */
#include "resolve/resolver.h"

/* A status in the part at hand. NULL: no memory. */
static gwapi__object_status *status_new(gwapi__resolver *r, gwapi__resource *resource)
{
    gwapi__object_status *s = GWAPI__ARENA_NEW(r->arena, gwapi__object_status);

    if (s != NULL) {
        s->resource = resource;
        s->serial = r->t->serial;
    }
    return s;
}

/* Is it another status than before? */
static void compare(const gwapi__resolver *r, gwapi__object_status *s,
                    const gwapi__object_status *before)
{
    s->changed = r->before == NULL ? !gwapi__status_equals_stored(s)
                                   : before == NULL || !gwapi__status_equal(s, before);
}

/* The part's status, which is complete. */
static void write_status(const gwapi__resolver *r, gwapi__part *part, gwapi__object_status *s,
                         gwapi__sequence_id sequence)
{
    const gwapi__part *before =
        r->before != NULL
            ? gwapi__sequence_find(&r->before->sequences[sequence], part->resource, NULL)
            : NULL;

    compare(r, s, before != NULL ? before->status : NULL);
    part->status = s;
    part->measures[GWAPI__STATUSES] = 1;
}

static gwapi_result make(gwapi__resolver *r, gwapi__conditions *out,
                         const gwapi__resource *holder, const gwapi__condition_types *types,
                         const gwapi__conditions *old, const gwapi__finding *findings,
                         size_t count)
{
    gwapi__condition_input input = {findings, count, old, types, holder->meta.generation};

    return gwapi__conditions_make(out, gwapi__resolver_arena(r), &input);
}
#define MAKE(r, out, holder, types, old, ...)                                                  \
    make(r, out, holder, types, old, (const gwapi__finding[]){__VA_ARGS__},                    \
         sizeof((const gwapi__finding[]){__VA_ARGS__}) / sizeof(gwapi__finding))

/* ---- classes and meshes -------------------------------------------------------------- */

static gwapi_result class_status(gwapi__resolver *r, const gwapi__class_state *class,
                                 gwapi__object_status *s)
{
    bool accepted = class->accepted.id == GWAPI__CLASS_ACCEPTED;

    s->resource = class->resource;
    s->features = r->features.gateway;
    return MAKE(r, &s->conditions, class->resource, &gwapi__class_types,
                &class->resource->status.conditions, class->accepted,
                gwapi__found(r->experimental && accepted ? GWAPI__CLASS_SUPPORTED_VERSION
                                                         : GWAPI__NO_CONDITION));
}

static gwapi_result mesh_status(gwapi__resolver *r, const gwapi__class_state *mesh,
                                gwapi__object_status *s)
{
    s->resource = mesh->resource;
    s->features = r->features.mesh;
    return MAKE(r, &s->conditions, mesh->resource, &gwapi__mesh_types,
                &mesh->resource->status.conditions, mesh->accepted);
}

static gwapi_result default_mesh_status(gwapi__resolver *r, gwapi__object_status *s)
{
    gwapi__finding accepted = gwapi__found(GWAPI__MESH_ACCEPTED);
    gwapi__condition_input input = {&accepted, 1, NULL, &gwapi__mesh_types, 1};

    s->features = r->features.mesh;
    GWAPI__TRY(gwapi__message(&accepted.message, gwapi__resolver_arena(r), "%s %s",
                              gwapi__condition_row_of(accepted.id)->message,
                              r->mesh_controller));
    return gwapi__conditions_make(&s->conditions, gwapi__resolver_arena(r), &input);
}

/* The default XMesh stands where its name belongs. */
static gwapi_result mesh_statuses(gwapi__resolver *r, const gwapi__frame *f,
                                  gwapi__object_status *made, size_t *count)
{
    bool pending = gwapi__str_present(f->default_mesh);

    for (size_t i = 0; i < r->mesh_count; i++) {
        if (pending && gwapi__str_cmp(f->default_mesh, r->meshes[i].resource->meta.name) < 0) {
            pending = false;
            GWAPI__TRY(default_mesh_status(r, &made[(*count)++]));
        }
        GWAPI__TRY(mesh_status(r, &r->meshes[i], &made[(*count)++]));
    }
    return pending ? default_mesh_status(r, &made[(*count)++]) : GWAPI_OK;
}

/* Both lists by name. */
static void compare_all(const gwapi__resolver *r, const gwapi__frame *f,
                        gwapi__object_status *made, size_t count,
                        const gwapi__object_status *before, size_t before_count)
{
    size_t k = 0;

    for (size_t i = 0; i < count; i++) {
        gwapi_str name = gwapi__status_name(f, &made[i]);
        while (k < before_count &&
               gwapi__str_cmp(gwapi__status_name(r->before->frame, &before[k]), name) < 0)
            k++;
        bool same = k < before_count &&
                    gwapi__str_eq(gwapi__status_name(r->before->frame, &before[k]), name);
        made[i].serial = r->t->serial;
        compare(r, &made[i], same ? &before[k] : NULL);
    }
}

gwapi_result gwapi__frame_statuses(gwapi__resolver *r, gwapi__frame *f)
{
    gwapi__object_status *classes = gwapi__arena_array(r->arena, r->class_count, sizeof *classes);
    gwapi__object_status *meshes =
        gwapi__arena_array(r->arena, r->mesh_count + 1, sizeof *meshes);
    const gwapi__frame *before = r->before != NULL ? r->before->frame : NULL;

    if (classes == NULL || meshes == NULL)
        return GWAPI_ENOMEM;
    f->classes = classes;
    f->class_count = r->class_count;
    f->meshes = meshes;
    for (size_t i = 0; i < r->class_count; i++)
        GWAPI__TRY(class_status(r, &r->classes[i], &classes[i]));
    GWAPI__TRY(mesh_statuses(r, f, meshes, &f->mesh_count));
    compare_all(r, f, classes, f->class_count, before != NULL ? before->classes : NULL,
                before != NULL ? before->class_count : 0);
    compare_all(r, f, meshes, f->mesh_count, before != NULL ? before->meshes : NULL,
                before != NULL ? before->mesh_count : 0);
    return GWAPI_OK;
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
                                      const gwapi__judged_gateway *g,
                                      const gwapi__bindings *bindings, uint32_t first,
                                      uint32_t count)
{
    bool set = s->resource->kind == GWAPI__KIND_LISTENER_SET;
    gwapi__written_listener *made = gwapi__arena_array(r->arena, count, sizeof *made);

    if (made == NULL)
        return GWAPI_ENOMEM;
    s->has_listeners = true;
    s->listeners = made;
    for (uint32_t i = first; i < first + count; i++) {
        const gwapi__resolved_listener *l = &g->listeners[i];
        const gwapi__listener_state *state = &g->listener_states[i];
        gwapi__written_listener *w = &made[s->listener_count];
        if (set && !gwapi__is_port(l->port))
            continue;
        *w = (gwapi__written_listener){.name = l->spec->name,
                                       .port = set ? l->port : 0,
                                       .kinds = state->kinds,
                                       .attached_routes = bindings->places[i].attached_routes};
        GWAPI__TRY(gwapi__message(&w->scope, r->arena, "listeners[%d]",
                                  (int64_t)s->listener_count++));
        GWAPI__TRY(MAKE(r, &w->conditions, s->resource, &gwapi__listener_types,
                        old_listener(s->resource, l->spec->name), state->accepted,
                        state->conflicted, state->resolved, state->programmed,
                        state->overlapping));
    }
    return GWAPI_OK;
}

static gwapi_result fill_gateway(gwapi__resolver *r, gwapi__gateway_part *part)
{
    const gwapi__judged_gateway *judged = part->judged;
    const gwapi__resolved_gateway *g = &judged->gateway;
    const gwapi__gateway_state *state = judged->state;
    gwapi__object_status *s = status_new(r, g->resource);

    if (s == NULL)
        return GWAPI_ENOMEM;
    s->addresses = g->addresses;
    s->address_count = g->address_count;
    GWAPI__TRY(MAKE(r, &s->conditions, g->resource, &gwapi__gateway_types,
                    &g->resource->status.conditions, state->accepted, state->programmed,
                    state->resolved, state->sets, state->is_default, state->insecure));
    GWAPI__TRY(listener_statuses(r, s, judged, part->bindings, 0, state->own_count));
    part->part.measures[GWAPI__LISTED] = 1;
    part->part.measures[GWAPI__LISTENERS] = g->listener_count;
    write_status(r, &part->part, s, GWAPI__SEQUENCE_GATEWAYS);
    return GWAPI_OK;
}

/* A part of one that is ours (`g` and `set`), or of another one, which has no status. */
static gwapi_result set_part(gwapi__resolver *r, gwapi__resource *resource,
                             const gwapi__gateway_part *g, const gwapi__set_state *set)
{
    gwapi__part *part = gwapi__part_begin(r, sizeof *part);
    gwapi__object_status *s = part != NULL ? status_new(r, resource) : NULL;
    gwapi_result result = s != NULL ? GWAPI_OK : GWAPI_ENOMEM;

    if (result == GWAPI_OK)
        part->resource = resource;
    if (result == GWAPI_OK && set != NULL)
        result = MAKE(r, &s->conditions, resource, &gwapi__listener_set_types,
                      &resource->status.conditions, set->accepted, set->programmed);
    if (result == GWAPI_OK && set != NULL && set->allowed) /* else in no merged list */
        result = listener_statuses(r, s, g->judged, g->bindings, set->first_listener,
                                   set->listener_count);
    if (result != GWAPI_OK) {
        gwapi__part_release(part);
        return result;
    }
    if (set != NULL)
        write_status(r, part, s, GWAPI__SEQUENCE_SETS);
    return gwapi__edit_add(r, GWAPI__SEQUENCE_SETS, resource, part);
}

/* Do the counts or lists of the set's listeners differ? */
static bool set_touched(const gwapi__gateway_part *before, const gwapi__gateway_part *after,
                        const gwapi__set_state *set)
{
    if (before == NULL || before->judged != after->judged)
        return true;
    for (uint32_t i = 0; i < set->listener_count; i++)
        if (before->bindings->places[set->first_listener + i].attached_routes !=
            after->bindings->places[set->first_listener + i].attached_routes)
            return true;
    return false;
}

static gwapi_result gateway_part(gwapi__resolver *r, const gwapi__judged_gateway *judged)
{
    const gwapi__bindings *bindings = gwapi__bindings_of(r, judged->gateway.resource);
    const gwapi__gateway_part *before =
        gwapi__previous_part(r, GWAPI__SEQUENCE_GATEWAYS, judged->gateway.resource);
    gwapi__gateway_part *part = gwapi__part_begin(r, sizeof *part);

    if (part == NULL)
        return GWAPI_ENOMEM;
    part->part.resource = judged->gateway.resource;
    part->part.kept[0] = gwapi__part_retain(judged);
    part->part.kept[1] = gwapi__part_retain(bindings);
    part->part.seen = judged->part.seen;
    part->part.seen_count = judged->part.seen_count;
    part->judged = judged;
    part->bindings = bindings;
    gwapi_result result = fill_gateway(r, part);
    if (result != GWAPI_OK) {
        gwapi__part_release(part);
        return result;
    }
    GWAPI__TRY(gwapi__edit_add(r, GWAPI__SEQUENCE_GATEWAYS, part->part.resource, part));
    for (size_t i = 0; i < judged->set_count; i++)
        if (set_touched(before, part, &judged->sets[i]))
            GWAPI__TRY(set_part(r, judged->sets[i].resource, part, &judged->sets[i]));
    return GWAPI_OK;
}

/* Those whose routes changed; they were not judged again. */
static gwapi_result touched_gateways(gwapi__resolver *r)
{
    const gwapi__resource *owner;

    for (uint32_t i = 0; (owner = gwapi__board_owner(r, i)) != NULL; i++) {
        if (owner->kind != GWAPI__KIND_GATEWAY)
            continue;
        gwapi__identity key = gwapi__identity_of(owner);
        uint32_t at = owner->meta.name.len != 0 ? gwapi__index_get(&r->by_name, &key) : 0;
        const gwapi__gateway_part *before =
            gwapi__previous_part(r, GWAPI__SEQUENCE_GATEWAYS, owner);
        if (at == GWAPI_NONE || (owner->meta.name.len != 0 && r->w.imported[at] != NULL))
            GWAPI__TRY(gateway_part(r, before->judged));
    }
    return GWAPI_OK;
}

static gwapi_result foreign_gateways(gwapi__resolver *r)
{
    const gwapi__sorted *all = &r->kinds[GWAPI__KIND_GATEWAY];

    for (size_t i = 0; r->previous != NULL && i < all->count; i++) {
        gwapi__identity key = gwapi__identity_of(all->items[i]);
        if (gwapi__index_get(&r->by_name, &key) == GWAPI__NOT_OURS)
            GWAPI__TRY(gwapi__edit_add(r, GWAPI__SEQUENCE_GATEWAYS, all->items[i], NULL));
    }
    return GWAPI_OK;
}

/* ListenerSets without a Gateway of ours. */
static gwapi_result foreign_sets(gwapi__resolver *r)
{
    const gwapi__sorted *all = &r->kinds[GWAPI__KIND_LISTENER_SET];

    for (size_t i = 0; i < all->count; i++) {
        gwapi__identity gateway;
        uint32_t at = gwapi__set_parent(all->items[i], &gateway)
                          ? gwapi__index_get(&r->by_name, &gateway)
                          : GWAPI_NONE;
        if (at >= GWAPI__NOT_OURS)
            GWAPI__TRY(set_part(r, all->items[i], NULL, NULL));
    }
    return GWAPI_OK;
}

gwapi_result gwapi__gateway_parts(gwapi__resolver *r)
{
    for (uint32_t i = 0; i < r->w.gateway_count; i++)
        if (r->w.imported[i] == NULL)
            GWAPI__TRY(gateway_part(r, r->w.judged[i]));
    GWAPI__TRY(touched_gateways(r));
    GWAPI__TRY(foreign_gateways(r));
    return foreign_sets(r);
}

/* ---- routes -------------------------------------------------------------------------- */

bool gwapi__is_our_controller(const gwapi__resolver *r, gwapi_str controller)
{
    if (gwapi__str_eq(controller, r->t->frame->controller) ||
        gwapi__str_eq(controller, r->mesh_controller))
        return true;
    return gwapi__map_find(&r->controllers, controller) != NULL;
}

const gwapi__parent_status *gwapi__old_entry(const gwapi__resource *holder,
                                             const gwapi__parent_ref *ref,
                                             gwapi_str controller)
{
    for (size_t i = 0; i < holder->status.parent_count; i++) {
        const gwapi__parent_status *old = &holder->status.parents[i];
        if (gwapi__str_eq(old->controller, controller) &&
            gwapi__parent_ref_equal(&old->parent, ref))
            return old;
    }
    return NULL;
}

static bool terminates_somewhere(const gwapi__resolver *r, const gwapi__resolved_route *route,
                                 const gwapi__parent_state *p)
{
    for (uint32_t i = 0; i < p->candidate_count; i++) {
        const gwapi__candidate *c = &route->state->candidates[p->first_candidate + i];
        if (c->terminates && !gwapi__candidate_blocked(r, route, c))
            return true;
    }
    return false;
}

static gwapi_result resolved_at(gwapi__resolver *r, const gwapi__resolved_route *route,
                                const gwapi__parent_state *p, gwapi__finding *out)
{
    const gwapi__route_state *state = route->state;
    bool tls = route->resource->kind == GWAPI__KIND_TLS_ROUTE;
    bool passes = tls && !terminates_somewhere(r, route, p);

    *out = p->type == GWAPI__PARENT_SERVICE ? state->resolved_mesh
           : !tls || passes                 ? state->resolved
                                            : state->resolved_tls;
    if (!r->verdicts_again || p->gateway == NULL || passes || out->id != GWAPI__ROUTE_RESOLVED)
        return GWAPI_OK;
    const gwapi__resource *crowded = gwapi__crowded_policy(r, route, p->gateway);
    if (crowded == NULL)
        return GWAPI_OK;
    out->id = GWAPI__ROUTE_INVALID_TLS_POLICY;
    return gwapi__message(&out->message, gwapi__resolver_arena(r),
                          "BackendTLSPolicy %s/%s applies at %d Gateways already and cannot be "
                          "used at one more",
                          crowded->meta.namespace_, crowded->meta.name,
                          (int64_t)GWAPI__MOST_ANCESTORS);
}

/* ---- Accepted ------------------------------------------------------------------------ */

static bool is_blocked(const gwapi__resolver *r, const gwapi__resolved_route *route,
                       const gwapi__parent_state *p)
{
    for (uint32_t i = 0; i < p->candidate_count; i++)
        if (!gwapi__candidate_blocked(r, route,
                                      &route->state->candidates[p->first_candidate + i]))
            return false;
    return true;
}

static gwapi_str why_blocked(const gwapi__parent_state *parent)
{
    if (parent->type == GWAPI__PARENT_SERVICE)
        return GWAPI__STR("Routes of a more specific kind are bound to every Service port that "
                          "the route asks for");
    return GWAPI__STR(
        "HTTPRoutes and GRPCRoutes cannot share hostnames on a listener: an older "
        "route of the other kind has the hostnames on every listener");
}

static gwapi__finding accepted_at(const gwapi__resolver *r, const gwapi__resolved_route *route,
                                  const gwapi__parent_state *p)
{
    if (p->accepted.id != GWAPI__NO_CONDITION)
        return p->accepted;
    if (is_blocked(r, route, p))
        return (gwapi__finding){GWAPI__ROUTE_CONFLICTED, why_blocked(p)};
    return gwapi__found(GWAPI__ROUTE_ACCEPTED);
}

static gwapi_result partial_at(gwapi__resolver *r, const gwapi__route_state *route,
                               const gwapi__parent_state *p, bool accepted,
                               gwapi__finding *out)
{
    bool mesh = p->type == GWAPI__PARENT_SERVICE;
    const gwapi__finding *dropped = mesh ? &route->mesh_dropped : &route->dropped;

    *out = gwapi__found(GWAPI__NO_CONDITION);
    if (!accepted || !(mesh ? route->mesh_partial : route->partial))
        return GWAPI_OK;
    out->id = GWAPI__ROUTE_PARTIALLY_INVALID;
    return gwapi__message(&out->message, gwapi__resolver_arena(r), "%s: %s",
                          gwapi__condition_row_of(out->id)->message, dropped->message);
}

static gwapi_result parent_status(gwapi__resolver *r, const gwapi__resolved_route *route,
                                  const gwapi__parent_state *p, gwapi__finding accepted,
                                  gwapi__parent_status *out)
{
    const gwapi__resource *resource = route->resource;
    const gwapi__parent_status *old = gwapi__old_entry(resource, &p->ref, p->controller);
    gwapi__finding resolved, partial;

    out->parent = p->ref;
    out->controller = p->controller;
    GWAPI__TRY(resolved_at(r, route, p, &resolved));
    GWAPI__TRY(
        partial_at(r, route->state, p, accepted.id == GWAPI__ROUTE_ACCEPTED, &partial));
    return MAKE(r, &out->conditions, resource, &gwapi__route_types,
                old != NULL ? &old->conditions : NULL, accepted, resolved, partial);
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

static gwapi_result fill_verdict(gwapi__resolver *r, gwapi__route_verdict *v)
{
    const gwapi__route_state *state = v->route->state;
    gwapi__resource *resource = v->route->resource;
    size_t count;
    gwapi__parent_status *made =
        foreign_entries(r, resource, state->parent_count, &count, GWAPI__MOST_PARENTS);
    bool *accepted_by = gwapi__arena_array(r->arena, state->parent_count, sizeof *accepted_by);

    if (made == NULL || accepted_by == NULL)
        return GWAPI_ENOMEM;
    v->accepted_by = accepted_by;
    v->part.measures[GWAPI__LISTED] = state->parent_count != 0;
    if (state->parent_count == 0 && count == resource->status.parent_count)
        return GWAPI_OK; /* nothing of it is or was ours */
    gwapi__object_status *s = status_new(r, resource);
    if (s == NULL)
        return GWAPI_ENOMEM;
    for (uint32_t k = 0; k < state->parent_count; k++) {
        gwapi__finding accepted = accepted_at(r, v->route, &state->parents[k]);
        accepted_by[k] = accepted.id == GWAPI__ROUTE_ACCEPTED;
        v->accepted = v->accepted || accepted_by[k];
        if (count < GWAPI__MOST_PARENTS)
            GWAPI__TRY(
                parent_status(r, v->route, &state->parents[k], accepted, &made[count++]));
    }
    s->parents = made;
    s->parent_count = count;
    write_status(r, &v->part, s, gwapi__sequence_of(resource->kind));
    return GWAPI_OK;
}

static gwapi_result route_verdict(gwapi__resolver *r, const gwapi__resolved_route *route)
{
    gwapi__route_verdict *v = gwapi__part_begin(r, sizeof *v);

    if (v == NULL)
        return GWAPI_ENOMEM;
    v->part.resource = route->resource;
    v->part.kept[0] = gwapi__part_retain(route);
    v->part.seen = route->part.seen;
    v->part.seen_count = route->part.seen_count;
    v->route = route;
    gwapi_result result = fill_verdict(r, v);
    if (result != GWAPI_OK) {
        gwapi__part_release(v);
        return result;
    }
    return gwapi__edit_add(r, gwapi__sequence_of(route->resource->kind), route->resource, v);
}

/* Of each route once; the vector is sorted. */
static gwapi_result verdicts_of(gwapi__resolver *r, const gwapi__vector *routes)
{
    const gwapi__resolved_route *last = NULL;

    for (size_t i = 0; i < routes->count; i++) {
        const gwapi__resolved_route *route =
            *GWAPI__AT(routes, const gwapi__resolved_route *, i);
        if (route != last)
            GWAPI__TRY(route_verdict(r, route));
        last = route;
    }
    return GWAPI_OK;
}

gwapi_result gwapi__route_verdicts(gwapi__resolver *r)
{
    GWAPI__TRY(verdicts_of(r, &r->routes));
    return verdicts_of(r, &r->moved);
}

gwapi_result gwapi__verdicts_again(gwapi__resolver *r)
{
    r->verdicts_again = true;
    return gwapi__vector_sort(&r->shut_out, gwapi__order_addresses, NULL)
               ? verdicts_of(r, &r->shut_out)
               : GWAPI_ENOMEM;
}

/* ---- policies ------------------------------------------------------------------------ */

gwapi__parent_ref gwapi__gateway_ref(const gwapi__resource *gateway)
{
    return (gwapi__parent_ref){.ref = {GWAPI__STR(GWAPI__GROUP_GATEWAY), GWAPI__STR("Gateway"),
                                       gateway->meta.namespace_, gateway->meta.name,
                                       GWAPI__KIND_GATEWAY}};
}

static gwapi_result ancestor_status(gwapi__resolver *r, const gwapi__resource *policy,
                                    const gwapi__policy_state *state,
                                    const gwapi__ancestor *a, gwapi__parent_status *out)
{
    out->parent = gwapi__gateway_ref(a->gateway);
    out->controller = a->controller;
    const gwapi__parent_status *old = gwapi__old_entry(policy, &out->parent, out->controller);
    return MAKE(r, &out->conditions, policy, &gwapi__policy_types,
                old != NULL ? &old->conditions : NULL, state->accepted, state->resolved);
}

static gwapi_result fill_policy(gwapi__resolver *r, gwapi__policy_part *part)
{
    gwapi__resource *policy = part->part.resource;
    size_t count;
    gwapi__parent_status *made =
        foreign_entries(r, policy, part->ancestor_count, &count, GWAPI__MOST_ANCESTORS);

    if (made == NULL)
        return GWAPI_ENOMEM;
    if (part->ancestor_count == 0 && count == policy->status.parent_count)
        return GWAPI_OK;
    gwapi__object_status *s = status_new(r, policy);
    if (s == NULL)
        return GWAPI_ENOMEM;
    for (size_t k = 0; k < part->ancestor_count; k++)
        GWAPI__TRY(ancestor_status(r, policy, part->judged->state, &part->ancestors[k],
                                   &made[count++]));
    s->parents = made;
    s->parent_count = count;
    write_status(r, &part->part, s, gwapi__sequence_of(policy->kind));
    return GWAPI_OK;
}

static const gwapi__ancestor *kept(gwapi__resolver *r, const gwapi__vector *v, size_t *count)
{
    gwapi__ancestor *made = gwapi__arena_array(r->arena, v->count, sizeof *made);

    if (made != NULL && v->count != 0)
        memcpy(made, v->data, v->count * sizeof *made);
    *count = v->count;
    return made;
}

static gwapi_result policy_part(gwapi__resolver *r, const gwapi__judged_policy *judged,
                                const gwapi__vector *ancestors, const gwapi__vector *crowded)
{
    gwapi__policy_part *part = gwapi__part_begin(r, sizeof *part);
    gwapi_result result = GWAPI_ENOMEM;

    if (part == NULL)
        return GWAPI_ENOMEM;
    part->part.resource = judged->part.resource;
    part->part.kept[0] = gwapi__part_retain(judged);
    part->part.seen = judged->part.seen;
    part->part.seen_count = judged->part.seen_count;
    part->part.measures[GWAPI__LISTED] = 1;
    part->judged = judged;
    part->ancestors = kept(r, ancestors, &part->ancestor_count);
    part->crowded = kept(r, crowded, &part->crowded_count);
    if (part->ancestors != NULL && part->crowded != NULL)
        result = fill_policy(r, part);
    if (result != GWAPI_OK) {
        gwapi__part_release(part);
        return result;
    }
    return gwapi__edit_add(r, gwapi__sequence_of(judged->part.resource->kind),
                           judged->part.resource, part);
}

static bool same_ancestors(const gwapi__ancestor *items, size_t count, const gwapi__vector *v)
{
    if (count != v->count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (items[i].gateway != GWAPI__AT(v, gwapi__ancestor, i)->gateway)
            return false;
    return true;
}

static gwapi_result policy_parts(gwapi__resolver *r, int which)
{
    const gwapi__policies *p = r->t->policies[which];

    for (size_t i = 0; i < p->count; i++) {
        const gwapi__judged_policy *judged = p->judged[i];
        const gwapi__vector *ancestors = &r->ancestors[which][i];
        const gwapi__vector *crowded = &r->crowded[which][i];
        const gwapi__policy_part *before = gwapi__previous_part(
            r, gwapi__sequence_of(judged->part.resource->kind), judged->part.resource);
        if (!r->recount[which][i] ||
            (before != NULL && before->judged == judged &&
             same_ancestors(before->ancestors, before->ancestor_count, ancestors) &&
             same_ancestors(before->crowded, before->crowded_count, crowded)))
            continue;
        GWAPI__TRY(policy_part(r, judged, ancestors, crowded));
    }
    return GWAPI_OK;
}

gwapi_result gwapi__policy_parts(gwapi__resolver *r)
{
    GWAPI__TRY(policy_parts(r, 0));
    return policy_parts(r, 1);
}
