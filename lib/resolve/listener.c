/* Listeners: kinds, certificates, client validation, conditions (attachment.md §3, tls.md
 * §1-§5). */
#include "resolve/resolver.h"

#include "resolve/causes.h"

#define BIT(kind) (1u << GWAPI__KIND_##kind)

/* ---- kinds --------------------------------------------------------------------------- */

static uint32_t kinds_of_protocol(const gwapi__listener *spec)
{
    static const uint32_t kinds[] = {
        [GWAPI__PROTOCOL_OTHER] = 0,
        [GWAPI__PROTOCOL_HTTP] = BIT(HTTP_ROUTE) | BIT(GRPC_ROUTE),
        [GWAPI__PROTOCOL_HTTPS] = BIT(HTTP_ROUTE) | BIT(GRPC_ROUTE),
        [GWAPI__PROTOCOL_TLS] = BIT(TLS_ROUTE) | BIT(TCP_ROUTE),
        [GWAPI__PROTOCOL_TCP] = BIT(TCP_ROUTE),
        [GWAPI__PROTOCOL_UDP] = BIT(UDP_ROUTE),
    };
    bool passes = spec->has_tls && spec->tls_mode == GWAPI__TLS_PASSTHROUGH;

    /* What passes through encrypted has a server name and no more. */
    return kinds[spec->protocol] &
           (spec->protocol == GWAPI__PROTOCOL_TLS && passes ? BIT(TLS_ROUTE) : UINT32_MAX);
}

/* What the data plane can route. TCPRoute has no feature name in v1.4. */
static uint32_t kinds_of_features(const gwapi__features *f)
{
    return BIT(TCP_ROUTE) | (f->has[GWAPI__FEATURE_HTTP_ROUTE] ? BIT(HTTP_ROUTE) : 0) |
           (f->has[GWAPI__FEATURE_GRPC_ROUTE] ? BIT(GRPC_ROUTE) : 0) |
           (f->has[GWAPI__FEATURE_TLS_ROUTE] ? BIT(TLS_ROUTE) : 0) |
           (f->has[GWAPI__FEATURE_UDP_ROUTE] ? BIT(UDP_ROUTE) : 0);
}

static uint32_t kinds_requested(const gwapi__listener *spec)
{
    uint32_t kinds = 0;

    for (size_t i = 0; i < spec->kind_count; i++)
        kinds |= 1u << spec->kinds[i].known;
    return kinds;
}

void gwapi__support_listeners(gwapi__resolver *r, uint32_t gateway)
{
    uint32_t possible = kinds_of_features(&r->features), first = r->w.first_listener[gateway];

    for (uint32_t i = first; i < first + r->w.gateways[gateway].listener_count; i++) {
        const gwapi__listener *spec = r->w.listeners[i].spec;
        gwapi__listener_state *state = &r->listeners[i];
        state->kinds_supported = kinds_of_protocol(spec) & possible;
        state->kinds = state->kinds_supported;
        if (spec->kind_count != 0)
            state->kinds &= kinds_requested(spec);
    }
}

static void check_kinds(const gwapi__resolver *r, uint32_t i, gwapi__causes *p)
{
    const gwapi__listener *spec = r->w.listeners[i].spec;
    uint32_t supported = r->listeners[i].kinds_supported;

    for (size_t k = 0; k < spec->kind_count; k++)
        if ((supported & 1u << spec->kinds[k].known) == 0)
            GWAPI__CAUSE(p, GWAPI__LISTENER_INVALID_KINDS,
                         "allowedRoutes.kinds: a listener of protocol %s does not take kind %s",
                         spec->protocol_text, spec->kinds[k].kind);
}

/* ---- references ---------------------------------------------------------------------- */

/* A Secret or ConfigMap that is assumed: its name counts, it has no data. NULL: no memory. */
static gwapi__resource *assumed_object(gwapi__resolver *r, const gwapi__reference *ref,
                                       const gwapi__identity *key)
{
    gwapi__arena *arena = gwapi__resolver_arena(r);
    gwapi__resource *made = GWAPI__ARENA_NEW(arena, gwapi__resource);
    gwapi__data *data = GWAPI__ARENA_NEW(arena, gwapi__data);

    if (made == NULL || data == NULL)
        return NULL;
    made->kind = ref->known;
    made->group = gwapi__resource_kind_group(ref->known);
    made->kind_name = gwapi__resource_kind_name(ref->known);
    made->meta.namespace_ = key->namespace_;
    made->meta.name = key->name;
    made->as.data = data;
    return made;
}

