/*
 * What a change of the set touches. Each part knows hashes of what it looked up, found or not;
 * what changed is such hashes too, and where the two meet, the part is made again. The set of
 * the previous topology and the present one share chunks, so only what differs is walked.
 */
#include "resolve/resolver.h"

#include "base/hash.h"

/* ---- what parts look up -------------------------------------------------------------- */

/* Questions that are not for an object have hashes of their own. */
enum { ABOUT_GRANTS = 1, ABOUT_POLICIES = 2, ABOUT_DEFAULTS = 3 };

static uint64_t object_hash(const gwapi__resolver *r, const gwapi__identity *key)
{
    return gwapi__resources_hash(r->set, key->group, key->kind, key->namespace_, key->name);
}

static uint64_t grants_hash(const gwapi__resolver *r, const gwapi__identity *from,
                            gwapi_str to_namespace)
{
    gwapi__identity key = {from->group, from->kind, from->namespace_, to_namespace};

    return gwapi__mix64(object_hash(r, &key) + ABOUT_GRANTS);
}

uint64_t gwapi__policies_hash(const gwapi__resolver *r, const gwapi__identity *target)
{
    return gwapi__mix64(object_hash(r, target) + ABOUT_POLICIES);
}

static uint64_t defaults_hash(const gwapi__resolver *r)
{
    const gwapi__identity none = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};

    return gwapi__mix64(object_hash(r, &none) + ABOUT_DEFAULTS);
}

static void see(const gwapi__resolver *r, uint64_t hash)
{
    uint64_t *slot = gwapi__vector_add(&r->seen->hashes);

    if (slot != NULL)
        *slot = hash;
    else
        r->seen->failed = true;
}

void gwapi__see(const gwapi__resolver *r, const gwapi__identity *key)
{
    see(r, object_hash(r, key));
}

void gwapi__see_grants(const gwapi__resolver *r, const gwapi__identity *from,
                       gwapi_str to_namespace)
{
    see(r, grants_hash(r, from, to_namespace));
}

void gwapi__see_policies(const gwapi__resolver *r, const gwapi__identity *target)
{
    see(r, gwapi__policies_hash(r, target));
}

void gwapi__see_defaults(const gwapi__resolver *r)
{
    see(r, defaults_hash(r));
}

gwapi__resource *gwapi__find(const gwapi__resolver *r, const gwapi__identity *key)
{
    uint64_t hash = object_hash(r, key);

    see(r, hash);
    if (key->namespace_.len != 0)
        return gwapi__resources_lookup_hashed(r->set, hash, key->group, key->kind,
                                              key->namespace_, key->name);
    gwapi__identity other = *key; /* an object of unknown scope may answer */
    other.namespace_ = gwapi__resources_default_namespace(r->set);
    gwapi__see(r, &other);
    return gwapi__resources_lookup(r->set, key->group, key->kind, key->namespace_, key->name);
}

/* ---- making parts -------------------------------------------------------------------- */

static int by_number(const void *a, const void *b, void *ctx)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    (void)ctx;
    return (x > y) - (x < y);
}

/* Most parts look few things up, and every part ends by sorting them: without a call for each
 * comparison, since that is a tenth of resolving. */
enum { FEW_HASHES = 64 };

static void sort_few(uint64_t *hashes, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint64_t hash = hashes[i];
        size_t at = i;
        for (; at > 0 && hashes[at - 1] > hash; at--)
            hashes[at] = hashes[at - 1];
        hashes[at] = hash;
    }
}

void gwapi__hashes_sort(gwapi__vector *hashes)
{
    size_t kept = 0;

    if (hashes->count <= FEW_HASHES)
        sort_few(hashes->data, hashes->count);
    else
        gwapi__sort_in_place(hashes->data, hashes->count, hashes->size, by_number, NULL);
    for (size_t i = 0; i < hashes->count; i++) {
        uint64_t hash = *GWAPI__AT(hashes, uint64_t, i);
        if (kept == 0 || *GWAPI__AT(hashes, uint64_t, kept - 1) != hash)
            *GWAPI__AT(hashes, uint64_t, kept++) = hash;
    }
    hashes->count = kept;
}

