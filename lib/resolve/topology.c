/* Resolving a set: the steps in their order, and what they share. */
#include "resolve/resolver.h"

#include "base/limits.h"
#include "base/struct.h"

/* ---- small questions ----------------------------------------------------------------- */

bool gwapi__extension_known(const gwapi__resolver *r, gwapi_extension_role role,
                            gwapi_str group, gwapi_str kind)
{
    for (size_t i = 0; i < r->extension_count; i++)
        if (r->extensions[i].role == role && gwapi__str_eq(r->extensions[i].group, group) &&
            gwapi__str_eq(r->extensions[i].kind, kind))
            return true;
    return false;
}

gwapi_result gwapi__note(gwapi__resolver *r, const char *rule, gwapi_str message)
{
    gwapi_diagnostic d = {.struct_size = sizeof d,
                          .severity = GWAPI_SEVERITY_NOTE,
                          .type = GWAPI_ERROR_REFERENCE,
                          .rule = gwapi__str_of(rule),
                          .message = message,
                          .document = GWAPI__NO_DOCUMENT};

    return gwapi__report_add(r->report, &d);
}

gwapi_result gwapi__assume(gwapi__resolver *r, uint32_t kind, const gwapi__identity *key,
                           bool *assumed)
{
    gwapi_str message;

    *assumed = kind != 0 && (r->options->assume & kind) != 0;
    if (!*assumed)
        return GWAPI_OK;
    uint32_t *told = gwapi__index_at(&r->assumed, key);
    if (told == NULL)
        return GWAPI_ENOMEM;
    if (*told != GWAPI_NONE || r->report == NULL)
        return GWAPI_OK;
    *told = 0;
    GWAPI__TRY(
        gwapi__message(&message, &r->scratch, "%s %s%s%s is not in the input: assumed to exist",
                       key->kind, key->namespace_,
                       key->namespace_.len != 0 ? GWAPI__STR("/") : GWAPI__STR(""), key->name));
    return gwapi__note(r, "resolve/assumed", message);
}

bool gwapi__permitted(const gwapi__resolver *r, const gwapi__identity *from,
                      const gwapi__identity *to)
{
    if (gwapi__str_eq(from->namespace_, to->namespace_))
        return true;
    gwapi__see_grants(r, from, to->namespace_);
    bool permitted = (r->options->assume & GWAPI_ASSUME_REFERENCE_GRANT) != 0 ||
                     (r->features.has[GWAPI__FEATURE_REFERENCE_GRANT] &&
                      gwapi__grants_permit(&r->t->grants->grants, from, to));
    gwapi__record_reference(r->recorder, from, to, permitted);
    return permitted;
}

int gwapi__age_cmp(const gwapi__resource *a, const gwapi__resource *b)
{
    if (a->meta.created != b->meta.created)
        return a->meta.created < b->meta.created ? -1 : 1;
    int order = gwapi__str_cmp(a->meta.namespace_, b->meta.namespace_);
    return order != 0 ? order : gwapi__str_cmp(a->meta.name, b->meta.name);
}

/* ---- preparing ----------------------------------------------------------------------- */

bool gwapi__kind_in_channel(const gwapi__resolver *r, gwapi__resource_kind kind)
{
    switch (kind) {
    case GWAPI__KIND_TLS_ROUTE:
    case GWAPI__KIND_TCP_ROUTE:
    case GWAPI__KIND_UDP_ROUTE:
    case GWAPI__KIND_BACKEND_TRAFFIC_POLICY:
    case GWAPI__KIND_LISTENER_SET:
    case GWAPI__KIND_MESH:
        return r->experimental;
    default:
        return true;
    }
}