gwapi_result gwapi__find_data(gwapi__resolver *r, const gwapi__reference *ref,
                              const gwapi__identity *key, gwapi__data_found *out)
{
    bool assumed;

    *out = (gwapi__data_found){.object = gwapi__find(r, key)};
    if (out->object != NULL)
        return GWAPI_OK;
    GWAPI__TRY(gwapi__assume(r,
                             ref->known == GWAPI__KIND_SECRET ? GWAPI_ASSUME_SECRET
                                                              : GWAPI_ASSUME_CONFIG_MAP,
                             key, &assumed));
    if (!assumed)
        return GWAPI_OK;
    out->assumed = true;
    out->object = assumed_object(r, ref, key);
    return out->object != NULL ? GWAPI_OK : GWAPI_ENOMEM;
}

static gwapi__identity referent(const gwapi__reference *ref, gwapi_str home)
{
    return (gwapi__identity){ref->group, ref->kind,
                             gwapi__str_present(ref->namespace_) ? ref->namespace_ : home,
                             ref->name};
}

/* certificateRefs and clientCertificateRef: permission, kind, existence, content. *secret is
 * the usable one, or NULL; *wrong says why not, with `forbidden` telling the two causes apart.
 */
gwapi_result gwapi__check_certificate(gwapi__resolver *r, const gwapi__identity *referrer,
                                      const gwapi__reference *ref,
                                      gwapi__certificate_check *out)
{
    gwapi__identity key = referent(ref, referrer->namespace_);
    gwapi__arena *arena = gwapi__resolver_arena(r);
    gwapi__data_found found;
    gwapi_str wrong = {NULL, 0};

    *out = (gwapi__certificate_check){0};
    if (!gwapi__permitted(r, referrer, &key)) {
        out->forbidden = true;
        return gwapi__message(&out->wrong, arena,
                              "no ReferenceGrant in namespace %s permits %s of namespace %s to "
                              "refer to %s %s",
                              key.namespace_, referrer->kind, referrer->namespace_, key.kind,
                              key.name);
    }
    if (ref->known != GWAPI__KIND_SECRET)
        return gwapi__message(&out->wrong, arena,
                              "kind %s of group \"%s\" cannot hold a certificate", key.kind,
                              key.group);
    GWAPI__TRY(gwapi__find_data(r, ref, &key, &found));
    if (found.object == NULL)
        return gwapi__message(&out->wrong, arena, "Secret %s/%s does not exist", key.namespace_,
                              key.name);
    if (!found.assumed)
        GWAPI__TRY(gwapi__certificates_pair(&r->certificates, found.object, &wrong));
    if (gwapi__str_present(wrong))
        return gwapi__message(&out->wrong, arena, "Secret %s/%s cannot be used: %s",
                              key.namespace_, key.name, wrong);
    out->secret = found.object;
    return GWAPI_OK;
}

/* Who refers: the ListenerSet for its own entries, the Gateway else. */
static gwapi__identity referrer_of(const gwapi__resolver *r, uint32_t i)
{
    const gwapi__resolved_listener *l = &r->w.listeners[i];
    const gwapi__resource *owner =
        l->listener_set != NULL ? l->listener_set : r->w.gateways[r->listeners[i].gateway].resource;

    return gwapi__identity_of(owner);
}

