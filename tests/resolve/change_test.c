/*
 * Resolving by `previous` gives what resolving anew gives: random objects come, change and go,
 * and after each step everything that can be read of the two topologies is compared, the image
 * too. GWAPI_TEST_STEPS and GWAPI_TEST_SEED choose a longer run and another one.
 */
#include "support.h"

#include "generate.h"
#include "support/oom.h"

#define DEFAULT_STEPS 400

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);

    return text != NULL ? strtoull(text, NULL, 10) : otherwise;
}

/* ---- everything a topology tells ----------------------------------------------------- */

static void tell_number(gwapi__text *t, uint64_t n)
{
    gwapi__text_u64(t, n);
    gwapi__text_char(t, ' ');
}

static void tell_attachments(gwapi__text *t, const gwapi_topology *topology, size_t listener,
                             uint32_t count)
{
    for (uint32_t j = 0; j < count; j++) {
        uint32_t route;
        cr_assert_eq(gwapi_topology_attachment_at(topology, listener, j, &route), GWAPI_OK);
        tell_number(t, route);
    }
    gwapi__text_char(t, '\n');
}

static void tell_lists(gwapi__text *t, const gwapi_topology *topology)
{
    for (size_t i = 0; i < gwapi_topology_gateway_count(topology); i++) {
        gwapi_gateway_info g = {.struct_size = sizeof g};
        cr_assert_eq(gwapi_topology_gateway_at(topology, i, &g), GWAPI_OK);
        gwapi__text_add(t, g.namespace_);
        gwapi__text_add(t, g.name);
        tell_number(t, g.accepted);
        tell_number(t, g.programmed);
        tell_number(t, g.default_gateway);
        tell_number(t, g.first_listener);
        tell_number(t, g.listener_count);
    }
    for (size_t i = 0; i < gwapi_topology_listener_count(topology); i++) {
        gwapi_topology_listener_info l = {.struct_size = sizeof l};
        cr_assert_eq(gwapi_topology_listener_at(topology, i, &l), GWAPI_OK);
        tell_number(t, l.gateway);
        gwapi__text_add(t, l.listener_set);
        gwapi__text_add(t, l.name);
        tell_number(t, l.port);
        tell_number(t, l.attached_routes);
        tell_attachments(t, topology, i, l.attachment_count);
    }
    for (size_t i = 0; i < gwapi_topology_route_count(topology); i++) {
        gwapi_topology_route_info r = {.struct_size = sizeof r};
        cr_assert_eq(gwapi_topology_route_at(topology, i, &r), GWAPI_OK);
        gwapi__text_add(t, r.kind);
        gwapi__text_add(t, r.namespace_);
        gwapi__text_add(t, r.name);
        tell_number(t, r.accepted);
        tell_number(t, r.rule_count);
    }
}

static void tell_image(gwapi__text *t, const gwapi_topology *topology)
{
    gwapi_snapshot *snapshot;
    size_t len;

    cr_assert_eq(gwapi_snapshot_compile(&snapshot, topology, NULL, NULL), GWAPI_OK);
    const void *bytes = gwapi_snapshot_bytes(snapshot, &len);
    gwapi__text_add(t, gwapi__str(bytes, len));
    gwapi_snapshot_release(snapshot);
}

static void tell_all(gwapi__text *t, const gwapi_topology *topology)
{
    t->len = 0;
    write_statuses(t, topology);
    tell_lists(t, topology);
    tell_image(t, topology);
    cr_assert(!t->failed);
}

/* ---- steps --------------------------------------------------------------------------- */

static void apply(world *w, gwapi__text *t)
{
    gwapi_source source = GWAPI_SOURCE_INIT;

    source.bytes = t->data;
    source.len = t->len;
    source.mode = GWAPI_READ_STORED;
    gwapi_result result = gwapi_resources_read(w->set, &source, w->report);
    cr_assert_eq(result, GWAPI_OK, "%s\n%.*s\n%.*s", gwapi_result_name(result),
                 GWAPI__FMT(text_of(w->report)), GWAPI__FMT(gwapi__text_str(t)));
}

static void take_away(world *w, const subject *s)
{
    gwapi_object_ref ref = GWAPI_OBJECT_REF_INIT;

    ref.group = gwapi__str_of(s->row->group);
    ref.kind = gwapi__str_of(s->row->kind);
    ref.namespace_ = gwapi__str_of(s->namespace_);
    ref.name = gwapi__str_of(s->name);
    gwapi_resources_delete(w->set, &ref);
}

/* One object comes or changes, or goes. */
static void step(world *w, dice *d, gwapi__text *t)
{
    subject s = random_subject(d);

    t->len = 0;
    say_subject(t, d, &s);
    if (roll(d, 4) == 0)
        take_away(w, &s);
    else
        apply(w, t);
}

