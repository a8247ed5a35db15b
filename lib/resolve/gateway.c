/* Gateways: which are ours, addresses, client certificate, conditions (attachment.md §1, §12).
 */
#include "resolve/resolver.h"

/* ---- at hand ------------------------------------------------------------------------- */

/* A larger copy in the resolver's scratch memory; NULL: no memory. */
static void *larger(gwapi__resolver *r, const void *items, size_t count, size_t capacity,
                    size_t size)
{
    void *made = gwapi__arena_array(&r->scratch, capacity, size);

    if (made != NULL && count != 0)
        memcpy(made, items, count * size);
    return made;
}
#define LARGER(r, items, count, capacity)                                                      \
    ((items) = larger((r), (items), (count), (capacity), sizeof *(items)))

static gwapi_result reserve_gateways(gwapi__resolver *r, size_t count)
{
    gwapi__work w = r->w; /* takes the place of the old one when it is whole */
    size_t capacity = 2 * w.gateway_capacity > count ? 2 * w.gateway_capacity : count;

    if (LARGER(r, w.gateways, w.gateway_count, capacity) == NULL ||
        LARGER(r, w.first_listener, w.gateway_count, capacity) == NULL ||
        LARGER(r, w.imported, w.gateway_count, capacity) == NULL ||
        LARGER(r, w.changed, w.gateway_count, capacity) == NULL ||
        LARGER(r, w.judged, w.gateway_count, capacity) == NULL ||
        LARGER(r, r->gateways, w.gateway_count, capacity) == NULL ||
        LARGER(r, r->default_gateways, r->default_gateway_count, capacity) == NULL)
        return GWAPI_ENOMEM;
    w.gateway_capacity = capacity;
    r->w = w;
    return GWAPI_OK;
}

static gwapi_result reserve_listeners(gwapi__resolver *r, size_t count)
{
    gwapi__work *w = &r->w;
    size_t capacity = 2 * w->listener_capacity > count ? 2 * w->listener_capacity : count;

    if (LARGER(r, w->listeners, w->listener_count, capacity) == NULL ||
        LARGER(r, r->listeners, w->listener_count, capacity) == NULL)
        return GWAPI_ENOMEM;
    w->listener_capacity = capacity;
    return GWAPI_OK;
}

gwapi_result gwapi__work_reserve(gwapi__resolver *r, size_t gateways, size_t listeners,
                                 size_t sets)
{
    if (listeners >= GWAPI__NOT_OURS - r->w.listener_count)
        return GWAPI_ELIMIT;
    gateways += r->w.gateway_count;
    listeners += r->w.listener_count;
    sets += r->set_count;
    if (gateways > r->w.gateway_capacity)
        GWAPI__TRY(reserve_gateways(r, gateways));
    if (listeners > r->w.listener_capacity)
        GWAPI__TRY(reserve_listeners(r, listeners));
    if (sets > r->set_capacity) {
        r->set_capacity = 2 * r->set_capacity > sets ? 2 * r->set_capacity : sets;
        if (LARGER(r, r->sets, r->set_count, r->set_capacity) == NULL)
            return GWAPI_ENOMEM;
    }
    return GWAPI_OK;
}

static gwapi_result collect(gwapi__resolver *r, gwapi__resource *resource)
{
    uint32_t i = (uint32_t)r->w.gateway_count;
    gwapi__resolved_gateway *g = &r->w.gateways[i];
    gwapi__identity key = gwapi__identity_of(resource);
    gwapi_str controller;
    bool ours;

    GWAPI__TRY(gwapi__gateway_is_ours(r, resource, &ours, &controller));
    if (key.name.len != 0) {
        uint32_t *at = gwapi__index_at(&r->by_name, &key);
        if (at == NULL)
            return GWAPI_ENOMEM;
        *at = ours ? i : GWAPI__NOT_OURS;
    }
    if (!ours)
        return gwapi__gateway_lost(r, resource);
    r->gateways[r->w.gateway_count++].controller = controller;
    g->resource = resource;
    g->default_gateway = r->experimental && resource->as.gateway->default_scope_all;
    if (g->default_gateway)
        r->default_gateways[r->default_gateway_count++] = i;
    return GWAPI_OK;
}

gwapi_result gwapi__collect_gateways(gwapi__resolver *r)
{
    const gwapi__sorted *all = &r->kinds[GWAPI__KIND_GATEWAY];

    GWAPI__TRY(gwapi__work_reserve(r, all->count, 0, 0));
    for (size_t i = 0; i < all->count; i++)
        GWAPI__TRY(collect(r, all->items[i]));
    return GWAPI_OK;
}

