/* Gateways: which are ours, addresses, client certificate, conditions (attachment.md §1, §12).
 */
#include "resolve/resolver.h"

static gwapi_result collect(gwapi__resolver *r, gwapi__resource *resource)
{
    gwapi__resolved_gateway *g = &r->t->gateways[r->t->gateway_count];
    gwapi__identity key = gwapi__identity_of(resource);
    gwapi_str controller;
    bool ours;

    GWAPI__TRY(gwapi__gateway_is_ours(r, resource, &ours, &controller));
    if (!ours)
        return GWAPI_OK;
    uint32_t *at = gwapi__index_at(&r->by_name, &key);
    if (at == NULL)
        return GWAPI_ENOMEM;
    *at = (uint32_t)r->t->gateway_count;
    r->gateways[r->t->gateway_count++].controller = controller;
    g->resource = resource;
    g->default_gateway = r->experimental && resource->as.gateway->default_scope_all;
    if (g->default_gateway)
        r->default_gateways[r->default_gateway_count++] = *at;
    return GWAPI_OK;
}

gwapi_result gwapi__collect_gateways(gwapi__resolver *r)
{
    const gwapi__sorted *all = &r->kinds[GWAPI__KIND_GATEWAY];

    r->t->gateways =
        gwapi__arena_array(gwapi__resolver_arena(r), all->count, sizeof *r->t->gateways);
    r->gateways = gwapi__arena_array(&r->scratch, all->count, sizeof *r->gateways);
    r->default_gateways =
        gwapi__arena_array(&r->scratch, all->count, sizeof *r->default_gateways);
    if (r->t->gateways == NULL || r->gateways == NULL || r->default_gateways == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < all->count; i++)
        GWAPI__TRY(collect(r, all->items[i]));
    return GWAPI_OK;
}

/* ---- addresses ----------------------------------------------------------------------- */

typedef struct addresses {
    gwapi_str unsupported; /* why one is not supported; absent: all are */
    gwapi_str unusable;
    bool named;   /* one asks for a value */
    bool unnamed; /* one asks for any */
} addresses;

static bool type_supported(gwapi_str type)
{
    return gwapi__str_eq(type, GWAPI__STR("IPAddress")) ||
           gwapi__str_eq(type, GWAPI__STR("Hostname"));
}

static bool is_usable(const gwapi_resolve_options *options, gwapi_str value)
{
    if ((options->flags & GWAPI_RESOLVE_USABLE_ADDRESSES) == 0)
        return true;
    for (size_t i = 0; i < options->usable_address_count; i++)
        if (gwapi__str_eq(options->usable_addresses[i], value))
            return true;
    return false;
}

static gwapi_result check_address(gwapi__resolver *r, const gwapi__address *address,
                                  addresses *found, bool *granted)
{
    bool named = address->value.len != 0;
    gwapi__arena *arena = gwapi__resolver_arena(r);

    found->named = found->named || named;
    found->unnamed = found->unnamed || !named;
    *granted = false;
    if (!type_supported(address->type))
        return gwapi__message(&found->unsupported, arena,
                              "spec.addresses: type %s is not supported", address->type);
    if (!named)
        return GWAPI_OK;
    if (!r->features.has[GWAPI__FEATURE_GATEWAY_STATIC_ADDRESSES])
        return gwapi__message(&found->unsupported, arena,
                              "spec.addresses: the data plane cannot be given an address");
    *granted = is_usable(r->options, address->value);
    return *granted ? GWAPI_OK
                    : gwapi__message(&found->unusable, arena,
                                     "spec.addresses: %s cannot be used", address->value);
}

