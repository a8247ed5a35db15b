/*
 * Threads that match while another swaps the snapshot under them: each answer is one of the two
 * snapshots', no reader waits, and in the end every snapshot was released once. Then the same
 * without any work between, so that gets and swaps meet; and a get that is stopped, at any step of
 * it, while the snapshot is swapped. A plain program, so that ThreadSanitizer can run it.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <gatewayapi.h>
#include "base/slice.h"

enum { READERS = 4, SWAPS = 20000, MEETINGS = 200000, STOPS = 2000 };

static const char manifests[] =
    "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: g, namespace: "
    "ns}, spec: {gatewayClassName: c, listeners: [{name: h, port: 80, protocol: HTTP}]}}\n---\n"
    "{apiVersion: v1, kind: Service, metadata: {name: %s, namespace: ns}, spec: {ports: [{port: "
    "1}]}}\n---\n"
    "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: "
    "ns}, spec: {parentRefs: [{name: g}], rules: [{matches: [{path: {type: RegularExpression, "
    "value: '/[a-c]+(/.*)?'}}], backendRefs: [{name: %s, port: 1}]}]}}\n";

static int scale; /* fewer steps where each takes long */
static atomic_int released; /* images whose last reference went */

static void count_release(void *ctx, const void *bytes, size_t len)
{
    (void)ctx;
    (void)bytes;
    (void)len;
    atomic_fetch_add(&released, 1);
}

static void must(gwapi_result result, const char *what)
{
    if (result == GWAPI_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, gwapi_result_text(result));
    exit(1);
}

/* The image of the manifests with a Service of that name. */
static gwapi_snapshot *compile(const char *service)
{
    gwapi_schema *schema;
    gwapi_resources *resources;
    gwapi_topology *topology;
    gwapi_snapshot *snapshot;
    gwapi_source source = GWAPI_SOURCE_INIT;
    gwapi_str newest = {NULL, 0};
    char text[2048];

    source.bytes = text;
    source.len = (size_t)snprintf(text, sizeof text, manifests, service, service);
    must(gwapi_schema_new(&schema, NULL), "schema");
    must(gwapi_schema_add_builtin(schema, newest, GWAPI_CHANNEL_STANDARD), "built-in");
    must(gwapi_schema_seal(schema, NULL, 0), "seal");
    must(gwapi_resources_new(&resources, schema, NULL), "resources");
    must(gwapi_resources_read(resources, &source, NULL), "read");
    must(gwapi_topology_resolve(&topology, resources, NULL, NULL), "resolve");
    must(gwapi_snapshot_compile(&snapshot, topology, NULL, NULL), "compile");
    gwapi_topology_release(topology);
    gwapi_resources_free(resources);
    gwapi_schema_free(schema);
    return snapshot;
}

static gwapi_snapshot *open_again(const gwapi_snapshot *image)
{
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;
    gwapi_snapshot *snapshot;
    size_t len;
    const void *bytes = gwapi_snapshot_bytes(image, &len);

    options.release = count_release;
    options.previous = image;
    must(gwapi_snapshot_open(&snapshot, bytes, len, &options, NULL), "open");
    return snapshot;
}

typedef struct task {
    gwapi_cell *cell;
    gwapi_scratch *scratch;
    atomic_bool *stop;
    size_t answers;
    const char *failure;
} task;

static void *read_and_match(void *ctx)
{
    task *t = ctx;
    gwapi_reader *reader;
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_request request = GWAPI_REQUEST_INIT;

    arrival.port = 80;
    request.path = GWAPI__STR("/abc/x");
    if (gwapi_reader_new(&reader, t->cell) != GWAPI_OK)
        return t->failure = "no reader", NULL;
    while (!atomic_load(t->stop) && t->failure == NULL) {
        gwapi_connection connection = GWAPI_CONNECTION_INIT;
        gwapi_decision decision = GWAPI_DECISION_INIT;
        gwapi_backend_info backend = {.struct_size = sizeof backend};
        const gwapi_snapshot *s = gwapi_reader_get(reader);
        if (gwapi_accept(s, t->scratch, &arrival, &connection) != GWAPI_OK ||
            gwapi_match(s, t->scratch, &connection, &request, &decision) != GWAPI_OK ||
            gwapi_decision_backend_at(&decision, 0, &backend) != GWAPI_OK)
            t->failure = "a call failed";
        else if (decision.outcome != GWAPI_OUTCOME_FORWARD ||
                 (!gwapi__str_eq(backend.name, GWAPI__STR("old")) &&
                  !gwapi__str_eq(backend.name, GWAPI__STR("new"))))
            t->failure = "another answer";
        t->answers++;
    }
    gwapi_reader_free(reader);
    return NULL;
}

static int match_and_swap(gwapi_snapshot *const images[2])
{
    gwapi_snapshot *next = open_again(images[0]);
    atomic_bool stop = false;
    gwapi_cell *cell;
    pthread_t threads[READERS];
    task tasks[READERS];
    int status = 0;

    must(gwapi_cell_new(&cell, next, NULL), "cell");
    gwapi_snapshot_release(next);
    for (int i = 0; i < READERS; i++) {
        tasks[i] = (task){.cell = cell, .stop = &stop};
        must(gwapi_scratch_new(&tasks[i].scratch, images[0], NULL), "scratch");
        if (pthread_create(&threads[i], NULL, read_and_match, &tasks[i]) != 0)
            return 1;
    }
    for (int i = 1; i <= SWAPS; i++) {
        next = open_again(images[i % 2]);
        gwapi_cell_swap(cell, next);
        gwapi_snapshot_release(next);
    }
    atomic_store(&stop, true);
    for (int i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
        gwapi_scratch_free(tasks[i].scratch);
        if (tasks[i].failure != NULL || tasks[i].answers == 0) {
            fprintf(stderr, "reader %d: %s\n", i,
                    tasks[i].failure != NULL ? tasks[i].failure : "no answer");
            status = 1;
        }
    }
    gwapi_cell_free(cell);
    if (atomic_load(&released) != SWAPS + 1) {
        fprintf(stderr, "%d of %d snapshots were released\n", atomic_load(&released), SWAPS + 1);
        status = 1;
    }
    return status;
}

