/*
 * One thread changes a set and resolves it by the previous topology, again and again; others
 * read and compile whichever topology they get hold of, and may be the last to let it go. A
 * plain program, so that ThreadSanitizer can run it.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <gatewayapi.h>
#include "../resolve/generate.h"

enum { READERS = 3, STEPS = 300 };

typedef struct shared {
    pthread_mutex_t lock;
    gwapi_topology *current; /* behind the lock; NULL: it is over */
    gwapi_schema *schema;
    gwapi_resources *set;
} shared;

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "topology_share: %s\n", what);
    exit(1);
}

static void expect(gwapi_result result, const char *what)
{
    if (result != GWAPI_OK)
        die(what);
}

/* ---- reading ------------------------------------------------------------------------- */

static int count_bytes(void *ctx, const char *data, size_t len)
{
    *(size_t *)ctx += len + (data == NULL);
    return 0;
}

static size_t read_lists(const gwapi_topology *t)
{
    size_t found = 0;

    for (size_t i = 0; i < gwapi_topology_listener_count(t); i++) {
        gwapi_topology_listener_info l = {.struct_size = sizeof l};
        uint32_t route;
        expect(gwapi_topology_listener_at(t, i, &l), "gwapi_topology_listener_at");
        for (uint32_t k = 0; k < l.attachment_count; k++, found++)
            expect(gwapi_topology_attachment_at(t, i, k, &route),
                   "gwapi_topology_attachment_at");
    }
    return found;
}

static size_t read_topology(const gwapi_topology *t)
{
    size_t bytes = 0;
    gwapi_sink sink = {sizeof sink, &bytes, count_bytes};
    gwapi_snapshot *snapshot;

    for (size_t i = 0; i < gwapi_topology_status_count(t); i++) {
        bytes += gwapi_topology_status_changed(t, i);
        expect(gwapi_topology_status_write(t, i, &sink), "gwapi_topology_status_write");
    }
    expect(gwapi_snapshot_compile(&snapshot, t, NULL, NULL), "gwapi_snapshot_compile");
    gwapi_snapshot_release(snapshot);
    return bytes + read_lists(t);
}

static gwapi_topology *get(shared *s)
{
    pthread_mutex_lock(&s->lock);
    gwapi_topology *t = s->current != NULL ? gwapi_topology_retain(s->current) : NULL;
    pthread_mutex_unlock(&s->lock);
    return t;
}

static void *read_on(void *arg)
{
    gwapi_topology *t;
    size_t rounds = 0;

    while ((t = get(arg)) != NULL) {
        size_t first = read_topology(t);
        if (read_topology(t) != first)
            die("a topology changed");
        gwapi_topology_release(t);
        rounds++;
    }
    return (void *)(uintptr_t)rounds;
}

/* ---- changing ------------------------------------------------------------------------ */

static void change(shared *s, dice *d, gwapi__text *t)
{
    subject which = random_subject(d);
    gwapi_source source = GWAPI_SOURCE_INIT;
    gwapi_object_ref ref = GWAPI_OBJECT_REF_INIT;

    if (roll(d, 4) == 0) {
        ref.group = gwapi__str_of(which.row->group);
        ref.kind = gwapi__str_of(which.row->kind);
        ref.namespace_ = gwapi__str_of(which.namespace_);
        ref.name = gwapi__str_of(which.name);
        gwapi_resources_delete(s->set, &ref); /* it may not be there */
        return;
    }
    t->len = 0;
    say_subject(t, d, &which);
    source.bytes = t->data;
    source.len = t->len;
    source.mode = GWAPI_READ_STORED;
    expect(gwapi_resources_read(s->set, &source, NULL), "gwapi_resources_read");
}

/* The topology in force becomes `next`; what it was is let go. */
static void swap(shared *s, gwapi_topology *next)
{
    pthread_mutex_lock(&s->lock);
    gwapi_topology *old = s->current;
    s->current = next;
    pthread_mutex_unlock(&s->lock);
    gwapi_topology_release(old);
}

static void change_on(shared *s)
{
    gwapi_resolve_options options = GWAPI_RESOLVE_OPTIONS_INIT;
    gwapi_topology *next;
    gwapi_allocator allocator = {sizeof allocator, NULL, NULL};
    gwapi__text t;
    dice d = {1};

    expect(gwapi__allocator_init(&allocator, NULL), "gwapi__allocator_init");
    gwapi__text_init(&t, &allocator);
    for (int i = 0; i < STEPS; i++) {
        for (int k = i == 0 ? 60 : 1; k > 0; k--)
            change(s, &d, &t);
        options.previous = s->current; /* which only this thread writes */
        expect(gwapi_topology_resolve(&next, s->set, &options, NULL), "gwapi_topology_resolve");
        swap(s, next);
    }
    gwapi__text_free(&t);
}

int main(void)
{
    pthread_t readers[READERS];
    shared s = {.current = NULL};
    gwapi_resolve_options options = GWAPI_RESOLVE_OPTIONS_INIT;
    size_t rounds = 0;

    pthread_mutex_init(&s.lock, NULL);
    expect(gwapi_schema_new(&s.schema, NULL), "gwapi_schema_new");
    expect(gwapi_schema_add_builtin(s.schema, (gwapi_str){NULL, 0}, GWAPI_CHANNEL_EXPERIMENTAL),
           "gwapi_schema_add_builtin");
    expect(gwapi_schema_seal(s.schema, NULL, 0), "gwapi_schema_seal");
    expect(gwapi_resources_new(&s.set, s.schema, NULL), "gwapi_resources_new");
    expect(gwapi_topology_resolve(&s.current, s.set, &options, NULL), "gwapi_topology_resolve");
    for (int i = 0; i < READERS; i++)
        if (pthread_create(&readers[i], NULL, read_on, &s) != 0)
            die("pthread_create");
    change_on(&s);
    swap(&s, NULL);
    for (int i = 0; i < READERS; i++) {
        void *made;
        pthread_join(readers[i], &made);
        rounds += (uintptr_t)made;
    }
    gwapi_resources_free(s.set);
    gwapi_schema_free(s.schema);
    pthread_mutex_destroy(&s.lock);
    printf("%d topologies, read %zu times\n", STEPS, rounds);
    return rounds != 0 ? 0 : 1;
}