void *gwapi__part_begin(gwapi__resolver *r, size_t size)
{
    gwapi__part *part = gwapi__part_new(&r->t->allocator, size);

    if (part == NULL)
        return NULL;
    r->arena = &part->arena;
    r->seen->hashes.count = 0;
    r->asked_namespace = (gwapi_str){NULL, 0};
    return part;
}

gwapi_result gwapi__part_end(gwapi__resolver *r, void *part)
{
    gwapi__part *p = part;
    gwapi__vector *hashes = &r->seen->hashes;

    if (r->seen->failed)
        return GWAPI_ENOMEM;
    gwapi__hashes_sort(hashes);
    uint64_t *seen = gwapi__arena_array(&p->arena, hashes->count, sizeof *seen);
    if (seen == NULL)
        return GWAPI_ENOMEM;
    if (hashes->count != 0)
        memcpy(seen, hashes->data, hashes->count * sizeof *seen);
    p->seen = seen;
    p->seen_count = hashes->count;
    return GWAPI_OK;
}

gwapi_result gwapi__edit_add(gwapi__resolver *r, gwapi__sequence_id sequence,
                             const gwapi__resource *key, void *part)
{
    gwapi__edit *edit = gwapi__vector_push(&r->edits[sequence]);

    if (edit == NULL) {
        gwapi__part_release(part);
        return GWAPI_ENOMEM;
    }
    *edit = (gwapi__edit){key, part};
    return GWAPI_OK;
}

gwapi__sequence_id gwapi__sequence_of(gwapi__resource_kind kind)
{
    switch (kind) {
    case GWAPI__KIND_GATEWAY:
        return GWAPI__SEQUENCE_GATEWAYS;
    case GWAPI__KIND_LISTENER_SET:
        return GWAPI__SEQUENCE_SETS;
    case GWAPI__KIND_BACKEND_TLS_POLICY:
        return GWAPI__SEQUENCE_TLS_POLICIES;
    case GWAPI__KIND_BACKEND_TRAFFIC_POLICY:
        return GWAPI__SEQUENCE_TRAFFIC_POLICIES;
    default:
        break;
    }
    size_t i = 0;
    while (i < GWAPI__ROUTE_KINDS && gwapi__route_kinds[i] != kind)
        i++;
    return (gwapi__sequence_id)i; /* the kind has one */
}

void *gwapi__previous_part(const gwapi__resolver *r, gwapi__sequence_id sequence,
                           const gwapi__resource *key)
{
    return r->previous != NULL
               ? gwapi__sequence_find(&r->previous->sequences[sequence], key, NULL)
               : NULL;
}

/* ---- what changed -------------------------------------------------------------------- */

static gwapi_result add_change(gwapi__resolver *r, gwapi__resource *before,
                               gwapi__resource *after)
{
    gwapi__change *change = gwapi__vector_push(&r->changes);

    if (change == NULL)
        return GWAPI_ENOMEM;
    *change = (gwapi__change){before, after};
    return GWAPI_OK;
}

static bool same_key(const gwapi__resource *a, const gwapi__resource *b)
{
    gwapi__identity x = gwapi__identity_of(a), y = gwapi__identity_of(b);

    return gwapi__identity_eq(&x, &y);
}

/* An object that left its place and one that came to another may be the same one: after a
 * deletion, or when the set closed its holes. */
static gwapi_result pair_up(gwapi__resolver *r, const gwapi__vector *left,
                            const gwapi__vector *came, gwapi__index *index)
{
    for (uint32_t i = 0; i < left->count; i++) {
        gwapi__identity key = gwapi__identity_of(*GWAPI__AT(left, gwapi__resource *, i));
        uint32_t *at = gwapi__index_at(index, &key);
        if (at == NULL)
            return GWAPI_ENOMEM;
        *at = i;
    }
    for (size_t i = 0; i < came->count; i++) {
        gwapi__resource *after = *GWAPI__AT(came, gwapi__resource *, i);
        gwapi__identity key = gwapi__identity_of(after);
        uint32_t at = gwapi__index_get(index, &key);
        gwapi__resource *before = NULL;
        if (at != GWAPI_NONE && after->meta.name.len != 0) {
            before = *GWAPI__AT(left, gwapi__resource *, at);
            *GWAPI__AT(left, gwapi__resource *, at) = NULL;
        }
        if (before != after)
            GWAPI__TRY(add_change(r, before, after));
    }
    for (size_t i = 0; i < left->count; i++)
        if (*GWAPI__AT(left, gwapi__resource *, i) != NULL)
            GWAPI__TRY(add_change(r, *GWAPI__AT(left, gwapi__resource *, i), NULL));
    return GWAPI_OK;
}

