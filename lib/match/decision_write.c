/* The decision line: member by member in the order of the contract (contract.md §4). */
#include "match/write.h"

#include "base/result.h"
#include "match/decision.h"

static void write_status(gwapi__text *t, bool *first, const gwapi_decision *d)
{
    gwapi__json_str(t, first, "outcome", gwapi__str_of(gwapi_outcome_text(d->outcome)));
    if ((d->flags & GWAPI_DECISION_STATUS) != 0)
        gwapi__json_u64(t, first, "status", d->status);
    if ((d->flags & GWAPI_DECISION_GRPC_STATUS) != 0)
        gwapi__json_u64(t, first, "grpcStatus", d->grpc_status);
    gwapi__json_str_opt(t, first, "reason", gwapi__str_of(gwapi_reason_text(d->reason)));
}

static void write_mesh(gwapi__text *t, bool *first, const gwapi_decision *d)
{
    gwapi_mesh_info mesh = {.struct_size = sizeof mesh};
    bool inner = true;

    if (gwapi_mesh_destination(d, &mesh) != GWAPI_OK)
        return;
    gwapi__json_key(t, first, "mesh");
    gwapi__text_char(t, '{');
    gwapi__json_joined(t, &inner, "service", mesh.namespace_, mesh.service);
    gwapi__json_u64(t, &inner, "port", mesh.port);
    gwapi__json_str_opt(t, &inner, "portName", mesh.port_name);
    if (mesh.role != GWAPI_MESH_NO_ROLE)
        gwapi__json_str(t, &inner, "role",
                        mesh.role == GWAPI_MESH_CONSUMER ? GWAPI__STR("consumer")
                                                         : GWAPI__STR("producer"));
    gwapi__text_char(t, '}');
}

static void write_frontend_validation(gwapi__text *t, bool *first, const gwapi_snapshot *s,
                                      const gwapi__image_listener *l)
{
    bool inner = true;

    if (l->validation_mode == GWAPI_VALIDATION_NONE)
        return;
    gwapi__json_key(t, first, "frontendValidation");
    gwapi__text_char(t, '{');
    gwapi__json_str(t, &inner, "mode",
                    l->validation_mode == GWAPI_VALIDATION_ALLOW_VALID_ONLY
                        ? GWAPI__STR("AllowValidOnly")
                        : GWAPI__STR("AllowInsecureFallback"));
    gwapi__write_bundles(t, &inner, s, l->bundles);
    gwapi__text_char(t, '}');
}

static void write_listener_tls(gwapi__text *t, bool *first, const gwapi_snapshot *s,
                               const gwapi__image_listener *l)
{
    bool inner = true, none = true;

    if (l->tls_mode == GWAPI_TLS_NONE)
        return;
    gwapi__json_key(t, first, "tls");
    gwapi__text_char(t, '{');
    gwapi__json_str(t, &inner, "mode",
                    l->tls_mode == GWAPI_TLS_TERMINATE ? GWAPI__STR("Terminate")
                                                       : GWAPI__STR("Passthrough"));
    for (uint32_t i = 0; i < l->certificates.count; i++) {
        const gwapi__image_certificate *c =
            gwapi__image_CERTIFICATE(s, *gwapi__image_CERTIFICATE_INDEX(s, l->certificates.first + i));
        gwapi__json_item(t, &inner, &none, "certificates");
        gwapi__write_object_name(t, s, c->namespace_, c->name);
    }
    gwapi__json_end(t, none);
    gwapi__write_options(t, &inner, s, l->options);
    write_frontend_validation(t, &inner, s, l);
    gwapi__text_char(t, '}');
}

static void write_listener(gwapi__text *t, bool *first, const gwapi_decision *d)
{
    const gwapi_snapshot *s = d->snapshot;
    bool inner = true;

    if (d->listener >= gwapi__image_count(s, GWAPI__SECTION_LISTENER))
        return;
    const gwapi__image_listener *l = gwapi__image_LISTENER(s, d->listener);
    const gwapi__image_gateway *g = gwapi__image_GATEWAY(s, l->gateway);
    gwapi__json_key(t, first, "listener");
    gwapi__text_char(t, '{');
    gwapi__json_joined(t, &inner, "gateway", gwapi__image_str(s, g->namespace_),
                      gwapi__image_str(s, g->name));
    gwapi__json_str(t, &inner, "name", gwapi__image_str(s, l->name));
    gwapi__json_u64(t, &inner, "port", l->port);
    gwapi__json_str(t, &inner, "protocol", gwapi__str_of(gwapi_protocol_text(l->protocol)));
    if (gwapi__image_str(s, l->set_name).data != NULL)
        gwapi__json_joined(t, &inner, "listenerSet", gwapi__image_str(s, l->set_namespace),
                          gwapi__image_str(s, l->set_name));
    write_listener_tls(t, &inner, s, l);
    gwapi__text_char(t, '}');
}

static void write_route(gwapi__text *t, bool *first, const gwapi_decision *d)
{
    const gwapi_snapshot *s = d->snapshot;
    const gwapi__image_rule *rule = gwapi__decision_rule(d);
    bool inner = true;

    if (rule == NULL)
        return;
    const gwapi__image_route *route = gwapi__image_ROUTE(s, rule->route);
    gwapi__json_key(t, first, "route");
    gwapi__text_char(t, '{');
    gwapi__json_str(t, &inner, "kind", gwapi__str_of(gwapi_route_kind_text(route->kind)));
    gwapi__json_str(t, &inner, "namespace", gwapi__image_str(s, route->namespace_));
    gwapi__json_str(t, &inner, "name", gwapi__image_str(s, route->name));
    gwapi__json_u64(t, &inner, "rule", rule->index);
    gwapi__json_str_opt(t, &inner, "ruleName", gwapi__image_str(s, rule->name));
    if (d->match != GWAPI_NONE)
        gwapi__json_u64(t, &inner, "match", d->match);
    gwapi__text_char(t, '}');
}

