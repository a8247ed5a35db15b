/* Resolving a set: the steps in their order, and what they share. */
#include "resolve/resolver.h"

#include "base/limits.h"
#include "base/struct.h"

#define DEFAULT_CONTROLLER "gatewayapi.invalid/command"

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

gwapi__resource *gwapi__find(const gwapi__resolver *r, const gwapi__identity *key)
{
    return gwapi__resources_lookup(r->set, key->group, key->kind, key->namespace_, key->name);
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
    bool permitted = (r->options->assume & GWAPI_ASSUME_REFERENCE_GRANT) != 0 ||
                     (r->features.has[GWAPI__FEATURE_REFERENCE_GRANT] &&
                      gwapi__grants_permit(&r->grants, from, to));
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

static gwapi_result retain_all(gwapi__resolver *r)
{
    size_t count = gwapi__resources_count(r->set);

    if (count >= GWAPI_NONE)
        return GWAPI_ELIMIT;
    r->t->resources =
        gwapi__arena_array(gwapi__resolver_arena(r), count, sizeof *r->t->resources);
    if (r->t->resources == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < count; i++)
        r->t->resources[r->t->resource_count++] =
            gwapi__resource_retain(gwapi__resources_get(r->set, i));
    return GWAPI_OK;
}

/* Kinds of the experimental channel only do not exist in the other one. */
static bool in_channel(const gwapi__resolver *r, gwapi__resource_kind kind)
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

static int by_name(const void *a, const void *b, void *ctx)
{
    const gwapi__resource *x = *(gwapi__resource *const *)a, *y = *(gwapi__resource *const *)b;
    int order = gwapi__str_cmp(x->meta.namespace_, y->meta.namespace_);

    (void)ctx;
    return order != 0 ? order : gwapi__str_cmp(x->meta.name, y->meta.name);
}

static gwapi_result sort_kinds(gwapi__resolver *r)
{
    for (size_t i = 0; i < r->t->resource_count; i++)
        r->kinds[r->t->resources[i]->kind].count++;
    for (int kind = 0; kind < GWAPI__KIND_COUNT; kind++) {
        gwapi__sorted *s = &r->kinds[kind];
        s->items = gwapi__arena_array(&r->scratch, s->count, sizeof *s->items);
        if (s->items == NULL)
            return GWAPI_ENOMEM;
        s->count = 0;
    }
    for (size_t i = 0; i < r->t->resource_count; i++) {
        gwapi__sorted *s = &r->kinds[r->t->resources[i]->kind];
        if (in_channel(r, r->t->resources[i]->kind))
            s->items[s->count++] = r->t->resources[i];
    }
    for (int kind = 0; kind < GWAPI__KIND_COUNT; kind++)
        if (!gwapi__sort(&r->scratch.allocator, r->kinds[kind].items, r->kinds[kind].count,
                         sizeof *r->kinds[kind].items, by_name, NULL))
            return GWAPI_ENOMEM;
    return GWAPI_OK;
}

static gwapi_result take_grants(gwapi__resolver *r)
{
    const gwapi__sorted *grants = &r->kinds[GWAPI__KIND_REFERENCE_GRANT];

    for (size_t i = 0; i < grants->count; i++)
        if (!gwapi__grants_add(&r->grants, grants->items[i]))
            return GWAPI_ENOMEM;
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

static gwapi_result take_texts(gwapi__resolver *r)
{
    gwapi__arena *arena = gwapi__resolver_arena(r);
    gwapi_str controller = gwapi__str_present(r->options->controller)
                               ? r->options->controller
                               : GWAPI__STR(DEFAULT_CONTROLLER);
    char now[GWAPI__TIME_LENGTH];

    gwapi__time_write(now, r->options->now);
    if (!gwapi__arena_copy(arena, controller, &r->t->controller) ||
        !gwapi__arena_copy(arena, gwapi__str(now, sizeof now), &r->now) ||
        !gwapi__arena_copy(arena, gwapi_schema_release(gwapi__resources_schema(r->set)),
                           &r->t->release))
        return GWAPI_ENOMEM;
    return GWAPI_OK;
}

static gwapi_result prepare(gwapi__resolver *r)
{
    GWAPI__TRY(take_texts(r));
    GWAPI__TRY(take_extensions(r));
    GWAPI__TRY(
        gwapi__certificates_init(&r->certificates, &r->scratch, r->options->certificates));
    GWAPI__TRY(gwapi__features_init(&r->features, gwapi__resolver_arena(r), r->options,
                                    r->experimental));
    GWAPI__TRY(retain_all(r));
    GWAPI__TRY(sort_kinds(r));
    return take_grants(r);
}

/* ---- the steps ----------------------------------------------------------------------- */

static gwapi_result resolve_gateways(gwapi__resolver *r)
{
    GWAPI__TRY(gwapi__resolve_classes(r));
    GWAPI__TRY(gwapi__collect_mesh(r));
    GWAPI__TRY(gwapi__collect_gateways(r));
    GWAPI__TRY(gwapi__merge_listeners(r));
    gwapi__support_listeners(r);
    GWAPI__TRY(gwapi__resolve_conflicts(r));
    GWAPI__TRY(gwapi__judge_listeners(r));
    GWAPI__TRY(gwapi__resolve_overlaps(r));
    GWAPI__TRY(gwapi__judge_gateways(r));
    GWAPI__TRY(gwapi__judge_listener_sets(r));
    gwapi__serve_listeners(r);
    return GWAPI_OK;
}

static gwapi_result resolve_routes(gwapi__resolver *r)
{
    GWAPI__TRY(gwapi__collect_policies(r));
    GWAPI__TRY(gwapi__collect_routes(r));
    GWAPI__TRY(gwapi__attach_routes(r));
    gwapi__resolve_accepted(r);
    GWAPI__TRY(gwapi__resolve_rules(r));
    return gwapi__resolve_ancestors(r);
}

/* Both lists are in the same order. */
static void compare_with(gwapi_topology *t, const gwapi_topology *previous)
{
    size_t k = 0;

    for (size_t i = 0; i < t->status_count; i++) {
        gwapi__object_status *s = &t->statuses[i];
        if (previous == NULL) {
            s->changed = !gwapi__status_equals_stored(s);
            continue;
        }
        gwapi__identity key = gwapi__status_identity(t, i);
        int order = 1;
        for (; k < previous->status_count; k++) {
            gwapi__identity other = gwapi__status_identity(previous, k);
            order = gwapi__identity_cmp(&other, &key);
            if (order >= 0)
                break;
        }
        s->changed = order != 0 || !gwapi__status_equal(s, &previous->statuses[k]);
    }
}

static gwapi_result resolve(gwapi__resolver *r)
{
    GWAPI__TRY(prepare(r));
    if (r->options->certificates == NULL && r->kinds[GWAPI__KIND_SECRET].count != 0)
        GWAPI__TRY(
            gwapi__note(r, "resolve/certificates",
                        GWAPI__STR("Certificates are judged by their PEM framing only")));
    GWAPI__TRY(resolve_gateways(r));
    GWAPI__TRY(resolve_routes(r));
    GWAPI__TRY(gwapi__collect_statuses(r));
    compare_with(r->t, r->options->previous);
    return GWAPI_OK;
}

static void resolver_init(gwapi__resolver *r, gwapi_topology *t, const gwapi_resources *set,
                          const gwapi_resolve_options *options, gwapi_report *report)
{
    const gwapi_allocator *a = &t->allocator;

    *r = (gwapi__resolver){.t = t,
                           .set = set,
                           .options = options,
                           .report = report,
                           .experimental = t->channel == GWAPI_CHANNEL_EXPERIMENTAL};
    gwapi__arena_init(&r->scratch, a);
    gwapi__grants_init(&r->grants, a);
    gwapi__index_init(&r->assumed, a);
    gwapi__index_init(&r->by_name, a);
    gwapi__index_init(&r->mesh_index, a);
    gwapi__map_init(&r->controllers, a, 0);
    gwapi__vector_init(&r->parents, a, sizeof(gwapi__parent_state));
    gwapi__vector_init(&r->candidates, a, sizeof(gwapi__candidate));
    gwapi__vector_init(&r->mesh_ports, a, sizeof(gwapi__mesh_port));
    gwapi__policies_init(&r->tls_policies, GWAPI__KIND_BACKEND_TLS_POLICY, a);
    gwapi__policies_init(&r->traffic_policies, GWAPI__KIND_BACKEND_TRAFFIC_POLICY, a);
}

static void resolver_free(gwapi__resolver *r)
{
    gwapi__policies_free(&r->tls_policies);
    gwapi__policies_free(&r->traffic_policies);
    gwapi__certificates_free(&r->certificates);
    gwapi__grants_free(&r->grants);
    gwapi__index_free(&r->assumed);
    gwapi__index_free(&r->by_name);
    gwapi__index_free(&r->mesh_index);
    gwapi__map_free(&r->controllers);
    gwapi__vector_free(&r->parents);
    gwapi__vector_free(&r->candidates);
    gwapi__vector_free(&r->mesh_ports);
    gwapi__arena_free(&r->scratch);
}

/* ---- the handle ---------------------------------------------------------------------- */

static void topology_free(gwapi_topology *t)
{
    gwapi_allocator allocator = t->allocator;

    for (size_t i = 0; i < t->resource_count; i++)
        gwapi__resource_release(t->resources[i]);
    gwapi__arena_free(&t->arena);
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
    gwapi__arena_init(&t->arena, &allocator);
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
    gwapi_topology *t;

    if (out == NULL)
        return GWAPI_EARGUMENT;
    *out = NULL;
    if (resources == NULL)
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__struct_in(&o, sizeof o, options, sizeof(gwapi_resolve_options)));
    GWAPI__TRY(check_options(&o));
    GWAPI__TRY(topology_new(&t, resources, &o));
    resolver_init(&r, t, resources, &o, report);
    r.recorder = recorder;
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