static gwapi_result check_certificates(gwapi__resolver *r, uint32_t i, gwapi__causes *p,
                                       bool *usable)
{
    gwapi__resolved_listener *l = &r->w.listeners[i];
    gwapi__references refs = l->spec->certificates;
    gwapi__identity referrer = referrer_of(r, i);
    gwapi__resource **valid =
        gwapi__arena_array(gwapi__resolver_arena(r), refs.count, sizeof *valid);

    if (valid == NULL)
        return GWAPI_ENOMEM;
    for (size_t k = 0; k < refs.count; k++) {
        gwapi__certificate_check check;
        GWAPI__TRY(gwapi__check_certificate(r, &referrer, &refs.items[k], &check));
        if (check.secret != NULL)
            valid[l->certificate_count++] = check.secret;
        *usable = *usable || check.secret != NULL;
        if (gwapi__str_present(check.wrong))
            GWAPI__CAUSE(p,
                         check.forbidden ? GWAPI__LISTENER_REF_NOT_PERMITTED
                                         : GWAPI__LISTENER_INVALID_CERTIFICATE,
                         "tls.certificateRefs[%d]: %s", (int64_t)k, check.wrong);
    }
    l->certificates = valid;
    return GWAPI_OK;
}

/* ---- client validation (GEP-91) ------------------------------------------------------ */

static const gwapi__frontend_tls *frontend_of(const gwapi__gateway *gateway, int32_t port)
{
    const gwapi__frontend_tls *found = NULL;

    for (size_t i = 0; i < gateway->frontend_count; i++)
        if (gateway->frontend[i].port == port ||
            (gateway->frontend[i].port == 0 && found == NULL))
            found = &gateway->frontend[i];
    return found;
}

/* A CA reference of the Gateway: kind, permission, existence, content. */
static gwapi_result check_ca(gwapi__resolver *r, const gwapi__identity *gateway,
                             const gwapi__reference *ref, size_t k, gwapi__causes *p,
                             gwapi__resource **valid)
{
    gwapi__identity key = referent(ref, gateway->namespace_);
    gwapi__data_found found;
    gwapi_str wrong = {NULL, 0};

    *valid = NULL;
    if (ref->known != GWAPI__KIND_CONFIG_MAP) {
        GWAPI__CAUSE(
            p, GWAPI__LISTENER_INVALID_CA_KIND,
            "caCertificateRefs[%d]: kind %s of group \"%s\" cannot hold CA certificates",
            (int64_t)k, key.kind, key.group);
        return GWAPI_OK;
    }
    if (!gwapi__permitted(r, gateway, &key)) {
        GWAPI__CAUSE(p, GWAPI__LISTENER_REF_NOT_PERMITTED,
                     "caCertificateRefs[%d]: no ReferenceGrant in namespace %s permits Gateway "
                     "of namespace %s to refer to ConfigMap %s",
                     (int64_t)k, key.namespace_, gateway->namespace_, key.name);
        return GWAPI_OK;
    }
    GWAPI__TRY(gwapi__find_data(r, ref, &key, &found));
    if (found.object == NULL) {
        GWAPI__CAUSE(p, GWAPI__LISTENER_INVALID_CA,
                     "caCertificateRefs[%d]: ConfigMap %s/%s does not exist", (int64_t)k,
                     key.namespace_, key.name);
        return GWAPI_OK;
    }
    if (!found.assumed)
        GWAPI__TRY(gwapi__certificates_bundle(&r->certificates, found.object, &wrong));
    if (gwapi__str_present(wrong))
        GWAPI__CAUSE(p, GWAPI__LISTENER_INVALID_CA,
                     "caCertificateRefs[%d]: ConfigMap %s/%s cannot be used: %s", (int64_t)k,
                     key.namespace_, key.name, wrong);
    else
        *valid = found.object;
    return GWAPI_OK;
}

/* HTTPS listeners only, those of ListenerSets too; the references are the Gateway's. */
static gwapi_result check_validation(gwapi__resolver *r, uint32_t i, gwapi__causes *p)
{
    gwapi__resolved_listener *l = &r->w.listeners[i];
    const gwapi__resource *gateway = r->w.gateways[r->listeners[i].gateway].resource;
    const gwapi__frontend_tls *frontend = frontend_of(gateway->as.gateway, l->port);

    if (!r->experimental || l->spec->protocol != GWAPI__PROTOCOL_HTTPS || frontend == NULL ||
        !frontend->has_validation)
        return GWAPI_OK;
    gwapi__identity referrer = gwapi__identity_of(gateway);
    gwapi__references refs = frontend->ca_certificates;
    gwapi__resource **valid =
        gwapi__arena_array(gwapi__resolver_arena(r), refs.count, sizeof *valid);
    if (valid == NULL)
        return GWAPI_ENOMEM;
    l->validation.present = true;
    /* An unknown mode (STORED) is taken as the strict one. */
    l->validation.mode = frontend->mode == GWAPI__VALIDATION_ALLOW_INSECURE_FALLBACK
                             ? frontend->mode
                             : GWAPI__VALIDATION_ALLOW_VALID_ONLY;
    for (size_t k = 0; k < refs.count; k++) {
        GWAPI__TRY(
            check_ca(r, &referrer, &refs.items[k], k, p, &valid[l->validation.ca_count]));
        l->validation.ca_count += valid[l->validation.ca_count] != NULL;
    }
    l->validation.ca_certificates = valid;
    return GWAPI_OK;
}

