/* What tells of policies; its words are tested by the command's cases. */
#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <gatewayapi.h>

#include "base/slice.h"
#include "support/oom.h"

typedef struct bench {
    gwapi_schema *schema;
    gwapi_resources *resources;
    gwapi_topology *topology;
} bench;

static void read_all(char *buffer, size_t size, gwapi_source *source)
{
    const char *src = getenv("top_srcdir");
    char path[4096];

    snprintf(path, sizeof path, "%s/tests/data/tls/edge.yaml", src != NULL ? src : ".");
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file, "%s", path);
    source->bytes = buffer;
    source->len = fread(buffer, 1, size, file);
    fclose(file);
}

static void open_bench(bench *b, const gwapi_allocator *allocator)
{
    static char manifests[1 << 16];
    gwapi_source source = GWAPI_SOURCE_INIT;
    gwapi_resolve_options options = GWAPI_RESOLVE_OPTIONS_INIT;
    gwapi_str newest = {NULL, 0};

    read_all(manifests, sizeof manifests, &source);
    options.allocator = allocator;
    cr_assert_eq(gwapi_schema_new(&b->schema, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_schema_add_builtin(b->schema, newest, GWAPI_CHANNEL_EXPERIMENTAL),
                 GWAPI_OK);
    cr_assert_eq(gwapi_schema_seal(b->schema, NULL, 0), GWAPI_OK);
    cr_assert_eq(gwapi_resources_new(&b->resources, b->schema, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_resources_read(b->resources, &source, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_topology_resolve(&b->topology, b->resources, &options, NULL), GWAPI_OK);
}

static void close_bench(bench *b)
{
    gwapi_topology_release(b->topology);
    gwapi_resources_free(b->resources);
    gwapi_schema_free(b->schema);
}

static gwapi_object_ref ref_of(const char *namespace_, const char *name)
{
    gwapi_object_ref ref = GWAPI_OBJECT_REF_INIT;

    ref.namespace_ = gwapi__str_of(namespace_);
    ref.name = gwapi__str_of(name);
    return ref;
}

static int count_bytes(void *ctx, const char *data, size_t len)
{
    (void)data;
    *(size_t *)ctx += len;
    return 0;
}

static int refuse_bytes(void *ctx, const char *data, size_t len)
{
    (void)ctx;
    (void)data;
    (void)len;
    return 1;
}

Test(resolve_tls, what_is_not_there_is_not_found)
{
    bench b;
    size_t bytes = 0;
    gwapi_sink sink = {sizeof sink, &bytes, count_bytes};
    gwapi_object_ref cart = ref_of("shop", "cart"), edge = ref_of("infra", "edge");
    gwapi_object_ref none = ref_of("shop", "none");

    open_bench(&b, NULL);
    cr_expect_eq(gwapi_topology_backend_tls_write(NULL, &cart, 0, NULL, &sink),
                 GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_topology_backend_tls_write(b.topology, NULL, 0, NULL, &sink),
                 GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_topology_backend_tls_write(b.topology, &cart, 0, NULL, NULL),
                 GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_topology_backend_tls_write(b.topology, &none, 0, NULL, &sink),
                 GWAPI_ENOTFOUND);
    cr_expect_eq(gwapi_topology_backend_tls_write(b.topology, &cart, 1, NULL, &sink),
                 GWAPI_ENOTFOUND);
    cr_expect_eq(gwapi_topology_listener_tls_write(NULL, &edge, 0, &sink), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_topology_listener_tls_write(b.topology, NULL, 0, &sink),
                 GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_topology_listener_tls_write(b.topology, &edge, 0, NULL),
                 GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_topology_listener_tls_write(b.topology, &none, 0, &sink),
                 GWAPI_ENOTFOUND);
    cr_expect_eq(gwapi_topology_listener_tls_write(b.topology, &edge, 1, &sink),
                 GWAPI_ENOTFOUND);
    cr_expect_eq(bytes, 0);
    sink.write = refuse_bytes;
    cr_expect_eq(gwapi_topology_backend_tls_write(b.topology, &cart, 0, &edge, &sink),
                 GWAPI_ECALLBACK);
    cr_expect_eq(gwapi_topology_listener_tls_write(b.topology, &edge, 0, &sink),
                 GWAPI_ECALLBACK);
    close_bench(&b);
}

static gwapi_result tell(const bench *b, size_t *bytes)
{
    gwapi_sink sink = {sizeof sink, bytes, count_bytes};
    gwapi_object_ref cart = ref_of("shop", "cart"), edge = ref_of("infra", "edge");
    gwapi_result result = gwapi_topology_backend_tls_write(b->topology, &cart, 0, NULL, &sink);

    return result == GWAPI_OK ? gwapi_topology_listener_tls_write(b->topology, &edge, 0, &sink)
                              : result;
}

Test(resolve_tls, every_failing_allocation_is_told)
{
    test_memory m = {0};
    gwapi_allocator allocator = test_memory_allocator(&m);
    size_t bytes = 0, runs = 0;
    gwapi_result result;
    bench b;

    open_bench(&b, &allocator);
    size_t live = m.live_bytes;
    do {
        m.calls = 0;
        m.fail_at = ++runs;
        result = tell(&b, &bytes);
        cr_assert(result == GWAPI_OK || result == GWAPI_ENOMEM);
        cr_assert_eq(m.live_bytes, live);
    } while (result != GWAPI_OK);
    cr_assert_gt(runs, 2);
    cr_assert_gt(bytes, 1000);
    m.fail_at = 0;
    close_bench(&b);
    cr_assert_eq(m.live_blocks, 0);
}
