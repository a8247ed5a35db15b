/*
 * Policies on backends: targets and conflicts (tls.md §7, GEP-713, GEP-1897).
 *
 * Before the backends are resolved, every policy is judged and every target gets its claims in
 * order of precedence. While they are, routes leave what targets they use.
 */
#include "resolve/resolver.h"

#include "resolve/causes.h"

/* What became of the targets of one policy. */
typedef struct tally {
    size_t missing; /* the object or the section does not exist */
    size_t unfit;   /* a UDP port, or only such */
    size_t lost;
    size_t won;
} tally;

static const gwapi__policy_target *targets_of(const gwapi__resource *policy, size_t *count)
{
    bool tls = policy->kind == GWAPI__KIND_BACKEND_TLS_POLICY;

    *count =
        tls ? policy->as.tls_policy->target_count : policy->as.traffic_policy->target_count;
    return tls ? policy->as.tls_policy->targets : policy->as.traffic_policy->targets;
}

static gwapi__resource *policy_of(const gwapi__resolver *r, const gwapi__policies *p,
                                  uint32_t i)
{
    return p->kind == GWAPI__KIND_BACKEND_TLS_POLICY ? r->t->tls_policies[i].resource
                                                     : r->t->traffic_policies[i].resource;
}

/* ---- claims -------------------------------------------------------------------------- */

static bool is_target_kind(const gwapi__resolver *r, const gwapi__reference *ref)
{
    return ref->known == GWAPI__KIND_SERVICE ||
           gwapi__extension_known(r, GWAPI_EXTENSION_TARGET, ref->group, ref->kind);
}

static gwapi_result target_at(gwapi__resolver *r, gwapi__policies *p,
                              const gwapi__identity *key, const gwapi__reference *ref,
                              uint32_t *out)
{
    uint32_t *at = gwapi__index_at(&p->index, key);
    bool assumed = false;

    if (at == NULL)
        return GWAPI_ENOMEM;
    *out = *at;
    if (*at != GWAPI_NONE)
        return GWAPI_OK;
    gwapi__target *added = gwapi__vector_push(&p->targets);
    if (added == NULL)
        return GWAPI_ENOMEM;
    *out = *at = (uint32_t)(p->targets.count - 1);
    *added = (gwapi__target){.key = *key, .object = gwapi__find(r, key)};
    if (added->object == NULL && ref->known == GWAPI__KIND_SERVICE)
        GWAPI__TRY(gwapi__assume(r, GWAPI_ASSUME_SERVICE, key, &assumed));
    added->exists = added->object != NULL || assumed;
    return GWAPI_OK;
}

/* A section of a Service is a port's name; TLS needs a TCP port. */
static gwapi__claim_state claim_on_service(const gwapi__service *service, gwapi_str section,
                                           bool tls)
{
    bool any_tcp = false;

    for (size_t i = 0; i < service->port_count; i++) {
        bool tcp = service->ports[i].transport == GWAPI__TRANSPORT_TCP;
        any_tcp = any_tcp || tcp;
        if (section.len != 0 && gwapi__str_eq(service->ports[i].name, section))
            return tcp || !tls ? GWAPI__CLAIM_STANDS : GWAPI__CLAIM_UNFIT;
    }
    if (section.len != 0)
        return GWAPI__CLAIM_MISSING;
    return any_tcp || !tls || service->port_count == 0 ? GWAPI__CLAIM_STANDS
                                                       : GWAPI__CLAIM_UNFIT;
}

static bool has_listener(const gwapi__listener *listeners, size_t count, gwapi_str name)
{
    for (size_t i = 0; i < count; i++)
        if (gwapi__str_eq(listeners[i].name, name))
            return true;
    return false;
}

static bool has_rule(const gwapi__route *route, gwapi_str name)
{
    for (size_t i = 0; i < route->rule_count; i++)
        if (gwapi__str_eq(route->rules[i].name, name))
            return true;
    return false;
}

/* Sections of the host's own targets, where they are of kinds we can look into: a listener's or
 * a rule's name (GEP-713, GEP-995). */
static bool has_section(const gwapi__resource *object, gwapi_str section)
{
    if (object->kind == GWAPI__KIND_GATEWAY)
        return has_listener(object->as.gateway->listeners, object->as.gateway->listener_count,
                            section);
    if (object->kind == GWAPI__KIND_LISTENER_SET)
        return has_listener(object->as.listener_set->listeners,
                            object->as.listener_set->listener_count, section);
    return gwapi__is_route(object->kind) && has_rule(object->as.route, section);
}