/* ---- conditions ---------------------------------------------------------------------- */

static gwapi__finding conflict_of(const gwapi__listener_state *s, gwapi__condition_id hostname,
                                  gwapi__condition_id protocol, gwapi__condition_id both)
{
    if (s->hostname_conflict && s->protocol_conflict)
        return gwapi__found(s->set != GWAPI_NONE ? both : protocol);
    if (s->protocol_conflict)
        return gwapi__found(protocol);
    return gwapi__found(s->hostname_conflict ? hostname : GWAPI__NO_CONDITION);
}

static gwapi_result judge_accepted(gwapi__resolver *r, uint32_t i)
{
    const gwapi__resolved_listener *l = &r->w.listeners[i];
    gwapi__listener_state *s = &r->listeners[i];
    gwapi__arena *arena = gwapi__resolver_arena(r);

    s->conflicted =
        conflict_of(s, GWAPI__LISTENER_HOSTNAME_CONFLICT, GWAPI__LISTENER_PROTOCOL_CONFLICT,
                    GWAPI__LISTENER_BOTH_CONFLICT);
    s->accepted = gwapi__found(GWAPI__LISTENER_ACCEPTED);
    if (l->spec->undecodable) {
        s->accepted.id = GWAPI__LISTENER_UNSUPPORTED_PROTOCOL;
        s->accepted.message = GWAPI__STR("A part of the listener cannot be read");
        return GWAPI_OK;
    }
    if (s->kinds_supported == 0) {
        s->accepted.id = GWAPI__LISTENER_UNSUPPORTED_PROTOCOL;
        return gwapi__message(&s->accepted.message, arena, "Protocol %s is not supported",
                              l->spec->protocol_text);
    }
    if (!gwapi__is_port(l->port) ||
        (l->port == 8080 && !r->features.has[GWAPI__FEATURE_GATEWAY_PORT_8080])) {
        s->accepted.id = GWAPI__LISTENER_PORT_UNAVAILABLE;
        return gwapi__message(&s->accepted.message, arena, "Port %d cannot be used",
                              (int64_t)l->port);
    }
    if (s->conflicted.id != GWAPI__NO_CONDITION)
        s->accepted = conflict_of(s, GWAPI__LISTENER_NOT_ACCEPTED_HOSTNAME,
                                  GWAPI__LISTENER_NOT_ACCEPTED_PROTOCOL,
                                  GWAPI__LISTENER_NOT_ACCEPTED_BOTH);
    else if (l->validation.present && l->validation.ca_count == 0)
        s->accepted = gwapi__found(GWAPI__LISTENER_NO_VALID_CA);
    return GWAPI_OK;
}

static bool terminates(const gwapi__listener *spec)
{
    return (spec->protocol == GWAPI__PROTOCOL_HTTPS || spec->protocol == GWAPI__PROTOCOL_TLS) &&
           spec->has_tls && spec->tls_mode == GWAPI__TLS_TERMINATE;
}

/* What is missing of the TLS configuration; absent when it suffices. */
static gwapi_str insufficient_tls(const gwapi__listener *spec)
{
    if (spec->protocol != GWAPI__PROTOCOL_HTTPS && spec->protocol != GWAPI__PROTOCOL_TLS)
        return (gwapi_str){NULL, 0};
    if (!spec->has_tls)
        return GWAPI__STR("tls is not set: the listener has no certificate");
    if (spec->tls_mode == GWAPI__TLS_PASSTHROUGH && spec->protocol == GWAPI__PROTOCOL_TLS)
        return (gwapi_str){NULL, 0};
    if (spec->tls_mode != GWAPI__TLS_TERMINATE)
        return GWAPI__STR("tls.mode is not one that the protocol can have");
    if (spec->certificates.count == 0)
        return GWAPI__STR(
            "tls.certificateRefs is empty, and none of tls.options is understood");
    return (gwapi_str){NULL, 0};
}

