/* From what a recorder heard to an explanation of one object. */
#include "resolve/explain.h"

#include "base/result.h"
#include "base/slice.h"
#include "base/struct.h"
#include "resolve/hostname.h"
#include "resolve/message.h"

const gwapi__condition *gwapi__condition_of(const gwapi__conditions *conditions,
                                            const char *type)
{
    for (size_t i = 0; conditions != NULL && i < conditions->count; i++)
        if (gwapi__str_eq(conditions->items[i].type, gwapi__str_of(type)))
            return &conditions->items[i];
    return NULL;
}

static const gwapi__resource *find(const gwapi_attachment *a, gwapi_str group, gwapi_str kind,
                                   gwapi_str namespace_, gwapi_str name)
{
    const gwapi__set_view *set = &a->topology->set;

    for (size_t i = 0; i < set->end; i++) {
        const gwapi__resource *r = gwapi__set_view_at(set, i);
        if (r != NULL && gwapi__str_eq(r->meta.name, name) &&
            gwapi__str_eq(r->kind_name, kind) && gwapi__str_eq(r->group, group) &&
            gwapi__str_eq(r->meta.namespace_, namespace_))
            return r;
    }
    return NULL;
}

/* ---- parents ------------------------------------------------------------------------- */

/* Why no entry of status.parents is written for the reference. */
static gwapi_result not_ours(gwapi_attachment *a, gwapi__explained_parent *p)
{
    const gwapi__reference *ref = &p->event->ref.ref;
    bool exists = find(a, ref->group, ref->kind, p->namespace_, ref->name) != NULL;

    switch (ref->known) {
    case GWAPI__KIND_SERVICE:
        return gwapi__message(&p->message, &a->arena,
                              "Service parents belong to a mesh, and none here is ours");
    case GWAPI__KIND_GATEWAY:
    case GWAPI__KIND_LISTENER_SET:
        break;
    default:
        return gwapi__message(&p->message, &a->arena,
                              "kind %s of group \"%s\" is no parent that we know", ref->kind,
                              ref->group);
    }
    if (!exists)
        return gwapi__message(&p->message, &a->arena, "%s %s/%s is not in the input", ref->kind,
                              p->namespace_, ref->name);
    return gwapi__message(&p->message, &a->arena,
                          ref->known == GWAPI__KIND_GATEWAY
                              ? "%s %s/%s is of a GatewayClass that is not ours or not accepted"
                              : "%s %s/%s refers to no Gateway of ours",
                          ref->kind, p->namespace_, ref->name);
}

/* Ours stand behind those of other controllers. */
static const gwapi__conditions *entry_of(const gwapi_attachment *a,
                                         const gwapi__parent_ref *ref)
{
    const gwapi__object_status *s =
        a->status != GWAPI_NONE ? gwapi__status_at(a->topology, a->status) : NULL;

    for (size_t i = s != NULL ? s->parent_count : 0; i-- > 0;)
        if (gwapi__parent_ref_equal(&s->parents[i].parent, ref))
            return &s->parents[i].conditions;
    return NULL;
}

static gwapi_result make_parents(gwapi_attachment *a)
{
    size_t count = a->recorder.parents.count;

    a->parents = gwapi__arena_array(&a->arena, count, sizeof *a->parents);
    if (a->parents == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        gwapi__explained_parent *p = &a->parents[a->parent_count++];
        p->event = GWAPI__AT(&a->recorder.parents, gwapi__parent_event, i);
        p->namespace_ = gwapi__str_present(p->event->ref.ref.namespace_)
                            ? p->event->ref.ref.namespace_
                            : a->subject.namespace_;
        if (!p->event->found) {
            GWAPI__TRY(not_ours(a, p));
            continue;
        }
        p->conditions = entry_of(a, &p->event->ref);
        const gwapi__condition *accepted = gwapi__condition_of(p->conditions, "Accepted");
        p->message = accepted != NULL
                         ? accepted->message
                         : GWAPI__STR("the entries of others leave no room in status.parents");
    }
    return GWAPI_OK;
}

/* The n-th of the parents that were found. */
static uint32_t found_parent(const gwapi_attachment *a, uint32_t n)
{
    uint32_t i = 0;

    while (!a->parents[i].event->found || n-- != 0)
        i++;
    return i;
}

/* ---- candidates ---------------------------------------------------------------------- */

static const gwapi__resolved_listener *listener_of(const gwapi_topology *t,
                                                   const gwapi__place_event *e)
{
    gwapi__sequence_walk walk = {gwapi__topology_gateways(t), 0, 0};
    const gwapi__gateway_part *g;

    while (e->listener != NULL && (g = gwapi__sequence_next(&walk)) != NULL)
        for (size_t i = 0; i < g->judged->gateway.listener_count; i++)
            if (g->judged->listeners[i].spec == e->listener)
                return &g->judged->listeners[i];
    return NULL;
}