static gwapi_result check_addresses(gwapi__resolver *r, gwapi__resolved_gateway *g,
                                    addresses *found)
{
    const gwapi__gateway *spec = g->resource->as.gateway;
    gwapi__address *granted =
        gwapi__arena_array(gwapi__resolver_arena(r), spec->address_count, sizeof *granted);
    bool good;

    *found = (addresses){0};
    if (granted == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < spec->address_count; i++) {
        GWAPI__TRY(check_address(r, &spec->addresses[i], found, &good));
        if (good)
            granted[g->address_count++] = spec->addresses[i];
    }
    g->addresses = granted;
    if (!found->named) { /* what the environment assigned stays */
        g->addresses = g->resource->status.addresses;
        g->address_count = g->resource->status.address_count;
    }
    return GWAPI_OK;
}

/* ---- conditions ---------------------------------------------------------------------- */

static gwapi_result check_client_certificate(gwapi__resolver *r, uint32_t i)
{
    gwapi__resolved_gateway *g = &r->t->gateways[i];
    const gwapi__gateway *spec = g->resource->as.gateway;
    gwapi__identity referrer = gwapi__identity_of(g->resource);
    gwapi__certificate_check check;

    if (!r->experimental || !spec->has_client_certificate)
        return GWAPI_OK;
    GWAPI__TRY(gwapi__check_certificate(r, &referrer, &spec->client_certificate, &check));
    g->client_certificate = check.secret;
    if (!gwapi__str_present(check.wrong))
        return GWAPI_OK;
    g->client_certificate_invalid = true;
    r->gateways[i].resolved.id = check.forbidden ? GWAPI__GATEWAY_REF_NOT_PERMITTED
                                                 : GWAPI__GATEWAY_INVALID_CLIENT_CERTIFICATE;
    return gwapi__message(&r->gateways[i].resolved.message, gwapi__resolver_arena(r),
                          "spec.tls.backend.clientCertificateRef: %s", check.wrong);
}

/* The Gateway's own listeners only: those of ListenerSets have their statuses there. */
static gwapi_result name_invalid_listeners(gwapi__resolver *r, uint32_t i,
                                           gwapi__finding *finding)
{
    const gwapi__resolved_gateway *g = &r->t->gateways[i];
    gwapi__text t;
    size_t count = 0;

    gwapi__text_init(&t, &r->scratch.allocator);
    gwapi__text_add(&t, gwapi__condition_row_of(finding->id)->message);
    for (uint32_t k = 0; k < r->gateways[i].own_count; k++)
        if (!r->t->listeners[g->first_listener + k].accepted)
            gwapi__message_add(&t, count++ == 0 ? ": see %s" : ", %s",
                               r->t->listeners[g->first_listener + k].spec->name);
    return gwapi__message_take(&finding->message, gwapi__resolver_arena(r), &t);
}

static void count_own(const gwapi__resolver *r, uint32_t i, size_t *accepted,
                      size_t *programmed)
{
    const gwapi__resolved_listener *own = &r->t->listeners[r->t->gateways[i].first_listener];

    *accepted = *programmed = 0;
    for (uint32_t k = 0; k < r->gateways[i].own_count; k++) {
        *accepted += own[k].accepted;
        *programmed += own[k].programmed;
    }
}

static gwapi_result judge_accepted(gwapi__resolver *r, uint32_t i, const addresses *found,
                                   size_t accepted)
{
    gwapi__gateway_state *state = &r->gateways[i];
    const gwapi__resource *resource = r->t->gateways[i].resource;
    const gwapi__gateway *spec = resource->as.gateway;
    gwapi_str wrong = {NULL, 0};

    if (spec->has_parameters)
        GWAPI__TRY(
            gwapi__parameters_check(r, &spec->parameters, resource->meta.namespace_, &wrong));
    state->accepted = gwapi__found(GWAPI__GATEWAY_ACCEPTED);
    if (gwapi__str_present(wrong))
        state->accepted = (gwapi__finding){GWAPI__GATEWAY_INVALID_PARAMETERS, wrong};
    else if (gwapi__str_present(found->unsupported))
        state->accepted =
            (gwapi__finding){GWAPI__GATEWAY_UNSUPPORTED_ADDRESS, found->unsupported};
    else if (accepted < state->own_count || accepted == 0) {
        state->accepted = gwapi__found(accepted == 0 ? GWAPI__GATEWAY_NO_LISTENERS
                                                     : GWAPI__GATEWAY_SOME_LISTENERS);
        return name_invalid_listeners(r, i, &state->accepted);
    }
    return GWAPI_OK;
}

