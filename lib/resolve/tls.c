/* Which policy is in force, and why, as JSON: from the topology, which knows the losers too. */
#include <gatewayapi/topology.h>

#include "base/slice.h"
#include "base/text.h"
#include "resolve/resolver.h"

/* ---- parts --------------------------------------------------------------------------- */

static void say_object(gwapi__text *t, const gwapi__resource *object)
{
    bool first = true;

    gwapi__text_char(t, '{');
    gwapi__json_str(t, &first, "namespace", object->meta.namespace_);
    gwapi__json_str(t, &first, "name", object->meta.name);
    gwapi__text_char(t, '}');
}

static void say_bundles(gwapi__text *t, bool *first, gwapi__resource *const *bundles,
                        size_t count)
{
    bool none = true;

    for (size_t i = 0; i < count; i++) {
        bool inner = true;
        gwapi__json_item(t, first, &none, "caCertificateRefs");
        gwapi__text_char(t, '{');
        gwapi__json_str(t, &inner, "kind", bundles[i]->kind_name);
        gwapi__json_str(t, &inner, "namespace", bundles[i]->meta.namespace_);
        gwapi__json_str(t, &inner, "name", bundles[i]->meta.name);
        gwapi__text_char(t, '}');
    }
    gwapi__json_end(t, none);
}

static void say_options(gwapi__text *t, bool *first, gwapi__pairs options)
{
    bool inner = true;

    if (options.count == 0)
        return;
    gwapi__json_key(t, first, "options");
    gwapi__text_char(t, '{');
    for (size_t i = 0; i < options.count; i++) {
        gwapi__json_comma(t, &inner);
        gwapi__text_json(t, options.items[i].key);
        gwapi__text_char(t, ':');
        gwapi__text_json(t, options.items[i].value);
    }
    gwapi__text_char(t, '}');
}

/* The reason, and what was said for it. */
static void say_finding(gwapi__text *t, bool *first, const gwapi__finding *found)
{
    const gwapi__condition_row *row = gwapi__condition_row_of(found->id);

    gwapi__json_str(t, first, "reason", row->reason);
    gwapi__json_str(t, first, "message",
                    gwapi__str_present(found->message) ? found->message : row->message);
}

static bool is_good(const gwapi__finding *found)
{
    return found->id == GWAPI__NO_CONDITION ||
           gwapi__condition_row_of(found->id)->status == GWAPI__STATUS_TRUE;
}

static gwapi_result finish(gwapi__text *t, size_t told, const gwapi_sink *sink)
{
    gwapi_result result = told != 0 ? gwapi__text_flush(t, sink) : GWAPI_ENOTFOUND;

    if (t->failed)
        result = GWAPI_ENOMEM;
    gwapi__text_free(t);
    return result;
}

/* ---- backends ------------------------------------------------------------------------ */

/* A port, and who claims it. */
typedef struct claimed {
    const gwapi_topology *topology;
    const gwapi__resource *service;
    const gwapi__service_port *port;
    const gwapi_object_ref *gateway; /* NULL: any */
    const gwapi__policies *policies;
    const gwapi__target *target; /* NULL: no policy names the Service */
    const gwapi__claim *winner;  /* NULL: none */
} claimed;

static const gwapi__claim *claim_at(const claimed *c, uint32_t i)
{
    return GWAPI__AT(&c->policies->claims, gwapi__claim, c->target->first_claim + i);
}

static const gwapi__judged_policy *judged(const claimed *c, const gwapi__claim *claim)
{
    return c->policies->judged[claim->policy];
}

static uint32_t claim_count(const claimed *c)
{
    return c->target != NULL ? c->target->claim_count : 0;
}

/* Is the claim about this port? */
static bool concerns(const claimed *c, const gwapi__claim *claim)
{
    return claim->section_name.len == 0 || gwapi__str_eq(claim->section_name, c->port->name);
}