static gwapi_result import_sets(gwapi__resolver *r, uint32_t gateway,
                                const gwapi__judged_gateway *judged)
{
    for (size_t i = 0; i < judged->set_count; i++) {
        gwapi__identity key = gwapi__identity_of(judged->sets[i].resource);
        uint32_t *at = gwapi__index_at(&r->by_name, &key);
        if (at == NULL)
            return GWAPI_ENOMEM;
        *at = (uint32_t)r->set_count;
        gwapi__set_state *set = &r->sets[r->set_count++];
        *set = judged->sets[i];
        set->gateway = gateway;
        set->first_listener += r->w.first_listener[gateway];
    }
    return GWAPI_OK;
}

/* A Gateway as the previous topology has it: for routes to look at. */
static gwapi_result import(gwapi__resolver *r, const gwapi__gateway_part *part)
{
    const gwapi__judged_gateway *judged = part->judged;
    uint32_t i = (uint32_t)r->w.gateway_count, first_set = (uint32_t)r->set_count;
    size_t count = judged->gateway.listener_count;
    gwapi__identity key = gwapi__identity_of(judged->gateway.resource);

    GWAPI__TRY(gwapi__work_reserve(r, 1, count, judged->set_count));
    uint32_t *at = gwapi__index_at(&r->by_name, &key);
    if (at == NULL)
        return GWAPI_ENOMEM;
    *at = i;
    r->w.gateway_count++;
    r->w.gateways[i] = judged->gateway;
    r->w.imported[i] = part;
    r->w.judged[i] = part->judged;
    r->w.first_listener[i] = (uint32_t)r->w.listener_count;
    r->gateways[i] = *judged->state;
    r->gateways[i].first_set = first_set;
    GWAPI__TRY(import_sets(r, i, judged));
    for (size_t k = 0; k < count; k++) {
        gwapi__listener_state *state = &r->listeners[r->w.listener_count];
        r->w.listeners[r->w.listener_count++] = judged->listeners[k];
        *state = judged->listener_states[k];
        state->gateway = i;
        state->counted = 0;
        if (state->set != GWAPI_NONE)
            state->set += first_set;
    }
    return GWAPI_OK;
}

gwapi_result gwapi__gateway_at_hand(gwapi__resolver *r, const gwapi__identity *key,
                                    uint32_t *out)
{
    *out = gwapi__index_get(&r->by_name, key);
    if (*out == GWAPI__NOT_OURS)
        *out = GWAPI_NONE;
    else if (*out == GWAPI_NONE && r->previous != NULL) {
        const gwapi__gateway_part *part = gwapi__sequence_named(
            gwapi__topology_gateways(r->previous), key->namespace_, key->name, NULL);
        if (part == NULL)
            return GWAPI_OK;
        GWAPI__TRY(import(r, part));
        *out = gwapi__index_get(&r->by_name, key);
    }
    return GWAPI_OK;
}

static int by_gateway_name(const void *a, const void *b, void *ctx)
{
    const gwapi__resolver *r = ctx;

    return gwapi__resource_cmp(r->w.gateways[*(const uint32_t *)a].resource,
                               r->w.gateways[*(const uint32_t *)b].resource);
}

gwapi_result gwapi__import_defaults(gwapi__resolver *r)
{
    gwapi__sequence_walk walk = {.sequence = NULL};
    const gwapi__gateway_part *part;

    if (r->previous == NULL || r->defaults_at_hand)
        return GWAPI_OK;
    walk.sequence = gwapi__topology_gateways(r->previous);
    while ((part = gwapi__sequence_next(&walk)) != NULL) {
        gwapi__identity key = gwapi__identity_of(part->part.resource);
        uint32_t i;
        if (part->judged->gateway.default_gateway)
            GWAPI__TRY(gwapi__gateway_at_hand(r, &key, &i));
    }
    r->default_gateway_count = 0;
    for (uint32_t i = 0; i < r->w.gateway_count; i++)
        if (r->w.gateways[i].default_gateway)
            r->default_gateways[r->default_gateway_count++] = i;
    r->defaults_at_hand = true;
    return gwapi__sort(&r->scratch.allocator, r->default_gateways, r->default_gateway_count,
                       sizeof *r->default_gateways, by_gateway_name, r)
               ? GWAPI_OK
               : GWAPI_ENOMEM;
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
    gwapi__resolved_gateway *g = &r->w.gateways[i];
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
    const gwapi__resolved_listener *own = &r->w.listeners[r->w.first_listener[i]];
    gwapi__text t;
    size_t count = 0;

    gwapi__text_init(&t, &r->scratch.allocator);
    gwapi__text_add(&t, gwapi__condition_row_of(finding->id)->message);
    for (uint32_t k = 0; k < r->gateways[i].own_count; k++)
        if (!own[k].accepted)
            gwapi__message_add(&t, count++ == 0 ? ": see %s" : ", %s", own[k].spec->name);
    return gwapi__message_take(&finding->message, gwapi__resolver_arena(r), &t);
}

