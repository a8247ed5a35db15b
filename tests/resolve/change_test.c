/*
 * Resolving by `previous` gives what resolving anew gives: random objects come, change and go,
 * and after each step everything that can be read of the two topologies is compared, the image
 * too. GWAPI_TEST_STEPS and GWAPI_TEST_SEED choose a longer run and another one.
 */
#include "tell.h"

#include "resolve/status.h"

#define DEFAULT_STEPS 400

static gwapi_topology *resolve(world *w, const gwapi_topology *previous)
{
    gwapi_topology *made;

    w->options.previous = previous;
    gwapi_result result = gwapi_topology_resolve(&made, w->set, &w->options, NULL);
    cr_assert_eq(result, GWAPI_OK, "%s", gwapi_result_name(result));
    return made;
}

/* A lastTransitionTime alone is no difference: that of a new condition moves with the clock. */
static void blot_times(gwapi__text *t)
{
    static const char key[] = "\"lastTransitionTime\":\"";
    char *end = t->data + t->len;

    for (char *at = t->data; t->len != 0 && at + sizeof key + GWAPI__TIME_LENGTH < end; at++)
        if (memcmp(at, key, sizeof key - 1) == 0)
            memset(at + sizeof key - 1, '.', GWAPI__TIME_LENGTH);
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
    blot_times(t);
}

/* Listed as changed are exactly those whose status is another one than before. */
static void check_changed(world *w, const gwapi_topology *before, const gwapi_topology *after,
                          const char *label, uint64_t at)
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
                     "%s, step %zu: %.*s %.*s/%.*s\n%.*s\n%.*s", label, (size_t)at,
                     GWAPI__FMT(ref.kind), GWAPI__FMT(ref.namespace_), GWAPI__FMT(ref.name),
                     GWAPI__FMT(gwapi__text_str(&old)), GWAPI__FMT(gwapi__text_str(&new)));
    }
    gwapi__text_free(&old);
    gwapi__text_free(&new);
}

static void run(world *w, const char *label, uint64_t seed, uint64_t steps)
{
    gwapi__text manifest, is, should;
    dice d = {seed};
    gwapi_topology *at = resolve(w, NULL);
    gwapi_snapshot *image = NULL, *next_image;

    gwapi__text_init(&manifest, &w->allocator);
    gwapi__text_init(&is, &w->allocator);
    gwapi__text_init(&should, &w->allocator);
    for (uint64_t i = 0; i < steps; i++) {
        uint32_t more = roll(&d, 8) == 0 ? roll(&d, 5) : 0;
        step(w, &d, &manifest);
        for (uint32_t k = 0; k < more; k++)
            step(w, &d, &manifest);
        w->options.now += 3;
        gwapi_topology *next = resolve(w, at), *anew = resolve(w, NULL);
        tell_all_by(&is, next, image, &next_image);
        tell_all(&should, anew);
        expect_same(&is, &should, label, i, gwapi__text_str(&manifest));
        if (i % 16 == 0)
            check_changed(w, at, next, label, i);
        gwapi_topology_release(anew);
        gwapi_topology_release(at);
        gwapi_snapshot_release(image);
        at = next;
        image = next_image;
    }
    gwapi_topology_release(at);
    gwapi_snapshot_release(image);
    gwapi__text_free(&manifest);
    gwapi__text_free(&is);
    gwapi__text_free(&should);
}

/* The worlds that are changed: what options can decide. */
typedef struct scene {
    const char *label;
    gwapi_channel channel;
    const char *controller, *default_mesh;
    uint32_t assume;
    bool extensions, few_features;
} scene;

static const scene scenes[] = {
    {"our controller", GWAPI_CHANNEL_EXPERIMENTAL, "example.com/ours", NULL, 0, false, false},
    {"any controller, standard", GWAPI_CHANNEL_STANDARD, NULL, NULL, 0, false, false},
    {"a default mesh, kinds of the host's own", GWAPI_CHANNEL_EXPERIMENTAL, "example.com/ours",
     "mesh", 0, true, false},
    {"few features, much assumed", GWAPI_CHANNEL_EXPERIMENTAL, NULL, NULL,
     GWAPI_ASSUME_SERVICE | GWAPI_ASSUME_SECRET | GWAPI_ASSUME_NAMESPACE, true, true},
};

static const gwapi_extension extensions[] = {
    {sizeof(gwapi_extension), GWAPI_EXTENSION_FILTER, GWAPI_STR_INIT("e.example"),
     GWAPI_STR_INIT("Thing")},
    {sizeof(gwapi_extension), GWAPI_EXTENSION_BACKEND, GWAPI_STR_INIT("e.example"),
     GWAPI_STR_INIT("Thing")},
};

static const gwapi_str few_features[] = {
    GWAPI_STR_INIT("Gateway"),
    GWAPI_STR_INIT("HTTPRoute"),
    GWAPI_STR_INIT("GRPCRoute"),
    GWAPI_STR_INIT("Mesh"),
    GWAPI_STR_INIT("HTTPRoutePathRewrite"),
};

static void set_scene(world *w, const scene *s)
{
    world_init(w, GWAPI_CHANNEL_EXPERIMENTAL);
    w->options.channel = s->channel;
    w->options.assume = s->assume;
    if (s->controller != NULL)
        w->options.controller = gwapi__str_of(s->controller);
    if (s->default_mesh != NULL)
        w->options.default_mesh = gwapi__str_of(s->default_mesh);
    if (s->extensions) {
        w->options.extensions = extensions;
        w->options.extension_count = sizeof extensions / sizeof *extensions;
    }
    if (s->few_features) {
        w->options.flags |= GWAPI_RESOLVE_FEATURES;
        w->options.features = few_features;
        w->options.feature_count = sizeof few_features / sizeof *few_features;
    }
}

Test(resolve_change, random_steps_end_where_resolving_anew_ends)
{
    uint64_t seed = setting("GWAPI_TEST_SEED", 1);
    uint64_t steps = setting("GWAPI_TEST_STEPS", DEFAULT_STEPS);

    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) {
        world w;
        set_scene(&w, &scenes[i]);
        run(&w, scenes[i].label, seed + i, steps);
        world_free(&w);
    }
}