/* As resolve/policy.c chooses: a claim on the port's name beats one on the whole Service. */
static void find_winner(claimed *c)
{
    for (uint32_t i = 0; i < claim_count(c); i++) {
        const gwapi__claim *claim = claim_at(c, i);
        if (claim->state != GWAPI__CLAIM_STANDS || !concerns(c, claim))
            continue;
        if (c->winner == NULL ||
            (c->winner->section_name.len == 0 && claim->section_name.len != 0))
            c->winner = claim;
    }
}

static void say_loser(gwapi__text *t, bool *first, bool *none, const claimed *c,
                      const gwapi__claim *claim)
{
    const gwapi__resource *policy = judged(c, claim)->part.resource;
    bool conflicted = claim->state == GWAPI__CLAIM_LOST;
    bool inner = true;

    gwapi__json_item(t, first, none, "losers");
    gwapi__text_char(t, '{');
    gwapi__json_joined(t, &inner, "policy", policy->meta.namespace_, policy->meta.name);
    gwapi__json_str_opt(t, &inner, "sectionName", claim->section_name);
    gwapi__json_str(t, &inner, "reason",
                    conflicted ? GWAPI__STR("Conflicted") : GWAPI__STR("LessSpecific"));
    gwapi__json_str(t, &inner, "message",
                    conflicted
                        ? GWAPI__STR("An older policy, or of the same age one whose name "
                                     "comes first, has the same target")
                        : GWAPI__STR("The policy in force names the port, this one the "
                                     "whole Service"));
    gwapi__text_char(t, '}');
}

static void say_losers(gwapi__text *t, bool *first, const claimed *c)
{
    bool none = true;

    for (uint32_t i = 0; i < claim_count(c); i++) {
        const gwapi__claim *claim = claim_at(c, i);
        if (claim != c->winner && concerns(c, claim) &&
            (claim->state == GWAPI__CLAIM_STANDS || claim->state == GWAPI__CLAIM_LOST) &&
            claim->policy != c->winner->policy)
            say_loser(t, first, &none, c, claim);
    }
    gwapi__json_end(t, none);
}

static void say_names(gwapi__text *t, bool *first, const gwapi__backend_tls_policy *spec)
{
    bool none = true;

    for (size_t i = 0; i < spec->name_count; i++) {
        bool uri = spec->names[i].uri, inner = true;
        gwapi__json_item(t, first, &none, "subjectAltNames");
        gwapi__text_char(t, '{');
        gwapi__json_str(t, &inner, "type", uri ? GWAPI__STR("URI") : GWAPI__STR("Hostname"));
        gwapi__json_str(t, &inner, uri ? "uri" : "hostname", spec->names[i].value);
        gwapi__text_char(t, '}');
    }
    gwapi__json_end(t, none);
}

static const gwapi__resolved_gateway *gateway_of(const gwapi_topology *t, gwapi_str namespace_,
                                                 gwapi_str name)
{
    const gwapi__gateway_part *part =
        gwapi__sequence_named(gwapi__topology_gateways(t), namespace_, name, NULL);

    return part != NULL ? &part->judged->gateway : NULL;
}

static bool is_asked(const claimed *c, const gwapi__resolved_gateway *g)
{
    return g != NULL && (c->gateway == NULL ||
                         (gwapi__str_eq(g->resource->meta.namespace_, c->gateway->namespace_) &&
                          gwapi__str_eq(g->resource->meta.name, c->gateway->name)));
}

/* The Gateways whose routes use the policy's targets, as its ancestors; the i-th, NULL beyond.
 */
static const gwapi__resolved_gateway *ancestor(const claimed *c, size_t i, bool *more)
{
    const gwapi__policy_part *part =
        gwapi__sequence_find(&c->topology->sequences[GWAPI__SEQUENCE_TLS_POLICIES],
                             judged(c, c->winner)->part.resource, NULL);

    *more = part != NULL && i < part->ancestor_count;
    if (!*more)
        return NULL;
    const gwapi__meta *meta = &part->ancestors[i].gateway->meta;
    return gateway_of(c->topology, meta->namespace_, meta->name);
}