static gwapi_topology *resolve(world *w, const gwapi_topology *previous)
{
    gwapi_topology *made;

    w->options.previous = previous;
    gwapi_result result = gwapi_topology_resolve(&made, w->set, &w->options, NULL);
    cr_assert_eq(result, GWAPI_OK, "%s", gwapi_result_name(result));
    return made;
}

/* The status of an object, "" without one. */
static void status_of(gwapi__text *t, const gwapi_topology *topology,
                      const gwapi_object_ref *of)
{
    gwapi_sink sink = {sizeof sink, t, text_sink};

    t->len = 0;
    for (size_t i = 0; i < gwapi_topology_status_count(topology); i++) {
        gwapi_object_ref ref = GWAPI_OBJECT_REF_INIT;
        gwapi_topology_status_at(topology, i, &ref);
        if (gwapi__str_eq(ref.kind, of->kind) && gwapi__str_eq(ref.name, of->name) &&
            gwapi__str_eq(ref.namespace_, of->namespace_))
            cr_assert_eq(gwapi_topology_status_write(topology, i, &sink), GWAPI_OK);
    }
}

/* Listed as changed are exactly those whose status is another one than before. */
static void check_changed(world *w, const gwapi_topology *before, const gwapi_topology *after,
                          uint64_t at)
{
    gwapi__text old, new;

    gwapi__text_init(&old, &w->allocator);
    gwapi__text_init(&new, &w->allocator);
    for (size_t i = 0; i < gwapi_topology_status_count(after); i++) {
        gwapi_object_ref ref = GWAPI_OBJECT_REF_INIT;
        gwapi_topology_status_at(after, i, &ref);
        status_of(&old, before, &ref);
        status_of(&new, after, &ref);
        bool same = gwapi__str_eq(gwapi__text_str(&old), gwapi__text_str(&new));
        cr_assert_eq(gwapi_topology_status_changed(after, i), !same,
                     "step %zu: %.*s %.*s/%.*s\n%.*s\n%.*s", (size_t)at, GWAPI__FMT(ref.kind),
                     GWAPI__FMT(ref.namespace_), GWAPI__FMT(ref.name),
                     GWAPI__FMT(gwapi__text_str(&old)), GWAPI__FMT(gwapi__text_str(&new)));
    }
    gwapi__text_free(&old);
    gwapi__text_free(&new);
}

static size_t difference(gwapi_str a, gwapi_str b)
{
    size_t i = 0;

    while (i < a.len && i < b.len && a.data[i] == b.data[i])
        i++;
    while (i > 0 && a.data[i - 1] != '\n')
        i--;
    return i;
}

static void expect_same(const gwapi__text *is, const gwapi__text *should, uint64_t at,
                        gwapi_str manifest)
{
    gwapi_str a = gwapi__text_str(is), b = gwapi__text_str(should);
    size_t from = difference(a, b);

    cr_assert(gwapi__str_eq(a, b), "step %zu: %.*s\nis     %.900s\nshould %.900s", (size_t)at,
              GWAPI__FMT(manifest), a.data + from, b.data + from);
}

static void run(world *w, uint64_t seed, uint64_t steps)
{
    gwapi__text manifest, is, should;
    dice d = {seed};
    gwapi_topology *at = resolve(w, NULL);

    gwapi__text_init(&manifest, &w->allocator);
    gwapi__text_init(&is, &w->allocator);
    gwapi__text_init(&should, &w->allocator);
    for (uint64_t i = 0; i < steps; i++) {
        uint32_t more = roll(&d, 8) == 0 ? roll(&d, 5) : 0;
        step(w, &d, &manifest);
        for (uint32_t k = 0; k < more; k++)
            step(w, &d, &manifest);
        gwapi_topology *next = resolve(w, at), *anew = resolve(w, NULL);
        tell_all(&is, next);
        tell_all(&should, anew);
        expect_same(&is, &should, i, gwapi__text_str(&manifest));
        if (i % 16 == 0)
            check_changed(w, at, next, i);
        gwapi_topology_release(anew);
        gwapi_topology_release(at);
        at = next;
    }
    gwapi_topology_release(at);
    gwapi__text_free(&manifest);
    gwapi__text_free(&is);
    gwapi__text_free(&should);
}

Test(resolve_change, random_steps_end_where_resolving_anew_ends)
{
    uint64_t seed = setting("GWAPI_TEST_SEED", 1);
    world w;

    world_init(&w, GWAPI_CHANNEL_EXPERIMENTAL);
    w.options.controller = GWAPI__STR("example.com/ours");
    run(&w, seed, setting("GWAPI_TEST_STEPS", DEFAULT_STEPS));
    world_free(&w);
}

Test(resolve_change, random_steps_without_a_controller_and_in_the_standard_channel)
{
    uint64_t seed = setting("GWAPI_TEST_SEED", 2);
    world w;

    world_init(&w, GWAPI_CHANNEL_EXPERIMENTAL);
    w.options.channel = GWAPI_CHANNEL_STANDARD;
    run(&w, seed, setting("GWAPI_TEST_STEPS", DEFAULT_STEPS));
    world_free(&w);
}