/* Walks the whole set: for what is made anew. */
static gwapi_result count_kinds(gwapi__resolver *r)
{
    const gwapi__set_view *set = &r->t->set;

    for (size_t i = 0; i < set->end; i++) {
        const gwapi__resource *resource = gwapi__set_view_at(set, i);
        if (resource == NULL)
            continue;
        r->kinds[resource->kind].count++;
        r->t->secret_count += resource->kind == GWAPI__KIND_SECRET;
        r->t->nameless = r->t->nameless || resource->meta.name.len == 0;
    }
    for (int kind = 0; kind < GWAPI__KIND_COUNT; kind++) {
        gwapi__sorted *s = &r->kinds[kind];
        s->items = gwapi__arena_array(&r->scratch, s->count, sizeof *s->items);
        if (s->items == NULL)
            return GWAPI_ENOMEM;
        s->count = 0;
    }
    return GWAPI_OK;
}

static gwapi_result sort_kinds(gwapi__resolver *r)
{
    const gwapi__set_view *set = &r->t->set;

    if (r->previous != NULL)
        return GWAPI_OK;
    r->t->secret_count = 0;
    GWAPI__TRY(count_kinds(r));
    for (size_t i = 0; i < set->end; i++) {
        gwapi__resource *resource = gwapi__set_view_at(set, i);
        if (resource != NULL && gwapi__kind_in_channel(r, resource->kind)) {
            gwapi__sorted *s = &r->kinds[resource->kind];
            s->items[s->count++] = resource;
        }
    }
    for (int kind = 0; kind < GWAPI__KIND_COUNT; kind++)
        if (!gwapi__sort(&r->scratch.allocator, r->kinds[kind].items, r->kinds[kind].count,
                         sizeof *r->kinds[kind].items, gwapi__order_resources, NULL))
            return GWAPI_ENOMEM;
    return GWAPI_OK;
}

static void grants_free(void *part)
{
    gwapi__grants_part *grants = part;

    gwapi__grants_free(&grants->grants);
}

static gwapi_result take_grants(gwapi__resolver *r)
{
    if (r->previous != NULL && !r->grants_changed) {
        r->t->grants = gwapi__part_retain(r->previous->grants);
        return GWAPI_OK;
    }
    gwapi__grants_part *grants = gwapi__part_new(&r->t->allocator, sizeof *grants);
    if (grants == NULL)
        return GWAPI_ENOMEM;
    r->t->grants = grants;
    grants->part.free = grants_free;
    gwapi__grants_init(&grants->grants, &r->t->allocator);
    for (size_t i = 0; i < r->t->set.end; i++) {
        const gwapi__resource *resource = gwapi__set_view_at(&r->t->set, i);
        if (resource != NULL && resource->kind == GWAPI__KIND_REFERENCE_GRANT &&
            !gwapi__grants_add(&grants->grants, resource))
            return GWAPI_ENOMEM;
    }
    return GWAPI_OK;
}

static gwapi_result take_extensions(gwapi__resolver *r)
{
    size_t count = r->options->extension_count;
    gwapi_extension *made = gwapi__arena_array(&r->scratch, count, sizeof *made);
    const char *given = (const char *)r->options->extensions;

    if (made == NULL)
        return GWAPI_ENOMEM;
    if (count != 0 && given == NULL)
        return GWAPI_EARGUMENT;
    /* The caller's array has the caller's stride. */
    for (size_t i = 0; i < count; i++) {
        GWAPI__TRY(gwapi__struct_in(&made[i], sizeof made[i], given, sizeof(gwapi_extension)));
        size_t stride;
        memcpy(&stride, given, sizeof stride);
        given += stride;
        if (made[i].role < GWAPI_EXTENSION_BACKEND || made[i].role > GWAPI_EXTENSION_TARGET)
            return GWAPI_EARGUMENT;
    }
    r->extensions = made;
    r->extension_count = count;
    return GWAPI_OK;
}

static gwapi_result prepare(gwapi__resolver *r)
{
    if (!gwapi__resources_view(r->set, &r->t->set, &r->t->allocator))
        return GWAPI_ENOMEM;
    GWAPI__TRY(take_extensions(r));
    GWAPI__TRY(gwapi__certificates_init(&r->certificates, &r->scratch, r->options, r->report));
    GWAPI__TRY(gwapi__take_frame(r));
    GWAPI__TRY(gwapi__find_changes(r));
    GWAPI__TRY(sort_kinds(r));
    GWAPI__TRY(take_grants(r));
    return gwapi__make_frame(r);
}