static const char *reason_of(gwapi__step step)
{
    switch (step) {
    case GWAPI__STEP_SECTION:
    case GWAPI__STEP_PORT:
    case GWAPI__STEP_TRANSPORT:
        return "NoMatchingParent";
    case GWAPI__STEP_KIND:
    case GWAPI__STEP_NAMESPACE:
        return "NotAllowedByListeners";
    case GWAPI__STEP_HOSTNAME:
        return "NoMatchingListenerHostname";
    case GWAPI__STEP_CONFLICT:
        return "Conflicted";
    default:
        return "UnsupportedValue";
    }
}

/* What the listener's allowedRoutes.namespaces takes, for a route that it does not. */
static const char *namespaces_text(const gwapi__namespaces *rule)
{
    return rule->from == GWAPI__FROM_SAME ? "of its own namespace only"
           : rule->from == GWAPI__FROM_SELECTOR
               ? "of namespaces whose labels match its selector only"
               : "of no namespace";
}

static gwapi_result say_kinds(gwapi_attachment *a, gwapi__explained_candidate *c)
{
    const gwapi__place_event *e = c->event;
    gwapi__text t;

    gwapi__text_init(&t, &a->allocator);
    gwapi__message_add(&t, "a listener of protocol %s%s", e->listener->protocol_text,
                       e->listener->kind_count != 0 ? GWAPI__STR(" with allowedRoutes.kinds")
                                                    : GWAPI__STR(""));
    for (size_t i = 0; i < e->listener->kind_count; i++)
        gwapi__message_add(&t, i == 0 ? " %s" : ", %s", e->listener->kinds[i].kind);
    gwapi__message_add(&t, " does not take kind %s", a->subject.kind);
    return gwapi__message_take(&c->message, &a->arena, &t);
}

static gwapi_result say_hostnames(gwapi_attachment *a, gwapi__explained_candidate *c)
{
    const gwapi__strs *own = &a->resource->as.route->hostnames;
    gwapi__text t;

    gwapi__text_init(&t, &a->allocator);
    gwapi__message_add(&t, "the listener takes %s; the route asks for",
                       c->event->listener->hostname);
    for (size_t i = 0; i < own->count; i++)
        gwapi__message_add(&t, i == 0 ? " %s" : ", %s", own->items[i]);
    return gwapi__message_take(&c->message, &a->arena, &t);
}

static gwapi_result say_conflict(gwapi_attachment *a, gwapi__explained_candidate *c)
{
    const gwapi__resource *winner = c->event->winner;
    const char *format = c->event->listener != NULL
                             ? "%s %s/%s is older and has the hostnames"
                             : "%s %s/%s is of a more specific kind and has the port";

    return gwapi__message(&c->message, &a->arena, format, winner->kind_name,
                          winner->meta.namespace_, winner->meta.name);
}

static gwapi_result say_rejected(gwapi_attachment *a, gwapi__explained_candidate *c,
                                 const gwapi__explained_parent *p)
{
    const gwapi__place_event *e = c->event;
    const gwapi__parent_ref *ref = &p->event->ref;

    switch (e->step) {
    case GWAPI__STEP_SECTION:
        return gwapi__message(&c->message, &a->arena, "parentRef.sectionName asks for %s",
                              ref->section_name);
    case GWAPI__STEP_PORT:
        return gwapi__message(&c->message, &a->arena, "parentRef.port asks for %d",
                              (int64_t)ref->port);
    case GWAPI__STEP_TRANSPORT:
        c->message = GWAPI__STR("the port has another transport protocol than the route");
        return GWAPI_OK;
    case GWAPI__STEP_KIND:
        return say_kinds(a, c);
    case GWAPI__STEP_NAMESPACE:
        return gwapi__message(
            &c->message, &a->arena, "allowedRoutes.namespaces takes routes %s, not of %s",
            gwapi__str_of(namespaces_text(&e->listener->namespaces)), a->subject.namespace_);
    case GWAPI__STEP_HOSTNAME:
        return say_hostnames(a, c);
    case GWAPI__STEP_CONFLICT:
        return say_conflict(a, c);
    default:
        c->message = p->message;
        return GWAPI_OK;
    }
}

static bool has_listener(const gwapi__gateway_part *g, const gwapi__resolved_listener *l)
{
    for (size_t i = 0; i < g->judged->gateway.listener_count; i++)
        if (&g->judged->listeners[i] == l)
            return true;
    return false;
}