/* The fate of a claim that does not depend on other policies. */
static gwapi__claim_state claim_state(const gwapi__target *target, gwapi_str section, bool tls)
{
    const gwapi__resource *object = target->object;

    if (!target->exists)
        return GWAPI__CLAIM_MISSING;
    if (object == NULL)
        return GWAPI__CLAIM_STANDS;
    if (object->kind == GWAPI__KIND_SERVICE)
        return claim_on_service(object->as.service, section, tls);
    return section.len == 0 || has_section(object, section) ? GWAPI__CLAIM_STANDS
                                                            : GWAPI__CLAIM_MISSING;
}

static gwapi_result add_claims(gwapi__resolver *r, gwapi__policies *p, uint32_t policy)
{
    const gwapi__resource *resource = policy_of(r, p, policy);
    size_t count;
    const gwapi__policy_target *targets = targets_of(resource, &count);

    for (size_t i = 0; i < count; i++) {
        const gwapi__reference *ref = &targets[i].ref;
        gwapi__identity key = {ref->group, ref->kind, resource->meta.namespace_, ref->name};
        uint32_t target;
        if (!is_target_kind(r, ref))
            continue;
        GWAPI__TRY(target_at(r, p, &key, ref, &target));
        gwapi__claim *claim = gwapi__vector_push(&p->claims);
        if (claim == NULL)
            return GWAPI_ENOMEM;
        *claim = (gwapi__claim){policy, target, targets[i].section_name,
                                claim_state(GWAPI__AT(&p->targets, gwapi__target, target),
                                            targets[i].section_name,
                                            p->kind == GWAPI__KIND_BACKEND_TLS_POLICY)};
    }
    return GWAPI_OK;
}

typedef struct order {
    const gwapi__resolver *r;
    const gwapi__policies *p;
} order;

static int by_precedence(const void *a, const void *b, void *ctx)
{
    const gwapi__claim *x = a, *y = b;
    const order *o = ctx;
    int sections = gwapi__str_cmp(x->section_name, y->section_name);

    if (x->target != y->target)
        return x->target < y->target ? -1 : 1;
    return sections != 0 ? sections
                         : gwapi__age_cmp(policy_of(o->r, o->p, x->policy),
                                          policy_of(o->r, o->p, y->policy));
}

static void record(const gwapi__resolver *r, const gwapi__policies *p,
                   const gwapi__claim *claim, const gwapi__claim *winner)
{
    static const gwapi__claim_fate fates[] = {[GWAPI__CLAIM_STANDS] = GWAPI__FATE_APPLIES,
                                              [GWAPI__CLAIM_MISSING] = GWAPI__FATE_MISSING,
                                              [GWAPI__CLAIM_UNFIT] = GWAPI__FATE_UNFIT,
                                              [GWAPI__CLAIM_LOST] = GWAPI__FATE_LOST};

    if (r->recorder == NULL)
        return;
    gwapi__record_target(
        r->recorder,
        &(gwapi__target_event){
            .policy = policy_of(r, p, claim->policy),
            .target = GWAPI__AT(&p->targets, gwapi__target, claim->target)->key,
            .section_name = claim->section_name,
            .fate = fates[claim->state],
            .winner =
                claim->state == GWAPI__CLAIM_LOST ? policy_of(r, p, winner->policy) : NULL});
}

/* Of the claims on one section of one target the first that stands wins. */
static gwapi_result settle(gwapi__resolver *r, gwapi__policies *p)
{
    order ctx = {r, p};
    const gwapi__claim *winner = NULL;

    if (!gwapi__vector_sort(&p->claims, by_precedence, &ctx))
        return GWAPI_ENOMEM;
    for (uint32_t i = 0; i < p->claims.count; i++) {
        gwapi__claim *claim = GWAPI__AT(&p->claims, gwapi__claim, i);
        gwapi__target *target = GWAPI__AT(&p->targets, gwapi__target, claim->target);
        if (target->claim_count++ == 0)
            target->first_claim = i;
        if (claim->state == GWAPI__CLAIM_STANDS) {
            if (winner != NULL && winner->target == claim->target &&
                winner->policy != claim->policy &&
                gwapi__str_eq(winner->section_name, claim->section_name))
                claim->state = GWAPI__CLAIM_LOST;
            else
                winner = claim;
        }
        record(r, p, claim, winner);
    }
    return GWAPI_OK;
}

