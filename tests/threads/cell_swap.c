/*
 * Threads that match while another swaps the snapshot under them: each answer is one of the two
 * snapshots', no reader waits, and in the end every snapshot was released once. A plain program, so
 * that ThreadSanitizer can run it.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <gatewayapi.h>
#include "base/slice.h"

enum { READERS = 4, SWAPS = 20000 };

static const char manifests[] =
    "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: g, namespace: "
    "ns}, spec: {gatewayClassName: c, listeners: [{name: h, port: 80, protocol: HTTP}]}}\n---\n"
    "{apiVersion: v1, kind: Service, metadata: {name: %s, namespace: ns}, spec: {ports: [{port: "
    "1}]}}\n---\n"
    "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: "
    "ns}, spec: {parentRefs: [{name: g}], rules: [{matches: [{path: {type: RegularExpression, "
    "value: '/[a-c]+(/.*)?'}}], backendRefs: [{name: %s, port: 1}]}]}}\n";

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

int main(void)
{
    gwapi_snapshot *images[2] = {compile("old"), compile("new")}, *next = open_again(images[0]);
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
    gwapi_snapshot_release(images[0]);
    gwapi_snapshot_release(images[1]);
    return status;
}
