/*
 * Policies on backends: targets, conflicts (tls.md §7, GEP-713, GEP-1897).
 *
 * Before the backends are resolved, every policy is judged and every target gets its claims in
 * order of precedence. While they are, routes leave what targets they use (ancestor.c).
 */
#include "resolve/resolver.h"

#include "resolve/causes.h"

const gwapi__policy_target *gwapi__policy_targets(const gwapi__resource *policy, size_t *count)
{
    bool tls = policy->kind == GWAPI__KIND_BACKEND_TLS_POLICY;

    *count =
        tls ? policy->as.tls_policy->target_count : policy->as.traffic_policy->target_count;
    return tls ? policy->as.tls_policy->targets : policy->as.traffic_policy->targets;
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
    const gwapi__resource *resource = r->kinds[p->kind].items[policy];
    size_t count;
    const gwapi__policy_target *targets = gwapi__policy_targets(resource, &count);

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

static int by_precedence(const void *a, const void *b, void *ctx)
{
    const gwapi__claim *x = a, *y = b;
    const gwapi__sorted *policies = ctx;
    int sections = gwapi__str_cmp(x->section_name, y->section_name);

    if (x->target != y->target)
        return x->target < y->target ? -1 : 1;
    return sections != 0
               ? sections
               : gwapi__age_cmp(policies->items[x->policy], policies->items[y->policy]);
}

static void record(const gwapi__resolver *r, const gwapi__policies *p,
                   const gwapi__claim *claim, const gwapi__claim *winner)
{
    static const gwapi__claim_fate fates[] = {[GWAPI__CLAIM_STANDS] = GWAPI__FATE_APPLIES,
                                              [GWAPI__CLAIM_MISSING] = GWAPI__FATE_MISSING,
                                              [GWAPI__CLAIM_UNFIT] = GWAPI__FATE_UNFIT,
                                              [GWAPI__CLAIM_LOST] = GWAPI__FATE_LOST};
    gwapi__resource *const *policies = r->kinds[p->kind].items;

    if (r->recorder == NULL)
        return;
    gwapi__record_target(
        r->recorder,
        &(gwapi__target_event){
            .policy = policies[claim->policy],
            .target = GWAPI__AT(&p->targets, gwapi__target, claim->target)->key,
            .section_name = claim->section_name,
            .fate = fates[claim->state],
            .winner = claim->state == GWAPI__CLAIM_LOST ? policies[winner->policy] : NULL});
}

/* Of the claims on one section of one target the first that stands wins. */
static gwapi_result settle(gwapi__resolver *r, gwapi__policies *p)
{
    const gwapi__claim *winner = NULL;

    if (!gwapi__vector_sort(&p->claims, by_precedence, &r->kinds[p->kind]))
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

static void tally_up(const gwapi__policies *p, gwapi__tally *tallies)
{
    for (size_t i = 0; i < p->claims.count; i++) {
        const gwapi__claim *claim = GWAPI__AT(&p->claims, gwapi__claim, i);
        gwapi__tally *t = &tallies[claim->policy];
        t->missing += claim->state == GWAPI__CLAIM_MISSING;
        t->unfit += claim->state == GWAPI__CLAIM_UNFIT;
        t->lost += claim->state == GWAPI__CLAIM_LOST;
        t->won += claim->state == GWAPI__CLAIM_STANDS;
    }
}

/* `invalid` is why the policy cannot be met, absent when it can; `no_ca` when no CA is left. */
static gwapi_result conclude(gwapi__resolver *r, gwapi__policy_state *state,
                             const gwapi__tally *t, gwapi_str invalid, bool no_ca)
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

static gwapi_result judge_tls(gwapi__resolver *r, gwapi__judged_policy *policy,
                              gwapi__policy_state *state)
{
    gwapi_str invalid = invalid_tls(r, policy->part.resource);
    bool no_ca;

    policy->tls.resource = policy->part.resource;
    GWAPI__TRY(check_cas(r, &policy->tls, state, &no_ca));
    policy->tls.valid = !gwapi__str_present(invalid) && !no_ca;
    return conclude(r, state, &state->tally, invalid, no_ca);
}

static gwapi_str invalid_traffic(const gwapi__resource *policy)
{
    const gwapi__session_persistence *session = policy->as.traffic_policy->session;

    if (policy->undecodable)
        return GWAPI__STR("A part of the policy cannot be read");
    if (session != NULL && (session->type == GWAPI__SESSION_UNKNOWN ||
                            session->lifetime == GWAPI__LIFETIME_UNKNOWN))
        return GWAPI__STR("sessionPersistence asks for what is not supported");
    return (gwapi_str){NULL, 0};
}

static gwapi_result judge_traffic(gwapi__resolver *r, gwapi__judged_policy *policy,
                                  gwapi__policy_state *state)
{
    return conclude(r, state, &state->tally, invalid_traffic(policy->part.resource), false);
}

static void see_targets(const gwapi__resolver *r, const gwapi__resource *policy)
{
    size_t count;
    const gwapi__policy_target *targets = gwapi__policy_targets(policy, &count);

    for (size_t i = 0; i < count; i++) {
        const gwapi__reference *ref = &targets[i].ref;
        gwapi__identity key = {ref->group, ref->kind, policy->meta.namespace_, ref->name};
        gwapi__see(r, &key);
    }
}

static gwapi_result judge(gwapi__resolver *r, gwapi__resource *policy, const gwapi__tally *t,
                          const gwapi__judged_policy **out)
{
    gwapi__judged_policy *made = gwapi__part_begin(r, sizeof *made);
    gwapi__policy_state *state =
        made != NULL ? GWAPI__ARENA_NEW(r->arena, gwapi__policy_state) : NULL;
    gwapi_result result = GWAPI_ENOMEM;

    if (state != NULL) {
        made->part.resource = policy;
        made->state = state;
        state->tally = *t;
        see_targets(r, policy);
        result = policy->kind == GWAPI__KIND_BACKEND_TLS_POLICY ? judge_tls(r, made, state)
                                                                : judge_traffic(r, made, state);
    }
    if (result == GWAPI_OK)
        result = gwapi__part_end(r, made);
    if (result == GWAPI_OK)
        *out = made;
    else
        gwapi__part_release(made);
    return result;
}

/* ---- collecting ---------------------------------------------------------------------- */

/* As it was judged before, if nothing that it looks at changed; NULL else. */
static const gwapi__judged_policy *
judged_before(const gwapi__resolver *r, const gwapi__resource *policy, const gwapi__tally *t)
{
    const gwapi__policy_part *part =
        gwapi__previous_part(r, gwapi__sequence_of(policy->kind), policy);

    if (part == NULL || part->part.resource != policy || gwapi__is_reviewed(r, policy))
        return NULL;
    const gwapi__tally *old = &part->judged->state->tally;
    return old->missing == t->missing && old->unfit == t->unfit && old->lost == t->lost &&
                   old->won == t->won
               ? part->judged
               : NULL;
}

static gwapi_result judge_all(gwapi__resolver *r, gwapi__policies *p,
                              const gwapi__tally *tallies)
{
    for (size_t i = 0; i < p->count; i++) {
        gwapi__resource *policy = r->kinds[p->kind].items[i];
        const gwapi__judged_policy *before = judged_before(r, policy, &tallies[i]);
        if (before != NULL)
            p->judged[i] = gwapi__part_retain(before);
        else
            GWAPI__TRY(judge(r, policy, &tallies[i], &p->judged[i]));
    }
    return GWAPI_OK;
}

static gwapi_result collect(gwapi__resolver *r, gwapi__policies *p)
{
    const gwapi__sorted *all = &r->kinds[p->kind];
    gwapi__tally *tallies = gwapi__arena_array(&r->scratch, all->count, sizeof *tallies);

    p->judged = gwapi__arena_array(&p->part.arena, all->count, sizeof *p->judged);
    if (p->judged == NULL || tallies == NULL)
        return GWAPI_ENOMEM;
    p->count = all->count;
    for (uint32_t i = 0; i < p->count; i++)
        GWAPI__TRY(add_claims(r, p, i));
    GWAPI__TRY(settle(r, p));
    tally_up(p, tallies);
    return judge_all(r, p, tallies);
}

static void policies_free(void *part)
{
    gwapi__policies *p = part;

    for (size_t i = 0; p->judged != NULL && i < p->count; i++)
        gwapi__part_release(p->judged[i]);
    gwapi__index_free(&p->index);
    gwapi__vector_free(&p->targets);
    gwapi__vector_free(&p->claims);
}

static gwapi_result make(gwapi__resolver *r, gwapi__resource_kind kind, gwapi__policies **out)
{
    const gwapi_allocator *allocator = &r->t->allocator;
    gwapi__policies *p = gwapi__part_new(allocator, sizeof *p);

    *out = p;
    if (p == NULL)
        return GWAPI_ENOMEM;
    p->part.free = policies_free;
    p->kind = kind;
    gwapi__index_init(&p->index, allocator);
    gwapi__vector_init(&p->targets, allocator, sizeof(gwapi__target));
    gwapi__vector_init(&p->claims, allocator, sizeof(gwapi__claim));
    return collect(r, p);
}

static const gwapi__resource_kind policy_kinds[] = {GWAPI__KIND_BACKEND_TLS_POLICY,
                                                    GWAPI__KIND_BACKEND_TRAFFIC_POLICY};

gwapi_result gwapi__collect_policies(gwapi__resolver *r)
{
    for (int i = 0; i < 2; i++) {
        if (r->previous != NULL && r->reviewed.count == 0)
            r->t->policies[i] = gwapi__part_retain(r->previous->policies[i]);
        else
            GWAPI__TRY(make(r, policy_kinds[i], &r->t->policies[i]));
    }
    return GWAPI_OK;
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

static gwapi_result remember(gwapi__resolver *r, gwapi__resource_kind policies,
                             const gwapi__identity *target)
{
    gwapi__target_use *added = gwapi__vector_push(&r->uses);

    if (added == NULL)
        return GWAPI_ENOMEM;
    *added = (gwapi__target_use){policies, *target};
    return GWAPI_OK;
}

static gwapi_result use(gwapi__resolver *r, const gwapi__policies *p,
                        const gwapi__identity *key, gwapi_str port_name, bool remembers,
                        const gwapi__judged_policy **policy)
{
    uint32_t i = gwapi__index_get(&p->index, key);

    if (policy != NULL)
        *policy = NULL;
    if (i == GWAPI_NONE || !GWAPI__AT(&p->targets, gwapi__target, i)->exists)
        return GWAPI_OK;
    uint32_t found = in_force(p, GWAPI__AT(&p->targets, gwapi__target, i), port_name);
    if (policy != NULL && found != GWAPI_NONE)
        *policy = p->judged[found];
    return remembers ? remember(r, p->kind, key) : GWAPI_OK;
}

gwapi_result gwapi__use_policies(gwapi__resolver *r, const gwapi__identity *target,
                                 gwapi_str port_name, bool mesh,
                                 const gwapi__judged_policy **tls_policy,
                                 const gwapi__judged_policy **traffic_policy)
{
    gwapi__see_policies(r, target);
    if (tls_policy != NULL)
        *tls_policy = NULL;
    if (!mesh)
        GWAPI__TRY(use(r, r->t->policies[0], target, port_name, true, tls_policy));
    GWAPI__TRY(use(r, r->t->policies[1], target, port_name, !mesh, traffic_policy));
    /* One that cannot be met stands, and changes nothing. */
    if (traffic_policy != NULL && *traffic_policy != NULL &&
        gwapi__str_present(invalid_traffic((*traffic_policy)->part.resource)))
        *traffic_policy = NULL;
    return GWAPI_OK;
}
