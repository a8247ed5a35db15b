/* Classes, Gateways and ListenerSets: what their statuses would say, at its place. */
#include "lint/linter.h"

static const gwapi__lint_rule class_missing = {
    "lint/class-missing", GWAPI_SEVERITY_WARNING,
    "give the GatewayClass too, correct its name, or say --assume GatewayClass"};
static const gwapi__lint_rule parameters = {"lint/parameters", GWAPI_SEVERITY_ERROR, NULL};
static const gwapi__lint_rule gateway = {"lint/gateway-not-accepted", GWAPI_SEVERITY_ERROR,
                                         NULL};
static const gwapi__lint_rule parent_missing = {
    "lint/parent-missing", GWAPI_SEVERITY_WARNING,
    "give the parent too, or correct kind, namespace and name"};
static const gwapi__lint_rule set_refused = {
    "lint/listener-set-not-accepted", GWAPI_SEVERITY_ERROR,
    "spec.allowedListeners of the Gateway says which namespaces may bring listeners"};
static const gwapi__lint_rule conflict = {"lint/listener-conflict", GWAPI_SEVERITY_ERROR,
                                          "give the listener another port or hostname"};
static const gwapi__lint_rule listener = {"lint/listener-not-accepted", GWAPI_SEVERITY_ERROR,
                                          NULL};
static const gwapi__lint_rule certificate = {"lint/listener-reference", GWAPI_SEVERITY_ERROR,
                                             NULL};
static const gwapi__lint_rule grant = {
    "lint/grant-missing", GWAPI_SEVERITY_ERROR,
    "`gatewayapi explain` prints the ReferenceGrant that would do"};
static const gwapi__lint_rule tls = {"lint/listener-tls", GWAPI_SEVERITY_ERROR,
                                     "name a certificate in tls.certificateRefs"};

static const gwapi__condition *false_condition(const gwapi__conditions *conditions,
                                               const char *type)
{
    for (size_t i = 0; i < conditions->count; i++)
        if (gwapi__str_eq(conditions->items[i].type, gwapi__str_of(type)) &&
            conditions->items[i].status == GWAPI__STATUS_FALSE)
            return &conditions->items[i];
    return NULL;
}

static bool is_reason(const gwapi__condition *c, const char *reason)
{
    return c != NULL && gwapi__str_eq(c->reason, gwapi__str_of(reason));
}

/* ---- the objects --------------------------------------------------------------------- */

static gwapi_result check_class(gwapi__linter *l, const gwapi__resource *r)
{
    gwapi_str name = r->as.gateway->class_name;
    gwapi__identity key = {GWAPI__STR(GWAPI__GROUP_GATEWAY), GWAPI__STR("GatewayClass"),
                           GWAPI__STR(""), name};

    if ((l->options->assume & GWAPI_ASSUME_GATEWAY_CLASS) == 0 &&
        gwapi__lint_find(l, &key) == NULL)
        GWAPI__LINT(l, r, &class_missing,
                    gwapi__lint_member(gwapi__lint_root("spec"), "gatewayClassName"),
                    "GatewayClass %s is not in the input", name);
    return GWAPI_OK;
}

static gwapi_result check_set_parent(gwapi__linter *l, const gwapi__resource *r)
{
    const gwapi__reference *ref = &r->as.listener_set->parent;
    gwapi__identity key = {
        ref->group, ref->kind,
        gwapi__str_present(ref->namespace_) ? ref->namespace_ : r->meta.namespace_, ref->name};
    gwapi__lint_path path = gwapi__lint_member(gwapi__lint_root("spec"), "parentRef");

    if (gwapi__lint_find(l, &key) == NULL)
        GWAPI__LINT(l, r, &parent_missing, gwapi__lint_member(path, "name"),
                    "%s %s/%s is not in the input", ref->kind, key.namespace_, ref->name);
    return GWAPI_OK;
}

/* ---- conditions ---------------------------------------------------------------------- */

/* Where the reason of a Gateway's condition lies. */
static gwapi__lint_path place_of(const gwapi__condition *c)
{
    gwapi__lint_path spec = gwapi__lint_root("spec");

    if (is_reason(c, "InvalidParameters"))
        return gwapi__lint_member(gwapi__lint_member(spec, "infrastructure"), "parametersRef");
    if (is_reason(c, "UnsupportedAddress") || is_reason(c, "AddressNotUsable") ||
        is_reason(c, "AddressNotAssigned"))
        return gwapi__lint_member(spec, "addresses");
    return spec;
}