static void count_own(const gwapi__resolver *r, uint32_t i, size_t *accepted,
                      size_t *programmed)
{
    const gwapi__resolved_listener *own = &r->w.listeners[r->w.first_listener[i]];

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
    const gwapi__resource *resource = r->w.gateways[i].resource;
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
    if (!r->w.gateways[i].resource->as.gateway->has_allowed_listeners)
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

static bool validates_insecurely(const gwapi__resolver *r, uint32_t gateway)
{
    uint32_t first = r->w.first_listener[gateway];

    for (uint32_t i = first; i < first + r->w.gateways[gateway].listener_count; i++)
        if (takes_part(r, i) && r->w.listeners[i].validation.present &&
            r->w.listeners[i].validation.mode == GWAPI__VALIDATION_ALLOW_INSECURE_FALLBACK)
            return true;
    return false;
}

static gwapi_result judge(gwapi__resolver *r, uint32_t i)
{
    gwapi__resolved_gateway *g = &r->w.gateways[i];
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
    if (validates_insecurely(r, i))
        state->insecure = gwapi__found(GWAPI__GATEWAY_INSECURE_VALIDATION);
    return GWAPI_OK;
}

/* ---- parts --------------------------------------------------------------------------- */

static void *copied(gwapi__arena *arena, const void *items, size_t count, size_t size)
{
    void *made = gwapi__arena_array(arena, count, size);

    if (made != NULL && count != 0)
        memcpy(made, items, count * size);
    return made;
}
/* Of an array from a place on. Of nothing there may be no array. */
#define COPIED(r, items, first, count)                                                         \
    copied((r)->arena, (count) != 0 ? (items) + (first) : NULL, (count), sizeof *(items))

/* Sets were told allowed or not before the part was begun. */
static void see_sets(const gwapi__resolver *r, uint32_t i)
{
    const gwapi__gateway_state *state = &r->gateways[i];

    for (uint32_t k = 0; k < state->set_count; k++) {
        gwapi__identity key = {GWAPI__STR(""), GWAPI__STR("Namespace"), GWAPI__STR(""),
                               r->sets[state->first_set + k].resource->meta.namespace_};
        gwapi__see(r, &key);
    }
}

/* Numbers at hand become numbers among the Gateway's own. */
static gwapi_result keep(gwapi__resolver *r, uint32_t i, gwapi__judged_gateway *out)
{
    const gwapi__gateway_state *state = &r->gateways[i];
    uint32_t first = r->w.first_listener[i];
    size_t count = r->w.gateways[i].listener_count;
    gwapi__set_state *sets = COPIED(r, r->sets, state->first_set, state->set_count);
    gwapi__listener_state *listeners = COPIED(r, r->listeners, first, count);

    out->part.resource = r->w.gateways[i].resource;
    out->gateway = r->w.gateways[i];
    out->listeners = COPIED(r, r->w.listeners, first, count);
    out->state = COPIED(r, state, 0, 1);
    out->sets = sets;
    out->listener_states = listeners;
    out->set_count = state->set_count;
    if (sets == NULL || listeners == NULL || out->listeners == NULL || out->state == NULL)
        return GWAPI_ENOMEM;
    for (size_t k = 0; k < out->set_count; k++)
        sets[k].first_listener -= first;
    for (size_t k = 0; k < count; k++)
        if (listeners[k].set != GWAPI_NONE)
            listeners[k].set -= state->first_set;
    return GWAPI_OK;
}

static gwapi_result judge_all(gwapi__resolver *r, uint32_t i)
{
    see_sets(r, i);
    gwapi__support_listeners(r, i);
    GWAPI__TRY(gwapi__resolve_conflicts(r, i));
    GWAPI__TRY(gwapi__judge_listeners(r, i));
    GWAPI__TRY(gwapi__resolve_overlaps(r, i));
    GWAPI__TRY(judge(r, i));
    GWAPI__TRY(gwapi__judge_listener_sets(r, i));
    gwapi__serve_listeners(r, i);
    return GWAPI_OK;
}

static gwapi_result judge_part(gwapi__resolver *r, uint32_t i)
{
    gwapi__judged_gateway *part = gwapi__part_begin(r, sizeof *part);

    if (part == NULL)
        return GWAPI_ENOMEM;
    gwapi_result result = judge_all(r, i);
    if (result == GWAPI_OK)
        result = keep(r, i, part);
    if (result == GWAPI_OK)
        result = gwapi__part_end(r, part);
    if (result == GWAPI_OK)
        result = gwapi__gateway_changed(r, i, part);
    if (result != GWAPI_OK) {
        gwapi__part_release(part);
        return result;
    }
    r->w.judged[i] = part;
    return GWAPI_OK;
}

gwapi_result gwapi__judge_gateways(gwapi__resolver *r)
{
    for (uint32_t i = 0; i < r->w.gateway_count; i++)
        GWAPI__TRY(judge_part(r, i));
    return GWAPI_OK;
}

void gwapi__work_free(gwapi__resolver *r)
{
    for (size_t i = 0; i < r->w.gateway_count; i++)
        if (r->w.imported[i] == NULL)
            gwapi__part_release(r->w.judged[i]);
}