static bool push_resource(gwapi__vector *v, gwapi__resource *resource)
{
    gwapi__resource **slot = resource != NULL ? gwapi__vector_push(v) : NULL;

    if (slot != NULL)
        *slot = resource;
    return slot != NULL || resource == NULL;
}

static gwapi__resource *at_place(const gwapi__set_view *view, size_t place)
{
    return place < view->end ? gwapi__set_view_at(view, place) : NULL;
}

static gwapi_result compare_chunk(gwapi__resolver *r, size_t chunk, gwapi__vector *left,
                                  gwapi__vector *came)
{
    for (size_t i = 0; i < GWAPI__SET_CHUNK; i++) {
        size_t place = chunk * GWAPI__SET_CHUNK + i;
        gwapi__resource *before = at_place(&r->previous->set, place);
        gwapi__resource *after = at_place(&r->t->set, place);
        if (before == after)
            continue;
        if (before != NULL && after != NULL && before->meta.name.len != 0 &&
            same_key(before, after))
            GWAPI__TRY(add_change(r, before, after));
        else if (!push_resource(left, before) || !push_resource(came, after))
            return GWAPI_ENOMEM;
    }
    return GWAPI_OK;
}

static bool same_chunk(const gwapi__resolver *r, size_t i)
{
    const gwapi__set_view *a = &r->previous->set, *b = &r->t->set;

    return i < a->chunk_count && i < b->chunk_count && a->chunks[i] == b->chunks[i] &&
           (a->end == b->end ||
            ((i + 1) * GWAPI__SET_CHUNK <= a->end && (i + 1) * GWAPI__SET_CHUNK <= b->end));
}

static gwapi_result compare_sets(gwapi__resolver *r)
{
    size_t before = r->previous->set.chunk_count, after = r->t->set.chunk_count;
    gwapi_result result = GWAPI_OK;
    gwapi__vector left, came;
    gwapi__index index;

    gwapi__vector_init(&left, &r->scratch.allocator, sizeof(gwapi__resource *));
    gwapi__vector_init(&came, &r->scratch.allocator, sizeof(gwapi__resource *));
    gwapi__index_init(&index, &r->scratch.allocator);
    for (size_t i = 0; (i < before || i < after) && result == GWAPI_OK; i++)
        if (!same_chunk(r, i))
            result = compare_chunk(r, i, &left, &came);
    if (result == GWAPI_OK)
        result = pair_up(r, &left, &came, &index);
    gwapi__vector_free(&left);
    gwapi__vector_free(&came);
    gwapi__index_free(&index);
    return result;
}

/* ---- what that says to parts --------------------------------------------------------- */

static gwapi_result add_key(gwapi__resolver *r, uint64_t hash)
{
    uint64_t *slot = gwapi__vector_push(&r->keys);

    if (slot == NULL)
        return GWAPI_ENOMEM;
    *slot = hash;
    return GWAPI_OK;
}

static gwapi_result add_object(gwapi__resolver *r, const gwapi__resource *resource)
{
    gwapi__identity key = gwapi__identity_of(resource);

    return add_key(r, object_hash(r, &key));
}

static gwapi_result add_grant(gwapi__resolver *r, const gwapi__resource *resource)
{
    const gwapi__grant *grant = resource->as.grant;

    for (size_t i = 0; i < grant->from_count; i++) {
        gwapi__identity from = {grant->from[i].group, grant->from[i].kind,
                                grant->from[i].namespace_, GWAPI__STR("")};
        GWAPI__TRY(add_key(r, grants_hash(r, &from, resource->meta.namespace_)));
    }
    return GWAPI_OK;
}

