/* Backends, mirrors and auth backends of the decision line. */
#include "match/auth.h"
#include "match/write.h"

#include "base/result.h"

static void write_names(gwapi__text *t, bool *first, const gwapi_snapshot *s,
                        gwapi__image_range names)
{
    bool none = true;

    for (uint32_t i = 0; i < names.count; i++) {
        const gwapi__image_subject_name *n = gwapi__image_SUBJECT_NAME(s, names.first + i);
        bool inner = true;
        gwapi__json_item(t, first, &none, "subjectAltNames");
        gwapi__text_char(t, '{');
        gwapi__json_str(t, &inner, "type",
                        n->uri != 0 ? GWAPI__STR("URI") : GWAPI__STR("Hostname"));
        gwapi__json_str(t, &inner, n->uri != 0 ? "uri" : "hostname", gwapi__image_str(s, n->value));
        gwapi__text_char(t, '}');
    }
    gwapi__json_end(t, none);
}

static void write_tls(gwapi__text *t, bool *first, const gwapi_decision *d,
                      const gwapi__image_backend *b)
{
    const gwapi_snapshot *s = d->snapshot;
    const gwapi__image_tls_policy *p = gwapi__backend_policy(d, b);
    const gwapi__image_gateway *g = gwapi__decision_gateway(d);
    bool inner = true;

    if (p == NULL)
        return;
    gwapi__json_key(t, first, "tls");
    gwapi__text_char(t, '{');
    gwapi__json_joined(t, &inner, "policy", gwapi__image_str(s, p->namespace_),
                      gwapi__image_str(s, p->name));
    gwapi__json_str(t, &inner, "sni", gwapi__image_str(s, p->hostname));
    write_names(t, &inner, s, p->names);
    gwapi__write_bundles(t, &inner, s, p->bundles);
    gwapi__json_str_opt(t, &inner, "wellKnownCACertificates", gwapi__image_str(s, p->well_known));
    if (g != NULL && g->client_certificate != GWAPI__IMAGE_NONE) {
        const gwapi__image_certificate *c = gwapi__image_CERTIFICATE(s, g->client_certificate);
        gwapi__json_key(t, &inner, "clientCertificate");
        gwapi__write_object_name(t, s, c->namespace_, c->name);
    }
    gwapi__write_options(t, &inner, s, p->options);
    gwapi__text_char(t, '}');
}

enum target_form { TARGET_BACKEND, TARGET_MIRROR };

/* What every place that names a backend has; a mirror has no weight and is always valid. */
static void write_target(gwapi__text *t, bool *first, const gwapi_decision *d, uint32_t index,
                         enum target_form form)
{
    const gwapi_snapshot *s = d->snapshot;
    const gwapi__image_backend *b = gwapi__image_BACKEND(s, index);
    const gwapi__image_target *target = gwapi__backend_target(s, b);
    gwapi_backend_fault fault = gwapi__backend_fault_here(d, b);

    gwapi__json_str_opt(t, first, "group", gwapi__image_str(s, target->group));
    gwapi__json_str(t, first, "kind", gwapi__image_str(s, target->kind));
    gwapi__json_str(t, first, "namespace", gwapi__image_str(s, target->namespace_));
    gwapi__json_str(t, first, "name", gwapi__image_str(s, target->name));
    if (target->port != 0)
        gwapi__json_u64(t, first, "port", target->port);
    if (form == TARGET_BACKEND) {
        gwapi__json_u64(t, first, "weight", b->weight);
        gwapi__json_bool(t, first, "valid", fault == GWAPI_BACKEND_FAULT_NONE);
        gwapi__json_str_opt(t, first, "reason", gwapi__str_of(gwapi_backend_fault_text(fault)));
    }
    gwapi__json_str_opt(t, first, "protocol",
                        gwapi__str_of(gwapi_backend_protocol_text(gwapi__backend_protocol_here(d, b))));
    write_tls(t, first, d, b);
}

static gwapi_result write_traffic(gwapi__text *t, bool *first, const gwapi_decision *d, size_t i)
{
    gwapi_traffic_info traffic = {.struct_size = sizeof traffic};
    gwapi_session_info session = {.struct_size = sizeof session};
    bool inner = true, constraint = true, part = true;

    GWAPI__TRY(gwapi_decision_traffic(d, i, &traffic));
    if (traffic.present == 0)
        return GWAPI_OK;
    GWAPI__TRY(gwapi_decision_traffic_session(d, i, &session));
    gwapi__json_key(t, first, "trafficPolicy");
    gwapi__text_char(t, '{');
    gwapi__json_joined(t, &inner, "policy", traffic.namespace_, traffic.name);
    if (traffic.has_retry_constraint != 0) {
        gwapi__json_key(t, &inner, "retryConstraint");
        gwapi__text_char(t, '{');
        gwapi__json_key(t, &constraint, "budget");
        gwapi__text_char(t, '{');
        gwapi__json_u64(t, &part, "percent", (uint64_t)traffic.budget_percent);
        gwapi__write_duration(t, &part, "interval", traffic.budget_interval);
        gwapi__text_char(t, '}');
        part = true;
        gwapi__json_key(t, &constraint, "minRetryRate");
        gwapi__text_char(t, '{');
        gwapi__json_u64(t, &part, "count", (uint64_t)traffic.min_retry_count);
        gwapi__write_duration(t, &part, "interval", traffic.min_retry_interval);
        gwapi__text_addz(t, "}}");
    }
    gwapi__write_session(t, &inner, &session, NULL);
    gwapi__text_char(t, '}');
    return GWAPI_OK;
}