/* The one that all Gateways present, NULL without; *unusable: none of them can use its own. */
static const gwapi__resource *common_certificate(const claimed *c, bool *unusable)
{
    const gwapi__resource *found = NULL;
    size_t asked = 0, bad = 0;
    bool same = true, more = true;

    for (size_t i = 0; more; i++) {
        const gwapi__resolved_gateway *g = ancestor(c, i, &more);
        if (!is_asked(c, g))
            continue;
        same = same && (asked++ == 0 || g->client_certificate == found);
        found = g->client_certificate;
        bad += g->client_certificate_invalid;
    }
    *unusable = asked != 0 && bad == asked;
    return same ? found : NULL;
}

static void say_gateways(gwapi__text *t, bool *first, const claimed *c)
{
    bool none = true, more = true;

    for (size_t i = 0; more; i++) {
        const gwapi__resolved_gateway *g = ancestor(c, i, &more);
        bool inner = true;
        if (!is_asked(c, g))
            continue;
        gwapi__json_item(t, first, &none, "gateways");
        gwapi__text_char(t, '{');
        gwapi__json_joined(t, &inner, "gateway", g->resource->meta.namespace_,
                           g->resource->meta.name);
        if (g->client_certificate != NULL) {
            gwapi__json_key(t, &inner, "clientCertificate");
            say_object(t, g->client_certificate);
        }
        if (g->client_certificate_invalid)
            gwapi__json_str(t, &inner, "reason", GWAPI__STR("InvalidClientCertificateRef"));
        gwapi__text_char(t, '}');
    }
    gwapi__json_end(t, none);
}

/* Why it can be used or not, the Gateways' certificate left aside. */
static const gwapi__finding *reason_of(const gwapi__judged_policy *policy)
{
    static const gwapi__finding accepted = {GWAPI__POLICY_ACCEPTED, {NULL, 0}};
    const gwapi__policy_state *state = policy->state;

    if (!is_good(&state->resolved) && (policy->tls.valid || is_good(&state->accepted)))
        return &state->resolved;
    return policy->tls.valid ? &accepted : &state->accepted;
}

static void say_policy(gwapi__text *t, bool *first, const claimed *c)
{
    const gwapi__judged_policy *policy = judged(c, c->winner);
    const gwapi__resource *resource = policy->part.resource;
    const gwapi__backend_tls_policy *spec = resource->as.tls_policy;
    bool unusable;
    const gwapi__resource *certificate = common_certificate(c, &unusable);

    gwapi__json_bool(t, first, "valid", policy->tls.valid && !unusable);
    if (policy->tls.valid && unusable) {
        gwapi__json_str(t, first, "reason", GWAPI__STR("InvalidClientCertificateRef"));
        gwapi__json_str(t, first, "message",
                        GWAPI__STR("The Gateway's spec.tls.backend.clientCertificateRef cannot "
                                   "be used: connections to the backend fail"));
    } else {
        say_finding(t, first, reason_of(policy));
    }
    gwapi__json_joined(t, first, "policy", resource->meta.namespace_, resource->meta.name);
    gwapi__json_str_opt(t, first, "sectionName", c->winner->section_name);
    gwapi__json_str(t, first, "sni",
                    gwapi__str_present(spec->hostname) ? spec->hostname : GWAPI__STR(""));
    say_names(t, first, spec);
    say_bundles(t, first, policy->tls.ca_certificates, policy->tls.ca_count);
    gwapi__json_str_opt(t, first, "wellKnownCACertificates", spec->well_known);
    if (certificate != NULL) {
        gwapi__json_key(t, first, "clientCertificate");
        say_object(t, certificate);
    }
    say_options(t, first, spec->options);
    say_gateways(t, first, c);
    say_losers(t, first, c);
}

static void say_port(gwapi__text *t, const claimed *c)
{
    bool first = true;

    gwapi__text_char(t, '{');
    gwapi__json_joined(t, &first, "service", c->service->meta.namespace_,
                       c->service->meta.name);
    gwapi__json_u64(t, &first, "port", (uint64_t)c->port->port);
    gwapi__json_str_opt(t, &first, "portName", c->port->name);
    if (c->winner != NULL) {
        say_policy(t, &first, c);
    } else {
        gwapi__json_str(t, &first, "reason", GWAPI__STR("NoPolicy"));
        gwapi__json_str(
            t, &first, "message",
            GWAPI__STR("No BackendTLSPolicy applies: backends are spoken to without "
                       "TLS of the Gateway's own"));
    }
    gwapi__text_addz(t, "}\n");
}