/* ---- the steps ----------------------------------------------------------------------- */

static gwapi_result resolve_gateways(gwapi__resolver *r)
{
    GWAPI__TRY(gwapi__choose_gateways(r));
    GWAPI__TRY(gwapi__collect_gateways(r));
    GWAPI__TRY(gwapi__merge_listeners(r));
    return gwapi__judge_gateways(r);
}

static gwapi_result resolve_routes(gwapi__resolver *r)
{
    GWAPI__TRY(gwapi__choose_policies(r));
    GWAPI__TRY(gwapi__collect_policies(r));
    GWAPI__TRY(gwapi__choose_routes(r));
    GWAPI__TRY(gwapi__resolve_routes(r));
    return gwapi__bind_routes(r);
}

static int by_edit_key(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return gwapi__resource_cmp(((const gwapi__edit *)a)->key, ((const gwapi__edit *)b)->key);
}

static void drop_edits(gwapi__resolver *r, int i)
{
    for (size_t k = 0; k < r->edits[i].count; k++)
        gwapi__part_release(GWAPI__AT(&r->edits[i], gwapi__edit, k)->part);
    r->edits[i].count = 0;
}

static gwapi_result publish(gwapi__resolver *r, int from, int to)
{
    static const gwapi__sequence none;

    for (int i = from; i < to; i++) {
        const gwapi__sequence *old = r->previous != NULL ? &r->previous->sequences[i] : &none;
        if (!gwapi__vector_sort(&r->edits[i], by_edit_key, NULL) ||
            !gwapi__sequence_edit(&r->t->sequences[i], old, r->edits[i].data,
                                  r->edits[i].count))
            return GWAPI_ENOMEM;
        drop_edits(r, i);
    }
    return GWAPI_OK;
}

/* Verdicts that are made again take the place of those just published. */
static gwapi_result publish_again(gwapi__resolver *r)
{
    for (int i = 0; i < GWAPI__ROUTE_KINDS; i++) {
        gwapi__sequence made;
        if (r->edits[i].count == 0)
            continue;
        gwapi__sequence_init(&made, &r->t->allocator);
        if (!gwapi__vector_sort(&r->edits[i], by_edit_key, NULL) ||
            !gwapi__sequence_edit(&made, &r->t->sequences[i], r->edits[i].data,
                                  r->edits[i].count)) {
            gwapi__sequence_free(&made);
            return GWAPI_ENOMEM;
        }
        gwapi__sequence_free(&r->t->sequences[i]);
        r->t->sequences[i] = made;
    }
    return GWAPI_OK;
}

/* What policies are at work on is counted from the others' parts; where a policy has no room,
 * its routes hear of it. */
static gwapi_result make_parts(gwapi__resolver *r)
{
    GWAPI__TRY(gwapi__route_verdicts(r));
    GWAPI__TRY(gwapi__gateway_parts(r));
    GWAPI__TRY(publish(r, 0, GWAPI__SEQUENCE_TLS_POLICIES));
    GWAPI__TRY(gwapi__resolve_ancestors(r));
    GWAPI__TRY(gwapi__policy_parts(r));
    GWAPI__TRY(publish(r, GWAPI__SEQUENCE_TLS_POLICIES, GWAPI__SEQUENCE_COUNT));
    GWAPI__TRY(gwapi__find_shut_out(r));
    if (r->shut_out.count == 0)
        return GWAPI_OK;
    GWAPI__TRY(gwapi__verdicts_again(r));
    return publish_again(r);
}