static void write_timeouts(gwapi__text *t, bool *first, const gwapi__image_rule_options *rule)
{
    bool inner = true;

    if (rule == NULL || rule->flags == 0)
        return;
    gwapi__json_key(t, first, "timeouts");
    gwapi__text_char(t, '{');
    if ((rule->flags & GWAPI__RULE_REQUEST_TIMEOUT) != 0)
        gwapi__write_duration(t, &inner, "request", gwapi__image_u64(rule->request_timeout));
    if ((rule->flags & GWAPI__RULE_BACKEND_TIMEOUT) != 0)
        gwapi__write_duration(t, &inner, "backendRequest",
                              gwapi__image_u64(rule->backend_timeout));
    gwapi__text_char(t, '}');
}

static void write_retry(gwapi__text *t, bool *first, const gwapi_decision *d)
{
    gwapi_retry_info retry = {.struct_size = sizeof retry};
    bool inner = true, none = true;

    if (gwapi_decision_retry(d, &retry) != GWAPI_OK || retry.present == 0)
        return;
    gwapi__json_key(t, first, "retry");
    gwapi__text_char(t, '{');
    for (uint32_t i = 0; i < retry.code_count; i++) {
        gwapi__json_item(t, &inner, &none, "codes");
        gwapi__text_u64(t, gwapi_decision_retry_code_at(d, i));
    }
    gwapi__json_end(t, none);
    if (retry.has_attempts != 0) {
        gwapi__json_key(t, &inner, "attempts");
        gwapi__text_i64(t, retry.attempts);
    }
    if (retry.has_backoff != 0)
        gwapi__write_duration(t, &inner, "backoff", retry.backoff);
    gwapi__text_char(t, '}');
}

/* What the rule says however the request ends. */
static gwapi_result write_rule(gwapi__text *t, bool *first, const gwapi_decision *d)
{
    gwapi_session_info session = {.struct_size = sizeof session};
    const gwapi__image_rule *rule = gwapi__decision_rule(d);

    if (rule == NULL)
        return GWAPI_OK;
    write_timeouts(t, first, gwapi__rule_options(d->snapshot, rule));
    write_retry(t, first, d);
    GWAPI__TRY(gwapi_decision_session(d, &session));
    gwapi__write_session(t, first, &session, d);
    return GWAPI_OK;
}

static gwapi_result write_members(gwapi__text *t, const gwapi_decision *d,
                                  const gwapi_request *request, bool complete)
{
    bool first = t->len <= 1;

    write_status(t, &first, d);
    if (d->mesh != 0)
        write_mesh(t, &first, d);
    else
        write_listener(t, &first, d);
    write_route(t, &first, d);
    if (d->chosen != GWAPI_NONE)
        gwapi__json_u64(t, &first, "chosen", d->chosen);
    GWAPI__TRY(gwapi__write_backends(t, &first, d, request, complete));
    GWAPI__TRY(gwapi__write_effects(t, &first, d, request, complete, GWAPI_NONE));
    gwapi__write_mirrors(t, &first, d, GWAPI_NONE);
    GWAPI__TRY(write_rule(t, &first, d));
    gwapi__write_cors(t, &first, d, request, GWAPI_NONE);
    gwapi__write_auth(t, &first, d, GWAPI_NONE);
    return GWAPI_OK;
}

static gwapi_result write_line(gwapi__text *t, const gwapi_decision *d,
                               const gwapi_request *request, gwapi_str id)
{
    gwapi_request r;
    bool first = true;

    GWAPI__TRY(gwapi__request_in(&r, request));
    gwapi__text_char(t, '{');
    if (id.len != 0) {
        gwapi__json_key(t, &first, "id");
        gwapi__text_add(t, id);
    }
    GWAPI__TRY(write_members(t, d, &r, request != NULL && r.getter == NULL));
    gwapi__text_char(t, '}');
    return t->failed ? GWAPI_ENOMEM : GWAPI_OK;
}

gwapi_result gwapi_decision_write(const gwapi_decision *decision, const gwapi_request *request,
                                  gwapi_str id, const gwapi_sink *sink)
{
    gwapi__text t;

    if (!gwapi__decision_usable(decision) || sink == NULL || sink->write == NULL)
        return GWAPI_EARGUMENT;
    gwapi__text_init(&t, &decision->snapshot->allocator);
    gwapi_result result = write_line(&t, decision, request, id);
    if (result == GWAPI_OK)
        result = gwapi__text_flush(&t, sink);
    gwapi__text_free(&t);
    return result;
}

gwapi_result gwapi_decision_write_buffer(const gwapi_decision *decision,
                                         const gwapi_request *request, gwapi_str id,
                                         char *buffer, size_t capacity, size_t *length)
{
    gwapi__text t;

    if (!gwapi__decision_usable(decision) || !gwapi__buffer_usable(buffer, capacity, length))
        return GWAPI_EARGUMENT;
    gwapi__text_init(&t, &decision->snapshot->allocator);
    gwapi_result result = write_line(&t, decision, request, id);
    if (result == GWAPI_OK) {
        *length = t.len;
        if (t.len <= capacity)
            memcpy(buffer, t.data, t.len);
        else
            result = GWAPI_EBUFFER;
    }
    gwapi__text_free(&t);
    return result;
}
