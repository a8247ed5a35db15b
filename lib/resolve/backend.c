/*
 * Rules as they are executed: filters and backends with every reference resolved
 * (attachment.md §6, matching.md §23), and what ResolvedRefs says of them. Order of checks:
 * kind, permission, existence, protocol, BackendTLSPolicy.
 */
#include "resolve/resolver.h"

#include "resolve/causes.h"

/* One route under resolution, at Gateways or in the mesh. */
typedef struct walk {
    gwapi__resolver *r;
    const gwapi__resource *resource;
    gwapi__identity referrer;
    bool mesh;
    gwapi__causes problems;
    gwapi__causes tls_problems; /* of a TLSRoute where the listener terminates: all of them */
    /* where we are, for messages */
    uint32_t rule;
    size_t backend;                    /* SIZE_MAX: the rule's own filters */
    size_t filter;                     /* SIZE_MAX: the backendRef itself */
    const char *unsupported;           /* why, after UNSUPPORTED_PROTOCOL */
    const gwapi__resource *tls_policy; /* whose, after INVALID_TLS_POLICY */
} walk;

static void say_place(gwapi__text *t, const walk *w)
{
    gwapi__message_add(t, "rules[%d]", (int64_t)w->rule);
    if (w->backend != SIZE_MAX)
        gwapi__message_add(t, ".backendRefs[%d]", (int64_t)w->backend);
    if (w->filter != SIZE_MAX)
        gwapi__message_add(t, ".filters[%d]", (int64_t)w->filter);
    gwapi__text_addz(t, ": ");
}

static gwapi__condition_id condition_of(gwapi__backend_fault fault)
{
    switch (fault) {
    case GWAPI__FAULT_REF_NOT_PERMITTED:
        return GWAPI__ROUTE_REF_NOT_PERMITTED;
    case GWAPI__FAULT_NOT_FOUND:
        return GWAPI__ROUTE_BACKEND_NOT_FOUND;
    case GWAPI__FAULT_UNSUPPORTED_PROTOCOL:
        return GWAPI__ROUTE_UNSUPPORTED_PROTOCOL;
    case GWAPI__FAULT_INVALID_TLS_POLICY:
        return GWAPI__ROUTE_INVALID_TLS_POLICY;
    default:
        return GWAPI__ROUTE_INVALID_KIND;
    }
}

/* What is wrong with a backend, with what to do about it. */
static void say_fault(gwapi__text *t, const walk *w, const gwapi__identity *key, int32_t port,
                      gwapi__backend_fault fault)
{
    say_place(t, w);
    switch (fault) {
    case GWAPI__FAULT_INVALID_KIND:
        gwapi__message_add(t, "kind %s of group \"%s\" is not supported as a backend",
                           key->kind, key->group);
        break;
    case GWAPI__FAULT_REF_NOT_PERMITTED:
        gwapi__message_add(
            t, "no ReferenceGrant in namespace %s permits %s of namespace %s to refer to %s %s",
            key->namespace_, w->referrer.kind, w->referrer.namespace_, key->kind, key->name);
        break;
    case GWAPI__FAULT_NOT_FOUND:
        if (port < 0)
            gwapi__message_add(t, "%s %s/%s does not exist", key->kind, key->namespace_,
                               key->name);
        else if (port == 0)
            gwapi__message_add(t, "port is needed for Service %s/%s", key->namespace_,
                               key->name);
        else
            gwapi__message_add(t, "Service %s/%s has no port %d", key->namespace_, key->name,
                               (int64_t)port);
        break;
    case GWAPI__FAULT_UNSUPPORTED_PROTOCOL:
        gwapi__message_add(t,
                           "Service %s/%s %s: it cannot take the traffic of kind %s on port %d",
                           key->namespace_, key->name, gwapi__str_of(w->unsupported),
                           w->referrer.kind, (int64_t)port);
        break;
    default:
        gwapi__message_add(t,
                           "BackendTLSPolicy %s of Service %s/%s cannot be met: see its status",
                           w->tls_policy->meta.name, key->namespace_, key->name);
        break;
    }
}

static void record(const walk *w, const gwapi__identity *key, int32_t port,
                   gwapi__backend_fault fault)
{
    gwapi__record_backend(w->r->recorder, &(gwapi__backend_event){.route = w->resource,
                                                                  .rule = w->rule,
                                                                  .backend = w->backend,
                                                                  .filter = w->filter,
                                                                  .target = *key,
                                                                  .port = port,
                                                                  .fault = fault});
}