static void find_target(claimed *c)
{
    gwapi__identity key = gwapi__identity_of(c->service);
    uint32_t target = gwapi__index_get(&c->policies->index, &key);

    if (target != GWAPI_NONE)
        c->target = GWAPI__AT(&c->policies->targets, gwapi__target, target);
}

/* O(objects): it is asked by people. */
static const gwapi__resource *find_service(const gwapi_topology *topology,
                                           const gwapi_object_ref *ref)
{
    const gwapi__set_view *set = &topology->set;

    for (size_t i = 0; i < set->end; i++) {
        const gwapi__resource *r = gwapi__set_view_at(set, i);
        if (r != NULL && r->kind == GWAPI__KIND_SERVICE &&
            gwapi__str_eq(r->meta.namespace_, ref->namespace_) &&
            gwapi__str_eq(r->meta.name, ref->name))
            return r;
    }
    return NULL;
}

gwapi_result gwapi_topology_backend_tls_write(const gwapi_topology *topology,
                                              const gwapi_object_ref *service, uint32_t port,
                                              const gwapi_object_ref *gateway,
                                              const gwapi_sink *sink)
{
    gwapi__text t;
    size_t told = 0;

    if (topology == NULL || service == NULL || sink == NULL)
        return GWAPI_EARGUMENT;
    const gwapi__resource *object = find_service(topology, service);
    if (object == NULL)
        return GWAPI_ENOTFOUND;
    gwapi__text_init(&t, &topology->allocator);
    for (size_t i = 0; i < object->as.service->port_count; i++) {
        const gwapi__service_port *p = &object->as.service->ports[i];
        claimed c = {topology, object, p, gateway, topology->policies[0], NULL, NULL};
        if (p->transport != GWAPI__TRANSPORT_TCP || (port != 0 && (uint32_t)p->port != port))
            continue;
        find_target(&c);
        find_winner(&c);
        say_port(&t, &c);
        told++;
    }
    return finish(&t, told, sink);
}

/* ---- listeners ----------------------------------------------------------------------- */

static const gwapi__frontend_tls *frontend_at(const gwapi__gateway *gateway, int32_t port)
{
    for (size_t i = 0; i < gateway->frontend_count; i++)
        if (gateway->frontend[i].port == port)
            return &gateway->frontend[i];
    return NULL;
}

static void say_default_lost(gwapi__text *t, bool *first)
{
    bool inner = true;

    gwapi__json_key(t, first, "losers");
    gwapi__text_addz(t, "[{");
    gwapi__json_str(t, &inner, "frontendSource", GWAPI__STR("default"));
    gwapi__json_str(t, &inner, "reason", GWAPI__STR("LessSpecific"));
    gwapi__json_str(
        t, &inner, "message",
        GWAPI__STR("The entry of perPort takes the place of the default as a whole"));
    gwapi__text_addz(t, "}]");
}

/* Where the validation of clients was written, and what that puts aside. */
static void say_source(gwapi__text *t, bool *first, const gwapi__gateway *gateway, int32_t port)
{
    const gwapi__frontend_tls *own = frontend_at(gateway, port);
    const gwapi__frontend_tls *usual = frontend_at(gateway, 0);

    if (own == NULL && (usual == NULL || !usual->has_validation))
        return;
    gwapi__json_str(t, first, "frontendSource",
                    own != NULL ? GWAPI__STR("perPort") : GWAPI__STR("default"));
    if (own != NULL && usual != NULL && usual->has_validation)
        say_default_lost(t, first);
}