static gwapi__finding judge_programmed(const gwapi__resolver *r, bool accepted,
                                       const addresses *found, size_t programmed)
{
    if (!accepted)
        return (gwapi__finding){GWAPI__GATEWAY_NOT_PROGRAMMED,
                                GWAPI__STR("The Gateway is not accepted")};
    if (gwapi__str_present(found->unusable))
        return (gwapi__finding){GWAPI__GATEWAY_ADDRESS_NOT_USABLE, found->unusable};
    if (found->unnamed && !r->features.has[GWAPI__FEATURE_GATEWAY_ADDRESS_EMPTY])
        return gwapi__found(GWAPI__GATEWAY_ADDRESS_NOT_ASSIGNED);
    if (programmed == 0)
        return (gwapi__finding){GWAPI__GATEWAY_NOT_PROGRAMMED,
                                GWAPI__STR("None of the Gateway's listeners is programmed")};
    return gwapi__found(GWAPI__GATEWAY_PROGRAMMED);
}

static gwapi__finding judge_sets(const gwapi__resolver *r, uint32_t i)
{
    const gwapi__gateway_state *state = &r->gateways[i];

    if (!r->experimental)
        return gwapi__found(GWAPI__NO_CONDITION);
    if (!r->t->gateways[i].resource->as.gateway->has_allowed_listeners)
        return gwapi__found(GWAPI__GATEWAY_SETS_UNSET);
    if (state->sets_allowed != 0)
        return gwapi__found(GWAPI__GATEWAY_SETS_ATTACHED);
    return gwapi__found(state->sets_refused != 0 ? GWAPI__GATEWAY_SETS_NOT_ALLOWED
                                                 : GWAPI__GATEWAY_SETS_NONE);
}

/* Not of a ListenerSet that is refused. */
static bool takes_part(const gwapi__resolver *r, uint32_t i)
{
    return r->listeners[i].set == GWAPI_NONE || r->sets[r->listeners[i].set].allowed;
}

static bool validates_insecurely(const gwapi__resolver *r, const gwapi__resolved_gateway *g)
{
    for (uint32_t i = g->first_listener; i < g->first_listener + g->listener_count; i++)
        if (takes_part(r, i) && r->t->listeners[i].validation.present &&
            r->t->listeners[i].validation.mode == GWAPI__VALIDATION_ALLOW_INSECURE_FALLBACK)
            return true;
    return false;
}

static gwapi_result judge(gwapi__resolver *r, uint32_t i)
{
    gwapi__resolved_gateway *g = &r->t->gateways[i];
    gwapi__gateway_state *state = &r->gateways[i];
    size_t accepted, programmed;
    addresses found;

    count_own(r, i, &accepted, &programmed);
    GWAPI__TRY(check_addresses(r, g, &found));
    GWAPI__TRY(check_client_certificate(r, i));
    GWAPI__TRY(judge_accepted(r, i, &found, accepted));
    g->accepted = gwapi__condition_row_of(state->accepted.id)->status == GWAPI__STATUS_TRUE;
    state->programmed = judge_programmed(r, g->accepted, &found, programmed);
    g->programmed = state->programmed.id == GWAPI__GATEWAY_PROGRAMMED;
    state->sets = judge_sets(r, i);
    if (g->default_gateway)
        state->is_default = gwapi__found(GWAPI__GATEWAY_DEFAULT);
    if (validates_insecurely(r, g))
        state->insecure = gwapi__found(GWAPI__GATEWAY_INSECURE_VALIDATION);
    return GWAPI_OK;
}

gwapi_result gwapi__judge_gateways(gwapi__resolver *r)
{
    for (uint32_t i = 0; i < r->t->gateway_count; i++)
        GWAPI__TRY(judge(r, i));
    return GWAPI_OK;
}