static void add_problem(walk *w, const gwapi__identity *key, int32_t port,
                        gwapi__backend_fault fault, bool tls_only)
{
    gwapi__condition_id id = condition_of(fault);
    gwapi__text *t = tls_only ? NULL : gwapi__causes_add(&w->problems, id);

    if (!tls_only)
        record(w, key, port, fault);
    if (t != NULL)
        say_fault(t, w, key, port, fault);
    if (w->resource->kind != GWAPI__KIND_TLS_ROUTE || w->mesh)
        return;
    t = gwapi__causes_add(&w->tls_problems, id);
    if (t != NULL)
        say_fault(t, w, key, port, fault);
}

/* ---- how to speak to a backend ------------------------------------------------------- */

/* NONE: this kind of route cannot. WSS stands under the condition that a policy applies. */
static gwapi__backend_protocol protocol_of(const walk *w, gwapi_str app_protocol)
{
    bool h2c = gwapi__str_eq(app_protocol, GWAPI__STR("kubernetes.io/h2c"));
    bool ws = gwapi__str_eq(app_protocol, GWAPI__STR("kubernetes.io/ws"));
    bool wss = gwapi__str_eq(app_protocol, GWAPI__STR("kubernetes.io/wss"));
    const bool *has = w->r->features.has;

    switch (w->resource->kind) {
    case GWAPI__KIND_HTTP_ROUTE:
        if (h2c)
            return has[GWAPI__FEATURE_HTTP_BACKEND_H2C] ? GWAPI__BACKEND_H2C
                                                        : GWAPI__BACKEND_NONE;
        if (ws || wss)
            return !has[GWAPI__FEATURE_HTTP_BACKEND_WEBSOCKET] ? GWAPI__BACKEND_NONE
                   : ws                                        ? GWAPI__BACKEND_WS
                                                               : GWAPI__BACKEND_WSS;
        return GWAPI__BACKEND_HTTP;
    case GWAPI__KIND_GRPC_ROUTE:
        return ws || wss ? GWAPI__BACKEND_NONE : GWAPI__BACKEND_H2C;
    case GWAPI__KIND_TLS_ROUTE:
        return h2c || ws ? GWAPI__BACKEND_NONE : GWAPI__BACKEND_TLS;
    case GWAPI__KIND_UDP_ROUTE:
        return GWAPI__BACKEND_UDP;
    default:
        return GWAPI__BACKEND_TCP;
    }
}

/* The port of that number with the route's transport; NULL without one, and then *other says
 * whether another transport has it. */
static const gwapi__service_port *find_port(const walk *w, const gwapi__service *service,
                                            int32_t number, bool *other)
{
    gwapi__transport wanted = w->resource->kind == GWAPI__KIND_UDP_ROUTE ? GWAPI__TRANSPORT_UDP
                                                                         : GWAPI__TRANSPORT_TCP;

    *other = false;
    for (size_t i = 0; i < service->port_count; i++) {
        if (service->ports[i].port != number)
            continue;
        if (service->ports[i].transport == wanted)
            return &service->ports[i];
        *other = true;
    }
    return NULL;
}

/* ---- backends ------------------------------------------------------------------------ */

static gwapi_result apply_policies(walk *w, const gwapi__identity *key, gwapi_str port_name,
                                   gwapi__resolved_backend *out)
{
    const gwapi__judged_policy *tls, *traffic;
    gwapi__resolver *r = w->r;

    GWAPI__TRY(gwapi__use_policies(r, key, port_name, w->mesh, &tls, &traffic));
    out->tls_policy = tls != NULL ? tls->part.resource : NULL;
    out->traffic_policy = traffic != NULL ? traffic->part.resource : NULL;
    if (tls == NULL) {
        w->unsupported = "has appProtocol kubernetes.io/wss and no BackendTLSPolicy";
        if (out->protocol == GWAPI__BACKEND_WSS)
            out->fault = GWAPI__FAULT_UNSUPPORTED_PROTOCOL;
        return GWAPI_OK;
    }
    if (tls->tls.valid)
        return GWAPI_OK;
    w->tls_policy = tls->part.resource;
    /* A TLSRoute's bytes pass a Passthrough listener as they are: the policy is not asked. */
    if (w->resource->kind == GWAPI__KIND_TLS_ROUTE)
        add_problem(w, key, out->spec->port, GWAPI__FAULT_INVALID_TLS_POLICY, true);
    else
        out->fault = GWAPI__FAULT_INVALID_TLS_POLICY;
    return GWAPI_OK;
}