/* ---- judging a policy ---------------------------------------------------------------- */

static void tally_up(const gwapi__policies *p, tally *tallies)
{
    for (size_t i = 0; i < p->claims.count; i++) {
        const gwapi__claim *claim = GWAPI__AT(&p->claims, gwapi__claim, i);
        tally *t = &tallies[claim->policy];
        t->missing += claim->state == GWAPI__CLAIM_MISSING;
        t->unfit += claim->state == GWAPI__CLAIM_UNFIT;
        t->lost += claim->state == GWAPI__CLAIM_LOST;
        t->won += claim->state == GWAPI__CLAIM_STANDS;
    }
}

/* `invalid` is why the policy cannot be met, absent when it can; `no_ca` when no CA is left. */
static gwapi_result conclude(gwapi__resolver *r, gwapi__policy_state *state, const tally *t,
                             gwapi_str invalid, bool no_ca)
{
    gwapi__arena *arena = gwapi__resolver_arena(r);

    if (t->won + t->lost + t->unfit == 0)
        state->accepted = gwapi__found(GWAPI__POLICY_TARGET_NOT_FOUND);
    else if (t->won + t->unfit == 0)
        state->accepted = gwapi__found(GWAPI__POLICY_CONFLICTED);
    else if (gwapi__str_present(invalid))
        state->accepted = (gwapi__finding){GWAPI__POLICY_INVALID, invalid};
    else if (t->won == 0)
        state->accepted = (gwapi__finding){
            GWAPI__POLICY_INVALID,
            GWAPI__STR("The policy targets a UDP port: TLS cannot be used there")};
    else if (no_ca)
        state->accepted = gwapi__found(GWAPI__POLICY_NO_VALID_CA);
    else {
        state->accepted = gwapi__found(GWAPI__POLICY_ACCEPTED);
        if (t->missing + t->lost + t->unfit != 0)
            return gwapi__message(
                &state->accepted.message, arena,
                "The policy is accepted; of its targets %d are missing, %d have "
                "an older policy, %d are UDP ports",
                (int64_t)t->missing, (int64_t)t->lost, (int64_t)t->unfit);
    }
    return GWAPI_OK;
}

static gwapi_result check_ca(gwapi__resolver *r, const gwapi__resource *policy,
                             const gwapi__reference *ref, size_t i, gwapi__causes *p,
                             gwapi__resource **valid)
{
    gwapi__identity key = {ref->group, ref->kind, policy->meta.namespace_, ref->name};
    gwapi__data_found found;
    gwapi_str wrong = {NULL, 0};

    *valid = NULL;
    if (ref->known != GWAPI__KIND_CONFIG_MAP) {
        GWAPI__CAUSE(
            p, GWAPI__POLICY_INVALID_KIND,
            "caCertificateRefs[%d]: kind %s of group \"%s\" cannot hold CA certificates",
            (int64_t)i, ref->kind, ref->group);
        return GWAPI_OK;
    }
    GWAPI__TRY(gwapi__find_data(r, ref, &key, &found));
    if (found.object == NULL) {
        GWAPI__CAUSE(p, GWAPI__POLICY_INVALID_CA,
                     "caCertificateRefs[%d]: ConfigMap %s/%s does not exist", (int64_t)i,
                     key.namespace_, key.name);
        return GWAPI_OK;
    }
    if (!found.assumed)
        GWAPI__TRY(gwapi__certificates_bundle(&r->certificates, found.object, &wrong));
    if (!gwapi__str_present(wrong))
        *valid = found.object;
    else
        GWAPI__CAUSE(p, GWAPI__POLICY_INVALID_CA,
                     "caCertificateRefs[%d]: ConfigMap %s/%s cannot be used: %s", (int64_t)i,
                     key.namespace_, key.name, wrong);
    return GWAPI_OK;
}