/* The one that has the listener. */
static const gwapi__resource *gateway_of(const gwapi_topology *t,
                                         const gwapi__resolved_listener *l)
{
    gwapi__sequence_walk walk = {gwapi__topology_gateways(t), 0, 0};
    const gwapi__gateway_part *g = gwapi__sequence_next(&walk);

    while (g != NULL && !has_listener(g, l))
        g = gwapi__sequence_next(&walk);
    return g != NULL ? g->part.resource : NULL;
}

const gwapi__conditions *gwapi__conditions_of_listener(const gwapi_topology *t,
                                                       const gwapi__resolved_listener *l)
{
    const gwapi__resource *holder =
        l->listener_set != NULL ? l->listener_set : gateway_of(t, l);
    size_t count = gwapi_topology_status_count(t);

    for (size_t i = 0; i < count; i++) {
        const gwapi__object_status *s = gwapi__status_at(t, i);
        for (size_t k = 0; s->resource == holder && k < s->listener_count; k++)
            if (gwapi__str_eq(s->listeners[k].name, l->spec->name))
                return &s->listeners[k].conditions;
    }
    return NULL;
}

/* Why a listener serves nothing. */
static gwapi_str unserved(const gwapi_attachment *a, const gwapi__resolved_listener *l)
{
    const gwapi__condition *c =
        gwapi__condition_of(gwapi__conditions_of_listener(a->topology, l), "Programmed");

    return c != NULL && c->status != GWAPI__STATUS_TRUE
               ? c->message
               : GWAPI__STR("its Gateway or ListenerSet is not accepted");
}

static gwapi_result say_attached(gwapi_attachment *a, gwapi__explained_candidate *c)
{
    c->reason = GWAPI__STR("Accepted");
    if (c->listener == NULL || c->listener->served) {
        c->message = GWAPI__STR("the route is attached");
        return GWAPI_OK;
    }
    return gwapi__message(&c->message, &a->arena,
                          "the route is attached, but the listener serves nothing: %s",
                          unserved(a, c->listener));
}

static gwapi_result effective_hostnames(gwapi_attachment *a, gwapi__explained_candidate *c)
{
    gwapi__strs own = a->resource->as.route->hostnames;
    const gwapi_str listener = c->event->listener->hostname;
    gwapi_str *made = gwapi__arena_array(&a->arena, own.count + 1, sizeof *made);

    if (made == NULL)
        return GWAPI_ENOMEM;
    c->hostnames = made;
    for (size_t i = 0; i < own.count; i++)
        if (gwapi__hostname_intersects(own.items[i], listener))
            made[c->hostname_count++] = gwapi__hostname_narrower(own.items[i], listener);
    if (own.count == 0 && listener.len != 0)
        made[c->hostname_count++] = listener;
    return GWAPI_OK;
}

static gwapi_result judge(gwapi_attachment *a, gwapi__explained_candidate *c)
{
    const gwapi__explained_parent *p = &a->parents[c->parent];
    const gwapi__condition *accepted = gwapi__condition_of(p->conditions, "Accepted");

    c->listener = listener_of(a->topology, c->event);
    c->attached = c->event->step == GWAPI__STEP_NONE &&
                  (accepted == NULL || accepted->status == GWAPI__STATUS_TRUE);
    if (c->attached) {
        GWAPI__TRY(say_attached(a, c));
        return c->event->listener != NULL ? effective_hostnames(a, c) : GWAPI_OK;
    }
    c->reason = gwapi__str_of(reason_of(c->event->step));
    if ((c->event->step == GWAPI__STEP_NONE || c->event->step == GWAPI__STEP_RULES) &&
        accepted != NULL)
        c->reason = accepted->reason; /* else there was no room for it */
    return say_rejected(a, c, p);
}

static gwapi_result make_candidates(gwapi_attachment *a)
{
    size_t count = a->recorder.places.count;

    a->candidates = gwapi__arena_array(&a->arena, count, sizeof *a->candidates);
    if (a->candidates == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        gwapi__explained_candidate *c = &a->candidates[a->candidate_count];
        c->event = GWAPI__AT(&a->recorder.places, gwapi__place_event, i);
        c->parent = found_parent(a, c->event->parent);
        a->candidate_count++;
        GWAPI__TRY(judge(a, c));
    }
    return GWAPI_OK;
}

/* ---- grants -------------------------------------------------------------------------- */

static bool is_known(const gwapi_attachment *a, const gwapi__reference_event *e)
{
    for (size_t i = 0; i < a->grant_count; i++)
        if (gwapi__identity_eq(&a->grants[i]->to, &e->to))
            return true;
    return false;
}

static gwapi_result make_grants(gwapi_attachment *a)
{
    size_t count = a->recorder.references.count;

    a->grants = gwapi__arena_array(&a->arena, count, sizeof(const gwapi__reference_event *));
    if (a->grants == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        const gwapi__reference_event *e =
            GWAPI__AT(&a->recorder.references, gwapi__reference_event, i);
        if (!e->permitted && !is_known(a, e))
            a->grants[a->grant_count++] = e;
    }
    return GWAPI_OK;
}