static gwapi_result check_gateway(gwapi__linter *l, const gwapi__object_status *s)
{
    const gwapi__condition *accepted = false_condition(&s->conditions, "Accepted");
    const gwapi__condition *programmed = false_condition(&s->conditions, "Programmed");
    const gwapi__condition *resolved = false_condition(&s->conditions, "ResolvedRefs");
    gwapi__lint_path path = gwapi__lint_root("spec");

    /* What its listeners lack stands at the listeners. */
    if (accepted != NULL && !is_reason(accepted, "ListenersNotValid"))
        GWAPI__LINT(l, s->resource, &gateway, place_of(accepted), "%s: %s", accepted->reason,
                    accepted->message);
    else if (programmed != NULL && !is_reason(programmed, "Invalid"))
        GWAPI__LINT(l, s->resource, &gateway, place_of(programmed), "%s: %s",
                    programmed->reason, programmed->message);
    if (resolved == NULL)
        return GWAPI_OK;
    path = gwapi__lint_member(gwapi__lint_member(path, "tls"), "backend");
    GWAPI__LINT(l, s->resource, is_reason(resolved, "RefNotPermitted") ? &grant : &certificate,
                gwapi__lint_member(path, "clientCertificateRef"), "%s", resolved->message);
    return GWAPI_OK;
}

static gwapi_result check_own(gwapi__linter *l, const gwapi__object_status *s)
{
    const gwapi__condition *accepted = false_condition(&s->conditions, "Accepted");

    switch (s->resource->kind) {
    case GWAPI__KIND_GATEWAY:
        return check_gateway(l, s);
    case GWAPI__KIND_LISTENER_SET:
        if (accepted != NULL && !is_reason(accepted, "ListenersNotValid"))
            GWAPI__LINT(l, s->resource, &set_refused,
                        gwapi__lint_member(gwapi__lint_root("spec"), "parentRef"), "%s: %s",
                        accepted->reason, accepted->message);
        return GWAPI_OK;
    case GWAPI__KIND_GATEWAY_CLASS:
    case GWAPI__KIND_MESH:
        if (accepted != NULL)
            GWAPI__LINT(l, s->resource, &parameters,
                        gwapi__lint_member(gwapi__lint_root("spec"), "parametersRef"), "%s",
                        accepted->message);
        return GWAPI_OK;
    default:
        return GWAPI_OK;
    }
}

static gwapi_result check_listener(gwapi__linter *l, const gwapi__resource *r, size_t i,
                                   const gwapi__conditions *conditions)
{
    const gwapi__condition *accepted = false_condition(conditions, "Accepted");
    const gwapi__condition *resolved = false_condition(conditions, "ResolvedRefs");
    const gwapi__condition *programmed = false_condition(conditions, "Programmed");
    gwapi__lint_path path = gwapi__lint_item(gwapi__lint_root("spec"), "listeners", i);
    bool conflicts = is_reason(accepted, "HostnameConflict") ||
                     is_reason(accepted, "ProtocolConflict") ||
                     is_reason(accepted, "ListenerConflict");

    if (accepted != NULL)
        GWAPI__LINT(l, r, conflicts ? &conflict : &listener, path, "%s: %s", accepted->reason,
                    accepted->message);
    if (is_reason(resolved, "InvalidRouteKinds"))
        GWAPI__LINT(l, r, &certificate,
                    gwapi__lint_member(gwapi__lint_member(path, "allowedRoutes"), "kinds"),
                    "%s", resolved->message);
    else if (resolved != NULL)
        GWAPI__LINT(l, r, is_reason(resolved, "RefNotPermitted") ? &grant : &certificate,
                    gwapi__lint_member(gwapi__lint_member(path, "tls"), "certificateRefs"),
                    "%s", resolved->message);
    if (is_reason(programmed, "InvalidTLSConfig"))
        GWAPI__LINT(l, r, &tls, gwapi__lint_member(path, "tls"), "%s", programmed->message);
    return GWAPI_OK;
}

static const gwapi__listener *listeners_of(const gwapi__resource *r, size_t *count)
{
    bool set = r->kind == GWAPI__KIND_LISTENER_SET;

    *count = set ? r->as.listener_set->listener_count : r->as.gateway->listener_count;
    return set ? r->as.listener_set->listeners : r->as.gateway->listeners;
}

static gwapi_result check_listeners(gwapi__linter *l, const gwapi__object_status *s)
{
    size_t count;
    const gwapi__listener *listeners;

    if (!s->has_listeners)
        return GWAPI_OK;
    listeners = listeners_of(s->resource, &count);
    for (size_t k = 0; k < s->listener_count; k++)
        for (size_t i = 0; i < count; i++)
            if (gwapi__str_eq(listeners[i].name, s->listeners[k].name))
                GWAPI__TRY(check_listener(l, s->resource, i, &s->listeners[k].conditions));
    return GWAPI_OK;
}

gwapi_result gwapi__lint_gateways(gwapi__linter *l)
{
    for (size_t i = 0; i < gwapi__resources_count(l->set); i++) {
        const gwapi__resource *r = gwapi__resources_get(l->set, i);
        if (r->kind == GWAPI__KIND_GATEWAY)
            GWAPI__TRY(check_class(l, r));
        if (r->kind == GWAPI__KIND_LISTENER_SET)
            GWAPI__TRY(check_set_parent(l, r));
    }
    for (size_t i = 0; i < gwapi_topology_status_count(l->topology); i++) {
        const gwapi__object_status *s = gwapi__status_at(l->topology, i);
        if (s->resource == NULL) /* the default XMesh */
            continue;
        GWAPI__TRY(check_own(l, s));
        GWAPI__TRY(check_listeners(l, s));
    }
    return GWAPI_OK;
}