static gwapi_result check_cas(gwapi__resolver *r, gwapi__resolved_tls_policy *out,
                              gwapi__policy_state *state, bool *no_ca)
{
    gwapi__references refs = out->resource->as.tls_policy->ca_certificates;
    gwapi__resource **valid =
        gwapi__arena_array(gwapi__resolver_arena(r), refs.count, sizeof *valid);
    gwapi_result result = GWAPI_OK;
    gwapi__causes p;

    if (valid == NULL)
        return GWAPI_ENOMEM;
    gwapi__causes_init(&p, &r->scratch.allocator);
    for (size_t i = 0; i < refs.count && result == GWAPI_OK; i++) {
        result = check_ca(r, out->resource, &refs.items[i], i, &p, &valid[out->ca_count]);
        out->ca_count += result == GWAPI_OK && valid[out->ca_count] != NULL;
    }
    if (result == GWAPI_OK)
        result = gwapi__causes_take(&state->resolved, gwapi__resolver_arena(r), &p, p.first,
                                    GWAPI__POLICY_RESOLVED);
    gwapi__causes_free(&p);
    out->ca_certificates = valid;
    *no_ca = refs.count != 0 && out->ca_count == 0;
    return result;
}

/* Why nothing can be done with the policy; absent when it can be met. */
static gwapi_str invalid_tls(const gwapi__resolver *r, const gwapi__resource *policy)
{
    const gwapi__backend_tls_policy *spec = policy->as.tls_policy;

    if (policy->undecodable)
        return GWAPI__STR("A part of the policy cannot be read");
    if (!r->features.has[GWAPI__FEATURE_BACKEND_TLS_POLICY])
        return GWAPI__STR("The data plane lacks BackendTLSPolicy");
    if (spec->name_count != 0 && !r->features.has[GWAPI__FEATURE_BACKEND_TLS_SAN])
        return GWAPI__STR("The data plane lacks BackendTLSPolicySANValidation");
    if (spec->ca_certificates.count != 0)
        return (gwapi_str){NULL, 0};
    if (!gwapi__str_eq(spec->well_known, GWAPI__STR("System")))
        return GWAPI__STR("validation names no CA certificates that are supported");
    return (gwapi_str){NULL, 0};
}

static gwapi_result judge_tls(gwapi__resolver *r, uint32_t i, const tally *t)
{
    gwapi__resolved_tls_policy *policy = &r->t->tls_policies[i];
    gwapi__policy_state *state = &r->tls_policies.states[i];
    gwapi_str invalid = invalid_tls(r, policy->resource);
    bool no_ca;

    GWAPI__TRY(check_cas(r, policy, state, &no_ca));
    policy->valid = !gwapi__str_present(invalid) && !no_ca;
    return conclude(r, state, t, invalid, no_ca);
}

static gwapi_str invalid_traffic(const gwapi__resource *policy)
{
    const gwapi__session_persistence *session = &policy->as.traffic_policy->session;

    if (policy->undecodable)
        return GWAPI__STR("A part of the policy cannot be read");
    if (session->present && (session->type == GWAPI__SESSION_UNKNOWN ||
                             session->lifetime == GWAPI__LIFETIME_UNKNOWN))
        return GWAPI__STR("sessionPersistence asks for what is not supported");
    return (gwapi_str){NULL, 0};
}

static gwapi_result judge_traffic(gwapi__resolver *r, uint32_t i, const tally *t)
{
    return conclude(r, &r->traffic_policies.states[i], t,
                    invalid_traffic(r->t->traffic_policies[i].resource), false);
}

/* ---- collecting ---------------------------------------------------------------------- */

static gwapi_result collect(gwapi__resolver *r, gwapi__policies *p)
{
    p->states = gwapi__arena_array(&r->scratch, p->count, sizeof *p->states);
    tally *tallies = gwapi__arena_array(&r->scratch, p->count, sizeof *tallies);

    if (p->states == NULL || tallies == NULL)
        return GWAPI_ENOMEM;
    for (uint32_t i = 0; i < p->count; i++) {
        gwapi__vector_init(&p->states[i].ancestors, &r->scratch.allocator, sizeof(uint32_t));
        GWAPI__TRY(add_claims(r, p, i));
    }
    GWAPI__TRY(settle(r, p));
    tally_up(p, tallies);
    for (uint32_t i = 0; i < p->count; i++)
        GWAPI__TRY(p->kind == GWAPI__KIND_BACKEND_TLS_POLICY
                       ? judge_tls(r, i, &tallies[i])
                       : judge_traffic(r, i, &tallies[i]));
    return GWAPI_OK;
}

