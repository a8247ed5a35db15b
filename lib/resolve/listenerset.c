/* XListenerSets: which attach, in what order, and their conditions (attachment.md §8,
 * GEP-1713). */
#include "resolve/resolver.h"

#include "resolve/causes.h"
#include "resolve/selector.h"

bool gwapi__set_parent(const gwapi__resource *set, gwapi__identity *gateway)
{
    const gwapi__reference *ref = &set->as.listener_set->parent;
    gwapi_str namespace_ =
        gwapi__str_present(ref->namespace_) ? ref->namespace_ : set->meta.namespace_;

    *gateway = (gwapi__identity){ref->group, ref->kind, namespace_, ref->name};
    return ref->known == GWAPI__KIND_GATEWAY;
}

/* The Gateway of ours that the set refers to, GWAPI_NONE without one. */
static uint32_t parent_gateway(const gwapi__resolver *r, const gwapi__resource *set)
{
    gwapi__identity key;
    uint32_t i = gwapi__set_parent(set, &key) ? gwapi__index_get(&r->by_name, &key) : GWAPI_NONE;

    return i != GWAPI__NOT_OURS ? i : GWAPI_NONE;
}

static gwapi_result is_allowed(gwapi__resolver *r, uint32_t gateway, const gwapi__resource *set,
                               bool *allowed)
{
    const gwapi__resource *g = r->w.gateways[gateway].resource;

    *allowed = false;
    if (!g->as.gateway->has_allowed_listeners)
        return GWAPI_OK;
    return gwapi__namespaces_admit(r, &g->as.gateway->allowed_listeners, g->meta.namespace_,
                                   set->meta.namespace_, allowed);
}

/* By Gateway; allowed ones first, in order of precedence. */
static int by_precedence(const void *a, const void *b, void *ctx)
{
    const gwapi__set_state *x = a, *y = b;

    (void)ctx;
    if (x->gateway != y->gateway)
        return x->gateway < y->gateway ? -1 : 1;
    if (x->allowed != y->allowed)
        return x->allowed ? -1 : 1;
    return gwapi__age_cmp(x->resource, y->resource);
}

static gwapi_result collect_sets(gwapi__resolver *r)
{
    const gwapi__sorted *all = &r->kinds[GWAPI__KIND_LISTENER_SET];

    GWAPI__TRY(gwapi__work_reserve(r, 0, 0, all->count));
    for (size_t i = 0; i < all->count; i++) {
        uint32_t gateway = parent_gateway(r, all->items[i]);
        if (gateway == GWAPI_NONE)
            continue;
        bool allowed;
        GWAPI__TRY(is_allowed(r, gateway, all->items[i], &allowed));
        r->sets[r->set_count++] = (gwapi__set_state){
            .resource = all->items[i], .gateway = gateway, .allowed = allowed};
        *(allowed ? &r->gateways[gateway].sets_allowed : &r->gateways[gateway].sets_refused) +=
            1;
    }
    if (!gwapi__sort(&r->scratch.allocator, r->sets, r->set_count, sizeof *r->sets,
                     by_precedence, NULL))
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < r->set_count; i++) {
        gwapi__identity key = gwapi__identity_of(r->sets[i].resource);
        uint32_t *at = gwapi__index_at(&r->by_name, &key);
        if (at == NULL)
            return GWAPI_ENOMEM;
        *at = (uint32_t)i;
    }
    return GWAPI_OK;
}

static gwapi_result make_listeners(gwapi__resolver *r)
{
    size_t count = 0;

    for (size_t i = 0; i < r->w.gateway_count; i++)
        count += r->w.gateways[i].resource->as.gateway->listener_count;
    for (size_t i = 0; i < r->set_count; i++)
        count += r->sets[i].resource->as.listener_set->listener_count;
    return gwapi__work_reserve(r, 0, count, 0);
}

static void add_listeners(gwapi__resolver *r, const gwapi__listener *specs, size_t count,
                          uint32_t gateway, uint32_t set)
{
    for (size_t i = 0; i < count; i++) {
        gwapi__resolved_listener *l = &r->w.listeners[r->w.listener_count];
        gwapi__listener_state *state = &r->listeners[r->w.listener_count++];
        l->listener_set = set != GWAPI_NONE ? r->sets[set].resource : NULL;
        l->spec = &specs[i];
        l->port = specs[i].port;
        state->gateway = gateway;
        state->set = set;
    }
}