/* ---- nothing but gets and swaps ----------------------------------------------------------- */

typedef struct meeting {
    gwapi_cell *cell;
    gwapi_snapshot *const *images;
    atomic_bool *stop;
    bool failed;
} meeting;

static void *read_only(void *ctx)
{
    meeting *m = ctx;
    gwapi_reader *reader;

    m->failed = gwapi_reader_new(&reader, m->cell) != GWAPI_OK;
    while (!m->failed && !atomic_load_explicit(m->stop, memory_order_relaxed)) {
        const gwapi_snapshot *s = gwapi_reader_get(reader);
        m->failed = s != NULL && s != m->images[0] && s != m->images[1];
    }
    if (!m->failed)
        gwapi_reader_free(reader);
    return NULL;
}

/* Ours is the last reference to snapshots that nobody else uses any more: no swap and no get may
 * have taken one too many, nor left one. */
static int let_go(gwapi_snapshot *const *images, int count, int before)
{
    if (atomic_load(&released) != before) {
        fprintf(stderr, "a snapshot was released that is still referred to\n");
        return 1;
    }
    for (int i = 0; i < count; i++)
        gwapi_snapshot_release(images[i]);
    if (atomic_load(&released) != before + count) {
        fprintf(stderr, "a snapshot was not released\n");
        return 1;
    }
    return 0;
}

static int meet(const gwapi_snapshot *image)
{
    gwapi_snapshot *images[3] = {open_again(image), open_again(image), NULL};
    atomic_bool stop = false;
    gwapi_cell *cell;
    pthread_t threads[READERS];
    meeting meetings[READERS];
    int status = 0, before = atomic_load(&released);

    must(gwapi_cell_new(&cell, NULL, NULL), "cell");
    for (int i = 0; i < READERS; i++) {
        meetings[i] = (meeting){cell, images, &stop, false};
        if (pthread_create(&threads[i], NULL, read_only, &meetings[i]) != 0)
            return 1;
    }
    for (int i = 0; i < MEETINGS / scale; i++)
        gwapi_cell_swap(cell, images[i % 3]);
    atomic_store(&stop, true);
    for (int i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
        status |= meetings[i].failed;
    }
    gwapi_cell_free(cell);
    return status | let_go(images, 2, before);
}

/* ---- a get that is stopped ----------------------------------------------------------------- */

/* What the handler works with. It runs in the reader's thread, in place of a thread that swaps
 * while the reader does not get on. */
static struct {
    gwapi_cell *cell;
    gwapi_snapshot *images[3];
    volatile sig_atomic_t getting; /* only then does it swap: one at a time may */
    volatile sig_atomic_t now;     /* the snapshot that was in force before */
    volatile sig_atomic_t stops;
} stopped;

static void swap_meanwhile(int signal_number)
{
    (void)signal_number;
    if (stopped.getting == 0)
        return;
    gwapi_cell_swap(stopped.cell, stopped.images[2]);
    if (stopped.stops++ % 2 != 0) /* and back again: the pointer that is seen is the same */
        gwapi_cell_swap(stopped.cell, stopped.images[stopped.now]);
}

typedef struct stopper {
    pthread_t reader;
    atomic_bool *stop;
} stopper;

static void *stop_again_and_again(void *ctx)
{
    stopper *s = ctx;

    while (!atomic_load(s->stop))
        pthread_kill(s->reader, SIGUSR1);
    return NULL;
}

static int stop_gets(const gwapi_snapshot *image)
{
    atomic_bool stop = false;
    stopper s = {pthread_self(), &stop};
    struct sigaction action = {.sa_handler = swap_meanwhile};
    gwapi_reader *reader;
    pthread_t thread;
    int status = 0, before = atomic_load(&released);

    for (int i = 0; i < 3; i++)
        stopped.images[i] = open_again(image);
    must(gwapi_cell_new(&stopped.cell, NULL, NULL), "cell");
    must(gwapi_reader_new(&reader, stopped.cell), "reader");
    if (sigaction(SIGUSR1, &action, NULL) != 0 ||
        pthread_create(&thread, NULL, stop_again_and_again, &s) != 0)
        return 1;
    while (stopped.stops < STOPS / scale && status == 0) {
        stopped.now = !stopped.now;
        gwapi_cell_swap(stopped.cell, stopped.images[stopped.now]);
        stopped.getting = 1;
        const gwapi_snapshot *got = gwapi_reader_get(reader);
        stopped.getting = 0;
        status = got != stopped.images[stopped.now] && got != stopped.images[2];
    }
    if (status != 0)
        fprintf(stderr, "a snapshot that is not in force\n");
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    gwapi_reader_free(reader);
    gwapi_cell_free(stopped.cell);
    return status | let_go(stopped.images, 3, before);
}

int main(void)
{
    gwapi_snapshot *images[2] = {compile("old"), compile("new")};
    int status;

    scale = getenv("GWAPI_TEST_SMALL") != NULL ? 20 : 1;
    status = match_and_swap(images);

    status |= meet(images[0]);
    status |= stop_gets(images[0]);
    gwapi_snapshot_release(images[0]);
    gwapi_snapshot_release(images[1]);
    return status;
}