gwapi_result gwapi__collect_policies(gwapi__resolver *r)
{
    const gwapi__sorted *tls = &r->kinds[GWAPI__KIND_BACKEND_TLS_POLICY];
    const gwapi__sorted *traffic = &r->kinds[GWAPI__KIND_BACKEND_TRAFFIC_POLICY];
    gwapi__arena *arena = gwapi__resolver_arena(r);

    r->t->tls_policies = gwapi__arena_array(arena, tls->count, sizeof *r->t->tls_policies);
    r->t->traffic_policies =
        gwapi__arena_array(arena, traffic->count, sizeof *r->t->traffic_policies);
    if (r->t->tls_policies == NULL || r->t->traffic_policies == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < tls->count; i++)
        r->t->tls_policies[i].resource = tls->items[i];
    for (size_t i = 0; i < traffic->count; i++)
        r->t->traffic_policies[i].resource = traffic->items[i];
    r->tls_policies.count = r->t->tls_policy_count = tls->count;
    r->traffic_policies.count = r->t->traffic_policy_count = traffic->count;
    GWAPI__TRY(collect(r, &r->tls_policies));
    return collect(r, &r->traffic_policies);
}

void gwapi__policies_init(gwapi__policies *p, gwapi__resource_kind kind,
                          const gwapi_allocator *allocator)
{
    *p = (gwapi__policies){.kind = kind};
    gwapi__index_init(&p->index, allocator);
    gwapi__vector_init(&p->targets, allocator, sizeof(gwapi__target));
    gwapi__vector_init(&p->claims, allocator, sizeof(gwapi__claim));
    gwapi__vector_init(&p->uses, allocator, sizeof(gwapi__target_use));
}

void gwapi__policies_free(gwapi__policies *p)
{
    for (size_t i = 0; p->states != NULL && i < p->count; i++)
        gwapi__vector_free(&p->states[i].ancestors);
    gwapi__index_free(&p->index);
    gwapi__vector_free(&p->targets);
    gwapi__vector_free(&p->claims);
    gwapi__vector_free(&p->uses);
}

/* ---- use by backends ----------------------------------------------------------------- */

/* A claim on the port's name beats one on the whole target. */
static uint32_t in_force(const gwapi__policies *p, const gwapi__target *target,
                         gwapi_str port_name)
{
    uint32_t whole = GWAPI_NONE;

    for (uint32_t i = target->first_claim; i < target->first_claim + target->claim_count; i++) {
        const gwapi__claim *claim = GWAPI__AT(&p->claims, gwapi__claim, i);
        if (claim->state != GWAPI__CLAIM_STANDS)
            continue;
        if (claim->section_name.len == 0)
            whole = whole == GWAPI_NONE ? claim->policy : whole;
        else if (gwapi__str_eq(claim->section_name, port_name))
            return claim->policy;
    }
    return whole;
}

gwapi_result gwapi__remember_use(gwapi__policies *p, uint32_t route, uint32_t target)
{
    gwapi__target_use *added = gwapi__vector_push(&p->uses);

    if (added == NULL)
        return GWAPI_ENOMEM;
    *added = (gwapi__target_use){route, target};
    return GWAPI_OK;
}

static gwapi_result use(gwapi__policies *p, uint32_t route, const gwapi__identity *key,
                        gwapi_str port_name, bool remembers, uint32_t *policy)
{
    uint32_t i = gwapi__index_get(&p->index, key);

    if (policy != NULL)
        *policy = GWAPI_NONE;
    if (i == GWAPI_NONE || !GWAPI__AT(&p->targets, gwapi__target, i)->exists)
        return GWAPI_OK;
    if (policy != NULL)
        *policy = in_force(p, GWAPI__AT(&p->targets, gwapi__target, i), port_name);
    return remembers ? gwapi__remember_use(p, route, i) : GWAPI_OK;
}

gwapi_result gwapi__use_policies(gwapi__resolver *r, uint32_t route,
                                 const gwapi__identity *target, gwapi_str port_name, bool mesh,
                                 uint32_t *tls_policy, uint32_t *traffic_policy)
{
    if (!mesh)
        GWAPI__TRY(use(&r->tls_policies, route, target, port_name, true, tls_policy));
    GWAPI__TRY(use(&r->traffic_policies, route, target, port_name, !mesh, traffic_policy));
    /* One that cannot be met stands, and changes nothing. */
    if (traffic_policy != NULL && *traffic_policy != GWAPI_NONE &&
        gwapi__str_present(invalid_traffic(r->t->traffic_policies[*traffic_policy].resource)))
        *traffic_policy = GWAPI_NONE;
    return GWAPI_OK;
}