static gwapi_result check_service(walk *w, const gwapi__identity *key,
                                  gwapi__resolved_backend *out, int32_t *port)
{
    const gwapi__service *service = out->object->as.service;
    const gwapi__service_port *found;
    bool other;

    *port = out->spec->port;
    w->unsupported = service->type == GWAPI__SERVICE_EXTERNAL_NAME
                         ? "is of type ExternalName"
                         : "has the port for another transport protocol";
    found = find_port(w, service, out->spec->port, &other);
    if (service->type == GWAPI__SERVICE_EXTERNAL_NAME)
        out->fault = GWAPI__FAULT_UNSUPPORTED_PROTOCOL;
    else if (found == NULL)
        out->fault = other ? GWAPI__FAULT_UNSUPPORTED_PROTOCOL : GWAPI__FAULT_NOT_FOUND;
    if (out->fault != GWAPI__FAULT_NONE)
        return gwapi__use_policies(w->r, key, GWAPI__STR(""), w->mesh, NULL, NULL);
    out->protocol = protocol_of(w, found->app_protocol);
    if (out->protocol == GWAPI__BACKEND_NONE) {
        w->unsupported = "has an appProtocol that does not fit";
        out->fault = GWAPI__FAULT_UNSUPPORTED_PROTOCOL;
        return gwapi__use_policies(w->r, key, GWAPI__STR(""), w->mesh, NULL, NULL);
    }
    return apply_policies(w, key, found->name, out);
}

/* Fills in everything but the fault's report. *port is what a message about it names. */
static gwapi_result check_backend(walk *w, const gwapi__identity *key,
                                  gwapi__resolved_backend *out, int32_t *port)
{
    const gwapi__reference *ref = &out->spec->ref;
    bool service = ref->known == GWAPI__KIND_SERVICE;
    bool assumed = false;

    *port = -1;
    if (!service &&
        !gwapi__extension_known(w->r, GWAPI_EXTENSION_BACKEND, ref->group, ref->kind)) {
        out->fault = GWAPI__FAULT_INVALID_KIND;
        return GWAPI_OK;
    }
    if (!w->mesh && !gwapi__permitted(w->r, &w->referrer, key)) {
        out->fault = GWAPI__FAULT_REF_NOT_PERMITTED;
        return GWAPI_OK;
    }
    out->object = gwapi__find(w->r, key);
    if (out->object == NULL)
        GWAPI__TRY(gwapi__assume(w->r, service ? GWAPI_ASSUME_SERVICE : 0, key, &assumed));
    if (out->object == NULL && !assumed) {
        out->fault = GWAPI__FAULT_NOT_FOUND;
        return GWAPI_OK;
    }
    if (service && out->object != NULL)
        return check_service(w, key, out, port);
    out->protocol = protocol_of(w, GWAPI__STR(""));
    return apply_policies(w, key, GWAPI__STR(""), out);
}

static gwapi_result resolve_backend(walk *w, const gwapi__backend_object *spec, int32_t weight,
                                    gwapi__resolved_backend *out)
{
    gwapi_str namespace_ = gwapi__str_present(spec->ref.namespace_) ? spec->ref.namespace_
                                                                    : w->referrer.namespace_;
    gwapi__identity key = {spec->ref.group, spec->ref.kind, namespace_, spec->ref.name};
    int32_t port;

    *out = (gwapi__resolved_backend){.spec = spec, .namespace_ = namespace_, .weight = weight};
    GWAPI__TRY(check_backend(w, &key, out, &port));
    if (out->fault == GWAPI__FAULT_NONE)
        return GWAPI_OK;
    out->protocol = GWAPI__BACKEND_NONE;
    add_problem(w, &key, port, out->fault, false);
    return GWAPI_OK;
}

/* ---- filters ------------------------------------------------------------------------- */

static gwapi_result resolve_filter_backend(walk *w, const gwapi__backend_object *spec,
                                           gwapi__resolved_filter *out)
{
    gwapi__resolved_backend *backend =
        GWAPI__ARENA_NEW(gwapi__resolver_arena(w->r), gwapi__resolved_backend);

    if (backend == NULL)
        return GWAPI_ENOMEM;
    out->backend = backend;
    return resolve_backend(w, spec, 1, backend);
}

static void say_extension(walk *w, gwapi__causes *p, const gwapi__reference *ref, bool known)
{
    gwapi__text *t = gwapi__causes_add(p, GWAPI__ROUTE_INVALID_KIND);

    if (t == NULL)
        return;
    say_place(t, w);
    gwapi__message_add(t,
                       known ? "%s %s does not exist in the route's namespace"
                             : "kind %s (%s) is not supported as a filter",
                       ref->kind, ref->name);
}

static void resolve_extension(walk *w, const gwapi__reference *ref, gwapi__resolved_filter *out)
{
    gwapi__identity key = {ref->group, ref->kind, w->referrer.namespace_, ref->name};
    bool known = gwapi__extension_known(w->r, GWAPI_EXTENSION_FILTER, ref->group, ref->kind);

    out->extension = known ? gwapi__find(w->r, &key) : NULL;
    out->invalid = out->extension == NULL;
    if (!out->invalid)
        return;
    record(w, &key, -1, known ? GWAPI__FAULT_NOT_FOUND : GWAPI__FAULT_INVALID_KIND);
    say_extension(w, &w->problems, ref, known); /* a TLSRoute has no filters */
}