static gwapi_result add_keys(gwapi__resolver *r, const gwapi__change *c)
{
    const gwapi__resource *either = c->after != NULL ? c->after : c->before;

    GWAPI__TRY(add_object(r, either));
    r->t->secret_count -= c->before != NULL && c->before->kind == GWAPI__KIND_SECRET;
    r->t->secret_count += c->after != NULL && c->after->kind == GWAPI__KIND_SECRET;
    if (either->kind != GWAPI__KIND_REFERENCE_GRANT)
        return GWAPI_OK;
    r->grants_changed = true;
    if (c->before != NULL)
        GWAPI__TRY(add_grant(r, c->before));
    return c->after != NULL ? add_grant(r, c->after) : GWAPI_OK;
}

static bool is_frame_kind(gwapi__resource_kind kind)
{
    return kind == GWAPI__KIND_GATEWAY_CLASS || kind == GWAPI__KIND_MESH;
}

/* Classes and meshes decide about everything; and where most is another, all is made anew. */
static bool is_too_much(const gwapi__resolver *r)
{
    if (r->changes.count > 64 && r->changes.count > r->t->set.count / 4)
        return true;
    for (size_t i = 0; i < r->changes.count; i++) {
        const gwapi__change *c = GWAPI__AT(&r->changes, gwapi__change, i);
        const gwapi__resource *either = c->after != NULL ? c->after : c->before;
        if (is_frame_kind(either->kind) || either->meta.name.len == 0)
            return true;
    }
    return false;
}

gwapi_result gwapi__find_changes(gwapi__resolver *r)
{
    bool anew = false;

    if (r->previous == NULL || r->previous->nameless) {
        r->previous = NULL;
        return GWAPI_OK;
    }
    GWAPI__TRY(compare_sets(r));
    anew = is_too_much(r);
    r->t->secret_count = r->previous->secret_count;
    for (size_t i = 0; i < r->changes.count && !anew; i++)
        GWAPI__TRY(add_keys(r, GWAPI__AT(&r->changes, gwapi__change, i)));
    gwapi__hashes_sort(&r->keys);
    anew = anew || gwapi__part_saw(&r->previous->frame->part, r->keys.data, r->keys.count);
    if (anew)
        r->previous = NULL;
    return GWAPI_OK;
}

/* ---- what is resolved again ---------------------------------------------------------- */

typedef struct chosen {
    gwapi__resolver *r;
    gwapi__resource_kind kind;
    gwapi__vector resources; /* of gwapi__resource * */
} chosen;

/* Sorted, each once, as what the steps resolve. */
static gwapi_result take_chosen(gwapi__resolver *r, gwapi__resource_kind kind, gwapi__vector *v)
{
    gwapi__sorted *out = &r->kinds[kind];

    if (!gwapi__vector_sort(v, gwapi__order_resources, NULL))
        return GWAPI_ENOMEM;
    out->count = 0;
    out->items = gwapi__arena_array(&r->scratch, v->count, sizeof *out->items);
    if (out->items == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < v->count; i++) {
        gwapi__resource *item = *GWAPI__AT(v, gwapi__resource *, i);
        if (out->count == 0 || out->items[out->count - 1] != item)
            out->items[out->count++] = item;
    }
    return GWAPI_OK;
}

static gwapi__resource *current(const gwapi__resolver *r, const gwapi__identity *key)
{
    return gwapi__resources_lookup(r->set, key->group, key->kind, key->namespace_, key->name);
}

/* The object of a part that is made again; one that changed is chosen as such. */
static gwapi_result choose_seen(void *ctx, gwapi__part *part)
{
    chosen *c = ctx;
    gwapi__identity key = gwapi__identity_of(part->resource);

    if (current(c->r, &key) != part->resource)
        return GWAPI_OK;
    return push_resource(&c->resources, part->resource) ? GWAPI_OK : GWAPI_ENOMEM;
}

