#include "phases.h"
#include "measure.h"

#include <stdio.h>

/* The largest tables pass the default of one document, which is made for manifests. */
static const gwapi_limits limits = {.struct_size = sizeof(gwapi_limits),
                                    .document_bytes = UINT64_C(1) << 32,
                                    .nodes = 1u << 30};

gwapi_schema *bench_schema(void)
{
    static const gwapi_str kinds[] = {GWAPI_STR_INIT("GatewayClass"), GWAPI_STR_INIT("Gateway"),
                                      GWAPI_STR_INIT("HTTPRoute"), GWAPI_STR_INIT("GRPCRoute"),
                                      GWAPI_STR_INIT("ReferenceGrant")};
    gwapi_schema *schema;

    bench_expect(gwapi_schema_new(&schema, NULL), "gwapi_schema_new");
    bench_expect(gwapi_schema_add_builtin(schema, (gwapi_str){NULL, 0}, GWAPI_CHANNEL_STANDARD),
                 "gwapi_schema_add_builtin");
    bench_expect(gwapi_schema_seal(schema, kinds, sizeof kinds / sizeof *kinds),
                 "gwapi_schema_seal");
    return schema;
}

/* Says what was found wrong, and ends the program, if `result` says that something was. */
static void judge(gwapi_result result, const gwapi_report *report, const char *what)
{
    gwapi_diagnostic d = {.struct_size = sizeof d};

    if (result != GWAPI_OK && gwapi_report_count(report) != 0 &&
        gwapi_report_at(report, 0, &d) == GWAPI_OK)
        fprintf(stderr, "%.*s:%u: %.*s: %.*s\n", (int)d.file.len, d.file.data, d.line,
                (int)d.path.len, d.path.data, (int)d.message.len, d.message.data);
    bench_expect(result, what);
}

void bench_read_run(void *ctx)
{
    bench_phase *p = ctx;
    gwapi_resources_options options = GWAPI_RESOURCES_OPTIONS_INIT;
    gwapi_source source = GWAPI_SOURCE_INIT;
    bool yaml = p->format == GWAPI_FORMAT_YAML;
    gwapi_str bytes = yaml ? p->data->yaml : p->data->json;
    gwapi_str name = yaml ? (gwapi_str)GWAPI_STR_INIT("manifests.yaml")
                          : (gwapi_str)GWAPI_STR_INIT("manifests.json");
    gwapi_report *report;

    options.allocator = p->allocator;
    options.limits = &limits;
    source.name = name;
    source.bytes = bytes.data;
    source.len = bytes.len;
    source.format = p->format;
    source.mode = p->mode;
    bench_expect(gwapi_report_new(&report, p->allocator, NULL), "gwapi_report_new");
    bench_expect(gwapi_resources_new(&p->made_resources, p->schema, &options),
                 "gwapi_resources_new");
    judge(gwapi_resources_read(p->made_resources, &source, report), report,
          "gwapi_resources_read");
    gwapi_report_free(report);
}

void bench_read_clean(void *ctx)
{
    bench_phase *p = ctx;

    gwapi_resources_free(p->made_resources);
    p->made_resources = NULL;
}

void bench_resolve_run(void *ctx)
{
    bench_phase *p = ctx;
    gwapi_resolve_options options = GWAPI_RESOLVE_OPTIONS_INIT;

    options.allocator = p->allocator;
    bench_expect(gwapi_topology_resolve(&p->made_topology, p->resources, &options, NULL),
                 "gwapi_topology_resolve");
}

void bench_resolve_clean(void *ctx)
{
    bench_phase *p = ctx;

    gwapi_topology_release(p->made_topology);
    p->made_topology = NULL;
}

void bench_compile_run(void *ctx)
{
    bench_phase *p = ctx;
    gwapi_compile_options options = GWAPI_COMPILE_OPTIONS_INIT;

    options.allocator = p->allocator;
    bench_expect(gwapi_snapshot_compile(&p->made_snapshot, p->topology, &options, NULL),
                 "gwapi_snapshot_compile");
}

void bench_open_run(void *ctx)
{
    bench_phase *p = ctx;
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;
    size_t len;
    const void *bytes = gwapi_snapshot_bytes(p->image, &len);

    options.allocator = p->allocator;
    bench_expect(gwapi_snapshot_open(&p->made_snapshot, bytes, len, &options, NULL),
                 "gwapi_snapshot_open");
}

void bench_snapshot_clean(void *ctx)
{
    bench_phase *p = ctx;

    gwapi_snapshot_release(p->made_snapshot);
    p->made_snapshot = NULL;
}