static void say_validation(gwapi__text *t, bool *first, const gwapi__client_validation *v)
{
    bool inner = true;

    if (!v->present)
        return;
    gwapi__json_key(t, first, "frontendValidation");
    gwapi__text_char(t, '{');
    gwapi__json_str(t, &inner, "mode",
                    v->mode == GWAPI__VALIDATION_ALLOW_INSECURE_FALLBACK
                        ? GWAPI__STR("AllowInsecureFallback")
                        : GWAPI__STR("AllowValidOnly"));
    say_bundles(t, &inner, v->ca_certificates, v->ca_count);
    gwapi__text_char(t, '}');
}

static void say_certificates(gwapi__text *t, bool *first, const gwapi__resolved_listener *l)
{
    bool none = true;

    for (size_t i = 0; i < l->certificate_count; i++) {
        gwapi__json_item(t, first, &none, "certificates");
        say_object(t, l->certificates[i]);
    }
    gwapi__json_end(t, none);
}

/* The first thing that is wrong with it, else that nothing is. */
static const gwapi__finding *state_of(const gwapi__listener_state *s)
{
    const gwapi__finding *const all[] = {&s->accepted, &s->programmed, &s->resolved};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!is_good(all[i]))
            return all[i];
    return &s->programmed;
}

static void say_listener(gwapi__text *t, const gwapi__gateway_part *g, size_t i)
{
    const gwapi__resolved_listener *l = &g->judged->listeners[i];
    const gwapi__resource *gateway = g->part.resource;
    const gwapi__listener_state *state = &g->judged->listener_states[i];
    bool first = true;

    gwapi__text_char(t, '{');
    gwapi__json_joined(t, &first, "gateway", gateway->meta.namespace_, gateway->meta.name);
    if (l->listener_set != NULL)
        gwapi__json_joined(t, &first, "listenerSet", l->listener_set->meta.namespace_,
                   l->listener_set->meta.name);
    gwapi__json_str(t, &first, "name", l->spec->name);
    gwapi__json_u64(t, &first, "port", (uint64_t)l->port);
    gwapi__json_str(t, &first, "protocol", l->spec->protocol_text);
    gwapi__json_str_opt(t, &first, "hostname", l->spec->hostname);
    gwapi__json_bool(t, &first, "served", l->served);
    say_finding(t, &first, state_of(state));
    if (l->spec->has_tls)
        gwapi__json_str(t, &first, "mode",
                        l->spec->tls_mode == GWAPI__TLS_PASSTHROUGH ? GWAPI__STR("Passthrough")
                                                                    : GWAPI__STR("Terminate"));
    say_certificates(t, &first, l);
    say_options(t, &first, l->spec->tls_options);
    say_validation(t, &first, &l->validation);
    if (l->spec->protocol == GWAPI__PROTOCOL_HTTPS)
        say_source(t, &first, gateway->as.gateway, l->port);
    gwapi__json_bool(t, &first, "overlapping", state->overlapping.id != GWAPI__NO_CONDITION);
    gwapi__text_addz(t, "}\n");
}

gwapi_result gwapi_topology_listener_tls_write(const gwapi_topology *topology,
                                               const gwapi_object_ref *gateway, uint32_t port,
                                               const gwapi_sink *sink)
{
    gwapi__text t;
    size_t told = 0;

    if (topology == NULL || gateway == NULL || sink == NULL)
        return GWAPI_EARGUMENT;
    const gwapi__gateway_part *g = gwapi__sequence_named(
        gwapi__topology_gateways(topology), gateway->namespace_, gateway->name, NULL);
    if (g == NULL)
        return GWAPI_ENOTFOUND;
    gwapi__text_init(&t, &topology->allocator);
    for (size_t i = 0; i < g->judged->gateway.listener_count; i++) {
        const gwapi__resolved_listener *l = &g->judged->listeners[i];
        bool tls = l->spec->protocol == GWAPI__PROTOCOL_HTTPS ||
                   l->spec->protocol == GWAPI__PROTOCOL_TLS;
        if (!tls || (port != 0 && (uint32_t)l->port != port))
            continue;
        say_listener(&t, g, i);
        told++;
    }
    return finish(&t, told, sink);
}