static gwapi_result resolve(gwapi__resolver *r)
{
    GWAPI__TRY(prepare(r));
    GWAPI__TRY(gwapi__warn_of_mesh(r));
    if (r->options->certificates == NULL && r->t->secret_count != 0)
        GWAPI__TRY(
            gwapi__note(r, "resolve/certificates",
                        GWAPI__STR("Certificates are judged by their PEM framing only")));
    GWAPI__TRY(resolve_gateways(r));
    GWAPI__TRY(resolve_routes(r));
    GWAPI__TRY(make_parts(r));
    return r->seen->failed ? GWAPI_ENOMEM : GWAPI_OK; /* beside any part, but none is forgotten */
}

static void resolver_init(gwapi__resolver *r, gwapi_topology *t, const gwapi_resources *set,
                          const gwapi_resolve_options *options, gwapi_report *report,
                          gwapi__seen *seen)
{
    const gwapi_allocator *a = &t->allocator;

    *r = (gwapi__resolver){.t = t,
                           .previous = options->previous,
                           .before = options->previous,
                           .set = set,
                           .options = options,
                           .report = report,
                           .seen = seen,
                           .experimental = t->channel == GWAPI_CHANNEL_EXPERIMENTAL};
    gwapi__arena_init(&r->scratch, a);
    gwapi__vector_init(&seen->hashes, a, sizeof(uint64_t));
    seen->failed = false;
    gwapi__index_init(&r->assumed, a);
    gwapi__index_init(&r->by_name, a);
    gwapi__index_init(&r->board_index, a);
    gwapi__map_init(&r->controllers, a);
    for (int i = 0; i < GWAPI__SEQUENCE_COUNT; i++)
        gwapi__vector_init(&r->edits[i], a, sizeof(gwapi__edit));
    gwapi__vector_init(&r->changes, a, sizeof(gwapi__change));
    gwapi__vector_init(&r->keys, a, sizeof(uint64_t));
    gwapi__vector_init(&r->parents, a, sizeof(gwapi__parent_state));
    gwapi__vector_init(&r->candidates, a, sizeof(gwapi__candidate));
    gwapi__vector_init(&r->counts, a, sizeof(gwapi__count));
    gwapi__vector_init(&r->uses, a, sizeof(gwapi__target_use));
    gwapi__vector_init(&r->routes, a, sizeof(gwapi__resolved_route *));
    gwapi__vector_init(&r->gone, a, sizeof(const gwapi__resolved_route *));
    gwapi__vector_init(&r->moved, a, sizeof(const gwapi__resolved_route *));
    gwapi__vector_init(&r->boards, a, gwapi__board_size);
    gwapi__vector_init(&r->shut_out, a, sizeof(const gwapi__resolved_route *));
    gwapi__vector_init(&r->reviewed, a, sizeof(const gwapi__resource *));
}

static void resolver_free(gwapi__resolver *r)
{
    gwapi__vector *const plain[] = {&r->changes,  &r->keys,     &r->parents,     &r->candidates,
                                    &r->counts,   &r->uses,     &r->gone,        &r->moved,
                                    &r->reviewed, &r->shut_out, &r->seen->hashes};

    for (int i = 0; i < GWAPI__SEQUENCE_COUNT; i++) {
        drop_edits(r, i);
        gwapi__vector_free(&r->edits[i]);
    }
    for (size_t i = 0; i < r->routes.count; i++)
        gwapi__part_release(*GWAPI__AT(&r->routes, gwapi__resolved_route *, i));
    gwapi__vector_free(&r->routes);
    gwapi__ancestors_free(r);
    gwapi__boards_free(r);
    gwapi__work_free(r);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        gwapi__vector_free(plain[i]);
    gwapi__certificates_free(&r->certificates);
    gwapi__index_free(&r->assumed);
    gwapi__index_free(&r->by_name);
    gwapi__index_free(&r->board_index);
    gwapi__map_free(&r->controllers);
    gwapi__arena_free(&r->scratch);
}

/* ---- the handle ---------------------------------------------------------------------- */