static gwapi_result choose_changed(chosen *c, gwapi__resource_kind kind)
{
    for (size_t i = 0; i < c->r->changes.count; i++) {
        const gwapi__change *change = GWAPI__AT(&c->r->changes, gwapi__change, i);
        if (change->after != NULL && change->after->kind == kind &&
            !push_resource(&c->resources, change->after))
            return GWAPI_ENOMEM;
        if (change->after == NULL && change->before->kind == kind)
            GWAPI__TRY(gwapi__edit_add(c->r, gwapi__sequence_of(kind), change->before, NULL));
    }
    return GWAPI_OK;
}

static gwapi_result choose(gwapi__resolver *r, gwapi__resource_kind kind,
                           gwapi_result (*more)(chosen *c))
{
    chosen c = {.r = r, .kind = kind};

    gwapi__vector_init(&c.resources, &r->scratch.allocator, sizeof(gwapi__resource *));
    gwapi_result result = choose_changed(&c, kind);
    if (result == GWAPI_OK)
        result = gwapi__sequence_seen(&r->previous->sequences[gwapi__sequence_of(kind)],
                                      r->keys.data, r->keys.count, choose_seen, &c);
    if (result == GWAPI_OK && more != NULL)
        result = more(&c);
    if (result == GWAPI_OK)
        result = take_chosen(r, kind, &c.resources);
    gwapi__vector_free(&c.resources);
    return result;
}

/* ---- Gateways ------------------------------------------------------------------------ */

static gwapi_result choose_parent(chosen *c, const gwapi__resource *set)
{
    gwapi__identity key;
    gwapi__resource *gateway = gwapi__set_parent(set, &key) ? current(c->r, &key) : NULL;

    return push_resource(&c->resources, gateway) ? GWAPI_OK : GWAPI_ENOMEM;
}

static gwapi_result choose_parents(chosen *c)
{
    for (size_t i = 0; c->r->experimental && i < c->r->changes.count; i++) {
        const gwapi__change *change = GWAPI__AT(&c->r->changes, gwapi__change, i);
        if (change->before != NULL && change->before->kind == GWAPI__KIND_LISTENER_SET)
            GWAPI__TRY(choose_parent(c, change->before));
        if (change->after != NULL && change->after->kind == GWAPI__KIND_LISTENER_SET)
            GWAPI__TRY(choose_parent(c, change->after));
    }
    return GWAPI_OK;
}

/* Is its parent one of the Gateways that are judged? */
static bool is_chosen(const gwapi__resolver *r, const gwapi__resource *set)
{
    gwapi__identity key;
    bool refers = gwapi__set_parent(set, &key);
    gwapi__resource *gateway = refers ? current(r, &key) : NULL;
    const gwapi__sorted *all = &r->kinds[GWAPI__KIND_GATEWAY];

    if (refers && gwapi__index_get(&r->by_name, &key) == GWAPI__NOT_OURS)
        return true; /* it is gone */
    return gateway != NULL && gwapi__search(all->items, all->count, sizeof *all->items, &gateway,
                                            gwapi__order_resources, NULL) != NULL;
}

/* The ListenerSets of the Gateways that are judged, and those that changed. */
static gwapi_result choose_sets(chosen *c)
{
    gwapi__sequence_walk walk = {&c->r->previous->sequences[GWAPI__SEQUENCE_SETS], 0, 0};
    gwapi__part *part;

    if (c->r->kinds[GWAPI__KIND_GATEWAY].count == 0 && !c->r->gateway_gone)
        return GWAPI_OK;
    while ((part = gwapi__sequence_next(&walk)) != NULL)
        if (is_chosen(c->r, part->resource))
            GWAPI__TRY(choose_seen(c, part));
    return GWAPI_OK;
}

/* What looked up the Gateway or its ListenerSets. */
static gwapi_result add_gateway(gwapi__resolver *r, const gwapi__judged_gateway *judged)
{
    GWAPI__TRY(add_object(r, judged->gateway.resource));
    for (size_t i = 0; i < judged->set_count; i++)
        GWAPI__TRY(add_object(r, judged->sets[i].resource));
    return judged->gateway.default_gateway ? add_key(r, defaults_hash(r)) : GWAPI_OK;
}