/* Mesh traffic without a route: the Service port itself. */
static gwapi_result write_unrouted(gwapi__text *t, bool *first, const gwapi_decision *d)
{
    gwapi_backend_info info = {.struct_size = sizeof info};
    bool inner = true;

    GWAPI__TRY(gwapi_decision_backend_at(d, 0, &info));
    gwapi__json_key(t, first, "backends");
    gwapi__text_addz(t, "[{");
    gwapi__json_str(t, &inner, "kind", info.kind);
    gwapi__json_str(t, &inner, "namespace", info.namespace_);
    gwapi__json_str(t, &inner, "name", info.name);
    gwapi__json_u64(t, &inner, "port", info.port);
    gwapi__json_u64(t, &inner, "weight", info.weight);
    gwapi__json_bool(t, &inner, "valid", true);
    gwapi__text_addz(t, "}]");
    return GWAPI_OK;
}

gwapi_result gwapi__write_backends(gwapi__text *t, bool *first, const gwapi_decision *d,
                                   const gwapi_request *request, bool complete)
{
    bool none = true;

    if (gwapi__decision_unrouted(d))
        return write_unrouted(t, first, d);
    size_t count = gwapi_decision_backend_count(d);
    for (uint32_t i = 0; i < count; i++) {
        bool inner = true;
        gwapi__json_item(t, first, &none, "backends");
        gwapi__text_char(t, '{');
        write_target(t, &inner, d, gwapi_decision_backend_index(d, i), TARGET_BACKEND);
        GWAPI__TRY(write_traffic(t, &inner, d, i));
        GWAPI__TRY(gwapi__write_effects(t, &inner, d, request, complete, i));
        gwapi__write_mirrors(t, &inner, d, i);
        gwapi__write_cors(t, &inner, d, request, i);
        gwapi__write_auth(t, &inner, d, i);
        gwapi__text_char(t, '}');
    }
    gwapi__json_end(t, none);
    return GWAPI_OK;
}

void gwapi__write_mirrors(gwapi__text *t, bool *first, const gwapi_decision *d, uint32_t backend)
{
    bool none = true;

    if (d->outcome != GWAPI_OUTCOME_FORWARD)
        return;
    size_t count = gwapi_decision_mirror_count(d);
    for (size_t i = 0; i < count; i++) {
        gwapi_mirror_info mirror = {.struct_size = sizeof mirror};
        bool inner = true, fraction = true;
        if (gwapi_decision_mirror_at(d, i, &mirror) != GWAPI_OK ||
            mirror.of_backend != backend || mirror.drawn == 0)
            continue;
        gwapi__json_item(t, first, &none, "mirrors");
        gwapi__text_char(t, '{');
        write_target(t, &inner, d, mirror.backend, TARGET_MIRROR);
        gwapi__json_key(t, &inner, "fraction");
        gwapi__text_char(t, '{');
        gwapi__json_u64(t, &fraction, "numerator", mirror.numerator);
        gwapi__json_u64(t, &fraction, "denominator", mirror.denominator);
        gwapi__text_addz(t, "}}");
    }
    gwapi__json_end(t, none);
}

static void write_strings(gwapi__text *t, bool *first, const gwapi_snapshot *s, const char *key,
                          gwapi__image_range strings)
{
    bool none = true;

    for (uint32_t i = 0; i < strings.count; i++) {
        gwapi__json_item(t, first, &none, key);
        gwapi__text_json(t, gwapi__image_string_at(s, strings.first + i));
    }
    gwapi__json_end(t, none);
}

void gwapi__write_auth(gwapi__text *t, bool *first, const gwapi_decision *d, uint32_t backend)
{
    const gwapi_snapshot *s = d->snapshot;
    bool inner = true, target = true, config = true;
    gwapi__auth_place place;

    if (!gwapi__auth_reached(d, backend, &place))
        return;
    const gwapi__image_auth *auth = place.auth;
    bool http = auth->protocol == GWAPI_AUTH_HTTP;
    gwapi__json_key(t, first, "externalAuth");
    gwapi__text_char(t, '{');
    gwapi__json_str(t, &inner, "protocol", http ? GWAPI__STR("HTTP") : GWAPI__STR("GRPC"));
    gwapi__json_key(t, &inner, "backendRef");
    gwapi__text_char(t, '{');
    write_target(t, &target, d, auth->backend, TARGET_BACKEND);
    gwapi__text_char(t, '}');
    gwapi__json_key(t, &inner, http ? "http" : "grpc");
    gwapi__text_char(t, '{');
    if (http)
        gwapi__json_str_opt(t, &config, "path", gwapi__image_str(s, auth->path));
    write_strings(t, &config, s, "allowedHeaders", auth->headers);
    write_strings(t, &config, s, "allowedResponseHeaders", auth->response_headers);
    gwapi__text_char(t, '}');
    if (auth->has_forward_body != 0) {
        config = true;
        gwapi__json_key(t, &inner, "forwardBody");
        gwapi__text_char(t, '{');
        gwapi__json_u64(t, &config, "maxSize", gwapi__image_u64(auth->max_size));
        gwapi__text_char(t, '}');
    }
    gwapi__text_char(t, '}');
}