static void topology_free(gwapi_topology *t)
{
    gwapi_allocator allocator = t->allocator;

    for (int i = 0; i < GWAPI__SEQUENCE_COUNT; i++)
        gwapi__sequence_free(&t->sequences[i]);
    gwapi__part_release(t->policies[0]);
    gwapi__part_release(t->policies[1]);
    gwapi__part_release(t->grants);
    gwapi__part_release(t->frame);
    gwapi__set_view_free(&t->set); /* last: parts borrow of it */
    gwapi__free(&allocator, t, sizeof *t);
}

static gwapi_result topology_new(gwapi_topology **out, const gwapi_resources *set,
                                 const gwapi_resolve_options *options)
{
    gwapi_allocator allocator;
    gwapi_limits limits;

    GWAPI__TRY(gwapi__allocator_init(&allocator, options->allocator));
    GWAPI__TRY(gwapi__limits_init(&limits, options->limits));
    gwapi_topology *t = gwapi__alloc_array(&allocator, 1, sizeof *t);
    if (t == NULL)
        return GWAPI_ENOMEM;
    atomic_init(&t->references, 1);
    t->allocator = allocator;
    t->limits = limits;
    t->channel = options->channel != 0 ? options->channel
                                       : gwapi_schema_channel(gwapi__resources_schema(set));
    t->serial = options->previous != NULL ? options->previous->serial + 1 : 1;
    gwapi__time_write(t->now, options->now);
    t->set.allocator = allocator;
    for (int i = 0; i < GWAPI__SEQUENCE_COUNT; i++)
        gwapi__sequence_init(&t->sequences[i], &allocator);
    *out = t;
    return GWAPI_OK;
}

static gwapi_result check_options(const gwapi_resolve_options *o)
{
    if (gwapi__str_present(o->default_mesh) && !gwapi__str_present(o->controller))
        return GWAPI_EARGUMENT;
    if ((o->feature_count != 0 && o->features == NULL) ||
        (o->usable_address_count != 0 && o->usable_addresses == NULL))
        return GWAPI_EARGUMENT;
    return o->channel <= GWAPI_CHANNEL_EXPERIMENTAL ? GWAPI_OK : GWAPI_EARGUMENT;
}

gwapi_result gwapi__topology_resolve(gwapi_topology **out, const gwapi_resources *resources,
                                     const gwapi_resolve_options *options,
                                     gwapi__recorder *recorder, gwapi_report *report)
{
    gwapi_resolve_options o;
    gwapi__resolver r;
    gwapi__seen seen;
    gwapi_topology *t;

    if (out == NULL)
        return GWAPI_EARGUMENT;
    *out = NULL;
    if (resources == NULL)
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__struct_in(&o, sizeof o, options, sizeof(gwapi_resolve_options)));
    GWAPI__TRY(check_options(&o));
    GWAPI__TRY(topology_new(&t, resources, &o));
    resolver_init(&r, t, resources, &o, report, &seen);
    r.recorder = recorder;
    if (recorder != NULL) /* it is to hear of everything */
        r.previous = NULL;
    gwapi_result result = resolve(&r);
    resolver_free(&r);
    if (result == GWAPI_OK && recorder != NULL && recorder->failed)
        result = GWAPI_ENOMEM;
    if (result != GWAPI_OK)
        topology_free(t);
    else
        *out = t;
    return result;
}

gwapi_result gwapi_topology_resolve(gwapi_topology **out, const gwapi_resources *resources,
                                    const gwapi_resolve_options *options, gwapi_report *report)
{
    return gwapi__topology_resolve(out, resources, options, NULL, report);
}

gwapi_topology *gwapi_topology_retain(gwapi_topology *topology)
{
    atomic_fetch_add_explicit(&topology->references, 1, memory_order_relaxed);
    return topology;
}

void gwapi_topology_release(gwapi_topology *topology)
{
    if (topology != NULL &&
        atomic_fetch_sub_explicit(&topology->references, 1, memory_order_acq_rel) == 1)
        topology_free(topology);
}
