/* Every allocation of resolving and writing fails in turn: GWAPI_ENOMEM, and nothing is lost.
 * Each allocation from an arena is one of them: this program has exact_blocks.c. */
#include "cases.h"

#include <gatewayapi/attachment.h>
#include "support/oom.h"

/* Inputs of more bytes do the same, only more often. */
#define LARGEST_EXPLAINED 1000
#define LARGEST         4096
#define LARGEST_WRITTEN 700

typedef struct job {
    world *world;
    const char *name;
    bool writes;
} job;

static int null_sink(void *ctx, const char *data, size_t len)
{
    (void)ctx;
    (void)data;
    (void)len;
    return 0;
}

static gwapi_result write_everything(const gwapi_topology *t)
{
    gwapi_sink sink = {sizeof sink, NULL, null_sink};
    gwapi_result result = gwapi_topology_write(t, GWAPI_FORMAT_YAML, &sink);

    if (result == GWAPI_OK)
        result = gwapi_topology_write(t, GWAPI_FORMAT_JSON, &sink);
    for (size_t i = 0; i < gwapi_topology_status_count(t) && result == GWAPI_OK; i++)
        result = gwapi_topology_status_write(t, i, &sink);
    for (size_t i = 0; i < gwapi_topology_status_count(t) && result == GWAPI_OK; i++)
        result = gwapi_topology_stored_status_write(t, i, &sink);
    return result;
}

static gwapi_result resolve_and_write(const gwapi_allocator *allocator, void *arg)
{
    job *j = arg;
    gwapi_resolve_options options = j->world->options;
    gwapi_report *report;
    gwapi_topology *t;

    options.allocator = allocator;
    gwapi_result result = gwapi_report_new(&report, allocator, NULL);
    if (result != GWAPI_OK)
        return result;
    result = gwapi_topology_resolve(&t, j->world->set, &options, report);
    if (result == GWAPI_OK && j->writes)
        result = write_everything(t);
    else if (result != GWAPI_OK)
        cr_expect_null(t, "%s: a result beside %s", j->name, gwapi_result_name(result));
    gwapi_topology_release(t);
    gwapi_report_free(report);
    return result;
}

Test(resolve_memory, no_memory_anywhere_leaves_nothing_behind)
{
    static char names[512][128];
    size_t count = list_cases(names, 512);

    for (size_t i = 0; i < count; i++) {
        size_t len = 0, runs, bad;
        char *yaml = slurp(root(), names[i], "input.yaml", &len);
        settings s;
        world w;
        if (len > LARGEST) {
            free(yaml);
            continue;
        }
        take_options(&s, gwapi__str(yaml, len));
        world_init(&w, s.channel);
        w.options = s.options;
        w.mode = s.mode;
        read_documents(&w, gwapi__str(yaml, len), false);
        job j = {&w, names[i], len <= LARGEST_WRITTEN};
        gwapi_result result = test_fail_every_allocation(resolve_and_write, &j, &runs, &bad);
        cr_expect_eq(result, GWAPI_OK, "%s: %s", names[i], gwapi_result_name(result));
        cr_expect_eq(bad, 0, "%s: allocation %zu", names[i], bad);
        world_free(&w);
        free(yaml);
    }
}

/* Each object in turn, and each grant that it lacks. */
static gwapi_result explain_everything(const gwapi_allocator *allocator, void *arg)
{
    const gwapi_sink sink = {sizeof sink, NULL, null_sink};
    job *j = arg;
    gwapi_resolve_options options = j->world->options;
    gwapi_result result = GWAPI_OK;

    options.allocator = allocator;
    for (size_t i = 0; i < gwapi_resources_count(j->world->set) && result == GWAPI_OK; i++) {
        gwapi_object_info info = {.struct_size = sizeof info};
        gwapi_attachment *a;
        cr_assert_eq(gwapi_resources_at(j->world->set, i, &info), GWAPI_OK);
        result = gwapi_attachment_explain(&a, j->world->set, &options, &info.ref, NULL);
        if (result == GWAPI_OK)
            result = gwapi_attachment_write(a, &sink);
        for (size_t k = 0; result == GWAPI_OK && k < gwapi_attachment_grant_count(a); k++)
            result = gwapi_attachment_grant_write(a, k, &sink);
        gwapi_attachment_free(a);
    }
    return result;
}

Test(resolve_memory, explanations_are_whole_or_none)
{
    static char names[512][128];
    size_t count = list_cases(names, 512);

    for (size_t i = 0; i < count; i++) {
        size_t len = 0, runs, bad;
        char *yaml = slurp(root(), names[i], "input.yaml", &len);
        settings s;
        world w;
        if (len > LARGEST_EXPLAINED || strncmp(names[i], "route-", 6) != 0) {
            free(yaml);
            continue;
        }
        take_options(&s, gwapi__str(yaml, len));
        world_init(&w, s.channel);
        w.options = s.options;
        w.mode = s.mode;
        read_documents(&w, gwapi__str(yaml, len), false);
        job j = {&w, names[i], true};
        gwapi_result result = test_fail_every_allocation(explain_everything, &j, &runs, &bad);
        cr_expect_eq(result, GWAPI_OK, "%s: %s", names[i], gwapi_result_name(result));
        cr_expect_eq(bad, 0, "%s: allocation %zu", names[i], bad);
        world_free(&w);
        free(yaml);
    }
}