gwapi_result gwapi__merge_listeners(gwapi__resolver *r)
{
    uint32_t set = 0;

    GWAPI__TRY(collect_sets(r));
    GWAPI__TRY(make_listeners(r));
    for (uint32_t i = 0; i < r->w.gateway_count; i++) {
        gwapi__resolved_gateway *g = &r->w.gateways[i];
        gwapi__gateway_state *state = &r->gateways[i];
        const gwapi__gateway *spec = g->resource->as.gateway;
        r->w.first_listener[i] = (uint32_t)r->w.listener_count;
        state->own_count = (uint32_t)spec->listener_count;
        add_listeners(r, spec->listeners, spec->listener_count, i, GWAPI_NONE);
        state->first_set = set;
        for (; set < r->set_count && r->sets[set].gateway == i; set++) {
            const gwapi__listener_set *s = r->sets[set].resource->as.listener_set;
            r->sets[set].first_listener = (uint32_t)r->w.listener_count;
            r->sets[set].listener_count = (uint32_t)s->listener_count;
            add_listeners(r, s->listeners, s->listener_count, i, set);
        }
        state->set_count = set - state->first_set;
        g->listener_count = (uint32_t)r->w.listener_count - r->w.first_listener[i];
    }
    return GWAPI_OK;
}

/* ---- conditions ---------------------------------------------------------------------- */

static bool is_portless(const gwapi__resolver *r, uint32_t i)
{
    return !gwapi__is_port(r->w.listeners[i].port);
}

/* Entries without a port have no place in status.listeners: the set's own message names them. */
static gwapi_result name_portless(gwapi__resolver *r, const gwapi__set_state *set,
                                  gwapi__finding *finding)
{
    uint32_t end = set->first_listener + set->listener_count, i = set->first_listener;
    gwapi__text t;

    while (i < end && !is_portless(r, i))
        i++;
    if (i == end)
        return GWAPI_OK;
    gwapi__text_init(&t, &r->scratch.allocator);
    gwapi__message_add(&t, "%s: no port is assigned (UnsupportedPort) to %s",
                       gwapi__condition_row_of(finding->id)->message,
                       r->w.listeners[i].spec->name);
    for (i++; i < end; i++)
        if (is_portless(r, i))
            gwapi__message_add(&t, ", %s", r->w.listeners[i].spec->name);
    return gwapi__message_take(&finding->message, gwapi__resolver_arena(r), &t);
}

static void count_listeners(const gwapi__resolver *r, const gwapi__set_state *set,
                            size_t *accepted, size_t *programmed)
{
    *accepted = *programmed = 0;
    for (uint32_t i = set->first_listener; i < set->first_listener + set->listener_count; i++) {
        *accepted += r->w.listeners[i].accepted;
        *programmed += r->w.listeners[i].programmed;
    }
}

static gwapi_result judge_set(gwapi__resolver *r, gwapi__set_state *set)
{
    size_t accepted, programmed;

    count_listeners(r, set, &accepted, &programmed);
    if (!set->allowed) {
        set->accepted = gwapi__found(GWAPI__SET_NOT_ALLOWED);
        set->programmed = gwapi__found(GWAPI__SET_NOT_PROGRAMMED_ALLOWED);
        return GWAPI_OK;
    }
    if (!r->w.gateways[set->gateway].accepted) {
        set->accepted = gwapi__found(GWAPI__SET_PARENT_NOT_ACCEPTED);
        set->programmed = gwapi__found(GWAPI__SET_NOT_PROGRAMMED_PARENT);
        return GWAPI_OK;
    }
    if (accepted == 0) {
        set->accepted = gwapi__found(GWAPI__SET_NO_LISTENERS);
        set->programmed = gwapi__found(GWAPI__SET_NOT_PROGRAMMED_LISTENERS);
    } else {
        set->accepted = gwapi__found(accepted < set->listener_count ? GWAPI__SET_SOME_LISTENERS
                                                                    : GWAPI__SET_ACCEPTED);
        set->programmed =
            gwapi__found(programmed != 0 ? GWAPI__SET_PROGRAMMED : GWAPI__SET_NOT_PROGRAMMED);
    }
    return name_portless(r, set, &set->accepted);
}

gwapi_result gwapi__judge_listener_sets(gwapi__resolver *r, uint32_t gateway)
{
    const gwapi__gateway_state *state = &r->gateways[gateway];

    for (uint32_t i = 0; i < state->set_count; i++)
        GWAPI__TRY(judge_set(r, &r->sets[state->first_set + i]));
    return GWAPI_OK;
}
