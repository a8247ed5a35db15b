/*
 * Several threads ask one schema for the same kinds at once and judge with what they get: each
 * kind and each regex is compiled where it is first needed, and all see the same one. A plain
 * program, so that ThreadSanitizer can run it.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/slice.h"
#include "schema/judge.h"

enum { THREADS = 8, ROUNDS = 10, MOST_KINDS = 32 };

static const char route[] = "apiVersion: gateway.networking.k8s.io/v1\n"
                            "kind: HTTPRoute\n"
                            "metadata: {name: a, namespace: b}\n"
                            "spec:\n"
                            "  parentRefs: [{name: front, sectionName: web}]\n"
                            "  hostnames: [a.example, '*.b.example']\n"
                            "  rules: [{backendRefs: [{name: c, port: 80}]}]\n";

typedef struct task {
    const gwapi_schema *schema;
    const gwapi__kind *kinds[MOST_KINDS]; /* as this thread found them */
    pthread_barrier_t *start;
    const char *failure;
} task;

static const gwapi__kind *find(const gwapi_schema *schema, size_t i)
{
    gwapi_kind_info info = {.struct_size = sizeof info};
    const gwapi__kind *kind = NULL;
    char version[128];

    if (gwapi_schema_kind_at(schema, i, &info) != GWAPI_OK)
        return NULL;
    int n = snprintf(version, sizeof version, "%.*s/%.*s", GWAPI__FMT(info.group),
                     GWAPI__FMT(info.version));
    gwapi__schema_find(schema, gwapi__str(version, (size_t)n), info.kind, &kind);
    return kind;
}

static const char *judge(const gwapi_schema *schema, gwapi__arena *arena)
{
    gwapi__judge_input in = {.arena = arena, .document = UINT32_MAX};
    gwapi__stream *stream;
    gwapi__doc doc = {0};
    const gwapi__kind *kind;
    size_t errors = 1;
    bool more;

    if (gwapi__stream_open(&stream, &arena->allocator, gwapi__str_of(route), GWAPI_FORMAT_YAML,
                           NULL) != GWAPI_OK)
        return "the stream does not open";
    gwapi_result r = gwapi__stream_next(stream, arena, &doc, &more);
    gwapi__stream_close(stream);
    if (r != GWAPI_OK || doc.root == NULL)
        return "the route cannot be read";
    in.root = doc.root;
    if (gwapi__schema_find(schema, GWAPI__STR("gateway.networking.k8s.io/v1"),
                           GWAPI__STR("HTTPRoute"), &kind) != GWAPI_OK ||
        gwapi__judge(kind, &in, &errors) != GWAPI_OK || errors != 0)
        return "the route is not judged valid";
    return NULL;
}

static void *run(void *arg)
{
    task *t = arg;
    gwapi_allocator allocator;
    gwapi__arena arena;

    gwapi__allocator_init(&allocator, NULL);
    gwapi__arena_init(&arena, &allocator);
    pthread_barrier_wait(t->start);
    t->failure = judge(t->schema, &arena);
    for (size_t i = 0; i < gwapi_schema_kind_count(t->schema); i++)
        t->kinds[i] = find(t->schema, i);
    gwapi__arena_free(&arena);
    return NULL;
}

static const char *compare(const task *tasks, size_t kinds)
{
    for (size_t i = 0; i < THREADS; i++) {
        if (tasks[i].failure != NULL)
            return tasks[i].failure;
        for (size_t k = 0; k < kinds; k++)
            if (tasks[i].kinds[k] == NULL || tasks[i].kinds[k] != tasks[0].kinds[k])
                return "threads see different kinds";
    }
    return NULL;
}

static const char *one_round(void)
{
    static task tasks[THREADS];
    pthread_t threads[THREADS];
    pthread_barrier_t start;
    gwapi_schema *schema;

    if (gwapi_schema_new(&schema, NULL) != GWAPI_OK ||
        gwapi_schema_add_builtin(schema, (gwapi_str){NULL, 0}, GWAPI_CHANNEL_EXPERIMENTAL) !=
            GWAPI_OK ||
        gwapi_schema_seal(schema, NULL, 0) != GWAPI_OK ||
        gwapi_schema_kind_count(schema) > MOST_KINDS)
        return "there is no schema";
    pthread_barrier_init(&start, NULL, THREADS);
    for (size_t i = 0; i < THREADS; i++) {
        tasks[i] = (task){.schema = schema, .start = &start};
        if (pthread_create(&threads[i], NULL, run, &tasks[i]) != 0)
            abort();
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&start);
    const char *failure = compare(tasks, gwapi_schema_kind_count(schema));
    gwapi_schema_free(schema);
    return failure;
}

int main(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        const char *failure = one_round();
        if (failure != NULL) {
            fprintf(stderr, "round %d: %s\n", i, failure);
            return 1;
        }
    }
    return 0;
}