gwapi_result gwapi__gateway_lost(gwapi__resolver *r, const gwapi__resource *gateway)
{
    const gwapi__gateway_part *part =
        gwapi__previous_part(r, GWAPI__SEQUENCE_GATEWAYS, gateway);

    return part != NULL ? add_gateway(r, part->judged) : GWAPI_OK;
}

static gwapi_result forget_gateway(gwapi__resolver *r, const gwapi__resource *gateway)
{
    gwapi__identity key = gwapi__identity_of(gateway);
    uint32_t *at = gwapi__index_at(&r->by_name, &key);

    if (at == NULL)
        return GWAPI_ENOMEM;
    *at = GWAPI__NOT_OURS;
    r->gateway_gone = true;
    return gwapi__gateway_lost(r, gateway);
}

gwapi_result gwapi__choose_gateways(gwapi__resolver *r)
{
    if (r->previous == NULL)
        return GWAPI_OK;
    GWAPI__TRY(choose(r, GWAPI__KIND_GATEWAY, choose_parents));
    for (size_t i = 0; i < r->changes.count; i++) {
        const gwapi__change *c = GWAPI__AT(&r->changes, gwapi__change, i);
        if (c->after == NULL && c->before->kind == GWAPI__KIND_GATEWAY)
            GWAPI__TRY(forget_gateway(r, c->before));
    }
    return r->experimental ? choose(r, GWAPI__KIND_LISTENER_SET, choose_sets) : GWAPI_OK;
}

static bool same_listeners(const gwapi__judged_gateway *a, const gwapi__judged_gateway *b)
{
    if (a->gateway.resource != b->gateway.resource || a->set_count != b->set_count)
        return false;
    for (size_t i = 0; i < a->set_count; i++)
        if (a->sets[i].resource != b->sets[i].resource ||
            a->sets[i].allowed != b->sets[i].allowed)
            return false;
    return true;
}

gwapi_result gwapi__gateway_changed(gwapi__resolver *r, uint32_t i,
                                    const gwapi__judged_gateway *judged)
{
    const gwapi__gateway_part *before =
        gwapi__previous_part(r, GWAPI__SEQUENCE_GATEWAYS, judged->gateway.resource);

    r->w.changed[i] = before == NULL || !same_listeners(before->judged, judged);
    if (r->previous == NULL || !r->w.changed[i])
        return GWAPI_OK;
    if (before != NULL)
        GWAPI__TRY(add_gateway(r, before->judged));
    return add_gateway(r, judged);
}

/* ---- policies ------------------------------------------------------------------------ */

static gwapi_result review(gwapi__resolver *r, gwapi__resource *policy)
{
    if (!push_resource(&r->reviewed, policy))
        return GWAPI_ENOMEM;
    size_t count;
    const gwapi__policy_target *targets = gwapi__policy_targets(policy, &count);

    for (size_t i = 0; i < count; i++) {
        gwapi__identity key = {targets[i].ref.group, targets[i].ref.kind,
                               policy->meta.namespace_, targets[i].ref.name};
        GWAPI__TRY(add_key(r, gwapi__policies_hash(r, &key)));
    }
    return GWAPI_OK;
}

static bool is_policy(gwapi__resource_kind kind)
{
    return kind == GWAPI__KIND_BACKEND_TLS_POLICY || kind == GWAPI__KIND_BACKEND_TRAFFIC_POLICY;
}

static gwapi_result review_changed(gwapi__resolver *r)
{
    for (size_t i = 0; i < r->changes.count; i++) {
        const gwapi__change *c = GWAPI__AT(&r->changes, gwapi__change, i);
        gwapi__resource_kind kind = (c->after != NULL ? c->after : c->before)->kind;
        if (!is_policy(kind) || !gwapi__kind_in_channel(r, kind))
            continue;
        if (c->before != NULL)
            GWAPI__TRY(review(r, c->before));
        if (c->after != NULL)
            GWAPI__TRY(review(r, c->after));
    }
    return GWAPI_OK;
}