static gwapi_result resolve_filter(walk *w, const gwapi__filter *spec,
                                   gwapi__resolved_filter *out)
{
    out->spec = spec;
    if (spec->type == GWAPI__FILTER_MIRROR)
        return resolve_filter_backend(w, &spec->as.mirror.backend, out);
    if (spec->type == GWAPI__FILTER_EXTENSION)
        resolve_extension(w, &spec->as.extension, out);
    if (spec->type != GWAPI__FILTER_EXTERNAL_AUTH)
        return GWAPI_OK;
    GWAPI__TRY(resolve_filter_backend(w, &spec->as.auth.backend, out));
    out->invalid = out->backend->fault != GWAPI__FAULT_NONE;
    return GWAPI_OK;
}

static gwapi_result resolve_filters(walk *w, const gwapi__filter *specs, size_t count,
                                    const gwapi__resolved_filter **out, bool *invalid)
{
    gwapi__resolved_filter *made =
        gwapi__arena_array(gwapi__resolver_arena(w->r), count, sizeof *made);

    if (made == NULL)
        return GWAPI_ENOMEM;
    *out = made;
    for (size_t i = 0; i < count; i++) {
        w->filter = i;
        GWAPI__TRY(resolve_filter(w, &specs[i], &made[i]));
        *invalid = *invalid || made[i].invalid;
    }
    w->filter = SIZE_MAX;
    return GWAPI_OK;
}

/* ---- rules --------------------------------------------------------------------------- */

static gwapi_result resolve_rule(walk *w, gwapi__resolved_rule *rule)
{
    const gwapi__rule *spec = rule->spec;
    bool ignored = false;
    gwapi__resolved_backend *backends =
        gwapi__arena_array(gwapi__resolver_arena(w->r), spec->backend_count, sizeof *backends);

    if (backends == NULL)
        return GWAPI_ENOMEM;
    w->rule = rule->index;
    w->backend = w->filter = SIZE_MAX;
    rule->filter_count = spec->filter_count;
    rule->backends = backends;
    rule->backend_count = spec->backend_count;
    GWAPI__TRY(resolve_filters(w, spec->filters, spec->filter_count, &rule->filters, &ignored));
    for (size_t i = 0; i < spec->backend_count; i++) {
        const gwapi__backend_ref *ref = &spec->backends[i];
        bool invalid = false;
        w->backend = i;
        GWAPI__TRY(resolve_backend(w, &ref->backend, ref->weight, &backends[i]));
        backends[i].filter_count = ref->filter_count;
        GWAPI__TRY(resolve_filters(w, ref->filters, ref->filter_count, &backends[i].filters,
                                   &invalid));
        if (invalid && backends[i].fault == GWAPI__FAULT_NONE) {
            backends[i].fault = GWAPI__FAULT_INVALID_FILTER;
            backends[i].protocol = GWAPI__BACKEND_NONE;
        }
    }
    return GWAPI_OK;
}

static gwapi_result walk_rules(walk *w, gwapi__resolved_rule *rules, gwapi__finding *resolved,
                               gwapi__finding *resolved_tls)
{
    gwapi__arena *arena = gwapi__resolver_arena(w->r);

    for (size_t i = 0; i < w->r->route->rule_count; i++)
        GWAPI__TRY(resolve_rule(w, &rules[i]));
    GWAPI__TRY(gwapi__causes_take(resolved, arena, &w->problems, w->problems.first,
                                  GWAPI__ROUTE_RESOLVED));
    if (resolved_tls == NULL)
        return GWAPI_OK;
    return gwapi__causes_take(resolved_tls, arena, &w->tls_problems, w->tls_problems.first,
                              GWAPI__ROUTE_RESOLVED);
}

static gwapi_result resolve_route(gwapi__resolver *r, gwapi__resolved_rule *rules, bool mesh)
{
    gwapi__route_state *state = r->route_state;
    const gwapi__resource *resource = r->route->resource;
    walk w = {
        .r = r, .resource = resource, .referrer = gwapi__identity_of(resource), .mesh = mesh};

    gwapi__causes_init(&w.problems, &r->scratch.allocator);
    gwapi__causes_init(&w.tls_problems, &r->scratch.allocator);
    gwapi_result result = walk_rules(&w, rules, mesh ? &state->resolved_mesh : &state->resolved,
                                     mesh ? NULL : &state->resolved_tls);
    gwapi__causes_free(&w.problems);
    gwapi__causes_free(&w.tls_problems);
    return result;
}

gwapi_result gwapi__resolve_rules(gwapi__resolver *r)
{
    GWAPI__TRY(resolve_route(r, r->rules, false));
    return r->mesh_rules != NULL ? resolve_route(r, r->mesh_rules, true) : GWAPI_OK;
}