/* ---- the whole ----------------------------------------------------------------------- */

static uint32_t status_of(const gwapi_topology *t, const gwapi__resource *resource)
{
    uint32_t count = (uint32_t)gwapi_topology_status_count(t);

    for (uint32_t i = 0; i < count; i++)
        if (gwapi__status_at(t, i)->resource == resource)
            return i;
    return GWAPI_NONE;
}

/* Why the object gets no status. */
static gwapi_str no_status(const gwapi__resource *resource)
{
    switch (resource->kind) {
    case GWAPI__KIND_GATEWAY_CLASS:
    case GWAPI__KIND_MESH:
        return GWAPI__STR("its controllerName is not ours");
    case GWAPI__KIND_GATEWAY:
        return GWAPI__STR("its GatewayClass is not ours, or not accepted");
    case GWAPI__KIND_LISTENER_SET:
        return GWAPI__STR("its parentRef leads to no Gateway of ours");
    case GWAPI__KIND_BACKEND_TLS_POLICY:
    case GWAPI__KIND_BACKEND_TRAFFIC_POLICY:
        return GWAPI__STR("no Gateway of ours has a route that makes use of its targets");
    default:
        return gwapi__is_route(resource->kind)
                   ? GWAPI__STR("none of its parents is ours")
                   : GWAPI__STR("objects of this kind get no status from a gateway controller");
    }
}

static const gwapi__resource *find_subject(const gwapi_resources *set,
                                           const gwapi_object_ref *ref)
{
    for (size_t i = 0; i < gwapi__resources_count(set); i++) {
        const gwapi__resource *r = gwapi__resources_get(set, i);
        if (gwapi__str_eq(r->kind_name, ref->kind) && gwapi__str_eq(r->meta.name, ref->name) &&
            (gwapi__str_eq(r->meta.namespace_, ref->namespace_) || r->scope_unknown) &&
            (!gwapi__str_present(ref->group) || gwapi__str_eq(r->group, ref->group)))
            return r;
    }
    return NULL;
}

static gwapi_result explain(gwapi_attachment *a, const gwapi_resources *resources,
                            const gwapi_resolve_options *options, const gwapi_object_ref *ref,
                            gwapi_report *report)
{
    a->resource = find_subject(resources, ref);
    if (a->resource == NULL)
        return GWAPI_ENOTFOUND;
    a->subject = (gwapi__identity){a->resource->group, a->resource->kind_name,
                                   a->resource->meta.namespace_, a->resource->meta.name};
    GWAPI__TRY(gwapi__topology_resolve(&a->topology, resources, options, &a->recorder, report));
    a->status = status_of(a->topology, a->resource);
    if (a->status == GWAPI_NONE)
        a->verdict = no_status(a->resource);
    GWAPI__TRY(make_parents(a));
    GWAPI__TRY(make_candidates(a));
    return make_grants(a);
}

gwapi_result gwapi_attachment_explain(gwapi_attachment **out, const gwapi_resources *resources,
                                      const gwapi_resolve_options *options,
                                      const gwapi_object_ref *object, gwapi_report *report)
{
    gwapi_resolve_options o;
    gwapi_object_ref ref;
    gwapi_allocator allocator;

    if (out == NULL)
        return GWAPI_EARGUMENT;
    *out = NULL;
    if (resources == NULL || object == NULL)
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__struct_in(&o, sizeof o, options, sizeof(gwapi_resolve_options)));
    GWAPI__TRY(gwapi__struct_in(&ref, sizeof ref, object, sizeof(gwapi_object_ref)));
    GWAPI__TRY(gwapi__allocator_init(&allocator, o.allocator));
    gwapi_attachment *a = gwapi__alloc_array(&allocator, 1, sizeof *a);
    if (a == NULL)
        return GWAPI_ENOMEM;
    o.struct_size = sizeof o;
    o.previous = NULL; /* every decision is to be heard */
    a->allocator = allocator;
    gwapi__arena_init(&a->arena, &allocator);
    gwapi__recorder_init(&a->recorder, &allocator, &a->subject);
    gwapi_result result = explain(a, resources, &o, &ref, report);
    if (result != GWAPI_OK)
        gwapi_attachment_free(a);
    else
        *out = a;
    return result;
}

void gwapi_attachment_free(gwapi_attachment *attachment)
{
    gwapi_allocator allocator;

    if (attachment == NULL)
        return;
    allocator = attachment->allocator;
    gwapi__recorder_free(&attachment->recorder);
    gwapi_topology_release(attachment->topology);
    gwapi__arena_free(&attachment->arena);
    gwapi__free(&allocator, attachment, sizeof *attachment);
}