static void judge_programmed(gwapi__resolver *r, uint32_t i, bool certificate_usable)
{
    const gwapi__resolved_listener *l = &r->w.listeners[i];
    gwapi__listener_state *s = &r->listeners[i];
    gwapi_str insufficient = insufficient_tls(l->spec);

    s->programmed = gwapi__found(GWAPI__LISTENER_PROGRAMMED);
    if (gwapi__str_present(insufficient))
        s->programmed = (gwapi__finding){GWAPI__LISTENER_INVALID_TLS, insufficient};
    else if (s->conflicted.id != GWAPI__NO_CONDITION && s->set != GWAPI_NONE)
        s->programmed = conflict_of(s, GWAPI__LISTENER_NOT_PROGRAMMED_HOSTNAME,
                                    GWAPI__LISTENER_NOT_PROGRAMMED_PROTOCOL,
                                    GWAPI__LISTENER_NOT_PROGRAMMED_BOTH);
    else if (s->accepted.id != GWAPI__LISTENER_ACCEPTED)
        s->programmed = (gwapi__finding){GWAPI__LISTENER_NOT_PROGRAMMED,
                                         GWAPI__STR("The listener is not accepted")};
    else if (s->kinds == 0)
        s->programmed = (gwapi__finding){
            GWAPI__LISTENER_NOT_PROGRAMMED,
            GWAPI__STR("No kind of allowedRoutes.kinds can attach to the listener")};
    else if (terminates(l->spec) && !certificate_usable)
        s->programmed = (gwapi__finding){GWAPI__LISTENER_NOT_PROGRAMMED,
                                         GWAPI__STR("None of tls.certificateRefs can be used")};
}

static gwapi_result judge_references(gwapi__resolver *r, uint32_t i, bool *certificate_usable)
{
    gwapi__listener_state *s = &r->listeners[i];
    gwapi__causes p;
    gwapi_result result = GWAPI_OK;

    gwapi__causes_init(&p, &r->scratch.allocator);
    if (terminates(r->w.listeners[i].spec))
        result = check_certificates(r, i, &p, certificate_usable);
    if (result == GWAPI_OK)
        result = check_validation(r, i, &p);
    if (result == GWAPI_OK) {
        check_kinds(r, i, &p);
        result = gwapi__causes_take(&s->resolved, gwapi__resolver_arena(r), &p, p.lowest,
                                    GWAPI__LISTENER_RESOLVED);
    }
    gwapi__causes_free(&p);
    return result;
}

gwapi_result gwapi__judge_listeners(gwapi__resolver *r, uint32_t gateway)
{
    uint32_t first = r->w.first_listener[gateway];

    for (uint32_t i = first; i < first + r->w.gateways[gateway].listener_count; i++) {
        gwapi__resolved_listener *l = &r->w.listeners[i];
        const gwapi__listener_state *s = &r->listeners[i];
        bool usable = false;
        GWAPI__TRY(judge_references(r, i, &usable));
        GWAPI__TRY(judge_accepted(r, i));
        judge_programmed(r, i, usable);
        l->accepted = s->accepted.id == GWAPI__LISTENER_ACCEPTED;
        l->programmed = s->programmed.id == GWAPI__LISTENER_PROGRAMMED;
    }
    return GWAPI_OK;
}

void gwapi__serve_listeners(gwapi__resolver *r, uint32_t gateway)
{
    uint32_t first = r->w.first_listener[gateway];

    for (uint32_t i = first; i < first + r->w.gateways[gateway].listener_count; i++) {
        gwapi__resolved_listener *l = &r->w.listeners[i];
        uint32_t set = r->listeners[i].set;
        l->served = l->accepted && l->programmed && r->w.gateways[gateway].accepted &&
                    (set == GWAPI_NONE || r->sets[set].allowed);
    }
}