/* Policies that look at what changed. */
static gwapi_result review_seen(chosen *c, gwapi__sequence_id sequence)
{
    gwapi_result result =
        gwapi__sequence_seen(&c->r->previous->sequences[sequence], c->r->keys.data,
                             c->r->keys.count, choose_seen, c);

    for (size_t i = 0; i < c->resources.count && result == GWAPI_OK; i++)
        result = review(c->r, *GWAPI__AT(&c->resources, gwapi__resource *, i));
    c->resources.count = 0;
    return result;
}

static gwapi_result choose_reviewed(gwapi__resolver *r)
{
    static const gwapi__sequence_id ids[] = {GWAPI__SEQUENCE_TLS_POLICIES,
                                             GWAPI__SEQUENCE_TRAFFIC_POLICIES};
    chosen c = {.r = r};

    gwapi__vector_init(&c.resources, &r->scratch.allocator, sizeof(gwapi__resource *));
    gwapi_result result = review_changed(r);
    for (size_t i = 0; i < sizeof ids / sizeof *ids && result == GWAPI_OK; i++) {
        gwapi__hashes_sort(&r->keys);
        result = review_seen(&c, ids[i]);
    }
    gwapi__vector_free(&c.resources);
    return result;
}

/* Where one policy changes, all are compared again: which claims stand. */
static gwapi_result choose_all_policies(chosen *c)
{
    gwapi__sequence_walk walk = {&c->r->previous->sequences[gwapi__sequence_of(c->kind)], 0, 0};
    gwapi__part *part;

    while ((part = gwapi__sequence_next(&walk)) != NULL)
        GWAPI__TRY(choose_seen(c, part));
    return GWAPI_OK;
}

gwapi_result gwapi__choose_policies(gwapi__resolver *r)
{
    if (r->previous == NULL)
        return GWAPI_OK;
    gwapi__hashes_sort(&r->keys);
    GWAPI__TRY(choose_reviewed(r));
    if (r->reviewed.count == 0)
        return GWAPI_OK;
    if (!gwapi__vector_sort(&r->reviewed, gwapi__order_addresses, NULL))
        return GWAPI_ENOMEM;
    GWAPI__TRY(choose(r, GWAPI__KIND_BACKEND_TLS_POLICY, choose_all_policies));
    return r->experimental ? choose(r, GWAPI__KIND_BACKEND_TRAFFIC_POLICY, choose_all_policies)
                           : GWAPI_OK;
}

bool gwapi__is_reviewed(const gwapi__resolver *r, const gwapi__resource *policy)
{
    return gwapi__vector_has_address(&r->reviewed, policy);
}

/* ---- routes -------------------------------------------------------------------------- */

/* What the route was is no more: another part takes its place, or none. */
static gwapi_result forget_route(gwapi__resolver *r, const gwapi__resource *route)
{
    const gwapi__route_verdict *before =
        gwapi__previous_part(r, gwapi__sequence_of(route->kind), route);
    const gwapi__resolved_route **gone = before != NULL ? gwapi__vector_push(&r->gone) : NULL;

    if (before == NULL)
        return GWAPI_OK;
    if (gone == NULL)
        return GWAPI_ENOMEM;
    *gone = before->route;
    return GWAPI_OK;
}

static gwapi_result choose_routes(gwapi__resolver *r, gwapi__resource_kind kind)
{
    const gwapi__sorted *all = &r->kinds[kind];

    GWAPI__TRY(choose(r, kind, NULL));
    for (size_t i = 0; i < all->count; i++)
        GWAPI__TRY(forget_route(r, all->items[i]));
    for (size_t i = 0; i < r->changes.count; i++) {
        const gwapi__change *c = GWAPI__AT(&r->changes, gwapi__change, i);
        if (c->after == NULL && c->before->kind == kind)
            GWAPI__TRY(forget_route(r, c->before));
    }
    return GWAPI_OK;
}

gwapi_result gwapi__choose_routes(gwapi__resolver *r)
{
    if (r->previous == NULL)
        return GWAPI_OK;
    gwapi__hashes_sort(&r->keys);
    for (size_t k = 0; k < GWAPI__ROUTE_KINDS; k++)
        if (gwapi__kind_in_channel(r, gwapi__route_kinds[k]))
            GWAPI__TRY(choose_routes(r, gwapi__route_kinds[k]));
    return GWAPI_OK;
}
