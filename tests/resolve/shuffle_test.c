/*
 * The order of the input does not matter: the same objects (no object twice), read in another
 * order, give the same statuses and the same image. GWAPI_TEST_TOPOLOGIES and
 * GWAPI_TEST_SHUFFLES choose a longer run, GWAPI_TEST_SEED another one.
 */
#include "tell.h"

#define DEFAULT_TOPOLOGIES 8
#define DEFAULT_SHUFFLES   25
#define MOST_OBJECTS       100

/* Manifests of a topology, each one document. */
typedef struct deck {
    subject subjects[MOST_OBJECTS];
    gwapi__text texts[MOST_OBJECTS];
    size_t count;
} deck;

static bool has(const deck *d, const subject *s)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->subjects[i].row == s->row && strcmp(d->subjects[i].name, s->name) == 0 &&
            strcmp(d->subjects[i].namespace_, s->namespace_) == 0)
            return true;
    return false;
}

static void fill(deck *d, dice *die, const gwapi_allocator *allocator)
{
    size_t wanted = 15 + roll(die, MOST_OBJECTS - 15);

    d->count = 0;
    while (d->count < wanted) {
        subject s = random_subject(die);
        gwapi__text *t = &d->texts[d->count];
        if (has(d, &s)) {
            wanted--;
            continue;
        }
        d->subjects[d->count++] = s;
        gwapi__text_init(t, allocator);
        say_subject(t, die, &s);
        cr_assert(!t->failed);
    }
}

static void empty(deck *d)
{
    for (size_t i = 0; i < d->count; i++)
        gwapi__text_free(&d->texts[i]);
}

static void shuffle(size_t *order, size_t count, dice *d)
{
    for (size_t i = count; i > 1; i--) {
        size_t k = roll(d, (uint32_t)i), other = order[i - 1];
        order[i - 1] = order[k];
        order[k] = other;
    }
}

/* What a new set with the objects in that order resolves to. */
static void tell_order(gwapi__text *out, world *w, const deck *d, const size_t *order,
                       gwapi__text *manifest)
{
    manifest->len = 0;
    for (size_t i = 0; i < d->count; i++)
        gwapi__text_add(manifest, gwapi__text_str(&d->texts[order[i]]));
    gwapi_resources_free(w->set);
    cr_assert_eq(gwapi_resources_new(&w->set, w->schema, NULL), GWAPI_OK);
    apply(w, manifest);
    world_resolve(w);
    tell_all(out, w->topology);
}

static void check_topology(world *w, const deck *d, dice *die, uint64_t shuffles, uint64_t at)
{
    gwapi__text is, should, manifest;
    size_t order[MOST_OBJECTS];

    gwapi__text_init(&is, &w->allocator);
    gwapi__text_init(&should, &w->allocator);
    gwapi__text_init(&manifest, &w->allocator);
    for (size_t i = 0; i < d->count; i++)
        order[i] = i;
    tell_order(&should, w, d, order, &manifest);
    for (uint64_t i = 0; i < shuffles; i++) {
        shuffle(order, d->count, die);
        tell_order(&is, w, d, order, &manifest);
        expect_same(&is, &should, "shuffled", at, gwapi__text_str(&manifest));
    }
    gwapi__text_free(&is);
    gwapi__text_free(&should);
    gwapi__text_free(&manifest);
}

Test(resolve_shuffle, the_order_of_the_input_does_not_matter)
{
    uint64_t topologies = setting("GWAPI_TEST_TOPOLOGIES", DEFAULT_TOPOLOGIES);
    uint64_t shuffles = setting("GWAPI_TEST_SHUFFLES", DEFAULT_SHUFFLES);
    dice die = {setting("GWAPI_TEST_SEED", 1)};
    static deck d;
    world w;

    world_init(&w, GWAPI_CHANNEL_EXPERIMENTAL);
    w.options.controller = GWAPI__STR("example.com/ours");
    for (uint64_t i = 0; i < topologies; i++) {
        fill(&d, &die, &w.allocator);
        check_topology(&w, &d, &die, shuffles, i);
        empty(&d);
    }
    world_free(&w);
}
